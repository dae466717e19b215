//! Matrices: products, powers, transposes, and the functions of whole tensors.

use crate::expr::Elementary;
use crate::expr::Expr;
use crate::expr::Extremum;
use crate::expr::Shape;
use crate::expr::Tensor as Operation;
use crate::numeric::Error;
use crate::numeric::Form;
use crate::numeric::evaluate::Flow;
use crate::numeric::linear::square_size;
use crate::numeric::unrolled::compile::Compiler;
use crate::numeric::unrolled::compile::Frame;
use crate::numeric::unrolled::compile::Value;
use crate::numeric::unrolled::compile::refused;
use crate::numeric::unrolled::compile::scalar;
use crate::numeric::unrolled::program::Op;

/// Beyond this exponent a power of a matrix is not written out.
const MAX_EXPONENT: u64 = 64;

impl Compiler<'_> {
    /// A product of matrices; a column at the end is multiplied first, so that no matrix by a matrix is needed.
    pub(super) fn matmul(&mut self, frame: &mut Frame, parts: &[Expr], shape: Shape) -> Flow<Value> {
        let values: Vec<Value> = parts.iter().map(|&part| self.expression(frame, part)).collect::<Flow<_>>()?;
        let [first, .., last] = values[..] else {
            return refused("a product of one matrix");
        };
        let is_column = last.form.rows_and_columns().1 == 1 && first.form.rows_and_columns().0 > 1;
        let product = if is_column {
            values[..values.len() - 1].iter().rev().try_fold(last, |product, &part| self.times(part, product))?
        } else {
            values[1..].iter().try_fold(first, |product, &part| self.times(product, part))?
        };
        self.in_shape(frame, product, shape)
    }

    /// The product in the sense of matrices; a vector is a column, a number scales.
    pub(super) fn times(&mut self, left: Value, right: Value) -> Result<Value, Error> {
        if left.form == Form::Scalar || right.form == Form::Scalar {
            return self.multiply(left, right);
        }
        let (a, b) = (left.form.rows_and_columns(), right.form.rows_and_columns());
        if a.1 != b.0 {
            return Err(Error::Misfit("a product of matrices"));
        }
        let form = match right.form {
            Form::Vector(_) => Form::Vector(a.0),
            Form::Scalar | Form::Matrix(..) => Form::Matrix(a.0, b.1),
        };
        let (a, b) = (self.program.factor(left.node, a), self.program.factor(right.node, b));
        Ok(Value { node: self.program.matmul(a, b), form })
    }

    pub(super) fn matrix_power(&mut self, frame: &mut Frame, base: Expr, exponent: Expr) -> Flow<Value> {
        let exponent = self.evaluator.index(&frame.scope, exponent)?;
        let base = self.expression(frame, base)?;
        let size = square_size(base.form)?;
        let form = Form::Matrix(size, size);
        if exponent.unsigned_abs() > MAX_EXPONENT {
            return refused("so high a power of a matrix, on a tape");
        }
        let factor = match exponent {
            ..0 => Value { node: self.program.push(Op::Inverse(base.node, size), size * size), form },
            0 => return Ok(self.identity(form)),
            1.. => Value { form, ..base },
        };
        let mut power = factor;
        for _ in 1..exponent.unsigned_abs() {
            power = self.times(power, factor)?;
        }
        Ok(power)
    }

    pub(super) fn transpose(&mut self, of: Value) -> Value {
        let (rows, columns) = of.form.rows_and_columns();
        let node = if rows == 1 || columns == 1 {
            of.node
        } else {
            self.program.push(Op::Transpose(of.node, (rows, columns)), rows * columns)
        };
        let form = if of.form == Form::Scalar { Form::Scalar } else { Form::Matrix(columns, rows) };
        Value { node, form }
    }

    pub(super) fn operation(&mut self, frame: &mut Frame, op: Operation, args: &[Expr]) -> Flow<Value> {
        let [arg] = args else {
            return refused("a function of several tensors");
        };
        let arg = self.expression(frame, *arg)?;
        let program = &mut self.program;
        let number = match op {
            Operation::Softmax => {
                let (rows, columns) = arg.form.rows_and_columns();
                let width = if columns == 1 { rows } else { columns };
                return Ok(Value { node: program.push(Op::Softmax(arg.node, width), arg.form.len()), ..arg });
            }
            Operation::Diagonal => return Ok(self.diagonal(arg)?),
            Operation::Trace => {
                let diagonal = self.diagonal(Value { form: square(arg.form)?, ..arg })?;
                self.program.total(diagonal.node)
            }
            Operation::Determinant => program.push(Op::Determinant(arg.node, square_size(arg.form)?), 1),
            Operation::Norm => {
                let squares = program.power(arg.node, 2.0);
                let sum = program.total(squares);
                program.power(sum, 0.5)
            }
            Operation::Norm1 if !matches!(arg.form, Form::Matrix(..)) => {
                let sizes = program.apply(Elementary::Abs, arg.node);
                program.total(sizes)
            }
            Operation::NormInfinity if !matches!(arg.form, Form::Matrix(..)) => {
                let sizes = program.apply(Elementary::Abs, arg.node);
                let sizes = program.entries(sizes);
                program.extreme(sizes, Extremum::Supremum)
            }
            Operation::Norm1 | Operation::NormInfinity | Operation::NormSpectral | Operation::SpectralRadius => {
                return refused("this norm of a matrix, on a tape");
            }
        };
        Ok(scalar(number))
    }

    fn diagonal(&mut self, of: Value) -> Result<Value, Error> {
        let (form, entries) = match of.form {
            Form::Scalar => return Ok(of),
            Form::Vector(n) => {
                let entry = |at: usize| (at / n == at % n).then_some((of.node, at / n));
                (Form::Matrix(n, n), (0..n * n).map(entry).collect())
            }
            Form::Matrix(..) => {
                let n = square_size(of.form)?;
                (Form::Vector(n), (0..n).map(|at| Some((of.node, at * n + at))).collect())
            }
        };
        Ok(Value { node: self.program.gather(entries), form })
    }

    pub(super) fn identity(&mut self, form: Form) -> Value {
        let (size, one) = (form.rows_and_columns().0, self.program.constant(1.0));
        let entry = |at: usize| (at / size == at % size).then_some((one, 0));
        Value { node: self.program.gather((0..form.len()).map(entry).collect()), form }
    }
}

/// The form of a square matrix; a number is one of one row.
pub(super) fn square(form: Form) -> Result<Form, Error> {
    let size = square_size(form)?;
    Ok(Form::Matrix(size, size))
}

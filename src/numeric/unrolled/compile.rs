//! From expressions to operations, with every member and every term written out.

use std::collections::BTreeMap;
use std::collections::HashMap;

use crate::expr::Arena;
use crate::expr::Big;
use crate::expr::Branch;
use crate::expr::Elementary;
use crate::expr::Expr;
use crate::expr::Node as Meaning;
use crate::expr::Shape;
use crate::expr::SymbolId;
use crate::expr::SymbolKind;
use crate::model::Model;
use crate::number::rational::to_f64;
use crate::numeric::Assignment;
use crate::numeric::Error;
use crate::numeric::Floats;
use crate::numeric::Form;
use crate::numeric::evaluate::Evaluator;
use crate::numeric::evaluate::Flow;
use crate::numeric::evaluate::MAX_DEPTH;
use crate::numeric::evaluate::MAX_RANGE;
use crate::numeric::key::Key;
use crate::numeric::scope::Scope;
use crate::numeric::unrolled::program::Id;
use crate::numeric::unrolled::program::Program;

/// How much deeper than a member that is set aside one expression may lie.
const MAX_NESTING: u32 = 400;

/// How many operations a tape may have.
const MAX_NODES: usize = 2_000_000;

/// A node as a number, a vector or a matrix; the same entries may be a row and a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) node: Id,
    pub(super) form: Form,
}

/// What was compiled, and which inputs it reads.
pub(super) struct Compiler<'a> {
    pub(super) arena: &'a Arena,
    pub(super) model: &'a Model,
    pub(super) evaluator: Evaluator<'a, Floats>,
    pub(super) program: Program,
    /// The values of the inputs, by their number.
    pub(super) inputs: Vec<Vec<f64>>,
    pub(super) members: BTreeMap<Key, Value>,
    /// By what derivatives are taken: whole members.
    pub(super) variables: Vec<Key>,
    pub(super) depth: u32,
}

/// What stands around an expression, with the values of expressions for each open binder.
pub(super) struct Frame {
    pub(super) scope: Scope<f64>,
    pub(super) parameters: Vec<(SymbolId, Value)>,
    known: Vec<HashMap<Expr, Value>>,
}

impl Frame {
    pub(super) fn new(scope: Scope<f64>) -> Frame {
        Frame { scope, parameters: Vec::new(), known: vec![HashMap::new()] }
    }

    fn open(&mut self, height: u32, index: i64) {
        self.scope.open(height, index);
        self.known.push(HashMap::new());
    }

    fn advance(&mut self, index: i64) {
        self.scope.advance(index);
        if let Some(known) = self.known.last_mut() {
            known.clear();
        }
    }

    fn close(&mut self) {
        self.scope.close();
        self.known.pop();
    }
}

pub(super) fn refused<T>(what: &'static str) -> Flow<T> {
    Err(Error::Unsupported(what).into())
}

impl<'a> Compiler<'a> {
    pub(super) fn new(
        arena: &'a Arena,
        model: &'a Model,
        assignment: &'a Assignment,
        variables: Vec<Key>,
    ) -> Compiler<'a> {
        Compiler {
            arena,
            model,
            evaluator: Evaluator::new(arena, model, assignment, &Floats),
            program: Program::default(),
            inputs: Vec::new(),
            members: BTreeMap::new(),
            variables,
            depth: 0,
        }
    }

    /// The value of an expression among what was compiled there before.
    pub(super) fn expression(&mut self, frame: &mut Frame, expr: Expr) -> Flow<Value> {
        let home = if frame.scope.is_flat() { 0 } else { frame.scope.home(self.evaluator.free.of(expr)) };
        if let Some(&value) = frame.known[home].get(&expr) {
            return Ok(value);
        }
        if self.depth >= MAX_DEPTH + MAX_NESTING {
            return refused("an expression nested this deeply, on a tape");
        }
        if self.program.nodes.len() > MAX_NODES {
            return Err(Error::TooLarge.into());
        }
        self.depth += 1;
        let value = self.fresh(frame, expr);
        self.depth -= 1;
        let value = value?;
        frame.known[home].insert(expr, value);
        Ok(value)
    }

    fn fresh(&mut self, frame: &mut Frame, expr: Expr) -> Flow<Value> {
        let arena = self.arena;
        match arena.node(expr) {
            Meaning::Number(value) => Ok(self.constant(to_f64(value))),
            Meaning::Pi => Ok(self.constant(std::f64::consts::PI)),
            Meaning::Bound(height) => match frame.scope.bound(*height) {
                Some(index) => Ok(self.constant(index as f64)),
                None => refused("a bound index outside of its binder"),
            },
            Meaning::Symbol { symbol, indices, shape } => self.symbol(frame, *symbol, indices, *shape),
            Meaning::Sum(parts) => self.sum(frame, parts),
            Meaning::Product(parts) => self.product(frame, parts),
            Meaning::Power(base, exponent) => self.power(frame, *base, *exponent),
            Meaning::Call { function, slots, args } => self.call(frame, function, slots, args, arena.shape(expr)),
            Meaning::Big { op, height, lower, upper, body } => self.big(frame, *op, *height, (*lower, *upper), *body),
            Meaning::Cases(branches) => self.cases(frame, branches),
            Meaning::MatMul(parts) => self.matmul(frame, parts, arena.shape(expr)),
            Meaning::MatrixPower(base, exponent) => self.matrix_power(frame, *base, *exponent),
            Meaning::Transpose(of) => {
                let value = self.expression(frame, *of)?;
                let transposed = self.transpose(value);
                self.in_shape(frame, transposed, arena.shape(expr))
            }
            Meaning::Entry { of, at } => self.entry(frame, *of, at),
            Meaning::Literal { shape, entries } => {
                let form = self.evaluator.form(&frame.scope, *shape)?;
                let entries: Vec<Option<(Id, usize)>> =
                    entries.iter().map(|&entry| Ok(Some((self.number(frame, entry)?, 0)))).collect::<Flow<_>>()?;
                self.gathered(form, entries)
            }
            Meaning::Identity(n) => {
                let form = self.evaluator.form(&frame.scope, Shape::Matrix(*n, *n))?;
                Ok(self.identity(form))
            }
            Meaning::Fill(value, shape) => {
                let form = self.evaluator.form(&frame.scope, *shape)?;
                let value = self.expression(frame, *value)?;
                Ok(self.fit(value, form)?)
            }
            Meaning::Unit(at, n) => {
                let form = self.evaluator.form(&frame.scope, Shape::Vector(*n))?;
                let one_at = form.position(&[self.evaluator.index(&frame.scope, *at)?])?;
                let one = self.program.constant(1.0);
                self.gathered(form, (0..form.len()).map(|at| (at == one_at).then_some((one, 0))).collect())
            }
            Meaning::Tensor { op, args } => self.operation(frame, *op, args),
            Meaning::Extremum { which, height, range: Some(range), body } => {
                let numbers = self.each(frame, *height, *range, *body)?.into_iter().map(|value| value.node).collect();
                Ok(scalar(self.program.extreme(numbers, *which)))
            }
            Meaning::Infinity
            | Meaning::Derivative { .. }
            | Meaning::At { .. }
            | Meaning::Limit { .. }
            | Meaning::Extremum { range: None, .. } => refused("this kind of expression, on a tape"),
        }
    }

    pub(super) fn constant(&mut self, value: f64) -> Value {
        scalar(self.program.constant(value))
    }

    /// The node of an expression that must be a number.
    fn number(&mut self, frame: &mut Frame, expr: Expr) -> Flow<Id> {
        match self.expression(frame, expr)? {
            Value { node, form: Form::Scalar } => Ok(node),
            Value { form: Form::Vector(_) | Form::Matrix(..), .. } => {
                Err(Error::Misfit("a number where a tensor stands").into())
            }
        }
    }

    fn symbol(&mut self, frame: &Frame, symbol: SymbolId, indices: &[Expr], shape: Shape) -> Flow<Value> {
        let scope = &frame.scope;
        if indices.is_empty() {
            if let Some((_, value)) = frame.parameters.iter().rev().find(|(own, _)| *own == symbol) {
                return Ok(*value);
            }
            let listed = self.evaluator.assignment.integers.get(&symbol).copied();
            if let Some(value) = scope.letter(symbol).or(listed) {
                return Ok(self.constant(value as f64));
            }
        }
        if self.arena.kind(symbol) == SymbolKind::Integer {
            let value = self.evaluator.integer_symbol(scope, symbol, indices)?;
            return Ok(self.constant(value as f64));
        }
        let key = Key::of(symbol, self.evaluator.indices(scope, indices)?);
        let form = self.evaluator.form(scope, shape)?;
        self.member(key, form)
    }

    /// The sum of terms, with numbers taken in front of them as coefficients.
    fn sum(&mut self, frame: &mut Frame, parts: &[Expr]) -> Flow<Value> {
        let (mut terms, mut constant, mut form) = (Vec::new(), 0.0, Form::Scalar);
        for &part in parts {
            if let Meaning::Number(value) = self.arena.node(part) {
                constant += to_f64(value);
                continue;
            }
            let (value, coefficient) = self.term(frame, part)?;
            form = common(form, value.form)?;
            terms.push((value.node, coefficient));
        }
        Ok(Value { node: self.program.combine(terms, constant, form.len()), form })
    }

    /// A term and its coefficient.
    fn term(&mut self, frame: &mut Frame, part: Expr) -> Flow<(Value, f64)> {
        match self.arena.node(part) {
            Meaning::Product(factors) => self.factors(frame, factors),
            _ => Ok((self.expression(frame, part)?, 1.0)),
        }
    }

    fn product(&mut self, frame: &mut Frame, parts: &[Expr]) -> Flow<Value> {
        let (value, coefficient) = self.factors(frame, parts)?;
        Ok(self.scaled(value, coefficient))
    }

    fn scaled(&mut self, value: Value, coefficient: f64) -> Value {
        Value { node: self.program.combine(vec![(value.node, coefficient)], 0.0, value.form.len()), ..value }
    }

    /// The product of the factors that are no numbers, and the product of those that are.
    fn factors(&mut self, frame: &mut Frame, parts: &[Expr]) -> Flow<(Value, f64)> {
        let (mut product, mut coefficient) = (None, 1.0);
        for &part in parts {
            if let Meaning::Number(value) = self.arena.node(part) {
                coefficient *= to_f64(value);
                continue;
            }
            let factor = self.expression(frame, part)?;
            product = Some(match product {
                None => factor,
                Some(product) => self.multiply(product, factor)?,
            });
        }
        match product {
            Some(product) => Ok((product, coefficient)),
            None => Ok((self.constant(coefficient), 1.0)),
        }
    }

    /// Entry by entry.
    pub(super) fn multiply(&mut self, a: Value, b: Value) -> Result<Value, Error> {
        Ok(Value { node: self.program.multiply(a.node, b.node), form: common(a.form, b.form)? })
    }

    fn power(&mut self, frame: &mut Frame, base: Expr, exponent: Expr) -> Flow<Value> {
        let known = self.evaluator.exact(&frame.scope, exponent)?;
        let base = self.expression(frame, base)?;
        if let Some(exponent) = known {
            return Ok(Value { node: self.program.power(base.node, to_f64(&exponent)), ..base });
        }
        let exponent = self.expression(frame, exponent)?;
        let logarithm = Value { node: self.program.apply(Elementary::Log, base.node), ..base };
        let product = self.multiply(exponent, logarithm)?;
        Ok(Value { node: self.program.apply(Elementary::Exp, product.node), ..product })
    }

    /// The branch that is taken, where this hangs on whole numbers alone.
    fn cases(&mut self, frame: &mut Frame, branches: &[Branch]) -> Flow<Value> {
        for branch in branches {
            let taken = match branch.condition {
                None => true,
                Some((how, left, right)) => {
                    let sides = (self.evaluator.exact(&frame.scope, left)?, self.evaluator.exact(&frame.scope, right)?);
                    if !matches!(sides, (Some(_), Some(_))) {
                        return refused("a case that hangs on a value, on a tape");
                    }
                    self.evaluator.compare(&mut frame.scope, how, left, right)?
                }
            };
            if taken {
                return self.expression(frame, branch.value);
            }
        }
        Err(Error::Undefined("no case applies").into())
    }

    fn entry(&mut self, frame: &mut Frame, of: Expr, at: &[Expr]) -> Flow<Value> {
        let at = self.evaluator.indices(&frame.scope, at)?;
        if let Meaning::Symbol { symbol, indices, shape } = self.arena.node(of)
            && !frame.parameters.iter().any(|(own, _)| own == symbol)
        {
            let indices = self.evaluator.indices(&frame.scope, indices)?;
            let form = self.evaluator.form(&frame.scope, *shape)?;
            form.position(&at)?;
            return self.member(Key { symbol: *symbol, indices, entry: at }, form);
        }
        let tensor = self.expression(frame, of)?;
        let position = tensor.form.position(&at)?;
        Ok(scalar(self.program.entry(tensor.node, position)))
    }

    pub(super) fn gathered(&mut self, form: Form, entries: Vec<Option<(Id, usize)>>) -> Flow<Value> {
        if entries.len() != form.len() {
            return Err(Error::Misfit("a literal matrix").into());
        }
        Ok(Value { node: self.program.gather(entries), form })
    }

    /// The values of the body at each index of a range.
    fn each(&mut self, frame: &mut Frame, height: u32, range: (Expr, Expr), body: Expr) -> Flow<Vec<Value>> {
        let lower = self.evaluator.index(&frame.scope, range.0)?;
        let upper = self.evaluator.index(&frame.scope, range.1)?;
        if upper.saturating_sub(lower) >= MAX_RANGE {
            return Err(Error::TooLarge.into());
        }
        self.evaluator.free.learn(self.arena, body);
        frame.open(height, lower);
        let at = |index: i64| {
            frame.advance(index);
            self.expression(frame, body)
        };
        let values = (lower..=upper).map(at).collect();
        frame.close();
        values
    }

    fn big(&mut self, frame: &mut Frame, op: Big, height: u32, range: (Expr, Expr), body: Expr) -> Flow<Value> {
        let values = self.each(frame, height, range, body)?;
        let Some((&first, rest)) = values.split_first() else {
            return self.empty(frame, op, height, range.0, body);
        };
        Ok(match op {
            Big::Sum => {
                let form = rest.iter().try_fold(first.form, |form, value| common(form, value.form))?;
                let terms = values.iter().map(|value| (value.node, 1.0)).collect();
                Value { node: self.program.combine(terms, 0.0, form.len()), form }
            }
            Big::Product => rest.iter().try_fold(first, |product, &value| self.multiply(product, value))?,
            Big::Ascending => rest.iter().try_fold(first, |product, &value| self.times(product, value))?,
            Big::Descending => rest.iter().try_fold(first, |product, &value| self.times(value, product))?,
        })
    }

    /// The value of an empty sum or product, of the size that the body has at the lower bound.
    fn empty(&mut self, frame: &mut Frame, op: Big, height: u32, lower: Expr, body: Expr) -> Flow<Value> {
        let lower = self.evaluator.index(&frame.scope, lower)?;
        frame.open(height, lower);
        let form = self.evaluator.form(&frame.scope, self.arena.shape(body));
        frame.close();
        let form = form?;
        let (rows, columns) = form.rows_and_columns();
        let number = match op {
            Big::Sum => 0.0,
            Big::Ascending if form != Form::Scalar => {
                return Ok(self.identity(Form::Matrix(rows, rows)));
            }
            Big::Descending if form != Form::Scalar => {
                return Ok(self.identity(Form::Matrix(columns, columns)));
            }
            Big::Product | Big::Ascending | Big::Descending => 1.0,
        };
        let number = self.constant(number);
        Ok(self.fit(number, form)?)
    }

    /// A row or a column as the vector, the number or the matrix that the expression is.
    pub(super) fn in_shape(&mut self, frame: &Frame, value: Value, shape: Shape) -> Flow<Value> {
        let form = self.evaluator.form(&frame.scope, shape)?;
        Ok(self.fit(value, form)?)
    }

    /// A value in the form that is wanted: numbers fill tensors, and a row or a column is the vector.
    pub(super) fn fit(&mut self, value: Value, form: Form) -> Result<Value, Error> {
        if value.form == form {
            return Ok(value);
        }
        if value.form == Form::Scalar {
            return Ok(Value { node: self.program.combine(vec![(value.node, 1.0)], 0.0, form.len()), form });
        }
        let is_line = |(rows, columns): (usize, usize)| rows == 1 || columns == 1;
        let are_lines = is_line(value.form.rows_and_columns()) && is_line(form.rows_and_columns());
        if !are_lines || value.form.len() != form.len() {
            return Err(Error::Misfit("the two sides of a definition"));
        }
        Ok(Value { form, ..value })
    }
}

pub(super) fn scalar(node: Id) -> Value {
    Value { node, form: Form::Scalar }
}

/// The form of two tensors that meet entry by entry.
fn common(a: Form, b: Form) -> Result<Form, Error> {
    match (a, b) {
        (Form::Scalar, form) | (form, Form::Scalar) => Ok(form),
        _ if a == b => Ok(a),
        _ => Err(Error::Misfit("tensors entry by entry")),
    }
}

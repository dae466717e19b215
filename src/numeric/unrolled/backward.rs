//! The way back: how the number follows every value, from the last operation to the first.

use nalgebra::DMatrix;

use crate::numeric::entrywise::Slope;
use crate::numeric::entrywise::slope_is_in_value;
use crate::numeric::entrywise::sum;
use crate::numeric::unrolled::Unrolled;
use crate::numeric::unrolled::buffer::Buffer;
use crate::numeric::unrolled::forward::transpose;
use crate::numeric::unrolled::kernel::Grid;
use crate::numeric::unrolled::kernel::Matrix;
use crate::numeric::unrolled::kernel::add_multiple;
use crate::numeric::unrolled::kernel::dot;
use crate::numeric::unrolled::kernel::multiply_add;
use crate::numeric::unrolled::layout::Outer;
use crate::numeric::unrolled::layout::Product;
use crate::numeric::unrolled::layout::Step;
use crate::numeric::unrolled::program::Id;
use crate::numeric::unrolled::program::Op;

impl Unrolled {
    /// Passes the adjoint of what a step made on to what it read.
    pub(super) fn backward(&mut self, step: usize) {
        match &self.steps[step] {
            Step::Node(node) if self.active[*node] => self.backward_node(*node),
            Step::Product(product) => backward_product(&self.values, &mut self.adjoints, product),
            Step::Outer(outer) => backward_outer(&self.values, &mut self.adjoints, outer),
            Step::Node(_) => {}
        }
    }

    fn backward_node(&mut self, node: Id) {
        let own = self.part(node);
        let (nodes, at, active) = (&self.nodes, &self.at, &self.active);
        let part = |id: Id| at[id]..at[id] + nodes[id].len;
        let value = |id: Id| self.values.read(part(id));
        let adjoints = &mut self.adjoints;
        // The adjoint of an operand that follows a variable, to be added to, and that of the operation.
        let mut pass = |id: Id, add: &dyn Fn(&mut [f64], &[f64])| {
            if active[id] {
                let (to, rest) = adjoints.split(part(id));
                add(to, rest.read(own.clone()));
            }
        };
        match &nodes[node].op {
            Op::Input(_) | Op::Constant(_) | Op::MatMul(..) => {}
            Op::Member(a, _) => pass(*a, &|to, adjoint| add_multiple(to, adjoint, 1.0)),
            Op::Combine(terms, _) => {
                for (id, coefficient) in terms {
                    pass(*id, &|to, adjoint| match to {
                        [number] => *number += coefficient.get() * sum(adjoint),
                        _ => add_multiple(to, adjoint, coefficient.get()),
                    });
                }
            }
            Op::Multiply(a, b) => {
                for (id, other) in [(*a, value(*b)), (*b, value(*a))] {
                    pass(id, &|to, adjoint| multiplied(to, adjoint, other));
                }
            }
            Op::Power(a, exponent) => {
                pass(*a, &|to, adjoint| Slope::of_power(value(*a), exponent.get()).accumulate(to, adjoint));
            }
            Op::Apply(function, a) => {
                let row = if slope_is_in_value(*function) { value(node) } else { value(*a) };
                pass(*a, &|to, adjoint| Slope::of_function(*function, row).accumulate(to, adjoint));
            }
            Op::Transpose(a, (rows, columns)) => pass(*a, &|to, adjoint| {
                for (row, to) in to.chunks_mut(*columns).enumerate() {
                    for (column, to) in to.iter_mut().enumerate() {
                        *to += adjoint[column * rows + row];
                    }
                }
            }),
            Op::Gather(entries) => {
                for (place, (id, position)) in
                    entries.iter().enumerate().filter_map(|(at, entry)| Some((at, (*entry)?)))
                {
                    pass(id, &|to, adjoint| to[position] += adjoint[place]);
                }
            }
            Op::Total(a) => pass(*a, &|to, adjoint| to.iter_mut().for_each(|to| *to += adjoint[0])),
            Op::Extreme(numbers, _) => {
                let best = value(node)[0];
                let takers: Vec<Id> = numbers.iter().copied().filter(|&id| value(id)[0] == best).collect();
                // Where several are the largest there is no slope.
                let slope = if takers.len() == 1 { 1.0 } else { f64::NAN };
                takers.iter().for_each(|&id| pass(id, &|to, adjoint| to[0] += slope * adjoint[0]));
            }
            Op::Softmax(a, width) => pass(*a, &|to, adjoint| {
                let rows = value(node).chunks(*width).zip(adjoint.chunks(*width));
                for (to, (y, adjoint)) in to.chunks_mut(*width).zip(rows) {
                    let mean = dot(y, adjoint);
                    for ((to, y), adjoint) in to.iter_mut().zip(y).zip(adjoint) {
                        *to += y * (adjoint - mean);
                    }
                }
            }),
            Op::Inverse(a, size) => pass(*a, &|to, adjoint| {
                // d(A⁻¹) = −A⁻¹ dA A⁻¹ (Magnus & Neudecker 2019, 8.4).
                let inverse = DMatrix::from_row_slice(*size, *size, value(node)).transpose();
                let slope = &inverse * DMatrix::from_row_slice(*size, *size, adjoint) * &inverse;
                add_matrix(to, &slope, -1.0);
            }),
            Op::Determinant(a, size) => pass(*a, &|to, adjoint| {
                // d det A = det A tr(A⁻¹ dA) (Magnus & Neudecker 2019, 8.3).
                let matrix = DMatrix::from_row_slice(*size, *size, value(*a));
                match matrix.try_inverse() {
                    Some(inverse) => add_matrix(to, &inverse.transpose(), adjoint[0] * value(node)[0]),
                    None => to.fill(f64::NAN),
                }
            }),
        }
    }
}

/// `to += adjoint · other`, where one of them may be a number.
fn multiplied(to: &mut [f64], adjoint: &[f64], other: &[f64]) {
    match (to, other) {
        ([number], _) => *number += dot(adjoint, other),
        (to, [number]) => add_multiple(to, adjoint, *number),
        (to, other) => Slope::Value(other).accumulate(to, adjoint),
    }
}

/// Adds a multiple of a matrix to one that lies row by row.
fn add_matrix(to: &mut [f64], matrix: &DMatrix<f64>, factor: f64) {
    let mut rows = vec![0.0; to.len()];
    transpose(&mut rows, matrix.as_slice(), matrix.ncols(), matrix.nrows());
    add_multiple(to, &rows, factor);
}

fn matrix(buffer: &Buffer, grid: Grid) -> Matrix<'_> {
    Matrix { grid, data: buffer.read(grid.hull()) }
}

/// Of `out = a b`: `ā += ō bᵀ` and `b̄ += aᵀ ō`, where they are wanted.
fn backward_product(values: &Buffer, adjoints: &mut Buffer, product: &Product) {
    let Product { a, b, out, to_a, to_b } = *product;
    if to_a {
        let (to, rest) = adjoints.split(a.hull());
        multiply_add(a, to, Matrix { grid: out, data: rest.read(out.hull()) }, matrix(values, b.transposed()));
    }
    if to_b {
        let (to, rest) = adjoints.split(b.hull());
        multiply_add(b, to, matrix(values, a.transposed()), Matrix { grid: out, data: rest.read(out.hull()) });
    }
}

/// `ā += Σ ō xᵀ`, or of a transpose `Σ x ōᵀ`.
fn backward_outer(values: &Buffer, adjoints: &mut Buffer, outer: &Outer) {
    let (to, rest) = adjoints.split(outer.matrix.hull());
    let out = Matrix { grid: outer.out, data: rest.read(outer.out.hull()) };
    let x = matrix(values, outer.x);
    if outer.is_transposed {
        multiply_add(outer.matrix, to, x, out.transposed());
    } else {
        multiply_add(outer.matrix, to, out, x.transposed());
    }
}

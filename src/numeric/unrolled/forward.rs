//! The way forward: the value of each operation from those that it reads.

use nalgebra::DMatrix;

use crate::expr::Extremum;
use crate::numeric::entrywise::apply;
use crate::numeric::entrywise::one;
use crate::numeric::entrywise::raise;
use crate::numeric::entrywise::sum;
use crate::numeric::entrywise::two;
use crate::numeric::unrolled::Unrolled;
use crate::numeric::unrolled::buffer::Rest;
use crate::numeric::unrolled::kernel::Matrix;
use crate::numeric::unrolled::kernel::add_multiple;
use crate::numeric::unrolled::kernel::clear;
use crate::numeric::unrolled::kernel::multiply_add;
use crate::numeric::unrolled::layout::Product;
use crate::numeric::unrolled::layout::Step;
use crate::numeric::unrolled::program::Id;
use crate::numeric::unrolled::program::Op;

impl Unrolled {
    pub(super) fn forward(&mut self, step: usize) {
        match &self.steps[step] {
            Step::Outer(_) => {}
            Step::Node(node) => self.forward_node(*node),
            Step::Product(Product { a, b, out, .. }) => {
                let (to, rest) = self.values.split(out.hull());
                clear(*out, to);
                let (a, b) =
                    (Matrix { grid: *a, data: rest.read(a.hull()) }, Matrix { grid: *b, data: rest.read(b.hull()) });
                multiply_add(*out, to, a, b);
            }
        }
    }

    fn forward_node(&mut self, node: Id) {
        let part = self.part(node);
        let (nodes, at) = (&self.nodes, &self.at);
        let part_of = |id: Id| at[id]..at[id] + nodes[id].len;
        let (out, rest) = self.values.split(part);
        let read = |id: Id| rest.read(part_of(id));
        match &nodes[node].op {
            Op::Input(_) | Op::Constant(_) | Op::MatMul(..) => {}
            Op::Member(a, _) => out.copy_from_slice(read(*a)),
            Op::Combine(terms, constant) => {
                out.fill(constant.get());
                for (id, coefficient) in terms {
                    combine(out, read(*id), coefficient.get());
                }
            }
            Op::Multiply(a, b) => match (read(*a), read(*b)) {
                (a, b) if a.len() == b.len() => two(out, a, b, |a, b| a * b),
                (&[number], row) | (row, &[number]) => one(out, row, |_, entry| number * entry),
                _ => {}
            },
            Op::Power(a, exponent) => raise(out, read(*a), exponent.get()),
            Op::Apply(function, a) => apply(out, read(*a), *function),
            Op::Transpose(a, (rows, columns)) => transpose(out, read(*a), *rows, *columns),
            Op::Gather(entries) => gather(out, &rest, entries, at),
            Op::Total(a) => out[0] = sum(read(*a)),
            Op::Extreme(numbers, which) => {
                let values = numbers.iter().map(|&id| read(id)[0]);
                out[0] = match which {
                    Extremum::Supremum => values.fold(f64::NEG_INFINITY, f64::max),
                    Extremum::Infimum => values.fold(f64::INFINITY, f64::min),
                };
            }
            Op::Softmax(a, width) => {
                for (out, row) in out.chunks_mut(*width).zip(read(*a).chunks(*width)) {
                    softmax(out, row);
                }
            }
            Op::Inverse(a, size) => match DMatrix::from_row_slice(*size, *size, read(*a)).try_inverse() {
                Some(inverse) => transpose(out, inverse.as_slice(), *size, *size),
                None => out.fill(f64::NAN),
            },
            Op::Determinant(a, size) => out[0] = DMatrix::from_row_slice(*size, *size, read(*a)).determinant(),
        }
    }
}

/// Adds a multiple of a row, or of a number to every entry.
fn combine(out: &mut [f64], a: &[f64], coefficient: f64) {
    match a {
        [number] => out.iter_mut().for_each(|entry| *entry += coefficient * number),
        _ => add_multiple(out, a, coefficient),
    }
}

/// The transpose of rows by columns.
pub(super) fn transpose(out: &mut [f64], a: &[f64], rows: usize, columns: usize) {
    for (row, a) in a.chunks(columns).enumerate() {
        for (column, entry) in a.iter().enumerate() {
            out[column * rows + row] = *entry;
        }
    }
}

fn gather(out: &mut [f64], rest: &Rest<'_>, entries: &[Option<(Id, usize)>], at: &[usize]) {
    for (out, entry) in out.iter_mut().zip(entries) {
        *out = entry.map_or(0.0, |(id, position)| {
            let place = at[id] + position;
            rest.read(place..place + 1)[0]
        });
    }
}

/// softmax of one row, with the largest entry taken away first so that nothing overflows.
fn softmax(out: &mut [f64], row: &[f64]) {
    let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    one(out, row, |_, x| (x - largest).exp());
    let total = sum(out);
    out.iter_mut().for_each(|entry| *entry /= total);
}

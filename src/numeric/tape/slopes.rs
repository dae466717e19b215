//! The slopes of operations by what they read, in blocks.

use crate::expr::Elementary;
use crate::numeric::tape::columns::Columns;
use crate::numeric::tape::columns::power_slope;
use crate::numeric::tape::program::Op;
use crate::numeric::tape::program::Operand;
use crate::numeric::tape::program::slope_is_in_value;

/// The slope of an operation by one of its operands, as it is to be found.
pub(super) enum Slope<'a> {
    One,
    Value(&'a [f64]),
    /// A function of a column.
    Of(&'a [f64], Shape),
}

/// The function of a column that a slope is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    Sigmoid,
    Tanh,
    Tan,
    Power(f64),
    Argument(fn(f64) -> f64),
}

impl Slope<'_> {
    /// Where the slope of `op`, which is `node`, by operand `which` lies at `n` times.
    pub(super) fn new<'a>(values: &'a Columns, node: usize, op: &Op, which: usize, time: i64, n: usize) -> Slope<'a> {
        let read = |operand: Operand| values.read(operand, time, n);
        match (op, which) {
            (Op::Multiply(_, b) | Op::MultiplyAdd(_, b, _), 0) => Slope::Value(read(*b)),
            (Op::Multiply(a, _) | Op::MultiplyAdd(a, _, _), 1) => Slope::Value(read(*a)),
            (Op::Power(_, exponent), _) if *exponent == 1.0 => Slope::One,
            (Op::Power(a, exponent), _) => Slope::Of(read(*a), Shape::Power(*exponent)),
            (Op::Apply(function, _), _) if slope_is_in_value(*function) => {
                let own = read(Operand { node, offset: 0 });
                match *function {
                    Elementary::Sigmoid => Slope::Of(own, Shape::Sigmoid),
                    Elementary::Tanh => Slope::Of(own, Shape::Tanh),
                    Elementary::Tan => Slope::Of(own, Shape::Tan),
                    _ => Slope::Value(own),
                }
            }
            (Op::Apply(function, a), _) => Slope::Of(read(*a), Shape::Argument(function.row().slope)),
            (Op::Input | Op::Add(..) | Op::Multiply(..) | Op::MultiplyAdd(..) | Op::Sum(..) | Op::Read(..), _) => {
                Slope::One
            }
        }
    }

    /// Adds `adjoint * slope` to each entry of `to`.
    pub(super) fn accumulate(&self, to: &mut [f64], adjoint: &[f64]) {
        match self {
            Slope::One => {
                for (to, adjoint) in to.iter_mut().zip(adjoint) {
                    *to += adjoint;
                }
            }
            Slope::Value(slope) => {
                for ((to, adjoint), slope) in to.iter_mut().zip(adjoint).zip(*slope) {
                    *to += adjoint * slope;
                }
            }
            Slope::Of(column, shape) => shape.each(column, to, |to, position, slope| *to += adjoint[position] * slope),
        }
    }

    /// Multiplies each entry of `to` by the slope.
    pub(super) fn scale(&self, to: &mut [f64]) {
        match self {
            Slope::One => {}
            Slope::Value(slope) => {
                for (to, slope) in to.iter_mut().zip(*slope) {
                    *to *= slope;
                }
            }
            Slope::Of(column, shape) => shape.each(column, to, |to, _, slope| *to *= slope),
        }
    }
}

impl Shape {
    fn each(self, column: &[f64], to: &mut [f64], mut f: impl FnMut(&mut f64, usize, f64)) {
        let n = column.len().min(to.len());
        let pairs = to[..n].iter_mut().zip(&column[..n]).enumerate();
        match self {
            Shape::Sigmoid => pairs.for_each(|(at, (to, y))| f(to, at, y * (1.0 - y))),
            Shape::Tanh => pairs.for_each(|(at, (to, y))| f(to, at, 1.0 - y * y)),
            Shape::Tan => pairs.for_each(|(at, (to, y))| f(to, at, 1.0 + y * y)),
            Shape::Power(2.0) => pairs.for_each(|(at, (to, x))| f(to, at, 2.0 * x)),
            Shape::Power(exponent) => pairs.for_each(|(at, (to, x))| f(to, at, power_slope(*x, exponent))),
            Shape::Argument(slope) => pairs.for_each(|(at, (to, x))| f(to, at, slope(*x))),
        }
    }
}

//! The slopes of operations by what they read, in blocks.

use crate::numeric::entrywise::Slope;
use crate::numeric::entrywise::slope_is_in_value;
use crate::numeric::series::columns::Columns;
use crate::numeric::series::program::Op;
use crate::numeric::series::program::Operand;

/// Where the slope of `op`, which is `node`, by operand `which` lies at `n` times.
pub(super) fn slope<'a>(values: &'a Columns, node: usize, op: &Op, which: usize, time: i64, n: usize) -> Slope<'a> {
    let read = |operand: Operand| values.read(operand, time, n);
    match (op, which) {
        (Op::Multiply(_, b) | Op::MultiplyAdd(_, b, _), 0) => Slope::Value(read(*b)),
        (Op::Multiply(a, _) | Op::MultiplyAdd(a, _, _), 1) => Slope::Value(read(*a)),
        (Op::Power(a, exponent), _) => Slope::of_power(read(*a), *exponent),
        (Op::Apply(function, _), _) if slope_is_in_value(*function) => {
            Slope::of_function(*function, read(Operand { node, offset: 0 }))
        }
        (Op::Apply(function, a), _) => Slope::of_function(*function, read(*a)),
        (Op::Input | Op::Add(..) | Op::Multiply(..) | Op::MultiplyAdd(..) | Op::Sum(..) | Op::Read(..), _) => {
            Slope::One
        }
    }
}

//! The operations of a tape: each makes one number, or one number for every time.

use crate::expr::Elementary;
use crate::expr::SymbolId;
use crate::numeric::entrywise::slope_is_in_value;

/// When an operation is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// Once, before all times.
    Before,
    /// At every time at which it is needed.
    During,
    /// Once, after all times.
    After,
}

/// What an operation made, at another time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Operand {
    pub(super) node: usize,
    /// How much later than the reader; before 0 for the past.
    pub(super) offset: i64,
}

/// One operation.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Op {
    /// Read from outside: a parameter, a number, the members of a given family.
    Input,
    Add(Operand, Operand),
    Multiply(Operand, Operand),
    /// `a b + c`
    MultiplyAdd(Operand, Operand, Operand),
    Power(Operand, f64),
    Apply(Elementary, Operand),
    /// The sum over the times from the first to the last.
    Sum(usize, i64, i64),
    /// The value at one time.
    Read(usize, i64),
}

/// An operation and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) op: Op,
    pub(super) phase: Phase,
    /// Of which family this is the member at each time.
    pub(super) family: Option<SymbolId>,
    /// The times at which the operation holds; the family is given at others.
    pub(super) from: i64,
    pub(super) to: i64,
}

impl Op {
    /// What it reads at its own time or at a fixed distance.
    pub(super) fn operands(&self) -> Vec<Operand> {
        match *self {
            Op::Input | Op::Sum(..) | Op::Read(..) => Vec::new(),
            Op::Power(a, _) | Op::Apply(_, a) => vec![a],
            Op::Add(a, b) | Op::Multiply(a, b) => vec![a, b],
            Op::MultiplyAdd(a, b, c) => vec![a, b, c],
        }
    }

    /// The nodes whose values the slope by this operand is made of; `own` is the operation itself.
    pub(super) fn needed_for_slope(&self, own: usize, which: usize) -> Option<usize> {
        match (self, which) {
            (Op::Multiply(_, b) | Op::MultiplyAdd(_, b, _), 0) => Some(b.node),
            (Op::Multiply(a, _) | Op::MultiplyAdd(a, _, _), 1) => Some(a.node),
            (Op::Power(a, exponent), _) => (*exponent != 1.0).then_some(a.node),
            (Op::Apply(function, a), _) => Some(if slope_is_in_value(*function) { own } else { a.node }),
            (Op::Input | Op::Add(..) | Op::Multiply(..) | Op::MultiplyAdd(..) | Op::Sum(..) | Op::Read(..), _) => None,
        }
    }
}

impl Node {
    pub(super) fn new(op: Op, phase: Phase) -> Node {
        Node { op, phase, family: None, from: i64::MIN, to: i64::MAX }
    }
}

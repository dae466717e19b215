//! Values by time: where they lie, and the operations on whole blocks of them.

use crate::numeric::entrywise::apply;
use crate::numeric::entrywise::one;
use crate::numeric::entrywise::raise;
use crate::numeric::entrywise::two;
use crate::numeric::series::program::Op;
use crate::numeric::series::program::Operand;

/// How many times are worked on at once: what a block needs stays in the fastest memory.
pub(super) const BLOCK: usize = 256;

/// Values of all nodes, or their adjoints.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    pub(super) data: Vec<Vec<f64>>,
    /// The time of the first value of a column that is kept whole; `None` for one that is kept for a block.
    first: Vec<Option<i64>>,
    /// The first time of the block that is worked on.
    block: i64,
}

impl Columns {
    /// Columns of these times; blocks where there is none.
    pub(super) fn new(times: Vec<Option<(i64, i64)>>, present: impl Fn(usize) -> bool) -> Columns {
        let length = |(first, last): (i64, i64)| usize::try_from(last - first + 1).unwrap_or(0);
        let lengths = times.iter().map(|times| times.map_or(BLOCK, length));
        let data = lengths.enumerate().map(|(at, n)| if present(at) { vec![0.0; n] } else { Vec::new() }).collect();
        Columns { data, first: times.iter().map(|times| times.map(|(first, _)| first)).collect(), block: 0 }
    }

    pub(super) fn start_block(&mut self, block: i64) {
        self.block = block;
    }

    /// Sets a whole column.
    pub(super) fn fill(&mut self, node: usize, value: f64) {
        self.data[node].fill(value);
    }

    /// A whole column.
    pub(super) fn whole(&self, node: usize) -> &[f64] {
        &self.data[node]
    }

    /// Whether a column lives only for a block.
    pub(super) fn is_block(&self, node: usize) -> bool {
        self.first[node].is_none()
    }

    /// Where the value at time 0 would lie.
    pub(super) fn origin(&self, node: usize) -> i64 {
        -self.first[node].unwrap_or(self.block)
    }

    fn start(&self, node: usize, time: i64) -> usize {
        usize::try_from(time + self.origin(node)).unwrap_or(usize::MAX)
    }

    /// The value at one time.
    pub(super) fn get(&self, node: usize, time: i64) -> f64 {
        self.data[node][self.start(node, time)]
    }

    /// The value at one time, to be changed.
    pub(super) fn get_mut(&mut self, node: usize, time: i64) -> &mut f64 {
        let at = self.start(node, time);
        &mut self.data[node][at]
    }

    /// What an operand reads from `time` on.
    pub(super) fn read(&self, operand: Operand, time: i64, n: usize) -> &[f64] {
        let start = self.start(operand.node, time + operand.offset);
        &self.data[operand.node][start..start + n]
    }

    /// Takes a column out, so that it can be written while others are read.
    pub(super) fn take(&mut self, node: usize) -> Vec<f64> {
        std::mem::take(&mut self.data[node])
    }

    /// Puts back what [`Columns::take`] took out.
    pub(super) fn put(&mut self, node: usize, column: Vec<f64>) {
        self.data[node] = column;
    }

    /// The place of a time in a column that was taken out.
    pub(super) fn place(&self, node: usize, time: i64) -> usize {
        self.start(node, time)
    }

    /// Carries out an operation at `n` times.
    pub(super) fn compute(&mut self, node: usize, op: &Op, time: i64, n: usize) {
        let mut column = self.take(node);
        let start = self.place(node, time);
        let out = &mut column[start..start + n];
        match *op {
            Op::Input | Op::Sum(..) | Op::Read(..) => {}
            Op::Add(a, b) => two(out, self.read(a, time, n), self.read(b, time, n), |a, b| a + b),
            Op::Multiply(a, b) => two(out, self.read(a, time, n), self.read(b, time, n), |a, b| a * b),
            Op::MultiplyAdd(a, b, c) => {
                two(out, self.read(a, time, n), self.read(b, time, n), |a, b| a * b);
                one(out, self.read(c, time, n), |out, c| out + c);
            }
            Op::Power(a, exponent) => raise(out, self.read(a, time, n), exponent),
            Op::Apply(function, a) => apply(out, self.read(a, time, n), function),
        }
        self.put(node, column);
    }
}

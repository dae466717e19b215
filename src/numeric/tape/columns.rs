//! Values by time: where they lie, and the operations on whole blocks of them.

use crate::expr::Elementary;
use crate::number::float;
use crate::numeric::tape::program::Op;
use crate::numeric::tape::program::Operand;

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

fn two(out: &mut [f64], a: &[f64], b: &[f64], f: impl Fn(f64, f64) -> f64) {
    for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
        *out = f(*a, *b);
    }
}

/// Changes each entry with the entry of another column.
fn one(out: &mut [f64], a: &[f64], f: impl Fn(f64, f64) -> f64) {
    for (out, a) in out.iter_mut().zip(a) {
        *out = f(*out, *a);
    }
}

fn raise(out: &mut [f64], a: &[f64], exponent: f64) {
    if exponent == 1.0 {
        one(out, a, |_, a| a);
    } else if exponent == 2.0 {
        one(out, a, |_, a| a * a);
    } else {
        one(out, a, |_, a| power(a, exponent));
    }
}

fn apply(out: &mut [f64], a: &[f64], function: Elementary) {
    if function == Elementary::Sigmoid {
        one(out, a, |_, a| sigmoid(a));
    } else if function == Elementary::Tanh {
        one(out, a, |_, a| float::tanh(a));
    } else {
        let value = function.row().value;
        one(out, a, |_, a| value(&[a]));
    }
}

/// The value of a function at one number.
pub(super) fn value_at(function: Elementary, at: f64) -> f64 {
    if function == Elementary::Sigmoid { sigmoid(at) } else { (function.row().value)(&[at]) }
}

/// σ without a branch; e^-x may overflow, and the value is then 0.
fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + float::exp(-x))
}

/// `base^exponent`; small whole exponents by multiplication.
pub(super) fn power(base: f64, exponent: f64) -> f64 {
    if exponent == 2.0 {
        base * base
    } else if exponent == -1.0 {
        1.0 / base
    } else if exponent == 0.5 {
        base.sqrt()
    } else if exponent.fract() == 0.0 && exponent.abs() <= 64.0 {
        base.powi(exponent as i32)
    } else {
        float::pow(base, exponent)
    }
}

/// The slope of a power.
pub(super) fn power_slope(base: f64, exponent: f64) -> f64 {
    if exponent == 2.0 { 2.0 * base } else { exponent * power(base, exponent - 1.0) }
}

/// The sum, in several lanes.
pub(super) fn sum(values: &[f64]) -> f64 {
    let mut lanes = [0.0; 8];
    let (blocks, rest) = values.as_chunks::<8>();
    for block in blocks {
        for (lane, value) in lanes.iter_mut().zip(block) {
            *lane += value;
        }
    }
    lanes.iter().sum::<f64>() + rest.iter().sum::<f64>()
}

//! Recurrences, time by time.

use crate::expr::Elementary;
use crate::numeric::entrywise::power;
use crate::numeric::entrywise::value_at;
use crate::numeric::series::columns::Columns;
use crate::numeric::series::program::Op;
use crate::numeric::series::program::Operand;

/// One operation of a recurrence, with the places of its operands worked out for a block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    out: Place,
    kind: Kind,
    reads: [Place; 3],
    /// The times at which it is carried out, the end not included.
    from: i64,
    end: i64,
}

/// A column, and where in it the value at time 0 would lie.
#[derive(Debug, Clone, Copy)]
struct Place {
    node: usize,
    origin: i64,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Add,
    Multiply,
    MultiplyAdd,
    Power(f64),
    Sigmoid,
    Apply(Elementary),
}

impl Step {
    pub(super) fn new(values: &Columns, node: usize, op: &Op, (from, end): (i64, i64)) -> Step {
        let place =
            |operand: Operand| Place { node: operand.node, origin: values.origin(operand.node) + operand.offset };
        let out = place(Operand { node, offset: 0 });
        let mut reads = [out; 3];
        for (read, operand) in reads.iter_mut().zip(op.operands()) {
            *read = place(operand);
        }
        let kind = match *op {
            Op::Add(..) => Kind::Add,
            Op::Multiply(..) => Kind::Multiply,
            Op::MultiplyAdd(..) => Kind::MultiplyAdd,
            Op::Power(_, exponent) => Kind::Power(exponent),
            Op::Apply(Elementary::Sigmoid, _) => Kind::Sigmoid,
            Op::Apply(function, _) => Kind::Apply(function),
            Op::Input | Op::Sum(..) | Op::Read(..) => Kind::Power(1.0),
        };
        Step { out, kind, reads, from, end }
    }
}

impl Columns {
    /// Carries out the steps at every time of the block, all of them at one time before the next.
    pub(super) fn scan(&mut self, steps: &[Step]) {
        let first = steps.iter().map(|step| step.from).min().unwrap_or(0);
        let end = steps.iter().map(|step| step.end).max().unwrap_or(0);
        let all_from = steps.iter().map(|step| step.from).max().unwrap_or(0).min(end);
        let all_end = steps.iter().map(|step| step.end).min().unwrap_or(0).max(all_from);
        for time in (first..all_from).chain(all_end..end) {
            for step in steps.iter().filter(|step| step.from <= time && time < step.end) {
                self.step(step, time);
            }
        }
        for time in all_from..all_end {
            for step in steps {
                self.step(step, time);
            }
        }
    }

    fn step(&mut self, step: &Step, time: i64) {
        let get = |which: usize| {
            let Place { node, origin } = step.reads[which];
            self.data[node][(time + origin) as usize]
        };
        let value = match step.kind {
            Kind::Add => get(0) + get(1),
            Kind::Multiply => get(0) * get(1),
            Kind::MultiplyAdd => get(0) * get(1) + get(2),
            Kind::Power(exponent) => power(get(0), exponent),
            Kind::Sigmoid => value_at(Elementary::Sigmoid, get(0)),
            Kind::Apply(function) => value_at(function, get(0)),
        };
        self.data[step.out.node][(time + step.out.origin) as usize] = value;
    }
}

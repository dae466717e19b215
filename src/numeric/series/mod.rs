//! Families of numbers by time: their definitions as a flat program, run for every time and then backwards.
//!
//! What does not depend on its own past is worked out in blocks of times, one operation after the other; a recurrence
//! is worked out time by time. Of the values only those are kept that the way back needs.
//!
//! Limits: numbers, not vectors; one index; members at fixed distances, in the past where they are defined; sums over
//! all times outside of the recurrences. What is beyond them is written out, by [`crate::numeric::unrolled`].

mod backward;
mod columns;
mod compile;
mod program;
mod scan;
mod schedule;
mod slopes;

use crate::expr::Arena;
use crate::expr::Expr;
use crate::expr::Node as Meaning;
use crate::expr::SymbolId;
use crate::model::Model;
use crate::numeric::Assignment;
use crate::numeric::Error;
use crate::numeric::entrywise::power;
use crate::numeric::entrywise::sum;
use crate::numeric::entrywise::value_at;
use crate::numeric::evaluate::Evaluator;
use crate::numeric::floats::Floats;
use crate::numeric::scope::Scope;
use crate::numeric::series::backward::Shortcuts;
use crate::numeric::series::columns::BLOCK;
use crate::numeric::series::columns::Columns;
use crate::numeric::series::compile::Compiler;
use crate::numeric::series::program::Node;
use crate::numeric::series::program::Op;
use crate::numeric::series::program::Operand;
use crate::numeric::series::program::Phase;
use crate::numeric::series::scan::Step;
use crate::numeric::series::schedule::Stage;
use crate::numeric::series::schedule::Times;

/// A number as a function of parameters and data, compiled.
#[derive(Debug, Clone)]
pub(super) struct Series {
    nodes: Vec<Node>,
    stages: Vec<Stage>,
    times: Vec<Times>,
    /// Whether a node follows one of the variables.
    active: Vec<bool>,
    values: Columns,
    adjoints: Columns,
    /// The values of the nodes that have one value.
    scalars: Vec<f64>,
    scalar_adjoints: Vec<f64>,
    root: usize,
    variables: Vec<Variable>,
    /// The way back of each stage.
    scans: Vec<Shortcuts>,
}

/// Where the variable of a gradient stands: it may be an input, a member at a time, or both.
#[derive(Debug, Clone)]
struct Variable {
    input: Option<usize>,
    member: Option<(usize, i64)>,
}

impl Series {
    /// Compiles `of` as a function of the variables `by`: parameters, or members of families at fixed indices.
    ///
    /// Sizes and all values are read from the assignment, once; [`Series::set`] changes the variables later.
    pub(super) fn compile(
        arena: &Arena,
        model: &Model,
        assignment: &Assignment,
        of: Expr,
        by: &[Expr],
    ) -> Result<Series, Error> {
        let mut compiler = Compiler::new(arena, model, assignment);
        let root = compiler.root(of)?;
        let keys = keys(arena, model, assignment, by)?;
        let times = schedule::times(&compiler.nodes)?;
        let variables: Vec<Variable> = keys.iter().map(|key| variable(&compiler, &times, key)).collect();
        let stages = schedule::stages(&compiler.nodes)?;
        let active = active(&compiler.nodes, &variables);
        let kept = kept(&compiler.nodes, &active);
        let whole = |at: usize| if kept[at] { times[at] } else { None };
        let values = Columns::new((0..times.len()).map(whole).collect(), |_| true);
        let apart = distant(&compiler.nodes, &variables);
        let whole = |at: usize| if apart[at] { times[at] } else { None };
        let adjoints = Columns::new((0..times.len()).map(whole).collect(), |at| active[at]);
        let n = compiler.nodes.len();
        let mut tape = Series {
            nodes: std::mem::take(&mut compiler.nodes),
            scans: Vec::new(),
            stages,
            times,
            active,
            values,
            adjoints,
            scalars: vec![0.0; n],
            scalar_adjoints: vec![0.0; n],
            root,
            variables,
        };
        tape.scans = tape.stages.iter().map(|stage| tape.shortcuts(stage)).collect();
        tape.load(&mut compiler)?;
        Ok(tape)
    }

    /// Gives the variable at this place of `by` another value.
    pub(super) fn set(&mut self, place: usize, value: f64) -> Result<(), Error> {
        let Variable { input, member } = self.variables[place].clone();
        if let Some((node, time)) = member {
            let Node { op, from, to, .. } = &self.nodes[node];
            if *op != Op::Input && (*from..=*to).contains(&time) {
                return Err(Error::Unsupported("another value of what is defined"));
            }
            *self.values.get_mut(node, time) = value;
        }
        if let Some(node) = input {
            self.scalars[node] = value;
        }
        Ok(())
    }

    /// The number.
    pub(super) fn value(&mut self) -> f64 {
        for at in self.of_phase(Phase::Before) {
            self.scalars[at] = self.scalar(at);
            self.values.fill(at, self.scalars[at]);
        }
        let mut totals: Vec<(usize, usize, i64, i64)> = Vec::new();
        for (at, node) in self.nodes.iter().enumerate() {
            if let Op::Sum(of, lower, upper) = node.op {
                self.scalars[at] = 0.0;
                totals.push((at, of, lower, upper));
            }
        }
        for (block, last) in self.blocks() {
            self.values.start_block(block);
            for stage in 0..self.stages.len() {
                self.forward(stage, block, last);
            }
            for &(at, of, lower, upper) in &totals {
                if let Some((from, n)) = overlap((lower, upper), (block, last)) {
                    self.scalars[at] += sum(self.values.read(Operand { node: of, offset: 0 }, from, n));
                }
            }
        }
        for at in self.of_phase(Phase::After) {
            self.scalars[at] = self.scalar(at);
        }
        self.scalars[self.root]
    }

    /// The operations of a phase, in order.
    fn of_phase(&self, phase: Phase) -> Vec<usize> {
        (0..self.nodes.len()).filter(|&node| self.nodes[node].phase == phase).collect()
    }

    /// The times to be worked out, in blocks.
    fn blocks(&self) -> Vec<(i64, i64)> {
        let worked = self.nodes.iter().zip(&self.times).filter_map(|(node, times)| match node.phase {
            Phase::During => times.map(|(first, last)| (first, last)),
            Phase::Before | Phase::After => None,
        });
        let hull = worked.reduce(|(a, b), (c, d)| (a.min(c), b.max(d)));
        let Some((first, last)) = hull else {
            return Vec::new();
        };
        (first..=last).step_by(BLOCK).map(|block| (block, last.min(block + BLOCK as i64 - 1))).collect()
    }

    /// The times of a block at which a node is worked out: the first of them and how many.
    fn worked(&self, node: usize, block: i64, last: i64) -> Option<(i64, usize)> {
        let (from, to) = self.times[node]?;
        let within = (from.max(self.nodes[node].from), to.min(self.nodes[node].to));
        overlap(within, (block, last))
    }

    fn forward(&mut self, stage: usize, block: i64, last: i64) {
        match &self.stages[stage] {
            Stage::Column(node) => {
                let node = *node;
                if let Some((from, n)) = self.worked(node, block, last) {
                    self.values.compute(node, &self.nodes[node].op, from, n);
                }
            }
            Stage::Scan(members) => {
                let worked = members.iter().filter_map(|&node| Some((node, self.worked(node, block, last)?)));
                let steps: Vec<Step> = worked
                    .map(|(node, (from, n))| {
                        Step::new(&self.values, node, &self.nodes[node].op, (from, from + n as i64))
                    })
                    .collect();
                self.values.scan(&steps);
            }
        }
    }

    fn scalar(&self, node: usize) -> f64 {
        self.op_value(node, |operand| self.scalars[operand.node])
    }

    fn op_value(&self, node: usize, get: impl Fn(Operand) -> f64) -> f64 {
        match self.nodes[node].op {
            Op::Input | Op::Sum(..) => self.scalars[node],
            Op::Read(of, time) => self.values.get(of, time),
            Op::Add(a, b) => get(a) + get(b),
            Op::Multiply(a, b) => get(a) * get(b),
            Op::MultiplyAdd(a, b, c) => get(a) * get(b) + get(c),
            Op::Power(a, exponent) => power(get(a), exponent),
            Op::Apply(function, a) => value_at(function, get(a)),
        }
    }

    /// Reads all inputs.
    fn load(&mut self, compiler: &mut Compiler<'_>) -> Result<(), Error> {
        for (&bits, &node) in &compiler.constants {
            self.scalars[node] = f64::from_bits(bits);
        }
        for ((symbol, indices), node) in compiler.variables.clone() {
            self.scalars[node] = compiler.given(symbol, &indices)?;
        }
        if let Some((node, (first, last))) = compiler.clock.and_then(|node| Some((node, self.times[node]?))) {
            (first..=last).for_each(|time| *self.values.get_mut(node, time) = time as f64);
        }
        for (symbol, node) in compiler.families.clone() {
            let Some((first, last)) = self.times[node] else {
                continue;
            };
            let given = self.nodes[node].op == Op::Input;
            let (from, to) = (self.nodes[node].from, self.nodes[node].to);
            for time in (first..=last).filter(|&time| given || time < from || time > to) {
                *self.values.get_mut(node, time) = compiler.given(symbol, &[time])?;
            }
        }
        Ok(())
    }
}

fn overlap((first, last): (i64, i64), (block, end): (i64, i64)) -> Option<(i64, usize)> {
    let (from, to) = (first.max(block), last.min(end));
    usize::try_from(to - from + 1).ok().filter(|n| *n > 0).map(|n| (from, n))
}

fn keys(
    arena: &Arena,
    model: &Model,
    assignment: &Assignment,
    by: &[Expr],
) -> Result<Vec<(SymbolId, Vec<i64>)>, Error> {
    let evaluator = Evaluator::new(arena, model, assignment, &Floats);
    let scope = Scope::new(Vec::new());
    by.iter()
        .map(|&by| match arena.node(by) {
            Meaning::Symbol { symbol, indices, .. } => Ok((*symbol, evaluator.indices(&scope, indices)?.to_vec())),
            _ => Err(Error::Unsupported("a derivative by something that is no symbol")),
        })
        .collect()
}

fn variable(compiler: &Compiler<'_>, times: &[Times], key: &(SymbolId, Vec<i64>)) -> Variable {
    let needed = |node: usize, time: i64| times[node].is_some_and(|(first, last)| first <= time && time <= last);
    let member = match (compiler.families.get(&key.0), &key.1[..]) {
        (Some(&node), &[time]) if needed(node, time) => Some((node, time)),
        _ => None,
    };
    Variable { input: compiler.variables.get(key).copied(), member }
}

/// What follows the variables.
fn active(nodes: &[Node], variables: &[Variable]) -> Vec<bool> {
    let mut active = vec![false; nodes.len()];
    for variable in variables {
        for node in variable.input.into_iter().chain(variable.member.map(|(node, _)| node)) {
            active[node] = true;
        }
    }
    // A recurrence may stand before what it reads, so one pass is not enough.
    loop {
        let before = active.clone();
        for (at, node) in nodes.iter().enumerate() {
            let reads = match node.op {
                Op::Sum(of, ..) | Op::Read(of, _) => active[of],
                Op::Input | Op::Add(..) | Op::Multiply(..) | Op::MultiplyAdd(..) | Op::Power(..) | Op::Apply(..) => {
                    node.op.operands().iter().any(|operand| active[operand.node])
                }
            };
            active[at] |= reads;
        }
        if active == before {
            return active;
        }
    }
}

/// What is read at another time than its own, or at one time only.
fn distant(nodes: &[Node], variables: &[Variable]) -> Vec<bool> {
    let mut distant = vec![false; nodes.len()];
    for node in nodes {
        for operand in node.op.operands().into_iter().filter(|operand| operand.offset != 0) {
            distant[operand.node] = true;
        }
        if let Op::Read(of, _) = node.op {
            distant[of] = true;
        }
    }
    for (node, _) in variables.iter().filter_map(|variable| variable.member) {
        distant[node] = true;
    }
    distant
}

/// Which values stay after their block: those that are read at other times, and those that the way back needs.
fn kept(nodes: &[Node], active: &[bool]) -> Vec<bool> {
    let mut kept = distant(nodes, &[]);
    for (at, node) in nodes.iter().enumerate() {
        kept[at] |= node.op == Op::Input || node.family.is_some();
        for (which, operand) in node.op.operands().iter().enumerate() {
            if active[operand.node]
                && let Some(needed) = node.op.needed_for_slope(at, which)
            {
                kept[needed] = true;
            }
        }
    }
    kept.iter().zip(nodes).map(|(kept, node)| *kept && node.phase == Phase::During).collect()
}

#[cfg(test)]
mod tests;

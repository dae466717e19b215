//! The way back: how the number follows every value, from the last block of times to the first.

use crate::numeric::entrywise::power_slope;
use crate::numeric::entrywise::sum;
use crate::numeric::series::Series;
use crate::numeric::series::columns::BLOCK;
use crate::numeric::series::overlap;
use crate::numeric::series::program::Op;
use crate::numeric::series::program::Operand;
use crate::numeric::series::program::Phase;
use crate::numeric::series::schedule::Stage;
use crate::numeric::series::slopes::slope;

/// The way back through a recurrence, shortened: an operation that only one other reads, at the same time, is passed
/// over, and the product of the slopes along the way is worked out for a whole block beforehand.
#[derive(Debug, Clone, Default)]
pub(super) struct Shortcuts {
    /// In the order of the way back.
    edges: Vec<Edge>,
    /// What was passed over.
    folded: Vec<usize>,
}

/// How an adjoint enters another: by the sum over paths of the product of slopes.
#[derive(Debug, Clone)]
struct Edge {
    from: usize,
    to: usize,
    offset: i64,
    paths: Vec<Vec<(usize, usize)>>,
}

impl Series {
    /// The number and its derivatives by the variables, in their order.
    pub(in crate::numeric) fn gradient(&mut self) -> (f64, Vec<f64>) {
        let value = self.value();
        self.scalar_adjoints.fill(0.0);
        for node in (0..self.nodes.len()).filter(|&node| self.active[node]) {
            if self.nodes[node].phase == Phase::Before || !self.adjoints.is_block(node) {
                self.adjoints.fill(node, 0.0);
            }
        }
        self.scalar_adjoints[self.root] = 1.0;
        let totals = self.backward_after();
        for (block, last) in self.blocks().into_iter().rev() {
            self.backward_block(&totals, block, last);
        }
        self.backward_before();
        let read = |variable: &super::Variable| {
            let input = variable.input.map_or(0.0, |node| self.scalar_adjoints[node]);
            input + variable.member.map_or(0.0, |(node, time)| self.adjoints.get(node, time))
        };
        (value, self.variables.iter().map(read).collect())
    }

    /// Through what was worked out last; what remains are the sums over times, with their adjoints.
    fn backward_after(&mut self) -> Vec<(usize, (i64, i64), f64)> {
        let mut totals = Vec::new();
        for node in self.of_phase(Phase::After).into_iter().rev() {
            let adjoint = self.scalar_adjoints[node];
            match self.nodes[node].op {
                Op::Sum(of, lower, upper) if self.active[of] => totals.push((of, (lower, upper), adjoint)),
                Op::Read(of, time) if self.active[of] => *self.adjoints.get_mut(of, time) += adjoint,
                Op::Input
                | Op::Add(..)
                | Op::Multiply(..)
                | Op::MultiplyAdd(..)
                | Op::Power(..)
                | Op::Apply(..)
                | Op::Sum(..)
                | Op::Read(..) => self.backward_scalar(node),
            }
        }
        totals
    }

    fn backward_before(&mut self) {
        for node in self.of_phase(Phase::Before).into_iter().rev() {
            if self.active[node] {
                self.scalar_adjoints[node] += sum(self.adjoints.whole(node));
                self.backward_scalar(node);
            }
        }
    }

    fn backward_scalar(&mut self, node: usize) {
        let adjoint = self.scalar_adjoints[node];
        for (which, operand) in self.nodes[node].op.operands().into_iter().enumerate() {
            if self.active[operand.node] {
                self.scalar_adjoints[operand.node] += adjoint * self.scalar_slope(node, which);
            }
        }
    }

    fn scalar_slope(&self, node: usize, which: usize) -> f64 {
        let get = |operand: Operand| self.scalars[operand.node];
        match (&self.nodes[node].op, which) {
            (Op::Multiply(_, b) | Op::MultiplyAdd(_, b, _), 0) => get(*b),
            (Op::Multiply(a, _) | Op::MultiplyAdd(a, _, _), 1) => get(*a),
            (Op::Power(a, exponent), _) => power_slope(get(*a), *exponent),
            (Op::Apply(function, a), _) => (function.row().slope)(get(*a)),
            (Op::Input | Op::Add(..) | Op::Multiply(..) | Op::MultiplyAdd(..) | Op::Sum(..) | Op::Read(..), _) => 1.0,
        }
    }

    fn backward_block(&mut self, totals: &[(usize, (i64, i64), f64)], block: i64, last: i64) {
        self.values.start_block(block);
        self.adjoints.start_block(block);
        for node in (0..self.nodes.len()).filter(|&node| self.active[node]) {
            if self.nodes[node].phase == Phase::During && self.adjoints.is_block(node) {
                self.adjoints.fill(node, 0.0);
            }
        }
        for &(of, range, adjoint) in totals {
            if let Some((from, n)) = overlap(range, (block, last)) {
                let start = self.adjoints.place(of, from);
                let mut column = self.adjoints.take(of);
                column[start..start + n].iter_mut().for_each(|entry| *entry += adjoint);
                self.adjoints.put(of, column);
            }
        }
        for stage in (0..self.stages.len()).rev() {
            match &self.stages[stage] {
                Stage::Column(node) => self.backward_column(*node, block, last, |_| true),
                Stage::Scan(members) => {
                    let members = members.clone();
                    let shortcuts = std::mem::take(&mut self.scans[stage]);
                    self.backward_scan(&shortcuts, block, last);
                    for node in members.iter().rev() {
                        let by_block =
                            |operand: usize| !members.contains(&operand) || shortcuts.folded.contains(&operand);
                        self.backward_column(*node, block, last, by_block);
                    }
                    self.scans[stage] = shortcuts;
                }
            }
        }
    }

    /// Passes the adjoints of an operation on to those of its operands that are wanted.
    fn backward_column(&mut self, node: usize, block: i64, last: i64, wanted: impl Fn(usize) -> bool) {
        let Some((from, n)) = self.worked(node, block, last).filter(|_| self.active[node]) else {
            return;
        };
        let op = &self.nodes[node].op;
        for (which, operand) in op.operands().into_iter().enumerate() {
            if !self.active[operand.node] || !wanted(operand.node) {
                continue;
            }
            let start = self.adjoints.place(operand.node, from + operand.offset);
            let mut column = self.adjoints.take(operand.node);
            let adjoint = self.adjoints.read(Operand { node, offset: 0 }, from, n);
            slope(&self.values, node, op, which, from, n).accumulate(&mut column[start..start + n], adjoint);
            self.adjoints.put(operand.node, column);
        }
    }

    fn backward_scan(&mut self, shortcuts: &Shortcuts, block: i64, last: i64) {
        let mut steps: Vec<BackStep> = Vec::new();
        for edge in &shortcuts.edges {
            let Some((from, n)) = self.worked(edge.from, block, last) else {
                continue;
            };
            let mut slopes = vec![0.0; n];
            let mut product = [0.0; BLOCK];
            for path in &edge.paths {
                let product = &mut product[..n];
                product.fill(1.0);
                for &(node, which) in path {
                    slope(&self.values, node, &self.nodes[node].op, which, from, n).scale(product);
                }
                slopes.iter_mut().zip(product).for_each(|(slope, factor)| *slope += *factor);
            }
            let origin = self.adjoints.origin(edge.to) + edge.offset;
            steps.push(BackStep {
                from: (edge.from, self.adjoints.origin(edge.from)),
                to: (edge.to, origin),
                start: from,
                slopes,
            });
        }
        if let [step] = &steps[..]
            && step.from.0 == step.to.0
            && step.from.1 == step.to.1 + 1
        {
            self.backward_single(step);
            return;
        }
        let first = steps.iter().map(|step| step.start).min().unwrap_or(0);
        let end = steps.iter().map(|step| step.start + step.slopes.len() as i64).max().unwrap_or(0);
        let columns = &mut self.adjoints.data;
        for time in (first..end).rev() {
            for step in &steps {
                let Some(slope) = step.slopes.get((time - step.start) as usize) else {
                    continue;
                };
                let adjoint = columns[step.from.0][(time + step.from.1) as usize];
                columns[step.to.0][(time + step.to.1) as usize] += adjoint * slope;
            }
        }
    }

    /// A state that enters itself one step later, and nothing else.
    fn backward_single(&mut self, step: &BackStep) {
        let n = step.slopes.len();
        let start = (step.start + step.to.1) as usize;
        let window = &mut self.adjoints.data[step.to.0][start..=start + n];
        let mut adjoint = window[n];
        for (entry, slope) in window[..n].iter_mut().zip(&step.slopes).rev() {
            adjoint = *entry + adjoint * slope;
            *entry = adjoint;
        }
    }

    /// The shortened way back through a stage.
    pub(super) fn shortcuts(&self, stage: &Stage) -> Shortcuts {
        let Stage::Scan(members) = stage else {
            return Shortcuts::default();
        };
        let inside = |node: usize| self.active[node] && members.contains(&node);
        let mut edges: Vec<Edge> = Vec::new();
        for &from in members.iter().rev().filter(|&&node| self.active[node]) {
            for (which, operand) in self.nodes[from].op.operands().into_iter().enumerate() {
                if inside(operand.node) {
                    let paths = vec![vec![(from, which)]];
                    edges.push(Edge { from, to: operand.node, offset: operand.offset, paths });
                }
            }
        }
        let folded: Vec<usize> =
            members.iter().copied().filter(|&node| inside(node) && self.is_passed_over(node)).collect();
        for &node in &folded {
            edges = pass_over(edges, node);
        }
        let order = |node: usize| members.iter().position(|&member| member == node);
        edges.sort_by_key(|edge| std::cmp::Reverse(order(edge.from)));
        Shortcuts { edges: merge(edges), folded }
    }

    /// Whether one operation alone reads this one, at the same time, and the gradient does not ask for it.
    fn is_passed_over(&self, node: usize) -> bool {
        let mut readers = Vec::new();
        for (at, reader) in self.nodes.iter().enumerate() {
            readers.extend(reader.op.operands().into_iter().filter(|o| o.node == node).map(|o| (at, o.offset)));
            if matches!(reader.op, Op::Sum(of, ..) | Op::Read(of, _) if of == node) {
                return false;
            }
        }
        readers.dedup();
        let asked_for = self.variables.iter().any(|variable| variable.member.is_some_and(|(member, _)| member == node));
        self.nodes[node].family.is_none() && !asked_for && matches!(readers[..], [(_, 0)])
    }
}

/// One step of the way back through a recurrence, in a block: columns with the place of time 0, and the slopes.
struct BackStep {
    from: (usize, i64),
    to: (usize, i64),
    start: i64,
    slopes: Vec<f64>,
}

fn pass_over(edges: Vec<Edge>, node: usize) -> Vec<Edge> {
    let (through, mut rest): (Vec<Edge>, Vec<Edge>) =
        edges.into_iter().partition(|edge| edge.from == node || edge.to == node);
    for into in through.iter().filter(|edge| edge.to == node) {
        for out in through.iter().filter(|edge| edge.from == node) {
            let joined = |head: &Vec<(usize, usize)>| {
                out.paths.iter().map(|tail| [&head[..], &tail[..]].concat()).collect::<Vec<_>>()
            };
            let paths = into.paths.iter().flat_map(joined).collect();
            rest.push(Edge { from: into.from, to: out.to, offset: out.offset, paths });
        }
    }
    rest
}

/// Edges between the same places as one.
fn merge(edges: Vec<Edge>) -> Vec<Edge> {
    let mut merged: Vec<Edge> = Vec::new();
    for edge in edges {
        match merged.iter_mut().find(|own| (own.from, own.to, own.offset) == (edge.from, edge.to, edge.offset)) {
            Some(own) => own.paths.extend(edge.paths),
            None => merged.push(edge),
        }
    }
    merged
}

//! The order of operations, the times at which each is needed, and what must be kept.

use std::collections::BTreeSet;

use crate::model::{Edges, connected_parts};
use crate::numeric::Error;
use crate::numeric::series::program::Node;
use crate::numeric::series::program::Op;
use crate::numeric::series::program::Operand;
use crate::numeric::series::program::Phase;

/// Times before this are a recurrence that has no start.
const EARLIEST: i64 = -100_000_000;

/// Operations that are carried out together.
#[derive(Debug, Clone)]
pub(super) enum Stage {
    /// One operation, for all times of a block at once.
    Column(usize),
    /// Operations that need each other's past, time by time; in the order within one time.
    Scan(Vec<usize>),
}

/// The first and the last time at which an operation is needed; `None` for never.
pub(super) type Times = Option<(i64, i64)>;

/// At which times each operation is needed.
pub(super) fn times(nodes: &[Node]) -> Result<Vec<Times>, Error> {
    let mut times: Vec<Times> = vec![None; nodes.len()];
    let mut open: Vec<(usize, i64, i64)> = Vec::new();
    for node in nodes {
        match node.op {
            Op::Sum(of, lower, upper) => open.push((of, lower, upper)),
            Op::Read(of, at) => open.push((of, at, at)),
            Op::Input | Op::Add(..) | Op::Multiply(..) | Op::MultiplyAdd(..) | Op::Power(..) | Op::Apply(..) => {}
        }
    }
    while let Some((at, first, last)) = open.pop() {
        let hull = times[at].map_or((first, last), |(from, to)| (from.min(first), to.max(last)));
        if times[at] == Some(hull) {
            continue;
        }
        if hull.0 < EARLIEST {
            return Err(Error::Unsupported("a recurrence without a start"));
        }
        times[at] = Some(hull);
        let (from, to) = (hull.0.max(nodes[at].from), hull.1.min(nodes[at].to));
        if from > to {
            continue;
        }
        for Operand { node, offset } in nodes[at].op.operands() {
            if nodes[node].phase == Phase::During {
                open.push((node, from + offset, to + offset));
            }
        }
    }
    Ok(times)
}

/// The operations of all times in an order in which each finds what it reads.
pub(super) fn stages(nodes: &[Node]) -> Result<Vec<Stage>, Error> {
    let mut reads = Edges::new();
    for (at, node) in nodes.iter().enumerate().filter(|(_, node)| is_step(node)) {
        let operands: Vec<Operand> =
            node.op.operands().into_iter().filter(|operand| is_step(&nodes[operand.node])).collect();
        if operands.iter().any(|operand| operand.offset > 0) {
            return Err(Error::Unsupported("a definition that reads the future, on a tape"));
        }
        reads.insert(at, operands.into_iter().map(|operand| operand.node).collect::<BTreeSet<usize>>());
    }
    let stage = |part: BTreeSet<usize>| match part.first() {
        Some(&only) if part.len() == 1 && !reads[&only].contains(&only) => Ok(Stage::Column(only)),
        _ => in_order(nodes, part.into_iter().collect()).map(Stage::Scan),
    };
    connected_parts(&reads).into_iter().map(stage).collect()
}

fn is_step(node: &Node) -> bool {
    node.phase == Phase::During && node.op != Op::Input
}

/// The members of a scan in an order in which each reads only earlier ones at its own time.
fn in_order(nodes: &[Node], members: Vec<usize>) -> Result<Vec<usize>, Error> {
    let mut order: Vec<usize> = Vec::with_capacity(members.len());
    while order.len() < members.len() {
        let ready = |at: usize| {
            let now = nodes[at].op.operands().into_iter().filter(|operand| operand.offset == 0);
            now.into_iter().all(|operand| !members.contains(&operand.node) || order.contains(&operand.node))
        };
        let next = members.iter().copied().find(|&at| !order.contains(&at) && ready(at));
        order.push(next.ok_or(Error::Unsupported("a definition that needs itself"))?);
    }
    Ok(order)
}

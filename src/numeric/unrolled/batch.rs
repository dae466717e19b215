//! Which products of a matrix by a column can be carried out at once, and the order of all operations then.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::collections::BinaryHeap;

use crate::numeric::unrolled::program::Factor;
use crate::numeric::unrolled::program::Id;
use crate::numeric::unrolled::program::Op;
use crate::numeric::unrolled::program::Program;

/// How many matrices are looked at.
const MAX_GROUPS: usize = 64;

/// The products of one matrix by columns.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) matrix: Factor,
    /// The products, in order.
    pub(super) members: Vec<Id>,
    /// Whether they are carried out together.
    pub(super) is_batch: bool,
}

/// What each node reads, and which of them matter.
pub(super) struct Graph {
    /// Whether the result hangs on a node.
    pub(super) is_live: Vec<bool>,
    /// Whether such a node follows a variable.
    pub(super) is_active: Vec<bool>,
    operands: Vec<Vec<Id>>,
}

impl Graph {
    /// The nodes of a program on which `root` hangs, and of these what follows the variables.
    pub(super) fn new(program: &Program, root: Id, variables: &[Id]) -> Graph {
        let operands: Vec<Vec<Id>> = program.nodes.iter().map(|node| node.op.operands()).collect();
        let mut is_live = vec![false; operands.len()];
        is_live[root] = true;
        for id in (0..=root).rev() {
            if is_live[id] {
                operands[id].iter().for_each(|&operand| is_live[operand] = true);
            }
        }
        let mut is_active = vec![false; operands.len()];
        variables.iter().for_each(|&id| is_active[id] = is_live[id]);
        for id in (0..=root).filter(|&id| is_live[id]) {
            is_active[id] |= operands[id].iter().any(|&operand| is_active[operand]);
        }
        Graph { is_live, is_active, operands }
    }

    /// The products by columns, for each matrix; those that need nothing of each other are a batch.
    pub(super) fn groups(&self, program: &Program) -> Vec<Group> {
        let mut members: BTreeMap<(Id, bool), (Factor, Vec<Id>)> = BTreeMap::new();
        for id in (0..self.is_live.len()).filter(|&id| self.is_live[id]) {
            if let Op::MatMul(a, b) = program.nodes[id].op
                && b.size().1 == 1
                && a.size().0 > 1
            {
                members.entry((a.node, a.is_transposed)).or_insert((a, Vec::new())).1.push(id);
            }
        }
        let groups = members.into_values().enumerate().map(|(place, (matrix, members))| {
            let is_batch = place < MAX_GROUPS && members.len() > 1 && self.are_independent(&members);
            Group { matrix, members, is_batch }
        });
        let mut groups: Vec<Group> = groups.collect();
        if self.order(&groups).is_none() {
            groups.iter_mut().for_each(|group| group.is_batch = false);
        }
        groups
    }

    /// Whether no member, which are in order, hangs on another.
    fn are_independent(&self, members: &[Id]) -> bool {
        let (Some(&first), Some(&last)) = (members.first(), members.last()) else {
            return true;
        };
        let mut hangs = vec![false; last + 1 - first];
        members.iter().for_each(|member| hangs[member - first] = true);
        for id in first..=last {
            let hangs_on = self.operands[id].iter().any(|&operand| operand >= first && hangs[operand - first]);
            if hangs_on && hangs[id - first] {
                return false;
            }
            hangs[id - first] |= hangs_on;
        }
        true
    }

    /// The live nodes, batches together, each after what it reads and else as early as it was written; `None` where
    /// batches wait for each other.
    pub(super) fn order(&self, groups: &[Group]) -> Option<Vec<Vec<Id>>> {
        let mut units: Vec<Vec<Id>> = groups.iter().filter(|group| group.is_batch).map(|g| g.members.clone()).collect();
        let mut unit_of = vec![usize::MAX; self.operands.len()];
        for (unit, members) in units.iter().enumerate() {
            members.iter().for_each(|&member| unit_of[member] = unit);
        }
        for id in (0..unit_of.len()).filter(|&id| self.is_live[id]) {
            if unit_of[id] == usize::MAX {
                unit_of[id] = units.len();
                units.push(vec![id]);
            }
        }
        let mut readers: Vec<Vec<usize>> = vec![Vec::new(); units.len()];
        let mut n_awaited = vec![0usize; units.len()];
        for (unit, members) in units.iter().enumerate() {
            for &operand in members.iter().flat_map(|&member| &self.operands[member]) {
                readers[unit_of[operand]].push(unit);
                n_awaited[unit] += 1;
            }
        }
        let ready = (0..units.len()).filter(|&unit| n_awaited[unit] == 0);
        let mut ready: BinaryHeap<Reverse<(Id, usize)>> = ready.map(|unit| Reverse((units[unit][0], unit))).collect();
        let mut order = Vec::with_capacity(units.len());
        while let Some(Reverse((_, unit))) = ready.pop() {
            for &reader in &readers[unit] {
                n_awaited[reader] -= 1;
                if n_awaited[reader] == 0 {
                    ready.push(Reverse((units[reader][0], reader)));
                }
            }
            order.push(unit);
        }
        let is_complete = order.len() == units.len();
        is_complete.then(|| order.into_iter().map(|unit| std::mem::take(&mut units[unit])).collect())
    }
}

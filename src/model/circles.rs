//! Circles: what leads back to itself in a directed graph, and among definitions.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::expr::SymbolId;

/// What each node leads to.
pub(crate) type Edges<N> = BTreeMap<N, BTreeSet<N>>;

/// The names that lead to each other by their definitions, whatever the indices.
#[derive(Debug, Clone, Default)]
pub struct Circles(BTreeMap<SymbolId, Rc<BTreeSet<SymbolId>>>);

impl Circles {
    pub(super) fn of(uses: &Edges<SymbolId>) -> Circles {
        let leads_back = |symbol: &SymbolId| uses.get(symbol).is_some_and(|used| used.contains(symbol));
        let mut circles = BTreeMap::new();
        for part in connected_parts(uses).into_iter().filter(|part| part.len() > 1 || part.iter().any(leads_back)) {
            let part = Rc::new(part);
            circles.extend(part.iter().map(|&symbol| (symbol, Rc::clone(&part))));
        }
        Circles(circles)
    }

    /// The names that a name leads to and that lead back to it, itself among them; none where it stands in no circle.
    pub fn around(&self, symbol: SymbolId) -> Rc<BTreeSet<SymbolId>> {
        self.0.get(&symbol).cloned().unwrap_or_default()
    }

    /// The names that stand in a circle.
    pub fn names(&self) -> impl Iterator<Item = SymbolId> {
        self.0.keys().copied()
    }
}

/// The strongly connected parts of a graph, each after all that it leads to (Kosaraju; Sharir 1981).
pub(crate) fn connected_parts<N: Copy + Ord>(edges: &Edges<N>) -> Vec<BTreeSet<N>> {
    let mut backwards = Edges::new();
    for (&from, to) in edges {
        for &to in to {
            backwards.entry(to).or_default().insert(from);
        }
    }
    let order = finished(edges, edges.keys().copied(), &mut BTreeSet::new());
    let mut seen = BTreeSet::new();
    let parts = order.into_iter().rev().map(|node| finished(&backwards, [node], &mut seen).into_iter().collect());
    let mut parts: Vec<BTreeSet<N>> = parts.filter(|part: &BTreeSet<N>| !part.is_empty()).collect();
    parts.reverse();
    parts
}

/// What can be reached from `roots` and was not seen before, each after all that it leads to.
fn finished<N: Copy + Ord>(edges: &Edges<N>, roots: impl IntoIterator<Item = N>, seen: &mut BTreeSet<N>) -> Vec<N> {
    let next = |node: N| edges.get(&node).into_iter().flatten().copied();
    let mut finished = Vec::new();
    for root in roots {
        if !seen.insert(root) {
            continue;
        }
        let mut path = vec![(root, next(root))];
        while let Some((node, rest)) = path.last_mut() {
            match rest.find(|&to| seen.insert(to)) {
                Some(to) => path.push((to, next(to))),
                None => {
                    finished.push(*node);
                    path.pop();
                }
            }
        }
    }
    finished
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(edges: &[(u32, u32)]) -> Vec<Vec<u32>> {
        let mut graph = Edges::new();
        for &(from, to) in edges {
            graph.entry(from).or_default().insert(to);
        }
        connected_parts(&graph).into_iter().map(|part| part.into_iter().collect()).collect()
    }

    #[test]
    fn nodes_in_a_circle_are_one_part_and_come_after_what_they_lead_to() {
        assert_eq!(parts(&[(0, 1), (1, 2), (2, 1), (2, 3)]), [vec![3], vec![1, 2], vec![0]]);
        assert_eq!(parts(&[(0, 0), (0, 1), (2, 0)]), [vec![1], vec![0], vec![2]]);
        assert_eq!(parts(&[(0, 1), (1, 0), (1, 2), (2, 3), (3, 2)]), [vec![2, 3], vec![0, 1]]);
        assert_eq!(parts(&[(0, 1), (0, 2), (1, 3), (2, 3)]).first(), Some(&vec![3]));
    }

    #[test]
    fn a_long_circle_needs_no_stack() {
        let edges: Vec<(u32, u32)> = (0..200_000).map(|at| (at, (at + 1) % 200_000)).collect();
        assert_eq!(parts(&edges).len(), 1);
    }
}

//! Which names lead back to themselves by their definitions.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::expr::SymbolId;
use crate::lower::reader::Reader;
use crate::model::FunctionBody;

/// What each name stands next to in the definitions.
type Uses = BTreeMap<SymbolId, BTreeSet<SymbolId>>;

/// The names that lead to each other, whatever the indices: the strongly connected parts of the graph of definitions
/// that hold a circle (Kosaraju; Sharir 1981).
#[derive(Debug, Default)]
pub(super) struct Circles(BTreeMap<SymbolId, Rc<BTreeSet<SymbolId>>>);

impl Circles {
    /// The names that a name leads to and that lead back to it, itself among them; none where it stands in no circle.
    pub(super) fn around(&self, symbol: SymbolId) -> Rc<BTreeSet<SymbolId>> {
        self.0.get(&symbol).cloned().unwrap_or_default()
    }

    fn of(uses: &Uses) -> Self {
        let mut used_by = Uses::new();
        for (&user, used) in uses {
            for &used in used {
                used_by.entry(used).or_default().insert(user);
            }
        }
        let mut circles = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for &last in finished(uses, uses.keys().copied(), &mut BTreeSet::new()).iter().rev() {
            let part: BTreeSet<SymbolId> = finished(&used_by, [last], &mut seen).into_iter().collect();
            let leads_back = part.len() > 1 || uses.get(&last).is_some_and(|used| used.contains(&last));
            if leads_back {
                let part = Rc::new(part);
                circles.extend(part.iter().map(|&symbol| (symbol, Rc::clone(&part))));
            }
        }
        Self(circles)
    }
}

/// What can be reached from `roots` and was not seen before, each after all that it leads to.
fn finished(edges: &Uses, roots: impl IntoIterator<Item = SymbolId>, seen: &mut BTreeSet<SymbolId>) -> Vec<SymbolId> {
    let next = |symbol: SymbolId| edges.get(&symbol).into_iter().flatten().copied();
    let mut finished = Vec::new();
    for root in roots {
        if !seen.insert(root) {
            continue;
        }
        let mut path = vec![(root, next(root))];
        while let Some((symbol, rest)) = path.last_mut() {
            match rest.find(|&used| seen.insert(used)) {
                Some(used) => path.push((used, next(used))),
                None => {
                    finished.push(*symbol);
                    path.pop();
                }
            }
        }
    }
    finished
}

impl Reader<'_> {
    /// The circles of all definitions as they stand.
    pub(super) fn circles(&self) -> Circles {
        let mut uses = Uses::new();
        let definitions = self.model.definitions.iter().map(|own| (own.symbol, own.body));
        let functions = self.model.functions.iter().filter_map(|(&symbol, body)| match body {
            FunctionBody::Expression { body, .. } => Some((symbol, *body)),
            FunctionBody::Elementary(_) => None,
        });
        for (symbol, body) in definitions.chain(functions) {
            let used = self.arena.reachable(&[body]).into_iter().filter_map(|part| self.named_in(part));
            uses.entry(symbol).or_default().extend(used);
        }
        Circles::of(&uses)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circles(edges: &[(u32, u32)]) -> Vec<Vec<u32>> {
        let mut uses = Uses::new();
        for &(from, to) in edges {
            uses.entry(SymbolId(from)).or_default().insert(SymbolId(to));
        }
        let circles = Circles::of(&uses);
        (0..5).map(|symbol| circles.around(SymbolId(symbol)).iter().map(|symbol| symbol.0).collect()).collect()
    }

    #[test]
    fn names_in_a_circle_find_each_other_and_nothing_beside_it() {
        assert_eq!(circles(&[(0, 1), (1, 2), (2, 1), (2, 3)]), [vec![], vec![1, 2], vec![1, 2], vec![], vec![]]);
        assert_eq!(circles(&[(0, 0), (0, 1), (2, 0)]), [vec![0], vec![], vec![], vec![], vec![]]);
        assert_eq!(circles(&[(0, 1), (1, 0), (1, 2), (2, 3), (3, 2)])[0..4], [[0, 1], [0, 1], [2, 3], [2, 3]]);
        assert!(circles(&[(0, 1), (0, 2), (1, 3), (2, 3)]).iter().all(Vec::is_empty));
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let edges: Vec<(u32, u32)> = (0..200_000).map(|at| (at, (at + 1) % 200_000)).collect();
        assert_eq!(circles(&edges)[0].len(), 200_000);
    }
}

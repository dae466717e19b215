//! The graph of definitions: which family needs which, and at what distance of the index.

use std::collections::{BTreeMap, BTreeSet};

use crate::expr::{Arena, Node, SymbolId};
use crate::model::Model;

/// One arrow of the graph: the definition of `user` holds a member of `used`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dependency {
    /// The symbol that is defined.
    pub user: SymbolId,
    /// The symbol that stands in its definition.
    pub used: SymbolId,
}

impl Model {
    /// Every arrow of the graph of definitions, sorted.
    pub fn dependencies(&self, arena: &Arena) -> Vec<Dependency> {
        let mut arrows = BTreeSet::new();
        for definition in &self.definitions {
            for expr in arena.reachable(&[definition.body]) {
                if let Node::Symbol { symbol, .. } = arena.node(expr) {
                    arrows.insert(Dependency { user: definition.symbol, used: *symbol });
                }
            }
        }
        arrows.into_iter().collect()
    }

    /// For each defined symbol, whether its definition leads back to itself.
    pub fn recurrent(&self, arena: &Arena) -> BTreeSet<SymbolId> {
        let mut below: BTreeMap<SymbolId, BTreeSet<SymbolId>> = BTreeMap::new();
        for arrow in self.dependencies(arena) {
            below.entry(arrow.user).or_default().insert(arrow.used);
        }
        let reach = |start: SymbolId| {
            let mut seen = BTreeSet::new();
            let mut open = vec![start];
            while let Some(symbol) = open.pop() {
                for &next in below.get(&symbol).into_iter().flatten() {
                    if seen.insert(next) {
                        open.push(next);
                    }
                }
            }
            seen
        };
        below.keys().copied().filter(|&symbol| reach(symbol).contains(&symbol)).collect()
    }
}

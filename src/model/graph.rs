//! The graph of definitions: which family needs which, and at what distance of the index.

use std::collections::{BTreeMap, BTreeSet};

use crate::expr::{Arena, Expr, Function, Node, SymbolId};
use crate::model::{Circles, Edges, FunctionBody, Model};

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

    /// For each defined symbol and function everything that it is made of, through definitions and bodies of functions.
    pub fn makings(&self, arena: &Arena) -> BTreeMap<SymbolId, BTreeSet<SymbolId>> {
        let uses = self.uses(arena);
        uses.keys().map(|&symbol| (symbol, reached_from(&uses, symbol))).collect()
    }

    /// The defined symbols whose definition leads back to itself.
    pub fn recurrent(&self, arena: &Arena) -> BTreeSet<SymbolId> {
        self.circles(arena).names().collect()
    }

    /// The circles of definitions and bodies of functions.
    pub fn circles(&self, arena: &Arena) -> Circles {
        Circles::of(&self.uses(arena))
    }

    /// What stands in the definitions of each symbol, and in the body of each function beside its parameters.
    fn uses(&self, arena: &Arena) -> Edges<SymbolId> {
        let mut uses = Edges::new();
        for definition in &self.definitions {
            uses.entry(definition.symbol).or_default().extend(symbols_in(arena, definition.body));
        }
        for (&function, body) in &self.functions {
            let FunctionBody::Expression { parameters, body } = body else { continue };
            let own = symbols_in(arena, *body).into_iter().filter(|symbol| !parameters.contains(symbol));
            uses.entry(function).or_default().extend(own);
        }
        uses
    }
}

/// The members and functions that stand in an expression.
fn symbols_in(arena: &Arena, expr: Expr) -> BTreeSet<SymbolId> {
    let symbols = arena.reachable(&[expr]).into_iter().filter_map(|part| match arena.node(part) {
        Node::Symbol { symbol, .. } | Node::Call { function: Function::Declared { symbol, .. }, .. } => Some(*symbol),
        _ => None,
    });
    symbols.collect()
}

fn reached_from(used: &BTreeMap<SymbolId, BTreeSet<SymbolId>>, start: SymbolId) -> BTreeSet<SymbolId> {
    let (mut seen, mut open) = (BTreeSet::new(), vec![start]);
    while let Some(symbol) = open.pop() {
        open.extend(used.get(&symbol).into_iter().flatten().filter(|&&next| seen.insert(next)));
    }
    seen
}

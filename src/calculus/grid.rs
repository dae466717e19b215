//! Grids: states over several indices, a layer and a time, whose definitions go back or stay in each of them.
//!
//! So no path of definitions leads from one place to another that is ahead of it in any index, which is what the laws
//! of derivatives over a grid rest on.

use std::collections::{BTreeMap, BTreeSet};

use crate::calculus::resolve::Resolver;
use crate::calculus::structure::{Structure, excludes};
use crate::expr::{Arena, Expr, Node, SymbolId};
use crate::model::{Argument, Definition, Model};
use crate::rewrite::Linear;

/// The definitions of one family of a grid.
#[derive(Debug, Clone)]
pub(super) struct Grid {
    pub pieces: Vec<Piece>,
}

/// One definition of a family, and the states that it asks for: which, and how far from its own place.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub definition: Definition,
    pub arrows: BTreeSet<(SymbolId, Vec<i64>)>,
}

/// The states over several indices that make grids, with their definitions.
pub(super) fn grids(arena: &mut Arena, model: &Model, structure: &Structure) -> BTreeMap<SymbolId, Grid> {
    let mut grids: BTreeMap<SymbolId, Grid> =
        structure.states.iter().filter_map(|&state| Some((state, Grid::of(arena, model, structure, state)?))).collect();
    loop {
        let leads_out = |grid: &Grid| grid.arrows().any(|(used, _)| !grids.contains_key(used));
        let others: Vec<SymbolId> = grids.iter().filter(|(_, grid)| leads_out(grid)).map(|(&state, _)| state).collect();
        if others.is_empty() {
            return grids;
        }
        grids.retain(|state, _| !others.contains(state));
    }
}

impl Grid {
    /// The definitions of a state; `None` where one of them goes ahead, or where it cannot be seen how far it goes.
    fn of(arena: &mut Arena, model: &Model, structure: &Structure, state: SymbolId) -> Option<Grid> {
        let definitions: Vec<Definition> = model.definitions_of(state).cloned().collect();
        if definitions.iter().any(|definition| definition.indices.len() < 2) {
            return None;
        }
        let pieces: Option<Vec<Piece>> =
            definitions.into_iter().map(|definition| Piece::new(arena, model, structure, definition)).collect();
        Some(Grid { pieces: pieces? })
    }

    /// Which states are asked for, and how far from the own place.
    pub fn arrows(&self) -> impl Iterator<Item = &(SymbolId, Vec<i64>)> {
        self.pieces.iter().flat_map(|piece| &piece.arrows)
    }

    /// Whether no two definitions hold at one place.
    pub fn is_disjoint(&self, arena: &mut Arena) -> bool {
        self.pieces.iter().enumerate().all(|(n, piece)| {
            let mut others = self.pieces[..n].iter();
            others.all(|other| are_apart(arena, &piece.definition, &other.definition))
        })
    }
}

impl Piece {
    fn new(arena: &mut Arena, model: &Model, structure: &Structure, definition: Definition) -> Option<Piece> {
        let body = structure.unfold(arena, model, definition.body, &[]);
        let body = Resolver::new(arena, model, structure).functions_opened(body);
        let own: Vec<Expr> = definition.indices.iter().map(|argument| index_of(arena, argument)).collect();
        let leads_on = |symbol| structure.states.iter().any(|&state| structure.leads(symbol, state));
        let mut arrows = BTreeSet::new();
        for part in arena.reachable(&[body]) {
            let node = arena.node(part);
            if matches!(node, Node::Derivative { .. } | Node::Limit { .. } | Node::Extremum { .. } | Node::At { .. }) {
                return None;
            }
            let Node::Symbol { symbol, indices, .. } = node else { continue };
            if structure.states.contains(symbol) {
                arrows.insert((*symbol, backward(arena, &own, indices)?));
            } else if structure.is_helper(model, *symbol) && leads_on(*symbol) {
                return None;
            }
        }
        Some(Piece { definition, arrows })
    }
}

/// An index on the left of a definition.
fn index_of(arena: &mut Arena, argument: &Argument) -> Expr {
    match argument {
        Argument::Letter(letter) => arena.symbol(*letter),
        Argument::Value(value) => *value,
    }
}

/// How far indices are from the own ones, in each of them 0 or less; `None` where they are not.
fn backward(arena: &Arena, own: &[Expr], indices: &[Expr]) -> Option<Vec<i64>> {
    if own.len() != indices.len() {
        return None;
    }
    let steps = own.iter().zip(indices).map(|(&own, &index)| {
        let step = Linear::read(arena, index)?.minus(&Linear::read(arena, own)?);
        step.as_integer().filter(|&step| step <= 0)
    });
    steps.collect()
}

/// Whether two definitions of one family certainly never hold at one place.
fn are_apart(arena: &mut Arena, one: &Definition, other: &Definition) -> bool {
    let mut place = Vec::new();
    for (mine, yours) in one.indices.iter().zip(&other.indices) {
        match (mine, yours) {
            (Argument::Value(a), Argument::Value(b)) if a != b => {
                return arena.as_integer(*a).is_some() && arena.as_integer(*b).is_some();
            }
            (Argument::Value(value), _) | (_, Argument::Value(value)) => place.push(*value),
            (Argument::Letter(letter), Argument::Letter(_)) => place.push(arena.symbol(*letter)),
        }
    }
    excludes(arena, one, &place) || excludes(arena, other, &place)
}

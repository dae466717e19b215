//! Members behind which all that they are made of is hidden.
//!
//! **Why this decides.** Where a claim reaches the makings of a member through that member alone, and neither a derivative nor
//! a value that is put in moves one of them, its sides are functions of the member: what is equal for all values that it
//! might have is equal for the one that its definition gives it. So the definition is left out, and the member is a given.
//! More is confirmed than was claimed; what is refused so is looked at as it is. Where assumptions give values to givens, what
//! those are made of is seen, too.

use std::collections::BTreeSet;

use crate::expr::{Arena, Expr, Node, SymbolId, SymbolKind};
use crate::model::Model;
use crate::proof::cases::graph::reached;

/// The model without the definitions of such members; `None` where there are none.
pub(super) fn without_hidden(arena: &Arena, model: &Model, sides: &[Expr]) -> Option<Model> {
    let whole = with_values(model);
    let below = whole.makings(arena);
    let moved = moved_in(arena, &reached(arena, &whole, sides));
    let may_be_given = |symbol: &SymbolId| {
        arena.kind(*symbol) == SymbolKind::Real && below.get(symbol).is_none_or(|makings| makings.is_disjoint(&moved))
    };
    let mut given: BTreeSet<SymbolId> = model.definitions.iter().map(|own| own.symbol).filter(may_be_given).collect();
    loop {
        let definitions = model.definitions.iter().filter(|own| !given.contains(&own.symbol)).cloned().collect();
        let shorter = Model { definitions, ..model.clone() };
        let seen = reals_in(arena, &reached(arena, &with_values(&shorter), sides));
        let is_hidden = |symbol: &SymbolId| below.get(symbol).is_none_or(|makings| makings.is_disjoint(&seen));
        let n_given = given.len();
        given.retain(is_hidden);
        if given.len() == n_given {
            return (!given.is_disjoint(&seen)).then_some(shorter);
        }
    }
}

/// The model in which givens that have values are defined.
pub(super) fn with_values(model: &Model) -> Model {
    Model { definitions: [&model.definitions[..], &model.values].concat(), ..model.clone() }
}

/// The symbols by which is differentiated, and for which values are put in.
fn moved_in(arena: &Arena, parts: &[Expr]) -> BTreeSet<SymbolId> {
    let moved = parts.iter().filter_map(|&part| match *arena.node(part) {
        Node::Derivative { by, .. } => Some(by),
        Node::At { of, .. } => Some(of),
        _ => None,
    });
    reals_in(arena, &arena.reachable(&moved.collect::<Vec<_>>()))
}

/// The symbols among some parts that are no integers.
fn reals_in(arena: &Arena, parts: &[Expr]) -> BTreeSet<SymbolId> {
    let symbols = parts.iter().filter_map(|&part| match arena.node(part) {
        Node::Symbol { symbol, .. } => Some(*symbol),
        _ => None,
    });
    symbols.filter(|&symbol| arena.kind(symbol) != SymbolKind::Integer).collect()
}

//! One more step of the definitions: states at their latest index, and the laws of propagators.

use crate::calculus::Structure;
use crate::expr::{Arena, DerivativeKind, Expr, Node, Substitution};
use crate::model::Model;
use crate::rewrite::{Domain, Linear};

/// The expression with every state at the latest of its indices replaced by its definition, where that holds
/// throughout `domain`; `None` where nothing can be unfolded.
pub(super) fn once(arena: &mut Arena, model: &Model, structure: &Structure, domain: &Domain, expr: Expr) -> Option<Expr> {
    let mut members: Vec<(Expr, Linear)> = Vec::new();
    for part in arena.reachable(&[expr]) {
        let Some((symbol, at, components)) = Model::member(arena, part) else { continue };
        let whole = components.is_empty() && !arena.shape(part).is_scalar();
        if whole || !structure.states.contains(&symbol) || at.len() != 1 {
            continue;
        }
        let Some(index) = Linear::read(arena, at[0]) else { continue };
        let first = Linear::read(arena, structure.first[&symbol])?;
        let free = index.parts.keys().all(|&letter| !matches!(arena.node(letter), Node::Bound(_)));
        if free && domain.implies_at_most_zero(&first.minus(&index)) {
            members.push((part, index));
        }
    }
    let mut map = Substitution::new();
    for (member, index) in &members {
        let latest = members.iter().all(|(_, other)| match other.minus(index).as_integer() {
            Some(ahead) => ahead <= 0,
            None => true,
        });
        if latest
            && let Some(body) = structure.definition_of(arena, model, *member)
        {
            let body = structure.unfold(arena, model, body, &[]);
            map.insert(*member, body);
        }
    }
    if map.is_empty() {
        return None;
    }
    // A propagator's own name is not unfolded.
    let mut kept = Substitution::new();
    for part in arena.reachable(&[expr]) {
        if matches!(arena.node(part), Node::Derivative { kind: DerivativeKind::Total, .. }) {
            kept.insert(part, part);
        }
    }
    map.extend(kept);
    Some(arena.substitute(expr, &map))
}

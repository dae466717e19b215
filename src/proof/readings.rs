//! The two consistent readings of a formula with ambiguous partial derivatives.

use std::collections::BTreeSet;

use crate::calculus::{Resolver, Structure};
use crate::expr::{Arena, Comparison, DerivativeKind, Expr, Node, Prop, Substitution};
use crate::model::Model;
use crate::proof::Reading;
use crate::proof::equality::by_entry;

/// The formula with all partial derivatives decided, in each reading that is open; the total one first.
///
/// The immediate reading is not open where it makes a derivative vanish merely because a definition does not mention
/// the parameter.
pub(super) fn readings(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    props: &[Prop],
) -> Vec<(Option<Reading>, Vec<Prop>)> {
    let only_equalities = props.iter().all(|prop| matches!(prop, Prop::Compare(Comparison::Equal, ..)));
    let exprs: Vec<Expr> = props.iter().flat_map(Prop::expressions).collect();
    let ambiguous = if only_equalities { ambiguous(arena, model, &exprs) } else { BTreeSet::new() };
    let total = decided(arena, props, &ambiguous, DerivativeKind::Total);
    if ambiguous.is_empty() {
        return vec![(None, total)];
    }
    if ambiguous.iter().any(|&partial| vanishes_unmentioned(arena, model, structure, partial)) {
        return vec![(Some(Reading::Total), total)];
    }
    let immediate = decided(arena, props, &ambiguous, DerivativeKind::Immediate);
    vec![(Some(Reading::Total), total), (Some(Reading::Immediate), immediate)]
}

/// All partial derivatives of a statement as total ones.
pub(super) fn total(arena: &mut Arena, prop: &Prop) -> Prop {
    let none = BTreeSet::new();
    decided(arena, std::slice::from_ref(prop), &none, DerivativeKind::Total).remove(0)
}

/// Whether a derivative is 0 when it is read as immediate, though paths of definitions lead to the parameter.
fn vanishes_unmentioned(arena: &mut Arena, model: &Model, structure: &Structure, partial: Expr) -> bool {
    let Node::Derivative { of, by, shape, .. } = *arena.node(partial) else { return false };
    let symbols = Model::member(arena, of).zip(Model::member(arena, by));
    if !symbols.is_some_and(|((of, ..), (by, ..))| structure.leads(of, by)) {
        return false;
    }
    let immediate = arena.derivative_of_shape(DerivativeKind::Immediate, of, by, shape);
    let (entry, _) = by_entry(arena, immediate);
    let slope = Resolver::new(arena, model, structure).resolve(entry);
    slope.is_some_and(|slope| arena.is_zero(slope))
}

fn decided(arena: &mut Arena, props: &[Prop], ambiguous: &BTreeSet<Expr>, kind: DerivativeKind) -> Vec<Prop> {
    let exprs: Vec<Expr> = props.iter().flat_map(Prop::expressions).collect();
    let mut map = Substitution::new();
    for part in arena.reachable(&exprs) {
        let Node::Derivative { kind: DerivativeKind::Partial, of, by, shape } = *arena.node(part) else { continue };
        let kind = if ambiguous.contains(&part) { kind } else { DerivativeKind::Total };
        let of = arena.substitute(of, &map);
        let new = arena.derivative_of_shape(kind, of, by, shape);
        map.insert(part, new);
    }
    props.iter().map(|prop| prop.map(&mut |expr| arena.substitute(expr, &map))).collect()
}

/// Partial derivatives by a parameter that stand in a product with a derivative by a state.
fn ambiguous(arena: &Arena, model: &Model, exprs: &[Expr]) -> BTreeSet<Expr> {
    let mut found = BTreeSet::new();
    for part in arena.reachable(exprs) {
        let factors = match arena.node(part) {
            Node::Product(factors) | Node::MatMul(factors) => factors.to_vec(),
            _ => continue,
        };
        let by_state = factors.iter().any(|&factor| holds_state_derivative(arena, model, factor));
        if by_state {
            found.extend(factors.iter().filter_map(|&factor| parameter_derivative(arena, model, factor)));
        }
    }
    found
}

fn holds_state_derivative(arena: &Arena, model: &Model, factor: Expr) -> bool {
    match arena.node(factor) {
        Node::Derivative { by, .. } => is_state(arena, model, *by),
        Node::Transpose(inner) => holds_state_derivative(arena, model, *inner),
        Node::Product(factors) | Node::MatMul(factors) => {
            factors.iter().any(|&factor| holds_state_derivative(arena, model, factor))
        }
        Node::Big { body, .. } => holds_state_derivative(arena, model, *body),
        _ => false,
    }
}

fn parameter_derivative(arena: &Arena, model: &Model, factor: Expr) -> Option<Expr> {
    match arena.node(factor) {
        Node::Derivative { kind: DerivativeKind::Partial, by, .. } if !is_state(arena, model, *by) => Some(factor),
        Node::Transpose(inner) => parameter_derivative(arena, model, *inner),
        _ => None,
    }
}

/// A member of a defined family, its given start included.
fn is_state(arena: &Arena, model: &Model, by: Expr) -> bool {
    Model::member(arena, by).is_some_and(|(symbol, _, _)| model.is_defined(symbol))
}

//! The two consistent readings of a formula with ambiguous partial derivatives.

use std::collections::{BTreeMap, BTreeSet};

use crate::calculus::{Resolver, Structure};
use crate::expr::{Arena, Comparison, DerivativeKind, Expr, Node, Prop, Substitution, SymbolId, SymbolKind};
use crate::lower::Statement;
use crate::model::Model;
use crate::proof::Reading;
use crate::proof::equality::by_entry;
use crate::rewrite::{Domain, Normalizer};

/// A formula with all its partial derivatives decided.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Read {
    /// Which way the ambiguous ones were read; `None` where none is.
    pub reading: Option<Reading>,
    /// The relations.
    pub props: Vec<Prop>,
    /// The ambiguous ones: what is differentiated, and by what.
    pub ambiguous: Vec<(SymbolId, SymbolId)>,
}

/// The formula in each reading that is open, the total one first.
///
/// A derivative whose two readings agree is not ambiguous. The immediate reading is not open where it would make one
/// of them vanish merely because its definition does not mention the parameter.
pub(super) fn readings(arena: &mut Arena, model: &Model, structure: &Structure, props: &[Prop]) -> Vec<Read> {
    let only_equalities = props.iter().all(|prop| matches!(prop, Prop::Compare(Comparison::Equal, ..)));
    let exprs: Vec<Expr> = props.iter().flat_map(Prop::expressions).collect();
    let mut parts = if only_equalities { ambiguous(arena, model, &exprs) } else { BTreeSet::new() };
    let mut vanishes = false;
    parts.retain(|&part| match difference(arena, model, structure, part) {
        Difference::None => false,
        Difference::Vanishing => {
            vanishes = true;
            true
        }
        Difference::Some => true,
    });
    let names = names_of(arena, &parts);
    let total = decided(arena, model, props, &parts, DerivativeKind::Total);
    if parts.is_empty() {
        return vec![Read { reading: None, props: total, ambiguous: names }];
    }
    let mut found = vec![Read { reading: Some(Reading::Total), props: total, ambiguous: names.clone() }];
    if !vanishes {
        let props = decided(arena, model, props, &parts, DerivativeKind::Immediate);
        found.push(Read { reading: Some(Reading::Immediate), props, ambiguous: names });
    }
    found
}

/// All partial derivatives of a statement as total ones.
pub(super) fn total(arena: &mut Arena, model: &Model, prop: &Prop) -> Prop {
    let none = BTreeSet::new();
    decided(arena, model, std::slice::from_ref(prop), &none, DerivativeKind::Total).remove(0)
}

/// The conditions of a statement, in which all partial derivatives are total ones.
pub(super) fn conditions(arena: &mut Arena, model: &Model, statement: &Statement) -> Vec<Prop> {
    statement.conditions.iter().map(|prop| total(arena, model, prop)).collect()
}

/// The relations with ambiguous derivatives of this kind in the products where they are, and all others total.
fn decided(
    arena: &mut Arena,
    model: &Model,
    props: &[Prop],
    ambiguous: &BTreeSet<Expr>,
    kind: DerivativeKind,
) -> Vec<Prop> {
    let exprs: Vec<Expr> = props.iter().flat_map(Prop::expressions).collect();
    // Every part as it stands alone, and as it stands in such a product.
    let (mut alone, mut beside): (BTreeMap<Expr, Expr>, BTreeMap<Expr, Expr>) = Default::default();
    for part in arena.reachable(&exprs) {
        if let Node::Derivative { kind: DerivativeKind::Partial, of, by, shape } = *arena.node(part) {
            let read = if ambiguous.contains(&part) { kind } else { DerivativeKind::Total };
            alone.insert(part, arena.derivative_of_shape(DerivativeKind::Total, alone[&of], by, shape));
            beside.insert(part, arena.derivative_of_shape(read, alone[&of], by, shape));
            continue;
        }
        let read = arena.rebuild(part, &mut |child| beside[&child]);
        beside.insert(part, read);
        let is_product = ambiguous_in(arena, model, part).iter().any(|factor| ambiguous.contains(factor));
        let own = if is_product { read } else { arena.rebuild(part, &mut |child| alone[&child]) };
        alone.insert(part, own);
    }
    props.iter().map(|prop| prop.map(&mut |expr| alone[&expr])).collect()
}

/// How the two readings of a derivative differ.
enum Difference {
    /// Not at all.
    None,
    /// The immediate one is 0 and the total one is not.
    Vanishing,
    /// Otherwise.
    Some,
}

fn difference(arena: &mut Arena, model: &Model, structure: &Structure, part: Expr) -> Difference {
    let part = with_free_letters(arena, part);
    let Node::Derivative { of, by, shape, .. } = *arena.node(part) else { return Difference::None };
    let total = arena.derivative_of_shape(DerivativeKind::Total, of, by, shape);
    let immediate = arena.derivative_of_shape(DerivativeKind::Immediate, of, by, shape);
    let mut resolve = |expr| {
        let (entry, _) = by_entry(arena, expr);
        Resolver::new(arena, model, structure).resolve(entry)
    };
    let (Some(total), Some(immediate)) = (resolve(total), resolve(immediate)) else { return Difference::Some };
    if total == immediate {
        return Difference::None;
    }
    if arena.is_zero(immediate) {
        return Difference::Vanishing;
    }
    let apart = arena.subtract(total, immediate);
    let form = Normalizer::new(arena).form(apart, &Domain::all());
    if form.is_ok_and(|form| form.terms.is_empty()) { Difference::None } else { Difference::Some }
}

/// Indices that binders outside of a part bind, as letters of its own.
fn with_free_letters(arena: &mut Arena, part: Expr) -> Expr {
    let mut map = Substitution::new();
    for inner in arena.reachable(&[part]) {
        if let Node::Bound(height) = *arena.node(inner) {
            let letter = arena.intern(&format!("\u{a7}b{height}"), SymbolKind::Integer);
            let letter = arena.symbol(letter);
            map.insert(inner, letter);
        }
    }
    arena.substitute(part, &map)
}

/// What is differentiated, and by what.
fn names_of(arena: &Arena, parts: &BTreeSet<Expr>) -> Vec<(SymbolId, SymbolId)> {
    let symbol = |expr| Model::member(arena, expr).map(|(symbol, _, _)| symbol);
    let names: BTreeSet<(SymbolId, SymbolId)> = parts
        .iter()
        .filter_map(|&part| match *arena.node(part) {
            Node::Derivative { of, by, .. } => symbol(of).zip(symbol(by)),
            _ => None,
        })
        .collect();
    names.into_iter().collect()
}

/// Partial derivatives by a parameter that stand in a product with a derivative by a state.
fn ambiguous(arena: &Arena, model: &Model, exprs: &[Expr]) -> BTreeSet<Expr> {
    arena.reachable(exprs).into_iter().flat_map(|part| ambiguous_in(arena, model, part)).collect()
}

/// Those among the factors of a product.
fn ambiguous_in(arena: &Arena, model: &Model, part: Expr) -> Vec<Expr> {
    let (Node::Product(factors) | Node::MatMul(factors)) = arena.node(part) else { return Vec::new() };
    if !factors.iter().any(|&factor| holds_state_derivative(arena, model, factor)) {
        return Vec::new();
    }
    factors.iter().filter_map(|&factor| parameter_derivative(arena, model, factor)).collect()
}

fn holds_state_derivative(arena: &Arena, model: &Model, factor: Expr) -> bool {
    match arena.node(factor) {
        Node::Derivative { by, .. } => is_state(arena, model, *by),
        Node::Transpose(inner) | Node::Entry { of: inner, .. } => holds_state_derivative(arena, model, *inner),
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

//! Proportionality as an equality: `y ∝ x` in some variables where `y(u) x(v) = y(v) x(u)` for all of their values.
//!
//! Where x is not 0 everywhere, the factor is y / x at any place where x is not 0. Of vectors and matrices it is one number
//! for all entries: `y_i(u) x_j(v) = y_j(v) x_i(u)` for all entries i and j.

use crate::calculus::Structure;
use crate::expr::{Arena, Expr, Node, Prop, Substitution, SymbolId, SymbolKind, Tensor};
use crate::model::Model;

/// What a proportionality says as an equality.
#[derive(Debug, Clone)]
pub(super) struct Crossed {
    /// The products of the sides, crosswise.
    pub prop: Prop,
    /// What holds for the variables and for their second values.
    pub conditions: Vec<Prop>,
    /// What must not vanish, so that the right side is not 0 at all values of the variables.
    pub divisors: Vec<Expr>,
    /// That the right side is 0, which must fail somewhere: the products say nothing where it does not. `None` where they
    /// were not needed.
    pub vanishing: Option<Prop>,
    /// That the left side is 0 where the right one is, which the products do not say where that is so at all values of the
    /// variables: `x \propto v x` fails at v = 0. `None` where nothing in the right side but the variables may vanish.
    pub beside: Option<Prop>,
}

/// The equality that a proportionality says. `None` for any other statement, and where a variable stands in a recurrence.
pub(super) fn crossed(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    prop: &Prop,
    conditions: &[Prop],
) -> Option<Crossed> {
    let Prop::Proportional { left, right, variables } = prop else { return None };
    let symbols: Vec<SymbolId> =
        variables.iter().map(|&variable| own_symbol(arena, variable)).collect::<Option<_>>()?;
    let second: Substitution =
        variables.iter().zip(&symbols).map(|(&variable, &symbol)| (variable, copy_of(arena, symbol))).collect();
    let [left, right] = [*left, *right].map(|side| structure.unfold(arena, model, side, &[]));
    if arena.is_zero(right) {
        // A multiple of 0 is 0.
        let conditions = conditions.to_vec();
        let prop = Prop::equal(left, right);
        return Some(Crossed { prop, conditions, divisors: Vec::new(), vanishing: None, beside: None });
    }
    let hangs_on_one = |part: Expr| match arena.node(part) {
        Node::Symbol { symbol, .. } => {
            model.is_defined(*symbol) && symbols.iter().any(|&variable| structure.leads(*symbol, variable))
        }
        _ => false,
    };
    if arena.reachable(&[left, right]).into_iter().any(hangs_on_one) {
        return None;
    }
    let n_indices = arena.shape(left).sizes().len();
    let mut said = vec![left, right];
    said.extend(conditions.iter().chain(&model.assumptions).flat_map(Prop::expressions));
    let [here, there] = [["i", "j"], ["k", "l"]].map(|stems| {
        let stems = stems.into_iter().take(n_indices);
        stems.map(|stem| letter(arena, model, &said, stem)).collect::<Vec<_>>()
    });
    let [left_here, right_here] = [left, right].map(|side| entry(arena, side, &here));
    let [left_there, right_there] = [left, right].map(|side| {
        let side = arena.substitute(side, &second);
        entry(arena, side, &there)
    });
    let (one, other) = (arena.product([left_here, right_there]), arena.product([left_there, right_here]));
    let mut both = conditions.to_vec();
    for prop in conditions.iter().chain(&model.assumptions) {
        let there = prop.map(&mut |side| arena.substitute(side, &second));
        both.extend((there != *prop).then_some(there));
    }
    let divisors = scales(arena, right, variables);
    let (zero, shape) = (arena.zero(), arena.shape(right));
    let nothing = arena.fill(zero, shape);
    let vanishing = Prop::equal(right, nothing);
    let may_vanish = divisors.iter().any(|&divisor| arena.as_number(divisor).is_none());
    let follows = Prop::Implies(Box::new(vanishing.clone()), Box::new(Prop::equal(left, nothing)));
    let beside = may_vanish.then_some(follows);
    Some(Crossed { prop: Prop::equal(one, other), conditions: both, divisors, vanishing: Some(vanishing), beside })
}

/// The second value of a variable.
fn copy_of(arena: &mut Arena, symbol: SymbolId) -> Expr {
    let (name, kind) = (format!("{}\u{2032}", arena.name(symbol)), arena.kind(symbol));
    let shape = arena.declared_shape(symbol);
    let copy = arena.intern(&name, kind);
    arena.declare(copy, kind, shape);
    arena.symbol(copy)
}

/// An integer that is not declared and does not stand in what is said, with a name beginning so.
fn letter(arena: &mut Arena, model: &Model, said: &[Expr], stem: &str) -> Expr {
    let mut name = stem.to_owned();
    loop {
        let symbol = arena.intern(&name, SymbolKind::Integer);
        let letter = arena.symbol(symbol);
        let is_free = arena.kind(symbol) == SymbolKind::Integer && !model.declarations.contains_key(&symbol);
        if is_free && !said.iter().any(|&side| arena.contains(side, letter)) {
            return letter;
        }
        name.push('\u{2032}');
    }
}

/// A side at the indices of an entry: itself, where it is a number.
fn entry(arena: &mut Arena, side: Expr, at: &[Expr]) -> Expr {
    if at.is_empty() { side } else { arena.entry(side, at.to_vec()) }
}

/// What may vanish of a side at all values of the variables: its factors that are not powers of one of them, of a vector or
/// a matrix the norm.
fn scales(arena: &mut Arena, side: Expr, variables: &[Expr]) -> Vec<Expr> {
    let factors = match arena.node(side) {
        Node::Product(factors) => factors.to_vec(),
        _ => vec![side],
    };
    let mut found = Vec::new();
    for factor in factors {
        let base = match *arena.node(factor) {
            Node::Power(base, exponent) if arena.as_number(exponent).is_some() => base,
            _ => factor,
        };
        if variables.contains(&base) {
            continue;
        }
        found.push(if arena.shape(factor).is_scalar() { factor } else { arena.tensor(Tensor::Norm, vec![factor]) });
    }
    found
}

/// The name that a variable is, where it is given and has no index.
fn own_symbol(arena: &Arena, variable: Expr) -> Option<SymbolId> {
    match arena.node(variable) {
        Node::Symbol { symbol, indices, .. } if indices.is_empty() => Some(*symbol),
        _ => None,
    }
}

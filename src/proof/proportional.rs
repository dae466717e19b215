//! Proportionality as an equality: `y ∝ x` in some variables where `y(u) x(v) = y(v) x(u)` for all of their values.
//!
//! Where x is not 0 everywhere, the factor is y / x at any place where x is not 0.

use crate::calculus::Structure;
use crate::expr::{Arena, Expr, Node, Prop, Substitution, SymbolId};
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
}

/// The equality that a proportionality says. `None` for any other statement, and where a variable is no number or stands
/// in a recurrence.
pub(super) fn crossed(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    prop: &Prop,
    conditions: &[Prop],
) -> Option<Crossed> {
    let Prop::Proportional { left, right, variables } = prop else { return None };
    let mut second = Substitution::new();
    for &variable in variables {
        let symbol = own_symbol(arena, variable)?;
        let name = format!("{}\u{2032}", arena.name(symbol));
        let copy = arena.intern(&name, arena.kind(symbol));
        let copy = arena.symbol(copy);
        second.insert(variable, copy);
    }
    let [left, right] = [*left, *right].map(|side| structure.unfold(arena, model, side, &[]));
    let symbols: Vec<SymbolId> = variables.iter().filter_map(|&variable| own_symbol(arena, variable)).collect();
    let hangs_on_one = |part: Expr| match arena.node(part) {
        Node::Symbol { symbol, .. } => {
            model.is_defined(*symbol) && symbols.iter().any(|&variable| structure.leads(*symbol, variable))
        }
        _ => false,
    };
    if arena.is_zero(right) || arena.reachable(&[left, right]).into_iter().any(hangs_on_one) {
        return None;
    }
    let [left_there, right_there] = [left, right].map(|side| arena.substitute(side, &second));
    let (one, other) = (arena.product([left, right_there]), arena.product([left_there, right]));
    let mut both = conditions.to_vec();
    for prop in conditions.iter().chain(&model.assumptions) {
        let there = prop.map(&mut |side| arena.substitute(side, &second));
        both.extend((there != *prop).then_some(there));
    }
    let divisors = scales(arena, right, variables);
    Some(Crossed { prop: Prop::equal(one, other), conditions: both, divisors })
}

/// The factors of a side that may vanish at all values of the variables: those that are not powers of one of them.
fn scales(arena: &Arena, side: Expr, variables: &[Expr]) -> Vec<Expr> {
    let factors = match arena.node(side) {
        Node::Product(factors) => factors.to_vec(),
        _ => vec![side],
    };
    let base = |factor: Expr| match *arena.node(factor) {
        Node::Power(base, exponent) if arena.as_number(exponent).is_some() => base,
        _ => factor,
    };
    factors.into_iter().filter(|&factor| !variables.contains(&base(factor))).collect()
}

/// The name that a variable is, where it is a number that is given.
fn own_symbol(arena: &Arena, variable: Expr) -> Option<SymbolId> {
    match arena.node(variable) {
        Node::Symbol { symbol, indices, shape } if indices.is_empty() && shape.is_scalar() => Some(*symbol),
        _ => None,
    }
}

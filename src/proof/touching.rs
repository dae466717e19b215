//! Strict inequalities whose sides meet: `softplus x < ReLU x + log 2` is an equality at 0.
//!
//! No enclosure tells two equal numbers apart, so such a place is found by its value and confirmed by a proof of the
//! equality there. Among samples, which are fractions, the refuter sees such ties itself; here are roots and angles, too,
//! and values of functions that are known exactly.

use crate::calculus::{Resolver, Structure};
use crate::expr::{Arena, Comparison, Expr, Function, Node, Prop, Substitution, SymbolId, SymbolKind};
use crate::model::Model;
use crate::number::Rational;
use crate::number::rational::fraction;
use crate::print::latex;
use crate::proof::Counterexample;
use crate::proof::bounds::with_known_values;
use crate::proof::reals::constant;
use crate::proof::subject::{Subject, letters_of};
use crate::proof::throughout;
use crate::rewrite::Normalizer;

/// More unknowns than this are not given values.
const MAX_UNKNOWNS: usize = 2;

/// A place at which both sides of a strict inequality seem to be equal.
pub(super) struct Place {
    /// That they are, and what must hold there: both without the unknowns.
    pub equality: Prop,
    pub conditions: Vec<Prop>,
    /// What is shown where it is proved.
    pub counterexample: Counterexample,
}

/// The simple places at which the sides of a strict inequality seem to meet; none for other statements.
pub(super) fn places(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    prop: &Prop,
    conditions: &[Prop],
) -> Vec<Place> {
    let Prop::Compare(Comparison::Less, left, right) = *prop else { return Vec::new() };
    let sides = [left, right].map(|side| {
        let side = Resolver::new(arena, model, structure).resolve(side)?;
        let side = structure.unfold(arena, model, side, &[]);
        Some(Resolver::new(arena, model, structure).functions_opened(side))
    });
    let [Some(left), Some(right)] = sides else { return Vec::new() };
    let mut all = vec![left, right];
    all.extend(conditions.iter().flat_map(Prop::expressions));
    let bound: Vec<SymbolId> = conditions.iter().flat_map(letters_of).collect();
    let Some(unknowns) = unknowns(arena, model, &all, &bound) else { return Vec::new() };
    let bearing = Subject::new(arena, model, structure, prop, conditions).premises;
    let (known, hidden): (Vec<Prop>, Vec<Prop>) =
        bearing.into_iter().partition(|own| conditions.contains(own) || holds_one(arena, own, &unknowns));
    let known: Vec<Prop> = conditions.iter().filter(|own| !known.contains(own)).chain(&known).cloned().collect();
    let difference = arena.subtract(right, left);
    let mut found = Vec::new();
    for values in assignments(arena, unknowns.len()) {
        let map: Substitution = unknowns.iter().copied().zip(values).collect();
        let there = arena.substitute(difference, &map);
        if constant(arena, there).is_some_and(|value| value.contains_zero()) {
            let values: Vec<Prop> = map.iter().map(|(&unknown, &value)| Prop::equal(unknown, value)).collect();
            // What is assumed of what is defined by the unknowns, `h_t > 0` for all t, is no condition without them.
            if hidden.is_empty() || throughout::hold(arena, model, &hidden, &values) {
                let mut open = known.clone();
                open.retain(|own| {
                    !is_universal(own) || !throughout::hold(arena, model, std::slice::from_ref(own), &values)
                });
                found.push(place(arena, (left, right), &open, &map));
            }
        }
    }
    found
}

fn is_universal(prop: &Prop) -> bool {
    matches!(prop, Prop::ForAll(..))
}

/// The numbers that stand in some expressions, but for bound letters; `None` where anything else would have to be given a
/// value.
fn unknowns(arena: &Arena, model: &Model, exprs: &[Expr], bound: &[SymbolId]) -> Option<Vec<Expr>> {
    let mut unknowns = Vec::new();
    for part in arena.reachable(exprs) {
        match arena.node(part) {
            Node::Symbol { symbol, indices, shape } => {
                if bound.contains(symbol) {
                    continue;
                }
                let is_number = indices.is_empty() && shape.is_scalar() && arena.kind(*symbol) == SymbolKind::Real;
                if !is_number || model.is_defined(*symbol) {
                    return None;
                }
                unknowns.push(part);
            }
            Node::Call { function: Function::Declared { symbol, .. }, .. } if !model.is_defined(*symbol) => {
                return None;
            }
            _ => {}
        }
    }
    (1..=MAX_UNKNOWNS).contains(&unknowns.len()).then_some(unknowns)
}

/// Values for one or two unknowns: equal ones, and opposite ones.
fn assignments(arena: &mut Arena, n_unknowns: usize) -> Vec<Vec<Expr>> {
    let mut all = Vec::new();
    for value in values(arena) {
        all.push(vec![value; n_unknowns]);
        if n_unknowns == 2 {
            let back = arena.negate(value);
            all.push(vec![value, back]);
        }
    }
    all
}

/// Simple fractions, roots of them, and angles.
fn values(arena: &mut Arena) -> Vec<Expr> {
    let parts = [(0, 1), (1, 1), (1, 2), (2, 1), (1, 3), (2, 3), (1, 4), (3, 4), (3, 1)];
    let fractions: Vec<Rational> = parts.into_iter().filter_map(|(n, d)| fraction(n, d)).collect();
    let mut values: Vec<Expr> = fractions.iter().map(|value| arena.number(value.clone())).collect();
    let half = arena.number(fraction(1, 2).unwrap_or_default());
    for (n, d) in parts.into_iter().skip(2) {
        let Some((share, value)) = fraction(1, d).zip(fraction(n, d)) else { continue };
        let (radicand, share, value) = (arena.integer(n * d), arena.number(share), arena.number(value));
        let (root, pi) = (arena.power(radicand, half), arena.pi());
        values.extend([arena.product([share, root]), arena.product([value, pi])]);
    }
    let opposite: Vec<Expr> = values.iter().map(|&value| arena.negate(value)).collect();
    let mut all: Vec<Expr> = Vec::new();
    for value in values.into_iter().zip(opposite).flat_map(|(value, back)| [value, back]) {
        if !all.contains(&value) {
            all.push(value);
        }
    }
    all
}

/// Whether one of the unknowns stands in a statement.
fn holds_one(arena: &Arena, prop: &Prop, unknowns: &[Expr]) -> bool {
    prop.expressions().iter().any(|&side| unknowns.iter().any(|&unknown| arena.contains(side, unknown)))
}

fn place(arena: &mut Arena, (left, right): (Expr, Expr), known: &[Prop], map: &Substitution) -> Place {
    let shown =
        |arena: &Arena, value: Expr| arena.as_number(value).map_or_else(|| latex(arena, value), ToString::to_string);
    let assignment = map.iter().map(|(&unknown, &value)| (latex(arena, unknown), shown(arena, value))).collect();
    let [left, right] = [left, right].map(|side| {
        let there = arena.substitute(side, map);
        with_known_values(arena, there)
    });
    let side = Normalizer::new(arena).canonical(right).unwrap_or(right);
    let side = shown(arena, side);
    let conditions = known.iter().map(|prop| prop.map(&mut |part| arena.substitute(part, map))).collect();
    let counterexample = Counterexample { assignment, left: side.clone(), right: side };
    Place { equality: Prop::equal(left, right), conditions, counterexample }
}

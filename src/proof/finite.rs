//! Limits and extreme values that are calculated with: rules for real numbers hold of them where they are finite.
//! `\infty + 1 = \infty`, so nothing is proved of `1 + \sup_x x^2` as if it were a number.

use std::collections::BTreeSet;

use crate::calculus::Structure;
use crate::expr::{Arena, Comparison, Expr, Extremum, Function, Node, Prop};
use crate::model::Model;
use crate::proof::bounds::{self, Found};
use crate::proof::context::Context;

/// Between which numbers an extreme value is sought.
const FAR: i64 = 1_000_000;

/// A limit or an extreme value that may be infinite and is calculated with in a statement under these conditions.
pub(super) fn perhaps_infinite(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    prop: &Prop,
    conditions: &[Prop],
) -> Option<Expr> {
    let mut compared = Vec::new();
    std::iter::once(prop).chain(conditions).for_each(|prop| compare_all(prop, &mut compared));
    let mut asked: Vec<Expr> = compared.into_iter().flat_map(|sides| calculated_with(arena, model, sides)).collect();
    asked.sort_unstable();
    asked.dedup();
    if asked.is_empty() {
        return None;
    }
    let context = Context::new(arena, model, structure, conditions, &prop.subjects());
    asked.into_iter().find(|&value| !is_finite(arena, model, structure, &context, value))
}

/// The limits and extreme values that are calculated with in a claim, under its conditions and in what is assumed, or that
/// have names there.
pub(super) fn calculated_with_or_named(arena: &Arena, model: &Model, prop: &Prop, conditions: &[Prop]) -> Vec<Expr> {
    let mut compared = Vec::new();
    std::iter::once(prop).chain(conditions).chain(&model.assumptions).for_each(|prop| compare_all(prop, &mut compared));
    let mut found = BTreeSet::new();
    for (how, left, right) in compared {
        found.extend(not_alone(arena, model, (how, left, right)));
        // That a limit is at most something, no rule says.
        let is_limit = |side: &Expr| matches!(arena.node(*side), Node::Limit { .. });
        found.extend([left, right].into_iter().filter(|side| how != Comparison::Equal && is_limit(side)));
    }
    found.into_iter().collect()
}

/// The sides of every comparison in a statement.
fn compare_all(prop: &Prop, found: &mut Vec<(Comparison, Expr, Expr)>) {
    match prop {
        Prop::Compare(how, left, right) => found.push((*how, *left, *right)),
        Prop::And(parts) | Prop::Or(parts) => parts.iter().for_each(|part| compare_all(part, found)),
        Prop::Not(part) | Prop::ForAll(_, part) => compare_all(part, found),
        Prop::Implies(one, other) | Prop::Iff(one, other) => {
            compare_all(one, found);
            compare_all(other, found);
        }
        Prop::Proportional { left, right, .. } => found.push((Comparison::NotEqual, *left, *right)),
        Prop::Integer(_) => {}
    }
}

/// The values that a comparison takes for numbers: those that are not a whole side, and those on both sides where the
/// sides are to differ.
fn calculated_with(arena: &Arena, model: &Model, (how, left, right): (Comparison, Expr, Expr)) -> Vec<Expr> {
    not_alone(arena, model, (how, named_value(arena, model, left), named_value(arena, model, right)))
}

fn not_alone(arena: &Arena, model: &Model, (how, left, right): (Comparison, Expr, Expr)) -> Vec<Expr> {
    let (of_left, of_right) = (values_in(arena, model, left), values_in(arena, model, right));
    let are_to_differ = matches!(how, Comparison::Less | Comparison::NotEqual);
    let is_whole =
        |value: &Expr| *value == left && !of_right.contains(value) || *value == right && !of_left.contains(value);
    let is_alone = |value: &Expr| is_whole(value) && !(are_to_differ && !of_left.is_empty() && !of_right.is_empty());
    of_left.union(&of_right).filter(|value| !is_alone(value)).copied().collect()
}

/// What a name without an index stands for.
fn named_value(arena: &Arena, model: &Model, expr: Expr) -> Expr {
    match arena.node(expr) {
        Node::Symbol { symbol, indices, .. } if indices.is_empty() => {
            model.definitions_of(*symbol).next().map_or(expr, |definition| definition.body)
        }
        _ => expr,
    }
}

/// The limits and extreme values in an expression, and in what its names stand for. What runs over finitely many indices
/// is finite.
fn values_in(arena: &Arena, model: &Model, expr: Expr) -> BTreeSet<Expr> {
    let (mut found, mut seen) = (BTreeSet::new(), BTreeSet::new());
    let mut open = vec![expr];
    while let Some(root) = open.pop() {
        for part in arena.reachable(&[root]) {
            match arena.node(part) {
                Node::Limit { .. } | Node::Extremum { range: None, .. } => drop(found.insert(part)),
                Node::Extremum { range: Some((lower, upper)), .. }
                    if [*lower, *upper].into_iter().any(|bound| holds_infinity(arena, bound)) =>
                {
                    found.insert(part);
                }
                Node::Symbol { symbol, .. } | Node::Call { function: Function::Declared { symbol, .. }, .. }
                    if seen.insert(*symbol) =>
                {
                    open.extend(model.bodies_of(*symbol));
                }
                _ => {}
            }
        }
    }
    found
}

fn holds_infinity(arena: &Arena, expr: Expr) -> bool {
    arena.reachable(&[expr]).into_iter().any(|part| matches!(arena.node(part), Node::Infinity))
}

/// Whether a limit or an extreme value is known to be a number.
fn is_finite(arena: &mut Arena, model: &Model, structure: &Structure, context: &Context, value: Expr) -> bool {
    let is_number = |expr: Expr| values_in(arena, model, expr).is_empty() && !holds_infinity(arena, expr);
    let which = match arena.node(value) {
        Node::Extremum { which, .. } => Some(*which),
        _ => None,
    };
    let is_given = |prop: &Prop| match *prop {
        Prop::Compare(Comparison::Equal, one, other) => {
            one == value && is_number(other) || other == value && is_number(one)
        }
        Prop::Compare(Comparison::Less | Comparison::LessEqual, low, high) => match which {
            Some(Extremum::Supremum) => low == value && is_number(high),
            Some(Extremum::Infimum) => high == value && is_number(low),
            None => false,
        },
        _ => false,
    };
    if context.conditions.iter().chain(&model.assumptions).any(is_given) {
        return true;
    }
    let bounded = match which {
        Some(Extremum::Supremum) => Prop::at_most(value, arena.integer(FAR)),
        Some(Extremum::Infimum) => Prop::at_most(arena.integer(-FAR), value),
        None => {
            let found = bounds::limit(arena, model, structure, context, value);
            return matches!(found, Some(Found::Number(..)));
        }
    };
    bounds::prove(arena, model, structure, context, &bounded).is_some()
}

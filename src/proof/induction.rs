//! Induction over a free index: base case, hypothesis, step.
//!
//! The hypothesis is the claim at the index before, solved for the state that stands there alone: `h_{t-1} = …`.
//! In the step every state at `t` is unfolded once and every state at `t-1` is replaced by what the hypothesis says.

use crate::calculus::{Resolver, Structure};
use crate::expr::{Arena, Expr, Node, Substitution};
use crate::model::Model;
use crate::proof::context::Context;
use crate::proof::equality::{Ground, positive_atoms, vanishes};
use crate::rewrite::{Domain, Form, Linear, Normalizer};

/// Proves that `difference` vanishes on `domain` by induction over one of its letters.
pub(super) fn prove(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    context: &Context,
    difference: Expr,
    domain: &Domain,
) -> Option<Ground> {
    for letter in letters(arena, difference, domain) {
        let Some(first) = least_value(domain, letter) else { continue };
        if let Some(ground) = over(arena, model, structure, context, difference, domain, letter, &first) {
            return Some(ground);
        }
    }
    None
}

/// Free letters that are an index of a state.
fn letters(arena: &Arena, difference: Expr, domain: &Domain) -> Vec<Expr> {
    domain
        .letters()
        .into_iter()
        .filter(|&letter| {
            arena.reachable(&[difference]).into_iter().any(|part| match arena.node(part) {
                Node::Symbol { indices, .. } => indices.first() == Some(&letter),
                _ => false,
            })
        })
        .collect()
}

/// The one lower bound of a letter that is a number.
fn least_value(domain: &Domain, letter: Expr) -> Option<Linear> {
    let bound = domain.upper_bound(&Linear::default().minus(&Linear::letter(letter)))?;
    Some(Linear::integer(-bound))
}

#[expect(clippy::too_many_arguments, reason = "the ground of one proof")]
fn over(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    context: &Context,
    difference: Expr,
    domain: &Domain,
    letter: Expr,
    first: &Linear,
) -> Option<Ground> {
    let mut normalizer = Normalizer::new(arena);
    normalizer.positive = positive_atoms(normalizer.arena, context);
    let form = normalizer.form(difference, domain).ok()?;
    let (member, says) = solved(&mut normalizer, &form, domain, letter)?;
    // Base.
    let first_expr = first.expr(arena);
    let base = arena.substitute(difference, &Substitution::from([(letter, first_expr)]));
    let base_domain = domain.substitute(letter, first)?;
    let mut ground = vanishes_after_unfolding(arena, model, structure, context, base, &base_domain)?;
    // Step.
    let mut later = domain.clone();
    let one = Linear::integer(1);
    later.require_at_most_zero(&first.plus(&one, &crate::number::Rational::from(1)).minus(&Linear::letter(letter)))?;
    if !later.is_empty() {
        let unfolded = super::unfold::once(arena, model, structure, &later, difference)?;
        let unfolded = Resolver::new(arena, model, structure).functions_opened(unfolded);
        let step = with_hypothesis(arena, unfolded, member, says, letter)?;
        let step_ground = vanishes(arena, context, step, &later)?;
        ground.conditions.extend(step_ground.conditions);
    }
    ground.induction = true;
    Some(ground)
}

fn vanishes_after_unfolding(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    context: &Context,
    difference: Expr,
    domain: &Domain,
) -> Option<Ground> {
    let mut difference = difference;
    for _ in 0..3 {
        if let Some(ground) = vanishes(arena, context, difference, domain) {
            return Some(ground);
        }
        let unfolded = super::unfold::once(arena, model, structure, domain, difference)?;
        difference = Resolver::new(arena, model, structure).functions_opened(unfolded);
    }
    None
}

/// The state at `letter` that stands alone in one term with a number before it, and what it equals.
fn solved(normalizer: &mut Normalizer<'_>, form: &Form, domain: &Domain, letter: Expr) -> Option<(Expr, Expr)> {
    let alone = form.terms.iter().position(|term| {
        let mut factors = term.factors.iter();
        match (factors.next(), factors.next()) {
            (Some((&atom, exponent)), None) => {
                exponent.as_integer() == Some(1)
                    && term.letters.is_empty()
                    && Model::member(normalizer.arena, atom).is_some_and(|(_, at, _)| at == [letter])
            }
            _ => false,
        }
    })?;
    let term = &form.terms[alone];
    let (&member, _) = term.factors.iter().next()?;
    // The term must hold on the whole ground, not on a part of it.
    if !domain.without(&term.domain).is_empty() {
        return None;
    }
    let mut rest = form.clone();
    rest.terms.remove(alone);
    let holds_member = |arena: &Arena, atom: Expr| {
        let symbol = Model::member(arena, member).map(|(symbol, _, _)| symbol);
        arena.reachable(&[atom]).iter().any(|&part| matches!(arena.node(part), Node::Symbol { symbol: s, .. } if Some(*s) == symbol && arena.contains(part, letter)))
    };
    if rest.terms.iter().any(|term| term.factors.keys().any(|&atom| holds_member(normalizer.arena, atom))) {
        return None;
    }
    let scale = -(crate::number::Rational::from(1) / term.coefficient.clone());
    for term in &mut rest.terms {
        term.coefficient *= scale.clone();
    }
    let says = normalizer.expression_within(&rest, domain)?;
    Some((member, says))
}

/// Every member of the hypothesis's family at `letter - 1` replaced by what the hypothesis says of it there.
fn with_hypothesis(arena: &mut Arena, expr: Expr, member: Expr, says: Expr, letter: Expr) -> Option<Expr> {
    let (symbol, _, components) = Model::member(arena, member)?;
    let minus = arena.integer(-1);
    let before = arena.sum([letter, minus]);
    Some(arena.rewrite(expr, &mut |arena, part| {
        let (other, at, other_components) = Model::member(arena, part)?;
        if other != symbol || at != [before] || other_components.len() != components.len() {
            return None;
        }
        let mut map = Substitution::from([(letter, before)]);
        map.extend(components.iter().copied().zip(other_components));
        Some(arena.substitute(says, &map))
    }))
}

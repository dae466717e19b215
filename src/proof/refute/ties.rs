//! Points at which the sides of a strict inequality are equal, where no enclosure tells: algebra does.

use crate::calculus::Structure;
use crate::expr::{Arena, Comparison, Expr, Prop};
use crate::model::Model;
use crate::numeric::{Floats, Givens, Tensor};
use crate::proof::bounds;
use crate::proof::context::Context;
use crate::proof::refute::Hunt;
use crate::proof::refute::show::Found;
use crate::proof::refute::truth::Truth;

/// How many points are kept.
pub(super) const MOST: usize = 4;

/// The sides of a strict inequality: the claim, or what it concludes.
fn strict(claim: &Prop) -> Option<(Expr, Expr)> {
    match claim {
        Prop::Implies(_, conclusion) => strict(conclusion),
        claim => claim.sides(Comparison::Less),
    }
}

/// Whether floats see no difference between the sides at a point where the premise of the claim holds.
pub(super) fn may_be(hunt: &Hunt<'_>, point: &mut crate::numeric::Assignment) -> bool {
    let Some((left, right)) = strict(hunt.claim) else { return false };
    let question = hunt.question(point);
    let premise_holds = match hunt.claim {
        Prop::Implies(premise, _) => question.holds(point, premise, &mut Givens::new()),
        _ => true,
    };
    let close = Prop::Compare(Comparison::Less, left, right);
    premise_holds && question.truth(point, &Floats, &close, &mut Givens::new()) == Truth::Unknown
}

/// The first of the points at which the sides are proved to be equal.
pub(super) fn confirmed(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    claim: &Prop,
    ties: Vec<Found>,
) -> Option<Found> {
    let (left, right) = strict(claim)?;
    ties.into_iter().find(|found| {
        let Some(values) = values(arena, found) else { return false };
        let context = Context::new(arena, model, structure, &values, &[left, right]);
        bounds::prove(arena, model, structure, &context, &Prop::equal(left, right)).is_some()
    })
}

/// That the letters and givens are what they are at a point; `None` where one of them is no number.
fn values(arena: &mut Arena, found: &Found) -> Option<Vec<Prop>> {
    let mut props = Vec::new();
    for (&symbol, &value) in &found.point.integers {
        let (letter, value) = (arena.symbol(symbol), arena.integer(value));
        props.push(Prop::equal(letter, value));
    }
    for ((symbol, indices), value) in &found.read {
        let Tensor::Scalar(value) = value else { return None };
        let at: Vec<Expr> = indices.iter().map(|&index| arena.integer(index)).collect();
        let (member, value) = (arena.member(*symbol, at), arena.number(value.clone()));
        props.push(Prop::equal(member, value));
    }
    (found.point.functions.is_empty()).then_some(props)
}

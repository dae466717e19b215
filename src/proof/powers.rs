//! Limits of powers inside of statements of logic: what they say of the base.
//!
//! `b^t -> 0` where and only where `|b| < 1`, `b^t -> ∞` where and only where `1 < b`, and `b^t -> 1` where and only
//! where `b = 1` (DLMF 4.4, Rudin 3.20), for real b that do not depend on t. A multiple `c b^t` tends to 0 also where
//! `c = 0`, and to ∞ where besides `0 < c`; so does a state with `h_t = b h_{t-1}`, which is `b^t h_0`. Those of matrices
//! are in [`tensor_limits`].

use crate::calculus::{Resolver, Structure};
use crate::expr::{Arena, Comparison, Elementary, Expr, Node, Prop};
use crate::model::Model;
use crate::proof::decide::prove;
use crate::proof::{bounds, tensor_limits};
use crate::rewrite::{Domain, Linear, Normalizer};

/// Why a statement is refuted by what its limits say.
pub(super) const WHERE_THEY_VANISH: &str = "a power tends to 0 where its base lies between -1 and 1, that of a matrix \
                                            where the spectral radius is below 1, and nowhere else";

/// The statement with limits of powers said of their bases; `None` where there are none.
pub(super) fn said_of_bases(arena: &mut Arena, model: &Model, structure: &Structure, prop: &Prop) -> Option<Prop> {
    let said = in_parts(arena, model, structure, prop);
    (said != *prop).then_some(said)
}

fn in_parts(arena: &mut Arena, model: &Model, structure: &Structure, prop: &Prop) -> Prop {
    let mut inside = |part: &Prop| in_parts(arena, model, structure, part);
    match prop {
        Prop::And(parts) => Prop::And(parts.iter().map(inside).collect()),
        Prop::Or(parts) => Prop::Or(parts.iter().map(inside).collect()),
        Prop::Not(part) => Prop::Not(Box::new(inside(part))),
        Prop::Implies(premise, conclusion) => {
            let premise = inside(premise);
            Prop::Implies(Box::new(premise), Box::new(inside(conclusion)))
        }
        Prop::Iff(one, other) => {
            let one = inside(one);
            Prop::Iff(Box::new(one), Box::new(inside(other)))
        }
        Prop::Compare(Comparison::Equal, left, right) => of_limit(arena, model, structure, *left, *right)
            .or_else(|| tensor_limits::of_limit(arena, model, structure, *left, *right))
            .unwrap_or_else(|| prop.clone()),
        Prop::Compare(..) | Prop::Integer(_) | Prop::ForAll(..) | Prop::Proportional { .. } => prop.clone(),
    }
}

/// What `lim b^t = value` says of b.
fn of_limit(arena: &mut Arena, model: &Model, structure: &Structure, limit: Expr, value: Expr) -> Option<Prop> {
    let Node::Limit { to, .. } = *arena.node(limit) else { return None };
    if !matches!(arena.node(to), Node::Infinity) {
        return None;
    }
    let (letter, body) = arena.open(limit, 0)?;
    let letter = arena.symbol(letter);
    let body = Resolver::new(arena, model, structure).resolve(body)?;
    let body = bounds::states_solved(arena, model, structure, body, letter).unwrap_or(body);
    // What a limit is does not hang on how the sequence begins.
    let mut later = Domain::all();
    later.require_at_most_zero(&Linear::integer(1).minus(&Linear::letter(letter)))?;
    let mut normalizer = Normalizer::new(arena);
    let form = normalizer.form(body, &later).ok()?;
    let body = normalizer.expression_within(&form, &later)?;
    if !normalizer.conditions.is_empty() {
        return None;
    }
    let (multiple, base) = multiple_of_power(arena, body, letter)?;
    let (zero, one) = (arena.zero(), arena.one());
    if arena.is_zero(value) {
        let size = size_of(arena, base);
        let is_small = Prop::Compare(Comparison::Less, size, one);
        let is_none = Prop::equal(multiple, zero);
        let is_some = Prop::Compare(Comparison::NotEqual, multiple, zero);
        Some(if is_sure(arena, model, structure, &is_some) { is_small } else { Prop::Or(vec![is_none, is_small]) })
    } else if matches!(arena.node(value), Node::Infinity) {
        let grows = Prop::Compare(Comparison::Less, one, base);
        let rises = Prop::Compare(Comparison::Less, zero, multiple);
        Some(if is_sure(arena, model, structure, &rises) { grows } else { Prop::And(vec![rises, grows]) })
    } else {
        (arena.is_one(value) && arena.is_one(multiple)).then(|| Prop::equal(base, one))
    }
}

/// Whether a comparison holds for all values that are given.
fn is_sure(arena: &mut Arena, model: &Model, structure: &Structure, prop: &Prop) -> bool {
    match *prop {
        Prop::Compare(how, left, right) if arena.as_number(left).is_some() && arena.as_number(right).is_some() => {
            arena.decide_numbers(how, left, right) == Some(true)
        }
        _ => prove(arena, model, structure, prop, &[]).is_some(),
    }
}

/// The c and the b of `c b^{t+n}`.
fn multiple_of_power(arena: &mut Arena, body: Expr, letter: Expr) -> Option<(Expr, Expr)> {
    let factors = arena.factors(body);
    let (moving, fixed): (Vec<Expr>, Vec<Expr>) = factors.into_iter().partition(|&part| arena.contains(part, letter));
    let [power] = moving[..] else { return None };
    let base = base_of_power(arena, power, letter)?;
    Some((arena.product(fixed), base))
}

/// The b of `b^{t+n}` or of its absolute value.
fn base_of_power(arena: &mut Arena, body: Expr, letter: Expr) -> Option<Expr> {
    match arena.node(body).clone() {
        Node::Power(base, exponent) => {
            let rest = Linear::read(arena, exponent)?.minus(&Linear::letter(letter));
            let is_plain = arena.shape(base).is_scalar() && !arena.contains(base, letter);
            (is_plain && rest.as_integer().is_some()).then_some(base)
        }
        _ => {
            let base = base_of_power(arena, arena.argument(Elementary::Abs, body)?, letter)?;
            Some(size_of(arena, base))
        }
    }
}

fn size_of(arena: &mut Arena, expr: Expr) -> Expr {
    if arena.argument(Elementary::Abs, expr).is_some() { expr } else { arena.apply(Elementary::Abs, expr) }
}

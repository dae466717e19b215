//! What a verdict rests on beyond the givens: that both sides of a claim are defined.
//!
//! A proof lists the divisors that it met. This lists, besides, what a reader sees in the formula: its divisors as they
//! were written (`x / x` is 1 before any proof begins), arguments of logarithms, bases of roots and of powers. What the
//! givens and the conditions of the claim imply is left out.

use crate::expr::{Arena, Comparison, DefinedOn, Elementary, Expr, Function, Node, Prop};
use crate::model::Model;
use crate::number::range;
use crate::number::rational::is_negative;
use crate::print::latex;
use crate::proof::check::ranges_of_claim;
use crate::proof::context::holds_bound;

/// What must hold for the sides of a claim to be defined, as LaTeX: once each, what goes without saying left out.
///
/// `divisors` are those of the formula as it was written and of its proof.
pub(super) fn listed(
    arena: &mut Arena,
    model: &Model,
    (claim, conditions): (&Prop, &[Prop]),
    divisors: &[Expr],
) -> Vec<String> {
    let mut asked: Vec<(Comparison, Expr)> = Vec::new();
    for &divisor in divisors {
        asked.extend(not_zero(arena, divisor));
    }
    for part in arena.reachable(&claim.expressions()) {
        asked.extend(asked_by(arena, part));
    }
    asked.retain(|&(_, expr)| !holds_bound(arena, expr) && arena.shape(expr).is_scalar());
    let zero = arena.zero();
    let mut known = conditions.to_vec();
    let mut listed = Vec::new();
    for (how, expr) in strongest_first(asked) {
        if is_known(arena, model, &known, (how, expr)) {
            continue;
        }
        listed.push(written(arena, how, expr));
        known.push(match how {
            Comparison::NotEqual => Prop::Compare(how, expr, zero),
            _ => Prop::Compare(how, zero, expr),
        });
    }
    listed
}

/// Each expression once with all that is asked of it, `0 < expr` before `0 ≤ expr` before `expr ≠ 0`.
fn strongest_first(asked: Vec<(Comparison, Expr)>) -> Vec<(Comparison, Expr)> {
    let mut all: Vec<(Comparison, Expr)> = Vec::new();
    for (how, expr) in asked {
        match all.iter_mut().find(|(_, other)| *other == expr) {
            Some((own, _)) if *own != how => *own = Comparison::Less,
            Some(_) => {}
            None => all.push((how, expr)),
        }
    }
    all.sort_by_key(|(how, _)| match how {
        Comparison::Less => 0,
        Comparison::LessEqual => 1,
        Comparison::NotEqual | Comparison::Equal | Comparison::Approximately => 2,
    });
    all
}

/// Whether the givens and what is known besides imply it.
fn is_known(arena: &mut Arena, model: &Model, known: &[Prop], (how, expr): (Comparison, Expr)) -> bool {
    let range = ranges_of_claim(arena, model, known, &[expr]).remove(0);
    match how {
        Comparison::Less => range::is_positive(&range),
        Comparison::LessEqual => range::is_non_negative(&range),
        Comparison::NotEqual | Comparison::Equal | Comparison::Approximately => {
            let back = negated(arena, expr);
            let says_so = |prop: &Prop| {
                let Prop::Compare(Comparison::NotEqual | Comparison::Less, left, right) = *prop else { return false };
                let other = if arena.is_zero(left) { right } else { left };
                (arena.is_zero(left) || arena.is_zero(right)) && (other == expr || other == back)
            };
            range::excludes_zero(&range) || known.iter().any(says_so)
        }
    }
}

/// The negative, that of a sum term by term.
fn negated(arena: &mut Arena, expr: Expr) -> Expr {
    match arena.node(expr).clone() {
        Node::Sum(terms) => {
            let terms: Vec<Expr> = terms.iter().map(|&term| arena.negate(term)).collect();
            arena.sum(terms)
        }
        _ => arena.negate(expr),
    }
}

/// What makes a divisor differ from 0: its factors do, without their exponents and the bars around them.
fn not_zero(arena: &Arena, divisor: Expr) -> Vec<(Comparison, Expr)> {
    let factors = match arena.node(divisor) {
        Node::Product(factors) => factors.to_vec(),
        _ => vec![divisor],
    };
    let bare = |factor: Expr| match arena.node(factor) {
        Node::Power(base, exponent) if arena.as_number(*exponent).is_some() => *base,
        Node::Call { function: Function::Elementary(Elementary::Abs), slots, args } if slots.is_empty() => args[0],
        _ => factor,
    };
    let is_number = |factor: &Expr| arena.as_number(*factor).is_some();
    factors.into_iter().filter(|factor| !is_number(factor)).map(|factor| (Comparison::NotEqual, bare(factor))).collect()
}

/// What a node asks of its operands: `0 < expr`, `0 ≤ expr`, or `expr ≠ 0`.
fn asked_by(arena: &Arena, part: Expr) -> Vec<(Comparison, Expr)> {
    match arena.node(part) {
        Node::Power(base, exponent) => match arena.as_number(*exponent) {
            Some(n) if n.is_int() && is_negative(n) => not_zero(arena, *base),
            Some(n) if n.is_int() => Vec::new(),
            Some(n) if is_negative(n) => vec![(Comparison::Less, *base)],
            Some(_) => vec![(Comparison::LessEqual, *base)],
            None => Vec::new(),
        },
        Node::Call { function: Function::Elementary(f), slots, args } if slots.is_empty() => match f.row().defined_on {
            DefinedOn::Positive => vec![(Comparison::Less, args[0])],
            DefinedOn::NonZero => vec![(Comparison::NotEqual, args[0])],
            DefinedOn::Reals | DefinedOn::BetweenPoles | DefinedOn::Integers => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn written(arena: &Arena, how: Comparison, expr: Expr) -> String {
    let sign = match how {
        Comparison::Less => ">",
        Comparison::LessEqual => r"\ge",
        Comparison::NotEqual | Comparison::Equal | Comparison::Approximately => r"\ne",
    };
    format!("{} {sign} 0", latex(arena, expr))
}

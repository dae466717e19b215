//! Sides that are roots: two numbers that are not negative are equal where their squares are.

use crate::expr::{Arena, Expr, Node};
use crate::number::Rational;

/// The difference of the squares of two sides, of which each is a product of roots, even powers and positive numbers;
/// `None` where a side may be negative, or where there is no root.
pub(super) fn difference_of_squares(arena: &mut Arena, left: Expr, right: Expr) -> Option<Expr> {
    let has_root = |side: Expr| factors(arena, side).into_iter().any(|factor| root(arena, factor).is_some());
    if !has_root(left) && !has_root(right) {
        return None;
    }
    let (left, right) = (squared(arena, left)?, squared(arena, right)?);
    Some(arena.subtract(left, right))
}

fn squared(arena: &mut Arena, side: Expr) -> Option<Expr> {
    let squares: Option<Vec<Expr>> =
        factors(arena, side).into_iter().map(|factor| square_of_factor(arena, factor)).collect();
    squares.map(|squares| arena.product(squares))
}

/// The square of a factor that is not negative.
fn square_of_factor(arena: &mut Arena, factor: Expr) -> Option<Expr> {
    if let Some((base, twice)) = root(arena, factor) {
        let exponent = arena.number(twice);
        return Some(arena.power(base, exponent));
    }
    let is_positive = match arena.node(factor) {
        Node::Number(value) => *value >= Rational::ZERO,
        Node::Power(_, exponent) => arena.as_integer(*exponent).is_some_and(|n| n % 2 == 0),
        _ => false,
    };
    let two = arena.integer(2);
    is_positive.then(|| arena.power(factor, two))
}

/// What stands below a square root, and twice its exponent.
fn root(arena: &Arena, factor: Expr) -> Option<(Expr, Rational)> {
    let Node::Power(base, exponent) = *arena.node(factor) else { return None };
    let exponent = arena.as_number(exponent)?;
    let twice = exponent * Rational::from(2);
    (twice.is_int() && !exponent.is_int()).then_some((base, twice))
}

fn factors(arena: &Arena, side: Expr) -> Vec<Expr> {
    match arena.node(side) {
        Node::Product(factors) => factors.to_vec(),
        _ => vec![side],
    }
}

//! Slopes of absolute values in the place of the signs that authors write.
//!
//! The slope has no value at 0, where the sign is 0; elsewhere they are equal. `λ ∂|x|/∂x = λ sgn(x)` is decided where the
//! left side has a value, and there the right side is the slope.

use std::collections::BTreeSet;

use crate::expr::{Arena, Branch, Comparison, Elementary, Expr, Node, Prop, Substitution, SymbolKind};
use crate::rewrite::Domain;

/// Where the letters under an index lie that a slope stands under.
#[derive(Debug, Clone, Copy)]
struct Span {
    letter: Expr,
    lower: Expr,
    upper: Expr,
}

/// A number whose absolute value has a slope wherever some expressions have values, for all letters of a range.
#[derive(Debug, Clone, Copy)]
struct Slope {
    inside: Expr,
    range: Option<Span>,
}

/// The sides of an equality, with slopes in the place of those signs that are equal to them wherever both sides have
/// values, and the numbers that are not 0 there.
pub(super) fn signs_as_slopes(arena: &mut Arena, domain: &Domain, sides: [Expr; 2]) -> ([Expr; 2], Vec<Expr>) {
    let slopes = slopes_in(arena, sides);
    let (mut map, mut nonzero) = (Substitution::new(), Vec::new());
    if slopes.is_empty() {
        return (sides, nonzero);
    }
    for part in arena.reachable(&sides) {
        if !matches!(arena.node(part), Node::Cases(_)) {
            continue;
        }
        if let Some(inside) = slopes.iter().find_map(|&slope| sign_of(arena, domain, part, slope)) {
            map.insert(part, arena.apply(Elementary::Sign, inside));
            nonzero.push(inside);
        }
    }
    (sides.map(|side| arena.substitute(side, &map)), nonzero)
}

/// The number whose sign a case distinction is, where it is one of those with a slope.
fn sign_of(arena: &mut Arena, domain: &Domain, cases: Expr, slope: Slope) -> Option<Expr> {
    let Slope { inside, range } = slope;
    let Some(Span { letter, lower, upper }) = range else { return (sign(arena, inside) == cases).then_some(inside) };
    let is_letter = |&part: &Expr| match arena.node(part) {
        Node::Symbol { symbol, indices, .. } => indices.is_empty() && arena.kind(*symbol) == SymbolKind::Integer,
        _ => false,
    };
    let letters: Vec<Expr> = arena.reachable(&[cases]).into_iter().filter(is_letter).collect();
    letters.into_iter().find_map(|place| {
        let lies_within =
            [Prop::at_most(lower, place), Prop::at_most(place, upper)].iter().all(|prop| domain.implies(arena, prop));
        let inside = arena.substitute(inside, &Substitution::from([(letter, place)]));
        (lies_within && sign(arena, inside) == cases).then_some(inside)
    })
}

/// 1 where a number is positive, -1 where it is negative, 0 else.
fn sign(arena: &mut Arena, inside: Expr) -> Expr {
    let (zero, one, minus) = (arena.zero(), arena.one(), arena.integer(-1));
    let branch = |condition, value| Branch { condition, value };
    arena.cases(vec![
        branch(Some((Comparison::Less, zero, inside)), one),
        branch(Some((Comparison::Less, inside, zero)), minus),
        branch(None, zero),
    ])
}

/// The slopes of absolute values that have values wherever the sides have: not those of a branch, nor under two indices.
fn slopes_in(arena: &mut Arena, sides: [Expr; 2]) -> Vec<Slope> {
    let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
    let mut open: Vec<(Expr, Option<Span>)> = sides.iter().map(|&side| (side, None)).collect();
    while let Some((part, range)) = open.pop() {
        if !seen.insert((part, range.map(|span| span.letter))) {
            continue;
        }
        if let Some(inside) = arena.argument(Elementary::Sign, part) {
            found.push(Slope { inside, range });
        }
        match *arena.node(part) {
            Node::Big { lower, upper, .. } if range.is_none() => {
                let Some((letter, body)) = arena.open(part, 90) else { continue };
                let letter = arena.symbol(letter);
                open.push((body, Some(Span { letter, lower, upper })));
            }
            Node::Cases(_) | Node::Big { .. } | Node::Limit { .. } | Node::Extremum { .. } | Node::At { .. } => {}
            _ => open.extend(arena.children(part).iter().map(|&child| (child, range))),
        }
    }
    found
}

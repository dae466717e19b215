//! Equalities between tensors whose terms all begin, or all end, with one factor: `C h_t = C A^t h_0` follows from
//! `h_t = A^t h_0`, where an induction has no factor in its way. Nothing is divided by: it need not follow from anything.
//! So do equalities between numbers whose terms share one, as the slope of a loss by all that came before.

use crate::calculus::Structure;
use crate::expr::{Arena, Big, Expr, Node};
use crate::model::Model;
use crate::proof::equality::Ground;
use crate::proof::equality::algebra::Algebra;
use crate::rewrite::{Domain, Form, Linear};

/// Letters of sums that are opened have numbers from here on.
const OPENED: usize = 790;

/// Where a factor stands in a product of tensors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    First,
    Last,
}

/// Two sides without a factor at one end that all their terms share, helpers written out; `None` where there is none.
pub(super) fn without_common_factor(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    [left, right]: [Expr; 2],
) -> Option<[Expr; 2]> {
    // A derivative is of what is written, not of what that is made of.
    let is_derivative = |part| matches!(arena.node(part), Node::Derivative { .. });
    let sides = match arena.reachable(&[left, right]).into_iter().any(is_derivative) {
        true => [left, right],
        false => [left, right].map(|side| structure.unfold(arena, model, side, &[])),
    };
    [End::First, End::Last].into_iter().find_map(|end| {
        let factor = some_factor(arena, sides[0], end)?;
        let rest = [without(arena, sides[0], factor, end, 0)?, without(arena, sides[1], factor, end, 0)?];
        (arena.shape(rest[0]) == arena.shape(rest[1])).then_some(rest)
    })
}

impl Algebra<'_> {
    /// A difference without the factors that all its terms share, and what its form rests on; `None` where there are none.
    pub fn without_common_factors(&mut self, difference: Expr, domain: &Domain) -> Option<(Expr, Ground)> {
        let mut form = self.form(difference, domain)?;
        let conditions = self.forms.conditions.clone();
        let common = self.common_factors(&form);
        if common.is_empty() {
            return None;
        }
        for term in &mut form.terms {
            for &factor in &common {
                term.times(factor, &Linear::integer(-1));
            }
        }
        let rest = self.forms.expression_within(&form, domain)?;
        self.note("times a common factor", [(difference, rest)]);
        Some((rest, Ground { conditions, ..Ground::default() }))
    }

    /// What stands in every term of a form with a positive whole exponent, and holds no letter that a term is summed over.
    fn common_factors(&self, form: &Form) -> Vec<Expr> {
        let Some(first) = form.terms.first() else { return Vec::new() };
        let stands_in_all = |factor: &Expr| {
            form.terms.iter().all(|term| {
                let is_there = term.factors.get(factor).and_then(Linear::as_integer).is_some_and(|times| times > 0);
                is_there && !term.letters.iter().any(|&letter| self.forms.arena.contains(*factor, letter))
            })
        };
        first.factors.keys().copied().filter(stands_in_all).collect()
    }
}

/// The factor at one end of some term.
fn some_factor(arena: &Arena, expr: Expr, end: End) -> Option<Expr> {
    let factor = match arena.node(expr) {
        Node::MatMul(parts) => match end {
            End::First => parts.first().copied(),
            End::Last => parts.last().copied(),
        },
        Node::Sum(parts) | Node::Product(parts) => parts.iter().find_map(|&part| some_factor(arena, part, end)),
        Node::Big { op: Big::Sum, body, .. } => some_factor(arena, *body, end),
        _ => None,
    };
    factor.filter(|&factor| !arena.reachable(&[factor]).iter().any(|&part| matches!(arena.node(part), Node::Bound(_))))
}

/// An expression without the factor at one end of all its terms.
fn without(arena: &mut Arena, expr: Expr, factor: Expr, end: End, depth: usize) -> Option<Expr> {
    match arena.node(expr).clone() {
        Node::Sum(parts) => {
            let parts: Option<Vec<Expr>> = parts.iter().map(|&part| without(arena, part, factor, end, depth)).collect();
            Some(arena.sum(parts?))
        }
        Node::Product(parts) => {
            let mut parts = parts.to_vec();
            let (place, rest) =
                (0..parts.len()).find_map(|place| Some((place, without(arena, parts[place], factor, end, depth)?)))?;
            parts[place] = rest;
            Some(arena.product(parts))
        }
        Node::MatMul(parts) => {
            let (own, rest) = match end {
                End::First => parts.split_first()?,
                End::Last => parts.split_last()?,
            };
            (*own == factor && !rest.is_empty()).then(|| arena.matmul(rest.to_vec()))
        }
        Node::Big { op: Big::Sum, lower, upper, .. } => {
            let (letter, body) = arena.open(expr, OPENED + depth)?;
            let body = without(arena, body, factor, end, depth + 1)?;
            Some(arena.big(Big::Sum, letter, lower, upper, body))
        }
        _ => None,
    }
}

//! Forms written out as expressions again, with guards where their domains need them.

use crate::expr::{Big, Branch, Comparison, Expr, Node};
use crate::rewrite::domain::Domain;
use crate::rewrite::form::Normalizer;
use crate::rewrite::term::{Form, Term};

impl Normalizer<'_> {
    /// The form written out as an expression; `None` where a range cannot be written as bounds.
    pub(crate) fn expression(&mut self, form: &Form) -> Option<Expr> {
        self.expression_within(form, &Domain::all())
    }

    /// [`Normalizer::expression`] where `known` holds: what it implies is not written as a guard.
    pub(crate) fn expression_within(&mut self, form: &Form, known: &Domain) -> Option<Expr> {
        let mut terms = form.terms.clone();
        terms.sort();
        let mut parts = Vec::new();
        for term in &terms {
            parts.push(self.term_expression(term, known)?);
        }
        Some(self.arena.sum(parts))
    }

    /// Whether every index of the form has bounds of its own, beside those that only say that another sum is not empty:
    /// then a reader finds what was summed in it again.
    pub(crate) fn has_plain_ranges(&self, form: &Form) -> bool {
        form.terms.iter().all(|term| {
            let mut domain = term.domain.clone();
            term.letters.iter().rev().all(|&letter| {
                let (lower, upper) = domain.range_of(letter);
                domain = self.rest_after(&domain, letter);
                lower.len() == 1 && upper.len() == 1
            })
        })
    }

    pub(super) fn term_expression(&mut self, term: &Term, known: &Domain) -> Option<Expr> {
        let mut factors = vec![self.arena.number(term.coefficient.clone())];
        for (&atom, exponent) in &term.factors {
            let exponent = exponent.expr(self.arena);
            factors.push(self.arena.power(atom, exponent));
        }
        let mut body = self.arena.product(factors);
        let mut domain = term.domain.clone();
        for (n_outer, &letter) in term.letters.iter().enumerate().rev() {
            let (lower, upper) = domain.range_of(letter);
            let ([low], [high]) = (&lower[..], &upper[..]) else { return None };
            let Node::Symbol { symbol, .. } = *self.arena.node(letter) else { return None };
            let (low, high) = (low.expr(self.arena), high.expr(self.arena));
            body = self.arena.big(Big::Sum, symbol, low, high, body);
            let rest = self.rest_after(&domain, letter);
            // What says that a sum is not empty may be all that bounds an index further out.
            let is_bounded = |&outer: &Expr| {
                let (lower, upper) = rest.range_of(outer);
                !lower.is_empty() && !upper.is_empty()
            };
            domain = if term.letters[..n_outer].iter().all(is_bounded) { rest } else { domain.project(letter) };
        }
        self.guarded(body, &domain, known)
    }

    /// The bounds of the other letters, without those that only say that the sum over `letter` is not empty.
    pub(super) fn rest_after(&self, domain: &Domain, letter: Expr) -> Domain {
        let (lower, upper) = domain.range_of(letter);
        let mut kept = Domain::all();
        for other in domain.project(letter).constraints() {
            let implied_by_range = lower.iter().any(|low| {
                upper.iter().any(|high| {
                    let gap = low.minus(high);
                    other == gap
                })
            });
            if !implied_by_range {
                let _ = kept.require_at_most_zero(&other);
            }
        }
        kept
    }

    pub(super) fn guarded(&mut self, body: Expr, domain: &Domain, known: &Domain) -> Option<Expr> {
        let mut value = body;
        for form in domain.constraints() {
            if known.implies_at_most_zero(&form) {
                continue;
            }
            let left = form.expr(self.arena);
            let zero = self.arena.zero();
            value = self.arena.cases(vec![
                Branch { condition: Some((Comparison::LessEqual, left, zero)), value },
                Branch { condition: None, value: zero },
            ]);
        }
        Some(value)
    }
}

//! Sums of which the value is known: where `Σ w = c`, a side of a relation is as much as that side times `Σ w / c`.
//!
//! A bound that is the same for every term becomes a sum of shares, and a weighted mean has a sum of weights beside it, so
//! that sums are compared term by term or by Cauchy and Schwarz.

use crate::expr::{Big, Comparison, Expr, Node, Prop, SymbolKind};
use crate::number::polynomial::Goal;
use crate::number::rational::is_negative;
use crate::proof::bounds::Prover;
use crate::proof::bounds::rules::Asked;
use crate::proof::check::{Reason, Relation};
use crate::proof::outcome::Method;

/// A sum, and what it is known to be.
#[derive(Clone, Copy)]
struct Total {
    sum: Expr,
    value: Expr,
}

impl Prover<'_> {
    /// `l <= r` from `l <= r Σ w / c`, from `l Σ w / c <= r` or from `l (Σ w / c)² <= r`, where `Σ w = c` is known.
    pub fn by_known_totals(&mut self, asked: Asked<'_>) -> bool {
        let totals: Vec<Total> = if self.has_total_beside { Vec::new() } else { self.totals_beside(asked) };
        if totals.is_empty() {
            return false;
        }
        self.methods.insert(Method::Rule);
        let (low, high) = self.sides_by_sign(asked);
        let mark = self.evidence.len();
        let found = totals.into_iter().any(|total| {
            [(0, 1), (1, 0), (2, 0)].into_iter().any(|(below, above)| {
                let sides = [(low, below), (high, above)].map(|(side, n)| self.multiplied_by(total, side, n));
                (sides[0], sides[1]) != (low, high)
                    && self.attempt(|prover| {
                        prover.relates_with_total(asked.of(low, high), asked.of(sides[0], sides[1]), total)
                    })
            })
        });
        if found {
            self.restate(mark, asked.relation());
        }
        found
    }

    /// Sums that are known, over the range of a sum in the sides, of weights that stand in the sides; the sums themselves
    /// do not.
    fn totals_beside(&self, asked: Asked<'_>) -> Vec<Total> {
        let parts = self.arena.reachable(&[asked.left, asked.right]);
        let is_beside = |sum: Expr| {
            let range = self.big(sum).filter(|(op, ..)| *op == Big::Sum);
            let is_weight = |part: &Expr| match self.arena.node(*part) {
                Node::Symbol { symbol, .. } => self.arena.kind(*symbol) == SymbolKind::Real && parts.contains(part),
                _ => false,
            };
            range.is_some()
                && !parts.contains(&sum)
                && parts.iter().any(|&part| self.big(part) == range)
                && self.arena.reachable(&[sum]).iter().any(is_weight)
        };
        let equations = asked.known.facts.iter().filter(|(how, ..)| *how == Comparison::Equal);
        let turned = equations.flat_map(|&(_, a, b)| [(a, b), (b, a)]);
        let is_number = |value: Expr| self.arena.as_number(value).is_some_and(|value| !value.is_zero());
        turned
            .filter(|&(sum, value)| is_number(value) && is_beside(sum))
            .map(|(sum, value)| Total { sum, value })
            .collect()
    }

    /// What is added on the right, and what is taken away there, as the two sides.
    fn sides_by_sign(&mut self, asked: Asked<'_>) -> (Expr, Expr) {
        let difference = self.arena.subtract(asked.right, asked.left);
        let Node::Sum(terms) = self.arena.node(difference).clone() else { return (asked.left, asked.right) };
        let (mut low, mut high) = (Vec::new(), Vec::new());
        for &term in terms.iter() {
            let (scale, _) = self.scaled_part(term);
            if is_negative(&scale) { low.push(self.arena.negate(term)) } else { high.push(term) }
        }
        (self.arena.sum(low), self.arena.sum(high))
    }

    fn multiplied_by(&mut self, total: Total, side: Expr, times: i64) -> Expr {
        let (share, times) = (self.arena.divide(total.sum, total.value), self.arena.integer(times));
        let share = self.arena.power(share, times);
        self.arena.product([side, share])
    }

    /// A relation from the same with the total beside one of its sides.
    fn relates_with_total(&mut self, asked: Asked<'_>, with: Asked<'_>, total: Total) -> bool {
        let mark = self.evidence.len();
        if asked.left != with.left {
            self.attest_total(asked.left, with.left, total);
        }
        self.has_total_beside = true;
        let found = self.asks(with);
        self.has_total_beside = false;
        if !found {
            return false;
        }
        if asked.right != with.right {
            self.attest_total(with.right, asked.right, total);
        }
        self.conclude(mark, asked.relation().prop(), Reason::Through);
        true
    }

    /// `low <= high`, which are equal where the total is put in.
    fn attest_total(&mut self, low: Expr, high: Expr, total: Total) {
        let mark = self.evidence.len();
        let map = [(total.sum, total.value)].into_iter().collect();
        let sides = self.arena.substitute_all(&[low, high], &map);
        let relation = |low, high| Relation::of_goal(Goal::NonNegative, low, high).prop();
        self.attest(Prop::equal(total.sum, total.value), Reason::Supposed);
        self.attest(relation(sides[0], sides[1]), Reason::Identity);
        self.conclude(mark, relation(low, high), Reason::Replaced(total.sum));
    }
}

//! Positive factors across an inequality: denominators cleared, factors without the index before their sum.

use std::collections::BTreeMap;

use crate::expr::{Big, Elementary, Expr, Node, SymbolKind};
use crate::number::Rational;
use crate::number::range;
use crate::number::rational::{abs, is_negative};
use crate::proof::bounds::Prover;
use crate::proof::bounds::known::Known;
use crate::proof::bounds::rules::Asked;
use crate::proof::outcome::Method;

impl Prover<'_> {
    /// `a / c <= b` is `a <= b c` for c > 0.
    pub fn by_clearing(&mut self, asked: Asked<'_>) -> bool {
        let (left, mut below) = self.over_positive(asked.left, asked.known);
        let (right, below_right) = self.over_positive(asked.right, asked.known);
        if below.is_empty() && below_right.is_empty() {
            return false;
        }
        let mut cleared = below.clone();
        for (base, exponent) in below_right {
            let most = cleared.entry(base).or_default();
            *most = exponent.clone().max(most.clone());
            *below.entry(base).or_default() -= exponent;
        }
        let (mut left, mut right) = (vec![left], vec![right]);
        for (base, exponent) in below {
            let side = if is_negative(&exponent) { &mut left } else { &mut right };
            let exponent = self.arena.number(abs(&exponent));
            side.push(self.arena.power(base, exponent));
        }
        let (left, right) = (self.arena.product(left), self.arena.product(right));
        self.methods.insert(Method::Rule);
        let mark = self.evidence.len();
        let found = self.asks(asked.of(left, right));
        if found {
            let factor = self.over(cleared);
            self.multiply(mark, factor, asked.relation());
        }
        found
    }

    /// One over a product of powers.
    fn over(&mut self, powers: BTreeMap<Expr, Rational>) -> Expr {
        let mut factors = Vec::new();
        for (base, exponent) in powers {
            let exponent = self.arena.number(-exponent);
            factors.push(self.arena.power(base, exponent));
        }
        self.arena.product(factors)
    }

    /// A side as a product over powers of positive bases.
    fn over_positive(&mut self, expr: Expr, known: &Known) -> (Expr, BTreeMap<Expr, Rational>) {
        let expr = self.with_factors_before(expr);
        if let Some(inside) = self.arena.argument(Elementary::Abs, expr) {
            let (inner, below) = self.over_positive(inside, known);
            let side = if below.is_empty() { expr } else { self.arena.apply(Elementary::Abs, inner) };
            return (side, below);
        }
        let (mut above, mut below) = (Vec::new(), BTreeMap::<Expr, Rational>::new());
        for factor in self.factors_of(expr) {
            match self.positive_below(factor, known) {
                Some((base, exponent)) => *below.entry(base).or_default() += exponent,
                None => above.push(factor),
            }
        }
        (self.arena.product(above), below)
    }

    /// The base of a negative power of what is positive, with the exponent of its reciprocal.
    fn positive_below(&mut self, factor: Expr, known: &Known) -> Option<(Expr, Rational)> {
        let Node::Power(base, exponent) = *self.arena.node(factor) else { return None };
        let exponent = self.arena.as_number(exponent).filter(|n| is_negative(n))?.clone();
        range::is_positive(&self.range(base, known)).then(|| (base, -exponent))
    }

    /// Sums with the factors of their terms that do not hold the index before them.
    pub fn with_factors_before(&mut self, expr: Expr) -> Expr {
        match self.arena.node(expr).clone() {
            Node::Product(parts) => {
                let parts: Vec<Expr> = parts.iter().map(|&part| self.with_factors_before(part)).collect();
                self.arena.product(parts)
            }
            Node::Big { op: Big::Sum, lower, upper, .. } => {
                let letter = self.fresh(SymbolKind::Integer);
                let (Some(term), Node::Symbol { symbol, .. }) =
                    (self.arena.instantiate(expr, letter), self.arena.node(letter).clone())
                else {
                    return expr;
                };
                let factors = self.factors_of(term);
                let (inside, outside): (Vec<Expr>, Vec<Expr>) =
                    factors.into_iter().partition(|&factor| self.arena.contains(factor, letter));
                if outside.is_empty() {
                    return expr;
                }
                let term = self.arena.product(inside);
                let sum = self.arena.big(Big::Sum, symbol, lower, upper, term);
                self.arena.product(outside.into_iter().chain([sum]).collect::<Vec<_>>())
            }
            _ => expr,
        }
    }

    /// The factors of a product, whole powers of products taken apart.
    pub fn factors_of(&mut self, expr: Expr) -> Vec<Expr> {
        match self.arena.node(expr).clone() {
            Node::Product(parts) => parts.iter().flat_map(|&part| self.factors_of(part)).collect(),
            Node::Power(base, exponent) if self.arena.as_integer(exponent).is_some() => {
                // Of a root the base is not negative where it is defined.
                if let Node::Power(inner, other) = *self.arena.node(base)
                    && self.arena.as_number(other).is_some()
                {
                    let exponent = self.arena.product([exponent, other]);
                    return vec![self.arena.power(inner, exponent)];
                }
                let Node::Product(parts) = self.arena.node(base).clone() else { return vec![expr] };
                let powers: Vec<Expr> = parts.iter().map(|&part| self.arena.power(part, exponent)).collect();
                powers.into_iter().flat_map(|power| self.factors_of(power)).collect()
            }
            _ => vec![expr],
        }
    }
}

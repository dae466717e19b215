//! What was read, as expressions and as evidence again.

use crate::expr::{Comparison, Elementary, Expr};
use crate::number::Rational;
use crate::number::polynomial::{Certificate, End, Fact, Goal, Multi, Range, Region};
use crate::number::range;
use crate::proof::bounds::exponents::Class;
use crate::proof::bounds::known::contrary;
use crate::proof::bounds::order::Derived;
use crate::proof::bounds::positivity::{certify, holds};
use crate::proof::bounds::ratio::Ratio;
use crate::proof::bounds::reading::{Reader, Unknown};
use crate::proof::check::{Factor, Given, Item, Reading, Sign};

impl Reader<'_, '_> {
    /// Notes a relation that is read as a polynomial.
    pub fn note_given(&mut self, given: Given) {
        self.items.push(Item::Given(given));
    }

    /// The number 0.
    pub fn zero(&mut self) -> Expr {
        self.prover.arena.zero()
    }

    /// Unknowns with the ones that are their absolute values.
    pub fn magnitudes(&self) -> Vec<(usize, usize)> {
        let of = |(place, unknown): (usize, &Unknown)| match unknown {
            Unknown::Magnitude(of) => Some((*of, place)),
            Unknown::Atom(_) => None,
        };
        self.unknowns.iter().enumerate().filter_map(of).collect()
    }

    /// The evidence for the sign of a quotient.
    pub fn reading(mut self, numerator: Multi, denominator: Vec<Factor>, certificate: Certificate) -> Reading {
        let unknowns = (0..self.unknowns.len()).map(|unknown| self.unknown_expression(unknown)).collect();
        let magnitudes = self.magnitudes();
        let Reader { space: Region { ranges, .. }, items, .. } = self;
        Reading { unknowns, ranges, magnitudes, items, numerator, denominator, certificate }
    }

    /// Whether a comparison, or its contrary, is one of the facts as it stands.
    pub fn stated(&self, how: Comparison, left: Expr, right: Expr) -> Option<bool> {
        let stands = |(how, left, right): (Comparison, Expr, Expr)| {
            let weaker = how == Comparison::LessEqual && self.known.facts.contains(&(Comparison::Less, left, right));
            weaker || self.known.facts.contains(&(how, left, right))
        };
        if stands((how, left, right)) {
            return Some(true);
        }
        contrary(how, left, right).is_some_and(stands).then_some(false)
    }

    /// The numerator with the sign of the quotient: factors below the line are multiplied in, or have a sign.
    /// `None` where one of them is 0 everywhere, so that the quotient is defined nowhere.
    pub fn numerator(&mut self, ratio: &Ratio) -> Option<(Multi, Vec<Factor>)> {
        let mut numerator = ratio.numerator.clone();
        let mut factors = Vec::new();
        for (factor, &exponent) in &ratio.denominator {
            let mut note = |sign: Sign| factors.push(Factor { poly: factor.clone(), exponent, sign });
            if let Some(why) = certify(factor, Goal::Positive, &self.space) {
                note(Sign::Positive(why));
                continue;
            }
            let back = factor.negated();
            if holds(factor, Goal::NonNegative, &self.space) && holds(&back, Goal::NonNegative, &self.space) {
                self.note_factor(factor);
                return None;
            }
            if let Some(why) = certify(&back, Goal::Positive, &self.space) {
                note(Sign::Negative(why));
                if exponent % 2 == 1 {
                    numerator = numerator.negated();
                }
                continue;
            }
            note(Sign::Open);
            self.note_factor(factor);
            if exponent % 2 == 1 {
                numerator = numerator.times(factor);
            }
        }
        Some((numerator, factors))
    }

    /// The denominator of a fact, where it is positive.
    pub fn certain_denominator(&self, ratio: &Ratio) -> Option<Vec<Factor>> {
        let factors = ratio.denominator.iter().map(|(poly, &exponent)| {
            let sign = match certify(poly, Goal::Positive, &self.space) {
                Some(why) => Sign::Positive(why),
                None => (exponent % 2 == 0).then_some(Sign::Open)?,
            };
            Some(Factor { poly: poly.clone(), exponent, sign })
        });
        factors.collect()
    }

    /// `right - left`.
    pub fn difference(&mut self, left: Expr, right: Expr) -> Expr {
        self.prover.arena.subtract(right, left)
    }

    /// A factor below the line that may be 0 becomes a condition.
    fn note_factor(&mut self, factor: &Multi) {
        let expr = self.expression(factor);
        self.prover.conditions.push(expr);
    }

    /// A polynomial as an expression.
    pub fn expression(&mut self, poly: &Multi) -> Expr {
        let mut sum = Vec::new();
        for (monomial, coefficient) in poly.terms() {
            let mut factors = vec![self.prover.arena.number(coefficient.clone())];
            for (&unknown, &exponent) in monomial {
                let base = self.unknown_expression(unknown);
                let exponent = self.prover.arena.integer(exponent.into());
                factors.push(self.prover.arena.power(base, exponent));
            }
            sum.push(self.prover.arena.product(factors));
        }
        self.prover.arena.sum(sum)
    }

    /// A product of powers of polynomials as an expression.
    pub fn product_expression(&mut self, factors: &[(Multi, i64)]) -> Expr {
        let mut product = Vec::new();
        for (factor, exponent) in factors {
            let base = self.expression(factor);
            let exponent = self.prover.arena.integer(*exponent);
            product.push(self.prover.arena.power(base, exponent));
        }
        self.prover.arena.product(product)
    }

    /// The expression that an unknown stands for.
    pub fn unknown_expression(&mut self, unknown: usize) -> Expr {
        match self.unknowns[unknown] {
            Unknown::Atom(atom) => atom,
            Unknown::Magnitude(of) => {
                let of = self.unknown_expression(of);
                self.prover.arena.apply(Elementary::Abs, of)
            }
        }
    }

    /// Whether an unknown is the exponential of an argument.
    pub fn is_exponential(&self, unknown: usize) -> bool {
        self.classes.iter().any(|class| class.unknown.as_ref().is_some_and(|(_, own)| *own == unknown))
    }

    /// Whether an unknown takes every value of its range as a letter runs over the real line: the letter itself, or an
    /// exponential of it.
    pub fn takes_every_value(&self, unknown: usize, letter: Expr) -> bool {
        let of_letter =
            |class: &Class| class.base == letter && class.unknown.as_ref().is_some_and(|(_, own)| *own == unknown);
        self.unknowns[unknown] == Unknown::Atom(letter) || self.classes.iter().any(of_letter)
    }

    /// Adds a polynomial that is known to be `goal`: as the bound of an unknown where it is one.
    pub fn learn(&mut self, fact: Multi, goal: Goal) {
        if let [unknown] = fact.unknowns()[..]
            && fact.degree_in(unknown) == 1
        {
            let mut parts = fact.by_powers_of(unknown);
            let constant = parts.remove(&0).and_then(|part| part.as_constant()).unwrap_or_default();
            let slope = parts.remove(&1).and_then(|part| part.as_constant()).unwrap_or_default();
            let bound = -constant / slope.clone();
            let end = match goal {
                Goal::NonNegative => End::Closed(bound),
                Goal::Positive => End::Open(bound),
            };
            let half = if slope > Rational::from(0) {
                Range { low: end, high: End::Unbounded }
            } else {
                Range { low: End::Unbounded, high: end }
            };
            self.space.ranges[unknown] = range::meet(&self.space.ranges[unknown], &half);
            if let Unknown::Magnitude(of) = self.unknowns[unknown] {
                let own = &self.space.ranges[unknown];
                let both = range::hull(own, &range::negation(own));
                self.space.ranges[of] = range::meet(&self.space.ranges[of], &both);
            }
            return;
        }
        self.space.facts.push(Fact { poly: fact, goal, doubted: false });
    }

    /// Relations with letters, for the unknowns that they speak of.
    pub fn laws(&mut self) -> Vec<Derived> {
        let mut found = Vec::new();
        for law in self.known.laws.clone() {
            for pattern in law.patterns(self.prover.arena) {
                for unknown in 0..self.unknowns.len() {
                    let Unknown::Atom(atom) = self.unknowns[unknown] else { continue };
                    if let Some(letters) = law.unify(self.prover.arena, pattern, atom)
                        && let Some(instance) = law.derived(self.prover.arena, self.known, &letters)
                    {
                        found.push(instance);
                    }
                }
            }
        }
        found.dedup();
        found
    }
}

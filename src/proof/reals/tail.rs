//! What a function of one variable is far out: a sum of scales of growth with coefficients.
//!
//! A coefficient is exact, a constant that is known as an expression, or a bounded function that is only enclosed. The
//! largest scale tells the sign and the limit. A sum is for all values of the variable from a bound on, or
//! ([`Reach::Eventually`]) from some bound on that need not be named; then what vanishes is as small as one likes.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::expr::{Arena, Expr};
use crate::number::rational::fraction;
use crate::number::{Interval, Rational};
use crate::proof::reals::curve;
use crate::proof::reals::numbers::BITS;
use crate::proof::reals::scale::Scale;

/// What is known of expressions without the variable.
pub(crate) trait Constants {
    /// Where they stand.
    fn arena(&mut self) -> &mut Arena;

    /// The same as a number, or as a simpler expression, where that is seen: 0 at least.
    fn simplified(&mut self, expr: Expr) -> Expr;

    /// Where it lies.
    fn within(&mut self, expr: Expr) -> Interval;

    /// Whether it is certainly above 0.
    fn is_positive(&mut self, expr: Expr) -> bool;
}

/// From where on a tail is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reach {
    /// From this bound on, which is at least 3.
    From(Rational),
    /// From some bound on.
    Eventually,
}

/// A factor of a scale: always bounded.
#[derive(Debug, Clone)]
pub(crate) struct Coefficient {
    /// The constant that it is, where it is one.
    pub exact: Option<Expr>,
    /// Where its values lie.
    pub within: Interval,
}

/// A sum of scales with coefficients.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tail {
    /// The coefficients by scale; no exact one is visibly 0.
    pub terms: BTreeMap<Scale, Coefficient>,
}

/// How many terms a sum may have.
const MAX_TERMS: usize = 40;

/// How many parts of expressions one tail may be made of.
const MAX_PARTS: usize = 2000;

impl Tail {
    /// One term.
    pub fn term(scale: Scale, coefficient: Coefficient) -> Tail {
        Tail { terms: BTreeMap::from([(scale, coefficient)]) }
    }

    /// The term that outgrows all others.
    pub fn lead(&self) -> Option<(&Scale, &Coefficient)> {
        self.terms.iter().next_back()
    }

    /// Whether every term tends to 0.
    pub fn vanishes(&self) -> bool {
        self.terms.keys().all(Scale::vanishes)
    }
}

/// The arithmetic of tails.
pub(crate) struct Tails<'g> {
    pub ground: &'g mut dyn Constants,
    pub reach: Reach,
    /// How many more parts may be expanded.
    pub left: usize,
}

impl<'g> Tails<'g> {
    /// Nothing expanded yet.
    pub fn new(ground: &'g mut dyn Constants, reach: Reach) -> Tails<'g> {
        Tails { ground, reach, left: MAX_PARTS }
    }
}

impl Tails<'_> {
    /// An expression without the variable.
    pub fn constant(&mut self, expr: Expr) -> Tail {
        let expr = self.ground.simplified(expr);
        if self.ground.arena().is_zero(expr) {
            return Tail::default();
        }
        Tail::term(Scale::one(), self.exact(expr))
    }

    /// A number.
    pub fn number(&mut self, value: i64) -> Tail {
        let expr = self.ground.arena().integer(value);
        self.constant(expr)
    }

    fn exact(&mut self, expr: Expr) -> Coefficient {
        let within = curve::constant(self.ground.arena(), expr).unwrap_or_else(|| self.ground.within(expr));
        Coefficient { exact: Some(expr), within }
    }

    /// A bounded function of which only the values are known; `None` where they are not bounded.
    pub fn enclosed(&self, within: Interval) -> Option<Tail> {
        within.is_bounded().then(|| Tail::term(Scale::one(), Coefficient { exact: None, within }))
    }

    /// The sum; exact coefficients that add up to 0 leave.
    pub fn sum(&mut self, left: &Tail, right: &Tail) -> Tail {
        let mut all = left.clone();
        for (scale, other) in &right.terms {
            let Some(own) = all.terms.get(scale) else {
                all.terms.insert(scale.clone(), other.clone());
                continue;
            };
            let within = &own.within + &other.within;
            let Some((a, b)) = own.exact.zip(other.exact) else {
                all.terms.insert(scale.clone(), Coefficient { exact: None, within });
                continue;
            };
            let sum = self.ground.arena().sum([a, b]);
            let sum = self.ground.simplified(sum);
            if self.ground.arena().is_zero(sum) {
                all.terms.remove(scale);
            } else {
                let sum = self.exact(sum);
                all.terms.insert(scale.clone(), sum);
            }
        }
        all
    }

    /// The difference; `None` where it has too many terms.
    pub fn difference(&mut self, left: &Tail, right: &Tail) -> Option<Tail> {
        let minus = self.number(-1);
        let right = self.product(&minus, right)?;
        Some(self.sum(left, &right))
    }

    /// The product; `None` where it has too many terms.
    pub fn product(&mut self, left: &Tail, right: &Tail) -> Option<Tail> {
        let mut all = Tail::default();
        for (scale, own) in &left.terms {
            for (other_scale, other) in &right.terms {
                let coefficient = match own.exact.zip(other.exact) {
                    Some((a, b)) => {
                        let product = self.ground.arena().product([a, b]);
                        let product = self.ground.simplified(product);
                        self.exact(product)
                    }
                    None => Coefficient { exact: None, within: &own.within * &other.within },
                };
                all = self.sum(&all, &Tail::term(scale.times(other_scale), coefficient));
            }
        }
        (all.terms.len() <= MAX_TERMS).then_some(all)
    }

    /// The tail divided by its largest term, less 1: what vanishes beside it. The coefficient must not be 0.
    pub fn beside_lead(&mut self, tail: &Tail) -> Option<Tail> {
        let (scale, lead) = tail.lead()?;
        self.sign_of_coefficient(lead)?;
        let inverse = self.inverse(lead)?;
        let inverse = Tail::term(scale.raised(&Rational::from(-1))?, inverse);
        let mut rest = tail.clone();
        rest.terms.pop_last();
        self.product(&rest, &inverse)
    }

    fn inverse(&mut self, coefficient: &Coefficient) -> Option<Coefficient> {
        match coefficient.exact {
            Some(exact) => {
                let inverse = self.ground.arena().reciprocal(exact);
                let inverse = self.ground.simplified(inverse);
                Some(self.exact(inverse))
            }
            None => {
                let within = Interval::integer(1, BITS).div(&coefficient.within)?;
                within.is_bounded().then_some(Coefficient { exact: None, within })
            }
        }
    }

    /// The sign of a coefficient, where it is certain, and not only in the limit.
    pub fn sign_of_coefficient(&mut self, coefficient: &Coefficient) -> Option<Ordering> {
        if let Some(sign) = coefficient.within.sign().filter(|&sign| sign != Ordering::Equal) {
            return Some(sign);
        }
        let exact = coefficient.exact?;
        let back = self.ground.arena().negate(exact);
        if self.ground.is_positive(exact) {
            Some(Ordering::Greater)
        } else if self.ground.is_positive(back) {
            Some(Ordering::Less)
        } else {
            None
        }
    }

    /// Where the values lie.
    pub fn values(&self, tail: &Tail) -> Option<Interval> {
        let small = fraction(1, 1 << 20)?;
        let mut all = Interval::integer(0, BITS);
        for (scale, coefficient) in &tail.terms {
            let term = match &self.reach {
                Reach::From(from) => &coefficient.within * &scale.beyond(from)?,
                Reach::Eventually if scale.vanishes() => Interval::between(&-&small, &small, BITS)?,
                Reach::Eventually if *scale == Scale::one() => coefficient.within.clone(),
                Reach::Eventually => return None,
            };
            all = &all + &term;
        }
        Some(all)
    }

    /// The sign of all values, where they have one; 0 where there are no terms.
    pub fn sign(&mut self, tail: &Tail) -> Option<Ordering> {
        let Some((_, lead)) = tail.lead() else { return Some(Ordering::Equal) };
        let sign = self.sign_of_coefficient(&lead.clone())?;
        let rest = self.beside_lead(tail)?;
        let beside = self.values(&rest)?;
        (&Interval::integer(1, BITS) + &beside).is_positive().then_some(sign)
    }
}

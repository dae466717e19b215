//! Whether a polynomial in several bounded unknowns is positive: exact reductions to one unknown, which Sturm decides.
//!
//! An unknown of degree 1 is smallest at an end of its range; a group of powers that stands beside one factor only is
//! an unknown of its own, whose range is known exactly; a common factor has a sign. Known polynomials that are not
//! negative may be subtracted. Every reduction is a sufficient condition, so a yes is a proof and a no is nothing.

use crate::number::Rational;
use crate::number::polynomial::{End, Polynomial, Range, Sign, Supremum};
use crate::proof::bounds::multi::{Monomial, Multi};
use crate::proof::bounds::range;

/// What is asked of a polynomial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Goal {
    /// Not below 0 anywhere.
    NonNegative,
    /// Above 0 everywhere.
    Positive,
}

/// Where the unknowns lie and what else is known of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Box {
    /// The range of each unknown.
    pub ranges: Vec<Range>,
    /// Polynomials whose sign is known.
    pub facts: Vec<(Multi, Goal)>,
}

/// How many polynomials one question may lead to.
const STEPS: usize = 3000;

/// How many known polynomials may be subtracted in a row.
const COMBINATIONS: usize = 3;

/// Whether `poly` is what `goal` says at every point of the box. A box without a point proves nothing.
pub(super) fn holds(poly: &Multi, goal: Goal, space: &Box) -> bool {
    if space.ranges.iter().any(Range::is_empty) {
        return false;
    }
    Search { steps: STEPS, combinations: COMBINATIONS }.holds(poly, goal, space)
}

struct Search {
    steps: usize,
    combinations: usize,
}

impl Search {
    fn holds(&mut self, poly: &Multi, goal: Goal, space: &Box) -> bool {
        if self.steps == 0 {
            return false;
        }
        self.steps -= 1;
        if let Some(value) = poly.as_constant() {
            return match goal {
                Goal::NonNegative => value >= Rational::from(0),
                Goal::Positive => value > Rational::from(0),
            };
        }
        if termwise(poly, goal, space) {
            return true;
        }
        let (content, rest) = poly.content();
        if !content.is_empty() {
            return self.without_content(&content, &rest, goal, space) || self.with_facts(poly, goal, space);
        }
        let unknowns = poly.unknowns();
        if let [only] = unknowns[..] {
            let known = poly.univariate(only).is_some_and(|p| univariate(&p, goal, &space.ranges[only]));
            return known || self.with_facts(poly, goal, space);
        }
        let mut linear: Vec<usize> = unknowns.iter().copied().filter(|&unknown| poly.degree_in(unknown) == 1).collect();
        let is_bounded = |unknown: &usize| {
            let own = &space.ranges[*unknown];
            own.low.value().is_some() && own.high.value().is_some()
        };
        let unbounded = linear.iter().copied().filter(|unknown| !is_bounded(unknown)).collect::<Vec<_>>();
        linear.retain(is_bounded);
        linear.iter().any(|&unknown| self.linear(poly, unknown, goal, space))
            || self.with_facts(poly, goal, space)
            || unbounded.iter().any(|&unknown| self.linear(poly, unknown, goal, space))
            || unknowns.iter().any(|&unknown| self.grouped(poly, unknown, goal, space))
            || unknowns.iter().any(|&unknown| self.quadratic(poly, unknown, goal, space))
    }

    /// A common factor with a sign; an unknown of both signs in it is split at 0.
    fn without_content(&mut self, content: &Monomial, rest: &Multi, goal: Goal, space: &Box) -> bool {
        let mut sign = Rational::from(1);
        let mut inner = space.clone();
        for (&unknown, &exponent) in content {
            let own = &space.ranges[unknown];
            if goal == Goal::Positive && !range::excludes_zero(own) {
                return false;
            }
            let even = exponent % 2 == 0;
            if !even && !range::is_non_negative(own) {
                if !range::is_non_negative(&range::negation(own)) {
                    let whole = Multi::term(content.clone(), Rational::from(1)).times(rest);
                    return self.split_at_zero(&whole, unknown, goal, space);
                }
                sign = -sign;
            }
            // Where the factor is 0 the product is, so the rest is asked for elsewhere only.
            if range::is_non_negative(own) {
                inner.ranges[unknown] = range::meet(own, &range::positive());
            } else if range::is_non_negative(&range::negation(own)) {
                inner.ranges[unknown] = range::meet(own, &range::negation(&range::positive()));
            }
            if inner.ranges[unknown].is_empty() {
                return goal == Goal::NonNegative;
            }
        }
        self.holds(&rest.scaled(&sign), goal, &inner)
    }

    fn split_at_zero(&mut self, poly: &Multi, unknown: usize, goal: Goal, space: &Box) -> bool {
        let sides = [range::positive(), range::negation(&range::positive()), range::point(&Rational::from(0))];
        sides.iter().all(|side| {
            let mut part = space.clone();
            part.ranges[unknown] = range::meet(&space.ranges[unknown], side);
            if part.ranges[unknown].is_empty() {
                return true;
            }
            match side.is_single() {
                true => self.holds(&poly.substitute(unknown, &Multi::default()), goal, &part),
                false => self.holds(poly, goal, &part),
            }
        })
    }

    /// A polynomial of degree 1 in an unknown is between its values at the ends.
    fn linear(&mut self, poly: &Multi, unknown: usize, goal: Goal, space: &Box) -> bool {
        let mut parts = poly.by_powers_of(unknown);
        let (rest, slope) = (parts.remove(&0).unwrap_or_default(), parts.remove(&1).unwrap_or_default());
        self.between_ends(&rest, &slope, &space.ranges[unknown].clone(), goal, &without(space, unknown))
    }

    /// `rest + slope u > 0` for all `u` in the range.
    fn between_ends(&mut self, rest: &Multi, slope: &Multi, own: &Range, goal: Goal, space: &Box) -> bool {
        let at = |value: &Rational| rest.plus(slope, value);
        match (&own.low, &own.high) {
            (End::Unbounded, End::Unbounded) => slope.is_zero() && self.holds(rest, goal, space),
            (low, End::Unbounded) => self.half_line(&at, low, slope, goal, space),
            (End::Unbounded, high) => self.half_line(&at, high, &slope.negated(), goal, space),
            (low, high) => {
                let (Some(a), Some(b)) = (low.value(), high.value()) else { return false };
                let (at_low, at_high) = (at(a), at(b));
                let weak = Goal::NonNegative;
                match (goal, low.member().is_some(), high.member().is_some()) {
                    (Goal::NonNegative, _, _) => self.holds(&at_low, weak, space) && self.holds(&at_high, weak, space),
                    (Goal::Positive, true, true) => {
                        self.holds(&at_low, goal, space) && self.holds(&at_high, goal, space)
                    }
                    (Goal::Positive, true, false) => {
                        self.holds(&at_low, goal, space) && self.holds(&at_high, weak, space)
                    }
                    (Goal::Positive, false, true) => {
                        self.holds(&at_high, goal, space) && self.holds(&at_low, weak, space)
                    }
                    (Goal::Positive, false, false) => {
                        let sum = at_low.plus(&at_high, &Rational::from(1));
                        self.holds(&at_low, weak, space)
                            && self.holds(&at_high, weak, space)
                            && self.holds(&sum, goal, space)
                    }
                }
            }
        }
    }

    /// From one end on, in the direction in which the slope is `slope`.
    fn half_line(
        &mut self,
        at: &dyn Fn(&Rational) -> Multi,
        end: &End,
        slope: &Multi,
        goal: Goal,
        space: &Box,
    ) -> bool {
        let Some(value) = end.value() else { return false };
        let first = at(value);
        if !self.holds(slope, Goal::NonNegative, space) {
            return false;
        }
        match (goal, end) {
            (Goal::NonNegative, _) => self.holds(&first, goal, space),
            (Goal::Positive, End::Closed(_)) => self.holds(&first, goal, space),
            (Goal::Positive, _) => {
                let sum = first.plus(slope, &Rational::from(1));
                self.holds(&first, Goal::NonNegative, space) && self.holds(&sum, goal, space)
            }
        }
    }

    /// Where the powers of an unknown stand beside multiples of one factor: `rest + factor q(u)`.
    fn grouped(&mut self, poly: &Multi, unknown: usize, goal: Goal, space: &Box) -> bool {
        let mut parts = poly.by_powers_of(unknown);
        let rest = parts.remove(&0).unwrap_or_default();
        let Some(factor) = parts.values().next().cloned() else { return false };
        let mut group = Multi::default();
        for (&exponent, part) in &parts {
            let Some(ratio) = part.ratio_to(&factor) else { return false };
            group = group.plus(&Multi::term(Monomial::from([(unknown, exponent)]), ratio), &Rational::from(1));
        }
        let own = &space.ranges[unknown];
        let Some(values) = group.univariate(unknown).and_then(|group| values_on(&group, own)) else { return false };
        self.between_ends(&rest, &factor, &values, goal, &without(space, unknown))
    }

    /// `a u^2 + b u + c` with `a > 0` and `4 a c >= b^2`.
    fn quadratic(&mut self, poly: &Multi, unknown: usize, goal: Goal, space: &Box) -> bool {
        if poly.degree_in(unknown) != 2 {
            return false;
        }
        let parts = poly.by_powers_of(unknown);
        let part = |exponent: u32| parts.get(&exponent).cloned().unwrap_or_default();
        let discriminant =
            part(2).times(&part(0)).scaled(&Rational::from(4)).plus(&part(1).power(2), &Rational::from(-1));
        let others = without(space, unknown);
        self.holds(&part(2), Goal::Positive, &others) && self.holds(&discriminant, goal, &others)
    }

    /// `poly - c m fact` for a known `fact` of which a multiple by a term `c m` that is not negative cancels a term.
    fn with_facts(&mut self, poly: &Multi, goal: Goal, space: &Box) -> bool {
        if self.combinations == 0 {
            return false;
        }
        self.combinations -= 1;
        let found = (0..space.facts.len()).any(|fact_idx| self.with_fact(poly, fact_idx, goal, space));
        self.combinations += 1;
        found
    }

    fn with_fact(&mut self, poly: &Multi, fact_idx: usize, goal: Goal, space: &Box) -> bool {
        let (fact, known) = &space.facts[fact_idx];
        let mut tried: Vec<Multi> = Vec::new();
        for (monomial, coefficient) in fact.terms() {
            if monomial.is_empty() {
                continue;
            }
            for (own, value) in poly.terms() {
                let Some(quotient) = divided(own, monomial) else { continue };
                let factor = Multi::term(quotient, value / coefficient);
                if tried.contains(&factor) || !termwise(&factor, Goal::NonNegative, space) {
                    continue;
                }
                let rest = poly.plus(&factor.times(fact), &Rational::from(-1));
                // Where the factor and the fact are positive the rest need not be.
                let strict = *known == Goal::Positive && termwise(&factor, Goal::Positive, space);
                let wanted = if strict { Goal::NonNegative } else { goal };
                if self.holds(&rest, wanted, space) {
                    return true;
                }
                tried.push(factor);
            }
        }
        false
    }
}

/// Whether two facts contradict each other: multiples of them by positive numbers have a negative sum.
pub(super) fn is_contradictory(space: &Box) -> bool {
    let whole = |poly: &Multi| poly.plus(&Multi::constant(poly.constant_term()), &Rational::from(-1));
    space.facts.iter().enumerate().any(|(place, (first, strict))| {
        space.facts[..place].iter().any(|(second, other)| {
            let Some(ratio) = whole(first).ratio_to(&whole(second)) else { return false };
            if ratio >= Rational::from(0) {
                return false;
            }
            let sum = first.constant_term() - &ratio * second.constant_term();
            let either = *strict == Goal::Positive || *other == Goal::Positive;
            sum < Rational::from(0) || either && sum.is_zero()
        })
    })
}

fn divided(dividend: &Monomial, divisor: &Monomial) -> Option<Monomial> {
    let mut quotient = dividend.clone();
    for (unknown, &exponent) in divisor {
        let own = quotient.get_mut(unknown)?;
        *own = own.checked_sub(exponent)?;
    }
    quotient.retain(|_, exponent| *exponent > 0);
    Some(quotient)
}

/// The box without what is known of one unknown.
fn without(space: &Box, unknown: usize) -> Box {
    let facts = space.facts.iter().filter(|(fact, _)| fact.degree_in(unknown) == 0).cloned().collect();
    Box { ranges: space.ranges.clone(), facts }
}

/// Whether every term is not negative, and for a strict goal one of them positive.
fn termwise(poly: &Multi, goal: Goal, space: &Box) -> bool {
    let mut strict = false;
    for (monomial, coefficient) in poly.terms() {
        let mut value = range::point(coefficient);
        for (&unknown, &exponent) in monomial {
            value = range::product(&value, &range::power(&space.ranges[unknown], i64::from(exponent)));
        }
        if !range::is_non_negative(&value) {
            return false;
        }
        strict |= range::is_positive(&value);
    }
    strict || goal == Goal::NonNegative
}

fn univariate(poly: &Polynomial, goal: Goal, own: &Range) -> bool {
    match poly.sign_on(own) {
        Some(Sign::Positive) => true,
        Some(Sign::NonNegative { .. } | Sign::Zero) => goal == Goal::NonNegative,
        Some(Sign::Negative | Sign::NonPositive { .. } | Sign::Mixed { .. }) | None => false,
    }
}

/// The range of the values of a polynomial on a range: exact where the extreme values are rational.
pub(super) fn values_on(poly: &Polynomial, own: &Range) -> Option<Range> {
    let width = crate::number::rational::fraction(1, 1 << 30)?;
    let upper = |poly: &Polynomial| {
        Some(match poly.supremum_on(own, &width)? {
            Supremum::Infinite => End::Unbounded,
            Supremum::Finite { low, high, peaks } => {
                let reached = low != high || peaks.iter().any(|peak| peak.is_member);
                if reached { End::Closed(high) } else { End::Open(high) }
            }
        })
    };
    let low = match upper(&-poly)? {
        End::Unbounded => End::Unbounded,
        End::Open(value) => End::Open(-value),
        End::Closed(value) => End::Closed(-value),
    };
    Some(Range { low, high: upper(poly)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::rational::{fraction, integer};

    fn unit() -> Range {
        Range::open(integer(0), integer(1))
    }

    fn poly(terms: &[(i64, &[(usize, u32)])]) -> Multi {
        terms.iter().fold(Multi::default(), |sum, (value, monomial)| {
            sum.plus(&Multi::term(monomial.iter().copied().collect(), integer(*value)), &integer(1))
        })
    }

    #[track_caller]
    fn check(terms: &[(i64, &[(usize, u32)])], ranges: &[Range], expected: (bool, bool)) {
        let space = Box { ranges: ranges.to_vec(), facts: Vec::new() };
        let poly = poly(terms);
        assert_eq!((holds(&poly, Goal::NonNegative, &space), holds(&poly, Goal::Positive, &space)), expected);
    }

    #[test]
    fn the_factor_of_the_sigmoid() {
        // 4 - a 4 u (1 - u), with u in (0, 1).
        let gap: [(i64, &[(usize, u32)]); 3] = [(4, &[]), (-4, &[(0, 1), (1, 1)]), (4, &[(0, 1), (1, 2)])];
        let up_to = |high: End| Range { low: End::Closed(integer(0)), high };
        check(&gap, &[up_to(End::Open(integer(4))), unit()], (true, true));
        check(&gap, &[up_to(End::Closed(integer(4))), unit()], (true, false));
        check(&gap, &[up_to(End::Open(fraction(401, 100).unwrap())), unit()], (false, false));
        check(&gap, &[Range::open(integer(-100), integer(4)), unit()], (true, true));
        check(&gap, &[Range::open(integer(-100), integer(5)), unit()], (false, false));
    }

    #[test]
    fn the_same_with_the_denominator_cleared() {
        // (1 + v)^2 - a v, with v above 0.
        let gap: [(i64, &[(usize, u32)]); 4] = [(1, &[]), (2, &[(1, 1)]), (1, &[(1, 2)]), (-1, &[(0, 1), (1, 1)])];
        let up_to = |high: End| Range { low: End::Closed(integer(0)), high };
        check(&gap, &[up_to(End::Open(integer(4))), range::positive()], (true, true));
        check(&gap, &[up_to(End::Closed(integer(4))), range::positive()], (true, false));
        check(&gap, &[up_to(End::Open(integer(5))), range::positive()], (false, false));
    }

    #[test]
    fn squares_and_contents() {
        let line = Range::everything;
        check(&[(1, &[(0, 2)]), (-2, &[(0, 1), (1, 1)]), (1, &[(1, 2)])], &[line(), line()], (true, false));
        check(&[(1, &[(0, 2)]), (-3, &[(0, 1), (1, 1)]), (1, &[(1, 2)])], &[line(), line()], (false, false));
        check(&[(1, &[(0, 2)]), (-2, &[(0, 1), (1, 1)]), (1, &[(1, 2)]), (1, &[])], &[line(), line()], (true, true));
        check(&[(1, &[(0, 1)]), (-1, &[(0, 1), (1, 1)])], &[range::non_negative(), unit()], (true, false));
        check(&[(1, &[(0, 1)]), (-1, &[(0, 1), (1, 1)])], &[range::positive(), unit()], (true, true));
        check(&[(1, &[(0, 1)]), (-1, &[(0, 1), (1, 1)])], &[line(), unit()], (false, false));
        check(&[(1, &[(0, 1)])], &[Range::open(integer(1), integer(0))], (false, false));
    }

    #[test]
    fn facts_are_subtracted() {
        // 1 - g w s with s in [0, 1] follows from 1 - g w > 0, and not from 2 - g w > 0.
        let gap = poly(&[(1, &[]), (-1, &[(0, 1), (1, 1), (2, 1)])]);
        let ranges = vec![range::non_negative(), range::non_negative(), Range::closed(integer(0), integer(1))];
        for (constant, expected) in [(1, true), (2, false)] {
            let fact = (poly(&[(constant, &[]), (-1, &[(0, 1), (1, 1)])]), Goal::Positive);
            let space = Box { ranges: ranges.clone(), facts: vec![fact] };
            assert_eq!(holds(&gap, Goal::Positive, &space), expected);
        }
    }
}

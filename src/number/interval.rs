//! Intervals whose ends are rounded outward.

use crate::number::Rational;
use crate::number::dyadic::{Bound, Dyadic, Rounding};
use std::cmp::Ordering;

/// The range of precisions, in bits, that is accepted; others are moved to its ends.
const BITS: std::ops::RangeInclusive<u32> = 8..=1 << 20;

/// A closed, non-empty set of real numbers without gaps, possibly unbounded, that holds the value meant.
///
/// An operation on intervals returns an interval that holds its result for every choice of members: whatever is
/// concluded from the ends is true of the value. Ends are binary fractions of the interval's precision; the result of
/// two intervals takes the higher of their precisions. Infinite ends are not members. Equality compares ends and
/// precision; whether two values are equal is what no interval can tell, unless it is a point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interval {
    pub(super) low: Bound,
    pub(super) high: Bound,
    pub(super) bits: u32,
}

impl Interval {
    /// From ends of which the caller knows `low <= high`; both are rounded outward.
    pub(super) fn from_bounds(low: &Bound, high: &Bound, bits: u32) -> Self {
        assert!(low <= high, "an interval is not empty");
        let bits = bits.clamp(*BITS.start(), *BITS.end());
        Self { low: low.round(bits, Rounding::Down), high: high.round(bits, Rounding::Up), bits }
    }

    /// The single number `value`, rounded outward.
    pub(super) fn from_dyadic(value: &Dyadic, bits: u32) -> Self {
        let bound = Bound::Finite(value.clone());
        Self::from_bounds(&bound, &bound, bits)
    }

    /// The narrowest interval of this precision around a fraction.
    pub fn point(value: &Rational, bits: u32) -> Self {
        let bits = bits.clamp(*BITS.start(), *BITS.end());
        let low = Dyadic::from_rational(value, bits, Rounding::Down);
        let high = Dyadic::from_rational(value, bits, Rounding::Up);
        Self { low, high, bits }
    }

    /// A whole number.
    pub fn integer(value: i64, bits: u32) -> Self {
        Self::from_dyadic(&Dyadic::integer(value), bits)
    }

    /// Everything from `low` to `high`, both included; `None` when `low > high`.
    pub fn between(low: &Rational, high: &Rational, bits: u32) -> Option<Self> {
        (low <= high).then(|| Self::point(low, bits).hull(&Self::point(high, bits)))
    }

    /// Everything from `low` on.
    pub fn at_least(low: &Rational, bits: u32) -> Self {
        Self { high: Bound::PlusInfinity, ..Self::point(low, bits) }
    }

    /// Everything up to `high`.
    pub fn at_most(high: &Rational, bits: u32) -> Self {
        Self { low: Bound::MinusInfinity, ..Self::point(high, bits) }
    }

    /// All real numbers.
    pub fn real_line(bits: u32) -> Self {
        Self::from_bounds(&Bound::MinusInfinity, &Bound::PlusInfinity, bits)
    }

    /// The precision in bits.
    pub fn bits(&self) -> u32 {
        self.bits
    }

    /// The same set at another precision, never narrower.
    pub fn with_bits(&self, bits: u32) -> Self {
        Self::from_bounds(&self.low, &self.high, bits)
    }

    /// The lower end; `None` when it is infinite or its exponent is beyond 2^20.
    pub fn low(&self) -> Option<Rational> {
        self.low.finite().and_then(Dyadic::to_rational)
    }

    /// The upper end; `None` when it is infinite or its exponent is beyond 2^20.
    pub fn high(&self) -> Option<Rational> {
        self.high.finite().and_then(Dyadic::to_rational)
    }

    /// The ends as floats, rounded outward.
    pub fn to_f64_pair(&self) -> (f64, f64) {
        (self.low.to_f64(Rounding::Down), self.high.to_f64(Rounding::Up))
    }

    /// Whether both ends are finite.
    pub fn is_bounded(&self) -> bool {
        self.low.finite().is_some() && self.high.finite().is_some()
    }

    /// Whether this is a single number.
    pub fn is_point(&self) -> bool {
        self.low == self.high
    }

    /// Whether the fraction is a member.
    pub fn contains(&self, value: &Rational) -> bool {
        let not_below = self.low.finite().is_none_or(|low| low.cmp_rational(value) != Ordering::Greater);
        let not_above = self.high.finite().is_none_or(|high| high.cmp_rational(value) != Ordering::Less);
        not_below && not_above
    }

    /// Whether every member of `other` is a member.
    pub fn contains_interval(&self, other: &Self) -> bool {
        self.low <= other.low && other.high <= self.high
    }

    /// Whether 0 is a member.
    pub fn contains_zero(&self) -> bool {
        !self.is_positive() && !self.is_negative()
    }

    /// Whether every member is above 0.
    pub fn is_positive(&self) -> bool {
        self.low.sign() == Ordering::Greater
    }

    /// Whether every member is below 0.
    pub fn is_negative(&self) -> bool {
        self.high.sign() == Ordering::Less
    }

    /// Whether no member is below 0.
    pub fn is_nonnegative(&self) -> bool {
        self.low.sign() != Ordering::Less
    }

    /// Whether no member is above 0.
    pub fn is_nonpositive(&self) -> bool {
        self.high.sign() != Ordering::Greater
    }

    /// The comparison with 0 that holds for every member; `None` when members differ in it.
    pub fn sign(&self) -> Option<Ordering> {
        let (low, high) = (self.low.sign(), self.high.sign());
        (low == high).then_some(low)
    }

    /// Whether every member of `self` is below every member of `other`.
    pub fn certainly_less(&self, other: &Self) -> bool {
        self.high < other.low
    }

    /// Whether no member of `self` is above any member of `other`.
    pub fn certainly_at_most(&self, other: &Self) -> bool {
        matches!((&self.high, &other.low), (Bound::Finite(high), Bound::Finite(low)) if high <= low)
    }

    /// Whether the two have no member in common, so that the values they hold differ.
    pub fn disjoint(&self, other: &Self) -> bool {
        self.certainly_less(other) || other.certainly_less(self)
    }

    /// An upper bound of the distance between the ends; `None` when it is infinite or too large to write out.
    pub fn width(&self) -> Option<Rational> {
        let distance = self.high.add(&self.low.neg(), self.bits, Rounding::Up);
        distance.finite().and_then(Dyadic::to_rational)
    }

    /// Whether the distance between the ends is at most 2^-places.
    pub fn is_narrower_than(&self, places: i64) -> bool {
        let distance = self.high.add(&self.low.neg(), self.bits, Rounding::Up);
        distance.finite().is_some_and(|distance| *distance <= Dyadic::power_of_two(-places))
    }

    /// A member near the middle; for an unbounded interval a member from which both sides get smaller in turn.
    ///
    /// `None` only when its exponent is beyond 2^20.
    pub fn midpoint(&self) -> Option<Rational> {
        self.middle().to_rational()
    }

    /// The two halves, which share [`Interval::midpoint`]; `None` when nothing is left to halve.
    pub fn bisect(&self) -> Option<(Self, Self)> {
        let middle = Bound::Finite(self.middle());
        if middle == self.low || middle == self.high {
            return None;
        }
        let left = Self { high: middle.clone(), ..self.clone() };
        Some((left, Self { low: middle, ..self.clone() }))
    }

    fn middle(&self) -> Dyadic {
        match (self.low.finite(), self.high.finite()) {
            (None, None) => Dyadic::ZERO,
            (Some(low), None) => outward(low, self.bits),
            (None, Some(high)) => outward(&high.neg(), self.bits).neg(),
            (Some(low), Some(high)) => {
                // Rounding keeps order and `2 * low` needs no rounding, so the middle is not below `low`.
                let sum = low.add(high, self.bits, Rounding::Down);
                sum.finite().map_or_else(|| low.clone(), |sum| sum.shift(-1))
            }
        }
    }

    /// The smallest interval that holds both.
    pub fn hull(&self, other: &Self) -> Self {
        Self {
            low: (&self.low).min(&other.low).clone(),
            high: (&self.high).max(&other.high).clone(),
            bits: self.bits.max(other.bits),
        }
    }

    /// What both hold; `None` when they are disjoint.
    pub fn intersect(&self, other: &Self) -> Option<Self> {
        if self.disjoint(other) {
            return None;
        }
        Some(Self {
            low: (&self.low).max(&other.low).clone(),
            high: (&self.high).min(&other.high).clone(),
            bits: self.bits.max(other.bits),
        })
    }
}

/// A number that is not below `low` and about twice as far from 0, so that repeated halving reaches every magnitude.
fn outward(low: &Dyadic, bits: u32) -> Dyadic {
    if low.sign() == Ordering::Less {
        return Dyadic::ZERO;
    }
    let next = low.shift(1).add(&Dyadic::integer(1), bits, Rounding::Up);
    next.finite().unwrap_or(low).clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::rational::fraction;

    fn between(low: (i64, i64), high: (i64, i64)) -> Interval {
        Interval::between(&fraction(low.0, low.1).unwrap(), &fraction(high.0, high.1).unwrap(), 64).unwrap()
    }

    #[test]
    fn a_third_lies_inside_and_its_neighbours_outside() {
        let third = fraction(1, 3).unwrap();
        let interval = Interval::point(&third, 100);
        assert!(interval.contains(&third) && !interval.is_point() && interval.is_narrower_than(101));
        assert!(!interval.contains(&(&third + Rational::from_parts(1.into(), dashu_int::UBig::ONE << 99))));
        let (low, high) = interval.to_f64_pair();
        assert!(low < high && low <= 1.0 / 3.0 && high >= 1.0 / 3.0);
        assert!(Interval::integer(3, 64).is_point());
    }

    #[test]
    fn order_and_sets() {
        let (left, right) = (between((0, 1), (1, 1)), between((1, 1), (2, 1)));
        assert!(!left.certainly_less(&right) && left.certainly_at_most(&right) && !left.disjoint(&right));
        assert_eq!(left.intersect(&right), Some(Interval::integer(1, 64)));
        assert_eq!(left.hull(&right), between((0, 1), (2, 1)));
        assert_eq!(between((0, 1), (1, 3)).intersect(&between((1, 2), (1, 1))), None);
        assert_eq!((left.sign(), right.sign()), (None, Some(Ordering::Greater)));
        assert!(left.contains_zero() && !right.contains_zero() && right.is_positive() && (-&right).is_negative());
        assert_eq!(Interval::between(&Rational::ONE, &Rational::ZERO, 64), None);
        let line = Interval::real_line(64);
        assert!(line.contains(&Rational::ONE) && line.contains_zero() && !line.is_bounded());
        assert!(!line.certainly_at_most(&line) && line.width().is_none() && line.low().is_none());
    }

    #[test]
    fn halving_reaches_every_scale() {
        let (left, right) = between((0, 1), (1, 1)).bisect().unwrap();
        assert_eq!((left, right), (between((0, 1), (1, 2)), between((1, 2), (1, 1))));
        assert!(Interval::integer(1, 64).bisect().is_none());
        let mut tail = Interval::at_least(&Rational::ZERO, 64);
        for _ in 0..10 {
            tail = tail.bisect().unwrap().1;
        }
        assert_eq!(tail.low(), fraction(1023, 1));
        let (left, right) = Interval::real_line(64).bisect().unwrap();
        assert_eq!((left.high(), right.low()), (Some(Rational::ZERO), Some(Rational::ZERO)));
        assert_eq!(Interval::at_most(&Rational::ZERO, 64).bisect().unwrap().0.high(), fraction(-1, 1));
        let mut thin = Interval::point(&fraction(1, 3).unwrap(), 64);
        for _ in 0..3 {
            thin = match thin.bisect() {
                Some((left, _)) => left,
                None => break,
            };
        }
        assert!(thin.bisect().is_none());
    }
}

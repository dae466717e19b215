//! Fixed-point numbers that carry a bound of their error: what the series are summed in.

use crate::number::Integer;
use crate::number::dyadic::{Bound, Dyadic};
use crate::number::interval::Interval;
use dashu_base::{Abs, BitTest, DivEuclid};

/// Every number within `error` of `middle`, both in units of 2^-scale.
///
/// Each operation adds to the error what its own rounding may have lost, so a sum of a series needs no analysis
/// besides its tail. Both operands of an operation have the same scale.
#[derive(Clone, Debug)]
pub struct Ball {
    middle: Integer,
    error: Integer,
    scale: usize,
}

impl Ball {
    /// From parts in units of 2^-scale. Requires: `error >= 0`.
    pub fn new(middle: Integer, error: Integer, scale: usize) -> Self {
        debug_assert!(error >= Integer::ZERO, "an error bound is not negative");
        Self { middle, error, scale }
    }

    /// A whole number, exact.
    pub fn integer(value: i64, scale: usize) -> Self {
        Self::new(Integer::from(value) << scale, Integer::ZERO, scale)
    }

    /// A binary fraction, exact when it has no digit below 2^-scale.
    pub fn from_dyadic(value: &Dyadic, scale: usize) -> Self {
        let (middle, exact) = value.to_fixed(scale);
        Self::new(middle, Integer::from(u8::from(!exact)), scale)
    }

    /// A ball around a bounded interval; `None` for an unbounded one.
    pub fn from_interval(interval: &Interval, scale: usize) -> Option<Self> {
        let (low, _) = interval.low.finite()?.to_fixed(scale);
        let (high, _) = interval.high.finite()?.to_fixed(scale);
        // The value lies from `low` to `high + 1`, so within half that distance, rounded up, of the middle.
        let distance = &high - &low + Integer::ONE;
        Some(Self::new(low + (&distance >> 1), (distance + Integer::ONE) >> 1, scale))
    }

    /// The interval of this ball, rounded outward to `bits`.
    pub fn to_interval(&self, bits: u32) -> Interval {
        let bound = |end: Integer| Bound::Finite(Dyadic::new(end, -(self.scale as i64)));
        Interval::from_bounds(&bound(&self.middle - &self.error), &bound(&self.middle + &self.error), bits)
    }

    /// The same ball at a scale that is not larger.
    pub fn rescaled(&self, scale: usize) -> Self {
        debug_assert!(scale <= self.scale, "digits can be dropped, not invented");
        let narrowed = self.halved(self.scale.saturating_sub(scale));
        Self { scale, ..narrowed }
    }

    /// The middle, in units of 2^-scale.
    pub fn middle(&self) -> &Integer {
        &self.middle
    }

    /// How many binary digits there are behind the point.
    pub fn scale(&self) -> usize {
        self.scale
    }

    /// The error, in units of 2^-scale.
    pub fn error(&self) -> &Integer {
        &self.error
    }

    /// An upper bound of the distance of any member from 0, in units of 2^-scale.
    pub fn magnitude(&self) -> Integer {
        self.middle.clone().abs() + &self.error
    }

    /// Whether every member is within `units` of 0, in units of 2^-scale.
    pub fn is_below(&self, units: u32) -> bool {
        self.magnitude() <= Integer::from(units)
    }

    /// How many binary digits of the middle are certain; 0 when 0 may be a member.
    pub fn certain_bits(&self) -> usize {
        let error = if self.error.is_zero() { 0 } else { self.error.bit_len() };
        self.middle.bit_len().saturating_sub(error)
    }

    /// The same ball with `units` of 2^-scale added to the error.
    pub fn widened(mut self, units: &Integer) -> Self {
        self.error += units;
        self
    }

    /// The negative.
    pub fn neg(&self) -> Self {
        Self::new(-&self.middle, self.error.clone(), self.scale)
    }

    /// The sum.
    pub fn add(&self, other: &Self) -> Self {
        self.check_scale(other);
        Self::new(&self.middle + &other.middle, &self.error + &other.error, self.scale)
    }

    /// The difference.
    pub fn sub(&self, other: &Self) -> Self {
        self.check_scale(other);
        Self::new(&self.middle - &other.middle, &self.error + &other.error, self.scale)
    }

    /// The product.
    ///
    /// |XY - xy| = |x (Y - y) + y (X - x) + (X - x)(Y - y)| for the members X, Y and the middles x, y; one unit more
    /// for rounding the middle down, and one for rounding the error down.
    pub fn mul(&self, other: &Self) -> Self {
        self.check_scale(other);
        let middle = (&self.middle * &other.middle) >> self.scale;
        if self.error.is_zero() && other.error.is_zero() {
            return Self::new(middle, Integer::ONE, self.scale);
        }
        let error = self.magnitude() * &other.error + other.middle.clone().abs() * &self.error;
        Self::new(middle, (error >> self.scale) + Integer::from(2), self.scale)
    }

    /// The product with a whole number.
    pub fn mul_small(&self, factor: i64) -> Self {
        let factor = Integer::from(factor);
        Self::new(&self.middle * &factor, &self.error * factor.abs(), self.scale)
    }

    /// The product with a large whole number.
    pub fn mul_integer(&self, factor: &Integer) -> Self {
        Self::new(&self.middle * factor, &self.error * factor.clone().abs(), self.scale)
    }

    /// The quotient by a whole number above 0; one unit for each of the two roundings.
    pub fn div_small(&self, divisor: u64) -> Self {
        debug_assert!(divisor > 0, "the divisor is positive");
        let divisor = Integer::from(divisor.max(1));
        // Division of integers rounds toward 0.
        let (middle, error) = (&self.middle / &divisor, &self.error / &divisor);
        Self::new(middle, error + Integer::from(2), self.scale)
    }

    /// The product with `2^-places`.
    pub fn halved(&self, places: usize) -> Self {
        Self::new(&self.middle >> places, (&self.error >> places) + Integer::from(2), self.scale)
    }

    /// The quotient; `None` when the divisor may be 0.
    ///
    /// |X/Y - x/y| = |(X - x) y - x (Y - y)| / (|Y| |y|) <= (e |y| + |x| d) / (|y| (|y| - d)) for errors e, d; one
    /// unit more for rounding the middle, and one for rounding the error down.
    pub fn div(&self, other: &Self) -> Option<Self> {
        self.check_scale(other);
        let divisor = other.middle.clone().abs();
        let least = &divisor - &other.error;
        if least <= Integer::ZERO {
            return None;
        }
        let middle = (&self.middle << self.scale) / &other.middle;
        let error = &self.error * &divisor + self.middle.clone().abs() * &other.error;
        let error = (error << self.scale) / (divisor * least);
        Some(Self::new(middle, error + Integer::from(2), self.scale))
    }

    /// The whole number nearest to the quotient of the middles, for reducing an argument. Requires: a period above 0.
    pub fn nearest_multiple(&self, period: &Self) -> Integer {
        self.check_scale(period);
        ((&self.middle << 1) + &period.middle).div_euclid(&period.middle << 1)
    }

    fn check_scale(&self, other: &Self) {
        debug_assert_eq!(self.scale, other.scale, "both have the same scale");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::rational::integer;
    use crate::number::{Random, Rational};

    /// A ball and one of its members.
    fn draw(random: &mut Random, scale: usize) -> (Ball, Rational) {
        let (middle, error) = (random.between(-900, 900), random.between(0, 9));
        let unit = Rational::ONE / Rational::from(Integer::ONE << scale);
        let member = integer(middle) + integer(random.between(-4, 4)) * integer(error) / integer(4);
        (Ball::new(Integer::from(middle), Integer::from(error), scale), member * unit)
    }

    #[test]
    fn members_stay_inside() {
        let mut random = Random::new(9);
        for _ in 0..5000 {
            let ((a, x), (b, y)) = (draw(&mut random, 6), draw(&mut random, 6));
            let check = |ball: Ball, value: Rational| {
                assert!(ball.to_interval(64).contains(&value), "{x} in {a:?}, {y} in {b:?}: {value} in {ball:?}");
            };
            check(a.add(&b), &x + &y);
            check(a.sub(&b), &x - &y);
            check(a.mul(&b), &x * &y);
            check(a.mul_small(-7), &x * integer(-7));
            check(a.div_small(3), &x / integer(3));
            check(a.halved(2), &x / integer(4));
            check(Ball::from_interval(&a.to_interval(64), 3).unwrap(), x.clone());
            if let Some(quotient) = a.div(&b) {
                check(quotient, &x / &y);
            }
        }
    }
}

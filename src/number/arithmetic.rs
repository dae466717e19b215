//! The operations on intervals whose ends follow from the ends: the four of arithmetic, powers, roots, orders.

use crate::number::Rational;
use crate::number::dyadic::{Bound, Rounding};
use crate::number::interval::Interval;
use std::cmp::Ordering;
use std::ops::{Add, Mul, Neg, Sub};

impl Interval {
    /// The quotient; `None` when the divisor may be 0.
    pub fn div(&self, divisor: &Self) -> Option<Self> {
        if divisor.is_negative() {
            return (-self).div(&-divisor);
        }
        if !divisor.is_positive() {
            return None;
        }
        let bits = self.bits.max(divisor.bits);
        let below = if self.is_nonnegative() { &divisor.high } else { &divisor.low };
        let above = if self.is_nonpositive() { &divisor.high } else { &divisor.low };
        Some(Self {
            low: self.low.div(below, bits, Rounding::Down),
            high: self.high.div(above, bits, Rounding::Up),
            bits,
        })
    }

    /// The quotients by the members of the divisor other than 0: the whole line when the divisor lies on both sides
    /// of 0, and `None` when it is 0.
    pub fn div_where_defined(&self, divisor: &Self) -> Option<Self> {
        if !divisor.contains_zero() {
            return self.div(divisor);
        }
        let bits = self.bits.max(divisor.bits);
        match (divisor.low.sign(), divisor.high.sign()) {
            (Ordering::Equal, Ordering::Equal) => None,
            (Ordering::Less, Ordering::Equal) => (-self).div_where_defined(&-divisor),
            (Ordering::Equal, _) if self.is_nonnegative() => {
                let low = self.low.div(&divisor.high, bits, Rounding::Down);
                let high = if self.high.sign() == Ordering::Equal { Bound::ZERO } else { Bound::PlusInfinity };
                Some(Self { low, high, bits })
            }
            (Ordering::Equal, _) if self.is_nonpositive() => (-self).div_where_defined(divisor).map(|value| -&value),
            _ => Some(Self::real_line(bits)),
        }
    }

    /// The power with a whole exponent; `x^0 = 1`. `None` when the exponent is negative and 0 may be a member.
    pub fn powi(&self, exponent: i64) -> Option<Self> {
        let power = exponent.unsigned_abs();
        if exponent >= 0 {
            return Some(self.raise(power));
        }
        if self.contains_zero() {
            return None;
        }
        let inverse = Self::integer(1, self.bits).div(&self.with_bits(self.bits + 8).raise(power))?;
        Some(inverse.with_bits(self.bits))
    }

    fn raise(&self, exponent: u64) -> Self {
        if exponent == 0 {
            return Self::integer(1, self.bits);
        }
        if exponent.is_multiple_of(2) {
            let base = self.abs();
            return Self {
                low: raise_magnitude(&base.low, exponent, self.bits, Rounding::Down),
                high: raise_magnitude(&base.high, exponent, self.bits, Rounding::Up),
                bits: self.bits,
            };
        }
        let end = |bound: &Bound, rounding: Rounding| match bound.sign() {
            Ordering::Less => raise_magnitude(&bound.neg(), exponent, self.bits, rounding.opposite()).neg(),
            Ordering::Equal | Ordering::Greater => raise_magnitude(bound, exponent, self.bits, rounding),
        };
        Self { low: end(&self.low, Rounding::Down), high: end(&self.high, Rounding::Up), bits: self.bits }
    }

    /// The square root; `None` when a member may be negative.
    pub fn sqrt(&self) -> Option<Self> {
        self.is_nonnegative().then(|| Self {
            low: root(&self.low, self.bits, Rounding::Down),
            high: root(&self.high, self.bits, Rounding::Up),
            bits: self.bits,
        })
    }

    /// The square roots of the members that are not negative; `None` when all are.
    pub fn sqrt_where_defined(&self) -> Option<Self> {
        self.intersect(&Self::at_least(&Rational::ZERO, self.bits))?.sqrt()
    }

    /// The distance from 0.
    pub fn abs(&self) -> Self {
        if self.is_nonnegative() {
            return self.clone();
        }
        if self.is_nonpositive() {
            return -self;
        }
        Self { low: Bound::ZERO, high: self.low.neg().max(self.high.clone()), bits: self.bits }
    }

    /// The smaller of two values.
    pub fn min(&self, other: &Self) -> Self {
        Self {
            low: (&self.low).min(&other.low).clone(),
            high: (&self.high).min(&other.high).clone(),
            bits: self.bits.max(other.bits),
        }
    }

    /// The larger of two values.
    pub fn max(&self, other: &Self) -> Self {
        Self {
            low: (&self.low).max(&other.low).clone(),
            high: (&self.high).max(&other.high).clone(),
            bits: self.bits.max(other.bits),
        }
    }

    /// The exact product with `2^places`.
    pub(super) fn shift(&self, places: i64) -> Self {
        let shifted = |bound: &Bound| match bound {
            Bound::Finite(value) => Bound::Finite(value.shift(places)),
            Bound::MinusInfinity | Bound::PlusInfinity => bound.clone(),
        };
        Self::from_bounds(&shifted(&self.low), &shifted(&self.high), self.bits)
    }
}

/// A bound of a power of a number that is not negative. Each rounding is in the same direction and products of
/// non-negative numbers grow with their factors, so the result bounds the power. Requires: `exponent >= 1`.
fn raise_magnitude(base: &Bound, exponent: u64, bits: u32, rounding: Rounding) -> Bound {
    // A few more bits keep the roundings of up to 128 products below one unit of the last place.
    let (mut square, mut rest, mut power) = (base.clone(), exponent, None::<Bound>);
    let work = bits.saturating_add(2 * (64 - exponent.leading_zeros()));
    loop {
        if rest & 1 == 1 {
            power = Some(power.map_or(square.clone(), |power| power.mul(&square).round(work, rounding)));
        }
        rest >>= 1;
        if rest == 0 {
            return power.unwrap_or(square).round(bits, rounding);
        }
        square = square.mul(&square).round(work, rounding);
    }
}

fn root(bound: &Bound, bits: u32, rounding: Rounding) -> Bound {
    match bound {
        Bound::Finite(value) => value.sqrt(bits, rounding),
        Bound::MinusInfinity | Bound::PlusInfinity => bound.clone(),
    }
}

impl Add for &Interval {
    type Output = Interval;

    fn add(self, other: Self) -> Interval {
        let bits = self.bits.max(other.bits);
        Interval {
            low: self.low.add(&other.low, bits, Rounding::Down),
            high: self.high.add(&other.high, bits, Rounding::Up),
            bits,
        }
    }
}

impl Neg for &Interval {
    type Output = Interval;

    fn neg(self) -> Interval {
        Interval { low: self.high.neg(), high: self.low.neg(), bits: self.bits }
    }
}

impl Sub for &Interval {
    type Output = Interval;

    fn sub(self, other: Self) -> Interval {
        self + &-other
    }
}

impl Mul for &Interval {
    type Output = Interval;

    fn mul(self, other: Self) -> Interval {
        let bits = self.bits.max(other.bits);
        // Where one of the two does not change its sign, two corners are known to be the extremes.
        let corners = match (side_of_zero(self), side_of_zero(other)) {
            (Some(Side::Above), Some(Side::Above)) => Some((&self.low, &other.low, &self.high, &other.high)),
            (Some(Side::Above), Some(Side::Below)) => Some((&self.high, &other.low, &self.low, &other.high)),
            (Some(Side::Below), Some(Side::Above)) => Some((&self.low, &other.high, &self.high, &other.low)),
            (Some(Side::Below), Some(Side::Below)) => Some((&self.high, &other.high, &self.low, &other.low)),
            (Some(Side::Above), None) => Some((&self.high, &other.low, &self.high, &other.high)),
            (None, Some(Side::Above)) => Some((&self.low, &other.high, &self.high, &other.high)),
            (Some(Side::Below), None) => Some((&self.low, &other.high, &self.low, &other.low)),
            (None, Some(Side::Below)) => Some((&self.high, &other.low, &self.low, &other.low)),
            (None, None) => None,
        };
        if let Some((a, b, c, d)) = corners {
            let (low, high) = (a.mul(b).round(bits, Rounding::Down), c.mul(d).round(bits, Rounding::Up));
            return Interval { low, high, bits };
        }
        // The product is bilinear, so its extremes over a rectangle are at corners.
        let ends = [
            self.low.mul(&other.low),
            self.low.mul(&other.high),
            self.high.mul(&other.low),
            self.high.mul(&other.high),
        ];
        let (mut low, mut high) = (&ends[0], &ends[0]);
        for end in &ends[1..] {
            (low, high) = (low.min(end), high.max(end));
        }
        Interval::from_bounds(low, high, bits)
    }
}

/// On which side of 0 all members lie, 0 itself apart.
#[derive(Clone, Copy)]
enum Side {
    Above,
    Below,
}

fn side_of_zero(interval: &Interval) -> Option<Side> {
    if interval.is_nonnegative() {
        Some(Side::Above)
    } else if interval.is_nonpositive() {
        Some(Side::Below)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::rational::{fraction, integer, pow};
    use crate::number::{Integer, Random};

    fn between(low: i64, high: i64) -> Interval {
        Interval::between(&integer(low), &integer(high), 64).unwrap()
    }

    /// A random interval with a random member.
    fn draw(random: &mut Random) -> (Interval, Rational) {
        let (first, second) = (random.rational(9), random.rational(9));
        let (low, high) = if first <= second { (first, second) } else { (second, first) };
        let inside = random.rational_between(&low, &high, 7);
        let interval = match random.below(6) {
            0 => Interval::at_least(&low, 40),
            1 => Interval::at_most(&high, 40),
            2 => Interval::point(&inside, 40),
            _ => Interval::between(&low, &high, 40).unwrap(),
        };
        (interval, inside)
    }

    #[test]
    fn members_stay_inside() {
        let mut random = Random::new(5);
        for _ in 0..3000 {
            let ((a, x), (b, y)) = (draw(&mut random), draw(&mut random));
            let check = |interval: Interval, value: Rational| {
                assert!(interval.contains(&value), "{x} in {a:?}, {y} in {b:?}: {value} in {interval:?}");
            };
            check(&a + &b, &x + &y);
            check(&a - &b, &x - &y);
            check(&a * &b, &x * &y);
            check(a.min(&b), x.clone().min(y.clone()));
            check(a.max(&b), x.clone().max(y.clone()));
            check(a.hull(&b), x.clone());
            check(a.abs(), crate::number::rational::abs(&x));
            if let Some(quotient) = a.div(&b) {
                check(quotient, &x / &y);
            }
            if let Some(quotient) = a.div_where_defined(&b).filter(|_| !y.is_zero()) {
                check(quotient, &x / &y);
            }
            let exponent = random.between(-6, 6);
            if let Some(power) = a.powi(exponent) {
                check(power, pow(&x, exponent).unwrap());
            }
            if let Some(root) = a.sqrt_where_defined().filter(|_| x >= Rational::ZERO) {
                let square = &root * &root;
                assert!(square.contains(&x), "{square:?} {x}");
            }
        }
    }

    #[test]
    fn results_are_tight() {
        let check = |interval: Option<Interval>, low: i64, high: i64| assert_eq!(interval, Some(between(low, high)));
        check(Some(&between(-2, 3) * &between(-5, 7)), -15, 21);
        check(between(-2, 3).powi(2), 0, 9);
        check(between(-2, 3).powi(3), -8, 27);
        check(between(4, 9).sqrt(), 2, 3);
        check(between(4, 8).div(&between(-2, -1)), -8, -2);
        let third = Interval::point(&fraction(1, 3).unwrap(), 100);
        assert!(third.powi(1000).unwrap().powi(-1).unwrap().is_bounded());
        assert!(Interval::integer(3, 100).powi(-50).unwrap().is_narrower_than(79 + 98));
        assert!(Interval::integer(2, 100).sqrt().unwrap().is_narrower_than(98));
    }

    #[test]
    fn refusals() {
        assert_eq!(between(1, 2).div(&between(0, 1)), None);
        assert_eq!(between(1, 2).div(&between(-1, 1)), None);
        assert_eq!(between(0, 1).powi(-1), None);
        assert_eq!(between(-1, 1).sqrt(), None);
        assert_eq!(between(-2, -1).sqrt_where_defined(), None);
        assert_eq!(between(1, 2).div_where_defined(&between(0, 0)), None);
        assert_eq!(between(1, 2).div_where_defined(&between(-1, 1)), Some(Interval::real_line(64)));
        assert_eq!(between(1, 2).div_where_defined(&between(0, 1)), Some(Interval::at_least(&integer(1), 64)));
        assert_eq!(between(1, 2).div_where_defined(&between(-1, 0)), Some(Interval::at_most(&integer(-1), 64)));
    }

    #[test]
    fn giants_overflow_outward() {
        let giant = between(2, 3).powi(i64::MAX).unwrap();
        assert!(giant.is_positive() && !giant.is_bounded() && giant.low().is_none());
        let tiny = Interval::integer(1, 64).div(&giant).unwrap();
        assert!(tiny.contains_zero() && tiny.is_bounded());
        assert_eq!(tiny.to_f64_pair(), (0.0, f64::from_bits(1)));
        assert_eq!(giant.to_f64_pair(), (f64::MAX, f64::INFINITY));
        let far = &Interval::integer(1, 64) + &Interval::integer(2, 64).powi(-1_000_000).unwrap();
        assert!(far.contains(&Rational::ONE) && !far.is_point() && far.is_narrower_than(60));
        assert_eq!(&Integer::from(-5) >> 1, Integer::from(-3));
    }
}

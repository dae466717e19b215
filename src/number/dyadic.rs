//! Binary floating-point numbers of any precision, exact until they are rounded in a stated direction.

use crate::number::{Integer, Rational};
use dashu_base::{Abs, BitTest, DivRem, SquareRootRem, UnsignedAbs};
use std::cmp::Ordering;

/// Numbers of 2^LIMIT and more round to infinity or to 2^LIMIT, numbers below 2^-LIMIT to that or to 0, whichever
/// lies on the safe side. Exponents therefore never come near the range of `i64`.
const LIMIT: i64 = 1 << 40;

/// Exponents beyond this are not written out as fractions: the fraction would not fit into memory.
const MAX_WRITTEN_EXPONENT: u64 = 1 << 20;

/// The side to which a result that does not fit is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Toward minus infinity: the result is a lower bound.
    Down,
    /// Toward plus infinity: the result is an upper bound.
    Up,
}

impl Rounding {
    /// The other direction.
    pub fn opposite(self) -> Self {
        match self {
            Self::Down => Self::Up,
            Self::Up => Self::Down,
        }
    }
}

/// `mantissa * 2^exponent`; the mantissa is odd, or both are 0, so equal numbers are equal field by field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dyadic {
    mantissa: Integer,
    exponent: i64,
}

/// An end of an interval. The order of the variants is the order of the numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bound {
    /// Unbounded below.
    MinusInfinity,
    /// A number.
    Finite(Dyadic),
    /// Unbounded above.
    PlusInfinity,
}

impl Dyadic {
    /// Zero.
    pub const ZERO: Self = Self { mantissa: Integer::ZERO, exponent: 0 };

    /// `mantissa * 2^exponent`.
    pub fn new(mantissa: Integer, exponent: i64) -> Self {
        match mantissa.trailing_zeros() {
            None => Self::ZERO,
            Some(0) => Self { mantissa, exponent },
            Some(zeros) => Self { mantissa: mantissa >> zeros, exponent: exponent + zeros as i64 },
        }
    }

    /// A whole number.
    pub fn integer(value: i64) -> Self {
        Self::new(Integer::from(value), 0)
    }

    /// `2^exponent`.
    pub fn power_of_two(exponent: i64) -> Self {
        Self { mantissa: Integer::ONE, exponent }
    }

    /// Whether this is 0.
    pub fn is_zero(&self) -> bool {
        self.mantissa.is_zero()
    }

    /// The comparison with 0.
    pub fn sign(&self) -> Ordering {
        self.mantissa.cmp(&Integer::ZERO)
    }

    /// The `t` with `2^(t-1) <= |self| < 2^t`; for 0, a number below all others that occur.
    pub fn top(&self) -> i64 {
        if self.is_zero() {
            return -4 * LIMIT;
        }
        self.exponent + self.mantissa.bit_len() as i64
    }

    /// The negative.
    pub fn neg(&self) -> Self {
        Self { mantissa: -&self.mantissa, exponent: self.exponent }
    }

    /// The distance from 0.
    pub fn abs(&self) -> Self {
        Self { mantissa: self.mantissa.clone().abs(), exponent: self.exponent }
    }

    /// The exact product with `2^places`.
    pub fn shift(&self, places: i64) -> Self {
        if self.is_zero() {
            return Self::ZERO;
        }
        Self { mantissa: self.mantissa.clone(), exponent: self.exponent + places }
    }

    /// The exact product.
    pub fn mul(&self, other: &Self) -> Self {
        if self.is_zero() || other.is_zero() {
            return Self::ZERO;
        }
        // A product of odd numbers is odd.
        Self { mantissa: &self.mantissa * &other.mantissa, exponent: self.exponent + other.exponent }
    }

    /// The exact sum. Requires exponents that are not far apart, since every digit between them is kept.
    pub fn add_exact(&self, other: &Self) -> Self {
        let exponent = self.exponent.min(other.exponent);
        let lift = |value: &Self| &value.mantissa << (value.exponent - exponent) as usize;
        Self::new(lift(self) + lift(other), exponent)
    }

    /// A bound of the sum, within one unit of its last of `bits` places.
    pub fn add(&self, other: &Self, bits: u32, rounding: Rounding) -> Bound {
        let (large, small) = if self.top() >= other.top() { (self, other) } else { (other, self) };
        if small.is_zero() {
            return large.round(bits, rounding);
        }
        // A small summand that lies below every digit that matters moves the sum by less than 2^place.
        let place = large.exponent.min(large.top() - i64::from(bits) - 4);
        if small.top() > place {
            return large.add_exact(small).round(bits, rounding);
        }
        match (small.sign(), rounding) {
            (Ordering::Less, Rounding::Down) => large.add_exact(&Self::power_of_two(place).neg()).round(bits, rounding),
            (Ordering::Greater, Rounding::Up) => large.add_exact(&Self::power_of_two(place)).round(bits, rounding),
            _ => large.round(bits, rounding),
        }
    }

    /// A bound of the quotient, within two units of its last of `bits` places. Requires: `other` is not 0.
    pub fn div(&self, other: &Self, bits: u32, rounding: Rounding) -> Bound {
        let wanted = bits as usize + 1 + other.mantissa.bit_len();
        let lift = wanted.saturating_sub(self.mantissa.bit_len());
        let numerator = (&self.mantissa).unsigned_abs() << lift;
        let (quotient, rest) = numerator.div_rem((&other.mantissa).unsigned_abs());
        let negative = (self.sign() == Ordering::Less) != (other.sign() == Ordering::Less);
        let exponent = self.exponent - other.exponent - lift as i64;
        directed(Integer::from(quotient), rest.is_zero(), negative, exponent, bits, rounding)
    }

    /// A bound of the square root, within two units of its last of `bits` places. Requires: not negative.
    pub fn sqrt(&self, bits: u32, rounding: Rounding) -> Bound {
        let wanted = 2 * (bits as usize + 2);
        let mut lift = wanted.saturating_sub(self.mantissa.bit_len());
        if (self.exponent - lift as i64) % 2 != 0 {
            lift += 1;
        }
        let (root, rest) = ((&self.mantissa).unsigned_abs() << lift).sqrt_rem();
        let exponent = (self.exponent - lift as i64) / 2;
        directed(Integer::from(root), rest.is_zero(), false, exponent, bits, rounding)
    }

    /// The nearest number of at most `bits` binary digits on the side of `rounding`.
    pub fn round(&self, bits: u32, rounding: Rounding) -> Bound {
        let excess = self.mantissa.bit_len().saturating_sub(bits as usize);
        let rounded = if excess == 0 {
            self.clone()
        } else {
            // The shift of an integer rounds down. The mantissa is odd, so digits are lost.
            let floor = &self.mantissa >> excess;
            let mantissa = if rounding == Rounding::Up { floor + Integer::ONE } else { floor };
            Self::new(mantissa, self.exponent + excess as i64)
        };
        rounded.within_range(rounding)
    }

    fn within_range(self, rounding: Rounding) -> Bound {
        let top = self.top();
        if self.is_zero() || (-LIMIT..=LIMIT).contains(&top) {
            return Bound::Finite(self);
        }
        let (huge, positive) = (top > LIMIT, self.sign() == Ordering::Greater);
        let edge = |exponent| Bound::Finite(Self::power_of_two(exponent));
        match (huge, positive, rounding) {
            (true, true, Rounding::Up) => Bound::PlusInfinity,
            (true, true, Rounding::Down) => edge(LIMIT),
            (true, false, Rounding::Down) => Bound::MinusInfinity,
            (true, false, Rounding::Up) => edge(LIMIT).neg(),
            (false, true, Rounding::Up) => edge(-LIMIT),
            (false, false, Rounding::Down) => edge(-LIMIT).neg(),
            (false, true, Rounding::Down) | (false, false, Rounding::Up) => Bound::Finite(Self::ZERO),
        }
    }

    /// A bound of a fraction, within two units of its last of `bits` places.
    pub fn from_rational(value: &Rational, bits: u32, rounding: Rounding) -> Bound {
        let numerator = Self::new(value.numerator().clone(), 0);
        if value.is_int() {
            return numerator.round(bits, rounding);
        }
        numerator.div(&Self::new(Integer::from(value.denominator().clone()), 0), bits, rounding)
    }

    /// The exact fraction; `None` when its exponent is too large to write it out.
    pub fn to_rational(&self) -> Option<Rational> {
        if self.exponent.unsigned_abs() > MAX_WRITTEN_EXPONENT {
            return None;
        }
        let shift = self.exponent.unsigned_abs() as usize;
        if self.exponent >= 0 {
            return Some(Rational::from(&self.mantissa << shift));
        }
        Some(Rational::from_parts(self.mantissa.clone(), (Integer::ONE << shift).unsigned_abs()))
    }

    /// The comparison with a fraction, exact.
    pub fn cmp_rational(&self, value: &Rational) -> Ordering {
        let numerator = value.numerator();
        let sign = numerator.cmp(&Integer::ZERO);
        if self.sign() != sign || self.is_zero() {
            return self.sign().cmp(&sign);
        }
        // 2^(top-1) < |value| < 2^(top+1).
        let top = numerator.bit_len() as i64 - value.denominator().bit_len() as i64;
        let magnitude = match self.top() {
            own if own > top + 1 => Ordering::Greater,
            own if own < top => Ordering::Less,
            _ => return self.cmp_product(numerator, &Integer::from(value.denominator().clone())),
        };
        if sign == Ordering::Less { magnitude.reverse() } else { magnitude }
    }

    /// Compares `self * denominator` with `numerator`.
    fn cmp_product(&self, numerator: &Integer, denominator: &Integer) -> Ordering {
        let product = &self.mantissa * denominator;
        let shift = self.exponent.unsigned_abs() as usize;
        if self.exponent >= 0 { (product << shift).cmp(numerator) } else { product.cmp(&(numerator << shift)) }
    }

    /// The largest integer that is not above. Requires an exponent that is not large.
    pub fn floor(&self) -> Integer {
        let shift = self.exponent.unsigned_abs() as usize;
        if self.exponent >= 0 { &self.mantissa << shift } else { &self.mantissa >> shift }
    }

    /// `self * 2^scale` as an integer rounded down, and whether that is exact.
    pub fn to_fixed(&self, scale: usize) -> (Integer, bool) {
        let places = self.exponent + scale as i64;
        let shift = places.unsigned_abs() as usize;
        if places >= 0 { (&self.mantissa << shift, true) } else { (&self.mantissa >> shift, self.is_zero()) }
    }

    /// The nearest `f64` on the side of `rounding`.
    pub fn to_f64(&self, rounding: Rounding) -> f64 {
        // Below the normal range, the last place is 2^-1074 whatever the number is.
        let room = self.top() + 1074;
        let rounded = match u32::try_from(room.min(53)) {
            Ok(bits) if bits > 0 => self.round(bits, rounding),
            _ if self.is_zero() => return 0.0,
            _ => return tiny(self.sign(), rounding),
        };
        let Bound::Finite(rounded) = rounded else {
            return if rounding == Rounding::Up { f64::INFINITY } else { f64::NEG_INFINITY };
        };
        if rounded.top() > 1024 {
            return match (rounded.sign(), rounding) {
                (Ordering::Greater, Rounding::Up) => f64::INFINITY,
                (Ordering::Greater, Rounding::Down) => f64::MAX,
                (_, Rounding::Down) => f64::NEG_INFINITY,
                (_, Rounding::Up) => f64::MIN,
            };
        }
        // Exact: the mantissa has at most 53 bits and the product is representable.
        let mantissa = i64::try_from(&rounded.mantissa).unwrap_or(0);
        mantissa as f64 * power_of_two_f64(rounded.exponent)
    }
}

/// The bound `magnitude * 2^exponent` with a sign, from a magnitude that was rounded toward 0 unless it is `exact`.
fn directed(magnitude: Integer, exact: bool, negative: bool, exponent: i64, bits: u32, rounding: Rounding) -> Bound {
    let away_from_zero = negative == (rounding == Rounding::Down);
    let magnitude = if away_from_zero && !exact { magnitude + Integer::ONE } else { magnitude };
    Dyadic::new(if negative { -magnitude } else { magnitude }, exponent).round(bits, rounding)
}

fn tiny(sign: Ordering, rounding: Rounding) -> f64 {
    match (sign, rounding) {
        (Ordering::Greater, Rounding::Up) => f64::from_bits(1),
        (Ordering::Less, Rounding::Down) => -f64::from_bits(1),
        _ => 0.0,
    }
}

/// `2^exponent` for exponents from -1074 to 1023.
fn power_of_two_f64(exponent: i64) -> f64 {
    let bits = if exponent >= -1022 { (exponent + 1023) << 52 } else { 1 << (exponent + 1074).clamp(0, 51) };
    f64::from_bits(bits.cast_unsigned())
}

impl PartialOrd for Dyadic {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Dyadic {
    fn cmp(&self, other: &Self) -> Ordering {
        let (own_sign, other_sign) = (self.sign(), other.sign());
        if own_sign != other_sign || own_sign == Ordering::Equal {
            return own_sign.cmp(&other_sign);
        }
        let tops = self.top().cmp(&other.top());
        if tops != Ordering::Equal {
            return if own_sign == Ordering::Less { tops.reverse() } else { tops };
        }
        if self.exponent == other.exponent {
            return self.mantissa.cmp(&other.mantissa);
        }
        // Equal tops: the exponents differ by no more than the mantissas are long.
        let exponent = self.exponent.min(other.exponent);
        let lift = |value: &Self| &value.mantissa << (value.exponent - exponent) as usize;
        lift(self).cmp(&lift(other))
    }
}

impl Bound {
    /// Zero.
    pub const ZERO: Self = Self::Finite(Dyadic::ZERO);

    /// The number, unless it is infinite.
    pub fn finite(&self) -> Option<&Dyadic> {
        match self {
            Self::Finite(value) => Some(value),
            Self::MinusInfinity | Self::PlusInfinity => None,
        }
    }

    /// The comparison with 0.
    pub fn sign(&self) -> Ordering {
        match self {
            Self::MinusInfinity => Ordering::Less,
            Self::Finite(value) => value.sign(),
            Self::PlusInfinity => Ordering::Greater,
        }
    }

    /// The negative.
    pub fn neg(&self) -> Self {
        match self {
            Self::MinusInfinity => Self::PlusInfinity,
            Self::Finite(value) => Self::Finite(value.neg()),
            Self::PlusInfinity => Self::MinusInfinity,
        }
    }

    /// Rounds to `bits` binary digits.
    pub fn round(&self, bits: u32, rounding: Rounding) -> Self {
        match self {
            Self::MinusInfinity | Self::PlusInfinity => self.clone(),
            Self::Finite(value) => value.round(bits, rounding),
        }
    }

    /// A bound of the sum. Opposite infinities give the one on the safe side.
    pub fn add(&self, other: &Self, bits: u32, rounding: Rounding) -> Self {
        match (self, other) {
            (Self::Finite(left), Self::Finite(right)) => left.add(right, bits, rounding),
            (Self::Finite(_), infinite) | (infinite, Self::Finite(_)) => infinite.clone(),
            _ => match rounding {
                Rounding::Down => self.min(other).clone(),
                Rounding::Up => self.max(other).clone(),
            },
        }
    }

    /// The exact product. 0 times infinity is 0, as it is for the real numbers below that infinity.
    pub fn mul(&self, other: &Self) -> Self {
        if let (Self::Finite(left), Self::Finite(right)) = (self, other) {
            return Self::Finite(left.mul(right));
        }
        match (self.sign(), other.sign()) {
            (Ordering::Equal, _) | (_, Ordering::Equal) => Self::ZERO,
            (left, right) if left == right => Self::PlusInfinity,
            _ => Self::MinusInfinity,
        }
    }

    /// A bound of the quotient; a number over infinity is 0. Requires: not both infinite, `other` not 0.
    pub fn div(&self, other: &Self, bits: u32, rounding: Rounding) -> Self {
        match (self, other) {
            (Self::Finite(left), Self::Finite(right)) => left.div(right, bits, rounding),
            (_, Self::MinusInfinity | Self::PlusInfinity) => Self::ZERO,
            (infinite, Self::Finite(right)) => {
                if right.sign() == Ordering::Less {
                    infinite.neg()
                } else {
                    infinite.clone()
                }
            }
        }
    }

    /// The `f64` on the side of `rounding`.
    pub fn to_f64(&self, rounding: Rounding) -> f64 {
        match self {
            Self::MinusInfinity => f64::NEG_INFINITY,
            Self::Finite(value) => value.to_f64(rounding),
            Self::PlusInfinity => f64::INFINITY,
        }
    }
}

//! What exact fractions need beyond the four operations: reading, writing, powers, roots, and simple choices.

use crate::number::{Integer, Rational};
use dashu_base::{BitTest, SquareRootRem, UnsignedAbs};

/// Results of [`pow`] above this many bits are refused, so that a typing error cannot eat memory and time:
/// their factors are looked for, and their digits compared, over and over.
const MAX_BITS: usize = 1 << 15;

/// Decimal exponents beyond this are refused by [`parse_decimal`].
const MAX_DECIMAL_EXPONENT: i64 = 100_000;

/// Numbers of more digits are refused by [`parse_decimal`].
const MAX_DIGITS: usize = 5_000;

/// The fraction `numerator / denominator`, or `None` when the denominator is 0.
pub fn fraction(numerator: i64, denominator: i64) -> Option<Rational> {
    if denominator == 0 {
        return None;
    }
    Some(Rational::from_parts_signed(Integer::from(numerator), Integer::from(denominator)))
}

/// The integer `n` as a fraction.
pub fn integer(n: i64) -> Rational {
    Rational::from(n)
}

/// Reads `3`, `0.25`, `.5`, `-2.`, `1e-3` exactly; `None` for anything else, for exponents beyond 100000, and for more
/// than 5000 digits.
///
/// ```
/// use chainrule::number::rational::{fraction, parse_decimal};
/// assert_eq!(parse_decimal("0.25"), fraction(1, 4));
/// assert_eq!(parse_decimal("1e-3"), fraction(1, 1000));
/// assert_eq!(parse_decimal("e"), None);
/// ```
pub fn parse_decimal(text: &str) -> Option<Rational> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
        None => (unsigned, 0),
    };
    let (whole, fractional) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fractional}");
    if digits.is_empty() || digits.len() > MAX_DIGITS || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let exponent = exponent.checked_sub(i64::try_from(fractional.len()).ok()?)?;
    if exponent.abs() > MAX_DECIMAL_EXPONENT {
        return None;
    }
    let value = Rational::from(digits.parse::<Integer>().ok()?) * integer(10).pow(isize::try_from(exponent).ok()?);
    Some(if negative { -value } else { value })
}

/// The sum; quicker than `+` where both are whole.
pub fn sum(left: &Rational, right: &Rational) -> Rational {
    if left.is_int() && right.is_int() {
        return Rational::from(left.numerator() + right.numerator());
    }
    left + right
}

/// The product; quicker than `*` where both are whole, or one of them is 1.
pub fn product(left: &Rational, right: &Rational) -> Rational {
    if left.is_int() && right.is_int() {
        return Rational::from(left.numerator() * right.numerator());
    }
    match (left.is_one(), right.is_one()) {
        (true, _) => right.clone(),
        (_, true) => left.clone(),
        (false, false) => left * right,
    }
}

/// `base` to the power `exponent`; `0^0 = 1`. `None` for 0 to a negative power, and when the result would be huge.
pub fn pow(base: &Rational, exponent: i64) -> Option<Rational> {
    let magnitude = usize::try_from(exponent.unsigned_abs()).ok()?;
    if exponent == 0 || base.is_one() {
        return Some(Rational::ONE);
    }
    if base.is_zero() {
        return (exponent > 0).then_some(Rational::ZERO);
    }
    if *base == Rational::NEG_ONE {
        return Some(if exponent % 2 == 0 { Rational::ONE } else { Rational::NEG_ONE });
    }
    if height(base).checked_mul(magnitude)? > MAX_BITS {
        return None;
    }
    Some(base.pow(isize::try_from(exponent).ok()?))
}

/// The nearest `f64`; beyond its range, an infinity or zero.
pub fn to_f64(value: &Rational) -> f64 {
    value.to_f64().value()
}

/// The exact value of a float; `None` for infinities and NaN.
pub fn from_f64(value: f64) -> Option<Rational> {
    Rational::try_from(value).ok()
}

/// The value as an `i64`, when it is a whole number that fits.
pub fn to_i64(value: &Rational) -> Option<i64> {
    if value.is_int() { i64::try_from(value.numerator()).ok() } else { None }
}

/// The value as an integer, when it is whole.
pub fn to_integer(value: &Rational) -> Option<Integer> {
    value.is_int().then(|| value.numerator().clone())
}

/// Whether the value is a whole number.
pub fn is_integer(value: &Rational) -> bool {
    value.is_int()
}

/// Whether the value is below 0.
pub fn is_negative(value: &Rational) -> bool {
    *value < Rational::ZERO
}

/// The distance from 0.
pub fn abs(value: &Rational) -> Rational {
    if is_negative(value) { -value } else { value.clone() }
}

/// The value as a reader writes it on one line: `3`, `-3/4`.
pub fn display(value: &Rational) -> String {
    if value.is_int() {
        value.numerator().to_string()
    } else {
        format!("{}/{}", value.numerator(), value.denominator())
    }
}

/// The size in bits of numerator and denominator together: small for round numbers. Counterexamples shrink by it.
pub fn height(value: &Rational) -> usize {
    value.numerator().bit_len() + value.denominator().bit_len()
}

/// The square root, when it is rational.
///
/// In lowest terms a fraction is a square exactly when numerator and denominator are.
pub fn sqrt_exact(value: &Rational) -> Option<Rational> {
    if is_negative(value) {
        return None;
    }
    let (numerator, numerator_rest) = value.numerator().clone().unsigned_abs().sqrt_rem();
    let (denominator, denominator_rest) = value.denominator().sqrt_rem();
    (numerator_rest.is_zero() && denominator_rest.is_zero())
        .then(|| Rational::from_parts(Integer::from(numerator), denominator))
}

/// The fraction with the smallest denominator in the closed interval, and among those the one nearest to 0.
///
/// `None` when `low > high`. It is the first node of the Stern-Brocot tree inside the interval
/// (Graham, Knuth, Patashnik, Concrete Mathematics, 4.5).
pub fn simplest_between(low: &Rational, high: &Rational) -> Option<Rational> {
    if low > high {
        return None;
    }
    if *low <= Rational::ZERO && *high >= Rational::ZERO {
        return Some(Rational::ZERO);
    }
    if is_negative(high) {
        return simplest_between(&-high, &-low).map(|value| -value);
    }
    let (mut low, mut high, mut quotients) = (low.clone(), high.clone(), Vec::new());
    let last = loop {
        let ceiling = Rational::from(low.ceil());
        if ceiling <= high {
            break ceiling;
        }
        // No integer lies in the interval, so both ends have the same integer part.
        let floor = Rational::from(low.floor());
        let (next_low, next_high) = (Rational::ONE / (&high - &floor), Rational::ONE / (&low - &floor));
        (low, high) = (next_low, next_high);
        quotients.push(floor);
    };
    Some(quotients.iter().rev().fold(last, |value, quotient| quotient + Rational::ONE / value))
}

/// A simple fraction strictly between the two; `None` when `low >= high`.
///
/// It is the simplest one of the middle half, so it keeps its distance from both ends.
pub fn simple_inside(low: &Rational, high: &Rational) -> Option<Rational> {
    if low >= high {
        return None;
    }
    let quarter = (high - low) / integer(4);
    simplest_between(&(low + &quarter), &(high - &quarter))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(numerator: i64, denominator: i64) -> Rational {
        fraction(numerator, denominator).unwrap()
    }

    #[track_caller]
    fn check_decimal(text: &str, expected: Option<Rational>) {
        assert_eq!(parse_decimal(text), expected, "{text}");
    }

    #[test]
    fn decimals_are_exact() {
        check_decimal("0.25", Some(ratio(1, 4)));
        check_decimal("3", Some(ratio(3, 1)));
        check_decimal(".5", Some(ratio(1, 2)));
        check_decimal("-2.", Some(ratio(-2, 1)));
        check_decimal("1e-3", Some(ratio(1, 1000)));
        check_decimal("1.5E2", Some(ratio(150, 1)));
        for wrong in ["", ".", "-", "1.2.3", "e3", "1e", "0x1", "1_000", "1e999999999", "--1", "- 1"] {
            check_decimal(wrong, None);
        }
    }

    #[test]
    fn powers_refuse_zero_to_a_negative_and_giants() {
        assert_eq!(pow(&ratio(-2, 3), -3), Some(ratio(-27, 8)));
        assert_eq!(pow(&ratio(0, 1), 0), Some(ratio(1, 1)));
        assert_eq!(pow(&ratio(0, 1), -1), None);
        assert_eq!(pow(&ratio(3, 2), i64::MAX), None);
        assert_eq!(pow(&ratio(-1, 1), i64::MIN), Some(ratio(1, 1)));
    }

    #[test]
    fn roots_only_of_squares() {
        assert_eq!(sqrt_exact(&ratio(9, 16)), Some(ratio(3, 4)));
        assert_eq!(sqrt_exact(&ratio(0, 1)), Some(ratio(0, 1)));
        assert_eq!(sqrt_exact(&ratio(2, 9)), None);
        assert_eq!(sqrt_exact(&ratio(-4, 1)), None);
    }

    #[test]
    fn display_height_and_conversions() {
        assert_eq!(display(&ratio(-6, 8)), "-3/4");
        assert_eq!(display(&ratio(6, -2)), "-3");
        assert_eq!(height(&ratio(-3, 4)), 5);
        assert_eq!(to_i64(&ratio(7, 1)), Some(7));
        assert_eq!(to_i64(&ratio(7, 2)), None);
        assert_eq!(to_f64(&ratio(1, 3)), 1.0 / 3.0);
        assert_eq!(from_f64(0.1).map(|value| to_f64(&value)), Some(0.1));
        assert_eq!(from_f64(f64::NAN), None);
        assert_eq!(fraction(1, 0), None);
    }

    #[test]
    fn simplest_fractions() {
        let check = |low, high, expected| assert_eq!(simplest_between(&low, &high), Some(expected));
        check(ratio(314, 100), ratio(315, 100), ratio(22, 7));
        check(ratio(-315, 100), ratio(-314, 100), ratio(-22, 7));
        check(ratio(-1, 9), ratio(5, 1), ratio(0, 1));
        check(ratio(1, 3), ratio(1, 3), ratio(1, 3));
        check(ratio(1, 3), ratio(9, 2), ratio(1, 1));
        assert_eq!(simplest_between(&ratio(1, 1), &ratio(0, 1)), None);
        assert_eq!(simple_inside(&ratio(0, 1), &ratio(1, 1)), Some(ratio(1, 2)));
        assert_eq!(simple_inside(&ratio(1, 1), &ratio(1, 1)), None);
    }
}

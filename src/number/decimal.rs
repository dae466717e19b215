//! How an interval is written: decimal ends, rounded outward like everything else.

use crate::number::dyadic::{Bound, Dyadic, Rounding};
use crate::number::interval::Interval;
use crate::number::rational::{abs, integer, pow};
use crate::number::{Integer, Rational};
use std::cmp::Ordering;
use std::fmt;

/// Significant digits of an end.
const DIGITS: i64 = 17;

/// Ends with exponents beyond this are written as a power of two.
const MAX_DECIMAL_TOP: i64 = 4096;

impl fmt::Display for Interval {
    /// Writes `[low, high]` with 17 significant digits rounded outward, `3` for a short exact number, and
    /// `(-inf, inf)` for infinite ends.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let low = decimal(&self.low, Rounding::Down);
        let high = decimal(&self.high, Rounding::Up);
        if low == high {
            return f.write_str(&low);
        }
        let open = if self.low.finite().is_some() { '[' } else { '(' };
        let close = if self.high.finite().is_some() { ']' } else { ')' };
        write!(f, "{open}{low}, {high}{close}")
    }
}

fn decimal(bound: &Bound, rounding: Rounding) -> String {
    match bound {
        Bound::MinusInfinity => "-inf".into(),
        Bound::PlusInfinity => "inf".into(),
        Bound::Finite(value) => match value.sign() {
            Ordering::Less => format!("-{}", magnitude(&value.neg(), rounding.opposite())),
            Ordering::Equal => "0".into(),
            Ordering::Greater => magnitude(value, rounding),
        },
    }
}

fn magnitude(value: &Dyadic, rounding: Rounding) -> String {
    let exact = value.to_rational().filter(|_| value.top().abs() <= MAX_DECIMAL_TOP);
    let Some((mut digits, mut exponent)) = exact.and_then(|exact| leading_digits(&exact, value.top(), rounding)) else {
        let exponent = if rounding == Rounding::Down { value.top() - 1 } else { value.top() };
        return format!("2^{exponent}");
    };
    while digits.len() > 1 && digits.ends_with('0') {
        digits.pop();
        exponent += 1;
    }
    place_point(&digits, exponent)
}

/// The digits d and the exponent e of a bound `d * 10^e` of a positive number with 17 or 18 digits.
fn leading_digits(value: &Rational, top: i64, rounding: Rounding) -> Option<(String, i64)> {
    // 10^(top * 0.30103 - 2) is below the value, so at least 17 digits are left of the point.
    let mut exponent = top * 30_103 / 100_000 - 2 - DIGITS;
    let mut scaled = abs(value) * pow(&integer(10), -exponent)?;
    let limit = pow(&integer(10), DIGITS)?;
    while scaled >= limit {
        scaled /= integer(10);
        exponent += 1;
    }
    let digits: Integer = if rounding == Rounding::Down { scaled.floor() } else { scaled.ceil() };
    Some((digits.to_string(), exponent))
}

fn place_point(digits: &str, exponent: i64) -> String {
    let point = digits.len() as i64 + exponent;
    match point {
        1..=21 if exponent >= 0 => format!("{digits}{}", "0".repeat(exponent as usize)),
        1..=21 => format!("{}.{}", &digits[..point as usize], &digits[point as usize..]),
        -5..=0 => format!("0.{}{digits}", "0".repeat(point.unsigned_abs() as usize)),
        _ => {
            let (first, rest) = digits.split_at(1);
            let fraction = if rest.is_empty() { String::new() } else { format!(".{rest}") };
            format!("{first}{fraction}e{}", point - 1)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::rational::fraction;

    #[track_caller]
    fn check(interval: Interval, expected: &str) {
        assert_eq!(interval.to_string(), expected);
    }

    #[test]
    fn ends_are_rounded_outward() {
        let point = |n, d| Interval::point(&fraction(n, d).unwrap(), 100);
        check(point(1, 3), "[0.33333333333333333, 0.33333333333333334]");
        check(point(-1, 3), "[-0.33333333333333334, -0.33333333333333333]");
        check(point(-5, 2), "-2.5");
        check(point(1, 64), "0.015625");
        check(point(0, 1), "0");
        check(point(1200, 1), "1200");
        check(point(1, 3_000_000_000), "[3.3333333333333333e-10, 3.3333333333333334e-10]");
        check(point(1, 2).powi(100).unwrap(), "[7.888609052210118e-31, 7.8886090522101181e-31]");
        check(Interval::at_least(&integer(-1), 64), "[-1, inf)");
        check(Interval::real_line(64), "(-inf, inf)");
        check(Interval::integer(2, 64).powi(100_000).unwrap(), "[2^100000, 2^100001]");
    }
}

//! π and ln 2 to any precision.

use crate::number::Integer;
use crate::number::enclose::ball::Ball;
use std::sync::OnceLock;

/// Precisions up to this are cut from one value that is computed once.
const KEPT_SCALE: usize = 1024;

/// π in units of 2^-scale.
pub fn pi(scale: usize) -> Ball {
    static KEPT: OnceLock<Ball> = OnceLock::new();
    cut(&KEPT, scale, compute_pi)
}

/// ln 2 in units of 2^-scale.
pub fn ln_2(scale: usize) -> Ball {
    static KEPT: OnceLock<Ball> = OnceLock::new();
    cut(&KEPT, scale, compute_ln_2)
}

fn cut(kept: &OnceLock<Ball>, scale: usize, compute: fn(usize) -> Ball) -> Ball {
    // The 32 bits more that are dropped at the end hold the error of the series.
    if scale > KEPT_SCALE {
        return compute(scale + 32).rescaled(scale);
    }
    kept.get_or_init(|| compute(KEPT_SCALE + 32)).rescaled(scale)
}

/// Machin's formula (1706), π/4 = 4 atan(1/5) − atan(1/239), which follows from the addition formula DLMF 4.24.15.
fn compute_pi(scale: usize) -> Ball {
    let fifth = inverse_series(5, scale, Signs::Alternating).mul_small(16);
    fifth.sub(&inverse_series(239, scale, Signs::Alternating).mul_small(4))
}

/// ln 2 = 18 atanh(1/26) − 2 atanh(1/4801) + 8 atanh(1/8749).
///
/// With 2 atanh(1/n) = ln((n+1)/(n−1)), the right side is 9 ln(27/25) − ln(4802/4800) + 4 ln(8750/8748), and
/// (27/25)^9 (4800/4802) (8750/8748)^4 = 2.
fn compute_ln_2(scale: usize) -> Ball {
    let term = |n, factor| inverse_series(n, scale, Signs::Equal).mul_small(factor);
    term(26, 18).add(&term(4801, -2)).add(&term(8749, 8))
}

enum Signs {
    Alternating,
    Equal,
}

/// atan(1/n) = Σ (−1)^k n^(−2k−1) / (2k+1) (DLMF 4.24.3), or atanh(1/n), the same without signs (DLMF 4.38.5).
///
/// Each power and each term is cut off by less than one unit, and a power that is one unit too small makes the next
/// one too small by less than two: three units a term. The tail is below n^(−2K−1) / (1 − n^-2) < 2 units once the
/// power has become 0.
fn inverse_series(n: u64, scale: usize, signs: Signs) -> Ball {
    let square = Integer::from(n * n);
    let (mut power, mut sum, mut error) = ((Integer::ONE << scale) / n, Integer::ZERO, Integer::from(4));
    for k in 0u64.. {
        if power.is_zero() {
            break;
        }
        let term = &power / (2 * k + 1);
        match signs {
            Signs::Alternating if k % 2 == 1 => sum -= term,
            Signs::Alternating | Signs::Equal => sum += term,
        }
        power = &power / &square;
        error += Integer::from(3);
    }
    Ball::new(sum, error, scale)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::rational::{fraction, integer, parse_decimal, pow};
    use crate::number::{Interval, Rational};

    #[track_caller]
    fn check(constant: fn(usize) -> Ball, digits: &str) {
        let value = parse_decimal(digits).unwrap();
        for scale in [16, 100, 180, 1024, 1500] {
            let enclosure = constant(scale).to_interval(2000);
            // The digits are cut off after the 60th place.
            let distance = (&enclosure - &Interval::point(&value, 2000)).abs();
            let tolerance = parse_decimal("1e-60").unwrap() + Rational::from(Integer::from(8)) / unit(scale);
            assert!(distance.high().unwrap() < tolerance, "{scale} {enclosure:?}");
            assert!(distance.low().unwrap() < parse_decimal("1e-60").unwrap(), "{scale} {enclosure:?}");
        }
    }

    fn unit(scale: usize) -> Rational {
        Rational::from(Integer::ONE << scale)
    }

    #[test]
    fn the_logarithms_multiply_to_two() {
        let power =
            |numerator, denominator, exponent| pow(&fraction(numerator, denominator).unwrap(), exponent).unwrap();
        assert_eq!(power(27, 25, 9) * power(4800, 4802, 1) * power(8750, 8748, 4), integer(2));
    }

    #[test]
    fn published_digits() {
        check(pi, "3.141592653589793238462643383279502884197169399375105820974944");
        check(ln_2, "0.693147180559945309417232121458176568075500134360255254120680");
    }
}

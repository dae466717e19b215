//! Fixed point in two machine words: what [`Ball`] does with integers of any size, digit for digit, where it fits.

use crate::number::Integer;
use crate::number::enclose::ball::Ball;

/// The largest scale: products of two numbers below 4 then leave room for their sums.
const MAX_SCALE: usize = 120;

/// The exponential of `rest`, which is near 0, squared `n_squarings` times; `None` where it does not fit.
///
/// Every rounding is that of `exp_series` and of [`Ball::mul`], so the result is theirs.
pub(super) fn exp_of_small(rest: &Ball, n_squarings: usize) -> Option<Ball> {
    let scale = rest.scale();
    if scale > MAX_SCALE {
        return None;
    }
    let (middle, error) = (i128::try_from(rest.middle()).ok()?, u128::try_from(rest.error()).ok()?);
    let one = 1_i128 << scale;
    if middle.unsigned_abs() > one.unsigned_abs() / 2 || error > one.unsigned_abs() >> (n_squarings + 8) {
        return None;
    }
    let (mut term, mut sum, mut n_terms) = (one, one, 0_u64);
    loop {
        n_terms += 1;
        term = multiply(term, middle, scale) / i128::from(n_terms);
        sum += term;
        if term.abs() <= 8 {
            break;
        }
    }
    let (mut power, mut error) = (sum, u128::from(4 * n_terms) + 8 + 4 + (error << 1));
    for _ in 0..n_squarings {
        if power.unsigned_abs() > 2 * one.unsigned_abs() || error > one.unsigned_abs() {
            return None;
        }
        error = shifted(wide(2 * power.unsigned_abs() + error, error), scale).0 + 2;
        power = multiply(power, power, scale);
    }
    Some(Ball::new(Integer::from(power), Integer::from(error), scale))
}

/// The product, in units of 2^-scale and rounded down. Requires: both are below 4.
fn multiply(left: i128, right: i128, scale: usize) -> i128 {
    let (magnitude, is_exact) = shifted(wide(left.unsigned_abs(), right.unsigned_abs()), scale);
    let magnitude = magnitude.cast_signed();
    if (left < 0) == (right < 0) { magnitude } else { -magnitude - i128::from(!is_exact) }
}

/// The product in four words, as two halves, the higher first.
fn wide(left: u128, right: u128) -> (u128, u128) {
    const LOW: u128 = u64::MAX as u128;
    let ((a, b), (c, d)) = ((left >> 64, left & LOW), (right >> 64, right & LOW));
    let (high, low) = (a * c, b * d);
    let (cross, carry) = (a * d).overflowing_add(b * c);
    let (low, more) = low.overflowing_add(cross << 64);
    (high + (cross >> 64) + (u128::from(carry) << 64) + u128::from(more), low)
}

/// Four words divided by 2^scale, which fit into two then, and whether nothing is lost. Requires: `0 < scale < 128`.
fn shifted((high, low): (u128, u128), scale: usize) -> (u128, bool) {
    debug_assert!(high >> scale == 0, "the quotient fits");
    ((high << (128 - scale)) | (low >> scale), low << (128 - scale) == 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Random;

    #[test]
    fn four_words_hold_every_product() {
        let mut random = Random::new(3);
        for _ in 0..1000 {
            let mut draw = || u128::from(random.next_u64()) << 64 | u128::from(random.next_u64());
            let (a, b) = (draw(), draw());
            let (high, low) = wide(a, b);
            let expected = Integer::from(a) * Integer::from(b);
            assert_eq!((Integer::from(high) << 128) + Integer::from(low), expected);
        }
        assert_eq!(wide(u128::MAX, u128::MAX), (u128::MAX - 1, 1));
    }

    #[test]
    fn products_are_rounded_down() {
        let mut random = Random::new(4);
        for _ in 0..1000 {
            let mut draw = || i128::from(random.between(-(1 << 40), 1 << 40)) << 20;
            let (a, b) = (draw(), draw());
            let expected = (Integer::from(a) * Integer::from(b)) >> 61;
            assert_eq!(Integer::from(multiply(a, b, 61)), expected);
        }
    }
}

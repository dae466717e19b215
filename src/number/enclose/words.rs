//! Fixed point in a few machine words: what [`Ball`] does with integers of any size, digit for digit, where it fits.

use crate::number::Integer;
use crate::number::enclose::ball::Ball;
use dashu_base::UnsignedAbs;
use dashu_int::UBig;
use std::cmp::Ordering;

/// The most words of a number.
const MOST: usize = 4;

/// Errors above this are left to integers of any size.
const MAX_ERROR: u64 = 1 << 32;

/// The exponential of `rest`, which is near 0, squared `n_squarings` times; `None` where it does not fit.
///
/// Every rounding is that of `exp_series` and of [`Ball::mul`], so the result is theirs.
pub(super) fn exp_of_small(rest: &Ball, n_squarings: usize) -> Option<Ball> {
    match rest.scale() {
        0..=120 => exp_in::<2>(rest, n_squarings),
        121..=184 => exp_in::<3>(rest, n_squarings),
        185..=248 => exp_in::<4>(rest, n_squarings),
        _ => None,
    }
}

/// [`exp_of_small`] in N words. There is room for numbers below 16.
fn exp_in<const N: usize>(rest: &Ball, n_squarings: usize) -> Option<Ball> {
    let scale = rest.scale();
    let one = Words::<N>::one(scale);
    let is_negative = *rest.middle() < Integer::ZERO;
    let (middle, error) = (Words::<N>::of(rest.middle())?, u64::try_from(rest.error()).ok()?);
    if middle.doubled().cmp(&one) == Ordering::Greater || error > MAX_ERROR {
        return None;
    }
    let (mut term, mut sum, mut n_terms) = (one, one, 0_u64);
    loop {
        n_terms += 1;
        // A term below 0 is rounded down, away from 0.
        let is_below = is_negative && n_terms % 2 == 1;
        let (product, is_exact) = term.times(&middle, scale);
        let product = if is_below && !is_exact { product.plus(1) } else { product };
        term = product.divided(n_terms);
        sum = if is_below { sum.less(&term) } else { sum.more(&term) };
        if term.is_at_most(8) {
            break;
        }
    }
    let (mut power, mut error) = (sum, 4 * n_terms + 8 + 4 + (error << 1));
    for _ in 0..n_squarings {
        if power.cmp(&one.doubled()) == Ordering::Greater || error > MAX_ERROR {
            return None;
        }
        let reach = power.doubled().plus(error);
        error = reach.times(&Words::from(error), scale).0.words[0] + 2;
        power = power.times(&power, scale).0;
    }
    Some(Ball::new(power.to_integer(), Integer::from(error), scale))
}

/// A number from 0 on in N words, the lowest first.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Words<const N: usize> {
    words: [u64; N],
}

impl<const N: usize> From<u64> for Words<N> {
    fn from(value: u64) -> Words<N> {
        let mut words = [0; N];
        words[0] = value;
        Words { words }
    }
}

impl<const N: usize> Words<N> {
    /// The distance of an integer from 0; `None` where it does not fit.
    fn of(value: &Integer) -> Option<Words<N>> {
        let bytes = value.unsigned_abs().to_le_bytes();
        let mut words = [0; N];
        for (at, &byte) in bytes.iter().enumerate() {
            *words.get_mut(at / 8)? |= u64::from(byte) << (8 * (at % 8));
        }
        Some(Words { words })
    }

    fn to_integer(self) -> Integer {
        let mut bytes = [0; 8 * MOST];
        for (bytes, word) in bytes.chunks_exact_mut(8).zip(self.words) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        Integer::from(UBig::from_le_bytes(&bytes))
    }

    /// 1 in units of 2^-scale.
    fn one(scale: usize) -> Words<N> {
        let mut words = [0; N];
        words[scale / 64] = 1 << (scale % 64);
        Words { words }
    }

    fn cmp(&self, other: &Words<N>) -> Ordering {
        self.words.iter().rev().cmp(other.words.iter().rev())
    }

    fn is_at_most(&self, least: u64) -> bool {
        self.words[0] <= least && self.words[1..].iter().all(|&word| word == 0)
    }

    /// The sum.
    fn more(&self, other: &Words<N>) -> Words<N> {
        let (mut words, mut carry) = ([0; N], false);
        for (at, word) in words.iter_mut().enumerate() {
            let (sum, first) = self.words[at].overflowing_add(other.words[at]);
            let (sum, second) = sum.overflowing_add(u64::from(carry));
            (*word, carry) = (sum, first || second);
        }
        Words { words }
    }

    /// The difference. Requires: `other` is not larger.
    fn less(&self, other: &Words<N>) -> Words<N> {
        let (mut words, mut borrow) = ([0; N], false);
        for (at, word) in words.iter_mut().enumerate() {
            let (rest, first) = self.words[at].overflowing_sub(other.words[at]);
            let (rest, second) = rest.overflowing_sub(u64::from(borrow));
            (*word, borrow) = (rest, first || second);
        }
        Words { words }
    }

    fn plus(&self, value: u64) -> Words<N> {
        self.more(&Words::from(value))
    }

    fn doubled(&self) -> Words<N> {
        self.more(self)
    }

    /// The quotient by a small number, rounded down.
    fn divided(&self, divisor: u64) -> Words<N> {
        let (mut words, mut rest) = ([0; N], 0);
        for at in (0..N).rev() {
            let dividend = u128::from(rest) << 64 | u128::from(self.words[at]);
            words[at] = (dividend / u128::from(divisor)) as u64;
            rest = (dividend % u128::from(divisor)) as u64;
        }
        Words { words }
    }

    /// The product in units of 2^-scale, rounded down, and whether it is exact.
    fn times(&self, other: &Words<N>, scale: usize) -> (Words<N>, bool) {
        let mut wide = [0_u64; 2 * MOST + 1];
        for (i, &a) in self.words.iter().enumerate() {
            let mut carry = 0;
            for (j, &b) in other.words.iter().enumerate() {
                let sum = u128::from(a) * u128::from(b) + u128::from(wide[i + j]) + u128::from(carry);
                (wide[i + j], carry) = (sum as u64, (sum >> 64) as u64);
            }
            wide[i + N] = carry;
        }
        let (skipped, places) = (scale / 64, scale % 64);
        let shifted = |at: usize| {
            let both = u128::from(wide[at + 1]) << 64 | u128::from(wide[at]);
            (both >> places) as u64
        };
        let is_exact = wide[..skipped].iter().all(|&word| word == 0) && wide[skipped] & ((1 << places) - 1) == 0;
        (Words { words: std::array::from_fn(|at| shifted(skipped + at)) }, is_exact)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Random;

    fn draw(random: &mut Random) -> Words<3> {
        Words { words: [random.next_u64(), random.next_u64(), random.next_u64() >> 3] }
    }

    #[test]
    fn arithmetic_is_that_of_integers() {
        let mut random = Random::new(3);
        for _ in 0..1000 {
            let (a, b) = (draw(&mut random), draw(&mut random));
            let (x, y) = (a.to_integer(), b.to_integer());
            assert!(Words::of(&x) == Some(a));
            assert_eq!(a.more(&b).to_integer(), &x + &y);
            assert_eq!(a.cmp(&b), x.cmp(&y));
            let (large, small) = if a.cmp(&b) == Ordering::Less { (b, a) } else { (a, b) };
            assert_eq!(large.less(&small).to_integer(), large.to_integer() - small.to_integer());
            assert_eq!(a.divided(7).to_integer(), &x / Integer::from(7));
            let (product, is_exact) = a.times(&b, 190);
            assert_eq!(product.to_integer(), (&x * &y) >> 190);
            assert_eq!(is_exact, product.to_integer() << 190 == x * y);
        }
    }
}

//! Narrowing an interval around one root.

use crate::number::{Integer, Rational};
use dashu_base::{BitTest, UnsignedAbs};
use std::cmp::Ordering;

/// An interval `[low, low + width] / denominator` at whose ends a polynomial has opposite signs.
pub(super) struct Narrowing<'a> {
    coefficients: &'a [Integer],
    low: Integer,
    width: Integer,
    denominator: Integer,
    /// The values at the two ends, times the denominator to the degree.
    at_low: Integer,
    at_high: Integer,
}

/// What narrowing comes to.
pub(super) enum Narrowed {
    /// A root was hit.
    Hit(Rational),
    /// The ends.
    Between(Rational, Rational),
}

impl<'a> Narrowing<'a> {
    /// Requires: the signs at the ends are opposite, and neither is 0.
    pub(super) fn new(coefficients: &'a [Integer], low: &Rational, high: &Rational) -> Narrowing<'a> {
        let (a, b) = (Integer::from(low.denominator().clone()), Integer::from(high.denominator().clone()));
        let (left, right) = (low.numerator() * &b, high.numerator() * &a);
        let denominator = a * b;
        let at_low = value_at(coefficients, &left, &denominator);
        let at_high = value_at(coefficients, &right, &denominator);
        Narrowing { coefficients, width: right - &left, low: left, denominator, at_low, at_high }
    }

    /// Narrows to less than `1 / parts`, by halves as far as the result can tell.
    ///
    /// Several halvings are taken at once where a straight line between the ends tells the part in which the root is:
    /// twice as many after each success (Abbott 2014, "Quadratic interval refinement for real roots").
    pub(super) fn below_one_in(mut self, parts: &Integer) -> Narrowed {
        let mut together = 1;
        loop {
            let left = (&self.width * parts / &self.denominator).bit_len();
            if left == 0 {
                let high = &self.low + &self.width;
                return Narrowed::Between(self.fraction(&self.low), self.fraction(&high));
            }
            let places = together.min(left);
            let guess = self.guess(places);
            let next = match self.part(places, &guess) {
                Some(next) => {
                    together *= 2;
                    Some(next)
                }
                None => {
                    together = (together / 2).max(1);
                    self.part(1, &Integer::ZERO).or_else(|| self.part(1, &Integer::ONE))
                }
            };
            match next {
                Some(next) if next.at_low.is_zero() => return Narrowed::Hit(next.fraction(&next.low)),
                Some(next) if next.at_high.is_zero() => {
                    return Narrowed::Hit(next.fraction(&(&next.low + &next.width)));
                }
                Some(next) => self = next,
                None => unreachable!("a root is in one of the two halves"),
            }
        }
    }

    /// Which of `2^places` parts a straight line between the ends crosses 0 in.
    fn guess(&self, places: usize) -> Integer {
        let (down, up) = ((&self.at_low).unsigned_abs(), (&self.at_high).unsigned_abs());
        let guess = (&down << places) / (&down + up);
        Integer::from(guess).min((Integer::ONE << places) - Integer::ONE)
    }

    /// One of `2^places` parts; `None` where there is no root in it or at its ends.
    fn part(&self, places: usize, index: &Integer) -> Option<Narrowing<'a>> {
        let denominator = &self.denominator << places;
        let low = (&self.low << places) + &self.width * index;
        let lift = places * self.coefficients.len().saturating_sub(1);
        let at = |end: &Integer| value_at(self.coefficients, end, &denominator);
        let at_low = if index.is_zero() { &self.at_low << lift } else { at(&low) };
        let is_last = *index == (Integer::ONE << places) - Integer::ONE;
        let at_high = if is_last { &self.at_high << lift } else { at(&(&low + &self.width)) };
        let holds_root = sign(&at_low) != sign(&at_high);
        holds_root.then(|| Narrowing { low, width: self.width.clone(), denominator, at_low, at_high, ..*self })
    }

    fn fraction(&self, numerator: &Integer) -> Rational {
        Rational::from_parts(numerator.clone(), (&self.denominator).unsigned_abs())
    }
}

fn sign(value: &Integer) -> Ordering {
    value.cmp(&Integer::ZERO)
}

/// Σ a_i n^i d^(k−i): the value of a polynomial of degree k at n/d, times d^k.
pub(super) fn value_at(coefficients: &[Integer], numerator: &Integer, denominator: &Integer) -> Integer {
    let (mut value, mut scale) = (Integer::ZERO, Integer::ONE);
    for coefficient in coefficients.iter().rev() {
        value = value * numerator + coefficient * &scale;
        scale *= denominator;
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::rational::{fraction, integer};

    fn narrowed(coefficients: &[i64], (low, high): (i64, i64), parts: u64) -> (Rational, Rational) {
        let coefficients: Vec<Integer> = coefficients.iter().map(|&c| Integer::from(c)).collect();
        match Narrowing::new(&coefficients, &integer(low), &integer(high)).below_one_in(&Integer::from(parts)) {
            Narrowed::Hit(root) => (root.clone(), root),
            Narrowed::Between(low, high) => (low, high),
        }
    }

    #[test]
    fn the_part_is_the_one_that_halving_finds() {
        // x² = 2 between 1 and 2.
        for parts in [1_u64, 2, 7, 1 << 10, 10_u64.pow(12)] {
            let (low, high) = narrowed(&[-2, 0, 1], (1, 2), parts);
            let width = &high - &low;
            assert!(width < fraction(1, 1).unwrap() / Rational::from(parts));
            assert!(&width + &width >= fraction(1, 1).unwrap() / Rational::from(parts));
            assert!(width.numerator().is_one() && (&low / &width).is_int());
            assert!(&low * &low < integer(2) && &high * &high > integer(2));
        }
    }

    #[test]
    fn a_root_is_hit() {
        let quarter = fraction(1, 4).unwrap();
        assert_eq!(narrowed(&[-1, 4], (0, 1), 1000), (quarter.clone(), quarter));
    }
}

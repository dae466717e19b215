use crate::number::polynomial::Polynomial;
use crate::number::polynomial::narrow::value_at;
use crate::number::{Integer, Rational};
use std::cmp::Ordering;

/// A Sturm chain of a square-free polynomial, with whole coefficients.
///
/// It begins with p and p'; each next member is a positive multiple of the negative remainder of the two before.
#[derive(Clone, Debug)]
pub struct Chain {
    members: Vec<Vec<Integer>>,
}

impl Chain {
    /// The chain of a polynomial without multiple roots.
    pub fn new(square_free: &Polynomial) -> Self {
        let (mut before, mut last) = (square_free.primitive(), square_free.derivative().primitive());
        let mut members = vec![before.whole_coefficients()];
        while let Some((_, rest)) = before.div_rem(&last) {
            members.push(last.whole_coefficients());
            (before, last) = (last, (-&rest).primitive());
        }
        Self { members }
    }

    /// The number of different roots above `low` and not above `high`, where `None` is infinite (Sturm 1829; Basu,
    /// Pollack, Roy, Algorithms in Real Algebraic Geometry, 2.50). Requires: `low <= high`.
    ///
    /// A root at an end needs no care: at a root the first member is left out, and the second has the sign the first
    /// has to the right of it, so a root belongs to its left side.
    pub fn count(&self, low: Option<&Rational>, high: Option<&Rational>) -> usize {
        let at_low = low.map_or_else(|| self.variations(sign_below), |low| self.variations(|p| sign_at(p, low)));
        let at_high = high.map_or_else(|| self.variations(sign_above), |high| self.variations(|p| sign_at(p, high)));
        at_low.saturating_sub(at_high)
    }

    /// How often the sign changes along the chain, zeros left out.
    fn variations(&self, sign: impl Fn(&[Integer]) -> Ordering) -> usize {
        let signs: Vec<Ordering> = self.members.iter().map(|member| sign(member)).filter(|sign| sign.is_ne()).collect();
        signs.windows(2).filter(|pair| pair[0] != pair[1]).count()
    }
}

/// The sign of a polynomial at n/d, which is that of Σ a_i n^i d^(k−i), without any fraction.
pub fn sign_at(coefficients: &[Integer], point: &Rational) -> Ordering {
    value_at(coefficients, point.numerator(), &Integer::from(point.denominator().clone())).cmp(&Integer::ZERO)
}

/// The sign far to the right.
fn sign_above(coefficients: &[Integer]) -> Ordering {
    coefficients.last().map_or(Ordering::Equal, |leading| leading.cmp(&Integer::ZERO))
}

/// The sign far to the left.
fn sign_below(coefficients: &[Integer]) -> Ordering {
    let sign = sign_above(coefficients);
    if coefficients.len().is_multiple_of(2) { sign.reverse() } else { sign }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::rational::integer;

    #[test]
    fn counts_roots_to_the_left_of_each_end() {
        // (x + 1) x (x - 2)
        let chain = Chain::new(&Polynomial::from_integers(&[0, -2, -1, 1]));
        let count = |low: i64, high: i64| chain.count(Some(&integer(low)), Some(&integer(high)));
        assert_eq!(chain.count(None, None), 3);
        assert_eq!((count(-1, 2), count(-2, 2), count(-2, 1), count(0, 1), count(2, 9)), (2, 3, 2, 0, 0));
        assert_eq!(chain.count(None, Some(&integer(-1))), 1);
        assert_eq!(chain.count(Some(&integer(0)), None), 1);
        assert_eq!(Chain::new(&Polynomial::from_integers(&[1, 0, 1])).count(None, None), 0);
        assert_eq!(Chain::new(&Polynomial::from_integers(&[-3])).count(None, None), 0);
    }
}

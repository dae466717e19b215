//! The largest absolute value of a quotient of polynomials of one unknown.

use crate::number::Rational;
use crate::number::polynomial::{End, Polynomial, Range, Sign};
use crate::number::rational::{abs, fraction, simplest_between};

/// The least upper bound of `|numerator / denominator|` on a range, exact where it is rational and else a simple
/// number just above it; `None` where there is none or the denominator has zeros.
///
/// The bound is found by any means and then certified: `c d - n` and `c d + n` have no negative value.
pub(super) fn largest(numerator: &Polynomial, denominator: &Polynomial, own: &Range) -> Option<Rational> {
    let (numerator, denominator) = match denominator.sign_on(own)? {
        Sign::Positive => (numerator.clone(), denominator.clone()),
        Sign::Negative => (-numerator, -denominator),
        Sign::NonNegative { .. } | Sign::NonPositive { .. } | Sign::Zero | Sign::Mixed { .. } => return None,
    };
    let bound = candidates(&numerator, &denominator, own)?.into_iter().max()?;
    let scaled = denominator.scale(&bound);
    let certified = [&scaled - &numerator, &scaled + &numerator]
        .iter()
        .all(|gap| matches!(gap.sign_on(own), Some(Sign::Positive | Sign::Zero | Sign::NonNegative { .. })));
    certified.then_some(bound)
}

fn candidates(numerator: &Polynomial, denominator: &Polynomial, own: &Range) -> Option<Vec<Rational>> {
    let mut found = Vec::new();
    for end in [&own.low, &own.high] {
        match end {
            End::Unbounded => found.push(at_infinity(numerator, denominator)?),
            End::Open(value) | End::Closed(value) => {
                let below = denominator.eval(value);
                if below.is_zero() {
                    return None;
                }
                found.push(abs(&(numerator.eval(value) / below)));
            }
        }
    }
    let slope = &(&numerator.derivative() * denominator) - &(numerator * &denominator.derivative());
    for root in slope.roots_in(own).unwrap_or_default() {
        match root.exact() {
            Some(value) => found.push(abs(&(numerator.eval(value) / denominator.eval(value)))),
            None => {
                let place = root.enclosure(96);
                let high = numerator.enclose(&place).div(&denominator.enclose(&place))?.abs().high()?;
                found.push(simplest_between(&high, &(&high + fraction(1, 1000)?))?);
            }
        }
    }
    Some(found)
}

/// The limit of the absolute value far out; `None` where it grows without bound.
fn at_infinity(numerator: &Polynomial, denominator: &Polynomial) -> Option<Rational> {
    let Some(above) = numerator.degree() else { return Some(Rational::from(0)) };
    match above.cmp(&denominator.degree()?) {
        std::cmp::Ordering::Less => Some(Rational::from(0)),
        std::cmp::Ordering::Equal => Some(abs(&(numerator.leading()? / denominator.leading()?))),
        std::cmp::Ordering::Greater => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::range;
    use crate::number::rational::integer;

    #[track_caller]
    fn check(numerator: &[i64], denominator: &[i64], own: &Range, expected: Option<Rational>) {
        let (numerator, denominator) = (Polynomial::from_integers(numerator), Polynomial::from_integers(denominator));
        assert_eq!(largest(&numerator, &denominator, own), expected);
    }

    #[test]
    fn slopes_of_activations() {
        check(&[0, 1], &[1, 2, 1], &range::positive(), fraction(1, 4));
        check(&[0, 4], &[1, 2, 1], &range::positive(), Some(integer(1)));
        check(&[0, 1], &[1, 1], &range::positive(), Some(integer(1)));
        check(&[-1, 1], &[1, 1], &range::positive(), Some(integer(1)));
        check(&[0, 0, 1], &[1, 1], &range::positive(), None);
        check(&[0, 1], &[-1, 1], &range::positive(), None);
        check(&[1, 0, -1], &[1], &Range::open(integer(-1), integer(1)), Some(integer(1)));
    }

    #[test]
    fn irrational_extremes_are_rounded_up() {
        // x - x^3 on (0, 1): 2 / (3 sqrt 3) = 0.3849.
        let bound = largest(
            &Polynomial::from_integers(&[0, 1, 0, -1]),
            &Polynomial::from_integers(&[1]),
            &Range::open(integer(0), integer(1)),
        );
        let bound = bound.unwrap();
        assert!(bound > fraction(3849, 10000).unwrap() && bound < fraction(387, 1000).unwrap());
    }
}

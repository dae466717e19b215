use crate::number::Rational;
use crate::number::polynomial::range::simple_between;
use crate::number::polynomial::{Polynomial, Range, Root};
use crate::number::rational::is_negative;

/// What values a polynomial takes on a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Above 0 everywhere.
    Positive,
    /// Never below 0, and 0 exactly at `zeros`, of which there is at least one.
    NonNegative {
        /// Where it is 0, in order.
        zeros: Vec<Root>,
    },
    /// Below 0 everywhere.
    Negative,
    /// Never above 0, and 0 exactly at `zeros`, of which there is at least one.
    NonPositive {
        /// Where it is 0, in order.
        zeros: Vec<Root>,
    },
    /// 0 everywhere.
    Zero,
    /// Above 0 at one member and below 0 at another.
    Mixed {
        /// Where it is above 0.
        positive: Rational,
        /// Where it is below 0.
        negative: Rational,
    },
}

impl Polynomial {
    /// The sign on a range, decided exactly; `None` when the range is empty.
    ///
    /// Between neighbouring roots the sign does not change, so one point of each gap tells it; the points are chosen
    /// to be simple fractions.
    pub fn sign_on(&self, range: &Range) -> Option<Sign> {
        if range.is_empty() {
            return None;
        }
        if range.is_single() {
            let value = self.eval(range.low.value()?);
            return Some(match (value.is_zero(), is_negative(&value)) {
                (true, _) => Sign::Zero,
                (false, false) => Sign::Positive,
                (false, true) => Sign::Negative,
            });
        }
        let Some(mut zeros) = self.roots_in(range) else { return Some(Sign::Zero) };
        let points = points_between(&mut zeros, range);
        let positive = points.iter().find(|point| self.eval(point) > Rational::ZERO);
        let negative = points.iter().find(|point| is_negative(&self.eval(point)));
        Some(match (positive, negative) {
            (Some(positive), Some(negative)) => Sign::Mixed { positive: positive.clone(), negative: negative.clone() },
            (Some(_), None) if zeros.is_empty() => Sign::Positive,
            (Some(_), None) => Sign::NonNegative { zeros },
            (None, _) if zeros.is_empty() => Sign::Negative,
            (None, _) => Sign::NonPositive { zeros },
        })
    }

    /// A simple number in each gap that the roots leave in a range of more than one member, in order.
    pub fn gaps(&self, range: &Range) -> Vec<Rational> {
        self.roots_in(range).map(|mut roots| points_between(&mut roots, range)).unwrap_or_default()
    }
}

/// A point in each gap that the roots leave in a range of more than one member.
fn points_between(roots: &mut [Root], range: &Range) -> Vec<Rational> {
    for next in 0..roots.len() {
        // Roots differ from each other, and an irrational root from the ends, so this comes to an end.
        while next > 0 && roots[next - 1].high() >= roots[next].low() {
            roots[next - 1].refine();
            roots[next].refine();
        }
        let touches = |root: &Root| {
            let low = range.low.value().is_some_and(|low| root.low() <= low);
            let high = range.high.value().is_some_and(|high| root.high() >= high);
            root.exact().is_none() && (low || high)
        };
        while touches(&roots[next]) {
            roots[next].refine();
        }
    }
    let lows = std::iter::once(range.low.value()).chain(roots.iter().map(|root| Some(root.high())));
    let highs = roots.iter().map(|root| Some(root.low())).chain(std::iter::once(range.high.value()));
    // A root at an end leaves no gap there.
    lows.zip(highs).filter_map(|(low, high)| simple_between(low, high)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Random;
    use crate::number::polynomial::End;
    use crate::number::rational::{fraction, integer};

    #[track_caller]
    fn check(coefficients: &[i64], range: Range, expected: Option<Sign>) {
        assert_eq!(Polynomial::from_integers(coefficients).sign_on(&range), expected);
    }

    fn at(values: &[i64]) -> Vec<Root> {
        values.iter().map(|&value| Root::Rational(integer(value))).collect()
    }

    #[test]
    fn squares_and_their_false_neighbours() {
        check(&[1, 2, 1], Range::everything(), Some(Sign::NonNegative { zeros: at(&[-1]) }));
        check(&[2, 2, 1], Range::everything(), Some(Sign::Positive));
        check(&[-1, -2, -1], Range::everything(), Some(Sign::NonPositive { zeros: at(&[-1]) }));
        check(&[-1, -1, -1], Range::everything(), Some(Sign::Negative));
        check(&[], Range::everything(), Some(Sign::Zero));
        let below = Polynomial::new(vec![fraction(999_999, 1_000_000).unwrap(), integer(2), integer(1)]);
        let Some(Sign::Mixed { positive, negative }) = below.sign_on(&Range::everything()) else { panic!() };
        assert!(below.eval(&positive) > Rational::ZERO && is_negative(&below.eval(&negative)));
    }

    #[test]
    fn the_ends_matter() {
        // z (1 - z), the slope of the sigmoid.
        let slope = [0, 1, -1];
        let unit = || (integer(0), integer(1));
        check(&slope, Range::open(unit().0, unit().1), Some(Sign::Positive));
        check(&slope, Range::closed(unit().0, unit().1), Some(Sign::NonNegative { zeros: at(&[0, 1]) }));
        let half_open = Range { low: End::Closed(integer(0)), high: End::Open(integer(1)) };
        check(&slope, half_open, Some(Sign::NonNegative { zeros: at(&[0]) }));
        check(&slope, Range { low: End::Open(integer(1)), high: End::Unbounded }, Some(Sign::Negative));
        check(&slope, Range::closed(integer(1), integer(1)), Some(Sign::Zero));
        check(&slope, Range::open(integer(1), integer(1)), None);
        // 1/4 - z (1 - z) is 0 at 1/2 only.
        let gap = Polynomial::from_integers(&[1, -4, 4]);
        let zeros = vec![Root::Rational(fraction(1, 2).unwrap())];
        assert_eq!(gap.sign_on(&Range::open(integer(0), integer(1))), Some(Sign::NonNegative { zeros }));
    }

    #[test]
    fn irrational_zeros() {
        let Some(Sign::NonNegative { zeros }) =
            Polynomial::from_integers(&[-2, 0, 1]).pow(2).sign_on(&Range::everything())
        else {
            panic!()
        };
        assert_eq!(zeros.len(), 2);
        let range = Range::closed(integer(-1), integer(1));
        check(&[-2, 0, 1], range, Some(Sign::Negative));
    }

    #[test]
    fn agrees_with_sampling() {
        let mut random = Random::new(31);
        for _ in 0..200 {
            let coefficients = (0..random.between(1, 6)).map(|_| random.rational(5)).collect();
            let polynomial = &Polynomial::new(coefficients) * &Polynomial::from_integers(&[random.between(-3, 3), 2]);
            let range = Range::closed(integer(random.between(-4, 0)), integer(random.between(0, 4)));
            let sign = polynomial.sign_on(&range).unwrap();
            for _ in 0..40 {
                let point = random.rational_between(&integer(-4), &integer(4), 64);
                if !range.contains(&point) {
                    continue;
                }
                let value = polynomial.eval(&point);
                let is_zero_at = |zeros: &[Root]| zeros.contains(&Root::Rational(point.clone()));
                assert!(match &sign {
                    Sign::Positive => value > Rational::ZERO,
                    Sign::Negative => value < Rational::ZERO,
                    Sign::Zero => value.is_zero(),
                    Sign::NonNegative { zeros } => value > Rational::ZERO || value.is_zero() && is_zero_at(zeros),
                    Sign::NonPositive { zeros } => value < Rational::ZERO || value.is_zero() && is_zero_at(zeros),
                    Sign::Mixed { positive, negative } => {
                        polynomial.eval(positive) > Rational::ZERO && is_negative(&polynomial.eval(negative))
                    }
                });
            }
        }
    }
}

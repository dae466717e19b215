//! Scales of growth: what functions are measured by far out.

use crate::number::rational::{is_negative, to_i64};
use crate::number::{Interval, Rational};
use crate::proof::reals::numbers::{BITS, power};

/// `e^(square x²) e^(linear x) x^power (log x)^logs`; in the order of the fields the scales grow.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Scale {
    /// The coefficient of x² in the exponent.
    pub square: Rational,
    /// The coefficient of x in the exponent.
    pub linear: Rational,
    /// The power of x.
    pub power: Rational,
    /// The power of log x.
    pub logs: i64,
}

impl Scale {
    /// The scale of constants.
    pub fn one() -> Scale {
        Scale::default()
    }

    /// x itself.
    pub fn variable() -> Scale {
        Scale { power: Rational::from(1), ..Scale::default() }
    }

    /// The product.
    pub fn times(&self, other: &Scale) -> Scale {
        Scale {
            square: &self.square + &other.square,
            linear: &self.linear + &other.linear,
            power: &self.power + &other.power,
            logs: self.logs + other.logs,
        }
    }

    /// A power; `None` where log x would have one that is not whole.
    pub fn raised(&self, exponent: &Rational) -> Option<Scale> {
        Some(Scale {
            square: &self.square * exponent,
            linear: &self.linear * exponent,
            power: &self.power * exponent,
            logs: to_i64(&(Rational::from(self.logs) * exponent))?,
        })
    }

    /// Whether it tends to 0.
    pub fn vanishes(&self) -> bool {
        *self < Scale::one()
    }

    /// Whether it grows without bound.
    pub fn grows(&self) -> bool {
        *self > Scale::one()
    }

    /// The values from a bound of at least 3 on, of a scale that falls to 0 from there, or grows to infinity.
    pub fn beyond(&self, from: &Rational) -> Option<Interval> {
        let one = Interval::integer(1, BITS);
        if *self == Scale::one() {
            return Some(one);
        }
        if self.grows() {
            let back = self.raised(&Rational::from(-1))?.beyond(from)?;
            return one.div_where_defined(&back);
        }
        let first = if self.falls(from) { self.value(from)?.high()? } else { return None };
        Interval::between(&Rational::from(0), &first, BITS)
    }

    /// Whether it falls from a bound of at least 3 on: `power / x + logs / (x log x) + linear + 2 square x <= 0` there.
    /// There log x is at least 1, and `square` is not above 0 where the scale vanishes.
    fn falls(&self, from: &Rational) -> bool {
        if *from < Rational::from(3) {
            return false;
        }
        let upward = |value: Rational| if is_negative(&value) { Rational::from(0) } else { value };
        let logs = Rational::from(self.logs);
        let slow = upward(self.power.clone()) + upward(logs.clone());
        let exponent = &self.linear + &self.square * from * Rational::from(2);
        if self.square.is_zero() && self.linear.is_zero() {
            // `power + logs / log x <= 0`, of which the second falls where it is positive.
            let Some(log) = Interval::point(from, BITS).ln().and_then(|log| log.low()) else { return false };
            return !is_negative(&-(&self.power + upward(logs) / log));
        }
        !is_negative(&-(slow / from + exponent))
    }

    fn value(&self, at: &Rational) -> Option<Interval> {
        let place = Interval::point(at, BITS);
        let exponent = Interval::point(&(&self.linear * at + &self.square * at * at), BITS);
        let logs = place.ln()?.powi(self.logs)?;
        Some(&(&power(&place, &self.power)? * &logs) * &exponent.exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::rational::{fraction, integer};

    #[test]
    fn they_are_ordered_by_growth() {
        let of = |square: i64, linear: i64, power: i64, logs| Scale {
            square: integer(square),
            linear: integer(linear),
            power: integer(power),
            logs,
        };
        let rising = [of(-1, 9, 9, 9), of(0, -1, 9, 9), of(0, 0, -1, 9), of(0, 0, 0, -1), of(0, 0, 0, 0)];
        assert!(rising.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(rising[..4].iter().all(Scale::vanishes) && of(0, 0, 0, 1).grows() && of(1, -9, 0, 0).grows());
    }

    #[test]
    fn they_are_enclosed_where_they_fall() {
        // x^3 e^-x rises up to 3 and falls from there.
        let cubic = Scale { linear: integer(-1), power: integer(3), ..Scale::one() };
        assert!(cubic.beyond(&integer(2)).is_none());
        let far = cubic.beyond(&integer(10)).unwrap();
        assert!(
            far.contains(&integer(0))
                && far.contains(&fraction(4, 100).unwrap())
                && !far.contains(&fraction(5, 100).unwrap())
        );
        // log x / x falls from e on, x grows.
        assert!(Scale { power: integer(-1), logs: 1, ..Scale::one() }.beyond(&integer(4)).is_some());
        assert!(Scale { power: integer(-1), logs: 2, ..Scale::one() }.beyond(&integer(4)).is_none());
        assert!(!Scale::variable().beyond(&integer(4)).unwrap().contains(&integer(3)));
    }
}

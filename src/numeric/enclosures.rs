use std::cmp::Ordering;

use crate::expr::Elementary;
use crate::number::Interval;
use crate::number::Rational;
use crate::numeric::Error;
use crate::numeric::field::Field;
use crate::numeric::field::{apply_by_sign, within};

/// Intervals that hold the value, with ends of this many bits.
#[derive(Debug, Clone, Copy)]
pub struct Enclosures {
    /// The precision of the ends.
    pub bits: u32,
}

impl Field for Enclosures {
    type Element = Interval;

    fn rational(&self, value: &Rational) -> Result<Interval, Error> {
        Ok(Interval::point(value, self.bits))
    }

    fn integer(&self, value: i64) -> Interval {
        Interval::integer(value, self.bits)
    }

    fn pi(&self) -> Result<Interval, Error> {
        Ok(Interval::pi(self.bits))
    }

    fn add(&self, left: &Interval, right: &Interval) -> Result<Interval, Error> {
        Ok(left + right)
    }

    fn multiply(&self, left: &Interval, right: &Interval) -> Result<Interval, Error> {
        Ok(left * right)
    }

    fn negate(&self, value: &Interval) -> Interval {
        -value
    }

    fn reciprocal(&self, value: &Interval) -> Result<Interval, Error> {
        self.divide(&self.integer(1), value)
    }

    fn divide(&self, left: &Interval, right: &Interval) -> Result<Interval, Error> {
        if self.is_zero(right) == Some(true) {
            return Err(Error::Undefined("a division by zero"));
        }
        left.div(right).ok_or(Error::NotExact)
    }

    fn root(&self, value: &Interval, degree: u32) -> Result<Interval, Error> {
        if self.is_zero(value) == Some(true) {
            return Ok(value.clone());
        }
        if value.is_negative() {
            if degree.is_multiple_of(2) {
                return Err(Error::Undefined("an even root of a negative number"));
            }
            return self.root(&-value, degree).map(|root| -&root);
        }
        if degree == 2 {
            return value.sqrt().ok_or(Error::NotExact);
        }
        let logarithm = value.ln().ok_or(Error::NotExact)?;
        Ok(self.divide(&logarithm, &self.integer(i64::from(degree)))?.exp())
    }

    fn apply(&self, function: Elementary, at: &Interval) -> Result<Interval, Error> {
        match function {
            Elementary::Sign => apply_by_sign(self, function, at),
            _ if function.row().arity == 1 => {
                within(self, function, at)?;
                (function.row().enclosure)(std::slice::from_ref(at)).ok_or(Error::NotExact)
            }
            _ => Err(Error::Unsupported("one argument of a function of two")),
        }
    }

    fn compare(&self, left: &Interval, right: &Interval) -> Result<Ordering, Error> {
        if left.certainly_less(right) {
            Ok(Ordering::Less)
        } else if right.certainly_less(left) {
            Ok(Ordering::Greater)
        } else if left.is_point() && right.is_point() {
            Ok(Ordering::Equal)
        } else {
            Err(Error::NotExact)
        }
    }

    fn is_zero(&self, value: &Interval) -> Option<bool> {
        if !value.contains_zero() {
            return Some(false);
        }
        value.is_point().then_some(true)
    }

    fn to_rational(&self, value: &Interval) -> Option<Rational> {
        if value.is_point() { value.low().filter(|value| value.is_int()) } else { None }
    }

    fn raise(&self, base: &Interval, exponent: u64) -> Result<Interval, Error> {
        let exponent = i64::try_from(exponent).map_err(|_| Error::TooLarge)?;
        base.powi(exponent).ok_or(Error::NotExact)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::rational::fraction;

    const FIELD: Enclosures = Enclosures { bits: 80 };

    #[test]
    fn order_is_told_or_refused() {
        let third = FIELD.rational(&fraction(1, 3).unwrap()).unwrap();
        let half = FIELD.rational(&fraction(1, 2).unwrap()).unwrap();
        assert_eq!(FIELD.compare(&third, &half), Ok(Ordering::Less));
        assert_eq!(FIELD.compare(&third, &third), Err(Error::NotExact));
        assert_eq!(FIELD.compare(&half, &half), Ok(Ordering::Equal));
    }

    #[test]
    fn division_by_what_may_be_zero_is_not_decided() {
        let around = Interval::between(&fraction(-1, 1).unwrap(), &fraction(1, 1).unwrap(), 80).unwrap();
        assert_eq!(FIELD.reciprocal(&around), Err(Error::NotExact));
        assert!(matches!(FIELD.reciprocal(&FIELD.integer(0)), Err(Error::Undefined(_))));
    }
}

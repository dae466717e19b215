use std::cmp::Ordering;

use crate::expr::Elementary;
use crate::number::Integer;
use crate::number::Rational;
use crate::number::rational::height;
use crate::number::rational::is_negative;
use crate::number::rational::pow;
use crate::number::rational::product;
use crate::number::rational::sum;
use crate::numeric::Error;
use crate::numeric::field::Field;
use crate::numeric::field::{apply_by_sign, within};

/// Numbers of more bits than this are refused, so that a recurrence that squares, or takes cubes, ends soon.
const MAX_BITS: usize = 1 << 15;

/// How many bits a short fraction has, above and below together.
const BITS_OF_SHORT: u64 = 128;

/// Matrices of more rows are not eliminated: each fraction is longer than the last.
const MAX_ELIMINATION: usize = 48;

/// Exact fractions. Elementary functions have values only at the points where these are fractions.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rationals;

impl Field for Rationals {
    type Element = Rational;

    fn rational(&self, value: &Rational) -> Result<Rational, Error> {
        Ok(value.clone())
    }

    fn integer(&self, value: i64) -> Rational {
        Rational::from(value)
    }

    fn largest_elimination(&self) -> usize {
        MAX_ELIMINATION
    }

    /// A fraction is brought to lowest terms, which takes the square of its length.
    fn cost_of_product(&self, value: &Rational) -> u64 {
        (1 + height(value) as u64 / BITS_OF_SHORT).pow(2)
    }

    fn pi(&self) -> Result<Rational, Error> {
        Err(Error::NotExact)
    }

    fn add(&self, left: &Rational, right: &Rational) -> Result<Rational, Error> {
        bounded(sum(left, right))
    }

    fn multiply(&self, left: &Rational, right: &Rational) -> Result<Rational, Error> {
        bounded(product(left, right))
    }

    fn negate(&self, value: &Rational) -> Rational {
        -value
    }

    fn reciprocal(&self, value: &Rational) -> Result<Rational, Error> {
        if value.is_zero() { Err(Error::Undefined("a division by zero")) } else { Ok(Rational::ONE / value) }
    }

    fn root(&self, value: &Rational, degree: u32) -> Result<Rational, Error> {
        if is_negative(value) {
            if degree.is_multiple_of(2) {
                return Err(Error::Undefined("an even root of a negative number"));
            }
            return self.root(&-value, degree).map(|root| -root);
        }
        let degree = usize::try_from(degree).map_err(|_| Error::TooLarge)?;
        let numerator = Integer::from(value.numerator().clone()).nth_root(degree);
        let denominator = value.denominator().nth_root(degree);
        let root = Rational::from_parts(numerator, denominator);
        let exponent = i64::try_from(degree).map_err(|_| Error::TooLarge)?;
        if pow(&root, exponent).as_ref() == Some(value) { Ok(root) } else { Err(Error::NotExact) }
    }

    fn apply(&self, function: Elementary, at: &Rational) -> Result<Rational, Error> {
        match function {
            Elementary::Relu | Elementary::Abs | Elementary::Sign => apply_by_sign(self, function, at),
            Elementary::Log if at.is_one() => Ok(Rational::ZERO),
            _ if function.row().arity != 1 => Err(Error::Unsupported("one argument of a function of two")),
            _ => {
                within(self, function, at)?;
                function.at_zero().filter(|_| at.is_zero()).ok_or(Error::NotExact)
            }
        }
    }

    fn compare(&self, left: &Rational, right: &Rational) -> Result<Ordering, Error> {
        Ok(left.cmp(right))
    }

    fn is_zero(&self, value: &Rational) -> Option<bool> {
        Some(value.is_zero())
    }

    fn to_rational(&self, value: &Rational) -> Option<Rational> {
        Some(value.clone())
    }

    fn raise(&self, base: &Rational, exponent: u64) -> Result<Rational, Error> {
        let exponent = i64::try_from(exponent).map_err(|_| Error::TooLarge)?;
        pow(base, exponent).ok_or(Error::TooLarge)
    }
}

fn bounded(value: Rational) -> Result<Rational, Error> {
    if height(&value) > MAX_BITS { Err(Error::TooLarge) } else { Ok(value) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::rational::fraction;

    fn ratio(numerator: i64, denominator: i64) -> Rational {
        fraction(numerator, denominator).unwrap()
    }

    #[test]
    fn values_are_exact_or_refused() {
        let zero = Rational::ZERO;
        assert_eq!(Rationals.slopes(Elementary::Sigmoid, &zero, 2).unwrap(), [ratio(1, 2), ratio(1, 4), zero.clone()]);
        assert_eq!(Rationals.slopes(Elementary::Tanh, &zero, 1).unwrap(), [ratio(0, 1), ratio(1, 1)]);
        assert_eq!(Rationals.slopes(Elementary::Gelu, &zero, 1).unwrap(), [ratio(0, 1), ratio(1, 2)]);
        assert_eq!(Rationals.slopes(Elementary::Erf, &zero, 1), Err(Error::NotExact));
        assert_eq!(Rationals.apply(Elementary::Exp, &ratio(1, 1)), Err(Error::NotExact));
        assert!(matches!(Rationals.apply(Elementary::Log, &zero), Err(Error::Undefined(_))));
    }

    #[test]
    fn roots_of_powers() {
        assert_eq!(Rationals.power(&ratio(9, 4), &ratio(-3, 2)), Ok(ratio(8, 27)));
        assert_eq!(Rationals.power(&ratio(-8, 1), &ratio(1, 3)), Ok(ratio(-2, 1)));
        assert_eq!(Rationals.power(&ratio(2, 1), &ratio(1, 2)), Err(Error::NotExact));
        assert!(matches!(Rationals.power(&ratio(0, 1), &ratio(-1, 2)), Err(Error::Undefined(_))));
    }

    #[test]
    fn squaring_ends() {
        let mut value = ratio(3, 2);
        let end = (0..64).try_for_each(|_| {
            value = Rationals.multiply(&value, &value)?;
            Ok(())
        });
        assert_eq!(end, Err(Error::TooLarge));
    }
}

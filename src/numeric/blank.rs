use std::cmp::Ordering;

use crate::expr::Elementary;
use crate::number::Rational;
use crate::numeric::Error;
use crate::numeric::field::Field;

/// The field of one number, of which nothing can be told: what is evaluated in it shows what is asked for on the way.
pub(super) struct Blank;

impl Field for Blank {
    type Element = ();

    fn rational(&self, _: &Rational) -> Result<(), Error> {
        Ok(())
    }

    fn integer(&self, _: i64) {}

    fn pi(&self) -> Result<(), Error> {
        Ok(())
    }

    fn add(&self, (): &(), (): &()) -> Result<(), Error> {
        Ok(())
    }

    fn multiply(&self, (): &(), (): &()) -> Result<(), Error> {
        Ok(())
    }

    fn negate(&self, (): &()) {}

    fn reciprocal(&self, (): &()) -> Result<(), Error> {
        Ok(())
    }

    fn root(&self, (): &(), _: u32) -> Result<(), Error> {
        Ok(())
    }

    fn apply(&self, _: Elementary, (): &()) -> Result<(), Error> {
        Ok(())
    }

    fn arbitrary(&self, _: u64, _: &[usize], _: &[()]) -> Result<(), Error> {
        Ok(())
    }

    fn compare(&self, (): &(), (): &()) -> Result<Ordering, Error> {
        Err(Error::NotExact)
    }

    fn is_zero(&self, (): &()) -> Option<bool> {
        None
    }

    fn weight(&self, (): &()) -> f64 {
        1.0
    }
}

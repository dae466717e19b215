use std::cmp::Ordering;

use crate::expr::Elementary;
use crate::number::Rational;
use crate::number::modular::Field as PrimeField;
use crate::number::modular::Residue;
use crate::numeric::Error;
use crate::numeric::field::Field;

/// The integers modulo a prime: equality can be refuted fast, order and elementary functions have no meaning.
#[derive(Debug, Clone)]
pub struct Residues {
    /// The field.
    pub field: PrimeField,
}

impl Field for Residues {
    type Element = Residue;

    fn rational(&self, value: &Rational) -> Result<Residue, Error> {
        self.field.from_rational(value).ok_or(Error::NotExact)
    }

    fn integer(&self, value: i64) -> Residue {
        self.field.from_i64(value)
    }

    fn pi(&self) -> Result<Residue, Error> {
        Err(Error::NotExact)
    }

    fn add(&self, left: &Residue, right: &Residue) -> Result<Residue, Error> {
        Ok(self.field.add(*left, *right))
    }

    fn multiply(&self, left: &Residue, right: &Residue) -> Result<Residue, Error> {
        Ok(self.field.mul(*left, *right))
    }

    fn negate(&self, value: &Residue) -> Residue {
        self.field.neg(*value)
    }

    fn reciprocal(&self, value: &Residue) -> Result<Residue, Error> {
        self.field.inv(*value).ok_or(Error::Undefined("a division by zero"))
    }

    fn root(&self, _value: &Residue, _degree: u32) -> Result<Residue, Error> {
        Err(Error::NotExact)
    }

    fn apply(&self, _function: Elementary, _at: &Residue) -> Result<Residue, Error> {
        Err(Error::NotExact)
    }

    fn compare(&self, left: &Residue, right: &Residue) -> Result<Ordering, Error> {
        if left == right { Ok(Ordering::Equal) } else { Err(Error::NotExact) }
    }

    fn is_zero(&self, value: &Residue) -> Option<bool> {
        Some(value.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::rational::fraction;

    #[test]
    fn fractions_and_refusals() {
        let seven = Residues { field: PrimeField::new(7).unwrap() };
        let half = seven.rational(&fraction(1, 2).unwrap()).unwrap();
        assert_eq!(seven.add(&half, &half), Ok(seven.integer(1)));
        assert!(matches!(seven.reciprocal(&seven.integer(14)), Err(Error::Undefined(_))));
        assert_eq!(seven.compare(&seven.integer(1), &seven.integer(2)), Err(Error::NotExact));
        assert_eq!(seven.apply(Elementary::Exp, &seven.integer(0)), Err(Error::NotExact));
    }
}

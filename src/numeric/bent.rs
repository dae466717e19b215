//! Functions that are bent: alike on a part of the line, and nowhere else.

use std::fmt;

use crate::expr::Elementary;
use crate::number::Rational;
use crate::numeric::Error;
use crate::numeric::Term;
use crate::numeric::Witness;
use crate::numeric::field::Field;
use crate::numeric::slopes::horner;

/// A function with the term `exp(-1/p)` added where p, a polynomial in one of the numbers, is above 0.
///
/// The term is smooth everywhere and vanishes with all of its slopes where p is at most 0: so two functions may agree on a
/// part of the line and nowhere else, as no two polynomials do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bent {
    /// The function to which the term is added.
    pub base: Witness,
    /// Which of the numbers p is of, from 0.
    pub slot: usize,
    /// The coefficients of p, from the constant up.
    pub above: Vec<Rational>,
}

impl Bent {
    /// The value of the member with these indices of the family at a row of numbers. The term is the same for all members.
    pub(super) fn value<F: Field>(&self, field: &F, indices: &[i64], at: &[F::Element]) -> Result<F::Element, Error> {
        let base = self.base.value(field, indices, at)?;
        let Some(number) = at.get(self.slot) else { return Ok(base) };
        let above = horner(field, &self.above, number)?;
        // What is left of p above 0 tells its sign in every field.
        match field.is_zero(&field.apply(Elementary::Relu, &above)?) {
            Some(true) => Ok(base),
            Some(false) => {
                let exponent = field.negate(&field.reciprocal(&above)?);
                field.add(&base, &field.apply(Elementary::Exp, &exponent)?)
            }
            None => Err(Error::NotExact),
        }
    }
}

impl fmt::Display for Bent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let term = |(exponent, coefficient): (u32, &Rational)| {
            let mut exponents = vec![0; self.slot];
            exponents.push(exponent);
            Term { coefficient: coefficient.clone(), exponents }
        };
        let above = Witness::Terms((0..).zip(&self.above).map(term).collect()).to_string();
        let above = above.split_once(" -> ").map_or(&above[..], |(_, formula)| formula);
        write!(f, "{} + (exp(-1/({above})) where {above} > 0)", self.base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::rational::integer;
    use crate::numeric::Floats;
    use crate::numeric::Rationals;

    #[test]
    fn the_term_vanishes_on_a_part() {
        let bent = Bent { base: Witness::monomial(2), slot: 0, above: [0, -1].map(integer).to_vec() };
        assert_eq!(bent.value(&Rationals, &[], &[integer(3)]), Ok(integer(9)));
        assert_eq!(bent.value(&Rationals, &[], &[integer(0)]), Ok(integer(0)));
        assert_eq!(bent.value(&Rationals, &[], &[integer(-1)]), Err(Error::NotExact));
        let value = bent.value(&Floats, &[], &[-1.0]).unwrap();
        assert!(1.3678 < value && value < 1.3679);
        assert_eq!(bent.to_string(), "z -> z^2 + (exp(-1/(-z)) where -z > 0)");
    }
}

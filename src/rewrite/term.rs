//! Terms and forms: what the sum-product form is made of.
//!
//! A [`Form`] is a sum of [`Term`]s; a term is a coefficient times powers of atoms, summed over bound letters that run
//! over the integer points of a [`Domain`].

use crate::expr::{Expr, SmallMap};
use crate::number::Rational;
use crate::rewrite::domain::Domain;
use crate::rewrite::linear::Linear;

/// Powers of atoms.
pub type Factors = SmallMap<Expr, Linear>;

/// A coefficient times powers of atoms, summed over letters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    /// The exact factor in front; never 0.
    pub coefficient: Rational,
    /// The letters that are summed over.
    pub letters: Vec<Expr>,
    /// Where the letters run, and for which free letters the term is there at all.
    pub domain: Domain,
    /// The atoms and their exponents; none is 0.
    pub factors: Factors,
}

/// A sum of terms.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Form {
    /// The terms, in no particular order until `combine` sorts them.
    pub terms: Vec<Term>,
}

/// Why an expression has no form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// More terms than the budget allows.
    TooLarge,
    /// A guard or a range that is not made of differences.
    NotLinear,
}

impl Term {
    pub(super) fn constant(value: Rational, domain: &Domain) -> Term {
        Term { coefficient: value, letters: Vec::new(), domain: domain.clone(), factors: Factors::new() }
    }

    /// The product with a term that has no letters of its own and no guard: its indices may be letters of this one.
    pub(super) fn by(&self, other: &Term) -> Term {
        let mut product = Term { coefficient: &self.coefficient * &other.coefficient, ..self.clone() };
        for (&atom, exponent) in &other.factors {
            product.times(atom, exponent);
        }
        product
    }

    /// Multiplies by `atom^exponent`.
    pub fn times(&mut self, atom: Expr, exponent: &Linear) {
        let total = match self.factors.get(&atom) {
            Some(own) => own.plus(exponent, &Rational::ONE),
            None => exponent.clone(),
        };
        if total == Linear::default() {
            self.factors.remove(&atom);
        } else {
            self.factors.insert(atom, total);
        }
    }
}

/// A sum that an assumption gives a value, for all values of the letters.
#[derive(Debug, Clone)]
pub struct KnownSum {
    /// The sum.
    pub sum: Expr,
    /// The letters for which it is said.
    pub letters: Vec<Expr>,
    /// Its value.
    pub value: Rational,
}

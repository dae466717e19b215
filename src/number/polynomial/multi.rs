//! Polynomials in several unknowns with rational coefficients.

use std::collections::BTreeMap;

use crate::number::Rational;
use crate::number::polynomial::Polynomial;

/// Unknowns, by number, with their exponents; none of them 0.
pub type Monomial = BTreeMap<usize, u32>;

/// A polynomial: the coefficients by monomial, none of them 0.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Multi {
    terms: BTreeMap<Monomial, Rational>,
}

impl Multi {
    /// A number.
    pub fn constant(value: Rational) -> Multi {
        Multi::term(Monomial::new(), value)
    }

    /// One unknown.
    pub fn unknown(unknown: usize) -> Multi {
        Multi::term(Monomial::from([(unknown, 1)]), Rational::from(1))
    }

    /// One term.
    pub fn term(monomial: Monomial, coefficient: Rational) -> Multi {
        let mut terms = BTreeMap::new();
        if !coefficient.is_zero() {
            terms.insert(monomial, coefficient);
        }
        Multi { terms }
    }

    /// The terms in order.
    pub fn terms(&self) -> impl Iterator<Item = (&Monomial, &Rational)> {
        self.terms.iter()
    }

    /// How many terms there are.
    pub fn n_terms(&self) -> usize {
        self.terms.len()
    }

    /// Whether this is 0 everywhere.
    pub fn is_zero(&self) -> bool {
        self.terms.is_empty()
    }

    /// What is left where every unknown is 0.
    pub fn constant_term(&self) -> Rational {
        self.terms.get(&Monomial::new()).cloned().unwrap_or_default()
    }

    /// The value, where no unknown stands in it.
    pub fn as_constant(&self) -> Option<Rational> {
        match self.terms.len() {
            0 => Some(Rational::from(0)),
            1 => self.terms.get(&Monomial::new()).cloned(),
            _ => None,
        }
    }

    /// The unknowns that stand in it, in order.
    pub fn unknowns(&self) -> Vec<usize> {
        let mut found: Vec<usize> = self.terms.keys().flat_map(|monomial| monomial.keys().copied()).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The highest exponent of an unknown.
    pub fn degree_in(&self, unknown: usize) -> u32 {
        self.terms.keys().filter_map(|monomial| monomial.get(&unknown).copied()).max().unwrap_or(0)
    }

    /// `self + scale * other`.
    pub fn plus(&self, other: &Multi, scale: &Rational) -> Multi {
        let mut sum = self.clone();
        for (monomial, coefficient) in &other.terms {
            sum.add_term(monomial.clone(), coefficient * scale);
        }
        sum
    }

    fn add_term(&mut self, monomial: Monomial, coefficient: Rational) {
        let entry = self.terms.entry(monomial.clone()).or_insert_with(|| Rational::from(0));
        *entry += coefficient;
        if entry.is_zero() {
            self.terms.remove(&monomial);
        }
    }

    /// `-self`.
    pub fn negated(&self) -> Multi {
        self.scaled(&Rational::from(-1))
    }

    /// The product with a number.
    pub fn scaled(&self, factor: &Rational) -> Multi {
        Multi::default().plus(self, factor)
    }

    /// The product.
    pub fn times(&self, other: &Multi) -> Multi {
        let mut product = Multi::default();
        for (left, a) in &self.terms {
            for (right, b) in &other.terms {
                let mut monomial = left.clone();
                for (&unknown, &exponent) in right {
                    *monomial.entry(unknown).or_insert(0) += exponent;
                }
                product.add_term(monomial, a * b);
            }
        }
        product
    }

    /// The power with a whole exponent.
    pub fn power(&self, exponent: u32) -> Multi {
        (0..exponent).fold(Multi::constant(Rational::from(1)), |power, _| power.times(self))
    }

    /// The value with an unknown replaced by a polynomial.
    pub fn substitute(&self, unknown: usize, value: &Multi) -> Multi {
        self.by_powers_of(unknown)
            .into_iter()
            .fold(Multi::default(), |sum, (exponent, part)| sum.plus(&part.times(&value.power(exponent)), &1.into()))
    }

    /// The coefficients of the powers of one unknown.
    pub fn by_powers_of(&self, unknown: usize) -> BTreeMap<u32, Multi> {
        let mut parts: BTreeMap<u32, Multi> = BTreeMap::new();
        for (monomial, coefficient) in &self.terms {
            let mut rest = monomial.clone();
            let exponent = rest.remove(&unknown).unwrap_or(0);
            parts.entry(exponent).or_default().add_term(rest, coefficient.clone());
        }
        parts
    }

    /// The largest monomial that divides every term, and what is left of the division.
    pub fn content(&self) -> (Monomial, Multi) {
        let mut keys = self.terms.keys();
        let mut common = keys.next().cloned().unwrap_or_default();
        for monomial in keys {
            common.retain(|unknown, exponent| match monomial.get(unknown) {
                Some(&other) => {
                    *exponent = other.min(*exponent);
                    true
                }
                None => false,
            });
        }
        let rest = self.terms.iter().map(|(monomial, coefficient)| {
            let mut monomial = monomial.clone();
            for (unknown, &exponent) in &common {
                if let Some(own) = monomial.get_mut(unknown) {
                    *own -= exponent;
                }
            }
            monomial.retain(|_, exponent| *exponent > 0);
            (monomial, coefficient.clone())
        });
        let rest = Multi { terms: rest.collect() };
        (common, rest)
    }

    /// The factor by which this is a multiple of `other`, where it is one.
    pub fn ratio_to(&self, other: &Multi) -> Option<Rational> {
        let (monomial, coefficient) = other.terms.iter().next()?;
        let ratio = self.terms.get(monomial)? / coefficient;
        (self.terms.len() == other.terms.len() && *self == other.scaled(&ratio)).then_some(ratio)
    }

    /// The polynomial with leading coefficient 1, and that coefficient.
    pub fn monic(&self) -> Option<(Rational, Multi)> {
        let (_, lead) = self.terms.iter().next_back()?;
        Some((lead.clone(), self.scaled(&(Rational::from(1) / lead))))
    }

    /// As a polynomial of the one unknown it has.
    pub fn univariate(&self, unknown: usize) -> Option<Polynomial> {
        let mut coefficients = Vec::new();
        for (exponent, part) in self.by_powers_of(unknown) {
            let place = usize::try_from(exponent).ok()?;
            coefficients.resize(place + 1, Rational::from(0));
            coefficients[place] = part.as_constant()?;
        }
        Some(Polynomial::new(coefficients))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ring() {
        let (x, y) = (Multi::unknown(0), Multi::unknown(1));
        let square = x.plus(&y, &1.into()).power(2);
        assert_eq!((square.n_terms(), square.degree_in(0), square.unknowns()), (3, 2, vec![0, 1]));
        assert!(square.substitute(1, &x.negated()).is_zero());
        let (content, rest) = x.times(&y).plus(&x.power(2), &3.into()).content();
        assert_eq!(content, Monomial::from([(0, 1)]));
        assert_eq!(rest, y.plus(&x, &3.into()));
        assert_eq!(square.scaled(&5.into()).ratio_to(&square), Some(5.into()));
        assert_eq!(square.ratio_to(&x), None);
        assert_eq!(
            x.power(2).plus(&Multi::constant(4.into()), &1.into()).univariate(0).unwrap().coefficients().len(),
            3
        );
    }
}

//! Quotients of polynomials whose denominators are kept in factors.

use std::collections::BTreeMap;

use crate::number::Rational;
use crate::number::polynomial::Multi;

/// A numerator over factors with their exponents. Factors are unknowns, or monic and without a common unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ratio {
    /// Above the line.
    pub numerator: Multi,
    /// Below the line.
    pub denominator: BTreeMap<Multi, u32>,
}

/// A result, and the unknowns that were cancelled for it and so must not be 0.
type Cancelled = (Ratio, Vec<usize>);

impl Ratio {
    /// A polynomial over 1.
    pub fn whole(numerator: Multi) -> Ratio {
        Ratio { numerator, denominator: BTreeMap::new() }
    }

    /// A number.
    pub fn constant(value: Rational) -> Ratio {
        Ratio::whole(Multi::constant(value))
    }

    /// The sum, over the least common denominator.
    pub fn plus(&self, other: &Ratio) -> Ratio {
        let mut common = self.denominator.clone();
        for (factor, &exponent) in &other.denominator {
            let entry = common.entry(factor.clone()).or_insert(0);
            *entry = exponent.max(*entry);
        }
        let raised = |side: &Ratio| {
            common.iter().fold(side.numerator.clone(), |numerator, (factor, &exponent)| {
                let own = side.denominator.get(factor).copied().unwrap_or(0);
                numerator.times(&factor.power(exponent - own))
            })
        };
        Ratio { numerator: raised(self).plus(&raised(other), &Rational::from(1)), denominator: common }
    }

    /// The product, with unknowns cancelled.
    pub fn times(&self, other: &Ratio) -> Cancelled {
        let mut denominator = self.denominator.clone();
        for (factor, &exponent) in &other.denominator {
            *denominator.entry(factor.clone()).or_insert(0) += exponent;
        }
        let mut numerator = self.numerator.clone();
        // A factor that one side has above and the other below goes before anything is multiplied out.
        for (own, across) in [(self, other), (other, self)] {
            let Some((lead, monic)) = own.numerator.monic() else { continue };
            if own.numerator.n_terms() > 1 && across.denominator.contains_key(&monic) {
                take(&mut denominator, &monic, 1);
                let rest = if std::ptr::eq(own, self) { &other.numerator } else { &self.numerator };
                return Ratio { numerator: rest.scaled(&lead), denominator }.reduced();
            }
        }
        numerator = numerator.times(&other.numerator);
        Ratio { numerator, denominator }.reduced()
    }

    fn reduced(mut self) -> Cancelled {
        let (content, _) = self.numerator.content();
        let mut cancelled = Vec::new();
        for (unknown, exponent) in content {
            let factor = Multi::unknown(unknown);
            let Some(&below) = self.denominator.get(&factor) else { continue };
            let shared = exponent.min(below);
            take(&mut self.denominator, &factor, shared);
            let mut parts = Multi::default();
            for (power, part) in self.numerator.by_powers_of(unknown) {
                parts = parts.plus(&part.times(&factor.power(power - shared)), &Rational::from(1));
            }
            self.numerator = parts;
            cancelled.push(unknown);
        }
        (self, cancelled)
    }

    /// The reciprocal; `None` of 0.
    pub fn reciprocal(&self) -> Option<Cancelled> {
        let (content, rest) = self.numerator.content();
        let (lead, monic) = rest.monic()?;
        let mut denominator = BTreeMap::new();
        for (unknown, exponent) in content {
            denominator.insert(Multi::unknown(unknown), exponent);
        }
        if monic.as_constant().is_none() {
            *denominator.entry(monic).or_insert(0) += 1;
        }
        let one = Multi::constant(Rational::from(1) / lead);
        let numerator =
            self.denominator.iter().fold(one, |all, (factor, &exponent)| all.times(&factor.power(exponent)));
        Some(Ratio { numerator, denominator }.reduced())
    }

    /// The power with a whole exponent of at least 0.
    pub fn power(&self, exponent: u32) -> Ratio {
        let denominator = self.denominator.iter().map(|(factor, &own)| (factor.clone(), own * exponent)).collect();
        Ratio { numerator: self.numerator.power(exponent), denominator }
    }
}

fn take(denominator: &mut BTreeMap<Multi, u32>, factor: &Multi, exponent: u32) {
    if let Some(own) = denominator.get_mut(factor) {
        *own -= exponent;
        if *own == 0 {
            denominator.remove(factor);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sigmoid_of_an_exponential() {
        // s = v / (1 + v): s (1 - s) = v / (1 + v)^2.
        let v = Ratio::whole(Multi::unknown(0));
        let one = Ratio::constant(1.into());
        let (inverse, _) = one.plus(&v).reciprocal().unwrap();
        let (sigmoid, _) = v.times(&inverse);
        let (minus, _) = sigmoid.times(&Ratio::constant((-1).into()));
        let (slope, cancelled) = sigmoid.times(&one.plus(&minus));
        assert_eq!(slope.numerator, Multi::unknown(0));
        assert_eq!((slope.denominator.values().copied().collect::<Vec<_>>(), cancelled), (vec![2], vec![]));
        let (back, cancelled) = v.times(&v.reciprocal().unwrap().0);
        assert_eq!((back, cancelled), (one, vec![0]));
        assert!(Ratio::constant(0.into()).reciprocal().is_none());
    }
}

//! Forward differentiation: numbers with infinitesimals beside them.

use std::cmp::Ordering;
use std::ops::Deref;
use std::ops::DerefMut;

use crate::expr::Elementary;
use crate::number::Rational;
use crate::numeric::Error;
use crate::numeric::field::Field;
use crate::numeric::slopes::taylor;

/// `a + Σ b_S ε_S`, where S runs over sets of infinitesimals with `ε_i² = 0` each, and `ε_S` is their product.
///
/// The coefficient of `ε_1 ε_2` is a mixed second derivative: an infinitesimal is made for each differentiation and
/// each of its directions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jet<E> {
    /// The value.
    pub value: E,
    /// The coefficients by set, as bits; what is not listed is 0 and does not depend on those infinitesimals.
    pub slopes: Slopes<E>,
}

/// Jets over a field, themselves a field.
#[derive(Debug)]
pub struct Jets<'a, F: Field> {
    /// The field of the coefficients.
    pub field: &'a F,
    /// Sets of infinitesimals of which no two are multiplied: the directions of one derivative.
    pub together: Vec<u64>,
}

/// Coefficients by set of infinitesimals. One alone, as most jets have, is kept in place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slopes<E> {
    /// One or none.
    Few(Option<(u64, E)>),
    /// Several.
    Many(Vec<(u64, E)>),
}

impl<E> Default for Slopes<E> {
    fn default() -> Slopes<E> {
        Slopes::Few(None)
    }
}

impl<E> Deref for Slopes<E> {
    type Target = [(u64, E)];

    fn deref(&self) -> &[(u64, E)] {
        match self {
            Slopes::Few(slope) => slope.as_slice(),
            Slopes::Many(slopes) => slopes,
        }
    }
}

impl<E> DerefMut for Slopes<E> {
    fn deref_mut(&mut self) -> &mut [(u64, E)] {
        match self {
            Slopes::Few(slope) => slope.as_mut_slice(),
            Slopes::Many(slopes) => slopes,
        }
    }
}

impl<E> Slopes<E> {
    fn push(&mut self, slope: (u64, E)) {
        match self {
            Slopes::Few(None) => *self = Slopes::Few(Some(slope)),
            Slopes::Few(first) => *self = Slopes::Many(first.take().into_iter().chain([slope]).collect()),
            Slopes::Many(slopes) => slopes.push(slope),
        }
    }
}

impl<E> FromIterator<(u64, E)> for Slopes<E> {
    fn from_iter<I: IntoIterator<Item = (u64, E)>>(slopes: I) -> Slopes<E> {
        let mut all = Slopes::default();
        slopes.into_iter().for_each(|slope| all.push(slope));
        all
    }
}

impl<E: Clone> Jet<E> {
    /// A number without infinitesimals.
    pub fn constant(value: E) -> Jet<E> {
        Jet { value, slopes: Slopes::default() }
    }

    /// All infinitesimals that occur.
    fn support(&self) -> u64 {
        self.slopes.iter().fold(0, |all, (set, _)| all | set)
    }

    /// The coefficient of the product of `bits`, itself with the infinitesimals that remain; `None` for 0.
    pub fn coefficient(&self, bits: u64) -> Option<Jet<E>> {
        let value = self.slopes.iter().find(|(set, _)| *set == bits)?.1.clone();
        Some(Jet { value, slopes: self.beyond(bits) })
    }

    fn beyond(&self, bits: u64) -> Slopes<E> {
        let holds = |set: u64| set & bits == bits && set != bits;
        self.slopes.iter().filter(|(set, _)| holds(*set)).map(|(set, slope)| (set & !bits, slope.clone())).collect()
    }
}

impl<'a, F: Field> Jets<'a, F> {
    /// The jets over a field.
    pub fn over(field: &'a F) -> Self {
        Jets { field, together: Vec::new() }
    }

    /// The coefficient of the product of `bits`, 0 where there is none.
    pub fn coefficient(&self, of: &Jet<F::Element>, bits: u64) -> Jet<F::Element> {
        of.coefficient(bits).unwrap_or_else(|| Jet { value: self.field.integer(0), slopes: of.beyond(bits) })
    }

    /// `of + ε_set`.
    pub fn perturb(&self, of: &Jet<F::Element>, set: u64) -> Result<Jet<F::Element>, Error> {
        self.move_by(of, set, self.field.integer(1))
    }

    /// `of + slope ε_set`.
    pub fn move_by(&self, of: &Jet<F::Element>, set: u64, slope: F::Element) -> Result<Jet<F::Element>, Error> {
        let mut result = of.clone();
        self.accumulate(&mut result.slopes, set, slope)?;
        Ok(result)
    }

    fn accumulate(&self, slopes: &mut Slopes<F::Element>, set: u64, by: F::Element) -> Result<(), Error> {
        match slopes.iter_mut().find(|(own, _)| *own == set) {
            Some((_, slope)) => *slope = self.field.add(slope, &by)?,
            None => slopes.push((set, by)),
        }
        Ok(())
    }

    /// `Σ c_n δ^n` for the infinitesimal part δ of `at`.
    fn compose(&self, coefficients: &[F::Element], at: &Jet<F::Element>) -> Result<Jet<F::Element>, Error> {
        let mut result = Jet::constant(coefficients[0].clone());
        let mut power = at.slopes.clone();
        for coefficient in &coefficients[1..] {
            for (set, slope) in power.iter() {
                let term = self.field.multiply(coefficient, slope)?;
                self.accumulate(&mut result.slopes, *set, term)?;
            }
            power = self.multiply_slopes(&power, &at.slopes)?;
        }
        Ok(result)
    }

    fn multiply_slopes(
        &self,
        left: &Slopes<F::Element>,
        right: &Slopes<F::Element>,
    ) -> Result<Slopes<F::Element>, Error> {
        let mut product = Slopes::default();
        for (a, left) in left.iter() {
            let excluded = self.excluded_by(*a);
            for (b, right) in right.iter().filter(|(b, _)| excluded & b == 0) {
                self.accumulate(&mut product, a | b, self.field.multiply(left, right)?)?;
            }
        }
        Ok(product)
    }

    /// The infinitesimals whose products with a set vanish or are not asked for.
    fn excluded_by(&self, set: u64) -> u64 {
        self.together.iter().filter(|together| *together & set != 0).fold(set, |all, together| all | together)
    }

    /// The terms of Taylor's series of an arbitrary function that hold `power`: for each argument from `first` on, the
    /// slope by it times its infinitesimal part; `run` of the last slots are by the argument `first` already.
    fn taylor_terms(
        &self,
        result: &mut Jet<F::Element>,
        function: u64,
        (slots, first, run): (&mut Vec<usize>, usize, u64),
        values: &[F::Element],
        at: &[Jet<F::Element>],
        power: &Slopes<F::Element>,
    ) -> Result<(), Error> {
        for (argument, jet) in at.iter().enumerate().skip(first) {
            let run = if argument == first { run + 1 } else { 1 };
            let mut next = self.multiply_slopes(power, &jet.slopes)?;
            if next.is_empty() {
                continue;
            }
            if run > 1 {
                let share = self.field.rational(&(Rational::ONE / Rational::from(run)))?;
                for (_, slope) in next.iter_mut() {
                    *slope = self.field.multiply(slope, &share)?;
                }
            }
            slots.push(argument);
            slots.sort_unstable();
            let slope = self.field.arbitrary(function, slots, values)?;
            for (set, part) in next.iter() {
                self.accumulate(&mut result.slopes, *set, self.field.multiply(&slope, part)?)?;
            }
            self.taylor_terms(result, function, (slots, argument, run), values, at, &next)?;
            if let Some(place) = slots.iter().position(|&slot| slot == argument) {
                slots.remove(place);
            }
        }
        Ok(())
    }

    /// At a tie of the values, the order is decided only where the two move together.
    fn same_slopes(&self, left: &Jet<F::Element>, right: &Jet<F::Element>) -> bool {
        let covered = |one: &Jet<F::Element>, other: &Jet<F::Element>| {
            one.slopes.iter().all(|(set, slope)| {
                let difference = match other.slopes.iter().find(|(own, _)| own == set) {
                    Some((_, own)) => self.field.subtract(slope, own),
                    None => Ok(slope.clone()),
                };
                difference.is_ok_and(|difference| self.field.is_zero(&difference) == Some(true))
            })
        };
        covered(left, right) && covered(right, left)
    }

    /// How many infinitesimals of a jet may stand in one product.
    fn order(&self, of: &Jet<F::Element>) -> usize {
        let (mut rest, mut order) = (of.support(), 0);
        while rest != 0 {
            rest &= !self.excluded_by(rest & rest.wrapping_neg());
            order += 1;
        }
        order
    }
}

impl<F: Field> Field for Jets<'_, F> {
    type Element = Jet<F::Element>;

    fn rational(&self, value: &Rational) -> Result<Self::Element, Error> {
        Ok(Jet::constant(self.field.rational(value)?))
    }

    fn integer(&self, value: i64) -> Self::Element {
        Jet::constant(self.field.integer(value))
    }

    fn given(&self, drawn: &Rational) -> Result<Self::Element, Error> {
        Ok(Jet::constant(self.field.given(drawn)?))
    }

    fn size(&self, drawn: &Rational) -> Result<Self::Element, Error> {
        Ok(Jet::constant(self.field.size(drawn)?))
    }

    fn largest_elimination(&self) -> usize {
        self.field.largest_elimination()
    }

    fn pi(&self) -> Result<Self::Element, Error> {
        Ok(Jet::constant(self.field.pi()?))
    }

    fn add(&self, left: &Self::Element, right: &Self::Element) -> Result<Self::Element, Error> {
        let mut sum = Jet { value: self.field.add(&left.value, &right.value)?, slopes: left.slopes.clone() };
        for (set, slope) in right.slopes.iter() {
            self.accumulate(&mut sum.slopes, *set, slope.clone())?;
        }
        Ok(sum)
    }

    fn multiply(&self, left: &Self::Element, right: &Self::Element) -> Result<Self::Element, Error> {
        let value = self.field.multiply(&left.value, &right.value)?;
        let mut slopes = self.multiply_slopes(&left.slopes, &right.slopes)?;
        for (set, slope) in left.slopes.iter() {
            self.accumulate(&mut slopes, *set, self.field.multiply(slope, &right.value)?)?;
        }
        for (set, slope) in right.slopes.iter() {
            self.accumulate(&mut slopes, *set, self.field.multiply(&left.value, slope)?)?;
        }
        Ok(Jet { value, slopes })
    }

    fn negate(&self, value: &Self::Element) -> Self::Element {
        let slopes = value.slopes.iter().map(|(set, slope)| (*set, self.field.negate(slope))).collect();
        Jet { value: self.field.negate(&value.value), slopes }
    }

    fn reciprocal(&self, value: &Self::Element) -> Result<Self::Element, Error> {
        let inverse = self.field.reciprocal(&value.value)?;
        let mut coefficients = vec![inverse.clone()];
        for n in 0..self.order(value) {
            coefficients.push(self.field.negate(&self.field.multiply(&coefficients[n], &inverse)?));
        }
        self.compose(&coefficients, value)
    }

    fn root(&self, value: &Self::Element, degree: u32) -> Result<Self::Element, Error> {
        let root = self.field.root(&value.value, degree)?;
        if value.slopes.is_empty() {
            return Ok(Jet::constant(root));
        }
        // Binomial series of the exponent r = 1 / degree: c_{n+1} = c_n (r - n) / ((n + 1) x).
        let inverse = self.field.reciprocal(&value.value)?;
        let exponent = Rational::ONE / Rational::from(degree);
        let mut coefficients = vec![root];
        for n in 0..self.order(value) as u64 {
            let factor = (&exponent - Rational::from(n)) / Rational::from(n + 1);
            let factor = self.field.multiply(&self.field.rational(&factor)?, &inverse)?;
            coefficients.push(self.field.multiply(&coefficients[n as usize], &factor)?);
        }
        self.compose(&coefficients, value)
    }

    fn apply(&self, function: Elementary, at: &Self::Element) -> Result<Self::Element, Error> {
        if at.slopes.is_empty() {
            return Ok(Jet::constant(self.field.apply(function, &at.value)?));
        }
        let slopes = self.field.slopes(function, &at.value, self.order(at))?;
        self.compose(&taylor(self.field, &slopes)?, at)
    }

    fn arbitrary(&self, function: u64, slots: &[usize], at: &[Self::Element]) -> Result<Self::Element, Error> {
        let values: Vec<F::Element> = at.iter().map(|jet| jet.value.clone()).collect();
        let mut result = Jet::constant(self.field.arbitrary(function, slots, &values)?);
        let mut slots = slots.to_vec();
        let whole = Slopes::Few(Some((0, self.field.integer(1))));
        self.taylor_terms(&mut result, function, (&mut slots, 0, 0), &values, at, &whole)?;
        Ok(result)
    }

    fn compare(&self, left: &Self::Element, right: &Self::Element) -> Result<Ordering, Error> {
        let ordering = self.field.compare(&left.value, &right.value)?;
        if ordering == Ordering::Equal && !self.same_slopes(left, right) {
            return Err(Error::Undefined("the slope at the edge of a case"));
        }
        Ok(ordering)
    }

    fn is_zero(&self, value: &Self::Element) -> Option<bool> {
        match self.field.is_zero(&value.value) {
            Some(true) if !self.same_slopes(value, &self.integer(0)) => None,
            known => known,
        }
    }

    fn to_rational(&self, value: &Self::Element) -> Option<Rational> {
        if value.slopes.is_empty() { self.field.to_rational(&value.value) } else { None }
    }

    fn weight(&self, value: &Self::Element) -> f64 {
        self.field.weight(&value.value)
    }

    fn cost_of_product(&self, value: &Self::Element) -> u64 {
        self.field.cost_of_product(&value.value)
    }

    fn spectral_norm(&self, rows: usize, entries: &[Self::Element]) -> Result<Self::Element, Error> {
        Ok(Jet::constant(self.field.spectral_norm(rows, &constants(entries)?)?))
    }

    fn spectral_radius(&self, size: usize, entries: &[Self::Element]) -> Result<Self::Element, Error> {
        Ok(Jet::constant(self.field.spectral_radius(size, &constants(entries)?)?))
    }
}

fn constants<E: Clone>(entries: &[Jet<E>]) -> Result<Vec<E>, Error> {
    if entries.iter().any(|entry| !entry.slopes.is_empty()) {
        return Err(Error::Unsupported("the slope of a singular value or an eigenvalue"));
    }
    Ok(entries.iter().map(|entry| entry.value.clone()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::rational::fraction;
    use crate::numeric::Floats;
    use crate::numeric::Rationals;

    #[test]
    fn mixed_derivatives_of_a_product_and_a_quotient() {
        let jets = Jets::over(&Rationals);
        let x = jets.perturb(&jets.integer(3), 1).unwrap();
        let y = jets.perturb(&jets.integer(2), 2).unwrap();
        let quotient = jets.divide(&x, &y).unwrap();
        assert_eq!(quotient.coefficient(3).unwrap().value, fraction(-1, 4).unwrap());
        let twice = jets.perturb(&x, 2).unwrap();
        let cube = jets.raise(&twice, 3).unwrap();
        assert_eq!(cube.coefficient(3).unwrap().value, Rational::from(18));
    }

    #[test]
    fn third_derivative_of_a_function() {
        let jets = Jets::over(&Floats);
        let x = (0..3).try_fold(jets.rational(&fraction(3, 10).unwrap()).unwrap(), |x, i| jets.perturb(&x, 1 << i));
        let y = jets.apply(Elementary::Tanh, &x.unwrap()).unwrap();
        let (t, third) = (0.3_f64.tanh(), y.coefficient(7).unwrap().value);
        let expected = (1.0 - t * t) * (6.0 * t * t - 2.0);
        assert!((third - expected).abs() < 1e-14);
    }

    #[test]
    fn roots_and_kinks() {
        let jets = Jets::over(&Rationals);
        let x = jets.perturb(&jets.integer(4), 1).unwrap();
        assert_eq!(jets.root(&x, 2).unwrap().coefficient(1).unwrap().value, fraction(1, 4).unwrap());
        let zero = jets.perturb(&jets.integer(0), 1).unwrap();
        assert!(matches!(jets.root(&zero, 2), Err(Error::Undefined(_))));
        assert!(matches!(jets.apply(Elementary::Relu, &zero), Err(Error::Undefined(_))));
        assert!(matches!(jets.compare(&zero, &jets.integer(0)), Err(Error::Undefined(_))));
    }
}

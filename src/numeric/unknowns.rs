use std::cell::Cell;
use std::cmp::Ordering;

use crate::expr::Elementary;
use crate::number::Random;
use crate::number::Rational;
use crate::number::modular::Field as PrimeField;
use crate::number::modular::Residue;
use crate::numeric::Error;
use crate::numeric::field::Field;

/// The integers modulo a random prime, in which the values of functions are unknowns drawn at random.
///
/// Equal arguments have equal values, and nothing else is asked of an arbitrary function. So what is equal here, wherever
/// the unknowns are drawn, is equal for all functions and all numbers (Schwartz 1980, Zippel 1979). Elementary functions
/// and roots, which fulfil laws, have no values: for them there is [`Likeness`](super::Likeness).
#[derive(Debug)]
pub struct Unknowns {
    field: PrimeField,
    seed: u64,
    budget: Cell<u64>,
}

impl Unknowns {
    /// A field with a prime above 2^61 and unknowns that follow from the seed.
    pub fn new(seed: u64) -> Unknowns {
        Unknowns::over(PrimeField::draw(&mut Random::new(seed)), seed, u64::MAX)
    }

    /// Over a field that was drawn before, where at most so many products are formed; more are too large a task.
    pub fn over(field: PrimeField, seed: u64, budget: u64) -> Unknowns {
        Unknowns { field, seed, budget: Cell::new(budget) }
    }

    /// How many products may still be formed.
    pub fn budget(&self) -> u64 {
        self.budget.get()
    }

    /// The unknown of this name and these numbers.
    fn unknown(&self, name: u64, numbers: impl IntoIterator<Item = u64>) -> Residue {
        let mut random = Random::new(self.seed).fork(name);
        for number in numbers {
            random = random.fork(number);
        }
        self.field.random_nonzero(&mut random)
    }
}

impl Field for Unknowns {
    type Element = Residue;

    fn rational(&self, value: &Rational) -> Result<Residue, Error> {
        self.field.from_rational(value).ok_or(Error::NotExact)
    }

    fn integer(&self, value: i64) -> Residue {
        self.field.from_i64(value)
    }

    fn pi(&self) -> Result<Residue, Error> {
        Ok(self.unknown(0, []))
    }

    fn add(&self, left: &Residue, right: &Residue) -> Result<Residue, Error> {
        Ok(self.field.add(*left, *right))
    }

    fn multiply(&self, left: &Residue, right: &Residue) -> Result<Residue, Error> {
        let budget = self.budget.get().checked_sub(1).ok_or(Error::TooLarge)?;
        self.budget.set(budget);
        Ok(self.field.mul(*left, *right))
    }

    fn negate(&self, value: &Residue) -> Residue {
        self.field.neg(*value)
    }

    fn reciprocal(&self, value: &Residue) -> Result<Residue, Error> {
        self.field.inv(*value).ok_or(Error::Undefined("a division by zero"))
    }

    fn root(&self, _: &Residue, _: u32) -> Result<Residue, Error> {
        Err(Error::NotExact)
    }

    fn apply(&self, _: Elementary, _: &Residue) -> Result<Residue, Error> {
        Err(Error::NotExact)
    }

    fn arbitrary(&self, function: u64, slots: &[usize], at: &[Residue]) -> Result<Residue, Error> {
        let slots = slots.iter().map(|&slot| slot as u64 + 1);
        let numbers = at.iter().map(|&number| self.field.to_u64(number));
        Ok(self.unknown(function, slots.chain([0]).chain(numbers)))
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
    use crate::numeric::jet::Jets;

    #[test]
    fn slopes_of_an_arbitrary_function_of_two_numbers() {
        let unknowns = Unknowns::new(8);
        let jets = Jets::over(&unknowns);
        let x = jets.perturb(&jets.integer(3), 1).unwrap();
        let y = jets.perturb(&jets.integer(4), 2).unwrap();
        let value = jets.arbitrary(77, &[], &[x.clone(), y]).unwrap();
        let slope =
            |slots: &[usize]| unknowns.arbitrary(77, slots, &[unknowns.integer(3), unknowns.integer(4)]).unwrap();
        assert_eq!(value.value, slope(&[]));
        assert_eq!(value.coefficient(1).unwrap().value, slope(&[0]));
        assert_eq!(value.coefficient(2).unwrap().value, slope(&[1]));
        assert_eq!(value.coefficient(3).unwrap().value, slope(&[0, 1]));
        assert_ne!(slope(&[0]), slope(&[1]));
        // A second derivative by one number: the square of its infinitesimal part, twice over two.
        let twice = jets.perturb(&x, 4).unwrap();
        let value = jets.arbitrary(77, &[], &[twice, jets.integer(4)]).unwrap();
        assert_eq!(value.coefficient(5).unwrap().value, slope(&[0, 0]));
    }

    #[test]
    fn order_has_no_meaning() {
        let unknowns = Unknowns::new(1);
        assert_eq!(unknowns.apply(Elementary::Relu, &unknowns.integer(1)), Err(Error::NotExact));
        assert_eq!(unknowns.compare(&unknowns.integer(1), &unknowns.integer(2)), Err(Error::NotExact));
    }
}

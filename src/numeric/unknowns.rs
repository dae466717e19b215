use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::collections::HashMap;

use crate::expr::Elementary;
use crate::expr::Mixing;
use crate::number::Random;
use crate::number::Rational;
use crate::number::modular::Field as PrimeField;
use crate::number::modular::Residue;
use crate::numeric::Error;
use crate::numeric::field::Field;

/// The integers modulo a random prime, in which the values of functions are unknowns drawn at random.
///
/// Equal arguments have equal values, and nothing else is asked of an arbitrary function. Of the elementary functions
/// only laws that are true of them hold: sigmoid, tanh, sinh and cosh are rational in one exponential, sine and cosine
/// in the tangent of half the angle, and exponentials of small multiples and sums of arguments that were met before
/// are powers and products. So what is equal here, wherever the unknowns are drawn, is equal for all functions and all
/// numbers (Schwartz 1980, Zippel 1979); what differs here may still be equal by a law that is not known.
#[derive(Debug)]
pub struct Unknowns {
    field: PrimeField,
    seed: u64,
    budget: Cell<u64>,
    /// Exponentials that depend on no others.
    exponentials: RefCell<Vec<Exponential>>,
    /// The multiples of the arguments of the first [`MAX_PAIRED`] of them: of which one, and which of [`SMALL`].
    multiples: RefCell<HashMap<Residue, (usize, usize), Mixing>>,
    /// Logarithms that depend on no others.
    logarithms: RefCell<Vec<Logarithm>>,
    /// All exponentials and logarithms that were asked for.
    known: RefCell<HashMap<(Elementary, Residue), Residue, Mixing>>,
}

/// An exponential whose value is an unknown, with what is asked of it each time that another one is met.
#[derive(Debug, Clone, Copy)]
struct Exponential {
    /// What makes of another argument its multiple of this one, in parts of [`Unknowns::ROOT`].
    scale: Residue,
    /// The argument times each of [`SMALL`].
    multiples: [Residue; SMALL.len()],
    /// A root of the value of degree [`Unknowns::ROOT`].
    root: Residue,
    /// It, read backwards: its argument is the logarithm of its value.
    backwards: Logarithm,
}

/// A logarithm whose value is an unknown, with what is asked of it each time that another one is met.
#[derive(Debug, Clone, Copy)]
struct Logarithm {
    value: Residue,
    /// The argument to the power of each of [`SMALL`].
    powers: [Residue; SMALL.len()],
}

/// The multiples of arguments of which others are sums, and the powers of which others are products.
const SMALL: [i64; 4] = [1, -1, 2, -2];

/// How many independent exponentials are looked through for one of whose argument another is a multiple.
const MAX_SCALED: usize = 64;

/// How many independent exponentials are looked through for two whose arguments make up a third.
const MAX_PAIRED: usize = 24;

/// The name of the signs of roots.
const ROOTS: u64 = 100;

impl Unknowns {
    /// Exponentials of halves, thirds, quarters and sixths of an argument are powers of one root.
    const ROOT: i64 = 12;

    /// A field with a prime above 2^61 and unknowns that follow from the seed.
    pub fn new(seed: u64) -> Unknowns {
        Unknowns::with_budget(seed, u64::MAX)
    }

    /// The same in which only so many products are formed; more are too large a task.
    pub fn with_budget(seed: u64, budget: u64) -> Unknowns {
        let mut random = Random::new(seed);
        Unknowns {
            field: PrimeField::draw_with_roots(&mut random),
            seed,
            budget: Cell::new(budget),
            exponentials: RefCell::default(),
            multiples: RefCell::default(),
            logarithms: RefCell::default(),
            known: RefCell::default(),
        }
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

    fn unknown_value(&self, function: Elementary, at: Residue) -> Residue {
        self.unknown(1 + function as u64, [self.field.to_u64(at)])
    }

    fn small(&self, value: i64) -> Residue {
        self.field.from_i64(value)
    }

    fn inverse(&self, value: Residue) -> Result<Residue, Error> {
        self.field.inv(value).ok_or(Error::Undefined("a division by zero"))
    }

    fn remembered(
        &self,
        function: Elementary,
        at: Residue,
        find: fn(&Unknowns, Residue) -> Result<Residue, Error>,
    ) -> Result<Residue, Error> {
        if let Some(value) = self.known.borrow().get(&(function, at)) {
            return Ok(*value);
        }
        let value = find(self, at)?;
        self.known.borrow_mut().insert((function, at), value);
        Ok(value)
    }

    /// `e^at`.
    fn exponential(&self, at: Residue) -> Result<Residue, Error> {
        if at.is_zero() {
            return Ok(self.field.one());
        }
        if let Some(known) = self.logarithms.borrow().iter().find(|known| known.value == at) {
            return Ok(known.powers[0]);
        }
        let power = |root: Residue, exponent: i64| self.field.pow(root, exponent).ok_or(Error::NotExact);
        for known in self.exponentials.borrow().iter().take(MAX_SCALED) {
            if let Some(multiple) = self.as_small(self.field.mul(at, known.scale), 4 * Self::ROOT) {
                return power(known.root, multiple);
            }
        }
        if let Some(sum) = self.sum_of_two(at) {
            let [first, second] = sum.map(|(root, times)| power(root, Self::ROOT * times));
            return Ok(self.field.mul(first?, second?));
        }
        let root = self.unknown_value(Elementary::Exp, at);
        let value = power(root, Self::ROOT)?;
        let multiples = SMALL.map(|times| self.field.mul(self.small(times), at));
        let place = self.exponentials.borrow().len();
        if place < MAX_PAIRED {
            let mut known = self.multiples.borrow_mut();
            multiples.into_iter().zip(0..).for_each(|(multiple, which)| {
                known.entry(multiple).or_insert((place, which));
            });
        }
        // Both inverses by one division (Montgomery 1987).
        let field = &self.field;
        let of_both = self.inverse(field.mul(at, value))?;
        self.exponentials.borrow_mut().push(Exponential {
            scale: field.mul(self.small(Self::ROOT), field.mul(of_both, value)),
            multiples,
            root,
            backwards: Logarithm { value: at, powers: self.small_powers(value, field.mul(of_both, at)) },
        });
        Ok(value)
    }

    /// A number to the power of each of [`SMALL`].
    fn small_powers(&self, of: Residue, inverse: Residue) -> [Residue; SMALL.len()] {
        [of, inverse, self.field.mul(of, of), self.field.mul(inverse, inverse)]
    }

    /// Two exponentials, each with the multiple of its argument, whose arguments make up this one.
    fn sum_of_two(&self, at: Residue) -> Option<[(Residue, i64); 2]> {
        let (known, multiples) = (self.exponentials.borrow(), self.multiples.borrow());
        for (place, first) in known.iter().enumerate().take(MAX_PAIRED) {
            for (times, multiple) in SMALL.into_iter().zip(first.multiples) {
                if let Some(&(other, which)) = multiples.get(&self.field.sub(at, multiple))
                    && other < place
                {
                    return Some([(first.root, times), (known[other].root, SMALL[which])]);
                }
            }
        }
        None
    }

    /// `log at`: of a power or a product of arguments that were met before, the multiple or the sum. All of them are
    /// positive where their logarithms are defined.
    fn logarithm(&self, at: Residue) -> Result<Residue, Error> {
        let field = &self.field;
        if at == field.one() {
            return Ok(Residue::ZERO);
        }
        let own = self.small_powers(at, self.inverse(at)?);
        let exponentials = self.exponentials.borrow();
        let mut logarithms = self.logarithms.borrow_mut();
        let known = logarithms.iter().chain(exponentials.iter().map(|known| &known.backwards)).take(MAX_PAIRED);
        let known: Vec<&Logarithm> = known.collect();
        let times = |which: usize, known: &Logarithm| field.mul(self.small(SMALL[which]), known.value);
        for (place, first) in known.iter().enumerate() {
            for (which, inverse) in [1, 0, 3, 2].into_iter().enumerate() {
                let rest = field.mul(at, first.powers[inverse]);
                if rest == field.one() {
                    return Ok(times(which, first));
                }
                for second in &known[..place] {
                    if let Some(other) = second.powers.iter().position(|&power| power == rest) {
                        return Ok(field.add(times(which, first), times(other, second)));
                    }
                }
            }
        }
        let value = self.unknown_value(Elementary::Log, at);
        logarithms.push(Logarithm { value, powers: own });
        Ok(value)
    }

    /// The whole number of at most this magnitude that a residue is.
    fn as_small(&self, value: Residue, magnitude: i64) -> Option<i64> {
        let above = self.field.to_u64(value);
        let below = self.field.prime() - above;
        match (i64::try_from(above), i64::try_from(below)) {
            (Ok(above), _) if above <= magnitude => Some(above),
            (_, Ok(below)) if below <= magnitude => Some(-below),
            _ => None,
        }
    }

    /// `tan (at / 2)`, odd.
    fn half_tangent(&self, at: Residue) -> Residue {
        let opposite = self.field.neg(at);
        if at <= opposite {
            return if at.is_zero() { Residue::ZERO } else { self.unknown_value(Elementary::Tan, at) };
        }
        self.field.neg(self.unknown_value(Elementary::Tan, opposite))
    }

    /// `1 / (1 + e^{-at})`.
    fn sigmoid(&self, at: Residue) -> Result<Residue, Error> {
        self.inverse(self.field.add(self.field.one(), self.apply(Elementary::Exp, &self.field.neg(at))?))
    }

    /// `(e^at ± e^{-at}) / 2`.
    fn hyperbolic(&self, at: Residue, sign: i64) -> Result<Residue, Error> {
        let grows = self.apply(Elementary::Exp, &at)?;
        let falls = self.field.mul(self.small(sign), self.inverse(grows)?);
        Ok(self.field.mul(self.field.add(grows, falls), self.inverse(self.small(2))?))
    }

    /// Sine and cosine by the tangent of half the angle.
    fn circular(&self, at: Residue) -> Result<(Residue, Residue), Error> {
        let half = self.half_tangent(at);
        let square = self.field.mul(half, half);
        let below = self.inverse(self.field.add(self.field.one(), square))?;
        let sine = self.field.mul(self.field.add(half, half), below);
        Ok((sine, self.field.mul(self.field.sub(self.field.one(), square), below)))
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
        self.inverse(*value)
    }

    /// A square root of either sign, one for each value; every other number has none.
    fn root(&self, value: &Residue, degree: u32) -> Result<Residue, Error> {
        let exponent = i64::try_from((self.field.prime() + 1) / 4).map_err(|_| Error::NotExact)?;
        let root = self.field.pow(*value, exponent).ok_or(Error::NotExact)?;
        if degree != 2 || self.field.mul(root, root) != *value {
            return Err(Error::NotExact);
        }
        let is_odd = self.field.to_u64(self.unknown(ROOTS, [self.field.to_u64(*value)])) % 2 == 1;
        Ok(if is_odd { root } else { self.field.neg(root) })
    }

    fn apply(&self, function: Elementary, at: &Residue) -> Result<Residue, Error> {
        let (at, one) = (*at, self.field.one());
        match function {
            Elementary::Exp => self.remembered(function, at, Unknowns::exponential),
            Elementary::Sigmoid => self.sigmoid(at),
            Elementary::Silu => Ok(self.field.mul(at, self.sigmoid(at)?)),
            Elementary::Tanh => {
                let twice = self.sigmoid(self.field.add(at, at))?;
                Ok(self.field.sub(self.field.add(twice, twice), one))
            }
            Elementary::Sinh => self.hyperbolic(at, -1),
            Elementary::Cosh => self.hyperbolic(at, 1),
            Elementary::Sin => Ok(self.circular(at)?.0),
            Elementary::Cos => Ok(self.circular(at)?.1),
            Elementary::Tan => {
                let (sine, cosine) = self.circular(at)?;
                Ok(self.field.mul(sine, self.inverse(cosine)?))
            }
            Elementary::Softplus => {
                let grows = self.field.add(one, self.apply(Elementary::Exp, &at)?);
                self.apply(Elementary::Log, &grows)
            }
            Elementary::Log => self.remembered(function, at, Unknowns::logarithm),
            Elementary::Atan if at.is_zero() => Ok(Residue::ZERO),
            Elementary::Atan => Ok(self.unknown_value(Elementary::Atan, at)),
            _ => Err(Error::NotExact),
        }
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

    fn at(unknowns: &Unknowns, function: Elementary, value: i64) -> Residue {
        unknowns.apply(function, &unknowns.integer(value)).unwrap()
    }

    #[test]
    fn true_laws_hold_and_false_ones_do_not() {
        let unknowns = Unknowns::new(5);
        let f = &unknowns.field;
        let exp = |value| at(&unknowns, Elementary::Exp, value);
        assert_eq!(f.mul(exp(700_001), exp(900_002)), exp(1_600_003));
        assert_eq!(f.mul(exp(700_001), exp(700_001)), exp(1_400_002));
        assert_ne!(f.add(exp(700_001), exp(900_002)), exp(1_600_003));
        let sigmoid = |value| at(&unknowns, Elementary::Sigmoid, value);
        assert_eq!(f.add(sigmoid(31), sigmoid(-31)), f.one());
        assert_ne!(f.add(sigmoid(31), sigmoid(-32)), f.one());
        assert_eq!(f.add(at(&unknowns, Elementary::Tanh, 9), f.one()), f.add(sigmoid(18), sigmoid(18)));
        let (sine, cosine) = (at(&unknowns, Elementary::Sin, 4), at(&unknowns, Elementary::Cos, 4));
        assert_eq!(f.add(f.mul(sine, sine), f.mul(cosine, cosine)), f.one());
        assert_eq!(at(&unknowns, Elementary::Sin, -4), f.neg(sine));
        assert_ne!(sine, at(&unknowns, Elementary::Sin, 5));
    }

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

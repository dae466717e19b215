use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

use crate::expr::Elementary;
use crate::expr::Mixing;
use crate::number::Random;
use crate::number::Rational;
use crate::number::modular::Field as PrimeField;
use crate::number::modular::Powers;
use crate::number::modular::Residue;
use crate::number::rational::{fraction, to_i64};
use crate::numeric::Error;
use crate::numeric::field::{Field, apply_by_sign};

/// A finite likeness of the real numbers, in which the laws of exponentials, logarithms, roots and signs hold by
/// construction.
///
/// Values are residues modulo a random prime q. Each number has a residue modulo a prime p that divides q − 1, too: the
/// one that it has as an exponent. `e^a` is `g^a` for an element g of order p, so that sums of exponents, with any
/// fractions as coefficients, are products and roots of exponentials (Gonnet 1984, "Determining equivalence of
/// expressions in random polynomial time"). sigmoid, tanh, sinh and cosh are rational in exponentials. The unknowns are
/// themselves powers of g up to a sign. That exponent is the logarithm of their magnitude and is carried along through
/// products; where logarithms are defined, it is their logarithm.
///
/// With q = 3 modulo 4, one of x and −x is a square: the squares stand for the *positive* numbers, signs multiply, and
/// each positive number has one positive root. Modulo `SMOOTH` both primes are −1, so that the whole numbers up to 10
/// have their signs (quadratic reciprocity) and odd roots exist. To sums no law gives a sign, and none is asked for:
/// with every prime and point anew, they have all of those that real numbers could have, and more.
///
/// Where there are [angles](Laws::has_angles), q is 1 modulo 4 and signs have no meaning; `e^{ia}` is `g^{ιa}` for a
/// random ι, and sine and cosine are made of it with a root of −1.
///
/// **Why a yes is a yes.** The difference of two sides is a rational function R of unknowns: the givens, one exponential
/// for each element of a basis of the exponents that occur, one value for each other logarithm, root and function at an
/// argument. Where R is 0, so is the difference of the real functions, whatever else relates the unknowns. There is one R
/// for each choice of signs; the signs that real numbers have, k of them independent, occur here at one point in 2^k, and
/// a continuous function has no other value where a sign is 0. If R is not 0, it is 0 at a random point with a chance
/// below deg R / p (Schwartz 1980, Zippel 1979), as far as the exponents are independent unknowns; where they are any
/// polynomials, m different products of exponentials with constant coefficients cancel with a chance below p^{-1/(m-1)}:
/// some multiples of their exponents differ by at most p^{1-1/(m-1)} (Dirichlet), which bounds the degree in a power
/// of g. A pair of primes is one of 2^35, and divides all coefficients of R with a chance below b / (50 · 2^35) for b bits.
/// So n points with primes of their own are wrong together with a chance of the n-th power of these, and for k signs there
/// are 2^k times as many. p is above 2^49: 2 points are enough without exponents, below 2^-60 for degrees and bits below
/// a thousand; 4 where there are some, below 2^-65 for m up to 4 and 2^-39 for m = 6.
#[derive(Debug)]
pub struct Likeness {
    values: PrimeField,
    exponents: PrimeField,
    laws: Laws,
    /// The powers of an element of order p.
    generated: Powers,
    /// A root of −1 and the exponent in the place of i, where there are angles.
    turn: Option<(Residue, Residue)>,
    seed: u64,
    budget: Cell<u64>,
    /// Numbers whose sign or root was asked for.
    signs: RefCell<BTreeSet<Residue>>,
    /// Whether one of them had no root.
    misses_root: Cell<bool>,
    /// The same as exponents, where a sum has a sign of its own.
    signs_of_exponents: RefCell<BTreeSet<Residue>>,
    /// Sizes, whose signs are known.
    sizes: RefCell<BTreeSet<Residue>>,
    /// Exponentials and sums whose logarithms are known.
    known: RefCell<HashMap<Residue, Logarithm, Mixing>>,
    /// Arguments of logarithms by small multiples of these, of which the exponentials are asked.
    arguments: RefCell<HashMap<Logarithm, (Number, i64), Mixing>>,
    /// Sums whose logarithms were asked for.
    sums: RefCell<Vec<Sum>>,
}

/// Which laws are asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Laws {
    /// Whether numbers stand in exponents or as angles.
    pub has_exponents: bool,
    /// Whether there are logarithms.
    pub has_logarithms: bool,
    /// Whether there are sines and cosines.
    pub has_angles: bool,
    /// What is known of the signs of square roots.
    pub roots: Roots,
}

/// What is known of the signs of square roots.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Roots {
    /// They are positive.
    #[default]
    Positive,
    /// They are of either sign, one for each value: where whole numbers stand for all larger ones, which may have another
    /// sign, none may be used.
    OfEitherSign,
}

/// A logarithm as a value and as an exponent.
type Logarithm = [Residue; 2];

/// A sum whose logarithm was asked for.
#[derive(Debug)]
struct Sum {
    value: Residue,
    inverse: Residue,
    logarithm: Logarithm,
}

/// A number of a [`Likeness`].
#[derive(Debug, Clone, Copy)]
pub struct Number {
    value: Residue,
    exponent: Residue,
    /// The logarithm of its magnitude, where it is known.
    logarithm: Option<Logarithm>,
}

impl PartialEq for Number {
    fn eq(&self, other: &Number) -> bool {
        self.value == other.value
    }
}

/// `8 · 3 · 5 · 7`: of this modulus both primes are −1.
const SMOOTH: u64 = 840;

/// Whole numbers up to here have their signs.
const SMALL: i64 = 10;

/// Whole numbers are taken apart into primes up to here.
const LARGEST_PRIME: u64 = 1000;

/// Exponentials of multiples of logarithms up to here are powers.
const LARGEST_MULTIPLE: i64 = 4;

/// Names of what is drawn.
const PI: u64 = 0;
const EXPONENT: u64 = 1;
const LOGARITHM: u64 = 2;
const GIVEN: u64 = 3;
const ARBITRARY: u64 = 4;
const ROOT: u64 = 5;
const SIZE: u64 = 6;
const FUNCTION: u64 = 7;

/// The primes of a [`Likeness`]: one for values, and one that divides what lies below it, for exponents.
#[derive(Debug, Clone)]
pub struct Primes {
    values: PrimeField,
    exponents: PrimeField,
}

impl Likeness {
    /// Unknowns that follow from the seed, over primes that were drawn for these laws. At most so many products are
    /// formed; more are too large a task.
    pub fn with_budget(Primes { values, exponents }: Primes, laws: Laws, seed: u64, budget: u64) -> Likeness {
        let mut random = Random::new(seed);
        let cofactor = (values.prime() - 1) / exponents.prime();
        let power = |base, exponent: u64| raise(&values, base, exponent);
        let generator = loop {
            let generator = power(values.random_nonzero(&mut random), cofactor);
            if generator != values.one() {
                break generator;
            }
        };
        let generated = values.powers(generator, exponents.prime());
        let turn = laws.has_angles.then(|| {
            loop {
                let root = power(values.random_nonzero(&mut random), (values.prime() - 1) / 4);
                if values.mul(root, root) != values.one() {
                    break (root, exponents.random_nonzero(&mut random));
                }
            }
        });
        Likeness {
            values,
            exponents,
            laws,
            generated,
            turn,
            seed,
            budget: Cell::new(budget),
            signs: RefCell::default(),
            misses_root: Cell::default(),
            signs_of_exponents: RefCell::default(),
            sizes: RefCell::default(),
            known: RefCell::default(),
            arguments: RefCell::default(),
            sums: RefCell::default(),
        }
    }

    /// How many products may still be formed.
    pub fn budget(&self) -> u64 {
        self.budget.get()
    }

    /// Of how many numbers the sign or a root was asked for.
    pub fn n_signs(&self) -> usize {
        self.signs.borrow().len() + self.signs_of_exponents.borrow().len()
    }

    /// Whether a number of unknown sign had no square root here: then it is the square of no expression.
    pub fn misses_root(&self) -> bool {
        self.misses_root.get()
    }

    fn random(&self, name: u64, numbers: impl IntoIterator<Item = u64>) -> Random {
        numbers.into_iter().fold(Random::new(self.seed).fork(name), |mut random, number| random.fork(number))
    }

    /// A number with what is asked for of its exponent and its logarithm.
    fn number(&self, value: Residue, exponent: impl FnOnce() -> Residue, logarithm: Option<Logarithm>) -> Number {
        let exponent = if self.laws.has_exponents { exponent() } else { Residue::ZERO };
        Number { value, exponent, logarithm: logarithm.filter(|_| self.laws.has_logarithms) }
    }

    /// A power of the generator.
    fn power_of_generator(&self, exponent: Residue) -> Residue {
        self.generated.power(&self.values, self.exponents.to_u64(exponent))
    }

    /// A positive unknown.
    fn positive(&self, mut random: Random) -> Number {
        let logarithm = [self.values.random(&mut random), self.exponents.random(&mut random)];
        let exponent = self.positive_exponent(random);
        self.number(self.power_of_generator(logarithm[1]), || exponent, Some(logarithm))
    }

    /// The exponent of a positive unknown: a square, too, so that a sign is one.
    fn positive_exponent(&self, mut random: Random) -> Residue {
        let root = self.exponents.random_nonzero(&mut random);
        self.exponents.mul(root, root)
    }

    /// An unknown of either sign.
    fn unknown(&self, mut random: Random) -> Number {
        let is_negative = random.coin();
        let number = self.positive(random);
        if is_negative { self.negate(&number) } else { number }
    }

    /// A residue as the number that names something.
    fn name(&self, number: &Number) -> u64 {
        self.values.to_u64(number.value)
    }

    /// The value of a function of which no law is known but that it is odd.
    fn odd(&self, function: Elementary, at: &Number) -> Number {
        let opposite = self.values.neg(at.value);
        let unknown = |name: Residue| self.unknown(self.random(FUNCTION + function as u64, [self.values.to_u64(name)]));
        match at.value.cmp(&opposite) {
            Ordering::Equal => self.integer(0),
            Ordering::Less => unknown(at.value),
            Ordering::Greater => self.negate(&unknown(opposite)),
        }
    }

    fn exponential(&self, at: &Number) -> Number {
        let logarithm = [at.value, at.exponent];
        if at.value.is_zero() {
            return self.integer(1);
        }
        if let Some((argument, times)) = self.arguments.borrow().get(&logarithm)
            && let Ok(power) = self.power(argument, &Rational::from(*times))
        {
            return power;
        }
        let value = self.power_of_generator(at.exponent);
        if self.laws.has_logarithms {
            self.known.borrow_mut().insert(value, logarithm);
        }
        let exponent = || self.positive_exponent(self.random(EXPONENT, [self.name(at)]));
        self.number(value, exponent, Some(logarithm))
    }

    /// `log |at|`.
    fn logarithm(&self, at: &Number) -> Number {
        let logarithm = self.logarithm_of(at);
        for times in (-LARGEST_MULTIPLE..=LARGEST_MULTIPLE).filter(|&times| times != 0) {
            let (value, exponent) = (self.values.from_i64(times), self.exponents.from_i64(times));
            let multiple = [self.values.mul(logarithm[0], value), self.exponents.mul(logarithm[1], exponent)];
            self.arguments.borrow_mut().insert(multiple, (*at, times));
        }
        self.number(logarithm[0], || logarithm[1], None)
    }

    /// The sum of the logarithms of the factors; of a sum, that of a sum that was met before with the quotient's or less the
    /// product's, or an unknown.
    fn logarithm_of(&self, at: &Number) -> Logarithm {
        let found = at.logarithm.or_else(|| self.of_small(at.value));
        let found = found.or_else(|| self.known.borrow().get(&at.value).copied());
        found.or_else(|| self.by_a_sum_before(at.value)).unwrap_or_else(|| {
            let mut random = self.random(LOGARITHM, [self.name(at)]);
            let logarithm = [self.values.random(&mut random), self.exponents.random(&mut random)];
            let inverse = self.values.inv(at.value).unwrap_or(Residue::ZERO);
            self.sums.borrow_mut().push(Sum { value: at.value, inverse, logarithm });
            self.known.borrow_mut().insert(at.value, logarithm);
            logarithm
        })
    }

    /// The logarithm of a whole number above 0, from those of its primes.
    fn logarithm_of_whole(&self, mut whole: u64) -> Logarithm {
        let (mut sum, mut prime) = ([Residue::ZERO; 2], 2);
        while self.laws.has_logarithms && whole > 1 {
            if prime * prime > whole || prime > LARGEST_PRIME {
                prime = whole;
            }
            if whole.is_multiple_of(prime) {
                let mut random = self.random(LOGARITHM, [prime, prime]);
                sum = self.added(sum, [self.values.random(&mut random), self.exponents.random(&mut random)]);
                whole /= prime;
            } else {
                prime += 1;
            }
        }
        sum
    }

    /// The logarithm of a sum that is a small whole number.
    fn of_small(&self, value: Residue) -> Option<Logarithm> {
        let whole = self.values.to_u64(value);
        (1..=LARGEST_PRIME).contains(&whole).then(|| self.logarithm_of_whole(whole))
    }

    fn by_a_sum_before(&self, value: Residue) -> Option<Logarithm> {
        let known = self.known.borrow();
        let found = |value: Residue| known.get(&value).copied().or_else(|| self.of_small(value));
        self.sums.borrow().iter().find_map(|sum| {
            let [quotient, product] = [sum.inverse, sum.value].map(|factor| self.values.mul(value, factor));
            let by_quotient = found(quotient).map(|own| self.added(own, sum.logarithm));
            by_quotient.or_else(|| Some(self.added(found(product)?, self.opposite(sum.logarithm))))
        })
    }

    fn added(&self, [value, exponent]: Logarithm, [other, other_exponent]: Logarithm) -> Logarithm {
        [self.values.add(value, other), self.exponents.add(exponent, other_exponent)]
    }

    fn opposite(&self, [value, exponent]: Logarithm) -> Logarithm {
        [self.values.neg(value), self.exponents.neg(exponent)]
    }

    /// `1 / (1 + e^{-at})`.
    fn sigmoid(&self, at: &Number) -> Result<Number, Error> {
        self.reciprocal(&self.add(&self.integer(1), &self.exponential(&self.negate(at)))?)
    }

    /// `(e^at ± e^{-at}) / 2`.
    fn hyperbolic(&self, at: &Number, sign: i64) -> Result<Number, Error> {
        let grows = self.exponential(at);
        let falls = self.multiply(&self.integer(sign), &self.reciprocal(&grows)?)?;
        self.divide(&self.add(&grows, &falls)?, &self.integer(2))
    }

    /// `e^{i at}`, with i.
    fn rotation(&self, at: &Number) -> Result<(Number, Number), Error> {
        let (root, turn) = self.turn.ok_or(Error::NotExact)?;
        let value = self.power_of_generator(self.exponents.mul(turn, at.exponent));
        let exponent = || self.exponents.random_nonzero(&mut self.random(EXPONENT, [1, self.name(at)]));
        let i = self.number(root, || self.exponents.random_nonzero(&mut self.random(EXPONENT, [])), None);
        Ok((self.number(value, exponent, None), i))
    }

    fn cosine(&self, at: &Number) -> Result<Number, Error> {
        let (rotation, _) = self.rotation(at)?;
        self.divide(&self.add(&rotation, &self.reciprocal(&rotation)?)?, &self.integer(2))
    }

    fn sine(&self, at: &Number) -> Result<Number, Error> {
        let (rotation, i) = self.rotation(at)?;
        let twice = self.divide(&self.subtract(&rotation, &self.reciprocal(&rotation)?)?, &i)?;
        self.divide(&twice, &self.integer(2))
    }

    /// A root with the sign that such roots have.
    fn with_sign(&self, root: Residue, degree: u32) -> Residue {
        let is_free = self.laws.roots == Roots::OfEitherSign && degree.is_multiple_of(2);
        let is_turned = is_free && self.random(ROOT, [self.values.to_u64(root)]).coin();
        if is_turned { self.values.neg(root) } else { root }
    }

    /// Whether a number other than 0 is a square.
    fn is_square(&self, value: Residue) -> bool {
        raise(&self.values, value, (self.values.prime() - 1) / 2) == self.values.one()
    }

    fn note_sign(&self, of: Residue) {
        self.signs.borrow_mut().insert(of.min(self.values.neg(of)));
    }

    /// The sign of the whole number of at most [`SMALL`] that a residue is.
    fn sign_of_small(&self, value: Residue) -> Option<Ordering> {
        let above = self.values.to_u64(value);
        if above <= SMALL.unsigned_abs() {
            return Some(Ordering::Greater);
        }
        (self.values.prime() - above <= SMALL.unsigned_abs()).then_some(Ordering::Less)
    }
}

impl Primes {
    /// A field for values and one for exponents, with a prime above 2^49, that follow from the seed.
    pub fn draw(laws: Laws, seed: u64) -> Primes {
        let mut random = Random::new(seed);
        loop {
            let prime = SMOOTH * (1 << 40 | random.below(1 << 40)) - 1;
            let Some(exponents) = PrimeField::new(prime) else { continue };
            for turn in 0..16 {
                let multiple = match laws.has_angles {
                    true => 4 * (1 + random.below(1 << 8)),
                    false if turn < 4 => 2 + SMOOTH * turn,
                    false => break,
                };
                if let Some(values) = PrimeField::new(multiple * prime + 1) {
                    return Primes { values, exponents };
                }
            }
        }
    }
}

fn raise(field: &PrimeField, base: Residue, exponent: u64) -> Residue {
    i64::try_from(exponent).ok().and_then(|exponent| field.pow(base, exponent)).unwrap_or(Residue::ZERO)
}

/// The root of this degree that is a square where the degree is even; `None` where there is none.
fn root(field: &PrimeField, value: Residue, degree: u32) -> Option<Residue> {
    let order = field.prime() - 1;
    let (mut root, mut odd) = (value, u64::from(degree));
    while odd % 2 == 0 {
        let half = raise(field, root, field.prime().div_ceil(4));
        if field.mul(half, half) != root {
            return None;
        }
        (root, odd) = (half, odd / 2);
    }
    let inverse = (0..odd).find(|times| (u128::from(*times) * u128::from(order) + 1) % u128::from(odd) == 0)?;
    let exponent = (u128::from(inverse) * u128::from(order) + 1) / u128::from(odd);
    Some(raise(field, root, u64::try_from(exponent).ok()?))
}

impl Field for Likeness {
    type Element = Number;

    fn rational(&self, value: &Rational) -> Result<Number, Error> {
        if let Some(integer) = to_i64(value) {
            return Ok(self.integer(integer));
        }
        let residue = self.values.from_rational(value).ok_or(Error::NotExact)?;
        let exponent = self.exponents.from_rational(value).ok_or(Error::NotExact)?;
        let above = to_i64(&Rational::from(value.numerator().clone()));
        let logarithm = above.zip(to_i64(&Rational::from(value.denominator().clone()))).map(|(above, below)| {
            let [above, below] = [above, below].map(|part| self.logarithm_of_whole(part.unsigned_abs()));
            self.added(above, self.opposite(below))
        });
        Ok(self.number(residue, || exponent, logarithm))
    }

    fn integer(&self, value: i64) -> Number {
        let logarithm = (value != 0).then(|| self.logarithm_of_whole(value.unsigned_abs()));
        self.number(self.values.from_i64(value), || self.exponents.from_i64(value), logarithm)
    }

    fn given(&self, name: &Rational) -> Result<Number, Error> {
        let name = to_i64(name).ok_or(Error::NotExact)?;
        Ok(self.unknown(self.random(GIVEN, [name.unsigned_abs()])))
    }

    fn size(&self, name: &Rational) -> Result<Number, Error> {
        let name = to_i64(name).ok_or(Error::NotExact)?;
        let size = self.positive(self.random(SIZE, [name.unsigned_abs()]));
        self.sizes.borrow_mut().insert(size.value);
        Ok(size)
    }

    fn pi(&self) -> Result<Number, Error> {
        Ok(self.positive(self.random(PI, [])))
    }

    fn add(&self, left: &Number, right: &Number) -> Result<Number, Error> {
        let value = self.values.add(left.value, right.value);
        Ok(self.number(value, || self.exponents.add(left.exponent, right.exponent), None))
    }

    fn multiply(&self, left: &Number, right: &Number) -> Result<Number, Error> {
        let budget = self.budget.get().checked_sub(1).ok_or(Error::TooLarge)?;
        self.budget.set(budget);
        let logarithm = left.logarithm.zip(right.logarithm).map(|(left, right)| self.added(left, right));
        let value = self.values.mul(left.value, right.value);
        Ok(self.number(value, || self.exponents.mul(left.exponent, right.exponent), logarithm))
    }

    fn negate(&self, of: &Number) -> Number {
        self.number(self.values.neg(of.value), || self.exponents.neg(of.exponent), of.logarithm)
    }

    fn reciprocal(&self, of: &Number) -> Result<Number, Error> {
        let value = self.values.inv(of.value).ok_or(Error::Undefined("a division by zero"))?;
        let logarithm = self.laws.has_logarithms.then(|| self.opposite(self.logarithm_of(of)));
        Ok(self.number(value, || self.exponents.inv(of.exponent).unwrap_or(Residue::ZERO), logarithm))
    }

    fn root(&self, of: &Number, degree: u32) -> Result<Number, Error> {
        if self.turn.is_some() {
            return Err(Error::NotExact);
        }
        if degree.is_multiple_of(2) && !self.sizes.borrow().contains(&of.value) {
            self.note_sign(of.value);
            self.misses_root.set(self.misses_root.get() || !self.is_square(of.value));
            if self.laws.has_exponents {
                self.signs_of_exponents.borrow_mut().insert(of.exponent);
            }
        }
        let missing = Error::Undefined("an even root of a number below 0");
        let value = self.with_sign(root(&self.values, of.value, degree).ok_or(missing.clone())?, degree);
        let exponent = root(&self.exponents, of.exponent, degree).ok_or(missing)?;
        let share = Rational::ONE / Rational::from(degree);
        let logarithm = of.logarithm.and_then(|[value, exponent]| {
            let (first, second) = (self.values.from_rational(&share)?, self.exponents.from_rational(&share)?);
            Some([self.values.mul(value, first), self.exponents.mul(exponent, second)])
        });
        Ok(self.number(value, || exponent, logarithm))
    }

    fn apply(&self, function: Elementary, at: &Number) -> Result<Number, Error> {
        match function {
            Elementary::Exp => Ok(self.exponential(at)),
            Elementary::Log => Ok(self.logarithm(at)),
            Elementary::Sigmoid => self.sigmoid(at),
            Elementary::Silu => self.multiply(at, &self.sigmoid(at)?),
            Elementary::Tanh => {
                let twice = self.sigmoid(&self.add(at, at)?)?;
                self.subtract(&self.add(&twice, &twice)?, &self.integer(1))
            }
            Elementary::Sinh => self.hyperbolic(at, -1),
            Elementary::Cosh => self.hyperbolic(at, 1),
            Elementary::Sin => self.sine(at),
            Elementary::Cos => self.cosine(at),
            Elementary::Tan => self.divide(&self.sine(at)?, &self.cosine(at)?),
            Elementary::Softplus => Ok(self.logarithm(&self.add(&self.integer(1), &self.exponential(at))?)),
            Elementary::Atan | Elementary::Erf => Ok(self.odd(function, at)),
            Elementary::Gelu => {
                let scaled = self.divide(at, &self.root(&self.integer(2), 2)?)?;
                let twice = self.add(&self.integer(1), &self.odd(Elementary::Erf, &scaled))?;
                let half = self.rational(&fraction(1, 2).unwrap_or_default())?;
                self.multiply(&self.multiply(&half, at)?, &twice)
            }
            Elementary::Relu | Elementary::Abs | Elementary::Sign => apply_by_sign(self, function, at),
            // Of a function without a nature for cases nothing is known here.
            _ => Err(Error::NotExact),
        }
    }

    fn arbitrary(&self, function: u64, slots: &[usize], at: &[Number]) -> Result<Number, Error> {
        let slots = slots.iter().map(|&slot| slot as u64 + 1);
        let numbers = at.iter().map(|number| self.name(number));
        Ok(self.unknown(self.random(ARBITRARY, [function].into_iter().chain(slots).chain([0]).chain(numbers))))
    }

    fn compare(&self, left: &Number, right: &Number) -> Result<Ordering, Error> {
        let difference = self.values.sub(left.value, right.value);
        if difference.is_zero() {
            return Ok(Ordering::Equal);
        }
        if let Some(sign) = self.sign_of_small(difference) {
            return Ok(sign);
        }
        if self.turn.is_some() {
            return Err(Error::NotExact);
        }
        self.note_sign(difference);
        Ok(if self.is_square(difference) { Ordering::Greater } else { Ordering::Less })
    }

    fn is_zero(&self, value: &Number) -> Option<bool> {
        Some(value.value.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likeness(has_angles: bool, seed: u64) -> Likeness {
        let laws = Laws { has_exponents: true, has_logarithms: true, has_angles, ..Laws::default() };
        Likeness::with_budget(Primes::draw(laws, seed), laws, seed, u64::MAX)
    }

    fn given(field: &Likeness, name: u64) -> Number {
        field.given(&Rational::from(name)).unwrap()
    }

    #[test]
    fn exponents_with_fractions_as_coefficients() {
        let field = likeness(false, 5);
        let [a, b] = [1, 2].map(|name| given(&field, name));
        let exp = |at: &Number| field.apply(Elementary::Exp, at).unwrap();
        let share = field.rational(&fraction(7, 3).unwrap()).unwrap();
        let sum = field.add(&field.multiply(&share, &a).unwrap(), &b).unwrap();
        let cube = field.raise(&exp(&sum), 3).unwrap();
        let product = field.multiply(&field.raise(&exp(&a), 7).unwrap(), &field.raise(&exp(&b), 3).unwrap()).unwrap();
        assert_eq!(cube, product);
        assert_ne!(exp(&sum), field.add(&exp(&a), &exp(&b)).unwrap());
        let square = field.multiply(&sum, &sum).unwrap();
        assert_ne!(exp(&square), exp(&sum));
        let sigmoid = |at: &Number| field.apply(Elementary::Sigmoid, at).unwrap();
        assert_eq!(field.add(&sigmoid(&sum), &sigmoid(&field.negate(&sum))).unwrap(), field.integer(1));
    }

    #[test]
    fn logarithms_of_products() {
        let field = likeness(false, 6);
        let [a, b] = [1, 2].map(|name| field.raise(&given(&field, name), 2).unwrap());
        let log = |at: &Number| field.apply(Elementary::Log, at).unwrap();
        let product = field.multiply(&a, &field.multiply(&b, &b).unwrap()).unwrap();
        let twice = field.multiply(&field.integer(2), &log(&b)).unwrap();
        assert_eq!(log(&product), field.add(&log(&a), &twice).unwrap());
        assert_eq!(log(&field.apply(Elementary::Exp, &b).unwrap()), b);
        assert_eq!(field.apply(Elementary::Exp, &log(&product)).unwrap(), product);
        assert_ne!(log(&field.multiply(&a, &b).unwrap()), log(&a));
        let [two, three, twelve] = [2, 3, 12].map(|n| log(&field.integer(n)));
        assert_eq!(twelve, field.add(&field.add(&two, &two).unwrap(), &three).unwrap());
        assert_eq!(two, field.negate(&log(&field.rational(&fraction(1, 2).unwrap()).unwrap())));
        assert_eq!(two, log(&field.add(&field.integer(1), &field.integer(1)).unwrap()));
        assert_eq!(field.apply(Elementary::Exp, &twice).unwrap(), field.raise(&b, 2).unwrap());
        let sum = field.add(&a, &b).unwrap();
        let inverse = field.add(&field.reciprocal(&sum).unwrap(), &field.integer(0)).unwrap();
        assert_eq!(log(&inverse), field.negate(&log(&sum)));
        assert_ne!(log(&field.add(&sum, &field.integer(1)).unwrap()), log(&sum));
    }

    #[test]
    fn sizes_have_roots_and_no_sign_of_their_own() {
        for seed in 0..20 {
            let field = likeness(false, seed);
            let size = field.size(&Rational::from(3_u64)).unwrap();
            let root = field.root(&size, 2).unwrap();
            assert_eq!((field.multiply(&root, &root).unwrap(), field.n_signs()), (size, 0));
        }
    }

    #[test]
    fn signs_and_roots() {
        for seed in 0..20 {
            let field = likeness(false, seed);
            let [a, b] = [1, 2].map(|name| given(&field, name));
            let size = |at: &Number| field.apply(Elementary::Abs, at).unwrap();
            assert_eq!(size(&field.multiply(&a, &b).unwrap()), field.multiply(&size(&a), &size(&b)).unwrap());
            assert_eq!(size(&a), field.root(&field.multiply(&a, &a).unwrap(), 2).unwrap());
            assert_eq!(field.raise(&field.root(&a, 3).unwrap(), 3).unwrap(), a);
            for n in 1..=SMALL {
                assert!(field.is_square(field.integer(n).value) && !field.is_square(field.integer(-n).value));
            }
            assert!(field.n_signs() >= 1);
        }
        let signs = (0..40).map(|seed| {
            let field = likeness(false, seed);
            field.compare(&given(&field, 1), &field.integer(0)).unwrap()
        });
        assert_eq!(signs.collect::<BTreeSet<_>>().len(), 2);
    }

    #[test]
    fn angles_add_up() {
        let field = likeness(true, 7);
        let [a, b] = [1, 2].map(|name| given(&field, name));
        let pair = |at: &Number| (field.apply(Elementary::Sin, at).unwrap(), field.apply(Elementary::Cos, at).unwrap());
        let ((s, c), (u, v)) = (pair(&a), pair(&b));
        let product = |a: &Number, b: &Number| field.multiply(a, b).unwrap();
        assert_eq!(field.add(&product(&s, &s), &product(&c, &c)).unwrap(), field.integer(1));
        let sum = pair(&field.add(&a, &b).unwrap()).0;
        assert_eq!(sum, field.add(&product(&s, &v), &product(&c, &u)).unwrap());
        assert_ne!(sum, field.add(&s, &u).unwrap());
    }
}

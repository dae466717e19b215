//! The points of a case: at how many random ones both sides are evaluated, and in which fields.
//!
//! **The chance of error.** Sides that are not equal differ at one of the cases at least. There they agree with a chance
//! below 2^-50 for degrees and bits of coefficients below a thousand (Schwartz 1980, Zippel 1979): the prime, above 2^61, is
//! drawn by a seed that follows from the numbers in the claim, so that it divides what they make with a chance of one in
//! 2^55 for each prime factor of that size. What happens at the other cases is of no account, so that all may share their
//! primes; of a [`Likeness`] the points of one case have different ones, up to eight.
//!
//! **One root.** A number that has no square root at some point is the square of no rational function of the unknowns. Where
//! its root is all whose sign matters, the sides are rational in that root, which is conjugate to its negative: they are
//! equal for both or for neither, and no sign can be missed. So it is where exponents and logarithms hold no root.

use std::cell::RefCell;

use crate::expr::SymbolId;
use crate::number::Random;
use crate::number::modular::Field as PrimeField;
use crate::numeric::{Assignment, Error, Fallback, Field, Laws, Likeness, Primes, Roots, Style, Tensor, Unknowns};
use crate::numeric::{evaluate_along, evaluate_on_graph, evaluate_within, holds};
use crate::proof::cases::Refusal;
use crate::proof::cases::claim::{Claim, Counts, Integers};
use crate::proof::cases::graph::Method;
use crate::proof::cases::laws;
use crate::proof::cases::survey::Survey;

/// How many expressions may be evaluated for one case.
pub(super) const MAX_STEPS: u64 = 400_000;

/// How many points are drawn for each case where there are laws of functions, and where numbers stand in exponents.
const LAWFUL: u64 = 2;
const EXPONENTIAL: u64 = 4;

/// How many for each way in which signs may fall: one of k signs is missed with a chance of `(1 - 2^-k)^n`.
const FOR_SIGNS: u64 = 42;

/// After how many points a number that is no square has missed its root but for a chance of one in 2^16.
const FOR_A_MISS: u64 = 16;

/// How many signs may decide.
const MAX_SIGNS: usize = 6;

/// How many points with no value, or outside of the givens, are passed over for each that counts.
const PASSED_OVER: u64 = 64;

/// How many different primes the points of a case have: to find one takes longer than most points do.
pub(super) const N_PRIMES: u64 = 8;

/// What is too much for any of these.
const TOO_LONG: Refusal = Refusal::TooLarge("the cases take too many steps");

/// What the cases of an equality have between them: primes, drawn by a seed that follows from it.
pub(super) struct Means {
    seed: u64,
    prime: PrimeField,
    /// The pairs that the points of a case take in turn, without angles and with them.
    pairs: [RefCell<Vec<Primes>>; 2],
}

impl Means {
    pub fn new(seed: u64) -> Means {
        Means { seed, prime: PrimeField::draw(&mut Random::new(seed)), pairs: Default::default() }
    }

    /// Unknowns of which no law is known.
    pub fn unknowns(&self, seed: u64, budget: u64) -> Unknowns {
        Unknowns::over(self.prime.clone(), seed ^ self.seed, budget)
    }

    /// A likeness for the point of this number in a case.
    pub fn likeness(&self, turn: u64, laws: Laws, seed: u64, budget: u64) -> Likeness {
        let (place, mut pairs) = ((turn % N_PRIMES) as usize, self.pairs[usize::from(laws.has_angles)].borrow_mut());
        while pairs.len() <= place {
            let seed = self.seed.wrapping_add(pairs.len() as u64);
            pairs.push(Primes::draw(laws, seed));
        }
        Likeness::with_budget(pairs[place].clone(), laws, seed ^ self.seed, budget)
    }
}

/// The signs and square roots that were asked for.
#[derive(Clone, Copy, Default)]
struct Signs {
    /// How many, at most, at one point.
    number: usize,
    /// Whether some number had no root.
    misses_root: bool,
}

impl Signs {
    fn with(self, other: Signs) -> Signs {
        Signs { number: self.number.max(other.number), misses_root: self.misses_root || other.misses_root }
    }
}

/// One case of an equality.
pub(super) struct Case<'a> {
    pub claim: Claim<'a>,
    pub survey: &'a Survey<'a>,
    pub integers: &'a Integers,
}

impl Case<'_> {
    /// Whether both sides have one value at as many points as decide it.
    pub fn agrees(&self, budget: &mut u64) -> Result<(), Refusal> {
        let (mut agreed, mut needed, mut turn) = (0, 1, 0);
        let mut signs = Signs::default();
        while agreed < needed {
            let before = *budget;
            let (answer, own) = self.at_point(turn, budget);
            signs = signs.with(own);
            needed = self.n_points(signs)?;
            match answer {
                Ok(()) => agreed += 1,
                Err(Refusal::NoValue) if self.claim.laws.is_some() && turn < PASSED_OVER * (agreed + 1) => {}
                Err(refusal) => return Err(refusal),
            }
            let may_need_few = signs.number == 1 && turn < FOR_A_MISS;
            if !may_need_few && needed.saturating_sub(agreed).saturating_mul(before - *budget) > *budget {
                return Err(TOO_LONG);
            }
            turn += 1;
        }
        Ok(())
    }

    /// At how many points the sides must agree, where so many signs and roots are asked for.
    fn n_points(&self, signs: Signs) -> Result<u64, Refusal> {
        match (self.claim.laws, signs.number) {
            (None, _) => Ok(1),
            (Some(Laws { has_exponents: true, .. }), 0) => Ok(EXPONENTIAL),
            (Some(_), 0) => Ok(LAWFUL),
            (Some(Laws { has_exponents: false, has_logarithms: false, has_angles: false, .. }), 1)
                if signs.misses_root =>
            {
                Ok(LAWFUL)
            }
            (Some(_), n_signs @ 1..=MAX_SIGNS) => Ok(FOR_SIGNS << n_signs),
            (Some(_), _) => Err(Refusal::TooLarge("too many signs decide")),
        }
    }

    /// Whether both sides have one value at a point, and which signs and roots were asked for.
    fn at_point(&self, turn: u64, budget: &mut u64) -> (Result<(), Refusal>, Signs) {
        let Claim { means, subject, .. } = self.claim;
        let mixed = |seed: u64, value: i64| seed.wrapping_mul(0x9e37_79b9).wrapping_add(value.cast_unsigned());
        let seed = self.integers.values().fold(turn + 1, |seed, &value| mixed(seed, value));
        let drawn = Fallback { seed, style: Style::Unknowns };
        let mut point = Assignment { integers: self.integers.clone(), fallback: Some(drawn), ..Assignment::default() };
        if self.claim.counts == Counts::Free {
            point.numbers = subject.sizes.iter().map(|&size| (size, drawn.entry(size, &[], 0))).collect();
        }
        let Some(laws) = self.claim.laws else {
            let field = means.unknowns(seed, *budget);
            let answer = self.compared(&field, &point);
            *budget = field.budget();
            return (answer, Signs::default());
        };
        let roots = if self.survey.has_counted_roots { Roots::OfEitherSign } else { Roots::Positive };
        let field = means.likeness(turn, Laws { roots, ..laws }, seed, *budget);
        let mut answer = self.compared(&field, &point);
        if matches!(answer, Err(Refusal::Differs(_))) && field.n_signs() > 0 && self.is_outside(&field, &point) {
            answer = Err(Refusal::NoValue);
        }
        *budget = field.budget();
        (answer, Signs { number: field.n_signs(), misses_root: field.misses_root() })
    }

    /// Whether a point does not fulfil the orders among the givens.
    fn is_outside(&self, field: &Likeness, point: &Assignment) -> bool {
        let Claim { arena, model, surveyed, subject, .. } = self.claim;
        let orders = subject.premises.iter().filter(|premise| laws::is_of_order(arena, surveyed, premise));
        orders.into_iter().any(|premise| holds(arena, model, point, field, premise) == Ok(false))
    }

    fn compared<F: Field<Element: PartialEq>>(&self, field: &F, point: &Assignment) -> Result<(), Refusal> {
        let Claim { arena, model, left, right, .. } = self.claim;
        let sides = [left, right];
        let limits = (&self.survey.worked_out, MAX_STEPS);
        let values = match self.survey.method {
            Method::Moved => evaluate_within(arena, model, point, field, &sides, MAX_STEPS).values,
            Method::OnGraph(_) => evaluate_on_graph((arena, model), point, field, &sides, limits),
            Method::Along(_) => evaluate_along((arena, model), point, field, &sides, limits),
        };
        match &values[..] {
            [Ok(left), Ok(right)] if is_one(left, right) => Ok(()),
            [Ok(_), Ok(_)] => {
                let name = |(&symbol, value): (&SymbolId, &i64)| format!("{} = {value}", arena.name(symbol));
                Err(Refusal::Differs(self.integers.iter().map(name).collect::<Vec<_>>().join(", ")))
            }
            [Err(Error::TooLarge), _] | [_, Err(Error::TooLarge)] => Err(TOO_LONG),
            _ => Err(Refusal::NoValue),
        }
    }
}

/// Whether two tensors are equal; a number is one that it fills.
fn is_one<E: PartialEq>(left: &Tensor<E>, right: &Tensor<E>) -> bool {
    match (left, right) {
        (Tensor::Scalar(number), tensor) | (tensor, Tensor::Scalar(number)) => {
            tensor.entries().iter().all(|entry| entry == number)
        }
        _ => left.form() == right.form() && left.entries() == right.entries(),
    }
}

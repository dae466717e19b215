//! The checker of equalities: they are confirmed at the finitely many cases that decide all others.
//!
//! Both sides are evaluated from the definitions, derivatives included, in fields whose unknowns stand for all numbers
//! and all functions: at every way in which the [`letters`] of the claim may lie, up to the distances that [`need`]
//! counts, and with sizes that have room for all indices. Where there are elementary functions, roots or signs, the field
//! is a [`Likeness`] of the real numbers. Nothing here knows of algebra, of calculus or of the proof.
//!
//! **The chance of error.** Sides that are not equal differ at one of the cases at least. There they agree with a chance
//! below 2^-50 for degrees and bits of coefficients below a thousand (Schwartz 1980, Zippel 1979): the prime, above 2^61, is
//! drawn by a seed that follows from the numbers in the claim, so that it divides what they make with a chance of one in
//! 2^55 for each prime factor of that size. What happens at the other cases is of no account, so that all may share their
//! primes; of a likeness the points of one case have different ones.
//!
//! Sizes that stand as numbers are first taken for any numbers ([`Counts`]); where that is too much, they are counted.
//! Assumptions that are equations are multiplied and added to the claim ([`cofactors`]), or put in as values of givens
//! ([`assumed`]), on every branch of their solutions ([`ways`]).
//!
//! To be read in this order. What must be trusted is the evaluation in [`crate::numeric`], and that the cases decide:
//!
//! 1. [`need`]: the theorems, and the numbers in which an expression is measured.
//! 2. [`survey`]: what every node needs; [`nodes`], where that takes more than a line.
//! 3. On the line of steps: indices ([`places`], [`lines`], after a change of letters by [`indices`]), members of families
//!    ([`families`]), derivatives of members by members ([`graph`], [`cones`], [`strips`]), conditions ([`conditions`]).
//! 4. Of sizes: whether an index is a count ([`grips`], [`accidents`]), divisors ([`divisors`]), functions ([`laws`]), inverses
//!    ([`words`]).
//! 5. [`letters`]: the ways in which letters, sizes and indices lie, which is all the cases; here below they are evaluated.
//!
//! To cover a node that is refused: its theorem in [`need`], its arm in [`survey`], and claims in `tests/suite/checker` that
//! are confirmed and that are refused.

mod accidents;
mod assumed;
mod cofactors;
mod conditions;
mod cones;
mod divisors;
mod factors;
mod families;
mod graph;
mod grips;
mod hidden;
mod indices;
mod laws;
mod letters;
mod lines;
mod need;
mod nodes;
mod places;
mod strips;
mod survey;
mod ways;
mod words;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;

use crate::expr::{Arena, Expr, Node, SymbolId};
use crate::model::Model;
use crate::number::Random;
use crate::number::modular::Field as PrimeField;
use crate::numeric::{Assignment, Error, Fallback, Field, Laws, Likeness, Primes, Roots, Style, Tensor, Unknowns};
use crate::numeric::{evaluate_along, evaluate_on_graph, evaluate_within, holds as holds_at};
use crate::proof::cases::conditions::holds;
use crate::proof::cases::graph::{Method, reached};
use crate::proof::cases::indices::with_plain_indices;
use crate::proof::cases::letters::Letters;
use crate::proof::cases::need::Need;
use crate::proof::cases::places::LETTERS;
use crate::proof::cases::survey::Survey;
use crate::proof::subject::{Subject, seed_of};

/// The cases at which an equality was confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cases {
    /// How many there were.
    pub number: usize,
    /// Up to which distance letters were moved apart; 0 where there are none.
    pub distance: i64,
    /// The largest size.
    pub size: i64,
}

impl Cases {
    fn with(self, other: Cases) -> Cases {
        Cases {
            number: self.number + other.number,
            distance: self.distance.max(other.distance),
            size: self.size.max(other.size),
        }
    }
}

impl fmt::Display for Cases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cases { number, distance, size } = self;
        write!(f, "{number} {}", if *number == 1 { "case" } else { "cases" })?;
        if *distance > 0 {
            write!(f, ", letters up to {distance} apart")?;
        }
        if *size > 0 { write!(f, ", sizes up to {size}") } else { Ok(()) }
    }
}

/// How many cases are looked at.
const MAX_CASES: usize = 1_200;

/// Up to which distance letters are moved apart, and how large sizes may be.
const MAX_DISTANCE: i64 = 32;
const MAX_SIZE: i64 = 20;

/// How large where there are inverses, for which room for many indices is needed by few matrices.
const MAX_SIZE_OF_INVERSES: i64 = 32;

/// How many products of numbers may be formed for one claim.
const MAX_PRODUCTS: u64 = 2_800_000;

/// How much more the dearest case takes than one of the others, at most.
const DEAREST: u64 = 4;

/// How many expressions may be evaluated for one case.
const MAX_STEPS: u64 = 400_000;

/// How many points are drawn for each case where there are laws of functions, and where numbers stand in exponents.
const LAWFUL: u64 = 2;
const EXPONENTIAL: u64 = 4;

/// How many for each way in which signs may fall: one of k signs is missed with a chance of `(1 - 2^-k)^n`.
const FOR_SIGNS: u64 = 42;

/// How many signs may decide.
const MAX_SIGNS: usize = 6;

/// How many points with no value, or outside of the givens, are passed over for each that counts.
const PASSED_OVER: u64 = 64;

/// How many different primes the points of a case have: to find one takes longer than most points do.
const N_PRIMES: u64 = 8;

/// What is too much for any of these.
const TOO_LONG: Refusal = Refusal::TooLarge("the cases take too many steps");

/// Confirms `left = right` wherever the subject's conditions hold, where needed after a change of letters.
pub(super) fn equality(
    arena: &mut Arena,
    model: &Model,
    subject: &Subject,
    left: Expr,
    right: Expr,
) -> Result<Cases, Refusal> {
    let conditions = [&subject.on_integers[..], &subject.premises].concat();
    let means = Means::new(seed_of(arena, model, &conditions, &[left, right]));
    match as_written(arena, model, subject, [left, right], &means) {
        Err(Refusal::Outside(LETTERS)) => {}
        answer => return answer,
    }
    match with_plain_indices(arena, model, subject, [left, right]) {
        Some((subject, sides)) => as_written(arena, model, &subject, sides, &means),
        None => Err(Refusal::Outside(LETTERS)),
    }
}

/// What sizes are where they stand as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counts {
    /// Any numbers: what holds for all of them holds for those that the sizes are, and nothing counts but sums.
    Free,
    /// The sizes.
    Sizes,
}

/// Confirms it, under the assumptions that are equations where it does not hold without them.
fn as_written(
    arena: &mut Arena,
    model: &Model,
    subject: &Subject,
    sides: [Expr; 2],
    means: &Means,
) -> Result<Cases, Refusal> {
    if let Some(shorter) = hidden::without_hidden(arena, model, &sides)
        && let Ok(cases) = Claim::new(arena, (&shorter, &shorter), subject, sides, means).for_all_givens()
    {
        return Ok(cases);
    }
    let refusal = match Claim::new(arena, (model, model), subject, sides, means).for_all_givens() {
        Ok(cases) => return Ok(cases),
        Err(refusal) => refusal,
    };
    if let Some(sides) = cofactors::less_laws(arena, model, &subject.premises, sides)
        && let Ok(cases) = Claim::new(arena, (model, model), subject, sides, means).for_all_givens()
    {
        return Ok(cases);
    }
    let branches = assumed::branches(arena, model, &subject.premises);
    if branches.iter().any(Vec::is_empty) {
        return Err(refusal);
    }
    let mut cases = Cases { number: 0, distance: 0, size: 0 };
    for branch in branches {
        let definitions = [model.definitions.clone(), branch.clone()].concat();
        let surveyed = Model { definitions, ..model.clone() };
        let model = Model { values: branch, ..model.clone() };
        let claim = Claim::new(arena, (&model, &surveyed), subject, sides, means);
        let own = claim.confirmed(Method::Moved).map_err(|own| match own {
            Refusal::Differs(_) => refusal.clone(),
            own => own,
        })?;
        cases = cases.with(own);
    }
    Ok(cases)
}

/// Values of letters, sizes and indices.
type Integers = BTreeMap<SymbolId, i64>;

/// An equality.
#[derive(Clone, Copy)]
struct Claim<'a> {
    arena: &'a Arena,
    /// By what it is evaluated.
    model: &'a Model,
    /// The same, in which givens that have values are defined.
    surveyed: &'a Model,
    subject: &'a Subject,
    left: Expr,
    right: Expr,
    /// The laws of its functions, where there are any.
    laws: Option<Laws>,
    counts: Counts,
    means: &'a Means,
}

impl<'a> Claim<'a> {
    fn new(
        arena: &'a Arena,
        (model, surveyed): (&'a Model, &'a Model),
        subject: &'a Subject,
        [left, right]: [Expr; 2],
        means: &'a Means,
    ) -> Claim<'a> {
        let laws = laws::asked_for(arena, surveyed, &[left, right]);
        Claim { arena, model, surveyed, subject, left, right, laws, counts: Counts::Sizes, means }
    }

    /// Confirms it for any numbers in the place of the sizes that stand as numbers, or else for these.
    fn for_all_givens(self) -> Result<Cases, Refusal> {
        let Claim { arena, surveyed, subject, left, right, .. } = self;
        let is_size =
            |part: Expr| matches!(arena.node(part), Node::Symbol { symbol, .. } if subject.sizes.contains(symbol));
        if reached(arena, surveyed, &[left, right]).into_iter().any(is_size)
            && let Ok(cases) = (Claim { counts: Counts::Free, ..self }).by_some_method()
        {
            return Ok(cases);
        }
        self.by_some_method()
    }

    /// Confirms it with its derivatives on the graph of the definitions, where they are asked for as such, or else by
    /// moving what they are taken by.
    fn by_some_method(self) -> Result<Cases, Refusal> {
        let Claim { arena, model, subject, left, right, .. } = self;
        let mut refusal = Refusal::NoValue;
        for method in Method::all(arena, model, &[left, right]) {
            // What is too large on the graph is larger still where all paths are walked.
            if method == Method::Moved && matches!(refusal, Refusal::TooLarge(_)) && !subject.sizes.is_empty() {
                break;
            }
            match self.confirmed(method) {
                Ok(cases) => return Ok(cases),
                Err(other) => refusal = other,
            }
        }
        Err(refusal)
    }

    /// Confirms it with derivatives that are evaluated so.
    fn confirmed(self, method: Method) -> Result<Cases, Refusal> {
        let Claim { arena, surveyed, subject, left, right, .. } = self;
        if subject.sizes.iter().any(|&size| surveyed.is_defined(size)) {
            return Err(Refusal::Outside("a size that is defined"));
        }
        let mut survey = Survey::new(arena, surveyed, &subject.sizes, method);
        survey.counts = self.counts;
        let need = survey.difference(left, right)?;
        if !subject.families.is_empty() && (need.counts > 0 || survey.has_inverses) {
            return Err(Refusal::Outside("a family of sizes that stand as numbers"));
        }
        let letters = Letters::new(arena, subject, &[left, right]);
        survey.conditions(&subject.on_integers, &letters.entries)?;
        for &letter in &letters.entries {
            let is_letter = |expr| matches!(arena.node(expr), Node::Symbol { symbol, .. } if *symbol == letter);
            survey.sizes_indexed(&[left, right], &is_letter)?;
        }
        let distance = survey.distance(need);
        if distance > MAX_DISTANCE && !letters.steps.is_empty() {
            return Err(Refusal::TooLarge("too many values are carried from step to step"));
        }
        let places = letters.placed((arena, surveyed), subject, &[left, right], &survey.constants, distance)?;
        let all = self.with_sizes(&places, &letters, &survey, need)?;
        let size = all.iter().filter_map(|(_, at)| letters.largest_size(at)).max().unwrap_or(0);
        let distance = if letters.steps.is_empty() { 0 } else { distance };
        let mut cases = Cases { number: 0, distance, size };
        let (mut is_defined, mut budget) = (vec![false; places.len()], MAX_PRODUCTS);
        // The first is the cheapest and refuses at once. What the last takes, the dearest, tells whether all can be afforded.
        for (turn, place) in std::iter::once(0).chain((1..all.len()).rev()).enumerate().take(all.len()) {
            let (at, integers) = &all[place];
            let others = (all.len() - turn - 1) as u64;
            let mut own = if turn < 2 { budget * DEAREST / (DEAREST + others) } else { budget };
            budget -= own;
            let number = self.confirmed_at(integers, &letters, &survey, &mut own)?;
            budget += own;
            is_defined[*at] |= number > 0;
            cases.number += number;
        }
        if is_defined.contains(&false) || cases.number == 0 { Err(Refusal::NoValue) } else { Ok(cases) }
    }

    /// The values of letters and sizes of all cases, each with the number of the place where the letters lie so.
    fn with_sizes(
        self,
        places: &[Integers],
        letters: &Letters,
        survey: &Survey<'_>,
        need: Need,
    ) -> Result<Vec<(usize, Integers)>, Refusal> {
        let Claim { arena, subject, .. } = self;
        let n_parts = match places.first() {
            Some(place) if survey.has_inverses => {
                let mut integers = place.clone();
                integers.extend(letters.entries_among(&survey.entries).remove(0));
                self.n_parts(survey, &integers, &letters.sizes)?
            }
            Some(_) | None => 1,
        };
        let mut all = Vec::new();
        for (at, place) in places.iter().enumerate() {
            let size = letters.size_at(place, survey, need, n_parts)?;
            for sizes in letters.sized(size, need.counts, survey.has_inverses, n_parts) {
                let mut integers = place.clone();
                integers.extend(sizes);
                if subject.on_integers.iter().any(|prop| holds(arena, prop, &integers, &[]) == Some(false)) {
                    return Err(Refusal::Outside("conditions on sizes"));
                }
                all.push((at, integers));
            }
        }
        Ok(all)
    }

    /// In how many parts sizes divide its matrices, at the first point at which it has a value.
    fn n_parts(self, survey: &Survey<'_>, integers: &Integers, sizes: &[SymbolId]) -> Result<u64, Refusal> {
        let sides = [self.left, self.right];
        let Some(laws) = self.laws else {
            return words::n_parts(survey, &sides, integers, sizes, &self.means.unknowns(0, MAX_PRODUCTS));
        };
        let at = |turn| {
            words::n_parts(survey, &sides, integers, sizes, &self.means.likeness(turn, laws, turn, MAX_PRODUCTS))
        };
        (1..N_PRIMES).map(at).find(|found| *found != Err(Refusal::NoValue)).unwrap_or(Err(Refusal::NoValue))
    }

    /// Confirms it where the letters and sizes have these values, and says for how many choices of the indices of entries.
    fn confirmed_at(
        self,
        at: &Integers,
        letters: &Letters,
        survey: &Survey<'_>,
        budget: &mut u64,
    ) -> Result<usize, Refusal> {
        let Claim { arena, subject, .. } = self;
        let mut number = 0;
        for entries in letters.entries_among(&survey.entries) {
            let mut integers = at.clone();
            integers.extend(entries);
            let is_told = |prop| holds(arena, prop, &integers, &letters.entries) == Some(false);
            if subject.on_integers.iter().any(is_told) {
                continue;
            }
            match (Case { claim: self, survey, integers: &integers }).agrees(budget) {
                // Some orders of sizes leave no inverse.
                Err(Refusal::NoValue) if survey.has_inverses => continue,
                Err(Refusal::Differs(_)) if self.laws.is_some() => {
                    return Err(Refusal::Outside("some laws of these functions"));
                }
                agreed => agreed?,
            }
            number += 1;
        }
        Ok(number)
    }
}

/// What the cases of an equality have between them: primes, drawn by a seed that follows from it.
struct Means {
    seed: u64,
    prime: PrimeField,
    /// The pairs that the points of a case take in turn, without angles and with them.
    pairs: [RefCell<Vec<Primes>>; 2],
}

impl Means {
    fn new(seed: u64) -> Means {
        Means { seed, prime: PrimeField::draw(&mut Random::new(seed)), pairs: Default::default() }
    }

    /// Unknowns of which no law is known.
    fn unknowns(&self, seed: u64, budget: u64) -> Unknowns {
        Unknowns::over(self.prime.clone(), seed ^ self.seed, budget)
    }

    /// A likeness for the point of this number in a case.
    fn likeness(&self, turn: u64, laws: Laws, seed: u64, budget: u64) -> Likeness {
        let (place, mut pairs) = ((turn % N_PRIMES) as usize, self.pairs[usize::from(laws.has_angles)].borrow_mut());
        while pairs.len() <= place {
            let seed = self.seed.wrapping_add(pairs.len() as u64);
            pairs.push(Primes::draw(laws, seed));
        }
        Likeness::with_budget(pairs[place].clone(), laws, seed ^ self.seed, budget)
    }
}

/// One case of an equality.
struct Case<'a> {
    claim: Claim<'a>,
    survey: &'a Survey<'a>,
    integers: &'a Integers,
}

impl Case<'_> {
    /// Whether both sides have one value at as many points as decide it.
    fn agrees(&self, budget: &mut u64) -> Result<(), Refusal> {
        let (mut agreed, mut needed, mut turn) = (0, 1, 0);
        while agreed < needed {
            let before = *budget;
            let (answer, n_signs) = self.at_point(turn, budget);
            needed = needed.max(self.n_points(n_signs)?);
            match answer {
                Ok(()) => agreed += 1,
                Err(Refusal::NoValue) if self.claim.laws.is_some() && turn < PASSED_OVER * (agreed + 1) => {}
                Err(refusal) => return Err(refusal),
            }
            if (needed - agreed).saturating_mul(before - *budget) > *budget {
                return Err(TOO_LONG);
            }
            turn += 1;
        }
        Ok(())
    }

    /// At how many points the sides must agree, where so many signs and roots are asked for.
    fn n_points(&self, n_signs: usize) -> Result<u64, Refusal> {
        match (self.claim.laws, n_signs) {
            (None, _) => Ok(1),
            (Some(Laws { has_exponents: true, .. }), 0) => Ok(EXPONENTIAL),
            (Some(_), 0) => Ok(LAWFUL),
            (Some(_), 1..=MAX_SIGNS) => Ok(FOR_SIGNS << n_signs),
            (Some(_), _) => Err(Refusal::TooLarge("too many signs decide")),
        }
    }

    /// Whether both sides have one value at a point, and how many signs and roots were asked for.
    fn at_point(&self, turn: u64, budget: &mut u64) -> (Result<(), Refusal>, usize) {
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
            return (answer, 0);
        };
        let roots = if self.survey.has_counted_roots { Roots::OfEitherSign } else { Roots::Positive };
        let field = means.likeness(turn, Laws { roots, ..laws }, seed, *budget);
        let mut answer = self.compared(&field, &point);
        if matches!(answer, Err(Refusal::Differs(_))) && field.n_signs() > 0 && self.is_outside(&field, &point) {
            answer = Err(Refusal::NoValue);
        }
        *budget = field.budget();
        (answer, field.n_signs())
    }

    /// Whether a point does not fulfil the orders among the givens.
    fn is_outside(&self, field: &Likeness, point: &Assignment) -> bool {
        let Claim { arena, model, surveyed, subject, .. } = self.claim;
        let orders = subject.premises.iter().filter(|premise| laws::is_of_order(arena, surveyed, premise));
        orders.into_iter().any(|premise| holds_at(arena, model, point, field, premise) == Ok(false))
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

/// Why the checker does not confirm a proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It holds something of which the checker has no theorem.
    Outside(&'static str),
    /// It would take too many cases or too much work.
    TooLarge(&'static str),
    /// A side has no value in the field of the unknowns, or where a case demands one.
    NoValue,
    /// The sides differ at a case, in unknowns that no assumption binds.
    Differs(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Outside(what) => write!(f, "it has no theorem for {what}"),
            Refusal::TooLarge(why) => f.write_str(why),
            Refusal::NoValue => f.write_str("a side has no value at random points"),
            Refusal::Differs(case) if case.is_empty() => f.write_str("the sides differ without the assumptions"),
            Refusal::Differs(case) => write!(f, "the sides differ at {case} without the assumptions"),
        }
    }
}

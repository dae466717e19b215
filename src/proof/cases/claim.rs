//! One equality: its cases, and what it takes to look at all of them.

use std::collections::BTreeMap;

use crate::expr::{Arena, Expr, Node, SymbolId};
use crate::model::Model;
use crate::numeric::Laws;
use crate::proof::cases::conditions::holds;
use crate::proof::cases::graph::{Method, reached};
use crate::proof::cases::laws;
use crate::proof::cases::letters::Letters;
use crate::proof::cases::need::Need;
use crate::proof::cases::points::{Case, Means, N_PRIMES};
use crate::proof::cases::survey::Survey;
use crate::proof::cases::words;
use crate::proof::cases::{Cases, MAX_DISTANCE, Refusal};
use crate::proof::subject::Subject;

/// How many products of numbers may be formed for one claim.
const MAX_PRODUCTS: u64 = 2_800_000;

/// How much more the dearest case takes than one of the others, at most.
const DEAREST: u64 = 4;

/// What sizes are where they stand as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counts {
    /// Any numbers: what holds for all of them holds for those that the sizes are, and nothing counts but sums.
    Free,
    /// The sizes.
    Sizes,
}

/// Values of letters, sizes and indices.
pub(super) type Integers = BTreeMap<SymbolId, i64>;

/// An equality.
#[derive(Clone, Copy)]
pub(super) struct Claim<'a> {
    pub arena: &'a Arena,
    /// By what it is evaluated.
    pub model: &'a Model,
    /// The same, in which givens that have values are defined.
    pub surveyed: &'a Model,
    pub subject: &'a Subject,
    pub left: Expr,
    pub right: Expr,
    /// The laws of its functions, where there are any.
    pub laws: Option<Laws>,
    pub counts: Counts,
    pub means: &'a Means,
}

impl<'a> Claim<'a> {
    pub fn new(
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
    pub fn for_all_givens(self) -> Result<Cases, Refusal> {
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
    pub fn confirmed(self, method: Method) -> Result<Cases, Refusal> {
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
        let letters = Letters::new(arena, surveyed, subject, &[left, right]);
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

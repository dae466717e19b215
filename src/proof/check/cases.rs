//! Equalities, confirmed at the finitely many cases that decide all others.
//!
//! Both sides are evaluated from the definitions, derivatives included, in fields whose unknowns stand for all numbers
//! and all functions: at every way in which the letters of the claim may lie, up to the distances that
//! [`crate::proof::check::need`] counts, and with sizes that have room for all indices. Two fields are drawn for each
//! case, so that sides which differ agree with a chance below 2^-60 for degrees below a thousand (Schwartz 1980,
//! Zippel 1979).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::expr::{Arena, Comparison, Expr, Node, Prop, SymbolId, SymbolKind};
use crate::model::Model;
use crate::number::rational::to_i64;
use crate::numeric::{Assignment, Error, Fallback, Style, Tensor, Unknowns, evaluate_within};
use crate::proof::check::Refusal;
use crate::proof::check::need::Need;
use crate::proof::check::survey::Survey;
use crate::proof::subject::Subject;

/// The cases at which an equality was confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::proof) struct Cases {
    /// How many there were.
    pub number: usize,
    /// Up to which distance letters were moved apart; 0 where there are none.
    pub distance: i64,
    /// The largest size.
    pub size: i64,
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
const MAX_CASES: usize = 400;

/// Up to which distance letters are moved apart, and how large sizes may be.
const MAX_DISTANCE: i64 = 24;
const MAX_SIZE: i64 = 12;

/// How many expressions may be evaluated for one claim.
const MAX_STEPS: u64 = 150_000;

/// How many fields are drawn for each case.
const FIELDS: u64 = 2;

/// How many where square roots are taken, whose signs are drawn: what holds for one sign only is seen to fail with a
/// chance of one half each time.
const SIGNS: u64 = 64;

/// Confirms `left = right` wherever the subject's conditions hold.
pub(in crate::proof) fn equality(
    arena: &Arena,
    model: &Model,
    subject: &Subject,
    left: Expr,
    right: Expr,
) -> Result<Cases, Refusal> {
    if !subject.families.is_empty() {
        return Err(Refusal::Outside("families of sizes"));
    }
    let mut survey = Survey::new(arena, model, &subject.sizes);
    let need = survey.difference(left, right)?;
    survey.conditions(&subject.on_integers);
    let distance = i64::try_from(need.states).unwrap_or(i64::MAX).saturating_add(survey.window);
    let letters = Letters::new(arena, subject, &[left, right]);
    for &letter in &letters.entries {
        let is_letter = |expr| matches!(arena.node(expr), Node::Symbol { symbol, .. } if *symbol == letter);
        survey.sizes_indexed(&[left, right], &is_letter)?;
    }
    if distance > MAX_DISTANCE && !letters.steps.is_empty() {
        return Err(Refusal::TooLarge("too many values are carried from step to step"));
    }
    let places = letters.placed(arena, subject, &survey.constants, distance)?;
    let sizes = places.iter().map(|place| letters.size_at(place, &survey, need)).collect::<Result<Vec<i64>, _>>()?;
    let size = sizes.iter().copied().max().unwrap_or(0);
    let distance = if letters.steps.is_empty() { 0 } else { distance };
    let mut cases = Cases { number: 0, distance, size };
    let mut steps = MAX_STEPS / u64::try_from(size * size).unwrap_or(1).max(1);
    let fields = if survey.has_roots { SIGNS } else { FIELDS };
    for (place, size) in places.iter().zip(sizes) {
        let mut is_defined = false;
        for sizes in letters.sized(size, need.counts, survey.has_inverses) {
            let at = place.iter().map(|(&letter, &value)| (letter, value)).chain(sizes.iter().copied()).collect();
            if subject.on_integers.iter().any(|prop| holds(arena, prop, &at) == Some(false)) {
                return Err(Refusal::Outside("conditions on sizes"));
            }
            for entries in letters.entries_among(&survey.entries) {
                let mut integers: BTreeMap<SymbolId, i64> = at.clone();
                integers.extend(entries);
                if subject.on_integers.iter().any(|prop| holds(arena, prop, &integers) == Some(false)) {
                    continue;
                }
                match (Case { arena, model, integers: &integers, left, right }).agrees(fields, &mut steps) {
                    // Some orders of sizes leave no inverse.
                    Err(Refusal::NoValue) if survey.has_inverses => continue,
                    Err(Refusal::Differs(_)) if survey.has_roots => {
                        return Err(Refusal::Outside("roots whose signs matter"));
                    }
                    agreed => agreed?,
                }
                is_defined = true;
                cases.number += 1;
            }
        }
        if !is_defined {
            return Err(Refusal::NoValue);
        }
    }
    if cases.number == 0 { Err(Refusal::NoValue) } else { Ok(cases) }
}

/// One case of an equality.
struct Case<'a> {
    arena: &'a Arena,
    model: &'a Model,
    integers: &'a BTreeMap<SymbolId, i64>,
    left: Expr,
    right: Expr,
}

impl Case<'_> {
    /// Whether both sides have one value in this many fields.
    fn agrees(&self, fields: u64, steps: &mut u64) -> Result<(), Refusal> {
        let (mut agreed, mut turn) = (0, 0);
        while agreed < fields {
            match self.agrees_once(turn, steps) {
                Ok(()) => agreed += 1,
                // Only every other number has a root.
                Err(Refusal::NoValue) if fields > FIELDS && turn < 64 * (agreed + 1) => {}
                Err(refusal) => return Err(refusal),
            }
            turn += 1;
        }
        Ok(())
    }

    fn agrees_once(&self, turn: u64, steps: &mut u64) -> Result<(), Refusal> {
        let mixed = |seed: u64, value: i64| seed.wrapping_mul(0x9e37_79b9).wrapping_add(value.cast_unsigned());
        let seed = self.integers.values().fold(turn + 1, |seed, &value| mixed(seed, value));
        let fallback = Some(Fallback { seed, style: Style::Unknowns });
        let point = Assignment { integers: self.integers.clone(), fallback, ..Assignment::default() };
        let field = Unknowns::new(seed ^ 0x0c0f_fee0);
        let evaluation = evaluate_within(self.arena, self.model, &point, &field, &[self.left, self.right], *steps);
        *steps = steps.saturating_sub(evaluation.steps);
        match &evaluation.values[..] {
            [Ok(left), Ok(right)] if is_one(left, right) => Ok(()),
            [Ok(_), Ok(_)] => {
                let name = |(&symbol, value): (&SymbolId, &i64)| format!("{} = {value}", self.arena.name(symbol));
                Err(Refusal::Differs(self.integers.iter().map(name).collect::<Vec<_>>().join(", ")))
            }
            [Err(Error::TooLarge), _] | [_, Err(Error::TooLarge)] => {
                Err(Refusal::TooLarge("the cases take too many steps"))
            }
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

/// The integers of a claim by what they do.
struct Letters {
    /// Letters and last times on the line of steps.
    steps: Vec<SymbolId>,
    /// Sizes of vectors and matrices.
    sizes: Vec<SymbolId>,
    /// Indices of entries.
    entries: Vec<SymbolId>,
}

impl Letters {
    fn new(arena: &Arena, subject: &Subject, sides: &[Expr]) -> Letters {
        let mut at = BTreeSet::new();
        for part in arena.reachable(sides) {
            let indices: &[Expr] = match arena.node(part) {
                Node::Entry { at, .. } => at,
                Node::Unit(at, _) => std::slice::from_ref(at),
                _ => continue,
            };
            at.extend(indices.iter().filter_map(|&index| match arena.node(index) {
                Node::Symbol { symbol, .. } => Some(*symbol),
                _ => None,
            }));
        }
        let (sizes, others): (Vec<SymbolId>, Vec<SymbolId>) =
            subject.integers.iter().copied().partition(|symbol| subject.sizes.contains(symbol));
        let (entries, steps) = others.into_iter().partition(|symbol| at.contains(symbol));
        Letters { steps, sizes, entries }
    }

    /// All ways in which the letters on the line of steps may lie with no gap longer than `distance`.
    fn placed(
        &self,
        arena: &Arena,
        subject: &Subject,
        constants: &BTreeSet<i64>,
        distance: i64,
    ) -> Result<Vec<BTreeMap<SymbolId, i64>>, Refusal> {
        let (first, last) =
            (constants.first().copied().unwrap_or(0).min(1), constants.last().copied().unwrap_or(0).max(0));
        if last - first > MAX_DISTANCE {
            return Err(Refusal::TooLarge("numbers stand too far apart"));
        }
        let conditions: Vec<&Prop> = subject.on_integers.iter().collect();
        let mut places: Vec<BTreeMap<SymbolId, i64>> = vec![BTreeMap::new()];
        for &letter in &self.steps {
            let mut next = Vec::new();
            for place in &places {
                let low = place.values().copied().fold(first, i64::min) - distance;
                let high = place.values().copied().fold(last, i64::max) + distance;
                for value in low..=high {
                    let mut place = place.clone();
                    place.insert(letter, value);
                    // What cannot be told yet is told when all letters have their values.
                    if conditions.iter().all(|prop| holds(arena, prop, &place) != Some(false)) {
                        next.push(place);
                    }
                }
                if next.len() > 40 * MAX_CASES {
                    return Err(Refusal::TooLarge("too many cases"));
                }
            }
            places = next;
        }
        places.retain(|place| is_near(place, (first, last), distance));
        if places.len() > MAX_CASES { Err(Refusal::TooLarge("too many cases")) } else { Ok(places) }
    }

    /// The size with room for all indices of entries that one term may hold where the letters lie so.
    fn size_at(&self, place: &BTreeMap<SymbolId, i64>, survey: &Survey<'_>, need: Need) -> Result<i64, Refusal> {
        if self.sizes.is_empty() {
            return Ok(0);
        }
        let first = survey.constants.first().copied().unwrap_or(0);
        let (low, high) = place.values().fold((first, first), |(low, high), &value| (low.min(value), high.max(value)));
        let n_steps = if need.is_chain { (high - low + survey.window).max(1) } else { 0 };
        let per_step = i64::try_from(survey.letters_per_step).unwrap_or(MAX_SIZE);
        let told_apart = survey.entries.last().copied().unwrap_or(0).max(0);
        let n_letters = i64::try_from(need.letters).unwrap_or(MAX_SIZE) + self.entries.len() as i64;
        let size = n_letters + n_steps * per_step + told_apart + 1;
        if size > MAX_SIZE { Err(Refusal::TooLarge("too many indices of entries stand in one term")) } else { Ok(size) }
    }

    /// The sizes, from `size` on: no two equal, and so many choices of them that a polynomial of this degree in them
    /// which is 0 at all of them is 0. In the other order, too, where a matrix may be too wide to be inverted.
    fn sized(&self, size: i64, degree: u64, both_orders: bool) -> Vec<Vec<(SymbolId, i64)>> {
        let degree = i64::try_from(degree).unwrap_or(MAX_SIZE);
        let mut found: Vec<(i64, Vec<(SymbolId, i64)>)> = vec![(0, Vec::new())];
        for (place, &symbol) in (0i64..).zip(&self.sizes) {
            found = found
                .into_iter()
                .flat_map(|(used, chosen)| {
                    (0..=degree - used).map(move |more| {
                        let value = size + place * (degree + 1) + more;
                        (used + more, chosen.iter().copied().chain([(symbol, value)]).collect())
                    })
                })
                .collect();
        }
        let mut found: Vec<Vec<(SymbolId, i64)>> = found.into_iter().map(|(_, chosen)| chosen).collect();
        if both_orders {
            let turned = found.iter().map(|chosen| {
                let values: Vec<i64> = chosen.iter().rev().map(|&(_, value)| value).collect();
                chosen.iter().zip(values).map(|(&(symbol, _), value)| (symbol, value)).collect()
            });
            found.extend(turned.collect::<Vec<_>>());
        }
        found.dedup();
        found
    }

    /// The indices of entries, one choice for each way in which some of them are equal to each other or to numbers that
    /// are told apart.
    fn entries_among(&self, told_apart: &BTreeSet<i64>) -> Vec<Vec<(SymbolId, i64)>> {
        let mut found: Vec<Vec<(SymbolId, i64)>> = vec![Vec::new()];
        for &symbol in &self.entries {
            found = found
                .into_iter()
                .flat_map(|chosen| {
                    let mut values = told_apart.clone();
                    values.extend(chosen.iter().map(|&(_, value)| value));
                    values.extend((1..).find(|value| !values.contains(value)));
                    values.into_iter().map(move |value| chosen.iter().copied().chain([(symbol, value)]).collect())
                })
                .collect();
        }
        found
    }
}

/// Whether no two neighbours on the line, the numbers from `first` to `last` as one of them, lie too far apart.
fn is_near(place: &BTreeMap<SymbolId, i64>, (first, last): (i64, i64), distance: i64) -> bool {
    let mut points: Vec<i64> = place.values().copied().collect();
    points.extend(first..=last);
    points.sort_unstable();
    points.windows(2).all(|pair| pair[1] - pair[0] <= distance)
}

/// Whether a condition on integers holds; `None` where letters have no values yet.
fn holds(arena: &Arena, prop: &Prop, at: &BTreeMap<SymbolId, i64>) -> Option<bool> {
    let each = |parts: &[Prop]| parts.iter().map(|part| holds(arena, part, at)).collect::<Vec<_>>();
    match prop {
        Prop::Compare(how, left, right) => {
            let (left, right) = (integer(arena, *left, at)?, integer(arena, *right, at)?);
            Some(match how {
                Comparison::Equal | Comparison::Approximately => left == right,
                Comparison::NotEqual => left != right,
                Comparison::Less => left < right,
                Comparison::LessEqual => left <= right,
            })
        }
        Prop::And(parts) => each(parts).into_iter().try_fold(true, |all, part| Some(all && part?)),
        Prop::Or(parts) => each(parts).into_iter().try_fold(false, |any, part| Some(any || part?)),
        Prop::Not(part) => Some(!holds(arena, part, at)?),
        Prop::Integer(_) => Some(true),
        Prop::Implies(..) | Prop::Iff(..) | Prop::ForAll(..) | Prop::Proportional { .. } => None,
    }
}

fn integer(arena: &Arena, expr: Expr, at: &BTreeMap<SymbolId, i64>) -> Option<i64> {
    match arena.node(expr) {
        Node::Number(value) => to_i64(value),
        Node::Symbol { symbol, indices, .. } if indices.is_empty() && arena.kind(*symbol) == SymbolKind::Integer => {
            at.get(symbol).copied()
        }
        Node::Sum(parts) => parts.iter().try_fold(0i64, |sum, &part| sum.checked_add(integer(arena, part, at)?)),
        Node::Product(parts) => {
            parts.iter().try_fold(1i64, |product, &part| product.checked_mul(integer(arena, part, at)?))
        }
        _ => None,
    }
}

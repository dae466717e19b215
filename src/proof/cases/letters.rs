//! The letters of a claim by what they do, and the ways in which they may lie.

use std::collections::{BTreeMap, BTreeSet};

use crate::expr::{Arena, Expr, Node, Prop, SymbolId};
use crate::model::Model;
use crate::proof::cases::conditions::holds;
use crate::proof::cases::graph::reached;
use crate::proof::cases::lines::Lines;
use crate::proof::cases::need::Need;
use crate::proof::cases::survey::Survey;
use crate::proof::cases::{MAX_CASES, MAX_DISTANCE, MAX_SIZE, MAX_SIZE_OF_INVERSES, Refusal};
use crate::proof::subject::Subject;

/// More indices than any size has room for.
const TOO_MANY: u64 = 1 << 10;

/// The integers of a claim by what they do.
pub(super) struct Letters {
    /// Letters and last times on the line of steps.
    pub steps: Vec<SymbolId>,
    /// Sizes of vectors and matrices.
    pub sizes: Vec<SymbolId>,
    /// Those of them that what is asked for has.
    counted: BTreeSet<SymbolId>,
    /// Families of them.
    pub families: Vec<SymbolId>,
    /// Indices of entries.
    pub entries: Vec<SymbolId>,
}

impl Letters {
    pub fn new(arena: &Arena, model: &Model, subject: &Subject, sides: &[Expr]) -> Letters {
        let (mut at, parts) = (BTreeSet::new(), reached(arena, model, sides));
        let shapes = parts.iter().flat_map(|&part| arena.shape(part).sizes());
        let of_shapes = arena.reachable(&shapes.chain(parts.iter().copied()).collect::<Vec<_>>());
        let counted = of_shapes.into_iter().filter_map(|part| match arena.node(part) {
            Node::Symbol { symbol, .. } => Some(*symbol),
            _ => None,
        });
        let counted = counted.filter(|symbol| subject.sizes.contains(symbol)).collect();
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
        Letters { steps, sizes, counted, families: subject.families.clone(), entries }
    }

    /// All ways in which the letters on the lines of steps may lie with no gap longer than `distance`.
    pub fn placed(
        &self,
        (arena, model): (&Arena, &Model),
        subject: &Subject,
        sides: &[Expr],
        constants: &BTreeSet<i64>,
        distance: i64,
    ) -> Result<Vec<BTreeMap<SymbolId, i64>>, Refusal> {
        let (first, last) =
            (constants.first().copied().unwrap_or(0).min(1), constants.last().copied().unwrap_or(0).max(0));
        if last.saturating_sub(first) > MAX_DISTANCE {
            return Err(Refusal::TooLarge("numbers stand too far apart"));
        }
        let mut all: Vec<BTreeMap<SymbolId, i64>> = vec![BTreeMap::new()];
        for line in Lines::of(arena, model, sides, &subject.on_integers).split(&self.steps) {
            let own = placed_on_line(arena, &line, &subject.on_integers, (first, last), distance)?;
            if all.len() * own.len() > MAX_CASES {
                return Err(Refusal::TooLarge("too many cases"));
            }
            let joined = |place: &BTreeMap<SymbolId, i64>| {
                let joined =
                    own.iter().map(|own| place.iter().chain(own).map(|(&letter, &value)| (letter, value)).collect());
                joined.collect::<Vec<_>>()
            };
            all = all.iter().flat_map(joined).collect();
        }
        Ok(all)
    }

    /// The size with room for all indices of entries that one term may hold where the letters lie so.
    pub fn size_at(
        &self,
        place: &BTreeMap<SymbolId, i64>,
        survey: &Survey<'_>,
        need: Need,
        n_parts: u64,
    ) -> Result<i64, Refusal> {
        if self.sizes.is_empty() && self.families.is_empty() {
            return Ok(0);
        }
        let known = [survey.constants.first(), survey.constants.last()].into_iter().flatten();
        let (low, high) = known.chain(place.values()).fold((0, 0), |(low, high), &at| (at.min(low), at.max(high)));
        // Exponents count from 0, and recurrences from where they start.
        let n_steps = high.saturating_sub(low).saturating_add(survey.window).max(1);
        let number = |n: u64| i64::try_from(n.min(TOO_MANY)).unwrap_or(i64::MAX);
        let told_apart = survey.entries.last().copied().unwrap_or(0).max(0);
        let mut n_letters =
            need.letters.max(survey.told_apart).max(survey.below_roots).saturating_add(survey.in_exponents);
        if survey.has_inverses {
            let below = survey.strands_below * (1 + survey.n_derivatives);
            n_letters = n_letters.max(need.words.n_indices(below, n_parts));
        }
        let n_letters = number(n_letters) + self.entries.len() as i64;
        let size = n_letters + n_steps * number(need.per_step) + told_apart + 1;
        let largest = if survey.has_inverses { MAX_SIZE_OF_INVERSES } else { MAX_SIZE };
        if need.counts > TOO_MANY {
            return Err(Refusal::TooLarge("too many sizes decide"));
        }
        if size > largest { Err(Refusal::TooLarge("too many indices of entries stand in one term")) } else { Ok(size) }
    }

    /// The largest of the sizes, where there are any.
    pub fn largest_size(&self, at: &BTreeMap<SymbolId, i64>) -> Option<i64> {
        self.sizes.iter().chain(&self.families).map(|size| at[size]).max()
    }

    /// The sizes, from `size` on, of families from there, too: no two equal, and so many choices of those that count that a
    /// polynomial of this degree in them which is 0 at all of them is 0. In the other order, too, where a matrix may be too wide to be inverted; with as much
    /// room between them, where they part matrices.
    pub fn sized(&self, size: i64, degree: u64, both_orders: bool, n_parts: u64) -> Vec<Vec<(SymbolId, i64)>> {
        let degree = i64::try_from(degree).unwrap_or(MAX_SIZE);
        let apart = if n_parts > 1 { size + degree } else { degree + 1 };
        let of_families = self.families.iter().map(|&family| (family, size)).collect();
        let mut found: Vec<(i64, Vec<(SymbolId, i64)>)> = vec![(0, of_families)];
        for (place, &symbol) in (0i64..).zip(&self.sizes) {
            found = found
                .into_iter()
                .flat_map(|(used, chosen)| {
                    let most = if self.counted.contains(&symbol) { degree - used } else { 0 };
                    (0..=most).map(move |more| {
                        let value = size + place * apart + more;
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
    pub fn entries_among(&self, told_apart: &BTreeSet<i64>) -> Vec<Vec<(SymbolId, i64)>> {
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

/// All ways in which the letters of one line may lie.
fn placed_on_line(
    arena: &Arena,
    letters: &[SymbolId],
    conditions: &[Prop],
    (first, last): (i64, i64),
    distance: i64,
) -> Result<Vec<BTreeMap<SymbolId, i64>>, Refusal> {
    let mut places: Vec<BTreeMap<SymbolId, i64>> = vec![BTreeMap::new()];
    for &letter in letters {
        let mut next = Vec::new();
        for place in &places {
            let low = place.values().copied().fold(first, i64::min) - distance;
            let high = place.values().copied().fold(last, i64::max) + distance;
            for value in low..=high {
                let mut place = place.clone();
                place.insert(letter, value);
                // What cannot be told yet is told when all letters have their values.
                if conditions.iter().all(|prop| holds(arena, prop, &place, &[]) != Some(false)) {
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

/// Whether no two neighbours on the line, the numbers from `first` to `last` as one of them, lie too far apart.
fn is_near(place: &BTreeMap<SymbolId, i64>, (first, last): (i64, i64), distance: i64) -> bool {
    let mut points: Vec<i64> = place.values().copied().collect();
    points.extend(first..=last);
    points.sort_unstable();
    points.windows(2).all(|pair| pair[1] - pair[0] <= distance)
}

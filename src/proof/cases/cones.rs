//! Which members lead to which: how far letters are moved apart until every pattern was seen.
//!
//! On the graph, the derivative of a member by one that does not lead to it is 0 and no unknown. Where each step asks for the
//! one before, all earlier members lead to a later one. Otherwise the families that are reached over so many steps follow
//! a pattern that repeats itself at last, and letters are moved apart until it has.

use std::collections::{BTreeMap, BTreeSet};

use crate::expr::{Expr, SymbolId};
use crate::model::Argument;
use crate::proof::cases::Refusal;
use crate::proof::cases::places::Place;
use crate::proof::cases::survey::Survey;

/// How many steps are looked at.
const MAX_STEPS: usize = 48;

/// A family that a definition asks for, and how many steps before its own place in each slot.
type Ask = (SymbolId, SymbolId, Vec<i64>);

impl Survey<'_> {
    /// How many steps farther letters are moved apart for derivatives along some recurrences.
    pub fn until_repeated(&mut self, families: &BTreeSet<SymbolId>) -> Result<i64, Refusal> {
        let asks = self.asks(families)?;
        let moving: Vec<&Ask> = asks.iter().filter(|(_, _, steps)| steps.iter().any(|&step| step != 0)).collect();
        let asked: BTreeSet<SymbolId> = moving.iter().map(|(_, used, _)| *used).collect();
        let n_slots = asks.iter().map(|(_, _, steps)| steps.len()).max().unwrap_or(0);
        let is_unit = |steps: &[i64], slot: usize| {
            steps.len() == n_slots && (0..n_slots).all(|at| steps[at].abs() == i64::from(at == slot))
        };
        let has_units = (0..n_slots).all(|slot| moving.iter().any(|(_, _, steps)| is_unit(steps, slot)));
        let is_one_way = |slot: usize| {
            let steps = || moving.iter().filter_map(move |(_, _, steps)| steps.get(slot));
            steps().all(|&step| step >= 0) || steps().all(|&step| step <= 0)
        };
        if !(0..n_slots).all(is_one_way) {
            return Err(Refusal::Outside("a recurrence that runs both ways"));
        }
        if asked.len() <= 1 && has_units {
            return Ok(0);
        }
        if n_slots > 1 {
            return Err(Refusal::Outside("a grid whose steps are not the next ones"));
        }
        repeated(families, &asks).ok_or(Refusal::TooLarge("the steps of a recurrence lead too far"))
    }

    fn asks(&mut self, families: &BTreeSet<SymbolId>) -> Result<Vec<Ask>, Refusal> {
        let model = self.model;
        let mut asks = Vec::new();
        for definition in model.definitions.iter().filter(|definition| families.contains(&definition.symbol)) {
            for &used in families {
                for indices in self.places_of(used, definition) {
                    if let Some(steps) = self.steps_from(&definition.indices, &indices)? {
                        asks.push((definition.symbol, used, steps));
                    }
                }
            }
        }
        Ok(asks)
    }

    /// How many steps each index stands before that of a definition; `None` for members at fixed places.
    fn steps_from(&mut self, own: &[Argument], indices: &[Expr]) -> Result<Option<Vec<i64>>, Refusal> {
        let elsewhere = Refusal::Outside("a recurrence over several letters");
        let mut steps = Vec::new();
        for (slot, &index) in indices.iter().enumerate() {
            match (own.get(slot), self.place(index)?) {
                (Some(Argument::Letter(own)), Place::Letter { letter, offset }) if self.is_symbol(letter, *own) => {
                    steps.push(-offset);
                }
                (_, Place::At) => return Ok(None),
                (_, Place::Letter { .. }) => return Err(elsewhere),
            }
        }
        Ok(Some(steps))
    }
}

/// The step after which the families that are reached from each repeat themselves, less the first.
fn repeated(families: &BTreeSet<SymbolId>, asks: &[Ask]) -> Option<i64> {
    let mut reached: Vec<BTreeMap<SymbolId, BTreeSet<SymbolId>>> = Vec::new();
    let longest = asks.iter().filter_map(|(_, _, steps)| steps.first()).map(|step| step.unsigned_abs()).max()?;
    let longest = usize::try_from(longest).ok()?.max(1);
    for far in 0..MAX_STEPS {
        let mut now: BTreeMap<SymbolId, BTreeSet<SymbolId>> = BTreeMap::new();
        if far == 0 {
            now.extend(families.iter().map(|&family| (family, BTreeSet::from([family]))));
        }
        for _ in 0..families.len() {
            for (user, used, steps) in asks {
                let step = usize::try_from(steps.first().map_or(0, |step| step.unsigned_abs())).ok()?;
                let before =
                    if step == 0 { now.get(used) } else { far.checked_sub(step).and_then(|at| reached[at].get(used)) };
                let before = before.cloned().unwrap_or_default();
                now.entry(*user).or_default().extend(before);
            }
        }
        reached.push(now);
    }
    let repeats = |from: usize, period: usize| (from..from + longest).all(|at| reached[at] == reached[at + period]);
    let mut found = (1..MAX_STEPS / 2).flat_map(|sum| (1..=sum).map(move |period| (sum + 1 - period, period)));
    let (from, period) = found.find(|&(from, period)| from + period + longest < MAX_STEPS && repeats(from, period))?;
    i64::try_from(from + period - 2).ok()
}

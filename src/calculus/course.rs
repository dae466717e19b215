//! Which way a state runs, and how far along it is.
//!
//! A recurrence runs from left to right, `h_t` after `h_{t-1}`, or from right to left, `r_t` after `r_{t+1}`, as in the
//! backward half of a bidirectional network. Both are the same thing along their own *course*: each index has a place on it,
//! which grows with every step. Whoever compares places, steps to the index before and writes ranges along the course needs
//! to know of one direction only.

use std::collections::{BTreeMap, BTreeSet};

use crate::calculus::Structure;
use crate::calculus::structure::{Asked, asked};
use crate::expr::{Arena, Comparison, Expr, Prop, SymbolId};
use crate::model::Model;
use crate::number::Rational;
use crate::rewrite::Linear;

impl Structure {
    /// Whether each member of a state follows the one after it.
    pub fn runs_back(&self, state: SymbolId) -> bool {
        self.backward.contains(&state)
    }

    /// What one step adds to the index: 1, or -1 from right to left.
    pub fn towards(&self, state: SymbolId) -> i64 {
        towards(&self.backward, state)
    }

    /// The index one step before another.
    pub fn before(&self, arena: &mut Arena, state: SymbolId, index: Expr) -> Expr {
        moved(arena, index, -self.towards(state))
    }

    /// The index one step after another.
    pub fn after(&self, arena: &mut Arena, state: SymbolId, index: Expr) -> Expr {
        moved(arena, index, self.towards(state))
    }

    /// How far along the course an index is: of two, the later one has the larger place.
    pub fn place(&self, state: SymbolId, index: &Linear) -> Linear {
        Linear::default().plus(index, &Rational::from(self.towards(state)))
    }

    /// The place of the first step.
    pub fn place_of_first(&self, arena: &Arena, state: SymbolId) -> Option<Linear> {
        Some(self.place(state, &Linear::read(arena, *self.first.get(&state)?)?))
    }

    /// How many steps one index is after another.
    pub fn steps_between(&self, arena: &Arena, state: SymbolId, from: Expr, to: Expr) -> Option<Linear> {
        let [from, to] = [from, to].map(|index| Linear::read(arena, index));
        Some(self.place(state, &to?.minus(&from?)))
    }

    /// The lower and the upper end of the indices from an earlier to a later one. They are in order as numbers where the
    /// indices are in order along the course.
    pub fn as_range(&self, state: SymbolId, earlier: Expr, later: Expr) -> (Expr, Expr) {
        if self.runs_back(state) { (later, earlier) } else { (earlier, later) }
    }

    /// The index at which a state begins, one step before the first.
    pub fn start_of(&self, arena: &mut Arena, state: SymbolId) -> Option<Expr> {
        let first = *self.first.get(&state)?;
        Some(self.before(arena, state, first))
    }

    /// Whether all members of a state that lead to one of another, or are led to from it, stand in one order: both run the
    /// same way, and no step asks for the other one ahead of its own place.
    pub fn keeps_pace(&self, state: SymbolId, other: SymbolId) -> bool {
        let foresees = |(asker, asked): &(SymbolId, SymbolId)| *asked == other && self.leads(state, *asker);
        state == other || self.runs_back(state) == self.runs_back(other) && !self.foreseen.iter().any(foresees)
    }

    /// The states that the steps of a state lead to without keeping pace with it, such as the forward states that a nonlinear
    /// adjoint asks for; `None` where one of them leads back to a state that does keep pace.
    pub(super) fn beside(&self, state: SymbolId) -> Option<BTreeSet<SymbolId>> {
        let below = self.states.iter().copied().filter(|&other| self.runs_through(state, other));
        let (own, beside): (BTreeSet<_>, BTreeSet<_>) = below.partition(|&other| self.keeps_pace(state, other));
        let leads_back = beside.iter().any(|&other| own.iter().any(|&kept| self.leads(other, kept)));
        (!leads_back).then_some(beside)
    }

    /// Whether a derivative of a state of numbers by itself is the product of the slopes of its steps: no state but its own is
    /// on the way, for those that stand beside it do not lead back.
    pub(super) fn is_chain_beside_others(&self, arena: &Arena, state: SymbolId) -> bool {
        let is_plain = !self.leaping.contains(&state) && arena.declared_shape(state).is_scalar();
        is_plain
            && !self.grids.contains_key(&state)
            && self.beside(state).is_some_and(|beside| {
                let below = self.states.iter().filter(|&&other| self.runs_through(state, other));
                below.into_iter().all(|other| *other == state || beside.contains(other))
            })
    }
}

/// What one step adds to the index of a state, where these run from right to left.
fn towards(backward: &BTreeSet<SymbolId>, state: SymbolId) -> i64 {
    if backward.contains(&state) { -1 } else { 1 }
}

fn moved(arena: &mut Arena, index: Expr, by: i64) -> Expr {
    let by = arena.integer(by);
    let index = arena.sum([index, by]);
    Linear::read(arena, index).map_or(index, |linear| linear.expr(arena))
}

/// What steps ask for besides their own place and the one before.
#[derive(Debug, Clone, Default)]
pub(super) struct Leaps {
    /// The states that some definition asks for, itself or through what is no state, at another place.
    pub leaping: BTreeSet<SymbolId>,
    /// Which states ask for which ones ahead of their own place.
    pub foreseen: BTreeSet<(SymbolId, SymbolId)>,
}

impl Leaps {
    /// Those of a model in which some of the states run from right to left.
    pub fn new(arena: &mut Arena, model: &Model, states: &BTreeSet<SymbolId>, backward: &BTreeSet<SymbolId>) -> Leaps {
        let mut leaps = Leaps::default();
        for definition in &model.definitions {
            let mut seen: BTreeSet<(SymbolId, Linear)> = BTreeSet::new();
            let mut open = asked(arena, definition);
            while let Some(Asked { symbol, offset, .. }) = open.pop() {
                let Some(offset) = offset.filter(|offset| seen.insert((symbol, offset.clone()))) else { continue };
                if states.contains(&symbol) {
                    let ahead = offset.as_integer().map(|offset| offset * towards(backward, symbol));
                    if !matches!(ahead, Some(-1 | 0)) {
                        leaps.leaping.insert(symbol);
                    }
                    if states.contains(&definition.symbol) && ahead.is_none_or(|ahead| ahead > 0) {
                        leaps.foreseen.insert((definition.symbol, symbol));
                    }
                    continue;
                }
                for own in model.definitions_of(symbol) {
                    open.extend(asked(arena, own).into_iter().map(|asked| {
                        let offset = asked.offset.map(|further| further.plus(&offset, &Rational::from(1)));
                        Asked { offset, ..asked }
                    }));
                }
            }
        }
        leaps
    }
}

/// For each of some states that run from right to left the last index at which its definition holds; those without one
/// have no end to run from.
pub(super) fn last_indices(
    arena: &mut Arena,
    model: &Model,
    states: impl Iterator<Item = SymbolId>,
) -> BTreeMap<SymbolId, Expr> {
    states.filter_map(|state| Some((state, last_index(arena, model, state)?))).collect()
}

fn last_index(arena: &mut Arena, model: &Model, state: SymbolId) -> Option<Expr> {
    model.definitions_of(state).find_map(|definition| {
        let letter = arena.symbol(super::structure::letter_of(definition)?);
        definition.range.iter().find_map(|prop| match upper_bound(prop, letter)? {
            (bound, Comparison::Less) => Some(moved(arena, bound, -1)),
            (bound, _) => Some(bound),
        })
    })
}

/// What a condition says the letter is at most, and how.
fn upper_bound(prop: &Prop, letter: Expr) -> Option<(Expr, Comparison)> {
    let mut orders = prop.conjuncts().into_iter().filter_map(Prop::order);
    orders.find_map(|(how, low, high)| (low == letter).then_some((high, how)))
}

/// How many steps before its first one the members of a state that runs from right to left begin: as many as a definition
/// of its circle goes back at once.
pub(super) fn lag_at_the_end(arena: &mut Arena, model: &Model, state: SymbolId, circle: &BTreeSet<SymbolId>) -> i64 {
    let own: Vec<_> = model.definitions.iter().filter(|own| circle.contains(&own.symbol)).collect();
    let asked = own.into_iter().flat_map(|own| asked(arena, own)).filter(|asked| asked.symbol == state);
    asked.filter_map(|asked| asked.offset?.as_integer()).max().unwrap_or(1).max(1)
}

//! Assumptions that do not bear on a claim but share its integers: a counterexample must leave room for them.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::expr::{Arena, Node, Prop, SymbolId};
use crate::number::Random;
use crate::numeric::{Assignment, Fallback, Style, Witness};
use crate::proof::refute::{Hunt, premise, tuples};
use crate::proof::subject::Subject;

/// At how many small tuples it is tried whether the assumptions can be made to hold at all.
const TUPLES: usize = 6;

/// The styles in which their givens are drawn.
const STYLES: [Style; 4] = [Style::Ones, Style::Plain, Style::Zeros, Style::Integers];

/// Assumptions about other givens of the same sizes, and for which integers they can hold.
pub(super) struct Others {
    props: Vec<Prop>,
    known: RefCell<BTreeMap<BTreeMap<SymbolId, i64>, bool>>,
}

impl Others {
    pub(super) fn new(arena: &Arena, subject: &Subject) -> Others {
        let integers: BTreeSet<SymbolId> = subject.integers.iter().copied().collect();
        let props = subject.others.iter().filter(|prop| shares(arena, prop, &integers)).cloned().collect();
        Others { props, known: RefCell::default() }
    }

    /// Whether the assumptions can hold for the integers of a point, or cannot be made to hold for any that are tried:
    /// then they are out of reach, and say nothing.
    pub(super) fn allow(&self, hunt: &Hunt<'_>, point: &Assignment) -> bool {
        if self.props.is_empty() || self.can_hold(hunt, &point.integers) {
            return true;
        }
        let mut tried = hunt.samples.small.iter().take(TUPLES);
        !tried.any(|tuple| self.can_hold(hunt, &tuples::integers(hunt.subject, tuple)))
    }

    fn can_hold(&self, hunt: &Hunt<'_>, integers: &BTreeMap<SymbolId, i64>) -> bool {
        if let Some(&known) = self.known.borrow().get(integers) {
            return known;
        }
        let found = STYLES.into_iter().any(|style| (1..=3).any(|value| self.hold_at(hunt, integers, style, value)));
        self.known.borrow_mut().insert(integers.clone(), found);
        found
    }

    /// Whether they are made to hold at one point, where the integers that the claim does not have are `value`.
    fn hold_at(&self, hunt: &Hunt<'_>, integers: &BTreeMap<SymbolId, i64>, style: Style, value: i64) -> bool {
        let mut point = Assignment {
            integers: integers.clone(),
            fallback: Some(Fallback { seed: 1, style }),
            ..Assignment::default()
        };
        add_others(hunt.subject, &mut point, value);
        let question = hunt.question(&point);
        premise::establish(&question, &self.props, &mut point, &mut Random::new(1))
    }
}

/// Gives the integers that a claim does not have this value, and the functions that it does not have the value 0.
pub(super) fn add_others(subject: &Subject, point: &mut Assignment, value: i64) {
    for &integer in &subject.other_integers {
        point.integers.entry(integer).or_insert(value);
    }
    for &function in &subject.other_functions {
        // The function that is 0 everywhere: what holds of it at one argument holds at all.
        point.functions.entry(function).or_insert(Witness::Terms(Vec::new()));
    }
}

/// Whether one of these integers stands in a statement, or in the shape of something in it.
fn shares(arena: &Arena, prop: &Prop, integers: &BTreeSet<SymbolId>) -> bool {
    let parts = arena.reachable(&prop.expressions());
    let sizes = parts.iter().flat_map(|&part| arena.shape(part).sizes()).collect::<Vec<_>>();
    let mut all = arena.reachable(&sizes).into_iter().chain(parts);
    all.any(|part| matches!(arena.node(part), Node::Symbol { symbol, .. } if integers.contains(symbol)))
}

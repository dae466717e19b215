//! Assumptions that do not bear on a claim but are linked to its integers: a counterexample must leave room for them.
//!
//! With `x_t \le 1` for all t and `\sum_{t=1}^{n} x_t > 3` given, `n \ge 4` does not fail at n = 1: no x is found there.
//! Where none is found the point is no counterexample, whether there is one or not.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use crate::expr::{Prop, SymbolId};
use crate::number::Random;
use crate::numeric::{Assignment, Fallback, Style, Witness};
use crate::proof::refute::truth::Question;
use crate::proof::refute::{Hunt, premise};
use crate::proof::subject::Subject;

/// What part of the steps of a search one choice of the integers may take.
const SHARE: u64 = 4;

/// The styles in which their givens are drawn.
const STYLES: [Style; 5] = [Style::Ones, Style::Plain, Style::Zeros, Style::Integers, Style::Unit];

/// Assumptions about other givens of the same sizes, and for which integers they can hold.
pub(super) struct Others {
    props: Vec<Prop>,
    known: RefCell<BTreeMap<BTreeMap<SymbolId, i64>, bool>>,
    /// How many steps have been taken in search of their givens.
    spent: Cell<u64>,
    /// Whether a point at which the claim fails was turned down.
    pub is_in_the_way: Cell<bool>,
}

impl Others {
    pub(super) fn new(subject: &Subject) -> Others {
        let (known, spent, is_in_the_way) = Default::default();
        Others { props: subject.linked.clone(), known, spent, is_in_the_way }
    }

    /// Whether the assumptions are made to hold for the integers of a point.
    pub(super) fn allow(&self, hunt: &Hunt<'_>, point: &Assignment) -> bool {
        let is_allowed = self.props.is_empty() || self.can_hold(hunt, &point.integers);
        self.is_in_the_way.set(self.is_in_the_way.get() || !is_allowed);
        is_allowed
    }

    fn can_hold(&self, hunt: &Hunt<'_>, integers: &BTreeMap<SymbolId, i64>) -> bool {
        if let Some(&known) = self.known.borrow().get(integers) {
            return known;
        }
        let most = hunt.bench.most;
        let bench = hunt.bench.apart((most / SHARE).min(most.saturating_sub(self.spent.get())));
        let tries = STYLES.into_iter().flat_map(|style| (1..=3).map(move |value| (style, value)));
        let start = Assignment { integers: integers.clone(), ..Assignment::default() };
        let question = Question { bench: &bench, ..hunt.question(&start) };
        let found = tries
            .take_while(|_| !bench.is_exhausted())
            .any(|(style, value)| self.hold_at(hunt.subject, &question, start.clone(), style, value));
        self.spent.set(self.spent.get() + bench.spent.get());
        self.known.borrow_mut().insert(integers.clone(), found);
        found
    }

    /// Whether they are made to hold at one point, where the integers that the claim does not have are `value`.
    fn hold_at(
        &self,
        subject: &Subject,
        question: &Question<'_>,
        mut point: Assignment,
        style: Style,
        value: i64,
    ) -> bool {
        point.fallback = Some(Fallback { seed: value.unsigned_abs(), style });
        add_others(subject, &mut point, value);
        premise::establish(question, &self.props, &mut point, &mut Random::new(value.unsigned_abs()))
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

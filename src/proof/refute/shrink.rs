//! Shrinking: a counterexample as small and round as can be found with little work.

use std::collections::{BTreeMap, BTreeSet};

use crate::expr::SymbolId;
use crate::number::rational::{fraction, height};
use crate::number::{Random, Rational};
use crate::numeric::{Assignment, Fallback, Givens, Style, Tensor, Term, Witness};
use crate::proof::refute::Hunt;
use crate::proof::refute::show::{self, Found};
use crate::proof::refute::{premise, tuples};

/// How many points are tried.
const MAX_TRIALS: usize = 240;

/// What part of the steps of one evaluation, at most, all trials together may take: points far out are dear.
const SHARE: u64 = 20;

/// How many tuples of sizes, times and letters are tried from the start.
const FRESH_TUPLES: usize = 5;

/// How values are drawn that are tried from the start, with their seeds.
const FRESH_STYLES: [(u64, Style); 3] = [(0, Style::Ones), (1, Style::Signs), (2, Style::Integers)];

/// A smaller point at which the claim fails as well.
pub(super) fn shrink(hunt: &Hunt<'_>, point: Assignment) -> Found {
    let enough = hunt.bench.spent.get() + hunt.bench.most / SHARE;
    let mut shrinker = Shrinker { hunt, point, trials: 0, enough };
    if hunt.limits.is_none() && shrinker.afresh() {
        shrinker.list();
        shrinker.forget();
    } else {
        shrinker.list();
        shrinker.integers();
    }
    for _ in 0..3 {
        let before = shrinker.point.clone();
        shrinker.functions();
        shrinker.values();
        if same(&before, &shrinker.point) {
            break;
        }
    }
    shrinker.found()
}

fn same(a: &Assignment, b: &Assignment) -> bool {
    a.values == b.values && a.functions == b.functions && a.integers == b.integers
}

struct Shrinker<'a> {
    hunt: &'a Hunt<'a>,
    point: Assignment,
    trials: usize,
    /// The account of the bench at which nothing more is tried.
    enough: u64,
}

impl Shrinker<'_> {
    /// Keeps a changed point where the claim still fails there.
    fn keep(&mut self, mut changed: Assignment) -> bool {
        let good = !self.is_spent() && self.hunt.fails_at(&mut changed);
        self.trials += 1;
        if good {
            self.point = changed;
        }
        good
    }

    /// Whether nothing more is tried.
    fn is_spent(&self) -> bool {
        self.trials >= MAX_TRIALS || self.hunt.bench.spent.get() > self.enough
    }

    /// Tries round points from the start: few steps, one simple function for all, ones, then small numbers.
    fn afresh(&mut self) -> bool {
        let subject = self.hunt.subject;
        let current: Vec<i64> =
            subject.integers.iter().filter_map(|symbol| self.point.integers.get(symbol).copied()).collect();
        let small = self.hunt.samples.small.iter().take_while(|tuple| tuples::cost(tuple) <= tuples::cost(&current));
        let simple: Vec<Witness> =
            simple_functions().into_iter().take(if subject.functions.is_empty() { 1 } else { 2 }).collect();
        let mut random = Random::new(1);
        // Sizes of layers are alike: all 1, or all 2 where that is not enough.
        let n_sizes = if subject.families.is_empty() { 1 } else { 2 };
        for (tuple, size) in small.take(FRESH_TUPLES).flat_map(|tuple| (1..=n_sizes).map(move |size| (tuple, size))) {
            for function in &simple {
                for (seed, style) in FRESH_STYLES {
                    let mut fresh = Assignment {
                        integers: tuples::integers(subject, tuple),
                        functions: subject.functions.iter().map(|&own| (own, function.clone())).collect(),
                        values: self.sizes(tuple, size),
                        fallback: Some(Fallback { seed, style }),
                        ..Assignment::default()
                    };
                    let question = self.hunt.question(&fresh);
                    if premise::establish(&question, &subject.premises, &mut fresh, &mut random) && self.keep(fresh) {
                        return true;
                    }
                }
            }
        }
        false
    }

    /// One size for all members of the families of sizes that a tuple leads to.
    fn sizes(&self, tuple: &[i64], size: i64) -> BTreeMap<(SymbolId, Vec<i64>), Tensor<Rational>> {
        let last = tuple.iter().copied().max().unwrap_or(1);
        let families = self.hunt.subject.families.iter();
        let all = families.flat_map(|&family| (0..=last).map(move |index| (family, vec![index])));
        all.map(|key| (key, Tensor::Scalar(Rational::from(size)))).collect()
    }

    /// All that is read at the point.
    fn read(&self) -> Givens {
        let mut read = Givens::new();
        let mut point = self.point.clone();
        let question = self.hunt.question(&point);
        for prop in self.hunt.subject.premises.iter().chain([self.hunt.claim]) {
            question.decide(&mut point, prop, &mut read);
        }
        read
    }

    /// Lists what the fallback drew.
    fn list(&mut self) {
        let read = self.read();
        for (key, value) in &read {
            self.point.values.entry(key.clone()).or_insert_with(|| value.clone());
        }
    }

    /// Forgets what is not read.
    fn forget(&mut self) {
        let read = self.read();
        let families = &self.hunt.subject.families;
        self.point.values.retain(|key, _| read.contains_key(key) || families.contains(&key.0));
    }

    /// Smaller sizes, times and letters; what they ask for besides is drawn again.
    fn integers(&mut self) {
        let subject = self.hunt.subject;
        let current: Vec<i64> =
            subject.integers.iter().filter_map(|symbol| self.point.integers.get(symbol).copied()).collect();
        let smaller = self.hunt.samples.small.iter().take_while(|tuple| tuples::cost(tuple) < tuples::cost(&current));
        for tuple in smaller.take(12) {
            for style in [None, Some(Style::Integers)] {
                let mut changed = Assignment { integers: tuples::integers(subject, tuple), ..self.point.clone() };
                if let (Some(style), Some(fallback)) = (style, changed.fallback) {
                    changed.fallback = Some(Fallback { style, ..fallback });
                }
                // Members whose size has changed are drawn anew.
                changed.values.retain(|_, value| value.form().is_empty() || value.as_scalar().is_some());
                if self.keep(changed) {
                    self.list();
                    self.forget();
                    return;
                }
            }
        }
        self.forget();
    }

    fn functions(&mut self) {
        for &function in &self.hunt.subject.functions {
            let Some(current) = self.point.functions.get(&function).cloned() else { continue };
            let arity = show::arity(self.hunt.bench.arena, self.hunt.bench.model, function);
            let fits = |witness: &Witness| match (witness, arity) {
                (Witness::Terms(terms), Some(n)) => terms.iter().all(|term| term.exponents.len() <= n),
                (Witness::Powers(_), Some(1)) => false,
                _ => true,
            };
            for simple in simple_functions().into_iter().filter(fits) {
                if simple == current {
                    break;
                }
                let mut changed = self.point.clone();
                changed.functions.insert(function, simple);
                if self.keep(changed) {
                    break;
                }
            }
        }
    }

    fn values(&mut self) {
        self.point.fallback = self.point.fallback.map(|fallback| Fallback { style: Style::Zeros, ..fallback });
        self.families();
        let families = &self.hunt.subject.families;
        let keys: Vec<(SymbolId, Vec<i64>)> =
            self.point.values.keys().filter(|key| !families.contains(&key.0)).cloned().collect();
        for key in keys {
            // Along a limit the members of a family stay alike.
            if self.hunt.limits.is_some() && self.point.values.keys().filter(|(symbol, _)| *symbol == key.0).count() > 1
            {
                continue;
            }
            self.whole(&key);
            let n = self.point.values.get(&key).map_or(0, |value| value.entries().len());
            (0..n).for_each(|position| self.entry(&key, position));
        }
    }

    /// All members of a family with one value in every entry.
    fn families(&mut self) {
        let mut symbols: BTreeSet<SymbolId> = self.point.values.keys().map(|(symbol, _)| *symbol).collect();
        symbols.retain(|symbol| !self.hunt.subject.families.contains(symbol));
        for symbol in symbols {
            let members: Vec<&Tensor<Rational>> = self.members(symbol).collect();
            if members.len() < 2 {
                continue;
            }
            let current = members
                .iter()
                .flat_map(|value| value.entries())
                .max_by_key(|value| rank(value))
                .cloned()
                .unwrap_or_default();
            let n_values = if self.hunt.limits.is_some() { usize::MAX } else { 2 };
            for simple in simple_values(&current).into_iter().take(n_values) {
                let mut changed = self.point.clone();
                let own = changed.values.iter_mut().filter(|((own, _), _)| *own == symbol);
                own.for_each(|(_, value)| value.entries_mut().fill(simple.clone()));
                if self.keep(changed) {
                    break;
                }
            }
        }
    }

    fn members(&self, symbol: SymbolId) -> impl Iterator<Item = &Tensor<Rational>> {
        self.point.values.iter().filter(move |((own, _), _)| *own == symbol).map(|(_, value)| value)
    }

    /// A whole tensor of zeros or of ones.
    fn whole(&mut self, key: &(SymbolId, Vec<i64>)) {
        let Some(value) = self.point.values.get(key).cloned() else { return };
        if value.entries().len() < 2 || value.entries().iter().all(Rational::is_zero) {
            return;
        }
        for simple in [Rational::ZERO, Rational::ONE] {
            let mut filled = value.clone();
            filled.entries_mut().fill(simple);
            if filled == value || self.with(key, filled) {
                return;
            }
        }
    }

    fn entry(&mut self, key: &(SymbolId, Vec<i64>), position: usize) {
        let Some(value) = self.point.values.get(key).cloned() else { return };
        let Some(current) = value.entries().get(position).cloned() else { return };
        for simple in simple_values(&current) {
            let mut changed = value.clone();
            changed.entries_mut()[position] = simple;
            if self.with(key, changed) {
                return;
            }
        }
    }

    fn with(&mut self, key: &(SymbolId, Vec<i64>), value: Tensor<Rational>) -> bool {
        if self.is_spent() {
            return false;
        }
        let mut changed = self.point.clone();
        changed.values.insert(key.clone(), value);
        self.keep(changed)
    }

    /// The point with the values of both sides.
    fn found(mut self) -> Found {
        self.forget();
        Found::new(self.hunt, self.point)
    }
}

/// Values that are simpler than this one, the simplest first.
fn simple_values(current: &Rational) -> Vec<Rational> {
    let rank = rank(current);
    let candidates = [
        (0, 1),
        (1, 1),
        (-1, 1),
        (2, 1),
        (-2, 1),
        (1, 2),
        (-1, 2),
        (3, 1),
        (-3, 1),
        (5, 1),
        (-5, 1),
        (10, 1),
        (-10, 1),
    ];
    let mut values: Vec<Rational> = candidates.into_iter().filter_map(|(a, b)| fraction(a, b)).collect();
    values.push(Rational::from(current.round()));
    values.retain(|value| self::rank(value) < rank);
    values
}

/// How far a number is from simple.
fn rank(value: &Rational) -> (usize, bool) {
    let whole = usize::from(!value.is_int());
    (if value.is_zero() { 0 } else { height(value) + whole }, *value < Rational::ZERO)
}

/// Functions to try in the place of a complicated one, the simplest first.
fn simple_functions() -> Vec<Witness> {
    let term = |coefficient: i64, exponents: &[u32]| Term {
        coefficient: Rational::from(coefficient),
        exponents: exponents.to_vec(),
    };
    vec![
        Witness::Terms(vec![term(1, &[1])]),
        Witness::Terms(vec![term(1, &[2])]),
        Witness::Terms(vec![term(1, &[0, 1])]),
        Witness::Terms(vec![term(1, &[1]), term(1, &[0, 1])]),
        Witness::Terms(vec![term(1, &[1, 1])]),
        Witness::Terms(vec![term(1, &[3])]),
        Witness::Terms(vec![term(1, &[1]), term(1, &[2])]),
        Witness::Terms(vec![term(1, &[1]), term(1, &[0, 1]), term(1, &[0, 0, 1])]),
        Witness::Terms(vec![term(1, &[1, 1, 1])]),
        Witness::Powers(2),
    ]
}

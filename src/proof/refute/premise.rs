//! Making premises hold: what a sample must be so that the givens and the conditions allow it.

use std::collections::BTreeSet;

use crate::expr::{Comparison, Expr, Function, Node, Prop, SymbolId, SymbolKind};
use crate::number::rational::{fraction, integer};
use crate::number::{Random, Rational};
use crate::numeric::{Assignment, Form, Givens, Rationals, Tensor, Witness};
use crate::proof::refute::truth::{Question, Truth};

/// One entry of a member of a given.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    key: (SymbolId, Vec<i64>),
    form: Form,
    position: usize,
}

/// Changes a point until all premises hold; `false` where it does not succeed.
pub(super) fn establish(
    question: &Question<'_>,
    premises: &[Prop],
    point: &mut Assignment,
    random: &mut Random,
) -> bool {
    let (equations, others): (Vec<&Prop>, Vec<&Prop>) = premises.iter().partition(|prop| is_equation(prop));
    let mut maker = Maker { question, random, done: Vec::new(), pinned: Vec::new() };
    for prop in others.into_iter().chain(equations) {
        if !maker.make(prop, point) {
            return false;
        }
        maker.done.push(prop.clone());
    }
    premises.iter().all(|prop| question.holds(point, prop, &mut Givens::new()))
}

fn is_equation(prop: &Prop) -> bool {
    match prop {
        Prop::Compare(how, ..) => *how == Comparison::Equal,
        Prop::And(parts) => parts.iter().any(is_equation),
        Prop::ForAll(_, part) => is_equation(part),
        Prop::Implies(_, conclusion) => is_equation(conclusion),
        Prop::Integer(_) | Prop::Or(_) | Prop::Not(_) | Prop::Iff(..) | Prop::Proportional { .. } => false,
    }
}

struct Maker<'a, 'b> {
    question: &'a Question<'a>,
    random: &'b mut Random,
    /// What holds already and must go on to hold.
    done: Vec<Prop>,
    /// Entries that equations have fixed.
    pinned: Vec<Place>,
}

impl Maker<'_, '_> {
    /// Makes one statement hold, by changing givens that it reads.
    fn make(&mut self, prop: &Prop, point: &mut Assignment) -> bool {
        match prop {
            Prop::And(parts) => parts.iter().all(|part| self.make(part, point)),
            Prop::ForAll(letters, _) if self.is_over_reals(letters) => self.by_functions(prop, point),
            Prop::ForAll(letters, part) => {
                let question = *self.question;
                let truth = question.for_all(point, letters, &mut |point| {
                    if self.truth(part, point).0 == Truth::Undefined || self.make(part, point) {
                        Truth::True
                    } else {
                        Truth::False
                    }
                });
                truth != Truth::False
            }
            Prop::Implies(premise, conclusion) => match self.truth(premise, point).0 {
                Truth::False | Truth::Undefined => true,
                Truth::True | Truth::Vacuous => self.make(conclusion, point),
                Truth::Agrees | Truth::Unknown => false,
            },
            Prop::Or(parts) => parts.iter().any(|part| {
                let mut changed = point.clone();
                let made = self.make(part, &mut changed);
                if made {
                    *point = changed;
                }
                made
            }),
            Prop::Compare(how, left, right) => self.compare(prop, *how, (*left, *right), point),
            Prop::Integer(_) | Prop::Not(_) | Prop::Iff(..) | Prop::Proportional { .. } => {
                matches!(self.truth(prop, point).0, Truth::True | Truth::Vacuous) || self.by_trial(prop, point)
            }
        }
    }

    fn truth(&self, prop: &Prop, point: &mut Assignment) -> (Truth, Givens) {
        let mut read = Givens::new();
        let truth = self.question.premise(point, prop, &mut read);
        (truth, read)
    }

    fn compare(&mut self, prop: &Prop, how: Comparison, sides: (Expr, Expr), point: &mut Assignment) -> bool {
        let (truth, read) = self.truth(prop, point);
        list(point, &read);
        if matches!(truth, Truth::True | Truth::Vacuous) {
            if how == Comparison::Equal {
                self.pinned.extend(places(&read));
            }
            return true;
        }
        if how == Comparison::Equal && (self.solved(sides, &read, point) || self.by_known_tensors(prop, &read, point)) {
            return true;
        }
        self.by_trial(prop, point)
    }

    /// Solves an equation entry by entry for entries of givens in which it is affine.
    fn solved(&mut self, sides: (Expr, Expr), read: &Givens, point: &mut Assignment) -> bool {
        let mut places: Vec<Place> = places(read).into_iter().filter(|place| !self.pinned.contains(place)).collect();
        // Members of families first: they are there to be chosen step by step.
        places.sort_by_key(|place| (place.key.1.is_empty(), std::cmp::Reverse(place.key.clone()), place.position));
        let Some(n_entries) = self.residual(sides, point).map(|residual| residual.len()) else { return false };
        if n_entries == 1 && self.scaled(sides, read, point) {
            return true;
        }
        for entry in 0..n_entries {
            let Some(value) = self.residual(sides, point).and_then(|residual| residual.get(entry).cloned()) else {
                return false;
            };
            if value.is_zero() {
                continue;
            }
            let solved = places.clone().into_iter().find(|place| {
                let before = at(point, place);
                let root = self.root(sides, entry, place, point);
                let good = root.is_some_and(|root| {
                    set(point, place, root);
                    self.goes_on(point)
                });
                if !good {
                    put(point, place, before);
                }
                good
            });
            let Some(place) = solved else { return false };
            places.retain(|other| *other != place);
            self.pinned.push(place);
        }
        self.residual(sides, point).is_some_and(|residual| residual.iter().all(Rational::is_zero))
    }

    /// Where the residual vanishes as an affine function of one entry.
    fn root(&self, sides: (Expr, Expr), entry: usize, place: &Place, point: &mut Assignment) -> Option<Rational> {
        let mut value = |u: i64| {
            set(point, place, Rational::from(u));
            self.residual(sides, point)?.get(entry).cloned()
        };
        let (zero, one, two) = (value(0)?, value(1)?, value(2)?);
        let slope = &one - &zero;
        if slope.is_zero() || two - &one != slope {
            return None;
        }
        Some(-zero / slope)
    }

    /// Scales a whole member so that the equation holds: weights that sum to one.
    fn scaled(&mut self, sides: (Expr, Expr), read: &Givens, point: &mut Assignment) -> bool {
        for (key, value) in read {
            if value.entries().len() < 2 || self.pinned.iter().any(|place| place.key == *key) {
                continue;
            }
            let before = point.values.insert(key.clone(), value.clone());
            let mut residual = |factor: i64| {
                let factor = integer(factor);
                point.values.insert(key.clone(), scaled(value, &factor));
                self.residual(sides, point)?.first().cloned()
            };
            let (Some(one), Some(two), Some(three)) = (residual(1), residual(2), residual(3)) else { continue };
            let slope = &two - &one;
            if !slope.is_zero() && three - &two == slope {
                let factor = Rational::ONE - one / slope;
                point.values.insert(key.clone(), scaled(value, &factor));
                if !factor.is_zero() && self.goes_on(point) {
                    self.pinned.extend(places(&Givens::from([(key.clone(), value.clone())])));
                    return true;
                }
            }
            match before {
                Some(value) => point.values.insert(key.clone(), value),
                None => point.values.remove(key),
            };
        }
        false
    }

    /// Tries vectors of length one and matrices with orthonormal columns in the place of a given.
    fn by_known_tensors(&mut self, prop: &Prop, read: &Givens, point: &mut Assignment) -> bool {
        for (key, value) in read {
            let before = point.values.get(key).cloned();
            let mut candidates = known_tensors(value.form());
            self.random.shuffle(&mut candidates);
            for candidate in candidates {
                point.values.insert(key.clone(), candidate.clone());
                if self.truth(prop, point).0 == Truth::True && self.goes_on(point) {
                    self.pinned.extend(places(&Givens::from([(key.clone(), candidate)])));
                    return true;
                }
            }
            match before {
                Some(value) => point.values.insert(key.clone(), value),
                None => point.values.remove(key),
            };
        }
        false
    }

    fn is_over_reals(&self, letters: &[SymbolId]) -> bool {
        letters.iter().any(|&letter| self.question.bench.arena.kind(letter) == SymbolKind::Real)
    }

    /// Makes a statement about all real numbers hold: affine functions take the place of the arbitrary ones, and the
    /// givens in it are tried.
    fn by_functions(&mut self, prop: &Prop, point: &mut Assignment) -> bool {
        let holds = |truth| matches!(truth, Truth::True | Truth::Vacuous);
        if holds(self.truth(prop, point).0) {
            return true;
        }
        let before = point.clone();
        let mut functions: BTreeSet<SymbolId> = point.functions.keys().copied().collect();
        functions.extend(self.functions_in(prop));
        let mut slopes = slopes();
        self.random.shuffle(&mut slopes);
        for turn in 0..slopes.len() {
            for (&function, slope) in functions.iter().zip(slopes.iter().cycle().skip(turn)) {
                let shift = Rational::from(self.random.between(-1, 1));
                point.functions.insert(function, Witness::Polynomial(vec![shift, slope.clone()]));
            }
            let made = holds(self.truth(prop, point).0) && self.goes_on(point);
            if made || self.by_trial(prop, point) {
                return true;
            }
            point.clone_from(&before);
        }
        false
    }

    /// The arbitrary functions that a statement calls.
    fn functions_in(&self, prop: &Prop) -> Vec<SymbolId> {
        let bench = self.question.bench;
        let called =
            bench.arena.reachable(&prop.expressions()).into_iter().filter_map(|part| match bench.arena.node(part) {
                Node::Call { function: Function::Declared { symbol, .. }, .. } => Some(*symbol),
                _ => None,
            });
        called.filter(|symbol| !bench.model.functions.contains_key(symbol)).collect()
    }

    /// Tries simple values for each entry that the statement reads.
    fn by_trial(&mut self, prop: &Prop, point: &mut Assignment) -> bool {
        let (truth, read) = self.truth(prop, point);
        list(point, &read);
        if truth == Truth::Unknown && self.question.is_out_of_reach(point, prop) {
            return false;
        }
        let mut places: Vec<Place> = places(&read).into_iter().filter(|place| !self.pinned.contains(place)).collect();
        self.random.shuffle(&mut places);
        for place in places {
            let before = at(point, &place);
            let mut values = simple_values();
            if self.random.coin() {
                self.random.shuffle(&mut values);
            }
            for value in values {
                set(point, &place, value);
                // Most values do not help: floats tell, at little cost.
                if self.question.looks_false(point, prop) {
                    continue;
                }
                if matches!(self.truth(prop, point).0, Truth::True | Truth::Vacuous) && self.goes_on(point) {
                    return true;
                }
            }
            put(point, &place, before);
        }
        false
    }

    /// Left less right, entry by entry.
    fn residual(&self, (left, right): (Expr, Expr), point: &Assignment) -> Option<Vec<Rational>> {
        let values = self.question.bench.values(point, &Rationals, &[left, right], &mut Givens::new());
        let [Ok(left), Ok(right)] = &values[..] else { return None };
        let (a, b) = (left.entries(), right.entries());
        let entry = |entries: &[Rational], at: usize| entries.get(if entries.len() == 1 { 0 } else { at }).cloned();
        (0..a.len().max(b.len())).map(|at| Some(entry(a, at)? - entry(b, at)?)).collect()
    }

    fn goes_on(&self, point: &mut Assignment) -> bool {
        self.done.iter().all(|prop| self.question.holds(point, prop, &mut Givens::new()))
    }
}

fn places(read: &Givens) -> Vec<Place> {
    read.iter()
        .flat_map(|(key, value)| {
            (0..value.entries().len()).map(|position| Place { key: key.clone(), form: value.form(), position })
        })
        .collect()
}

/// The tensor that holds a place, as it is listed.
fn at(point: &Assignment, place: &Place) -> Option<Tensor<Rational>> {
    point.values.get(&place.key).cloned()
}

fn put(point: &mut Assignment, place: &Place, before: Option<Tensor<Rational>>) {
    match before {
        Some(value) => point.values.insert(place.key.clone(), value),
        None => point.values.remove(&place.key),
    };
}

/// Lists what a fallback drew, so that it can be changed.
fn list(point: &mut Assignment, read: &Givens) {
    for (key, value) in read {
        point.values.entry(key.clone()).or_insert_with(|| value.clone());
    }
}

/// Sets one entry of a listed tensor; the others stay as they are.
fn set(point: &mut Assignment, place: &Place, value: Rational) {
    if let Some(tensor) = point.values.get_mut(&place.key)
        && let Some(entry) = tensor.entries_mut().get_mut(place.position)
    {
        *entry = value;
    }
}

fn scaled(value: &Tensor<Rational>, factor: &Rational) -> Tensor<Rational> {
    let mut value = value.clone();
    value.entries_mut().iter_mut().for_each(|entry| *entry *= factor);
    value
}

/// Values that are tried, the simplest first.
fn simple_values() -> Vec<Rational> {
    let fractions = [
        (1, 1),
        (0, 1),
        (1, 2),
        (-1, 1),
        (2, 1),
        (-1, 2),
        (3, 1),
        (1, 4),
        (-2, 1),
        (5, 1),
        (3, 4),
        (-5, 1),
        (-3, 4),
        (4, 1),
        (-4, 1),
        (7, 2),
        (-7, 2),
        (9, 10),
        (1, 10),
        (10, 1),
        (-10, 1),
        (100, 1),
        (-100, 1),
    ];
    fractions.into_iter().filter_map(|(a, b)| fraction(a, b)).collect()
}

/// Slopes of affine functions that are tried.
fn slopes() -> Vec<Rational> {
    [(1, 1), (0, 1), (-1, 1), (1, 2), (2, 1), (-1, 2)].into_iter().filter_map(|(a, b)| fraction(a, b)).collect()
}

/// Tensors with orthonormal columns: signed permutations and rotations by a right triangle of whole sides.
fn known_tensors(form: Form) -> Vec<Tensor<Rational>> {
    let (rows, columns) = form.rows_and_columns();
    let unit = |signs: usize, turn: usize| {
        Tensor::build(form, |position| {
            let (row, column) = (position / columns, position % columns);
            let hit = row == (column + turn) % rows;
            let sign = if signs >> column & 1 == 1 { Rational::NEG_ONE } else { Rational::ONE };
            Ok::<_, std::convert::Infallible>(if hit { sign } else { Rational::ZERO })
        })
    };
    let mut found = Vec::new();
    for turn in 0..rows {
        for signs in 0..1 << columns.min(2) {
            match unit(signs, turn) {
                Ok(tensor) => found.push(tensor),
                Err(never) => match never {},
            }
        }
    }
    if rows < 2 {
        return found;
    }
    for (c, s) in [(3, 4), (-4, 3), (5, 12)] {
        let hypotenuse = if c == 5 { 13 } else { 5 };
        for base in found.clone().into_iter().take(4) {
            let mut turned = base.clone();
            for column in 0..columns {
                let (first, second) = (base.entries()[column].clone(), base.entries()[columns + column].clone());
                let (c, s) = (integer(c) / integer(hypotenuse), integer(s) / integer(hypotenuse));
                turned.entries_mut()[column] = &c * &first - &s * &second;
                turned.entries_mut()[columns + column] = s * first + c * second;
            }
            found.push(turned);
        }
    }
    found
}

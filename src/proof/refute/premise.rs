//! Making premises hold: what a sample must be so that the givens and the conditions allow it.

use std::collections::{BTreeMap, BTreeSet};

use crate::expr::{Arena, Comparison, Expr, Node, Prop, SymbolId};
use crate::number::rational::{fraction, integer};
use crate::number::{Random, Rational};
use crate::numeric::{Assignment, Floats, Form, Givens, Rationals, Style, Tensor};
use crate::proof::refute::known;
use crate::proof::refute::truth::{Question, Truth};

/// One entry of a member of a given.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    key: (SymbolId, Vec<i64>),
    form: Form,
    position: usize,
}

impl Place {
    /// The indices of the entry in its tensor, from 1.
    fn indices(&self) -> Vec<i64> {
        let places = match self.form {
            Form::Scalar => Vec::new(),
            Form::Vector(_) => vec![self.position],
            Form::Matrix(_, columns) => vec![self.position / columns, self.position % columns],
        };
        places.into_iter().map(|place| place as i64 + 1).collect()
    }
}

/// Changes a point until all premises hold; `false` where it does not succeed.
pub(super) fn establish(
    question: &Question<'_>,
    premises: &[Prop],
    point: &mut Assignment,
    random: &mut Random,
) -> bool {
    let mut ordered: Vec<&Prop> = premises.iter().collect();
    ordered.sort_by_key(|prop| turn(question.bench.arena, prop));
    let mut maker = Maker {
        question,
        random,
        done: Vec::new(),
        instances: Vec::new(),
        pinned: Vec::new(),
        solutions: Vec::new(),
        n_open: 0,
    };
    for prop in ordered {
        if !maker.make(prop, point) {
            return false;
        }
        maker.instances.clear();
        maker.done.push(prop.clone());
    }
    premises.iter().all(|prop| question.holds(point, prop, &mut Givens::new()))
}

/// When a premise has its turn: what gives one member a number first, other equations last.
fn turn(arena: &Arena, prop: &Prop) -> usize {
    let is_number = |side: &Expr| matches!(arena.node(*side), Node::Number(_));
    let is_symbol = |side: &Expr| matches!(arena.node(*side), Node::Symbol { .. });
    let gives_a_number = matches!(prop, Prop::Compare(Comparison::Equal, a, b)
        if is_symbol(a) && is_number(b) || is_number(a) && is_symbol(b));
    match (gives_a_number, is_equation(prop)) {
        (true, _) => 0,
        (false, false) => 1,
        (false, true) => 2,
    }
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

/// How many steps an instance of a statement for all values of letters counts besides those that are taken: of two letters
/// far out there are many.
const INSTANCE: u64 = 20;

/// Tensors with more entries are not given the values of those that are known: there are many, and all are large.
const MAX_KNOWN: usize = 144;

/// How many instances of a statement for all values of letters are kept in mind: those that link neighbours.
const RECENT: usize = 4;

pub(super) struct Maker<'a, 'b> {
    pub(super) question: &'a Question<'a>,
    pub(super) random: &'b mut Random,
    /// What holds already and must go on to hold.
    pub(super) done: Vec<Prop>,
    /// The last instances of the statement for all values of a letter that is being made, with the values.
    instances: Vec<(Prop, Vec<(SymbolId, i64)>)>,
    /// Entries that equations have fixed.
    pinned: Vec<Place>,
    /// Equations, not for all values of a letter, with the entry of the residual and the place it was solved for.
    solutions: Vec<((Expr, Expr), usize, Place)>,
    /// How many statements for all values of letters are being made.
    n_open: usize,
}

impl Maker<'_, '_> {
    /// Makes one statement hold, by changing givens that it reads.
    ///
    /// It gives up where the bench is exhausted: vectors and matrices far out have many entries to be tried.
    fn make(&mut self, prop: &Prop, point: &mut Assignment) -> bool {
        if self.question.bench.is_exhausted() {
            return false;
        }
        match prop {
            Prop::And(parts) => parts.iter().all(|part| self.make(part, point)),
            Prop::ForAll(letters, _) if self.question.is_over_reals(letters) => {
                self.by_functions(prop, point) || self.by_trial(prop, point)
            }
            Prop::ForAll(letters, part) => {
                let question = *self.question;
                self.n_open += 1;
                let truth = question.for_all(point, letters, part, &mut |point| {
                    question.bench.charge(INSTANCE);
                    if self.truth(part, point).0 == Truth::Undefined {
                        return Truth::True;
                    }
                    if !self.make(part, point) {
                        return Truth::False;
                    }
                    self.remember(part, letters, point);
                    Truth::True
                });
                self.n_open -= 1;
                truth != Truth::False
            }
            Prop::Implies(premise, conclusion) => match self.truth(premise, point).0 {
                Truth::False | Truth::Undefined => true,
                Truth::True | Truth::Vacuous => self.make(conclusion, point),
                Truth::Agrees | Truth::Unknown => false,
            },
            Prop::Or(parts) => {
                let mut parts: Vec<&Prop> = parts.iter().collect();
                if is_plain(point) {
                    self.random.shuffle(&mut parts);
                }
                parts.into_iter().any(|part| {
                    let mut changed = point.clone();
                    let made = self.make(part, &mut changed);
                    if made {
                        *point = changed;
                    }
                    made
                })
            }
            Prop::Compare(how, left, right) => self.compare(prop, *how, (*left, *right), point),
            Prop::Integer(_) | Prop::Not(_) | Prop::Iff(..) | Prop::Proportional { .. } => {
                matches!(self.truth(prop, point).0, Truth::True | Truth::Vacuous) || self.by_trial(prop, point)
            }
        }
    }

    pub(super) fn truth(&self, prop: &Prop, point: &mut Assignment) -> (Truth, Givens) {
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
        let is_solved = how == Comparison::Equal
            && (self.solved(sides, &read, point)
                || self.by_known_tensors(prop, &read, point)
                || self.by_coefficients(prop, point));
        let is_made = is_solved || self.by_trial(prop, point) || self.by_functions(prop, point);
        // What compares norms of matrices may hold of no matrix that differs in one entry.
        is_made || how != Comparison::Equal && has_matrix(&read) && self.by_known_tensors(prop, &read, point)
    }

    /// Solves an equation entry by entry for entries of givens in which it is affine.
    fn solved(&mut self, sides: (Expr, Expr), read: &Givens, point: &mut Assignment) -> bool {
        let mut places: Vec<Place> = places(read).into_iter().filter(|place| !self.pinned.contains(place)).collect();
        // Members of families first: they are there to be chosen step by step. Where nothing is to be special any of
        // them will do: a product is 0 here by one of its factors, there by another.
        places.sort_by_key(|place| (place.key.1.is_empty(), std::cmp::Reverse(place.key.clone()), place.position));
        if is_plain(point) {
            self.random.shuffle(&mut places);
            places.sort_by_key(|place| place.key.1.is_empty());
        }
        let Some(n_entries) = self.residual(sides, point).map(|residual| residual.len()) else { return false };
        if n_entries == 1 && self.scaled(sides, read, point) {
            return true;
        }
        for entry in 0..n_entries {
            if self.question.bench.is_exhausted() {
                return false;
            }
            let Some(value) = self.residual(sides, point).and_then(|residual| residual.get(entry).cloned()) else {
                return false;
            };
            if value.is_zero() {
                continue;
            }
            let solved = self.question.bench.while_paid(places.clone().into_iter()).find(|place| {
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
            let Some(place) = solved.or_else(|| self.solved_together(sides, entry, &places, point)) else {
                return false;
            };
            places.retain(|other| *other != place);
            if self.n_open == 0 {
                self.solutions.push((sides, entry, place.clone()));
            }
            self.pinned.push(place);
        }
        self.residual(sides, point).is_some_and(|residual| residual.iter().all(Rational::is_zero))
    }

    /// Solves for one of some places while the equations that were solved before are solved anew: `a + b c = 2` for a
    /// where c is 1 - a b. Then the residual is affine in one place where it was not in any.
    fn solved_together(
        &self,
        sides: (Expr, Expr),
        entry: usize,
        places: &[Place],
        point: &mut Assignment,
    ) -> Option<Place> {
        if self.n_open > 0 || self.solutions.is_empty() {
            return None;
        }
        let solved = self.question.bench.while_paid(places.iter()).find(|place| {
            let before = point.clone();
            let root = affine_root(|u| {
                set(point, place, Rational::from(u));
                self.solve_anew(point)?;
                self.residual(sides, point)?.get(entry).cloned()
            });
            let good = root.is_some_and(|root| {
                set(point, place, root);
                self.solve_anew(point).is_some() && self.goes_on(point)
            });
            if !good {
                point.clone_from(&before);
            }
            good
        });
        solved.cloned()
    }

    fn solve_anew(&self, point: &mut Assignment) -> Option<()> {
        for (sides, entry, place) in &self.solutions {
            let root = self.root(*sides, *entry, place, point)?;
            set(point, place, root);
        }
        Some(())
    }

    /// Where the residual vanishes as an affine function of one entry.
    fn root(&self, sides: (Expr, Expr), entry: usize, place: &Place, point: &mut Assignment) -> Option<Rational> {
        affine_root(|u| {
            set(point, place, Rational::from(u));
            self.residual(sides, point)?.get(entry).cloned()
        })
    }

    /// Scales the entries of a member that the equation is about so that it holds: weights that sum to one, a row of them.
    fn scaled(&mut self, sides: (Expr, Expr), read: &Givens, point: &mut Assignment) -> bool {
        for (key, value) in self.question.bench.while_paid(read.iter()) {
            let before = point.values.insert(key.clone(), value.clone());
            let own = self.places_that_matter(sides, key, point);
            let is_free = own.len() > 1 && !own.iter().any(|place| self.pinned.contains(place));
            if let Some(factor) = is_free.then(|| self.factor(sides, &own, point)).flatten() {
                point.values.insert(key.clone(), scaled(value, &own, &factor));
                if !factor.is_zero() && self.goes_on(point) {
                    self.pinned.extend(own);
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

    /// The places of a member at which a change changes the residual.
    fn places_that_matter(&self, sides: (Expr, Expr), key: &(SymbolId, Vec<i64>), point: &Assignment) -> Vec<Place> {
        let Some(value) = point.values.get(key) else { return Vec::new() };
        let here = self.residual(sides, point);
        let matters = |place: &Place| {
            let mut changed = point.clone();
            set(&mut changed, place, &value.entries()[place.position] + Rational::ONE);
            self.residual(sides, &changed) != here
        };
        let own = places(&Givens::from([(key.clone(), value.clone())])).into_iter();
        self.question.bench.while_paid(own).filter(matters).collect()
    }

    /// By what entries must be scaled for the residual to vanish, where it is affine in that.
    fn factor(&self, sides: (Expr, Expr), own: &[Place], point: &Assignment) -> Option<Rational> {
        let key = &own.first()?.key;
        let value = point.values.get(key)?;
        let residual = |factor: i64| {
            let mut changed = point.clone();
            changed.values.insert(key.clone(), scaled(value, own, &integer(factor)));
            self.residual(sides, &changed)?.first().cloned()
        };
        let (one, two, three) = (residual(1)?, residual(2)?, residual(3)?);
        let slope = &two - &one;
        (!slope.is_zero() && three - &two == slope).then(|| Rational::ONE - one / slope)
    }

    /// Tries vectors of length one, matrices with orthonormal columns and projectors in the place of a given; at a plain
    /// point those that are not symmetric first.
    fn by_known_tensors(&mut self, prop: &Prop, read: &Givens, point: &mut Assignment) -> bool {
        for (key, value) in read.iter().filter(|(_, value)| value.entries().len() <= MAX_KNOWN) {
            let before = point.values.get(key).cloned();
            let mut candidates = known::tensors(value.form());
            self.random.shuffle(&mut candidates);
            if is_plain(point) {
                candidates.sort_by_key(known::is_symmetric);
            }
            let bench = self.question.bench;
            for candidate in bench.while_paid(candidates.into_iter()) {
                point.values.insert(key.clone(), candidate.clone());
                if self.question.looks_false(point, prop) {
                    continue;
                }
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

    /// Tries simple values for each entry that the statement reads.
    pub(super) fn by_trial(&mut self, prop: &Prop, point: &mut Assignment) -> bool {
        let (truth, read) = self.truth(prop, point);
        list(point, &read);
        if truth == Truth::Unknown && self.question.is_out_of_reach(point, prop) {
            return false;
        }
        let mut places = self.places_named(prop, places(&read), point);
        places.retain(|place| !self.pinned.contains(place));
        self.random.shuffle(&mut places);
        let bench = self.question.bench;
        let paid = || bench.while_paid(places.iter());
        paid().any(|place| {
            let values = self.values_for(prop, place, point);
            self.puts_one_of(values, place, prop, point)
        }) || paid().any(|place| {
            let values = self.past_the_edge(prop, place, point);
            self.puts_one_of(values, place, prop, point)
        })
    }

    /// Those places of givens that a statement may read: where it names entries of a tensor, these and no others.
    fn places_named(&self, prop: &Prop, mut places: Vec<Place>, point: &Assignment) -> Vec<Place> {
        let bench = self.question.bench;
        let parts = bench.arena.reachable(&prop.expressions());
        let is_defined = |part: &Expr| matches!(bench.arena.node(*part), Node::Symbol { symbol, .. } if bench.model.is_defined(*symbol));
        if parts.iter().any(is_defined) {
            return places;
        }
        let mut named: BTreeMap<SymbolId, Vec<Vec<i64>>> = BTreeMap::new();
        let mut whole: BTreeSet<SymbolId> =
            prop.expressions().into_iter().filter_map(|side| self.given(side)).collect();
        for part in parts {
            match bench.arena.node(part) {
                Node::Entry { of, at } if let Some(symbol) = self.given(*of) => {
                    let values = bench.values(point, &Floats, at, &mut Givens::new());
                    let index = |value: Result<Tensor<f64>, _>| value.ok()?.as_scalar().map(|at| at.round() as i64);
                    match values.into_iter().map(index).collect() {
                        Some(at) => named.entry(symbol).or_default().push(at),
                        None => drop(whole.insert(symbol)),
                    }
                }
                node => Arena::for_each_child(node, &mut |child| whole.extend(self.given(child))),
            }
        }
        places.retain(|place| {
            let is_named = |entries: &Vec<Vec<i64>>| entries.contains(&place.indices());
            whole.contains(&place.key.0) || named.get(&place.key.0).is_none_or(is_named)
        });
        places
    }

    /// The given tensor that an expression is.
    fn given(&self, expr: Expr) -> Option<SymbolId> {
        match self.question.bench.arena.node(expr) {
            Node::Symbol { symbol, shape, .. } if !shape.is_scalar() => Some(*symbol),
            _ => None,
        }
    }

    /// Whether a statement holds with one of some values in a place, where it is left.
    fn puts_one_of(&mut self, values: Vec<Rational>, place: &Place, prop: &Prop, point: &mut Assignment) -> bool {
        let before = at(point, place);
        for value in values {
            if self.question.bench.is_exhausted() {
                break;
            }
            set(point, place, value);
            // Most values do not help: floats tell, at little cost.
            if self.question.looks_false(point, prop) {
                continue;
            }
            if matches!(self.truth(prop, point).0, Truth::True | Truth::Vacuous) && self.goes_on(point) {
                return true;
            }
        }
        put(point, place, before);
        false
    }

    /// What is tried in a place. At a plain point: plain numbers and those near to where the sides of a comparison meet,
    /// either of them first, and only then what is special.
    fn values_for(&mut self, prop: &Prop, place: &Place, point: &Assignment) -> Vec<Rational> {
        let mut values = simple_values();
        if self.random.coin() {
            self.random.shuffle(&mut values);
        }
        if !is_plain(point) {
            return values;
        }
        let mut plain: Vec<Rational> =
            Style::plain_numbers().into_iter().flat_map(|value| [value.clone(), -value]).collect();
        self.random.shuffle(&mut plain);
        let mut near = self.near_the_edge(prop, place, point);
        self.random.shuffle(&mut near);
        let (first, second) = if self.random.coin() { (plain, near) } else { (near, plain) };
        [first, second, values].concat()
    }

    /// Values a little and far beyond the one at which the sides of a comparison of numbers are equal, on either side of it:
    /// a range may lie far from all that is tried else.
    fn past_the_edge(&mut self, prop: &Prop, place: &Place, point: &Assignment) -> Vec<Rational> {
        let Prop::Compare(_, left, right) = prop else { return Vec::new() };
        let Some(edge) = self.root((*left, *right), 0, place, &mut point.clone()) else { return Vec::new() };
        let steps = [Rational::ONE, integer(3), &edge * integer(4), fraction(1, 8).unwrap_or_default()];
        let mut values: Vec<Rational> = steps.iter().flat_map(|step| [&edge + step, &edge - step]).collect();
        self.random.shuffle(&mut values);
        // Where the edge itself is allowed, what is strict fails there.
        values.insert(if self.random.coin() { 0 } else { values.len() }, edge);
        values
    }

    /// Values on either side of the one at which the sides of a comparison of numbers are equal, none of them round:
    /// one step from an end of a range may lie its other end.
    fn near_the_edge(&mut self, prop: &Prop, place: &Place, point: &Assignment) -> Vec<Rational> {
        let Prop::Compare(_, left, right) = prop else { return Vec::new() };
        let Some(edge) = self.root((*left, *right), 0, place, &mut point.clone()) else { return Vec::new() };
        let share = self.random.between(1, 30);
        let steps = [1, 4, 16, 256, 4096].into_iter().filter_map(|part| fraction(share, 31 * part));
        steps.flat_map(|step| [&edge + &step, &edge - &step]).collect()
    }

    /// Left less right, entry by entry.
    pub(super) fn residual(&self, (left, right): (Expr, Expr), point: &Assignment) -> Option<Vec<Rational>> {
        let values = self.question.bench.values(point, &Rationals, &[left, right], &mut Givens::new());
        let [Ok(left), Ok(right)] = &values[..] else { return None };
        let (a, b) = (left.entries(), right.entries());
        let entry = |entries: &[Rational], at: usize| entries.get(if entries.len() == 1 { 0 } else { at }).cloned();
        (0..a.len().max(b.len())).map(|at| Some(entry(a, at)? - entry(b, at)?)).collect()
    }

    /// Keeps an instance of a statement for all values of letters, so that the next ones do not undo it.
    fn remember(&mut self, part: &Prop, letters: &[SymbolId], point: &mut Assignment) {
        if !self.question.holds(point, part, &mut Givens::new()) {
            return;
        }
        let value = |&letter: &SymbolId| Some((letter, *point.integers.get(&letter)?));
        self.instances.push((part.clone(), letters.iter().filter_map(value).collect()));
        if self.instances.len() > RECENT {
            self.instances.remove(0);
        }
    }

    pub(super) fn goes_on(&self, point: &mut Assignment) -> bool {
        self.done.iter().all(|prop| self.question.holds(point, prop, &mut Givens::new()))
            && self.instances.iter().all(|(prop, values)| {
                let mut there = point.clone();
                there.integers.extend(values.iter().copied());
                self.question.holds(&mut there, prop, &mut Givens::new())
            })
    }
}

/// Where a function vanishes, if it is affine as far as a few values show.
fn affine_root(mut value: impl FnMut(i64) -> Option<Rational>) -> Option<Rational> {
    let (zero, one, two) = (value(0)?, value(1)?, value(2)?);
    let slope = &one - &zero;
    (!slope.is_zero() && two - &one == slope).then(|| -zero / slope)
}

/// Whether nothing at a point is to be special.
pub(super) fn is_plain(point: &Assignment) -> bool {
    point.fallback.is_some_and(|fallback| fallback.style == Style::Plain)
}

fn has_matrix(read: &Givens) -> bool {
    read.values().any(|value| matches!(value.form(), Form::Matrix(..)))
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

fn scaled(value: &Tensor<Rational>, own: &[Place], factor: &Rational) -> Tensor<Rational> {
    let mut value = value.clone();
    for place in own {
        value.entries_mut()[place.position] *= factor;
    }
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

//! Climbing: from points where an inequality nearly fails to points where it fails.

use crate::expr::{Expr, Prop, SymbolId};
use crate::number::Rational;
use crate::number::rational::{fraction, integer, pow, to_f64};
use crate::numeric::{Assignment, Floats, Givens, Tensor};
use crate::proof::refute::truth::Truth;
use crate::proof::refute::{Hunt, leaning};

/// How many points are looked at from one start.
const MAX_LOOKS: usize = 120;

/// How many starts are kept.
const STARTS: usize = 3;

/// The inequality in a claim, where it is one: `left < right` or `left \le right`, and what must hold besides.
pub(super) struct Slope<'a> {
    hunt: &'a Hunt<'a>,
    premise: Option<&'a Prop>,
    left: Expr,
    right: Expr,
    /// Numbers at which ranges end.
    ends: Vec<Rational>,
    /// The points nearest to failure, with how near they are.
    starts: Vec<(f64, Assignment)>,
}

impl<'a> Slope<'a> {
    /// The inequality of a claim; `None` for other claims.
    pub(super) fn of(hunt: &'a Hunt<'a>, claim: &'a Prop) -> Option<Slope<'a>> {
        let (premise, relation) = match claim {
            Prop::Implies(premise, conclusion) => (Some(&**premise), &**conclusion),
            other => (None, other),
        };
        let (_, left, right) = relation.order()?;
        let premises: Vec<Prop> = hunt.subject.premises.iter().chain(premise).cloned().collect();
        let ends = leaning::numbers_at_ends(hunt.bench.arena, &premises);
        Some(Slope { hunt, premise, left, right, ends, starts: Vec::new() })
    }

    /// Keeps a point among the starts where it is nearer to failure than others.
    pub(super) fn note(&mut self, point: &Assignment) {
        let Some((height, read)) = self.height(point) else { return };
        let mut start = point.clone();
        for (key, value) in read {
            start.values.entry(key).or_insert(value);
        }
        self.starts.push((height, start));
        self.starts.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        self.starts.truncate(STARTS);
    }

    /// A point at which the claim fails, found by changing one entry after the other.
    pub(super) fn climb(&self) -> Option<Assignment> {
        self.starts.iter().find_map(|(height, start)| self.climb_from(*height, start.clone()))
    }

    /// A point at which the claim fails because one number is very large, or very near to 0.
    pub(super) fn far_off(&self) -> Option<Assignment> {
        let (_, start) = self.starts.first()?;
        let far: Vec<Rational> = far_values();
        places(start).into_iter().take(MAX_PLACES).find_map(|(key, position)| {
            far.iter().find_map(|value| {
                let mut changed = start.clone();
                set(&mut changed, &key, position, value.clone());
                self.hunt.fails_at(&mut changed).then_some(changed)
            })
        })
    }

    fn climb_from(&self, mut height: f64, mut point: Assignment) -> Option<Assignment> {
        let mut looks = 0;
        let mut step = integer(1);
        for _ in 0..6 {
            let before = height;
            for (key, position) in places(&point) {
                for value in self.moves(&entry(&point, &key, position)?, &step) {
                    if looks >= MAX_LOOKS {
                        return None;
                    }
                    looks += 1;
                    let mut changed = point.clone();
                    set(&mut changed, &key, position, value);
                    let Some((new, _)) = self.height(&changed) else { continue };
                    if new <= height || !self.is_admissible(&mut changed) {
                        continue;
                    }
                    (height, point) = (new, changed);
                    if height >= 0.0 && self.hunt.fails_at(&mut point) {
                        return Some(point);
                    }
                }
            }
            if height <= before {
                step /= integer(4);
            }
        }
        None
    }

    /// Values to move to from this one.
    fn moves(&self, from: &Rational, step: &Rational) -> Vec<Rational> {
        let mut found = vec![from + step, from - step];
        if step.is_one() {
            found.extend(self.ends.iter().cloned());
            let far = [(0, 1), (5, 1), (-5, 1), (1, 2), (20, 1), (-20, 1)];
            found.extend(far.into_iter().filter_map(|(a, b)| fraction(a, b)));
            found.push(-from);
            found.push(from * integer(2));
        }
        found.retain(|value| value != from && to_f64(value).abs() < 1e6);
        found
    }

    /// How near the inequality is to failure: left less right, in their own size; at least 0 where it may fail.
    fn height(&self, point: &Assignment) -> Option<(f64, Givens)> {
        let mut read = Givens::new();
        let values = self.hunt.bench.values(point, &Floats, &[self.left, self.right], &mut read);
        let [Ok(left), Ok(right)] = &values[..] else { return None };
        let (a, b) = (left.entries(), right.entries());
        let at = |entries: &[f64], place: usize| entries[if entries.len() == 1 { 0 } else { place }];
        let highest = (0..a.len().min(b.len()).max(1))
            .map(|place| {
                let (a, b) = (at(a, place), at(b, place));
                (a - b) / (a.abs() + b.abs() + 1e-300)
            })
            .fold(f64::NEG_INFINITY, f64::max);
        highest.is_finite().then_some((highest, read))
    }

    /// Whether no premise plainly fails: where one holds with equality, floats cannot tell.
    fn is_admissible(&self, point: &mut Assignment) -> bool {
        let question = self.hunt.question(point);
        let premises = self.hunt.subject.premises.iter().chain(self.premise);
        premises.into_iter().all(|prop| {
            let truth = question.truth(point, &Floats, prop, &mut Givens::new());
            !matches!(truth, Truth::False | Truth::Undefined)
        })
    }
}

/// How many numbers are sent far off, one after the other.
const MAX_PLACES: usize = 4;

/// Powers of 10 up to what exponentials and logarithms of round numbers exceed, their reciprocals, and their negatives.
fn far_values() -> Vec<Rational> {
    let powers = [3, 7, 10, 13, 50].into_iter().filter_map(|exponent| pow(&integer(10), exponent));
    powers.flat_map(|value| [value.clone(), -&value, Rational::ONE / &value, -(Rational::ONE / value)]).collect()
}

type Key = (SymbolId, Vec<i64>);

fn places(point: &Assignment) -> Vec<(Key, usize)> {
    point.values.iter().flat_map(|(key, value)| (0..value.entries().len()).map(|at| (key.clone(), at))).collect()
}

fn entry(point: &Assignment, key: &Key, position: usize) -> Option<Rational> {
    point.values.get(key).and_then(|value: &Tensor<Rational>| value.entries().get(position).cloned())
}

fn set(point: &mut Assignment, key: &Key, position: usize, value: Rational) {
    if let Some(entry) = point.values.get_mut(key).and_then(|tensor| tensor.entries_mut().get_mut(position)) {
        *entry = value;
    }
}

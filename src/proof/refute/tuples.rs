//! Sizes, last times and free letters: which values they take together.

use std::collections::BTreeMap;

use crate::expr::{Arena, Comparison, Expr, Node, Prop, SymbolId};
use crate::model::Model;
use crate::number::rational::to_i64;
use crate::number::{Random, Rational};
use crate::numeric::{Assignment, Fallback, Rationals, Style, evaluate, holds};
use crate::proof::subject::Subject;

/// One value for each integer of the subject, in its order.
pub(super) type Tuple = Vec<i64>;

/// How many tuples are looked through.
const MAX_GRID: usize = 20_000;

/// Where letters and last times are tried first.
const LETTERS: [i64; 7] = [1, 2, 3, 0, 4, -1, -2];

/// Letters are not tried beyond this.
const MAX_LETTER: i64 = 1000;

/// Where sizes are tried first.
const SIZES: [i64; 3] = [1, 2, 3];

/// The tuples that the conditions on integers allow: all small ones, the smallest first.
pub(super) fn small(arena: &Arena, model: &Model, subject: &Subject, random: &mut Random) -> Vec<Tuple> {
    let conditions = Conditions::new(arena, model, subject);
    let letters = conditions.letters();
    let ranges: Vec<&[i64]> = subject
        .integers
        .iter()
        .map(|symbol| if subject.sizes.contains(symbol) { &SIZES[..] } else { &letters[..] })
        .collect();
    let total = ranges.iter().try_fold(1usize, |product, range| product.checked_mul(range.len()));
    let mut found = Vec::new();
    match total {
        Some(total) if total <= MAX_GRID => {
            for mut place in 0..total {
                let tuple: Tuple = ranges
                    .iter()
                    .map(|range| {
                        let value = range[place % range.len()];
                        place /= range.len();
                        value
                    })
                    .collect();
                if conditions.allow(&tuple) {
                    found.push(tuple);
                }
            }
        }
        Some(_) | None => {
            for _ in 0..MAX_GRID {
                let tuple: Tuple = ranges.iter().map(|range| random.choose(range).copied().unwrap_or(1)).collect();
                if conditions.allow(&tuple) {
                    found.push(tuple);
                }
            }
        }
    }
    found.sort_by_key(|tuple| (cost(tuple), tuple.clone()));
    found.dedup();
    if found.is_empty() {
        found.extend((0..8).filter_map(|_| conditions.drawn(subject, random, 12)));
    }
    found
}

/// A tuple in which some integer that is no size is at least 7.
pub(super) fn large(arena: &Arena, model: &Model, subject: &Subject, random: &mut Random) -> Option<Tuple> {
    let conditions = Conditions::new(arena, model, subject);
    (0..400).find_map(|_| {
        let tuple = conditions.drawn(subject, random, 9)?;
        let is_large =
            subject.integers.iter().zip(&tuple).any(|(symbol, &value)| !subject.sizes.contains(symbol) && value >= 7);
        is_large.then_some(tuple)
    })
}

/// How many tuples are drawn in the search for roomy ones.
const DRAWS: usize = 400;

/// How many roomy tuples are kept.
const ROOMY: usize = 8;

/// Tuples with nothing special about them: sizes from 2 on that differ, letters that lie apart, as far as the conditions
/// allow it.
pub(super) fn roomy(
    arena: &Arena,
    model: &Model,
    subject: &Subject,
    small: &[Tuple],
    random: &mut Random,
) -> Vec<Tuple> {
    let conditions = Conditions::new(arena, model, subject);
    let mut found = small.to_vec();
    for _ in 0..DRAWS {
        let draw = |symbol| if subject.sizes.contains(symbol) { random.between(2, 4) } else { random.between(0, 5) };
        let tuple: Tuple = subject.integers.iter().map(draw).collect();
        found.extend(conditions.allow(&tuple).then_some(tuple));
    }
    found.sort();
    found.dedup();
    random.shuffle(&mut found);
    found.sort_by_key(|tuple| std::cmp::Reverse(room(subject, tuple)));
    let most = found.first().map_or(0, |tuple| room(subject, tuple));
    found.retain(|tuple| 4 * room(subject, tuple) >= 3 * most);
    found.truncate(ROOMY);
    found.sort_by_key(|tuple| cost(tuple));
    found
}

/// How far a tuple is from special: by its sizes and letters, and by how far each of either kind is from the others.
fn room(subject: &Subject, tuple: &[i64]) -> i64 {
    let kind = |is_size: bool| -> Vec<i64> {
        let all = subject.integers.iter().zip(tuple);
        all.filter(|(symbol, _)| subject.sizes.contains(symbol) == is_size).map(|(_, &value)| value).collect()
    };
    let pairs = |values: &[i64], most: i64| -> i64 {
        let apart = |(at, a): (usize, &i64)| values[..at].iter().map(|b| (a - b).abs().min(most)).sum::<i64>();
        values.iter().enumerate().map(apart).sum()
    };
    let (sizes, letters) = (kind(true), kind(false));
    let own = |values: &[i64], most: i64| values.iter().map(|value| value.clamp(&0, &most)).sum::<i64>();
    2 * own(&sizes, 2) + pairs(&sizes, 1) + own(&letters, 3) + 2 * pairs(&letters, 2)
}

/// How many far tuples are tried.
const MAX_FAR: usize = 60;

/// How many wide tuples are drawn.
const WIDE: usize = 24;

/// How far letters of wide tuples go beyond the numbers in the conditions.
const BEYOND: i64 = 6;

/// Tuples by chance, whose letters go some way beyond what the conditions need.
pub(super) fn wide(arena: &Arena, model: &Model, subject: &Subject, random: &mut Random) -> Vec<Tuple> {
    let conditions = Conditions::new(arena, model, subject);
    if subject.integers.is_empty() {
        return Vec::new();
    }
    let needed = conditions.linear.iter().map(|(_, _, constant)| constant.abs()).max().unwrap_or(0);
    let most = needed.min(MAX_LETTER) + BEYOND;
    (0..WIDE).filter_map(|_| conditions.drawn(subject, random, most)).collect()
}

/// Tuples in which one integer has one of these values, and the others are small, have it too, with either sign, or lie
/// beyond it or before its half.
pub(super) fn far(arena: &Arena, model: &Model, subject: &Subject, values: &[i64], most_size: i64) -> Vec<Tuple> {
    let conditions = Conditions::new(arena, model, subject);
    let mut found: Vec<Tuple> = Vec::new();
    for &value in values {
        for place in 0..subject.integers.len() {
            for rest in [2, 1, 0, value, -value, value + 2, value / 2 - 1] {
                let fill = |(at, symbol): (usize, &SymbolId)| match subject.sizes.contains(symbol) {
                    true if at == place => value.min(most_size),
                    true => rest.clamp(1, 2),
                    false if at == place => value,
                    false => rest,
                };
                let tuple: Tuple = subject.integers.iter().enumerate().map(fill).collect();
                if !found.contains(&tuple) && conditions.allow(&tuple) {
                    found.push(tuple);
                }
            }
        }
        if found.len() >= MAX_FAR {
            break;
        }
    }
    found
}

/// How much work a tuple is likely to be.
pub(super) fn cost(tuple: &[i64]) -> i64 {
    tuple.iter().map(|value| if *value < 0 { 3 - value } else { *value }).sum()
}

/// The integers of a subject as an assignment.
pub(super) fn integers(subject: &Subject, tuple: &[i64]) -> BTreeMap<SymbolId, i64> {
    subject.integers.iter().copied().zip(tuple.iter().copied()).collect()
}

/// What is known of two sizes.
pub(in crate::proof) enum Sizes {
    /// They have these values at a tuple that the conditions allow.
    Apart(Rational, Rational),
    /// They are the same at all small tuples.
    Alike,
    /// A tuple does not give them values: they are members of a family of sizes.
    Free,
}

/// Whether two sizes differ somewhere, at the smallest tuple at which they do.
pub(in crate::proof) fn compared(arena: &Arena, model: &Model, subject: &Subject, sizes: [Expr; 2]) -> Sizes {
    for tuple in small(arena, model, subject, &mut Random::new(1)) {
        let point = Assignment { integers: integers(subject, &tuple), ..Assignment::default() };
        let value = |size| evaluate(arena, model, &point, &Rationals, size).ok()?.as_scalar().cloned();
        match sizes.map(value) {
            [Some(a), Some(b)] if a != b => return Sizes::Apart(a, b),
            [Some(_), Some(_)] => {}
            _ => return Sizes::Free,
        }
    }
    Sizes::Alike
}

/// Conditions on integers, those that are linear in a form that is quickly decided.
struct Conditions<'a> {
    arena: &'a Arena,
    model: &'a Model,
    subject: &'a Subject,
    linear: Vec<(Comparison, Vec<i64>, i64)>,
    others: Vec<Prop>,
}

impl<'a> Conditions<'a> {
    fn new(arena: &'a Arena, model: &'a Model, subject: &'a Subject) -> Self {
        let mut conditions = Conditions { arena, model, subject, linear: Vec::new(), others: Vec::new() };
        for prop in &subject.on_integers {
            let row = prop.comparison().and_then(|(how, left, right)| {
                let (row, constant) = difference(arena, &subject.integers, left, right)?;
                Some((how, row, constant))
            });
            match row {
                Some(row) => conditions.linear.push(row),
                None => conditions.others.push(prop.clone()),
            }
        }
        conditions
    }

    /// The values that letters are given: the small ones, and those around the numbers in the conditions.
    fn letters(&self) -> Vec<i64> {
        let mut letters = LETTERS.to_vec();
        let around = self.linear.iter().flat_map(|(_, _, constant)| [-1, 0, 1].map(|step| constant.abs() + step));
        letters.extend(around.filter(|value| (5..=MAX_LETTER).contains(value)));
        letters.sort_by_key(|value| LETTERS.iter().position(|small| small == value).unwrap_or(LETTERS.len()));
        letters.dedup();
        letters
    }

    fn allow(&self, tuple: &[i64]) -> bool {
        let linear = self.linear.iter().all(|(how, row, constant)| {
            let value = row.iter().zip(tuple).map(|(a, b)| a * b).sum::<i64>() + constant;
            match how {
                Comparison::Equal | Comparison::Approximately => value == 0,
                Comparison::NotEqual => value != 0,
                Comparison::Less => value < 0,
                Comparison::LessEqual => value <= 0,
            }
        });
        linear && (self.others.is_empty() || self.others_hold(tuple))
    }

    fn others_hold(&self, tuple: &[i64]) -> bool {
        let fallback = Some(Fallback { seed: 0, style: Style::Ones });
        let point = Assignment { integers: integers(self.subject, tuple), fallback, ..Assignment::default() };
        self.others.iter().all(|prop| holds(self.arena, self.model, &point, &Rationals, prop) == Ok(true))
    }

    fn drawn(&self, subject: &Subject, random: &mut Random, most: i64) -> Option<Tuple> {
        (0..60).find_map(|_| {
            let mut draw =
                |symbol| if subject.sizes.contains(symbol) { random.between(1, 3) } else { random.between(-1, most) };
            let tuple: Tuple = subject.integers.iter().map(&mut draw).collect();
            self.allow(&tuple).then_some(tuple)
        })
    }
}

/// The difference of two expressions as a linear form in the integers, with whole coefficients.
fn difference(arena: &Arena, integers: &[SymbolId], left: Expr, right: Expr) -> Option<(Vec<i64>, i64)> {
    let (mut row, constant) = linear(arena, integers, left)?;
    let (other, other_constant) = linear(arena, integers, right)?;
    row.iter_mut().zip(other).for_each(|(a, b)| *a -= b);
    Some((row, constant - other_constant))
}

fn linear(arena: &Arena, integers: &[SymbolId], expr: Expr) -> Option<(Vec<i64>, i64)> {
    let nothing = || vec![0; integers.len()];
    match arena.node(expr) {
        Node::Number(value) => Some((nothing(), to_i64(value)?)),
        Node::Symbol { symbol, indices, .. } if indices.is_empty() => {
            let mut row = nothing();
            row[integers.iter().position(|own| own == symbol)?] = 1;
            Some((row, 0))
        }
        Node::Sum(parts) => {
            let (mut row, mut constant) = (nothing(), 0);
            for &part in parts.iter() {
                let (other, more) = linear(arena, integers, part)?;
                row.iter_mut().zip(other).for_each(|(a, b)| *a += b);
                constant += more;
            }
            Some((row, constant))
        }
        Node::Product(parts) => match parts[..] {
            [a, b] => {
                let (factor, rest) = if arena.as_integer(a).is_some() { (a, b) } else { (b, a) };
                let factor = arena.as_integer(factor)?;
                let (mut row, constant) = linear(arena, integers, rest)?;
                row.iter_mut().for_each(|entry| *entry *= factor);
                Some((row, constant * factor))
            }
            _ => None,
        },
        _ => None,
    }
}

//! Statements for all real values of a letter, such as `|f'(z)| \le \gamma \quad \forall z`, with concrete functions in
//! the place of the arbitrary ones.
//!
//! They are decided for the whole line at once (`line.rs`). A few values are tried first, for most statements that fail
//! do so there.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use crate::expr::{Arena, Comparison, Elementary, Expr, Function, Node, Prop, SymbolId, SymbolKind};
use crate::model::{FunctionBody, Model};
use crate::number::Rational;
use crate::numeric::{Assignment, Field, Givens, Quotients, Rationals, Tensor, Witness};
use crate::proof::refute::quadratic;
use crate::proof::refute::truth::{Judge, Question, Truth};

/// The values at which a statement is tried.
const TRIED: [i64; 9] = [0, 1, -1, 2, -3, 7, -50, 1_000_000, -1_000_000];

/// The arbitrary functions that a statement calls, itself or in the formulas of functions that it calls.
pub(super) fn functions_in(arena: &Arena, model: &Model, prop: &Prop) -> BTreeSet<SymbolId> {
    let mut functions = BTreeSet::new();
    let mut called = BTreeSet::new();
    let mut open = prop.expressions();
    while let Some(expr) = open.pop() {
        for part in arena.reachable(&[expr]) {
            let Node::Call { function: Function::Declared { symbol, .. }, .. } = arena.node(part) else { continue };
            match model.functions.get(symbol) {
                Some(FunctionBody::Expression { body, .. }) if called.insert(*symbol) => open.push(*body),
                Some(FunctionBody::Expression { .. } | FunctionBody::Elementary(_)) => {}
                None => drop(functions.insert(*symbol)),
            }
        }
    }
    functions
}

/// The arbitrary functions that premises bound, or bind by an equation, for all real arguments.
pub(super) fn bound_everywhere(arena: &Arena, model: &Model, premises: &[Prop]) -> BTreeSet<SymbolId> {
    let is_over_reals = |prop: &&Prop| matches!(prop, Prop::ForAll(letters, _) if letters.iter().any(|&letter| arena.kind(letter) == SymbolKind::Real));
    premises.iter().filter(is_over_reals).flat_map(|prop| functions_in(arena, model, prop)).collect()
}

impl Judge for Quotients {
    /// Near the value at hand; a strict comparison must hold with nothing between the sides anywhere.
    fn judge(&self, how: Comparison, left: &Self::Element, right: &Self::Element, _: Option<&Rational>) -> Truth {
        let Ok(room) = self.subtract(right, left) else { return Truth::Unknown };
        let Some(sign) = self.sign(&room) else { return Truth::Unknown };
        let is_apart = || if self.vanishes_nowhere(&room) { Truth::True } else { Truth::Unknown };
        match (how, sign) {
            (Comparison::Equal, _) => Truth::of(room.is_zero()),
            (Comparison::LessEqual, _) => Truth::of(sign != Ordering::Less),
            (Comparison::NotEqual, _) if room.is_zero() => Truth::False,
            (Comparison::Less, Ordering::Greater) | (Comparison::NotEqual, _) => is_apart(),
            (Comparison::Less, Ordering::Less | Ordering::Equal) => Truth::False,
            (Comparison::Approximately, _) => Truth::Unknown,
        }
    }
}

impl Question<'_> {
    /// Whether some of these letters run over the real numbers.
    pub(super) fn is_over_reals(&self, letters: &[SymbolId]) -> bool {
        letters.iter().any(|&letter| self.bench.arena.kind(letter) == SymbolKind::Real)
    }

    /// Whether a statement holds for all values of letters, some of which are real.
    pub(super) fn for_all_reals<F: Judge>(
        &self,
        point: &mut Assignment,
        field: &F,
        letters: &[SymbolId],
        part: &Prop,
        read: &mut Givens,
    ) -> Truth {
        let arena = self.bench.arena;
        let is_real = |letter: &SymbolId| arena.kind(*letter) == SymbolKind::Real;
        let (reals, integers): (Vec<SymbolId>, Vec<SymbolId>) = letters.iter().copied().partition(is_real);
        let truth = self.for_all(point, &integers, part, &mut |point| {
            let tried = self.at_values(point, field, &reals, part, read);
            if tried == Truth::False || !F::IS_CERTAIN {
                return if tried == Truth::False { tried } else { Truth::Unknown };
            }
            match self.everywhere(point, &reals, part) {
                Truth::Unknown => self.of_polynomials(point, field, &reals, (part, tried)),
                truth => truth,
            }
        });
        for letter in reals {
            read.remove(&(letter, Vec::new()));
        }
        truth
    }

    /// Whether something holds at the values that are tried, where it is defined.
    fn at_values<F: Judge>(
        &self,
        point: &mut Assignment,
        field: &F,
        letters: &[SymbolId],
        part: &Prop,
        read: &mut Givens,
    ) -> Truth {
        let [letter, rest @ ..] = letters else { return self.truth(point, field, part, read) };
        let key = (*letter, Vec::new());
        let before = point.values.get(&key).cloned();
        let mut all = Truth::Vacuous;
        for value in TRIED {
            point.values.insert(key.clone(), Tensor::Scalar(Rational::from(value)));
            match self.at_values(point, field, rest, part, read) {
                Truth::Undefined => {}
                truth => all = all.and(truth),
            }
            if all == Truth::False {
                break;
            }
        }
        match before {
            Some(value) => point.values.insert(key, value),
            None => point.values.remove(&key),
        };
        if all == Truth::Vacuous { Truth::True } else { all }
    }

    /// Whether a statement about several letters holds for all of their values, where its sides are polynomials: affine
    /// ones were tried far out and near; equal ones agree at more values than they have degrees; orders of quadratic ones
    /// are decided exactly.
    fn of_polynomials<F: Judge>(
        &self,
        point: &mut Assignment,
        field: &F,
        letters: &[SymbolId],
        (part, tried): (&Prop, Truth),
    ) -> Truth {
        let arena = self.bench.arena;
        if letters.len() < 2 || !letters.iter().all(|&letter| arena.declared_shape(letter).is_scalar()) {
            return Truth::Unknown;
        }
        let degrees = Degrees { arena, functions: &point.functions, letters };
        match (highest(part.expressions().into_iter().map(|side| degrees.of(side))), part) {
            (Some(degree), _) if degree < 2 => tried,
            (Some(degree), _) if degree >= TRIED.len() => Truth::Unknown,
            (Some(2), Prop::Compare(how @ (Comparison::Less | Comparison::LessEqual), left, right)) => {
                let room = |values: &[Rational]| self.room(point, (*left, *right), letters, values);
                quadratic::is_above_zero(letters.len(), *how == Comparison::Less, &room)
                    .map_or(Truth::Unknown, Truth::of)
            }
            (Some(_), _) => {
                let equal = self.at_values(point, field, letters, &as_equations(part), &mut Givens::new());
                if equal == Truth::True { tried } else { Truth::Unknown }
            }
            (None, _) => Truth::Unknown,
        }
    }

    /// Right less left, where the letters have these values.
    fn room(
        &self,
        point: &Assignment,
        (left, right): (Expr, Expr),
        letters: &[SymbolId],
        values: &[Rational],
    ) -> Option<Rational> {
        let mut point = point.clone();
        let values = letters.iter().zip(values);
        point.values.extend(values.map(|(&letter, value)| ((letter, Vec::new()), Tensor::Scalar(value.clone()))));
        let values = self.bench.values(&point, &Rationals, &[left, right], &mut Givens::new());
        let [Ok(left), Ok(right)] = &values[..] else { return None };
        Some(right.as_scalar()? - left.as_scalar()?)
    }
}

/// The degrees of expressions as polynomials in some letters.
struct Degrees<'a> {
    arena: &'a Arena,
    functions: &'a BTreeMap<SymbolId, Witness>,
    letters: &'a [SymbolId],
}

impl Degrees<'_> {
    /// The degree of an expression; `None` where it is neither a polynomial nor a sum of absolute values of affine parts,
    /// which counts as affine.
    fn of(&self, expr: Expr) -> Option<usize> {
        let mut degrees: BTreeMap<Expr, Option<usize>> = BTreeMap::new();
        let (mut has_corner, parts) = (false, self.arena.reachable(&[expr]));
        for part in parts {
            let degree = |part: &Expr| degrees.get(part).copied().flatten();
            let own = match self.arena.node(part) {
                Node::Symbol { symbol, .. } if self.letters.contains(symbol) => Some(1),
                _ if self.arena.all_children(part, |child| degree(&child) == Some(0)) => Some(0),
                Node::Sum(terms) => highest(terms.iter().map(degree)),
                Node::Product(factors) => factors.iter().map(degree).sum(),
                Node::Power(base, exponent) => {
                    let times = self.arena.as_integer(*exponent).and_then(|exponent| usize::try_from(exponent).ok());
                    times.zip(degree(base)).map(|(times, own)| times * own)
                }
                Node::Call { function: Function::Elementary(Elementary::Abs), args, .. } => {
                    has_corner = true;
                    degree(&args[0])
                }
                Node::Call { function: Function::Declared { symbol, .. }, args, .. }
                    if self.functions.get(symbol).is_some_and(Witness::is_affine) =>
                {
                    highest(args.iter().map(degree))
                }
                _ => None,
            };
            degrees.insert(part, own);
        }
        degrees.get(&expr).copied().flatten().filter(|&degree| degree < 2 || !has_corner)
    }
}

fn highest(mut degrees: impl Iterator<Item = Option<usize>>) -> Option<usize> {
    degrees.try_fold(0, |most, degree| degree.map(|degree| most.max(degree)))
}

/// A statement with equations in the place of what is at most something, its premises apart: more than it says.
fn as_equations(prop: &Prop) -> Prop {
    match prop {
        Prop::Compare(Comparison::LessEqual, left, right) => Prop::equal(*left, *right),
        Prop::And(parts) => Prop::And(parts.iter().map(as_equations).collect()),
        Prop::Implies(premise, conclusion) => Prop::Implies(premise.clone(), Box::new(as_equations(conclusion))),
        Prop::Compare(..)
        | Prop::Integer(_)
        | Prop::Or(_)
        | Prop::Not(_)
        | Prop::Iff(..)
        | Prop::ForAll(..)
        | Prop::Proportional { .. } => prop.clone(),
    }
}

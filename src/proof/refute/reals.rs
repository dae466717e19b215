//! Statements for all real values of a letter, such as `|f'(z)| \le \gamma \quad \forall z`, with concrete functions in
//! the place of the arbitrary ones.
//!
//! They are decided for the whole line at once: both sides are quotients of polynomials in the letter, or in the sigmoid,
//! tanh or exponential of it, and signs of polynomials are exact. A few values are tried first, for most statements that
//! fail do so there.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use crate::expr::{Arena, Comparison, Elementary, Expr, Function, Node, Prop, SymbolId, SymbolKind};
use crate::model::{FunctionBody, Model};
use crate::number::Rational;
use crate::number::polynomial::Polynomial;
use crate::numeric::{Assignment, Field, Givens, Quotients, Rationals, Tensor, Unknown, Witness, evaluate_with};
use crate::proof::refute::quadratic;
use crate::proof::refute::truth::{Judge, Question, Truth, tensors};

/// The values at which a statement is tried.
const TRIED: [i64; 9] = [0, 1, -1, 2, -3, 7, -50, 1_000_000, -1_000_000];

/// How often the line is divided anew where signs are asked that were not asked before.
const ROUNDS: usize = 4;

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
            if tried == Truth::False {
                return tried;
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

    /// Whether a statement holds for all values of real letters, decided exactly.
    fn everywhere(&self, point: &Assignment, letters: &[SymbolId], part: &Prop) -> Truth {
        let arena = self.bench.arena;
        let symbols = arena.reachable(&part.expressions());
        let symbols = symbols
            .into_iter()
            .filter(|&part| matches!(arena.node(part), Node::Symbol { symbol, .. } if letters.contains(symbol)));
        let symbols: Vec<Expr> = symbols.collect();
        let is_of_one = match &symbols[..] {
            [] => return self.premise(&mut point.clone(), part, &mut Givens::new()),
            [letter] => arena.shape(*letter).is_scalar() || self.is_of_one_row(point, &symbols, part),
            [_, _, ..] => self.is_of_one_row(point, &symbols, part),
        };
        let decided = |unknown| Line { question: self, point, letters: &symbols, unknown }.decide(part);
        let mut truths = Unknown::ALL.into_iter().filter(|_| is_of_one).map(decided);
        truths.find(|&truth| truth != Truth::Unknown).unwrap_or(Truth::Unknown)
    }

    /// Whether the letters stand nowhere but as the arguments of functions of one sum, always the same row of them: then
    /// the first of them, with 0 for the others, gives the sum every value.
    fn is_of_one_row(&self, point: &Assignment, letters: &[Expr], part: &Prop) -> bool {
        let (arena, model) = (self.bench.arena, self.bench.model);
        let is_letter = |part: &Expr| letters.contains(part);
        let mut rows: BTreeSet<Vec<Expr>> = BTreeSet::new();
        let roots = part.expressions();
        let only_there = !roots.iter().any(is_letter)
            && arena.reachable(&roots).into_iter().all(|part| match arena.node(part) {
                _ if !arena.children(part).iter().any(is_letter) => true,
                Node::Call { function: Function::Declared { symbol, .. }, args, .. } => {
                    rows.insert(args.to_vec());
                    !model.functions.contains_key(symbol) && args.len() == letters.len() && args.iter().all(is_letter)
                }
                _ => false,
            });
        let is_of_one_sum = |symbol| point.functions.get(symbol).is_some_and(Witness::is_of_one_sum);
        only_there && rows.len() == 1 && functions_in(arena, model, part).iter().all(is_of_one_sum)
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

/// A statement about the whole line, in one unknown.
struct Line<'a> {
    question: &'a Question<'a>,
    point: &'a Assignment,
    /// The letter that runs over the line, and others that are 0.
    letters: &'a [Expr],
    unknown: Unknown,
}

impl Line<'_> {
    /// Near a value in each piece of the line, until no further signs divide it.
    fn decide(&self, prop: &Prop) -> Truth {
        let range = self.unknown.range();
        let mut edges = Polynomial::constant(Rational::ONE);
        for _ in 0..ROUNDS {
            let before = edges.degree();
            let mut all = Truth::Vacuous;
            for near in edges.gaps(&range) {
                let field = Quotients::near(self.unknown, near);
                all = all.and(self.near(&field, prop));
                if matches!(all, Truth::Unknown | Truth::Undefined) {
                    return Truth::Unknown;
                }
                edges = field.into_edges().iter().fold(edges, |edges, edge| joined(&edges, edge));
            }
            if edges.degree() == before {
                return if is_closed(prop) { all } else { all.and(self.at_edges(&edges, prop)) };
            }
        }
        Truth::Unknown
    }

    fn near(&self, field: &Quotients, prop: &Prop) -> Truth {
        let inner = |part: &Prop| self.near(field, part);
        match prop {
            Prop::Compare(how, left, right) => match (self.value(field, *left), self.value(field, *right)) {
                (Some(left), Some(right)) => tensors(field, *how, &left, &right, None),
                _ => Truth::Unknown,
            },
            Prop::And(parts) => parts.iter().map(inner).fold(Truth::True, Truth::and),
            Prop::Or(parts) => parts.iter().map(inner).fold(Truth::False, Truth::or),
            Prop::Not(part) => inner(part).not(),
            Prop::Implies(premise, conclusion) => inner(premise).implies(inner(conclusion)),
            Prop::Iff(left, right) => inner(left).equals(inner(right)),
            Prop::Integer(_) | Prop::ForAll(..) | Prop::Proportional { .. } => Truth::Unknown,
        }
    }

    fn value(&self, field: &Quotients, side: Expr) -> Option<Tensor<<Quotients as Field>::Element>> {
        let bench = self.question.bench;
        bench.spent.set(bench.spent.get() + 1 + bench.arena.reachable(&[side]).len() as u64);
        let letter = |at: usize| if at == 0 { field.letter() } else { field.integer(0) };
        let changes: Vec<_> = self.letters.iter().enumerate().map(|(at, &symbol)| (symbol, letter(at))).collect();
        evaluate_with(bench.arena, bench.model, self.point, field, &changes, side).ok()
    }

    /// Whether a statement holds at the values of the letter between the pieces of the line.
    fn at_edges(&self, edges: &Polynomial, prop: &Prop) -> Truth {
        let Some(roots) = edges.roots_in(&self.unknown.range()) else { return Truth::Unknown };
        let at = |root: &Rational| {
            let bench = self.question.bench;
            let mut point = self.point.clone();
            for (at, &letter) in self.letters.iter().enumerate() {
                let Node::Symbol { symbol, .. } = bench.arena.node(letter) else { return Truth::Unknown };
                let value = if at == 0 { root.clone() } else { Rational::ZERO };
                point.values.insert((*symbol, Vec::new()), Tensor::Scalar(value));
            }
            self.question.truth(&mut point, &Rationals, prop, &mut Givens::new())
        };
        let truths = roots.iter().map(|root| match (self.unknown, root.exact()) {
            (Unknown::Letter, Some(root)) => at(root),
            (Unknown::Letter | Unknown::Value(_), _) => Truth::Unknown,
        });
        truths.fold(Truth::Vacuous, Truth::and)
    }
}

/// Whether a statement that holds on both sides of an edge holds there too: comparisons of continuous sides, of which
/// strict ones are certain of their own.
fn is_closed(prop: &Prop) -> bool {
    match prop {
        Prop::Compare(..) => true,
        Prop::And(parts) => parts.iter().all(is_closed),
        Prop::Integer(_)
        | Prop::Or(_)
        | Prop::Not(_)
        | Prop::Implies(..)
        | Prop::Iff(..)
        | Prop::ForAll(..)
        | Prop::Proportional { .. } => false,
    }
}

/// A polynomial with the roots of both, each once.
fn joined(edges: &Polynomial, edge: &Polynomial) -> Polynomial {
    let edge = edge.square_free();
    let common = edges.gcd(&edge);
    edge.div_rem(&common).map_or_else(|| edges.clone(), |(further, _)| edges * &further)
}

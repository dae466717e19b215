//! Statements for all real values of a letter, such as `|f'(z)| \le \gamma \quad \forall z`, with concrete functions in
//! the place of the arbitrary ones.
//!
//! They are decided for the whole line at once: both sides are quotients of polynomials in the letter, or in the sigmoid,
//! tanh or exponential of it, and signs of polynomials are exact. A few values are tried first, for most statements that
//! fail do so there.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use crate::expr::{Arena, Comparison, Elementary, Expr, Function, Node, Prop, SymbolId, SymbolKind};
use crate::model::{FunctionBody, Model};
use crate::number::Rational;
use crate::number::polynomial::Polynomial;
use crate::numeric::{Assignment, Field, Givens, Quotients, Rationals, Tensor, Unknown, Witness, evaluate_with};
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
        let truth = self.for_all(point, &integers, &mut |point| {
            let tried = self.at_values(point, field, &reals, part, read);
            if tried == Truth::False {
                return tried;
            }
            match self.everywhere(point, &reals, part) {
                Truth::Unknown if self.is_affine(point, &reals, part) => tried,
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

    /// Whether a statement about several letters is one of polynomials: no function that is called is curved. What is
    /// tried far out and near says enough then.
    fn is_affine(&self, point: &Assignment, letters: &[SymbolId], part: &Prop) -> bool {
        let (arena, model) = (self.bench.arena, self.bench.model);
        let is_affine = |symbol| point.functions.get(symbol).is_some_and(Witness::is_affine);
        let is_curved = |&part: &Expr| match arena.node(part) {
            Node::Call { function: Function::Elementary(function), .. } => *function != Elementary::Abs,
            _ => false,
        };
        letters.len() > 1
            && letters.iter().all(|&letter| arena.declared_shape(letter).is_scalar())
            && !arena.reachable(&part.expressions()).iter().any(is_curved)
            && functions_in(arena, model, part).iter().all(is_affine)
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

//! Statements about the whole real line, decided exactly: both sides are quotients of polynomials in the letter, or in
//! the sigmoid, tanh or exponential of it.
//!
//! The same statement is asked of many points that differ in nothing that it reads; what was decided lately is
//! remembered with that.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::expr::{Comparison, Expr, Function, Node, Prop, SymbolId, SymbolKind};
use crate::number::Rational;
use crate::number::polynomial::Polynomial;
use crate::numeric::{
    Assignment, Fallback, Field, Givens, Quotients, Rationals, Tensor, Unknown, Witness, evaluate_with,
};
use crate::proof::refute::reals::functions_in;
use crate::proof::refute::truth::{Question, Truth, tensors};

/// How often the line is divided anew where signs are asked that were not asked before.
const ROUNDS: usize = 4;

/// What a step with quotients of polynomials counts, in steps with numbers.
const DEARNESS: u64 = 4;

/// How many decided statements are remembered.
const REMEMBERED: usize = 64;

/// A statement about the whole line, with all that its truth depends on at a point.
pub(super) struct Decided {
    part: Prop,
    letters: Vec<SymbolId>,
    integers: BTreeMap<SymbolId, i64>,
    functions: BTreeMap<SymbolId, Witness>,
    fallback: Option<Fallback>,
    /// The givens that were read, and all that are sizes, as far as the point lists them.
    listed: Vec<(Member, Option<Tensor<Rational>>)>,
    truth: Truth,
    /// How many steps it took.
    spent: u64,
}

/// A member of a given family.
type Member = (SymbolId, Vec<i64>);

impl Decided {
    fn is_of(&self, point: &Assignment, letters: &[SymbolId], part: &Prop) -> bool {
        self.part == *part
            && self.letters == letters
            && self.functions == point.functions
            && self.integers == point.integers
            && self.fallback == point.fallback
            && self.listed.iter().all(|(member, value)| point.values.get(member) == value.as_ref())
    }
}

impl Question<'_> {
    /// Whether a statement holds for all values of real letters, decided exactly; from memory where nothing that it reads
    /// has changed, at the same price.
    pub(super) fn everywhere(&self, point: &Assignment, letters: &[SymbolId], part: &Prop) -> Truth {
        let spent = &self.bench.spent;
        let known = |decided: &Decided| decided.is_of(point, letters, part).then_some((decided.truth, decided.spent));
        let remembered = self.bench.decided.borrow().iter().rev().find_map(known);
        if let Some((truth, price)) = remembered {
            spent.set(spent.get() + price);
            return truth;
        }
        let (before, read) = (spent.get(), RefCell::default());
        let truth = self.worked_out_everywhere(point, letters, part, &read);
        let is_size = |member: &&Member| self.bench.arena.kind(member.0) == SymbolKind::Integer;
        let sizes: Vec<Member> = point.values.keys().filter(is_size).cloned().collect();
        let members = read.into_inner().into_keys().filter(|member| !letters.contains(&member.0)).chain(sizes);
        let decided = Decided {
            part: part.clone(),
            letters: letters.to_vec(),
            integers: point.integers.clone(),
            functions: point.functions.clone(),
            fallback: point.fallback,
            listed: members.map(|member| (member.clone(), point.values.get(&member).cloned())).collect(),
            truth,
            spent: spent.get() - before,
        };
        let mut all = self.bench.decided.borrow_mut();
        if all.len() >= REMEMBERED {
            all.drain(..REMEMBERED / 2);
        }
        all.push(decided);
        truth
    }

    fn worked_out_everywhere(
        &self,
        point: &Assignment,
        letters: &[SymbolId],
        part: &Prop,
        read: &RefCell<Givens>,
    ) -> Truth {
        let arena = self.bench.arena;
        let symbols = arena.reachable(&part.expressions());
        let symbols = symbols
            .into_iter()
            .filter(|&part| matches!(arena.node(part), Node::Symbol { symbol, .. } if letters.contains(symbol)));
        let symbols: Vec<Expr> = symbols.collect();
        let is_of_one = match &symbols[..] {
            [] => return self.premise(&mut point.clone(), part, &mut read.borrow_mut()),
            [letter] => arena.shape(*letter).is_scalar() || self.is_of_one_row(point, &symbols, part),
            [_, _, ..] => self.is_of_one_row(point, &symbols, part),
        };
        let (letters, looks_at_edges) = (&symbols[..], !is_closed(part));
        let decided = |unknown| Line { question: self, point, letters, unknown, looks_at_edges, read }.decide(part);
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

/// A function of the letter.
type Quotient = <Quotients as Field>::Element;

/// A statement about the whole line, in one unknown.
struct Line<'a> {
    question: &'a Question<'a>,
    point: &'a Assignment,
    /// The letter that runs over the line, and others that are 0.
    letters: &'a [Expr],
    unknown: Unknown,
    /// Whether the values of the letter between the pieces of the line are looked at besides.
    looks_at_edges: bool,
    /// The givens that were read.
    read: &'a RefCell<Givens>,
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
                match all {
                    Truth::Undefined => return Truth::Unknown,
                    Truth::False => return Truth::False,
                    // What cannot be told at an edge may be told between the edges.
                    Truth::True | Truth::Agrees | Truth::Vacuous | Truth::Unknown => {}
                }
                edges = field.into_edges().iter().fold(edges, |edges, edge| joined(&edges, edge));
            }
            if edges.degree() == before {
                return match all {
                    Truth::Unknown => Truth::Unknown,
                    _ if self.looks_at_edges => all.and(self.at_edges(&edges, prop)),
                    _ => all,
                };
            }
        }
        Truth::Unknown
    }

    fn near(&self, field: &Quotients, prop: &Prop) -> Truth {
        let inner = |part: &Prop| self.near(field, part);
        match prop {
            Prop::Compare(how, left, right) => match (self.value(field, *left), self.value(field, *right)) {
                (Some(left), Some(right)) if self.looks_at_edges => between_edges(field, *how, &left, &right),
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

    fn value(&self, field: &Quotients, side: Expr) -> Option<Tensor<Quotient>> {
        let bench = self.question.bench;
        bench.spent.set(bench.spent.get() + DEARNESS * (1 + bench.arena.reachable(&[side]).len() as u64));
        let letter = |at: usize| if at == 0 { field.letter() } else { field.integer(0) };
        let changes: Vec<_> = self.letters.iter().enumerate().map(|(at, &symbol)| (symbol, letter(at))).collect();
        evaluate_with(bench.arena, bench.model, self.point, field, &changes, side, &mut self.read.borrow_mut()).ok()
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
            self.question.truth(&mut point, &Rationals, prop, &mut self.read.borrow_mut())
        };
        let truths = roots.iter().map(|root| match (self.unknown, root.exact()) {
            (Unknown::Letter, Some(root)) => at(root),
            (Unknown::Letter | Unknown::Value(_), _) => Truth::Unknown,
        });
        truths.fold(Truth::Vacuous, Truth::and)
    }
}

/// Whether a comparison holds all over a piece of the line, where its ends are looked at besides: sides that are not the
/// same function meet at ends alone.
fn between_edges(field: &Quotients, how: Comparison, left: &Tensor<Quotient>, right: &Tensor<Quotient>) -> Truth {
    let compared = |how| tensors(field, how, left, right, None);
    match how {
        Comparison::Less if left.entries().len() == 1 && right.entries().len() == 1 => {
            compared(Comparison::LessEqual).and(compared(Comparison::Equal).not())
        }
        Comparison::NotEqual => compared(Comparison::Equal).not(),
        Comparison::Less | Comparison::LessEqual | Comparison::Equal | Comparison::Approximately => compared(how),
    }
}

/// Whether a statement that holds on both sides of an edge holds there too: comparisons of continuous sides, of which
/// strict ones are certain of their own.
fn is_closed(prop: &Prop) -> bool {
    prop.comparisons().is_some()
}

/// A polynomial with the roots of both, each once.
fn joined(edges: &Polynomial, edge: &Polynomial) -> Polynomial {
    let edge = edge.square_free();
    let common = edges.gcd(&edge);
    edge.div_rem(&common).map_or_else(|| edges.clone(), |(further, _)| edges * &further)
}

//! Equations that bind functions on a part of the numbers alone: `f(z) = g(z) \quad \forall z \ge 0`, `\forall z \in \mathbb{N}`,
//! `f(z^2) = g(z^2) \quad \forall z`.
//!
//! Two polynomials that agree on such a part agree everywhere, and so do most curves. So functions that meet the equation
//! are bent (`numeric/bent.rs`): a smooth term is added that vanishes on one side of a number, or outside of a window.
//! Where the equation still holds with the term, the claim must hold with it too.

use std::collections::BTreeSet;

use crate::expr::{Arena, Comparison, Expr, Function, Node, Prop, SymbolId, SymbolKind};
use crate::model::Model;
use crate::number::rational::{integer, to_f64};
use crate::number::{Random, Rational};
use crate::numeric::{Assignment, Bent, Floats, Givens, Rationals, Witness};
use crate::proof::refute::reals::functions_in;
use crate::proof::refute::truth::{Question, Truth};
use crate::proof::refute::{Hunt, premise, show};

/// Around how many numbers functions are bent.
const MAX_MARKS: usize = 8;

/// Windows are not laid further out.
const FAR: i64 = 1_000_000;

/// At how many points.
const ROUNDS: usize = 4;

/// How many numbers that a function takes have a turn.
const MAX_SLOTS: usize = 2;

/// More functions are not bent two at a time.
const MAX_PAIRED: usize = 5;

/// Functions that equations bind on a part of the numbers alone, in a claim or in what bears on it.
pub(super) struct BoundInPart {
    functions: BTreeSet<SymbolId>,
    /// The numbers that stand in the claim and in the equations.
    numbers: BTreeSet<Rational>,
}

/// What bent functions say of a claim.
pub(super) enum Beyond {
    /// The claim fails at this point.
    Fails(Assignment),
    /// Some function was bent nowhere so that the equations and the claim hold.
    Unknown,
}

/// The functions that equations bind on a part of the numbers alone, where there are any.
pub(super) fn bound_in_part(arena: &Arena, model: &Model, premises: &[Prop], claim: &Prop) -> Option<BoundInPart> {
    let mut laws = Vec::new();
    premises.iter().chain([claim]).for_each(|prop| add_laws(prop, &mut laws));
    laws.retain(|law| law.is_of_a_part(arena, model));
    let functions: BTreeSet<SymbolId> = laws.iter().flat_map(|law| functions_in(arena, model, law.said)).collect();
    let exprs: Vec<Expr> = premises.iter().chain([claim]).flat_map(Prop::expressions).collect();
    let numbers = arena.reachable(&exprs).into_iter().filter_map(|part| arena.as_number(part).cloned()).collect();
    (!functions.is_empty()).then_some(BoundInPart { functions, numbers })
}

/// What is said for all values of some letters, as far as a range goes.
struct Law<'a> {
    letters: &'a [SymbolId],
    range: Option<&'a Prop>,
    said: &'a Prop,
}

/// Adds what a statement says, or supposes, for all values of letters.
fn add_laws<'a>(prop: &'a Prop, laws: &mut Vec<Law<'a>>) {
    match prop {
        Prop::ForAll(letters, inner) => laws.push(match &**inner {
            Prop::Implies(range, said) => Law { letters, range: Some(range), said },
            said => Law { letters, range: None, said },
        }),
        Prop::And(parts) | Prop::Or(parts) => parts.iter().for_each(|part| add_laws(part, laws)),
        Prop::Not(part) => add_laws(part, laws),
        Prop::Implies(one, other) | Prop::Iff(one, other) => {
            [one, other].into_iter().for_each(|part| add_laws(part, laws))
        }
        Prop::Compare(..) | Prop::Integer(_) | Prop::Proportional { .. } => {}
    }
}

impl Law<'_> {
    /// Whether this is an equation of functions whose arguments do not take all values.
    fn is_of_a_part(&self, arena: &Arena, model: &Model) -> bool {
        let is_real = |letter: &SymbolId| arena.kind(*letter) == SymbolKind::Real;
        let (reals, counting): (Vec<SymbolId>, Vec<SymbolId>) = self.letters.iter().copied().partition(is_real);
        let has = |exprs: &[Expr], letters: &[SymbolId]| {
            let mut parts = arena.reachable(exprs).into_iter();
            parts.any(|part| matches!(arena.node(part), Node::Symbol { symbol, .. } if letters.contains(symbol)))
        };
        let comparisons = self.said.comparisons().unwrap_or_default();
        let is_equation = comparisons.iter().any(|(how, ..)| *how == Comparison::Equal);
        if !is_equation || functions_in(arena, model, self.said).is_empty() {
            return false;
        }
        if self.range.is_some_and(|range| has(&range.expressions(), &reals)) {
            return true;
        }
        arena.reachable(&self.said.expressions()).into_iter().any(|part| {
            let Node::Call { function: Function::Declared { .. }, args, .. } = arena.node(part) else { return false };
            let moved: Vec<bool> = args.iter().map(|&arg| has(&[arg], self.letters)).collect();
            let shared = reals.iter().any(|&letter| args.iter().filter(|&&arg| has(&[arg], &[letter])).count() > 1);
            let takes_all = |(&arg, &is_moved): (&Expr, &bool)| !is_moved || takes_all_values(arena, arg, &reals);
            has(args, &counting)
                || shared
                || moved.contains(&true) && moved.contains(&false)
                || !args.iter().zip(&moved).all(takes_all)
        })
    }
}

/// Whether an expression takes every value while the letters run over the line: a letter, or a multiple of it with
/// something added.
fn takes_all_values(arena: &Arena, expr: Expr, letters: &[SymbolId]) -> bool {
    let is_moved = |part: &Expr| {
        let mut parts = arena.reachable(&[*part]).into_iter();
        parts.any(|part| matches!(arena.node(part), Node::Symbol { symbol, .. } if letters.contains(symbol)))
    };
    match arena.node(expr) {
        Node::Symbol { symbol, .. } => letters.contains(symbol),
        Node::Sum(parts) | Node::Product(parts) => {
            let moved: Vec<Expr> = parts.iter().copied().filter(is_moved).collect();
            moved.len() == 1 && takes_all_values(arena, moved[0], letters)
        }
        Node::Power(base, exponent) => {
            arena.as_integer(*exponent).is_some_and(|exponent| exponent > 0 && exponent % 2 == 1)
                && takes_all_values(arena, *base, letters)
        }
        _ => false,
    }
}

impl BoundInPart {
    /// Bends the functions at points at which the premises hold; `None` where the claim holds with each of them bent.
    pub(super) fn beyond(&self, hunt: &Hunt<'_>) -> Option<Beyond> {
        // What was spent on other points leaves these as many steps as before.
        let bench = hunt.bench.apart(hunt.bench.most);
        let hunt = Hunt { bench: &bench, ..*hunt };
        let mut random = Random::new(0xbe27);
        let mut open = self.functions.clone();
        for round in 0..ROUNDS {
            let Some(mut point) = self.point(&hunt, round, &mut random) else { continue };
            let question = hunt.question(&point);
            let marks = self.marks(&hunt, &question, &mut point);
            for above in vanishing_in_part(&marks) {
                for (functions, slot) in self.choices(&hunt) {
                    if bench.is_exhausted() {
                        return Some(Beyond::Unknown);
                    }
                    let mut bent = bent(&point, &functions, slot, &above);
                    match truth_where_allowed(&hunt, &question, &mut bent) {
                        Truth::False if hunt.others.allow(&hunt, &bent) => return Some(Beyond::Fails(bent)),
                        Truth::True | Truth::Agrees => open.retain(|own| !functions.contains(own)),
                        Truth::False | Truth::Unknown | Truth::Undefined | Truth::Vacuous => {}
                    }
                }
            }
        }
        (!open.is_empty()).then_some(Beyond::Unknown)
    }

    /// Which functions are bent together, and in which of their numbers: each alone, and any two, for one equation may bind
    /// both everywhere while another binds one of them on a part.
    fn choices(&self, hunt: &Hunt<'_>) -> Vec<(Vec<SymbolId>, usize)> {
        let (arena, model) = (hunt.bench.arena, hunt.bench.model);
        let all: Vec<SymbolId> = self.functions.iter().copied().collect();
        let pairs = all.iter().enumerate().flat_map(|(at, &one)| all[..at].iter().map(move |&other| vec![one, other]));
        let n_pairs = if all.len() > MAX_PAIRED { 0 } else { usize::MAX };
        let groups: Vec<Vec<SymbolId>> = all.iter().map(|&own| vec![own]).chain(pairs.take(n_pairs)).collect();
        let n_numbers = |own: &SymbolId| show::arity(arena, model, *own).unwrap_or(1).min(MAX_SLOTS);
        let slots = |group: &[SymbolId]| group.iter().map(n_numbers).min().unwrap_or(0);
        groups.into_iter().flat_map(|group| (0..slots(&group)).map(move |slot| (group.clone(), slot))).collect()
    }

    /// A plain point at which the premises hold, with one simple function for all that are bound where that serves.
    fn point(&self, hunt: &Hunt<'_>, round: usize, random: &mut Random) -> Option<Assignment> {
        let small = &hunt.samples.small;
        let tuple = small.get(round * round % small.len().max(1))?;
        let mut point = hunt.samples.plain_point(hunt.subject, tuple, round);
        let simple = [Witness::monomial(2), Witness::monomial(1), Witness::monomial(3), Witness::Terms(Vec::new())];
        let simple = &simple[round % simple.len()];
        point.functions.extend(self.functions.iter().map(|&own| (own, simple.clone())));
        let question = hunt.question(&point);
        premise::establish(&question, &hunt.subject.premises, &mut point, random).then_some(point)
    }

    /// The numbers in the claim and the equations, and those that the claim reads at a point, 0 and its neighbours first.
    fn marks(&self, hunt: &Hunt<'_>, question: &Question<'_>, point: &mut Assignment) -> Vec<Rational> {
        let mut read = Givens::new();
        question.truth(point, &Floats, hunt.claim, &mut read);
        let values = read.values().filter_map(|value| value.as_scalar().cloned());
        let mut marks = [0, 1, -1].map(integer).to_vec();
        for mark in values.chain(self.numbers.iter().cloned()) {
            if !marks.contains(&mark) && marks.len() < MAX_MARKS {
                marks.push(mark);
            }
        }
        marks
    }
}

/// A point with these functions bent.
fn bent(point: &Assignment, functions: &[SymbolId], slot: usize, above: &[Rational]) -> Assignment {
    let mut bent = point.clone();
    for function in functions {
        if let Some(base) = bent.functions.get(function).cloned() {
            let changed = Bent { base, slot, above: above.to_vec() };
            bent.functions.insert(*function, Witness::Bent(Box::new(changed)));
        }
    }
    bent
}

/// Whether the claim holds at a point, where the premises do.
fn truth_where_allowed(hunt: &Hunt<'_>, question: &Question<'_>, point: &mut Assignment) -> Truth {
    let mut read = Givens::new();
    // Most terms do not vanish where they should: fractions and floats tell, at little cost.
    let premises = &hunt.subject.premises;
    if premises.iter().any(|prop| question.looks_false(point, prop)) {
        return Truth::Vacuous;
    }
    if question.truth(point, &Rationals, hunt.claim, &mut read) == Truth::Vacuous {
        return Truth::Vacuous;
    }
    if !premises.iter().all(|prop| question.holds(point, prop, &mut read)) {
        return Truth::Vacuous;
    }
    question.decide(point, hunt.claim, &mut read).truth
}

/// Polynomials that are above 0 on one side of a number alone, of one of these or halfway between two of them, or between
/// the whole numbers around one of them. So between an argument and the end of a range lies a number at which to begin.
fn vanishing_in_part(marks: &[Rational]) -> Vec<Vec<Rational>> {
    let half = |sum: Rational| sum / integer(2);
    let halfway = marks.iter().enumerate().flat_map(|(at, one)| marks[..at].iter().map(move |other| half(one + other)));
    let ends: BTreeSet<Rational> = marks.iter().cloned().chain(halfway).collect();
    let lows: BTreeSet<i64> = marks.iter().map(|mark| to_f64(mark).floor() as i64).collect();
    let sides = ends.into_iter().flat_map(|end| [vec![-&end, Rational::ONE], vec![end, Rational::NEG_ONE]]);
    let window = |low: i64| [-low * (low + 1), 2 * low + 1, -1].map(integer).to_vec();
    sides.chain(lows.into_iter().filter(|low| low.abs() < FAR).map(window)).collect()
}

//! Where claims are likely to fail: conditions that are made to hold at some of the points besides the premises.

use std::collections::BTreeSet;

use crate::calculus::Structure;
use crate::expr::{
    Arena, Comparison, Elementary, Expr, Function, Node, Prop, Shape, Slot, Substitution, SymbolKind, Tensor,
};
use crate::model::{Argument, Model};
use crate::number::Rational;
use crate::numeric::{Assignment, Rationals, evaluate};
use crate::proof::subject::Subject;

/// The conditions to lean on, one after the other: premises that hold, conclusions that do not, a state at rest.
pub(super) fn leanings(arena: &mut Arena, claim: &Prop, premises: &[Prop], rest: Option<Vec<Prop>>) -> Vec<Vec<Prop>> {
    let not = |prop: &Prop| vec![Prop::Not(Box::new(prop.clone()))];
    let mut found = match claim {
        Prop::Implies(premise, conclusion) => vec![not(conclusion), vec![(**premise).clone()]],
        Prop::Iff(a, b) => vec![not(b), vec![(**a).clone()], not(a), vec![(**b).clone()]],
        Prop::Compare(..)
        | Prop::Integer(_)
        | Prop::And(_)
        | Prop::Or(_)
        | Prop::Not(_)
        | Prop::ForAll(..)
        | Prop::Proportional { .. } => Vec::new(),
    };
    let premises = premises.iter().filter(|premise| end(premise).is_some()).take(MAX_ENDS);
    let ends: Vec<Prop> = premises.flat_map(|premise| ends(arena, premise)).collect();
    if let Some(rest) = rest {
        // Most points are not at rest.
        found.extend([Vec::new(), Vec::new(), rest.clone()]);
        // The end first: what rests is solved for the members of families.
        found.extend(ends.iter().map(|end| [std::slice::from_ref(end), &rest[..]].concat()));
    }
    found.extend(ends.into_iter().map(|end| vec![end]));
    found
}

/// The ends of the ranges of letters and last times in a statement of order: a state may fail at its start alone,
/// whatever steps lead on from there.
pub(super) fn at_ends(arena: &Arena, claim: &Prop, subject: &Subject) -> Vec<Vec<Prop>> {
    if !matches!(claim, Prop::Compare(Comparison::Less | Comparison::LessEqual, ..)) {
        return Vec::new();
    }
    let is_size =
        |part: Expr| matches!(arena.node(part), Node::Symbol { symbol, .. } if subject.sizes.contains(symbol));
    let is_of_size = |end: &Prop| arena.reachable(&end.expressions()).into_iter().any(is_size);
    let mut ends: Vec<Prop> = subject.on_integers.iter().filter_map(end).filter(|end| !is_of_size(end)).collect();
    let mut seen = BTreeSet::new();
    ends.retain(|end| seen.insert(end.expressions()));
    ends.into_iter().take(MAX_ENDS).map(|end| vec![end]).collect()
}

/// What is just not strictly above the threshold of a conclusion lies on it: there, and with a state at rest besides.
pub(super) fn at_threshold(claim: &Prop, rest: Option<&Vec<Prop>>) -> Vec<Vec<Prop>> {
    let Some(end) = conclusion_of(claim).and_then(threshold) else { return Vec::new() };
    let alone = vec![end.clone()];
    rest.map(|rest| [&alone[..], rest].concat()).into_iter().chain([alone.clone()]).collect()
}

fn conclusion_of(claim: &Prop) -> Option<&Prop> {
    match claim {
        Prop::Implies(_, conclusion) | Prop::Iff(_, conclusion) => Some(conclusion),
        Prop::Compare(..)
        | Prop::Integer(_)
        | Prop::And(_)
        | Prop::Or(_)
        | Prop::Not(_)
        | Prop::ForAll(..)
        | Prop::Proportional { .. } => None,
    }
}

/// That the sides of a strict inequality are equal.
fn threshold(prop: &Prop) -> Option<Prop> {
    prop.sides(Comparison::Less).map(|(left, right)| Prop::equal(left, right))
}

/// How many premises are leaned on at their ends.
const MAX_ENDS: usize = 2;

/// That a premise which may hold with equality does.
fn end(premise: &Prop) -> Option<Prop> {
    premise.sides(Comparison::LessEqual).map(|(left, right)| Prop::equal(left, right))
}

/// The ends of a premise, those of `|a| \le c` on either side.
fn ends(arena: &mut Arena, premise: &Prop) -> Vec<Prop> {
    let Some((left, right)) = premise.sides(Comparison::LessEqual) else { return Vec::new() };
    match arena.node(left) {
        Node::Call { function: Function::Elementary(Elementary::Abs), args, .. } => {
            let within = args[0];
            let opposite = arena.negate(right);
            vec![Prop::equal(within, right), Prop::equal(within, opposite)]
        }
        _ => vec![Prop::equal(left, right)],
    }
}

/// The numbers at which premises of order begin and end, and their opposites.
pub(super) fn numbers_at_ends(arena: &Arena, premises: &[Prop]) -> Vec<Rational> {
    let bounds = premises.iter().filter_map(|premise| premise.sides(Comparison::LessEqual));
    let numbers = bounds.flat_map(|(low, high)| [low, high]).filter_map(|side| arena.as_number(side).cloned());
    let mut all: Vec<Rational> = numbers.flat_map(|number| [number.clone(), -number]).collect();
    all.sort();
    all.dedup();
    all
}

/// That a given matrix whose spectral radius is read is the one of two rows with nothing but a 1 beside its diagonal:
/// the radius is 0 and no norm is. Singular values are exact at this size.
pub(super) fn nilpotent(arena: &mut Arena, model: &Model, claim: &Prop) -> Vec<Vec<Prop>> {
    let parts = arena.reachable(&claim.expressions());
    let of_radius = |part: Expr| match arena.node(part) {
        Node::Tensor { op: Tensor::SpectralRadius, args } => args.first().copied(),
        _ => None,
    };
    let is_given =
        |matrix: &Expr| matches!(arena.node(*matrix), Node::Symbol { symbol, .. } if !model.is_defined(*symbol));
    let exponents: Vec<Expr> = parts.iter().filter_map(|&part| exponent_of_radius(arena, part)).collect();
    let matrices: Vec<Expr> = parts.into_iter().filter_map(of_radius).filter(is_given).collect();
    let mut found = Vec::new();
    for matrix in matrices {
        let Shape::Matrix(size, _) = arena.shape(matrix) else { continue };
        let (zero, one, two) = (arena.zero(), arena.one(), arena.integer(2));
        let shape = Shape::Matrix(two, two);
        let block = arena.literal(shape, vec![zero, one, zero, zero]);
        // Two steps lead nowhere.
        let once = exponents.iter().map(|&exponent| Prop::equal(exponent, one));
        found.push([Prop::equal(size, two), Prop::equal(matrix, block)].into_iter().chain(once).collect());
    }
    found
}

/// The exponent of a power of a spectral radius, where it is no number.
fn exponent_of_radius(arena: &Arena, power: Expr) -> Option<Expr> {
    let Node::Power(base, exponent) = *arena.node(power) else { return None };
    let is_radius = |part: Expr| matches!(arena.node(part), Node::Tensor { op: Tensor::SpectralRadius, .. });
    let has_radius = arena.reachable(&[base]).into_iter().any(is_radius);
    (has_radius && arena.as_number(exponent).is_none()).then_some(exponent)
}

/// That a state whose definition calls a known function is where the argument of the call is 0, at every step.
///
/// Slopes are exact there, and the largest that a sigmoid has.
pub(super) fn rest(arena: &mut Arena, model: &Model, structure: &Structure, subject: &Subject) -> Option<Vec<Prop>> {
    let state = structure
        .states
        .iter()
        .copied()
        .find(|state| structure.chains.contains(state) && subject.reads.contains(state))?;
    let definition =
        model.definitions_of(state).find(|definition| matches!(definition.indices[..], [Argument::Letter(_)]))?;
    let [Argument::Letter(letter)] = definition.indices[..] else { return None };
    let zero = arena.zero();
    let whole = known_call(arena, model, definition.body);
    let inside = || arena.reachable(&[definition.body]).into_iter().find_map(|part| known_call(arena, model, part));
    let (function, argument) = whole.clone().or_else(inside)?;
    let value = arena.call(function, Vec::<Slot>::new(), vec![zero]);
    let value = evaluate(arena, model, &Assignment::default(), &Rationals, value).ok()?;
    let value = arena.number(value.as_scalar()?.clone());
    let start = structure.start_of(arena, state)?;
    let start = arena.member(state, vec![start]);
    let bound = arena.intern("\u{a7}rest", SymbolKind::Integer);
    let map = Substitution::from([(arena.symbol(letter), arena.symbol(bound))]);
    let argument = arena.substitute(argument, &map);
    let range: Vec<Prop> =
        definition.range.iter().map(|prop| prop.map(&mut |expr| arena.substitute(expr, &map))).collect();
    let stays = Prop::Implies(Box::new(Prop::And(range)), Box::new(Prop::equal(argument, zero)));
    let all = Prop::ForAll(vec![bound], Box::new(stays));
    // Where the call is a part of the definition the state need not stay where it is.
    Some(if whole.is_some() { vec![Prop::equal(start, value), all] } else { vec![all] })
}

/// The function and the argument of a call of a function of one number that is known.
fn known_call(arena: &Arena, model: &Model, expr: Expr) -> Option<(Function, Expr)> {
    let Node::Call { function, slots, args } = arena.node(expr) else { return None };
    let known = match function {
        Function::Elementary(_) => true,
        Function::Declared { symbol, .. } => model.functions.contains_key(symbol),
    };
    let ([argument], true, true) = (&args[..], known, slots.is_empty()) else { return None };
    Some((function.clone(), *argument))
}

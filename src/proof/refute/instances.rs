//! Limits where the givens have certain values: there the prover finds where a sequence goes.
//!
//! The values are those of points at which all premises hold; members of a family do not change with their index. A claim
//! is refuted where the limit that is proved for such values, or that there is none, is not what it says.

use std::collections::BTreeMap;

use crate::calculus::Structure;
use crate::expr::{Arena, Comparison, Expr, Node, Prop, Shape, SymbolId, SymbolKind};
use crate::model::{FunctionBody, Model};
use crate::number::rational::integer;
use crate::number::{Random, Rational};
use crate::numeric::{Assignment, Enclosures, Error, Givens, Tensor, Witness};
use crate::proof::bounds::{self, Found};
use crate::proof::context::Context;
use crate::proof::refute::bench::Bench;
use crate::proof::refute::extremes::written;
use crate::proof::refute::samples::Samples;
use crate::proof::refute::starts::Starts;
use crate::proof::refute::truth::{BITS, Question};
use crate::proof::refute::{Sought, beyond, leaning, limits, premise, show};
use crate::proof::subject::Subject;
use crate::proof::{Counterexample, Effort, throughout};

/// At how many points a limit is looked for.
const POINTS: usize = 96;

/// Up to which index premises are made to hold: members of families are alike, so what holds there holds later.
const NEAR: i64 = 5;

/// A point with the givens that are read there, and the side that is no limit.
struct Instance {
    point: Assignment,
    read: Givens,
    claimed: Found,
}

/// One way in which a claim speaks of a limit.
pub(super) struct Direction {
    /// What is supposed besides the conditions.
    premise: Option<Prop>,
    /// `limit = value`.
    pub equation: Prop,
    /// Whether the claim fails where this holds, and not where it does not.
    fails_where_equal: bool,
}

/// The ways in which a claim fails by one limit: it is not what a conclusion says, or what a premise says where the
/// conclusion fails.
pub(super) fn directions(arena: &Arena, claim: &Prop) -> Vec<Direction> {
    match claim {
        Prop::Compare(..) => from_to(arena, None, claim).into_iter().collect(),
        Prop::Implies(premise, conclusion) => both_ways(arena, premise, conclusion),
        Prop::Iff(one, other) => {
            [both_ways(arena, one, other), both_ways(arena, other, one)].into_iter().flatten().collect()
        }
        Prop::Integer(_) | Prop::And(_) | Prop::Or(_) | Prop::Not(_) | Prop::ForAll(..) | Prop::Proportional { .. } => {
            Vec::new()
        }
    }
}

fn both_ways(arena: &Arena, premise: &Prop, conclusion: &Prop) -> Vec<Direction> {
    let denied = Prop::Not(Box::new(conclusion.clone()));
    let back = from_to(arena, Some(denied), premise).map(|back| Direction { fails_where_equal: true, ..back });
    from_to(arena, Some(premise.clone()), conclusion).into_iter().chain(back).collect()
}

/// From a premise that speaks of no limit to an equation with one.
fn from_to(arena: &Arena, premise: Option<Prop>, equation: &Prop) -> Option<Direction> {
    let (left, right) = equation.sides(Comparison::Equal)?;
    let is_limit = |side: &Expr| matches!(arena.node(*side), Node::Limit { integer: true, .. });
    let is_plain = premise.as_ref().is_none_or(|premise| !limits::speaks_of_limits(arena, premise));
    let is_one = is_limit(&left) != is_limit(&right);
    (is_one && is_plain).then(|| Direction { premise, equation: equation.clone(), fails_where_equal: false })
}

/// A counterexample to one direction of a claim; `defined` reads all that its equation does.
pub(super) fn fails(
    arena: &mut Arena,
    sought: Sought<'_>,
    direction: &Direction,
    defined: &Prop,
) -> Option<Counterexample> {
    let Sought { model, structure, conditions, effort, .. } = sought;
    let Direction { premise, equation, fails_where_equal } = direction;
    let (left, right) = equation.sides(Comparison::Equal)?;
    let on_left = matches!(arena.node(left), Node::Limit { .. });
    let (limit, other) = if on_left { (left, right) } else { (right, left) };
    let conditions: Vec<Prop> = conditions.iter().chain(premise).cloned().collect();
    let subject = Subject::new(arena, model, structure, equation, &conditions);
    if !subject.families.is_empty() {
        return None;
    }
    let rest = leaning::rest(arena, model, structure, &subject);
    let infinite = infinite(arena, other);
    let leanings = leaning::leanings(arena, equation, &subject.premises, rest);
    // What states satisfy at all times is no more than likely where the first of them do.
    let beyond: Vec<Prop> =
        subject.premises.iter().filter(|premise| beyond::says_more(arena, model, premise)).cloned().collect();
    let read = Prop::And(std::iter::once(defined).chain(premise).cloned().collect());
    let instances = instances(arena, model, structure, &subject, (&read, other, infinite), &leanings, effort);
    instances.into_iter().find_map(|Instance { point, read, claimed }| {
        let values = values(arena, model, &subject, &point, &read)?;
        let found = if subject.functions.is_empty() {
            limit_at(arena, model, structure, &values, limit)?
        } else {
            let model = &with_lines(arena, model, &subject, &point)?;
            let structure = &Structure::new(arena, model);
            limit_at(arena, model, structure, &values, limit)?
        };
        if !(if *fails_where_equal { found.is_exactly(&claimed) } else { found.differs(&claimed) }) {
            return None;
        }
        let lines = with_lines(arena, model, &subject, &point)?;
        if !beyond.is_empty() && !throughout::hold(arena, &lines, &beyond, &values) {
            return None;
        }
        let (found, claimed) = (written(&found), written(&claimed));
        let (left, right) = if on_left { (found, claimed) } else { (claimed, found) };
        let found = show::Found::along(point, read, left, right);
        Some(show::counterexample(arena, model, &subject, found))
    })
}

fn limit_at(arena: &mut Arena, model: &Model, structure: &Structure, values: &[Prop], limit: Expr) -> Option<Found> {
    let context = Context::new(arena, model, structure, values, &[limit]);
    bounds::limit(arena, model, structure, &context, limit)
}

/// The model with its arbitrary functions as the straight lines that they are at a point; `None` where one is no line.
pub(super) fn with_lines(arena: &mut Arena, model: &Model, subject: &Subject, point: &Assignment) -> Option<Model> {
    let mut model = model.clone();
    for &function in &subject.functions {
        let (constant, slope) = line_of(point.functions.get(&function)?)?;
        let is_plain = model.declarations.get(&function).is_some_and(|own| {
            let arguments = own.signature.as_ref().map(|signature| &signature.arguments[..]);
            own.indices.is_empty() && arguments == Some(&[Shape::Scalar])
        });
        if !is_plain {
            return None;
        }
        let parameter = arena.intern("\u{a7}argument", SymbolKind::Real);
        let argument = arena.symbol(parameter);
        let (constant, slope) = (arena.number(constant), arena.number(slope));
        let line = arena.product([slope, argument]);
        let body = arena.sum([constant, line]);
        model.functions.insert(function, FunctionBody::Expression { parameters: vec![parameter], body });
    }
    Some(model)
}

/// The constant and the slope of a straight line.
fn line_of(witness: &Witness) -> Option<(Rational, Rational)> {
    match witness {
        Witness::Polynomial(coefficients) => match &coefficients[..] {
            [constant, slope] => Some((constant.clone(), slope.clone())),
            _ => None,
        },
        Witness::Curved(curved) if curved.is_affine() => Some((curved.offset.clone(), curved.tilt.clone())),
        _ => None,
    }
}

/// Slopes of the lines that functions are at first: where one is too steep for the premises, it becomes as steep as they
/// allow.
const SLOPES: [i64; 3] = [1, 0, 1_000];

/// Infinity as an end; `None` of a number.
fn infinite(arena: &mut Arena, side: Expr) -> Option<Found> {
    let infinity = arena.infinity();
    let minus = arena.negate(infinity);
    let negative = side == minus;
    (side == infinity || negative).then_some(Found::Infinite { negative })
}

/// Points at which the premises hold, some of them at their ends, or with a state at rest.
fn instances(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    subject: &Subject,
    (defined, other, infinite): (&Prop, Expr, Option<Found>),
    leanings: &[Vec<Prop>],
    effort: Effort,
) -> Vec<Instance> {
    let starts = Starts::new(arena, model, structure);
    let samples = Samples::new(arena, model, subject, defined, effort.seed);
    let bench = Bench::new(arena, model, &starts, effort.steps);
    let question = Question { bench: &bench, tolerance: None, window: (-1, NEAR), limits: None, bits: BITS };
    let mut random = Random::new(effort.seed ^ 0x1175);
    let mut found = Vec::new();
    if samples.is_empty() {
        return found;
    }
    let roots: Vec<Expr> = defined.expressions();
    let n_leanings = leanings.len() + 1;
    for number in 0..POINTS {
        // Every leaning meets every steep parameter before the next number has its turn.
        let leaning = leanings.get(number % n_leanings).map(Vec::as_slice).unwrap_or_default();
        let mut point = samples.uniform_point(subject, number, number / n_leanings);
        let line = Witness::Polynomial(vec![Rational::ZERO, integer(SLOPES[number % SLOPES.len()])]);
        point.functions.extend(subject.functions.iter().map(|&function| (function, line.clone())));
        let premises = [&subject.premises, leaning].concat();
        if !premise::establish(&question, &premises, &mut point, &mut random) {
            continue;
        }
        let mut read = Givens::new();
        let values = bench.values(&point, &Enclosures { bits: 96 }, &roots, &mut read);
        // Where a part has no value the claim says nothing: `x / x` at 0.
        if values.iter().any(|value| matches!(value, Err(Error::Undefined(_)))) {
            continue;
        }
        let claimed = infinite.clone().or_else(|| {
            let value = bench.values(&point, &Enclosures { bits: 96 }, &[other], &mut read).pop()?.ok()?;
            let value = value.as_scalar()?.clone();
            let exact = value.low().filter(|_| value.is_point());
            Some(Found::Number(value, exact))
        });
        found.extend(claimed.map(|claimed| Instance { point, read, claimed }));
    }
    found
}

/// That the givens are what they are at a point: letters and numbers one by one, families for every index. `None` where
/// a family has different members or something is no number.
fn values(arena: &mut Arena, model: &Model, subject: &Subject, point: &Assignment, read: &Givens) -> Option<Vec<Prop>> {
    let mut props = Vec::new();
    for (&symbol, &value) in &point.integers {
        if subject.integers.contains(&symbol) {
            let (letter, value) = (arena.symbol(symbol), arena.integer(value));
            props.push(Prop::equal(letter, value));
        }
    }
    let mut families: BTreeMap<SymbolId, Rational> = BTreeMap::new();
    for ((symbol, indices), value) in read {
        let Tensor::Scalar(value) = value else { return None };
        if indices.is_empty() || model.is_defined(*symbol) {
            let at: Vec<Expr> = indices.iter().map(|&index| arena.integer(index)).collect();
            let (member, value) = (arena.member(*symbol, at), arena.number(value.clone()));
            props.push(Prop::equal(member, value));
        } else if indices.len() != 1 || families.entry(*symbol).or_insert_with(|| value.clone()) != value {
            return None;
        }
    }
    let is_alike = |((symbol, _), value): (&(SymbolId, Vec<i64>), &Tensor<Rational>)| {
        families.get(symbol).is_none_or(|own| value.as_scalar() == Some(own))
    };
    if !point.values.iter().all(is_alike) {
        return None;
    }
    for (symbol, value) in families {
        let letter = arena.intern("\u{a7}index", SymbolKind::Integer);
        let index = arena.symbol(letter);
        let (member, value) = (arena.member(symbol, vec![index]), arena.number(value));
        props.push(Prop::ForAll(vec![letter], Box::new(Prop::equal(member, value))));
    }
    let timeless = subject.premises.iter().all(|premise| is_timeless(arena, premise));
    timeless.then_some(props)
}

fn is_integer(arena: &Arena, letter: Expr) -> bool {
    matches!(arena.node(letter), Node::Symbol { symbol, .. } if arena.kind(*symbol) == SymbolKind::Integer)
}

/// Whether a premise says the same at every index where the members of families do not change.
fn is_timeless(arena: &Arena, premise: &Prop) -> bool {
    match premise {
        Prop::ForAll(letters, inner) => {
            let inner = match &**inner {
                Prop::Implies(_, conclusion) => conclusion,
                inner => inner,
            };
            let letters: Vec<Expr> = arena
                .reachable(&inner.expressions())
                .into_iter()
                .filter(|&part| matches!(arena.node(part), Node::Symbol { symbol, .. } if letters.contains(symbol)))
                .filter(|&part| is_integer(arena, part))
                .collect();
            let only_index = |letter: Expr| {
                inner
                    .expressions()
                    .into_iter()
                    .all(|side| limits::only_as_index(arena, side, &|_, part| part == letter))
            };
            letters.into_iter().all(only_index) && is_timeless(arena, inner)
        }
        Prop::Compare(..) | Prop::Integer(_) => true,
        Prop::And(parts) | Prop::Or(parts) => parts.iter().all(|part| is_timeless(arena, part)),
        Prop::Not(part) => is_timeless(arena, part),
        Prop::Implies(a, b) | Prop::Iff(a, b) => is_timeless(arena, a) && is_timeless(arena, b),
        Prop::Proportional { .. } => false,
    }
}

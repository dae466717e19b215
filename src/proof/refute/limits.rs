//! Limits at a point: enclosures of the far end of a sequence or a function, and products of slopes that shrink or grow.
//!
//! A sequence along a recurrence of one state is followed under givens that do not change with the index. Its far end
//! lies in every interval that the recurrence maps into itself once a state lies in it. There the slope of one step is
//! enclosed: below one, a product of slopes goes to 0; above one, it goes to infinity. A function of a real variable is
//! enclosed over the whole half line beyond a bound. What lies outside of such an enclosure is not the limit.

use std::collections::{BTreeMap, BTreeSet};

use crate::calculus::Structure;
use crate::expr::{Arena, Comparison, DerivativeKind, Elementary, Expr, Function, Node, Prop, SymbolId, SymbolKind};
use crate::model::{Argument, Model};
use crate::number::rational::integer;
use crate::number::{Interval, Rational};
use crate::numeric::{Assignment, Enclosures, Givens, Tensor, evaluate_with};
use crate::proof::refute::bench::Bench;
use crate::proof::refute::truth::{BITS, Judge, Truth};

/// The index at which a sequence is taken for its far end.
pub(super) const FAR: i64 = 48;

/// The bounds beyond which a function of a real variable is enclosed.
const BEYOND: [i64; 3] = [16, 1024, 1 << 20];

/// The limits in a claim, with what is needed to enclose them.
#[derive(Debug, Clone, Default)]
pub(super) struct Limits {
    plans: Vec<Plan>,
}

#[derive(Debug, Clone)]
struct Plan {
    limit: Expr,
    course: Course,
}

/// How what has the limit is followed.
#[derive(Debug, Clone)]
enum Course {
    /// Along the recurrence of a state.
    State(Along),
    /// A variable that goes to plus or minus infinity, and the body in terms of it.
    Variable { variable: Expr, down: bool, body: Expr },
}

#[derive(Debug, Clone)]
struct Along {
    /// The state one step before the far end, and at it.
    before: Expr,
    after: Expr,
    /// The slope of the last step.
    slope: Expr,
    /// The body at the far end.
    body: Expr,
    /// Where the body is the derivative of the far state by an early one: the derivative of the state before by it,
    /// and whether the absolute value is taken.
    product: Option<(Expr, bool)>,
    /// Where the body is the derivative of the far state by what does not move with the index: what the last step alone
    /// adds to it, and whether the absolute value is taken.
    gathered: Option<(Expr, bool)>,
}

/// What is known of a side.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Side {
    /// It is this number, as near as the enclosure says.
    Number(Interval),
    /// It is a limit that lies in here, if it exists.
    Within(Interval),
    /// It is plus or minus infinity.
    Infinite { negative: bool },
    /// Its absolute value grows without bound; it is no number.
    Unbounded,
}

impl Side {
    /// The side in words.
    pub(super) fn text(&self, number: impl Fn(&Interval) -> String) -> String {
        match self {
            Side::Number(value) => number(value),
            Side::Within(value) if value.is_point() => number(value),
            Side::Within(value) => match value.to_f64_pair() {
                (low, high) if (high - low).abs() < 1e-9 && high.abs() < 1e-9 => "0".to_owned(),
                (low, high) if (high - low).abs() < 1e-9 => number(value),
                (low, high) if low.is_finite() && high.is_finite() => format!("none, or from {low} to {high}"),
                (low, _) if low.is_finite() => format!("none, or at least {low}"),
                (_, high) if high.is_finite() => format!("none, or at most {high}"),
                _ => "none".to_owned(),
            },
            Side::Infinite { negative: false } => "inf".to_owned(),
            Side::Infinite { negative: true } => "-inf".to_owned(),
            Side::Unbounded => "none".to_owned(),
        }
    }
}

/// Whether a statement speaks of limits, or of bounds over all real numbers.
pub(in crate::proof) fn speaks_of_limits(arena: &Arena, prop: &Prop) -> bool {
    arena.reachable(&prop.expressions()).into_iter().any(|part| {
        matches!(arena.node(part), Node::Limit { .. } | Node::Extremum { range: None, .. } | Node::Infinity)
    })
}

impl Limits {
    pub(super) fn new(arena: &mut Arena, model: &Model, structure: &Structure, claim: &Prop, variable: Expr) -> Limits {
        let mut plans = Vec::new();
        for limit in arena.reachable(&claim.expressions()) {
            if matches!(arena.node(limit), Node::Limit { .. })
                && let Some(course) = course(arena, model, structure, limit, variable)
            {
                plans.push(Plan { limit, course });
            }
        }
        Limits { plans }
    }

    /// Whether there are none that can be followed.
    pub(super) fn is_empty(&self) -> bool {
        self.plans.is_empty()
    }

    /// Whether a side is a limit or infinite, so that it is compared here.
    pub(super) fn are_in(&self, arena: &Arena, expr: Expr) -> bool {
        self.plans.iter().any(|plan| plan.limit == expr) || infinity(arena, expr).is_some()
    }

    /// Whether a comparison holds of two sides, one of which is a limit.
    pub(super) fn compare(
        &self,
        bench: &Bench<'_>,
        point: &Assignment,
        (how, tolerance): (Comparison, Option<&Rational>),
        (left, right): (Expr, Expr),
        read: &mut Givens,
    ) -> Truth {
        let sides = self.side(bench, point, left, read).zip(self.side(bench, point, right, read));
        sides.map_or(Truth::Unknown, |(left, right)| compared((how, tolerance), &left, &right))
    }

    /// What is known of a side at a point.
    pub(super) fn side(&self, bench: &Bench<'_>, point: &Assignment, expr: Expr, read: &mut Givens) -> Option<Side> {
        if let Some(negative) = infinity(bench.arena, expr) {
            return Some(Side::Infinite { negative });
        }
        match self.plans.iter().find(|plan| plan.limit == expr) {
            Some(plan) => match &plan.course {
                Course::State(along) => along.side(bench, point, read),
                Course::Variable { variable, down, body } => {
                    bench.values(point, &Enclosures { bits: BITS }, &[*body], read);
                    read.retain(|(symbol, _), _| !is_symbol(bench.arena, *variable, *symbol));
                    far_values(bench, point, (*variable, *down), *body)
                }
            },
            None => {
                let value = bench.values(point, &Enclosures { bits: BITS }, &[expr], read).pop()?.ok()?;
                value.as_scalar().cloned().map(Side::Number)
            }
        }
    }
}

/// Whether an expression is plus or minus infinity, and which.
fn infinity(arena: &Arena, expr: Expr) -> Option<bool> {
    match arena.node(expr) {
        Node::Infinity => Some(false),
        Node::Product(parts) => match parts[..] {
            [a, b] => {
                let (number, other) = if arena.as_number(a).is_some() { (a, b) } else { (b, a) };
                let is_infinite = matches!(arena.node(other), Node::Infinity);
                arena.as_number(number).filter(|_| is_infinite).map(|number| *number < Rational::ZERO)
            }
            _ => None,
        },
        _ => None,
    }
}

fn compared((how, tolerance): (Comparison, Option<&Rational>), left: &Side, right: &Side) -> Truth {
    match how {
        Comparison::Equal => equal(left, right),
        Comparison::NotEqual => match equal(left, right) {
            Truth::False => Truth::True,
            Truth::True => Truth::False,
            other @ (Truth::Agrees | Truth::Vacuous | Truth::Undefined | Truth::Unknown) => other,
        },
        Comparison::Approximately => match (left, right) {
            (Side::Number(a) | Side::Within(a), Side::Number(b) | Side::Within(b)) => {
                // A limit that lies in an enclosure need not exist.
                let field = Enclosures { bits: BITS };
                if field.judge(how, a, b, tolerance) == Truth::False { Truth::False } else { Truth::Unknown }
            }
            (Side::Infinite { .. }, Side::Number(_)) | (Side::Number(_), Side::Infinite { .. }) => Truth::False,
            _ => Truth::Unknown,
        },
        Comparison::Less | Comparison::LessEqual => match (left, right) {
            (Side::Infinite { negative: false }, Side::Number(_))
            | (Side::Number(_), Side::Infinite { negative: true }) => Truth::False,
            (Side::Infinite { negative: true }, Side::Number(_))
            | (Side::Number(_), Side::Infinite { negative: false }) => Truth::True,
            (Side::Number(a) | Side::Within(a), Side::Number(b) | Side::Within(b)) if b.certainly_less(a) => {
                Truth::False
            }
            _ => Truth::Unknown,
        },
    }
}

fn equal(left: &Side, right: &Side) -> Truth {
    match (left, right) {
        (Side::Infinite { negative: a }, Side::Infinite { negative: b }) => {
            if a == b {
                Truth::True
            } else {
                Truth::False
            }
        }
        (Side::Infinite { negative }, Side::Within(value) | Side::Number(value))
        | (Side::Within(value) | Side::Number(value), Side::Infinite { negative }) => {
            let (low, high) = value.to_f64_pair();
            let bounded = if *negative { low.is_finite() } else { high.is_finite() };
            if bounded { Truth::False } else { Truth::Unknown }
        }
        (Side::Number(a) | Side::Within(a), Side::Number(b) | Side::Within(b)) if a.disjoint(b) => Truth::False,
        (Side::Number(a), Side::Number(b)) if a.is_point() && b.is_point() => Truth::True,
        (Side::Unbounded, Side::Number(_)) | (Side::Number(_), Side::Unbounded) => Truth::False,
        _ => Truth::Unknown,
    }
}

fn course(arena: &mut Arena, model: &Model, structure: &Structure, limit: Expr, variable: Expr) -> Option<Course> {
    let Node::Limit { height, integer, to, .. } = *arena.node(limit) else { return None };
    let negative = infinity(arena, to)?;
    if integer
        && !negative
        && let Some(along) = along(arena, model, structure, limit, height)
    {
        return Some(Course::State(along));
    }
    let body = arena.instantiate(limit, variable)?;
    Some(Course::Variable { variable, down: negative, body })
}

/// A real variable that stands nowhere else.
pub(super) fn fresh(arena: &mut Arena) -> Expr {
    let name = ["z", "x", "u", "v", "y", "s", "r", "q", "p"]
        .into_iter()
        .find(|name| arena.find(name).is_none())
        .unwrap_or("\u{a7}x");
    let symbol = arena.intern(name, SymbolKind::Real);
    arena.symbol(symbol)
}

fn along(arena: &mut Arena, model: &Model, structure: &Structure, limit: Expr, height: u32) -> Option<Along> {
    let Node::Limit { body: open_body, .. } = *arena.node(limit) else { return None };
    let named: BTreeSet<SymbolId> = arena
        .reachable(&[open_body])
        .into_iter()
        .filter_map(|part| match arena.node(part) {
            Node::Symbol { symbol, .. } if model.is_defined(*symbol) => Some(*symbol),
            _ => None,
        })
        .collect();
    let only: Vec<SymbolId> = named.intersection(&structure.states).copied().collect();
    let state = match only[..] {
        [state] if structure.chains.contains(&state) && !structure.runs_back(state) => state,
        _ => return None,
    };
    let is_index = |arena: &Arena, part: Expr| matches!(arena.node(part), Node::Bound(own) if *own == height);
    if !only_as_index(arena, open_body, &is_index)
        || !model.definitions.iter().all(|definition| is_timeless(arena, definition))
    {
        return None;
    }
    let (far, earlier) = (arena.integer(FAR), arena.integer(FAR - 1));
    let (after, before) = (arena.member(state, vec![far]), arena.member(state, vec![earlier]));
    let slope = arena.derivative(DerivativeKind::Total, after, before);
    let body = arena.instantiate(limit, far)?;
    let (inner, absolute) = match arena.node(body) {
        Node::Call { function: Function::Elementary(Elementary::Abs), args, slots } if slots.is_empty() => {
            (args[0], true)
        }
        _ => (body, false),
    };
    let product = match *arena.node(inner) {
        Node::Derivative { kind: DerivativeKind::Total, of, by, .. } if of == after && early(arena, state, by) => {
            Some((arena.derivative(DerivativeKind::Total, before, by), absolute))
        }
        _ => None,
    };
    let gathered = match *arena.node(inner) {
        Node::Derivative { kind: DerivativeKind::Total, of, by, .. }
            if product.is_none() && of == after && is_still(arena, by) =>
        {
            Some((arena.derivative(DerivativeKind::Immediate, after, by), absolute))
        }
        _ => None,
    };
    // Any other derivative by what lies before the last step hangs on the whole way.
    let hangs_on_the_way = |part: Expr| match arena.node(part) {
        Node::Derivative { kind: DerivativeKind::Total | DerivativeKind::Partial, by, .. } => {
            *by != before && (is_still(arena, *by) || early(arena, state, *by))
        }
        _ => false,
    };
    let is_known = product.is_some() || gathered.is_some();
    if !is_known && arena.reachable(&[body]).into_iter().any(hangs_on_the_way) {
        return None;
    }
    Some(Along { before, after, slope, body, product, gathered })
}

/// Whether a parameter, or a member at an index that the limit leaves where it is.
fn is_still(arena: &Arena, by: Expr) -> bool {
    match arena.node(by) {
        Node::Symbol { indices, .. } => {
            indices.iter().all(|&index| arena.as_integer(index).is_none_or(|index| (0..FAR / 2).contains(&index)))
        }
        _ => false,
    }
}

/// Whether a member of the state stands at an index that the limit leaves where it is.
fn early(arena: &Arena, state: SymbolId, by: Expr) -> bool {
    match arena.node(by) {
        Node::Symbol { symbol, indices, .. } if *symbol == state => {
            indices.iter().all(|&index| arena.as_integer(index).is_none_or(|index| (0..FAR / 2).contains(&index)))
        }
        _ => false,
    }
}

/// Whether a definition says the same at every index, as far as the givens do.
fn is_timeless(arena: &Arena, definition: &crate::model::Definition) -> bool {
    definition.indices.iter().all(|argument| match argument {
        Argument::Letter(letter) => {
            let is_letter = |arena: &Arena, part: Expr| matches!(arena.node(part), Node::Symbol { symbol, indices, .. } if symbol == letter && indices.is_empty());
            only_as_index(arena, definition.body, &is_letter)
        }
        Argument::Value(_) => true,
    })
}

/// Whether an index stands only as the index of a member, itself or less by one, or not at all.
pub(super) fn only_as_index(arena: &Arena, body: Expr, is_index: &dyn Fn(&Arena, Expr) -> bool) -> bool {
    let is_near = |index: Expr| match arena.node(index) {
        Node::Sum(parts) => match parts[..] {
            [a, b] => {
                (is_index(arena, a) && arena.as_integer(b) == Some(-1))
                    || (is_index(arena, b) && arena.as_integer(a) == Some(-1))
            }
            _ => false,
        },
        _ => is_index(arena, index),
    };
    let mut open = vec![body];
    let mut seen = BTreeSet::new();
    while let Some(expr) = open.pop() {
        if !seen.insert(expr) {
            continue;
        }
        if is_index(arena, expr) {
            return false;
        }
        match arena.node(expr) {
            Node::Symbol { indices, .. } => open.extend(indices.iter().copied().filter(|&index| !is_near(index))),
            _ => open.extend(arena.children(expr)),
        }
    }
    true
}

impl Along {
    /// What is known of the limit.
    fn side(&self, bench: &Bench<'_>, point: &Assignment, read: &mut Givens) -> Option<Side> {
        let field = Enclosures { bits: BITS };
        bench.values(point, &field, &[self.after, self.body], read);
        if !is_uniform(point, read) {
            return None;
        }
        let far = |region: &Interval, expr: Expr| {
            let value = evaluate_with(
                bench.arena,
                bench.model,
                point,
                &field,
                &[(self.before, region.clone())],
                expr,
                &mut Givens::new(),
            )
            .ok()?;
            bench.spent.set(bench.spent.get() + 20);
            value.as_scalar().cloned()
        };
        let region = self.region(bench, point, &far)?;
        if let Some((added, absolute)) = self.gathered {
            // What d = s d + b says of a limit d, for all slopes s and additions b far out.
            let (slope, added) = (far(&region, self.slope)?, far(&region, added)?);
            if slope.abs().high().is_none_or(|high| high >= Rational::ONE) {
                return None;
            }
            let limit = added.div(&(&Interval::integer(1, BITS) - &slope))?;
            return Some(Side::Within(if absolute { limit.abs() } else { limit }));
        }
        let Some((rest, absolute)) = self.product else {
            return far(&region, self.body).map(Side::Within);
        };
        let slope = far(&region, self.slope)?.abs();
        let one = Interval::integer(1, BITS);
        if slope.high().is_some_and(|high| high < Rational::ONE) {
            return Some(Side::Number(Interval::integer(0, BITS)));
        }
        if one.certainly_less(&slope) && slope.is_bounded() {
            let start = bench.values(point, &field, &[rest], &mut Givens::new()).pop()?.ok()?;
            let grows = start.as_scalar().is_some_and(|start| !start.contains_zero());
            return grows.then_some(if absolute { Side::Infinite { negative: false } } else { Side::Unbounded });
        }
        None
    }

    /// An interval that all states from the far end on lie in: one that a step maps into itself, and that holds the
    /// state before the far end.
    fn region(
        &self,
        bench: &Bench<'_>,
        point: &Assignment,
        far: &dyn Fn(&Interval, Expr) -> Option<Interval>,
    ) -> Option<Interval> {
        let field = Enclosures { bits: BITS };
        let state = bench.values(point, &field, &[self.before], &mut Givens::new()).pop().and_then(Result::ok);
        let state = state.and_then(|state| state.as_scalar().cloned());
        if let Some(state) = state {
            for shift in [20, 10, 7, 4, 2, 0] {
                let radius = Rational::ONE / integer(1 << shift);
                let around = Interval::between(&-&radius, &radius, BITS)?;
                let region = &state + &around;
                if far(&region, self.after).is_some_and(|next| region.contains_interval(&next)) {
                    return Some(region);
                }
            }
        }
        Some(Interval::real_line(BITS))
    }
}

fn is_symbol(arena: &Arena, expr: Expr, symbol: SymbolId) -> bool {
    matches!(arena.node(expr), Node::Symbol { symbol: own, .. } if *own == symbol)
}

/// Whether all members of each given family that was read are equal, those that premises have set among them.
pub(super) fn is_uniform(point: &Assignment, read: &Givens) -> bool {
    let mut alike: BTreeMap<SymbolId, &Tensor<Rational>> = BTreeMap::new();
    let is_alike = read.iter().all(|((symbol, _), value)| *alike.entry(*symbol).or_insert(value) == value);
    is_alike && point.values.iter().all(|((symbol, _), value)| alike.get(symbol).is_none_or(|other| *other == value))
}

/// All values of the body beyond some bound.
fn far_values(bench: &Bench<'_>, point: &Assignment, (variable, down): (Expr, bool), body: Expr) -> Option<Side> {
    let field = Enclosures { bits: BITS };
    let mut best: Option<Interval> = None;
    for bound in BEYOND {
        let line =
            if down { Interval::at_most(&integer(-bound), BITS) } else { Interval::at_least(&integer(bound), BITS) };
        bench.spent.set(bench.spent.get() + 20);
        let value =
            evaluate_with(bench.arena, bench.model, point, &field, &[(variable, line)], body, &mut Givens::new()).ok();
        let Some(value) = value.and_then(|value| value.as_scalar().cloned()) else { continue };
        best = Some(match best {
            Some(best) => best.intersect(&value).unwrap_or(value),
            None => value,
        });
    }
    best.map(Side::Within)
}

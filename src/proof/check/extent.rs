//! Ranges of values: from those of their parts, from a closed table of functions, and from what is supposed.

use crate::expr::{Arena, Big, Comparison, Elementary, Expr, Node, Prop, SymbolKind, Tensor};
use crate::model::Model;
use crate::number::polynomial::{End, Range};
use crate::number::rational::fraction;
use crate::number::{Interval, Rational, range};
use crate::proof::check::evidence::Relation;
use crate::proof::check::hypotheses::{Hypotheses, call};

/// How deep expressions are looked into.
const DEPTH: usize = 40;

/// Ranges that hold the values of expressions of numbers wherever the givens and the conditions of a claim hold.
pub(crate) fn ranges_of_claim(arena: &mut Arena, model: &Model, conditions: &[Prop], exprs: &[Expr]) -> Vec<Range> {
    let hypotheses = Hypotheses::of_claim(arena, model, conditions, exprs);
    exprs.iter().map(|&expr| extent(arena, &hypotheses, expr)).collect()
}

/// A range that holds the value of an expression of numbers wherever it is defined.
pub(super) fn extent(arena: &mut Arena, hypotheses: &Hypotheses<'_>, expr: Expr) -> Range {
    extent_at(arena, hypotheses, expr, 0)
}

fn extent_at(arena: &mut Arena, hypotheses: &Hypotheses<'_>, expr: Expr, depth: usize) -> Range {
    if depth > DEPTH || !arena.shape(expr).is_scalar() {
        return Range::everything();
    }
    let own = match hypotheses.value_of(expr) {
        Some(value) => extent_at(arena, hypotheses, value, depth + 1),
        None => by_structure(arena, hypotheses, expr, depth),
    };
    let mut all = own;
    for &relation in &hypotheses.relations {
        all = range::meet(&all, &by_relation(arena, expr, relation));
    }
    for relation in hypotheses.laws_about(arena, expr) {
        all = range::meet(&all, &by_relation(arena, expr, relation));
    }
    all
}

fn by_structure(arena: &mut Arena, hypotheses: &Hypotheses<'_>, expr: Expr, depth: usize) -> Range {
    if let Some(own) = by_definition(arena, hypotheses, expr, depth) {
        return own;
    }
    match arena.node(expr).clone() {
        Node::Number(value) => range::point(&value),
        Node::Pi => range::of_interval(&Interval::pi(64)),
        Node::Symbol { symbol, .. } if arena.kind(symbol) == SymbolKind::Integer => {
            let end = |bound: Option<i64>| bound.map_or(End::Unbounded, |bound| End::Closed(bound.into()));
            let low = hypotheses.integer_bound(arena, expr, -1).map(|bound| -bound);
            Range { low: end(low), high: end(hypotheses.integer_bound(arena, expr, 1)) }
        }
        Node::Sum(parts) => parts.iter().fold(range::point(&0.into()), |all, &part| {
            range::sum(&all, &extent_at(arena, hypotheses, part, depth + 1))
        }),
        Node::Product(parts) => {
            let mut all = range::point(&1.into());
            for (place, &part) in parts.iter().enumerate() {
                // Equal factors stand for a power.
                if parts[..place].contains(&part) {
                    continue;
                }
                let times = parts.iter().filter(|&&other| other == part).count();
                let own = extent_at(arena, hypotheses, part, depth + 1);
                all = range::product(&all, &range::power(&own, i64::try_from(times).unwrap_or(1)));
            }
            all
        }
        Node::Power(base, exponent) => of_power(arena, hypotheses, (base, exponent), depth),
        Node::Call { slots, args, function: crate::expr::Function::Elementary(f) } if slots.is_empty() => {
            let args: Vec<Range> = args.iter().map(|&arg| extent_at(arena, hypotheses, arg, depth + 1)).collect();
            of_call(f, &args)
        }
        Node::Cases(branches) => {
            let mut values = branches.iter().map(|branch| extent_at(arena, hypotheses, branch.value, depth + 1));
            let first = values.next().unwrap_or_else(Range::everything);
            values.fold(first, |all, own| range::hull(&all, &own))
        }
        Node::Big { op: op @ (Big::Sum | Big::Product), lower, upper, .. } => {
            of_big(arena, hypotheses, expr, (op, lower, upper), depth)
        }
        Node::Tensor {
            op: Tensor::Norm | Tensor::Norm1 | Tensor::NormInfinity | Tensor::NormSpectral | Tensor::SpectralRadius,
            ..
        } => range::non_negative(),
        Node::Symbol { .. }
        | Node::Infinity
        | Node::Bound(_)
        | Node::Call { .. }
        | Node::Big { .. }
        | Node::MatMul(_)
        | Node::MatrixPower(..)
        | Node::Transpose(_)
        | Node::Entry { .. }
        | Node::Literal { .. }
        | Node::Identity(_)
        | Node::Fill(..)
        | Node::Unit(..)
        | Node::Tensor { .. }
        | Node::Derivative { .. }
        | Node::At { .. }
        | Node::Limit { .. }
        | Node::Extremum { .. } => Range::everything(),
    }
}

/// A member lies where its definition's values do; a state at its start only where something is known of that.
fn by_definition(arena: &mut Arena, hypotheses: &Hypotheses<'_>, member: Expr, depth: usize) -> Option<Range> {
    let (symbol, at, components) = Model::member(arena, member)?;
    if !hypotheses.model.is_defined(symbol) {
        return None;
    }
    let body = hypotheses.definition_of(arena, member)?;
    if hypotheses.is_helper(symbol) {
        return Some(extent_at(arena, hypotheses, body, depth + 3));
    }
    let ([at], Some(first)) = (&at[..], hypotheses.first_of(arena, symbol)) else { return None };
    if hypotheses.decides(arena, Comparison::LessEqual, first, *at) == Some(true) {
        return Some(extent_at(arena, hypotheses, body, depth + 3));
    }
    let minus = arena.integer(-1);
    let start = arena.sum([first, minus]);
    if *at == start || hypotheses.decides(arena, Comparison::LessEqual, start, *at) != Some(true) {
        return None;
    }
    let start = arena.member(symbol, vec![start]);
    let start = if components.is_empty() { start } else { arena.entry(start, components) };
    let (begin, later) =
        (extent_at(arena, hypotheses, start, depth + 1), extent_at(arena, hypotheses, body, depth + 3));
    Some(range::hull(&begin, &later))
}

/// A power: a whole one of a range, a root, or the sign of a power with an exponent of letters.
fn of_power(arena: &mut Arena, hypotheses: &Hypotheses<'_>, (base, exponent): (Expr, Expr), depth: usize) -> Range {
    let own = extent_at(arena, hypotheses, base, depth + 1);
    match arena.as_integer(exponent) {
        Some(n) if (1..=64).contains(&n) => return range::power(&own, n),
        Some(n) if (-64..0).contains(&n) => return range::power(&range::reciprocal(&own), -n),
        Some(_) | None => {}
    }
    if let Some(value) = arena.as_number(exponent).filter(|value| !value.is_int()) {
        let is_root = fraction(1, 2).is_some_and(|half| half == *value);
        // A real power is defined for bases that are not negative.
        return match (is_root, range::is_positive(&own)) {
            (true, _) => of_root(&own),
            (false, true) => range::positive(),
            (false, false) => range::non_negative(),
        };
    }
    let zero = arena.zero();
    let counts = hypotheses.decides(arena, Comparison::LessEqual, zero, exponent) == Some(true);
    let at_most_one = own.high.value().is_some_and(|high| *high <= Rational::from(1));
    let at_least_one = own.low.value().is_some_and(|low| *low >= Rational::from(1));
    if counts && at_least_one {
        return Range { low: End::Closed(1.into()), high: End::Unbounded };
    }
    if !range::is_non_negative(&own) {
        return Range::everything();
    }
    let sign = if range::is_positive(&own) { range::positive() } else { range::non_negative() };
    if counts && at_most_one { Range { high: End::Closed(1.into()), ..sign } } else { sign }
}

fn of_big(
    arena: &mut Arena,
    hypotheses: &Hypotheses<'_>,
    expr: Expr,
    (op, lower, upper): (Big, Expr, Expr),
    depth: usize,
) -> Range {
    let name = format!("\u{a7}extent{}", arena.height(expr));
    let letter = arena.intern(&name, SymbolKind::Integer);
    let letter = arena.symbol(letter);
    let Some(body) = arena.instantiate(expr, letter) else { return Range::everything() };
    let ends = [(lower, letter), (letter, upper)].map(|(low, high)| Relation::new(Comparison::LessEqual, low, high));
    let inner = ends.iter().fold(hypotheses.clone(), |all, end| all.with(arena, &end.prop()));
    let own = extent_at(arena, &inner, body, depth + 1);
    let sign = if range::is_positive(&own) {
        range::positive()
    } else if range::is_non_negative(&own) {
        range::non_negative()
    } else if op == Big::Sum && range::is_non_negative(&range::negation(&own)) {
        return range::negation(&range::non_negative());
    } else {
        return Range::everything();
    };
    match op {
        Big::Sum if hypotheses.decides(arena, Comparison::LessEqual, lower, upper) == Some(true) => sign,
        Big::Sum => range::non_negative(),
        Big::Product if own.high.value().is_some_and(|high| *high <= Rational::from(1)) => {
            Range { high: End::Closed(1.into()), ..sign }
        }
        Big::Product => sign,
        Big::Ascending | Big::Descending => Range::everything(),
    }
}

/// What a relation between an expression, or its absolute value, and a number says.
fn by_relation(arena: &Arena, expr: Expr, relation: Relation) -> Range {
    let side = |value: &Rational| match relation.how {
        Comparison::Less => Some(End::Open(value.clone())),
        Comparison::LessEqual | Comparison::Equal => Some(End::Closed(value.clone())),
        Comparison::NotEqual | Comparison::Approximately => None,
    };
    let below = |value: &Rational| Range { low: End::Unbounded, high: side(value).unwrap_or(End::Unbounded) };
    let above = |value: &Rational| Range { low: side(value).unwrap_or(End::Unbounded), high: End::Unbounded };
    let is_equal = relation.how == Comparison::Equal;
    match (arena.as_number(relation.left), arena.as_number(relation.right)) {
        (_, Some(value)) if relation.left == expr && is_equal => range::point(value),
        (Some(value), _) if relation.right == expr && is_equal => range::point(value),
        (_, Some(value)) if relation.left == expr => below(value),
        (Some(value), _) if relation.right == expr => above(value),
        (_, Some(value)) if call(arena, relation.left) == Some((Elementary::Abs, expr)) => {
            let below = below(value);
            range::meet(&below, &range::negation(&below))
        }
        _ => Range::everything(),
    }
}

/// The range of the square root on a range.
pub(crate) fn of_root(own: &Range) -> Range {
    let inside = range::meet(own, &range::non_negative());
    if inside.is_empty() {
        return range::non_negative();
    }
    range::increasing(&inside, &range::non_negative(), crate::number::rational::sqrt_exact, Interval::sqrt)
}

/// The range of an elementary function on ranges of its arguments.
pub(crate) fn of_call(function: Elementary, args: &[Range]) -> Range {
    let row = function.row();
    let end = |end: Option<(i64, bool)>| match end {
        None => End::Unbounded,
        Some((value, true)) => End::Closed(value.into()),
        Some((value, false)) => End::Open(value.into()),
    };
    let whole = Range { low: end(row.range.lower), high: end(row.range.upper) };
    match (function, args) {
        (_, [x]) if function.is_total() && function.rises_strictly() => {
            let known = |x: &Rational| if x.is_zero() { function.at_zero() } else { None };
            range::increasing(x, &whole, known, |x| (row.enclosure)(std::slice::from_ref(x)))
        }
        (Elementary::Log, [x]) => {
            let inside = range::meet(x, &range::positive());
            let log = |x: &Interval| x.ln();
            let one = |x: &Rational| x.is_one().then(|| 0.into());
            match inside.low.value() {
                Some(low) if !low.is_zero() => range::increasing(&inside, &whole, one, log),
                _ => {
                    let upward = Range { low: End::Unbounded, high: inside.high };
                    range::increasing(&upward, &whole, one, log)
                }
            }
        }
        (Elementary::Abs, [x]) => range::magnitude(x),
        (Elementary::Relu, [x]) => {
            let zero = range::point(&0.into());
            if range::is_non_negative(x) {
                x.clone()
            } else {
                range::hull(&zero, &range::meet(&range::hull(x, &zero), &whole))
            }
        }
        (Elementary::Sign, [x]) if range::is_non_negative(x) => range::point(&1.into()),
        (Elementary::Sign, [x]) if range::is_non_negative(&range::negation(x)) => range::point(&(-1).into()),
        (Elementary::Max, [x, y]) => Range { low: range::meet(x, y).low, high: range::hull(x, y).high },
        (Elementary::Min, [x, y]) => Range { low: range::hull(x, y).low, high: range::meet(x, y).high },
        (Elementary::Delta, _) => Range::closed(0.into(), 1.into()),
        _ => whole,
    }
}

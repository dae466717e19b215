//! Ranges of values by structure: from those of the parts, from the closed table of functions, and from what is known.

use crate::expr::{Arena, Big, Comparison, Elementary, Expr, Function, Node, SymbolKind, Tensor};
use crate::number::polynomial::{End, Range};
use crate::number::{Interval, Rational, range};
use crate::proof::reals::ranges::{of_call, of_root};

/// What is known where a range is asked for.
pub(in crate::proof) trait Ground {
    /// Where expressions stand.
    fn arena(&mut self) -> &mut Arena;

    /// Whether a comparison of numbers or integers holds everywhere (`true`), or nowhere.
    fn decides(&mut self, how: Comparison, left: Expr, right: Expr) -> Option<bool>;

    /// A number that an integer times a sign never exceeds.
    fn integer_bound(&mut self, expr: Expr, sign: i64) -> Option<i64>;

    /// What is said of an expression: see [`by_relation`].
    fn stated(&mut self, expr: Expr) -> Range;

    /// Expressions of which one is this one, by definitions and equations.
    fn opened(&mut self, expr: Expr) -> Option<Vec<Expr>>;

    /// A range of the body of a sum or product for any letter of its range.
    fn inside(&mut self, big: Expr, ends: (Expr, Expr), ask: &mut dyn FnMut(&mut dyn Ground, Expr) -> Range) -> Range;
}

/// A range that holds the value of an expression of numbers wherever it is defined; `depth` is how deep it is looked into.
pub(in crate::proof) fn extent(ground: &mut dyn Ground, expr: Expr, depth: usize) -> Range {
    if depth == 0 || !ground.arena().shape(expr).is_scalar() {
        return Range::everything();
    }
    let own = match ground.opened(expr) {
        Some(values) => hull(values.into_iter().map(|value| extent(ground, value, depth.saturating_sub(3)))),
        None => by_structure(ground, expr, depth - 1),
    };
    range::meet(&own, &ground.stated(expr))
}

/// The smallest range around some; everything where there are none.
fn hull(ranges: impl Iterator<Item = Range>) -> Range {
    ranges.reduce(|all, own| range::hull(&all, &own)).unwrap_or_else(Range::everything)
}

fn by_structure(ground: &mut dyn Ground, expr: Expr, depth: usize) -> Range {
    match ground.arena().node(expr).clone() {
        Node::Number(value) => range::point(&value),
        Node::Pi => range::of_interval(&Interval::pi(64)),
        Node::Symbol { symbol, .. } if ground.arena().kind(symbol) == SymbolKind::Integer => {
            let end = |bound: Option<i64>| bound.map_or(End::Unbounded, |bound| End::Closed(bound.into()));
            let low = ground.integer_bound(expr, -1).map(|bound| -bound);
            Range { low: end(low), high: end(ground.integer_bound(expr, 1)) }
        }
        Node::Sum(parts) => {
            parts.iter().fold(range::point(&0.into()), |all, &part| range::sum(&all, &extent(ground, part, depth)))
        }
        Node::Product(parts) => {
            let mut all = range::point(&1.into());
            for (place, &part) in parts.iter().enumerate() {
                // Equal factors stand for a power.
                if parts[..place].contains(&part) {
                    continue;
                }
                let times = parts.iter().filter(|&&other| other == part).count();
                let own = extent(ground, part, depth);
                all = range::product(&all, &range::power(&own, i64::try_from(times).unwrap_or(1)));
            }
            all
        }
        Node::Power(base, exponent) => of_power(ground, (base, exponent), depth),
        Node::Call { slots, args, function: Function::Elementary(f) } if slots.is_empty() => {
            let args: Vec<Range> = args.iter().map(|&arg| extent(ground, arg, depth)).collect();
            of_call(f, &args)
        }
        Node::Call { slots, args, function: Function::Elementary(f) } if slots.len() == 1 && args.len() == 1 => {
            let slope = (f.row().derivative)(ground.arena(), args[0]);
            extent(ground, slope, depth)
        }
        Node::Cases(branches) => {
            let mut values = Vec::new();
            for branch in branches.iter() {
                let decided = branch.condition.map(|(how, a, b)| ground.decides(how, a, b));
                if decided != Some(Some(false)) {
                    values.push(branch.value);
                }
                if matches!(decided, None | Some(Some(true))) {
                    break;
                }
            }
            hull(values.into_iter().map(|value| extent(ground, value, depth)))
        }
        Node::Big { op: op @ (Big::Sum | Big::Product), lower, upper, .. } => {
            of_big(ground, expr, (op, lower, upper), depth)
        }
        Node::Tensor {
            op: Tensor::Norm | Tensor::Norm1 | Tensor::NormInfinity | Tensor::NormSpectral | Tensor::SpectralRadius,
            ..
        } => range::non_negative(),
        Node::Entry { of, .. } if is_softmax(ground.arena(), of) => {
            Range { high: End::Closed(1.into()), ..range::positive() }
        }
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

fn is_softmax(arena: &Arena, expr: Expr) -> bool {
    matches!(arena.node(expr), Node::Tensor { op: Tensor::Softmax, .. })
}

/// A power: a whole one of a range, a root, or what is known of one with letters in its exponent.
fn of_power(ground: &mut dyn Ground, (base, exponent): (Expr, Expr), depth: usize) -> Range {
    let own = extent(ground, base, depth);
    match ground.arena().as_integer(exponent) {
        Some(n) if (1..=64).contains(&n) => return range::power(&own, n),
        Some(n) if (-64..0).contains(&n) => return range::power(&range::reciprocal(&own), -n),
        Some(_) | None => {}
    }
    let sign = if range::is_positive(&own) { range::positive() } else { range::non_negative() };
    if let Some(value) = ground.arena().as_number(exponent).filter(|value| !value.is_int()) {
        // A real power is defined for bases that are not negative.
        return if (value * Rational::from(2)).is_one() { of_root(&own) } else { sign };
    }
    let zero = ground.arena().zero();
    let counts = ground.decides(Comparison::LessEqual, zero, exponent) == Some(true);
    let at_most_one = own.high.value().is_some_and(|high| *high <= Rational::from(1));
    let at_least_one = own.low.value().is_some_and(|low| *low >= Rational::from(1));
    if counts && at_least_one {
        return Range { low: End::Closed(1.into()), high: End::Unbounded };
    }
    if range::is_non_negative(&own) {
        return if counts && at_most_one { Range { high: End::Closed(1.into()), ..sign } } else { sign };
    }
    match is_even(ground.arena(), exponent) {
        true if range::excludes_zero(&own) => range::positive(),
        true => range::non_negative(),
        false => Range::everything(),
    }
}

/// Whether an expression is certainly twice an integer.
fn is_even(arena: &Arena, expr: Expr) -> bool {
    let is_whole = |part: &Expr| match arena.node(*part) {
        Node::Number(value) => value.is_int(),
        Node::Symbol { symbol, .. } => arena.kind(*symbol) == SymbolKind::Integer,
        _ => false,
    };
    match arena.node(expr) {
        Node::Number(_) => arena.as_integer(expr).is_some_and(|n| n % 2 == 0),
        Node::Sum(parts) => parts.iter().all(|&part| is_even(arena, part)),
        Node::Product(parts) => parts.iter().all(is_whole) && parts.iter().any(|&part| is_even(arena, part)),
        _ => false,
    }
}

fn of_big(ground: &mut dyn Ground, expr: Expr, (op, lower, upper): (Big, Expr, Expr), depth: usize) -> Range {
    let own = ground.inside(expr, (lower, upper), &mut |inner, body| extent(inner, body, depth));
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
        Big::Sum if ground.decides(Comparison::LessEqual, lower, upper) == Some(true) => sign,
        Big::Sum => range::non_negative(),
        Big::Product if own.high.value().is_some_and(|high| *high <= Rational::from(1)) => {
            Range { high: End::Closed(1.into()), ..sign }
        }
        Big::Product => sign,
        Big::Ascending | Big::Descending => Range::everything(),
    }
}

/// What a relation between an expression, or its absolute value, and a number says.
pub(in crate::proof) fn by_relation(arena: &Arena, expr: Expr, how: Comparison, left: Expr, right: Expr) -> Range {
    let side = |value: &Rational| match how {
        Comparison::Less => Some(End::Open(value.clone())),
        Comparison::LessEqual | Comparison::Equal => Some(End::Closed(value.clone())),
        Comparison::NotEqual | Comparison::Approximately => None,
    };
    let below = |value: &Rational| Range { low: End::Unbounded, high: side(value).unwrap_or(End::Unbounded) };
    let above = |value: &Rational| Range { low: side(value).unwrap_or(End::Unbounded), high: End::Unbounded };
    let is_size = matches!(arena.node(left), Node::Call { function: Function::Elementary(Elementary::Abs), slots, args }
        if slots.is_empty() && args[0] == expr);
    match (arena.as_number(left), arena.as_number(right)) {
        (_, Some(value)) if left == expr && how == Comparison::Equal => range::point(value),
        (Some(value), _) if right == expr && how == Comparison::Equal => range::point(value),
        (_, Some(value)) if left == expr => below(value),
        (Some(value), _) if right == expr => above(value),
        (_, Some(value)) if is_size => range::meet(&below(value), &range::negation(&below(value))),
        _ => Range::everything(),
    }
}

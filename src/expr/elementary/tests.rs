//! What the rows say, held against the values at sampled points: a row needs no test of its own.

use crate::expr::elementary::{DefinedOn, Elementary, Row, Steepest};
use crate::expr::{Arena, Bend, Comparison, Expr, Function, Node, SymbolKind};

/// Points where a function of one number has a value.
fn points(row: &Row) -> Vec<f64> {
    let all = (-24..=24).map(|n| f64::from(n) / 4.0);
    let defined = |x: &f64| match row.defined_on {
        DefinedOn::Reals | DefinedOn::Integers => true,
        DefinedOn::Positive => *x > 0.0,
        DefinedOn::NonZero => *x != 0.0,
        DefinedOn::FromMinusOneToOne => x.abs() <= 1.0,
        DefinedOn::BetweenPoles => x.abs() < 1.5,
    };
    all.filter(defined).collect()
}

fn rows() -> impl Iterator<Item = &'static Row> {
    Elementary::table().iter().filter(|row| row.arity == 1)
}

/// Room for rounding.
const TINY: f64 = 1e-12;

#[test]
fn rows_stand_in_the_order_of_the_variants() {
    for (at, row) in Elementary::table().iter().enumerate() {
        assert_eq!(row.function as usize, at, "{}", row.name);
        assert_eq!(Elementary::named(row.name), Some(row.function));
    }
}

#[test]
fn values_lie_in_the_range() {
    for row in rows() {
        for x in points(row) {
            let value = (row.value)(&[x]);
            let above = row.range.lower.is_none_or(|(end, _)| value >= end as f64 - TINY);
            let below = row.range.upper.is_none_or(|(end, _)| value <= end as f64 + TINY);
            assert!(above && below, "{}({x}) = {value}", row.name);
        }
    }
}

#[test]
fn functions_rise_where_their_row_says_so() {
    for row in rows() {
        let points = points(row);
        let values: Vec<f64> = points.iter().map(|&x| (row.value)(&[x])).collect();
        let rises = values.windows(2).all(|pair| pair[1] > pair[0] - TINY);
        assert!(!row.rises || rises, "{} falls", row.name);
    }
}

#[test]
fn functions_bend_as_their_row_says() {
    for row in rows() {
        let Some(bend) = row.bend else { continue };
        for pair in points(row).windows(3) {
            let [a, b, c] = [pair[0], pair[1], pair[2]].map(|x| (row.value)(&[x]));
            let is_above = b <= (a + c) / 2.0 + TINY;
            let is_below = b >= (a + c) / 2.0 - TINY;
            let holds = match bend {
                Bend::Up => is_above,
                Bend::Down => is_below,
                Bend::DownFromZero => (pair[0] < 0.0 || is_below) && (pair[2] > 0.0 || is_above),
            };
            assert!(holds, "{} near {}", row.name, pair[1]);
        }
    }
}

#[test]
fn reflections_and_values_at_zero_hold() {
    for row in rows() {
        if let Some((constant, sign, linear)) = row.reflection {
            for x in points(row) {
                let turned = constant as f64 + sign as f64 * (row.value)(&[x]) + linear as f64 * x;
                assert!(((row.value)(&[-x]) - turned).abs() < TINY, "{}(-{x})", row.name);
            }
        }
        if let Some((above, below)) = row.at_zero {
            assert!(((row.value)(&[0.0]) - above as f64 / below as f64).abs() < TINY, "{}(0)", row.name);
        }
    }
}

#[test]
fn slopes_are_no_steeper_and_no_more_broken_than_their_row_says() {
    for row in rows() {
        let steepest = row.steepest.map(|steepest| match steepest {
            Steepest::AtZero => (row.slope)(0.0).abs(),
            Steepest::AtMost(above, below) => above as f64 / below as f64,
        });
        for x in points(row) {
            let slope = (row.slope)(x);
            assert!(!row.is_smooth || slope.is_finite(), "{}'({x})", row.name);
            assert!(steepest.is_none_or(|most| slope.is_nan() || slope.abs() <= most + TINY), "{}'({x})", row.name);
        }
    }
}

/// The value of an expression in one number: what the derivatives of the table are written with.
fn value_at(arena: &Arena, expr: Expr, x: f64) -> f64 {
    let value = |part: Expr| value_at(arena, part, x);
    match arena.node(expr) {
        Node::Number(number) => crate::number::rational::to_f64(number),
        Node::Pi => std::f64::consts::PI,
        Node::Symbol { .. } => x,
        Node::Sum(terms) => terms.iter().map(|&term| value(term)).sum(),
        Node::Product(factors) => factors.iter().map(|&factor| value(factor)).product(),
        Node::Power(base, exponent) => value(*base).powf(value(*exponent)),
        Node::Call { function: Function::Elementary(function), args, .. } => {
            (function.row().value)(&args.iter().map(|&arg| value(arg)).collect::<Vec<_>>())
        }
        Node::Cases(branches) => {
            let holds = |how: Comparison, left: f64, right: f64| how == Comparison::Less && left < right;
            let own = branches
                .iter()
                .find(|branch| branch.condition.is_none_or(|(how, a, b)| holds(how, value(a), value(b))));
            own.map_or(f64::NAN, |branch| value(branch.value))
        }
        node => panic!("{node:?} stands in no derivative of the table"),
    }
}

#[test]
fn derivatives_and_slopes_are_those_of_the_values() {
    for row in rows() {
        let mut arena = Arena::new();
        let symbol = arena.intern("x", SymbolKind::Real);
        let variable = arena.symbol(symbol);
        let derivative = (row.derivative)(&mut arena, variable);
        let step = 1e-5;
        let is_inside = |x: f64| [x - step, x + step].into_iter().all(|x| (row.value)(&[x]).is_finite());
        for x in points(row).into_iter().filter(|&x| x != 0.0 && is_inside(x)) {
            let [before, after] = [x - step, x + step].map(|x| (row.value)(&[x]));
            let (slope, exact) = ((row.slope)(x), value_at(&arena, derivative, x));
            let room = 1e-6 * (1.0 + slope.abs());
            assert!(((after - before) / (2.0 * step) - slope).abs() < room, "{}'({x}) = {slope}", row.name);
            assert!((exact - slope).abs() < room, "the derivative of {} at {x} is {exact}", row.name);
        }
    }
}

#[test]
fn functions_have_values_where_their_row_says_so() {
    for row in rows() {
        assert!(points(row).into_iter().all(|x| (row.value)(&[x]).is_finite()), "{}", row.name);
        let outside: &[f64] = match row.defined_on {
            DefinedOn::Reals | DefinedOn::Integers | DefinedOn::BetweenPoles => &[],
            DefinedOn::Positive => &[-1.0, 0.0],
            DefinedOn::NonZero => &[0.0],
            DefinedOn::FromMinusOneToOne => &[-1.25, 1.25],
        };
        assert!(outside.iter().all(|&x| !(row.value)(&[x]).is_finite()), "{}", row.name);
    }
}

//! The ranges of values of elementary functions on ranges of their arguments, from a closed table.

use crate::expr::{DefinedOn, Elementary};
use crate::number::polynomial::{End, Range};
use crate::number::{Interval, Rational, range};

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
        (_, [x]) if function.rises_strictly() && row.defined_on != DefinedOn::Positive => {
            let inside = match row.defined_on {
                DefinedOn::FromMinusOneToOne => range::meet(x, &Range::closed((-1).into(), 1.into())),
                _ => x.clone(),
            };
            let known = |x: &Rational| if x.is_zero() { function.at_zero() } else { None };
            match inside.is_empty() {
                true => whole,
                false => range::increasing(&inside, &whole, known, |x| (row.enclosure)(std::slice::from_ref(x))),
            }
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

//! Exact ranges of real numbers: what is known of where a value lies.
//!
//! The ends are rational or infinite, and open where the end is certainly not a value. Every operation returns a range
//! that holds all results; an end that is called open is never reached.

use std::cmp::Ordering;

use crate::number::polynomial::{End, Range};
use crate::number::{Interval, Rational};

/// The precision of the enclosures that give a range its ends, in bits.
const BITS: u32 = 96;

/// An end with its side: where a value may lie, −∞ and ∞ included.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Corner {
    value: Extended,
    reached: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Extended {
    Below,
    At(Rational),
    Above,
}

impl Extended {
    fn sign(&self) -> Ordering {
        match self {
            Extended::Below => Ordering::Less,
            Extended::At(value) => value.cmp(&Rational::from(0)),
            Extended::Above => Ordering::Greater,
        }
    }

    fn times(&self, other: &Extended) -> Extended {
        if let (Extended::At(a), Extended::At(b)) = (self, other) {
            return Extended::At(a * b);
        }
        match (self.sign(), other.sign()) {
            (Ordering::Equal, _) | (_, Ordering::Equal) => Extended::At(Rational::from(0)),
            (a, b) if a == b => Extended::Above,
            _ => Extended::Below,
        }
    }
}

fn low_corner(range: &Range) -> Corner {
    match &range.low {
        End::Unbounded => Corner { value: Extended::Below, reached: false },
        End::Open(value) => Corner { value: Extended::At(value.clone()), reached: false },
        End::Closed(value) => Corner { value: Extended::At(value.clone()), reached: true },
    }
}

fn high_corner(range: &Range) -> Corner {
    match &range.high {
        End::Unbounded => Corner { value: Extended::Above, reached: false },
        End::Open(value) => Corner { value: Extended::At(value.clone()), reached: false },
        End::Closed(value) => Corner { value: Extended::At(value.clone()), reached: true },
    }
}

fn end(corner: Corner) -> End {
    match corner.value {
        Extended::Below | Extended::Above => End::Unbounded,
        Extended::At(value) if corner.reached => End::Closed(value),
        Extended::At(value) => End::Open(value),
    }
}

/// The range whose ends are the smallest and the largest of some corners.
fn spanned(corners: &[Corner]) -> Range {
    let pick = |wanted: Option<&Extended>| match wanted {
        None => End::Unbounded,
        Some(value) => {
            let reached = corners.iter().any(|corner| corner.value == *value && corner.reached);
            end(Corner { value: value.clone(), reached })
        }
    };
    let values = || corners.iter().map(|corner| &corner.value);
    Range { low: pick(values().min()), high: pick(values().max()) }
}

/// One number.
pub fn point(value: &Rational) -> Range {
    Range::closed(value.clone(), value.clone())
}

/// Above 0.
pub fn positive() -> Range {
    Range { low: End::Open(Rational::from(0)), high: End::Unbounded }
}

/// Not below 0.
pub fn non_negative() -> Range {
    Range { low: End::Closed(Rational::from(0)), high: End::Unbounded }
}

/// The sums.
pub fn sum(a: &Range, b: &Range) -> Range {
    let add = |x: &End, y: &End| match (x, y) {
        (End::Closed(x), End::Closed(y)) => End::Closed(x + y),
        (End::Unbounded, _) | (_, End::Unbounded) => End::Unbounded,
        (End::Open(x) | End::Closed(x), End::Open(y) | End::Closed(y)) => End::Open(x + y),
    };
    Range { low: add(&a.low, &b.low), high: add(&a.high, &b.high) }
}

/// The products.
pub fn product(a: &Range, b: &Range) -> Range {
    let mut corners = Vec::new();
    for x in [low_corner(a), high_corner(a)] {
        for y in [low_corner(b), high_corner(b)] {
            let zero = |corner: &Corner| corner.value.sign() == Ordering::Equal && corner.reached;
            let reached = x.reached && y.reached || zero(&x) || zero(&y);
            corners.push(Corner { value: x.value.times(&y.value), reached });
        }
    }
    spanned(&corners)
}

/// The negatives.
pub fn negation(a: &Range) -> Range {
    let flip = |side: &End| match side {
        End::Unbounded => End::Unbounded,
        End::Open(value) => End::Open(-value),
        End::Closed(value) => End::Closed(-value),
    };
    Range { low: flip(&a.high), high: flip(&a.low) }
}

/// The absolute values.
pub fn magnitude(a: &Range) -> Range {
    if is_non_negative(a) {
        return a.clone();
    }
    let back = negation(a);
    if is_non_negative(&back) {
        return back;
    }
    let high = spanned(&[high_corner(a), high_corner(&back)]).high;
    Range { low: End::Closed(Rational::from(0)), high }
}

/// The powers with a whole exponent of at least 1.
pub fn power(a: &Range, exponent: i64) -> Range {
    let base = if exponent % 2 == 0 { magnitude(a) } else { a.clone() };
    let raise = |side: &End| {
        let to = |value: &Rational| crate::number::rational::pow(value, exponent);
        match side {
            End::Unbounded => End::Unbounded,
            End::Open(value) => to(value).map_or(End::Unbounded, End::Open),
            End::Closed(value) => to(value).map_or(End::Unbounded, End::Closed),
        }
    };
    Range { low: raise(&base.low), high: raise(&base.high) }
}

/// The reciprocals of the members other than 0; the whole line where 0 lies inside.
pub fn reciprocal(a: &Range) -> Range {
    if is_non_negative(a) {
        let invert = |side: &End, at_zero: End| match side {
            End::Unbounded => End::Open(Rational::from(0)),
            End::Open(value) | End::Closed(value) if value.is_zero() => at_zero,
            End::Open(value) => End::Open(Rational::from(1) / value),
            End::Closed(value) => End::Closed(Rational::from(1) / value),
        };
        return Range { low: invert(&a.high, End::Unbounded), high: invert(&a.low, End::Unbounded) };
    }
    if is_non_negative(&negation(a)) {
        return negation(&reciprocal(&negation(a)));
    }
    Range::everything()
}

/// The smallest range that holds both.
pub fn hull(a: &Range, b: &Range) -> Range {
    Range { low: spanned(&[low_corner(a), low_corner(b)]).low, high: spanned(&[high_corner(a), high_corner(b)]).high }
}

/// What both hold; it may be empty.
pub fn meet(a: &Range, b: &Range) -> Range {
    let tighter = |x: &End, y: &End, prefer: Ordering| match (x, y) {
        (End::Unbounded, other) | (other, End::Unbounded) => other.clone(),
        (End::Open(p) | End::Closed(p), End::Open(q) | End::Closed(q)) => match p.cmp(q) {
            Ordering::Equal if matches!(x, End::Open(_)) => x.clone(),
            Ordering::Equal => y.clone(),
            order if order == prefer => x.clone(),
            _ => y.clone(),
        },
    };
    Range { low: tighter(&a.low, &b.low, Ordering::Greater), high: tighter(&a.high, &b.high, Ordering::Less) }
}

/// Whether no member is below 0.
pub fn is_non_negative(a: &Range) -> bool {
    a.low.value().is_some_and(|low| *low >= Rational::from(0))
}

/// Whether every member is above 0.
pub fn is_positive(a: &Range) -> bool {
    is_non_negative(a) && !a.contains(&Rational::from(0))
}

/// Whether 0 is certainly no member.
pub fn excludes_zero(a: &Range) -> bool {
    !a.contains(&Rational::from(0))
}

/// The image under an increasing function, by an enclosure of its values and with values that are known exactly.
/// An end that is not known exactly is rounded outward; `limits` are never reached.
pub fn increasing(
    a: &Range,
    limits: &Range,
    exact: impl Fn(&Rational) -> Option<Rational>,
    enclose: impl Fn(&Interval) -> Option<Interval>,
) -> Range {
    let image = |side: &End, limit: &End, rounded: fn(&Interval) -> Option<Rational>| match side {
        End::Unbounded => limit.clone(),
        End::Open(value) | End::Closed(value) => match exact(value) {
            Some(image) if matches!(side, End::Closed(_)) => End::Closed(image),
            Some(image) => End::Open(image),
            None => enclose(&Interval::point(value, BITS))
                .and_then(|interval| rounded(&interval))
                .map_or(limit.clone(), End::Closed),
        },
    };
    let found =
        Range { low: image(&a.low, &limits.low, Interval::low), high: image(&a.high, &limits.high, Interval::high) };
    meet(&found, limits)
}

/// The range that an enclosure gives.
pub fn of_interval(interval: &Interval) -> Range {
    Range {
        low: interval.low().map_or(End::Unbounded, End::Closed),
        high: interval.high().map_or(End::Unbounded, End::Closed),
    }
}

/// The interval that holds a range.
pub fn interval_of(range: &Range) -> Interval {
    let (low, high) = (range.low.value(), range.high.value());
    match (low, high) {
        (Some(low), Some(high)) => Interval::between(low, high, BITS),
        (Some(low), None) => Some(Interval::at_least(low, BITS)),
        (None, Some(high)) => Some(Interval::at_most(high, BITS)),
        (None, None) => None,
    }
    .unwrap_or_else(|| Interval::real_line(BITS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::rational::{fraction, integer};

    fn unit() -> Range {
        Range::open(integer(0), integer(1))
    }

    #[test]
    fn products_know_which_ends_are_reached() {
        assert_eq!(product(&unit(), &unit()), unit());
        assert_eq!(product(&Range::closed(integer(0), integer(1)), &positive()), non_negative());
        assert_eq!(product(&Range::closed(integer(-1), integer(1)), &unit()), Range::open(integer(-1), integer(1)));
        assert_eq!(product(&point(&integer(0)), &Range::everything()), point(&integer(0)));
        assert_eq!(product(&non_negative(), &negation(&positive())), negation(&non_negative()));
    }

    #[test]
    fn other_operations() {
        assert_eq!(sum(&unit(), &point(&integer(1))), Range::open(integer(1), integer(2)));
        assert_eq!(reciprocal(&Range { low: End::Open(integer(1)), high: End::Unbounded }), unit());
        assert_eq!(reciprocal(&non_negative()), positive());
        assert_eq!(magnitude(&Range::open(integer(-3), integer(2))).low, End::Closed(integer(0)));
        assert_eq!(power(&Range::open(integer(-2), integer(1)), 2).high, End::Open(integer(4)));
        assert_eq!(meet(&unit(), &Range::closed(integer(0), fraction(1, 2).unwrap())).low, End::Open(integer(0)));
        assert!(meet(&unit(), &point(&integer(1))).is_empty());
        assert_eq!(hull(&unit(), &point(&integer(1))).high, End::Closed(integer(1)));
        assert!(is_positive(&unit()) && !is_positive(&non_negative()) && excludes_zero(&negation(&positive())));
    }
}

use crate::number::Rational;
use crate::number::polynomial::range::simple_between;
use crate::number::polynomial::{End, Polynomial, Range, Root};
use crate::number::rational::{abs, integer, is_negative};

/// The least upper bound of a polynomial on a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Supremum {
    /// There is no upper bound.
    Infinite,
    /// It is from `low` to `high`, and exact when they are equal.
    Finite {
        /// A lower bound.
        low: Rational,
        /// An upper bound.
        high: Rational,
        /// The places where it may be reached: all those whose value may be the largest.
        peaks: Vec<Peak>,
    },
}

/// A place where a polynomial may be largest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peak {
    /// The place: an end of the range, or a root of the derivative.
    pub place: Root,
    /// Whether the place is a member of the range.
    pub is_member: bool,
    low: Rational,
    high: Rational,
}

impl Polynomial {
    /// The least upper bound on a range, to within `width`, which is above 0; `None` when the range is empty.
    ///
    /// It is reached at an end, at a root of the derivative, or nowhere. To decide `p <= c`, ask
    /// [`Polynomial::sign_on`] for the sign of `c - p`: that is exact.
    pub fn supremum_on(&self, range: &Range, width: &Rational) -> Option<Supremum> {
        if range.is_empty() {
            return None;
        }
        if self.degree().is_none_or(|degree| degree == 0) {
            return Some(self.constant_supremum(range));
        }
        if self.grows_beyond(range) {
            return Some(Supremum::Infinite);
        }
        let mut peaks: Vec<Peak> =
            [&range.low, &range.high].into_iter().filter_map(|end| self.peak_at_end(end)).collect();
        peaks.dedup();
        let inner = Range { low: open(&range.low), high: open(&range.high) };
        for place in self.derivative().roots_in(&inner).unwrap_or_default() {
            peaks.push(self.peak_at_root(place, width));
        }
        let low = peaks.iter().map(|peak| &peak.low).max()?.clone();
        let high = peaks.iter().map(|peak| &peak.high).max()?.clone();
        peaks.retain(|peak| peak.high >= low);
        Some(Supremum::Finite { low, high, peaks })
    }

    /// One value, reached anywhere; the place shown is a simple one.
    fn constant_supremum(&self, range: &Range) -> Supremum {
        let single = || range.low.member().cloned().unwrap_or_default();
        let place = simple_between(range.low.value(), range.high.value()).unwrap_or_else(single);
        let value = self.eval(&place);
        let peak = Peak { place: Root::Rational(place), is_member: true, low: value.clone(), high: value.clone() };
        Supremum::Finite { low: value.clone(), high: value, peaks: vec![peak] }
    }

    /// Whether the values grow without bound toward an infinite end.
    fn grows_beyond(&self, range: &Range) -> bool {
        let (Some(leading), Some(degree @ 1..)) = (self.leading(), self.degree()) else { return false };
        let grows_right = !is_negative(leading);
        let grows_left = grows_right == (degree % 2 == 0);
        (range.high == End::Unbounded && grows_right) || (range.low == End::Unbounded && grows_left)
    }

    fn peak_at_end(&self, end: &End) -> Option<Peak> {
        let place = end.value()?.clone();
        let value = self.eval(&place);
        let is_member = end.member().is_some();
        Some(Peak { place: Root::Rational(place), is_member, low: value.clone(), high: value })
    }

    fn peak_at_root(&self, mut place: Root, width: &Rational) -> Peak {
        loop {
            let (low, high) = self.values_between(place.low(), place.high());
            if &high - &low <= *width {
                return Peak { place, is_member: true, low, high };
            }
            place.refine();
        }
    }

    /// Bounds of the values from `low` to `high`: those at the middle, plus or minus the half distance times a bound
    /// of the derivative (the mean value theorem).
    fn values_between(&self, low: &Rational, high: &Rational) -> (Rational, Rational) {
        let value = self.eval(&((low + high) / integer(2)));
        if low == high {
            return (value.clone(), value);
        }
        let reach = abs(low).max(abs(high));
        let slope = self
            .derivative()
            .coefficients()
            .iter()
            .rev()
            .fold(Rational::ZERO, |slope, coefficient| slope * &reach + abs(coefficient));
        let spread = slope * (high - low) / integer(2);
        (&value - &spread, value + spread)
    }
}

fn open(end: &End) -> End {
    match end {
        End::Unbounded => End::Unbounded,
        End::Open(value) | End::Closed(value) => End::Open(value.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::rational::fraction;

    fn supremum(coefficients: &[i64], range: &Range) -> Option<Supremum> {
        Polynomial::from_integers(coefficients).supremum_on(range, &fraction(1, 1_000_000).unwrap())
    }

    #[track_caller]
    fn check_exact(coefficients: &[i64], range: &Range, value: Rational, places: &[(Rational, bool)]) {
        let Some(Supremum::Finite { low, high, peaks }) = supremum(coefficients, range) else { panic!("infinite") };
        let found: Vec<_> = peaks.iter().map(|peak| (peak.place.exact().unwrap().clone(), peak.is_member)).collect();
        assert_eq!((low, high, found.as_slice()), (value.clone(), value, places));
    }

    #[test]
    fn largest_values() {
        let half = fraction(1, 2).unwrap();
        check_exact(&[0, 1, -1], &Range::everything(), fraction(1, 4).unwrap(), &[(half, true)]);
        check_exact(&[0, 1], &Range::open(integer(0), integer(1)), integer(1), &[(integer(1), false)]);
        let ends = [(integer(-1), true), (integer(1), true)];
        check_exact(&[0, 0, 1], &Range::closed(integer(-1), integer(1)), integer(1), &ends);
        check_exact(&[7], &Range::everything(), integer(7), &[(integer(0), true)]);
        check_exact(&[], &Range::open(integer(0), integer(2)), integer(0), &[(integer(1), true)]);
        check_exact(&[7], &Range::closed(integer(3), integer(3)), integer(7), &[(integer(3), true)]);
        assert_eq!(supremum(&[0, 1], &Range::everything()), Some(Supremum::Infinite));
        assert_eq!(supremum(&[0, 0, 0, -1], &Range::everything()), Some(Supremum::Infinite));
        assert_eq!(supremum(&[1], &Range::open(integer(0), integer(0))), None);
    }

    #[test]
    fn irrational_places() {
        // x - x^3 is largest at 1/√3, where it is 2/(3√3) = 0.3849...
        let Some(Supremum::Finite { low, high, peaks }) =
            supremum(&[0, 1, 0, -1], &Range::closed(integer(0), integer(1)))
        else {
            panic!()
        };
        let square = fraction(4, 27).unwrap();
        assert!(&low * &low <= square && &high * &high >= square && high - low < fraction(1, 100_000).unwrap());
        assert_eq!(peaks.len(), 1);
    }
}

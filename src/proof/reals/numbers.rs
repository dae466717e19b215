//! Enclosures of powers and elementary functions on intervals, where they are defined.

use crate::expr::Elementary;
use crate::number::rational::to_i64;
use crate::number::{Interval, Rational};

/// The precision of the ends, in bits.
pub(crate) const BITS: u32 = 64;

/// A power with an exponent that is a fraction, where it is defined.
pub(crate) fn power(base: &Interval, exponent: &Rational) -> Option<Interval> {
    if let Some(n) = to_i64(exponent) {
        if n >= 0 {
            return base.powi(n);
        }
        return Interval::integer(1, BITS).div_where_defined(&base.powi(-n)?);
    }
    let twice = exponent * Rational::from(2);
    if let Some(n) = to_i64(&twice) {
        let root = base.sqrt_where_defined()?;
        return if n >= 0 { root.powi(n) } else { Interval::integer(1, BITS).div_where_defined(&root.powi(-n)?) };
    }
    let logarithm = base.ln_where_defined()?;
    Some((&logarithm * &Interval::point(exponent, BITS)).exp())
}

/// A function on intervals, where it is defined.
pub(crate) fn of_call_on(function: Elementary, args: &[Interval]) -> Option<Interval> {
    match (function, args) {
        (Elementary::Log, [x]) => x.ln_where_defined(),
        (Elementary::Sign, [x]) if x.contains_zero() => Interval::between(&(-1).into(), &1.into(), BITS),
        _ => (function.row().enclosure)(args),
    }
}

//! Rigorous enclosures of the elementary functions, as methods of [`Interval`].
//!
//! Each file has the same two layers. A function at one binary fraction is summed in fixed point
//! ([`ball::Ball`] carries the rounding errors; the comment at each series bounds its tail), or follows from other
//! functions by interval arithmetic with a few more bits. A function on an interval follows from its values at the
//! ends by [`increasing`], and by the comment there where it is not monotone.
//!
//! To add a function: a file, or a method in the file of its kin, its row in `tests.rs`, its digits in `values.rs`.

mod activation;
mod ball;
mod constants;
mod error_function;
mod exponential;
mod hyperbolic;
mod trigonometric;
mod words;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod values;

use crate::number::dyadic::{Bound, Dyadic};
use crate::number::interval::Interval;

impl Interval {
    /// π (DLMF 3.12.1).
    pub fn pi(bits: u32) -> Self {
        constants::pi(bits as usize + 8).to_interval(bits)
    }

    /// The base of the natural logarithm (DLMF 4.2.11).
    pub fn e(bits: u32) -> Self {
        Self::integer(1, bits).exp()
    }
}

/// The image of an interval under an increasing function: from the value at the lower end to the value at the upper.
///
/// `at` encloses the function at a number; `limits` are the infimum and the supremum of the function, which an
/// unbounded side approaches and which no enclosure needs to exceed.
fn increasing(argument: &Interval, limits: (Bound, Bound), at: impl Fn(&Dyadic, u32) -> Interval) -> Interval {
    let bits = argument.bits;
    let at_low = argument.low.finite().map(|low| at(low, bits));
    let low = at_low.as_ref().map_or(&limits.0, |value| &value.low).max(&limits.0).clone();
    let high = match (&at_low, argument.high.finite()) {
        (Some(value), _) if argument.is_point() => value.high.clone(),
        (_, Some(high)) => at(high, bits).high,
        (_, None) => limits.1.clone(),
    };
    Interval { low, high: high.min(limits.1), bits }
}

/// The enclosure of an odd function near 0 from `|x| (1 - x^2) <= |f(x)| <= |x|`, or from
/// `|x| <= |f(x)| <= |x| (1 + x^2)`, whichever the side says. Sharp where `x^2` is below 2^-bits.
fn near_identity(argument: &Dyadic, side: Side, bits: u32) -> Interval {
    let linear = Interval::from_dyadic(argument, bits);
    let excess = Interval::from_dyadic(&argument.mul(argument).mul(argument), bits);
    match side {
        Side::Inside => linear.hull(&(&linear - &excess)),
        Side::Outside => linear.hull(&(&linear + &excess)),
    }
}

/// Which side of the identity a function lies on.
enum Side {
    /// Nearer to 0.
    Inside,
    /// Farther from 0.
    Outside,
}

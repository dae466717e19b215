//! The functions of neural networks: sigmoid, softplus, ReLU, SiLU, GELU.

use crate::number::dyadic::{Bound, Dyadic};
use crate::number::enclose::error_function::normal_cdf_at;
use crate::number::enclose::exponential::{exp_at, ln_1p_at};
use crate::number::enclose::increasing;
use crate::number::interval::Interval;
use std::cmp::Ordering;

impl Interval {
    /// The logistic function σ(x) = 1 / (1 + e^−x); increasing from 0 to 1.
    pub fn sigmoid(&self) -> Self {
        increasing(self, (Bound::ZERO, Bound::Finite(Dyadic::integer(1))), sigmoid_at)
    }

    /// ln(1 + e^x); increasing from 0.
    pub fn softplus(&self) -> Self {
        increasing(self, (Bound::ZERO, Bound::PlusInfinity), softplus_at)
    }

    /// max(x, 0); exact.
    pub fn relu(&self) -> Self {
        self.max(&Self::integer(0, self.bits))
    }

    /// x σ(x).
    ///
    /// The derivative has the sign of h(x) = 1 + x + e^x: it is σ(x) (1 + x (1 − σ(x))), and 1 − σ(x) = 1/(1 + e^x).
    /// As h increases, the function falls up to the one zero of h and rises from there. At the zero e^x = −1 − x, so
    /// σ(x) = (1 + x)/x and the value is 1 + x.
    pub fn silu(&self) -> Self {
        self.valley(silu_at, silu_slope, (-13, -12), |place| &Self::integer(1, place.bits) + place)
    }

    /// x Φ(x), the exact form, with the normal distribution function Φ and its density φ.
    ///
    /// The derivative is Φ(x) + x φ(x). For x >= 0 it is positive. For x < 0 it has the sign of h(x) = Φ(x)/φ(x) + x,
    /// and h'(x) = 2 + x Φ(x)/φ(x) > 1 by Φ(x)/φ(x) < 1/|x| (Mills' ratio, DLMF 7.8.2). So the function falls up to the
    /// one zero of h and rises from there. At the zero Φ(x) = −x φ(x), so the value is −x² φ(x).
    pub fn gelu(&self) -> Self {
        self.valley(gelu_at, gelu_slope, (-8, -7), |place| {
            let square = place * place;
            -&(&square * &normal_density(place))
        })
    }

    /// The image under a function that falls from 0 at minus infinity to one minimum, then rises without bound.
    ///
    /// `slope` encloses a function with the sign of the derivative, increasing on the bracket, and its own derivative
    /// there. `bracket`, in tenths, holds the place of the minimum. `bottom` encloses the minimum from the place.
    fn valley(
        &self,
        at: fn(&Dyadic, u32) -> Self,
        slope: fn(&Self) -> (Self, Self),
        bracket: (i64, i64),
        bottom: impl Fn(&Self) -> Self,
    ) -> Self {
        let bits = self.bits;
        let at_low = self.low.finite().map(|low| at(low, bits));
        let at_high = if self.is_point() { at_low.clone() } else { self.high.finite().map(|high| at(high, bits)) };
        let high = match (&at_low, &at_high) {
            (Some(left), Some(right)) => (&left.high).max(&right.high).clone(),
            (None, Some(right)) => (&right.high).max(&Bound::ZERO).clone(),
            (_, None) => Bound::PlusInfinity,
        };
        let tenths = |n| Self::integer(n, bits).div(&Self::integer(10, bits)).expect("10 is not 0");
        let mut place = tenths(bracket.0).hull(&tenths(bracket.1));
        if !self.disjoint(&place) {
            place = zero_of(place, slope);
        }
        let low = match (at_low, at_high) {
            (Some(left), _) if self.low >= place.high => left.low,
            (_, Some(right)) if self.high <= place.low => right.low,
            _ => bottom(&place).low,
        };
        Self { low, high, bits }
    }
}

/// Narrows an interval that holds the zero of a differentiable function, by Newton's method for intervals: with m a
/// member and F' an enclosure of the derivative over the interval, the zero is in m − f(m)/F' (Moore 1966).
fn zero_of(mut place: Interval, function_and_slope: fn(&Interval) -> (Interval, Interval)) -> Interval {
    let bits = place.bits;
    for _ in 0..64 {
        let Some(middle) = place.midpoint() else { return place };
        let middle = Interval::point(&middle, bits);
        let (value, _) = function_and_slope(&middle);
        let (_, slope) = function_and_slope(&place);
        let Some(step) = value.div(&slope) else { return place };
        let Some(next) = (&middle - &step).intersect(&place) else { return place };
        if next == place {
            return place;
        }
        place = next;
    }
    place
}

fn silu_slope(place: &Interval) -> (Interval, Interval) {
    let power = place.exp();
    let slope = &Interval::integer(1, place.bits) + &power;
    (&slope + place, slope)
}

/// Φ + x φ and its derivative (2 − x²) φ, positive between −√2 and √2.
fn gelu_slope(place: &Interval) -> (Interval, Interval) {
    let density = normal_density(place);
    let value = &place.normal_cdf() + &(place * &density);
    let factor = &Interval::integer(2, place.bits) - &place.abs().powi(2).expect("the exponent is positive");
    (value, &factor * &density)
}

/// φ(x) = e^(−x²/2) / √(2π).
fn normal_density(place: &Interval) -> Interval {
    let square = place.abs().powi(2).expect("the exponent is positive");
    let power = (-&square.shift(-1)).exp();
    let scale = Interval::pi(place.bits).shift(1).sqrt().expect("π is not negative");
    power.div(&scale).expect("√(2π) is not 0")
}

fn sigmoid_at(argument: &Dyadic, bits: u32) -> Interval {
    let work = bits + 8;
    let one = Interval::integer(1, work);
    one.div(&(&one + &exp_at(&argument.neg(), work))).expect("the divisor is at least 1").with_bits(bits)
}

/// ln(1 + e^x), for x > 0 as x + ln(1 + e^−x).
fn softplus_at(argument: &Dyadic, bits: u32) -> Interval {
    let work = bits + 8;
    if argument.sign() == Ordering::Greater {
        let rest = softplus_at(&argument.neg(), bits);
        return (&Interval::from_dyadic(argument, work) + &rest).with_bits(bits);
    }
    // At 0 and below the exponential is at most 1, but for its rounding.
    let power = exp_at(argument, work).min(&Interval::integer(1, work));
    increasing(&power, (Bound::ZERO, Bound::PlusInfinity), ln_1p_at).with_bits(bits)
}

fn silu_at(argument: &Dyadic, bits: u32) -> Interval {
    let work = bits + 8;
    (&Interval::from_dyadic(argument, work) * &sigmoid_at(argument, work)).with_bits(bits)
}

fn gelu_at(argument: &Dyadic, bits: u32) -> Interval {
    let work = bits + 8;
    (&Interval::from_dyadic(argument, work) * &normal_cdf_at(argument, work)).with_bits(bits)
}

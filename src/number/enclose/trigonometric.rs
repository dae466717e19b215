//! sin, cos, tan, asin, atan.

use crate::number::Integer;
use crate::number::dyadic::{Bound, Dyadic};
use crate::number::enclose::ball::Ball;
use crate::number::enclose::{Side, constants, increasing, near_identity};
use crate::number::interval::Interval;
use std::cmp::Ordering;

/// Arguments of 2^REDUCED_TOP and more are not reduced by multiples of π: sin and cos are then from −1 to 1.
const REDUCED_TOP: i64 = 4096;

/// Which function of the circle, as the number of quarter turns that it is ahead of the sine.
#[derive(Clone, Copy)]
enum Phase {
    Sine = 0,
    Cosine = 1,
}

impl Interval {
    /// The sine.
    pub fn sin(&self) -> Self {
        self.circle(Phase::Sine)
    }

    /// The cosine.
    pub fn cos(&self) -> Self {
        self.circle(Phase::Cosine)
    }

    /// The tangent, increasing between its poles. `None` when a member may be a pole.
    pub fn tan(&self) -> Option<Self> {
        let (low, high) = (self.low.finite()?, self.high.finite()?);
        if low.top().max(high.top()) > REDUCED_TOP || (!self.is_point() && self.meets_turns(1, 1)) {
            return None;
        }
        let at_low = tan_at(low, self.bits)?;
        if self.is_point() {
            return Some(at_low);
        }
        Some(Self { low: at_low.low, high: tan_at(high, self.bits)?.high, bits: self.bits })
    }

    /// The arc tangent; increasing from −π/2 to π/2.
    pub fn atan(&self) -> Self {
        let quarter = Self::pi(self.bits).shift(-1);
        increasing(self, (quarter.high.neg(), quarter.high), atan_at)
    }

    /// The inverse of the sine; increasing from −π/2 to π/2. `None` when a member may be outside of −1 to 1.
    pub fn asin(&self) -> Option<Self> {
        let one = Dyadic::integer(1);
        let is_within = self.low >= Bound::Finite(one.neg()) && self.high <= Bound::Finite(one);
        let quarter = Self::pi(self.bits).shift(-1);
        is_within.then(|| increasing(self, (quarter.high.neg(), quarter.high), asin_at))
    }

    /// Between two neighbouring extremes a function of the circle is monotone, so its range is spanned by the values
    /// at the ends and by those extremes that may be members.
    fn circle(&self, phase: Phase) -> Self {
        let (bits, one) = (self.bits, Dyadic::integer(1));
        let whole = Self { low: Bound::Finite(one.neg()), high: Bound::Finite(one), bits };
        let (Some(low), Some(high)) = (self.low.finite(), self.high.finite()) else { return whole };
        if low.top().max(high.top()) > REDUCED_TOP {
            return whole;
        }
        let at_low = circle_at(low, phase, bits);
        if self.is_point() {
            return at_low;
        }
        // The sine is 1 at 1/2 of a half turn and -1 at 3/2; the cosine at 0/2 and 2/2.
        let maximum = 1 - phase as i64;
        let ends = at_low.hull(&circle_at(high, phase, bits));
        Self {
            low: if self.meets_turns(maximum + 2, 2) { whole.low } else { ends.low },
            high: if self.meets_turns(maximum, 2) { whole.high } else { ends.high },
            bits,
        }
    }

    /// Whether `(halves / 2 + period * k) π` may be a member for some whole k. Requires: bounded, not huge.
    fn meets_turns(&self, halves: i64, period: i64) -> bool {
        let top = |bound: &Bound| bound.finite().map_or(0, |end| end.top().clamp(0, REDUCED_TOP));
        let work = self.bits + 16 + top(&self.low).max(top(&self.high)) as u32;
        let in_half_turns = self.with_bits(work).div(&Self::pi(work)).expect("π is positive");
        let shifted = &in_half_turns - &Self::integer(halves, work).shift(-1);
        let turns = shifted.div(&Self::integer(period, work)).expect("the period is positive");
        match (turns.low.finite(), turns.high.finite()) {
            // There is a whole number from low to high when the smallest one from low on is not above high.
            (Some(low), Some(high)) => -low.neg().floor() <= high.floor(),
            _ => true,
        }
    }
}

/// sin(x + phase π/2). Requires: not huge.
///
/// x = n π/2 + r with |r| < 1, so the value is ± sin r or ± cos r by the remainder of n + phase by 4 (DLMF 4.16).
/// Close to a zero other than 0 the reduction cancels, and is repeated with as many bits more as were lost.
fn circle_at(argument: &Dyadic, phase: Phase, bits: u32) -> Interval {
    if argument.is_zero() {
        return Interval::integer(phase as i64, bits);
    }
    if argument.top() < -i64::from(bits) / 2 {
        // x − x³/6 <= sin x <= x for x >= 0, and 1 − x²/2 <= cos x <= 1: the series DLMF 4.19.1 and 4.19.2 alternate.
        return match phase {
            Phase::Sine => near_identity(argument, Side::Inside, bits),
            Phase::Cosine => {
                let one = Interval::integer(1, bits);
                one.hull(&(&one - &Interval::from_dyadic(&argument.mul(argument), bits)))
            }
        };
    }
    let wanted = bits as usize + 4;
    let mut scale = wanted + 24 + argument.top().unsigned_abs() as usize;
    let limit = scale + 4 * wanted;
    loop {
        let quarter = constants::pi(scale).halved(1);
        let whole = Ball::from_dyadic(argument, scale);
        let multiple = whole.nearest_multiple(&quarter);
        let rest = whole.sub(&quarter.mul_integer(&multiple));
        let value = match quarter_turns(&multiple, phase) {
            0 => sin_series(&rest),
            1 => cos_series(&rest, scale),
            2 => sin_series(&rest).neg(),
            _ => cos_series(&rest, scale).neg(),
        };
        let missing = wanted.saturating_sub(value.certain_bits());
        if missing == 0 || scale >= limit {
            let one = Interval::integer(1, bits);
            return value.to_interval(bits).max(&-&one).min(&one);
        }
        scale += missing + 4;
    }
}

fn quarter_turns(multiple: &Integer, phase: Phase) -> u8 {
    let turns = (multiple + Integer::from(phase as i64)) & Integer::from(3);
    u8::try_from(turns).expect("two bits")
}

/// Σ (−1)^n r^(2n+1) / (2n+1)! (DLMF 4.19.1) for |r| <= 1. The terms alternate and shrink, so the tail is at most the
/// last term.
fn sin_series(rest: &Ball) -> Ball {
    alternating_series(rest.clone(), &rest.mul(rest), 3)
}

/// Σ (−1)^n r^(2n) / (2n)! (DLMF 4.19.2) for |r| <= 1, with the same bound of the tail.
fn cos_series(rest: &Ball, scale: usize) -> Ball {
    alternating_series(Ball::integer(1, scale), &rest.mul(rest), 2)
}

/// first − first r²/((k−1) k) + first r⁴/((k−1) k (k+1) (k+2)) − …
fn alternating_series(first: Ball, square: &Ball, k: u64) -> Ball {
    let (mut term, mut sum) = (first.clone(), first);
    for factor in (k..).step_by(2) {
        if term.is_below(8) {
            break;
        }
        term = term.mul(square).div_small(factor * (factor - 1)).neg();
        sum = sum.add(&term);
    }
    sum.widened(&term.magnitude())
}

/// sin x / cos x. `None` when the cosine cannot be told from 0.
fn tan_at(argument: &Dyadic, bits: u32) -> Option<Interval> {
    if argument.top() < -i64::from(bits) / 2 {
        // x <= tan x <= x + x³ for 0 <= x <= 1/2: all coefficients of the series DLMF 4.19.3 are positive, so
        // (tan x − x) / x³ grows, to 0.371 at 1/2.
        return Some(near_identity(argument, Side::Outside, bits));
    }
    let work = bits + 8;
    let quotient = circle_at(argument, Phase::Sine, work).div(&circle_at(argument, Phase::Cosine, work))?;
    Some(quotient.with_bits(bits))
}

/// asin x = 2 atan (x / (1 + √(1 − x²))) (half the angle, DLMF 4.21.22) for |x| <= 1.
fn asin_at(argument: &Dyadic, bits: u32) -> Interval {
    if argument.top() < -i64::from(bits) / 2 {
        // x <= asin x <= x + x³ for 0 <= x <= 1/2: all coefficients of the series DLMF 4.24.1 are positive, so
        // (asin x − x) / x³ grows, to 0.189 at 1/2.
        return near_identity(argument, Side::Outside, bits);
    }
    let work = bits + 8;
    let (x, one) = (Interval::from_dyadic(argument, work), Interval::integer(1, work));
    let cosine = (&(&one - &x) * &(&one + &x)).sqrt().expect("1 and -1 are rounded to themselves");
    let half = x.div(&(&one + &cosine)).expect("the divisor is at least 1");
    half.atan().shift(1).with_bits(bits)
}

/// atan x = 2^j atan y, where y follows from x by j steps y -> y / (1 + √(1 + y²)) (half the angle, DLMF 4.21.22), after which |y| < 1/8.
fn atan_at(argument: &Dyadic, bits: u32) -> Interval {
    if argument.sign() == Ordering::Less {
        return -&atan_at(&argument.neg(), bits);
    }
    if argument.top() < -i64::from(bits) / 2 {
        // x − x³/3 <= atan x <= x for x >= 0 (the series DLMF 4.24.3 alternates).
        return near_identity(argument, Side::Inside, bits);
    }
    let work = bits + 24;
    let one = Interval::integer(1, work);
    let (mut tangent, mut halvings) = (Interval::from_dyadic(argument, work), 0);
    while tangent.high.finite().is_none_or(|high| high.top() > -3) {
        let root = (&one + &(&tangent * &tangent)).sqrt().expect("a sum of squares is not negative");
        tangent = tangent.div(&(&one + &root)).expect("the divisor is at least 1");
        halvings += 1;
    }
    let top = tangent.high.finite().map_or(0, |high| high.top().min(0).unsigned_abs());
    let scale = work as usize + top as usize;
    let ball = Ball::from_interval(&tangent, scale).expect("the tangent is below 1/8");
    atan_series(&ball).to_interval(work).shift(halvings).with_bits(bits)
}

/// Σ (−1)^n y^(2n+1) / (2n+1) (DLMF 4.24.3) for |y| <= 1/2: after the power y^(2n+1) the tail is at most
/// |y|^(2n+1) (y² + y⁴ + …) <= |y|^(2n+1).
fn atan_series(tangent: &Ball) -> Ball {
    let square = tangent.mul(tangent);
    let (mut power, mut sum) = (tangent.clone(), tangent.clone());
    for odd in (3..).step_by(2) {
        if power.is_below(8) {
            break;
        }
        power = power.mul(&square).neg();
        sum = sum.add(&power.div_small(odd));
    }
    sum.widened(&power.magnitude())
}

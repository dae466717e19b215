//! erf, erfc, and the distribution function of the standard normal distribution, Φ(x) = erfc(−x/√2) / 2.
//!
//! All three are taken from e^-u and a series in u = z², where z is x or x/√2, so that u is exact. Results keep their
//! relative precision however small they are.

use crate::number::dyadic::{Bound, Dyadic};
use crate::number::enclose::ball::Ball;
use crate::number::enclose::exponential::exp_at;
use crate::number::enclose::increasing;
use crate::number::interval::Interval;
use std::cmp::Ordering;

impl Interval {
    /// The error function, (2/√π) ∫₀^x e^(−t²) dt (DLMF 7.2.1); increasing from −1 to 1.
    pub fn erf(&self) -> Self {
        increasing(self, (Bound::Finite(Dyadic::integer(-1)), Bound::Finite(Dyadic::integer(1))), erf_at)
    }

    /// 1 − erf x (DLMF 7.2.2), decreasing from 2 to 0, and sharp where that difference cancels.
    pub fn erfc(&self) -> Self {
        increasing(&-self, (Bound::ZERO, Bound::Finite(Dyadic::integer(2))), |mirrored, bits| {
            let root = Interval::from_dyadic(&mirrored.abs(), bits + 16);
            lower_tail(mirrored.sign(), &root, &mirrored.mul(mirrored), bits)
        })
    }

    /// The standard normal distribution function Φ(x) = erfc(−x/√2) / 2; increasing from 0 to 1.
    pub fn normal_cdf(&self) -> Self {
        increasing(self, (Bound::ZERO, Bound::Finite(Dyadic::integer(1))), normal_cdf_at)
    }
}

fn erf_at(argument: &Dyadic, bits: u32) -> Interval {
    if argument.sign() == Ordering::Less {
        return -&erf_at(&argument.neg(), bits);
    }
    let (square, work) = (argument.mul(argument), bits + 16);
    let root = Interval::from_dyadic(argument, work);
    if is_large(&square, bits) {
        return (&Interval::integer(1, work) - &tail_far(&root, &square, bits)).with_bits(bits);
    }
    erf_near(&root, &square, work).with_bits(bits)
}

/// Φ(x) with z = |x|/√2 and u = x²/2.
pub(super) fn normal_cdf_at(argument: &Dyadic, bits: u32) -> Interval {
    // Enough for the difference 1 − erf z in `lower_tail`.
    let work = 3 * bits + 96;
    let root_two = Interval::integer(2, work).sqrt().expect("2 is not negative");
    let root = Interval::from_dyadic(&argument.abs(), work).div(&root_two).expect("√2 is not 0");
    lower_tail(argument.sign(), &root, &argument.mul(argument).shift(-1), bits).shift(-1)
}

/// erfc(−z) for a sign of +, erfc(z) for a sign of −, where z = `root` >= 0 and z² = `square`.
fn lower_tail(sign: Ordering, root: &Interval, square: &Dyadic, bits: u32) -> Interval {
    let (one, work) = (Interval::integer(1, bits), bits + 16);
    if sign == Ordering::Greater {
        let erf =
            if is_large(square, bits) { &one - &tail_far(root, square, bits) } else { erf_near(root, square, work) };
        return (&one + &erf).with_bits(bits);
    }
    if is_large(square, bits) {
        return tail_far(root, square, bits).with_bits(bits);
    }
    // The difference 1 − erf z loses as many digits as the result has leading zeros. As
    // erfc z > (2/√π) e^-u / (z + √(z² + 2)) (DLMF 7.8.2), those are fewer than 1.5 u + 8.
    let whole = u32::try_from(square.floor()).expect("the square is not large") + 1;
    let lost = whole + whole / 2 + 8;
    let precise = erf_near(root, square, work + lost);
    (&one - &precise).with_bits(bits)
}

/// Whether the asymptotic series gives `bits` digits: its smallest term is about e^-u = 2^(−1.44 u).
fn is_large(square: &Dyadic, bits: u32) -> bool {
    *square >= Dyadic::integer(i64::from(bits) + 24)
}

/// erf z = (2/√π) z e^(−u) Σ (2u)^n / (1·3···(2n+1)) (DLMF 7.6.2), for z >= 0. Every factor keeps its relative
/// precision.
fn erf_near(root: &Interval, square: &Dyadic, bits: u32) -> Interval {
    let work = bits + 8;
    let root_pi = Interval::pi(work).sqrt().expect("π is not negative");
    let series = erf_series(&square.shift(1), work);
    let product = &(&root.with_bits(work) * &exp_at(&square.neg(), work)) * &series;
    product.shift(1).div(&root_pi).expect("√π is not 0").with_bits(bits)
}

/// Σ a^n / (1·3···(2n+1)) for a >= 0; all terms are positive.
///
/// Once 2n + 3 >= 2a each term is at most half the one before, so the tail is at most the last term. Before, the terms
/// grow, and errors with them, no faster than the sum.
fn erf_series(argument: &Dyadic, bits: u32) -> Interval {
    let scale = bits as usize + 32;
    let ratio = Ball::from_dyadic(argument, scale);
    let twice = argument.shift(1);
    let (mut term, mut sum) = (Ball::integer(1, scale), Ball::integer(1, scale));
    for odd in (3..).step_by(2) {
        term = term.mul(&ratio).div_small(odd);
        sum = sum.add(&term);
        if term.is_below(16) && Dyadic::integer(odd as i64) >= twice {
            break;
        }
    }
    sum.widened(&term.magnitude()).to_interval(bits)
}

/// erfc z = e^(−u) / (z √π) (1 − 1/(2u) + 1·3/(2u)² − …) for z > 0 (DLMF 7.12.1).
///
/// For real z the remainder is at most the first neglected term and has its sign (DLMF 7.12(i)), wherever the sum
/// stops; so it is widened by that term.
fn tail_far(root: &Interval, square: &Dyadic, bits: u32) -> Interval {
    let work = bits + 16;
    let inverse = Interval::integer(1, work).div(&Interval::from_dyadic(&square.shift(1), work));
    let inverse = inverse.expect("the square is large");
    let negligible = Bound::Finite(Dyadic::power_of_two(-i64::from(bits) - 8));
    let (mut term, mut sum) = (Interval::integer(1, work), Interval::integer(0, work));
    for odd in (1..).step_by(2).take(8 * bits as usize) {
        sum = &sum + &term;
        term = -&(&(&term * &inverse) * &Interval::integer(odd, work));
        if term.abs().high <= negligible {
            break;
        }
    }
    let sum = sum.hull(&(&sum + &term));
    let scale = &root.with_bits(work) * &Interval::pi(work).sqrt().expect("π is not negative");
    (&exp_at(&square.neg(), work) * &sum).div(&scale).expect("the root is large")
}

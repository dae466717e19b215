//! sinh, cosh, tanh.

use crate::number::dyadic::{Bound, Dyadic};
use crate::number::enclose::ball::Ball;
use crate::number::enclose::exponential::exp_at;
use crate::number::enclose::{Side, increasing, near_identity};
use crate::number::interval::Interval;
use std::cmp::Ordering;

impl Interval {
    /// The hyperbolic sine; increasing.
    pub fn sinh(&self) -> Self {
        increasing(self, (Bound::MinusInfinity, Bound::PlusInfinity), sinh_at)
    }

    /// The hyperbolic cosine; even, and increasing from 1 at 0.
    pub fn cosh(&self) -> Self {
        increasing(&self.abs(), (Bound::Finite(Dyadic::integer(1)), Bound::PlusInfinity), cosh_at)
    }

    /// The hyperbolic tangent; increasing from −1 to 1.
    pub fn tanh(&self) -> Self {
        increasing(self, (Bound::Finite(Dyadic::integer(-1)), Bound::Finite(Dyadic::integer(1))), tanh_at)
    }
}

/// (e^x − e^−x) / 2 (DLMF 4.28.1); below 1, where that cancels, the series.
fn sinh_at(argument: &Dyadic, bits: u32) -> Interval {
    if argument.top() < -i64::from(bits) / 2 {
        return near_identity(argument, Side::Outside, bits);
    }
    if argument.top() > 0 {
        let work = bits + 8;
        return (&exp_at(argument, work) - &exp_at(&argument.neg(), work)).shift(-1).with_bits(bits);
    }
    let scale = bits as usize + 24 + argument.top().unsigned_abs() as usize;
    sinh_series(&Ball::from_dyadic(argument, scale)).to_interval(bits)
}

/// Σ x^(2n+1) / (2n+1)! (DLMF 4.33.1) for |x| <= 1.
///
/// After the term t_n the tail is at most |t_n| (1/6 + 1/36 + …) <= |t_n|.
fn sinh_series(argument: &Ball) -> Ball {
    let square = argument.mul(argument);
    let (mut term, mut sum) = (argument.clone(), argument.clone());
    for odd in (3u64..).step_by(2) {
        if term.is_below(8) {
            break;
        }
        term = term.mul(&square).div_small(odd * (odd - 1));
        sum = sum.add(&term);
    }
    sum.widened(&term.magnitude())
}

/// (e^x + e^−x) / 2 (DLMF 4.28.2).
fn cosh_at(argument: &Dyadic, bits: u32) -> Interval {
    let work = bits + 8;
    (&exp_at(argument, work) + &exp_at(&argument.neg(), work)).shift(-1).with_bits(bits)
}

/// sinh x / cosh x below 1; beyond, 1 − 2 / (e^2x + 1) (DLMF 4.28.1, 4.28.2, 4.28.4).
fn tanh_at(argument: &Dyadic, bits: u32) -> Interval {
    if argument.top() < -i64::from(bits) / 2 {
        // x − x³/3 <= tanh x <= x for x >= 0: the derivative is 1 − tanh² x >= 1 − x².
        return near_identity(argument, Side::Inside, bits);
    }
    if argument.sign() == Ordering::Less {
        return -&tanh_at(&argument.neg(), bits);
    }
    let work = bits + 8;
    let (one, two) = (Interval::integer(1, work), Interval::integer(2, work));
    let quotient = if argument.top() > 0 {
        two.div(&(&exp_at(&argument.shift(1), work) + &one)).map(|rest| &one - &rest)
    } else {
        sinh_at(argument, work).div(&cosh_at(argument, work))
    };
    quotient.expect("the divisors are at least 1").with_bits(bits)
}

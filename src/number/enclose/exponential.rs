//! exp, ln, ln(1 + x), and powers with a real exponent.

use crate::number::Integer;
use crate::number::dyadic::{Bound, Dyadic};
use crate::number::enclose::ball::Ball;
use crate::number::enclose::{constants, increasing, words};
use crate::number::interval::Interval;
use dashu_base::Abs;
use std::cmp::Ordering;

/// Beyond 2^(EXP_TOP - 1) the exponential is only bounded, by a power of two.
const EXP_TOP: i64 = 40;

impl Interval {
    /// The exponential; increasing.
    pub fn exp(&self) -> Self {
        increasing(self, (Bound::ZERO, Bound::PlusInfinity), exp_at)
    }

    /// The natural logarithm; increasing. `None` when a member may be 0 or negative.
    pub fn ln(&self) -> Option<Self> {
        self.is_positive().then(|| increasing(self, (Bound::MinusInfinity, Bound::PlusInfinity), ln_at))
    }

    /// The logarithms of the positive members; `None` when there are none.
    pub fn ln_where_defined(&self) -> Option<Self> {
        if self.is_positive() {
            return self.ln();
        }
        let high = self.high.finite();
        let above = match high {
            Some(high) if high.sign() != Ordering::Greater => return None,
            Some(high) => ln_at(high, self.bits).high,
            None => Bound::PlusInfinity,
        };
        Some(Self { low: Bound::MinusInfinity, high: above, bits: self.bits })
    }

    /// `x^y = e^(y ln x)` (DLMF 4.2.26). `None` when a base may be 0 or negative.
    pub fn pow(&self, exponent: &Self) -> Option<Self> {
        let bits = self.bits.max(exponent.bits);
        // The error of the product becomes the relative error of the result. Logarithms are below 2^41.
        let top = |bound: &Bound| bound.finite().map_or(0, |end| end.top().clamp(0, 64));
        let reach = 48 + top(&exponent.low).max(top(&exponent.high)) as u32;
        let logarithm = self.with_bits(bits.saturating_add(reach)).ln()?;
        Some((exponent * &logarithm).exp().with_bits(bits))
    }
}

/// The exponential of a number.
///
/// x = k ln 2 + r with |r| < 1, e^x = 2^k (e^(r / 2^s))^(2^s), and the series DLMF 4.2.19 for the inner exponential.
/// k is found by any means; r is the exact difference up to the error of ln 2, which `Ball` carries.
pub(super) fn exp_at(argument: &Dyadic, bits: u32) -> Interval {
    let top = argument.top();
    if argument.is_zero() {
        return Interval::integer(1, bits);
    }
    if top > EXP_TOP {
        return exp_bound(argument, bits);
    }
    let halvings = (f64::from(bits).sqrt() / 2.0) as usize + 2;
    let scale = bits as usize + 24 + 2 * halvings + usize::try_from(top).unwrap_or(0);
    let (ln_2, whole) = (constants::ln_2(scale), Ball::from_dyadic(argument, scale));
    let multiple = whole.nearest_multiple(&ln_2);
    let rest = whole.sub(&ln_2.mul_integer(&multiple));
    let rest = rest.halved(halvings);
    let power = words::exp_of_small(&rest, halvings).unwrap_or_else(|| exp_of_small(&rest, halvings));
    // |k| < 2^(EXP_TOP + 1).
    let multiple = i64::try_from(multiple).expect("the argument is below 2^40");
    power.to_interval(bits).shift(multiple)
}

/// The exponential of a number near 0, squared `n_squarings` times.
fn exp_of_small(rest: &Ball, n_squarings: usize) -> Ball {
    (0..n_squarings).fold(exp_series(rest, rest.scale()), |power, _| power.mul(&power))
}

/// Σ r^n / n! (DLMF 4.2.19) for |r| <= 1/2.
///
/// The series is summed at the middle of r in whole units of 2^-scale. A term carries at most 1/2 of the error of the
/// one before it and two roundings of one unit, so its error is below 4; after the term t_n the tail is at most
/// |t_n| (|r|/(n+1) + |r|²/(n+1)² + …) <= |t_n|. What r is off by counts at most e^(1/2) < 2 times.
fn exp_series(rest: &Ball, scale: usize) -> Ball {
    debug_assert!(rest.magnitude() <= Integer::ONE << (scale - 1), "the series is summed near 0");
    let middle = rest.middle();
    let (mut term, mut sum, mut n_terms) = (Integer::ONE << scale, Integer::ONE << scale, 0_u64);
    loop {
        n_terms += 1;
        term = ((term * middle) >> scale) / n_terms as i64;
        sum += &term;
        if term.clone().abs() <= Integer::from(8) {
            break;
        }
    }
    let (rounding, tail) = (Integer::from(4 * n_terms), Integer::from(8 + 4));
    Ball::new(sum, rounding + tail + (rest.error() << 1), scale)
}

/// Bounds of the exponential of a number of 2^39 or more, on either side of 0: from e^|x| >= 2^|x| >= 2^(2^39).
fn exp_bound(argument: &Dyadic, bits: u32) -> Interval {
    let reach = 1 << (EXP_TOP - 1);
    if argument.sign() == Ordering::Less {
        return Interval::from_bounds(&Bound::ZERO, &Bound::Finite(Dyadic::power_of_two(-reach)), bits);
    }
    Interval::from_bounds(&Bound::Finite(Dyadic::power_of_two(reach)), &Bound::PlusInfinity, bits)
}

/// The logarithm of a number above 0.
///
/// x = 2^k m, ln x = k ln 2 + 2 atanh z with z = (m−1)/(m+1) (DLMF 4.6.4). From 1/2 to 2 k is 0, and more bits make up
/// for the leading zeros of the result; elsewhere m is from 1/2 to 1 and the two summands do not cancel. So |z| <= 1/3.
pub(super) fn ln_at(argument: &Dyadic, bits: u32) -> Interval {
    let near_one = matches!(argument.top(), 0 | 1);
    let distance = if near_one { argument.add_exact(&Dyadic::integer(-1)) } else { Dyadic::integer(1) };
    if distance.top() < -i64::from(bits) {
        return ln_1p_near_zero(&distance, bits);
    }
    let exponent = if near_one { 0 } else { argument.top() };
    let lost = distance.top().min(0).unsigned_abs() + u64::from(64 - exponent.unsigned_abs().leading_zeros());
    let scale = bits as usize + 24 + lost as usize;
    let mantissa = Ball::from_dyadic(&argument.shift(-exponent), scale);
    let one = Ball::integer(1, scale);
    let ratio = mantissa.sub(&one).div(&mantissa.add(&one)).expect("a number above 0 plus 1 is not 0");
    let whole = constants::ln_2(scale).mul_small(exponent);
    atanh_series(&ratio, scale).mul_small(2).add(&whole).to_interval(bits)
}

/// The logarithm of 1 + x, sharp for small x. Requires: x from 0 to 1.
pub(super) fn ln_1p_at(argument: &Dyadic, bits: u32) -> Interval {
    if argument.top() < -i64::from(bits) {
        return ln_1p_near_zero(argument, bits);
    }
    ln_at(&argument.add_exact(&Dyadic::integer(1)), bits)
}

/// x − x² <= ln(1 + x) <= x for x >= −1/2: the difference on the left has the derivative x (2x+1) / (1+x), so it is
/// smallest at 0; on the right see DLMF 4.5.1.
fn ln_1p_near_zero(argument: &Dyadic, bits: u32) -> Interval {
    let linear = Interval::from_dyadic(argument, bits);
    let square = Interval::from_dyadic(&argument.mul(argument), bits);
    linear.hull(&(&linear - &square))
}

/// Σ z^(2n+1) / (2n+1) (DLMF 4.38.5) for |z| <= 1/2.
///
/// After the power z^(2n+1) the tail is at most |z|^(2n+1) (z² + z⁴ + …) <= |z|^(2n+1).
fn atanh_series(argument: &Ball, scale: usize) -> Ball {
    let square = argument.mul(argument);
    let (mut power, mut sum) = (argument.clone(), argument.clone());
    for odd in (3..).step_by(2) {
        if power.is_below(8) {
            break;
        }
        power = power.mul(&square);
        sum = sum.add(&power.div_small(odd));
    }
    debug_assert!(square.magnitude() <= Integer::ONE << (scale - 2), "the series is summed near 0");
    sum.widened(&power.magnitude())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Random;

    #[test]
    fn machine_words_give_the_same_digits() {
        let mut random = Random::new(5);
        for n_squarings in 0..8 {
            for scale in [40, 90, 108, 120] {
                let middle = Integer::from(random.between(-(1 << 38), 1 << 38)) << (scale - 39);
                let rest = Ball::new(middle, Integer::from(random.between(0, 9)), scale);
                let narrow = words::exp_of_small(&rest, 0).expect("it fits");
                assert_eq!(format!("{narrow:?}"), format!("{:?}", exp_of_small(&rest, 0)));
                let rest = rest.halved(n_squarings);
                let narrow = words::exp_of_small(&rest, n_squarings).expect("it fits");
                assert_eq!(format!("{narrow:?}"), format!("{:?}", exp_of_small(&rest, n_squarings)));
            }
        }
    }
}

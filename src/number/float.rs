//! The elementary functions that `f64` has no method for, for witnesses and plots. They suggest; they never decide.

use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};

/// σ(x) = 1 / (1 + e^−x), without overflow.
pub fn sigmoid(x: f64) -> f64 {
    if x >= 0.0 {
        return 1.0 / (1.0 + (-x).exp());
    }
    let power = x.exp();
    power / (1.0 + power)
}

/// ln(1 + e^x), without overflow.
pub fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

/// x σ(x).
pub fn silu(x: f64) -> f64 {
    x * sigmoid(x)
}

/// x Φ(x), the exact form.
pub fn gelu(x: f64) -> f64 {
    x * normal_cdf(x)
}

/// The standard normal distribution function Φ(x) = erfc(−x/√2) / 2.
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * erfc_of(-x * FRAC_1_SQRT_2, 0.5 * x * x, 0.5 * square_rest(x))
}

/// The error function, within a few units of the last place.
pub fn erf(x: f64) -> f64 {
    let (size, square) = (x.abs(), x * x);
    let value = if size < SERIES_END {
        erf_series(size, square, square_rest(x))
    } else {
        1.0 - erfc_fraction(size, square, square_rest(x))
    };
    value.copysign(x)
}

/// Below, the series needs few terms and 1 − erf loses little; beyond, the continued fraction is quick.
const SERIES_END: f64 = 2.0;

/// Where erfc is below the smallest float.
const UNDERFLOW: f64 = 27.3;

/// 1 − erf x from x² and what rounding took from it, also where that difference would cancel.
fn erfc_of(x: f64, square: f64, rest: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    let size = x.abs();
    match (x < 0.0, size < SERIES_END) {
        (true, true) => 1.0 + erf_series(size, square, rest),
        (true, false) => 2.0 - erfc_fraction(size, square, rest),
        // Up to 1/2 the difference keeps its digits.
        (false, true) if size < 0.5 => 1.0 - erf_series(size, square, rest),
        (false, _) => erfc_fraction(size, square, rest),
    }
}

/// What rounding takes from x²; e^(−x²) would magnify it by x².
fn square_rest(x: f64) -> f64 {
    if x.abs() < 1e100 { x.mul_add(x, -(x * x)) } else { 0.0 }
}

/// e^(−x²) from the rounded square and what rounding took from it.
fn gauss(square: f64, rest: f64) -> f64 {
    (-square).exp() * (1.0 - rest)
}

/// erf x = (2/√π) x e^(−x²) Σ (2x²)^n / (1·3···(2n+1)) (DLMF 7.6.2): positive terms, summed from the smallest.
fn erf_series(x: f64, square: f64, rest: f64) -> f64 {
    let mut sum = 1.0;
    for n in (1..=SERIES_TERMS).rev() {
        sum = 1.0 + sum * 2.0 * square / f64::from(2 * n + 1);
    }
    FRAC_2_SQRT_PI * x * gauss(square, rest) * sum
}

/// At x = 2 the 50th term of the series is below 10^-30 times the sum.
const SERIES_TERMS: u32 = 50;

/// erfc x = (e^(−x²)/√π) / (x + (1/2)/(x + 1/(x + (3/2)/(x + …)))) (DLMF 7.9.1), evaluated from the far end.
fn erfc_fraction(x: f64, square: f64, rest: f64) -> f64 {
    if x > UNDERFLOW {
        return 0.0;
    }
    // The number of levels needed falls with the square of x.
    let levels = (20.0 + 300.0 / square) as u32;
    let mut tail = x;
    for level in (1..=levels).rev() {
        tail = x + 0.5 * f64::from(level) / tail;
    }
    0.5 * FRAC_2_SQRT_PI * gauss(square, rest) / tail
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Interval;
    use crate::number::rational::from_f64;

    #[track_caller]
    fn check(own: fn(f64) -> f64, enclosed: fn(&Interval) -> Interval, units: f64) {
        let points = (-400..=400).map(|step| f64::from(step) * 0.0391).chain([1e-9, -1e-300, 25.0, -25.0, 2.0, -2.0]);
        for x in points {
            let (low, high) = enclosed(&Interval::point(&from_f64(x).unwrap(), 90)).to_f64_pair();
            let error = (own(x) - low).abs().min((own(x) - high).abs());
            assert!(error <= units * f64::EPSILON * high.abs().max(1e-290), "at {x}: {} for {low}", own(x));
        }
    }

    #[test]
    fn close_to_the_enclosures() {
        check(erf, Interval::erf, 4.0);
        check(normal_cdf, Interval::normal_cdf, 12.0);
        check(sigmoid, Interval::sigmoid, 3.0);
        check(softplus, Interval::softplus, 3.0);
        check(silu, Interval::silu, 4.0);
        check(gelu, Interval::gelu, 14.0);
    }

    #[test]
    fn the_far_ends() {
        assert_eq!((erf(f64::INFINITY), erf(-40.0)), (1.0, -1.0));
        assert_eq!((sigmoid(-1e9), sigmoid(1e9), softplus(1e9), softplus(-1e9)), (0.0, 1.0, 1e9, 0.0));
        assert_eq!((normal_cdf(-100.0), gelu(100.0), silu(-1e6)), (0.0, 100.0, -0.0));
        assert!(erf(f64::NAN).is_nan() && sigmoid(f64::NAN).is_nan());
    }
}

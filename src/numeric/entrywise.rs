//! Operations on rows of floats, entry by entry, and their slopes: what both kinds of tape are made of.

use crate::expr::{Elementary, SlopeLaw};

/// `out = f(a, b)`.
pub(super) fn two(out: &mut [f64], a: &[f64], b: &[f64], f: impl Fn(f64, f64) -> f64) {
    for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
        *out = f(*a, *b);
    }
}

/// `out = f(out, a)`.
pub(super) fn one(out: &mut [f64], a: &[f64], f: impl Fn(f64, f64) -> f64) {
    for (out, a) in out.iter_mut().zip(a) {
        *out = f(*out, *a);
    }
}

/// `out = a^exponent`.
pub(super) fn raise(out: &mut [f64], a: &[f64], exponent: f64) {
    if exponent == 1.0 {
        one(out, a, |_, a| a);
    } else if exponent == 2.0 {
        one(out, a, |_, a| a * a);
    } else {
        one(out, a, |_, a| power(a, exponent));
    }
}

/// `out` is the function of `a`.
pub(super) fn apply(out: &mut [f64], a: &[f64], function: Elementary) {
    if function == Elementary::Sigmoid {
        one(out, a, |_, a| sigmoid(a));
    } else if function == Elementary::Tanh {
        one(out, a, |_, a| a.tanh());
    } else {
        let value = function.row().value;
        one(out, a, |_, a| value(&[a]));
    }
}

/// The value of a function at one number.
pub(super) fn value_at(function: Elementary, at: f64) -> f64 {
    if function == Elementary::Sigmoid { sigmoid(at) } else { (function.row().value)(&[at]) }
}

/// σ without a branch; e^-x may overflow, and the value is then 0.
fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// `base^exponent`; small whole exponents by multiplication.
pub(super) fn power(base: f64, exponent: f64) -> f64 {
    if exponent == 2.0 {
        base * base
    } else if exponent == -1.0 {
        1.0 / base
    } else if exponent == 0.5 {
        base.sqrt()
    } else if exponent.fract() == 0.0 && exponent.abs() <= 64.0 {
        base.powi(exponent as i32)
    } else {
        base.powf(exponent)
    }
}

/// The slope of a power.
pub(super) fn power_slope(base: f64, exponent: f64) -> f64 {
    if exponent == 2.0 { 2.0 * base } else { exponent * power(base, exponent - 1.0) }
}

/// The sum, in several lanes.
pub(super) fn sum(values: &[f64]) -> f64 {
    let mut lanes = [0.0; 8];
    let (blocks, rest) = values.as_chunks::<8>();
    for block in blocks {
        for (lane, value) in lanes.iter_mut().zip(block) {
            *lane += value;
        }
    }
    lanes.iter().sum::<f64>() + rest.iter().sum::<f64>()
}

/// Whether the slope of a function is an easy function of its value.
pub(super) fn slope_is_in_value(function: Elementary) -> bool {
    matches!(function.row().slope_law, Some(SlopeLaw::OfValue(_)))
}

/// The slope of an operation by one of its operands, as it is to be found.
pub(super) enum Slope<'a> {
    One,
    Value(&'a [f64]),
    /// A function of a row.
    Of(&'a [f64], Shape),
}

/// The function of a row that a slope is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    /// `a + b y + c y²`.
    OfValue([f64; 3]),
    Power(f64),
    Argument(fn(f64) -> f64),
}

impl<'a> Slope<'a> {
    /// The slope of a power at `base`.
    pub(super) fn of_power(base: &'a [f64], exponent: f64) -> Slope<'a> {
        if exponent == 1.0 { Slope::One } else { Slope::Of(base, Shape::Power(exponent)) }
    }

    /// The slope of a function: made of its values where [`slope_is_in_value`], else of its arguments.
    pub(super) fn of_function(function: Elementary, values_or_arguments: &'a [f64]) -> Slope<'a> {
        match function.row().slope_law {
            Some(SlopeLaw::OfValue([0, 1, 0])) => Slope::Value(values_or_arguments),
            Some(SlopeLaw::OfValue(law)) => {
                Slope::Of(values_or_arguments, Shape::OfValue(law.map(|coefficient| coefficient as f64)))
            }
            Some(SlopeLaw::OfArgument(..)) | None => {
                Slope::Of(values_or_arguments, Shape::Argument(function.row().slope))
            }
        }
    }

    /// Adds `adjoint * slope` to each entry of `to`.
    pub(super) fn accumulate(&self, to: &mut [f64], adjoint: &[f64]) {
        match self {
            Slope::One => {
                for (to, adjoint) in to.iter_mut().zip(adjoint) {
                    *to += adjoint;
                }
            }
            Slope::Value(slope) => {
                for ((to, adjoint), slope) in to.iter_mut().zip(adjoint).zip(*slope) {
                    *to += adjoint * slope;
                }
            }
            Slope::Of(row, shape) => shape.each(row, to, |to, position, slope| *to += adjoint[position] * slope),
        }
    }

    /// Multiplies each entry of `to` by the slope.
    pub(super) fn scale(&self, to: &mut [f64]) {
        match self {
            Slope::One => {}
            Slope::Value(slope) => {
                for (to, slope) in to.iter_mut().zip(*slope) {
                    *to *= slope;
                }
            }
            Slope::Of(row, shape) => shape.each(row, to, |to, _, slope| *to *= slope),
        }
    }
}

impl Shape {
    fn each(self, row: &[f64], to: &mut [f64], mut f: impl FnMut(&mut f64, usize, f64)) {
        let n = row.len().min(to.len());
        let pairs = to[..n].iter_mut().zip(&row[..n]).enumerate();
        match self {
            Shape::OfValue([a, b, c]) => pairs.for_each(|(at, (to, y))| f(to, at, a + y * (b + c * y))),
            Shape::Power(2.0) => pairs.for_each(|(at, (to, x))| f(to, at, 2.0 * x)),
            Shape::Power(exponent) => pairs.for_each(|(at, (to, x))| f(to, at, power_slope(*x, exponent))),
            Shape::Argument(slope) => pairs.for_each(|(at, (to, x))| f(to, at, slope(*x))),
        }
    }
}

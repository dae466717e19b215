//! Derivatives of the elementary functions as numbers, by their differential equations.

use std::cmp::Ordering;

use crate::expr::Elementary;
use crate::number::Rational;
use crate::number::rational::fraction;
use crate::numeric::Error;
use crate::numeric::field::Field;
use crate::numeric::field::factorial;

/// The value and the first `order` derivatives of `function` at a point.
///
/// tanh, sigmoid and tan satisfy `y' = p(y)` with a polynomial p, so every derivative is a polynomial in the value;
/// erf, GELU and arctan follow from linear recurrences for `e^{-x²}` and `1 / (1 + x²)` (Leibniz' rule).
pub(super) fn slopes_by_recurrence<F: Field + ?Sized>(
    field: &F,
    function: Elementary,
    at: &F::Element,
    order: usize,
) -> Result<Vec<F::Element>, Error> {
    let value = field.apply(function, at)?;
    if order == 0 {
        return Ok(vec![value]);
    }
    match function {
        Elementary::Exp => Ok(vec![value; order + 1]),
        Elementary::Log => logarithm(field, at, value, order),
        Elementary::Sin => cycle(field, value, field.apply(Elementary::Cos, at)?, order, -1),
        Elementary::Cos => {
            let sine = field.apply(Elementary::Sin, at)?;
            cycle(field, value, field.negate(&sine), order, -1)
        }
        Elementary::Sinh => cycle(field, value, field.apply(Elementary::Cosh, at)?, order, 1),
        Elementary::Cosh => cycle(field, value, field.apply(Elementary::Sinh, at)?, order, 1),
        Elementary::Tan => by_value(field, &[1, 0, 1], value, order),
        Elementary::Tanh => by_value(field, &[1, 0, -1], value, order),
        Elementary::Sigmoid => by_value(field, &[0, 1, -1], value, order),
        Elementary::Atan => arctangent(field, at, value, order),
        Elementary::Erf => {
            let scale = field.divide(&field.integer(2), &field.root(&field.pi()?, 2)?)?;
            let bells = bells(field, at, 2, &scale, order - 1)?;
            Ok([vec![value], bells].concat())
        }
        Elementary::Softplus => {
            let sigmoid = field.apply(Elementary::Sigmoid, at)?;
            Ok([vec![value], by_value(field, &[0, 1, -1], sigmoid, order - 1)?].concat())
        }
        Elementary::Silu => {
            let sigmoid = field.apply(Elementary::Sigmoid, at)?;
            times_argument(field, at, value, &by_value(field, &[0, 1, -1], sigmoid, order)?)
        }
        Elementary::Gelu => times_argument(field, at, value, &normal_distribution(field, at, order)?),
        Elementary::Relu | Elementary::Abs | Elementary::Sign => by_sign(field, function, at, value, order),
        Elementary::Max | Elementary::Min | Elementary::Delta => {
            Err(Error::Unsupported("the slope of a function of two arguments"))
        }
    }
}

fn logarithm<F: Field + ?Sized>(
    field: &F,
    at: &F::Element,
    value: F::Element,
    order: usize,
) -> Result<Vec<F::Element>, Error> {
    let inverse = field.reciprocal(at)?;
    let mut slopes = vec![value, inverse.clone()];
    for n in 1..order {
        let factor = field.multiply(&field.integer(-(n as i64)), &inverse)?;
        slopes.push(field.multiply(&slopes[n], &factor)?);
    }
    Ok(slopes)
}

/// `y'' = sign y`.
fn cycle<F: Field + ?Sized>(
    field: &F,
    value: F::Element,
    slope: F::Element,
    order: usize,
    sign: i64,
) -> Result<Vec<F::Element>, Error> {
    let mut slopes = vec![value, slope];
    for n in 2..=order {
        slopes.push(field.multiply(&field.integer(sign), &slopes[n - 2])?);
    }
    Ok(slopes)
}

/// `y' = p(y)`, with the coefficients of p from the constant up: the n-th derivative is a polynomial in y.
fn by_value<F: Field + ?Sized>(
    field: &F,
    slope: &[i64],
    value: F::Element,
    order: usize,
) -> Result<Vec<F::Element>, Error> {
    let slope: Vec<Rational> = slope.iter().map(|&c| Rational::from(c)).collect();
    let mut polynomial = vec![Rational::ZERO, Rational::ONE];
    let mut slopes = vec![value.clone()];
    for _ in 0..order {
        let mut next = vec![Rational::ZERO; polynomial.len() + slope.len() - 2];
        for (i, c) in polynomial.iter().enumerate().skip(1) {
            for (j, d) in slope.iter().enumerate() {
                next[i - 1 + j] += c * Rational::from(i as u64) * d;
            }
        }
        polynomial = next;
        slopes.push(horner(field, &polynomial, &value)?);
    }
    Ok(slopes)
}

/// The value of a polynomial with coefficients from the constant up.
pub(super) fn horner<F: Field + ?Sized>(
    field: &F,
    coefficients: &[Rational],
    at: &F::Element,
) -> Result<F::Element, Error> {
    let mut value: Option<F::Element> = None;
    for coefficient in coefficients.iter().rev() {
        let coefficient_here = field.rational(coefficient)?;
        value = Some(match value {
            None => coefficient_here,
            Some(value) if coefficient.is_zero() => field.multiply(&value, at)?,
            Some(value) => field.add(&field.multiply(&value, at)?, &coefficient_here)?,
        });
    }
    Ok(value.unwrap_or_else(|| field.integer(0)))
}

/// `(1 + x²) u = 1` differentiated n times.
fn arctangent<F: Field + ?Sized>(
    field: &F,
    at: &F::Element,
    value: F::Element,
    order: usize,
) -> Result<Vec<F::Element>, Error> {
    let inverse = field.reciprocal(&field.add(&field.integer(1), &field.multiply(at, at)?)?)?;
    let mut slopes = vec![value, inverse.clone()];
    for n in 1..order as i64 {
        let first = field.multiply(&field.integer(2 * n), &field.multiply(at, &slopes[n as usize])?)?;
        let second = if n < 2 {
            field.integer(0)
        } else {
            field.multiply(&field.integer(n * (n - 1)), &slopes[n as usize - 1])?
        };
        slopes.push(field.negate(&field.multiply(&inverse, &field.add(&first, &second)?)?));
    }
    Ok(slopes)
}

/// `scale e^{-c x²/2}` and its first `order` derivatives, by `u' = -c x u`.
fn bells<F: Field + ?Sized>(
    field: &F,
    at: &F::Element,
    c: i64,
    scale: &F::Element,
    order: usize,
) -> Result<Vec<F::Element>, Error> {
    let half = field.rational(&fraction(-c, 2).unwrap_or_default())?;
    let exponent = field.multiply(&half, &field.multiply(at, at)?)?;
    let mut slopes = vec![field.multiply(scale, &field.apply(Elementary::Exp, &exponent)?)?];
    for n in 0..order {
        let mut sum = field.multiply(at, &slopes[n])?;
        if n > 0 {
            sum = field.add(&sum, &field.multiply(&field.integer(n as i64), &slopes[n - 1])?)?;
        }
        slopes.push(field.multiply(&field.integer(-c), &sum)?);
    }
    Ok(slopes)
}

/// Φ, the distribution function of the normal law, and its derivatives.
fn normal_distribution<F: Field + ?Sized>(field: &F, at: &F::Element, order: usize) -> Result<Vec<F::Element>, Error> {
    let half = field.rational(&fraction(1, 2).unwrap_or_default())?;
    if field.is_zero(at) == Some(true) && order == 1 {
        // Only Φ(0) and 0 Φ'(0) will be used; Φ'(0) itself need not be exact.
        return Ok(vec![half, field.integer(0)]);
    }
    let scaled = field.divide(at, &field.root(&field.integer(2), 2)?)?;
    let erf = field.apply(Elementary::Erf, &scaled)?;
    let value = field.multiply(&half, &field.add(&field.integer(1), &erf)?)?;
    let two_pi = field.multiply(&field.integer(2), &field.pi()?)?;
    let scale = field.reciprocal(&field.root(&two_pi, 2)?)?;
    Ok([vec![value], bells(field, at, 1, &scale, order - 1)?].concat())
}

/// The derivatives of `x u(x)` from those of u: `x u^(n) + n u^(n-1)`.
fn times_argument<F: Field + ?Sized>(
    field: &F,
    at: &F::Element,
    value: F::Element,
    of: &[F::Element],
) -> Result<Vec<F::Element>, Error> {
    let mut slopes = vec![value];
    for n in 1..of.len() {
        let below = field.multiply(&field.integer(n as i64), &of[n - 1])?;
        slopes.push(field.add(&field.multiply(at, &of[n])?, &below)?);
    }
    Ok(slopes)
}

fn by_sign<F: Field + ?Sized>(
    field: &F,
    function: Elementary,
    at: &F::Element,
    value: F::Element,
    order: usize,
) -> Result<Vec<F::Element>, Error> {
    let sign = field.compare(at, &field.integer(0))?;
    let slope = match (function, sign) {
        (_, Ordering::Equal) => return Err(Error::Undefined("the slope at a kink")),
        (Elementary::Sign, _) | (Elementary::Relu, Ordering::Less) => 0,
        (Elementary::Abs, Ordering::Less) => -1,
        (_, Ordering::Less | Ordering::Greater) => 1,
    };
    let mut slopes = vec![field.integer(0); order + 1];
    slopes[0] = value;
    slopes[1] = field.integer(slope);
    Ok(slopes)
}

/// `slopes[n] / n!` for n up.
pub(super) fn taylor<F: Field + ?Sized>(field: &F, slopes: &[F::Element]) -> Result<Vec<F::Element>, Error> {
    slopes
        .iter()
        .enumerate()
        .map(|(n, slope)| match n {
            0 | 1 => Ok(slope.clone()),
            _ => field.multiply(slope, &field.rational(&(Rational::ONE / factorial(n)))?),
        })
        .collect()
}

//! Derivatives of the elementary functions as numbers, by their differential equations.

use std::cmp::Ordering;

use crate::expr::{Elementary, SlopeLaw};
use crate::number::Rational;
use crate::number::rational::fraction;
use crate::numeric::Error;
use crate::numeric::field::Field;
use crate::numeric::field::factorial;

/// The value and the first `order` derivatives of `function` at a point.
///
/// Where the row of the function has a differential equation, all derivatives follow from it; the others follow from those
/// of each other, and erf and GELU from a linear recurrence for `e^{-x²}` (Leibniz' rule).
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
    match function.row().slope_law {
        Some(SlopeLaw::OfValue(law)) => return by_value(field, &law, value, order),
        Some(SlopeLaw::OfArgument(of, exponent)) => return by_argument(field, of, exponent, at, value, order),
        None => {}
    }
    match function {
        Elementary::Sin => cycle(field, value, field.apply(Elementary::Cos, at)?, order, -1),
        Elementary::Cos => {
            let sine = field.apply(Elementary::Sin, at)?;
            cycle(field, value, field.negate(&sine), order, -1)
        }
        Elementary::Sinh => cycle(field, value, field.apply(Elementary::Cosh, at)?, order, 1),
        Elementary::Cosh => cycle(field, value, field.apply(Elementary::Sinh, at)?, order, 1),
        Elementary::Erf => {
            let scale = field.divide(&field.integer(2), &field.root(&field.pi()?, 2)?)?;
            let bells = bells(field, at, 2, &scale, order - 1)?;
            Ok([vec![value], bells].concat())
        }
        Elementary::Softplus => {
            Ok([vec![value], slopes_by_recurrence(field, Elementary::Sigmoid, at, order - 1)?].concat())
        }
        Elementary::Silu => {
            times_argument(field, at, value, &slopes_by_recurrence(field, Elementary::Sigmoid, at, order)?)
        }
        Elementary::Gelu => times_argument(field, at, value, &normal_distribution(field, at, order)?),
        Elementary::Relu | Elementary::Abs | Elementary::Sign => by_sign(field, function, at, value, order),
        _ => Err(Error::Unsupported("the slope of a function without a law of it")),
    }
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
    let n_slopes = slope.iter().rposition(|&c| c != 0).map_or(1, |last| last + 1);
    let slope: Vec<Rational> = slope[..n_slopes].iter().map(|&c| Rational::from(c)).collect();
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

/// `y' = u = p(x)^a`, with the coefficients of p from the constant up: `p u' = a p' u`, differentiated n times.
fn by_argument<F: Field + ?Sized>(
    field: &F,
    of: &[i64],
    (above, below): (i64, i64),
    at: &F::Element,
    value: F::Element,
    order: usize,
) -> Result<Vec<F::Element>, Error> {
    let exponent = fraction(above, below).ok_or(Error::NotExact)?;
    let mut polynomial: Vec<Rational> = of.iter().map(|&c| Rational::from(c)).collect();
    let mut slopes_of_polynomial = Vec::new();
    while !polynomial.is_empty() {
        slopes_of_polynomial.push(horner(field, &polynomial, at)?);
        polynomial = polynomial.iter().enumerate().skip(1).map(|(n, c)| c * Rational::from(n as u64)).collect();
    }
    let inverse = field.reciprocal(&slopes_of_polynomial[0])?;
    let mut slopes = vec![value, field.power(&slopes_of_polynomial[0], &exponent)?];
    for n in 1..order {
        // p u^(n) is the sum over k ≥ 1 of (a C(n-1, k-1) - C(n-1, k)) p^(k) u^(n-k).
        let mut sum = field.integer(0);
        for (k, own) in slopes_of_polynomial.iter().enumerate().skip(1).take(n) {
            let times = &exponent * binomial(n - 1, k - 1) - binomial(n - 1, k);
            let term = field.multiply(own, &slopes[n + 1 - k])?;
            sum = field.add(&sum, &field.multiply(&field.rational(&times)?, &term)?)?;
        }
        slopes.push(field.multiply(&inverse, &sum)?);
    }
    Ok(slopes)
}

/// `C(n, k)`, 0 where k is larger.
fn binomial(n: usize, k: usize) -> Rational {
    (0..k)
        .map(|at| Rational::from(n as u64 - at.min(n) as u64) / Rational::from(at as u64 + 1))
        .fold(Rational::ONE, |a, b| a * b)
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

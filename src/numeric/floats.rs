use std::cmp::Ordering;

use nalgebra::DMatrix;
use nalgebra::linalg::Schur;

use crate::expr::Elementary;
use crate::number::Rational;
use crate::number::rational::from_f64;
use crate::number::rational::to_f64;
use crate::numeric::Error;
use crate::numeric::Tensor;
use crate::numeric::field::Field;
use crate::numeric::field::{apply_by_sign, within};
use crate::numeric::slopes::slopes_by_recurrence;
use crate::numeric::spectral;

/// Floating point: it suggests, it never proves and never refutes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Floats;

impl Field for Floats {
    type Element = f64;

    fn rational(&self, value: &Rational) -> Result<f64, Error> {
        Ok(to_f64(value))
    }

    fn integer(&self, value: i64) -> f64 {
        value as f64
    }

    fn pi(&self) -> Result<f64, Error> {
        Ok(std::f64::consts::PI)
    }

    fn add(&self, left: &f64, right: &f64) -> Result<f64, Error> {
        Ok(left + right)
    }

    fn multiply(&self, left: &f64, right: &f64) -> Result<f64, Error> {
        Ok(left * right)
    }

    fn negate(&self, value: &f64) -> f64 {
        -value
    }

    fn reciprocal(&self, value: &f64) -> Result<f64, Error> {
        if *value == 0.0 { Err(Error::Undefined("a division by zero")) } else { Ok(1.0 / value) }
    }

    fn divide(&self, left: &f64, right: &f64) -> Result<f64, Error> {
        if *right == 0.0 { Err(Error::Undefined("a division by zero")) } else { Ok(left / right) }
    }

    fn root(&self, value: &f64, degree: u32) -> Result<f64, Error> {
        if *value < 0.0 && degree.is_multiple_of(2) {
            return Err(Error::Undefined("an even root of a negative number"));
        }
        Ok(match degree {
            2 => value.sqrt(),
            3 => value.cbrt(),
            _ => value.abs().powf(1.0 / f64::from(degree)).copysign(*value),
        })
    }

    fn apply(&self, function: Elementary, at: &f64) -> Result<f64, Error> {
        match function {
            Elementary::Relu | Elementary::Abs | Elementary::Sign => apply_by_sign(self, function, at),
            _ if function.row().arity == 1 => within(self, function, at).map(|()| (function.row().value)(&[*at])),
            _ => Err(Error::Unsupported("one argument of a function of two")),
        }
    }

    fn slopes(&self, function: Elementary, at: &f64, order: usize) -> Result<Vec<f64>, Error> {
        if order != 1 {
            return slopes_by_recurrence(self, function, at, order);
        }
        let value = self.apply(function, at)?;
        let slope = (function.row().slope)(*at);
        if slope.is_nan() && !at.is_nan() {
            return Err(Error::Undefined("the slope at a kink"));
        }
        Ok(vec![value, slope])
    }

    fn compare(&self, left: &f64, right: &f64) -> Result<Ordering, Error> {
        left.partial_cmp(right).ok_or(Error::NotExact)
    }

    fn is_zero(&self, value: &f64) -> Option<bool> {
        (!value.is_nan()).then_some(*value == 0.0)
    }

    fn to_rational(&self, value: &f64) -> Option<Rational> {
        if value.fract() == 0.0 && value.abs() < 1e6 { from_f64(*value) } else { None }
    }

    fn weight(&self, value: &f64) -> f64 {
        value.abs()
    }

    fn spectral_norm(&self, rows: usize, entries: &[f64]) -> Result<f64, Error> {
        finite(entries).ok_or(Error::NotExact)?;
        let columns = entries.len().checked_div(rows).unwrap_or(0);
        let matrix = Tensor::Matrix { rows, columns, entries: entries.to_vec() };
        Ok(singular_values(&matrix).first().copied().unwrap_or(0.0))
    }

    fn spectral_radius(&self, size: usize, entries: &[f64]) -> Result<f64, Error> {
        if size <= 2 {
            return spectral::radius(self, size, entries);
        }
        let matrix = DMatrix::from_row_slice(size, size, entries);
        let schur = finite(entries).and_then(|()| Schur::try_new(matrix, f64::EPSILON, MAX_ITERATIONS));
        let values = schur.ok_or(Error::NotExact)?.complex_eigenvalues();
        Ok(values.iter().map(|value| value.norm()).fold(0.0, f64::max))
    }
}

/// After this many steps a matrix counts as one whose eigenvalues are not found.
const MAX_ITERATIONS: usize = 500;

/// Nothing where some entry is infinite or no number: iterations over it would not end.
fn finite(entries: &[f64]) -> Option<()> {
    entries.iter().all(|entry| entry.is_finite()).then_some(())
}

/// The singular values, largest first; of a number or a vector its length.
pub fn singular_values(of: &Tensor<f64>) -> Vec<f64> {
    let (rows, columns) = of.form().rows_and_columns();
    if rows == 0 || columns == 0 {
        return Vec::new();
    }
    let matrix = DMatrix::from_row_slice(rows, columns, of.entries());
    let mut values: Vec<f64> = matrix.singular_values().iter().copied().collect();
    values.sort_by(|a, b| b.total_cmp(a));
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recurrences_agree_with_the_slopes_of_the_table() {
        for row in Elementary::table().iter().filter(|row| row.arity == 1) {
            for at in [0.3, 0.75, 1.5].into_iter().filter(|&at| (row.value)(&[at]).is_finite()) {
                let value = (row.value)(&[at]);
                let slopes = slopes_by_recurrence(&Floats, row.function, &at, 4).unwrap();
                assert!((slopes[0] - value).abs() < 1e-12, "{} at {at}", row.name);
                assert!((slopes[1] - (row.slope)(at)).abs() < 1e-12 * (1.0 + slopes[1].abs()), "{} at {at}", row.name);
            }
        }
    }

    #[test]
    fn each_derivative_is_the_slope_of_the_one_before() {
        let step = 1e-5;
        for row in Elementary::table().iter().filter(|row| row.arity == 1) {
            let at = 0.6;
            let middle = slopes_by_recurrence(&Floats, row.function, &at, 5).unwrap();
            let above = slopes_by_recurrence(&Floats, row.function, &(at + step), 5).unwrap();
            let below = slopes_by_recurrence(&Floats, row.function, &(at - step), 5).unwrap();
            for n in 0..5 {
                let difference = (above[n] - below[n]) / (2.0 * step);
                let error = (difference - middle[n + 1]).abs() / (1.0 + middle[n + 1].abs());
                assert!(error < 1e-6, "{} of order {}", row.name, n + 1);
            }
        }
    }

    #[test]
    fn kinks_and_poles_are_undefined() {
        assert!(matches!(Floats.slopes(Elementary::Relu, &0.0, 1), Err(Error::Undefined(_))));
        assert!(matches!(Floats.slopes(Elementary::Abs, &0.0, 2), Err(Error::Undefined(_))));
        assert!(matches!(Floats.apply(Elementary::Sign, &0.0), Err(Error::Undefined(_))));
        assert!(matches!(Floats.apply(Elementary::Log, &-1.0), Err(Error::Undefined(_))));
        assert!(matches!(Floats.root(&-1.0, 2), Err(Error::Undefined(_))));
        assert_eq!(Floats.root(&-8.0, 3), Ok(-2.0));
    }

    #[test]
    fn singular_values_come_largest_first() {
        let matrix = Tensor::Matrix { rows: 2, columns: 3, entries: vec![0.0, 3.0, 0.0, 4.0, 0.0, 0.0] };
        let values = singular_values(&matrix);
        assert!((values[0] - 4.0).abs() < 1e-12 && (values[1] - 3.0).abs() < 1e-12);
        assert_eq!(Floats.spectral_radius(2, &[0.0, 2.0, -2.0, 0.0]).map(|r| (r - 2.0).abs() < 1e-12), Ok(true));
    }
}

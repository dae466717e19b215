//! Singular values and eigenvalues of small matrices by square roots alone, in any field.
//!
//! A matrix with at most two rows or two columns has a Gram matrix of size one or two, and a characteristic polynomial
//! of degree two is solved by the quadratic formula. Larger matrices are left to floating point.

use std::cmp::Ordering;

use crate::expr::Elementary;
use crate::number::Rational;
use crate::number::rational::fraction;
use crate::numeric::Error;
use crate::numeric::field::Field;

/// The largest singular value: the root of the largest eigenvalue of the Gram matrix.
pub(super) fn norm<F: Field + ?Sized>(field: &F, rows: usize, entries: &[F::Element]) -> Result<F::Element, Error> {
    let columns = entries.len().checked_div(rows).unwrap_or(0);
    let lines: Vec<Vec<F::Element>> = if rows <= columns {
        entries.chunks(columns.max(1)).map(<[_]>::to_vec).collect()
    } else {
        (0..columns).map(|column| entries.iter().skip(column).step_by(columns).cloned().collect()).collect()
    };
    match &lines[..] {
        [] => Ok(field.integer(0)),
        [line] => field.root(&inner(field, line, line)?, 2),
        [a, b] => {
            let gram = [inner(field, a, a)?, inner(field, a, b)?, inner(field, b, b)?];
            let spread = field.multiply(&half(field)?, &field.subtract(&gram[0], &gram[2])?)?;
            let middle = field.multiply(&half(field)?, &field.add(&gram[0], &gram[2])?)?;
            let square = field.add(&field.raise(&spread, 2)?, &field.raise(&gram[1], 2)?)?;
            field.root(&field.add(&middle, &field.root(&square, 2)?)?, 2)
        }
        _ => Err(Error::Unsupported("singular values of large matrices, except in floating point")),
    }
}

/// The largest absolute value of an eigenvalue.
pub(super) fn radius<F: Field + ?Sized>(field: &F, size: usize, entries: &[F::Element]) -> Result<F::Element, Error> {
    match (size, entries) {
        (0, _) => Ok(field.integer(0)),
        (1, [a]) => field.apply(Elementary::Abs, a),
        (2, [a, b, c, d]) => {
            let middle = field.multiply(&half(field)?, &field.add(a, d)?)?;
            let spread = field.multiply(&half(field)?, &field.subtract(a, d)?)?;
            let square = field.add(&field.raise(&spread, 2)?, &field.multiply(b, c)?)?;
            if field.compare(&square, &field.integer(0))? == Ordering::Less {
                // A pair of conjugates: the square of their length is the determinant.
                return field.root(&field.subtract(&field.multiply(a, d)?, &field.multiply(b, c)?)?, 2);
            }
            field.add(&field.apply(Elementary::Abs, &middle)?, &field.root(&square, 2)?)
        }
        _ => Err(Error::Unsupported("eigenvalues of large matrices, except in floating point")),
    }
}

fn inner<F: Field + ?Sized>(field: &F, a: &[F::Element], b: &[F::Element]) -> Result<F::Element, Error> {
    a.iter().zip(b).try_fold(field.integer(0), |sum, (a, b)| field.add(&sum, &field.multiply(a, b)?))
}

fn half<F: Field + ?Sized>(field: &F) -> Result<F::Element, Error> {
    field.rational(&fraction(1, 2).unwrap_or(Rational::ONE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::rational::integer;
    use crate::numeric::{Floats, Rationals};

    fn whole(values: &[i64]) -> Vec<Rational> {
        values.iter().map(|&value| integer(value)).collect()
    }

    #[test]
    fn exact_where_the_roots_are() {
        assert_eq!(norm(&Rationals, 2, &whole(&[0, 3, 4, 0])), Ok(integer(4)));
        assert_eq!(norm(&Rationals, 1, &whole(&[3, 4])), Ok(integer(5)));
        assert_eq!(norm(&Rationals, 3, &whole(&[2, 0, 0, 1, 0, 0])), Ok(integer(2)));
        assert_eq!(radius(&Rationals, 2, &whole(&[0, 1, 0, 0])), Ok(integer(0)));
        assert_eq!(radius(&Rationals, 2, &whole(&[0, 2, -2, 0])), Ok(integer(2)));
        assert_eq!(radius(&Rationals, 2, &whole(&[-3, 0, 0, 1])), Ok(integer(3)));
        assert_eq!(norm(&Rationals, 2, &whole(&[1, 1, 0, 1])), Err(Error::NotExact));
    }

    #[test]
    fn the_formulas_agree_with_the_decompositions() {
        for entries in [[1.0, 2.0, 3.0, 4.0], [0.5, -1.0, 2.0, 0.25], [0.0, 1.0, -1.0, 0.0]] {
            let (by_roots, by_iteration) = (norm(&Floats, 2, &entries), Floats.spectral_norm(2, &entries));
            assert!((by_roots.unwrap() - by_iteration.unwrap()).abs() < 1e-12);
            let (by_roots, by_iteration) = (radius(&Floats, 2, &entries), Floats.spectral_radius(2, &entries));
            assert!((by_roots.unwrap() - by_iteration.unwrap()).abs() < 1e-12);
        }
    }
}

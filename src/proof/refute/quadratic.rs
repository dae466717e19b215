//! Whether a quadratic polynomial of several numbers is above 0 everywhere.

use crate::number::Rational;

/// Whether a polynomial of degree 2 at most, in `n` letters, is at least 0 everywhere, or greater than 0 where that is
/// asked; `None` where it has no value.
///
/// Its coefficients follow from its values at 0, at ±1 on each axis and at the sums of two unit vectors. Squares are
/// completed letter by letter: a letter without a square of its own must not occur at all, and what remains in the end is
/// the least value.
pub(super) fn is_above_zero(
    n: usize,
    is_strict: bool,
    value: &dyn Fn(&[Rational]) -> Option<Rational>,
) -> Option<bool> {
    let mut matrix = symmetric(n, value)?;
    for pivot in 0..n {
        if matrix[pivot][pivot] < Rational::ZERO {
            return Some(false);
        }
        if matrix[pivot][pivot].is_zero() {
            if matrix[pivot][pivot..].iter().any(|entry| !entry.is_zero()) {
                return Some(false);
            }
            continue;
        }
        let above = matrix[pivot].clone();
        for below in matrix.iter_mut().skip(pivot + 1) {
            let factor = &below[pivot] / &above[pivot];
            below.iter_mut().zip(&above).skip(pivot).for_each(|(entry, own)| *entry -= &factor * own);
        }
    }
    let least = &matrix[n][n];
    Some(if is_strict { *least > Rational::ZERO } else { *least >= Rational::ZERO })
}

/// The symmetric matrix `M` with `p(u) = (u, 1)ᵀ M (u, 1)`.
fn symmetric(n: usize, value: &dyn Fn(&[Rational]) -> Option<Rational>) -> Option<Vec<Vec<Rational>>> {
    let at = |ones: &[(usize, i64)]| {
        let mut letters = vec![Rational::ZERO; n];
        ones.iter().for_each(|&(place, sign)| letters[place] = Rational::from(sign));
        value(&letters)
    };
    let constant = at(&[])?;
    let along = |sign: i64| (0..n).map(|i| Some(at(&[(i, sign)])? - &constant)).collect::<Option<Vec<Rational>>>();
    let (up, down) = (along(1)?, along(-1)?);
    let entry = |i: usize, j: usize| match (i.min(j), i.max(j)) {
        (i, j) if i == n && j == n => Some(constant.clone()),
        (i, j) if j == n => Some((&up[i] - &down[i]) / Rational::from(4)),
        (i, j) if i == j => Some((&up[i] + &down[i]) / Rational::from(2)),
        (i, j) => Some((at(&[(i, 1), (j, 1)])? - &constant - &up[i] - &up[j]) / Rational::from(2)),
    };
    (0..=n).map(|i| (0..=n).map(|j| entry(i, j)).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::rational::fraction;

    fn check(polynomial: impl Fn(&Rational, &Rational) -> Rational, at_least: bool, above: bool) {
        let value = |letters: &[Rational]| Some(polynomial(&letters[0], &letters[1]));
        assert_eq!(is_above_zero(2, false, &value), Some(at_least));
        assert_eq!(is_above_zero(2, true, &value), Some(above));
    }

    #[test]
    fn squares_are_completed() {
        let quarter = fraction(1, 4).unwrap_or_default();
        check(|x, y| x * x - x + y * y + &quarter, true, false);
        check(|x, y| x * x - x + y * y + Rational::ONE, true, true);
        check(|x, y| x * x - x + y * y, false, false);
        check(|x, y| (x - y) * (x - y), true, false);
        check(|x, y| (x - y) * (x - y) + Rational::from(3) * (x - y) + Rational::from(2), false, false);
        check(|x, y| x * y, false, false);
        check(|x, _| x.clone(), false, false);
        check(|_, _| Rational::ONE, true, true);
    }
}

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
        for row in pivot + 1..=n {
            let factor = &matrix[row][pivot] / &matrix[pivot][pivot];
            for column in row..=n {
                let less = &factor * &matrix[pivot][column];
                matrix[row][column] -= less;
                matrix[column][row] = matrix[row][column].clone();
            }
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
    let two = Rational::from(2);
    let constant = at(&[])?;
    let mut matrix = vec![vec![Rational::ZERO; n + 1]; n + 1];
    matrix[n][n] = constant.clone();
    for i in 0..n {
        let (up, down) = (at(&[(i, 1)])?, at(&[(i, -1)])?);
        matrix[i][i] = (&up + &down) / &two - &constant;
        matrix[i][n] = (up - down) / Rational::from(4);
        matrix[n][i] = matrix[i][n].clone();
    }
    for i in 0..n {
        for j in 0..i {
            let both = at(&[(i, 1), (j, 1)])? - &constant;
            let alone = |k: usize| &matrix[k][k] + &two * &matrix[k][n];
            let mixed = (both - alone(i) - alone(j)) / &two;
            matrix[i][j] = mixed.clone();
            matrix[j][i] = mixed;
        }
    }
    Some(matrix)
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

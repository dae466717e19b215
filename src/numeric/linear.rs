//! Arithmetic of vectors and matrices over any field.

use std::cmp::Ordering;

use crate::expr::Elementary;
use crate::numeric::Error;
use crate::numeric::Form;
use crate::numeric::Tensor;
use crate::numeric::field::Field;

/// Beyond this size a determinant without a divisor is refused: the expansion takes `n 2^n` steps.
const MAX_EXPANSION: usize = 12;

type Of<F> = Tensor<<F as Field>::Element>;

/// Applies `op` entry by entry; a number goes with every entry of a tensor.
pub(super) fn zip<F: Field>(
    left: &Of<F>,
    right: &Of<F>,
    op: impl Fn(&F::Element, &F::Element) -> Result<F::Element, Error>,
) -> Result<Of<F>, Error> {
    match (left, right) {
        (Tensor::Scalar(a), Tensor::Scalar(b)) => Ok(Tensor::Scalar(op(a, b)?)),
        (Tensor::Scalar(a), _) => right.map(|b| op(a, b)),
        (_, Tensor::Scalar(b)) => left.map(|a| op(a, b)),
        _ if left.form() == right.form() => {
            Tensor::build(left.form(), |position| op(&left.entries()[position], &right.entries()[position]))
        }
        _ => Err(Error::Misfit("tensors entry by entry")),
    }
}

/// The product in the sense of matrices; a vector is a column, a number scales.
pub(super) fn multiply<F: Field>(field: &F, left: &Of<F>, right: &Of<F>) -> Result<Of<F>, Error> {
    if left.as_scalar().is_some() || right.as_scalar().is_some() {
        return zip::<F>(left, right, |a, b| field.multiply(a, b));
    }
    let ((rows, inner), (inner_right, columns)) = (left.form().rows_and_columns(), right.form().rows_and_columns());
    if inner != inner_right {
        return Err(Error::Misfit("a product of matrices"));
    }
    let (a, b) = (left.entries(), right.entries());
    let form = match right.form() {
        Form::Vector(_) => Form::Vector(rows),
        Form::Scalar | Form::Matrix(..) => Form::Matrix(rows, columns),
    };
    Tensor::build(form, |position| {
        let (row, column) = (position / columns, position % columns);
        let mut sum = None;
        for k in 0..inner {
            let term = field.multiply(&a[row * inner + k], &b[k * columns + column])?;
            sum = Some(match sum {
                None => term,
                Some(sum) => field.add(&sum, &term)?,
            });
        }
        Ok(sum.unwrap_or_else(|| field.integer(0)))
    })
}

/// Rows and columns exchanged; a vector becomes one row.
pub(super) fn transpose<S: Clone>(of: &Tensor<S>) -> Tensor<S> {
    let (rows, columns) = of.form().rows_and_columns();
    let entries = of.entries();
    match of {
        Tensor::Scalar(value) => Tensor::Scalar(value.clone()),
        Tensor::Vector(_) | Tensor::Matrix { .. } => Tensor::Matrix {
            rows: columns,
            columns: rows,
            entries: (0..rows * columns).map(|at| entries[(at % rows) * columns + at / rows].clone()).collect(),
        },
    }
}

/// The identity matrix.
pub(super) fn identity<F: Field>(field: &F, size: usize) -> Of<F> {
    let entries = (0..size * size).map(|at| field.integer(i64::from(at / size == at % size))).collect();
    Tensor::Matrix { rows: size, columns: size, entries }
}

/// The number of rows of a square matrix; a number is one.
pub(super) fn square_size(form: Form) -> Result<usize, Error> {
    let (rows, columns) = form.rows_and_columns();
    if rows == columns { Ok(rows) } else { Err(Error::Misfit("a matrix that must be square")) }
}

/// [`square_size`] of a matrix that the field can eliminate.
fn size_to_eliminate<F: Field>(field: &F, form: Form) -> Result<usize, Error> {
    let size = square_size(form)?;
    if size <= field.largest_elimination() { Ok(size) } else { Err(Error::TooLarge) }
}

/// The sum of `terms`; 0 where there are none.
pub(super) fn total<F: Field>(
    field: &F,
    terms: impl IntoIterator<Item = Result<F::Element, Error>>,
) -> Result<F::Element, Error> {
    let mut sum = None;
    for term in terms {
        let term = term?;
        sum = Some(match sum {
            None => term,
            Some(sum) => field.add(&sum, &term)?,
        });
    }
    Ok(sum.unwrap_or_else(|| field.integer(0)))
}

/// The diagonal matrix of a vector, the diagonal of a matrix.
pub(super) fn diagonal<F: Field>(field: &F, of: &Of<F>) -> Result<Of<F>, Error> {
    let entries = of.entries();
    match of.form() {
        Form::Scalar => Ok(of.clone()),
        Form::Vector(n) => Tensor::build(Form::Matrix(n, n), |at| {
            Ok(if at / n == at % n { entries[at / n].clone() } else { field.integer(0) })
        }),
        Form::Matrix(..) => {
            let size = square_size(of.form())?;
            Tensor::build(Form::Vector(size), |at| Ok(entries[at * size + at].clone()))
        }
    }
}

/// The absolute value.
pub(super) fn magnitude<F: Field>(field: &F, of: &F::Element) -> Result<F::Element, Error> {
    field.apply(Elementary::Abs, of)
}

/// Rows of a matrix that is brought to triangular form.
struct Elimination<'a, F: Field> {
    field: &'a F,
    size: usize,
    columns: usize,
    entries: Vec<F::Element>,
    swaps: usize,
}

impl<F: Field> Elimination<'_, F> {
    fn at(&self, row: usize, column: usize) -> &F::Element {
        &self.entries[row * self.columns + column]
    }

    /// Brings the best divisor of this column to the diagonal; false where none serves.
    fn pivot(&mut self, column: usize) -> bool {
        let weight = |row: usize| self.field.weight(self.at(row, column));
        let Some(best) = (column..self.size).max_by(|&a, &b| weight(a).total_cmp(&weight(b)).then(b.cmp(&a))) else {
            return false;
        };
        if weight(best) <= 0.0 {
            return false;
        }
        if best != column {
            self.swaps += 1;
            for k in 0..self.columns {
                self.entries.swap(best * self.columns + k, column * self.columns + k);
            }
        }
        true
    }

    /// Subtracts the pivot's row from another, so that the entry under the pivot becomes 0.
    fn clear(&mut self, column: usize, row: usize, inverse: &F::Element) -> Result<(), Error> {
        let factor = self.field.multiply(self.at(row, column), inverse)?;
        for k in column..self.columns {
            let term = self.field.multiply(&factor, self.at(column, k))?;
            self.entries[row * self.columns + k] = self.field.subtract(self.at(row, k), &term)?;
        }
        Ok(())
    }
}

/// The determinant of a square matrix.
pub(super) fn determinant<F: Field>(field: &F, of: &Of<F>) -> Result<F::Element, Error> {
    let size = size_to_eliminate(field, of.form())?;
    let mut work = Elimination { field, size, columns: size, entries: of.entries().to_vec(), swaps: 0 };
    let mut product = field.integer(1);
    for column in 0..size {
        if !work.pivot(column) {
            return expansion(field, size, of.entries());
        }
        product = field.multiply(&product, work.at(column, column))?;
        let inverse = field.reciprocal(work.at(column, column))?;
        for row in column + 1..size {
            work.clear(column, row, &inverse)?;
        }
    }
    Ok(if work.swaps.is_multiple_of(2) { product } else { field.negate(&product) })
}

/// The determinant without division, by Laplace's expansion over sets of columns.
fn expansion<F: Field>(field: &F, size: usize, entries: &[F::Element]) -> Result<F::Element, Error> {
    if size > MAX_EXPANSION {
        return Err(Error::TooLarge);
    }
    let mut minors = vec![field.integer(1)];
    for set in 1usize..1 << size {
        let row = set.count_ones() as usize - 1;
        let columns = (0..size).filter(|column| set >> column & 1 == 1);
        let terms = columns.zip(0usize..).map(|(column, place)| {
            let term = field.multiply(&entries[row * size + column], &minors[set & !(1 << column)])?;
            Ok(if (row - place).is_multiple_of(2) { term } else { field.negate(&term) })
        });
        let minor = total(field, terms)?;
        minors.push(minor);
    }
    Ok(minors.pop().unwrap_or_else(|| field.integer(1)))
}

/// The inverse of a square matrix (Gauss and Jordan).
pub(super) fn inverse<F: Field>(field: &F, of: &Of<F>) -> Result<Of<F>, Error> {
    let size = size_to_eliminate(field, of.form())?;
    let (left, right) = (of.entries(), identity(field, size).into_entries());
    let rows = (0..size).flat_map(|row| [&left[row * size..][..size], &right[row * size..][..size]].concat());
    let mut work = Elimination { field, size, columns: 2 * size, entries: rows.collect(), swaps: 0 };
    for column in 0..size {
        if !work.pivot(column) {
            let undecided = (column..size).any(|row| field.is_zero(work.at(row, column)).is_none());
            return Err(if undecided { Error::NotExact } else { Error::Undefined("the inverse of a singular matrix") });
        }
        let inverse = field.reciprocal(work.at(column, column))?;
        for row in (0..size).filter(|&row| row != column) {
            work.clear(column, row, &inverse)?;
        }
        for k in column..2 * size {
            work.entries[column * 2 * size + k] = field.multiply(work.at(column, k), &inverse)?;
        }
    }
    let entries = (0..size * size).map(|at| work.at(at / size, size + at % size).clone()).collect();
    Ok(Tensor::Matrix { rows: size, columns: size, entries })
}

/// The power of a square matrix with a whole exponent.
pub(super) fn matrix_power<F: Field>(field: &F, of: &Of<F>, exponent: i64) -> Result<Of<F>, Error> {
    let size = square_size(of.form())?;
    let mut square = if exponent < 0 { inverse(field, of)? } else { of.clone() };
    let mut rest = exponent.unsigned_abs();
    let mut power = identity(field, size);
    while rest > 0 {
        if rest & 1 == 1 {
            power = multiply(field, &power, &square)?;
        }
        rest >>= 1;
        if rest > 0 {
            square = multiply(field, &square, &square)?;
        }
    }
    Ok(power)
}

/// softmax of a vector, of a matrix by rows: `1 / Σ_j e^{x_j - x_i}`, exact where all entries are equal.
pub(super) fn softmax<F: Field>(field: &F, of: &Of<F>) -> Result<Of<F>, Error> {
    let width = match of.form() {
        Form::Scalar => 1,
        Form::Vector(n) | Form::Matrix(_, n) => n,
    };
    let entries = of.entries();
    Tensor::build(of.form(), |position| {
        let row = &entries[position / width * width..][..width];
        let own = position % width;
        let terms = (0..width).map(|other| {
            if other == own {
                return Ok(field.integer(1));
            }
            field.apply(Elementary::Exp, &field.subtract(&row[other], &row[own])?)
        });
        field.reciprocal(&total(field, terms)?)
    })
}

/// The largest of several numbers, or the smallest.
pub(super) fn extreme<F: Field>(
    field: &F,
    entries: impl IntoIterator<Item = Result<F::Element, Error>>,
    wanted: Ordering,
) -> Result<F::Element, Error> {
    let mut best: Option<F::Element> = None;
    for entry in entries {
        let entry = entry?;
        best = Some(match best {
            None => entry,
            Some(best) if field.compare(&entry, &best)? == wanted => entry,
            Some(best) => best,
        });
    }
    best.ok_or(Error::Undefined("the extremum of nothing"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Rational;
    use crate::number::rational::fraction;
    use crate::numeric::Rationals;
    use crate::numeric::jet::Jets;

    fn matrix(size: usize, entries: &[i64]) -> Tensor<Rational> {
        Tensor::Matrix { rows: size, columns: size, entries: entries.iter().map(|&e| Rational::from(e)).collect() }
    }

    #[test]
    fn determinants_with_and_without_division() {
        let of = matrix(3, &[0, 2, 1, 3, 0, 5, 1, 1, 1]);
        assert_eq!(determinant(&Rationals, &of), Ok(Rational::from(7)));
        assert_eq!(expansion(&Rationals, 3, of.entries()), Ok(Rational::from(7)));
        assert_eq!(determinant(&Rationals, &matrix(2, &[1, 2, 2, 4])), Ok(Rational::ZERO));
    }

    #[test]
    fn the_slope_of_a_determinant_at_a_singular_matrix() {
        let jets = Jets::over(&Rationals);
        let entries = [1, 2, 2, 4].map(|e| jets.integer(e));
        let mut of = Tensor::Matrix { rows: 2, columns: 2, entries: entries.to_vec() };
        of.entries_mut()[0] = jets.perturb(&entries[0], 1).unwrap();
        let det = determinant(&jets, &of).unwrap();
        assert_eq!((det.value.clone(), jets.coefficient(&det, 1).value), (Rational::ZERO, Rational::from(4)));
    }

    #[test]
    fn inverses_and_powers() {
        let of = matrix(2, &[0, 2, 1, 3]);
        let power = matrix_power(&Rationals, &of, -2).unwrap();
        let square = matrix_power(&Rationals, &of, 2).unwrap();
        assert_eq!(multiply(&Rationals, &power, &square), Ok(identity(&Rationals, 2)));
        assert!(matches!(inverse(&Rationals, &matrix(2, &[1, 2, 2, 4])), Err(Error::Undefined(_))));
        assert!(matches!(inverse(&Rationals, &Tensor::Vector(vec![Rational::ONE; 2])), Err(Error::Misfit(_))));
    }

    #[test]
    fn softmax_of_equal_entries_is_exact() {
        let of = Tensor::Vector(vec![Rational::from(7); 3]);
        assert_eq!(softmax(&Rationals, &of), Ok(Tensor::Vector(vec![fraction(1, 3).unwrap(); 3])));
        assert_eq!(transpose(&of).form(), Form::Matrix(1, 3));
    }
}

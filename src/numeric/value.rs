use crate::numeric::Error;

/// A number, a vector or a matrix, of concrete sizes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tensor<S> {
    /// A number.
    Scalar(S),
    /// A column.
    Vector(Vec<S>),
    /// Rows by columns, row by row.
    Matrix {
        /// How many rows.
        rows: usize,
        /// How many columns.
        columns: usize,
        /// The entries, row by row.
        entries: Vec<S>,
    },
}

/// The shape of a [`Tensor`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// A number.
    Scalar,
    /// A column of this size.
    Vector(usize),
    /// Rows by columns.
    Matrix(usize, usize),
}

impl Form {
    /// How many entries there are.
    pub fn len(self) -> usize {
        match self {
            Form::Scalar => 1,
            Form::Vector(n) => n,
            Form::Matrix(rows, columns) => rows.saturating_mul(columns),
        }
    }

    /// Whether there is no entry at all.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Rows and columns; a vector is a column, a number one row of one column.
    pub fn rows_and_columns(self) -> (usize, usize) {
        match self {
            Form::Scalar => (1, 1),
            Form::Vector(n) => (n, 1),
            Form::Matrix(rows, columns) => (rows, columns),
        }
    }

    /// The position, row by row from 0, of the entry with these indices, which begin at 1.
    pub fn position(self, at: &[i64]) -> Result<usize, Error> {
        let within = |index: i64, size: usize| {
            usize::try_from(index)
                .ok()
                .filter(|index| (1..=size).contains(index))
                .map(|index| index - 1)
                .ok_or(Error::Undefined("an entry outside of the tensor"))
        };
        match (self, at) {
            (Form::Scalar, []) => Ok(0),
            (Form::Vector(n), [i]) => within(*i, n),
            (Form::Matrix(rows, columns), [i, j]) => Ok(within(*i, rows)? * columns + within(*j, columns)?),
            (Form::Scalar | Form::Vector(_) | Form::Matrix(..), _) => {
                Err(Error::Misfit("as many indices as the tensor has dimensions"))
            }
        }
    }

    /// The indices, from 1, of the entry at this position.
    pub fn indices(self, position: usize) -> Vec<i64> {
        let index = |n: usize| i64::try_from(n + 1).unwrap_or(i64::MAX);
        match self {
            Form::Scalar => Vec::new(),
            Form::Vector(_) => vec![index(position)],
            Form::Matrix(_, columns) => vec![index(position / columns), index(position % columns)],
        }
    }
}

impl<S> Tensor<S> {
    /// The tensor of this form with these entries, row by row; `None` where their number is another.
    pub fn from_entries(form: Form, mut entries: Vec<S>) -> Option<Tensor<S>> {
        if entries.len() != form.len() {
            return None;
        }
        Some(match form {
            Form::Scalar => Tensor::Scalar(entries.pop()?),
            Form::Vector(_) => Tensor::Vector(entries),
            Form::Matrix(rows, columns) => Tensor::Matrix { rows, columns, entries },
        })
    }

    /// The tensor of this form whose entries `entry` makes, in order.
    pub fn build<E>(form: Form, mut entry: impl FnMut(usize) -> Result<S, E>) -> Result<Tensor<S>, E> {
        if form == Form::Scalar {
            return Ok(Tensor::Scalar(entry(0)?));
        }
        // Collected as results they would not know their number beforehand.
        let mut entries = Vec::with_capacity(form.len());
        for position in 0..form.len() {
            entries.push(entry(position)?);
        }
        Ok(match form {
            Form::Matrix(rows, columns) => Tensor::Matrix { rows, columns, entries },
            Form::Scalar | Form::Vector(_) => Tensor::Vector(entries),
        })
    }

    /// The shape.
    pub fn form(&self) -> Form {
        match self {
            Tensor::Scalar(_) => Form::Scalar,
            Tensor::Vector(entries) => Form::Vector(entries.len()),
            Tensor::Matrix { rows, columns, .. } => Form::Matrix(*rows, *columns),
        }
    }

    /// The entries, row by row.
    pub fn entries(&self) -> &[S] {
        match self {
            Tensor::Scalar(value) => std::slice::from_ref(value),
            Tensor::Vector(entries) | Tensor::Matrix { entries, .. } => entries,
        }
    }

    /// The entries to be changed, row by row.
    pub fn entries_mut(&mut self) -> &mut [S] {
        match self {
            Tensor::Scalar(value) => std::slice::from_mut(value),
            Tensor::Vector(entries) | Tensor::Matrix { entries, .. } => entries,
        }
    }

    /// The entries for keeps, row by row.
    pub fn into_entries(self) -> Vec<S> {
        match self {
            Tensor::Scalar(value) => vec![value],
            Tensor::Vector(entries) | Tensor::Matrix { entries, .. } => entries,
        }
    }

    /// The number; `None` of a vector or a matrix.
    pub fn as_scalar(&self) -> Option<&S> {
        match self {
            Tensor::Scalar(value) => Some(value),
            Tensor::Vector(_) | Tensor::Matrix { .. } => None,
        }
    }

    /// The same shape with every entry replaced.
    pub fn map<R, E>(&self, mut change: impl FnMut(&S) -> Result<R, E>) -> Result<Tensor<R>, E> {
        let entries = self.entries();
        Tensor::build(self.form(), |position| change(&entries[position]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_begin_at_one_and_end_at_the_size() {
        let form = Form::Matrix(2, 3);
        assert_eq!(form.position(&[2, 1]), Ok(3));
        assert_eq!(form.indices(3), [2, 1]);
        assert!(matches!(form.position(&[0, 1]), Err(Error::Undefined(_))));
        assert!(matches!(form.position(&[1, 4]), Err(Error::Undefined(_))));
        assert!(matches!(Form::Vector(2).position(&[1, 1]), Err(Error::Misfit(_))));
    }

    #[test]
    fn entries_fit_the_form() {
        assert_eq!(Tensor::from_entries(Form::Vector(2), vec![1]), None);
        assert_eq!(Tensor::from_entries(Form::Scalar, vec![1]), Some(Tensor::Scalar(1)));
        assert_eq!(Tensor::Vector(vec![1, 2]).map(|x| Ok::<i32, ()>(x * 2)), Ok(Tensor::Vector(vec![2, 4])));
    }
}

//! Determinants and inverses of small matrices that are written out, by cofactors.

use crate::expr::{Arena, Expr, Shape};

/// Larger ones have too many terms to be written out.
const MAX_SIZE: usize = 4;

/// The determinant of a square matrix, from its entries row by row; `None` for large ones.
pub(super) fn determinant(arena: &mut Arena, shape: Shape, entries: &[Expr]) -> Option<Expr> {
    let n = size(arena, shape)?;
    Some(expanded(arena, n, entries))
}

/// The entries of the inverse, row by row: the transposed cofactors by the determinant.
pub(super) fn inverse(arena: &mut Arena, shape: Shape, entries: &[Expr]) -> Option<Vec<Expr>> {
    let n = size(arena, shape)?;
    let determinant = expanded(arena, n, entries);
    let mut inverse = Vec::new();
    for row in 0..n {
        for column in 0..n {
            let cofactor = cofactor(arena, n, entries, (column, row));
            inverse.push(arena.divide(cofactor, determinant));
        }
    }
    Some(inverse)
}

fn size(arena: &Arena, shape: Shape) -> Option<usize> {
    let Shape::Matrix(rows, columns) = shape else { return None };
    let n = usize::try_from(arena.as_integer(rows)?).ok()?;
    (rows == columns && n <= MAX_SIZE).then_some(n)
}

/// By the first row (Laplace).
fn expanded(arena: &mut Arena, n: usize, entries: &[Expr]) -> Expr {
    if n == 0 {
        return arena.one();
    }
    let terms: Vec<Expr> = (0..n)
        .map(|column| {
            let cofactor = cofactor(arena, n, entries, (0, column));
            arena.product([entries[column], cofactor])
        })
        .collect();
    arena.sum(terms)
}

fn cofactor(arena: &mut Arena, n: usize, entries: &[Expr], (row, column): (usize, usize)) -> Expr {
    let places = (0..n).flat_map(|i| (0..n).map(move |j| (i, j)));
    let minor: Vec<Expr> = places.filter(|&(i, j)| i != row && j != column).map(|(i, j)| entries[i * n + j]).collect();
    let minor = expanded(arena, n - 1, &minor);
    if (row + column) % 2 == 0 { minor } else { arena.negate(minor) }
}

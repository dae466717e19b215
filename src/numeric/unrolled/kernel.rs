//! Products of matrices that lie anywhere in a buffer, each by the loop that suits its shape.

use nalgebra::DMatrixView;
use nalgebra::DMatrixViewMut;

/// Where a matrix lies: its first entry, its size, and how far its rows and its columns are apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Grid {
    pub(super) at: usize,
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) row_stride: usize,
    pub(super) column_stride: usize,
}

impl Grid {
    /// A matrix row by row.
    pub(super) fn by_rows(at: usize, (rows, columns): (usize, usize)) -> Grid {
        Grid { at, rows, columns, row_stride: columns, column_stride: 1 }
    }

    /// Columns, each without a gap, so far apart.
    pub(super) fn by_columns(at: usize, (rows, columns): (usize, usize), column_stride: usize) -> Grid {
        Grid { at, rows, columns, row_stride: 1, column_stride }
    }

    pub(super) fn transposed(self) -> Grid {
        Grid {
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
            ..self
        }
    }

    /// The part of the buffer from its first entry to its last.
    pub(super) fn hull(self) -> std::ops::Range<usize> {
        let last = (self.rows - 1) * self.row_stride + (self.columns - 1) * self.column_stride;
        self.at..self.at + last + 1
    }

    /// Whether the entries of each row follow each other.
    fn has_rows(self) -> bool {
        self.columns == 1 || self.column_stride == 1
    }

    /// Whether the entries of each column follow each other.
    fn has_columns(self) -> bool {
        self.rows == 1 || self.row_stride == 1
    }
}

/// A matrix with its entries: `data` begins at the first.
#[derive(Clone, Copy)]
pub(super) struct Matrix<'a> {
    pub(super) grid: Grid,
    pub(super) data: &'a [f64],
}

impl Matrix<'_> {
    pub(super) fn transposed(self) -> Self {
        Matrix { grid: self.grid.transposed(), ..self }
    }

    fn at(&self, row: usize, column: usize) -> f64 {
        self.data[row * self.grid.row_stride + column * self.grid.column_stride]
    }

    fn view(&self) -> DMatrixView<'_, f64, nalgebra::Dyn, nalgebra::Dyn> {
        let Grid { rows, columns, row_stride, column_stride, .. } = self.grid;
        DMatrixView::from_slice_with_strides(self.data, rows, columns, row_stride, column_stride)
    }
}

/// Sets a matrix to 0 whose entries begin `out`, and nothing that lies between its columns.
pub(super) fn clear(grid: Grid, out: &mut [f64]) {
    let (stride, len) =
        if grid.has_columns() { (grid.column_stride, grid.rows) } else { (grid.row_stride, grid.columns) };
    out.chunks_mut(stride.max(len)).for_each(|line| line[..len].fill(0.0));
}

/// Adds the product `a b` to a matrix whose entries begin `out`.
pub(super) fn multiply_add(grid: Grid, out: &mut [f64], a: Matrix<'_>, b: Matrix<'_>) {
    if grid.columns == 1 && grid.has_columns() && b.grid.has_columns() {
        if a.grid.has_rows() {
            return dots(&mut out[..grid.rows], a.data, a.grid.row_stride, &b.data[..b.grid.rows]);
        }
        if a.grid.has_columns() {
            return combination(&mut out[..grid.rows], a.data, a.grid.column_stride, &b.data[..b.grid.rows]);
        }
    } else if grid.rows == 1 && grid.has_rows() && a.grid.has_rows() {
        return multiply_add(grid.transposed(), out, b.transposed(), a.transposed());
    } else if a.grid.columns == 1 && a.grid.has_columns() && b.grid.has_rows() && grid.has_rows() {
        for (row, &factor) in a.data[..grid.rows].iter().enumerate() {
            add_multiple(&mut out[row * grid.row_stride..][..grid.columns], &b.data[..grid.columns], factor);
        }
        return;
    }
    let Grid { rows, columns, row_stride, column_stride, .. } = grid;
    if rows.min(columns).min(a.grid.columns) > SMALL {
        return DMatrixViewMut::from_slice_with_strides_mut(out, rows, columns, row_stride, column_stride).gemm(
            1.0,
            &a.view(),
            &b.view(),
            1.0,
        );
    }
    for row in 0..rows {
        for column in 0..columns {
            let terms = (0..a.grid.columns).map(|inner| a.at(row, inner) * b.at(inner, column));
            out[row * row_stride + column * column_stride] += terms.sum::<f64>();
        }
    }
}

/// Up to this size nalgebra does not hand a product on to `matrixmultiply`, and its own loop wants columns.
const SMALL: usize = 5;

/// How many rows are read together, so that what they meet is read once.
const ROWS: usize = 4;

/// Adds to each entry of `out` the inner product of a row with `x`.
fn dots(out: &mut [f64], rows: &[f64], stride: usize, x: &[f64]) {
    for (position, out) in out.chunks_mut(ROWS).enumerate() {
        let rows = &rows[position * ROWS * stride..];
        if let [a, b, c, d] = out {
            let row = |at: usize| &rows[at * stride..][..x.len()];
            let sums = dots_of_four([row(0), row(1), row(2), row(3)], x);
            for (out, sum) in [a, b, c, d].into_iter().zip(sums) {
                *out += sum;
            }
        } else {
            for (at, out) in out.iter_mut().enumerate() {
                *out += dot(&rows[at * stride..][..x.len()], x);
            }
        }
    }
}

/// The inner products of four rows with `x`, in lanes.
fn dots_of_four(rows: [&[f64]; ROWS], x: &[f64]) -> [f64; ROWS] {
    let mut lanes = [[0.0; 4]; ROWS];
    let (blocks, rest) = x.as_chunks::<4>();
    let in_blocks = rows.map(|row| row.as_chunks::<4>().0);
    for (at, x) in blocks.iter().enumerate() {
        for (lanes, row) in lanes.iter_mut().zip(in_blocks) {
            for ((lane, a), x) in lanes.iter_mut().zip(&row[at]).zip(x) {
                *lane += a * x;
            }
        }
    }
    let mut sums = lanes.map(|lanes| lanes.iter().sum::<f64>());
    for (sum, row) in sums.iter_mut().zip(rows) {
        *sum += row[x.len() - rest.len()..].iter().zip(rest).map(|(a, x)| a * x).sum::<f64>();
    }
    sums
}

/// The inner product, in lanes.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0; 8];
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    for (a, b) in a.iter().zip(b) {
        for ((lane, a), b) in lanes.iter_mut().zip(a).zip(b) {
            *lane += a * b;
        }
    }
    lanes.iter().sum::<f64>() + a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum::<f64>()
}

/// Adds the rows times the entries of `x`.
fn combination(out: &mut [f64], rows: &[f64], stride: usize, x: &[f64]) {
    let n = out.len();
    for (position, x) in x.chunks(ROWS).enumerate() {
        let rows = &rows[position * ROWS * stride..];
        let row = |at: usize| &rows[at * stride..][..n];
        if let &[a, b, c, d] = x {
            let pairs = row(0).iter().zip(row(1)).zip(row(2).iter().zip(row(3)));
            for (out, ((p, q), (r, s))) in out.iter_mut().zip(pairs) {
                *out += (a * p + b * q) + (c * r + d * s);
            }
        } else {
            for (at, &factor) in x.iter().enumerate() {
                add_multiple(out, row(at), factor);
            }
        }
    }
}

/// `out += factor · a`
pub(super) fn add_multiple(out: &mut [f64], a: &[f64], factor: f64) {
    for (out, a) in out.iter_mut().zip(a) {
        *out += factor * a;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The product by its definition.
    fn expected(a: Matrix<'_>, b: Matrix<'_>) -> Vec<f64> {
        let inner = a.grid.columns;
        let of = |i: usize, j: usize| (0..inner).map(|k| a.at(i, k) * b.at(k, j)).sum();
        (0..a.grid.rows * b.grid.columns).map(|at| of(at / b.grid.columns, at % b.grid.columns)).collect()
    }

    #[test]
    fn every_shape_and_both_layouts() {
        let data: Vec<f64> = (0..900).map(|i| f64::from(i * 37 % 101) / 7.0 - 6.0).collect();
        let grids = |rows: usize, columns: usize| {
            let by_rows = Grid::by_rows(0, (rows, columns));
            [by_rows, Grid::by_columns(0, (rows, columns), rows), Grid::by_columns(0, (rows, columns), rows + 3)]
        };
        let vectors = [(1, 1, 1), (5, 7, 1), (8, 16, 1), (9, 1, 6), (1, 7, 5), (1, 9, 1)];
        let small = [(2, 3, 4), (9, 9, 3), (9, 3, 9), (3, 9, 9)];
        for (m, k, n) in vectors.into_iter().chain(small).chain([(7, 9, 8), (12, 16, 20)]) {
            for (a, b, out) in grids(m, k).iter().flat_map(|&a| {
                grids(k, n).into_iter().flat_map(move |b| grids(m, n).into_iter().map(move |out| (a, b, out)))
            }) {
                let (a, b) = (Matrix { grid: a, data: &data }, Matrix { grid: b, data: &data[100..] });
                let mut found = vec![1.0; out.hull().len()];
                multiply_add(out, &mut found, a, b);
                for (at, expected) in expected(a, b).into_iter().enumerate() {
                    let found = found[at / n * out.row_stride + at % n * out.column_stride];
                    assert!((found - 1.0 - expected).abs() < 1e-10 * (1.0 + expected.abs()), "{m} {k} {n}");
                }
            }
        }
    }
}

//! Where a field of samples exceeds a level: marching squares, chained into long lines.

use std::collections::{BTreeMap, BTreeSet};

use super::geometry::{Point, point};

/// Samples of a field on a grid, row by row from the bottom, and where each stands.
pub(super) struct Field<'a> {
    rows: &'a [Vec<f64>],
    place: &'a dyn Fn(usize, usize) -> Point,
    n_columns: usize,
}

/// An edge between neighbouring samples: column, row, and whether it goes up from there (or right).
type Edge = (usize, usize, bool);

impl<'a> Field<'a> {
    /// The field whose sample `rows[row][column]` stands at `place(column, row)`. Short rows cut the longer ones.
    pub(super) fn new(rows: &'a [Vec<f64>], place: &'a dyn Fn(usize, usize) -> Point) -> Field<'a> {
        Field { rows, place, n_columns: rows.iter().map(Vec::len).min().unwrap_or(0) }
    }

    /// Closed lines around everything above `level`, along the border of the grid where need be; for even-odd fill.
    pub(super) fn area(&self, level: f64) -> Vec<Vec<Point>> {
        self.chains(level, 1)
    }

    /// The lines on which the field is `level`; a closed one ends where it begins.
    pub(super) fn lines(&self, level: f64) -> Vec<Vec<Point>> {
        self.chains(level, 0)
    }

    /// Chains the segments of all cells, of a grid with `pad` more samples of minus infinity on each side.
    fn chains(&self, level: f64, pad: usize) -> Vec<Vec<Point>> {
        let (n_columns, n_rows) = (self.n_columns + 2 * pad, self.rows.len() + 2 * pad);
        let mut next: BTreeMap<Edge, Edge> = BTreeMap::new();
        for row in 1..n_rows {
            for column in 1..n_columns {
                self.cell(column - 1, row - 1, level, pad, &mut next);
            }
        }
        let targets: BTreeSet<Edge> = next.values().copied().collect();
        let mut starts: Vec<Edge> = next.keys().copied().filter(|edge| !targets.contains(edge)).collect();
        let mut chains = Vec::new();
        while let Some(start) = starts.pop().or_else(|| next.keys().next().copied()) {
            let (mut chain, mut at) = (vec![self.crossing(start, level, pad)], start);
            while let Some(to) = next.remove(&at) {
                chain.push(self.crossing(to, level, pad));
                at = to;
            }
            chains.push(chain);
        }
        chains
    }

    /// The segments within one cell, with what exceeds the level at their left.
    fn cell(&self, column: usize, row: usize, level: f64, pad: usize, next: &mut BTreeMap<Edge, Edge>) {
        let corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)];
        let sides: [Edge; 4] =
            [(column, row, false), (column + 1, row, true), (column, row + 1, false), (column, row, true)];
        let values = corners.map(|(column, row)| self.sample(column, row, pad));
        let inside = values.map(|value| value > level);
        let leaves = |side: usize| inside[side] && !inside[(side + 1) % 4];
        let enters = |side: usize| !inside[side] && inside[(side + 1) % 4];
        let n_leaving = (0..4).filter(|&side| leaves(side)).count();
        let is_joined = n_leaving == 2 && values.iter().sum::<f64>() / 4.0 > level;
        for side in (0..4).filter(|&side| leaves(side)) {
            // Around a saddle, the areas above the level are one where its middle is above it too.
            let turns = if is_joined { [1, 2, 3] } else { [3, 2, 1] };
            let entry = turns.into_iter().map(|turn| (side + turn) % 4).find(|&other| enters(other));
            if let Some(entry) = entry {
                next.insert(sides[side], sides[entry]);
            }
        }
    }

    fn sample(&self, column: usize, row: usize, pad: usize) -> f64 {
        if column < pad || row < pad || column - pad >= self.n_columns {
            return f64::NEG_INFINITY;
        }
        self.rows.get(row - pad).map_or(f64::NEG_INFINITY, |row| row[column - pad])
    }

    /// The point between two samples where the field is `level`, by linear interpolation.
    fn crossing(&self, (column, row, upward): Edge, level: f64, pad: usize) -> Point {
        let far = if upward { (column, row + 1) } else { (column + 1, row) };
        let (a, b) = (self.sample(column, row, pad), self.sample(far.0, far.1, pad));
        let share = (level - a) / (b - a);
        let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.5 };
        let (from, to) = (self.stand((column, row), pad), self.stand(far, pad));
        from + (to - from) * share
    }

    /// The place of a sample; the padding stands on the border.
    fn stand(&self, (column, row): (usize, usize), pad: usize) -> Point {
        if self.n_columns == 0 || self.rows.is_empty() {
            return point(0.0, 0.0);
        }
        let within = |at: usize, count: usize| at.saturating_sub(pad).min(count - 1);
        (self.place)(within(column, self.n_columns), within(row, self.rows.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(column: usize, row: usize) -> Point {
        point(column as f64, row as f64)
    }

    fn hill() -> Vec<Vec<f64>> {
        let at = |x: f64, y: f64| 10.0 - (x - 5.0) * (x - 5.0) - (y - 5.0) * (y - 5.0);
        (0..11).map(|row| (0..11).map(|column| at(f64::from(column), f64::from(row))).collect()).collect()
    }

    #[test]
    fn a_hill_has_one_closed_line() {
        let rows = hill();
        let lines = Field::new(&rows, &place).lines(1.0);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].first(), lines[0].last());
        assert!(lines[0].iter().all(|&p| ((p - point(5.0, 5.0)).length() - 3.0).abs() < 0.1));
    }

    #[test]
    fn a_slope_has_one_open_line_and_a_closed_area() {
        let rows: Vec<Vec<f64>> = (0..4).map(|_| (0..5).map(f64::from).collect()).collect();
        let field = Field::new(&rows, &place);
        let lines = field.lines(2.5);
        assert_eq!(lines.len(), 1);
        assert!(lines[0].iter().all(|p| p.x == 2.5));
        let area = field.area(2.5);
        assert_eq!(area.len(), 1);
        assert_eq!(area[0].first(), area[0].last());
        assert!(area[0].iter().all(|p| p.x >= 2.5));
    }

    #[test]
    fn nothing_above_is_no_line() {
        let rows = hill();
        assert!(Field::new(&rows, &place).area(100.0).is_empty());
        assert!(Field::new(&[], &place).area(0.0).is_empty());
        assert_eq!(Field::new(&[vec![1.0]], &place).area(0.0).len(), 1);
    }
}

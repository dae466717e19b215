use super::axis::{Axis, Range};
use super::canvas::{Anchor, Canvas, SMALL, polygon, polyline};
use super::contour::Field;
use super::drawing::Drawing;
use super::frame::Frame;
use super::geometry::{Point, point, simplify};
use super::label::Label;
use super::mark::{Crowd, beside};
use super::shades::{SHADE, Shades, cover, hue};

/// The room for the bar of shades and its numbers.
const BAR: f64 = 66.0;

/// A table of values over two axes as shades of colour, with lines at chosen values.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HeatMap {
    /// The accessible name; shown as a tooltip, not as text.
    pub title: String,
    /// What the figure shows, in a sentence or two, for readers who do not see it.
    pub description: String,
    /// The axis to the right; without a range it counts the columns from 1.
    pub x: Axis,
    /// The axis upward; without a range it counts the rows from 1.
    pub y: Axis,
    /// The values, row by row from the bottom. One that is no number is left blank.
    pub values: Vec<Vec<f64>>,
    /// What a value stands for.
    pub sampling: Sampling,
    /// How values become colours.
    pub colouring: Colouring,
    /// Values at which a line is drawn, with its text.
    pub contours: Vec<(f64, Label)>,
    /// Texts at places in the map.
    pub notes: Vec<(f64, f64, Label)>,
    /// The text above the bar of shades.
    pub legend: Label,
}

/// What the values of a [`HeatMap`] stand for. Columns and rows are equally far apart as the axes are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sampling {
    /// Each value fills a box; the outer boxes end where the axes end.
    #[default]
    Cells,
    /// The values are samples of a field that varies in between; the outer samples stand at the ends of the axes.
    Field,
}

/// How values become colours.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Colouring {
    /// One colour, stronger for larger values.
    #[default]
    Rising,
    /// One colour below this value, another above it, stronger with the distance.
    Around(f64),
}

impl Drawing for HeatMap {
    fn words(&self) -> (&str, &str) {
        (&self.title, &self.description)
    }

    fn draw(&self) -> Canvas {
        let mut canvas = Canvas::new("heat");
        let (n_columns, n_rows) = (self.values.iter().map(Vec::len).min().unwrap_or(0), self.values.len());
        let range = |axis, count: usize| match self.sampling {
            Sampling::Cells => Range::tight(axis, [0.5, count as f64 + 0.5].into_iter()),
            Sampling::Field => Range::tight(axis, [1.0, count as f64].into_iter()),
        };
        let frame = Frame::new((&self.x, range(&self.x, n_columns)), (&self.y, range(&self.y, n_rows)), 0.0, BAR);
        let shades = Shades::new(self);
        let share = |at: usize, count: usize| match self.sampling {
            Sampling::Cells => (at as f64 + 0.5) / count as f64,
            Sampling::Field => at as f64 / (count.max(2) - 1) as f64,
        };
        let place = |column, row| frame.at(share(column, n_columns), share(row, n_rows));
        canvas.include(frame.area);
        match self.sampling {
            Sampling::Cells => self.draw_cells(&mut canvas, &frame, &shades, n_columns),
            Sampling::Field => self.draw_field(&mut canvas, &shades, &place),
        }
        let field = Field::new(&self.values, &place);
        let lines: Vec<Vec<Vec<Point>>> = self.contours.iter().map(|(level, _)| field.lines(*level)).collect();
        let path =
            |lines: &Vec<Vec<Point>>| lines.iter().map(|line| polyline(&simplify(line, 0.15))).collect::<String>();
        for lines in &lines {
            canvas.path("contour", &path(lines));
        }
        frame.draw_axes(&mut canvas);
        self.draw_labels(&mut canvas, &frame, &lines);
        shades.draw_bar(&mut canvas, frame.area, &self.legend);
        canvas
    }
}

impl HeatMap {
    fn draw_labels(&self, canvas: &mut Canvas, frame: &Frame, lines: &[Vec<Vec<Point>>]) {
        let mut crowd = Crowd { points: lines.iter().flatten().flatten().copied().collect(), taken: Vec::new() };
        for (x, y, label) in &self.notes {
            if let Some(at) = frame.place(*x, *y) {
                let at = at + point(0.0, 0.34 * SMALL);
                crowd.settle(canvas, "halo thin", frame.area, label, &[(at, Anchor::Middle)]);
            }
        }
        for ((_, label), lines) in self.contours.iter().zip(lines) {
            let longest = lines.iter().max_by_key(|line| line.len());
            if let (Some(line), false) = (longest, label.is_empty()) {
                crowd.settle(canvas, "halo thin", frame.area, label, &beside(line, label));
            }
        }
    }

    /// Boxes, as one path for each shade; neighbours of one shade are one box.
    fn draw_cells(&self, canvas: &mut Canvas, frame: &Frame, shades: &Shades, n_columns: usize) {
        for shade in -shades.n_below..=shades.n_above {
            let mut d = String::new();
            for (row_idx, row) in self.values.iter().enumerate() {
                let level = |share: usize| share as f64 / self.values.len() as f64;
                let mut column = 0;
                for run in row[..n_columns].chunk_by(|&a, &b| shades.of(a) == shades.of(b)) {
                    let end = column + run.len();
                    if shade != 0 && shades.of(run[0]) == Some(shade) {
                        let (low, high) = (column as f64 / n_columns as f64, end as f64 / n_columns as f64);
                        let (a, b) = (frame.at(low, level(row_idx)), frame.at(high, level(row_idx + 1)));
                        d.push_str(&polygon(&[a, point(b.x, a.y), b, point(a.x, b.y)]));
                    }
                    column = end;
                }
            }
            canvas.fill(&format!("cells {}", hue(shade)), cover(shade), &d);
        }
    }

    /// One area for each step, laid over those before it.
    fn draw_field(&self, canvas: &mut Canvas, shades: &Shades, place: &dyn Fn(usize, usize) -> Point) {
        let negated: Vec<Vec<f64>> = self.values.iter().map(|row| row.iter().map(|value| -value).collect()).collect();
        for shade in (-shades.n_below..=shades.n_above).filter(|&shade| shade != 0) {
            let (rows, sign) = if shade < 0 { (&negated, -1.0) } else { (&self.values, 1.0) };
            let level = sign * (shades.middle + f64::from(shade - shade.signum()) * shades.step);
            let loops = Field::new(rows, place).area(level);
            let d: String = loops.iter().map(|line| polygon(&simplify(line, 0.2))).collect();
            canvas.fill(&format!("band {}", hue(shade)), SHADE, &d);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(values: Vec<Vec<f64>>, colouring: Colouring) -> HeatMap {
        HeatMap { values, colouring, ..HeatMap::default() }
    }

    #[test]
    fn neighbours_of_one_shade_are_one_box() {
        let svg = map(vec![vec![0.0, 0.0, 0.0, 1.0]], Colouring::Rising).to_svg();
        let cells = svg.lines().find(|line| line.contains("cells c1")).unwrap();
        assert_eq!(cells.matches('M').count(), 1, "{cells}");
    }

    #[test]
    fn any_table_is_a_picture() {
        for values in
            [vec![], vec![vec![]], vec![vec![f64::NAN]], vec![vec![3.0, 3.0]], vec![vec![1.0, 2.0], vec![1.0]]]
        {
            for sampling in [Sampling::Cells, Sampling::Field] {
                let svg = HeatMap { sampling, ..map(values.clone(), Colouring::Around(1.0)) }.to_svg();
                assert!(svg.ends_with("</svg>\n") && !svg.contains("NaN") && !svg.contains("inf"), "{svg}");
            }
        }
    }
}

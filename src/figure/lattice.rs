use std::fmt::Write;

use super::canvas::{Anchor, Canvas, SMALL, number, polygon, polyline};
use super::drawing::Drawing;
use super::geometry::{Point, Rect, point};
use super::label::Label;
use super::legend::{Entry, draw_rows};
use super::plot::colour_class;

/// The distance between columns.
const COLUMN: f64 = 62.0;
/// The distance between rows.
const ROW: f64 = 54.0;
/// The distance between paths that run side by side.
const LANE: f64 = 7.0;

/// A grid of points, time to the right and layers upward, with paths from point to point.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lattice {
    /// The accessible name; shown as a tooltip, not as text.
    pub title: String,
    /// What the figure shows, in a sentence or two, for readers who do not see it.
    pub description: String,
    /// A text below each column; their number is the width of the grid.
    pub columns: Vec<Label>,
    /// A text at the left of each row, from the bottom; their number is the height of the grid.
    pub rows: Vec<Label>,
    /// The paths, side by side where they share a way.
    pub paths: Vec<LatticePath>,
}

/// One path through a [`Lattice`], with an arrowhead at its last point.
#[derive(Debug, Clone, PartialEq)]
pub struct LatticePath {
    /// The name in the legend above; none where it is empty.
    pub label: Label,
    /// The points as column and row, from 0; those outside the grid are left out.
    pub points: Vec<(usize, usize)>,
    /// Which of the colours, from 0.
    pub colour: usize,
}

impl Drawing for Lattice {
    fn words(&self) -> (&str, &str) {
        (&self.title, &self.description)
    }

    fn draw(&self) -> Canvas {
        let mut canvas = Canvas::new("lattice");
        let entry = |path| LatticePath::entry(path);
        let entries: Vec<Entry<'_>> = self.paths.iter().map(entry).collect();
        let right = self.columns.len().saturating_sub(1) as f64 * COLUMN;
        let legend = draw_rows(&mut canvas, &entries, -14.0, right.max(320.0));
        let top = legend + if legend > 0.0 { 18.0 } else { 0.0 };
        let bottom = top + self.rows.len().saturating_sub(1) as f64 * ROW;
        let at = |(column, row): (usize, usize)| point(column as f64 * COLUMN, bottom - row as f64 * ROW);
        canvas.include(Rect { low: point(-14.0, top - 14.0), high: point(right + 14.0, bottom + 14.0) });
        self.draw_grid(&mut canvas, &at);
        let lanes: Vec<Vec<Point>> = self.paths.iter().map(|path| self.visible(path, &at)).collect();
        let aside: Vec<f64> = lanes.iter().map(|lane| mean_aside(lane)).collect();
        for (idx, (path, lane)) in self.paths.iter().zip(&lanes).enumerate() {
            let before = |&(other, value): &(usize, &f64)| (*value, other) < (aside[idx], idx);
            let rank = aside.iter().enumerate().filter(before).count();
            let offset = (rank as f64 - (self.paths.len() as f64 - 1.0) / 2.0) * LANE;
            path.draw(&mut canvas, lane, offset, self.radius());
        }
        self.draw_ends(&mut canvas, &at);
        for (idx, label) in self.columns.iter().enumerate() {
            canvas.text("soft", at((idx, 0)) + point(0.0, 33.0), Anchor::Middle, SMALL, label);
        }
        for (idx, label) in self.rows.iter().enumerate() {
            canvas.text("soft", at((0, idx)) + point(-22.0, 0.34 * SMALL), Anchor::End, SMALL, label);
        }
        canvas
    }
}

impl Lattice {
    fn visible(&self, path: &LatticePath, at: &dyn Fn((usize, usize)) -> Point) -> Vec<Point> {
        let within = |p: &(usize, usize)| p.0 < self.columns.len() && p.1 < self.rows.len();
        path.points.iter().copied().filter(within).map(at).collect()
    }

    fn draw_grid(&self, canvas: &mut Canvas, at: &dyn Fn((usize, usize)) -> Point) {
        let (n_columns, n_rows) = (self.columns.len(), self.rows.len());
        if n_columns == 0 || n_rows == 0 {
            return;
        }
        let across = (0..n_rows).map(|row| [at((0, row)), at((n_columns - 1, row))]);
        let upward = (0..n_columns).map(|column| [at((column, 0)), at((column, n_rows - 1))]);
        let d: String = across.chain(upward).map(|line| polyline(&line)).collect();
        canvas.path("grid", &d);
        let points = (0..n_rows).flat_map(|row| (0..n_columns).map(move |column| (column, row)));
        let d: String = points.map(|p| polyline(&[at(p)]) + "h0").collect();
        canvas.path("points faded", &d);
    }

    /// Circles around the first and the last point of each path, wide enough for all lanes.
    fn draw_ends(&self, canvas: &mut Canvas, at: &dyn Fn((usize, usize)) -> Point) {
        let mut ends: Vec<Point> = Vec::new();
        for path in &self.paths {
            let visible = self.visible(path, at);
            for end in visible.first().into_iter().chain(visible.last()) {
                if !ends.contains(end) {
                    ends.push(*end);
                }
            }
        }
        let radius = self.radius();
        for end in ends {
            let rect = Rect::around(end, point(radius, radius));
            canvas.rect("cover", rect, radius);
            canvas.open("node state");
            canvas.rect("shape", rect, radius);
            canvas.close();
        }
    }

    fn radius(&self) -> f64 {
        (self.paths.len() as f64 * LANE / 2.0 + 2.0).clamp(7.0, 16.0)
    }
}

impl LatticePath {
    fn entry(&self) -> Entry<'_> {
        Entry { class: format!("lane {}", colour_class(self.colour)), is_point: false, label: &self.label }
    }

    /// Draws the path moved aside by `offset`, so that paths on the same way stay apart.
    fn draw(&self, canvas: &mut Canvas, points: &[Point], offset: f64, radius: f64) {
        let aside = point(offset, if falls(points) { -offset } else { offset });
        let mut lane: Vec<Point> = points.iter().map(|&p| p + aside).collect();
        let Some(&[from, to]) = lane.last_chunk::<2>() else { return };
        let along = (to - from).unit();
        let ahead = aside.x * along.x + aside.y * along.y;
        let inside = (ahead * ahead - offset * offset * 2.0 + (radius + 1.5) * (radius + 1.5)).max(0.0).sqrt();
        let tip = to - along * (ahead + inside);
        let (back, side) = (tip - along * 9.0, along.left() * 3.7);
        lane.pop();
        lane.push(tip - along * 6.0);
        canvas.path(&format!("lane {}", colour_class(self.colour)), &rounded(&lane));
        canvas.path(&format!("tip {}", colour_class(self.colour)), &polygon(&[tip, back + side, back - side]));
    }
}

/// Whether the path leads to the lower right or the upper left. Such paths make room toward the upper right, all
/// others toward the lower right.
fn falls(points: &[Point]) -> bool {
    points.first().zip(points.last()).is_some_and(|(a, b)| (b.x - a.x) * (b.y - a.y) > 0.0)
}

/// How far the path lies on the side toward which it makes room; paths in this order do not cross without need.
fn mean_aside(points: &[Point]) -> f64 {
    let sign = if falls(points) { -1.0 } else { 1.0 };
    points.iter().map(|p| p.x + sign * p.y).sum::<f64>() / (points.len().max(1) as f64)
}

/// The polyline with its corners rounded.
fn rounded(points: &[Point]) -> String {
    let mut corners = Vec::new();
    corners.extend(points.first().map(|&p| (p, p)));
    for corner in points.windows(3) {
        let (back, on) = ((corner[0] - corner[1]).unit(), (corner[2] - corner[1]).unit());
        corners.push((corner[1] + back * 9.0, corner[1] + on * 9.0));
    }
    let mut d = String::new();
    for (idx, &(before, after)) in corners.iter().enumerate() {
        let _ = write!(d, "{}{},{}", if idx == 0 { "M" } else { " L" }, number(before.x), number(before.y));
        if let (Some(corner), true) = (points.get(idx), idx > 0) {
            let control = format!("{},{}", number(corner.x), number(corner.y));
            let _ = write!(d, " Q{control} {},{}", number(after.x), number(after.y));
        }
    }
    if let (Some(last), true) = (points.last(), points.len() > 1) {
        let _ = write!(d, " L{},{}", number(last.x), number(last.y));
    }
    d
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(points: Vec<(usize, usize)>) -> String {
        let label = |i: usize| Label::math(&i.to_string());
        let path = LatticePath { label: Label::default(), points, colour: 0 };
        let labels: Vec<Label> = (0..3).map(label).collect();
        Lattice { columns: labels.clone(), rows: labels, paths: vec![path], ..Lattice::default() }.to_svg()
    }

    #[test]
    fn a_path_has_an_arrowhead_and_two_ends() {
        let svg = grid(vec![(0, 0), (1, 0), (1, 1), (2, 2)]);
        assert_eq!(svg.matches("class=\"tip").count(), 1);
        assert_eq!(svg.matches("class=\"cover\"").count(), 2);
    }

    #[test]
    fn points_outside_the_grid_are_left_out() {
        assert_eq!(grid(vec![(0, 0), (1, 0)]), grid(vec![(0, 0), (1, 0), (9, 9)]));
        assert!(!grid(vec![(7, 7)]).contains("tip"));
        assert!(Lattice::default().to_svg().ends_with("</svg>\n"));
    }
}

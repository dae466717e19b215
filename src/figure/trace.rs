//! The visible part of one series.

use super::canvas::polyline;
use super::frame::Frame;
use super::geometry::{Point, simplify};
use super::plot::{Series, SeriesStyle};

/// Pieces of a series inside the frame; each dot is a piece of one point.
pub(super) struct Trace {
    pieces: Vec<Vec<Point>>,
}

impl Trace {
    /// Places the points, breaks the line where they have no place, and cuts it at the frame.
    pub(super) fn new(series: &Series, frame: &Frame) -> Trace {
        let mut pieces = Vec::new();
        for run in series.points.split(|&(x, y)| frame.place(x, y).is_none()) {
            let points: Vec<Point> = run.iter().filter_map(|&(x, y)| frame.place(x, y)).collect();
            match series.style {
                SeriesStyle::Dots => {
                    pieces.extend(points.into_iter().filter(|&p| frame.area.contains(p)).map(|p| vec![p]))
                }
                SeriesStyle::Line | SeriesStyle::Dashed => clip(&points, frame, &mut pieces),
                SeriesStyle::Steps => clip(&stairs(&points), frame, &mut pieces),
            }
        }
        Trace { pieces }
    }

    /// The path of all pieces; single points are dots by their round caps.
    pub(super) fn path(&self) -> String {
        let draw = |piece: &Vec<Point>| match piece.as_slice() {
            [only] => format!("{}h0", polyline(&[*only])),
            points => polyline(&simplify(points, 0.08)),
        };
        self.pieces.iter().map(draw).collect()
    }

    /// The last visible point.
    pub(super) fn end(&self) -> Option<Point> {
        self.pieces.last().and_then(|piece| piece.last()).copied()
    }

    /// Points along the series, close enough to find what would cover it.
    pub(super) fn trail(&self) -> Vec<Point> {
        let mut trail = Vec::new();
        for piece in &self.pieces {
            trail.extend(piece.first());
            for pair in piece.windows(2) {
                let n_steps = ((pair[1] - pair[0]).length() / 5.0).ceil().clamp(1.0, 200.0);
                trail.extend((1..=n_steps as u32).map(|i| pair[0] + (pair[1] - pair[0]) * (f64::from(i) / n_steps)));
            }
        }
        trail
    }
}

/// The pieces of a polyline inside the frame.
fn clip(points: &[Point], frame: &Frame, pieces: &mut Vec<Vec<Point>>) {
    if let [only] = points {
        pieces.extend(frame.area.contains(*only).then(|| vec![*only]));
    }
    let mut piece: Vec<Point> = Vec::new();
    for pair in points.windows(2) {
        let Some((from, to)) = frame.area.clip(pair[0], pair[1]) else { continue };
        if piece.last() != Some(&from) {
            pieces.extend(Some(std::mem::take(&mut piece)).filter(|piece| !piece.is_empty()));
            piece.push(from);
        }
        piece.push(to);
    }
    pieces.extend(Some(piece).filter(|piece| !piece.is_empty()));
}

/// Each point held until the next one.
fn stairs(points: &[Point]) -> Vec<Point> {
    let mut stairs: Vec<Point> = Vec::new();
    for &p in points {
        if let Some(&last) = stairs.last() {
            stairs.push(Point { x: p.x, y: last.y });
        }
        stairs.push(p);
    }
    stairs
}

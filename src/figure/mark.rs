//! Reference lines and shaded areas of a plot, and places for their labels.

use super::canvas::{Anchor, Canvas, SMALL, polygon, polyline, text_box};
use super::frame::Frame;
use super::geometry::{Point, Rect, point};
use super::label::Label;
use super::plot::{Extent, Line, Reference, Region, colour_class};

/// What labels keep away from.
pub(super) struct Crowd {
    /// Points along the curves.
    pub(super) points: Vec<Point>,
    /// The boxes of labels that stand already.
    pub(super) taken: Vec<Rect>,
}

impl Crowd {
    /// Draws the label at the first of the places that is free, or else at the one that covers least.
    pub(super) fn settle(
        &mut self,
        canvas: &mut Canvas,
        class: &str,
        area: Rect,
        label: &Label,
        places: &[(Point, Anchor)],
    ) {
        let mut best: Option<(f64, Point, Anchor, Rect)> = None;
        for &(at, anchor) in places {
            let rect = text_box(at, anchor, SMALL, label);
            let outside = rect.width() * rect.height() - rect.overlap(area);
            let covered: f64 = self.taken.iter().map(|other| other.overlap(rect)).sum();
            let hidden = self.points.iter().filter(|&&p| rect.contains(p)).count();
            let cost = outside.max(0.0) + covered + 20.0 * hidden as f64;
            if best.is_none_or(|(least, ..)| cost < least - 0.5) {
                best = Some((cost, at, anchor, rect));
            }
        }
        if let Some((_, at, anchor, rect)) = best {
            self.taken.push(rect);
            canvas.text(class, at, anchor, SMALL, label);
        }
    }
}

/// The ends of a reference line; none where it is not in the frame.
fn ends(line: Line, frame: &Frame) -> Option<(Point, Point)> {
    let (low, high) = (frame.area.low, frame.area.high);
    let (from, to) = match line {
        Line::X(x) => {
            let x = frame.place_x(x)?;
            (point(x, high.y), point(x, low.y))
        }
        Line::Y(y) => {
            let y = frame.place_y(y)?;
            (point(low.x, y), point(high.x, y))
        }
    };
    (frame.area.contains(from) && frame.area.contains(to)).then_some((from, to))
}

impl Reference {
    pub(super) fn draw(&self, canvas: &mut Canvas, frame: &Frame) {
        if let Some((from, to)) = ends(self.at, frame) {
            canvas.path("rule", &polyline(&[from, to]));
        }
    }

    /// Points along the line, for the crowd.
    pub(super) fn trail(&self, frame: &Frame) -> Vec<Point> {
        let along = |(from, to): (Point, Point)| (0..=60).map(move |i| from + (to - from) * (f64::from(i) / 60.0));
        ends(self.at, frame).map(along).into_iter().flatten().collect()
    }

    pub(super) fn draw_label(&self, canvas: &mut Canvas, frame: &Frame, crowd: &mut Crowd) {
        let Some((from, to)) = ends(self.at, frame) else { return };
        let mut places = Vec::new();
        match self.at {
            Line::Y(_) => {
                for dy in [-5.0, 14.0] {
                    places.push((to + point(-4.0, dy), Anchor::End));
                    places.push((from + point(6.0, dy), Anchor::Start));
                    places.push(((from + to) * 0.5 + point(0.0, dy), Anchor::Middle));
                }
            }
            Line::X(_) => {
                for share in [0.0, 1.0, 0.5, 0.25, 0.75] {
                    let at = to + (from - to) * share + point(0.0, 14.0 - 20.0 * share);
                    places.push((at + point(5.0, 0.0), Anchor::Start));
                    places.push((at - point(5.0, 0.0), Anchor::End));
                }
            }
        }
        crowd.settle(canvas, "halo soft", frame.area, &self.label, &places);
    }
}

impl Region {
    /// The corners of the visible part.
    fn outline(&self, frame: &Frame) -> Vec<Point> {
        let corners = match &self.extent {
            &Extent::X(a, b) => {
                return box_corners(frame.clamped(a, f64::NEG_INFINITY), frame.clamped(b, f64::INFINITY));
            }
            &Extent::Y(a, b) => {
                return box_corners(frame.clamped(f64::NEG_INFINITY, a), frame.clamped(f64::INFINITY, b));
            }
            Extent::Polygon(corners) => corners,
        };
        let placed: Vec<Point> = corners.iter().filter_map(|&(x, y)| frame.place(x, y)).collect();
        frame.area.clip_polygon(&placed)
    }

    pub(super) fn draw(&self, canvas: &mut Canvas, frame: &Frame) {
        let class = format!("region {}", colour_class(self.colour));
        canvas.path(&class, &polygon(&self.outline(frame)));
    }

    pub(super) fn draw_label(&self, canvas: &mut Canvas, frame: &Frame, crowd: &mut Crowd) {
        let outline = self.outline(frame);
        let Some(&first) = outline.first() else { return };
        let mut extent = Rect { low: first, high: first };
        for p in outline {
            extent.low = point(extent.low.x.min(p.x), extent.low.y.min(p.y));
            extent.high = point(extent.high.x.max(p.x), extent.high.y.max(p.y));
        }
        let heights = [extent.low.y + 16.0, extent.high.y - 8.0, extent.centre().y + 4.0];
        let across = [0.5, 0.25, 0.75].map(|share| extent.low.x + share * extent.width());
        let places: Vec<(Point, Anchor)> =
            across.iter().flat_map(|&x| heights.map(|y| (point(x, y), Anchor::Middle))).collect();
        let class = format!("hue {}", colour_class(self.colour));
        crowd.settle(canvas, &class, frame.area, &self.label, &places);
    }
}

/// Places for a label beside a line, on either side of its middle and farther along.
pub(super) fn beside(line: &[Point], label: &Label) -> Vec<(Point, Anchor)> {
    let half = point(label.width() * SMALL / 2.0, SMALL / 2.0);
    let mut places = Vec::new();
    for share in [10, 8, 12, 6, 14, 4, 16, 3, 17] {
        let idx = (line.len() * share / 20).clamp(1, line.len().max(2) - 1);
        let Some(pair) = line.get(idx - 1..=idx) else { continue };
        let normal = (pair[1] - pair[0]).unit().left();
        for side in [normal, normal * -1.0] {
            let away = side.x.abs() * half.x + side.y.abs() * half.y + 5.0;
            places.push((pair[0] + side * away + point(0.0, 0.34 * SMALL), Anchor::Middle));
        }
    }
    places
}

fn box_corners(a: Point, b: Point) -> Vec<Point> {
    if a.x == b.x || a.y == b.y { Vec::new() } else { vec![a, point(b.x, a.y), b, point(a.x, b.y)] }
}

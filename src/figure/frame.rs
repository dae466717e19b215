//! The box with axes that plots and heat maps share.

use super::axis::{Axis, Range};
use super::canvas::{Anchor, Canvas, SMALL, TEXT, polyline};
use super::geometry::{Point, Rect, point};
use super::label::Label;
use super::tick::Tick;

/// The width of figures with axes; at this width their text is legible on a phone.
pub(super) const WIDTH: f64 = 440.0;
const HEIGHT: f64 = 214.0;

/// The two axes and the area between them.
pub(super) struct Frame {
    pub(super) area: Rect,
    x: Side,
    y: Side,
}

struct Side {
    range: Range,
    ticks: Vec<Tick>,
    label: Label,
}

impl Frame {
    /// A frame below `top` that leaves `right` units free at its right; the numbers of the y axis stand at its left.
    pub(super) fn new(x: (&Axis, Range), y: (&Axis, Range), top: f64, right: f64) -> Frame {
        let side = |(axis, range): (&Axis, Range), target| Side {
            range,
            ticks: range.ticks(target),
            label: axis.label.clone(),
        };
        let (x, y) = (side(x, 6.0), side(y, 5.0));
        let widths = y.ticks.iter().filter_map(|tick| Some(tick.label.as_ref()?.width()));
        let left = widths.fold(0.0, f64::max) * SMALL + 9.0;
        let low = point(left, top + if y.label.is_empty() { 8.0 } else { TEXT + 14.0 });
        Frame { area: Rect { low, high: point(WIDTH - right, low.y + HEIGHT) }, x, y }
    }

    /// The place of a pair of values, also outside the area; none where one has no place on its axis.
    pub(super) fn place(&self, x: f64, y: f64) -> Option<Point> {
        Some(self.at(self.x.range.share(x)?, self.y.range.share(y)?))
    }

    /// The place of a value of the x axis.
    pub(super) fn place_x(&self, x: f64) -> Option<f64> {
        Some(self.at(self.x.range.share(x)?, 0.0).x)
    }

    /// The place of a value of the y axis.
    pub(super) fn place_y(&self, y: f64) -> Option<f64> {
        Some(self.at(0.0, self.y.range.share(y)?).y)
    }

    /// The place of a pair of values brought into the area.
    pub(super) fn clamped(&self, x: f64, y: f64) -> Point {
        self.at(self.x.range.clamped(x), self.y.range.clamped(y))
    }

    /// The point at these shares of the width and the height.
    pub(super) fn at(&self, x: f64, y: f64) -> Point {
        point(self.area.low.x + x * self.area.width(), self.area.high.y - y * self.area.height())
    }

    fn tick_x(&self, tick: &Tick) -> f64 {
        let range = self.x.range;
        self.at((tick.at - range.low) / (range.high - range.low), 0.0).x
    }

    fn tick_y(&self, tick: &Tick) -> f64 {
        let range = self.y.range;
        self.at(0.0, (tick.at - range.low) / (range.high - range.low)).y
    }

    /// Draws the grid, below everything else.
    pub(super) fn draw_grid(&self, canvas: &mut Canvas) {
        canvas.include(Rect { low: point(0.0, self.area.low.y), high: point(WIDTH, self.area.high.y) });
        let mut d = String::new();
        for tick in self.x.ticks.iter().filter(|tick| tick.label.is_some()) {
            let x = self.tick_x(tick);
            d.push_str(&polyline(&[point(x, self.area.low.y), point(x, self.area.high.y)]));
        }
        for tick in self.y.ticks.iter().filter(|tick| tick.label.is_some()) {
            let y = self.tick_y(tick);
            d.push_str(&polyline(&[point(self.area.low.x, y), point(self.area.high.x, y)]));
        }
        canvas.path("grid", &d);
    }

    /// Draws the axes with their numbers and labels, above everything else.
    pub(super) fn draw_axes(&self, canvas: &mut Canvas) {
        let area = self.area;
        let mut d = polyline(&[area.low, point(area.low.x, area.high.y), area.high]);
        for tick in &self.x.ticks {
            let (x, long) = (self.tick_x(tick), if tick.label.is_some() { 5.0 } else { 3.0 });
            d.push_str(&polyline(&[point(x, area.high.y), point(x, area.high.y + long)]));
            let label = tick.label.clone().unwrap_or_default();
            canvas.text("soft", point(x, area.high.y + 18.0), Anchor::Middle, SMALL, &label);
        }
        for tick in &self.y.ticks {
            let y = self.tick_y(tick);
            if tick.label.is_none() {
                d.push_str(&polyline(&[point(area.low.x - 3.0, y), point(area.low.x, y)]));
            }
            let label = tick.label.clone().unwrap_or_default();
            canvas.text("soft", point(area.low.x - 7.0, y + 0.34 * SMALL), Anchor::End, SMALL, &label);
        }
        canvas.path("axis", &d);
        canvas.text("", point(area.centre().x, area.high.y + 37.0), Anchor::Middle, TEXT, &self.x.label);
        canvas.text("", point(0.0, area.low.y - 13.0), Anchor::Start, TEXT, &self.y.label);
    }
}

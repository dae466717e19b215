//! Points, boxes and curves of the drawing plane, with y downward. Only arithmetic and square roots, so that every
//! platform computes the same bytes.

use std::ops::{Add, Mul, Sub};

/// A point, or the vector to it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// The point with these coordinates.
pub(super) fn point(x: f64, y: f64) -> Point {
    Point { x, y }
}

impl Add for Point {
    type Output = Point;
    fn add(self, other: Point) -> Point {
        point(self.x + other.x, self.y + other.y)
    }
}

impl Sub for Point {
    type Output = Point;
    fn sub(self, other: Point) -> Point {
        point(self.x - other.x, self.y - other.y)
    }
}

impl Mul<f64> for Point {
    type Output = Point;
    fn mul(self, factor: f64) -> Point {
        point(self.x * factor, self.y * factor)
    }
}

impl Point {
    /// The length of the vector.
    pub(super) fn length(self) -> f64 {
        (self.x * self.x + self.y * self.y).sqrt()
    }

    /// The vector of length 1 in the same direction; zero stays zero.
    pub(super) fn unit(self) -> Point {
        let length = self.length();
        if length > 0.0 { self * (1.0 / length) } else { self }
    }

    /// The vector turned to the left as one sees it, which is upward for a vector to the right.
    pub(super) fn left(self) -> Point {
        point(self.y, -self.x)
    }
}

/// An upright box.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rect {
    pub(super) low: Point,
    pub(super) high: Point,
}

impl Rect {
    /// The box around `centre` that reaches `half` to each side.
    pub(super) fn around(centre: Point, half: Point) -> Rect {
        Rect { low: centre - half, high: centre + half }
    }

    pub(super) fn width(self) -> f64 {
        self.high.x - self.low.x
    }

    pub(super) fn height(self) -> f64 {
        self.high.y - self.low.y
    }

    pub(super) fn centre(self) -> Point {
        (self.low + self.high) * 0.5
    }

    pub(super) fn contains(self, p: Point) -> bool {
        self.low.x <= p.x && p.x <= self.high.x && self.low.y <= p.y && p.y <= self.high.y
    }

    /// The area that both boxes share.
    pub(super) fn overlap(self, other: Rect) -> f64 {
        let width = self.high.x.min(other.high.x) - self.low.x.max(other.low.x);
        let height = self.high.y.min(other.high.y) - self.low.y.max(other.low.y);
        width.max(0.0) * height.max(0.0)
    }

    /// The part of the segment from `from` to `to` inside the box.
    pub(super) fn clip(self, from: Point, to: Point) -> Option<(Point, Point)> {
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        let step = to - from;
        for (start, step, low, high) in
            [(from.x, step.x, self.low.x, self.high.x), (from.y, step.y, self.low.y, self.high.y)]
        {
            if step == 0.0 {
                if start < low || start > high {
                    return None;
                }
                continue;
            }
            let (a, b) = ((low - start) / step, (high - start) / step);
            enter = enter.max(a.min(b));
            leave = leave.min(a.max(b));
        }
        let at = |t| if t == 1.0 { to } else { from + step * t };
        (enter <= leave).then(|| (at(enter), at(leave)))
    }

    /// The part of a polygon inside the box; possibly empty.
    pub(super) fn clip_polygon(self, corners: &[Point]) -> Vec<Point> {
        type Side = fn(Rect, Point) -> f64;
        let sides: [Side; 4] =
            [|r, p| p.x - r.low.x, |r, p| r.high.x - p.x, |r, p| p.y - r.low.y, |r, p| r.high.y - p.y];
        let mut corners = corners.to_vec();
        for side in sides {
            let mut kept = Vec::new();
            for (idx, &to) in corners.iter().enumerate() {
                let from = corners[(idx + corners.len() - 1) % corners.len()];
                let (a, b) = (side(self, from), side(self, to));
                if (a < 0.0) != (b < 0.0) {
                    kept.push(from + (to - from) * (a / (a - b)));
                }
                if b >= 0.0 {
                    kept.push(to);
                }
            }
            corners = kept;
        }
        corners
    }
}

/// A cubic Bézier curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Curve(pub(super) [Point; 4]);

impl Curve {
    /// The point at `t` between 0 and 1.
    pub(super) fn at(&self, t: f64) -> Point {
        let [a, b, c, d] = self.0;
        let s = 1.0 - t;
        a * (s * s * s) + b * (3.0 * s * s * t) + c * (3.0 * s * t * t) + d * (t * t * t)
    }

    /// The direction at `t`, of length 1.
    pub(super) fn direction(&self, t: f64) -> Point {
        let [a, b, c, d] = self.0;
        let s = 1.0 - t;
        ((b - a) * (s * s) + (c - b) * (2.0 * s * t) + (d - c) * (t * t)).unit()
    }

    /// The piece between `from` and `to`.
    pub(super) fn piece(&self, from: f64, to: f64) -> Curve {
        let tail = self.split(from).1;
        let scaled = if from < 1.0 { (to - from) / (1.0 - from) } else { 0.0 };
        tail.split(scaled).0
    }

    fn split(&self, t: f64) -> (Curve, Curve) {
        let mix = |p: Point, q: Point| p + (q - p) * t;
        let [a, b, c, d] = self.0;
        let (ab, bc, cd) = (mix(a, b), mix(b, c), mix(c, d));
        let (abc, bcd) = (mix(ab, bc), mix(bc, cd));
        let middle = mix(abc, bcd);
        (Curve([a, ab, abc, middle]), Curve([middle, bcd, cd, d]))
    }
}

/// The polyline without the points that stay within `tolerance` of it (Ramer, Douglas and Peucker).
pub(super) fn simplify(points: &[Point], tolerance: f64) -> Vec<Point> {
    if points.len() < 3 {
        return points.to_vec();
    }
    let mut keep = vec![false; points.len()];
    keep[0] = true;
    keep[points.len() - 1] = true;
    let mut spans = vec![(0, points.len() - 1)];
    while let Some((first, last)) = spans.pop() {
        let mut farthest = (tolerance, None);
        for idx in first + 1..last {
            let distance = distance_to_segment(points[idx], points[first], points[last]);
            if distance > farthest.0 {
                farthest = (distance, Some(idx));
            }
        }
        if let Some(idx) = farthest.1 {
            keep[idx] = true;
            spans.push((first, idx));
            spans.push((idx, last));
        }
    }
    points.iter().zip(keep).filter(|(_, keep)| *keep).map(|(&p, _)| p).collect()
}

/// The distance from `p` to the segment between `a` and `b`.
pub(super) fn distance_to_segment(p: Point, a: Point, b: Point) -> f64 {
    let (along, to) = (b - a, p - a);
    let square = along.x * along.x + along.y * along.y;
    let t = if square > 0.0 { ((to.x * along.x + to.y * along.y) / square).clamp(0.0, 1.0) } else { 0.0 };
    (to - along * t).length()
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: Rect = Rect { low: Point { x: 0.0, y: 0.0 }, high: Point { x: 1.0, y: 1.0 } };

    #[test]
    fn a_segment_is_cut_at_the_frame() {
        let cut = UNIT.clip(point(-1.0, 0.5), point(2.0, 0.5));
        assert_eq!(cut, Some((point(0.0, 0.5), point(1.0, 0.5))));
        assert_eq!(UNIT.clip(point(-1.0, 2.0), point(2.0, 2.0)), None);
    }

    #[test]
    fn a_polygon_is_cut_at_the_frame() {
        let corners = [point(0.5, 0.5), point(3.0, 0.5), point(3.0, 3.0), point(0.5, 3.0)];
        let cut = UNIT.clip_polygon(&corners);
        assert_eq!(cut.len(), 4);
        assert!(cut.iter().all(|&p| UNIT.contains(p)));
        assert!(UNIT.clip_polygon(&[point(2.0, 2.0), point(3.0, 2.0), point(3.0, 3.0)]).is_empty());
    }

    #[test]
    fn a_piece_of_a_curve_lies_on_it() {
        let curve = Curve([point(0.0, 0.0), point(1.0, 2.0), point(3.0, 2.0), point(4.0, 0.0)]);
        let piece = curve.piece(0.25, 0.75);
        assert!((piece.at(0.5) - curve.at(0.5)).length() < 1e-12);
        assert!((piece.at(0.0) - curve.at(0.25)).length() < 1e-12);
    }

    #[test]
    fn straight_runs_lose_their_inner_points() {
        let points: Vec<Point> = (0..100).map(|i| point(f64::from(i), if i < 50 { 0.0 } else { 1.0 })).collect();
        assert_eq!(simplify(&points, 0.1).len(), 4);
    }
}

//! The edges of a network: their ways, arrowheads and labels.

use super::canvas::{Anchor, Canvas, SMALL, number, polygon};
use super::geometry::{Curve, Point, Rect, point};
use super::label::Label;
use super::network::{EdgeKind, EdgeShape, Network};
use super::place::{Grid, Place};

/// The bends that are tried, in this order, where the straight way meets a node.
const BENDS: [f64; 7] = [0.0, 0.6, -0.6, 0.9, -0.9, 1.3, -1.3];
/// The bend of each of two edges between the same nodes.
const TWIN_BEND: f64 = 0.2;
/// Where along an edge its label is tried, best first.
const SPOTS: [f64; 7] = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74];
/// The number of points by which an edge is judged.
const SAMPLES: u32 = 40;

/// All ways of a network.
pub(super) struct Wiring<'a> {
    ways: Vec<Way<'a>>,
    places: &'a [Place],
}

/// One edge as drawn, from outline to outline.
struct Way<'a> {
    curve: Curve,
    kind: EdgeKind,
    label: Option<&'a Label>,
}

impl<'a> Wiring<'a> {
    /// Finds a way for every edge whose ends are nodes.
    pub(super) fn new(network: &'a Network, grid: &'a Grid) -> Wiring<'a> {
        let mut ways = Vec::new();
        for edge in &network.edges {
            let find = |id: &str| network.nodes.iter().position(|node| node.id == id);
            let (Some(from), Some(to)) = (find(&edge.from), find(&edge.to)) else { continue };
            let whole = if from == to {
                feedback(&grid.places[from], edge.bend.map_or(1.0, f64::from))
            } else {
                bow(&grid.places, from, to, bend(network, grid, edge, from, to) * grid.row_height())
            };
            if let Some(curve) = cut(&whole, &grid.places[from], &grid.places[to]) {
                ways.push(Way { curve, kind: edge.kind, label: edge.label.as_ref() });
            }
        }
        Wiring { ways, places: &grid.places }
    }

    /// Draws the edges, faded ones below and the gradient's above the others.
    pub(super) fn draw_wires(&self, canvas: &mut Canvas) {
        for level in 0..3 {
            for way in self.ways.iter().filter(|way| depth(way.kind) == level) {
                way.draw(canvas);
            }
        }
    }

    /// Draws the labels, each where it meets the fewest nodes, edges and labels.
    pub(super) fn draw_labels(&self, canvas: &mut Canvas) {
        let mut taken: Vec<Rect> = Vec::new();
        for way in &self.ways {
            let Some(label) = way.label.filter(|label| !label.is_empty()) else { continue };
            let half = point(label.width() * SMALL / 2.0 + 1.0, 0.56 * SMALL);
            let mut best: Option<(f64, Rect)> = None;
            for (rank, rect) in way.spots(half).into_iter().enumerate() {
                let cost = self.crowd(rect, &taken) + 0.3 * f64::from(u16::try_from(rank).unwrap_or(u16::MAX));
                if best.is_none_or(|(least, _)| cost < least) {
                    best = Some((cost, rect));
                }
            }
            let Some((_, rect)) = best else { continue };
            taken.push(rect);
            canvas.open(&format!("edge {}", class(way.kind)));
            let hue = matches!(way.kind, EdgeKind::Gradient | EdgeKind::Shared);
            let at = rect.centre() + point(0.0, 0.28 * SMALL);
            canvas.text(if hue { "halo hue" } else { "halo" }, at, Anchor::Middle, SMALL, label);
            canvas.close();
        }
    }

    /// How much a label at `rect` would be in the way.
    pub(super) fn crowd(&self, rect: Rect, taken: &[Rect]) -> f64 {
        let nodes: f64 = self.places.iter().map(|place| place.rect().overlap(rect)).sum();
        let labels: f64 = taken.iter().map(|other| other.overlap(rect)).sum();
        let points = self.ways.iter().flat_map(|way| way.samples());
        let wires = points.filter(|&p| rect.contains(p)).count();
        0.3 * nodes + 0.3 * labels + 4.0 * f64::from(u16::try_from(wires).unwrap_or(u16::MAX))
    }
}

impl Way<'_> {
    fn samples(&self) -> impl Iterator<Item = Point> {
        (0..=SAMPLES).map(|idx| self.curve.at(f64::from(idx) / f64::from(SAMPLES)))
    }

    fn draw(&self, canvas: &mut Canvas) {
        for p in self.samples() {
            canvas.include(Rect::around(p, point(3.0, 3.0)));
        }
        let (long, wide) = arrowhead(self.kind);
        let tip = self.curve.at(1.0);
        let neck = neck(&self.curve, long * 0.8);
        let along = (tip - self.curve.at(neck)).unit();
        let (back, side) = (tip - along * long, along.left() * wide);
        canvas.open(&format!("edge {}", class(self.kind)));
        canvas.path("wire", &path(&self.curve.piece(0.0, neck)));
        let corners = [tip, back + side, tip - along * (long * 0.75), back - side];
        canvas.path("tip", &polygon(&corners));
        canvas.close();
    }

    /// The boxes where the label may stand: outside a bow, above or to the right of a straight edge, then on its
    /// other side.
    fn spots(&self, half: Point) -> Vec<Rect> {
        let bulge = self.curve.at(0.5) - (self.curve.at(0.0) + self.curve.at(1.0)) * 0.5;
        let wanted = if bulge.length() > 2.0 { bulge } else { point(0.5, -1.0) };
        let mut spots = Vec::new();
        for t in SPOTS {
            let left = self.curve.direction(t).left();
            let first = if left.x * wanted.x + left.y * wanted.y > 0.0 { left } else { left * -1.0 };
            for side in [first, first * -1.0] {
                let away = side.x.abs() * half.x + side.y.abs() * half.y + arrowhead(self.kind).1 + 0.3;
                spots.push(Rect::around(self.curve.at(t) + side * away, half));
            }
        }
        spots
    }
}

/// The bend of an edge between different nodes, in rows.
fn bend(network: &Network, grid: &Grid, edge: &EdgeShape, from: usize, to: usize) -> f64 {
    if let Some(bend) = edge.bend {
        return f64::from(bend);
    }
    let crowd = |bend: f64| {
        let curve = bow(&grid.places, from, to, bend * grid.row_height());
        let others = grid.places.iter().enumerate().filter(|(idx, _)| *idx != from && *idx != to);
        let meets =
            |place: &Place| (1..SAMPLES).any(|i| place.distance(curve.at(f64::from(i) / f64::from(SAMPLES))) < 5.0);
        others.filter(|(_, place)| meets(place)).count()
    };
    let has_twin = network.edges.iter().any(|other| other.from == edge.to && other.to == edge.from);
    let first = if has_twin { TWIN_BEND } else { 0.0 };
    let mut best = (crowd(first), first);
    for bend in BENDS {
        let crowd = crowd(bend);
        if crowd < best.0 {
            best = (crowd, bend);
        }
    }
    best.1
}

/// The curve between two centres whose middle lies `height` to the left of the straight line.
fn bow(places: &[Place], from: usize, to: usize, height: f64) -> Curve {
    let (a, b) = (places[from].centre, places[to].centre);
    let aside = (b - a).unit().left() * (height / 0.75);
    let third = (b - a) * (1.0 / 3.0);
    // A bent curve leaves more steeply, so that it clears what stands beside its ends.
    let inset = if height == 0.0 { third } else { third * 0.6 };
    Curve([a, a + inset + aside, b - inset + aside, b])
}

/// The loop of a node to itself, leaving above and returning below.
fn feedback(place: &Place, size: f64) -> Curve {
    let (reach, swing) = (place.half.x * size.signum() + 44.0 * size, place.half.y + 20.0 * size.abs());
    let root = point(place.half.x * 0.3 * size.signum(), place.half.y * 0.45);
    let c = place.centre;
    Curve([c + point(root.x, -root.y), c + point(reach, -swing), c + point(reach, swing), c + root])
}

/// The part of the curve outside both outlines; none where they touch.
fn cut(curve: &Curve, from: &Place, to: &Place) -> Option<Curve> {
    let start = leave(|t| from.distance(curve.at(t)) - 1.2)?;
    let end = 1.0 - leave(|t| to.distance(curve.at(1.0 - t)) - 1.8)?;
    (start + 0.02 < end).then(|| curve.piece(start, end))
}

/// The first parameter at which `outside` becomes positive.
fn leave(outside: impl Fn(f64) -> f64) -> Option<f64> {
    let step = 1.0 / f64::from(SAMPLES);
    let first = (1..SAMPLES).map(|idx| f64::from(idx) * step).find(|&t| outside(t) > 0.0)?;
    let (mut inside, mut out) = (first - step, first);
    for _ in 0..24 {
        let middle = (inside + out) / 2.0;
        if outside(middle) > 0.0 { out = middle } else { inside = middle }
    }
    Some(out)
}

/// The parameter at which the curve is `length` away from its end.
fn neck(curve: &Curve, length: f64) -> f64 {
    let tip = curve.at(1.0);
    1.0 - leave(|t| (curve.at(1.0 - t) - tip).length() - length).unwrap_or(0.5)
}

fn path(curve: &Curve) -> String {
    let [a, b, c, d] = curve.0;
    let xy = |p: Point| format!("{},{}", number(p.x), number(p.y));
    let along = (d - a).unit().left();
    let is_straight = [b, c].iter().all(|&p| ((p - a).x * along.x + (p - a).y * along.y).abs() < 0.05);
    if is_straight { format!("M{}L{}", xy(a), xy(d)) } else { format!("M{}C{} {} {}", xy(a), xy(b), xy(c), xy(d)) }
}

/// The length and half the width of the arrowhead.
fn arrowhead(kind: EdgeKind) -> (f64, f64) {
    match kind {
        EdgeKind::Gradient => (11.0, 5.0),
        EdgeKind::Flow | EdgeKind::Recurrent | EdgeKind::Shared | EdgeKind::Faded => (8.5, 3.7),
    }
}

/// Which edges are painted over which.
fn depth(kind: EdgeKind) -> u8 {
    match kind {
        EdgeKind::Faded => 0,
        EdgeKind::Flow | EdgeKind::Recurrent | EdgeKind::Shared => 1,
        EdgeKind::Gradient => 2,
    }
}

fn class(kind: EdgeKind) -> &'static str {
    match kind {
        EdgeKind::Flow => "flow",
        EdgeKind::Recurrent => "recurrent",
        EdgeKind::Shared => "shared",
        EdgeKind::Gradient => "gradient",
        EdgeKind::Faded => "faded",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::network::{NodeKind, NodeShape};

    fn row_of(n_nodes: u16) -> Network {
        let nodes = (0..n_nodes).map(|i| {
            NodeShape::new(format!("{i}"), NodeKind::State, f32::from(i), 0.0, Label::math(&format!("h_{i}")))
        });
        Network { nodes: nodes.collect(), ..Network::default() }
    }

    #[test]
    fn arrowheads_touch_the_outline() {
        let mut network = row_of(2);
        network.edges.push(EdgeShape::new("0", "1", EdgeKind::Flow).bent(0.7));
        let grid = Grid::new(&network);
        let wiring = Wiring::new(&network, &grid);
        let gap = grid.places[1].distance(wiring.ways[0].curve.at(1.0));
        assert!((1.7..1.9).contains(&gap), "{gap}");
    }

    #[test]
    fn an_edge_goes_around_the_nodes_between() {
        let mut network = row_of(3);
        network.edges.push(EdgeShape::new("0", "2", EdgeKind::Flow));
        let grid = Grid::new(&network);
        let wiring = Wiring::new(&network, &grid);
        assert!(wiring.ways[0].samples().all(|p| grid.places[1].distance(p) > 4.0));
    }

    #[test]
    fn labels_keep_off_edges_and_nodes() {
        let mut network = row_of(3);
        for (from, to) in [("0", "1"), ("1", "2"), ("0", "2"), ("2", "1"), ("2", "2")] {
            network.edges.push(EdgeShape::new(from, to, EdgeKind::Flow).labelled(Label::math("w_h")));
        }
        let grid = Grid::new(&network);
        let wiring = Wiring::new(&network, &grid);
        let half = point(8.0, 0.56 * SMALL);
        for way in &wiring.ways {
            assert!(way.spots(half).iter().any(|&rect| wiring.crowd(rect, &[]) == 0.0));
        }
    }
}

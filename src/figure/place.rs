//! Where the nodes of a network stand and how they look.

use super::canvas::{Anchor, Canvas, SMALL, TEXT};
use super::geometry::{Point, Rect, point};
use super::network::{Emphasis, Network, NodeKind, NodeShape};

/// The smallest distance between columns.
const COLUMN: f64 = 74.0;
/// The smallest distance between rows.
const ROW: f64 = 64.0;
/// The empty space between neighbours, wide enough for an arrow.
const GAP: f64 = 30.0;

/// The distances between columns and rows, and the place of each node.
pub(super) struct Grid {
    column: f64,
    row: f64,
    /// In the order of the nodes.
    pub(super) places: Vec<Place>,
}

/// The outline of a node: a box with round corners, a circle where they meet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) centre: Point,
    pub(super) half: Point,
    radius: f64,
}

impl Grid {
    /// Spreads the columns and rows until neighbours have room for the arrows and labels between them.
    pub(super) fn new(network: &Network) -> Grid {
        let halves: Vec<Point> = network.nodes.iter().map(half).collect();
        let (mut column, mut row) = (COLUMN, ROW);
        for (idx, a) in network.nodes.iter().enumerate() {
            for (b, half) in network.nodes.iter().zip(&halves).skip(idx + 1) {
                let (right, up) = (f64::from((a.column - b.column).abs()), f64::from((a.row - b.row).abs()));
                if up < 0.5 && right > 0.0 {
                    column = column.max((halves[idx].x + half.x + GAP.max(between(network, a, b))) / right.max(0.2));
                }
                if right < 0.5 && up > 0.0 {
                    row = row.max((halves[idx].y + half.y + 26.0) / up.max(0.2));
                }
            }
        }
        let mut grid = Grid { column, row, places: Vec::new() };
        for (node, half) in network.nodes.iter().zip(halves) {
            grid.places.push(Place { centre: grid.at(node.column, node.row), half, radius: radius(node, half) });
        }
        grid
    }

    /// The point of the drawing at a column and a row.
    pub(super) fn at(&self, column: f32, row: f32) -> Point {
        point(f64::from(column) * self.column, -f64::from(row) * self.row)
    }

    /// The distance between rows, the unit of bends.
    pub(super) fn row_height(&self) -> f64 {
        self.row
    }
}

/// The room that the labels of the edges between two nodes need.
fn between(network: &Network, a: &NodeShape, b: &NodeShape) -> f64 {
    let joins = |from: &str, to: &str| from == a.id && to == b.id || from == b.id && to == a.id;
    let edges = network.edges.iter().filter(|edge| joins(&edge.from, &edge.to));
    edges.filter_map(|edge| edge.label.as_ref()).map(|label| label.width() * SMALL + 16.0).fold(0.0, f64::max)
}

fn half(node: &NodeShape) -> Point {
    let text = node.label.width() * TEXT / 2.0;
    match node.kind {
        NodeKind::Input | NodeKind::State | NodeKind::Output | NodeKind::Loss => point((text + 8.0).max(17.0), 17.0),
        NodeKind::Parameter => point((text + 8.0).max(16.0), 14.0),
        NodeKind::Gate => point((text + 8.0).max(17.0), 13.0),
        NodeKind::Operation => point((text + 6.0).max(11.5), 11.5),
        NodeKind::Ghost => match dots(node) {
            Some(direction) => point(4.0, 4.0) + direction,
            None => point((text + 8.0).max(17.0), 17.0),
        },
    }
}

fn radius(node: &NodeShape, half: Point) -> f64 {
    match node.kind {
        NodeKind::Input | NodeKind::Output | NodeKind::Operation => half.y,
        NodeKind::State | NodeKind::Gate => 8.0,
        NodeKind::Loss | NodeKind::Parameter => 3.0,
        NodeKind::Ghost => half.x.min(half.y).min(8.0),
    }
}

/// The step from dot to dot where the node is only dots.
fn dots(node: &NodeShape) -> Option<Point> {
    match node.label.plain().as_str() {
        "" | "…" | "⋯" => Some(point(7.0, 0.0)),
        "⋮" => Some(point(0.0, 7.0)),
        _ => None,
    }
}

impl Place {
    /// The distance from the outline, negative inside.
    pub(super) fn distance(&self, p: Point) -> f64 {
        let x = (p.x - self.centre.x).abs() - (self.half.x - self.radius);
        let y = (p.y - self.centre.y).abs() - (self.half.y - self.radius);
        point(x.max(0.0), y.max(0.0)).length() + x.max(y).min(0.0) - self.radius
    }

    /// The box around the node.
    pub(super) fn rect(&self) -> Rect {
        Rect::around(self.centre, self.half)
    }

    /// Draws the node with its label.
    pub(super) fn draw(&self, canvas: &mut Canvas, node: &NodeShape) {
        canvas.open(&format!("node {}{}", kind_class(node.kind), emphasis_class(node.emphasis)));
        let ghost_step = if node.kind == NodeKind::Ghost { dots(node) } else { None };
        if let Some(step) = ghost_step {
            for offset in [-1.0, 0.0, 1.0] {
                canvas.rect("dots", Rect::around(self.centre + step * offset, point(1.7, 1.7)), 1.7);
            }
        } else {
            let dashed = if node.kind == NodeKind::Ghost { "shape dashed" } else { "shape" };
            canvas.rect(dashed, self.rect(), self.radius);
            canvas.text("", self.centre + point(0.0, 0.32 * TEXT), Anchor::Middle, TEXT, &node.label);
        }
        canvas.close();
    }
}

fn kind_class(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Input => "input",
        NodeKind::State => "state",
        NodeKind::Output => "output",
        NodeKind::Loss => "loss",
        NodeKind::Parameter => "parameter",
        NodeKind::Gate => "gate",
        NodeKind::Operation => "operation",
        NodeKind::Ghost => "ghost",
    }
}

fn emphasis_class(emphasis: Emphasis) -> &'static str {
    match emphasis {
        Emphasis::Normal => "",
        Emphasis::Strong => " strong",
        Emphasis::Faded => " faded",
    }
}

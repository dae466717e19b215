use super::canvas::{Anchor, Canvas, SMALL, text_box};
use super::drawing::Drawing;
use super::edge::Wiring;
use super::geometry::{Point, Rect, point};
use super::label::Label;
use super::place::Grid;

/// A computation graph on a grid: time to the right, layers upward.
///
/// Columns and rows are numbers of the caller's choice, fractions included; the distance between them follows from
/// the widths of the labels. About seven columns are legible on a phone.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Network {
    /// The accessible name; shown as a tooltip, not as text.
    pub title: String,
    /// What the figure shows, in a sentence or two, for readers who do not see it.
    pub description: String,
    /// The nodes, with distinct ids.
    pub nodes: Vec<NodeShape>,
    /// The edges; one whose end is no node of the picture is not drawn.
    pub edges: Vec<EdgeShape>,
    /// Texts below the columns.
    pub columns: Vec<Caption>,
    /// Texts to the left of the rows.
    pub rows: Vec<Caption>,
    /// Boxes behind groups of nodes.
    pub panels: Vec<Panel>,
}

/// One node of a [`Network`].
#[derive(Debug, Clone, PartialEq)]
pub struct NodeShape {
    /// The name by which edges refer to the node.
    pub id: String,
    /// The place to the right.
    pub column: f32,
    /// The place upward.
    pub row: f32,
    /// What the node is; decides its form and colour.
    pub kind: NodeKind,
    /// The text in the node.
    pub label: Label,
    /// How loud the node is.
    pub emphasis: Emphasis,
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    /// A given that enters: round.
    Input,
    /// A hidden state: a box with round corners.
    State,
    /// A visible result: round.
    Output,
    /// A loss: a box with small corners.
    Loss,
    /// A weight: a box with small corners.
    Parameter,
    /// A gate: a low box.
    Gate,
    /// A sum, product or function: a small circle.
    Operation,
    /// Something left out: dots where the label is empty or dots itself, otherwise a dashed box.
    Ghost,
}

/// How loud a node is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Emphasis {
    /// As any other.
    #[default]
    Normal,
    /// On the path that the figure is about.
    Strong,
    /// Beside it.
    Faded,
}

/// One edge of a [`Network`], with an arrowhead at `to`. An edge from a node to itself is a feedback loop.
#[derive(Debug, Clone, PartialEq)]
pub struct EdgeShape {
    /// The id of the node where the edge begins.
    pub from: String,
    /// The id of the node at the arrowhead.
    pub to: String,
    /// The text beside the edge, such as its weight.
    pub label: Option<Label>,
    /// What the edge is; decides its stroke and colour.
    pub kind: EdgeKind,
    /// How far the middle of the edge lies to the left of the straight line, in rows; negative to the right.
    /// Without it the edge is straight where it can be and goes around nodes where it must. For a loop: its size,
    /// 1 without it, negative for one on the left of the node.
    pub bend: Option<f32>,
}

/// What an edge is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EdgeKind {
    /// A value used within one time step.
    Flow,
    /// A value handed to the next time step.
    Recurrent,
    /// A weight at one of the places that share it: dotted.
    Shared,
    /// A step of the path of a gradient: strong.
    Gradient,
    /// Beside the path that the figure is about.
    Faded,
}

/// A text at the column or row `at`.
#[derive(Debug, Clone, PartialEq)]
pub struct Caption {
    /// The column or row.
    pub at: f32,
    /// The text.
    pub label: Label,
}

/// A box behind the nodes between two corners of the grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// The text in a corner of it, the upper left one where that is free.
    pub label: Label,
    /// The first column and row inside.
    pub from: (f32, f32),
    /// The last column and row inside.
    pub to: (f32, f32),
}

impl NodeShape {
    /// A node of normal emphasis.
    pub fn new(id: impl Into<String>, kind: NodeKind, column: f32, row: f32, label: Label) -> NodeShape {
        NodeShape { id: id.into(), column, row, kind, label, emphasis: Emphasis::Normal }
    }
}

impl EdgeShape {
    /// An edge without a label that finds its own way.
    pub fn new(from: impl Into<String>, to: impl Into<String>, kind: EdgeKind) -> EdgeShape {
        EdgeShape { from: from.into(), to: to.into(), label: None, kind, bend: None }
    }

    /// The same edge with a label.
    pub fn labelled(self, label: Label) -> EdgeShape {
        EdgeShape { label: Some(label), ..self }
    }

    /// The same edge with a given bend.
    pub fn bent(self, bend: f32) -> EdgeShape {
        EdgeShape { bend: Some(bend), ..self }
    }
}

impl Network {
    /// The same picture with one path strong and everything else faded.
    ///
    /// Each step of the path is drawn from one node to the next, also where the edge between them points the other
    /// way: a gradient runs against the values. A step between nodes without an edge is added.
    pub fn traced(mut self, path: &[&str]) -> Network {
        for node in &mut self.nodes {
            node.emphasis = if path.contains(&node.id.as_str()) { Emphasis::Strong } else { Emphasis::Faded };
        }
        for edge in &mut self.edges {
            edge.kind = EdgeKind::Faded;
        }
        for step in path.windows(2) {
            self.trace_step(step[0], step[1]);
        }
        self
    }

    fn trace_step(&mut self, from: &str, to: &str) {
        let joins = |edge: &&mut EdgeShape| edge.from == from && edge.to == to || edge.from == to && edge.to == from;
        match self.edges.iter_mut().find(joins) {
            Some(edge) => {
                if edge.from != from {
                    std::mem::swap(&mut edge.from, &mut edge.to);
                    edge.bend = edge.bend.map(|bend| -bend);
                }
                edge.kind = EdgeKind::Gradient;
            }
            None => self.edges.push(EdgeShape::new(from, to, EdgeKind::Gradient)),
        }
    }
}

impl Drawing for Network {
    fn words(&self) -> (&str, &str) {
        (&self.title, &self.description)
    }

    fn draw(&self) -> Canvas {
        let mut canvas = Canvas::new("network");
        let grid = Grid::new(self);
        self.draw_panels(&mut canvas, &grid);
        let wiring = Wiring::new(self, &grid);
        wiring.draw_wires(&mut canvas);
        for (node, place) in self.nodes.iter().zip(&grid.places) {
            place.draw(&mut canvas, node);
        }
        wiring.draw_labels(&mut canvas);
        for panel in &self.panels {
            panel.draw_label(&mut canvas, &grid, &wiring);
        }
        self.draw_captions(&mut canvas, &grid);
        canvas
    }
}

impl Network {
    fn draw_panels(&self, canvas: &mut Canvas, grid: &Grid) {
        for panel in &self.panels {
            canvas.rect("panel ghost", panel.rect(grid), 8.0);
        }
    }

    fn draw_captions(&self, canvas: &mut Canvas, grid: &Grid) {
        let extent = canvas.extent();
        for caption in &self.columns {
            let at = point(grid.at(caption.at, 0.0).x, extent.high.y + 20.0);
            canvas.text("soft", at, Anchor::Middle, SMALL, &caption.label);
        }
        for caption in &self.rows {
            let at = point(extent.low.x - 10.0, grid.at(0.0, caption.at).y + 4.0);
            canvas.text("soft", at, Anchor::End, SMALL, &caption.label);
        }
    }
}

impl Panel {
    fn rect(&self, grid: &Grid) -> Rect {
        let (a, b) = (grid.at(self.from.0, self.from.1), grid.at(self.to.0, self.to.1));
        Rect {
            low: point(a.x.min(b.x) - 32.0, a.y.min(b.y) - 34.0),
            high: point(a.x.max(b.x) + 32.0, a.y.max(b.y) + 34.0),
        }
    }

    fn draw_label(&self, canvas: &mut Canvas, grid: &Grid, wiring: &Wiring<'_>) {
        let Rect { low, high } = self.rect(grid);
        let spots = [
            (low + point(8.0, 13.0), Anchor::Start),
            (point(high.x - 8.0, low.y + 13.0), Anchor::End),
            (point(low.x + 8.0, high.y - 6.0), Anchor::Start),
            (high - point(8.0, 6.0), Anchor::End),
        ];
        let cost = |&(at, anchor): &(Point, Anchor)| {
            let tight = text_box(at, anchor, SMALL, &self.label);
            let rect = Rect { low: tight.low - point(3.0, 3.0), high: tight.high + point(3.0, 3.0) };
            wiring.crowd(rect, &[])
        };
        if let Some(&(at, anchor)) = spots.iter().min_by(|a, b| cost(a).total_cmp(&cost(b))) {
            canvas.text("soft", at, anchor, SMALL, &self.label);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair() -> Network {
        let node = |id: &str, column| NodeShape::new(id, NodeKind::State, column, 0.0, Label::math(id));
        Network {
            nodes: vec![node("a", 0.0), node("b", 1.0), node("c", 2.0)],
            edges: vec![
                EdgeShape::new("a", "b", EdgeKind::Recurrent).bent(0.5),
                EdgeShape::new("b", "c", EdgeKind::Flow),
                EdgeShape::new("c", "nowhere", EdgeKind::Flow),
            ],
            ..Network::default()
        }
    }

    #[test]
    fn a_traced_path_runs_against_the_edges() {
        let traced = pair().traced(&["b", "a"]);
        assert_eq!(traced.edges[0], EdgeShape::new("b", "a", EdgeKind::Gradient).bent(-0.5));
        assert_eq!(traced.edges[1].kind, EdgeKind::Faded);
        assert_eq!(traced.nodes[2].emphasis, Emphasis::Faded);
    }

    #[test]
    fn an_edge_to_nowhere_is_not_drawn() {
        assert_eq!(pair().to_svg().matches("class=\"tip\"").count(), 2);
    }

    #[test]
    fn an_empty_network_is_a_picture() {
        assert!(Network::default().to_svg().starts_with("<svg class=\"fig network\""));
    }
}

//! One step of a gated unit: a state that is kept in part along a straight lane, and the gates below it.
//!
//! The drawing reads the definition of the state as a sum of products. The product that holds the state of the step
//! before lies on the lane; the others join it from below; what reads the new state stands at the right.

use crate::derivation::Document;
use crate::expr::Arena;
use crate::expr::Elementary;
use crate::expr::Expr;
use crate::expr::Function;
use crate::expr::Node;
use crate::expr::SymbolId;
use crate::figure::EdgeKind;
use crate::figure::EdgeShape;
use crate::figure::Label;
use crate::figure::Network;
use crate::figure::NodeKind;
use crate::figure::NodeShape;
use crate::model::Model;
use crate::print;
use crate::render::figures::Drawn;
use crate::render::figures::anatomy::Anatomy;
use crate::render::figures::anatomy::label;
use crate::render::figures::options;
use crate::render::figures::options::misfit;
use crate::render::prose::Directive;
use crate::source::Diagnostic;

/// The row of the lane, of the products below it, of the gates, and of what the gates read.
const LANE: f32 = 2.0;
const PRODUCTS: f32 = 1.1;
const GATES: f32 = 0.1;
const SOURCES: f32 = -1.0;

/// `lstm`, `gru`: one step of the gated state of the model.
pub(super) fn gated(document: &Document, directive: &Directive) -> Result<Drawn, Diagnostic> {
    options::only(directive, &[])?;
    let mut arena = document.arena.clone();
    let model = &document.model;
    let none = || misfit(directive, "this derivation defines no state as a sum of products with its own last value");
    let anatomy = Anatomy::of(&mut arena, model).ok_or_else(none)?;
    let states = anatomy.states_in_order(model);
    let (state, terms) =
        states.iter().find_map(|&state| Some((state, terms(&mut arena, model, &anatomy, state)?))).ok_or_else(none)?;
    let mut drawing = Drawing { arena, model, anatomy, network: Network::default(), gates: Vec::new(), column: 0.0 };
    drawing.lane(state, &terms);
    drawing.readers(state);
    drawing.sources();
    drawing.describe(directive);
    Ok(Drawn::picture(&drawing.network))
}

/// The terms of the state's definition, as factors, the one with its own last value first; `None` for another form.
fn terms(arena: &mut Arena, model: &Model, anatomy: &Anatomy, state: SymbolId) -> Option<Vec<Vec<Expr>>> {
    let definition = anatomy.general(model, state)?;
    let Node::Sum(parts) = arena.node(definition.body).clone() else { return None };
    let factors = |part: &Expr| match arena.node(*part) {
        Node::Product(factors) => factors.to_vec(),
        _ => vec![*part],
    };
    let mut terms: Vec<Vec<Expr>> = parts.iter().map(factors).collect();
    let is_own = |factor: &Expr| matches!(arena.node(*factor), Node::Symbol { symbol, .. } if *symbol == state);
    let kept = terms.iter().position(|term| term.len() > 1 && term.iter().any(is_own))?;
    let kept = terms.remove(kept);
    terms.insert(0, kept);
    Some(terms)
}

struct Drawing<'a> {
    arena: Arena,
    model: &'a Model,
    anatomy: Anatomy,
    network: Network,
    /// The gates by name, from left to right.
    gates: Vec<(String, Expr)>,
    column: f32,
}

impl Drawing<'_> {
    fn id(&self, expr: Expr) -> String {
        print::text(&self.arena, expr)
    }

    fn node(&mut self, id: &str, kind: NodeKind, column: f32, row: f32, label: Label) {
        if !self.network.nodes.iter().any(|node| node.id == id) {
            self.network.nodes.push(NodeShape::new(id, kind, column, row, label));
        }
    }

    fn edge(&mut self, from: &str, to: &str, kind: EdgeKind) {
        self.network.edges.push(EdgeShape::new(from, to, kind));
    }

    /// The state from its last value to its new one, and the gates of each term.
    fn lane(&mut self, state: SymbolId, terms: &[Vec<Expr>]) {
        let mut last = String::new();
        for (idx, factors) in terms.iter().enumerate() {
            let (old, gates): (Vec<Expr>, Vec<Expr>) = factors.iter().partition(
                |factor| matches!(self.arena.node(**factor), Node::Symbol { symbol, .. } if *symbol == state),
            );
            let columns: Vec<f32> = gates.iter().map(|&gate| self.gate(gate)).collect();
            let middle = columns.iter().sum::<f32>() / columns.len().max(1) as f32;
            let product = format!("product {idx}");
            if let Some(&old) = old.first() {
                last = self.id(old);
                let text = label(&self.arena, old);
                self.node(&last.clone(), NodeKind::State, 0.0, LANE, text);
                self.node(&product, NodeKind::Operation, middle, LANE, Label::math(r"\odot"));
                self.edge(&last.clone(), &product, EdgeKind::Recurrent);
                last = product.clone();
            } else {
                let sum = format!("sum {idx}");
                self.node(&product, NodeKind::Operation, middle, PRODUCTS, Label::math(r"\odot"));
                self.node(&sum, NodeKind::Operation, middle, LANE, Label::math("+"));
                self.edge(&last.clone(), &sum, EdgeKind::Recurrent);
                self.edge(&product, &sum, EdgeKind::Flow);
                last = sum;
            }
            for gate in gates {
                let id = self.id(gate);
                self.edge(&id, &product, EdgeKind::Flow);
            }
        }
        let now = self.arena.symbol(self.anatomy.time);
        let new = self.arena.member(state, vec![now]);
        let (id, text) = (self.id(new), label(&self.arena, new));
        self.node(&id, NodeKind::State, self.column + 1.0, LANE, text);
        self.edge(&last, &id, EdgeKind::Recurrent);
    }

    /// A factor as a gate in its column; `1 - z` as a small step above the gate `z`.
    fn gate(&mut self, factor: Expr) -> f32 {
        let id = self.id(factor);
        if let Some(node) = self.network.nodes.iter().find(|node| node.id == id) {
            return node.column;
        }
        let inner: Vec<Expr> =
            self.anatomy.uses(&self.arena, self.model, factor).into_iter().map(|used| used.of).collect();
        match inner[..] {
            [gate] if gate != factor => {
                let known = self.network.nodes.iter().any(|node| node.id == self.id(gate));
                let column = self.gate(gate) + if known { 0.5 } else { 0.0 };
                self.column = self.column.max(column);
                self.node(&id, NodeKind::Operation, column, (GATES + PRODUCTS) / 2.0 + 0.05, Label::math("1-"));
                let gate = self.id(gate);
                self.edge(&gate, &id, EdgeKind::Flow);
                column
            }
            _ => {
                for before in self.gates_below(factor) {
                    self.gate(before);
                    let before = self.id(before);
                    self.edge(&before, &id, EdgeKind::Flow);
                }
                self.column += 1.0;
                let text = label(&self.arena, factor);
                self.node(&id, NodeKind::Gate, self.column, GATES, text);
                self.gates.push((id, factor));
                self.column
            }
        }
    }

    /// Other gates that a gate reads.
    fn gates_below(&mut self, gate: Expr) -> Vec<Expr> {
        self.read_by(gate).into_iter().filter(|&read| self.is_gate(read)).collect()
    }

    /// What a gate reads: members that are no pre-activations.
    fn read_by(&mut self, gate: Expr) -> Vec<Expr> {
        let mut read = Vec::new();
        let mut open = vec![gate];
        while let Some(member) = open.pop() {
            let Node::Symbol { symbol, indices, .. } = self.arena.node(member).clone() else { continue };
            let instance =
                self.anatomy.general(self.model, symbol).and_then(|d| d.instance(&mut self.arena, &indices, &[]));
            for used in instance.map(|body| self.anatomy.uses(&self.arena, self.model, body)).unwrap_or_default() {
                let now = self.arena.symbol(self.anatomy.time);
                let Node::Symbol { symbol, indices, .. } = self.arena.node(used.of) else { continue };
                let is_now = indices.contains(&now);
                let is_helper = is_now && self.model.is_defined(*symbol) && !self.anatomy.states.contains(symbol);
                if is_helper && !self.is_gate(used.of) {
                    open.push(used.of);
                } else if !read.contains(&used.of) {
                    read.push(used.of);
                }
            }
        }
        read
    }

    /// Whether a member is an activation of something else at the same time.
    fn is_gate(&self, member: Expr) -> bool {
        let Node::Symbol { symbol, .. } = self.arena.node(member) else { return false };
        let Some(definition) = self.anatomy.general(self.model, *symbol) else { return false };
        matches!(
            self.arena.node(definition.body),
            Node::Call { function: Function::Elementary(Elementary::Sigmoid | Elementary::Tanh), .. }
        )
    }

    /// Families that read the new state through a gate.
    fn readers(&mut self, state: SymbolId) {
        let now = self.arena.symbol(self.anatomy.time);
        let new = self.arena.member(state, vec![now]);
        for symbol in self.anatomy.defined_in_order(self.model) {
            let Some(definition) = self.anatomy.general(self.model, symbol) else { continue };
            let Node::Product(factors) = self.arena.node(definition.body).clone() else { continue };
            if symbol == state || !factors.iter().any(|&factor| self.arena.contains(factor, new)) {
                continue;
            }
            let id = self.id(new);
            let member = self.arena.member(symbol, vec![now]);
            let (out, text) = (self.id(member), label(&self.arena, member));
            let product = format!("product {out}");
            for factor in factors {
                if self.arena.contains(factor, new) {
                    let edge = EdgeShape::new(id.clone(), product.clone(), EdgeKind::Flow);
                    let by = self
                        .anatomy
                        .uses(&self.arena, self.model, factor)
                        .into_iter()
                        .next()
                        .and_then(|used| used.function);
                    self.network.edges.push(match by {
                        Some(function) => edge.labelled(Label::math(&function)),
                        None => edge,
                    });
                } else {
                    self.gate(factor);
                    let gate = self.id(factor);
                    self.edge(&gate, &product, EdgeKind::Flow);
                }
            }
            self.node(&product, NodeKind::Operation, self.column, PRODUCTS, Label::math(r"\odot"));
            if let Some(node) = self.network.nodes.iter_mut().find(|node| node.id == id) {
                node.column = self.column + 0.0;
            }
            self.node(&out, NodeKind::State, self.column + 1.0, PRODUCTS, text);
            self.edge(&product, &out, EdgeKind::Recurrent);
        }
    }

    /// What the gates read, below them.
    fn sources(&mut self) {
        let mut sources: Vec<(Expr, Vec<String>)> = Vec::new();
        for (id, gate) in self.gates.clone() {
            for read in self.read_by(gate) {
                if self.is_gate(read) {
                    continue;
                }
                match sources.iter_mut().find(|(known, _)| *known == read) {
                    Some((_, gates)) => gates.push(id.clone()),
                    None => sources.push((read, vec![id.clone()])),
                }
            }
        }
        let n_sources = sources.len();
        let middle = (1.0 + self.column) / 2.0;
        for (idx, (source, gates)) in sources.into_iter().enumerate() {
            let id = self.id(source);
            let place = middle + (idx as f32 - (n_sources as f32 - 1.0) / 2.0) * 1.6;
            let Node::Symbol { symbol, .. } = self.arena.node(source) else { continue };
            let (kind, edges) = match self.model.is_defined(*symbol) {
                true => (NodeKind::State, EdgeKind::Recurrent),
                false => (NodeKind::Input, EdgeKind::Flow),
            };
            let text = label(&self.arena, source);
            self.node(&id, kind, place, SOURCES, text);
            for gate in gates {
                self.edge(&id, &gate, edges);
            }
        }
    }

    fn describe(&mut self, directive: &Directive) {
        let name = directive.words.first().map_or(String::new(), |name| name.to_uppercase());
        let gates: Vec<&str> = self.gates.iter().map(|(id, _)| id.as_str()).collect();
        self.network.title = format!("One step of the {name}");
        self.network.description = format!(
            "The state runs along the top from its last value to its new one, through a product and a sum. Below it stand \
             the gates {}, which read the input and the last state.",
            gates.join(", ")
        );
    }
}

//! The network of a model, drawn in five ways: folded, unrolled, stacked, as one unit, and step by step.

use crate::derivation::Document;
use crate::expr::Arena;
use crate::expr::Expr;
use crate::expr::Node;
use crate::expr::SymbolId;
use crate::figure::Caption;
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

/// A model whose families run over time, ready to be drawn.
struct Subject<'a> {
    arena: Arena,
    model: &'a Model,
    anatomy: Anatomy,
    /// The state that is carried from step to step.
    state: SymbolId,
    /// The family that comes in at each step, if there is one.
    input: Option<SymbolId>,
}

impl<'a> Subject<'a> {
    fn of(document: &'a Document, directive: &Directive) -> Result<Subject<'a>, Diagnostic> {
        let mut arena = document.arena.clone();
        let model = &document.model;
        let found = Anatomy::of(&mut arena, model).and_then(|anatomy| {
            let state = *anatomy.states_in_order(model).first()?;
            Some((anatomy, state))
        });
        let Some((anatomy, state)) = found else {
            return Err(misfit(directive, "this derivation defines no state that is carried from step to step"));
        };
        let body = anatomy.general(model, state).map(|definition| definition.body);
        let used = body.map(|body| anatomy.uses(&arena, model, body)).unwrap_or_default();
        let input = used.iter().find_map(|used| match arena.node(used.of) {
            Node::Symbol { symbol, .. } if !model.is_defined(*symbol) => Some(*symbol),
            _ => None,
        });
        Ok(Subject { arena, model, anatomy, state, input })
    }

    /// The member of a family at a time.
    fn at(&mut self, symbol: SymbolId, time: Expr) -> Label {
        let member = self.arena.member(symbol, vec![time]);
        label(&self.arena, member)
    }

    fn at_number(&mut self, symbol: SymbolId, time: i64) -> Label {
        let time = self.arena.integer(time);
        self.at(symbol, time)
    }

    /// A capital letter that names nothing yet, for the layer as a whole.
    fn layer(&self) -> Label {
        let is_free = |name: &&str| {
            let symbol = self.arena.find(name);
            !symbol.is_some_and(|symbol| self.model.declarations.contains_key(&symbol) || self.model.is_defined(symbol))
        };
        Label::math(["A", "B", "C", "N", "R"].into_iter().find(is_free).unwrap_or("A"))
    }

    fn name(&self, symbol: SymbolId) -> String {
        plain_name(self.arena.name(symbol))
    }
}

/// `folded`: the layer with its loop.
pub(super) fn folded(document: &Document, directive: &Directive) -> Result<Drawn, Diagnostic> {
    options::only(directive, &[])?;
    let mut subject = Subject::of(document, directive)?;
    let now = subject.arena.symbol(subject.anatomy.time);
    let one = subject.arena.one();
    let before = subject.arena.subtract(now, one);
    let layer = subject.layer();
    let mut network = Network {
        title: "The folded network".into(),
        description: format!(
            "One layer, {}, that hands its own last state back to itself: a loop from the layer to the layer.",
            layer.plain()
        ),
        ..Network::default()
    };
    network.nodes.push(NodeShape::new("layer", NodeKind::State, 0.0, 1.0, layer));
    if let Some(input) = subject.input {
        network.nodes.push(NodeShape::new("input", NodeKind::Input, 0.0, 0.0, subject.at(input, now)));
        network.edges.push(EdgeShape::new("input", "layer", EdgeKind::Flow));
    }
    let state = subject.state;
    network.nodes.push(NodeShape::new("state", NodeKind::Output, 0.0, 2.0, subject.at(state, now)));
    network.edges.push(EdgeShape::new("layer", "state", EdgeKind::Flow));
    let carried = subject.at(state, before);
    network.edges.push(EdgeShape::new("layer", "layer", EdgeKind::Recurrent).labelled(carried));
    Ok(Drawn::picture(&network))
}

/// `unrolled T=4`: the layer once for each time step.
pub(super) fn unrolled(document: &Document, directive: &Directive) -> Result<Drawn, Diagnostic> {
    options::only(directive, &["T"])?;
    let n_steps = options::count(directive, "T", 4, 8)?;
    let mut subject = Subject::of(document, directive)?;
    let (state, layer) = (subject.state, subject.layer());
    let mut network = Network {
        title: format!("The network unrolled over {n_steps} steps"),
        description: format!(
            "{n_steps} copies of the same layer from left to right, one for each time step, each with its input below, \
             its state above, and an arrow to the next."
        ),
        ..Network::default()
    };
    network.nodes.push(NodeShape::new("layer0", NodeKind::Ghost, 0.0, 1.0, subject.at_number(state, 0)));
    for time in 1..=n_steps {
        let column = column(time);
        network.nodes.push(NodeShape::new(format!("layer{time}"), NodeKind::State, column, 1.0, layer.clone()));
        if let Some(input) = subject.input {
            let label = subject.at_number(input, time);
            network.nodes.push(NodeShape::new(format!("input{time}"), NodeKind::Input, column, 0.0, label));
            network.edges.push(EdgeShape::new(format!("input{time}"), format!("layer{time}"), EdgeKind::Flow));
        }
        let label = subject.at_number(state, time);
        network.nodes.push(NodeShape::new(format!("state{time}"), NodeKind::Output, column, 2.0, label));
        network.edges.push(EdgeShape::new(format!("layer{time}"), format!("state{time}"), EdgeKind::Flow));
        let from = format!("layer{}", time - 1);
        network.edges.push(EdgeShape::new(from, format!("layer{time}"), EdgeKind::Recurrent));
        network.columns.push(step_caption(&subject, time));
    }
    network.nodes.push(NodeShape::new("on", NodeKind::Ghost, column(n_steps + 1), 1.0, Label::default()));
    network.edges.push(EdgeShape::new(format!("layer{n_steps}"), "on", EdgeKind::Recurrent));
    Ok(Drawn::picture(&network))
}

/// `stacked layers=3 T=4`: the layer of the model on top of itself.
pub(super) fn stacked(document: &Document, directive: &Directive) -> Result<Drawn, Diagnostic> {
    options::only(directive, &["layers", "T"])?;
    let n_steps = options::count(directive, "T", 4, 8)?;
    let n_layers = options::count(directive, "layers", 3, 6)?;
    let mut subject = Subject::of(document, directive)?;
    let state = subject.name(subject.state);
    let mut network = Network {
        title: format!("{n_layers} layers, {n_steps} time steps"),
        description: format!(
            "A grid of states, {n_layers} layers upward and {n_steps} time steps to the right, with the inputs below. \
             Arrows lead up from layer to layer and right from step to step."
        ),
        ..Network::default()
    };
    for time in 1..=n_steps {
        for layer in 0..=n_layers {
            let id = format!("{layer}-{time}");
            let (kind, label) = match (layer, subject.input) {
                (0, Some(input)) => (NodeKind::Input, subject.at_number(input, time)),
                (0, None) => continue,
                (layer, _) => (NodeKind::State, Label::math(&format!("{state}^{{{layer}}}_{{{time}}}"))),
            };
            network.nodes.push(NodeShape::new(id.clone(), kind, column(time), column(layer), label));
            if layer > 0 {
                network.edges.push(EdgeShape::new(format!("{}-{time}", layer - 1), id.clone(), EdgeKind::Flow));
                network.edges.push(EdgeShape::new(format!("{layer}-{}", time - 1), id, EdgeKind::Recurrent));
            }
        }
        network.columns.push(step_caption(&subject, time));
    }
    let rows = 1..=n_layers;
    network.rows =
        rows.map(|layer| Caption { at: column(layer), label: Label::text(format!("layer {layer}")) }).collect();
    Ok(Drawn::picture(&network))
}

/// `cell`: one time step with its weights, the step before as a loop.
pub(super) fn cell(document: &Document, directive: &Directive) -> Result<Drawn, Diagnostic> {
    options::only(directive, &[])?;
    let mut subject = Subject::of(document, directive)?;
    let now = subject.arena.symbol(subject.anatomy.time);
    let mut network = Network { title: "One unit with its weights".into(), ..Network::default() };
    let mut arrows = Vec::new();
    for symbol in subject.anatomy.timed.clone() {
        if subject.anatomy.losses.contains(&symbol) {
            continue;
        }
        let kind = subject.anatomy.kind(subject.model, symbol);
        let (row, label) = (subject.anatomy.row(symbol), subject.at(symbol, now));
        network.nodes.push(NodeShape::new(subject.name(symbol), kind, 0.0, row, label));
        let Some(definition) = subject.anatomy.general(subject.model, symbol) else { continue };
        for used in subject.anatomy.uses(&subject.arena, subject.model, definition.body) {
            let Node::Symbol { symbol: of, indices, .. } = subject.arena.node(used.of) else { continue };
            let kind = if indices.contains(&now) { EdgeKind::Flow } else { EdgeKind::Recurrent };
            let edge = EdgeShape::new(subject.name(*of), subject.name(symbol), kind);
            let weights: Vec<String> = used.weights.iter().map(|&weight| print::text(&subject.arena, weight)).collect();
            arrows.push(format!("from {} to {} with {}", edge.from, edge.to, weights.join(", ")));
            network.edges.push(match used.label(&subject.arena) {
                Some(label) => edge.labelled(label),
                None => edge,
            });
        }
    }
    network.description = format!("Arrows lead {}.", arrows.join("; "));
    Ok(Drawn::picture(&network))
}

/// `steps T=3`: every member of the first steps, with the weights on the arrows.
pub(super) fn steps(document: &Document, directive: &Directive) -> Result<Drawn, Diagnostic> {
    options::only(directive, &["T"])?;
    let n_steps = options::count(directive, "T", 3, 6)?;
    let mut subject = Subject::of(document, directive)?;
    let mut network = Network {
        title: format!("The first {n_steps} time steps"),
        description: format!(
            "{n_steps} columns, one for each time step, each with the input at the bottom; the states are joined from \
             left to right, and the same weights stand at the arrows of every column."
        ),
        ..Network::default()
    };
    let families = subject.anatomy.defined_in_order(subject.model);
    for time in 1..=n_steps {
        for &symbol in families.iter().filter(|symbol| !subject.anatomy.losses.contains(symbol)) {
            let Some(body) = subject.anatomy.body_at(&mut subject.arena, subject.model, symbol, &[time]) else {
                continue;
            };
            let member = subject.arena.integer(time);
            let member = subject.arena.member(symbol, vec![member]);
            let to = place_member(&mut network, &subject, member);
            for used in subject.anatomy.uses(&subject.arena, subject.model, body) {
                let from = place_member(&mut network, &subject, used.of);
                let kind = if same_time(&subject, used.of, time) { EdgeKind::Flow } else { EdgeKind::Recurrent };
                let edge = EdgeShape::new(from, to.clone(), kind);
                network.edges.push(match used.label(&subject.arena) {
                    Some(label) => edge.labelled(label),
                    None => edge,
                });
            }
        }
        network.columns.push(step_caption(&subject, time));
    }
    Ok(Drawn::picture(&network))
}

/// The node of a member, made where it is new.
fn place_member(network: &mut Network, subject: &Subject<'_>, member: Expr) -> String {
    let id = print::text(&subject.arena, member);
    if network.nodes.iter().any(|node| node.id == id) {
        return id;
    }
    if let Some((symbol, at)) = options::symbol_and_indices(&subject.arena, member) {
        let time = at.first().copied().unwrap_or(0);
        let starts = time == 0 && subject.model.is_defined(symbol);
        let kind = if starts { NodeKind::Ghost } else { subject.anatomy.kind(subject.model, symbol) };
        let row = subject.anatomy.row(symbol);
        network.nodes.push(NodeShape::new(id.clone(), kind, column(time), row, label(&subject.arena, member)));
    }
    id
}

fn same_time(subject: &Subject<'_>, member: Expr, time: i64) -> bool {
    options::symbol_and_indices(&subject.arena, member).is_some_and(|(_, at)| at.first() == Some(&time))
}

fn step_caption(subject: &Subject<'_>, time: i64) -> Caption {
    let letter = subject.arena.name(subject.anatomy.time);
    Caption { at: column(time), label: Label::math(&format!("{letter} = {time}")) }
}

pub(super) fn column(number: i64) -> f32 {
    i16::try_from(number).map_or(0.0, f32::from)
}

/// A family's name without the place of its index.
fn plain_name(name: &str) -> String {
    name.split(['^', '_']).next().unwrap_or(name).to_owned()
}

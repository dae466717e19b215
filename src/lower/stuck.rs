//! Shapes of families that are defined from themselves alone: `s_0 = 0`, `s_t = W s_{t-1} + x_t`.

use std::collections::{BTreeMap, BTreeSet};

use crate::expr::{Expr, Shape, SymbolId, SymbolKind};
use crate::lower::define::{Head, Pending};
use crate::lower::reader::Reader;
use crate::syntax::ast::{Kind, Node};

impl Reader<'_> {
    /// Gives a shape to one family, or to all, of definitions that wait for one another: the first one with which all
    /// of its definitions make sense. Members of a family with none are numbers.
    pub(super) fn settle_stuck(&mut self, stuck: &[Pending<'_>]) {
        let symbols: BTreeSet<SymbolId> =
            stuck.iter().filter_map(symbol_of).filter(|symbol| self.shapeless.contains(symbol)).collect();
        let alone = symbols.iter().map(|&symbol| BTreeSet::from([symbol]));
        let circles = circles_among(&symbols, stuck);
        let groups: Vec<BTreeSet<SymbolId>> = alone.chain(circles).chain([symbols.clone()]).collect();
        let settled = groups.iter().find(|group| self.take_common_shape(group, stuck));
        match settled.cloned().or_else(|| symbols.first().map(|&symbol| BTreeSet::from([symbol]))) {
            Some(shaped) => self.shapeless.retain(|symbol| !shaped.contains(symbol)),
            // Nothing that is waited for will be defined.
            None => self.shapeless.clear(),
        }
    }

    /// Declares the members of some families in the first shape that all of their definitions agree with; `false`
    /// where there is none.
    fn take_common_shape(&mut self, group: &BTreeSet<SymbolId>, stuck: &[Pending<'_>]) -> bool {
        let own: Vec<&Pending<'_>> =
            stuck.iter().filter(|pending| symbol_of(pending).is_some_and(|symbol| group.contains(&symbol))).collect();
        let mut shapes = vec![Shape::Scalar];
        for pending in &own {
            self.shapes_within(pending, &mut shapes);
        }
        let fitting = shapes.into_iter().find(|&shape| {
            self.declare_all(group, shape);
            own.iter().all(|pending| self.has_shape(pending, group, shape))
        });
        self.declare_all(group, fitting.unwrap_or(Shape::Scalar));
        fitting.is_some()
    }

    fn declare_all(&mut self, group: &BTreeSet<SymbolId>, shape: Shape) {
        for &symbol in group {
            self.arena.declare(symbol, SymbolKind::Real, shape);
        }
    }

    /// Whether a definition makes sense, and its right side has this shape, where the members of `group` have it.
    fn has_shape(&mut self, pending: &Pending<'_>, group: &BTreeSet<SymbolId>, shape: Shape) -> bool {
        let body = self.value_on_trial(pending, pending.right);
        let waits = self.waiting.iter().any(|other| self.shapeless.contains(other) && !group.contains(other));
        let fits = self.sizes.is_empty() && !waits;
        fits && body.is_some_and(|body| self.arena.is_zero(body) || self.shape_on_left(pending, body) == Some(shape))
    }

    /// The shape of what a definition speaks of, where this is its right side or a part of it.
    fn shape_on_left(&mut self, pending: &Pending<'_>, value: Expr) -> Option<Shape> {
        let components = self.letters_of_entries(pending);
        if components.is_empty() { Some(self.arena.shape(value)) } else { self.shape_by_entries(&components, value) }
    }

    /// The meaning of a part of a right side, if it has one yet.
    fn value_on_trial(&mut self, pending: &Pending<'_>, part: &Node) -> Option<Expr> {
        self.on_trial(|reader| {
            reader.begin(pending);
            reader.expression(part).and_then(|value| reader.sized(value))
        })
    }

    /// The shapes of the terms and factors of a right side that need no other member.
    fn shapes_within(&mut self, pending: &Pending<'_>, shapes: &mut Vec<Shape>) {
        let mut open = vec![pending.right];
        while let Some(part) = open.pop() {
            let value = self.value_on_trial(pending, part);
            if let Some(value) = value.filter(|_| self.waiting.is_empty() && self.sizes.is_empty()) {
                let shape = self.shape_on_left(pending, value);
                shapes.extend(shape.filter(|shape| !shapes.contains(shape)));
            }
            open.extend(operands(part));
        }
    }
}

/// The families that wait for one another: `a_t = W h_{t-1} + x_t` and `h_t = \tanh(a_t)`, without the outputs that wait for
/// them and for which they do not wait.
fn circles_among(symbols: &BTreeSet<SymbolId>, stuck: &[Pending<'_>]) -> BTreeSet<BTreeSet<SymbolId>> {
    let mentions = |user: SymbolId, used: SymbolId| {
        let base = stuck.iter().find_map(|pending| base_of(pending, used));
        let mut own = stuck.iter().filter(|pending| symbol_of(pending) == Some(user));
        own.any(|pending| base.is_some_and(|base| pending.right.mentions(base)))
    };
    let used_by = |user: SymbolId| {
        let (mut used, mut open) = (BTreeSet::new(), vec![user]);
        while let Some(user) = open.pop() {
            open.extend(symbols.iter().copied().filter(|&other| mentions(user, other) && used.insert(other)));
        }
        used
    };
    let used: BTreeMap<SymbolId, BTreeSet<SymbolId>> =
        symbols.iter().map(|&symbol| (symbol, used_by(symbol))).collect();
    let circle =
        |symbol: &SymbolId| used[symbol].iter().copied().filter(|other| used[other].contains(symbol)).collect();
    symbols.iter().map(circle).filter(|circle: &BTreeSet<SymbolId>| !circle.is_empty()).collect()
}

/// The letter of a definition, where it is of this name.
fn base_of<'p>(pending: &'p Pending<'_>, of: SymbolId) -> Option<&'p str> {
    match &pending.head {
        Head::Value { symbol, name, .. } if *symbol == of => Some(&name.base),
        Head::Value { .. } | Head::Function { .. } => None,
    }
}

fn symbol_of(pending: &Pending<'_>) -> Option<SymbolId> {
    match pending.head {
        Head::Value { symbol, .. } => Some(symbol),
        Head::Function { .. } => None,
    }
}

/// The parts of a formula that are values in it, the first one last.
fn operands(node: &Node) -> Vec<&Node> {
    match &node.kind {
        Kind::Sum(_) | Kind::Product(_) | Kind::Fenced { .. } | Kind::Group(_) => {
            node.children().into_iter().rev().collect()
        }
        _ => Vec::new(),
    }
}

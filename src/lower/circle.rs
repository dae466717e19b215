//! Definitions that lead back to themselves: in a circle, or further and further back.

use std::collections::BTreeSet;

use crate::expr::{Expr, Node as Meaning, SymbolId};
use crate::lower::call::spell_plain;
use crate::lower::expression::strip;
use crate::lower::reader::Reader;
use crate::model::{Argument, Circles, Definition};
use crate::source::{Diagnostic, Span};
use crate::syntax::ast::{Formula, Kind, Node};

impl Reader<'_> {
    /// Reports the definitions of a fence whose members have no value.
    pub(super) fn check_order(&mut self, formulas: &[Formula], circles: &Circles) {
        let mut told: BTreeSet<SymbolId> = BTreeSet::new();
        for definition in self.model.definitions.clone() {
            let around = circles.around(definition.symbol);
            if around.is_empty() || told.contains(&definition.symbol) {
                continue;
            }
            let at: Vec<Expr> = definition.indices.iter().map(|argument| self.value_of(argument)).collect();
            let needed = self.needed_at(&definition, &at);
            if needed.contains(&definition.symbol) || self.goes_there_and_back(&definition) {
                // A circle is told once, of the first of its members.
                told.extend(needed);
                self.circle(&definition, formulas);
            } else if self.begins_nowhere(&definition, &around) {
                told.extend(around.iter());
                self.no_start(&definition, formulas);
            }
        }
    }

    pub(super) fn value_of(&mut self, argument: &Argument) -> Expr {
        match argument {
            Argument::Letter(letter) => self.arena.symbol(*letter),
            Argument::Value(value) => *value,
        }
    }

    /// The names whose members at the same indices a definition needs, itself among them where it stands in a circle.
    fn needed_at(&mut self, definition: &Definition, at: &[Expr]) -> BTreeSet<SymbolId> {
        let mut needed = BTreeSet::new();
        let mut open = vec![definition.symbol];
        while let Some(symbol) = open.pop() {
            let own = self.model.definitions_of(symbol);
            let bodies: Vec<Expr> = own.filter_map(|own| own.instance(self.arena, at, &[])).collect();
            for expr in self.arena.reachable(&bodies) {
                let Meaning::Symbol { symbol: used, indices, .. } = self.arena.node(expr) else { continue };
                if self.model.is_defined(*used) && indices[..] == *at && needed.insert(*used) {
                    open.push(*used);
                }
            }
        }
        needed
    }

    /// Whether a family is defined from other members of itself at every index, without a condition or a first member
    /// anywhere on the way.
    fn begins_nowhere(&self, definition: &Definition, around: &BTreeSet<SymbolId>) -> bool {
        let is_endless = |own: &Definition| {
            own.range.is_empty() && own.indices.iter().all(|argument| matches!(argument, Argument::Letter(_)))
        };
        !definition.indices.is_empty() && around.iter().all(|&symbol| self.model.definitions_of(symbol).all(is_endless))
    }

    /// Whether a right side holds a member before and one after its own that lead back to it: `h_{t-1}` and `h_{t+1}`.
    fn goes_there_and_back(&mut self, definition: &Definition) -> bool {
        let at: Vec<Expr> = definition.indices.iter().map(|argument| self.value_of(argument)).collect();
        let parts = self.arena.reachable(&[definition.body]);
        if parts.iter().any(|&part| matches!(self.arena.node(part), Meaning::Cases(_))) {
            return false;
        }
        let steps: BTreeSet<Vec<i64>> = parts
            .into_iter()
            .filter_map(|part| match self.arena.node(part) {
                Meaning::Symbol { symbol, indices, .. } if *symbol == definition.symbol => {
                    at.iter().zip(indices.iter()).map(|(&letter, &index)| self.step_from(letter, index)).collect()
                }
                _ => None,
            })
            .collect();
        let is_back = |step: &Vec<i64>| steps.contains(&step.iter().map(|step| -step).collect::<Vec<_>>());
        steps.iter().any(|step| step.iter().any(|&step| step != 0) && is_back(step))
    }

    fn circle(&mut self, definition: &Definition, formulas: &[Formula]) {
        let (name, span) = self.place_of(definition, formulas);
        let message = format!("`{name}` is defined by itself, and no index breaks the circle");
        let hint = match definition.indices.is_empty() {
            true => "define one of the names in the circle by what is given",
            false => "let the right side use earlier indices alone, for example `t-1`, or later ones alone",
        };
        self.diagnostics.push(Diagnostic::error("definition-cycle", span, message).with_hint(hint));
    }

    fn no_start(&mut self, definition: &Definition, formulas: &[Formula]) {
        let (name, span) = self.place_of(definition, formulas);
        let message = format!("`{name}` is defined by another member of itself at every index, so it begins nowhere");
        let hint = r"say from where on it holds, `\quad (t \ge 1)`; the member before is then given";
        self.diagnostics.push(Diagnostic::error("no-start", span, message).with_hint(hint));
    }

    /// The name as it is written on the left of its definition, and the place of the definition.
    pub(super) fn place_of(&self, definition: &Definition, formulas: &[Formula]) -> (String, Span) {
        let base = |text: &str| text.split(['_', '^']).next().unwrap_or(text).to_owned();
        let name = self.arena.name(definition.symbol);
        let written = |formula: &&Formula| base(&spell_plain(head_node(formula))) == base(name);
        match formulas.iter().find(written) {
            Some(formula) => (spell_plain(head_node(formula)), formula.span),
            None => (name.replace(r"\cdot", "t"), formulas.first().map(|formula| formula.span).unwrap_or_default()),
        }
    }
}

fn head_node(formula: &Formula) -> &Node {
    match &strip(&formula.body).kind {
        Kind::Chain { first, .. } => first,
        _ => &formula.body,
    }
}

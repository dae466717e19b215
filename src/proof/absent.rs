//! Members that stand in a claim though nothing defines them.
//!
//! A term that has no value is not 0: what asks for `z_0` says nothing where `z_t` is defined from 1 on. Sums and products
//! are looked into at both of their ends, wherever they have terms at all, and helpers as far as their definitions lead.

use std::collections::BTreeSet;

use crate::calculus::Structure;
use crate::expr::{Arena, Expr, Node, SymbolId};
use crate::lower::Statement;
use crate::model::Model;
use crate::print::{Tree, latex};
use crate::proof::context::{Context, existence_of};
use crate::proof::outcome::{Outcome, Verdict};
use crate::rewrite::Linear;
use crate::source::Diagnostic;

/// What becomes of a claim that asks for a member which exists nowhere on its ground; `None` where there is none.
pub(super) fn absent(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    statement: &Statement,
) -> Option<Outcome> {
    let (conditions, sides) = (&statement.conditions, statement.prop.expressions());
    let without = Context::new(arena, model, structure, conditions, &[]);
    if without.domain.is_empty() {
        return None;
    }
    let with = Context::new(arena, model, structure, conditions, &sides);
    let context = if with.domain.is_empty() { without } else { with };
    let mut search = Search { arena, model, structure, context: &context, seen: BTreeSet::new(), depth: 0 };
    let member = sides.into_iter().find_map(|side| search.absent_in(side))?;
    let (name, range) = (latex(arena, member), range_of(arena, model, member));
    let message = format!("`{name}` does not exist{range}");
    let hint = "a term that has no value is not 0: keep to the members that are defined";
    let problem = Diagnostic::error("index-out-of-range", statement.span, message).with_hint(hint);
    Some(Outcome { diagnostics: vec![problem], ..Outcome::bare(Verdict::Invalid, Vec::new()) })
}

/// Where the members of a family exist, in words; empty where nothing short says it.
fn range_of(arena: &mut Arena, model: &Model, member: Expr) -> String {
    let Node::Symbol { symbol, .. } = *arena.node(member) else { return String::new() };
    let mut definitions = model.definitions_of(symbol);
    let defined = definitions.find_map(|own| Some((own.letters()?, &own.range, "defined")));
    let given = model.declarations.get(&symbol).map(|own| (own.indices.clone(), &own.range, "given"));
    let Some((letters, range, how)) = defined.or(given).filter(|(_, range, _)| !range.is_empty()) else {
        return String::new();
    };
    let letters = letters.into_iter().map(|letter| arena.symbol(letter)).collect();
    let family = arena.member(symbol, letters);
    format!(": `{}` is {how} for `{}`", latex(arena, family), Tree::of_conditions(arena, range, &[]).latex())
}

struct Search<'a> {
    arena: &'a mut Arena,
    model: &'a Model,
    structure: &'a Structure,
    context: &'a Context,
    seen: BTreeSet<Expr>,
    /// How many definitions are open: a way through helpers alone is no longer than there are definitions.
    depth: usize,
}

impl Search<'_> {
    /// A member in an expression that exists at no point.
    fn absent_in(&mut self, expr: Expr) -> Option<Expr> {
        if !self.seen.insert(expr) {
            return None;
        }
        match self.arena.node(expr).clone() {
            Node::Symbol { symbol, indices, .. } => self.absent_behind(expr, symbol, &indices),
            Node::Big { lower, upper, .. } | Node::Extremum { range: Some((lower, upper)), .. } => {
                self.absent_at_ends(expr, lower, upper)
            }
            // Which branch counts, and what is met on the way to a limit, is not known here.
            Node::Cases(_) | Node::Limit { .. } | Node::Extremum { range: None, .. } => None,
            node => Arena::children_of(&node).into_iter().find_map(|child| self.absent_in(child)),
        }
    }

    /// A member of a family that does not exist, or one that the definition of a name asks for.
    fn absent_behind(&mut self, member: Expr, symbol: SymbolId, indices: &[Expr]) -> Option<Expr> {
        if indices.iter().any(|&index| !self.arena.is_closed(index)) {
            return None;
        }
        if self.is_absent(symbol, indices) {
            return Some(member);
        }
        if !self.structure.is_helper(self.model, symbol) {
            return None;
        }
        if self.depth > self.model.definitions.len() {
            return None;
        }
        let body = self.structure.definition_of(self.arena, self.model, member)?;
        self.depth += 1;
        let absent = self.absent_in(body);
        self.depth -= 1;
        absent
    }

    /// Whether a member over one index exists at no point. What is asked for ahead of its own index may have ends that are
    /// given there.
    fn is_absent(&mut self, symbol: SymbolId, indices: &[Expr]) -> bool {
        if indices.len() != 1 || self.structure.leaping.contains(&symbol) || self.structure.backward.contains(&symbol) {
            return false;
        }
        let props = existence_of(self.arena, self.model, self.structure, symbol, indices);
        !props.is_empty() && self.context.with(self.arena, &props).domain.is_empty()
    }

    /// What the first and the last term of a sum or a product ask for, where these certainly are terms of it.
    fn absent_at_ends(&mut self, big: Expr, lower: Expr, upper: Expr) -> Option<Expr> {
        if let Some(absent) = self.absent_in(lower).or_else(|| self.absent_in(upper)) {
            return Some(absent);
        }
        let (low, high) = (Linear::read(self.arena, lower)?, Linear::read(self.arena, upper)?);
        if !self.context.domain.implies_at_most_zero(&low.minus(&high)) {
            return None;
        }
        [lower, upper].into_iter().find_map(|end| {
            let term = self.arena.instantiate(big, end)?;
            self.absent_in(term)
        })
    }
}

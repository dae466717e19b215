//! Another letter for a difference: with `K = t - s`, a sum from `t - K + 1` on begins at `s + 1`.
//!
//! Ranges between single letters are what forms know. Both ways of writing say the same of the same integers.

use crate::expr::{Arena, Expr, Node, Substitution, SymbolKind};
use crate::model::{FunctionBody, Model};
use crate::number::Rational;
use crate::proof::context::Context;
use crate::rewrite::{Domain, Linear};

/// A free letter, and the difference of another one and a new one that it is.
pub(super) struct Change {
    letter: Expr,
    value: Linear,
}

impl Change {
    /// The change that a bound of a sum asks for; `None` where none does, or where more than the claim speaks of the
    /// letter.
    pub fn of(arena: &mut Arena, model: &Model, context: &Context, sides: &[Expr]) -> Option<Change> {
        let parts = arena.reachable(sides);
        let (letter, whole) = parts.into_iter().find_map(|part| match *arena.node(part) {
            Node::Big { lower, upper, .. } => {
                [lower, upper].into_iter().find_map(|bound| difference(arena, Linear::read(arena, bound)?))
            }
            _ => None,
        })?;
        let is_of_claim = !is_met(arena, model, letter)
            && !context.facts.iter().any(|fact| fact.expressions().iter().any(|&side| arena.contains(side, letter)))
            && !context.fixed.contains_key(&letter);
        if !is_of_claim {
            return None;
        }
        let new = arena.letter_apart("s", sides);
        let new = Linear::letter(arena.symbol(new));
        Some(Change { letter, value: Linear::letter(whole).minus(&new) })
    }

    /// The context and the sides in the new letter. Bounds that are no longer on differences are given up: what holds
    /// without them holds with them.
    pub fn applied(&self, arena: &mut Arena, context: &Context, sides: &[Expr]) -> (Context, Vec<Expr>) {
        let mut domain = Domain::all();
        for bound in context.domain.constraints() {
            let _ = domain.require_at_most_zero(&bound.substitute(self.letter, &self.value));
        }
        let value = self.value.expr(arena);
        let sides = arena.substitute_all(sides, &Substitution::from([(self.letter, value)]));
        (Context { domain, ..context.clone() }, sides)
    }
}

/// The letters of a bound that is the difference of two of them, the one that is taken off first.
fn difference(arena: &Arena, bound: Linear) -> Option<(Expr, Expr)> {
    let (one, minus) = (Rational::from(1), Rational::from(-1));
    let mut parts = bound.parts.iter();
    let (Some(first), Some(second), None) = (parts.next(), parts.next(), parts.next()) else { return None };
    let (taken_off, whole) = match (first, second) {
        ((&a, p), (&b, q)) if *p == minus && *q == one => (a, b),
        ((&a, p), (&b, q)) if *p == one && *q == minus => (b, a),
        _ => return None,
    };
    let is_letter = |part: Expr| {
        matches!(arena.node(part), Node::Symbol { symbol, indices, .. }
            if indices.is_empty() && arena.kind(*symbol) == SymbolKind::Integer)
    };
    (is_letter(taken_off) && is_letter(whole)).then_some((taken_off, whole))
}

/// Whether the model speaks of a letter: in a definition, a declaration, or the body of a function.
fn is_met(arena: &Arena, model: &Model, letter: Expr) -> bool {
    let in_definitions = model.definitions.iter().any(|definition| {
        let range = definition.range.iter().flat_map(|prop| prop.expressions());
        range.chain([definition.body]).chain(definition.shape.sizes()).any(|part| arena.contains(part, letter))
    });
    let in_declarations = model.declarations.values().any(|declaration| {
        let range = declaration.range.iter().flat_map(|prop| prop.expressions());
        range.chain(declaration.shape.sizes()).any(|part| arena.contains(part, letter))
    });
    let in_functions = model.functions.values().any(|body| match body {
        FunctionBody::Expression { body, .. } => arena.contains(*body, letter),
        FunctionBody::Elementary(_) => false,
    });
    in_definitions || in_declarations || in_functions
}

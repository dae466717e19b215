//! Claims that fail in their layout and hold in another: `\frac{\partial a^\top x}{\partial x} = a^\top`.

use crate::expr::{Arena, Expr, Node, Prop};
use crate::lower::{Names, Reader};
use crate::model::{Layout, Model};
use crate::proof::{Claim, Effort, Verdict, glance};
use crate::syntax::ast::Formula;

/// Says in which other layout the relation at `place` of a formula holds, where it speaks of a derivative that layouts
/// tell apart.
pub(super) fn other_layout(
    arena: &mut Arena,
    model: &mut Model,
    names: &mut Names,
    (formula, place): (&Formula, usize),
    said: &Prop,
    effort: Effort,
) -> Option<String> {
    let defined = model.definitions.iter().any(|definition| holds_layout(arena, &[definition.body]));
    if defined || !holds_layout(arena, &said.expressions()) {
        return None;
    }
    let own = model.layout;
    let mut others = [Layout::Mixed, Layout::Numerator, Layout::Denominator].into_iter().filter(|other| *other != own);
    let found = others.find(|other| {
        model.layout = *other;
        let read = Reader::new(arena, model, names).in_silence().claims(formula);
        let outcomes = read.map(|statements| glance(arena, model, &Claim { statements }, effort)).unwrap_or_default();
        outcomes.get(place).is_some_and(|outcome| outcome.verdict == Verdict::Proved)
    });
    model.layout = own;
    let name = match found? {
        Layout::Mixed => "mixed",
        Layout::Numerator => "numerator",
        Layout::Denominator => "denominator",
    };
    Some(format!("it holds in the {name} layout: write `layout = \"{name}\"` in the front matter"))
}

/// Whether a derivative stands in one of these that is a vector or a matrix.
fn holds_layout(arena: &Arena, exprs: &[Expr]) -> bool {
    let is_tensor = |part| matches!(arena.node(part), Node::Derivative { shape, .. } if !shape.is_scalar());
    arena.reachable(exprs).into_iter().any(is_tensor)
}

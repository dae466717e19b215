//! A term that was left out: what is left of the difference of both sides, where that is one term.

use crate::calculus::{Resolver, Structure};
use crate::expr::{Arena, Comparison, Expr, Prop};
use crate::lower::Statement;
use crate::model::Model;
use crate::print::latex;
use crate::proof::Kind;
use crate::proof::context::Context;
use crate::proof::equality::positive_atoms;
use crate::proof::readings;
use crate::proof::repair::edit::{Change, Edit, Place};
use crate::proof::repair::editor::bare;
use crate::rewrite::Normalizer;
use crate::syntax::ast::{Formula, Kind as Written};

/// How long the text of a term may be, in bytes.
const LONGEST: usize = 300;

/// The edit that adds what is missing on the right of an equation, in each of its readings.
pub(super) fn terms(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    statement: &Statement,
    formula: &Formula,
) -> Vec<Edit> {
    let Written::Chain { rest, .. } = &bare(&formula.body).kind else { return Vec::new() };
    let [(_, right)] = &rest[..] else { return Vec::new() };
    let mut edits = Vec::new();
    for read in readings::readings(arena, model, structure, std::slice::from_ref(&statement.prop)) {
        let [Prop::Compare(Comparison::Equal, a, b)] = read.props[..] else { continue };
        let conditions = readings::conditions(arena, model, statement);
        let context = Context::new(arena, model, structure, &conditions, &[a, b]);
        let Some(text) = left_over(arena, model, structure, &context, (a, b)) else { continue };
        let text = if text.starts_with('-') { format!(" {text}") } else { format!(" + {text}") };
        edits.push(Edit {
            kind: Kind::MissingTerm,
            size: 3 + text.matches(|c: char| c.is_ascii_alphanumeric()).count() / 4,
            place: Place::Right,
            distance: 0,
            changes: vec![Change::insertion(right.span.end, text)],
            theme: String::new(),
            weaker: None,
        });
    }
    edits
}

/// The one term by which the left side has more than the right.
fn left_over(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    context: &Context,
    (left, right): (Expr, Expr),
) -> Option<String> {
    if !arena.shape(left).is_scalar() {
        return None;
    }
    let left = Resolver::new(arena, model, structure).resolve(left)?;
    let right = Resolver::new(arena, model, structure).resolve(right)?;
    let difference = arena.subtract(left, right);
    let mut normalizer = Normalizer::new(arena);
    normalizer.positive = positive_atoms(normalizer.arena, context);
    let forms = [left, right, difference].map(|side| normalizer.form(side, &context.domain));
    let [Ok(left), Ok(right), Ok(difference)] = forms else { return None };
    let (n_left, n_right) = (left.terms.len(), right.terms.len());
    if difference.terms.len() != 1 || n_right == 0 || n_left != n_right + 1 {
        return None;
    }
    let term = normalizer.expression_within(&difference, &context.domain)?;
    let text = latex(arena, term);
    // Letters of the engine's own are none of the author's.
    (text.len() <= LONGEST && !text.contains('\u{a7}')).then_some(text)
}

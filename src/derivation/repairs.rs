//! Repairs of what was refuted in a document, once everything is decided.

use crate::derivation::display::{Class, Shown};
use crate::derivation::document::{Document, Item, Relation};
use crate::derivation::layouts::other_layout;
use crate::derivation::memory::Decider;
use crate::derivation::rounding::{Rounding, approximate, told};
use crate::derivation::written::{relations_as_written, with_conditions};
use crate::expr::Arena;
use crate::lower::{Names, Statement};
use crate::model::Model;
use crate::proof::{Claim, Effort, Outcome, Refuted, Verdict, decide, repair};
use crate::source::Source;
use crate::syntax::ast::Formula;

/// Looks for the repair of every refuted claim of a document.
pub(super) fn mend(document: &mut Document, decider: &mut Decider<'_>) {
    let all = document.model.assumptions.clone();
    let Document { source, items, arena, model, names, .. } = document;
    let mut mender = Mender { source, arena, model, names, decider };
    for item in items {
        let Item::Claim(block) = item else { continue };
        mender.model.assumptions.truncate(block.n_assumptions);
        let mut relations = block.relations.as_mut_slice();
        for (formula, claim) in &block.claims {
            let n_relations = claim.as_ref().map_or(1, |claim| claim.statements.len()).min(relations.len());
            let (own, others) = relations.split_at_mut(n_relations);
            relations = others;
            let is_taken = block.is_shown || block.expected == Verdict::Checked;
            let rounding = if is_taken { Rounding::Taken } else { Rounding::Told };
            mender.mend(&block.fence.latex, block.fence.body.start, formula, own, rounding);
        }
        mender.model.assumptions.clone_from(&all);
    }
}

/// The same for what is only shown.
pub(super) fn mend_shown(document: &mut Document, shown: &mut [Shown], decider: &mut Decider<'_>) {
    let Document { source, arena, model, names, .. } = document;
    let mut mender = Mender { source, arena, model, names, decider };
    for Shown { formula, latex, offset, class, .. } in shown {
        if let Class::Decided(relations) = class {
            mender.mend(latex, *offset, formula, relations, Rounding::Taken);
        }
    }
}

struct Mender<'a, 'd> {
    source: &'a Source,
    arena: &'a mut Arena,
    model: &'a mut Model,
    names: &'a mut Names,
    decider: &'a mut Decider<'d>,
}

impl Mender<'_, '_> {
    /// Mends the relations of one formula.
    fn mend(&mut self, latex: &str, offset: usize, formula: &Formula, relations: &mut [Relation], rounding: Rounding) {
        if relations.iter().all(|relation| relation.outcome.verdict != Verdict::Refuted) {
            return;
        }
        let texts = with_conditions(self.source, latex, offset, formula);
        let is_link = relations.len() > 1;
        if texts.len() != relations.len() {
            return;
        }
        let written = relations_as_written(self.source, latex, offset, formula);
        for (place, ((text, relation), written)) in texts.iter().zip(relations).zip(written).enumerate() {
            let Some(statement) = &relation.statement else { continue };
            if relation.outcome.verdict != Verdict::Refuted {
                continue;
            }
            let instead = text.replacen(&written.latex, &approximate(&written.latex), 1);
            let refuted = Refuted { latex: text, statement, outcome: &relation.outcome, is_link };
            let Mender { arena, model, names, decider, .. } = self;
            let (mut mended, micros) = decider.outcomes(1, |effort| {
                let close = rounded(arena, model, statement, effort);
                vec![match close {
                    Some(close) => told(close, &relation.outcome, relation.span, instead, rounding),
                    None => repaired((&mut **arena, &mut **model, &mut **names), &refuted, (formula, place), effort),
                }]
            });
            relation.micros += micros;
            relation.outcome = mended.remove(0);
        }
    }
}

/// The outcome of an equality with a rounded number to the digits written, where it holds so far.
fn rounded(arena: &mut Arena, model: &Model, statement: &Statement, effort: Effort) -> Option<Outcome> {
    let claim = Claim { statements: vec![statement.to_the_digits()?] };
    let outcome = decide(arena, model, &claim, effort).pop()?;
    (outcome.verdict == Verdict::Checked).then_some(outcome)
}

/// What is refuted, with its repair and the layout in which it holds, where there are any; `read` is the formula and
/// which of its relations this is.
fn repaired(
    (arena, model, names): (&mut Arena, &mut Model, &mut Names),
    refuted: &Refuted<'_>,
    read: (&Formula, usize),
    effort: Effort,
) -> Outcome {
    let mut outcome = refuted.outcome.clone();
    if let Some(found) = repair(arena, model, names, refuted, effort) {
        outcome.kind = Some(found.kind);
        outcome.repair = Some(found.latex);
    }
    if let Some(layout) = other_layout(arena, model, names, read, &refuted.statement.prop, effort) {
        let detail = &mut outcome.detail;
        *detail = if detail.is_empty() { layout } else { format!("{detail}; {layout}") };
    }
    outcome
}

//! Repairs of what was refuted in a document, once everything is decided.

use crate::derivation::display::{Class, Shown};
use crate::derivation::document::{Document, Item, Relation};
use crate::derivation::layouts::other_layout;
use crate::derivation::rounding::{Rounding, approximate, told};
use crate::derivation::written::{relations_as_written, with_conditions};
use crate::expr::Arena;
use crate::lower::{Names, Statement};
use crate::model::Model;
use crate::proof::{Claim, Effort, Outcome, Refuted, Verdict, decide, repair};
use crate::source::Source;
use crate::syntax::ast::Formula;

/// Looks for the repair of every refuted claim of a document.
pub(super) fn mend(document: &mut Document, effort: Effort, clock: &dyn Fn() -> u64) {
    let all = document.model.assumptions.clone();
    let Document { source, items, arena, model, names, .. } = document;
    let mut mender = Mender { source, arena, model, names, effort, clock };
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
pub(super) fn mend_shown(document: &mut Document, shown: &mut [Shown], effort: Effort, clock: &dyn Fn() -> u64) {
    let Document { source, arena, model, names, .. } = document;
    let mut mender = Mender { source, arena, model, names, effort, clock };
    for Shown { formula, latex, offset, class, .. } in shown {
        if let Class::Decided(relations) = class {
            mender.mend(latex, *offset, formula, relations, Rounding::Taken);
        }
    }
}

struct Mender<'a> {
    source: &'a Source,
    arena: &'a mut Arena,
    model: &'a mut Model,
    names: &'a mut Names,
    effort: Effort,
    clock: &'a dyn Fn() -> u64,
}

impl Mender<'_> {
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
            let start = (self.clock)();
            if let Some(close) = self.rounded(statement) {
                let instead = text.replacen(&written.latex, &approximate(&written.latex), 1);
                relation.outcome = told(close, &relation.outcome, relation.span, instead, rounding);
                relation.micros += (self.clock)().saturating_sub(start);
                continue;
            }
            let refuted = Refuted { latex: text, statement, outcome: &relation.outcome, is_link };
            let found = repair(self.arena, self.model, self.names, &refuted, self.effort);
            let (read, said) = ((formula, place), &statement.prop);
            let layout = other_layout(self.arena, self.model, self.names, read, said, self.effort);
            relation.micros += (self.clock)().saturating_sub(start);
            if let Some(found) = found {
                relation.outcome.kind = Some(found.kind);
                relation.outcome.repair = Some(found.latex);
            }
            if let Some(layout) = layout {
                let detail = &mut relation.outcome.detail;
                *detail = if detail.is_empty() { layout } else { format!("{detail}; {layout}") };
            }
        }
    }

    /// The outcome of an equality with a rounded number to the digits written, where it holds so far.
    fn rounded(&mut self, statement: &Statement) -> Option<Outcome> {
        let claim = Claim { statements: vec![statement.to_the_digits()?] };
        let outcome = decide(self.arena, self.model, &claim, self.effort).pop()?;
        (outcome.verdict == Verdict::Checked).then_some(outcome)
    }
}

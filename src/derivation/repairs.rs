//! Repairs of what was refuted in a document, once everything is decided.

use crate::derivation::display::{Class, Shown};
use crate::derivation::document::{Document, Item, Relation};
use crate::derivation::written::with_conditions;
use crate::expr::Arena;
use crate::lower::Names;
use crate::model::Model;
use crate::proof::{Effort, Refuted, Verdict, repair};
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
            mender.mend(&block.fence.latex, block.fence.body.start, formula, own);
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
            mender.mend(latex, *offset, formula, relations);
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
    fn mend(&mut self, latex: &str, offset: usize, formula: &Formula, relations: &mut [Relation]) {
        if relations.iter().all(|relation| relation.outcome.verdict != Verdict::Refuted) {
            return;
        }
        let texts = with_conditions(self.source, latex, offset, formula);
        let is_link = relations.len() > 1;
        if texts.len() != relations.len() {
            return;
        }
        for (text, relation) in texts.iter().zip(relations) {
            let Some(statement) = &relation.statement else { continue };
            if relation.outcome.verdict != Verdict::Refuted {
                continue;
            }
            let start = (self.clock)();
            let refuted = Refuted { latex: text, statement, outcome: &relation.outcome, is_link };
            let found = repair(self.arena, self.model, self.names, &refuted, self.effort);
            relation.micros += (self.clock)().saturating_sub(start);
            if let Some(found) = found {
                relation.outcome.kind = Some(found.kind);
                relation.outcome.repair = Some(found.latex);
            }
        }
    }
}

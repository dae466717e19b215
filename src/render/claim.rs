//! A claim fence with its verdicts as a part of a page.

use crate::derivation::ClaimBlock as Decided;
use crate::derivation::Document;
use crate::derivation::Relation;
use crate::expr::Comparison;
use crate::lower::Statement;
use crate::proof::Confirmation;
use crate::proof::Outcome;
use crate::proof::Verdict;
use crate::render::counterexample::counterexample;
use crate::render::formula;
use crate::render::page::ClaimBlock;
use crate::render::page::DiagnosticLine;
use crate::render::page::RelationBlock;
use crate::render::page::StepLine;
use crate::render::source_latex::Body;
use crate::render::words;
use crate::source::Diagnostic;
use crate::source::Severity;

/// The longest LaTeX of a step or a repair that is shown, in bytes: nobody would read more.
const LONGEST: usize = 1600;

/// The claim as a part of its chapter. `remarks` are the problems that the document has with the fence.
pub(super) fn claim(
    document: &Document,
    block: &Decided,
    number: Option<String>,
    remarks: &[&Diagnostic],
) -> ClaimBlock {
    let body = Body::of_fence(&block.fence);
    let mut relations = Vec::new();
    let mut decided = block.relations.iter();
    for (formula, claim) in &block.claims {
        let n_relations = claim.as_ref().map_or(1, |claim| claim.statements.len());
        let mut sources = body.relations(formula);
        if sources.len() != n_relations {
            sources = vec![body.formula(formula); n_relations];
        }
        for (latex, relation) in sources.into_iter().zip(decided.by_ref().take(n_relations)) {
            let own = remarks.iter().filter(|remark| {
                let (span, at) = (relation.span, remark.span);
                formula.span.start <= at.start
                    && at.start <= formula.span.end
                    && (n_relations == 1 || span.start <= at.start)
            });
            relations.push(relation_block(document, latex, relation, own.copied()));
        }
    }
    let elsewhere = remarks.iter().filter(|remark| {
        !block
            .claims
            .iter()
            .any(|(formula, _)| formula.span.start <= remark.span.start && remark.span.start <= formula.span.end)
    });
    let elsewhere: Vec<DiagnosticLine> =
        elsewhere.map(|remark| words::formula_line(&document.source, remark)).collect();
    if let Some(first) = relations.first_mut() {
        first.diagnostics.splice(0..0, elsewhere);
    }
    let uniform = is_uniform(&relations);
    ClaimBlock {
        label: block.fence.label.as_ref().map(|label| label.name.clone()),
        number,
        title: block.fence.title.clone(),
        whole: whole(&body, block, uniform && relations.len() > 1),
        expected: block.expected,
        as_expected: block.as_expected(),
        uniform,
        relations,
    }
}

/// How the independent checker confirmed a proof, where it did.
pub(super) fn confirmed(outcome: &Outcome) -> Option<String> {
    match &outcome.confirmation {
        Some(Confirmation::Confirmed(words)) => Some(words.clone()),
        Some(Confirmation::Unconfirmed(_)) | None => None,
    }
}

/// Formulas of the engine as Markdown, each once.
pub(super) fn between_dollars(latex: &[String]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for formula in latex.iter().map(|latex| format!("${}$", formula::inline(latex))) {
        if !all.contains(&formula) {
            all.push(formula);
        }
    }
    all
}

/// Steps of the engine as lines of the page.
pub(super) fn step_lines(steps: &[(String, String)]) -> Vec<StepLine> {
    let line = |(rule, latex): &(String, String)| StepLine { rule: kebab(rule), latex: latex.clone(), text: None };
    steps.iter().filter(|(_, latex)| latex.len() <= LONGEST).map(line).collect()
}

/// A rule's name as one word: `chain-rule`.
pub(super) fn kebab(rule: &str) -> String {
    rule.replace(' ', "-")
}

/// The whole fence, where it reads better so: a chain, or formulas that share one line of verdict.
fn whole(body: &Body<'_>, block: &Decided, uniform: bool) -> Option<String> {
    match block.claims.as_slice() {
        [(formula, Some(claim))] if claim.statements.len() > 1 => Some(body.formula(formula)),
        [] | [_] => None,
        several if uniform => {
            let rows: Vec<String> = several.iter().map(|(formula, _)| body.formula(formula)).collect();
            Some(formula::align(&rows))
        }
        _ => None,
    }
}

fn is_uniform(relations: &[RelationBlock]) -> bool {
    let Some(first) = relations.first() else { return true };
    relations.iter().all(|relation| {
        RelationBlock { latex: first.latex.clone(), ..relation.clone() } == *first
            && (relations.len() == 1 || relation.counterexample.is_none() && relation.repair.is_none())
    })
}

fn relation_block<'a>(
    document: &Document,
    latex: String,
    relation: &'a Relation,
    remarks: impl Iterator<Item = &'a Diagnostic>,
) -> RelationBlock {
    let outcome = &relation.outcome;
    let sign = relation.statement.as_ref().and_then(sign);
    let mut diagnostics: Vec<DiagnosticLine> = Vec::new();
    let for_readers = |diagnostic: &&Diagnostic| outcome.verdict != Verdict::Proved || speaks_of_reading(diagnostic);
    for diagnostic in remarks.chain(&outcome.diagnostics).filter(for_readers) {
        let line = words::formula_line(&document.source, diagnostic);
        // What was proved needs no advice.
        let hint = line.hint.clone().filter(|_| outcome.verdict != Verdict::Proved);
        let line = DiagnosticLine { hint, ..line };
        if !diagnostics.contains(&line) {
            diagnostics.push(line);
        }
    }
    RelationBlock {
        latex,
        verdict: outcome.verdict,
        method: outcome.method.iter().map(|method| method.word().to_owned()).collect(),
        confirmed: confirmed(outcome),
        detail: (!outcome.detail.is_empty()).then(|| words::markdown(&outcome.detail)),
        reading: outcome.reading.map(|reading| reading.word().to_owned()),
        conditions: between_dollars(&outcome.conditions),
        counterexample: outcome.counterexample.as_ref().map(|found| counterexample(found, sign)),
        kind: outcome.kind.map(|kind| kind.word().to_owned()),
        repair: outcome.repair.clone().filter(|latex| latex.len() <= LONGEST),
        note: None,
        steps: step_lines(&outcome.steps),
        diagnostics,
    }
}

/// Whether a remark on a proved claim says how it was read, where the verdict does not say so itself.
fn speaks_of_reading(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity != Severity::Note || !matches!(diagnostic.code, "no-path" | "ambiguous-partial")
}

/// The sign between the sides that a counterexample gives values to.
fn sign(statement: &Statement) -> Option<&'static str> {
    let (how, ..) = statement.prop.comparison()?;
    Some(match how {
        Comparison::Equal => "=",
        Comparison::NotEqual => r"\ne",
        Comparison::Less => {
            if statement.reversed {
                ">"
            } else {
                "<"
            }
        }
        Comparison::LessEqual => {
            if statement.reversed {
                r"\ge"
            } else {
                r"\le"
            }
        }
        Comparison::Approximately => r"\approx",
    })
}

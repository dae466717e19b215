//! A derived formula as a part of a page.

use crate::derivation::{DeriveBlock, Derived};
use crate::expr::Arena;
use crate::print::Tree;
use crate::proof::Verdict;
use crate::render::claim::between_dollars;
use crate::render::claim::confirmed;
use crate::render::claim::kebab;
use crate::render::page::DerivationBlock;
use crate::render::page::Part;
use crate::render::page::StepLine;
use crate::render::source_latex::Body;

/// Letters for bound indices, the outermost first, as texts on recurrent networks use them.
const LETTERS: [&str; 4] = ["t", "j", "k", "i"];

/// A `derive` fence: each of its left sides with what was derived.
pub(super) fn derivations(arena: &Arena, block: &DeriveBlock, number: Option<String>) -> Vec<Part> {
    let body = Body::of_fence(&block.fence);
    let mut parts = Vec::new();
    for (idx, formula) in block.formulas.iter().enumerate() {
        let left = body.formula(formula);
        let derived = block.derived.get(idx).and_then(|derived| derived.as_ref().ok());
        let label = block.fence.label.as_ref().map(|label| label.name.clone()).filter(|_| idx == 0);
        parts.push(Part::Derivation(page_block(arena, &left, derived, label, number.clone().filter(|_| idx == 0))));
    }
    parts
}

fn page_block(
    arena: &Arena,
    left: &str,
    derived: Option<&Derived>,
    label: Option<String>,
    number: Option<String>,
) -> DerivationBlock {
    let Some(Derived { derivation, outcome }) = derived else {
        let note = "no rule leads from this left-hand side to a result".to_owned();
        return DerivationBlock {
            label,
            number,
            latex: left.to_owned(),
            form: None,
            steps: Vec::new(),
            verdict: Verdict::Open,
            method: Vec::new(),
            confirmed: None,
            conditions: Vec::new(),
            note: Some(note),
        };
    };
    let write = |expr| Tree::of(arena, expr, &LETTERS).latex();
    let mut steps: Vec<StepLine> = derivation
        .steps
        .iter()
        .map(|step| StepLine { rule: kebab(step.rule), latex: format!("= {}", write(step.expr)), text: None })
        .collect();
    steps.extend(derivation.partials.iter().map(|&(partial, value)| StepLine {
        rule: "local-slope".to_owned(),
        latex: format!("{} = {}", write(partial), write(value)),
        text: None,
    }));
    DerivationBlock {
        label,
        number,
        latex: format!("{left} = {}", write(derivation.result)),
        form: None,
        steps,
        verdict: outcome.verdict,
        method: outcome.method.iter().map(|method| method.word().to_owned()).collect(),
        confirmed: confirmed(outcome),
        conditions: between_dollars(&outcome.conditions),
        note: None,
    }
}

//! A derived formula as a part of a page.

use crate::render::page::DerivationBlock;
use crate::render::page::Mark;
use crate::render::page::Part;
use crate::render::source_latex::Body;
use crate::syntax::Fence;
use crate::syntax::ast::Formula;

/// A `derive` fence: each of its left sides with what was derived.
pub(super) fn derivations(fence: &Fence, formulas: &[Formula], number: Option<String>) -> Vec<Part> {
    let body = Body::of_fence(fence);
    let block = |(idx, formula): (usize, &Formula)| {
        Part::Derivation(DerivationBlock {
            label: fence.label.as_ref().map(|label| label.name.clone()).filter(|_| idx == 0),
            number: number.clone().filter(|_| idx == 0),
            latex: body.formula(formula),
            form: None,
            steps: Vec::new(),
            verdict: Mark::Open,
            method: Vec::new(),
            conditions: Vec::new(),
            note: None,
        })
    };
    formulas.iter().enumerate().map(block).collect()
}

//! Repairs: what is offered for each kind of slip, that it is proved when it is read back, and where none is offered.

use chainrule::derivation::Document;
use chainrule::proof::Verdict;
use chainrule::syntax::{Block, Role};

use crate::documents::{claims, decided, document, label};

const SCALAR: &str = include_str!("../suite/repairs/scalar.md");
const BOUNDS: &str = include_str!("../suite/repairs/bounds.md");
const NEAR: &str = include_str!("../suite/repairs/near.md");
const IDLE: &str = include_str!("../suite/repairs/idle.md");
const MATRICES: &str = include_str!("../suite/repairs/matrices.md");

/// What is expected of a claim: the kind of mistake and the repair, or neither.
type Expected = (String, Option<(String, String)>);

/// The labels of the claims with what stands in the `repair` block after each.
fn expectations(text: &str) -> Vec<Expected> {
    let mut found = Vec::new();
    let mut label = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(words) = line.strip_prefix("```math claim #") {
            label = words.split_whitespace().next().unwrap_or_default().to_owned();
        }
        if line == "```repair" {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            let repair = match block[..] {
                ["none"] => None,
                [kind, latex] => Some((kind.to_owned(), latex.to_owned())),
                _ => panic!("the repair of {label} is a kind and a line"),
            };
            found.push((label.clone(), repair));
        }
    }
    found
}

/// The kind of mistake and the repair of the first relation of a claim that has them.
fn offered(document: &Document, wanted: &str) -> Option<(String, String)> {
    let block = claims(&document.items)
        .find(|block| label(block) == wanted)
        .unwrap_or_else(|| panic!("there is no claim {wanted}"));
    assert!(block.as_expected(), "{wanted} is not as expected");
    block.relations.iter().find_map(|relation| {
        let (kind, repair) = (relation.outcome.kind?, relation.outcome.repair.clone()?);
        Some((kind.word().to_owned(), repair))
    })
}

/// The givens and definitions of a page, with one claim.
fn with_claim(text: &str, latex: &str) -> String {
    let document = document(text);
    let fences = document.page.blocks.iter().filter_map(|block| match block {
        Block::Fence(fence) if matches!(fence.role, Role::Given | Role::Define) => Some(fence),
        _ => None,
    });
    let model: Vec<&str> = fences.map(|fence| document.source.slice(fence.span)).collect();
    format!("{}\n\n```math claim\n{latex}\n```\n", model.join("\n\n"))
}

#[track_caller]
fn check(text: &str, at_least: usize) {
    let document = decided(document(text));
    let expectations = expectations(text);
    assert!(expectations.len() >= at_least, "{} sections", expectations.len());
    let mut wrong = Vec::new();
    for (label, expected) in expectations {
        let found = offered(&document, &label);
        if found != expected {
            wrong.push(format!("{label}\n    expected {expected:?}\n    found    {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every repair is a claim that is proved by itself.
#[track_caller]
fn check_read_back(text: &str) {
    let own = decided(document(text));
    let mut n_read = 0;
    for (label, _) in expectations(text) {
        let Some((_, repair)) = offered(&own, &label) else { continue };
        let again = decided(document(&with_claim(text, &repair)));
        let verdicts: Vec<Verdict> =
            claims(&again.items).flat_map(|block| &block.relations).map(|relation| relation.outcome.verdict).collect();
        assert_eq!(verdicts, [Verdict::Proved], "the repair of {label}: {repair}");
        n_read += 1;
    }
    assert!(n_read > 0);
}

#[test]
fn numbers() {
    check(SCALAR, 25);
}

#[test]
fn inequalities() {
    check(BOUNDS, 12);
}

#[test]
fn matrices() {
    check(MATRICES, 10);
}

#[test]
fn factors_and_indices() {
    check(NEAR, 9);
}

#[test]
fn what_says_nothing() {
    check(IDLE, 13);
}

#[test]
fn repairs_are_proved_when_they_are_read_back() {
    [SCALAR, BOUNDS, MATRICES, NEAR, IDLE].into_iter().for_each(check_read_back);
}

//! The suite of bounds: every fence of `tests/suite/bounds` has the verdict that it names.

use chainrule::derivation::{Document, Item};
use chainrule::proof::{Effort, Verdict};
use chainrule::source::{Diagnostic, Source, Span};

#[track_caller]
fn check(name: &str) {
    let path = format!("{}/tests/suite/bounds/{name}.md", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect("the file of the suite is there");
    let load = |other: &str| Err(Diagnostic::error("file-not-found", Span::default(), other));
    let mut document = Document::load(Source::new(&path, text), &load);
    document.decide(Effort::default(), &|| 0);
    let mut n_fences = 0;
    let mut others = Vec::new();
    for item in &document.items {
        let Item::Claim(block) = item else { continue };
        n_fences += 1;
        if !block.as_expected() {
            let verdicts: Vec<Verdict> = block.relations.iter().map(|relation| relation.outcome.verdict).collect();
            others.push((block.fence.label.clone(), verdicts));
        }
    }
    assert!(n_fences > 10, "{n_fences} fences");
    assert!(others.is_empty(), "{others:#?}");
}

#[test]
fn activations() {
    check("activations");
}

#[test]
fn smooth_units() {
    check("smooth-units");
}

#[test]
fn attained() {
    check("attained");
}

#[test]
fn inequalities() {
    check("inequalities");
}

#[test]
fn limits() {
    check("limits");
}

#[test]
fn norms() {
    check("norms");
}

#[test]
fn products() {
    check("products");
}

#[test]
fn recurrences() {
    check("recurrences");
}

#[test]
fn vectors() {
    check("vectors");
}

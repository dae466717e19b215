//! Partial derivatives that can be read in two ways: which way they were read, and what is said of it.

use chainrule::derivation::Document;
use chainrule::proof::Verdict;

use crate::documents::{claims, decided, document};

const MODEL: &str = r"
```math given
w, v, h_0 \in \mathbb{R} \\
x_t \in \mathbb{R} \\
f, g : \mathbb{R} \to \mathbb{R} \\
T \in \mathbb{N}
```

```math define
z_t = v x_t + w h_{t-1} \quad (t \ge 1) \\
h_t = f(z_t) \quad (t \ge 1) \\
L_t = g(h_t) \quad (t \ge 1) \\
L = \sum_{t=1}^{T} L_t
```
";

/// The model with some claims and their verdicts.
fn with_claims(claims: &[&str]) -> Document {
    let fences: Vec<String> = claims.iter().map(|claim| format!("```math claim\n{claim}\n```\n")).collect();
    decided(document(&format!("{MODEL}\n{}", fences.join("\n"))))
}

/// For each relation its verdict, its reading, and the codes of its remarks.
fn outcomes(document: &Document) -> Vec<(Verdict, Option<&'static str>, Vec<&'static str>)> {
    claims(&document.items)
        .flat_map(|block| &block.relations)
        .map(|relation| {
            let outcome = &relation.outcome;
            let codes = outcome.diagnostics.iter().map(|remark| remark.code).collect();
            (outcome.verdict, outcome.reading.map(|reading| reading.word()), codes)
        })
        .collect()
}

#[track_caller]
fn check(claim: &str, expected: &[(Verdict, Option<&'static str>, &[&'static str])]) {
    let found = outcomes(&with_claims(&[claim]));
    let expected: Vec<_> =
        expected.iter().map(|(verdict, reading, codes)| (*verdict, *reading, codes.to_vec())).collect();
    assert_eq!(found, expected, "{claim}");
}

#[test]
fn one_reading_is_named_and_spelled_out() {
    let claim = r"\frac{\partial L}{\partial w} = \sum_{t=1}^{T} \frac{\partial L}{\partial h_t} \frac{\partial h_t}{\partial w}";
    check(claim, &[(Verdict::Proved, Some("immediate"), &["ambiguous-partial"])]);
    let document = with_claims(&[claim]);
    let remark = claims(&document.items).find_map(|block| block.relations[0].outcome.diagnostics.first().cloned());
    let hint = remark.and_then(|remark| remark.hint);
    assert_eq!(hint.as_deref(), Some(r"write `\frac{\partial^{+} h_t}{\partial w}`"));
}

#[test]
fn readings_that_agree_are_not_named() {
    check(
        r"\frac{\partial L_1}{\partial w} = \frac{\partial L_1}{\partial h_1} \frac{\partial h_1}{\partial w}",
        &[(Verdict::Proved, None, &[])],
    );
}

#[test]
fn a_chain_has_one_reading() {
    check(
        r"\frac{\partial L_2}{\partial w} = \frac{\partial L_2}{\partial h_2} \frac{\partial h_2}{\partial w} = \frac{\partial L_2}{\partial h_2} f'(z_2) h_1",
        &[(Verdict::Proved, Some("total"), &[]), (Verdict::Refuted, Some("total"), &[])],
    );
}

#[test]
fn the_immediate_reading_does_not_make_a_derivative_vanish() {
    // L_2 does not mention w: read as immediate its derivative would be 0, and 0 = 0 would be claimed.
    check(
        r"\frac{\partial h_2}{\partial h_1} \frac{\partial L_2}{\partial w} = \frac{\partial h_2}{\partial h_1} \frac{\partial^{+} h_1}{\partial v} - \frac{\partial h_2}{\partial h_1} \frac{\partial^{+} h_1}{\partial v}",
        &[(Verdict::Refuted, Some("total"), &[])],
    );
}

#[test]
fn an_inequality_is_read_as_total() {
    check(
        r"\frac{\partial L_2}{\partial h_2} \frac{\partial h_2}{\partial w} \le \frac{\partial L_2}{\partial h_2} f'(z_2) h_1",
        &[(Verdict::Refuted, None, &[])],
    );
}

#[test]
fn two_readings_of_one_derivative_are_a_warning() {
    let total = r"\frac{\partial L_2}{\partial w} = \frac{\partial L_2}{\partial h_2} \frac{\partial h_2}{\partial w}";
    let immediate = r"\frac{\partial L_2}{\partial h_2} \frac{\partial h_2}{\partial w} = \frac{\partial L_2}{\partial h_2} f'(z_2) h_1";
    let warnings = |claims: &[&str]| {
        let document = with_claims(claims);
        document.diagnostics.iter().filter(|problem| problem.code == "conflicting-readings").count()
    };
    assert_eq!(warnings(&[total, immediate]), 1);
    assert_eq!(warnings(&[total, total]), 0);
    assert_eq!(warnings(&[immediate]), 0);
}

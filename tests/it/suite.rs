//! The suites: every Markdown file in a folder of `tests/suite` is a derivation whose claims say what is expected of them.
//!
//! Prose that begins with `Counterexample:` after a claim lists, in backticks, what its counterexample must say.

use std::path::Path;

use chainrule::derivation::{Class, Document, Item, decide_shown};
use chainrule::proof::{Effort, Verdict};
use chainrule::source::{Severity, Source, Span};

use crate::documents::{claims, in_parallel, load, root, suite};

/// What is expected of a file, and what differs from it, in words.
#[derive(Default)]
struct Held {
    n_claims: usize,
    surprises: Vec<String>,
}

fn held(path: &Path, effort: Effort) -> Held {
    let mut document = load(path);
    document.decide(effort, &|| 0);
    let place = |span: Span| format!("{}:{}", document.source.path, document.source.place(span.start).line);
    let mut held = Held::default();
    let mut last = None;
    for item in &document.items {
        match item {
            Item::Claim(block) => {
                held.n_claims += 1;
                if !block.as_expected() {
                    let verdicts: Vec<_> =
                        block.relations.iter().map(|relation| relation.outcome.verdict.word()).collect();
                    let expected = block.expected.word();
                    held.surprises
                        .push(format!("{} {verdicts:?} where {expected} is expected", place(block.fence.span)));
                }
                last = Some(block);
            }
            Item::Prose(span) => {
                let shown =
                    last.iter().flat_map(|block| &block.relations).find_map(|r| r.outcome.counterexample.as_ref());
                for wanted in counterexamples_in(document.source.slice(*span)) {
                    let holds = shown.is_some_and(|shown| {
                        shown.assignment.iter().any(|(name, value)| format!("{name} = {value}") == wanted)
                    });
                    if !holds {
                        held.surprises
                            .push(format!("{} lacks `{wanted}` in its counterexample, {shown:?}", place(*span)));
                    }
                }
            }
            Item::Given(_) | Item::Define(_) | Item::Derive(_) | Item::Display(_) => {}
        }
    }
    if !claims(&document.items).any(|block| block.expected == Verdict::Invalid) {
        let errors = document.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
        held.surprises.extend(errors.map(|error| format!("{} {}", place(error.span), error.message)));
    }
    held
}

#[test]
fn what_is_derived_and_shown_with_a_lost_definition_is_open() {
    let text = r"
```math given
w, x, z \in \mathbb{R}
```

```math define
y = w \undefinedthing x \\
L = y^2
```

```math derive
\frac{d L}{d w} \\
\frac{d z^2}{d z}
```

$$\frac{d L}{d w} = 0$$

$$\frac{d z^2}{d z} = 2 z$$
";
    let mut document = Document::alone(Source::new("page.md", text));
    document.decide(Effort::default(), &|| 0);
    let derived = document.items.iter().filter_map(|item| match item {
        Item::Derive(block) => Some(&block.derived),
        Item::Prose(_) | Item::Given(_) | Item::Define(_) | Item::Claim(_) | Item::Display(_) => None,
    });
    let derived: Vec<Verdict> = derived.flatten().flatten().map(|found| found.outcome.verdict).collect();
    assert_eq!(derived, [Verdict::Open, Verdict::Proved]);
    let shown = decide_shown(&mut document, Effort::default(), &|| 0);
    let shown = shown.iter().filter_map(|formula| match &formula.class {
        Class::Decided(relations) => Some(relations),
        Class::Definition | Class::NotAClaim | Class::NotRead(_) => None,
    });
    let shown: Vec<Verdict> = shown.flatten().map(|relation| relation.outcome.verdict).collect();
    assert_eq!(shown, [Verdict::Open, Verdict::Proved]);
}

/// The codes of the errors in a page that gives `a, w, h_0`, `x_t` and T, and defines this.
fn errors_of(definitions: &str) -> Vec<&'static str> {
    let given = r"T \in \mathbb{N} \\ a, w, h_0 \in \mathbb{R} \\ x_t \in \mathbb{R}";
    let text = format!("```math given\n{given}\n```\n\n```math define\n{definitions}\n```\n");
    let document = Document::alone(Source::new("page.md", &text));
    let errors = document.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    errors.map(|error| error.code).collect()
}

#[test]
fn definitions_with_members_in_common_are_refused_and_others_are_not() {
    for twice in [
        r"h_1 = a \\ h_t = w h_{t-1} \quad (t \ge 1)",
        r"r_i = a \quad (1 \le i \le 3) \\ r_j = w \quad (3 \le j \le 5)",
        r"d_T = a \\ d_t = w d_{t+1} \quad (1 \le t \le T)",
    ] {
        assert_eq!(errors_of(twice), ["doubly-defined"], "{twice}");
    }
    for apart in [
        r"h_1 = a \\ h_t = w h_{t-1} \quad (t \ge 2)",
        r"r_i = a \quad (1 \le i \le 3) \\ r_j = w \quad (4 \le j \le 5)",
        r"d_T = a \\ d_t = w d_{t+1} \quad (1 \le t < T)",
        r"r_3 = a \\ r_t = x_t",
    ] {
        assert!(errors_of(apart).is_empty(), "{apart}: {:?}", errors_of(apart));
    }
}

#[test]
fn a_definition_says_all_the_indices_that_it_depends_on() {
    assert_eq!(errors_of(r"L = \sum_{t=1}^{T} x_t + x_t"), ["open-index"]);
    assert_eq!(errors_of(r"h_t = x_t \\ L = h_t^2"), ["open-index"]);
    for closed in [r"L = \sum_{t=1}^{T} (x_t + x_t)", r"h_t = x_t \\ L = h_T", "L_t = x_t"] {
        assert!(errors_of(closed).is_empty(), "{closed}: {:?}", errors_of(closed));
    }
}

#[test]
fn a_start_may_stand_before_the_first_index() {
    for start in [r"z_{-1} = a", r"z_{-1} = 0 \\ z_t = w z_{t-1} + x_t \quad (t \ge 0)"] {
        assert!(errors_of(start).is_empty(), "{start}: {:?}", errors_of(start));
    }
    for not_an_index in ["z_{,t} = x_t", "z_ = a"] {
        assert!(!errors_of(not_an_index).is_empty(), "{not_an_index}");
    }
}

/// What stands in backticks on lines that begin with `Counterexample:`.
fn counterexamples_in(prose: &str) -> Vec<&str> {
    let lines = prose.lines().filter_map(|line| line.strip_prefix("Counterexample:"));
    lines.flat_map(|line| line.split('`').skip(1).step_by(2)).collect()
}

#[test]
fn every_verdict_of_the_suite_is_as_expected() {
    // Pages of `meaning` are models alone: its tables claim.
    let pages: Vec<_> = suite().into_iter().filter(|page| !page.ends_with("meaning/model.md")).collect();
    let all = in_parallel(&pages, |page| held(page, Effort::default()));
    for (page, held) in pages.iter().zip(&all) {
        assert!(held.n_claims > 0, "{} claims nothing", page.display());
    }
    let n_claims: usize = all.iter().map(|held| held.n_claims).sum();
    println!("{n_claims} claims on {} pages", pages.len());
    assert!(n_claims > 2_500, "{n_claims} claims: a part of the suite has gone");
    let surprises: Vec<String> = all.into_iter().flat_map(|held| held.surprises).collect();
    assert!(surprises.is_empty(), "\n{}", surprises.join("\n"));
}

/// Files of the suite whose false claims fail at few points only.
const FEW_POINTS: [&str; 5] =
    ["corners.md", "inside-of-ranges.md", "past-the-numbers.md", "matrices-with-a-law.md", "room-for-givens.md"];

#[test]
fn what_fails_at_few_points_is_refuted_with_every_seed() {
    let folder = root().join("tests/suite/verdicts");
    for seed in 2..=6 {
        let effort = Effort { seed, ..Effort::default() };
        let surprises: Vec<String> =
            FEW_POINTS.iter().flat_map(|page| held(&folder.join(page), effort).surprises).collect();
        assert!(surprises.is_empty(), "seed {seed}\n{}", surprises.join("\n"));
    }
}

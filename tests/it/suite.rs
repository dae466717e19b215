//! The suites of verdicts: every file of `tests/suite/verdicts` is a derivation whose claims say what is expected.
//!
//! Prose that begins with `Counterexample:` after a claim lists, in backticks, what its counterexample must say.

use std::fs;
use std::path::{Path, PathBuf};

use chainrule::derivation::{Class, Document, Item, decide_shown};
use chainrule::proof::{Effort, Verdict};
use chainrule::source::{Diagnostic, Severity, Source, Span};

/// The checkout.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The Markdown files of a folder, sorted; none where there is no such folder.
pub fn pages_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut pages: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    pages.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    pages.sort();
    pages
}

/// A derivation, read with everything that it uses.
pub fn load(path: &Path) -> Document {
    load_as(path, fs::read_to_string(path).unwrap())
}

/// A derivation with another text in the place of this file.
pub fn load_as(path: &Path, text: String) -> Document {
    let folder = path.parent().unwrap().to_owned();
    let read = move |used: &str| {
        let text = fs::read_to_string(folder.join(used));
        let missing = |_| Diagnostic::error("no-such-file", Span::default(), format!("there is no file `{used}`"));
        text.map(|text| Source::new(used, text)).map_err(missing)
    };
    let name = path.file_name().unwrap().to_str().unwrap();
    Document::load(Source::new(name, text), &read)
}

/// What differs from what a file expects, in words.
fn surprises(path: &Path, effort: Effort) -> Vec<String> {
    let mut document = load(path);
    document.decide(effort, &|| 0);
    let place = |span: Span| format!("{}:{}", document.source.path, document.source.place(span.start).line);
    let mut found = Vec::new();
    let mut claimed = 0;
    let mut last = None;
    for item in &document.items {
        match item {
            Item::Claim(block) => {
                claimed += 1;
                if !block.as_expected() {
                    let verdicts: Vec<_> =
                        block.relations.iter().map(|relation| relation.outcome.verdict.word()).collect();
                    let expected = block.expected.word();
                    found.push(format!("{} {verdicts:?} where {expected} is expected", place(block.fence.span)));
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
                        found.push(format!("{} lacks `{wanted}` in its counterexample, {shown:?}", place(*span)));
                    }
                }
            }
            Item::Given(_) | Item::Define(_) | Item::Derive(_) | Item::Display(_) => {}
        }
    }
    assert!(claimed > 0, "{} claims nothing", path.display());
    let expects_invalid =
        document.items.iter().any(|item| matches!(item, Item::Claim(block) if block.expected == Verdict::Invalid));
    if !expects_invalid {
        let errors = document.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
        found.extend(errors.map(|error| format!("{} {}", place(error.span), error.message)));
    }
    found
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
    let mut document = load_as(Path::new("page.md"), text.to_owned());
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

/// What stands in backticks on lines that begin with `Counterexample:`.
fn counterexamples_in(prose: &str) -> Vec<&str> {
    let lines = prose.lines().filter_map(|line| line.strip_prefix("Counterexample:"));
    lines.flat_map(|line| line.split('`').skip(1).step_by(2)).collect()
}

#[test]
fn every_verdict_of_the_suite_is_as_expected() {
    let pages = pages_in(&root().join("tests/suite/verdicts"));
    assert!(pages.len() >= 5, "the suite has gone");
    let surprises: Vec<String> = pages.iter().flat_map(|page| surprises(page, Effort::default())).collect();
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
        let surprises: Vec<String> = FEW_POINTS.iter().flat_map(|page| surprises(&folder.join(page), effort)).collect();
        assert!(surprises.is_empty(), "seed {seed}\n{}", surprises.join("\n"));
    }
}

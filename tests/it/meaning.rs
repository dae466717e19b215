//! Meaning: what formulas are lowered to under the declarations of one model, and what is noted on the way.

use chainrule::derivation::Document;
use chainrule::number::Random;
use chainrule::print::Tree;
use chainrule::source::{Diagnostic, Severity, Source};

use crate::documents::claims;
use crate::slips::with_slips;

const TABLES: [&str; 5] = ["names", "calls", "sums", "derivatives", "statements"];

fn suite(name: &str) -> String {
    let path = format!("{}/tests/suite/meaning/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).expect(&path)
}

/// The document of one claim under the model of the suite.
pub fn document(latex: &str) -> Document {
    with_claims(&format!("\n```math claim\n{latex}\n```\n"))
}

fn with_claims(fences: &str) -> Document {
    Document::alone(Source::new("page.md", suite("model.md") + fences))
}

/// What a formula means, and the codes of what was said about it.
fn meaning(latex: &str) -> (String, String) {
    let document = document(latex);
    let statements = claims(&document.items)
        .flat_map(|block| &block.claims)
        .filter_map(|(_, claim)| claim.as_ref())
        .flat_map(|claim| &claim.statements);
    let written = statements
        .map(|statement| Tree::of_claim(&document.arena, &statement.prop, &statement.conditions, &[]).latex());
    let codes = document.diagnostics.iter().map(|problem| problem.code);
    (written.collect::<Vec<_>>().join(" ; "), codes.collect::<Vec<_>>().join(", "))
}

#[test]
fn formulas_mean_what_the_tables_say() {
    let (mut n_right, mut wrong) = (0, Vec::new());
    for table in TABLES {
        for line in suite(&format!("{table}.tsv")).lines().filter(|line| !line.starts_with("# ")) {
            let mut cells = line.split('\t');
            let (latex, expected) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
            let codes = cells.next().unwrap_or_default();
            let found = meaning(latex);
            if found == (expected.to_owned(), codes.to_owned()) {
                n_right += 1;
            } else {
                wrong.push(format!("{latex}\t{}\t{}", found.0, found.1));
            }
        }
    }
    println!("{n_right} of {} formulas", n_right + wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(n_right >= 100, "only {n_right} formulas");
}

#[test]
fn what_print_writes_is_read_back_to_the_same() {
    let (mut n_right, mut wrong) = (0, Vec::new());
    for table in TABLES {
        for line in suite(&format!("{table}.tsv")).lines().filter(|line| !line.starts_with("# ")) {
            let written = line.split('\t').nth(1).unwrap_or_default();
            for relation in written.split(" ; ").filter(|relation| !relation.is_empty()) {
                let (again, codes) = meaning(relation);
                // What is one statement may be written as a chain, which is several.
                let is_same = again == relation
                    || again.contains(" ; ") && again.split(" ; ").all(|part| meaning(part).0 == part);
                if is_same {
                    n_right += 1;
                } else {
                    wrong.push(format!("{relation}\t{again}\t{codes}"));
                }
            }
        }
    }
    println!("{n_right} of {} formulas", n_right + wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(n_right >= 100, "only {n_right} formulas");
}

#[test]
fn formulas_with_slips_are_understood_or_refused_with_a_reason() {
    let rows: Vec<String> = TABLES.iter().map(|table| suite(&format!("{table}.tsv"))).collect();
    let latex = rows.iter().flat_map(|rows| rows.lines()).filter_map(|line| line.split('\t').next());
    let formulas: Vec<Vec<char>> =
        latex.filter(|latex| !latex.starts_with("# ")).map(|latex| latex.chars().collect()).collect();
    let mut random = Random::new(7);
    let mut n_refused = 0;
    for _ in 0..40 {
        let mutants: Vec<String> = (0..100).map(|_| with_slips(&formulas, &mut random)).collect();
        let fences: String = mutants.iter().map(|latex| format!("\n```math claim\n{latex}\n```\n")).collect();
        let document = with_claims(&fences);
        for block in claims(&document.items) {
            let is_refused = block.claims.iter().any(|(_, claim)| claim.is_none());
            n_refused += usize::from(is_refused);
            let within = |problem: &&Diagnostic| {
                block.fence.span.start <= problem.span.start && problem.span.start <= block.fence.span.end
            };
            let mut told = document.diagnostics.iter().filter(within);
            let has_reason = told.any(|problem| problem.severity == Severity::Error && problem.hint.is_some());
            assert!(!is_refused || has_reason, "refused without a reason: {}", block.fence.latex);
        }
    }
    assert!(n_refused > 100, "only {n_refused} formulas were refused");
}

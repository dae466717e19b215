//! Meaning: what formulas are lowered to under the declarations of one model, and what is noted on the way.

use chainrule::derivation::{Document, Item};
use chainrule::print::Tree;
use chainrule::source::{Diagnostic, Source};

const TABLES: [&str; 5] = ["names", "calls", "sums", "derivatives", "statements"];

fn suite(name: &str) -> String {
    let path = format!("{}/tests/suite/meaning/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).expect(&path)
}

/// The document of one claim under the model of the suite.
pub fn document(latex: &str) -> Document {
    let text = format!("{}\n```math claim\n{latex}\n```\n", suite("model.md"));
    let no_file = |path: &str| Err(Diagnostic::error("no-file", Default::default(), path));
    Document::load(Source::new("page.md", text), &no_file)
}

/// What a formula means, and the codes of what was said about it.
fn meaning(latex: &str) -> (String, String) {
    let document = document(latex);
    let claims = document.items.iter().filter_map(|item| match item {
        Item::Claim(block) => Some(&block.claims),
        Item::Prose(_) | Item::Given(_) | Item::Define(_) | Item::Derive(_) | Item::Display(_) => None,
    });
    let statements = claims.flatten().filter_map(|(_, claim)| claim.as_ref()).flat_map(|claim| &claim.statements);
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

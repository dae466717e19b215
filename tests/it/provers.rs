//! The provers without their guard: a false claim is not proved even where nobody looks for a counterexample.

use std::fs;
use std::path::{Path, PathBuf};

use chainrule::derivation::Item;
use chainrule::proof::{Verdict, provers_agree};

use crate::suite::{load, pages_in, root};

#[test]
fn provers_refuse_every_false_claim_by_themselves() {
    let mut n_refused = 0;
    let mut wrong = Vec::new();
    for path in files() {
        let (refused, proved) = false_claims(&path);
        n_refused += refused;
        wrong.extend(proved);
    }
    println!("{n_refused} false formulas refused by the provers alone");
    assert!(n_refused > 0, "there are false claims to refuse");
    assert!(wrong.is_empty(), "proved though false:\n{}", wrong.join("\n"));
}

/// The derivations of the repository, its suites, and the acceptance cases where they stand beside it.
fn files() -> Vec<PathBuf> {
    let suites = fs::read_dir(root().join("tests/suite")).unwrap().map(|entry| entry.unwrap().path());
    let folders = suites.chain([root().join("derivations"), root().join("../shared/acceptance/cases")]);
    folders.flat_map(|folder| pages_in(&folder)).collect()
}

/// How many false formulas of a file the provers refuse, and those that they do not.
fn false_claims(path: &Path) -> (usize, Vec<String>) {
    let mut document = load(path);
    let all = document.model.assumptions.clone();
    let (mut refused, mut proved) = (0, Vec::new());
    for item in &document.items {
        let Item::Claim(block) = item else { continue };
        if block.expected != Verdict::Refuted {
            continue;
        }
        document.model.assumptions.truncate(block.n_assumptions);
        let all_proved = block.claims.iter().all(|(_, claim)| {
            claim.as_ref().is_some_and(|claim| provers_agree(&mut document.arena, &document.model, claim))
        });
        document.model.assumptions.clone_from(&all);
        if all_proved {
            let label = block.fence.label.as_ref().map_or("", |label| &label.name);
            proved.push(format!("{}: #{label}", path.display()));
        } else {
            refused += 1;
        }
    }
    (refused, proved)
}

//! The claims that are expected to be true.

use std::path::{Path, PathBuf};

use chainrule::derivation::Item;
use chainrule::expr::Arena;
use chainrule::lower::Statement;
use chainrule::model::Model;
use chainrule::proof::Verdict;

use crate::suite::{load, pages_in, root};

/// One relation that its author believes, with all that it speaks of.
pub struct True {
    /// The file and the line.
    pub place: String,
    /// The expressions of the file.
    pub arena: Arena,
    /// What the file declares and defines, with the assumptions that are in force.
    pub model: Model,
    /// The relation.
    pub statement: Statement,
}

fn acceptance_cases() -> PathBuf {
    root().join("../shared/acceptance/cases")
}

/// Whether the acceptance cases lie beside the checkout.
pub fn has_acceptance_cases() -> bool {
    acceptance_cases().is_dir()
}

/// Every file from which claims are taken.
pub fn pages() -> Vec<PathBuf> {
    let folders = [root().join("derivations"), root().join("tests/suite/verdicts"), acceptance_cases()];
    folders.iter().flat_map(|folder| pages_in(folder)).collect()
}

/// The true claims of a file.
pub fn all_true(page: &Path) -> Vec<True> {
    let document = load(page);
    let mut claims = Vec::new();
    for item in &document.items {
        let Item::Claim(block) = item else { continue };
        if !matches!(block.expected, Verdict::Proved | Verdict::Checked) {
            continue;
        }
        let mut model = document.model.clone();
        model.assumptions.truncate(block.n_assumptions);
        for statement in block.claims.iter().filter_map(|(_, claim)| claim.as_ref()).flat_map(|claim| &claim.statements)
        {
            let line = document.source.place(statement.span.start).line;
            claims.push(True {
                place: format!("{}:{line}", document.source.path),
                arena: document.arena.clone(),
                model: model.clone(),
                statement: statement.clone(),
            });
        }
    }
    claims
}

//! The claims that are expected to be true.

use std::path::{Path, PathBuf};

use chainrule::derivation::{Document, Item};
use chainrule::expr::{Arena, Prop};
use chainrule::lower::Statement;
use chainrule::model::Model;
use chainrule::print;
use chainrule::proof::Verdict;

use crate::documents::{acceptance_cases, chapters, load, load_as, pages_in, root};

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
    /// The same words under the other layouts, where that makes another relation of them.
    pub laid_out: Vec<LaidOut>,
}

/// A relation as it is read under another layout, with the expressions and the model of that reading.
pub struct LaidOut {
    pub arena: Arena,
    pub model: Model,
    pub statement: Statement,
}

/// The layouts that are not the usual one.
const LAYOUTS: [&str; 2] = ["numerator", "denominator"];

/// Every file from which claims are taken.
pub fn pages() -> Vec<PathBuf> {
    let verdicts = pages_in(&root().join("tests/suite/verdicts"));
    chapters().into_iter().chain(verdicts).chain(acceptance_cases()).collect()
}

/// The true claims of a file.
pub fn all_true(page: &Path) -> Vec<True> {
    let document = load(page);
    let text = std::fs::read_to_string(page).unwrap();
    let others: Vec<Document> =
        LAYOUTS.iter().filter_map(|layout| Some(load_as(page, with_layout(&text, layout)?))).collect();
    let mut claims = Vec::new();
    for (place, item) in document.items.iter().enumerate() {
        let Item::Claim(block) = item else { continue };
        if !matches!(block.expected, Verdict::Proved | Verdict::Checked) {
            continue;
        }
        let model = model_at(&document, block.n_assumptions);
        for (number, statement) in statements(&document, place).into_iter().enumerate() {
            let line = document.source.place(statement.span.start).line;
            let own = written(&document.arena, &statement.prop);
            let other = |other: &Document| {
                let statement = statements(other, place).into_iter().nth(number)?;
                let model = model_at(other, block.n_assumptions);
                let is_another = written(&other.arena, &statement.prop) != own;
                is_another.then(|| LaidOut { arena: other.arena.clone(), model, statement })
            };
            claims.push(True {
                place: format!("{}:{line}", document.source.path),
                arena: document.arena.clone(),
                model: model.clone(),
                laid_out: others.iter().filter_map(other).collect(),
                statement,
            });
        }
    }
    claims
}

/// The model with the assumptions that are in force at a claim.
fn model_at(document: &Document, n_assumptions: usize) -> Model {
    let mut model = document.model.clone();
    model.assumptions.truncate(n_assumptions);
    model
}

/// The relations of the claim at this place of a document.
fn statements(document: &Document, place: usize) -> Vec<Statement> {
    let Some(Item::Claim(block)) = document.items.get(place) else { return Vec::new() };
    let claims = block.claims.iter().filter_map(|(_, claim)| claim.as_ref());
    claims.flat_map(|claim| claim.statements.iter().cloned()).collect()
}

/// A file under a layout; `None` where it names one itself.
fn with_layout(text: &str, layout: &str) -> Option<String> {
    let setting = format!("layout = \"{layout}\"\n");
    let Some(settings) = text.strip_prefix("+++\n") else {
        return Some(format!("+++\n{setting}+++\n\n{text}"));
    };
    let (front, _) = settings.split_once("+++")?;
    let names_one = front.lines().any(|line| line.starts_with("layout"));
    (!names_one).then(|| format!("+++\n{setting}{settings}"))
}

fn written(arena: &Arena, prop: &Prop) -> Vec<String> {
    prop.expressions().into_iter().map(|side| print::text(arena, side)).collect()
}

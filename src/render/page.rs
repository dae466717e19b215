//! What a page says, as plain data: no expressions, no spans, only formulas as LaTeX and words as Markdown.
//!
//! Two kinds of string stand in these structs. A field named `latex` (or said to be LaTeX) is one formula without
//! delimiters. A field said to be Markdown is one paragraph or more, with formulas between dollar signs.

use serde::Deserialize;
use serde::Serialize;

use crate::proof::Verdict;

/// One chapter: the page of one derivation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChapterPage {
    /// The file's name without its ending; labels are unique within it.
    pub slug: String,
    /// The chapter's number, `4` or `4.1`; none in front and back matter.
    pub number: Option<String>,
    /// The way from the chapter's folder to that of the book: nothing, or `../` for each folder between.
    pub home: String,
    /// The title, Markdown of one line.
    pub title: String,
    /// What the chapter holds, in order.
    pub parts: Vec<Part>,
}

impl ChapterPage {
    /// Every drawing with the file that the chapter's Markdown refers to, relative to the chapter.
    pub fn figures(&self) -> impl Iterator<Item = (String, &FigureBlock)> {
        self.parts.iter().filter_map(|part| match part {
            Part::Figure(figure) => Some((figure.file(&self.slug), figure)),
            Part::Prose { .. }
            | Part::Given(_)
            | Part::Define(_)
            | Part::Claim(_)
            | Part::Derivation(_)
            | Part::Display { .. }
            | Part::Table { .. }
            | Part::Diagnostics { .. } => None,
        })
    }
}

impl FigureBlock {
    /// The drawing's file, relative to the chapter `slug`.
    pub fn file(&self, slug: &str) -> String {
        format!("figures/{slug}-{}.svg", self.id)
    }
}

/// One part of a chapter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "part", rename_all = "kebab-case")]
pub enum Part {
    /// Prose as the author wrote it, links already resolved.
    Prose {
        /// Markdown.
        markdown: String,
    },
    /// Declared symbols and assumptions.
    Given(RowsBlock),
    /// Equations that define symbols.
    Define(RowsBlock),
    /// Formulas with their verdicts.
    Claim(ClaimBlock),
    /// A derived formula with its steps.
    Derivation(DerivationBlock),
    /// A formula that is shown and not claimed.
    Display {
        /// The anchor, if the fence has one.
        label: Option<String>,
        /// The formula's number, like `4.2`.
        number: Option<String>,
        /// The formula as written.
        latex: String,
    },
    /// A drawing.
    Figure(FigureBlock),
    /// A table of numbers or words.
    Table {
        /// A Markdown table.
        markdown: String,
        /// What it shows, Markdown.
        caption: Option<String>,
    },
    /// Problems and remarks of the file that belong to no claim.
    Diagnostics {
        /// In source order.
        diagnostics: Vec<DiagnosticLine>,
    },
}

/// Formulas that stand one under the other.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RowsBlock {
    /// The anchor, if the fence has one.
    pub label: Option<String>,
    /// The block's number, like `4.2`.
    pub number: Option<String>,
    /// Each row as LaTeX, conditions included.
    pub rows: Vec<String>,
}

/// One claim fence: its formulas and what became of each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimBlock {
    /// The anchor, if the fence has one.
    pub label: Option<String>,
    /// The formula's number, like `4.2`.
    pub number: Option<String>,
    /// What is claimed, in words, Markdown of one line.
    pub title: Option<String>,
    /// The whole fence as written, LaTeX, when it reads better whole (a chain `a = b = c`); otherwise each relation
    /// is shown for itself.
    pub whole: Option<String>,
    /// The verdict that the author expects.
    pub expected: Verdict,
    /// Whether that is what came out.
    pub as_expected: bool,
    /// Whether one line speaks for all relations: same verdict, same method, and nothing to add.
    pub uniform: bool,
    /// The relations in order.
    pub relations: Vec<RelationBlock>,
}

/// One relation of a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelationBlock {
    /// The relation as written, its condition included.
    pub latex: String,
    /// What became of it.
    pub verdict: Verdict,
    /// How it was decided: `normal-form`, `induction`, …
    pub method: Vec<String>,
    /// How the independent checker confirmed the proof, in words.
    pub confirmed: Option<String>,
    /// What the method leaves out, Markdown: an error bound, the seed.
    pub detail: Option<String>,
    /// How ambiguous derivatives were read: `total` or `immediate`.
    pub reading: Option<String>,
    /// What the verdict rests on beyond the givens, each Markdown of one line.
    pub conditions: Vec<String>,
    /// Where it is false.
    pub counterexample: Option<Counterexample>,
    /// The kind of mistake, in kebab-case.
    pub kind: Option<String>,
    /// The smallest edit that makes it true: the whole relation as LaTeX.
    pub repair: Option<String>,
    /// A remark, Markdown.
    pub note: Option<String>,
    /// The proof, line by line; may be empty.
    pub steps: Vec<StepLine>,
    /// Problems and remarks of this relation.
    pub diagnostics: Vec<DiagnosticLine>,
}

/// A point at which a relation is false.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counterexample {
    /// What each symbol is there.
    pub assignment: Vec<Assigned>,
    /// The left side's value there, LaTeX.
    pub left: String,
    /// The right side's value there, LaTeX.
    pub right: String,
    /// The sign between the two values, LaTeX: `=`, `\le`; none where they are not numbers to be compared.
    pub sign: Option<String>,
}

/// A symbol and its value, both LaTeX.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assigned {
    /// The symbol, a function with its letters: `f(z)`; symbols of one value joined: `x_1 = x_2`.
    pub symbol: String,
    /// Its value.
    pub value: String,
}

/// A formula that the tool derived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DerivationBlock {
    /// The anchor, if the fence has one.
    pub label: Option<String>,
    /// The formula's number, like `3.1`.
    pub number: Option<String>,
    /// What was derived: left side, equality sign, right side, LaTeX.
    pub latex: String,
    /// The form that was asked for: `paths`, `closed` or `composed`.
    pub form: Option<String>,
    /// Every step.
    pub steps: Vec<StepLine>,
    /// What became of the result when it was verified as a claim.
    pub verdict: Verdict,
    /// How.
    pub method: Vec<String>,
    /// How the independent checker confirmed the proof, in words.
    pub confirmed: Option<String>,
    /// What the result rests on, each Markdown of one line.
    pub conditions: Vec<String>,
    /// A remark, Markdown.
    pub note: Option<String>,
}

/// One step of a derivation or of a proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepLine {
    /// The rule's name in kebab-case; empty where nothing was applied.
    pub rule: String,
    /// What stands after it, LaTeX; empty for a step in words.
    pub latex: String,
    /// What was done, Markdown of one line.
    pub text: Option<String>,
}

/// A drawing with its caption.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureBlock {
    /// The anchor; the drawing's file is `figures/SLUG-ID.svg`.
    pub id: String,
    /// The figure's number, like `1.1`.
    pub number: Option<String>,
    /// The drawing as a file of its own, with all that it needs.
    pub svg: String,
    /// The drawing as part of a page whose style sheet it uses, if that differs.
    pub inline_svg: Option<String>,
    /// The caption, Markdown of one paragraph.
    pub caption: String,
    /// What is to be seen, in plain words, for those who cannot see it.
    pub description: String,
}

/// A problem or remark at a place of the chapter's source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiagnosticLine {
    /// The code in kebab-case.
    pub code: String,
    /// `error`, `warning` or `note`.
    pub severity: String,
    /// What is wrong, Markdown of one line.
    pub message: String,
    /// What to write instead, Markdown of one line.
    pub hint: Option<String>,
    /// The line of the source, counted from 1.
    pub line: usize,
    /// The column, counted from 1.
    pub column: usize,
}

//! The pages at the end of a book, as plain data: every claim, every rule, every activation.

use crate::proof::Tally;
use crate::proof::Verdict;
use serde::Deserialize;
use serde::Serialize;

/// Every claim of the book in one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerPage {
    /// The page's title.
    pub title: String,
    /// Chapter by chapter.
    pub chapters: Vec<LedgerChapter>,
    /// Every claim counted.
    pub summary: LedgerSummary,
}

/// The claims of one chapter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerChapter {
    /// The chapter's number.
    pub number: Option<String>,
    /// Its title, Markdown of one line.
    pub title: String,
    /// Its page, relative to the ledger: `bptt.md`.
    pub link: String,
    /// Its claims in order.
    pub rows: Vec<LedgerRow>,
    /// Its claims counted.
    pub summary: LedgerSummary,
}

/// One relation of a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerRow {
    /// The formula's number, like `4.2`.
    pub number: Option<String>,
    /// Where it stands, relative to the ledger: `bptt.md#general-wh`.
    pub link: String,
    /// The relation, LaTeX.
    pub latex: String,
    /// What became of it.
    pub verdict: Verdict,
    /// How it was decided.
    pub method: Vec<String>,
    /// Whether the independent checker confirmed the proof.
    pub confirmed: bool,
    /// Whether that is what the author expected.
    pub as_expected: bool,
}

/// How many relations have which verdict, and how many fences came out otherwise than expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LedgerSummary {
    /// Relations by their verdicts.
    #[serde(flatten)]
    pub tally: Tally,
    /// How many proofs the independent checker confirmed.
    pub confirmed: usize,
    /// How many fences are not as expected.
    pub unexpected: usize,
}

/// Every rule of algebra and calculus that the book uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesPage {
    /// The page's title.
    pub title: String,
    /// In the order of their names, or as they are taught.
    pub rules: Vec<RuleRow>,
    /// The works that they are from, each Markdown of one line.
    pub works: Vec<String>,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleRow {
    /// Its name in kebab-case; the row's anchor is `rule-NAME`.
    pub name: String,
    /// What it says, LaTeX; empty for a rule that has no one formula.
    pub latex: String,
    /// What it says in words, Markdown of one line; empty where the formula says it all.
    pub says: String,
    /// When it may be used, Markdown of one line.
    pub condition: Option<String>,
    /// Where it is from, Markdown of one line.
    pub source: String,
    /// How often the book uses it.
    pub uses: usize,
}

/// Every activation with its facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivationsPage {
    /// The page's title.
    pub title: String,
    /// In the order of teaching.
    pub activations: Vec<ActivationRow>,
}

/// One activation. What is not known is none, never an empty string.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivationRow {
    /// Its name as it is written in a sentence.
    pub name: String,
    /// Its definition, LaTeX.
    pub latex: String,
    /// Its derivative, LaTeX.
    pub derivative: String,
    /// Its values, LaTeX: `(0, 1)`.
    pub range: Option<String>,
    /// The values of its derivative, LaTeX: `(0, \tfrac14]`.
    pub derivative_range: Option<String>,
    /// Where the extrema of the derivative are attained, Markdown of one line.
    pub attained: Option<String>,
    /// The threshold on the absolute value of the recurrent weight that follows, LaTeX.
    pub threshold: Option<String>,
    /// What is to be known of the threshold or the slope besides, Markdown of one line.
    pub remark: Option<String>,
    /// What is computed of the slope where the book proves no more, Markdown of one line.
    pub computed: Option<String>,
    /// Where the book proves it: `activations.md#sigmoid-slope`.
    pub link: Option<String>,
}

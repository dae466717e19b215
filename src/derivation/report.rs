//! The report of a run: plain data with a fixed order of fields, as `--format json` writes it.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::calculus::Obstacle;
use crate::derivation::display::{Class, Shown};
use crate::derivation::document::{ClaimBlock, DeriveBlock, Document, Item, Relation};
use crate::derivation::written::{Written, relations_as_written};
use crate::print::latex;
use crate::proof::{Confirmation, Counterexample, Outcome, Tally, Verdict};
use crate::source::{Diagnostic, Severity, Source, Span};
use crate::syntax::Page;

/// The weakest verdict that satisfies an author who expects `proved`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Require {
    /// Only a proof.
    #[default]
    Proved,
    /// Samples are enough.
    Checked,
}

/// What became of every claim of one or more derivations.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The version of this layout.
    pub version: u32,
    /// One entry for each relation, in order.
    pub claims: Vec<ClaimEntry>,
    /// Problems and notes, file by file.
    pub diagnostics: Vec<DiagnosticEntry>,
    /// How many of what.
    pub summary: Summary,
    /// Whether some input could not be used at all, claims that were read and make no sense apart.
    #[serde(skip)]
    pub is_unusable: bool,
}

/// One relation and its verdict.
#[derive(Debug, Clone, Serialize)]
pub struct ClaimEntry {
    /// The path by which the user knows the file.
    pub file: String,
    /// The line of the relation, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The label of the fence.
    pub label: Option<String>,
    /// The relation as written.
    pub latex: String,
    /// The verdict.
    pub verdict: &'static str,
    /// The verdict that the author expects of the fence.
    pub expected: &'static str,
    /// Whether the fence is as expected.
    pub as_expected: bool,
    /// How the verdict was reached.
    pub method: Vec<&'static str>,
    /// How ambiguous partial derivatives were read.
    pub reading: Option<&'static str>,
    /// How many steps the proof has.
    pub steps: usize,
    /// Where the claim fails.
    pub counterexample: Option<CounterexampleEntry>,
    /// The kind of mistake.
    pub kind: Option<&'static str>,
    /// The same in words.
    #[serde(skip)]
    pub mistake: Option<&'static str>,
    /// The formula set right.
    pub repair: Option<String>,
    /// What the verdict rests on beyond the givens.
    pub conditions: Vec<String>,
    /// What was tried, the error bound, the seed.
    pub detail: String,
    /// How long it took, in microseconds.
    pub micros: u64,
    /// What the independent checker says of the proof, where there is one.
    pub checker: Option<CheckerEntry>,
    /// The bytes of the fence, by which its relations belong together.
    #[serde(skip)]
    pub fence: Span,
}

/// What the independent checker says of a proof.
#[derive(Debug, Clone, Serialize)]
pub struct CheckerEntry {
    /// Whether it confirms the proof.
    pub confirmed: bool,
    /// How it did, or what it has no means for.
    pub words: String,
}

impl CheckerEntry {
    fn new(confirmation: &Confirmation) -> CheckerEntry {
        match confirmation {
            Confirmation::Confirmed(words) => CheckerEntry { confirmed: true, words: words.clone() },
            Confirmation::Unconfirmed(words) => CheckerEntry { confirmed: false, words: words.clone() },
        }
    }
}

/// A point at which a claim fails.
#[derive(Debug, Clone, Serialize)]
pub struct CounterexampleEntry {
    /// What is chosen, in order.
    #[serde(serialize_with = "in_order")]
    pub assignment: Vec<(String, String)>,
    /// The left side there.
    pub left: String,
    /// The right side there.
    pub right: String,
}

/// A problem or a note.
#[derive(Debug, Clone, Serialize)]
pub struct DiagnosticEntry {
    /// The code that `chainrule explain` knows.
    pub code: &'static str,
    /// `error`, `warning` or `note`.
    pub severity: &'static str,
    /// The path by which the user knows the file.
    pub file: String,
    /// The first line, from 1.
    pub line: usize,
    /// The first column in characters, from 1.
    pub column: usize,
    /// The last line.
    pub end_line: usize,
    /// The column after the last character.
    pub end_column: usize,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub hint: Option<String>,
    /// The bytes.
    #[serde(skip)]
    pub span: Span,
    /// Whether the author expects it: it stands in a claim that is as expected.
    #[serde(skip)]
    pub is_expected: bool,
    /// Whether it says what a name was taken for, which decides what was understood.
    #[serde(skip)]
    pub is_of_name: bool,
}

/// How many relations have which verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Summary {
    /// Relations by their verdicts.
    #[serde(flatten)]
    pub tally: Tally,
    /// Fences that are not as expected.
    pub unexpected: usize,
    /// Formulas that are shown and not claimed.
    pub shown: usize,
    /// What became of the shown formulas, where they were read as claims.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<Coverage>,
}

/// What became of the formulas that are only shown; the other counts add up to `formulas`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Coverage {
    /// All of them.
    pub formulas: usize,
    /// Those proved.
    pub proved: usize,
    /// Those checked.
    pub checked: usize,
    /// Those refuted.
    pub refuted: usize,
    /// Those open.
    pub open: usize,
    /// Those that repeat a definition of the model.
    pub definition: usize,
    /// Those that state nothing.
    pub not_a_claim: usize,
    /// Those that were not understood.
    pub not_read: usize,
}

impl Default for Report {
    fn default() -> Report {
        let (claims, diagnostics) = (Vec::new(), Vec::new());
        Report { version: 1, claims, diagnostics, summary: Summary::default(), is_unusable: false }
    }
}

impl Report {
    /// The report of a derivation whose claims were decided.
    pub fn of(document: &Document, require: Require) -> Report {
        let mut report = Report::default();
        for item in &document.items {
            match item {
                Item::Claim(block) => report.add_block(&document.source, block, require),
                Item::Display(shown) => report.summary.shown += shown.formulas.len(),
                Item::Derive(block) => report.add_derived(document, block, require),
                Item::Prose(_) | Item::Given(_) | Item::Define(_) => {}
            }
        }
        for problem in &document.diagnostics {
            let block = block_at(document, problem.span);
            let is_expected = block.is_some_and(|block| block.expected == Verdict::Invalid && block.as_expected());
            let is_verdict = block.is_some_and(|block| is_about_meaning(&document.page, block, problem.span));
            report.is_unusable |= problem.severity == Severity::Error && !is_expected && !is_verdict;
            report.diagnostics.push(DiagnosticEntry { is_expected, ..DiagnosticEntry::new(&document.source, problem) });
        }
        report.diagnostics.sort_by_key(|entry| entry.span);
        report.summary.coverage = Coverage::of(document);
        report
    }

    /// The report of a file that could not be used.
    pub fn refused(source: &Source, problem: &Diagnostic) -> Report {
        let diagnostics = vec![DiagnosticEntry::new(source, problem)];
        Report { diagnostics, is_unusable: true, ..Report::default() }
    }

    /// Adds what became of the formulas that are only shown.
    pub fn add_shown(&mut self, source: &Source, shown: &[Shown], require: Require) {
        let mut coverage = Coverage::default();
        for formula in shown {
            coverage.count(&formula.class);
            self.diagnostics.extend(formula.notes.iter().map(|note| DiagnosticEntry::new(source, note)));
            match &formula.class {
                Class::Definition | Class::NotAClaim => {}
                Class::NotRead(problem) => {
                    let problem = Diagnostic { severity: Severity::Note, ..problem.clone() };
                    self.diagnostics.push(DiagnosticEntry::new(source, &problem));
                }
                Class::Decided(relations) => {
                    let (expected, require) = match relations.iter().any(is_of_digits) {
                        true => (Verdict::Checked, Require::Checked),
                        false => (Verdict::Proved, require),
                    };
                    let as_expected = relations.iter().all(|relation| satisfies(relation.outcome.verdict, require));
                    let written = relations_as_written(source, &formula.latex, formula.offset, &formula.formula);
                    let label = formula.label.as_deref();
                    self.add_relations(source, relations, &written, (expected, as_expected), (formula.block, label));
                    self.summary.shown = self.summary.shown.saturating_sub(1);
                }
            }
        }
        self.summary.coverage = Some(coverage);
    }

    /// Adds the report of another file.
    pub fn append(&mut self, other: Report) {
        self.claims.extend(other.claims);
        self.diagnostics.extend(other.diagnostics);
        self.summary.append(other.summary);
        self.is_unusable |= other.is_unusable;
    }

    /// The report as one JSON object.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a report holds strings and numbers")
    }

    fn add_block(&mut self, source: &Source, block: &ClaimBlock, require: Require) {
        let as_expected = as_expected(block, require);
        let written: Vec<Written> = block
            .claims
            .iter()
            .flat_map(|(formula, claim)| {
                let mut written = relations_as_written(source, &block.fence.latex, block.fence.body.start, formula);
                written.truncate(claim.as_ref().map_or(1, |claim| claim.statements.len()));
                written
            })
            .collect();
        let label = block.fence.label.as_ref().map(|label| label.name.as_str());
        self.add_relations(
            source,
            &block.relations,
            &written,
            (block.expected, as_expected),
            (block.fence.span, label),
        );
    }

    /// What a `derive` fence asks for counts as a claim: that the derived formula is right.
    fn add_derived(&mut self, document: &Document, block: &DeriveBlock, require: Require) {
        let (source, mut relations, mut written) = (&document.source, Vec::new(), Vec::new());
        for (idx, formula) in block.formulas.iter().enumerate() {
            let asked = block.asked.get(idx).copied().flatten();
            let derived = block.derived.get(idx);
            let left = source.slice(formula.span);
            let latex = match derived {
                Some(Ok(found)) => format!("{left} = {}", latex(&document.arena, found.derivation.result)),
                Some(Err(_)) | None => left.to_owned(),
            };
            let outcome = match (asked, derived) {
                (_, Some(Ok(found))) => found.outcome.clone(),
                (Some(_), Some(Err(obstacle))) => not_derived(*obstacle, formula.span),
                (None, _) | (_, None) => Outcome::bare(Verdict::Invalid, Vec::new()),
            };
            written.push(Written { place: source.place(formula.span.start), latex });
            relations.push(Relation { span: formula.span, outcome, statement: None, micros: 0 });
        }
        let satisfied = relations.iter().all(|relation| satisfies(relation.outcome.verdict, require));
        let as_expected = satisfied && !relations.is_empty();
        let label = block.fence.label.as_ref().map(|label| label.name.as_str());
        self.add_relations(source, &relations, &written, (Verdict::Proved, as_expected), (block.fence.span, label));
    }

    fn add_relations(
        &mut self,
        source: &Source,
        relations: &[Relation],
        written: &[Written],
        (expected, as_expected): (Verdict, bool),
        (fence, label): (Span, Option<&str>),
    ) {
        self.summary.unexpected += usize::from(!as_expected);
        for (idx, relation) in relations.iter().enumerate() {
            let written = if written.len() == relations.len() {
                written[idx].clone()
            } else {
                Written { place: source.place(relation.span.start), latex: source.slice(relation.span).to_owned() }
            };
            let entry = ClaimEntry::new(source, relation, written, expected);
            self.claims.push(ClaimEntry { label: label.map(str::to_owned), as_expected, fence, ..entry });
            self.summary.tally.count(relation.outcome.verdict);
            for remark in &relation.outcome.diagnostics {
                self.diagnostics
                    .push(DiagnosticEntry { is_expected: as_expected, ..DiagnosticEntry::new(source, remark) });
            }
        }
    }
}

/// Whether the verdicts of a fence are what the author expects, or at least what is required.
fn as_expected(block: &ClaimBlock, require: Require) -> bool {
    let satisfied = || block.relations.iter().all(|relation| satisfies(relation.outcome.verdict, require));
    !block.relations.is_empty() && (block.as_expected() || block.expected == Verdict::Proved && satisfied())
}

/// What becomes of a left-hand side that cannot be derived.
fn not_derived(obstacle: Obstacle, span: Span) -> Outcome {
    let diagnostics = vec![Diagnostic::error(obstacle.code(), span, obstacle.to_string()).with_hint(obstacle.hint())];
    Outcome { detail: obstacle.to_string(), diagnostics, ..Outcome::bare(Verdict::Open, Vec::new()) }
}

/// Whether a relation is compared to the digits written, which is never proved.
fn is_of_digits(relation: &Relation) -> bool {
    relation.statement.as_ref().is_some_and(|statement| statement.approximates() || statement.tolerance.is_some())
}

fn satisfies(verdict: Verdict, require: Require) -> bool {
    match require {
        Require::Proved => verdict == Verdict::Proved,
        Require::Checked => matches!(verdict, Verdict::Proved | Verdict::Checked),
    }
}

fn block_at(document: &Document, span: Span) -> Option<&ClaimBlock> {
    document.items.iter().find_map(|item| match item {
        Item::Claim(block) if block.fence.span.start <= span.start && span.end <= block.fence.span.end => Some(block),
        Item::Claim(_) | Item::Prose(_) | Item::Given(_) | Item::Define(_) | Item::Derive(_) | Item::Display(_) => None,
    })
}

/// Whether a problem inside the fence is one of meaning, so that the verdict `invalid` says it; not one of syntax.
fn is_about_meaning(page: &Page, block: &ClaimBlock, span: Span) -> bool {
    let body = block.fence.body;
    let (_, problems) = page.parse_fence(&block.fence);
    body.start <= span.start
        && span.end <= body.end
        && !problems.iter().any(|problem| problem.severity == Severity::Error)
}

impl ClaimEntry {
    fn new(source: &Source, relation: &Relation, written: Written, expected: Verdict) -> ClaimEntry {
        let outcome = &relation.outcome;
        ClaimEntry {
            file: source.path.clone(),
            line: written.place.line,
            column: written.place.column,
            label: None,
            latex: written.latex,
            verdict: outcome.verdict.word(),
            expected: expected.word(),
            as_expected: false,
            method: outcome.method.iter().map(|method| method.word()).collect(),
            reading: outcome.reading.map(|reading| reading.word()),
            steps: outcome.steps.len(),
            counterexample: outcome.counterexample.as_ref().map(CounterexampleEntry::new),
            kind: outcome.kind.map(|kind| kind.word()),
            mistake: outcome.kind.map(|kind| kind.phrase()),
            repair: outcome.repair.clone(),
            conditions: outcome.conditions.clone(),
            checker: outcome.confirmation.as_ref().map(CheckerEntry::new),
            detail: outcome.detail.clone(),
            micros: relation.micros,
            fence: relation.span,
        }
    }
}

impl CounterexampleEntry {
    fn new(found: &Counterexample) -> CounterexampleEntry {
        let Counterexample { assignment, left, right } = found.clone();
        CounterexampleEntry { assignment, left, right }
    }
}

impl DiagnosticEntry {
    /// The problem with its place in lines and columns.
    pub fn new(source: &Source, problem: &Diagnostic) -> DiagnosticEntry {
        let (start, end) = (source.place(problem.span.start), source.place(problem.span.end));
        DiagnosticEntry {
            code: problem.code,
            severity: match problem.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "note",
            },
            file: source.path.clone(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            message: problem.message.clone(),
            hint: problem.hint.clone(),
            span: problem.span,
            is_expected: false,
            is_of_name: problem.about.is_some(),
        }
    }
}

impl Summary {
    /// Adds the counts of another summary.
    pub fn append(&mut self, other: Summary) {
        self.tally += other.tally;
        self.unexpected += other.unexpected;
        self.shown += other.shown;
        if let Some(coverage) = other.coverage {
            self.coverage.get_or_insert_default().append(coverage);
        }
    }
}

impl Coverage {
    /// What became of the display formulas of a page that claims them; `None` of a page that only shows them.
    pub fn of(document: &Document) -> Option<Coverage> {
        if !document.claims_what_it_shows() {
            return None;
        }
        let mut coverage = Coverage::default();
        document.unclaimed.iter().for_each(|class| coverage.count(class));
        for item in &document.items {
            let Item::Claim(block) = item else { continue };
            if block.is_shown {
                block.by_formula().for_each(|relations| coverage.count_decided(relations));
            }
        }
        Some(coverage)
    }

    fn count(&mut self, class: &Class) {
        let count = match class {
            Class::Definition => &mut self.definition,
            Class::NotAClaim => &mut self.not_a_claim,
            Class::NotRead(_) => &mut self.not_read,
            Class::Decided(relations) => return self.count_decided(relations),
        };
        *count += 1;
        self.formulas += 1;
    }

    /// A chain counts once, by its worst relation.
    fn count_decided(&mut self, relations: &[Relation]) {
        let has = |verdict| relations.iter().any(|relation| relation.outcome.verdict == verdict);
        let count = match () {
            () if has(Verdict::Refuted) => &mut self.refuted,
            () if has(Verdict::Invalid) => &mut self.not_read,
            () if has(Verdict::Open) => &mut self.open,
            () if has(Verdict::Checked) => &mut self.checked,
            () => &mut self.proved,
        };
        *count += 1;
        self.formulas += 1;
    }

    fn append(&mut self, other: Coverage) {
        self.formulas += other.formulas;
        self.proved += other.proved;
        self.checked += other.checked;
        self.refuted += other.refuted;
        self.open += other.open;
        self.definition += other.definition;
        self.not_a_claim += other.not_a_claim;
        self.not_read += other.not_read;
    }
}

/// Pairs as one object, in their order.
fn in_order<S: Serializer>(pairs: &[(String, String)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(pairs.len()))?;
    for (name, value) in pairs {
        map.serialize_entry(name, value)?;
    }
    map.end()
}

//! The pages at the end of a book, made from its chapters.

use std::collections::BTreeMap;

use crate::proof;
use crate::proof::Verdict;
use crate::render::ledger::LedgerChapter;
use crate::render::ledger::LedgerPage;
use crate::render::ledger::LedgerRow;
use crate::render::ledger::LedgerSummary;
use crate::render::ledger::RuleRow;
use crate::render::ledger::RulesPage;
use crate::render::page::ChapterPage;
use crate::render::page::Part;
use crate::render::page::StepLine;
use crate::render::rules;

/// Every claim of the chapters, each with the path of its page.
pub(super) fn ledger(chapters: &[(String, ChapterPage)]) -> LedgerPage {
    let mut listed = Vec::new();
    for (path, page) in chapters {
        let rows: Vec<LedgerRow> = page.parts.iter().flat_map(|part| rows(path, part)).collect();
        if !rows.is_empty() {
            let (number, title) = (page.number.clone(), page.title.clone());
            listed.push(LedgerChapter { number, title, link: path.clone(), rows, summary: tally(page) });
        }
    }
    let summary = chapters.iter().fold(LedgerSummary::default(), |sum, (_, page)| sum.plus(tally(page)));
    LedgerPage { title: "Every claim".into(), chapters: listed, summary }
}

/// The claims of a chapter counted.
pub(super) fn tally(page: &ChapterPage) -> LedgerSummary {
    let mut summary = LedgerSummary::default();
    for part in &page.parts {
        rows("", part).iter().for_each(|row| summary.count(row));
        summary.unexpected += usize::from(is_unexpected(part));
    }
    summary
}

/// Every rule that the chapters use, by name.
pub(super) fn rules(chapters: &[(String, ChapterPage)]) -> RulesPage {
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    let steps = chapters.iter().flat_map(|(_, page)| page.parts.iter()).flat_map(steps);
    for step in steps.filter(|step| !step.rule.is_empty()) {
        *uses.entry(step.rule.clone()).or_default() += 1;
    }
    let row = |(name, uses): (String, usize)| match rules::known(&name) {
        Some(rule) => RuleRow {
            latex: rule.latex.to_owned(),
            says: rule.says.to_owned(),
            condition: (!rule.condition.is_empty()).then(|| rule.condition.to_owned()),
            source: rule.source.to_owned(),
            name,
            uses,
        },
        None => RuleRow { latex: String::new(), says: law(&name), condition: None, source: String::new(), name, uses },
    };
    let rules: Vec<RuleRow> = uses.into_iter().map(row).collect();
    let works = rules::works(rules.iter().map(|rule| rule.source.as_str()));
    RulesPage { title: "Every rule".into(), rules, works }
}

/// What a rule says that is a law of the checker, or a step of the search alone.
fn law(name: &str) -> String {
    match proof::law(&name.replace('-', " ")) {
        Some(("", conclusion)) => format!("`{conclusion}`"),
        Some((premises, conclusion)) => format!("`{premises}` gives `{conclusion}`"),
        None => "A step that the search has found and that no single inference replays.".to_owned(),
    }
}

impl LedgerSummary {
    fn plus(mut self, other: LedgerSummary) -> LedgerSummary {
        self.tally += other.tally;
        self.confirmed += other.confirmed;
        self.unexpected += other.unexpected;
        self
    }

    fn count(&mut self, row: &LedgerRow) {
        self.tally.count(row.verdict);
        self.confirmed += usize::from(row.confirmed);
    }
}

fn rows(path: &str, part: &Part) -> Vec<LedgerRow> {
    let link = |label: &Option<String>| label.as_ref().map_or(path.to_owned(), |label| format!("{path}#{label}"));
    match part {
        Part::Claim(claim) => {
            let row = |relation: &crate::render::page::RelationBlock| LedgerRow {
                number: claim.number.clone(),
                link: link(&claim.label),
                latex: relation.latex.clone(),
                verdict: relation.verdict,
                method: relation.method.clone(),
                confirmed: relation.confirmed.is_some(),
                as_expected: claim.as_expected,
            };
            claim.relations.iter().map(row).collect()
        }
        Part::Derivation(derivation) => vec![LedgerRow {
            number: derivation.number.clone(),
            link: link(&derivation.label),
            latex: derivation.latex.clone(),
            verdict: derivation.verdict,
            method: derivation.method.clone(),
            confirmed: derivation.confirmed.is_some(),
            as_expected: derivation.verdict == Verdict::Proved,
        }],
        Part::Prose { .. }
        | Part::Given(_)
        | Part::Define(_)
        | Part::Display { .. }
        | Part::Figure(_)
        | Part::Table { .. }
        | Part::Diagnostics { .. } => Vec::new(),
    }
}

fn is_unexpected(part: &Part) -> bool {
    match part {
        Part::Claim(claim) => !claim.as_expected,
        Part::Derivation(derivation) => derivation.verdict != Verdict::Proved,
        Part::Prose { .. }
        | Part::Given(_)
        | Part::Define(_)
        | Part::Display { .. }
        | Part::Figure(_)
        | Part::Table { .. }
        | Part::Diagnostics { .. } => false,
    }
}

fn steps(part: &Part) -> Vec<&StepLine> {
    match part {
        Part::Claim(claim) => claim.relations.iter().flat_map(|relation| &relation.steps).collect(),
        Part::Derivation(derivation) => derivation.steps.iter().collect(),
        Part::Prose { .. }
        | Part::Given(_)
        | Part::Define(_)
        | Part::Display { .. }
        | Part::Figure(_)
        | Part::Table { .. }
        | Part::Diagnostics { .. } => Vec::new(),
    }
}

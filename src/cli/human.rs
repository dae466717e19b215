//! Verdicts for reading: what is not as expected, and a summary for each file.

use std::fmt::Write;
use std::io;

use crate::cli::console::{self, Colours, Tone};
use crate::cli::snippet;
use crate::cli::verify::Verified;
use crate::derivation::{ClaimEntry, CounterexampleEntry, Coverage, DiagnosticEntry, Report, Summary};
use crate::number::rational::{parse_decimal, to_f64};
use crate::render::MOST_SYMBOLS;
use crate::source::{Diagnostic, Severity, Source};

/// How many characters of a formula are shown.
const N_SHOWN: usize = 1000;

/// How many problems of a file are shown, unless all are wanted.
const N_TOLD: usize = 20;

/// How much is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Detail {
    /// What is not as expected.
    Unexpected,
    /// Everything.
    All,
}

/// Writes verdicts to the terminal.
pub(super) struct Human {
    detail: Detail,
    out: Colours,
    err: Colours,
}

impl Human {
    /// A writer for the streams of this process; a verbose one shows every claim.
    pub(super) fn new(verbose: bool) -> Human {
        let detail = if verbose { Detail::All } else { Detail::Unexpected };
        Human { detail, out: Colours::of_stdout(), err: Colours::of_stderr() }
    }

    /// Writes what was found in a file.
    pub(super) fn show(&self, verified: &Verified) -> io::Result<()> {
        let Verified { source, report } = verified;
        self.show_diagnostics(source, report);
        let mut text = String::new();
        for claim in report.claims.iter().filter(|claim| self.detail == Detail::All || !claim.as_expected) {
            text += &self.claim(source, claim);
        }
        text += &self.summary_line(&source.path, report);
        console::print(&text)
    }

    /// Writes the summary of all files.
    pub(super) fn finish(&self, report: &Report, n_files: usize) -> io::Result<()> {
        let mut text = String::new();
        if n_files > 1 {
            text += &self.summary_line(&format!("{n_files} files"), report);
        }
        if let Some(coverage) = report.summary.coverage {
            text += &coverage_line(coverage);
        }
        console::print(&text)
    }

    fn show_diagnostics(&self, source: &Source, report: &Report) {
        let wanted: Vec<&DiagnosticEntry> =
            report.diagnostics.iter().filter(|entry| self.wants_diagnostic(entry)).collect();
        let n_told = if self.detail == Detail::All { wanted.len() } else { wanted.len().min(N_TOLD) };
        for entry in &wanted[..n_told] {
            console::report(&snippet::render(source, &diagnostic_of(entry), self.err));
        }
        if n_told < wanted.len() {
            let n_more = wanted.len() - n_told;
            console::report(&format!("{}: {n_more} more problems; `--verbose` shows them\n\n", source.path));
        }
    }

    fn wants_diagnostic(&self, entry: &DiagnosticEntry) -> bool {
        let matters = entry.severity != "note" || entry.is_of_name;
        self.detail == Detail::All || matters && !entry.is_expected
    }

    /// A claim with everything that is known of it.
    fn claim(&self, source: &Source, claim: &ClaimEntry) -> String {
        let label = claim.label.as_ref().map(|label| format!(" #{label}")).unwrap_or_default();
        let (mark, tone) = mark(claim.verdict);
        let expected = if claim.as_expected { String::new() } else { format!(", expected {}", claim.expected) };
        let place = format!("{}:{}:{}", source.path, claim.line, claim.column);
        let mut text = format!(
            "{} {}{label}: {}{expected}\n",
            self.out.paint(tone, mark),
            self.out.paint(Tone::Strong, &place),
            self.out.paint(tone, claim.verdict),
        );
        let mut row = |name: &str, value: &str| {
            if !value.is_empty() {
                let _ =
                    writeln!(text, "    {} {}", self.out.paint(Tone::Faint, &format!("{name:<14}")), one_line(value));
            }
        };
        row("formula", &claim.latex);
        row("method", &claim.method.join(", "));
        row("reading", claim.reading.unwrap_or_default());
        for condition in &claim.conditions {
            row("condition", condition);
        }
        if let Some(found) = &claim.counterexample {
            row("counterexample", &in_words(found));
        }
        row("mistake", claim.mistake.unwrap_or_default());
        row("write instead", claim.repair.as_deref().unwrap_or_default());
        if let Some(checker) = &claim.checker {
            row(if checker.confirmed { "confirmed by" } else { "not confirmed" }, &checker.words);
        }
        row("detail", &claim.detail);
        text
    }

    fn summary_line(&self, name: &str, report: &Report) -> String {
        let summary = report.summary;
        let n_errors =
            report.diagnostics.iter().filter(|entry| entry.severity == "error" && !entry.is_expected).count();
        let bad = match (summary.unexpected, report.is_unusable) {
            (0, false) => String::new(),
            (0, true) => format!("; {}", self.out.paint(Tone::Bad, &counted(n_errors, "error"))),
            (n, _) => format!("; {}", self.out.paint(Tone::Bad, &format!("{n} not as expected"))),
        };
        format!("{}: {}{bad}\n", self.out.paint(Tone::Strong, name), counts(summary))
    }
}

fn mark(verdict: &str) -> (&'static str, Tone) {
    match verdict {
        "proved" => ("✓", Tone::Good),
        "checked" => ("≈", Tone::Good),
        "refuted" => ("✗", Tone::Bad),
        "open" => ("?", Tone::Unsure),
        _ => ("!", Tone::Bad),
    }
}

/// `7 claims: 5 proved, 2 refuted`
fn counts(summary: Summary) -> String {
    let named = summary.tally.by_word().into_iter().filter(|(n, _)| *n > 0);
    let parts: Vec<String> = named.map(|(n, word)| format!("{n} {word}")).collect();
    let colon = if parts.is_empty() { "" } else { ": " };
    format!("{}{colon}{}", counted(summary.tally.claims, "claim"), parts.join(", "))
}

fn coverage_line(coverage: Coverage) -> String {
    let Coverage { formulas, proved, checked, refuted, open, definition, not_a_claim, not_read } = coverage;
    format!(
        "shown: {}: {proved} proved, {checked} checked, {refuted} refuted, {open} open, {definition} definition, \
         {not_a_claim} not a claim, {not_read} not read\n",
        counted(formulas, "formula")
    )
}

/// How many values a counterexample is shown with.
const MOST_GROUPS: usize = 12;

/// Whole numbers and fractions of more characters than this are shown by their first digits.
const MOST_DIGITS: usize = 24;

/// `at k = 1, w_i = x_1 = 0, f = z -> z the left side is 1, the right side 0`
pub(super) fn in_words(found: &CounterexampleEntry) -> String {
    let mut groups: Vec<(Vec<&str>, &str)> = Vec::new();
    for (name, value) in &found.assignment {
        match groups.iter_mut().find(|(_, own)| own == value) {
            Some((names, _)) => names.push(name),
            None => groups.push((vec![name], value)),
        }
    }
    let n_names: usize = groups.iter().map(|(names, _)| names.len()).sum();
    let mut n_shown = 0;
    let mut shown: Vec<String> = Vec::new();
    for (names, value) in groups.into_iter().take(MOST_GROUPS) {
        let kept = &names[..names.len().min(MOST_SYMBOLS)];
        n_shown += kept.len();
        shown.push(format!("{} = {}", kept.join(" = "), rounded(value)));
    }
    if n_shown < n_names {
        shown.push(format!("{} more (all of them with `--format json`)", n_names - n_shown));
    }
    let at = if shown.is_empty() { String::new() } else { format!("at {} ", shown.join(", ")) };
    format!("{at}the left side is {}, the right side {}", rounded(&found.left), rounded(&found.right))
}

/// Decimals cut to six digits after the point, and long whole numbers and fractions to as many: `about 0.03324`.
fn rounded(text: &str) -> String {
    let is_part = |c: char| c.is_ascii_digit() || c == '.' || c == '/';
    let mut short = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let end = rest[start..].find(|c| !is_part(c)).map_or(rest.len(), |length| start + length);
        let number = &rest[start..end];
        short += &rest[..start];
        match number.find('.') {
            Some(point) if number.len() > point + 7 && !number.contains('/') => {
                short += number[..point + 7].trim_end_matches('0')
            }
            None if number.len() > MOST_DIGITS => short += &leading_digits(number),
            _ => short += number,
        }
        rest = &rest[end..];
    }
    short += rest;
    if short == text { short } else { format!("about {short}") }
}

/// A whole number or a fraction by its first digits: `1.07151e301`, `2`; as it stands where a float cannot hold it.
fn leading_digits(number: &str) -> String {
    let (above, below) = number.split_once('/').unwrap_or((number, "1"));
    let ratio = parse_decimal(above).zip(parse_decimal(below).filter(|below| !below.is_zero()));
    match ratio.map(|(above, below)| to_f64(&(above / below))) {
        Some(value) if (1e-4..1e6).contains(&value) => {
            format!("{value:.6}").trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        Some(value) if value.is_normal() => format!("{value:.5e}"),
        _ => number.to_owned(),
    }
}

/// `1 claim`, `2 claims`
pub(super) fn counted(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

/// Runs of white space as single blanks, and a long text cut.
pub(super) fn one_line(text: &str) -> String {
    let head: String = text.chars().take(N_SHOWN).collect();
    let line = head.split_whitespace().collect::<Vec<_>>().join(" ");
    if head.len() < text.len() { format!("{line} …") } else { line }
}

fn diagnostic_of(entry: &DiagnosticEntry) -> Diagnostic {
    let severity = match entry.severity {
        "error" => Severity::Error,
        "warning" => Severity::Warning,
        _ => Severity::Note,
    };
    let severity = if entry.is_expected { Severity::Note } else { severity };
    Diagnostic {
        code: entry.code,
        severity,
        span: entry.span,
        message: entry.message.clone(),
        hint: entry.hint.clone(),
        about: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_numbers_are_shown_by_their_first_digits() {
        assert_eq!(rounded("1/3"), "1/3");
        assert_eq!(rounded("0.0332412345"), "about 0.033241");
        assert_eq!(rounded(&format!("2{}", "0".repeat(40))), "about 2.00000e40");
        assert_eq!(rounded(&format!("[-{0}1/{0}2, 7]", "3".repeat(30))), "about [-1, 7]");
        let beyond_floats = "9".repeat(400);
        assert_eq!(rounded(&beyond_floats), beyond_floats);
    }
}

//! Annotations of a GitHub workflow (workflow commands; GitHub documentation, "Workflow commands for GitHub Actions").

use crate::cli::human::{in_words, one_line};
use crate::derivation::{ClaimEntry, Report};

/// One line for each problem, and for each claim that is not as expected.
pub(super) fn annotations(report: &Report) -> String {
    let mut text = String::new();
    for entry in report.diagnostics.iter().filter(|entry| !entry.is_expected) {
        let level = match entry.severity {
            "note" => "notice",
            level => level,
        };
        // An annotation of several lines takes no columns.
        let columns = if entry.line == entry.end_line {
            format!(",col={},endColumn={}", entry.column, entry.end_column)
        } else {
            String::new()
        };
        let hint = entry.hint.as_ref().map(|hint| format!("\nhelp: {hint}")).unwrap_or_default();
        let message = format!("{}{hint}", entry.message);
        let (file, title) = (property(&entry.file), property(entry.code));
        text += &format!(
            "::{level} file={file},line={},endLine={}{columns},title={title}::{}\n",
            entry.line,
            entry.end_line,
            escaped(&message)
        );
    }
    for claim in report.claims.iter().filter(|claim| !claim.as_expected) {
        let label = claim.label.as_ref().map(|label| format!("#{label} ")).unwrap_or_default();
        let title = property(&format!("{label}{}, expected {}", claim.verdict, claim.expected));
        let (file, message) = (property(&claim.file), escaped(&message_of(claim)));
        text += &format!("::error file={file},line={},col={},title={title}::{message}\n", claim.line, claim.column);
    }
    text
}

/// What is said of a claim that is not as expected.
pub(super) fn message_of(claim: &ClaimEntry) -> String {
    let mut message = format!("{} is {}, expected {}", one_line(&claim.latex), claim.verdict, claim.expected);
    if let Some(found) = &claim.counterexample {
        message += &format!("\ncounterexample: {}", in_words(found));
    }
    if let Some(mistake) = claim.mistake {
        message += &format!("\nmistake: {mistake}");
    }
    if let Some(repair) = &claim.repair {
        message += &format!("\nwrite instead: {repair}");
    }
    message
}

fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}

//! SARIF 2.1.0 (OASIS standard, Static Analysis Results Interchange Format), as much of it as is needed.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::cli::explain;
use crate::cli::github::message_of;
use crate::derivation::{ClaimEntry, DiagnosticEntry, Report};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The rule of claims whose verdict is not the expected one.
const UNEXPECTED: &str = "unexpected-verdict";

#[derive(Serialize)]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    column_kind: &'static str,
    results: Vec<Finding>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    version: &'static str,
    information_uri: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    short_description: Text,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding {
    rule_id: &'static str,
    level: &'static str,
    message: Text,
    locations: [Location; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<usize>,
}

/// The report as one SARIF log.
pub(super) fn log(report: &Report) -> String {
    let problems = report.diagnostics.iter().filter(|entry| !entry.is_expected).map(of_problem);
    let claims = report.claims.iter().filter(|claim| !claim.as_expected).map(of_claim);
    let results: Vec<Finding> = problems.chain(claims).collect();
    let codes: BTreeSet<&'static str> = results.iter().map(|result| result.rule_id).collect();
    let driver = Driver {
        name: "chainrule",
        version: env!("CARGO_PKG_VERSION"),
        information_uri: env!("CARGO_PKG_REPOSITORY"),
        rules: codes.into_iter().map(rule).collect(),
    };
    let run = Run { tool: Tool { driver }, column_kind: "unicodeCodePoints", results };
    let log = Log { schema: SCHEMA, version: "2.1.0", runs: [run] };
    serde_json::to_string_pretty(&log).expect("a log holds strings and numbers")
}

fn rule(id: &'static str) -> Rule {
    let text = match explain::page(id) {
        Some(page) => page.summary().to_owned(),
        None => "A claim has another verdict than its author expects.".to_owned(),
    };
    Rule { id, short_description: Text { text } }
}

fn of_problem(entry: &DiagnosticEntry) -> Finding {
    let hint = entry.hint.as_ref().map(|hint| format!("\nhelp: {hint}")).unwrap_or_default();
    let region = Region {
        start_line: entry.line,
        start_column: entry.column,
        end_line: Some(entry.end_line),
        end_column: Some(entry.end_column),
    };
    finding(entry.code, entry.severity, format!("{}{hint}", entry.message), &entry.file, region)
}

fn of_claim(claim: &ClaimEntry) -> Finding {
    let region = Region { start_line: claim.line, start_column: claim.column, end_line: None, end_column: None };
    finding(UNEXPECTED, "error", message_of(claim), &claim.file, region)
}

fn finding(rule_id: &'static str, level: &'static str, text: String, file: &str, region: Region) -> Finding {
    let artifact_location = Artifact { uri: uri(file) };
    let location = Location { physical_location: PhysicalLocation { artifact_location, region } };
    Finding { rule_id, level, message: Text { text }, locations: [location] }
}

/// A path as a relative reference: everything but letters, digits and `-._~/` in percent signs.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(byte as char),
            _ => uri += &format!("%{byte:02X}"),
        }
    }
    uri
}

//! `parse`: how each formula of a file was understood, or why it was not.

use std::fmt::Write;

use serde::Serialize;

use crate::cli::arguments::{ParseArguments, ParseFormat};
use crate::cli::console::{self, Colours, Tone};
use crate::cli::failure::{Failure, Status};
use crate::cli::human::{counted, one_line};
use crate::cli::{input, snippet};
use crate::derivation::DiagnosticEntry;
use crate::source::{Diagnostic, Severity, Source, Span};
use crate::syntax::ast::Formula;
use crate::syntax::{Block, parse_formulas, read_page, sexpr};

#[derive(Serialize)]
struct Trees {
    version: u32,
    formulas: Vec<Entry>,
    /// What is wrong with the file itself.
    diagnostics: Vec<DiagnosticEntry>,
    summary: Counts,
}

#[derive(Serialize, Default)]
struct Counts {
    formulas: usize,
    ok: usize,
}

/// One formula.
#[derive(Serialize)]
struct Entry {
    file: String,
    line: usize,
    latex: String,
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    tree: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    diagnostic: Option<DiagnosticEntry>,
    /// The same problem as it was found.
    #[serde(skip)]
    problem: Option<Diagnostic>,
}

/// Reads every formula of a file; as JSON, what is wrong with the file is written as well.
pub(super) fn run(arguments: &ParseArguments) -> Result<Status, Failure> {
    let read = input::one(&arguments.path).read().map_err(Failure::from);
    if let (ParseFormat::Json, Err(failure)) = (&arguments.format, &read) {
        write_json(Vec::new(), failure.diagnostics(), Counts::default())?;
    }
    read_formulas(&read?, arguments.format)
}

fn read_formulas(source: &Source, format: ParseFormat) -> Result<Status, Failure> {
    let (formulas, problems) =
        if is_json_lines(source) { (read_lines(source), Vec::new()) } else { read_markdown(source) };
    let n_ok = formulas.iter().filter(|entry| entry.ok).count();
    let summary = Counts { formulas: formulas.len(), ok: n_ok };
    let has_errors = n_ok < formulas.len() || problems.iter().any(|problem| problem.severity == Severity::Error);
    for problem in &problems {
        console::report(&snippet::render(source, problem, Colours::of_stderr()));
    }
    match format {
        ParseFormat::Human => show(source, &formulas, &summary)?,
        ParseFormat::Json => {
            let diagnostics = problems.iter().map(|problem| DiagnosticEntry::new(source, problem)).collect();
            write_json(formulas, diagnostics, summary)?;
        }
    }
    Ok(if has_errors { Status::Unusable } else { Status::Fine })
}

fn write_json(formulas: Vec<Entry>, diagnostics: Vec<DiagnosticEntry>, summary: Counts) -> Result<(), Failure> {
    let trees = Trees { version: 1, formulas, diagnostics, summary };
    let text = serde_json::to_string_pretty(&trees).expect("trees are strings and numbers");
    Ok(console::print(&(text + "\n"))?)
}

/// JSON lines by their name or, on standard input, by how they begin.
fn is_json_lines(source: &Source) -> bool {
    source.path.ends_with(".jsonl") || source.path == "-" && source.text.trim_start().starts_with("{\"")
}

/// The formulas of a page, and the problems of the page itself.
fn read_markdown(source: &Source) -> (Vec<Entry>, Vec<Diagnostic>) {
    let (page, problems) = read_page(source);
    let mut entries = Vec::new();
    for block in &page.blocks {
        let (latex, body, (formulas, problems)) = match block {
            Block::Prose { .. } => continue,
            Block::Fence(fence) => (&fence.latex, fence.body, page.parse_fence(fence)),
            Block::Display { latex, body, .. } => (latex, *body, page.parse(latex, body.start)),
        };
        let errors: Vec<&Diagnostic> = problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
        let mut told: Vec<&Diagnostic> = Vec::new();
        for formula in &formulas {
            let own: Vec<&Diagnostic> =
                errors.iter().copied().filter(|problem| holds(formula.span, problem.span)).collect();
            told.extend(&own);
            let text = latex.get(formula.span.start - body.start..formula.span.end - body.start).unwrap_or_default();
            entries.push(entry(source, formula.span, text.to_owned(), tree(formula), own.first().copied()));
        }
        if let Some(problem) = errors.iter().find(|problem| !told.contains(problem)) {
            match entries.last_mut().filter(|_| !formulas.is_empty()) {
                Some(last) if last.ok => {
                    *last = entry(source, problem.span, last.latex.clone(), String::new(), Some(problem))
                }
                Some(_) => {}
                None => entries.push(entry(source, body, latex.trim().to_owned(), String::new(), Some(problem))),
            }
        }
    }
    (entries, problems)
}

fn holds(outer: Span, inner: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// The formulas of a file of JSON lines, one for each line.
fn read_lines(source: &Source) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut at = 0;
    for line in source.text.split_inclusive('\n') {
        let span = Span::new(at, at + line.trim_end().len());
        at += line.len();
        if span.start == span.end {
            continue;
        }
        entries.push(match latex_of(line) {
            Ok(latex) => {
                let (formulas, problems) = parse_formulas(&latex, 0);
                let error = problems.into_iter().find(|problem| problem.severity == Severity::Error);
                let tree = formulas.iter().map(tree).collect::<Vec<_>>().join(" ");
                // The places inside a JSON string are not those of the file: the whole line is marked.
                entry(source, span, latex, tree, error.map(|problem| Diagnostic { span, ..problem }).as_ref())
            }
            Err(message) => {
                let hint = "write an object with a field `latex` on each line";
                let problem = Diagnostic::error("bad-json-line", span, message).with_hint(hint);
                entry(source, span, String::new(), String::new(), Some(&problem))
            }
        });
    }
    entries
}

fn latex_of(line: &str) -> Result<String, String> {
    let value: serde_json::Value =
        serde_json::from_str(line).map_err(|error| format!("this line is not JSON: {error}"))?;
    match value.get("latex").and_then(|latex| latex.as_str()) {
        Some(latex) => Ok(latex.to_owned()),
        None => Err("this line has no field `latex` with a string".to_owned()),
    }
}

fn entry(source: &Source, span: Span, latex: String, tree: String, problem: Option<&Diagnostic>) -> Entry {
    Entry {
        file: source.path.clone(),
        line: source.place(span.start).line,
        latex,
        ok: problem.is_none(),
        tree: problem.is_none().then_some(tree),
        diagnostic: problem.map(|problem| DiagnosticEntry::new(source, problem)),
        problem: problem.cloned(),
    }
}

/// The statement, and after `if` its conditions, after `in` its variables.
fn tree(formula: &Formula) -> String {
    let mut tree = sexpr(&formula.body);
    for (word, parts) in [("if", &formula.conditions), ("in", &formula.variables)] {
        for part in parts {
            let _ = write!(tree, " ({word} {})", sexpr(part));
        }
    }
    tree
}

fn show(source: &Source, formulas: &[Entry], summary: &Counts) -> Result<(), Failure> {
    let colours = Colours::of_stdout();
    let mut text = String::new();
    for entry in formulas {
        let place = colours.paint(Tone::Strong, &format!("{}:{}", entry.file, entry.line));
        let _ = writeln!(text, "{place}: {}", one_line(&entry.latex));
        match &entry.problem {
            None => {
                let _ = writeln!(text, "    {}", entry.tree.as_deref().unwrap_or_default());
            }
            Some(problem) => {
                let _ = writeln!(text, "    {} {}", colours.paint(Tone::Bad, "not read:"), problem.message);
                console::report(&snippet::render(source, problem, Colours::of_stderr()));
            }
        }
    }
    let _ = writeln!(text, "{}, {} read", counted(summary.formulas, "formula"), summary.ok);
    Ok(console::print(&text)?)
}

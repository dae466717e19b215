//! A question to a derivation: the file it is asked of, and a formula in the words of that file.

use std::path::Path;

use crate::cli::console::{self, Colours};
use crate::cli::failure::{Failure, Refusal};
use crate::cli::{input, snippet};
use crate::derivation::Document;
use crate::source::{Diagnostic, Severity, Source};

/// The derivation of which something is asked. Its errors are told, and it is used as far as it was understood.
pub(super) fn document(path: &Path) -> Result<Document, Failure> {
    let source = input::one(path).read()?;
    let document = Document::load(source, &input::load);
    for problem in document.diagnostics.iter().filter(|problem| problem.severity == Severity::Error) {
        console::report(&snippet::render(&document.source, problem, Colours::of_stderr()));
    }
    Ok(document)
}

/// A formula from the command line, under the name that problems with it show.
pub(super) fn formula(name: &str, latex: &str) -> Source {
    Source::new(name, latex)
}

/// The problems of a formula as the reason to stop.
pub(super) fn refused(formula: &Source, mut problems: Vec<Diagnostic>) -> Failure {
    if problems.is_empty() {
        let span = crate::source::Span::new(0, formula.text.len());
        problems.push(Diagnostic::error("not-supported", span, "this formula is not understood"));
    }
    Failure::Input(problems.into_iter().map(|problem| Refusal { source: formula.clone(), problem }).collect())
}

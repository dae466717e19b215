//! How a command ends.

use std::io;

use crate::cli::console::{self, Colours};
use crate::cli::snippet;
use crate::derivation::DiagnosticEntry;
use crate::source::{Diagnostic, Source, Span};

/// How a command that could do its work ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Status {
    /// All is as expected.
    Fine,
    /// A verdict is not the expected one.
    Unexpected,
    /// Some input could not be used.
    Unusable,
}

impl Status {
    /// The exit code.
    pub(super) fn code(self) -> i32 {
        match self {
            Status::Fine => 0,
            Status::Unexpected => 1,
            Status::Unusable => 2,
        }
    }
}

/// Why a command could not do its work.
#[derive(Debug)]
pub(super) enum Failure {
    /// What is wrong with the input, in order.
    Input(Vec<Refusal>),
    /// The output could not be written.
    Output(io::Error),
}

/// A problem with the file in which it is.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    /// The file; without text where it could not be read.
    pub(super) source: Source,
    /// The problem.
    pub(super) problem: Diagnostic,
}

impl Refusal {
    /// A problem with a file as a whole.
    pub(super) fn of_file(path: &str, code: &'static str, message: String, hint: &str) -> Refusal {
        let problem = Diagnostic::error(code, Span::default(), message).with_hint(hint);
        Refusal { source: Source::new(path, ""), problem }
    }

    /// A problem with the command itself.
    pub(super) fn of_command(code: &'static str, message: String, hint: &str) -> Refusal {
        Refusal::of_file("", code, message, hint)
    }
}

impl Failure {
    /// Tells the user.
    pub(super) fn show(&self) {
        match self {
            Failure::Input(refusals) => {
                for Refusal { source, problem } in refusals {
                    console::report(&snippet::render(source, problem, Colours::of_stderr()));
                }
            }
            Failure::Output(error) => console::report(&format!("error: the output could not be written: {error}\n")),
        }
    }

    /// The problems with the input, for JSON.
    pub(super) fn diagnostics(&self) -> Vec<DiagnosticEntry> {
        match self {
            Failure::Input(refusals) => {
                refusals.iter().map(|refusal| DiagnosticEntry::new(&refusal.source, &refusal.problem)).collect()
            }
            Failure::Output(_) => Vec::new(),
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Failure {
        Failure::Input(vec![refusal])
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::Output(error)
    }
}

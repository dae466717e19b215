//! The problems found while a formula is read.

use crate::source::Diagnostic;

/// How many problems of one fence are told; after that many, nobody reads on.
const N_TOLD: usize = 100;

/// Collects problems up to a limit.
#[derive(Debug, Default)]
pub(super) struct Problems {
    found: Vec<Diagnostic>,
}

impl Problems {
    /// Keeps a problem, unless there are too many already or it was found before.
    pub(super) fn push(&mut self, problem: Diagnostic) {
        if !self.is_full() && !self.found.contains(&problem) {
            self.found.push(problem);
        }
    }

    /// Whether nothing more will be told.
    pub(super) fn is_full(&self) -> bool {
        self.found.len() >= N_TOLD
    }

    /// All problems in the order of the source.
    pub(super) fn sorted(mut self) -> Vec<Diagnostic> {
        self.found.sort_by_key(|problem| (problem.span.start, problem.span.end));
        self.found
    }
}

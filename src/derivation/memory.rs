//! What was found out about the formulas of a document, for whoever decides the same formulas again.
//!
//! A document asks its questions in the order in which its formulas stand, and each answer follows from the formulas, the
//! effort and the program: so the answers are kept in that order, and belong to whoever has the same [`fingerprint`].
//! Prose is of no account, and nothing is taken over one by one: either all formulas are the same, or none is.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::vec;

use serde::{Deserialize, Serialize};

use crate::derivation::document::Document;
use crate::proof::{Effort, Outcome};
use crate::source::Source;
use crate::syntax::Block;

/// The answers to the questions of a document, in their order.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Answers {
    /// What they are answers to.
    pub fingerprint: u64,
    /// `None` for what has to be asked again.
    answers: Vec<Option<Answer>>,
}

/// What became of the relations of one formula.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Answer {
    outcomes: Vec<Outcome>,
    /// How long it took, in microseconds.
    micros: u64,
}

/// Decides formulas, or remembers what became of them.
pub struct Decider<'a> {
    /// How much work each of them may take.
    effort: Effort,
    /// The time, in microseconds.
    clock: &'a dyn Fn() -> u64,
    known: vec::IntoIter<Option<Answer>>,
    found: Vec<Option<Answer>>,
}

impl<'a> Decider<'a> {
    /// One that remembers nothing.
    pub fn new(effort: Effort, clock: &'a dyn Fn() -> u64) -> Decider<'a> {
        Decider::with(effort, clock, Answers::default())
    }

    /// One that knows the answers to the questions that it will be asked.
    pub fn with(effort: Effort, clock: &'a dyn Fn() -> u64, known: Answers) -> Decider<'a> {
        Decider { effort, clock, known: known.answers.into_iter(), found: Vec::new() }
    }

    /// The answers to all that it was asked.
    pub fn answers(self, fingerprint: u64) -> Answers {
        Answers { fingerprint, answers: self.found }
    }

    /// The outcomes of so many relations, and how many microseconds it took to find them.
    pub(super) fn outcomes(
        &mut self,
        n_relations: usize,
        find: impl FnOnce(Effort) -> Vec<Outcome>,
    ) -> (Vec<Outcome>, u64) {
        let known = self.known.next().flatten().filter(|answer| answer.outcomes.len() == n_relations);
        let answer = known.unwrap_or_else(|| {
            let start = (self.clock)();
            let outcomes = find(self.effort);
            Answer { outcomes, micros: (self.clock)().saturating_sub(start) }
        });
        // What points at the text would point at the wrong place where the prose has changed.
        let is_kept = answer.outcomes.iter().all(|outcome| outcome.diagnostics.is_empty());
        self.found.push(is_kept.then(|| answer.clone()));
        (answer.outcomes, answer.micros)
    }
}

/// A number that is the same for two documents only if the same questions are asked in them: of their formulas, of the
/// files that they use, and of how they are decided; but for a chance of 2⁻⁶⁴.
pub fn fingerprint(document: &Document, used: &[Source], effort: Effort) -> u64 {
    let Document { source, page, .. } = document;
    let mut hasher = DefaultHasher::new();
    (effort.steps, effort.seed, source.slice(page.front_span), &page.macros).hash(&mut hasher);
    let formulas = page.blocks.iter().filter(|block| !matches!(block, Block::Prose { .. }));
    formulas.for_each(|block| source.slice(block.span()).hash(&mut hasher));
    used.iter().for_each(|file| (&file.path, &file.text).hash(&mut hasher));
    hasher.finish()
}

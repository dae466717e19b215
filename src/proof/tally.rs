//! Verdicts counted.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use crate::proof::Verdict;

/// How many relations have which verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// All relations.
    pub claims: usize,
    /// Those proved.
    pub proved: usize,
    /// Those checked.
    pub checked: usize,
    /// Those refuted.
    pub refuted: usize,
    /// Those open.
    pub open: usize,
    /// Those not understood.
    pub invalid: usize,
}

impl Tally {
    /// Counts one more relation.
    pub fn count(&mut self, verdict: Verdict) {
        self.claims += 1;
        *self.of(verdict) += 1;
    }

    /// The counts with the words of their verdicts.
    pub fn by_word(mut self) -> Vec<(usize, &'static str)> {
        Verdict::ALL.map(|verdict| (*self.of(verdict), verdict.word())).to_vec()
    }

    fn of(&mut self, verdict: Verdict) -> &mut usize {
        match verdict {
            Verdict::Proved => &mut self.proved,
            Verdict::Checked => &mut self.checked,
            Verdict::Refuted => &mut self.refuted,
            Verdict::Open => &mut self.open,
            Verdict::Invalid => &mut self.invalid,
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, mut other: Tally) {
        self.claims += other.claims;
        for verdict in Verdict::ALL {
            *self.of(verdict) += *other.of(verdict);
        }
    }
}

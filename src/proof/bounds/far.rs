//! What a search knows of the constants in functions that are looked at far out: see [`Tails`].

use crate::expr::{Arena, Expr};
use crate::number::Interval;
use crate::number::polynomial::Goal;
use crate::number::range::interval_of;
use crate::proof::bounds::Prover;
use crate::proof::bounds::known::Known;
use crate::proof::reals::{Constants, Reach, Tail, Tails};

/// A search, and what is known at a place of it.
struct Ground<'p, 'a> {
    prover: &'p mut Prover<'a>,
    known: &'p Known,
}

impl Constants for Ground<'_, '_> {
    fn arena(&mut self) -> &mut Arena {
        self.prover.arena
    }

    fn simplified(&mut self, expr: Expr) -> Expr {
        self.prover.canonical(expr)
    }

    fn within(&mut self, expr: Expr) -> Interval {
        interval_of(&self.prover.range(expr, self.known))
    }

    /// What is proved so becomes a premise of what is said far out.
    fn is_positive(&mut self, expr: Expr) -> bool {
        self.prover.attempt(|prover| prover.has_sign(expr, Goal::Positive, self.known))
    }
}

impl Prover<'_> {
    /// What is seen of a function of a letter that grows without bound.
    pub fn seen_far_out<T>(
        &mut self,
        (function, letter): (Expr, Expr),
        reach: Reach,
        known: &Known,
        see: impl FnOnce(&mut Tails<'_>, &Tail) -> Option<T>,
    ) -> Option<T> {
        let mut ground = Ground { prover: self, known };
        let mut tails = Tails::new(&mut ground, reach);
        let tail = tails.expand(function, letter)?;
        see(&mut tails, &tail)
    }
}

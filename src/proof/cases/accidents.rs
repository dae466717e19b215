//! Sizes at which arguments of functions are equal by accident.
//!
//! The values of a function are unknowns that are told apart by its arguments. Two arguments which hold sizes as numbers may
//! be one at some size and not at others, as n and 2 are: no more often than the degree allows in which sizes stand in
//! their difference. The sides times all such differences are a polynomial of so much higher a degree, which is 0 only if
//! the sides are equal. Roots are told apart by what stands below them, and functions have values that are known at 0 or 1.

use std::collections::BTreeMap;

use crate::expr::Expr;
use crate::proof::cases::survey::Survey;

/// What is told apart by its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Called {
    Root,
    Function,
}

/// The arguments of roots and functions, with the degree in which sizes stand in each.
pub(super) type Arguments = BTreeMap<Called, BTreeMap<Expr, u64>>;

impl Survey<'_> {
    /// Notes an argument in which sizes stand in some degree, and says whether it is a new one.
    pub fn note(&mut self, called: Called, arg: Expr, counts: u64) -> bool {
        let known = self.called.entry(called).or_default();
        let is_new = !known.contains_key(&arg);
        let known = known.entry(arg).or_default();
        *known = counts.max(*known);
        is_new
    }

    /// In which degree sizes stand in the product of all differences that may be 0 by accident.
    pub fn accidents(&self) -> u64 {
        let of_each = self.called.iter().map(|(called, args)| {
            let counts: Vec<u64> = match called {
                Called::Root => args.values().copied().collect(),
                Called::Function => args.values().copied().chain([0]).collect(),
            };
            // Each stands in one difference with each, and in one with itself at other indices.
            (counts.len() as u64 + 1).saturating_mul(counts.iter().sum())
        });
        of_each.sum()
    }
}

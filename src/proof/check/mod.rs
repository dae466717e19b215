//! The checker: proofs confirmed by means that share nothing with the search for them.
//!
//! It imports no finder: no algebra, no calculus, no bounds. [`cases`] confirms equalities from the definitions alone, by
//! the finitely many cases that decide all others ([`need`] counts them).
//!
//! Statements of order come with [`evidence`]: a tree of sequents, each with a reason from a closed list. [`replay`] goes
//! through it from the root and verifies that the premises of every reason imply its conclusion. What it knows by itself is
//! little: identities of rational functions by residues ([`residues`], [`slopes`]), signs of polynomials by certificates
//! ([`certificate`]), ranges of values by their structure ([`extent`]), differences of integers by shortest paths
//! ([`integers`]).
//!
//! To add a reason: a variant of [`evidence::Reason`], its function in [`replay`] or [`steps`], evidence that is accepted
//! and evidence that is refused in `order_tests.rs`.

mod cases;
mod certificate;
mod definitions;
mod evidence;
mod extent;
mod extremes;
mod families;
mod functions;
mod hypotheses;
mod integers;
mod laws;
mod need;
mod nodes;
mod numbers;
mod places;
mod products;
mod readings;
mod replay;
mod residues;
mod slopes;
mod steps;
mod survey;

use std::fmt;

pub(super) use cases::equality;
pub(super) use certificate::{Certificate, Fact, Goal, Question, Region, Rule, has_sign_by_terms};
pub(super) use evidence::{Evidence, Factor, Given, Item, Opening, Reading, Reason, Relation, Sign};
pub(super) use extent::{of_call, of_root};
pub(super) use numbers::{BITS, of_call_on, power};
pub use replay::Objection;
pub(super) use replay::replay;

/// Why the checker does not confirm a proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It holds something of which the checker has no theorem.
    Outside(&'static str),
    /// It would take too many cases or too much work.
    TooLarge(&'static str),
    /// A side has no value in the field of the unknowns, or where a case demands one.
    NoValue,
    /// The sides differ at a case, in unknowns that no assumption binds.
    Differs(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Outside(what) => write!(f, "it has no theorem for {what}"),
            Refusal::TooLarge(why) => f.write_str(why),
            Refusal::NoValue => f.write_str("a side has no value without the order of numbers"),
            Refusal::Differs(case) if case.is_empty() => f.write_str("the sides differ without the assumptions"),
            Refusal::Differs(case) => write!(f, "the sides differ at {case} without the assumptions"),
        }
    }
}

#[cfg(test)]
mod order_tests;

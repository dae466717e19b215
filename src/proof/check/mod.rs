//! The checker: proofs confirmed by means that share nothing with the search for them.
//!
//! It imports no finder: no algebra, no calculus, no bounds. [`cases`] confirms equalities from the definitions alone, by
//! the finitely many cases that decide all others ([`need`] counts them).

mod cases;
mod families;
mod need;
mod nodes;
mod places;
mod survey;

use std::fmt;

pub(super) use cases::equality;

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

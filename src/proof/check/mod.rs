//! The checker: replays evidence, and imports no finder.
//!
//! Statements of order are [`evidence`]: a tree of sequents, each with a reason from a closed list. [`replay`] goes through
//! it from the root and verifies that the premises of every reason imply its conclusion. What it knows by itself is little:
//! identities of rational functions by residues ([`residues`]), signs of polynomials by certificates ([`certificate`]),
//! ranges of values by their structure ([`extent`]), differences of integers by shortest paths ([`integers`]).
//!
//! To add a reason: a variant of [`evidence::Reason`], its function in [`replay`], evidence that is accepted and evidence
//! that is refused in `order_tests.rs`.

mod certificate;
mod evidence;
mod extent;
mod hypotheses;
mod integers;
mod numbers;
mod readings;
mod replay;
mod residues;

pub(super) use certificate::{Certificate, Fact, Goal, Question, Region, Rule, has_sign_by_terms};
pub(super) use evidence::{Evidence, Factor, Given, Item, Opening, Reading, Reason, Relation, Sign};
pub(super) use extent::{of_call, of_root};
pub(super) use numbers::{BITS, of_call_on, power};
pub use replay::Refusal;
pub(super) use replay::replay;

//! The checker: proofs confirmed by means that share nothing with the search for them.
//!
//! It imports no finder: no algebra, no calculus, no bounds. Equalities have a checker of their own, [`super::cases`], which
//! is asked here, too, where a side of an order is worked out.
//!
//! Statements of order come with [`evidence`]: a tree of sequents, each with a reason from a closed list. [`replay`] goes
//! through it from the root and verifies that the premises of every reason imply its conclusion. What it knows by itself is
//! little: identities of rational functions by residues ([`residues`], [`slopes`]), signs of polynomials by certificates
//! ([`certificate`]), ranges of values by their structure ([`extent`]), differences of integers by shortest paths
//! ([`integers`]), vectors and matrices by their entries ([`entries`], [`tensors`], [`jacobians`]), how sizes and sums are
//! made of those of their parts ([`norms`], [`sums`]), and functions of one letter: values on intervals ([`curve`],
//! [`line`]), growth far out ([`tail`], [`far`], [`scale`]), and with it limits ([`limits`], [`sequences`]).
//!
//! Intervals and growth are worked out and not searched for, so the finders ask for them here.
//!
//! To add a reason: a variant of [`evidence::Reason`], its function in [`replay`], [`steps`] or a file of its own, evidence
//! that is accepted and evidence that is refused in `order_tests.rs`, `size_tests.rs` or `line_tests.rs`.

mod certificate;
mod convexity;
mod curve;
mod definitions;
mod entries;
mod equalities;
mod evidence;
mod extent;
mod extremes;
mod far;
mod functions;
mod hypotheses;
mod integers;
mod jacobians;
mod laws;
mod limits;
mod line;
mod norms;
mod numbers;
mod products;
mod readings;
mod replay;
mod residues;
mod scale;
mod sequences;
mod slopes;
mod steps;
mod sums;
mod tail;
mod tensors;

pub(super) use certificate::{Certificate, Fact, Goal, Question, Region, Rule, has_sign_by_terms};
pub(super) use curve::{Curve, Search, branches as smooth_branches, constant, positive, slope};
pub(super) use evidence::{
    Composition, Evidence, Factor, Given, Item, Opening, Reading, Reason, Relation, Sign, Telescope,
};
pub(super) use extent::{of_call, of_root, ranges_of_claim};
pub(super) use numbers::BITS;
pub use replay::Objection;
pub(super) use replay::replay;
pub(super) use tail::{Constants, Reach, Tail, Tails};

#[cfg(test)]
mod line_tests;
#[cfg(test)]
mod order_tests;
#[cfg(test)]
mod size_tests;

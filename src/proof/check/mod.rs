//! The checker: proofs confirmed by means that share nothing with the search for them.
//!
//! It imports no finder: no algebra, no calculus, no bounds. Statements of order come with [`evidence`]: a tree of sequents,
//! each with a reason from a closed list, and no reason accepts anything by itself. In this order it is read; in brackets the
//! lines of each part:
//!
//! 1. The kernel [800], which must be trusted for the logic and can be read in one sitting. [`replay`]: the premises of a
//!    step are what its reason asks for, and hold; what rests on no premise. [`logic`]: what the form of a statement asks
//!    for, cases, orders that meet, parts that are replaced, induction. [`hypotheses`]: what is supposed where.
//! 2. Its vocabulary [1370]. [`evidence`]: what reasons there are. [`laws`]: the table of laws `premises ⊢ conclusion`, in the
//!    [`notation`] of the field. Of what is given: laws at values of their letters ([`instances`]), differences of integers
//!    by shortest paths ([`integers`]), definitions ([`definitions`]).
//! 3. Theories, each with one door and one theorem.
//!    - [`equalities`] [70]: two expressions are one, by one of three: [`identities`] [1930] at random [`points`] of prime
//!      fields, but for a chance below 2⁻⁶⁰ ([`residues`], [`functions`], [`products`], [`slopes`], [`entries`],
//!      [`tensors`]); [`jacobians`] [70] entry by entry; or all cases that decide it ([`super::cases`]). A random point knows
//!      norms, extreme values and powers with any exponent as unknowns, which a case does not; a case knows laws and
//!      lengths that a point does not.
//!    - [`extent`] [120]: a range holds every value of an expression. [`defined`] [230]: an expression has a value wherever
//!      others have.
//!    - [`readings`] [380]: a difference of sides is a quotient of polynomials whose sign is certified.
//!    - [`norms`], [`sums`], [`convexity`] [440]: the size of what is composed is bounded by the sizes of its parts.
//!    - [`line`], [`extremes`], [`limits`], [`sequences`] [660]: functions of one letter, on intervals and far out.
//!
//! Certificates for polynomials stand in `number`, functions of one real letter in [`super::reals`]: finders ask there, too.
//!
//! To add a reason: if it is a law between relations, a row of [`laws`], which is tried at numbers and replayed by the tests
//! as it is; else a variant of [`evidence::Reason`], its function in one of the theories, and in the tests evidence that is
//! accepted and evidence that is refused.

mod convexity;
mod defined;
mod definitions;
mod entries;
mod equalities;
mod evidence;
mod extent;
mod extremes;
mod functions;
mod hypotheses;
mod identities;
mod instances;
mod integers;
mod jacobians;
mod laws;
mod limits;
mod line;
mod logic;
mod norms;
mod notation;
mod points;
mod products;
mod readings;
mod replay;
mod residues;
mod sequences;
mod slopes;
mod sums;
mod tensors;

pub(super) use evidence::{Composition, Evidence, Factor, Given, Item, Opening, Reading, Reason, Relation, Sign, Span};
pub(super) use extent::ranges_of_claim;
pub(super) use instances::{Universal, bound_letter, exists_anyway};
pub(super) use laws::Law;
pub use replay::Objection;
pub(super) use replay::replay;

#[cfg(test)]
mod hole_tests;
#[cfg(test)]
mod law_tests;
#[cfg(test)]
mod line_tests;
#[cfg(test)]
mod logic_tests;
#[cfg(test)]
mod order_tests;
#[cfg(test)]
mod size_tests;
#[cfg(test)]
mod stage;

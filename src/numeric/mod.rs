//! The numeric witnesses: expressions and their derivatives as numbers, without any algebra.
//!
//! This room shares no code with the symbolic side, so that agreement with it means something. [`evaluate`] works
//! over any [`Field`]: [`Floats`] suggest, [`Rationals`] decide, [`Enclosures`] enclose, [`Unknowns`] test
//! identities with arbitrary functions in them, a [`Likeness`] those with elementary ones,
//! [`Quotients`] decide for all values of one letter at once. Derivatives are taken by moving what they are taken by
//! through an infinitesimal (forward); [`gradient`] reads a record of all operations backwards instead, a second
//! witness; a [`Tape`] is that record compiled, for networks as they are used, in floating point only.
//!
//! An [`Assignment`] gives every given a value; what is defined follows from the definitions of the model. A point
//! where something is undefined is an [`Error::Undefined`], never a number.
//!
//! To add a field: implement [`Field`]. To add a node kind: its arm in `nodes.rs`.

mod adjoints;
mod assignment;
mod bent;
mod blank;
mod curved;
mod derivative;
mod enclosures;
mod entrywise;
mod error;
mod evaluate;
mod field;
mod floats;
mod index;
mod jet;
mod key;
mod likeness;
mod linear;
mod members;
mod nodes;
mod quotients;
mod rationals;
mod reverse;
#[cfg(test)]
mod sample;
mod scope;
mod series;
mod slopes;
mod spectral;
mod tangents;
mod tape;
mod unknowns;
mod unrolled;
mod value;
mod witness;

pub use adjoints::{WorkedOut, evaluate_on_graph};
pub use assignment::{Assignment, Fallback, Style};
pub use bent::Bent;
pub use curved::{Curve, Curved};
pub use enclosures::Enclosures;
pub use error::Error;
pub use evaluate::{Evaluation, Givens, evaluate, evaluate_all, evaluate_with, evaluate_within, holds};
pub use field::Field;
pub use floats::{Floats, singular_values};
pub use likeness::{Laws, Likeness, Primes, Roots};
pub use quotients::{Quotients, Unknown};
pub use rationals::Rationals;
pub use reverse::{gradient, gradient_along};
pub use tangents::evaluate_along;
pub use tape::Tape;
pub use unknowns::Unknowns;
pub use value::{Form, Tensor};
pub use witness::{Term, Witness};

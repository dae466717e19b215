//! Polynomials with rational coefficients; those in one unknown are decided exactly.
//!
//! Roots are counted by Sturm's theorem and kept as isolating intervals, so the sign of a polynomial on a range, and
//! where it is zero, is a matter of integers: nothing is rounded. Signs of those in several unknowns are reduced to that by
//! a [`Certificate`].

mod certificate;
mod coefficients;
mod multi;
mod narrow;
mod range;
mod root;
mod sign;
mod sturm;
mod supremum;

pub use certificate::{Certificate, Fact, Goal, Question, Region, Rule, has_sign_by_terms};
pub use coefficients::Polynomial;
pub use multi::{Monomial, Multi};
pub use range::{End, Range};
pub use root::Root;
pub use sign::Sign;
pub use supremum::{Peak, Supremum};

//! Numbers that can be trusted.
//!
//! Exact first: a [`Rational`] decides, an [`Interval`] encloses, a float only suggests. A [`modular::Field`] decides
//! identities but for a stated chance of error, and a [`polynomial::Polynomial`] of one unknown is decided exactly.
//! This room knows no symbolic mathematics and imports no other room. Everything is deterministic: chance comes from
//! [`Random`], whose seed the caller keeps.
//!
//! What an elementary function needs of this room is its enclosure in `enclose`, and its value in [`float`] where `f64` has
//! no method for it.

mod arithmetic;
mod decimal;
mod dyadic;
mod enclose;
pub mod float;
mod interval;
pub mod modular;
pub mod polynomial;
mod random;
pub mod range;
pub mod rational;

pub use interval::Interval;
pub use random::Random;

/// An integer of any size.
pub type Integer = dashu_int::IBig;

/// An exact fraction in lowest terms with a positive denominator. What it cannot do by itself is in [`rational`].
pub type Rational = dashu_ratio::RBig;

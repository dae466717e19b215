//! Numbers that can be trusted.
//!
//! Exact first: a [`Rational`] decides, an interval encloses, a float only suggests. This room knows no symbolic
//! mathematics and imports no other room. Everything is deterministic: chance comes from [`Random`], whose seed
//! the caller keeps.

mod arithmetic;
mod dyadic;
mod interval;
pub mod modular;
mod random;
pub mod rational;

pub use interval::Interval;
pub use random::Random;

/// An integer of any size.
pub type Integer = dashu_int::IBig;

/// An exact fraction in lowest terms with a positive denominator. What it cannot do by itself is in [`rational`].
pub type Rational = dashu_ratio::RBig;

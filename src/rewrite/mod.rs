//! Algebra: entries of tensors, the chain rule over one expression, and the sum-product form that decides equality.

pub mod domain;
pub mod entries;
pub mod form;
pub mod linear;
pub mod ordered;
pub mod relation;
pub mod slope;
pub mod term;

mod adjacent;
mod big;
mod combine;
mod determinants;
mod functions;
mod holes;
mod law;
mod letters;
mod naming;
mod power;
mod sign;
mod written;

pub use domain::Domain;
pub use form::Normalizer;
pub use law::Law;
pub use linear::Linear;
pub use sign::Positive;
pub use term::{Form, KnownSum, Refusal, Term};

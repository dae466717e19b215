//! Algebra: entries of tensors, the chain rule over one expression, and the sum-product form that decides equality.

pub mod combine;
pub mod domain;
pub mod entries;
pub mod form;
pub mod linear;
pub mod slope;

pub use domain::Domain;
pub use form::{Form, KnownSum, Normalizer, Refusal, Term};
pub use linear::Linear;

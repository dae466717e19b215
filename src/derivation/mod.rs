//! A document as a whole: read, understood, decided, reported.

mod document;

pub use document::{ClaimBlock, DeriveBlock, Derived, Document, Formulas, Item, Loader, Relation, derived, labels};

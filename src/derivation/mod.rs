//! A document as a whole: read, understood, decided, reported.

mod document;

pub use document::{ClaimBlock, Document, Formulas, Item, Loader, Relation};

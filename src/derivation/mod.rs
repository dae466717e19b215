//! A document as a whole: read, understood, decided, reported.

mod census;
mod display;
mod document;
mod layouts;
mod lost;
mod memory;
mod question;
mod remarks;
mod repairs;
mod report;
mod rounding;
mod sketch;
mod understood;
mod written;

pub use display::{Class, Shown, decide_shown};
pub use document::{ClaimBlock, DeriveBlock, Derived, Document, Formulas, Item, Loader, Relation, derived, labels};
pub use memory::{Answers, Decider, fingerprint};
pub use report::{ClaimEntry, CounterexampleEntry, Coverage, DiagnosticEntry, Report, Require, Summary};
pub use sketch::sketch;
pub use written::{Written, relations_as_written};

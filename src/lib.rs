//! Derivations that are checked: reads Markdown with LaTeX, derives, proves or refutes, renders a book.
#![allow(missing_docs, reason = "rooms are being furnished")]
#[cfg(feature = "book")]
pub mod book;
pub mod calculus;
pub mod cli;
pub mod derivation;
pub mod expr;
pub mod figure;
pub mod lower;
pub mod model;
pub mod number;
pub mod numeric;
pub mod print;
pub mod proof;
pub mod render;
pub mod rewrite;
pub mod source;
pub mod syntax;

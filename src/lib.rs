//! Derivations that are checked: reads Markdown with LaTeX, derives, proves or refutes, renders a book.
#![allow(missing_docs, reason = "rooms are being furnished")]
#[cfg(feature = "book")]
pub mod book;
pub mod cli;
pub mod render;
pub mod source;
pub mod syntax;

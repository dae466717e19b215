//! Text, places in it, and the problems found there.
//!
//! The ground floor: it knows no mathematics. A [`Source`] is one file's text; a [`Span`] is a range of its
//! bytes; a [`Diagnostic`] is one problem with a code, a message that stands alone, a place and a hint.
//! Each room builds its own diagnostics next to the check that finds them. [`glyph`] knows which character a command
//! of LaTeX stands for.

mod diagnostic;
pub mod glyph;
mod text;

pub use diagnostic::{Diagnostic, Severity};
pub use text::{LineColumn, Source, Span};

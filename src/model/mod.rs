//! Definitions and their graph: what a derivation declares, defines and assumes. Pure data.
//!
//! A [`Model`] is what `given` and `define` fences leave behind: declarations by symbol, definitions (of families,
//! recurrences with their base cases, tensors by components), bodies of functions, and assumptions.
//! `calculus`, `numeric` and the figures read it; nothing here computes.

mod circles;
mod definitions;
mod graph;

pub use circles::Circles;
pub(crate) use circles::{Edges, connected_parts};
pub use definitions::{Argument, Declaration, Definition, FunctionBody, Layout, Model, Signature};
pub use graph::Dependency;

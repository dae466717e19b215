//! Meaning: a hash-consed arena of expressions.
//!
//! An [`Expr`] is a `u32`. Equal meaning up to the order of operands, the names of bound indices and exact
//! constants is an equal id; children have smaller ids than parents, so a bottom-up pass is a loop over sorted
//! ids and never recursion. Only the constructors of [`Arena`] make nodes, and they do only what no reader wants
//! to see: flatten, sort, fold exact constants, drop 0 and 1. All other algebra lives in `rewrite`.
//!
//! To add a node kind: a variant of [`Node`], its arm in `walk.rs`, its constructor in `build.rs` or beside it; the compiler
//! names the verbs of the other rooms that must learn it, and what only asks for some kinds takes it for none of them.
//! To add an elementary function: see `elementary`.

mod arena;
mod binders;
mod build;
mod elementary;
mod marks;
mod node;
mod prop;
mod shape;
mod small_map;
mod symbol;
mod table;
mod template;
mod tensors;
mod walk;
mod whole;

pub use arena::{Arena, Expr};
pub use elementary::{Bend, Case, DefinedOn, Elementary, Nature, Row, SlopeLaw};
pub use node::{Big, Branch, DerivativeKind, Extremum, Function, Node, Slot, Tensor};
pub use prop::{Comparison, Equation, Prop};
pub use shape::Shape;
pub use small_map::SmallMap;
pub use symbol::{SymbolId, SymbolKind};
pub use table::Mixing;
pub use template::Template;
pub use walk::Substitution;

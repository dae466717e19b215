//! The one bridge from the tree as written to meaning.
//!
//! A [`Reader`] holds the arena, the model and the names of one derivation. `given` fences add declarations and
//! assumptions, `define` fences add definitions, claims become [`Statement`]s. Which scripts belong to a name is
//! decided by the declarations and by how the file uses them: see [`names::Usage`].

mod define;
mod derivative;
mod expression;
mod given;
pub mod names;
mod product;
mod reader;
mod statement;

pub use names::{Names, Usage};
pub use reader::{Reader, Statement};

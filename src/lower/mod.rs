//! The one bridge from the tree as written to meaning.
//!
//! A [`Reader`] holds the arena, the model and the names of one derivation. `given` fences add declarations and
//! assumptions, `define` fences add definitions, claims become [`Statement`]s. Which scripts belong to a name is
//! decided by the declarations and by how the file uses them: see [`names::Usage`].

mod reader;

pub mod names;

mod circle;
mod conditions;
mod contradiction;
mod define;
mod given;
mod statement;
mod stuck;

mod expression;

mod ambiguity;
mod big;
mod bound;
mod call;
mod derivative;
mod digits;
mod ellipsis;
mod endless;
mod inline;
mod joined;
mod limit;
mod pairs;
mod path;
mod prelude;
mod product;
mod reach;
mod shared;
mod sized;
mod symbol;
mod written;

pub use joined::{with_joined_declarations, with_joined_head};
pub use names::{Names, Usage};
pub use reader::{Reader, Statement};

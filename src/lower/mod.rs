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
mod apart;
mod aside;
mod at_point;
mod beside;
mod big;
mod bound;
mod built;
mod by_entries;
mod call;
mod counted;
mod counting;
mod derivative;
mod digits;
mod ellipsis;
mod endless;
mod entries;
mod entrywise;
mod fit;
mod hidden;
mod implied;
mod inline;
mod joined;
mod last_side;
mod lifted;
mod limit;
mod listed;
mod meant;
mod natural;
mod overlap;
mod pairs;
mod part_of_reals;
mod path;
mod prelude;
mod primed;
mod product;
mod quantified;
mod reach;
mod recursion;
mod respelled;
mod rows;
mod sets;
mod shared;
mod sized;
mod starts;
mod superscript;
mod symbol;
mod vanishing;
mod where_clauses;
mod written;

pub use beside::{with_assumptions_apart, with_definitions_apart};
pub use call::{is_known_by_name, is_known_function};
pub use given::turn_in_given;
pub use joined::{with_joined_declarations, with_joined_head};
pub use listed::with_listed_families;
pub use names::{Names, Usage};
pub use reader::{Reader, Statement};
pub use respelled::{
    functions_declared, primed_letters_bound, primed_name_defined, primed_names_declared, with_flat_head,
    with_one_superscript, with_primed_names,
};

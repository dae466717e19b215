//! Reading: a page into its fences, and LaTeX formulas into a tree as written.
//!
//! [`read_page`] takes a Markdown file apart into prose, `math` fences with their roles and labels, and display
//! formulas; concatenated, they are the file. [`parse_formulas`] reads what stands in a fence. On its way LaTeX becomes
//! tokens (`token`, with `arguments` and `macros`), which `tidy` brings into one spelling; `alignment` and `rows` make
//! formulas of rows; `conditions` tells statements from conditions; and `parse` makes trees of both, one level of
//! binding after the other (`levels`, `operand`).
//!
//! Invariants: every byte that was read is in the span of some part or was layout; spans are bytes of the file, and
//! what a macro made has the span of its call; nothing needs a declaration here, so nothing is guessed (whether `f(x)`
//! is a call is decided by the room that knows `f`); what cannot be read is `Kind::Error` and has a diagnostic; no input
//! panics, exhausts the stack, or takes more than about linear time.
//!
//! To teach a command, add it to the table in `commands`, a relation sign to the one in `relations`; to teach a word that opens a condition, add it to `words`; to
//! teach a Unicode character, add it to `unicode`. Then add a row to a table in `tests/suite/reading`.

pub mod ast;

mod page;

mod fence;
mod front;

mod parse;

mod token;

mod arguments;
mod commands;
mod lexeme;
mod macros;
mod relations;
mod unicode;

mod tidy;

mod brackets;

mod adjectives;
mod alignment;
mod beside;
mod conditions;
mod premise;
mod ranges;
mod rows;
mod words;

mod cursor;
mod levels;

mod bars;
mod digits;
mod divisions;
mod enclosed;
mod environment;
mod letters;
mod lists;
mod operand;
mod scripts;
mod shape;

mod text;

mod look_alikes;
mod nearest;
mod problems;

pub use fence::{Expected, Fence, Form, Label, Role};
pub use front::{Display, FrontMatter, Layout};
pub use look_alikes::without_look_alikes;
pub use macros::Macros;
pub use nearest::nearest;
pub use page::{Block, Page, read_page};
pub use parse::{parse_expression, parse_formulas};
pub(crate) use ranges::{indices_of, ranges};
pub use text::sexpr;
pub use words::is_remark;

//! Reading: a page into its fences, and LaTeX formulas into a tree as written.

mod arguments;
pub mod ast;
mod bars;
mod brackets;
mod commands;
mod conditions;
mod digits;
mod enclosed;
mod environment;
mod fence;
mod front;
mod letters;
mod lists;
mod macros;
mod nearest;
mod operand;
mod page;
mod parse;
mod problems;
mod rows;
mod text;
mod tidy;
mod token;
mod unicode;
mod words;

pub use fence::{Expected, Fence, Form, Label, Role};
pub use front::{FrontMatter, Layout};
pub use nearest::nearest;
pub use page::{Block, Page, read_page};
pub use parse::{parse_expression, parse_formulas};
pub use text::sexpr;

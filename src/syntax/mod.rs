//! Reading: a page into its fences, and LaTeX formulas into a tree as written.

pub mod ast;
mod fence;
mod front;
mod nearest;
mod page;

pub use fence::{Expected, Fence, Form, Label, Role};
pub use front::{FrontMatter, Layout};
pub use page::{Block, Page, read_page};

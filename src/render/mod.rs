//! Pages: plain data in, Markdown and LaTeX out, through templates that a project may replace.
//!
//! [`page`] and [`ledger`] say what a page holds; [`Templates`] writes it. Templates place things: they hold `for`,
//! `if` and includes, no arithmetic. To add a kind of part, add a variant to [`page::Part`] and one template to each
//! folder under `templates/`.

mod filters;
pub mod formula;
pub mod ledger;
pub mod page;
mod problem;
pub mod prose_latex;
mod templates;
mod tidy;

pub use problem::Problem;
pub use templates::LatexBook;
pub use templates::Templates;

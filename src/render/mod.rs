//! Pages: plain data in, Markdown and LaTeX out, through templates that a project may replace.
//!
//! [`page`] and [`ledger`] say what a page holds; [`Templates`] writes it. Templates place things: they hold `for`,
//! `if` and includes, no arithmetic. To add a kind of part, add a variant to [`page::Part`] and one template to each
//! folder under `templates/`.

mod activations;
mod back_matter;
mod chapter;
mod claim;
mod counterexample;
mod derived;
mod figures;
mod filters;
pub mod formula;
pub mod ledger;
mod numbers;
pub mod page;
mod pages;
mod problem;
mod prose;
pub mod prose_latex;
mod rules;
mod slopes;
mod source_latex;
mod summary;
mod templates;
mod tidy;
mod words;

pub use chapter::Chapter;
pub use chapter::Rendered;
pub use chapter::chapters;
pub use chapter::slug;
pub use counterexample::MOST_SYMBOLS;
pub use numbers::dead_references;
pub use pages::Pages;
pub use pages::Written;
pub use pages::folder;
pub use pages::pages;
pub use problem::Problem;
pub use summary::ContentsEntry;
pub use summary::Summary;
pub use summary::SummaryPart;
pub use templates::LatexBook;
pub use templates::Templates;

//! Derivations that are checked: reads Markdown with LaTeX formulas, derives gradients step by step, proves or
//! refutes every formula, and renders a book in which each of them carries its verdict.
//!
//! # Where to start
//!
//! With [`derivation`]: [`derivation::Document::load`] reads a file, [`derivation::Document::decide`] gives every
//! claim a verdict, [`derivation::Report`] says what came of it. Everything below serves these three, everything
//! above shows what they found. `chainrule verify` is the same in one command.
//!
//! # The rooms
//!
//! A folder is a room. A room imports rooms on lower floors only, and `tests/it/tidy.rs` holds it to that.
//!
//! | floor | room | what it is for |
//! | --- | --- | --- |
//! | 8 | [`cli`] | the command line, and the only room with effects: files, terminal, threads, clock |
//! | 7 | `book` | the mdBook, built in process (feature `book`) |
//! | 6 | [`render`] | pages of a derivation through templates: chapters, the ledger, figures |
//! | 5 | [`derivation`] | a document as a whole: its claims in order, their verdicts, the report |
//! | 4 | [`proof`] | from a claim to a verdict with its evidence, or to a counterexample |
//! | 3 | [`lower`] | from writing to meaning: the one bridge between the two trees |
//! | 3 | [`calculus`] | derivatives along the graph of definitions, with their steps |
//! | 3 | [`numeric`] | the witnesses: values and gradients without any algebra |
//! | 2 | [`syntax`] | reading: Markdown, fences, LaTeX, each with its place in the file |
//! | 2 | [`print`](mod@print) | notation: LaTeX, MathML and text from one layout |
//! | 2 | [`rewrite`] | algebra: normal forms and named rules with their conditions |
//! | 2 | [`model`] | definitions and their graph, as plain data |
//! | 1 | [`expr`] | meaning: an arena in which equal expressions are stored once |
//! | 1 | [`figure`] | drawing: plain shapes in, SVG out |
//! | 0 | [`source`] | text, places in it, and problems at them |
//! | 0 | [`number`] | numbers that can be trusted: rationals, residues, enclosures, polynomials |
//!
//! # What is deliberately absent
//!
//! - A computer algebra system. There is no `simplify` and no `solve` that an author calls: a formula stays as its author wrote it, and
//!   algebra happens only where a verdict needs it.
//! - Floating point in a verdict. Rationals decide, intervals enclose, floats only suggest where to look.
//! - A second way in for authors. There is no macro and no builder of formulas: what is claimed stands in a page.
//! - Search without bounds. Effort is counted in steps, so that a verdict is the same on every machine.
#[cfg(feature = "book")]
pub mod book;
pub mod calculus;
pub mod cli;
pub mod derivation;
pub mod expr;
pub mod figure;
pub mod lower;
pub mod model;
pub mod number;
pub mod numeric;
pub mod print;
pub mod proof;
pub mod render;
pub mod rewrite;
pub mod source;
pub mod syntax;

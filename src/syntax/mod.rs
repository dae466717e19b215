//! Reading: a page into its fences, and LaTeX formulas into a tree as written.

pub mod ast;

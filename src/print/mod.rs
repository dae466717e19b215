//! Notation: an expression is laid out once, and LaTeX, text and MathML are small writers of the layout.
//!
//! The layout decides everything a reader sees: subtraction and division, the order of terms and factors,
//! parentheses, roots, letters for bound indices. It is a [`Tree`] of [`Part`]s, shared like the expression it shows,
//! made bottom-up without recursion. The writers only spell it. LaTeX reads back to an equal expression.
//!
//! Conventions: numbers first, then parameters, families, calls, derivatives in the order of the chain rule, sums in
//! parentheses, big sums last. Equal factors stand as a power. A name that holds `\cdot` takes an index in its place;
//! other indices go below. Every writer stops at [`LIMIT`] bytes and shows dots for the rest.
//!
//! To add an output: one writer over [`Part`]. To add a node kind: its arm in `layout.rs`.

mod call;
mod chain;
mod derivative;
mod glyph;
mod indices;
mod latex;
mod layout;
mod letters;
mod mathml;
mod matrix;
mod measure;
mod name;
mod operator;
mod order;
mod power;
mod scope;
mod sign;
mod statement;
mod sum;
mod text;
mod tree;

#[cfg(test)]
mod tests;

pub use name::is_command;
pub use sign::Sign;
pub use tree::{Fence, Level, Operator, Part, PartId, Tree};

use crate::expr::{Arena, Expr, Prop};
use layout::Layout;

/// The length in bytes at which a writer begins to leave out.
pub const LIMIT: usize = 1 << 20;

/// An expression as LaTeX.
pub fn latex(arena: &Arena, expr: Expr) -> String {
    Tree::of(arena, expr, &[]).latex()
}

/// An expression on one line of text.
pub fn text(arena: &Arena, expr: Expr) -> String {
    Tree::of(arena, expr, &[]).text()
}

/// An expression as a MathML element.
pub fn mathml(arena: &Arena, expr: Expr) -> String {
    Tree::of(arena, expr, &[]).mathml()
}

impl Tree {
    /// The layout of an expression. Bound indices take letters from `hints` first, the outermost the first.
    pub fn of(arena: &Arena, expr: Expr, hints: &[&str]) -> Tree {
        let mut layout = Layout::of(arena, &[expr], hints);
        let root = layout.root(expr);
        layout.tree.with_root(root)
    }

    /// The layout of a statement.
    pub fn of_prop(arena: &Arena, prop: &Prop, hints: &[&str]) -> Tree {
        Tree::of_claim(arena, prop, &[], hints)
    }

    /// The layout of a statement and the conditions under which it is made, after `if`.
    pub fn of_claim(arena: &Arena, prop: &Prop, conditions: &[Prop], hints: &[&str]) -> Tree {
        let roots: Vec<Expr> = [prop].into_iter().chain(conditions).flat_map(Prop::expressions).collect();
        let mut layout = Layout::of(arena, &roots, hints);
        let root = layout.claim(prop, conditions);
        layout.tree.with_root(root)
    }

    /// The layout of conditions between commas; neighbours such as `1 \le t`, `t \le T` become one chain.
    pub fn of_conditions(arena: &Arena, conditions: &[Prop], hints: &[&str]) -> Tree {
        let roots: Vec<Expr> = conditions.iter().flat_map(Prop::expressions).collect();
        let mut layout = Layout::of(arena, &roots, hints);
        let root = layout.conditions(conditions);
        layout.tree.with_root(root)
    }

    /// As LaTeX, cut at [`LIMIT`].
    pub fn latex(&self) -> String {
        self.root().map(|root| latex::write(self, root, LIMIT)).unwrap_or_default()
    }

    /// On one line of text, cut at [`LIMIT`].
    pub fn text(&self) -> String {
        self.root().map(|root| text::write(self, root, LIMIT)).unwrap_or_default()
    }

    /// As a MathML element, cut at [`LIMIT`].
    pub fn mathml(&self) -> String {
        self.root().map(|root| mathml::write(self, root, LIMIT)).unwrap_or_default()
    }
}

//! Tensors entry by entry.

use crate::expr::{Arena, Expr, Shape, SymbolKind};
use crate::rewrite::entries::entry;

/// Two sides entry by entry, with fresh letters for the entries and the conditions that they lie in the shape.
pub(in crate::proof) fn sides_by_entry(arena: &mut Arena, left: Expr, right: Expr) -> (Expr, Expr, Vec<(Expr, Expr)>) {
    let shape = match arena.shape(left) {
        Shape::Scalar => arena.shape(right),
        shape => shape,
    };
    let ranges = entry_letters(arena, shape);
    let letters: Vec<Expr> = ranges.iter().map(|&(letter, _)| letter).collect();
    (entry(arena, left, &letters), entry(arena, right, &letters), ranges)
}

/// One expression entry by entry, as in [`sides_by_entry`].
pub(in crate::proof) fn by_entry(arena: &mut Arena, expr: Expr) -> (Expr, Vec<(Expr, Expr)>) {
    let ranges = entry_letters(arena, arena.shape(expr));
    let letters: Vec<Expr> = ranges.iter().map(|&(letter, _)| letter).collect();
    (entry(arena, expr, &letters), ranges)
}

/// A fresh letter for each index of a shape, with the size up to which it runs.
fn entry_letters(arena: &mut Arena, shape: Shape) -> Vec<(Expr, Expr)> {
    let mut letters = Vec::new();
    for (n, size) in shape.sizes().into_iter().enumerate() {
        let symbol = arena.intern(&format!("\u{a7}i{n}"), SymbolKind::Integer);
        letters.push((arena.symbol(symbol), size));
    }
    letters
}

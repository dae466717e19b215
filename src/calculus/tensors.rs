//! Derivatives of what is not opened into entries: inverses and determinants.
//!
//! `d(B^{-1}) = -B^{-1} (dB) B^{-1}` and `d det B = det(B) Tr(B^{-1} dB)`, entry by entry.
//! Source: Magnus & Neudecker (2019), ch. 8.

use crate::expr::{Arena, Big, Expr, Node, Shape, SymbolId, Tensor};

/// What a derivative by the chain rule is made of: `Σ_k Σ_l outer_{kl} d(base_{kl})`.
pub(super) struct Inner {
    /// The entry of the base whose derivative is asked for.
    pub entry: Expr,
    outer: Expr,
    letters: [SymbolId; 2],
    size: Expr,
}

impl Inner {
    /// Opens an entry of an inverse, or a determinant; `None` where no rule is known.
    pub(super) fn of(arena: &mut Arena, leaf: Expr, by: Expr) -> Option<Inner> {
        let base = match arena.node(leaf) {
            Node::Entry { of, .. } => match *arena.node(*of) {
                Node::MatrixPower(base, exponent) if arena.as_integer(exponent) == Some(-1) => base,
                _ => return None,
            },
            Node::Tensor { op: Tensor::Determinant, args } => args[0],
            _ => return None,
        };
        let Shape::Matrix(size, _) = arena.shape(base) else { return None };
        let letters = ["row", "column"].map(|stem| arena.letter_apart(stem, &[leaf, by]));
        let [k, l] = letters.map(|letter| arena.symbol(letter));
        let minus = arena.integer(-1);
        let inverse = arena.matrix_power(base, minus);
        let outer = match arena.node(leaf).clone() {
            Node::Entry { at, .. } => {
                let (left, right) = (arena.entry(inverse, vec![at[0], k]), arena.entry(inverse, vec![l, at[1]]));
                arena.product([minus, left, right])
            }
            _ => {
                let cofactor = arena.entry(inverse, vec![l, k]);
                arena.product([leaf, cofactor])
            }
        };
        let entry = crate::rewrite::entries::entry(arena, base, &[k, l]);
        Some(Inner { entry, outer, letters, size })
    }

    /// The derivative, where that of the entry is `slope`.
    pub(super) fn summed(&self, arena: &mut Arena, slope: Expr) -> Expr {
        let one = arena.one();
        let body = arena.product([self.outer, slope]);
        self.letters.iter().rev().fold(body, |body, &letter| arena.big(Big::Sum, letter, one, self.size, body))
    }
}

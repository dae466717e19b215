//! Vectors and matrices at a point of a prime field: sums of them, and their norms.

use crate::expr::{Elementary, Expr, Node, Substitution, Tensor};
use crate::proof::check::residues::{Found, Leaf, Point, Value};

/// How often definitions are put into each other.
const DEPTH: usize = 20;

impl Point<'_> {
    /// The value of a vector or matrix under a linear function: drawn for each part that is not taken apart, and 1 for
    /// what is 1 in every entry. Sums that agree under it are equal.
    pub(super) fn tensor(&mut self, expr: Expr) -> Found {
        match self.arena.node(expr).clone() {
            Node::Sum(parts) => {
                let mut sum = self.whole(0);
                for &part in parts.iter() {
                    let own = self.value(part)?;
                    sum = self.plus(sum, own);
                }
                Ok(sum)
            }
            Node::Product(parts) => match self.drawn_out(&parts) {
                (scalars, tensor) if !scalars.is_empty() => {
                    let mut product = self.value(tensor)?;
                    for scalar in scalars {
                        let own = self.value(scalar)?;
                        product = self.times(product, own);
                    }
                    Ok(product)
                }
                _ => Ok(self.unopened(expr)),
            },
            Node::Symbol { .. } => match self.helper(expr) {
                Some(body) => self.value(body),
                None => Ok(self.unopened(expr)),
            },
            _ => Ok(self.unopened(expr)),
        }
    }

    /// A norm: absolutely homogeneous, and that of a transpose (Horn & Johnson 2013, 5.6).
    pub(super) fn norm(&mut self, op: Tensor, of: Expr) -> Found {
        let has_mirror = matches!(op, Tensor::Norm | Tensor::NormSpectral | Tensor::SpectralRadius);
        match self.arena.node(of).clone() {
            Node::Product(parts) => {
                let (scalars, tensor) = self.drawn_out(&parts);
                if !scalars.is_empty() {
                    let mut product = self.norm(op, tensor)?;
                    for scalar in scalars {
                        let own = self.arena.apply(Elementary::Abs, scalar);
                        let own = self.value(own)?;
                        product = self.times(product, own);
                    }
                    return Ok(product);
                }
            }
            Node::Transpose(inner) if has_mirror => return self.norm(op, inner),
            Node::Identity(_) if matches!(op, Tensor::NormSpectral | Tensor::SpectralRadius) => {
                return Ok(self.whole(1));
            }
            Node::Symbol { .. } => {
                if let Some(body) = self.helper(of) {
                    return self.norm(op, body);
                }
            }
            _ => {}
        }
        match self.by_entries(op, of) {
            Some(number) => self.value(number),
            None => {
                let norm = self.arena.tensor(op, vec![of]);
                Ok(self.unopened(norm))
            }
        }
    }

    /// The numbers among factors, and the product of the others.
    fn drawn_out(&mut self, parts: &[Expr]) -> (Vec<Expr>, Expr) {
        let (scalars, tensors): (Vec<Expr>, Vec<Expr>) =
            parts.iter().partition(|&&part| self.arena.shape(part).is_scalar());
        (scalars, self.arena.product(tensors))
    }

    /// A leaf for an expression, told by what it is when definitions are put in.
    fn unopened(&mut self, expr: Expr) -> Value {
        let leaf = Leaf::Whole(self.unfolded(expr));
        self.leaf(leaf)
    }

    /// The expression with definitions put in; as it is where derivatives are taken in it.
    fn unfolded(&mut self, mut expr: Expr) -> Expr {
        for _ in 0..DEPTH {
            let parts = self.arena.reachable(&[expr]);
            let is_bound = |part: &Expr| {
                matches!(self.arena.node(*part), Node::Derivative { .. } | Node::At { .. } | Node::Bound(_))
            };
            if parts.iter().any(is_bound) {
                return expr;
            }
            let map: Substitution = parts.into_iter().filter_map(|part| Some((part, self.helper(part)?))).collect();
            if map.is_empty() {
                return expr;
            }
            expr = self.arena.substitute(expr, &map);
        }
        expr
    }
}

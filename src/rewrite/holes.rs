//! Holes: a sum over all but one value of a letter is the whole sum less one term, `Σ_{k<i} + Σ_{k>i} = Σ_k - (k = i)`.
//!
//! The term at i may be set apart while k is still free, and nothing tells then that it belongs to the rest. So no form
//! has holes; the term that fills one is taken off again, and meets its like in the next round. Sound where the term
//! exists at the hole: nothing in it divides by what holds the letter, and every function of it is total.

use crate::expr::{Expr, Function, Node};
use crate::number::Rational;
use crate::rewrite::domain::Domain;
use crate::rewrite::form::Normalizer;
use crate::rewrite::linear::Linear;
use crate::rewrite::term::Factors;

/// More cells than this are left as they are.
const MAX_CELLS: usize = 24;

impl Normalizer<'_> {
    /// Cells of the terms with these factors, without holes in their letters: where a hole was, a cell with its letter
    /// pinned is taken off.
    pub(super) fn without_holes(
        &self,
        cells: Vec<(Rational, Domain)>,
        letters: &[Expr],
        factors: &Factors,
    ) -> Vec<(Rational, Domain)> {
        let mut cells = cells;
        if cells.len() < 2 || cells.len() > MAX_CELLS {
            return cells;
        }
        let letters: Vec<Expr> = letters.iter().copied().filter(|&letter| self.is_total_in(factors, letter)).collect();
        let mut taken_off = Vec::new();
        while let Some((low, high, whole, hole)) = hole(&cells, &letters) {
            let coefficient = cells[low].0.clone();
            cells[low].1 = whole;
            cells.remove(high);
            taken_off.push((-coefficient, hole));
        }
        cells.extend(taken_off);
        cells
    }

    /// Whether the factors have a value for every integer value of a letter, as far as their indices go.
    fn is_total_in(&self, factors: &Factors, letter: Expr) -> bool {
        factors.iter().all(|(&atom, exponent)| {
            let is_positive_power = exponent.as_integer().is_some_and(|n| n > 0);
            let is_known = is_positive_power || exponent.is_constant() && self.is_positive(atom);
            !exponent.parts.contains_key(&letter)
                && (!self.arena.contains(atom, letter) || is_known && self.is_total(atom, letter))
        })
    }

    /// Whether an expression has a value wherever its members do, as far as it holds the letter.
    fn is_total(&self, expr: Expr, letter: Expr) -> bool {
        let mut parts = self.arena.reachable(&[expr]).into_iter();
        parts.all(|part| match self.arena.node(part) {
            Node::Power(base, exponent) => {
                !self.arena.contains(part, letter)
                    || self.is_positive(*base) && Linear::read(self.arena, *exponent).is_some()
                    || self.arena.as_integer(*exponent).is_some_and(|n| n > 0)
            }
            Node::Call { function: Function::Elementary(function), slots, .. } => {
                slots.is_empty() && function.is_total() || !self.arena.contains(part, letter)
            }
            Node::MatrixPower(..) | Node::Limit { .. } | Node::Extremum { .. } | Node::At { .. } | Node::Infinity => {
                !self.arena.contains(part, letter)
            }
            Node::Number(_)
            | Node::Symbol { .. }
            | Node::Sum(_)
            | Node::Product(_)
            | Node::Call { function: Function::Declared { .. }, .. }
            | Node::Big { .. }
            | Node::Cases(_)
            | Node::MatMul(_)
            | Node::Transpose(_)
            | Node::Entry { .. }
            | Node::Literal { .. }
            | Node::Identity(_)
            | Node::Fill(..)
            | Node::Unit(..)
            | Node::Tensor { .. }
            | Node::Derivative { .. }
            | Node::Pi
            | Node::Bound(_) => true,
        })
    }
}

/// Two cells with one coefficient between which one value of a letter is missing: their places, the whole, the hole.
fn hole(cells: &[(Rational, Domain)], letters: &[Expr]) -> Option<(usize, usize, Domain, Domain)> {
    let pairs = (0..cells.len()).flat_map(|low| (0..cells.len()).map(move |high| (low, high)));
    let alike = pairs.filter(|&(low, high)| low != high && cells[low].0 == cells[high].0);
    alike.into_iter().find_map(|(low, high)| {
        letters.iter().find_map(|&letter| {
            let (whole, hole) = cells[low].1.closing(&cells[high].1, letter)?;
            Some((low, high, whole, hole))
        })
    })
}

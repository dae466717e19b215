//! Functions of the entries of a vector or matrix: `\max(u)`, `\max(0, u)`, `\|u\|_3`, `\|A\|_1`.

use crate::expr::{Big, Elementary, Expr, Extremum, Shape};
use crate::lower::reader::Reader;

impl Reader<'_> {
    /// `\max(u, v, …)` or `\min` entry by entry, where numbers stand beside vectors: `a + ReLU(b - a)` is the larger one.
    pub(super) fn extremum_by_entries(&mut self, which: Extremum, args: &[Expr]) -> Expr {
        let mut args = args.iter().copied();
        let first = args.next().unwrap_or_else(|| self.arena.zero());
        args.fold(first, |so_far, next| self.larger_or_smaller(which, so_far, next))
    }

    fn larger_or_smaller(&mut self, which: Extremum, a: Expr, b: Expr) -> Expr {
        let (a, b) = if self.arena.shape(b).is_scalar() { (b, a) } else { (a, b) };
        let beyond = match which {
            Extremum::Supremum => self.arena.subtract(b, a),
            Extremum::Infimum => self.arena.subtract(a, b),
        };
        let beyond = self.arena.apply(Elementary::Relu, beyond);
        match which {
            Extremum::Supremum => self.arena.sum([a, beyond]),
            Extremum::Infimum => self.arena.subtract(a, beyond),
        }
    }

    /// `\max(u)`: the largest entry of a vector of this size, or with `\min` the smallest.
    pub(super) fn extreme_entry(&mut self, which: Extremum, vector: Expr, size: Expr) -> Expr {
        let letter = self.arena.letter_apart("i", &[vector]);
        let i = self.arena.symbol(letter);
        let (one, entry) = (self.arena.one(), self.arena.entry(vector, vec![i]));
        self.arena.extremum(which, letter, Some((one, size)), entry)
    }

    /// `\|u\|_p` for a whole p: the p-th root of the sum of the p-th powers.
    pub(super) fn norm_of_power(&mut self, vector: Expr, size: Expr, power: u8) -> Expr {
        let letter = self.arena.letter_apart("i", &[vector]);
        let i = self.arena.symbol(letter);
        let (one, power) = (self.arena.one(), self.arena.integer(power.into()));
        let entry = self.arena.entry(vector, vec![i]);
        let entry = self.arena.apply(Elementary::Abs, entry);
        let term = self.arena.power(entry, power);
        let sum = self.arena.big(Big::Sum, letter, one, size, term);
        let root = self.arena.reciprocal(power);
        self.arena.power(sum, root)
    }

    /// `\|A\|_1` and `\|A\|_\infty`: the largest sum of absolute values in a column, or in a row.
    pub(super) fn norm_of_lines(&mut self, matrix: Expr, are_columns: bool) -> Option<Expr> {
        let Shape::Matrix(m, n) = self.arena.shape(matrix) else { return None };
        let lines = ["i", "j"].map(|stem| self.arena.letter_apart(stem, &[matrix]));
        let at = lines.map(|letter| self.arena.symbol(letter)).to_vec();
        let one = self.arena.one();
        let entry = self.arena.entry(matrix, at);
        let entry = self.arena.apply(Elementary::Abs, entry);
        let [(within, n_within), (over, n_over)] =
            if are_columns { [(lines[0], m), (lines[1], n)] } else { [(lines[1], n), (lines[0], m)] };
        let sum = self.arena.big(Big::Sum, within, one, n_within, entry);
        Some(self.arena.extremum(Extremum::Supremum, over, Some((one, n_over)), sum))
    }
}

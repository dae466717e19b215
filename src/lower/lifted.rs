//! Vectors that are defined by their entries and are expressions of whole vectors:
//! `h_{t,i} = f(\sum_j W_{ij} h_{t-1,j} + b_i)` is `h_t = f(W h_{t-1} + b)`.
//!
//! Everything that is known of vectors holds of such a definition then. What is more than that, as a softmax written out
//! is, stays defined by its entries.

use crate::expr::{Big, Expr, Node as Meaning, Shape, SymbolId};
use crate::lower::reader::Reader;

impl Reader<'_> {
    /// The vector with `size` entries whose entry at `letter` is `entry`, as an expression of whole vectors. `None` where
    /// it is none.
    pub(super) fn whole_of(&mut self, entry: Expr, letter: SymbolId, size: Expr) -> Option<Expr> {
        let at = self.arena.symbol(letter);
        let whole = self.lifted(entry, at)?;
        (self.arena.shape(whole) == Shape::Vector(size)).then_some(whole)
    }

    /// What has `entry` for its entry at `at`: a vector, or a number where the entry does not change with it.
    fn lifted(&mut self, entry: Expr, at: Expr) -> Option<Expr> {
        if !self.arena.contains(entry, at) {
            return self.arena.shape(entry).is_scalar().then_some(entry);
        }
        match self.arena.node(entry).clone() {
            Meaning::Entry { of, at: indices } if indices[..] == [at] && !self.arena.contains(of, at) => Some(of),
            Meaning::Sum(terms) => {
                let terms = self.lifted_each(&terms, at)?;
                Some(self.arena.sum(terms))
            }
            Meaning::Product(factors) => {
                let factors = self.lifted_each(&factors, at)?;
                Some(self.arena.product(factors))
            }
            Meaning::Power(base, exponent) if !self.arena.contains(exponent, at) => {
                let base = self.lifted(base, at)?;
                Some(self.arena.power(base, exponent))
            }
            Meaning::Call { function, slots, args } if args.len() == 1 => {
                let is_entrywise = slots.iter().all(|slot| slot.entry.is_empty());
                let argument = self.lifted(args[0], at).filter(|_| is_entrywise)?;
                let call = self.arena.call(function, slots.to_vec(), vec![argument]);
                (!self.arena.contains(call, at)).then_some(call)
            }
            Meaning::Big { op: Big::Sum, lower, upper, .. } if self.arena.is_one(lower) => {
                let (letter, body) = self.arena.open(entry, 0)?;
                let bound = self.arena.symbol(letter);
                self.product_with_matrix(body, at, (bound, upper))
            }
            _ => None,
        }
    }

    fn lifted_each(&mut self, parts: &[Expr], at: Expr) -> Option<Vec<Expr>> {
        parts.iter().map(|&part| self.lifted(part, at)).collect()
    }

    /// `\sum_j W_{ij} v_j` as `W v`, `\sum_j W_{ji} v_j` as `W^\top v`.
    fn product_with_matrix(&mut self, term: Expr, row: Expr, (column, upper): (Expr, Expr)) -> Option<Expr> {
        let factors = match self.arena.node(term).clone() {
            Meaning::Product(factors) => factors.to_vec(),
            Meaning::Sum(terms) => {
                let parts: Option<Vec<Expr>> =
                    terms.iter().map(|&term| self.product_with_matrix(term, row, (column, upper))).collect();
                let parts = parts?;
                return Some(self.arena.sum(parts));
            }
            _ => return None,
        };
        let (matrices, others): (Vec<Expr>, Vec<Expr>) =
            factors.into_iter().partition(|&factor| self.arena.contains(factor, row));
        let [matrix] = matrices[..] else { return None };
        let Meaning::Entry { of, at } = self.arena.node(matrix).clone() else { return None };
        let matrix = if at[..] == [row, column] {
            of
        } else if at[..] == [column, row] {
            self.arena.transpose(of)
        } else {
            return None;
        };
        let others = self.arena.product(others);
        let vector = self.lifted(others, column)?;
        let fits = self.arena.shape(vector) == Shape::Vector(upper)
            && matches!(self.arena.shape(matrix), Shape::Matrix(_, n) if n == upper);
        let is_free = !self.arena.contains(matrix, row) && !self.arena.contains(matrix, column);
        (fits && is_free).then(|| self.arena.matmul([matrix, vector]))
    }
}

//! Products of matrices, their entries, and tensors written out.

use crate::expr::{Expr, Node, Shape};
use crate::number::rational;
use crate::print::layout::{Laid, Layout};
use crate::print::scope::Scope;
use crate::print::{Level, Part, PartId, Sign};

impl Layout<'_> {
    /// Matrices side by side, in parentheses where they are sums, products entry by entry, or reach and are not last.
    pub(super) fn matmul(&mut self, parts: &[Expr], scope: Scope) -> PartId {
        let parts = self.wholes(parts, scope);
        let last = parts.len().saturating_sub(1);
        let mut items: Vec<PartId> = Vec::with_capacity(2 * parts.len());
        let mut level = Level::Product;
        for (position, part) in parts.into_iter().enumerate() {
            let reaches = position == last && matches!(self.tree.level(part), Level::Reach | Level::Prefix);
            let part = if reaches { part } else { self.tree.fenced_below(part, Level::Factor) };
            level = level.min(self.tree.level(part));
            if let Some(&before) = items.last() {
                let sign = self.times(before, part);
                items.push(self.tree.sign(if sign == Sign::Times { Sign::Matrix } else { sign }));
            }
            items.push(part);
        }
        self.tree.row(items, level)
    }

    /// `W_{ij}`, `h_{t,j}`, `(W x)_i`.
    pub(super) fn entry(&mut self, of: Expr, at: &[Expr], scope: Scope) -> PartId {
        let at = self.wholes(at, scope);
        let arena = self.arena;
        if let Node::Symbol { symbol, indices, .. } = arena.node(of) {
            return self.symbol(*symbol, indices, &at, scope);
        }
        let of = self.whole(of, scope);
        let below = Some(self.tree.run(&at));
        let base =
            if let Part::Apply { .. } | Part::Fenced { .. } = self.tree.part(of) { of } else { self.tree.round(of) };
        self.tree.add(Part::Scripts { base, below, above: None, primes: 0 })
    }

    /// A matrix in brackets; a vector as a column.
    pub(super) fn literal(&mut self, shape: Shape, entries: &[Expr], scope: Scope) -> PartId {
        let columns = match shape {
            Shape::Scalar | Shape::Vector(_) => Some(1),
            Shape::Matrix(_, n) => self.arena.as_integer(n),
        };
        let n_columns = columns.and_then(|n| usize::try_from(n).ok()).unwrap_or(1).max(1);
        let cells = self.wholes(entries, scope).into();
        self.tree.add(Part::Matrix { n_columns, cells })
    }

    /// `\mathbf{1}`, `0`, `c \mathbf{1}`.
    pub(super) fn fill(&mut self, value: Expr, scope: Scope) -> Laid {
        let laid = self.at(value, scope);
        if self.arena.is_zero(value) {
            return laid;
        }
        let one = self.tree.digits("1");
        let one = self.tree.add(Part::Styled { command: "mathbf".into(), body: one });
        let is_one = self.arena.as_number(value).is_some_and(|value| rational::abs(value).is_one());
        let part = if is_one { one } else { self.factor_row(None, vec![laid.part, one]) };
        Laid { part, negative: laid.negative, under: None }
    }

    /// `e_i`
    pub(super) fn unit(&mut self, at: Expr, scope: Scope) -> PartId {
        let base = self.tree.letter("e");
        let below = Some(self.whole(at, scope));
        self.tree.add(Part::Scripts { base, below, above: None, primes: 0 })
    }
}

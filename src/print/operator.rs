//! What acts on all that follows: big sums and products, limits, suprema; values by cases and at a point.

use crate::expr::{Big, Branch, Expr, Extremum, Node};
use crate::print::layout::{Layout, MAX_HEIGHT};
use crate::print::scope::Scope;
use crate::print::{Level, Operator, Part, PartId, Sign};

/// A binder where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Binder {
    pub expr: Expr,
    pub height: u32,
    pub body: Expr,
    pub scope: Scope,
}

impl Layout<'_> {
    /// Σ and Π with both bounds; a descending product shows the upper one below.
    pub(super) fn big(&mut self, binder: Binder, op: Big, lower: Expr, upper: Expr) -> PartId {
        let letter = self.letter(binder);
        let (lower, upper) = (self.whole(lower, binder.scope), self.whole(upper, binder.scope));
        let (operator, from, to) = match op {
            Big::Sum => (Operator::Sum, lower, upper),
            Big::Product | Big::Ascending => (Operator::Product, lower, upper),
            Big::Descending => (Operator::Product, upper, lower),
        };
        let below = self.relation(letter, Sign::Equal, from);
        self.reaching(operator, below, Some(to), binder)
    }

    /// `\lim_{t \to \infty}`
    pub(super) fn limit(&mut self, binder: Binder, to: Expr) -> PartId {
        let letter = self.letter(binder);
        let to = self.whole(to, binder.scope);
        let below = self.relation(letter, Sign::To, to);
        self.reaching(Operator::Limit, below, None, binder)
    }

    fn is_minus_infinity(&self, bound: Expr) -> bool {
        match self.arena.node(bound) {
            Node::Product(factors) => factors.iter().any(|&factor| *self.arena.node(factor) == Node::Infinity),
            _ => false,
        }
    }

    /// `\sup_{z}`, `\max_{1 \le k \le n}`, `\sup_{k \ge 1}`
    pub(super) fn extremum(&mut self, binder: Binder, which: Extremum, range: Option<(Expr, Expr)>) -> PartId {
        let letter = self.letter(binder);
        let range = range.map(|(lower, upper)| (lower, (self.arena.node(upper) != &Node::Infinity).then_some(upper)));
        let is_finite = matches!(range, Some((_, Some(_))));
        let operator = match which {
            Extremum::Supremum => {
                if is_finite {
                    Operator::Maximum
                } else {
                    Operator::Supremum
                }
            }
            Extremum::Infimum => {
                if is_finite {
                    Operator::Minimum
                } else {
                    Operator::Infimum
                }
            }
        };
        let below = match range {
            None => letter,
            Some((lower, upper)) => {
                let is_endless = self.is_minus_infinity(lower);
                let lower = self.whole(lower, binder.scope);
                match upper {
                    None if is_endless => letter,
                    None => self.relation(letter, Sign::GreaterEqual, lower),
                    Some(upper) => {
                        let left = self.relation(lower, Sign::LessEqual, letter);
                        let upper = self.whole(upper, binder.scope);
                        self.relation(left, Sign::LessEqual, upper)
                    }
                }
            }
        };
        self.reaching(operator, below, None, binder)
    }

    /// Whether the index stands in `expr`; a no in layouts too deep to look.
    fn holds_bound(&self, expr: Expr, binder: Binder) -> bool {
        let index = Node::Bound(binder.height);
        binder.height <= MAX_HEIGHT && self.arena.reachable(&[expr]).iter().any(|&part| *self.arena.node(part) == index)
    }

    fn reaching(&mut self, operator: Operator, below: PartId, above: Option<PartId>, binder: Binder) -> PartId {
        let inner = self.inside(binder.expr, binder.scope);
        let mut body = self.whole(binder.body, inner);
        if self.tree.level(body) < Level::Reach || operator == Operator::Product && !self.is_clear(body, binder) {
            body = self.tree.round(body);
        }
        self.tree.add(Part::Big { operator, below, above, body })
    }

    /// Whether every factor after a Π holds the index; one that does not would be read outside of the product.
    fn is_clear(&self, body: PartId, binder: Binder) -> bool {
        let factors = if let (Node::Product(factors) | Node::MatMul(factors), true) =
            (self.arena.node(binder.body), self.tree.level(body) < Level::Factor)
        {
            &factors[..]
        } else {
            &[binder.body]
        };
        factors.iter().all(|&factor| self.holds_bound(factor, binder))
    }

    /// The letter of the index.
    fn letter(&mut self, binder: Binder) -> PartId {
        let inner = self.inside(binder.expr, binder.scope);
        self.bound(binder.height, inner)
    }

    /// Two sides and a sign.
    pub(super) fn relation(&mut self, left: PartId, sign: Sign, right: PartId) -> PartId {
        let items = vec![left, self.tree.sign(sign), right];
        self.tree.row(items, Level::Relation)
    }

    /// `\begin{cases}`, each row with its condition.
    pub(super) fn cases(&mut self, branches: &[Branch], scope: Scope) -> PartId {
        let mut rows = Vec::with_capacity(branches.len());
        for branch in branches {
            let value = self.whole(branch.value, scope);
            let condition = branch.condition.map(|(how, left, right)| self.comparison(how, left, right, scope));
            rows.push((value, condition));
        }
        self.tree.add(Part::Cases(rows.into()))
    }

    /// `\left. body \right|_{of = value}`
    pub(super) fn evaluated(&mut self, body: Expr, of: Expr, value: Expr, scope: Scope) -> PartId {
        let body = self.whole(body, scope);
        let (of, value) = (self.whole(of, scope), self.whole(value, scope));
        let at = self.relation(of, Sign::Equal, value);
        self.tree.add(Part::Evaluated { body, at })
    }
}

//! Ordered products of Jacobians: where `M_j` is `∂s_j/∂s_{j-1}` for a state s, `M_t M_{t-1} … M_{k+1}` is `∂s_t/∂s_k`.
//!
//! Both sides are the identity for t = k and gain the same factor on the left with each step, so they are equal for
//! every t ≥ k. Turned around, `M_{k+1}^⊤ … M_t^⊤` is the transpose of the same derivative.

use crate::expr::{Big, DerivativeKind, Expr, Node, Shape, SymbolId};
use crate::proof::equality::algebra::Algebra;
use crate::rewrite::entries::entry;
use crate::rewrite::{Domain, Linear};

impl Algebra<'_> {
    /// The expression with the entries of products of Jacobians written as derivatives of states, worked out.
    pub fn jacobians_recognised(&mut self, domain: &Domain, expr: Expr) -> Expr {
        let (model, structure, context) = (self.model, self.structure, self.context);
        self.forms.arena.rewrite(expr, &mut |arena, part| match arena.node(part) {
            // Under binders, which are open here.
            Node::Entry { of, .. } if matches!(arena.node(*of), Node::Big { .. }) => {
                Algebra::new(arena, model, structure, context).recognised(domain, part)
            }
            _ => None,
        })
    }

    fn recognised(&mut self, domain: &Domain, part: Expr) -> Option<Expr> {
        let Node::Entry { of, at } = self.forms.arena.node(part).clone() else { return None };
        let Node::Big { op, lower, upper, .. } = *self.forms.arena.node(of) else { return None };
        let [row, column] = at[..] else { return None };
        let (row, column) = match op {
            Big::Descending => (row, column),
            Big::Ascending => (column, row),
            Big::Sum | Big::Product => return None,
        };
        let mut product = Product { algebra: self, domain, op, product: of, lower, upper };
        let state = product.state()?;
        product.derivative(state, row, column)
    }
}

struct Product<'p, 'a> {
    algebra: &'p mut Algebra<'a>,
    domain: &'p Domain,
    op: Big,
    product: Expr,
    lower: Expr,
    upper: Expr,
}

impl Product<'_, '_> {
    /// The state whose Jacobian every factor is.
    fn state(&mut self) -> Option<SymbolId> {
        let (low, high) =
            (Linear::read(self.algebra.forms.arena, self.lower)?, Linear::read(self.algebra.forms.arena, self.upper)?);
        // A range shorter than empty has no state at its lower end.
        if !self.domain.implies_at_most_zero(&low.minus(&high).minus(&Linear::integer(1))) {
            return None;
        }
        let states: Vec<SymbolId> = self.algebra.structure.lone.iter().copied().collect();
        states.into_iter().find(|&state| self.is_jacobian_of(state, &low, &high).unwrap_or(false))
    }

    /// Whether the factor at each index of the range is the Jacobian of a state's step there.
    fn is_jacobian_of(&mut self, state: SymbolId, low: &Linear, high: &Linear) -> Option<bool> {
        let (letter, factor) = self.algebra.forms.arena.open(self.product, 800)?;
        let j = self.algebra.forms.arena.symbol(letter);
        let index = Linear::letter(j);
        let mut inside = self.domain.clone();
        inside.require_at_most_zero(&low.minus(&index))?;
        inside.require_at_most_zero(&index.minus(high))?;
        let first = Linear::read(self.algebra.forms.arena, self.algebra.structure.first[&state])?;
        if !inside.implies_at_most_zero(&first.minus(&index)) {
            return Some(false);
        }
        let whole = self.algebra.structure.member_at(self.algebra.forms.arena, self.algebra.model, state, j)?;
        let Shape::Vector(size) = self.algebra.forms.arena.shape(whole) else { return None };
        if self.algebra.forms.arena.shape(factor) != Shape::Matrix(size, size) {
            return Some(false);
        }
        let row = self.letter_of_size("row", factor, size, &mut inside)?;
        let column = self.letter_of_size("column", factor, size, &mut inside)?;
        let at = if self.op == Big::Descending { [row, column] } else { [column, row] };
        let claimed = entry(self.algebra.forms.arena, factor, &at);
        let mut resolver = self.algebra.resolver();
        let claimed = resolver.resolve(claimed)?;
        let slope = resolver.step_entry(state, j, (row, column))?;
        let difference = self.algebra.forms.arena.subtract(claimed, slope);
        Some(self.algebra.by_unfolding(difference, &inside).is_some_and(|ground| ground.conditions.is_empty()))
    }

    fn letter_of_size(&mut self, stem: &str, apart: Expr, size: Expr, domain: &mut Domain) -> Option<Expr> {
        let letter = self.algebra.forms.arena.letter_apart(stem, &[apart]);
        let letter = self.algebra.forms.arena.symbol(letter);
        let index = Linear::letter(letter);
        domain.require_at_most_zero(&Linear::integer(1).minus(&index))?;
        domain.require_at_most_zero(&index.minus(&Linear::read(self.algebra.forms.arena, size)?))?;
        Some(letter)
    }

    /// `∂s_t/∂s_k` for the product from t down to k+1, at a row and a column.
    fn derivative(&mut self, state: SymbolId, row: Expr, column: Expr) -> Option<Expr> {
        let minus = self.algebra.forms.arena.integer(-1);
        let start = self.algebra.forms.arena.sum([self.lower, minus]);
        let start = Linear::read(self.algebra.forms.arena, start)?.expr(self.algebra.forms.arena);
        let later =
            self.algebra.structure.member_at(self.algebra.forms.arena, self.algebra.model, state, self.upper)?;
        let earlier = self.algebra.structure.member_at(self.algebra.forms.arena, self.algebra.model, state, start)?;
        let (later, earlier) =
            (self.algebra.forms.arena.entry(later, vec![row]), self.algebra.forms.arena.entry(earlier, vec![column]));
        self.algebra.resolver().derivative(DerivativeKind::Total, later, earlier)
    }
}

//! Ordered products of Jacobians: where `M_j` is `∂s_j/∂s_{j-1}` for a state s, `M_t M_{t-1} … M_{k+1}` is `∂s_t/∂s_k`.
//!
//! Both sides are the identity for t = k and gain the same factor on the left with each step, so they are equal for
//! every t ≥ k. Turned around, `M_{k+1}^⊤ … M_t^⊤` is the transpose of the same derivative.

use crate::calculus::{Resolver, Structure};
use crate::expr::{Arena, Big, DerivativeKind, Expr, Node, Shape, SymbolId};
use crate::model::Model;
use crate::proof::context::Context;
use crate::proof::equality::vanishes;
use crate::rewrite::entries::entry;
use crate::rewrite::{Domain, Linear};

/// The expression with the entries of products of Jacobians written as derivatives of states, worked out.
pub(super) fn recognised(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    context: &Context,
    domain: &Domain,
    expr: Expr,
) -> Expr {
    let is_ordered =
        |arena: &Arena, part: Expr| matches!(arena.node(part), Node::Big { op: Big::Descending | Big::Ascending, .. });
    if !arena.reachable(&[expr]).iter().any(|&part| is_ordered(arena, part)) {
        return expr;
    }
    arena.rewrite(expr, &mut |arena, part| {
        let Node::Entry { of, at } = arena.node(part).clone() else { return None };
        let Node::Big { op, lower, upper, .. } = *arena.node(of) else { return None };
        let [row, column] = at[..] else { return None };
        let (row, column) = match op {
            Big::Descending => (row, column),
            Big::Ascending => (column, row),
            Big::Sum | Big::Product => return None,
        };
        let mut ground = Product { arena, model, structure, context, domain, op, product: of, lower, upper };
        let state = ground.state()?;
        ground.derivative(state, row, column)
    })
}

struct Product<'a> {
    arena: &'a mut Arena,
    model: &'a Model,
    structure: &'a Structure,
    context: &'a Context,
    domain: &'a Domain,
    op: Big,
    product: Expr,
    lower: Expr,
    upper: Expr,
}

impl Product<'_> {
    /// The state whose Jacobian every factor is.
    fn state(&mut self) -> Option<SymbolId> {
        let (low, high) = (Linear::read(self.arena, self.lower)?, Linear::read(self.arena, self.upper)?);
        // A range shorter than empty has no state at its lower end.
        if !self.domain.implies_at_most_zero(&low.minus(&high).minus(&Linear::integer(1))) {
            return None;
        }
        let states: Vec<SymbolId> = self.structure.lone.iter().copied().collect();
        states.into_iter().find(|&state| self.is_jacobian_of(state, &low, &high).unwrap_or(false))
    }

    /// Whether the factor at each index of the range is the Jacobian of a state's step there.
    fn is_jacobian_of(&mut self, state: SymbolId, low: &Linear, high: &Linear) -> Option<bool> {
        let (letter, factor) = self.arena.open(self.product, 800)?;
        let j = self.arena.symbol(letter);
        let index = Linear::letter(j);
        let mut inside = self.domain.clone();
        inside.require_at_most_zero(&low.minus(&index))?;
        inside.require_at_most_zero(&index.minus(high))?;
        let first = Linear::read(self.arena, self.structure.first[&state])?;
        if !inside.implies_at_most_zero(&first.minus(&index)) {
            return Some(false);
        }
        let whole = self.structure.member_at(self.arena, self.model, state, j)?;
        let Shape::Vector(size) = self.arena.shape(whole) else { return None };
        if self.arena.shape(factor) != Shape::Matrix(size, size) {
            return Some(false);
        }
        let row = self.letter_of_size("row", factor, size, &mut inside)?;
        let column = self.letter_of_size("column", factor, size, &mut inside)?;
        let at = if self.op == Big::Descending { [row, column] } else { [column, row] };
        let claimed = entry(self.arena, factor, &at);
        let mut resolver = Resolver::new(self.arena, self.model, self.structure);
        let claimed = resolver.resolve(claimed)?;
        let slope = resolver.step_entry(state, j, (row, column))?;
        let difference = self.arena.subtract(claimed, slope);
        Some(vanishes(self.arena, self.context, difference, &inside).is_some_and(|ground| ground.conditions.is_empty()))
    }

    fn letter_of_size(&mut self, stem: &str, apart: Expr, size: Expr, domain: &mut Domain) -> Option<Expr> {
        let letter = self.arena.letter_apart(stem, &[apart]);
        let letter = self.arena.symbol(letter);
        let index = Linear::letter(letter);
        domain.require_at_most_zero(&Linear::integer(1).minus(&index))?;
        domain.require_at_most_zero(&index.minus(&Linear::read(self.arena, size)?))?;
        Some(letter)
    }

    /// `∂s_t/∂s_k` for the product from t down to k+1, at a row and a column.
    fn derivative(&mut self, state: SymbolId, row: Expr, column: Expr) -> Option<Expr> {
        let minus = self.arena.integer(-1);
        let start = self.arena.sum([self.lower, minus]);
        let start = Linear::read(self.arena, start)?.expr(self.arena);
        let later = self.structure.member_at(self.arena, self.model, state, self.upper)?;
        let earlier = self.structure.member_at(self.arena, self.model, state, start)?;
        let (later, earlier) = (self.arena.entry(later, vec![row]), self.arena.entry(earlier, vec![column]));
        Resolver::new(self.arena, self.model, self.structure).derivative(DerivativeKind::Total, later, earlier)
    }
}

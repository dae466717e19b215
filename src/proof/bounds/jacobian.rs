//! Jacobians of vectors of state: of one step as a product of matrices, and the norm of many by those of the steps.

use crate::expr::{Big, Comparison, Expr, Node, Shape, SymbolId, SymbolKind, Tensor};
use crate::model::Model;
use crate::proof::bounds::Prover;
use crate::proof::bounds::known::Known;
use crate::proof::bounds::norms::{Apart, Norms};
use crate::proof::check::{Composition, Span};
use crate::rewrite::Linear;

impl Prover<'_> {
    /// `‖∂h_t/∂h_k‖ <= Π_{j=k+1}^{t} ‖∂⁺h_j/∂h_{j-1}‖` for a state that holds no other and goes one step back.
    pub fn jacobian_norm(
        &mut self,
        state: Expr,
        by: Expr,
        apart: Apart,
        norms: &mut Norms,
        known: &Known,
    ) -> Option<Expr> {
        let (Node::Symbol { symbol, indices: at, shape }, Node::Symbol { symbol: other, indices: from, .. }) =
            (self.arena.node(state).clone(), self.arena.node(by).clone())
        else {
            return None;
        };
        let ([at], [from]) = (&at[..], &from[..]) else { return None };
        let (low, high) = self.structure.as_range(symbol, *from, *at);
        let ordered = known.decides(self.arena, Comparison::LessEqual, low, high) == Some(true);
        if symbol != other || !ordered || !matches!(shape, Shape::Vector(_)) {
            return None;
        }
        let letter = self.fresh(SymbolKind::Integer);
        let after = self.structure.after(self.arena, symbol, *from);
        let (low, high) = self.structure.as_range(symbol, after, *at);
        let (low, high) = (Linear::read(self.arena, low)?, Linear::read(self.arena, high)?);
        let range = (low.expr(self.arena), high.expr(self.arena));
        let inner = known.within(letter, &low, &high);
        if !self.is_made_by_step(symbol, letter, &inner) {
            return None;
        }
        let step = self.step_jacobian(symbol, letter)?;
        let mark = self.evidence.len();
        let mut bound = self.norm(Tensor::NormSpectral, step, apart, norms, &inner)?;
        if apart == Apart::Whole {
            bound = norms.shown_of(self.arena, bound, letter);
        }
        let bound = self.over_index(Big::Product, letter, range, bound, known)?;
        let op = if self.structure.runs_back(symbol) { Big::Ascending } else { Big::Descending };
        self.conclude_for_steps(mark, (op, step), (letter, range.0, range.1), bound, norms);
        Some(bound)
    }

    /// The norm of the product of the steps from the last one back to the first.
    fn conclude_for_steps(
        &mut self,
        mark: usize,
        (op, step): (Big, Expr),
        (letter, lower, upper): (Expr, Expr, Expr),
        bound: Expr,
        norms: &Norms,
    ) {
        let Node::Symbol { symbol, .. } = *self.arena.node(letter) else { return };
        let product = self.arena.big(op, symbol, lower, upper, step);
        let size = self.arena.tensor(Tensor::NormSpectral, vec![product]);
        self.composed(mark, size, bound, norms, Composition::Over(op, Span::new(letter, lower, upper)));
    }

    /// The Jacobian of the definition of a state by a state at another index, all others held.
    pub fn immediate_jacobian(&mut self, state: Expr, by: Expr, known: &Known) -> Option<Expr> {
        let (symbol, at, _) = Model::member(self.arena, state)?;
        let (_, from, _) = Model::member(self.arena, by)?;
        let ([at], [from]) = (&at[..], &from[..]) else { return None };
        if !self.is_made_by_step(symbol, *at, known)
            || known.decides(self.arena, Comparison::NotEqual, *at, *from) != Some(true)
        {
            return None;
        }
        let body = self.structure.definition_of(self.arena, self.model, state)?;
        let body = self.structure.unfold(self.arena, self.model, body, &[]);
        self.jacobian(body, by).flatten()
    }

    /// The Jacobian of a state by the state one step before it, where these are the two.
    pub fn single_step(&mut self, state: Expr, by: Expr, known: &Known) -> Option<Expr> {
        let (symbol, at, _) = Model::member(self.arena, state)?;
        let (other, from, _) = Model::member(self.arena, by)?;
        let ([at], [from]) = (&at[..], &from[..]) else { return None };
        let apart = self.structure.steps_between(self.arena, symbol, *from, *at)?;
        let exists = self.is_made_by_step(symbol, *at, known);
        if symbol == other && exists && apart.as_integer() == Some(1) { self.step_jacobian(symbol, *at) } else { None }
    }

    /// The Jacobian of the definition of a state by the state one step before.
    pub fn step_jacobian(&mut self, symbol: SymbolId, index: Expr) -> Option<Expr> {
        let before = self.structure.before(self.arena, symbol, index);
        let (member, before) = (self.arena.member(symbol, vec![index]), self.arena.member(symbol, vec![before]));
        let body = self.structure.definition_of(self.arena, self.model, member)?;
        let body = self.structure.unfold(self.arena, self.model, body, &[]);
        let only = self.arena.reachable(&[body]).into_iter().all(|part| {
            part == before
                || Model::member(self.arena, part).is_none_or(|(other, _, _)| !self.structure.states.contains(&other))
        });
        if only { self.jacobian(body, before).flatten() } else { None }
    }

    /// The Jacobian of a vector by a vector; the inner `None` is 0.
    #[expect(clippy::option_option, reason = "no rule, 0, a matrix")]
    pub fn jacobian(&mut self, of: Expr, by: Expr) -> Option<Option<Expr>> {
        if of == by {
            let Shape::Vector(n) = self.arena.shape(by) else { return None };
            return Some(Some(self.arena.identity(n)));
        }
        if !self.arena.contains(of, by) {
            return Some(None);
        }
        if !matches!(self.arena.shape(of), Shape::Vector(_)) {
            return None;
        }
        match self.arena.node(of).clone() {
            Node::Sum(parts) => {
                let mut slopes = Vec::new();
                for &part in parts.iter() {
                    slopes.extend(self.jacobian(part, by)?);
                }
                Some(Some(self.arena.sum(slopes)))
            }
            Node::Product(parts) => {
                let (mut held, mut slopes) = (Vec::new(), Vec::new());
                for (place, &part) in parts.iter().enumerate() {
                    if self.arena.contains(part, by) {
                        slopes.push((place, self.jacobian(part, by)??));
                    } else {
                        held.push(part);
                    }
                }
                let [(_, slope)] = slopes[..] else { return None };
                let held = self.arena.product(held);
                Some(Some(match self.arena.shape(held) {
                    Shape::Scalar => self.arena.product([held, slope]),
                    Shape::Vector(_) => {
                        let diagonal = self.arena.tensor(Tensor::Diagonal, vec![held]);
                        self.arena.matmul([diagonal, slope])
                    }
                    Shape::Matrix(..) => return None,
                }))
            }
            Node::MatMul(parts) => {
                let (last, rest) = parts.split_last()?;
                if rest.iter().any(|&part| self.arena.contains(part, by)) {
                    return None;
                }
                let slope = self.jacobian(*last, by)??;
                let mut chain = rest.to_vec();
                chain.push(slope);
                Some(Some(self.arena.matmul(chain)))
            }
            Node::Call { function, slots, args } if args.len() == 1 && slots.is_empty() => {
                let elementwise = self.arena.shape(of) == self.arena.shape(args[0]);
                let inner = self.jacobian(args[0], by)?.filter(|_| elementwise)?;
                let slot = crate::rewrite::entries::slot(0, &[]);
                let slope = self.arena.call(function, vec![slot], args.to_vec());
                let diagonal = self.arena.tensor(Tensor::Diagonal, vec![slope]);
                Some(Some(self.arena.matmul([diagonal, inner])))
            }
            _ => None,
        }
    }
}

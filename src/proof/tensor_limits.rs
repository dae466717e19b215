//! Limits of vectors and matrices inside of statements of logic: what they say of sizes, and of the base of a power.
//!
//! `M_t -> V` where and only where `‖M_t - V‖ -> 0`, and `A^t -> 0` where and only where `ρ(A) < 1` (Horn and Johnson 2013,
//! Matrix Analysis, Theorem 5.6.12). Along `h_t = W h_{t-1}` a state and its Jacobians are powers of W.

use crate::calculus::Structure;
use crate::expr::{Arena, Comparison, DerivativeKind, Expr, Node, Prop, Shape, Substitution, SymbolId, Tensor};
use crate::model::Model;
use crate::proof::decide::prove;
use crate::rewrite::Linear;

/// What the limit of a sequence of vectors or matrices, or of their norms, says in simpler terms.
pub(super) fn of_limit(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    limit: Expr,
    value: Expr,
) -> Option<Prop> {
    let Node::Limit { integer: true, to, .. } = *arena.node(limit) else { return None };
    if !matches!(arena.node(to), Node::Infinity) {
        return None;
    }
    let (index, body) = arena.open(limit, 0)?;
    let letter = arena.symbol(index);
    let (norm, gap) = gap(arena, body, value)?;
    let solved = Sequence { arena, model, structure, letter }.solved(gap);
    let (zero, one) = (arena.zero(), arena.one());
    if let Some(base) = base_of_power(arena, solved, letter) {
        let radius = arena.tensor(Tensor::SpectralRadius, vec![base]);
        return Some(Prop::Compare(Comparison::Less, radius, one));
    }
    let size = arena.tensor(norm, vec![solved]);
    (size != body).then(|| Prop::equal(arena.limit(index, true, to, size), zero))
}

/// The vector or the matrix that vanishes where the limit is this value, and the norm by which that is said.
fn gap(arena: &mut Arena, body: Expr, value: Expr) -> Option<(Tensor, Expr)> {
    let norm = match (arena.shape(body), arena.node(body)) {
        (Shape::Scalar, Node::Tensor { op: op @ (Tensor::Norm | Tensor::NormSpectral), args }) => {
            return arena.is_zero(value).then_some((*op, args[0]));
        }
        (Shape::Scalar, _) => return None,
        (Shape::Vector(_), _) => Tensor::Norm,
        (Shape::Matrix(..), _) => Tensor::NormSpectral,
    };
    let gap = if arena.is_zero(value) { body } else { arena.subtract(body, value) };
    Some((norm, gap))
}

/// The A of `A^{t+n}`, transposed or not.
fn base_of_power(arena: &Arena, power: Expr, letter: Expr) -> Option<Expr> {
    match *arena.node(power) {
        Node::Transpose(of) => base_of_power(arena, of, letter),
        Node::MatrixPower(base, exponent) => {
            let ahead = Linear::read(arena, exponent)?.minus(&Linear::letter(letter));
            (!arena.contains(base, letter) && is_fixed(arena, &ahead, letter)).then_some(base)
        }
        _ => None,
    }
}

/// Whether an index stays where it is as the letter grows.
fn is_fixed(arena: &Arena, index: &Linear, letter: Expr) -> bool {
    index.parts.keys().all(|&part| !arena.contains(part, letter))
}

/// The members of a sequence over a letter.
struct Sequence<'a> {
    arena: &'a mut Arena,
    model: &'a Model,
    structure: &'a Structure,
    letter: Expr,
}

impl Sequence<'_> {
    /// With the Jacobians of linear states, or the states themselves, as powers of their matrices.
    fn solved(&mut self, expr: Expr) -> Expr {
        let parts = self.arena.reachable(&[expr]);
        let mut map = Substitution::new();
        for &part in &parts {
            map.extend(self.jacobian(part).map(|power| (part, power)));
        }
        if map.is_empty() {
            for &part in &parts {
                map.extend(self.state(part).map(|power| (part, power)));
            }
        }
        self.arena.substitute(expr, &map)
    }

    /// `∂h_t/∂h_k = W^{t-k}`, where that is proved.
    fn jacobian(&mut self, part: Expr) -> Option<Expr> {
        let Node::Derivative { kind: DerivativeKind::Total | DerivativeKind::Partial, of, by, .. } =
            *self.arena.node(part)
        else {
            return None;
        };
        let ((state, at), (other, from)) = (self.member(of)?, self.member(by)?);
        if state != other || self.arena.contains(from, self.letter) {
            return None;
        }
        let steps = self.arena.subtract(at, from);
        self.matrices(state).into_iter().find_map(|matrix| {
            let power = self.arena.matrix_power(matrix, steps);
            self.are_equal_far_out(part, power, from, at).then_some(power)
        })
    }

    /// `h_t = W^t h_0`, where that is proved.
    fn state(&mut self, part: Expr) -> Option<Expr> {
        let (state, at) = self.member(part)?;
        let start = self.structure.start_of(self.arena, state)?;
        let (steps, initial) = (self.arena.subtract(at, start), self.arena.at_index(part, at, start));
        self.matrices(state).into_iter().find_map(|matrix| {
            let power = self.arena.matrix_power(matrix, steps);
            let value = self.arena.matmul([power, initial]);
            self.are_equal_far_out(part, value, start, at).then_some(value)
        })
    }

    /// A member of a lone state of vectors, at the letter or a fixed way from it.
    fn member(&self, expr: Expr) -> Option<(SymbolId, Expr)> {
        let (state, at, components) = Model::member(self.arena, expr)?;
        let is_vector = matches!(self.arena.shape(expr), Shape::Vector(_));
        let runs_on = self.structure.lone.contains(&state) && !self.structure.runs_back(state);
        let is_lone = runs_on && components.is_empty() && is_vector;
        let [at] = at[..] else { return None };
        is_lone.then_some((state, at))
    }

    /// The matrices by which the definition of a state multiplies the step before.
    fn matrices(&mut self, state: SymbolId) -> Vec<Expr> {
        let mut found = Vec::new();
        for definition in self.model.definitions_of(state) {
            let Some(&[index]) = definition.letters().as_deref() else { continue };
            let index = self.arena.symbol(index);
            for part in self.arena.reachable(&[definition.body]) {
                let Node::MatMul(factors) = self.arena.node(part) else { continue };
                let [matrix, last] = factors[..] else { continue };
                let is_own = Model::member(self.arena, last).is_some_and(|(symbol, ..)| symbol == state);
                if is_own && !self.arena.contains(matrix, index) {
                    found.push(matrix);
                }
            }
        }
        found
    }

    fn are_equal_far_out(&mut self, left: Expr, right: Expr, from: Expr, at: Expr) -> bool {
        let later = [Prop::at_most(from, at)];
        prove(self.arena, self.model, self.structure, &Prop::equal(left, right), &later).is_some()
    }
}

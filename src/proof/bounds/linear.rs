//! Vectors of state that one matrix moves on: powers of it in the place of states, their Jacobians and gradients along them.
//!
//! `h_t = W h_{t-1}` is `h_t = W^t h_0`, so that `∂h_t/∂h_k = W^{t-k}`, and `∇_{h_k} L = (W^{m-k})^⊤ ∇_{h_m} L` where L
//! follows from what stands at m and later alone. Norms that a matrix with `W^⊤ W = I` keeps are replaced, too.

use crate::expr::{
    Comparison, DerivativeKind, Elementary, Expr, Node, Prop, Shape, Substitution, SymbolId, SymbolKind, Tensor,
};
use crate::model::Model;
use crate::proof::bounds::Prover;
use crate::proof::bounds::known::Known;
use crate::proof::bounds::maps::End;
use crate::proof::check::{Evidence, Reason, Relation};

/// Parts of expressions with what they are equal to, each to be replaced in what the replacements before it leave.
pub(super) type Solved = Vec<(Expr, Expr, Evidence)>;

impl Prover<'_> {
    /// A relation of numbers in which linear states and norms that are kept stand as what they are.
    pub fn with_maps_solved(&mut self, relation: Relation, known: &Known) -> bool {
        let (solved, sides) = self.maps_solved(&[relation.left, relation.right], known);
        if solved.is_empty() {
            return false;
        }
        let mark = self.evidence.len();
        let replaced = Relation::new(relation.how, sides[0], sides[1]);
        let found = self.attempt(|prover| prover.statement(&replaced.prop(), known));
        if found {
            self.conclude_solved(mark, &relation.prop(), solved);
        }
        found
    }

    /// Whether the determinant of a matrix is spoken of.
    pub fn has_determinants(&self, sides: &[Expr]) -> bool {
        let is_one = |part: Expr| matches!(self.arena.node(part), Node::Tensor { op: Tensor::Determinant, .. });
        self.arena.reachable(sides).into_iter().any(is_one)
    }

    /// What was proved since `mark` of replaced parts, of the parts themselves.
    pub fn conclude_solved(&mut self, mark: usize, conclusion: &Prop, solved: Solved) {
        let mut conclusions = vec![conclusion.clone()];
        for (part, value, _) in &solved {
            let map = Substitution::from([(*part, *value)]);
            let last = &conclusions[conclusions.len() - 1];
            conclusions.push(last.map(&mut |side| self.arena.substitute(side, &map)));
        }
        let mut lemmas = Vec::new();
        for ((part, _, mut because), conclusion) in solved.into_iter().zip(conclusions).rev() {
            lemmas.extend(lemmas_drawn_out(&mut because));
            self.evidence.insert(mark.min(self.evidence.len()), because);
            self.conclude(mark, conclusion, Reason::Replaced(part));
        }
        if !lemmas.is_empty() {
            self.evidence.splice(mark..mark, lemmas);
            self.conclude(mark, conclusion.clone(), Reason::WithLemmas);
        }
    }

    /// Expressions with linear states, Jacobians of them and norms that are kept in terms of less.
    pub fn maps_solved(&mut self, exprs: &[Expr], known: &Known) -> (Solved, Vec<Expr>) {
        let (mut solved, mut exprs) = (Vec::new(), exprs.to_vec());
        for way in [Prover::derivative_solved, Prover::state_as_power, Prover::norm_that_is_kept] {
            for part in self.arena.reachable(&exprs) {
                if !self.arena.is_closed(part) || !exprs.iter().any(|&expr| self.arena.contains(expr, part)) {
                    continue;
                }
                let all = exprs.clone();
                let Some((value, because)) = way(self, part, &all, known) else { continue };
                exprs = self.arena.substitute_all(&exprs, &Substitution::from([(part, value)]));
                solved.push((part, value, because));
            }
        }
        (solved, exprs)
    }

    /// `h_t = A^{t-m} h_m` where the definition of h says `h_t = A h_{t-1}`; no part of a derivative.
    fn state_as_power(&mut self, state: Expr, within: &[Expr], known: &Known) -> Option<(Expr, Evidence)> {
        let (symbol, at, _) = Model::member(self.arena, state)?;
        let [at] = at[..] else { return None };
        let start = self.start_of_vectors(symbol)?;
        let is_differentiated = |part: Expr| matches!(self.arena.node(part), Node::Derivative { .. } | Node::At { .. });
        let may = !self.arena.reachable(within).into_iter().any(is_differentiated);
        if !may || at == start || known.decides(self.arena, Comparison::LessEqual, start, at) != Some(true) {
            return None;
        }
        let initial = self.arena.member(symbol, vec![start]);
        let power = self.steps_as_power(symbol, start, at)?;
        let value = self.arena.matmul([power, initial]);
        (value != state).then(|| (value, Evidence::leaf(Prop::equal(state, value), Reason::Identity)))
    }

    /// `∂h_t/∂h_k = A^{t-k}`, and `∂L/∂h_k = (A^{m-k})^⊤ ∂L/∂h_m` for the latest m that is spoken of.
    fn derivative_solved(&mut self, part: Expr, within: &[Expr], known: &Known) -> Option<(Expr, Evidence)> {
        let Node::Derivative { kind: kind @ (DerivativeKind::Total | DerivativeKind::Partial), of, by, .. } =
            *self.arena.node(part)
        else {
            return None;
        };
        let (symbol, from, components) = Model::member(self.arena, by)?;
        let [from] = from[..] else { return None };
        let start = self.start_of_vectors(symbol)?;
        let exists = known.decides(self.arena, Comparison::LessEqual, start, from) == Some(true);
        if !exists || !components.is_empty() {
            return None;
        }
        let value = match Model::member(self.arena, of) {
            Some((own, at, _)) if own == symbol => {
                let &[at] = &at[..] else { return None };
                let is_later = known.decides(self.arena, Comparison::LessEqual, from, at) == Some(true);
                if !is_later || at == from {
                    return None;
                }
                self.steps_as_power(symbol, from, at)?
            }
            _ => {
                let latest = self.latest_cut(of, (symbol, from), within, known)?;
                let (member, shape) = (self.arena.member(symbol, vec![latest]), self.arena.shape(part));
                let gradient = self.arena.derivative_of_shape(kind, of, member, shape);
                let power = self.steps_as_power(symbol, from, latest)?;
                let back = self.arena.transpose(power);
                self.arena.matmul([back, gradient])
            }
        };
        let fits = value != part && self.arena.shape(value) == self.arena.shape(part);
        fits.then(|| (value, Evidence::leaf(Prop::equal(part, value), Reason::Identity)))
    }

    /// The m of an `∂L/∂h_m` that `∂L/∂h_k` follows from, where every member that L is made of stands at m or later.
    fn latest_cut(
        &mut self,
        of: Expr,
        (symbol, from): (SymbolId, Expr),
        within: &[Expr],
        known: &Known,
    ) -> Option<Expr> {
        if !self.arena.shape(of).is_scalar() {
            return None;
        }
        let body = self.structure.unfold(self.arena, self.model, of, &[]);
        let mut ends = Vec::new();
        for part in self.arena.reachable(&[body]) {
            if matches!(self.arena.node(part), Node::Derivative { .. } | Node::At { .. }) {
                return None;
            }
            let Some((other, at, _)) = Model::member(self.arena, part) else { continue };
            match &at[..] {
                &[at] if other == symbol && self.arena.is_closed(at) => ends.push(at),
                _ if self.structure.states.contains(&other) => return None,
                _ => {}
            }
        }
        let spoken_of = self.arena.reachable(within).into_iter().filter_map(|part| match *self.arena.node(part) {
            Node::Derivative { of: own, by, .. } if own == of => Model::member(self.arena, by),
            _ => None,
        });
        let spoken_of = spoken_of.filter(|(other, at, _)| *other == symbol && at.len() == 1).map(|(_, at, _)| at[0]);
        let is_before =
            |low: Expr, high: Expr| known.decides(self.arena, Comparison::LessEqual, low, high) == Some(true);
        let candidates: Vec<Expr> = spoken_of.chain(ends.first().copied()).collect();
        let is_cut = |&&at: &&Expr| at != from && is_before(from, at) && ends.iter().all(|&end| is_before(at, end));
        let cuts: Vec<Expr> = candidates.iter().filter(is_cut).copied().collect();
        // The end of L is one where no other gradient is spoken of.
        let n_spoken = candidates.len() - 1;
        let may = |at: &Expr| n_spoken == 1 || candidates[..n_spoken].contains(at);
        cuts.iter().copied().find(|at| may(at) && cuts.iter().all(|&other| !may(&other) || is_before(other, *at)))
    }

    /// `‖Q v‖ = ‖v‖`, `‖Q‖ = 1`, `‖Q‖_F = sqrt(n)` and `|det Q| = 1` where `Q^⊤ Q = I`.
    fn norm_that_is_kept(&mut self, part: Expr, _: &[Expr], known: &Known) -> Option<(Expr, Evidence)> {
        let size = self.arena.argument(Elementary::Abs, part).unwrap_or(part);
        let Node::Tensor { op, args } = self.arena.node(size).clone() else { return None };
        let of = args[0];
        let (matrix, value, law) = match (op, self.arena.node(of).clone(), self.arena.shape(of)) {
            (Tensor::Norm | Tensor::NormSpectral, Node::MatMul(parts), Shape::Vector(_)) => {
                let rest = self.arena.matmul(parts[1..].to_vec());
                let value = self.arena.tensor(Tensor::Norm, vec![rest]);
                (parts[0], value, Reason::Law("orthogonal and vector", vec![parts[0], rest]))
            }
            (Tensor::NormSpectral, _, Shape::Matrix(..)) => {
                (of, self.arena.one(), Reason::Law("orthogonal norm", vec![of]))
            }
            (Tensor::Determinant, _, Shape::Matrix(..)) if size != part => {
                (of, self.arena.one(), Reason::Law("orthogonal determinant", vec![of]))
            }
            (Tensor::Norm, _, Shape::Matrix(_, n)) => {
                (of, self.arena.sqrt(n), Reason::Law("orthogonal Frobenius norm", vec![of]))
            }
            _ => return None,
        };
        if !self.is_orthogonal(matrix, known) {
            return None;
        }
        let Shape::Matrix(_, n) = self.arena.shape(matrix) else { return None };
        let back = self.arena.transpose(matrix);
        let (square, identity) = (self.arena.matmul([back, matrix]), self.arena.identity(n));
        let is_power = matches!(self.arena.node(matrix), Node::MatrixPower(..));
        let reason = if is_power { Reason::Identity } else { Reason::Supposed };
        let premises = vec![Evidence::leaf(Prop::equal(square, identity), reason)];
        Some((value, Evidence { conclusion: Prop::equal(part, value), reason: law, premises }))
    }

    /// The index at which a lone state of vectors begins that runs from left to right.
    fn start_of_vectors(&mut self, symbol: SymbolId) -> Option<Expr> {
        let is_vector = matches!(self.arena.declared_shape(symbol), Shape::Vector(_));
        let runs_on = self.structure.lone.contains(&symbol) && !self.structure.runs_back(symbol);
        (is_vector && runs_on).then(|| self.structure.start_of(self.arena, symbol))?
    }

    /// `A^{t-k}`, by which the steps from one index to a later one multiply a state.
    fn steps_as_power(&mut self, symbol: SymbolId, from: Expr, to: Expr) -> Option<Expr> {
        let map = self.map_of_step(symbol)?;
        let steps = self.structure.steps_between(self.arena, symbol, from, to)?.expr(self.arena);
        Some(self.arena.matrix_power(map, steps))
    }

    /// A where the definition of a state says `h_t = A h_{t-1}`, the same A at every step.
    fn map_of_step(&mut self, symbol: SymbolId) -> Option<Expr> {
        let letter = self.fresh(SymbolKind::Integer);
        let before = self.structure.before(self.arena, symbol, letter);
        let (member, before) = (self.arena.member(symbol, vec![letter]), self.arena.member(symbol, vec![before]));
        let body = self.structure.definition_of(self.arena, self.model, member)?;
        let body = self.structure.unfold(self.arena, self.model, body, &[]);
        let terms = self.terms(body);
        let is_linear = !terms.is_empty() && terms.iter().all(|term| term.at(End::Last) == Some(before));
        let maps: Vec<Expr> = terms.iter().map(|term| self.without_end(term, End::Last)).collect();
        let is_square = |&map: &Expr| matches!(self.arena.shape(map), Shape::Matrix(m, n) if m == n);
        let may = is_linear && maps.iter().all(is_square);
        let map = may.then(|| self.arena.sum(maps))?;
        let holds_state = self.arena.reachable(&[map]).into_iter().any(|part| {
            Model::member(self.arena, part).is_some_and(|(other, ..)| self.structure.states.contains(&other))
        });
        (!holds_state && !self.arena.contains(map, letter)).then_some(map)
    }
}

/// The premises of evidence that are equalities by themselves, which are supposed in it instead: they are shown where no
/// equation but those that are given is supposed.
fn lemmas_drawn_out(evidence: &mut Evidence) -> Vec<Evidence> {
    let equalities = evidence.premises.iter_mut().filter(|premise| premise.reason == Reason::Identity);
    let drawn_out = |premise: &mut Evidence| {
        let lemma = premise.clone();
        premise.reason = Reason::Supposed;
        lemma
    };
    equalities.map(drawn_out).collect()
}

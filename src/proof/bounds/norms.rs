//! Norms of vectors and matrices of any size, by their rules: what is composed is bounded by its parts, and the norms
//! that are left are unknown numbers that are not negative.
//!
//! Sources: Horn & Johnson (2013), 5.1 (triangle, Cauchy–Schwarz), 5.6 (matrix norms: submultiplicative, the spectral
//! norm of a diagonal matrix, unitary invariance, the spectral radius), 5.6.P23 (spectral and Frobenius).

use crate::expr::{
    Arena, Big, Comparison, DerivativeKind, Elementary, Expr, Extremum, Function, Node, Prop, Shape, Substitution,
    SymbolKind, Tensor,
};
use crate::number::polynomial::Goal;
use crate::proof::bounds::Prover;
use crate::proof::bounds::bounding::Names;
use crate::proof::bounds::known::Known;
use crate::proof::check::{Composition, Evidence, Reason, Relation, Span};
use crate::proof::outcome::Method;
use crate::rewrite::Linear;

/// The norms that stand as unknowns, each with its letter.
#[derive(Debug, Clone, Default)]
pub(super) struct Norms {
    pub atoms: Vec<(Tensor, Expr, Expr)>,
    /// What is known of them, with its evidence.
    pub lemmas: Vec<Evidence>,
}

/// How far norms are taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Apart {
    /// Only where that changes nothing.
    Exactly,
    /// Into Frobenius norms where it is one.
    Frobenius,
    /// Into spectral norms but for the last factor.
    Spectral,
    /// The same, but that what is spoken of stays whole, and sums are read as one where they may be.
    Whole,
}

impl Prover<'_> {
    /// Whether norms stand in an expression.
    pub fn has_norms(&self, expr: Expr) -> bool {
        self.arena.reachable(&[expr]).into_iter().any(|part| match self.arena.node(part) {
            Node::Tensor { op, .. } => is_norm(*op),
            Node::MatMul(_) => self.arena.shape(part).is_scalar(),
            _ => false,
        })
    }

    /// A relation of numbers in which norms stand; derivatives are not worked out yet.
    pub fn by_norms(&mut self, how: Comparison, left: Expr, right: Expr, known: &Known) -> bool {
        self.methods.insert(Method::Rule);
        let (mark, written) = (self.evidence.len(), Relation::new(how, left, right));
        let [left, right] = [left, right].map(|side| {
            let side = self.with_helpers_unfolded(side);
            self.with_forms_multiplied_out(side)
        });
        let found = self.related_by_norms(how, left, right, known);
        if found && (left, right) != (written.left, written.right) {
            self.conclude(mark, written.prop(), Reason::WorkedOut);
        }
        found
    }

    fn related_by_norms(&mut self, how: Comparison, left: Expr, right: Expr, known: &Known) -> bool {
        match how {
            Comparison::LessEqual => self.norms_at_most(left, right, Goal::NonNegative, known),
            Comparison::Less => self.norms_at_most(left, right, Goal::Positive, known),
            Comparison::Equal => {
                self.attempt(|prover| prover.norms_equal(left, right, known))
                    || self.attempt(|prover| {
                        prover.norms_at_most(left, right, Goal::NonNegative, known)
                            && prover.norms_at_most(right, left, Goal::NonNegative, known)
                    })
            }
            Comparison::NotEqual => {
                let mark = self.evidence.len();
                let found = self.attempt(|prover| prover.norms_at_most(left, right, Goal::Positive, known))
                    || self.attempt(|prover| prover.norms_at_most(right, left, Goal::Positive, known));
                found && self.conclude_apart(mark, left, right)
            }
            Comparison::Approximately => false,
        }
    }

    /// The expression with what is defined in its place, but for what derivatives are taken of.
    fn with_helpers_unfolded(&mut self, expr: Expr) -> Expr {
        let is_derivative = |part: Expr| matches!(self.arena.node(part), Node::Derivative { .. } | Node::At { .. });
        if self.arena.reachable(&[expr]).into_iter().any(is_derivative) {
            return expr;
        }
        self.structure.unfold(self.arena, self.model, expr, &[])
    }

    /// The expression with `u^T (A + B) v` as `u^T A v + u^T B v`.
    fn with_forms_multiplied_out(&mut self, expr: Expr) -> Expr {
        self.arena.rewrite(expr, &mut |arena, part| {
            let Node::MatMul(parts) = arena.node(part).clone() else { return None };
            let place = parts.iter().position(|&own| matches!(arena.node(own), Node::Sum(_)))?;
            let Node::Sum(terms) = arena.node(parts[place]).clone() else { return None };
            let is_form = arena.shape(part).is_scalar() && matches!(arena.shape(parts[place]), Shape::Matrix(..));
            is_form.then(|| {
                let of_term = |arena: &mut Arena, term| {
                    let mut factors = parts.to_vec();
                    factors[place] = term;
                    arena.matmul(factors)
                };
                let products: Vec<Expr> = terms.iter().map(|&term| of_term(arena, term)).collect();
                arena.sum(products)
            })
        })
    }

    fn norms_equal(&mut self, left: Expr, right: Expr, known: &Known) -> bool {
        let (mut norms, mark) = (Norms::default(), self.evidence.len());
        let sides = [left, right].map(|side| self.with_letters(side, &mut norms, known));
        if sides[0] == sides[1] {
            self.attest(Prop::equal(left, right), Reason::Identity);
            return true;
        }
        let ground = self.norm_facts(&mut norms, known);
        let [own, other] = sides;
        let found = self.relation_worked_out(Relation::new(Comparison::Equal, own, other), &ground);
        if found {
            self.conclude_equal_norms(mark, (left, right), (own, other), &norms);
        }
        found
    }

    fn norms_at_most(&mut self, left: Expr, right: Expr, goal: Goal, known: &Known) -> bool {
        let opened = self.tensor_states_opened(left, known);
        let mark = self.evidence.len();
        if let Some((opened, index)) = opened
            && self.with_few_steps(|prover| {
                prover.norms_at_most_apart(Relation::of_goal(goal, opened, right), Apart::Whole, known)
            })
        {
            self.conclude(mark, Relation::of_goal(goal, left, right).prop(), Reason::Opened(index));
            return true;
        }
        let lefts: Vec<Expr> = std::iter::once(left).chain(opened.map(|(left, _)| left)).collect();
        let ways = [Apart::Exactly, Apart::Frobenius, Apart::Spectral, Apart::Whole];
        let found = lefts.into_iter().flat_map(|left| ways.map(|apart| (left, apart))).any(|(left, apart)| {
            let before = (self.steps, self.refills, self.parts);
            let relation = Relation::of_goal(goal, left, right);
            let found = self.attempt(|prover| prover.norms_at_most_apart(relation, apart, known));
            if !found && apart == Apart::Whole {
                // What else is tried has as many steps as without it.
                (self.steps, self.refills, self.parts) = before;
            }
            found
        });
        let relation = Relation::of_goal(goal, left, right).prop();
        if let Some((_, index)) = opened.filter(|_| found && !self.concludes(mark, &relation)) {
            self.conclude(mark, relation, Reason::Opened(index));
        }
        found
    }

    fn norms_at_most_apart(&mut self, relation: Relation, apart: Apart, known: &Known) -> bool {
        let mark = self.evidence.len();
        let mut norms = Norms::default();
        let right = self.with_letters(relation.right, &mut norms, known);
        if apart == Apart::Whole {
            self.speak_of_known(&mut norms, known);
        }
        // The letters of the left side itself would keep it whole.
        let exact = (apart != Apart::Whole).then(|| self.with_letters(relation.left, &mut norms, known));
        let bound = match exact.filter(|&exact| apart == Apart::Exactly && !self.has_norms(exact)) {
            Some(exact) => {
                if self.upper(relation.left, apart, &mut norms, known) != Some(exact) {
                    self.evidence.truncate(mark);
                    self.attest_size(relation.left, exact, &norms);
                }
                Some(exact)
            }
            None => self.upper(relation.left, apart, &mut norms, known),
        };
        let Some(bound) = bound else { return false };
        let ground = self.norm_facts(&mut norms, known);
        let found = self.relation_worked_out(Relation { left: bound, right, ..relation }, &ground);
        if found {
            self.conclude_by_norms(mark, relation, (bound, right), &norms);
        }
        found
    }

    /// Letters for the norms that what is known speaks of.
    fn speak_of_known(&mut self, norms: &mut Norms, known: &Known) {
        for (_, left, right) in known.raw.clone() {
            for side in [left, right] {
                if self.arena.shape(side).is_scalar() && self.has_norms(side) {
                    self.with_letters(side, norms, known);
                }
            }
        }
    }

    /// The expression with vectors of state replaced by their definitions, and an index of them; `None` where there are
    /// none.
    fn tensor_states_opened(&mut self, expr: Expr, known: &Known) -> Option<(Expr, Expr)> {
        let (mut map, mut index) = (Substitution::new(), None);
        for part in self.arena.reachable(&[expr]) {
            let Node::Symbol { symbol, indices, .. } = self.arena.node(part).clone() else { continue };
            let [at] = indices[..] else { continue };
            if !self.structure.states.contains(&symbol) || self.arena.shape(part).is_scalar() {
                continue;
            }
            if self.is_made_by_step(symbol, at, known)
                && let Some(body) = self.structure.definition_of(self.arena, self.model, part)
            {
                map.insert(part, self.structure.unfold(self.arena, self.model, body, &[]));
                index = Some(at);
            }
        }
        let is_derivative = |part: Expr| matches!(self.arena.node(part), Node::Derivative { .. } | Node::At { .. });
        let differentiated = self.arena.reachable(&[expr]).into_iter().any(is_derivative);
        let index = index.filter(|_| !differentiated)?;
        Some((self.arena.substitute(expr, &map), index))
    }

    /// A bound of an expression with norms by the norms of its parts, as an expression of their letters, with what is known
    /// of these. It leaves the evidence of the bound.
    pub fn bound_by_norms(&mut self, expr: Expr, apart: Apart, known: &Known) -> Option<(Expr, Known, Norms)> {
        let (mut norms, mark) = (Norms::default(), self.evidence.len());
        if apart == Apart::Whole {
            self.speak_of_known(&mut norms, known);
        }
        let written = self.upper(expr, apart, &mut norms, known)?;
        let ground = self.norm_facts(&mut norms, known);
        self.evidence.truncate(mark + 1);
        let bound = self.resolved(written)?;
        if bound != written {
            let shown = norms.shown(self.arena, bound);
            self.conclude(mark, Prop::at_most(expr, shown), Reason::WorkedOut);
        }
        Some((bound, ground, norms))
    }

    /// The letter of a norm.
    pub fn letter_of(&mut self, norms: &mut Norms, op: Tensor, of: Expr) -> Expr {
        if let Some(&(_, _, letter)) = norms.atoms.iter().find(|&&(other, same, _)| (other, same) == (op, of)) {
            return letter;
        }
        let letter = self.fresh(SymbolKind::Real);
        norms.atoms.push((op, of, letter));
        letter
    }

    /// The expression with every norm as a letter, after what changes nothing.
    pub fn with_letters(&mut self, expr: Expr, norms: &mut Norms, known: &Known) -> Expr {
        let (mut map, mark) = (Substitution::new(), self.evidence.len());
        for part in self.arena.reachable(&[expr]) {
            if let Node::Tensor { op, args } = self.arena.node(part).clone()
                && is_norm(op)
                && self.arena.is_closed(part)
                && let Some(value) = self.norm(op, args[0], Apart::Exactly, norms, known)
            {
                map.insert(part, value);
            }
            if let Some(half) = self.half_of_square(part)
                && self.arena.is_closed(part)
                && let Some(norm) = self.norm(Tensor::Norm, half, Apart::Exactly, norms, known)
            {
                let two = self.arena.integer(2);
                map.insert(part, self.arena.power(norm, two));
            }
        }
        self.evidence.truncate(mark);
        self.arena.substitute(expr, &map)
    }

    /// `A v` of `v^T A^T A v`, or of `(A v)^T A v`.
    fn half_of_square(&mut self, expr: Expr) -> Option<Expr> {
        let Node::MatMul(parts) = self.arena.node(expr).clone() else { return None };
        let n = parts.len();
        if !self.arena.shape(expr).is_scalar() {
            return None;
        }
        if n % 2 == 0 && (0..n / 2).all(|place| self.arena.transpose(parts[place]) == parts[n - 1 - place]) {
            return Some(self.arena.matmul(parts[n / 2..].to_vec()));
        }
        let half = self.arena.matmul(parts[1..].to_vec());
        (self.arena.transpose(half) == parts[0]).then_some(half)
    }

    /// A bound of a number from above.
    fn upper(&mut self, expr: Expr, apart: Apart, norms: &mut Norms, known: &Known) -> Option<Expr> {
        self.bounding("norms", expr, norms, |prover, norms| prover.upper_by_parts(expr, apart, norms, known))
    }

    fn upper_by_parts(&mut self, expr: Expr, apart: Apart, norms: &mut Norms, known: &Known) -> Option<Expr> {
        if !self.has_norms(expr) {
            return Some(expr);
        }
        let mark = self.evidence.len();
        match self.arena.node(expr).clone() {
            Node::Tensor { op, args } if is_norm(op) => self.norm(op, args[0], apart, norms, known),
            Node::Sum(parts) => {
                let mut bounds = Vec::new();
                for &part in parts.iter() {
                    bounds.push(match self.upper(part, apart, norms, known) {
                        Some(bound) => bound,
                        None => {
                            let exact = self.with_letters(part, norms, known);
                            self.attest_size(part, exact, norms);
                            exact
                        }
                    });
                }
                let bound = self.arena.sum(bounds);
                self.composed(mark, expr, bound, norms, Composition::Sum);
                Some(bound)
            }
            Node::Product(parts) if parts.iter().all(|&part| self.is_size(part, known)) => {
                let bounds: Option<Vec<Expr>> =
                    parts.iter().map(|&part| self.upper(part, apart, norms, known)).collect();
                let bound = self.arena.product(bounds?);
                self.composed(mark, expr, bound, norms, Composition::Product);
                Some(bound)
            }
            Node::Product(_) => self.upper_of_magnitude(expr, apart, norms, known),
            Node::Power(base, exponent) if self.is_size(base, known) && self.counts(exponent, known) => {
                let base = self.upper(base, apart, norms, known)?;
                let bound = self.arena.power(base, exponent);
                self.composed(mark, expr, bound, norms, Composition::Power(exponent));
                Some(bound)
            }
            Node::Power(base, exponent) if self.arena.as_integer(exponent).is_some_and(|n| n > 0 && n % 2 == 0) => {
                let base = self.upper_of_magnitude(base, apart, norms, known)?;
                let bound = self.arena.power(base, exponent);
                self.composed(mark, expr, bound, norms, Composition::Power(exponent));
                Some(bound)
            }
            Node::Call { function: Function::Elementary(Elementary::Abs), args, slots } if slots.is_empty() => {
                self.upper_of_magnitude(args[0], apart, norms, known)
            }
            Node::MatMul(_) => self.upper_of_magnitude(expr, apart, norms, known),
            Node::Big { op: op @ (Big::Sum | Big::Product), lower, upper, .. } => {
                let (low, high) = (Linear::read(self.arena, lower)?, Linear::read(self.arena, upper)?);
                let letter = self.fresh(SymbolKind::Integer);
                let body = self.arena.instantiate(expr, letter)?;
                let inner = known.within(letter, &low, &high);
                if op == Big::Product && !self.is_size(body, &inner) {
                    return None;
                }
                let bound = self.upper(body, apart, norms, &inner)?;
                let bound = norms.shown_of(self.arena, bound, letter);
                let bound = self.over_index(op, letter, (lower, upper), bound, known)?;
                self.composed(mark, expr, bound, norms, Composition::Over(op, Span::new(letter, lower, upper)));
                Some(bound)
            }
            _ => Some(self.with_letters(expr, norms, known)).filter(|&expr| !self.has_norms(expr)),
        }
    }

    /// A sum or product of bounds over an index: a power of the bound where it is the same for all.
    pub fn over_index(
        &mut self,
        op: Big,
        letter: Expr,
        (lower, upper): (Expr, Expr),
        bound: Expr,
        known: &Known,
    ) -> Option<Expr> {
        let Node::Symbol { symbol, .. } = *self.arena.node(letter) else { return None };
        let (low, high) = (Linear::read(self.arena, lower)?, Linear::read(self.arena, upper)?);
        let length = high.minus(&low).plus(&Linear::integer(1), &1.into());
        let never_short = known.domain.implies_at_most_zero(&Linear::default().minus(&length));
        if op == Big::Product && never_short && !self.arena.contains(bound, letter) {
            let length = length.expr(self.arena);
            return Some(self.arena.power(bound, length));
        }
        Some(self.arena.big(op, symbol, lower, upper, bound))
    }

    /// Whether a number is certainly not negative.
    fn is_size(&mut self, expr: Expr, known: &Known) -> bool {
        match self.arena.node(expr).clone() {
            Node::Tensor { op, .. } => is_norm(op),
            Node::Call { function: Function::Elementary(Elementary::Abs), .. } => true,
            Node::Product(parts) => parts.iter().all(|&part| self.is_size(part, known)),
            Node::Power(base, exponent) => {
                self.is_size(base, known) || self.arena.as_integer(exponent).is_some_and(|n| n % 2 == 0)
            }
            Node::Number(value) => !crate::number::rational::is_negative(&value),
            _ if self.has_norms(expr) => false,
            _ => self.resolved(expr).is_some_and(|expr| {
                let (zero, mark) = (self.arena.zero(), self.evidence.len());
                let found = self.attempt(|prover| prover.compared(zero, expr, Goal::NonNegative, known));
                self.evidence.truncate(mark);
                found
            }),
        }
    }

    /// A bound of the absolute value of a number that is made of vectors.
    fn upper_of_magnitude(&mut self, expr: Expr, apart: Apart, norms: &mut Norms, known: &Known) -> Option<Expr> {
        let size = self.magnitude_of(expr);
        self.bounding("norms", size, norms, |prover, norms| prover.magnitude_by_norms(expr, apart, norms, known))
    }

    fn magnitude_by_norms(&mut self, expr: Expr, apart: Apart, norms: &mut Norms, known: &Known) -> Option<Expr> {
        let (mark, size) = (self.evidence.len(), self.magnitude_of(expr));
        match self.arena.node(expr).clone() {
            Node::Sum(parts) => {
                let bounds: Option<Vec<Expr>> =
                    parts.iter().map(|&part| self.upper_of_magnitude(part, apart, norms, known)).collect();
                let bound = self.arena.sum(bounds?);
                self.composed(mark, size, bound, norms, Composition::Sum);
                Some(bound)
            }
            Node::Product(parts) => {
                let bounds: Option<Vec<Expr>> =
                    parts.iter().map(|&part| self.upper_of_magnitude(part, apart, norms, known)).collect();
                let bound = self.arena.product(bounds?);
                self.composed(mark, size, bound, norms, Composition::Product);
                Some(bound)
            }
            Node::MatMul(parts) => {
                let bounds: Option<Vec<Expr>> =
                    parts.iter().map(|&part| self.norm(Tensor::NormSpectral, part, apart, norms, known)).collect();
                let bound = self.arena.product(bounds?);
                self.composed(mark, size, bound, norms, Composition::MatMul);
                Some(bound)
            }
            Node::Tensor { op: Tensor::Trace, args } => match self.arena.node(args[0]).clone() {
                Node::MatMul(parts) => {
                    let rest = self.arena.matmul(parts[1..].to_vec());
                    let first = self.norm(Tensor::Norm, parts[0], Apart::Exactly, norms, known)?;
                    let rest = self.norm(Tensor::Norm, rest, Apart::Spectral, norms, known)?;
                    Some(self.arena.product([first, rest]))
                }
                _ => None,
            },
            _ if self.has_norms(expr) => {
                if !self.is_size(expr, known) {
                    return None;
                }
                let bound = self.upper(expr, apart, norms, known)?;
                self.composed(mark, size, bound, norms, Composition::Product);
                Some(bound)
            }
            _ => Some(size),
        }
    }

    /// A norm by the norms of parts: equal to it where it is taken apart exactly, never below it otherwise.
    pub fn norm(&mut self, op: Tensor, of: Expr, apart: Apart, norms: &mut Norms, known: &Known) -> Option<Expr> {
        if !self.step() {
            return None;
        }
        let norm = self.arena.tensor(op, vec![of]);
        self.bounding("norms", norm, norms, |prover, norms| prover.norm_by_parts(op, of, apart, norms, known))
    }

    fn norm_by_parts(&mut self, op: Tensor, of: Expr, apart: Apart, norms: &mut Norms, known: &Known) -> Option<Expr> {
        let (mark, size) = (self.evidence.len(), self.arena.tensor(op, vec![of]));
        // Of a vector the spectral norm is the Euclidean one, also where it lies.
        let op = match (op, self.arena.shape(of)) {
            (Tensor::NormSpectral, Shape::Vector(_)) => Tensor::Norm,
            (op, _) => op,
        };
        if self.arena.is_zero(of) {
            return Some(self.arena.zero());
        }
        if apart == Apart::Whole {
            let mark = self.evidence.len();
            match self.norm_as_one(op, of, norms, known) {
                Some(bound) => return Some(bound),
                None => self.evidence.truncate(mark),
            }
        }
        match self.arena.node(of).clone() {
            Node::Product(parts) => {
                let (scalars, tensors): (Vec<Expr>, Vec<Expr>) =
                    parts.iter().partition(|&&part| self.arena.shape(part).is_scalar());
                let mut factors = Vec::new();
                let [tensor] = tensors[..] else {
                    return self.norm_of_entrywise(op, of, (&scalars, &tensors), apart, norms, known);
                };
                for scalar in scalars {
                    let number = self.with_letters(scalar, norms, known);
                    let [own, bound] = [scalar, number].map(|number| self.arena.apply(Elementary::Abs, number));
                    self.attest_size(own, bound, norms);
                    factors.push(bound);
                }
                factors.push(self.norm(op, tensor, apart, norms, known)?);
                let bound = self.arena.product(factors);
                self.composed(mark, size, bound, norms, Composition::Product);
                Some(bound)
            }
            Node::Transpose(inner) => {
                let bound = self.norm(op, inner, apart, norms, known)?;
                self.same_size(mark, size, bound, norms);
                Some(bound)
            }
            Node::Identity(_) if op == Tensor::NormSpectral || op == Tensor::SpectralRadius => Some(self.arena.one()),
            Node::Tensor { op: Tensor::Diagonal, args }
                if op == Tensor::NormSpectral && matches!(self.arena.shape(args[0]), Shape::Vector(_)) =>
            {
                self.largest_entry(args[0], apart, known)
            }
            Node::MatMul(parts) if self.is_orthogonal(parts[0], known) && op != Tensor::SpectralRadius => {
                let rest = self.arena.matmul(parts[1..].to_vec());
                self.attest_orthogonal(parts[0]);
                let bound = self.norm(op, rest, apart, norms, known)?;
                self.composed(mark, size, bound, norms, Composition::MatMul);
                Some(bound)
            }
            _ if op == Tensor::NormSpectral && self.is_orthogonal(of, known) => {
                self.attest_orthogonal(of);
                Some(self.arena.one())
            }
            Node::Derivative { kind: DerivativeKind::Immediate, of: state, by, .. } if op == Tensor::NormSpectral => {
                match self.immediate_jacobian(state, by, known) {
                    Some(step) => {
                        let bound = self.norm(op, step, apart, norms, known)?;
                        self.same_size(mark, size, bound, norms);
                        Some(bound)
                    }
                    None => Some(self.letter_of(norms, op, of)),
                }
            }
            _ if apart == Apart::Exactly => Some(self.letter_of(norms, op, of)),
            Node::Sum(parts)
                if op != Tensor::SpectralRadius
                    && parts.iter().all(|&part| self.arena.shape(part) == self.arena.shape(of)) =>
            {
                let bounds: Option<Vec<Expr>> =
                    parts.iter().map(|&part| self.norm(op, part, apart, norms, known)).collect();
                let bound = self.arena.sum(bounds?);
                self.composed(mark, size, bound, norms, Composition::Sum);
                Some(bound)
            }
            Node::MatMul(parts) => {
                let last = parts.len() - 1;
                let of_place = |place: usize| match op {
                    Tensor::Norm if apart == Apart::Frobenius || place == last => Tensor::Norm,
                    _ => Tensor::NormSpectral,
                };
                let bounds: Option<Vec<Expr>> = parts
                    .iter()
                    .enumerate()
                    .map(|(place, &part)| {
                        // A matrix that is applied to a vector acts by its spectral norm.
                        let vector = matches!(self.arena.shape(of), Shape::Vector(_)) && place < last;
                        let op = if vector { Tensor::NormSpectral } else { of_place(place) };
                        self.norm(op, part, apart, norms, known)
                    })
                    .collect();
                let bound = self.arena.product(bounds?);
                self.composed(mark, size, bound, norms, Composition::MatMul);
                Some(bound)
            }
            Node::MatrixPower(base, exponent) if op != Tensor::Norm && self.counts(exponent, known) => {
                let base = self.norm(Tensor::NormSpectral, base, apart, norms, known)?;
                let bound = self.arena.power(base, exponent);
                self.composed(mark, size, bound, norms, Composition::Power(exponent));
                Some(bound)
            }
            Node::Big { op: order, lower, upper, .. }
                if op == Tensor::NormSpectral || op == Tensor::Norm && order == Big::Sum =>
            {
                let of_bounds = if order == Big::Sum { Big::Sum } else { Big::Product };
                let (low, high) = (Linear::read(self.arena, lower)?, Linear::read(self.arena, upper)?);
                let letter = self.fresh(SymbolKind::Integer);
                let body = self.arena.instantiate(of, letter)?;
                let inner = known.within(letter, &low, &high);
                let bound = self.norm(op, body, apart, norms, &inner)?;
                let bound = norms.shown_of(self.arena, bound, letter);
                let bound = self.over_index(of_bounds, letter, (lower, upper), bound, known)?;
                self.composed(mark, size, bound, norms, Composition::Over(order, Span::new(letter, lower, upper)));
                Some(bound)
            }
            Node::Big { op: Big::Sum, lower, upper, .. } if op != Tensor::SpectralRadius => {
                let (low, high) = (Linear::read(self.arena, lower)?, Linear::read(self.arena, upper)?);
                let letter = self.fresh(SymbolKind::Integer);
                let body = self.arena.instantiate(of, letter)?;
                let inner = known.within(letter, &low, &high);
                // The norms of its terms are no numbers of their own: they change along the sum.
                let mut own = Norms::default();
                let bound = self.norm(op, body, apart, &mut own, &inner)?;
                let bound = own.shown(self.arena, bound);
                let bound = self.over_index(Big::Sum, letter, (lower, upper), bound, known)?;
                self.composed(mark, size, bound, norms, Composition::Over(Big::Sum, Span::new(letter, lower, upper)));
                Some(bound)
            }
            Node::Derivative { kind: DerivativeKind::Total | DerivativeKind::Partial, of: state, by, .. }
                if op == Tensor::NormSpectral =>
            {
                match self.jacobian_norm(state, by, apart, norms, known) {
                    Some(bound) => {
                        self.same_size(mark, size, bound, norms);
                        Some(bound)
                    }
                    None => Some(self.letter_of(norms, op, of)),
                }
            }
            Node::Derivative { kind: DerivativeKind::Total | DerivativeKind::Partial, of: state, by, .. }
                if op == Tensor::Norm =>
            {
                match self.single_step(state, by, known) {
                    Some(step) => {
                        let bound = self.norm(op, step, apart, norms, known)?;
                        self.same_size(mark, size, bound, norms);
                        Some(bound)
                    }
                    None => Some(self.letter_of(norms, op, of)),
                }
            }
            _ => Some(self.letter_of(norms, op, of)),
        }
    }

    /// `‖u ∘ v‖ <= ‖u‖ ‖v‖` and `‖u ∘ v‖ <= max_i |u_i| ‖v‖`; of the factors the one stays whose norm is spoken of.
    fn norm_of_entrywise(
        &mut self,
        op: Tensor,
        of: Expr,
        (scalars, tensors): (&[Expr], &[Expr]),
        apart: Apart,
        norms: &mut Norms,
        known: &Known,
    ) -> Option<Expr> {
        let (mark, size) = (self.evidence.len(), self.arena.tensor(op, vec![of]));
        let vectors = tensors.iter().all(|&tensor| matches!(self.arena.shape(tensor), Shape::Vector(_)));
        if !vectors || !scalars.is_empty() || op != Tensor::Norm || apart == Apart::Exactly {
            return Some(self.letter_of(norms, op, of));
        }
        let spoken_of = |tensor: &Expr| norms.atoms.iter().any(|(_, own, _)| own == tensor);
        let kept = tensors.iter().position(spoken_of).unwrap_or(tensors.len() - 1);
        let mut factors = Vec::new();
        for (place, &tensor) in tensors.iter().enumerate() {
            factors.push(match place == kept || apart == Apart::Frobenius {
                true => self.norm(op, tensor, apart, norms, known)?,
                false => self.largest_entry(tensor, apart, known)?,
            });
        }
        let bound = self.arena.product(factors);
        self.composed(mark, size, bound, norms, Composition::Product);
        Some(bound)
    }

    /// `max_i |v_i|`, or a bound that is the same for all entries.
    fn largest_entry(&mut self, of: Expr, apart: Apart, known: &Known) -> Option<Expr> {
        let Shape::Vector(size) = self.arena.shape(of) else { return None };
        let letter = self.fresh(SymbolKind::Integer);
        let Node::Symbol { symbol, .. } = *self.arena.node(letter) else { return None };
        let entry = crate::rewrite::entries::entry(self.arena, of, &[letter]);
        let one = self.arena.one();
        if apart != Apart::Exactly {
            let (low, high) = (Linear::integer(1), Linear::read(self.arena, size)?);
            let inner = known.within(letter, &low, &high);
            if let Some(worked) = self.resolved(entry) {
                let (mark, bound) = (self.evidence.len(), self.magnitude(worked, Names::Bounded, &inner));
                if let Some(bound) = bound.filter(|&bound| !self.arena.contains(bound, letter)) {
                    self.explain_magnitude(worked, Names::Bounded, &inner);
                    let diagonal = self.arena.tensor(Tensor::Diagonal, vec![of]);
                    let norm = self.arena.tensor(Tensor::NormSpectral, vec![diagonal]);
                    self.conclude(mark, Prop::at_most(norm, bound), Reason::LargestEntry(letter));
                    return Some(bound);
                }
            }
        }
        let body = self.arena.apply(Elementary::Abs, entry);
        let largest = self.arena.extremum(Extremum::Supremum, symbol, Some((one, size)), body);
        self.attest_largest_entry(of, (letter, body), largest);
        Some(largest)
    }

    /// Whether `Q^T Q = I` is known of a matrix.
    pub fn is_orthogonal(&mut self, matrix: Expr, known: &Known) -> bool {
        if !matches!(self.arena.shape(matrix), Shape::Matrix(..)) {
            return false;
        }
        // Square matrices of this kind are a group.
        if let Node::MatrixPower(base, _) = *self.arena.node(matrix) {
            return self.is_orthogonal(base, known);
        }
        let back = self.arena.transpose(matrix);
        let square = self.arena.matmul([back, matrix]);
        known.raw.iter().any(|&(how, left, right)| {
            let is_identity = |side: Expr| matches!(self.arena.node(side), Node::Identity(_));
            how == Comparison::Equal && (left == square && is_identity(right) || right == square && is_identity(left))
        })
    }
}

/// Whether a function of a tensor is a norm that these rules know.
fn is_norm(op: Tensor) -> bool {
    match op {
        Tensor::Norm | Tensor::NormSpectral | Tensor::SpectralRadius => true,
        Tensor::Softmax
        | Tensor::Trace
        | Tensor::Determinant
        | Tensor::Diagonal
        | Tensor::Norm1
        | Tensor::NormInfinity => false,
    }
}

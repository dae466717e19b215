//! Sums of vectors or matrices read as one: as one map of a vector, as a map of a sum, as one function of two vectors.
//!
//! `x - W x = (I - W) x` and `W x - W z = W (x - z)` are bounded by products of norms, `tanh(x) - tanh(z)` by `x - z`;
//! the triangle of their terms would lose what these have in common. A sum whose norm is spoken of stays whole.
//!
//! Sources: Horn & Johnson (2013), 5.6 (products); DLMF 1.4(iii) (mean values).

use crate::expr::{Elementary, Expr, Function, Node, Prop, Shape, SymbolKind, Tensor};
use crate::number::polynomial::Goal;
use crate::proof::bounds::Prover;
use crate::proof::bounds::known::Known;
use crate::proof::bounds::norms::{Apart, Norms};
use crate::proof::check::{Composition, Reason, Relation};

/// A term of a sum of vectors or matrices: a number, and what is multiplied from left to right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Term {
    pub number: Expr,
    pub factors: Vec<Expr>,
}

/// An end of what is multiplied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    First,
    Last,
}

impl Term {
    /// The factor at an end.
    pub fn at(&self, end: End) -> Option<Expr> {
        match end {
            End::First => self.factors.first().copied(),
            End::Last => self.factors.last().copied(),
        }
    }
}

impl Prover<'_> {
    /// A bound of the norm of what is spoken of, of values of one function, of a sum whose terms share a factor, or of a
    /// product in which neighbours are spoken of together; `None` for all else.
    pub fn norm_as_one(&mut self, op: Tensor, of: Expr, norms: &mut Norms, known: &Known) -> Option<Expr> {
        if let Some(letter) = norms.spoken_of(op, of) {
            return Some(letter);
        }
        if op == Tensor::SpectralRadius || self.arena.shape(of).is_scalar() {
            return None;
        }
        match self.arena.node(of).clone() {
            Node::Sum(_) => self
                .norm_of_opposite(op, of, norms, known)
                .or_else(|| self.norm_of_values(op, of, norms, known))
                .or_else(|| self.norm_of_gathered(op, of, norms, known)),
            Node::Call { .. } => self.norm_of_values(op, of, norms, known),
            Node::MatMul(parts) => self.norm_in_runs(op, of, &parts, norms, known),
            _ => None,
        }
    }

    /// `‖a - b‖` where `‖b - a‖` is spoken of.
    fn norm_of_opposite(&mut self, op: Tensor, of: Expr, norms: &mut Norms, known: &Known) -> Option<Expr> {
        let Node::Sum(parts) = self.arena.node(of).clone() else { return None };
        let negated: Vec<Expr> = parts.iter().map(|&part| self.arena.negate(part)).collect();
        let opposite = self.arena.sum(negated);
        norms.spoken_of(op, opposite)?;
        let back = self.arena.negate(opposite);
        self.norm_of_same(op, of, back, norms, known)
    }

    /// The sum with what its terms share as a factor.
    fn norm_of_gathered(&mut self, op: Tensor, of: Expr, norms: &mut Norms, known: &Known) -> Option<Expr> {
        let gathered = self.gathered(of)?;
        self.norm_of_same(op, of, gathered, norms, known)
    }

    /// The bound of a norm by that of the same vector or matrix in another form.
    fn norm_of_same(&mut self, op: Tensor, of: Expr, same: Expr, norms: &mut Norms, known: &Known) -> Option<Expr> {
        let (mark, size) = (self.evidence.len(), self.arena.tensor(op, vec![of]));
        let bound = self.norm(op, same, Apart::Whole, norms, known)?;
        self.same_size(mark, size, bound, norms);
        Some(bound)
    }

    /// A product whose neighbours are taken together where their norm is spoken of.
    fn norm_in_runs(&mut self, op: Tensor, of: Expr, parts: &[Expr], norms: &mut Norms, known: &Known) -> Option<Expr> {
        let runs = self.runs(parts, norms);
        if runs.len() == parts.len() {
            return None;
        }
        let (mark, size) = (self.evidence.len(), self.arena.tensor(op, vec![of]));
        let (mut bounds, last) = (Vec::new(), runs.len() - 1);
        for (place, run) in runs.into_iter().enumerate() {
            let own = if place == last { op } else { Tensor::NormSpectral };
            bounds.push(self.norm(own, run, Apart::Whole, norms, known)?);
        }
        let bound = self.arena.product(bounds);
        self.composed(mark, size, bound, norms, Composition::MatMul);
        Some(bound)
    }

    /// Factors, of which those that are spoken of together are one.
    fn runs(&mut self, parts: &[Expr], norms: &Norms) -> Vec<Expr> {
        let (mut runs, mut begin) = (Vec::new(), 0);
        while begin < parts.len() {
            let run = (begin + 2..=parts.len()).rev().find_map(|end| {
                let product = self.arena.matmul(parts[begin..end].to_vec());
                norms.atoms.iter().any(|&(_, own, _)| own == product).then_some((product, end))
            });
            let (run, end) = run.unwrap_or((parts[begin], begin + 1));
            runs.push(run);
            begin = end;
        }
        runs
    }

    /// `‖f(a) - f(b)‖ <= c ‖a - b‖` where f is nowhere steeper than c, entry by entry, and `‖f(a)‖ <= c ‖a‖` where
    /// `f(0) = 0`.
    fn norm_of_values(&mut self, op: Tensor, of: Expr, norms: &mut Norms, known: &Known) -> Option<Expr> {
        if op != Tensor::Norm || !matches!(self.arena.shape(of), Shape::Vector(_)) {
            return None;
        }
        let (function, a, b) = self.as_values(of)?;
        let steepest = self.steepest(&function, known)?;
        let apart = b.map_or(a, |b| self.arena.subtract(a, b));
        if self.arena.is_zero(apart) {
            return None;
        }
        let mark = self.evidence.len();
        self.entries_are_near(of, (&function, a, b), steepest, known)?;
        let place = self.evidence.len();
        self.attest_size(steepest, steepest, norms);
        let size = self.arena.tensor(op, vec![apart]);
        let bound = self.norm(op, apart, Apart::Whole, norms, known)?;
        let [stretched, bound] = [size, bound].map(|size| self.arena.product([steepest, size]));
        self.composed(place, stretched, bound, norms, Composition::Product);
        let size = self.arena.tensor(op, vec![of]);
        let shown = norms.shown(self.arena, bound);
        self.conclude(mark, Prop::at_most(size, shown), Reason::Through);
        Some(bound)
    }

    /// Leaves the evidence for `‖f(a) - f(b)‖ <= c ‖a - b‖`.
    fn entries_are_near(
        &mut self,
        of: Expr,
        (function, a, b): (&Function, Expr, Option<Expr>),
        steepest: Expr,
        known: &Known,
    ) -> Option<()> {
        let (mark, index) = (self.evidence.len(), self.fresh(SymbolKind::Integer));
        let places: Vec<Expr> = std::iter::once(a).chain(b).collect();
        let letters: Vec<Expr> = places.iter().map(|_| self.fresh(SymbolKind::Real)).collect();
        let entries: Vec<Expr> = places.iter().map(|&place| self.arena.entry(place, vec![index])).collect();
        let near = self.values_near(function, &letters, steepest);
        // That it holds is known by its slope.
        let found = self.aside(|prover| {
            prover.concluding("values of one function", &near.prop(), |prover| {
                prover.at_most(near.left, near.right, Goal::NonNegative, known)
            })
        });
        if !found {
            return None;
        }
        let named = letters.into_iter().zip(entries.iter().copied()).collect();
        let near = self.values_near(function, &entries, steepest);
        self.conclude(mark, near.prop(), Reason::Generalized(named));
        let apart = b.map_or(a, |b| self.arena.subtract(a, b));
        let [size, distance] = [of, apart].map(|of| self.arena.tensor(Tensor::Norm, vec![of]));
        let stretched = self.arena.product([steepest, distance]);
        self.conclude(mark, Prop::at_most(size, stretched), Reason::EntryByEntry(index));
        Some(())
    }

    /// `|f(x) - f(y)| <= c |x - y|`, or without y `|f(x)| <= c |x|`.
    fn values_near(&mut self, function: &Function, at: &[Expr], steepest: Expr) -> Relation {
        let values: Vec<Expr> = at.iter().map(|&at| self.arena.call(function.clone(), Vec::new(), vec![at])).collect();
        let [left, right] = [&values[..], at].map(|ends| {
            let gap = ends[1..].iter().fold(ends[0], |first, &other| self.arena.subtract(first, other));
            self.arena.apply(Elementary::Abs, gap)
        });
        Relation::new(crate::expr::Comparison::LessEqual, left, self.arena.product([steepest, right]))
    }

    /// The function and both places of a difference of values; one place where the function is 0 at 0 and stands alone.
    fn as_values(&mut self, of: Expr) -> Option<(Function, Expr, Option<Expr>)> {
        let terms = self.terms(of);
        let one = self.arena.one();
        let minus = self.arena.integer(-1);
        let value = |prover: &Self, term: &Term| match (&term.factors[..], prover.arena.shape(of)) {
            (&[call], shape) => match prover.arena.node(call) {
                Node::Call { function, slots, args } if slots.is_empty() && args.len() == 1 => {
                    (prover.arena.shape(args[0]) == shape).then(|| (function.clone(), args[0]))
                }
                _ => None,
            },
            _ => None,
        };
        match &terms[..] {
            [term] if term.number == one => {
                let (function, a) = value(self, term)?;
                let Function::Elementary(f) = function else { return None };
                (f.at_zero() == Some(0.into())).then_some((function, a, None))
            }
            [first, second] => {
                let (a, b) = if first.number == one { (first, second) } else { (second, first) };
                let ((function, x), (other, y)) = (value(self, a)?, value(self, b)?);
                let is_difference = a.number == one && b.number == minus && function == other;
                is_difference.then_some((function, x, Some(y)))
            }
            _ => None,
        }
    }

    /// The terms of a sum, those with equal factors as one; none whose number is 0.
    pub fn terms(&mut self, of: Expr) -> Vec<Term> {
        let (mut terms, one) = (Vec::new(), self.arena.one());
        self.add_terms(of, one, &mut terms);
        terms.retain(|term| !self.arena.is_zero(term.number));
        terms
    }

    fn add_terms(&mut self, of: Expr, number: Expr, terms: &mut Vec<Term>) {
        match self.arena.node(of).clone() {
            Node::Sum(parts) => parts.iter().for_each(|&part| self.add_terms(part, number, terms)),
            Node::Product(parts) => {
                let (scalars, tensors): (Vec<Expr>, Vec<Expr>) =
                    parts.iter().partition(|&&part| self.arena.shape(part).is_scalar());
                let number = self.arena.product([vec![number], scalars].concat());
                match tensors[..] {
                    [tensor] => self.add_terms(tensor, number, terms),
                    _ => {
                        let tensor = self.arena.product(tensors);
                        self.add_term(number, vec![tensor], terms);
                    }
                }
            }
            Node::MatMul(parts) => self.add_term(number, parts.to_vec(), terms),
            _ => self.add_term(number, vec![of], terms),
        }
    }

    fn add_term(&mut self, number: Expr, factors: Vec<Expr>, terms: &mut Vec<Term>) {
        match terms.iter_mut().find(|term| term.factors == factors) {
            Some(term) => {
                let both = self.arena.sum([term.number, number]);
                term.number = self.canonical(both);
            }
            None => terms.push(Term { number, factors }),
        }
    }

    /// The sum with the last factor that terms share drawn out of them, then the first one; `None` where none is shared.
    pub fn gathered(&mut self, of: Expr) -> Option<Expr> {
        let mut terms = self.terms(of);
        let mut parts = self.drawn_out(&mut terms, End::Last);
        parts.extend(self.drawn_out(&mut terms, End::First));
        for term in &terms {
            let product = self.arena.matmul(term.factors.clone());
            parts.push(self.arena.product([term.number, product]));
        }
        let gathered = (!parts.is_empty()).then(|| self.arena.sum(parts))?;
        (gathered != of).then_some(gathered)
    }

    /// Takes the terms that share a factor at an end, and gives that times what else they are.
    fn drawn_out(&mut self, terms: &mut Vec<Term>, end: End) -> Vec<Expr> {
        let mut found = Vec::new();
        while let Some(factor) = self.shared_factor(terms, end) {
            let is_own = |term: &Term| term.at(end) == Some(factor);
            let (own, others): (Vec<Term>, Vec<Term>) = std::mem::take(terms).into_iter().partition(is_own);
            *terms = others;
            let rests: Vec<Expr> = own.iter().map(|term| self.without_end(term, end)).collect();
            let rest = self.arena.sum(rests);
            found.push(self.arena.matmul(if end == End::First { [factor, rest] } else { [rest, factor] }));
        }
        found
    }

    /// A factor that some terms share at an end, where what else they are may be added.
    fn shared_factor(&mut self, terms: &[Term], end: End) -> Option<Expr> {
        let factors: Vec<Expr> = terms.iter().filter_map(|term| term.at(end)).collect();
        factors.iter().enumerate().find_map(|(place, &factor)| {
            let own: Vec<&Term> = terms.iter().filter(|term| term.at(end) == Some(factor)).collect();
            let is_matrix = matches!(self.arena.shape(factor), Shape::Matrix(..));
            let may = end == End::Last || is_matrix && own.iter().all(|term| term.factors.len() > 1);
            let is_shared = factors[place + 1..].contains(&factor);
            let shapes: Vec<Shape> = own
                .into_iter()
                .map(|term| {
                    let rest = self.without_end(term, end);
                    self.arena.shape(rest)
                })
                .collect();
            let are_alike = shapes.windows(2).all(|pair| pair[0] == pair[1]);
            let are_whole = shapes.iter().all(|shape| !shape.is_scalar());
            (may && is_shared && are_alike && are_whole).then_some(factor)
        })
    }

    /// A term without its factor at an end, by which the rest is a map.
    pub fn without_end(&mut self, term: &Term, end: End) -> Expr {
        let n = term.factors.len();
        let rest = match (end, n) {
            (_, 1) => self.arena.shape(term.factors[0]).sizes().first().map(|&rows| self.arena.identity(rows)),
            (End::First, _) => Some(self.arena.matmul(term.factors[1..].to_vec())),
            (End::Last, _) => Some(self.arena.matmul(term.factors[..n - 1].to_vec())),
        };
        let rest = rest.unwrap_or_else(|| self.arena.one());
        self.arena.product([term.number, rest])
    }
}

impl Norms {
    /// The letter of a norm that stands as an unknown.
    pub fn spoken_of(&self, op: Tensor, of: Expr) -> Option<Expr> {
        self.atoms.iter().find(|&&(other, same, _)| (other, same) == (op, of)).map(|&(_, _, letter)| letter)
    }
}

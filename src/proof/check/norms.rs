//! The size of what is composed, by the sizes of its parts: absolute values of numbers, norms of vectors and matrices.
//!
//! | size of | sum | multiple, power | product of matrices | over a range |
//! | --- | --- | --- | --- | --- |
//! | number | of absolute values | of absolute values | of spectral or Frobenius norms | sum, product |
//! | vector, matrix | of the same norm | absolute value and the same norm | the same, one Frobenius for a Frobenius norm | sum; product of spectral norms |
//!
//! Source: Horn & Johnson (2013), 5.1 (triangles, Cauchy–Schwarz), 5.6 (products, diagonal matrices, spectral radius),
//! 5.6.P23 (spectral and Frobenius).

use crate::expr::{Big, Comparison, Elementary, Expr, Node, Shape, Tensor};
use crate::number::range;
use crate::proof::check::evidence::{Composition, Relation};
use crate::proof::check::extent::extent;
use crate::proof::check::hypotheses::{Hypotheses, call};
use crate::proof::check::replay::{Checked, Needed, Objection, Replay, Step, ensure};

/// By what something is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    /// A number by itself, which its absolute value is never below.
    Itself,
    /// A number by its absolute value.
    Absolute,
    /// By a norm, of a vector always by a norm of vectors.
    Norm(Tensor),
}

impl Measure {
    fn is_of_number(self) -> bool {
        matches!(self, Measure::Itself | Measure::Absolute)
    }

    fn is_radius(self) -> bool {
        self == Measure::Norm(Tensor::SpectralRadius)
    }
}

impl Replay<'_> {
    /// `|a + b| <= c + d` from `|a| <= c` and `|b| <= d`, and the like.
    pub(super) fn composed<'m>(&mut self, step: Step<'_, 'm>, how: Composition) -> Needed<'m> {
        let (own, others, hypotheses) = (step.order()?, step.others()?, step.hypotheses);
        let (measure, whole) = self.measured(own.left);
        let are_numbers = std::iter::once(&own)
            .chain(&others)
            .all(|own| [own.left, own.right].into_iter().all(|side| self.arena.shape(side).is_scalar()));
        let is_weak = own.how == Comparison::LessEqual || self.is_strict_sum(&others, how, hypotheses);
        ensure(are_numbers && is_weak, "sizes of parts bound no strict order")?;
        let inner = match how {
            Composition::Over(_, span) => Some(self.within(span.letter, span.ends(), hypotheses)?),
            Composition::Sum | Composition::Product | Composition::MatMul | Composition::Power(_) => None,
        };
        let inner = inner.as_ref().unwrap_or(hypotheses);
        self.has_middle(Step { hypotheses: inner, ..step })?;
        let lefts: Vec<Expr> = others.iter().map(|other| other.left).collect();
        let bounds: Vec<Expr> = others.iter().map(|other| other.right).collect();
        let terms_as_they_are = measure == Measure::Itself
            && matches!(how, Composition::Sum | Composition::Over(Big::Sum, _))
            && self.make_up(whole, how, &lefts, hypotheses).is_ok();
        if !terms_as_they_are {
            let parts = self.parts_of(measure, how, &lefts, inner)?;
            let made = self.make_up(whole, how, &parts, hypotheses);
            made.map_err(|_| Objection::Unreplayed("what parts make up"))?;
        }
        let bound = self.bound_of(how, &bounds, hypotheses)?;
        self.equal(own.right, bound, hypotheses).map_err(|_| Objection::Unreplayed("bounds of parts"))?;
        step.under(inner)
    }

    /// Whether a sum over a range that is not empty is compared term by term, every one strictly.
    fn is_strict_sum(&self, others: &[Relation], how: Composition, hypotheses: &Hypotheses<'_>) -> bool {
        let Composition::Over(Big::Sum, span) = how else { return false };
        hypotheses.decides(self.arena, Comparison::LessEqual, span.lower, span.upper) == Some(true)
            && others.iter().all(|other| other.how == Comparison::Less)
    }

    /// What is measured, and how.
    fn measured(&self, size: Expr) -> (Measure, Expr) {
        match (call(self.arena, size), self.arena.node(size)) {
            (Some((Elementary::Abs, arg)), _) => (Measure::Absolute, arg),
            (_, Node::Tensor { op, args }) if is_norm(*op) => {
                let is_vector = matches!(self.arena.shape(args[0]), Shape::Vector(_));
                let op = if is_vector && *op == Tensor::NormSpectral { Tensor::Norm } else { *op };
                (Measure::Norm(op), args[0])
            }
            _ => (Measure::Itself, size),
        }
    }

    /// The parts of which sizes are known, where these bound the size of the whole.
    fn parts_of(
        &mut self,
        measure: Measure,
        how: Composition,
        sizes: &[Expr],
        hypotheses: &Hypotheses<'_>,
    ) -> Result<Vec<Expr>, Objection> {
        match how {
            Composition::MatMul => self.factors_of(measure, sizes),
            Composition::Product if !measure.is_of_number() => self.multiples_of(measure, sizes, hypotheses),
            _ if measure.is_of_number() => sizes.iter().map(|&size| self.number_in(size, hypotheses)).collect(),
            Composition::Sum | Composition::Over(Big::Sum, _) => {
                ensure(!measure.is_radius(), "a spectral radius knows no triangle")?;
                self.measured_alike(measure, sizes)
            }
            Composition::Power(_) | Composition::Over(Big::Ascending | Big::Descending, _) => {
                let may = matches!(measure, Measure::Norm(Tensor::NormSpectral | Tensor::SpectralRadius));
                ensure(may, "no norm of which a power is bounded so")?;
                self.measured_alike(Measure::Norm(Tensor::NormSpectral), sizes)
            }
            Composition::Product | Composition::Over(Big::Product, _) => {
                Err(Objection::Wrong("a product of matrices without order"))
            }
        }
    }

    /// The number of which a size is the absolute value.
    fn number_in(&mut self, size: Expr, hypotheses: &Hypotheses<'_>) -> Result<Expr, Objection> {
        match call(self.arena, size) {
            Some((Elementary::Abs, arg)) => Ok(arg),
            _ if range::is_non_negative(&extent(self.arena, hypotheses, size)) => Ok(size),
            _ => Err(Objection::Unreplayed("a part that may be negative")),
        }
    }

    fn measured_alike(&self, measure: Measure, sizes: &[Expr]) -> Result<Vec<Expr>, Objection> {
        let parts = sizes.iter().map(|&size| self.measured(size));
        let parts: Option<Vec<Expr>> = parts.map(|(own, part)| (own == measure).then_some(part)).collect();
        parts.ok_or(Objection::Wrong("parts are measured by other norms"))
    }

    /// Matrices and vectors by spectral or Frobenius norms.
    fn factors_of(&self, measure: Measure, sizes: &[Expr]) -> Result<Vec<Expr>, Objection> {
        let parts: Vec<(Measure, Expr)> = sizes.iter().map(|&size| self.measured(size)).collect();
        let may = |own: Measure| matches!(own, Measure::Norm(Tensor::Norm | Tensor::NormSpectral));
        let has_frobenius = parts.iter().any(|&(own, _)| own == Measure::Norm(Tensor::Norm));
        let fits = measure.is_of_number() || measure.is_radius() || may(measure);
        let fits = fits && (measure != Measure::Norm(Tensor::Norm) || has_frobenius);
        ensure(fits && parts.iter().all(|&(own, _)| may(own)), "no norms of which a product is bounded so")?;
        Ok(parts.into_iter().map(|(_, part)| part).collect())
    }

    /// One vector or matrix by the norm, the numbers beside it by their absolute values; of vectors that are multiplied
    /// entry by entry one by its norm, the others by theirs or by their largest entries.
    fn multiples_of(
        &mut self,
        measure: Measure,
        sizes: &[Expr],
        hypotheses: &Hypotheses<'_>,
    ) -> Result<Vec<Expr>, Objection> {
        let (mut parts, mut n_measured, mut n_others) = (Vec::new(), 0, 0);
        for &size in sizes {
            match (self.measured(size), self.arena.node(size)) {
                ((own, part), _) if own == measure => {
                    n_measured += 1;
                    parts.push(part);
                }
                ((Measure::Norm(Tensor::NormSpectral), part), _) => {
                    let Node::Tensor { op: Tensor::Diagonal, args } = self.arena.node(part) else {
                        return Err(Objection::Wrong("no largest entry"));
                    };
                    n_others += 1;
                    parts.push(args[0]);
                }
                _ => parts.push(self.number_in(size, hypotheses)?),
            }
        }
        let are_vectors = parts.iter().all(|&part| !matches!(self.arena.shape(part), Shape::Matrix(..)));
        let is_alone = n_measured == 1 && n_others == 0;
        let fits = is_alone || n_measured > 0 && are_vectors && measure == Measure::Norm(Tensor::Norm);
        ensure(fits, "no norm of which a multiple is bounded so")?;
        Ok(parts)
    }

    /// Whether parts make up the whole.
    fn make_up(&mut self, whole: Expr, how: Composition, parts: &[Expr], hypotheses: &Hypotheses<'_>) -> Checked {
        let shape = self.arena.shape(whole);
        let is_sum = matches!(how, Composition::Sum);
        ensure(!is_sum || parts.iter().all(|&part| self.arena.shape(part) == shape), "terms of other shapes")?;
        let made = match (how, parts) {
            (Composition::Sum, _) => self.arena.sum(parts.to_vec()),
            (Composition::Product, _) => self.arena.product(parts.to_vec()),
            (Composition::MatMul, _) => self.arena.matmul(parts.to_vec()),
            (Composition::Power(n), &[base]) => {
                self.counts(n, hypotheses)?;
                if shape.is_scalar() { self.arena.power(base, n) } else { self.arena.matrix_power(base, n) }
            }
            (Composition::Over(op, span), &[part]) => self.over(op, part, span)?,
            (Composition::Power(_) | Composition::Over(..), _) => return Err(Objection::Wrong("one part is wanted")),
        };
        ensure(self.arena.shape(made) == shape, "the parts make up another shape")?;
        self.equal(whole, made, hypotheses)
    }

    /// Whether a number is whole and not negative.
    pub(super) fn counts(&mut self, n: Expr, hypotheses: &Hypotheses<'_>) -> Checked {
        let zero = self.arena.zero();
        let is_whole = hypotheses.distance(self.arena, n, n).is_some();
        let counts = hypotheses.decides(self.arena, Comparison::LessEqual, zero, n) == Some(true);
        ensure(is_whole && counts, "no number of times")
    }

    /// What the bounds of the parts make up.
    fn bound_of(&mut self, how: Composition, bounds: &[Expr], hypotheses: &Hypotheses<'_>) -> Result<Expr, Objection> {
        match (how, bounds) {
            (Composition::Sum, _) => Ok(self.arena.sum(bounds.to_vec())),
            (Composition::Product | Composition::MatMul, _) => Ok(self.arena.product(bounds.to_vec())),
            (Composition::Power(n), &[bound]) => Ok(self.arena.power(bound, n)),
            (Composition::Over(op, span), &[bound]) => {
                let op = if op == Big::Sum { Big::Sum } else { Big::Product };
                if self.arena.contains(bound, span.letter) {
                    return self.over(op, bound, span);
                }
                let (one, back) = (self.arena.one(), self.arena.negate(span.lower));
                let after = self.arena.sum([span.upper, one]);
                self.is_range(span.lower, after, hypotheses)?;
                let length = self.arena.sum([after, back]);
                Ok(if op == Big::Sum { self.arena.product([length, bound]) } else { self.arena.power(bound, length) })
            }
            (Composition::Power(_) | Composition::Over(..), _) => Err(Objection::Wrong("one part is wanted")),
        }
    }

    /// `‖diag(v)‖ <= b` from `|v_i| <= b` for every i.
    pub(super) fn largest_entry<'m>(&mut self, step: Step<'_, 'm>, letter: Expr) -> Needed<'m> {
        let (own, Relation { how, left, right }) = (step.order()?, step.only()?);
        let (Measure::Norm(Tensor::NormSpectral), diagonal) = self.measured(own.left) else {
            return Err(Objection::Wrong("no spectral norm"));
        };
        let Node::Tensor { op: Tensor::Diagonal, args } = self.arena.node(diagonal).clone() else {
            return Err(Objection::Wrong("no diagonal matrix"));
        };
        let Shape::Vector(size) = self.arena.shape(args[0]) else { return Err(Objection::Wrong("no vector")) };
        let is_bound = right == own.right && how == own.how && !self.arena.contains(right, letter);
        ensure(is_bound, "another bound")?;
        let one = self.arena.one();
        let inner = self.within(letter, (one, size), step.hypotheses)?;
        let number = self.number_in(left, &inner)?;
        let entry = self.arena.entry(args[0], vec![letter]);
        self.equal(entry, number, &inner).map_err(|_| Objection::Unreplayed("an entry"))?;
        step.under(&inner)
    }

    /// `‖u‖ <= c ‖v‖` from `|u_i| <= c |v_i|` for every i. A negative c leaves nothing but `v = 0`, and with it `u = 0`.
    pub(super) fn entry_by_entry<'m>(&mut self, step: Step<'_, 'm>, letter: Expr) -> Needed<'m> {
        let (own, Relation { how, left, right }) = (step.order()?, step.only()?);
        let (measure, u) = self.measured(own.left);
        let factors = self.arena.factors(own.right);
        let place = factors.iter().position(|&factor| self.measured(factor).0 == measure);
        let place = place.ok_or(Objection::Wrong("no multiple of the same norm"))?;
        let (_, v) = self.measured(factors[place]);
        let is_of_vectors = matches!(measure, Measure::Norm(Tensor::Norm | Tensor::Norm1 | Tensor::NormInfinity));
        let Shape::Vector(size) = self.arena.shape(u) else { return Err(Objection::Wrong("no vector")) };
        let are_alike = is_of_vectors && self.arena.shape(v) == self.arena.shape(u);
        let are_orders = own.how == Comparison::LessEqual && matches!(how, Comparison::Less | Comparison::LessEqual);
        let is_free = [own.left, own.right].into_iter().all(|side| !self.arena.contains(side, letter));
        ensure(are_alike && are_orders && is_free, "no norms that entries bound")?;
        let one = self.arena.one();
        let inner = self.within(letter, (one, size), step.hypotheses)?;
        let [u, v] = [u, v].map(|vector| self.arena.entry(vector, vec![letter]));
        let [u, v] = [u, v].map(|entry| self.arena.apply(Elementary::Abs, entry));
        let others = factors.iter().enumerate().filter(|&(other, _)| other != place).map(|(_, &factor)| factor);
        let bound = self.arena.product(others.chain([v]).collect::<Vec<_>>());
        for (side, entry) in [(left, u), (right, bound)] {
            self.equal(entry, side, &inner).map_err(|_| Objection::Unreplayed("an entry"))?;
        }
        self.are_defined(step.conclusion, &[left, right], &inner)?;
        step.under(&inner)
    }
}

fn is_norm(op: Tensor) -> bool {
    match op {
        Tensor::Norm | Tensor::Norm1 | Tensor::NormInfinity | Tensor::NormSpectral | Tensor::SpectralRadius => true,
        Tensor::Softmax | Tensor::Trace | Tensor::Determinant | Tensor::Diagonal => false,
    }
}

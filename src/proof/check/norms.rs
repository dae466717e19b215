//! The size of what is composed, by the sizes of its parts: absolute values of numbers, norms of vectors and matrices.
//!
//! | size of | sum | multiple, power | product of matrices | over a range |
//! | --- | --- | --- | --- | --- |
//! | number | of absolute values | of absolute values | of spectral or Frobenius norms | sum, product |
//! | vector, matrix | of the same norm | absolute value and the same norm | the same, one Frobenius for a Frobenius norm | sum; product of spectral norms |
//!
//! Source: Horn & Johnson (2013), 5.1 (triangles, Cauchy–Schwarz), 5.6 (products, diagonal matrices, spectral radius),
//! 5.6.P23 (spectral and Frobenius).

use crate::expr::{Big, Comparison, Elementary, Expr, Function, Node, Shape, Tensor};
use crate::number::range;
use crate::proof::check::evidence::{Composition, Relation};
use crate::proof::check::extent::extent;
use crate::proof::check::hypotheses::{Hypotheses, call};
use crate::proof::check::replay::{Checked, Objection, Replay, ensure};
use crate::proof::check::steps::Step;

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
    pub(super) fn composed(&mut self, step: &Step<'_>, how: Composition, hypotheses: &Hypotheses<'_>) -> Checked {
        let (measure, whole) = self.measured(step.own.left);
        let are_numbers = std::iter::once(&step.own)
            .chain(&step.others)
            .all(|own| [own.left, own.right].into_iter().all(|side| self.arena.shape(side).is_scalar()));
        let is_weak = step.own.how == Comparison::LessEqual || self.is_strict_sum(step, how, hypotheses);
        ensure(are_numbers && is_weak, "sizes of parts bound no strict order")?;
        let inner = match how {
            Composition::Over { letter, lower, upper, .. } => Some(self.within(letter, (lower, upper), hypotheses)?),
            Composition::Sum | Composition::Product | Composition::MatMul | Composition::Power(_) => None,
        };
        let inner = inner.as_ref().unwrap_or(hypotheses);
        self.are_defined(&step.own.prop(), None, step.premises, inner)?;
        let lefts: Vec<Expr> = step.others.iter().map(|other| other.left).collect();
        let bounds: Vec<Expr> = step.others.iter().map(|other| other.right).collect();
        let terms_as_they_are = measure == Measure::Itself
            && matches!(how, Composition::Sum | Composition::Over { op: Big::Sum, .. })
            && self.make_up(whole, how, &lefts, hypotheses).is_ok();
        if !terms_as_they_are {
            let parts = self.parts_of(measure, how, &lefts, inner)?;
            let made = self.make_up(whole, how, &parts, hypotheses);
            made.map_err(|_| Objection::Unreplayed("what parts make up"))?;
        }
        let bound = self.bound_of(how, &bounds, hypotheses)?;
        self.equal(step.own.right, bound, hypotheses).map_err(|_| Objection::Unreplayed("bounds of parts"))?;
        self.all(step.premises, inner)
    }

    /// Whether a sum over a range that is not empty is compared term by term, every one strictly.
    fn is_strict_sum(&self, step: &Step<'_>, how: Composition, hypotheses: &Hypotheses<'_>) -> bool {
        let Composition::Over { op: Big::Sum, lower, upper, .. } = how else { return false };
        hypotheses.decides(self.arena, Comparison::LessEqual, lower, upper) == Some(true)
            && step.others.iter().all(|other| other.how == Comparison::Less)
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
            Composition::Sum | Composition::Over { op: Big::Sum, .. } => {
                ensure(!measure.is_radius(), "a spectral radius knows no triangle")?;
                self.measured_alike(measure, sizes)
            }
            Composition::Power(_) | Composition::Over { op: Big::Ascending | Big::Descending, .. } => {
                let may = matches!(measure, Measure::Norm(Tensor::NormSpectral | Tensor::SpectralRadius));
                ensure(may, "no norm of which a power is bounded so")?;
                self.measured_alike(Measure::Norm(Tensor::NormSpectral), sizes)
            }
            Composition::Product | Composition::Over { op: Big::Product, .. } => {
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
            (Composition::Over { op, letter, lower, upper }, &[part]) => {
                let Node::Symbol { symbol, .. } = *self.arena.node(letter) else {
                    return Err(Objection::Wrong("no letter"));
                };
                self.arena.big(op, symbol, lower, upper, part)
            }
            (Composition::Power(_) | Composition::Over { .. }, _) => {
                return Err(Objection::Wrong("one part is wanted"));
            }
        };
        ensure(self.arena.shape(made) == shape, "the parts make up another shape")?;
        self.equal(whole, made, hypotheses)
    }

    /// Whether a number is whole and not negative.
    fn counts(&mut self, n: Expr, hypotheses: &Hypotheses<'_>) -> Checked {
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
            (Composition::Over { op, letter, lower, upper }, &[bound]) => {
                let Node::Symbol { symbol, .. } = *self.arena.node(letter) else {
                    return Err(Objection::Wrong("no letter"));
                };
                let op = if op == Big::Sum { Big::Sum } else { Big::Product };
                if self.arena.contains(bound, letter) {
                    return Ok(self.arena.big(op, symbol, lower, upper, bound));
                }
                let (one, back) = (self.arena.one(), self.arena.negate(lower));
                let after = self.arena.sum([upper, one]);
                let is_range = hypotheses.decides(self.arena, Comparison::LessEqual, lower, after) == Some(true);
                ensure(is_range, "the range may be shorter than empty")?;
                let length = self.arena.sum([after, back]);
                Ok(if op == Big::Sum { self.arena.product([length, bound]) } else { self.arena.power(bound, length) })
            }
            (Composition::Power(_) | Composition::Over { .. }, _) => Err(Objection::Wrong("one part is wanted")),
        }
    }

    /// `ρ(A) <= ‖A‖ <= ‖A‖_F`, `‖A‖_F² <= n ‖A‖²` for either size n, `‖v‖_∞ <= ‖v‖ <= ‖v‖_1`, `‖Q‖ <= 1` where
    /// `Q^T Q = I`, `|x| <= x` where x is not negative, `x <= max(x, y)` and `min(x, y) <= x`.
    pub(super) fn norm_law(&mut self, own: Relation, hypotheses: &Hypotheses<'_>) -> Checked {
        ensure(own.how == Comparison::LessEqual, "norms are not strictly ordered")?;
        if let Node::Power(norm, two) = *self.arena.node(own.left) {
            return self.norm_by_rank(norm, two, own.right, hypotheses);
        }
        let ((small, of), (large, same)) = (self.measured(own.left), self.measured(own.right));
        let is_known = match (small, large) {
            (Measure::Norm(small), Measure::Norm(large)) => of == same && is_never_above(small, large),
            (Measure::Absolute, Measure::Itself) if of == own.right => {
                range::is_non_negative(&extent(self.arena, hypotheses, of))
            }
            (Measure::Norm(Tensor::NormSpectral), Measure::Itself) => {
                self.arena.is_one(own.right) && self.is_orthogonal(of, hypotheses)
            }
            _ => {
                self.is_extreme_of(own.right, Elementary::Max, own.left)
                    || self.is_extreme_of(own.left, Elementary::Min, own.right)
            }
        };
        if is_known { Ok(()) } else { Err(Objection::Unreplayed("a law of norms")) }
    }

    /// Whether something is the maximum, or minimum, of a number and others.
    fn is_extreme_of(&self, extreme: Expr, which: Elementary, of: Expr) -> bool {
        matches!(self.arena.node(extreme), Node::Call { function: Function::Elementary(f), slots, args }
            if *f == which && slots.is_empty() && args.contains(&of))
    }

    fn norm_by_rank(&mut self, norm: Expr, two: Expr, bound: Expr, hypotheses: &Hypotheses<'_>) -> Checked {
        let (Measure::Norm(Tensor::Norm), of) = self.measured(norm) else {
            return Err(Objection::Wrong("no Frobenius norm"));
        };
        let (Shape::Matrix(rows, columns), Some(2)) = (self.arena.shape(of), self.arena.as_integer(two)) else {
            return Err(Objection::Wrong("no square of a norm of a matrix"));
        };
        let spectral = self.arena.tensor(Tensor::NormSpectral, vec![of]);
        let square = self.arena.power(spectral, two);
        let zero = self.arena.zero();
        let mut is_bound = |size: Expr| {
            let own = self.arena.product([size, square]);
            self.identity((zero, own), (zero, bound), hypotheses)
        };
        is_bound(rows).or_else(|_| is_bound(columns))
    }

    fn is_orthogonal(&mut self, matrix: Expr, hypotheses: &Hypotheses<'_>) -> bool {
        let Shape::Matrix(_, size) = self.arena.shape(matrix) else { return false };
        let back = self.arena.transpose(matrix);
        let (square, identity) = (self.arena.matmul([back, matrix]), self.arena.identity(size));
        hypotheses.hold(Relation::new(Comparison::Equal, square, identity))
    }

    /// `‖diag(v)‖ <= b` from `|v_i| <= b` for every i.
    pub(super) fn largest_entry(&mut self, step: &Step<'_>, letter: Expr, hypotheses: &Hypotheses<'_>) -> Checked {
        let [Relation { how, left, right }] = step.others[..] else { return Err(Objection::Wrong("no entry")) };
        let (Measure::Norm(Tensor::NormSpectral), diagonal) = self.measured(step.own.left) else {
            return Err(Objection::Wrong("no spectral norm"));
        };
        let Node::Tensor { op: Tensor::Diagonal, args } = self.arena.node(diagonal).clone() else {
            return Err(Objection::Wrong("no diagonal matrix"));
        };
        let Shape::Vector(size) = self.arena.shape(args[0]) else { return Err(Objection::Wrong("no vector")) };
        let is_bound = right == step.own.right && how == step.own.how && !self.arena.contains(right, letter);
        ensure(is_bound, "another bound")?;
        let one = self.arena.one();
        let inner = self.within(letter, (one, size), hypotheses)?;
        let number = self.number_in(left, &inner)?;
        let entry = self.arena.entry(args[0], vec![letter]);
        self.equal(entry, number, &inner).map_err(|_| Objection::Unreplayed("an entry"))?;
        self.all(step.premises, &inner)
    }
}

fn is_norm(op: Tensor) -> bool {
    match op {
        Tensor::Norm | Tensor::Norm1 | Tensor::NormInfinity | Tensor::NormSpectral | Tensor::SpectralRadius => true,
        Tensor::Softmax | Tensor::Trace | Tensor::Determinant | Tensor::Diagonal => false,
    }
}

/// Whether one norm is at most another of the same vector or matrix.
fn is_never_above(small: Tensor, large: Tensor) -> bool {
    matches!(
        (small, large),
        (Tensor::SpectralRadius, Tensor::NormSpectral | Tensor::Norm)
            | (Tensor::NormSpectral, Tensor::Norm)
            | (Tensor::NormInfinity, Tensor::Norm | Tensor::Norm1)
            | (Tensor::Norm, Tensor::Norm1)
    )
}

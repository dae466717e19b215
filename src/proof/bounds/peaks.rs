//! Peaks: what depends on one argument of functions is never beyond a number, whatever the argument is.
//!
//! `w (σ(a) + a σ(a) (1 - σ(a)))` is bounded by `|w|` times the peak of the slope of SiLU. Where the peak is seems to be
//! found with floating point; that it is none lower is proved as for any function of one unknown.

use crate::expr::{Expr, Function, Node, Substitution, SymbolKind};
use crate::number::Rational;
use crate::number::polynomial::{End, Goal, Range};
use crate::number::rational::{fraction, from_f64, to_f64};
use crate::proof::bounds::Prover;
use crate::proof::bounds::bounding::Names;
use crate::proof::bounds::known::Known;
use crate::proof::bounds::single::{CORNERS, Piece, simple_places};
use crate::proof::reals::Curve;

/// A peak that is no value at a simple place is rounded up to a multiple of one by these, the first that can be proved.
const DIGITS: [i64; 2] = [10_000, 100];

/// How far out a peak is looked for, and on how many places.
const FAR: i64 = 8;
const PLACES: u32 = 96;

/// A peak that was asked for: the function of the letter that stands for its argument, where that lies, and the answer.
pub(super) struct Peak {
    function: Expr,
    on: Range,
    bound: Option<Expr>,
}

impl Prover<'_> {
    /// A bound of an absolute value, in which factors of one argument are bounded together by their peak.
    pub fn magnitude_by_peaks(&mut self, expr: Expr, known: &Known, depth: usize) -> Option<Expr> {
        if let Some(bound) = self.peak(expr, known) {
            self.show_bound(expr, bound, known);
            return Some(bound);
        }
        let groups = self.by_argument(expr);
        let Node::Product(factors) = self.arena.node(expr).clone() else {
            return self.by_operands(expr, Names::Peaks, known, depth);
        };
        if groups.len() == 1 || groups.len() == factors.len() {
            return self.by_operands(expr, Names::Peaks, known, depth);
        }
        let (mark, mut bounds) = (self.evidence.len(), Vec::new());
        for group in groups {
            bounds.push(self.magnitude_at(group, Names::Peaks, known, depth + 1)?);
        }
        self.explained_operands(mark, expr, bounds, false)
    }

    /// The factors of a product, those that depend on the same argument together.
    fn by_argument(&mut self, expr: Expr) -> Vec<Expr> {
        let Node::Product(factors) = self.arena.node(expr).clone() else { return vec![expr] };
        let mut groups: Vec<(Option<Expr>, Vec<Expr>)> = Vec::new();
        for &factor in factors.iter() {
            let argument = self.argument_of(factor);
            match groups.iter_mut().find(|(own, _)| argument.is_some() && *own == argument) {
                Some((_, group)) => group.push(factor),
                None => groups.push((argument, vec![factor])),
            }
        }
        groups.into_iter().map(|(_, group)| self.arena.product(group)).collect()
    }

    /// The one argument on which an expression with calls of functions depends.
    fn argument_of(&mut self, expr: Expr) -> Option<Expr> {
        let is_call =
            |part: Expr| matches!(self.arena.node(part), Node::Call { function: Function::Elementary(_), .. });
        if !self.arena.reachable(&[expr]).into_iter().any(is_call) || !self.arena.is_closed(expr) {
            return None;
        }
        let leaves = self.leaves(expr, None)?;
        self.only_unknown(expr, &leaves)
    }

    /// A number that the absolute value of a function of one argument does not exceed.
    fn peak(&mut self, expr: Expr, known: &Known) -> Option<Expr> {
        let argument = self.argument_of(expr)?;
        let letter = self.arena.intern("\u{a7}peak", SymbolKind::Real);
        let letter = self.arena.symbol(letter);
        let function = self.arena.substitute(expr, &Substitution::from([(argument, letter)]));
        let on = self.range(argument, known);
        if let Some(known) = self.peaks.iter().find(|known| known.function == function && known.on == on) {
            return known.bound;
        }
        let piece = Piece { function, letter, on };
        let bounds = self.bounds_of_peak(&piece);
        let bound = bounds.into_iter().find(|&bound| self.attempt(|prover| prover.stays_within(&piece, bound)));
        self.peaks.push(Peak { function, on: piece.on, bound });
        bound
    }

    /// Whether a function lies between a number and its opposite. What shows it is found again where it is wanted.
    fn stays_within(&mut self, piece: &Piece, bound: Expr) -> bool {
        let mark = self.evidence.len();
        let gaps = [self.arena.subtract(bound, piece.function), self.arena.sum([bound, piece.function])];
        let holds = gaps.into_iter().all(|function| {
            let gap = Piece { function, ..piece.clone() };
            self.piece_has_sign(&gap, Goal::NonNegative, CORNERS, 0)
        });
        self.evidence.truncate(mark);
        holds
    }

    /// Numbers that may be the peak: values at simple places, and the largest value that is found, rounded up.
    fn bounds_of_peak(&mut self, piece: &Piece) -> Vec<Expr> {
        let Some(curve) = Curve::new(self.arena, piece.function, piece.letter) else { return Vec::new() };
        let value = |place: &Rational| curve.at(place).map(|value| value.to_f64_pair().0);
        let Some(peak) = highest(&|place| from_f64(place).and_then(|place| value(&place)), &piece.on) else {
            return Vec::new();
        };
        let mut bounds = Vec::new();
        for place in simple_places(&piece.on) {
            let Some(own) = value(&place).filter(|own| own.abs() >= peak * (1.0 - 1e-9)) else { continue };
            let number = self.arena.number(place);
            let exact = self.arena.substitute(piece.function, &Substitution::from([(piece.letter, number)]));
            let exact = self.with_known_values(exact);
            bounds.push(if own < 0.0 { self.arena.negate(exact) } else { exact });
        }
        for digits in DIGITS {
            let rounded = from_f64((peak * digits as f64).floor() + 1.0);
            let rounded = rounded.and_then(|count| Some(count * fraction(1, digits)?));
            bounds.extend(rounded.map(|bound| self.arena.number(bound)));
        }
        if peak < 1.0 {
            bounds.push(self.arena.one());
        }
        bounds
    }
}

/// About the largest absolute value on the part of a range that is not far out.
fn highest(value: &dyn Fn(f64) -> Option<f64>, on: &Range) -> Option<f64> {
    let end = |end: &End, far: i64| end.value().map_or(far as f64, to_f64);
    let (low, high) = (end(&on.low, -FAR), end(&on.high, FAR));
    let size = |place: f64| value(place).map(f64::abs).filter(|size| size.is_finite());
    let width = (high - low) / f64::from(PLACES);
    let places = (0..=PLACES).map(|n| low + width * f64::from(n));
    let (mut peak, best) = places.filter_map(|place| Some((size(place)?, place))).max_by(|a, b| a.0.total_cmp(&b.0))?;
    let (mut left, mut right) = ((best - width).max(low), (best + width).min(high));
    for _ in 0..48 {
        let (a, b) = (left + (right - left) / 3.0, right - (right - left) / 3.0);
        let (Some(at_a), Some(at_b)) = (size(a), size(b)) else { break };
        peak = peak.max(at_a).max(at_b);
        if at_a > at_b { right = b } else { left = a }
    }
    Some(peak)
}

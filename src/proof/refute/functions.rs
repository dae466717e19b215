//! Functions that meet what is assumed of them: `|f'(z)| \le \gamma \quad \forall z`, `f(0) = 0`, `f' = f (1 - f)`.
//!
//! Curves of known shape are tried, with heights and slopes that are round or made of the givens in the statement, so
//! that bounds are met with equality too. A statement about all arguments is decided for all of them (`reals.rs`);
//! equations at single arguments are solved (`coefficients.rs`). To add a shape: one line of [`SHAPES`].

use std::collections::BTreeSet;

use crate::expr::{Elementary, Prop, SymbolId};
use crate::number::Rational;
use crate::number::rational::{abs, fraction, integer};
use crate::numeric::{Assignment, Curve, Curved, Givens, Witness};
use crate::proof::refute::premise::{Maker, is_plain};
use crate::proof::refute::reals::functions_in;
use crate::proof::refute::truth::Truth;

/// Curves with the part of the height that the curve has, in sixteenths; a straight line has the rest. So a tilted wave
/// rises everywhere, with a slope from 7/16 to 1, and a gentle one with a slope near 1.
const SHAPES: [(Curve, i64, i64); 8] = [
    (Curve::Wave, 16, 0),
    (Curve::Wave, 8, 8),
    (Curve::Wave, 1, 15),
    (Curve::Bump, 16, 0),
    (Curve::Bowl, 16, 0),
    (Curve::Elementary(Elementary::Sigmoid), 16, 0),
    (Curve::Elementary(Elementary::Tanh), 16, 0),
    (Curve::Elementary(Elementary::Exp), 16, 0),
];

/// Of how many givens in a statement heights are made.
const MAX_GIVENS: usize = 2;

/// For how many curves, and for how many lines, the givens in a statement are changed.
const CHANGED: usize = 3;

/// At one in so many points where something may be special affine functions are tried first.
const LINES_IN: u64 = 4;

/// How far apart the candidates of two functions are that are tried together.
const APART: usize = 7;

impl Maker<'_, '_> {
    /// Makes a statement hold with other functions in the place of the arbitrary ones that it calls; in the end the
    /// givens in it are tried as well.
    ///
    /// Where the functions at hand are affine so are the first that are tried. Else they are curved at plain points, and
    /// at most of the others.
    pub(super) fn by_functions(&mut self, prop: &Prop, point: &mut Assignment) -> bool {
        let (truth, read) = self.truth(prop, point);
        if matches!(truth, Truth::True | Truth::Vacuous) {
            return true;
        }
        let functions = functions_in(self.question.bench.arena, self.question.bench.model, prop);
        if functions.is_empty() {
            return false;
        }
        let (lines, curves) = self.candidates(&read);
        let is_affine = functions.iter().any(|symbol| point.functions.get(symbol).is_some_and(Witness::is_affine));
        let lines_first =
            is_affine || self.question.limits.is_some() || !is_plain(point) && self.random.below(LINES_IN) == 0;
        let in_turn = if lines_first { [lines, curves] } else { [curves, lines] };
        let before = point.clone();
        for candidates in &in_turn {
            for turn in 0..candidates.len() {
                if self.question.bench.is_exhausted() {
                    break;
                }
                put(&functions, candidates, turn, point);
                // Most functions do not fit: floats tell, at little cost.
                if self.question.looks_false(point, prop) {
                    continue;
                }
                if matches!(self.truth(prop, point).0, Truth::True) && self.goes_on(point) {
                    return true;
                }
            }
        }
        for candidates in &in_turn {
            for turn in 0..CHANGED {
                if self.question.bench.is_exhausted() {
                    break;
                }
                point.clone_from(&before);
                put(&functions, candidates, turn, point);
                if self.by_trial(prop, point) {
                    return true;
                }
            }
        }
        point.clone_from(&before);
        false
    }

    /// Affine functions and curved ones, each in random order.
    fn candidates(&mut self, read: &Givens) -> (Vec<Curved>, Vec<Curved>) {
        let givens = read.values().filter_map(|value| value.as_scalar()).map(abs).filter(|given| !given.is_zero());
        let givens: Vec<Rational> = givens.take(MAX_GIVENS).collect();
        let parts = |of: &Rational, parts: &[(i64, i64)]| {
            parts.iter().filter_map(|&(a, b)| fraction(a, b)).map(|part| of * part).collect::<Vec<_>>()
        };
        let mut heights = parts(&Rational::ONE, &[(1, 1), (1, 2), (1, 4), (2, 1), (4, 1)]);
        heights.extend(givens.iter().flat_map(|given| parts(given, &[(1, 1), (1, 2), (2, 1)])));
        heights.sort();
        heights.dedup();
        heights.extend(heights.clone().into_iter().map(|height| -height));
        let offsets =
            [0, 0, 1, -1].map(integer).into_iter().chain(givens.iter().flat_map(|given| [given.clone(), -given]));
        let offsets: Vec<Rational> = offsets.collect();
        let scales = [1, -1, 2].map(integer).into_iter().chain(givens.iter().flat_map(|given| [given.clone(), -given]));
        let scales: Vec<Rational> = scales.collect();
        let mut lines = vec![line(Rational::ZERO, Rational::ZERO), line(Rational::ONE, Rational::ZERO)];
        lines.extend(offsets.iter().map(|offset| line(Rational::ZERO, offset.clone())));
        let mut curves = Vec::new();
        for height in heights {
            lines.push(line(height.clone(), self.one_of(&offsets)));
            for (curve, own, rest) in SHAPES {
                let part = |sixteenths: i64| &height * integer(sixteenths) / integer(16);
                let plain =
                    Curved { curve, height: part(own), tilt: part(rest), ..line(Rational::ZERO, Rational::ZERO) };
                let at = self.one_of(&[0, 1, -1].map(integer));
                let moved = Curved { scale: self.one_of(&scales), at, ..plain.clone() };
                curves.push(Curved { offset: self.one_of(&offsets), ..moved.clone() });
                curves.extend([moved, plain]);
            }
        }
        self.random.shuffle(&mut lines);
        self.random.shuffle(&mut curves);
        (lines, curves)
    }

    fn one_of(&mut self, values: &[Rational]) -> Rational {
        self.random.choose(values).cloned().unwrap_or_default()
    }
}

/// `z -> tilt z + offset`.
fn line(tilt: Rational, offset: Rational) -> Curved {
    let (height, scale, at) = (Rational::ZERO, Rational::ONE, Rational::ZERO);
    Curved { curve: Curve::Wave, height, scale, at, tilt, offset }
}

/// Puts candidates in the place of functions: different ones, so that no two functions agree.
fn put(functions: &BTreeSet<SymbolId>, candidates: &[Curved], turn: usize, point: &mut Assignment) {
    for (place, &function) in functions.iter().enumerate() {
        let at = (turn + place * APART) % candidates.len().max(1);
        point
            .functions
            .extend(candidates.get(at).map(|candidate| (function, Witness::Curved(Box::new(candidate.clone())))));
    }
}

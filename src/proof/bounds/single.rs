//! Signs of functions of one real unknown: far out by their tails, in between by enclosures on ever smaller parts, and
//! around a point where the function is 0 by the sign of its slope on either side (DLMF 1.4(iii)).
//!
//! Corners (absolute values, rectifiers) are removed first, by splitting the line where their arguments change sign.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use crate::expr::{Comparison, DefinedOn, Elementary, Expr, Function, Node, Prop, Substitution, SymbolKind};
use crate::number::polynomial::{End, Goal, Range};
use crate::number::range;
use crate::number::rational::{fraction, simplest_between, to_f64};
use crate::number::{Interval, Rational};
use crate::proof::bounds::Prover;
use crate::proof::bounds::known::Known;
use crate::proof::check::{Evidence, Reason, Relation};
use crate::proof::outcome::Method;
use crate::proof::reals::{BITS, Curve, Reach, Search, constant, positive, slope};

/// How many slopes are taken of slopes.
pub(super) const SLOPES: usize = 4;

/// How many corners are removed.
pub(super) const CORNERS: usize = 3;

/// How many parts an interval may be cut into.
const PARTS: usize = 400;

/// The bounds beyond which tails are tried.
const BOUNDS: [i64; 4] = [4, 12, 40, 400];

/// A function of one letter on a range of it.
#[derive(Clone)]
pub(super) struct Piece {
    pub function: Expr,
    pub letter: Expr,
    pub on: Range,
}

impl Prover<'_> {
    /// Whether an expression of one real unknown has a sign, wherever it is defined.
    pub fn has_sign_as_curve(&mut self, expr: Expr, goal: Goal, known: &Known) -> bool {
        let Some(unknowns) = self.leaves(expr, None) else { return false };
        if unknowns.is_empty() {
            return self.constant_has_sign(expr, goal);
        }
        let Some(unknown) = self.only_unknown(expr, &unknowns) else { return false };
        let letter = self.fresh(SymbolKind::Real);
        let function = self.arena.substitute(expr, &Substitution::from([(unknown, letter)]));
        let on = self.range(unknown, known);
        if on.is_empty() {
            return false;
        }
        let mark = self.evidence.len();
        let found = self.piece_has_sign(&Piece { function, letter, on }, goal, CORNERS, 0);
        if found {
            let wanted = self.above_zero(goal, expr).prop();
            self.conclude(mark, wanted, Reason::Generalized(vec![(letter, unknown)]));
        }
        found
    }

    fn constant_has_sign(&mut self, expr: Expr, goal: Goal) -> bool {
        let found = constant(self.arena, expr).is_some_and(|value| match goal {
            Goal::Positive => value.is_positive(),
            Goal::NonNegative => value.is_nonnegative(),
        });
        if found {
            self.methods.insert(Method::Enclosure);
            let wanted = self.above_zero(goal, expr).prop();
            self.attest(wanted, Reason::Numbers);
        }
        found
    }

    /// What an expression is made of, calls of elementary functions opened down to `stop`.
    pub fn leaves(&self, root: Expr, stop: Option<Expr>) -> Option<Vec<Expr>> {
        let (mut leaves, mut seen, mut open) = (BTreeSet::new(), BTreeSet::from([root]), vec![root]);
        while let Some(expr) = open.pop() {
            let children = match self.arena.node(expr) {
                _ if Some(expr) == stop => {
                    leaves.insert(expr);
                    continue;
                }
                Node::Number(_) | Node::Pi => continue,
                Node::Sum(parts) | Node::Product(parts) => parts.to_vec(),
                Node::Power(base, exponent) if self.arena.as_number(*exponent).is_some() => vec![*base],
                Node::Call { function: Function::Elementary(f), slots, args }
                    if slots.is_empty() && *f != Elementary::Delta =>
                {
                    args.to_vec()
                }
                Node::Bound(_) | Node::Infinity => return None,
                _ if self.arena.shape(expr).is_scalar() => {
                    leaves.insert(expr);
                    continue;
                }
                _ => return None,
            };
            open.extend(children.into_iter().filter(|&child| seen.insert(child)));
        }
        Some(leaves.into_iter().collect())
    }

    /// The one unknown: a leaf, or an argument that all leaves stand in.
    pub fn only_unknown(&self, expr: Expr, leaves: &[Expr]) -> Option<Expr> {
        if let [only] = leaves {
            return Some(*only);
        }
        let args: BTreeSet<Expr> = self
            .arena
            .reachable(&[expr])
            .into_iter()
            .filter_map(|part| match self.arena.node(part) {
                Node::Call { function: Function::Elementary(_), args, .. } if args.len() == 1 => Some(args[0]),
                _ => None,
            })
            .collect();
        args.into_iter().find(|&arg| self.leaves(expr, Some(arg)).is_some_and(|leaves| leaves == [arg]))
    }

    pub fn piece_has_sign(&mut self, piece: &Piece, goal: Goal, corners: usize, slopes: usize) -> bool {
        let (piece, inside) = self.within_domain(piece);
        let wanted = self.above_zero(goal, piece.function).prop();
        let mark = self.evidence.len();
        let found = self.concluding("a part of the line", &wanted, |prover| {
            piece.on.is_empty() || prover.step() && prover.has_sign_inside(&piece, goal, corners, slopes)
        });
        if found && !inside.is_empty() {
            self.conclude(mark, wanted, Reason::WhereDefined(inside));
        }
        found
    }

    fn has_sign_inside(&mut self, piece: &Piece, goal: Goal, corners: usize, slopes: usize) -> bool {
        if let Some(corner) = self.corner(piece) {
            return corners > 0 && self.around_corner(piece, corner, goal, corners, slopes);
        }
        let curve = Curve::new(self.arena, piece.function, piece.letter);
        if curve.as_ref().is_some_and(|curve| is_negative_somewhere(curve, &piece.on)) {
            return false;
        }
        if self.attempt(|prover| prover.polynomial_on(piece, goal)) {
            return true;
        }
        let Some(curve) = curve else { return false };
        // Where there is a zero, there is no room to spare.
        if let Some(place) = self.zero_among(piece, &curve, simple_places(&piece.on)) {
            return self.attempt(|prover| prover.rises_from_zero(piece, place, goal, slopes));
        }
        if self.attempt(|prover| prover.is_clear(piece, goal)) {
            return true;
        }
        let lowest = lowest(&curve, &piece.on).into_iter().collect();
        self.zero_among(piece, &curve, lowest)
            .is_some_and(|place| self.attempt(|prover| prover.rises_from_zero(piece, place, goal, slopes)))
    }

    /// What is known on a piece.
    fn ground(&mut self, piece: &Piece) -> Known {
        let mut known = Known::default();
        for (end, is_low) in [(&piece.on.low, true), (&piece.on.high, false)] {
            let Some(value) = end.value() else { continue };
            let how = if end.member().is_some() { Comparison::LessEqual } else { Comparison::Less };
            let value = self.arena.number(value.clone());
            let (left, right) = if is_low { (value, piece.letter) } else { (piece.letter, value) };
            known = known.with_fact(self.arena, how, left, right);
        }
        known
    }

    fn polynomial_on(&mut self, piece: &Piece, goal: Goal) -> bool {
        let known = self.ground(piece);
        self.has_sign(piece.function, goal, &known)
    }

    /// The part of the range on which logarithms and roots of the letter itself are defined, and what that says of it.
    fn within_domain(&mut self, piece: &Piece) -> (Piece, Vec<Relation>) {
        let (mut piece, mut all) = (piece.clone(), Vec::new());
        for part in self.arena.reachable(&[piece.function]) {
            let (goal, inside) = match self.arena.node(part) {
                Node::Call { function: Function::Elementary(Elementary::Log), args, .. } if args[0] == piece.letter => {
                    (Goal::Positive, range::positive())
                }
                Node::Power(base, exponent)
                    if *base == piece.letter && self.arena.as_number(*exponent).is_some_and(|n| !n.is_int()) =>
                {
                    (Goal::NonNegative, range::non_negative())
                }
                _ => continue,
            };
            let on = range::meet(&piece.on, &inside);
            if on != piece.on {
                all.push(self.above_zero(goal, piece.letter));
            }
            piece.on = on;
        }
        (piece, all)
    }

    /// From a point where the function is 0 it does not fall, on either side.
    fn rises_from_zero(&mut self, piece: &Piece, place: Rational, goal: Goal, slopes: usize) -> bool {
        if slopes >= SLOPES {
            return false;
        }
        let mark = self.evidence.len();
        if goal == Goal::Positive && piece.on.contains(&place) || !self.is_smooth(piece, &place) {
            return false;
        }
        // The checker sees by itself that there are slopes.
        self.evidence.truncate(mark);
        let Some(rate) = slope(self.arena, piece.function, piece.letter) else { return false };
        let back = self.arena.negate(rate);
        self.methods.insert(Method::Rule);
        let left = Range { low: piece.on.low.clone(), high: End::Open(place.clone()) };
        let right = Range { low: End::Open(place.clone()), high: piece.on.high.clone() };
        let sides: Vec<_> =
            [(left, back, -1), (right, rate, 1)].into_iter().filter(|(side, ..)| !side.is_empty()).collect();
        let found = sides.iter().all(|(side, slope, direction)| {
            let side = Piece { on: side.clone(), ..piece.clone() };
            self.attempt(|prover| prover.rises_inward(&side, *slope, &place, goal, slopes))
                // Only the function itself is asked for on parts of the side.
                || slopes == 0 && [2, 8].into_iter().any(|part| {
                    let Some(end) = fraction(*direction, part).map(|width| &place + width) else { return false };
                    let (near, far) = cut(&side.on, &end, *direction);
                    let (near, far) = (Piece { on: near, ..side.clone() }, Piece { on: far, ..side.clone() });
                    self.attempt(|prover| {
                        let mark = prover.evidence.len();
                        let is_near = |prover: &mut Self| prover.rises_inward(&near, *slope, &place, goal, slopes);
                        if far.on.is_empty() {
                            return is_near(prover);
                        }
                        let found = is_near(prover) && prover.is_clear(&far, goal);
                        if found {
                            if *direction < 0 {
                                prover.evidence[mark..].reverse();
                            }
                            prover.join_at(mark, piece, std::slice::from_ref(&end), goal);
                        }
                        found
                    })
                })
        });
        if found && sides.len() > 1 {
            self.join_at(mark, piece, &[place], goal);
        }
        found
    }

    /// The function is 0 at an end of the piece, and its slope inward has the sign.
    fn rises_inward(&mut self, piece: &Piece, slope: Expr, place: &Rational, goal: Goal, slopes: usize) -> bool {
        let mark = self.evidence.len();
        let rate = Piece { function: slope, ..piece.clone() };
        let found = self.piece_has_sign(&rate, goal, 0, slopes + 1);
        if found {
            let wanted = self.above_zero(goal, piece.function).prop();
            self.conclude(mark, wanted, Reason::FromZero(piece.letter, place.clone()));
        }
        found
    }

    /// What was proved since `mark` on the parts between some cuts, from left to right, holds on the whole piece.
    pub fn join_at(&mut self, mark: usize, piece: &Piece, cuts: &[Rational], goal: Goal) {
        let conclusion = self.above_zero(goal, piece.function).prop();
        let mut parts = self.evidence.split_off(mark);
        let Some(mut whole) = parts.pop() else { return };
        for (part, cut) in parts.into_iter().zip(cuts).rev() {
            let cut = self.arena.number(cut.clone());
            let reason = Reason::Split(Relation::new(Comparison::LessEqual, piece.letter, cut));
            whole = Evidence { conclusion: conclusion.clone(), reason, premises: vec![part, whole] };
        }
        self.evidence.push(whole);
    }

    /// A point of the closed range at which the function is exactly 0.
    fn zero_among(&mut self, piece: &Piece, curve: &Curve, places: Vec<Rational>) -> Option<Rational> {
        let closed = Range { low: closed(&piece.on.low), high: closed(&piece.on.high) };
        places.into_iter().filter(|place| closed.contains(place)).find(|place| {
            if !curve.at(place).is_some_and(|value| value.contains_zero()) {
                return false;
            }
            let number = self.arena.number(place.clone());
            let value = self.arena.substitute(piece.function, &Substitution::from([(piece.letter, number)]));
            let value = self.with_known_values(value);
            self.vanishes(value, &Known::default())
        })
    }

    /// Whether the function is continuous on the range and at a place in it or at its end, and differentiable between
    /// the ends.
    fn is_smooth(&mut self, piece: &Piece, place: &Rational) -> bool {
        let opened = |end: &End| end.value().map_or(End::Unbounded, |value| End::Open(value.clone()));
        let inner = Range { low: opened(&piece.on.low), high: opened(&piece.on.high) };
        let whole = range::hull(&piece.on, &range::point(place));
        for part in self.arena.reachable(&[piece.function]) {
            if !self.arena.contains(part, piece.letter) {
                continue;
            }
            // What must be positive throughout, and whether negative throughout does as well, or 0 at the ends.
            let (inside, on, either_sign) = match self.arena.node(part).clone() {
                Node::Call { function: Function::Elementary(f), args, .. } => match f.row().defined_on {
                    DefinedOn::Positive if f.is_smooth() => (args[0], &whole, false),
                    DefinedOn::Reals if f.is_smooth() => continue,
                    _ => return false,
                },
                Node::Power(base, exponent) => match self.arena.as_number(exponent) {
                    Some(n) if n.is_int() && *n > Rational::from(0) => continue,
                    Some(n) if n.is_int() => (base, &whole, true),
                    Some(n) if *n > Rational::from(0) => (base, &inner, false),
                    Some(_) => (base, &whole, false),
                    None => return false,
                },
                _ => continue,
            };
            let back = self.arena.negate(inside);
            let mut is_positive = |function| {
                let part = Piece { function, letter: piece.letter, on: on.clone() };
                self.attempt(|prover| prover.piece_has_sign(&part, Goal::Positive, 0, SLOPES))
            };
            if !(is_positive(inside) || either_sign && is_positive(back)) {
                return false;
            }
        }
        true
    }

    /// Whether the function stays above 0 with room to spare: its tails where the range is unbounded, and enclosures.
    fn is_clear(&mut self, piece: &Piece, goal: Goal) -> bool {
        let Some(curve) = Curve::new(self.arena, piece.function, piece.letter) else { return false };
        let wanted = self.above_zero(goal, piece.function).prop();
        let (mark, mut cuts) = (self.evidence.len(), Vec::new());
        let mut end = |prover: &mut Self, end: &End, direction: i64| match end.value() {
            Some(value) => Some(value.clone()),
            None => {
                let bound = prover.tail_bound(piece, direction, &wanted)? * Rational::from(direction);
                cuts.push(bound.clone());
                Some(bound)
            }
        };
        let Some(low) = end(self, &piece.on.low, -1) else { return false };
        // The middle comes between the tails.
        let place = self.evidence.len();
        let Some(high) = end(self, &piece.on.high, 1) else { return false };
        self.evidence.insert(place, Evidence::leaf(wanted.clone(), Reason::Enclosed(piece.letter)));
        if let Some(middle) = Interval::between(&low, &high, BITS) {
            let slope = slope(self.arena, piece.function, piece.letter);
            let slope = slope.and_then(|slope| Curve::new(self.arena, slope, piece.letter));
            let mut budget = self.parts.min(PARTS);
            let before = budget;
            let found = positive(&curve, slope.as_ref(), middle, &mut budget);
            self.parts -= before - budget;
            if found != Search::Positive {
                return false;
            }
        }
        self.join_at(mark, piece, &cuts, goal);
        self.methods.insert(Method::Enclosure);
        true
    }

    /// A bound beyond which the function is positive, in one direction.
    fn tail_bound(&mut self, piece: &Piece, direction: i64, wanted: &Prop) -> Option<Rational> {
        let known = Known::default();
        let mut function = piece.function;
        if direction < 0 {
            let back = self.arena.negate(piece.letter);
            function = self.arena.substitute(function, &Substitution::from([(piece.letter, back)]));
        }
        let end = if direction > 0 { &piece.on.low } else { &piece.on.high };
        BOUNDS.into_iter().map(Rational::from).find(|bound| {
            let inside = end.value().is_none_or(|end| end * Rational::from(direction) < *bound);
            let (mark, seen) = (self.evidence.len(), (function, piece.letter));
            let sign = self.seen_far_out(seen, Reach::From(bound.clone()), &known, |tails, tail| tails.sign(tail));
            let found = inside && sign == Some(Ordering::Greater);
            if found {
                self.conclude(mark, wanted.clone(), Reason::FarOut(piece.letter));
            } else {
                self.evidence.truncate(mark);
            }
            found
        })
    }
}

/// Whether a function is below 0 at one of a few points of a range.
fn is_negative_somewhere(curve: &Curve, on: &Range) -> bool {
    let tenths = [-60, -30, -15, -10, -5, -1, 1, 5, 10, 15, 30, 60];
    let mut places: Vec<Rational> = tenths.into_iter().filter_map(|n| fraction(n, 10)).collect();
    if let (Some(low), Some(high)) = (on.low.value(), on.high.value()) {
        places.push((low + high) / Rational::from(2));
    }
    places.iter().any(|place| on.contains(place) && curve.at(place).is_some_and(|value| value.is_negative()))
}

/// The ends of a range, and small numbers.
pub(super) fn simple_places(on: &Range) -> Vec<Rational> {
    let mut places: Vec<Rational> = [&on.low, &on.high].into_iter().filter_map(|end| end.value().cloned()).collect();
    let small = [(0, 1), (1, 1), (-1, 1), (1, 2), (-1, 2), (2, 1), (-2, 1)];
    places.extend(small.into_iter().filter_map(|(n, d)| fraction(n, d)));
    places
}

fn closed(end: &End) -> End {
    end.value().map_or(End::Unbounded, |value| End::Closed(value.clone()))
}

/// A range cut at a number: the part on the side that `direction` comes from, and the rest, the cut in both.
fn cut(side: &Range, end: &Rational, direction: i64) -> (Range, Range) {
    let below = Range { low: side.low.clone(), high: End::Closed(end.clone()) };
    let above = Range { low: End::Closed(end.clone()), high: side.high.clone() };
    let (near, far) = if direction > 0 { (below, above) } else { (above, below) };
    (range::meet(&near, side), range::meet(&far, side))
}

/// A simple fraction near the place where a function seems to be smallest.
pub(super) fn lowest(curve: &Curve, on: &Range) -> Option<Rational> {
    let bound = |end: &End, far: i64| end.value().cloned().unwrap_or_else(|| Rational::from(far));
    let (low, high) = (bound(&on.low, -6), bound(&on.high, 6));
    let value = |place: f64| {
        let place = crate::number::rational::from_f64(place)?;
        curve.at(&place).map(|value| value.to_f64_pair().0)
    };
    let (low, high) = (to_f64(&low), to_f64(&high));
    let places = (1..24).map(|n| low + (high - low) * f64::from(n) / 24.0);
    let best = places.filter_map(|place| Some((value(place)?, place))).min_by(|a, b| a.0.total_cmp(&b.0))?.1;
    let width = (high - low) / 24.0;
    let (mut left, mut right) = (best - width, best + width);
    for _ in 0..32 {
        let (a, b) = (left + (right - left) / 3.0, right - (right - left) / 3.0);
        if value(a)? < value(b)? { right = b } else { left = a }
    }
    let around = |place: f64| crate::number::rational::from_f64(place);
    let found = simplest_between(&around(left - 1e-3)?, &around(right + 1e-3)?)?;
    (crate::number::rational::height(&found) < 16).then_some(found)
}

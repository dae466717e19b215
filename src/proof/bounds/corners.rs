//! Corners of functions of one unknown: absolute values, rectifiers, signs, the larger and the smaller of two.
//!
//! The line is split where the argument changes its sign; where that is not known, both values must do.

use std::collections::BTreeSet;

use crate::expr::{Comparison, Elementary, Expr, Node, Prop, Substitution};
use crate::number::Rational;
use crate::number::polynomial::{End, Goal, Range};
use crate::proof::bounds::Prover;
use crate::proof::bounds::known::Known;
use crate::proof::bounds::single::{Piece, SLOPES};
use crate::proof::check::{Reason, Relation};
use crate::rewrite::slope::slope;

impl Prover<'_> {
    /// An absolute value or the like, with what it must be compared with.
    pub fn corner(&self, piece: &Piece) -> Option<Expr> {
        self.arena.reachable(&[piece.function]).into_iter().find(|&part| {
            self.arena.elementary(part).is_some_and(|(f, args)| {
                f.row().cases.is_some()
                    && f != Elementary::Delta
                    && args.iter().any(|&arg| self.arena.contains(arg, piece.letter))
            })
        })
    }

    pub fn around_corner(&mut self, piece: &Piece, corner: Expr, goal: Goal, corners: usize, slopes: usize) -> bool {
        let Some((f, _)) = self.arena.elementary(corner) else { return false };
        let Some([first, second]) = self.arena.cases_of(corner) else { return false };
        let (_, low, high) = first.holds;
        // Where this is not negative, the value is the first one, and where it is not positive, the second.
        let turning = self.arena.subtract(high, low);
        let (above, below) = (first.value, second.value);
        let wanted = self.above_zero(goal, piece.function).prop();
        let with = |prover: &mut Self, on: Range, value: Expr| {
            let function = prover.arena.substitute(piece.function, &Substitution::from([(corner, value)]));
            prover.piece_has_sign(&Piece { function, letter: piece.letter, on }, goal, corners - 1, slopes)
        };
        let places = self.turning_points(turning, piece.letter);
        let mut parts = vec![piece.on.clone()];
        for place in places {
            parts = parts
                .iter()
                .flat_map(|part| {
                    let to = Range { low: part.low.clone(), high: End::Closed(place.clone()) };
                    let from = Range { low: End::Open(place.clone()), high: part.high.clone() };
                    let is_end = [&part.low, &part.high].into_iter().any(|end| end.value() == Some(&place));
                    if part.contains(&place) && !is_end { vec![to, from] } else { vec![part.clone()] }
                })
                .collect();
        }
        let cuts: Vec<Rational> = parts.iter().skip(1).filter_map(|part| part.low.value().cloned()).collect();
        let mark = self.evidence.len();
        let split = self.attempt(|prover| {
            parts.iter().all(|on| {
                let (mark, part) = (prover.evidence.len(), Piece { on: on.clone(), ..piece.clone() });
                let Some(upward) = prover.sign_on(&part, turning) else { return false };
                let order = Relation::new(Comparison::LessEqual, low, high);
                prover.restate(mark, if upward { order } else { order.turned() });
                let found = with(prover, on.clone(), if upward { above } else { below });
                if found {
                    prover.conclude(mark, wanted.clone(), Reason::Replaced(corner));
                }
                found
            })
        });
        if split {
            self.join_at(mark, piece, &cuts, goal);
            return true;
        }
        // Whatever the sign, it is one of the two.
        let both = self.attempt(|prover| [above, below].into_iter().all(|value| with(prover, piece.on.clone(), value)));
        if both && f != Elementary::Sign {
            let order = Relation::new(Comparison::LessEqual, low, high);
            self.conclude_for_corner(mark, corner, &wanted, order);
        }
        both
    }

    /// What stands under a sign, which has no value at 0, and may be 0 for all that is known.
    pub fn open_signs(&mut self, prop: &Prop, known: &Known) -> Vec<Expr> {
        let sides: Vec<Expr> = prop.expressions().into_iter().filter_map(|side| self.resolved(side)).collect();
        let mut open = Vec::new();
        for part in self.arena.reachable(&sides) {
            let Some(arg) = self.arena.argument(Elementary::Sign, part) else { continue };
            let back = self.arena.negate(arg);
            let mut is_positive = |value: Expr| self.attempt(|prover| prover.has_sign(value, Goal::Positive, known));
            if !is_positive(arg) && !is_positive(back) && self.arena.is_closed(arg) && !open.contains(&arg) {
                open.push(arg);
            }
        }
        open
    }

    /// What is 0 and stands under a sign, so that some expressions have no value: not in a branch that is not known to be
    /// taken, nor under an index.
    pub fn zero_under_sign(&mut self, exprs: &[Expr], known: &Known) -> Option<Expr> {
        let (mut open, mut seen) = (exprs.to_vec(), BTreeSet::new());
        while let Some(part) = open.pop() {
            if !seen.insert(part) {
                continue;
            }
            if let Some(inside) = self.arena.argument(Elementary::Sign, part) {
                let range = self.range(inside, known);
                if range.is_single() && range.contains(&0.into()) {
                    return Some(inside);
                }
            }
            match self.arena.node(part).clone() {
                Node::Cases(branches) => {
                    let taken = branches.iter().find_map(|branch| match branch.condition {
                        None => Some(Some(branch.value)),
                        Some((how, a, b)) => match known.decides(self.arena, how, a, b) {
                            Some(true) => Some(Some(branch.value)),
                            Some(false) => None,
                            None => Some(None),
                        },
                    });
                    open.extend(taken.flatten());
                }
                Node::Big { .. } | Node::Limit { .. } | Node::Extremum { .. } | Node::At { .. } => {}
                _ => open.extend(self.arena.children(part)),
            }
        }
        None
    }

    /// Whether a part of the function is never negative (`true`) or never positive on a piece.
    pub fn sign_on(&mut self, piece: &Piece, part: Expr) -> Option<bool> {
        let back = self.arena.negate(part);
        let mut is = |function| {
            let part = Piece { function, ..piece.clone() };
            self.attempt(|prover| prover.piece_has_sign(&part, Goal::NonNegative, 0, SLOPES - 1))
        };
        if is(part) { Some(true) } else { is(back).then_some(false) }
    }

    /// Where a part may change its sign: at 0, and where a linear one is 0.
    pub fn turning_points(&mut self, turning: Expr, letter: Expr) -> Vec<Rational> {
        let mut places = vec![Rational::from(0)];
        let rate = slope(self.arena, turning, letter);
        let rate = self.canonical(rate);
        let zero = self.arena.zero();
        let start = self.arena.substitute(turning, &Substitution::from([(letter, zero)]));
        let start = self.canonical(start);
        if let (Some(rate), Some(start)) = (self.arena.as_number(rate), self.arena.as_number(start))
            && !rate.is_zero()
        {
            places.push(-start / rate);
        }
        places.dedup();
        places
    }
}

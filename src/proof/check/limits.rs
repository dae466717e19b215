//! Limits, and extreme values that are approached far out.
//!
//! A limit over an index is taken where the index lies beyond every other letter that is named.

use std::cmp::Ordering;

use crate::expr::{Comparison, Expr, Extremum, Node, Prop, Substitution, SymbolKind};
use crate::proof::check::evidence::Relation;
use crate::proof::check::hypotheses::Hypotheses;
use crate::proof::check::line::Course;
use crate::proof::check::replay::{Checked, Needed, Objection, Replay, Step, ensure};

/// How far beyond every other letter the index of a sequence lies.
const FAR: i64 = 64;

impl Replay<'_> {
    /// A supremum is at least, or above, what the function tends to far out; it is infinite where the function grows.
    pub(super) fn approached<'m>(&mut self, step: Step<'_, 'm>, downward: bool) -> Needed<'m> {
        let own = step.own()?;
        let (Relation { how, left, right }, hypotheses) = (own, step.hypotheses);
        let letter = self.new_letter("far", SymbolKind::Real, &[left, right], hypotheses)?;
        let place = if downward { self.arena.negate(letter) } else { letter };
        let infinity = self.arena.infinity();
        let minus = self.arena.negate(infinity);
        let is_order = own.is_order();
        let is_endless = |end: Expr, side: Expr| how == Comparison::Equal && side == end;
        let gap = if self.is_extremum(left, Extremum::Supremum) && is_endless(infinity, right) {
            self.instance_of(left, place)?
        } else if self.is_extremum(left, Extremum::Infimum) && is_endless(minus, right) {
            let value = self.instance_of(left, place)?;
            self.arena.negate(value)
        } else if self.is_extremum(right, Extremum::Supremum) && is_order {
            let value = self.instance_of(right, place)?;
            self.arena.subtract(value, left)
        } else if self.is_extremum(left, Extremum::Infimum) && is_order {
            let value = self.instance_of(left, place)?;
            self.arena.subtract(right, value)
        } else {
            return Err(Objection::Wrong("no extreme value"));
        };
        let course = self.course(gap, letter, step)?;
        let holds = match course {
            Course::Grows(sign) => sign == Ordering::Greater,
            Course::Stays(sign) => sign == Ordering::Greater && how != Comparison::Equal,
            Course::Vanishes => how == Comparison::LessEqual,
        };
        ensure(holds, "the function goes elsewhere far out")?;
        step.here()
    }

    /// A limit by the growth of what the body differs from it by, on every side from which it is approached.
    pub(super) fn limit<'m>(&mut self, step: Step<'_, 'm>) -> Needed<'m> {
        let Relation { how, left, right } = step.own()?;
        let is_first = matches!(self.arena.node(left), Node::Limit { .. });
        let (limit, value) = if is_first { (left, right) } else { (right, left) };
        let Node::Limit { integer, to, .. } = *self.arena.node(limit) else {
            return Err(Objection::Wrong("no limit"));
        };
        let infinity = self.arena.infinity();
        ensure(how == Comparison::Equal && (!integer || to == infinity), "no limit of that kind")?;
        let kind = if integer { SymbolKind::Integer } else { SymbolKind::Real };
        let letter = self.new_letter("far", kind, &[limit, value], step.hypotheses)?;
        let body = self.arena.instantiate(limit, letter).ok_or(Objection::Wrong("no body"))?;
        let minus = self.arena.negate(infinity);
        let is_infinite = [infinity, minus].contains(&value);
        let gap = if is_infinite { body } else { self.arena.subtract(body, value) };
        let back = self.arena.negate(letter);
        let gone = self.arena.reciprocal(letter);
        let places = match to {
            _ if to == infinity => vec![letter],
            _ if to == minus => vec![back],
            // From the right and from the left.
            _ => vec![self.arena.sum([to, gone]), self.arena.subtract(to, gone)],
        };
        let sign = if value == minus { Ordering::Less } else { Ordering::Greater };
        let wanted = if is_infinite { Course::Grows(sign) } else { Course::Vanishes };
        for place in places {
            let far = self.arena.substitute(gap, &Substitution::from([(letter, place)]));
            ensure(self.course(far, letter, step)? == wanted, "the function goes elsewhere")?;
        }
        step.here()
    }

    /// Whether two binders, or two sides, are one function: that of one letter that is new, and far out for a limit of a
    /// sequence.
    pub(super) fn are_one(&mut self, written: Expr, worked: Expr, hypotheses: &Hypotheses<'_>) -> Checked {
        let (kind, is_far) = match (self.arena.node(written), self.arena.node(worked)) {
            (Node::Limit { integer: a, to: b, .. }, Node::Limit { integer: c, to: d, .. }) if (a, b) == (c, d) => (
                if *a { SymbolKind::Integer } else { SymbolKind::Real },
                *a && matches!(self.arena.node(*b), Node::Infinity),
            ),
            (Node::Extremum { which: a, range: None, .. }, Node::Extremum { which: b, range: None, .. }) if a == b => {
                (SymbolKind::Real, false)
            }
            _ => return self.equal(written, worked, hypotheses),
        };
        let letter = self.new_letter("body", kind, &[written, worked], hypotheses)?;
        let bodies = self.arena.instantiate(written, letter).zip(self.arena.instantiate(worked, letter));
        let (one, other) = bodies.ok_or(Objection::Wrong("no body"))?;
        if !is_far {
            self.equal(one, other, hypotheses)?;
            return self.has_value_beside(&[other], &[one], hypotheses);
        }
        let far = self.far_beyond(letter, &[written, worked], hypotheses);
        if let Err(objection) = self.equal(one, other, &far) {
            // What needs few cases holds from the beginning.
            let all = self.beyond(letter, 0, &[written, worked], hypotheses);
            self.equal(one, other, &all).map_err(|_| objection)?;
        }
        self.has_value_beside(&[other], &[one], &far)
    }

    /// The hypotheses, and that an index lies far beyond every other letter that is named.
    pub(super) fn far_beyond<'m>(
        &mut self,
        letter: Expr,
        exprs: &[Expr],
        hypotheses: &Hypotheses<'m>,
    ) -> Hypotheses<'m> {
        self.beyond(letter, FAR, exprs, hypotheses)
    }

    /// The hypotheses, and that an index is larger than 0 and every other letter that is named, by this much at least.
    fn beyond<'m>(&mut self, letter: Expr, least: i64, exprs: &[Expr], hypotheses: &Hypotheses<'m>) -> Hypotheses<'m> {
        let least = self.arena.integer(least);
        let mut inner = hypotheses.with(self.arena, &Prop::at_most(least, letter));
        let known = hypotheses.relations.iter().flat_map(|own| [own.left, own.right]);
        let all: Vec<Expr> = exprs.iter().copied().chain(known).collect();
        for other in self.arena.reachable(&all) {
            if other != letter && self.is_letter(other, SymbolKind::Integer) {
                let beyond = self.arena.sum([other, least]);
                inner = inner.with(self.arena, &Prop::at_most(beyond, letter));
            }
        }
        inner
    }
}

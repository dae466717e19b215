//! Functions of one letter on the real line: enclosed between two numbers, from a zero on by their slope, and far out by
//! their growth.
//!
//! Where a letter lies is its extent under the hypotheses, so the line is cut into parts by splits.

use std::cmp::Ordering;

use crate::expr::{Arena, Comparison, Elementary, Expr, Prop, Substitution, SymbolKind};
use crate::number::rational::{height, simplest_between};
use crate::number::{Interval, Rational, range};
use crate::proof::check::evidence::Relation;
use crate::proof::check::extent::extent;
use crate::proof::check::hypotheses::Hypotheses;
use crate::proof::check::replay::{Checked, Needed, Objection, Replay, Sequent, Step, ensure};
use crate::proof::reals::{Constants, Curve, Reach, Search, Tail, Tails, constant, positive, slope, smooth_branches};

/// On how many parts a function is enclosed.
const PARTS: usize = 400;

/// From where on the growth of functions is looked at, at least.
const FAR: i64 = 3;

/// The largest numerator and denominator, in bits, of numbers that constants are recognised as.
const BITS_OF_NUMBER: usize = 16;

impl Replay<'_> {
    /// The right side less the left one.
    fn gap(&mut self, own: Relation) -> Expr {
        self.arena.subtract(own.right, own.left)
    }

    /// Above 0 between two numbers, by enclosures of the function and of its slope on ever smaller parts.
    pub(super) fn enclosed<'m>(&mut self, step: Step<'_, 'm>, letter: Expr) -> Needed<'m> {
        let (own, hypotheses) = (step.order()?, step.hypotheses);
        let function = self.gap(own);
        let curve = Curve::new(self.arena, function, letter).ok_or(Objection::Wrong("no function of one letter"))?;
        let on = range::interval_of(&extent(self.arena, hypotheses, letter));
        let slope = slope(self.arena, function, letter);
        // A mean value is one between two points only where there is a slope all the way.
        let slope = slope.filter(|&slope| self.has_value_beside(&[function, slope], &[], hypotheses).is_ok());
        let slope = slope.and_then(|slope| Curve::new(self.arena, slope, letter));
        match positive(&curve, slope.as_ref(), on, &mut PARTS.clone()) {
            Search::Positive => Ok(Vec::new()),
            Search::Negative => Err(Objection::Wrong("the function is negative somewhere")),
            Search::Undecided => Err(Objection::Unreplayed("an enclosure")),
        }
    }

    /// Above 0 from a number on, or up to one, by what grows most.
    pub(super) fn far_out<'m>(&mut self, step: Step<'_, 'm>, letter: Expr) -> Needed<'m> {
        let (own, hypotheses) = (step.order()?, step.hypotheses);
        let function = self.gap(own);
        let on = extent(self.arena, hypotheses, letter);
        let (from, function) = match (on.low.value(), on.high.value()) {
            (Some(low), None) => (low.clone(), function),
            (None, Some(high)) => {
                let map = Substitution::from([(letter, self.arena.negate(letter))]);
                (-high, self.arena.substitute(function, &map))
            }
            _ => return Err(Objection::Unreplayed("the range of an unknown")),
        };
        ensure(from >= Rational::from(FAR), "that is not far out")?;
        let facts = step.others()?;
        let mut ground = Ground { replay: self, hypotheses, facts };
        let mut tails = Tails::new(&mut ground, Reach::From(from));
        let sign = tails.expand(function, letter).and_then(|tail| tails.sign(&tail));
        match sign {
            Some(Ordering::Greater) => step.here(),
            Some(Ordering::Less | Ordering::Equal) => Err(Objection::Wrong("the function is not positive far out")),
            None => Err(Objection::Unreplayed("a function far out")),
        }
    }

    /// The function is 0 at an end of where its letter lies, and its slope inward has the sign (DLMF 1.4(iii)).
    pub(super) fn beyond_zero<'m>(&mut self, step: Step<'_, 'm>, (letter, place): (Expr, &Rational)) -> Needed<'m> {
        let own = step.order()?;
        let (how, function) = (own.how, self.gap(own));
        // What is known must hold all the way from the zero.
        let hypotheses = &step.hypotheses.with_ends_of(self.arena, letter);
        ensure(self.is_letter(letter, SymbolKind::Real), "no letter of numbers")?;
        let on = extent(self.arena, hypotheses, letter);
        ensure(how == Comparison::LessEqual || !on.contains(place), "the function is 0 there")?;
        let slope = slope(self.arena, function, letter).ok_or(Objection::Wrong("the function has a corner"))?;
        let (zero, at) = (self.arena.zero(), self.arena.number(place.clone()));
        let (inward, beyond) = if on.low.value() == Some(place) {
            (slope, Relation::new(Comparison::Less, at, letter))
        } else if on.high.value() == Some(place) {
            (self.arena.negate(slope), Relation::new(Comparison::Less, letter, at))
        } else {
            return Err(Objection::Unreplayed("the range of an unknown"));
        };
        let inside = hypotheses.with(self.arena, &beyond.prop());
        self.has_value_beside(&[function, slope], &[], &inside)?;
        self.has_value_at(function, letter, at, hypotheses)?;
        let there = self.arena.substitute(function, &Substitution::from([(letter, at)]));
        self.identity((zero, there), (zero, zero), hypotheses)?;
        let wanted = Relation::new(how, zero, inward);
        Ok(vec![Sequent { conclusion: wanted.prop(), under: Some(inside) }])
    }

    /// Whether every part of a function has a value where its letter is a number.
    fn has_value_at(&mut self, function: Expr, letter: Expr, at: Expr, hypotheses: &Hypotheses<'_>) -> Checked {
        let there = self.new_letter("place", SymbolKind::Real, &[function], hypotheses)?;
        let function = self.arena.substitute(function, &Substitution::from([(letter, there)]));
        let exact = hypotheses.with(self.arena, &Prop::equal(there, at));
        self.has_value_beside(&[function], &[], &exact)
    }

    /// `|F(x) - F(y)| <= c |x - y|` from `|G'| <= c` between x and y, for every smooth G that the continuous F is somewhere.
    pub(super) fn mean_value<'m>(
        &mut self,
        step: Step<'_, 'm>,
        (function, letter): (Expr, Expr),
        (x, y): (Expr, Expr),
    ) -> Needed<'m> {
        let (own, others, hypotheses) = (step.own()?, step.others()?, step.hypotheses);
        let Some(&Relation { how, right: steepest, .. }) = others.first() else {
            return Err(Objection::Wrong("no slope"));
        };
        self.is_new(letter, SymbolKind::Real, &[own.left, own.right, x, y, steepest], hypotheses)?;
        ensure(own.how == Comparison::LessEqual && others[0].is_order(), "no bound on a slope")?;
        let mut value = |place| self.arena.substitute(function, &Substitution::from([(letter, place)]));
        let ends = (value(x), value(y));
        let gap = self.arena.subtract(ends.0, ends.1);
        self.square_of_both(own.left, gap, hypotheses)?;
        let (zero, apart) = (self.arena.zero(), self.arena.subtract(x, y));
        let distance = self.arena.apply(Elementary::Abs, apart);
        let bound = self.arena.product([steepest, distance]);
        self.identity((zero, own.right), (zero, bound), hypotheses)?;
        self.has_value_beside(&[steepest], &[own.left, own.right], hypotheses)?;
        let between = range::hull(&extent(self.arena, hypotheses, x), &extent(self.arena, hypotheses, y));
        let bounds: Vec<Prop> = self.bounds(letter, &between).iter().map(|bound| bound.prop()).collect();
        let inner = self.supposing(&bounds, hypotheses);
        let mut needed = Vec::new();
        for branch in smooth_branches(self.arena, function, letter) {
            let slope = slope(self.arena, branch, letter).ok_or(Objection::Wrong("a function has no slope"))?;
            self.has_value_beside(&[branch, slope], &[], &inner)?;
            let size = self.arena.apply(Elementary::Abs, slope);
            let wanted = Relation::new(how, size, steepest).prop();
            needed.push(Sequent { conclusion: wanted, under: Some(inner.clone()) });
        }
        Ok(needed)
    }

    /// What a function of a letter is as the letter goes to infinity; the premises say which constants are positive.
    pub(super) fn course(&mut self, function: Expr, letter: Expr, step: Step<'_, '_>) -> Result<Course, Objection> {
        let (facts, hypotheses) = (step.others()?, step.hypotheses);
        let mut ground = Ground { replay: self, hypotheses, facts };
        let mut tails = Tails::new(&mut ground, Reach::Eventually);
        let tail = tails.expand(function, letter).ok_or(Objection::Unreplayed("a function far out"))?;
        let Some((scale, lead)) = tail.lead().filter(|_| !Tail::vanishes(&tail)) else { return Ok(Course::Vanishes) };
        let (grows, lead) = (scale.grows(), lead.clone());
        let sign = tails.sign_of_coefficient(&lead).ok_or(Objection::Unreplayed("the sign of a constant"))?;
        Ok(if grows { Course::Grows(sign) } else { Course::Stays(sign) })
    }

    /// A letter of which nothing is known.
    pub(super) fn new_letter(
        &mut self,
        name: &str,
        kind: SymbolKind,
        apart: &[Expr],
        hypotheses: &Hypotheses<'_>,
    ) -> Result<Expr, Objection> {
        let symbol = self.arena.intern(&format!("\u{a7}{name} {kind:?}"), kind);
        let letter = self.arena.symbol(symbol);
        self.is_new(letter, kind, apart, hypotheses)?;
        Ok(letter)
    }
}

/// What becomes of a function far out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Course {
    Vanishes,
    /// It stays away from 0 on one side, and bounded.
    Stays(Ordering),
    /// It grows without bound on one side.
    Grows(Ordering),
}

/// What the hypotheses and some premises say of constants.
struct Ground<'r, 'a, 'h, 'm> {
    replay: &'r mut Replay<'a>,
    hypotheses: &'h Hypotheses<'m>,
    facts: Vec<Relation>,
}

impl Constants for Ground<'_, '_, '_, '_> {
    fn arena(&mut self) -> &mut Arena {
        self.replay.arena
    }

    fn simplified(&mut self, expr: Expr) -> Expr {
        if self.replay.arena.as_number(expr).is_some() {
            return expr;
        }
        let number = match constant(self.replay.arena, expr) {
            Some(value) => value.low().zip(value.high()).and_then(|(low, high)| simplest_between(&low, &high)),
            None => Some(Rational::from(0)),
        };
        let Some(number) = number.filter(|number| height(number) <= BITS_OF_NUMBER) else { return expr };
        let (zero, number) = (self.replay.arena.zero(), self.replay.arena.number(number));
        let same = self.replay.identity((zero, expr), (zero, number), self.hypotheses);
        if same.is_ok() { number } else { expr }
    }

    fn within(&mut self, expr: Expr) -> Interval {
        range::interval_of(&extent(self.replay.arena, self.hypotheses, expr))
    }

    fn is_positive(&mut self, expr: Expr) -> bool {
        let relation = Relation::new(Comparison::Less, self.replay.arena.zero(), expr);
        range::is_positive(&extent(self.replay.arena, self.hypotheses, expr))
            || self
                .facts
                .iter()
                .any(|own| own.how == relation.how && self.replay.are_same(*own, relation, self.hypotheses))
    }
}

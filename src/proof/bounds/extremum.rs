//! Suprema and infima: over the real line, and over an index of finitely many.
//!
//! An extreme value over an index is the value at some index, which no other exceeds. Over the real line, `sup f <= c`
//! says that f nowhere exceeds c; `c <= sup f` that f reaches c at a point, or comes as near as one likes far out.

use std::cmp::Ordering;

use crate::expr::{Comparison, Expr, Extremum, Function, Node, Prop, Substitution, SymbolKind};
use crate::number::polynomial::Goal;
use crate::number::range;
use crate::number::rational::{fraction, from_f64, simple_inside};
use crate::number::{Interval, Rational};
use crate::proof::bounds::Prover;
use crate::proof::bounds::known::Known;
use crate::proof::bounds::reading::Reader;
use crate::proof::bounds::single::lowest;
use crate::proof::check::{Evidence, Reason, Relation, Universal};
use crate::proof::outcome::Method;
use crate::proof::reals::{BITS, Curve, Reach, constant};
use crate::rewrite::Linear;

/// The supremum of a function of a letter over the real line.
#[derive(Clone, Copy)]
struct Sup {
    body: Expr,
    letter: Expr,
    /// The extreme value as it is written: the supremum, or the infimum of what is negated here.
    part: Expr,
    which: Extremum,
}

impl Sup {
    /// `low how high` of the supremum of the body as a relation of the extreme value that is written.
    fn as_written(self, prover: &mut Prover<'_>, how: Comparison, (low, high): (Expr, Expr)) -> Relation {
        if self.which == Extremum::Supremum {
            return Relation::new(how, low, high);
        }
        Relation::new(how, prover.arena.negate(high), prover.arena.negate(low))
    }

    /// The same of the extreme value itself and a bound, of which the supremum of the body is below or above.
    fn of_part(self, prover: &mut Prover<'_>, how: Comparison, bound: Expr, is_below: bool) -> Relation {
        let bound = if self.which == Extremum::Supremum { bound } else { prover.arena.negate(bound) };
        let part_first = is_below == (self.which == Extremum::Supremum);
        let (left, right) = if part_first { (self.part, bound) } else { (bound, self.part) };
        Relation::new(how, left, right)
    }
}

impl Prover<'_> {
    /// The outermost extreme value in two expressions.
    pub fn extreme_part(&self, left: Expr, right: Expr) -> Option<Expr> {
        let parts = self.arena.reachable(&[left, right]);
        parts.into_iter().rev().find(|&part| matches!(self.arena.node(part), Node::Extremum { .. }))
    }

    /// A relation in which the extreme value `part` stands.
    pub fn with_extremum(&mut self, how: Comparison, (left, right): (Expr, Expr), part: Expr, known: &Known) -> bool {
        let Node::Extremum { which, range, .. } = *self.arena.node(part) else { return false };
        if !self.arena.is_closed(part) {
            return false;
        }
        if let Some((low, high)) = range {
            return self.with_index(how, (left, right), part, (which, low, high), known);
        }
        let letter = self.fresh(SymbolKind::Real);
        let Some(body) = self.arena.instantiate(part, letter) else { return false };
        let sign = if which == Extremum::Supremum { 1 } else { -1 };
        let of = |prover: &mut Self, expr| if sign > 0 { expr } else { prover.arena.negate(expr) };
        let sup = Sup { body: of(self, body), letter, part, which };
        let (alone_left, alone_right) = (left == part, right == part);
        if alone_left == alone_right {
            return false;
        }
        let other = if alone_left { right } else { left };
        let other = of(self, other);
        let infinity = self.arena.infinity();
        if other == infinity {
            return how == Comparison::Equal && self.grows(sup, (left, right), known);
        }
        // `inf f <= c` is `-c <= sup -f`.
        let below = alone_left == (sign > 0);
        match how {
            Comparison::Equal => {
                let mark = self.evidence.len();
                let found = self.sup_at_most(sup, other, known) && self.sup_at_least(sup, other, known);
                if found {
                    // The order from left to right comes first.
                    if !below {
                        self.evidence[mark..].reverse();
                    }
                    self.conclude(
                        mark,
                        Relation::new(how, left, right).prop(),
                        Reason::Law("antisymmetry", vec![left, right]),
                    );
                }
                found
            }
            Comparison::LessEqual if below => self.sup_at_most(sup, other, known),
            Comparison::LessEqual => self.sup_at_least(sup, other, known),
            Comparison::Less if below => self.sup_below(sup, other, known),
            Comparison::Less => self.sup_above(sup, other, known),
            Comparison::NotEqual => {
                self.attempt(|prover| prover.sup_below(sup, other, known))
                    || self.attempt(|prover| prover.sup_above(sup, other, known))
            }
            Comparison::Approximately => false,
        }
    }

    /// Over an index: the value at an index of which nothing else is known than that no other lies beyond.
    fn with_index(
        &mut self,
        how: Comparison,
        (left, right): (Expr, Expr),
        part: Expr,
        (which, low, high): (Extremum, Expr, Expr),
        known: &Known,
    ) -> bool {
        let (at, other) = (self.fresh(SymbolKind::Integer), self.fresh(SymbolKind::Integer));
        let Some((value, any)) = self.arena.instantiate(part, at).zip(self.arena.instantiate(part, other)) else {
            return false;
        };
        let Some((from, to)) = Linear::read(self.arena, low).zip(Linear::read(self.arena, high)) else { return false };
        let mut inner = known.within(at, &from, &to);
        let (left_of_law, right_of_law) = if which == Extremum::Supremum { (any, value) } else { (value, any) };
        let Node::Symbol { symbol, .. } = *self.arena.node(other) else { return false };
        let inside = Prop::And(vec![Prop::at_most(low, other), Prop::at_most(other, high)]);
        let law = Prop::Implies(Box::new(inside), Box::new(Prop::at_most(left_of_law, right_of_law)));
        inner.laws.extend(Universal::read(self.arena, &Prop::ForAll(vec![symbol], Box::new(law))));
        let map = Substitution::from([(part, value)]);
        let sides = self.arena.substitute_all(&[left, right], &map);
        self.methods.insert(Method::Rule);
        let mark = self.evidence.len();
        let found = self.worked_out(how, sides[0], sides[1], &inner);
        if found {
            let reason = Reason::AtSomeIndex { part, at, other };
            self.conclude(mark, Relation::new(how, left, right).prop(), reason);
        }
        found
    }

    fn sup_at_most(&mut self, sup: Sup, bound: Expr, known: &Known) -> bool {
        let mark = self.evidence.len();
        let found = self.attempt(|prover| prover.at_most(sup.body, bound, Goal::NonNegative, known));
        if found {
            let everywhere = sup.as_written(self, Comparison::LessEqual, (sup.body, bound));
            self.restate(mark, everywhere);
            let relation = sup.of_part(self, Comparison::LessEqual, bound, true);
            self.conclude(mark, relation.prop(), Reason::NowhereBeyond(sup.letter));
        }
        found
    }

    /// Below a smaller bound that is a number.
    fn sup_below(&mut self, sup: Sup, bound: Expr, known: &Known) -> bool {
        let Some(highest) = self.seems_highest(sup) else { return false };
        let claimed = constant(self.arena, bound).and_then(|value| value.low());
        let Some(smaller) = from_f64(highest).zip(claimed).and_then(|(a, b)| simple_inside(&a, &b)) else {
            return false;
        };
        let (smaller, mark) = (self.arena.number(smaller), self.evidence.len());
        let found = self.sup_at_most(sup, smaller, known);
        if found {
            let gap = sup.as_written(self, Comparison::Less, (smaller, bound)).prop();
            let place = if sup.which == Extremum::Supremum { self.evidence.len() } else { mark };
            self.evidence.insert(place, Evidence::leaf(gap, Reason::Numbers));
            let relation = sup.of_part(self, Comparison::Less, bound, true);
            self.conclude(mark, relation.prop(), Reason::Through);
        }
        found
    }

    /// A value of the function is at least the bound, or it comes as near as one likes.
    fn sup_at_least(&mut self, sup: Sup, bound: Expr, known: &Known) -> bool {
        let relation = &sup.of_part(self, Comparison::LessEqual, bound, false).prop();
        self.reaches(sup, bound, Goal::NonNegative, known)
            || self.concluding("a value at a root", relation, |prover| prover.reaches_root(sup, bound, known))
            || self.tends_to(sup, bound, Goal::NonNegative, known)
    }

    fn sup_above(&mut self, sup: Sup, bound: Expr, known: &Known) -> bool {
        self.reaches(sup, bound, Goal::Positive, known) || self.tends_to(sup, bound, Goal::Positive, known)
    }

    /// A point at which the function is at least the bound, or above it.
    fn reaches(&mut self, sup: Sup, bound: Expr, goal: Goal, known: &Known) -> bool {
        for place in self.places(sup) {
            let plain = self.arena.substitute(sup.body, &Substitution::from([(sup.letter, place)]));
            let value = self.opened_out(plain, known);
            let mark = self.evidence.len();
            let value = self.with_known_values(value);
            let found =
                self.attempt(|prover| prover.is_defined(value, known) && prover.at_most(bound, value, goal, known));
            if found {
                self.methods.insert(Method::Rule);
                let last = self.evidence.len().saturating_sub(1);
                self.evidence.drain(mark..last);
                let how = Relation::of_goal(goal, bound, plain).how;
                let there = sup.as_written(self, how, (bound, plain));
                self.restate(mark, there);
                let relation = sup.of_part(self, how, bound, false);
                self.conclude(mark, relation.prop(), Reason::ReachedAt(place));
                return true;
            }
        }
        false
    }

    /// Points at which a function may be largest.
    fn places(&mut self, sup: Sup) -> Vec<Expr> {
        let mut places = Vec::new();
        for (n, d) in [(0, 1), (1, 1), (-1, 1), (2, 1), (-2, 1), (1, 2), (-1, 2)] {
            places.extend(fraction(n, d).map(|place| self.arena.number(place)));
        }
        let pi = self.arena.pi();
        for (n, d) in [(1, 2), (-1, 2), (1, 1)] {
            let factor = fraction(n, d).map(|factor| self.arena.number(factor));
            places.extend(factor.map(|factor| self.arena.product([factor, pi])));
        }
        let back = self.arena.negate(sup.body);
        let back = self.opened_out(back, &Known::default());
        if let Some(curve) = Curve::new(self.arena, back, sup.letter)
            && let Some(place) = lowest(&curve, &crate::number::polynomial::Range::everything())
        {
            let square = crate::number::rational::simplest_between(
                &(&place * &place - fraction(1, 1000).unwrap_or_default()),
                &(&place * &place + fraction(1, 1000).unwrap_or_default()),
            );
            let direction = self.arena.integer(if crate::number::rational::is_negative(&place) { -1 } else { 1 });
            places.push(self.arena.number(place));
            if let Some(square) = square {
                let square = self.arena.number(square);
                let root = self.arena.sqrt(square);
                places.push(self.arena.product([direction, root]));
            }
        }
        places
    }

    /// The largest value on a grid.
    fn seems_highest(&mut self, sup: Sup) -> Option<f64> {
        let body = self.opened_out(sup.body, &Known::default());
        let curve = Curve::new(self.arena, body, sup.letter)?;
        (-240..=240)
            .filter_map(|step| curve.at(&fraction(step, 12)?))
            .map(|value| value.to_f64_pair().1)
            .filter(|value| value.is_finite())
            .max_by(f64::total_cmp)
    }

    /// Far out, in one direction, what the function exceeds the bound by tends to a limit of a sign that is wanted.
    fn tends_to(&mut self, sup: Sup, bound: Expr, goal: Goal, known: &Known) -> bool {
        let how = if goal == Goal::Positive { Comparison::Less } else { Comparison::LessEqual };
        let relation = sup.of_part(self, how, bound, false).prop();
        let gap = self.arena.subtract(sup.body, bound);
        let gap = self.opened_out(gap, known);
        [1, -1].into_iter().any(|direction| {
            self.attempt(|prover| {
                let mark = prover.evidence.len();
                let sign = prover.arena.integer(direction);
                let place = prover.arena.product([sign, sup.letter]);
                let far = prover.arena.substitute(gap, &Substitution::from([(sup.letter, place)]));
                let sign = prover.seen_far_out((far, sup.letter), Reach::Eventually, known, |tails, tail| {
                    match tail.lead().filter(|(scale, _)| !scale.vanishes()) {
                        None => Some(Ordering::Equal),
                        Some((_, lead)) => tails.sign_of_coefficient(&lead.clone()),
                    }
                });
                prover.methods.insert(Method::Rule);
                prover.conclude(mark, relation.clone(), Reason::Approached { downward: direction < 0 });
                sign == Some(Ordering::Greater) || goal == Goal::NonNegative && sign == Some(Ordering::Equal)
            })
        })
    }

    /// Whether the function grows without bound, in one direction.
    fn grows(&mut self, sup: Sup, (left, right): (Expr, Expr), known: &Known) -> bool {
        let relation = Relation::new(Comparison::Equal, left, right).prop();
        let body = self.opened_out(sup.body, known);
        [1, -1].into_iter().any(|direction| {
            let sign = self.arena.integer(direction);
            let place = self.arena.product([sign, sup.letter]);
            let far = self.arena.substitute(body, &Substitution::from([(sup.letter, place)]));
            let mark = self.evidence.len();
            let sign = self.seen_far_out((far, sup.letter), Reach::Eventually, known, |tails, tail| {
                let (_, lead) = tail.lead().filter(|(scale, _)| scale.grows())?;
                tails.sign_of_coefficient(&lead.clone())
            });
            let found = sign == Some(Ordering::Greater);
            if found && left == sup.part {
                self.conclude(mark, relation.clone(), Reason::Approached { downward: direction < 0 });
            }
            found
        })
    }

    /// The function is a quotient of polynomials of one unknown that takes every value of its range, and `f² = c²` has
    /// a root there at which f has the sign of c.
    fn reaches_root(&mut self, sup: Sup, bound: Expr, known: &Known) -> bool {
        let two = self.arena.integer(2);
        let square = self.arena.power(bound, two);
        let square = self.canonical(square);
        let Some(square) = self.arena.as_number(square).cloned() else { return false };
        let Some(sign) = constant(self.arena, bound).and_then(|value| value.sign()) else { return false };
        let body = self.opened_out(sup.body, known);
        let mut reader = Reader::new(self, known, &[body]);
        let Ok(ratio) = reader.read(body) else { return false };
        let numerator = ratio.numerator.clone();
        let denominator =
            ratio.denominator.iter().fold(crate::number::polynomial::Multi::constant(1.into()), |all, (factor, &n)| {
                all.times(&factor.power(n))
            });
        let unknowns = numerator.plus(&denominator, &Rational::from(1)).unknowns();
        let [unknown] = unknowns[..] else { return false };
        if !reader.takes_every_value(unknown, sup.letter) {
            return false;
        }
        let own = reader.space.ranges[unknown].clone();
        let Some((above, below)) = numerator.univariate(unknown).zip(denominator.univariate(unknown)) else {
            return false;
        };
        let gap = &above.pow(2) - &below.pow(2).scale(&square);
        let found = gap.roots_in(&own).unwrap_or_default().into_iter().any(|root| {
            let place = root.enclosure(BITS);
            let value = above.enclose(&place).div(&below.enclose(&place));
            value.is_some_and(|value| value.sign() == Some(sign) && sign != Ordering::Equal)
        });
        if found {
            self.methods.insert(Method::PolynomialBound);
        }
        found
    }

    /// Whether an expression certainly has a value wherever what is known holds.
    pub fn is_defined(&mut self, expr: Expr, known: &Known) -> bool {
        self.arena.reachable(&[expr]).into_iter().all(|part| match self.arena.node(part).clone() {
            Node::Cases(_) | Node::Extremum { .. } | Node::Limit { .. } | Node::Derivative { .. } | Node::At { .. } => {
                false
            }
            Node::MatrixPower(..) | Node::Infinity => false,
            Node::Power(base, exponent) => match self.arena.as_number(exponent).cloned() {
                Some(n) if n.is_int() && n > Rational::from(0) => true,
                Some(n) if n.is_int() => self.is_positive(base, known) || self.is_negative(base, known),
                Some(n) if n > Rational::from(0) => range::is_non_negative(&self.range(base, known)),
                Some(_) => self.is_positive(base, known),
                None => self.is_positive(base, known) || self.counts(exponent, known),
            },
            Node::Call { function: Function::Elementary(f), args, slots } => {
                let asked = f.asks(self.arena, &args, slots.len());
                asked.into_iter().all(|(how, expr)| match how {
                    Comparison::Less => self.is_positive(expr, known),
                    Comparison::LessEqual => range::is_non_negative(&self.range(expr, known)),
                    Comparison::NotEqual => self.is_positive(expr, known) || self.is_negative(expr, known),
                    Comparison::Equal | Comparison::Approximately => false,
                })
            }
            _ => true,
        })
    }

    fn is_positive(&mut self, expr: Expr, known: &Known) -> bool {
        constant(self.arena, expr).is_some_and(|value: Interval| value.is_positive())
            || self.attempt(|prover| prover.has_sign(expr, Goal::Positive, known))
    }

    fn is_negative(&mut self, expr: Expr, known: &Known) -> bool {
        let back = self.arena.negate(expr);
        self.is_positive(back, known)
    }

    /// Whether an exponent is a whole number that is not negative.
    pub fn counts(&mut self, exponent: Expr, known: &Known) -> bool {
        let zero = self.arena.zero();
        crate::proof::context::is_integer(self.arena, exponent)
            && known.decides(self.arena, Comparison::LessEqual, zero, exponent) == Some(true)
    }
}

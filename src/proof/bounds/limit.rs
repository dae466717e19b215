//! Limits: by tails of elementary expressions, by continuity, by sequences of powers, and by bounds that tend to 0.
//!
//! A limit over an index is taken where the index lies beyond every other letter and every number that is named.

use std::cmp::Ordering;

use crate::expr::{Big, Elementary, Expr, Function, Node, Substitution, SymbolKind};
use crate::number::rational::is_negative;
use crate::number::{Interval, Rational};
use crate::proof::bounds::bounding::Names;
use crate::proof::bounds::curve::BITS;
use crate::proof::bounds::known::Known;
use crate::proof::bounds::positivity::Goal;
use crate::proof::bounds::tail::{Reach, Tails};
use crate::proof::bounds::{Prover, range};
use crate::proof::equations::Branch;
use crate::proof::outcome::Method;
use crate::rewrite::{Linear, Normalizer, Term};

/// Where something goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Goes {
    To(Expr),
    ToInfinity { negative: bool },
}

/// A limit that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::proof) enum Found {
    /// A number that lies in here, and its exact value where that is a fraction.
    Number(Interval, Option<Rational>),
    /// Plus or minus infinity.
    Infinite {
        /// Which of them.
        negative: bool,
    },
}

/// What becomes of one term of a sequence.
enum Course {
    Vanishes,
    /// It stays as it is.
    Constant(Expr),
    /// Its absolute value grows without bound; its sign, where that is known.
    Grows(Option<Ordering>),
}

/// How far beyond every letter and number the index of a sequence is.
const FAR: i64 = 64;

impl Prover<'_> {
    /// The limit that stands alone on one side, and the other side.
    pub fn limit_side(&self, left: Expr, right: Expr) -> Option<(Expr, Expr)> {
        let is_limit = |expr: Expr| matches!(self.arena.node(expr), Node::Limit { .. });
        match (is_limit(left), is_limit(right)) {
            (true, false) => Some((left, right)),
            (false, true) => Some((right, left)),
            (true, true) | (false, false) => None,
        }
    }

    /// Whether a limit exists and is what is said.
    pub fn has_limit(&mut self, limit: Expr, value: Expr, known: &Known) -> bool {
        let Node::Limit { integer, to, .. } = *self.arena.node(limit) else { return false };
        let (to, value) = (self.goes(to), self.goes(value));
        let sequence = integer && to == (Goes::ToInfinity { negative: false });
        let letter = self.fresh(if sequence { SymbolKind::Integer } else { SymbolKind::Real });
        let Some(body) = self.arena.instantiate(limit, letter) else { return false };
        let branches = self.branches.clone();
        branches.iter().all(|branch| {
            let body = branch.applied(self.arena, self.model, self.structure, body);
            let Some(known) = &self.on_branch(branch, known) else { return true };
            self.attempt(|prover| prover.body_has_limit((body, letter), to, value, sequence, known))
        })
    }

    /// What is known where the equations are satisfied in one way; `None` where they cannot be.
    fn on_branch(&mut self, branch: &Branch, known: &Known) -> Option<Known> {
        let mut all = Known { facts: Vec::new(), ..known.clone() };
        for &(how, left, right) in &known.facts {
            let sides = [left, right].map(|side| {
                let side = branch.applied(self.arena, self.model, self.structure, side);
                self.canonical(side)
            });
            all = all.with_fact(self.arena, how, sides[0], sides[1]);
        }
        (!all.is_absurd(self.arena)).then_some(all)
    }

    fn goes(&mut self, to: Expr) -> Goes {
        let infinity = self.arena.infinity();
        let minus = self.arena.negate(infinity);
        if to == infinity {
            Goes::ToInfinity { negative: false }
        } else if to == minus {
            Goes::ToInfinity { negative: true }
        } else {
            Goes::To(to)
        }
    }

    fn body_has_limit(
        &mut self,
        (body, letter): (Expr, Expr),
        to: Goes,
        value: Goes,
        sequence: bool,
        known: &Known,
    ) -> bool {
        let known = &self.far_out(letter, sequence, known);
        let body = self.states_solved(body, known);
        let body = self.opened_out(body, known);
        if let Node::Call { function: Function::Elementary(Elementary::Abs), args, .. } = self.arena.node(body).clone()
            && sequence
            && self.attempt(|prover| prover.magnitude_by_sequence(args[0], letter, value, known))
        {
            return true;
        }
        if self.attempt(|prover| prover.by_tail(body, letter, to, value, known)) {
            return true;
        }
        match to {
            Goes::To(place) => self.by_continuity(body, letter, place, value, known),
            Goes::ToInfinity { .. } if sequence => {
                self.attempt(|prover| prover.by_sequence(body, letter, value, known))
                    || self.attempt(|prover| prover.by_squeezing(body, letter, value, known))
            }
            Goes::ToInfinity { .. } => false,
        }
    }

    /// What is known of an index beyond every other letter.
    fn far_out(&mut self, letter: Expr, sequence: bool, known: &Known) -> Known {
        let mut known = known.clone();
        if sequence {
            let own = Linear::letter(letter);
            for other in known.domain.letters() {
                let gap = Linear::letter(other).plus(&Linear::integer(FAR), &1.into()).minus(&own);
                let _ = known.domain.require_at_most_zero(&gap);
            }
            let _ = known.domain.require_at_most_zero(&Linear::integer(FAR).minus(&own));
        }
        known
    }

    /// By the largest scale of what the body differs from the limit.
    fn by_tail(&mut self, body: Expr, letter: Expr, to: Goes, value: Goes, known: &Known) -> bool {
        let (gap, wanted) = match value {
            Goes::To(value) => (self.arena.subtract(body, value), None),
            Goes::ToInfinity { negative } => (body, Some(if negative { Ordering::Less } else { Ordering::Greater })),
        };
        self.trace.push(("far out", gap));
        self.methods.insert(Method::Rule);
        self.approaches(to, letter).into_iter().all(|place| {
            let far = self.arena.substitute(gap, &Substitution::from([(letter, place)]));
            let mut tails = Tails { prover: self, known, reach: Reach::Eventually };
            let Some(tail) = tails.expand(far, letter) else { return false };
            match (wanted, tail.lead()) {
                (None, _) => tail.vanishes(),
                (Some(sign), Some((scale, lead))) if scale.grows() => {
                    let lead = lead.clone();
                    tails.sign_of_coefficient(&lead) == Some(sign)
                }
                (Some(_), _) => false,
            }
        })
    }

    /// The limit of an expression that holds nothing but its letter, by its tail.
    pub fn limit_of(&mut self, limit: Expr, known: &Known) -> Option<Found> {
        let Node::Limit { to, .. } = *self.arena.node(limit) else { return None };
        let letter = self.fresh(SymbolKind::Real);
        let body = self.arena.instantiate(limit, letter)?;
        let body = self.opened_out(body, known);
        let to = self.goes(to);
        let mut found: Vec<Found> = Vec::new();
        for place in self.approaches(to, letter) {
            let far = self.arena.substitute(body, &Substitution::from([(letter, place)]));
            let mut tails = Tails { prover: self, known, reach: Reach::Eventually };
            let tail = tails.expand(far, letter)?;
            found.push(match tail.lead() {
                None => Found::Number(Interval::integer(0, BITS), Some(Rational::from(0))),
                Some((scale, _)) if scale.vanishes() => {
                    Found::Number(Interval::integer(0, BITS), Some(Rational::from(0)))
                }
                Some((scale, lead)) if scale.grows() => {
                    let lead = lead.clone();
                    let negative = tails.sign_of_coefficient(&lead)? == Ordering::Less;
                    Found::Infinite { negative }
                }
                Some((_, lead)) => {
                    let (within, exact) = (lead.within.clone(), lead.exact?);
                    Found::Number(within, self.arena.as_number(exact).cloned())
                }
            });
        }
        let first = found.pop()?;
        found.iter().all(|other| *other == first).then_some(first)
    }

    /// What stands for the letter so that its limit is approached as another one grows, from every side.
    fn approaches(&mut self, to: Goes, letter: Expr) -> Vec<Expr> {
        match to {
            Goes::ToInfinity { negative: false } => vec![letter],
            Goes::ToInfinity { negative: true } => vec![self.arena.negate(letter)],
            // From the right and from the left.
            Goes::To(place) => {
                let inverse = self.arena.reciprocal(letter);
                vec![self.arena.sum([place, inverse]), self.arena.subtract(place, inverse)]
            }
        }
    }

    /// A value of functions that are continuous there.
    fn by_continuity(&mut self, body: Expr, letter: Expr, place: Expr, value: Goes, known: &Known) -> bool {
        let Goes::To(value) = value else { return false };
        let continuous = self.arena.reachable(&[body]).into_iter().all(|part| {
            !self.arena.contains(part, letter)
                || part == letter
                || match self.arena.node(part) {
                    Node::Sum(_) | Node::Product(_) => true,
                    Node::Power(_, exponent) => self.arena.as_number(*exponent).is_some(),
                    Node::Call { function: Function::Elementary(f), slots, .. } => {
                        slots.is_empty() && !matches!(f, Elementary::Sign | Elementary::Delta | Elementary::Tan)
                    }
                    _ => false,
                }
        });
        let there = self.arena.substitute(body, &Substitution::from([(letter, place)]));
        let difference = self.arena.subtract(there, value);
        let difference = self.with_known_values(difference);
        self.trace.push(("continuous", there));
        self.methods.insert(Method::Rule);
        continuous && self.is_defined(there, known) && self.vanishes(difference, known)
    }

    /// The body is a sum of powers, of which each vanishes, stays, or grows.
    fn by_sequence(&mut self, body: Expr, letter: Expr, value: Goes, known: &Known) -> bool {
        let body = self.series_closed(body, known);
        let Some(courses) = self.courses(body, letter, known) else { return false };
        let (mut constants, mut growing) = (Vec::new(), Vec::new());
        for course in courses {
            match course {
                Course::Vanishes => {}
                Course::Constant(constant) => constants.push(constant),
                Course::Grows(sign) => growing.push(sign),
            }
        }
        self.trace.push(("sequence of powers", body));
        self.methods.insert(Method::Rule);
        match (value, &growing[..]) {
            (Goes::To(value), []) => {
                let limit = self.arena.sum(constants);
                self.equal(limit, value, known)
            }
            (Goes::ToInfinity { negative }, [sign]) => {
                *sign == Some(if negative { Ordering::Less } else { Ordering::Greater })
            }
            _ => false,
        }
    }

    /// `|body|` tends to 0 where every term does, and to infinity where one term alone grows.
    fn magnitude_by_sequence(&mut self, body: Expr, letter: Expr, value: Goes, known: &Known) -> bool {
        let body = self.series_closed(body, known);
        let Some(courses) = self.courses(body, letter, known) else { return false };
        let n_growing = courses.iter().filter(|course| matches!(course, Course::Grows(_))).count();
        let all_vanish = courses.iter().all(|course| matches!(course, Course::Vanishes));
        self.trace.push(("sequence of powers", body));
        self.methods.insert(Method::Rule);
        match value {
            Goes::To(value) => all_vanish && self.arena.is_zero(value),
            Goes::ToInfinity { negative } => !negative && n_growing == 1,
        }
    }

    /// What becomes of each term of the sum-product form of a body.
    fn courses(&mut self, body: Expr, letter: Expr, known: &Known) -> Option<Vec<Course>> {
        let positive = self.positive.clone();
        let mut normalizer = Normalizer::new(self.arena);
        normalizer.positive = positive;
        let form = normalizer.form(body, &known.domain).ok()?;
        let conditions = std::mem::take(&mut normalizer.conditions);
        self.conditions.extend(conditions);
        form.terms.iter().map(|term| self.course(term, letter, known)).collect()
    }

    fn course(&mut self, term: &Term, letter: Expr, known: &Known) -> Option<Course> {
        if !term.letters.is_empty() {
            return None;
        }
        let mut base = Vec::new();
        let mut constant = vec![self.arena.number(term.coefficient.clone())];
        let (mut power, mut bounded) = (Rational::from(0), false);
        for (&atom, exponent) in &term.factors {
            let rate = exponent.parts.get(&letter).cloned().unwrap_or_default();
            if atom == letter {
                let exponent = exponent.is_constant().then(|| exponent.constant.clone())?;
                power += exponent;
            } else if self.arena.contains(atom, letter) {
                // Only that it is bounded may be used.
                let own = range::magnitude(&self.range(atom, known));
                let may = own.high.value().is_some() && exponent.as_integer().is_some_and(|n| n > 0);
                if !may {
                    return None;
                }
                bounded = true;
            } else if rate.is_zero() {
                let exponent = exponent.expr(self.arena);
                constant.push(self.arena.power(atom, exponent));
            } else {
                let rate = self.arena.number(rate);
                base.push(self.arena.power(atom, rate));
                let rest = exponent.substitute(letter, &Linear::default());
                let rest = rest.expr(self.arena);
                constant.push(self.arena.power(atom, rest));
            }
        }
        let constant = self.arena.product(constant);
        // A term that stands there for some of the other letters only must vanish.
        let always = known.domain.without(&term.domain).is_empty();
        if base.is_empty() {
            if is_negative(&power) {
                return Some(Course::Vanishes);
            }
            if bounded || !always {
                return None;
            }
            let stays = power.is_zero();
            return Some(if stays { Course::Constant(constant) } else { Course::Grows(self.sign_of(constant, known)) });
        }
        let base = self.arena.product(base);
        let one = self.arena.one();
        let size = self.arena.apply(Elementary::Abs, base);
        if self.attempt(|prover| prover.at_most(size, one, Goal::Positive, known)) {
            return Some(Course::Vanishes);
        }
        let grows = always
            && !bounded
            && !is_negative(&power)
            && self.attempt(|prover| prover.at_most(one, size, Goal::Positive, known));
        let positive = grows && self.attempt(|prover| prover.at_most(one, base, Goal::Positive, known));
        grows.then(|| Course::Grows(if positive { self.sign_of(constant, known) } else { None }))
    }

    /// The sign of an expression that does not change with the index.
    fn sign_of(&mut self, expr: Expr, known: &Known) -> Option<Ordering> {
        let (zero, back) = (self.arena.zero(), self.arena.negate(expr));
        if self.attempt(|prover| prover.at_most(zero, expr, Goal::Positive, known)) {
            Some(Ordering::Greater)
        } else if self.attempt(|prover| prover.at_most(zero, back, Goal::Positive, known)) {
            Some(Ordering::Less)
        } else {
            None
        }
    }

    /// `Σ_{k=m}^{n} c q^k = c (q^m - q^(n+1)) / (1 - q)` where q is not 1.
    pub fn series_closed(&mut self, expr: Expr, known: &Known) -> Expr {
        let mut map = Substitution::new();
        for part in self.arena.reachable(&[expr]) {
            if let Node::Big { op: Big::Sum, lower, upper, .. } = *self.arena.node(part)
                && let Some(closed) = self.geometric_sum(part, lower, upper, known)
            {
                map.insert(part, closed);
            }
        }
        self.arena.substitute(expr, &map)
    }

    fn geometric_sum(&mut self, sum: Expr, lower: Expr, upper: Expr, known: &Known) -> Option<Expr> {
        if !self.is_closed(sum) {
            return None;
        }
        let letter = self.fresh(SymbolKind::Integer);
        let term = self.arena.instantiate(sum, letter)?;
        let (low, high) = (Linear::read(self.arena, lower)?, Linear::read(self.arena, upper)?);
        let one = Linear::integer(1);
        let length = high.minus(&low).plus(&one, &1.into());
        if !known.domain.implies_at_most_zero(&Linear::default().minus(&length)) {
            return None;
        }
        let form = Normalizer::new(self.arena).form(term, &crate::rewrite::Domain::all()).ok()?;
        let [only] = &form.terms[..] else { return None };
        let mut ratio = Vec::new();
        for (&atom, exponent) in &only.factors {
            if self.arena.contains(atom, letter) {
                return None;
            }
            if let Some(rate) = exponent.parts.get(&letter) {
                if is_negative(rate) && self.arena.as_number(atom).is_none() {
                    return None;
                }
                let rate = self.arena.number(rate.clone());
                ratio.push(self.arena.power(atom, rate));
            }
        }
        if ratio.is_empty() || !only.letters.is_empty() {
            return None;
        }
        let ratio = self.arena.product(ratio);
        let unit = self.arena.one();
        let apart =
            |prover: &mut Self, low, high| prover.attempt(|prover| prover.at_most(low, high, Goal::Positive, known));
        if !apart(self, ratio, unit) && !apart(self, unit, ratio) {
            return None;
        }
        let after = high.plus(&one, &1.into()).expr(self.arena);
        let at = |prover: &mut Self, place| prover.arena.substitute(term, &Substitution::from([(letter, place)]));
        let (first, last) = (at(self, lower), at(self, after));
        let (above, below) = (self.arena.subtract(first, last), self.arena.subtract(unit, ratio));
        Some(self.arena.divide(above, below))
    }

    /// A norm has the limit 0: a bound by the norms of its parts tends to 0.
    pub fn norm_vanishes(&mut self, limit: Expr, value: Expr, known: &Known) -> bool {
        let Node::Limit { integer: true, to, .. } = *self.arena.node(limit) else { return false };
        if self.goes(to) != (Goes::ToInfinity { negative: false }) || !self.arena.is_zero(value) {
            return false;
        }
        let letter = self.fresh(SymbolKind::Integer);
        let Some(body) = self.arena.instantiate(limit, letter) else { return false };
        let known = self.far_out(letter, true, known);
        let zero = self.arena.zero();
        let Some((bound, ground)) = self.bound_by_norms(body, &known) else { return false };
        self.trace.push(("norms", bound));
        self.methods.insert(Method::Rule);
        let courses = self.courses(bound, letter, &ground);
        courses.is_some_and(|courses| courses.iter().all(|course| matches!(course, Course::Vanishes)))
            && self.by_norms(crate::expr::Comparison::LessEqual, zero, body, &known)
    }

    /// What the body differs from the limit is never beyond a bound that tends to 0.
    fn by_squeezing(&mut self, body: Expr, letter: Expr, value: Goes, known: &Known) -> bool {
        let Goes::To(value) = value else { return false };
        let gap = self.arena.subtract(body, value);
        [Names::Kept, Names::Bounded].into_iter().any(|names| {
            self.attempt(|prover| {
                let Some(bound) = prover.magnitude(gap, names, known) else { return false };
                prover.trace.push(("bound by structure", bound));
                prover.methods.insert(Method::Rule);
                let courses = prover.courses(bound, letter, known);
                courses.is_some_and(|courses| courses.iter().all(|course| matches!(course, Course::Vanishes)))
            })
        })
    }
}

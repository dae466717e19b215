//! Sequences that are sums of powers of the index and of powers with it: what becomes of each term.

use std::cmp::Ordering;

use crate::expr::{Comparison, Elementary, Expr};
use crate::number::Rational;
use crate::number::polynomial::Goal;
use crate::number::range;
use crate::number::rational::is_negative;
use crate::proof::bounds::Prover;
use crate::proof::bounds::known::Known;
use crate::proof::bounds::limit::{Found, Goes, Limit};
use crate::proof::check::Reason;
use crate::proof::outcome::Method;
use crate::proof::reals::constant;
use crate::rewrite::{Linear, Term};

/// What becomes of one term of a sequence.
pub(super) enum Course {
    Vanishes,
    /// It stays as it is.
    Constant(Expr),
    /// A multiple of this, whose absolute value grows without bound where the factor is not 0; the sign of all of it,
    /// where that is known.
    Grows {
        factor: Expr,
        sign: Option<Ordering>,
    },
    /// This and its negative in turn.
    Swings(Expr),
}

impl Prover<'_> {
    /// The body is a sum of powers, of which each vanishes, stays, or grows.
    pub fn by_sequence(&mut self, limit: Limit, value: Expr, known: &Known) -> bool {
        let mark = self.evidence.len();
        let limit = Limit { body: self.series_closed(limit.body, known), ..limit };
        let goes = self.goes(value);
        let found = self.sum_has_limit(limit, goes, known);
        if found {
            let wanted = limit.written(self, value);
            self.conclude(mark, wanted, Reason::Sequence);
        }
        found
    }

    fn sum_has_limit(&mut self, limit: Limit, value: Goes, known: &Known) -> bool {
        let Limit { body, letter, .. } = limit;
        let Some(courses) = self.courses(body, letter, known) else { return false };
        let (mut constants, mut growing) = (Vec::new(), Vec::new());
        for course in courses {
            match course {
                Course::Vanishes => {}
                Course::Constant(own) => constants.push(own),
                Course::Grows { sign, .. } => growing.push(sign),
                Course::Swings(_) => return false,
            }
        }
        self.methods.insert(Method::Rule);
        match (value, &growing[..]) {
            (Goes::To(value), []) => {
                let limit = self.arena.sum(constants);
                let mark = self.evidence.len();
                let found = self.equal(limit, value, known);
                self.evidence.truncate(mark);
                found
            }
            (Goes::ToInfinity { negative }, [sign]) => {
                *sign == Some(if negative { Ordering::Less } else { Ordering::Greater })
            }
            _ => false,
        }
    }

    /// `|body|` tends to 0 where every term does, and to infinity where one term alone grows.
    pub fn magnitude_by_sequence(&mut self, limit: Limit, value: Expr, known: &Known) -> bool {
        let mark = self.evidence.len();
        let limit = Limit { body: self.series_closed(limit.body, known), ..limit };
        let goes = self.goes(value);
        let found = self.magnitude_has_limit(limit, goes, known);
        if found {
            let size = self.arena.apply(Elementary::Abs, limit.body);
            let wanted = Limit { body: size, ..limit }.written(self, value);
            self.conclude(mark, wanted, Reason::Sequence);
        }
        found
    }

    fn magnitude_has_limit(&mut self, limit: Limit, value: Goes, known: &Known) -> bool {
        let Limit { body, letter, .. } = limit;
        let Some(courses) = self.courses(body, letter, known) else { return false };
        let growing = |course: &Course| match course {
            Course::Grows { factor, .. } => Some(*factor),
            Course::Vanishes | Course::Constant(_) | Course::Swings(_) => None,
        };
        let growing: Vec<Expr> = courses.iter().filter_map(growing).collect();
        let all_vanish = courses.iter().all(|course| matches!(course, Course::Vanishes));
        let zero = self.arena.zero();
        self.methods.insert(Method::Rule);
        match value {
            Goes::To(value) => all_vanish && self.arena.is_zero(value),
            Goes::ToInfinity { negative } => match growing[..] {
                [factor] if !negative => self.worked_out(Comparison::NotEqual, factor, zero, known),
                _ => false,
            },
        }
    }

    /// What becomes of each term of the sum-product form of a body.
    pub fn courses(&mut self, body: Expr, letter: Expr, known: &Known) -> Option<Vec<Course>> {
        let mut normalizer = self.normalizer();
        let form = normalizer.form(body, &known.domain).ok()?;
        let conditions = std::mem::take(&mut normalizer.conditions);
        self.conditions.extend(conditions);
        form.terms.iter().map(|term| self.course(term, letter, known)).collect()
    }

    pub fn course(&mut self, term: &Term, letter: Expr, known: &Known) -> Option<Course> {
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
            return Some(if stays { Course::Constant(constant) } else { self.growing(constant, known) });
        }
        let base = self.arena.product(base);
        let one = self.arena.one();
        let zero = self.arena.zero();
        let signed = self.attempt(|prover| prover.compared(zero, base, Goal::NonNegative, known));
        let size = if signed { base } else { self.arena.apply(Elementary::Abs, base) };
        // The power alone makes it vanish where the base does not grow.
        let goal = if is_negative(&power) { Goal::NonNegative } else { Goal::Positive };
        if self.attempt(|prover| prover.at_most(size, one, goal, known)) {
            return Some(Course::Vanishes);
        }
        let base = self.canonical(base);
        if self.arena.as_integer(base) == Some(-1) && power.is_zero() && !bounded && always {
            return Some(Course::Swings(constant));
        }
        let grows = always
            && !bounded
            && !is_negative(&power)
            && self.attempt(|prover| prover.at_most(one, size, Goal::Positive, known));
        let positive = grows && self.attempt(|prover| prover.at_most(one, base, Goal::Positive, known));
        grows.then(|| match positive {
            true => self.growing(constant, known),
            false => Course::Grows { factor: constant, sign: None },
        })
    }

    fn growing(&mut self, factor: Expr, known: &Known) -> Course {
        Course::Grows { factor, sign: self.sign_of(factor, known) }
    }

    /// Where a sequence goes whose terms hold no givens; `None` where that is not seen.
    pub fn end_of_sequence(&mut self, body: Expr, absolute: bool, letter: Expr, known: &Known) -> Option<Found> {
        let body = self.series_closed(body, known);
        let (mut constants, mut growing, mut swinging) = (Vec::new(), Vec::new(), Vec::new());
        for course in self.courses(body, letter, known)? {
            match course {
                Course::Vanishes => {}
                Course::Constant(own) => constants.push(own),
                Course::Grows { factor, sign } => growing.push((factor, sign)),
                Course::Swings(factor) => swinging.push(factor),
            }
        }
        let apart_from_zero =
            |prover: &mut Self, factor| constant(prover.arena, factor).is_some_and(|value| !value.contains_zero());
        match (&growing[..], &swinging[..]) {
            ([], []) => {
                let limit = self.arena.sum(constants);
                let limit = self.canonical(limit);
                let limit = if absolute { self.arena.apply(Elementary::Abs, limit) } else { limit };
                let within = constant(self.arena, limit)?;
                Some(Found::Number(within, self.arena.as_number(limit).cloned()))
            }
            (&[(factor, sign)], _) if apart_from_zero(self, factor) => Some(match sign {
                _ if absolute => Found::Infinite { negative: false },
                Some(sign) => Found::Infinite { negative: sign == Ordering::Less },
                None => Found::Unbounded,
            }),
            ([], &[factor]) if !absolute && apart_from_zero(self, factor) => Some(Found::Nowhere),
            _ => None,
        }
    }

    /// The sign of an expression that does not change with the index.
    pub fn sign_of(&mut self, expr: Expr, known: &Known) -> Option<Ordering> {
        let (zero, back) = (self.arena.zero(), self.arena.negate(expr));
        if self.attempt(|prover| prover.at_most(zero, expr, Goal::Positive, known)) {
            Some(Ordering::Greater)
        } else if self.attempt(|prover| prover.at_most(zero, back, Goal::Positive, known)) {
            Some(Ordering::Less)
        } else {
            None
        }
    }
}

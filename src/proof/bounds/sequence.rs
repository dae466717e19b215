//! Sequences that are sums of powers of the index and of powers with it: what becomes of each term.

use std::cmp::Ordering;

use crate::expr::{Elementary, Expr};
use crate::number::Rational;
use crate::number::rational::is_negative;
use crate::proof::bounds::known::Known;
use crate::proof::bounds::limit::Goes;
use crate::proof::bounds::positivity::Goal;
use crate::proof::bounds::{Prover, range};
use crate::proof::outcome::Method;
use crate::rewrite::{Linear, Normalizer, Term};

/// What becomes of one term of a sequence.
pub(super) enum Course {
    Vanishes,
    /// It stays as it is.
    Constant(Expr),
    /// Its absolute value grows without bound; its sign, where that is known.
    Grows(Option<Ordering>),
}

impl Prover<'_> {
    /// The body is a sum of powers, of which each vanishes, stays, or grows.
    pub fn by_sequence(&mut self, body: Expr, letter: Expr, value: Goes, known: &Known) -> bool {
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
    pub fn magnitude_by_sequence(&mut self, body: Expr, letter: Expr, value: Goes, known: &Known) -> bool {
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
    pub fn courses(&mut self, body: Expr, letter: Expr, known: &Known) -> Option<Vec<Course>> {
        let positive = self.positive.clone();
        let mut normalizer = Normalizer::new(self.arena);
        normalizer.positive = positive;
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

//! Exponentials as powers of unknowns: those of multiples of one argument are powers of one of them.

use std::collections::BTreeSet;

use crate::expr::{Elementary, Expr, Node};
use crate::number::Rational;
use crate::number::polynomial::Multi;
use crate::number::rational::to_i64;
use crate::proof::bounds::Prover;
use crate::proof::bounds::ratio::Ratio;
use crate::proof::bounds::reading::{Read, Reader, Stop};
use crate::rewrite::Linear;

/// Exponents that differ by more are read apart.
const MOST_APART: i64 = 4;

/// Exponentials of multiples of one argument.
#[derive(Debug, Clone)]
pub(super) struct Class {
    pub base: Expr,
    pub multiples: Vec<Rational>,
    /// The greatest common divisor of the multiples, and the unknown e^(step base).
    pub unknown: Option<(Rational, usize)>,
}

impl Reader<'_, '_> {
    /// Collects the arguments of exponentials, those in what other functions are written out in included.
    pub fn scan(&mut self, expr: Expr) {
        let (mut open, mut seen) = (vec![expr], BTreeSet::new());
        while let Some(expr) = open.pop() {
            for part in self.prover.arena.reachable(&[expr]) {
                if !seen.insert(part) || !self.prover.arena.shape(part).is_scalar() {
                    continue;
                }
                if let Node::Power(base, exponent) = *self.prover.arena.node(part) {
                    self.note_power(base, exponent);
                }
                let Some((f, args)) = self.prover.arena.elementary(part) else { continue };
                match (f, args.to_vec()) {
                    (Elementary::Exp, args) => self.note_exponent(args[0]),
                    (f, args) => open.extend(f.written_out(self.prover.arena, &args)),
                }
            }
        }
    }

    fn note_power(&mut self, base: Expr, exponent: Expr) {
        let Some(exponent) = Linear::read(self.prover.arena, exponent).filter(|own| !own.is_constant()) else { return };
        let apart = |own: &Linear| exponent.minus(own).as_integer();
        match self.powers.iter_mut().find(|(own, least)| *own == base && apart(least).is_some()) {
            Some((_, least)) if apart(least) < Some(0) => *least = exponent,
            Some(_) => {}
            None => self.powers.push((base, exponent)),
        }
    }

    /// The exponent of the unknown by which a power is read, `x^n = x^(n - k) x^k` for `n - k >= 0`, and k.
    pub fn least_exponent(&self, base: Expr, exponent: Linear) -> (Linear, u32) {
        let least = self.powers.iter().find_map(|(own, least)| {
            let more = exponent.minus(least).as_integer().filter(|&more| *own == base && more <= MOST_APART)?;
            let counts = self.known.domain.implies_at_most_zero(&Linear::default().minus(least));
            Some((least.clone(), u32::try_from(more).ok().filter(|_| counts)?))
        });
        least.unwrap_or((exponent, 0))
    }

    fn note_exponent(&mut self, exponent: Expr) {
        let Some((base, multiple)) = self.prover.split_argument(exponent).filter(|(_, multiple)| !multiple.is_zero())
        else {
            return;
        };
        match self.classes.iter_mut().find(|class| class.base == base) {
            Some(class) => class.multiples.push(multiple),
            None => self.classes.push(Class { base, multiples: vec![multiple], unknown: None }),
        }
    }

    /// `v^n`, where `v` is the unknown of the class of `e^(multiple base)`.
    pub fn exponential(&mut self, arg: Expr) -> Read<Ratio> {
        let (base, multiple) = self.prover.split_argument(arg).ok_or(Stop::Refused)?;
        if multiple.is_zero() {
            return Ok(Ratio::constant(1.into()));
        }
        let class_idx = self.classes.iter().position(|class| class.base == base).ok_or(Stop::Refused)?;
        let (step, unknown) = match self.classes[class_idx].unknown.clone() {
            Some(known) => known,
            None => {
                let step = self.classes[class_idx]
                    .multiples
                    .iter()
                    .fold(Rational::from(0), |gcd, other| common_divisor(&gcd, other));
                let factor = self.prover.arena.number(step.clone());
                let exponent = self.prover.arena.product([factor, base]);
                let atom = self.prover.arena.apply(Elementary::Exp, exponent);
                let unknown = self.atom(atom);
                self.classes[class_idx].unknown = Some((step.clone(), unknown));
                (step, unknown)
            }
        };
        let times = to_i64(&(multiple / step)).ok_or(Stop::Refused)?;
        let exponent = u32::try_from(times.unsigned_abs()).ok().filter(|&n| n <= 40).ok_or(Stop::Refused)?;
        let power = Ratio::whole(Multi::unknown(unknown).power(exponent));
        if times > 0 { Ok(power) } else { self.inverted(&power) }
    }
}

impl Prover<'_> {
    /// An argument as a number times an expression with leading coefficient 1; of a number as that number times 1.
    pub fn split_argument(&mut self, arg: Expr) -> Option<(Expr, Rational)> {
        let mut normalizer = self.normalizer();
        let mut form = normalizer.form(arg, &crate::rewrite::Domain::all()).ok()?;
        let lead =
            form.terms.iter().min_by(|a, b| a.factors.cmp(&b.factors).then(a.letters.len().cmp(&b.letters.len())));
        let Some(lead) = lead.map(|term| term.coefficient.clone()) else {
            return Some((normalizer.arena.one(), Rational::from(0)));
        };
        form.terms.iter_mut().for_each(|term| term.coefficient /= lead.clone());
        Some((normalizer.expression(&form)?, lead))
    }
}

fn common_divisor(a: &Rational, b: &Rational) -> Rational {
    let (mut a, mut b) = (crate::number::rational::abs(a), crate::number::rational::abs(b));
    while !b.is_zero() {
        let quotient = Rational::from((a.clone() / b.clone()).floor());
        (a, b) = (b.clone(), a - quotient * b);
    }
    a
}

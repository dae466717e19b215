//! Powers: of monomials factor by factor, of sums as powers of a primitive base, of numbers exactly.

use dashu_base::UnsignedAbs;

use crate::expr::Expr;
use crate::number::{Integer, Rational};
use crate::rewrite::domain::Domain;
use crate::rewrite::form::Normalizer;
use crate::rewrite::linear::Linear;
use crate::rewrite::term::{Form, Refusal, Term};

impl Normalizer<'_> {
    pub(super) fn power_of(&mut self, base: Expr, exponent: Expr, context: &Domain) -> Result<Form, Refusal> {
        let form = self.form(base, context)?;
        let Some(exponent) = Linear::read(self.arena, exponent) else {
            let (base, exponent) = (self.canonical(base)?, self.canonical(exponent)?);
            let power = self.arena.power(base, exponent);
            return Ok(self.atom(power, context));
        };
        if let Some(n) = exponent.as_integer()
            && (0..=24).contains(&n)
        {
            let mut result = self.constant(Rational::from(1), context);
            for _ in 0..n {
                result = self.multiply(&result, &form)?;
                result = self.combine(result)?;
            }
            return Ok(result);
        }
        match &form.terms[..] {
            [] => Ok(self.power_of_zero(&exponent, context)),
            [term] if term.letters.is_empty() && term.domain == *context => {
                let term = term.clone();
                self.monomial_power(&term, &exponent, context)
            }
            [term] => match self.positive_apart(term) {
                Some((outside, inside)) => {
                    let outside = self.monomial_power(&outside, &exponent, context)?;
                    let inside = self.power_of_sum(&Form { terms: vec![inside] }, &exponent, context)?;
                    self.multiply(&outside, &inside)
                }
                None => self.power_of_sum(&form, &exponent, context),
            },
            _ => self.power_of_sum(&form, &exponent, context),
        }
    }

    /// A power of what is no monomial.
    fn power_of_sum(&mut self, form: &Form, exponent: &Linear, context: &Domain) -> Result<Form, Refusal> {
        let Some((lead, base)) = self.primitive(form, exponent, context) else { return Err(Refusal::NotLinear) };
        let mut term = Term::constant(Rational::from(1), context);
        term.times(base, exponent);
        self.multiply(&lead, &Form { terms: vec![term] })
    }

    /// `0^n` is 1 for n = 0 and 0 for n > 0; of n that may be negative it is left as it is.
    fn power_of_zero(&mut self, exponent: &Linear, context: &Domain) -> Form {
        if exponent.as_integer().is_some_and(|n| n > 0) {
            return Form::default();
        }
        let mut empty = context.clone();
        let is_natural = context.implies_at_most_zero(&Linear::default().minus(exponent));
        if is_natural && empty.require_at_most_zero(exponent).is_some() {
            let terms = if empty.is_empty() { Vec::new() } else { vec![Term::constant(Rational::from(1), &empty)] };
            return Form { terms };
        }
        let zero = self.arena.zero();
        let exponent = exponent.expr(self.arena);
        let power = self.arena.power(zero, exponent);
        self.atom(power, context)
    }

    /// A form of several terms as a number to the exponent times a primitive base: with its leading coefficient 1,
    /// or positive where the exponent is not a whole number.
    pub(super) fn primitive(&mut self, form: &Form, exponent: &Linear, known: &Domain) -> Option<(Form, Expr)> {
        let base = self.expression_within(form, known)?;
        let lead = self.leading(form);
        let whole = exponent.as_integer();
        let scale = match whole {
            Some(_) => lead,
            None => return Some((self.constant(Rational::from(1), &Domain::all()), base)),
        };
        let mut scaled = form.clone();
        for term in &mut scaled.terms {
            term.coefficient /= scale.clone();
        }
        let base = self.expression_within(&scaled, known)?;
        let power = crate::number::rational::pow(&scale, whole?)?;
        Some((self.constant(power, &Domain::all()), base))
    }

    pub(super) fn leading(&self, form: &Form) -> Rational {
        let first =
            form.terms.iter().min_by(|a, b| a.factors.cmp(&b.factors).then(a.letters.len().cmp(&b.letters.len())));
        first.map_or_else(|| Rational::from(1), |term| term.coefficient.clone())
    }

    pub(super) fn monomial_power(&mut self, term: &Term, exponent: &Linear, context: &Domain) -> Result<Form, Refusal> {
        let exponent_expr = exponent.expr(self.arena);
        let whole = self.is_integer(exponent_expr);
        let mut result = Term::constant(Rational::from(1), context);
        let mut kept = Term::constant(Rational::from(1), context);
        for (&atom, power) in &term.factors {
            let positive = self.is_positive(atom);
            let even_root = !whole && !positive;
            match (power.as_integer(), exponent.is_constant()) {
                _ if even_root => kept.times(atom, power),
                (Some(n), _) => result.times(atom, &Linear::default().plus(exponent, &Rational::from(n))),
                (None, true) => result.times(atom, &Linear::default().plus(power, &exponent.constant)),
                (None, false) => kept.times(atom, power),
            }
        }
        let mut number = term.coefficient.clone();
        if !whole && number < Rational::from(0) {
            kept.coefficient = Rational::from(-1);
            number = -number;
        }
        self.number_power(&mut result, &number, exponent);
        if !kept.factors.is_empty() || !kept.coefficient.is_one() {
            let base = self.expression_within(&Form { terms: vec![kept] }, context).ok_or(Refusal::NotLinear)?;
            result.times(base, exponent);
        }
        Ok(Form { terms: vec![result] })
    }

    /// `number^exponent` by its prime factors, so that equal powers meet.
    pub(super) fn number_power(&mut self, term: &mut Term, number: &Rational, exponent: &Linear) {
        if let Some(n) = exponent.as_integer()
            && let Some(power) = crate::number::rational::pow(number, n)
        {
            term.coefficient *= power;
            return;
        }
        let (numerator, denominator) = (number.numerator().clone(), number.denominator().clone());
        if numerator < 0.into() {
            let minus = self.arena.integer(-1);
            term.times(minus, exponent);
        }
        let minus_one = Rational::from(-1);
        let sides = [(numerator, Rational::from(1)), (denominator.into(), minus_one)];
        for (side, sign) in sides {
            for (prime, n) in prime_factors(&side) {
                let base = self.arena.number(prime);
                let power = Linear::default().plus(exponent, &(Rational::from(n) * sign.clone()));
                term.times(base, &power);
            }
        }
        self.fold_numbers(term);
    }

    /// Whole powers of numbers move into the coefficient.
    pub(super) fn fold_numbers(&mut self, term: &mut Term) {
        let numbers: Vec<(Expr, Linear)> = term
            .factors
            .iter()
            .filter(|(atom, _)| self.arena.as_number(**atom).is_some())
            .map(|(&atom, exponent)| (atom, exponent.clone()))
            .collect();
        for (atom, exponent) in numbers {
            let floor = exponent.constant.clone().floor();
            let Ok(whole) = i64::try_from(floor) else { continue };
            let value = self.arena.as_number(atom).cloned().unwrap_or_else(|| Rational::from(1));
            if whole != 0
                && let Some(power) = crate::number::rational::pow(&value, whole)
            {
                term.coefficient *= power;
                term.times(atom, &Linear::integer(-whole));
            }
        }
        // (-1)^{2k} = 1: exponents of -1 are counted by halves of their coefficients.
        let minus = self.arena.integer(-1);
        if let Some(exponent) = term.factors.get(&minus).cloned() {
            let two = Rational::from(2);
            let mut odd = Linear::constant(exponent.constant.clone());
            for (&part, scale) in &exponent.parts {
                if !scale.is_int() || (scale.clone() / two.clone()).is_int() && scale.is_int() {
                    continue;
                }
                odd.parts.insert(part, Rational::from(1));
            }
            let all_whole = exponent.parts.values().all(|scale| scale.is_int());
            if all_whole && odd != exponent {
                term.factors.remove(&minus);
                term.times(minus, &odd);
            }
        }
    }
}

/// The prime factors of a natural number below 1000, with their exponents; what is left over counts as one.
pub(super) fn prime_factors(value: &Integer) -> Vec<(Rational, i64)> {
    let mut rest = value.unsigned_abs();
    let mut found = Vec::new();
    for p in (2u16..1000).filter(|&p| p == 2 || p % 2 == 1) {
        if rest.is_one() {
            break;
        }
        if let Some(n) = rest.remove(&p.into()).and_then(|n| i64::try_from(n).ok()).filter(|&n| n > 0) {
            found.push((Rational::from(p), n));
        }
    }
    if !rest.is_one() {
        found.push((Rational::from(Integer::from(rest)), 1));
    }
    found
}

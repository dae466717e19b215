//! Elementary functions in form: their laws for sums, products, signs and values at 0.

use crate::expr::{Elementary, Expr, Function, Node, Substitution, SymbolKind};
use crate::number::Rational;
use crate::rewrite::domain::Domain;
use crate::rewrite::form::Normalizer;
use crate::rewrite::linear::Linear;
use crate::rewrite::power::prime_factors;
use crate::rewrite::term::{Form, Refusal, Term};

impl Normalizer<'_> {
    pub(super) fn elementary(
        &mut self,
        function: Elementary,
        n_slots: usize,
        args: &[Expr],
        context: &Domain,
    ) -> Result<Form, Refusal> {
        if n_slots > 0 {
            let derivative = self.elementary_derivative(function, n_slots, args[0]);
            return self.form(derivative, context);
        }
        match function {
            Elementary::Delta => self.delta(args[0], args[1], context),
            Elementary::Exp => {
                let form = self.form(args[0], &Domain::all())?;
                self.exponential(&form, context)
            }
            Elementary::Log => {
                let form = self.form(args[0], &Domain::all())?;
                self.logarithm(&form, context)
            }
            Elementary::Abs => {
                let form = self.form(args[0], context)?;
                self.absolute(&form, context)
            }
            _ => {
                if let Some(inside) = args.first().and_then(|&arg| self.arena.undone(function, arg)) {
                    return self.form(inside, context);
                }
                if let Some(definition) = function.row().definition {
                    let value = definition(self.arena, args[0]);
                    return self.form(value, context);
                }
                if let Some(reflection) = function.row().reflection {
                    return self.with_reflection(function, reflection, args[0], context);
                }
                let mut canonical = Vec::new();
                for &arg in args {
                    canonical.push(self.canonical(arg)?);
                }
                if matches!(function, Elementary::Max | Elementary::Min) {
                    canonical.sort_unstable();
                    canonical.dedup();
                    if let [only] = canonical[..] {
                        return self.form(only, context);
                    }
                }
                let atom = self.arena.call(Function::Elementary(function), Vec::new(), canonical);
                Ok(self.atom(atom, context))
            }
        }
    }

    pub(super) fn elementary_derivative(&mut self, function: Elementary, order: usize, arg: Expr) -> Expr {
        let letter = self.arena.intern("\u{a7}x", SymbolKind::Real);
        let variable = self.arena.symbol(letter);
        let mut value = (function.row().derivative)(self.arena, variable);
        for _ in 1..order {
            value = crate::rewrite::slope::slope(self.arena, value, variable);
        }
        self.arena.substitute(value, &Substitution::from([(variable, arg)]))
    }

    /// A function with `f(-x) = c + s f(x) + l x` takes an argument whose leading coefficient is positive; its value at 0 is
    /// known.
    fn with_reflection(
        &mut self,
        function: Elementary,
        (constant, sign, linear): (i64, i64, i64),
        arg: Expr,
        context: &Domain,
    ) -> Result<Form, Refusal> {
        let mut form = self.form(arg, &Domain::all())?;
        if let (true, Some(value)) = (form.terms.is_empty(), function.at_zero()) {
            return Ok(self.constant(value, context));
        }
        let is_turned = self.leading(&form) < Rational::from(0);
        if is_turned {
            form.terms.iter_mut().for_each(|term| term.coefficient = -term.coefficient.clone());
        }
        let arg = self.expression(&form).ok_or(Refusal::NotLinear)?;
        let call = self.arena.apply(function, arg);
        let mut value = self.atom(call, context);
        if is_turned {
            value.terms.iter_mut().for_each(|term| term.coefficient *= Rational::from(sign));
            if constant != 0 {
                value.terms.push(Term::constant(Rational::from(constant), context));
            }
            if linear != 0 {
                let turned = self.form(arg, context)?;
                let scaled = turned.terms.into_iter().map(|mut term| {
                    term.coefficient *= Rational::from(linear);
                    term
                });
                value.terms.extend(scaled);
            }
        }
        Ok(value)
    }

    /// `exp(a + b) = exp(a) exp(b)`, `exp(c m) = exp(m)^c`, `exp(log x) = x` where x is positive or the log is defined.
    pub(super) fn exponential(&mut self, form: &Form, context: &Domain) -> Result<Form, Refusal> {
        let mut result = Term::constant(Rational::from(1), context);
        for term in &form.terms {
            let mut bare = term.clone();
            bare.coefficient = Rational::from(1);
            let inner = self.expression(&Form { terms: vec![bare] }).ok_or(Refusal::NotLinear)?;
            let exponent = Linear::constant(term.coefficient.clone());
            match self.arena.node(inner).clone() {
                Node::Call { function: Function::Elementary(Elementary::Log), args, slots }
                    if slots.is_empty() && term.coefficient.is_int() =>
                {
                    result.times(args[0], &exponent);
                }
                _ => {
                    let atom = self.arena.apply(Elementary::Exp, inner);
                    result.times(atom, &exponent);
                }
            }
        }
        Ok(Form { terms: vec![result] })
    }

    /// `log(a b) = log a + log b` for positive factors.
    pub(super) fn logarithm(&mut self, form: &Form, context: &Domain) -> Result<Form, Refusal> {
        if let [term] = &form.terms[..] {
            if self.comes_apart(term) {
                return self.log_of_monomial(term, context);
            }
            if let Some((outside, inside)) = self.positive_apart(term) {
                let outside = self.logarithm(&Form { terms: vec![outside] }, context)?;
                let inside = self.logarithm(&Form { terms: vec![inside] }, context)?;
                return Ok(Form { terms: [outside.terms, inside.terms].concat() });
            }
        }
        self.log_of_whole(form, context)
    }

    fn log_of_whole(&mut self, form: &Form, context: &Domain) -> Result<Form, Refusal> {
        let arg = self.expression(form).ok_or(Refusal::NotLinear)?;
        let log = self.arena.apply(Elementary::Log, arg);
        Ok(self.atom(log, context))
    }

    /// Whether a monomial has positive factors and one other at most.
    fn comes_apart(&self, term: &Term) -> bool {
        let n_unknown = term.factors.keys().filter(|&&atom| !self.is_positive(atom)).count();
        term.letters.is_empty() && term.coefficient > Rational::from(0) && n_unknown <= 1
    }

    /// The logarithms of the primes of the coefficient and of each factor, and of what is not known to be positive.
    fn log_of_monomial(&mut self, term: &Term, context: &Domain) -> Result<Form, Refusal> {
        let mut logs = self.logs_of_primes(&term.coefficient);
        let mut rest = Term::constant(Rational::from(1), &Domain::all());
        for (&atom, exponent) in &term.factors {
            if !self.is_positive(atom) {
                rest.times(atom, exponent);
                continue;
            }
            let inside = self.arena.argument(Elementary::Exp, atom);
            let log = inside.unwrap_or_else(|| self.arena.apply(Elementary::Log, atom));
            let exponent = exponent.expr(self.arena);
            logs.push(self.arena.product([exponent, log]));
        }
        let mut terms = Vec::new();
        for log in logs {
            terms.extend(self.multiple_of_log(log, context)?.terms);
        }
        let only = rest.factors.first_key_value().filter(|_| rest.factors.len() == 1);
        if let Some((&only, n)) = only
            && let Some(n) = n.as_integer()
            && n % 2 != 0
        {
            // log(x^n) = n log x for odd n: both are there where x is positive.
            let log = self.arena.apply(Elementary::Log, only);
            let mut log = self.atom(log, context);
            log.terms.iter_mut().for_each(|term| term.coefficient = Rational::from(n));
            terms.extend(log.terms);
        } else if !rest.factors.is_empty() {
            terms.extend(self.log_of_whole(&Form { terms: vec![rest] }, context)?.terms);
        }
        Ok(Form { terms })
    }

    /// `log(12/5) = 2 log 2 + log 3 - log 5`.
    fn logs_of_primes(&mut self, value: &Rational) -> Vec<Expr> {
        let sides = [(value.numerator().clone(), 1), (value.denominator().clone().into(), -1)];
        let primes = sides
            .into_iter()
            .flat_map(|(side, sign)| prime_factors(&side).into_iter().map(move |(prime, n)| (prime, n * sign)));
        primes
            .map(|(prime, n)| {
                let prime = self.arena.number(prime);
                let (scale, log) = (self.arena.integer(n), self.arena.apply(Elementary::Log, prime));
                self.arena.product([scale, log])
            })
            .collect()
    }

    /// The form of a logarithm that is an atom, of a multiple of one, or of what took its place.
    fn multiple_of_log(&mut self, expr: Expr, context: &Domain) -> Result<Form, Refusal> {
        let Node::Product(parts) = self.arena.node(expr).clone() else { return self.log_or_other(expr, context) };
        let one = self.constant(Rational::from(1), context);
        parts.iter().try_fold(one, |form, &part| {
            let factor = self.log_or_other(part, context)?;
            self.multiply(&form, &factor)
        })
    }

    fn log_or_other(&mut self, expr: Expr, context: &Domain) -> Result<Form, Refusal> {
        let is_log = self.arena.argument(Elementary::Log, expr).is_some();
        if is_log { Ok(self.atom(expr, context)) } else { self.form(expr, context) }
    }

    /// A sum as positive factors that do not hold its letters, and the sum of the rest.
    pub(super) fn positive_apart(&self, term: &Term) -> Option<(Term, Term)> {
        let (mut outside, mut inside) = (Term::constant(Rational::from(1), &Domain::all()), term.clone());
        for (&atom, exponent) in &term.factors {
            let holds_letter = term
                .letters
                .iter()
                .any(|letter| exponent.parts.contains_key(letter) || self.arena.contains(atom, *letter));
            if !term.letters.is_empty() && !holds_letter && self.is_positive(atom) {
                outside.times(atom, exponent);
                inside.factors.remove(&atom);
            }
        }
        (!outside.factors.is_empty()).then_some((outside, inside))
    }
}

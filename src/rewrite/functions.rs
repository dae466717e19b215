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
        if let [term] = &form.terms[..]
            && term.letters.is_empty()
            && term.coefficient > Rational::from(0)
        {
            let mut sum = Vec::new();
            let mut rest = Term::constant(Rational::from(1), &Domain::all());
            let unknown = term.factors.keys().filter(|&&atom| !self.is_positive(atom)).count();
            if unknown <= 1 {
                let numerator = Rational::from(term.coefficient.numerator().clone());
                let denominator = Rational::from(term.coefficient.denominator().clone());
                for (value, sign) in [(numerator, 1), (Rational::from(denominator), -1)] {
                    for (prime, n) in prime_factors(value) {
                        let prime = self.arena.number(prime);
                        let log = self.arena.apply(Elementary::Log, prime);
                        let scale = self.arena.integer(n * sign);
                        sum.push(self.arena.product([scale, log]));
                    }
                }
                for (&atom, exponent) in &term.factors {
                    if !self.is_positive(atom) {
                        rest.times(atom, exponent);
                        continue;
                    }
                    let log = match self.arena.node(atom).clone() {
                        Node::Call { function: Function::Elementary(Elementary::Exp), args, .. } => args[0],
                        _ => self.arena.apply(Elementary::Log, atom),
                    };
                    let exponent = exponent.expr(self.arena);
                    sum.push(self.arena.product([exponent, log]));
                }
                let mut terms = Vec::new();
                for part in sum {
                    terms.extend(match self.arena.node(part) {
                        Node::Call { function: Function::Elementary(Elementary::Log), .. } => {
                            self.atom(part, context).terms
                        }
                        Node::Product(parts) => {
                            let mut form = self.constant(Rational::from(1), context);
                            for &part in parts.clone().iter() {
                                let factor = match self.arena.node(part) {
                                    Node::Call { function: Function::Elementary(Elementary::Log), .. } => {
                                        self.atom(part, context)
                                    }
                                    _ => self.form(part, context)?,
                                };
                                form = self.multiply(&form, &factor)?;
                            }
                            form.terms
                        }
                        _ => self.form(part, context)?.terms,
                    });
                }
                if let Some((&only, n)) = rest.factors.first_key_value()
                    && rest.factors.len() == 1
                    && let Some(n) = n.as_integer()
                    && n % 2 != 0
                {
                    // log(x^n) = n log x for odd n: both are there where x is positive.
                    let log = self.arena.apply(Elementary::Log, only);
                    let mut log = self.atom(log, context);
                    log.terms.iter_mut().for_each(|term| term.coefficient = Rational::from(n));
                    terms.extend(log.terms);
                } else if !rest.factors.is_empty() {
                    let rest = self.expression(&Form { terms: vec![rest] }).ok_or(Refusal::NotLinear)?;
                    let log = self.arena.apply(Elementary::Log, rest);
                    terms.extend(self.atom(log, context).terms);
                }
                return Ok(Form { terms });
            }
        }
        if let [term] = &form.terms[..]
            && let Some((outside, inside)) = self.positive_apart(term)
        {
            let outside = self.logarithm(&Form { terms: vec![outside] }, context)?;
            let inside = self.logarithm(&Form { terms: vec![inside] }, context)?;
            return Ok(Form { terms: [outside.terms, inside.terms].concat() });
        }
        let arg = self.expression(form).ok_or(Refusal::NotLinear)?;
        let log = self.arena.apply(Elementary::Log, arg);
        Ok(self.atom(log, context))
    }

    /// A sum as positive factors that do not hold its letters, and the sum of the rest.
    fn positive_apart(&self, term: &Term) -> Option<(Term, Term)> {
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

//! Big sums and big products in form: sums become letters with a domain, products of monomials products of powers.

use crate::expr::{Big, Elementary, Expr, Node, Substitution, SymbolId};
use crate::number::Rational;
use crate::rewrite::domain::Domain;
use crate::rewrite::form::Normalizer;
use crate::rewrite::linear::Linear;
use crate::rewrite::term::{Form, Refusal, Term};

impl Normalizer<'_> {
    pub(super) fn big_sum(&mut self, expr: Expr, lower: Expr, upper: Expr, context: &Domain) -> Result<Form, Refusal> {
        let Some((low, high)) = self.opened_range(lower, upper) else {
            return match self.moved(expr, lower, upper) {
                Some(moved) => self.form(moved, context),
                None => Ok(self.atom(expr, context)),
            };
        };
        if let (Some(a), Some(b)) = (low.as_integer(), high.as_integer())
            && b - a < 64
        {
            let mut terms = Vec::new();
            for k in a..=b {
                let value = self.arena.integer(k);
                let body = self.arena.instantiate(expr, value).ok_or(Refusal::NotLinear)?;
                terms.extend(self.form(body, context)?.terms);
            }
            return Ok(Form { terms });
        }
        let depth = 200 + self.depth;
        let (letter, body) = self.arena.open(expr, depth).ok_or(Refusal::NotLinear)?;
        let letter = self.arena.symbol(letter);
        let body = self.facing_forward(body, letter, (&low, &high));
        let mut inner = context.clone();
        let index = Linear::letter(letter);
        let fits = inner
            .require_at_most_zero(&low.minus(&index))
            .and_then(|()| inner.require_at_most_zero(&index.minus(&high)));
        fits.ok_or(Refusal::NotLinear)?;
        if inner.is_empty() {
            return Ok(Form::default());
        }
        let mut form = self.form(body, &inner)?;
        for term in &mut form.terms {
            term.letters.push(letter);
        }
        Ok(form)
    }

    /// The bounds of a sum whose index makes a difference with each of them: numbers, letters, letters plus numbers.
    /// A sum over another range stays an atom.
    pub(super) fn opened_range(&self, lower: Expr, upper: Expr) -> Option<(Linear, Linear)> {
        let (low, high) = (Linear::read(self.arena, lower)?, Linear::read(self.arena, upper)?);
        let one_letter = |bound: &Linear| matches!(bound.as_difference(), Some((_, None, _)));
        (one_letter(&low) && one_letter(&high)).then_some((low, high))
    }

    /// `Σ_{k=1}^{n-m} x_{k+m} = Σ_{k=m+1}^{n} x_k`, `Σ_{k=0}^{n-m} x_{n-k} = Σ_{k=m}^{n} x_k`: a sum over an index of what is
    /// summed, where that runs between bounds that a difference can be made of.
    fn moved(&mut self, expr: Expr, lower: Expr, upper: Expr) -> Option<Expr> {
        let (low, high) = (Linear::read(self.arena, lower)?, Linear::read(self.arena, upper)?);
        let (letter, body) = self.arena.open(expr, 200 + self.depth)?;
        let index = self.arena.symbol(letter);
        let parts = self.arena.reachable(&[body]);
        let forms: Vec<Linear> = parts.into_iter().flat_map(|part| self.index_forms(part)).collect();
        let one_letter = |bound: &Linear| matches!(bound.as_difference(), Some((_, None, _)));
        let by_length = Self::shift_of(&low, &high).map(|shift| Linear::letter(index).plus(&shift, &Rational::from(1)));
        forms.into_iter().chain(by_length).find_map(|form| {
            let forward = form.parts.get(&index)? == &Rational::from(1);
            let turned = form.parts.get(&index)? == &Rational::from(-1);
            let ends = [form.substitute(index, &low), form.substitute(index, &high)];
            if !(forward || turned) || !ends.iter().all(one_letter) {
                return None;
            }
            let rest = form.substitute(index, &Linear::default());
            let own = Linear::letter(index);
            let value = if forward { own.minus(&rest) } else { rest.minus(&own) }.expr(self.arena);
            let body = self.arena.substitute(body, &Substitution::from([(index, value)]));
            let body = self.tidy(body);
            let [first, last] = if forward {
                ends
            } else {
                let [a, b] = ends;
                [b, a]
            };
            let (first, last) = (first.expr(self.arena), last.expr(self.arena));
            Some(self.arena.big(Big::Sum, letter, first, last, body))
        })
    }

    /// The letter by which a range from a number to the difference of two letters moves to a range between two ends:
    /// `0 ≤ k ≤ n - m` becomes `m ≤ k + m ≤ n`.
    fn shift_of(low: &Linear, high: &Linear) -> Option<Linear> {
        match (low.is_constant(), high.as_difference()?) {
            (true, (Some(_), Some(less), _)) => Some(Linear::letter(less)),
            _ => None,
        }
    }

    /// `Σ_{k=a}^{b} f(k) = Σ_{k=a}^{b} f(a+b-k)`, where that turns `a+b-k` in indices into `k`: if no difference can be made
    /// of it, or if the index is counted upward nowhere.
    pub(super) fn facing_forward(&mut self, body: Expr, letter: Expr, (low, high): (&Linear, &Linear)) -> Expr {
        let turned = low.plus(high, &Rational::from(1)).minus(&Linear::letter(letter));
        let holding = self.arena.holding(&[body], letter);
        let forms: Vec<Linear> = holding.into_iter().flat_map(|part| self.index_forms(part)).collect();
        let is_upward = |form: &Linear| {
            form.parts.contains_key(&letter)
                && matches!(form.as_difference(), Some((plus, None, _)) if plus == Some(letter))
        };
        let has_upward = forms.iter().any(is_upward);
        let backward = forms.iter().any(|form| {
            let other = form.substitute(letter, &turned);
            let gains = match form.as_difference() {
                None => other.as_difference().is_some(),
                Some(_) => !has_upward && is_upward(&other),
            };
            form.parts.get(&letter) == Some(&Rational::from(-1)) && gains
        });
        if !backward {
            return body;
        }
        let turned = turned.expr(self.arena);
        let body = self.arena.substitute(body, &Substitution::from([(letter, turned)]));
        self.tidy(body)
    }

    pub(super) fn big_product(
        &mut self,
        expr: Expr,
        lower: Expr,
        upper: Expr,
        context: &Domain,
    ) -> Result<Form, Refusal> {
        let (Some(low), Some(high)) = (Linear::read(self.arena, lower), Linear::read(self.arena, upper)) else {
            return Ok(self.atom(expr, context));
        };
        let length = high.minus(&low).plus(&Linear::integer(1), &Rational::from(1));
        if let Some(n) = length.as_integer()
            && n < 64
        {
            let mut result = self.constant(Rational::from(1), context);
            for k in 0..n.max(0) {
                let at = low.plus(&Linear::integer(k), &Rational::from(1)).expr(self.arena);
                let body = self.arena.instantiate(expr, at).ok_or(Refusal::NotLinear)?;
                let factor = self.form(body, context)?;
                result = self.multiply(&result, &factor)?;
            }
            return Ok(result);
        }
        if let Some(form) = self.of_exponentials(expr, (&low, &high), context)? {
            return Ok(form);
        }
        // Where the range may be shorter than empty, the product is 1 there.
        let mut short = context.clone();
        let shorter = length.plus(&Linear::integer(1), &Rational::from(1));
        if shorter.as_difference().is_none() && !context.implies_at_most_zero(&Linear::default().minus(&length)) {
            return Ok(self.atom(expr, context));
        }
        if short.require_at_most_zero(&shorter).is_some() && !short.is_empty() {
            let mut terms = vec![Term::constant(Rational::from(1), &short)];
            let mut long = context.clone();
            let _ = long.require_at_most_zero(&Linear::default().minus(&length));
            if !long.is_empty() {
                terms.extend(self.big_product(expr, lower, upper, &long)?.terms);
            }
            return Ok(Form { terms });
        }
        let (letter, body) = self.arena.open(expr, 300 + self.depth).ok_or(Refusal::NotLinear)?;
        let index = self.arena.symbol(letter);
        let body_form = self.form(body, &Domain::all())?;
        match &body_form.terms[..] {
            [] => {
                // Empty, or 0.
                let mut empty = context.clone();
                if empty.require_at_most_zero(&length).is_some() {
                    let one = Term::constant(Rational::from(1), &empty);
                    return Ok(Form { terms: if empty.is_empty() { Vec::new() } else { vec![one] } });
                }
                let (zero, length) = (self.arena.zero(), length.expr(self.arena));
                self.power_of(zero, length, context)
            }
            [term] if term.letters.is_empty() && term.domain == Domain::all() => {
                let term = term.clone();
                self.product_of_monomial(&term, letter, index, (&low, &high), &length, context)
            }
            _ => {
                let (content, rest) = self.content_apart(&body_form, index);
                let body = self.expression(&rest).ok_or(Refusal::NotLinear)?;
                let rest = if self.arena.contains(body, index) {
                    let mut result = Term::constant(Rational::from(1), context);
                    self.product_factor(&mut result, body, &Linear::integer(1), letter, (&low, &high));
                    Form { terms: vec![result] }
                } else {
                    let length = length.expr(self.arena);
                    self.power_of(body, length, context)?
                };
                let content = self.product_of_monomial(&content, letter, index, (&low, &high), &length, context)?;
                self.multiply(&content, &rest)
            }
        }
    }

    /// A form of several terms as the monomial without the index that divides all of them times the rest:
    /// `w - w h_k^2 = w (1 - h_k^2)`.
    fn content_apart(&self, form: &Form, index: Expr) -> (Term, Form) {
        let mut content = Term::constant(self.leading(form), &Domain::all());
        let first = form.terms.first().map(|term| term.factors.keys().copied().collect::<Vec<_>>());
        for atom in first.unwrap_or_default() {
            let holds = |letter: &Expr| self.arena.contains(atom, *letter);
            let is_free = !holds(&index) && !form.terms.iter().any(|term| term.letters.iter().any(holds));
            let powers: Option<Vec<i64>> =
                form.terms.iter().map(|term| term.factors.get(&atom).and_then(Linear::as_integer)).collect();
            let least = powers.filter(|_| is_free).and_then(|powers| match powers.iter().all(|&n| n > 0) {
                true => powers.into_iter().min(),
                false => powers.into_iter().max().filter(|&n| n < 0),
            });
            content.times(atom, &Linear::integer(least.unwrap_or(0)));
        }
        let mut rest = form.clone();
        for term in &mut rest.terms {
            term.coefficient /= content.coefficient.clone();
            for (&atom, exponent) in &content.factors {
                term.times(atom, &Linear::default().minus(exponent));
            }
        }
        (content, rest)
    }

    pub(super) fn product_of_monomial(
        &mut self,
        body: &Term,
        letter: SymbolId,
        index: Expr,
        range: (&Linear, &Linear),
        length: &Linear,
        context: &Domain,
    ) -> Result<Form, Refusal> {
        let mut result = Term::constant(Rational::from(1), context);
        self.number_power(&mut result, &body.coefficient, length);
        let mut exponentials = self.constant(Rational::from(1), context);
        for (&atom, exponent) in &body.factors {
            let depends = self.arena.contains(atom, index);
            if let Some(argument) = self.exponent_of(atom).filter(|_| depends && exponent.is_constant()) {
                let exponent = exponent.expr(self.arena);
                let argument = self.arena.product([exponent, argument]);
                let factor = self.product_of_exponentials(argument, letter, range, context)?;
                exponentials = self.multiply(&exponentials, &factor)?;
                continue;
            }
            match (depends, exponent.is_constant()) {
                (false, true) => result.times(atom, &Linear::default().plus(length, &exponent.constant)),
                (true, true) => self.product_factor(&mut result, atom, exponent, letter, range),
                (_, false) => {
                    let exponent = exponent.expr(self.arena);
                    let power = self.arena.power(atom, exponent);
                    self.product_factor(&mut result, power, &Linear::integer(1), letter, range);
                }
            }
        }
        self.multiply(&Form { terms: vec![result] }, &exponentials)
    }

    /// A product of nothing but exponentials, over any range.
    fn of_exponentials(
        &mut self,
        product: Expr,
        range: (&Linear, &Linear),
        context: &Domain,
    ) -> Result<Option<Form>, Refusal> {
        let (letter, body) = self.arena.open(product, 300 + self.depth).ok_or(Refusal::NotLinear)?;
        let body = self.form(body, &Domain::all())?;
        let [term] = &body.terms[..] else { return Ok(None) };
        if !term.coefficient.is_one() || !term.letters.is_empty() || term.domain != Domain::all() {
            return Ok(None);
        }
        let mut arguments = Vec::new();
        for (&atom, exponent) in &term.factors {
            let Some(argument) = self.exponent_of(atom).filter(|_| exponent.is_constant()) else { return Ok(None) };
            let exponent = exponent.expr(self.arena);
            arguments.push(self.arena.product([exponent, argument]));
        }
        let argument = self.arena.sum(arguments);
        self.product_of_exponentials(argument, letter, range, context).map(Some)
    }

    /// What stands under an exponential.
    fn exponent_of(&self, atom: Expr) -> Option<Expr> {
        self.arena.argument(Elementary::Exp, atom)
    }

    /// `Π_k e^{a_k} = e^{Σ_k a_k}`, over any range.
    fn product_of_exponentials(
        &mut self,
        argument: Expr,
        letter: SymbolId,
        (low, high): (&Linear, &Linear),
        context: &Domain,
    ) -> Result<Form, Refusal> {
        let (low, high) = (low.expr(self.arena), high.expr(self.arena));
        let sum = self.arena.big(Big::Sum, letter, low, high, argument);
        let form = self.form(sum, &Domain::all())?;
        self.exponential(&form, context)
    }

    /// `Π_{letter} factor^exponent` over the index of a member in the factor, so that what is the same product over another
    /// index is written alike: `Π_{k=1}^{n-m} x_{k+m} = Π_{k=m+1}^{n} x_k = Π_{k=0}^{n-m-1} x_{n-k}`.
    pub(super) fn product_factor(
        &mut self,
        term: &mut Term,
        factor: Expr,
        exponent: &Linear,
        letter: SymbolId,
        range: (&Linear, &Linear),
    ) {
        let index = self.arena.symbol(letter);
        let form = self.member_index(factor, index);
        let is_turned = form.parts.get(&index) == Some(&Rational::from(-1));
        let (own, rest) = (Linear::letter(index), form.substitute(index, &Linear::default()));
        let value = if is_turned { rest.minus(&own) } else { own.minus(&rest) }.expr(self.arena);
        let factor = self.arena.substitute(factor, &Substitution::from([(index, value)]));
        let factor = self.tidy(factor);
        let (first, last) = if is_turned { (range.1, range.0) } else { range };
        let [low, high] = [first, last].map(|end| form.substitute(index, end).expr(self.arena));
        let product = self.arena.big(Big::Product, letter, low, high, factor);
        term.times(product, exponent);
    }

    /// The index of a member in a factor that goes up or down one by one with `index`: the least that is `index` plus a
    /// number, else that of the first name; `index` itself where there is none.
    fn member_index(&self, factor: Expr, index: Expr) -> Linear {
        if let Some(shift) = self.least_offset(&[factor], index) {
            return Linear::letter(index).plus(&Linear::integer(shift), &Rational::from(1));
        }
        let mut found: Option<(SymbolId, Linear)> = None;
        for part in self.arena.holding(&[factor], index) {
            let Node::Symbol { symbol, .. } = *self.arena.node(part) else { continue };
            let steps_along =
                |form: &Linear| form.parts.get(&index).is_some_and(|step| step.is_one() || (-step).is_one());
            for form in self.index_forms(part).into_iter().filter(steps_along) {
                let precedes =
                    |(known, least): &(SymbolId, Linear)| (symbol, &form.constant) < (*known, &least.constant);
                if found.as_ref().is_none_or(precedes) {
                    found = Some((symbol, form));
                }
            }
        }
        found.map_or(Linear::letter(index), |(_, form)| form)
    }
}

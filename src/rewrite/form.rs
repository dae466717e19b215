//! The sum-product form: what expressions become when all that algebra alone can do is done.
//!
//! A [`Form`] is a sum of [`Term`]s; a term is a coefficient times powers of atoms, summed over bound letters that
//! run over the integer points of a [`Domain`]. Multiple sums, triangles, shifted and split ranges, Kronecker deltas
//! and guards are all domains, so two forms of one double sum differ in nothing. Atoms are expressions that algebra
//! does not open: members, calls, powers of sums, big products. Exponents are linear, so `w^{t-k}` is one factor.

use std::collections::BTreeMap;

use crate::expr::{Arena, Big, Comparison, Elementary, Expr, Function, Node, Substitution, SymbolId, SymbolKind};
use crate::number::Rational;
use crate::rewrite::domain::Domain;
use crate::rewrite::linear::Linear;

/// Powers of atoms.
pub type Factors = BTreeMap<Expr, Linear>;

/// A coefficient times powers of atoms, summed over letters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    /// The exact factor in front; never 0.
    pub coefficient: Rational,
    /// The letters that are summed over.
    pub letters: Vec<Expr>,
    /// Where the letters run, and for which free letters the term is there at all.
    pub domain: Domain,
    /// The atoms and their exponents; none is 0.
    pub factors: Factors,
}

/// A sum of terms.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Form {
    /// The terms, in no particular order until `combine` sorts them.
    pub terms: Vec<Term>,
}

/// Why an expression has no form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// More terms than the budget allows.
    TooLarge,
    /// A guard or a range that is not made of differences.
    NotLinear,
}

impl Term {
    fn constant(value: Rational, domain: &Domain) -> Term {
        Term { coefficient: value, letters: Vec::new(), domain: domain.clone(), factors: Factors::new() }
    }

    /// Multiplies by `atom^exponent`.
    pub fn times(&mut self, atom: Expr, exponent: &Linear) {
        let entry = self.factors.entry(atom).or_default();
        *entry = entry.plus(exponent, &Rational::from(1));
        if *entry == Linear::default() {
            self.factors.remove(&atom);
        }
    }
}

/// A sum that an assumption gives a value, for all values of the letters.
#[derive(Debug, Clone)]
pub struct KnownSum {
    /// The sum.
    pub sum: Expr,
    /// The letters for which it is said.
    pub letters: Vec<Expr>,
    /// Its value.
    pub value: Rational,
}

/// Puts expressions of one arena into form.
pub struct Normalizer<'a> {
    /// Where the expressions live.
    pub arena: &'a mut Arena,
    /// How many terms a form may have.
    pub max_terms: usize,
    /// Expressions that must not be zero for what was done: divisors that were cancelled.
    pub conditions: Vec<Expr>,
    /// Expressions known to be positive for all givens.
    pub positive: Vec<Expr>,
    /// Sums with known values; used only after all derivatives are taken.
    pub known_sums: Vec<KnownSum>,
    memo: std::collections::HashMap<(Expr, Domain), Form>,
    depth: usize,
    /// How many more terms may be worked on before the normalizer gives up.
    pub(super) budget: usize,
}

impl<'a> Normalizer<'a> {
    /// A normalizer with the usual budget.
    pub fn new(arena: &'a mut Arena) -> Normalizer<'a> {
        Normalizer {
            arena,
            max_terms: 3000,
            conditions: Vec::new(),
            positive: Vec::new(),
            known_sums: Vec::new(),
            memo: Default::default(),
            depth: 0,
            budget: 20_000,
        }
    }

    /// The form of an expression of numbers, for the free letters in `context`; combined.
    pub fn form(&mut self, expr: Expr, context: &Domain) -> Result<Form, Refusal> {
        let key = (expr, context.clone());
        if let Some(done) = self.memo.get(&key) {
            return Ok(done.clone());
        }
        self.depth += 1;
        let form = if self.depth > 400 { Err(Refusal::TooLarge) } else { self.open(expr, context) };
        self.depth -= 1;
        let form = self.combine(form?)?;
        if form.terms.len() > self.max_terms {
            return Err(Refusal::TooLarge);
        }
        self.memo.insert(key, form.clone());
        Ok(form)
    }

    /// The expression that all equal ones become: the form, written out again.
    pub fn canonical(&mut self, expr: Expr) -> Result<Expr, Refusal> {
        let form = self.form(expr, &Domain::all())?;
        self.expression(&form).ok_or(Refusal::NotLinear)
    }

    fn atom(&mut self, atom: Expr, context: &Domain) -> Form {
        let mut term = Term::constant(Rational::from(1), context);
        term.times(atom, &Linear::integer(1));
        Form { terms: vec![term] }
    }

    fn constant(&self, value: Rational, context: &Domain) -> Form {
        if value.is_zero() { Form::default() } else { Form { terms: vec![Term::constant(value, context)] } }
    }

    fn open(&mut self, expr: Expr, context: &Domain) -> Result<Form, Refusal> {
        match self.arena.node(expr).clone() {
            Node::Number(value) => Ok(self.constant(value, context)),
            Node::Sum(parts) => {
                let mut terms = Vec::new();
                for &part in parts.iter() {
                    terms.extend(self.form(part, context)?.terms);
                }
                Ok(Form { terms })
            }
            Node::Product(parts) => self.product(&parts, context),
            Node::Power(base, exponent) => self.power_of(base, exponent, context),
            Node::Call { function, slots, args } => match function {
                Function::Elementary(elementary) => self.elementary(elementary, slots.len(), &args, context),
                Function::Declared { .. } => {
                    let atom = self.with_canonical_parts(expr)?;
                    Ok(self.atom(atom, context))
                }
            },
            Node::Big { op: Big::Sum, lower, upper, .. } => self.big_sum(expr, lower, upper, context),
            Node::Big { op: Big::Product, lower, upper, .. } => self.big_product(expr, lower, upper, context),
            Node::Cases(branches) => self.cases(expr, &branches, context),
            Node::Symbol { .. }
            | Node::Entry { .. }
            | Node::Derivative { .. }
            | Node::Tensor { .. }
            | Node::MatrixPower(..)
            | Node::Big { .. }
            | Node::MatMul(_)
            | Node::Transpose(_)
            | Node::Literal { .. }
            | Node::Identity(_)
            | Node::Fill(..)
            | Node::Unit(..)
            | Node::At { .. }
            | Node::Limit { .. }
            | Node::Extremum { .. } => {
                let atom = self.with_canonical_parts(expr)?;
                Ok(self.atom(atom, context))
            }
            Node::Pi | Node::Infinity | Node::Bound(_) => Ok(self.atom(expr, context)),
        }
    }

    /// The same node over canonical parts.
    fn with_canonical_parts(&mut self, expr: Expr) -> Result<Expr, Refusal> {
        if self.arena.height(expr) > 0 && self.arena.open(expr, 90).is_some() {
            return Ok(expr);
        }
        let mut new = BTreeMap::new();
        for child in self.arena.children(expr) {
            let done = match Linear::read(self.arena, child) {
                Some(linear) if !matches!(self.arena.node(child), Node::Symbol { .. }) => linear.expr(self.arena),
                _ if self.arena.shape(child).is_scalar() => self.canonical(child)?,
                _ => self.with_canonical_parts(child)?,
            };
            new.insert(child, done);
        }
        Ok(self.arena.rebuild(expr, &mut |child| new[&child]))
    }

    /// The product of two forms; letters of the second are renamed where both have them.
    pub fn multiply(&mut self, left: &Form, right: &Form) -> Result<Form, Refusal> {
        if left.terms.len() * right.terms.len() > self.max_terms {
            return Err(Refusal::TooLarge);
        }
        let mut terms = Vec::new();
        for a in &left.terms {
            for b in &right.terms {
                let b = self.renamed_apart(b, a);
                let mut term = self.renamed_apart(a, &b);
                term.coefficient *= b.coefficient.clone();
                term.domain = term.domain.meet(&b.domain);
                term.letters.extend(b.letters.iter().copied());
                for (&atom, exponent) in &b.factors {
                    term.times(atom, exponent);
                }
                terms.push(term);
            }
        }
        Ok(Form { terms })
    }

    /// The term with other names for those of its own letters that stand in `other`, bound or free.
    fn renamed_apart(&mut self, term: &Term, other: &Term) -> Term {
        let mut renamed = term.clone();
        for &letter in &term.letters {
            if self.mentions(other, letter) {
                let fresh = self.letter_apart("r", &[&renamed, other]);
                renamed = self.renamed(&renamed, &[(letter, fresh)]);
            }
        }
        renamed
    }

    /// Whether a letter stands anywhere in a term: as one of its own, in a factor, or in its domain.
    pub(super) fn mentions(&self, term: &Term, letter: Expr) -> bool {
        term.letters.contains(&letter)
            || term.domain.letters().into_iter().any(|size| self.arena.contains(size, letter))
            || term
                .factors
                .iter()
                .any(|(&atom, exponent)| exponent.parts.contains_key(&letter) || self.arena.contains(atom, letter))
    }

    /// A letter that stands in none of these terms.
    pub(super) fn letter_apart(&mut self, stem: &str, terms: &[&Term]) -> Expr {
        let mut n = 0;
        loop {
            let letter = self.bound_letter(&format!("\u{a7}{stem}{n}"));
            if !terms.iter().any(|term| self.mentions(term, letter)) {
                return letter;
            }
            n += 1;
        }
    }

    pub(super) fn bound_letter(&mut self, name: &str) -> Expr {
        let symbol: SymbolId = self.arena.intern(name, SymbolKind::Integer);
        self.arena.symbol(symbol)
    }

    /// A term with letters renamed, all at once.
    pub(super) fn renamed(&mut self, term: &Term, names: &[(Expr, Expr)]) -> Term {
        // Through names that stand nowhere else, so that exchanges are possible.
        let middle: Vec<Expr> = (0..names.len()).map(|n| self.bound_letter(&format!("\u{a7}m{n}"))).collect();
        let mut result = term.clone();
        for (&(old, _), &mid) in names.iter().zip(&middle) {
            result.domain = result.domain.substitute(old, &Linear::letter(mid)).unwrap_or(result.domain);
        }
        for (&(_, new), &mid) in names.iter().zip(&middle) {
            result.domain = result.domain.substitute(mid, &Linear::letter(new)).unwrap_or(result.domain);
        }
        let map: Substitution = names.iter().copied().collect();
        result.domain = self.sizes_substituted(&result.domain, &map);
        for letter in &mut result.letters {
            if let Some(&new) = map.get(letter) {
                *letter = new;
            }
        }
        result.factors = self.substituted_factors(&term.factors, &map);
        result
    }

    /// A domain whose sizes follow their letters: `n_k` becomes `n_l` where k becomes l. The letters themselves stay.
    pub(super) fn sizes_substituted(&mut self, domain: &Domain, map: &Substitution) -> Domain {
        domain.map_points(&mut |point| {
            if map.contains_key(&point) {
                return point;
            }
            let image = self.arena.substitute(point, map);
            self.tidy(image)
        })
    }

    /// Atoms and exponents with letters replaced; indices are tidied.
    pub(super) fn substituted_factors(&mut self, factors: &Factors, map: &Substitution) -> Factors {
        let mut result = Factors::new();
        for (&atom, exponent) in factors {
            let atom = self.arena.substitute(atom, map);
            let atom = self.tidy(atom);
            let exponent_expr = exponent.clone().expr(self.arena);
            let exponent = if exponent.is_constant() {
                exponent.clone()
            } else {
                let substituted = self.arena.substitute(exponent_expr, map);
                Linear::read(self.arena, substituted).unwrap_or_else(|| exponent.clone())
            };
            let entry = result.entry(atom).or_default();
            *entry = entry.plus(&exponent, &Rational::from(1));
        }
        result.retain(|_, exponent| *exponent != Linear::default());
        result
    }

    /// An expression with every index in the one order that linear forms have.
    pub(super) fn tidy(&mut self, expr: Expr) -> Expr {
        let mut done: BTreeMap<Expr, Expr> = BTreeMap::new();
        for part in self.arena.reachable(&[expr]) {
            let new = self.arena.rebuild(part, &mut |child| done[&child]);
            let new = match self.arena.node(new) {
                Node::Sum(_) if self.is_integer(new) => match Linear::read(self.arena, new) {
                    Some(linear) => linear.expr(self.arena),
                    None => new,
                },
                _ => new,
            };
            done.insert(part, new);
        }
        done[&expr]
    }

    /// Whether an expression is made of integer letters and whole numbers.
    pub(super) fn is_integer(&self, expr: Expr) -> bool {
        match self.arena.node(expr) {
            Node::Number(value) => value.is_int(),
            Node::Symbol { symbol, .. } => self.arena.kind(*symbol) == SymbolKind::Integer,
            Node::Bound(_) => true,
            Node::Sum(parts) | Node::Product(parts) => parts.iter().all(|&part| self.is_integer(part)),
            _ => false,
        }
    }

    fn product(&mut self, parts: &[Expr], context: &Domain) -> Result<Form, Refusal> {
        // Powers of equal bases meet before any sum is multiplied out, so that divisors cancel.
        let mut powers: BTreeMap<Expr, Linear> = BTreeMap::new();
        let mut others = Vec::new();
        let mut result = self.constant(Rational::from(1), context);
        for &part in parts {
            let (base, exponent) = match *self.arena.node(part) {
                Node::Power(base, exponent) => (base, Linear::read(self.arena, exponent)),
                _ => (part, Some(Linear::integer(1))),
            };
            match (self.arena.node(base), exponent) {
                (Node::Sum(_), Some(exponent)) => {
                    let form = self.form(base, context)?;
                    if form.terms.len() < 2 {
                        others.push(part);
                        continue;
                    }
                    match self.primitive(&form, &exponent, context) {
                        Some((lead, base)) => {
                            let entry = powers.entry(base).or_default();
                            *entry = entry.plus(&exponent, &Rational::from(1));
                            result = self.multiply(&result, &lead)?;
                        }
                        None => others.push(part),
                    }
                }
                _ => others.push(part),
            }
        }
        for (base, exponent) in powers {
            if exponent == Linear::default() {
                self.conditions.push(base);
                continue;
            }
            let exponent = exponent.expr(self.arena);
            let factor = self.power_of(base, exponent, context)?;
            result = self.multiply(&result, &factor)?;
        }
        for part in others {
            let factor = self.form(part, context)?;
            result = self.multiply(&result, &factor)?;
            result = self.combine(result)?;
        }
        Ok(result)
    }

    /// A form of several terms as a number to the exponent times a primitive base: with its leading coefficient 1,
    /// or positive where the exponent is not a whole number.
    fn primitive(&mut self, form: &Form, exponent: &Linear, known: &Domain) -> Option<(Form, Expr)> {
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

    fn leading(&self, form: &Form) -> Rational {
        let first =
            form.terms.iter().min_by(|a, b| a.factors.cmp(&b.factors).then(a.letters.len().cmp(&b.letters.len())));
        first.map_or_else(|| Rational::from(1), |term| term.coefficient.clone())
    }

    fn power_of(&mut self, base: Expr, exponent: Expr, context: &Domain) -> Result<Form, Refusal> {
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
            [] => Ok(if exponent.as_integer().is_some_and(|n| n > 0) {
                Form::default()
            } else {
                let zero = self.arena.zero();
                let exponent = exponent.expr(self.arena);
                let power = self.arena.power(zero, exponent);
                self.atom(power, context)
            }),
            [term] if term.letters.is_empty() && term.domain == *context => {
                let term = term.clone();
                self.monomial_power(&term, &exponent, context)
            }
            _ => match self.primitive(&form, &exponent, context) {
                Some((lead, base)) => {
                    let mut term = Term::constant(Rational::from(1), context);
                    term.times(base, &exponent);
                    self.multiply(&lead, &Form { terms: vec![term] })
                }
                None => Err(Refusal::NotLinear),
            },
        }
    }

    fn monomial_power(&mut self, term: &Term, exponent: &Linear, context: &Domain) -> Result<Form, Refusal> {
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
        let sides = [(Rational::from(numerator), Rational::from(1)), (Rational::from(denominator), minus_one)];
        for (side, sign) in sides {
            let side = if side < Rational::from(0) { -side } else { side };
            for (prime, n) in prime_factors(side) {
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

    /// Whether an atom is positive for all values: exp, sigmoid, softplus, even powers are not (they may be 0).
    pub(super) fn is_positive(&self, atom: Expr) -> bool {
        if self.positive.contains(&atom) {
            return true;
        }
        match self.arena.node(atom) {
            Node::Number(value) => *value > Rational::from(0),
            Node::Pi => true,
            Node::Call { function: Function::Elementary(f), slots, .. } if slots.is_empty() => {
                matches!(f, Elementary::Exp | Elementary::Sigmoid | Elementary::Softplus | Elementary::Cosh)
            }
            Node::Sum(parts) => {
                parts.iter().all(|&part| self.is_positive(part))
                    || parts.iter().any(|&part| self.is_positive(part))
                        && parts.iter().all(|&part| self.is_positive(part) || self.is_even_power(part))
                    || self.is_one_minus_bounded(parts)
            }
            Node::Product(parts) => parts.iter().all(|&part| self.is_positive(part)),
            Node::Power(base, _) => self.is_positive(*base),
            Node::Big { op: Big::Sum, body, lower, upper, .. } => {
                // A sum over a size is never empty.
                let from_one = self.arena.is_one(*lower) && self.is_size(*upper);
                from_one && self.is_positive(*body)
            }
            Node::Big { op: Big::Product, body, .. } => self.is_positive(*body),
            _ => false,
        }
    }

    fn is_size(&self, expr: Expr) -> bool {
        self.positive.contains(&expr)
    }

    fn is_even_power(&self, expr: Expr) -> bool {
        match self.arena.node(expr) {
            Node::Power(_, exponent) => self.arena.as_integer(*exponent).is_some_and(|n| n > 0 && n % 2 == 0),
            Node::Product(parts) => parts.iter().all(|&part| self.is_positive(part) || self.is_even_power(part)),
            _ => false,
        }
    }

    /// `1 - σ(x)` and `1 - tanh(x)^2`, as sums of two.
    fn is_one_minus_bounded(&self, parts: &[Expr]) -> bool {
        let [a, b] = parts else { return false };
        let (one, other) = if self.arena.is_one(*a) { (*a, *b) } else { (*b, *a) };
        if !self.arena.is_one(one) {
            return false;
        }
        let Node::Product(factors) = self.arena.node(other) else { return false };
        let [x, y] = factors[..] else { return false };
        let (minus, bounded) = if self.arena.as_integer(x) == Some(-1) { (x, y) } else { (y, x) };
        if self.arena.as_integer(minus) != Some(-1) {
            return false;
        }
        let is_call = |expr: Expr, of: Elementary| matches!(self.arena.node(expr), Node::Call { function: Function::Elementary(f), slots, .. } if *f == of && slots.is_empty());
        match self.arena.node(bounded) {
            Node::Power(base, exponent) => {
                self.arena.as_integer(*exponent).is_some_and(|n| n > 0)
                    && (is_call(*base, Elementary::Sigmoid) || is_call(*base, Elementary::Tanh))
            }
            _ => is_call(bounded, Elementary::Sigmoid) || is_call(bounded, Elementary::Tanh),
        }
    }

    fn elementary(
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
                self.absolute(&form, args[0], context)
            }
            Elementary::Sinh | Elementary::Cosh => {
                let (e, minus) = (self.arena.apply(Elementary::Exp, args[0]), self.arena.negate(args[0]));
                let back = self.arena.apply(Elementary::Exp, minus);
                let back = if function == Elementary::Sinh { self.arena.negate(back) } else { back };
                let half = self.arena.number(crate::number::rational::fraction(1, 2).unwrap_or_default());
                let sum = self.arena.sum([e, back]);
                let value = self.arena.product([half, sum]);
                self.form(value, context)
            }
            Elementary::Silu => {
                let slope = self.arena.apply(Elementary::Sigmoid, args[0]);
                let value = self.arena.product([args[0], slope]);
                self.form(value, context)
            }
            Elementary::Gelu => {
                let (half, two) = (
                    self.arena.number(crate::number::rational::fraction(1, 2).unwrap_or_default()),
                    self.arena.integer(2),
                );
                let root = self.arena.sqrt(two);
                let scaled = self.arena.divide(args[0], root);
                let erf = self.arena.apply(Elementary::Erf, scaled);
                let one = self.arena.one();
                let sum = self.arena.sum([one, erf]);
                let value = self.arena.product([half, args[0], sum]);
                self.form(value, context)
            }
            Elementary::Tan => {
                let (sin, cos) =
                    (self.arena.apply(Elementary::Sin, args[0]), self.arena.apply(Elementary::Cos, args[0]));
                let value = self.arena.divide(sin, cos);
                self.form(value, context)
            }
            Elementary::Sigmoid
            | Elementary::Tanh
            | Elementary::Sin
            | Elementary::Cos
            | Elementary::Erf
            | Elementary::Atan => self.with_parity(function, args[0], context),
            Elementary::Relu | Elementary::Softplus | Elementary::Sign | Elementary::Max | Elementary::Min => {
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

    fn elementary_derivative(&mut self, function: Elementary, order: usize, arg: Expr) -> Expr {
        let letter = self.arena.intern("\u{a7}x", SymbolKind::Real);
        let variable = self.arena.symbol(letter);
        let mut value = (function.row().derivative)(self.arena, variable);
        for _ in 1..order {
            value = crate::rewrite::slope::slope(self.arena, value, variable);
        }
        self.arena.substitute(value, &Substitution::from([(variable, arg)]))
    }

    /// Odd and even functions take an argument whose leading coefficient is positive; values at 0 are known.
    fn with_parity(&mut self, function: Elementary, arg: Expr, context: &Domain) -> Result<Form, Refusal> {
        let form = self.form(arg, &Domain::all())?;
        if form.terms.is_empty() {
            let at_zero = match function {
                Elementary::Sigmoid => crate::number::rational::fraction(1, 2).unwrap_or_default(),
                Elementary::Cos => Rational::from(1),
                _ => Rational::from(0),
            };
            return Ok(self.constant(at_zero, context));
        }
        let negative = self.leading(&form) < Rational::from(0);
        let mut positive = form;
        if negative {
            positive.terms.iter_mut().for_each(|term| term.coefficient = -term.coefficient.clone());
        }
        let arg = self.expression(&positive).ok_or(Refusal::NotLinear)?;
        let call = self.arena.apply(function, arg);
        let mut value = self.atom(call, context);
        if negative {
            match function {
                Elementary::Cos => {}
                _ => value.terms.iter_mut().for_each(|term| term.coefficient = -term.coefficient.clone()),
            }
            if function == Elementary::Sigmoid {
                value.terms.push(Term::constant(Rational::from(1), context));
            }
        }
        Ok(value)
    }

    /// `exp(a + b) = exp(a) exp(b)`, `exp(c m) = exp(m)^c`, `exp(log x) = x` where x is positive or the log is defined.
    fn exponential(&mut self, form: &Form, context: &Domain) -> Result<Form, Refusal> {
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
    fn logarithm(&mut self, form: &Form, context: &Domain) -> Result<Form, Refusal> {
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
                if !rest.factors.is_empty() {
                    let rest = self.expression(&Form { terms: vec![rest] }).ok_or(Refusal::NotLinear)?;
                    let log = self.arena.apply(Elementary::Log, rest);
                    terms.extend(self.atom(log, context).terms);
                }
                return Ok(Form { terms });
            }
        }
        let arg = self.expression(form).ok_or(Refusal::NotLinear)?;
        let log = self.arena.apply(Elementary::Log, arg);
        Ok(self.atom(log, context))
    }

    /// `|a b| = |a| |b|`, `|x|^2 = x^2`, `|x| = x` where x is positive.
    fn absolute(&mut self, form: &Form, arg: Expr, context: &Domain) -> Result<Form, Refusal> {
        match &form.terms[..] {
            [] => Ok(Form::default()),
            [term] if term.letters.is_empty() && term.domain == *context => {
                let mut result = Term::constant(
                    if term.coefficient < Rational::from(0) {
                        -term.coefficient.clone()
                    } else {
                        term.coefficient.clone()
                    },
                    context,
                );
                for (&atom, exponent) in &term.factors {
                    let even = exponent.as_integer().is_some_and(|n| n % 2 == 0);
                    if self.arena.as_integer(atom) == Some(-1) {
                        continue;
                    }
                    if even || self.is_positive(atom) || self.is_absolute(atom) {
                        result.times(atom, exponent);
                        continue;
                    }
                    let atom = self.absolute_atom(atom);
                    result.times(atom, exponent);
                }
                Ok(Form { terms: vec![result] })
            }
            _ => {
                let mut positive = form.clone();
                if self.leading(form) < Rational::from(0) {
                    positive.terms.iter_mut().for_each(|term| term.coefficient = -term.coefficient.clone());
                }
                let _ = arg;
                let arg = self.expression_within(&positive, context).ok_or(Refusal::NotLinear)?;
                let atom = if self.is_positive(arg) { arg } else { self.arena.apply(Elementary::Abs, arg) };
                Ok(self.atom(atom, context))
            }
        }
    }

    fn is_absolute(&self, atom: Expr) -> bool {
        matches!(self.arena.node(atom), Node::Call { function: Function::Elementary(Elementary::Abs), slots, .. } if slots.is_empty())
    }

    /// `|Π a_k| = Π |a_k|`.
    fn absolute_atom(&mut self, atom: Expr) -> Expr {
        if let Node::Big { op: Big::Product, lower, upper, .. } = *self.arena.node(atom)
            && let Some((letter, body)) = self.arena.open(atom, 80)
        {
            let body = if self.is_positive(body) { body } else { self.arena.apply(Elementary::Abs, body) };
            return self.arena.big(Big::Product, letter, lower, upper, body);
        }
        self.arena.apply(Elementary::Abs, atom)
    }

    fn delta(&mut self, left: Expr, right: Expr, context: &Domain) -> Result<Form, Refusal> {
        let (Some(a), Some(b)) = (Linear::read(self.arena, left), Linear::read(self.arena, right)) else {
            return Err(Refusal::NotLinear);
        };
        let mut term = Term::constant(Rational::from(1), context);
        term.domain.require_zero(&a.minus(&b)).ok_or(Refusal::NotLinear)?;
        Ok(Form { terms: vec![term] })
    }

    /// Cases whose conditions compare integers become guards.
    fn cases(&mut self, expr: Expr, branches: &[crate::expr::Branch], context: &Domain) -> Result<Form, Refusal> {
        let mut rest = vec![context.clone()];
        let mut terms = Vec::new();
        for branch in branches {
            let inside = match branch.condition {
                None => None,
                Some((how, a, b)) => {
                    let forms = Linear::read(self.arena, a).zip(Linear::read(self.arena, b));
                    let integers = self.is_integer(a) && self.is_integer(b);
                    let Some(((a, b), true)) = forms.map(|forms| (forms, integers)) else {
                        let atom = self.with_canonical_parts(expr)?;
                        return Ok(self.atom(atom, context));
                    };
                    let mut domain = Domain::all();
                    let difference = a.minus(&b);
                    match how {
                        Comparison::Equal => domain.require_zero(&difference),
                        Comparison::LessEqual => domain.require_at_most_zero(&difference),
                        Comparison::Less => {
                            domain.require_at_most_zero(&difference.plus(&Linear::integer(1), &Rational::from(1)))
                        }
                        Comparison::NotEqual | Comparison::Approximately => None,
                    }
                    .ok_or(Refusal::NotLinear)?;
                    Some(domain)
                }
            };
            let mut after = Vec::new();
            for cell in rest {
                let taken = inside.as_ref().map_or_else(|| cell.clone(), |inside| cell.meet(inside));
                if !taken.is_empty() {
                    terms.extend(self.form(branch.value, &taken)?.terms);
                }
                if let Some(inside) = &inside {
                    after.extend(cell.without(inside));
                }
            }
            rest = after;
        }
        Ok(Form { terms })
    }

    fn big_sum(&mut self, expr: Expr, lower: Expr, upper: Expr, context: &Domain) -> Result<Form, Refusal> {
        let Some((low, high)) = self.opened_range(lower, upper) else { return Ok(self.atom(expr, context)) };
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

    /// `Σ_{k=a}^{b} f(k) = Σ_{k=a}^{b} f(a+b-k)`, where that turns `a+b-k` in indices, of which no difference can be
    /// made, into `k`.
    fn facing_forward(&mut self, body: Expr, letter: Expr, (low, high): (&Linear, &Linear)) -> Expr {
        let turned = low.plus(high, &Rational::from(1)).minus(&Linear::letter(letter));
        let backward = self.arena.reachable(&[body]).into_iter().any(|part| {
            self.index_forms(part).into_iter().any(|form| {
                form.parts.get(&letter) == Some(&Rational::from(-1))
                    && form.as_difference().is_none()
                    && form.substitute(letter, &turned).as_difference().is_some()
            })
        });
        if !backward {
            return body;
        }
        let turned = turned.expr(self.arena);
        let body = self.arena.substitute(body, &Substitution::from([(letter, turned)]));
        self.tidy(body)
    }

    fn big_product(&mut self, expr: Expr, lower: Expr, upper: Expr, context: &Domain) -> Result<Form, Refusal> {
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
                let (zero, length) = (self.arena.zero(), length.expr(self.arena));
                self.power_of(zero, length, context)
            }
            [term] if term.letters.is_empty() && term.domain == Domain::all() => {
                let term = term.clone();
                self.product_of_monomial(&term, letter, index, (&low, &high), &length, context)
            }
            _ => {
                let body = self.expression(&body_form).ok_or(Refusal::NotLinear)?;
                let mut result = Term::constant(Rational::from(1), context);
                self.product_factor(&mut result, body, &Linear::integer(1), letter, (&low, &high));
                Ok(Form { terms: vec![result] })
            }
        }
    }

    fn product_of_monomial(
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
        for (&atom, exponent) in &body.factors {
            let depends = self.arena.contains(atom, index);
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
        Ok(Form { terms: vec![result] })
    }

    /// `Π_{letter} factor^exponent` with the letter shifted so that its least offset in the factor is 0.
    fn product_factor(
        &mut self,
        term: &mut Term,
        factor: Expr,
        exponent: &Linear,
        letter: SymbolId,
        range: (&Linear, &Linear),
    ) {
        let index = self.arena.symbol(letter);
        let shift = self.least_offset(&[factor], index).unwrap_or(0);
        let shifted = Linear::letter(index).plus(&Linear::integer(-shift), &Rational::from(1)).expr(self.arena);
        let factor = self.arena.substitute(factor, &Substitution::from([(index, shifted)]));
        let factor = self.tidy(factor);
        let shift = Linear::integer(shift);
        let (low, high) = (
            range.0.plus(&shift, &Rational::from(1)).expr(self.arena),
            range.1.plus(&shift, &Rational::from(1)).expr(self.arena),
        );
        let product = self.arena.big(Big::Product, letter, low, high, factor);
        term.times(product, exponent);
    }

    /// The least constant beside `letter` in the indices of some atoms where it stands alone with coefficient 1.
    pub(super) fn least_offset(&self, atoms: &[Expr], letter: Expr) -> Option<i64> {
        let mut least: Option<i64> = None;
        for expr in self.arena.reachable(atoms) {
            for form in self.index_forms(expr) {
                if form.parts.len() == 1
                    && form.parts.get(&letter).is_some_and(|scale| scale.is_one())
                    && let Some((_, _, constant)) = form.as_difference()
                {
                    least = Some(least.map_or(constant, |old| old.min(constant)));
                }
            }
        }
        least
    }

    /// The linear forms that stand as indices or bounds directly in a node.
    pub(super) fn index_forms(&self, expr: Expr) -> Vec<Linear> {
        let exprs: Vec<Expr> = match self.arena.node(expr) {
            Node::Symbol { indices, .. } => indices.to_vec(),
            Node::Entry { at, .. } => at.to_vec(),
            Node::Call { function: Function::Elementary(Elementary::Delta), args, .. } => args.to_vec(),
            Node::Call { function, slots, .. } => {
                let mut all: Vec<Expr> = slots.iter().flat_map(|slot| slot.entry.iter().copied()).collect();
                if let Function::Declared { indices, .. } = function {
                    all.extend(indices.iter().copied());
                }
                all
            }
            Node::Big { lower, upper, .. } => vec![*lower, *upper],
            Node::MatrixPower(_, exponent) => vec![*exponent],
            _ => Vec::new(),
        };
        exprs.into_iter().filter_map(|expr| Linear::read(self.arena, expr)).collect()
    }
}

/// Small prime factors with their exponents; what is left over by 1000 counts as one.
fn prime_factors(value: Rational) -> Vec<(Rational, i64)> {
    let mut rest = value;
    let mut found = Vec::new();
    let mut p = 2i64;
    while p < 1000 && rest > Rational::from(1) {
        let prime = Rational::from(p);
        let mut n = 0;
        while (rest.clone() / prime.clone()).is_int() {
            rest /= prime.clone();
            n += 1;
        }
        if n > 0 {
            found.push((prime, n));
        }
        p += if p == 2 { 1 } else { 2 };
    }
    if rest > Rational::from(1) {
        found.push((rest, 1));
    }
    found
}

impl Normalizer<'_> {
    /// The form times `base^exponent`, where terms that hold a power of `base` lose from it first.
    pub fn scaled(&mut self, form: &Form, _factor: Expr, base: Expr, exponent: i64) -> Result<Form, Refusal> {
        let mut scaled = form.clone();
        for term in &mut scaled.terms {
            term.times(base, &Linear::integer(exponent));
        }
        self.combine(scaled)
    }
}

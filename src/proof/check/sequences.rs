//! Limits of sequences: sums of terms `c n^p b^n` of which each vanishes, stays or grows, and sequences that are squeezed.

use std::cmp::Ordering;

use crate::expr::{Big, Comparison, Elementary, Expr, Node, Prop, Substitution, SymbolKind};
use crate::number::{Rational, range};
use crate::proof::check::evidence::Relation;
use crate::proof::check::extent::extent;
use crate::proof::check::hypotheses::{Hypotheses, call};
use crate::proof::check::integers::Form;
use crate::proof::check::replay::{Needed, Objection, Replay, Sequent, Step, ensure};

/// `constant letter^power base^letter`, times something bounded.
struct Term {
    constant: Expr,
    power: Rational,
    base: Expr,
    is_bounded: bool,
}

impl Replay<'_> {
    /// The limit of a sum of terms; the premises say which bases are small or large, and which factors are not 0.
    pub(super) fn sequence<'m>(&mut self, step: Step<'_, 'm>) -> Needed<'m> {
        let (facts, hypotheses) = (step.others()?, step.hypotheses);
        let (letter, body, value) = self.sequence_of(step.own()?, hypotheses)?;
        let infinity = self.arena.infinity();
        let minus = self.arena.negate(infinity);
        let inner = self.far_beyond(letter, &[body, value], hypotheses);
        let (body, is_absolute) = match call(self.arena, body) {
            Some((Elementary::Abs, inside)) if value == infinity || self.arena.is_zero(value) => (inside, true),
            _ => (body, false),
        };
        let is_endless = value == infinity || value == minus;
        let sum = if is_endless { body } else { self.arena.subtract(body, value) };
        let parts = self.terms_of(sum, letter);
        let (moving, constant): (Vec<Expr>, Vec<Expr>) =
            parts.into_iter().partition(|&part| self.arena.contains(part, letter));
        let mut growing = Vec::new();
        for part in moving {
            let term = self.term(part, letter, &inner).ok_or(Objection::Unreplayed("a term of a sequence"))?;
            if !self.vanishes(&term, &facts, &inner) {
                growing.push(term);
            }
        }
        if !is_endless {
            if !growing.is_empty() {
                return Err(Objection::Unreplayed("a term of a sequence"));
            }
            let (zero, constant) = (self.arena.zero(), self.arena.sum(constant));
            let is_zero = self.identity((zero, constant), (zero, zero), hypotheses);
            is_zero.map_err(|_| Objection::Unreplayed("a limit that is worked out"))?;
            return step.here();
        }
        let [only] = &growing[..] else { return Err(Objection::Unreplayed("several terms that grow")) };
        let sign = if value == minus { Ordering::Less } else { Ordering::Greater };
        let grows =
            if is_absolute { self.is_unbounded(only, &facts, &inner) } else { self.grows(only, sign, &facts, &inner) };
        if grows { step.here() } else { Err(Objection::Unreplayed("a term that grows")) }
    }

    /// `lim f = c` from `|f - c| <= g` far out, and `lim g = 0`.
    pub(super) fn squeezed<'m>(&mut self, step: Step<'_, 'm>, letter: Expr) -> Needed<'m> {
        let hypotheses = step.hypotheses;
        let (new, body, value) = self.sequence_of(step.own()?, hypotheses)?;
        self.is_new(letter, SymbolKind::Integer, &[body, value], hypotheses)?;
        let body = self.arena.substitute(body, &Substitution::from([(new, letter)]));
        let [Relation { how: Comparison::LessEqual, left, right: bound }, _] = step.others()?[..] else {
            return Err(Objection::Wrong("no bound"));
        };
        let gap = self.arena.subtract(body, value);
        let is_size = left == gap && range::is_non_negative(&extent(self.arena, hypotheses, gap));
        ensure(is_size || left == self.arena.apply(Elementary::Abs, gap), "another distance is bounded")?;
        let (symbol, infinity, zero) = (self.symbol_of(letter)?, self.arena.infinity(), self.arena.zero());
        let limit = self.arena.limit(symbol, true, infinity, bound);
        let inner = self.far_beyond(letter, &[body, value], hypotheses);
        self.has_value_beside(&[bound], &[body, value], &inner)?;
        let bounded = Sequent { conclusion: Prop::at_most(left, bound), under: Some(inner) };
        Ok(vec![bounded, Sequent { conclusion: Prop::equal(limit, zero), under: None }])
    }

    /// A letter for the index, the body, and what is said to be the limit.
    fn sequence_of(&mut self, own: Relation, hypotheses: &Hypotheses<'_>) -> Result<(Expr, Expr, Expr), Objection> {
        let Relation { how, left, right } = own;
        let is_first = matches!(self.arena.node(left), Node::Limit { .. });
        let (limit, value) = if is_first { (left, right) } else { (right, left) };
        let infinity = self.arena.infinity();
        let is_sequence = matches!(self.arena.node(limit), Node::Limit { integer: true, to, .. } if *to == infinity);
        ensure(how == Comparison::Equal && is_sequence, "no limit of a sequence")?;
        let letter = self.new_letter("index", SymbolKind::Integer, &[limit, value], hypotheses)?;
        let body = self.arena.instantiate(limit, letter).ok_or(Objection::Wrong("no body"))?;
        Ok((letter, body, value))
    }

    /// The terms of a sum, of which products with sums of the index are multiplied out.
    fn terms_of(&mut self, sum: Expr, letter: Expr) -> Vec<Expr> {
        let factors = match self.arena.node(sum).clone() {
            Node::Sum(parts) => return parts.iter().flat_map(|&part| self.terms_of(part, letter)).collect(),
            Node::Product(factors) => factors.to_vec(),
            _ => return vec![sum],
        };
        let moves = |place: &usize| self.arena.contains(factors[*place], letter);
        let sums = |place: &usize| matches!(self.arena.node(factors[*place]), Node::Sum(_)) && moves(place);
        let Some(place) = (0..factors.len()).find(sums) else { return vec![sum] };
        let Node::Sum(terms) = self.arena.node(factors[place]).clone() else { return vec![sum] };
        let mut all = Vec::new();
        for &term in terms.iter() {
            let mut product = factors.clone();
            product[place] = term;
            let product = self.arena.product(product);
            all.extend(self.terms_of(product, letter));
        }
        all
    }

    /// A product over a range as a power of the factors that are always the same, and the product of the others.
    fn without_constants(&mut self, product: Expr, letter: Expr, hypotheses: &Hypotheses<'_>) -> Vec<Expr> {
        let Node::Big { op: Big::Product, lower, upper, .. } = *self.arena.node(product) else { return vec![product] };
        let at = self.arena.letter_apart("factor", &[product, letter]);
        let place = self.arena.symbol(at);
        let Some(body) = self.arena.instantiate(product, place) else { return vec![product] };
        let factors = self.arena.factors(body);
        let moves = |&factor: &Expr| self.arena.contains(factor, place) || self.arena.contains(factor, letter);
        let (moving, constant): (Vec<Expr>, Vec<Expr>) = factors.into_iter().partition(moves);
        let (one, back) = (self.arena.one(), self.arena.negate(lower));
        let length = self.arena.sum([upper, back, one]);
        let after = self.arena.sum([upper, one]);
        if hypotheses.decides(self.arena, Comparison::LessEqual, lower, after) != Some(true) {
            return vec![product];
        }
        let (constant, moving) = (self.arena.product(constant), self.arena.product(moving));
        vec![self.arena.power(constant, length), self.arena.big(Big::Product, at, lower, upper, moving)]
    }

    /// A factor as a power.
    fn base_of(&mut self, factor: Expr) -> (Expr, Expr) {
        match *self.arena.node(factor) {
            Node::Power(base, outer) => match *self.arena.node(base) {
                Node::Power(inner, exponent) if self.arena.as_integer(outer).is_some() => {
                    (inner, self.arena.product([exponent, outer]))
                }
                _ => (base, outer),
            },
            _ => (factor, self.arena.one()),
        }
    }

    fn term(&mut self, part: Expr, letter: Expr, hypotheses: &Hypotheses<'_>) -> Option<Term> {
        let factors = self.arena.factors(part);
        let factors: Vec<Expr> =
            factors.into_iter().flat_map(|factor| self.without_constants(factor, letter, hypotheses)).collect();
        let (mut constant, mut bases) = (Vec::new(), Vec::new());
        let (mut power, mut is_bounded) = (Rational::from(0), false);
        for factor in factors {
            if !self.arena.contains(factor, letter) {
                constant.push(factor);
                continue;
            }
            let (base, exponent) = self.base_of(factor);
            if base == letter {
                power += self.arena.as_number(exponent)?;
            } else if !self.arena.contains(base, letter)
                && let Some(times) = Form::read(self.arena, exponent).map(|form| form.times(letter))
            {
                let (zero, times) = (self.arena.zero(), self.arena.integer(times));
                let rest = self.arena.substitute(exponent, &Substitution::from([(letter, zero)]));
                bases.push(self.arena.power(base, times));
                constant.push(self.arena.power(base, rest));
            } else {
                let own = extent(self.arena, hypotheses, factor);
                own.low.value().zip(own.high.value())?;
                is_bounded = true;
            }
        }
        let (constant, base) = (self.arena.product(constant), self.arena.product(bases));
        Some(Term { constant, power, base, is_bounded })
    }

    /// A base below 1 outweighs every power of the index, and one that is not above 1 what falls.
    fn vanishes(&mut self, term: &Term, facts: &[Relation], hypotheses: &Hypotheses<'_>) -> bool {
        let (zero, one) = (self.arena.zero(), self.arena.one());
        let size = self.arena.apply(Elementary::Abs, term.base);
        let falls = term.power < Rational::from(0);
        let how = if falls { Comparison::LessEqual } else { Comparison::Less };
        let is_signed = self.follows(Relation::new(Comparison::LessEqual, zero, term.base), facts, hypotheses);
        self.follows(Relation::new(how, size, one), facts, hypotheses)
            || is_signed && self.follows(Relation::new(how, term.base, one), facts, hypotheses)
    }

    /// Whether a term goes to plus or minus infinity.
    fn grows(&mut self, term: &Term, sign: Ordering, facts: &[Relation], hypotheses: &Hypotheses<'_>) -> bool {
        let (zero, one) = (self.arena.zero(), self.arena.one());
        let factor = if sign == Ordering::Less { self.arena.negate(term.constant) } else { term.constant };
        let above_one = self.follows(Relation::new(Comparison::Less, one, term.base), facts, hypotheses);
        let rises = above_one && term.power >= Rational::from(0)
            || self.arena.is_one(term.base) && term.power > Rational::from(0);
        !term.is_bounded && rises && self.follows(Relation::new(Comparison::Less, zero, factor), facts, hypotheses)
    }

    /// Whether the absolute value of a term goes to infinity.
    fn is_unbounded(&mut self, term: &Term, facts: &[Relation], hypotheses: &Hypotheses<'_>) -> bool {
        let (zero, one) = (self.arena.zero(), self.arena.one());
        let size = self.arena.apply(Elementary::Abs, term.base);
        let above_one = [size, term.base]
            .into_iter()
            .any(|base| self.follows(Relation::new(Comparison::Less, one, base), facts, hypotheses));
        let rises = above_one && term.power >= Rational::from(0)
            || self.arena.is_one(term.base) && term.power > Rational::from(0);
        let is_apart = Relation::new(Comparison::NotEqual, term.constant, zero);
        !term.is_bounded && rises && self.follows(is_apart, facts, hypotheses)
    }

    /// Whether a relation is one of the facts, or holds between numbers or by the range of the difference.
    fn follows(&mut self, relation: Relation, facts: &[Relation], hypotheses: &Hypotheses<'_>) -> bool {
        let Relation { how, left, right } = relation;
        let difference = self.arena.subtract(right, left);
        let own = extent(self.arena, hypotheses, difference);
        let by_extent = match how {
            Comparison::Less => range::is_positive(&own),
            Comparison::LessEqual => range::is_non_negative(&own),
            Comparison::NotEqual => range::excludes_zero(&own),
            Comparison::Equal | Comparison::Approximately => false,
        };
        let is_as_strong =
            |fact: &Relation| fact.how == how || fact.how == Comparison::Less && how == Comparison::LessEqual;
        by_extent || facts.iter().any(|fact| is_as_strong(fact) && self.are_same(*fact, relation, hypotheses))
    }
}

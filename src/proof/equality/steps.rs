//! Induction over a free integer by steps: a difference `D` vanishes for all `n` where it vanishes at the least `n` and
//! `D(n) = c D(n-1)` for some factor `c` that divides by nothing but what divides in `D(n)`.
//!
//! Sums and products shed their last term in the step, and what is left is decided by the form: `Σ k`, geometric and
//! telescoping sums, affine recurrences written out. The least `n` may be other letters (`n ≥ k - 1`); where there are
//! several lower bounds, each of their faces is a base case.

use std::collections::{BTreeMap, BTreeSet};

use crate::expr::{Arena, DerivativeKind, Expr, Node, Prop, Substitution, SymbolId, SymbolKind};
use crate::model::Argument;
use crate::number::Rational;
use crate::proof::equality::Ground;
use crate::proof::equality::algebra::{Algebra, where_divided};
use crate::rewrite::entries::entry;
use crate::rewrite::relation::{self, Named};
use crate::rewrite::{Domain, Linear, Term};

/// Base cases may themselves need an induction, over another letter.
const MAX_DEPTH: usize = 3;

/// How many steps of the definitions one step of the induction may take.
const MAX_UNFOLDED: usize = 3;

/// How many factors `c` are tried.
const MAX_SCALES: usize = 6;

/// For how many of them what they leave is proved by an induction of its own.
const MAX_RESTS: usize = 2;

impl Algebra<'_> {
    /// Proves that `difference` vanishes on `domain`.
    pub fn by_steps(&mut self, difference: Expr, domain: &Domain) -> Option<Ground> {
        self.attempt(|algebra| algebra.by_steps_as_written(difference, domain)).or_else(|| {
            let (rest, ground) = self.without_common_factors(difference, domain)?;
            Some(ground.and(self.by_steps_as_written(rest, domain)?))
        })
    }

    fn by_steps_as_written(&mut self, difference: Expr, domain: &Domain) -> Option<Ground> {
        let names = relation::names(self.forms.arena, difference);
        let named = relation::named(self.forms.arena, difference, &names);
        self.attempt(|algebra| Induction { algebra, names: &names }.over_some_letter(named, domain, 0))
            .or_else(|| Induction { algebra: self, names: &names }.up_to_some_end(named, domain))
    }
}

struct Induction<'p, 'a> {
    algebra: &'p mut Algebra<'a>,
    names: &'p [Named],
}

impl Induction<'_, '_> {
    fn over_some_letter(&mut self, difference: Expr, domain: &Domain, depth: usize) -> Option<Ground> {
        if depth >= MAX_DEPTH {
            return None;
        }
        let letters: Vec<Expr> = domain.letters().into_iter().collect();
        letters
            .into_iter()
            .filter(|&letter| self.may_vary(letter, difference))
            .collect::<Vec<_>>()
            .into_iter()
            .find_map(|letter| self.over(letter, difference, domain, depth))
    }

    /// What is claimed at the end of a range over which something is defined, `x_L` for `x_l` with l ≤ L, claimed of every
    /// place up to there: the definitions stay as they are.
    fn up_to_some_end(&mut self, difference: Expr, domain: &Domain) -> Option<Ground> {
        let ends: Vec<Expr> = domain.letters().into_iter().filter(|&end| self.is_an_end(end, difference)).collect();
        ends.into_iter().find_map(|end| {
            let arena = &mut *self.algebra.forms.arena;
            let letter = arena.letter_apart("l", &[difference]);
            let place = arena.symbol(letter);
            let difference = arena.substitute(difference, &Substitution::from([(end, place)]));
            let place_form = Linear::letter(place);
            let mut up_to_end = domain.meet(&domain.substitute(end, &place_form)?);
            up_to_end.require_at_most_zero(&place_form.minus(&Linear::letter(end)))?;
            let may_vary = self.may_vary(place, difference);
            may_vary.then(|| {
                self.algebra
                    .attempt(|algebra| Induction { algebra, names: self.names }.over(place, difference, &up_to_end, 0))
            })?
        })
    }

    /// Whether the range of a definition ends at a letter, on which no size depends.
    fn is_an_end(&self, letter: Expr, difference: Expr) -> bool {
        let arena = &*self.algebra.forms.arena;
        let holds = |expr: &Expr| arena.contains(*expr, letter);
        let parts = arena.reachable(&[difference]);
        let in_shapes = parts.iter().any(|&part| arena.shape(part).sizes().iter().any(holds));
        let in_range = |prop: &Prop| prop.expressions().contains(&letter);
        let definitions = &self.algebra.model.definitions;
        !in_shapes && definitions.iter().any(|definition| definition.range.iter().any(in_range))
    }

    /// Whether the difference at `letter - 1` is claimed, too: nothing that is assumed, defined or sized depends on it.
    fn may_vary(&self, letter: Expr, difference: Expr) -> bool {
        let arena = &*self.algebra.forms.arena;
        let is_letter = matches!(arena.node(letter), Node::Symbol { symbol, indices, .. }
            if indices.is_empty() && arena.kind(*symbol) == SymbolKind::Integer);
        let holds = |expr: &Expr| arena.contains(*expr, letter);
        let is_own = |own: &SymbolId| matches!(arena.node(letter), Node::Symbol { symbol, .. } if symbol == own);
        let in_facts = self.algebra.is_assumed(letter);
        let parts = arena.reachable(&[difference]);
        let symbols: BTreeSet<SymbolId> = parts
            .iter()
            .filter_map(|&part| match arena.node(part) {
                Node::Symbol { symbol, .. } => Some(*symbol),
                _ => None,
            })
            .collect();
        let is_met = |symbol: SymbolId| symbols.iter().any(|&own| self.algebra.structure.leads(own, symbol));
        let in_definitions = self.algebra.model.definitions.iter().any(|definition| {
            let mut indices = definition.indices.iter();
            is_met(definition.symbol)
                && !indices.any(|index| matches!(index, Argument::Letter(own) if is_own(own)))
                && (definition.indices.iter().any(|index| matches!(index, Argument::Value(value) if holds(value)))
                    || holds(&definition.body)
                    || definition.range.iter().any(|prop| prop.expressions().iter().any(holds)))
        });
        // Indices of entries run over a shape, and a matrix of another shape is another matrix.
        let is_index = parts.iter().any(|&part| match arena.node(part) {
            Node::Entry { at, .. } => at.iter().any(holds),
            _ => false,
        });
        // A step sheds the last term of a sum or a product, or a factor of a power.
        let is_counted = parts.iter().any(|&part| match arena.node(part) {
            Node::Big { lower, upper, .. } => holds(lower) || holds(upper),
            Node::Power(_, exponent) | Node::MatrixPower(_, exponent) => holds(exponent),
            // Or a derivative takes one along its states.
            Node::Derivative { kind: DerivativeKind::Total, of, by, .. } => holds(of) || holds(by),
            _ => false,
        });
        let in_shapes = parts.iter().any(|&part| arena.shape(part).sizes().iter().any(holds));
        is_letter && is_counted && !in_facts && !in_definitions && !is_index && !in_shapes
    }

    fn over(&mut self, letter: Expr, difference: Expr, domain: &Domain, depth: usize) -> Option<Ground> {
        let (lower, _) = domain.range_of(letter);
        if lower.is_empty() {
            return None;
        }
        let mut later = domain.clone();
        let index = Linear::letter(letter);
        for low in &lower {
            later.require_at_most_zero(&low.plus(&Linear::integer(1), &Rational::from(1)).minus(&index))?;
        }
        let mut ground = Ground { induction: true, ..Ground::default() };
        for low in &lower {
            let face = domain.substitute(letter, low)?;
            if face.is_empty() {
                continue;
            }
            let value = low.expr(self.algebra.forms.arena);
            let base = self.algebra.forms.arena.substitute(difference, &Substitution::from([(letter, value)]));
            let zero = self.algebra.forms.arena.zero();
            self.algebra.note("induction base", [(base, zero)]);
            // A power with a number as exponent may be a product.
            let base = entry(self.algebra.forms.arena, base, &[]);
            ground.conditions.extend(self.base(base, &face, depth)?.conditions);
        }
        if !later.is_empty() {
            ground.conditions.extend(self.step(letter, difference, &later, depth)?.conditions);
        }
        Some(ground)
    }

    fn base(&mut self, difference: Expr, domain: &Domain, depth: usize) -> Option<Ground> {
        let mut current = difference;
        for _ in 0..MAX_UNFOLDED {
            if let Some(ground) = self.algebra.vanishes_by(current, domain, self.names) {
                return Some(ground);
            }
            match self.unfolded(current, domain) {
                Some(next) => current = next,
                None => break,
            }
        }
        let by_words = self.algebra.by_words(current, domain);
        by_words
            .or_else(|| self.along_derivatives(difference, domain))
            .or_else(|| self.over_some_letter(current, domain, depth + 1))
    }

    /// By steps of the derivatives of states, where some stand in it.
    fn along_derivatives(&mut self, difference: Expr, domain: &Domain) -> Option<Ground> {
        let parts = self.algebra.forms.arena.reachable(&[difference]);
        let holds =
            parts.into_iter().any(|part| matches!(self.algebra.forms.arena.node(part), Node::Derivative { .. }));
        holds.then(|| self.algebra.by_unfolding(difference, domain)).flatten()
    }

    /// `D(n) - c D(n-1)` vanishes for some c, after a few steps of the definitions where it needs them.
    fn step(&mut self, letter: Expr, difference: Expr, later: &Domain, depth: usize) -> Option<Ground> {
        let minus = self.algebra.forms.arena.integer(-1);
        let before = self.algebra.forms.arena.sum([letter, minus]);
        let previous = self.algebra.forms.arena.substitute(difference, &Substitution::from([(letter, before)]));
        let mut current = difference;
        for _ in 0..MAX_UNFOLDED {
            for scale in self.scales(current, previous, later)? {
                let scaled = self.algebra.forms.arena.product([scale, previous]);
                let rest = self.algebra.forms.arena.subtract(current, scaled);
                if let Some(ground) = self.algebra.vanishes_by(rest, later, self.names) {
                    self.algebra.note("induction step", [(difference, scaled)]);
                    return Some(ground);
                }
            }
            if let Some(ground) = self.algebra.by_words_from(current, previous, later) {
                self.algebra.note("induction step", [(difference, previous)]);
                return Some(ground);
            }
            let shortened = self.algebra.propagators_shortened(&Linear::letter(letter), current, later);
            let shortened = shortened.map(|next| relation::named(self.algebra.forms.arena, next, self.names));
            match shortened.or_else(|| self.unfolded(current, later)) {
                Some(next) => current = next,
                None => break,
            }
        }
        let change = self.algebra.forms.arena.subtract(difference, previous);
        if let Some(ground) = self.along_derivatives(change, later) {
            self.algebra.note("induction step", [(difference, previous)]);
            return Some(ground);
        }
        for factor in self.algebra.last_factors(difference, letter) {
            let scaled = self.algebra.forms.arena.product([factor, previous]);
            let rest = self.algebra.forms.arena.subtract(difference, scaled);
            if let Some(ground) = self.algebra.attempt(|algebra| algebra.by_unfolding(rest, later)) {
                self.algebra.note("induction step", [(difference, scaled)]);
                return Some(ground);
            }
        }
        // What is left may be a smaller sum that has a closed form itself.
        let scales = self.scales(current, previous, later)?;
        scales.into_iter().take(MAX_RESTS).find_map(|scale| {
            let scaled = self.algebra.forms.arena.product([scale, previous]);
            let rest = self.algebra.forms.arena.subtract(current, scaled);
            let form = self.algebra.form(rest, later)?;
            let rest = self.algebra.forms.expression_within(&form, later)?;
            self.algebra
                .attempt(|algebra| Induction { algebra, names: self.names }.over_some_letter(rest, later, depth + 1))
        })
    }

    fn unfolded(&mut self, expr: Expr, domain: &Domain) -> Option<Expr> {
        let next = match self.algebra.unfolded(expr, domain) {
            Some(next) => next,
            None => {
                let form = self.algebra.form(expr, domain)?;
                self.algebra.grid_stepped(&form, expr, domain)?
            }
        };
        let next = self.algebra.resolver().functions_opened(next);
        Some(relation::named(self.algebra.forms.arena, next, self.names))
    }

    /// The factors that turn terms of one difference into terms of the other, the most frequent ones; and 1.
    fn scales(&mut self, current: Expr, previous: Expr, domain: &Domain) -> Option<Vec<Expr>> {
        let now = self.algebra.form(current, domain)?;
        let then = self.algebra.form(previous, domain)?;
        // What divides at every step.
        let atoms: BTreeSet<Expr> = now.terms.iter().flat_map(|term| term.factors.keys().copied()).collect();
        let divides = |&atom: &Expr| where_divided(&now, atom).is_some_and(|there| domain.without(&there).is_empty());
        let divisors: BTreeSet<Expr> = atoms.into_iter().filter(divides).collect();
        let mut counts: BTreeMap<Expr, usize> = BTreeMap::new();
        for term in &now.terms {
            for other in &then.terms {
                if let Some(ratio) = ratio(self.algebra.forms.arena, term, other, &divisors) {
                    *counts.entry(ratio).or_default() += 1;
                }
            }
        }
        let one = self.algebra.forms.arena.one();
        counts.remove(&one);
        let mut ranked: Vec<(usize, Expr)> = counts.into_iter().map(|(ratio, count)| (count, ratio)).collect();
        ranked.sort_by_key(|&(count, ratio)| (std::cmp::Reverse(count), ratio));
        Some(std::iter::once(one).chain(ranked.into_iter().map(|(_, ratio)| ratio)).take(MAX_SCALES).collect())
    }
}

/// One term by another, where that is a monomial with whole exponents that divides by nothing but the divisors.
fn ratio(arena: &mut Arena, term: &Term, other: &Term, divisors: &BTreeSet<Expr>) -> Option<Expr> {
    if term.letters.len() != other.letters.len() {
        return None;
    }
    let mut quotient = term.clone();
    for (&atom, exponent) in &other.factors {
        quotient.times(atom, &Linear::default().minus(exponent));
    }
    let mut factors = vec![arena.number(term.coefficient.clone() / other.coefficient.clone())];
    for (&atom, exponent) in &quotient.factors {
        let exponent = exponent.as_integer().filter(|&n| n > 0 || divisors.contains(&atom))?;
        if term.letters.iter().any(|&letter| arena.contains(atom, letter)) {
            return None;
        }
        let exponent = arena.integer(exponent);
        factors.push(arena.power(atom, exponent));
    }
    Some(arena.product(factors))
}

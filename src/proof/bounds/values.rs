//! Where values lie for a search: see [`crate::proof::reals`].

use crate::expr::{Arena, Comparison, Expr, SymbolKind};
use crate::model::Model;
use crate::number::polynomial::Range;
use crate::number::range;
use crate::proof::bounds::Prover;
use crate::proof::bounds::known::Known;
use crate::proof::reals::{Ground, by_relation, extent};
use crate::rewrite::Linear;

/// How deep expressions are looked into.
const DEPTH: usize = 13;

impl Prover<'_> {
    /// A range that holds the value of `expr` wherever it is defined.
    pub fn range(&mut self, expr: Expr, known: &Known) -> Range {
        extent(&mut Place { prover: self, known }, expr, DEPTH)
    }

    /// The body of a sum or product for a letter of its range.
    pub fn opened(&mut self, expr: Expr, lower: Expr, upper: Expr, known: &Known) -> Option<(Expr, Known)> {
        let letter = self.fresh(SymbolKind::Integer);
        let body = self.arena.instantiate(expr, letter)?;
        let (low, high) = (Linear::read(self.arena, lower)?, Linear::read(self.arena, upper)?);
        Some((body, known.within(letter, &low, &high)))
    }

    /// A state as its definition says, and at its start where it may be there.
    fn state_opened(&mut self, expr: Expr, known: &Known) -> Option<Vec<Expr>> {
        let (symbol, indices, components) = Model::member(self.arena, expr)?;
        let [at] = indices[..] else { return None };
        self.structure.first.get(&symbol).filter(|_| self.structure.states.contains(&symbol))?;
        let body = self.structure.definition_of(self.arena, self.model, expr);
        let body = body.and_then(|body| self.resolved(body))?;
        if self.is_made_by_step(symbol, at, known) {
            return Some(vec![body]);
        }
        let start = self.structure.start_of(self.arena, symbol)?;
        let (low, high) = self.structure.as_range(symbol, start, at);
        if at == start || known.decides(self.arena, Comparison::LessEqual, low, high) != Some(true) {
            return None;
        }
        let start = self.arena.member(symbol, vec![start]);
        let start = if components.is_empty() { start } else { self.arena.entry(start, components) };
        Some(vec![known.values.get(&start).copied().unwrap_or(start), body])
    }
}

/// A search, and what is known at a place of it.
struct Place<'p, 'a, 'k> {
    prover: &'p mut Prover<'a>,
    known: &'k Known,
}

impl Ground for Place<'_, '_, '_> {
    fn arena(&mut self) -> &mut Arena {
        self.prover.arena
    }

    fn decides(&mut self, how: Comparison, left: Expr, right: Expr) -> Option<bool> {
        self.known.decides(self.prover.arena, how, left, right)
    }

    fn integer_bound(&mut self, expr: Expr, sign: i64) -> Option<i64> {
        self.known.domain.upper_bound(&Linear::default().plus(&Linear::letter(expr), &sign.into()))
    }

    fn stated(&mut self, expr: Expr) -> Range {
        let arena = &mut *self.prover.arena;
        let mut by_laws = Vec::new();
        for law in &self.known.laws {
            for pattern in law.patterns(arena) {
                let letters = law.unify(arena, pattern, expr);
                by_laws.extend(
                    letters.and_then(|letters| law.derived(arena, self.known, &letters)).map(|own| own.triple()),
                );
            }
        }
        self.known.facts.iter().chain(&by_laws).fold(Range::everything(), |all, &(how, left, right)| {
            range::meet(&all, &by_relation(arena, expr, how, left, right))
        })
    }

    fn opened(&mut self, expr: Expr) -> Option<Vec<Expr>> {
        self.prover.state_opened(expr, self.known)
    }

    fn inside(
        &mut self,
        big: Expr,
        (lower, upper): (Expr, Expr),
        ask: &mut dyn FnMut(&mut dyn Ground, Expr) -> Range,
    ) -> Range {
        match self.prover.opened(big, lower, upper, self.known) {
            Some((body, inner)) => ask(&mut Place { prover: &mut *self.prover, known: &inner }, body),
            None => Range::everything(),
        }
    }
}

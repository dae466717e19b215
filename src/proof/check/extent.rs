//! Ranges of values under the hypotheses, see [`reals::extent`], and orders that they show.

use crate::expr::{Arena, Comparison, Expr, Prop, SymbolKind};
use crate::model::Model;
use crate::number::polynomial::Range;
use crate::number::range;
use crate::proof::check::evidence::Relation;
use crate::proof::check::hypotheses::Hypotheses;
use crate::proof::check::replay::{Needed, Objection, Replay, Step, ensure};
use crate::proof::reals::{self, Ground, by_relation};

/// How deep expressions are looked into.
const DEPTH: usize = 40;

/// Ranges that hold the values of expressions of numbers wherever the givens and the conditions of a claim hold.
pub(crate) fn ranges_of_claim(arena: &mut Arena, model: &Model, conditions: &[Prop], exprs: &[Expr]) -> Vec<Range> {
    let hypotheses = Hypotheses::of_claim(arena, model, conditions, exprs);
    exprs.iter().map(|&expr| extent(arena, &hypotheses, expr)).collect()
}

/// A range that holds the value of an expression of numbers wherever it is defined.
pub(super) fn extent(arena: &mut Arena, hypotheses: &Hypotheses<'_>, expr: Expr) -> Range {
    reals::extent(&mut Place { arena, hypotheses }, expr, DEPTH)
}

impl Replay<'_> {
    /// The enclosure of the difference of two numbers.
    pub(super) fn numbers<'m>(&mut self, step: Step<'_, 'm>) -> Needed<'m> {
        let Relation { how, left, right } = step.own()?;
        let difference = self.arena.subtract(right, left);
        let value = reals::constant(self.arena, difference).ok_or(Objection::Wrong("no number"))?;
        let holds = match how {
            Comparison::Less => value.is_positive(),
            Comparison::LessEqual => value.is_nonnegative(),
            Comparison::NotEqual => value.is_positive() || value.is_negative(),
            Comparison::Equal | Comparison::Approximately => false,
        };
        ensure(holds, "the enclosures meet")?;
        Ok(Vec::new())
    }

    /// The range of the difference.
    pub(super) fn by_extent<'m>(&mut self, step: Step<'_, 'm>) -> Needed<'m> {
        let Relation { how, left, right } = step.own()?;
        let side = self.arena.subtract(right, left);
        let own = extent(self.arena, step.hypotheses, side);
        let holds = match how {
            Comparison::Less => range::is_positive(&own),
            Comparison::LessEqual => range::is_non_negative(&own),
            Comparison::Equal | Comparison::NotEqual | Comparison::Approximately => false,
        };
        if holds { Ok(Vec::new()) } else { Err(Objection::Unreplayed("the range of an unknown")) }
    }
}

struct Place<'a, 'h, 'm> {
    arena: &'a mut Arena,
    hypotheses: &'h Hypotheses<'m>,
}

impl Ground for Place<'_, '_, '_> {
    fn arena(&mut self) -> &mut Arena {
        self.arena
    }

    fn decides(&mut self, how: Comparison, left: Expr, right: Expr) -> Option<bool> {
        self.hypotheses.decides(self.arena, how, left, right)
    }

    fn integer_bound(&mut self, expr: Expr, sign: i64) -> Option<i64> {
        self.hypotheses.integer_bound(self.arena, expr, sign)
    }

    fn stated(&mut self, expr: Expr) -> Range {
        let about = self.hypotheses.laws_about(self.arena, expr);
        self.hypotheses.relations.iter().chain(&about).fold(Range::everything(), |all, own| {
            range::meet(&all, &by_relation(self.arena, expr, own.how, own.left, own.right))
        })
    }

    /// What an equation gives; a member as its definition says, a state at its start besides.
    fn opened(&mut self, expr: Expr) -> Option<Vec<Expr>> {
        let hypotheses = self.hypotheses;
        if let Some(value) = hypotheses.value_of(expr) {
            return Some(vec![value]);
        }
        let (symbol, at, components) = Model::member(self.arena, expr)?;
        let body = hypotheses.definition_of(self.arena, expr).filter(|_| hypotheses.model.is_defined(symbol))?;
        if hypotheses.is_helper(symbol) {
            return Some(vec![body]);
        }
        if hypotheses.is_made_at(self.arena, symbol, &at) {
            return Some(vec![body]);
        }
        let ([at], first) = (&at[..], hypotheses.first_of(self.arena, symbol)?) else { return None };
        let decides = |low, high| hypotheses.decides(self.arena, Comparison::LessEqual, low, high) == Some(true);
        if decides(first, *at) {
            return Some(vec![body]);
        }
        let minus = self.arena.integer(-1);
        let start = self.arena.sum([first, minus]);
        let is_later = hypotheses.decides(self.arena, Comparison::LessEqual, start, *at) == Some(true);
        if *at == start || !is_later {
            return None;
        }
        let start = self.arena.member(symbol, vec![start]);
        let start = if components.is_empty() { start } else { self.arena.entry(start, components) };
        Some(vec![start, body])
    }

    fn inside(
        &mut self,
        big: Expr,
        (lower, upper): (Expr, Expr),
        ask: &mut dyn FnMut(&mut dyn Ground, Expr) -> Range,
    ) -> Range {
        let name = format!("\u{a7}extent{}", big.position());
        let letter = self.arena.intern(&name, SymbolKind::Integer);
        let letter = self.arena.symbol(letter);
        let Some(body) = self.arena.instantiate(big, letter) else { return Range::everything() };
        let low = self.hypotheses.with(self.arena, &Prop::at_most(lower, letter));
        let inner = low.with(self.arena, &Prop::at_most(letter, upper));
        ask(&mut Place { arena: &mut *self.arena, hypotheses: &inner }, body)
    }
}

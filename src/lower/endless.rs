//! Extreme values over an index without a last value: `\sup_t h_t`.

use crate::expr::{Comparison, Expr, Extremum, Node as Meaning, Prop, SymbolId};
use crate::lower::expression::strip;
use crate::lower::names::base_name;
use crate::lower::reader::Reader;
use crate::syntax::ast::{Kind, Node, Relation};

impl Reader<'_> {
    /// The least upper or greatest lower bound over all values of an index at which `body` is defined, from `low` on.
    pub(super) fn endless_extremum(
        &mut self,
        which: Extremum,
        letter: SymbolId,
        low: Option<Expr>,
        body: Expr,
    ) -> Expr {
        let infinity = self.arena.infinity();
        let low = low.unwrap_or_else(|| self.arena.negate(infinity));
        self.arena.extremum(which, letter, Some((low, infinity)), body)
    }

    /// The least value of a declared integer of which nothing else is assumed: 1 of an `n \in \mathbb{N}`.
    pub(super) fn least_of(&self, symbol: SymbolId) -> Option<Expr> {
        let mut own = self.assumed_of(symbol);
        match (own.next(), own.next()) {
            (Some(Prop::Compare(Comparison::LessEqual, low, high)), None) => {
                let is_own = matches!(self.arena.node(*high), Meaning::Symbol { symbol: own, .. } if *own == symbol);
                self.arena.as_integer(*low).filter(|_| is_own).map(|_| *low)
            }
            _ => None,
        }
    }

    /// `\sup_{t \ge 1} h_t`: `None` for any other range.
    pub(super) fn extremum_from(&mut self, which: Extremum, sub: &Node, body: &Node) -> Option<Option<Expr>> {
        let Kind::Chain { first, rest } = &strip(sub).kind else { return None };
        let [(relation @ (Relation::Greater | Relation::GreaterEqual), low)] = &rest[..] else { return None };
        let name = base_name(first)?;
        let Some(low) = self.shifted(low, i64::from(*relation == Relation::Greater)) else { return Some(None) };
        let (symbol, letter) = self.bound_letter(&name);
        let body = self.with_local(&name, letter, |reader| reader.expression(body));
        Some(body.map(|body| self.endless_extremum(which, symbol, Some(low), body)))
    }

    /// `\sup_t a_t \le c` as `a_t \le c` for every `t`, and `c \le \inf_t a_t` as `c \le a_t`; the rest as it is.
    pub(super) fn said_of_each(&mut self, prop: Prop) -> Prop {
        let Prop::Compare(Comparison::LessEqual, low, high) = prop else { return prop };
        match (self.endless(low, Extremum::Supremum), self.endless(high, Extremum::Infimum)) {
            (true, false) => self.of_each(low, high, |member| Prop::at_most(member, high)).unwrap_or(prop),
            (false, true) => self.of_each(high, low, |member| Prop::at_most(low, member)).unwrap_or(prop),
            (true, true) | (false, false) => prop,
        }
    }

    fn endless(&mut self, value: Expr, wanted: Extremum) -> bool {
        let infinity = self.arena.infinity();
        matches!(*self.arena.node(value), Meaning::Extremum { which, range: Some((_, upper)), .. } if which == wanted && upper == infinity)
    }

    /// What `says` of a member of an extremum, said of each: for all values from the first one on.
    fn of_each(&mut self, extremum: Expr, other: Expr, says: impl FnOnce(Expr) -> Prop) -> Option<Prop> {
        let Meaning::Extremum { range: Some((first, _)), .. } = *self.arena.node(extremum) else { return None };
        let letter = self.arena.letter_apart("t", &[extremum, other]);
        let letter = self.arena.symbol(letter);
        let said = says(self.arena.instantiate(extremum, letter)?);
        let infinity = self.arena.infinity();
        Some(match first == self.arena.negate(infinity) {
            true => said,
            false => Prop::Implies(Box::new(Prop::at_most(first, letter)), Box::new(said)),
        })
    }
}

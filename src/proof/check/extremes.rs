//! Suprema and infima: what no value exceeds, what some value reaches, and the value at some index.

use crate::expr::{Comparison, Expr, Extremum, Node, Prop, SymbolKind};
use crate::proof::check::evidence::Relation;
use crate::proof::check::replay::{Needed, Objection, Replay, Step, ensure};

impl Replay<'_> {
    /// `sup f <= c` from `f(x) <= c`, `c <= inf f` from `c <= f(x)`, for a letter x of which nothing is known.
    pub(super) fn nowhere_beyond<'m>(&mut self, step: Step<'_, 'm>, letter: Expr) -> Needed<'m> {
        let Relation { how, left, right } = step.own()?;
        self.is_new(letter, SymbolKind::Real, &[left, right], step.hypotheses)?;
        ensure(how == Comparison::LessEqual, "no bound for all values of a letter")?;
        let wanted = if self.is_extremum(left, Extremum::Supremum) {
            Relation::new(how, self.value_at(left, letter)?, right)
        } else if self.is_extremum(right, Extremum::Infimum) {
            Relation::new(how, left, self.value_at(right, letter)?)
        } else {
            return Err(Objection::Wrong("no extreme value"));
        };
        Ok(vec![self.wanted(wanted.prop(), &[], step.hypotheses)])
    }

    /// `c <= sup f` from `c <= f(x)`, `inf f <= c` from `f(x) <= c`, at a place where f has a value.
    pub(super) fn reached_at<'m>(&mut self, step: Step<'_, 'm>, place: Expr) -> Needed<'m> {
        let Relation { how, left, right } = step.order()?;
        let (wanted, value) = if self.is_extremum(right, Extremum::Supremum) {
            let value = self.value_at(right, place)?;
            (Relation::new(how, left, value), value)
        } else if self.is_extremum(left, Extremum::Infimum) {
            let value = self.value_at(left, place)?;
            (Relation::new(how, value, right), value)
        } else {
            return Err(Objection::Wrong("no extreme value"));
        };
        self.has_value_beside(&[value], &[], step.hypotheses)?;
        Ok(vec![self.wanted(wanted.prop(), &[], step.hypotheses)])
    }

    /// An extreme value over an index is the value at some index, which no other exceeds.
    pub(super) fn at_some_index<'m>(
        &mut self,
        step: Step<'_, 'm>,
        (part, at, other): (Expr, Expr, Expr),
    ) -> Needed<'m> {
        let Node::Extremum { which, range: Some((low, high)), .. } = *self.arena.node(part) else {
            return Err(Objection::Wrong("no extreme value over an index"));
        };
        let sides = step.conclusion.expressions();
        for letter in [at, other] {
            self.is_new(letter, SymbolKind::Integer, &sides, step.hypotheses)?;
        }
        ensure(at != other, "a letter is not new")?;
        let (value, any, symbol) =
            (self.instance_of(part, at)?, self.instance_of(part, other)?, self.symbol_of(other)?);
        let (below, above) = if which == Extremum::Supremum { (any, value) } else { (value, any) };
        let inside = |letter: Expr| Prop::And(vec![Prop::at_most(low, letter), Prop::at_most(letter, high)]);
        let law = Prop::Implies(Box::new(inside(other)), Box::new(Prop::at_most(below, above)));
        let more = [inside(at), Prop::ForAll(vec![symbol], Box::new(law))];
        let wanted = self.replaced(step.conclusion, &[(part, value)]);
        Ok(vec![self.wanted(wanted, &more, step.hypotheses)])
    }

    /// Whether a side is an extreme value over the real line.
    pub(super) fn is_extremum(&self, side: Expr, wanted: Extremum) -> bool {
        matches!(self.arena.node(side), Node::Extremum { which, range: None, .. } if *which == wanted)
    }

    fn value_at(&mut self, extremum: Expr, place: Expr) -> Result<Expr, Objection> {
        ensure(!self.is_letter(place, SymbolKind::Integer), "a letter of integers")?;
        self.instance_of(extremum, place)
    }

    pub(super) fn instance_of(&mut self, extremum: Expr, place: Expr) -> Result<Expr, Objection> {
        self.arena.instantiate(extremum, place).ok_or(Objection::Wrong("no value"))
    }
}

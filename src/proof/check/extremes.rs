//! Suprema and infima: what no value exceeds, what some value reaches, and the value at some index.

use std::collections::BTreeSet;

use crate::expr::{Comparison, DefinedOn, Expr, Extremum, Function, Node, Prop, Substitution, SymbolKind};
use crate::number::Rational;
use crate::number::range;
use crate::proof::check::evidence::{Evidence, Reason, Relation};
use crate::proof::check::extent::extent;
use crate::proof::check::hypotheses::Hypotheses;
use crate::proof::check::replay::{Checked, Objection, Replay, ensure, relation_of};

impl Replay<'_> {
    pub(super) fn extreme(
        &mut self,
        conclusion: &Prop,
        reason: &Reason,
        premises: &[Evidence],
        hypotheses: &Hypotheses<'_>,
    ) -> Checked {
        let own = relation_of(conclusion).ok_or(Objection::Wrong("no relation"))?;
        match reason {
            Reason::NowhereBeyond(letter) => self.nowhere_beyond(own, *letter, premises, hypotheses),
            Reason::ReachedAt(place) => self.reached_at(own, *place, premises, hypotheses),
            Reason::AtSomeIndex { part, at, other } => {
                self.at_some_index(own, (*part, *at, *other), premises, hypotheses)
            }
            _ => Err(Objection::Wrong("no step for extreme values")),
        }
    }

    /// `sup f <= c` from `f(x) <= c`, `c <= inf f` from `c <= f(x)`, for a letter x of which nothing is known.
    fn nowhere_beyond(
        &mut self,
        own: Relation,
        letter: Expr,
        premises: &[Evidence],
        hypotheses: &Hypotheses<'_>,
    ) -> Checked {
        let Relation { how, left, right } = own;
        let is_new = ![left, right].into_iter().any(|side| self.arena.contains(side, letter));
        let is_free = is_new && self.is_letter(letter, SymbolKind::Real) && !hypotheses.speak_of(self.arena, letter);
        ensure(how == Comparison::LessEqual && is_free, "no bound for all values of a letter")?;
        let wanted = if self.is_extremum(left, Extremum::Supremum) {
            Relation::new(how, self.value_at(left, letter)?, right)
        } else if self.is_extremum(right, Extremum::Infimum) {
            Relation::new(how, left, self.value_at(right, letter)?)
        } else {
            return Err(Objection::Wrong("no extreme value"));
        };
        self.one_with(premises, &wanted.prop(), &[], hypotheses)
    }

    /// `c <= sup f` from `c <= f(x)`, `inf f <= c` from `f(x) <= c`, at a place where f has a value.
    fn reached_at(
        &mut self,
        own: Relation,
        place: Expr,
        premises: &[Evidence],
        hypotheses: &Hypotheses<'_>,
    ) -> Checked {
        let Relation { how, left, right } = own;
        let is_order = matches!(how, Comparison::Less | Comparison::LessEqual);
        let (wanted, value) = if self.is_extremum(right, Extremum::Supremum) {
            let value = self.value_at(right, place)?;
            (Relation::new(how, left, value), value)
        } else if self.is_extremum(left, Extremum::Infimum) {
            let value = self.value_at(left, place)?;
            (Relation::new(how, value, right), value)
        } else {
            return Err(Objection::Wrong("no extreme value"));
        };
        ensure(is_order && self.is_defined(value, hypotheses), "there may be no value")?;
        self.one_with(premises, &wanted.prop(), &[], hypotheses)
    }

    /// An extreme value over an index is the value at some index, which no other exceeds.
    fn at_some_index(
        &mut self,
        own: Relation,
        (part, at, other): (Expr, Expr, Expr),
        premises: &[Evidence],
        hypotheses: &Hypotheses<'_>,
    ) -> Checked {
        let Node::Extremum { which, range: Some((low, high)), .. } = *self.arena.node(part) else {
            return Err(Objection::Wrong("no extreme value over an index"));
        };
        let are_new = [at, other].into_iter().all(|letter| {
            let stands = [own.left, own.right].into_iter().any(|side| self.arena.contains(side, letter));
            let is_letter = self.is_letter(letter, SymbolKind::Integer);
            is_letter && !stands && !hypotheses.speak_of(self.arena, letter)
        });
        ensure(are_new && at != other, "a letter is not new")?;
        let (value, any) = (self.instance_of(part, at)?, self.instance_of(part, other)?);
        let (below, above) = if which == Extremum::Supremum { (any, value) } else { (value, any) };
        let Node::Symbol { symbol, .. } = *self.arena.node(other) else { return Err(Objection::Wrong("no letter")) };
        let inside = |letter: Expr| Prop::And(vec![Prop::at_most(low, letter), Prop::at_most(letter, high)]);
        let law = Prop::Implies(Box::new(inside(other)), Box::new(Prop::at_most(below, above)));
        let more = [inside(at), Prop::ForAll(vec![symbol], Box::new(law))];
        let map = Substitution::from([(part, value)]);
        let wanted = own.prop().map(&mut |expr| self.arena.substitute(expr, &map));
        self.one_with(premises, &wanted, &more, hypotheses)
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

    /// Whether an expression has a value wherever the hypotheses hold.
    fn is_defined(&mut self, expr: Expr, hypotheses: &Hypotheses<'_>) -> bool {
        self.is_defined_beside(&[expr], &[], hypotheses)
    }

    /// Whether expressions have values wherever the hypotheses hold and some others have.
    pub(super) fn is_defined_beside(&mut self, exprs: &[Expr], others: &[Expr], hypotheses: &Hypotheses<'_>) -> bool {
        let known = self.evaluated(others);
        self.are_all_defined(exprs.to_vec(), &known, hypotheses)
    }

    /// The parts of expressions that have values wherever these have: not those of a branch, or under an index.
    fn evaluated(&self, exprs: &[Expr]) -> BTreeSet<Expr> {
        let (mut found, mut open) = (BTreeSet::new(), exprs.to_vec());
        while let Some(part) = open.pop() {
            if !found.insert(part) {
                continue;
            }
            match *self.arena.node(part) {
                Node::Cases(_) | Node::Limit { .. } | Node::Extremum { .. } => {}
                Node::Big { lower, upper, .. } => open.extend([lower, upper]),
                _ => open.extend(self.arena.children(part)),
            }
        }
        found
    }

    /// The same part by part, what stands under an index at any letter of its range.
    fn are_all_defined(&mut self, mut open: Vec<Expr>, known: &BTreeSet<Expr>, hypotheses: &Hypotheses<'_>) -> bool {
        let mut seen = BTreeSet::new();
        while let Some(part) = open.pop() {
            if known.contains(&part) || !seen.insert(part) {
                continue;
            }
            let (lower, upper) = match self.arena.node(part).clone() {
                Node::Big { lower, upper, .. } => (lower, upper),
                Node::Extremum { range: Some((lower, upper)), .. }
                    if hypotheses.decides(self.arena, Comparison::LessEqual, lower, upper) == Some(true) =>
                {
                    (lower, upper)
                }
                _ if self.has_value(part, hypotheses) => {
                    open.extend(self.arena.children(part));
                    continue;
                }
                _ => return false,
            };
            open.extend([lower, upper]);
            let letter = self.arena.letter_apart(&format!("defined{}", part.position()), &[part]);
            let letter = self.arena.symbol(letter);
            let Some(body) = self.arena.instantiate(part, letter) else { return false };
            let Ok(inner) = self.within(letter, (lower, upper), hypotheses) else { return false };
            if !self.are_all_defined(vec![body], known, &inner) {
                return false;
            }
        }
        true
    }

    /// Whether an expression has a value wherever its parts have.
    fn has_value(&mut self, part: Expr, hypotheses: &Hypotheses<'_>) -> bool {
        match self.arena.node(part).clone() {
            Node::Power(base, exponent) => {
                let own = extent(self.arena, hypotheses, base);
                let zero = self.arena.zero();
                let counts = hypotheses.decides(self.arena, Comparison::LessEqual, zero, exponent) == Some(true);
                match self.arena.as_number(exponent) {
                    None if counts => true,
                    Some(n) if n.is_int() => *n > Rational::from(0) || range::excludes_zero(&own),
                    Some(n) if *n > Rational::from(0) => range::is_non_negative(&own),
                    Some(_) | None => range::is_positive(&own),
                }
            }
            Node::Call { function: Function::Elementary(f), slots, args } => match f.row().defined_on {
                DefinedOn::Positive => range::is_positive(&extent(self.arena, hypotheses, args[0])),
                DefinedOn::NonZero | DefinedOn::BetweenPoles => false,
                DefinedOn::Reals => f.is_smooth() || args.len() > 1 || slots.is_empty(),
                DefinedOn::Integers => true,
            },
            Node::Cases(branches) => branches.iter().any(|branch| branch.condition.is_none()),
            Node::Infinity
            | Node::MatrixPower(..)
            | Node::Derivative { .. }
            | Node::At { .. }
            | Node::Limit { .. }
            | Node::Extremum { .. } => false,
            Node::Number(_)
            | Node::Pi
            | Node::Symbol { .. }
            | Node::Bound(_)
            | Node::Sum(_)
            | Node::Product(_)
            | Node::Call { .. }
            | Node::Big { .. }
            | Node::MatMul(_)
            | Node::Transpose(_)
            | Node::Entry { .. }
            | Node::Literal { .. }
            | Node::Identity(_)
            | Node::Fill(..)
            | Node::Unit(..)
            | Node::Tensor { .. } => true,
        }
    }
}

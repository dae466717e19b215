//! Inferences on sums over an index: Cauchy–Schwarz, squares against the square of a sum, sums of differences.
//!
//! Source: Steele (2004), The Cauchy–Schwarz Master Class, ch. 1.

use crate::expr::{Big, Comparison, Expr, Node, Substitution};
use crate::proof::check::evidence::{Relation, Telescope};
use crate::proof::check::hypotheses::Hypotheses;
use crate::proof::check::replay::{Checked, Objection, Replay, ensure};
use crate::proof::check::steps::Step;

/// An index and its ends.
pub(super) type Span = (Expr, Expr, Expr);

impl Replay<'_> {
    /// `(Σ a)² <= Σ b Σ c` from `0 <= b`, `0 <= c` and `a² <= b c` for every index; without c it is 1.
    pub(super) fn cauchy_schwarz(&mut self, step: &Step<'_>, span: Span, hypotheses: &Hypotheses<'_>) -> Checked {
        let (last, signs) = step.others.split_last().ok_or(Objection::Wrong("no terms"))?;
        let factors = self.not_negative(signs)?;
        ensure((1..=2).contains(&factors.len()), "one or two sums are wanted")?;
        let term = self.squared_in(last.left)?;
        let product = self.arena.product(factors.clone());
        ensure(step.own.how == Comparison::LessEqual && last.how == Comparison::LessEqual, "no weak order")?;
        ensure(last.right == product, "another bound of the squares")?;
        let two = self.arena.integer(2);
        let sum = self.sum_over(term, span)?;
        let square = self.arena.power(sum, two);
        let second = factors.get(1).copied().unwrap_or(self.arena.one());
        let sums = [self.sum_over(factors[0], span)?, self.sum_over(second, span)?];
        let bound = self.arena.product(sums);
        self.for_every(step, span, (square, bound), hypotheses)
    }

    /// `Σ t <= (Σ s)²` from `0 <= s` and `t <= s²` for every index.
    pub(super) fn square_of_sum(&mut self, step: &Step<'_>, span: Span, hypotheses: &Hypotheses<'_>) -> Checked {
        let [sign, last] = step.others[..] else { return Err(Objection::Wrong("no terms")) };
        let parts = self.not_negative(&[sign])?;
        let two = self.arena.integer(2);
        ensure(step.own.how == Comparison::LessEqual && last.how == Comparison::LessEqual, "no weak order")?;
        ensure(last.right == self.arena.power(parts[0], two), "another bound of the terms")?;
        let (terms, sum) = (self.sum_over(last.left, span)?, self.sum_over(parts[0], span)?);
        let square = self.arena.power(sum, two);
        self.for_every(step, span, (terms, square), hypotheses)
    }

    /// The premise, in which `F(u) - F(l - 1)` stands for a sum from l to u of terms `F(k) - F(k - 1)`.
    pub(super) fn telescoped(&mut self, step: &Step<'_>, telescope: Telescope, hypotheses: &Hypotheses<'_>) -> Checked {
        let Telescope { sum, letter, form } = telescope;
        let Node::Big { op: Big::Sum, lower, upper, .. } = *self.arena.node(sum) else {
            return Err(Objection::Wrong("no sum"));
        };
        ensure(!self.arena.contains(sum, letter), "the letter of a term stands in the sum")?;
        let inner = self.within(letter, (lower, upper), hypotheses)?;
        let [one, minus] = [1, -1].map(|n| self.arena.integer(n));
        let [before, first, after] =
            [(letter, minus), (lower, minus), (upper, one)].map(|(place, more)| self.arena.sum([place, more]));
        let mut at = |place: Expr| self.arena.substitute(form, &Substitution::from([(letter, place)]));
        let (earlier, begin, end) = (at(before), at(first), at(upper));
        let is_range = hypotheses.decides(self.arena, Comparison::LessEqual, lower, after) == Some(true);
        ensure(is_range, "the range may be shorter than empty")?;
        if !self.is_defined_beside(&[form, earlier], &[], &inner) {
            return Err(Objection::Unreplayed("a middle that may be undefined"));
        }
        let term = self.arena.instantiate(sum, letter).ok_or(Objection::Wrong("no term"))?;
        let zero = self.arena.zero();
        self.identity((zero, term), (earlier, form), &inner)?;
        let closed = self.arena.subtract(end, begin);
        let map = Substitution::from([(sum, closed)]);
        let wanted = step.own.prop().map(&mut |expr| self.arena.substitute(expr, &map));
        self.one_with(step.premises, &wanted, &[], hypotheses)
    }

    /// The right sides of relations `0 <= b`.
    fn not_negative(&self, signs: &[Relation]) -> Result<Vec<Expr>, Objection> {
        let is_sign = |own: &Relation| own.how == Comparison::LessEqual && self.arena.is_zero(own.left);
        ensure(signs.iter().all(is_sign), "a term may be negative")?;
        Ok(signs.iter().map(|own| own.right).collect())
    }

    /// What a square is the square of.
    fn squared_in(&mut self, square: Expr) -> Result<Expr, Objection> {
        let half = |exponent: i64| (exponent > 0 && exponent % 2 == 0).then_some(exponent / 2);
        match self.arena.node(square).clone() {
            Node::Power(base, exponent) => {
                let half = self.arena.as_integer(exponent).and_then(half).ok_or(Objection::Wrong("no square"))?;
                let half = self.arena.integer(half);
                Ok(self.arena.power(base, half))
            }
            Node::Product(parts) => {
                let roots = parts.iter().map(|&part| self.squared_in(part)).collect::<Result<Vec<_>, _>>()?;
                Ok(self.arena.product(roots))
            }
            Node::Number(value) => {
                let root = crate::number::rational::sqrt_exact(&value).ok_or(Objection::Wrong("no square"))?;
                Ok(self.arena.number(root))
            }
            _ => Err(Objection::Wrong("no square")),
        }
    }

    fn sum_over(&mut self, term: Expr, (letter, lower, upper): Span) -> Result<Expr, Objection> {
        let Node::Symbol { symbol, .. } = *self.arena.node(letter) else { return Err(Objection::Wrong("no letter")) };
        Ok(self.arena.big(Big::Sum, symbol, lower, upper, term))
    }

    /// The sides, and the premises for a letter of the range.
    fn for_every(
        &mut self,
        step: &Step<'_>,
        (letter, lower, upper): Span,
        (left, right): (Expr, Expr),
        hypotheses: &Hypotheses<'_>,
    ) -> Checked {
        let inner = self.within(letter, (lower, upper), hypotheses)?;
        for (own, other) in [(step.own.left, left), (step.own.right, right)] {
            self.equal(own, other, hypotheses).map_err(|_| Objection::Unreplayed("a sum over an index"))?;
        }
        self.all(step.premises, &inner)
    }
}

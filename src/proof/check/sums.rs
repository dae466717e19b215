//! Inferences on sums and products over an index: terms and factors.

use crate::expr::{Big, Comparison, Expr, Node};
use crate::number::range;
use crate::proof::check::evidence::{Relation, Span};
use crate::proof::check::extent::extent;
use crate::proof::check::hypotheses::Hypotheses;
use crate::proof::check::replay::{Checked, Needed, Objection, Replay, Sequent, Step, ensure};

impl Replay<'_> {
    /// Whether a range from `lower` on ends before `after`, or is empty.
    pub(super) fn is_range(&self, lower: Expr, after: Expr, hypotheses: &Hypotheses<'_>) -> Checked {
        let is_range = hypotheses.decides(self.arena, Comparison::LessEqual, lower, after) == Some(true);
        ensure(is_range, "the range may be shorter than empty")
    }

    /// A sum or product over a range.
    pub(super) fn over(&mut self, op: Big, body: Expr, span: Span) -> Result<Expr, Objection> {
        let symbol = self.symbol_of(span.letter)?;
        Ok(self.arena.big(op, symbol, span.lower, span.upper, body))
    }

    /// A sum of terms that are not negative is at least one of them, or two different ones, and more where another one
    /// is positive.
    pub(super) fn term_of_sum<'m>(&mut self, step: Step<'_, 'm>, places: &[Expr]) -> Needed<'m> {
        let (own, hypotheses) = (step.order()?, step.hypotheses);
        let Node::Big { op: Big::Sum, lower, upper, .. } = *self.arena.node(own.right) else {
            return Err(Objection::Wrong("no sum"));
        };
        let decides = |replay: &Self, how, low, high| hypotheses.decides(replay.arena, how, low, high) == Some(true);
        let at_most = Comparison::LessEqual;
        let are_inside =
            places.iter().all(|&place| decides(self, at_most, lower, place) && decides(self, at_most, place, upper));
        let are_apart = match *places {
            [_] => true,
            [a, b] => decides(self, Comparison::NotEqual, a, b),
            _ => false,
        };
        ensure(are_inside && are_apart, "no terms of the sum")?;
        let letter = self.arena.letter_apart("term", &[own.right]);
        let letter = self.arena.symbol(letter);
        let inner = self.within(letter, (lower, upper), hypotheses)?;
        let [body] = self.terms(own.right, &[letter])?[..] else { return Err(Objection::Wrong("no term")) };
        let body = extent(self.arena, &inner, body);
        let is_more = range::is_positive(&body) && decides(self, Comparison::Less, lower, upper) && places.len() == 1;
        ensure(range::is_non_negative(&body) && (own.how == at_most || is_more), "a term may be negative")?;
        let terms = self.terms(own.right, places)?;
        let (sum, zero) = (self.arena.sum(terms), self.arena.zero());
        self.identity((zero, own.left), (zero, sum), hypotheses)?;
        Ok(Vec::new())
    }

    fn terms(&mut self, sum: Expr, places: &[Expr]) -> Result<Vec<Expr>, Objection> {
        let terms = places.iter().map(|&place| self.arena.instantiate(sum, place)).collect::<Option<Vec<_>>>();
        terms.ok_or(Objection::Wrong("no term"))
    }

    /// `c Π a_j <= d Π b_j` from `|a_j| <= b_j` for every j, and from `|c| <= d`, which is below 0 nowhere.
    pub(super) fn factors<'m>(&mut self, step: Step<'_, 'm>, span: Span) -> Needed<'m> {
        let (own, hypotheses, others) = (step.order()?, step.hypotheses, step.others()?);
        let (one, zero) = (self.arena.one(), self.arena.zero());
        let (each, rest) = others.split_last().ok_or(Objection::Wrong("no factors"))?;
        let (rest, is_positive) = match *rest {
            [] => (Relation::new(Comparison::LessEqual, one, one), true),
            [rest] => (rest, false),
            [rest, positive] => (rest, positive == Relation::new(Comparison::Less, zero, rest.right)),
            _ => return Err(Objection::Wrong("no factors")),
        };
        let is_strict = own.how == Comparison::Less;
        ensure(rest.is_order() && each.how == own.how && (!is_strict || is_positive), "no strict factors")?;
        let after = self.arena.sum([span.upper, one]);
        self.is_range(span.lower, if is_strict { span.upper } else { after }, hypotheses)?;
        let inner = self.within(span.letter, span.ends(), hypotheses)?;
        for side in [rest.left, each.left] {
            let own = extent(self.arena, &inner, side);
            ensure(range::is_non_negative(&own), "a factor may be negative")?;
        }
        let left = [rest.left, self.over(Big::Product, each.left, span)?];
        let right = [rest.right, self.over(Big::Product, each.right, span)?];
        let [left, right] = [left, right].map(|parts| self.arena.product(parts));
        self.square_of_both(own.left, left, hypotheses)?;
        self.identity((zero, own.right), (zero, right), hypotheses)?;
        let mut needed = step.here()?;
        if let Some(Sequent { under, .. }) = needed.last_mut() {
            *under = Some(inner);
        }
        Ok(needed)
    }
}

//! Sums and products over an index, by their terms: shares, Cauchy–Schwarz, squares of sums, geometric sums.
//!
//! Source: Steele (2004), The Cauchy–Schwarz Master Class, ch. 1.

use crate::expr::{Big, Comparison, Expr, Node, Substitution, SymbolKind};
use crate::number::Rational;
use crate::number::polynomial::Goal;
use crate::number::rational::is_negative;
use crate::proof::bounds::Prover;
use crate::proof::bounds::known::Known;
use crate::proof::bounds::rules::Asked;
use crate::proof::check::{Composition, Reason, Relation, Span};
use crate::proof::outcome::Method;
use crate::rewrite::{Domain, Form, Linear, Normalizer};

impl Prover<'_> {
    /// A sum by its terms: each is bounded by its share, or by the term of the other sum; a product by its factors.
    pub fn by_terms(&mut self, written: Asked<'_>) -> bool {
        let mark = self.evidence.len();
        let asked = written.of(self.with_factors_inside(written.left), self.with_factors_inside(written.right));
        match (self.big(asked.left), self.big(asked.right)) {
            (Some((op, low, high)), Some((other, from, to))) if (op, low, high) == (other, from, to) => {
                let Some((left, inner, letter)) = self.term(asked.left, low, high, asked.known) else { return false };
                let Some(right) = self.arena.instantiate(asked.right, letter) else { return false };
                let not_empty = asked.known.decides(self.arena, Comparison::LessEqual, low, high) == Some(true);
                let may = match op {
                    Big::Sum => asked.goal == Goal::NonNegative || not_empty,
                    Big::Product => {
                        let zero = self.arena.zero();
                        asked.goal == Goal::NonNegative
                            && self.attempt(|prover| prover.at_most(zero, left, Goal::NonNegative, &inner))
                    }
                    Big::Ascending | Big::Descending => false,
                };
                self.methods.insert(Method::Rule);
                self.evidence.truncate(mark);
                let found = may && self.asks(Asked { left, right, goal: asked.goal, known: &inner });
                let (lower, upper) = (low, high);
                found && self.over_range(mark, written, Composition::Over(op, Span::new(letter, lower, upper)))
            }
            (Some((Big::Sum, low, high)), _) => self.by_shares(written, asked, asked.left, (low, high)),
            (_, Some((Big::Sum, low, high))) => self.by_shares(written, asked, asked.right, (low, high)),
            _ => false,
        }
    }

    /// `Σ t <= r` where every t is at most r divided by the number of terms; where there may be none, r is a multiple of it.
    fn by_shares(&mut self, written: Asked<'_>, asked: Asked<'_>, sum: Expr, (low, high): (Expr, Expr)) -> bool {
        let (one, back) = (self.arena.one(), self.arena.negate(low));
        let after = self.arena.sum([high, one]);
        let at_most = |end: Expr| asked.known.decides(self.arena, Comparison::LessEqual, low, end) == Some(true);
        let (is_range, may_be_empty) = (at_most(after), !at_most(high));
        if !is_range || may_be_empty && asked.goal == Goal::Positive {
            return false;
        }
        let Some((term, inner, letter)) = self.term(sum, low, high, asked.known) else { return false };
        let length = self.arena.sum([after, back]);
        let length = self.canonical(length);
        let other = if sum == asked.left { asked.right } else { asked.left };
        let (share, n_conditions) = (self.arena.divide(other, length), self.conditions.len());
        let share = self.canonical(share);
        if may_be_empty {
            let whole = self.arena.product([share, length]);
            let rest = self.arena.subtract(other, whole);
            self.conditions.truncate(n_conditions);
            if self.divides(share, length) || !self.vanishes(rest, asked.known) {
                return false;
            }
        }
        self.methods.insert(Method::Rule);
        let (left, right) = if sum == asked.left { (term, share) } else { (share, term) };
        let mark = self.evidence.len();
        let found = self.asks(Asked { left, right, goal: asked.goal, known: &inner });
        let (op, lower, upper) = (Big::Sum, low, high);
        found && self.over_range(mark, written, Composition::Over(op, Span::new(letter, lower, upper)))
    }

    /// Whether an expression is divided by letters of another.
    fn divides(&self, expr: Expr, by: Expr) -> bool {
        let letters = self.arena.reachable(&[by]);
        self.arena.reachable(&[expr]).into_iter().any(|part| match self.arena.node(part) {
            Node::Power(base, _) => self
                .arena
                .reachable(&[*base])
                .iter()
                .any(|own| letters.contains(own) && matches!(self.arena.node(*own), Node::Symbol { .. })),
            _ => false,
        })
    }

    /// What was proved of every term since `mark`, as a relation of the whole.
    fn over_range(&mut self, mark: usize, asked: Asked<'_>, how: Composition) -> bool {
        self.conclude(mark, asked.relation().prop(), Reason::Composed(how));
        true
    }

    /// `Σ t <= (Σ s)²` where no s is negative and every t is at most s².
    pub fn by_square_of_sum(&mut self, asked: Asked<'_>) -> bool {
        let Node::Power(sum, two) = *self.arena.node(asked.right) else { return false };
        let (Some((Big::Sum, low, high)), true) = (self.big(asked.left), self.arena.as_integer(two) == Some(2)) else {
            return false;
        };
        if self.big(sum) != self.big(asked.left) || asked.goal == Goal::Positive {
            return false;
        }
        let Some((term, inner, letter)) = self.term(asked.left, low, high, asked.known) else { return false };
        let Some(part) = self.arena.instantiate(sum, letter) else { return false };
        let (zero, square) = (self.arena.zero(), self.arena.power(part, two));
        self.methods.insert(Method::Rule);
        let mark = self.evidence.len();
        let found = [(zero, part), (term, square)]
            .into_iter()
            .all(|(left, right)| self.at_most(left, right, Goal::NonNegative, &inner));
        if found {
            let law = Reason::Law("square of a sum", vec![letter, low, high, term, part]);
            self.conclude(mark, asked.relation().prop(), law);
        }
        found
    }

    /// `(Σ a)² <= Σ b Σ c` where `a² <= b c` and neither b nor c is negative; the number of terms is a sum of ones.
    pub fn by_cauchy_schwarz(&mut self, asked: Asked<'_>) -> bool {
        let (Node::Power(sum, two), Node::Product(parts)) =
            (self.arena.node(asked.left).clone(), self.arena.node(asked.right).clone())
        else {
            return false;
        };
        let Some((Big::Sum, low, high)) = self.big(sum).filter(|_| self.arena.as_integer(two) == Some(2)) else {
            return false;
        };
        let (sums, rest): (Vec<Expr>, Vec<Expr>) =
            parts.iter().partition(|&&part| self.big(part) == Some((Big::Sum, low, high)));
        if asked.goal == Goal::Positive {
            return false;
        }
        let Some((term, inner, letter)) = self.term(sum, low, high, asked.known) else { return false };
        let mut factors = Vec::new();
        for &sum in &sums {
            factors.extend(self.arena.instantiate(sum, letter));
        }
        let rest = self.arena.product(rest);
        let counted = sums.len() == 1 && self.is_length(rest, low, high);
        if !(factors.len() == 2 && self.arena.is_one(rest) || factors.len() == 1 && counted) {
            return false;
        }
        factors.resize(2, self.arena.one());
        let (zero, square, product) =
            (self.arena.zero(), self.arena.power(term, two), self.arena.product(factors.clone()));
        self.methods.insert(Method::Rule);
        let mark = self.evidence.len();
        let wanted = [(zero, factors[0]), (zero, factors[1]), (square, product)];
        let found = wanted.into_iter().all(|(left, right)| self.at_most(left, right, Goal::NonNegative, &inner));
        if found {
            let law = Reason::Law("Cauchy–Schwarz", vec![letter, low, high, term, factors[0], factors[1]]);
            self.conclude(mark, asked.relation().prop(), law);
        }
        found
    }

    /// Whether an expression is how many terms there are between two ends.
    fn is_length(&self, expr: Expr, low: Expr, high: Expr) -> bool {
        let read = |expr| Linear::read(self.arena, expr);
        let (Some(own), Some(low), Some(high)) = (read(expr), read(low), read(high)) else { return false };
        own == high.minus(&low).plus(&Linear::integer(1), &1.into())
    }

    /// Geometric sums in closed form.
    pub fn by_closed_sums(&mut self, asked: Asked<'_>) -> bool {
        let mark = self.evidence.len();
        let (left, right) = (self.series_closed(asked.left, asked.known), self.series_closed(asked.right, asked.known));
        self.evidence.truncate(mark);
        if (left, right) == (asked.left, asked.right) {
            return false;
        }
        self.methods.insert(Method::Rule);
        let found = self.compared(left, right, asked.goal, asked.known);
        if found {
            self.conclude_telescoped(mark, asked.relation());
        }
        found
    }

    /// A relation from what was left since `mark`: the same with its geometric sums in closed form.
    pub fn conclude_telescoped(&mut self, mark: usize, relation: Relation) {
        let sides = [relation.left, relation.right];
        let (mut last, mut chain) = (relation, Vec::new());
        for sum in self.arena.reachable(&sides) {
            let Some(closed) = self.telescoped(sum) else { continue };
            chain.push((last, sum, closed));
            let map = Substitution::from([(sum, closed)]);
            let sides = self.arena.substitute_all(&[last.left, last.right], &map);
            last = Relation::new(relation.how, sides[0], sides[1]);
        }
        if !self.concludes(mark, &last.prop()) {
            self.conclude(mark, last.prop(), Reason::WorkedOut);
        }
        for (before, sum, closed) in chain.into_iter().rev() {
            self.conclude_replaced(mark, before.prop(), sum, closed);
        }
    }

    /// An expression with its geometric sums as the differences that they telescope to.
    pub fn with_series_telescoped(&mut self, expr: Expr) -> Expr {
        let mut map = Substitution::new();
        for sum in self.arena.reachable(&[expr]) {
            map.extend(self.telescoped(sum).map(|closed| (sum, closed)));
        }
        self.arena.substitute(expr, &map)
    }

    /// A geometric sum by the multiple of its terms of which they are the differences, from its first index to its last.
    fn telescoped(&mut self, sum: Expr) -> Option<Expr> {
        let (_, lower, upper) = self.big(sum).filter(|&(op, _, _)| op == Big::Sum && self.arena.is_closed(sum))?;
        let letter = self.fresh(SymbolKind::Integer);
        let one = self.arena.one();
        let next = self.arena.sum([letter, one]);
        let (term, later) = (self.arena.instantiate(sum, letter)?, self.arena.instantiate(sum, next)?);
        let upward = self.step_ratio(term, letter, 1);
        let (ratio, above) = match upward {
            Some(ratio) => (ratio, self.arena.negate(later)),
            None => (self.step_ratio(term, letter, -1)?, term),
        };
        let below = self.arena.subtract(one, ratio);
        let (form, minus) = (self.arena.divide(above, below), self.arena.integer(-1));
        let before = self.arena.sum([lower, minus]);
        let [end, begin] =
            [upper, before].map(|place| self.arena.substitute(form, &Substitution::from([(letter, place)])));
        Some(self.arena.subtract(end, begin))
    }

    /// What a term is multiplied by from one index to the next in a direction, where no power of a name falls.
    fn step_ratio(&mut self, term: Expr, letter: Expr, direction: i64) -> Option<Expr> {
        let form = Normalizer::new(self.arena).form(term, &crate::rewrite::Domain::all()).ok()?;
        let [only] = &form.terms[..] else { return None };
        let mut rates = Vec::new();
        for (&atom, exponent) in &only.factors {
            if self.arena.contains(atom, letter) {
                return None;
            }
            rates.extend(exponent.parts.get(&letter).map(|rate| (atom, rate.clone())));
        }
        if rates.is_empty() || !only.letters.is_empty() { None } else { self.ratio_of(&rates, direction) }
    }

    /// `Σ_{k=m}^{n} c q^k = c (q^m - q^(n+1)) / (1 - q)` where q is not 1.
    pub fn series_closed(&mut self, expr: Expr, known: &Known) -> Expr {
        let mut map = Substitution::new();
        for part in self.arena.reachable(&[expr]) {
            if let Node::Big { op: Big::Sum, lower, upper, .. } = *self.arena.node(part)
                && let Some(closed) = self.geometric_sum(part, lower, upper, known)
            {
                map.insert(part, closed);
            }
        }
        self.arena.substitute(expr, &map)
    }

    pub fn geometric_sum(&mut self, sum: Expr, lower: Expr, upper: Expr, known: &Known) -> Option<Expr> {
        if !self.arena.is_closed(sum) {
            return None;
        }
        let letter = self.fresh(SymbolKind::Integer);
        let term = self.arena.instantiate(sum, letter)?;
        let (low, high) = (Linear::read(self.arena, lower)?, Linear::read(self.arena, upper)?);
        let one = Linear::integer(1);
        let length = high.minus(&low).plus(&one, &1.into());
        if !known.domain.implies_at_most_zero(&Linear::default().minus(&length)) {
            return None;
        }
        let mut inside = known.domain.clone();
        let index = Linear::letter(letter);
        inside.require_at_most_zero(&low.minus(&index))?;
        inside.require_at_most_zero(&index.minus(&high))?;
        let mut form = self.unconditional_form(term, &inside)?;
        let falls = |rate: Option<&Rational>| rate.is_some_and(is_negative);
        if form.terms.iter().flat_map(|own| own.factors.iter()).any(|(_, exponent)| falls(exponent.parts.get(&letter)))
        {
            // From its last term to its first.
            let ends = self.arena.sum([lower, upper]);
            let back = self.arena.subtract(ends, letter);
            let turned = self.arena.substitute(term, &Substitution::from([(letter, back)]));
            form = self.unconditional_form(turned, &inside)?;
        }
        let [only] = &form.terms[..] else { return None };
        let mut ratio = Vec::new();
        for (&atom, exponent) in &only.factors {
            if self.arena.contains(atom, letter) {
                return None;
            }
            if let Some(rate) = exponent.parts.get(&letter) {
                if is_negative(rate) && self.arena.as_number(atom).is_none() {
                    return None;
                }
                let rate = self.arena.number(rate.clone());
                ratio.push(self.arena.power(atom, rate));
            }
        }
        if ratio.is_empty() || !only.letters.is_empty() || !inside.without(&only.domain).is_empty() {
            return None;
        }
        // The term as a power, which goes on beyond the range as it began.
        let term = Normalizer::new(self.arena).expression_within(&form, &inside)?;
        let ratio = self.arena.product(ratio);
        let unit = self.arena.one();
        let apart =
            |prover: &mut Self, low, high| prover.attempt(|prover| prover.at_most(low, high, Goal::Positive, known));
        if !apart(self, ratio, unit) && !apart(self, unit, ratio) {
            return None;
        }
        let after = high.plus(&one, &1.into()).expr(self.arena);
        let at = |prover: &mut Self, place| prover.arena.substitute(term, &Substitution::from([(letter, place)]));
        let (first, last) = (at(self, lower), at(self, after));
        let (above, below) = (self.arena.subtract(first, last), self.arena.subtract(unit, ratio));
        Some(self.arena.divide(above, below))
    }

    /// The form of an expression on a domain, where nothing was cancelled for it.
    fn unconditional_form(&mut self, expr: Expr, domain: &Domain) -> Option<Form> {
        let mut normalizer = Normalizer::new(self.arena);
        let form = normalizer.form(expr, domain).ok()?;
        normalizer.conditions.is_empty().then_some(form)
    }

    /// `c Σ t` as `Σ c t`.
    pub fn with_factors_inside(&mut self, expr: Expr) -> Expr {
        let Node::Product(parts) = self.arena.node(expr).clone() else { return expr };
        let (sums, mut rest): (Vec<Expr>, Vec<Expr>) =
            parts.iter().partition(|&&part| matches!(self.arena.node(part), Node::Big { op: Big::Sum, .. }));
        let [sum] = sums[..] else { return expr };
        let Some((_, low, high)) = self.big(sum) else { return expr };
        let letter = self.fresh(SymbolKind::Integer);
        let (Node::Symbol { symbol, .. }, Some(term)) =
            (self.arena.node(letter).clone(), self.arena.instantiate(sum, letter))
        else {
            return expr;
        };
        rest.push(term);
        let body = self.arena.product(rest);
        self.arena.big(Big::Sum, symbol, low, high, body)
    }

    pub fn big(&self, expr: Expr) -> Option<(Big, Expr, Expr)> {
        match *self.arena.node(expr) {
            Node::Big { op, lower, upper, .. } => Some((op, lower, upper)),
            _ => None,
        }
    }

    pub fn term(&mut self, sum: Expr, low: Expr, high: Expr, known: &Known) -> Option<(Expr, Known, Expr)> {
        let letter = self.fresh(SymbolKind::Integer);
        let term = self.arena.instantiate(sum, letter)?;
        let (from, to) = (Linear::read(self.arena, low)?, Linear::read(self.arena, high)?);
        Some((term, known.within(letter, &from, &to), letter))
    }
}

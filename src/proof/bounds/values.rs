//! Where values lie: the ranges of expressions, from those of their parts, from definitions and from what is known.

use crate::expr::{Big, Comparison, Elementary, Expr, Function, Node, SymbolKind};
use crate::model::Model;
use crate::number::polynomial::{End, Range};
use crate::number::range;
use crate::number::rational::fraction;
use crate::number::{Interval, Rational};
use crate::proof::bounds::Prover;
use crate::proof::bounds::known::Known;
use crate::proof::check::{of_call, of_root};
use crate::rewrite::Linear;

/// How deep definitions are opened.
const DEPTH: usize = 12;

impl Prover<'_> {
    /// A range that holds the value of `expr` wherever it is defined.
    pub fn range(&mut self, expr: Expr, known: &Known) -> Range {
        self.range_at(expr, known, 0)
    }

    fn range_at(&mut self, expr: Expr, known: &Known, depth: usize) -> Range {
        if depth > DEPTH || !self.arena.shape(expr).is_scalar() {
            return Range::everything();
        }
        let own = self.structural(expr, known, depth);
        let by_facts = self.by_facts(expr, known);
        let by_laws = self.by_laws(expr, known);
        range::meet(&range::meet(&own, &by_facts), &by_laws)
    }

    fn structural(&mut self, expr: Expr, known: &Known, depth: usize) -> Range {
        match self.arena.node(expr).clone() {
            Node::Number(value) => range::point(&value),
            Node::Pi => range::of_interval(&Interval::pi(64)),
            Node::Symbol { symbol, .. } if self.arena.kind(symbol) == SymbolKind::Integer => {
                self.integer_range(expr, known)
            }
            Node::Symbol { .. } | Node::Entry { .. } if self.is_state(expr) => self.state_range(expr, known, depth),
            Node::Sum(parts) => parts.iter().fold(range::point(&0.into()), |all, &part| {
                let own = self.range_at(part, known, depth + 1);
                range::sum(&all, &own)
            }),
            Node::Product(parts) => self.product_range(&parts, known, depth),
            Node::Power(base, exponent) => self.power_range(base, exponent, known, depth),
            Node::Call { function: Function::Elementary(f), slots, args } if slots.is_empty() => {
                let args: Vec<Range> = args.iter().map(|&arg| self.range_at(arg, known, depth + 1)).collect();
                of_call(f, &args)
            }
            Node::Cases(branches) => {
                let mut all: Option<Range> = None;
                for branch in branches.iter() {
                    let decided = branch.condition.map(|(how, a, b)| known.decides(self.arena, how, a, b));
                    if decided == Some(Some(false)) {
                        continue;
                    }
                    let own = self.range_at(branch.value, known, depth + 1);
                    all = Some(all.map_or(own.clone(), |all| range::hull(&all, &own)));
                    if matches!(decided, None | Some(Some(true))) {
                        break;
                    }
                }
                all.unwrap_or_else(Range::everything)
            }
            Node::Big { op: op @ (Big::Sum | Big::Product), lower, upper, .. } => {
                self.big_range(expr, (op, lower, upper), known, depth)
            }
            Node::Symbol { .. }
            | Node::Infinity
            | Node::Bound(_)
            | Node::Call { .. }
            | Node::Big { .. }
            | Node::MatMul(_)
            | Node::MatrixPower(..)
            | Node::Transpose(_)
            | Node::Entry { .. }
            | Node::Literal { .. }
            | Node::Identity(_)
            | Node::Fill(..)
            | Node::Unit(..)
            | Node::Tensor { .. }
            | Node::Derivative { .. }
            | Node::At { .. }
            | Node::Limit { .. }
            | Node::Extremum { .. } => Range::everything(),
        }
    }

    fn integer_range(&self, expr: Expr, known: &Known) -> Range {
        let form = Linear::letter(expr);
        let end = |bound: Option<i64>| bound.map_or(End::Unbounded, |bound| End::Closed(bound.into()));
        let low = known.domain.upper_bound(&Linear::default().minus(&form)).map(|bound| -bound);
        Range { low: end(low), high: end(known.domain.upper_bound(&form)) }
    }

    fn is_state(&self, expr: Expr) -> bool {
        Model::member(self.arena, expr).is_some_and(|(symbol, _, _)| self.structure.states.contains(&symbol))
    }

    /// A state lies where its definition's values do; its start only where something is known of it.
    fn state_range(&mut self, expr: Expr, known: &Known, depth: usize) -> Range {
        let Some((symbol, indices, components)) = Model::member(self.arena, expr) else { return Range::everything() };
        let [at] = indices[..] else { return Range::everything() };
        let first = self.structure.first[&symbol];
        let one = self.arena.one();
        if known.decides(self.arena, Comparison::LessEqual, first, at) == Some(true) {
            return self.definition_range(expr, known, depth);
        }
        let minus = self.arena.negate(one);
        let start = self.arena.sum([first, minus]);
        let start = Linear::read(self.arena, start).map_or(start, |linear| linear.expr(self.arena));
        if at != start && known.decides(self.arena, Comparison::LessEqual, start, at) == Some(true) {
            let start = self.arena.member(symbol, vec![start]);
            let start = if components.is_empty() { start } else { self.arena.entry(start, components) };
            let start = known.values.get(&start).copied().unwrap_or(start);
            let begin = self.range_at(start, known, depth + 1);
            let later = self.definition_range(expr, known, depth);
            return range::hull(&begin, &later);
        }
        Range::everything()
    }

    fn definition_range(&mut self, expr: Expr, known: &Known, depth: usize) -> Range {
        match self.structure.definition_of(self.arena, self.model, expr).and_then(|body| self.resolved(body)) {
            Some(body) => self.range_at(body, known, depth + 3),
            None => Range::everything(),
        }
    }

    fn product_range(&mut self, parts: &[Expr], known: &Known, depth: usize) -> Range {
        let mut all = range::point(&1.into());
        let mut rest = parts.to_vec();
        while let Some(part) = rest.pop() {
            let n_before = rest.len();
            rest.retain(|&other| other != part);
            let own = self.range_at(part, known, depth + 1);
            let exponent = i64::try_from(n_before - rest.len() + 1).unwrap_or(1);
            all = range::product(&all, &range::power(&own, exponent));
        }
        all
    }

    fn power_range(&mut self, base: Expr, exponent: Expr, known: &Known, depth: usize) -> Range {
        let own = self.range_at(base, known, depth + 1);
        match self.arena.as_integer(exponent) {
            Some(n) if (1..=64).contains(&n) => return range::power(&own, n),
            Some(n) if (-64..0).contains(&n) => return range::power(&range::reciprocal(&own), -n),
            _ => {}
        }
        let positive = range::is_positive(&own);
        let below_one = own.high.value().is_some_and(|high| *high <= Rational::from(1));
        let above_one = own.low.value().is_some_and(|low| *low >= Rational::from(1));
        let whole = crate::proof::context::is_integer(self.arena, exponent);
        let zero = self.arena.zero();
        let counts = whole && known.decides(self.arena, Comparison::LessEqual, zero, exponent) == Some(true);
        let sign = if positive { range::positive() } else { range::non_negative() };
        if range::is_non_negative(&own) && counts && below_one {
            return Range { high: End::Closed(1.into()), ..sign };
        }
        if counts && above_one {
            return Range { low: End::Closed(1.into()), high: End::Unbounded };
        }
        if counts && self.is_even(exponent) {
            return if range::excludes_zero(&own) { range::positive() } else { range::non_negative() };
        }
        // A real power is defined for bases that are not negative; a whole one keeps their sign.
        let real = self.arena.as_number(exponent).is_some_and(|n| !n.is_int());
        if real && self.arena.as_number(exponent).is_some_and(|n| *n == fraction(1, 2).unwrap_or_default()) {
            return of_root(&own);
        }
        if positive || real {
            return sign;
        }
        if range::is_non_negative(&own) { range::non_negative() } else { Range::everything() }
    }

    /// Whether an integer is twice another one.
    fn is_even(&self, exponent: Expr) -> bool {
        let half = Rational::from(1) / Rational::from(2);
        let is_whole = |value: &Rational| (value * &half).is_int();
        Linear::read(self.arena, exponent)
            .is_some_and(|form| is_whole(&form.constant) && form.parts.values().all(is_whole))
    }

    fn big_range(&mut self, expr: Expr, (op, lower, upper): (Big, Expr, Expr), known: &Known, depth: usize) -> Range {
        let Some((body, inner)) = self.opened(expr, lower, upper, known) else { return Range::everything() };
        let own = self.range_at(body, &inner, depth + 1);
        let not_empty = known.decides(self.arena, Comparison::LessEqual, lower, upper) == Some(true);
        match op {
            Big::Sum if range::is_positive(&own) && not_empty => range::positive(),
            Big::Sum if range::is_non_negative(&own) => range::non_negative(),
            Big::Sum if range::is_non_negative(&range::negation(&own)) => range::negation(&range::non_negative()),
            Big::Product => {
                let sign = if range::is_positive(&own) {
                    range::positive()
                } else if range::is_non_negative(&own) {
                    range::non_negative()
                } else {
                    return Range::everything();
                };
                let below_one = own.high.value().is_some_and(|high| *high <= Rational::from(1));
                if below_one { Range { high: End::Closed(1.into()), ..sign } } else { sign }
            }
            Big::Sum | Big::Ascending | Big::Descending => Range::everything(),
        }
    }

    /// The body of a sum or product for a letter of its range.
    pub fn opened(&mut self, expr: Expr, lower: Expr, upper: Expr, known: &Known) -> Option<(Expr, Known)> {
        let letter = self.fresh(SymbolKind::Integer);
        let body = self.arena.instantiate(expr, letter)?;
        let (low, high) = (Linear::read(self.arena, lower)?, Linear::read(self.arena, upper)?);
        Some((body, known.within(letter, &low, &high)))
    }

    /// What facts of the form `x < 3` and `|x| < 3` say.
    fn by_facts(&mut self, expr: Expr, known: &Known) -> Range {
        let mut all = Range::everything();
        for &(how, left, right) in &known.facts {
            all = range::meet(&all, &self.by_relation(expr, how, left, right));
        }
        all
    }

    fn by_laws(&mut self, expr: Expr, known: &Known) -> Range {
        let mut all = Range::everything();
        for law in &known.laws {
            for pattern in law.patterns(self.arena) {
                let Some(letters) = law.unify(self.arena, pattern, expr) else { continue };
                let Some((how, left, right)) = law.instance(self.arena, known, &letters) else { continue };
                all = range::meet(&all, &self.by_relation(expr, how, left, right));
            }
        }
        all
    }

    fn by_relation(&self, expr: Expr, how: Comparison, left: Expr, right: Expr) -> Range {
        let side = |value: &Rational| match how {
            Comparison::Less => Some(End::Open(value.clone())),
            Comparison::LessEqual | Comparison::Equal => Some(End::Closed(value.clone())),
            Comparison::NotEqual | Comparison::Approximately => None,
        };
        let below = |high: &Rational| Range { low: End::Unbounded, high: side(high).unwrap_or(End::Unbounded) };
        let above = |low: &Rational| Range { low: side(low).unwrap_or(End::Unbounded), high: End::Unbounded };
        let equal = how == Comparison::Equal;
        if let Some(value) = self.arena.as_number(right) {
            if left == expr {
                return if equal { range::point(value) } else { below(value) };
            }
            if self.is_magnitude_of(left, expr) {
                let below = below(value);
                return range::meet(&below, &range::negation(&below));
            }
        }
        if let Some(value) = self.arena.as_number(left)
            && right == expr
        {
            return if equal { range::point(value) } else { above(value) };
        }
        Range::everything()
    }

    fn is_magnitude_of(&self, side: Expr, expr: Expr) -> bool {
        matches!(self.arena.node(side), Node::Call { function: Function::Elementary(Elementary::Abs), args, .. } if args[0] == expr)
    }
}

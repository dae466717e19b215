//! Terms with their signs, and factors with what stands under them.

use crate::expr::{Expr, Node};
use crate::number::Rational;
use crate::number::rational;
use crate::print::chain;
use crate::print::layout::{Laid, Layout};
use crate::print::scope::Scope;
use crate::print::{Fence, Level, Part, PartId, Sign};

/// The widest part that is set over a bare number, as in `\frac{x}{2}`.
const WIDTH_OVER_NUMBER: u32 = 12;

/// A product taken apart for print.
struct Factors {
    coefficient: Rational,
    over: Vec<PartId>,
    under: Vec<PartId>,
}

impl Layout<'_> {
    /// Terms with a sign before each: `1 - x`, `t - 1`.
    pub(super) fn sum(&mut self, parts: &[Expr], scope: Scope) -> Laid {
        let mut terms = parts.to_vec();
        let laid: std::collections::HashMap<Expr, Laid> =
            parts.iter().map(|&part| (part, self.at(part, scope))).collect();
        self.ranks.sort_terms(self.arena, &mut terms, |term| laid[&term].negative);
        let mut items = Vec::with_capacity(2 * terms.len());
        for term in terms {
            let laid = laid[&term];
            let sign = match (items.is_empty(), laid.negative) {
                (true, true) => Some(Sign::Negative),
                (true, false) => None,
                (false, true) => Some(Sign::Minus),
                (false, false) => Some(Sign::Plus),
            };
            items.extend(sign.map(|sign| self.tree.sign(sign)));
            items.push(self.tree.fenced_below(laid.part, Level::Reach));
        }
        Laid::plain(self.tree.row(items, Level::Sum))
    }

    /// Factors with a fraction for those below the line, equal ones as a power, and the sign apart.
    pub(super) fn product(&mut self, parts: &[Expr], scope: Scope) -> Laid {
        let mut factors: Vec<Expr> = Vec::with_capacity(parts.len());
        let mut coefficient = Rational::ONE;
        for &part in parts {
            match self.arena.as_number(part) {
                Some(value) => coefficient *= value.clone(),
                None => factors.push(part),
            }
        }
        self.ranks.sort_factors(self.arena, &mut factors);
        chain::link(self.arena, &mut factors);
        let tensors = factors.iter().filter(|&&factor| !self.arena.shape(factor).is_scalar()).count();
        let (scalars, tensors) =
            if tensors > 1 { factors.split_at(factors.len() - tensors) } else { (&factors[..], &[][..]) };
        let negative = rational::is_negative(&coefficient);
        let factors = self.factors(rational::abs(&coefficient), scalars, scope);
        let part = if tensors.is_empty() { self.fraction_of(factors) } else { self.hadamard(factors, tensors, scope) };
        Laid { part, negative, under: None }
    }

    /// Factors above and below the line; a product of matrices runs together with what follows unless fenced.
    fn factors(&mut self, coefficient: Rational, exprs: &[Expr], scope: Scope) -> Factors {
        let mut factors = Factors { coefficient, over: Vec::new(), under: Vec::new() };
        let mut rest = exprs;
        while let Some(&expr) = rest.first() {
            let count = rest.iter().take_while(|&&other| other == expr).count();
            rest = &rest[count..];
            let laid = self.at(expr, scope);
            let divides = self.arena.shape(expr).is_scalar();
            let (part, is_under) = match laid.under.filter(|_| divides) {
                Some(under) => (under, true),
                None => (self.full(laid), false),
            };
            let mut part = part;
            if !rest.is_empty() && matches!(self.arena.node(expr), Node::MatMul(_)) {
                part = self.tree.round(part);
            }
            if count > 1 {
                let exponent = self.tree.digits(count.to_string());
                part = self.raise(part, exponent);
            }
            if is_under { factors.under.push(part) } else { factors.over.push(part) }
        }
        factors
    }

    /// `\frac{x}{2}`, `\frac{1}{2} (x - y)^2`, `\frac{a b}{c} \sum …`.
    fn fraction_of(&mut self, factors: Factors) -> PartId {
        let Factors { coefficient, over, under } = factors;
        let (numerator, denominator) = (coefficient.numerator().to_string(), coefficient.denominator().to_string());
        let numerator = (numerator != "1").then_some(numerator);
        if under.is_empty() && denominator == "1" {
            return self.factor_row(numerator, over);
        }
        let (above, beside) = if under.is_empty() && !self.fits_over_number(&over) {
            (Vec::new(), over)
        } else {
            over.into_iter().partition(|&part| self.fits_over(part))
        };
        let above = match (above.is_empty(), numerator) {
            (true, numerator) => self.tree.digits(numerator.unwrap_or_else(|| "1".to_owned())),
            (false, numerator) => self.factor_row(numerator, above),
        };
        let below = self.factor_row((denominator != "1").then_some(denominator), under);
        let fraction = self.tree.add(Part::Fraction { above, below });
        self.factor_row(None, [vec![fraction], beside].concat())
    }

    fn fits_over(&self, part: PartId) -> bool {
        let facts = self.tree.facts(part);
        !facts.tall && facts.level != Level::Reach
    }

    fn fits_over_number(&self, parts: &[PartId]) -> bool {
        let light = |part: PartId| self.fits_over(part) && !self.has_parentheses(part);
        let width = parts.iter().fold(0u32, |sum, &part| sum.saturating_add(self.tree.facts(part).width));
        let one_sum = parts.len() == 1 && self.tree.level(parts[0]) <= Level::Sum && self.fits_over(parts[0]);
        width <= WIDTH_OVER_NUMBER
            && (one_sum || parts.iter().all(|&part| light(part) && self.tree.level(part) > Level::Sum))
    }

    fn has_parentheses(&self, part: PartId) -> bool {
        match self.tree.part(part) {
            Part::Fenced { fence, .. } => *fence != Fence::Bars,
            Part::Scripts { base, .. } => matches!(self.tree.part(*base), Part::Fenced { .. } | Part::Apply { .. }),
            Part::Letter(_)
            | Part::Number(_)
            | Part::Word(_)
            | Part::Prose(_)
            | Part::Sign(_)
            | Part::Styled { .. }
            | Part::Row(_)
            | Part::Apply { .. }
            | Part::Fraction { .. }
            | Part::Root(_)
            | Part::Big { .. }
            | Part::Evaluated { .. }
            | Part::Matrix { .. }
            | Part::Cases(_) => false,
        }
    }

    /// Factors side by side after a number: in parentheses where they are sums, or reach and are not last.
    pub(super) fn factor_row(&mut self, number: Option<String>, parts: Vec<PartId>) -> PartId {
        let number = number.map(|digits| self.tree.digits(digits));
        let parts: Vec<PartId> = number.into_iter().chain(parts).collect();
        if let [only] = parts[..] {
            return only;
        }
        let last = parts.len() - 1;
        let mut items: Vec<PartId> = Vec::with_capacity(2 * parts.len());
        let mut level = Level::Product;
        for (position, part) in parts.into_iter().enumerate() {
            let least = if position == last { Level::Reach } else { Level::Hadamard };
            let mut part = self.tree.fenced_below(part, least);
            if position != last && self.tree.level(part) == Level::Prefix {
                part = self.tree.round(part);
            }
            level = level.min(self.tree.level(part));
            if let Some(&before) = items.last() {
                let sign = self.times(before, part);
                items.push(self.tree.sign(sign));
            }
            items.push(part);
        }
        self.tree.row(items, level)
    }

    /// Nothing between factors, or a dot where nothing would be read as something else.
    pub(super) fn times(&self, before: PartId, after: PartId) -> Sign {
        let next = self.tree.facts(after);
        let called = next.round && self.is_like_function(before);
        if next.digit || called || self.runs_together(before, after) { Sign::Dot } else { Sign::Times }
    }

    /// Whether a reader takes `f (x)` for a call.
    fn is_like_function(&self, part: PartId) -> bool {
        let base = self.carrier(part);
        matches!(self.tree.part(base), Part::Letter(name)
            if matches!(&**name, "f" | "g" | r"\sigma" | r"\phi" | r"\varphi" | r"\psi" | r"\ell"))
    }

    /// What carries the scripts of a part.
    fn carrier(&self, part: PartId) -> PartId {
        if let Part::Scripts { base, .. } = self.tree.part(part) { *base } else { part }
    }

    /// Whether two letters side by side are a name of their own, or would be read as a differential.
    fn runs_together(&self, before: PartId, after: PartId) -> bool {
        let Part::Letter(first) = self.tree.part(before) else {
            return false;
        };
        let Part::Letter(second) = self.tree.part(self.carrier(after)) else {
            return false;
        };
        &**first == "d" || self.arena.find(&format!("{first}{second}")).is_some()
    }

    /// Tensors multiplied entry by entry, after the numbers.
    fn hadamard(&mut self, scalars: Factors, tensors: &[Expr], scope: Scope) -> PartId {
        let mut items: Vec<PartId> = Vec::new();
        let has_scalar = !scalars.coefficient.is_one() || !scalars.over.is_empty() || !scalars.under.is_empty();
        if has_scalar {
            let scalar = self.fraction_of(scalars);
            items.push(self.tree.fenced_below(scalar, Level::Product));
            items.push(self.tree.sign(Sign::Times));
        }
        let tensors = self.ranks.gradients_first(tensors);
        let (mut factors, mut divisors): (Vec<Expr>, Vec<Expr>) =
            tensors.into_iter().partition(|&tensor| self.at(tensor, scope).under.is_none());
        if factors.is_empty() {
            factors.push(divisors.remove(0));
        }
        for (position, &factor) in factors.iter().enumerate() {
            let part = self.whole(factor, scope);
            self.entry_by_entry(&mut items, part, (position > 0).then_some(Sign::Odot));
        }
        for divisor in divisors {
            let laid = self.at(divisor, scope);
            self.entry_by_entry(&mut items, laid.under.unwrap_or(laid.part), Some(Sign::Oslash));
        }
        self.tree.row(items, Level::Hadamard)
    }

    fn entry_by_entry(&mut self, items: &mut Vec<PartId>, part: PartId, sign: Option<Sign>) {
        items.extend(sign.map(|sign| self.tree.sign(sign)));
        items.push(self.tree.fenced_below(part, Level::Prefix));
    }
}

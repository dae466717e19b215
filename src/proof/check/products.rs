//! Sums and products over an index, and squares, at a point of a prime field.

use crate::expr::{Big, Branch, Comparison, Elementary, Expr, Function, Node, SymbolKind};
use crate::proof::check::hypotheses::call;
use crate::proof::check::residues::{Found, Leaf, Missing, Point, Value};

/// Sums and products with fewer terms than this are written out.
pub(super) const MOST_TERMS: i64 = 24;

impl Point<'_> {
    /// The square of an expression: that of an absolute value is that of what stands in it.
    pub(super) fn square(&mut self, expr: Expr) -> Found {
        if let Some(to) = self.hypotheses.value_of(expr) {
            return self.square(to);
        }
        match self.arena.node(expr).clone() {
            Node::Call { function: Function::Elementary(Elementary::Abs), slots, args } if slots.is_empty() => {
                self.square(args[0])
            }
            Node::Product(parts) => {
                let mut product = self.whole(1);
                for &part in parts.iter() {
                    let own = self.square(part)?;
                    product = self.times(product, own);
                }
                Ok(product)
            }
            Node::Power(base, exponent) if self.arena.as_number(exponent).is_some_and(|n| !n.is_int()) => {
                let two = self.arena.integer(2);
                let twice = self.arena.product([two, exponent]);
                let square = self.arena.power(base, twice);
                self.value(square)
            }
            Node::Power(base, exponent) => match self.integer(exponent) {
                Some(n) => {
                    let own = self.square(base)?;
                    self.raised(own, exponent, n)
                }
                None => {
                    let own = self.value(expr)?;
                    Ok(self.squared(own))
                }
            },
            Node::Big { op: Big::Product, lower, upper, .. } => self.product_over(expr, (lower, upper), Point::square),
            Node::Cases(_) if self.choice(expr).is_some() => {
                let to = self.choice(expr).ok_or(Missing::Undefined)?;
                self.square(to)
            }
            _ => {
                let own = self.value(expr)?;
                Ok(self.squared(own))
            }
        }
    }

    /// The letter for the index of a binder over a range: another one for each range, and for binders within others.
    pub(super) fn letter_of(&mut self, (lower, upper): (Expr, Expr)) -> Expr {
        let name = format!("\u{a7}check{}.{}.{}", self.depth, lower.position(), upper.position());
        let letter = self.arena.intern(&name, SymbolKind::Integer);
        self.arena.symbol(letter)
    }

    /// What is found where that letter lies in the range. Outside nothing of it is known.
    pub(super) fn at_letter<T>(
        &mut self,
        (lower, upper): (Expr, Expr),
        find: impl FnOnce(&mut Self, Expr) -> Result<T, Missing>,
    ) -> Result<T, Missing> {
        let letter = self.letter_of((lower, upper));
        let (memo, known) = (std::mem::take(&mut self.memo), self.hypotheses.place(self.arena, letter, (lower, upper)));
        self.depth += 1;
        let found = find(self, letter);
        self.depth -= 1;
        self.hypotheses.displace(known);
        self.memo = memo;
        found
    }

    /// What is found of the body of a binder there.
    pub(super) fn body_at_letter(
        &mut self,
        binder: Expr,
        range: (Expr, Expr),
        find: impl FnOnce(&mut Self, Expr) -> Found,
    ) -> Found {
        self.at_letter(range, |point, letter| {
            let body = point.arena.instantiate(binder, letter).ok_or(Missing::Undefined)?;
            find(point, body)
        })
    }

    /// The terms or factors of a binder over few integers.
    pub(super) fn few(&mut self, binder: Expr, (lower, upper): (Expr, Expr)) -> Option<Vec<Expr>> {
        let n_last = self.hypotheses.distance(self.arena, lower, upper).filter(|&n| n < MOST_TERMS)?;
        let term = |place: i64| {
            let step = self.arena.integer(place);
            let at = self.arena.sum([lower, step]);
            self.arena.instantiate(binder, at)
        };
        (0..=n_last).map(term).collect()
    }

    /// A product over a range by the value of its factor at the letter of the range: multiplicative, and a power for a
    /// factor that does not hold the letter. Products that agree so agree for every multiplicative function of sequences.
    pub(super) fn product_over(
        &mut self,
        expr: Expr,
        range: (Expr, Expr),
        mut value: impl FnMut(&mut Self, Expr) -> Found,
    ) -> Found {
        let mut all = self.whole(1);
        if let Some(factors) = self.few(expr, range) {
            for factor in factors {
                let factor = value(self, factor)?;
                all = self.times(all, factor);
            }
            return Ok(all);
        }
        let letter = self.letter_of(range);
        let body = self.arena.instantiate(expr, letter).ok_or(Missing::Undefined)?;
        let (within, outside): (Vec<Expr>, Vec<Expr>) =
            self.factors_of(body).into_iter().partition(|&factor| self.arena.contains(factor, letter));
        for factor in outside {
            let own = value(self, factor)?;
            let own = self.over_range(own, range)?;
            all = self.times(all, own);
        }
        if within.is_empty() {
            return Ok(all);
        }
        let within = self.arena.product(within);
        let within = self.at_letter(range, |point, _| value(point, within))?;
        let within = self.over_range(within, range)?;
        Ok(self.times(all, within))
    }

    /// The product of factors of one value over a range: a power, where the range is not shorter than empty.
    pub(super) fn over_range(&mut self, factor: Value, (lower, upper): (Expr, Expr)) -> Found {
        if self.is_range((lower, upper))
            && let Some((high, low)) = self.integer(upper).zip(self.integer(lower))
        {
            let power = self.power(factor, high.saturating_sub(low).saturating_add(1))?;
            return Ok(Value { plain: factor.plain + 4.0, ..power });
        }
        self.leaf_of_big(Big::Product, (lower, upper), factor)
    }

    /// A sum or product with a body of this value.
    pub(super) fn leaf_of_big(&mut self, op: Big, (lower, upper): (Expr, Expr), body: Value) -> Found {
        let (letter, ends) = (self.letter_of((lower, upper)), self.residues(&[lower, upper])?);
        Ok(self.leaf(Leaf::Big(op, letter, ends[0], ends[1], body.residue)))
    }

    /// Whether a range is not shorter than empty.
    fn is_range(&mut self, (lower, upper): (Expr, Expr)) -> bool {
        let one = self.arena.one();
        let after = self.arena.sum([upper, one]);
        self.hypotheses.decides(self.arena, Comparison::LessEqual, lower, after) == Some(true)
    }

    /// A sum or product with few terms, or a leaf that is told by its ends and its body.
    pub(super) fn big(&mut self, expr: Expr, (op, lower, upper): (Big, Expr, Expr)) -> Found {
        let range = (lower, upper);
        if op == Big::Product {
            return self.product_over(expr, range, Point::value);
        }
        let mut sum = self.whole(0);
        if let Some(terms) = self.few(expr, range) {
            for term in terms {
                let term = self.value(term)?;
                sum = self.plus(sum, term);
            }
            return Ok(sum);
        }
        if !self.is_apart {
            let body = self.body_at_letter(expr, range, Point::value)?;
            return self.leaf_of_big(op, range, body);
        }
        let letter = self.letter_of(range);
        let body = self.arena.instantiate(expr, letter).ok_or(Missing::Undefined)?;
        let terms = self.at_letter(range, |point, _| Ok(point.terms_of(body)))?;
        for term in terms {
            let own = self.sum_of_term(term, letter, range)?;
            sum = self.plus(sum, own);
        }
        Ok(sum)
    }

    /// The terms of the body of a sum, with what can be opened or multiplied out.
    fn terms_of(&mut self, body: Expr) -> Vec<Expr> {
        let opened = match self.arena.node(body).clone() {
            Node::Sum(terms) => return terms.iter().flat_map(|&term| self.terms_of(term)).collect(),
            Node::Entry { of, at } => self.entry(of, &at),
            Node::Symbol { .. } => self.helper(body).unwrap_or(body),
            _ => self.multiplied_out(body).unwrap_or(body),
        };
        if opened == body { vec![body] } else { self.terms_of(opened) }
    }

    /// A sum of one term over a range, with what does not hold the letter of its index drawn out.
    fn sum_of_term(&mut self, term: Expr, letter: Expr, (lower, upper): (Expr, Expr)) -> Found {
        let (within, outside): (Vec<Expr>, Vec<Expr>) =
            self.factors_of(term).into_iter().partition(|&factor| self.arena.contains(factor, letter));
        if let Some((place, rest)) = self.picked(&within, letter) {
            let is_inside = [(lower, place), (place, upper)]
                .into_iter()
                .all(|(low, high)| self.hypotheses.decides(self.arena, Comparison::LessEqual, low, high) == Some(true));
            if is_inside {
                let term = self.arena.product(outside.into_iter().chain(rest).collect::<Vec<_>>());
                let term = self.arena.substitute(term, &[(letter, place)].into_iter().collect());
                return self.value(term);
            }
        }
        let (within, mut product) = (self.arena.product(within), self.whole(1));
        for factor in outside {
            let own = self.value(factor)?;
            product = self.times(product, own);
        }
        let one = self.arena.one();
        if within == one && self.is_range((lower, upper)) {
            let back = self.arena.negate(lower);
            let length = self.arena.sum([upper, one, back]);
            let length = self.value(length)?;
            return Ok(self.times(product, length));
        }
        let body = self.at_letter((lower, upper), |point, _| point.value(within))?;
        let sum = self.leaf_of_big(Big::Sum, (lower, upper), body)?;
        Ok(self.times(product, sum))
    }

    /// The one index at which a factor is not 0, and the factors there.
    fn picked(&self, factors: &[Expr], letter: Expr) -> Option<(Expr, Vec<Expr>)> {
        factors.iter().enumerate().find_map(|(at, &factor)| {
            let (a, b, value) = match self.arena.node(factor) {
                Node::Call { function: Function::Elementary(Elementary::Delta), args, .. } => (args[0], args[1], None),
                Node::Cases(branches) => match branches[..] {
                    [
                        Branch { condition: Some((Comparison::Equal, a, b)), value },
                        Branch { condition: None, value: rest },
                    ] if self.arena.is_zero(rest) => (a, b, Some(value)),
                    _ => return None,
                },
                _ => return None,
            };
            let place = if a == letter { b } else { a };
            let is_integer = self.hypotheses.distance(self.arena, place, place).is_some();
            let is_apart = [a, b].contains(&letter) && is_integer && !self.arena.contains(place, letter);
            let others = factors.iter().enumerate().filter(|&(other, _)| other != at).map(|(_, &other)| other);
            is_apart.then(|| (place, others.chain(value).collect()))
        })
    }

    /// A product with a sum, or a small power of one, or the logarithm of a product among its factors, as a sum.
    fn multiplied_out(&mut self, body: Expr) -> Option<Expr> {
        const MOST_FACTORS: i64 = 3;
        const MOST_TERMS: usize = 64;
        let mut factors = Vec::new();
        for factor in self.factors_of(body) {
            match *self.arena.node(factor) {
                Node::Power(base, exponent) if matches!(self.arena.node(base), Node::Sum(_)) => {
                    let times = self.arena.as_integer(exponent).filter(|n| (1..=MOST_FACTORS).contains(n));
                    factors.extend(std::iter::repeat_n(
                        times.map_or(factor, |_| base),
                        times.and_then(|n| usize::try_from(n).ok()).unwrap_or(1),
                    ));
                }
                _ => factors.push(factor),
            }
        }
        let n_terms = |factor: &Expr| match self.arena.node(*factor) {
            Node::Sum(terms) => terms.len(),
            _ => 1,
        };
        if factors.iter().map(n_terms).product::<usize>() > MOST_TERMS {
            return None;
        }
        for place in 0..factors.len() {
            let inside = call(self.arena, factors[place]).filter(|&(f, _)| f == Elementary::Log);
            let sum = match inside {
                Some((_, inside)) => self.log_apart(inside).unwrap_or(factors[place]),
                None => factors[place],
            };
            let Node::Sum(terms) = self.arena.node(sum).clone() else { continue };
            let mut all = Vec::new();
            for &term in terms.iter() {
                factors[place] = term;
                all.push(self.arena.product(factors.clone()));
            }
            return Some(self.arena.sum(all));
        }
        None
    }

    /// The factors of a term, those of powers of products one by one.
    fn factors_of(&mut self, term: Expr) -> Vec<Expr> {
        match self.arena.node(term).clone() {
            Node::Product(parts) => parts.iter().flat_map(|&part| self.factors_of(part)).collect(),
            Node::Power(base, exponent) if self.arena.as_integer(exponent).is_some() => {
                let factors = self.factors_of(base);
                factors.into_iter().map(|factor| self.arena.power(factor, exponent)).collect()
            }
            _ => vec![term],
        }
    }
}

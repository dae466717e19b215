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

    /// The letter for the index of a binder over a range, which does not stand in its body: another one for each range.
    pub(super) fn letter_of(&mut self, body: Option<Expr>, (lower, upper): (Expr, Expr)) -> Expr {
        let mut name = format!("\u{a7}check{}.{}", lower.position(), upper.position());
        loop {
            let letter = self.arena.intern(&name, SymbolKind::Integer);
            let letter = self.arena.symbol(letter);
            if body.is_none_or(|body| !self.arena.contains(body, letter)) {
                return letter;
            }
            name.push('\'');
        }
    }

    /// A product over a range by the value of its factor at the letter of the range: multiplicative, and a power for a
    /// factor that does not hold the letter. Products that agree so agree for every multiplicative function of sequences.
    pub(super) fn product_over(
        &mut self,
        expr: Expr,
        (lower, upper): (Expr, Expr),
        mut value: impl FnMut(&mut Self, Expr) -> Found,
    ) -> Found {
        if let Some(n_last) = self.hypotheses.distance(self.arena, lower, upper).filter(|&n| n < MOST_TERMS) {
            let mut all = self.whole(1);
            for place in 0..=n_last {
                let step = self.arena.integer(place);
                let at = self.arena.sum([lower, step]);
                let factor = self.arena.instantiate(expr, at).ok_or(Missing::Undefined)?;
                let factor = value(self, factor)?;
                all = self.times(all, factor);
            }
            return Ok(all);
        }
        let letter = self.letter_of(Some(expr), (lower, upper));
        let body = self.arena.instantiate(expr, letter).ok_or(Missing::Undefined)?;
        let factor = value(self, body)?;
        self.over_range(factor, (lower, upper))
    }

    /// The product of factors of one value over a range.
    pub(super) fn over_range(&mut self, factor: Value, (lower, upper): (Expr, Expr)) -> Found {
        match self.integer(upper).zip(self.integer(lower)) {
            Some((high, low)) => {
                let power = self.power(factor, high - low + 1)?;
                Ok(Value { plain: factor.plain + 4.0, ..power })
            }
            None => {
                let ends = self.residues(&[lower, upper])?;
                Ok(self.leaf(Leaf::Big(Big::Product, ends[0], ends[1], factor.residue)))
            }
        }
    }

    /// A sum or product with few terms, or a leaf that is told by its ends and its body.
    pub(super) fn big(&mut self, expr: Expr, (op, lower, upper): (Big, Expr, Expr)) -> Found {
        if op == Big::Product {
            return self.product_over(expr, (lower, upper), Point::value);
        }
        if let Some(n_last) = self.hypotheses.distance(self.arena, lower, upper).filter(|&n| n < MOST_TERMS) {
            let mut all = self.whole(0);
            for place in 0..=n_last {
                let step = self.arena.integer(place);
                let at = self.arena.sum([lower, step]);
                let term = self.arena.instantiate(expr, at).ok_or(Missing::Undefined)?;
                let term = self.value(term)?;
                all = self.plus(all, term);
            }
            return Ok(all);
        }
        let letter = self.letter_of(Some(expr), (lower, upper));
        let body = self.arena.instantiate(expr, letter).ok_or(Missing::Undefined)?;
        if self.is_apart {
            return self.sum_over(body, letter, (lower, upper));
        }
        let ends = self.residues(&[lower, upper, body])?;
        Ok(self.leaf(Leaf::Big(op, ends[0], ends[1], ends[2])))
    }

    /// A sum over a range, term by term, with what does not hold its letter drawn out.
    fn sum_over(&mut self, body: Expr, letter: Expr, (lower, upper): (Expr, Expr)) -> Found {
        if let Node::Sum(terms) = self.arena.node(body).clone() {
            let mut sum = self.whole(0);
            for &term in terms.iter() {
                let own = self.sum_over(term, letter, (lower, upper))?;
                sum = self.plus(sum, own);
            }
            return Ok(sum);
        }
        let opened = match self.arena.node(body).clone() {
            Node::Entry { of, at } => self.entry(of, &at),
            Node::Symbol { .. } => self.helper(body).unwrap_or(body),
            _ => self.multiplied_out(body).unwrap_or(body),
        };
        if opened != body {
            return self.sum_over(opened, letter, (lower, upper));
        }
        let (within, outside): (Vec<Expr>, Vec<Expr>) =
            self.factors_of(body).into_iter().partition(|&factor| self.arena.contains(factor, letter));
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
        let (one, back) = (self.arena.one(), self.arena.negate(lower));
        let after = self.arena.sum([upper, one]);
        if within == one && self.hypotheses.decides(self.arena, Comparison::LessEqual, lower, after) == Some(true) {
            let length = self.arena.sum([after, back]);
            let length = self.value(length)?;
            return Ok(self.times(product, length));
        }
        let ends = self.residues(&[lower, upper, within])?;
        let sum = self.leaf(Leaf::Big(Big::Sum, ends[0], ends[1], ends[2]));
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

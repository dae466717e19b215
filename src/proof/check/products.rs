//! Sums and products over an index, and squares, at a point of a prime field.

use crate::expr::{Big, Elementary, Expr, Function, Node, SymbolKind};
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
                    self.power(own, n)
                }
                None => {
                    let own = self.value(expr)?;
                    Ok(self.squared(own))
                }
            },
            Node::Big { op: Big::Product, lower, upper, .. } => self.product(expr, (lower, upper), Point::square),
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

    /// The letter for the index of binders of a height over a range: another one for each range.
    pub(super) fn letter_of(&mut self, height: u32, (lower, upper): (Expr, Expr)) -> Expr {
        let range = format!("{height}.{}.{}", lower.position(), upper.position());
        let letter = self.arena.intern(&format!("\u{a7}check{range}"), SymbolKind::Integer);
        self.arena.symbol(letter)
    }

    /// A product over a range by the value of its factor at the letter of the range: multiplicative, and a power for a
    /// factor that does not hold the letter. Products that agree so agree for every multiplicative function of sequences.
    fn product(
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
        let height = self.arena.height(expr);
        let letter = self.letter_of(height, (lower, upper));
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
    pub(super) fn big(&mut self, expr: Expr, (op, lower, upper, height): (Big, Expr, Expr, u32)) -> Found {
        if op == Big::Product {
            return self.product(expr, (lower, upper), Point::value);
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
        let letter = self.letter_of(height, (lower, upper));
        let body = self.arena.instantiate(expr, letter).ok_or(Missing::Undefined)?;
        let ends = self.residues(&[lower, upper, body])?;
        Ok(self.leaf(Leaf::Big(op, ends[0], ends[1], ends[2])))
    }
}

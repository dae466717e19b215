//! Powers, roots, and what a superscript can be set on.

use crate::expr::{Expr, Node, Shape};
use crate::number::Rational;
use crate::number::rational;
use crate::print::layout::{Laid, Layout};
use crate::print::scope::Scope;
use crate::print::{Level, Part, PartId, Sign};

/// Entry by entry, a matrix to a power up to this is written as a product.
const MAX_REPEATED: i64 = 3;

impl Layout<'_> {
    /// `x^2`, `\sqrt{x}`, `\frac{1}{x}`; a negative number in the exponent goes under a line.
    pub(super) fn power(&mut self, base: Expr, exponent: Expr, scope: Scope) -> Laid {
        let shape = self.arena.shape(base);
        let (vector, matrix) = (matches!(shape, Shape::Vector(_)), matches!(shape, Shape::Matrix(..)));
        let Some(value) = self.arena.as_number(exponent).cloned() else {
            let base = self.at(base, scope);
            let exponent = self.whole(exponent, scope);
            let exponent = if matrix { self.entrywise(exponent) } else { exponent };
            let base = self.full(base);
            return Laid::plain(self.raise(base, exponent));
        };
        let base = self.at(base, scope);
        let base = self.full(base);
        let magnitude = rational::abs(&value);
        let part = if matrix { self.matrix_of_powers(base, &magnitude) } else { self.positive_power(base, &magnitude) };
        if !rational::is_negative(&value) {
            return Laid::plain(part);
        }
        if vector {
            // A quotient by a vector has no meaning: it stands for itself, or after the sign of division by entries.
            let magnitude = self.magnitude(&magnitude);
            let items = vec![self.tree.sign(Sign::Negative), magnitude];
            let exponent = self.tree.row(items, Level::Sum);
            return Laid { part: self.raise(base, exponent), negative: false, under: Some(part) };
        }
        let above = self.tree.digits("1");
        let fraction = self.tree.add(Part::Fraction { above, below: part });
        Laid { part: fraction, negative: false, under: Some(part) }
    }

    /// A power with a positive number as its exponent.
    fn positive_power(&mut self, base: PartId, exponent: &Rational) -> PartId {
        if exponent.is_one() {
            return base;
        }
        if rational::fraction(1, 2).as_ref() == Some(exponent) {
            return self.tree.add(Part::Root(base));
        }
        let exponent = self.magnitude(exponent);
        self.raise(base, exponent)
    }

    /// `X^2` would be read as the matrix power.
    fn matrix_of_powers(&mut self, base: PartId, exponent: &Rational) -> PartId {
        match rational::to_i64(exponent) {
            Some(1) => base,
            Some(n) if n <= MAX_REPEATED => {
                let base = self.tree.fenced_below(base, Level::Factor);
                let factors: Vec<PartId> = (0..n).map(|_| base).collect();
                self.tree.joined(&factors, Sign::Odot, Level::Hadamard)
            }
            Some(_) | None => {
                let exponent = self.magnitude(exponent);
                let exponent = self.entrywise(exponent);
                self.raise(base, exponent)
            }
        }
    }

    fn entrywise(&mut self, exponent: PartId) -> PartId {
        let items = vec![self.tree.sign(Sign::Ring), exponent];
        self.tree.row(items, Level::Product)
    }

    /// The power of a square matrix. A superscript T alone would be a transpose.
    pub(super) fn matrix_power(&mut self, base: Expr, exponent: Expr, scope: Scope) -> PartId {
        if let Node::Transpose(inner) = self.arena.node(base)
            && self.arena.as_integer(exponent) == Some(-1)
        {
            let inner = self.whole(*inner, scope);
            let items = vec![self.tree.sign(Sign::Negative), self.tree.letter(r"\top")];
            let above = self.tree.row(items, Level::Sum);
            return self.raise(inner, above);
        }
        let base = self.whole(base, scope);
        let mut exponent = self.whole(exponent, scope);
        if matches!(self.tree.part(exponent), Part::Letter(name) if &**name == "T") {
            let items = vec![self.tree.digits("1"), self.tree.sign(Sign::Dot), exponent];
            exponent = self.tree.row(items, Level::Product);
        }
        self.raise(base, exponent)
    }

    /// `W^\top`
    pub(super) fn transpose(&mut self, of: Expr, scope: Scope) -> PartId {
        let top = self.tree.letter(r"\top");
        let of = self.whole(of, scope);
        self.raise(of, top)
    }

    /// `base` with a superscript, in parentheses where it cannot carry one as it stands; `\tanh^2(x)`.
    pub(super) fn raise(&mut self, base: PartId, exponent: PartId) -> PartId {
        let scripts = |base, below| Part::Scripts { base, below, above: Some(exponent), primes: 0 };
        let part = match self.tree.part(base) {
            Part::Letter(name) if &**name != "e" => scripts(base, None),
            Part::Number(_) | Part::Styled { .. } | Part::Fenced { .. } | Part::Matrix { .. } => scripts(base, None),
            Part::Scripts { base, below, above: None, primes: 0 } if !self.is_word(*base) => scripts(*base, *below),
            Part::Apply { head, args } if self.is_word(*head) && self.is_count(exponent) => {
                let (head, args) = (*head, *args);
                let head = self.tree.add(Part::Scripts { base: head, below: None, above: Some(exponent), primes: 0 });
                return self.tree.add(Part::Apply { head, args });
            }
            Part::Apply { head, .. } if !self.is_word(*head) && !self.is_raised_word(*head) => scripts(base, None),
            Part::Letter(_)
            | Part::Scripts { .. }
            | Part::Apply { .. }
            | Part::Word(_)
            | Part::Prose(_)
            | Part::Sign(_)
            | Part::Row(_)
            | Part::Fraction { .. }
            | Part::Root(_)
            | Part::Big { .. }
            | Part::Evaluated { .. }
            | Part::Cases(_) => scripts(self.tree.round(base), None),
        };
        self.tree.add(part)
    }

    fn is_word(&self, part: PartId) -> bool {
        matches!(self.tree.part(part), Part::Word(_))
    }

    fn is_raised_word(&self, part: PartId) -> bool {
        matches!(self.tree.part(part), Part::Scripts { base, .. } if self.is_word(*base))
    }

    fn is_count(&self, part: PartId) -> bool {
        matches!(self.tree.part(part), Part::Number(_))
    }
}

//! The constructors of numbers. They flatten, sort, fold exact constants, drop 0 and 1, and count equal parts where there
//! are very many, and nothing else; so do those
//! of matrices in `tensors` and those that bind a letter in `binders`.

use crate::expr::{Arena, Branch, Comparison, DerivativeKind, Elementary, Expr, Function, Node, Shape, Slot, SymbolId};
use crate::number::Rational;
use crate::number::rational::{product, sum, to_i64};

/// How many terms or factors stand apart. Where there are more, equal ones are counted: names that are defined by twice
/// the one before, or by its square, would otherwise have 2^n of them after n definitions.
const MANY: usize = 512;

impl Arena {
    /// An exact number.
    pub fn number(&mut self, value: Rational) -> Expr {
        self.store(Node::Number(value), Shape::Scalar)
    }

    /// A whole number.
    pub fn integer(&mut self, value: i64) -> Expr {
        self.number(Rational::from(value))
    }

    /// 0.
    pub fn zero(&mut self) -> Expr {
        self.integer(0)
    }

    /// 1.
    pub fn one(&mut self) -> Expr {
        self.integer(1)
    }

    /// π.
    pub fn pi(&mut self) -> Expr {
        self.store(Node::Pi, Shape::Scalar)
    }

    /// +∞.
    pub fn infinity(&mut self) -> Expr {
        self.store(Node::Infinity, Shape::Scalar)
    }

    /// The value of an exact number; `None` for everything else.
    pub fn as_number(&self, expr: Expr) -> Option<&Rational> {
        match self.node(expr) {
            Node::Number(value) => Some(value),
            _ => None,
        }
    }

    /// The value of a whole number that fits.
    pub fn as_integer(&self, expr: Expr) -> Option<i64> {
        to_i64(self.as_number(expr)?)
    }

    /// Whether this is the number 0, or a tensor of zeros.
    pub fn is_zero(&self, expr: Expr) -> bool {
        match self.node(expr) {
            Node::Number(value) => value.is_zero(),
            Node::Fill(value, _) => self.is_zero(*value),
            _ => false,
        }
    }

    /// Whether this is the number 1.
    pub fn is_one(&self, expr: Expr) -> bool {
        matches!(self.node(expr), Node::Number(value) if value.is_one())
    }

    /// A name without indices, in its declared shape.
    pub fn symbol(&mut self, symbol: SymbolId) -> Expr {
        let shape = self.declared_shape(symbol);
        self.member_of_shape(symbol, Box::default(), shape)
    }

    /// A member of a family whose shape does not depend on the indices.
    pub fn member(&mut self, symbol: SymbolId, indices: Vec<Expr>) -> Expr {
        let shape = self.declared_shape(symbol);
        self.member_of_shape(symbol, indices.into(), shape)
    }

    /// A member of a family, with its shape.
    pub fn member_of_shape(&mut self, symbol: SymbolId, indices: Box<[Expr]>, shape: Shape) -> Expr {
        self.store(Node::Symbol { symbol, indices, shape }, shape)
    }

    pub(super) fn bound(&mut self, height: u32) -> Expr {
        self.store(Node::Bound(height), Shape::Scalar)
    }

    /// The shape of terms or factors that act entry by entry: the first that is not a number's.
    fn common_shape(&self, parts: &[Expr]) -> Shape {
        parts.iter().map(|&part| self.shape(part)).find(|shape| !shape.is_scalar()).unwrap_or(Shape::Scalar)
    }

    /// The sum of `parts`; 0 where there are none. Numbers are added to every entry of a tensor.
    pub fn sum(&mut self, parts: impl Into<Vec<Expr>>) -> Expr {
        let parts = parts.into();
        let shape = self.common_shape(&parts);
        let mut constant = Rational::from(0);
        let mut terms = Vec::with_capacity(parts.len());
        for part in parts {
            match self.node(part) {
                Node::Sum(inner) => {
                    for &term in inner.clone().iter() {
                        match self.as_number(term) {
                            Some(value) => constant = sum(&constant, value),
                            None => terms.push(term),
                        }
                    }
                }
                Node::Number(value) => constant = sum(&constant, value),
                Node::Fill(value, _) if self.is_zero(*value) => {}
                _ => terms.push(part),
            }
        }
        let only_scalars = self.common_shape(&terms).is_scalar();
        if !shape.is_scalar() && only_scalars {
            let rest = self.finish_sum(constant, terms, Shape::Scalar);
            return self.fill(rest, shape);
        }
        self.finish_sum(constant, terms, shape)
    }

    fn finish_sum(&mut self, constant: Rational, mut terms: Vec<Expr>, shape: Shape) -> Expr {
        if !constant.is_zero() || terms.is_empty() {
            terms.push(self.number(constant));
        }
        terms.sort_unstable();
        if terms.len() > MANY {
            terms = self.counted(terms, |arena, term, n| {
                let n = arena.integer(n);
                arena.product([n, term])
            });
        }
        if let [only] = terms[..] {
            return only;
        }
        self.store(Node::Sum(terms.into()), shape)
    }

    /// Equal parts of a sorted list as one, by `times`.
    fn counted(&mut self, parts: Vec<Expr>, times: impl Fn(&mut Self, Expr, i64) -> Expr) -> Vec<Expr> {
        let equal = parts.chunk_by(|one, other| one == other);
        let mut counted: Vec<Expr> = equal.map(|equal| times(self, equal[0], equal.len() as i64)).collect();
        counted.sort_unstable();
        counted
    }

    /// The product of factors that commute; 1 where there are none.
    pub fn product(&mut self, parts: impl Into<Vec<Expr>>) -> Expr {
        let parts = parts.into();
        let shape = self.common_shape(&parts);
        let mut constant = Rational::from(1);
        let mut factors = Vec::with_capacity(parts.len());
        for part in parts {
            match self.node(part) {
                Node::Product(inner) => {
                    for &factor in inner.clone().iter() {
                        match self.as_number(factor) {
                            Some(value) => constant = product(&constant, value),
                            None => factors.push(factor),
                        }
                    }
                }
                Node::Number(value) => constant = product(&constant, value),
                Node::Fill(value, _) if self.is_zero(*value) => constant = Rational::from(0),
                _ => factors.push(part),
            }
        }
        if constant.is_zero() {
            let zero = self.zero();
            return self.fill(zero, shape);
        }
        if !constant.is_one() || factors.is_empty() {
            factors.push(self.number(constant));
        }
        factors.sort_unstable();
        if factors.len() > MANY {
            factors = self.counted(factors, |arena, factor, n| {
                let n = arena.integer(n);
                arena.power(factor, n)
            });
        }
        if let [only] = factors[..] {
            return only;
        }
        self.store(Node::Product(factors.into()), shape)
    }

    /// `-part`.
    pub fn negate(&mut self, part: Expr) -> Expr {
        let minus = self.integer(-1);
        self.product([minus, part])
    }

    /// `left - right`.
    pub fn subtract(&mut self, left: Expr, right: Expr) -> Expr {
        let right = self.negate(right);
        self.sum([left, right])
    }

    /// `left / right`.
    pub fn divide(&mut self, left: Expr, right: Expr) -> Expr {
        let inverse = self.reciprocal(right);
        self.product([left, inverse])
    }

    /// `1 / part`.
    pub fn reciprocal(&mut self, part: Expr) -> Expr {
        let minus = self.integer(-1);
        self.power(part, minus)
    }

    /// `base^exponent`, entry by entry; `r^0 = 1` for every r.
    pub fn power(&mut self, base: Expr, exponent: Expr) -> Expr {
        let shape = self.shape(base);
        if self.is_zero(exponent) {
            let one = self.one();
            return self.fill(one, shape);
        }
        if self.is_one(exponent) || self.is_one(base) {
            return base;
        }
        if let (Some(value), Some(n)) = (self.as_number(base), self.as_integer(exponent))
            && let Some(power) = crate::number::rational::pow(value, n)
        {
            return self.number(power);
        }
        if let Node::Power(inner, m) = *self.node(base)
            && let (Some(m), Some(n)) = (self.as_integer(m), self.as_integer(exponent))
            && m > 0
            && n > 0
            && let Some(total) = m.checked_mul(n)
        {
            let exponent = self.integer(total);
            return self.power(inner, exponent);
        }
        self.store(Node::Power(base, exponent), shape)
    }

    /// The square root, a power with exponent 1/2.
    pub fn sqrt(&mut self, part: Expr) -> Expr {
        if let Some(root) = self.as_number(part).and_then(crate::number::rational::sqrt_exact) {
            return self.number(root);
        }
        let half = self.number(Rational::from_parts(1.into(), 2u8.into()));
        self.power(part, half)
    }

    /// A function applied to arguments; differentiated by `slots`, whose order does not matter.
    pub fn call(&mut self, function: Function, mut slots: Vec<Slot>, args: Vec<Expr>) -> Expr {
        slots.sort();
        let elementwise = slots.iter().all(|slot| slot.entry.is_empty()) && args.len() == 1;
        let shape = match &function {
            Function::Elementary(elementary) if elementary.row().arity == 1 => self.common_shape(&args),
            Function::Elementary(_) => Shape::Scalar,
            Function::Declared { symbol, .. } if elementwise && self.declared_shape(*symbol).is_scalar() => {
                self.common_shape(&args)
            }
            Function::Declared { .. } => Shape::Scalar,
        };
        self.store(Node::Call { function, slots: slots.into(), args: args.into() }, shape)
    }

    /// A declared function of vectors or matrices, whose value is a number.
    pub fn call_of_tensors(&mut self, function: Function, mut slots: Vec<Slot>, args: Vec<Expr>) -> Expr {
        slots.sort();
        self.store(Node::Call { function, slots: slots.into(), args: args.into() }, Shape::Scalar)
    }

    /// An elementary function of one argument.
    pub fn apply(&mut self, elementary: Elementary, arg: Expr) -> Expr {
        self.call(Function::Elementary(elementary), Vec::new(), vec![arg])
    }

    /// 1 where the two integers are equal, else 0.
    pub fn delta(&mut self, left: Expr, right: Expr) -> Expr {
        if left == right {
            return self.one();
        }
        if let (Some(a), Some(b)) = (self.as_number(left), self.as_number(right)) {
            let equal = a == b;
            return self.integer(i64::from(equal));
        }
        let (first, second) = if left < right { (left, right) } else { (right, left) };
        self.call(Function::Elementary(Elementary::Delta), Vec::new(), vec![first, second])
    }

    /// The value of the first branch whose condition holds. Branches that are decided by numbers are dropped.
    pub fn cases(&mut self, branches: Vec<Branch>) -> Expr {
        let mut kept: Vec<Branch> = Vec::new();
        for branch in branches {
            match branch.condition.map(|(how, a, b)| self.decide_numbers(how, a, b)) {
                None | Some(Some(true)) => {
                    kept.push(Branch { condition: None, value: branch.value });
                    break;
                }
                Some(Some(false)) => {}
                Some(None) => kept.push(branch),
            }
        }
        if let [Branch { condition: None, value }] = kept[..] {
            return value;
        }
        let shape = self.common_shape(&kept.iter().map(|branch| branch.value).collect::<Vec<_>>());
        self.store(Node::Cases(kept.into()), shape)
    }

    /// Decides a comparison of two exact numbers, or of equal expressions.
    pub fn decide_numbers(&self, how: Comparison, left: Expr, right: Expr) -> Option<bool> {
        if left == right {
            return Some(match how {
                Comparison::Equal | Comparison::LessEqual | Comparison::Approximately => true,
                Comparison::NotEqual | Comparison::Less => false,
            });
        }
        let (a, b) = (self.as_number(left)?, self.as_number(right)?);
        Some(match how {
            Comparison::Equal | Comparison::Approximately => a == b,
            Comparison::NotEqual => a != b,
            Comparison::Less => a < b,
            Comparison::LessEqual => a <= b,
        })
    }

    /// A derivative that is not worked out, in a shape that the layout of the page gives it.
    pub fn derivative_of_shape(&mut self, kind: DerivativeKind, of: Expr, by: Expr, shape: Shape) -> Expr {
        self.store(Node::Derivative { kind, of, by, shape }, shape)
    }

    /// A derivative of a number by a number, not worked out.
    pub fn derivative(&mut self, kind: DerivativeKind, of: Expr, by: Expr) -> Expr {
        self.derivative_of_shape(kind, of, by, Shape::Scalar)
    }

    /// `body` with `of` set to `value` after derivatives are taken.
    pub fn at(&mut self, body: Expr, of: Expr, value: Expr) -> Expr {
        if of == value {
            return body;
        }
        let shape = self.shape(body);
        self.store(Node::At { body, of, value }, shape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::SymbolKind;

    #[test]
    fn what_is_squared_or_doubled_again_and_again_stays_small() {
        let mut arena = Arena::new();
        let [x, y] = ["x", "y"].map(|name| {
            let symbol = arena.intern(name, SymbolKind::Real);
            arena.symbol(symbol)
        });
        let sum = arena.sum([x, y]);
        let power = (0..60).fold(sum, |last, _| arena.product([last, last]));
        let exponent = arena.integer(1 << 60);
        assert_eq!(power, arena.power(sum, exponent));
        let multiple = (0..54).fold(sum, |last, _| arena.sum([last, last]));
        let times = arena.integer(1 << 54);
        let terms = [x, y].map(|term| arena.product([times, term]));
        assert_eq!(multiple, arena.sum(terms));
    }
}

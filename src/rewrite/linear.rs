//! Integer expressions that are linear in letters and sizes: what indices, bounds and exponents are made of.

use crate::expr::{Arena, Expr, Node, SmallMap};
use crate::number::Rational;
use crate::number::rational::{product, sum};

/// `c_1 x_1 + … + c_n x_n + c`: the parts are symbols or members of families, the constants exact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Linear {
    /// The coefficients, none of them 0.
    pub parts: SmallMap<Expr, Rational>,
    /// What is added.
    pub constant: Rational,
}

impl Linear {
    /// A constant.
    pub fn constant(value: Rational) -> Linear {
        Linear { parts: SmallMap::new(), constant: value }
    }

    /// A whole constant.
    pub fn integer(value: i64) -> Linear {
        Linear::constant(Rational::from(value))
    }

    /// One letter.
    pub fn letter(letter: Expr) -> Linear {
        Linear { parts: SmallMap::from([(letter, Rational::ONE)]), constant: Rational::ZERO }
    }

    /// Reads a linear expression; `None` for everything else.
    pub fn read(arena: &Arena, expr: Expr) -> Option<Linear> {
        match arena.node(expr) {
            Node::Number(value) => Some(Linear::constant(value.clone())),
            Node::Symbol { shape, .. } if shape.is_scalar() => Some(Linear::letter(expr)),
            Node::Sum(terms) => {
                let mut all = Linear::default();
                for &term in terms.iter() {
                    all = all.plus(&Linear::read(arena, term)?, &Rational::from(1));
                }
                Some(all)
            }
            Node::Product(factors) => {
                let mut scale = Rational::from(1);
                let mut rest = Linear::integer(1);
                for &factor in factors.iter() {
                    match arena.as_number(factor) {
                        Some(value) => scale *= value.clone(),
                        None if rest.is_constant() => rest = Linear::read(arena, factor)?,
                        None => return None,
                    }
                }
                Some(Linear::default().plus(&rest, &scale))
            }
            _ => None,
        }
    }

    /// The expression again.
    pub fn expr(&self, arena: &mut Arena) -> Expr {
        let mut terms = Vec::new();
        for (&part, scale) in &self.parts {
            let scale = arena.number(scale.clone());
            terms.push(arena.product([scale, part]));
        }
        terms.push(arena.number(self.constant.clone()));
        arena.sum(terms)
    }

    /// `self + scale * other`.
    pub fn plus(&self, other: &Linear, scale: &Rational) -> Linear {
        let constant = sum(&self.constant, &product(&other.constant, scale));
        if scale.is_zero() || other.parts.is_empty() {
            return Linear { parts: self.parts.clone(), constant };
        }
        let parts = self.parts.merged(&other.parts, |own, other| match (own, other) {
            (Some(own), Some(other)) => Some(sum(own, &product(other, scale))).filter(|both| !both.is_zero()),
            (Some(own), None) => Some(own.clone()),
            (None, other) => other.map(|other| product(other, scale)),
        });
        Linear { parts, constant }
    }

    /// `self - other`.
    pub fn minus(&self, other: &Linear) -> Linear {
        self.plus(other, &Rational::from(-1))
    }

    /// Whether no letter stands in it.
    pub fn is_constant(&self) -> bool {
        self.parts.is_empty()
    }

    /// The value, where it is a whole constant that fits.
    pub fn as_integer(&self) -> Option<i64> {
        if !self.is_constant() || !self.constant.is_int() {
            return None;
        }
        i64::try_from(self.constant.numerator().clone()).ok()
    }

    /// The form with `letter` replaced.
    pub fn substitute(&self, letter: Expr, value: &Linear) -> Linear {
        match self.parts.get(&letter) {
            None => self.clone(),
            Some(scale) => {
                let mut rest = self.clone();
                rest.parts.remove(&letter);
                rest.plus(value, scale)
            }
        }
    }

    /// `x - y + c` as `(x, y, c)`, where an absent letter is `None`; `None` for other forms.
    pub fn as_difference(&self) -> Option<(Option<Expr>, Option<Expr>, i64)> {
        if !self.constant.is_int() {
            return None;
        }
        let constant = i64::try_from(self.constant.numerator().clone()).ok()?;
        let (mut plus, mut minus) = (None, None);
        for (&part, scale) in &self.parts {
            if scale.is_one() && plus.is_none() {
                plus = Some(part);
            } else if *scale == Rational::from(-1) && minus.is_none() {
                minus = Some(part);
            } else {
                return None;
            }
        }
        Some((plus, minus, constant))
    }
}

//! Products and powers that are numbers whatever stands in them: `0 \log x` and `(\log x)^0` keep nothing that says where
//! they have a value.

use std::collections::BTreeSet;

use crate::expr::{DefinedOn, Elementary, Expr, Function, Node as Meaning, SymbolId};
use crate::lower::reader::Reader;
use crate::model::FunctionBody;
use crate::number::{Rational, rational};
use crate::syntax::ast::Node;

impl Reader<'_> {
    /// A product or a quotient of `parts`, unless it is 0, and a part that is gone from it does not have a value everywhere.
    /// `x / x` is 1, and its divisor is known.
    pub(super) fn kept_product(&mut self, node: &Node, product: Expr, parts: &[Expr]) -> Option<Expr> {
        if self.arena.is_zero(product) { self.kept(node, product, parts) } else { Some(product) }
    }

    /// A power of a base and its exponent, unless it is 1, and one of the two is gone from it that does not have a value
    /// everywhere.
    pub(super) fn kept_power(&mut self, node: &Node, power: Expr, parts: &[Expr]) -> Option<Expr> {
        if self.is_constant(power) { self.kept(node, power, parts) } else { Some(power) }
    }

    fn kept(&mut self, node: &Node, value: Expr, parts: &[Expr]) -> Option<Expr> {
        if !parts.iter().any(|&part| !self.is_constant(part) && self.has_holes(part)) {
            return Some(value);
        }
        let message = "this is one number wherever it has a value, and nothing would say where that is".to_owned();
        let hint = r"write the number, and where it is meant as a condition: `\text{if } x > 0`";
        self.fail("not-supported", node.span, message, hint)
    }

    fn is_constant(&self, value: Expr) -> bool {
        match self.arena.node(value) {
            Meaning::Number(_) | Meaning::Identity(_) => true,
            Meaning::Fill(value, _) => self.is_constant(*value),
            _ => false,
        }
    }

    /// Whether an expression, by itself or by a definition that it uses, may have no value somewhere.
    fn has_holes(&self, expr: Expr) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![expr];
        let (mut is_differentiated, mut has_kinks) = (false, false);
        while let Some(root) = open.pop() {
            for part in self.arena.reachable(&[root]) {
                match self.arena.node(part) {
                    Meaning::Symbol { symbol, .. }
                    | Meaning::Call { function: Function::Declared { symbol, .. }, .. }
                        if seen.insert(*symbol) =>
                    {
                        if self.is_bound_to_partial(*symbol) {
                            return true;
                        }
                        open.extend(self.model.bodies_of(*symbol));
                    }
                    Meaning::Call { function: Function::Elementary(function), slots, .. } => {
                        if !is_everywhere(*function) {
                            return true;
                        }
                        has_kinks |= !function.is_smooth();
                        is_differentiated |= !slots.is_empty();
                    }
                    Meaning::Cases(_) => has_kinks = true,
                    Meaning::Derivative { .. } => is_differentiated = true,
                    Meaning::Power(base, exponent) if !self.has_powers(*base, *exponent) => return true,
                    Meaning::MatrixPower(_, exponent) if !self.is_count(*exponent) => return true,
                    Meaning::Limit { .. } | Meaning::Extremum { range: None, .. } => return true,
                    _ => {}
                }
            }
        }
        is_differentiated && has_kinks
    }

    /// Whether a name is bound to a function that does not have a value everywhere: `f = \log`.
    fn is_bound_to_partial(&self, symbol: SymbolId) -> bool {
        matches!(self.model.functions.get(&symbol), Some(FunctionBody::Elementary(own)) if !is_everywhere(*own))
    }

    /// Whether a power has a value everywhere: of a positive number, or with a natural number above.
    fn has_powers(&self, base: Expr, exponent: Expr) -> bool {
        let is_positive = self.arena.as_number(base).is_some_and(|base| *base > Rational::ZERO)
            || matches!(self.arena.node(base), Meaning::Pi);
        is_positive || self.is_count(exponent)
    }

    /// Whether an exponent is no number that is negative or a fraction.
    fn is_count(&self, exponent: Expr) -> bool {
        self.arena
            .as_number(exponent)
            .is_none_or(|number| rational::is_integer(number) && !rational::is_negative(number))
    }
}

fn is_everywhere(function: Elementary) -> bool {
    matches!(function.row().defined_on, DefinedOn::Reals | DefinedOn::Integers)
}

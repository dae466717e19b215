//! Gradients that are read as rows, because a Jacobian stands right of them, and turn back beside columns.

use crate::expr::{Expr, Node as Meaning, Shape};
use crate::lower::expression::strip;
use crate::lower::names::script_items;
use crate::lower::reader::Reader;
use crate::lower::superscript::names_transpose;
use crate::model::Layout;
use crate::syntax::ast::{Kind, Node, Sign, Times};

impl Reader<'_> {
    /// The terms of a sum, of which the products of a gradient by Jacobians take the shape of the vectors among them:
    /// `\frac{\partial L_t}{\partial h_t} + \frac{\partial L}{\partial h_{t+1}} \frac{\partial h_{t+1}}{\partial h_t}`.
    pub(super) fn with_rows_turned(&mut self, terms: &[(Sign, Node)], mut values: Vec<Expr>) -> Vec<Expr> {
        let vector_size = |reader: &Self, value: Expr| match reader.arena.shape(value) {
            Shape::Vector(size) => Some(size),
            Shape::Scalar | Shape::Matrix(..) => None,
        };
        let Some(size) = values.iter().find_map(|&value| vector_size(self, value)) else { return values };
        if self.model.layout != Layout::Mixed {
            return values;
        }
        for ((_, term), value) in terms.iter().zip(&mut values) {
            let Shape::Matrix(m, n) = self.arena.shape(*value) else { continue };
            if self.is_gradient_as_row(*value) && !self.begins_with_transpose(term) && self.is_row_beside((m, n), size)
            {
                *value = self.arena.transpose(*value);
            }
        }
        values
    }

    /// Whether a matrix of this shape is a row with as many entries as a vector of size `k`.
    pub(super) fn is_row_beside(&mut self, (m, n): (Expr, Expr), k: Expr) -> bool {
        self.arena.is_one(m) && !self.arena.is_one(n) && self.same_size(n, k)
    }

    /// Whether the first factor of a product, or of a term, that is not a number carries the sign of a transpose.
    pub(super) fn begins_with_transpose(&mut self, node: &Node) -> bool {
        match &strip(node).kind {
            Kind::Script { sup: Some(sup), .. } => {
                names_transpose(sup) || script_items(sup).into_iter().any(names_transpose)
            }
            Kind::Product(factors) => self.is_transpose_first(factors),
            Kind::Sum(terms) => terms.iter().any(|(_, term)| self.begins_with_transpose(term)),
            Kind::Big { body, .. } | Kind::Fenced { body, .. } => self.begins_with_transpose(body),
            _ => false,
        }
    }

    /// Whether one of some factors carries the sign of a transpose, and those before it are numbers.
    fn is_transpose_first(&mut self, factors: &[(Times, Node)]) -> bool {
        let Some(first) = factors.iter().position(|(_, factor)| self.begins_with_transpose(factor)) else {
            return false;
        };
        let is_number = |reader: &mut Self, factor: &Node| {
            let value = reader.on_trial(|reader| reader.expression(factor));
            value.is_some_and(|value| reader.arena.shape(value).is_scalar())
        };
        factors[..first].iter().all(|(_, factor)| is_number(self, factor))
    }

    /// Whether a value is the product of a gradient, read as a row, by what stands right of it, a multiple or a sum of
    /// such products.
    fn is_gradient_as_row(&self, value: Expr) -> bool {
        let mut tensors = match self.arena.node(value) {
            Meaning::MatMul(factors) => {
                let &Meaning::Transpose(column) = self.arena.node(factors[0]) else { return false };
                return matches!(self.arena.shape(column), Shape::Vector(_)) && self.is_gradient(column);
            }
            Meaning::Big { body, .. } => return self.is_gradient_as_row(*body),
            Meaning::Sum(parts) | Meaning::Product(parts) => {
                parts.iter().copied().filter(|&part| !self.arena.shape(part).is_scalar()).peekable()
            }
            _ => return false,
        };
        tensors.peek().is_some() && tensors.all(|part| self.is_gradient_as_row(part))
    }
}

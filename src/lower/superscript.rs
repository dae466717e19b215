//! Superscripts of values: transposes, inverses and powers.

use crate::expr::{Expr, Shape};
use crate::lower::expression::strip;
use crate::lower::names::spell;
use crate::lower::reader::Reader;
use crate::syntax::ast::{Kind, Node, Sign};

impl Reader<'_> {
    /// Transpose, inverse, star, and powers.
    pub(super) fn superscript(&mut self, node: &Node, value: Expr, sup: &Node) -> Option<Expr> {
        let shape = self.arena.shape(value);
        let is_tensor = !shape.is_scalar();
        let written = spell(sup).unwrap_or_default();
        if is_tensor && is_transpose(&written) {
            if written == "T" && !self.names.with_base("T").is_empty() {
                let message = "the superscript `T` is read as the transpose, though `T` is declared".to_owned();
                self.note_of_name("read-as-transpose", "T", sup.span, message, r"write `^\top` for the transpose");
            }
            return Some(self.arena.transpose(value));
        }
        if is_tensor && is_inverse_transpose(sup) {
            let minus = self.arena.integer(-1);
            let inverse = self.arena.matrix_power(value, minus);
            return Some(self.arena.transpose(inverse));
        }
        if is_transpose(&written) && (written == r"\top" || written == r"\intercal") {
            return Some(value);
        }
        if let Some(exponent) = entrywise(sup) {
            if matches!(shape, Shape::Matrix(..)) {
                let message =
                    "the power of a matrix entry by entry is read, but has no meaning for the engine".to_owned();
                return self.fail("not-supported", sup.span, message, r"write `A \odot A`");
            }
            let exponent = self.expression(exponent)?;
            return Some(self.arena.power(value, exponent));
        }
        let exponent = self.expression(sup)?;
        if !self.arena.shape(exponent).is_scalar() {
            return self.fail(
                "shape-mismatch",
                sup.span,
                "an exponent is a number".to_owned(),
                "write a number, or an entry of the vector",
            );
        }
        match shape {
            Shape::Scalar | Shape::Vector(_) => {
                let power = self.arena.power(value, exponent);
                self.kept_power(node, power, &[value, exponent])
            }
            Shape::Matrix(m, n) => {
                if !self.same_size(m, n) {
                    let message = format!("only a square matrix has powers, and this is {}", self.describe(shape));
                    return self.fail("shape-mismatch", node.span, message, r"write `A^\top A` or `A A^\top` instead");
                }
                if !self.is_whole(exponent) {
                    let message = "the exponent of a matrix is not an integer".to_owned();
                    return self.fail(
                        "not-supported",
                        sup.span,
                        message,
                        "only whole powers of a matrix have a meaning here",
                    );
                }
                let power = self.arena.matrix_power(value, exponent);
                self.kept_power(node, power, &[value, exponent])
            }
        }
    }
}

/// What stands before the sign of a transpose at the end of a superscript, and the sign.
pub(super) fn transposed(sup: &Node) -> Option<(&Node, &Node)> {
    let Kind::Product(items) = &strip(sup).kind else { return None };
    let [(_, inner), (_, top)] = &items[..] else { return None };
    is_transpose(&spell(top)?).then_some((inner, top))
}

/// Whether a superscript is the sign of a transpose, or ends in it.
pub(super) fn names_transpose(sup: &Node) -> bool {
    spell(sup).is_some_and(|written| is_transpose(&written)) || transposed(sup).is_some()
}

/// The exponent of `v^{\odot 2}`, `v^{\circ 2}`.
pub(super) fn entrywise(sup: &Node) -> Option<&Node> {
    let Kind::Product(items) = &strip(sup).kind else { return None };
    let [(_, Node { kind: Kind::Symbol(sign), .. }), (_, exponent)] = &items[..] else { return None };
    matches!(sign.as_str(), r"\odot" | r"\circ").then_some(exponent)
}

fn is_transpose(written: &str) -> bool {
    matches!(
        written,
        r"\top"
            | "T"
            | r"\mathsf{T}"
            | r"\mathrm{T}"
            | r"\intercal"
            | r"\text{T}"
            | r"\mathtt{T}"
            | r"\rm{T}"
            | r"\prime"
            | "⊤"
    )
}

fn is_inverse_transpose(sup: &Node) -> bool {
    match &strip(sup).kind {
        Kind::Sum(terms) => {
            matches!(&terms[..], [(Sign::Minus, only)] if is_transpose(&spell(only).unwrap_or_default()))
        }
        _ => false,
    }
}

//! What kind of thing a part of a formula is, as far as reading needs to know.

use super::ast::Kind;

/// How much a part of a formula says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// It is one thing, whatever stands around it.
    Operand,
    /// It is several things, which braces can hold together.
    Compound,
    /// It relates things: a chain or the type of a function, whose left side can be a list.
    Relation,
    /// It is made of statements.
    Statement,
    /// Words, or what could not be read.
    Remark,
}

/// The shape of a kind of node.
pub(super) fn shape(kind: &Kind) -> Shape {
    match kind {
        Kind::Number(_)
        | Kind::Symbol(_)
        | Kind::Operator(_)
        | Kind::Script { .. }
        | Kind::Fenced { .. }
        | Kind::Group(_)
        | Kind::Frac { .. }
        | Kind::Sqrt { .. }
        | Kind::Binom(..)
        | Kind::Big { .. }
        | Kind::Matrix { .. }
        | Kind::Cases(_)
        | Kind::Evaluated { .. }
        | Kind::Dots(_)
        | Kind::Decorated { .. }
        | Kind::Factorial(_)
        | Kind::Empty => Shape::Operand,
        Kind::Product(_) | Kind::Sum(_) | Kind::List(_) | Kind::Given(..) => Shape::Compound,
        Kind::Chain { .. } | Kind::Signature { .. } => Shape::Relation,
        Kind::Logic(..) | Kind::Not(_) | Kind::Quantified { .. } => Shape::Statement,
        Kind::Text(_) | Kind::Error => Shape::Remark,
    }
}

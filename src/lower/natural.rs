//! Which relations read as conditions by themselves: those that bound or fix a letter.

use crate::lower::expression::strip;
use crate::syntax::ast::{Kind, Node, Relation};

/// Whether a relation says where something named lies, `|w| < 1` or `0 \le k < t` or `n = 2`: then a comma and a space
/// are enough to make it a condition. What compares two values that are worked out claims something.
pub(super) fn is_natural_condition(node: &Node) -> bool {
    let Kind::Chain { first, rest } = &strip(node).kind else { return true };
    let sides: Vec<&Node> = std::iter::once(&**first).chain(rest.iter().map(|(_, side)| side)).collect();
    rest.iter().zip(sides.windows(2)).all(|((relation, _), pair)| match relation {
        Relation::In | Relation::To => is_named(pair[0]),
        // That something does not vanish is what a quotient or an inverse needs.
        Relation::NotEqual if pair.iter().any(|side| is_number(side)) => true,
        _ => pair.iter().any(|side| is_named(side)) && pair.iter().all(|side| is_simple(side)),
    })
}

/// Whether neither side of a relation is a number, a name, or the size of something named.
pub(super) fn compares_compounds(node: &Node) -> bool {
    let Kind::Chain { first, rest } = &strip(node).kind else { return false };
    let is_compound = |side: &Node| !is_named(side) && !is_number(side);
    is_compound(first) && rest.iter().all(|(relation, side)| *relation != Relation::In && is_compound(side))
}

/// A number, perhaps with a sign.
fn is_number(node: &Node) -> bool {
    match &strip(node).kind {
        Kind::Number(_) => true,
        Kind::Symbol(name) => name == r"\infty",
        Kind::Sum(terms) => terms.len() == 1 && is_number(&terms[0].1),
        Kind::Frac { num, den } => is_number(num) && is_number(den),
        _ => false,
    }
}

/// A letter, a member of a family or an entry; the absolute value, the norm or another size `\rho(W)` of one; or several
/// of these between commas.
fn is_named(node: &Node) -> bool {
    match &strip(node).kind {
        Kind::Symbol(_) | Kind::Operator(_) => true,
        Kind::Script { base, sup, .. } => is_named(base) && sup.as_deref().is_none_or(|sup| !is_number(sup)),
        Kind::Fenced { open, body, .. } => matches!(open.as_str(), "|" | r"\|" | "(") && is_named(body),
        Kind::Product(factors) => match &factors[..] {
            [(_, name), (_, Node { kind: Kind::Fenced { open, body, .. }, .. })] => {
                matches!(&strip(name).kind, Kind::Symbol(_) | Kind::Script { .. }) && open == "(" && is_named(body)
            }
            _ => false,
        },
        Kind::List(names) => names.iter().all(is_named),
        _ => false,
    }
}

/// Whether a side is made of names and numbers by sums, products, quotients and powers.
fn is_simple(node: &Node) -> bool {
    match &strip(node).kind {
        Kind::Number(_) => true,
        Kind::Sum(_) | Kind::Product(_) | Kind::Frac { .. } | Kind::Sqrt { .. } | Kind::List(_) | Kind::Dots(_) => {
            strip(node).children().into_iter().all(is_simple)
        }
        Kind::Fenced { open, body, .. } if open == "(" => is_simple(body),
        Kind::Script { base, .. } => is_simple(base),
        _ => is_named(node) && !matches!(strip(node).kind, Kind::Operator(_)),
    }
}

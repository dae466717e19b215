//! Lists in which a relation speaks of more than its neighbour: `a, b \in S`, `t = 1, \dots, T`.

use super::ast::Kind;
use super::ast::Node;
use super::ast::Relation;
use super::ranges::indices_of;
use super::ranges::ranges;
use super::shape::Shape;
use super::shape::shape;

/// Puts bare members before a relation or a signature into its left side, and an enumeration after a relation into
/// its right side: one with dots after any relation, one without after `=`.
pub(super) fn gather(members: Vec<Node>) -> Vec<Node> {
    let mut gathered: Vec<Node> = Vec::new();
    let mut bare: Vec<Node> = Vec::new();
    for member in members {
        match shape(&member.kind) {
            Shape::Relation => {
                enumerate(&mut gathered, &mut bare, 1);
                // `x_i, i = 1, \dots, n`: a member with the letter as its index is not another letter.
                let n_apart = bare.iter().rposition(|own| ranges(&member, &indices_of(own))).map_or(0, |last| last + 1);
                gathered.extend(bare.drain(..n_apart));
                gathered.push(with_left(std::mem::take(&mut bare), member));
            }
            Shape::Statement => {
                enumerate(&mut gathered, &mut bare, 0);
                gathered.append(&mut bare);
                gathered.push(member);
            }
            Shape::Operand | Shape::Compound | Shape::Remark => bare.push(member),
        }
    }
    enumerate(&mut gathered, &mut bare, 0);
    if is_equality(gathered.last()) && !bare.iter().any(|node| shape(&node.kind) == Shape::Remark) {
        let n_values = bare.len();
        extend_last_side(&mut gathered, &mut bare, n_values);
    }
    gathered.append(&mut bare);
    gathered
}

fn is_equality(node: Option<&Node>) -> bool {
    let Some(Kind::Chain { rest, .. }) = node.map(|node| &node.kind) else { return false };
    matches!(rest.last(), Some((Relation::Equal, _)))
}

/// Moves `2, \dots, T` from `bare` into the last side of the chain before them. `n_needed` members must stand after
/// the dots: where another statement follows, its own left side may be the last of its own enumeration.
fn enumerate(gathered: &mut [Node], bare: &mut Vec<Node>, n_needed: usize) {
    let Some(dots) = bare.iter().position(|node| matches!(node.kind, Kind::Dots(_))) else { return };
    if bare.len() >= dots + 1 + n_needed {
        extend_last_side(gathered, bare, dots + 2);
    }
}

/// Moves up to `n_values` members into the last side of the chain before them.
fn extend_last_side(gathered: &mut [Node], bare: &mut Vec<Node>, n_values: usize) {
    let Some(Node { kind: Kind::Chain { rest, .. }, span }) = gathered.last_mut() else { return };
    let Some((_, side)) = rest.last_mut().filter(|_| !bare.is_empty()) else { return };
    let tail: Vec<Node> = bare.drain(..n_values.min(bare.len())).collect();
    let whole = tail.iter().fold(side.span, |whole, node| whole.to(node.span));
    let first = std::mem::replace(side, Node { kind: Kind::Empty, span: side.span });
    *side = Node { kind: Kind::List(std::iter::once(first).chain(tail).collect()), span: whole };
    *span = span.to(whole);
}

/// `statement`, a chain or a signature, with `names` before its own leftmost side.
fn with_left(names: Vec<Node>, mut statement: Node) -> Node {
    let left = match &mut statement.kind {
        Kind::Chain { first, .. } => first,
        Kind::Signature { names, .. } => names,
        _ => return statement,
    };
    let Some(start) = names.first().map(|name| name.span) else { return statement };
    let empty = Node { kind: Kind::Empty, span: left.span };
    let own = std::mem::replace(&mut **left, empty);
    let span = start.to(own.span);
    **left = Node { kind: Kind::List(names.into_iter().chain([own]).collect()), span };
    statement.span = start.to(statement.span);
    statement
}

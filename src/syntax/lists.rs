//! Lists in which a relation speaks of more than its neighbour: `a, b \in S`, `t = 1, \dots, T`.

use super::ast::Kind;
use super::ast::Node;

/// Puts bare members before a relation or a signature into its left side, and an enumeration with dots after a
/// relation into its right side.
pub(super) fn gather(members: Vec<Node>) -> Vec<Node> {
    let mut gathered: Vec<Node> = Vec::new();
    let mut bare: Vec<Node> = Vec::new();
    for member in members {
        match member.kind {
            Kind::Chain { .. } | Kind::Signature { .. } => {
                enumerate(&mut gathered, &mut bare, 1);
                gathered.push(with_left(std::mem::take(&mut bare), member));
            }
            Kind::Logic(..) | Kind::Not(_) | Kind::Quantified { .. } => {
                enumerate(&mut gathered, &mut bare, 0);
                gathered.append(&mut bare);
                gathered.push(member);
            }
            _ => bare.push(member),
        }
    }
    enumerate(&mut gathered, &mut bare, 0);
    gathered.append(&mut bare);
    gathered
}

/// Moves `2, \dots, T` from `bare` into the last side of the chain before them. `n_needed` members must stand after
/// the dots: where another statement follows, its own left side may be the last of its own enumeration.
fn enumerate(gathered: &mut [Node], bare: &mut Vec<Node>, n_needed: usize) {
    let Some(dots) = bare.iter().position(|node| matches!(node.kind, Kind::Dots(_))) else { return };
    let Some(Node { kind: Kind::Chain { rest, .. }, span }) = gathered.last_mut() else { return };
    let Some((_, side)) = rest.last_mut() else { return };
    if bare.len() < dots + 1 + n_needed {
        return;
    }
    let tail: Vec<Node> = bare.drain(..(dots + 2).min(bare.len())).collect();
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

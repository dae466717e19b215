//! Ranges of indices behind a comma: `h_t = f(x_t), t = 1, \dots, T`.

use super::ast::Kind;
use super::ast::Node;

/// Takes the ranges of indices off the end of a list: relations about letters that stand as indices before them, and
/// so can claim nothing.
pub(super) fn split_ranges(body: Node) -> (Node, Vec<Node>) {
    let Kind::List(mut members) = body.kind else { return (body, Vec::new()) };
    let is_behind = |at: usize| members[at..].iter().all(|member| members[..at].iter().any(|own| ranges(member, own)));
    let Some(n_own) = (1..members.len()).find(|&at| is_behind(at)) else {
        return (Node { kind: Kind::List(members), span: body.span }, Vec::new());
    };
    let conditions = members.split_off(n_own);
    match members.len() {
        1 => (members.remove(0), conditions),
        _ => {
            let span = members[0].span.to(members[n_own - 1].span);
            (Node { kind: Kind::List(members), span }, conditions)
        }
    }
}

/// Whether a relation says where a letter runs that stands as an index in `own`.
pub(super) fn ranges(relation: &Node, own: &Node) -> bool {
    let Kind::Chain { first, rest } = &relation.kind else { return false };
    let sides = || std::iter::once(&**first).chain(rest.iter().map(|(_, side)| side));
    let is_index = |side: &Node| matches!(&side.kind, Kind::Symbol(letter) if is_index_in(own, letter));
    sides().any(is_index) && sides().all(is_plain)
}

/// Whether a letter stands in a script somewhere.
fn is_index_in(node: &Node, letter: &str) -> bool {
    let stands = |script: &Node| holds(script, letter);
    let here = match &node.kind {
        Kind::Script { sub, sup, .. } => sub.as_deref().is_some_and(stands) || sup.as_deref().is_some_and(stands),
        _ => false,
    };
    here || node.children().into_iter().any(|child| is_index_in(child, letter))
}

fn holds(node: &Node, letter: &str) -> bool {
    matches!(&node.kind, Kind::Symbol(own) if own == letter)
        || node.children().into_iter().any(|child| holds(child, letter))
}

/// Whether a side of a relation is made of letters and numbers alone, or is a set of numbers.
fn is_plain(side: &Node) -> bool {
    match &side.kind {
        Kind::Symbol(_) | Kind::Number(_) | Kind::Dots(_) => true,
        Kind::Sum(_) | Kind::Product(_) | Kind::List(_) | Kind::Group(_) | Kind::Fenced { .. } => {
            side.children().into_iter().all(is_plain)
        }
        Kind::Script { base, .. } => matches!(&base.kind, Kind::Symbol(letter) if letter.starts_with(r"\mathbb")),
        _ => false,
    }
}

//! Ranges of indices behind a comma: `h_t = f(x_t), t = 1, \dots, T`.

use std::collections::BTreeSet;

use super::ast::Kind;
use super::ast::Node;

/// Takes the ranges of indices off the end of a list: relations about letters that stand as indices before them, and
/// so can claim nothing.
pub(super) fn split_ranges(body: Node) -> (Node, Vec<Node>) {
    let Kind::List(mut members) = body.kind else { return (body, Vec::new()) };
    let mut indices = BTreeSet::new();
    let mut n_own = members.len();
    for (at, member) in members.iter().enumerate() {
        match ranges(member, &indices) {
            true => n_own = n_own.min(at),
            false => n_own = members.len(),
        }
        indices.extend(indices_of(member));
    }
    let conditions = members.split_off(n_own);
    if conditions.is_empty() {
        return (Node { kind: Kind::List(members), span: body.span }, conditions);
    }
    let span = members[0].span.to(members[n_own - 1].span);
    let kind = if members.len() == 1 { members.remove(0).kind } else { Kind::List(members) };
    (Node { kind, span }, conditions)
}

/// Whether a relation says where one of the letters `indices` runs, and nothing else.
pub(crate) fn ranges(relation: &Node, indices: &BTreeSet<&str>) -> bool {
    let Kind::Chain { first, rest } = &relation.kind else { return false };
    let sides = || std::iter::once(&**first).chain(rest.iter().map(|(_, side)| side));
    let is_index = |side: &Node| matches!(&side.kind, Kind::Symbol(letter) if indices.contains(letter.as_str()));
    sides().any(is_index) && sides().all(is_plain)
}

/// The letters that stand in scripts somewhere.
pub(crate) fn indices_of(node: &Node) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    let mut open = vec![(node, false)];
    while let Some((node, is_script)) = open.pop() {
        match &node.kind {
            Kind::Symbol(letter) if is_script => drop(found.insert(letter.as_str())),
            Kind::Script { base, sub, sup, .. } => {
                open.push((base, is_script));
                open.extend(sub.as_deref().into_iter().chain(sup.as_deref()).map(|script| (script, true)));
            }
            _ => open.extend(node.children().into_iter().map(|child| (child, is_script))),
        }
    }
    found
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

//! Laws: equations between numbers that assumptions say for all values of some indices, `y_i^2 = y_i`.

use crate::expr::{Arena, Expr, Node, Substitution};

/// `difference = 0` for all values of the letters. Used only after all derivatives are taken.
#[derive(Debug, Clone)]
pub struct Law {
    /// What is 0.
    pub difference: Expr,
    /// The letters for which it is said.
    pub letters: Vec<Expr>,
}

/// Laws with more instances than this are not used.
const MAX_INSTANCES: usize = 64;

/// The indices of members and entries that stand in some expressions, none of them made of bound ones.
pub(super) fn indices_in(arena: &Arena, exprs: &[Expr]) -> Vec<Expr> {
    let mut found: Vec<Expr> = Vec::new();
    for part in arena.reachable(exprs) {
        if let Node::Symbol { indices: at, .. } | Node::Entry { at, .. } = arena.node(part) {
            found.extend(at);
        }
    }
    found.sort_unstable();
    found.dedup();
    found.retain(|&index| !arena.reachable(&[index]).iter().any(|&part| matches!(arena.node(part), Node::Bound(_))));
    found
}

/// All ways to put indices in the place of letters; none where there are too many.
pub(super) fn assignments(letters: &[Expr], indices: &[Expr]) -> Vec<Substitution> {
    let mut found = vec![Substitution::new()];
    for &letter in letters {
        if found.len() * indices.len() > MAX_INSTANCES {
            return Vec::new();
        }
        let longer = found.iter().flat_map(|map| {
            indices.iter().map(|&index| {
                let mut map = map.clone();
                map.insert(letter, index);
                map
            })
        });
        found = longer.collect();
    }
    found
}

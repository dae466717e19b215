//! Sums and products over pairs: `\sum_{i < j} a_i a_j` where nothing else says what j is.

use std::collections::BTreeSet;

use crate::lower::expression::strip;
use crate::lower::names::{bound_names, free_letters};
use crate::lower::reader::Reader;
use crate::syntax::ast::{Kind, Node, Relation};

/// The letters that only bound the index of a sum or product whose terms hold both: the j of `\sum_{i < j} a_i a_j`.
pub(super) fn paired_letters<'n>(nodes: impl IntoIterator<Item = &'n Node>) -> BTreeSet<String> {
    let mut open: Vec<(&Node, Vec<String>)> = nodes.into_iter().map(|node| (node, Vec::new())).collect();
    let (mut paired, mut apart) = (BTreeSet::new(), BTreeSet::new());
    while let Some((node, mut bound)) = open.pop() {
        match &node.kind {
            Kind::Symbol(letter) if !bound.contains(letter) => drop(apart.insert(letter.clone())),
            Kind::Big { sub: Some(sub), sup: None, body, .. } => {
                let partner = partner(sub, body).filter(|letter| !bound.contains(letter));
                paired.extend(partner.clone());
                bound.extend(bound_names(sub).into_iter().chain(partner));
            }
            Kind::Big { sub: Some(sub), .. } => bound.extend(bound_names(sub)),
            _ => {}
        }
        open.extend(node.children().into_iter().map(|child| (child, bound.clone())));
    }
    paired.into_iter().filter(|letter| !apart.contains(letter)).collect()
}

/// The other letter of `i < j` and of `i < j \le n`, where the terms hold both.
fn partner(sub: &Node, body: &Node) -> Option<String> {
    let (own, other) = pair(sub)?;
    let held = free_letters([body]);
    (held.contains_key(own) && held.contains_key(other) && own != other).then(|| other.to_owned())
}

/// The letter that a range binds, and the one that bounds it.
fn pair(sub: &Node) -> Option<(&str, &str)> {
    let Kind::Chain { first, rest } = &strip(sub).kind else { return None };
    match &rest[..] {
        [(relation, other)] if is_order(*relation) => Some((letter(first)?, letter(other)?)),
        [(relation, own), (next, _)] if is_order(*relation) && is_order(*next) => Some((letter(own)?, letter(first)?)),
        _ => None,
    }
}

fn is_order(relation: Relation) -> bool {
    matches!(relation, Relation::Less | Relation::LessEqual | Relation::Greater | Relation::GreaterEqual)
}

fn letter(node: &Node) -> Option<&str> {
    match &strip(node).kind {
        Kind::Symbol(letter) => Some(letter),
        _ => None,
    }
}

impl Reader<'_> {
    /// The letter that runs as well under a sum or product over pairs, which is noted.
    pub(super) fn partner_of_index(&mut self, op: &str, sub: &Node) -> Option<String> {
        let (own, other) = pair(sub)?;
        let is_free = self.names.with_base(other).is_empty() && self.locals.iter().all(|(local, _)| local != other);
        if !is_free || !self.paired.contains(other) {
            return None;
        }
        let message = format!("both `{own}` and `{other}` run here, because nothing else says what `{other}` is");
        let hint = format!(r"write both: `\{op}_{{{other}}} \{op}_{{{own} < {other}}}`");
        self.remark("read-as-pairs", sub.span, message, &hint);
        Some(other.to_owned())
    }
}

//! Indices that a formula leaves open where it hides that it does: what a `\sum` does not reach, and what a definition does
//! not say it depends on.

use std::collections::BTreeSet;

use crate::expr::{Expr, Node as Meaning, Prop, SymbolId};
use crate::lower::expression::strip;
use crate::lower::names::{bound_names, free_letters};
use crate::lower::reader::Reader;
use crate::model::Argument;
use crate::syntax::ast::{Kind, Node, Sign};

impl Reader<'_> {
    /// `\sum_i a_i + b_i`: the sum ends at the `+`, and the `i` behind it is another one, which is said.
    pub(super) fn note_behind_sum(&mut self, terms: &[(Sign, Node)]) {
        let Some((at, letter)) = behind_sum(terms).filter(|(_, letter)| !self.is_bound_or_declared(letter)) else {
            return;
        };
        let term = &terms[at].1;
        let message = format!("the sum before this term has ended, so `{letter}` is not the index of that sum here");
        self.remark("outside-sum", term.span, message, r"put parentheses around what `\sum` adds");
    }

    fn is_bound_or_declared(&self, letter: &str) -> bool {
        self.locals.iter().any(|(local, _)| local == letter)
            || self.names.with_base(letter).iter().any(|name| name.is_plain())
    }

    /// Refuses a definition of what depends on an index that its left side does not have: `L = a_i`.
    pub(super) fn check_open_index(&mut self, body: Expr, own: &[SymbolId], right: &Node) -> Option<()> {
        let bound = bound_within(right);
        let open: Vec<SymbolId> = self.free_letters(&Prop::equal(body, body));
        for symbol in open.into_iter().filter(|symbol| !own.contains(symbol)) {
            let name = self.arena.name(symbol).to_owned();
            if !self.stands_as_index(body, symbol) || !(bound.contains(&name) || self.is_index_of_family(symbol)) {
                continue;
            }
            let message = format!("this depends on `{name}`, which the left side does not have");
            let hint = if bound.contains(&name) {
                format!(r"put parentheses around what `\sum` adds: outside of them `{name}` is another index")
            } else {
                format!("write `{name}` as an index on the left, sum over it, or declare it as one number")
            };
            return self.fail("open-index", right.span, message, &hint);
        }
        Some(())
    }

    /// Whether a letter stands in the index of a member or of an entry.
    fn stands_as_index(&mut self, body: Expr, symbol: SymbolId) -> bool {
        let letter = self.arena.symbol(symbol);
        let holds = |index: &Expr| self.arena.contains(*index, letter);
        self.arena.reachable(&[body]).into_iter().any(|part| match self.arena.node(part) {
            Meaning::Symbol { indices, .. } => indices.iter().any(holds),
            Meaning::Entry { at, .. } => at.iter().any(holds),
            _ => false,
        })
    }

    /// Whether a family is declared or defined with this letter for an index.
    fn is_index_of_family(&self, letter: SymbolId) -> bool {
        self.model.declarations.values().any(|declaration| declaration.indices.contains(&letter))
            || self.model.definitions.iter().any(|own| own.indices.contains(&Argument::Letter(letter)))
    }
}

/// The first term behind a sum over a letter that holds this letter free, and the letter.
fn behind_sum(terms: &[(Sign, Node)]) -> Option<(usize, String)> {
    let mut ended: BTreeSet<String> = BTreeSet::new();
    for (at, (_, term)) in terms.iter().enumerate() {
        if !ended.is_empty() {
            let free = free_letters([term]);
            if let Some(letter) = ended.iter().find(|letter| free.contains_key(*letter)) {
                return Some((at, letter.clone()));
            }
        }
        ended.extend(sum_at_the_end(term));
    }
    None
}

/// The letters of a sum without parentheses that a term is or ends with.
fn sum_at_the_end(term: &Node) -> Vec<String> {
    match &strip(term).kind {
        Kind::Big { op, sub: Some(sub), .. } if op == "sum" => bound_names(sub),
        Kind::Product(factors) => factors.last().map(|(_, last)| sum_at_the_end(last)).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// The letters over which the big operators in a node run.
fn bound_within(node: &Node) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        if let Kind::Big { sub: Some(sub), .. } = &node.kind {
            found.extend(bound_names(sub));
        }
        open.extend(node.children());
    }
    found
}

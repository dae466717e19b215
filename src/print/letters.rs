//! Letters for bound indices: readable, and none that stands free in what is printed.

use std::collections::BTreeSet;

use crate::expr::{Arena, Big, Expr, Node, SymbolId};
use crate::print::name;
use crate::print::order::symbol_of;

const TAIL: [&str; 20] =
    ["k", "j", "i", "s", "m", "r", "q", "l", "p", "n", "u", "v", "a", "b", "c", "z", "x", "y", "t", "g"];

/// The letters that may not or should be used in one print.
#[derive(Debug, Clone, Default)]
pub(super) struct Letters {
    taken: BTreeSet<String>,
    hints: Vec<String>,
    /// Letters given to the symbols by which opened binders are known.
    opened: Vec<(SymbolId, String)>,
}

impl Letters {
    /// Takes every letter that stands in a name among `reachable`.
    pub(super) fn new(arena: &Arena, reachable: &[Expr], hints: &[&str]) -> Letters {
        let mut letters = Letters { hints: hints.iter().map(|&hint| hint.to_owned()).collect(), ..Letters::default() };
        let mut symbols: Vec<SymbolId> = reachable.iter().filter_map(|&expr| symbol_of(arena, expr)).collect();
        symbols.sort_unstable();
        symbols.dedup();
        let mut found = Vec::new();
        for &symbol in &symbols {
            name::letters(&name::read(arena.name(symbol)), &mut found);
        }
        letters.taken.extend(found);
        for symbol in symbols {
            if arena.name(symbol).starts_with('\u{a7}') {
                let letter = letters.choose(&[], &[]);
                letters.taken.insert(letter.clone());
                letters.opened.push((symbol, letter));
            }
        }
        letters
    }

    /// The letter shown for the symbol of an opened binder.
    pub(super) fn opened(&self, symbol: SymbolId) -> Option<&str> {
        self.opened.iter().find(|(own, _)| *own == symbol).map(|(_, letter)| letter.as_str())
    }

    /// The first letter of the hints, of `preferred` and of the common ones that is free here.
    pub(super) fn choose(&self, preferred: &[String], outer: &[&str]) -> String {
        let is_free = |letter: &str| !self.taken.contains(letter) && !outer.contains(&letter);
        let candidates = self.hints.iter().chain(preferred).map(String::as_str).chain(TAIL);
        if let Some(letter) = candidates.into_iter().find(|letter| is_free(letter)) {
            return letter.to_owned();
        }
        let numbered = (1..).map(|n: u32| format!("k_{{{n}}}"));
        numbered.into_iter().find(|letter| is_free(letter)).expect("only finitely many are taken")
    }

    /// The letters that fit the binder best: t up to T, i up to a size, j up to an index, k in products.
    pub(super) fn preferred(arena: &Arena, binder: Expr, is_bound: impl Fn(Expr) -> bool) -> Vec<String> {
        let listed = |letters: &[&str]| letters.iter().map(|&letter| letter.to_owned()).collect::<Vec<_>>();
        if let Node::Big { op: Big::Product | Big::Ascending | Big::Descending, upper, .. } = arena.node(binder) {
            return [last_time(arena, *upper), listed(&["k", "s", "j", "i"])].concat();
        }
        if let Node::Big { upper, .. } | Node::Extremum { range: Some((_, upper)), .. } = arena.node(binder) {
            let is_size = matches!(arena.node(*upper), Node::Symbol { .. }) && !is_bound(*upper);
            let usual = if is_size { ["i", "j", "k", "l"] } else { ["j", "k", "i", "s"] };
            return [last_time(arena, *upper), listed(&usual)].concat();
        }
        if let Node::Limit { integer: true, .. } = arena.node(binder) {
            return listed(&["t", "n", "k"]);
        }
        listed(&["z", "x", "u", "v", "y"])
    }
}

/// The small letter of a bound that is one capital: t for T, i.e. for the last of them.
fn last_time(arena: &Arena, upper: Expr) -> Vec<String> {
    let mut last = upper;
    if let Node::Sum(parts) = arena.node(upper) {
        last = parts.iter().copied().find(|&part| arena.as_number(part).is_none()).unwrap_or(upper);
    }
    let Node::Symbol { symbol, indices, .. } = arena.node(last) else {
        return Vec::new();
    };
    let capital = arena.name(*symbol).strip_suffix(|c: char| c.is_ascii_uppercase()) == Some("");
    if capital && indices.is_empty() { vec![arena.name(*symbol).to_lowercase()] } else { Vec::new() }
}

//! Letters for bound indices: readable, and none that stands free in what is printed.

use std::collections::BTreeSet;

use crate::expr::{Arena, Big, Expr, Node, SymbolId, SymbolKind};
use crate::print::name;
use crate::print::order::symbol_of;

const TAIL: [&str; 19] =
    ["k", "j", "i", "s", "m", "r", "q", "l", "p", "n", "u", "v", "a", "b", "c", "z", "x", "y", "t"];

/// Letters for what runs over the real line; a declared one is read as real again.
const REAL: [&str; 6] = ["z", "x", "u", "v", "y", "s"];

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
                let letter = letters.choose(&[], &[], |letter| is_index(arena, letter));
                letters.taken.insert(letter.clone());
                letters.opened.push((symbol, letter));
            }
        }
        letters
    }

    /// Whether the letter stands in a name.
    pub(super) fn is_taken(&self, letter: &str) -> bool {
        self.taken.contains(letter)
    }

    /// The letter shown for the symbol of an opened binder.
    pub(super) fn opened(&self, symbol: SymbolId) -> Option<&str> {
        self.opened.iter().find(|(own, _)| *own == symbol).map(|(_, letter)| letter.as_str())
    }

    /// The letter for a binder that stands within binders of the `outer` letters.
    pub(super) fn letter(
        &self,
        arena: &Arena,
        binder: Expr,
        outer: &[&str],
        is_bound: impl Fn(Expr) -> bool,
    ) -> String {
        if !is_real(arena, binder) {
            let preferred = preferred(arena, binder, is_bound);
            return self.choose(&preferred, outer, |letter| is_index(arena, letter));
        }
        let is_declared = |letter: &&&str| arena.find(letter).is_some();
        let (declared, others): (Vec<&str>, Vec<&str>) = REAL.iter().partition(is_declared);
        self.choose(&listed(&[declared, others].concat()), outer, |letter| is_number(arena, letter))
    }

    /// The first letter of the hints, of `preferred` and of the common ones that is free here.
    fn choose(&self, preferred: &[String], outer: &[&str], fits: impl Fn(&str) -> bool) -> String {
        let is_free = |letter: &str| !self.taken.contains(letter) && !outer.contains(&letter) && fits(letter);
        let candidates = self.hints.iter().chain(preferred).map(String::as_str).chain(TAIL);
        if let Some(letter) = candidates.into_iter().find(|letter| is_free(letter)) {
            return letter.to_owned();
        }
        let numbered = (1..).map(|n: u32| format!("k_{{{n}}}"));
        numbered.into_iter().find(|letter| is_free(letter)).expect("only finitely many are taken")
    }
}

/// Whether the letter runs over the real line.
fn is_real(arena: &Arena, binder: Expr) -> bool {
    matches!(arena.node(binder), Node::Extremum { range: None, .. } | Node::Limit { integer: false, .. })
}

/// Whether a letter may stand for what runs over the real line: it is not declared as anything but a number.
fn is_number(arena: &Arena, letter: &str) -> bool {
    let is_number = |symbol| arena.kind(symbol) == SymbolKind::Real && arena.declared_shape(symbol).is_scalar();
    arena.find(letter).is_none_or(is_number)
}

/// Whether a letter may stand for an index: it is not declared as anything else.
fn is_index(arena: &Arena, letter: &str) -> bool {
    arena.find(letter).is_none_or(|symbol| arena.kind(symbol) == SymbolKind::Integer)
}

/// The letters that fit an index best: t up to T, i up to a size, j up to an index, k in products.
fn preferred(arena: &Arena, binder: Expr, is_bound: impl Fn(Expr) -> bool) -> Vec<String> {
    if let Node::Big { op: Big::Product | Big::Ascending | Big::Descending, upper, .. } = arena.node(binder) {
        return [last_time(arena, *upper), listed(&["k", "s", "j", "i"])].concat();
    }
    if let Node::Big { upper, .. } | Node::Extremum { range: Some((_, upper)), .. } = arena.node(binder) {
        let is_size = matches!(arena.node(*upper), Node::Symbol { .. }) && !is_bound(*upper);
        let last = last_time(arena, *upper);
        let usual = if is_size && last.is_empty() { ["i", "j", "k", "l"] } else { ["j", "k", "i", "s"] };
        return [last, listed(&usual)].concat();
    }
    listed(&["t", "n", "k"])
}

fn listed(letters: &[&str]) -> Vec<String> {
    letters.iter().map(|&letter| letter.to_owned()).collect()
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
    if arena.name(*symbol) == r"\tau" {
        return listed(&["t"]);
    }
    let capital = arena.name(*symbol).strip_suffix(|c: char| c.is_ascii_uppercase()) == Some("");
    if capital && indices.is_empty() { vec![arena.name(*symbol).to_lowercase()] } else { Vec::new() }
}

//! Letters of a proof under names that a reader knows.

use crate::expr::{Arena, Expr, Node, Substitution, SymbolId, SymbolKind};

/// Expressions that stand in one line, with the letters that a proof made for itself named like those that an author
/// writes: those names that nothing else in the line has. A sum or product of one is that one.
pub(super) fn readable(arena: &mut Arena, line: &[Expr]) -> Vec<Expr> {
    let line = &without_single_ranges(arena, line)[..];
    let letter = |part: Expr| match arena.node(part) {
        Node::Symbol { symbol, indices, .. } if indices.is_empty() => Some((part, *symbol)),
        _ => None,
    };
    let letters: Vec<(Expr, SymbolId)> = arena.reachable(line).into_iter().filter_map(letter).collect();
    let mut taken: Vec<String> = letters.iter().map(|&(_, symbol)| arena.name(symbol).to_owned()).collect();
    let mut map = Substitution::new();
    for (part, symbol) in letters {
        if !arena.name(symbol).starts_with('\u{a7}') {
            continue;
        }
        let kind = arena.kind(symbol);
        let names: &[&str] = match kind {
            SymbolKind::Integer => &["k", "i", "j", "l", "m", "n", "p", "q"],
            SymbolKind::Real | SymbolKind::Function => &["z", "u", "v", "y", "s"],
        };
        let is_free = |name: &&&str| {
            let known = arena.find(name).map(|symbol| arena.kind(symbol));
            known.is_none_or(|own| own == kind) && !taken.iter().any(|other| other == **name)
        };
        let Some(&name) = names.iter().find(is_free) else { continue };
        taken.push(name.to_owned());
        let named = arena.intern(name, kind);
        map.insert(part, arena.symbol(named));
    }
    arena.substitute_all(line, &map)
}

/// Sums and products over one index as what they are there.
fn without_single_ranges(arena: &mut Arena, line: &[Expr]) -> Vec<Expr> {
    let mut map = Substitution::new();
    for part in arena.reachable(line) {
        if let Node::Big { lower, upper, .. } = *arena.node(part)
            && lower == upper
            && let Some(only) = arena.instantiate(part, lower)
        {
            map.insert(part, only);
        }
    }
    arena.substitute_all(line, &map)
}

//! Which members of defined families are given: the starts that definitions ask for.

use std::collections::BTreeMap;

use crate::calculus::Structure;
use crate::expr::{Arena, Expr, Node, Prop, SymbolId};
use crate::model::{Argument, Definition, Model};
use crate::numeric::{Assignment, Rationals, holds};
use crate::proof::refute::bench::Bench;

/// For each defined family, from which definitions it is asked for, and how far from their own index.
#[derive(Debug, Clone, Default)]
pub(super) struct Starts {
    asked: BTreeMap<SymbolId, Vec<Asked>>,
}

/// A definition asks for a member at its own index plus an offset.
#[derive(Debug, Clone)]
struct Asked {
    letter: SymbolId,
    offset: i64,
    range: Vec<Prop>,
}

impl Starts {
    pub(super) fn new(arena: &Arena, model: &Model, structure: &Structure) -> Starts {
        let mut asked: BTreeMap<SymbolId, Vec<Asked>> = BTreeMap::new();
        for definition in &model.definitions {
            asked.entry(definition.symbol).or_default();
            let Some(letter) = letter_of(definition) else { continue };
            for expr in arena.reachable(&[definition.body]) {
                let Node::Symbol { symbol, indices, .. } = arena.node(expr) else { continue };
                if !structure.states.contains(symbol) {
                    continue;
                }
                if let [index] = indices[..]
                    && let Some(offset) = offset_from(arena, index, letter)
                {
                    let range = definition.range.clone();
                    asked.entry(*symbol).or_default().push(Asked { letter, offset, range });
                }
            }
        }
        Starts { asked }
    }

    /// Whether this given is a member of a defined family that no definition asks for.
    pub(super) fn is_nowhere(&self, bench: &Bench<'_>, point: &Assignment, symbol: SymbolId, indices: &[i64]) -> bool {
        let Some(asked) = self.asked.get(&symbol) else { return false };
        let [index] = indices[..] else { return true };
        let mut at = Assignment { integers: point.integers.clone(), fallback: point.fallback, ..Assignment::default() };
        !asked.iter().any(|asked| {
            at.integers.insert(asked.letter, index - asked.offset);
            asked.range.iter().all(|prop| holds(bench.arena, bench.model, &at, &Rationals, prop) == Ok(true))
        })
    }
}

fn letter_of(definition: &Definition) -> Option<SymbolId> {
    match definition.indices[..] {
        [Argument::Letter(letter)] => Some(letter),
        _ => None,
    }
}

/// The difference of an index and a letter, where it is a number.
fn offset_from(arena: &Arena, index: Expr, letter: SymbolId) -> Option<i64> {
    let is_letter = |expr: Expr| matches!(arena.node(expr), Node::Symbol { symbol, .. } if *symbol == letter);
    if is_letter(index) {
        return Some(0);
    }
    match arena.node(index) {
        Node::Sum(parts) => match parts[..] {
            [a, b] if is_letter(a) => arena.as_integer(b),
            [a, b] if is_letter(b) => arena.as_integer(a),
            _ => None,
        },
        _ => None,
    }
}

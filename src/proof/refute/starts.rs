//! Which members of defined families are given: the starts that are declared, and those that definitions ask for.

use std::collections::BTreeMap;

use crate::calculus::Structure;
use crate::expr::{Arena, Expr, Node, Prop, SymbolId};
use crate::model::{Argument, Definition, Model};
use crate::numeric::{Assignment, Rationals, holds};
use crate::proof::refute::bench::Bench;

/// For each defined family, which members are given by themselves, from which definitions it is asked for, and how far
/// from their own index.
#[derive(Debug, Clone, Default)]
pub(super) struct Starts {
    asked: BTreeMap<SymbolId, Vec<Asked>>,
}

/// A definition asks for a member at its own indices plus offsets.
#[derive(Debug, Clone)]
struct Asked {
    /// For each index of the member, the letter of the definition and what is added to it; without a letter, the index.
    at: Vec<(Option<SymbolId>, i64)>,
    range: Vec<Prop>,
}

impl Starts {
    pub(super) fn new(arena: &Arena, model: &Model, structure: &Structure) -> Starts {
        let mut asked: BTreeMap<SymbolId, Vec<Asked>> = BTreeMap::new();
        for definition in &model.definitions {
            asked.entry(definition.symbol).or_default();
            let letters = letters_of(definition);
            if letters.is_empty() {
                for (symbol, index) in first_members(arena, model, definition) {
                    asked.entry(symbol).or_default().push(Asked { at: vec![(None, index)], range: Vec::new() });
                }
                continue;
            }
            for expr in arena.reachable(&[definition.body]) {
                let Node::Symbol { symbol, indices, .. } = arena.node(expr) else { continue };
                if indices.is_empty() || !structure.carried.contains(symbol) {
                    continue;
                }
                let at: Option<Vec<_>> = indices.iter().map(|&index| place_of(arena, index, &letters)).collect();
                if let Some(at) = at {
                    let range = definition.range.clone();
                    asked.entry(*symbol).or_default().push(Asked { at, range });
                }
            }
        }
        for (symbol, start) in &model.starts {
            let number = |argument: &Argument| match argument {
                Argument::Value(value) => arena.as_integer(*value).map(|index| (None, index)),
                Argument::Letter(_) => None,
            };
            let at: Option<Vec<_>> = start.iter().map(number).collect();
            // All members of a family that is not defined are given.
            if let Some((asked, at)) = asked.get_mut(symbol).zip(at) {
                asked.push(Asked { at, range: Vec::new() });
            }
        }
        Starts { asked }
    }

    /// Whether this given is a member of a defined family that no definition asks for.
    pub(super) fn is_nowhere(&self, bench: &Bench<'_>, point: &Assignment, symbol: SymbolId, indices: &[i64]) -> bool {
        let Some(asked) = self.asked.get(&symbol) else { return false };
        !asked.iter().any(|asked| {
            let mut at =
                Assignment { integers: point.integers.clone(), fallback: point.fallback, ..Assignment::default() };
            asked.binds(indices, &mut at)
                && asked.range.iter().all(|prop| holds(bench.arena, bench.model, &at, &Rationals, prop) == Ok(true))
        })
    }
}

impl Asked {
    /// Gives the letters the values at which these indices are asked for; whether there are such values.
    fn binds(&self, indices: &[i64], at: &mut Assignment) -> bool {
        let mut bound: BTreeMap<SymbolId, i64> = BTreeMap::new();
        let fits = self.at.len() == indices.len()
            && self.at.iter().zip(indices).all(|(&(letter, offset), &index)| match letter {
                Some(letter) => *bound.entry(letter).or_insert(index - offset) == index - offset,
                None => index == offset,
            });
        at.integers.extend(bound);
        fits
    }
}

/// Members that a definition of one member asks for and that lie before all that are defined by a number: of
/// `h_1 = f(w h_0)`, `h_2 = f(w h_1)` the first.
fn first_members(arena: &Arena, model: &Model, definition: &Definition) -> Vec<(SymbolId, i64)> {
    let first_defined = |symbol: SymbolId| {
        let indices = model.definitions_of(symbol).map(|own| match own.indices[..] {
            [Argument::Value(value)] => arena.as_integer(value),
            _ => None,
        });
        indices.collect::<Option<Vec<i64>>>()?.into_iter().min()
    };
    let members = arena.reachable(&[definition.body]).into_iter().filter_map(|part| match arena.node(part) {
        Node::Symbol { symbol, indices, .. } => match indices[..] {
            [index] => Some((*symbol, arena.as_integer(index)?)),
            _ => None,
        },
        _ => None,
    });
    members.filter(|&(symbol, index)| first_defined(symbol).is_some_and(|first| index < first)).collect()
}

fn letters_of(definition: &Definition) -> Vec<SymbolId> {
    let letter = |argument: &Argument| match argument {
        Argument::Letter(letter) => Some(*letter),
        Argument::Value(_) => None,
    };
    definition.indices.iter().filter_map(letter).collect()
}

/// An index as a letter and what is added to it, or as a number.
fn place_of(arena: &Arena, index: Expr, letters: &[SymbolId]) -> Option<(Option<SymbolId>, i64)> {
    let with = |&letter: &SymbolId| Some((Some(letter), offset_from(arena, index, letter)?));
    letters.iter().find_map(with).or_else(|| Some((None, arena.as_integer(index)?)))
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

//! Premises that reach beyond every window: `x_{s+1} = 2 x_s` for all s fixes a whole family by one member, and what else
//! is said of the family for all s may fail only far away.
//!
//! A point is tested at few values of a letter. That is enough for premises that speak of each member apart, since the
//! members elsewhere are free; where an equation links neighbours, no window tells whether the other premises hold.

use std::collections::{BTreeMap, BTreeSet};

use crate::expr::{Arena, Expr, Node, Prop, SymbolId, SymbolKind};
use crate::model::Model;
use crate::rewrite::Linear;

/// Whether an equation between neighbours and another premise speak of one given family at every value of a letter.
pub(super) fn reach_beyond(arena: &mut Arena, model: &Model, premises: &[Prop]) -> bool {
    let endless: Vec<Endless> = premises.iter().filter_map(|prop| Endless::of(arena, model, prop)).collect();
    endless.iter().enumerate().any(|(place, own)| {
        let mut others = endless.iter().enumerate().filter(|(other, _)| *other != place);
        others.any(|(_, other)| own.linked.iter().any(|family| other.families.contains(family)))
    })
}

/// What a statement for all values of a letter says of given families.
struct Endless {
    /// The families of which a member at the letter stands in it.
    families: BTreeSet<SymbolId>,
    /// Those of which an equation links several members.
    linked: BTreeSet<SymbolId>,
}

impl Endless {
    /// `None` for a statement without such a letter, or with a range for it.
    fn of(arena: &mut Arena, model: &Model, prop: &Prop) -> Option<Endless> {
        let Prop::ForAll(letters, part) = prop else { return None };
        let integers = letters.iter().filter(|&&letter| arena.kind(letter) == SymbolKind::Integer);
        let letters: Vec<Expr> =
            integers.copied().collect::<Vec<_>>().into_iter().map(|own| arena.symbol(own)).collect();
        if letters.is_empty() || matches!(**part, Prop::Implies(..)) {
            return None;
        }
        let mut indices: BTreeMap<SymbolId, BTreeSet<Linear>> = BTreeMap::new();
        for member in arena.reachable(&part.expressions()) {
            let Node::Symbol { symbol, indices: at, .. } = arena.node(member) else { continue };
            if model.is_defined(*symbol) {
                continue;
            }
            let forms = at.iter().filter_map(|&index| Linear::read(arena, index));
            let at_letter = forms.filter(|form| letters.iter().any(|letter| form.parts.contains_key(letter)));
            let at_letter: Vec<Linear> = at_letter.collect();
            if !at_letter.is_empty() {
                indices.entry(*symbol).or_default().extend(at_letter);
            }
        }
        let is_equation = prop.equation().is_some();
        let linked = indices.iter().filter(|(_, at)| is_equation && at.len() > 1).map(|(&family, _)| family).collect();
        Some(Endless { families: indices.into_keys().collect(), linked })
    }
}

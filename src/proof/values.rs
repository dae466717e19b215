//! Limits and extreme values that are calculated with: those that are known are put in as what they are.
//!
//! `4 \sup_z \sigma'(z) = 1` says `4 \cdot 1/4 = 1`. What may be a limit or an extreme value is found among the values that
//! are reached, and is put in only where it is proved.

use std::collections::BTreeSet;

use crate::calculus::Structure;
use crate::expr::{Arena, Comparison, Expr, Extremum, Node, Prop, Substitution, SymbolKind};
use crate::lower::Statement;
use crate::model::{Argument, Model};
use crate::print::latex;
use crate::proof::bounds;
use crate::proof::context::Context;
use crate::proof::decide::prove;
use crate::proof::outcome::Outcome;
use crate::proof::{finite, reached};

/// A claim with their values in the place of limits and extreme values.
pub(super) struct Valued {
    pub model: Model,
    pub statement: Statement,
    /// That these are their values.
    pub grounds: Vec<Outcome>,
    /// That no value of a maximum or a minimum is as large, or as small: they were written as if some were.
    pub unattained: Vec<Prop>,
}

/// The claim with every limit and every extreme value that is calculated with, or has a name, as what it is; `None` where
/// none of them is known.
pub(super) fn valued(arena: &mut Arena, model: &Model, structure: &Structure, statement: &Statement) -> Option<Valued> {
    let parts = finite::calculated_with_or_named(arena, model, &statement.prop, &statement.conditions);
    with_values(arena, model, structure, statement, parts)
}

/// The same with those that are compared alone.
pub(super) fn valued_alone(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    statement: &Statement,
) -> Option<Valued> {
    let sides = statement.prop.comparison().map_or(Vec::new(), |(_, left, right)| vec![left, right]);
    let is_value = |side: &Expr| matches!(arena.node(*side), Node::Limit { .. } | Node::Extremum { range: None, .. });
    let parts = sides.into_iter().filter(is_value).collect();
    with_values(arena, model, structure, statement, parts)
}

fn with_values(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    statement: &Statement,
    parts: Vec<Expr>,
) -> Option<Valued> {
    let (mut map, mut grounds, mut unattained) = (Substitution::new(), Vec::new(), Vec::new());
    let letters = letters_of_definitions(arena, model);
    for part in parts {
        // In a definition a letter has every value, and not those alone that the conditions of the claim leave to it.
        if !arena.is_closed(part) || letters.iter().any(|&letter| arena.contains(part, letter)) {
            continue;
        }
        if let Some((value, ground)) = value_of(arena, model, structure, part, &statement.conditions) {
            map.insert(part, value);
            grounds.push(ground);
            if model.attained.contains(&part) || statement.attained.contains(&part) {
                unattained.extend(never_reached(arena, part, value));
            }
        }
    }
    if map.is_empty() {
        return None;
    }
    let mut model = model.clone();
    for definition in &mut model.definitions {
        definition.body = arena.substitute(definition.body, &map);
    }
    let mut put = |expr: Expr| arena.substitute(expr, &map);
    model.assumptions.iter_mut().for_each(|assumption| *assumption = assumption.map(&mut put));
    let prop = statement.prop.map(&mut put);
    let conditions = statement.conditions.iter().map(|condition| condition.map(&mut put)).collect();
    let divisors = statement.divisors.iter().map(|&divisor| put(divisor)).collect();
    Some(Valued {
        model,
        statement: Statement { prop, conditions, divisors, ..statement.clone() },
        grounds,
        unattained,
    })
}

/// The letters for whose values definitions hold.
fn letters_of_definitions(arena: &mut Arena, model: &Model) -> BTreeSet<Expr> {
    let mut letters = BTreeSet::new();
    for definition in &model.definitions {
        letters.extend(definition.indices.iter().filter_map(Argument::letter).chain(definition.components.clone()));
    }
    letters.into_iter().map(|letter| arena.symbol(letter)).collect()
}

/// That every value lies beyond an extreme value.
fn never_reached(arena: &mut Arena, extremum: Expr, value: Expr) -> Option<Prop> {
    let Node::Extremum { which, .. } = *arena.node(extremum) else { return None };
    let letter = arena.intern("\u{a7}value", SymbolKind::Real);
    let letter = arena.symbol(letter);
    let body = arena.instantiate(extremum, letter)?;
    Some(match which {
        Extremum::Supremum => Prop::Compare(Comparison::Less, body, value),
        Extremum::Infimum => Prop::Compare(Comparison::Less, value, body),
    })
}

/// What a limit or an extreme value is under some conditions, and the proof.
fn value_of(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    part: Expr,
    conditions: &[Prop],
) -> Option<(Expr, Outcome)> {
    let value = match *arena.node(part) {
        Node::Limit { .. } => {
            let context = Context::new(arena, model, structure, conditions, &[part]);
            bounds::limit_value(arena, model, structure, &context, part)?
        }
        Node::Extremum { which, range: None, .. } => {
            let guess = reached::guessed(arena, model, which, part)?;
            arena.number(guess)
        }
        _ => return None,
    };
    let mut ground = prove(arena, model, structure, &Prop::equal(part, value), conditions)?;
    ground.steps = vec![("value".to_owned(), format!("{} = {}", latex(arena, part), latex(arena, value)))];
    Some((value, ground))
}

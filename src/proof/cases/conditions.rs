//! Conditions: on letters that count steps, and on indices of entries.
//!
//! A condition on letters compares one of them with a number, or two that stand some steps apart: between letters that lie
//! farther apart than that a gap grows by itself, and no condition notices. Letters whose multiples are compared cannot
//! move one by one, and are refused.
//!
//! Indices of entries are renamed, so that all that counts of a condition on them is which of them it says to be equal, to
//! each other or to numbers. An order among different ones, or a bound, is passed over: more is confirmed than is claimed.

use std::collections::BTreeMap;

use crate::expr::{Arena, Comparison, Expr, Node, Prop, SymbolId, SymbolKind};
use crate::model::Definition;
use crate::number::rational::to_i64;
use crate::proof::cases::Refusal;
use crate::proof::cases::indices::multiples;
use crate::proof::cases::survey::Survey;

impl Survey<'_> {
    /// Notes the numbers and distances in conditions; those on these indices of entries and on sizes bind no letter.
    pub fn conditions(&mut self, props: &[Prop], entries: &[SymbolId]) -> Result<(), Refusal> {
        for prop in props {
            match prop {
                Prop::And(parts) | Prop::Or(parts) => self.conditions(parts, entries)?,
                Prop::Not(part) => self.conditions(std::slice::from_ref(part), entries)?,
                Prop::Compare(how, left, right)
                    if self.speaks_of(&[*left, *right], &|symbol| entries.contains(&symbol)) =>
                {
                    if matches!(how, Comparison::Equal | Comparison::NotEqual) {
                        let numbers = [left, right].into_iter().filter_map(|side| self.arena.as_integer(*side));
                        self.entries.extend(numbers);
                    }
                }
                Prop::Compare(_, left, right)
                    if self.speaks_of(&[*left, *right], &|symbol| self.sizes.contains(&symbol)) => {}
                Prop::Compare(_, left, right) => {
                    self.place_of_difference(*left, *right)?;
                }
                // They exclude nothing.
                Prop::Integer(_) | Prop::Implies(..) | Prop::Iff(..) | Prop::ForAll(..) | Prop::Proportional { .. } => {
                }
            }
        }
        Ok(())
    }

    /// Notes the conditions under which a definition holds.
    pub fn range(&mut self, definition: &Definition) -> Result<(), Refusal> {
        for prop in &definition.range {
            let sides = prop.expressions();
            if self.speaks_of(&sides, &|symbol| definition.components.contains(&symbol)) {
                if !self.is_of_all_entries(definition, prop) && !is_of_equals(prop) {
                    return Err(Refusal::Outside("an entry that is made of its index"));
                }
            } else if self.speaks_of(&sides, &|symbol| self.sizes.contains(&symbol)) {
                return Err(Refusal::Outside("a size that counts steps"));
            }
        }
        self.conditions(&definition.range, &definition.components)
    }

    fn speaks_of(&self, sides: &[Expr], is_sought: &dyn Fn(SymbolId) -> bool) -> bool {
        let parts = self.arena.reachable(sides).into_iter();
        parts.filter_map(|part| symbol(self.arena, part)).any(is_sought)
    }

    /// Whether a condition on an index of a defined entry holds for all of them.
    fn is_of_all_entries(&self, definition: &Definition, prop: &Prop) -> bool {
        let Prop::Compare(Comparison::LessEqual, low, high) = *prop else { return false };
        let sizes = definition.shape.sizes();
        let is_last = |(at, &letter)| symbol(self.arena, low) == Some(letter) && sizes.get(at) == Some(&high);
        self.arena.is_one(low) || definition.components.iter().enumerate().any(is_last)
    }

    /// How far apart, at least 1, a comparison holds two letters, or a letter and 0.
    pub fn place_of_difference(&mut self, left: Expr, right: Expr) -> Result<u64, Refusal> {
        let (mut letters, mut number) = (BTreeMap::new(), 0);
        for (side, sign) in [(left, 1), (right, -1)] {
            let (own, constant) = multiples(self.arena, side).ok_or(Refusal::Outside("a condition on numbers"))?;
            number += sign * constant;
            own.into_iter().for_each(|(letter, times)| *letters.entry(letter).or_insert(0) += sign * times);
        }
        letters.retain(|_, times| *times != 0);
        if !letters.keys().all(|&letter| self.is_letter(letter)) {
            return Err(Refusal::Outside("a size that counts steps"));
        }
        match letters.into_values().collect::<Vec<i64>>()[..] {
            [] => {}
            [sign @ (1 | -1)] => {
                self.constants.insert(-sign * number);
            }
            [1, -1] | [-1, 1] => self.apart = self.apart.max(number.abs()),
            _ => return Err(Refusal::Outside("a condition on several letters")),
        }
        Ok(number.unsigned_abs().max(1))
    }
}

fn symbol(arena: &Arena, expr: Expr) -> Option<SymbolId> {
    match arena.node(expr) {
        Node::Symbol { symbol, .. } => Some(*symbol),
        _ => None,
    }
}

/// Whether a condition tells equal ones from others.
fn is_of_equals(prop: &Prop) -> bool {
    matches!(prop, Prop::Compare(Comparison::Equal | Comparison::NotEqual, ..))
}

/// Whether a condition on integers holds; `None` where letters have no values yet, and where it is not known for all
/// indices of entries that are as equal to each other and to numbers as these.
pub(super) fn holds(arena: &Arena, prop: &Prop, at: &BTreeMap<SymbolId, i64>, entries: &[SymbolId]) -> Option<bool> {
    let each = |parts: &[Prop]| parts.iter().map(|part| holds(arena, part, at, entries)).collect::<Vec<_>>();
    // One that decides, or all of them.
    let joined = |parts: &[Prop], decisive: bool| {
        let each = each(parts);
        if each.contains(&Some(decisive)) { Some(decisive) } else { (!each.contains(&None)).then_some(!decisive) }
    };
    match prop {
        Prop::Compare(how, left, right) => {
            let (left_value, right_value) = (integer(arena, *left, at)?, integer(arena, *right, at)?);
            let is_entry = |side: &Expr| symbol(arena, *side).is_some_and(|symbol| entries.contains(&symbol));
            let holds_entry = |side: &Expr| arena.reachable(&[*side]).iter().any(is_entry);
            let is_plain = |side: &Expr| is_entry(side) || arena.as_number(*side).is_some();
            let are_equal = left_value == right_value;
            match how {
                _ if ![left, right].into_iter().any(holds_entry) => Some(compares(*how, left_value, right_value)),
                _ if ![left, right].into_iter().all(is_plain) => None,
                Comparison::Equal | Comparison::Approximately | Comparison::NotEqual => {
                    Some(compares(*how, left_value, right_value))
                }
                Comparison::Less | Comparison::LessEqual => are_equal.then(|| compares(*how, left_value, right_value)),
            }
        }
        Prop::And(parts) => joined(parts, false),
        Prop::Or(parts) => joined(parts, true),
        Prop::Not(part) => Some(!holds(arena, part, at, entries)?),
        Prop::Integer(_) | Prop::Implies(..) | Prop::Iff(..) | Prop::ForAll(..) | Prop::Proportional { .. } => None,
    }
}

fn compares(how: Comparison, left: i64, right: i64) -> bool {
    match how {
        Comparison::Equal | Comparison::Approximately => left == right,
        Comparison::NotEqual => left != right,
        Comparison::Less => left < right,
        Comparison::LessEqual => left <= right,
    }
}

fn integer(arena: &Arena, expr: Expr, at: &BTreeMap<SymbolId, i64>) -> Option<i64> {
    match arena.node(expr) {
        Node::Number(value) => to_i64(value),
        Node::Symbol { symbol, indices, .. } if indices.is_empty() && arena.kind(*symbol) == SymbolKind::Integer => {
            at.get(symbol).copied()
        }
        Node::Sum(parts) => parts.iter().try_fold(0i64, |sum, &part| sum.checked_add(integer(arena, part, at)?)),
        Node::Product(parts) => {
            parts.iter().try_fold(1i64, |product, &part| product.checked_mul(integer(arena, part, at)?))
        }
        _ => None,
    }
}

//! Which letters stand on one line of steps.
//!
//! A letter that counts layers and one that counts times meet in no index, in no sum and in no condition: where one of them
//! stands says nothing of where the other does. Along each line apart, an expression is a weighted automaton with at most
//! the states that are counted for all of them, whatever the letters of the other lines are, so that each line has the
//! cases that decide it, beside each of the others'.

use std::collections::BTreeMap;

use crate::expr::{Arena, Elementary, Expr, Function, Node, Prop, SymbolId};
use crate::model::{Argument, Model};
use crate::proof::cases::graph::reached;

/// What stands on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Spot {
    /// A letter of the claim or of a definition.
    Letter(SymbolId),
    /// The index of a sum or product, by the height of its binder.
    Bound(u32),
    /// An index of a family or of a function.
    Slot(SymbolId, usize),
}

/// The lines, as a forest: each spot below another of its line.
#[derive(Debug, Default)]
pub(super) struct Lines {
    above: BTreeMap<Spot, Spot>,
}

impl Lines {
    /// The lines of what some expressions lead to, under conditions on letters.
    pub fn of(arena: &Arena, model: &Model, sides: &[Expr], conditions: &[Prop]) -> Lines {
        let mut lines = Lines::default();
        for part in reached(arena, model, sides) {
            lines.read(arena, part);
        }
        for definition in &model.definitions {
            for (slot, argument) in definition.indices.iter().enumerate() {
                if let Argument::Letter(letter) = argument {
                    lines.join(Spot::Slot(definition.symbol, slot), Spot::Letter(*letter));
                }
            }
            definition.range.iter().for_each(|prop| lines.compare(arena, prop));
        }
        for declaration in model.declarations.values() {
            for (slot, letter) in declaration.indices.iter().enumerate() {
                lines.join(Spot::Slot(declaration.symbol, slot), Spot::Letter(*letter));
            }
            declaration.range.iter().for_each(|prop| lines.compare(arena, prop));
        }
        conditions.iter().for_each(|prop| lines.compare(arena, prop));
        lines
    }

    /// Some letters, those of each line together.
    pub fn split(&self, letters: &[SymbolId]) -> Vec<Vec<SymbolId>> {
        let mut lines: BTreeMap<Spot, Vec<SymbolId>> = BTreeMap::new();
        for &letter in letters {
            lines.entry(self.top(Spot::Letter(letter))).or_default().push(letter);
        }
        lines.into_values().collect()
    }

    fn top(&self, mut spot: Spot) -> Spot {
        while let Some(&above) = self.above.get(&spot) {
            spot = above;
        }
        spot
    }

    fn join(&mut self, one: Spot, other: Spot) {
        let (one, other) = (self.top(one), self.top(other));
        if one != other {
            self.above.insert(one, other);
        }
    }

    /// Puts all letters of some expressions, and what they index, on one line.
    fn meet(&mut self, arena: &Arena, exprs: &[Expr], first: Option<Spot>) {
        let letters = arena.reachable(exprs).into_iter().filter_map(|part| match arena.node(part) {
            Node::Bound(height) => Some(Spot::Bound(*height)),
            Node::Symbol { symbol, .. } => Some(Spot::Letter(*symbol)),
            _ => None,
        });
        let spots: Vec<Spot> = first.into_iter().chain(letters).collect();
        spots.windows(2).for_each(|pair| self.join(pair[0], pair[1]));
    }

    fn compare(&mut self, arena: &Arena, prop: &Prop) {
        prop.conjuncts().into_iter().for_each(|part| self.meet(arena, &part.expressions(), None));
    }

    fn read(&mut self, arena: &Arena, part: Expr) {
        match arena.node(part) {
            Node::Symbol { symbol, indices, .. }
            | Node::Call { function: Function::Declared { symbol, indices }, .. } => {
                for (slot, &index) in indices.iter().enumerate() {
                    self.meet(arena, &[index], Some(Spot::Slot(*symbol, slot)));
                }
            }
            Node::Call { function: Function::Elementary(Elementary::Delta), args, .. } => self.meet(arena, args, None),
            Node::Big { height, lower, upper, .. } => self.meet(arena, &[*lower, *upper], Some(Spot::Bound(*height))),
            Node::Power(_, exponent) | Node::MatrixPower(_, exponent) => self.meet(arena, &[*exponent], None),
            Node::Cases(branches) => {
                for (_, left, right) in branches.iter().filter_map(|branch| branch.condition) {
                    self.meet(arena, &[left, right], None);
                }
            }
            Node::At { of, value, .. } => self.meet(arena, &[*of, *value], None),
            _ => {}
        }
    }
}

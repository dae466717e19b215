//! Derivatives between members of a grid that stand a fixed number of rows apart.
//!
//! Where no definition asks for a row further on, a path from one member to another stays in the rows between the two: the
//! slopes of all of them, side by side, are carried along the other index, as those of a vector are.

use std::collections::BTreeSet;

use crate::expr::{Expr, Node, SymbolId};
use crate::model::{Argument, Model};
use crate::proof::cases::Refusal;
use crate::proof::cases::need::Need;
use crate::proof::cases::places::Place;
use crate::proof::cases::survey::Survey;

/// How many rows may stand between two members.
const MAX_ROWS: u64 = 8;

impl Survey<'_> {
    /// The need of a derivative whose paths run over a grid, from that of what it picks out of.
    pub fn derivative_over_grid(
        &mut self,
        (of, by): (Expr, Expr),
        outer: Need,
        below: &BTreeSet<SymbolId>,
    ) -> Result<Need, Refusal> {
        let paths = Refusal::Outside("paths over a grid");
        let (Some((root, of, _)), Some((family, by, _))) =
            (Model::member(self.arena, of), Model::member(self.arena, by))
        else {
            return Err(paths);
        };
        if of.iter().all(|&index| self.arena.as_number(index).is_some()) {
            // From a fixed place lead finitely many paths.
            return Ok(outer);
        }
        if of.len() != by.len() || !below.contains(&root) || !below.contains(&family) || !outer.is_near() {
            return Err(paths);
        }
        let (mut rows, mut running) = (1, Vec::new());
        for (slot, (&of, &by)) in of.iter().zip(&by).enumerate() {
            match self.steps_between(of, by)? {
                Some(steps) if self.runs_back(below, slot) => rows *= steps.unsigned_abs() + 1,
                _ => running.extend([of, by]),
            }
        }
        if running.is_empty() {
            return Ok(outer);
        }
        if running.len() > 2 || rows > MAX_ROWS {
            return Err(paths);
        }
        let per_step = outer.per_step + self.slopes_per_step;
        Ok(Need { per_step, ..outer }.with_slopes(self.carried(below).saturating_mul(rows)))
    }

    /// How many steps two indices stand apart, where that is a fixed number.
    fn steps_between(&mut self, of: Expr, by: Expr) -> Result<Option<i64>, Refusal> {
        if let (Some(of), Some(by)) = (self.arena.as_integer(of), self.arena.as_integer(by)) {
            return Ok(Some(of - by));
        }
        Ok(match (self.place(of)?, self.place(by)?) {
            (Place::Letter { letter, offset }, Place::Letter { letter: other, offset: from }) if letter == other => {
                Some(offset - from)
            }
            (Place::Letter { .. } | Place::At, _) => None,
        })
    }

    /// Whether every definition of these families asks for members of them at its own place in this slot or before it.
    fn runs_back(&mut self, families: &BTreeSet<SymbolId>, slot: usize) -> bool {
        let model = self.model;
        model.definitions.iter().filter(|definition| families.contains(&definition.symbol)).all(|definition| {
            let asked: Vec<Vec<Expr>> =
                families.iter().flat_map(|&family| self.places_of(family, definition)).collect();
            asked.iter().all(|indices| {
                let place = indices.get(slot).and_then(|&index| self.place(index).ok());
                match (definition.indices.get(slot), place) {
                    (Some(Argument::Letter(own)), Some(Place::Letter { letter, offset })) => {
                        offset <= 0 && self.is_symbol(letter, *own)
                    }
                    _ => false,
                }
            })
        })
    }

    pub fn is_symbol(&self, expr: Expr, symbol: SymbolId) -> bool {
        matches!(self.arena.node(expr), Node::Symbol { symbol: own, .. } if *own == symbol)
    }
}

//! The laws of total derivatives over a grid: 0 against any of its indices, a product along a row, one step from either
//! end, and the sum over the places at which a parameter enters.

use std::collections::BTreeSet;

use crate::calculus::grid::Piece;
use crate::calculus::resolve::Resolver;
use crate::calculus::structure::lower_bound;
use crate::expr::{Big, Comparison, DerivativeKind, Expr, Prop, SymbolId};
use crate::model::{Argument, Model};
use crate::rewrite::{Domain, Linear};

impl Resolver<'_> {
    /// How a state of a grid depends on a member.
    pub(super) fn grid_dependence(&mut self, state: Expr, by: Expr) -> Option<Expr> {
        let (by_symbol, _, _) = Model::member(self.arena, by)?;
        if self.structure.states.contains(&by_symbol) {
            self.grid_between(state, by)
        } else {
            self.grid_entering(state, by)
        }
    }

    /// How a state over several indices depends on a member, where its own indices are numbers: through the definitions
    /// down to the starts, which the numbers reach.
    pub(super) fn grid_total(&mut self, state: Expr, by: Expr) -> Option<Expr> {
        let (symbol, at, components) = Model::member(self.arena, state)?;
        let (by_symbol, by_at, by_components) = Model::member(self.arena, by)?;
        if at.len() < 2 || !at.iter().all(|&index| self.arena.as_integer(index).is_some()) {
            return None;
        }
        if let Some(known) = self.totals.get(&(state, by)) {
            return *known;
        }
        let same = if symbol == by_symbol {
            self.same_place((&at, &components), (&by_at, &by_components))
        } else {
            self.arena.zero()
        };
        let through = match self.structure.definition_of(self.arena, self.model, state) {
            Some(body) => self.total(body, by)?,
            None if self.structure.is_given(self.arena, self.model, state) => self.arena.zero(),
            None => return None,
        };
        let total = self.arena.sum([same, through]);
        self.totals.insert((state, by), Some(total));
        Some(total)
    }

    /// The derivative of a state by a state: 0 where the latter is ahead in any index.
    fn grid_between(&mut self, state: Expr, by: Expr) -> Option<Expr> {
        let (symbol, at, components) = Model::member(self.arena, state)?;
        let (by_symbol, by_at, by_components) = Model::member(self.arena, by)?;
        let zero = self.arena.zero();
        if !self.structure.leads(symbol, by_symbol) {
            return Some(zero);
        }
        if at.len() != by_at.len() {
            return None;
        }
        let read = |index: &Expr| Linear::read(self.arena, *index);
        let steps: Option<Vec<Linear>> =
            at.iter().zip(&by_at).map(|(to, from)| Some(read(to)?.minus(&read(from)?))).collect();
        let steps: Vec<Option<i64>> = steps?.iter().map(Linear::as_integer).collect();
        if steps.iter().flatten().any(|&step| step < 0) {
            return Some(zero);
        }
        if symbol == by_symbol && steps.iter().all(|&step| step == Some(0)) {
            return Some(self.same_place((&[], &components), (&[], &by_components)));
        }
        let value = match self.along_a_row(state, by, &steps) {
            Some(product) => product,
            None => self.arena.derivative(DerivativeKind::Total, state, by),
        };
        let open: Vec<usize> = (0..at.len()).filter(|&n| steps[n].is_none()).collect();
        let guards = open.into_iter().map(|n| (Comparison::LessEqual, by_at[n], at[n]));
        Some(guards.fold(value, |value, guard| self.guarded(guard, value)))
    }

    /// `∂h^l_t/∂h^l_s = Π_{k=s+1}^{t} ∂⁺h^l_k/∂h^l_{k-1}`: all paths between two places of one row stay in it.
    fn along_a_row(&mut self, state: Expr, by: Expr, steps: &[Option<i64>]) -> Option<Expr> {
        let (symbol, at, components) = Model::member(self.arena, state)?;
        let (by_symbol, by_at, _) = Model::member(self.arena, by)?;
        let mut axes = (0..steps.len()).filter(|&n| steps[n] != Some(0));
        let (Some(axis), None) = (axes.next(), axes.next()) else { return None };
        if symbol != by_symbol || !components.is_empty() || !self.structure.stays_in_rows(symbol, axis) {
            return None;
        }
        let (letter, k) = self.fresh_letter();
        let (one, minus) = (self.arena.one(), self.arena.integer(-1));
        let (low, before) = (self.arena.sum([by_at[axis], one]), self.arena.sum([k, minus]));
        let place = |index| {
            let mut place = at.clone();
            place[axis] = index;
            place
        };
        let member = self.structure.member_at(self.arena, self.model, symbol, &place(k))?;
        let previous = self.structure.member_at(self.arena, self.model, symbol, &place(before))?;
        let structure = self.structure.along(self.arena, k, low, at[axis]);
        let body = structure.certain_definition(self.arena, self.model, member)??;
        let body = structure.unfold(self.arena, self.model, body, &[]);
        let body = self.functions_opened(body);
        let slope = self.local_by_state(body, previous)?;
        Some(self.arena.big(Big::Product, letter, low, at[axis], slope))
    }

    /// One step of a derivative from its later end, through the definition of a state that is another one than that by
    /// which is differentiated, wherever the free letters may lie.
    pub fn grid_step(&mut self, state: Expr, by: Expr, domain: &Domain) -> Option<Expr> {
        let (_, at, _) = Model::member(self.arena, state)?;
        let (_, by_at, _) = Model::member(self.arena, by)?;
        let is_another = at.iter().zip(&by_at).any(|(&here, &there)| {
            let forms = Linear::read(self.arena, here).zip(Linear::read(self.arena, there));
            forms.is_some_and(|(here, there)| domain.keeps_apart(&here, &there))
        });
        if at.len() < 2 || at.len() != by_at.len() || !is_another {
            return None;
        }
        let body = self.structure.certain_definition(self.arena, self.model, state)??;
        self.total(body, by)
    }

    /// One step of a derivative from its earlier end: over the places whose definitions ask for it.
    ///
    /// `None` where it is not certain which definition holds at one of them.
    pub fn grid_step_back(&mut self, state: Expr, by: Expr) -> Option<Expr> {
        let (symbol, at, components) = Model::member(self.arena, state)?;
        let (by_symbol, by_at, by_components) = Model::member(self.arena, by)?;
        if !self.structure.grids.contains_key(&symbol) || at.len() != by_at.len() {
            return None;
        }
        let mut terms = Vec::new();
        if symbol == by_symbol {
            terms.push(self.same_place((&at, &components), (&by_at, &by_components)));
        }
        for (source, steps) in self.arrows_into(symbol, by_symbol) {
            let place: Vec<Expr> = by_at
                .iter()
                .zip(&steps)
                .map(|(&index, step)| {
                    let ahead = self.arena.integer(-step);
                    self.arena.sum([index, ahead])
                })
                .collect();
            let (member, letters) = self.general_member(source, &place)?;
            let Some(body) = self.structure.certain_definition(self.arena, self.model, member)? else { continue };
            let body = self.structure.unfold(self.arena, self.model, body, &[]);
            let body = self.functions_opened(body);
            let local = self.local_by_state(body, by)?;
            let onward = self.grid_between(state, member)?;
            let term = self.arena.product([onward, local]);
            terms.push(self.summed_over(letters, term));
        }
        Some(self.arena.sum(terms))
    }

    /// The states below `symbol` whose definitions ask for `used`, and how far back.
    fn arrows_into(&self, symbol: SymbolId, used: SymbolId) -> BTreeSet<(SymbolId, Vec<i64>)> {
        let mut arrows = BTreeSet::new();
        for (&source, grid) in &self.structure.grids {
            if self.structure.leads(symbol, source) {
                let own = grid.arrows().filter(|(other, _)| *other == used);
                arrows.extend(own.map(|(_, steps)| (source, steps.clone())));
            }
        }
        arrows
    }

    /// `Σ_{k,s} (∂ state / ∂ h^k_s) (∂⁺ h^k_s / ∂ by)`: the parameter enters at every place of the grid.
    fn grid_entering(&mut self, state: Expr, by: Expr) -> Option<Expr> {
        let (symbol, _, _) = Model::member(self.arena, state)?;
        let structure = self.structure;
        let mut terms = Vec::new();
        for (&source, grid) in &structure.grids {
            if !structure.leads(symbol, source) {
                continue;
            }
            if !grid.is_disjoint(self.arena) {
                return None;
            }
            for piece in &grid.pieces {
                terms.push(self.entering_by(state, source, piece, by)?);
            }
        }
        Some(self.arena.sum(terms))
    }

    /// What enters a family of a grid by one of its definitions.
    fn entering_by(&mut self, state: Expr, source: SymbolId, piece: &Piece, by: Expr) -> Option<Expr> {
        let (_, at, _) = Model::member(self.arena, state)?;
        let (by_symbol, _, _) = Model::member(self.arena, by)?;
        let mut letters = Vec::new();
        let mut place = Vec::new();
        for (n, argument) in piece.definition.indices.iter().enumerate() {
            place.push(match argument {
                Argument::Value(value) => *value,
                Argument::Letter(_) => {
                    let (letter, index) = self.fresh_letter();
                    letters.push((letter, index, at[n]));
                    index
                }
            });
        }
        let (member, components) = self.general_member(source, &place)?;
        let body = self.structure.instance_of(self.arena, &piece.definition, member)?;
        let body = self.structure.unfold(self.arena, self.model, body, &[by_symbol]);
        let body = self.functions_opened(body);
        let local = self.local(body, by)?;
        if self.arena.is_zero(local) {
            return Some(local);
        }
        let onward = self.grid_between(state, member)?;
        let term = self.arena.product([onward, local]);
        let mut term = self.summed_over(components, term);
        let mut conditions = Vec::new();
        for prop in piece.definition.conditions(self.arena, &place)? {
            conditions.extend(&prop.comparisons()?);
        }
        for &condition in &conditions {
            term = self.guarded(condition, term);
        }
        for (letter, index, upper) in letters.into_iter().rev() {
            let lower = conditions.iter().find_map(|&(how, low, high)| self.least(how, low, high, index))?;
            term = self.arena.big(Big::Sum, letter, lower, upper, term);
        }
        Some(term)
    }

    /// The least value of an index that a condition allows, where it is a lower bound.
    fn least(&mut self, how: Comparison, low: Expr, high: Expr, index: Expr) -> Option<Expr> {
        match lower_bound(&Prop::Compare(how, low, high), index)? {
            (low, Comparison::Less) => {
                let one = self.arena.one();
                Some(self.arena.sum([low, one]))
            }
            (low, _) => Some(low),
        }
    }
}

//! Propagators: the derivatives of a state by a state, and what one step makes of them.

use crate::calculus::resolve::Resolver;
use crate::expr::{Arena, Big, Comparison, DerivativeKind, Elementary, Expr, Function, Node, SymbolId};
use crate::model::Model;
use crate::rewrite::entries::entry;
use crate::rewrite::slope::slope_with;
use crate::rewrite::{Domain, Linear, Normalizer};

impl Resolver<'_> {
    /// The derivative of a state by a state: 0 against the order of time.
    ///
    /// Where one has no order with the other, as a state from right to left with one from left to right that it asks for, it
    /// stays.
    pub(super) fn propagator(&mut self, state: Expr, by: Expr) -> Option<Expr> {
        let (symbol, at, _) = Model::member(self.arena, state)?;
        let (by_symbol, by_at, _) = Model::member(self.arena, by)?;
        let value = self.propagator_where_ordered(state, by)?;
        if !self.structure.keeps_pace(symbol, by_symbol) {
            return Some(value);
        }
        let (low, high) = self.structure.as_range(symbol, by_at[0], at[0]);
        match self.structure.steps_between(self.arena, symbol, by_at[0], at[0])?.as_integer() {
            Some(steps) if steps >= 0 => Some(value),
            Some(_) => Some(self.arena.zero()),
            None => Some(self.guarded((Comparison::LessEqual, low, high), value)),
        }
    }

    /// The derivative of a state by a state at the same or an earlier index.
    ///
    /// One family of numbers with the step before in its definition: the product of the local slopes.
    /// Several: a derivative that stays, whose one-step laws [`crate::calculus`] knows.
    pub(super) fn propagator_where_ordered(&mut self, state: Expr, by: Expr) -> Option<Expr> {
        let (symbol, at, components) = Model::member(self.arena, state)?;
        let (by_symbol, by_at, by_components) = Model::member(self.arena, by)?;
        if symbol == by_symbol && at == by_at {
            return Some(self.same_place((&[], &components), (&[], &by_components)));
        }
        let is_other = symbol != by_symbol;
        if is_other && !self.structure.leads(symbol, by_symbol) {
            return Some(self.arena.zero());
        }
        if is_other && self.structure.is_given(self.arena, self.model, state) {
            return Some(self.arena.zero());
        }
        if !self.structure.runs_through(symbol, by_symbol)
            && self.structure.is_step(self.arena, self.model, by_symbol, &by_at)
        {
            return Some(self.arena.zero());
        }
        if symbol == by_symbol
            && let Some(matrix) = self.constant_step(symbol, &components)
        {
            let (low, high) = self.structure.as_range(symbol, by_at[0], at[0]);
            let steps = self.arena.subtract(high, low);
            let power = self.arena.matrix_power(matrix, steps);
            return Some(entry(self.arena, power, &[components[0], by_components[0]]));
        }
        let is_chain = self.structure.chains.contains(&symbol)
            || at.len() == 1 && self.structure.is_chain_beside_others(self.arena, symbol);
        if symbol != by_symbol || !is_chain {
            return Some(self.arena.derivative(DerivativeKind::Total, state, by));
        }
        let (letter, k) = self.fresh_letter();
        let slope = self.step_slope(symbol, k)?;
        let after = self.structure.after(self.arena, symbol, by_at[0]);
        let (low, high) = self.structure.as_range(symbol, after, at[0]);
        Some(self.arena.big(Big::Product, letter, low, high, slope))
    }

    /// One step of a propagator of several states from its later end: what the definition of the later state says.
    pub fn step_forward(&mut self, state: Expr, by: Expr) -> Option<Expr> {
        let (symbol, at, components) = Model::member(self.arena, state)?;
        let (by_symbol, by_at, by_components) = Model::member(self.arena, by)?;
        let body = self.structure.definition_of(self.arena, self.model, state)?;
        let through = self.total(body, by)?;
        if symbol != by_symbol {
            return Some(through);
        }
        let same = self.same_place((&at, &components), (&by_at, &by_components));
        Some(self.arena.sum([same, through]))
    }

    /// One step of a propagator from its earlier end: over the states whose definitions hold the earlier one,
    /// at its own index and the next.
    ///
    /// `None` where one of these definitions does not hold on the whole domain, or where a later one holds the earlier
    /// state, too.
    pub fn step_backward(&mut self, state: Expr, by: Expr, domain: &Domain) -> Option<Expr> {
        let (symbol, at, components) = Model::member(self.arena, state)?;
        let (by_symbol, by_at, by_components) = Model::member(self.arena, by)?;
        if self.structure.leaping.contains(&by_symbol) {
            return None;
        }
        let next = self.structure.after(self.arena, by_symbol, by_at[0]);
        let mut terms = Vec::new();
        if symbol == by_symbol {
            terms.push(self.same_place((&at, &components), (&by_at, &by_components)));
        }
        for source in self.structure.states.clone() {
            if !self.structure.leads(symbol, source) {
                continue;
            }
            for index in [by_at[0], next] {
                let (member, letters) = self.general_member(source, &[index])?;
                if member == by || self.structure.is_given(self.arena, self.model, member) {
                    continue;
                }
                let body = self.structure.definition_of(self.arena, self.model, member)?;
                let body = self.structure.unfold(self.arena, self.model, body, &[]);
                let body = self.functions_opened(body);
                let local = self.local_by_state(body, by)?;
                if self.arena.is_zero(local) {
                    continue;
                }
                let first = self.structure.first[&source];
                let steps = self.structure.steps_between(self.arena, source, index, first)?;
                if !domain.implies_at_most_zero(&steps) || !self.structure.keeps_pace(symbol, source) {
                    return None;
                }
                let onward = self.propagator(state, member)?;
                let term = self.arena.product([onward, local]);
                terms.push(self.summed_over(letters, term));
            }
        }
        Some(self.arena.sum(terms))
    }

    /// The slope of a body by a state at exactly its index, all other states held.
    pub(super) fn local_by_state(&mut self, body: Expr, by: Expr) -> Option<Expr> {
        let (by_symbol, by_at, by_components) = Model::member(self.arena, by)?;
        let mut failed = false;
        let (model, structure) = (self.model, self.structure);
        let result = slope_with(self.arena, body, &mut |arena, leaf| match Model::member(arena, leaf) {
            Some((symbol, at, components)) if symbol == by_symbol && at == by_at => {
                let mut deltas = Vec::new();
                for (&a, &b) in components.iter().zip(&by_components) {
                    deltas.push(arena.delta(a, b));
                }
                Some(arena.product(deltas))
            }
            Some((symbol, _, _)) => {
                failed |= structure.is_helper(model, symbol);
                None
            }
            None => {
                failed |= arena
                    .reachable(&[leaf])
                    .iter()
                    .any(|&part| matches!(arena.node(part), Node::Symbol { symbol, .. } if *symbol == by_symbol));
                None
            }
        });
        if failed { None } else { Some(result) }
    }

    /// `∂ h_k / ∂ h_{k-1}` of a chain, with the definition alone.
    fn step_slope(&mut self, state: SymbolId, k: Expr) -> Option<Expr> {
        let member = self.arena.member(state, vec![k]);
        let before = self.structure.before(self.arena, state, k);
        let before = self.arena.member(state, vec![before]);
        let body = self.structure.definition_of(self.arena, self.model, member)?;
        let body = self.structure.unfold(self.arena, self.model, body, &[]);
        let body = self.functions_opened(body);
        Some(slope_with(self.arena, body, &mut |arena, leaf| if leaf == before { Some(arena.one()) } else { None }))
    }

    /// The matrix of a linear recurrence, `h_t = A h_{t-1} + b_t`, where it is the same at every step.
    fn constant_step(&mut self, state: SymbolId, components: &[Expr]) -> Option<Expr> {
        if components.len() != 1 || !self.structure.lone.contains(&state) {
            return None;
        }
        let (_, k) = self.fresh_letter();
        let before = self.structure.before(self.arena, state, k);
        let (_, rows) = self.general_member(state, &[k])?;
        let (_, columns) = self.general_member(state, &[before])?;
        let ([(row, size)], [(column, other)]) = (&rows[..], &columns[..]) else { return None };
        if size != other {
            return None;
        }
        let (row, column) = (self.arena.symbol(*row), self.arena.symbol(*column));
        let slope = self.step_entry(state, k, (row, column))?;
        let slope = self.within_matrix(slope, (row, column), *size)?;
        let matrix = matrix_of(self.arena, slope, (row, column), *size)?;
        let depends = [k, row, column].into_iter().any(|letter| self.arena.contains(matrix, letter));
        if depends { None } else { Some(matrix) }
    }

    /// An entry of `∂s_k/∂s_{k-1}`: the slope of the definition of a state of vectors by its step before.
    pub fn step_entry(&mut self, state: SymbolId, k: Expr, (row, column): (Expr, Expr)) -> Option<Expr> {
        let before = self.structure.before(self.arena, state, k);
        let (whole, previous) = (
            self.structure.member_at(self.arena, self.model, state, &[k])?,
            self.structure.member_at(self.arena, self.model, state, &[before])?,
        );
        let (member, previous) = (self.arena.entry(whole, vec![row]), self.arena.entry(previous, vec![column]));
        let body = self.structure.definition_of(self.arena, self.model, member)?;
        let body = self.structure.unfold(self.arena, self.model, body, &[]);
        let body = self.functions_opened(body);
        self.local_by_state(body, previous)
    }

    /// An entry of a square matrix with its sums over unit vectors worked out.
    fn within_matrix(&mut self, entry: Expr, (row, column): (Expr, Expr), size: Expr) -> Option<Expr> {
        let (one, size) = (Linear::integer(1), Linear::read(self.arena, size)?);
        let mut domain = Domain::all();
        for letter in [row, column] {
            domain.require_at_most_zero(&one.minus(&Linear::letter(letter)))?;
            domain.require_at_most_zero(&Linear::letter(letter).minus(&size))?;
        }
        let mut normalizer = Normalizer::new(self.arena);
        let form = normalizer.form(entry, &domain).ok()?;
        normalizer.expression_within(&form, &domain)
    }
}

/// The matrix whose entry at a row and a column this is: sums and multiples of matrices, their transposes and I.
fn matrix_of(arena: &mut Arena, entry: Expr, (row, column): (Expr, Expr), size: Expr) -> Option<Expr> {
    match arena.node(entry).clone() {
        Node::Entry { of, at } if at[..] == [row, column] => Some(of),
        Node::Entry { of, at } if at[..] == [column, row] => Some(arena.transpose(of)),
        Node::Sum(parts) => {
            let parts: Option<Vec<Expr>> =
                parts.iter().map(|&part| matrix_of(arena, part, (row, column), size)).collect();
            Some(arena.sum(parts?))
        }
        Node::Product(factors) => {
            let holds = |arena: &Arena, factor: Expr| arena.contains(factor, row) || arena.contains(factor, column);
            let (mut scale, mut matrix) = (Vec::new(), None);
            for &factor in factors.iter() {
                match (holds(arena, factor), matrix) {
                    (false, _) => scale.push(factor),
                    (true, None) => matrix = Some(factor),
                    (true, Some(_)) => return None,
                }
            }
            let matrix = matrix_of(arena, matrix?, (row, column), size)?;
            scale.push(matrix);
            Some(arena.product(scale))
        }
        Node::Call { function: Function::Elementary(Elementary::Delta), args, .. }
            if args[..] == [row, column] || args[..] == [column, row] =>
        {
            Some(arena.identity(size))
        }
        _ => None,
    }
}

//! States along their recurrence: relations by induction over the index, and states that are multiples of the one before.

use crate::expr::{Comparison, Expr, Node, Substitution, SymbolKind};
use crate::model::Model;
use crate::proof::bounds::Prover;
use crate::proof::bounds::known::Known;
use crate::proof::bounds::positivity::Goal;
use crate::proof::outcome::Method;
use crate::rewrite::{Domain, Linear, Normalizer};

impl Prover<'_> {
    /// Base: the relation at the least index. Step: from the relation at the index before, with the states at the index
    /// itself replaced by their definition.
    pub fn by_induction(&mut self, how: Comparison, (left, right): (Expr, Expr), known: &Known) -> bool {
        let goal = match how {
            Comparison::LessEqual => Goal::NonNegative,
            Comparison::Less => Goal::Positive,
            Comparison::Equal | Comparison::NotEqual | Comparison::Approximately => return false,
        };
        let Some(letter) = self.state_index(left, right, known) else { return false };
        if let Some((low, high)) = self.opened_at(letter, left, right, known)
            && self.attempt(|prover| prover.at_most(low, high, goal, known))
        {
            self.trace.push(("definition of the state", high));
            return true;
        }
        let (lower, _) = known.domain.range_of(letter);
        let [least] = &lower[..] else { return false };
        let first = least.expr(self.arena);
        let at = |prover: &mut Self, place: Expr| {
            let map = Substitution::from([(letter, place)]);
            let sides = prover.arena.substitute_all(&[left, right], &map);
            (sides[0], sides[1])
        };
        let Some(domain) = known.domain.substitute(letter, least) else { return false };
        let base = Known { domain, ..known.clone() };
        let (low, high) = at(self, first);
        self.trace.push(("induction: base", high));
        let holds = self.attempt(|prover| prover.at_most(low, high, goal, &base))
            || self
                .opened_at(first, low, high, &base)
                .is_some_and(|(low, high)| self.attempt(|prover| prover.at_most(low, high, goal, &base)));
        if !holds {
            return false;
        }
        let mut step = known.clone();
        let later = least.plus(&Linear::integer(1), &1.into()).minus(&Linear::letter(letter));
        if step.domain.require_at_most_zero(&later).is_none() {
            return false;
        }
        let minus = self.arena.integer(-1);
        let before = self.arena.sum([letter, minus]);
        let (low, high) = at(self, before);
        let step = step.with_fact(self.arena, how, low, high);
        let Some((low, high)) = self.opened_at(letter, left, right, &step) else { return false };
        self.trace.push(("induction: step", high));
        self.methods.insert(Method::Induction);
        self.at_most(low, high, goal, &step)
    }

    /// The free letter that is the index of a state, where nothing but its range is known of it.
    fn state_index(&self, left: Expr, right: Expr, known: &Known) -> Option<Expr> {
        let letter = self.arena.reachable(&[left, right]).into_iter().find_map(|part| {
            let (symbol, indices, _) = Model::member(self.arena, part)?;
            let [index] = indices[..] else { return None };
            let is_letter = matches!(self.arena.node(index), Node::Symbol { indices, .. } if indices.is_empty());
            (is_letter && self.structure.states.contains(&symbol)).then_some(index)
        })?;
        let free =
            known.facts.iter().all(|&(_, a, b)| !self.arena.contains(a, letter) && !self.arena.contains(b, letter));
        free.then_some(letter)
    }

    /// Two sides with the states at one index replaced by their definitions.
    fn opened_at(&mut self, index: Expr, left: Expr, right: Expr, known: &Known) -> Option<(Expr, Expr)> {
        let mut map = Substitution::new();
        for part in self.arena.reachable(&[left, right]) {
            let Some((symbol, indices, components)) = Model::member(self.arena, part) else { continue };
            let whole = components.is_empty() && !self.arena.shape(part).is_scalar();
            if whole || indices != [index] || !self.structure.states.contains(&symbol) {
                continue;
            }
            let first = self.structure.first[&symbol];
            if known.decides(self.arena, Comparison::LessEqual, first, index) != Some(true) {
                return None;
            }
            let body = self.structure.definition_of(self.arena, self.model, part)?;
            map.insert(part, self.resolved(body)?);
        }
        let sides = self.arena.substitute_all(&[left, right], &map);
        (!map.is_empty()).then(|| (sides[0], sides[1]))
    }

    /// States that are a constant times the one before, as powers of it times their start.
    pub fn states_solved(&mut self, expr: Expr, known: &Known) -> Expr {
        let mut map = Substitution::new();
        for part in self.arena.reachable(&[expr]) {
            if let Some(solved) = self.state_solved(part, known) {
                map.insert(part, solved);
            }
        }
        self.arena.substitute(expr, &map)
    }

    fn state_solved(&mut self, state: Expr, known: &Known) -> Option<Expr> {
        let Node::Symbol { symbol, indices, .. } = self.arena.node(state).clone() else { return None };
        let [at] = indices[..] else { return None };
        if !self.structure.chains.contains(&symbol) || !self.arena.shape(state).is_scalar() {
            return None;
        }
        let first = self.structure.first[&symbol];
        if known.decides(self.arena, Comparison::LessEqual, first, at) != Some(true) {
            return None;
        }
        let (letter, minus) = (self.fresh(SymbolKind::Integer), self.arena.integer(-1));
        let before = self.arena.sum([letter, minus]);
        let (member, before) = (self.arena.member(symbol, vec![letter]), self.arena.member(symbol, vec![before]));
        let body = self.structure.definition_of(self.arena, self.model, member)?;
        let body = self.resolved(body)?;
        let factor = self.factor_of(body, before)?;
        if self.arena.contains(factor, letter) {
            return None;
        }
        let start = self.arena.sum([first, minus]);
        let steps = Linear::read(self.arena, at)?.minus(&Linear::read(self.arena, start)?).expr(self.arena);
        let start = Linear::read(self.arena, start)?.expr(self.arena);
        let start = self.arena.member(symbol, vec![start]);
        let power = self.arena.power(factor, steps);
        Some(self.arena.product([power, start]))
    }

    /// What a body is divided by one of its factors, where every term has it once and nothing else of its family.
    fn factor_of(&mut self, body: Expr, member: Expr) -> Option<Expr> {
        let mut normalizer = Normalizer::new(self.arena);
        let mut form = normalizer.form(body, &Domain::all()).ok()?;
        for term in &mut form.terms {
            if term.factors.remove(&member)?.as_integer() != Some(1) {
                return None;
            }
        }
        let factor = normalizer.expression(&form)?;
        let conditions = std::mem::take(&mut normalizer.conditions);
        self.conditions.extend(conditions);
        let holds_state = self.arena.reachable(&[factor]).into_iter().any(|part| {
            Model::member(self.arena, part).is_some_and(|(symbol, _, _)| self.structure.states.contains(&symbol))
        });
        (!holds_state).then_some(factor)
    }
}

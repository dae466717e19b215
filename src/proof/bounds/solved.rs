//! States that solve their recurrence: a constant times the state before, plus a constant.

use crate::expr::{Expr, Node, Substitution, SymbolKind};
use crate::model::Model;
use crate::number::polynomial::Goal;
use crate::proof::bounds::Prover;
use crate::proof::bounds::known::Known;
use crate::rewrite::{Domain, Normalizer};

impl Prover<'_> {
    /// States with `s_t = a s_{t-1} + b` as `c + a^t (s_0 - c)` with `c = b / (1 - a)`; without b, also where a is 1.
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
        if !self.is_made_by_step(symbol, at, known) {
            return None;
        }
        let letter = self.fresh(SymbolKind::Integer);
        let before = self.structure.before(self.arena, symbol, letter);
        let (member, before) = (self.arena.member(symbol, vec![letter]), self.arena.member(symbol, vec![before]));
        let body = self.structure.definition_of(self.arena, self.model, member)?;
        let body = self.resolved(body)?;
        let branch = self.branch.clone();
        let body = branch.applied(self.arena, &Domain::all(), body);
        let body = self.arena.substitute(body, &known.values);
        let (factor, rest) = self.affine_in(body, before)?;
        if self.arena.contains(factor, letter) || self.arena.contains(rest, letter) {
            return None;
        }
        let start = self.structure.start_of(self.arena, symbol)?;
        let steps = self.structure.steps_between(self.arena, symbol, start, at)?.expr(self.arena);
        let start = self.arena.member(symbol, vec![start]);
        let given = self.structure.certain_definition(self.arena, self.model, start).flatten();
        let start = given.and_then(|body| self.resolved(body)).unwrap_or(start);
        let power = self.arena.power(factor, steps);
        if self.arena.is_zero(rest) {
            return Some(self.arena.product([power, start]));
        }
        if self.arena.is_one(factor) {
            let moved = self.arena.product([steps, rest]);
            return Some(self.arena.sum([start, moved]));
        }
        let one = self.arena.one();
        let mark = self.evidence.len();
        let apart = [(factor, one), (one, factor)]
            .into_iter()
            .any(|(low, high)| self.attempt(|prover| prover.at_most(low, high, Goal::Positive, known)));
        // What the state is shows by its definition.
        self.evidence.truncate(mark);
        let below = self.arena.subtract(one, factor);
        let fixed = self.arena.divide(rest, below);
        let gap = self.arena.subtract(start, fixed);
        let moved = self.arena.product([power, gap]);
        apart.then(|| self.arena.sum([fixed, moved]))
    }

    /// A body as a multiple of a member and a rest, neither of which holds another state.
    fn affine_in(&mut self, body: Expr, member: Expr) -> Option<(Expr, Expr)> {
        let mut normalizer = Normalizer::new(self.arena);
        let mut form = normalizer.form(body, &Domain::all()).ok()?;
        let mut rest = form.clone();
        rest.terms.retain(|term| !term.factors.contains_key(&member));
        form.terms.retain(|term| term.factors.contains_key(&member));
        for term in &mut form.terms {
            if term.factors.remove(&member)?.as_integer() != Some(1) {
                return None;
            }
        }
        let factor = normalizer.expression(&form)?;
        let rest = normalizer.expression(&rest)?;
        let conditions = std::mem::take(&mut normalizer.conditions);
        self.conditions.extend(conditions);
        let holds_state = self.arena.reachable(&[factor, rest]).into_iter().any(|part| {
            Model::member(self.arena, part).is_some_and(|(symbol, _, _)| self.structure.states.contains(&symbol))
        });
        (!holds_state).then_some((factor, rest))
    }
}

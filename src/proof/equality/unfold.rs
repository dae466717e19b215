//! One more step of the definitions: states at their latest index, and the laws of propagators.

use crate::calculus::{Resolver, Structure};
use crate::expr::{Arena, DerivativeKind, Expr, Node, SymbolId};
use crate::model::{Argument, Model};
use crate::proof::equality::algebra::Algebra;
use crate::rewrite::{Domain, Form, Linear};

impl Algebra<'_> {
    /// Propagators of several states brought to common ends: where two differ by a known number of steps, the longer one
    /// takes a step. Differences that are known numbers are walked through to the end. `None` where nothing changes.
    pub fn propagators_stepped(&mut self, form: &Form, expr: Expr, domain: &Domain) -> Option<Expr> {
        let (model, structure) = (self.model, self.structure);
        let arena = &mut *self.forms.arena;
        let mut found: Vec<(Expr, Linear, Linear)> = Vec::new();
        for term in &form.terms {
            for &atom in term.factors.keys() {
                if let Node::Derivative { kind: DerivativeKind::Total, of, by, .. } = *arena.node(atom)
                    && let (Some((_, at, _)), Some((_, by_at, _))) =
                        (Model::member(arena, of), Model::member(arena, by))
                    && let (Some(at), Some(by_at)) =
                        (Linear::read(arena, *at.first()?), Linear::read(arena, *by_at.first()?))
                {
                    found.push((atom, at, by_at));
                }
            }
        }
        let known = found.iter().any(|(_, at, by_at)| at.minus(by_at).is_constant());
        // The later of two earlier ends that differ by a number, letters of sums apart.
        let mut starts: Vec<&Linear> = found.iter().map(|(_, _, by_at)| by_at).collect();
        starts.sort();
        starts.dedup();
        let behind =
            |by_at: &Linear| starts.iter().any(|other| other.minus(by_at).as_integer().is_some_and(|ahead| ahead > 0));
        let lagging: Vec<Linear> = starts.iter().filter(|by_at| behind(by_at)).map(|&by_at| by_at.clone()).collect();
        if !known && lagging.is_empty() {
            return None;
        }
        let mut used = Vec::new();
        let result = arena.rewrite(expr, &mut |arena, part| {
            let Node::Derivative { kind: DerivativeKind::Total, of, by, .. } = *arena.node(part) else { return None };
            let (state, at, _) = Model::member(arena, of)?;
            let (by_state, by_at, _) = Model::member(arena, by)?;
            let (at, by_at) = (Linear::read(arena, *at.first()?)?, Linear::read(arena, *by_at.first()?)?);
            let step = if at.minus(&by_at).is_constant() {
                let may = may_step(arena, structure, domain, (state, &at), (by_state, &by_at));
                may.then(|| Resolver::new(arena, model, structure).step_forward(of, by)).flatten()
            } else if lagging.contains(&by_at) {
                Resolver::new(arena, model, structure).step_backward(of, by, domain)
            } else {
                None
            };
            used.extend(step.map(|step| (part, step)));
            Some(step.unwrap_or(part))
        });
        let changed = !used.is_empty();
        self.note("chain rule", used);
        changed.then_some(result)
    }

    /// The expression with every state at the last of its indices, in the direction in which it runs, replaced by its
    /// definition, where that holds throughout `domain`; `None` where nothing can be unfolded.
    pub fn unfolded(&mut self, expr: Expr, domain: &Domain) -> Option<Expr> {
        let (model, structure) = (self.model, self.structure);
        let arena = &mut *self.forms.arena;
        let mut ends: Vec<(SymbolId, Expr, Linear)> = Vec::new();
        for part in arena.reachable(&[expr]) {
            let Some((symbol, at, components)) = Model::member(arena, part) else { continue };
            let whole = components.is_empty() && !arena.shape(part).is_scalar();
            if whole || !structure.states.contains(&symbol) || at.len() != 1 {
                continue;
            }
            let Some(index) = Linear::read(arena, at[0]) else { continue };
            let first = Linear::read(arena, structure.first[&symbol])?;
            let free = index.parts.keys().all(|&letter| !matches!(arena.node(letter), Node::Bound(_)));
            let base_case =
                model.definitions_of(symbol).any(|definition| definition.indices == [Argument::Value(at[0])]);
            if base_case || free && domain.implies_at_most_zero(&first.minus(&index)) {
                ends.push((symbol, at[0], index));
            }
        }
        let is_last = |symbol: SymbolId, index: &Linear| {
            let direction = if structure.backward.contains(&symbol) { -1 } else { 1 };
            ends.iter().all(|(_, _, other)| other.minus(index).as_integer().is_none_or(|ahead| direction * ahead <= 0))
        };
        let latest: Vec<(SymbolId, Expr)> = ends
            .iter()
            .filter(|(symbol, _, index)| is_last(*symbol, index))
            .map(|&(symbol, at, _)| (symbol, at))
            .collect();
        let mut used = Vec::new();
        let result = arena.rewrite(expr, &mut |arena, part| {
            // A propagator's own name is not unfolded.
            if matches!(arena.node(part), Node::Derivative { kind: DerivativeKind::Total, .. }) {
                return Some(part);
            }
            let (symbol, at, components) = Model::member(arena, part)?;
            let whole = components.is_empty() && !arena.shape(part).is_scalar();
            if whole || at.len() == 1 && !latest.contains(&(symbol, at[0])) || !model.is_defined(symbol) {
                return None;
            }
            let body = structure.definition_of(arena, model, part)?;
            // Over several indices there is no latest one: only what leads to no other state is unfolded.
            if at.len() != 1 && structure.holds_state(arena, body) {
                return None;
            }
            used.push((part, body));
            Some(structure.unfold(arena, model, body, &[]))
        });
        let changed = !used.is_empty();
        self.note("definition", used);
        changed.then(|| self.branch.applied(self.forms.arena, domain, result))
    }
}

/// Whether the definition of a state holds at an index, given that the other member exists: its start may be several
/// steps before its definition begins.
fn may_step(
    arena: &Arena,
    structure: &Structure,
    domain: &Domain,
    (state, at): (SymbolId, &Linear),
    (by, by_at): (SymbolId, &Linear),
) -> bool {
    // At a number it is known which definition holds, if any does.
    if at.is_constant() {
        return true;
    }
    let first = |state| structure.first.get(&state).and_then(|&first| Linear::read(arena, first));
    let (Some(first), Some(first_by)) = (first(state), first(by)) else { return false };
    if domain.implies_at_most_zero(&first.minus(at)) {
        return true;
    }
    let (ahead, later) = (at.minus(by_at).as_integer(), first.minus(&first_by).as_integer());
    match (ahead, later) {
        (Some(0), _) if state == by => true,
        (Some(ahead), Some(later)) => later <= ahead - structure.lag(by),
        _ => false,
    }
}

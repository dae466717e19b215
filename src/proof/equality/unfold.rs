//! One more step of the definitions: states at their latest index, and the laws of propagators.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::calculus::{Resolver, Structure};
use crate::expr::{Arena, DerivativeKind, Expr, Mixing, Node, SymbolId};
use crate::model::{Argument, Model};
use crate::number::Rational;
use crate::proof::equality::algebra::Algebra;
use crate::proof::equality::identity::expanded;
use crate::rewrite::{Domain, Form, Linear};

impl Algebra<'_> {
    /// Propagators of several states brought to common ends: where two differ by a known number of steps, the longer one
    /// takes a step, from its start, or from its end where no starts differ. Differences that are known numbers are walked
    /// through to the end. `None` where nothing changes.
    pub fn propagators_stepped(&mut self, form: &Form, expr: Expr, domain: &Domain) -> Option<Expr> {
        let (model, structure) = (self.model, self.structure);
        let arena = &mut *self.forms.arena;
        let mut found: Vec<(Linear, Linear)> = Vec::new();
        let (mut ends, mut starts) = (BTreeSet::new(), BTreeSet::new());
        for term in &form.terms {
            for &atom in term.factors.keys() {
                if let Node::Derivative { kind: DerivativeKind::Total, of, by, .. } = *arena.node(atom)
                    && let (Some(at), Some(by_at)) = (place_of(arena, structure, of), place_of(arena, structure, by))
                {
                    // Indices that sums bind have no place of their own.
                    let is_free = |index: &&Linear| !term.letters.iter().any(|letter| index.parts.contains_key(letter));
                    ends.extend(Some(&at).filter(|end| is_over_one(arena, of) && is_free(end)).cloned());
                    starts.extend(Some(&by_at).filter(is_free).cloned());
                    found.push((at, by_at));
                }
            }
        }
        let known = found.iter().any(|(at, by_at)| at.minus(by_at).is_constant());
        let lagging = with_another(&starts, |ahead| ahead > 0);
        let leading = match lagging.is_empty() && !known {
            true => with_another(&ends, |ahead| ahead < 0),
            false => Vec::new(),
        };
        if !known && lagging.is_empty() && leading.is_empty() {
            return None;
        }
        let mut used = Vec::new();
        let result = arena.rewrite(expr, &mut |arena, part| {
            let Node::Derivative { kind: DerivativeKind::Total, of, by, .. } = *arena.node(part) else { return None };
            let (at, by_at) = (place_of(arena, structure, of)?, place_of(arena, structure, by)?);
            let step = if at.minus(&by_at).is_constant() || is_over_one(arena, of) && leading.contains(&at) {
                let (state, by_state) = (Model::member(arena, of)?.0, Model::member(arena, by)?.0);
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

    /// The expression with every propagator that ends at a place taken one step back from there, worked out; `None` where
    /// there is none.
    pub fn propagators_shortened(&mut self, end: &Linear, expr: Expr, domain: &Domain) -> Option<Expr> {
        let (model, structure) = (self.model, self.structure);
        let mut used = Vec::new();
        let result = self.forms.arena.rewrite(expr, &mut |arena, part| {
            let Node::Derivative { kind: DerivativeKind::Total, of, by, .. } = *arena.node(part) else { return None };
            let (at, by_at) = (place_of(arena, structure, of)?, place_of(arena, structure, by)?);
            let (state, by_state) = (Model::member(arena, of)?.0, Model::member(arena, by)?.0);
            let ends_there = at == *end && is_over_one(arena, of);
            let may = ends_there && may_step(arena, structure, domain, (state, &at), (by_state, &by_at));
            let step = may.then(|| Resolver::new(arena, model, structure).step_forward(of, by)).flatten();
            used.extend(step.map(|step| (part, step)));
            Some(step.unwrap_or(part))
        });
        if used.is_empty() {
            return None;
        }
        self.note("chain rule", used);
        let result = self.structure.unfold(self.forms.arena, self.model, result, &[]);
        Some(self.resolver().functions_opened(result))
    }

    /// The expression with every state at the last of its indices, in the direction in which it runs, replaced by its
    /// definition, where that holds throughout `domain`; `None` where nothing can be unfolded.
    pub fn unfolded(&mut self, expr: Expr, domain: &Domain) -> Option<Expr> {
        let (model, structure) = (self.model, self.structure);
        let arena = &mut *self.forms.arena;
        let parts = outside_of_derivatives(arena, expr);
        let ends: Vec<(SymbolId, Expr, Linear)> =
            parts.into_iter().filter_map(|part| end_at(arena, model, structure, part, domain)).collect();
        // Indices of states that run in one direction lie on one line where they differ by whole numbers.
        let line = |symbol: SymbolId, place: &Linear| {
            let constant = &place.constant - Rational::from(place.constant.floor());
            (structure.runs_back(symbol), Linear { constant, ..place.clone() })
        };
        let mut last: BTreeMap<(bool, Linear), Rational> = BTreeMap::new();
        for (symbol, _, place) in &ends {
            let last = last.entry(line(*symbol, place)).or_insert_with(|| place.constant.clone());
            if place.constant > *last {
                last.clone_from(&place.constant);
            }
        }
        let latest: Vec<(SymbolId, Expr)> = ends
            .iter()
            .filter(|(symbol, _, place)| place.constant == last[&line(*symbol, place)])
            .map(|&(symbol, at, _)| (symbol, at))
            .collect();
        let mut used = Vec::new();
        let result = arena.rewrite(expr, &mut |arena, part| {
            // A propagator's own name is not unfolded.
            if matches!(arena.node(part), Node::Derivative { kind: DerivativeKind::Total, .. }) {
                return Some(part);
            }
            let (symbol, at, _) = Model::member(arena, part)?;
            if at.len() == 1 && !latest.contains(&(symbol, at[0])) {
                return None;
            }
            let body = definition_at(arena, model, structure, part)?;
            used.push((part, body));
            Some(structure.unfold(arena, model, body, &[]))
        });
        let changed = !used.is_empty();
        self.note("definition", used);
        changed.then(|| self.branch.applied(self.forms.arena, domain, result))
    }

    /// A graph without binders with every state led back to its starts; `None` where that takes more than `most` nodes.
    ///
    /// The earlier states come first, so that each is worked out once.
    pub fn led_to_starts(&mut self, graph: Expr, domain: &Domain, most: usize) -> Option<Expr> {
        let enough = self.forms.arena.len() + most;
        let mut bodies = Bodies::default();
        let (mut led, mut entered) = (HashMap::default(), BTreeSet::new());
        let mut waiting = self.states_within(graph, domain, &mut bodies);
        while let Some(&state) = waiting.last() {
            if self.forms.arena.len() > enough {
                return None;
            }
            let body = bodies[&state]?;
            let states = self.states_within(body, domain, &mut bodies);
            let missing: Vec<Expr> = states.into_iter().filter(|state| !led.contains_key(state)).collect();
            if missing.is_empty() {
                waiting.pop();
                let body = replaced(self.forms.arena, body, &led);
                led.insert(state, body);
            } else if entered.insert(state) {
                waiting.extend(missing);
            } else {
                return None;
            }
        }
        Some(replaced(self.forms.arena, graph, &led))
    }

    /// The states in an expression that lead further back.
    fn states_within(&mut self, expr: Expr, domain: &Domain, bodies: &mut Bodies) -> Vec<Expr> {
        let arena = &*self.forms.arena;
        let members = arena.reachable(&[expr]).into_iter().filter(|&part| Model::member(arena, part).is_some());
        let members: Vec<Expr> = members.collect();
        let leads_back =
            |part: &Expr| bodies.entry(*part).or_insert_with(|| self.stepped_back(*part, domain)).is_some();
        members.into_iter().filter(leads_back).collect()
    }

    /// What the definition of a state makes of it, without binders.
    fn stepped_back(&mut self, part: Expr, domain: &Domain) -> Option<Expr> {
        let (model, structure, arena) = (self.model, self.structure, &mut *self.forms.arena);
        let (_, at, _) = Model::member(arena, part)?;
        if at.len() == 1 {
            end_at(arena, model, structure, part, domain)?;
        }
        let body = definition_at(arena, model, structure, part)?;
        let body = structure.unfold(arena, model, body, &[]);
        let body = self.branch.applied(arena, domain, body);
        let body = self.resolver().functions_opened(body);
        expanded(self.forms.arena, body)
    }
}

/// The parts of an expression, those that stand only in the names of derivatives apart.
fn outside_of_derivatives(arena: &Arena, expr: Expr) -> Vec<Expr> {
    let is_name = |part: &Expr| matches!(arena.node(*part), Node::Derivative { .. });
    let parts = arena.reachable(&[expr]);
    if !parts.iter().any(is_name) {
        return parts;
    }
    let (mut seen, mut open) = (BTreeSet::new(), vec![expr]);
    while let Some(part) = open.pop() {
        if seen.insert(part) && !is_name(&part) {
            open.extend(arena.children(part));
        }
    }
    seen.into_iter().collect()
}

/// Whether a member is one of a family over one index.
fn is_over_one(arena: &Arena, member: Expr) -> bool {
    Model::member(arena, member).is_some_and(|(_, at, _)| at.len() == 1)
}

/// Where on the course of its own state the end or the start of a propagator is.
fn place_of(arena: &Arena, structure: &Structure, member: Expr) -> Option<Linear> {
    let (state, at, _) = Model::member(arena, member)?;
    Some(structure.place(state, &Linear::read(arena, *at.first()?)?))
}

/// The ends from which another one lies a known number of steps away that `is_there` accepts.
fn with_another(ends: &BTreeSet<Linear>, is_there: impl Fn(i64) -> bool) -> Vec<Linear> {
    let has_other = |end: &Linear| ends.iter().any(|other| other.minus(end).as_integer().is_some_and(&is_there));
    ends.iter().filter(|end| has_other(end)).cloned().collect()
}

/// Members, and what their definitions make of them, where they lead further back.
type Bodies = HashMap<Expr, Option<Expr>, Mixing>;

/// An expression with parts replaced, those of propagators' names apart.
fn replaced(arena: &mut Arena, expr: Expr, parts: &HashMap<Expr, Expr, Mixing>) -> Expr {
    arena.rewrite(expr, &mut |arena, part| match arena.node(part) {
        Node::Derivative { kind: DerivativeKind::Total, .. } => Some(part),
        _ => parts.get(&part).copied(),
    })
}

/// A state at an index at which its definition holds throughout the domain, or which has one of its own there; and its
/// place.
fn end_at(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    part: Expr,
    domain: &Domain,
) -> Option<(SymbolId, Expr, Linear)> {
    let (symbol, at, components) = Model::member(arena, part)?;
    let whole = components.is_empty() && !arena.shape(part).is_scalar();
    if whole || !structure.states.contains(&symbol) || at.len() != 1 {
        return None;
    }
    let (index, first) = (Linear::read(arena, at[0])?, structure.place_of_first(arena, symbol)?);
    let place = structure.place(symbol, &index);
    let free = index.parts.keys().all(|&letter| !matches!(arena.node(letter), Node::Bound(_)));
    let base_case = model.definitions_of(symbol).any(|definition| definition.indices == [Argument::Value(at[0])]);
    (base_case || free && domain.implies_at_most_zero(&first.minus(&place))).then_some((symbol, at[0], place))
}

/// What the definition of a member or of an entry says; of one over several indices, where no state stands in it.
fn definition_at(arena: &mut Arena, model: &Model, structure: &Structure, part: Expr) -> Option<Expr> {
    let (symbol, at, components) = Model::member(arena, part)?;
    let whole = components.is_empty() && !arena.shape(part).is_scalar();
    if whole || !model.is_defined(symbol) {
        return None;
    }
    let body = structure.definition_of(arena, model, part)?;
    // Over several indices there is no latest one: only what leads to no other state is unfolded.
    (at.len() == 1 || !structure.holds_state(arena, body)).then_some(body)
}

/// Whether the definition of a state holds at a place, given that the other member exists: its start may be several
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
    let first = |state| structure.place_of_first(arena, state);
    let (Some(first), Some(first_by)) = (first(state), first(by)) else { return false };
    if domain.implies_at_most_zero(&first.minus(at)) {
        return true;
    }
    if !structure.keeps_pace(state, by) {
        return false;
    }
    let (ahead, later) = (at.minus(by_at).as_integer(), first.minus(&first_by).as_integer());
    match (ahead, later) {
        (Some(0), _) if state == by => true,
        (Some(ahead), Some(later)) => later <= ahead - structure.lag(by),
        _ => false,
    }
}

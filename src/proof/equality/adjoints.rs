//! Adjoint states: families that run from the end and are gradients of what the claim differentiates.
//!
//! Where `δ_T = …` and `δ_t = … δ_{t+1} …` are defined, `δ_t = ∂L/∂z_t` for some family z is proved by induction from the
//! end. Then every `δ_t` is written as that gradient, and a sum over the steps is compared as sums over paths are.

use crate::calculus::Resolver;
use crate::expr::{Arena, DerivativeKind, Expr, Node, Substitution, SymbolId};
use crate::model::{Argument, Definition, Model};
use crate::number::Rational;
use crate::proof::equality::Ground;
use crate::proof::equality::algebra::Algebra;
use crate::proof::equality::solutions::running;
use crate::rewrite::{Domain, Linear};

/// Families beyond this many are not compared with a state.
const MAX_FAMILIES: usize = 12;

/// What the sides of a claim differentiate: numbers that hold no bound index.
pub(super) fn losses(arena: &Arena, sides: &[Expr]) -> Vec<Expr> {
    let mut losses: Vec<Expr> = Vec::new();
    for part in arena.reachable(sides) {
        if let Node::Derivative { kind: DerivativeKind::Total | DerivativeKind::Partial, of, .. } = *arena.node(part)
            && arena.shape(of).is_scalar()
            && arena.is_closed(of)
            && !losses.contains(&of)
        {
            losses.push(of);
        }
    }
    losses
}

/// The general member of a state, the gradient that it is, and where that holds.
struct Adjoint {
    state: SymbolId,
    letter: Expr,
    components: Vec<Expr>,
    gradient: Expr,
    range: Domain,
}

impl Algebra<'_> {
    /// With states that run from the end written as gradients.
    pub fn by_adjoints(&mut self, difference: Expr, domain: &Domain) -> Option<Ground> {
        let parts = self.forms.arena.reachable(&[difference]);
        let symbols = parts.into_iter().filter_map(|part| Some(Model::member(self.forms.arena, part)?.0));
        let held: std::collections::BTreeSet<SymbolId> = symbols.collect();
        let states = held.into_iter().filter(|state| self.structure.backward.contains(state)).collect::<Vec<_>>();
        let adjoints: Vec<Adjoint> = states.into_iter().filter_map(|state| self.adjoint(state)).collect();
        if adjoints.is_empty() {
            return None;
        }
        let written = self.rewritten_within(difference, domain, &mut |algebra, part, domain| {
            adjoints.iter().find_map(|adjoint| adjoint.at(algebra, part, domain))
        });
        let found = self.by_unfolding(written, domain)?;
        Some(Ground { induction: true, ..found })
    }

    /// The gradient that a state is, if it is one of a loss by a family of its shape.
    fn adjoint(&mut self, state: SymbolId) -> Option<Adjoint> {
        let letter = self.forms.arena.letter_apart("adjoint", &[]);
        let letter = self.forms.arena.symbol(letter);
        let (member, components, inside) = self.general_entry(state, letter)?;
        let ranges = self.ranges_from_the_end(state, letter)?;
        for (loss, family) in self.candidates(state) {
            let Some(gradient) = self.gradient_by(loss, family, letter, &components) else { continue };
            let difference = self.forms.arena.subtract(member, gradient);
            for range in &ranges {
                let domain = self.context.domain.meet(&inside).meet(range);
                let found = self.attempt(|algebra| algebra.by_hypothesis(difference, &domain));
                if found.is_some_and(|ground| ground.conditions.is_empty()) {
                    return Some(Adjoint { state, letter, components, gradient, range: range.clone() });
                }
            }
        }
        None
    }

    /// The losses and the families by which one of them may be differentiated.
    fn candidates(&self, state: SymbolId) -> Vec<(Expr, SymbolId)> {
        let families = self.model.declarations.keys().copied();
        let families = families.filter(|&family| family != state && self.model.is_defined(family));
        let families: Vec<SymbolId> = families.filter(|&family| self.structure.leads(state, family)).collect();
        let families = families.into_iter().take(MAX_FAMILIES);
        families.flat_map(|family| self.losses.iter().map(move |&loss| (loss, family))).collect()
    }

    /// An entry of the member of a family at a letter, with letters for its components and where these lie.
    fn general_entry(&mut self, family: SymbolId, letter: Expr) -> Option<(Expr, Vec<Expr>, Domain)> {
        let (model, structure, arena) = (self.model, self.structure, &mut *self.forms.arena);
        let whole = structure.member_at(arena, model, family, &[letter])?;
        let (mut components, mut inside) = (Vec::new(), Domain::all());
        for (n, size) in arena.shape(whole).sizes().into_iter().enumerate() {
            let component = arena.letter_apart(&format!("adjoint{n}"), &[]);
            let component = arena.symbol(component);
            let index = Linear::letter(component);
            inside.require_at_most_zero(&Linear::integer(1).minus(&index))?;
            inside.require_at_most_zero(&index.minus(&Linear::read(arena, size)?))?;
            components.push(component);
        }
        let member = if components.is_empty() { whole } else { arena.entry(whole, components.clone()) };
        Some((member, components, inside))
    }

    /// Where the members of a state exist that runs from the end: the end itself included where one is defined there.
    fn ranges_from_the_end(&mut self, state: SymbolId, letter: Expr) -> Option<Vec<Domain>> {
        let definitions: Vec<Definition> = self.model.definitions_of(state).cloned().collect();
        let is_general = |own: &&Definition| matches!(own.indices[..], [Argument::Letter(_)]);
        let [general] = definitions.iter().filter(is_general).collect::<Vec<_>>()[..] else { return None };
        let range = running(self.forms.arena, general, letter)?;
        let (lower, upper) = range.range_of(letter);
        let [last] = &upper[..] else { return None };
        let end = last.plus(&Linear::integer(1), &Rational::from(1));
        let is_defined_there = definitions.iter().any(|own| match own.indices[..] {
            [Argument::Value(value)] => Linear::read(self.forms.arena, value).is_some_and(|value| value == end),
            _ => false,
        });
        let index = Linear::letter(letter);
        let mut longer = Domain::all();
        longer.require_at_most_zero(&index.minus(&end))?;
        for low in &lower {
            longer.require_at_most_zero(&low.minus(&index))?;
        }
        Some(if is_defined_there { vec![longer, range] } else { vec![range] })
    }

    /// `∂L/∂z` at a letter and components, worked out.
    fn gradient_by(&mut self, loss: Expr, family: SymbolId, letter: Expr, components: &[Expr]) -> Option<Expr> {
        let (model, structure, arena) = (self.model, self.structure, &mut *self.forms.arena);
        let whole = structure.member_at(arena, model, family, &[letter])?;
        if arena.shape(whole).sizes().len() != components.len() {
            return None;
        }
        let by = if components.is_empty() { whole } else { arena.entry(whole, components.to_vec()) };
        let mut resolver = Resolver::new(arena, model, structure);
        let gradient = resolver.derivative(DerivativeKind::Total, loss, by)?;
        let gradient = resolver.resolve(gradient)?;
        (!self.forms.arena.is_zero(gradient)).then_some(gradient)
    }
}

impl Adjoint {
    /// The gradient that a member is, where it is one of the state in its range.
    fn at(&self, algebra: &mut Algebra<'_>, part: Expr, domain: &Domain) -> Option<Expr> {
        let arena = &mut *algebra.forms.arena;
        let (symbol, at, components) = Model::member(arena, part)?;
        let [index] = at[..] else { return None };
        if symbol != self.state || components.len() != self.components.len() {
            return None;
        }
        let here = Linear::read(arena, index)?;
        let holds = |bound: &Linear| domain.implies_at_most_zero(&bound.substitute(self.letter, &here));
        if !self.range.constraints().iter().all(holds) {
            return None;
        }
        let mut map = Substitution::from([(self.letter, index)]);
        map.extend(self.components.iter().copied().zip(components));
        let gradient = arena.substitute(self.gradient, &map);
        algebra.note("adjoint state", [(part, gradient)]);
        Some(gradient)
    }
}

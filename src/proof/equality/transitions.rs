//! Derivatives of a state through a state between: `Σ_m ∂s_{t,i}/∂s_{j,m} ∂s_{j,m}/∂s_{k,l} = ∂s_{t,i}/∂s_{k,l}` for
//! k ≤ j ≤ t.
//!
//! Sound for a state that asks for nothing but its own step before: then every path from step k to step t goes through
//! step j, and both sides gain the same factor with each step from t = j on, where the left one is the right one.

use crate::expr::{DerivativeKind, Expr, Node, SymbolId};
use crate::model::Model;
use crate::proof::equality::Ground;
use crate::proof::equality::algebra::Algebra;
use crate::rewrite::{Domain, Form, Linear, Term};

/// A derivative of a state of vectors by itself.
struct Transition {
    atom: Expr,
    state: SymbolId,
    to: (Linear, Expr),
    from: (Linear, Expr),
    of: Expr,
    by: Expr,
}

impl Algebra<'_> {
    /// With derivatives through states between joined.
    pub fn by_transitions(&mut self, difference: Expr, domain: &Domain) -> Option<Ground> {
        let form = self.form(difference, domain)?;
        let mut terms = Vec::new();
        let mut changed = false;
        for term in form.terms {
            let mut term = term;
            while let Some(joined) = self.joined(&term) {
                (term, changed) = (joined, true);
            }
            terms.push(term);
        }
        if !changed {
            return None;
        }
        let written = self.forms.expression_within(&Form { terms }, domain)?;
        self.note("chain rule", [(difference, written)]);
        self.by_unfolding(written, domain)
    }

    /// A term with two of its derivatives as one.
    fn joined(&mut self, term: &Term) -> Option<Term> {
        let transitions: Vec<Transition> = term
            .factors
            .iter()
            .filter(|(_, exponent)| exponent.as_integer() == Some(1))
            .filter_map(|(&atom, _)| self.transition(atom))
            .collect();
        for later in &transitions {
            for earlier in transitions.iter().filter(|earlier| earlier.state == later.state) {
                let between = later.from.1;
                let meet = later.from == earlier.to && self.is_summed_there(term, later, earlier, between);
                if later.atom == earlier.atom || !meet || !in_order(term, earlier, later) {
                    continue;
                }
                let whole = self.forms.arena.derivative(DerivativeKind::Total, later.of, earlier.by);
                let mut next = term.clone();
                next.factors.remove(&later.atom);
                next.factors.remove(&earlier.atom);
                next.times(whole, &Linear::integer(1));
                next.letters.retain(|&letter| letter != between);
                next.domain = term.domain.project(between);
                return Some(next);
            }
        }
        None
    }

    fn transition(&self, atom: Expr) -> Option<Transition> {
        let arena = &*self.forms.arena;
        let Node::Derivative { kind: DerivativeKind::Total, of, by, .. } = *arena.node(atom) else { return None };
        let end = |member| {
            let (state, at, components) = Model::member(arena, member)?;
            let ([at], [component]) = (&at[..], &components[..]) else { return None };
            Some((state, (self.structure.place(state, &Linear::read(arena, *at)?), *component)))
        };
        let ((state, to), (by_state, from)) = (end(of)?, end(by)?);
        let is_own = state == by_state && self.structure.lone.contains(&state);
        is_own.then_some(Transition { atom, state, to, from, of, by })
    }

    /// Whether a term is summed over the component between two derivatives, over all of them, and has it nowhere else.
    fn is_summed_there(&self, term: &Term, later: &Transition, earlier: &Transition, between: Expr) -> bool {
        let arena = &*self.forms.arena;
        let stands_elsewhere = term.factors.iter().any(|(&atom, exponent)| {
            let is_own = atom == later.atom || atom == earlier.atom;
            exponent.parts.contains_key(&between) || !is_own && arena.contains(atom, between)
        });
        let is_end = later.to.1 == between || earlier.from.1 == between;
        let Node::Entry { of: whole, .. } = arena.node(later.by) else { return false };
        let sizes = arena.shape(*whole).sizes();
        let Some(size) = sizes.first().and_then(|&size| Linear::read(arena, size)) else { return false };
        let (lower, upper) = term.domain.range_of(between);
        let is_whole = lower[..] == [Linear::integer(1)] && upper[..] == [size];
        term.letters.contains(&between) && is_whole && !stands_elsewhere && !is_end
    }
}

/// Whether the steps of two derivatives lie in their order.
fn in_order(term: &Term, earlier: &Transition, later: &Transition) -> bool {
    [(&earlier.from.0, &earlier.to.0), (&later.from.0, &later.to.0)]
        .into_iter()
        .all(|(from, to)| term.domain.implies_at_most_zero(&from.minus(to)))
}

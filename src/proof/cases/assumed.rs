//! Assumptions that are equations: as values of givens, made of other givens and of parameters that nothing binds.
//!
//! **Why this decides.** An equation is used only where all its solutions are known ([`ways`]): each is met by some values
//! of the parameters, on one of the branches. Sides that are one function of the parameters on all branches are equal at
//! every solution; values of the parameters are drawn as those of givens are, and counted as what they are made of.
//! Equations that are not used bind nothing: then more is confirmed than was claimed. The values are put in where a given
//! is read, so that no derivative leads through them: derivatives are taken before assumptions are used.
//!
//! [`ways`]: super::ways

use std::collections::BTreeSet;

use crate::expr::{Arena, Expr, Function, Node, Prop, SymbolId};
use crate::model::{Argument, Definition, FunctionBody, Model};
use crate::proof::cases::ways::{Way, ways};

/// How many branches are looked at.
const MAX_BRANCHES: usize = 8;

/// The branches of the solutions of the equations among the premises: each gives values to givens. One without any where
/// no equation is solved.
pub(super) fn branches(arena: &mut Arena, model: &Model, premises: &[Prop]) -> Vec<Way> {
    let mut branches: Vec<Way> = vec![Vec::new()];
    for equation in premises.iter().filter_map(Prop::equation) {
        let ways = ways(arena, model, &equation);
        if ways.is_empty() || branches.len() * ways.len() > MAX_BRANCHES {
            continue;
        }
        branches = branches.into_iter().flat_map(|branch| extended(arena, model, branch, &ways)).collect();
    }
    branches
}

/// A branch with each of the ways, or as it is where one of them does not fit.
fn extended(arena: &Arena, model: &Model, branch: Way, ways: &[Way]) -> Vec<Way> {
    let longer: Option<Vec<Way>> = ways.iter().map(|way| joined(arena, model, &branch, way)).collect();
    longer.unwrap_or_else(|| vec![branch])
}

/// A branch in which more givens have values: none that has one already, none that leads back to itself.
fn joined(arena: &Arena, model: &Model, branch: &Way, way: &Way) -> Option<Way> {
    let mut joined = branch.clone();
    for definition in way {
        if joined.iter().any(|other| overlap(arena, other, definition)) {
            return None;
        }
        joined.push(definition.clone());
    }
    let is_founded = |definition: &Definition| !leads_to(arena, model, &joined, definition.body, definition.symbol);
    joined.iter().all(is_founded).then_some(joined)
}

/// Whether two definitions may speak of one member: they do not where an index is another number.
fn overlap(arena: &Arena, one: &Definition, other: &Definition) -> bool {
    let differ = |(a, b): (&Argument, &Argument)| match (a, b) {
        (Argument::Value(a), Argument::Value(b)) => arena.as_integer(*a) != arena.as_integer(*b),
        _ => false,
    };
    one.symbol == other.symbol && !one.indices.iter().zip(&other.indices).any(differ)
}

/// Whether an expression leads to a symbol, by what is defined and by what has a value.
fn leads_to(arena: &Arena, model: &Model, values: &[Definition], expr: Expr, symbol: SymbolId) -> bool {
    let (mut open, mut seen) = (vec![expr], BTreeSet::new());
    while let Some(expr) = open.pop() {
        for part in arena.reachable(&[expr]) {
            let (Node::Symbol { symbol: met, .. }
            | Node::Call { function: Function::Declared { symbol: met, .. }, .. }) = arena.node(part)
            else {
                continue;
            };
            if !seen.insert(*met) {
                continue;
            }
            let own = values.iter().filter(|definition| definition.symbol == *met);
            open.extend(model.definitions_of(*met).chain(own).map(|definition| definition.body));
            if let Some(FunctionBody::Expression { body, .. }) = model.functions.get(met) {
                open.push(*body);
            }
        }
    }
    seen.contains(&symbol)
}

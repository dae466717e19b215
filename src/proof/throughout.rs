//! Premises for all values of letters, where the givens are certain numbers.
//!
//! A few values of a letter do not decide such a premise: `w^t \le 100 \quad \forall t` holds at w = 2 for every t up to 6.
//! With the numbers in the place of the givens it is a claim like any other, and the provers are asked.

use crate::calculus::Structure;
use crate::expr::{Arena, Comparison, Expr, Node, Prop, Substitution, SymbolId};
use crate::model::{FunctionBody, Model};
use crate::proof::decide::prove;

/// Whether premises are proved where nothing but these facts is known of the givens: equations between a given, or all
/// members of a family, and a number, and what else is certain.
pub(super) fn hold(arena: &mut Arena, model: &Model, premises: &[Prop], facts: &[Prop]) -> bool {
    let mut exprs: Vec<Expr> = premises.iter().flat_map(Prop::expressions).collect();
    exprs.extend(model.definitions.iter().map(|own| own.body));
    exprs.extend(model.functions.values().filter_map(body_of));
    let map = if holds_derivatives(arena, &exprs) { Substitution::new() } else { substitution(arena, facts) };
    let assumptions = facts.iter().map(|fact| with_numbers_in(arena, fact, &map)).collect();
    let there = Model { assumptions, values: Vec::new(), ..with_numbers(arena, model, &map) };
    let structure = Structure::new(arena, &there);
    premises.iter().all(|premise| is_proved(arena, &there, &structure, premise, &map))
}

/// A statement for all values of letters says its body of any one of them, within their range.
fn is_proved(arena: &mut Arena, there: &Model, structure: &Structure, premise: &Prop, map: &Substitution) -> bool {
    let (said, range) = match with_numbers_in(arena, premise, map) {
        Prop::ForAll(_, inner) => match *inner {
            Prop::Implies(range, said) => (*said, vec![*range]),
            said => (said, Vec::new()),
        },
        said => (said, Vec::new()),
    };
    prove(arena, there, structure, &said, &range).is_some()
}

/// A statement with numbers in the place of givens; that a given is a number stays what it says.
fn with_numbers_in(arena: &mut Arena, prop: &Prop, map: &Substitution) -> Prop {
    match prop {
        Prop::Compare(Comparison::Equal, given, number) if map.get(given) == Some(number) => prop.clone(),
        Prop::ForAll(letters, inner) => {
            let map = without(arena, map, letters);
            Prop::ForAll(letters.clone(), Box::new(with_numbers_in(arena, inner, &map)))
        }
        prop => prop.map(&mut |part| arena.substitute(part, map)),
    }
}

/// The numbers of the givens and members that the equations name one by one.
fn substitution(arena: &Arena, facts: &[Prop]) -> Substitution {
    let named = facts.iter().filter_map(|value| value.sides(Comparison::Equal));
    named
        .filter(|&(member, value)| {
            matches!(arena.node(member), Node::Symbol { .. }) && arena.as_number(value).is_some()
        })
        .collect()
}

/// The same without letters, which are bound where they stand.
fn without(arena: &mut Arena, map: &Substitution, letters: &[SymbolId]) -> Substitution {
    let letters: Vec<Expr> = letters.iter().map(|&letter| arena.symbol(letter)).collect();
    map.iter().filter(|(part, _)| !letters.contains(part)).map(|(&part, &value)| (part, value)).collect()
}

/// Whether a derivative stands in some expressions: nothing is put in the place of what it is taken by.
fn holds_derivatives(arena: &Arena, exprs: &[Expr]) -> bool {
    let mut parts = arena.reachable(exprs).into_iter();
    parts.any(|part| matches!(arena.node(part), Node::Derivative { .. } | Node::At { .. }))
}

fn body_of(function: &FunctionBody) -> Option<Expr> {
    match function {
        FunctionBody::Expression { body, .. } => Some(*body),
        FunctionBody::Elementary(_) => None,
    }
}

/// The definitions with numbers in the place of givens.
fn with_numbers(arena: &mut Arena, model: &Model, map: &Substitution) -> Model {
    let mut there = model.clone();
    for definition in &mut there.definitions {
        let bound: Vec<SymbolId> =
            definition.indices.iter().filter_map(|index| index.letter()).chain(definition.components.clone()).collect();
        let map = without(arena, map, &bound);
        definition.body = arena.substitute(definition.body, &map);
        definition.range = definition.range.iter().map(|prop| with_numbers_in(arena, prop, &map)).collect();
    }
    for function in there.functions.values_mut() {
        if let FunctionBody::Expression { parameters, body } = function {
            let map = without(arena, map, parameters);
            *body = arena.substitute(*body, &map);
        }
    }
    there
}

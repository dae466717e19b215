//! Bound functions: `f = \sigma`, `f(z) = …`, opened where they are called.

use crate::expr::{Arena, Expr, Function, Node, Slot, Substitution, SymbolKind};
use crate::model::{FunctionBody, Model};
use crate::rewrite::slope::slope;

/// A call of a bound function as its body, with derivatives by slots taken first; everything else as it is.
pub(super) fn opened(arena: &mut Arena, model: &Model, expr: Expr) -> Expr {
    let Node::Call { function: Function::Declared { symbol, .. }, slots, args } = arena.node(expr).clone() else { return expr };
    let Some(body) = model.functions.get(&symbol) else { return expr };
    match body {
        FunctionBody::Elementary(elementary) => arena.call(Function::Elementary(*elementary), slots.to_vec(), args.to_vec()),
        FunctionBody::Expression { parameters, body } => {
            let tensors = slots.iter().any(|slot| !slot.entry.is_empty());
            let parameters: Vec<Expr> = parameters
                .iter()
                .zip(&args)
                .map(|(&parameter, &arg)| {
                    let shape = arena.shape(arg);
                    arena.member_of_shape(parameter, Box::default(), shape)
                })
                .collect();
            let scalar_parameters: Vec<Expr> = parameters
                .iter()
                .map(|&parameter| match arena.node(parameter) {
                    Node::Symbol { symbol, .. } => {
                        let symbol = *symbol;
                        arena.member_of_shape(symbol, Box::default(), crate::expr::Shape::Scalar)
                    }
                    _ => parameter,
                })
                .collect();
            let mut value = crate::rewrite::entries::entry(arena, *body, &[]);
            value = nested(arena, model, value);
            if tensors {
                value = by_entries(arena, value, &slots, &parameters);
            } else {
                for Slot { argument, .. } in slots.iter() {
                    value = slope(arena, value, scalar_parameters[usize::from(*argument)]);
                }
            }
            let map: Substitution = scalar_parameters.iter().copied().zip(args.iter().copied()).chain(parameters.iter().copied().zip(args.iter().copied())).collect();
            let value = arena.substitute(value, &map);
            if arena.shape(expr).is_scalar() { crate::rewrite::entries::entry(arena, value, &[]) } else { value }
        }
    }
}

/// Calls of other bound functions within a body.
fn nested(arena: &mut Arena, model: &Model, body: Expr) -> Expr {
    let mut map = Substitution::new();
    for part in arena.reachable(&[body]) {
        let new = if map.is_empty() { part } else { arena.substitute(part, &map) };
        let value = opened(arena, model, new);
        if value != part {
            map.insert(part, value);
        }
    }
    arena.substitute(body, &map)
}

fn by_entries(arena: &mut Arena, body: Expr, slots: &[Slot], parameters: &[Expr]) -> Expr {
    let mut value = body;
    for slot in slots {
        let parameter = parameters[usize::from(slot.argument)];
        let entry = slot.entry.clone();
        value = crate::rewrite::slope::slope_with(arena, value, &mut |arena, leaf| match arena.node(leaf).clone() {
            Node::Entry { of, at } if of == parameter => {
                let deltas: Vec<Expr> = at.iter().zip(entry.iter()).map(|(&a, &b)| arena.delta(a, b)).collect();
                Some(arena.product(deltas))
            }
            _ if leaf == parameter => Some(arena.one()),
            _ => None,
        });
    }
    let _ = SymbolKind::Real;
    value
}

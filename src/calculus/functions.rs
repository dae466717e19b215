//! Bound functions: `f = \sigma`, `f(z) = …`, opened where they are called.

use crate::expr::{Arena, Expr, Function, Node, Slot, Substitution};
use crate::model::{FunctionBody, Model};
use crate::rewrite::slope::slope;

/// A call of a bound function as its body, with derivatives by slots taken first; `None` for everything else.
pub(super) fn opened(arena: &mut Arena, model: &Model, expr: Expr) -> Option<Expr> {
    let Node::Call { function: Function::Declared { symbol, .. }, slots, args } = arena.node(expr).clone() else {
        return None;
    };
    let body = model.functions.get(&symbol)?;
    let args: Vec<Expr> = args.iter().map(|&arg| nested(arena, model, arg)).collect();
    Some(match body {
        FunctionBody::Elementary(elementary) => {
            arena.call(Function::Elementary(*elementary), slots.to_vec(), args.to_vec())
        }
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
            let map: Substitution = scalar_parameters
                .iter()
                .copied()
                .zip(args.iter().copied())
                .chain(parameters.iter().copied().zip(args.iter().copied()))
                .collect();
            let value = arena.substitute(value, &map);
            if arena.shape(expr).is_scalar() { crate::rewrite::entries::entry(arena, value, &[]) } else { value }
        }
    })
}

/// Calls of other bound functions within a body.
fn nested(arena: &mut Arena, model: &Model, body: Expr) -> Expr {
    arena.rewrite(body, &mut |arena, part| opened(arena, model, part))
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
    value
}

//! Values of elementary functions that are known exactly (DLMF 4.2, 4.17, 4.30, 7.2).

use crate::expr::{Arena, Elementary, Expr, Function, Node};
use crate::number::Rational;
use crate::proof::bounds::Prover;

impl Prover<'_> {
    /// Calls at 0, at 1 and at halves of π replaced by their values.
    pub fn with_known_values(&mut self, expr: Expr) -> Expr {
        with_known_values(self.arena, expr)
    }
}

/// Calls at 0, at 1 and at halves of π replaced by their values.
pub(in crate::proof) fn with_known_values(arena: &mut Arena, expr: Expr) -> Expr {
    arena.rewrite(expr, &mut |arena, part| {
        let Node::Call { function: Function::Elementary(f), slots, args } = arena.node(part).clone() else {
            return None;
        };
        if let Some(quarters) = quarters(arena, *args.first()?) {
            let quarters = if f == Elementary::Cos { quarters + 1 } else { quarters };
            let value = [0, 1, 0, -1].get(usize::try_from(quarters.rem_euclid(4)).ok()?)?;
            return matches!(f, Elementary::Sin | Elementary::Cos).then(|| arena.integer(*value));
        }
        let at = arena.as_integer(*args.first()?).filter(|_| slots.is_empty() && args.len() == 1)?;
        match (f, at) {
            (Elementary::Softplus, 0) => {
                let two = arena.integer(2);
                Some(arena.apply(Elementary::Log, two))
            }
            (Elementary::Log, 1) => Some(arena.zero()),
            (f, 0) => f.at_zero().map(|value| arena.number(value)),
            _ => None,
        }
    })
}

/// How many times π / 2 an expression is.
fn quarters(arena: &Arena, expr: Expr) -> Option<i64> {
    let pi = |part: Expr| matches!(arena.node(part), Node::Pi);
    match arena.node(expr) {
        Node::Pi => Some(2),
        Node::Product(parts) => match parts[..] {
            [a, b] if pi(a) || pi(b) => {
                let factor = arena.as_number(if pi(a) { b } else { a })?;
                crate::number::rational::to_i64(&(factor * Rational::from(2)))
            }
            _ => None,
        },
        _ => None,
    }
}

//! What an order among the conditions makes of functions with corners: `max(a, b) = b` where `a ≤ b`, `|x| = x` where
//! `0 ≤ x`.

use crate::expr::{Comparison, Elementary, Expr, Function, Node, Prop, Substitution};
use crate::proof::equality::algebra::Algebra;
use crate::rewrite::Domain;

impl Algebra<'_> {
    /// The expression with every maximum, minimum, absolute value and rectifier whose side the conditions tell.
    pub fn ordered_by_facts(&mut self, expr: Expr, domain: &Domain) -> Expr {
        let arena = &*self.forms.arena;
        let corners: Vec<(Expr, Elementary, Vec<Expr>)> = arena
            .reachable(&[expr])
            .into_iter()
            .filter_map(|part| match arena.node(part) {
                Node::Call { function: Function::Elementary(f), slots, args } if slots.is_empty() => {
                    Some((part, *f, args.to_vec()))
                }
                _ => None,
            })
            .collect();
        let orders = if corners.iter().any(|&(_, f, _)| has_corner(f)) { self.orders() } else { Vec::new() };
        let mut map = Substitution::new();
        for (part, function, args) in corners {
            if !orders.is_empty()
                && let Some(value) = self.side(function, &args, &orders, domain)
            {
                map.insert(part, value);
            }
        }
        let told: Vec<(Expr, Expr)> = map.iter().map(|(&part, &value)| (part, value)).collect();
        self.note("order", told);
        self.forms.arena.substitute(expr, &map)
    }

    /// The pairs of numbers of which the conditions say that the first is at most the second, worked out.
    fn orders(&mut self) -> Vec<(Expr, Expr)> {
        let mut orders = Vec::new();
        for fact in &self.context.facts {
            if let Prop::Compare(Comparison::Less | Comparison::LessEqual, low, high) = *fact {
                let low = self.resolver().resolve(low);
                orders.extend(low.zip(self.resolver().resolve(high)));
            }
        }
        orders
    }

    fn side(&mut self, function: Elementary, args: &[Expr], orders: &[(Expr, Expr)], domain: &Domain) -> Option<Expr> {
        let zero = self.forms.arena.zero();
        let (x, y) = (args[0], args.get(1).copied().unwrap_or(zero));
        if !has_corner(function) {
            return None;
        }
        let is_at_most = |algebra: &mut Self, low, high| {
            orders.iter().any(|&(a, b)| algebra.is_same(low, a, domain) && algebra.is_same(high, b, domain))
        };
        let (less, more) = if is_at_most(self, x, y) {
            (x, y)
        } else if is_at_most(self, y, x) {
            (y, x)
        } else {
            return None;
        };
        match function {
            Elementary::Max | Elementary::Relu => Some(more),
            Elementary::Min => Some(less),
            Elementary::Abs if more == x => Some(x),
            Elementary::Abs => Some(self.forms.arena.negate(x)),
            _ => None,
        }
    }

    fn is_same(&mut self, one: Expr, other: Expr, domain: &Domain) -> bool {
        let difference = self.forms.arena.subtract(one, other);
        self.vanishes(difference, domain).is_some_and(|ground| ground.conditions.is_empty())
    }
}

fn has_corner(function: Elementary) -> bool {
    matches!(function, Elementary::Max | Elementary::Min | Elementary::Abs | Elementary::Relu)
}

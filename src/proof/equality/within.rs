//! Rewriting under sums and products, where the bounds of the indices are known.

use std::collections::HashMap;

use crate::expr::{DerivativeKind, Expr, Node};
use crate::proof::equality::algebra::Algebra;
use crate::rewrite::{Domain, Linear};

/// Expressions nested more deeply than this are left as they are.
const MAX_DEPTH: usize = 200;

/// What becomes of a part on the domain in which it stands; `None` where it stays.
pub(super) type Rule<'r, 'a> = dyn FnMut(&mut Algebra<'a>, Expr, &Domain) -> Option<Expr> + 'r;

impl<'a> Algebra<'a> {
    /// The expression with a rule applied to every part of it, inner parts first; the index of a sum or a product lies
    /// between its bounds there. Names of derivatives, limits and extremes stay as they are.
    pub fn rewritten_within(&mut self, expr: Expr, domain: &Domain, rule: &mut Rule<'_, 'a>) -> Expr {
        self.rewritten_at(expr, domain, rule, &mut HashMap::new(), 0)
    }

    fn rewritten_at(
        &mut self,
        expr: Expr,
        domain: &Domain,
        rule: &mut Rule<'_, 'a>,
        done: &mut HashMap<Expr, Expr>,
        depth: usize,
    ) -> Expr {
        if let Some(&known) = done.get(&expr) {
            return known;
        }
        if depth > MAX_DEPTH {
            return expr;
        }
        let new = match *self.forms.arena.node(expr) {
            Node::Derivative { kind: DerivativeKind::Total, .. } | Node::Limit { .. } | Node::Extremum { .. } => expr,
            Node::Big { .. } => {
                let rebuilt = self.rewritten_under(expr, domain, rule, depth);
                rule(self, rebuilt, domain).unwrap_or(rebuilt)
            }
            _ => {
                let mut parts = HashMap::new();
                for child in self.forms.arena.children(expr) {
                    let part = self.rewritten_at(child, domain, rule, done, depth + 1);
                    parts.insert(child, part);
                }
                let rebuilt = self.forms.arena.rebuild(expr, &mut |child| parts[&child]);
                rule(self, rebuilt, domain).unwrap_or(rebuilt)
            }
        };
        done.insert(expr, new);
        new
    }

    /// A sum or a product, with its body rewritten where its index lies between its bounds.
    fn rewritten_under(&mut self, expr: Expr, domain: &Domain, rule: &mut Rule<'_, 'a>, depth: usize) -> Expr {
        let arena = &mut *self.forms.arena;
        let Node::Big { op, lower, upper, .. } = *arena.node(expr) else { return expr };
        let Some((letter, body)) = arena.open(expr, 700 + depth) else { return expr };
        let index = Linear::letter(arena.symbol(letter));
        let mut inside = domain.clone();
        for (bound, below) in [(lower, true), (upper, false)] {
            if let Some(bound) = Linear::read(arena, bound) {
                let gap = if below { bound.minus(&index) } else { index.minus(&bound) };
                // What is no bound on a difference is not known.
                let _ = inside.require_at_most_zero(&gap);
            }
        }
        let body = self.rewritten_at(body, &inside, rule, &mut HashMap::new(), depth + 1);
        self.forms.arena.big(op, letter, lower, upper, body)
    }
}

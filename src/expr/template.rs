//! Expressions in one letter, to be written for many of its values.

use crate::expr::{Arena, Expr};

/// Expressions in one letter. What [`Arena::substitute`] finds out anew each time is found out once.
#[derive(Debug, Clone)]
pub struct Template {
    /// The letter, then what holds it, parts before wholes.
    order: Vec<Expr>,
    roots: Vec<Expr>,
}

impl Template {
    /// The expressions `roots` in `letter`.
    pub fn new(arena: &Arena, letter: Expr, roots: Vec<Expr>) -> Template {
        let mut order = vec![letter];
        for expr in arena.reachable(&roots) {
            let holds_letter = arena.children(expr).iter().any(|child| order.binary_search(child).is_ok());
            if expr != letter && holds_letter {
                order.push(expr);
            }
        }
        Template { order, roots }
    }

    /// The expressions with `value` in the place of the letter; it must hold no binder.
    pub fn instantiate(&self, arena: &mut Arena, value: Expr) -> Vec<Expr> {
        let mut written = vec![value];
        for &expr in &self.order[1..] {
            let new = arena.rebuild(expr, &mut |part| self.written(&written, part));
            written.push(new);
        }
        self.roots.iter().map(|&root| self.written(&written, root)).collect()
    }

    fn written(&self, written: &[Expr], part: Expr) -> Expr {
        self.order.binary_search(&part).map_or(part, |place| written[place])
    }
}

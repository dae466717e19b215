//! Laws that assumptions give a function: `f'(z) = f(z) (1 - f(z))` for all z says what a call with any argument is.

use crate::expr::{Arena, Equation, Expr, Function, Node, Slot, Substitution, SymbolKind};

/// Calls that hold one another more deeply than this are left as they are.
const MAX_ROUNDS: usize = 4;

/// `f^{(n)}(z) = value` for all z, where the value holds the function less often differentiated, if at all.
#[derive(Debug, Clone)]
pub(super) struct CallLaw {
    function: Function,
    slots: Box<[Slot]>,
    letters: Vec<Expr>,
    value: Expr,
}

impl CallLaw {
    /// The law that an equation is; `None` where it holds on a part of the numbers only, or leads from a call to others of
    /// its order.
    pub fn of(arena: &mut Arena, equation: &Equation) -> Option<CallLaw> {
        let Equation { letters, range, left, right } = equation;
        let are_real = letters.iter().all(|&letter| arena.kind(letter) == SymbolKind::Real);
        if letters.is_empty() || !range.is_empty() || !are_real {
            return None;
        }
        let letters: Vec<Expr> = letters.iter().map(|&letter| arena.symbol(letter)).collect();
        [(*left, *right), (*right, *left)].into_iter().find_map(|(call, value)| {
            let Node::Call { function, slots, args } = arena.node(call).clone() else { return None };
            let Function::Declared { indices, .. } = &function else { return None };
            let mut named = args.to_vec();
            named.sort_unstable();
            named.dedup();
            let is_general = indices.is_empty()
                && named.len() == args.len()
                && letters.len() == args.len()
                && letters.iter().all(|letter| args.contains(letter));
            let leads_down = |part: Expr| match arena.node(part) {
                Node::Call { function: other, slots: others, .. } => *other != function || others.len() < slots.len(),
                Node::Derivative { .. } | Node::At { .. } | Node::Limit { .. } | Node::Extremum { .. } => false,
                _ => true,
            };
            let is_law = is_general && arena.reachable(&[value]).into_iter().all(leads_down);
            is_law.then(|| CallLaw { function, slots, letters: args.to_vec(), value })
        })
    }

    fn apply(&self, arena: &mut Arena, part: Expr) -> Option<Expr> {
        let Node::Call { function, slots, args } = arena.node(part).clone() else { return None };
        if function != self.function || slots != self.slots {
            return None;
        }
        let map: Substitution = self.letters.iter().copied().zip(args.iter().copied()).collect();
        Some(arena.substitute(self.value, &map))
    }
}

/// An expression whose derivatives are taken, with every call of which a law speaks replaced; the names of derivatives
/// stay.
pub(super) fn applied(arena: &mut Arena, laws: &[CallLaw], expr: Expr) -> Expr {
    let mut expr = expr;
    for _ in 0..MAX_ROUNDS {
        let next = arena.rewrite(expr, &mut |arena, part| match arena.node(part) {
            Node::Derivative { .. } => Some(part),
            Node::Call { .. } => laws.iter().find_map(|law| law.apply(arena, part)),
            _ => None,
        });
        if next == expr {
            break;
        }
        expr = next;
    }
    expr
}

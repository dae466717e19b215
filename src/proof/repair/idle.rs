//! What must not hold, or must hold, beside a repair: it would be true without what was claimed, or defined at fewer
//! points than the claim.

use crate::expr::{Arena, Comparison, Elementary, Expr, Function, Node, Prop};
use crate::lower::Statement;

/// The conclusion of an implication without its premise.
pub(super) fn conclusion(edited: &Statement) -> Option<Statement> {
    let Prop::Implies(_, conclusion) = &edited.prop else { return None };
    Some(Statement { prop: (**conclusion).clone(), ..edited.clone() })
}

/// Where the larger side of an inequality was edited: that the smaller one is at most 0, and that the larger is not less.
pub(super) fn signs(arena: &mut Arena, written: &Statement, edited: &Statement) -> Option<[Statement; 2]> {
    let Prop::Compare(Comparison::Less | Comparison::LessEqual, left, right) = edited.prop else { return None };
    let Prop::Compare(_, own_left, own_right) = written.prop else { return None };
    if left != own_left || right == own_right || !arena.shape(left).is_scalar() || !arena.shape(right).is_scalar() {
        return None;
    }
    let zero = arena.integer(0);
    Some([(left, zero), (zero, right)].map(|(less, more)| {
        let prop = Prop::Compare(Comparison::LessEqual, less, more);
        Statement { prop, ..edited.clone() }
    }))
}

/// That each root and logarithm of `edited` that does not stand in `written` is defined.
pub(super) fn domains(arena: &mut Arena, written: &Statement, edited: &Statement) -> Vec<Statement> {
    let [before, after] = [written, edited].map(|statement| arguments(arena, statement));
    let zero = arena.integer(0);
    let new = after.into_iter().filter(|argument| !before.contains(argument));
    let defined = new.map(|argument| {
        let own = Prop::Compare(Comparison::LessEqual, zero, argument);
        let prop = match &edited.prop {
            Prop::Implies(premise, _) => Prop::Implies(premise.clone(), Box::new(own)),
            _ => own,
        };
        Statement { prop, ..edited.clone() }
    });
    defined.collect()
}

/// What the roots and the logarithms of a statement are taken of, where that is a number.
fn arguments(arena: &Arena, statement: &Statement) -> Vec<Expr> {
    let argument = |part: Expr| match arena.node(part) {
        Node::Power(base, exponent) => {
            arena.as_number(*exponent).is_some_and(|exponent| !exponent.is_int()).then_some(*base)
        }
        Node::Call { function: Function::Elementary(Elementary::Log), slots, args } if slots.is_empty() => {
            args.first().copied()
        }
        _ => None,
    };
    let is_closed = |part: &Expr| {
        arena.shape(*part).is_scalar()
            && !arena.reachable(&[*part]).into_iter().any(|part| matches!(arena.node(part), Node::Bound(_)))
    };
    arena.reachable(&statement.prop.expressions()).into_iter().filter_map(argument).filter(is_closed).collect()
}

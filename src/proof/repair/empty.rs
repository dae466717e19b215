//! Claims that say nothing, which are no repairs.

use crate::calculus::Structure;
use crate::expr::{Arena, Comparison, Expr, Function, Node, Prop};
use crate::lower::Statement;
use crate::model::Model;
use crate::number::Rational;
use crate::proof::context::Context;
use crate::proof::equality;

/// Whether a claim says nothing that can be seen from its form.
pub(super) fn is_empty(arena: &Arena, model: &Model, statement: &Statement) -> bool {
    says_nothing(&statement.prop)
        || concludes_condition(statement)
        || differentiates_no_state(arena, model, &statement.prop)
}

/// Whether a number is put below a function that has no lower value: `0 \le |x|`.
pub(super) fn lies_below_all_values(arena: &Arena, prop: &Prop) -> bool {
    if let Prop::Implies(_, conclusion) | Prop::ForAll(_, conclusion) = prop {
        return lies_below_all_values(arena, conclusion);
    }
    let Prop::Compare(how @ (Comparison::Less | Comparison::LessEqual), left, right) = *prop else { return false };
    let Node::Call { function: Function::Elementary(f), slots, .. } = arena.node(right) else { return false };
    let (Some(number), Some((least, attained))) = (arena.as_number(left), f.row().range.lower) else { return false };
    let least = Rational::from(least);
    slots.is_empty() && (*number < least || *number == least && (how == Comparison::LessEqual || !attained))
}

/// Whether a statement compares a side with itself.
fn says_nothing(prop: &Prop) -> bool {
    match prop {
        Prop::Compare(_, left, right) => left == right,
        Prop::And(parts) | Prop::Or(parts) => parts.iter().all(says_nothing),
        Prop::Not(part) | Prop::ForAll(_, part) => says_nothing(part),
        Prop::Implies(a, b) | Prop::Iff(a, b) => a == b || says_nothing(b),
        Prop::Integer(_) => true,
        Prop::Proportional { left, right, .. } => left == right,
    }
}

/// Whether the two sides of an inequality are equal: it is true and says nothing.
pub(super) fn is_identity(arena: &mut Arena, model: &Model, structure: &Structure, statement: &Statement) -> bool {
    let Prop::Compare(Comparison::LessEqual, left, right) = statement.prop else { return false };
    let context = Context::new(arena, model, structure, &statement.conditions, &[left, right]);
    equality::prove(arena, model, structure, &context, left, right).is_some()
}

/// Whether something is differentiated by itself, or what is given and nowhere defined is: the result is 1 or 0.
fn differentiates_no_state(arena: &Arena, model: &Model, prop: &Prop) -> bool {
    let is_given = |of: Expr| matches!(arena.node(of), Node::Symbol { symbol, .. } if !model.is_defined(*symbol));
    let parts = arena.reachable(&prop.expressions());
    parts
        .into_iter()
        .any(|part| matches!(*arena.node(part), Node::Derivative { of, by, .. } if of == by || is_given(of)))
}

/// Whether one side of a comparison is a term of the other, or of an inequality a factor, so that it says nothing of that side.
pub(super) fn repeats_side(arena: &Arena, prop: &Prop) -> bool {
    let Prop::Compare(_, left, right) = *prop else { return false };
    let is_order = matches!(prop, Prop::Compare(Comparison::Less | Comparison::LessEqual, ..));
    let is_term = |side: Expr, other: Expr| match arena.node(other) {
        Node::Sum(terms) => terms.contains(&side),
        Node::Product(factors) => is_order && factors.contains(&side),
        _ => false,
    };
    is_term(left, right) || is_term(right, left)
}

/// Whether an implication concludes what its conditions say.
fn concludes_condition(statement: &Statement) -> bool {
    match &statement.prop {
        Prop::Implies(_, conclusion) => statement.conditions.contains(conclusion),
        prop => statement.conditions.contains(prop),
    }
}

//! Repairs that miss the point of a claim: a bound with room in it, an assumption that is stronger than it need be, a
//! condition on a letter of which nothing is said any more.

use crate::expr::{Arena, Comparison, Expr, Node, Prop, SymbolId, SymbolKind};
use crate::lower::Statement;
use crate::number::rational::fraction;
use crate::proof::context::is_integer;
use crate::rewrite::{Domain, Normalizer};

/// The statement with a bound that is one hundredth of the way back to the one that was written, where the two differ by a
/// number as factor: what nobody could have meant has so much room that this is true as well.
pub(super) fn nearer(arena: &mut Arena, written: &Statement, edited: &Statement) -> Option<Statement> {
    let Prop::Compare(how @ (Comparison::Less | Comparison::LessEqual), left, right) = edited.prop else { return None };
    let Prop::Compare(Comparison::Less | Comparison::LessEqual, own_left, own_right) = written.prop else {
        return None;
    };
    let prop = match (left == own_left, right == own_right) {
        (true, false) => Prop::Compare(how, left, between(arena, own_right, right)?),
        (false, true) => Prop::Compare(how, between(arena, own_left, left)?, right),
        (true, true) | (false, false) => return None,
    };
    Some(Statement { prop, ..edited.clone() })
}

fn between(arena: &mut Arena, written: Expr, edited: Expr) -> Option<Expr> {
    let minus = arena.integer(-1);
    let inverse = arena.power(written, minus);
    let ratio = arena.product([edited, inverse]);
    let ratio = Normalizer::new(arena).canonical(ratio).ok()?;
    let ratio = arena.as_number(ratio)?.clone();
    let shares = (fraction(99, 100)?, fraction(1, 100)?);
    let factor = shares.0 * ratio + shares.1;
    let factor = arena.number(factor);
    Some(arena.product([factor, written]))
}

/// Whether conditions are left on an index that stood in the claim and stands there no more.
pub(super) fn forgets_index(arena: &Arena, written: &Statement, edited: &Statement) -> bool {
    let own = indices(arena, edited.prop.expressions());
    let kept = indices(arena, edited.conditions.iter().flat_map(Prop::expressions).collect());
    let before = indices(arena, written.prop.expressions());
    before.iter().any(|index| kept.contains(index) && !own.contains(index))
}

/// Whether the conditions leave an index no choice that had one: a claim for all times is not mended by one time.
pub(super) fn pins_index(arena: &Arena, written: &Statement, edited: &Statement) -> bool {
    let (before, after) = (domain_of(arena, &written.conditions), domain_of(arena, &edited.conditions));
    after.letters().into_iter().any(|letter| after.value_of(letter).is_some() && before.value_of(letter).is_none())
}

/// The points that conditions of order between integers leave.
fn domain_of(arena: &Arena, conditions: &[Prop]) -> Domain {
    let mut domain = Domain::all();
    let is_of_integers = |prop: &&Prop| prop.expressions().into_iter().all(|side| is_integer(arena, side));
    for prop in conditions.iter().flat_map(Prop::conjuncts).filter(is_of_integers) {
        // What is no bound on a difference is not known.
        let _ = domain.learn(arena, prop);
    }
    domain
}

fn indices(arena: &Arena, sides: Vec<Expr>) -> Vec<SymbolId> {
    let index = |part: Expr| match arena.node(part) {
        Node::Symbol { symbol, .. } if arena.kind(*symbol) == SymbolKind::Integer => Some(*symbol),
        _ => None,
    };
    arena.reachable(&sides).into_iter().filter_map(index).collect()
}

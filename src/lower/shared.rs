//! Relations in lists that speak of more than their neighbour, or of less: `1 \le k, l \le n` bounds both names on both
//! sides, and in `x_s = 0 \ \forall s, w > 0` the w is not what the \forall runs over.

use std::borrow::Cow;

use crate::expr::SymbolKind;
use crate::lower::call::spell_plain;
use crate::lower::expression::strip;
use crate::lower::given::list_of;
use crate::lower::names::spell;
use crate::lower::reader::Reader;
use crate::syntax::ast::{Formula, Kind, Node, Relation};

/// What tells names apart that a list puts side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sort {
    /// What it is declared as.
    kind: Option<SymbolKind>,
    /// Whether it is not declared and stands in what is claimed, so that it is not universal in a condition.
    is_claimed: bool,
}

impl Reader<'_> {
    /// A formula whose conditions, and whose members where it is a list, each say all that they are meant to say.
    /// `None` after a diagnostic.
    pub(super) fn spelled_out<'f>(&mut self, formula: &'f Formula) -> Option<Cow<'f, Formula>> {
        let is_list = matches!(formula.body.kind, Kind::List(_));
        if formula.conditions.is_empty() && !is_list {
            return Some(Cow::Borrowed(formula));
        }
        let body = &formula.body;
        let apart: Vec<Node> =
            formula.conditions.iter().flat_map(|condition| self.quantifier_apart(condition, body)).collect();
        let conditions = self.bounds_shared(&apart, &formula.openings)?;
        let body = match &body.kind {
            Kind::List(items) => Node { kind: Kind::List(self.bounds_shared(items, &[])?), span: body.span },
            _ => body.clone(),
        };
        Some(Cow::Owned(Formula { body, conditions, ..formula.clone() }))
    }

    /// `\forall s, w > 0` as `\forall s` and `w > 0`, where the names differ in sort; a relation that holds one of the
    /// letters says where they run.
    fn quantifier_apart(&self, condition: &Node, body: &Node) -> Vec<Node> {
        let whole = || vec![condition.clone()];
        let Kind::Quantified { universal, bound } = &strip(condition).kind else { return whole() };
        let Kind::Chain { first, rest } = &strip(bound).kind else { return whole() };
        let Kind::List(names) = &strip(first).kind else { return whole() };
        let Some((last, letters)) = names.split_last().filter(|(_, letters)| !letters.is_empty()) else {
            return whole();
        };
        let sort = self.sort_of(last, Some(body));
        if sort.is_some() && letters.iter().all(|letter| self.sort_of(letter, Some(body)) == sort) {
            return whole();
        }
        let quantified = |bound: Node| {
            let span = bound.span;
            Node { kind: Kind::Quantified { universal: *universal, bound: Box::new(bound) }, span }
        };
        let span = letters[0].span.to(letters[letters.len() - 1].span);
        let relation = Node {
            kind: Kind::Chain { first: Box::new(last.clone()), rest: rest.clone() },
            span: last.span.to(bound.span),
        };
        let is_range = letters.iter().any(|letter| holds(&relation, letter));
        let letters = quantified(Node { kind: Kind::List(letters.to_vec()), span });
        vec![letters, if is_range { quantified(relation) } else { relation }]
    }

    /// A formula of a `given` fence, and what is given beside it: `w > 0` of `|x_s| \le c \ \forall s, w > 0`.
    pub(super) fn given_beside(&self, formula: &Formula) -> (Formula, Vec<Node>) {
        let (mut conditions, mut beside) = (Vec::new(), Vec::new());
        for condition in &formula.conditions {
            let mut apart = self.quantifier_apart(condition, &formula.body).into_iter();
            let into = if beside.is_empty() { &mut conditions } else { &mut beside };
            into.extend(apart.next());
            let is_range = |node: &Node| matches!(node.kind, Kind::Quantified { .. });
            let (ranges, others): (Vec<Node>, Vec<Node>) = apart.partition(is_range);
            conditions.extend(ranges);
            beside.extend(others);
        }
        (Formula { conditions, ..formula.clone() }, beside)
    }

    /// Relations with `1 \le k` and `l \le n` beside each other as `1 \le k \le n` and `1 \le l \le n`. `None` after a
    /// diagnostic: where n is a name like k and l, these may be two relations. What begins at one of the `openings` stands
    /// in no list with what is before it.
    pub(super) fn bounds_shared(&mut self, relations: &[Node], openings: &[usize]) -> Option<Vec<Node>> {
        let mut spelled: Vec<Node> = Vec::new();
        for next in relations {
            let before = spelled.last().filter(|_| !openings.contains(&next.span.start));
            let shared = before.and_then(|last| self.bounds_of_both(last, next));
            if shared.is_some() {
                let last = spelled.pop().unwrap_or_else(|| next.clone());
                self.check_shared(spelled.last(), &last, next)?;
            }
            spelled.extend(shared.unwrap_or_else(|| vec![next.clone()]));
        }
        Some(spelled)
    }

    /// Refuses bounds that may belong to one name each: `0 < x, y < z` where z is a name like x and y, and
    /// `0 < u, 0 < x, y < 2`, where u has a bound alone.
    fn check_shared(&mut self, before: Option<&Node>, left: &Node, right: &Node) -> Option<()> {
        let (Some((low, _, name)), Some((others, _, high))) = (single(left), single(right)) else { return Some(()) };
        let sort = self.sort_of(name, None);
        let has_own_bound = |(own_low, _, own): (&Node, Relation, &Node)| {
            self.sort_of(own, None) == sort && spell_plain(own_low) == spell_plain(low)
        };
        if self.sort_of(high, None) != sort && !before.and_then(single).is_some_and(has_own_bound) {
            return Some(());
        }
        let (low, name, others, high) = (spell_plain(low), spell_plain(name), spell_plain(others), spell_plain(high));
        let message =
            format!("`{name}` and `{others}` may both lie between `{low}` and `{high}`, or have one bound each");
        let hint = "write both bounds of each name, or the names first for one bound each: `x > 0, y < z`";
        self.fail("shared-bounds", left.span.to(right.span), message, hint)
    }

    /// The bounds of each name, where one relation ends and the next one begins with names of one sort. What stands
    /// before the first is a number or of another sort: `a < b, c < d` are two relations.
    fn bounds_of_both(&self, left: &Node, right: &Node) -> Option<Vec<Node>> {
        let (low, from, name) = single(left)?;
        let (others, upper) = match single(right) {
            Some((others, to, high)) => (others, Some((to, high))),
            None => (right, None),
        };
        let names: Vec<&Node> = std::iter::once(name).chain(list_of(others)).collect();
        let bounds = || std::iter::once(low).chain(upper.map(|(_, high)| high));
        let sort = self.sort_of(name, None)?;
        let are_alike = names.iter().all(|name| self.sort_of(name, None) == Some(sort));
        let is_bounded_by_itself = names.iter().any(|name| bounds().any(|bound| holds(bound, name)));
        let is_one_name = list_of(others).into_iter().any(|other| holds(other, name));
        let goes_on = direction(from).is_some() && upper.is_none_or(|(to, _)| direction(from) == direction(to));
        if !are_alike || is_one_name || is_bounded_by_itself || !goes_on || self.sort_of(low, None) == Some(sort) {
            return None;
        }
        let span = left.span.to(right.span);
        let bounded = |name: &Node| {
            let rest = std::iter::once((from, name.clone()));
            let rest = rest.chain(upper.map(|(to, high)| (to, high.clone()))).collect();
            Node { kind: Kind::Chain { first: Box::new(low.clone()), rest }, span }
        };
        Some(names.into_iter().map(bounded).collect())
    }

    /// The sort of a name; `None` for anything else.
    fn sort_of(&self, node: &Node, body: Option<&Node>) -> Option<Sort> {
        if !matches!(strip(node).kind, Kind::Symbol(_) | Kind::Script { primes: 0, .. }) {
            return None;
        }
        let kind = self.names.named(strip(node)).map(|name| self.arena.kind(name.symbol));
        Some(Sort { kind, is_claimed: kind.is_none() && body.is_some_and(|body| holds(body, node)) })
    }
}

/// The sides of a relation between two.
fn single(node: &Node) -> Option<(&Node, Relation, &Node)> {
    match &strip(node).kind {
        Kind::Chain { first, rest } => match &rest[..] {
            [(relation, right)] => Some((first, *relation, right)),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a relation orders, and which way.
fn direction(relation: Relation) -> Option<std::cmp::Ordering> {
    match relation {
        Relation::Less | Relation::LessEqual => Some(std::cmp::Ordering::Less),
        Relation::Greater | Relation::GreaterEqual => Some(std::cmp::Ordering::Greater),
        _ => None,
    }
}

/// Whether a name stands somewhere in a node.
fn holds(node: &Node, name: &Node) -> bool {
    let written = spell(name);
    node.holds(&|part| matches!(part.kind, Kind::Symbol(_) | Kind::Script { .. }) && spell(part) == written)
}

/// What a condition says: of a `\forall`, where it runs.
pub(super) fn said_by(condition: &Node) -> Option<&Node> {
    match &strip(condition).kind {
        Kind::Quantified { bound, .. } => matches!(strip(bound).kind, Kind::Chain { .. }).then_some(&**bound),
        _ => Some(condition),
    }
}

//! Recursions that are written by cases: `h_t = \begin{cases} h_0 & t = 0 \\ f(h_{t-1}) & t > 0 \end{cases}`.

use crate::lower::expression::strip;
use crate::lower::names::{base_name, script_items, undress};
use crate::lower::written::is_otherwise;
use crate::syntax::ast::{Formula, Kind, Node, Relation, Sign};

/// One definition for each row, where a family is defined by cases from other members of itself; the formula as it is
/// otherwise.
pub(super) fn rows_apart(formula: Formula) -> Vec<Formula> {
    apart(&formula).unwrap_or_else(|| vec![formula])
}

fn apart(formula: &Formula) -> Option<Vec<Formula>> {
    let Kind::Chain { first, rest } = &strip(&formula.body).kind else { return None };
    let [(relation, right)] = &rest[..] else { return None };
    let (Kind::Script { base, .. }, Kind::Cases(rows)) = (&strip(first).kind, &strip(right).kind) else { return None };
    let base = base_name(base)?;
    let letters = letters_of(first);
    if !letters.iter().any(|letter| is_recursion(right, &base, letter)) {
        return None;
    }
    let start = rows.iter().find_map(|(_, when)| value_of_letter(when.as_ref()?, &letters));
    let row = |(value, when): &(Node, Option<Node>)| {
        let body = |left: Node| {
            let kind = Kind::Chain { first: Box::new(left), rest: vec![(*relation, value.clone())] };
            Node { kind, span: formula.body.span }
        };
        let when = match when {
            Some(when) if !is_otherwise(when) => when.clone(),
            _ => beyond(value, &base, start.as_ref()?)?,
        };
        match value_of_letter(&when, &letters) {
            Some((letter, at)) if !value.mentions(&letter) => {
                let body = body(at_value(first, &letter, &at));
                Some(Formula { body, conditions: Vec::new(), ..formula.clone() })
            }
            _ => {
                let mut conditions = formula.conditions.clone();
                conditions.extend(match when.kind {
                    Kind::List(items) => items,
                    kind => vec![Node { kind, span: when.span }],
                });
                Some(Formula { body: body((**first).clone()), conditions, ..formula.clone() })
            }
        }
    };
    rows.iter().map(row).collect()
}

/// The letters of the indices on the left.
fn letters_of(left: &Node) -> Vec<String> {
    let Kind::Script { sub, sup, .. } = &strip(left).kind else { return Vec::new() };
    let scripts = [sub, sup].into_iter().flatten();
    let items = scripts.flat_map(|script| script_items(undress(script).1));
    items.filter(|item| matches!(item.kind, Kind::Symbol(_))).filter_map(base_name).collect()
}

/// Whether a member of the family with another index stands in a value: how far that index lies ahead.
fn step(value: &Node, base: &str, letter: &str) -> Option<Sign> {
    if let Kind::Script { base: own, sub, sup, .. } = &value.kind
        && base_name(own).as_deref() == Some(base)
    {
        let items = [sub, sup].into_iter().flatten().flat_map(|script| script_items(undress(script).1));
        let found = items.into_iter().find_map(|item| match &strip(item).kind {
            Kind::Sum(terms) => match &terms[..] {
                [(_, first), (sign, _)] if matches!(&first.kind, Kind::Symbol(own) if own == letter) => Some(*sign),
                _ => None,
            },
            _ => None,
        });
        if found.is_some() {
            return found;
        }
    }
    value.children().into_iter().find_map(|child| step(child, base, letter))
}

fn is_recursion(value: &Node, base: &str, letter: &str) -> bool {
    step(value, base, letter).is_some()
}

/// `t = 0` of a letter on the left.
fn value_of_letter(when: &Node, letters: &[String]) -> Option<(String, Node)> {
    let Kind::Chain { first, rest } = &strip(when).kind else { return None };
    match (&strip(first).kind, &rest[..]) {
        (Kind::Symbol(letter), [(Relation::Equal, at)]) if letters.contains(letter) => {
            Some((letter.clone(), at.clone()))
        }
        _ => None,
    }
}

/// What `otherwise` says beside a start: later than it where the value comes from before, earlier where from after.
fn beyond(value: &Node, base: &str, (letter, start): &(String, Node)) -> Option<Node> {
    let relation = match step(value, base, letter)? {
        Sign::Minus => Relation::Greater,
        Sign::Plus => Relation::Less,
        Sign::None | Sign::PlusMinus | Sign::MinusPlus | Sign::Oplus => return None,
    };
    let letter = Node { kind: Kind::Symbol(letter.clone()), span: start.span };
    let kind = Kind::Chain { first: Box::new(letter), rest: vec![(relation, start.clone())] };
    Some(Node { kind, span: start.span })
}

/// The left side with a letter of its indices at a value.
fn at_value(left: &Node, letter: &str, value: &Node) -> Node {
    let mut left = left.clone();
    let Kind::Script { sub, sup, .. } = &mut left.kind else { return left };
    for script in [sub, sup].into_iter().flatten() {
        script.change_each(&mut |node| {
            if matches!(&node.kind, Kind::Symbol(own) if own == letter) {
                node.kind = value.kind.clone();
            }
        });
    }
    left
}

//! Families that are listed where they are given: `x_1, \ldots, x_T \in \mathbb{R}`.

use crate::lower::expression::strip;
use crate::lower::names::undress;
use crate::syntax::ast::{Formula, Kind, Node, Relation};

/// A formula of a `given` fence with each list that goes on with dots as a family over its range, in a formula of its
/// own; the formula as it is where it holds none.
pub fn with_listed_families(formula: Formula) -> Vec<Formula> {
    let mut formulas = vec![formula];
    while let Some((rest, family)) = formulas.first().and_then(first_listed) {
        formulas.splice(0..1, rest);
        formulas.push(family);
    }
    formulas
}

/// What is left of a declaration, if anything, and the first family that it lists.
fn first_listed(formula: &Formula) -> Option<(Option<Formula>, Formula)> {
    let names = declared(&formula.body)?;
    let Kind::List(items) = &names.kind else { return None };
    let dots = items.iter().position(|item| matches!(item.kind, Kind::Dots(_)))?;
    let last = items.get(dots + 1)?;
    let upper = index_of(last)?;
    let letter = letter_apart(formula);
    let family = with_index(last, &letter);
    let is_member = |item: &&Node| index_of(item).is_some() && with_index(item, &letter).kind == family.kind;
    let n_before = items[..dots].iter().rev().take_while(|item| is_member(item)).count();
    let lower = index_of(items.get(dots.checked_sub(n_before.max(1))?)?).filter(|_| n_before > 0)?;
    let range = Kind::Chain {
        first: Box::new(lower.clone()),
        rest: vec![(Relation::LessEqual, letter), (Relation::LessEqual, upper.clone())],
    };
    let range = Node { kind: range, span: upper.span };
    let others: Vec<Node> = items[..dots - n_before].iter().chain(&items[dots + 2..]).cloned().collect();
    let rest = (!others.is_empty()).then(|| with_names(formula, others));
    let mut family = with_names(formula, vec![family]);
    family.conditions.push(range);
    Some((rest, family))
}

fn declared(body: &Node) -> Option<&Node> {
    match &body.kind {
        Kind::Chain { first, rest } if matches!(rest[..], [(Relation::In, _)]) => Some(first),
        Kind::Signature { names, .. } => Some(names),
        _ => None,
    }
}

fn with_names(formula: &Formula, mut names: Vec<Node>) -> Formula {
    let mut formula = formula.clone();
    if let Kind::Chain { first: own, .. } | Kind::Signature { names: own, .. } = &mut formula.body.kind {
        let span = own.span;
        **own = if names.len() == 1 { names.remove(0) } else { Node { kind: Kind::List(names), span } };
    }
    formula
}

/// The only index of a name: the `T` of `x_T`, `x^{(T)}`.
fn index_of(name: &Node) -> Option<&Node> {
    match &name.kind {
        Kind::Script { sub: Some(sub), sup: None, primes: 0, .. } => Some(strip(sub)),
        Kind::Script { sub: None, sup: Some(sup), primes: 0, .. } => Some(undress(sup).1),
        _ => None,
    }
}

/// A name with another index in the place and the dress of its own.
fn with_index(name: &Node, index: &Node) -> Node {
    let mut name = name.clone();
    name.change_each(&mut |part| part.span = index.span);
    let Kind::Script { sub, sup, .. } = &mut name.kind else { return name };
    for script in [sub, sup].into_iter().flatten() {
        put(script, index);
    }
    name
}

fn put(script: &mut Node, index: &Node) {
    match &mut script.kind {
        Kind::Group(inner) => put(inner, index),
        Kind::Fenced { body, .. } => **body = index.clone(),
        _ => *script = index.clone(),
    }
}

/// A letter for an index that stands nowhere in a formula.
fn letter_apart(formula: &Formula) -> Node {
    let stands =
        |letter: &str| std::iter::once(&formula.body).chain(&formula.conditions).any(|part| part.mentions(letter));
    let free = ["t", "i", "j", "k", "l", "s", "r"].into_iter().find(|letter| !stands(letter)).unwrap_or("t");
    Node { kind: Kind::Symbol(free.to_owned()), span: formula.span }
}

//! Changes of letters after which every index is a letter plus a number.
//!
//! A sum or a product over i of what stands at `e + i` or `e - i` is one over `j = e ± i`: the same terms, from one end to
//! the other, and none where there were none. A difference `n - k` of two letters is a letter m of its own where k is
//! written as `n - m`. Both are one-to-one between integers, so that the claim says the same as before.

use std::collections::BTreeMap;

use crate::expr::{Arena, Big, Expr, Node, Prop, Substitution, SymbolId, SymbolKind};
use crate::model::{Argument, Model};
use crate::proof::subject::Subject;

/// How often letters are changed.
const MAX_CHANGES: usize = 8;

/// The sides of a claim with plain indices, and what they speak of; `None` where no letter is changed.
pub(super) fn with_plain_indices(
    arena: &mut Arena,
    model: &Model,
    subject: &Subject,
    sides: [Expr; 2],
) -> Option<(Subject, [Expr; 2])> {
    let (mut subject, mut now) = (subject.clone(), sides);
    for _ in 0..MAX_CHANGES {
        let next = now.map(|side| {
            let side = arena.rewrite(side, &mut renumbered);
            arena.rewrite(side, &mut gathered)
        });
        if next == now {
            break;
        }
        now = next;
    }
    for turn in 0..MAX_CHANGES {
        let Some((of, without)) = difference(arena, model, &subject, &now) else { break };
        let letter = arena.intern(&format!("\u{a7}{turn}"), SymbolKind::Integer);
        let (first, own) = (arena.symbol(of), arena.symbol(letter));
        let known = arena.subtract(first, own);
        let change = Substitution::from([(arena.symbol(without), known)]);
        now = now.map(|side| {
            let side = arena.substitute(side, &change);
            arena.rewrite(side, &mut gathered)
        });
        let conditions = subject.on_integers.iter();
        subject.on_integers = conditions.map(|prop| prop.map(&mut |side| arena.substitute(side, &change))).collect();
        subject.integers.retain(|symbol| *symbol != without);
        subject.integers.push(letter);
    }
    (now != sides).then_some((subject, now))
}

/// A sum or a product over the index at which its members stand.
fn renumbered(arena: &mut Arena, expr: Expr) -> Option<Expr> {
    let Node::Big { op: op @ (Big::Sum | Big::Product), lower, upper, .. } = *arena.node(expr) else { return None };
    let letter = arena.intern("\u{a7}i", SymbolKind::Integer);
    let index = arena.symbol(letter);
    let body = arena.instantiate(expr, index)?;
    let (runs_up, rest) = places(arena, &[body]).into_iter().find_map(|place| beside(arena, place, index))?;
    let mut moved = |from: Expr| if runs_up { arena.sum([rest, from]) } else { arena.subtract(rest, from) };
    let ends = if runs_up { [moved(lower), moved(upper)] } else { [moved(upper), moved(lower)] };
    let before = if runs_up { arena.subtract(index, rest) } else { arena.subtract(rest, index) };
    let body = arena.substitute(body, &Substitution::from([(index, before)]));
    Some(arena.big(op, letter, ends[0], ends[1], body))
}

/// A sum of multiples of letters with each letter once.
fn gathered(arena: &mut Arena, expr: Expr) -> Option<Expr> {
    let Node::Sum(_) = arena.node(expr) else { return None };
    let (multiples, constant) = multiples(arena, expr)?;
    let mut terms = vec![arena.integer(constant)];
    for (letter, times) in multiples {
        let times = arena.integer(times);
        terms.push(arena.product([times, letter]));
    }
    Some(arena.sum(terms))
}

/// How often each letter stands in a sum of multiples of letters, and the number beside them.
pub(super) fn multiples(arena: &Arena, expr: Expr) -> Option<(BTreeMap<Expr, i64>, i64)> {
    let (mut multiples, mut constant) = (BTreeMap::new(), 0);
    gather(arena, expr, 1, (&mut multiples, &mut constant))?;
    Some((multiples, constant))
}

fn gather(
    arena: &Arena,
    expr: Expr,
    times: i64,
    (multiples, constant): (&mut BTreeMap<Expr, i64>, &mut i64),
) -> Option<()> {
    match arena.node(expr) {
        Node::Number(_) => *constant += times * arena.as_integer(expr)?,
        Node::Symbol { symbol, indices, .. } if indices.is_empty() && arena.kind(*symbol) == SymbolKind::Integer => {
            *multiples.entry(expr).or_default() += times;
        }
        Node::Bound(_) => *multiples.entry(expr).or_default() += times,
        Node::Sum(parts) => {
            for &part in parts.iter() {
                gather(arena, part, times, (&mut *multiples, &mut *constant))?;
            }
        }
        Node::Product(_) => {
            let (number, part) = multiple(arena, expr)?;
            gather(arena, part, times * number, (multiples, constant))?;
        }
        _ => return None,
    }
    Some(())
}

/// The factors of a whole multiple.
fn multiple(arena: &Arena, product: Expr) -> Option<(i64, Expr)> {
    let Node::Product(factors) = arena.node(product) else { return None };
    match factors[..] {
        [one, other] => match (arena.as_integer(one), arena.as_integer(other)) {
            (Some(number), None) => Some((number, other)),
            (None, Some(number)) => Some((number, one)),
            (Some(_), Some(_)) | (None, None) => None,
        },
        _ => None,
    }
}

/// The indices of the members that stand in some expressions.
fn places(arena: &Arena, of: &[Expr]) -> Vec<Expr> {
    let parts = arena.reachable(of).into_iter();
    parts
        .flat_map(|part| match arena.node(part) {
            Node::Symbol { indices, .. } => indices.to_vec(),
            _ => Vec::new(),
        })
        .collect()
}

/// What stands beside a letter in an index, and whether the letter is added to it; `None` where it is a letter plus a
/// number, or where other letters are bound in it.
fn beside(arena: &mut Arena, place: Expr, letter: Expr) -> Option<(bool, Expr)> {
    let terms = terms(arena, place);
    let at = terms.iter().position(|&(_, term)| term == Some(letter))?;
    let runs_up = terms[at].0;
    let others: Vec<Expr> = match arena.node(place) {
        Node::Sum(parts) => parts.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, &part)| part).collect(),
        _ => Vec::new(),
    };
    let is_open = |part: &Expr| matches!(arena.node(*part), Node::Bound(_)) || *part == letter;
    let is_plain = runs_up && others.iter().all(|&other| arena.as_number(other).is_some());
    if is_plain || arena.reachable(&others).iter().any(is_open) {
        return None;
    }
    Some((runs_up, arena.sum(others)))
}

/// The terms of an index in their order: whether each is added, and which letter it is, if one.
fn terms(arena: &Arena, place: Expr) -> Vec<(bool, Option<Expr>)> {
    let parts = arena.terms(place);
    let is_letter = |expr: Expr| matches!(arena.node(expr), Node::Symbol { indices, .. } if indices.is_empty());
    let term = |part: Expr| match arena.node(part) {
        Node::Product(_) => match multiple(arena, part) {
            Some((-1, letter)) if is_letter(letter) => (false, Some(letter)),
            _ => (true, None),
        },
        _ => (true, Some(part).filter(|&part| is_letter(part))),
    };
    parts.into_iter().map(term).collect()
}

/// Two letters of which indices and ends of sums hold the difference; the second stands in no definition and in no
/// assumption.
fn difference(arena: &Arena, model: &Model, subject: &Subject, sides: &[Expr]) -> Option<(SymbolId, SymbolId)> {
    let ends = arena.reachable(sides).into_iter().flat_map(|part| match arena.node(part) {
        Node::Big { lower, upper, .. } => vec![*lower, *upper],
        _ => Vec::new(),
    });
    let symbol = |letter: Option<Expr>| match arena.node(letter?) {
        Node::Symbol { symbol, .. } => Some(*symbol),
        _ => None,
    };
    let is_step = |symbol: &SymbolId| subject.integers.contains(symbol) && !subject.sizes.contains(symbol);
    places(arena, sides).into_iter().chain(ends).find_map(|place| {
        let terms = terms(arena, place);
        let signed = |is_added: bool| {
            let own = terms.iter().filter(|&&(added, letter)| added == is_added && letter.is_some());
            let own: Vec<SymbolId> = own.filter_map(|&(_, letter)| symbol(letter)).collect();
            if let [symbol] = own[..] { Some(symbol).filter(is_step) } else { None }
        };
        let (of, without) = (signed(true)?, signed(false)?);
        let premises = subject.premises.iter().flat_map(Prop::expressions);
        let is_bound = is_read(arena, model, without) || premises.into_iter().any(|side| holds(arena, side, without));
        (!is_bound).then_some((of, without))
    })
}

fn holds(arena: &Arena, expr: Expr, letter: SymbolId) -> bool {
    arena
        .reachable(&[expr])
        .iter()
        .any(|&part| matches!(arena.node(part), Node::Symbol { symbol, .. } if *symbol == letter))
}

/// Whether a definition reads a letter that is not its own.
fn is_read(arena: &Arena, model: &Model, letter: SymbolId) -> bool {
    model.definitions.iter().any(|definition| {
        let is_own = definition.indices.contains(&Argument::Letter(letter)) || definition.components.contains(&letter);
        let range = definition.range.iter().flat_map(Prop::expressions);
        let values = definition.indices.iter().filter_map(|argument| match argument {
            Argument::Value(value) => Some(*value),
            Argument::Letter(_) => None,
        });
        !is_own && range.chain(values).chain([definition.body]).any(|part| holds(arena, part, letter))
    })
}

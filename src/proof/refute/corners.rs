//! Corners: where a claim, or a definition that it leads to, passes from one piece to another.

use std::collections::BTreeSet;

use crate::expr::{Arena, Branch, Comparison, Elementary, Expr, Function, Node, Prop, Substitution, SymbolKind};
use crate::model::{FunctionBody, Model};

/// How many definitions are opened.
const MAX_OPENED: usize = 12;

/// How many corners are looked at.
const MAX_CORNERS: usize = 6;

/// Where a claim passes from one piece to another: its two sides.
pub(super) type Switch = [Side; 2];

/// One side of a switch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::proof) struct Side {
    /// What holds there.
    pub holds: Prop,
    /// What holds everywhere else.
    pub fails: Prop,
}

/// The switches of a claim and of the definitions that it leads to, those of bound indices left out.
pub(super) fn switches(arena: &mut Arena, model: &Model, claim: &Prop) -> Vec<Switch> {
    let roots = opened(arena, model, claim.expressions());
    let mut found = Vec::new();
    for part in arena.reachable(&roots) {
        for (kind, left, right) in turns_of(arena, part) {
            let switch = match kind {
                Turn::Order => [(left, right), (right, left)].map(|(low, high)| Side {
                    holds: Prop::Compare(Comparison::Less, low, high),
                    fails: Prop::at_most(high, low),
                }),
                Turn::Equality => {
                    let [same, other] =
                        [Comparison::Equal, Comparison::NotEqual].map(|how| Prop::Compare(how, left, right));
                    [(same.clone(), other.clone()), (other, same)].map(|(holds, fails)| Side { holds, fails })
                }
            };
            let is_plain = |side| arena.shape(side).is_scalar() && arena.is_closed(side);
            if is_plain(left) && is_plain(right) && is_variable(arena, [left, right]) && !found.contains(&switch) {
                found.push(switch);
            }
        }
    }
    found
}

/// Whether a number that is not fixed stands on one of two sides.
fn is_variable(arena: &Arena, sides: [Expr; 2]) -> bool {
    arena.reachable(&sides).iter().any(|&part| matches!(arena.node(part), Node::Symbol { .. }))
}

/// What tells the pieces on both sides of a switch apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// Which of two numbers is the larger one.
    Order,
    /// Whether they are equal.
    Equality,
}

/// The pairs of numbers of which the pieces of one node depend.
fn turns_of(arena: &mut Arena, part: Expr) -> Vec<(Turn, Expr, Expr)> {
    match arena.node(part).clone() {
        Node::Call { function: Function::Elementary(function), args, .. } => match (function, &args[..]) {
            (Elementary::Max | Elementary::Min, args) => {
                args.windows(2).map(|pair| (Turn::Order, pair[0], pair[1])).collect()
            }
            (Elementary::Delta, &[left, right]) => vec![(Turn::Equality, left, right)],
            (Elementary::Relu | Elementary::Abs | Elementary::Sign, &[arg]) => vec![(Turn::Order, arg, arena.zero())],
            _ => Vec::new(),
        },
        Node::Cases(branches) => {
            let conditions = branches.iter().filter_map(|Branch { condition, .. }| *condition);
            let turn = |how| match how {
                Comparison::Less | Comparison::LessEqual => Turn::Order,
                Comparison::Equal | Comparison::NotEqual | Comparison::Approximately => Turn::Equality,
            };
            conditions.map(|(how, left, right)| (turn(how), left, right)).collect()
        }
        _ => Vec::new(),
    }
}

/// That what vanishes at a corner is negative, that it is positive, and where a piece is a point, that it is 0, for one
/// corner after the other.
pub(super) fn sides(arena: &mut Arena, model: &Model, claim: &Prop, conditions: &[Prop]) -> Vec<Prop> {
    let mut roots = claim.expressions();
    roots.extend(conditions.iter().flat_map(Prop::expressions));
    let roots = opened(arena, model, roots);
    let (mut edges, mut points) = (Vec::new(), Vec::new());
    for part in arena.reachable(&roots) {
        for (turn, left, right) in turns_of(arena, part) {
            let edge = arena.subtract(left, right);
            if turn == Turn::Equality && !points.contains(&edge) && is_plain_number(arena, edge) {
                points.push(edge);
            }
        }
        for edge in edges_of(arena, part) {
            if !edges.contains(&edge) && is_plain_number(arena, edge) {
                edges.push(edge);
            }
        }
    }
    edges.truncate(MAX_CORNERS);
    points.truncate(MAX_CORNERS);
    let zero = arena.zero();
    let side = |left, right| Prop::Compare(Comparison::Less, left, right);
    let beside = edges.into_iter().flat_map(|edge| [side(edge, zero), side(zero, edge)]);
    beside.chain(points.into_iter().map(|edge| Prop::equal(edge, zero))).collect()
}

/// That a factor of a term in an equation is 0, for one factor after the other: where it is, another branch of the
/// solutions begins (`w x = u` holds with w = 0 and u = 0, too).
pub(super) fn branches(arena: &mut Arena, premises: &[Prop]) -> Vec<Prop> {
    let sides: Vec<Expr> =
        premises.iter().filter_map(Prop::equation).flat_map(|said| [said.left, said.right]).collect();
    let mut factors = Vec::new();
    for side in sides {
        let terms = match arena.node(side) {
            Node::Sum(terms) => terms.to_vec(),
            _ => vec![side],
        };
        for term in terms {
            let Node::Product(parts) = arena.node(term) else { continue };
            let is_given =
                |&part: &Expr| matches!(arena.node(part), Node::Symbol { indices, .. } if indices.is_empty());
            factors.extend(parts.iter().copied().filter(|part| is_given(part) && is_plain_number(arena, *part)));
        }
    }
    factors.sort_unstable();
    factors.dedup();
    factors.truncate(MAX_CORNERS);
    let zero = arena.zero();
    factors.into_iter().map(|factor| Prop::equal(factor, zero)).collect()
}

/// Whether an expression is a real number of its own, free of bound indices.
fn is_plain_number(arena: &Arena, edge: Expr) -> bool {
    let is_real = |&part: &Expr| match arena.node(part) {
        Node::Symbol { symbol, .. } => arena.kind(*symbol) == SymbolKind::Real,
        _ => false,
    };
    arena.shape(edge).is_scalar() && arena.is_closed(edge) && arena.reachable(&[edge]).iter().any(is_real)
}

/// What vanishes at the corners of one node.
fn edges_of(arena: &mut Arena, part: Expr) -> Vec<Expr> {
    match arena.node(part).clone() {
        Node::Call { function: Function::Elementary(function), args, .. } => match function {
            Elementary::Max | Elementary::Min => args.windows(2).map(|pair| arena.subtract(pair[0], pair[1])).collect(),
            function if function.is_smooth() => Vec::new(),
            _ => args.to_vec(),
        },
        Node::Cases(branches) => {
            let conditions: Vec<_> = branches.iter().filter_map(|Branch { condition, .. }| *condition).collect();
            conditions.into_iter().map(|(_, left, right)| arena.subtract(left, right)).collect()
        }
        // The root of a square is an absolute value.
        Node::Power(base, exponent) if arena.as_number(exponent).is_some_and(|exponent| !exponent.is_int()) => {
            let inner = arena.reachable(&[base]);
            inner.into_iter().filter_map(|part| squared(arena, part)).collect()
        }
        _ => Vec::new(),
    }
}

/// What is raised to an even power.
fn squared(arena: &Arena, part: Expr) -> Option<Expr> {
    let Node::Power(base, exponent) = arena.node(part) else { return None };
    arena.as_integer(*exponent).filter(|exponent| exponent % 2 == 0).map(|_| *base)
}

/// Expressions with the bodies of the definitions and functions that they lead to, up to a number of them.
fn opened(arena: &mut Arena, model: &Model, roots: Vec<Expr>) -> Vec<Expr> {
    let mut found = roots;
    let (mut seen, mut next) = (BTreeSet::new(), 0);
    while next < found.len() && found.len() < MAX_OPENED {
        for part in arena.reachable(&[found[next]]) {
            if seen.insert(part) && arena.is_closed(part) {
                found.extend(bodies(arena, model, part));
            }
        }
        next += 1;
    }
    found
}

/// The bodies of the definitions of a member or a call, with its indices or arguments in them.
fn bodies(arena: &mut Arena, model: &Model, part: Expr) -> Vec<Expr> {
    match arena.node(part).clone() {
        Node::Symbol { symbol, indices, .. } => {
            let fits = model.definitions_of(symbol).filter(|definition| definition.components.is_empty());
            fits.filter_map(|definition| definition.instance(arena, &indices, &[])).collect()
        }
        Node::Call { function: Function::Declared { symbol, .. }, args, .. } => match model.functions.get(&symbol) {
            Some(FunctionBody::Expression { parameters, body }) => {
                let letters = parameters.iter().zip(args.iter());
                let map: Substitution = letters.map(|(&letter, &value)| (arena.symbol(letter), value)).collect();
                vec![arena.substitute(*body, &map)]
            }
            Some(FunctionBody::Elementary(function)) => match args[..] {
                [arg] => vec![arena.apply(*function, arg)],
                _ => Vec::new(),
            },
            None => Vec::new(),
        },
        _ => Vec::new(),
    }
}

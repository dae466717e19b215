//! Nested sums multiplied out: each path through the graph becomes a term of its own.

use std::collections::HashMap;

use crate::expr::{Arena, Big, Expr, Node};

/// More terms than this are not written: where states branch, their number grows exponentially with the time.
const MAX_TERMS: f64 = 20_000.0;

/// Products over sums multiplied out: each path becomes a term of its own, and factors move into big sums.
///
/// Where there would be too many terms the expression stays as it is.
pub fn distribute(arena: &mut Arena, expr: Expr) -> Expr {
    if n_terms(arena, expr) > MAX_TERMS { expr } else { distribute_at(arena, expr, 700) }
}

/// How many terms an expression has when it is multiplied out, from the shared graph.
fn n_terms(arena: &Arena, root: Expr) -> f64 {
    let mut counts: HashMap<Expr, f64> = HashMap::new();
    for expr in arena.reachable(&[root]) {
        let count = |part: &Expr| counts.get(part).copied().unwrap_or(1.0);
        let n = match arena.node(expr) {
            Node::Sum(parts) => parts.iter().map(count).sum(),
            Node::Product(parts) => parts.iter().map(count).product(),
            _ => 1.0,
        };
        counts.insert(expr, n);
    }
    counts[&root]
}

fn distribute_at(arena: &mut Arena, expr: Expr, depth: usize) -> Expr {
    let mut terms = Vec::new();
    for factors in paths(arena, expr) {
        terms.push(term(arena, factors, depth));
    }
    arena.sum(terms)
}

/// The terms of an expression multiplied out, each as its factors.
///
/// Depth first with one list of factors that grows and shrinks: the work is what is written, not what is nested.
fn paths(arena: &Arena, expr: Expr) -> Vec<Vec<Expr>> {
    let mut terms = Vec::new();
    let mut factors = Vec::new();
    // How many factors there were when a branch was left, and what it still has to multiply.
    let mut branches = vec![(0, vec![expr])];
    while let Some((n_before, mut open)) = branches.pop() {
        factors.truncate(n_before);
        loop {
            let Some(part) = open.pop() else {
                terms.push(factors.clone());
                break;
            };
            match arena.node(part) {
                Node::Product(parts) => {
                    let is_sum = |part: &&Expr| matches!(arena.node(**part), Node::Sum(_));
                    factors.extend(parts.iter().filter(|part| !is_sum(part)));
                    open.extend(parts.iter().rev().filter(is_sum));
                }
                Node::Sum(parts) => {
                    branches.extend(parts.iter().rev().map(|&part| {
                        let mut rest = open.clone();
                        rest.push(part);
                        (factors.len(), rest)
                    }));
                    break;
                }
                _ => factors.push(part),
            }
        }
    }
    terms
}

/// The product of factors, with those that stand before a big sum moved into it.
fn term(arena: &mut Arena, factors: Vec<Expr>, depth: usize) -> Expr {
    let is_sum = |part: &Expr| matches!(arena.node(*part), Node::Big { op: Big::Sum, .. });
    let (sums, mut factors): (Vec<Expr>, Vec<Expr>) = factors.into_iter().partition(is_sum);
    if let ([sum], []) = (&sums[..], &factors[..]) {
        return within(arena, *sum, depth, |arena, body| distribute_at(arena, body, depth + 10));
    }
    for (n, &sum) in sums.iter().enumerate() {
        factors = vec![within(arena, sum, depth + n, |arena, body| arena.product([factors, vec![body]].concat()))];
    }
    arena.product(factors)
}

/// A big sum with another body.
fn within(arena: &mut Arena, sum: Expr, depth: usize, change: impl FnOnce(&mut Arena, Expr) -> Expr) -> Expr {
    let Node::Big { op, lower, upper, .. } = *arena.node(sum) else { return sum };
    let Some((letter, body)) = arena.open(sum, depth) else { return sum };
    let body = change(arena, body);
    arena.big(op, letter, lower, upper, body)
}

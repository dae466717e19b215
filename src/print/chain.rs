//! Derivatives in the order of the chain rule: each begins where the one before it ends.
//!
//! `∂L_t/∂y_t · ∂y_t/∂h_t · (Π_{k=j+1}^{t} ∂h_k/∂h_{k-1}) · ∂⁺h_j/∂w`: a big product of derivatives is a link too,
//! from its upper end to its lower.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::expr::{Arena, Big, Expr, Node, SymbolId};

/// An end of a link: a member by its indices, anything else by itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum End {
    Member(SymbolId, Vec<Linear>),
    Other(Expr),
}

/// A sum of expressions with whole coefficients and a whole number.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Linear {
    terms: BTreeMap<Expr, i64>,
    constant: i64,
}

/// Puts the derivatives among sorted factors into chains, and between them the big products that link them.
pub(super) fn link(arena: &Arena, factors: &mut Vec<Expr>) {
    let links: Vec<(Expr, End, End)> =
        factors.iter().filter_map(|&factor| ends(arena, factor).map(|(from, to)| (factor, from, to))).collect();
    let Some(first) = factors.iter().position(|&factor| matches!(arena.node(factor), Node::Derivative { .. })) else {
        return;
    };
    let repeated = links.windows(2).any(|pair| pair[0].0 == pair[1].0);
    if links.len() < 2 || repeated {
        return;
    }
    let chained = follow(&links);
    let links: BTreeSet<Expr> = chained.iter().copied().collect();
    factors.retain(|factor| !links.contains(factor));
    factors.splice(first..first, chained);
}

fn follow(links: &[(Expr, End, End)]) -> Vec<Expr> {
    let mut by_start: HashMap<&End, Vec<usize>> = HashMap::new();
    let mut n_ends: HashMap<&End, usize> = HashMap::new();
    for (link_idx, (_, from, to)) in links.iter().enumerate().rev() {
        by_start.entry(from).or_default().push(link_idx);
        *n_ends.entry(to).or_default() += 1;
    }
    let mut used = vec![false; links.len()];
    let mut chained = Vec::with_capacity(links.len());
    let begins = (0..links.len()).filter(|&link_idx| !n_ends.contains_key(&links[link_idx].1));
    for begin in begins.chain(0..links.len()) {
        let mut next = Some(begin);
        while let Some(link_idx) = next {
            if used[link_idx] {
                break;
            }
            used[link_idx] = true;
            chained.push(links[link_idx].0);
            let followers = by_start.get(&links[link_idx].2);
            next = followers.and_then(|all| all.iter().rev().copied().find(|&follower| !used[follower]));
        }
    }
    chained
}

fn ends(arena: &Arena, factor: Expr) -> Option<(End, End)> {
    if let Node::Derivative { of, by, .. } = arena.node(factor) {
        return Some((end(arena, *of, None)?, end(arena, *by, None)?));
    }
    let Node::Big { op: Big::Product, height, lower, upper, body } = arena.node(factor) else {
        return None;
    };
    let Node::Derivative { of, by, .. } = arena.node(*body) else {
        return None;
    };
    let (upper, lower) = (linear(arena, *upper, None)?, linear(arena, *lower, None)?);
    Some((end(arena, *of, Some((*height, &upper)))?, end(arena, *by, Some((*height, &lower)))?))
}

fn end(arena: &Arena, expr: Expr, bound: Option<(u32, &Linear)>) -> Option<End> {
    let Node::Symbol { symbol, indices, .. } = arena.node(expr) else {
        return bound.is_none().then_some(End::Other(expr));
    };
    let indices = indices.iter().map(|&index| linear(arena, index, bound)).collect::<Option<Vec<Linear>>>()?;
    Some(End::Member(*symbol, indices))
}

/// Index arithmetic collected, with the index of height `bound.0` replaced by `bound.1`.
fn linear(arena: &Arena, expr: Expr, bound: Option<(u32, &Linear)>) -> Option<Linear> {
    let mut total = Linear { terms: BTreeMap::new(), constant: 0 };
    let terms: &[Expr] = if let Node::Sum(terms) = arena.node(expr) { terms } else { &[expr] };
    for &term in terms {
        let (base, factor) = multiple(arena, term);
        let replaced =
            bound.filter(|&(height, _)| arena.node(base) == &Node::Bound(height)).map(|(_, value)| value.clone());
        let part = match (replaced, arena.as_integer(base)) {
            (Some(value), _) => value,
            (None, Some(n)) => Linear { terms: BTreeMap::new(), constant: n },
            (None, None) => Linear { terms: BTreeMap::from([(base, 1)]), constant: 0 },
        };
        total.constant = part.constant.checked_mul(factor).and_then(|n| total.constant.checked_add(n))?;
        for (expr, n) in part.terms {
            let slot = total.terms.entry(expr).or_insert(0);
            *slot = n.checked_mul(factor).and_then(|n| slot.checked_add(n))?;
        }
    }
    total.terms.retain(|_, n| *n != 0);
    Some(total)
}

/// An expression and the whole number before it.
fn multiple(arena: &Arena, term: Expr) -> (Expr, i64) {
    if let Node::Product(factors) = arena.node(term)
        && let [a, b] = factors[..]
    {
        if let Some(n) = arena.as_integer(a) {
            return (b, n);
        }
        if let Some(n) = arena.as_integer(b) {
            return (a, n);
        }
    }
    (term, 1)
}

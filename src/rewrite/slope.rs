//! The chain rule over one expression: each node's slope by its own rule, from the slopes of its parts.

use std::collections::BTreeMap;

use crate::expr::{Arena, Big, Branch, Elementary, Expr, Function, Node, Slot};

/// The derivative of a number by a plain symbol; everything else is constant.
pub fn slope(arena: &mut Arena, expr: Expr, by: Expr) -> Expr {
    slope_with(arena, expr, &mut |arena, leaf| if leaf == by { Some(arena.one()) } else { None })
}

/// The derivative of a number, where `leaf` gives the derivative of a member (`None` is 0).
///
/// One pass over the shared graph, children before parents. `leaf` is asked for members, entries of members, and
/// everything else that the chain rule does not open.
/// Source: Magnus & Neudecker (2019), ch. 5.
pub fn slope_with(arena: &mut Arena, expr: Expr, leaf: &mut dyn FnMut(&mut Arena, Expr) -> Option<Expr>) -> Expr {
    slope_at(arena, expr, leaf, 0)
}

fn slope_at(
    arena: &mut Arena,
    root: Expr,
    leaf: &mut dyn FnMut(&mut Arena, Expr) -> Option<Expr>,
    depth: usize,
) -> Expr {
    let mut slopes: BTreeMap<Expr, Option<Expr>> = BTreeMap::new();
    for expr in order(arena, root) {
        let slope = node_slope(arena, expr, &slopes, leaf, depth);
        slopes.insert(expr, slope.filter(|&slope| !arena.is_zero(slope)));
    }
    slopes[&root].unwrap_or_else(|| arena.zero())
}

/// The nodes that the chain rule opens, children first; binders are opened by their own rule.
fn order(arena: &Arena, root: Expr) -> Vec<Expr> {
    let mut seen = std::collections::BTreeSet::from([root]);
    let mut open = vec![root];
    while let Some(expr) = open.pop() {
        let children = match arena.node(expr) {
            Node::Sum(parts) | Node::Product(parts) => parts.to_vec(),
            Node::Power(base, exponent) => vec![*base, *exponent],
            Node::Call { args, .. } => args.to_vec(),
            Node::Cases(branches) => branches.iter().map(|branch| branch.value).collect(),
            _ => Vec::new(),
        };
        for child in children {
            if arena.shape(child).is_scalar() && seen.insert(child) {
                open.push(child);
            }
        }
    }
    seen.into_iter().collect()
}

fn node_slope(
    arena: &mut Arena,
    expr: Expr,
    slopes: &BTreeMap<Expr, Option<Expr>>,
    leaf: &mut dyn FnMut(&mut Arena, Expr) -> Option<Expr>,
    depth: usize,
) -> Option<Expr> {
    let of = |part: &Expr| slopes.get(part).copied().flatten();
    match arena.node(expr).clone() {
        Node::Number(_) | Node::Pi | Node::Infinity | Node::Bound(_) => None,
        Node::Sum(parts) => {
            let terms: Vec<Expr> = parts.iter().filter_map(of).collect();
            if terms.is_empty() { None } else { Some(arena.sum(terms)) }
        }
        Node::Product(parts) => {
            let mut terms = Vec::new();
            for (i, part) in parts.iter().enumerate() {
                if let Some(slope) = of(part) {
                    let mut factors = parts.to_vec();
                    factors[i] = slope;
                    terms.push(arena.product(factors));
                }
            }
            if terms.is_empty() { None } else { Some(arena.sum(terms)) }
        }
        Node::Power(base, exponent) => power_slope(arena, expr, (base, of(&base)), (exponent, of(&exponent))),
        Node::Call { function, slots, args } => {
            let mut terms = Vec::new();
            for (i, arg) in args.iter().enumerate() {
                if !arena.shape(*arg).is_scalar() {
                    terms.extend(tensor_argument(arena, (&function, &slots, &args), i, leaf, depth));
                    continue;
                }
                if let Some(slope) = of(arg) {
                    let outer = call_slope(arena, &function, &slots, &args, i);
                    terms.push(arena.product([outer, slope]));
                }
            }
            if terms.is_empty() { None } else { Some(arena.sum(terms)) }
        }
        Node::Big { op: Big::Sum, lower, upper, .. } => {
            let (letter, body) = arena.open(expr, 400 + depth)?;
            let inner = slope_at(arena, body, leaf, depth + 1);
            if arena.is_zero(inner) { None } else { Some(arena.big(Big::Sum, letter, lower, upper, inner)) }
        }
        Node::Big { op: Big::Product, lower, upper, .. } => product_slope(arena, expr, (lower, upper), leaf, depth),
        Node::Cases(branches) => {
            if branches.iter().all(|branch| of(&branch.value).is_none()) {
                return None;
            }
            let zero = arena.zero();
            let branches = branches
                .iter()
                .map(|branch| Branch { condition: branch.condition, value: of(&branch.value).unwrap_or(zero) })
                .collect();
            Some(arena.cases(branches))
        }
        Node::Symbol { .. }
        | Node::Entry { .. }
        | Node::Derivative { .. }
        | Node::Tensor { .. }
        | Node::MatrixPower(..)
        | Node::MatMul(_)
        | Node::Transpose(_)
        | Node::Literal { .. }
        | Node::Identity(_)
        | Node::Fill(..)
        | Node::Unit(..)
        | Node::At { .. }
        | Node::Limit { .. }
        | Node::Extremum { .. }
        | Node::Big { op: Big::Ascending | Big::Descending, .. } => leaf(arena, expr),
    }
}

/// `(u^v)' = v u^{v-1} u' + u^v log(u) v'`.
fn power_slope(
    arena: &mut Arena,
    expr: Expr,
    base: (Expr, Option<Expr>),
    exponent: (Expr, Option<Expr>),
) -> Option<Expr> {
    let mut terms = Vec::new();
    if let Some(slope) = base.1 {
        let minus = arena.integer(-1);
        let less = arena.sum([exponent.0, minus]);
        let less = match crate::rewrite::linear::Linear::read(arena, less) {
            Some(linear) => linear.expr(arena),
            None => less,
        };
        let power = arena.power(base.0, less);
        terms.push(arena.product([exponent.0, power, slope]));
    }
    if let Some(slope) = exponent.1 {
        let log = arena.apply(Elementary::Log, base.0);
        terms.push(arena.product([expr, log, slope]));
    }
    if terms.is_empty() { None } else { Some(arena.sum(terms)) }
}

fn call_slope(arena: &mut Arena, function: &Function, slots: &[Slot], args: &[Expr], at: usize) -> Expr {
    match function {
        Function::Elementary(elementary) if slots.is_empty() && elementary.row().arity == 1 => {
            (elementary.row().derivative)(arena, args[0])
        }
        Function::Elementary(Elementary::Max) => selected(arena, args, at, true),
        Function::Elementary(Elementary::Min) => selected(arena, args, at, false),
        Function::Elementary(Elementary::Delta) => arena.zero(),
        _ => {
            let mut slots = slots.to_vec();
            slots.push(Slot { argument: u8::try_from(at).unwrap_or(u8::MAX), entry: Box::default() });
            arena.call(function.clone(), slots, args.to_vec())
        }
    }
}

/// The slope of max or min by one argument: 1 where it is the one taken.
fn selected(arena: &mut Arena, args: &[Expr], at: usize, largest: bool) -> Expr {
    use crate::expr::Comparison;
    let (zero, one) = (arena.zero(), arena.one());
    let mut value = one;
    for (i, &other) in args.iter().enumerate() {
        if i != at {
            let condition =
                if largest { (Comparison::Less, other, args[at]) } else { (Comparison::Less, args[at], other) };
            value = arena
                .cases(vec![Branch { condition: Some(condition), value }, Branch { condition: None, value: zero }]);
        }
    }
    value
}

/// `Σ_i ∂f/∂u_i u_i'` for an argument that is a vector or a matrix.
fn tensor_argument(
    arena: &mut Arena,
    (function, slots, args): (&Function, &[Slot], &[Expr]),
    at: usize,
    leaf: &mut dyn FnMut(&mut Arena, Expr) -> Option<Expr>,
    depth: usize,
) -> Option<Expr> {
    let sizes = arena.shape(args[at]).sizes();
    let mut letters = Vec::new();
    for n in 0..sizes.len() {
        letters.push(arena.letter_apart(&format!("v{depth}.{n}"), args));
    }
    let indices: Vec<Expr> = letters.iter().map(|&letter| arena.symbol(letter)).collect();
    let entry = crate::rewrite::entries::entry(arena, args[at], &indices);
    let inner = slope_at(arena, entry, leaf, depth + 1);
    if arena.is_zero(inner) {
        return None;
    }
    let mut slots = slots.to_vec();
    slots.push(Slot { argument: u8::try_from(at).unwrap_or(u8::MAX), entry: indices.clone().into() });
    let outer = arena.call_of_tensors(function.clone(), slots, args.to_vec());
    let mut sum = arena.product([outer, inner]);
    let one = arena.one();
    for (&letter, &size) in letters.iter().zip(&sizes).rev() {
        sum = arena.big(Big::Sum, letter, one, size, sum);
    }
    Some(sum)
}

/// `(Π_k a_k)' = Σ_j a_j' Π_{k<j} a_k Π_{k>j} a_k`.
fn product_slope(
    arena: &mut Arena,
    expr: Expr,
    (lower, upper): (Expr, Expr),
    leaf: &mut dyn FnMut(&mut Arena, Expr) -> Option<Expr>,
    depth: usize,
) -> Option<Expr> {
    let (letter, body) = arena.open(expr, 400 + depth)?;
    let inner = slope_at(arena, body, leaf, depth + 1);
    if arena.is_zero(inner) {
        return None;
    }
    let j = arena.symbol(letter);
    let (one, minus) = (arena.one(), arena.integer(-1));
    let (before, after) = (arena.sum([j, minus]), arena.sum([j, one]));
    let other = arena.letter_apart(&format!("p{depth}"), &[expr, inner]);
    let k = arena.symbol(other);
    let body = arena.substitute(body, &[(j, k)].into_iter().collect());
    let left = arena.big(Big::Product, other, lower, before, body);
    let right = arena.big(Big::Product, other, after, upper, body);
    let term = arena.product([left, inner, right]);
    Some(arena.big(Big::Sum, letter, lower, upper, term))
}

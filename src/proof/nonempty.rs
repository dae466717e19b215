//! Maxima and minima over an index are defined where the index takes some value: `\max_{1 \le k \le N} k = N` is proved
//! where `N \ge 1`.

use crate::calculus::Structure;
use crate::expr::{Arena, Expr, Node, Prop};
use crate::model::Model;
use crate::print::latex;
use crate::proof::context::Context;
use crate::proof::readable::readable;
use crate::rewrite::Linear;

/// What must hold for the ranges of the maxima and minima in a claim to hold some number, as LaTeX, where neither the
/// givens nor the conditions say so. Ranges that lie in sums and hang on their indices are left out.
pub(super) fn ranges(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    (claim, conditions): (&Prop, &[Prop]),
) -> Vec<String> {
    let range = |part: Expr| match *arena.node(part) {
        Node::Extremum { range: Some(range), .. } => Some(range),
        _ => None,
    };
    let mut ranges: Vec<(Expr, Expr)> = arena.reachable(&claim.expressions()).into_iter().filter_map(range).collect();
    ranges.retain(|&(lower, upper)| arena.is_closed(lower) && arena.is_closed(upper));
    ranges.sort_unstable();
    ranges.dedup();
    if ranges.is_empty() {
        return Vec::new();
    }
    let domain = Context::new(arena, model, structure, conditions, &claim.subjects()).domain;
    ranges.retain(|&(lower, upper)| {
        let gap = Linear::read(arena, lower).zip(Linear::read(arena, upper)).map(|(lower, upper)| lower.minus(&upper));
        !gap.is_some_and(|gap| domain.implies_at_most_zero(&gap))
    });
    ranges.into_iter().map(|range| written(arena, range)).collect()
}

/// That a range holds a number: `N \ge 1`, `a \le b`.
fn written(arena: &mut Arena, (lower, upper): (Expr, Expr)) -> String {
    let sides = readable(arena, &[lower, upper]);
    let (lower_text, upper_text) = (latex(arena, sides[0]), latex(arena, sides[1]));
    match arena.as_number(lower) {
        Some(_) => format!(r"{upper_text} \ge {lower_text}"),
        None => format!(r"{lower_text} \le {upper_text}"),
    }
}

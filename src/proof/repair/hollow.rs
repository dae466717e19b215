//! Parts that an edit leaves without meaning: a difference of one thing with itself, a ratio of equals, a sum with one
//! term, a condition that is what is claimed, a square that is said to be a square.

use crate::proof::repair::editor::bare;
use crate::syntax::ast::{Formula, Kind as Written, Node, Relation, Sign};

/// How many parts of a formula mean nothing.
pub(super) fn parts(text: &str, formula: &Formula) -> usize {
    let own = equated(text, &formula.body);
    let repeats = |condition: &&Node| own.is_some() && equated(text, condition) == own;
    let n_within: usize = std::iter::once(&formula.body).chain(&formula.conditions).map(|node| count(text, node)).sum();
    n_within + formula.conditions.iter().filter(repeats).count()
}

/// The two sides of an equation as they are written, in either order.
fn equated(text: &str, node: &Node) -> Option<[String; 2]> {
    let Written::Chain { first, rest } = &bare(node).kind else { return None };
    let [(Relation::Equal, right)] = &rest[..] else { return None };
    let mut sides = [written(text, first), written(text, right)];
    sides.sort();
    Some(sides)
}

fn count(text: &str, node: &Node) -> usize {
    // What repeats in scripts is an index: `W_{i,i}`.
    let inner: usize = match &node.kind {
        Written::Script { base, .. } => count(text, base),
        _ => node.children().into_iter().map(|child| count(text, child)).sum(),
    };
    inner + usize::from(is_hollow(text, node))
}

fn is_hollow(text: &str, node: &Node) -> bool {
    let same = |a: &Node, b: &Node| written(text, a) == written(text, b);
    match &node.kind {
        Written::Sum(terms) => terms.iter().enumerate().any(|(place, (sign, term))| {
            terms[place + 1..].iter().any(|(other, next)| is_minus(*sign) != is_minus(*other) && same(term, next))
        }),
        Written::Frac { num, den } => same(num, den),
        Written::Chain { first, rest } => {
            rest.iter().any(|(_, side)| is_square_of(text, first, side) || is_square_of(text, side, first))
        }
        Written::List(items) => matches!(&items[..], [first, others @ ..]
            if !others.is_empty() && others.iter().all(|item| same(first, item))),
        Written::Big { sub: Some(sub), sup: Some(upper), .. } => {
            matches!(&bare(sub).kind, Written::Chain { rest, .. }
                if matches!(&rest[..], [(Relation::Equal, lower)] if same(lower, upper)))
        }
        _ => false,
    }
}

/// Whether one side is the square of what the other one is twice a factor.
fn is_square_of(text: &str, square: &Node, twice: &Node) -> bool {
    let (Written::Script { base, sup: Some(power), sub: None, .. }, Written::Product(factors)) =
        (&bare(square).kind, &bare(twice).kind)
    else {
        return false;
    };
    written(text, power) == "2"
        && factors.len() == 2
        && factors.iter().all(|(_, factor)| written(text, factor) == written(text, base))
}

fn is_minus(sign: Sign) -> bool {
    sign == Sign::Minus
}

/// A part as it is written, without blanks, and without the bars or the braces around the whole of it.
fn written(text: &str, node: &Node) -> String {
    match &bare(node).kind {
        Written::Fenced { body, .. } => written(text, body),
        _ => {
            let span = bare(node).span;
            text.get(span.start..span.end).unwrap_or_default().split_whitespace().collect()
        }
    }
}

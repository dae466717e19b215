//! Adjectives before the letter of a quantifier: `\text{for every nonzero } x`.

use crate::source::Diagnostic;
use crate::source::Span;

use super::ast::Kind;
use super::ast::Node;
use super::ast::Relation;
use super::ast::Times;
use super::problems::Problems;
use super::words::keyword;

/// What an adjective says of a letter beside 0.
const ADJECTIVES: [(&str, Relation); 9] = [
    ("nonzero", Relation::NotEqual),
    ("non-zero", Relation::NotEqual),
    ("positive", Relation::Greater),
    ("strictly positive", Relation::Greater),
    ("negative", Relation::Less),
    ("nonnegative", Relation::GreaterEqual),
    ("non-negative", Relation::GreaterEqual),
    ("nonpositive", Relation::LessEqual),
    ("non-positive", Relation::LessEqual),
];

/// Words for a letter that is any real number.
const REAL: [&str; 3] = ["real", "real number", "real numbers"];

/// Takes the words before the first letter of a quantifier away, and returns what they say of its letters. Words that
/// are not known are a problem, for they may restrict what is claimed.
pub(super) fn take_adjective(members: &mut [Node], problems: &mut Problems) -> Vec<Node> {
    let Some((words, span)) = members.first_mut().and_then(take_words) else { return Vec::new() };
    let words = keyword(&words).map_or(words.as_str(), |(_, rest)| rest).trim();
    if words.is_empty() {
        return Vec::new();
    }
    if REAL.iter().any(|known| known.eq_ignore_ascii_case(words)) {
        return members
            .iter()
            .map(|member| bound_to(letters_of(member), Relation::In, Kind::Symbol(r"\mathbb{R}".to_owned())))
            .collect();
    }
    let Some((_, relation)) = ADJECTIVES.iter().find(|(known, _)| known.eq_ignore_ascii_case(words)) else {
        let message = format!("`{words}` is prose, and it may restrict what is bound here");
        let hint = r"write what it says as a condition, `\text{for all } x \ne 0`, and declare in a `math given` fence what `x` is";
        problems.push(Diagnostic::error("prose-in-formula", span, message).with_hint(hint));
        return Vec::new();
    };
    members.iter().map(|member| bound_to(letters_of(member), *relation, Kind::Number("0".to_owned()))).collect()
}

/// The words at the beginning of a member, which is left without them.
fn take_words(member: &mut Node) -> Option<(String, Span)> {
    match &mut member.kind {
        Kind::Chain { first, .. } => take_words(first),
        Kind::List(names) => names.first_mut().and_then(take_words),
        Kind::Text(words) => {
            let found = (std::mem::take(words), member.span);
            member.kind = Kind::Empty;
            Some(found)
        }
        Kind::Product(factors) => {
            let (_, first) = factors.first_mut()?;
            let found = take_words(first)?;
            factors.remove(0);
            if let [(times, _)] = &mut factors[..] {
                *times = Times::Juxtaposed;
                let (_, only) = factors.remove(0);
                *member = only;
            }
            Some(found)
        }
        _ => None,
    }
}

/// What a member of a quantifier binds, without the set that it is taken from.
fn letters_of(member: &Node) -> &Node {
    match &member.kind {
        Kind::Chain { first, .. } => first,
        _ => member,
    }
}

/// The letters as what a quantifier binds above, below or beside 0, or to a set.
fn bound_to(letters: &Node, relation: Relation, right: Kind) -> Node {
    let span = letters.span;
    let right = Node { kind: right, span };
    let bound = Node { kind: Kind::Chain { first: Box::new(letters.clone()), rest: vec![(relation, right)] }, span };
    Node { kind: Kind::Quantified { universal: true, bound: Box::new(bound) }, span }
}

//! Premises with conditions of their own: `x_t = 0 \quad \forall t \implies h_1 = 0`.

use std::collections::BTreeSet;

use crate::source::Diagnostic;
use crate::source::Span;

use super::ast::Connective;
use super::ast::Kind;
use super::ast::Node;
use super::brackets::Brackets;
use super::conditions::Segment;
use super::lexeme::Lexeme;
use super::lexeme::Token;
use super::parse::members;
use super::parse::statement;
use super::problems::Problems;
use super::ranges::indices_of;
use super::ranges::ranges;
use super::words::connective;

/// A statement with conditions before an arrow.
#[derive(Debug, Clone)]
pub(super) struct Premise {
    /// The tokens of the statement.
    pub statement: Vec<Token>,
    /// Its conditions.
    pub conditions: Vec<Segment>,
    /// What stands between it and what follows.
    pub arrow: Connective,
}

/// Where the first arrow outside of brackets stands, from `start` on.
pub(super) fn arrow_in(tokens: &[Token], start: usize) -> Option<(usize, Connective)> {
    let brackets = Brackets::of(tokens);
    let arrow = |at: usize| match &tokens[at].lexeme {
        Lexeme::Connective(found) => Some(*found),
        Lexeme::Word(words) | Lexeme::Text(words) => connective(words),
        _ => None,
    };
    let arrows = brackets.flat(start, tokens.len()).filter_map(|at| Some((at, arrow(at)?)));
    arrows.into_iter().find(|(_, found)| !matches!(found, Connective::And | Connective::Or))
}

/// The premise as conditions of what follows from it: it holds for all values of its indices.
///
/// What its own conditions may say is where these run; whether anything else there belongs to the premise alone or to the
/// whole claim, nobody can tell, and it is a problem.
pub(super) fn premise_of(premise: &Premise, conclusion: &Node, problems: &mut Problems, depth: usize) -> Vec<Node> {
    let tokens = &premise.statement;
    let span = tokens.first().zip(tokens.last()).map_or_else(Span::default, |(first, last)| first.span.to(last.span));
    let said = statement(tokens, span, problems, depth);
    let own: Vec<Node> = premise.conditions.iter().flat_map(|segment| members(segment, problems, depth)).collect();
    let indices = indices_of(&said);
    let claimed = indices_of(conclusion);
    let inner: BTreeSet<&str> = indices.difference(&claimed).copied().collect();
    let is_range = |node: &Node| matches!(node.kind, Kind::Quantified { .. }) || ranges(node, &inner);
    let has_more_arrows =
        matches!(conclusion.kind, Kind::Logic(Connective::Implies | Connective::ImpliedBy | Connective::Iff, ..));
    let wrong = own.iter().find(|node| !is_range(node)).map(|node| node.span);
    let wrong = wrong.or((premise.arrow != Connective::Implies || has_more_arrows).then_some(span));
    if let Some(span) = wrong {
        let message = "a condition stands before an arrow, and nothing says whether it holds behind the arrow as well";
        let hint = r"write it at the end where it holds for the whole claim, or as a part of the premise: `A \land B \implies C`; a `\forall` may stand in the premise of one `\implies`";
        problems.push(Diagnostic::error("ambiguous-condition", span, message).with_hint(hint));
    }
    std::iter::once(said).chain(own).collect()
}

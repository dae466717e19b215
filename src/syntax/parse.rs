//! Formulas into trees: tokens, then rows, then one statement at a time with its conditions.

use crate::source::Diagnostic;
use crate::source::Span;

use super::ast::Aside;
use super::ast::Formula;
use super::ast::Kind;
use super::ast::Node;
use super::conditions::Segment;
use super::conditions::SegmentKind;
use super::conditions::trimmed;
use super::cursor::Parser;
use super::enclosed::Inside;
use super::environment::check_environments;
use super::lexeme::Token;
use super::macros::Macros;
use super::premise::premise_of;
use super::problems::Problems;
use super::ranges::split_ranges;
use super::rows::Draft;
use super::rows::drafts;
use super::shape::Shape;
use super::shape::shape;
use super::tidy::tidy;
use super::token::tokenize;

/// How long the text of a fence may be, in bytes.
const LENGTH_LIMIT: usize = 200_000;

/// Reads the formulas of a fence. `offset` is the byte of the file at which `latex` begins, and is added to all spans.
///
/// The trees are whole even where something could not be read: such a part is `Kind::Error`, and its problem is among
/// the diagnostics, which come in the order of the source.
pub fn parse_formulas(latex: &str, offset: usize) -> (Vec<Formula>, Vec<Diagnostic>) {
    parse_with(latex, offset, &Macros::default())
}

/// The same where the macros of a file may be called.
pub(super) fn parse_with(latex: &str, offset: usize, macros: &Macros) -> (Vec<Formula>, Vec<Diagnostic>) {
    if latex.len() > LENGTH_LIMIT {
        return too_long(latex, offset);
    }
    let mut problems = Problems::default();
    let tokens = tokens_of(latex, offset, macros, &mut problems);
    let formulas = formulas(tokens, &mut problems, 0);
    (formulas, problems.sorted())
}

/// Refuses a text that nobody has written by hand, as one formula that could not be read.
fn too_long(latex: &str, offset: usize) -> (Vec<Formula>, Vec<Diagnostic>) {
    let span = Span::new(offset, offset + latex.len());
    let message = format!("this formula is {} bytes long, expected at most {LENGTH_LIMIT}", latex.len());
    let hint = "give names to its parts in a `math define` fence, or write sums and products with `\\sum` and `\\prod`";
    let body = Node { kind: Kind::Error, span };
    let formula = Formula::alone(body, span);
    (vec![formula], vec![Diagnostic::error("too-long", span, message).with_hint(hint)])
}

/// Reads one expression or statement, without conditions.
pub fn parse_expression(latex: &str, offset: usize) -> (Node, Vec<Diagnostic>) {
    let mut problems = Problems::default();
    let tokens = tokens_of(latex, offset, &Macros::default(), &mut problems);
    let body = statement(trimmed(&tokens), Span::new(offset, offset + latex.len()), &mut problems, 0);
    (body, problems.sorted())
}

fn tokens_of(latex: &str, offset: usize, macros: &Macros, problems: &mut Problems) -> Vec<Token> {
    let tokens = tidy(tokenize(latex, offset, macros, problems));
    check_environments(&tokens, problems);
    tokens
}

/// Reads the formulas that `tokens` are, which stand `depth` levels deep.
pub(super) fn formulas(tokens: Vec<Token>, problems: &mut Problems, depth: usize) -> Vec<Formula> {
    let read = |draft: Draft| {
        let (body, conditions) = split_ranges(statement(&draft.statement, draft.span, problems, depth));
        let mut formula = Formula { conditions, ..Formula::alone(body, draft.span) };
        if let Some(premise) = &draft.premise {
            let premise = premise_of(premise, &formula.body, problems, depth);
            formula.conditions.extend(premise);
        }
        for segment in &draft.conditions {
            let own = members(segment, problems, depth);
            let into = match segment.kind {
                SegmentKind::Condition | SegmentKind::Negated | SegmentKind::Universal => &mut formula.conditions,
                SegmentKind::Variables => &mut formula.variables,
            };
            formula.openings.extend(own.first().map(|node| node.span.start));
            if let Some(behind) = segment.behind {
                formula.asides.extend(own.iter().map(|node| Aside { span: node.span, behind }));
            }
            into.extend(own);
        }
        formula
    };
    drafts(tokens).into_iter().map(read).collect()
}

/// Reads all of `tokens` as one statement. `span` is where it would stand if there are none.
pub(super) fn statement(tokens: &[Token], span: Span, problems: &mut Problems, depth: usize) -> Node {
    if tokens.is_empty() {
        return Node { kind: Kind::Empty, span: Span::new(span.start, span.start) };
    }
    let mut parser = Parser::new(tokens, problems, depth);
    let node = parser.inner(Inside::Formula);
    match node.kind {
        Kind::Group(inner) if shape(&inner.kind) != Shape::Operand => *inner,
        kind => Node { kind, span: node.span },
    }
}

/// The conditions or variables of a segment, one by one.
pub(super) fn members(segment: &Segment, problems: &mut Problems, depth: usize) -> Vec<Node> {
    let (Some(first), Some(last)) = (segment.tokens.first(), segment.tokens.last()) else { return Vec::new() };
    let node = statement(&segment.tokens, first.span.to(last.span), problems, depth);
    let members = match node.kind {
        Kind::List(members) => members,
        kind => vec![Node { kind, span: node.span }],
    };
    match segment.kind {
        SegmentKind::Condition | SegmentKind::Variables => members,
        SegmentKind::Negated => negated(members, first.span),
        SegmentKind::Universal => quantified(members),
    }
}

/// What stands after `unless`, as what does not hold. Of several conditions nothing says whether each of them fails or
/// any, so the word stays.
fn negated(mut members: Vec<Node>, at: Span) -> Vec<Node> {
    if members.len() != 1 {
        let word = Node { kind: Kind::Text("unless".to_owned()), span: Span::new(at.start, at.start) };
        members.insert(0, word);
        return members;
    }
    let not = |node: Node| Node { span: node.span, kind: Kind::Not(Box::new(node)) };
    members.into_iter().map(not).collect()
}

/// Makes a `\forall` of the first member, or of all where none of them says anything yet.
fn quantified(mut members: Vec<Node>) -> Vec<Node> {
    let says = |node: &Node| matches!(shape(&node.kind), Shape::Relation | Shape::Statement);
    let n_bound = members.iter().position(says).map_or(members.len(), |first| first + 1);
    let rest = members.split_off(n_bound);
    let bound = match members.len() {
        1 => members.remove(0),
        _ => list_of(members),
    };
    let span = bound.span;
    let quantified = Node { kind: Kind::Quantified { universal: true, bound: Box::new(bound) }, span };
    std::iter::once(quantified).chain(rest).collect()
}

fn list_of(members: Vec<Node>) -> Node {
    let span = members.iter().map(|member| member.span).reduce(Span::to).unwrap_or_default();
    Node { kind: Kind::List(members), span }
}

impl Parser<'_> {
    /// Reads some of the tokens, or others, as a statement of its own.
    pub(super) fn apart(&mut self, tokens: &[Token], span: Span) -> Node {
        let depth = self.depth();
        statement(tokens, span, self.problems, depth)
    }
}

//! Formulas into trees: tokens, then rows, then one statement at a time with its conditions.

use crate::source::Diagnostic;
use crate::source::Span;

use super::adjectives::take_adjective;
use super::ast::Aside;
use super::ast::Behind;
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
        let mut quantifiers = Quantifiers::of(&draft.conditions);
        for segment in &draft.conditions {
            let own = quantifiers.read(segment, members(segment, problems, depth));
            let into = match segment.kind {
                SegmentKind::Variables => &mut formula.variables,
                _ => &mut formula.conditions,
            };
            formula.openings.extend(own.first().map(|node| node.span.start));
            if let Some(behind) = segment.behind.or(quantifiers.behind()) {
                let said = own.iter().filter(|node| !matches!(node.kind, Kind::Quantified { .. }));
                formula.asides.extend(said.map(|node| Aside { span: node.span, behind }));
            }
            into.extend(own);
        }
        formula
    };
    drafts(tokens).into_iter().map(read).collect()
}

/// The quantifiers behind a statement, in the order in which they are read: `a_i \ge 0 \ \forall i, b_i \ge 0 \ \forall i`.
struct Quantifiers {
    /// How many are not read yet.
    n_left: usize,
    /// Whether they belong to the statement itself, and not to a condition of it.
    are_of_statement: bool,
    /// Whether the last segment was a quantifier.
    is_last: bool,
    /// The letters that are bound so far.
    letters: Vec<Node>,
}

impl Quantifiers {
    fn of(segments: &[Segment]) -> Quantifiers {
        let is_universal = |segment: &Segment| segment.kind == SegmentKind::Universal;
        Quantifiers {
            n_left: segments.iter().filter(|segment| is_universal(segment)).count(),
            are_of_statement: segments.first().is_some_and(is_universal),
            is_last: false,
            letters: Vec::new(),
        }
    }

    /// The members of the next segment, where `\forall i \text{ and } b_i \ge 0` binds i alone.
    fn read(&mut self, segment: &Segment, mut members: Vec<Node>) -> Vec<Node> {
        self.is_last = segment.kind == SegmentKind::Universal;
        self.n_left -= usize::from(self.is_last);
        for member in &mut members {
            let Kind::Quantified { bound, .. } = &member.kind else { continue };
            match &bound.kind {
                Kind::Chain { .. } if speaks_of(bound, &self.letters) => *member = (**bound).clone(),
                Kind::Chain { first, .. } => self.letters.push((**first).clone()),
                Kind::List(names) => self.letters.extend(names.iter().cloned()),
                _ => self.letters.push((**bound).clone()),
            }
        }
        members
    }

    /// What a relation stands behind that was read with the last quantifier, where another quantifier follows: it may be
    /// a statement of its own.
    fn behind(&self) -> Option<Behind> {
        (self.is_last && self.are_of_statement && self.n_left > 0).then_some(Behind::Quantifier)
    }
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
    let mut members = match node.kind {
        Kind::List(members) => members,
        kind => vec![Node { kind, span: node.span }],
    };
    let said = match segment.kind {
        SegmentKind::Universal => take_adjective(&mut members, problems),
        SegmentKind::Condition | SegmentKind::Variables | SegmentKind::Negated | SegmentKind::Existential => Vec::new(),
    };
    match segment.kind {
        SegmentKind::Condition | SegmentKind::Variables => members,
        SegmentKind::Negated => negated(members, first.span),
        SegmentKind::Universal => quantified(members, true).into_iter().chain(said).collect(),
        SegmentKind::Existential => quantified(members, false),
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

/// Makes a `\forall` or an `\exists` of the first member, or of all where none of them says anything yet.
fn quantified(members: Vec<Node>, universal: bool) -> Vec<Node> {
    let mut members: Vec<Node> = members.into_iter().flat_map(letters_apart).collect();
    let says = |node: &Node| matches!(shape(&node.kind), Shape::Relation | Shape::Statement);
    let n_bound = match members.iter().position(says) {
        Some(first) if first > 0 && speaks_of(&members[first], &members[..first]) => first,
        Some(first) => first + 1,
        None => members.len(),
    };
    let rest = members.split_off(n_bound);
    let bound = match members.len() {
        1 => members.remove(0),
        _ => list_of(members),
    };
    let span = bound.span;
    let quantified = Node { kind: Kind::Quantified { universal, bound: Box::new(bound) }, span };
    std::iter::once(quantified).chain(rest).collect()
}

/// `i, w_i \ge 1` as the letter and what is said of its member: it does not say where the letter runs.
fn letters_apart(node: Node) -> Vec<Node> {
    let Kind::Chain { first, rest } = &node.kind else { return vec![node] };
    let Kind::List(names) = &first.kind else { return vec![node] };
    let Some((last, letters)) = names.split_last() else { return vec![node] };
    let span = Span::new(last.span.start, node.span.end);
    let relation = Node { kind: Kind::Chain { first: Box::new(last.clone()), rest: rest.clone() }, span };
    if !speaks_of(&relation, letters) {
        return vec![node];
    }
    letters.iter().cloned().chain([relation]).collect()
}

/// Whether a relation begins with a member of a family or the value of a function at one of these letters.
fn speaks_of(relation: &Node, letters: &[Node]) -> bool {
    let Kind::Chain { first, .. } = &relation.kind else { return false };
    let is_letter = |node: &Node| letters.iter().any(|letter| letter.kind == node.kind);
    first.holds(&|part| match &part.kind {
        Kind::Script { sub: Some(sub), .. } => sub.holds(&is_letter),
        Kind::Fenced { open, body, .. } => open == "(" && is_letter(body),
        _ => false,
    })
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

//! Formulas into trees.
//!
//! Each level of binding has its function, from loose to tight: given (`|`), logic, list, and, chain, sum, product,
//! and, in `operand`, scripts and atoms. A level calls the next tighter one; only brackets, arguments and big
//! operators lead back to a looser one, and those are counted, so that no input can exhaust the stack.

use crate::source::Diagnostic;
use crate::source::Span;

use super::ast::Connective;
use super::ast::Formula;
use super::ast::Kind;
use super::ast::Node;
use super::ast::Relation;
use super::ast::Sign;
use super::ast::Times;
use super::bars::Bars;
use super::brackets::Brackets;
use super::conditions::Segment;
use super::conditions::SegmentKind;
use super::conditions::trimmed;
use super::enclosed::Inside;
use super::lists::gather;
use super::problems::Problems;
use super::rows::Draft;
use super::rows::drafts;
use super::tidy::tidy;
use super::token::Lexeme;
use super::token::Token;
use super::token::tokenize;
use super::words::connective;

/// How deep brackets, arguments and big operators may stand in each other.
const DEPTH_LIMIT: usize = 200;

/// How long the text of a fence may be, in bytes.
const LENGTH_LIMIT: usize = 200_000;

/// Reads the formulas of a fence. `offset` is the byte of the file at which `latex` begins, and is added to all spans.
///
/// The trees are whole even where something could not be read: such a part is `Kind::Error`, and its problem is among
/// the diagnostics, which come in the order of the source.
pub fn parse_formulas(latex: &str, offset: usize) -> (Vec<Formula>, Vec<Diagnostic>) {
    if latex.len() > LENGTH_LIMIT {
        return too_long(latex, offset);
    }
    let mut problems = Problems::default();
    let tokens = tidy(tokenize(latex, offset, &mut problems));
    let formulas = formulas(tokens, &mut problems, 0);
    (formulas, problems.sorted())
}

/// Refuses a text that nobody has written by hand, as one formula that could not be read.
fn too_long(latex: &str, offset: usize) -> (Vec<Formula>, Vec<Diagnostic>) {
    let span = Span::new(offset, offset + latex.len());
    let message = format!("this formula is {} bytes long, expected at most {LENGTH_LIMIT}", latex.len());
    let hint = "give names to its parts in a `math define` fence, or write sums and products with `\\sum` and `\\prod`";
    let body = Node { kind: Kind::Error, span };
    let formula = Formula { body, conditions: Vec::new(), variables: Vec::new(), span };
    (vec![formula], vec![Diagnostic::error("too-long", span, message).with_hint(hint)])
}

/// Reads one expression or statement, without conditions.
pub fn parse_expression(latex: &str, offset: usize) -> (Node, Vec<Diagnostic>) {
    let mut problems = Problems::default();
    let tokens = tidy(tokenize(latex, offset, &mut problems));
    let body = statement(trimmed(&tokens), Span::new(offset, offset + latex.len()), &mut problems, 0);
    (body, problems.sorted())
}

/// Reads the formulas that `tokens` are, which stand `depth` levels deep.
pub(super) fn formulas(tokens: Vec<Token>, problems: &mut Problems, depth: usize) -> Vec<Formula> {
    let read = |draft: Draft| {
        let body = statement(&draft.statement, draft.span, problems, depth);
        let mut formula = Formula { body, conditions: Vec::new(), variables: Vec::new(), span: draft.span };
        for segment in &draft.conditions {
            let into = match segment.kind {
                SegmentKind::Condition | SegmentKind::Universal => &mut formula.conditions,
                SegmentKind::Variables => &mut formula.variables,
            };
            into.extend(members(segment, problems, depth));
        }
        formula
    };
    drafts(tokens).into_iter().map(read).collect()
}

/// Reads all of `tokens` as one statement. `span` is where it would stand if there are none.
fn statement(tokens: &[Token], span: Span, problems: &mut Problems, depth: usize) -> Node {
    if tokens.is_empty() {
        return Node { kind: Kind::Empty, span: Span::new(span.start, span.start) };
    }
    let mut parser = Parser::new(tokens, problems, depth);
    let node = parser.inner(Inside::Formula);
    match node.kind {
        Kind::Group(inner) if matches!(inner.kind, Kind::Chain { .. } | Kind::Logic(..) | Kind::List(_)) => *inner,
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
        SegmentKind::Universal => quantified(members),
    }
}

/// Makes a `\forall` of the first member, or of all where none of them says anything yet.
fn quantified(mut members: Vec<Node>) -> Vec<Node> {
    let says = |node: &Node| matches!(node.kind, Kind::Chain { .. } | Kind::Logic(..) | Kind::Signature { .. });
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

/// Whether a product may end in an evaluation bar. Inside a big operator it may not: the bar closes the whole term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Term {
    Whole,
    BodyOfBig,
}

/// Reads a run of tokens. `at` never stands on a wide space, which means nothing by now.
pub(super) struct Parser<'t> {
    pub(super) tokens: &'t [Token],
    pub(super) at: usize,
    /// Where reading stops for now.
    pub(super) end: usize,
    pub(super) problems: &'t mut Problems,
    pub(super) brackets: Brackets,
    pub(super) bars: Bars,
    /// What is open, innermost last.
    pub(super) inside: Vec<Inside>,
    /// The token before which an operand was missing last.
    pub(super) missing_at: Option<usize>,
    depth: usize,
    /// Whether reading was given up because of the depth.
    abandoned: bool,
}

impl<'t> Parser<'t> {
    fn new(tokens: &'t [Token], problems: &'t mut Problems, depth: usize) -> Parser<'t> {
        let (brackets, bars) = (Brackets::of(tokens), Bars::of(tokens));
        let end = tokens.len();
        let mut parser = Parser {
            tokens,
            at: 0,
            end,
            problems,
            brackets,
            bars,
            inside: Vec::new(),
            missing_at: None,
            depth,
            abandoned: false,
        };
        parser.seek(0);
        parser
    }

    /// How deep what is being read now stands.
    pub(super) fn depth(&self) -> usize {
        self.depth + 1
    }

    /// Reads some of the tokens, or others, as a statement of its own.
    pub(super) fn apart(&mut self, tokens: &[Token], span: Span) -> Node {
        let depth = self.depth();
        statement(tokens, span, self.problems, depth)
    }

    pub(super) fn peek(&self) -> Option<&'t Lexeme> {
        self.tokens[..self.end].get(self.at).map(|token| &token.lexeme)
    }

    /// The token after the next one.
    pub(super) fn peek_second(&self) -> Option<&'t Lexeme> {
        self.tokens[..self.end].get(self.at + 1).map(|token| &token.lexeme)
    }

    pub(super) fn bump(&mut self) -> Span {
        let span = self.here();
        self.seek(self.at + 1);
        span
    }

    pub(super) fn seek(&mut self, at: usize) {
        self.at = at;
        while self.peek() == Some(&Lexeme::Quad) {
            self.at += 1;
        }
    }

    /// The place of the next token, or the end of the last one.
    pub(super) fn here(&self) -> Span {
        match self.tokens[..self.end].get(self.at) {
            Some(token) => token.span,
            None => self.just_before(),
        }
    }

    /// An empty span right after the token before.
    pub(super) fn just_before(&self) -> Span {
        let before = self.at.min(self.end).checked_sub(1).map_or(0, |before| self.tokens[before].span.end);
        Span::new(before, before)
    }

    /// The span from the token at `start` to the one before the next.
    pub(super) fn since(&self, start: usize) -> Span {
        let first = self.tokens.get(start).map_or(self.here(), |token| token.span);
        first.to(Span::new(first.start, self.just_before().end))
    }

    pub(super) fn report(&mut self, problem: Diagnostic) {
        if !self.abandoned {
            self.problems.push(problem);
        }
    }

    /// Reads something that stands one level deeper; gives up where that is too deep.
    pub(super) fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Node) -> Node {
        if self.depth >= DEPTH_LIMIT {
            return self.abandon();
        }
        self.depth += 1;
        let node = read(self);
        self.depth -= 1;
        node
    }

    fn abandon(&mut self) -> Node {
        let span = self.here();
        let message = format!("the formula is nested more than {DEPTH_LIMIT} levels deep");
        let hint = "give a name to a part of it";
        self.report(Diagnostic::error("too-deep", span, message).with_hint(hint));
        self.abandoned = true;
        self.at = self.end;
        Node { kind: Kind::Error, span }
    }

    /// Wraps `node` in `wrap` as often as `next` says so, and gives up where that is too often.
    pub(super) fn fold(&mut self, mut node: Node, mut next: impl FnMut(&mut Self, &mut Node) -> Option<()>) -> Node {
        for _ in 0..DEPTH_LIMIT {
            if next(self, &mut node).is_none() {
                return node;
            }
        }
        self.abandon()
    }

    /// `a | b`, and everything that binds tighter.
    pub(super) fn given(&mut self) -> Node {
        let start = self.at;
        let left = self.logic();
        self.fold(left, |parser, left| {
            if !parser.at_given() {
                return None;
            }
            parser.bump();
            let right = parser.logic();
            let condition = std::mem::replace(left, parser.empty());
            *left = Node { kind: Kind::Given(Box::new(condition), Box::new(right)), span: parser.since(start) };
            Some(())
        })
    }

    /// Statements with arrows between them. `A \implies B \implies C` says what each neighbouring pair says.
    fn logic(&mut self) -> Node {
        let start = self.at;
        let left = self.list();
        let mut last: Option<Node> = None;
        self.fold(left, |parser, left| {
            let connective = parser.connective(|found| !matches!(found, Connective::And | Connective::Or))?;
            let right = parser.list();
            let premise = last.clone();
            let before = std::mem::replace(left, parser.empty());
            let span = parser.since(start);
            let kind = match premise {
                None => Kind::Logic(connective, Box::new(before), Box::new(right.clone())),
                Some(premise) => {
                    let span = premise.span.to(right.span);
                    let kind = Kind::Logic(connective, Box::new(premise), Box::new(right.clone()));
                    Kind::Logic(Connective::And, Box::new(before), Box::new(Node { kind, span }))
                }
            };
            last = Some(right);
            *left = Node { kind, span };
            Some(())
        })
    }

    /// The connective that comes next, if it is one that `wanted` wants; it is taken.
    fn connective(&mut self, wanted: impl Fn(Connective) -> bool) -> Option<Connective> {
        let found = match self.peek()? {
            Lexeme::Connective(connective) => *connective,
            Lexeme::Word(words) | Lexeme::Text(words) => connective(words)?,
            _ => return None,
        };
        if !wanted(found) {
            return None;
        }
        self.bump();
        Some(found)
    }

    /// Parts between commas.
    fn list(&mut self) -> Node {
        let start = self.at;
        let mut members = vec![self.conjunction()];
        loop {
            let is_and = matches!(self.peek(), Some(Lexeme::Word(words) | Lexeme::Text(words)) if connective(words) == Some(Connective::And));
            if !is_and && !matches!(self.peek(), Some(Lexeme::Comma | Lexeme::Semicolon)) {
                break;
            }
            self.bump();
            while self.connective(|found| found == Connective::And).is_some() {}
            if self.at_list_end() {
                break;
            }
            let member = self.conjunction();
            add_member(&mut members, member);
        }
        if members.len() == 1 {
            return members.remove(0);
        }
        let members = if self.gathers() { gather(members) } else { members };
        if members.len() == 1 {
            return members.into_iter().next().unwrap_or(self.empty());
        }
        Node { kind: Kind::List(members), span: self.since(start) }
    }

    /// Whether nothing can follow a comma here: the comma was only punctuation.
    fn at_list_end(&self) -> bool {
        let is_arrow = matches!(self.peek(), Some(Lexeme::Connective(_)));
        self.at_end_of_inside() || is_arrow
    }

    /// Chains with `\land` and `\lor` between them, and `and` in words after a whole statement.
    fn conjunction(&mut self) -> Node {
        let start = self.at;
        let left = self.negation();
        self.fold(left, |parser, left| {
            let is_bare = !matches!(left.kind, Kind::Chain { .. } | Kind::Logic(..) | Kind::Not(_));
            let is_word = !matches!(parser.peek(), Some(Lexeme::Connective(_)));
            if is_bare && is_word && !matches!(parser.peek(), Some(Lexeme::Word(word)) if word == "or") {
                return None;
            }
            let found = parser.connective(|found| matches!(found, Connective::And | Connective::Or))?;
            let right = parser.negation();
            let before = std::mem::replace(left, parser.empty());
            let kind = Kind::Logic(found, Box::new(before), Box::new(right));
            *left = Node { kind, span: parser.since(start) };
            Some(())
        })
    }

    fn negation(&mut self) -> Node {
        let start = self.at;
        if self.peek() != Some(&Lexeme::Negation) {
            return self.chain();
        }
        self.bump();
        let inner = self.deeper(Self::negation);
        Node { kind: Kind::Not(Box::new(inner)), span: self.since(start) }
    }

    /// Sides with relations between them.
    pub(super) fn chain(&mut self) -> Node {
        let start = self.at;
        let first = if self.relation().is_some() { self.empty() } else { self.side() };
        let mut rest = Vec::new();
        while let Some(relation) = self.relation() {
            self.bump();
            rest.push((relation, self.side()));
        }
        if rest.is_empty() {
            return first;
        }
        let span = self.since(start);
        let is_signature = matches!(rest.as_slice(), [(Relation::Colon, _), (Relation::To, _)]);
        if is_signature && let (Some((_, codomain)), Some((_, domain))) = (rest.pop(), rest.pop()) {
            let kind =
                Kind::Signature { names: Box::new(first), domain: Box::new(domain), codomain: Box::new(codomain) };
            return Node { kind, span };
        }
        Node { kind: Kind::Chain { first: Box::new(first), rest }, span }
    }

    /// The relation that comes next; `:` inside braces is "such that" and no relation.
    fn relation(&self) -> Option<Relation> {
        match self.peek()? {
            Lexeme::Relation(Relation::Colon) if self.inside.last().is_some_and(|inside| inside.is_set()) => None,
            Lexeme::Relation(relation) => Some(*relation),
            _ => None,
        }
    }

    /// A side of a relation. Outside of all brackets `|` binds tighter than a relation: `x \mid y \sim p`.
    fn side(&mut self) -> Node {
        let start = self.at;
        let left = self.sum();
        if self.inside.last() != Some(&Inside::Formula) || !self.at_given() {
            return left;
        }
        self.bump();
        let right = self.sum();
        Node { kind: Kind::Given(Box::new(left), Box::new(right)), span: self.since(start) }
    }

    /// Terms with signs between them.
    pub(super) fn sum(&mut self) -> Node {
        let start = self.at;
        let mut terms = Vec::new();
        let first_sign = self.sign();
        terms.push(match first_sign {
            Some(sign) => (sign, self.signed_term()),
            None => (Sign::None, self.product(Term::Whole)),
        });
        while let Some(sign) = self.sign() {
            terms.push((sign, self.signed_term()));
        }
        if terms.len() == 1 && first_sign.is_none() {
            return terms.remove(0).1;
        }
        Node { kind: Kind::Sum(terms), span: self.since(start) }
    }

    /// The sign that comes next; it is taken.
    fn sign(&mut self) -> Option<Sign> {
        let Some(Lexeme::Sign(sign, _)) = self.peek() else { return None };
        if self.at_placeholder() {
            return None;
        }
        self.bump();
        Some(*sign)
    }

    /// A term after a sign, perhaps with more signs of its own: `a - -b`.
    fn signed_term(&mut self) -> Node {
        let start = self.at;
        match self.sign() {
            None => self.product(Term::Whole),
            Some(sign) => {
                let term = self.deeper(Self::signed_term);
                Node { kind: Kind::Sum(vec![(sign, term)]), span: self.since(start) }
            }
        }
    }

    /// Factors, with or without signs between them.
    fn product(&mut self, term: Term) -> Node {
        let start = self.at;
        let mut factors = vec![(Times::Juxtaposed, self.factor())];
        let mut n_evaluations = 0;
        loop {
            if let Some(Lexeme::Times(times, _)) = self.peek() {
                self.bump();
                factors.push((*times, self.signed_factor()));
            } else if self.at_evaluation() {
                if term == Term::BodyOfBig {
                    break;
                }
                n_evaluations += 1;
                if n_evaluations > DEPTH_LIMIT {
                    return self.abandon();
                }
                let body = product_of(factors, self.since(start));
                factors = vec![(Times::Juxtaposed, self.evaluation(body, start))];
            } else if self.starts_operand() {
                factors.push((Times::Juxtaposed, self.factor()));
            } else {
                break;
            }
        }
        product_of(factors, self.since(start))
    }

    /// A factor after a sign of multiplication, perhaps with a sign of its own: `a \cdot -1`.
    fn signed_factor(&mut self) -> Node {
        let start = self.at;
        match self.sign() {
            None => self.factor(),
            Some(sign) => {
                let factor = self.deeper(Self::signed_factor);
                Node { kind: Kind::Sum(vec![(sign, factor)]), span: self.since(start) }
            }
        }
    }

    /// An operand; a big operator with everything up to its reach.
    fn factor(&mut self) -> Node {
        let start = self.at;
        let mut node = self.scripted();
        if let Kind::Big { body, .. } = &mut node.kind
            && body.kind == Kind::Empty
        {
            **body = self.deeper(Self::body_of_big);
            node.span = self.since(start);
        }
        node
    }

    fn body_of_big(&mut self) -> Node {
        let start = self.at;
        if let Some(sign) = self.sign() {
            let term = self.product(Term::BodyOfBig);
            return Node { kind: Kind::Sum(vec![(sign, term)]), span: self.since(start) };
        }
        if self.starts_operand() { self.product(Term::BodyOfBig) } else { self.empty() }
    }

    /// Nothing, at the place before the next token.
    pub(super) fn empty(&self) -> Node {
        Node { kind: Kind::Empty, span: self.just_before() }
    }
}

/// Adds a member to a list; one that begins with a relation goes on with the chain before the comma.
fn add_member(members: &mut Vec<Node>, member: Node) {
    match (member.kind, members.last_mut()) {
        (Kind::Chain { first, rest: more }, Some(last)) if first.kind == Kind::Empty => {
            last.span = last.span.to(member.span);
            if let Kind::Chain { rest, .. } = &mut last.kind {
                rest.extend(more);
                return;
            }
            let first = std::mem::replace(last, Node { kind: Kind::Empty, span: member.span });
            *last = Node { span: first.span, kind: Kind::Chain { first: Box::new(first), rest: more } };
        }
        (kind, _) => members.push(Node { kind, span: member.span }),
    }
}

fn product_of(mut factors: Vec<(Times, Node)>, span: Span) -> Node {
    if factors.len() == 1 { factors.remove(0).1 } else { Node { kind: Kind::Product(factors), span } }
}

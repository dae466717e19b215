//! The levels of binding, from loose to tight: given (`|`), logic, list, and, chain, sum, product.
//!
//! Each level has its function, which calls the next tighter one; operands are in `operand`.

use crate::source::Span;

use super::ast::Connective;
use super::ast::Kind;
use super::ast::Node;
use super::ast::Relation;
use super::ast::Sign;
use super::ast::Times;
use super::cursor::Parser;
use super::enclosed::Inside;
use super::lexeme::Lexeme;
use super::lists::gather;
use super::shape::Shape;
use super::shape::shape;
use super::words::connective;
/// Whether a product may end in an evaluation bar. Inside a big operator it may not: the bar closes the whole term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Term {
    Whole,
    BodyOfBig,
}

impl Parser<'_> {
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
            if !is_and && !self.at_quantifier() && !matches!(self.peek(), Some(Lexeme::Comma | Lexeme::Semicolon)) {
                break;
            }
            if !self.at_quantifier() {
                self.bump();
            }
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

    /// Whether a quantifier comes next: it begins a statement of its own.
    fn at_quantifier(&self) -> bool {
        matches!(self.peek(), Some(Lexeme::Forall | Lexeme::Exists))
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
            let is_bare = !matches!(shape(&left.kind), Shape::Relation | Shape::Statement);
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
        if self.n_notes > 0 && self.at_end_of_inside() {
            return self.empty();
        }
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
        loop {
            if let Some(Lexeme::Times(times, _)) = self.peek() {
                self.bump();
                factors.push((*times, self.signed_factor()));
            } else if self.at_evaluation() {
                if term == Term::BodyOfBig {
                    break;
                }
                if !self.may_wrap() {
                    return self.abandon();
                }
                let body = product_of(factors, self.since(start));
                factors = vec![(Times::Juxtaposed, self.evaluation(body, start))];
            } else if self.starts_operand() && !self.at_quantifier() {
                let follows_divisor = self.follows_divisor(&factors);
                factors.push((Times::Juxtaposed, self.factor()));
                if follows_divisor {
                    self.check_divisor(&factors, start);
                }
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
        let opens_bar = matches!(self.peek(), Some(Lexeme::Bar(_) | Lexeme::Mid)) && !self.at_closing_bar();
        if opens_bar || self.starts_operand() { self.product(Term::BodyOfBig) } else { self.empty() }
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

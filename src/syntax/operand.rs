//! Operands: numbers, names, what commands make of their arguments, and the scripts on all of these.

use crate::source::Diagnostic;
use crate::source::Span;

use super::ast::Kind;
use super::ast::Node;
use super::commands::BIG_NAMES;
use super::commands::Stack;
use super::cursor::Parser;
use super::enclosed::Inside;
use super::lexeme::Gap;
use super::lexeme::Lexeme;
use super::lexeme::Token;

impl Parser<'_> {
    /// Whether an operand begins with the next token.
    pub(super) fn starts_operand(&self) -> bool {
        match self.peek() {
            Some(
                Lexeme::Letter(_)
                | Lexeme::Digit(_)
                | Lexeme::Name(_)
                | Lexeme::Big(_)
                | Lexeme::Dots(_)
                | Lexeme::Open(_)
                | Lexeme::Left(_)
                | Lexeme::GroupOpen
                | Lexeme::Begin(_)
                | Lexeme::Font(_)
                | Lexeme::Accent(_)
                | Lexeme::Decoration(_)
                | Lexeme::CancelTo
                | Lexeme::Wrapper
                | Lexeme::Frac
                | Lexeme::Sqrt
                | Lexeme::Binom
                | Lexeme::Stack(_)
                | Lexeme::Unknown(_)
                | Lexeme::Exists
                | Lexeme::Forall,
            ) => true,
            Some(Lexeme::Word(words) | Lexeme::Text(words)) => super::words::connective(words).is_none(),
            Some(Lexeme::Point) => matches!(self.peek_second(), Some(Lexeme::Digit(_))),
            Some(Lexeme::Bar(_)) => self.at_opening_bar(),
            _ => false,
        }
    }

    /// Whether the next token is a sign that stands for itself: `(\cdot)`, `^{+}`.
    pub(super) fn at_placeholder(&self) -> bool {
        let after = self.peek_second();
        let ends = after.is_none()
            || matches!(
                after,
                Some(Lexeme::Close(_) | Lexeme::Right(_) | Lexeme::GroupClose | Lexeme::Comma | Lexeme::Semicolon)
                    | Some(Lexeme::Cell | Lexeme::Row | Lexeme::End(_) | Lexeme::Mid)
            );
        let follows_opening = self.at.checked_sub(1).is_none_or(|before| {
            matches!(
                self.tokens[before].lexeme,
                Lexeme::Open(_)
                    | Lexeme::Left(_)
                    | Lexeme::GroupOpen
                    | Lexeme::Comma
                    | Lexeme::Semicolon
                    | Lexeme::Cell
                    | Lexeme::Row
                    | Lexeme::Begin(_)
            )
        });
        ends && follows_opening && self.inside.last() != Some(&Inside::Formula)
    }

    /// The argument of `name`, which stands at `owner`: a group without its braces, or a single thing.
    pub(super) fn argument(&mut self, name: &str, owner: Span) -> Node {
        match self.peek() {
            Some(Lexeme::GroupOpen) => self.deeper(Self::braced),
            Some(Lexeme::Digit(digit)) => self.single_digit(*digit, name),
            Some(Lexeme::Sign(_, sign) | Lexeme::Times(_, sign)) => self.sign_symbol(sign),
            Some(Lexeme::Prime) => self.sign_symbol(r"\prime"),
            Some(
                Lexeme::Close(_)
                | Lexeme::Right(_)
                | Lexeme::GroupClose
                | Lexeme::End(_)
                | Lexeme::Row
                | Lexeme::Cell
                | Lexeme::Relation(_)
                | Lexeme::Comma
                | Lexeme::Sub
                | Lexeme::Sup,
            )
            | None => {
                let n_arguments = n_arguments(name);
                let message = match n_arguments {
                    1 => format!("`{name}` has no argument"),
                    n => format!("`{name}` takes {n} arguments, and one is missing"),
                };
                let problem = Diagnostic::error("missing-argument", owner, message);
                self.report(problem.with_hint(format!("write `{name}{}`", "{…}".repeat(n_arguments))));
                Node { kind: Kind::Error, span: owner }
            }
            Some(_) => self.deeper(Self::atom),
        }
    }

    /// Without braces an argument is one digit, whatever follows it.
    fn single_digit(&mut self, digit: char, name: &str) -> Node {
        let span = self.bump();
        let rest: String = self.tokens[self.at..self.end]
            .iter()
            .map_while(|token| match token {
                Token { lexeme: Lexeme::Digit(next), gap: Gap::None, .. } => Some(*next),
                _ => None,
            })
            .collect();
        if !rest.is_empty() && matches!(name, "_" | "^") {
            let message =
                format!("only the `{digit}` of `{digit}{rest}` belongs to `{name}`, and the rest is a factor");
            let hint = format!("write `{name}{{{digit}{rest}}}`, or a space after the `{digit}`");
            self.report(Diagnostic::error("split-number", span, message).with_hint(hint));
        }
        Node { kind: Kind::Number(digit.to_string()), span }
    }

    fn sign_symbol(&mut self, sign: &str) -> Node {
        let name = if sign == r"\ast" { "*" } else { sign };
        Node { kind: Kind::Symbol(name.to_string()), span: self.bump() }
    }

    /// An operand without scripts.
    pub(super) fn atom(&mut self) -> Node {
        let start = self.at;
        if let Some(name) = self.bare_function() {
            return self.spelled_function(name);
        }
        let Some(lexeme) = self.peek() else { return self.missing_operand() };
        let kind = match lexeme {
            Lexeme::Letter(_) if self.bare_command().or(self.bare_sign()).is_some() => return self.without_backslash(),
            Lexeme::Letter(name) => Kind::Symbol(name.clone()),
            Lexeme::Name(name) | Lexeme::Word(name) => Kind::Operator(name.clone()),
            Lexeme::Text(words) => Kind::Text(words.split_whitespace().collect::<Vec<_>>().join(" ")),
            Lexeme::Dots(dots) => Kind::Dots(dots.to_string()),
            Lexeme::Big(op) => Kind::Big {
                op: op.to_string(),
                sub: None,
                sup: None,
                body: Box::new(Node { kind: Kind::Empty, span: self.here() }),
            },
            Lexeme::Digit(_) | Lexeme::Point => return self.number(),
            Lexeme::Open(bar @ ("|" | r"\|")) => return self.barred(bar, Inside::Bar(bar)),
            Lexeme::Open(open) => return self.fenced(open),
            Lexeme::Bar(bar) => return self.barred(bar, Inside::Bar(bar)),
            Lexeme::Mid => return self.barred("|", Inside::Mid),
            Lexeme::Left(open) => return self.sized(open),
            Lexeme::GroupOpen => return self.group(),
            Lexeme::Begin(name) => return self.environment(name),
            Lexeme::Font(font) => return self.in_font(*font),
            Lexeme::Accent(accent) => return self.accented(accent),
            Lexeme::Sub | Lexeme::Sup | Lexeme::Prime if self.is_leading_script() => return self.empty(),
            Lexeme::Sign(_, sign) | Lexeme::Times(_, sign) if self.at_placeholder() || self.is_script_sign() => {
                return self.sign_symbol(sign);
            }
            Lexeme::Forall | Lexeme::Exists => {
                let universal = *lexeme == Lexeme::Forall;
                self.bump();
                let bound = Box::new(self.chain());
                return Node { kind: Kind::Quantified { universal, bound }, span: self.since(start) };
            }
            Lexeme::Frac
            | Lexeme::Sqrt
            | Lexeme::Binom
            | Lexeme::Stack(_)
            | Lexeme::Decoration(_)
            | Lexeme::CancelTo
            | Lexeme::Wrapper
            | Lexeme::Substack => return self.command(lexeme),
            Lexeme::Unknown(_) => Kind::Error,
            Lexeme::Stray(c) => {
                let problem = Diagnostic::error("unexpected-token", self.here(), format!("found `{c}` in a formula"));
                self.report(problem.with_hint(r"leave it out, or write it inside `\text{…}`"));
                Kind::Error
            }
            _ => return self.missing_operand(),
        };
        self.bump();
        Node { kind, span: self.since(start) }
    }

    /// `_`, `^` or `'` where an operand is expected: scripts before what they belong to, as in `{}^{T} x`.
    fn is_leading_script(&self) -> bool {
        self.peek() != Some(&Lexeme::Prime)
    }

    /// A sign at the beginning of a script with more after it: `x^{\odot 2}`.
    fn is_script_sign(&self) -> bool {
        let is = |back: usize, lexemes: &[Lexeme]| {
            self.at.checked_sub(back).is_some_and(|before| lexemes.contains(&self.tokens[before].lexeme))
        };
        let is_times = matches!(self.peek(), Some(Lexeme::Times(..)));
        is_times && is(1, &[Lexeme::GroupOpen]) && is(2, &[Lexeme::Sup, Lexeme::Sub])
    }

    /// Commands that take arguments.
    fn command(&mut self, lexeme: &Lexeme) -> Node {
        let start = self.at;
        let name = lexeme.shown();
        let span = self.bump();
        let kind = match lexeme {
            Lexeme::Frac => {
                let num = Box::new(self.argument(&name, span));
                Kind::Frac { num, den: Box::new(self.argument(&name, span)) }
            }
            Lexeme::Binom => {
                let above = Box::new(self.argument(&name, span));
                Kind::Binom(above, Box::new(self.argument(&name, span)))
            }
            Lexeme::Sqrt => {
                let index = self.root_index();
                Kind::Sqrt { index, body: Box::new(self.argument(&name, span)) }
            }
            Lexeme::Stack(stack) => {
                let small = self.argument(&name, span);
                let large = self.argument(&name, span);
                return stacked(*stack, small, large, self.since(start));
            }
            Lexeme::Decoration(accent) => {
                let body = Box::new(self.argument(&name, span));
                Kind::Decorated { accent: accent.to_string(), body, note: None }
            }
            Lexeme::CancelTo => {
                let note = Some(Box::new(self.argument(&name, span)));
                let body = Box::new(self.argument(&name, span));
                Kind::Decorated { accent: "cancelto".to_string(), body, note }
            }
            Lexeme::Substack => return self.substack(start),
            _ => {
                let node = self.argument(&name, span);
                return super::enclosed::grouped(node, self.since(start));
            }
        };
        Node { kind, span: self.since(start) }
    }

    fn root_index(&mut self) -> Option<Box<Node>> {
        if self.peek() != Some(&Lexeme::Open("[")) {
            return None;
        }
        match self.fenced("[").kind {
            Kind::Fenced { body, .. } => Some(body),
            _ => None,
        }
    }

    /// Something to operate with is missing before the next token.
    fn missing_operand(&mut self) -> Node {
        let here = self.here();
        let message = match self.peek() {
            Some(lexeme) => format!("expected an operand, found `{}`", lexeme.shown()),
            None => "expected an operand, found the end of the formula".to_string(),
        };
        let before = self.at.min(self.end).checked_sub(1).map(|before| &self.tokens[before].lexeme);
        let hint = match before {
            Some(lexeme) => format!("write something after `{}`", lexeme.shown()),
            None => "write something before it".to_string(),
        };
        self.missing_at = Some(self.at);
        self.report(Diagnostic::error("missing-operand", here, message).with_hint(hint));
        Node { kind: Kind::Error, span: Span::new(here.start, here.start) }
    }
}

/// How many arguments a command takes.
fn n_arguments(name: &str) -> usize {
    match name {
        r"\frac" | r"\dfrac" | r"\tfrac" | r"\cfrac" | r"\binom" | r"\underset" | r"\overset" | r"\stackrel" => 2,
        _ => 1,
    }
}

/// `small` above or below `large`: the limit of a big operator, or a note.
fn stacked(stack: Stack, small: Node, large: Node, span: Span) -> Node {
    let empty = Node { kind: Kind::Empty, span: Span::new(span.end, span.end) };
    let small = Some(Box::new(small));
    let op = match large.kind {
        Kind::Big { ref op, sub: None, sup: None, .. } => Some(op.clone()),
        Kind::Operator(ref op) if BIG_NAMES.contains(&op.as_str()) => Some(op.clone()),
        _ => None,
    };
    let kind = match (op, stack) {
        (Some(op), Stack::Below) => Kind::Big { op, sub: small, sup: None, body: Box::new(empty) },
        (Some(op), Stack::Above) => Kind::Big { op, sub: None, sup: small, body: Box::new(empty) },
        (None, Stack::Below) => Kind::Decorated { accent: "underset".to_string(), body: Box::new(large), note: small },
        (None, Stack::Above) => Kind::Decorated { accent: "overset".to_string(), body: Box::new(large), note: small },
    };
    Node { kind, span }
}

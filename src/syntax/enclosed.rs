//! What stands inside brackets, and what is wrong with brackets.

use crate::source::Diagnostic;
use crate::source::Span;

use super::arguments::unclosed_brace;
use super::ast::Kind;
use super::ast::Node;
use super::ast::Times;
use super::cursor::Parser;
use super::lexeme::Lexeme;
use super::shape::Shape;
use super::shape::shape;

/// What is being read, and so what ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside {
    /// A whole formula, up to its end.
    Formula,
    /// `{…}`
    Group,
    /// Parentheses, brackets and the like.
    Fence,
    /// `\{…\}`
    Set,
    /// Bars that look alike on both sides.
    Bar(&'static str),
    /// Bars written `\mid`.
    Mid,
    /// `\left…\right`
    Sized,
    /// `\left\{…\right`
    SizedSet,
    /// A cell of a matrix.
    Cell,
}

impl Inside {
    /// Whether it is a set, in which `:` means "such that".
    pub(super) fn is_set(self) -> bool {
        matches!(self, Inside::Set | Inside::SizedSet)
    }
}

impl Parser<'_> {
    /// Whether a relation in a list also speaks of the bare members before it. Not so among arguments.
    pub(super) fn gathers(&self) -> bool {
        match self.inside.last() {
            Some(Inside::Formula | Inside::Group | Inside::Set | Inside::SizedSet) | None => true,
            Some(Inside::Fence | Inside::Bar(_) | Inside::Mid | Inside::Sized | Inside::Cell) => false,
        }
    }

    /// Whether the next token ends something, or nothing follows.
    pub(super) fn at_end_of_inside(&self) -> bool {
        let ends = |lexeme: &Lexeme| {
            matches!(
                lexeme,
                Lexeme::Close(_) | Lexeme::Right(_) | Lexeme::GroupClose | Lexeme::End(_) | Lexeme::Row | Lexeme::Cell
            )
        };
        self.peek().is_none_or(ends) || self.at_closing_bar()
    }

    /// Whether the next token is the one that ends `inside`.
    fn at_terminator(&self, inside: Inside) -> bool {
        match (inside, self.peek()) {
            (_, None) => true,
            (Inside::Formula, _) => false,
            (Inside::Group, Some(next)) => *next == Lexeme::GroupClose,
            (Inside::Fence | Inside::Set, Some(next)) => matches!(next, Lexeme::Close(_)),
            (Inside::Sized | Inside::SizedSet, Some(next)) => matches!(next, Lexeme::Right(_)),
            (Inside::Bar(_) | Inside::Mid, _) => self.at_closing_bar(),
            (Inside::Cell, Some(next)) => matches!(next, Lexeme::Cell | Lexeme::Row | Lexeme::End(_)),
        }
    }

    /// Whether the next token belongs to something around `inside`, which then lacks its end.
    fn at_foreign_end(&self, inside: Inside) -> bool {
        match self.peek() {
            Some(Lexeme::GroupClose | Lexeme::Right(_) | Lexeme::End(_)) => inside != Inside::Formula,
            Some(Lexeme::Row | Lexeme::Cell) => !matches!(inside, Inside::Formula | Inside::Group),
            Some(Lexeme::Close(_)) => matches!(inside, Inside::Bar(_) | Inside::Mid),
            _ => false,
        }
    }

    /// Whether a bar follows directly on the bar that opened `inside`: it opens another pair, for bars around nothing
    /// mean nothing.
    fn opens_again(&self, inside: Inside) -> bool {
        match inside {
            Inside::Bar(_) | Inside::Mid => matches!(self.peek(), Some(Lexeme::Bar(_) | Lexeme::Mid)),
            Inside::Formula
            | Inside::Group
            | Inside::Fence
            | Inside::Set
            | Inside::Sized
            | Inside::SizedSet
            | Inside::Cell => false,
        }
    }

    /// Reads everything up to what ends `inside`, which is not taken. What cannot be read becomes `Kind::Error`.
    pub(super) fn inner(&mut self, inside: Inside) -> Node {
        self.inside.push(inside);
        let start = self.at;
        let mut parts = Vec::new();
        if self.opens_again(inside) || !self.at_terminator(inside) {
            parts.push(self.fraction_of_rest());
        }
        while !self.at_terminator(inside) && !self.at_foreign_end(inside) {
            parts.push(self.unexpected());
            if !self.at_terminator(inside) && !self.at_foreign_end(inside) {
                parts.push(self.given());
            }
        }
        self.inside.pop();
        match parts.len() {
            0 => self.empty(),
            1 => parts.remove(0),
            _ => Node { kind: Kind::List(parts), span: self.since(start) },
        }
    }

    /// `a \over b` and `a \choose b`, or what stands there without them.
    fn fraction_of_rest(&mut self) -> Node {
        let start = self.at;
        let above = self.given();
        let is_choose = match self.peek() {
            Some(Lexeme::Over) => false,
            Some(Lexeme::Choose) => true,
            _ => return above,
        };
        self.bump();
        let (num, den) = (Box::new(above), Box::new(self.given()));
        let kind = if is_choose { Kind::Binom(num, den) } else { Kind::Frac { num, den } };
        Node { kind, span: self.since(start) }
    }

    /// Reports the next token, which cannot stand where it does, and skips it.
    fn unexpected(&mut self) -> Node {
        let span = self.here();
        if let Some(lexeme) = self.peek()
            && self.missing_at != Some(self.at)
        {
            let shown = lexeme.shown();
            self.report(match lexeme {
                Lexeme::Close(_) | Lexeme::Right(_) => {
                    Diagnostic::error("unbalanced-delimiter", span, format!("`{shown}` closes nothing"))
                        .with_hint("leave it out, or open it before")
                }
                Lexeme::GroupClose => Diagnostic::error("unbalanced-brace", span, "this `}` closes nothing")
                    .with_hint("leave it out, or write `{` before"),
                Lexeme::End(name) => Diagnostic::error("unclosed-environment", span, format!("`{shown}` ends nothing"))
                    .with_hint(format!(r"write `\begin{{{name}}}` before")),
                other => {
                    let message = format!("found `{shown}` where the formula could end");
                    Diagnostic::error("unexpected-token", span, message).with_hint(unexpected_hint(other))
                }
            });
        }
        self.bump();
        Node { kind: Kind::Error, span }
    }

    /// `{…}`: what stands in it.
    pub(super) fn braced(&mut self) -> Node {
        let open = self.bump();
        let node = self.inner(Inside::Group);
        if self.peek() == Some(&Lexeme::GroupClose) {
            self.bump();
        } else {
            self.report(unclosed_brace(open));
        }
        node
    }

    /// `{…}` as an operand.
    pub(super) fn group(&mut self) -> Node {
        let start = self.at;
        let node = self.braced();
        grouped(node, self.since(start))
    }

    /// `(…)`, `[…)`, `\{…\}`, `\langle…\rangle`.
    pub(super) fn fenced(&mut self, open: &'static str) -> Node {
        let start = self.at;
        let opener = self.bump();
        let body = self.inner(if open == r"\{" { Inside::Set } else { Inside::Fence });
        let Some(Lexeme::Close(close)) = self.peek() else { return self.unclosed(opener, open, body, start) };
        let closer = self.bump();
        let is_interval = matches!((open, *close), ("(", "]") | ("[", ")"))
            && matches!(&body.kind, Kind::List(ends) if ends.len() == 2);
        if *close != partner(open) && !is_interval {
            let message = format!("`{open}` is closed by `{close}`");
            let hint = format!("write `{}`", partner(open));
            self.report(Diagnostic::error("unbalanced-delimiter", closer, message).with_hint(hint));
        }
        self.fence_node(open, close, body, start)
    }

    /// `|…|`, `\|…\|`.
    pub(super) fn barred(&mut self, bar: &'static str, inside: Inside) -> Node {
        let start = self.at;
        let opener = self.bump();
        let body = self.inner(inside);
        self.inside.push(inside);
        let is_closed = self.at_closing_bar();
        self.inside.pop();
        if !is_closed {
            return self.unclosed(opener, bar, body, start);
        }
        let closer = self.bump();
        if body.kind == Kind::Empty {
            let message = format!("nothing stands between `{bar}` and `{bar}`");
            let problem = Diagnostic::error("missing-operand", opener.to(closer), message);
            self.report(problem.with_hint("write something between the bars"));
        }
        self.fence_node(bar, bar, body, start)
    }

    /// `\left…\right`.
    pub(super) fn sized(&mut self, open: &'static str) -> Node {
        let start = self.at;
        let opener = self.bump();
        let body = self.inner(if open == r"\{" { Inside::SizedSet } else { Inside::Sized });
        let Some(Lexeme::Right(close)) = self.peek() else { return self.unclosed(opener, open, body, start) };
        self.bump();
        match (open, *close, &body.kind) {
            (r"\{", ".", Kind::Cases(_)) => body,
            (".", "|", _) if matches!(self.peek(), Some(Lexeme::Sub | Lexeme::Sup)) => self.evaluated(body, start),
            _ => self.fence_node(open, close, body, start),
        }
    }

    fn fence_node(&self, open: &str, close: &str, body: Node, start: usize) -> Node {
        let kind = Kind::Fenced { open: open.to_string(), close: close.to_string(), body: Box::new(body) };
        Node { kind, span: self.since(start) }
    }

    fn unclosed(&mut self, opener: Span, open: &str, body: Node, start: usize) -> Node {
        let problem = Diagnostic::error("unbalanced-delimiter", opener, format!("this `{open}` is not closed"));
        self.report(problem.with_hint(format!("write `{}` where it ends", partner(open))));
        let error = Node { kind: Kind::Error, span: opener };
        let factors = vec![(Times::Juxtaposed, error), (Times::Juxtaposed, body)];
        Node { kind: Kind::Product(factors), span: self.since(start) }
    }
}

/// Keeps the braces around what has more than one part.
pub(super) fn grouped(node: Node, span: Span) -> Node {
    match shape(&node.kind) {
        Shape::Operand | Shape::Remark => node,
        Shape::Compound | Shape::Relation | Shape::Statement => Node { kind: Kind::Group(Box::new(node)), span },
    }
}

fn unexpected_hint(lexeme: &Lexeme) -> &'static str {
    match lexeme {
        Lexeme::Stray(_) => r"leave it out, or write it inside `\text{…}`",
        Lexeme::Point | Lexeme::Row | Lexeme::Cell => r"write each formula in a row of its own, with `\\` between them",
        Lexeme::Over | Lexeme::Choose => "put braces around the inner one",
        _ => "write an operator, a relation or a comma before it",
    }
}

/// The fence that closes `open`.
fn partner(open: &str) -> &str {
    match open {
        "(" => ")",
        "[" => "]",
        r"\{" => r"\}",
        r"\langle" => r"\rangle",
        r"\lfloor" => r"\rfloor",
        r"\lceil" => r"\rceil",
        same => same,
    }
}

//! Where reading stands in the tokens of a formula, and how deep.
//!
//! Only brackets, arguments and big operators lead from a tight level of binding back to a looser one. They are
//! counted, and so is what wraps a thing again and again, so that no input can exhaust the stack.

use crate::source::Diagnostic;
use crate::source::Span;

use super::ast::Kind;
use super::ast::Node;
use super::bars::Bars;
use super::brackets::Brackets;
use super::enclosed::Inside;
use super::lexeme::Lexeme;
use super::lexeme::Token;
use super::problems::Problems;

/// How deep brackets, arguments and big operators may stand in each other.
const DEPTH_LIMIT: usize = 128;

/// How many levels an environment counts whose contents are read as formulas of their own.
const ENVIRONMENT_DEPTH: usize = 16;

/// How often in one formula something may be wrapped once more by what follows it: `n!!`, `a | b | c`.
const WRAP_LIMIT: usize = 500;

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
    /// In how many notes under braces reading is; a relation at the end of one is no mistake.
    pub(super) n_notes: usize,
    /// The token before which an operand was missing last.
    pub(super) missing_at: Option<usize>,
    depth: usize,
    n_wraps: usize,
    /// Whether reading was given up because of the depth.
    abandoned: bool,
}

impl<'t> Parser<'t> {
    pub(super) fn new(tokens: &'t [Token], problems: &'t mut Problems, depth: usize) -> Parser<'t> {
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
            n_notes: 0,
            missing_at: None,
            depth,
            n_wraps: 0,
            abandoned: false,
        };
        parser.seek(0);
        parser
    }

    /// How deep the contents of an environment stand that begins here.
    pub(super) fn depth(&self) -> usize {
        self.depth + ENVIRONMENT_DEPTH
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
        let before = match self.at.min(self.end).checked_sub(1) {
            Some(before) => self.tokens[before].span.end,
            None => self.here().start,
        };
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

    pub(super) fn abandon(&mut self) -> Node {
        let span = self.here();
        let message = format!("the formula is nested more than {DEPTH_LIMIT} levels deep");
        let hint = "give a name to a part of it";
        self.report(Diagnostic::error("too-deep", span, message).with_hint(hint));
        self.abandoned = true;
        self.at = self.end;
        Node { kind: Kind::Error, span }
    }

    /// Counts one more wrapping around a thing, and says whether it is still allowed.
    pub(super) fn may_wrap(&mut self) -> bool {
        self.n_wraps += 1;
        self.n_wraps <= WRAP_LIMIT
    }

    /// Lets `next` wrap `node` as often as it does; gives up where that is too often.
    pub(super) fn fold(&mut self, mut node: Node, mut next: impl FnMut(&mut Self, &mut Node) -> Option<()>) -> Node {
        let mut n_before = 0;
        while next(self, &mut node).is_some() {
            if n_before > 0 && !self.may_wrap() {
                return self.abandon();
            }
            n_before += 1;
        }
        node
    }
}

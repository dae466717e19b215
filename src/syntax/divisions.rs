//! Quotients in a line of which it is not plain where the divisor ends: `x / 2 s^2`.

use crate::source::Diagnostic;

use super::ast::Kind;
use super::ast::Node;
use super::ast::Times;
use super::cursor::Parser;
use super::lexeme::Gap;
use super::lexeme::Lexeme;
use super::lexeme::Token;

/// Signs that are letters to the reader and no factors.
const NO_FACTORS: [&str; 4] = [r"\partial", r"\nabla", r"\top", r"\infty"];

impl Parser<'_> {
    /// Whether a letter comes next, without a space, right behind a number that divides.
    pub(super) fn follows_divisor(&self, factors: &[(Times, Node)]) -> bool {
        let Some(Token { lexeme, gap, .. }) = self.tokens[..self.end].get(self.at) else { return false };
        let is_letter = match lexeme {
            Lexeme::Letter(name) => !NO_FACTORS.contains(&name.as_str()),
            Lexeme::Font(_) | Lexeme::Accent(_) => true,
            _ => false,
        };
        let divides = matches!(factors, [.., _, (Times::Slash, Node { kind: Kind::Number(_), .. })]);
        is_letter && *gap != Gap::Thin && divides
    }

    /// Says how `1/2 x` is read, and refuses `x/2s`, which texts write for both x/(2s) and (x/2)s. The quotient begins at
    /// the token `start`, and the last of the factors is the letter behind the number.
    pub(super) fn check_divisor(&mut self, factors: &[(Times, Node)], start: usize) {
        let [above @ .., (_, below), (_, letter)] = factors else { return };
        let (Kind::Number(number), Some(span)) = (&below.kind, above.first().map(|(_, first)| first.span)) else {
            return;
        };
        let written = |from, to| self.written_between(from, to);
        let numerator = written(self.tokens[start].span.start, below.span.start);
        let numerator = numerator.trim_end_matches('/').trim_end();
        let factor = written(letter.span.start, self.just_before().end);
        let (quotient, product) = (
            format!(r"\frac{{{numerator}}}{{{number} {factor}}}"),
            format!(r"\frac{{{numerator}}}{{{number}}} {factor}"),
        );
        let span = span.to(letter.span);
        if let [(_, Node { kind: Kind::Number(_), .. })] = above {
            let message = format!("`{numerator}/{number} {factor}` is read as `{product}`");
            let hint = format!("write `{quotient}` where `{factor}` divides");
            self.report(Diagnostic::note("ambiguous-division", span, message).with_hint(hint));
            return;
        }
        let message = format!("nothing says whether `{factor}` divides `{numerator}` here or multiplies it");
        let hint = format!("write `{quotient}` or `{product}`");
        self.report(Diagnostic::error("ambiguous-division", span, message).with_hint(hint));
    }

    /// The tokens that stand from one byte to another, as they were written.
    fn written_between(&self, from: usize, to: usize) -> String {
        let is_within = |token: &&Token| token.span.start >= from && token.span.end <= to;
        let mut text = String::new();
        for token in self.tokens[..self.end].iter().filter(is_within) {
            if token.gap != Gap::None && !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&token.lexeme.shown());
        }
        text
    }
}

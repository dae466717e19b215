//! Numbers.

use crate::source::Diagnostic;

use super::ast::Kind;
use super::ast::Node;
use super::parse::Parser;
use super::token::Gap;
use super::token::Lexeme;
use super::token::Token;

impl Parser<'_> {
    /// A number: digits, a point, thousands apart by `\,` or `{,}`, and an exponent as in `1e-3`.
    pub(super) fn number(&mut self) -> Node {
        let start = self.at;
        let mut written = String::new();
        let mut at = start;
        while let Some(token) = self.tokens[..self.end].get(at) {
            let is_first = at == start;
            match &token.lexeme {
                Lexeme::Digit(digit) if is_first || token.gap == Gap::None || self.is_thousand(at, &written) => {
                    written.push(*digit);
                }
                Lexeme::Point if is_digit(self.tokens.get(at + 1)) && (is_first || token.gap == Gap::None) => {
                    written.push('.');
                }
                _ => break,
            }
            at += 1;
        }
        if at == start {
            return self.stray_point();
        }
        at = self.exponent(at, &mut written);
        self.seek(at);
        let node = Node { kind: Kind::Number(written.clone()), span: self.since(start) };
        self.check_number(&written, &node, at);
        node
    }

    /// Whether the digit at `at`, after a narrow space, begins a group of exactly three.
    fn is_thousand(&self, at: usize, written: &str) -> bool {
        let digits = &self.tokens[at..self.end];
        let n_digits = 1 + digits.iter().skip(1).take_while(|token| is_digit(Some(token))).count();
        let n_before = written.bytes().rev().take_while(u8::is_ascii_digit).count();
        digits[0].gap == Gap::Thin && n_digits == 3 && !written.contains('.') && n_before % 3 == 0
            || digits[0].gap == Gap::Thin && n_digits == 3 && !written.contains('.') && written.len() < 4
    }

    /// Takes `e-3` directly after the digits into the number, and returns where reading goes on.
    fn exponent(&mut self, at: usize, written: &mut String) -> usize {
        let tokens = &self.tokens[at..self.end];
        let is_e = matches!(tokens.first(), Some(Token { lexeme: Lexeme::Letter(e), gap: Gap::None, .. }) if e == "e");
        if !is_e {
            return at;
        }
        let sign = match tokens.get(1) {
            Some(Token { lexeme: Lexeme::Sign(_, sign @ ("+" | "-")), gap: Gap::None, .. }) => *sign,
            _ => "",
        };
        let digits = &tokens[1 + sign.len()..];
        let n_digits = digits.iter().take_while(|token| is_digit(Some(token))).count();
        if n_digits == 0 {
            return at;
        }
        written.push('e');
        written.push_str(sign);
        written.extend(digits[..n_digits].iter().filter_map(|token| match token.lexeme {
            Lexeme::Digit(digit) => Some(digit),
            _ => None,
        }));
        let span = tokens[0].span.to(digits[n_digits - 1].span);
        let message = format!("`{written}` is read as one number");
        let hint = "write `\\cdot e` where Euler's number is meant";
        self.report(Diagnostic::note("scientific-number", span, message).with_hint(hint));
        at + 1 + sign.len() + n_digits
    }

    fn check_number(&mut self, written: &str, node: &Node, at: usize) {
        if written.matches('.').count() > 1 {
            let message = format!("`{written}` has more than one decimal point");
            let problem = Diagnostic::error("bad-number", node.span, message);
            self.report(problem.with_hint("keep one of the points"));
        }
        if let Some(Token { lexeme: Lexeme::Digit(digit), span, .. }) = self.tokens[..self.end].get(at) {
            let message = format!("a digit `{digit}` follows the number `{written}` with a space between");
            let hint = format!(r"write `{written}{digit}`, or `{written} \cdot {digit}`");
            let problem = Diagnostic::error("bad-number", node.span.to(*span), message);
            self.report(problem.with_hint(hint));
        }
    }

    fn stray_point(&mut self) -> Node {
        let span = self.bump();
        let problem = Diagnostic::error("unexpected-token", span, "found `.` where an operand is expected");
        self.report(problem.with_hint("write a digit after it, or leave it out"));
        Node { kind: Kind::Error, span }
    }
}

/// Whether the token is a digit that directly follows what is before it.
fn is_digit(token: Option<&Token>) -> bool {
    matches!(token, Some(Token { lexeme: Lexeme::Digit(_), gap: Gap::None, .. }))
}

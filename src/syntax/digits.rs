//! Numbers.

use crate::source::Diagnostic;

use super::ast::Kind;
use super::ast::Node;
use super::cursor::Parser;
use super::lexeme::Gap;
use super::lexeme::Lexeme;
use super::lexeme::Token;

impl Parser<'_> {
    /// A number: digits, a point, thousands apart by `\,` or `{,}`, and an exponent as in `1e-3`.
    pub(super) fn number(&mut self) -> Node {
        let start = self.at;
        let mut written = String::new();
        let mut n_grouped = 0;
        let mut at = start;
        while let Some(token) = self.tokens[..self.end].get(at) {
            let is_attached = at == start || token.gap == Gap::None;
            match &token.lexeme {
                Lexeme::Digit(digit) if is_attached => {
                    written.push(*digit);
                    n_grouped += 1;
                }
                Lexeme::Digit(digit) if self.is_thousand(at, &written, n_grouped) => {
                    written.push(*digit);
                    n_grouped = 1;
                }
                Lexeme::Point if is_attached && is_digit(self.tokens.get(at + 1)) => written.push('.'),
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

    /// Whether the digit at `at`, after a narrow space, begins a group of exactly three, and groups are what stands
    /// before it too.
    fn is_thousand(&self, at: usize, written: &str, n_grouped: usize) -> bool {
        let digits = &self.tokens[at..self.end];
        let n_digits = 1 + digits.iter().skip(1).take_while(|token| is_digit(Some(token))).count();
        let is_first = written.len() == n_grouped;
        let fits = if is_first { n_grouped <= 3 } else { n_grouped == 3 };
        digits[0].gap == Gap::Thin && n_digits == 3 && fits && !written.contains('.')
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
        let span = self.here().to(digits[n_digits - 1].span);
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

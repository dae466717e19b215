//! What stands on an operand: subscripts, superscripts, primes, factorials, the limits of big operators.

use crate::source::Diagnostic;

use super::ast::Kind;
use super::ast::Node;
use super::commands::BIG_NAMES;
use super::cursor::Parser;
use super::lexeme::Lexeme;

/// The scripts of an operand.
#[derive(Debug, Default)]
struct Scripts {
    sub: Option<Box<Node>>,
    sup: Option<Box<Node>>,
    primes: usize,
}

impl Parser<'_> {
    /// An operand with its scripts and factorials.
    pub(super) fn scripted(&mut self) -> Node {
        let start = self.at;
        let base = self.deeper(Self::atom);
        let node = self.with_scripts(base, start);
        self.fold(node, |parser, node| {
            if parser.peek() != Some(&Lexeme::Bang) {
                return None;
            }
            parser.bump();
            let inner = std::mem::replace(node, parser.empty());
            let factorial = Node { kind: Kind::Factorial(Box::new(inner)), span: parser.since(start) };
            *node = parser.with_scripts(factorial, start);
            Some(())
        })
    }

    /// `base` with the scripts that follow it.
    fn with_scripts(&mut self, base: Node, start: usize) -> Node {
        let n_notes = usize::from(matches!(base.kind, Kind::Decorated { .. }));
        self.n_notes += n_notes;
        let Scripts { mut sub, mut sup, primes } = self.scripts();
        self.n_notes -= n_notes;
        if sub.is_none() && sup.is_none() && primes == 0 {
            return base;
        }
        let span = self.since(start);
        let base = match base.kind {
            Kind::Big { op, sub: None, sup: None, body } if primes == 0 => {
                return Node { kind: Kind::Big { op, sub, sup, body }, span };
            }
            Kind::Operator(op) if sub.is_some() && primes == 0 && BIG_NAMES.contains(&op.as_str()) => {
                let body = Box::new(self.empty());
                return Node { kind: Kind::Big { op, sub, sup, body }, span };
            }
            Kind::Decorated { accent, body, note: None } => {
                let note = match accent.as_str() {
                    "underbrace" | "underbracket" => sub.take(),
                    "overbrace" | "overbracket" => sup.take(),
                    _ => None,
                };
                Node { kind: Kind::Decorated { accent, body, note }, span: base.span }
            }
            kind => Node { kind, span: base.span },
        };
        if sub.is_none() && sup.is_none() && primes == 0 {
            return Node { span, ..base };
        }
        Node { kind: Kind::Script { base: Box::new(base), sub, sup, primes }, span }
    }

    fn scripts(&mut self) -> Scripts {
        let mut scripts = Scripts::default();
        loop {
            match self.peek() {
                Some(Lexeme::Prime) => {
                    self.bump();
                    scripts.primes += 1;
                }
                Some(Lexeme::Sup) if self.n_raised_primes() > 0 => {
                    let n_primes = self.n_raised_primes();
                    let n_braces = if self.peek_second() == Some(&Lexeme::GroupOpen) { 2 } else { 0 };
                    self.seek(self.at + 1 + n_primes + n_braces);
                    scripts.primes += n_primes;
                }
                Some(Lexeme::Sub) => self.script("_", &mut scripts.sub),
                Some(Lexeme::Sup) => {
                    self.script("^", &mut scripts.sup);
                    scripts.primes += lowered_primes(&mut scripts.sup);
                }
                Some(Lexeme::GroupOpen) if self.at_further_scripts(&scripts) => self.seek(self.at + 2),
                _ => return scripts,
            }
        }
    }

    /// Whether empty braces only set the next script apart: `\phi^{(l)}{}'`, `T^{i}{}_{j}`.
    fn at_further_scripts(&self, scripts: &Scripts) -> bool {
        let Scripts { sub, sup, primes } = scripts;
        let has_some = sub.is_some() || sup.is_some() || *primes > 0;
        let next = self.tokens[..self.end].get(self.at + 2).map(|token| &token.lexeme);
        has_some
            && self.peek_second() == Some(&Lexeme::GroupClose)
            && match next {
                Some(Lexeme::Prime) => true,
                Some(Lexeme::Sub) => sub.is_none(),
                Some(Lexeme::Sup) => sup.is_none(),
                _ => false,
            }
    }

    /// The number of primes in a superscript that holds nothing else.
    fn n_raised_primes(&self) -> usize {
        let is_prime = |lexeme: &&Lexeme| **lexeme == Lexeme::Prime;
        let after =
            |n_tokens: usize| self.tokens[..self.end].iter().skip(self.at + n_tokens).map(|token| &token.lexeme);
        match self.peek_second() {
            Some(Lexeme::Prime) => 1,
            Some(Lexeme::GroupOpen) => {
                let n_primes = after(2).take_while(is_prime).count();
                let is_all = after(2 + n_primes).next() == Some(&Lexeme::GroupClose);
                if is_all { n_primes } else { 0 }
            }
            _ => 0,
        }
    }

    fn script(&mut self, sign: &str, slot: &mut Option<Box<Node>>) {
        let span = self.bump();
        let argument = self.argument(sign, span);
        if slot.is_some() {
            let what = if sign == "_" { "subscript" } else { "superscript" };
            let message = format!("a second {what} on the same operand");
            let hint = format!("put both into one `{sign}{{…}}`, or write braces around the operand with the first");
            self.report(Diagnostic::error("double-script", span.to(argument.span), message).with_hint(hint));
        } else {
            *slot = Some(Box::new(argument));
        }
    }

    /// The bar of an evaluation after `body`, and where it is evaluated.
    pub(super) fn evaluation(&mut self, body: Node, start: usize) -> Node {
        self.bump();
        self.evaluated(body, start)
    }

    /// `body`, evaluated at the scripts that come next.
    pub(super) fn evaluated(&mut self, body: Node, start: usize) -> Node {
        let Scripts { sub, sup, primes: _ } = self.scripts();
        Node { kind: Kind::Evaluated { body: Box::new(body), sub, sup }, span: self.since(start) }
    }
}

/// Takes the primes off an index in brackets, `^{(l)\prime}`: they belong to what carries it.
fn lowered_primes(sup: &mut Option<Box<Node>>) -> usize {
    let Some(node) = sup else { return 0 };
    let Kind::Script { base, sub: None, sup: None, primes } = &node.kind else { return 0 };
    if !matches!(base.kind, Kind::Fenced { .. }) {
        return 0;
    }
    let (base, primes) = (base.clone(), *primes);
    *sup = Some(base);
    primes
}

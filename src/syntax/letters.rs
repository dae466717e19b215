//! Letters in fonts and under accents, and their one name.
//!
//! The name of a letter has its font inside and its accents outside, always with braces: `\hat{\mathbf{y}}`.

use crate::source::Diagnostic;

use super::ast::Kind;
use super::ast::Node;
use super::commands::Font;
use super::commands::functions;
use super::cursor::Parser;
use super::lexeme::Gap;
use super::lexeme::Lexeme;
use super::lexeme::Token;

/// Signs that look the same in every font.
const FONTLESS: [&str; 8] = [r"\partial", r"\nabla", r"\infty", r"\top", r"\bot", r"\emptyset", r"\dagger", r"\prime"];

/// Commands that are no words of mathematics by their letters, and take an argument in braces.
const NEED_BACKSLASH: [&str; 12] = [
    "frac",
    "dfrac",
    "tfrac",
    "sqrt",
    "text",
    "tilde",
    "mathrm",
    "mathbf",
    "mathbb",
    "boldsymbol",
    "operatorname",
    "begin",
];

/// Signs between factors whose letters are hardly factors themselves.
const BARE_SIGNS: [&str; 2] = ["times", "cdot"];

/// What is also written in plain letters, as functions of numbers are. Before a parenthesis these letters are no factors.
const BARE_FUNCTIONS: [&str; 9] = ["max", "min", "det", "diag", "sqrt", "relu", "sigmoid", "softmax", "softplus"];

impl Parser<'_> {
    /// The command that letters directly before a brace spell: `frac{a}{b}`.
    pub(super) fn bare_command(&self) -> Option<&'static str> {
        NEED_BACKSLASH.into_iter().find(|name| self.spells(name, &Lexeme::GroupOpen))
    }

    /// The sign between factors that letters spell which are set apart as a word: `m times n`.
    pub(super) fn bare_sign(&self) -> Option<&'static str> {
        let is_letter = |token: &Token| matches!(token.lexeme, Lexeme::Letter(_));
        let (before, own) = (self.at.checked_sub(1).map(|at| &self.tokens[at])?, self.tokens.get(self.at)?);
        let is_apart = |from: &Token, to: &Token| to.gap != Gap::None || !is_letter(from) || !is_letter(to);
        let ends = |name: &str| match self.tokens[..self.end].get(self.at + name.len()) {
            Some(next) => is_apart(own, next),
            None => true,
        };
        BARE_SIGNS.into_iter().find(|name| is_apart(before, own) && self.spells_letters(name) && ends(name))
    }

    /// The function that letters directly before a parenthesis spell: `softmax(z)`.
    pub(super) fn bare_function(&self) -> Option<&'static str> {
        let follows_letter = self.at > 0
            && self.at < self.tokens.len()
            && self.tokens[self.at].gap == Gap::None
            && matches!(self.tokens[self.at - 1].lexeme, Lexeme::Letter(_));
        let mut names = functions().chain(BARE_FUNCTIONS).filter(|_| !follows_letter);
        names.find(|name| self.spells(name, &Lexeme::Open("(")))
    }

    /// Whether the next letters, without a gap between them, are those of `name`, and `next` stands directly after them.
    fn spells(&self, name: &str, next: &Lexeme) -> bool {
        let after = self.tokens[..self.end].get(self.at + name.len());
        self.spells_letters(name) && after.is_some_and(|token| token.lexeme == *next && token.gap == Gap::None)
    }

    /// Whether the next letters, without a gap between them, are those of `name`.
    fn spells_letters(&self, name: &str) -> bool {
        let tokens = &self.tokens[self.at..self.end];
        let letters = name
            .bytes()
            .zip(tokens)
            .all(|(letter, token)| matches!(&token.lexeme, Lexeme::Letter(own) if own.as_bytes() == [letter]));
        letters && tokens.len() >= name.len() && tokens[1..name.len()].iter().all(|token| token.gap == Gap::None)
    }

    /// Letters that spell a function, as the name that they are.
    pub(super) fn spelled_function(&mut self, name: &str) -> Node {
        let start = self.at;
        self.seek(self.at + name.len());
        Node { kind: Kind::Operator(name.to_owned()), span: self.since(start) }
    }

    /// Reports a command without its backslash, and skips its name.
    pub(super) fn without_backslash(&mut self) -> Node {
        let start = self.at;
        let name = self.bare_command().or(self.bare_sign()).unwrap_or_default();
        self.seek(self.at + name.len().max(1));
        let span = self.since(start);
        let message = format!("`{name}` stands here without its backslash");
        let problem = Diagnostic::error("missing-backslash", span, message);
        self.report(problem.with_hint(format!(r"write `\{name}`")));
        Node { kind: Kind::Error, span }
    }

    /// A font with its argument: one letter is a letter, several are a name or letters, and anything else keeps its
    /// form with the font on its letters.
    pub(super) fn in_font(&mut self, font: Font) -> Node {
        let start = self.at;
        if let Some((name, n_tokens)) = self.name_in_braces().filter(|_| font.names()) {
            self.seek(self.at + n_tokens);
            return Node { kind: Kind::Operator(name), span: self.since(start) };
        }
        let span = self.bump();
        let name = font.command().unwrap_or(r"\mathit");
        let node = with_font(self.argument(name, span), font);
        super::enclosed::grouped(node, self.since(start))
    }

    /// The letters and digits between the braces after a font, if there are several and nothing else.
    fn name_in_braces(&self) -> Option<(String, usize)> {
        let tokens = &self.tokens[self.at..self.end];
        if tokens.get(1)?.lexeme != Lexeme::GroupOpen {
            return None;
        }
        let mut name = String::new();
        for (at, token) in tokens.iter().enumerate().skip(2) {
            match &token.lexeme {
                Lexeme::Letter(letter) if letter.chars().count() == 1 => name += letter,
                Lexeme::Digit(digit) if !name.is_empty() => name.push(*digit),
                Lexeme::Name(part) => name += part,
                Lexeme::Quad => {}
                Lexeme::GroupClose => return (name.chars().count() > 1).then_some((name, at + 1)),
                _ => return None,
            }
        }
        None
    }

    /// An accent with its argument.
    pub(super) fn accented(&mut self, accent: &'static str) -> Node {
        let start = self.at;
        let span = self.bump();
        let node = self.argument(&format!(r"\{accent}"), span);
        let span = self.since(start);
        with_accent(node, accent, span)
    }
}

fn with_accent(node: Node, accent: &str, span: crate::source::Span) -> Node {
    let kind = match node.kind {
        Kind::Symbol(name) => Kind::Symbol(format!(r"\{accent}{{{name}}}")),
        Kind::Number(digit) if digit.len() == 1 => Kind::Symbol(format!(r"\{accent}{{{digit}}}")),
        Kind::Script { base, sub, sup, primes } if matches!(base.kind, Kind::Symbol(_)) => {
            let base_span = base.span;
            Kind::Script { base: Box::new(with_accent(*base, accent, base_span)), sub, sup, primes }
        }
        kind => {
            let body = Box::new(Node { kind, span: node.span });
            Kind::Decorated { accent: accent.to_string(), body, note: None }
        }
    };
    Node { kind, span }
}

/// `node` with `font` on the letters that stand on its line; scripts keep theirs.
fn with_font(node: Node, font: Font) -> Node {
    let span = node.span;
    let boxed = |node: Box<Node>| Box::new(with_font(*node, font));
    let each = |nodes: Vec<Node>| nodes.into_iter().map(|node| with_font(node, font)).collect();
    let kind = match node.kind {
        Kind::Symbol(name) => Kind::Symbol(name_in_font(name, font)),
        Kind::Number(digit) if digit.len() == 1 && !font.names() => Kind::Symbol(name_in_font(digit, font)),
        Kind::Script { base, sub, sup, primes } => Kind::Script { base: boxed(base), sub, sup, primes },
        Kind::Group(inner) => Kind::Group(boxed(inner)),
        Kind::Fenced { open, close, body } => Kind::Fenced { open, close, body: boxed(body) },
        Kind::Product(factors) => {
            Kind::Product(factors.into_iter().map(|(times, factor)| (times, with_font(factor, font))).collect())
        }
        Kind::Sum(terms) => Kind::Sum(terms.into_iter().map(|(sign, term)| (sign, with_font(term, font))).collect()),
        Kind::Chain { first, rest } => Kind::Chain {
            first: boxed(first),
            rest: rest.into_iter().map(|(relation, side)| (relation, with_font(side, font))).collect(),
        },
        Kind::List(members) => Kind::List(each(members)),
        Kind::Decorated { accent, body, note } => Kind::Decorated { accent, body: boxed(body), note },
        Kind::Given(left, right) => Kind::Given(boxed(left), boxed(right)),
        Kind::Frac { num, den } => Kind::Frac { num: boxed(num), den: boxed(den) },
        kind @ (Kind::Number(_)
        | Kind::Operator(_)
        | Kind::Sqrt { .. }
        | Kind::Binom(..)
        | Kind::Big { .. }
        | Kind::Logic(..)
        | Kind::Not(_)
        | Kind::Quantified { .. }
        | Kind::Matrix { .. }
        | Kind::Cases(_)
        | Kind::Evaluated { .. }
        | Kind::Text(_)
        | Kind::Dots(_)
        | Kind::Signature { .. }
        | Kind::Factorial(_)
        | Kind::Empty
        | Kind::Error) => kind,
    };
    Node { kind, span }
}

/// The name of a letter in a font; a font that the letter has already, stays.
fn name_in_font(name: String, font: Font) -> String {
    if FONTLESS.contains(&name.as_str()) {
        return name;
    }
    let Some(command) = font.command() else { return name };
    let Some((accent, inner)) = name.strip_suffix('}').and_then(|name| name.split_once('{')) else {
        return format!("{command}{{{name}}}");
    };
    if accent.starts_with(r"\math") || accent == r"\boldsymbol" {
        return name;
    }
    format!("{accent}{{{}}}", name_in_font(inner.to_string(), font))
}

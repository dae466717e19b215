//! LaTeX into tokens: commands are looked up, macros expanded, and what only affects the look is dropped.

use std::collections::BTreeMap;

use crate::source::Diagnostic;
use crate::source::Span;

use super::ast::Connective;
use super::ast::Relation;
use super::ast::Sign;
use super::ast::Times;
use super::commands::Font;
use super::commands::Meaning;
use super::commands::Side;
use super::commands::Stack;
use super::commands::command;
use super::commands::known_commands;
use super::macros::Macro;
use super::nearest::nearest;
use super::problems::Problems;
use super::text::connective_sign;
use super::text::relation_sign;
use super::unicode::is_ideograph;
use super::unicode::is_invisible;
use super::unicode::latex_of;

/// A token with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// What it is.
    pub lexeme: Lexeme,
    /// Its bytes in the file; for what comes out of a macro, those of the call.
    pub span: Span,
    /// What stands before it.
    pub gap: Gap,
}

/// The space before a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// None.
    None,
    /// White space, which LaTeX does not show.
    Blank,
    /// A narrow space such as `\,`.
    Thin,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lexeme {
    /// A letter or an operand sign, by its canonical name.
    Letter(String),
    /// A digit.
    Digit(char),
    /// `.`
    Point,
    /// The name of a function.
    Name(String),
    /// A name written as text; at the level of a formula it may be a keyword.
    Word(String),
    /// Other text, with the spaces around it.
    Text(String),
    /// A big operator.
    Big(&'static str),
    /// `\dots` and its kin.
    Dots(&'static str),
    /// A relation, and how it is written where it is an operand.
    Relation(Relation),
    /// A sign between factors, and its name where it is an operand.
    Times(Times, &'static str),
    /// A sign between terms, and its name where it is an operand.
    Sign(Sign, &'static str),
    /// A connective between statements.
    Connective(Connective),
    /// `\neg`
    Negation,
    /// `\not`
    Not,
    /// `\forall`
    Forall,
    /// `\exists`
    Exists,
    /// An opening fence.
    Open(&'static str),
    /// A closing fence.
    Close(&'static str),
    /// `|` or `\|`
    Bar(&'static str),
    /// `\mid`, `\middle|`
    Mid,
    /// `\left` with its fence.
    Left(&'static str),
    /// `\right` with its fence.
    Right(&'static str),
    /// `{`
    GroupOpen,
    /// `}`
    GroupClose,
    /// `_`
    Sub,
    /// `^`
    Sup,
    /// `'`
    Prime,
    /// `&`
    Cell,
    /// `\\`
    Row,
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// `!`
    Bang,
    /// `\quad`
    Quad,
    /// `\begin{…}`, without a star.
    Begin(String),
    /// `\end{…}`, without a star.
    End(String),
    /// A font for the next argument.
    Font(Font),
    /// A font for the rest of the group.
    Switch(Font),
    /// An accent on the next argument.
    Accent(&'static str),
    /// A brace over or under, or a line through, the next argument.
    Decoration(&'static str),
    /// `\cancelto`
    CancelTo,
    /// Shows its argument as it is.
    Wrapper,
    /// `\frac`
    Frac,
    /// `\over`
    Over,
    /// `\sqrt`
    Sqrt,
    /// `\binom`
    Binom,
    /// `\choose`
    Choose,
    /// One thing above or below another.
    Stack(Stack),
    /// `\substack`
    Substack,
    /// A command that is not known.
    Unknown(String),
    /// A character that means nothing here.
    Stray(char),
}

/// Takes LaTeX apart. `offset` is the byte of the file at which `latex` begins.
pub(super) fn tokenize(latex: &str, offset: usize, problems: &mut Problems) -> Vec<Token> {
    let mut lexer = Lexer::new(problems);
    lexer.read(latex, Place::At(offset));
    lexer.tokens
}

/// Where the text that is being read stands.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    /// In the file, from this byte on.
    At(usize),
    /// In the body of a macro that is called here.
    Call(Span),
}

impl Place {
    pub(super) fn span(self, start: usize, end: usize) -> Span {
        match self {
            Place::At(offset) => Span::new(offset + start, offset + end),
            Place::Call(span) => span,
        }
    }
}

pub(super) struct Lexer<'p> {
    pub(super) tokens: Vec<Token>,
    pub(super) problems: &'p mut Problems,
    pub(super) macros: BTreeMap<String, Macro>,
    pub(super) expansion_depth: usize,
    pub(super) expanded_bytes: usize,
    gap: Gap,
    side: Option<Side>,
}

impl<'p> Lexer<'p> {
    fn new(problems: &'p mut Problems) -> Lexer<'p> {
        Lexer {
            tokens: Vec::new(),
            problems,
            macros: BTreeMap::new(),
            expansion_depth: 0,
            expanded_bytes: 0,
            gap: Gap::None,
            side: None,
        }
    }

    pub(super) fn read(&mut self, text: &str, place: Place) {
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            at = self.step(text, at, c, place);
        }
    }

    /// Reads what begins at `at` and returns where the next thing begins.
    fn step(&mut self, text: &str, at: usize, c: char, place: Place) -> usize {
        let next = at + c.len_utf8();
        let span = place.span(at, next);
        let rest = &text[next..];
        match c {
            _ if c.is_whitespace() => self.widen(Gap::Blank),
            '%' => return next + rest.find('\n').unwrap_or(rest.len()),
            '\\' => return self.control(text, at, place),
            '{' if self.is_thousands(rest) => return next + 2,
            _ if c.is_ascii_digit() => self.push(Lexeme::Digit(c), span),
            _ if c.is_ascii_alphabetic() => self.push(Lexeme::Letter(c.to_string()), span),
            '.' if rest.starts_with("..") => {
                self.push(Lexeme::Dots("dots"), place.span(at, next + 2));
                return next + 2;
            }
            '|' => self.bar("|", span),
            '~' => self.widen(Gap::Thin),
            '$' => self.dollar(span),
            _ if c.is_ascii() => {
                let (lexeme, n_more) = ascii(c, rest);
                self.push(lexeme, place.span(at, next + n_more));
                return next + n_more;
            }
            _ => return self.beyond_ascii(text, at, c, place),
        }
        next
    }

    /// Whether `{` begins the `{,}` between the thousands of a number.
    fn is_thousands(&self, rest: &str) -> bool {
        let after_digit =
            self.gap == Gap::None && matches!(self.tokens.last(), Some(Token { lexeme: Lexeme::Digit(_), .. }));
        let Some(digits) = rest.strip_prefix(",}") else { return false };
        after_digit && digits.bytes().take_while(u8::is_ascii_digit).count() == 3
    }

    fn beyond_ascii(&mut self, text: &str, at: usize, c: char, place: Place) -> usize {
        let next = at + c.len_utf8();
        let span = place.span(at, next);
        if is_invisible(c) {
            return next;
        }
        if let Some(latex) = latex_of(c) {
            self.read(latex, Place::Call(span));
            return next;
        }
        if !c.is_alphabetic() {
            self.push(Lexeme::Stray(c), span);
            return next;
        }
        let is_word = |c: &char| !c.is_ascii() && c.is_alphanumeric() && latex_of(*c).is_none();
        let word: String = text[at..].chars().take_while(is_word).collect();
        let span = place.span(at, at + word.len());
        let is_letter = word.chars().count() == 1 && !is_ideograph(c);
        let end = at + word.len();
        self.push(if is_letter { Lexeme::Letter(word) } else { Lexeme::Text(word) }, span);
        end
    }

    fn dollar(&mut self, span: Span) {
        let hint = "leave it out: what stands in a fence is a formula as it is";
        self.problems.push(Diagnostic::error("unexpected-token", span, "found `$` inside a formula").with_hint(hint));
    }

    /// Reads the command at `at`, with what belongs to it.
    fn control(&mut self, text: &str, at: usize, place: Place) -> usize {
        let end = command_end(text, at);
        let name = &text[at..end];
        let span = place.span(at, end);
        if name == r"\\" {
            self.push(Lexeme::Row, span);
            return row_end(text, end);
        }
        if self.macros.contains_key(name) {
            return self.expand(text, at, end, place);
        }
        match command(name) {
            Some((name, meaning)) => self.known(name, meaning, text, end, span, place),
            None => {
                self.unknown(name, span);
                end
            }
        }
    }

    fn unknown(&mut self, name: &str, span: Span) {
        self.push(Lexeme::Unknown(name.to_string()), span);
        if self.problems.is_full() {
            return;
        }
        let own: Vec<String> = self.macros.keys().cloned().collect();
        let known = own.iter().map(String::as_str).chain(known_commands());
        let problem = Diagnostic::error("unknown-command", span, format!("the command `{name}` is not known"));
        self.problems.push(match nearest(name, known) {
            Some(meant) => problem.with_hint(format!("did you mean `{meant}`?")),
            None => problem.with_hint(r"define it with `\newcommand`, or write the name with `\operatorname{…}`"),
        });
    }

    /// Reads a known command whose name ends at `end`.
    fn known(
        &mut self,
        name: &'static str,
        meaning: Meaning,
        text: &str,
        end: usize,
        span: Span,
        place: Place,
    ) -> usize {
        let short = &name[1..];
        let lexeme = match meaning {
            Meaning::Letter => Lexeme::Letter(name.to_string()),
            Meaning::Alias(latex) => {
                self.read(latex, Place::Call(span));
                return end;
            }
            Meaning::Name => Lexeme::Name(short.to_string()),
            Meaning::Big => Lexeme::Big(short),
            Meaning::Dots => Lexeme::Dots(short),
            Meaning::Relation(relation) => Lexeme::Relation(relation),
            Meaning::Times(times) => Lexeme::Times(times, name),
            Meaning::Sign(sign) => Lexeme::Sign(sign, name),
            Meaning::Connective(connective) => Lexeme::Connective(connective),
            Meaning::Negation => Lexeme::Negation,
            Meaning::Not => Lexeme::Not,
            Meaning::Forall => Lexeme::Forall,
            Meaning::Exists => Lexeme::Exists,
            Meaning::Open(fence) => Lexeme::Open(fence),
            Meaning::Close(fence) => Lexeme::Close(fence),
            Meaning::Mid => Lexeme::Mid,
            Meaning::Font(font) => Lexeme::Font(font),
            Meaning::Switch(font) => Lexeme::Switch(font),
            Meaning::Accent(accent) => Lexeme::Accent(accent),
            Meaning::Decoration => Lexeme::Decoration(short),
            Meaning::CancelTo => Lexeme::CancelTo,
            Meaning::Wrapper => Lexeme::Wrapper,
            Meaning::Frac => Lexeme::Frac,
            Meaning::Over => Lexeme::Over,
            Meaning::Sqrt => Lexeme::Sqrt,
            Meaning::Binom => Lexeme::Binom,
            Meaning::Choose => Lexeme::Choose,
            Meaning::Stack(stack) => Lexeme::Stack(stack),
            Meaning::Substack => Lexeme::Substack,
            Meaning::Prime => Lexeme::Prime,
            Meaning::Row => Lexeme::Row,
            Meaning::Wide => Lexeme::Quad,
            Meaning::Character => Lexeme::Text(short.to_string()),
            Meaning::Bar(fence) => {
                self.bar(fence, span);
                return end;
            }
            Meaning::Thin => {
                self.widen(Gap::Thin);
                return end;
            }
            Meaning::Skip => return end,
            Meaning::Size(side) => {
                self.side = Some(side);
                return end;
            }
            Meaning::Left
            | Meaning::Right
            | Meaning::Middle
            | Meaning::Text(_)
            | Meaning::OperatorName
            | Meaning::WideBy
            | Meaning::SkipArgument
            | Meaning::SkipTwo
            | Meaning::SkipStarred
            | Meaning::Colour
            | Meaning::TextColour
            | Meaning::Intertext
            | Meaning::Begin
            | Meaning::End
            | Meaning::NewCommand
            | Meaning::Def
            | Meaning::Let
            | Meaning::DeclareOperator => return self.with_argument(name, meaning, text, end, span, place),
        };
        self.push(lexeme, span);
        end
    }

    /// A bar is a fence of its own; after `\bigl` and its kin it is known on which side of its contents it stands.
    fn bar(&mut self, fence: &'static str, span: Span) {
        let lexeme = match self.side {
            Some(Side::Left) => Lexeme::Open(fence),
            Some(Side::Right) => Lexeme::Close(fence),
            Some(Side::Middle) => Lexeme::Mid,
            Some(Side::Either) | None => Lexeme::Bar(fence),
        };
        self.push(lexeme, span);
    }

    pub(super) fn widen(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
    }

    pub(super) fn push(&mut self, lexeme: Lexeme, span: Span) {
        self.tokens.push(Token { lexeme, span, gap: self.gap });
        self.gap = Gap::None;
        self.side = None;
    }
}

/// Where the command that begins at `at` ends, white space after it excluded.
pub(super) fn command_end(text: &str, at: usize) -> usize {
    let rest = &text[at + 1..];
    let n_letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    at + 1 + if n_letters > 0 { n_letters } else { rest.chars().next().map_or(0, char::len_utf8) }
}

/// Where the star or the extra height after `\\` ends.
fn row_end(text: &str, at: usize) -> usize {
    let at = if text[at..].starts_with('*') { at + 1 } else { at };
    let Some(length) = bracketed(&text[at..]) else { return at };
    let unit = length.trim().trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | ' '));
    let is_unit = matches!(unit, "pt" | "em" | "ex" | "mu" | "cm" | "mm" | "in" | "px") || unit.starts_with('\\');
    if is_unit { at + length.len() + 2 } else { at }
}

/// What stands between brackets at the very beginning of `text`, if it is short and closed.
pub(super) fn bracketed(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('[')?;
    let n_bytes = inside.bytes().take(200).position(|b| b == b']')?;
    inside.get(..n_bytes)
}

/// The token of an ASCII sign, and how many bytes of `rest` belong to it too.
fn ascii(c: char, rest: &str) -> (Lexeme, usize) {
    let relation = |relation| Lexeme::Relation(relation);
    match c {
        ':' if rest.starts_with('=') => (relation(Relation::Define), 1),
        '<' if rest.starts_with('=') => (relation(Relation::LessEqual), 1),
        '>' if rest.starts_with('=') => (relation(Relation::GreaterEqual), 1),
        '=' if rest.starts_with('=') => (relation(Relation::Equal), 1),
        '=' => (relation(Relation::Equal), 0),
        '<' => (relation(Relation::Less), 0),
        '>' => (relation(Relation::Greater), 0),
        ':' => (relation(Relation::Colon), 0),
        '+' => (Lexeme::Sign(Sign::Plus, "+"), 0),
        '-' => (Lexeme::Sign(Sign::Minus, "-"), 0),
        '*' => (Lexeme::Times(Times::Dot, "*"), 0),
        '/' => (Lexeme::Times(Times::Slash, "/"), 0),
        '(' => (Lexeme::Open("("), 0),
        ')' => (Lexeme::Close(")"), 0),
        '[' => (Lexeme::Open("["), 0),
        ']' => (Lexeme::Close("]"), 0),
        '{' => (Lexeme::GroupOpen, 0),
        '}' => (Lexeme::GroupClose, 0),
        '_' => (Lexeme::Sub, 0),
        '^' => (Lexeme::Sup, 0),
        '\'' => (Lexeme::Prime, 0),
        '&' => (Lexeme::Cell, 0),
        ',' => (Lexeme::Comma, 0),
        ';' => (Lexeme::Semicolon, 0),
        '!' => (Lexeme::Bang, 0),
        '.' => (Lexeme::Point, 0),
        _ => (Lexeme::Stray(c), 0),
    }
}

impl Lexeme {
    /// The token as it is written, as far as that can be told.
    pub(super) fn shown(&self) -> String {
        match self {
            Lexeme::Letter(name) | Lexeme::Unknown(name) => name.clone(),
            Lexeme::Digit(c) | Lexeme::Stray(c) => c.to_string(),
            Lexeme::Name(name) => format!(r"\{name}"),
            Lexeme::Word(words) | Lexeme::Text(words) => format!(r"\text{{{words}}}"),
            Lexeme::Big(name) | Lexeme::Dots(name) | Lexeme::Accent(name) | Lexeme::Decoration(name) => {
                format!(r"\{name}")
            }
            Lexeme::Relation(relation) => relation_sign(*relation).to_string(),
            Lexeme::Times(_, name) | Lexeme::Sign(_, name) => name.to_string(),
            Lexeme::Connective(connective) => connective_sign(*connective).to_string(),
            Lexeme::Open(fence) | Lexeme::Close(fence) | Lexeme::Bar(fence) => fence.to_string(),
            Lexeme::Left(fence) => format!(r"\left{fence}"),
            Lexeme::Right(fence) => format!(r"\right{fence}"),
            Lexeme::Begin(name) => format!(r"\begin{{{name}}}"),
            Lexeme::End(name) => format!(r"\end{{{name}}}"),
            Lexeme::Font(font) | Lexeme::Switch(font) => font.command().unwrap_or(r"\mathit").to_string(),
            Lexeme::Stack(Stack::Above) => r"\overset".to_string(),
            Lexeme::Stack(Stack::Below) => r"\underset".to_string(),
            Lexeme::Point => ".".to_string(),
            Lexeme::Negation => r"\neg".to_string(),
            Lexeme::Not => r"\not".to_string(),
            Lexeme::Forall => r"\forall".to_string(),
            Lexeme::Exists => r"\exists".to_string(),
            Lexeme::Mid => r"\mid".to_string(),
            Lexeme::GroupOpen => "{".to_string(),
            Lexeme::GroupClose => "}".to_string(),
            Lexeme::Sub => "_".to_string(),
            Lexeme::Sup => "^".to_string(),
            Lexeme::Prime => "'".to_string(),
            Lexeme::Cell => "&".to_string(),
            Lexeme::Row => r"\\".to_string(),
            Lexeme::Comma => ",".to_string(),
            Lexeme::Semicolon => ";".to_string(),
            Lexeme::Bang => "!".to_string(),
            Lexeme::Quad => r"\quad".to_string(),
            Lexeme::CancelTo => r"\cancelto".to_string(),
            Lexeme::Wrapper => r"\boxed".to_string(),
            Lexeme::Frac => r"\frac".to_string(),
            Lexeme::Over => r"\over".to_string(),
            Lexeme::Sqrt => r"\sqrt".to_string(),
            Lexeme::Binom => r"\binom".to_string(),
            Lexeme::Choose => r"\choose".to_string(),
            Lexeme::Substack => r"\substack".to_string(),
        }
    }
}

//! LaTeX into tokens: commands are looked up, macros expanded, and what only affects the look is dropped.

use crate::source::Diagnostic;
use crate::source::Span;

use super::ast::Connective;
use super::ast::Relation;
use super::ast::Sign;
use super::ast::Times;
use super::commands::Meaning;
use super::commands::NAMES_WITHOUT_COMMAND;
use super::commands::Side;
use super::commands::command;
use super::commands::known_commands;
use super::lexeme::Gap;
use super::lexeme::Lexeme;
use super::lexeme::Token;
use super::look_alikes::without_look_alikes;
use super::macros::Macros;
use super::nearest::nearest;
use super::problems::Problems;
use super::unicode::is_ideograph;
use super::unicode::is_invisible;
use super::unicode::latex_of;

/// Takes LaTeX apart, in which `macros` may be called. `offset` is the byte of the file at which `latex` begins.
pub(super) fn tokenize(latex: &str, offset: usize, macros: &Macros, problems: &mut Problems) -> Vec<Token> {
    let mut lexer = Lexer::new(problems, macros.clone());
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

/// A command in the text that is being read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call<'t> {
    /// The command, backslash included.
    pub name: &'t str,
    /// All of the text.
    pub text: &'t str,
    /// Where the command ends.
    pub end: usize,
    /// Where the text stands.
    pub place: Place,
}

impl Call<'_> {
    /// The place of the command.
    pub(super) fn span(&self) -> Span {
        self.span_to(self.end)
    }

    /// The place of the command and of what follows it up to `end`.
    pub(super) fn span_to(&self, end: usize) -> Span {
        self.place.span(self.end - self.name.len(), end)
    }
}

/// Reads LaTeX from left to right; the commands that are more than one token are in `arguments` and `macros`.
pub(super) struct Lexer<'p> {
    pub(super) tokens: Vec<Token>,
    pub(super) problems: &'p mut Problems,
    pub(super) macros: Macros,
    pub(super) expansion_depth: usize,
    pub(super) expanded_bytes: usize,
    gap: Gap,
    side: Option<Side>,
}

impl<'p> Lexer<'p> {
    pub(super) fn new(problems: &'p mut Problems, macros: Macros) -> Lexer<'p> {
        Lexer {
            tokens: Vec::new(),
            problems,
            macros,
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
        let call = Call { name, text, end, place };
        if let Some(called) = self.macros.get(name).cloned() {
            return self.expand(&called, call);
        }
        match command(name) {
            Some((name, meaning)) => self.known(name, meaning, call),
            None => self.with_look_alikes(text, at, place).unwrap_or_else(|| {
                self.unknown(name, span);
                end
            }),
        }
    }

    fn unknown(&mut self, name: &str, span: Span) {
        self.push(Lexeme::Unknown(name.to_string()), span);
        if self.problems.is_full() {
            return;
        }
        let own: Vec<String> = self.macros.names().map(str::to_owned).collect();
        let known = own.iter().map(String::as_str).chain(known_commands()).chain(NAMES_WITHOUT_COMMAND);
        let problem = Diagnostic::error("unknown-command", span, format!("the command `{name}` is not known"));
        self.problems.push(match nearest(name, known) {
            Some(meant) if NAMES_WITHOUT_COMMAND.contains(&meant) => {
                problem.with_hint(format!(r"write `\operatorname{{{}}}`", &meant[1..]))
            }
            Some(meant) => problem.with_hint(format!("did you mean `{meant}`?")),
            None => problem.with_hint(r"define it with `\newcommand`, or write the name with `\operatorname{…}`"),
        });
    }

    /// Reports a command that is known but for letters that only look like its own, and says where it ends.
    fn with_look_alikes(&mut self, text: &str, at: usize, place: Place) -> Option<usize> {
        let n_bytes: usize = text[at + 1..].chars().take_while(|c| c.is_alphabetic()).map(char::len_utf8).sum();
        let end = at + 1 + n_bytes;
        let written = &text[at..end];
        let meant = without_look_alikes(written).filter(|latin| command(latin).is_some())?;
        let message = format!("`{written}` holds a letter that only looks like a Latin one");
        let span = place.span(at, end);
        self.push(Lexeme::Unknown(written.to_owned()), span);
        self.problems.push(Diagnostic::error("unknown-command", span, message).with_hint(format!("write `{meant}`")));
        Some(end)
    }

    /// Reads a known command.
    fn known(&mut self, name: &'static str, meaning: Meaning, call: Call<'_>) -> usize {
        let (short, span, end) = (&name[1..], call.span(), call.end);
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
            Meaning::Foreign => {
                let problem =
                    Diagnostic::error("unknown-command", span, format!("`{name}` has no meaning in a derivation"));
                self.problems.push(problem.with_hint(instead_of(name)));
                Lexeme::Unknown(name.to_string())
            }
            Meaning::Character => Lexeme::Text(short.to_string()),
            Meaning::Bar(fence) => {
                self.bar(fence, span);
                return end;
            }
            // Words are no factor: two spaces after them set the next formula apart.
            Meaning::Thin if self.gap == Gap::Thin && self.is_after_words() => Lexeme::Quad,
            Meaning::Thin => {
                self.widen(Gap::Thin);
                return end;
            }
            Meaning::Skip => return end,
            Meaning::Size(side) => {
                self.side = Some(side);
                return end;
            }
            Meaning::Sized(sized) => return self.sized(sized, call),
            Meaning::Raw(command) => return self.with_argument(command, call),
            Meaning::Definition(definition) => return self.define(definition, call),
        };
        self.push(lexeme, span);
        end
    }

    fn is_after_words(&self) -> bool {
        matches!(self.tokens.last(), Some(Token { lexeme: Lexeme::Text(_), .. }))
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

/// What to write instead of a command that has no meaning.
fn instead_of(name: &str) -> &'static str {
    match name {
        r"\setminus" | r"\smallsetminus" => r"say what is left out as a condition: `\quad (x \ne 0)`",
        r"\cup" | r"\cap" => r"write the sets as conditions, joined by `\lor` or `\land`",
        r"\succ" | r"\succeq" => {
            r"write what it says of all vectors, `x^\top A x \ge 0 \quad \forall x \in \mathbb{R}^n`, or of the entries of a vector, `u_i \ge 0`"
        }
        r"\prec" | r"\preceq" => {
            r"write what it says of all vectors, `x^\top A x \le x^\top B x \quad \forall x \in \mathbb{R}^n`, or of the entries of a vector, `u_i \le v_i`"
        }
        r"\lesssim" | r"\gtrsim" | r"\asymp" => r"write the constant: `a \le c b`",
        r"\nleq" => "write `>`",
        r"\ngeq" => "write `<`",
        r"\xrightarrow" => r"write the limit: `\lim_{t \to \infty} a_t = 0`",
        _ => "put the formula into the prose, between dollars, if it is only to be shown",
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
        '=' if rest.starts_with('>') => (Lexeme::Connective(Connective::Implies), 1),
        '-' if rest.starts_with('>') => (relation(Relation::To), 1),
        '=' => (relation(Relation::Equal), 0),
        '<' => (relation(Relation::Less), 0),
        '>' => (relation(Relation::Greater), 0),
        ':' => (relation(Relation::Colon), 0),
        '+' => (Lexeme::Sign(Sign::Plus, "+"), 0),
        '-' => (Lexeme::Sign(Sign::Minus, "-"), 0),
        '*' => (Lexeme::Times(Times::Star, "*"), 0),
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

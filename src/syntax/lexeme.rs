//! Tokens: the smallest parts of a formula that mean something.
//!
//! Readers ask a token whether it is what they look for; only `shown` knows them all.

use crate::source::Span;

use super::ast::Connective;
use super::ast::Relation;
use super::ast::Sign;
use super::ast::Times;
use super::commands::Font;
use super::commands::Stack;
use super::text::connective_sign;

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
            Lexeme::Relation(relation) => relation.latex().to_string(),
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

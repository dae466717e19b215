//! Commands that take their argument as raw text: words, environments, colours, and fences after `\left`.

use crate::source::Diagnostic;
use crate::source::Span;

use super::commands::Font;
use super::commands::Meaning;
use super::commands::RawCommand;
use super::commands::Sized;
use super::commands::command;
use super::lexeme::Gap;
use super::lexeme::Lexeme;
use super::token::Call;
use super::token::Lexer;
use super::token::Place;
use super::token::bracketed;
use super::token::command_end;

/// Raw text between braces, or the one thing that stands without them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Raw<'t> {
    /// The text, braces excluded.
    pub text: &'t str,
    /// Where it begins.
    pub start: usize,
    /// Where reading goes on.
    pub end: usize,
}

impl Lexer<'_> {
    /// Reads the argument of a command and does with it what the command says.
    pub(super) fn with_argument(&mut self, command: RawCommand, call: Call<'_>) -> usize {
        if matches!(command, RawCommand::Space | RawCommand::Skip)
            && let Some(after) = length_end(call.text, call.end)
        {
            return after;
        }
        let n_stars = usize::from(call.text[call.end..].starts_with('*'));
        let Some(raw) = self.raw(call, call.end + n_stars) else { return call.end + n_stars };
        let whole = call.span_to(raw.end);
        match command {
            RawCommand::Text(font) => self.words(raw, font, whole, call.place),
            RawCommand::OperatorName => self.operator_name(raw.text, whole),
            RawCommand::Space => self.push(Lexeme::Quad, whole),
            RawCommand::Intertext => self.push(Lexeme::Row, whole),
            RawCommand::Begin => {
                self.push(Lexeme::Begin(environment_name(raw.text)), whole);
                return self.columns(raw, call);
            }
            RawCommand::End => self.push(Lexeme::End(environment_name(raw.text)), whole),
            RawCommand::SkipTwo => return self.raw(call, raw.end).map_or(raw.end, |second| second.end),
            RawCommand::Skip => {}
        }
        raw.end
    }

    /// The argument of a command after `from`; a problem where there is none.
    pub(super) fn raw<'t>(&mut self, call: Call<'t>, from: usize) -> Option<Raw<'t>> {
        let text = call.text;
        let start = after_space(text, from);
        let Some(c) = text[start..].chars().next().filter(|c| !matches!(c, '}' | '&' | '$')) else {
            let message = format!("`{}` has no argument", call.name);
            let hint = format!("write `{}{{…}}`", call.name);
            self.problems.push(Diagnostic::error("missing-argument", call.span(), message).with_hint(hint));
            return None;
        };
        if c == '{' {
            let Some(close) = closing_brace(text, start) else {
                self.problems.push(unclosed_brace(call.place.span(start, start + 1)));
                return Some(Raw { text: &text[start + 1..], start: start + 1, end: text.len() });
            };
            return Some(Raw { text: &text[start + 1..close], start: start + 1, end: close + 1 });
        }
        let end = if c == '\\' { command_end(text, start) } else { start + c.len_utf8() };
        Some(Raw { text: &text[start..end], start, end })
    }

    /// Skips the position and the columns after the name of an environment.
    fn columns(&mut self, raw: Raw<'_>, call: Call<'_>) -> usize {
        let mut at = raw.end;
        if let Some(position @ ("t" | "c" | "b" | "l" | "r")) = bracketed(&call.text[at..]) {
            at += position.len() + 2;
        }
        if WITH_COLUMNS.contains(&environment_name(raw.text).as_str()) {
            return self.raw(call, at).map_or(at, |columns| columns.end);
        }
        at
    }

    /// `\left`, `\right` and `\middle` with the fence after them.
    pub(super) fn sized(&mut self, sized: Sized, call: Call<'_>) -> usize {
        let start = after_space(call.text, call.end);
        let end = match call.text[start..].chars().next() {
            Some('\\') => command_end(call.text, start),
            Some(c) => start + c.len_utf8(),
            None => start,
        };
        let Some(fence) = fence(&call.text[start..end]) else {
            let message = format!("`{}` has no fence after it", call.name);
            let hint = format!("write `{0}(`, or `{0}.` for none", call.name);
            self.problems.push(Diagnostic::error("missing-argument", call.span(), message).with_hint(hint));
            return call.end;
        };
        let lexeme = match sized {
            Sized::Left => Lexeme::Left(fence),
            Sized::Right => Lexeme::Right(fence),
            Sized::Middle if matches!(fence, "|" | r"\|") => Lexeme::Mid,
            Sized::Middle => return call.end,
        };
        self.push(lexeme, call.span_to(end));
        end
    }

    fn operator_name(&mut self, raw: &str, span: Span) {
        let name: String = plain_words(raw).chars().filter(|c| !c.is_whitespace()).collect();
        if name.chars().count() == 1 {
            self.word(&name, Font::Roman, span);
        } else if !name.is_empty() {
            self.push(Lexeme::Name(name), span);
        }
    }

    /// Text, with formulas between dollars in it.
    fn words(&mut self, raw: Raw<'_>, font: Font, span: Span, place: Place) {
        let mut at = raw.start;
        for (part_idx, part) in raw.text.split('$').enumerate() {
            if part_idx % 2 == 1 {
                self.read(part, shifted(place, at));
            } else {
                let part_span = if part.len() == raw.text.len() { span } else { place.span(at, at + part.len()) };
                self.word(&plain_words(part), font, part_span);
            }
            at += part.len() + 1;
        }
    }

    /// Pushes what a piece of text is: a letter, a number, a sign of punctuation, a word or several.
    fn word(&mut self, words: &str, font: Font, span: Span) {
        let trimmed = words.trim();
        let mut chars = trimmed.chars();
        match (chars.next(), chars.next()) {
            (None, _) => self.widen(Gap::Thin),
            (Some(','), None) => self.push(Lexeme::Comma, span),
            (Some(';'), None) => self.push(Lexeme::Semicolon, span),
            (Some('.'), None) => self.push(Lexeme::Point, span),
            (Some(c), None) if c.is_alphabetic() => {
                let name = font.command().map_or(c.to_string(), |command| format!("{command}{{{c}}}"));
                self.push(Lexeme::Letter(name), span);
            }
            _ if trimmed.bytes().all(|b| b.is_ascii_digit()) => {
                trimmed.chars().for_each(|c| self.push(Lexeme::Digit(c), span));
            }
            _ if is_word(words) => self.push(Lexeme::Word(words.to_string()), span),
            _ => self.push(Lexeme::Text(words.to_string()), span),
        }
    }
}

/// The environments that take columns, or their number, as an argument.
const WITH_COLUMNS: [&str; 6] = ["array", "tabular", "subarray", "alignat", "alignedat", "xalignat"];

fn environment_name(text: &str) -> String {
    text.trim().trim_end_matches('*').to_string()
}

fn after_space(text: &str, at: usize) -> usize {
    text.len() - text[at..].trim_start().len()
}

/// Where a length without braces ends, after `\kern` and its kin.
fn length_end(text: &str, at: usize) -> Option<usize> {
    let rest = text[at..].trim_start();
    let number = rest.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-'));
    let unit = number.trim_start();
    let is_length = number.len() < rest.len() && unit.bytes().take(2).filter(u8::is_ascii_lowercase).count() == 2;
    is_length.then(|| text.len() - unit.len() + 2)
}

fn shifted(place: Place, by: usize) -> Place {
    match place {
        Place::At(offset) => Place::At(offset + by),
        Place::Call(span) => Place::Call(span),
    }
}

/// Whether a text is one name: a letter, then letters, digits and hyphens.
fn is_word(text: &str) -> bool {
    text.starts_with(char::is_alphabetic) && text.chars().all(|c| c.is_alphanumeric() || c == '-')
}

/// Text without the commands in it: spaces as spaces, fonts and braces gone.
fn plain_words(text: &str) -> String {
    let mut words = String::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let end = if c == '\\' { command_end(text, at) } else { at + c.len_utf8() };
        match &text[at..end] {
            r"\ " | r"\," | r"\;" | r"\:" | r"\\" | r"\quad" | "~" => words.push(' '),
            r"\_" | r"\%" | r"\&" | r"\#" | r"\$" => words.push_str(&text[at + 1..end]),
            part if c == '\\' || part == "{" || part == "}" => {}
            part => words.push_str(part),
        }
        at = end;
    }
    words
}

/// The canonical name of a fence.
fn fence(written: &str) -> Option<&'static str> {
    let known = ["(", ")", "[", "]", "|", ".", "/"];
    match written {
        "<" => Some(r"\langle"),
        ">" => Some(r"\rangle"),
        r"\mid" => Some("|"),
        _ => known.into_iter().find(|fence| *fence == written).or_else(|| match command(written) {
            Some((_, Meaning::Open(fence) | Meaning::Close(fence) | Meaning::Bar(fence))) => Some(fence),
            _ => None,
        }),
    }
}

/// The brace that closes the one at `start`; braces after a backslash do not count.
pub(super) fn closing_brace(text: &str, start: usize) -> Option<usize> {
    let mut level = 0_usize;
    let mut escaped = false;
    for (at, b) in text.bytes().enumerate().skip(start) {
        match b {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'{' => level += 1,
            b'}' if level == 1 => return Some(at),
            b'}' => level -= 1,
            _ => {}
        }
    }
    None
}

/// The problem of a brace without its partner.
pub(super) fn unclosed_brace(span: Span) -> Diagnostic {
    Diagnostic::error("unbalanced-brace", span, "this `{` is not closed").with_hint("write `}` where the group ends")
}

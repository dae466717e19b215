//! Commands that take their argument as raw text: words, environments, colours, and fences after `\left`.

use crate::source::Diagnostic;
use crate::source::Span;

use super::commands::Font;
use super::commands::Meaning;
use super::commands::command;
use super::token::Gap;
use super::token::Lexeme;
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
    /// Reads the argument of `name`, which ended at `end`, and does what the command says.
    pub(super) fn with_argument(
        &mut self,
        name: &'static str,
        meaning: Meaning,
        text: &str,
        end: usize,
        span: Span,
        place: Place,
    ) -> usize {
        match meaning {
            Meaning::Left | Meaning::Right | Meaning::Middle => return self.sized(name, meaning, text, end, place),
            Meaning::NewCommand | Meaning::Def | Meaning::Let | Meaning::DeclareOperator => {
                return self.define(meaning, text, end, span, place);
            }
            _ => {}
        }
        if let Some(after) = length_end(meaning, text, end) {
            return after;
        }
        let starred = text[end..].trim_start().starts_with('*') && takes_star(meaning);
        let from = if starred { end + text[end..].find('*').map_or(0, |at| at + 1) } else { end };
        let Some(raw) = self.raw(name, text, from, span, place) else { return from };
        let whole = place.span(end - name.len(), raw.end).to(span);
        match meaning {
            Meaning::Text(font) => self.words(raw, font, whole, place),
            Meaning::OperatorName => self.operator_name(raw.text, whole),
            Meaning::WideBy => self.push(Lexeme::Quad, whole),
            Meaning::Intertext => self.push(Lexeme::Row, whole),
            Meaning::Begin => {
                self.push(Lexeme::Begin(raw.text.trim().trim_end_matches('*').to_string()), whole);
                return self.columns(raw, text, whole, place);
            }
            Meaning::End => self.push(Lexeme::End(raw.text.trim().trim_end_matches('*').to_string()), whole),
            Meaning::SkipTwo => return self.raw(name, text, raw.end, span, place).map_or(raw.end, |second| second.end),
            _ => {}
        }
        raw.end
    }

    /// The argument after `from`; a problem where there is none.
    pub(super) fn raw<'t>(
        &mut self,
        name: &str,
        text: &'t str,
        from: usize,
        span: Span,
        place: Place,
    ) -> Option<Raw<'t>> {
        let start = from + (text[from..].len() - text[from..].trim_start().len());
        let Some(c) = text[start..].chars().next().filter(|c| !matches!(c, '}' | '&' | '$')) else {
            let message = format!("`{name}` has no argument");
            let hint = format!("write `{name}{{…}}`");
            self.problems.push(Diagnostic::error("missing-argument", span, message).with_hint(hint));
            return None;
        };
        if c == '{' {
            let Some(close) = closing_brace(text, start) else {
                self.problems.push(unclosed_brace(place.span(start, start + 1)));
                return Some(Raw { text: &text[start + 1..], start: start + 1, end: text.len() });
            };
            return Some(Raw { text: &text[start + 1..close], start: start + 1, end: close + 1 });
        }
        let end = if c == '\\' { command_end(text, start) } else { start + c.len_utf8() };
        Some(Raw { text: &text[start..end], start, end })
    }

    /// Skips the position and the columns after the name of an environment.
    fn columns(&mut self, raw: Raw<'_>, text: &str, span: Span, place: Place) -> usize {
        let mut at = raw.end;
        if let Some(position @ ("t" | "c" | "b" | "l" | "r")) = bracketed(&text[at..]) {
            at += position.len() + 2;
        }
        let name = raw.text.trim().trim_end_matches('*');
        if matches!(name, "array" | "tabular" | "subarray" | "alignat" | "alignedat" | "xalignat") {
            return self.raw(r"\begin", text, at, span, place).map_or(at, |columns| columns.end);
        }
        at
    }

    /// `\left`, `\right` and `\middle` with the fence after them.
    fn sized(&mut self, name: &str, meaning: Meaning, text: &str, end: usize, place: Place) -> usize {
        let start = end + (text[end..].len() - text[end..].trim_start().len());
        let fence_end = match text[start..].chars().next() {
            Some('\\') => command_end(text, start),
            Some(c) => start + c.len_utf8(),
            None => start,
        };
        let whole = place.span(end - name.len(), fence_end);
        let Some(fence) = fence(&text[start..fence_end]) else {
            let problem = Diagnostic::error(
                "missing-argument",
                place.span(end - name.len(), end),
                format!("`{name}` has no fence after it"),
            );
            self.problems.push(problem.with_hint(format!("write `{name}(`, or `{name}.` for none")));
            return end;
        };
        self.push(
            match meaning {
                Meaning::Left => Lexeme::Left(fence),
                Meaning::Right => Lexeme::Right(fence),
                _ if fence == "|" || fence == r"\|" => Lexeme::Mid,
                _ => return end,
            },
            whole,
        );
        fence_end
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

/// Where a length without braces ends, after `\kern` and its kin.
fn length_end(meaning: Meaning, text: &str, at: usize) -> Option<usize> {
    if !matches!(meaning, Meaning::WideBy | Meaning::SkipArgument) {
        return None;
    }
    let rest = text[at..].trim_start();
    let number = rest.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-'));
    let unit = number.trim_start();
    let is_length = number.len() < rest.len() && unit.bytes().take(2).filter(u8::is_ascii_lowercase).count() == 2;
    is_length.then(|| text.len() - unit.len() + 2)
}

fn takes_star(meaning: Meaning) -> bool {
    matches!(meaning, Meaning::OperatorName | Meaning::SkipStarred | Meaning::WideBy | Meaning::SkipArgument)
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
    let ascii = ["(", ")", "[", "]", "|", ".", "/"];
    if let Some(fence) = ascii.iter().find(|fence| **fence == written) {
        return Some(fence);
    }
    match written {
        "<" => return Some(r"\langle"),
        ">" => return Some(r"\rangle"),
        _ => {}
    }
    match command(written)?.1 {
        Meaning::Open(fence) | Meaning::Close(fence) | Meaning::Bar(fence) => Some(fence),
        Meaning::Mid => Some("|"),
        _ => None,
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

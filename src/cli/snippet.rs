//! A diagnostic with the lines of the file that it speaks of.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Element, Level, Origin, Renderer, Snippet};

use crate::cli::console::Colours;
use crate::source::{Diagnostic, Severity, Source, Span};

/// The length in bytes above which lines are not handed on whole.
const LONG: usize = 4000;

/// How much of a long line is shown on either side of the problem, in bytes.
const WINDOW: usize = 100;

/// How many lines of a long problem are shown.
const N_LINES: usize = 5;

/// The diagnostic as text, in the look of the Rust compiler, with an empty line after it.
pub(super) fn render(source: &Source, problem: &Diagnostic, colours: Colours) -> String {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let lines = lines_of(source, problem.span);
    let place = place_elements(source, problem.span, lines.as_ref());
    let hint = problem.hint.as_ref().map(|hint| Element::from(Level::HELP.message(hint)));
    let group = level.primary_title(&problem.message).id(problem.code).elements(place).elements(hint);
    let renderer = match colours {
        Colours::On => Renderer::styled(),
        Colours::Off => Renderer::plain(),
    };
    format!("{}\n\n", renderer.decor_style(DecorStyle::Ascii).render(&[group]))
}

/// The lines that a problem touches, or the part of them that is shown.
struct Lines<'a> {
    text: &'a str,
    first: usize,
    marked: Range<usize>,
    is_cut: bool,
}

fn place_elements<'a>(source: &'a Source, span: Span, lines: Option<&Lines<'a>>) -> Vec<Element<'a>> {
    let Some(lines) = lines else {
        return if source.path.is_empty() { Vec::new() } else { vec![Origin::path(&source.path).into()] };
    };
    let annotation = AnnotationKind::Primary.span(lines.marked.clone());
    let snippet = Snippet::source(lines.text).line_start(lines.first).annotation(annotation);
    if !lines.is_cut {
        return vec![snippet.path(&source.path).into()];
    }
    let place = source.place(span.start);
    vec![Origin::path(&source.path).line(place.line).char_column(place.column).into(), snippet.into()]
}

fn lines_of(source: &Source, span: Span) -> Option<Lines<'_>> {
    let text = source.text.as_str();
    if text.is_empty() {
        return None;
    }
    let start = floor(text, span.start);
    let end = floor(text, span.end).max(start);
    let last = text[start..end].match_indices('\n').nth(N_LINES - 1).map_or(end, |(at, _)| start + at);
    let from = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let to = text[last..].find('\n').map_or(text.len(), |at| last + at);
    let first = source.place(start).line;
    if to - from <= LONG {
        return Some(Lines { text: &text[from..to], first, marked: start - from..last - from, is_cut: false });
    }
    let last = floor(text, last.min(start + WINDOW)).max(start);
    let from = floor(text, start.saturating_sub(WINDOW)).max(from);
    let to = floor(text, last + WINDOW).min(to);
    Some(Lines { text: &text[from..to], first, marked: start - from..last - from, is_cut: true })
}

/// The nearest boundary between characters at or before this byte.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

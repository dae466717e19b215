//! Relations as they are written: their text and their places.

use crate::source::{LineColumn, Source, Span};
use crate::syntax::ast::{Formula, Kind, Node};

/// A relation as the author wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Where it begins: the left side of the first relation of a chain, the sign of every other one.
    pub place: LineColumn,
    /// Its LaTeX, without alignment signs and line breaks of the environment.
    pub latex: String,
}

/// The relations of a formula, one for each neighbouring pair of a chain.
///
/// `latex` stands at the byte `offset` of the file; marks of quotes and lists around it are blank.
pub fn relations_as_written(source: &Source, latex: &str, offset: usize, formula: &Formula) -> Vec<Written> {
    let text = |span: Span| latex.get(span.start.wrapping_sub(offset)..span.end.wrapping_sub(offset)).unwrap_or("");
    let whole =
        || vec![Written { place: source.place(formula.span.start), latex: text(formula.body.span).trim().to_owned() }];
    let Kind::Chain { first, rest } = &bare(&formula.body).kind else { return whole() };
    let mut relations = Vec::new();
    let mut left: &Node = first;
    for (_, right) in rest {
        let between = Span::new(left.span.end, right.span.start);
        let rest = without_layout(text(between));
        let sign = without_layout_behind(rest);
        let is_plain = text(between).trim() == sign;
        let latex = match is_plain {
            true => text(left.span.to(right.span)).trim().to_owned(),
            false => format!("{} {sign} {}", text(left.span).trim(), text(right.span).trim()),
        };
        let sign_start = between.start + text(between).len() - rest.len();
        let start = if relations.is_empty() { formula.span.start } else { sign_start };
        relations.push(Written { place: source.place(start), latex });
        left = right;
    }
    relations
}

/// What follows white space, alignment signs, braces and line breaks, `\\\\` with its optional space included.
fn without_layout(text: &str) -> &str {
    let mut rest = without_remark(text.trim_start_matches(is_layout));
    while let Some(after) = rest.strip_prefix(r"\\") {
        rest = without_remark(after.trim_start_matches(is_layout));
        if let Some((_, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            rest = after.trim_start_matches(is_layout);
        }
    }
    rest
}

/// What follows a remark at the end of a row: `\text{by symmetry} \\\\ &= …`.
fn without_remark(text: &str) -> &str {
    let Some(words) = text.strip_prefix(r"\text{") else { return text };
    let mut depth = 1;
    let end = words.char_indices().find(|&(_, c)| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        depth == 0
    });
    end.map_or(text, |(at, _)| words[at + 1..].trim_start_matches(is_layout))
}

/// What stands before white space, alignment signs and braces that nothing there opens: `\stackrel{!}{=}` is whole.
fn without_layout_behind(text: &str) -> &str {
    let mut rest = text;
    while let Some(last) = rest.chars().next_back().filter(|&last| is_layout(last)) {
        let n_of = |brace: char| rest.matches(brace).count();
        if last == '}' && n_of('}') <= n_of('{') {
            break;
        }
        rest = &rest[..rest.len() - last.len_utf8()];
    }
    rest
}

/// White space, alignment signs, and braces that only group.
fn is_layout(c: char) -> bool {
    c.is_whitespace() || matches!(c, '&' | '{' | '}')
}

/// Braces that only group are looked through.
fn bare(node: &Node) -> &Node {
    match &node.kind {
        Kind::Group(inner) => bare(inner),
        _ => node,
    }
}

/// The relations of a formula, each with the conditions of the formula.
pub(super) fn with_conditions(source: &Source, latex: &str, offset: usize, formula: &Formula) -> Vec<String> {
    let text = |start: usize, end: usize| latex.get(start.wrapping_sub(offset)..end.wrapping_sub(offset)).unwrap_or("");
    let head = without_rows(text(formula.span.start, formula.body.span.start));
    let tail = without_rows(text(formula.body.span.end, formula.span.end));
    let relations = relations_as_written(source, latex, offset, formula);
    relations.into_iter().map(|written| format!("{head} {} {tail}", written.latex).trim().to_owned()).collect()
}

/// Conditions without the signs that align them.
fn without_rows(text: &str) -> String {
    text.replace(r"\\", " ").replace('&', " ")
}

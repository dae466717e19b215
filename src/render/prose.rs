//! Prose of a derivation: links to formulas get their numbers, and drawings are asked for in comments.
//!
//! A comment `<!-- figure: NAME WORDS | caption -->` or `<!-- table: NAME WORDS | caption -->` that stands by itself
//! asks for a drawing or a table at its place. Other viewers of Markdown show nothing there.

use std::ops::Range;

use pulldown_cmark::Event;
use pulldown_cmark::Parser;
use pulldown_cmark::Tag;
use pulldown_cmark::TagEnd;

use crate::render::prose_latex::markdown_options;
use crate::source::Span;

/// A stretch of prose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Markdown with its links resolved.
    Markdown(String),
    /// A drawing or a table that is asked for.
    Directive(Directive),
}

/// What a comment asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Directive {
    /// A drawing or a table.
    pub kind: DirectiveKind,
    /// What is to be shown: a name first, then what it needs.
    pub words: Vec<String>,
    /// What stands below it, Markdown.
    pub caption: Option<String>,
    /// The comment.
    pub span: Span,
}

/// Whether a drawing or a table is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DirectiveKind {
    /// `figure:`
    Figure,
    /// `table:`
    Table,
}

/// The pieces of `text`, which stands at the byte `offset` of its file. `link` says what a link becomes: its text as
/// written, its address, and its place; where it says nothing, the link stays.
pub(super) fn pieces(
    text: &str,
    offset: usize,
    mut link: impl FnMut(&str, &str, Span) -> Option<String>,
) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut markdown = String::new();
    let mut at = 0;
    for (range, what) in places(text) {
        let span = Span::new(offset + range.start, offset + range.end);
        match what {
            Place::Link(address) => {
                let Some(text_instead) = link(&text[range.clone()], &address, span) else { continue };
                markdown.push_str(&text[at..range.start]);
                markdown.push_str(&text_instead);
            }
            Place::Directive(kind, inside) => {
                markdown.push_str(&text[at..range.start]);
                push_markdown(&mut pieces, &mut markdown);
                pieces.push(Piece::Directive(directive(kind, &inside, span)));
            }
        }
        at = range.end;
    }
    markdown.push_str(&text[at..]);
    push_markdown(&mut pieces, &mut markdown);
    pieces
}

/// The first heading of the text, if the text begins with one of the first level: what it says, and the bytes it takes.
pub(super) fn first_heading(text: &str) -> Option<(String, usize)> {
    let trimmed = text.trim_start();
    let line = trimmed.lines().next()?;
    let title = line.strip_prefix("# ")?.trim().trim_end_matches('#').trim_end();
    (!title.is_empty()).then(|| (title.to_owned(), text.len() - trimmed.len() + line.len()))
}

/// The anchors of the headings in the text, as the book makes them.
pub(super) fn headings(text: &str) -> Vec<String> {
    let mut anchors = Vec::new();
    let mut open: Option<String> = None;
    for event in Parser::new_ext(text, markdown_options()) {
        match event {
            Event::Start(Tag::Heading { .. }) => open = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => anchors.extend(open.take().map(|words| anchor(&words))),
            Event::Text(words) | Event::Code(words) | Event::InlineMath(words) => {
                if let Some(heading) = &mut open {
                    heading.push_str(&words);
                }
            }
            _ => {}
        }
    }
    anchors
}

fn anchor(heading: &str) -> String {
    let kept = heading.trim().chars().filter_map(|c| match c {
        c if c.is_alphanumeric() || c == '_' || c == '-' => Some(c.to_ascii_lowercase()),
        c if c.is_whitespace() => Some('-'),
        _ => None,
    });
    kept.collect()
}

enum Place {
    Link(String),
    Directive(DirectiveKind, String),
}

/// Links and directives in order.
fn places(text: &str) -> Vec<(Range<usize>, Place)> {
    let mut places: Vec<(Range<usize>, Place)> = Vec::new();
    for (event, range) in Parser::new_ext(text, markdown_options()).into_offset_iter() {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => places.push((range, Place::Link(dest_url.to_string()))),
            Event::Start(Tag::HtmlBlock) => {
                let Some((end, kind, inside)) = comment(&text[range.clone()]) else { continue };
                places.push((range.start..range.start + end, Place::Directive(kind, inside)));
            }
            _ => {}
        }
    }
    places
}

/// A directive at the beginning of an HTML block: where it ends, what it asks for, and its words.
fn comment(html: &str) -> Option<(usize, DirectiveKind, String)> {
    let end = html.find("-->")?;
    let inside = html[..end].trim_start().strip_prefix("<!--")?.trim();
    let (kind, words) = inside.split_once(':')?;
    let kind = match kind.trim() {
        "figure" => DirectiveKind::Figure,
        "table" => DirectiveKind::Table,
        _ => return None,
    };
    Some((end + "-->".len(), kind, words.trim().to_owned()))
}

fn directive(kind: DirectiveKind, inside: &str, span: Span) -> Directive {
    let (words, caption) = inside.split_once('|').map_or((inside, None), |(words, caption)| (words, Some(caption)));
    let caption = caption.map(|caption| caption.split_whitespace().collect::<Vec<_>>().join(" "));
    Directive {
        kind,
        words: words.split_whitespace().map(str::to_owned).collect(),
        caption: caption.filter(|caption| !caption.is_empty()),
        span,
    }
}

fn push_markdown(pieces: &mut Vec<Piece>, markdown: &mut String) {
    let text = std::mem::take(markdown);
    let text = text.trim_start_matches(['\n', '\r']).trim_end();
    if !text.trim().is_empty() {
        pieces.push(Piece::Markdown(text.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_replaced_where_they_stand() {
        let text = "see [eq](#a), [](b.md#c) and [that](d.md), not `[eq](#x)`";
        let found = pieces(text, 0, |raw, address, _| raw.starts_with("[that").then(|| address.to_owned()));
        assert_eq!(found, [Piece::Markdown("see [eq](#a), [](b.md#c) and d.md, not `[eq](#x)`".into())]);
    }

    #[test]
    fn the_first_heading() {
        assert_eq!(first_heading("\n# A *b*\n\ntext"), Some(("A *b*".into(), 8)));
        assert_eq!(first_heading("text\n# A"), None);
        assert_eq!(
            headings("# No influence from the future\n\n## $T$ steps?"),
            ["no-influence-from-the-future", "t-steps"]
        );
    }
}

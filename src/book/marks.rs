//! What in a chapter's Markdown is not Markdown: formulas, drawings, and cards that want a link to themselves.
//!
//! [`find`] tells where they stand; [`replace`] puts something else in their places without disturbing what stands
//! around them.

use crate::render::prose_latex::markdown_options;
use pulldown_cmark::CodeBlockKind;
use pulldown_cmark::Event;
use pulldown_cmark::Parser;
use pulldown_cmark::Tag;
use pulldown_cmark::TagEnd;
use std::ops::Range;

/// One place in a chapter's Markdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Its bytes.
    pub range: Range<usize>,
    /// What stands there.
    pub what: What,
}

/// What stands at a [`Place`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    /// A formula in a line: `$…$`.
    Inline(String),
    /// A formula by itself within a paragraph: `$$…$$`.
    Display(String),
    /// A `math` fence.
    Fence(String),
    /// A picture: its address and its description.
    Picture { url: String, alt: String },
    /// The end of the start tag of a card with this anchor, and the number of its formula.
    Card { anchor: String, number: Option<String> },
}

/// Every place in `markdown`, in order, none within another.
pub(super) fn find(markdown: &str) -> Vec<Place> {
    let mut places = Vec::new();
    let mut fence: Option<(Range<usize>, String)> = None;
    let mut picture: Option<(Range<usize>, String, String)> = None;
    for (event, range) in Parser::new_ext(markdown, markdown_options()).into_offset_iter() {
        match event {
            Event::InlineMath(latex) | Event::DisplayMath(latex) | Event::Code(latex) | Event::Text(latex)
                if picture.is_some() =>
            {
                if let Some((_, _, alt)) = &mut picture {
                    alt.push_str(&latex);
                }
            }
            Event::InlineMath(latex) => places.push(Place { range, what: What::Inline(latex.to_string()) }),
            Event::DisplayMath(latex) => places.push(Place { range, what: What::Display(latex.to_string()) }),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info)))
                if info.split_whitespace().next() == Some("math") =>
            {
                fence = Some((range, String::new()));
            }
            Event::Text(text) => {
                if let Some((_, body)) = &mut fence {
                    body.push_str(&text);
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                if let Some((range, body)) = fence.take() {
                    places.push(Place { range, what: What::Fence(body) });
                }
            }
            Event::Start(Tag::Image { dest_url, .. }) => picture = Some((range, dest_url.to_string(), String::new())),
            Event::End(TagEnd::Image) => {
                if let Some((range, url, alt)) = picture.take() {
                    places.push(Place { range, what: What::Picture { url, alt } });
                }
            }
            Event::Html(html) => {
                if let Some((end, what)) = card(&html) {
                    let at = range.start + end;
                    places.push(Place { range: at..at, what });
                }
            }
            _ => {}
        }
    }
    places
}

/// `markdown` with each place's text replaced. Where the text is none, the place stays as it is. A fence becomes a
/// block of HTML, so its text must be one line.
pub(super) fn replace(
    markdown: &str,
    places: &[Place],
    mut text: impl FnMut(usize, &What) -> Option<String>,
) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut at = 0;
    for (idx, place) in places.iter().enumerate() {
        let Some(text) = text(idx, &place.what) else { continue };
        out.push_str(&markdown[at..place.range.start]);
        out.push_str(&text);
        at = place.range.end;
        if matches!(place.what, What::Fence(_)) {
            // A block of HTML ends at a blank line; within a quotation that line still wants its mark.
            let ended = markdown[..at].ends_with('\n');
            let prefix = continuation(markdown, place.range.start);
            out.push_str(&format!("\n{}", prefix.trim_end()));
            if ended {
                out.push_str(&format!("\n{prefix}"));
            }
        }
    }
    out.push_str(&markdown[at..]);
    out
}

/// What the lines after the one at `start` begin with to stay in the same list item or quotation.
fn continuation(markdown: &str, start: usize) -> String {
    let line = markdown[..start].rfind('\n').map_or(0, |at| at + 1);
    markdown[line..start].chars().map(|c| if c == '>' { '>' } else { ' ' }).collect()
}

/// Where the start tag of a card ends in a line of HTML, and what it says of the card.
fn card(html: &str) -> Option<(usize, What)> {
    const CARDS: [&str; 5] = ["claim", "derivation", "define", "display", "given"];
    let class = html.strip_prefix("<div class=\"")?;
    let (classes, rest) = class.split_once('"')?;
    if !classes.split(' ').any(|class| CARDS.contains(&class)) {
        return None;
    }
    let anchor = rest.strip_prefix(" id=\"")?.split('"').next()?;
    let end = html.find('>')? + 1;
    let number = html[..end].split_once(" data-number=\"").and_then(|(_, rest)| rest.split('"').next());
    Some((end, What::Card { anchor: anchor.to_string(), number: number.map(str::to_string) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(markdown: &str, expected: &str) {
        let places = find(markdown);
        let replaced = replace(markdown, &places, |_, what| {
            Some(match what {
                What::Inline(latex) => format!("I({latex})"),
                What::Display(latex) => format!("D({})", latex.trim()),
                What::Fence(latex) => format!("<F {}>", latex.trim()),
                What::Picture { url, alt } => format!("P({url}|{alt})"),
                What::Card { anchor, .. } => format!("<a {anchor}>"),
            })
        });
        assert_eq!(replaced, expected);
    }

    #[test]
    fn a_formula_in_a_line() {
        check("a $x_1$ b `$y$` *$z$*", "a I(x_1) b `$y$` *I(z)*");
    }

    #[test]
    fn a_fence_becomes_a_block() {
        check("a\n```math claim #x\nb\n```\nc", "a\n<F b>\n\nc");
        check("```rust\n$x$\n```\n", "```rust\n$x$\n```\n");
    }

    #[test]
    fn a_fence_stays_in_its_list_and_quotation() {
        check("1. a\n\n   ```math\n   b\n   ```\n   c\n", "1. a\n\n   <F b>\n\n   c\n");
        check("> ```math\n> b\n> ```\n> c\n", "> <F b>\n>\n> c\n");
    }

    #[test]
    fn a_picture_and_a_card() {
        check("![a *b* $c$](d.svg)", "P(d.svg|a b c)");
        check("<div class=\"claim proved\" id=\"x\">\n\n$y$", "<div class=\"claim proved\" id=\"x\"><a x>\n\nI(y)");
    }
}

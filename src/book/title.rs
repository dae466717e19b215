use crate::render::prose_latex::markdown_options;
use pulldown_cmark::Event;
use pulldown_cmark::Parser;

/// A title as plain text, for the places where no markup can stand: a formula keeps its LaTeX without the dollars.
pub(super) fn plain(markdown: &str) -> String {
    let mut text = String::new();
    for event in Parser::new_ext(markdown, markdown_options()) {
        match event {
            Event::Text(part) | Event::Code(part) | Event::InlineMath(part) | Event::DisplayMath(part) => {
                text.push_str(&part);
            }
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            _ => {}
        }
    }
    text
}

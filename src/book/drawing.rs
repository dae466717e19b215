//! A drawing inside a page, so that it takes the page's colours and needs no second file.

use crate::book::html;
use crate::book::html::Piece;

/// `svg` as it may stand within a paragraph of HTML: without its prologue and namespaces, its ids made the page's own
/// by `prefix`, and with `description` for those who do not see it. None if there is no `svg` element in it.
pub(super) fn inline(svg: &str, prefix: &str, description: &str) -> Option<String> {
    let start = svg.find("<svg")?;
    let end = svg.rfind("</svg>")? + "</svg>".len();
    let svg = svg.get(start..end)?;
    let mut out = String::with_capacity(svg.len());
    let mut outermost = true;
    for piece in html::pieces(svg) {
        match piece {
            Piece::Other(text) if text.starts_with("<!--") => {}
            Piece::Other(text) => out.push_str(text),
            Piece::Start(mut tag) => {
                let values: Vec<_> = tag
                    .attributes
                    .iter()
                    .map(|&(name, value)| value.map(|value| own_ids(name, value, prefix)))
                    .collect();
                for (attribute, value) in tag.attributes.iter_mut().zip(&values) {
                    attribute.1 = value.as_deref();
                }
                tag.attributes.retain(|(name, _)| !(name.starts_with("xmlns") || name.starts_with("on")));
                let label = html::escape(description);
                if outermost {
                    tag.attributes.retain(|(name, _)| !matches!(*name, "role" | "aria-label"));
                    tag.attributes.extend([("role", Some("img")), ("aria-label", Some(label.as_str()))]);
                    outermost = false;
                }
                html::push_tag(&mut out, &tag);
            }
        }
    }
    Some(out)
}

/// An attribute's value with the ids in it made the page's own.
fn own_ids(name: &str, value: &str, prefix: &str) -> String {
    match name {
        "id" => format!("{prefix}-{value}"),
        "href" | "xlink:href" if value.starts_with('#') => format!("#{prefix}-{}", &value[1..]),
        "aria-labelledby" | "aria-describedby" => {
            value.split_whitespace().map(|id| format!("{prefix}-{id}")).collect::<Vec<_>>().join(" ")
        }
        _ => value.replace("url(#", &format!("url(#{prefix}-")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_their_uses_change_together() {
        let svg = "<?xml version=\"1.0\"?>\n<svg xmlns=\"u\" id=\"a\"><g id=\"b\" fill=\"url(#b)\"/><use href=\"#b\"/></svg>\n";
        let expected = "<svg id=\"p-a\" role=\"img\" aria-label=\"d\"><g id=\"p-b\" fill=\"url(#p-b)\"/><use href=\"#p-b\"/></svg>";
        assert_eq!(inline(svg, "p", "d").unwrap(), expected);
    }
}

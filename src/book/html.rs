//! HTML as a run of tags: enough to put attributes in order and to find links.

/// A start tag, as it stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// Its name as written.
    pub name: &'a str,
    /// Names and values as written; the value is none for an attribute that only stands there.
    pub attributes: Vec<(&'a str, Option<&'a str>)>,
    /// Whether it ends in `/>`.
    pub self_closing: bool,
}

impl<'a> Tag<'a> {
    /// The value of an attribute as written; empty where there is none.
    pub fn raw(&self, name: &str) -> &'a str {
        self.attributes.iter().find(|(known, _)| *known == name).and_then(|(_, value)| *value).unwrap_or_default()
    }

    /// The value of an attribute, entities resolved.
    pub fn attribute(&self, name: &str) -> Option<String> {
        let found = self.attributes.iter().find(|(known, _)| *known == name)?;
        Some(unescape(found.1.unwrap_or_default()))
    }
}

/// A piece of HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// A start tag.
    Start(Tag<'a>),
    /// Anything else as it stands, each for itself: a text, an end tag, a comment, the inside of a script or style.
    Other(&'a str),
}

/// The pieces of `html` in order; together they are all of it.
pub(super) fn pieces(html: &str) -> Pieces<'_> {
    Pieces { rest: html, raw: None }
}

/// An iterator over [`Piece`]s.
pub(super) struct Pieces<'a> {
    rest: &'a str,
    /// Within an element whose content is not markup, its end tag.
    raw: Option<&'static str>,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        if let Some(end) = self.raw.take() {
            let at = self.rest.find(end).unwrap_or(self.rest.len());
            if at > 0 {
                return Some(self.other(at));
            }
        }
        if self.rest.starts_with("<!--") {
            return Some(self.other(self.rest.find("-->").map_or(self.rest.len(), |at| at + 3)));
        }
        if self.rest.starts_with("</") {
            return Some(self.other(self.rest.find('>').map_or(self.rest.len(), |at| at + 1)));
        }
        if let Some((tag, len)) = start_tag(self.rest) {
            self.raw = match tag.name {
                "script" => Some("</script"),
                "style" => Some("</style"),
                _ => None,
            };
            self.rest = &self.rest[len..];
            return Some(Piece::Start(tag));
        }
        let skip = usize::from(self.rest.starts_with('<'));
        let next = self.rest[skip..].find('<').map_or(self.rest.len(), |at| at + skip);
        Some(self.other(next))
    }
}

impl<'a> Pieces<'a> {
    fn other(&mut self, len: usize) -> Piece<'a> {
        let (piece, rest) = self.rest.split_at(len);
        self.rest = rest;
        Piece::Other(piece)
    }
}

/// The tag at the start of `html` and its length.
fn start_tag(html: &str) -> Option<(Tag<'_>, usize)> {
    let body = html.strip_prefix('<')?;
    if !body.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let name_len = body.find(|c: char| c == '>' || c == ' ' || c == '/' || c.is_whitespace()).unwrap_or(body.len());
    let mut tag = Tag { name: &body[..name_len], attributes: Vec::new(), self_closing: false };
    let mut rest = &body[name_len..];
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix("/>") {
            tag.self_closing = true;
            return Some((tag, html.len() - after.len()));
        }
        if let Some(after) = rest.strip_prefix('>') {
            return Some((tag, html.len() - after.len()));
        }
        if let Some(after) = rest.strip_prefix('/') {
            rest = after;
            continue;
        }
        let ends_name = |c: char| matches!(c, '=' | '>' | '/' | ' ') || c.is_whitespace();
        let name_len = rest.find(ends_name).unwrap_or(rest.len());
        if name_len == 0 {
            return None;
        }
        let (name, after) = rest.split_at(name_len);
        rest = after;
        let Some(after) = rest.trim_start().strip_prefix('=') else {
            tag.attributes.push((name, None));
            continue;
        };
        let after = after.trim_start();
        let (value, len) = match after.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let len = after[1..].find(quote)?;
                (&after[1..1 + len], len + 2)
            }
            Some(_) | None => {
                let len = after.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(after.len());
                (&after[..len], len)
            }
        };
        tag.attributes.push((name, Some(value)));
        rest = &after[len..];
    }
}

/// `html` with the attributes of each tag in the order of their names, and without namespace declarations, which
/// HTML does not need.
pub(super) fn normalize(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    for piece in pieces(html) {
        match piece {
            Piece::Other(text) => out.push_str(text),
            Piece::Start(mut tag) => {
                tag.attributes.retain(|(name, _)| !(*name == "xmlns" || name.starts_with("xmlns:")));
                tag.attributes.sort();
                push_tag(&mut out, &tag);
            }
        }
    }
    out
}

/// Writes `tag` as it stands.
pub(super) fn push_tag(out: &mut String, tag: &Tag<'_>) {
    out.push('<');
    out.push_str(tag.name);
    for (name, value) in &tag.attributes {
        out.push(' ');
        out.push_str(name);
        if let Some(value) = value {
            let quote = if value.contains('"') { '\'' } else { '"' };
            out.push('=');
            out.push(quote);
            out.push_str(value);
            out.push(quote);
        }
    }
    out.push_str(if tag.self_closing { "/>" } else { ">" });
}

/// Text as it may stand in an element or in a quoted attribute.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_string();
    }
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_the_whole_text() {
        let html = "<p a=1 b='x>y' c>1 < 2<!-- <b> --></p><script>if (a < b) { \"<i>\" }</script><br/>";
        let mut out = String::new();
        for piece in pieces(html) {
            match piece {
                Piece::Other(text) => out.push_str(text),
                Piece::Start(tag) => push_tag(&mut out, &tag),
            }
        }
        assert_eq!(out, html.replace("a=1", "a=\"1\"").replace("b='x>y'", "b=\"x>y\""));
    }

    #[test]
    fn attributes_come_in_order() {
        let html = r#"<span style="s" xmlns="u" class="c">x</span>"#;
        assert_eq!(normalize(html), r#"<span class="c" style="s">x</span>"#);
    }
}

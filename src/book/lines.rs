//! Where a displayed formula may be broken into lines.
//!
//! The typesetter cuts a formula behind every relation and operator, inside brackets as well. Here its pieces are put
//! together again, and cut so that a browser breaks what reads best first: before a condition, before a relation, before
//! `+` or `-`; then between the factors of a term; and within brackets only where a bracket is wider than the line. Each
//! later kind of break stands within a box of its own, which a browser breaks only when it is too wide for a line.

use crate::book::html;
use crate::book::html::Piece;
use crate::book::html::Tag;
use crate::book::width::widest_piece;

/// A term narrower than this, in em, is never broken.
const NARROW: f64 = 11.0;

/// A gap as wide as this, in em, stands before a condition.
const GAP: f64 = 0.95;

/// One atom of a formula, as it stands in its line.
#[derive(Clone, Copy)]
struct Atom<'a> {
    html: &'a str,
    kind: Kind,
    /// What keeps the line it stands in as high as it must be.
    strut: &'a str,
}

/// What an atom is for the breaking of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Open,
    Close,
    /// A bracket with all that is in it, or a fraction.
    Block,
    Fraction,
    Operator,
    Relation,
    Comma,
    /// A big operator, which belongs to what follows.
    Big,
    Space,
    /// The space before a condition.
    Gap,
    Letter,
}

/// A typeset formula with its pieces cut anew. What is not made of pieces stays as it is.
pub(super) fn cut(katex: &str) -> String {
    const OPEN: &str = "class=\"katex-html\">";
    let Some(start) = katex.find(OPEN).map(|at| at + OPEN.len()) else { return katex.to_owned() };
    let (bases, end) = children(&katex[start..]);
    let mut atoms = Vec::new();
    for (tag, base) in &bases {
        if tag.raw("class") != "katex-base" {
            return katex.to_owned();
        }
        atoms.extend(atoms_of(inside(base)));
    }
    if atoms.is_empty() {
        return katex.to_owned();
    }
    format!("{}{}{}", &katex[..start], joined(conditions_apart(&atoms)), &katex[start + end..])
}

/// The elements at the start of some HTML with their tags, and where they end.
fn children(text: &str) -> (Vec<(Tag<'_>, &str)>, usize) {
    let mut found = Vec::new();
    let (mut at, mut depth, mut start) = (0, 0usize, 0);
    let mut first: Option<Tag<'_>> = None;
    for piece in html::pieces(text) {
        let len = length(&text[at..], &piece);
        match piece {
            Piece::Start(tag) => {
                if depth == 0 {
                    (first, start) = (Some(tag.clone()), at);
                }
                if !(tag.self_closing || matches!(tag.name, "path" | "img" | "br")) {
                    depth += 1;
                }
            }
            Piece::Other(other) if other.starts_with("</") => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => break,
            },
            Piece::Other(_) => {}
        }
        at += len;
        if depth == 0
            && let Some(tag) = first.take()
        {
            found.push((tag, &text[start..at]));
        }
    }
    (found, at)
}

/// How many bytes a piece takes at the start of `text`.
fn length(text: &str, piece: &Piece<'_>) -> usize {
    match piece {
        Piece::Other(other) => other.len(),
        Piece::Start(_) => html::pieces(text).next().map_or(0, |_| tag_length(text)),
    }
}

/// The length of the tag that `text` starts with; a `>` in a quoted value does not end it.
fn tag_length(text: &str) -> usize {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => return at + 1,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    text.len()
}

/// What stands between the tags of an element.
fn inside(element: &str) -> &str {
    let start = tag_length(element);
    &element[start..element.rfind("</").unwrap_or(element.len()).max(start)]
}

fn atoms_of(base: &str) -> Vec<Atom<'_>> {
    let (parts, _) = children(base);
    let strut = parts.iter().find(|(tag, _)| tag.raw("class") == "katex-strut").map_or("", |(_, html)| html);
    let parts = parts.iter().filter(|(tag, _)| tag.raw("class") != "katex-strut");
    parts.map(|(tag, html)| Atom { html, kind: kind(tag, html), strut }).collect()
}

fn kind(tag: &Tag<'_>, html: &str) -> Kind {
    let mut classes = tag.raw("class").split(' ');
    match classes.next().unwrap_or_default() {
        "mopen" => Kind::Open,
        "mclose" => Kind::Close,
        "minner" => Kind::Block,
        "mbin" => Kind::Operator,
        "mrel" => Kind::Relation,
        "mpunct" => Kind::Comma,
        "mop" => Kind::Big,
        "mspace" if gap(tag.raw("style")) >= GAP => Kind::Gap,
        "mspace" => Kind::Space,
        _ if inside(html).starts_with("<span class=\"mopen nulldelimiter\"") => Kind::Fraction,
        _ => Kind::Letter,
    }
}

/// The width of a space by its style.
fn gap(style: &str) -> f64 {
    style.strip_prefix("margin-right:").and_then(|rest| rest.strip_suffix("em;")?.parse().ok()).unwrap_or(0.0)
}

/// The formula and each of its conditions: what stands after a gap keeps together as long as it can.
fn conditions_apart(atoms: &[Atom<'_>]) -> Vec<String> {
    let mut pieces = Vec::new();
    let parts = split(atoms, |before, _| before.kind == Kind::Gap);
    for (idx, part) in parts.into_iter().enumerate() {
        let terms: Vec<String> = split_terms(part).into_iter().map(term).collect();
        match idx {
            0 => pieces.extend(terms),
            _ => pieces.push(boxed(terms)),
        }
    }
    pieces
}

/// Before each relation and operator outside of brackets, after each comma.
fn split_terms<'t, 'a>(atoms: &'t [Atom<'a>]) -> Vec<&'t [Atom<'a>]> {
    let of = |kind| matches!(kind, Kind::Relation | Kind::Operator);
    split(atoms, |before, after| {
        of(after.kind) && before.kind != Kind::Comma || before.kind == Kind::Comma && !of(after.kind)
    })
}

/// One term: whole if it is narrow, else cut between its factors, else within its first bracket.
fn term(atoms: &[Atom<'_>]) -> String {
    let whole = chunk(atoms);
    if widest_piece(&whole) < NARROW {
        return whole;
    }
    let factors = split_factors(atoms);
    if factors.len() > 1 {
        return boxed(factors.into_iter().map(term).collect());
    }
    match within_bracket(atoms) {
        Some(terms) => boxed(terms.into_iter().map(term).collect()),
        None => whole,
    }
}

/// Behind each bracket and between fractions.
fn split_factors<'t, 'a>(atoms: &'t [Atom<'a>]) -> Vec<&'t [Atom<'a>]> {
    split(atoms, |before, after| match before.kind {
        Kind::Close | Kind::Block => {
            matches!(after.kind, Kind::Letter | Kind::Fraction | Kind::Open | Kind::Block | Kind::Big)
        }
        Kind::Fraction => matches!(after.kind, Kind::Fraction | Kind::Open | Kind::Block | Kind::Big),
        _ => false,
    })
}

/// A term cut within its first bracket that can be: at its operators, else between its factors.
fn within_bracket<'t, 'a>(atoms: &'t [Atom<'a>]) -> Option<Vec<&'t [Atom<'a>]>> {
    let partner = partners(atoms);
    for (open, close) in partner.iter().enumerate().filter_map(|(open, close)| Some((open, (*close)?))) {
        let inside = &atoms[open + 1..close];
        let terms = split_terms(inside);
        let terms = if terms.len() > 1 { terms } else { split_factors(inside) };
        if terms.len() > 1 {
            let mut ends: Vec<usize> = terms
                .iter()
                .scan(open + 1, |at, term| {
                    Some({
                        *at += term.len();
                        *at
                    })
                })
                .collect();
            *ends.last_mut()? = atoms.len();
            let starts = std::iter::once(0).chain(ends.iter().copied());
            return Some(starts.zip(&ends).map(|(start, &end)| &atoms[start..end]).collect());
        }
    }
    None
}

/// For each opening bracket the place of the one that closes it, where there is one.
fn partners(atoms: &[Atom<'_>]) -> Vec<Option<usize>> {
    let mut partners = vec![None; atoms.len()];
    let mut open = Vec::new();
    for (at, atom) in atoms.iter().enumerate() {
        match atom.kind {
            Kind::Open => open.push(at),
            Kind::Close => {
                if let Some(start) = open.pop() {
                    partners[start] = Some(at);
                }
            }
            _ => {}
        }
    }
    partners
}

/// The atoms cut where two neighbours outside of whole brackets say so; spaces stay with what stands before them.
fn split<'t, 'a>(atoms: &'t [Atom<'a>], cuts: impl Fn(&Atom<'a>, &Atom<'a>) -> bool) -> Vec<&'t [Atom<'a>]> {
    let partners = partners(atoms);
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    let mut before: Option<usize> = None;
    while at < atoms.len() {
        let is_cut = before.is_some_and(|before| atoms[at].kind != Kind::Space && cuts(&atoms[before], &atoms[at]));
        if is_cut && at > start {
            parts.push(&atoms[start..at]);
            start = at;
        }
        if let Some(close) = partners[at] {
            at = close;
        }
        if atoms[at].kind != Kind::Space {
            before = Some(at);
        }
        at += 1;
    }
    parts.push(&atoms[start..]);
    parts
}

/// Atoms that stay in one line.
fn chunk(atoms: &[Atom<'_>]) -> String {
    let mut struts: Vec<&str> = Vec::new();
    for atom in atoms {
        if !struts.contains(&atom.strut) {
            struts.push(atom.strut);
        }
    }
    let inside: String = struts.into_iter().chain(atoms.iter().map(|atom| atom.html)).collect();
    format!("<span class=\"katex-base\">{inside}</span>")
}

/// A box that is broken only where it is wider than a line.
fn boxed(mut pieces: Vec<String>) -> String {
    match pieces.len() {
        1 => pieces.remove(0),
        _ => format!("<span class=\"box\">{}</span>", joined(pieces)),
    }
}

fn joined(pieces: Vec<String>) -> String {
    pieces.concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::typeset::Style;
    use crate::book::typeset::typeset;

    /// The text of each piece of a formula; a box in brackets.
    fn shape(latex: &str) -> String {
        let html = typeset(latex, Style::Display).unwrap();
        let html = &html[html.find("katex-html").unwrap()..];
        let mut out = String::new();
        let mut open: Vec<&str> = Vec::new();
        for piece in html::pieces(html.split_once('>').unwrap().1) {
            match piece {
                Piece::Start(tag) => {
                    let class = tag.raw("class");
                    match class {
                        "katex-base" if !out.is_empty() && !out.ends_with('[') => out.push('|'),
                        "box" => out.push('['),
                        _ => {}
                    }
                    open.push(class);
                }
                Piece::Other(text) if text.starts_with("</") => {
                    if open.pop() == Some("box") {
                        out.push(']');
                    }
                }
                Piece::Other(text) => out.push_str(text.trim_matches(['\u{200b}', ' '])),
            }
        }
        out
    }

    #[test]
    fn a_formula_is_broken_before_its_relations_and_operators() {
        assert_eq!(shape("a = b + c"), "a|=b|+c");
        assert_eq!(shape("a = f(b + c)"), "a|=f(b+c)");
    }

    #[test]
    fn a_condition_stays_together() {
        assert_eq!(shape(r"a \le b \quad \text{for } t \ge 1"), "a|≤b[for\u{a0}t|≥1]");
    }

    #[test]
    fn a_wide_term_is_broken_between_its_factors_and_then_within_its_brackets() {
        let long = "a b c d e f g h i j k l m n o p q r s t u v w x y z";
        assert_eq!(shape("f(b) g(c) h"), "f(b)g(c)h");
        assert!(shape(&format!("f({long}) g(c)")).ends_with(")|g(c)]"));
        assert!(shape(&format!("f({long} + c)")).contains("z|+c)]"));
    }
}

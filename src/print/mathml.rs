//! The MathML writer: presentation markup (MathML Core).

use crate::print::glyph;
use crate::print::sign::Element;
use crate::print::{Fence, Part, PartId, Sign, Tree};
use crate::source::glyph::accent_over;

/// What is still to be written.
enum Task<'a> {
    Part(PartId),
    Markup(&'static str),
    Text(&'a str),
    Char(char),
}

/// Writes a part and everything in it within `math`; beyond `limit` bytes every part is `…`.
pub(super) fn write(tree: &Tree, root: PartId, limit: usize) -> String {
    let mut out = String::from("<math>");
    let mut open = vec![Task::Part(root)];
    while let Some(task) = open.pop() {
        match task {
            Task::Markup(markup) => out.push_str(markup),
            Task::Text(text) => text.chars().for_each(|c| push(&mut out, c)),
            Task::Char(c) => push(&mut out, c),
            Task::Part(_) if out.len() > limit => out.push_str("<mo>…</mo>"),
            Task::Part(id) => {
                let start = open.len();
                expand(tree, id, &mut open);
                open[start..].reverse();
            }
        }
    }
    out.push_str("</math>");
    out
}

fn push(out: &mut String, c: char) {
    match c {
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '&' => out.push_str("&amp;"),
        _ => out.push(c),
    }
}

fn expand<'a>(tree: &'a Tree, id: PartId, open: &mut Vec<Task<'a>>) {
    match tree.part(id) {
        Part::Letter(text) => {
            let glyph = glyph::letter(text);
            let is_mark = glyph.chars().all(|c| c.is_ascii_punctuation());
            element(if is_mark { MO } else { MI }, [Task::Text(glyph)], open);
        }
        Part::Number(digits) => element(MN, [Task::Text(digits)], open),
        Part::Word(word) => element(MI, [Task::Text(word)], open),
        Part::Prose(words) => element(("<mtext>", "</mtext>"), [Task::Text(words)], open),
        Part::Sign(sign) => expand_sign(*sign, open),
        Part::Styled { command, body } => expand_styled(tree, command, *body, open),
        Part::Row(items) => element(ROW, items.iter().map(|&item| Task::Part(item)), open),
        Part::Apply { head, args } => {
            element(ROW, [Task::Part(*head), Task::Markup("<mo>\u{2061}</mo>"), Task::Part(*args)], open);
        }
        Part::Scripts { base, below, above, primes } => expand_scripts(*base, *below, *above, *primes, open),
        Part::Fraction { above, below } => {
            element(("<mfrac>", "</mfrac>"), [Task::Part(*above), Task::Part(*below)], open);
        }
        Part::Root(body) => element(("<msqrt>", "</msqrt>"), [Task::Part(*body)], open),
        Part::Fenced { fence, body } => {
            let (left, right) = match fence {
                Fence::Round => (r#"<mo fence="true">(</mo>"#, r#"<mo fence="true">)</mo>"#),
                Fence::Square => (r#"<mo fence="true">[</mo>"#, r#"<mo fence="true">]</mo>"#),
                Fence::Bars => (r#"<mo fence="true">|</mo>"#, r#"<mo fence="true">|</mo>"#),
                Fence::DoubleBars => (r#"<mo fence="true">‖</mo>"#, r#"<mo fence="true">‖</mo>"#),
            };
            element(ROW, [Task::Markup(left), Task::Part(*body), Task::Markup(right)], open);
        }
        Part::Big { operator, below, above, body } => {
            open.push(Task::Markup("<mrow>"));
            let sign = Task::Markup(operator.written().mathml);
            match above {
                Some(above) => {
                    let limits = [sign, Task::Part(*below), Task::Part(*above)];
                    element(("<munderover>", "</munderover>"), limits, open);
                }
                None => element(("<munder>", "</munder>"), [sign, Task::Part(*below)], open),
            }
            open.extend([Task::Part(*body), Task::Markup("</mrow>")]);
        }
        Part::Evaluated { body, at } => {
            open.extend([Task::Markup("<mrow>"), Task::Part(*body)]);
            let bar = Task::Markup(r#"<mo stretchy="true">|</mo>"#);
            element(("<msub>", "</msub></mrow>"), [bar, Task::Part(*at)], open);
        }
        Part::Matrix { n_columns, cells } => {
            open.push(Task::Markup(r#"<mrow><mo fence="true">[</mo><mtable>"#));
            for row in cells.chunks(*n_columns) {
                open.push(Task::Markup("<mtr>"));
                row.iter().for_each(|&cell| element(CELL, [Task::Part(cell)], open));
                open.push(Task::Markup("</mtr>"));
            }
            open.push(Task::Markup(r#"</mtable><mo fence="true">]</mo></mrow>"#));
        }
        Part::Cases(rows) => {
            open.push(Task::Markup(r#"<mrow><mo fence="true">{</mo><mtable>"#));
            for (value, condition) in rows {
                open.push(Task::Markup("<mtr>"));
                element(CELL, [Task::Part(*value)], open);
                match condition {
                    Some(condition) => {
                        element(CELL, [Task::Markup("<mtext>if </mtext>"), Task::Part(*condition)], open);
                    }
                    None => element(CELL, [Task::Markup("<mtext>otherwise</mtext>")], open),
                }
                open.push(Task::Markup("</mtr>"));
            }
            open.push(Task::Markup("</mtable></mrow>"));
        }
    }
}

type Tags = (&'static str, &'static str);

const ROW: Tags = ("<mrow>", "</mrow>");
const MI: Tags = ("<mi>", "</mi>");
const MN: Tags = ("<mn>", "</mn>");
const MO: Tags = ("<mo>", "</mo>");
const CELL: Tags = ("<mtd>", "</mtd>");

fn element<'a>((start, end): Tags, content: impl IntoIterator<Item = Task<'a>>, open: &mut Vec<Task<'a>>) {
    open.push(Task::Markup(start));
    open.extend(content);
    open.push(Task::Markup(end));
}

fn expand_sign(sign: Sign, open: &mut Vec<Task<'_>>) {
    match sign.mathml() {
        Element::Operator(text) => element(MO, [Task::Text(text)], open),
        Element::Prefix(text) => element((r#"<mo form="prefix">"#, "</mo>"), [Task::Text(text)], open),
        Element::Identifier(text) => element(MI, [Task::Text(text)], open),
        Element::Space(width) => {
            open.extend([r#"<mspace width=""#, width, r#""></mspace>"#].map(Task::Markup));
        }
        Element::Nothing => {}
    }
}

fn expand_styled<'a>(tree: &'a Tree, command: &str, body: PartId, open: &mut Vec<Task<'a>>) {
    if let Part::Letter(text) | Part::Number(text) = tree.part(body)
        && let Some(letter) = glyph::styled(command, text)
    {
        return element(MI, [Task::Char(letter)], open);
    }
    match accent_over(command) {
        Some(over) => {
            let mark = [Task::Part(body), Task::Markup("<mo>"), Task::Text(over), Task::Markup("</mo>")];
            element((r#"<mover accent="true">"#, "</mover>"), mark, open);
        }
        None => open.push(Task::Part(body)),
    }
}

fn expand_scripts(base: PartId, below: Option<PartId>, above: Option<PartId>, primes: u8, open: &mut Vec<Task<'_>>) {
    let has_above = above.is_some() || primes > 0;
    let tags = match (below.is_some(), has_above) {
        (true, true) => ("<msubsup>", "</msubsup>"),
        (true, false) => ("<msub>", "</msub>"),
        (false, _) => ("<msup>", "</msup>"),
    };
    open.extend([Task::Markup(tags.0), Task::Part(base)]);
    open.extend(below.map(Task::Part));
    if has_above {
        open.push(Task::Markup("<mrow>"));
        open.extend((0..primes).map(|_| Task::Markup("<mo>′</mo>")));
        open.extend(above.map(Task::Part));
        open.push(Task::Markup("</mrow>"));
    }
    open.push(Task::Markup(tags.1));
}

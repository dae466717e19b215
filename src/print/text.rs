//! The text writer: one line for a terminal, with the parentheses that a line needs and a page does not.

use crate::print::glyph;
use crate::print::{Fence, Level, Part, PartId, Sign, Tree};
use crate::source::glyph::accent;

/// What is still to be written.
enum Task<'a> {
    Part(PartId, Style),
    Text(&'a str),
    /// Left out once the limit is reached.
    Between(&'a str),
    Accent(char),
}

/// Where a part stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Line,
    Script,
}

/// Writes a part and everything in it; beyond `limit` bytes every part is `…`.
pub(super) fn write(tree: &Tree, root: PartId, limit: usize) -> String {
    let mut out = String::new();
    let mut open = vec![Task::Part(root, Style::Line)];
    while let Some(task) = open.pop() {
        match task {
            Task::Text(text) => out.push_str(text),
            Task::Accent(accent) => out.push(accent),
            Task::Between(text) if out.len() <= limit => out.push_str(text),
            Task::Between(_) => {}
            Task::Part(_, _) if out.len() > limit => out.push('…'),
            Task::Part(id, style) => {
                let start = open.len();
                expand(tree, id, style, &mut open);
                open[start..].reverse();
            }
        }
    }
    out
}

fn expand<'a>(tree: &'a Tree, id: PartId, style: Style, open: &mut Vec<Task<'a>>) {
    match tree.part(id) {
        Part::Letter(text) => open.push(Task::Text(glyph::letter(text))),
        Part::Number(text) | Part::Word(text) | Part::Prose(text) => open.push(Task::Text(text)),
        Part::Sign(sign) => {
            open.push(Task::Between(if style == Style::Line { sign.text() } else { sign.tight_text() }));
        }
        Part::Styled { command, body } => expand_styled(tree, command, *body, style, open),
        Part::Row(items) => open.extend(items.iter().map(|&item| Task::Part(item, style))),
        Part::Apply { head, args } => open.extend([Task::Part(*head, style), Task::Part(*args, style)]),
        Part::Scripts { base, below, above, primes } => {
            open.push(Task::Part(*base, style));
            if let Some(below) = below {
                expand_script(tree, "_", *below, open);
            }
            open.push(Task::Text(["", "′", "″", "‴"][usize::from(*primes).min(3)]));
            match above.map(|above| (above, raised(tree, above))) {
                None => {}
                Some((_, Some(raised))) => open.push(Task::Text(raised)),
                Some((above, None)) => expand_script(tree, "^", above, open),
            }
        }
        Part::Fraction { above, below } => {
            let is_fraction = |part: PartId| matches!(tree.part(part), Part::Fraction { .. });
            wrap(*above, tree.level(*above) < Level::Product || is_fraction(*above), style, open);
            open.push(Task::Text("/"));
            wrap(*below, tree.level(*below) <= Level::Prefix || is_fraction(*below), style, open);
        }
        Part::Root(body) => {
            open.push(Task::Text("√"));
            wrap(*body, tree.level(*body) < Level::Atom, style, open);
        }
        Part::Fenced { fence, body } => {
            let (left, right) = match fence {
                Fence::Round => ("(", ")"),
                Fence::Square => ("[", "]"),
                Fence::Bars => ("|", "|"),
                Fence::DoubleBars => ("‖", "‖"),
            };
            open.extend([Task::Text(left), Task::Part(*body, style), Task::Text(right)]);
        }
        Part::Big { operator, below, above, body } => {
            open.extend([
                Task::Text(operator.written().text),
                Task::Text("_{"),
                Task::Part(*below, Style::Script),
                Task::Text("}"),
            ]);
            if let Some(above) = above {
                open.extend([Task::Text("^{"), Task::Part(*above, Style::Script), Task::Text("}")]);
            }
            open.extend([Task::Text(" "), Task::Part(*body, style)]);
        }
        Part::Evaluated { body, at } => {
            wrap(*body, tree.level(*body) < Level::Factor, style, open);
            open.extend([Task::Text("|_{"), Task::Part(*at, Style::Script), Task::Text("}")]);
        }
        Part::Matrix { n_columns, cells } => {
            open.push(Task::Text("["));
            for (position, &cell) in cells.iter().enumerate() {
                if position > 0 {
                    open.push(Task::Text(if position % n_columns == 0 { "; " } else { ", " }));
                }
                open.push(Task::Part(cell, style));
            }
            open.push(Task::Text("]"));
        }
        Part::Cases(rows) => {
            open.push(Task::Text("{"));
            for (position, (value, condition)) in rows.iter().enumerate() {
                if position > 0 {
                    open.push(Task::Text("; "));
                }
                open.push(Task::Part(*value, Style::Line));
                match condition {
                    Some(condition) => open.extend([Task::Text(" if "), Task::Part(*condition, Style::Line)]),
                    None => open.push(Task::Text(" otherwise")),
                }
            }
            open.push(Task::Text("}"));
        }
    }
}

fn wrap<'a>(part: PartId, fenced: bool, style: Style, open: &mut Vec<Task<'a>>) {
    if fenced {
        open.extend([Task::Text("("), Task::Part(part, style), Task::Text(")")]);
    } else {
        open.push(Task::Part(part, style));
    }
}

fn expand_styled<'a>(tree: &'a Tree, command: &'a str, body: PartId, style: Style, open: &mut Vec<Task<'a>>) {
    if let Part::Letter(text) | Part::Number(text) = tree.part(body)
        && let Some(letter) = glyph::styled(command, text)
    {
        open.push(Task::Accent(letter));
        return;
    }
    open.push(Task::Part(body, style));
    open.extend(accent(command).map(Task::Accent));
}

/// Plain letters and digits need no braces: `w_h`, `W_hh`.
fn expand_script<'a>(tree: &'a Tree, mark: &'a str, script: PartId, open: &mut Vec<Task<'a>>) {
    let plain = |part: PartId| matches!(tree.part(part), Part::Letter(_) | Part::Number(_) | Part::Word(_));
    let bare = match (tree.part(script), mark) {
        (Part::Row(items), "_") => items.iter().all(|&item| plain(item)),
        (Part::Fenced { .. }, _) => true,
        (_, _) => plain(script),
    };
    if bare {
        open.extend([Task::Text(mark), Task::Part(script, Style::Script)]);
    } else {
        open.extend([Task::Text(mark), Task::Text("{"), Task::Part(script, Style::Script), Task::Text("}")]);
    }
}

/// A superscript for which there is a character.
fn raised(tree: &Tree, script: PartId) -> Option<&'static str> {
    let single = |part: PartId| match tree.part(part) {
        Part::Number(text) | Part::Letter(text) => glyph::raised(text),
        Part::Sign(sign) => (*sign == Sign::Mark).then_some("⁺"),
        Part::Word(_)
        | Part::Prose(_)
        | Part::Styled { .. }
        | Part::Row(_)
        | Part::Apply { .. }
        | Part::Scripts { .. }
        | Part::Fraction { .. }
        | Part::Root(_)
        | Part::Fenced { .. }
        | Part::Big { .. }
        | Part::Evaluated { .. }
        | Part::Matrix { .. }
        | Part::Cases(_) => None,
    };
    let Part::Row(items) = tree.part(script) else {
        return single(script);
    };
    let [sign, magnitude] = items[..] else {
        return None;
    };
    match (tree.part(sign), single(magnitude)) {
        (Part::Sign(Sign::Negative), Some("¹")) => Some("⁻¹"),
        (Part::Sign(Sign::Negative), Some("²")) => Some("⁻²"),
        (Part::Sign(Sign::Negative), Some("ᵀ")) => Some("⁻ᵀ"),
        (_, _) => None,
    }
}

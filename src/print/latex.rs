//! The LaTeX writer.

use crate::print::name::is_command;
use crate::print::{Fence, Part, PartId, Tree};

/// What is still to be written.
enum Task<'a> {
    Part(PartId, Style),
    Text(&'a str),
    /// Left out once the limit is reached.
    Between(&'a str),
}

/// Where a part stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// On the line.
    Display,
    /// In a script, where fractions may be slashes.
    Script,
    /// In a script beside a factor, where they may not.
    Beside,
}

/// Writes a part and everything in it; beyond `limit` bytes every part is `\dots`.
pub(super) fn write(tree: &Tree, root: PartId, limit: usize) -> String {
    let mut out = String::new();
    let mut open = vec![Task::Part(root, Style::Display)];
    while let Some(task) = open.pop() {
        match task {
            Task::Text(text) => push(&mut out, text),
            Task::Between(text) if out.len() <= limit => push(&mut out, text),
            Task::Between(_) => {}
            Task::Part(_, _) if out.len() > limit => push(&mut out, r"\dots "),
            Task::Part(id, style) => {
                let start = open.len();
                expand(tree, id, style, &mut open);
                open[start..].reverse();
            }
        }
    }
    out
}

/// A letter after a command needs a space between.
fn push(out: &mut String, text: &str) {
    let after_command = out.trim_end_matches(|c: char| c.is_ascii_alphabetic()).ends_with('\\');
    let has_command = out.ends_with(|c: char| c.is_ascii_alphabetic()) && after_command;
    if has_command && text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        out.push(' ');
    }
    let text = if out.ends_with(' ') && !out.ends_with(r"\ ") { text.trim_start_matches(' ') } else { text };
    out.push_str(text);
}

fn expand<'a>(tree: &'a Tree, id: PartId, style: Style, open: &mut Vec<Task<'a>>) {
    match tree.part(id) {
        Part::Letter(text) | Part::Number(text) => open.push(Task::Text(text)),
        Part::Word(word) => expand_word(word, open),
        Part::Prose(text) => open.extend([Task::Text(r"\text{"), Task::Text(text), Task::Text("} ")]),
        Part::Sign(sign) => open.push(if style == Style::Display {
            Task::Between(sign.latex())
        } else {
            Task::Between(sign.tight_latex())
        }),
        Part::Styled { command, body } => open.extend([
            Task::Text("\\"),
            Task::Text(command),
            Task::Text("{"),
            Task::Part(*body, style),
            Task::Text("}"),
        ]),
        Part::Row(items) => {
            let style = if style == Style::Script && tree.multiplies(items) { Style::Beside } else { style };
            open.extend(items.iter().map(|&item| Task::Part(item, style)));
        }
        Part::Apply { head, args } => open.extend([Task::Part(*head, style), Task::Part(*args, style)]),
        Part::Scripts { base, below, above, primes } => {
            open.push(Task::Part(*base, style));
            if let Some(below) = below {
                expand_script(tree, "_", *below, open);
            }
            open.push(Task::Text(&"'''"[..usize::from(*primes).min(3)]));
            if let Some(above) = above {
                expand_script(tree, "^", *above, open);
            }
        }
        Part::Fraction { above, below } if style == Style::Script && tree.slash_fits(*above, *below) => {
            open.extend([Task::Part(*above, style), Task::Text("/"), Task::Part(*below, style)]);
        }
        Part::Fraction { above, below } => open.extend([
            Task::Text(r"\frac{"),
            Task::Part(*above, Style::Display),
            Task::Text("}{"),
            Task::Part(*below, Style::Display),
            Task::Text("}"),
        ]),
        Part::Root(body) => open.extend([Task::Text(r"\sqrt{"), Task::Part(*body, style), Task::Text("}")]),
        Part::Fenced { fence, body } => {
            let (left, right) = match (fence, tree.facts(*body).tall) {
                (Fence::Round, false) => ("(", ")"),
                (Fence::Round, true) => (r"\left(", r"\right)"),
                (Fence::Square, _) => ("[", "]"),
                (Fence::Bars, _) => (r"\left|", r"\right|"),
                (Fence::DoubleBars, _) => (r"\left\|", r"\right\|"),
            };
            open.extend([Task::Text(left), Task::Part(*body, style), Task::Text(right)]);
        }
        Part::Big { operator, below, above, body } => {
            open.extend([
                Task::Text(operator.written().latex),
                Task::Text("_{"),
                Task::Part(*below, Style::Script),
                Task::Text("}"),
            ]);
            if let Some(above) = above {
                open.extend([Task::Text("^{"), Task::Part(*above, Style::Script), Task::Text("}")]);
            }
            open.extend([Task::Text(" "), Task::Part(*body, style)]);
        }
        Part::Evaluated { body, at } => open.extend([
            Task::Text(r"\left. "),
            Task::Part(*body, Style::Display),
            Task::Text(r" \right|_{"),
            Task::Part(*at, Style::Script),
            Task::Text("}"),
        ]),
        Part::Matrix { n_columns, cells } => {
            open.push(Task::Text(r"\begin{bmatrix} "));
            for (position, &cell) in cells.iter().enumerate() {
                if position > 0 {
                    open.push(Task::Text(if position % n_columns == 0 { r" \\ " } else { " & " }));
                }
                open.push(Task::Part(cell, Style::Display));
            }
            open.push(Task::Text(r" \end{bmatrix}"));
        }
        Part::Cases(rows) => {
            open.push(Task::Text(r"\begin{cases} "));
            for (position, (value, condition)) in rows.iter().enumerate() {
                if position > 0 {
                    open.push(Task::Text(r" \\ "));
                }
                open.push(Task::Part(*value, Style::Display));
                match condition {
                    Some(condition) => {
                        open.extend([Task::Text(r" & \text{if } "), Task::Part(*condition, Style::Display)]);
                    }
                    None => open.push(Task::Text(r" & \text{otherwise}")),
                }
            }
            open.push(Task::Text(r" \end{cases}"));
        }
    }
}

fn expand_word<'a>(word: &'a str, open: &mut Vec<Task<'a>>) {
    if is_command(word) {
        open.extend([Task::Text("\\"), Task::Text(word)]);
    } else {
        open.extend([Task::Text(r"\operatorname{"), Task::Text(word), Task::Text("}")]);
    }
}

/// One letter or digit needs no braces.
fn expand_script<'a>(tree: &'a Tree, mark: &'a str, script: PartId, open: &mut Vec<Task<'a>>) {
    let bare = matches!(tree.part(script), Part::Letter(text) | Part::Number(text)
        if text.chars().count() == 1 || &**text == r"\top");
    if bare {
        open.extend([Task::Text(mark), Task::Part(script, Style::Script)]);
    } else {
        open.extend([Task::Text(mark), Task::Text("{"), Task::Part(script, Style::Script), Task::Text("}")]);
    }
}

//! LaTeX of one formula, fitted to where it stands: a display, a line, a table cell.
//!
//! Nothing here understands mathematics. It knows braces, environments, rows and comments, so that a formula can be
//! moved without being changed.

use std::fmt::Write;

/// The formula on one line for `$…$`: comments dropped, blank runs made one space, no space at either end.
pub fn inline(latex: &str) -> String {
    let line = without_comments(latex).split_whitespace().collect::<Vec<_>>().join(" ");
    // A control space at the end would lose its space and take the closing dollar with it.
    if ends_in_backslash(&line) { format!("{line} {{}}") } else { line }
}

/// The formula on one line for a cell of a Markdown table, where a bare `|` would end the cell.
pub fn cell(latex: &str) -> String {
    let cell = inline(latex).replace("\\|", "\\Vert ").replace('|', "\\vert ");
    // A dollar after a space would not close the formula.
    if ends_in_backslash(cell.trim_end()) { cell } else { cell.trim_end().to_owned() }
}

/// A part of an alignment as it may stand by itself: without its marks of alignment, its rows on one line. What stands
/// inside an environment stays.
pub fn freed(latex: &str) -> String {
    let mut out = String::with_capacity(latex.len());
    let mut depth = 0usize;
    for (_, token) in tokens(latex) {
        match token {
            "\\begin" => depth += 1,
            "\\end" => depth = depth.saturating_sub(1),
            "&" | "\\\\" | "\\nonumber" | "\\notag" if depth == 0 => {
                out.push(' ');
                continue;
            }
            _ => {}
        }
        out.push_str(token);
    }
    out.trim().to_owned()
}

/// Rows one under the other, flush left.
pub fn stack(rows: &[String]) -> String {
    match rows {
        [row] => row.clone(),
        rows => aligned(rows.iter().map(|row| format!("& {row}"))),
    }
}

/// Rows one under the other, aligned at the first relation of each and at their conditions; flush left where a row has no
/// relation.
pub fn align(rows: &[String]) -> String {
    if let [row] = rows {
        return row.clone();
    }
    let places: Vec<_> = rows.iter().map(|row| first_relation(row)).collect();
    if places.iter().any(Option::is_none) || rows.iter().any(|row| row.contains('&')) {
        return stack(rows);
    }
    aligned(rows.iter().zip(places).map(|(row, at)| {
        let (left, right) = row.split_at(at.unwrap_or(0));
        let (right, condition) = right.split_at(condition_start(right));
        let gap = if condition.is_empty() { "" } else { "&& " };
        format!("{left}& {right}{gap}{condition}")
    }))
}

/// Where the condition at the end of a row begins, behind its last gap; the end where it has none.
fn condition_start(row: &str) -> usize {
    top_level(row).filter(|(_, token)| *token == "\\quad").last().map_or(row.len(), |(at, _)| at)
}

/// The formula as one block that may carry a `\tag`: rows at its top level are gathered, and environments that number
/// their own rows become those that do not. Dropped are blank lines, which would end it in LaTeX, and its own labels.
pub fn block(latex: &str) -> String {
    const OUTER: [(&str, &str); 5] = [
        ("align", "aligned"),
        ("gather", "gathered"),
        ("multline", "gathered"),
        ("eqnarray", "aligned"),
        ("equation", ""),
    ];
    let unlabelled = without_labels(latex);
    let lines: Vec<_> = unlabelled.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    let body = &lines.join("\n");
    let body = body.trim();
    for (name, inner) in OUTER {
        for name in [name.to_string(), format!("{name}*")] {
            let whole = body
                .strip_prefix(&format!("\\begin{{{name}}}"))
                .and_then(|b| b.strip_suffix(&format!("\\end{{{name}}}")));
            if let Some(rows) = whole {
                let rows = rows.trim();
                return match inner {
                    "" => block(rows),
                    _ if name.starts_with("eqnarray") => {
                        format!("\\begin{{aligned}}\n{}\n\\end{{aligned}}", one_ampersand(rows))
                    }
                    inner => format!("\\begin{{{inner}}}\n{rows}\n\\end{{{inner}}}"),
                };
            }
        }
    }
    match top_level_rows(body).as_slice() {
        [_] => body.to_string(),
        rows => {
            let rows: Vec<_> = rows.iter().map(|row| row.trim()).filter(|row| !row.is_empty()).collect();
            match rows.as_slice() {
                [row] => row.to_string(),
                rows => format!("\\begin{{gathered}}\n{}\n\\end{{gathered}}", rows.join(" \\\\\n")),
            }
        }
    }
}

/// The block with its number, which stands at the right.
pub fn numbered(latex: &str, number: &str) -> String {
    if latex.contains("\\tag") { latex.to_string() } else { format!("{} \\tag{{{number}}}", block(latex)) }
}

/// The formula and its number, if it carries one that [`numbered`] wrote.
pub fn split_number(latex: &str) -> (&str, Option<&str>) {
    let trimmed = latex.trim_end();
    let Some((body, rest)) = trimmed.rsplit_once("\\tag{") else { return (latex, None) };
    match rest.strip_suffix('}') {
        Some(number) if !number.contains(['{', '}', '\\', '$']) => (body.trim_end(), Some(number)),
        Some(_) | None => (latex, None),
    }
}

fn aligned(rows: impl Iterator<Item = String>) -> String {
    let mut out = String::from("\\begin{aligned}\n");
    for (idx, row) in rows.enumerate() {
        let gap = if idx == 0 { "" } else { " \\\\\n" };
        let _ = write!(out, "{gap}{}", row.trim());
    }
    out + "\n\\end{aligned}"
}

/// `a &=& b` of an `eqnarray` is `a &= b` of an `aligned`.
fn one_ampersand(rows: &str) -> String {
    let second_dropped = |row: &str| match row.match_indices('&').nth(1) {
        Some((at, _)) => format!("{}{}", &row[..at], &row[at + 1..]),
        None => row.to_string(),
    };
    rows.split("\\\\").map(second_dropped).collect::<Vec<_>>().join("\\\\")
}

/// One token of LaTeX as this file needs it: a command with its name, or one character.
fn tokens(latex: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = &latex[at..];
        let first = rest.chars().next()?;
        let mut len = first.len_utf8();
        if first == '\\' {
            let name = rest[1..].bytes().take_while(u8::is_ascii_alphabetic).count();
            len += if name > 0 { name } else { rest[1..].chars().next().map_or(0, char::len_utf8) };
        }
        let token = (at, &rest[..len]);
        at += len;
        Some(token)
    })
}

/// The tokens outside braces and environments.
fn top_level(latex: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut depth = 0usize;
    tokens(latex).filter(move |&(_, token)| match token {
        "{" | "\\begin" | "\\left" | "(" | "[" => {
            depth += 1;
            false
        }
        "}" | "\\end" | "\\right" | ")" | "]" => {
            depth = depth.saturating_sub(1);
            false
        }
        _ => depth == 0,
    })
}

fn top_level_rows(latex: &str) -> Vec<&str> {
    let mut rows = Vec::new();
    let mut start = 0;
    for (at, _) in top_level(latex).filter(|&(_, token)| token == "\\\\") {
        rows.push(&latex[start..at]);
        start = at + 2;
    }
    rows.push(&latex[start..]);
    rows
}

fn first_relation(latex: &str) -> Option<usize> {
    const RELATIONS: [&str; 13] =
        ["=", "<", ">", ":", "\\le", "\\leq", "\\ge", "\\geq", "\\ne", "\\neq", "\\in", "\\approx", "\\equiv"];
    top_level(latex).find(|(_, token)| RELATIONS.contains(token)).map(|(at, _)| at)
}

fn without_comments(latex: &str) -> String {
    latex.lines().map(|line| &line[..comment_start(line)]).collect::<Vec<_>>().join("\n")
}

fn without_labels(latex: &str) -> String {
    let mut out = String::with_capacity(latex.len());
    let mut rest = latex;
    while let Some((before, after)) = rest.split_once("\\label{") {
        out.push_str(before);
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    out + rest
}

fn comment_start(line: &str) -> usize {
    tokens(line).find(|&(_, token)| token == "%").map_or(line.len(), |(at, _)| at)
}

fn ends_in_backslash(line: &str) -> bool {
    tokens(line).last().is_some_and(|(_, token)| token == "\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_aligned_at_its_first_relation_outside_brackets() {
        let rows = ["h_{t=1} = f(a = b)".to_string(), "y \\le 2".to_string()];
        assert_eq!(align(&rows), "\\begin{aligned}\nh_{t=1} & = f(a = b) \\\\\ny & \\le 2\n\\end{aligned}");
        let rows = ["a = b \\quad (t \\ge 1)".to_string(), "c = d".to_string()];
        assert_eq!(align(&rows), "\\begin{aligned}\na & = b && \\quad (t \\ge 1) \\\\\nc & = d\n\\end{aligned}");
    }

    #[test]
    fn a_number_comes_back() {
        let tagged = numbered("a = b \\\\ c = d", "4.2");
        assert_eq!(split_number(&tagged), ("\\begin{gathered}\na = b \\\\\nc = d\n\\end{gathered}", Some("4.2")));
    }

    #[test]
    fn environments_that_number_their_rows_do_not() {
        assert_eq!(block("\\begin{align*} a &= b \\end{align*}"), "\\begin{aligned}\na &= b\n\\end{aligned}");
        assert_eq!(block("\\begin{equation}\\label{x} a\n\n= b \\end{equation}"), "a\n= b");
        assert_eq!(block("\\begin{eqnarray} a &=& b \\end{eqnarray}"), "\\begin{aligned}\na &= b\n\\end{aligned}");
    }

    #[test]
    fn one_line_keeps_its_meaning() {
        assert_eq!(inline("a % why\n  + 5\\% "), "a + 5\\%");
        assert_eq!(inline("a\\ "), "a\\ {}");
        assert_eq!(cell("|w| \\|v\\|"), "\\vert w\\vert  \\Vert v\\Vert");
    }
}

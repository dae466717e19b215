//! Words and values of the engine as Markdown and LaTeX.

use crate::expr::Elementary;
use crate::render::page::DiagnosticLine;
use crate::source::Diagnostic;
use crate::source::Severity;
use crate::source::Source;

/// Plain text as Markdown of one line; what stands between backticks is code already.
pub(super) fn markdown(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = String::with_capacity(line.len());
    let mut is_code = false;
    for c in line.chars() {
        if c == '`' {
            is_code = !is_code;
        } else if !is_code && matches!(c, '*' | '_' | '$' | '\\' | '<' | '[' | ']' | '~' | '^') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A problem as a line of the page.
pub(super) fn diagnostic_line(source: &Source, diagnostic: &Diagnostic) -> DiagnosticLine {
    let place = source.place(diagnostic.span.start);
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    DiagnosticLine {
        code: diagnostic.code.to_owned(),
        severity: severity.to_owned(),
        message: markdown(&diagnostic.message),
        hint: diagnostic.hint.as_deref().map(markdown),
        line: place.line,
        column: place.column,
    }
}

/// A value of a counterexample as LaTeX: numbers and fractions, `z -> z^2`, vectors and matrices in brackets, words.
pub(super) fn value_latex(text: &str) -> String {
    if let Some((letter, value)) = text.split_once("->") {
        return format!("{} \\mapsto {}", value_latex(letter.trim()), value_latex(value.trim()));
    }
    match text.trim() {
        "inf" => return r"\infty".into(),
        "-inf" => return r"-\infty".into(),
        _ => {}
    }
    if let Some(rows) = bracketed(text) {
        return matrix(&rows);
    }
    line_latex(text)
}

/// The parts between commas of `[a, b]` or `(a, b)`, nested brackets kept whole.
fn bracketed(text: &str) -> Option<Vec<String>> {
    let text = text.trim();
    let inside = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'))?;
    let mut parts = vec![String::new()];
    let mut depth = 0usize;
    for c in inside.chars() {
        match c {
            '[' | '(' => depth += 1,
            ']' | ')' => depth = depth.checked_sub(1)?,
            ',' | ';' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        parts.last_mut()?.push(c);
    }
    (depth == 0).then(|| parts.iter().map(|part| part.trim().to_owned()).collect())
}

fn matrix(rows: &[String]) -> String {
    let rows: Vec<String> = rows
        .iter()
        .map(|row| match bracketed(row) {
            Some(cells) => cells.iter().map(|cell| line_latex(cell)).collect::<Vec<_>>().join(" & "),
            None => line_latex(row),
        })
        .collect();
    format!("\\begin{{bmatrix}} {} \\end{{bmatrix}}", rows.join(" \\\\ "))
}

fn line_latex(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.trim();
    while let Some(first) = rest.chars().next() {
        let length = |is_in: fn(char) -> bool| rest.find(|c| !is_in(c)).unwrap_or(rest.len());
        let n = match first {
            '0'..='9' => {
                let n = length(|c| c.is_ascii_digit() || c == '.');
                out.push_str(&number(rest, n));
                fraction_length(rest, n)
            }
            'a'..='z' | 'A'..='Z' => {
                let n = length(|c| c.is_ascii_alphanumeric());
                out.push_str(&name(&rest[..n]));
                n
            }
            '^' | '_' => {
                let digits = rest[1..].find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len() - 1);
                out.push_str(&format!("{first}{{{}}}", &rest[1..=digits]));
                digits + 1
            }
            '*' => {
                out.push_str("\\cdot ");
                1
            }
            _ => {
                out.push(first);
                first.len_utf8()
            }
        };
        rest = &rest[n..];
    }
    out
}

/// The number of `n` digits at the start of `text`, with what it is divided by.
fn number(text: &str, n: usize) -> String {
    let end = fraction_length(text, n);
    match text[..end].split_once('/') {
        Some((above, below)) => format!("\\tfrac{{{above}}}{{{below}}}"),
        None => text[..n].to_owned(),
    }
}

fn fraction_length(text: &str, n: usize) -> usize {
    let Some(below) = text[n..].strip_prefix('/') else { return n };
    let digits = below.find(|c: char| !c.is_ascii_digit()).unwrap_or(below.len());
    if digits == 0 { n } else { n + 1 + digits }
}

fn name(word: &str) -> String {
    if word.len() == 1 {
        return word.to_owned();
    }
    match Elementary::named(word) {
        Some(function) => function.row().latex.to_owned(),
        None => format!("\\text{{ {word} }}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(value_latex(text), expected);
    }

    #[test]
    fn values_of_counterexamples() {
        check("-3", "-3");
        check("-1/2", "-\\tfrac{1}{2}");
        check("z -> -1/2 z^12 + 1", "z \\mapsto -\\tfrac{1}{2} z^{12} + 1");
        check("z -> exp(z)", "z \\mapsto \\exp(z)");
        check("[[1, 0], [0, 1/2]]", "\\begin{bmatrix} 1 & 0 \\\\ 0 & \\tfrac{1}{2} \\end{bmatrix}");
        check("[1, 2]", "\\begin{bmatrix} 1 \\\\ 2 \\end{bmatrix}");
        check("none", "\\text{ none }");
        check("-inf", "-\\infty");
    }

    #[test]
    fn words_are_markdown() {
        assert_eq!(markdown("`w_h` is not a_b * 2"), "`w_h` is not a\\_b \\* 2");
        assert_eq!(markdown("found `x` and `y`, not z"), "found `x` and `y`, not z");
    }
}

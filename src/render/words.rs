//! Words and values of the engine as Markdown and LaTeX.

use crate::expr::Elementary;
use crate::render::page::DiagnosticLine;
use crate::source::Diagnostic;
use crate::source::Severity;
use crate::source::Source;
use crate::syntax::parse_expression;

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

/// A problem with a formula as a line of the page: formulas between backticks are typeset.
pub(super) fn formula_line(source: &Source, diagnostic: &Diagnostic) -> DiagnosticLine {
    let line = diagnostic_line(source, diagnostic);
    DiagnosticLine { message: typeset(&line.message), hint: line.hint.as_deref().map(typeset), ..line }
}

/// Markdown of one line with the formulas among its pieces of code as formulas.
fn typeset(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    for (idx, piece) in markdown.split('`').enumerate() {
        match idx % 2 {
            0 => out.push_str(piece),
            _ if is_formula(piece) => out.push_str(&format!("${piece}$")),
            _ => out.push_str(&format!("`{piece}`")),
        }
    }
    out
}

/// Whether a piece of code is a whole formula, and not a word or a command that is spoken of.
fn is_formula(code: &str) -> bool {
    let is_letter = code.chars().count() == 1 && code.chars().all(char::is_alphabetic);
    let has_scripts = code.contains(['_', '^', '\'', '=']) && !code.contains("\\text");
    (is_letter || has_scripts) && parse_expression(code, 0).1.is_empty()
}

/// A value of a counterexample as LaTeX: numbers and fractions, polynomials in `z`, vectors `[a, b]`, matrices
/// `[a, b; c, d]` and rows `[a, b;]`, words. What has one entry is a number.
pub(super) fn value_latex(text: &str) -> String {
    match text.trim() {
        "inf" => return r"\infty".into(),
        "-inf" => return r"-\infty".into(),
        _ => {}
    }
    match bracketed(text).as_deref() {
        Some([row]) if row.len() == 1 => line_latex(&row[0]),
        Some([row]) if !text.trim_end().ends_with(";]") => {
            matrix(&row.iter().map(|entry| vec![entry.clone()]).collect::<Vec<_>>())
        }
        Some([]) | None => line_latex(text),
        Some(rows) => matrix(rows),
    }
}

/// The rows of `[a, b; c, d]`.
fn bracketed(text: &str) -> Option<Vec<Vec<String>>> {
    let inside = text.trim().strip_prefix('[')?.strip_suffix(']')?;
    let entries = |row: &str| row.split(',').map(|entry| entry.trim().to_owned()).collect();
    Some(inside.split(';').map(str::trim).filter(|row| !row.is_empty()).map(entries).collect())
}

fn matrix(rows: &[Vec<String>]) -> String {
    let row = |row: &Vec<String>| row.iter().map(|entry| line_latex(entry)).collect::<Vec<_>>().join(" & ");
    let rows: Vec<String> = rows.iter().map(row).collect();
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
                let n = fraction_length(rest, n);
                let power = exponent(&rest[n..]);
                out.push_str(&power.map_or_else(String::new, |power| format!(" \\cdot 10^{{{power}}}")));
                n + power.map_or(0, |power| power.len() + 1)
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

/// Numbers of more digits than this are shown by their first digits and their size.
const MOST_DIGITS: usize = 12;

/// The number of `n` digits at the start of `text`, with what it is divided by.
fn number(text: &str, n: usize) -> String {
    let end = fraction_length(text, n);
    match text[..end].split_once('/') {
        Some((above, below)) if above.len().max(below.len()) > MOST_DIGITS => {
            format!("{} / {}", digits(above), digits(below))
        }
        Some((above, below)) => format!("\\tfrac{{{above}}}{{{below}}}"),
        None => digits(&text[..n]),
    }
}

/// How many digits of a number with many decimals are shown, from the first that is not 0 on.
const SHOWN_DIGITS: usize = 6;

/// A number without sign: `29958187411191831851` as `2.9958… · 10^19`, `0.0983059666` as `0.0983059…`.
fn digits(number: &str) -> String {
    if let Some((whole, decimals)) = number.split_once('.') {
        let n_whole = whole.trim_start_matches('0').len();
        let n_zeros = if n_whole > 0 { 0 } else { decimals.len() - decimals.trim_start_matches('0').len() };
        let shown = (n_zeros + SHOWN_DIGITS).saturating_sub(n_whole).max(1);
        return match decimals.get(..shown).filter(|_| decimals.len() > shown) {
            Some(decimals) => format!("{whole}.{decimals}\\ldots"),
            None => number.to_owned(),
        };
    }
    if number.len() <= MOST_DIGITS {
        return number.to_owned();
    }
    format!("{}.{}\\ldots \\cdot 10^{{{}}}", &number[..1], &number[1..5], number.len() - 1)
}

/// What stands after the `e` of `1.5e-7`.
fn exponent(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('e')?;
    let sign = usize::from(rest.starts_with('-'));
    let n = rest[sign..].bytes().take_while(u8::is_ascii_digit).count();
    (n > 0).then(|| &rest[..sign + n])
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
        check("-1/2 z^12 + 1", "-\\tfrac{1}{2} z^{12} + 1");
        check("exp(z)", "\\exp(z)");
        check("[1, 0; 0, 1/2]", "\\begin{bmatrix} 1 & 0 \\\\ 0 & \\tfrac{1}{2} \\end{bmatrix}");
        check("[1, 2]", "\\begin{bmatrix} 1 \\\\ 2 \\end{bmatrix}");
        check("[1, 2;]", "\\begin{bmatrix} 1 & 2 \\end{bmatrix}");
        check("[3]", "3");
        check("-1.5e-7", "-1.5 \\cdot 10^{-7}");
        check("0.098305966621", "0.0983059\\ldots");
        check("3.162277660168", "3.16227\\ldots");
        check("-29958187411191831851", "-2.9958\\ldots \\cdot 10^{19}");
        check("none", "\\text{ none }");
        check("-inf", "-\\infty");
    }

    #[test]
    fn formulas_in_messages_are_typeset() {
        assert_eq!(typeset("`f'` has no argument, write `f'(w_i x)`"), "$f'$ has no argument, write $f'(w_i x)$");
        assert_eq!(typeset("did you mean `refuted`, or `\\approx`?"), "did you mean `refuted`, or `\\approx`?");
        assert_eq!(typeset("a variable after `\\text{in}`"), "a variable after `\\text{in}`");
    }

    #[test]
    fn words_are_markdown() {
        assert_eq!(markdown("`w_h` is not a_b * 2"), "`w_h` is not a\\_b \\* 2");
        assert_eq!(markdown("found `x` and `y`, not z"), "found `x` and `y`, not z");
    }
}

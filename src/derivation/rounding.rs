//! Equalities with a rounded number, which hold to the digits written and no further.

use crate::proof::Outcome;
use crate::source::{Diagnostic, Span};

/// What becomes of an equality that holds to the digits written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rounding {
    /// It counts as checked: the author asks for no more, or nobody was asked.
    Taken,
    /// It stays refuted, with the sign that is meant.
    Told,
}

/// The outcome of such an equality: `close` is what became of it to the digits, `exact` as it is written, and
/// `instead` what to write.
pub(super) fn told(close: Outcome, exact: &Outcome, span: Span, instead: String, rounding: Rounding) -> Outcome {
    let message = "both sides agree to the digits that are written, and are not equal".to_owned();
    let note = Diagnostic::note("rounded-number", span, message).with_hint(format!("write `{instead}`"));
    let mut outcome = match rounding {
        Rounding::Taken => close,
        Rounding::Told => {
            let detail = "both sides agree to the digits that are written".to_owned();
            Outcome { repair: Some(instead), detail, ..exact.clone() }
        }
    };
    outcome.diagnostics.push(note);
    outcome
}

/// A relation with `\approx` for its sign: the `=` beside the number.
pub(super) fn approximate(latex: &str) -> String {
    let is_number = |side: &str| {
        let plain = side.replace(r"\times", "").replace(r"\cdot", "");
        plain.chars().any(|c| c.is_ascii_digit()) && !plain.contains(char::is_alphabetic)
    };
    let split = latex.rsplit_once('=').filter(|(_, right)| is_number(right));
    match split.or_else(|| latex.split_once('=')) {
        Some((left, right)) => format!(r"{left}\approx{right}"),
        None => latex.to_owned(),
    }
}

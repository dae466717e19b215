//! `eval`: what a formula is worth at a point. Exact where that is possible, else to its last digit.

use crate::cli::arguments::EvalArguments;
use crate::cli::console::{self, Colours};
use crate::cli::failure::{Failure, Refusal, Status};
use crate::cli::{input, point, question, snippet};
use crate::derivation::Document;
use crate::expr::{Expr, SymbolKind};
use crate::number::Rational;
use crate::number::rational::{display, to_f64};
use crate::numeric::{
    Assignment, Enclosures, Error, Fallback, Field, Floats, Rationals, Style, Tensor, evaluate_within, holds,
};
use crate::print::latex;
use crate::source::{Diagnostic, Source, Span};

/// How many expressions are evaluated exactly, or enclosed, before floating point has to do.
const MAX_STEPS: u64 = 2_000_000;

/// How many expressions are looked through for names without a value.
const MAX_LOOK: u64 = 100_000;

/// How many names without a value are listed.
const N_NAMED: usize = 8;

/// The precisions of enclosures, in bits, one after the other until they tell the float that is nearest: far more than
/// a float holds, enough to reduce the argument of a sine, and enough to tell the smallest float from 0.
const BITS: [u32; 3] = [128, 1280, 8192];

/// Why a number that is no fraction is not written.
const INFINITE: &str = "the value is too large for floating point, which ends near 1.8e308";

/// Why no digits are written.
const UNCERTAIN: &str = "the value cannot be computed in floating point: no float is known to be the nearest";

/// Evaluates the formula at the point that the options name.
pub(super) fn run(arguments: &EvalArguments) -> Result<Status, Failure> {
    let mut document = question::document(&arguments.model)?;
    let formula = question::formula("FORMULA", &arguments.formula);
    let asked = document.read_value(&formula).map_err(|problems| question::refused(&formula, problems))?;
    let mut point = Assignment::default();
    if let Some(path) = &arguments.set_file {
        point::set_all(&mut document, &mut point, &input::one(path).read()?)?;
    }
    for pair in &arguments.set {
        point::set(&mut document, &mut point, pair)?;
    }
    warn_of_assumptions(&document, &point);
    let text = value(&document, &point, asked).map_err(|reason| match reason {
        NoValue::Failed(error) => refused(&mut document, &point, asked, &formula, error),
        NoValue::Infinite => refuse(&formula, "too-large", INFINITE, "ask for its logarithm, or at another point"),
        NoValue::Uncertain => {
            refuse(&formula, "not-supported", UNCERTAIN, "ask at another point, or for one of its parts")
        }
    })?;
    console::print(&format!("{text}\n"))?;
    Ok(Status::Fine)
}

/// Why a formula has no value that can be written.
enum NoValue {
    /// It cannot be evaluated.
    Failed(Error),
    /// It is beyond the largest float, and not a fraction that is worked out.
    Infinite,
    /// No float is known to be the nearest.
    Uncertain,
}

impl From<Error> for NoValue {
    fn from(error: Error) -> NoValue {
        NoValue::Failed(error)
    }
}

/// The value as text: as fractions, or as the floats next to what enclosures hold, or as floats.
fn value(document: &Document, point: &Assignment, asked: Expr) -> Result<String, NoValue> {
    match in_field(document, point, asked, &Rationals, MAX_STEPS) {
        Ok(exact) => return Ok(written(&exact, &display)),
        Err(error @ (Error::Undefined(_) | Error::Missing(..) | Error::Misfit(_))) => return Err(error.into()),
        Err(Error::NotExact | Error::Unsupported(_) | Error::TooLarge) => {}
    }
    let value = match enclosed(document, point, asked)? {
        Some(value) => value,
        None => in_field(document, point, asked, &Floats, MAX_STEPS)?,
    };
    if value.entries().iter().any(|entry| entry.is_nan()) {
        return Err(NoValue::Uncertain);
    }
    if value.entries().iter().any(|entry| entry.is_infinite()) {
        return Err(NoValue::Infinite);
    }
    Ok(written(&value, &f64::to_string))
}

/// The floats nearest to the value; nothing where enclosures do not reach and floating point has to do.
fn enclosed(document: &Document, point: &Assignment, asked: Expr) -> Result<Option<Tensor<f64>>, NoValue> {
    for bits in BITS {
        // Arithmetic takes up to the square of the precision: the work is bounded, not the steps.
        let coarser = u64::from(bits / BITS[0]);
        match in_field(document, point, asked, &Enclosures { bits }, MAX_STEPS / (coarser * coarser)) {
            Ok(value) => {
                let ends = value.map(|entry| Ok::<_, NoValue>(entry.to_f64_pair()))?;
                if ends.entries().iter().copied().any(is_beyond) {
                    return Err(NoValue::Infinite);
                }
                if ends.entries().iter().copied().all(is_tight) {
                    return value
                        .map(|entry| entry.midpoint().map(|middle| nearest_float(&middle)).ok_or(NoValue::Infinite))
                        .map(Some);
                }
            }
            Err(Error::NotExact) => {}
            Err(Error::TooLarge) if bits > BITS[0] => break,
            Err(_) => return Ok(None),
        }
    }
    Err(NoValue::Uncertain)
}

/// Whether the ends are the same or neighbours.
fn is_tight((low, high): (f64, f64)) -> bool {
    low.is_finite() && (low == high || low.next_up() == high || low.next_up().next_up() == high)
}

/// Whether both ends are beyond the largest float, on one side.
fn is_beyond((low, high): (f64, f64)) -> bool {
    low >= f64::MAX && high == f64::INFINITY || low == f64::NEG_INFINITY && high <= f64::MIN
}

/// The float, 0 without a sign.
fn nearest_float(value: &Rational) -> f64 {
    to_f64(value) + 0.0
}

fn in_field<F: Field>(
    document: &Document,
    point: &Assignment,
    asked: Expr,
    field: &F,
    max_steps: u64,
) -> Result<Tensor<F::Element>, Error> {
    let mut evaluation = evaluate_within(&document.arena, &document.model, point, field, &[asked], max_steps);
    evaluation.values.pop().unwrap_or(Err(Error::TooLarge))
}

/// `3/4`, `[1, 2]`, `[[1, 0], [0, 1]]`: what `--set` reads.
fn written<S>(value: &Tensor<S>, entry: &dyn Fn(&S) -> String) -> String {
    let row = |entries: &[S]| format!("[{}]", entries.iter().map(entry).collect::<Vec<_>>().join(", "));
    match value {
        Tensor::Scalar(number) => entry(number),
        Tensor::Vector(entries) => row(entries),
        Tensor::Matrix { columns, entries, .. } => {
            let rows: Vec<String> = entries.chunks((*columns).max(1)).map(row).collect();
            format!("[{}]", rows.join(", "))
        }
    }
}

/// Says which assumptions of the file do not hold at the point; the value is worked out all the same.
fn warn_of_assumptions(document: &Document, point: &Assignment) {
    for assumption in &document.model.assumptions {
        if holds(&document.arena, &document.model, point, &Floats, assumption) == Ok(false) {
            let written = crate::print::Tree::of_prop(&document.arena, assumption, &[]).latex();
            let message = format!("the assumption `{written}` does not hold here");
            let problem = Diagnostic::warning("assumption-broken", Span::default(), message)
                .with_hint("formulas of the file that rest on it may be false at this point");
            console::report(&snippet::render(&Source::new("", ""), &problem, Colours::of_stderr()));
        }
    }
}

/// Why there is no value, with what to do about it.
fn refused(document: &mut Document, point: &Assignment, asked: Expr, formula: &Source, error: Error) -> Failure {
    let (code, message, hint) = match &error {
        Error::Missing(symbol, at) => {
            let missing = missing(document, point, asked, (*symbol, at.clone()));
            let first = missing.first().map_or("NAME", String::as_str);
            let hint = match document.arena.kind(*symbol) {
                SymbolKind::Function => format!("add `--set {first}=sigmoid`, or `--set '{first}=z -> z^2'`"),
                SymbolKind::Integer => format!("add `--set {first}=3`"),
                SymbolKind::Real => format!("add `--set {first}=1/2`"),
            };
            ("missing-value", without_value(&missing), hint)
        }
        Error::Undefined(_) => {
            let hint = "ask at another point, or look at the conditions of the definitions".to_owned();
            ("undefined-here", error.to_string(), hint)
        }
        Error::Misfit(_) => {
            let hint = "look at the sizes of the values; `n` is the same in every declaration".to_owned();
            ("shape-mismatch", error.to_string(), hint)
        }
        Error::TooLarge => ("too-large", error.to_string(), "ask for smaller sizes or an earlier time".to_owned()),
        Error::NotExact | Error::Unsupported(_) => {
            ("not-supported", error.to_string(), "ask for a number, a vector or a matrix".to_owned())
        }
    };
    refuse(formula, code, &message, &hint)
}

/// A problem with the formula as a whole.
fn refuse(formula: &Source, code: &'static str, message: &str, hint: &str) -> Failure {
    let span = Span::new(0, formula.text.len());
    Refusal { source: formula.clone(), problem: Diagnostic::error(code, span, message).with_hint(hint) }.into()
}

/// `x_1`, `x_2` have no value
fn without_value(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(N_NAMED).map(|name| format!("`{name}`")).collect();
    let more = match names.len().saturating_sub(N_NAMED) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    let verb = if names.len() == 1 { "has" } else { "have" };
    format!("{}{more} {verb} no value", shown.join(", "))
}

/// Everything that still needs a value, in order; at least the one that was found to be missing.
fn missing(
    document: &mut Document,
    point: &Assignment,
    asked: Expr,
    first: (crate::expr::SymbolId, Vec<i64>),
) -> Vec<String> {
    let trial = Assignment { fallback: Some(Fallback { seed: 1, style: Style::Ones }), ..point.clone() };
    let used = evaluate_within(&document.arena, &document.model, &trial, &Floats, &[asked], MAX_LOOK).givens;
    let mut keys: Vec<(crate::expr::SymbolId, Vec<i64>)> =
        used.into_keys().filter(|key| !point.values.contains_key(key)).collect();
    if !keys.contains(&first) {
        keys.insert(0, first);
    }
    keys.into_iter()
        .map(|(symbol, at)| {
            let at = at.into_iter().map(|index| document.arena.integer(index)).collect();
            let member = document.arena.member(symbol, at);
            latex(&document.arena, member)
        })
        .collect()
}

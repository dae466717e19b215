//! Tables of numbers that the model gives.

use nalgebra::DVector;

use crate::derivation::Coverage;
use crate::derivation::Document;
use crate::number::Rational;
use crate::number::float;
use crate::number::rational::to_f64;
use crate::render::activations::ACTIVATIONS;
use crate::render::activations::derivative;
use crate::render::activations::plain;
use crate::render::activations::slope_facts;
use crate::render::figures::Drawn;
use crate::render::figures::numbers::shown;
use crate::render::figures::options;
use crate::render::figures::options::misfit;
use crate::render::figures::plots::terms_by_lag;
use crate::render::formula;
use crate::render::prose::Directive;
use crate::render::slopes::Extreme;
use crate::render::slopes::greatest;
use crate::render::slopes::least;
use crate::source::Diagnostic;

/// `lags w_h=2 T=20`: the terms of a gradient by lag.
pub(super) fn lags(document: &Document, directive: &Directive) -> Result<Drawn, Diagnostic> {
    let terms = terms_by_lag(document, directive)?;
    let total: f64 = terms.iter().sum();
    let mut rows =
        vec!["| lag | term | sum so far | share of the whole |".to_owned(), "| ---: | ---: | ---: | ---: |".to_owned()];
    let mut sum = 0.0;
    for (lag, term) in terms.iter().enumerate() {
        sum += term;
        if lag < 6 || [8, 10, 15].contains(&lag) || lag + 1 == terms.len() {
            rows.push(format!("| {lag} | ${}$ | ${:.6}$ | {:.1} % |", shown(*term, 3), sum, 100.0 * sum / total));
        }
    }
    Ok(Drawn::Table(rows.join("\n")))
}

/// `activations`: each with its slope, the values of the slope, and the threshold that follows.
pub(super) fn activations(document: &Document, directive: &Directive) -> Result<Drawn, Diagnostic> {
    options::only(directive, &[])?;
    let mut rows = vec![
        "| activation | slope | least | greatest | threshold on $\\vert w_h \\vert$ |".to_owned(),
        "| --- | --- | --- | --- | --- |".to_owned(),
    ];
    for &(function, name, _) in &ACTIVATIONS {
        let facts = slope_facts(&[("", document)], function);
        let (low, high) = (least(function), greatest(function));
        let bound = |known: Option<&(Rational, bool)>, found: Extreme| match known {
            Some((bound, strict)) if (to_f64(bound) - found.value).abs() < 1e-6 => {
                format!("${}${}", plain(bound), if *strict { ", not attained" } else { "" })
            }
            Some(_) | None => format!("about ${:.4}$", found.value),
        };
        let threshold = match facts.upper.as_ref().filter(|(bound, _)| (to_f64(bound) - high.value).abs() < 1e-6) {
            Some((bound, _)) => format!("${}$", plain(&(Rational::ONE / bound.clone()))),
            None => format!("about ${:.3}$", 1.0 / high.value),
        };
        let slope = formula::cell(&derivative(function));
        let (low, high) = (bound(facts.lower.as_ref(), low), bound(facts.upper.as_ref(), high));
        rows.push(format!("| {name} | ${slope}$ | {low} | {high} | {threshold} |"));
    }
    Ok(Drawn::Table(rows.join("\n")))
}

/// `costs`: what the ways to the gradient cost a layer of `n` units over `T` steps, in numbers and with an example.
pub(super) fn costs(_: &Document, directive: &Directive) -> Result<Drawn, Diagnostic> {
    options::only(directive, &["n", "T"])?;
    let n = options::count(directive, "n", 100, 10_000)?;
    let steps = options::count(directive, "T", 1000, 1_000_000)?;
    let (n, steps) = (n as f64, steps as f64);
    let rows = [
        ("sum over paths", "n T", n * steps, r"\tfrac12 n^2 T^2", 0.5 * (n * steps).powi(2)),
        ("backward (BPTT)", "n T", n * steps, "n^2 T", n * n * steps),
        ("forward (RTRL)", "n^3", n.powi(3), "n^4 T", n.powi(4) * steps),
    ];
    let mut table = vec![
        format!("| | numbers kept | $n={n}$, $T={steps}$ | operations | $n={n}$, $T={steps}$ |"),
        "| --- | --- | ---: | --- | ---: |".to_owned(),
    ];
    for (name, kept, n_kept, work, n_work) in rows {
        table.push(format!("| {name} | ${kept}$ | ${}$ | ${work}$ | ${}$ |", power(n_kept), power(n_work)));
    }
    Ok(Drawn::Table(table.join("\n")))
}

/// The grid runs from minus this to this.
const GRID_END: f64 = 8.0;

/// How many points of the grid there are to a unit.
const GRID_DENSITY: usize = 100;

/// `grid sigmoid`, `grid tanh`: the slope by its formula beside the difference quotient, at points of a fine grid.
///
/// Nothing is proved by it; it shows that what is proved is what the numbers do.
pub(super) fn grid(_: &Document, directive: &Directive) -> Result<Drawn, Diagnostic> {
    let (value, slope): (fn(f64) -> f64, fn(f64) -> f64) = match directive.words.get(1).map(String::as_str) {
        Some("sigmoid") => (float::sigmoid, |f| f * (1.0 - f)),
        Some("tanh") => (f64::tanh, |f| 1.0 - f * f),
        _ => return Err(misfit(directive, "the grid needs a function: `grid sigmoid` or `grid tanh`".to_owned())),
    };
    let n_points = 2 * GRID_END as usize * GRID_DENSITY + 1;
    let points = DVector::from_fn(n_points, |n, _| n as f64 / GRID_DENSITY as f64 - GRID_END);
    let by_formula = points.map(|z| slope(value(z)));
    let step = 1e-5;
    let by_differences = points.map(|z| (value(z + step) - value(z - step)) / (2.0 * step));
    let mut rows =
        vec!["| $z$ | slope by the formula | difference quotient |".to_owned(), "| ---: | ---: | ---: |".to_owned()];
    for shown_point in [-8, -4, -2, -1, 0, 1, 2, 4, 8] {
        let n = ((f64::from(shown_point) + GRID_END) * GRID_DENSITY as f64) as usize;
        rows.push(format!("| ${shown_point}$ | ${:.8}$ | ${:.8}$ |", by_formula[n], by_differences[n]));
    }
    let apart = (&by_formula - &by_differences).amax();
    rows.push(format!(
        "| all {n_points} points | from ${}$ to ${}$ | apart by ${}$ at most |",
        shown(by_formula.min(), 3),
        shown(by_formula.max(), 3),
        shown(apart, 1)
    ));
    Ok(Drawn::Table(rows.join("\n")))
}

/// `coverage`: what became of the display formulas of a page that claims them.
pub(super) fn coverage(document: &Document, directive: &Directive) -> Result<Drawn, Diagnostic> {
    options::only(directive, &[])?;
    let Some(coverage) = Coverage::of(document) else {
        let message =
            "this page only shows its display formulas; `display = \"claims\"` in its front matter claims them";
        return Err(misfit(directive, message.to_owned()));
    };
    let counts = [
        ("formulas", coverage.formulas),
        ("proved", coverage.proved),
        ("checked", coverage.checked),
        ("refuted", coverage.refuted),
        ("open", coverage.open),
        ("definitions", coverage.definition),
        ("not a claim", coverage.not_a_claim),
        ("not read", coverage.not_read),
    ];
    let [all, parts @ ..] = counts;
    let mut rows = vec![format!("| {} | {} |", all.0, all.1), "| --- | ---: |".to_owned()];
    rows.extend(parts.iter().filter(|(_, n)| *n > 0).map(|(name, n)| format!("| {name} | {n} |")));
    Ok(Drawn::Table(rows.join("\n")))
}

/// A large number as a power of ten where it is one.
fn power(value: f64) -> String {
    let exponent = value.log10().round();
    if (10f64.powf(exponent) - value).abs() < 1e-6 * value { format!("10^{{{exponent}}}") } else { shown(value, 1) }
}

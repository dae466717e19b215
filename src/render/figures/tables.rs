//! Tables of numbers that the model gives.

use crate::derivation::Document;
use crate::expr::Elementary;
use crate::render::activations::ACTIVATIONS;
use crate::render::activations::derivative;
use crate::render::activations::plain;
use crate::render::activations::slope_facts;
use crate::render::figures::Drawn;
use crate::render::figures::numbers::shown;
use crate::render::figures::numbers::steepest;
use crate::render::figures::options;
use crate::render::figures::plots::terms_by_lag;
use crate::render::formula;
use crate::render::prose::Directive;
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
            rows.push(format!("| {lag} | ${}$ | ${:.6}$ | {:.4} % |", shown(*term, 3), sum, 100.0 * sum / total));
        }
    }
    Ok(Drawn::Table(rows.join("\n")))
}

/// `activations`: each with its slope, the values of the slope, and the threshold that follows.
pub(super) fn activations(document: &Document, directive: &Directive) -> Result<Drawn, Diagnostic> {
    options::only(directive, &[])?;
    let mut rows = vec![
        "| activation | slope | values of the slope | threshold on $\\vert w_h \\vert$ |".to_owned(),
        "| --- | --- | --- | --- |".to_owned(),
    ];
    for &(function, name, _) in &ACTIVATIONS {
        let facts = slope_facts(&[("", document)], function);
        let range = facts.range().map_or(String::from("—"), |range| format!("${range}$"));
        let proved = facts.supremum.clone().or(facts
            .upper
            .clone()
            .map(|(bound, _)| bound)
            .filter(|_| steepest_is_simple(function)));
        let threshold = match proved.map(|bound| crate::number::Rational::ONE / bound) {
            Some(threshold) => format!("${}$", plain(&threshold)),
            None => format!("about ${:.3}$", 1.0 / steepest(function).0),
        };
        rows.push(format!("| {name} | ${}$ | {range} | {threshold} |", formula::cell(&derivative(function))));
    }
    Ok(Drawn::Table(rows.join("\n")))
}

/// Whether the greatest slope is a number that can be written down in a few digits.
fn steepest_is_simple(function: Elementary) -> bool {
    let scaled = steepest(function).0 * 8.0;
    (scaled - scaled.round()).abs() < 1e-9
}

/// `costs`: what the ways to the gradient cost, in numbers and with examples.
pub(super) fn costs(_: &Document, directive: &Directive) -> Result<Drawn, Diagnostic> {
    options::only(directive, &["n", "T"])?;
    let n = options::count(directive, "n", 100, 10_000)?;
    let steps = options::count(directive, "T", 1000, 1_000_000)?;
    let (n, steps) = (n as f64, steps as f64);
    let rows = [
        ("backward (BPTT)", "n T", n * steps, "n^2 T", n * n * steps),
        ("forward (RTRL)", "n^3", n * n * n, "n^4 T", n * n * n * n * steps),
    ];
    let mut table = vec![
        format!("| | numbers kept | for $n = {n}$, $T = {steps}$ | operations | for $n = {n}$, $T = {steps}$ |"),
        "| --- | --- | ---: | --- | ---: |".to_owned(),
    ];
    for (name, kept, n_kept, work, n_work) in rows {
        table.push(format!("| {name} | ${kept}$ | ${}$ | ${work}$ | ${}$ |", power(n_kept), power(n_work)));
    }
    Ok(Drawn::Table(table.join("\n")))
}

/// A large number as a power of ten where it is one.
fn power(value: f64) -> String {
    let exponent = value.log10().round();
    if (10f64.powf(exponent) - value).abs() < 1e-6 * value { format!("10^{{{exponent}}}") } else { shown(value, 2) }
}

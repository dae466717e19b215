//! Measures how many of the formulas in a file of JSON lines are read: `read_corpus FILE [--trees]`.
//!
//! Each line holds an object with `latex`, and perhaps `id`, `source`, `kind` and `core`. A formula counts as read
//! when reading it gives no error. With `--trees` each formula is printed with its tree and its problems.

use std::collections::BTreeMap;
use std::error::Error;
use std::time::Duration;
use std::time::Instant;

use chainrule::source::Diagnostic;
use chainrule::source::Severity;
use chainrule::syntax::ast::Formula;
use chainrule::syntax::parse_formulas;
use chainrule::syntax::sexpr;
use serde_json::Value;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("usage: read_corpus FILE [--trees]")?;
    let shows_trees = arguments.next().as_deref() == Some("--trees");
    let mut rates: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut refusals: BTreeMap<String, usize> = BTreeMap::new();
    let mut times: Vec<(Duration, String)> = Vec::new();
    for line in std::fs::read_to_string(path)?.lines() {
        let row: Value = serde_json::from_str(line)?;
        let latex = row["latex"].as_str().unwrap_or_default();
        let start = Instant::now();
        let (formulas, problems) = parse_formulas(latex, 0);
        times.push((start.elapsed(), row["id"].as_str().unwrap_or("-").to_string()));
        let errors: Vec<&Diagnostic> = problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
        for group in groups(&row) {
            let rate = rates.entry(group).or_default();
            rate.0 += usize::from(errors.is_empty());
            rate.1 += 1;
        }
        if let Some(first) = errors.first() {
            *refusals.entry(format!("{}: {}", first.code, first.message)).or_default() += 1;
        }
        if shows_trees {
            print_trees(&row, latex, &formulas, &problems);
        }
    }
    print_rates(&rates, &mut times, refusals);
    Ok(())
}

fn groups(row: &Value) -> Vec<String> {
    let kind = row["kind"].as_str().unwrap_or("of no kind");
    let mut groups = vec!["all".to_string(), format!("kind {kind}")];
    if row["core"].as_bool() == Some(true) {
        groups.push("core".to_string());
    }
    groups.extend(row["source"].as_str().map(|source| format!("from {source}")));
    groups
}

fn print_trees(row: &Value, latex: &str, formulas: &[Formula], problems: &[Diagnostic]) {
    println!("{} {}", row["id"].as_str().unwrap_or("-"), latex.replace('\n', " "));
    for formula in formulas {
        println!("    {}", sexpr(&formula.body));
        formula.conditions.iter().for_each(|condition| println!("      if {}", sexpr(condition)));
        formula.variables.iter().for_each(|variable| println!("      in {}", sexpr(variable)));
    }
    for problem in problems {
        println!("    {}: {} at {}", problem.code, problem.message, problem.span.start);
    }
}

fn print_rates(
    rates: &BTreeMap<String, (usize, usize)>,
    times: &mut [(Duration, String)],
    refusals: BTreeMap<String, usize>,
) {
    for (group, (n_read, n_all)) in rates {
        println!("{group:<50} {n_read:>5} of {n_all:>5}  {:6.2} %", 100.0 * *n_read as f64 / *n_all as f64);
    }
    times.sort();
    if let Some((worst, id)) = times.last() {
        println!("time: median {:?}, worst {worst:?} for {id}", times[times.len() / 2].0);
    }
    let mut refusals: Vec<(String, usize)> = refusals.into_iter().collect();
    refusals.sort_by_key(|(message, n_times)| (std::cmp::Reverse(*n_times), message.clone()));
    for (message, n_times) in refusals.iter().take(20) {
        println!("{n_times:>5}  {message}");
    }
}

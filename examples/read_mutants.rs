//! Reads formulas with small mistakes in them: `read_mutants FILE N [SEED]`.
//!
//! Each is a formula of a file of JSON lines in which one to three tokens are dropped, doubled, exchanged or taken
//! from another formula. Printed are how many were read, and those that took longest; a panic shows by itself.

use std::error::Error;
use std::time::Duration;
use std::time::Instant;

use chainrule::number::Random;
use chainrule::source::Severity;
use chainrule::syntax::parse_formulas;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [path, count, rest @ ..] = &arguments[..] else { return Err("usage: read_mutants FILE N [SEED]".into()) };
    let seed = rest.first().map_or(Ok(1), |seed| seed.parse())?;
    let text = std::fs::read_to_string(path)?;
    let rows = text.lines().map(serde_json::from_str::<serde_json::Value>).collect::<Result<Vec<_>, _>>()?;
    let formulas: Vec<Vec<String>> =
        rows.iter().filter_map(|row| row["latex"].as_str()).map(tokens).filter(|tokens| !tokens.is_empty()).collect();
    let mut random = Random::new(seed);
    let mut times: Vec<(Duration, String)> = Vec::new();
    let mut n_read = 0;
    for _ in 0..count.parse()? {
        let latex = mutant(&formulas, &mut random);
        let start = Instant::now();
        let (_, problems) = parse_formulas(&latex, 0);
        times.push((start.elapsed(), latex));
        n_read += usize::from(problems.iter().all(|problem| problem.severity != Severity::Error));
    }
    times.sort();
    println!("{n_read} of {} read, seed {seed}", times.len());
    for (time, latex) in times.iter().rev().take(5) {
        println!("{time:?} for {} bytes: {}", latex.len(), latex.chars().take(100).collect::<String>());
    }
    Ok(())
}

/// Commands, and single characters.
fn tokens(latex: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    for c in latex.chars() {
        match tokens.last_mut() {
            Some(last)
                if last == r"\"
                    || last.starts_with('\\') && last.len() > 1 && c.is_ascii_alphabetic() && is_command(last) =>
            {
                last.push(c);
            }
            _ => tokens.push(c.to_string()),
        }
    }
    tokens
}

fn is_command(token: &str) -> bool {
    token[1..].chars().all(|c| c.is_ascii_alphabetic())
}

fn mutant(formulas: &[Vec<String>], random: &mut Random) -> String {
    let pick = |random: &mut Random, n: usize| random.below(n as u64) as usize;
    let mut tokens = formulas[pick(random, formulas.len())].clone();
    for _ in 0..1 + pick(random, 3) {
        let at = pick(random, tokens.len().max(1));
        match pick(random, 4) {
            0 if tokens.len() > 1 => drop(tokens.remove(at)),
            1 if !tokens.is_empty() => tokens.insert(at, tokens[at].clone()),
            2 if tokens.len() > 1 => {
                let other = pick(random, tokens.len());
                tokens.swap(at, other);
            }
            _ => {
                let other = &formulas[pick(random, formulas.len())];
                tokens.insert(at, other[pick(random, other.len())].clone());
            }
        }
    }
    tokens.concat()
}

//! The tape against the forward witness and against differences, over every model of the book and of the cases.
//!
//! `cargo test --test it tape -- --nocapture` prints what was compared, and what a tape refuses and why.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chainrule::derivation::Document;
use chainrule::expr::{DerivativeKind, Expr};
use chainrule::numeric::{Assignment, Error, Fallback, Floats, Style, Tape, evaluate, gradient};
use chainrule::source::Source;

use crate::documents::{acceptance_cases, chapters, document, load};
use crate::points::{Slope, TOLERANCE, agree, draw, is_moderate, slopes, value};

/// How many points are tried for each derivative and each of the sizes.
const N_TRIES: u64 = 60;

/// The largest size, last time and free letter, in turn.
const HIGHEST: [i64; 3] = [2, 5, 9];

/// What was compared.
#[derive(Default)]
struct Tally {
    n_slopes: usize,
    n_points: usize,
    n_differences: usize,
    wrong: Vec<String>,
    refused: BTreeMap<String, usize>,
}

impl Tally {
    /// Compares a slope at one point for each of the sizes.
    fn add(&mut self, document: &mut Document, slope: &Slope) {
        let before = self.n_points;
        let mut reason = None;
        for highest in HIGHEST {
            for seed in 0..N_TRIES {
                let Some(point) = draw(document, slope, highest, seed) else { continue };
                match self.at_point(document, slope, &point) {
                    Ok(true) => break,
                    Ok(false) | Err(Error::Undefined(_) | Error::Missing(..)) => {}
                    Err(error) => {
                        reason = Some(error.describe(&document.arena));
                        break;
                    }
                }
            }
        }
        match reason {
            Some(reason) => *self.refused.entry(reason).or_default() += 1,
            None => self.n_slopes += usize::from(self.n_points > before),
        }
    }

    /// Whether the slope could be compared at this point.
    fn at_point(&mut self, document: &mut Document, slope: &Slope, point: &Assignment) -> Result<bool, Error> {
        let (forward, _) = slope.witnesses(document, point)?;
        let of = value(document, point, slope.of)?;
        if !(is_moderate(forward) && is_moderate(of)) {
            return Ok(false);
        }
        let taped = slope.by_tape(document, point)?;
        let place = format!("{}:{} at {:?}", document.source.path, slope.line, point.integers.values());
        if !agree(taped, forward) {
            self.wrong.push(format!("{place}: {taped} on the tape, {forward} forward"));
        }
        self.n_points += 1;
        if let Ok(quotient) = slope.by_differences(document, point) {
            // A difference loses what the value has more digits than the slope.
            let scale = taped.abs().max(1e-2 * of.abs()).max(1e-2);
            if (taped - quotient).abs() > TOLERANCE * scale {
                self.wrong.push(format!("{place}: {taped} on the tape, {quotient} by differences"));
            }
            self.n_differences += 1;
        }
        Ok(true)
    }
}

/// Compares the derivatives of some pages; so many at least, and so many values by differences too.
#[track_caller]
fn compare(what: &str, pages: &[PathBuf], (n_slopes, n_differences): (usize, usize)) {
    let mut tally = Tally::default();
    for path in pages {
        let mut document = load(path);
        for slope in slopes(&mut document).iter().filter(|slope| slope.kind == DerivativeKind::Total) {
            tally.add(&mut document, slope);
        }
    }
    println!(
        "{what}: {} derivatives at {} points, {} by differences too",
        tally.n_slopes, tally.n_points, tally.n_differences
    );
    for (reason, n) in &tally.refused {
        println!("  refused, {reason}: {n}");
    }
    assert!(tally.wrong.is_empty(), "{what}:\n{}", tally.wrong.join("\n"));
    assert!(tally.n_slopes >= n_slopes, "{what}: {} were compared, {n_slopes} once", tally.n_slopes);
    let n = tally.n_differences;
    assert!(n >= n_differences, "{what}: {n} were compared by differences, {n_differences} once");
}

#[test]
fn the_models_of_the_book() {
    compare("tapes of the book", &chapters(), (155, 160));
}

#[test]
fn the_models_of_the_acceptance_cases() {
    let pages = acceptance_cases();
    if !pages.is_empty() {
        compare("tapes of the cases", &pages, (72, 105));
    }
}

/// Whole gradients by the tape against the record of all operations, at several sizes and last times.
#[track_caller]
fn check(given: &str, define: &str, of: &str, by: &[&str]) {
    let mut document = document(&format!("```math given\n{given}\n```\n\n```math define\n{define}\n```\n"));
    let mut read = |latex: &str| document.read_value(&Source::new("read", latex)).unwrap();
    let of = read(of);
    let by: Vec<Expr> = by.iter().map(|by| read(by)).collect();
    let Document { arena, model, .. } = &document;
    let integers = ["n", "m", "T"].map(|name| arena.find(name));
    for (n, m, last) in [(1, 1, 1), (2, 3, 2), (6, 5, 4), (8, 7, 9), (17, 9, 12)] {
        let sizes = integers.into_iter().zip([n, m, last]).filter_map(|(symbol, size)| Some((symbol?, size)));
        let fallback = Some(Fallback { seed: 3, style: Style::Unit });
        let point = Assignment { integers: sizes.collect(), fallback, ..Assignment::default() };
        let mut tape = Tape::compile(arena, model, &point, of, &by).unwrap();
        let (value, fast) = tape.gradient();
        let expected = *evaluate(arena, model, &point, &Floats, of).unwrap().as_scalar().unwrap();
        assert!(agree(value, expected), "{value} {expected} at {n}, {m}, {last}");
        for (place, (fast, &by)) in fast.iter().zip(&by).enumerate() {
            let slow = &gradient(arena, model, &point, &Floats, of, &[by]).unwrap()[0];
            assert_eq!(fast.form(), slow.form());
            for (fast, slow) in fast.entries().iter().zip(slow.entries()) {
                assert!(agree(*fast, *slow), "by {place}: {fast} {slow} at {n}, {m}, {last}");
            }
        }
        assert_eq!(tape.gradient(), (value, fast), "a second run");
    }
}

const LAYER: &str = r"n, m, T \in \mathbb{N} \\ W, V \in \mathbb{R}^{n \times n} \\ U \in \mathbb{R}^{n \times m} \\
    b, h_0, c_0 \in \mathbb{R}^n \\ x_t \in \mathbb{R}^m";

#[test]
fn a_recurrent_layer() {
    let define = r"h_t = \tanh(W h_{t-1} + U x_t + b) \quad (t \ge 1) \\ L = \sum_{t=1}^{T} \frac{1}{2} h_t^\top h_t";
    check(LAYER, define, "L", &["W", "U", "b", "h_0", "x_1", "h_1", "W_{1,1}"]);
    check(LAYER, define, r"\frac{1}{2} h_T^\top h_T", &["W", "U", "b"]);
}

#[test]
fn one_matrix_in_both_ways_and_a_linear_layer() {
    let define = r"h_t = V h_{t-1} \quad (t \ge 1) \\ y_t = V^\top \tanh(h_t) \\ L = \sum_{t=1}^{T} y_t^\top h_t";
    check(LAYER, define, "L", &["V", "h_0"]);
}

#[test]
fn two_layers_of_states() {
    let define = r"c_t = \sigma(V c_{t-1} + U x_t) \quad (t \ge 1) \\
        h_t = \tanh(W h_{t-1} + c_t \odot h_{t-1} + V^\top c_t) \quad (t \ge 1) \\
        L = \sum_{t=1}^{T} \| h_t - c_t \|^2";
    check(LAYER, define, "L", &["V", "W", "U", "h_0", "c_0", "c_1"]);
}

#[test]
fn attention() {
    let given = r"n, m, T \in \mathbb{N} \\ Q \in \mathbb{R}^{T \times n} \\ K \in \mathbb{R}^{m \times n} \\
        V \in \mathbb{R}^{m \times n} \\ G \in \mathbb{R}^{T \times n}";
    let define = r"S = \frac{1}{\sqrt{n}} Q K^\top \\ P = \operatorname{softmax}(S) \\ O = P V \\ A = \operatorname{Tr}(G^\top O)";
    check(given, define, "A", &["Q", "K", "V", "G", "S", "P"]);
}

#[test]
fn softmax_and_a_norm_by_entries() {
    let given = &format!(r"{LAYER} \\ z, p, u \in \mathbb{{R}}^n");
    let define = r"z = W b + h_0 \\ p_i = \frac{e^{z_i}}{\sum_{k=1}^{n} e^{z_k}} \\
        \mu = \frac{1}{n} \sum_{i=1}^{n} p_i \\ s = \sqrt{\frac{1}{n} \sum_{i=1}^{n} (p_i - \mu)^2 + 1} \\
        u_i = \frac{p_i - \mu}{s} \\ L = -\sum_{i=1}^{n} \log(p_i) b_i + c_0^\top u";
    check(given, define, "L", &["W", "b", "h_0", "p", "z", "c_0"]);
}

#[test]
fn inverses_and_determinants() {
    let given = r"n \in \mathbb{N} \\ A \in \mathbb{R}^{n \times n} \\ x \in \mathbb{R}^n";
    check(given, r"B = A^\top A + 3 I \\ L = x^\top B^{-1} x + \log \det B", "L", &["A", "x", "B"]);
}

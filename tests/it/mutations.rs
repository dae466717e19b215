//! The reader under formulas that nobody meant: seeded changes of those of the suite, soups of tokens, and sizes that
//! do not fit. It may refuse all of them, but it neither panics nor makes more of them than their length allows.

use chainrule::number::Random;
use chainrule::source::{Diagnostic, Severity};
use chainrule::syntax::{parse_formulas, sexpr};

use crate::meaning::document;
use crate::slips::with_slips;

const SEED: u64 = 20_261_126;

/// How many nodes the meaning of a short formula has at most, that of the model around it included.
const MOST_NODES: usize = 20_000;

/// How many more it may have for each byte that is written.
const NODES_OF_ONE_BYTE: usize = 20;

const TOKENS: [&str; 64] = [
    "x",
    "y",
    "a",
    "f",
    "h_t",
    "W_{hh}",
    "A",
    "v",
    "u",
    r"\hat y^{(t)}",
    r"\sigma",
    r"\tanh",
    r"\log",
    "1",
    "0",
    "12.5",
    "10^{9}",
    "+",
    "-",
    r"\cdot",
    r"\odot",
    "/",
    "=",
    r"\le",
    "<",
    r"\in",
    r"\approx",
    r"\propto",
    r"\implies",
    r"\iff",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "|",
    r"\|",
    r"\left(",
    r"\right)",
    "_",
    "^",
    "'",
    ",",
    ";",
    r"\frac",
    r"\sqrt",
    r"\sum_{k=1}^{n}",
    r"\prod_{k=t}^{j+1}",
    r"\lim_{t \to \infty}",
    r"\partial",
    r"\nabla_v",
    r"\frac{\partial}{\partial x}",
    r"\cdots",
    r"\quad",
    r"\text{if}",
    r"\forall",
    r"\begin{cases}",
    r"\end{cases}",
    "&",
    r"\\",
    r"\Big|_{x=0}",
    r"\infty",
    r"^\top",
];

fn formulas() -> Vec<String> {
    let folder = format!("{}/tests/suite/", env!("CARGO_MANIFEST_DIR"));
    let mut names = Vec::new();
    for shelf in ["reading", "meaning"] {
        let entries = std::fs::read_dir(folder.clone() + shelf).expect("the suite is there");
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        names.extend(paths.filter(|path| path.extension().is_some_and(|extension| extension == "tsv")));
    }
    names.sort();
    let texts = names.iter().map(|path| std::fs::read_to_string(path).expect("a table is text"));
    let first = |line: &str| line.split('\t').next().unwrap_or_default().to_owned();
    texts.flat_map(|text| text.lines().filter(|line| !line.starts_with("# ")).map(first).collect::<Vec<_>>()).collect()
}

fn soup(n_tokens: u64, random: &mut Random) -> String {
    let token = |random: &mut Random| TOKENS[usize::try_from(random.below(TOKENS.len() as u64)).unwrap_or(0)];
    (0..n_tokens).map(|_| token(random)).collect::<Vec<_>>().join(" ")
}

/// Reads a formula and gives it its meaning; an error that nobody is told of is a bug.
fn read(latex: &str) {
    let (formulas, problems) = parse_formulas(latex, 0);
    let is_silent = |problem: &Diagnostic| problem.severity != Severity::Error;
    let has_error = formulas.iter().any(|formula| sexpr(&formula.body).contains("<error>"));
    assert!(!has_error || !problems.iter().all(is_silent), "an error is not reported in {latex:?}");
    let n_nodes = document(latex).arena.len();
    assert!(n_nodes < MOST_NODES + NODES_OF_ONE_BYTE * latex.len(), "{latex:?} makes {n_nodes} nodes");
}

#[test]
fn changed_formulas_are_read_or_refused() {
    let mut random = Random::new(SEED);
    let formulas: Vec<Vec<char>> = formulas().iter().map(|latex| latex.chars().collect()).collect();
    for _ in 0..4 * formulas.len() {
        read(&with_slips(&formulas, &mut random));
    }
}

#[test]
fn soups_of_tokens_are_read_or_refused() {
    let mut random = Random::new(SEED);
    for n_tokens in (1..400).map(|n| 1 + n % 40) {
        read(&soup(n_tokens, &mut random));
    }
}

#[test]
fn huge_numbers_and_deep_formulas_are_read_or_refused() {
    for latex in [
        r"x^{10^{9}} = x",
        r"10^{10^{10}} = 1",
        r"\sum_{i=1}^{10^{12}} i = 1",
        r"2^{2^{2^{2^{2^2}}}} > 1",
        r"\frac{1}{0} = 1",
        "0^0 = 1",
        r"\prod_{k=1}^{1000000} x_k = 1",
        r"A^{10^{12}} = A",
        r"v_{10^{20}} = 0",
        r"f^{(99999999999999999999)}(x) = 0",
        r"\sqrt[10^9]{x} = \sqrt[0]{x}",
        r"x_1 + x_2 + \cdots + x_{10^{12}} = 0",
    ] {
        read(latex);
    }
    for (open, close, depth) in [
        ("(", ")", 5000),
        (r"\frac{1}{", "}", 5000),
        ("f(", ")", 100),
        ("x^{", "}", 100),
        ("{", "}", 100),
        ("|", "|", 99),
    ] {
        read(&format!("{}x{} = 1", open.repeat(depth), close.repeat(depth)));
    }
    for part in ["x + ", "x ", "- ", r"\tanh ", "x = ", r"\sum_{i=1}^{n} ", "x, ", r"x = y \quad ", "x \\\\ ", "|x| "] {
        read(&(part.repeat(3000) + "x = 1"));
    }
    read(&format!("{} = 0.{}", "9".repeat(50_000), "3".repeat(50_000)));
}

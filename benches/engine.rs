//! How long the main jobs take: `cargo bench`, or `cargo bench -- derive` for those whose name holds a word.
//!
//! Each job runs several times; the median and the spread are printed. `examples/measure.rs` compares with other
//! tools; this one is for before and after a change.

mod by_hand;

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use chainrule::calculus::{Shown, Structure, derive};
use chainrule::derivation::Document;
use chainrule::print::latex;
use chainrule::proof::Effort;
use chainrule::source::{Diagnostic, Source, Span};

/// How long one job is repeated at least.
const BUDGET: Duration = Duration::from_secs(2);

/// How often it is repeated at least, and at most.
const N_RUNS: (usize, usize) = (5, 200);

const NETWORK: &str = r"```math given
w_i, w_h, w_o, h_0, x_t \in \mathbb{R} \\
f, g : \mathbb{R} \to \mathbb{R}
```

```math define
h_t = f(w_i x_t + w_h h_{t-1}) \quad (t \ge 1) \\
y_t = f(w_o h_t) \\
L_t = g(y_t)
```
";

/// The path sum as a claim: its proof is by normal form.
const CLAIM: &str = r"
```math claim
\frac{\partial L_4}{\partial w_h} = \frac{\partial L_4}{\partial y_4} \frac{\partial y_4}{\partial h_4}
  \sum_{j=1}^{4} \left( \prod_{k=j+1}^{4} \frac{\partial h_k}{\partial h_{k-1}} \right) \frac{\partial^{+} h_j}{\partial w_h}
```
";

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let jobs: [(&str, fn()); 7] = [
        ("read a chapter", || drop(black_box(document(NETWORK)))),
        ("derive, composed, T = 1000", || derive_at(1000, Shown::Composed)),
        ("derive, paths, T = 300", || derive_at(300, Shown::Paths)),
        ("derive and print, T = 100", print_at_100),
        ("normal form of a path sum", || decide(document(&format!("{NETWORK}{CLAIM}")))),
        ("verify the book", verify_the_book),
        ("render 100 formulas", render),
    ];
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|word| name.contains(word.as_str()));
    for (name, job) in jobs {
        if is_wanted(name) {
            report(name, job);
        }
    }
    if is_wanted(LAYER) {
        layer();
    }
}

const LAYER: &str = "gradient of a layer of 64, T = 100";

/// The tape forwards, the tape's gradient, and the gradient by hand.
fn layer() {
    let Ok(mut tape) = by_hand::tape(64, 100) else {
        return println!("{LAYER}: the tape refuses");
    };
    let mut layer = by_hand::Layer::new(64, 100);
    let forward = report("a layer of 64, T = 100, forward", || {
        black_box(tape.value());
    });
    let gradient = report(LAYER, || drop(black_box(tape.gradient())));
    let by_hand = report("the same by hand", || {
        black_box(layer.gradient());
    });
    let multiple = |of: Duration| gradient.as_secs_f64() / of.as_secs_f64();
    println!("{:.2} times forward, {:.2} times by hand", multiple(forward), multiple(by_hand));
}

/// Runs a job until its median means something, prints it and returns it.
fn report(name: &str, mut job: impl FnMut()) -> Duration {
    let start = Instant::now();
    let mut runs = Vec::new();
    while runs.len() < N_RUNS.0 || runs.len() < N_RUNS.1 && start.elapsed() < BUDGET {
        let run = Instant::now();
        job();
        runs.push(run.elapsed());
    }
    runs.sort();
    let (low, median, high) = (runs[0], runs[runs.len() / 2], runs[runs.len() - 1]);
    println!("{name:<30} {median:>12.3?}   from {low:.3?} to {high:.3?}, {} runs", runs.len());
    median
}

fn document(text: &str) -> Document {
    Document::alone(Source::new("bench.md", text))
}

fn derive_at(last: i64, shown: Shown) {
    black_box(derived(last, shown));
}

fn derived(last: i64, shown: Shown) -> Option<(Document, chainrule::expr::Expr)> {
    let mut document = document(NETWORK);
    let of = document.read_value(&Source::new("bench", format!("L_{{{last}}}"))).ok()?;
    let by = document.read_value(&Source::new("bench", "w_h")).ok()?;
    let Document { arena, model, .. } = &mut document;
    let structure = Structure::new(arena, model);
    let result = derive(arena, model, &structure, (of, by), shown).ok()?.result;
    Some((document, result))
}

fn print_at_100() {
    if let Some((document, result)) = derived(100, Shown::Composed) {
        black_box(latex(&document.arena, result));
    }
}

fn decide(mut document: Document) {
    document.decide(Effort::default(), &|| 0);
    black_box(document);
}

fn verify_the_book() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("derivations");
    let load = |path: &str| {
        let text = fs::read_to_string(path)
            .map_err(|error| Diagnostic::error("no-file", Span::default(), error.to_string()))?;
        Ok(Source::new(path, text))
    };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path().to_string_lossy().into_owned();
        if path.ends_with(".md")
            && let Ok(source) = load(&path)
        {
            decide(Document::load(source, &load));
        }
    }
}

fn render() {
    for k in 0..100 {
        let formula = format!(
            r"\frac{{\partial L_{{{k}}}}}{{\partial w_h}} = \sum_{{j=1}}^{{{k}}} \prod_{{i=j+1}}^{{{k}}} \frac{{\partial h_i}}{{\partial h_{{i-1}}}}"
        );
        let _ = black_box(chainrule::book::typeset(&formula, chainrule::book::Style::Display));
    }
}

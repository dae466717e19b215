//! Measures the engine on the tasks on which other tools are measured: one JSON object on the last line.
//!
//! ```console
//! cargo run --release --example measure -- derive sigmoid 3000
//! cargo run --release --example measure -- gradient scalar 10000
//! cargo run --release --example measure -- gradient layer 64
//! cargo run --release --example measure -- equal nested 20
//! cargo run --release --example measure -- bound gelu
//! cargo run --release --example measure -- render 1000
//! cargo run --release --example measure -- book
//! ```
//!
//! `derive` takes `paths`, `expand`, `opaque` or `sigmoid` and the last time; `gradient` takes `scalar` and the last
//! time, `matrix` and the size, or `layer` and the size, which is compared with a gradient by hand; `equal` takes `nested`, `poly` or `composed` and the last time; `bound` takes a
//! function; `render` the number of formulas; `book` takes every chapter of the book in turn and prints a table. Times
//! are of the work alone: not of reading the model, not of counting.

#[path = "measure/book.rs"]
mod book;
#[path = "../benches/by_hand/mod.rs"]
mod by_hand;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::time::Instant;

use chainrule::book::{Access, Style, Typesetter};
use chainrule::calculus::{Shown, Structure, derive};
use chainrule::derivation::{Document, Item};
use chainrule::expr::{Arena, Expr};
use chainrule::number::Rational;
use chainrule::number::rational::from_f64;
use chainrule::numeric::{Assignment, Floats, Tape, Tensor, evaluate};
use chainrule::proof::{Effort, Verdict};
use chainrule::source::Source;
use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// The stack of the thread that works: room for reading what is nested deeply.
const STACK: usize = 256 << 20;

fn main() -> Outcome<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let work = move || run(&words.iter().map(String::as_str).collect::<Vec<_>>()).map_err(|error| error.to_string());
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(work)?;
    let measured = thread.join().map_err(|_| "the work panicked")??;
    println!("{measured}");
    Ok(())
}

fn run(words: &[&str]) -> Outcome<Value> {
    match words {
        ["derive", case, last] => measure_derive(case, last.parse()?),
        ["gradient", "scalar", last] => measure_scalar_gradient(last.parse()?),
        ["gradient", "matrix", size] => measure_matrix_gradient(size.parse()?),
        ["gradient", "layer", size] => measure_layer(size.parse()?),
        ["equal", case, last] => measure_equal(case, last.parse()?),
        ["bound", function] => measure_bound(function),
        ["render", n] => measure_render(n.parse()?),
        ["book"] => book::measure(),
        _ => Err("see the comment at the top of `examples/measure.rs`".into()),
    }
}

/// Seconds on the wall and of the processor.
struct Clock {
    wall: Instant,
    cpu: f64,
}

impl Clock {
    fn start() -> Clock {
        Clock { wall: Instant::now(), cpu: cpu_seconds() }
    }

    fn read(&self) -> (f64, f64) {
        (self.wall.elapsed().as_secs_f64(), cpu_seconds() - self.cpu)
    }
}

/// The time that this thread has had of a processor; the time on the wall where the system does not say.
fn cpu_seconds() -> f64 {
    // The system brings its account up to date when a thread offers to make room.
    std::thread::yield_now();
    let told = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos: Option<f64> = told.split_whitespace().next().and_then(|first| first.parse().ok());
    nanos.map_or_else(wall_seconds, |nanos| nanos * 1e-9)
}

fn wall_seconds() -> f64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64())
}

/// The largest memory of the process so far, in megabytes.
fn peak_megabytes() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|first| first.parse::<f64>().ok()).unwrap_or_default() / 1024.0
}

/// One call in seconds of the processor: the median of several runs of many calls.
fn median_seconds(mut call: impl FnMut()) -> f64 {
    call();
    let clock = Clock::start();
    call();
    let n_calls = (0.02 / clock.read().1.max(1e-7)).max(1.0) as u32;
    let mut runs: Vec<f64> = (0..7)
        .map(|_| {
            let clock = Clock::start();
            (0..n_calls).for_each(|_| call());
            clock.read().1 / f64::from(n_calls)
        })
        .collect();
    runs.sort_by(f64::total_cmp);
    runs[runs.len() / 2]
}

/// A derivation of the text of its fences; `reals` are declared before them.
fn document(fences: &str) -> Outcome<Document> {
    let document = Document::alone(Source::new("measured.md", fences));
    match document.diagnostics.first() {
        Some(problem) => Err(problem.message.clone().into()),
        None => Ok(document),
    }
}

fn value(document: &mut Document, latex: &str) -> Outcome<Expr> {
    let read = document.read_value(&Source::new("measured", latex));
    read.map_err(|problems| problems.first().map_or(String::new(), |problem| problem.message.clone()).into())
}

/// One unit over time; `functions` binds f and g, or leaves them arbitrary.
fn network(functions: &str) -> String {
    format!(
        r"```math given
w_i, w_h, w_o, h_0, x_t \in \mathbb{{R}} \\
f, g : \mathbb{{R}} \to \mathbb{{R}} \\
T \in \mathbb{{N}}
```

```math define
h_t = f(w_i x_t + w_h h_{{t-1}}) \quad (t \ge 1) \\
y_t = f(w_o h_t) \\
L_t = g(y_t) \\
L = \sum_{{t=1}}^{{T}} L_t
{functions}
```
"
    )
}

const SIGMOID: &str = r"\\ f = \sigma \\ g(z) = \frac{z^2}{2}";

/// The parameters and the inputs that all tools are given.
const PARAMETERS: [(&str, f64); 3] = [("w_i", 0.5), ("w_h", 0.9), ("w_o", 1.1)];

fn input(time: i64) -> f64 {
    (time as f64).sin()
}

/// ∂L_T/∂w_h over the times 1 to `last + 1`.
fn measure_derive(case: &str, last: i64) -> Outcome<Value> {
    let (functions, shown) = match case {
        "paths" | "expand" => ("", Shown::Paths),
        "opaque" => ("", Shown::Composed),
        "sigmoid" => (SIGMOID, Shown::Composed),
        _ => return Err(format!("`{case}` is no case of `derive`").into()),
    };
    let build = Clock::start();
    let mut document = document(&network(functions))?;
    let of = value(&mut document, &format!("L_{{{}}}", last + 1))?;
    let by = value(&mut document, "w_h")?;
    let (build_s, _) = build.read();
    let Document { arena, model, .. } = &mut document;
    let work = Clock::start();
    let structure = Structure::new(arena, model);
    let found = derive(arena, model, &structure, (of, by), shown).map_err(|obstacle| obstacle.to_string())?;
    let (work_s, work_cpu_s) = work.read();
    let work_rss_mb = peak_megabytes();
    let (tree, dag) = count(arena, found.result);
    let check = if case == "sigmoid" { checked(&document, found.result, last)? } else { "" };
    Ok(json!({
        "build_s": build_s, "work_s": work_s, "work_cpu_s": work_cpu_s, "work_rss_mb": work_rss_mb,
        "tree": tree, "dag": dag, "check": check
    }))
}

/// How many nodes there are written out, and how many shared.
fn count(arena: &Arena, root: Expr) -> (f64, usize) {
    let reachable = arena.reachable(&[root]);
    let mut sizes: BTreeMap<Expr, f64> = BTreeMap::new();
    for &expr in &reachable {
        let size = 1.0 + arena.children(expr).iter().map(|child| sizes[child]).sum::<f64>();
        sizes.insert(expr, size);
    }
    (sizes[&root], reachable.len())
}

/// Whether the derived formula has the value that a plain loop finds.
fn checked(document: &Document, result: Expr, last: i64) -> Outcome<&'static str> {
    let point = point(document, last + 1)?;
    let found = evaluate(&document.arena, &document.model, &point, &Floats, result)?;
    let expected = reference(last + 1);
    let is_close = found.as_scalar().is_some_and(|found| (found / expected - 1.0).abs() < 1e-10);
    Ok(if is_close || expected.abs() < 1e-300 { "ok" } else { "BAD" })
}

/// ∂L_T/∂w_h at the point, forward in one loop.
fn reference(last: i64) -> f64 {
    let sigmoid = |u: f64| 1.0 / (1.0 + (-u).exp());
    let [(_, w_i), (_, w_h), (_, w_o)] = PARAMETERS;
    let (mut h, mut slope) = (0.0, 0.0);
    for time in 1..=last {
        let before = h;
        h = sigmoid(w_i * input(time) + w_h * before);
        slope = h * (1.0 - h) * (before + w_h * slope);
    }
    let y = sigmoid(w_o * h);
    y * y * (1.0 - y) * w_o * slope
}

fn exact(value: f64) -> Tensor<Rational> {
    Tensor::Scalar(from_f64(value).unwrap_or_default())
}

fn symbol(document: &Document, name: &str) -> Outcome<chainrule::expr::SymbolId> {
    document.arena.find(name).ok_or_else(|| format!("`{name}` is not declared").into())
}

/// The values of the givens for the times 1 to `last`.
fn point(document: &Document, last: i64) -> Outcome<Assignment> {
    let mut point = Assignment::default();
    for (name, value) in PARAMETERS {
        point.values.insert((symbol(document, name)?, Vec::new()), exact(value));
    }
    let (state, inputs) = (symbol(document, r"h_{\cdot}")?, symbol(document, r"x_{\cdot}")?);
    point.values.insert((state, vec![0]), exact(0.0));
    point.values.extend((1..=last).map(|time| ((inputs, vec![time]), exact(input(time)))));
    point.integers.insert(symbol(document, "T")?, last);
    Ok(point)
}

/// ∂L/∂(w_i, w_h, w_o) of the sum of all losses, in floating point.
fn measure_scalar_gradient(last: i64) -> Outcome<Value> {
    let mut document = document(&network(SIGMOID))?;
    let of = value(&mut document, "L")?;
    let by: Vec<Expr> =
        PARAMETERS.iter().map(|(name, _)| value(&mut document, name)).collect::<Outcome<Vec<Expr>>>()?;
    let point = point(&document, last + 1)?;
    measure_tape(|| Ok(Tape::compile(&document.arena, &document.model, &point, of, &by)?))
}

/// The value of a tape and its gradient, with the first entry by each variable.
fn measure_tape(compile: impl Fn() -> Outcome<Tape>) -> Outcome<Value> {
    let clock = Clock::start();
    let mut tape = compile()?;
    let (_, compile_cpu_s) = clock.read();
    let fwd_s = median_seconds(|| {
        std::hint::black_box(tape.value());
    });
    let grad_s = median_seconds(|| {
        std::hint::black_box(tape.gradient());
    });
    let found: Vec<f64> = tape.gradient().1.iter().map(|gradient| gradient.entries()[0]).collect();
    Ok(json!({ "fwd_s": fwd_s, "grad_s": grad_s, "ratio": grad_s / fwd_s, "compile_cpu_s": compile_cpu_s, "g": found }))
}

/// A layer of this size over 100 times: its gradient as a multiple of the way forward, and of a gradient by hand.
fn measure_layer(size: usize) -> Outcome<Value> {
    const LAST: usize = 100;
    let mut measured = measure_tape(|| by_hand::tape(size, LAST))?;
    let mut layer = by_hand::Layer::new(size, LAST);
    let by_hand_fwd_s = median_seconds(|| {
        std::hint::black_box(layer.value());
    });
    let by_hand_s = median_seconds(|| {
        std::hint::black_box(layer.gradient());
    });
    let (_, gradients) = layer.gradient();
    let grad_s = measured["grad_s"].as_f64().unwrap_or(f64::NAN);
    measured["by_hand_fwd_s"] = json!(by_hand_fwd_s);
    measured["by_hand_s"] = json!(by_hand_s);
    measured["by_hand_ratio"] = json!(grad_s / by_hand_s);
    measured["by_hand_g"] = json!(gradients.map(|gradient| gradient[0]));
    Ok(measured)
}

/// The same for a layer of this size and 101 times.
fn measure_matrix_gradient(size: usize) -> Outcome<Value> {
    let text = r"```math given
n, T \in \mathbb{N} \\
W_i, W_h, W_o \in \mathbb{R}^{n \times n} \\
h_0, x_t \in \mathbb{R}^n
```

```math define
h_t = \sigma(W_i x_t + W_h h_{t-1}) \quad (t \ge 1) \\
y_t = \sigma(W_o h_t) \\
L = \sum_{t=1}^{T} \frac{1}{2} y_t^\top y_t
```
";
    const LAST: i64 = 101;
    let mut document = document(text)?;
    let of = value(&mut document, "L")?;
    let names = ["W_i", "W_h", "W_o"];
    let by: Vec<Expr> = names.iter().map(|name| value(&mut document, name)).collect::<Outcome<Vec<Expr>>>()?;
    let waves: [fn(f64) -> f64; 3] = [|i| (i + 1.0).sin(), |i| (2.0 * i + 1.0).cos(), |i| (3.0 * i + 2.0).sin()];
    let exactly = |values: Vec<f64>| values.into_iter().map(|value| from_f64(value).unwrap_or_default()).collect();
    let mut point = Assignment::default();
    for (name, wave) in names.iter().zip(waves) {
        let entries = exactly((0..size * size).map(|i| wave(i as f64) / (size as f64).sqrt()).collect());
        let matrix = Tensor::Matrix { rows: size, columns: size, entries };
        point.values.insert((symbol(&document, name)?, Vec::new()), matrix);
    }
    let (state, inputs) = (symbol(&document, r"h_{\cdot}")?, symbol(&document, r"x_{\cdot}")?);
    point.values.insert((state, vec![0]), Tensor::Vector(vec![Rational::ZERO; size]));
    for time in 1..=LAST {
        let first = (time as usize - 1) * size;
        let entries = exactly((first..first + size).map(|i| (0.7 * i as f64 + 1.0).sin()).collect());
        point.values.insert((inputs, vec![time]), Tensor::Vector(entries));
    }
    point.integers.insert(symbol(&document, "n")?, i64::try_from(size)?);
    point.integers.insert(symbol(&document, "T")?, LAST);
    measure_tape(|| Ok(Tape::compile(&document.arena, &document.model, &point, of, &by)?))
}

/// The verdict on the claim of a page, and how long it took.
fn decided(text: &str) -> Outcome<(Verdict, String, f64, f64)> {
    let mut document = document(text)?;
    let work = Clock::start();
    document.decide(Effort::default(), &|| 0);
    let (work_s, work_cpu_s) = work.read();
    let relation = document.items.iter().find_map(|item| match item {
        Item::Claim(block) => block.relations.first(),
        Item::Prose(_) | Item::Given(_) | Item::Define(_) | Item::Derive(_) | Item::Display(_) => None,
    });
    let outcome = relation.map(|relation| &relation.outcome).ok_or("the page holds no claim")?;
    let methods: Vec<&str> = outcome.method.iter().map(|method| method.word()).collect();
    Ok((outcome.verdict, methods.join(", "), work_s, work_cpu_s))
}

/// The nested form against the sum over paths.
fn measure_equal(case: &str, last: i64) -> Outcome<Value> {
    let text = match case {
        "nested" => format!(
            r"```math given
a, b, p_k, q_k \in \mathbb{{R}}
```
```math define
d_0 = q_0 \\
d_k = q_k + p_k d_{{k-1}} \quad (k \ge 1)
```
```math claim
a b d_{{{last}}} = a b \sum_{{j=0}}^{{{last}}} \left( \prod_{{k=j+1}}^{{{last}}} p_k \right) q_j
```
"
        ),
        "poly" => format!(
            r"```math given
w_h, w_o, y, h_k \in \mathbb{{R}}
```
```math define
s_k = h_{{k+1}} (1 - h_{{k+1}}) \\
d_0 = s_0 h_0 \\
d_k = s_k h_k + w_h s_k d_{{k-1}} \quad (k \ge 1)
```
```math claim
y^2 (1-y) w_o d_{{{last}}} = y^2 (1-y) w_o \sum_{{j=0}}^{{{last}}} \left( \prod_{{k=j+1}}^{{{last}}} w_h s_k \right) s_j h_j
```
"
        ),
        "composed" => format!(
            r"{}
```math claim
\frac{{d L_{{{last}}}}}{{d w_h}} = y_{{{last}}}^2 (1 - y_{{{last}}}) w_o
  \sum_{{j=1}}^{{{last}}} \left( \prod_{{k=j+1}}^{{{last}}} w_h h_k (1 - h_k) \right) h_j (1 - h_j) h_{{j-1}}
```
",
            network(SIGMOID)
        ),
        _ => return Err(format!("`{case}` is no case of `equal`").into()),
    };
    let (verdict, method, work_s, work_cpu_s) = decided(&text)?;
    let answer = if verdict == Verdict::Proved { "proved" } else { "not proved" };
    Ok(json!({ "work_s": work_s, "work_cpu_s": work_cpu_s, "answer": answer, "method": method }))
}

/// The least upper bound of a slope over the real line, or an upper bound close to it.
fn measure_bound(function: &str) -> Outcome<Value> {
    let (claim, result) = match function {
        "sigmoid" => (r"\sup_z \sigma'(z) = \frac{1}{4}", "1/4"),
        "tanh" => (r"\sup_z \tanh'(z) = 1", "1"),
        "silu" => (r"\mathrm{SiLU}'(z) \le 1.0998394", "at most 1.0998394"),
        "gelu" => (r"\mathrm{GELU}'(z) \le 1.1289042", "at most 1.1289042"),
        _ => return Err(format!("`{function}` is no case of `bound`").into()),
    };
    let text = format!("```math given\nz \\in \\mathbb{{R}}\n```\n```math claim\n{claim}\n```\n");
    let (verdict, method, work_s, work_cpu_s) = decided(&text)?;
    let rigor = if verdict == Verdict::Proved { method } else { "none".to_owned() };
    Ok(json!({ "work_s": work_s, "work_cpu_s": work_cpu_s, "result": result, "rigor": rigor }))
}

/// So many formulas of a chapter to HTML: those of a file, one on each line, where there is one, else our own.
fn measure_render(n: usize) -> Outcome<Value> {
    let file = std::env::temp_dir().join("peers-data/formulas.txt");
    let given = fs::read_to_string(file).unwrap_or_default();
    let own = |k: usize| {
        format!(
            r"\frac{{\partial L_{{{k}}}}}{{\partial w_h}} = \sum_{{j=1}}^{{{k}}} \left( \prod_{{k=j+1}}^{{{k}}} \frac{{\partial h_k}}{{\partial h_{{k-1}}}} \right) \frac{{\partial^{{+}} h_j}}{{\partial w_h}}"
        )
    };
    let mut formulas: Vec<String> = given.lines().take(n).map(str::to_owned).collect();
    formulas.extend((formulas.len()..n).map(own));
    let wanted: Vec<(Style, Access, &str)> =
        formulas.iter().map(|latex| (Style::Display, Access::Mathml, latex.as_str())).collect();
    let (work, before) = (Instant::now(), process_seconds());
    let typeset = Typesetter::new(1).typeset_all(&wanted);
    let (work_s, work_cpu_s) = (work.elapsed().as_secs_f64(), process_seconds() - before);
    let bytes: usize = typeset.iter().map(|set| set.as_ref().as_ref().map_or(0, |set| set.html.len())).sum();
    let failed = typeset.iter().filter(|set| set.is_err()).count();
    Ok(json!({ "work_s": work_s, "work_cpu_s": work_cpu_s, "bytes": bytes, "failed": failed }))
}

/// The time that all threads have had of processors, in hundredths of a second.
fn process_seconds() -> f64 {
    let told = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = told.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

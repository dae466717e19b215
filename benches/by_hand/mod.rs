//! A recurrent layer on a tape, and its gradient written by hand with nalgebra: what the tape is measured against.

use std::error::Error;

use chainrule::derivation::Document;
use chainrule::number::Rational;
use chainrule::number::rational::from_f64;
use chainrule::numeric::{Assignment, Tape, Tensor};
use chainrule::source::Source;
use nalgebra::{DMatrix, DVector};

const LAYER: &str = r"```math given
n, T \in \mathbb{N} \\
W, U \in \mathbb{R}^{n \times n} \\
b, h_0, x_t \in \mathbb{R}^n
```

```math define
h_t = \tanh(W h_{t-1} + U x_t + b) \quad (t \ge 1) \\
L = \sum_{t=1}^{T} \frac{1}{2} h_t^\top h_t
```
";

/// L of a layer of `n` units over `last` times as a function of W, U and b.
pub fn tape(n: usize, last: usize) -> Result<Tape, Box<dyn Error>> {
    let mut document = Document::alone(Source::new("layer.md", LAYER));
    let mut read = |latex: &str| {
        let value = document.read_value(&Source::new("layer", latex));
        value.map_err(|problems| problems.first().map_or(String::new(), |problem| problem.message.clone()))
    };
    let (of, by) = (read("L")?, [read("W")?, read("U")?, read("b")?]);
    let arena = &document.arena;
    let symbol = |name: &str| arena.find(name).ok_or(format!("`{name}` is not declared"));
    let exact = |which: usize, len: usize| -> Vec<Rational> {
        (0..len).map(|position| from_f64(entry(which, position, n)).unwrap_or_default()).collect()
    };
    let matrix = |which: usize| Tensor::Matrix { rows: n, columns: n, entries: exact(which, n * n) };
    let mut point = Assignment::default();
    point.values.insert((symbol("W")?, Vec::new()), matrix(0));
    point.values.insert((symbol("U")?, Vec::new()), matrix(1));
    point.values.insert((symbol("b")?, Vec::new()), Tensor::Vector(exact(2, n)));
    point.values.insert((symbol(r"h_{\cdot}")?, vec![0]), Tensor::Vector(vec![Rational::ZERO; n]));
    let inputs = symbol(r"x_{\cdot}")?;
    point.values.extend((1..=last).map(|time| ((inputs, vec![time as i64]), Tensor::Vector(exact(2 + time, n)))));
    point.integers.insert(symbol("n")?, i64::try_from(n)?);
    point.integers.insert(symbol("T")?, i64::try_from(last)?);
    Ok(Tape::compile(arena, &document.model, &point, of, &by)?)
}

/// `h_t = tanh(W h_{t-1} + U x_t + b)` from h_0 = 0, `L = Σ ½ ‖h_t‖²`.
pub struct Layer {
    pub w: DMatrix<f64>,
    pub u: DMatrix<f64>,
    pub b: DVector<f64>,
    /// The inputs.
    pub x: Vec<DVector<f64>>,
    /// The states from h_0 on.
    h: Vec<DVector<f64>>,
    by_w: DMatrix<f64>,
    by_u: DMatrix<f64>,
    by_b: DVector<f64>,
    /// How the loss follows the pre-activation, and the state.
    delta: DVector<f64>,
    adjoint: DVector<f64>,
}

impl Layer {
    /// A layer of `n` units over `last` times, with the values that [`entry`] gives.
    pub fn new(n: usize, last: usize) -> Layer {
        let matrix = |which: usize| DMatrix::from_fn(n, n, |row, column| entry(which, row * n + column, n));
        let vector = |which: usize| DVector::from_fn(n, |row, _| entry(which, row, n));
        Layer {
            w: matrix(0),
            u: matrix(1),
            b: vector(2),
            x: (1..=last).map(|time| vector(2 + time)).collect(),
            h: vec![DVector::zeros(n); last + 1],
            by_w: DMatrix::zeros(n, n),
            by_u: DMatrix::zeros(n, n),
            by_b: DVector::zeros(n),
            delta: DVector::zeros(n),
            adjoint: DVector::zeros(n),
        }
    }

    /// The loss.
    pub fn value(&mut self) -> f64 {
        let mut loss = 0.0;
        for (time, x) in self.x.iter().enumerate() {
            let (before, after) = self.h.split_at_mut(time + 1);
            let h = &mut after[0];
            h.copy_from(&self.b);
            h.gemv(1.0, &self.w, &before[time], 1.0);
            h.gemv(1.0, &self.u, x, 1.0);
            h.apply(|entry| *entry = entry.tanh());
            loss += 0.5 * h.norm_squared();
        }
        loss
    }

    /// The loss and its gradients by W, U and b, step by step.
    pub fn gradient(&mut self) -> (f64, [&[f64]; 3]) {
        let loss = self.value();
        self.by_w.fill(0.0);
        self.by_u.fill(0.0);
        self.by_b.fill(0.0);
        self.adjoint.fill(0.0);
        for (time, x) in self.x.iter().enumerate().rev() {
            let h = &self.h[time + 1];
            self.adjoint += h;
            self.delta.zip_zip_apply(&self.adjoint, h, |delta, adjoint, h| *delta = adjoint * (1.0 - h * h));
            self.by_w.ger(1.0, &self.delta, &self.h[time], 1.0);
            self.by_u.ger(1.0, &self.delta, x, 1.0);
            self.by_b += &self.delta;
            self.adjoint.gemv_tr(1.0, &self.w, &self.delta, 0.0);
        }
        (loss, [self.by_w.as_slice(), self.by_u.as_slice(), self.by_b.as_slice()])
    }
}

/// A value that is as good as random: of W, U, b or x_t, the entry at this position, row by row.
pub fn entry(which: usize, position: usize, n: usize) -> f64 {
    let angle = (which * n + 1) as f64 * 0.7 + position as f64 * (1.0 + 0.37 * which.min(3) as f64);
    angle.sin() / (n as f64).sqrt()
}

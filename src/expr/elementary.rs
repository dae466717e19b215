//! The table of elementary functions: one row with all that is known of each.
//!
//! To add a function: a variant of [`Elementary`] and its row. The name is what the reader of formulas accepts
//! (`\operatorname{…}`, `\mathrm{…}`, `\text{…}` or a command of that name).

use crate::expr::{Arena, Branch, Comparison, Expr};
use crate::number::Interval;
use crate::number::float;

/// A function that is known by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Elementary {
    /// The exponential function.
    Exp,
    /// The natural logarithm.
    Log,
    /// The sine.
    Sin,
    /// The cosine.
    Cos,
    /// The tangent.
    Tan,
    /// The hyperbolic sine.
    Sinh,
    /// The hyperbolic cosine.
    Cosh,
    /// The hyperbolic tangent.
    Tanh,
    /// The inverse tangent.
    Atan,
    /// The error function.
    Erf,
    /// The logistic sigmoid.
    Sigmoid,
    /// The rectified linear unit.
    Relu,
    /// The smooth rectifier.
    Softplus,
    /// The sigmoid linear unit.
    Silu,
    /// The Gaussian error linear unit.
    Gelu,
    /// The absolute value.
    Abs,
    /// The sign, undefined at 0.
    Sign,
    /// The larger of two.
    Max,
    /// The smaller of two.
    Min,
    /// 1 where two integers are equal, else 0.
    Delta,
}

/// All that is known of an elementary function.
pub struct Row {
    /// The function.
    pub function: Elementary,
    /// Its name as text.
    pub name: &'static str,
    /// Other names by which it is read.
    pub aliases: &'static [&'static str],
    /// Its name as LaTeX.
    pub latex: &'static str,
    /// How many arguments it takes.
    pub arity: usize,
    /// Where the values lie, as (lower, upper) with whether each end is attained; `None` is unbounded.
    pub range: Range,
    /// The value in floating point: a suggestion, never a proof.
    pub value: fn(&[f64]) -> f64,
    /// The slope in floating point, written apart from `derivative` for the witnesses.
    pub slope: fn(f64) -> f64,
    /// An enclosure of the values over intervals; `None` where the function is not defined on them.
    pub enclosure: fn(&[Interval]) -> Option<Interval>,
    /// The derivative by the argument (for functions of one argument), as an expression in the argument.
    pub derivative: fn(&mut Arena, Expr) -> Expr,
    /// Where the formula of the derivative stands.
    pub source: &'static str,
}

/// Where the values of a function lie; an end that is `None` is infinite.
pub struct Range {
    /// The lower end and whether it is attained.
    pub lower: Option<(i64, bool)>,
    /// The upper end and whether it is attained.
    pub upper: Option<(i64, bool)>,
}

const REAL: Range = Range { lower: None, upper: None };
const POSITIVE: Range = Range { lower: Some((0, false)), upper: None };
const NON_NEGATIVE: Range = Range { lower: Some((0, true)), upper: None };
const UNIT_OPEN: Range = Range { lower: Some((0, false)), upper: Some((1, false)) };
const SYMMETRIC_OPEN: Range = Range { lower: Some((-1, false)), upper: Some((1, false)) };
const SYMMETRIC: Range = Range { lower: Some((-1, true)), upper: Some((1, true)) };

impl Elementary {
    /// The row of the table.
    pub fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// The whole table, in the order of the variants.
    pub fn table() -> &'static [Row] {
        &TABLE
    }

    /// Whether it rises strictly wherever it is defined.
    pub fn rises_strictly(self) -> bool {
        match self {
            Elementary::Exp
            | Elementary::Log
            | Elementary::Sinh
            | Elementary::Tanh
            | Elementary::Atan
            | Elementary::Erf
            | Elementary::Sigmoid
            | Elementary::Softplus => true,
            Elementary::Sin
            | Elementary::Cos
            | Elementary::Tan
            | Elementary::Cosh
            | Elementary::Relu
            | Elementary::Silu
            | Elementary::Gelu
            | Elementary::Abs
            | Elementary::Sign
            | Elementary::Max
            | Elementary::Min
            | Elementary::Delta => false,
        }
    }

    /// Whether it has a slope wherever it has a value.
    pub fn is_smooth(self) -> bool {
        match self {
            Elementary::Exp
            | Elementary::Log
            | Elementary::Sin
            | Elementary::Cos
            | Elementary::Tan
            | Elementary::Sinh
            | Elementary::Cosh
            | Elementary::Tanh
            | Elementary::Atan
            | Elementary::Erf
            | Elementary::Sigmoid
            | Elementary::Softplus
            | Elementary::Silu
            | Elementary::Gelu => true,
            Elementary::Relu
            | Elementary::Abs
            | Elementary::Sign
            | Elementary::Max
            | Elementary::Min
            | Elementary::Delta => false,
        }
    }

    /// Whether it has a value at every real number.
    pub fn is_total(self) -> bool {
        match self {
            Elementary::Log | Elementary::Tan | Elementary::Sign | Elementary::Delta => false,
            Elementary::Exp
            | Elementary::Sin
            | Elementary::Cos
            | Elementary::Sinh
            | Elementary::Cosh
            | Elementary::Tanh
            | Elementary::Atan
            | Elementary::Erf
            | Elementary::Sigmoid
            | Elementary::Relu
            | Elementary::Softplus
            | Elementary::Silu
            | Elementary::Gelu
            | Elementary::Abs
            | Elementary::Max
            | Elementary::Min => true,
        }
    }

    /// The function of this name, however it is capitalised.
    pub fn named(name: &str) -> Option<Elementary> {
        TABLE
            .iter()
            .find(|row| row.name == name || row.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name)))
            .map(|row| row.function)
    }
}

/// For functions whose derivative is never asked for by one slot (two arguments, or integers).
fn no_slope(_: f64) -> f64 {
    f64::NAN
}

fn no_derivative(arena: &mut Arena, _: Expr) -> Expr {
    arena.zero()
}

fn one_minus_square(arena: &mut Arena, f: Expr) -> Expr {
    let two = arena.integer(2);
    let one = arena.one();
    let square = arena.power(f, two);
    arena.subtract(one, square)
}

fn sigmoid_slope(arena: &mut Arena, x: Expr) -> Expr {
    let f = arena.apply(Elementary::Sigmoid, x);
    let one = arena.one();
    let rest = arena.subtract(one, f);
    arena.product([f, rest])
}

fn gaussian(arena: &mut Arena, x: Expr, over: Expr) -> Expr {
    let two = arena.integer(2);
    let minus = arena.integer(-1);
    let square = arena.power(x, two);
    let over = arena.reciprocal(over);
    let exponent = arena.product([minus, over, square]);
    arena.apply(Elementary::Exp, exponent)
}

fn gelu_slope(arena: &mut Arena, x: Expr) -> Expr {
    let (half, two) = (arena.number(crate::number::rational::fraction(1, 2).unwrap_or_default()), arena.integer(2));
    let root = arena.sqrt(two);
    let scaled = arena.divide(x, root);
    let erf = arena.apply(Elementary::Erf, scaled);
    let cdf = {
        let half_erf = arena.product([half, erf]);
        arena.sum([half, half_erf])
    };
    let pi = arena.pi();
    let two_pi = arena.product([two, pi]);
    let norm = arena.sqrt(two_pi);
    let bell = gaussian(arena, x, two);
    let density = arena.divide(bell, norm);
    let second = arena.product([x, density]);
    arena.sum([cdf, second])
}

fn step(arena: &mut Arena, x: Expr, below: i64) -> Expr {
    let (zero, one, below) = (arena.zero(), arena.one(), arena.integer(below));
    let undefined = arena.reciprocal(x);
    arena.cases(vec![
        Branch { condition: Some((Comparison::Less, zero, x)), value: one },
        Branch { condition: Some((Comparison::Less, x, zero)), value: below },
        Branch { condition: None, value: undefined },
    ])
}

fn one(xs: &[Interval], f: fn(&Interval) -> Option<Interval>) -> Option<Interval> {
    f(xs.first()?)
}

use Elementary as E;

#[rustfmt::skip]
static TABLE: [Row; 20] = [
    Row { function: E::Exp, name: "exp", aliases: &[], latex: r"\exp", arity: 1, range: POSITIVE,
        value: |x| x[0].exp(), slope: f64::exp, enclosure: |x| one(x, |x| Some(x.exp())),
        derivative: |a, x| a.apply(E::Exp, x), source: "DLMF 4.7.5" },
    Row { function: E::Log, name: "log", aliases: &["ln"], latex: r"\log", arity: 1, range: REAL,
        value: |x| x[0].ln(), slope: |x| 1.0 / x, enclosure: |x| one(x, Interval::ln),
        derivative: |a, x| a.reciprocal(x), source: "DLMF 4.7.1" },
    Row { function: E::Sin, name: "sin", aliases: &[], latex: r"\sin", arity: 1, range: SYMMETRIC,
        value: |x| x[0].sin(), slope: f64::cos, enclosure: |x| one(x, |x| Some(x.sin())),
        derivative: |a, x| a.apply(E::Cos, x), source: "DLMF 4.20.1" },
    Row { function: E::Cos, name: "cos", aliases: &[], latex: r"\cos", arity: 1, range: SYMMETRIC,
        value: |x| x[0].cos(), slope: |x| -x.sin(), enclosure: |x| one(x, |x| Some(x.cos())),
        derivative: |a, x| { let sin = a.apply(E::Sin, x); a.negate(sin) }, source: "DLMF 4.20.2" },
    Row { function: E::Tan, name: "tan", aliases: &[], latex: r"\tan", arity: 1, range: REAL,
        value: |x| x[0].tan(), slope: |x| 1.0 / (x.cos() * x.cos()), enclosure: |x| one(x, Interval::tan),
        derivative: |a, x| { let (cos, m) = (a.apply(E::Cos, x), a.integer(-2)); a.power(cos, m) }, source: "DLMF 4.20.3" },
    Row { function: E::Sinh, name: "sinh", aliases: &[], latex: r"\sinh", arity: 1, range: REAL,
        value: |x| x[0].sinh(), slope: f64::cosh, enclosure: |x| one(x, |x| Some(x.sinh())),
        derivative: |a, x| a.apply(E::Cosh, x), source: "DLMF 4.34.1" },
    Row { function: E::Cosh, name: "cosh", aliases: &[], latex: r"\cosh", arity: 1, range: Range { lower: Some((1, true)), upper: None },
        value: |x| x[0].cosh(), slope: f64::sinh, enclosure: |x| one(x, |x| Some(x.cosh())),
        derivative: |a, x| a.apply(E::Sinh, x), source: "DLMF 4.34.2" },
    Row { function: E::Tanh, name: "tanh", aliases: &[], latex: r"\tanh", arity: 1, range: SYMMETRIC_OPEN,
        value: |x| x[0].tanh(), slope: |x| 1.0 / (x.cosh() * x.cosh()), enclosure: |x| one(x, |x| Some(x.tanh())),
        derivative: |a, x| { let f = a.apply(E::Tanh, x); one_minus_square(a, f) }, source: "DLMF 4.34.3" },
    Row { function: E::Atan, name: "arctan", aliases: &["atan"], latex: r"\arctan", arity: 1, range: REAL,
        value: |x| x[0].atan(), slope: |x| 1.0 / (1.0 + x * x), enclosure: |x| one(x, |x| Some(x.atan())),
        derivative: |a, x| { let (one, two) = (a.one(), a.integer(2)); let s = a.power(x, two); let d = a.sum([one, s]); a.reciprocal(d) }, source: "DLMF 4.24.9" },
    Row { function: E::Erf, name: "erf", aliases: &[], latex: r"\operatorname{erf}", arity: 1, range: SYMMETRIC_OPEN,
        value: |x| float::erf(x[0]), slope: |x| std::f64::consts::FRAC_2_SQRT_PI * (-x * x).exp(), enclosure: |x| one(x, |x| Some(x.erf())),
        derivative: |a, x| { let (two, pi, one) = (a.integer(2), a.pi(), a.one()); let root = a.sqrt(pi); let c = a.divide(two, root); let g = gaussian(a, x, one); a.product([c, g]) }, source: "DLMF 7.2.1" },
    Row { function: E::Sigmoid, name: "sigmoid", aliases: &["logistic", "expit"], latex: r"\sigma", arity: 1, range: UNIT_OPEN,
        value: |x| float::sigmoid(x[0]), slope: |x| { let c = (0.5 * x).cosh(); 0.25 / (c * c) }, enclosure: |x| one(x, |x| Some(x.sigmoid())),
        derivative: sigmoid_slope, source: "Goodfellow, Bengio & Courville (2016), 3.10" },
    Row { function: E::Relu, name: "ReLU", aliases: &["relu"], latex: r"\operatorname{ReLU}", arity: 1, range: NON_NEGATIVE,
        value: |x| x[0].max(0.0), slope: |x| if x > 0.0 { 1.0 } else if x < 0.0 { 0.0 } else { f64::NAN }, enclosure: |x| one(x, |x| Some(x.relu())),
        derivative: |a, x| step(a, x, 0), source: "Glorot, Bordes & Bengio (2011), 3" },
    Row { function: E::Softplus, name: "softplus", aliases: &[], latex: r"\operatorname{softplus}", arity: 1, range: POSITIVE,
        value: |x| float::softplus(x[0]), slope: float::sigmoid, enclosure: |x| one(x, |x| Some(x.softplus())),
        derivative: |a, x| a.apply(E::Sigmoid, x), source: "Glorot, Bordes & Bengio (2011), 3" },
    Row { function: E::Silu, name: "SiLU", aliases: &["silu", "swish"], latex: r"\operatorname{SiLU}", arity: 1, range: REAL,
        value: |x| float::silu(x[0]), slope: |x| { let s = float::sigmoid(x); s * (1.0 + x * float::sigmoid(-x)) }, enclosure: |x| one(x, |x| Some(x.silu())),
        derivative: |a, x| { let f = a.apply(E::Sigmoid, x); let slope = sigmoid_slope(a, x); let second = a.product([x, slope]); a.sum([f, second]) }, source: "Elfwing, Uchibe & Doya (2018), 2.1" },
    Row { function: E::Gelu, name: "GELU", aliases: &["gelu"], latex: r"\operatorname{GELU}", arity: 1, range: REAL,
        value: |x| float::gelu(x[0]), slope: |x| 0.5 * (1.0 + float::erf(x * std::f64::consts::FRAC_1_SQRT_2)) + x * (-0.5 * x * x).exp() * 0.398_942_280_401_432_7, enclosure: |x| one(x, |x| Some(x.gelu())),
        derivative: gelu_slope, source: "Hendrycks & Gimpel (2016), 2" },
    Row { function: E::Abs, name: "abs", aliases: &[], latex: r"\operatorname{abs}", arity: 1, range: NON_NEGATIVE,
        value: |x| x[0].abs(), slope: |x| if x == 0.0 { f64::NAN } else { x.signum() }, enclosure: |x| one(x, |x| Some(x.abs())),
        derivative: |a, x| a.apply(E::Sign, x), source: "" },
    Row { function: E::Sign, name: "sign", aliases: &["sgn"], latex: r"\operatorname{sign}", arity: 1, range: SYMMETRIC,
        value: |x| if x[0] == 0.0 { f64::NAN } else { x[0].signum() }, slope: |x| if x == 0.0 { f64::NAN } else { 0.0 }, enclosure: |x| one(x, sign),
        derivative: no_derivative, source: "" },
    Row { function: E::Max, name: "max", aliases: &[], latex: r"\max", arity: 2, range: REAL,
        value: |x| x.iter().copied().fold(f64::NEG_INFINITY, f64::max), slope: no_slope, enclosure: |x| x.iter().skip(1).try_fold(x.first()?.clone(), |a, b| Some(a.max(b))),
        derivative: no_derivative, source: "" },
    Row { function: E::Min, name: "min", aliases: &[], latex: r"\min", arity: 2, range: REAL,
        value: |x| x.iter().copied().fold(f64::INFINITY, f64::min), slope: no_slope, enclosure: |x| x.iter().skip(1).try_fold(x.first()?.clone(), |a, b| Some(a.min(b))),
        derivative: no_derivative, source: "" },
    Row { function: E::Delta, name: "delta", aliases: &["kronecker"], latex: r"\delta", arity: 2, range: NON_NEGATIVE,
        value: |x| f64::from(u8::from(x[0] == x[1])), slope: no_slope, enclosure: |_| None,
        derivative: no_derivative, source: "" },
];

fn sign(x: &Interval) -> Option<Interval> {
    if x.is_positive() {
        Some(Interval::integer(1, x.bits()))
    } else if x.is_negative() {
        Some(Interval::integer(-1, x.bits()))
    } else {
        None
    }
}

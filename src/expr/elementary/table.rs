//! The rows of the table, in the order of the variants of [`Elementary`].

use crate::expr::elementary::{Bend, Case, DefinedOn, Elementary as E, Nature, Range, Row, SlopeLaw, Steepest};
use crate::expr::{Arena, Branch, Comparison, Expr};
use crate::number::{Interval, float, rational};

const REAL: Range = Range { lower: None, upper: None };
const POSITIVE: Range = Range { lower: Some((0, false)), upper: None };
const NON_NEGATIVE: Range = Range { lower: Some((0, true)), upper: None };
const UNIT_OPEN: Range = Range { lower: Some((0, false)), upper: Some((1, false)) };
const SYMMETRIC_OPEN: Range = Range { lower: Some((-1, false)), upper: Some((1, false)) };
const SYMMETRIC: Range = Range { lower: Some((-1, true)), upper: Some((1, true)) };

/// What the reflections of odd and even functions are.
const ODD: Option<(i64, i64, i64)> = Some((0, -1, 0));
const EVEN: Option<(i64, i64, i64)> = Some((0, 1, 0));

const UP: Option<Bend> = Some(Bend::Up);
const FROM_ZERO: Option<Bend> = Some(Bend::DownFromZero);
const ZERO: Option<(i64, i64)> = Some((0, 1));
const ONE: Option<(i64, i64)> = Some((1, 1));
const AT_ZERO: Option<Steepest> = Some(Steepest::AtZero);
const AT_MOST_ONE: Option<Steepest> = Some(Steepest::AtMost(1, 1));

/// What has none of the laws that a proof by cases must count.
const PLAIN: Nature =
    Nature { exponents: false, logarithms: false, angles: false, stands_beside: false, adds_up: false, divides: false };
const EXPONENTIAL: Nature = Nature { exponents: true, ..PLAIN };
const CIRCULAR: Nature = Nature { angles: true, ..EXPONENTIAL };
const LOGARITHM: Nature = Nature { logarithms: true, stands_beside: true, adds_up: true, divides: true, ..PLAIN };

/// What holds of a smooth function of one real number unless its row says otherwise.
const ROW: Row = Row {
    function: E::Exp,
    name: "",
    aliases: &[],
    latex: "",
    arity: 1,
    defined_on: DefinedOn::Reals,
    range: REAL,
    rises: false,
    is_smooth: true,
    bend: None,
    reflection: None,
    at_zero: None,
    steepest: None,
    definition: None,
    in_exponentials: None,
    cases: None,
    inverse_of: None,
    nature: None,
    slope_law: None,
    value: |_| f64::NAN,
    slope: |_| f64::NAN,
    enclosure: |_| None,
    derivative: |arena, _| arena.zero(),
    source: "",
};

#[rustfmt::skip]
pub(super) static TABLE: &[Row] = &[
    Row { function: E::Exp, name: "exp", aliases: &[], latex: r"\exp", range: POSITIVE,
        rises: true, bend: UP, at_zero: ONE,
        nature: Some(Nature { adds_up: true, ..EXPONENTIAL }), slope_law: Some(SlopeLaw::OfValue([0, 1, 0])),
        value: |x| x[0].exp(), slope: f64::exp, enclosure: |x| one(x, |x| Some(x.exp())),
        derivative: |a, x| a.apply(E::Exp, x), source: "DLMF 4.7.5", ..ROW },
    Row { function: E::Log, name: "log", aliases: &["ln"], latex: r"\log",
        defined_on: DefinedOn::Positive, rises: true, bend: Some(Bend::Down),
        nature: Some(LOGARITHM), inverse_of: Some(E::Exp), slope_law: Some(SlopeLaw::OfArgument(&[0, 1], (-1, 1))),
        value: |x| x[0].ln(), slope: |x| 1.0 / x, enclosure: |x| one(x, Interval::ln),
        derivative: |a, x| a.reciprocal(x), source: "DLMF 4.7.1", ..ROW },
    Row { function: E::Sin, name: "sin", aliases: &[], latex: r"\sin", range: SYMMETRIC,
        reflection: ODD, at_zero: ZERO, steepest: AT_ZERO,
        nature: Some(CIRCULAR),
        value: |x| x[0].sin(), slope: f64::cos, enclosure: |x| one(x, |x| Some(x.sin())),
        derivative: |a, x| a.apply(E::Cos, x), source: "DLMF 4.20.1", ..ROW },
    Row { function: E::Cos, name: "cos", aliases: &[], latex: r"\cos", range: SYMMETRIC,
        reflection: EVEN, at_zero: ONE, steepest: AT_MOST_ONE,
        nature: Some(CIRCULAR),
        value: |x| x[0].cos(), slope: |x| -x.sin(), enclosure: |x| one(x, |x| Some(x.cos())),
        derivative: |a, x| { let sin = a.apply(E::Sin, x); a.negate(sin) }, source: "DLMF 4.20.2", ..ROW },
    Row { function: E::Tan, name: "tan", aliases: &[], latex: r"\tan",
        defined_on: DefinedOn::BetweenPoles, at_zero: ZERO,
        definition: Some(|a, x| { let (sin, cos) = (a.apply(E::Sin, x), a.apply(E::Cos, x)); a.divide(sin, cos) }),
        nature: Some(CIRCULAR), slope_law: Some(SlopeLaw::OfValue([1, 0, 1])),
        value: |x| x[0].tan(), slope: |x| 1.0 / (x.cos() * x.cos()), enclosure: |x| one(x, Interval::tan),
        derivative: |a, x| { let (cos, m) = (a.apply(E::Cos, x), a.integer(-2)); a.power(cos, m) }, source: "DLMF 4.20.3", ..ROW },
    Row { function: E::Sinh, name: "sinh", aliases: &[], latex: r"\sinh",
        rises: true, at_zero: ZERO, definition: Some(|a, x| half_of_exponentials(a, x, -1)),
        nature: Some(Nature { adds_up: true, ..EXPONENTIAL }),
        value: |x| x[0].sinh(), slope: f64::cosh, enclosure: |x| one(x, |x| Some(x.sinh())),
        derivative: |a, x| a.apply(E::Cosh, x), source: "DLMF 4.34.1", ..ROW },
    Row { function: E::Cosh, name: "cosh", aliases: &[], latex: r"\cosh", range: Range { lower: Some((1, true)), upper: None },
        bend: UP, at_zero: ONE, definition: Some(|a, x| half_of_exponentials(a, x, 1)),
        nature: Some(Nature { adds_up: true, ..EXPONENTIAL }),
        value: |x| x[0].cosh(), slope: f64::sinh, enclosure: |x| one(x, |x| Some(x.cosh())),
        derivative: |a, x| a.apply(E::Sinh, x), source: "DLMF 4.34.2", ..ROW },
    Row { function: E::Tanh, name: "tanh", aliases: &[], latex: r"\tanh", range: SYMMETRIC_OPEN,
        rises: true, bend: FROM_ZERO, reflection: ODD, at_zero: ZERO, steepest: AT_ZERO,
        nature: Some(EXPONENTIAL), slope_law: Some(SlopeLaw::OfValue([1, 0, -1])),
        in_exponentials: Some(|a, x| { let (one, minus) = (a.one(), a.integer(-2)); let back = a.product([minus, x]); let e = a.apply(E::Exp, back); let (above, below) = (a.subtract(one, e), a.sum([one, e])); a.divide(above, below) }),
        value: |x| x[0].tanh(), slope: |x| 1.0 / (x.cosh() * x.cosh()), enclosure: |x| one(x, |x| Some(x.tanh())),
        derivative: |a, x| { let f = a.apply(E::Tanh, x); one_minus_square(a, f) }, source: "DLMF 4.34.3", ..ROW },
    Row { function: E::Atan, name: "arctan", aliases: &["atan"], latex: r"\arctan",
        rises: true, bend: FROM_ZERO, reflection: ODD, at_zero: ZERO, steepest: AT_ZERO,
        nature: Some(Nature { divides: true, ..PLAIN }), inverse_of: Some(E::Tan), slope_law: Some(SlopeLaw::OfArgument(&[1, 0, 1], (-1, 1))),
        value: |x| x[0].atan(), slope: |x| 1.0 / (1.0 + x * x), enclosure: |x| one(x, |x| Some(x.atan())),
        derivative: |a, x| { let (one, two) = (a.one(), a.integer(2)); let s = a.power(x, two); let d = a.sum([one, s]); a.reciprocal(d) }, source: "DLMF 4.24.9", ..ROW },
    Row { function: E::Asin, name: "arcsin", aliases: &["asin"], latex: r"\arcsin", defined_on: DefinedOn::FromMinusOneToOne,
        rises: true, is_smooth: false, reflection: ODD, at_zero: ZERO,
        inverse_of: Some(E::Sin), slope_law: Some(SlopeLaw::OfArgument(&[1, 0, -1], (-1, 2))),
        value: |x| x[0].asin(), slope: |x| if x.abs() < 1.0 { 1.0 / ((1.0 - x) * (1.0 + x)).sqrt() } else { f64::NAN }, enclosure: |x| one(x, Interval::asin),
        derivative: |a, x| { let below = one_minus_square(a, x); let root = a.sqrt(below); a.reciprocal(root) }, source: "DLMF 4.24.7", ..ROW },
    Row { function: E::Erf, name: "erf", aliases: &[], latex: r"\operatorname{erf}", range: SYMMETRIC_OPEN,
        rises: true, bend: FROM_ZERO, reflection: ODD, at_zero: ZERO, steepest: AT_ZERO,
        nature: Some(EXPONENTIAL),
        value: |x| float::erf(x[0]), slope: |x| std::f64::consts::FRAC_2_SQRT_PI * (-x * x).exp(), enclosure: |x| one(x, |x| Some(x.erf())),
        derivative: |a, x| { let (two, pi, one) = (a.integer(2), a.pi(), a.one()); let root = a.sqrt(pi); let c = a.divide(two, root); let g = gaussian(a, x, one); a.product([c, g]) }, source: "DLMF 7.2.1", ..ROW },
    Row { function: E::Sigmoid, name: "sigmoid", aliases: &["logistic", "expit"], latex: r"\sigma", range: UNIT_OPEN,
        rises: true, bend: FROM_ZERO, reflection: Some((1, -1, 0)), at_zero: Some((1, 2)), steepest: AT_ZERO,
        nature: Some(EXPONENTIAL), slope_law: Some(SlopeLaw::OfValue([0, 1, -1])),
        in_exponentials: Some(|a, x| { let (one, back) = (a.one(), a.negate(x)); let e = a.apply(E::Exp, back); let below = a.sum([one, e]); a.reciprocal(below) }),
        value: |x| float::sigmoid(x[0]), slope: |x| { let c = (0.5 * x).cosh(); 0.25 / (c * c) }, enclosure: |x| one(x, |x| Some(x.sigmoid())),
        derivative: sigmoid_slope, source: "Goodfellow, Bengio & Courville (2016), 3.10", ..ROW },
    Row { function: E::Relu, name: "ReLU", aliases: &["relu"], latex: r"\operatorname{ReLU}", range: NON_NEGATIVE,
        is_smooth: false, bend: UP, at_zero: ZERO, steepest: AT_MOST_ONE,
        nature: Some(PLAIN), cases: Some(|a, x| { let zero = a.zero(); beside_zero(a, x[0], [x[0], zero]) }),
        value: |x| x[0].max(0.0), slope: |x| if x > 0.0 { 1.0 } else if x < 0.0 { 0.0 } else { f64::NAN }, enclosure: |x| one(x, |x| Some(x.relu())),
        derivative: |a, x| step(a, x, 0), source: "Glorot, Bordes & Bengio (2011), 3", ..ROW },
    Row { function: E::Softplus, name: "softplus", aliases: &[], latex: r"\operatorname{softplus}", range: POSITIVE,
        rises: true, bend: UP, reflection: Some((0, 1, -1)), steepest: AT_MOST_ONE,
        nature: Some(Nature { exponents: true, ..LOGARITHM }),
        value: |x| float::softplus(x[0]), slope: float::sigmoid, enclosure: |x| one(x, |x| Some(x.softplus())),
        derivative: |a, x| a.apply(E::Sigmoid, x), source: "Glorot, Bordes & Bengio (2011), 3", ..ROW },
    Row { function: E::Silu, name: "SiLU", aliases: &["silu", "swish"], latex: r"\operatorname{SiLU}",
        at_zero: ZERO, steepest: Some(Steepest::AtMost(11, 10)),
        definition: Some(|a, x| { let gate = a.apply(E::Sigmoid, x); a.product([x, gate]) }),
        nature: Some(Nature { stands_beside: true, ..EXPONENTIAL }),
        value: |x| float::silu(x[0]), slope: |x| { let s = float::sigmoid(x); s * (1.0 + x * float::sigmoid(-x)) }, enclosure: |x| one(x, |x| Some(x.silu())),
        derivative: |a, x| { let f = a.apply(E::Sigmoid, x); let slope = sigmoid_slope(a, x); let second = a.product([x, slope]); a.sum([f, second]) }, source: "Elfwing, Uchibe & Doya (2018), 2.1", ..ROW },
    Row { function: E::Gelu, name: "GELU", aliases: &["gelu"], latex: r"\operatorname{GELU}",
        at_zero: ZERO, steepest: Some(Steepest::AtMost(1129, 1000)),
        definition: Some(|a, x| { let share = normal_distribution(a, x); a.product([x, share]) }),
        nature: Some(Nature { stands_beside: true, ..EXPONENTIAL }),
        value: |x| float::gelu(x[0]), slope: |x| 0.5 * (1.0 + float::erf(x * std::f64::consts::FRAC_1_SQRT_2)) + x * (-0.5 * x * x).exp() * 0.398_942_280_401_432_7, enclosure: |x| one(x, |x| Some(x.gelu())),
        derivative: gelu_slope, source: "Hendrycks & Gimpel (2016), 2", ..ROW },
    Row { function: E::Abs, name: "abs", aliases: &[], latex: r"\operatorname{abs}", range: NON_NEGATIVE,
        is_smooth: false, bend: UP, at_zero: ZERO, steepest: AT_MOST_ONE,
        nature: Some(PLAIN), cases: Some(|a, x| { let back = a.negate(x[0]); beside_zero(a, x[0], [x[0], back]) }),
        value: |x| x[0].abs(), slope: |x| if x == 0.0 { f64::NAN } else { x.signum() }, enclosure: |x| one(x, |x| Some(x.abs())),
        derivative: |a, x| a.apply(E::Sign, x), ..ROW },
    Row { function: E::Sign, name: "sign", aliases: &["sgn"], latex: r"\operatorname{sign}", range: SYMMETRIC,
        defined_on: DefinedOn::NonZero, is_smooth: false,
        nature: Some(PLAIN), cases: Some(|a, x| { let ends = [1, -1].map(|end| a.integer(end)); beside_zero(a, x[0], ends) }),
        value: |x| if x[0] == 0.0 { f64::NAN } else { x[0].signum() }, slope: |x| if x == 0.0 { f64::NAN } else { 0.0 }, enclosure: |x| one(x, sign),
        ..ROW },
    Row { function: E::Max, name: "max", aliases: &[], latex: r"\max", arity: 2,
        is_smooth: false,
        nature: Some(PLAIN), cases: Some(|_, x| ordered(x[0], x[1], [x[1], x[0]])),
        value: |x| x.iter().copied().fold(f64::NEG_INFINITY, f64::max), enclosure: |x| x.iter().skip(1).try_fold(x.first()?.clone(), |a, b| Some(a.max(b))),
        ..ROW },
    Row { function: E::Min, name: "min", aliases: &[], latex: r"\min", arity: 2,
        is_smooth: false,
        nature: Some(PLAIN), cases: Some(|_, x| ordered(x[0], x[1], [x[0], x[1]])),
        value: |x| x.iter().copied().fold(f64::INFINITY, f64::min), enclosure: |x| x.iter().skip(1).try_fold(x.first()?.clone(), |a, b| Some(a.min(b))),
        ..ROW },
    Row { function: E::Delta, name: "delta", aliases: &["kronecker"], latex: r"\delta", arity: 2, range: NON_NEGATIVE,
        defined_on: DefinedOn::Integers, is_smooth: false,
        cases: Some(|a, x| [(Comparison::Equal, a.one()), (Comparison::NotEqual, a.zero())].map(|(how, value)| Case { holds: (how, x[0], x[1]), value })),
        value: |x| f64::from(u8::from(x[0] == x[1])), enclosure: |_| None,
        ..ROW },
];

/// One value where `low ≤ high`, and another one where it is the other way around.
fn ordered(low: Expr, high: Expr, [value, other]: [Expr; 2]) -> [Case; 2] {
    let at_most = |low, high, value| Case { holds: (Comparison::LessEqual, low, high), value };
    [at_most(low, high, value), at_most(high, low, other)]
}

/// One value where a number is not negative, and another one where it is not positive.
fn beside_zero(arena: &mut Arena, x: Expr, values: [Expr; 2]) -> [Case; 2] {
    ordered(arena.zero(), x, values)
}

fn one_minus_square(arena: &mut Arena, f: Expr) -> Expr {
    let two = arena.integer(2);
    let one = arena.one();
    let square = arena.power(f, two);
    arena.subtract(one, square)
}

fn sigmoid_slope(arena: &mut Arena, x: Expr) -> Expr {
    let f = arena.apply(E::Sigmoid, x);
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
    arena.apply(E::Exp, exponent)
}

/// The distribution function of the standard normal law (DLMF 7.2.2 with 7.17.1).
fn normal_distribution(arena: &mut Arena, x: Expr) -> Expr {
    let (half, two) = (arena.number(rational::fraction(1, 2).unwrap_or_default()), arena.integer(2));
    let root = arena.sqrt(two);
    let scaled = arena.divide(x, root);
    let erf = arena.apply(E::Erf, scaled);
    let share = arena.product([half, erf]);
    arena.sum([half, share])
}

fn gelu_slope(arena: &mut Arena, x: Expr) -> Expr {
    let (two, share) = (arena.integer(2), normal_distribution(arena, x));
    let pi = arena.pi();
    let two_pi = arena.product([two, pi]);
    let norm = arena.sqrt(two_pi);
    let bell = gaussian(arena, x, two);
    let density = arena.divide(bell, norm);
    let second = arena.product([x, density]);
    arena.sum([share, second])
}

/// `(e^x + sign e^-x) / 2`.
fn half_of_exponentials(arena: &mut Arena, x: Expr, sign: i64) -> Expr {
    let (half, sign) = (arena.number(rational::fraction(1, 2).unwrap_or_default()), arena.integer(sign));
    let (forth, minus) = (arena.apply(E::Exp, x), arena.negate(x));
    let back = arena.apply(E::Exp, minus);
    let back = arena.product([sign, back]);
    let sum = arena.sum([forth, back]);
    arena.product([half, sum])
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

fn sign(x: &Interval) -> Option<Interval> {
    if x.is_positive() {
        Some(Interval::integer(1, x.bits()))
    } else if x.is_negative() {
        Some(Interval::integer(-1, x.bits()))
    } else {
        None
    }
}

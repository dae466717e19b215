//! The table of elementary functions: one row with all that is known of each.
//!
//! A function that can be written in those of the table is a line of `lower/prelude.tex` and nothing else. To add one with
//! laws or numbers of its own: a variant of [`Elementary`], its row in `table.rs`, its enclosure in `number/enclose`. All
//! rooms read the row, and what it leaves out is taken for what says least: a law that is not named is not used. The name is
//! what the reader of formulas accepts (`\operatorname{…}`, `\mathrm{…}`, `\text{…}` or a command of that name).

mod table;
#[cfg(test)]
mod tests;

use crate::expr::elementary::table::TABLE;
use crate::expr::{Arena, Comparison, Expr, Function, Node};
use crate::number::{Interval, Rational, rational};

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
    /// The inverse sine, from -π/2 to π/2.
    Asin,
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
    /// Where it has a value.
    pub defined_on: DefinedOn,
    /// Where the values lie, as (lower, upper) with whether each end is attained; `None` is unbounded.
    pub range: Range,
    /// Whether it rises strictly wherever it is defined.
    pub rises: bool,
    /// Whether it has a slope wherever it has a value.
    pub is_smooth: bool,
    /// How it bends where it is defined; `None` where it does both without a rule.
    pub bend: Option<Bend>,
    /// `f(-x) = c + s f(x) + l x` as (c, s, l); `None` where it is not so.
    pub reflection: Option<(i64, i64, i64)>,
    /// The value at 0 as a fraction; `None` where there is none.
    pub at_zero: Option<(i64, i64)>,
    /// A bound on the absolute value of the slope, wherever there is one.
    pub steepest: Option<Steepest>,
    /// What it is in simpler functions, where algebra opens it; `None` for one with laws of its own.
    pub definition: Option<fn(&mut Arena, Expr) -> Expr>,
    /// What it is as a quotient of exponentials, for those who know no other law of it.
    pub in_exponentials: Option<fn(&mut Arena, Expr) -> Expr>,
    /// What it is on each side of an order of its arguments, wherever it has a value.
    pub cases: Option<fn(&mut Arena, &[Expr]) -> [Case; 2]>,
    /// The function whose inverse it is: `f(g(x)) = x` wherever g has a value.
    pub inverse_of: Option<Elementary>,
    /// What a proof by cases must count; `None` where no case decides it.
    pub nature: Option<Nature>,
    /// The differential equation by which the witnesses find all its derivatives; `None` where it has more than one line.
    pub slope_law: Option<SlopeLaw>,
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

/// Where a function has a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefinedOn {
    /// At all real numbers.
    Reals,
    /// Above 0.
    Positive,
    /// At all real numbers but 0.
    NonZero,
    /// From -1 to 1.
    FromMinusOneToOne,
    /// Between its poles.
    BetweenPoles,
    /// At integers.
    Integers,
}

/// Where the values of a function lie; an end that is `None` is infinite.
pub struct Range {
    /// The lower end and whether it is attained.
    pub lower: Option<(i64, bool)>,
    /// The upper end and whether it is attained.
    pub upper: Option<(i64, bool)>,
}

/// What a function is where two of its arguments, or its argument and 0, stand in one order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case {
    /// The order.
    pub holds: (Comparison, Expr, Expr),
    /// The value there.
    pub value: Expr,
}

/// What a proof by cases must count of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nature {
    /// Whether laws of exponents hold of its values or slopes.
    pub exponents: bool,
    /// Whether laws of logarithms do.
    pub logarithms: bool,
    /// Whether laws of sums of angles do.
    pub angles: bool,
    /// Whether what it is taken of stands beside it, too: as a factor, or where logarithms are added up.
    pub stands_beside: bool,
    /// Whether its values are multiplied or added by adding or multiplying what they are taken of.
    pub adds_up: bool,
    /// Whether its values or slopes stand below a line, where unknowns may be cancelled.
    pub divides: bool,
}

/// A differential equation of first order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlopeLaw {
    /// `y' = a + b y + c y²` as [a, b, c].
    OfValue([i64; 3]),
    /// `y' = p(x)^(n/d)` as the coefficients of p from the constant up and (n, d).
    OfArgument(&'static [i64], (i64, i64)),
}

/// How a function bends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bend {
    /// Upward, wherever it is defined.
    Up,
    /// Downward, wherever it is defined.
    Down,
    /// Downward where the argument is not negative, upward where it is not positive.
    DownFromZero,
}

/// How steep a function is at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Steepest {
    /// As at 0.
    AtZero,
    /// As this fraction.
    AtMost(i64, i64),
}

impl Arena {
    /// The elementary function that is called here, with its arguments; `None` for a derivative of one.
    pub fn elementary(&self, expr: Expr) -> Option<(Elementary, &[Expr])> {
        match self.node(expr) {
            Node::Call { function: Function::Elementary(function), slots, args } if slots.is_empty() => {
                Some((*function, args))
            }
            _ => None,
        }
    }

    /// The argument where this function of one number is called.
    pub fn argument(&self, function: Elementary, expr: Expr) -> Option<Expr> {
        let (own, args) = self.elementary(expr)?;
        let [arg] = args[..] else { return None };
        (own == function).then_some(arg)
    }

    /// The two cases of an elementary function that has them.
    pub fn cases_of(&mut self, expr: Expr) -> Option<[Case; 2]> {
        let (function, args) = self.elementary(expr)?;
        let (row, args) = (function.row(), args.to_vec());
        row.cases.filter(|_| args.len() == row.arity).map(|cases| cases(self, &args))
    }

    /// `x` for `f(g(x))`, where g is the inverse of f.
    pub fn undone(&self, function: Elementary, arg: Expr) -> Option<Expr> {
        match self.elementary(arg)? {
            (inverse, &[inside]) if inverse.row().inverse_of == Some(function) => Some(inside),
            _ => None,
        }
    }
}

impl Range {
    /// Whether all values are above 0.
    pub fn is_positive(&self) -> bool {
        self.lower.is_some_and(|(end, attained)| end > 0 || end == 0 && !attained)
    }

    /// The two ends where both are finite and not attained.
    pub fn open_ends(&self) -> Option<(i64, i64)> {
        match (self.lower, self.upper) {
            (Some((lower, false)), Some((upper, false))) => Some((lower, upper)),
            _ => None,
        }
    }
}

impl Elementary {
    /// The row of the table.
    pub fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// The whole table, in the order of the variants.
    pub fn table() -> &'static [Row] {
        TABLE
    }

    /// Whether it rises strictly wherever it is defined.
    pub fn rises_strictly(self) -> bool {
        self.row().rises
    }

    /// Whether it has a slope wherever it has a value.
    pub fn is_smooth(self) -> bool {
        self.row().is_smooth
    }

    /// Whether it has a value at every real number.
    pub fn is_total(self) -> bool {
        self.row().defined_on == DefinedOn::Reals
    }

    /// The value at 0, where there is one and it is a fraction.
    pub fn at_zero(self) -> Option<Rational> {
        self.row().at_zero.and_then(|(above, below)| rational::fraction(above, below))
    }

    /// What must hold where it has a value, or a slope where there are slots: each is `0 < e`, `0 ≤ e` or `e ≠ 0`.
    pub fn asks(self, arena: &mut Arena, args: &[Expr], n_slots: usize) -> Vec<(Comparison, Expr)> {
        let has_kinks = n_slots > 0 && !self.is_smooth() && args.len() == 1;
        match self.row().defined_on {
            DefinedOn::Positive => vec![(Comparison::Less, args[0])],
            DefinedOn::NonZero => vec![(Comparison::NotEqual, args[0])],
            DefinedOn::BetweenPoles => vec![(Comparison::NotEqual, arena.apply(Elementary::Cos, args[0]))],
            DefinedOn::FromMinusOneToOne => {
                let how = if has_kinks { Comparison::Less } else { Comparison::LessEqual };
                let one = arena.one();
                vec![(how, arena.sum([one, args[0]])), (how, arena.subtract(one, args[0]))]
            }
            DefinedOn::Reals if has_kinks => vec![(Comparison::NotEqual, args[0])],
            DefinedOn::Reals | DefinedOn::Integers => Vec::new(),
        }
    }

    /// What it is in simpler functions or in exponentials.
    pub fn written_out(self, arena: &mut Arena, args: &[Expr]) -> Option<Expr> {
        let written = self.row().in_exponentials.or(self.row().definition)?;
        args.first().map(|&arg| written(arena, arg))
    }

    /// Its name where that is a command of LaTeX: `sin` for `\sin`.
    pub fn command(self) -> Option<&'static str> {
        let row = self.row();
        let is_of_numbers = row.defined_on != DefinedOn::Integers;
        row.latex.strip_prefix('\\').filter(|&command| is_of_numbers && command == row.name)
    }

    /// A bound on the absolute value of its slope.
    pub fn steepest(self, arena: &mut Arena) -> Option<Expr> {
        match self.row().steepest? {
            Steepest::AtZero => {
                let zero = arena.zero();
                Some((self.row().derivative)(arena, zero))
            }
            Steepest::AtMost(above, below) => Some(arena.number(rational::fraction(above, below)?)),
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

//! How many indices tell expressions with inverses apart.
//!
//! Around a point where each square matrix is a multiple of the identity, and each other one is 0 or a part of it, an inverse
//! is a geometric series, and an expression a series of words in the matrices. What may follow after a word is one of few
//! combinations, its *links*: after the one letter of a matrix nothing; after a word of S + T what follows in either; in
//! S T what follows in S, then T, or what follows in T; in an inverse what follows below it, and then the inverse. So a
//! series with n links is 0 if its words of at most n letters are (the equality theorem of recognizable series:
//! Schützenberger 1961; Berstel & Reutenauer 2011, "Noncommutative Rational Series", 1.5, 2.3), and sizes that have room for
//! the n + 1 indices of such a word show its coefficient: the word is read off a monomial whose indices differ.
//!
//! Numbers such as `u^⊤ A v` multiply without order: a term is a product of several words, its *strands*. The inverse of
//! `P + ∑ u_j v_j^⊤` with r such products has, by the formula of Sherman, Morrison and Woodbury, at most r + 1 strands over
//! the determinant of r rows of them. A trace is 0 where its slopes are and its value at the point is: cut open at each of
//! its matrices. Where sizes part a matrix in two, each link is one for either part.
//!
//! Determinants, and powers of numbers with sizes as exponents, are [`factors`](super::factors) of such series.

use std::collections::BTreeMap;

use crate::expr::{Elementary, Expr, Function, Node, Shape, SymbolId, Tensor as Op};
use crate::number::Rational;
use crate::number::rational::to_i64;
use crate::numeric::{Assignment, Fallback, Field, Form, Givens, Style, Tensor, evaluate_within};
use crate::proof::cases::Refusal;
use crate::proof::cases::factors::Factors;
use crate::proof::cases::laws::elementary;
use crate::proof::cases::points::MAX_STEPS;
use crate::proof::cases::survey::Survey;

/// What it takes to know a series of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Words {
    /// What may follow after a word.
    pub links: u64,
    /// How many words one term is a product of.
    pub strands: u64,
    /// In how many places a column meets a row.
    pub rank_ones: u64,
    /// Whether it is a sum of products of matrices, with factors that are numbers and hold none.
    pub is_plain: bool,
    /// Whether an inverse stands in it.
    pub is_inverted: bool,
    /// Whether entries meet in another way than in products of matrices: one by one, or in functions of them.
    pub is_joined: bool,
    /// What is a factor of every term and no series of words.
    pub factors: Factors,
    /// What may follow after a word in the slopes of the logarithms of those factors.
    pub links_of_factors: u64,
    /// Whether logarithms of such factors are added.
    pub has_logarithms: bool,
}

impl Words {
    pub const NONE: Words = Words {
        links: 0,
        strands: 0,
        rank_ones: 0,
        is_plain: true,
        is_inverted: false,
        is_joined: false,
        factors: Factors::ONE,
        links_of_factors: 0,
        has_logarithms: false,
    };

    /// Of 0.
    pub const NOTHING: Words = Words { factors: Factors::Any, ..Words::NONE };

    pub fn plus(self, other: Words) -> Words {
        Words {
            strands: self.strands.max(other.strands),
            factors: self.factors.beside(other.factors),
            ..self.with(other)
        }
    }

    pub fn times(self, other: Words) -> Words {
        let is_mixed = self.strands > 0 && other.strands > 0;
        let both = self.with(other);
        // Logarithms may be multiplied by numbers.
        let is_scaled = [(self, other), (other, self)].iter().any(|(a, b)| a.has_logarithms && !b.is_number());
        let factors = if is_scaled { Factors::Mixed } else { self.factors.times(other.factors) };
        Words { strands: self.strands + other.strands, is_plain: both.is_plain && !is_mixed, factors, ..both }
    }

    fn with(self, other: Words) -> Words {
        Words {
            links: self.links + other.links,
            rank_ones: self.rank_ones + other.rank_ones,
            is_plain: self.is_plain && other.is_plain,
            is_inverted: self.is_inverted || other.is_inverted,
            is_joined: self.is_joined || other.is_joined,
            links_of_factors: self.links_of_factors + other.links_of_factors,
            has_logarithms: self.has_logarithms || other.has_logarithms,
            ..self
        }
    }

    /// Of so many factors of the same words.
    pub fn repeated(self, times: u64) -> Words {
        let is_plain = self.is_plain && (times < 2 || self.strands == 0);
        let [links, strands, rank_ones] = [self.links, self.strands, self.rank_ones].map(|n| n.saturating_mul(times));
        let factors = if self.has_logarithms && times != 1 { Factors::Mixed } else { self.factors.raised(times) };
        Words { links, strands, rank_ones, is_plain, factors, ..self }
    }

    /// Whether no words stand in it at all.
    fn is_number(self) -> bool {
        self == Words::NONE
    }

    pub fn holds_factors(self) -> bool {
        self.has_logarithms || self.factors != Factors::ONE && self.factors != Factors::Any
    }

    /// Whether it is a product of factors alone, which may be divided by, and of which the logarithm may be taken.
    pub fn is_product_of_factors(self) -> bool {
        let is_bare = self.links == 0 && self.strands == 0 && !self.is_joined && !self.has_logarithms;
        is_bare && matches!(self.factors, Factors::Of(_)) && self.factors != Factors::ONE
    }

    /// Of a factor, the slopes of whose logarithm have so many links.
    pub fn of_factor(factors: Factors, links_of_factors: u64) -> Words {
        Words { factors, links_of_factors, is_plain: false, is_inverted: true, ..Words::NONE }
    }

    /// Of a power of what holds factors: below a line there may be nothing else.
    fn raised(self, exponent: Option<i64>) -> Words {
        match exponent {
            Some(n @ 0..) => self.repeated(n.unsigned_abs()),
            Some(n) if self.is_product_of_factors() => {
                let power = self.repeated(n.unsigned_abs());
                Words { factors: power.factors.inverse(), ..power }
            }
            Some(_) | None => Words { factors: Factors::Mixed, ..self },
        }
    }

    /// Of the derivative of what holds factors or logarithms of them, by a number or by something with indices.
    fn slopes_of_factors(self, by: Shape) -> Words {
        // The trace of an inverse and a slope of what is inverted is cut open once more.
        let times = if by.is_scalar() { 4 } else { 1 };
        let links = 2 * self.links + times * self.links_of_factors;
        Words { links, strands: self.strands + 1, is_plain: false, has_logarithms: false, ..self }
    }

    /// Of the difference of two sides that are 0 only if a relation between words is.
    ///
    /// Sides with the same factors are equal where what they multiply is. Else their quotient is constant where its slopes
    /// are 0: `(r' s - s' r) + r s (S - T)` with the slopes S and T of the logarithms of the factors. Sums of logarithms are
    /// known by their slopes S alone.
    pub fn less(self, other: Words) -> Words {
        let (sum, are_alike) = (self.plus(other), self.factors.beside(other.factors) != Factors::Mixed);
        if self.has_logarithms || other.has_logarithms {
            let links = 2 * sum.links + sum.links_of_factors;
            return Words { links, strands: sum.strands + 1, ..sum };
        }
        if are_alike {
            return sum;
        }
        let (links, strands) = (2 * sum.links + sum.links_of_factors, self.strands + other.strands + 1);
        Words { links, strands, ..sum }
    }

    /// Over how many indices its terms are told apart, with so many strands below lines, for sizes that part in so many.
    pub fn n_indices(self, below: u64, parts: u64) -> u64 {
        (self.strands.max(1) + below).saturating_mul(self.links.saturating_mul(parts).saturating_add(1))
    }
}

impl Survey<'_> {
    /// The words of an expression over parts that are known.
    pub fn words(&self, expr: Expr) -> Words {
        let arena = self.arena;
        let of = |part: &Expr| self.needs[part].words;
        let all =
            |parts: &[Expr], join: fn(Words, Words) -> Words| parts.iter().map(of).reduce(join).unwrap_or(Words::NONE);
        let is_scalar = arena.shape(expr).is_scalar();
        let n_scalars = |parts: &[Expr]| parts.iter().filter(|&&part| arena.shape(part).is_scalar()).count();
        let words = match arena.node(expr) {
            Node::Number(number) if number.is_zero() => Words::NOTHING,
            Node::Number(_) | Node::Pi | Node::Identity(_) | Node::Infinity | Node::Bound(_) => Words::NONE,
            // A number that is added to each entry is no word.
            Node::Sum(parts) if !is_scalar && n_scalars(parts) > 0 => all(parts, Words::plus).joined(),
            Node::Sum(parts) => all(parts, Words::plus),
            Node::Product(parts) if n_scalars(parts) + 1 < parts.len() => all(parts, Words::times).joined(),
            Node::Product(parts) => all(parts, Words::times),
            // Between the same vectors a word is read from either end.
            Node::MatMul(parts) if is_scalar => self.words_of_matmul(parts).longer(2),
            Node::MatMul(parts) => self.words_of_matmul(parts),
            Node::Transpose(inner) => of(inner),
            Node::MatrixPower(base, exponent) => match arena.as_integer(*exponent) {
                Some(n) if n < 0 => (0..-n).fold(Words::NONE, |all, _| all.followed_by(of(base).inverse())),
                Some(n) => (0..n.min(16)).fold(Words::NONE, |all, _| all.followed_by(of(base))),
                None => of(base).joined(),
            },
            Node::Tensor { op: Op::Trace, args } => of(&args[0]).closed(1),
            Node::Tensor { op: Op::Norm, args } if of(&args[0]).holds_factors() => {
                Words { factors: Factors::Mixed, ..of(&args[0]) }
            }
            Node::Tensor { op: Op::Norm, args } => of(&args[0]).closed(2),
            Node::Tensor { op: Op::Determinant, args } if self.n_free(arena.shape(args[0])) > 0 => {
                let slopes = of(&args[0]).inverse().closed(1);
                Words { strands: slopes.strands - 1, ..Words::of_factor(self.factor(expr), slopes.links) }
            }
            Node::Call { function, slots, args }
                if slots.is_empty() && self.is_logarithm_of_factors(function, args) =>
            {
                Words { factors: Factors::ONE, has_logarithms: true, ..of(&args[0]) }
            }
            Node::Power(_, exponent) if self.is_size(*exponent) => Words::of_factor(self.factor(expr), 0),
            Node::Power(base, exponent) if of(base).holds_factors() => of(base).raised(arena.as_integer(*exponent)),
            Node::Power(base, _) if self.is_number_of_sizes(*base) => Words::NONE,
            Node::Power(_, exponent) if arena.as_number(*exponent).is_some_and(|number| *number < Rational::ZERO) => {
                Words { is_plain: false, ..Words::NONE }
            }
            Node::Power(base, exponent) if is_scalar => of(base).repeated(n_factors(arena.as_number(*exponent))),
            Node::Derivative { of: inner, by, .. } if of(inner).holds_factors() => {
                of(inner).slopes_of_factors(arena.shape(*by))
            }
            // It was cut open to be counted.
            Node::Derivative { of: inner, .. } if matches!(arena.node(*inner), Node::Tensor { op: Op::Trace, .. }) => {
                Words { is_plain: false, ..of(inner) }
            }
            Node::Derivative { of: inner, .. } => {
                let words = of(inner);
                Words { strands: words.strands + 1, is_plain: false, ..words.longer(2) }
            }
            Node::Entry { of: inner, .. } => of(inner),
            Node::Symbol { .. }
            | Node::Call { .. }
            | Node::Power(..)
            | Node::Big { .. }
            | Node::Cases(_)
            | Node::Literal { .. }
            | Node::Fill(..)
            | Node::Unit(..)
            | Node::Tensor { .. }
            | Node::At { .. }
            | Node::Limit { .. }
            | Node::Extremum { .. } => {
                let words = all(&arena.children(expr), Words::times).joined();
                Words { strands: words.strands.max(u64::from(!is_scalar)), ..words }
            }
        };
        // Numbers that hold matrices multiply without order.
        Words { is_plain: words.is_plain && (!is_scalar || words.strands == 0), ..words }
    }

    /// Whether an expression is a size that stands as a number.
    pub fn is_size(&self, expr: Expr) -> bool {
        matches!(self.arena.node(expr), Node::Symbol { symbol, .. } if self.sizes.contains(symbol))
    }

    /// Whether a function is the logarithm, and what it is taken of a product of factors.
    pub fn is_logarithm_of_factors(&self, function: &Function, args: &[Expr]) -> bool {
        elementary(self.model, function) == Some(Elementary::Log) && self.needs[&args[0]].words.is_product_of_factors()
    }

    /// Of a given, or of a member that stands for what it is: a matrix is one letter.
    pub fn letter(&self, expr: Expr) -> Words {
        let rank = self.n_free(self.arena.shape(expr));
        Words { links: rank.saturating_sub(1), strands: rank.min(1), ..Words::NONE }
    }

    fn words_of_matmul(&self, parts: &[Expr]) -> Words {
        let mut words = self.needs[&parts[0]].words;
        for part in &parts[1..] {
            let next = self.needs[part].words;
            let size = self.arena.shape(*part).sizes().first().copied();
            words = if size.is_some_and(|size| self.arena.as_number(size).is_none()) {
                words.followed_by(next)
            } else {
                let both = words.followed_by(next);
                Words { strands: words.strands + next.strands, rank_ones: both.rank_ones + 1, ..both }
            };
        }
        words
    }
}

impl Words {
    /// Of a product of matrices.
    fn followed_by(self, other: Words) -> Words {
        let strands = (self.strands + other.strands).saturating_sub(u64::from(self.strands > 0 && other.strands > 0));
        Words { strands, factors: self.times(other).factors, ..self.with(other) }
    }

    fn joined(self) -> Words {
        Words { is_plain: false, is_joined: true, ..self }
    }

    fn longer(self, times: u64) -> Words {
        Words { links: times * self.links, ..self }
    }

    /// Of the trace of a matrix, or of so many of them.
    fn closed(self, times: u64) -> Words {
        if self.is_inverted { Words { links: (times * self.links + 1).pow(2), ..self } } else { self.longer(times) }
    }

    fn inverse(self) -> Words {
        let strands = self.rank_ones + 1;
        Words { strands, is_plain: self.is_plain && self.rank_ones == 0, is_inverted: true, ..self }
    }
}

/// How often a number stands in its power, and in the square of its root.
fn n_factors(exponent: Option<&Rational>) -> u64 {
    let whole = exponent.and_then(|exponent| to_i64(exponent).or_else(|| to_i64(&(exponent * Rational::from(2)))));
    whole.map_or(1, i64::unsigned_abs)
}

/// How often each multiple of the identity stands on a diagonal: more often than columns meet rows.
const MULTIPLICITY: i64 = 6;

/// In how many parts sizes divide the matrices of a claim, at a point where all that is inverted in it has an inverse and
/// no factor is 0.
///
/// Each square matrix is made a multiple of the identity there, and each other one 0, or where that is too little, the
/// multiple of a part of the identity.
pub(super) fn n_parts<F: Field>(
    survey: &Survey<'_>,
    sides: &[Expr],
    integers: &BTreeMap<SymbolId, i64>,
    sizes: &[SymbolId],
    field: &F,
) -> Result<u64, Refusal> {
    let sides = [sides, &survey.factors].concat();
    if survey.strands_below >= MULTIPLICITY.unsigned_abs() {
        return Err(Refusal::TooLarge("too many columns meet rows below an inverse"));
    }
    let mut found = None;
    for order in 0..2 {
        let mut integers = integers.clone();
        for (place, &size) in (1i64..).zip(sizes) {
            let place = if order == 0 { place } else { sizes.len() as i64 + 1 - place };
            integers.insert(size, MULTIPLICITY * place);
        }
        let at = |values: Givens| {
            let fallback = Some(Fallback { seed: 17, style: Style::Unknowns });
            let point = Assignment { integers: integers.clone(), values, fallback, ..Assignment::default() };
            evaluate_within(survey.arena, survey.model, &point, field, &sides, MAX_STEPS)
        };
        let is_none =
            |value: &Tensor<F::Element>| value.as_scalar().and_then(|value| field.is_zero(value)) != Some(false);
        let generic = at(Givens::new());
        if generic.values.iter().any(Result::is_err) {
            continue;
        }
        let has_value = |is_part: bool| {
            let values = generic.givens.iter().map(|(key, value)| (key.clone(), multiple(value, is_part))).collect();
            let values = at(values).values;
            let (sides, factors) = values.split_at(values.len() - survey.factors.len());
            sides.iter().all(Result::is_ok) && !factors.iter().any(|factor| factor.as_ref().map_or(true, is_none))
        };
        let is_whole = has_value(false);
        let parts = if is_whole { 1 } else { sizes.len() as u64 };
        if !is_whole && !has_value(true) {
            return Err(Refusal::Outside("an inverse that no multiples of the identity have"));
        }
        found = found.max(Some(parts));
    }
    found.ok_or(Refusal::NoValue)
}

/// A matrix made a multiple of the identity; another than a square one 0, or a part of that multiple.
fn multiple(value: &Tensor<Rational>, is_part: bool) -> Tensor<Rational> {
    let mut value = value.clone();
    let Form::Matrix(rows, columns) = value.form() else { return value };
    let first = value.entries()[0].clone();
    for (at, entry) in value.entries_mut().iter_mut().enumerate() {
        let is_diagonal = at / columns == at % columns && (is_part || rows == columns);
        *entry = if is_diagonal { first.clone() } else { Rational::ZERO };
    }
    value
}

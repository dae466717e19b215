//! Values of expressions at random points of prime fields: whether two of them are one rational function of their leaves.
//!
//! A leaf is what is no sum, product or power. Equal leaves get equal values: a call of a function is told by the values of
//! its arguments, a sum over an index by those of its ends and of its body at one letter. Exponentials of multiples of one
//! argument are powers of one value (DLMF 4.2), letters of integers are large integers, so that they may stand in
//! exponents. Two expressions with the same value at such a point are equal but for a chance that [`Value::chance`] bounds
//! (Schwartz 1980, Zippel 1979); what is equal only by other laws of its leaves is not found to be equal.

use std::collections::{BTreeMap, HashMap};

use crate::expr::{Arena, Big, Branch, Comparison, Elementary, Expr, Extremum, Function, Node, SymbolId, SymbolKind};
use crate::model::Model;
use crate::number::modular::{Field, Residue};
use crate::number::polynomial::Multi;
use crate::number::{Random, Rational};
use crate::proof::check::hypotheses::Hypotheses;

/// A value with what bounds the chance that it agrees with another one by accident.
#[derive(Debug, Clone, Copy)]
pub(super) struct Value {
    /// The value.
    pub residue: Residue,
    /// At least the degree and the bits of the coefficients of the rational function, exponents put in.
    pub size: f64,
    /// The same with each letter in an exponent counted once.
    pub plain: f64,
}

/// Why there is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// A divisor is 0 at this point.
    Undefined,
    /// A part that a finder opened by a step without an inference.
    Unreplayed(&'static str),
}

pub(super) type Found = Result<Value, Missing>;

/// What an opened expression is.
#[derive(Debug, Clone)]
pub(super) enum Opened {
    /// Another expression.
    Expr(Expr),
    /// A product of powers of polynomials in the unknowns.
    Product(Vec<(Multi, i64)>),
    /// Nothing that could be replayed.
    Unreplayed(&'static str),
}

/// A leaf, told by the values of its parts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Leaf {
    Whole(Expr),
    Member(SymbolId, Vec<Residue>, Vec<Residue>),
    Elementary(Elementary, Vec<u8>, Vec<Residue>),
    Declared(SymbolId, Vec<Residue>, Vec<(u8, Vec<Residue>)>, Vec<Residue>),
    Root(Residue, Residue),
    Power(Residue, Residue),
    Big(Big, Expr, Residue, Residue, Residue),
    Extremum(Extremum, Expr, Residue, Residue, Residue),
    Cases(Vec<(Option<(Comparison, Residue, Residue)>, Residue)>),
}

/// One point.
pub(super) struct Point<'a> {
    pub arena: &'a mut Arena,
    pub hypotheses: Hypotheses<'a>,
    pub field: Field,
    pub random: Random,
    pub opened: &'a HashMap<Expr, Opened>,
    /// Absolute values that are the value inside times a sign.
    pub signs: &'a [(Expr, i64)],
    pub unknowns: Vec<Value>,
    pub memo: HashMap<Expr, Value>,
    pub leaves: HashMap<Leaf, Residue>,
    pub letters: HashMap<Expr, i64>,
    /// Letters that stand in exponents; which of them are odd is said by the bits of the pattern.
    pub exponents: Vec<Expr>,
    /// Which letters in exponents are odd.
    pub pattern: usize,
    /// Under how many binders this is.
    pub depth: usize,
    /// Letters of bodies of functions, and the arguments that they stand for.
    pub arguments: HashMap<Expr, Expr>,
    /// Arguments of exponentials, and the value of which the exponential is the power [`ROOTS`].
    pub exponentials: Vec<(Residue, Residue)>,
    /// States at this index are what their definitions say.
    pub index: Option<Expr>,
    /// Whether sums are taken apart term by term, and absolute values factor by factor.
    pub is_apart: bool,
    /// Whether a leaf was met that fulfils laws which are not known here.
    pub has_laws: bool,
}

/// Letters of integers lie from here up to twice this number; half of the numbers there are odd.
const LEAST_LETTER: u64 = 1 << 33;

impl<'a> Point<'a> {
    /// A point of a field whose prime is drawn from `random`, with what was opened and the signs of absolute values.
    pub fn draw(
        arena: &'a mut Arena,
        hypotheses: &Hypotheses<'a>,
        opened: &'a HashMap<Expr, Opened>,
        signs: &'a [(Expr, i64)],
        random: &mut Random,
    ) -> Point<'a> {
        let field = Field::draw_with_roots(random);
        Point {
            arena,
            hypotheses: hypotheses.clone(),
            field,
            random: random.fork(1),
            opened,
            signs,
            unknowns: Vec::new(),
            memo: HashMap::new(),
            leaves: HashMap::new(),
            letters: HashMap::new(),
            exponents: Vec::new(),
            pattern: 0,
            depth: 0,
            arguments: HashMap::new(),
            exponentials: Vec::new(),
            index: None,
            is_apart: false,
            has_laws: false,
        }
    }

    /// Evaluates the unknowns in which polynomials are written.
    pub fn read(&mut self, unknowns: &[Expr]) -> Result<(), Missing> {
        for &unknown in unknowns {
            // An unknown that is opened elsewhere is opened by itself.
            let value =
                if self.opened.contains_key(&unknown) { self.structural(unknown)? } else { self.value(unknown)? };
            self.memo.insert(unknown, value);
            self.unknowns.push(value);
        }
        Ok(())
    }

    /// The value of an expression of numbers.
    pub fn value(&mut self, expr: Expr) -> Found {
        if let Some(&known) = self.memo.get(&expr) {
            return Ok(known);
        }
        let known = self.hypotheses.value_of(expr).or_else(|| self.arguments.get(&expr).copied());
        let value = match (self.opened.get(&expr), known) {
            (Some(Opened::Expr(to)), _) => self.value(*to)?,
            // The unknowns have their values outside of binders.
            (Some(Opened::Product(_)), _) if self.depth > 0 => {
                return Err(Missing::Unreplayed("what is opened in a sum"));
            }
            (Some(Opened::Product(factors)), _) => self.product_of_powers(factors)?,
            (Some(Opened::Unreplayed(name)), _) => return Err(Missing::Unreplayed(name)),
            (None, Some(to)) => self.value(to)?,
            (None, None) => self.structural(expr)?,
        };
        self.memo.insert(expr, value);
        Ok(value)
    }

    /// The value of a polynomial in the unknowns.
    pub fn polynomial(&self, poly: &Multi) -> Found {
        let mut sum = self.whole(0);
        for (monomial, coefficient) in poly.terms() {
            let mut term = self.number(coefficient)?;
            for (&unknown, &exponent) in monomial {
                let own = self.unknowns.get(unknown).copied().ok_or(Missing::Undefined)?;
                term = self.times(term, self.power(own, exponent.into())?);
            }
            sum = self.plus(sum, term);
        }
        Ok(sum)
    }

    /// The value of a product of powers of polynomials in the unknowns.
    pub fn product_of_powers(&self, factors: &[(Multi, i64)]) -> Found {
        let mut product = self.whole(1);
        for (poly, exponent) in factors {
            product = self.times(product, self.power(self.polynomial(poly)?, *exponent)?);
        }
        Ok(product)
    }

    /// `left - right`.
    pub fn minus(&self, left: Value, right: Value) -> Value {
        let negative = Value { residue: self.field.neg(right.residue), ..right };
        self.plus(left, negative)
    }

    /// A bound on the chance that two values agree at this point although the functions differ.
    pub fn chance(&self, left: Value, right: Value) -> f64 {
        // Primes divide few contents, points hit few zeros, and letters are few where exponents meet.
        let by_letters =
            if self.letters.is_empty() { 0.0 } else { 2.0 * (left.plain + right.plain).powi(2) / LEAST_LETTER as f64 };
        (left.size + right.size) / (1u64 << 53) as f64 + by_letters
    }

    /// `right - left`.
    pub fn difference(&mut self, left: Expr, right: Expr) -> Found {
        let (left, right) = (self.value(left)?, self.value(right)?);
        Ok(self.minus(right, left))
    }

    /// The square.
    pub fn squared(&self, value: Value) -> Value {
        self.times(value, value)
    }

    /// An integer.
    pub fn whole(&self, value: i64) -> Value {
        let size = 64.0 - f64::from(value.unsigned_abs().leading_zeros());
        Value { residue: self.field.from_i64(value), size, plain: size }
    }

    pub fn number(&self, value: &Rational) -> Found {
        let size = crate::number::rational::height(value) as f64;
        let residue = self.field.from_rational(value).ok_or(Missing::Undefined)?;
        Ok(Value { residue, size, plain: size })
    }

    pub fn plus(&self, left: Value, right: Value) -> Value {
        let residue = self.field.add(left.residue, right.residue);
        Value { residue, size: left.size + right.size + 1.0, plain: left.plain + right.plain + 1.0 }
    }

    pub fn times(&self, left: Value, right: Value) -> Value {
        let residue = self.field.mul(left.residue, right.residue);
        Value { residue, size: left.size + right.size, plain: left.plain + right.plain }
    }

    pub fn power(&self, base: Value, exponent: i64) -> Found {
        let residue = self.field.pow(base.residue, exponent).ok_or(Missing::Undefined)?;
        let times = exponent.unsigned_abs() as f64;
        Ok(Value { residue, size: base.size * times, plain: base.plain * times })
    }

    /// The value of a leaf: drawn where it is met first.
    pub fn leaf(&mut self, leaf: Leaf) -> Value {
        self.has_laws |= !matches!(leaf, Leaf::Member(..) | Leaf::Declared(..));
        let (field, random) = (&self.field, &mut self.random);
        let residue = *self.leaves.entry(leaf).or_insert_with(|| field.random(random));
        Value { residue, size: 1.0, plain: 1.0 }
    }

    pub fn structural(&mut self, expr: Expr) -> Found {
        if !self.arena.shape(expr).is_scalar() {
            return self.tensor(expr);
        }
        match self.arena.node(expr).clone() {
            Node::Number(value) => self.number(&value),
            Node::Sum(parts) => {
                let mut sum = self.whole(0);
                for &part in parts.iter() {
                    let value = self.value(part)?;
                    sum = self.plus(sum, value);
                }
                Ok(sum)
            }
            Node::Product(parts) => {
                let mut product = self.whole(1);
                for part in self.with_roots_joined(&parts) {
                    let value = self.value(part)?;
                    product = self.times(product, value);
                }
                Ok(product)
            }
            Node::Power(base, exponent) => self.power_node(base, exponent),
            Node::Call { function: Function::Elementary(f), slots, args } => self.elementary(expr, f, &slots, &args),
            Node::Call { function: Function::Declared { symbol, indices }, slots, args } => {
                if let Some(body) = self.hypotheses.body_of(self.arena, expr) {
                    return self.value(body);
                }
                if let Some((body, letter, times)) = self.hypotheses.differentiated(self.arena, expr) {
                    return self.slope_of_function(body, letter, args[0], times);
                }
                let mut marks = Vec::new();
                for slot in slots.iter() {
                    marks.push((slot.argument, self.residues(&slot.entry)?));
                }
                let leaf = Leaf::Declared(symbol, self.residues(&indices)?, marks, self.residues(&args)?);
                Ok(self.leaf(leaf))
            }
            Node::Symbol { .. } | Node::Entry { .. } if self.helper(expr).is_some() => {
                let body = self.helper(expr).ok_or(Missing::Undefined)?;
                self.value(body)
            }
            Node::Symbol { symbol, indices, .. } => {
                if self.arena.kind(symbol) == SymbolKind::Integer && indices.is_empty() {
                    let value = self.letter(expr);
                    return Ok(Value { size: 1.0, plain: 1.0, ..self.whole(value) });
                }
                let leaf = Leaf::Member(symbol, self.residues(&indices)?, Vec::new());
                Ok(self.leaf(leaf))
            }
            Node::Entry { of, at } => match (self.entry(of, &at), self.arena.node(of).clone()) {
                (own, _) if own != expr => self.value(own),
                (_, Node::Symbol { symbol, indices, .. }) => {
                    let leaf = Leaf::Member(symbol, self.residues(&indices)?, self.residues(&at)?);
                    Ok(self.leaf(leaf))
                }
                _ => Ok(self.leaf(Leaf::Whole(expr))),
            },
            Node::MatMul(parts) => {
                let number = self.product_of_tensors(&parts);
                self.value(number)
            }
            Node::Tensor { op, args } => self.norm(op, args[0]),
            Node::Extremum { which, range: Some((lower, upper)), .. } => {
                let (letter, ends) = (self.letter_of((lower, upper)), self.residues(&[lower, upper])?);
                let body = self.body_at_letter(expr, (lower, upper), Point::value)?;
                Ok(self.leaf(Leaf::Extremum(which, letter, ends[0], ends[1], body.residue)))
            }
            Node::Big { op: op @ (Big::Sum | Big::Product), lower, upper, .. } => self.big(expr, (op, lower, upper)),
            Node::Cases(branches) => match self.choice(expr) {
                Some(to) => self.value(to),
                None => self.cases(&branches, Point::value),
            },
            Node::Derivative { kind, of, by, .. } => match self.derivative(kind, of, by) {
                Err(Missing::Unreplayed(_)) => Ok(self.leaf(Leaf::Whole(expr))),
                found => found,
            },
            Node::Pi => {
                let root = self.root_of_pi();
                Ok(self.squared(root))
            }
            Node::Infinity
            | Node::Bound(_)
            | Node::Big { .. }
            | Node::MatrixPower(..)
            | Node::Transpose(_)
            | Node::Literal { .. }
            | Node::Identity(_)
            | Node::Fill(..)
            | Node::Unit(..)
            | Node::At { .. }
            | Node::Limit { .. }
            | Node::Extremum { .. } => Ok(self.leaf(Leaf::Whole(expr))),
        }
    }

    /// Factors, of which roots of one number are one power of it: where they are defined, it is not negative.
    fn with_roots_joined(&mut self, factors: &[Expr]) -> Vec<Expr> {
        let mut exponents: BTreeMap<Expr, Rational> = BTreeMap::new();
        let mut has_roots = false;
        for &factor in factors {
            let (base, exponent) = match *self.arena.node(factor) {
                Node::Power(base, exponent) => (base, self.arena.as_number(exponent).cloned()),
                _ => (factor, None),
            };
            has_roots |= exponent.as_ref().is_some_and(|exponent| !exponent.is_int());
            let (base, exponent) = exponent.map_or((factor, Rational::from(1)), |exponent| (base, exponent));
            *exponents.entry(base).or_default() += exponent;
        }
        if !has_roots {
            return factors.to_vec();
        }
        let joined = exponents.into_iter().map(|(base, exponent)| {
            let exponent = self.arena.number(exponent);
            self.arena.power(base, exponent)
        });
        joined.collect()
    }

    /// A helper as its definition says.
    pub(super) fn helper(&mut self, member: Expr) -> Option<Expr> {
        let (symbol, at, _) = Model::member(self.arena, member)?;
        let is_opened = self.index.is_some_and(|index| self.hypotheses.is_state(symbol) && at[..] == [index]);
        if is_opened || self.hypotheses.is_helper(symbol) {
            self.hypotheses.definition_of(self.arena, member)
        } else {
            None
        }
    }

    /// A case distinction that is told by its conditions and what its branches are.
    pub fn cases(&mut self, branches: &[Branch], mut of_branch: impl FnMut(&mut Self, Expr) -> Found) -> Found {
        let mut told = Vec::new();
        for branch in branches {
            let condition = match branch.condition {
                Some((how, left, right)) => Some((how, self.value(left)?.residue, self.value(right)?.residue)),
                None => None,
            };
            told.push((condition, of_branch(self, branch.value)?.residue));
        }
        Ok(self.leaf(Leaf::Cases(told)))
    }

    /// The branch of a case distinction that comparisons of integers choose.
    pub fn choice(&self, expr: Expr) -> Option<Expr> {
        let Node::Cases(branches) = self.arena.node(expr) else { return None };
        for branch in branches.iter() {
            match branch.condition.map(|(how, a, b)| self.hypotheses.decides(self.arena, how, a, b)) {
                None | Some(Some(true)) => return Some(branch.value),
                Some(Some(false)) => {}
                Some(None) => return None,
            }
        }
        None
    }

    pub fn residues(&mut self, exprs: &[Expr]) -> Result<Vec<Residue>, Missing> {
        exprs.iter().map(|&expr| self.value(expr).map(|value| value.residue)).collect()
    }

    /// The integer that stands for a letter.
    pub fn letter(&mut self, letter: Expr) -> i64 {
        let (random, pattern) = (&mut self.random, self.pattern);
        let place = self.exponents.iter().position(|&own| own == letter);
        let draw = || {
            let drawn = LEAST_LETTER + random.below(LEAST_LETTER);
            let own = place.map_or(drawn, |place| drawn & !1 | u64::from(pattern >> place.min(8) & 1 == 1));
            own as i64
        };
        *self.letters.entry(letter).or_insert_with(draw)
    }

    /// The value of an exponent that is made of integer letters.
    pub fn integer(&mut self, expr: Expr) -> Option<i64> {
        if let Some(to) = self.hypotheses.value_of(expr) {
            return self.integer(to);
        }
        match self.arena.node(expr).clone() {
            Node::Number(_) => self.arena.as_integer(expr),
            Node::Symbol { symbol, indices, .. } if indices.is_empty() => {
                let is_integer = self.arena.kind(symbol) == SymbolKind::Integer;
                if is_integer && !self.exponents.contains(&expr) {
                    self.exponents.push(expr);
                }
                is_integer.then(|| self.letter(expr))
            }
            Node::Sum(parts) => parts.iter().try_fold(0i64, |sum, &part| sum.checked_add(self.integer(part)?)),
            Node::Product(parts) => parts.iter().try_fold(1i64, |all, &part| all.checked_mul(self.integer(part)?)),
            _ => None,
        }
    }
}

//! Indices, sizes and conditions: whole numbers that are known exactly in every field.

use std::cmp::Ordering;

use crate::expr::Branch;
use crate::expr::Comparison;
use crate::expr::Elementary;
use crate::expr::Expr;
use crate::expr::Function;
use crate::expr::Node;
use crate::expr::Prop;
use crate::expr::SymbolId;
use crate::expr::SymbolKind;
use crate::model::Argument;
use crate::number::Rational;
use crate::number::rational::abs;
use crate::number::rational::pow;
use crate::number::rational::to_i64;
use crate::numeric::Error;
use crate::numeric::evaluate::Evaluator;
use crate::numeric::evaluate::Flow;
use crate::numeric::evaluate::Stop;
use crate::numeric::field::Field;
use crate::numeric::field::whole;
use crate::numeric::key::Indices;
use crate::numeric::scope::Scope;

/// How many definitions of integers may stand in each other.
const MAX_NESTING: u32 = 64;

impl<F: Field> Evaluator<'_, F> {
    /// The value of an index; an error where it is no whole number.
    pub(super) fn index(&self, scope: &Scope<F::Element>, expr: Expr) -> Result<i64, Error> {
        self.integer(scope, expr)?.ok_or(Error::Undefined("an index that is no whole number"))
    }

    /// The value of a list of indices.
    pub(super) fn indices(&self, scope: &Scope<F::Element>, exprs: &[Expr]) -> Result<Indices, Error> {
        match *exprs {
            [] => Ok(Indices::NONE),
            [only] => Ok(Indices::Few(1, [self.index(scope, only)?, 0])),
            [first, second] => Ok(Indices::Few(2, [self.index(scope, first)?, self.index(scope, second)?])),
            _ => exprs.iter().map(|&expr| self.index(scope, expr)).collect(),
        }
    }

    /// The value of an expression of integers; `None` where it holds something else or is a fraction.
    pub(super) fn integer(&self, scope: &Scope<F::Element>, expr: Expr) -> Result<Option<i64>, Error> {
        match self.arena.node(expr) {
            Node::Number(value) => return Ok(to_i64(value)),
            Node::Bound(height) => return Ok(scope.bound(*height)),
            Node::Symbol { symbol, indices, .. } => {
                return match scope.letter(*symbol) {
                    Some(value) => Ok(Some(value)),
                    None => self.exact_symbol(scope, *symbol, indices),
                };
            }
            Node::Sum(parts) => {
                if let Some(sum) = self.integer_sum(scope, parts)? {
                    return Ok(Some(sum));
                }
            }
            _ => {}
        }
        Ok(self.exact(scope, expr)?.as_ref().and_then(to_i64))
    }

    fn integer_sum(&self, scope: &Scope<F::Element>, parts: &[Expr]) -> Result<Option<i64>, Error> {
        let mut sum = 0i64;
        for &part in parts {
            let Some(part) = self.integer(scope, part)? else {
                return Ok(None);
            };
            sum = sum.checked_add(part).ok_or(Error::TooLarge)?;
        }
        Ok(Some(sum))
    }

    /// The value of an expression of integers and fractions; `None` where it holds something else.
    pub(super) fn exact(&self, scope: &Scope<F::Element>, expr: Expr) -> Result<Option<Rational>, Error> {
        let arena = self.arena;
        Ok(match arena.node(expr) {
            Node::Number(value) => Some(value.clone()),
            Node::Bound(height) => scope.bound(*height).map(Rational::from),
            Node::Symbol { symbol, indices, .. } => self.exact_symbol(scope, *symbol, indices)?.map(Rational::from),
            Node::Sum(parts) => self.exact_fold(scope, parts, Rational::ZERO, |sum, part| sum + part)?,
            Node::Product(parts) => self.exact_fold(scope, parts, Rational::ONE, |product, part| product * part)?,
            Node::Power(base, exponent) => {
                let (base, exponent) = (self.exact(scope, *base)?, self.exact(scope, *exponent)?);
                match (base, exponent.as_ref().and_then(whole)) {
                    (Some(base), Some(exponent)) => pow(&base, exponent),
                    (Some(_) | None, _) => None,
                }
            }
            Node::Call { function: Function::Elementary(function), slots, args } if slots.is_empty() => {
                self.exact_call(scope, *function, args)?
            }
            Node::Cases(branches) => self.exact_cases(scope, branches)?,
            Node::Call { .. }
            | Node::Pi
            | Node::Infinity
            | Node::Big { .. }
            | Node::MatMul(_)
            | Node::MatrixPower(..)
            | Node::Transpose(_)
            | Node::Entry { .. }
            | Node::Literal { .. }
            | Node::Identity(_)
            | Node::Fill(..)
            | Node::Unit(..)
            | Node::Tensor { .. }
            | Node::Derivative { .. }
            | Node::At { .. }
            | Node::Limit { .. }
            | Node::Extremum { .. } => None,
        })
    }

    fn exact_fold(
        &self,
        scope: &Scope<F::Element>,
        parts: &[Expr],
        start: Rational,
        op: impl Fn(Rational, Rational) -> Rational,
    ) -> Result<Option<Rational>, Error> {
        let mut value = start;
        for &part in parts {
            let Some(part) = self.exact(scope, part)? else {
                return Ok(None);
            };
            value = op(value, part);
        }
        Ok(Some(value))
    }

    fn exact_call(
        &self,
        scope: &Scope<F::Element>,
        function: Elementary,
        args: &[Expr],
    ) -> Result<Option<Rational>, Error> {
        let op: fn(Vec<Rational>) -> Option<Rational> = match function {
            Elementary::Max => |values| values.into_iter().max(),
            Elementary::Min => |values| values.into_iter().min(),
            Elementary::Abs => |values| values.first().map(abs),
            Elementary::Delta => |values| Some(Rational::from(u8::from(values.first() == values.last()))),
            _ => return Ok(None),
        };
        let mut values = Vec::with_capacity(args.len());
        for &arg in args {
            let Some(value) = self.exact(scope, arg)? else {
                return Ok(None);
            };
            values.push(value);
        }
        Ok(op(values))
    }

    fn exact_cases(&self, scope: &Scope<F::Element>, branches: &[Branch]) -> Result<Option<Rational>, Error> {
        for branch in branches {
            let taken = match branch.condition {
                None => true,
                Some((how, left, right)) => match (self.exact(scope, left)?, self.exact(scope, right)?) {
                    (Some(left), Some(right)) => decide(how, left.cmp(&right))?,
                    (Some(_) | None, _) => return Ok(None),
                },
            };
            if taken {
                return self.exact(scope, branch.value);
            }
        }
        Err(Error::Undefined("no case applies"))
    }

    fn exact_symbol(
        &self,
        scope: &Scope<F::Element>,
        symbol: SymbolId,
        indices: &[Expr],
    ) -> Result<Option<i64>, Error> {
        if indices.is_empty() {
            let listed = self.assignment.integers.get(&symbol).copied();
            if let Some(value) = scope.letter(symbol).or(listed) {
                return Ok(Some(value));
            }
        }
        match self.arena.kind(symbol) {
            SymbolKind::Real | SymbolKind::Function => Ok(None),
            SymbolKind::Integer => {
                let at = self.indices(scope, indices)?;
                self.integer_member(scope, symbol, at).map(Some)
            }
        }
    }

    /// The value of a symbol that stands for integers.
    pub(super) fn integer_symbol(
        &self,
        scope: &Scope<F::Element>,
        symbol: SymbolId,
        indices: &[Expr],
    ) -> Result<i64, Error> {
        let at = self.indices(scope, indices)?;
        self.integer_member(scope, symbol, at)
    }

    /// A member of a family of integers, such as the sizes of the layers.
    fn integer_member(&self, scope: &Scope<F::Element>, symbol: SymbolId, at: Indices) -> Result<i64, Error> {
        if scope.nesting > MAX_NESTING {
            return Err(Error::Unsupported("a long recurrence of integers"));
        }
        for definition in self.model.definitions_of(symbol) {
            let mut letters = Vec::new();
            let mut fits = definition.indices.len() == at.len();
            for (argument, &index) in definition.indices.iter().zip(at.iter()) {
                match argument {
                    Argument::Letter(letter) => letters.push((*letter, index)),
                    Argument::Value(value) => fits &= self.integer(scope, *value)? == Some(index),
                }
            }
            let mut inner = Scope::new(letters);
            inner.nesting = scope.nesting + 1;
            if fits && self.range_of_integers(&inner, &definition.range)? {
                return self.index(&inner, definition.body);
            }
        }
        if let (Some(least), false) = (self.assignment.integers.get(&symbol), at.is_empty()) {
            // Neighbours differ.
            return Ok(least + at.iter().sum::<i64>().rem_euclid(3));
        }
        let listed = self.assignment.values.get(&(symbol, at.to_vec()));
        match (listed.and_then(|value| value.as_scalar()), self.assignment.fallback) {
            (Some(value), _) => to_i64(value).ok_or(Error::Undefined("an index that is no whole number")),
            (None, Some(fallback)) if !at.is_empty() => Ok(fallback.size(symbol, &at)),
            (None, _) => Err(Error::Missing(symbol, at.to_vec())),
        }
    }

    fn range_of_integers(&self, scope: &Scope<F::Element>, range: &[Prop]) -> Result<bool, Error> {
        for prop in range.iter().flat_map(Prop::conjuncts) {
            let holds = match (prop, prop.comparison()) {
                (_, Some((how, left, right))) => {
                    let (left, right) = (self.index(scope, left)?, self.index(scope, right)?);
                    decide(how, left.cmp(&right))?
                }
                (Prop::Integer(_), None) => true,
                (_, None) => return Err(Error::Unsupported("this condition on a size")),
            };
            if !holds {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether all of these hold.
    pub(super) fn all_hold(&mut self, scope: &mut Scope<F::Element>, props: &[Prop]) -> Flow<bool> {
        for prop in props {
            if !self.holds(scope, prop)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether a statement holds at this point.
    pub(super) fn holds(&mut self, scope: &mut Scope<F::Element>, prop: &Prop) -> Flow<bool> {
        match prop {
            Prop::Compare(how, left, right) => self.compare(scope, *how, *left, *right),
            Prop::Integer(expr) => match self.exact(scope, *expr)? {
                Some(value) => Ok(value.is_int()),
                None => Err(Stop::Fail(Error::Unsupported("whether a real number is whole"))),
            },
            Prop::And(parts) => self.all_hold(scope, parts),
            Prop::Or(parts) => {
                for part in parts {
                    if self.holds(scope, part)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Prop::Not(part) => Ok(!self.holds(scope, part)?),
            Prop::Implies(premise, conclusion) => Ok(!self.holds(scope, premise)? || self.holds(scope, conclusion)?),
            Prop::Iff(left, right) => Ok(self.holds(scope, left)? == self.holds(scope, right)?),
            Prop::ForAll(..) => Err(Stop::Fail(Error::Unsupported("a statement for all values of a letter"))),
            Prop::Proportional { .. } => Err(Stop::Fail(Error::Unsupported("proportionality at one point"))),
        }
    }

    /// Whether a comparison holds, of tensors in every entry; `\ne` where some entry differs.
    pub(super) fn compare(
        &mut self,
        scope: &mut Scope<F::Element>,
        how: Comparison,
        left: Expr,
        right: Expr,
    ) -> Flow<bool> {
        if let (Some(left), Some(right)) = (self.integer(scope, left)?, self.integer(scope, right)?) {
            return Ok(decide(how, left.cmp(&right))?);
        }
        if let (Some(left), Some(right)) = (self.exact(scope, left)?, self.exact(scope, right)?) {
            return Ok(decide(how, left.cmp(&right))?);
        }
        let (left, right) = (self.eval(scope, left)?, self.eval(scope, right)?);
        let difference = crate::numeric::linear::zip::<crate::numeric::jet::Jets<'_, F>>(&left, &right, |a, b| {
            self.jets.subtract(a, b)
        })?;
        let zero = self.jets.integer(0);
        let mut all_equal = true;
        for entry in difference.entries() {
            let ordering = match self.jets.is_zero(entry) {
                Some(true) => Ordering::Equal,
                Some(false) if matches!(how, Comparison::Equal | Comparison::NotEqual) => Ordering::Greater,
                Some(false) | None => self.jets.compare(entry, &zero)?,
            };
            all_equal &= ordering == Ordering::Equal;
            let fails = match how {
                Comparison::NotEqual => false,
                Comparison::Equal | Comparison::Less | Comparison::LessEqual | Comparison::Approximately => {
                    !decide(how, ordering)?
                }
            };
            if fails {
                return Ok(false);
            }
        }
        Ok(how != Comparison::NotEqual || !all_equal)
    }
}

fn decide(how: Comparison, ordering: Ordering) -> Result<bool, Error> {
    match how {
        Comparison::Equal => Ok(ordering == Ordering::Equal),
        Comparison::NotEqual => Ok(ordering != Ordering::Equal),
        Comparison::Less => Ok(ordering == Ordering::Less),
        Comparison::LessEqual => Ok(ordering != Ordering::Greater),
        Comparison::Approximately => Err(Error::Unsupported("equality up to the digits written")),
    }
}

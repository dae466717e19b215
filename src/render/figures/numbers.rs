//! Points at which a model is evaluated for plots and tables, and numbers as text.

use crate::expr::Arena;
use crate::expr::DerivativeKind;
use crate::expr::Elementary;
use crate::expr::Expr;
use crate::expr::Shape;
use crate::expr::SymbolId;
use crate::model::FunctionBody;
use crate::model::Model;
use crate::number::Rational;
use crate::numeric::Assignment;
use crate::numeric::Floats;
use crate::numeric::Tensor;
use crate::numeric::evaluate;
use crate::render::figures::options::misfit;
use crate::render::prose::Directive;
use crate::source::Diagnostic;

/// A model with values for its givens.
pub(super) struct Point<'a> {
    /// Where expressions are made.
    pub arena: Arena,
    /// The definitions.
    pub model: &'a Model,
    /// The values.
    pub assignment: Assignment,
    directive: &'a Directive,
}

impl<'a> Point<'a> {
    /// The model without values yet.
    pub fn new(arena: &Arena, model: &'a Model, directive: &'a Directive) -> Point<'a> {
        Point { arena: arena.clone(), model, assignment: Assignment::default(), directive }
    }

    /// The symbol of this name.
    pub fn symbol(&self, name: &str) -> Result<SymbolId, Diagnostic> {
        let declared = self.model.declarations.keys().copied();
        let defined = self.model.definitions.iter().map(|definition| definition.symbol);
        let is_meant = |&symbol: &SymbolId| family_name(self.arena.name(symbol)) == name;
        declared
            .chain(defined)
            .find(is_meant)
            .ok_or_else(|| misfit(self.directive, format!("this derivation has no `{name}`, which the figure needs")))
    }

    /// Gives a number to a member.
    pub fn set(&mut self, name: &str, at: &[i64], value: Rational) -> Result<(), Diagnostic> {
        let symbol = self.symbol(name)?;
        self.assignment.values.insert((symbol, at.to_vec()), Tensor::Scalar(value));
        Ok(())
    }

    /// The member of a family.
    pub fn member(&mut self, name: &str, at: &[i64]) -> Result<Expr, Diagnostic> {
        let symbol = self.symbol(name)?;
        let at = at.iter().map(|&value| self.arena.integer(value)).collect();
        Ok(self.arena.member(symbol, at))
    }

    /// The derivative of one member by another.
    pub fn derivative(&mut self, kind: DerivativeKind, of: Expr, by: Expr) -> Expr {
        self.arena.derivative(kind, of, by)
    }

    /// The Jacobian of one member by another, both vectors.
    pub fn jacobian(&mut self, of: Expr, by: Expr) -> Expr {
        let size = |arena: &Arena, expr| arena.shape(expr).sizes().first().copied();
        let sizes: Vec<Expr> = [of, by].into_iter().filter_map(|expr| size(&self.arena, expr)).collect();
        let shape = Shape::from_sizes(&sizes).unwrap_or(Shape::Scalar);
        self.arena.derivative_of_shape(DerivativeKind::Total, of, by, shape)
    }

    /// The value of an expression.
    pub fn value(&self, expr: Expr) -> Result<Tensor<f64>, Diagnostic> {
        evaluate(&self.arena, self.model, &self.assignment, &Floats, expr).map_err(|error| {
            misfit(self.directive, format!("the model has no value here: {}", error.describe(&self.arena)))
        })
    }

    /// The value of an expression that is a number.
    pub fn number(&self, expr: Expr) -> Result<f64, Diagnostic> {
        let value = self.value(expr)?;
        value
            .as_scalar()
            .copied()
            .ok_or_else(|| misfit(self.directive, "the figure needs a number here, and this is none"))
    }

    /// The elementary function that a declared one is bound to.
    pub fn bound(&self, name: &str) -> Result<Elementary, Diagnostic> {
        let symbol = self.symbol(name)?;
        match self.model.functions.get(&symbol) {
            Some(FunctionBody::Elementary(function)) => Ok(*function),
            Some(FunctionBody::Expression { .. }) | None => {
                Err(misfit(self.directive, format!("`{name}` is bound to no function that is known by name")))
            }
        }
    }
}

/// The name of a family without the places of its indices: `h` of `h_\cdot`.
fn family_name(name: &str) -> String {
    let plain: String = name.chars().filter(|c| !matches!(c, '{' | '}' | ' ')).collect();
    plain.replace("_\\cdot", "").replace("^\\cdot", "")
}

/// A fraction as a number that is given.
pub(super) fn fraction(numerator: i64, denominator: i64) -> Rational {
    crate::number::rational::fraction(numerator, denominator).unwrap_or_default()
}

/// Equally spaced arguments with their values.
pub(super) fn sampled(from: f64, to: f64, n_points: u32, value: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
    let at = |idx: u32| from + (to - from) * f64::from(idx) / f64::from(n_points - 1);
    (0..n_points).map(|idx| (at(idx), value(at(idx)))).collect()
}

/// A number for a table as LaTeX: so many digits, with a power of ten where it is small or large.
pub(super) fn shown(value: f64, n_digits: usize) -> String {
    if value == 0.0 {
        return "0".into();
    }
    let written = format!("{value:.*e}", n_digits.saturating_sub(1));
    let Some((digits, exponent)) = written.split_once('e') else { return written };
    match exponent.parse::<i32>() {
        Ok(power @ -3..=3) => {
            format!("{value:.*}", usize::try_from(i32::try_from(n_digits).unwrap_or(4) - 1 - power).unwrap_or(0))
        }
        Ok(_) | Err(_) => format!("{digits} \\cdot 10^{{{exponent}}}"),
    }
}

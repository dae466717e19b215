//! Equations at single arguments, such as `f(0) = 0` and `f'(0) = 1`, solved for the coefficients of a polynomial.

use crate::expr::{Comparison, Expr, Prop, SymbolId};
use crate::number::Rational;
use crate::number::rational::integer;
use crate::numeric::{Assignment, Term, Witness};
use crate::proof::refute::premise::Maker;
use crate::proof::refute::reals::functions_in;
use crate::proof::refute::show;
use crate::proof::refute::truth::Truth;

/// The least degree of the polynomials.
const DEGREE: usize = 3;

/// Equations about a function of one number.
struct Equations {
    function: SymbolId,
    sides: Vec<(Expr, Expr)>,
}

impl Maker<'_, '_> {
    /// Makes an equation hold together with the earlier ones about a function, by other coefficients of the polynomial
    /// in its place.
    pub(super) fn by_coefficients(&mut self, prop: &Prop, point: &mut Assignment) -> bool {
        let (arena, model) = (self.question.bench.arena, self.question.bench.model);
        for function in functions_in(arena, model, prop) {
            let is_family = model.declarations.get(&function).is_none_or(|declared| !declared.indices.is_empty());
            let before = point.functions.get(&function).cloned();
            let terms = before.as_ref().and_then(|witness| witness.terms(&[], 1));
            let (Some(before), Some(terms), Some(1), false) =
                (before, terms, show::arity(arena, model, function), is_family)
            else {
                continue;
            };
            let own = self.done.iter().chain([prop]);
            let own = own.filter(|prop| functions_in(arena, model, prop).contains(&function));
            let equations =
                Equations { function, sides: own.filter_map(|prop| prop.sides(Comparison::Equal)).collect() };
            let is_solved = self.solve(&equations, &terms, point).is_some();
            if is_solved && self.truth(prop, point).0 == Truth::True && self.goes_on(point) {
                return true;
            }
            point.functions.insert(function, before);
        }
        false
    }

    /// Changes the coefficients so that equations hold that are affine in them. One coefficient at least stays free.
    fn solve(&self, equations: &Equations, terms: &[Term], point: &mut Assignment) -> Option<()> {
        let n = equations.sides.len().max(DEGREE) + 1;
        let mut coefficients: Vec<Rational> = (0..n).map(|exponent| integer(i64::from(exponent > DEGREE))).collect();
        for term in terms {
            let exponent = term.exponents.first().map_or(0, |&exponent| exponent as usize);
            coefficients.resize(coefficients.len().max(exponent + 1), Rational::ZERO);
            coefficients[exponent] += &term.coefficient;
        }
        let here = self.residuals(equations, &coefficients, point)?;
        let mut slopes = Vec::new();
        for place in 0..coefficients.len() {
            let mut moved = coefficients.clone();
            moved[place] += Rational::ONE;
            let there = self.residuals(equations, &moved, point)?;
            slopes.push(there.iter().zip(&here).map(|(there, here)| there - here).collect());
        }
        let changes = solution(&slopes, &here)?;
        coefficients.iter_mut().zip(changes).for_each(|(coefficient, change)| *coefficient -= change);
        self.residuals(equations, &coefficients, point).map(drop)
    }

    /// Left less right of all equations, with the polynomial of these coefficients in the place of the function.
    fn residuals(
        &self,
        equations: &Equations,
        coefficients: &[Rational],
        point: &mut Assignment,
    ) -> Option<Vec<Rational>> {
        let term = |(exponent, coefficient): (u32, &Rational)| Term {
            coefficient: coefficient.clone(),
            exponents: vec![exponent],
        };
        let terms = (0..).zip(coefficients).map(term).filter(|term| !term.coefficient.is_zero());
        point.functions.insert(equations.function, Witness::Terms(terms.collect()));
        let residuals: Option<Vec<Vec<Rational>>> =
            equations.sides.iter().map(|&sides| self.residual(sides, point)).collect();
        residuals.map(|residuals| residuals.concat())
    }
}

/// Numbers by which these columns add up to the right side, 0 for each that is not needed (Gauss and Jordan).
fn solution(columns: &[Vec<Rational>], right: &[Rational]) -> Option<Vec<Rational>> {
    let row = |(at, right): (usize, &Rational)| -> Vec<Rational> {
        columns.iter().map(|column| column[at].clone()).chain([right.clone()]).collect()
    };
    let mut rows: Vec<Vec<Rational>> = right.iter().enumerate().map(row).collect();
    let mut pivots = Vec::new();
    for column in 0..columns.len() {
        let next = pivots.len();
        let Some(found) = (next..rows.len()).find(|&row| !rows[row][column].is_zero()) else { continue };
        rows.swap(next, found);
        let pivot = rows[next][column].clone();
        rows[next].iter_mut().for_each(|entry| *entry /= &pivot);
        let chosen = rows[next].clone();
        for (_, row) in rows.iter_mut().enumerate().filter(|(at, _)| *at != next) {
            let factor = row[column].clone();
            row.iter_mut().zip(&chosen).for_each(|(entry, chosen)| *entry -= &factor * chosen);
        }
        pivots.push(column);
    }
    let is_left = rows.iter().skip(pivots.len()).any(|row| row.last().is_some_and(|entry| !entry.is_zero()));
    let mut numbers = vec![Rational::ZERO; columns.len()];
    for (row, column) in rows.iter().zip(pivots) {
        numbers[column] = row.last().cloned()?;
    }
    (!is_left).then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_add_up() {
        let columns = |rows: [[i64; 2]; 3]| rows.map(|row| row.map(integer).to_vec()).to_vec();
        let found = solution(&columns([[0, 0], [1, 1], [1, 3]]), &[5, 9].map(integer));
        assert_eq!(found, Some([0, 3, 2].map(integer).to_vec()));
        assert_eq!(solution(&columns([[1, 2], [2, 4], [0, 0]]), &[1, 1].map(integer)), None);
    }
}

//! What the numbers in a claim say of where to look: integers beside them, and numbers past the thresholds that they may
//! be, alone or within a power, a root, an exponential or a logarithm.

use std::collections::BTreeSet;

use dashu_base::BitTest;

use crate::expr::{Arena, Expr, Node, Prop, Shape};
use crate::model::Model;
use crate::number::rational::{abs, fraction};
use crate::number::{Integer, Rational};
use crate::proof::subject::Subject;

/// Integers in formulas beyond this are not passed, where integers count steps, terms or factors.
const MAX_NUMBER: i64 = 5_000;

/// Integers in formulas beyond this are not passed, where nothing is counted by them.
const MAX_PLAIN: i64 = 100_000_000;

/// Integers that are looked at whatever the numbers in a claim, where they count steps, terms or factors.
const FAR: [i64; 3] = [30, 50, 200];

/// Integers that are looked at whatever the numbers in a claim, where nothing is counted by them.
const PLAIN_FAR: [i64; 3] = [1_000, 100_000, 10_000_000];

/// Integers past twice a number go up to here.
const MAX_TWICE: i64 = 64;

/// How many numbers of a claim are looked at as thresholds.
const MAX_THRESHOLDS: usize = 6;

/// Matrices are not larger than this, vectors than what follows.
const MAX_ROWS: i64 = 12;

/// How long vectors are at most.
const MAX_LENGTH: i64 = 256;

/// Where a claim is looked at because of the numbers in it.
pub(super) struct Landmarks {
    /// Integers at and beside the numbers, the least first.
    pub integers: Vec<i64>,
    /// How large sizes become.
    pub most_size: i64,
    /// Numbers at, beside and far past the numbers.
    pub reals: Vec<Rational>,
}

impl Landmarks {
    /// The landmarks of a claim, its conditions and the definitions that it leads to.
    pub(super) fn of(arena: &Arena, model: &Model, subject: &Subject, claim: &Prop, conditions: &[Prop]) -> Landmarks {
        let mut roots: Vec<Expr> = claim.expressions();
        roots.extend(conditions.iter().flat_map(Prop::expressions));
        for definition in subject.reads.iter().flat_map(|&symbol| model.definitions_of(symbol)) {
            roots.push(definition.body);
            roots.extend(definition.range.iter().flat_map(Prop::expressions));
        }
        let parts = arena.reachable(&roots);
        let numbers: BTreeSet<Rational> =
            parts.iter().filter_map(|&part| arena.as_number(part)).map(abs).filter(|size| !size.is_zero()).collect();
        let is_matrix = |&part: &Expr| matches!(arena.shape(part), Shape::Matrix(..));
        let counts = |&part: &Expr| match arena.node(part) {
            Node::Symbol { indices, .. } => !indices.is_empty(),
            Node::Sum(_) | Node::Product(_) | Node::Number(_) => false,
            Node::Call { .. } => !arena.shape(part).is_scalar(),
            _ => true,
        };
        let (most, far) = if parts.iter().any(counts) { (MAX_NUMBER, FAR) } else { (MAX_PLAIN, PLAIN_FAR) };
        Landmarks {
            integers: integers(&numbers, most, &far),
            most_size: if parts.iter().any(is_matrix) { MAX_ROWS } else { MAX_LENGTH },
            reals: reals(&numbers),
        }
    }
}

/// What stands above and below the lines of the numbers, what is beside it and past twice as much, and the exponents
/// of 2 that reach them.
fn integers(numbers: &BTreeSet<Rational>, most: i64, far: &[i64]) -> Vec<i64> {
    let above = numbers.iter().map(|number| number.numerator().clone());
    let below = numbers.iter().map(|number| Integer::from(number.denominator().clone()));
    let whole = above.chain(below).filter_map(|part| i64::try_from(part).ok()).filter(|&part| part <= most);
    let whole: BTreeSet<i64> = whole.chain([2, 3]).collect();
    let beside = whole.iter().flat_map(|number| [-1, 0, 1, 2].map(|step| number + step));
    let twice = whole.iter().map(|number| 2 * number + 1).filter(|&value| value <= MAX_TWICE);
    let exponents = numbers.iter().map(|number| doublings(number) + 2).filter(|&value| value <= MAX_NUMBER);
    let far = far.iter().copied();
    let values: BTreeSet<i64> = beside.chain(twice).chain(exponents).chain(far).filter(|&value| value > 3).collect();
    values.into_iter().collect()
}

/// How often 1 is doubled or halved to come to a number, to within one.
fn doublings(number: &Rational) -> i64 {
    let (above, below) = (number.numerator().bit_len() as i64, number.denominator().bit_len() as i64);
    (above - below).abs()
}

/// Of each number itself, one past it, half of it, its square and what is below its reciprocal, with both signs; and
/// numbers that are very large and very small.
fn reals(numbers: &BTreeSet<Rational>) -> Vec<Rational> {
    let one = Rational::from(1);
    let half = fraction(1, 2).unwrap_or_default();
    let thresholds = numbers.iter().rev().filter(|&number| *number != one).take(MAX_THRESHOLDS);
    let near = thresholds.flat_map(|number| {
        let below = &half / number;
        [number + &one, number * &half, number.clone(), number * number + &one, below]
    });
    let far = [fraction(1_000_000_000, 1), fraction(1, 1_000_000_000), fraction(150, 1)].into_iter().flatten();
    near.chain(far).flat_map(|size| [size.clone(), -size]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(numbers: &[(i64, i64)]) -> BTreeSet<Rational> {
        numbers.iter().filter_map(|&(above, below)| fraction(above, below)).collect()
    }

    #[test]
    fn integers_stand_on_both_sides_of_a_number() {
        let found = integers(&set(&[(60, 1)]), MAX_NUMBER, &[]);
        assert!([59, 60, 61, 62].iter().all(|value| found.contains(value)), "{found:?}");
        assert!(integers(&set(&[(1, 1_000_000)]), MAX_NUMBER, &[]).contains(&21));
        assert!(integers(&set(&[(1, 500)]), MAX_NUMBER, &[]).contains(&501));
        assert!(integers(&set(&[(90_000, 1)]), MAX_NUMBER, &[]).iter().all(|&value| value < 100));
    }

    #[test]
    fn numbers_pass_thresholds_on_either_side() {
        let found = reals(&set(&[(5, 1)]));
        let has = |above, below| fraction(above, below).is_some_and(|value| found.contains(&value));
        assert!(has(6, 1) && has(-6, 1) && has(5, 2) && has(26, 1) && has(1, 10));
    }
}

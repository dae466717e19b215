//! Matrices with a law of their own, which no change of single entries reaches: orthogonal ones and projectors.

use std::convert::Infallible;

use crate::number::Rational;
use crate::number::rational::integer;
use crate::numeric::{Form, Tensor};

/// Tensors of a form with orthonormal columns, and projectors.
pub(super) fn tensors(form: Form) -> Vec<Tensor<Rational>> {
    [orthonormal(form), reflected(form), projectors(form)].concat()
}

/// Whether a matrix is its own transpose; vectors are not.
pub(super) fn is_symmetric(tensor: &Tensor<Rational>) -> bool {
    let (rows, columns) = tensor.form().rows_and_columns();
    let entry = |row: usize, column: usize| tensor.entries().get(row * columns + column);
    rows == columns && (0..rows).all(|row| (0..row).all(|column| entry(row, column) == entry(column, row)))
}

/// Signed permutations and rotations by a right triangle of whole sides.
fn orthonormal(form: Form) -> Vec<Tensor<Rational>> {
    let (rows, columns) = form.rows_and_columns();
    let unit = |signs: usize, turn: usize| {
        built(form, |row, column| {
            let hit = row == (column + turn) % rows;
            let sign = if signs >> column & 1 == 1 { Rational::NEG_ONE } else { Rational::ONE };
            if hit { sign } else { Rational::ZERO }
        })
    };
    let per_turn = 1usize << columns.min(2);
    let found: Vec<_> = (0..rows).flat_map(|turn| (0..per_turn).map(move |signs| (signs, turn))).collect();
    let mut found: Vec<_> = found.into_iter().map(|(signs, turn)| unit(signs, turn)).collect();
    if rows < 2 {
        return found;
    }
    // Rotations of the unit matrix with its signs, and of one permutation of each other kind.
    let bases: Vec<_> = found.iter().take(4).chain(found.iter().skip(4).step_by(per_turn)).cloned().collect();
    for (c, s) in [(3, 4), (-4, 3), (5, 12)] {
        found.extend(bases.iter().map(|base| rotated(base, c, s)));
    }
    found
}

/// The first two rows turned by the angle of the triangle with these sides.
fn rotated(base: &Tensor<Rational>, c: i64, s: i64) -> Tensor<Rational> {
    let (_, columns) = base.form().rows_and_columns();
    let hypotenuse = if s == 12 { 13 } else { 5 };
    let (c, s) = (integer(c) / integer(hypotenuse), integer(s) / integer(hypotenuse));
    let mut turned = base.clone();
    for column in 0..columns {
        let (first, second) = (base.entries()[column].clone(), base.entries()[columns + column].clone());
        turned.entries_mut()[column] = &c * &first - &s * &second;
        turned.entries_mut()[columns + column] = &s * &first + &c * &second;
    }
    turned
}

/// Reflections at a plane and products of two of them (Householder 1958): orthogonal matrices without an entry that is 0.
fn reflected(form: Form) -> Vec<Tensor<Rational>> {
    let (rows, columns) = form.rows_and_columns();
    // A matrix with more columns than rows is the upper part of a square one.
    let n_entries = rows.max(columns);
    if n_entries < 2 {
        return Vec::new();
    }
    let Directions { even, slanted, alternating } = Directions::of(n_entries);
    let entry = move |normal: &[i64], row: usize, column: usize| {
        let length: i64 = normal.iter().map(|entry| entry * entry).sum();
        integer(i64::from(row == column)) - integer(2 * normal[row] * normal[column]) / integer(length)
    };
    let one = [&even, &slanted, &alternating].map(|normal| built(form, |row, column| entry(normal, row, column)));
    let two = [(&even, &slanted), (&slanted, &alternating), (&alternating, &even)].map(|(first, second)| {
        let terms =
            |row: usize, column: usize| (0..n_entries).map(move |at| entry(first, row, at) * entry(second, at, column));
        built(form, |row, column| terms(row, column).fold(Rational::ZERO, |sum, term| sum + term))
    });
    one.into_iter().chain(two).collect()
}

/// Projectors onto a line and onto a plane, along a direction that is at a right angle and along one that is not.
fn projectors(form: Form) -> Vec<Tensor<Rational>> {
    let (rows, columns) = form.rows_and_columns();
    if rows != columns || rows < 2 {
        return Vec::new();
    }
    let Directions { even, slanted, alternating } = Directions::of(rows);
    let lines = [(&slanted, &slanted), (&alternating, &alternating), (&slanted, &even), (&alternating, &slanted)];
    let mut found = Vec::new();
    for (onto, along) in lines {
        let length: i64 = onto.iter().zip(along).map(|(a, b)| a * b).sum();
        if length == 0 {
            continue;
        }
        let line = |row: usize, column: usize| integer(onto[row] * along[column]) / integer(length);
        let unit = |row: usize, column: usize| integer(i64::from(row == column));
        found.push(built(form, line));
        found.push(built(form, |row, column| unit(row, column) - line(row, column)));
    }
    found
}

/// Whole vectors without an entry that is 0.
struct Directions {
    even: Vec<i64>,
    slanted: Vec<i64>,
    alternating: Vec<i64>,
}

impl Directions {
    fn of(length: usize) -> Directions {
        let repeated = |entries: [i64; 3]| entries.into_iter().cycle().take(length).collect();
        Directions { even: vec![1; length], slanted: repeated([1, 2, 3]), alternating: repeated([2, -1, 1]) }
    }
}

/// A tensor of this form by its entries.
fn built(form: Form, entry: impl Fn(usize, usize) -> Rational) -> Tensor<Rational> {
    let (_, columns) = form.rows_and_columns();
    let built = Tensor::build(form, |position| Ok::<_, Infallible>(entry(position / columns, position % columns)));
    match built {
        Ok(tensor) => tensor,
        Err(never) => match never {},
    }
}

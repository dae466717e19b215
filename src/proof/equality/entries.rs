//! Tensors entry by entry.

use crate::expr::{Arena, Expr, Shape, Substitution, SymbolKind};
use crate::rewrite::entries::entry;
use crate::rewrite::{Domain, Linear};

/// Two sides entry by entry, with fresh letters for the entries and the conditions that they lie in the shape.
pub(in crate::proof) fn sides_by_entry(arena: &mut Arena, left: Expr, right: Expr) -> (Expr, Expr, Vec<(Expr, Expr)>) {
    let shape = match arena.shape(left) {
        Shape::Scalar => arena.shape(right),
        shape => shape,
    };
    let ranges = entry_letters(arena, shape);
    let letters: Vec<Expr> = ranges.iter().map(|&(letter, _)| letter).collect();
    (entry(arena, left, &letters), entry(arena, right, &letters), ranges)
}

/// One expression entry by entry, as in [`sides_by_entry`].
pub(in crate::proof) fn by_entry(arena: &mut Arena, expr: Expr) -> (Expr, Vec<(Expr, Expr)>) {
    let ranges = entry_letters(arena, arena.shape(expr));
    let letters: Vec<Expr> = ranges.iter().map(|&(letter, _)| letter).collect();
    (entry(arena, expr, &letters), ranges)
}

/// A fresh letter for each index of a shape, with the size up to which it runs.
fn entry_letters(arena: &mut Arena, shape: Shape) -> Vec<(Expr, Expr)> {
    let mut letters = Vec::new();
    for (n, size) in shape.sizes().into_iter().enumerate() {
        let symbol = arena.intern(&format!("\u{a7}i{n}"), SymbolKind::Integer);
        letters.push((arena.symbol(symbol), size));
    }
    letters
}

/// Up to how many places are taken one by one.
const MOST_PLACES: i64 = 16;

/// The values of the letters in `sides` that run between numbers, one by one, each with what is left of the domain;
/// `None` where no letter does, or where there are too many values.
pub(super) fn places(arena: &mut Arena, domain: &Domain, sides: &[Expr]) -> Option<Vec<(Substitution, Domain)>> {
    let letters = domain.letters().into_iter().filter(|&letter| sides.iter().any(|&side| arena.contains(side, letter)));
    let ranges: Vec<(Expr, i64, i64)> = letters.filter_map(|letter| range_of(domain, letter)).collect();
    let n_places = ranges.iter().try_fold(1i64, |n, (_, low, high)| n.checked_mul(high.checked_sub(*low)? + 1))?;
    if ranges.is_empty() || n_places > MOST_PLACES {
        return None;
    }
    let mut places = vec![(Substitution::new(), domain.clone())];
    for (letter, low, high) in ranges {
        let before = std::mem::take(&mut places);
        for (values, domain) in before {
            for value in low..=high {
                let (mut values, mut domain) = (values.clone(), domain.clone());
                values.insert(letter, arena.integer(value));
                domain.require_zero(&Linear::letter(letter).minus(&Linear::integer(value)))?;
                places.push((values, domain));
            }
        }
    }
    places.retain(|(_, domain)| !domain.is_empty());
    Some(places)
}

/// A letter with the numbers between which it runs.
fn range_of(domain: &Domain, letter: Expr) -> Option<(Expr, i64, i64)> {
    let (letter_form, minus) = (Linear::letter(letter), Linear::default().minus(&Linear::letter(letter)));
    let (low, high) = (-domain.upper_bound(&minus)?, domain.upper_bound(&letter_form)?);
    Some((letter, low, high))
}

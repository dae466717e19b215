//! How far the values of an expression in one real letter reach, as floats see it: a guess, which proves nothing.

use crate::expr::{Arena, Expr, Extremum, SymbolId, SymbolKind};
use crate::model::Model;
use crate::number::Rational;
use crate::number::rational::{from_f64, simplest_between};
use crate::numeric::{Assignment, Floats, Tensor, evaluate};

/// Places between -20 and 20 that are looked at, this many for each unit.
const PER_UNIT: i32 = 20;

/// How often the place of a peak is narrowed down.
const ROUNDS: usize = 80;

/// Guesses with larger denominators are none.
const MAX_DENOMINATOR: u64 = 10_000;

/// How near a guess is to what was reached.
const NEAR: f64 = 1e-11;

/// A body over a real letter.
struct Body<'a> {
    arena: &'a Arena,
    model: &'a Model,
    letter: SymbolId,
    body: Expr,
    /// 1 where the largest value is sought, -1 where the smallest.
    sign: f64,
}

/// The extreme value that floats reach on a grid around 0.
pub(super) fn on_grid(arena: &Arena, model: &Model, which: Extremum, letter: SymbolId, body: Expr) -> Option<f64> {
    let body = Body::new(arena, model, which, letter, body);
    body.best(grid()).map(|(_, value)| body.sign * value)
}

/// A fraction that an extreme value over all real numbers may be.
pub(super) fn guessed(arena: &mut Arena, model: &Model, which: Extremum, extremum: Expr) -> Option<Rational> {
    let letter = arena.intern("\u{a7}reached", SymbolKind::Real);
    let variable = arena.symbol(letter);
    let body = arena.instantiate(extremum, variable)?;
    let body = Body::new(arena, model, which, letter, body);
    let far = (2..=6).flat_map(|power| [10_f64.powi(power), -10_f64.powi(power)]);
    let (place, value) = body.best(grid().chain(far))?;
    let value = body.sign * body.peak_around(place).map_or(value, |peak| peak.max(value));
    let slack = NEAR * value.abs().max(1.0);
    let guess = simplest_between(&from_f64(value - slack)?, &from_f64(value + slack)?)?;
    (*guess.denominator() <= MAX_DENOMINATOR.into()).then_some(guess)
}

fn grid() -> impl Iterator<Item = f64> {
    (-20 * PER_UNIT..=20 * PER_UNIT).map(|step| f64::from(step) / f64::from(PER_UNIT))
}

impl<'a> Body<'a> {
    fn new(arena: &'a Arena, model: &'a Model, which: Extremum, letter: SymbolId, body: Expr) -> Body<'a> {
        let sign = match which {
            Extremum::Supremum => 1.0,
            Extremum::Infimum => -1.0,
        };
        Body { arena, model, letter, body, sign }
    }

    fn at(&self, place: f64) -> Option<f64> {
        let values = [((self.letter, Vec::new()), Tensor::Scalar(from_f64(place)?))].into();
        let point = Assignment { values, ..Assignment::default() };
        let value = evaluate(self.arena, self.model, &point, &Floats, self.body).ok()?;
        value.as_scalar().map(|value| self.sign * value).filter(|value| value.is_finite())
    }

    fn best(&self, places: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
        let values = places.filter_map(|place| Some((place, self.at(place)?)));
        values.max_by(|(_, one), (_, other)| one.total_cmp(other))
    }

    /// The value at the peak next to a place of the grid, by thirds.
    fn peak_around(&self, place: f64) -> Option<f64> {
        let step = 1.0 / f64::from(PER_UNIT);
        let (mut low, mut high) = (place - step, place + step);
        for _ in 0..ROUNDS {
            let third = (high - low) / 3.0;
            if self.at(low + third)? < self.at(high - third)? {
                low += third;
            } else {
                high -= third;
            }
        }
        self.at(f64::midpoint(low, high))
    }
}

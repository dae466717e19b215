//! The greatest and the least slope of an activation as floating point finds them: for plots, and for readers where
//! nothing is proved.

use crate::expr::Elementary;

/// A value of the slope and where it is taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Extreme {
    /// The value.
    pub value: f64,
    /// The argument, or the end of the grid where the slope only tends to the value.
    pub at: f64,
}

/// Half the width of the grid.
const WIDEST: f64 = 20.0;
/// How many steps of the grid make 1.
const STEPS: i32 = 64;

/// The greatest slope.
pub(super) fn greatest(function: Elementary) -> Extreme {
    search(function.row().slope)
}

/// The least slope.
pub(super) fn least(function: Elementary) -> Extreme {
    let slope = function.row().slope;
    let found = search(|z| -slope(z));
    Extreme { value: -found.value, at: found.at }
}

impl Extreme {
    /// Whether it is taken at a point of the line and not only approached.
    pub fn is_taken(&self) -> bool {
        self.at.abs() < WIDEST - 1.0
    }
}

/// The best point of a grid, then of grids around it that are halved again and again.
fn search(goal: impl Fn(f64) -> f64) -> Extreme {
    let mut step = 1.0 / f64::from(STEPS);
    let mut best = Extreme { value: f64::NEG_INFINITY, at: 0.0 };
    let edge = WIDEST as i32 * STEPS;
    for z in (-edge..=edge).map(|idx| f64::from(idx) * step) {
        if goal(z) > best.value + 1e-12 {
            best = Extreme { value: goal(z), at: z };
        }
    }
    for _ in 0..40 {
        step /= 2.0;
        for z in [best.at - step, best.at + step] {
            if goal(z) > best.value {
                best = Extreme { value: goal(z), at: z };
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slopes_are_found_where_they_are_known() {
        let sigmoid = greatest(Elementary::Sigmoid);
        assert!((sigmoid.value - 0.25).abs() < 1e-12 && sigmoid.at.abs() < 1e-6);
        let (up, down) = (greatest(Elementary::Gelu), least(Elementary::Gelu));
        assert!((up.at - 2f64.sqrt()).abs() < 1e-6 && (up.value + down.value - 1.0).abs() < 1e-9);
        assert!(!greatest(Elementary::Softplus).is_taken() && up.is_taken());
    }
}

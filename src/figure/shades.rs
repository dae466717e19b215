//! Shades of colour for values, and the bar that explains them.

use super::axis::{Range, Scale};
use super::canvas::{Anchor, Canvas, SMALL, polygon};
use super::geometry::{Rect, point};
use super::heat::{Colouring, HeatMap};
use super::label::Label;
use super::tick::Step;

/// The number of shades on the side of the larger distance.
const N_SHADES: f64 = 6.0;
/// The share of what shines through that each shade covers.
pub(super) const SHADE: f64 = 0.14;

/// The steps at which the shade changes.
pub(super) struct Shades {
    /// The value without a shade.
    pub(super) middle: f64,
    /// The distance from one shade to the next.
    pub(super) step: f64,
    /// The number of shades below the middle.
    pub(super) n_below: i32,
    /// The number of shades above it.
    pub(super) n_above: i32,
}

impl Shades {
    /// Steps at round distances from the middle that cover the finite values.
    pub(super) fn new(map: &HeatMap) -> Shades {
        let known = || map.values.iter().flatten().copied().filter(|value| value.is_finite());
        let (low, high) = (known().fold(f64::INFINITY, f64::min), known().fold(f64::NEG_INFINITY, f64::max));
        let (low, high) = if low < high { (low, high) } else { (low.clamp(-1e9, 0.0), high.clamp(1.0, 1e9)) };
        let step = |reach| Step::nice(reach, N_SHADES).size();
        let (middle, step) = match map.colouring {
            Colouring::Around(middle) if middle.is_finite() => (middle, step((high - middle).max(middle - low))),
            Colouring::Around(_) | Colouring::Rising => {
                let step = step(high - low);
                ((low / step + 1e-9).floor() * step, step)
            }
        };
        let count = |reach: f64| (reach / step - 1e-9).ceil().clamp(0.0, 20.0) as i32;
        Shades { middle, step, n_below: count(middle - low), n_above: count(high - middle) }
    }

    /// The shade of a value: 0 at the middle, then counted with its sign; none for what is no number.
    pub(super) fn of(&self, value: f64) -> Option<i32> {
        let steps = (value - self.middle) / self.step;
        let shade = if steps > 0.0 { steps.ceil() } else { steps.floor() };
        // Without shades below, the least value is in the first one, so that it does not look like a blank.
        let least = if self.n_below == 0 { self.n_above.min(1) } else { -self.n_below };
        (!value.is_nan()).then(|| (shade as i32).clamp(least, self.n_above))
    }

    /// The bar that says which shade is which value, at the right of the map.
    pub(super) fn draw_bar(&self, canvas: &mut Canvas, area: Rect, legend: &Label) {
        let bar = Rect { low: point(area.high.x + 14.0, area.low.y), high: point(area.high.x + 26.0, area.high.y) };
        let n_steps = f64::from((self.n_below + self.n_above).max(1));
        let height = |shade: i32| bar.high.y - f64::from(shade + self.n_below) / n_steps * bar.height();
        for shade in -self.n_below..=self.n_above {
            let (from, to) = (height(shade - shade.signum()), height(shade));
            let corners =
                [point(bar.low.x, from), point(bar.high.x, from), point(bar.high.x, to), point(bar.low.x, to)];
            let d = if shade == 0 { String::new() } else { polygon(&corners) };
            canvas.fill(&format!("cells {}", hue(shade)), cover(shade), &d);
        }
        canvas.rect("outline", bar, 0.0);
        let range = Range {
            scale: Scale::Linear,
            low: self.middle - f64::from(self.n_below) * self.step,
            high: self.middle + f64::from(self.n_above.max(1)) * self.step,
        };
        for tick in range.ticks(5.0) {
            let y = bar.high.y - (tick.at - range.low) / (range.high - range.low) * bar.height();
            let at = point(bar.high.x + 5.0, y + 0.34 * SMALL);
            canvas.text("soft", at, Anchor::Start, SMALL, &tick.label.unwrap_or_default());
        }
        canvas.text("", point(bar.high.x + 30.0, area.low.y - 13.0), Anchor::End, SMALL, legend);
    }
}

/// The opacity of a shade: each covers its share of what shines through the one before.
pub(super) fn cover(shade: i32) -> f64 {
    1.0 - (0..shade.abs()).fold(1.0, |through, _| through * (1.0 - SHADE))
}

/// The class of the colour of a shade.
pub(super) fn hue(shade: i32) -> &'static str {
    if shade < 0 { "c0" } else { "c1" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shades_change_at_round_values() {
        let shades = Shades::new(&HeatMap {
            values: vec![vec![0.0, 1.3]],
            colouring: Colouring::Around(1.0),
            ..HeatMap::default()
        });
        assert_eq!((shades.step, shades.n_below, shades.n_above), (0.2, 5, 2));
        assert_eq!(shades.of(1.0), Some(0));
        assert_eq!(shades.of(1.1), Some(1));
        assert_eq!(shades.of(0.0), Some(-5));
        assert_eq!(shades.of(f64::NAN), None);
    }
}

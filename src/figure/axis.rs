use super::label::Label;
use super::tick::{Step, log10};

/// The least length of a range; shorter ones are widened.
const SMALLEST: f64 = 1e-290;

/// What an axis measures and how it is laid out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Axis {
    /// The text at the axis.
    pub label: Label,
    /// How values are spread along the axis.
    pub scale: Scale,
    /// The first and last value shown; what the data needs where it is absent or not usable on the scale.
    pub range: Option<(f64, f64)>,
}

/// How values are spread along an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scale {
    /// Equal differences are equal lengths.
    #[default]
    Linear,
    /// Equal ratios are equal lengths; values of 0 and below have no place.
    Log10,
}

impl Axis {
    /// A linear axis as long as the data needs.
    pub fn linear(label: Label) -> Axis {
        Axis { label, scale: Scale::Linear, range: None }
    }

    /// A logarithmic axis as long as the data needs.
    pub fn log10(label: Label) -> Axis {
        Axis { label, scale: Scale::Log10, range: None }
    }

    /// The same axis from `first` to `last`.
    pub fn within(self, first: f64, last: f64) -> Axis {
        Axis { range: Some((first, last)), ..self }
    }
}

/// The interval of an axis in the measure of its scale: values, or exponents of ten; `low < high`, both finite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Range {
    pub(super) scale: Scale,
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Scale {
    /// The value in the measure of the scale; none where it has no place.
    pub(super) fn measure(self, value: f64) -> Option<f64> {
        match self {
            Scale::Linear => value.is_finite().then_some(value),
            Scale::Log10 => (value.is_finite() && value > 0.0).then(|| log10(value)),
        }
    }
}

impl Range {
    /// The range of the axis, or else the one that holds all `values` exactly.
    pub(super) fn tight(axis: &Axis, values: impl Iterator<Item = f64>) -> Range {
        Range::given(axis).unwrap_or_else(|| Range::holding(axis.scale, values))
    }

    /// The range of the axis, or else one that holds all `values` and ends at ticks.
    pub(super) fn loose(axis: &Axis, values: impl Iterator<Item = f64>) -> Range {
        Range::given(axis).unwrap_or_else(|| {
            let tight = Range::holding(axis.scale, values);
            let step = match axis.scale {
                Scale::Linear => Step::nice(tight.high - tight.low, 5.0).size(),
                Scale::Log10 => 1.0,
            };
            let (low, high) = ((tight.low / step + 1e-9).floor() * step, (tight.high / step - 1e-9).ceil() * step);
            Range { low, high: high.max(low + step), ..tight }
        })
    }

    fn given(axis: &Axis) -> Option<Range> {
        let (first, last) = axis.range?;
        let (a, b) = (axis.scale.measure(first)?, axis.scale.measure(last)?);
        ((a - b).abs() > SMALLEST).then_some(Range { scale: axis.scale, low: a.min(b), high: a.max(b) })
    }

    fn holding(scale: Scale, values: impl Iterator<Item = f64>) -> Range {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for at in values.filter_map(|value| scale.measure(value)) {
            low = low.min(at);
            high = high.max(at);
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        } else if high - low <= SMALLEST {
            let reach = if scale == Scale::Linear && low != 0.0 { 0.5 * low.abs() } else { 0.5 };
            (low, high) = (low - reach, high + reach);
        }
        Range { scale, low, high }
    }

    /// The share of the range below `value`, also outside 0 to 1; none where the value has no place.
    pub(super) fn share(&self, value: f64) -> Option<f64> {
        let share = (self.scale.measure(value)? - self.low) / (self.high - self.low);
        share.is_finite().then_some(share)
    }

    /// The share with every value brought into the range: infinities, and what is below 0 on a logarithmic scale.
    pub(super) fn clamped(&self, value: f64) -> f64 {
        let end = if value == f64::INFINITY { 1.0 } else { 0.0 };
        self.share(value).unwrap_or(end).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_what_can_be_shown() {
        let axis = Axis::log10(Label::default());
        let range = Range::loose(&axis, [0.0, f64::NAN, -3.0, 0.02, 5.0, f64::INFINITY].into_iter());
        assert_eq!((range.low, range.high), (-2.0, 1.0));
        assert_eq!(range.share(0.0), None);
        let empty = Range::tight(&axis.within(-1.0, 1.0), std::iter::empty());
        assert_eq!((empty.low, empty.high), (0.0, 1.0));
    }
}

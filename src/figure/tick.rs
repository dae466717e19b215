//! The marks of an axis and the numbers at them.

use super::axis::{Range, Scale};
use super::label::Label;

/// More ticks than any range has; a bound where rounding leaves no sensible step.
const MOST: usize = 1000;

/// A mark on an axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tick {
    /// The position in the measure of the scale.
    pub(super) at: f64,
    /// The number; absent for minor ticks.
    pub(super) label: Option<Label>,
}

impl Range {
    /// The ticks within the range, about `target` of them with a number.
    pub(super) fn ticks(&self, target: f64) -> Vec<Tick> {
        match self.scale {
            Scale::Linear => self.linear_ticks(target),
            Scale::Log10 if self.high - self.low < 1.5 => self.ticks_in_a_decade(),
            Scale::Log10 => self.decades(target),
        }
    }

    fn linear_ticks(&self, target: f64) -> Vec<Tick> {
        let step = Step::nice(self.high - self.low, target);
        let largest = (self.low.abs().max(self.high.abs()) / step.size()) as i64;
        let label = |k| if step.is_plain(largest) { decimal(k, step.exponent) } else { scientific(k, step.exponent) };
        self.multiples(step.size())
            .map(|k| Tick { at: k as f64 * step.size(), label: Some(label(k * step.digit)) })
            .collect()
    }

    fn decades(&self, target: f64) -> Vec<Tick> {
        let n_decades = self.high - self.low;
        let step = if n_decades <= target { 1 } else { Step::nice(n_decades, target).size().round().max(2.0) as i64 };
        let mut ticks = Vec::new();
        for exponent in self.multiples(1.0) {
            let label = (exponent % step == 0).then(|| Label::math(&format!("10^{{{exponent}}}")));
            if label.is_some() || step <= 10 {
                ticks.push(Tick { at: exponent as f64, label });
            }
        }
        ticks
    }

    fn ticks_in_a_decade(&self) -> Vec<Tick> {
        let mut ticks = Vec::new();
        for exponent in (self.low.floor() as i32)..=(self.high.floor() as i32) {
            for digit in 1..10 {
                let at = f64::from(exponent) + log10(f64::from(digit));
                if self.low - 1e-9 <= at && at <= self.high + 1e-9 {
                    let label = matches!(digit, 1 | 2 | 5).then(|| decimal(i64::from(digit), exponent));
                    ticks.push(Tick { at, label });
                }
            }
        }
        ticks
    }

    /// The integers whose multiple of `step` lies in the range.
    fn multiples(&self, step: f64) -> impl Iterator<Item = i64> {
        let all = (self.low / step - 1e-9).ceil() as i64..=(self.high / step + 1e-9).floor() as i64;
        all.take(MOST)
    }
}

/// A distance between ticks: 1, 2 or 5 times a power of ten.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    digit: i64,
    exponent: i32,
}

impl Step {
    /// The step that divides `span` into about `target` parts.
    pub(super) fn nice(span: f64, target: f64) -> Step {
        let raw = span / target;
        let exponent = log10(raw).floor() as i32;
        let lead = raw / power_of_ten(exponent);
        let (digit, exponent) = match lead {
            _ if lead < 1.5 => (1, exponent),
            _ if lead < 3.5 => (2, exponent),
            _ if lead < 7.5 => (5, exponent),
            _ => (1, exponent + 1),
        };
        Step { digit, exponent }
    }

    /// The step as a number.
    pub(super) fn size(self) -> f64 {
        self.digit as f64 * power_of_ten(self.exponent)
    }

    /// Whether multiples of the step up to `largest` are short enough as decimals.
    fn is_plain(self, largest: i64) -> bool {
        self.exponent >= -4 && largest.saturating_mul(self.digit) as f64 * power_of_ten(self.exponent) < 1e5
    }
}

/// The number `mantissa · 10^exponent` with exactly the decimals it needs.
fn decimal(mantissa: i64, exponent: i32) -> Label {
    let sign = if mantissa < 0 { "-" } else { "" };
    let digits = mantissa.unsigned_abs().to_string();
    let places = usize::try_from(-exponent).unwrap_or(0);
    if mantissa == 0 || exponent >= 0 {
        let zeros = if mantissa == 0 { 0 } else { usize::try_from(exponent).unwrap_or(0) };
        return Label::math(&format!("{sign}{digits}{}", "0".repeat(zeros)));
    }
    let padded = format!("{digits:0>width$}", width = places + 1);
    let (whole, part) = padded.split_at(padded.len() - places);
    Label::math(&format!("{sign}{whole}.{part}"))
}

/// The number `mantissa · 10^exponent` with one digit before the point.
fn scientific(mantissa: i64, exponent: i32) -> Label {
    if mantissa == 0 {
        return Label::math("0");
    }
    let sign = if mantissa < 0 { "-" } else { "" };
    let digits = mantissa.unsigned_abs().to_string();
    let exponent = exponent + i32::try_from(digits.len()).unwrap_or(1) - 1;
    let (whole, part) = digits.split_at(1);
    let part = part.trim_end_matches('0');
    let point = if part.is_empty() { "" } else { "." };
    Label::math(&format!("{sign}{whole}{point}{part}{{×}}10^{{{exponent}}}"))
}

/// The common logarithm of a positive number by arithmetic alone, so that every platform draws the same bytes.
pub(super) fn log10(value: f64) -> f64 {
    let (mut mantissa, mut exponent) = (value, 0.0);
    if mantissa < f64::MIN_POSITIVE {
        (mantissa, exponent) = (mantissa * 18_014_398_509_481_984.0, -54.0);
    }
    let bits = mantissa.to_bits();
    exponent += (bits >> 52) as f64 - 1022.0;
    mantissa = f64::from_bits((bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FE0_0000_0000_0000);
    if mantissa < std::f64::consts::FRAC_1_SQRT_2 {
        (mantissa, exponent) = (mantissa * 2.0, exponent - 1.0);
    }
    let z = (mantissa - 1.0) / (mantissa + 1.0);
    let series = (0..14).rev().fold(0.0, |sum, k| sum * z * z + 1.0 / f64::from(2 * k + 1));
    (2.0 * z * series + exponent * std::f64::consts::LN_2) * std::f64::consts::LOG10_E
}

fn power_of_ten(exponent: i32) -> f64 {
    let power = (0..exponent.unsigned_abs()).fold(1.0, |power, _| power * 10.0);
    if exponent < 0 { 1.0 / power } else { power }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(scale: Scale, low: f64, high: f64, expected: &str) {
        let labels: Vec<String> = Range { scale, low, high }
            .ticks(5.0)
            .iter()
            .filter_map(|tick| Some(tick.label.as_ref()?.plain()))
            .collect();
        assert_eq!(labels.join(" ").replace('\u{2009}', ""), expected);
    }

    #[test]
    fn linear_ticks_are_round_numbers() {
        check(Scale::Linear, 0.0, 1.0, "0 0.2 0.4 0.6 0.8 1.0");
        check(Scale::Linear, -6.0, 6.0, "−6 −4 −2 0 2 4 6");
        check(Scale::Linear, 0.0, 20.0, "0 5 10 15 20");
        check(Scale::Linear, 0.0, 0.25, "0 0.05 0.10 0.15 0.20 0.25");
    }

    #[test]
    fn very_small_and_large_numbers_have_exponents() {
        check(Scale::Linear, 0.0, 1e6, "0 2×105 4×105 6×105 8×105 1×106");
        check(Scale::Linear, 0.0, 2e-6, "0 5×10−7 1×10−6 1.5×10−6 2×10−6");
    }

    #[test]
    fn logarithmic_ticks_are_powers_of_ten() {
        check(Scale::Log10, -3.0, 0.0, "10−3 10−2 10−1 100");
        check(Scale::Log10, -40.0, 0.0, "10−40 10−30 10−20 10−10 100");
        check(Scale::Log10, -0.35, 0.35, "0.5 1 2");
    }

    #[test]
    fn the_logarithm_is_right() {
        for exponent in -300..300 {
            assert!((log10(power_of_ten(exponent)) - f64::from(exponent)).abs() < 1e-12, "{exponent}");
        }
        assert!((log10(2.0) - std::f64::consts::LOG10_2).abs() < 1e-16);
        assert!((log10(5e-324) + 323.306_215_343_115_8).abs() < 1e-10);
    }
}

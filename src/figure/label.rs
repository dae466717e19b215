use std::fmt::Write;

use super::canvas::{escape, number};
use super::{glyph, notation};

/// A short text in a figure: plain words, or mathematics with italics, subscripts and superscripts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Label {
    pub(super) runs: Vec<Run>,
}

/// A stretch of characters set alike. Lengths are in em of the label's own size.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Run {
    pub(super) text: String,
    pub(super) face: Face,
    /// The size relative to the label's, 1 on the base line.
    pub(super) size: f64,
    /// How far the run stands above the base line; below for a subscript.
    pub(super) rise: f64,
    /// Space before the run; negative where a superscript stands over a subscript.
    pub(super) before: f64,
}

/// How the characters of a run are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Face {
    /// Words, in the font of the page.
    Words,
    /// Mathematical letters.
    Italic,
    /// Digits, operators and names of functions.
    Roman,
    /// Vectors and matrices where they are set bold.
    Bold,
    /// Symbols that mathematical web fonts draw in unusual places, such as the prime.
    Symbol,
}

impl Label {
    /// Words as they stand.
    pub fn text(text: impl Into<String>) -> Label {
        let run = Run { text: text.into(), face: Face::Words, size: 1.0, rise: 0.0, before: 0.0 };
        Label { runs: if run.text.is_empty() { Vec::new() } else { vec![run] } }
    }

    /// Mathematics in a small notation close to LaTeX, as in `h_{t-1}^{(l)}`.
    ///
    /// Letters are italic, digits and operators roman; `_` and `^` take one character or a group in braces;
    /// `\sigma`, `\partial`, `\le` and their like become characters; `\mathbf` is bold, `\text` and `\mathrm` roman;
    /// `\frac{a}{b}` is written on one line. Never fails: an unknown command is shown by its name.
    pub fn math(notation: &str) -> Label {
        Label { runs: notation::read(notation) }
    }

    /// Words with mathematics between dollar signs, as in `lag $t-j$`.
    pub fn mixed(text: &str) -> Label {
        let mut runs = Vec::new();
        for (part_idx, part) in text.split('$').enumerate() {
            runs.extend(if part_idx % 2 == 0 { Label::text(part).runs } else { Label::math(part).runs });
        }
        Label { runs }
    }

    /// Whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// The characters in reading order without their styles, for descriptions and tests.
    pub fn plain(&self) -> String {
        self.runs.iter().map(|run| run.text.as_str()).collect()
    }

    /// The width in em, estimated from the shapes of common fonts; layout leaves room for an error of a tenth.
    pub fn width(&self) -> f64 {
        let (mut at, mut widest) = (0.0_f64, 0.0_f64);
        for run in &self.runs {
            at += run.before + run_width(run);
            widest = widest.max(at);
        }
        widest
    }

    /// The content of a `<text>` element of the font size `size`, a `<tspan>` for each run that needs one.
    pub(super) fn tspans(&self, size: f64) -> String {
        let mut out = String::new();
        let mut rise = 0.0;
        for run in &self.runs {
            let down = (rise - run.rise) * size;
            rise = run.rise;
            if run.face == Face::Words && down == 0.0 && run.before == 0.0 {
                out.push_str(&escape(&run.text));
                continue;
            }
            out.push_str("<tspan");
            if let Some(class) = class(run.face) {
                let _ = write!(out, " class=\"{class}\"");
            }
            for (name, length) in [("dx", run.before * size), ("dy", down)] {
                if number(length) != "0" {
                    let _ = write!(out, " {name}=\"{}\"", number(length));
                }
            }
            if run.size != 1.0 {
                let _ = write!(out, " font-size=\"{}\"", number(run.size * size));
            }
            let _ = write!(out, ">{}</tspan>", escape(&run.text));
        }
        out
    }
}

/// The width in em of the label that holds the run.
pub(super) fn run_width(run: &Run) -> f64 {
    run.size * run.text.chars().map(|c| glyph::width(c, run.face)).sum::<f64>()
}

fn class(face: Face) -> Option<&'static str> {
    match face {
        Face::Words => None,
        Face::Italic => Some("mi"),
        Face::Roman => Some("mr"),
        Face::Bold => Some("mb"),
        Face::Symbol => Some("ms"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(notation: &str, expected: &str) {
        assert_eq!(Label::math(notation).tspans(10.0), expected);
    }

    #[test]
    fn subscripts_are_lowered_and_small() {
        check("h_t", r#"<tspan class="mi">h</tspan><tspan class="mi" dy="2.2" font-size="7">t</tspan>"#);
    }

    #[test]
    fn the_base_line_comes_back_after_a_script() {
        check(
            "x^2y",
            r#"<tspan class="mi">x</tspan><tspan class="mr" dy="-3.8" font-size="7">2</tspan><tspan class="mi" dy="3.8">y</tspan>"#,
        );
    }

    #[test]
    fn a_superscript_stands_over_its_subscript() {
        let label = Label::math("h_{t}^{l}");
        assert!(label.runs[2].before < 0.0);
        assert!(label.width() < Label::math("h_{t}l").width());
    }

    #[test]
    fn characters_of_markup_are_escaped() {
        assert_eq!(Label::text("a < b & c").tspans(10.0), "a &lt; b &amp; c");
    }

    #[test]
    fn words_and_mathematics_mix() {
        let label = Label::mixed("lag $t-j$");
        assert_eq!(label.plain(), "lag t\u{2009}−\u{2009}j");
        assert_eq!(label.runs[0].face, Face::Words);
    }

    #[test]
    fn widths_follow_the_text() {
        assert!(Label::text("").is_empty());
        assert_eq!(Label::text("").width(), 0.0);
        assert!(Label::math("w_h").width() < Label::math("w_h h_{t-1}").width());
        assert!(Label::math("h_t").width() < 1.0);
    }
}

use std::fmt::Write;

use super::geometry::{Point, Rect, point};
use super::label::Label;
use super::style;

/// The font size of labels, in units of the drawing.
pub(super) const TEXT: f64 = 14.0;
/// The font size of the numbers at ticks and of edge labels.
pub(super) const SMALL: f64 = 12.5;
/// How much larger than its units a figure is shown where the page has room for it.
const DISPLAY: f64 = 1.25;
/// The empty space around the drawing.
const MARGIN: f64 = 4.0;

/// SVG elements in the order in which they are painted, and the box that holds them.
pub struct Canvas {
    class: &'static str,
    body: String,
    bounds: Option<Rect>,
}

/// Which point of a text is placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Canvas {
    /// An empty canvas for a figure of the class `class`.
    pub(super) fn new(class: &'static str) -> Canvas {
        Canvas { class, body: String::new(), bounds: None }
    }

    /// Makes sure that `rect` is within the picture.
    pub(super) fn include(&mut self, rect: Rect) {
        let known = self.bounds.unwrap_or(rect);
        self.bounds = Some(Rect {
            low: point(known.low.x.min(rect.low.x), known.low.y.min(rect.low.y)),
            high: point(known.high.x.max(rect.high.x), known.high.y.max(rect.high.y)),
        });
    }

    /// The box of everything drawn so far.
    pub(super) fn extent(&self) -> Rect {
        self.bounds.unwrap_or(Rect { low: point(0.0, 0.0), high: point(1.0, 1.0) })
    }

    /// Opens a group of the class `class`.
    pub(super) fn open(&mut self, class: &str) {
        let _ = writeln!(self.body, "<g class=\"{class}\">");
    }

    /// Closes the group opened last.
    pub(super) fn close(&mut self) {
        self.body.push_str("</g>\n");
    }

    /// A path, unless it is empty; its box is not added to the picture's.
    pub(super) fn path(&mut self, class: &str, d: &str) {
        if !d.is_empty() {
            let _ = writeln!(self.body, "<path class=\"{class}\" d=\"{d}\"/>");
        }
    }

    /// A filled path of this opacity, unless it is empty; where it overlaps itself evenly, it is not filled.
    pub(super) fn fill(&mut self, class: &str, opacity: f64, d: &str) {
        if !d.is_empty() {
            let opacity = (opacity * 1000.0).round() / 1000.0;
            let _ = writeln!(
                self.body,
                "<path class=\"{class}\" fill-opacity=\"{opacity}\" fill-rule=\"evenodd\" d=\"{d}\"/>"
            );
        }
    }

    /// A box with rounded corners.
    pub(super) fn rect(&mut self, class: &str, rect: Rect, radius: f64) {
        self.include(rect);
        let _ = write!(
            self.body,
            "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
            number(rect.low.x),
            number(rect.low.y),
            number(rect.width()),
            number(rect.height())
        );
        let corner = if radius > 0.0 { format!(" rx=\"{}\"/>\n", number(radius)) } else { "/>\n".into() };
        self.body.push_str(&corner);
    }

    /// A label whose anchor stands at `at` on the base line; nothing where it is empty.
    pub(super) fn text(&mut self, class: &str, at: Point, anchor: Anchor, size: f64, label: &Label) {
        if label.is_empty() {
            return;
        }
        self.include(text_box(at, anchor, size, label));
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        let _ = write!(self.body, "<text{class} x=\"{}\" y=\"{}\"", number(at.x), number(at.y));
        match anchor {
            Anchor::Start => {}
            Anchor::Middle => self.body.push_str(" text-anchor=\"middle\""),
            Anchor::End => self.body.push_str(" text-anchor=\"end\""),
        }
        if size != TEXT {
            let _ = write!(self.body, " font-size=\"{}\"", number(size));
        }
        let _ = writeln!(self.body, ">{}</text>", label.tspans(size));
    }

    /// The figure for a page that carries the style sheet.
    pub(super) fn inline(self, title: &str, description: &str) -> String {
        self.finish("", "", title, description)
    }

    /// The figure as a file of its own, with the light colours.
    pub(super) fn standalone(self, title: &str, description: &str) -> String {
        let sheet = format!("<style>\n{}</style>\n", style::resolved());
        self.finish(" xmlns=\"http://www.w3.org/2000/svg\"", &sheet, title, description)
    }

    fn finish(self, namespace: &str, sheet: &str, title: &str, description: &str) -> String {
        let bounds = self.extent();
        let (x, y) = ((bounds.low.x - MARGIN).floor(), (bounds.low.y - MARGIN).floor());
        let (width, height) = ((bounds.high.x + MARGIN).ceil() - x, (bounds.high.y + MARGIN).ceil() - y);
        format!(
            "<svg{namespace} class=\"fig {}\" role=\"img\" viewBox=\"{} {} {} {}\" width=\"{}\" height=\"{}\" \
             font-size=\"{TEXT}\">\n<title>{}</title>\n<desc>{}</desc>\n{sheet}{}</svg>\n",
            self.class,
            number(x),
            number(y),
            number(width),
            number(height),
            number((width * DISPLAY).round()),
            number((height * DISPLAY).round()),
            one_line(title),
            one_line(description),
            self.body
        )
    }
}

/// The box of a label placed at `at`, by its estimated width.
pub(super) fn text_box(at: Point, anchor: Anchor, size: f64, label: &Label) -> Rect {
    let width = label.width() * size;
    let start = match anchor {
        Anchor::Start => at.x,
        Anchor::Middle => at.x - width / 2.0,
        Anchor::End => at.x - width,
    };
    Rect { low: point(start, at.y - 0.85 * size), high: point(start + width, at.y + 0.35 * size) }
}

/// A length with at most one decimal: a tenth of a unit is finer than any screen shows.
pub(super) fn number(value: f64) -> String {
    let tenths = (value * 10.0).round();
    if tenths == 0.0 || !tenths.is_finite() { "0".into() } else { format!("{}", tenths / 10.0) }
}

/// The open path through `points`.
pub(super) fn polyline(points: &[Point]) -> String {
    let mut d = String::new();
    for (idx, p) in points.iter().enumerate() {
        let _ = write!(d, "{}{},{}", if idx == 0 { 'M' } else { ' ' }, number(p.x), number(p.y));
    }
    d
}

/// The closed path through `points`; empty where there are none.
pub(super) fn polygon(points: &[Point]) -> String {
    if points.is_empty() { String::new() } else { polyline(points) + "z" }
}

/// The text as content of an element, on one line.
pub(super) fn escape(text: &str) -> String {
    let text = text.replace(char::is_control, " ");
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn one_line(text: &str) -> String {
    escape(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_short() {
        assert_eq!(number(-0.04), "0");
        assert_eq!(number(1.25), "1.3");
        assert_eq!(number(12.0), "12");
        assert_eq!(number(f64::NAN), "0");
    }

    #[test]
    fn an_empty_canvas_is_a_picture() {
        let svg = Canvas::new("plot").inline("a < b", "two\n\nlines");
        assert!(svg.contains("<title>a &lt; b</title>"));
        assert!(svg.contains("<desc>two lines</desc>"));
        assert!(!svg.contains("\n\n"));
    }
}

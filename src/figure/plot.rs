use super::axis::{Axis, Range};
use super::canvas::{Anchor, Canvas, SMALL};
use super::drawing::Drawing;
use super::frame::{Frame, WIDTH};
use super::geometry::point;
use super::label::Label;
use super::legend::{Entry, draw_rows, spread};
use super::mark::{Crowd, beside};
use super::trace::Trace;

/// The number of distinct colours; a colour index counts on from the first after the last.
const N_COLOURS: usize = 6;

/// Curves over two axes.
///
/// Points that are not numbers or not finite, and those at 0 and below on a logarithmic axis, break a line. Lines
/// end at the frame.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Plot {
    /// The accessible name; shown as a tooltip, not as text.
    pub title: String,
    /// What the figure shows, in a sentence or two, for readers who do not see it.
    pub description: String,
    /// The axis to the right.
    pub x: Axis,
    /// The axis upward; its label stands above it.
    pub y: Axis,
    /// The curves, later ones above earlier ones.
    pub series: Vec<Series>,
    /// Reference lines.
    pub lines: Vec<Reference>,
    /// Shaded areas behind everything.
    pub regions: Vec<Region>,
    /// Where the names of the series stand.
    pub legend: Legend,
}

/// One curve of a [`Plot`].
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The name of the curve; without one it is in no legend.
    pub label: Label,
    /// The points in the order in which they are joined.
    pub points: Vec<(f64, f64)>,
    /// How the points are drawn.
    pub style: SeriesStyle,
    /// Which of the colours, from 0.
    pub colour: usize,
}

/// How the points of a [`Series`] are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeriesStyle {
    /// Joined by straight lines.
    Line,
    /// Joined by broken lines.
    Dashed,
    /// Each by itself.
    Dots,
    /// Each value held until the next point.
    Steps,
}

/// A straight line across a [`Plot`].
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    /// Where the line stands.
    pub at: Line,
    /// The text at the line.
    pub label: Label,
}

/// The place of a [`Reference`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Line {
    /// Vertical, at a value of the x axis.
    X(f64),
    /// Horizontal, at a value of the y axis.
    Y(f64),
}

/// A shaded area of a [`Plot`].
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// What is shaded.
    pub extent: Extent,
    /// The text in the area.
    pub label: Label,
    /// Which of the colours, from 0.
    pub colour: usize,
}

/// What a [`Region`] covers.
#[derive(Debug, Clone, PartialEq)]
pub enum Extent {
    /// Between two values of the x axis; infinite ones reach the frame.
    X(f64, f64),
    /// Between two values of the y axis; infinite ones reach the frame.
    Y(f64, f64),
    /// Inside a polygon, closed by itself.
    Polygon(Vec<(f64, f64)>),
}

/// Where the names of the series stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Legend {
    /// At the right end of each curve; beside the curve where it ends before the frame does.
    #[default]
    Direct,
    /// In rows above the frame.
    Above,
    /// Nowhere.
    None,
}

impl Series {
    /// A curve of the colour with index `colour`.
    pub fn new(label: Label, style: SeriesStyle, colour: usize, points: Vec<(f64, f64)>) -> Series {
        Series { label, points, style, colour }
    }

    fn class(&self) -> String {
        let style = match self.style {
            SeriesStyle::Line | SeriesStyle::Steps => "line",
            SeriesStyle::Dashed => "line broken",
            SeriesStyle::Dots => "points",
        };
        format!("{style} {}", colour_class(self.colour))
    }
}

impl Drawing for Plot {
    fn words(&self) -> (&str, &str) {
        (&self.title, &self.description)
    }

    fn draw(&self) -> Canvas {
        let mut canvas = Canvas::new("plot");
        let top = match self.legend {
            Legend::Above => draw_rows(&mut canvas, &self.entries(), 0.0, WIDTH),
            Legend::Direct | Legend::None => 0.0,
        };
        let x = (&self.x, Range::tight(&self.x, self.points().map(|p| p.0)));
        let y = (&self.y, Range::loose(&self.y, self.points().map(|p| p.1)));
        let frame = Frame::new(x, y, top, self.right_margin());
        let traces: Vec<Trace> = self.series.iter().map(|series| Trace::new(series, &frame)).collect();
        let rules = self.lines.iter().flat_map(|line| line.trail(&frame));
        let mut crowd =
            Crowd { points: traces.iter().flat_map(Trace::trail).chain(rules).collect(), taken: Vec::new() };
        frame.draw_grid(&mut canvas);
        for region in &self.regions {
            region.draw(&mut canvas, &frame);
        }
        for line in &self.lines {
            line.draw(&mut canvas, &frame);
        }
        for (series, trace) in self.series.iter().zip(&traces) {
            canvas.path(&series.class(), &trace.path());
        }
        frame.draw_axes(&mut canvas);
        for line in &self.lines {
            line.draw_label(&mut canvas, &frame, &mut crowd);
        }
        for region in &self.regions {
            region.draw_label(&mut canvas, &frame, &mut crowd);
        }
        if self.legend == Legend::Direct {
            self.draw_names(&mut canvas, &frame, &traces, &mut crowd);
        }
        canvas
    }
}

impl Plot {
    /// Everything that the axes have to hold where they have no range.
    fn points(&self) -> impl Iterator<Item = (f64, f64)> {
        let lines = self.lines.iter().map(|line| match line.at {
            Line::X(x) => (x, f64::NAN),
            Line::Y(y) => (f64::NAN, y),
        });
        let corners = self.regions.iter().flat_map(|region| match &region.extent {
            Extent::X(a, b) => vec![(*a, f64::NAN), (*b, f64::NAN)],
            Extent::Y(a, b) => vec![(f64::NAN, *a), (f64::NAN, *b)],
            Extent::Polygon(corners) => corners.clone(),
        });
        let drawable = |p: &(f64, f64)| self.x.scale.measure(p.0).is_some() && self.y.scale.measure(p.1).is_some();
        self.series.iter().flat_map(|series| series.points.iter().copied()).filter(drawable).chain(lines).chain(corners)
    }

    fn entries(&self) -> Vec<Entry<'_>> {
        let is_point = |series: &Series| series.style == SeriesStyle::Dots;
        let entry = |series| Entry { class: Series::class(series), is_point: is_point(series), label: &series.label };
        self.series.iter().map(entry).collect()
    }

    fn right_margin(&self) -> f64 {
        let widest = self.series.iter().map(|series| series.label.width() * SMALL).fold(0.0, f64::max);
        if self.legend == Legend::Direct && widest > 0.0 { widest + 10.0 } else { 8.0 }
    }

    /// Names the curves that reach the right side of the frame in the margin, the others beside the curve.
    fn draw_names(&self, canvas: &mut Canvas, frame: &Frame, traces: &[Trace], crowd: &mut Crowd) {
        let named = self.series.iter().zip(traces).filter(|(series, _)| !series.label.is_empty());
        let (reaching, ending): (Vec<_>, Vec<_>) = named
            .filter_map(|(series, trace)| Some((series, trace, trace.end()?)))
            .partition(|(_, _, end)| frame.area.high.x - end.x < 12.0 && end.y < frame.area.high.y - 1.0);
        let wanted: Vec<f64> = reaching.iter().map(|(_, _, end)| end.y).collect();
        let heights = spread(&wanted, SMALL * 1.25, frame.area.low.y, frame.area.high.y);
        for ((series, ..), y) in reaching.into_iter().zip(heights) {
            let at = point(frame.area.high.x + 7.0, y + 0.34 * SMALL);
            canvas.text(&format!("hue {}", colour_class(series.colour)), at, Anchor::Start, SMALL, &series.label);
        }
        for (series, trace, _) in ending {
            let class = format!("halo hue {}", colour_class(series.colour));
            crowd.settle(canvas, &class, frame.area, &series.label, &beside(&trace.trail(), &series.label));
        }
    }
}

/// The class of the colour with this index.
pub(super) fn colour_class(colour: usize) -> String {
    format!("c{}", colour % N_COLOURS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(points: &[(f64, f64)]) -> String {
        let axis = Axis::linear(Label::default()).within(0.0, 1.0);
        let series = vec![Series::new(Label::default(), SeriesStyle::Line, 0, points.to_vec())];
        let svg = Plot { x: axis.clone(), y: axis, series, ..Plot::default() }.to_svg();
        let path = svg.split_once("class=\"line c0\" d=\"").map_or("", |(_, path)| path);
        path.split('"').next().unwrap().to_string()
    }

    #[test]
    fn what_is_no_number_breaks_a_line() {
        let whole = curve(&[(0.0, 0.1), (0.5, 0.2), (1.0, 0.1)]);
        let broken = curve(&[(0.0, 0.1), (0.4, 0.2), (0.5, f64::NAN), (0.6, 0.2), (1.0, f64::INFINITY)]);
        assert_eq!(whole.matches('M').count(), 1);
        assert_eq!(broken.matches('M').count(), 2, "{broken}");
        assert!(broken.ends_with("h0"), "{broken}");
    }

    #[test]
    fn lines_end_at_the_frame() {
        let (inside, outside) = (curve(&[(0.0, 0.0), (0.5, 1.0)]), curve(&[(0.0, 0.0), (1.0, 2.0)]));
        assert_eq!(inside, outside);
        assert_eq!(curve(&[(0.0, 2.0), (1.0, 3.0)]), "");
    }

    #[test]
    fn a_straight_line_is_two_points() {
        let points: Vec<(f64, f64)> = (0..=1000).map(|i| (f64::from(i) / 1000.0, f64::from(i) / 1000.0)).collect();
        assert_eq!(curve(&points).matches(',').count(), 2);
    }

    #[test]
    fn any_numbers_are_a_picture() {
        let odd =
            [0.0, -0.0, 5e-324, -1e308, 1e308, 1.0, 1.0 + f64::EPSILON, f64::NAN, f64::INFINITY, 1e15, 1e15 + 0.125];
        for (a, b) in odd.iter().flat_map(|&a| odd.iter().map(move |&b| (a, b))) {
            for axis in [Axis::linear(Label::default()), Axis::log10(Label::default()).within(a, b)] {
                let series = vec![Series::new(Label::math("s"), SeriesStyle::Steps, 0, vec![(a, b), (b, a), (a, a)])];
                let regions = vec![Region { extent: Extent::X(a, b), label: Label::math("r"), colour: 9 }];
                let svg = Plot { x: axis.clone(), y: axis, series, regions, ..Plot::default() }.to_svg();
                assert!(svg.len() < 50_000 && !svg.contains("NaN") && !svg.contains("inf"), "{a} {b}");
            }
        }
    }

    #[test]
    fn an_empty_plot_has_axes() {
        assert!(Plot::default().to_svg().contains("class=\"axis\""));
    }
}

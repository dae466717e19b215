//! Plots of numbers that the model itself gives, evaluated at chosen points.

use crate::derivation::Document;
use crate::expr::DerivativeKind;
use crate::expr::Elementary;
use crate::figure::Axis;
use crate::figure::Colouring;
use crate::figure::HeatMap;
use crate::figure::Label;
use crate::figure::Legend;
use crate::figure::Line;
use crate::figure::Plot;
use crate::figure::Reference;
use crate::figure::Sampling;
use crate::figure::Series;
use crate::figure::SeriesStyle;
use crate::number::Random;
use crate::number::Rational;
use crate::numeric::Tensor;
use crate::numeric::Witness;
use crate::numeric::singular_values;
use crate::render::activations::ACTIVATIONS;
use crate::render::figures::Drawn;
use crate::render::figures::numbers::Point;
use crate::render::figures::numbers::fraction;
use crate::render::figures::numbers::sampled;
use crate::render::figures::options;
use crate::render::figures::options::misfit;
use crate::render::prose::Directive;
use crate::render::slopes::greatest;
use crate::source::Diagnostic;
use crate::syntax::nearest;

/// `activation sigmoid`: the function, its slope, and how steep it gets.
pub(super) fn activation(_: &Document, directive: &Directive) -> Result<Drawn, Diagnostic> {
    options::only(directive, &[])?;
    let [name] = options::plain(directive)[..] else {
        return Err(misfit(directive, "this figure takes the name of an activation")
            .with_hint("write for example `activation tanh`"));
    };
    let Some(function) = Elementary::named(name).filter(|f| ACTIVATIONS.iter().any(|(known, ..)| known == f)) else {
        let known = ACTIVATIONS.iter().map(|(function, ..)| function.row().name);
        let problem = misfit(directive, format!("there is no activation `{name}`"));
        return Err(match nearest(name, known) {
            Some(meant) => problem.with_hint(format!("did you mean `{meant}`?")),
            None => problem,
        });
    };
    let row = function.row();
    let steepest = greatest(function);
    let (steep, at) = (steepest.value, steepest.at);
    let edge = if function == Elementary::Sigmoid || function == Elementary::Tanh { 6.0 } else { 4.0 };
    let value = |z: f64| (row.value)(&[z]);
    let latex = row.latex;
    let mut slopes = sampled(-edge, edge, 321, row.slope);
    if let Some(corner) = slopes.iter().position(|point| point.1.is_nan()) {
        // A jump: each branch ends at the corner, and nothing joins them.
        let x = slopes[corner].0;
        let (left, right) = (slopes[corner - 1].1, slopes[corner + 1].1);
        slopes.splice(corner..=corner, [(x, left), (x, f64::NAN), (x, right)]);
    }
    let what = if steepest.is_taken() { "greatest slope" } else { "supremum of the slope" };
    let bound = format!("{what} ${}$", short(steep));
    let plot = Plot {
        title: format!("{} and its slope", row.name),
        description: format!(
            "Two curves over z from −{edge} to {edge}: the function, and its slope, which {}.",
            if steepest.is_taken() {
                format!("is greatest near z = {}, with the value {}", short(at), short(steep))
            } else {
                format!("rises towards {}", short(steep))
            }
        ),
        x: Axis::linear(Label::math("z")).within(-edge, edge),
        y: Axis::linear(Label::default()),
        series: vec![
            Series::new(Label::math(&format!("{latex}(z)")), SeriesStyle::Line, 0, sampled(-edge, edge, 321, value)),
            Series::new(Label::math(&format!("{latex}'(z)")), SeriesStyle::Line, 1, slopes),
        ],
        lines: vec![Reference { at: Line::Y(steep), label: Label::mixed(&bound) }],
        legend: Legend::Above,
        ..Plot::default()
    };
    Ok(Drawn::picture(&plot))
}

/// Up to four digits, without zeros at the end.
fn short(value: f64) -> String {
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `decay w_h=1,2,3`: how a state depends on the first one, over the lag, for several weights.
pub(super) fn decay(document: &Document, directive: &Directive) -> Result<Drawn, Diagnostic> {
    const LAGS: i64 = 30;
    options::only(directive, &["w_h"])?;
    let weights = options::value(directive, "w_h").unwrap_or("1,2,3,4,5");
    let mut series = Vec::new();
    for (text, colour) in weights.split(',').zip(0..) {
        let Ok(weight) = text.trim().parse::<i64>() else {
            return Err(
                misfit(directive, format!("`{text}` is not a whole number")).with_hint("write for example `w_h=1,2,3`")
            );
        };
        let mut point = still(document, directive, fraction(weight, 1), LAGS)?;
        let first = point.member("h", &[0])?;
        let mut points = Vec::new();
        for lag in 0..=LAGS {
            let last = point.member("h", &[lag])?;
            let slope = point.derivative(DerivativeKind::Total, last, first);
            points.push((lag as f64, point.number(slope)?.abs()));
        }
        series.push(Series::new(Label::math(&format!("w_h = {text}")), SeriesStyle::Line, colour, points));
        let most = greatest(point.bound("f")?).value * weight.unsigned_abs() as f64;
        if most < 1.0 {
            let bound = (0..=LAGS).map(|lag| (lag as f64, most.powi(i32::try_from(lag).unwrap_or(0)))).collect();
            series.push(Series::new(Label::default(), SeriesStyle::Dashed, colour, bound));
        }
    }
    let plot = Plot {
        title: "How much the first state matters".into(),
        description: format!("Curves for the weights {weights} fall over {LAGS} steps on a logarithmic axis."),
        x: Axis::linear(Label::mixed("lag $t$")),
        y: Axis::log10(Label::math(r"|\partial h_t / \partial h_0|")).within(1e-12, 10.0),
        series,
        lines: vec![Reference { at: Line::Y(1.0), label: Label::default() }],
        legend: Legend::Above,
        ..Plot::default()
    };
    Ok(Drawn::picture(&plot).noting("The broken lines are the bounds that fall; the grey line is 1, which is the bound at the threshold. Computed from the definitions with $w_i = 1$, $h_0 = 0$ and inputs that run through $-1, -\\frac12, 0, \\frac12, 1$ again and again."))
}

/// The scalar unit of the model with a weight, and inputs that run up and down between −1 and 1.
pub(super) fn still<'a>(
    document: &'a Document,
    directive: &'a Directive,
    weight: Rational,
    until: i64,
) -> Result<Point<'a>, Diagnostic> {
    let mut point = Point::new(&document.arena, &document.model, directive);
    point.set("w_i", &[], Rational::ONE)?;
    point.set("w_h", &[], weight)?;
    point.set("h", &[0], Rational::ZERO)?;
    for time in 1..=until {
        point.set("x", &[time], fraction((time - 1).rem_euclid(5) - 2, 2))?;
    }
    Ok(point)
}

/// The terms of `d h_T / d w_i` by lag, from the latest step back.
pub(super) fn terms_by_lag(document: &Document, directive: &Directive) -> Result<Vec<f64>, Diagnostic> {
    options::only(directive, &["w_h", "T"])?;
    let weight = options::count(directive, "w_h", 2, 100)?;
    let until = options::count(directive, "T", 20, 200)?;
    let mut point = still(document, directive, fraction(weight, 1), until)?;
    let parameter = point.member("w_i", &[])?;
    let last = point.member("h", &[until])?;
    let mut terms = Vec::new();
    for lag in 0..until {
        let entered = point.member("h", &[until - lag])?;
        let carried = point.derivative(DerivativeKind::Total, last, entered);
        let enters = point.derivative(DerivativeKind::Immediate, entered, parameter);
        let term = point.arena.product([carried, enters]);
        terms.push(point.number(term)?);
    }
    Ok(terms)
}

/// `lags w_h=2 T=20`: the terms of a gradient by lag, and their sum so far.
pub(super) fn lags(document: &Document, directive: &Directive) -> Result<Drawn, Diagnostic> {
    let terms = terms_by_lag(document, directive)?;
    let total: f64 = terms.iter().sum();
    let mut sum = 0.0;
    let sums = terms.iter().zip(0u32..).map(|(term, lag)| {
        sum += term;
        (f64::from(lag), sum)
    });
    let sums: Vec<(f64, f64)> = sums.collect();
    let dots = terms.iter().zip(0u32..).map(|(&term, lag)| (f64::from(lag), term)).collect();
    let plot = Plot {
        title: "The terms of one gradient".into(),
        description: "Dots for the terms shrink towards zero as the lag grows; the line of their running sum is level after a few steps.".into(),
        x: Axis::linear(Label::mixed("lag $t-j$")),
        y: Axis::linear(Label::default()),
        series: vec![
            Series::new(Label::text("the terms"), SeriesStyle::Dots, 1, dots),
            Series::new(Label::text("their sum so far"), SeriesStyle::Line, 0, sums),
        ],
        lines: vec![Reference { at: Line::Y(total), label: Label::text("the whole gradient") }, Reference { at: Line::Y(0.0), label: Label::default() }],
        legend: Legend::Above,
        ..Plot::default()
    };
    let weight = options::count(directive, "w_h", 2, 100)?;
    let note = format!("Here $w_h = {weight}$, $t = {}$, and the rest is as in the figure before.", terms.len());
    Ok(Drawn::picture(&plot).noting(&note))
}

/// `region`: where the factor from state to state exceeds 1.
pub(super) fn region(document: &Document, directive: &Directive) -> Result<Drawn, Diagnostic> {
    const WIDEST: f64 = 6.0;
    const LARGEST: f64 = 12.0;
    options::only(directive, &[])?;
    let point = Point::new(&document.arena, &document.model, directive);
    let slope = point.bound("f")?.row().slope;
    let row =
        |weight: f64| sampled(-WIDEST, WIDEST, 97, |z| weight * slope(z)).into_iter().map(|point| point.1).collect();
    let map = HeatMap {
        title: "Where one step enlarges the gradient".into(),
        description:
            "The factor exceeds 1 only for weights above 4, in a band around 0 that widens slowly with the weight."
                .into(),
        x: Axis::linear(Label::mixed("pre-activation $z$")).within(-WIDEST, WIDEST),
        y: Axis::linear(Label::math("w_h")).within(0.0, LARGEST),
        values: (0..=96).map(|idx| row(LARGEST * f64::from(idx) / 96.0)).collect(),
        sampling: Sampling::Field,
        colouring: Colouring::Around(1.0),
        contours: vec![(1.0, Label::mixed("factor $= 1$"))],
        notes: vec![
            (0.0, 9.5, Label::text("grows")),
            (-4.4, 7.0, Label::text("shrinks")),
            (4.4, 7.0, Label::text("shrinks")),
        ],
        legend: Label::math(r"|w_h|\,f\,'(z)"),
    };
    Ok(Drawn::picture(&map))
}

/// `explode w_h=5`: a trajectory at rest on the steepest point, and one that starts beside it.
pub(super) fn explode(document: &Document, directive: &Directive) -> Result<Drawn, Diagnostic> {
    const STEPS: i64 = 60;
    options::only(directive, &["w_h"])?;
    let weight = options::count(directive, "w_h", 5, 100)?;
    let mut series = Vec::new();
    let starts = [("at rest", fraction(1, 2)), ("started 0.001 above", fraction(501, 1000))];
    for ((name, start), colour) in starts.into_iter().zip([1, 0]) {
        let mut point = Point::new(&document.arena, &document.model, directive);
        point.set("w_i", &[], Rational::ONE)?;
        point.set("w_h", &[], fraction(weight, 1))?;
        point.set("h", &[0], start)?;
        for time in 1..=STEPS {
            point.set("x", &[time], fraction(-weight, 2))?;
        }
        let first = point.member("h", &[0])?;
        let mut points = Vec::new();
        for time in 0..=STEPS {
            let last = point.member("h", &[time])?;
            let slope = point.derivative(DerivativeKind::Total, last, first);
            points.push((time as f64, point.number(slope)?.abs()));
        }
        series.push(Series::new(Label::text(name), SeriesStyle::Line, colour, points));
    }
    let plot = Plot {
        title: "A gradient that explodes".into(),
        description:
            "On a logarithmic axis one line rises straight; the other rises with it at first, then turns and falls."
                .into(),
        x: Axis::linear(Label::math("t")),
        y: Axis::log10(Label::math(r"|\partial h_t / \partial h_0|")),
        series,
        lines: vec![Reference { at: Line::Y(1.0), label: Label::default() }],
        legend: Legend::Above,
        ..Plot::default()
    };
    Ok(Drawn::picture(&plot))
}

/// `singular-values n=4`: how far a product of Jacobians stretches, over the lag.
pub(super) fn singular(document: &Document, directive: &Directive) -> Result<Drawn, Diagnostic> {
    const LAGS: i64 = 16;
    options::only(directive, &["n"])?;
    let n = options::count(directive, "n", 4, 6)?;
    let mut point = Point::new(&document.arena, &document.model, directive);
    for size in ["n", "m", "q"] {
        let symbol = point.symbol(size)?;
        point.assignment.integers.insert(symbol, n);
    }
    let mut random = Random::new(3);
    let size = usize::try_from(n).unwrap_or(1);
    let mut drawn =
        |scale: i64| -> Vec<Rational> { (0..size).map(|_| fraction(random.between(-100, 100), scale)).collect() };
    let square = |rows: Vec<Vec<Rational>>| Tensor::Matrix { rows: size, columns: size, entries: rows.concat() };
    let recurrent = square((0..size).map(|_| drawn(80)).collect());
    let from_input = square((0..size).map(|_| drawn(200)).collect());
    let functions = point.symbol("f")?;
    point.assignment.functions.insert(functions, Witness::Elementary(Elementary::Tanh));
    for (name, value) in [("W_h", recurrent), ("W_i", from_input)] {
        let symbol = point.symbol(name)?;
        point.assignment.values.insert((symbol, Vec::new()), value);
    }
    let bias = point.symbol("b")?;
    point.assignment.values.insert((bias, Vec::new()), Tensor::Vector(vec![Rational::ZERO; size]));
    let (state, input) = (point.symbol("h")?, point.symbol("x")?);
    point.assignment.values.insert((state, vec![0]), Tensor::Vector(vec![Rational::ZERO; size]));
    for time in 1..=LAGS {
        point.assignment.values.insert((input, vec![time]), Tensor::Vector(drawn(200)));
    }
    let first = point.member("h", &[0])?;
    let mut curves = vec![vec![(0.0, 1.0)]; size];
    for lag in 1..=LAGS {
        let last = point.member("h", &[lag])?;
        let jacobian = point.jacobian(last, first);
        let values = singular_values(&point.value(jacobian)?);
        // Below this share of the largest there is nothing but rounding.
        let floor = values.first().map_or(0.0, |largest| 1e-12 * largest);
        for (curve, value) in curves.iter_mut().zip(values) {
            curve.push((lag as f64, if value > floor { value } else { f64::NAN }));
        }
    }
    let curves = curves.into_iter().zip(1..);
    let plot = Plot {
        title: "Singular values over the lag".into(),
        description: format!("{n} curves that begin together at 1 and drift apart; the lowest falls fastest."),
        x: Axis::linear(Label::mixed("lag $t$")),
        y: Axis::log10(Label::mixed(r"singular values of $\partial h_t / \partial h_0$")),
        series: curves
            .map(|(points, rank)| Series::new(Label::math(&format!(r"s_{rank}")), SeriesStyle::Line, rank - 1, points))
            .collect(),
        lines: vec![Reference { at: Line::Y(1.0), label: Label::default() }],
        ..Plot::default()
    };
    Ok(Drawn::picture(&plot).noting(&format!(
        "Computed from the definitions, with ${n}$ units, $f = \\tanh$, and weights and inputs drawn once at random."
    )))
}

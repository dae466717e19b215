//! Figures as the book has them, each kept as a snapshot. They are to be looked at, not only compared.

use super::*;

/// One sample of each kind of figure, by name.
fn samples() -> Vec<(&'static str, String, String)> {
    let networks = [
        ("folded", folded()),
        ("unrolled", unrolled()),
        ("path", unrolled().traced(&["L3", "y3", "h3", "h2", "h1", "x1"])),
        ("stacked", stacked()),
        ("shared", shared()),
        ("cell", cell()),
    ];
    let plots = [("vanishing", vanishing()), ("slope", slope()), ("table", table())];
    let maps = [("region", region()), ("lags", lags())];
    let mut all: Vec<_> = networks.iter().map(|(name, f)| (*name, f.to_svg(), f.to_standalone_svg())).collect();
    all.extend(plots.iter().map(|(name, f)| (*name, f.to_svg(), f.to_standalone_svg())));
    all.extend(maps.iter().map(|(name, f)| (*name, f.to_svg(), f.to_standalone_svg())));
    all.push(("lattice", lattice().to_svg(), lattice().to_standalone_svg()));
    all
}

#[test]
fn samples_are_as_they_were() {
    for (name, inline, _) in samples() {
        insta::assert_snapshot!(name, inline);
    }
}

#[test]
fn samples_are_whole_pictures() {
    for (name, inline, alone) in samples() {
        for svg in [&inline, &alone] {
            let n_open = svg.matches("<g ").count();
            assert_eq!(n_open, svg.matches("</g>").count(), "{name}");
            assert_eq!(svg.matches("<text").count(), svg.matches("</text>").count(), "{name}");
            assert_eq!(svg.matches("<tspan").count(), svg.matches("</tspan>").count(), "{name}");
            assert!(svg.contains("role=\"img\"") && svg.contains("<title>") && svg.contains("<desc>"), "{name}");
            assert!(!svg.contains("NaN") && !svg.contains("\n\n") && !svg.contains(" id="), "{name}");
        }
        assert!(!inline.contains('#') && !inline.contains("style"), "{name}: colours belong in the style sheet");
        assert!(!alone.contains("var("), "{name}");
    }
}

#[test]
fn the_same_shapes_give_the_same_bytes() {
    assert_eq!(samples(), samples());
}

fn node(id: &str, kind: NodeKind, column: f32, row: f32, label: &str) -> NodeShape {
    NodeShape::new(id, kind, column, row, Label::math(label))
}

fn edge(from: &str, to: &str, kind: EdgeKind, label: &str) -> EdgeShape {
    let edge = EdgeShape::new(from, to, kind);
    if label.is_empty() { edge } else { edge.labelled(Label::math(label)) }
}

fn folded() -> Network {
    Network {
        title: "The folded network".into(),
        description: "An input, a hidden layer with a feedback loop, and an output.".into(),
        nodes: vec![
            node("x", NodeKind::Input, 0.0, 0.0, "x_t"),
            node("h", NodeKind::State, 0.0, 1.0, "A"),
            node("y", NodeKind::Output, 0.0, 2.0, "h_t"),
        ],
        edges: vec![
            edge("x", "h", EdgeKind::Flow, "w_i"),
            edge("h", "h", EdgeKind::Recurrent, "w_h"),
            edge("h", "y", EdgeKind::Flow, "w_o"),
        ],
        ..Network::default()
    }
}

fn unrolled() -> Network {
    let mut network = Network {
        title: "Three time steps".into(),
        description: "The network unrolled over three time steps, from the inputs below to the losses above.".into(),
        nodes: vec![node("h0", NodeKind::Ghost, 0.0, 1.0, "h_0")],
        ..Network::default()
    };
    for (t, column) in [(1, 1.0), (2, 2.0), (3, 3.0)] {
        for (name, kind, row) in [
            ("x", NodeKind::Input, 0.0),
            ("h", NodeKind::State, 1.0),
            ("y", NodeKind::Output, 2.0),
            ("L", NodeKind::Loss, 3.0),
        ] {
            network.nodes.push(node(&format!("{name}{t}"), kind, column, row, &format!("{name}_{t}")));
        }
        network.edges.push(edge(&format!("x{t}"), &format!("h{t}"), EdgeKind::Flow, "w_i"));
        network.edges.push(edge(&format!("h{}", t - 1), &format!("h{t}"), EdgeKind::Recurrent, "w_h"));
        network.edges.push(edge(&format!("h{t}"), &format!("y{t}"), EdgeKind::Flow, "w_o"));
        network.edges.push(edge(&format!("y{t}"), &format!("L{t}"), EdgeKind::Flow, "g"));
        network.columns.push(Caption { at: column, label: Label::math(&format!("t = {t}")) });
    }
    network
}

fn stacked() -> Network {
    let mut network = Network {
        title: "Stacked layers".into(),
        description: "Three hidden layers upward, time to the right.".into(),
        ..Network::default()
    };
    let steps = [("1", 0.0), ("2", 1.0), ("d", 2.0), ("T", 3.0)];
    for (idx, (t, column)) in steps.into_iter().enumerate() {
        for row in 0..5_u8 {
            let (name, kind) = match row {
                0 => (format!("x_{t}"), NodeKind::Input),
                4 => (format!("y_{t}"), NodeKind::Output),
                layer => (format!("h_{t}^{{{layer}}}"), NodeKind::State),
            };
            let (name, kind) = if t == "d" { (String::new(), NodeKind::Ghost) } else { (name, kind) };
            network.nodes.push(node(&format!("{row}{t}"), kind, column, f32::from(row), &name));
            if row > 0 && t != "d" {
                network.edges.push(edge(&format!("{}{t}", row - 1), &format!("{row}{t}"), EdgeKind::Flow, ""));
            }
            if idx > 0 && (1..4).contains(&row) {
                let from = format!("{row}{}", steps[idx - 1].0);
                network.edges.push(edge(&from, &format!("{row}{t}"), EdgeKind::Recurrent, ""));
            }
        }
    }
    network.nodes.retain(|node| node.id != "0d" && node.id != "4d");
    network.rows =
        (1..4_u8).map(|layer| Caption { at: f32::from(layer), label: Label::text(format!("layer {layer}")) }).collect();
    network
}

fn shared() -> Network {
    let mut network = Network {
        title: "One weight, used at every step".into(),
        description: "The weight enters each of three steps; an edge skips over the middle one.".into(),
        nodes: vec![node("w", NodeKind::Parameter, 1.0, 1.2, "w_h")],
        ..Network::default()
    };
    for (t, column) in [(1, 0.0), (2, 1.0), (3, 2.0)] {
        network.nodes.push(node(&format!("h{t}"), NodeKind::State, column, 0.0, &format!("h_{t}")));
        network.edges.push(edge("w", &format!("h{t}"), EdgeKind::Shared, ""));
    }
    network.edges.extend([
        edge("h1", "h2", EdgeKind::Recurrent, ""),
        edge("h2", "h3", EdgeKind::Recurrent, ""),
        edge("h3", "h2", EdgeKind::Gradient, r"\frac{\partial h_3}{\partial h_2}"),
        edge("h1", "h3", EdgeKind::Flow, r"u"),
    ]);
    network
}

fn cell() -> Network {
    Network {
        title: "The cell of an LSTM".into(),
        description: "The cell path runs straight through a product with the forget gate and a sum.".into(),
        nodes: vec![
            node("c0", NodeKind::State, 0.0, 2.0, "c_{t-1}"),
            node("f", NodeKind::Operation, 1.0, 2.0, r"\odot"),
            node("p", NodeKind::Operation, 2.0, 2.0, "+"),
            node("c1", NodeKind::State, 3.9, 2.0, "c_t"),
            node("i", NodeKind::Operation, 2.0, 1.2, r"\odot"),
            node("gf", NodeKind::Gate, 1.0, 0.3, "f_t"),
            node("gi", NodeKind::Gate, 1.7, 0.3, "i_t"),
            node("gc", NodeKind::Gate, 2.4, 0.3, r"\tilde{c}_t"),
            node("go", NodeKind::Gate, 3.1, 0.3, "o_t"),
            node("o", NodeKind::Operation, 3.1, 1.2, r"\odot"),
            node("h1", NodeKind::Output, 3.9, 1.2, "h_t"),
            node("h0", NodeKind::State, 0.0, -0.6, "h_{t-1}"),
            node("x", NodeKind::Input, 0.0, 0.3, "x_t"),
        ],
        edges: vec![
            edge("c0", "f", EdgeKind::Recurrent, ""),
            edge("f", "p", EdgeKind::Recurrent, ""),
            edge("p", "c1", EdgeKind::Recurrent, ""),
            edge("i", "p", EdgeKind::Flow, ""),
            edge("gf", "f", EdgeKind::Flow, ""),
            edge("gi", "i", EdgeKind::Flow, ""),
            edge("gc", "i", EdgeKind::Flow, ""),
            edge("go", "o", EdgeKind::Flow, ""),
            edge("p", "o", EdgeKind::Flow, r"\tanh"),
            edge("o", "h1", EdgeKind::Flow, ""),
            edge("x", "gf", EdgeKind::Flow, ""),
            edge("h0", "gf", EdgeKind::Recurrent, ""),
        ],
        panels: vec![Panel { label: Label::text("gates"), from: (1.0, 0.3), to: (3.1, 0.3) }],
        ..Network::default()
    }
}

fn sampled(from: f64, to: f64, n_points: u32, value: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
    let at = |i: u32| from + (to - from) * f64::from(i) / f64::from(n_points - 1);
    (0..n_points).map(|i| (at(i), value(at(i)))).collect()
}

fn sigmoid_slope(z: f64) -> f64 {
    let s = 1.0 / (1.0 + (-z).exp());
    s * (1.0 - s)
}

fn vanishing() -> Plot {
    let powers = |factor: f64| (0..=40).map(|lag| (f64::from(lag), factor.powi(lag))).collect::<Vec<_>>();
    Plot {
        title: "The gradient over lag".into(),
        description: "On a logarithmic axis the bound falls along straight lines for weights below 4.".into(),
        x: Axis::linear(Label::mixed("lag $t-j$")),
        y: Axis::log10(Label::math(r"|\partial h_t/\partial h_j|")).within(1e-12, 100.0),
        series: vec![
            Series::new(Label::math("w_h = 1"), SeriesStyle::Line, 0, powers(0.25)),
            Series::new(Label::math("w_h = 2"), SeriesStyle::Line, 1, powers(0.5)),
            Series::new(Label::math("w_h = 3"), SeriesStyle::Dashed, 2, powers(0.75)),
            Series::new(Label::math("w_h = 5"), SeriesStyle::Dots, 3, powers(1.1)),
        ],
        lines: vec![Reference { at: Line::Y(1.0), label: Label::text("neither vanishes nor explodes") }],
        ..Plot::default()
    }
}

fn slope() -> Plot {
    Plot {
        title: "Slopes of two activations".into(),
        description: "The slope of the sigmoid is at most one quarter, that of tanh at most one.".into(),
        x: Axis::linear(Label::math("z")).within(-6.0, 6.0),
        y: Axis::linear(Label::math("f'(z)")),
        series: vec![
            Series::new(Label::text("sigmoid"), SeriesStyle::Line, 0, sampled(-6.0, 6.0, 241, sigmoid_slope)),
            Series::new(
                Label::text("tanh"),
                SeriesStyle::Line,
                1,
                sampled(-6.0, 6.0, 241, |z| 1.0 - z.tanh() * z.tanh()),
            ),
            Series::new(Label::text("ReLU"), SeriesStyle::Steps, 2, vec![(-6.0, 0.0), (0.0, 1.0), (6.0, 1.0)]),
        ],
        lines: vec![
            Reference { at: Line::Y(0.25), label: Label::mixed("the bound $1/4$") },
            Reference { at: Line::X(0.0), label: Label::default() },
        ],
        regions: vec![Region { extent: Extent::X(3.0, f64::INFINITY), label: Label::text("saturated"), colour: 4 }],
        legend: Legend::Above,
    }
}

fn table() -> Plot {
    Plot {
        title: "Terms by lag".into(),
        description: "Terms of the gradient as dots, with the bound as a shaded area.".into(),
        x: Axis::log10(Label::mixed("time step $t$")),
        y: Axis::linear(Label::math(r"\partial^{+} h_j/\partial w_h")),
        series: vec![
            Series::new(Label::text("terms"), SeriesStyle::Dots, 1, sampled(1.0, 60.0, 30, |t| 2e-6 * (1.0 - 6.0 / t))),
            Series::new(Label::text("sum"), SeriesStyle::Line, 0, sampled(0.0, 90.0, 90, |t| 1e-6 * (t / 40.0 - 2.0))),
        ],
        lines: vec![Reference { at: Line::X(10.0), label: Label::math("t = 10") }],
        regions: vec![Region {
            extent: Extent::Polygon(vec![(1.0, -4e-6), (90.0, -1e-6), (90.0, -8e-6), (1.0, -8e-6)]),
            label: Label::text("excluded"),
            colour: 5,
        }],
        legend: Legend::Direct,
    }
}

fn region() -> HeatMap {
    let row = |w: f64| sampled(-6.0, 6.0, 61, |z| w * sigmoid_slope(z)).into_iter().map(|p| p.1).collect();
    HeatMap {
        title: "Where the factor exceeds 1".into(),
        description: "The factor exceeds 1 only for weights above 4, in a band around 0 that widens with the weight."
            .into(),
        x: Axis::linear(Label::mixed("pre-activation $z$")).within(-6.0, 6.0),
        y: Axis::linear(Label::math("w_h")).within(0.0, 12.0),
        values: (0..=48).map(|i| row(f64::from(i) / 4.0)).collect(),
        sampling: Sampling::Field,
        colouring: Colouring::Around(1.0),
        contours: vec![(1.0, Label::mixed("factor $=1$"))],
        notes: vec![(0.0, 9.5, Label::text("explodes")), (-4.5, 7.0, Label::text("vanishes"))],
        legend: Label::math(r"w_h \sigma'(z)"),
    }
}

fn lags() -> HeatMap {
    let cell = |t: i32, j: i32| if j > t { f64::NAN } else { 0.8_f64.powi(t - j) };
    HeatMap {
        title: "How far each step is felt".into(),
        description: "The derivative of each state by each earlier one; it fades away from the diagonal.".into(),
        x: Axis::linear(Label::math("j")),
        y: Axis::linear(Label::math("t")),
        values: (0..12).map(|t| (0..12).map(|j| cell(t, j)).collect()).collect(),
        colouring: Colouring::Rising,
        legend: Label::math(r"\partial h_t/\partial h_j"),
        ..HeatMap::default()
    }
}

fn lattice() -> Lattice {
    let path = |label: &str, points: &[(usize, usize)], colour| LatticePath {
        label: Label::text(label),
        points: points.to_vec(),
        colour,
    };
    Lattice {
        title: "Paths through stacked layers".into(),
        description: "Three of the paths by which the first state of the first layer reaches the last of the third."
            .into(),
        columns: (1..=5).map(|t| Label::math(&format!("t = {t}"))).collect(),
        rows: (1..=3).map(|layer| Label::text(format!("layer {layer}"))).collect(),
        paths: vec![
            path("time first", &[(0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (4, 1), (4, 2)], 0),
            path("in between", &[(0, 0), (1, 0), (2, 0), (2, 1), (3, 1), (4, 1), (4, 2)], 1),
            path("layers first", &[(0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (3, 2), (4, 2)], 2),
        ],
    }
}

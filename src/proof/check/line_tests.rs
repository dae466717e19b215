//! Evidence for functions of one letter and for limits that is accepted, and evidence that is refused.

use crate::expr::Elementary;
use crate::number::Rational;
use crate::proof::check::stage::Stage;
use crate::proof::check::{Evidence, Objection, Reason};

#[test]
fn functions_between_two_numbers() {
    let mut stage = Stage::given("x <= 2");
    let between = Reason::Enclosed(stage.expr("x"));
    stage.refuses("0 < exp(x) - 2", between.clone(), "");
    stage.give("1 <= x");
    // At 1 the last one is 0, so there is no room to spare.
    stage.tells(&between, "0 < exp(x) - 2", "0 < exp(x) - 3; 0 < exp(x) + y; 0 = exp(x) - 2; 0 <= x - 1");
}

#[test]
fn functions_from_a_zero_on() {
    let mut stage = Stage::new();
    let x = stage.expr("x");
    let from = |place: i64| Reason::FromZero(x, Rational::from(place));
    let slope = |stage: &mut Stage, how: &str| {
        stage.step(&format!("0 {how} exp(x) - 1"), from(0), &format!("0 {how} exp(x): extent"))
    };
    let claim = |stage: &mut Stage, how: &str, function: &str, place: i64, accepted: bool| {
        let (conclusion, premise) = (stage.prop(&format!("0 {how} {function}")), slope(stage, how));
        stage.expects(&Evidence { conclusion, reason: from(place), premises: vec![premise] }, accepted);
    };
    let function = "exp(x) - 1 - x";
    claim(&mut stage, "<=", function, 0, false);
    stage.give("0 <= x");
    claim(&mut stage, "<=", function, 0, true);
    claim(&mut stage, "<", function, 0, false);
    claim(&mut stage, "<=", function, 1, false);
    claim(&mut stage, "<=", "exp(x) - 2 - x", 0, false);
    stage.give("0 < x");
    claim(&mut stage, "<", function, 0, true);
    stage.refuses("0 <= exp(x) - 1 - x", from(0), "0 <= exp(x): extent");
    stage.refuses("0 <= exp(x) - 1 - x", from(0), "");
}

#[test]
fn zeros_that_are_none() {
    let mut stage = Stage::given("0 < x; x < 1");
    let from_zero = Reason::FromZero(stage.expr("x"), Rational::from(0));
    // `x log x` with 0 put in is 0, although a part of it has no value there.
    let claim = stage.step("0 <= x*log(x)", from_zero.clone(), "0 <= log(x) + 1");
    assert_eq!(stage.answer(&claim), Err(Objection::Unreplayed("a middle that may be undefined")));
    let claim = stage.step("0 <= abs(x)", from_zero, "0 <= 1");
    assert_eq!(stage.answer(&claim), Err(Objection::Wrong("the function has a corner")));
}

#[test]
fn what_is_known_of_a_letter_is_not_known_on_the_way_to_it() {
    // Where 2x >= y is known of an x, x (x - y) has a slope that is not negative there; it is below 0 for 1 and 2.
    let mut stage = Stage::given("0 <= x; 0 <= x - y + x");
    let from_zero = Reason::FromZero(stage.expr("x"), Rational::from(0));
    let claim = stage.step("0 <= x*(x - y)", from_zero, "0 <= x - y + x");
    stage.expects(&claim.premises[0], true);
    assert_eq!(stage.answer(&claim), Err(Objection::Wrong("it does not follow from the hypotheses")));
}

#[test]
fn functions_far_out() {
    let mut stage = Stage::new();
    let far = Reason::FarOut(stage.expr("x"));
    stage.refuses("0 < 1/10 - x*exp(-x)", far.clone(), "");
    stage.give("4 <= x");
    stage.tells(&far, "0 < 1/10 - x*exp(-x); 0 < x - log(x)", "0 < 1/20 - x*exp(-x); 0 < log(x) - x; 0 < 0");
    stage.give("x <= 1/10");
    stage.refuses("0 < 1/10 - x*exp(-x)", far.clone(), "");
    Stage::given("2 <= x").refuses("0 < x - log(x)", far.clone(), "");
    Stage::given("x <= -4").tells(&far, "0 < 1/10 - exp(x)", "0 < exp(x) - 1/10");
    // What is left of erf is bounded from above and from below: e^(-x²) / |x| times 0.53 to 0.57 from 3 on.
    let (true_ones, false_ones) = ("erf(x) < 1; 1 - exp(-x^2)/x < erf(x)", "1 < erf(x); 1 - exp(-x^2)/(2*x) < erf(x)");
    let mut stage = Stage::given("3 <= x");
    let far = Reason::FarOut(stage.expr("x"));
    stage.tells(&far, true_ones, false_ones);
}

#[test]
fn mean_values() {
    let mut stage = Stage::new();
    let ends = stage.exprs(["x", "y"]);
    let reason = |stage: &mut Stage, function: &str, letter: &str| {
        let [function, letter] = stage.exprs([function, letter]);
        Reason::MeanValue { function, letter, ends: (ends[0], ends[1]) }
    };
    let (sines, steepest) = ("abs(sin(x) - sin(y))", "abs(cos(z)) <= 1: extent");
    let sin = reason(&mut stage, "sin(z)", "z");
    let (cos, other) = (reason(&mut stage, "cos(z)", "z"), reason(&mut stage, "sin(z)", "x"));
    stage.accepts(&format!("{sines} <= abs(x - y)"), sin.clone(), steepest);
    stage.refuses(&format!("{sines} < abs(x - y)"), sin.clone(), steepest);
    stage.refuses(&format!("{sines} <= abs(x - y)"), cos, steepest);
    stage.refuses(&format!("{sines} <= abs(x - y)"), other, steepest);
    stage.refuses(&format!("{sines} <= abs(x - y)/2"), sin.clone(), "abs(cos(z)) <= 1/2: extent");
    // On each side of its corner the rectifier has a slope.
    let (relu, claim) = (reason(&mut stage, "relu(z)", "z"), "abs(relu(x) - relu(y)) <= abs(x - y)");
    stage.accepts(claim, relu.clone(), "abs(1) <= 1; abs(0) <= 1");
    stage.refuses(claim, relu, "abs(1) <= 1");
    stage.give("0 <= z");
    stage.refuses(&format!("{sines} <= abs(x - y)"), sin, steepest);
}

#[test]
fn means_of_convex_functions() {
    let mut stage = Stage::new();
    let [x, y, one, middle] = stage.exprs(["x", "y", "1", "(x + y)/2"]);
    let reason = |stage: &mut Stage, function, weights: [&str; 2]| {
        let [a, b] = stage.exprs(weights);
        Reason::Jensen { function, mean: (one, middle), values: vec![(a, x), (b, y)] }
    };
    let (low, high) = ("exp((x + y)/2)", "(exp(x) + exp(y))/2");
    let (weak, halves) = (format!("{low} <= {high}"), ["1/2", "1/2"]);
    let weighed = |[a, b]: [&str; 2]| format!("0 <= {a}; 0 <= {b}");
    let exp = reason(&mut stage, Elementary::Exp, halves);
    stage.accepts(&weak, exp.clone(), &weighed(halves));
    stage.refuses(&format!("{high} <= {low}"), exp.clone(), &weighed(halves));
    stage.refuses(&format!("{low} < {high}"), exp.clone(), &weighed(halves));
    stage.refuses(&weak, exp, "");
    for (function, weights) in
        [(Elementary::Cosh, halves), (Elementary::Exp, ["1/3", "2/3"]), (Elementary::Exp, ["-1/2", "3/2"])]
    {
        let other = reason(&mut stage, function, weights);
        stage.refuses(&weak, other, &weighed(weights));
    }
    let (below, above) = ("(tanh(x) + tanh(y))/2", "tanh((x + y)/2)");
    let tanh = reason(&mut stage, Elementary::Tanh, halves);
    for (given, accepted) in [("", false), ("0 <= x", false), ("0 <= y", true)] {
        stage.give(given);
        let claim = stage.step(&format!("{below} <= {above}"), tanh.clone(), &weighed(halves));
        stage.expects(&claim, accepted);
    }
    stage.refuses(&format!("{above} <= {below}"), tanh, &weighed(halves));
}

#[test]
fn extreme_values_far_out() {
    let mut stage = Stage::new();
    let far = |downward| Reason::Approached { downward };
    let (high, grown, low) = ("sup(x, sigmoid(x))", "sup(x, exp(x))", "inf(x, exp(x))");
    let [up, no] = [
        format!("1 <= {high}; 0 < {high}; {grown} = oo"),
        format!("1 < {high}; {high} <= 1; {high} = oo; {high} = 1; {low} <= 0"),
    ];
    stage.tells(&far(false), &up, &no);
    stage.tells(&far(true), &format!("{low} <= 0"), &format!("1 <= {high}"));
}

#[test]
fn limits_by_growth() {
    Stage::new().tells(
        &Reason::Limit,
        "lim(x, oo, x*exp(-x)) = 0; lim(x, oo, softplus(x) - x) = 0; lim(x, oo, sin(x)/x) = 0;
         lim(x, oo, exp(x)) = oo; lim(x, oo, (a*x + 1)/x) = a; lim(x, 0, sin(x)/x) = 1",
        "lim(x, oo, x*exp(-x)) = 1; lim(x, oo, softplus(x) - x) = oo; lim(x, oo, sin(x)) = 0;
         lim(x, oo, exp(-x)) = oo; lim(x, oo, (a*x + 1)/x) = 1; lim(x, 0, sin(x)/x) = 0;
         lim(x, 0, 1/x) = oo; lim(x, oo, a*x + 1) = oo; lim(x, 0, exp(x)) = 2",
    );
}

#[test]
fn limits_of_sums_of_powers() {
    let (small, other) = ("abs(r) < 1", "abs(r) <= 1");
    for (body, value, premise, given, accepted) in [
        ("r^n", "0", small, small, true),
        ("n^2*r^n", "0", small, small, true),
        ("1 - r^n", "1", small, small, true),
        ("(-1)^n/n", "0", "", "", true),
        ("2^n*c", "oo", "0 < c", "0 < c", true),
        ("r^n", "0", small, "", false),
        ("1 - r^n", "0", small, small, false),
        ("n^2*r^n", "0", other, other, false),
        ("r^n", "0", other, other, false),
        ("(-1)^n", "0", "", "", false),
        ("2^n*c", "oo", "", "", false),
        ("r^n", "oo", "0 < c", "0 < c", false),
        ("2^n*c", "oo", "c != 0", "c != 0", false),
    ] {
        let mut stage = Stage::given(given);
        let claim = stage.step(&format!("lim(n, oo, {body}) = {value}"), Reason::Sequence, premise);
        stage.expects(&claim, accepted);
    }
}

#[test]
fn limits_of_products() {
    Stage::new().tells(
        &Reason::Sequence,
        "lim(n, oo, prod(k, 1, n, sigmoid(x_k)/2)) = 0; lim(n, oo, prod(k, 1, n, 1/2)) = 0",
        "lim(n, oo, prod(k, 1, n, sigmoid(x_k))) = 0; lim(n, oo, prod(k, 1, n, exp(x_k)/2)) = 0",
    );
}

#[test]
fn limits_through_a_closed_form() {
    let mut stage = Stage::given("abs(r) < 1");
    let sum = "lim(n, oo, sum(k, 0, n, r^k))";
    for (body, value, accepted) in [
        ("(1 - r^(n + 1))/(1 - r)", "1/(1 - r)", true),
        ("(1 - r^(n + 1))/(1 - r)", "1", false),
        ("1/(1 - r)", "1/(1 - r)", false),
        ("1 - r^(n + 1)", "1", false),
    ] {
        let own = stage.step(&format!("lim(n, oo, {body}) = {value}"), Reason::Sequence, "abs(r) < 1");
        let conclusion = stage.prop(&format!("{sum} = {value}"));
        stage.expects(&Evidence { conclusion, reason: Reason::WorkedOut, premises: vec![own] }, accepted);
    }
}

#[test]
fn squeezed_sequences() {
    let mut stage = Stage::new();
    let [k, n] = stage.exprs(["k", "n"]);
    let claim = |stage: &mut Stage, bound: &str, vanishing: &str, value: &str, accepted: bool| {
        let instance = stage.instance(k, n);
        let bounded = Evidence::leaf(stage.prop(&format!("abs(a_n) <= {bound}")), instance);
        let vanishing = Evidence::leaf(stage.prop(&format!("lim(n, oo, {vanishing}) = 0")), Reason::Sequence);
        let conclusion = stage.prop(&format!("lim(n, oo, a_n) = {value}"));
        let premises = vec![bounded, vanishing];
        stage.expects(&Evidence { conclusion, reason: Reason::Squeezed(n), premises }, accepted);
    };
    let (small, large): (&str, &str) = ("(1/2)^n", "2^n");
    claim(&mut stage, small, small, "0", false);
    stage.give_for_all("k", "abs(a_k) <= (1/2)^k");
    claim(&mut stage, small, small, "0", true);
    claim(&mut stage, small, small, "2", false);
    claim(&mut stage, large, large, "0", false);
    claim(&mut stage, small, large, "0", false);
    stage.give("n <= 2");
    claim(&mut stage, small, small, "0", false);
}

//! Evidence that is accepted, and the same evidence tampered with, which is refused: logic, ranges, polynomials, states.

use crate::expr::{DerivativeKind, Expr, Prop, Substitution};
use crate::number::polynomial::{Certificate, End, Monomial, Multi, Range, Rule};
use crate::number::rational::integer;
use crate::proof::check::stage::Stage;
use crate::proof::check::{Evidence, Given, Item, Objection, Reading, Reason, Span, Universal, replay};

fn node(conclusion: Prop, reason: Reason, premises: Vec<Evidence>) -> Evidence {
    Evidence { conclusion, reason, premises }
}

#[test]
fn numbers_are_apart() {
    Stage::new().tells(
        &Reason::Numbers,
        "exp(1) < 3; 2 < exp(1); pi != 3; 1/2 < exp(1/2)",
        "pi < 3; 2 < 2; 2 = 3; exp(1/2) < 1/2; 1 = 0",
    );
}

#[test]
fn what_is_supposed() {
    Stage::given("x < y; 1 <= t").tells(&Reason::Supposed, "x < y; x <= y; 0 < t", "y < x; 1 < t");
    Stage::new().tells(&Reason::Supposed, "", "x < y; 0 < t");
}

#[test]
fn identities() {
    let mut stage = Stage::new();
    stage.tells(
        &Reason::Identity,
        "(x + y)*(x - y) <= x^2 - y^2; (x + y)*(x - y) = x^2 - y^2; sigmoid(x) + sigmoid(-x) = 1;
         w*w^(t - j) = w^(t - j + 1); abs(x)^2 = x^2; sqrt(x)*sqrt(x) = x;
         sqrt(2)*sqrt(2) = 2; sqrt(2)*sqrt(3) = sqrt(6); sqrt(pi)*sqrt(pi) = pi; 1/sqrt(2) = sqrt(2)/2;
         log(1/2) = -log(2); log(x*exp(y)) = log(x) + y; exp(2*log(x) - y) = x^2*exp(-y); gelu(x) = x*(1 + erf(x/sqrt(2)))/2;
         log(6) = log(2) + log(3); log(x*y) = log(x) + log(y); log(x^2) = 2*log(x);
         sum(k, 1, n, c*a_k) = c*sum(k, 1, n, a_k)",
        "(x + y)*(x - y) < x^2 - y^2; (x + y)*(x - y) = x^2 - y^2 + 1; sigmoid(x) + sigmoid(-x) = 2*sigmoid(x);
         w^(t - j) = w^(t - j + 1); abs(x)^3 = x^3; sqrt(x^2) = x;
         sqrt(2) = -sqrt(2); sqrt(2)*sqrt(3) = 6; sqrt(2)*sqrt(3) = -sqrt(6); sqrt(6) = sqrt(pi);
         log(6) = log(2)*log(3); log(2) = log(1/2); log(x*y) = log(x) - log(y); log(x^2) = log(x)^2;
         exp(log(x)/2) = x; gelu(x) = gelu(-x); abs(x) = x; sum(k, 1, n, a_k*b_k) = sum(k, 1, n, a_k)*sum(k, 1, n, b_k);
         sum(k, 1, n, c) = n*c",
    );
    stage.give("0 <= n");
    stage.tells(&Reason::Identity, "sum(k, 1, n, c) = n*c", "");
}

#[test]
fn identities_by_what_is_known() {
    let mut stage = Stage::given("0 <= x; 0 < y; 1 <= j; j <= n");
    stage.tells(
        &Reason::Identity,
        "abs(x) = x; abs(-x) = x; abs(z/sqrt(y)) = abs(z)/sqrt(y); log(y*z) = log(y) + log(z);
         sum(k, 1, n, a_k*delta(j, k)) = a_j; sum(k, 1, n, (a_k - b_k)^2) = sum(k, 1, n, a_k^2 - 2*a_k*b_k + b_k^2)",
        "abs(z) = z; abs(x*z) = x*z; log(z) = log(y) + log(z/y) + 1; sum(k, 1, n, a_k*delta(i, k)) = a_i;
         sum(k, 1, n, (a_k - b_k)^2) = sum(k, 1, n, a_k^2 + b_k^2)",
    );
}

#[test]
fn what_has_no_value() {
    let mut stage = Stage::given("0 <= z");
    let nowhere = Reason::Nowhere(stage.expr("z"));
    stage.tells(&nowhere, "", "0 < 1/z; 0 < z");
    stage.give("z <= 0");
    stage.tells(&nowhere, "0 < 1/z; 2 < x/z", "0 < z; 0 < exp(z)");
}

#[test]
fn last_terms() {
    let mut stage = Stage::new();
    let (whole, apart) = ("sum(k, 1, n, a_k) <= x", "sum(k, 1, n - 1, a_k) + a_n <= x");
    stage.give(apart);
    let last = Reason::Replaced(stage.expr("sum(k, 1, n, a_k)"));
    let same = "sum(k, 1, n, a_k) = sum(k, 1, n - 1, a_k) + a_n: same";
    stage.refuses(whole, last.clone(), &format!("{same}; {apart}"));
    stage.give("1 <= n; sum(k, 1, n - 1, a_k) <= x");
    stage.accepts(whole, last.clone(), &format!("{same}; {apart}"));
    stage.refuses(whole, last.clone(), apart);
    stage.refuses(whole, last.clone(), &format!("{same}; sum(k, 1, n - 1, a_k) <= x"));
    let other = "sum(k, 1, n, a_k) = sum(k, 1, n - 1, a_k): same";
    stage.refuses(whole, last, &format!("{other}; sum(k, 1, n - 1, a_k) <= x"));
}

#[test]
fn ranges_by_structure() {
    let mut stage = Stage::new();
    stage.tells(
        &Reason::Extent,
        "0 < exp(x); 0 <= x^2; sigmoid(x) < 1; 0 <= x^(2*n); 0 <= sqrt(x)",
        "0 < x^2; 0 <= x; 1 < exp(x); 0 <= x^n; 0 < x^(2*n)",
    );
    stage.give("1 <= x");
    stage.tells(&Reason::Extent, "0 < x; 0 < x^n", "1 < x");
}

fn rule(rule: Rule, premises: Vec<Certificate>) -> Certificate {
    Certificate { rule, premises }
}

fn poly(terms: &[(i64, &[(usize, u32)])]) -> Multi {
    terms.iter().fold(Multi::default(), |sum, (value, monomial)| {
        sum.plus(&Multi::term(monomial.iter().copied().collect::<Monomial>(), integer(*value)), &integer(1))
    })
}

fn reading(unknowns: Vec<Expr>, ranges: Vec<Range>, numerator: Multi, certificate: Certificate) -> Reading {
    Reading {
        unknowns,
        ranges,
        magnitudes: Vec::new(),
        items: Vec::new(),
        numerator,
        denominator: Vec::new(),
        certificate,
    }
}

fn polynomial(reading: Reading) -> Reason {
    Reason::Polynomial(Box::new(reading))
}

#[test]
fn the_slope_of_the_sigmoid_by_sturm() {
    // 1 - 4 s (1 - s) as a polynomial in s: 1 - 4 s + 4 s².
    let mut stage = Stage::new();
    let ([s, x], gap) = (stage.exprs(["sigmoid(x)", "x"]), "1 - 4*sigmoid(x)*(1 - sigmoid(x))");
    let (weak, strict) = (format!("0 <= {gap}"), format!("0 < {gap}"));
    let unit = || Range::open(integer(0), integer(1));
    let with = |numerator: Multi| reading(vec![s], vec![unit()], numerator, rule(Rule::Sturm, Vec::new()));
    let right = poly(&[(1, &[]), (-4, &[(0, 1)]), (4, &[(0, 2)])]);
    stage.accepts(&weak, polynomial(with(right.clone())), "");
    // Strict for attained, a shifted constant, another certificate, another unknown.
    stage.refuses(&strict, polynomial(with(right.clone())), "");
    stage.refuses(&weak, polynomial(with(right.plus(&Multi::constant(integer(1)), &integer(1)))), "");
    let termwise = Reading { certificate: rule(Rule::Termwise, Vec::new()), ..with(right.clone()) };
    stage.refuses(&weak, polynomial(termwise), "");
    stage.refuses(&weak, polynomial(Reading { unknowns: vec![x], ..with(right) }), "");
}

#[test]
fn a_linear_unknown_at_its_ends() {
    // 4 - a u > 0 for 0 <= a < 4 and 0 < u < 1: at a = 0 it is 4, at a = 4 it is 4 - 4 u, which is not negative.
    let mut stage = Stage::given("0 <= a; a < 4");
    let unknowns = stage.exprs(["a", "sigmoid(x)"]).to_vec();
    let (gap, unit) = ("0 < 4 - a*sigmoid(x)", Range::open(integer(0), integer(1)));
    let ranges = vec![Range { low: End::Closed(integer(0)), high: End::Open(integer(4)) }, unit];
    let numerator = poly(&[(4, &[]), (-1, &[(0, 1), (1, 1)])]);
    let with = |premises: &[Rule]| {
        let premises = premises.iter().map(|own| rule(own.clone(), Vec::new())).collect();
        let ends = rule(Rule::Ends(0), premises);
        polynomial(reading(unknowns.clone(), ranges.clone(), numerator.clone(), ends))
    };
    stage.accepts(gap, with(&[Rule::Constant, Rule::Sturm]), "");
    stage.refuses(gap, with(&[Rule::Sturm, Rule::Constant]), "");
    stage.refuses(gap, with(&[Rule::Constant]), "");
    stage.given.pop();
    stage.refuses(gap, with(&[Rule::Constant, Rule::Sturm]), "");
}

#[test]
fn a_given_is_subtracted() {
    // 1 - x y z >= 0 from x y <= 1 for 0 <= z <= 1: the rest is 1 - z, times a factor of the fact.
    let mut stage = Stage::given("0 <= z; z <= 1; x*y <= 1");
    let (unknowns, relation) = (stage.exprs(["x", "y", "z"]).to_vec(), stage.relation("x*y <= 1"));
    let ranges = vec![Range::everything(), Range::everything(), Range::closed(integer(0), integer(1))];
    let with = |constant: i64, factor: &[(i64, &[(usize, u32)])]| {
        let numerator = poly(&[(constant, &[]), (-1, &[(0, 1), (1, 1)])]);
        let item = Item::Given(Given { relation, because: None, numerator, denominator: Vec::new() });
        let by = rule(Rule::Fact { fact: 0, factor: poly(factor) }, vec![rule(Rule::Sturm, Vec::new())]);
        let numerator = poly(&[(1, &[]), (-1, &[(0, 1), (1, 1), (2, 1)])]);
        polynomial(Reading { items: vec![item], ..reading(unknowns.clone(), ranges.clone(), numerator, by) })
    };
    let claim = "0 <= 1 - x*y*z";
    stage.accepts(claim, with(1, &[(1, &[(2, 1)])]), "");
    stage.refuses(claim, with(0, &[(1, &[(2, 1)])]), "");
    stage.refuses(claim, with(1, &[(-1, &[(2, 1)])]), "");
    stage.refuses(claim, with(1, &[(2, &[(2, 1)])]), "");
    stage.given.pop();
    stage.refuses(claim, with(1, &[(1, &[(2, 1)])]), "");
}

#[test]
fn connectives() {
    let mut stage = Stage::given("x < y; y < 1");
    let [a, b, weak] = ["x < y", "y < 1", "x <= y"].map(|text| stage.leaf(text));
    let [turned, not_above, last] = ["y < x", "y <= x", "1 <= y"].map(|text| stage.prop(text));
    let (p, q) = (a.conclusion.clone(), b.conclusion.clone());
    let not = |prop: &Prop| Prop::Not(Box::new(prop.clone()));
    let implies = |a: &Prop, b: &Prop| Prop::Implies(Box::new(a.clone()), Box::new(b.clone()));
    let both = Prop::And(vec![p.clone(), q.clone()]);
    let either = Prop::Or(vec![turned.clone(), p.clone()]);
    let denied = |prop: &Prop, premises: Vec<Evidence>| node(not(prop), Reason::Form, premises);
    let (not_turned, not_last) = (denied(&not_above, vec![a.clone()]), denied(&last, vec![b.clone()]));
    let rows = [
        (node(both.clone(), Reason::Form, vec![a.clone(), b.clone()]), true),
        (node(both.clone(), Reason::Form, vec![a.clone()]), false),
        (node(both, Reason::Form, vec![b.clone(), a.clone()]), false),
        (node(either.clone(), Reason::Part(1), vec![a.clone()]), true),
        (node(either, Reason::Part(0), vec![a.clone()]), false),
        (not_turned.clone(), true),
        (denied(&not_above, vec![b.clone()]), false),
        (denied(&not(&p), vec![a.clone()]), true),
        (denied(&Prop::Or(vec![not_above.clone(), last.clone()]), vec![not_turned.clone(), not_last.clone()]), true),
        (denied(&Prop::Or(vec![not_above.clone(), last.clone()]), vec![not_turned]), false),
        (denied(&Prop::And(vec![turned.clone(), last.clone()]), vec![not_last.clone()]), true),
        (denied(&implies(&p, &last), vec![a.clone(), not_last.clone()]), true),
        (denied(&implies(&p, &last), vec![not_last]), false),
        (Evidence::leaf(p.clone(), Reason::Unreplayed("a step")), false),
    ];
    rows.iter().for_each(|(evidence, accepted)| stage.expects(evidence, *accepted));
    assert_eq!(stage.answer(&rows[13].0), Err(Objection::Unreplayed("a step")));
    stage.given.clear();
    let forward = |from: &Prop, to: &Evidence| node(implies(from, &to.conclusion), Reason::Form, vec![to.clone()]);
    let contrary = denied(&p, vec![stage.leaf("y <= x")]);
    let (same, parts) = (forward(&p, &a), Prop::And(vec![p.clone(), weak.conclusion.clone()]));
    let any = Prop::Or(vec![p.clone(), weak.conclusion.clone()]);
    let (weakly, each) = (forward(&weak.conclusion, &weak), Reason::EachPremise);
    let neither = denied(&p, vec![stage.leaf("y <= x")]);
    let iff = |a: &Prop| Prop::Iff(Box::new(a.clone()), Box::new(a.clone()));
    let rows = [
        (forward(&p, &weak), true),
        (forward(&weak.conclusion, &a), false),
        (node(implies(&p, &weak.conclusion), Reason::Contraposition, vec![contrary.clone()]), true),
        (node(implies(&weak.conclusion, &p), Reason::Contraposition, vec![contrary]), false),
        (node(implies(&p, &parts), Reason::EachConclusion, vec![same.clone(), forward(&p, &weak)]), true),
        (node(implies(&p, &parts), Reason::EachConclusion, vec![same.clone(), same.clone()]), false),
        (node(implies(&any, &weak.conclusion), each.clone(), vec![forward(&p, &weak), weakly.clone()]), true),
        (node(implies(&any, &weak.conclusion), each.clone(), vec![forward(&p, &weak)]), false),
        (node(implies(&any, &p), each, vec![same.clone(), weakly]), false),
        (node(implies(&p, &any), Reason::Contraposition, vec![neither.clone()]), true),
        (node(implies(&not(&p), &any), Reason::Contraposition, vec![neither]), false),
        (node(iff(&p), Reason::Form, vec![same.clone(), same.clone()]), true),
        (node(iff(&p), Reason::Form, vec![same, forward(&p, &weak)]), false),
    ];
    rows.iter().for_each(|(evidence, accepted)| stage.expects(evidence, *accepted));
}

#[test]
fn cases() {
    let mut stage = Stage::given("x != y");
    let [x, y] = stage.exprs(["x", "y"]);
    let sides = ["x < y", "y < x"].map(|side| {
        let sides = if side == "x < y" { vec![x, y] } else { vec![y, x] };
        stage.step("y != x", Reason::Law("below and apart", sides), side)
    });
    let apart = |sides: &[&Evidence]| {
        node(sides[0].conclusion.clone(), Reason::EitherSide(x, y), sides.iter().map(|&own| own.clone()).collect())
    };
    stage.expects(&apart(&[&sides[0], &sides[1]]), true);
    stage.expects(&apart(&[&sides[1], &sides[0]]), false);
    stage.given.clear();
    stage.expects(&apart(&[&sides[0], &sides[1]]), false);
    let split = Reason::Split(stage.relation("0 <= x"));
    stage.accepts("0 <= 0", split.clone(), "0 <= 0; 0 <= 0");
    stage.refuses("0 <= 0", split.clone(), "0 <= 0; 0 <= x");
    stage.refuses("0 <= 0", split, "0 <= 0");
    stage.refuses("x < y", Reason::Absurd, "");
    stage.give("t < 0; 0 <= t");
    stage.accepts("x < y", Reason::Absurd, "");
}

#[test]
fn corners() {
    // |x| is x where 0 <= x, and -x where x <= 0: in both cases x <= |x|.
    let mut stage = Stage::new();
    let (size, split) = (stage.expr("abs(x)"), Reason::Split(stage.relation("0 <= x")));
    let chosen = || Reason::Replaced(size);
    let sides = [("0 <= x; x <= x"), ("x <= 0; x <= -x: extent")].map(|text| stage.step("x <= abs(x)", chosen(), text));
    stage.give("0 <= x");
    stage.expects(&sides[0], true);
    stage.refuses("x <= abs(x)", chosen(), "x <= x");
    stage.refuses("x <= abs(x)", chosen(), "x <= 0; x <= x");
    stage.refuses("-x <= abs(x)", chosen(), "0 <= x; -x <= -x");
    stage.given.clear();
    let both = node(sides[0].conclusion.clone(), split.clone(), sides.to_vec());
    stage.expects(&sides[0], false);
    stage.expects(&both, true);
    let [first, second] = sides;
    stage.expects(&node(both.conclusion, split, vec![second, first]), false);
    // What is known of the corner is known of the value.
    stage.given = vec![stage.prop("abs(x) <= 3"), stage.prop("0 <= x")];
    stage.accepts("abs(x)^2 <= 9", chosen(), "0 <= x; x^2 <= 9: extent");
    stage.given.remove(0);
    stage.refuses("abs(x)^2 <= 9", chosen(), "0 <= x; x^2 <= 9: extent");
}

#[test]
fn orders_in_a_row() {
    let mut stage = Stage::given("abs(x) <= y; y < z");
    stage.accepts("x < z", Reason::Through, "abs(x) <= y; y < z");
    stage.accepts("abs(x) <= y", Reason::Through, "abs(x) <= y");
    stage.refuses("x < y", Reason::Through, "abs(x) <= y");
    stage.refuses("x <= z", Reason::Through, "y < z; abs(x) <= y");
    stage.refuses("z <= x", Reason::Through, "abs(x) <= y; y < z");
    stage.refuses("x <= z", Reason::Through, "");
}

#[test]
fn lemmas() {
    let mut stage = Stage::new();
    stage.accepts("sigmoid(x) < 1", Reason::WithLemmas, "sigmoid(x) < 1: extent; sigmoid(x) < 1");
    stage.refuses("sigmoid(x) < 1", Reason::WithLemmas, "sigmoid(x) < 1");
    stage.refuses("sigmoid(x) < 1", Reason::WithLemmas, "1 < sigmoid(x): extent; sigmoid(x) < 1");
    stage.refuses("sigmoid(x) < 1", Reason::WithLemmas, "");
}

#[test]
fn terms_and_laws() {
    let mut stage = Stage::new();
    let [i, k, n] = stage.exprs(["i", "k", "n"]);
    let (term, [at_i, at_n]) = (Reason::TermOfSum(vec![i]), [i, n].map(|at| stage.instance(k, at)));
    let (sum, plain) = ("x_i^2 <= sum(k, 1, n, x_k^2)", "x_i <= sum(k, 1, n, x_k)");
    stage.refuses(sum, term.clone(), "");
    stage.give("1 <= i; i <= n");
    stage.accepts(sum, term.clone(), "");
    stage.refuses("x_i <= sum(k, 1, n, x_k^2)", term.clone(), "");
    stage.refuses("x_i^2 < sum(k, 1, n, x_k^2)", term.clone(), "");
    stage.refuses(plain, term.clone(), "");
    stage.refuses("0 <= x_i", at_i.clone(), "");
    stage.give_for_all("k", "0 <= x_k");
    stage.accepts("0 <= x_i", at_i.clone(), "");
    stage.accepts(plain, term, "");
    stage.refuses("0 < x_i", at_i, "");
    stage.refuses("0 <= x_i", at_n, "");
}

#[test]
fn laws_bind_their_letters() {
    let mut stage = Stage::new();
    let [k, t] = stage.exprs(["k", "t"]);
    stage.give_for_all("k", "x_k <= y_t");
    let law = Universal::read(&mut stage.arena, &stage.given[0]).remove(0);
    assert!(law.holds(&stage.arena, t) && !law.holds(&stage.arena, k));
    // The letter outside that is put in stays apart from the one that is bound.
    let other = law.substituted(&mut stage.arena, &Substitution::from([(t, k)]));
    let at = other.at(&mut stage.arena, &Substitution::from([(other.letters[0], t)]), |_, _| true);
    assert_eq!(at, Some(stage.relation("x_t <= y_k")));
}

#[test]
fn induction_beside_a_law_of_the_same_letter() {
    let mut stage = Stage::given("0 <= t; x_0 <= 0");
    stage.give_for_all("t", "x_t <= x_(t - 1)");
    let [t, zero] = stage.exprs(["t", "0"]);
    let begins = Evidence::leaf(stage.prop("x_0 <= 0"), Reason::Supposed);
    let instance = Evidence::leaf(stage.prop("x_t <= x_(t - 1)"), stage.instance(t, t));
    let earlier = Evidence::leaf(stage.prop("x_(t - 1) <= 0"), Reason::Supposed);
    let step = node(stage.prop("x_t <= 0"), Reason::Through, vec![instance, earlier]);
    let conclusion = stage.prop("x_t <= 0");
    let evidence = node(conclusion, Reason::Induction { letter: t, least: zero }, vec![begins, step]);
    stage.expects(&evidence, true);
    // What is given of the letter itself is no law.
    stage.give("x_t <= x_(t - 1)");
    stage.expects(&evidence, false);
}

#[test]
fn products_factor_by_factor() {
    let mut stage = Stage::new();
    stage.give_for_all("k", "abs(x_k) <= r");
    let [j, k, one, t] = stage.exprs(["j", "k", "1", "t"]);
    let claim = |stage: &mut Stage, conclusion: &str| {
        let instance = stage.instance(k, j);
        let each = Evidence::leaf(stage.prop("abs(x_j) <= r"), instance);
        node(stage.prop(conclusion), Reason::Factors(Span::new(j, one, t)), vec![each])
    };
    let left = "abs(prod(k, 1, t, x_k))";
    for (given, conclusion, accepted) in [
        ("", format!("{left} <= r^t"), false),
        ("0 <= t", format!("{left} <= r^t"), true),
        ("", format!("{left} <= r^(t - 1)"), false),
        ("", format!("{left} < r^t"), false),
        ("j <= 1", format!("{left} <= r^t"), false),
    ] {
        stage.give(given);
        let own = claim(&mut stage, &conclusion);
        stage.expects(&own, accepted);
    }
}

/// `h_t = h_{t-1}² (t >= 1)`.
fn squared_state() -> Stage {
    let mut stage = Stage::new();
    stage.define("h_t", "t", "h_(t - 1)^2");
    stage.model.definitions[0].range = vec![stage.prop("1 <= t")];
    stage
}

#[test]
fn induction_over_a_state() {
    let mut stage = squared_state();
    stage.give("0 <= t; 0 <= h_0");
    let [t, before, zero, one] = stage.exprs(["t", "t - 1", "0", "1"]);
    let base = stage.leaf("0 <= h_0");
    let [step, wrong] = [t, before].map(|at| stage.step("0 <= h_t", Reason::Opened(at), "0 <= h_(t - 1)^2: extent"));
    let by = |least, premises: &[&Evidence]| {
        let premises = premises.iter().map(|&own| own.clone()).collect();
        node(step.conclusion.clone(), Reason::Induction { letter: t, least }, premises)
    };
    stage.expects(&by(zero, &[&base, &step]), true);
    stage.expects(&by(one, &[&base, &step]), false);
    stage.expects(&by(zero, &[&step, &base]), false);
    stage.expects(&by(zero, &[&base]), false);
    stage.expects(&by(zero, &[&base, &wrong]), false);
    stage.given.pop();
    stage.expects(&by(zero, &[&base, &step]), false);
}

#[test]
fn an_induction_begins_somewhere() {
    // From 0 <= 0, and 0 <= t from 0 <= t - 1, nothing follows for all t.
    let mut stage = Stage::new();
    let [letter, least] = stage.exprs(["t", "0"]);
    let reason = || Reason::Induction { letter, least };
    stage.refuses("0 <= t", reason(), "0 <= 0; 0 <= t");
    stage.give("0 <= t");
    stage.accepts("0 <= t", reason(), "0 <= 0; 0 <= t");
    stage.give("1 <= t");
    stage.refuses("0 <= t", reason(), "0 <= 0; 0 <= t");
}

#[test]
fn derivatives_worked_out() {
    // d h_t / d h_{t-1} = 2 h_{t-1}.
    let mut stage = squared_state();
    stage.give("1 <= t");
    let [member, before] = stage.exprs(["h_t", "h_(t - 1)"]);
    let slope = stage.arena.derivative(DerivativeKind::Total, member, before);
    for (value, accepted) in [("2*h_(t - 1)", true), ("h_(t - 1)", false)] {
        let (premise, value) = (stage.leaf(&format!("{value} <= {value}")), stage.expr(value));
        stage.expects(&node(Prop::at_most(slope, value), Reason::WorkedOut, vec![premise]), accepted);
    }
}

#[test]
fn values_generalized_to_letters() {
    // sigmoid(x) < 1, because a < 1 for all 0 < a < 1.
    let mut stage = Stage::new();
    let [a, s, e] = stage.exprs(["a", "sigmoid(x)", "exp(x)"]);
    stage.accepts("sigmoid(x) < 1", Reason::Generalized(vec![(a, s)]), "a < 1");
    stage.refuses("exp(x) < 1", Reason::Generalized(vec![(a, e)]), "a < 1");
    stage.give("a < 1");
    stage.refuses("sigmoid(x) < 1", Reason::Generalized(vec![(a, s)]), "a < 1");
}

#[test]
fn suprema() {
    // The supremum of the sigmoid is at most 1, and at least its value at 0.
    let mut stage = Stage::new();
    let [x, zero, one] = stage.exprs(["x", "0", "1"]);
    let (beyond, at) = (Reason::NowhereBeyond(x), Reason::ReachedAt);
    let (sup, below, reached) = ("sup(x, sigmoid(x))", "sigmoid(x) <= 1: extent", "1/2 <= sigmoid(0): same");
    stage.accepts(&format!("{sup} <= 1"), beyond.clone(), below);
    stage.refuses(&format!("{sup} < 1"), beyond.clone(), below);
    stage.refuses("sup(x, exp(x)) <= 1", beyond.clone(), below);
    stage.refuses("sup(x, exp(x)) <= 1", Reason::NowhereBeyond(zero), "exp(0) <= 1");
    stage.accepts(&format!("1/2 <= {sup}"), at(zero), reached);
    stage.refuses(&format!("1/2 <= {sup}"), at(one), reached);
    stage.refuses(&format!("1/2 < {sup}"), at(zero), reached);
    stage.give("x < 0");
    stage.refuses(&format!("{sup} <= 1"), beyond, below);
}

#[test]
fn the_largest_of_a_family() {
    // The largest x_k is at most 1 where every x_k is.
    let mut stage = Stage::new();
    let [part, at, other, k] = stage.exprs(["largestof(k, 1, n, x_k)", "i", "j", "k"]);
    let claim = |stage: &mut Stage, other: Expr, accepted: bool| {
        let instance = stage.instance(k, at);
        let each = Evidence::leaf(stage.prop("x_i <= 1"), instance);
        let conclusion = stage.prop("largestof(k, 1, n, x_k) <= 1");
        stage.expects(&node(conclusion, Reason::AtSomeIndex { part, at, other }, vec![each]), accepted);
    };
    claim(&mut stage, other, false);
    stage.give_for_all("k", "x_k <= 1");
    claim(&mut stage, other, true);
    claim(&mut stage, at, false);
    stage.give("i <= 1");
    claim(&mut stage, other, false);
}

#[test]
fn what_holds_where_sides_are_defined() {
    let mut stage = Stage::new();
    let reason = Reason::WhereDefined(vec![stage.relation("0 < x")]);
    stage.accepts("log(x) - x <= log(x) - x", reason.clone(), "log(x) - x <= log(x) - x");
    stage.refuses("y <= y", reason.clone(), "y <= y");
    stage.refuses("x <= x", reason, "x <= x");
}

#[test]
fn something_else_than_the_claim() {
    let mut stage = Stage::given("x < y");
    let (evidence, other) = (stage.leaf("x < y"), stage.prop("y < x"));
    let answer = replay(&mut stage.arena, &stage.model, &stage.given, &other, &evidence);
    assert!(matches!(answer, Err(Objection::Wrong(_))));
}

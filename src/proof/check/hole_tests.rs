//! What looks like evidence and is none: binders within others, signs of powers, values that need not exist.

use crate::expr::{Expr, Prop, Shape};
use crate::model::{Declaration, Model};
use crate::proof::check::hypotheses::{Hypotheses, letter};
use crate::proof::check::stage::Stage;
use crate::proof::check::{Evidence, Reason};

fn node(conclusion: Prop, reason: Reason, premises: Vec<Evidence>) -> Evidence {
    Evidence { conclusion, reason, premises }
}

/// Declares a family of numbers, its members where some relations hold.
fn declare(stage: &mut Stage, member: &str, index: &str, range: &str) {
    let member = stage.expr(member);
    let (symbol, ..) = Model::member(&stage.arena, member).expect("a member");
    let index = (!index.is_empty()).then(|| stage.expr(index));
    let indices = index.and_then(|index| letter(&stage.arena, index)).into_iter().collect();
    let range = stage.relations(range).into_iter().map(|own| own.prop()).collect();
    let own = Declaration { symbol, indices, shape: Shape::Scalar, signature: None, range };
    stage.model.declarations.insert(symbol, own);
}

/// A split, of which both cases are trivial: what is compared must have a value.
fn split(stage: &mut Stage, relation: &str, accepted: bool) {
    let split = Reason::Split(stage.relation(relation));
    let own = stage.step("0 <= 0", split, "0 <= 0; 0 <= 0");
    stage.expects(&own, accepted);
}

#[test]
fn products_over_ranges_that_may_be_shorter_than_empty() {
    let mut stage = Stage::new();
    let row = "prod(k, n + 1, m, x) = x^(m - n)";
    stage.tells(&Reason::Identity, "", row);
    stage.give("n <= m");
    stage.tells(&Reason::Identity, row, "");
}

#[test]
fn binders_within_others_have_letters_of_their_own() {
    let mut stage = Stage::given("0 <= n");
    stage.tells(
        &Reason::Identity,
        "sum(k, 1, n, b_k*prod(j, 1, n, a_j)) = prod(j, 1, n, a_j)*sum(k, 1, n, b_k);
         prod(k, 1, n, c*a_k) = c^n*prod(k, 1, n, a_k); prod(k, 1, n, 2*a_k + 2) = 2^n*prod(k, 1, n, a_k + 1);
         sum(k, 1, n, prod(j, k + 1, n, c)) = sum(k, 1, n, c^(n - k))",
        "sum(k, 1, n, prod(j, 1, n, a_j)) = sum(k, 1, n, a_k^n);
         prod(k, 1, n, 1 + prod(j, 1, n, a_j)) = prod(k, 1, n, 1 + a_k^n);
         prod(j, 1, n, a_j)*sum(k, 1, n, prod(j, 1, n, a_j)) = prod(j, 1, n, a_j)*sum(k, 1, n, a_k^n);
         sum(k, 1, n, b_k*sum(j, 1, n, a_j)) = sum(k, 1, n, b_k*sum(j, 1, n, a_k));
         prod(k, 1, n, sum(j, 1, n, a_k)) = sum(j, 1, n, a_j)^n",
    );
}

#[test]
fn signs_of_powers() {
    Stage::new().tells(
        &Reason::Identity,
        "(-1)^(2*n) = 1; (-x)^(2*n + 1) = -x^(2*n + 1); (-x)^(n + 2*m) = (-1)^n*x^(n + 2*m)",
        "(-x)^n = x^n; (-1)^(i*j) = 1; (-1)^(i*j*k*m*n*t) = 1; (-x)^(m*n) = (-1)^(m + n)*x^(m*n)",
    );
}

#[test]
fn a_sum_of_sums_of_a_family() {
    // Of `x_k = Σ_j k a_j a_k` the sum may be negative: the two indices are not one.
    let mut stage = Stage::new();
    stage.define("x_k", "k", "sum(j, 1, n, k*a_j*a_k)");
    stage.define("y_k", "k", "sum(j, 1, n, k*a_j^2)");
    stage.tells(&Reason::Extent, "0 <= sum(k, 1, n, y_k)", "0 <= sum(k, 1, n, x_k)");
}

#[test]
fn a_law_of_a_family_that_may_be_empty() {
    for (range, accepted) in [("", true), ("5 <= t; t <= n", false)] {
        let mut stage = Stage::new();
        declare(&mut stage, "x_t", "t", range);
        stage.give_for_all("t", "abs(x_t) <= c");
        let own = stage.step("0 <= c", Reason::Supposed, "");
        stage.expects(&own, accepted);
        split(&mut stage, "x_5 <= 0", accepted);
    }
    // A vector has a first entry, but perhaps no sixth one.
    for (entry, accepted) in [("entry(v, t)", true), ("entry(v, t + 5)", false)] {
        let mut stage = Stage::new();
        stage.give_for_all("t", &format!("abs({entry}) <= c"));
        let own = stage.step("0 <= c", Reason::Supposed, "");
        stage.expects(&own, accepted);
    }
    // Nor does a condition for all values of a letter say where the letter is.
    let mut stage = Stage::new();
    declare(&mut stage, "w_t", "t", "m <= t; t <= n");
    stage.give_for_all("t", "0 <= w_t");
    stage.refuses("m <= n", Reason::Supposed, "");
}

#[test]
fn values_that_need_not_exist() {
    let mut stage = Stage::given("0 <= p; 0 <= n");
    split(&mut stage, "z^n <= 0", true);
    split(&mut stage, "z^p <= 0", false);
    let [log, x, five] = stage.exprs(["log(x)", "x", "5"]);
    let at = stage.arena.at(log, x, five);
    let (claim, leaf) = (Prop::at_most(at, at), Evidence::leaf(Prop::at_most(at, at), Reason::Identity));
    for (of, accepted) in [("log(5)", true), ("log(x)", false)] {
        let reason = Reason::Split(stage.relation(&format!("{of} <= 0")));
        stage.expects(&node(claim.clone(), reason, vec![leaf.clone(), leaf.clone()]), accepted);
    }
    stage.define("y", "", "log(x)");
    split(&mut stage, "y <= 0", false);
    stage.give("0 < x");
    split(&mut stage, "y <= 0", true);
}

#[test]
fn an_induction_past_a_place_without_value() {
    // `t + 1/(t - 3) <= 2 + 1/(t - 3)` holds up to 2, has no value at 3, and fails at 4.
    let mut stage = Stage::given("1 <= t");
    let claim = "t + 1/(t - 3) <= 2 + 1/(t - 3)";
    let earlier = "t - 1 + 1/(t - 4) <= 2 + 1/(t - 4)";
    let [letter, two, before, one] = stage.exprs(["t", "2", "t - 1", "1"]);
    let same = |stage: &mut Stage, conclusion: &str, premise: &str| {
        let sides = stage.relation(premise);
        stage.step(conclusion, Reason::Law("same difference", vec![sides.left, sides.right]), premise)
    };
    let low = same(&mut stage, claim, "t <= 2");
    let lemma = same(&mut stage, "t - 1 <= 2", earlier);
    assert_eq!(lemma.conclusion, Prop::at_most(before, two));
    let nowhere = stage.expr("t - 3");
    let high = stage.step(claim, Reason::Nowhere(nowhere), "");
    let high = node(high.conclusion.clone(), Reason::WithLemmas, vec![lemma, high]);
    let step = node(high.conclusion.clone(), Reason::Split(stage.relation("t <= 2")), vec![low, high]);
    let base = stage.leaf("1 + 1/(1 - 3) <= 2 + 1/(1 - 3)");
    stage.expects(&base, true);
    let reason = Reason::Induction { letter, least: one };
    stage.expects(&node(step.conclusion.clone(), reason, vec![base, step.clone()]), false);
    // The step alone holds where the earlier value exists.
    let supposed = stage.prop(earlier);
    let later = stage.prop("2 <= t");
    stage.given.extend([later, supposed]);
    stage.expects(&step, true);
}

#[test]
fn letters_of_which_something_is_known() {
    // A bound on a family at its index says more of a letter than where it begins.
    let mut stage = Stage::given("0 <= t");
    let [letter, least] = stage.exprs(["t", "0"]);
    let reason = || Reason::Induction { letter, least };
    stage.accepts("0 <= t", reason(), "0 <= 0; 0 <= t");
    stage.give("5 <= n_t");
    stage.refuses("0 <= t", reason(), "0 <= 0; 0 <= t");
    // A given is no new letter.
    let mut stage = Stage::new();
    let [a, s]: [Expr; 2] = stage.exprs(["a", "sigmoid(x)"]);
    stage.accepts("sigmoid(x) < 1", Reason::Generalized(vec![(a, s)]), "a < 1");
    declare(&mut stage, "a", "", "");
    stage.refuses("sigmoid(x) < 1", Reason::Generalized(vec![(a, s)]), "a < 1");
}

#[test]
fn numbers_are_no_zeros_of_the_fields_that_are_drawn() {
    // The primes are drawn after the numbers are written.
    let mut stage = Stage::new();
    let (model, exprs) = (stage.model.clone(), stage.exprs(["2", "3"]));
    let seeds = exprs.map(|own| Hypotheses::of_claim(&mut stage.arena, &model, &[], &[own]).seed);
    assert_ne!(seeds[0], seeds[1]);
}

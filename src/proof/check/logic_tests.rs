//! Connectives: evidence that is accepted, and evidence that supposes more than it may.

use crate::expr::{Comparison, Prop};
use crate::proof::check::stage::Stage;
use crate::proof::check::{Evidence, Reason, Relation};

fn node(conclusion: &Prop, reason: Reason, premises: &[Evidence]) -> Evidence {
    Evidence { conclusion: conclusion.clone(), reason, premises: premises.to_vec() }
}

fn not(prop: &Prop) -> Prop {
    Prop::Not(Box::new(prop.clone()))
}

#[test]
fn vectors_are_ordered_in_no_way() {
    // What is not at most v in all entries is not above v in all.
    let mut stage = Stage::given("u != v");
    let [above, below, same, apart] = ["u <= v", "v < u", "u = v", "u != v"].map(|text| stage.prop(text));
    let supposed = |prop: &Prop| Evidence::leaf(prop.clone(), Reason::Supposed);
    let either = Prop::Or(vec![above.clone(), below.clone()]);
    stage.expects(&node(&either, Reason::Part(1), &[supposed(&below)]), false);
    stage.expects(&node(&not(&same), Reason::Form, &[supposed(&apart)]), true);
    let [u, v] = stage.exprs(["u", "v"]);
    for conclusion in [above.clone(), stage.prop("v <= u")] {
        let premises = [supposed(&conclusion), supposed(&conclusion)];
        stage.expects(&node(&conclusion, Reason::EitherSide(u, v), &premises), false);
        let split = Reason::Split(Relation::new(Comparison::Less, u, v));
        stage.expects(&node(&conclusion, split, &premises), false);
    }
    stage.given.push(below.clone());
    stage.expects(&supposed(&below), true);
    stage.expects(&node(&not(&above), Reason::Form, &[supposed(&below)]), false);
}

#[test]
fn a_part_of_a_conjunction_is_denied_where_the_others_hold() {
    let mut stage = Stage::given("z <= x");
    let [p, q] = ["x < y", "y <= z"].map(|text| stage.prop(text));
    let strict = stage.step("z < y", Reason::Through, "z <= x; x < y");
    let weak = stage.step("y <= x", Reason::Through, "y <= z; z <= x");
    let (without_q, without_p) =
        (node(&not(&q), Reason::Form, &[strict]), node(&not(&p), Reason::Form, std::slice::from_ref(&weak)));
    let neither = not(&Prop::And(vec![p.clone(), q.clone()]));
    stage.expects(&node(&neither, Reason::Form, std::slice::from_ref(&without_q)), true);
    stage.expects(&node(&neither, Reason::Form, std::slice::from_ref(&without_p)), true);
    stage.expects(&node(&neither, Reason::Form, &[weak]), false);
    stage.expects(&without_q, false);
    stage.expects(&without_p, false);
    let other = stage.prop("y <= x");
    stage.expects(&node(&not(&Prop::And(vec![p, other])), Reason::Form, &[without_p]), false);
}

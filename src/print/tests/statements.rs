use super::*;

#[track_caller]
fn check_claim(prop: impl Fn(&mut Arena) -> (Prop, Vec<Prop>), expected_latex: &str, expected_text: &str) {
    let mut arena = Arena::new();
    let (prop, conditions) = prop(&mut arena);
    let tree = Tree::of_claim(&arena, &prop, &conditions, &[]);
    assert_eq!(tree.latex(), expected_latex);
    assert_eq!(tree.text(), expected_text);
    check_well_formed(&tree);
}

fn less(arena: &mut Arena, left: &str, right: &str) -> Prop {
    Prop::Compare(Comparison::Less, read(arena, left), read(arena, right))
}

fn at_most(arena: &mut Arena, left: &str, right: &str) -> Prop {
    Prop::at_most(read(arena, left), read(arena, right))
}

fn equal(arena: &mut Arena, left: &str, right: &str) -> Prop {
    Prop::equal(read(arena, left), read(arena, right))
}

#[test]
fn statements() {
    check_claim(
        |a| (less(a, "(abs (p h_1 h_0))", "1"), vec![less(a, "(abs w_h)", "4")]),
        r"\left|\frac{\partial h_1}{\partial h_0}\right| < 1 \quad \text{if } \left|w_h\right| < 4",
        "|∂h_1/∂h_0| < 1  if |w_h| < 4",
    );
    check_claim(
        |a| (equal(a, "x", "y"), vec![at_most(a, "1", "t"), at_most(a, "t", "T")]),
        r"x = y \quad \text{if } 1 \le t \le T",
        "x = y  if 1 ≤ t ≤ T",
    );
    check_claim(
        |a| (equal(a, "x", "y"), vec![at_most(a, "1", "t"), less(a, "0", "x")]),
        r"x = y \quad \text{if } t \ge 1,\ x > 0",
        "x = y  if t ≥ 1, x > 0",
    );
    check_claim(
        |a| {
            (
                equal(a, "x", "y"),
                vec![less(a, "(abs x)", "1"), Prop::And(vec![at_most(a, "1", "t"), at_most(a, "t", "4")])],
            )
        },
        r"x = y \quad \text{if } \left|x\right| < 1,\ 1 \le t \le 4",
        "x = y  if |x| < 1, 1 ≤ t ≤ 4",
    );
    check_claim(
        |a| (Prop::And(vec![at_most(a, "j", "t"), at_most(a, "0", "j")]), vec![]),
        r"t \ge j \ge 0",
        "t ≥ j ≥ 0",
    );
    check_claim(
        |a| (Prop::Implies(Box::new(equal(a, "x", "0")), Box::new(less(a, "x", "y"))), vec![]),
        r"x = 0 \implies x < y",
        "x = 0 ⟹ x < y",
    );
    check_claim(|a| (Prop::Not(Box::new(equal(a, "x", "0"))), vec![]), r"x \ne 0", "x ≠ 0");
    check_claim(
        |a| {
            let s = symbol(a, "s");
            (Prop::ForAll(vec![s], Box::new(equal(a, "(@ x s)", "0"))), vec![])
        },
        r"x_s = 0 \quad \forall s",
        "x_s = 0  for all s",
    );
    check_claim(
        |a| (Prop::Compare(Comparison::Approximately, read(a, "x"), read(a, "-1/4")), vec![]),
        r"x \approx -0.25",
        "x ≈ -0.25",
    );
    check_claim(
        |a| {
            let variables = vec![read(a, "w")];
            (Prop::Proportional { left: read(a, "y"), right: read(a, "(^ w 2)"), variables }, vec![])
        },
        r"y \propto w^2 \quad \text{in } w",
        "y ∝ w²  in w",
    );
    check_claim(|a| (Prop::Integer(read(a, "t")), vec![]), r"t \in \mathbb{Z}", "t ∈ ℤ");
}

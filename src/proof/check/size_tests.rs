//! Evidence for norms, sums and derivatives that is accepted, and the same evidence tampered with, which is refused.

use crate::expr::{Branch, Comparison, DerivativeKind, Expr, Function, Prop, Shape, Slot, SymbolKind};
use crate::model::{Argument, Definition, FunctionBody};
use crate::proof::check::hypotheses::letter;
use crate::proof::check::stage::Stage;
use crate::proof::check::{Composition, Evidence, Reason, Span};

use Comparison::{Equal, Less, LessEqual};

/// `left <= right` by sizes of parts, which are bounded by themselves.
fn composed(how: Composition, left: &str, right: &str, parts: &[&str]) -> (String, Reason, String) {
    let premises: Vec<String> = parts.iter().map(|part| format!("{part} <= {part}")).collect();
    (format!("{left} <= {right}"), Reason::Composed(how), premises.join("; "))
}

impl Stage {
    #[track_caller]
    fn composes(&mut self, how: Composition, (left, right): (&str, &str), parts: &[&str], accepted: bool) {
        let (conclusion, reason, premises) = composed(how, left, right, parts);
        let evidence = self.step(&conclusion, reason, &premises);
        self.expects(&evidence, accepted);
    }
}

#[test]
fn triangles_of_numbers() {
    let mut stage = Stage::new();
    let (sizes, bound) = (["abs(x)", "abs(y)"], "abs(x) + abs(y)");
    let mut sum = |sides, parts: &[&str], accepted| stage.composes(Composition::Sum, sides, parts, accepted);
    sum(("abs(x + y)", bound), &sizes, true);
    sum(("x + y", bound), &sizes, true);
    sum(("abs(x - y)", bound), &sizes, false);
    sum(("abs(x - y)", "abs(x) - abs(y)"), &sizes, false);
    sum(("abs(x + y)", "abs(x)"), &sizes, false);
    sum(("abs(x + y)", bound), &sizes[..1], false);
    // x <= z does not bound the absolute value of x + y.
    stage.give("x <= z");
    stage.refuses("abs(x + y) <= z + abs(y)", Reason::Composed(Composition::Sum), "x <= z; abs(y) <= abs(y)");
}

#[test]
fn products_of_numbers() {
    let mut stage = Stage::new();
    let (sizes, n) = (["abs(x)", "abs(y)"], stage.expr("n"));
    stage.composes(Composition::Product, ("x*y", "abs(x)*abs(y)"), &sizes, true);
    stage.composes(Composition::Product, ("x*y", "abs(x)*abs(y)"), &["x", "y"], false);
    stage.composes(Composition::Product, ("abs(x)*abs(y)", "x*y"), &["x", "y"], false);
    let power = ("abs(x^n)", "abs(x)^n");
    stage.composes(Composition::Power(n), power, &sizes[..1], false);
    stage.give("0 <= n");
    stage.composes(Composition::Power(n), power, &sizes[..1], true);
    stage.composes(Composition::Power(n), ("abs(x^n)", "abs(x)"), &sizes[..1], false);
}

#[test]
fn sums_over_an_index() {
    let mut stage = Stage::new();
    let [n, k, j, one, zero] = stage.exprs(["n", "k", "j", "1", "0"]);
    let over = |lower, upper| Composition::Over(crate::expr::Big::Sum, Span::new(k, lower, upper));
    let sides = ("sum(k, 1, n, x_k)", "sum(k, 1, n, abs(x_k))");
    stage.composes(over(one, n), sides, &["abs(x_k)"], true);
    stage.composes(over(zero, n), sides, &["abs(x_k)"], false);
    stage.composes(over(one, k), sides, &["abs(x_k)"], false);
    // n b bounds the sum where it has n terms.
    stage.give_for_all("j", "x_j <= b");
    let claim = |stage: &mut Stage, conclusion: &str, accepted: bool| {
        let instance = stage.instance(j, k);
        let each = Evidence::leaf(stage.prop("x_k <= b"), instance);
        let conclusion = stage.prop(conclusion);
        stage.expects(&Evidence { conclusion, reason: Reason::Composed(over(one, n)), premises: vec![each] }, accepted);
    };
    claim(&mut stage, "sum(k, 1, n, x_k) <= n*b", false);
    stage.give("0 <= n");
    claim(&mut stage, "sum(k, 1, n, x_k) <= n*b", true);
    claim(&mut stage, "sum(k, 1, n, x_k) < n*b", false);
}

#[test]
fn norms_of_vectors() {
    let mut stage = Stage::new();
    for norm in ["norm", "total", "largest"] {
        let of = |part: &str| format!("{norm}({part})");
        let (u, v, whole) = (of("u"), of("v"), of("u + v"));
        stage.composes(Composition::Sum, (&whole, &format!("{u} + {v}")), &[&u, &v], true);
        stage.composes(Composition::Sum, (&whole, &u), &[&u, &v], false);
        let row = of("T(u)");
        stage.composes(Composition::MatMul, ("T(u)*v", &format!("{row}*{v}")), &[&row, &v], norm == "norm");
    }
    let parts = ["norm(u)", "largest(v)"];
    stage.composes(Composition::Sum, ("norm(u + v)", "norm(u) + largest(v)"), &parts, false);
}

#[test]
fn norms_of_products() {
    let mut stage = Stage::new();
    for (op, first, second, accepted) in [
        ("spectral", "spectral", "spectral", true),
        ("norm", "spectral", "norm", true),
        ("norm", "norm", "norm", true),
        ("radius", "spectral", "norm", true),
        ("norm", "spectral", "spectral", false),
        ("radius", "radius", "radius", false),
        ("spectral", "radius", "spectral", false),
    ] {
        let (a, b) = (format!("{first}(A)"), format!("{second}(B)"));
        stage.composes(Composition::MatMul, (&format!("{op}(A*B)"), &format!("{a}*{b}")), &[&a, &b], accepted);
    }
    let parts = ["radius(A)", "radius(B)"];
    stage.composes(Composition::Sum, ("radius(A + B)", "radius(A) + radius(B)"), &parts, false);
}

#[test]
fn norms_of_powers() {
    use crate::expr::{Big, Tensor};
    let mut stage = Stage::given("0 <= m");
    let [a, m, k, one, n] = stage.exprs(["A", "m", "k", "1", "n"]);
    let power = stage.arena.matrix_power(a, m);
    let (symbol, family) = (letter(&stage.arena, k).expect("a letter"), stage.arena.intern("C", SymbolKind::Real));
    let factor = stage.arena.member_of_shape(family, [k].into(), Shape::Matrix(n, n));
    let product = stage.arena.big(Big::Descending, symbol, one, m, factor);
    // The identity has Frobenius norm √n, so no product of matrices in order may be bounded by such norms.
    for (op, accepted) in [(Tensor::NormSpectral, true), (Tensor::Norm, false)] {
        let [size, whole, each, all] = [a, power, factor, product].map(|of| stage.arena.tensor(op, vec![of]));
        let bounds = [stage.arena.power(size, m), stage.arena.big(Big::Product, symbol, one, m, each)];
        let hows = [Composition::Power(m), Composition::Over(Big::Descending, Span::new(k, one, m))];
        for (((part, whole), bound), how) in [(size, whole), (each, all)].into_iter().zip(bounds).zip(hows) {
            let premises = vec![Evidence::leaf(Prop::at_most(part, part), Reason::Identity)];
            let conclusion = Prop::at_most(whole, bound);
            stage.expects(&Evidence { conclusion, reason: Reason::Composed(how), premises }, accepted);
        }
    }
}

#[test]
fn products_entry_by_entry() {
    let mut stage = Stage::new();
    // Beside each other, u and v are multiplied entry by entry.
    let [u, v] = stage.exprs(["u", "v"]);
    let product = stage.arena.product([u, v]);
    let whole = stage.arena.tensor(crate::expr::Tensor::Norm, vec![product]);
    let largest = "spectral(diag(u))";
    for (parts, accepted) in [(["norm(u)", "norm(v)"], true), ([largest, "norm(v)"], true), ([largest, largest], false)]
    {
        let [a, b] = stage.exprs(parts);
        let (bound, premises) =
            (stage.arena.product([a, b]), stage.leaves(&format!("{0} <= {0}; {1} <= {1}", parts[0], parts[1])));
        let conclusion = Prop::at_most(whole, bound);
        stage.expects(&Evidence { conclusion, reason: Reason::Composed(Composition::Product), premises }, accepted);
    }
}

#[test]
fn diagonal_matrices() {
    let mut stage = Stage::new();
    stage.give_for_all("j", "abs(entry(v, j)) <= b");
    let [i, j] = stage.exprs(["i", "j"]);
    let instance = stage.instance(j, i);
    let each = Evidence::leaf(stage.prop("abs(entry(v, i)) <= b"), instance);
    for (norm, accepted) in [("spectral", true), ("norm", false)] {
        let conclusion = stage.prop(&format!("{norm}(diag(v)) <= b"));
        let premises = vec![each.clone()];
        stage.expects(&Evidence { conclusion, reason: Reason::LargestEntry(i), premises }, accepted);
    }
    let (same, first) = ("abs(entry(v, i)) <= abs(entry(v, i))", "abs(entry(v, 2)) <= b");
    stage.refuses("spectral(diag(v)) <= abs(entry(v, i))", Reason::LargestEntry(i), same);
    stage.give(first);
    stage.refuses("spectral(diag(v)) <= b", Reason::LargestEntry(i), first);
}

/// The Jacobian of `h_t = f(W h_{t-1}) (t >= 1)` by `h_{t-1}`, and the slope of f.
fn vector_state(stage: &mut Stage) -> (Expr, Expr) {
    stage.give("1 <= t");
    let [t, before, n, weights] = stage.exprs(["t", "t - 1", "n", "W"]);
    let symbol = stage.arena.intern("h", SymbolKind::Real);
    let [member, earlier] = [t, before].map(|at| stage.arena.member_of_shape(symbol, [at].into(), Shape::Vector(n)));
    let inside = stage.arena.matmul([weights, earlier]);
    let f = stage.arena.intern("f", SymbolKind::Function);
    let function = Function::Declared { symbol: f, indices: Box::default() };
    let body = stage.arena.call(function.clone(), Vec::new(), vec![inside]);
    let index = letter(&stage.arena, t).expect("a letter");
    let range = vec![stage.prop("1 <= t")];
    let (indices, shape) = (vec![Argument::Letter(index)], Shape::Vector(n));
    stage.model.definitions.push(Definition { symbol, indices, components: Vec::new(), shape, range, body });
    let slope = stage.arena.call(function, vec![Slot { argument: 0, entry: Box::default() }], vec![inside]);
    (stage.arena.derivative_of_shape(DerivativeKind::Total, member, earlier, Shape::Matrix(n, n)), slope)
}

#[test]
fn jacobians_of_a_step() {
    use crate::expr::Tensor;
    let mut stage = Stage::new();
    let (derivative, slope) = vector_state(&mut stage);
    let [weights, back, g] = stage.exprs(["W", "T(W)", "g"]);
    let diagonal = stage.arena.tensor(Tensor::Diagonal, vec![slope]);
    let left = stage.arena.tensor(Tensor::NormSpectral, vec![derivative]);
    for (factors, accepted) in [
        ([diagonal, weights], true),
        ([weights, diagonal], false),
        ([diagonal, back], false),
        ([weights, weights], false),
    ] {
        let matrix = stage.arena.matmul(factors);
        let bound = Prop::at_most(stage.arena.tensor(Tensor::NormSpectral, vec![matrix]), g);
        stage.given.push(bound.clone());
        let premises = vec![Evidence::leaf(bound, Reason::Supposed)];
        let conclusion = Prop::at_most(left, g);
        stage.expects(&Evidence { conclusion, reason: Reason::WorkedOut, premises }, accepted);
    }
}

#[test]
fn sums_of_products_and_squares() {
    let mut stage = Stage::new();
    let [k, one, zero, n] = stage.exprs(["k", "1", "0", "n"]);
    let [term, a, b] = stage.exprs(["a_k*b_k", "a_k^2", "b_k^2"]);
    let reason = |lower| Reason::Law("Cauchy–Schwarz", vec![k, lower, n, term, a, b]);
    let left = "sum(k, 1, n, a_k*b_k)^2";
    let right = "sum(k, 1, n, a_k^2)*sum(k, 1, n, b_k^2)";
    let [first, second, each] = ["0 <= a_k^2: extent", "0 <= b_k^2: extent", "(a_k*b_k)^2 <= a_k^2*b_k^2: same"];
    let all = format!("{first}; {second}; {each}");
    stage.accepts(&format!("{left} <= {right}"), reason(one), &all);
    stage.refuses(&format!("{left} < {right}"), reason(one), &all);
    stage.refuses(&format!("{left} <= sum(k, 1, n, a_k^2)"), reason(one), &all);
    stage.refuses(&format!("{left} <= {right}"), reason(one), &format!("{first}; {each}"));
    stage.refuses(&format!("{left} <= {right}"), reason(zero), &all);
    for (part, accepted) in [("abs(a_k)", true), ("a_k", false)] {
        let conclusion = format!("sum(k, 1, n, {part}^2) <= sum(k, 1, n, {part})^2");
        let premises = format!("0 <= {part}: extent; {part}^2 <= {part}^2");
        let [root, square] = [part.to_owned(), format!("{part}^2")].map(|part| stage.expr(&part));
        let law = Reason::Law("square of a sum", vec![k, one, n, square, root]);
        let evidence = stage.step(&conclusion, law, &premises);
        stage.expects(&evidence, accepted);
    }
}

#[test]
fn slopes_of_case_distinctions() {
    // f is x for x > 0 and 2 x else; g is x² but for x = 0, h but for x <= 0 where x < 0 does not hold.
    let mut stage = Stage::new();
    let [x, square, twice, one, two, zero] = stage.exprs(["x", "x^2", "2*x", "1", "2", "0"]);
    let parameter = letter(&stage.arena, x).expect("a letter");
    let branch = |condition, value| Branch { condition, value };
    let distinctions = [
        (Some((Less, zero, x)), None, true),
        (Some((Less, zero, x)), Some((LessEqual, x, zero)), true),
        (Some((Equal, x, zero)), None, false),
        (Some((LessEqual, square, zero)), None, false),
        (Some((Less, x, zero)), Some((LessEqual, x, zero)), false),
    ];
    for (place, (first, second, accepted)) in distinctions.into_iter().enumerate() {
        let body = stage.arena.cases(vec![branch(first, x), branch(second, twice)]);
        let symbol = stage.arena.intern(&format!("f{place}"), SymbolKind::Function);
        stage.model.functions.insert(symbol, FunctionBody::Expression { parameters: vec![parameter], body });
        let function = Function::Declared { symbol, indices: Box::default() };
        let slope = stage.arena.call(function, vec![Slot { argument: 0, entry: Box::default() }], vec![x]);
        let worked = stage.arena.cases(vec![branch(first, one), branch(second, two)]);
        let premises = vec![Evidence::leaf(Prop::at_most(worked, two), Reason::Extent)];
        let conclusion = Prop::at_most(slope, two);
        stage.expects(&Evidence { conclusion, reason: Reason::WorkedOut, premises }, accepted);
    }
}

#[test]
fn sums_of_differences() {
    // The sum of q^k from 0 to n is (1 - q^(n + 1)) / (1 - q), where that has a value.
    let mut stage = Stage::given("0 <= q; 0 <= n");
    let closed = Reason::Replaced(stage.expr("sum(k, 0, n, q^k)"));
    let claim = |stage: &mut Stage, value: &str, accepted: bool| {
        let premises = format!("sum(k, 0, n, q^k) = {value}: same; {value} <= {value}");
        let evidence = stage.step("sum(k, 0, n, q^k) <= sum(k, 0, n, q^k)", closed.clone(), &premises);
        stage.expects(&evidence, accepted);
    };
    claim(&mut stage, "(1 - q^(n + 1))/(1 - q)", false);
    stage.give("q < 1");
    claim(&mut stage, "(1 - q^(n + 1))/(1 - q)", true);
    claim(&mut stage, "(1 - q^n)/(1 - q)", false);
    stage.given.remove(1);
    claim(&mut stage, "(1 - q^(n + 1))/(1 - q)", false);
}

#[test]
fn states_under_equations() {
    // Where each factor is 2, the state is a power of 2.
    let mut stage = Stage::given("0 <= t");
    stage.define("s_t", "t", "a_t*s_(t - 1)");
    stage.model.definitions[0].range = vec![stage.prop("1 <= t")];
    let claim = |stage: &mut Stage, value: &str, accepted: bool| {
        let evidence = stage.step(&format!("s_t <= {value}"), Reason::WorkedOut, &format!("{value} <= {value}"));
        stage.expects(&evidence, accepted);
    };
    claim(&mut stage, "2^t*s_0", false);
    stage.give_for_all("k", "a_k = 2");
    claim(&mut stage, "2^t*s_0", true);
    claim(&mut stage, "3^t*s_0", false);
    claim(&mut stage, "2^t*s_1", false);
}

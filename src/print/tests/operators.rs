use super::*;

#[test]
fn derivatives() {
    check("(d (@ L 3) w_h)", r"\frac{d L_3}{d w_h}", "dL_3/dw_h");
    check("(p (@ L 3) w_h)", r"\frac{\partial L_3}{\partial w_h}", "∂L_3/∂w_h");
    check("(p+ (@ h j) w)", r"\frac{\partial^{+} h_j}{\partial w}", "∂⁺h_j/∂w");
    check("(p (p L w) w)", r"\frac{\partial^2 L}{\partial w^2}", "∂²L/∂w²");
    check("(p (p L w) b)", r"\frac{\partial^2 L}{\partial b \partial w}", "∂²L/(∂b ∂w)");
    check("(p (+ a b) x)", r"\frac{\partial}{\partial x} (a + b)", "∂/∂x (a + b)");
    check(
        "(* (p+ h_1 w) (p L y) (p y h_1))",
        r"\frac{\partial L}{\partial y} \frac{\partial y}{\partial h_1} \frac{\partial^{+} h_1}{\partial w}",
        "∂L/∂y·∂y/∂h_1·∂⁺h_1/∂w",
    );
}

#[test]
fn gradients_have_the_shape_of_the_variable() {
    check("(d^ L v)", r"\nabla_v L", "∇_v L");
    check("(. W (d^ L v))", r"W \nabla_v L", "W ∇_v L");
    check("(. (d^ L v) (tr u))", r"(\nabla_v L) u^\top", "(∇_v L) uᵀ");
    check("(* u (d^ L v))", r"\nabla_v L \odot u", "∇_v L ⊙ u");
    check("(tr (d^ L v))", r"(\nabla_v L)^\top", "(∇_v L)ᵀ");
}

#[test]
fn big_operators() {
    check("(sum t 1 T (@ L t))", r"\sum_{t=1}^{T} L_t", "Σ_{t=1}^{T} L_t");
    check("(sum k 1 n (+ (@ x k) b))", r"\sum_{i=1}^{n} (x_i + b)", "Σ_{i=1}^{n} (x_i + b)");
    check("(+ b (sum k 1 n (@ x k)))", r"b + \sum_{i=1}^{n} x_i", "b + Σ_{i=1}^{n} x_i");
    check("(* a (prod k 1 n (@ x k)))", r"a \prod_{k=1}^{n} x_k", "a·Π_{k=1}^{n} x_k");
    check("(prod k (+ j 1) t (* w (f' (@ z k))))", r"\prod_{k=j+1}^{t} (w f'(z_k))", "Π_{k=j+1}^{t} (w·f′(z_k))");
    check("(* 1/2 (sum k 1 n (@ x k)))", r"\frac{1}{2} \sum_{i=1}^{n} x_i", "1/2·Σ_{i=1}^{n} x_i");
    check(
        "(* (sum k 1 n (@ x k)) (prod k 1 n (@ x k)))",
        r"\left(\sum_{i=1}^{n} x_i\right) \prod_{k=1}^{n} x_k",
        "(Σ_{i=1}^{n} x_i)·Π_{k=1}^{n} x_k",
    );
    check(
        "(sum t 1 T (sum j 1 t (* (p (@ L t) (@ h t)) (prod k (+ j 1) t (p (@ h k) (@ h (- k 1)))) (p+ (@ h j) w))))",
        r"\sum_{t=1}^{T} \sum_{j=1}^{t} \frac{\partial L_t}{\partial h_t} \left(\prod_{k=j+1}^{t} \frac{\partial h_k}{\partial h_{k-1}}\right) \frac{\partial^{+} h_j}{\partial w}",
        "Σ_{t=1}^{T} Σ_{j=1}^{t} ∂L_t/∂h_t·(Π_{k=j+1}^{t} ∂h_k/∂h_{k-1})·∂⁺h_j/∂w",
    );
    check("(sup x (f' x))", r"\sup_{x} f'(x)", "sup_{x} f′(x)");
    check("(max_ k 1 n (@ x k))", r"\max_{1 \le i \le n} x_i", "max_{1≤i≤n} x_i");
    check("(lim k inf (@ x k))", r"\lim_{t \to \infty} x_t", "lim_{t→∞} x_t");
}

#[test]
fn cases_and_evaluation() {
    check(
        "(cases 0 x x 0)",
        r"\begin{cases} x & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}",
        "{x if x > 0; 0 otherwise}",
    );
    check("(at (d y x) x 0)", r"\left. \frac{d y}{d x} \right|_{x=0}", "dy/dx|_{x=0}");
    check("(at (+ x y) x 0)", r"\left. x + y \right|_{x=0}", "(x + y)|_{x=0}");
}

#[test]
fn letters_are_fresh() {
    check("(+ t (sum k 1 T (@ x k)))", r"t + \sum_{j=1}^{T} x_j", "t + Σ_{j=1}^{T} x_j");
    check("(sum k 1 n (* w_i (@ x k)))", r"\sum_{j=1}^{n} w_i x_j", "Σ_{j=1}^{n} w_i·x_j");
    check(
        "(sum k 1 n (* (@ x k) (sum l 1 n (@ x l))))",
        r"\sum_{i=1}^{n} x_i \sum_{j=1}^{n} x_j",
        "Σ_{i=1}^{n} x_i·Σ_{j=1}^{n} x_j",
    );
    let mut arena = Arena::new();
    let sum = read(&mut arena, "(sum k 1 n (@ x k))");
    assert_eq!(Tree::of(&arena, sum, &["s"]).latex(), r"\sum_{s=1}^{n} x_s");
    let (_, opened) = arena.open(sum, 100).unwrap();
    assert_eq!(latex(&arena, opened), "x_k");
}

#[test]
fn deep_and_shared_expressions_are_cut() {
    let mut arena = Arena::new();
    let mut deep = read(&mut arena, "x");
    for _ in 0..20_000 {
        let call = arena.apply(Elementary::Sin, deep);
        deep = arena.subtract(call, deep);
    }
    let tree = Tree::of(&arena, deep, &[]);
    for page in [tree.latex(), tree.text(), tree.mathml()] {
        assert!(page.len() > 1 << 20 && page.len() < 1 << 24, "{}", page.len());
    }
    let (k, one) = (symbol(&mut arena, "k"), arena.one());
    let mut nested = read(&mut arena, "(@ x k)");
    for _ in 0..120 {
        let again = arena.sum([nested, one]);
        nested = arena.big(Big::Sum, k, one, again, nested);
    }
    assert!(!latex(&arena, nested).is_empty());
}

use super::*;

#[test]
fn numbers() {
    check("3", "3", "3");
    check("-3/4", r"-\frac{3}{4}", "-3/4");
    check("(* 2 pi)", r"2 \pi", "2·π");
    check("(- inf)", r"-\infty", "-∞");
}

#[test]
fn sums_have_signs_and_an_order() {
    check("(- a b)", "a - b", "a - b");
    check("(+ (- b) a)", "a - b", "a - b");
    check("(- (- a) b)", "-a - b", "-a - b");
    check("(- a (+ b c))", "a - (b + c)", "a - (b + c)");
    check("(+ -1 x)", "x - 1", "x - 1");
    check("(+ 1 x)", "x + 1", "x + 1");
    check("(- 1 (^ x 2))", "1 - x^2", "1 - x²");
    check("(+ (* a (^ x 2)) c (* b x))", "a x^2 + b x + c", "a·x² + b·x + c");
    check("(+ 1 (* -2 x) (^ x 2))", "x^2 - 2 x + 1", "x² - 2·x + 1");
    check("(+ 1 (exp (- z)))", "1 + e^{-z}", "1 + e^{-z}");
    check("(- (- t 1) k)", "t - k - 1", "t - k - 1");
    check("(+ (* w_i (@ x t)) (* w_h (@ h (- t 1))) b)", "w_i x_t + w_h h_{t-1} + b", "w_i·x_t + w_h·h_{t-1} + b");
}

#[test]
fn products_and_fractions() {
    check("(* 1/2 x)", r"\frac{x}{2}", "x/2");
    check("(* -3/4 x)", r"-\frac{3 x}{4}", "-3·x/4");
    check("(* 1/2 (^ (- y x) 2))", r"\frac{1}{2} (y - x)^2", "1/2·(y - x)²");
    check("(* 1/2 (+ a b))", r"\frac{a + b}{2}", "(a + b)/2");
    check("(/ a b)", r"\frac{a}{b}", "a/b");
    check("(/ 1 (* a b))", r"\frac{1}{a b}", "1/(a·b)");
    check("(* a (^ b -1) (^ c -2))", r"\frac{a}{b c^2}", "a/(b·c²)");
    check("(/ (- a b) (+ c d_1))", r"\frac{a - b}{c + d_1}", "(a - b)/(c + d_1)");
    check("(* -1 (+ a b))", "-(a + b)", "-(a + b)");
    check("(* x x)", "x^2", "x²");
    check("(* 2 (^ 3 n))", r"2 \cdot 3^n", "2·3^n");
    check("(* x (- 1 x))", "x (1 - x)", "x·(1 - x)");
    check("(* f_t (- 1 f_t))", r"f_t \cdot (1 - f_t)", "f_t·(1 - f_t)");
    check("(* d x)", r"d \cdot x", "d·x");
    check("(/ (abs w_h) 4)", r"\frac{\left|w_h\right|}{4}", "|w_h|/4");
}

#[test]
fn powers_and_roots() {
    check("(sqrt x)", r"\sqrt{x}", "√x");
    check("(sqrt (+ a b))", r"\sqrt{a + b}", "√(a + b)");
    check("(^ x 3/2)", "x^{3/2}", "x^{3/2}");
    check("(^ x -1/2)", r"\frac{1}{\sqrt{x}}", "1/√x");
    check("(^ (/ a b) t)", r"\left(\frac{a}{b}\right)^t", "(a/b)^t");
    check("(^ (- 2) n)", "(-2)^n", "(-2)^n");
    check("(^ 1/2 n)", r"\left(\frac{1}{2}\right)^n", "(1/2)^n");
    check("(^ (^ x a) b)", "(x^a)^b", "(x^a)^b");
    check("(^ (@ h t) 2)", "h_t^2", "h_t²");
    check("(^ w (- t k))", "w^{t-k}", "w^{t-k}");
}

#[test]
fn calls() {
    check("(f x)", "f(x)", "f(x)");
    check("(f' z)", "f'(z)", "f′(z)");
    check("(f'' z)", "f''(z)", "f″(z)");
    check("(f'''' z)", "f^{(4)}(z)", "f^(4)(z)");
    check("(^ (f z) 2)", "f(z)^2", "f(z)²");
    check("(^ (tanh z) 2)", r"\tanh^2(z)", "tanh²(z)");
    check("(^ (tanh z) a)", r"(\tanh(z))^a", "(tanh(z))^a");
    check("(sigmoid z)", r"\sigma(z)", "σ(z)");
    check("(* (sigmoid z) (- 1 (sigmoid z)))", r"\sigma(z) (1 - \sigma(z))", "σ(z)·(1 - σ(z))");
    check("(f (/ a b))", r"f\left(\frac{a}{b}\right)", "f(a/b)");
    check("(exp (* -1/2 (^ x 2)))", "e^{-x^2/2}", "e^{-x²/2}");
    check("(exp (sum k 1 n (@ x k)))", r"\exp\left(\sum_{i=1}^{n} x_i\right)", "exp(Σ_{i=1}^{n} x_i)");
    check("(abs (/ a b))", r"\left|\frac{a}{b}\right|", "|a/b|");
    check("(f.2 x h w)", r"\frac{\partial f(x, h, w)}{\partial h}", "∂f(x, h, w)/∂h");
    check("(f.12 x h)", r"\frac{\partial^2 f(x, h)}{\partial x \partial h}", "∂²f(x, h)/(∂x ∂h)");
    check("(f.2 x (+ h w))", r"\partial_2 f(x, h + w)", "∂_2f(x, h + w)");
    check("(f.112 (- x) h)", r"\partial_1^2 \partial_2 f(-x, h)", "∂_1²∂_2f(-x, h)");
    check("(delta i j)", r"\delta_{ij}", "δ_ij");
    check("(max x y)", r"\max(x, y)", "max(x, y)");
    check("(ReLU x)", r"\operatorname{ReLU}(x)", "ReLU(x)");
}

#[test]
fn names_and_indices() {
    check("(@ x_s t)", "x_{s,t}", "x_{s,t}");
    check(r"(@ \hat{y} t)", r"\hat{y}_t", "y\u{302}_t");
    check("(@ a^f t)", "a_t^f", "a_t^f");
    check(r"(@ h^{[\cdot]} t)", "h^{[t]}", "h^[t]");
    check(r"(@ a^{f}_{\cdot} t)", "a_t^f", "a_t^f");
    check(r"(@ w^{\cdot}_{\cdot} l t)", "w_t^l", "w_t^l");
    check(r"\mathbf{W}_{hh}", r"\mathbf{W}_{hh}", "𝐖_hh");
    check(r"\alpha", r"\alpha", "α");
    check(r"(* \alpha \beta)", r"\alpha \beta", "α·β");
    check("(@ w j k)", "w_{j,k}", "w_{j,k}");
    check("(_ (@ h_v t) j)", "h_{v,t,j}", "h_{v,t,j}");
}

#[test]
fn declared_letters_are_not_taken_for_known_functions() {
    let mut arena = Arena::new();
    arena.intern(r"\sigma", SymbolKind::Function);
    arena.intern(r"\delta", SymbolKind::Real);
    let sigmoid = read(&mut arena, "(sigmoid x)");
    assert_eq!(latex(&arena, sigmoid), r"\operatorname{sigmoid}(x)");
    let delta = read(&mut arena, "(delta i j)");
    assert_eq!(text(&arena, delta), "{1 if i = j; 0 otherwise}");
}

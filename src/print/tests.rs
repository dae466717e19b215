use crate::expr::{
    Arena, Big, Branch, Comparison, DerivativeKind, Elementary, Expr, Extremum, Function, Prop, Shape, Slot, SymbolId,
    SymbolKind, Tensor,
};
use crate::number::rational;
use crate::print::{Tree, latex, mathml, text};

/// A form as read: a word, or a list in parentheses.
enum Form {
    Word(String),
    List(Vec<Form>),
}

/// Reads `(+ a (* 2 b))` into an arena. `A`, `B`, `W` are matrices, `u`, `v` vectors, the rest numbers;
/// `(@ h t)` is a member, `(_ W i j)` an entry, `(f' x)` a derivative, `(f.2 x h)` one by the second slot.
fn read(arena: &mut Arena, source: &str) -> Expr {
    let spaced = source.replace('(', " ( ").replace(')', " ) ");
    let mut stack = vec![Vec::new()];
    for word in spaced.split_whitespace() {
        match word {
            "(" => stack.push(Vec::new()),
            ")" => {
                let list = Form::List(stack.pop().unwrap());
                stack.last_mut().unwrap().push(list);
            }
            _ => stack.last_mut().unwrap().push(Form::Word(word.to_owned())),
        }
    }
    let [form] = &stack[0][..] else { panic!("one form, not {source}") };
    build(arena, form)
}

fn word(form: &Form) -> &str {
    let Form::Word(word) = form else { panic!("a word is expected") };
    word
}

fn symbol(arena: &mut Arena, name: &str) -> SymbolId {
    if let Some(known) = arena.find(name) {
        return known;
    }
    let kind = if "nTtkjis".contains(name) { SymbolKind::Integer } else { SymbolKind::Real };
    let id = arena.intern(name, kind);
    let shape = match name {
        "A" | "B" | "W" => {
            let n = read(arena, "n");
            Shape::Matrix(n, n)
        }
        "u" | "v" | "h_v" => Shape::Vector(read(arena, "n")),
        _ => Shape::Scalar,
    };
    arena.declare(id, kind, shape);
    id
}

fn build(arena: &mut Arena, form: &Form) -> Expr {
    let list = match form {
        Form::List(list) => list,
        Form::Word(word) => {
            if let Some((above, below)) = word.split_once('/')
                && let (Ok(above), Ok(below)) = (above.parse(), below.parse())
            {
                return arena.number(rational::fraction(above, below).unwrap());
            }
            return match (word.parse::<i64>(), word.as_str()) {
                (Ok(n), _) => arena.integer(n),
                (_, "pi") => arena.pi(),
                (_, "inf") => arena.infinity(),
                (_, name) => {
                    let id = symbol(arena, name);
                    arena.symbol(id)
                }
            };
        }
    };
    let head = word(&list[0]);
    let rest = &list[1..];
    if let Some(op) = big(head) {
        let letter = symbol(arena, word(&rest[0]));
        let parts: Vec<Expr> = rest[1..].iter().map(|form| build(arena, form)).collect();
        return arena.big(op, letter, parts[0], parts[1], parts[2]);
    }
    match head {
        "@" => {
            let id = symbol(arena, word(&rest[0]));
            let indices = rest[1..].iter().map(|form| build(arena, form)).collect();
            return arena.member(id, indices);
        }
        "sup" | "max_" | "lim" => {
            let letter = symbol(arena, word(&rest[0]));
            let parts: Vec<Expr> = rest[1..].iter().map(|form| build(arena, form)).collect();
            return match head {
                "sup" => arena.extremum(Extremum::Supremum, letter, None, parts[0]),
                "max_" => arena.extremum(Extremum::Supremum, letter, Some((parts[0], parts[1])), parts[2]),
                _ => arena.limit(letter, true, parts[0], parts[1]),
            };
        }
        _ => {}
    }
    let parts: Vec<Expr> = rest.iter().map(|form| build(arena, form)).collect();
    form_of(arena, head, parts)
}

fn big(head: &str) -> Option<Big> {
    match head {
        "sum" => Some(Big::Sum),
        "prod" => Some(Big::Product),
        "asc" => Some(Big::Ascending),
        "desc" => Some(Big::Descending),
        _ => None,
    }
}

fn form_of(arena: &mut Arena, head: &str, parts: Vec<Expr>) -> Expr {
    let tensor = |op: Tensor| move |arena: &mut Arena, parts: Vec<Expr>| arena.tensor(op, parts);
    match head {
        "+" => arena.sum(parts),
        "-" if parts.len() == 1 => arena.negate(parts[0]),
        "-" => arena.subtract(parts[0], parts[1]),
        "*" => arena.product(parts),
        "/" => arena.divide(parts[0], parts[1]),
        "^" => arena.power(parts[0], parts[1]),
        "sqrt" => arena.sqrt(parts[0]),
        "." => arena.matmul(parts),
        "^m" => arena.matrix_power(parts[0], parts[1]),
        "tr" => arena.transpose(parts[0]),
        "_" => arena.entry(parts[0], parts[1..].to_vec()),
        "d" => arena.derivative(DerivativeKind::Total, parts[0], parts[1]),
        "d^" => {
            let shape = arena.shape(parts[1]);
            arena.derivative_of_shape(DerivativeKind::Total, parts[0], parts[1], shape)
        }
        "p" => arena.derivative(DerivativeKind::Partial, parts[0], parts[1]),
        "p+" => arena.derivative(DerivativeKind::Immediate, parts[0], parts[1]),
        "at" => arena.at(parts[0], parts[1], parts[2]),
        "delta" => arena.delta(parts[0], parts[1]),
        "row" => {
            let (one, n) = (arena.one(), arena.integer(parts.len() as i64));
            arena.literal(Shape::Matrix(one, n), parts)
        }
        "col" => {
            let n = arena.integer(parts.len() as i64);
            arena.literal(Shape::Vector(n), parts)
        }
        "eye" => arena.identity(parts[0]),
        "fill" => arena.fill(parts[0], Shape::Vector(parts[1])),
        "unit" => arena.unit(parts[0], parts[1]),
        "cases" => {
            let branch = Branch { condition: Some((Comparison::Less, parts[0], parts[1])), value: parts[2] };
            arena.cases(vec![branch, Branch { condition: None, value: parts[3] }])
        }
        "softmax" => tensor(Tensor::Softmax)(arena, parts),
        "Tr" => tensor(Tensor::Trace)(arena, parts),
        "det" => tensor(Tensor::Determinant)(arena, parts),
        "diag" => tensor(Tensor::Diagonal)(arena, parts),
        "norm" => tensor(Tensor::Norm)(arena, parts),
        "norm1" => tensor(Tensor::Norm1)(arena, parts),
        "norm2" => tensor(Tensor::NormSpectral)(arena, parts),
        "rho" => tensor(Tensor::SpectralRadius)(arena, parts),
        _ => call(arena, head, parts),
    }
}

fn call(arena: &mut Arena, head: &str, parts: Vec<Expr>) -> Expr {
    let name = head.trim_end_matches('\'');
    let mut slots = vec![Slot { argument: 0, entry: Box::default() }; head.len() - name.len()];
    let (name, by) = name.split_once('.').unwrap_or((name, ""));
    slots.extend(by.chars().map(|n| Slot { argument: n as u8 - b'1', entry: Box::default() }));
    let function = match Elementary::named(name) {
        Some(elementary) => Function::Elementary(elementary),
        None => Function::Declared { symbol: arena.intern(name, SymbolKind::Function), indices: Box::default() },
    };
    arena.call(function, slots, parts)
}

#[track_caller]
fn check(source: &str, expected_latex: &str, expected_text: &str) {
    let mut arena = Arena::new();
    let expr = read(&mut arena, source);
    let tree = Tree::of(&arena, expr, &[]);
    assert_eq!(tree.latex(), expected_latex);
    assert_eq!(tree.text(), expected_text);
    check_well_formed(&tree);
}

/// KaTeX accepts the LaTeX, and the elements of the MathML are closed in order.
#[track_caller]
fn check_well_formed(tree: &Tree) {
    let settings = katex::Settings::default();
    let page = katex::render_to_string(&katex::KatexContext::default(), &tree.latex(), &settings);
    assert!(page.is_ok_and(|page| !page.contains("katex-error")), "{}", tree.latex());
    let mathml = tree.mathml();
    let mut open = Vec::new();
    for tag in mathml.split('<').skip(1).map(|rest| rest.split('>').next().unwrap()) {
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "{mathml}"),
            None => open.push(tag.split(' ').next().unwrap()),
        }
    }
    assert_eq!(open, Vec::<&str>::new(), "{mathml}");
}

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
fn matrices() {
    check("(. W v)", "W v", "W v");
    check("(+ (. W v) u)", "W v + u", "W v + u");
    check("(. (tr W) (* u (f' v)))", r"W^\top (u \odot f'(v))", "Wᵀ (u ⊙ f′(v))");
    check("(* (. (tr W) u) (f' v))", r"(W^\top u) \odot f'(v)", "(Wᵀ u) ⊙ f′(v)");
    check("(* 2 u v)", r"2 u \odot v", "2·u ⊙ v");
    check("(. (+ A B) v)", "(A + B) v", "(A + B) v");
    check("(. (tr u) v)", r"u^\top v", "uᵀ v");
    check("(. u (tr v))", r"u v^\top", "u vᵀ");
    check("(* a (. (tr u) v))", r"a u^\top v", "a·uᵀ v");
    check("(* (. (tr u) v) u)", r"(u^\top v) u", "(uᵀ v)·u");
    check("(* (/ 1 n) (. W v))", r"\frac{W v}{n}", "W v/n");
    check("(^m W -1)", "W^{-1}", "W⁻¹");
    check("(^m (tr W) -1)", r"W^{-\top}", "W⁻ᵀ");
    check("(tr (^m W -1))", r"(W^{-1})^\top", "(W⁻¹)ᵀ");
    check("(^m W T)", r"W^{1 \cdot T}", "W^{1·T}");
    check("(^ W 2)", r"W \odot W", "W ⊙ W");
    check("(^ v 2)", "v^2", "v²");
    check("(- 1 (^ v 2))", "1 - v^2", "1 - v²");
    check("(_ W i j)", "W_{ij}", "W_ij");
    check("(_ W 1 2)", "W_{1,2}", "W_{1,2}");
    check("(_ (. W v) i)", "(W v)_i", "(W v)_i");
    check("(_ (softmax v) i)", r"\operatorname{softmax}(v)_i", "softmax(v)_i");
    check("(. (tr (unit i n)) v)", r"e_i^\top v", "e_iᵀ v");
    check("(fill 1 n)", r"\mathbf{1}", "𝟏");
    check("(fill a n)", r"a \mathbf{1}", "a·𝟏");
    check("(eye n)", "I", "I");
    check("(Tr (. A B))", r"\operatorname{Tr}(A B)", "Tr(A B)");
    check("(det A)", r"\det(A)", "det(A)");
    check("(. (diag v) W)", r"\operatorname{diag}(v) W", "diag(v) W");
    check("(^ (norm v) 2)", r"\left\|v\right\|^2", "‖v‖²");
    check("(norm W)", r"\left\|W\right\|_F", "‖W‖_F");
    check("(norm1 v)", r"\left\|v\right\|_1", "‖v‖_1");
    check("(norm2 W)", r"\left\|W\right\|_2", "‖W‖_2");
    check("(rho W)", r"\rho(W)", "ρ(W)");
    check("(row 1 x)", r"\begin{bmatrix} 1 & x \end{bmatrix}", "[1, x]");
    check("(col 1 x)", r"\begin{bmatrix} 1 \\ x \end{bmatrix}", "[1; x]");
    check("(asc k 1 T (@ W k))", r"\prod_{t=1}^{T} W_t", "Π_{t=1}^{T} W_t");
    check("(desc k (+ j 1) t (@ W k))", r"\prod_{k=t}^{j+1} W_k", "Π_{k=t}^{j+1} W_k");
    check("(. (desc k 1 t (@ W k)) v)", r"\left(\prod_{k=t}^{1} W_k\right) v", "(Π_{k=t}^{1} W_k) v");
    check("(asc k 1 T W)", r"\prod_{t=1}^{T} (W)", "Π_{t=1}^{T} (W)");
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
fn superscript_families() {
    let mut arena = Arena::new();
    let name = arena.intern(r"h^{(\cdot)}", SymbolKind::Real);
    let n = arena.integer(3);
    arena.declare(name, SymbolKind::Real, Shape::Vector(n));
    let t = read(&mut arena, "(- t 1)");
    let member = arena.member(name, vec![t]);
    let two = arena.integer(2);
    let entry = arena.entry(member, vec![two]);
    let square = arena.power(entry, two);
    assert_eq!(latex(&arena, square), "(h_2^{(t-1)})^2");
    assert_eq!(text(&arena, square), "(h_2^(t-1))²");
    let pair = arena.intern(r"w_{\cdot,\cdot}", SymbolKind::Real);
    let member = arena.member(pair, vec![two, t]);
    assert_eq!(latex(&arena, member), "w_{2,t-1}");
    assert_eq!(mathml(&arena, two), "<math><mn>2</mn></math>");
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

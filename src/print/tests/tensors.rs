use super::*;

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

//! Mathematical characters of Unicode, and the LaTeX for them.

/// Pairs of a character and its LaTeX; full-width punctuation stands here too.
#[rustfmt::skip]
const TABLE: &[(char, &str)] = &[
    ('−', "-"), ('–', "-"), ('·', r"\cdot"), ('⋅', r"\cdot"), ('∙', r"\cdot"), ('•', r"\cdot"), ('×', r"\times"),
    ('÷', r"\div"), ('∕', "/"), ('∗', r"\ast"), ('⋆', r"\star"), ('⊙', r"\odot"), ('⊘', r"\oslash"), ('∘', r"\circ"), ('⊗', r"\otimes"),
    ('⊕', r"\oplus"), ('±', r"\pm"), ('∓', r"\mp"), ('∂', r"\partial"), ('∇', r"\nabla"), ('∞', r"\infty"),
    ('⊤', r"\top"), ('⊥', r"\perp"), ('∅', r"\emptyset"), ('†', r"\dagger"), ('ℓ', r"\ell"), ('ħ', r"\hbar"),
    ('∑', r"\sum"), ('∏', r"\prod"), ('∫', r"\int"), ('√', r"\sqrt"), ('¬', r"\neg"), ('∀', r"\forall"),
    ('∃', r"\exists"), ('≤', r"\le"), ('≥', r"\ge"), ('⩽', r"\le"), ('⩾', r"\ge"), ('≠', r"\ne"), ('≈', r"\approx"),
    ('≃', r"\simeq"), ('≡', r"\equiv"), ('∼', r"\sim"), ('∝', r"\propto"), ('∈', r"\in"), ('∉', r"\notin"),
    ('⊂', r"\subset"), ('⊆', r"\subseteq"), ('≪', r"\ll"), ('≫', r"\gg"), ('≔', r"\coloneqq"), ('≜', r"\triangleq"),
    ('→', r"\to"), ('⟶', r"\to"), ('←', r"\leftarrow"), ('↦', r"\mapsto"), ('⇒', r"\implies"), ('⟹', r"\implies"),
    ('⇐', r"\impliedby"), ('⇔', r"\iff"), ('⟺', r"\iff"), ('∧', r"\land"), ('∨', r"\lor"), ('∣', r"\mid"),
    ('∥', r"\|"), ('‖', r"\|"), ('⟨', r"\langle"), ('⟩', r"\rangle"), ('⌊', r"\lfloor"), ('⌋', r"\rfloor"),
    ('⌈', r"\lceil"), ('⌉', r"\rceil"), ('…', r"\dots"), ('⋯', r"\cdots"), ('⋮', r"\vdots"), ('⋱', r"\ddots"),
    ('′', "'"), ('″', "''"), ('’', "'"), ('ℝ', r"\mathbb{R}"), ('ℕ', r"\mathbb{N}"), ('ℤ', r"\mathbb{Z}"),
    ('ℚ', r"\mathbb{Q}"), ('ℂ', r"\mathbb{C}"), ('𝔼', r"\mathbb{E}"), ('ℒ', r"\mathcal{L}"), ('ℓ', r"\ell"),
    ('½', r"\frac{1}{2}"), ('¼', r"\frac{1}{4}"), ('¾', r"\frac{3}{4}"), ('⅓', r"\frac{1}{3}"), ('ᵀ', r"^{\top}"),
    ('⁰', "^{0}"), ('¹', "^{1}"), ('²', "^{2}"), ('³', "^{3}"), ('⁴', "^{4}"), ('⁺', "^{+}"), ('ⁿ', "^{n}"),
    ('₀', "_{0}"), ('₁', "_{1}"), ('₂', "_{2}"), ('₃', "_{3}"), ('₄', "_{4}"), ('ₜ', "_{t}"), ('ᵢ', "_{i}"),
    ('ⱼ', "_{j}"), ('ₖ', "_{k}"), ('ₙ', "_{n}"), ('，', ","), ('。', "."), ('；', ";"), ('：', ":"), ('（', "("),
    ('）', ")"), ('＝', "="), ('＋', "+"), ('－', "-"), ('＜', "<"), ('＞', ">"),
    ('α', r"\alpha"), ('β', r"\beta"), ('γ', r"\gamma"), ('δ', r"\delta"), ('ε', r"\varepsilon"), ('ϵ', r"\epsilon"),
    ('ζ', r"\zeta"), ('η', r"\eta"), ('θ', r"\theta"), ('ϑ', r"\vartheta"), ('ι', r"\iota"), ('κ', r"\kappa"),
    ('λ', r"\lambda"), ('μ', r"\mu"), ('µ', r"\mu"), ('ν', r"\nu"), ('ξ', r"\xi"), ('π', r"\pi"), ('ρ', r"\rho"),
    ('σ', r"\sigma"), ('ς', r"\varsigma"), ('τ', r"\tau"), ('υ', r"\upsilon"), ('φ', r"\varphi"), ('ϕ', r"\phi"),
    ('χ', r"\chi"), ('ψ', r"\psi"), ('ω', r"\omega"), ('Γ', r"\Gamma"), ('Δ', r"\Delta"), ('∆', r"\Delta"),
    ('Θ', r"\Theta"), ('Λ', r"\Lambda"), ('Ξ', r"\Xi"), ('Π', r"\Pi"), ('Σ', r"\Sigma"), ('Υ', r"\Upsilon"),
    ('Φ', r"\Phi"), ('Ψ', r"\Psi"), ('Ω', r"\Omega"),
];

/// The LaTeX for a character beyond ASCII, if it is a mathematical one.
pub(super) fn latex_of(c: char) -> Option<&'static str> {
    TABLE.iter().find(|(known, _)| *known == c).map(|(_, latex)| *latex)
}

/// Whether a character takes no room and means nothing: joiners, marks of invisible operators, byte order marks.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{ad}' | '\u{fe00}'..='\u{fe0f}')
}

/// Whether a character belongs to running words rather than to formulas: ideographs, kana, hangul.
pub(super) fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}')
}

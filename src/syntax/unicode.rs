//! Mathematical characters of Unicode, and the LaTeX for them.

use crate::source::glyph;

use super::ast::Relation;

/// Pairs of a character and its LaTeX, where it is no relation and no command has it for its own; full-width punctuation
/// stands here too.
#[rustfmt::skip]
const TABLE: &[(char, &str)] = &[
    ('−', "-"), ('–', "-"), ('·', r"\cdot"), ('∙', r"\cdot"), ('•', r"\cdot"), ('÷', r"\div"), ('∕', "/"),
    ('⊘', r"\oslash"), ('⊗', r"\otimes"), ('⊕', r"\oplus"), ('ħ', r"\hbar"),
    ('∫', r"\int"), ('√', r"\sqrt"), ('¬', r"\neg"), ('∀', r"\forall"), ('∃', r"\exists"), ('⇒', r"\implies"),
    ('⟹', r"\implies"), ('⇐', r"\impliedby"), ('⇔', r"\iff"), ('⟺', r"\iff"), ('∧', r"\land"), ('∨', r"\lor"),
    ('∣', r"\mid"), ('∥', r"\|"), ('‖', r"\|"), ('⟨', r"\langle"), ('⟩', r"\rangle"), ('⌊', r"\lfloor"),
    ('⌋', r"\rfloor"), ('⌈', r"\lceil"), ('⌉', r"\rceil"), ('⋱', r"\ddots"), ('′', "'"), ('″', "''"), ('’', "'"),
    ('ℝ', r"\mathbb{R}"), ('ℕ', r"\mathbb{N}"), ('ℤ', r"\mathbb{Z}"), ('ℚ', r"\mathbb{Q}"), ('ℂ', r"\mathbb{C}"),
    ('𝔼', r"\mathbb{E}"), ('ℒ', r"\mathcal{L}"), ('½', r"\frac{1}{2}"), ('¼', r"\frac{1}{4}"),
    ('¾', r"\frac{3}{4}"), ('⅓', r"\frac{1}{3}"), ('ᵀ', r"^{\top}"), ('⁰', "^{0}"), ('¹', "^{1}"), ('²', "^{2}"),
    ('³', "^{3}"), ('⁴', "^{4}"), ('⁺', "^{+}"), ('ⁿ', "^{n}"), ('₀', "_{0}"), ('₁', "_{1}"), ('₂', "_{2}"),
    ('₃', "_{3}"), ('₄', "_{4}"), ('ₜ', "_{t}"), ('ᵢ', "_{i}"), ('ⱼ', "_{j}"), ('ₖ', "_{k}"), ('ₙ', "_{n}"),
    ('，', ","), ('。', "."), ('；', ";"), ('（', "("), ('）', ")"), ('＋', "+"), ('－', "-"), ('µ', r"\mu"),
    ('∆', r"\Delta"),
];

/// The LaTeX for a character beyond ASCII, if it is a mathematical one.
pub(super) fn latex_of(c: char) -> Option<&'static str> {
    let written = TABLE.iter().find(|(known, _)| *known == c).map(|(_, latex)| *latex);
    written.or_else(|| Relation::of_character(c).map(Relation::latex)).or_else(|| glyph::command_of(c))
}

/// Whether a character takes no room and means nothing: joiners, marks of invisible operators, byte order marks.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{ad}' | '\u{fe00}'..='\u{fe0f}')
}

/// Whether a character belongs to running words rather than to formulas: ideographs, kana, hangul.
pub(super) fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}')
}

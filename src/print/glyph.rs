//! Characters for LaTeX commands, fonts and accents.

/// The character of a letter; of an unknown command its name.
pub(super) fn letter(latex: &str) -> &str {
    let Some(command) = latex.strip_prefix('\\') else {
        return latex;
    };
    LETTERS.iter().find(|(name, _)| *name == command).map_or(command, |(_, glyph)| glyph)
}

#[rustfmt::skip]
static LETTERS: [(&str, &str); 66] = [
    ("alpha", "α"), ("beta", "β"), ("gamma", "γ"), ("delta", "δ"), ("epsilon", "ϵ"), ("varepsilon", "ε"),
    ("zeta", "ζ"), ("eta", "η"), ("theta", "θ"), ("vartheta", "ϑ"), ("iota", "ι"), ("kappa", "κ"), ("lambda", "λ"),
    ("mu", "μ"), ("nu", "ν"), ("xi", "ξ"), ("omicron", "ο"), ("pi", "π"), ("varpi", "ϖ"), ("rho", "ρ"),
    ("varrho", "ϱ"), ("sigma", "σ"), ("varsigma", "ς"), ("tau", "τ"), ("upsilon", "υ"), ("phi", "ϕ"),
    ("varphi", "φ"), ("chi", "χ"), ("psi", "ψ"), ("omega", "ω"), ("Gamma", "Γ"), ("Delta", "Δ"), ("Theta", "Θ"),
    ("Lambda", "Λ"), ("Xi", "Ξ"), ("Pi", "Π"), ("Sigma", "Σ"), ("Upsilon", "Υ"), ("Phi", "Φ"), ("Psi", "Ψ"),
    ("Omega", "Ω"), ("ell", "ℓ"), ("hbar", "ℏ"), ("imath", "ı"), ("jmath", "ȷ"), ("wp", "℘"), ("Re", "ℜ"),
    ("Im", "ℑ"), ("aleph", "ℵ"), ("infty", "∞"), ("partial", "∂"), ("nabla", "∇"), ("top", "⊤"), ("bot", "⊥"),
    ("star", "⋆"), ("ast", "∗"), ("dagger", "†"), ("prime", "′"), ("circ", "∘"), ("bullet", "•"), ("cdot", "⋅"),
    ("perp", "⊥"), ("emptyset", "∅"), ("pm", "±"), ("mp", "∓"), ("times", "×"),
];

/// The character of a letter in a font; `None` where the font is not shown or has no such letter.
pub(super) fn styled(command: &str, text: &str) -> Option<char> {
    let mut chars = text.chars();
    let (letter, None) = (chars.next()?, chars.next()) else {
        return None;
    };
    let offset = |base: u32, first: char| char::from_u32(base + u32::from(letter) - u32::from(first));
    match (command, letter) {
        ("mathbf" | "boldsymbol" | "bm", 'A'..='Z') => offset(0x1D400, 'A'),
        ("mathbf" | "boldsymbol" | "bm", 'a'..='z') => offset(0x1D41A, 'a'),
        ("mathbf" | "boldsymbol" | "bm", '0'..='9') => offset(0x1D7CE, '0'),
        ("mathcal" | "mathscr", 'A'..='Z') => offset(0x1D4D0, 'A'),
        ("mathbb", _) => {
            let (_, glyph) = BLACKBOARD.iter().find(|(own, _)| *own == letter)?;
            Some(*glyph)
        }
        _ => None,
    }
}

const BLACKBOARD: [(char, char); 7] =
    [('C', 'ℂ'), ('E', '𝔼'), ('N', 'ℕ'), ('P', 'ℙ'), ('Q', 'ℚ'), ('R', 'ℝ'), ('Z', 'ℤ')];

/// The combining character of an accent.
pub(super) fn accent(command: &str) -> Option<char> {
    ACCENTS.iter().find(|(name, ..)| *name == command).map(|&(_, combining, _)| combining)
}

/// The sign that MathML sets over a letter for an accent.
pub(super) fn accent_over(command: &str) -> Option<&'static str> {
    ACCENTS.iter().find(|(name, ..)| *name == command).map(|&(_, _, over)| over)
}

#[rustfmt::skip]
static ACCENTS: [(&str, char, &str); 11] = [
    ("hat", '\u{302}', "^"), ("widehat", '\u{302}', "^"), ("tilde", '\u{303}', "~"), ("widetilde", '\u{303}', "~"),
    ("bar", '\u{304}', "¯"), ("overline", '\u{305}', "¯"), ("dot", '\u{307}', "˙"), ("ddot", '\u{308}', "¨"),
    ("vec", '\u{20D7}', "→"), ("check", '\u{30C}', "ˇ"), ("underline", '\u{332}', "_"),
];

/// A digit, or the sign of a transpose, above the line.
pub(super) fn raised(text: &str) -> Option<&'static str> {
    RAISED.iter().find(|(own, _)| *own == text).map(|&(_, glyph)| glyph)
}

#[rustfmt::skip]
static RAISED: [(&str, &str); 11] = [
    ("0", "⁰"), ("1", "¹"), ("2", "²"), ("3", "³"), ("4", "⁴"), ("5", "⁵"), ("6", "⁶"), ("7", "⁷"), ("8", "⁸"),
    ("9", "⁹"), ("\\top", "ᵀ"),
];

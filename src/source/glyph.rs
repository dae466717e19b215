//! Characters and the commands of LaTeX for them: one table for those who read, print and draw.

/// Letters that are set in italics.
#[rustfmt::skip]
static LETTERS: &[(&str, &str)] = &[
    (r"\alpha", "α"), (r"\beta", "β"), (r"\gamma", "γ"), (r"\delta", "δ"), (r"\epsilon", "ϵ"),
    (r"\varepsilon", "ε"), (r"\zeta", "ζ"), (r"\eta", "η"), (r"\theta", "θ"), (r"\vartheta", "ϑ"), (r"\iota", "ι"),
    (r"\kappa", "κ"), (r"\lambda", "λ"), (r"\mu", "μ"), (r"\nu", "ν"), (r"\xi", "ξ"), (r"\omicron", "ο"),
    (r"\pi", "π"), (r"\varpi", "ϖ"), (r"\rho", "ρ"), (r"\varrho", "ϱ"), (r"\sigma", "σ"), (r"\varsigma", "ς"),
    (r"\tau", "τ"), (r"\upsilon", "υ"), (r"\phi", "ϕ"), (r"\varphi", "φ"), (r"\chi", "χ"), (r"\psi", "ψ"),
    (r"\omega", "ω"), (r"\ell", "ℓ"), (r"\hbar", "ℏ"), (r"\imath", "ı"), (r"\jmath", "ȷ"),
];

/// Letters and signs that stand upright. Where two commands have one character, the first is read for it.
#[rustfmt::skip]
static SIGNS: &[(&str, &str)] = &[
    (r"\Gamma", "Γ"), (r"\Delta", "Δ"), (r"\Theta", "Θ"), (r"\Lambda", "Λ"), (r"\Xi", "Ξ"), (r"\Pi", "Π"),
    (r"\Sigma", "Σ"), (r"\Upsilon", "Υ"), (r"\Phi", "Φ"), (r"\Psi", "Ψ"), (r"\Omega", "Ω"), (r"\wp", "℘"),
    (r"\Re", "ℜ"), (r"\Im", "ℑ"), (r"\aleph", "ℵ"), (r"\infty", "∞"), (r"\partial", "∂"), (r"\nabla", "∇"),
    (r"\top", "⊤"), (r"\bot", "⊥"), (r"\star", "⋆"), (r"\ast", "∗"), (r"\dagger", "†"), (r"\prime", "′"),
    (r"\circ", "∘"), (r"\bullet", "•"), (r"\cdot", "⋅"), (r"\perp", "⊥"), (r"\emptyset", "∅"), (r"\pm", "±"),
    (r"\mp", "∓"), (r"\times", "×"), (r"\sum", "∑"), (r"\prod", "∏"), (r"\odot", "⊙"), (r"\le", "≤"),
    (r"\leq", "≤"), (r"\ge", "≥"), (r"\geq", "≥"), (r"\ne", "≠"), (r"\neq", "≠"), (r"\approx", "≈"),
    (r"\propto", "∝"), (r"\in", "∈"), (r"\to", "→"), (r"\mapsto", "↦"), (r"\gets", "←"), (r"\dots", "…"),
    (r"\ldots", "…"), (r"\cdots", "⋯"), (r"\vdots", "⋮"), (r"\Vert", "‖"), (r"\lVert", "‖"), (r"\rVert", "‖"),
];

/// Accents: the command, the combining character, and the sign that is set over a letter.
#[rustfmt::skip]
static ACCENTS: &[(&str, char, &str)] = &[
    ("hat", '\u{302}', "^"), ("widehat", '\u{302}', "^"), ("tilde", '\u{303}', "~"), ("widetilde", '\u{303}', "~"),
    ("bar", '\u{304}', "¯"), ("overline", '\u{305}', "¯"), ("dot", '\u{307}', "˙"), ("ddot", '\u{308}', "¨"),
    ("vec", '\u{20D7}', "→"), ("check", '\u{30C}', "ˇ"), ("underline", '\u{332}', "_"),
];

fn find(table: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    table.iter().find(|(command, _)| &command[1..] == name).map(|&(_, character)| character)
}

/// The character of a letter that is set in italics, by its command without the backslash.
pub fn letter(name: &str) -> Option<&'static str> {
    find(LETTERS, name)
}

/// The character of a letter or sign that stands upright, by its command without the backslash.
pub fn sign(name: &str) -> Option<&'static str> {
    find(SIGNS, name)
}

/// The command that a character is read as, with its backslash.
pub fn command_of(character: char) -> Option<&'static str> {
    let is_own = |own: &str| own.chars().eq([character]);
    LETTERS.iter().chain(SIGNS).find(|(_, own)| is_own(own)).map(|&(command, _)| command)
}

/// The combining character of an accent.
pub fn accent(name: &str) -> Option<char> {
    ACCENTS.iter().find(|(own, ..)| *own == name).map(|&(_, combining, _)| combining)
}

/// The sign that is set over a letter for an accent.
pub fn accent_over(name: &str) -> Option<&'static str> {
    ACCENTS.iter().find(|(own, ..)| *own == name).map(|&(_, _, over)| over)
}

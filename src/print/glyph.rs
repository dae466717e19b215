//! Characters for LaTeX commands and fonts.

use crate::source::glyph;

/// The character of a letter; of an unknown command its name.
pub(super) fn letter(latex: &str) -> &str {
    let Some(command) = latex.strip_prefix('\\') else {
        return latex;
    };
    glyph::letter(command).or_else(|| glyph::sign(command)).unwrap_or(command)
}

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

/// A digit, or the sign of a transpose, above the line.
pub(super) fn raised(text: &str) -> Option<&'static str> {
    RAISED.iter().find(|(own, _)| *own == text).map(|&(_, glyph)| glyph)
}

#[rustfmt::skip]
static RAISED: [(&str, &str); 11] = [
    ("0", "⁰"), ("1", "¹"), ("2", "²"), ("3", "³"), ("4", "⁴"), ("5", "⁵"), ("6", "⁶"), ("7", "⁷"), ("8", "⁸"),
    ("9", "⁹"), ("\\top", "ᵀ"),
];

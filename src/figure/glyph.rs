//! What single characters look like: their widths, and how those behind command names are set.

use super::label::Face;
use crate::source::glyph;

/// The width of a character in em: letters by the Computer Modern italics, words by a wide sans serif.
pub(super) fn width(c: char, face: Face) -> f64 {
    match c {
        '\u{0300}'..='\u{036F}' | '\u{200B}' => return 0.0,
        '\u{2009}' => return 0.17,
        '\u{2005}' => return 0.25,
        '\u{2003}' => return 1.0,
        '…' | '⋯' | '—' => return 1.0,
        _ => {}
    }
    match face {
        Face::Words => words(c),
        Face::Italic => italic(c),
        Face::Bold => 1.1 * italic(c),
        Face::Roman | Face::Symbol => roman(c),
    }
}

fn words(c: char) -> f64 {
    match c {
        ' ' | 'i' | 'l' | 'j' | 'I' | '.' | ',' | ':' | ';' | '|' | '\'' | '!' => 0.28,
        't' | 'f' | 'r' | '(' | ')' | '[' | ']' | '/' | '-' => 0.37,
        'm' | 'M' | 'W' => 0.92,
        'w' | '=' | '+' | '<' | '>' | '−' | '≤' | '≥' | '×' => 0.72,
        'A'..='Z' => 0.66,
        _ => 0.57,
    }
}

fn italic(c: char) -> f64 {
    match c {
        'i' | 'l' | 'ι' => 0.34,
        'j' | 't' => 0.38,
        'b' | 'c' | 'e' | 'g' | 'q' | 'r' | 's' | 'v' | 'z' => 0.46,
        'h' | 'n' | 'u' | 'x' => 0.59,
        'w' | 'ω' => 0.72,
        'm' => 0.88,
        'I' | 'J' => 0.52,
        'M' | 'W' => 0.97,
        'F' | 'P' | 'S' | 'T' | 'V' | 'Y' | 'L' | 'U' | 'Z' => 0.66,
        'A'..='Z' | '\u{0391}'..='\u{03A9}' => 0.78,
        _ => 0.52,
    }
}

fn roman(c: char) -> f64 {
    match c {
        ' ' | ',' | '.' | ':' | ';' | '|' | 'i' | 'l' | 'j' | '!' | '′' => 0.28,
        '(' | ')' | '[' | ']' | 't' | 'f' | 'r' | 's' | '⋅' | '·' => 0.39,
        '=' | '+' | '−' | '<' | '>' | '≤' | '≥' | '≈' | '≠' | '×' | '⊙' | '∘' | '±' | '∝' => 0.78,
        '→' | '←' | '↦' | '∞' | '∑' | '∏' => 1.0,
        'm' | 'w' | 'M' | 'W' => 0.85,
        'A'..='Z' | '∇' | '\u{0391}'..='\u{03A9}' => 0.72,
        _ => 0.5,
    }
}

/// The character behind a command name, and how it is set.
pub(super) fn symbol(name: &str) -> Option<(&'static str, Face)> {
    let sign = || glyph::sign(name).or_else(|| MARKS.iter().find(|row| row.0 == name).map(|row| row.1));
    glyph::letter(name).map(|letter| (letter, Face::Italic)).or_else(|| sign().map(|sign| (sign, Face::Roman)))
}

/// What stands for itself, and bars.
#[rustfmt::skip]
const MARKS: &[(&str, &str)] = &[
    ("mid", "|"), ("vert", "|"), ("lvert", "|"), ("rvert", "|"), ("|", "‖"), ("{", "{"),
    ("}", "}"), ("%", "%"), ("$", "$"), ("#", "#"), ("&", "&"), ("_", "_"),
];

/// A sign between or before parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// `+` between terms.
    Plus,
    /// `-` between terms.
    Minus,
    /// `-` before the first term.
    Negative,
    /// Nothing, between numbers that are multiplied.
    Times,
    /// A dot between numbers that are multiplied.
    Dot,
    /// Nothing, between matrices that are multiplied.
    Matrix,
    /// ⊙
    Odot,
    /// ⊘
    Oslash,
    /// ∘ before the exponent of a power entry by entry.
    Ring,
    /// Between arguments or indices.
    Comma,
    /// Between conditions.
    Then,
    /// =
    Equal,
    /// ≠
    NotEqual,
    /// <
    Less,
    /// ≤
    LessEqual,
    /// >
    Greater,
    /// ≥
    GreaterEqual,
    /// ≈
    Approximately,
    /// ∝
    Proportional,
    /// ∈
    In,
    /// →
    To,
    /// ∧
    And,
    /// ∨
    Or,
    /// ¬
    Not,
    /// ⟹
    Implies,
    /// ⟺
    Iff,
    /// ∀
    ForAll,
    /// ∂
    Partial,
    /// The d of a total derivative.
    Differential,
    /// The + of an immediate derivative, without space around.
    Mark,
    /// Between an operator and what it acts on, without space in text.
    Apply,
    /// Between an operator and what it acts on.
    Space,
    /// Between a condition and its `\forall`.
    Pause,
    /// ∇
    Nabla,
    /// A wide gap before conditions.
    Gap,
}

/// The element of MathML that a sign is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Element {
    /// `mo`.
    Operator(&'static str),
    /// `mo` before what it acts on.
    Prefix(&'static str),
    /// `mi`.
    Identifier(&'static str),
    /// `mspace` of this width.
    Space(&'static str),
    /// None at all.
    Nothing,
}

use Element::{Identifier, Nothing, Operator, Prefix, Space};

/// How a sign is written: LaTeX, LaTeX in a script, text, text in a script, MathML.
struct Row {
    sign: Sign,
    latex: &'static str,
    tight_latex: &'static str,
    text: &'static str,
    tight_text: &'static str,
    mathml: Element,
}

impl Sign {
    /// As LaTeX, with its spaces.
    pub(super) fn latex(self) -> &'static str {
        self.row().latex
    }

    /// As LaTeX in a script.
    pub(super) fn tight_latex(self) -> &'static str {
        self.row().tight_latex
    }

    /// As text, with its spaces.
    pub(super) fn text(self) -> &'static str {
        self.row().text
    }

    /// As text in a script.
    pub(super) fn tight_text(self) -> &'static str {
        self.row().tight_text
    }

    /// As an element of MathML.
    pub(super) fn mathml(self) -> Element {
        self.row().mathml
    }

    /// About how many characters wide.
    pub(super) fn width(self) -> usize {
        self.row().text.trim().chars().count()
    }

    fn row(self) -> &'static Row {
        let row = &TABLE[self as usize];
        debug_assert_eq!(row.sign, self, "the table stands in the order of the signs");
        row
    }
}

const fn row(
    sign: Sign,
    latex: &'static str,
    tight_latex: &'static str,
    text: &'static str,
    tight_text: &'static str,
    mathml: Element,
) -> Row {
    Row { sign, latex, tight_latex, text, tight_text, mathml }
}

#[rustfmt::skip]
static TABLE: &[Row] = &[
    row(Sign::Plus,          " + ",         "+",           " + ",     "+",      Operator("+")),
    row(Sign::Minus,         " - ",         "-",           " - ",     "-",      Operator("−")),
    row(Sign::Negative,      "-",           "-",           "-",       "-",      Prefix("−")),
    row(Sign::Times,         " ",           " ",           "·",       "·",      Operator("\u{2062}")),
    row(Sign::Dot,           r" \cdot ",    r" \cdot ",    "·",       "·",      Operator("⋅")),
    row(Sign::Matrix,        " ",           " ",           " ",       " ",      Operator("\u{2062}")),
    row(Sign::Odot,          r" \odot ",    r" \odot ",    " ⊙ ",     "⊙",      Operator("⊙")),
    row(Sign::Oslash,        r" \oslash ",  r" \oslash ",  " ⊘ ",     "⊘",      Operator("⊘")),
    row(Sign::Ring,          r"\circ ",     r"\circ ",     "∘",       "∘",      Operator("∘")),
    row(Sign::Comma,         ", ",          ",",           ", ",      ",",      Operator(",")),
    row(Sign::Then,          r",\ ",        r",\ ",        ", ",      ",",      Operator(",")),
    row(Sign::Equal,         " = ",         "=",           " = ",     "=",      Operator("=")),
    row(Sign::NotEqual,      r" \ne ",      r" \ne ",      " ≠ ",     "≠",      Operator("≠")),
    row(Sign::Less,          " < ",         " < ",         " < ",     "<",      Operator("<")),
    row(Sign::LessEqual,     r" \le ",      r" \le ",      " ≤ ",     "≤",      Operator("≤")),
    row(Sign::Greater,       " > ",         " > ",         " > ",     ">",      Operator(">")),
    row(Sign::GreaterEqual,  r" \ge ",      r" \ge ",      " ≥ ",     "≥",      Operator("≥")),
    row(Sign::Approximately, r" \approx ",  r" \approx ",  " ≈ ",     "≈",      Operator("≈")),
    row(Sign::Proportional,  r" \propto ",  r" \propto ",  " ∝ ",     "∝",      Operator("∝")),
    row(Sign::In,            r" \in ",      r" \in ",      " ∈ ",     "∈",      Operator("∈")),
    row(Sign::To,            r" \to ",      r" \to ",      " → ",     "→",      Operator("→")),
    row(Sign::And,           r" \land ",    r" \land ",    " and ",   "∧",      Operator("∧")),
    row(Sign::Or,            r" \lor ",     r" \lor ",     " or ",    "∨",      Operator("∨")),
    row(Sign::Not,           r"\neg ",      r"\neg ",      "not ",    "¬",      Operator("¬")),
    row(Sign::Implies,       r" \implies ", r" \implies ", " ⟹ ",     "⟹",      Operator("⟹")),
    row(Sign::Iff,           r" \iff ",     r" \iff ",     " ⟺ ",     "⟺",      Operator("⟺")),
    row(Sign::ForAll,        r"\forall ",   r"\forall ",   "for all ", "∀",     Operator("∀")),
    row(Sign::Partial,       r"\partial",   r"\partial",   "∂",       "∂",      Identifier("∂")),
    row(Sign::Differential,  "d",           "d",           "d",       "d",      Identifier("d")),
    row(Sign::Mark,          "+",           "+",           "⁺",       "⁺",      Operator("+")),
    row(Sign::Apply,         " ",           " ",           "",        "",       Nothing),
    row(Sign::Space,         " ",           " ",           " ",       " ",      Nothing),
    row(Sign::Pause,         r"\ ",         r"\ ",         " ",       " ",      Space("0.3em")),
    row(Sign::Nabla,         r"\nabla",     r"\nabla",     "∇",       "∇",      Identifier("∇")),
    row(Sign::Gap,           r" \quad ",    r" \quad ",    "  ",      " ",      Space("1em")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_stands_in_the_order_of_the_signs() {
        for (position, row) in TABLE.iter().enumerate() {
            assert_eq!(row.sign as usize, position);
        }
    }
}

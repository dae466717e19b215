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

/// How a sign is written: LaTeX, LaTeX in a script, text, text in a script, MathML.
struct Row {
    sign: Sign,
    latex: &'static str,
    tight_latex: &'static str,
    text: &'static str,
    tight_text: &'static str,
    mathml: &'static str,
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

    /// As the content of an `mo`; empty where MathML needs none.
    pub(super) fn mathml(self) -> &'static str {
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
    mathml: &'static str,
) -> Row {
    Row { sign, latex, tight_latex, text, tight_text, mathml }
}

#[rustfmt::skip]
static TABLE: [Row; 35] = [
    row(Sign::Plus,          " + ",         "+",           " + ",     "+",      "+"),
    row(Sign::Minus,         " - ",         "-",           " - ",     "-",      "−"),
    row(Sign::Negative,      "-",           "-",           "-",       "-",      "−"),
    row(Sign::Times,         " ",           " ",           "·",       "·",      "\u{2062}"),
    row(Sign::Dot,           r" \cdot ",    r" \cdot ",    "·",       "·",      "⋅"),
    row(Sign::Matrix,        " ",           " ",           " ",       " ",      "\u{2062}"),
    row(Sign::Odot,          r" \odot ",    r" \odot ",    " ⊙ ",     "⊙",      "⊙"),
    row(Sign::Oslash,        r" \oslash ",  r" \oslash ",  " ⊘ ",     "⊘",      "⊘"),
    row(Sign::Ring,          r"\circ ",     r"\circ ",     "∘",       "∘",      "∘"),
    row(Sign::Comma,         ", ",          ",",           ", ",      ",",      ","),
    row(Sign::Then,          r",\ ",        r",\ ",        ", ",      ",",      ","),
    row(Sign::Equal,         " = ",         "=",           " = ",     "=",      "="),
    row(Sign::NotEqual,      r" \ne ",      r" \ne ",      " ≠ ",     "≠",      "≠"),
    row(Sign::Less,          " < ",         " < ",         " < ",     "<",      "<"),
    row(Sign::LessEqual,     r" \le ",      r" \le ",      " ≤ ",     "≤",      "≤"),
    row(Sign::Greater,       " > ",         " > ",         " > ",     ">",      ">"),
    row(Sign::GreaterEqual,  r" \ge ",      r" \ge ",      " ≥ ",     "≥",      "≥"),
    row(Sign::Approximately, r" \approx ",  r" \approx ",  " ≈ ",     "≈",      "≈"),
    row(Sign::Proportional,  r" \propto ",  r" \propto ",  " ∝ ",     "∝",      "∝"),
    row(Sign::In,            r" \in ",      r" \in ",      " ∈ ",     "∈",      "∈"),
    row(Sign::To,            r" \to ",      r" \to ",      " → ",     "→",      "→"),
    row(Sign::And,           r" \land ",    r" \land ",    " and ",   "∧",      "∧"),
    row(Sign::Or,            r" \lor ",     r" \lor ",     " or ",    "∨",      "∨"),
    row(Sign::Not,           r"\neg ",      r"\neg ",      "not ",    "¬",      "¬"),
    row(Sign::Implies,       r" \implies ", r" \implies ", " ⟹ ",     "⟹",      "⟹"),
    row(Sign::Iff,           r" \iff ",     r" \iff ",     " ⟺ ",     "⟺",      "⟺"),
    row(Sign::ForAll,        r"\forall ",   r"\forall ",   "for all ", "∀",     "∀"),
    row(Sign::Partial,       r"\partial",   r"\partial",   "∂",       "∂",      "∂"),
    row(Sign::Differential,  "d",           "d",           "d",       "d",      "d"),
    row(Sign::Mark,          "+",           "+",           "⁺",       "⁺",      "+"),
    row(Sign::Apply,         " ",           " ",           "",        "",       ""),
    row(Sign::Space,         " ",           " ",           " ",       " ",      ""),
    row(Sign::Pause,         r"\ ",         r"\ ",         " ",       " ",      ""),
    row(Sign::Nabla,         r"\nabla",     r"\nabla",     "∇",       "∇",      "∇"),
    row(Sign::Gap,           r" \quad ",    r" \quad ",    "  ",      " ",      ""),
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

//! What the rules say that stand beside the steps of proofs and derivations.

/// One rule, for readers.
pub(super) struct Rule {
    /// The name by which steps refer to it.
    pub name: &'static str,
    /// What it says, LaTeX; empty where it has no one formula.
    pub latex: &'static str,
    /// When it may be used, Markdown of one line; empty for always.
    pub condition: &'static str,
    /// Where it is from, Markdown of one line.
    pub source: &'static str,
}

/// What is known of a rule.
pub(super) fn known(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name)
}

#[rustfmt::skip]
static RULES: [Rule; 3] = [
    Rule { name: "definitions and chain rule", latex: r"\frac{d a}{d b} = \sum_{c} \frac{\partial^{+} a}{\partial c} \frac{d c}{d b}",
        condition: "$c$ runs over what stands in the definition of $a$", source: "Werbos (1990)" },
    Rule { name: "chain rule", latex: r"\frac{d a}{d b} = \sum_{c} \frac{\partial^{+} a}{\partial c} \frac{d c}{d b}",
        condition: "$c$ runs over what stands in the definition of $a$", source: "Werbos (1990)" },
    Rule { name: "induction", latex: r"P(m) \land \bigl( P(t) \implies P(t+1) \bigr) \implies P(t) \quad \forall t \ge m",
        condition: "", source: "Peano (1889)" },
];

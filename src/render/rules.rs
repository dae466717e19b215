//! What the rules say that stand beside the steps of proofs and derivations.

/// One rule, for readers.
pub(super) struct Rule {
    /// The name by which steps refer to it, in kebab-case.
    pub name: &'static str,
    /// What it says, LaTeX; empty where it has no one formula.
    pub latex: &'static str,
    /// What it says in words, Markdown of one line; empty where the formula says it all.
    pub says: &'static str,
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
static RULES: [Rule; 19] = [
    Rule { name: "bound-by-structure", latex: r"|a b| \le |a|\, |b|, \quad |a + b| \le |a| + |b|",
        says: "A sum or product is bounded by the bounds of its parts, a product of many by the power of one.",
        condition: "", source: "triangle inequality" },
    Rule { name: "chain-rule", latex: r"\frac{d a}{d b} = \sum_{c} \frac{\partial^{+} a}{\partial c} \frac{d c}{d b}",
        says: "", condition: "$c$ runs over what stands in the definition of $a$", source: "Werbos (1990)" },
    Rule { name: "closed-form-of-the-recurrence", latex: r"D_t = \sum_{j=1}^{t} \Bigl( \prod_{k=j+1}^{t} a_k \Bigr) b_j",
        says: "", condition: r"$D_t = a_t D_{t-1} + b_t$ and $D_0 = 0$", source: "Elaydi (2005), section 1.2" },
    Rule { name: "common-form", latex: "",
        says: "Both sides are the same sum of products: multiplied out, sums reindexed, like terms brought together.",
        condition: "", source: "ring axioms; sums over finite ranges" },
    Rule { name: "definition", latex: r"a_t = \text{its definition}",
        says: "A member is replaced by its definition at that index.", condition: "the definition holds at that index", source: "definition" },
    Rule { name: "definitions-and-chain-rule", latex: r"\frac{d a}{d b} = \sum_{c} \frac{\partial^{+} a}{\partial c} \frac{d c}{d b}",
        says: "Every member is replaced by its definition, every derivative opened along the graph.",
        condition: "", source: "Werbos (1990)" },
    Rule { name: "derivative-of-a-given", latex: r"\frac{d x}{d b} = 0",
        says: "", condition: "$x$ is given and is not $b$", source: "definition" },
    Rule { name: "derivative-of-the-variable-by-itself", latex: r"\frac{d b}{d b} = 1",
        says: "", condition: "", source: "definition" },
    Rule { name: "distribute", latex: "a (b + c) = a b + a c",
        says: "", condition: "", source: "ring axiom" },
    Rule { name: "exponentials", latex: r"\sigma(z) = \frac{1}{1 + e^{-z}}, \quad \tanh z = \frac{1 - e^{-2 z}}{1 + e^{-2 z}}",
        says: "", condition: "", source: "definition; DLMF 4.28.3" },
    Rule { name: "induction", latex: r"P(m) \land \bigl( P(t) \implies P(t+1) \bigr) \implies P(t) \quad \forall t \ge m",
        says: "", condition: "", source: "Peano (1889)" },
    Rule { name: "induction-base", latex: r"P(m)",
        says: "The least index is put in.", condition: "", source: "Peano (1889)" },
    Rule { name: "induction-hypothesis", latex: r"P(t - 1)",
        says: "What is to be shown is taken to hold one index earlier.", condition: "$t > m$", source: "Peano (1889)" },
    Rule { name: "induction-step", latex: r"D_t = c\, D_{t-1}",
        says: "The difference of the two sides is a multiple of the one before it, which is 0 by hypothesis.",
        condition: "$c$ is defined", source: "Peano (1889)" },
    Rule { name: "linearity", latex: r"\frac{d}{d b} \sum_{t} c_t a_t = \sum_{t} c_t \frac{d a_t}{d b}",
        says: "", condition: "no $c_t$ depends on $b$", source: "calculus" },
    Rule { name: "local-slope", latex: r"\frac{\partial f(u)}{\partial b} = f'(u) \frac{\partial u}{\partial b}",
        says: "The derivative of one definition by what stands in it.", condition: "", source: "calculus" },
    Rule { name: "no-path", latex: r"\frac{d a}{d b} = 0",
        says: "", condition: "no path of definitions leads from $b$ to $a$", source: "definition" },
    Rule { name: "random-identity-test", latex: "",
        says: "Both sides agree at random points of prime fields, with the chance of error that is stated.",
        condition: "no cases, roots or absolute values", source: "Schwartz (1980), Zippel (1979)" },
    Rule { name: "sum-over-a-delta", latex: r"\sum_{i=1}^{n} a_i \delta_{ij} = a_j",
        says: "", condition: r"$1 \le j \le n$", source: "definition" },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_stand_in_the_order_of_their_names() {
        assert!(RULES.is_sorted_by_key(|rule| rule.name));
    }
}

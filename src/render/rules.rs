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

/// The works that sources name.
pub(super) fn works<'a>(sources: impl Iterator<Item = &'a str>) -> Vec<String> {
    let sources: Vec<&str> = sources.collect();
    let is_named = |(name, _): &&(&str, &str)| sources.iter().any(|source| source.contains(name));
    WORKS.iter().filter(is_named).map(|(_, work)| (*work).to_owned()).collect()
}

#[rustfmt::skip]
static RULES: [Rule; 48] = [
    Rule { name: "bound-by-structure", latex: r"|a b| \le |a|\, |b|, \quad |a + b| \le |a| + |b|, \quad \| A B \| \le \| A \|\, \| B \|",
        says: "A sum or product is bounded by the bounds of its parts, a product of many by the power of one.",
        condition: "", source: "Horn & Johnson (2013), chapter 5" },
    Rule { name: "cases", latex: "",
        says: "What holds in each of two cases, one of which is always there, holds.",
        condition: "", source: "logic" },
    Rule { name: "chain-rule", latex: r"\frac{d a}{d b} = \sum_{c} \frac{\partial^{+} a}{\partial c} \frac{d c}{d b}",
        says: "",
        condition: "$c$ runs over what stands in the definition of $a$", source: "Werbos (1990)" },
    Rule { name: "closed-form-of-the-recurrence", latex: r"D_t = \sum_{j=1}^{t} \Bigl( \prod_{k=j+1}^{t} a_k \Bigr) b_j + \Bigl( \prod_{k=1}^{t} a_k \Bigr) D_0",
        says: "",
        condition: "$D_t = a_t D_{t-1} + b_t$ for $t \\ge 1$", source: "Elaydi (2005), section 1.2" },
    Rule { name: "common-form", latex: "",
        says: "Both sides are the same sum of products: multiplied out, sums reindexed, like terms brought together.",
        condition: "", source: "ring axioms; sums over finite ranges" },
    Rule { name: "definition", latex: r"a_t = \text{its definition}",
        says: "A member is replaced by its definition at that index.",
        condition: "the definition holds at that index", source: "definition" },
    Rule { name: "definitions-and-chain-rule", latex: r"\frac{d a}{d b} = \sum_{c} \frac{\partial^{+} a}{\partial c} \frac{d c}{d b}",
        says: "Every member is replaced by its definition, every derivative opened along the graph.",
        condition: "", source: "Werbos (1990)" },
    Rule { name: "derivative-of-a-given", latex: r"\frac{d x}{d b} = 0",
        says: "",
        condition: "$x$ is given and is not $b$", source: "definition" },
    Rule { name: "derivative-of-the-variable-by-itself", latex: r"\frac{d b}{d b} = 1",
        says: "",
        condition: "", source: "definition" },
    Rule { name: "distribute", latex: "a (b + c) = a b + a c",
        says: "",
        condition: "", source: "ring axiom" },
    Rule { name: "enclosure", latex: "",
        says: "The line is cut into intervals, and on each the function is enclosed between two numbers that were rounded outwards.",
        condition: "", source: "Moore (1966)" },
    Rule { name: "entry-by-entry", latex: r"|u_i| \le c\, |v_i| \implies \| u \| \le c\, \| v \|",
        says: "What bounds every entry of a vector by that of another bounds its norm.",
        condition: "", source: "Horn & Johnson (2013), section 5.4" },
    Rule { name: "exponentials", latex: r"\sigma(z) = \frac{1}{1 + e^{-z}}, \quad \tanh z = \frac{1 - e^{-2 z}}{1 + e^{-2 z}}",
        says: "",
        condition: "", source: "definition; DLMF, 4.28.3" },
    Rule { name: "extreme-value-over-an-index", latex: "",
        says: "The largest of finitely many values is one of them, and none exceeds it.",
        condition: "the range is not empty", source: "definition" },
    Rule { name: "factor-by-factor", latex: r"\Bigl| \prod_{k} a_k \Bigr| \le \prod_{k} b_k",
        says: "",
        condition: r"$|a_k| \le b_k$ for every $k$", source: "induction over the number of factors" },
    Rule { name: "given-law", latex: "",
        says: "An assumption that holds for all arguments is used at one of them.",
        condition: "", source: "logic" },
    Rule { name: "growth-far-out", latex: "",
        says: "Far out the function has the sign of its fastest growing term; how far out is enough is computed.",
        condition: "", source: "DLMF, 4.4 and 7.12" },
    Rule { name: "induction", latex: r"P(m) \land \bigl( P(t) \implies P(t+1) \bigr) \implies P(t) \quad \forall t \ge m",
        says: "",
        condition: "", source: "Peano (1889)" },
    Rule { name: "induction-base", latex: "P(m)",
        says: "The least index is put in.",
        condition: "", source: "Peano (1889)" },
    Rule { name: "induction-hypothesis", latex: "P(t - 1)",
        says: "What is to be shown is taken to hold one index earlier.",
        condition: "$t > m$", source: "Peano (1889)" },
    Rule { name: "induction-step", latex: r"D_t = c\, D_{t-1}",
        says: "The difference of the two sides is a multiple of the one before it, which is 0 by hypothesis.",
        condition: "$c$ is defined", source: "Peano (1889)" },
    Rule { name: "largest-entry", latex: r"\| \operatorname{diag}(a) \|_2 = \max_i |a_i|",
        says: "The norm of a diagonal matrix is at most what bounds every entry.",
        condition: "", source: "Horn & Johnson (2013), chapter 5" },
    Rule { name: "limit-by-growth", latex: "",
        says: "A quotient tends to what its fastest growing terms say.",
        condition: "", source: "calculus" },
    Rule { name: "limit-far-out", latex: "",
        says: "A supremum is at least every value that the function approaches far out.",
        condition: "", source: "definition" },
    Rule { name: "linearity", latex: r"\frac{d}{d b} \sum_{t} c_t a_t = \sum_{t} c_t \frac{d a_t}{d b}",
        says: "",
        condition: "no $c_t$ depends on $b$", source: "calculus" },
    Rule { name: "local-slope", latex: r"\frac{\partial f(u)}{\partial b} = f'(u) \frac{\partial u}{\partial b}",
        says: "The derivative of one definition by what stands in it.",
        condition: "", source: "calculus" },
    Rule { name: "mean-value", latex: r"|f(a) - f(b)| \le \sup |f'| \cdot |a - b|",
        says: "",
        condition: "$f$ is continuous and has a slope but for corners", source: "calculus" },
    Rule { name: "no-path", latex: r"\frac{d a}{d b} = 0",
        says: "",
        condition: "no path of definitions leads from $b$ to $a$", source: "definition" },
    Rule { name: "numbers", latex: "",
        says: "Both sides are numbers, computed to enclosures that do not meet, or exactly.",
        condition: "", source: "Moore (1966)" },
    Rule { name: "order", latex: r"\max(a, b) = a",
        says: "A corner is the value that the conditions choose.",
        condition: r"$a \ge b$ by the conditions", source: "definition" },
    Rule { name: "orthogonal", latex: r"\| W \|_2 = 1",
        says: "",
        condition: r"$W^\top W = I$", source: "Horn & Johnson (2013), section 2.1" },
    Rule { name: "orthogonal-and-vector", latex: r"\| W v \| = \| v \|",
        says: "",
        condition: r"$W^\top W = I$", source: "Horn & Johnson (2013), section 2.1" },
    Rule { name: "orthogonal-determinant", latex: r"|\det W| = 1",
        says: "",
        condition: r"$W^\top W = I$", source: "Horn & Johnson (2013), section 2.1" },
    Rule { name: "orthogonal-frobenius-norm", latex: r"\| W \|_F = \sqrt{n}",
        says: "",
        condition: r"$W^\top W = I$, of $n$ columns", source: "Horn & Johnson (2013), section 2.1" },
    Rule { name: "orthogonal-norm", latex: r"\| W \|_2 = 1",
        says: "",
        condition: r"$W^\top W = I$", source: "Horn & Johnson (2013), section 2.1" },
    Rule { name: "polynomial-bound", latex: "",
        says: r"The difference of the two sides is a polynomial in quantities with known ranges, as $0 < \sigma(z) < 1$; written as a sum of products that are not negative there, it has the sign that is claimed.",
        condition: "", source: "Bernstein form; Farouki (2012)" },
    Rule { name: "random-identity-test", latex: "",
        says: "Both sides agree at random points of prime fields, with the chance of error that is stated.",
        condition: "no cases, roots or absolute values", source: "Schwartz (1980), Zippel (1979)" },
    Rule { name: "range", latex: "",
        says: "The values of an expression lie in a range that is read from its parts.",
        condition: "", source: "Moore (1966)" },
    Rule { name: "replacement", latex: r"a = b \implies \bigl( P(a) \iff P(b) \bigr)",
        says: "A part stands as what it is equal to: a sum as its last term and the rest, an expression with a corner as the value that it has there.",
        condition: "", source: "logic" },
    Rule { name: "sequence-of-powers", latex: r"r^n \to 0",
        says: "A sum of powers tends to what its terms say: those with a base below 1 vanish, with a bounded factor too, and those above grow.",
        condition: "$|r| < 1$", source: "calculus" },
    Rule { name: "slope-from-a-zero", latex: "",
        says: "A function that is 0 at the end of an interval has there the sign of its slope.",
        condition: "", source: "calculus" },
    Rule { name: "squeezing", latex: r"|a_n - a| \le b_n, \; b_n \to 0 \implies a_n \to a",
        says: "",
        condition: "", source: "calculus" },
    Rule { name: "sum-over-a-delta", latex: r"\sum_{i=1}^{n} a_i \delta_{ij} = a_j",
        says: "",
        condition: r"$1 \le j \le n$", source: "definition" },
    Rule { name: "sums-of-angles", latex: r"\sin(a + b) = \sin a \cos b + \cos a \sin b",
        says: "",
        condition: "", source: "DLMF, 4.21" },
    Rule { name: "term-of-a-sum", latex: "",
        says: "A sum of terms that are not negative is at least each of them.",
        condition: "", source: "induction" },
    Rule { name: "transitivity", latex: r"a \le b, \; b \le c \implies a \le c",
        says: "",
        condition: "", source: "order axiom" },
    Rule { name: "upper-bound", latex: r"\sup_z f(z) \le c",
        says: "",
        condition: r"$f(z) \le c$ for every $z$", source: "definition" },
    Rule { name: "value-at-a-point", latex: r"\sup_z f(z) \ge f(a)",
        says: "",
        condition: "", source: "definition" },
];

/// The works that rules are from, by author and year.
#[rustfmt::skip]
static WORKS: [(&str, &str); 9] = [
    ("DLMF", "*NIST Digital Library of Mathematical Functions*, dlmf.nist.gov."),
    ("Elaydi (2005)", "S. Elaydi (2005), *An Introduction to Difference Equations*, 3rd edition. Springer."),
    ("Farouki (2012)", "R. T. Farouki (2012), The Bernstein polynomial basis: a centennial retrospective. *Computer Aided Geometric Design* 29, 379–419."),
    ("Horn & Johnson (2013)", "R. A. Horn and C. R. Johnson (2013), *Matrix Analysis*, 2nd edition. Cambridge University Press."),
    ("Moore (1966)", "R. E. Moore (1966), *Interval Analysis*. Prentice-Hall."),
    ("Peano (1889)", "G. Peano (1889), *Arithmetices principia, nova methodo exposita*. Bocca, Turin."),
    ("Schwartz (1980)", "J. T. Schwartz (1980), Fast probabilistic algorithms for verification of polynomial identities. *Journal of the ACM* 27, 701–717."),
    ("Werbos (1990)", "P. J. Werbos (1990), Backpropagation through time: what it does and how to do it. *Proceedings of the IEEE* 78, 1550–1560."),
    ("Zippel (1979)", "R. Zippel (1979), Probabilistic algorithms for sparse polynomials. *EUROSAM 79*, Lecture Notes in Computer Science 72, 216–226."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_stand_in_the_order_of_their_names() {
        assert!(RULES.is_sorted_by_key(|rule| rule.name));
    }

    #[test]
    fn every_source_with_a_year_is_a_work_that_is_listed() {
        for rule in RULES.iter().filter(|rule| rule.source.contains("(")) {
            assert!(!works(std::iter::once(rule.source)).is_empty(), "{}", rule.source);
        }
    }
}

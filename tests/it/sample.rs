//! A made-up chapter with a part of every kind and a claim of every verdict.

use chainrule::proof::{Tally, Verdict};
use chainrule::render::ledger::*;
use chainrule::render::page::*;

pub fn chapter() -> ChapterPage {
    ChapterPage {
        slug: "bptt".into(),
        number: Some("4".into()),
        home: String::new(),
        title: "Every time step".into(),
        parts: vec![
            prose(
                "The state at time $t$ depends on the state before it, so the loss at time $t$ depends on $w_h$ through \
                 *every* earlier state. Written out, that is a sum over paths; [the factor](#factor) decides what \
                 becomes of it as $|w_h|$ grows.\n\n\
                 > A gradient is a sum of products. What vanishes is a product; what remains is a sum.\n\n\
                 ## What is given\n\n\
                 Weights, inputs and two arbitrary smooth functions, $f$ and $g$.",
            ),
            Part::Given(RowsBlock {
                label: None,
                number: None,
                rows: strings(&[
                    r"w_i, w_h, w_o, h_0 \in \mathbb{R}",
                    r"x_t \in \mathbb{R}",
                    r"f, g : \mathbb{R} \to \mathbb{R}",
                    r"T \in \mathbb{N}",
                ]),
            }),
            Part::Define(RowsBlock {
                label: Some("forward".into()),
                number: None,
                rows: strings(&[
                    r"h_t = f(w_i x_t + w_h h_{t-1}) \quad (t \ge 1)",
                    r"y_t = f(w_o h_t)",
                    r"L_t = g(y_t)",
                    r"L = \sum_{t=1}^{T} L_t",
                ]),
            }),
            figure(),
            prose("## The gradient of one step\n\nThree chains lead from $w_h$ to $L_3$, one for each time at which $w_h$ acts."),
            derivation(),
            prose(
                "## Every step at once\n\nThe same holds for every $T$; the inner product runs over the steps between \
                 $j$ and $t$, and $\\partial^{+}$ is the immediate derivative (see [eq. (4.1)](#l3-wh)).",
            ),
            proved_claim(),
            chain_claim(),
            refuted_claim(),
            prose("A formula that is shown and not claimed, in the middle of a sentence: $$a^2 + b^2 = c^2$$ and on we go."),
            Part::Display { label: None, number: None, latex: r"\Bigl| \frac{\partial h_t}{\partial h_j} \Bigr| \longrightarrow 0".into() },
            checked_claim(),
            open_claim(),
            invalid_claim(),
            wide_claim(),
            Part::Table {
                markdown: "| lag $t-j$ | term | share |\n| ---: | ---: | ---: |\n| 0 | 0.2350 | 81 % |\n| 1 | 0.0441 | 15 % |\n| 2 | 0.0083 | 3 % |".into(),
                caption: Some("The terms of the gradient by lag, for $w_h = 0.8$.".into()),
            },
            Part::Diagnostics {
                diagnostics: vec![DiagnosticLine {
                    code: "conflicting-readings".into(),
                    severity: "warning".into(),
                    message: r"two proved claims read $\frac{\partial h_j}{\partial w_h}$ differently".into(),
                    hint: Some(r"write `\partial^{+}` where the immediate one is meant".into()),
                    line: 41,
                    column: 3,
                }],
            },
        ],
    }
}

fn strings(list: &[&str]) -> Vec<String> {
    list.iter().map(|s| s.to_string()).collect()
}

fn prose(markdown: &str) -> Part {
    Part::Prose { markdown: markdown.into() }
}

fn figure() -> Part {
    Part::Figure(FigureBlock {
        id: "unrolled".into(),
        number: Some("4.1".into()),
        svg: r##"<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 460 120" width="460" height="120" role="img" font-family="sans-serif" font-size="14">
  <defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L10 5L0 10z" fill="currentColor"/></marker></defs>

  <g fill="none" stroke="currentColor" stroke-width="1.5">
    <circle cx="60" cy="60" r="24"/><circle cx="230" cy="60" r="24"/><circle cx="400" cy="60" r="24"/>
    <path d="M84 60H204" marker-end="url(#arrow)"/><path d="M254 60H374" marker-end="url(#arrow)"/>
  </g>
  <g fill="currentColor" text-anchor="middle"><text x="60" y="65">h1</text><text x="230" y="65">h2</text><text x="400" y="65">h3</text></g>
</svg>"##
            .into(),
        inline_svg: None,
        caption: "The network unrolled over three steps; every circle is *the same* layer, $h_t = f(w_i x_t + w_h h_{t-1})$.".into(),
        description: "Three circles h1, h2, h3 joined by arrows from left to right.".into(),
    })
}

fn step(rule: &str, latex: &str, text: &str) -> StepLine {
    StepLine { rule: rule.into(), latex: latex.into(), text: (!text.is_empty()).then(|| text.to_string()) }
}

fn derivation() -> Part {
    Part::Derivation(DerivationBlock {
        label: Some("l3-wh".into()),
        number: Some("4.1".into()),
        latex: r"\frac{\partial L_3}{\partial w_h} = g'(y_3)\, f'(w_o h_3)\, w_o \bigl( f'(a_3) h_2 + f'(a_3) w_h f'(a_2) h_1 + f'(a_3) w_h f'(a_2) w_h f'(a_1) h_0 \bigr)".into(),
        form: Some("paths".into()),
        steps: vec![
            step("chain-rule", r"\frac{\partial L_3}{\partial w_h} = g'(y_3) \frac{\partial y_3}{\partial w_h}", r"$L_3 = g(y_3)$"),
            step("chain-rule", r"\frac{\partial y_3}{\partial w_h} = f'(w_o h_3)\, w_o \frac{\partial h_3}{\partial w_h}", ""),
            step(
                "product-rule",
                r"\begin{aligned}\frac{\partial h_3}{\partial w_h} &= f'(a_3)\Bigl(h_2 + w_h \frac{\partial h_2}{\partial w_h}\Bigr) \\ a_3 &= w_i x_3 + w_h h_2\end{aligned}",
                r"both factors of $w_h h_2$ depend on $w_h$",
            ),
        ],
        verdict: Verdict::Proved,
        method: strings(&["normal-form"]),
        confirmed: Some("7 cases, letters up to 6 apart".into()),
        conditions: vec![],
        note: None,
    })
}

fn relation(latex: &str, verdict: Verdict, method: &[&str]) -> RelationBlock {
    RelationBlock {
        latex: latex.into(),
        verdict,
        method: strings(method),
        confirmed: None,
        detail: None,
        reading: None,
        conditions: vec![],
        counterexample: None,
        kind: None,
        repair: None,
        note: None,
        steps: vec![],
        diagnostics: vec![],
    }
}

fn claim(label: &str, number: &str, expected: Verdict, relations: Vec<RelationBlock>) -> ClaimBlock {
    ClaimBlock {
        label: Some(label.into()),
        number: Some(number.into()),
        title: None,
        whole: None,
        expected,
        as_expected: true,
        uniform: false,
        relations,
    }
}

fn proved_claim() -> Part {
    let latex = r"\frac{\partial L}{\partial w_h} = \sum_{t=1}^{T} \sum_{j=1}^{t}
  \frac{\partial L_t}{\partial y_t} \frac{\partial y_t}{\partial h_t}
  \Bigl( \prod_{k=j+1}^{t} \frac{\partial h_k}{\partial h_{k-1}} \Bigr)
  \frac{\partial^{+} h_j}{\partial w_h}";
    let relation = RelationBlock {
        reading: Some("immediate".into()),
        conditions: vec!["$f$ is differentiable".into()],
        steps: vec![
            step("base-case", r"\frac{\partial h_1}{\partial w_h} = \frac{\partial^{+} h_1}{\partial w_h}", "$t = 1$"),
            step(
                "split-last-term",
                r"\sum_{j=1}^{t+1} a_j = \sum_{j=1}^{t} a_j + a_{t+1}",
                "the step from $t$ to $t+1$",
            ),
            step("", "", "By the hypothesis the two sides agree."),
        ],
        ..relation(latex, Verdict::Proved, &["induction", "normal-form"])
    };
    Part::Claim(claim("general-wh", "4.2", Verdict::Proved, vec![relation]))
}

fn chain_claim() -> Part {
    Part::Claim(ClaimBlock {
        title: Some("The geometric bound".into()),
        whole: Some(r"\Bigl| \frac{\partial h_t}{\partial h_j} \Bigr| = \prod_{k=j+1}^{t} |f'(a_k)|\, |w_h| \le \Bigl( \frac{|w_h|}{4} \Bigr)^{t-j}".into()),
        ..claim(
            "geometric",
            "4.3",
            Verdict::Proved,
            vec![
                relation(r"\Bigl| \frac{\partial h_t}{\partial h_j} \Bigr| = \prod_{k=j+1}^{t} |f'(a_k)|\, |w_h|", Verdict::Proved, &["induction"]),
                RelationBlock {
                    conditions: vec![r"$t \ge j$".into()],
                    ..relation(
                        r"\prod_{k=j+1}^{t} |f'(a_k)|\, |w_h| \le \Bigl( \frac{|w_h|}{4} \Bigr)^{t-j}",
                        Verdict::Proved,
                        &["polynomial-bound"],
                    )
                },
            ],
        )
    })
}

fn refuted_claim() -> Part {
    let assigned = |symbol: &str, value: &str| Assigned { symbol: symbol.into(), value: value.into() };
    let refuted = RelationBlock {
        counterexample: Some(Counterexample {
            assignment: vec![assigned("f(z)", "z"), assigned("w_i", "1"), assigned("w_h", "2"), assigned("k", "1")],
            left: "2".into(),
            right: "1".into(),
            sign: Some("=".into()),
        }),
        kind: Some("wrong-symbol".into()),
        repair: Some(r"\frac{\partial h_k}{\partial h_{k-1}} = f'(w_i x_k + w_h h_{k-1})\, w_h".into()),
        note: Some("This is the formula as published.".into()),
        ..relation(
            r"\frac{\partial h_k}{\partial h_{k-1}} = f'(w_i x_k + w_h h_{k-1})\, w_i",
            Verdict::Refuted,
            &["counterexample"],
        )
    };
    Part::Claim(claim("factor", "4.4", Verdict::Refuted, vec![refuted]))
}

fn checked_claim() -> Part {
    let checked = RelationBlock {
        detail: Some("400 samples, seed 7".into()),
        ..relation(r"\max_z \bigl( z \sigma(z) \bigr)' \approx 1.0998", Verdict::Checked, &["sample"])
    };
    Part::Claim(claim("silu-slope", "4.5", Verdict::Checked, vec![checked]))
}

fn open_claim() -> Part {
    let open = RelationBlock {
        note: Some("Tried: normal form, induction over $T$, 2000 points.".into()),
        ..relation(
            r"\lim_{t \to \infty} \frac{1}{t} \log \Bigl| \frac{\partial h_t}{\partial h_0} \Bigr| < 0",
            Verdict::Open,
            &[],
        )
    };
    Part::Claim(ClaimBlock { as_expected: false, ..claim("lyapunov", "4.6", Verdict::Proved, vec![open]) })
}

fn invalid_claim() -> Part {
    let invalid = RelationBlock {
        diagnostics: vec![DiagnosticLine {
            code: "shape-mismatch".into(),
            severity: "error".into(),
            message: r"$W_h$ is $n \times n$ and $x_t$ has length $m$".into(),
            hint: Some("did you mean `W_i x_t`?".into()),
            line: 77,
            column: 5,
        }],
        ..relation(r"h_t = f(W_h x_t)", Verdict::Invalid, &[])
    };
    Part::Claim(claim("shapes", "4.7", Verdict::Invalid, vec![invalid]))
}

fn wide_claim() -> Part {
    let terms: Vec<_> = (1..=12).map(|k| format!(r"\frac{{\partial h_{{{k}}}}}{{\partial h_{{{}}}}}", k - 1)).collect();
    let latex = format!(r"\frac{{\partial h_{{12}}}}{{\partial h_0}} = {}", terms.join(" "));
    let mut two = claim("wide", "4.8", Verdict::Proved, vec![]);
    two.relations = vec![
        relation(&latex, Verdict::Proved, &["random-identity"]),
        relation(r"\frac{\partial h_0}{\partial h_{12}} = 0", Verdict::Proved, &["rule"]),
    ];
    Part::Claim(two)
}

pub fn ledger() -> LedgerPage {
    let row = |number: &str, label: &str, latex: &str, verdict: Verdict, method: &[&str]| LedgerRow {
        number: Some(number.into()),
        link: format!("bptt.md#{label}"),
        latex: latex.into(),
        verdict,
        method: strings(method),
        confirmed: verdict == Verdict::Proved,
        as_expected: verdict != Verdict::Open,
    };
    let tally = Tally { claims: 6, proved: 2, checked: 1, refuted: 1, open: 1, invalid: 1 };
    let summary = LedgerSummary { tally, confirmed: 2, unexpected: 1 };
    LedgerPage {
        title: "Ledger".into(),
        chapters: vec![LedgerChapter {
            number: Some("4".into()),
            title: "Every time step".into(),
            link: "bptt.md".into(),
            rows: vec![
                row(
                    "4.2",
                    "general-wh",
                    r"\frac{\partial L}{\partial w_h} = \sum_{t=1}^{T} \sum_{j=1}^{t} \frac{\partial L_t}{\partial y_t} \frac{\partial y_t}{\partial h_t} \Bigl( \prod_{k=j+1}^{t} \frac{\partial h_k}{\partial h_{k-1}} \Bigr) \frac{\partial^{+} h_j}{\partial w_h}",
                    Verdict::Proved,
                    &["induction"],
                ),
                row(
                    "4.3",
                    "geometric",
                    r"|f'(a_k)|\, |w_h| \le \frac{|w_h|}{4}",
                    Verdict::Proved,
                    &["polynomial-bound"],
                ),
                row(
                    "4.4",
                    "factor",
                    r"\frac{\partial h_k}{\partial h_{k-1}} = f'(a_k)\, w_i",
                    Verdict::Refuted,
                    &["counterexample"],
                ),
                row("4.5", "silu-slope", r"\max_z (z \sigma(z))' \approx 1.0998", Verdict::Checked, &["sample"]),
                row("4.6", "lyapunov", r"\lim_{t \to \infty} \tfrac1t \log |h_t'| < 0", Verdict::Open, &[]),
                row("4.7", "shapes", r"h_t = f(W_h x_t)", Verdict::Invalid, &[]),
            ],
            summary,
        }],
        summary,
    }
}

pub fn rules() -> RulesPage {
    RulesPage {
        title: "Rules".into(),
        rules: vec![
            RuleRow {
                name: "distribute".into(),
                latex: "a (b + c) = a b + a c".into(),
                says: String::new(),
                condition: None,
                source: "ring axiom".into(),
                uses: 41,
            },
            RuleRow {
                name: "log-product".into(),
                latex: r"\log(a b) = \log a + \log b".into(),
                says: "The logarithm of a product is a sum.".into(),
                condition: Some("$a, b > 0$".into()),
                source: "DLMF 4.8".into(),
                uses: 2,
            },
        ],
        works: vec!["*NIST Digital Library of Mathematical Functions*, dlmf.nist.gov.".into()],
    }
}

pub fn activations() -> ActivationsPage {
    ActivationsPage {
        title: "Activations".into(),
        activations: vec![ActivationRow {
            name: "Sigmoid".into(),
            latex: r"\sigma(z) = \frac{1}{1 + e^{-z}}".into(),
            derivative: r"\sigma'(z) = \sigma(z) (1 - \sigma(z))".into(),
            range: Some("(0, 1)".into()),
            derivative_range: Some(r"(0, \tfrac14]".into()),
            attained: Some("the maximum only at $z = 0$".into()),
            threshold: Some("|w_h| < 4".into()),
            remark: None,
            computed: Some("greatest slope 0.25, at $z = 0$".into()),
            link: Some("bptt.md#geometric".into()),
        }],
    }
}

//! Pages that were not written for the tool: checked against a model, and given a first model.

use crate::shell::{Ran, folder, run};

const MODEL: &str = r"
```math given
w_i, w_h, h_0 \in \mathbb{R} \\
x_t \in \mathbb{R} \\
f : \mathbb{R} \to \mathbb{R}
```

```math define
h_t = f(w_i x_t + w_h h_{t-1}) \quad (t \ge 1)
```
";

const PAGE: &str = r"
A recurrent unit computes $$h_t = f(w_i x_t + w_h h_{t-1}),$$ where $$f : \mathbb{R} \to \mathbb{R}.$$ Its slope is

$$\frac{\partial h_t}{\partial h_{t-1}} = f'(w_i x_t + w_h h_{t-1}) w_h$$

and not

$$\frac{\partial h_t}{\partial h_{t-1}} = f'(w_i x_t + w_h h_{t-1}) w_i.$$

Nothing is claimed by

$$\frac{\partial h_t}{\partial w_h}$$

and nobody knows

$$q_t = h_t, \qquad \heartsuit = 1.$$
";

#[test]
fn the_formulas_of_a_page_are_claims_about_a_model() {
    let folder = folder("display", &[("model.md", MODEL), ("page.md", PAGE)]);
    let arguments = ["verify", "page.md", "--display", "--model", "model.md"];
    let Ran { code, out: text, .. } = run(&folder, &arguments);
    assert_eq!(code, 1, "{text}");
    let coverage = text.lines().last().unwrap_or_default();
    insta::assert_snapshot!(coverage, @"shown: 6 formulas: 1 proved, 0 checked, 1 refuted, 0 open, 1 definition, 2 not a claim, 1 not read");
    let json = run(&folder, &[&arguments[..], &["--format", "json"]].concat()).json();
    let coverage = json["summary"]["coverage"].as_object().expect("there is a coverage");
    let count = |name: &str| coverage[name].as_u64().unwrap_or_default();
    let parts = ["proved", "checked", "refuted", "open", "definition", "not_a_claim", "not_read"].map(count);
    assert_eq!(parts.iter().sum::<u64>(), count("formulas"), "{coverage:?}");
    assert_eq!((count("proved"), count("refuted"), count("definition")), (1, 1, 1), "{coverage:?}");
}

#[test]
fn a_page_may_claim_what_it_shows() {
    let front = "+++\nuses = [\"model.md\"]\ndisplay = \"claims\"\n+++\n";
    let page = PAGE.replace("w_i.$$", "w_i.$$ <!-- claim: #slip refuted -->");
    let folder = folder("claims", &[("model.md", MODEL), ("page.md", &format!("{front}{page}"))]);
    let Ran { code, out: text, .. } = run(&folder, &["verify", "page.md"]);
    assert_eq!(code, 0, "{text}");
    let coverage = text.lines().last().unwrap_or_default();
    insta::assert_snapshot!(coverage, @"shown: 6 formulas: 1 proved, 0 checked, 1 refuted, 0 open, 1 definition, 2 not a claim, 1 not read");
    let Ran { code, out: again, .. } = run(&folder, &["verify", "page.md", "--display", "--model", "model.md"]);
    assert_eq!((code, again), (0, text));
}

#[test]
fn first_fences_are_written_for_a_page() {
    let page = r"
$$\mathbf{z}_t = \mathbf{W}_{xh} \mathbf{x}_t + \mathbf{W}_{hh} \mathbf{h}_{t-1} + \mathbf{b}_h$$

$$\begin{aligned} \mathbf{h}_t &= f(\mathbf{z}_t), \\ L &= \sum_{t=1}^{T} \ell(\mathbf{h}_t, y_t) + \lambda \end{aligned}$$

$$c_t = \alpha c_{t-1} + g'(x) \hat y^{(t)}$$

$$\frac{\partial L}{\partial \mathbf{W}_{hh}} = \sum_{t=1}^{T} \frac{\partial L}{\partial \mathbf{h}_t} \frac{\partial \mathbf{h}_t}{\partial \mathbf{W}_{hh}}.$$
";
    let folder = folder("sketch", &[("notes.md", page)]);
    let Ran { code, out: text, .. } = run(&folder, &["init", "--from", "notes.md"]);
    assert_eq!((code, text.as_str()), (0, "wrote derivations/notes.md\nwrote chainrule.toml\n"));
    let written = std::fs::read_to_string(folder.join("derivations/notes.md")).expect("the file was written");
    insta::assert_snapshot!(written, @r#"
    +++
    title = "notes"
    +++

    What the formulas of the page use, as far as they tell. Correct the kinds and sizes that are wrong.

    | symbol | taken as | because |
    | --- | --- | --- |
    | $T$ | a natural number | it bounds a sum or a product |
    | $\mathbf{W}_{xh}$ | a matrix | it is a bold capital |
    | $\mathbf{W}_{hh}$ | a matrix | it is a bold capital |
    | $\mathbf{x}_t$ | a vector | it is bold |
    | $\mathbf{b}_{h}$ | a vector | it is bold |
    | $f$ | a function of one number | it stands before parentheses |
    | $\ell$ | a function of 2 arguments, the bold ones vectors | it stands before parentheses |
    | $y_t$ | a number | it has an index, and nothing says more |
    | $\lambda$ | a number | nothing says otherwise |
    | $\alpha$ | a number | nothing says otherwise |
    | $g$ | a function of one number | it stands before parentheses |
    | $x$ | a number | nothing says otherwise |
    | $\hat{y}^{(t)}$ | a number | nothing says otherwise |
    | $\mathbf{h}_0$ | a vector | a recurrence needs its start |
    | $c_0$ | a number | a recurrence needs its start |

    ```math given
    n \in \mathbb{N} \\
    T \in \mathbb{N} \\
    \mathbf{W}_{xh} \in \mathbb{R}^{n \times n} \\
    \mathbf{W}_{hh} \in \mathbb{R}^{n \times n} \\
    \mathbf{x}_t \in \mathbb{R}^{n} \\
    \mathbf{b}_{h} \in \mathbb{R}^{n} \\
    f : \mathbb{R} \to \mathbb{R} \\
    \ell : \mathbb{R}^{n} \times \mathbb{R} \to \mathbb{R} \\
    y_t \in \mathbb{R} \\
    \lambda \in \mathbb{R} \\
    \alpha \in \mathbb{R} \\
    g : \mathbb{R} \to \mathbb{R} \\
    x \in \mathbb{R} \\
    \hat{y}^{(t)} \in \mathbb{R} \\
    \mathbf{h}_0 \in \mathbb{R}^{n} \\
    c_0 \in \mathbb{R}
    ```

    ```math define
    \mathbf{z}_t = \mathbf{W}_{xh} \mathbf{x}_t + \mathbf{W}_{hh} \mathbf{h}_{t-1} + \mathbf{b}_h \quad (t \ge 1) \\
    \mathbf{h}_t = f(\mathbf{z}_t) \quad (t \ge 1) \\
    L = \sum_{t=1}^{T} \ell(\mathbf{h}_t, y_t) + \lambda \\
    c_t = \alpha c_{t-1} + g'(x) \hat y^{(t)} \quad (t \ge 1)
    ```
    "#);
    let Ran { code, out: text, .. } = run(&folder, &["parse", "derivations/notes.md"]);
    assert_eq!(code, 0, "{text}");
    let text = run(&folder, &["init", "--from", "notes.md"]).out;
    assert_eq!(text, "kept derivations/notes.md\nkept chainrule.toml\n");
}

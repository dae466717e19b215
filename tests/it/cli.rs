//! The commands as a user runs them: what they print, how they end, and that bad input is told kindly.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::fs;

use crate::shell::{Ran, folder, run, run_with_input, words, write};

const GIVEN: &str = "```math given\nx, y \\in \\mathbb{R}\n```\n\n";

const NETWORK: &str = r"
```math given
w_i, w_h, w_o, h_0 \in \mathbb{R} \\
x_t \in \mathbb{R} \\
f, g : \mathbb{R} \to \mathbb{R}
```

```math define
h_t = f(w_i x_t + w_h h_{t-1}) \quad (t \ge 1) \\
y_t = f(w_o h_t) \\
L_t = g(y_t)
```
";

/// A page with a true claim, then what is bad, then another true claim.
fn around(bad: &str) -> String {
    format!("{GIVEN}```math claim #before\nx + y = y + x\n```\n\n{bad}\n\n```math claim #after\nx y = y x\n```\n")
}

/// One diagnostic with this code at this place, told in full, and the claims around it decided all the same.
#[track_caller]
fn check_told(code: &str, bad: &str, place: (u64, u64), exit: i32) {
    let dir = folder(&format!("told/{code}"), &[("bad.md", &around(bad))]);
    let ran = run(&dir, &["verify", "bad.md", "--format", "json"]);
    let json = ran.json();
    let told: Vec<&serde_json::Value> =
        json["diagnostics"].as_array().unwrap().iter().filter(|entry| entry["code"] == code).collect();
    let [told] = told[..] else { panic!("{code} is told {} times: {}", told.len(), ran.out) };
    assert_eq!((told["file"].as_str(), told["line"].as_u64()), (Some("bad.md"), Some(place.0)), "{told}");
    assert_eq!(told["column"].as_u64(), Some(place.1), "{told}");
    assert!(told["message"].as_str().unwrap().len() > 10, "{told}");
    assert!(told["hint"].as_str().is_some_and(|hint| hint.len() > 10), "{code} has no hint: {told}");
    for label in ["before", "after"] {
        let claim = json["claims"].as_array().unwrap().iter().find(|claim| claim["label"] == label);
        assert_eq!(claim.map(|claim| &claim["verdict"]), Some(&"proved".into()), "{code} stops `{label}`");
    }
    assert_eq!(ran.code, exit, "{}", ran.out);
    let human = run(&dir, &["verify", "bad.md"]);
    assert_eq!(human.code, exit);
    assert!(human.err.contains(&format!("[{code}]")), "{}", human.err);
    assert!(human.err.contains(&format!("--> bad.md:{}:{}", place.0, place.1)), "{}", human.err);
}

/// One problem with a whole file, on standard error, and exit code 2.
#[track_caller]
fn check_refused(ran: &Ran, code: &str, name: &str) {
    assert_eq!(ran.code, 2, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains(&format!("error[{code}]")), "{}", ran.err);
    assert!(ran.err.contains(name), "{}", ran.err);
    assert!(ran.err.contains("help: "), "{}", ran.err);
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
}

#[test]
fn unknown_fence_word() {
    check_told("unknown-fence-word", "```math clam #a\nx = x\n```", (9, 9), 2);
}

#[test]
fn undeclared_symbol() {
    check_told("undeclared-symbol", "```math claim\nx + q = q + x\n```", (10, 5), 1);
}

#[test]
fn doubly_declared_symbol() {
    check_told("doubly-declared", "```math given\nx \\in \\mathbb{N}\n```", (10, 1), 2);
}

#[test]
fn function_declared_after_it_was_used_as_known_by_name() {
    let late = "```math claim\n\\sec(0) = 1\n```\n```math given\n\\sec : \\mathbb{R} \\to \\mathbb{R}\n```";
    check_told("doubly-declared", late, (13, 1), 2);
}

#[test]
fn doubly_defined_symbol() {
    check_told("doubly-defined", "```math define\nu = x \\\\\nu = y\n```", (11, 1), 2);
}

#[test]
fn shape_mismatch() {
    let bad =
        "```math given\nn \\in \\mathbb{N} \\\\\nv \\in \\mathbb{R}^n\n```\n```math claim\nx + v^\\top v = v\n```";
    check_told("shape-mismatch", bad, (14, 1), 1);
}

#[test]
fn cycle_that_no_index_breaks() {
    check_told("definition-cycle", "```math define\nu = v + x \\\\\nv = u - x\n```", (10, 1), 2);
}

#[test]
fn index_out_of_range() {
    let bad = "```math given\nv \\in \\mathbb{R}^3\n```\n```math claim\nv_4 = v_4\n```";
    check_told("index-out-of-range", bad, (13, 1), 1);
}

#[test]
fn division_by_zero_in_a_definition() {
    check_told("division-by-zero", "```math define\nu = x / 0\n```", (10, 5), 2);
}

#[test]
fn latex_that_does_not_close() {
    check_told("unbalanced-brace", "```math claim\nx^{2 = x x\n```", (10, 3), 2);
    check_told("unbalanced-delimiter", "```math claim\n(x + y = y + x\n```", (10, 1), 2);
    check_told("unclosed-environment", "```math claim\n\\begin{aligned} x = x\n```", (10, 1), 2);
}

#[test]
fn nesting_a_thousand_deep() {
    for (open, close) in [("(", ")"), ("{", "}"), ("\\sqrt{", "}"), ("\\frac{1}{", "}"), ("\\left[", "\\right]")] {
        let text = around(&format!("```math claim\n{}x{} = x\n```", open.repeat(1000), close.repeat(1000)));
        let ran = run(&folder("deep", &[("bad.md", &text)]), &["verify", "bad.md"]);
        check_refused(&ran, "too-deep", "bad.md:10:");
        assert!(ran.out.contains("2 proved"), "{}", ran.out);
    }
}

#[test]
fn a_formula_of_a_megabyte() {
    let text = around(&format!("```math claim\n{}x = x\n```", "x + ".repeat(300_000)));
    let ran = run(&folder("long", &[("bad.md", &text)]), &["verify", "bad.md"]);
    check_refused(&ran, "too-long", "bad.md:10:1");
    assert!(ran.out.contains("2 proved"), "{}", ran.out);
    assert!(ran.err.len() < 4000, "a message of {} bytes", ran.err.len());
}

#[test]
fn a_last_time_of_a_billion() {
    let late = r"\frac{\partial L_{1000000000}}{\partial w_h}";
    let text = format!("{NETWORK}\n```math derive #late paths\n{late}\n```\n\n```math derive #closed\n{late}\n```\n");
    let dir = folder("billion", &[("bad.md", &text)]);
    let ran = run(&dir, &["verify", "bad.md", "--format", "json"]);
    let json = ran.json();
    assert_eq!(json["diagnostics"][0]["code"], "too-many-steps");
    assert_eq!(json["diagnostics"][0]["line"], 15);
    assert_eq!((&json["claims"][0]["verdict"], &json["claims"][1]["verdict"]), (&"open".into(), &"proved".into()));
    assert_eq!(ran.code, 1);
    let ran = run(&dir, &["eval", "h_{1000000000}", "--in", "bad.md", "--set", "h_0=1", "--set", "f=tanh"]);
    assert_eq!(ran.code, 2, "{}{}", ran.out, ran.err);
}

#[test]
fn a_label_that_stands_twice() {
    check_told("duplicate-label", "```math claim #before\nx = x\n```", (9, 15), 2);
}

#[test]
fn files_that_cannot_be_read() {
    let dir = folder("files", &[("good.md", &around("")), ("folder/inner.txt", "")]);
    fs::write(dir.join("latin.md"), b"caf\xe9 $x$\n").unwrap();
    check_refused(&run(&dir, &["verify", "god.md"]), "no-file", "did you mean `good.md`?");
    check_refused(&run(&dir, &["verify", "latin.md"]), "not-utf8", "latin.md:1:4");
    check_refused(&run(&dir, &["parse", "folder"]), "not-a-file", "folder");
    check_refused(&run(&dir, &["verify", "folder"]), "no-derivations", "folder");
    let mixed = run(&dir, &["verify", "god.md", "good.md"]);
    assert!(mixed.out.contains("good.md: 2 claims: 2 proved"), "{}", mixed.out);
    assert_eq!(mixed.code, 2);
}

#[cfg(unix)]
#[test]
fn a_link_to_nowhere() {
    let dir = folder("link", &[]);
    std::os::unix::fs::symlink("gone.md", dir.join("link.md")).unwrap();
    check_refused(&run(&dir, &["verify", "link.md"]), "broken-link", "`gone.md`");
}

#[test]
fn front_matter_that_is_not_toml() {
    let dir = folder("front", &[("bad.md", "+++\ntitle = Gradients\n+++\n\n```math claim\n1 = 1\n```\n")]);
    let ran = run(&dir, &["verify", "bad.md"]);
    check_refused(&ran, "front-matter", "bad.md:2:9");
    assert!(ran.out.contains("1 proved"), "{}", ran.out);
}

#[test]
fn files_that_use_each_other_or_nothing() {
    let circle = |other: &str| format!("+++\nuses = [\"{other}\"]\n+++\n\n```math claim\n1 = 1\n```\n");
    let dir = folder("uses", &[("a.md", &circle("b.md")), ("b.md", &circle("a.md")), ("c.md", &circle("d.md"))]);
    check_refused(&run(&dir, &["verify", "a.md"]), "uses-cycle", "a.md uses b.md uses a.md");
    check_refused(&run(&dir, &["verify", "c.md"]), "no-file", "c.md:2:9");
}

#[test]
fn settings_that_are_none() {
    let dir = folder("settings", &[("derivations/a.md", GIVEN), ("chainrule.toml", "[verify]\nefort = 3\n")]);
    check_refused(&run(&dir, &["verify"]), "bad-settings", "chainrule.toml:2:1");
    write(&dir, "chainrule.toml", "[verify\n");
    check_refused(&run(&dir, &["verify"]), "bad-settings", "chainrule.toml:1:");
}

#[test]
fn verify_writes_one_object_in_a_fixed_order() {
    let text = format!(
        "{NETWORK}\n```math claim #published refuted\n\\frac{{\\partial h_k}}{{\\partial h_{{k-1}}}} = f'(w_i x_k + w_h h_{{k-1}}) w_i\n```\n\n$$h_1 = h_1$$\n"
    );
    let ran = run(&folder("order", &[("rnn.md", &text)]), &["verify", "rnn.md", "--format", "json"]);
    let json = ran.json();
    let keys = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(keys(&json), "version claims diagnostics summary");
    let claim = &json["claims"][0];
    let order = "file line column label latex verdict expected as_expected method reading steps counterexample kind \
                 repair conditions detail micros checker";
    assert_eq!(keys(claim), order);
    assert_eq!(keys(&claim["counterexample"]), "assignment left right");
    assert_eq!((&claim["line"], &claim["label"]), (&15.into(), &"published".into()));
    assert_eq!((&claim["verdict"], &claim["as_expected"]), (&"refuted".into(), &true.into()));
    assert_eq!(keys(&json["summary"]), "claims proved checked refuted open invalid unexpected shown");
    assert_eq!(json["summary"]["shown"], 1);
    assert_eq!(ran.code, 0);
}

#[test]
fn diagnostics_have_a_fixed_order_too() {
    let ran = run(
        &folder("diagnostic", &[("bad.md", &around("```math claim\nx = q\n```"))]),
        &["verify", "bad.md", "--format", "json"],
    );
    let json = ran.json();
    let keys: Vec<&String> = json["diagnostics"][0].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["code", "severity", "file", "line", "column", "end_line", "end_column", "message", "hint"]);
}

#[test]
fn the_same_input_gives_the_same_verdicts_whatever_the_threads() {
    let files: Vec<(String, String)> =
        (0..6).map(|n| (format!("{n}.md"), around(&format!("```math claim\nx + {n} = {n} + x\n```")))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let dir = folder("threads", &files);
    let timeless = |jobs: &str| {
        let mut json = run(&dir, &["verify", ".", "--format", "json", "--jobs", jobs]).json();
        json["claims"].as_array_mut().unwrap().iter_mut().for_each(|claim| claim["micros"] = 0.into());
        json
    };
    assert_eq!(timeless("1"), timeless("3"));
}

#[test]
fn exit_codes_say_how_it_went() {
    let dir = folder("codes", &[("good.md", &around("")), ("false.md", &around("```math claim\nx = y\n```"))]);
    assert_eq!(run(&dir, &["verify", "good.md"]).code, 0);
    assert_eq!(run(&dir, &["verify", "false.md"]).code, 1);
    for usage in [&["verify", "--format", "yaml"][..], &["verfy"], &["verify", "--jobs", "0"], &[]] {
        assert_eq!(run(&dir, usage).code, 2, "{usage:?}");
    }
    assert_eq!(run(&dir, &["--help"]).code, 0);
    assert_eq!(run(&dir, &["--version"]).code, 0);
}

#[test]
fn every_verb_has_help_with_an_example() {
    let dir = folder("help", &[]);
    for verb in ["verify", "generate", "derive", "eval", "parse", "init", "explain", "completions"] {
        let ran = run(&dir, &[verb, "--help"]);
        assert!(ran.out.contains(&format!("chainrule {verb}")) && ran.out.contains("xample"), "{}", ran.out);
    }
}

#[test]
fn what_was_only_checked_satisfies_who_asks_for_no_more() {
    let claim = "\\operatorname{ReLU}(x) = x \\operatorname{ReLU}'(x)";
    let text = around(&format!("```math claim #unit\n{claim}\n```"));
    let dir = folder("require", &[("good.md", &text)]);
    let verdict = run(&dir, &["verify", "good.md", "--format", "json"]).json()["claims"][1]["verdict"].clone();
    let labelled = text.replace("#unit", "#unit checked");
    write(&dir, "labelled.md", &labelled);
    assert_eq!(verdict, "checked");
    assert_eq!(run(&dir, &["verify", "good.md"]).code, 1);
    assert_eq!(run(&dir, &["verify", "good.md", "--require", "checked"]).code, 0);
    assert_eq!(run(&dir, &["verify", "labelled.md"]).code, 0);
}

#[test]
fn standard_input_is_a_file_named_by_a_hyphen() {
    let ran = run_with_input(&folder("stdin", &[]), &["verify", "-", "--format", "json"], &around(""));
    assert_eq!((ran.code, ran.json()["claims"][0]["file"].as_str().unwrap()), (0, "-"));
}

#[test]
fn machines_get_annotations() {
    let dir = folder("machines", &[("false.md", &around("```math claim #wrong\nx = y\n```"))]);
    let github = run(&dir, &["verify", "false.md", "--format", "github"]);
    assert!(github.out.starts_with("::error file=false.md,line=10,"), "{}", github.out);
    assert_eq!(github.code, 1);
    let sarif = run(&dir, &["verify", "false.md", "--format", "sarif"]).json();
    assert_eq!(sarif["version"], "2.1.0");
    let place = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "false.md");
    assert_eq!(place["region"]["startLine"], 10);
}

#[test]
fn a_derivative_is_derived_and_verified() {
    let dir = folder("derive", &[("rnn.md", NETWORK)]);
    let ran = run(&dir, &["derive", r"\frac{\partial L_2}{\partial w_h}", "--in", "rnn.md", "--form", "composed"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, "proved by normal-form\n"));
    let by = run(&dir, &["derive", "L_2", "--by", "w_h", "--in", "rnn.md", "--form", "composed"]);
    assert_eq!(ran.out, by.out);
    assert!(ran.out.contains("f′(w_i·x_2 + w_h·h_1)"), "{}", ran.out);
}

#[test]
fn a_derivative_in_every_notation() {
    let dir = folder("notations", &[("rnn.md", NETWORK)]);
    let derive = |more: &[&str]| run(&dir, &[&["derive", "h_t", "--by", "w_h", "--in", "rnn.md"], more].concat());
    let latex = derive(&["--as", "latex"]);
    assert!(latex.out.starts_with(r"\frac{d h_t}{d w_h} = \sum_{j=1}^{t}"), "{}", latex.out);
    let markdown = derive(&["--as", "markdown"]);
    assert_eq!(markdown.out, format!("```math\n{}```\n", latex.out));
    let steps = derive(&["--as", "markdown", "--steps"]);
    assert!(steps.out.contains("closed form of the recurrence") && steps.out.ends_with("proved by normal-form.\n"));
    let json = derive(&["--as", "json"]).json();
    let keys: Vec<&String> = json.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        ["version", "left", "result", "form", "steps", "partials", "verdict", "method", "conditions", "detail"]
    );
    assert_eq!(derive(&["--as", "pdf"]).code, 2);
}

#[test]
fn an_entry_is_derived_from_matrices() {
    let text = "```math given\nm, n \\in \\mathbb{N} \\\\\nW \\in \\mathbb{R}^{m \\times n} \\\\\nx \\in \\mathbb{R}^n\n```\n```math define\ny = W x\n```\n";
    let dir = folder("entries", &[("layer.md", text)]);
    let ran = run(&dir, &["derive", r"\frac{\partial y_i}{\partial x_j}", "--in", "layer.md", "--as", "latex"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "\\frac{d y_i}{d x_j} = W_{ij}\n"), "{}", ran.err);
}

#[test]
fn what_cannot_be_derived_is_said() {
    let dir = folder("not-derived", &[("rnn.md", NETWORK)]);
    check_refused(&run(&dir, &["derive", "L_2", "--in", "rnn.md"]), "not-a-derivative", "FORMULA:1:1");
    check_refused(&run(&dir, &["derive", "L_2", "--by", "q", "--in", "rnn.md"]), "undeclared-symbol", "`q`");
    check_refused(&run(&dir, &["derive", r"\frac{d L_2}{d w_h", "--in", "rnn.md"]), "unbalanced-brace", "FORMULA:1:");
    check_refused(&run(&dir, &["derive", "h_60", "--by", "w_h", "--in", "rnn.md"]), "split-number", "FORMULA:1:");
    check_refused(&run(&dir, &["derive", "L_2", "--by", "w_h", "--in", "no.md"]), "no-file", "no.md");
}

/// The value of a formula of the network at a point.
#[track_caller]
fn check_value(formula: &str, set: &[&str], expected: &str) {
    let dir = folder("value", &[("rnn.md", NETWORK)]);
    let mut args = vec!["eval", formula, "--in", "rnn.md"];
    set.iter().for_each(|pair| args.extend(["--set", pair]));
    let ran = run(&dir, &args);
    assert_eq!((ran.out.trim_end(), ran.code), (expected, 0), "{}", ran.err);
}

#[test]
fn values_are_exact_where_they_can_be() {
    let point = ["w_h=1/2", "w_i=1", "h_0=0", "x=[1, 0.5]", "f=z -> z^2"];
    check_value("h_2", &point, "1");
    check_value(r"\frac{\partial h_2}{\partial w_h}", &point, "2");
    check_value("h_t", &["w_h=1/3", "w_i=0", "h_0=1", "x=[0]", "f=z -> z + 1", "t=1"], "4/3");
    check_value("h_1", &["w_h=0", "w_i=1", "h_0=0", "x_1=1", "f=tanh"], "0.7615941559557649");
}

#[test]
fn digits_are_right_or_not_written() {
    check_value(r"\sin(10^{100})", &[], "-0.3723761236612767");
    check_value(r"\cos(10^{1000}) - \cos(10^{1000})", &[], "0");
    check_value(r"\sqrt{2}^2 - 2", &[], "0");
    check_value(r"\log(10^{300000})", &[], "690775.5278982137");
    check_value(r"10^{40}", &[], "10000000000000000000000000000000000000000");
    let dir = folder("no-digits", &[("rnn.md", NETWORK)]);
    let eval = |formula: &str| run(&dir, &["eval", formula, "--in", "rnn.md"]);
    let too_large = "the value is too large for floating point";
    for formula in ["e^{1000}", "1-e^{e^{100}}", r"\sqrt{10^{1000000}}", "10^{300000}"] {
        check_refused(&eval(formula), "too-large", too_large);
    }
    check_refused(&eval(&"7".repeat(9000)), "too-large", "a number of 9000 digits");
    check_refused(&eval(r"\sin(10^{100000})"), "not-supported", "cannot be computed in floating point");
}

#[test]
fn json_is_written_of_what_cannot_be_read() {
    let dir = folder("json-of-nothing", &[("rnn.md", NETWORK)]);
    let derive = |formula: &str, model: &str| run(&dir, &["derive", formula, "--in", model, "--as", "json"]);
    let told = [
        (run(&dir, &["parse", "rn.md", "--format", "json"]), "no-file"),
        (derive("x", "rn.md"), "no-file"),
        (derive("L_2", "rnn.md"), "not-a-derivative"),
        (derive(r"\frac{d L_2}{d q}", "rnn.md"), "undeclared-symbol"),
    ];
    for (ran, code) in told {
        assert_eq!((&ran.json()["version"], ran.code), (&1.into(), 2), "{}", ran.out);
        assert_eq!(ran.json()["diagnostics"][0]["code"], code, "{}", ran.out);
        assert!(ran.err.contains(&format!("error[{code}]")), "{}", ran.err);
    }
    let parsed = run(&dir, &["parse", "rnn.md", "--format", "json"]);
    assert_eq!((parsed.json()["diagnostics"].as_array().unwrap().len(), parsed.code), (0, 0));
    let derived = derive(r"\frac{d L_2}{d w_h}", "rnn.md");
    assert!(derived.json()["diagnostics"].is_null() && derived.json()["verdict"] == "proved", "{}", derived.out);
}

#[test]
fn a_fence_without_end_is_one_problem() {
    let text = format!("{GIVEN}```math claim #open\nx = x\n\nAnd $x$ goes on.\n\n```math claim\ny = y\n```\n\nMore.\n");
    let close = text.replacen("x = x\n", "x = x\n```\n", 1);
    let dir = folder("unclosed", &[("open.md", &text), ("close.md", &close)]);
    let ran = run(&dir, &["verify", "open.md", "--format", "json"]);
    let json = ran.json();
    assert_eq!(json["diagnostics"].as_array().unwrap().len(), 1, "{}", ran.out);
    assert_eq!(
        (&json["diagnostics"][0]["code"], &json["diagnostics"][0]["line"]),
        (&"unclosed-fence".into(), &5.into())
    );
    assert_eq!((&json["claims"][0]["verdict"], ran.code), (&"invalid".into(), 2), "{}", ran.out);
    assert_eq!((&json["claims"][1]["latex"], &json["claims"][1]["verdict"]), (&"y = y".into(), &"proved".into()));
    check_refused(&run(&dir, &["parse", "open.md"]), "unclosed-fence", "open.md:5:4");
    assert_eq!(run(&dir, &["verify", "close.md"]).code, 0);
}

/// The one hint that a claim of this formula is answered with.
#[track_caller]
fn check_hint(formula: &str, expected: &str) {
    check_hint_of_fence(&format!("```math claim\n{formula}\n```\n"), expected);
}

#[track_caller]
fn check_hint_of_fence(fence: &str, expected: &str) {
    let page = format!("{GIVEN}{fence}");
    let name = format!("hint-{}", std::panic::Location::caller().line());
    let ran = run(&folder(&name, &[("bad.md", &page)]), &["verify", "bad.md", "--format", "json"]);
    let json = ran.json();
    let hint = json["diagnostics"][0]["hint"].as_str().unwrap_or_default();
    assert!(hint.contains(expected), "{fence}: {}", ran.out);
}

#[test]
fn what_holds_in_another_layout_says_so() {
    let given = "```math given\nn \\in \\mathbb{N} \\\\\na, u \\in \\mathbb{R}^n\n```\n";
    let detail = |layout: &str, right: &str| {
        let claim = format!(r"\frac{{\partial a^\top u}}{{\partial u}} = {right}");
        let page = format!("+++\nlayout = \"{layout}\"\n+++\n\n{given}```math claim\n{claim}\n```\n");
        let ran = run(&folder("layout", &[("page.md", &page)]), &["verify", "page.md", "--format", "json"]);
        let claim = &ran.json()["claims"][0];
        assert_eq!(claim["verdict"], "refuted", "{}", ran.out);
        claim["detail"].as_str().unwrap_or_default().to_owned()
    };
    assert!(detail("mixed", r"a^\top").contains("`layout = \"numerator\"`"));
    assert!(detail("numerator", "a").contains("`layout = \"mixed\"`"));
    assert!(!detail("mixed", r"2 a^\top").contains("layout"));
}

#[test]
fn words_that_authors_write_for_a_role_lead_to_it() {
    check_hint_of_fence("```math assume\nu = 1\n```\n", "`given`");
    check_hint_of_fence("```math Definition\nu = 1\n```\n", "`define`");
    check_hint_of_fence("```math lemma\nx = x\n```\n", "`claim`");
    check_hint_of_fence("```math gradient\nx\n```\n", "`derive`");
    check_hint_of_fence("```math claim wrong\nx = x\n```\n", "`refuted`");
    check_hint_of_fence("```math wombat\nx = x\n```\n", "`#wombat`");
}

#[test]
fn letters_that_are_transposed_ask_for_their_set() {
    check_hint(r"v^\top v \ge 0 \quad \forall v", r"`\forall v \in \mathbb{R}^{n}`");
}

#[test]
fn what_is_not_known_here_is_said_with_what_is() {
    check_hint(r"\operatorname{rank}(x) = 1", r"`\det A \ne 0` where the rank is full");
    check_hint(r"\operatorname{rank} x = 1", r"`\det A \ne 0` where the rank is full");
    check_hint(r"\operatorname{Var}(x) \ge 0", r"`\sum_{i=1}^{n} p_i (x_i - \mu)^2`");
    check_hint(r"\operatorname{vec}(x) = 0", "`A_{ij}`");
    check_hint(r"\sigma_{\max}(x) \ge 0", r"write `\|x\|_2`");
    check_hint(r"\lambda_{\max}(x) \ge 0", r"write `\|A\|_2^2` for that of `A^\top A`");
    check_hint(r"\int_0^1 x \, dx = 1", "claim the derivative of the antiderivative instead");
    check_hint(r"x = \operatorname{argmin}_y y^2", r"`F(\hat w) \le F(w)`");
    check_hint(r"x = \arg\max_y y", r"`F(w) \le F(\hat w)`");
    check_hint(r"x \succeq 0", r"`x^\top A x \ge 0 \quad \forall x \in \mathbb{R}^n`");
    check_hint(r"\frac{\partial x}{\partial y^2} = 0", "give it a name, `v = y^2`");
}

#[test]
fn notes_above_a_relation_are_shown_whole() {
    let page = format!("{GIVEN}```math claim refuted\n\\frac{{x}}{{2}} \\stackrel{{!}}{{=}} y\n```\n");
    let ran = run(&folder("noted", &[("noted.md", &page)]), &["verify", "noted.md", "--format", "json"]);
    assert_eq!(ran.json()["claims"][0]["latex"], r"\frac{x}{2} \stackrel{!}{=} y", "{}", ran.out);
}

#[test]
fn names_that_are_nearly_known_are_told() {
    check_hint(r"\ReLU(x) = x", r"write `\operatorname{ReLU}`");
    check_hint(r"\Relu(x) = x", r"write `\operatorname{ReLU}`");
    check_hint(r"\operatorname{sqrt}(4) = 2", r"write `\sqrt{…}`");
    check_hint(r"\operatorname{softplsu}(x) = x", r"write `\operatorname{softplus}`");
    check_hint(r"\operatorname{tаnh}(x) = x", r"write `\tanh`");
    check_hint(r"\lοg x = x", r"write `\log`");
    check_hint("х + 1 = 1 + x", "write `x`");
    check_hint("ο + 1 = 1", "write `o`");
    check_hint(r"\operatorname{flub}(x) = x", "write it with the functions that are known");
    let declared = "```math given\nа \\in \\mathbb{R}\n```\n\n```math claim\nа = а\n```\n";
    let ran = run(&folder("own-letters", &[("own.md", declared)]), &["verify", "own.md"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
}

#[test]
fn a_project_that_is_there_is_kept_and_that_is_said() {
    let dir = folder("init-twice", &[("notes.md", "$$h_t = w h_{t-1}$$\n")]);
    let init = || run(&dir, &["init", "own", "--from", "notes.md"]);
    let (first, second) = (init(), init());
    assert!(first.out.contains("wrote own/derivations/notes.md") && !first.err.contains("nothing was written"));
    assert!(second.out.contains("kept own/derivations/notes.md"), "{}", second.out);
    assert!(second.err.contains("nothing was written"), "{}", second.err);
}

#[test]
fn references_to_no_formula_are_an_error() {
    let page = |link: &str| format!("# A\n\n{GIVEN}```math claim #sum\nx + y = y + x\n```\n\nSee {link}.\n");
    for (name, link, code) in [
        ("dead", "[](#nothing)", 2),
        ("dead-eq", "[eq](#smu)", 2),
        ("alive", "[](#sum) and [eq](#sum)", 0),
        ("heading", "[the beginning](#a)", 0),
    ] {
        let dir = folder(&format!("references/{name}"), &[("derivations/a.md", &page(link))]);
        for args in [&["verify"][..], &["generate"]] {
            let ran = run(&dir, args);
            assert_eq!(ran.code, code, "{name} {args:?}: {}{}", ran.out, ran.err);
            assert_eq!(ran.err.contains("error[unknown-label]"), code == 2, "{name} {args:?}: {}", ran.err);
        }
        assert!(dir.join("generated/a.md").is_file());
    }
}

#[test]
fn a_point_may_stand_in_a_file() {
    let point = r#"{ "w_h": 0.5, "w_i": "1/3", "h_0": 0, "x": [3, 6], "f": "z -> z" }"#;
    let dir = folder("set-file", &[("rnn.md", NETWORK), ("point.json", point)]);
    let ran = run(&dir, &["eval", "h_2", "--in", "rnn.md", "--set-file", "point.json"]);
    assert_eq!((ran.out.as_str(), ran.code), ("5/2\n", 0), "{}", ran.err);
}

#[test]
fn sizes_follow_from_values() {
    let text =
        "```math given\nm, n \\in \\mathbb{N} \\\\\nW \\in \\mathbb{R}^{m \\times n} \\\\\nx \\in \\mathbb{R}^n\n```\n";
    let dir = folder("sizes", &[("layer.md", text)]);
    let eval = |x: &str| run(&dir, &["eval", "W x", "--in", "layer.md", "--set", "W=[[1,2],[3,4],[5,6]]", "--set", x]);
    assert_eq!(eval("x=[1, 1/2]").out, "[2, 5, 8]\n");
    check_refused(&eval("x=[1, 2, 3]"), "shape-mismatch", "n = 2");
    check_refused(&eval("x=1"), "shape-mismatch", "a number");
}

#[test]
fn what_has_no_value_is_said() {
    let dir = folder("no-value", &[("rnn.md", NETWORK)]);
    let eval = |set: &[&str]| {
        let mut args = vec!["eval", "h_1", "--in", "rnn.md"];
        set.iter().for_each(|pair| args.extend(["--set", pair]));
        run(&dir, &args)
    };
    check_refused(&eval(&[]), "missing-value", "`w_i`, `w_h`, `h_0`, `x_1` have no value");
    check_refused(&eval(&["w_i=1", "w_h=1", "h_0=0", "x_1=1"]), "missing-value", "--set f=sigmoid");
    check_refused(&eval(&["w_q=1"]), "undeclared-symbol", "w_q");
    check_refused(&eval(&["w_h=half"]), "bad-value", "`half` is no value for `w_h`");
    check_refused(&eval(&["h_1=2"]), "already-defined", "`h_1`");
    check_refused(&eval(&["f=blub"]), "unknown-function", "blub");
    check_refused(&run(&dir, &["eval", "1/h_0", "--in", "rnn.md", "--set", "h_0=0"]), "undefined-here", "zero");
}

#[test]
fn the_readme_shows_what_the_program_says() {
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let page = readme.split("````markdown\n").nth(1).unwrap().split("````").next().unwrap();
    let dir = folder("readme", &[("first.md", page)]);
    let mut n_shown = 0;
    for example in readme.split("    $ chainrule ").skip(1) {
        let shown = example.split("\n\n").next().unwrap().replace("\\\n        ", " ");
        let mut lines = shown.lines();
        let args = words(lines.next().unwrap());
        let ran = run(&dir, &args.iter().map(String::as_str).collect::<Vec<_>>());
        let expected: Vec<&str> = lines.map(str::trim).collect();
        let found = format!("{}{}", ran.out, ran.err);
        assert_eq!(found.lines().map(str::trim).collect::<Vec<_>>(), expected, "{args:?}");
        n_shown += 1;
    }
    assert_eq!(n_shown, 3);
}

#[cfg(feature = "book")]
#[test]
fn a_failed_build_leaves_the_last_book() {
    let dir = folder("failed", &[("derivations/first.md", &format!("# First\n\n{}", around("")))]);
    assert_eq!(run(&dir, &["book"]).code, 0);
    let before = fs::read_to_string(dir.join("book/index.html")).unwrap();
    write(&dir, "templates/markdown/claim.md", "<% if %>\n");
    let failed = run(&dir, &["book"]);
    assert_eq!(failed.code, 2);
    assert!(failed.err.contains("error[template-syntax]") && failed.err.contains("claim.md:1:7"), "{}", failed.err);
    assert_eq!(fs::read_to_string(dir.join("book/index.html")).unwrap(), before);
    let left: Vec<String> =
        fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert!(left.iter().all(|name| ["derivations", "templates", "book"].contains(&name.as_str())), "{left:?}");
}

#[cfg(feature = "book")]
#[test]
fn a_book_with_a_wrong_claim_is_built_and_says_so() {
    let bad = around("```math claim #wrong\nx = y\n```");
    let dir = folder("wrong", &[("derivations/first.md", &format!("# First\n\n{bad}"))]);
    let ran = run(&dir, &["book"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("#wrong is refuted, expected proved"), "{}", ran.err);
    assert!(dir.join("book/index.html").is_file());
}

#[cfg(feature = "book")]
#[test]
fn a_book_remembers_the_verdicts_of_formulas_that_stay_and_of_no_others() {
    let chapter = |prose: &str, claim: &str| {
        let fence = format!("```math claim #c\n{claim}\n```\n\n```math claim #d refuted\nx + y = x - y\n```");
        format!("# First\n\n{prose}\n\n{}", around(&fence))
    };
    let dir = folder("memory", &[("derivations/first.md", &chapter("Before.", "x + y = y + x"))]);
    let page = || {
        let page = fs::read_to_string(dir.join("book/first.html")).unwrap();
        page.split("<main>").nth(1).unwrap().split("</main>").next().unwrap().to_owned()
    };
    let is_recalled = |args: &[&str]| {
        let ran = run(&dir, args);
        (ran.code, ran.out.contains("1 of 1 chapters have the formulas of the last build"))
    };
    assert_eq!(is_recalled(&["book"]), (0, false));
    let first = page();
    assert_eq!(is_recalled(&["book"]), (0, true));
    assert_eq!(page(), first);
    assert_eq!(is_recalled(&["book", "--fresh"]), (0, false));
    assert_eq!(page(), first);

    write(&dir, "derivations/first.md", &chapter("After it, at greater length.", "x + y = y + x"));
    assert_eq!(is_recalled(&["book"]), (0, true));
    assert_eq!(page(), first.replace("Before.", "After it, at greater length."));

    // Another formula, another assumption, another macro, another effort, damage: all is decided anew.
    write(&dir, "derivations/first.md", &chapter("After.", "x + y = y - x"));
    assert_eq!(is_recalled(&["book"]), (1, false));
    assert_eq!(is_recalled(&["book"]), (1, true));
    write(&dir, "derivations/first.md", &chapter(r"Where $\newcommand{\a}{x}$.", r"\a + y = y + \a"));
    assert_eq!(is_recalled(&["book"]), (0, false));
    write(&dir, "derivations/first.md", &chapter(r"Where $\newcommand{\a}{1 + x}$.", r"\a + y = y + \a"));
    assert_eq!(is_recalled(&["book"]), (0, false));
    write(&dir, "chainrule.toml", "[verify]\nseed = 7\n");
    assert_eq!(is_recalled(&["book"]), (0, false));
    write(&dir, "book/.chainrule-memory", "{");
    assert_eq!(is_recalled(&["book"]), (0, false));
    assert_eq!(is_recalled(&["book"]), (0, true));
}

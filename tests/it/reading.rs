//! Reading: pages into fences, formulas into trees, and what is refused.

use chainrule::source::Diagnostic;
use chainrule::source::Severity;
use chainrule::source::Source;
use chainrule::source::Span;
use chainrule::syntax::Block;
use chainrule::syntax::Expected;
use chainrule::syntax::Fence;
use chainrule::syntax::Form;
use chainrule::syntax::Layout;
use chainrule::syntax::Page;
use chainrule::syntax::Role;
use chainrule::syntax::ast::Formula;
use chainrule::syntax::parse_expression;
use chainrule::syntax::parse_formulas;
use chainrule::syntax::read_page;
use chainrule::syntax::sexpr;

/// Reads a page and checks the law that its front and its blocks cover the file.
#[track_caller]
fn page(text: &str) -> (Source, Page, Vec<&'static str>) {
    let source = Source::new("page.md", text);
    let (page, problems) = read_page(&source);
    let mut at = page.front_span.end;
    for block in &page.blocks {
        assert_eq!(block.span().start, at, "a gap in {text:?}");
        at = block.span().end;
    }
    assert_eq!(at, text.len(), "the end of {text:?}");
    for problem in &problems {
        assert!(problem.span.end <= text.len() && text.get(problem.span.start..problem.span.end).is_some());
    }
    let codes = problems.iter().map(|problem| problem.code).collect();
    (source, page, codes)
}

fn fences<'a>(page: &'a Page) -> Vec<&'a Fence> {
    let fence = |block: &'a Block| match block {
        Block::Fence(fence) => Some(fence),
        Block::Prose { .. } | Block::Display { .. } => None,
    };
    page.blocks.iter().filter_map(fence).collect()
}

/// The bodies of all fences of a page that reads without problems, trimmed.
#[track_caller]
fn check_bodies(text: &str, expected: &[&str]) {
    let (source, page, codes) = page(text);
    assert_eq!(codes, [""; 0], "{text:?}");
    for fence in fences(&page) {
        assert_eq!(fence.latex.len(), fence.body.end - fence.body.start);
        assert_eq!(source.slice(fence.body).lines().count(), fence.latex.lines().count());
    }
    let bodies: Vec<&str> = fences(&page).iter().map(|fence| fence.latex.trim()).collect();
    assert_eq!(bodies, expected, "{text:?}");
}

#[track_caller]
fn check_codes(text: &str, expected: &[&str]) {
    assert_eq!(page(text).2, expected, "{text:?}");
}

#[track_caller]
fn check_words(words: &str, role: Role, label: Option<&str>, expected: Option<Expected>) {
    let text = format!("```{words}\nx\n```\n");
    let (source, page, codes) = page(&text);
    assert_eq!(codes, [""; 0], "{words:?}");
    let fence = fences(&page)[0];
    assert_eq!((fence.role, fence.expected), (role, expected), "{words:?}");
    assert_eq!(fence.label.as_ref().map(|label| label.name.as_str()), label, "{words:?}");
    assert_eq!(source.slice(fence.words_span).trim(), words.trim());
    assert_eq!(source.slice(fence.span), text.trim_end());
}

#[test]
fn fences_are_found_wherever_markdown_sees_them() {
    check_bodies("```math\nx\n```\n", &["x"]);
    check_bodies("~~~math\nx\n~~~\n", &["x"]);
    check_bodies("````math\nx\n```\ny\n````", &["x\n```\ny"]);
    check_bodies("a\n\n   ```math\n   x \\\\\n   y\n   ```\nb\n", &["x \\\\\n   y"]);
    check_bodies("- a\n\n  ```math claim\n  x\n  y\n  ```\n- b\n", &["x\n  y"]);
    check_bodies("> ```math\n> x >\n> y\n> ```\n", &["x >\n  y"]);
    check_bodies("```math\r\nx\r\ny\r\n```\r\nb\r\n", &["x\r\ny"]);
    check_bodies("\u{feff}```math\nx\n```", &["x"]);
    check_bodies("```math\n```\n", &[""]);
    check_bodies("```rust\nx\n```\n\n    ```math\n    x\n    ```\n", &[]);
    check_bodies("```mathematica\nx\n```\n", &[]);
}

#[test]
fn displays_are_found_in_paragraphs_and_not_in_code() {
    let (source, page, _) = page("a $x$ b $$y = 1$$ c `$$z$$`\n\n$$\nu\n$$\n\n> $$\n> v\n> $$\n");
    let bodies = page.blocks.iter().filter_map(|block| match block {
        Block::Display { body, latex, .. } => {
            assert_eq!(latex.len(), source.slice(*body).len());
            Some(latex.trim().to_string())
        }
        Block::Fence(_) | Block::Prose { .. } => None,
    });
    assert_eq!(bodies.collect::<Vec<_>>(), ["y = 1", "u", "v"]);
}

#[test]
fn a_comment_after_a_display_formula_says_what_it_claims() {
    let (source, page, codes) =
        page("$$x$$ <!-- claim: #a refuted -->\n\n$$y$$\n<!-- claim: -->\n\n$$z$$\n\n<!-- claim: -->");
    let claims: Vec<(&str, Option<Expected>)> = page
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Display { span, claim: Some(claim), .. } => Some((source.slice(*span), claim.expected)),
            Block::Display { .. } | Block::Fence(_) | Block::Prose { .. } => None,
        })
        .collect();
    let expected = [("$$x$$ <!-- claim: #a refuted -->", Some(Expected::Refuted)), ("$$y$$\n<!-- claim: -->", None)];
    assert_eq!((claims.as_slice(), codes.len()), (&expected[..], 0));
    check_codes("$$x$$ <!-- claim: refute -->", &["unknown-fence-word"]);
    check_codes("```math claim #a\nx\n```\n\n$$x$$ <!-- claim: #a -->", &["duplicate-label"]);
}

#[test]
fn the_words_of_a_fence_say_what_it_is_for() {
    let derive = |form, steps| Role::Derive { form, steps };
    check_words("math", Role::Plain, None, None);
    check_words("math given", Role::Given, None, None);
    check_words("math  define #a-1", Role::Define, Some("a-1"), None);
    check_words("math claim #b refuted", Role::Claim, Some("b"), Some(Expected::Refuted));
    check_words("math claim open", Role::Claim, None, Some(Expected::Open));
    check_words(" math derive", derive(Form::Auto, false), None, None);
    check_words("math derive #c closed steps", derive(Form::Closed, true), Some("c"), None);
    check_words("math derive steps paths", derive(Form::Paths, true), None, None);
}

#[test]
fn mistakes_in_the_words_of_a_fence_are_named() {
    check_codes("```math clam\nx\n```", &["unknown-fence-word"]);
    check_codes("```math claim paths\nx\n```", &["unknown-fence-word"]);
    check_codes("```math define refuted\nx\n```", &["unknown-fence-word"]);
    check_codes("```math claim #Big_label\nx\n```", &["bad-label"]);
    check_codes("```math claim # #a #b\nx\n```", &["bad-label", "bad-label"]);
    check_codes("```math claim #a\nx\n```\n\n```math claim #a\ny\n```", &["duplicate-label"]);
    check_codes("```math claim\nx\n", &["unclosed-fence"]);
    check_codes("- ```math claim\n  x\n\nb\n", &["unclosed-fence"]);
    let (source, open, _) = page("```math given\nx\ny\n\nWords.\n");
    assert_eq!(source.slice(fences(&open)[0].body), "x\ny\n");
    let (source, open, codes) =
        page("~~~math given\nx\n\nWords.\n\n  ~~~math define\ny\n~~~\n\n~~~math claim\nz\n~~~\n");
    let bodies: Vec<&str> = fences(&open).iter().map(|fence| source.slice(fence.body)).collect();
    assert_eq!((bodies, codes), (vec!["x\n", "y\n", "z\n"], vec!["unclosed-fence"]));
    check_codes("````math\nx\n```math\n````\n", &[]);
    check_codes("````markdown\n```math claim\nx\n```\n````\n", &[]);
    let source = Source::new("page.md", "é\n\n```math clam\nx\n```");
    let problem = &read_page(&source).1[0];
    assert_eq!(source.slice(problem.span), "clam");
    assert_eq!(problem.hint.as_deref(), Some("did you mean `claim`?"));
}

#[test]
fn front_matter_is_read_key_by_key() {
    let (_, page, codes) =
        page("\u{feff}+++\r\ntitle = \"A\"\r\nuses = [\"b.md\"]\r\nlayout = \"numerator\"\r\nk = 1\r\n+++\r\nx");
    assert_eq!(codes, ["front-matter"]);
    let front = page.front.expect("there is front matter");
    assert_eq!((front.title.as_deref(), front.layout), (Some("A"), Layout::Numerator));
    assert_eq!(front.uses, ["b.md"]);
    assert_eq!(front.other.keys().collect::<Vec<_>>(), ["k"]);
    assert_eq!(page.blocks.len(), 1);
}

#[test]
fn mistakes_in_front_matter_are_named() {
    check_codes("+++\ntitle = \n+++\nx", &["front-matter"]);
    check_codes("+++\ntitle = 1\nuses = [1]\nlayout = \"diagonal\"\n+++\nx", &["front-matter"; 3]);
    check_codes("+++\ntitle = \"A\"\n", &["front-matter"]);
    check_codes("+++\ntitle = \"A\"\ndisplay = \"claims\"\n+++\nx", &[]);
    let source = Source::new("page.md", "+++\ntitle = \"A\"\ntilte = \"B\"\n+++\n");
    let problem = &read_page(&source).1[0];
    assert_eq!((problem.severity, source.slice(problem.span)), (Severity::Warning, "tilte = \"B\""));
    let hint = "did you mean `title`? The keys are `title`, `uses`, `layout` or `display`";
    assert_eq!(problem.hint.as_deref(), Some(hint));
    let source = Source::new("page.md", "+++\nlayout = \"numerater\"\n+++\n");
    let problem = &read_page(&source).1[0];
    assert_eq!(source.slice(problem.span), "layout = \"numerater\"");
    assert_eq!(problem.hint.as_deref(), Some("write `layout = \"numerator\"`"));
}

#[test]
fn a_page_without_front_matter_has_none() {
    let (_, page, _) = page("text\n+++\n");
    assert_eq!((page.front, page.front_span), (None, Span::new(0, 0)));
}

/// The rows of all tables of the suite but the refusals: LaTeX and the trees it is read as.
fn table(name: &str) -> Vec<(String, String)> {
    let path = format!("{}/tests/suite/reading/{name}.tsv", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect(&path);
    let rows = text.lines().filter(|line| !line.starts_with("# "));
    rows.map(|line| line.split_once('\t').expect(line)).map(|(a, b)| (a.to_string(), b.to_string())).collect()
}

const TABLES: [&str; 14] = [
    "letters",
    "numbers",
    "products",
    "sums",
    "scripts",
    "big",
    "bars",
    "relations",
    "conditions",
    "rows",
    "environments",
    "macros",
    "unicode",
    "notes",
];

/// Formulas as the tables write them: `;` between formulas, `if` before a condition, `in` before a variable.
fn shown(formulas: &[Formula]) -> String {
    let one = |formula: &Formula| {
        let conditions = formula.conditions.iter().map(|node| format!(" if {}", sexpr(node)));
        let variables = formula.variables.iter().map(|node| format!(" in {}", sexpr(node)));
        sexpr(&formula.body) + &conditions.chain(variables).collect::<String>()
    };
    formulas.iter().map(one).collect::<Vec<_>>().join(" ; ")
}

fn n_errors(problems: &[Diagnostic]) -> usize {
    problems.iter().filter(|problem| problem.severity == Severity::Error).count()
}

#[test]
fn formulas_are_read_as_the_tables_say() {
    let (mut n_right, mut wrong) = (0, Vec::new());
    for (latex, expected) in TABLES.into_iter().flat_map(table) {
        let (formulas, problems) = parse_formulas(&latex, 0);
        let found = shown(&formulas);
        if found == expected && n_errors(&problems) == 0 {
            n_right += 1;
        } else {
            wrong.push(format!("{latex}\n  found    {found}\n  expected {expected}\n  {problems:?}"));
        }
    }
    let n_all = n_right + wrong.len();
    println!("{n_right} of {n_all} formulas, {:.1} %", 100.0 * n_right as f64 / n_all as f64);
    assert!(n_all >= 500 && wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn refusals_have_a_code_a_place_and_a_hint() {
    for (latex, expected) in table("refusals") {
        let (_, problems) = parse_formulas(&latex, 0);
        let at = |problem: &Diagnostic| format!("{} `{}`", problem.code, &latex[problem.span.start..problem.span.end]);
        assert_eq!(problems.iter().map(at).collect::<Vec<_>>().join(", "), expected, "{latex}");
        for problem in problems {
            assert!(problem.hint.is_some() && !problem.message.ends_with('.'), "{latex}: {problem:?}");
            assert!(problem.message.starts_with(|c: char| !c.is_uppercase()), "{latex}: {problem:?}");
        }
    }
}

#[test]
fn an_offset_moves_every_span_and_changes_nothing_else() {
    for (latex, _) in TABLES.into_iter().chain(["refusals"]).flat_map(table) {
        let (here, there) = (parse_formulas(&latex, 0), parse_formulas(&latex, 1000));
        assert_eq!(shown(&here.0), shown(&there.0), "{latex}");
        let spans = |(formulas, problems): &(Vec<Formula>, Vec<Diagnostic>)| -> Vec<Span> {
            let formulas = formulas.iter().flat_map(|formula| [formula.span, formula.body.span]);
            formulas.chain(problems.iter().map(|problem| problem.span)).collect()
        };
        let moved = spans(&here).into_iter().map(|span| Span::new(span.start + 1000, span.end + 1000));
        assert_eq!(moved.collect::<Vec<_>>(), spans(&there), "{latex}");
    }
}

#[test]
fn every_prefix_and_suffix_is_read_without_panic_and_errors_are_never_silent() {
    for (latex, _) in TABLES.into_iter().chain(["refusals"]).flat_map(table) {
        for at in (0..latex.len()).filter(|at| latex.is_char_boundary(*at)) {
            for part in [&latex[..at], &latex[at..]] {
                let (formulas, problems) = parse_formulas(part, 0);
                let is_silent = shown(&formulas).contains("<error>") && n_errors(&problems) == 0;
                assert!(!is_silent, "an unreported error in {part:?}");
                let is_inside = |problem: &Diagnostic| part.get(problem.span.start..problem.span.end).is_some();
                assert!(problems.iter().all(is_inside), "a span outside of {part:?}: {problems:?}");
                parse_expression(part, 0);
            }
        }
    }
}

#[test]
fn deep_nesting_is_refused_and_not_followed() {
    let pairs = [
        ("{", "}"),
        ("(", ")"),
        (r"\left(", r"\right)"),
        (r"\frac{", "}{2}"),
        ("|a+", "|"),
        ("x^{", "}"),
        (r"\begin{cases}", r"\end{cases}"),
        (r"(\begin{aligned}a=", r"\end{aligned})"),
        (r"\sum_{", "}"),
        (r"\hat{", "}"),
        (r"\mathbf{a+", "}"),
        (r"\neg", ""),
        (r"\sum", ""),
        ("a-", ""),
    ];
    for (open, close) in pairs.into_iter().filter(|pair| pair.0 != "a-") {
        let latex = format!("{}x{}", open.repeat(5000), close.repeat(5000));
        let (_, problems) = parse_formulas(&latex, 0);
        assert_eq!(problems.first().map(|problem| problem.code), Some("too-deep"), "{open}");
    }
    let (_, problems) = parse_formulas(&"a-".repeat(5000), 0);
    assert_eq!(problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["missing-operand"]);
    let (formulas, problems) = parse_formulas(&format!("{}x{}", "(".repeat(40), ")".repeat(40)), 0);
    assert_eq!((formulas.len(), problems), (1, Vec::new()));
}

#[test]
fn macros_hold_in_all_formulas_of_a_file() {
    let text = "$\\newcommand{\\pd}[2]{\\frac{\\partial #1}{\\partial #2}}$\n\n```math claim\n\\pd{z}{x} = \\R\n```\n\n$$\\def\\R{r}$$";
    let (_, page, codes) = page(text);
    let (formulas, problems) = page.parse(&fences(&page)[0].latex, 0);
    assert_eq!(
        (shown(&formulas).as_str(), problems.len(), codes.len()),
        ("(rel (frac (* \\partial z) (* \\partial x)) = r)", 0, 0)
    );
}

#[test]
fn macros_that_call_themselves_end() {
    let doubling = r"\def\a{\b\b}\def\b{\a\a} \a";
    for latex in [r"\def\a{\a} \a", doubling, r"\newcommand{\x}[1]{\x{#1#1}} \x{y}"] {
        let (_, problems) = parse_formulas(latex, 0);
        assert!(problems.iter().any(|problem| problem.code == "too-deep"), "{latex}");
    }
}

#[test]
fn an_expression_has_no_conditions() {
    let (node, problems) = parse_expression(r"\frac{d L}{d w_h}", 5);
    assert_eq!((sexpr(&node).as_str(), node.span), ("(frac (* d L) (* d (sub w h)))", Span::new(5, 22)));
    assert_eq!(problems, []);
    assert_eq!(parse_expression(r"a \\ b", 0).1[0].code, "unexpected-token");
    assert_eq!(sexpr(&parse_expression("", 0).0), "()");
}

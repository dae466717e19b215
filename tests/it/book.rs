//! The built book: whole, linked, the same every time, and never at the cost of what was there.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::sample;
use chainrule::book::*;
use chainrule::render::Templates;
use chainrule::render::ledger::RuleRow;
use chainrule::render::ledger::RulesPage;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// A folder of this test's own, empty.
fn fresh(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("book").join(name);
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).unwrap();
    dir
}

fn chapter(path: &str, title: &str, number: Option<&str>, markdown: impl Into<String>) -> BookChapter {
    BookChapter {
        path: path.into(),
        title: title.into(),
        number: number.map(str::to_string),
        markdown: markdown.into(),
        children: vec![],
    }
}

fn sample_book() -> BookInput {
    let templates = Templates::load(None).unwrap();
    let page = sample::chapter();
    let mut bptt = chapter("bptt.md", &page.title, Some("4"), templates.chapter_markdown(&page).unwrap());
    bptt.children.push(chapter(
        "cost.md",
        "What it *costs*",
        Some("4.1"),
        "# What it costs\n\nThe backward pass costs $O(T)$.\n",
    ));
    BookInput {
        title: "Why gradients vanish".into(),
        authors: vec!["A. U. Thor".into()],
        language: None,
        description: Some("A sample.".into()),
        entries: vec![
            BookEntry::Chapter(chapter(
                "index.md",
                "Preface",
                None,
                "# Preface\n\nSee [the chapter](bptt.md) and [its claim](bptt.md#general-wh).\n",
            )),
            BookEntry::Part("Time".into()),
            BookEntry::Chapter(bptt),
            BookEntry::Separator,
            BookEntry::Chapter(chapter(
                "ledger.md",
                "Ledger",
                None,
                templates.ledger_markdown(&sample::ledger()).unwrap(),
            )),
            BookEntry::Chapter(chapter("rules.md", "Rules", None, templates.rules_markdown(&rules()).unwrap())),
            BookEntry::Chapter(chapter(
                "activations.md",
                "Activations",
                None,
                templates.activations_markdown(&sample::activations()).unwrap(),
            )),
        ],
        files: page
            .figures()
            .map(|(path, figure)| BookFile {
                path,
                bytes: figure.svg.clone().into_bytes(),
                inline: figure.inline_svg.clone(),
            })
            .collect(),
        style: ".fig { color: teal; }".into(),
        memory: None,
    }
}

/// The rules of the sample, and those that the steps of its chapter name.
fn rules() -> RulesPage {
    let mut rules = sample::rules();
    let first = rules.rules[0].clone();
    let named = ["base-case", "chain-rule", "product-rule", "split-last-term"];
    rules.rules.extend(named.map(|name| RuleRow { name: name.into(), ..first.clone() }));
    rules
}

/// Every file under `dir` with its bytes.
fn contents(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(contents(&path));
        } else {
            all.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    all
}

fn page(out: &Path, name: &str) -> String {
    fs::read_to_string(out.join(name)).unwrap()
}

#[test]
fn every_link_leads_somewhere_and_nothing_is_fetched() {
    let out = fresh("sample").join("out");
    let report = build(&sample_book(), &out).unwrap();
    assert_eq!(report.problems, []);
    assert_eq!(report.pages, 7);
    let links = check_links(&out).unwrap();
    assert!(links.followed > 100, "{links:?}");
    assert_eq!(links.broken, []);
    assert_eq!(links.fetched, Vec::<String>::new());
    assert_eq!(links.external, Vec::<String>::new());
    for (path, bytes) in contents(&out) {
        if path.extension().is_some_and(|ending| ending == "html") {
            let text = String::from_utf8(bytes).unwrap();
            assert!(!text.contains("data-slot"), "a slot is left in {}", path.display());
            assert!(!text.contains("http:") && !text.contains("https://"), "an address in {}", path.display());
        }
    }
}

#[test]
fn formulas_are_read_without_script() {
    let out = fresh("formulas").join("out");
    build(&sample_book(), &out).unwrap();
    let text = page(&out, "bptt.html");
    assert!(text.contains("<span class=\"katex\">"));
    assert!(text.contains("<annotation encoding=\"application/x-tex\">a^2 + b^2 = c^2</annotation>"));
    assert!(text.contains("<span class=\"number\">(4.2)</span>"));
    assert!(text.contains("<svg") && text.contains("aria-label=\"Three circles"));
    assert!(page(&out, "print.html").matches("(4.2)").count() == 1);
}

#[test]
fn the_index_holds_a_formula_once_at_most() {
    let out = fresh("index").join("out");
    build(&sample_book(), &out).unwrap();
    let index = fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path());
    let index =
        index.into_iter().find(|path| path.file_name().unwrap().to_string_lossy().starts_with("searchindex")).unwrap();
    let text = fs::read_to_string(&index).unwrap();
    assert!(
        text.contains("The state at time t depends on the state before it"),
        "inline formulas are words of the text"
    );
    assert!(
        !text.contains("katex") && !text.contains("annotation") && !text.contains("prod_"),
        "display formulas are not"
    );
    assert!(text.len() < 60_000, "{}", text.len());
}

#[test]
fn the_same_book_gives_the_same_bytes() {
    let dir = fresh("bytes");
    build(&sample_book(), &dir.join("a")).unwrap();
    build(&sample_book(), &dir.join("b")).unwrap();
    let strip = |name: &str| -> BTreeMap<_, _> {
        let root = dir.join(name);
        contents(&root)
            .into_iter()
            .map(|(path, bytes)| (path.strip_prefix(&root).unwrap().to_path_buf(), bytes))
            .collect()
    };
    let (a, b) = (strip("a"), strip("b"));
    assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>());
    for (path, bytes) in &a {
        assert!(bytes == &b[path], "{} differs", path.display());
    }
}

#[test]
fn a_book_replaces_the_last_one_and_leaves_nothing_beside_it() {
    let dir = fresh("replace");
    let out = dir.join("out");
    build(&sample_book(), &out).unwrap();
    assert!(is_book(&out));
    let mut second = sample_book();
    second.entries.truncate(1);
    second.entries.push(BookEntry::Chapter(chapter("other.md", "Other", None, "# Other\n")));
    let BookEntry::Chapter(first) = &mut second.entries[0] else { unreachable!() };
    first.markdown = "# Preface\n".into();
    build(&second, &out).unwrap();
    assert!(out.join("other.html").is_file() && !out.join("bptt.html").exists());
    let beside: Vec<_> = fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(beside, ["out"]);
}

#[test]
fn a_failed_build_leaves_the_last_book() {
    let dir = fresh("failed");
    let out = dir.join("out");
    build(&sample_book(), &out).unwrap();
    let before = contents(&dir);
    let mut bad = sample_book();
    bad.entries.push(BookEntry::Chapter(chapter("bptt.md", "Twice", None, "# Twice\n")));
    assert_eq!(build(&bad, &out).unwrap_err().code, "book-path");
    // A page and a folder of one name: the build stops halfway.
    let mut worse = sample_book();
    worse.files.push(BookFile { path: "cost.html/b".into(), bytes: vec![1], inline: None });
    assert_eq!(build(&worse, &out).unwrap_err().code, "book-failed");
    assert!(before == contents(&dir));
}

#[test]
fn what_an_interrupted_build_left_is_put_back_or_removed() {
    let dir = fresh("interrupted");
    let (out, aside) = (dir.join("out"), dir.join(".out.chainrule-old"));
    let mut worse = sample_book();
    worse.files.push(BookFile { path: "cost.html/b".into(), bytes: vec![1], inline: None });
    build(&sample_book(), &out).unwrap();
    let before = contents(&dir);
    // Stopped with the last book moved aside: it is put back, even where the next build fails.
    fs::rename(&out, &aside).unwrap();
    assert_eq!(build(&worse, &out).unwrap_err().code, "book-failed");
    assert!(before == contents(&dir) && !aside.exists());
    // Stopped with the next book in its place: the last one is removed, even where the next build fails.
    fs::rename(&out, &aside).unwrap();
    fs::create_dir(&out).unwrap();
    assert_eq!(build(&worse, &out).unwrap_err().code, "book-failed");
    assert!(!aside.exists());
    // What somebody put there stays.
    fs::create_dir(&aside).unwrap();
    fs::write(aside.join("thesis.tex"), "years of work").unwrap();
    assert_eq!(build(&sample_book(), &out).unwrap_err().code, "out-not-a-book");
    assert_eq!(page(&aside, "thesis.tex"), "years of work");
}

#[test]
fn what_is_not_a_book_is_never_touched() {
    let dir = fresh("refused");
    let out = dir.join("out");
    fs::create_dir_all(&out).unwrap();
    fs::write(out.join("thesis.tex"), "years of work").unwrap();
    let problem = build(&sample_book(), &out).unwrap_err();
    assert_eq!(problem.code, "out-not-a-book");
    assert_eq!(contents(&dir).len(), 1);

    fs::remove_file(out.join("thesis.tex")).unwrap();
    build(&sample_book(), &out).unwrap();
    fs::write(out.join("thesis.tex"), "years of work").unwrap();
    let problem = build(&sample_book(), &out).unwrap_err();
    assert!(problem.message.contains("thesis.tex"), "{problem}");
    assert_eq!(page(&out, "thesis.tex"), "years of work");

    let file = dir.join("file");
    fs::write(&file, "words").unwrap();
    assert_eq!(build(&sample_book(), &file).unwrap_err().code, "out-not-a-book");
    assert_eq!(build(&sample_book(), Path::new("/")).unwrap_err().code, "out-not-a-book");
}

#[test]
fn a_path_cannot_leave_the_book() {
    let out = fresh("paths").join("out");
    for path in ["../a.md", "/a.md", "a/../../b.md", "print.md", "a.txt", ".git/a.md"] {
        let mut book = sample_book();
        book.entries.push(BookEntry::Chapter(chapter(path, "A", None, "# A\n")));
        assert_eq!(build(&book, &out).unwrap_err().code, "book-path", "{path}");
    }
    assert!(!out.exists());
}

#[test]
fn a_formula_that_cannot_be_typeset_is_shown_as_it_was_written() {
    let out = fresh("source").join("out");
    let deep = format!("{}x{}", "{".repeat(1000), "}".repeat(1000));
    let roots = "\\sqrt".repeat(3000) + " x";
    let long = "x+".repeat(500_000) + "x";
    let text = format!(
        "# A\n\nOne $\\nosuchcommand{{a}}$ and $\\frac{{1}}$.\n\n```math\n{deep}\n```\n\n```math\n{roots}\n```\n\n```math\n{long}\n```\n\nGood: $a<b$\n"
    );
    let book =
        BookInput { entries: vec![BookEntry::Chapter(chapter("a.md", "A", None, text))], ..BookInput::default() };
    let report = build(&book, &out).unwrap();
    assert_eq!(report.problems.len(), 5, "{:#?}", report.problems);
    assert!(report.problems.iter().all(|problem| problem.path.as_deref() == Some("a.md")));
    assert!(page(&out, "a.html").contains("<code class=\"source\">\\nosuchcommand{a}</code>"));
}

#[test]
fn mdbook_may_ask_for_the_formulas() {
    let request = r##"[{"root":"/","config":{"book":{"title":"T","src":"src"}},"renderer":"html","mdbook_version":"0.5.4"},
        {"items":[{"Chapter":{"name":"A","content":"# A\n\n| a | b |\n| - | - |\n| $\\vert x\\vert_1$ | *y* |\n\n> ```math\n> a_1 * b_2 \\tag{1.1}\n> ```\n","number":null,"sub_items":[],"path":"a.md","source_path":"a.md","parent_names":[]}}]}]"##;
    let mut out = Vec::new();
    let problems = preprocess(request.as_bytes(), &mut out, &Typesetter::new(1), |path, text| {
        assert_eq!(path, "a.md");
        Ok(Some(text.replace("# A", "# B")))
    })
    .unwrap();
    assert_eq!(problems, []);
    let book: serde_json::Value = serde_json::from_slice(&out).unwrap();
    let content = book["items"][0]["Chapter"]["content"].as_str().unwrap();
    assert!(
        content.starts_with("# B") && content.contains("class=\"katex\"") && content.contains("(1&#46;1)"),
        "{content}"
    );
    assert!(content.contains("aria-label=\"\\vert x\\vert_1\""), "{content}");
    assert!(!content.contains('$') && !content.contains("```"), "{content}");
    assert_eq!(
        preprocess("no".as_bytes(), &mut out, &Typesetter::new(1), |_, _| Ok(None)).unwrap_err().code,
        "preprocessor-input"
    );
}

/// The text of a piece of HTML, tags left out and entities resolved.
fn text_of(html: &str) -> String {
    let mut text = String::new();
    let mut in_tag = false;
    for c in html.chars() {
        match c {
            '<' => in_tag = true,
            '>' => in_tag = false,
            c if !in_tag && !c.is_whitespace() => text.push(c),
            _ => {}
        }
    }
    for (entity, c) in [("&lt;", "<"), ("&gt;", ">"), ("&#x27;", "'"), ("&#39;", "'"), ("&quot;", "\""), ("&amp;", "&")]
    {
        text = text.replace(entity, c);
    }
    text
}

#[test]
fn a_formula_in_the_text_comes_through_markdown_unharmed() {
    let dir = fresh("unharmed");
    let formulas = [
        r"a_1 * b_2 * c_3 [d] (e) ![f](g)",
        r"\text{a\_b *c* \_d\_ `e` -- f ... ' \& \# <b>}",
        r"x < y > z, \{w\} \| v \|",
        r"\texttt{https://example.org} \sim \hat{a}^{*}",
    ];
    for (idx, latex) in formulas.iter().enumerate() {
        let markdown = format!("# A\n\n* x $START$ ${latex}$ $END$\n\n## B\n\n```math\n{latex}\n```\nrest *of it*\n");
        let request = serde_json::json!([
            {"root": "/", "config": {"book": {"src": "src"}}, "renderer": "html", "mdbook_version": "0.5.4"},
            {"items": [{"Chapter": {"name": "A", "content": markdown, "number": null, "sub_items": [],
                "path": "a.md", "source_path": "a.md", "parent_names": []}}]}
        ]);
        let mut answer = Vec::new();
        let problems = preprocess(request.to_string().as_bytes(), &mut answer, &Typesetter::new(1), |_, _| Ok(None));
        assert_eq!(problems.unwrap(), [], "{latex}");
        let answer: serde_json::Value = serde_json::from_slice(&answer).unwrap();
        let content = answer["items"][0]["Chapter"]["content"].as_str().unwrap();
        let book = BookInput {
            entries: vec![BookEntry::Chapter(chapter("a.md", "A", None, content))],
            ..BookInput::default()
        };
        let out = dir.join(idx.to_string());
        build(&book, &out).unwrap();
        let shown = text_of(&page(&out, "a.html"));
        for style in [Style::Inline, Style::Display] {
            let html = typeset(latex, style).unwrap();
            let seen = text_of(&html[html.find("<span aria-hidden").unwrap()..]);
            assert!(shown.contains(&seen), "{latex}: {seen} is not in {shown}");
        }
        assert!(page(&out, "a.html").contains("rest <em>of it</em>"));
    }
}

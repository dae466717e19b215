//! What the built-in templates make of a chapter, and what they say when a project's own are wrong.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::documents;
use crate::documents::root;
use crate::sample;
use chainrule::derivation::Document;
use chainrule::render::Chapter;
use chainrule::render::LatexBook;
use chainrule::render::Pages;
use chainrule::render::Summary;
use chainrule::render::Templates;
use chainrule::render::Written;
use chainrule::render::pages;
use chainrule::source::Diagnostic;
use chainrule::source::Source;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

fn templates() -> Templates {
    Templates::load(None).unwrap()
}

#[test]
fn a_chapter_as_markdown() {
    insta::assert_snapshot!(templates().chapter_markdown(&sample::chapter()).unwrap());
}

#[test]
fn a_chapter_as_latex() {
    insta::assert_snapshot!(templates().chapter_latex(&sample::chapter()).unwrap());
}

#[test]
fn the_back_matter_as_markdown() {
    let templates = templates();
    insta::assert_snapshot!("ledger", templates.ledger_markdown(&sample::ledger()).unwrap());
    insta::assert_snapshot!("rules", templates.rules_markdown(&sample::rules()).unwrap());
    insta::assert_snapshot!("activations", templates.activations_markdown(&sample::activations()).unwrap());
}

#[test]
fn a_book_as_latex() {
    let book = LatexBook {
        title: "Back-propagation & time",
        authors: &["A. U. Thor".to_string()],
        chapters: &[chainrule::render::page::ChapterPage { parts: vec![], ..sample::chapter() }],
        ledger: Some(&sample::ledger()),
        rules: Some(&sample::rules()),
        activations: Some(&sample::activations()),
    };
    insta::assert_snapshot!(templates().book_latex(&book).unwrap());
}

#[test]
fn the_same_chapter_gives_the_same_bytes() {
    let once = templates().chapter_markdown(&sample::chapter()).unwrap();
    assert_eq!(once, templates().chapter_markdown(&sample::chapter()).unwrap());
}

#[test]
fn a_project_may_have_its_own_template() {
    let own = [("markdown/display.md".to_string(), "<< latex | inline >> {{ {# untouched".to_string())];
    let page = chainrule::render::page::ChapterPage {
        parts: vec![chainrule::render::page::Part::Display { label: None, number: None, latex: "a\n= b".into() }],
        ..sample::chapter()
    };
    let text = Templates::with(&own).unwrap().chapter_markdown(&page).unwrap();
    assert_eq!(text, "# 4. Every time step\n\na = b {{ {# untouched\n");
}

#[test]
fn a_broken_template_is_named() {
    let own = [("markdown/claim.md".to_string(), "<< relations | reverted >>".to_string())];
    let problem = Templates::with(&own).err().unwrap();
    assert_eq!(problem.code, "template-syntax");
    assert!(problem.message.contains("markdown/claim.md") && problem.message.contains("reverted"), "{problem}");
}

#[test]
fn an_unknown_field_is_an_error_when_the_page_is_written() {
    let own = [("markdown/display.md".to_string(), "<< latx >>".to_string())];
    let problem = Templates::with(&own).unwrap().chapter_markdown(&sample::chapter()).err().unwrap();
    assert_eq!(problem.code, "template-failed");
    assert!(problem.message.contains("markdown/display.md") && problem.message.contains("latx"), "{problem}");
}

/// The book of this repository, every claim decided.
fn book() -> Pages {
    let summary = fs::read_to_string(root().join("derivations/summary.toml")).unwrap();
    let (summary, problems) = Summary::read(&Source::new("summary.toml", summary));
    assert_eq!(problems, []);
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    let documents: BTreeMap<String, &Document> =
        documents::book().iter().map(|(path, document)| (name(path), document)).collect();
    let names: Vec<String> = documents.keys().cloned().collect();
    let (contents, problems) = summary.arrange(&names);
    assert_eq!(problems, []);
    let chapters: Vec<Chapter<'_>> = contents
        .iter()
        .map(|entry| Chapter { path: &entry.path, number: Some(entry.number), document: documents[&entry.path] })
        .collect();
    pages(&chapters)
}

#[test]
fn every_chapter_in_both_formats() {
    let (book, templates) = (book(), templates());
    let text = |file: &Written| file.path.ends_with(".md") || file.path.ends_with(".tex");
    let mut files = book.markdown(&templates).unwrap();
    files.extend(book.latex(&templates).unwrap());
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots/chapters");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for file in files.iter().filter(|file| text(file)) {
            insta::assert_snapshot!(file.path.as_str(), file.text);
        }
    });
    let problems: Vec<&Diagnostic> = book.diagnostics.iter().flatten().collect();
    assert!(problems.is_empty(), "{problems:#?}");
}

//! What the built-in templates make of a chapter, and what they say when a project's own are wrong.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::sample;
use chainrule::render::LatexBook;
use chainrule::render::Templates;

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

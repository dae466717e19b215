//! The protocol by which mdBook asks another program to change a book before it is rendered.

use crate::book::html;
use crate::book::html::Piece;
use crate::book::marks;
use crate::book::marks::What;
use crate::book::slots::boxed;
use crate::book::slots::link_to_card;
use crate::book::slots::markdown_proof;
use crate::book::slots::source;
use crate::book::typeset::Access;
use crate::book::typeset::Style;
use crate::book::typeset::Typesetter;
use crate::render::Problem;
use crate::render::formula;
use mdbook_preprocessor::book::Book;
use std::io::Read;
use std::io::Write;

/// Reads a book from `input` as mdBook writes it, and writes it to `output` with each chapter's text replaced.
///
/// `chapter` gets a chapter's path and its text and returns the Markdown that takes its place, or none to leave it.
/// Afterwards formulas are typeset if the renderer is `html`; they carry their LaTeX as a label instead of MathML, since
/// mdBook indexes all text it finds. Returns what could not be shown as it should be.
///
/// Errors: `preprocessor-input`, `preprocessor-output`, and what `chapter` returns.
pub fn preprocess(
    input: impl Read,
    mut output: impl Write,
    typesetter: &Typesetter,
    mut chapter: impl FnMut(&str, &str) -> Result<Option<String>, Problem>,
) -> Result<Vec<Problem>, Problem> {
    let (context, mut book) = mdbook_preprocessor::parse_input(input)
        .map_err(|error| Problem::new("preprocessor-input", format!("this is not a book from mdBook: {error:#}")))?;
    let mut problems = Vec::new();
    let mut failure = None;
    book.for_each_chapter_mut(|page| {
        let path = page.path.as_deref().map(|path| path.to_string_lossy().into_owned()).unwrap_or_default();
        match chapter(&path, &page.content) {
            Ok(Some(markdown)) => page.content = markdown,
            Ok(None) => {}
            Err(problem) => failure = failure.take().or(Some(problem)),
        }
        if context.renderer == "html" {
            page.content = embed(&path, &page.content, typesetter, &mut problems);
        }
    });
    if let Some(problem) = failure {
        return Err(problem);
    }
    write_book(&book, &mut output)?;
    Ok(problems)
}

fn write_book(book: &Book, output: &mut impl Write) -> Result<(), Problem> {
    let failed = |error: String| Problem::new("preprocessor-output", error);
    serde_json::to_writer(&mut *output, book).map_err(|error| failed(error.to_string()))?;
    output.flush().map_err(|error| failed(error.to_string()))
}

/// `markdown` with its formulas typeset in place, each on one line and safe from Markdown.
fn embed(path: &str, markdown: &str, typesetter: &Typesetter, problems: &mut Vec<Problem>) -> String {
    let places = marks::find(markdown);
    let formulas: Vec<_> = places.iter().map(|place| formula_of(&place.what)).collect();
    let wanted: Vec<_> = formulas.iter().flatten().map(|(style, latex, _)| (*style, Access::Label, *latex)).collect();
    let mut typeset = typesetter.typeset_all(&wanted).into_iter();
    let htmls: Vec<_> = formulas.iter().map(|formula| formula.and_then(|_| typeset.next())).collect();
    marks::replace(markdown, &places, |idx, what| match what {
        What::Picture { .. } => None,
        What::Card { anchor, number } => Some(link_to_card(anchor, number.as_deref())),
        What::Inline(_) | What::Display(_) | What::Fence(_) => {
            let (_, latex, number) = formulas[idx]?;
            let (html, width) = match htmls[idx].as_deref()? {
                Ok(set) => (one_line(&set.html), set.width),
                Err(problem) => {
                    problems.push(problem.clone().at(path));
                    (one_line(&source(&formula::inline(latex))), 0.0)
                }
            };
            let html = match what {
                What::Display(_) => boxed(&html, width, number, "span"),
                What::Fence(_) => boxed(&html, width, number, "div"),
                What::Inline(_) | What::Picture { .. } | What::Card { .. } => html,
            };
            Some(proofed(&html))
        }
    })
}

/// How a formula is typeset, its LaTeX and its number.
fn formula_of(what: &What) -> Option<(Style, &str, Option<&str>)> {
    match what {
        What::Inline(latex) => Some((Style::Inline, latex, None)),
        What::Display(latex) | What::Fence(latex) => {
            let (latex, number) = formula::split_number(latex);
            Some((Style::Display, latex, number))
        }
        What::Picture { .. } | What::Card { .. } => None,
    }
}

fn one_line(html: &str) -> String {
    html.replace('\n', " ")
}

/// HTML whose text and attribute values Markdown leaves alone; the tags stay tags.
fn proofed(formula: &str) -> String {
    let mut out = String::with_capacity(formula.len() * 2);
    for piece in html::pieces(formula) {
        match piece {
            Piece::Other(tag) if tag.starts_with("</") => out.push_str(tag),
            Piece::Other(text) => out.push_str(&markdown_proof(text)),
            Piece::Start(mut tag) => {
                let values: Vec<_> =
                    tag.attributes.iter().map(|(_, value)| value.map(|v| v.replace('|', "&#124;"))).collect();
                for (attribute, value) in tag.attributes.iter_mut().zip(&values) {
                    attribute.1 = value.as_deref();
                }
                html::push_tag(&mut out, &tag);
            }
        }
    }
    out
}

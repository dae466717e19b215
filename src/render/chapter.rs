//! From documents to the pages of a book.

use crate::derivation::Document;
use crate::derivation::Formulas;
use crate::derivation::Item;
use crate::render::claim::claim;
use crate::render::derived::derivations;
use crate::render::figures::Drawn;
use crate::render::figures::draw;
use crate::render::numbers::Numbers;
use crate::render::numbers::label_of;
use crate::render::page::ChapterPage;
use crate::render::page::FigureBlock;
use crate::render::page::Part;
use crate::render::page::RowsBlock;
use crate::render::prose;
use crate::render::prose::Directive;
use crate::render::prose::DirectiveKind;
use crate::render::prose::Piece;
use crate::render::source_latex::Body;
use crate::render::words;
use crate::source::Diagnostic;
use crate::source::Span;

/// A decided document with its place in a book.
#[derive(Clone, Copy)]
pub struct Chapter<'a> {
    /// Its file, relative to the folder of the book's derivations: `04-every-time-step.md`.
    pub path: &'a str,
    /// Its number, by which its formulas are numbered; none in front and back matter.
    pub number: Option<usize>,
    /// What it says.
    pub document: &'a Document,
}

/// A chapter's page, and what is wrong with its links and directives.
#[derive(Debug, Clone, PartialEq)]
pub struct Rendered {
    /// The page, which shows the problems too.
    pub page: ChapterPage,
    /// The problems, in source order: `unknown-label`, `duplicate-label`, `unknown-chapter`, `unknown-figure`,
    /// `figure-words`.
    pub diagnostics: Vec<Diagnostic>,
}

/// The pages of chapters that may link to each other, in the order given.
pub fn chapters(chapters: &[Chapter<'_>]) -> Vec<Rendered> {
    let numbers = numbers(chapters);
    chapters.iter().map(|chapter| Writer::new(chapter, &numbers).write()).collect()
}

/// The name of a chapter by its path: the file's name without its ending, folders before it.
pub fn slug(path: &str) -> String {
    path.strip_suffix(".md").unwrap_or(path).replace('/', "-")
}

fn numbers(chapters: &[Chapter<'_>]) -> Numbers {
    let texts: Vec<Option<String>> = chapters.iter().map(|chapter| chapter.number.map(|n| n.to_string())).collect();
    let rows = chapters.iter().zip(&texts).map(|(chapter, number)| (chapter.path, number.as_deref(), chapter.document));
    Numbers::new(rows)
}

struct Writer<'a> {
    chapter: &'a Chapter<'a>,
    numbers: &'a Numbers,
    title: String,
    parts: Vec<Part>,
    diagnostics: Vec<Diagnostic>,
    figure_ids: Vec<String>,
}

impl<'a> Writer<'a> {
    fn new(chapter: &'a Chapter<'a>, numbers: &'a Numbers) -> Writer<'a> {
        let title = chapter.document.title.clone();
        Writer { chapter, numbers, title, parts: Vec::new(), diagnostics: Vec::new(), figure_ids: Vec::new() }
    }

    fn write(mut self) -> Rendered {
        let document = self.chapter.document;
        self.remarks(document.page.front_span);
        for (idx, item) in document.items.iter().enumerate() {
            let number = label_of(item).and_then(|label| self.numbers.of(self.chapter.path, label));
            match item {
                Item::Prose(span) => self.prose(*span, idx == 0),
                Item::Given(formulas) => {
                    self.parts.push(Part::Given(self.rows(formulas, number)));
                    self.remarks(formulas.span);
                }
                Item::Define(formulas) => {
                    self.parts.push(Part::Define(self.rows(formulas, number)));
                    self.remarks(formulas.span);
                }
                Item::Claim(block) => {
                    let remarks: Vec<&Diagnostic> = self.of_document(block.fence.span).collect();
                    self.parts.push(Part::Claim(claim(document, block, number, &remarks)));
                }
                Item::Derive(block) => {
                    self.parts.extend(derivations(&document.arena, block, number));
                    self.remarks(block.fence.span);
                }
                Item::Display(formulas) => {
                    let latex = Body::new(document.source.slice(formulas.body), formulas.body.start).whole();
                    self.parts.push(Part::Display { label: formulas.label.clone(), number, latex });
                    self.remarks(formulas.span);
                }
            }
        }
        let number = self.chapter.number.map(|number| number.to_string());
        let home = "../".repeat(self.chapter.path.matches('/').count());
        let page = ChapterPage { slug: slug(self.chapter.path), number, home, title: self.title, parts: self.parts };
        Rendered { page, diagnostics: self.diagnostics }
    }

    fn rows(&self, formulas: &Formulas, number: Option<String>) -> RowsBlock {
        let source = &self.chapter.document.source;
        let body = Body::new(source.slice(formulas.body), formulas.body.start);
        let rows = match formulas.formulas.is_empty() {
            true => vec![body.whole()],
            false => formulas.formulas.iter().map(|formula| body.formula(formula)).collect(),
        };
        RowsBlock { label: formulas.label.clone(), number, rows }
    }

    /// The document's problems that begin in `span`.
    fn of_document(&self, span: Span) -> impl Iterator<Item = &'a Diagnostic> {
        let all = self.chapter.document.diagnostics.iter();
        all.filter(move |diagnostic| span.start <= diagnostic.span.start && diagnostic.span.start < span.end.max(1))
    }

    /// Shows the document's problems in `span` where they arise.
    fn remarks(&mut self, span: Span) {
        let found: Vec<Diagnostic> = self.of_document(span).cloned().collect();
        self.show(&found);
    }

    fn show(&mut self, diagnostics: &[Diagnostic]) {
        let source = &self.chapter.document.source;
        if !diagnostics.is_empty() {
            let diagnostics = diagnostics.iter().map(|problem| words::diagnostic_line(source, problem)).collect();
            self.parts.push(Part::Diagnostics { diagnostics });
        }
    }

    fn prose(&mut self, span: Span, is_first: bool) {
        let mut text = self.chapter.document.source.slice(span);
        let mut start = span.start;
        if is_first && let Some((title, length)) = prose::first_heading(text) {
            self.title = title;
            text = &text[length..];
            start += length;
        }
        let (chapter, numbers) = (self.chapter, self.numbers);
        let mut problems = Vec::new();
        let pieces = prose::pieces(text, start, |raw, address, at| {
            numbers.link(chapter.path, raw, address, at).unwrap_or_else(|problem| {
                problems.push(problem);
                None
            })
        });
        for piece in pieces {
            match piece {
                Piece::Markdown(markdown) => self.parts.push(Part::Prose { markdown }),
                Piece::Directive(directive) => match draw(chapter.document, &directive) {
                    Ok(drawn) => self.place(&directive, drawn),
                    Err(problem) => problems.push(problem),
                },
            }
        }
        problems.sort_by_key(|problem| problem.span);
        self.remarks(span);
        self.show(&problems);
        self.diagnostics.extend(problems);
    }

    fn place(&mut self, directive: &Directive, drawn: Drawn) {
        match drawn {
            Drawn::Table(markdown) => self.parts.push(Part::Table { markdown, caption: directive.caption.clone() }),
            Drawn::Picture(picture) => {
                let id = self.figure_id(directive);
                let n_figures = self.figure_ids.len();
                let number = self.chapter.number.map_or(format!("{n_figures}"), |n| format!("{n}.{n_figures}"));
                let caption = directive.caption.clone().unwrap_or_else(|| picture.title.clone());
                let caption = picture.note.map_or(caption.clone(), |note| format!("{caption} {note}"));
                self.parts.push(Part::Figure(FigureBlock {
                    id,
                    number: Some(number),
                    svg: picture.svg,
                    inline_svg: Some(picture.inline_svg),
                    caption,
                    description: picture.description,
                }));
            }
        }
    }

    /// An anchor of the drawing's own: no label and no heading begins so.
    fn figure_id(&mut self, directive: &Directive) -> String {
        let is_plain = |word: &&String| word.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        let words: Vec<&str> = directive.words.iter().take_while(is_plain).map(String::as_str).collect();
        debug_assert!(directive.kind == DirectiveKind::Figure);
        let id = format!("figure-{}", words.join("-"));
        let n_before = self.figure_ids.iter().filter(|other| **other == id).count();
        self.figure_ids.push(id.clone());
        if n_before == 0 { id } else { format!("{id}-{}", n_before + 1) }
    }
}

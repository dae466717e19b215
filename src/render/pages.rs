//! All pages of a project: its chapters and the pages at the end, as Markdown or LaTeX.

use crate::render::activations;
use crate::render::back_matter;
use crate::render::chapter::Chapter;
use crate::render::chapter::chapters;
use crate::render::ledger::ActivationsPage;
use crate::render::ledger::LedgerPage;
use crate::render::ledger::RulesPage;
use crate::render::page::ChapterPage;
use crate::render::problem::Problem;
use crate::render::summary::Summary;
use crate::render::templates::LatexBook;
use crate::render::templates::Templates;
use crate::source::Diagnostic;

/// The pages of a project.
#[derive(Debug, Clone, PartialEq)]
pub struct Pages {
    /// The chapters in order, each with the path of its file.
    pub chapters: Vec<(String, ChapterPage)>,
    /// Every claim.
    pub ledger: LedgerPage,
    /// Every rule that is used.
    pub rules: RulesPage,
    /// Every activation.
    pub activations: ActivationsPage,
    /// What is wrong with the links, figures and tables of each chapter, in the order of the chapters.
    pub diagnostics: Vec<Vec<Diagnostic>>,
}

/// A file that is written: its path, relative to the folder of the output, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// With `/` between its parts.
    pub path: String,
    /// The text.
    pub text: String,
}

/// The path of the page with every claim.
const LEDGER: &str = "ledger.md";
/// The path of the page on verdicts and proofs.
const READING: &str = "reading.md";
/// The path of the page with every rule.
const RULES: &str = "rules.md";
/// The path of the page with every activation.
const ACTIVATIONS: &str = "activations.md";
/// The pages that stand at the end of every book.
pub(super) const BACK: [&str; 4] = [READING, LEDGER, RULES, ACTIVATIONS];

/// The pages of decided documents, which are the chapters of one project in order.
pub fn pages(documents: &[Chapter<'_>]) -> Pages {
    let rendered = chapters(documents);
    let mut pages = Vec::new();
    let mut diagnostics = Vec::new();
    for (chapter, rendered) in documents.iter().zip(rendered) {
        pages.push((chapter.path.to_owned(), rendered.page));
        diagnostics.push(rendered.diagnostics);
    }
    Pages {
        ledger: back_matter::ledger(&pages),
        rules: back_matter::rules(&pages),
        activations: activations::page(documents),
        chapters: pages,
        diagnostics,
    }
}

impl Pages {
    /// Forgets the chapters that are not chosen; the pages at the end stay those of all.
    pub fn keep(&mut self, chosen: &[bool]) {
        let (mut own, mut theirs) = (chosen.iter(), chosen.iter());
        self.chapters.retain(|_| own.next() == Some(&true));
        self.diagnostics.retain(|_| theirs.next() == Some(&true));
    }

    /// Each chapter as Markdown beside the drawings that it shows.
    pub fn markdown(&self, templates: &Templates) -> Result<Vec<Written>, Problem> {
        let mut files = Vec::new();
        for (path, page) in &self.chapters {
            files.push(Written { path: path.clone(), text: templates.chapter_markdown(page)? });
            files.extend(drawings(path, page).map(|(path, svg)| Written { path, text: svg.to_owned() }));
        }
        Ok(files)
    }

    /// The pages at the end as Markdown.
    pub fn back_markdown(&self, templates: &Templates) -> Result<Vec<Written>, Problem> {
        let file = |path: &str, text: String| Written { path: path.to_owned(), text };
        let mut files =
            vec![file(READING, templates.reading_markdown()?), file(LEDGER, templates.ledger_markdown(&self.ledger)?)];
        if !self.rules.rules.is_empty() {
            files.push(file(RULES, templates.rules_markdown(&self.rules)?));
        }
        files.push(file(ACTIVATIONS, templates.activations_markdown(&self.activations)?));
        Ok(files)
    }

    /// Each chapter as one LaTeX document.
    pub fn latex(&self, templates: &Templates) -> Result<Vec<Written>, Problem> {
        let written = |(path, page): &(String, ChapterPage)| {
            let path = format!("{}.tex", path.strip_suffix(".md").unwrap_or(path));
            Ok(Written { path, text: templates.chapter_latex(page)? })
        };
        self.chapters.iter().map(written).collect()
    }

    /// The whole book as one LaTeX document, `book.tex`.
    pub fn book_latex(&self, summary: &Summary, templates: &Templates) -> Result<Written, Problem> {
        let chapters: Vec<ChapterPage> = self.chapters.iter().map(|(_, page)| page.clone()).collect();
        let book = LatexBook {
            title: &summary.title,
            authors: &summary.authors,
            chapters: &chapters,
            ledger: Some(&self.ledger),
            rules: (!self.rules.rules.is_empty()).then_some(&self.rules),
            activations: Some(&self.activations),
        };
        Ok(Written { path: "book.tex".into(), text: templates.book_latex(&book)? })
    }
}

/// The drawings of a chapter: paths beside its page, and files of their own.
fn drawings<'a>(path: &str, page: &'a ChapterPage) -> impl Iterator<Item = (String, &'a str)> {
    let folder = folder(path).to_owned();
    page.figures().map(move |(file, figure)| (format!("{folder}{file}"), figure.svg.as_str()))
}

/// The folder of a path with its slash; empty at the top.
pub fn folder(path: &str) -> &str {
    path.rfind('/').map_or("", |at| &path[..=at])
}

use crate::proof::Verdict;
use crate::render::back_matter;
use crate::render::filters;
use crate::render::ledger::ActivationsPage;
use crate::render::ledger::LedgerPage;
use crate::render::ledger::RulesPage;
use crate::render::page::ChapterPage;
use crate::render::page::ClaimBlock;
use crate::render::page::Part;
use crate::render::problem::Problem;
use crate::render::prose_latex;
use crate::render::prose_latex::Headings;
use crate::render::tidy::tidy;
use serde::Serialize;
use std::fs;
use std::path::Path;
use tera::Context;
use tera::Delimiters;
use tera::Tera;

/// The templates of pages: the built-in ones, and in their place those that a project has of its own.
#[derive(Clone)]
pub struct Templates {
    tera: Tera,
}

/// A whole book, for LaTeX.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LatexBook<'a> {
    /// The title, Markdown of one line.
    pub title: &'a str,
    /// The authors, plain text.
    pub authors: &'a [String],
    /// Every chapter in order.
    pub chapters: &'a [ChapterPage],
    /// The ledger, if the book has one.
    pub ledger: Option<&'a LedgerPage>,
    /// The rules, if the book lists them.
    pub rules: Option<&'a RulesPage>,
    /// The activations, if the book lists them.
    pub activations: Option<&'a ActivationsPage>,
}

/// Which folder of templates a page is written with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Markdown,
    Latex,
}

/// What stands above a chapter's sections in LaTeX.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Top {
    Chapter,
    Section,
}

macro_rules! built_in {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../templates/", $name)))),*]
    };
}

/// Every built-in template by its name, which is its path under `templates`.
const BUILT_IN: [(&str, &str); 30] = built_in![
    "latex/_preamble.tex",
    "latex/_steps.tex",
    "latex/activations.tex",
    "latex/article.tex",
    "latex/book.tex",
    "latex/chapter.tex",
    "latex/claim.tex",
    "latex/define.tex",
    "latex/derivation.tex",
    "latex/diagnostics.tex",
    "latex/display.tex",
    "latex/figure.tex",
    "latex/given.tex",
    "latex/ledger.tex",
    "latex/rules.tex",
    "latex/table.tex",
    "markdown/_steps.md",
    "markdown/activations.md",
    "markdown/chapter.md",
    "markdown/claim.md",
    "markdown/define.md",
    "markdown/derivation.md",
    "markdown/diagnostics.md",
    "markdown/display.md",
    "markdown/figure.md",
    "markdown/given.md",
    "markdown/ledger.md",
    "markdown/reading.md",
    "markdown/rules.md",
    "markdown/table.md",
];

impl Templates {
    /// The built-in templates, and those of the folder `dir` in their place: `dir/markdown/claim.md` replaces the
    /// built-in `markdown/claim.md`. A file whose name starts with `_` may be new and is there to be included.
    ///
    /// Errors: `template-unreadable`, `template-unknown`, `template-syntax`. A `dir` that does not exist is empty.
    pub fn load(dir: Option<&Path>) -> Result<Templates, Problem> {
        let mut own = Vec::new();
        if let Some(dir) = dir {
            for format in [Format::Markdown, Format::Latex] {
                read_folder(dir, format, &mut own)?;
            }
        }
        Templates::with(&own)
    }

    /// The built-in templates with the given ones, by name, in their place.
    pub fn with(own: &[(String, String)]) -> Result<Templates, Problem> {
        let mut tera = Tera::default();
        filters::register(&mut tera);
        tera.set_delimiters(Delimiters {
            block_start: "<%".into(),
            block_end: "%>".into(),
            variable_start: "<<".into(),
            variable_end: ">>".into(),
            comment_start: "<#".into(),
            comment_end: "#>".into(),
        })
        .map_err(|error| syntax_problem(&error))?;
        let built_in = BUILT_IN.iter().filter(|(name, _)| !own.iter().any(|(replaced, _)| replaced == name));
        let all = built_in.map(|&(name, text)| (name, text));
        let all: Vec<_> = all.chain(own.iter().map(|(name, text)| (name.as_str(), text.as_str()))).collect();
        tera.add_raw_templates(all).map_err(|error| syntax_problem(&error))?;
        Ok(Templates { tera })
    }

    /// The chapter as Markdown that reads well by itself and that the book is built from. A figure is referred to as
    /// `figures/SLUG-ID.svg`, see [`ChapterPage::figures`].
    pub fn chapter_markdown(&self, page: &ChapterPage) -> Result<String, Problem> {
        let mut context = context(page)?;
        context.insert("parts", &self.parts(page, Format::Markdown, Top::Section)?);
        context.insert("tally", &back_matter::tally(page));
        // The parts are tidy already; prose stays as its author wrote it.
        Ok(self.place("markdown/chapter.md", &context)?.trim().to_string() + "\n")
    }

    /// The chapter as one complete LaTeX document.
    pub fn chapter_latex(&self, page: &ChapterPage) -> Result<String, Problem> {
        let mut context = context(page)?;
        context.insert("body", &self.chapter_body(page, Top::Section)?);
        self.whole("latex/article.tex", &context)
    }

    /// The book as one complete LaTeX document.
    pub fn book_latex(&self, book: &LatexBook<'_>) -> Result<String, Problem> {
        let mut context = Context::new();
        context.insert("title", book.title);
        context.insert("authors", book.authors);
        let mut bodies = Vec::new();
        for chapter in book.chapters {
            bodies.push(self.chapter_body(chapter, Top::Chapter)?);
        }
        if let Some(ledger) = book.ledger {
            bodies.push(self.whole("latex/ledger.tex", &self::context(ledger)?)?);
        }
        if let Some(rules) = book.rules {
            bodies.push(self.whole("latex/rules.tex", &self::context(rules)?)?);
        }
        if let Some(activations) = book.activations {
            bodies.push(self.whole("latex/activations.tex", &self::context(activations)?)?);
        }
        context.insert("chapters", &bodies);
        self.whole("latex/book.tex", &context)
    }

    /// Every claim of the book, as Markdown.
    pub fn ledger_markdown(&self, page: &LedgerPage) -> Result<String, Problem> {
        self.whole("markdown/ledger.md", &context(page)?)
    }

    /// How verdicts and proofs are to be read, as Markdown.
    pub fn reading_markdown(&self) -> Result<String, Problem> {
        self.whole("markdown/reading.md", &Context::new())
    }

    /// Every rule of the book, as Markdown.
    pub fn rules_markdown(&self, page: &RulesPage) -> Result<String, Problem> {
        self.whole("markdown/rules.md", &context(page)?)
    }

    /// Every activation of the book, as Markdown.
    pub fn activations_markdown(&self, page: &ActivationsPage) -> Result<String, Problem> {
        self.whole("markdown/activations.md", &context(page)?)
    }

    fn chapter_body(&self, page: &ChapterPage, top: Top) -> Result<String, Problem> {
        let mut context = context(page)?;
        context.insert("top", top.name());
        context.insert("parts", &self.parts(page, Format::Latex, top)?);
        context.insert("tally", &back_matter::tally(page));
        self.whole("latex/chapter.tex", &context)
    }

    fn parts(&self, page: &ChapterPage, format: Format, top: Top) -> Result<Vec<String>, Problem> {
        page.parts.iter().map(|part| self.part(page, part, format, top)).collect()
    }

    fn part(&self, page: &ChapterPage, part: &Part, format: Format, top: Top) -> Result<String, Problem> {
        let mut context = context(part)?;
        context.insert("slug", &page.slug);
        context.insert("home", &page.home);
        context.insert("top", top.name());
        let name = match part {
            Part::Prose { markdown } => return Ok(prose(markdown, page, format, top)),
            Part::Given(_) => "given",
            Part::Define(_) => "define",
            Part::Claim(claim) => {
                context.insert("verdict", &claim.mark());
                "claim"
            }
            Part::Derivation(_) => "derivation",
            Part::Display { .. } => "display",
            Part::Figure(figure) => {
                context.insert("file", &figure.file(&page.slug));
                "figure"
            }
            Part::Table { .. } => "table",
            Part::Diagnostics { .. } => "diagnostics",
        };
        self.whole(&format!("{}/{name}.{}", format.folder(), format.ending()), &context)
            .map(|text| text.trim_end().to_string())
    }

    fn whole(&self, name: &str, context: &Context) -> Result<String, Problem> {
        self.place(name, context).map(|text| tidy(&text))
    }

    fn place(&self, name: &str, context: &Context) -> Result<String, Problem> {
        self.tera.render(name, context).map_err(|error| {
            Problem::new("template-failed", format!("the template `{name}` cannot be filled: {}", causes(&error)))
        })
    }
}

impl ClaimBlock {
    /// The verdict of the whole fence: the one that needs most attention.
    pub fn mark(&self) -> Verdict {
        let order = [Verdict::Invalid, Verdict::Refuted, Verdict::Open, Verdict::Checked];
        let found = order.into_iter().find(|mark| self.relations.iter().any(|relation| relation.verdict == *mark));
        found.unwrap_or(if self.relations.is_empty() { Verdict::Invalid } else { Verdict::Proved })
    }
}

impl Format {
    fn folder(self) -> &'static str {
        match self {
            Format::Markdown => "markdown",
            Format::Latex => "latex",
        }
    }

    fn ending(self) -> &'static str {
        match self {
            Format::Markdown => "md",
            Format::Latex => "tex",
        }
    }
}

impl Top {
    fn name(self) -> &'static str {
        match self {
            Top::Chapter => "chapter",
            Top::Section => "section",
        }
    }
}

fn prose(markdown: &str, page: &ChapterPage, format: Format, top: Top) -> String {
    match (format, top) {
        (Format::Markdown, _) => markdown.trim_end().to_string(),
        (Format::Latex, Top::Chapter) => prose_latex::write(markdown, &page.slug, Headings::BelowChapter),
        (Format::Latex, Top::Section) => prose_latex::write(markdown, &page.slug, Headings::BelowSection),
    }
}

fn read_folder(dir: &Path, format: Format, own: &mut Vec<(String, String)>) -> Result<(), Problem> {
    let folder = dir.join(format.folder());
    let shown = folder.display().to_string();
    if !folder.is_dir() {
        return Ok(());
    }
    let unreadable = |error: std::io::Error| Problem::new("template-unreadable", error.to_string()).at(shown.clone());
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).map_err(unreadable)? {
        names.push(entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    for file in names.iter().filter(|file| file.ends_with(&format!(".{}", format.ending()))) {
        let name = format!("{}/{file}", format.folder());
        let path = folder.join(file);
        let text = fs::read_to_string(&path)
            .map_err(|error| Problem::new("template-unreadable", error.to_string()).at(path.display().to_string()))?;
        if !file.starts_with('_') && !BUILT_IN.iter().any(|(known, _)| *known == name) {
            return Err(unknown_template(&path, format));
        }
        own.push((name, text));
    }
    Ok(())
}

fn unknown_template(path: &Path, format: Format) -> Problem {
    let folder = format!("{}/", format.folder());
    let known: Vec<_> = BUILT_IN
        .iter()
        .filter_map(|(name, _)| name.strip_prefix(&folder))
        .filter(|name| !name.starts_with('_'))
        .collect();
    Problem::new("template-unknown", "no page uses a template of this name")
        .at(path.display().to_string())
        .with_hint(format!("known are {}; begin the name with `_` if it is only included", known.join(", ")))
}

fn context(page: &impl Serialize) -> Result<Context, Problem> {
    Context::from_serialize(page).map_err(|error| Problem::new("template-failed", causes(&error)))
}

fn syntax_problem(error: &tera::Error) -> Problem {
    Problem::new("template-syntax", causes(error))
}

fn causes(error: &tera::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    text
}

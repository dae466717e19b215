//! The table of contents of a project: its `summary.toml` and the files that are there.

use std::collections::BTreeSet;

use serde::Deserialize;
use toml::Spanned;

use crate::source::Diagnostic;
use crate::source::Source;
use crate::source::Span;
use crate::syntax::nearest;

/// What `summary.toml` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The book's title, Markdown of one line.
    pub title: String,
    /// The authors, plain text.
    pub authors: Vec<String>,
    /// One sentence on the book, plain text.
    pub description: Option<String>,
    /// The language, as in `en-GB`.
    pub language: Option<String>,
    /// The parts in order.
    pub parts: Vec<SummaryPart>,
}

/// A part of the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryPart {
    /// Its title, Markdown of one line; none for chapters before the first part.
    pub title: Option<String>,
    /// Its chapters: files relative to the summary, with their places in it.
    pub chapters: Vec<(String, Span)>,
}

/// A chapter's place in the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentsEntry {
    /// The file, relative to the folder of derivations.
    pub path: String,
    /// Its number, counted through the book.
    pub number: usize,
    /// Which part it belongs to, by position; none outside of all parts.
    pub part: Option<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSummary {
    title: Option<String>,
    authors: Option<Vec<String>>,
    description: Option<String>,
    language: Option<String>,
    chapters: Option<Vec<Spanned<String>>>,
    part: Option<Vec<RawPart>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPart {
    title: Option<String>,
    #[serde(default)]
    chapters: Vec<Spanned<String>>,
}

impl Default for Summary {
    fn default() -> Summary {
        let title = "Derivations".to_owned();
        Summary { title, authors: Vec::new(), description: None, language: None, parts: Vec::new() }
    }
}

impl Summary {
    /// Reads a `summary.toml`.
    ///
    /// Errors: `summary` where it is not TOML or has a key that is not known; the summary is empty then.
    pub fn read(source: &Source) -> (Summary, Vec<Diagnostic>) {
        match toml::from_str::<RawSummary>(&source.text) {
            Ok(raw) => (Summary::from_raw(raw), Vec::new()),
            Err(error) => {
                let range = error.span().unwrap_or(0..0);
                let message = error.message().lines().next().unwrap_or("it is not TOML").to_owned();
                let problem = Diagnostic::error("summary", Span::new(range.start, range.end), message);
                (Summary::default(), vec![problem.with_hint("it holds title, authors, description, language, chapters, and parts as `[[part]]` with title and chapters")])
            }
        }
    }

    /// The chapters in order: those that the summary lists, then the other files of `paths`, by name.
    ///
    /// Errors: `missing-chapter` for a listed file that is not there, `duplicate-chapter` for one that is listed twice.
    pub fn arrange(&self, paths: &[String]) -> (Vec<ContentsEntry>, Vec<Diagnostic>) {
        let mut problems = Vec::new();
        let mut seen = BTreeSet::new();
        let mut order: Vec<(&str, Option<usize>)> = Vec::new();
        for (part_idx, part) in self.parts.iter().enumerate() {
            for (path, span) in &part.chapters {
                if !paths.contains(path) {
                    problems.push(missing(path, *span, paths));
                } else if !seen.insert(path.as_str()) {
                    let message = format!("the chapter `{path}` is listed twice");
                    problems.push(Diagnostic::error("duplicate-chapter", *span, message).with_hint("drop one of them"));
                } else {
                    order.push((path, part.title.is_some().then_some(part_idx)));
                }
            }
        }
        let mut rest: Vec<&str> = paths.iter().map(String::as_str).filter(|path| !seen.contains(path)).collect();
        rest.sort_unstable();
        order.extend(rest.into_iter().map(|path| (path, None)));
        let numbered = order.into_iter().zip(1..);
        let entries = numbered.map(|((path, part), number)| ContentsEntry { path: path.to_owned(), number, part });
        (entries.collect(), problems)
    }

    fn from_raw(raw: RawSummary) -> Summary {
        let listed = |chapters: Vec<Spanned<String>>| {
            let place = |chapter: Spanned<String>| {
                let span = Span::new(chapter.span().start, chapter.span().end);
                (chapter.into_inner(), span)
            };
            chapters.into_iter().map(place).collect()
        };
        let first = raw.chapters.map(|chapters| SummaryPart { title: None, chapters: listed(chapters) });
        let others = raw.part.unwrap_or_default();
        let others = others.into_iter().map(|part| SummaryPart { title: part.title, chapters: listed(part.chapters) });
        Summary {
            title: raw.title.unwrap_or_else(|| Summary::default().title),
            authors: raw.authors.unwrap_or_default(),
            description: raw.description,
            language: raw.language,
            parts: first.into_iter().chain(others).collect(),
        }
    }
}

fn missing(path: &str, span: Span, paths: &[String]) -> Diagnostic {
    let problem = Diagnostic::error("missing-chapter", span, format!("the chapter `{path}` is not there"));
    match nearest(path, paths.iter().map(String::as_str)) {
        Some(meant) => problem.with_hint(format!("did you mean `{meant}`?")),
        None => problem.with_hint("write the file, or drop it from the summary"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| name.to_string()).collect()
    }

    #[test]
    fn listed_chapters_come_first_and_all_are_numbered() {
        let text = "title = \"B\"\nchapters = [\"p.md\"]\n[[part]]\ntitle = \"One\"\nchapters = [\"b.md\", \"x.md\"]\n";
        let (summary, problems) = Summary::read(&Source::new("summary.toml", text));
        assert_eq!((summary.title.as_str(), problems.len()), ("B", 0));
        let (entries, problems) = summary.arrange(&paths(&["a.md", "b.md", "p.md"]));
        let found: Vec<_> = entries.iter().map(|entry| (entry.path.as_str(), entry.number, entry.part)).collect();
        assert_eq!(found, [("p.md", 1, None), ("b.md", 2, Some(1)), ("a.md", 3, None)]);
        assert_eq!(problems[0].code, "missing-chapter");
        assert_eq!(&text[problems[0].span.start..problems[0].span.end], "\"x.md\"");
    }

    #[test]
    fn an_unknown_key_is_told() {
        let (summary, problems) = Summary::read(&Source::new("summary.toml", "titel = \"B\"\n"));
        assert_eq!(summary, Summary::default());
        assert_eq!(problems[0].code, "summary");
    }
}

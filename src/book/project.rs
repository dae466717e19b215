//! The book of a project: its chapters under their parts, and the pages at the end.

use crate::book::build::BookChapter;
use crate::book::build::BookEntry;
use crate::book::build::BookFile;
use crate::book::build::BookInput;
use crate::figure::STYLE;
use crate::render::ContentsEntry;
use crate::render::Pages;
use crate::render::Problem;
use crate::render::Summary;
use crate::render::Templates;
use crate::render::folder;
use crate::render::page::ChapterPage;

/// The book of `pages`, whose chapters stand in the order of `contents`.
pub fn book_of(
    summary: &Summary,
    contents: &[ContentsEntry],
    pages: &Pages,
    templates: &Templates,
) -> Result<BookInput, Problem> {
    let mut entries = Vec::new();
    let mut files = Vec::new();
    let mut part = None;
    for (entry, (path, page)) in contents.iter().zip(&pages.chapters) {
        if entry.part != part {
            part = entry.part;
            let title = part.and_then(|part| summary.parts.get(part)?.title.clone());
            entries.push(title.map_or(BookEntry::Separator, BookEntry::Part));
        }
        entries.push(BookEntry::Chapter(BookChapter {
            path: path.clone(),
            title: page.title.clone(),
            number: page.number.clone(),
            markdown: templates.chapter_markdown(page)?,
            children: Vec::new(),
        }));
        files.extend(drawings(path, page));
    }
    entries.push(BookEntry::Part("Back matter".into()));
    for written in pages.back_markdown(templates)? {
        entries.push(BookEntry::Chapter(BookChapter {
            title: first_line(&written.text),
            path: written.path,
            number: None,
            markdown: written.text,
            children: Vec::new(),
        }));
    }
    Ok(BookInput {
        title: summary.title.clone(),
        authors: summary.authors.clone(),
        description: summary.description.clone(),
        language: summary.language.clone(),
        entries,
        files,
        style: STYLE.to_owned(),
        memory: None,
    })
}

fn drawings<'a>(path: &str, page: &'a ChapterPage) -> impl Iterator<Item = BookFile> + 'a {
    let folder = folder(path).to_owned();
    page.figures().map(move |(file, figure)| BookFile {
        path: format!("{folder}{file}"),
        bytes: figure.svg.clone().into_bytes(),
        inline: figure.inline_svg.clone(),
    })
}

fn first_line(markdown: &str) -> String {
    markdown.lines().next().unwrap_or_default().trim_start_matches('#').trim().to_owned()
}

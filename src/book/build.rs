use crate::book::assets;
use crate::book::place::Workshop;
use crate::book::slots::Slots;
use crate::book::title;
use crate::book::typeset::Typesetter;
use crate::book::typeset::quietly;
use crate::render::Problem;
use mdbook_driver::MDBook;
use mdbook_driver::book::Book;
use mdbook_driver::book::BookItem;
use mdbook_driver::book::Chapter;
use mdbook_driver::book::SectionNumber;
use mdbook_driver::config::Config;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// A book to be built.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BookInput {
    /// The title, Markdown of one line.
    pub title: String,
    /// The authors, plain text.
    pub authors: Vec<String>,
    /// One sentence for search engines, plain text.
    pub description: Option<String>,
    /// The language, as in `en-GB`; English where none is said.
    pub language: Option<String>,
    /// What stands in the table of contents, in order. The first chapter is also the start page.
    pub entries: Vec<BookEntry>,
    /// Files that chapters refer to, drawings above all.
    pub files: Vec<BookFile>,
    /// Style rules of the book's own, read after the theme's: those of its drawings.
    pub style: String,
    /// What the next build wants to find again in the folder of the book; no page shows it. The name begins with a dot.
    pub memory: Option<BookFile>,
}

/// One entry of the table of contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BookEntry {
    /// The title of the part that follows.
    Part(String),
    /// A line between chapters.
    Separator,
    /// A chapter.
    Chapter(BookChapter),
}

/// One chapter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BookChapter {
    /// Its path within the book, ending in `.md`; the page ends in `.html`.
    pub path: String,
    /// Its title in the table of contents, Markdown of one line.
    pub title: String,
    /// Its number, like `4` or `4.1`; none in front and back matter.
    pub number: Option<String>,
    /// What it says.
    pub markdown: String,
    /// Chapters below it.
    pub children: Vec<BookChapter>,
}

/// A file of the book that is no chapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookFile {
    /// Its path within the book.
    pub path: String,
    /// Its bytes. An `.svg` that a chapter shows as a picture becomes part of the page.
    pub bytes: Vec<u8>,
    /// What becomes part of the page instead of the bytes, for a drawing that uses the page's style sheet.
    pub inline: Option<String>,
}

/// What was built.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BookReport {
    /// Pages written, the print page included.
    pub pages: usize,
    /// Formulas shown.
    pub formulas: usize,
    /// What could not be shown as it should be; the book was built all the same.
    pub problems: Vec<Problem>,
}

/// Builds `book` as a folder of static pages at `out`; see [`build_with`].
pub fn build(book: &BookInput, out: &Path) -> Result<BookReport, Problem> {
    build_with(book, out, &Typesetter::new(2))
}

/// Builds `book` as a folder of static pages at `out`, with a typesetter that may already know some of its formulas.
///
/// The pages need no network, and no script to be read. The folder is written beside `out` and moved into place when it
/// is whole: a failed build leaves the last book as it was. A folder that is not an earlier book of ours is refused.
///
/// Errors: `out-not-a-book`, `out-busy`, `out-unwritable`, `book-path`, `book-empty`, `book-failed`.
pub fn build_with(book: &BookInput, out: &Path, typesetter: &Typesetter) -> Result<BookReport, Problem> {
    check_paths(book)?;
    let workshop = Workshop::open(out)?;
    let mut slots = Slots::default();
    let drawings = drawings(&book.files);
    let items = book.entries.iter().map(|entry| item(entry, &mut slots, &drawings)).collect();
    let problems = slots.typeset(typesetter);

    furnish(&workshop.root, book)?;
    render(&workshop.root, book, items)?;
    let pages = fill_pages(&workshop.root.join(BUILT), &slots)?;
    if let Some(memory) = &book.memory {
        write(&workshop.root.join(BUILT).join(&memory.path), &memory.bytes)?;
    }
    workshop.move_into_place(BUILT)?;
    Ok(BookReport { pages, formulas: slots.n_formulas(), problems })
}

const BUILT: &str = "built";

/// Every chapter of a book, depth first.
pub(super) fn chapters(book: &BookInput) -> Vec<&BookChapter> {
    fn below<'a>(chapter: &'a BookChapter, all: &mut Vec<&'a BookChapter>) {
        all.push(chapter);
        chapter.children.iter().for_each(|child| below(child, all));
    }
    let mut all = Vec::new();
    for entry in &book.entries {
        if let BookEntry::Chapter(chapter) = entry {
            below(chapter, &mut all);
        }
    }
    all
}

fn check_paths(book: &BookInput) -> Result<(), Problem> {
    const TAKEN: [&str; 3] = [PRINT, "toc.html", "404.html"];
    const OURS: [&str; 3] = ["css", "fonts", "katex"];
    let chapters = chapters(book);
    if chapters.is_empty() {
        return Err(Problem::new("book-empty", "a book needs at least one chapter"));
    }
    let mut seen = BTreeSet::new();
    for chapter in &chapters {
        let Some(stem) = chapter.path.strip_suffix(".md") else {
            return Err(Problem::new("book-path", "a chapter's path must end in `.md`").at(&chapter.path));
        };
        let page = format!("{stem}.html");
        let is_start_page = page == "index.html" && chapter.path != chapters[0].path;
        if !is_inside(&page) || TAKEN.contains(&page.as_str()) || is_start_page {
            return Err(Problem::new("book-path", "a chapter cannot have this path").at(&chapter.path));
        }
        if !seen.insert(page) {
            return Err(Problem::same_path(&chapter.path));
        }
    }
    for file in &book.files {
        let is_ours = OURS.contains(&file.path.split('/').next().unwrap_or_default());
        if !is_inside(&file.path) || is_ours || file.path.ends_with(".md") || !seen.insert(file.path.clone()) {
            return Err(Problem::new("book-path", "a file of the book cannot have this path").at(&file.path));
        }
    }
    Ok(())
}

/// Whether a path stays inside the book's folder and can be written in an address as it stands.
fn is_inside(path: &str) -> bool {
    let is_name = |part: &str| !part.is_empty() && !part.starts_with('.');
    path.split('/').all(is_name) && !path.contains(['\\', ':', '#', '?', '%', '"', '\0'])
}

fn drawings(files: &[BookFile]) -> BTreeMap<String, String> {
    let svgs = files.iter().filter(|file| file.path.ends_with(".svg"));
    let drawing = |file: &BookFile| file.inline.clone().or_else(|| String::from_utf8(file.bytes.clone()).ok());
    svgs.filter_map(|file| Some((file.path.clone(), drawing(file)?))).collect()
}

fn item(entry: &BookEntry, slots: &mut Slots, drawings: &BTreeMap<String, String>) -> BookItem {
    match entry {
        BookEntry::Part(title) => BookItem::PartTitle(title::plain(title)),
        BookEntry::Separator => BookItem::Separator,
        BookEntry::Chapter(chapter) => BookItem::Chapter(mdbook_chapter(chapter, Vec::new(), slots, drawings)),
    }
}

fn mdbook_chapter(
    chapter: &BookChapter,
    parents: Vec<String>,
    slots: &mut Slots,
    drawings: &BTreeMap<String, String>,
) -> Chapter {
    let name = title::plain(&chapter.title);
    // Addresses in a chapter are relative to it, paths of files to the book.
    let folder = chapter.path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let reachable: BTreeMap<_, _> = drawings
        .iter()
        .filter_map(|(path, svg)| Some((path.strip_prefix(&folder)?.to_string(), svg.clone())))
        .collect();
    let content = slots.cut(&chapter.path, &chapter.markdown, &reachable);
    let mut made = Chapter::new(&name, content, &chapter.path, parents.clone());
    made.number = chapter.number.as_deref().and_then(section_number);
    let parents: Vec<_> = parents.into_iter().chain([name]).collect();
    let children = chapter.children.iter();
    made.sub_items =
        children.map(|child| BookItem::Chapter(mdbook_chapter(child, parents.clone(), slots, drawings))).collect();
    made
}

fn section_number(number: &str) -> Option<SectionNumber> {
    number.split('.').map(|part| part.parse().ok()).collect::<Option<Vec<u32>>>().map(SectionNumber::new)
}

/// Puts what mdBook reads from its folder into `root`.
fn furnish(root: &Path, book: &BookInput) -> Result<(), Problem> {
    write(&root.join("src/SUMMARY.md"), b"# Summary\n")?;
    write(&root.join("theme/favicon.svg"), assets::ICON)?;
    write(&root.join("theme/fonts/fonts.css"), assets::FACES.as_bytes())?;
    let theme = format!("{}\n{}", assets::THEME.1, book.style);
    write(&root.join(assets::THEME.0), theme.as_bytes())?;
    for (path, text) in [assets::SCRIPT, assets::KATEX] {
        write(&root.join(path), text.as_bytes())?;
    }
    for (path, bytes) in assets::FONTS {
        write(&root.join("src").join(path), bytes)?;
    }
    for file in &book.files {
        write(&root.join("src").join(&file.path), &file.bytes)?;
    }
    Ok(())
}

fn render(root: &Path, book: &BookInput, items: Vec<BookItem>) -> Result<(), Problem> {
    let failed = |why: String| Problem::new("book-failed", format!("mdBook could not build the pages: {why}"));
    let config = config(book).map_err(|error| failed(format!("{error:#}")))?;
    let built = quietly(|| {
        let mut mdbook = MDBook::load_with_config(root, config)?;
        mdbook.book = Book::new_with_items(items);
        mdbook.build()
    });
    match built {
        Some(Ok(())) => Ok(()),
        Some(Err(error)) => Err(failed(format!("{error:#}"))),
        None => Err(failed("it stopped in the middle".to_string())),
    }
}

fn config(book: &BookInput) -> mdbook_driver::errors::Result<Config> {
    let mut config = Config::default();
    config.book.title = Some(title::plain(&book.title));
    config.book.authors = book.authors.clone();
    config.book.description = book.description.clone();
    config.book.language = book.language.clone().or(config.book.language);
    config.build.build_dir = BUILT.into();
    config.build.create_missing = false;
    config.build.use_default_preprocessors = false;
    config.set("output.html.additional-css", [assets::KATEX.0, assets::THEME.0])?;
    config.set("output.html.additional-js", [assets::SCRIPT.0])?;
    config.set("output.html.default-theme", "light")?;
    config.set("output.html.preferred-dark-theme", "navy")?;
    // A page for the wrong address would need to know the address of the book.
    config.set("output.html.input-404", "")?;
    // The button that runs code asks a server.
    config.set("output.html.playground.runnable", false)?;
    Ok(config)
}

/// The page with all chapters, for paper.
const PRINT: &str = "print.html";

/// A page without what is folded: on paper nothing unfolds.
fn without_proofs(page: &str) -> String {
    let mut out = String::with_capacity(page.len());
    let mut rest = page;
    while let Some((before, after)) = rest.split_once("<details>") {
        out.push_str(before);
        rest = after.split_once("</details>").map_or("", |(_, after)| after);
    }
    out + rest
}

/// Fills the slots of every page in `built`; how many pages there are.
fn fill_pages(built: &Path, slots: &Slots) -> Result<usize, Problem> {
    let mut files = Vec::new();
    super::place::list_files(built, "", &mut files).map_err(|error| unreadable(built, &error))?;
    let mut pages = 0;
    for file in files.iter().filter(|file| file.ends_with(".html") && *file != "toc.html") {
        let path = built.join(file);
        let page = fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
        let page = if file == PRINT { without_proofs(&page) } else { page };
        write(&path, slots.fill(&page).as_bytes())?;
        pages += 1;
    }
    Ok(pages)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    let failed = |error| Problem::new("out-unwritable", format!("{error}")).at(path.display().to_string());
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(failed)?;
    }
    fs::write(path, bytes).map_err(failed)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Problem {
    Problem::new("book-failed", format!("{error}")).at(path.display().to_string())
}

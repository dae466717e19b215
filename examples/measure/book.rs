//! Every chapter of the book: reading it, deriving what it asks for, deciding its claims, and building the book that
//! holds this chapter alone, mdBook and its theme included.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use chainrule::book::{BookChapter, BookEntry, BookFile, BookInput, Typesetter, build_with};
use chainrule::calculus::{Shown, Structure, derive};
use chainrule::derivation::{Document, Item};
use chainrule::expr::{Expr, Node};
use chainrule::proof::Effort;
use chainrule::render::{Chapter, Problem, Rendered, Templates, chapters};
use chainrule::source::{Diagnostic, Source, Span};
use chainrule::syntax::{Form, Role};
use serde_json::{Value, json};

use crate::Outcome;

/// How often each part of a chapter's work is done.
const N_RUNS: usize = 3;

/// What the work comes to, and its time on the wall in milliseconds: the least of several runs.
fn least_millis<T>(mut work: impl FnMut() -> Outcome<T>) -> Outcome<(T, f64)> {
    let mut run = || {
        let clock = Instant::now();
        work().map(|done| (done, 1e3 * clock.elapsed().as_secs_f64()))
    };
    let (mut done, mut least) = run()?;
    for _ in 1..N_RUNS {
        let (again, millis) = run()?;
        (done, least) = (again, least.min(millis));
    }
    Ok((done, least))
}

/// Prints the table, and returns its sums.
pub fn measure() -> Outcome<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("derivations");
    let mut paths: Vec<PathBuf> =
        fs::read_dir(&folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    paths.sort();
    println!("| chapter | claims | derivations | read ms | derive ms | verify ms | render ms |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    let mut sums = [0.0; 4];
    for path in &paths {
        let times = measure_chapter(path)?;
        sums.iter_mut().zip(times).for_each(|(sum, time)| *sum += time);
    }
    let [read, derive, verify, render] = sums;
    Ok(
        json!({ "chapters": paths.len(), "read_ms": read, "derive_ms": derive, "verify_ms": verify, "render_ms": render }),
    )
}

/// One row of the table.
fn measure_chapter(path: &Path) -> Outcome<[f64; 4]> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let load = |used: &str| {
        let text = fs::read_to_string(path.with_file_name(used));
        text.map(|text| Source::new(used, text))
            .map_err(|error| Diagnostic::error("no-file", Span::default(), error.to_string()))
    };
    let source = Source::new(name, fs::read_to_string(path)?);
    let read = || Ok(Document::load(source.clone(), &load));
    let (mut document, read_ms) = least_millis(read)?;
    let asked = asked(&document);
    let (_, derive_ms) = least_millis(|| {
        let Document { arena, model, .. } = &mut document;
        let structure = Structure::new(arena, model);
        for &(of, by, shown) in &asked {
            derive(arena, model, &structure, (of, by), shown).map_err(|obstacle| obstacle.to_string())?;
        }
        Ok(())
    })?;
    let (decided, both_ms) = least_millis(|| {
        let mut document = read()?;
        document.decide(Effort::default(), &|| 0);
        Ok(document)
    })?;
    let verify_ms = both_ms - read_ms;
    let out = std::env::temp_dir().join(format!("chainrule-measured-{}", std::process::id()));
    let (_, render_ms) = least_millis(|| render_chapter(name, &decided, &out))?;
    fs::remove_dir_all(&out)?;
    let n_claims = decided.items.iter().filter(|item| matches!(item, Item::Claim(_))).count();
    let n_asked = asked.len();
    println!("| {name} | {n_claims} | {n_asked} | {read_ms:.2} | {derive_ms:.2} | {verify_ms:.1} | {render_ms:.1} |");
    Ok([read_ms, derive_ms, verify_ms, render_ms])
}

/// What the `derive` fences of a page ask for, with the form of each.
fn asked(document: &Document) -> Vec<(Expr, Expr, Shown)> {
    let mut asked = Vec::new();
    for item in &document.items {
        let Item::Derive(block) = item else { continue };
        let shown = match block.fence.role {
            Role::Derive { form: Form::Paths, .. } => Shown::Paths,
            Role::Derive { form: Form::Composed, .. } => Shown::Composed,
            _ => Shown::Closed,
        };
        for expr in block.asked.iter().flatten() {
            if let Node::Derivative { of, by, .. } = *document.arena.node(*expr) {
                asked.push((of, by, shown));
            }
        }
    }
    asked
}

/// The book of one chapter, from a document that is decided to its pages.
fn render_chapter(name: &str, document: &Document, out: &Path) -> Outcome<()> {
    let failed = |problem: Problem| problem.to_string();
    let templates = Templates::load(None).map_err(failed)?;
    let mut book = BookInput { title: document.title.clone(), ..BookInput::default() };
    for Rendered { page, .. } in chapters(&[Chapter { path: name, number: Some(1), document }]) {
        book.files.extend(page.figures().map(|(path, figure)| BookFile {
            path,
            bytes: figure.svg.clone().into_bytes(),
            inline: figure.inline_svg.clone(),
        }));
        let (path, title) = (name.to_owned(), document.title.clone());
        let markdown = templates.chapter_markdown(&page).map_err(failed)?;
        book.entries.push(BookEntry::Chapter(BookChapter { path, title, markdown, ..BookChapter::default() }));
    }
    build_with(&book, out, &Typesetter::new(1)).map_err(failed)?;
    Ok(())
}

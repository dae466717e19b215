//! The derivations that the tests read: those of the book, of the suite, of the acceptance cases, and of a test's own.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use chainrule::derivation::{ClaimBlock, Document, Item};
use chainrule::proof::Effort;
use chainrule::source::{Diagnostic, Severity, Source, Span};

/// Deep formulas need deep stacks, as in the program itself; in bytes.
const STACK: usize = 256 << 20;

/// On how many threads derivations are decided.
const N_THREADS: usize = 2;

/// The checkout.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The Markdown files of a folder, sorted; none where there is no such folder.
pub fn pages_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut pages: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    pages.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    pages.sort();
    pages
}

/// The chapters of the book.
pub fn chapters() -> Vec<PathBuf> {
    pages_in(&root().join("derivations"))
}

/// The derivations of all folders of the suite.
pub fn suite() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> =
        fs::read_dir(root().join("tests/suite")).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders.iter().flat_map(|folder| pages_in(folder)).collect()
}

/// The acceptance cases where they stand beside the checkout; where they do not, a test says that it goes without.
pub fn acceptance_cases() -> Vec<PathBuf> {
    let cases = pages_in(&root().join("../shared/acceptance/cases"));
    if cases.is_empty() {
        // Past the harness, which keeps to itself what a test that passes has printed.
        let _ = writeln!(std::io::stderr(), "no acceptance cases beside the checkout: tried without them");
    }
    cases
}

/// A derivation, read with everything that it uses.
pub fn load(path: &Path) -> Document {
    load_changed(path, &str::to_owned)
}

/// A derivation with another text in the place of this file.
pub fn load_as(path: &Path, text: String) -> Document {
    Document::load(Source::new(name_of(path), text), &|used| read(path, used, &str::to_owned))
}

/// A derivation that is written in another way, and everything that it uses likewise.
pub fn load_changed(path: &Path, change: &dyn Fn(&str) -> String) -> Document {
    let own = read(path, name_of(path), change).unwrap();
    Document::load(own, &|used| read(path, used, change))
}

fn name_of(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

/// The file of this name beside another.
fn read(beside: &Path, name: &str, change: &dyn Fn(&str) -> String) -> Result<Source, Diagnostic> {
    let missing = |_| Diagnostic::error("no-file", Span::default(), format!("there is no file `{name}`"));
    let text = fs::read_to_string(beside.with_file_name(name)).map_err(missing)?;
    Ok(Source::new(name, change(&text)))
}

/// A derivation of a test's own, without errors.
#[track_caller]
pub fn document(text: &str) -> Document {
    let document = Document::alone(Source::new("page.md", text));
    let is_fine = document.diagnostics.iter().all(|diagnostic| diagnostic.severity != Severity::Error);
    assert!(is_fine, "{:?}", document.diagnostics);
    document
}

/// A derivation with its verdicts.
pub fn decided(mut document: Document) -> Document {
    document.decide(Effort::default(), &|| 0);
    document
}

/// The chapters of the book with their verdicts, found once for all tests that ask.
pub fn book() -> &'static [(PathBuf, Document)] {
    static BOOK: OnceLock<Vec<(PathBuf, Document)>> = OnceLock::new();
    BOOK.get_or_init(|| in_parallel(&chapters(), |path| (path.clone(), decided(load(path)))))
}

/// Does `work` for every item on threads with stacks deep enough; the answers in the order of the items.
pub fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let taken = || Some(next.fetch_add(1, Ordering::Relaxed)).filter(|&place| place < items.len());
    let all = || std::iter::from_fn(taken).map(|place| (place, work(&items[place]))).collect::<Vec<_>>();
    let mut answers: Vec<(usize, R)> = thread::scope(|scope| {
        let started: Vec<_> = (0..N_THREADS)
            .map(|_| thread::Builder::new().stack_size(STACK).spawn_scoped(scope, all).unwrap())
            .collect();
        started.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    answers.sort_by_key(|(place, _)| *place);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

/// The claims of a derivation in their order.
pub fn claims(items: &[Item]) -> impl Iterator<Item = &ClaimBlock> {
    items.iter().filter_map(|item| match item {
        Item::Claim(block) => Some(block),
        Item::Prose(_) | Item::Given(_) | Item::Define(_) | Item::Derive(_) | Item::Display(_) => None,
    })
}

/// The label of a claim; empty where it has none.
pub fn label(block: &ClaimBlock) -> &str {
    block.fence.label.as_ref().map_or("", |label| &label.name)
}

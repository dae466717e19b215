//! The numbers of labelled formulas, and where links between chapters lead.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::derivation::Document;
use crate::derivation::Item;
use crate::render::pages::BACK;
use crate::render::prose;
use crate::source::Diagnostic;
use crate::source::Span;
use crate::syntax::nearest;

/// What may be linked to in a book, chapter by chapter.
pub(super) struct Numbers {
    chapters: BTreeMap<String, Anchors>,
}

/// What may be linked to in one chapter.
#[derive(Default)]
struct Anchors {
    labels: BTreeMap<String, Entry>,
    headings: BTreeSet<String>,
}

struct Entry {
    number: String,
    n_times: usize,
}

impl Numbers {
    /// Numbers the labelled formulas of each chapter: its path, its number, what it says. A chapter without a number
    /// numbers its formulas from 1.
    pub fn new<'a>(chapters: impl Iterator<Item = (&'a str, Option<&'a str>, &'a Document)>) -> Numbers {
        let chapters = chapters.map(|(path, number, document)| (path.to_owned(), Anchors::new(number, document)));
        Numbers { chapters: chapters.collect() }
    }

    /// The number of a label of the chapter at `path`.
    pub fn of(&self, path: &str, label: &str) -> Option<String> {
        Some(self.chapters.get(path)?.labels.get(label)?.number.clone())
    }

    /// What the Markdown link `raw` to `address`, which stands in the chapter at `path`, becomes; `None` where it stays
    /// as it is.
    pub fn link(&self, path: &str, raw: &str, address: &str, span: Span) -> Result<Option<String>, Diagnostic> {
        let is_reference = is_reference(raw);
        let (file, label) = address.split_once('#').map_or((address, None), |(file, label)| (file, Some(label)));
        if file.contains(':') || !(file.is_empty() || file.ends_with(".md")) {
            return if is_reference { Err(no_label(address, span)) } else { Ok(None) };
        }
        let target = if file.is_empty() { path.to_owned() } else { joined(path, file) };
        if BACK.contains(&target.as_str()) && !is_reference {
            return Ok(None);
        }
        let Some(anchors) = self.chapters.get(&target) else {
            return Err(self.unknown_chapter(path, file, span));
        };
        match label {
            None if is_reference => Err(no_label(address, span)),
            None => Ok(None),
            Some(label) => anchors.link(label, address, is_reference, span),
        }
    }

    fn unknown_chapter(&self, path: &str, file: &str, span: Span) -> Diagnostic {
        let message = format!("`{file}` is no chapter of this book");
        let problem = Diagnostic::error("unknown-chapter", span, message);
        match nearest(&joined(path, file), self.chapters.keys().map(String::as_str)) {
            Some(meant) => problem.with_hint(format!("did you mean `{meant}`?")),
            None => problem.with_hint("put the file into the folder of derivations, or link to a label of another one"),
        }
    }
}

impl Anchors {
    fn new(number: Option<&str>, document: &Document) -> Anchors {
        let mut anchors = Anchors::default();
        let mut count = 0;
        for item in &document.items {
            if let Item::Prose(span) = item {
                anchors.headings.extend(prose::headings(document.source.slice(*span)));
            }
            let Some(label) = label_of(item) else { continue };
            count += 1;
            let number = number.map_or(format!("{count}"), |chapter| format!("{chapter}.{count}"));
            anchors.labels.entry(label.to_owned()).or_insert(Entry { number, n_times: 0 }).n_times += 1;
        }
        anchors
    }

    fn link(&self, label: &str, address: &str, is_reference: bool, span: Span) -> Result<Option<String>, Diagnostic> {
        match self.labels.get(label) {
            Some(entry) if entry.n_times > 1 => {
                let message =
                    format!("the label `#{label}` stands {} times, so the link has no one end", entry.n_times);
                Err(Diagnostic::error("duplicate-label", span, message).with_hint("rename all but one of them"))
            }
            Some(entry) if is_reference => Ok(Some(format!("[({})]({address})", entry.number))),
            Some(_) => Ok(None),
            None if !is_reference && self.headings.contains(label) => Ok(None),
            None => {
                let problem = Diagnostic::error("unknown-label", span, format!("there is no label `#{label}`"));
                Err(match nearest(label, self.labels.keys().map(String::as_str)) {
                    Some(meant) => problem.with_hint(format!("did you mean `#{meant}`?")),
                    None => problem.with_hint("a label stands after the role of a fence, as in `math claim #factor`"),
                })
            }
        }
    }
}

/// Whether a link shows the number of a formula.
fn is_reference(raw: &str) -> bool {
    raw.starts_with("[eq](") || raw.starts_with("[](")
}

/// The references to formulas of the document itself that lead nowhere, in source order.
pub fn dead_references(document: &Document) -> Vec<Diagnostic> {
    let anchors = Anchors::new(None, document);
    let mut problems = Vec::new();
    for item in &document.items {
        let Item::Prose(span) = item else { continue };
        prose::pieces(document.source.slice(*span), span.start, |raw, address, at| {
            let label = address.strip_prefix('#').filter(|_| is_reference(raw))?;
            if !anchors.labels.contains_key(label) {
                problems.extend(anchors.link(label, address, true, at).err());
            }
            None
        });
    }
    problems
}

/// The label of a block, where it has one.
pub(super) fn label_of(item: &Item) -> Option<&str> {
    match item {
        Item::Prose(_) => None,
        Item::Given(formulas) | Item::Define(formulas) | Item::Display(formulas) => formulas.label.as_deref(),
        Item::Claim(block) => block.fence.label.as_ref().map(|label| label.name.as_str()),
        Item::Derive(block) => block.fence.label.as_ref().map(|label| label.name.as_str()),
    }
}

fn no_label(address: &str, span: Span) -> Diagnostic {
    let message = format!("this link shows the number of a formula, and `{address}` names none");
    Diagnostic::error("unknown-label", span, message).with_hint("end the address with a label, as in `#factor`")
}

/// An address relative to the file at `from`, as a path from where `from` is counted.
fn joined(from: &str, address: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in address.split('/') {
        match part {
            "." | "" => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

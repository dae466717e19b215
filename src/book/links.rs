//! Follows every link of a built book.

use crate::book::html;
use crate::book::html::Piece;
use crate::book::place::list_files;
use crate::render::Problem;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What the links of a book lead to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LinkReport {
    /// Links within the book that were followed.
    pub followed: usize,
    /// Links within the book that lead nowhere.
    pub broken: Vec<BrokenLink>,
    /// Where links of the text lead outside the book, each once, in order.
    pub external: Vec<String>,
    /// What pages would fetch from outside when they are opened: there should be none.
    pub fetched: Vec<String>,
}

/// A link that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BrokenLink {
    /// The page or style sheet it stands in, relative to the book.
    pub page: String,
    /// Where it should lead, as written.
    pub address: String,
}

/// The ids of a page and its links: the address, and whether opening the page fetches it.
#[derive(Default)]
struct Page {
    ids: BTreeSet<String>,
    links: Vec<(String, bool)>,
}

/// Follows every link and every reference of the book at `dir`, anchors included.
pub fn check_links(dir: &Path) -> Result<LinkReport, Problem> {
    let unreadable =
        |error: std::io::Error| Problem::new("book-unreadable", error.to_string()).at(dir.display().to_string());
    let mut files = Vec::new();
    list_files(dir, "", &mut files).map_err(unreadable)?;
    files.sort();
    let mut pages = BTreeMap::new();
    for file in &files {
        if file.ends_with(".html") {
            pages.insert(file.as_str(), read_page(&fs::read_to_string(dir.join(file)).map_err(unreadable)?));
        } else if file.ends_with(".css") {
            pages.insert(file.as_str(), read_sheet(&fs::read_to_string(dir.join(file)).map_err(unreadable)?));
        }
    }
    let files: BTreeSet<_> = files.iter().map(String::as_str).collect();
    let mut report = LinkReport::default();
    let mut external = BTreeSet::new();
    let mut fetched = BTreeSet::new();
    for (name, page) in &pages {
        for (address, fetches) in &page.links {
            if address.starts_with("data:") {
                continue;
            }
            if address.starts_with("//")
                || address.split(['/', '#', '?']).next().is_some_and(|first| first.contains(':'))
            {
                if *fetches {
                    fetched.insert(address.clone())
                } else {
                    external.insert(address.clone())
                };
                continue;
            }
            report.followed += 1;
            if !leads_somewhere(name, address, &files, &pages) {
                report.broken.push(BrokenLink { page: name.to_string(), address: address.clone() });
            }
        }
    }
    report.external = external.into_iter().collect();
    report.fetched = fetched.into_iter().collect();
    report.broken.sort();
    Ok(report)
}

fn read_page(text: &str) -> Page {
    let mut page = Page::default();
    for piece in html::pieces(text) {
        let Piece::Start(tag) = piece else { continue };
        if let Some(id) = tag.attribute("id") {
            page.ids.insert(id);
        }
        for name in ["href", "src", "xlink:href", "data", "poster"] {
            if let Some(address) = tag.attribute(name) {
                page.links.push((address, tag.name != "a"));
            }
        }
    }
    page
}

fn read_sheet(text: &str) -> Page {
    let mut page = Page::default();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("url(") {
        let Some((address, after)) = after.split_once(')') else { break };
        page.links.push((address.trim_matches(['"', '\'', ' ']).to_string(), true));
        rest = after;
    }
    if text.contains("@import") {
        page.links.push(("import:style-sheet".to_string(), true));
    }
    page
}

fn leads_somewhere(from: &str, address: &str, files: &BTreeSet<&str>, pages: &BTreeMap<&str, Page>) -> bool {
    let (path, anchor) = address.split_once('#').unwrap_or((address, ""));
    let path = path.split('?').next().unwrap_or(path);
    let Some(target) = resolve(from, path) else { return false };
    if !files.contains(target.as_str()) {
        return false;
    }
    anchor.is_empty() || pages.get(target.as_str()).is_some_and(|page| page.ids.contains(&decode(anchor)))
}

/// The file that `path` names, seen from the file `from`; none if it leaves the book.
fn resolve(from: &str, path: &str) -> Option<String> {
    if path.is_empty() {
        return Some(from.to_string());
    }
    if path.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    let path = decode(path);
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// `%20` and its like resolved.
fn decode(address: &str) -> String {
    let bytes = address.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let byte = address.get(at + 1..at + 3).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (bytes[at], byte) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 3;
            }
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

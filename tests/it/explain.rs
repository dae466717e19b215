//! The pages of `explain`: every code has one, and every page shows what it says.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use chainrule::cli::{codes, page};

use crate::shell::{self, Ran};

/// Codes that no file alone brings about: they speak of the machine.
const NOT_SHOWN: &[&str] = &[
    "book-empty",
    "book-failed",
    "book-path",
    "book-unreadable",
    "broken-link",
    "file-too-large",
    "formula-not-typeset",
    "no-project",
    "not-utf8",
    "not-written",
    "out-busy",
    "out-not-a-book",
    "out-not-generated",
    "out-unwritable",
    "port-in-use",
    "port-refused",
    "preprocessor-input",
    "preprocessor-output",
    "template-unknown",
    "template-unreadable",
    "too-long",
    "unreadable-file",
];

/// After which text the code of a diagnostic stands.
const MADE_BY: &[&str] = &[
    "Diagnostic::error(",
    "Diagnostic::warning(",
    "Diagnostic::note(",
    ".fail(",
    ".remark(",
    ".note_of_name(",
    "of_command(",
    "of_file(",
    "Problem::new(",
];

/// A page taken apart.
#[derive(Debug, Default)]
struct Parts {
    files: Vec<(String, String)>,
    command: Option<String>,
    message: Option<String>,
}

#[test]
fn every_page_shows_what_it_says() {
    let mut wrong = Vec::new();
    for code in codes() {
        let parts = parts(page(code).unwrap().text);
        let Some(message) = &parts.message else {
            if !NOT_SHOWN.contains(&code) {
                wrong.push(format!("{code}: the page shows no message"));
            }
            continue;
        };
        let ran = shown(code, &parts);
        let first = message.lines().next().unwrap();
        if !first.contains(&format!("[{code}]")) || !ran.err.lines().any(|line| line.trim_end() == first) {
            wrong.push(format!("{code}: the page says\n  {first}\nand the program says\n{}", ran.err));
        }
        if ran.code == 101 {
            wrong.push(format!("{code}: the program panics"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let pages: BTreeSet<String> = codes().map(str::to_owned).collect();
    let sources = sources();
    let emitted: BTreeSet<String> = sources.iter().flat_map(|text| emitted(text)).collect();
    assert!(emitted.len() > 50, "only {} codes were found", emitted.len());
    let without: Vec<&String> = emitted.difference(&pages).collect();
    assert!(without.is_empty(), "codes without a page in `src/cli/explain`: {without:?}");
    let stale: Vec<&String> =
        pages.iter().filter(|code| !sources.iter().any(|text| text.contains(&format!("\"{code}\"")))).collect();
    assert!(stale.is_empty(), "pages of codes that no longer exist: {stale:?}");
}

#[test]
fn pages_begin_with_their_code_and_say_what_it_means() {
    for code in codes() {
        let page = page(code).unwrap();
        assert!(page.text.starts_with(&format!("# {code}\n\n")), "{code}");
        assert!(page.summary().len() > 20, "{code}: {}", page.summary());
        assert!(page.text.ends_with(".\n"), "{code} ends without saying what to write instead");
    }
}

fn shown(code: &str, parts: &Parts) -> Ran {
    let files: Vec<(&str, &str)> = parts.files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let dir = shell::folder(&format!("explain/{code}"), &files);
    let command = parts.command.as_deref().unwrap_or("chainrule verify example.md");
    let words = shell::words(command);
    let args: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
    shell::run(&dir, &args)
}

/// The files, the command and the message of a page: its fences, each after the name of its file where it has one.
fn parts(text: &str) -> Parts {
    let mut parts = Parts::default();
    let mut name = "example.md".to_owned();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let ticks = line.chars().take_while(|c| *c == '`').count();
        if ticks < 3 {
            if let Some(path) = line.strip_prefix('`').and_then(|rest| rest.strip_suffix("`:")) {
                name = path.to_owned();
            }
            continue;
        }
        let end = &line[..ticks];
        let body: Vec<&str> = lines.by_ref().take_while(|line| *line != end).collect();
        let body = body.join("\n");
        match &line[ticks..] {
            "console" => parts.command = Some(body.strip_prefix("$ ").unwrap().to_owned()),
            "text" if parts.message.is_none() && body.contains('[') => parts.message = Some(body),
            _ => parts.files.push((std::mem::replace(&mut name, "example.md".to_owned()), body + "\n")),
        }
    }
    parts
}

fn sources() -> Vec<String> {
    let mut texts = Vec::new();
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => open.push(path),
                false if path.extension().is_some_and(|extension| extension == "rs") => {
                    texts.push(fs::read_to_string(path).unwrap());
                }
                false => {}
            }
        }
    }
    texts
}

/// The codes in a source file: the first name in kebab-case after a call that makes a diagnostic. Tests are left out.
fn emitted(text: &str) -> Vec<String> {
    let text = text.split("#[cfg(test)]").next().unwrap();
    let mut found = Vec::new();
    for call in MADE_BY {
        for (at, _) in text.match_indices(call) {
            let statement = text[at + call.len()..].split(';').next().unwrap();
            let literals: Vec<&str> = statement.split('"').skip(1).step_by(2).collect();
            let first = literals.first().filter(|word| word.len() > 4 && word.chars().all(|c| c.is_ascii_lowercase()));
            found.extend(first.or(literals.iter().find(|word| is_kebab(word))).map(|code| (*code).to_owned()));
        }
    }
    found
}

fn is_kebab(word: &str) -> bool {
    word.contains('-')
        && word
            .split('-')
            .all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()))
}

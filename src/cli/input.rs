//! Files: which ones a command works on, and what is in them.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use crate::cli::failure::Refusal;
use crate::source::{Diagnostic, Source, Span};

/// The size of a file above which it is not read, in bytes.
const LIMIT: u64 = 64 << 20;

/// A file to be read, or why it cannot be.
#[derive(Debug, Clone)]
pub(super) enum Input {
    /// A file and the path by which the user knows it.
    File(PathBuf, String),
    /// Standard input.
    Stdin,
    /// It cannot be read.
    Refused(Refusal),
}

impl Input {
    /// The name by which the user knows it.
    pub(super) fn name(&self) -> &str {
        match self {
            Input::File(_, name) => name,
            Input::Stdin => "-",
            Input::Refused(refusal) => &refusal.source.path,
        }
    }

    /// What is in it.
    pub(super) fn read(&self) -> Result<Source, Refusal> {
        match self {
            Input::File(path, name) => read_file(path, name),
            Input::Stdin => read_stdin(),
            Input::Refused(refusal) => Err(refusal.clone()),
        }
    }
}

/// The one input that `path` names: a file, or `-` for standard input.
pub(super) fn one(path: &Path) -> Input {
    if path == Path::new("-") { Input::Stdin } else { Input::File(path.to_owned(), shown(path)) }
}

/// The inputs that `paths` name, folders taken apart into their files `*.md`, each once.
pub(super) fn all(paths: &[PathBuf]) -> Vec<Input> {
    let mut inputs = Vec::new();
    for path in paths {
        let before = inputs.len();
        if path.is_dir() {
            collect(path, &mut inputs);
            if inputs.len() == before {
                let message = format!("there is no file `*.md` in `{}`", shown(path));
                let hint = "a derivation is a Markdown file; `chainrule init` writes a first one";
                inputs.push(Input::Refused(Refusal::of_file(&shown(path), "no-derivations", message, hint)));
            }
        } else {
            inputs.push(one(path));
        }
    }
    let mut seen = BTreeSet::new();
    inputs.retain(|input| seen.insert(input.name().to_owned()));
    inputs
}

/// Adds the files `*.md` below a folder in the order of their names; hidden ones and links to folders are left out.
fn collect(folder: &Path, inputs: &mut Vec<Input>) {
    let refuse = |error: &io::Error| Input::Refused(unreadable(&shown(folder), error));
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return inputs.push(refuse(&error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        match entry {
            Ok(entry) => found.push(entry.path()),
            Err(error) => inputs.push(refuse(&error)),
        }
    }
    found.sort();
    for path in found {
        let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let is_link = fs::symlink_metadata(&path).is_ok_and(|data| data.is_symlink());
        match path.is_dir() {
            _ if is_hidden => {}
            true if !is_link => collect(&path, inputs),
            false if path.extension().is_some_and(|extension| extension == "md") => inputs.push(one(&path)),
            true | false => {}
        }
    }
}

/// The path as it is shown: `/` between the parts, without `.` parts.
pub(super) fn shown(path: &Path) -> String {
    let parts: PathBuf = path.components().filter(|part| *part != Component::CurDir).collect();
    let text = parts.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    if text.is_empty() { ".".to_owned() } else { text }
}

/// Reads a file that a derivation uses: a problem is one of the derivation.
pub(super) fn load(path: &str) -> Result<Source, Diagnostic> {
    read_file(Path::new(path), path).map_err(|refusal| refusal.problem)
}

fn read_file(path: &Path, name: &str) -> Result<Source, Refusal> {
    if path.is_dir() {
        let message = format!("`{name}` is a folder, expected a file");
        return Err(Refusal::of_file(name, "not-a-file", message, "name a file inside it"));
    }
    let file = fs::File::open(path).map_err(|error| no_file(path, name, &error))?;
    read_all(file, name)
}

fn read_stdin() -> Result<Source, Refusal> {
    read_all(io::stdin().lock(), "-")
}

fn read_all(reader: impl Read, name: &str) -> Result<Source, Refusal> {
    let mut bytes = Vec::new();
    reader.take(LIMIT + 1).read_to_end(&mut bytes).map_err(|error| unreadable(name, &error))?;
    if bytes.len() as u64 > LIMIT {
        let message = format!("`{name}` holds more than {} MB", LIMIT >> 20);
        return Err(Refusal::of_file(name, "file-too-large", message, "split it into several files"));
    }
    let text = String::from_utf8(bytes).map_err(|error| not_utf8(name, &error))?;
    if text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').is_empty() {
        let message = format!("`{name}` is empty, expected a derivation");
        return Err(Refusal::of_file(name, "empty-file", message, "`chainrule init` writes one to begin with"));
    }
    Ok(Source::new(name, text))
}

fn no_file(path: &Path, name: &str, error: &io::Error) -> Refusal {
    let is_missing = error.kind() == io::ErrorKind::NotFound;
    match fs::read_link(path) {
        Ok(target) if is_missing => {
            let message = format!("`{name}` is a link to `{}`, and there is no such file", target.to_string_lossy());
            Refusal::of_file(name, "broken-link", message, "make the link anew, or remove it")
        }
        _ if is_missing => {
            let message = format!("there is no file `{name}`");
            Refusal::of_file(name, "no-file", message, &hint_for_missing(path))
        }
        _ => unreadable(name, error),
    }
}

/// A file of nearly this name, if there is one.
fn hint_for_missing(path: &Path) -> String {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let wanted = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut names: Vec<String> = fs::read_dir(folder)
        .map(|entries| entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
        .unwrap_or_default();
    names.sort();
    match crate::syntax::nearest(&wanted, names.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{}`?", shown(&folder.join(near))),
        None if !folder.is_dir() => format!("there is no folder `{}` either", shown(folder)),
        None => "paths are relative to the current folder, and those in `uses` to the file that uses them".to_owned(),
    }
}

fn unreadable(name: &str, error: &io::Error) -> Refusal {
    let hint = "look at its permissions, and whether it is a plain file";
    Refusal::of_file(name, "unreadable-file", format!("`{name}` cannot be read: {error}"), hint)
}

/// Says at which place the first wrong byte stands.
fn not_utf8(name: &str, error: &std::string::FromUtf8Error) -> Refusal {
    let at = error.utf8_error().valid_up_to();
    let byte = error.as_bytes().get(at).copied().unwrap_or_default();
    let source = Source::new(name, String::from_utf8_lossy(error.as_bytes()).into_owned());
    let message = format!("`{name}` is not UTF-8: there is a byte 0x{byte:02x} that begins no character");
    let span = Span::new(at, at + char::REPLACEMENT_CHARACTER.len_utf8());
    let hint = "save it as UTF-8";
    Refusal { source, problem: Diagnostic::error("not-utf8", span, message).with_hint(hint) }
}

//! `init`: a small project that verifies, or the beginning of one for a page.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::cli::arguments::InitArguments;
use crate::cli::console;
use crate::cli::failure::{Failure, Refusal, Status};
use crate::cli::input::{self, shown};
use crate::derivation::sketch;

/// The files of a new project.
const FILES: [(&str, &str); 2] = [
    ("derivations/first.md", include_str!("project/first.md")),
    ("chainrule.toml", include_str!("project/chainrule.toml")),
];

/// Writes the files of a new project. Those that are there already are left as they are.
pub(super) fn run(arguments: &InitArguments) -> Result<Status, Failure> {
    let dir = &arguments.dir;
    let (files, next) = match &arguments.from {
        None => (FILES.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec(), "chainrule verify".to_owned()),
        Some(page) => sketched(page)?,
    };
    let mut told = String::new();
    let mut n_written = 0;
    for (name, text) in files {
        let path = dir.join(name);
        let verb = match write_new(&path, &text) {
            Ok(()) => {
                n_written += 1;
                "wrote"
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => "kept",
            Err(error) => {
                let message = format!("`{}` cannot be written: {error}", shown(&path));
                let hint = "name a folder in which files may be written";
                return Err(Refusal::of_file(&shown(&path), "not-written", message, hint).into());
            }
        };
        told += &format!("{verb} {}\n", shown(&path));
    }
    console::print(&told)?;
    if n_written == 0 {
        console::report("nothing was written: the files are there; name another folder, or move them away\n");
    }
    let change = if dir == Path::new(".") { String::new() } else { format!("cd {} && ", shown(dir)) };
    console::report(&format!("next: {change}{next}\n"));
    Ok(Status::Fine)
}

/// The files that begin a derivation for a page, and what to do next.
fn sketched(page: &Path) -> Result<(Vec<(String, String)>, String), Failure> {
    let source = input::one(page).read()?;
    let stem = page.file_stem().map_or_else(|| "page".to_owned(), |stem| stem.to_string_lossy().into_owned());
    let stem = if stem == "-" { "page".to_owned() } else { stem };
    let name = format!("derivations/{stem}.md");
    let next = format!("chainrule parse {name}, correct it, then chainrule verify --display --model {name} PAGE");
    Ok((vec![(name, sketch(&source, &stem)), (FILES[1].0.to_owned(), FILES[1].1.to_owned())], next))
}

/// Writes a file that must not be there yet.
fn write_new(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}

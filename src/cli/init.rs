//! `init`: a small project that verifies.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::cli::arguments::InitArguments;
use crate::cli::console;
use crate::cli::failure::{Failure, Refusal, Status};
use crate::cli::input::shown;

/// The files of a new project.
const FILES: [(&str, &str); 2] = [
    ("derivations/first.md", include_str!("project/first.md")),
    ("chainrule.toml", include_str!("project/chainrule.toml")),
];

/// Writes the files of a new project. Those that are there already are left as they are.
pub(super) fn run(arguments: &InitArguments) -> Result<Status, Failure> {
    let dir = &arguments.dir;
    let mut told = String::new();
    for (name, text) in FILES {
        let path = dir.join(name);
        let verb = match write_new(&path, text) {
            Ok(()) => "wrote",
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
    let change = if dir == Path::new(".") { String::new() } else { format!("cd {} && ", shown(dir)) };
    console::report(&format!("next: {change}chainrule verify\n"));
    Ok(Status::Fine)
}

/// Writes a file that must not be there yet.
fn write_new(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}

//! Where `generate` writes: beside what an earlier `generate` wrote, and over nothing else.
//!
//! The folder holds a list of the files that were written there. What is not on it is somebody's own, and stays.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::cli::failure::{Failure, Refusal};
use crate::cli::{book, input};
use crate::render::{Problem, Written};

/// The list of the files, in their folder.
const LIST: &str = ".chainrule-generated";

/// Writes the files of a project under `out`, or none of them.
///
/// Errors: `out-not-generated` where a file is in the way that no `generate` wrote, `book-path` where two files have the
/// same path.
pub(super) fn write_all(out: &Path, files: &[Written]) -> Result<(), Failure> {
    let list = fs::read_to_string(out.join(LIST)).unwrap_or_default();
    let mut known: BTreeSet<&str> = list.lines().collect();
    let mut own = BTreeSet::new();
    for file in files {
        let path = out.join(&file.path);
        if !own.insert(file.path.as_str()) {
            return Err(book::refused(Problem::same_path(&file.path)));
        }
        let is_ours = known.contains(file.path.as_str()) && !path.is_dir();
        if !is_ours && fs::symlink_metadata(&path).is_ok() && !holds(&path, &file.text) {
            let message = "this is in the way, and `chainrule generate` did not write it".to_owned();
            let hint = "choose another folder with `--out`, or move away what is there";
            return Err(Refusal::of_file(&input::shown(&path), "out-not-generated", message, hint).into());
        }
    }
    known.extend(own);
    let lines: Vec<&str> = known.into_iter().collect();
    // The list is there first: what a write leaves behind that stops halfway is known as ours.
    write(&out.join(LIST), &format!("{}\n", lines.join("\n")))?;
    files.iter().try_for_each(|file| write(&out.join(&file.path), &file.text))
}

fn holds(path: &Path, text: &str) -> bool {
    fs::read_to_string(path).is_ok_and(|own| own == text)
}

/// Writes a file beside its place and renames it into it, so that nothing is half written.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Failure::Output)?;
    }
    let beside = path.with_extension("chainrule-new");
    fs::write(&beside, text).map_err(Failure::Output)?;
    fs::rename(&beside, path).map_err(Failure::Output)
}

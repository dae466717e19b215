//! The laws of the house, read from its own sources: floors, depth, length of files, greppable arrows.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms, from the ground upward. A room imports rooms on lower floors only.
const FLOORS: &[&[&str]] = &[
    &["source", "number"],
    &["expr", "figure"],
    &["syntax", "print", "rewrite", "model"],
    &["lower", "calculus", "numeric"],
    &["proof"],
    &["derivation"],
    &["render"],
    &["book"],
    &["cli"],
];

/// Rooms that must not know each other although their floors would allow it: agreement means something only between
/// strangers.
const STRANGERS: &[(&str, &str)] = &[("numeric", "rewrite"), ("figure", "number")];

/// The checkers of proofs, and the finders that they must not know.
const CHECKERS: &[&str] = &["src/proof/cases/", "src/proof/check/", "src/proof/reals/"];
const FINDERS: &[&str] = &[
    // One at a time, so that each is seen.
    "use crate::proof::{",
    "crate::rewrite",
    "crate::calculus",
    "crate::proof::bounds",
    "crate::proof::equality",
    "crate::proof::equations",
    "crate::proof::refute",
    "crate::proof::repair",
];

/// The most lines of a file.
const MAX_LINES: usize = 800;

/// Files that are still longer. The list only shrinks: a file that has become short must leave it.
const TOO_LONG: &[&str] = &[];

/// A source file, by its path from the root of the repository.
struct File {
    path: String,
    text: String,
}

impl File {
    /// The room it stands in; `None` for `lib.rs` and `main.rs`.
    fn room(&self) -> Option<&str> {
        self.path.strip_prefix("src/")?.split_once('/').map(|(room, _)| room)
    }

    /// Its lines, numbered from 1.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(at, line)| (at + 1, line))
    }

    /// A line as an editor finds it, with what is wrong there.
    fn broken(&self, line: usize, law: &str) -> String {
        format!("{}:{line}: {law}", self.path)
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files of `src`, sorted.
fn sources() -> Vec<File> {
    let mut files = Vec::new();
    let mut open = vec![root().join("src")];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => open.push(path),
                false if path.extension().is_some_and(|extension| extension == "rs") => files.push(read(path)),
                false => {}
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(files.len() > 100, "only {} files of `src` were read", files.len());
    files
}

fn read(path: PathBuf) -> File {
    let shown = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
    File { path: shown, text: fs::read_to_string(path).unwrap() }
}

fn floor_of(room: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&room))
}

/// The rooms that a line names as `crate::room`, the code of tests included.
fn rooms_named(line: &str) -> impl Iterator<Item = &str> {
    line.split("crate::").skip(1).map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap())
}

#[track_caller]
fn expect_none(broken: &[String]) {
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn every_room_has_a_floor_and_every_floor_has_its_rooms() {
    let files = sources();
    let built: BTreeSet<&str> = files.iter().filter_map(File::room).collect();
    let planned: BTreeSet<&str> = FLOORS.iter().copied().flatten().copied().collect();
    assert_eq!(built, planned);
    for room in planned {
        assert!(root().join("src").join(room).join("mod.rs").is_file(), "the room `{room}` has no door `mod.rs`");
    }
}

#[test]
fn arrows_point_down() {
    let mut broken = Vec::new();
    for file in sources() {
        let Some(room) = file.room() else { continue };
        for (line, text) in file.lines() {
            for named in rooms_named(text).filter(|named| *named != room) {
                let Some(floor) = floor_of(named) else {
                    broken.push(file.broken(line, &format!("`crate::{named}` is no room")));
                    continue;
                };
                if Some(floor) >= floor_of(room) {
                    broken.push(file.broken(line, &format!("`{room}` must not import `{named}`: not a lower floor")));
                }
                if STRANGERS.contains(&(room, named)) {
                    broken.push(file.broken(line, &format!("`{room}` must not know `{named}`")));
                }
            }
        }
    }
    expect_none(&broken);
}

#[test]
fn arrows_can_be_grepped() {
    let mut broken = Vec::new();
    for file in sources() {
        let tests = first_line_of_tests(&file);
        for (line, text) in file.lines() {
            if text.contains("use crate::{") {
                broken.push(file.broken(line, "one `use crate::room::…;` for each room"));
            }
            if text.trim() == "use super::*;" && line < tests {
                broken.push(file.broken(line, "`use super::*` outside tests: name what is used"));
            }
        }
    }
    expect_none(&broken);
}

/// The line from which a file is a test: the first one for a module that is declared under `#[cfg(test)]`.
fn first_line_of_tests(file: &File) -> usize {
    let module = Path::new(&file.path);
    let is_test = module.ancestors().take(2).any(|part| {
        let name = part.file_stem().unwrap_or_default().to_string_lossy();
        let door = root().join(part.parent().unwrap_or(part)).join("mod.rs");
        fs::read_to_string(door).is_ok_and(|door| door.contains(&format!("#[cfg(test)]\nmod {name};")))
    });
    if is_test {
        return 0;
    }
    file.lines().find(|(_, text)| text.trim() == "#[cfg(test)]").map_or(usize::MAX, |(line, _)| line)
}

#[test]
fn checkers_import_no_finder() {
    let mut broken = Vec::new();
    let mut n_files = 0;
    for file in sources().iter().filter(|file| CHECKERS.iter().any(|shelf| file.path.starts_with(shelf))) {
        n_files += 1;
        for (at, line) in file.lines() {
            if let Some(finder) = FINDERS.iter().find(|finder| line.contains(**finder)) {
                broken.push(file.broken(at, &format!("a checker knows the finder `{finder}`")));
            }
        }
    }
    assert!(n_files > 20, "only {n_files} files of the checkers were read");
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn depth_is_room_shelf_file() {
    let deep = |file: &File| file.path.split('/').count() > "src/room/shelf/file.rs".split('/').count();
    let broken: Vec<String> =
        sources().iter().filter(|file| deep(file)).map(|file| format!("{} is too deep", file.path)).collect();
    expect_none(&broken);
}

#[test]
fn files_are_short() {
    let mut broken = Vec::new();
    let mut excused: BTreeSet<&str> = TOO_LONG.iter().copied().collect();
    for file in sources() {
        let n_lines = file.text.lines().count();
        let is_excused = excused.remove(file.path.as_str());
        match n_lines > MAX_LINES {
            true if !is_excused => broken.push(format!("{} has {n_lines} lines: split it", file.path)),
            false if is_excused => broken.push(format!("{} is short now: take it off `TOO_LONG`", file.path)),
            true | false => {}
        }
    }
    broken.extend(excused.iter().map(|path| format!("{path} is gone: take it off `TOO_LONG`")));
    expect_none(&broken);
}

/// The files that must be trusted for the logic of proofs of order, and how many lines they may have together.
const KERNEL: (&[&str], usize) =
    (&["src/proof/check/replay.rs", "src/proof/check/logic.rs", "src/proof/check/hypotheses.rs"], 800);

#[test]
fn the_kernel_is_read_in_one_sitting() {
    let (paths, most) = KERNEL;
    let files: Vec<File> = sources().into_iter().filter(|file| paths.contains(&file.path.as_str())).collect();
    let n_lines: usize = files.iter().map(|file| file.text.lines().count()).sum();
    assert_eq!(files.len(), paths.len(), "a file of the kernel is gone");
    assert!(n_lines <= most, "the kernel has {n_lines} lines");
}

#[test]
fn nothing_is_left_for_later() {
    let words = ["TODO", "FIXME", "XXX", "todo!(", "unimplemented!(", "dbg!(", "#[ignore", "#[should_panic"];
    let mut broken = Vec::new();
    for file in sources() {
        for (line, text) in file.lines() {
            broken.extend(words.iter().filter(|word| text.contains(**word)).map(|word| file.broken(line, word)));
        }
    }
    expect_none(&broken);
}

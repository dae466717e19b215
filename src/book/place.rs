//! Where a book is written: beside its folder first, and into place in one move when it is whole.
//!
//! A book's folder holds a list of the files of its build. A folder that holds anything else is not a book of ours, or
//! holds what somebody put there, and is refused. Nothing outside the folder and its two neighbours, which this file
//! makes and removes, is ever written or deleted.

use crate::render::Problem;
use std::fs;
use std::fs::File;
use std::fs::TryLockError;
use std::io;
use std::path::Path;
use std::path::PathBuf;

/// The list of a book's files, in its folder.
const LIST: &str = ".chainrule-book";
/// The list's first line.
const TITLE: &str = "chainrule book 1";
/// Made in a folder of ours that is no book yet.
const LOCK: &str = "chainrule-lock";

/// A folder beside the book in which it is built. Dropping it removes what is left of it.
pub(super) struct Workshop {
    /// Free to be filled.
    pub root: PathBuf,
    out: PathBuf,
    old: PathBuf,
    _lock: File,
}

impl Workshop {
    /// A fresh folder for a book that will stand at `out`.
    ///
    /// Errors: `out-not-a-book` where something else stands at `out`; `out-busy` while another build of the same book
    /// is running; `out-unwritable`.
    pub fn open(out: &Path) -> Result<Workshop, Problem> {
        let out = real_place(out)?;
        let (Some(parent), Some(name)) = (out.parent(), out.file_name()) else {
            return Err(not_a_book(&out, "is not a folder that can be replaced"));
        };
        check_replaceable(&out)?;
        fs::create_dir_all(parent).map_err(|error| unwritable(parent, &error))?;
        let name = name.to_string_lossy();
        let root = parent.join(format!(".{name}.chainrule-new"));
        let old = parent.join(format!(".{name}.chainrule-old"));
        let lock = take(&root)?;
        let workshop = Workshop { root, out, old, _lock: lock };
        workshop.clear()?;
        workshop.recover()?;
        Ok(workshop)
    }

    /// The built pages, in the workshop's folder `built`, take the place of the last book.
    pub fn move_into_place(self, built: &str) -> Result<(), Problem> {
        let built = self.root.join(built);
        let mut files = Vec::new();
        list_files(&built, "", &mut files).map_err(|error| unwritable(&built, &error))?;
        files.sort();
        let list = format!("{TITLE}\n{}\n", files.join("\n"));
        fs::write(built.join(LIST), list).map_err(|error| unwritable(&built, &error))?;
        // Once more, since the build took its time.
        check_replaceable(&self.out)?;
        let failed = |error: io::Error| unwritable(&self.out, &error);
        self.discard_old()?;
        let had_one = self.out.exists();
        if had_one {
            fs::rename(&self.out, &self.old).map_err(failed)?;
        }
        if let Err(error) = fs::rename(&built, &self.out) {
            if had_one {
                fs::rename(&self.old, &self.out).map_err(failed)?;
            }
            return Err(failed(error));
        }
        self.discard_old()
    }

    /// Puts the last book back where a build was interrupted that had moved it aside, and removes it where the next one
    /// had taken its place already.
    fn recover(&self) -> Result<(), Problem> {
        if is_book(&self.old) && !self.out.exists() {
            return fs::rename(&self.old, &self.out).map_err(|error| unwritable(&self.out, &error));
        }
        self.discard_old()
    }

    /// Removes the book that was moved aside; what is not a book stays. It is removed in the workshop, so that one that is
    /// left by halves is cleared by the next build.
    fn discard_old(&self) -> Result<(), Problem> {
        if !self.old.exists() {
            return Ok(());
        }
        if self.old.is_symlink() || !(is_book(&self.old) || fs::remove_dir(&self.old).is_ok()) {
            return Err(not_a_book(&self.old, "is needed for the build and holds something else"));
        }
        let inside = self.root.join("old");
        if !self.old.exists() {
            return Ok(());
        }
        let moved = fs::rename(&self.old, &inside).and_then(|()| fs::remove_dir_all(&inside));
        moved.map_err(|error| unwritable(&self.old, &error))
    }

    /// Removes what an interrupted build left behind.
    fn clear(&self) -> Result<(), Problem> {
        let failed = |error: io::Error| unwritable(&self.root, &error);
        for entry in fs::read_dir(&self.root).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            if entry.file_name() == LOCK {
                continue;
            }
            let path = entry.path();
            let is_folder = entry.file_type().map_err(failed)?.is_dir();
            if is_folder { fs::remove_dir_all(&path) } else { fs::remove_file(&path) }.map_err(failed)?;
        }
        Ok(())
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        // A workshop that cannot be removed is cleared by the next build.
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// Whether a book of ours stands at `path`, with nothing else in it.
pub fn is_book(path: &Path) -> bool {
    book_files(path).is_some()
}

/// `out` with links resolved, so that a link to a book stays a link.
fn real_place(out: &Path) -> Result<PathBuf, Problem> {
    if out.exists() {
        return out.canonicalize().map_err(|error| unwritable(out, &error));
    }
    if out.is_symlink() {
        return Err(not_a_book(out, "is a link that leads nowhere"));
    }
    std::path::absolute(out).map_err(|error| unwritable(out, &error))
}

/// Makes the folder `root`, or takes over one that an interrupted build left.
fn take(root: &Path) -> Result<File, Problem> {
    let failed = |error: io::Error| unwritable(root, &error);
    match fs::create_dir(root) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            if root.is_symlink() || !root.join(LOCK).is_file() {
                return Err(not_a_book(root, "is needed for the build and holds something else"));
            }
        }
        Err(error) => return Err(failed(error)),
    }
    let lock = File::create(root.join(LOCK)).map_err(failed)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => {
            Err(Problem::new("out-busy", "another build of this book is running").at(root.display().to_string()))
        }
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

fn check_replaceable(out: &Path) -> Result<(), Problem> {
    if !out.exists() {
        return Ok(());
    }
    if !out.is_dir() {
        return Err(not_a_book(out, "is a file, and the book needs a folder"));
    }
    let mut files = Vec::new();
    list_files(out, "", &mut files).map_err(|error| unwritable(out, &error))?;
    if files.is_empty() && fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_none()) {
        return Ok(());
    }
    let Some(known) = book_files(out) else {
        return Err(not_a_book(out, "is not empty and is not a book that this program built"));
    };
    let is_foreign = |file: &String| file != LIST && !is_litter(file) && known.binary_search(file).is_err();
    match files.iter().find(|file| is_foreign(file)) {
        Some(file) => Err(not_a_book(out, &format!("holds `{file}`, which no build put there"))),
        None => Ok(()),
    }
}

/// What file managers leave in any folder that is looked at.
fn is_litter(file: &str) -> bool {
    matches!(file.rsplit('/').next(), Some(".DS_Store" | "Thumbs.db" | "desktop.ini"))
}

/// The files of the book at `path`, sorted; none if that is no book of ours.
fn book_files(path: &Path) -> Option<Vec<String>> {
    let list = fs::read_to_string(path.join(LIST)).ok()?;
    let mut lines = list.lines();
    (lines.next() == Some(TITLE)).then(|| lines.map(str::to_string).collect())
}

/// Every file under `dir`, relative to it with `/` between the parts; an empty folder counts as one, and so does a
/// link, which is not followed.
pub(super) fn list_files(dir: &Path, prefix: &str, files: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            let before = files.len();
            list_files(&entry.path(), &format!("{name}/"), files)?;
            if files.len() == before {
                files.push(name);
            }
        } else {
            files.push(name);
        }
    }
    Ok(())
}

fn not_a_book(path: &Path, why: &str) -> Problem {
    Problem::new("out-not-a-book", format!("this {why}"))
        .at(path.display().to_string())
        .with_hint("choose another folder with `--out`, or move away what is there")
}

fn unwritable(path: &Path, error: &io::Error) -> Problem {
    Problem::new("out-unwritable", error.to_string()).at(path.display().to_string())
}

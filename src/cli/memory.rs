//! What the last build of a book found out, kept in the folder of the book: a chapter whose formulas are what they were is
//! not decided again.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::{env, fs};

use serde::{Deserialize, Serialize};

#[cfg(feature = "book")]
use crate::book::BookFile;
use crate::derivation::Answers;

/// Its file in the folder of a book.
const FILE: &str = ".chainrule-memory";

/// The answers of all chapters, by their paths, as one program found them.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Memory {
    /// Which program that was: another one may know better.
    program: u64,
    chapters: BTreeMap<String, Answers>,
}

impl Memory {
    /// What stands in the book at `out`; nothing where there is none, or another program built it.
    pub(super) fn of_book(out: &Path) -> Memory {
        let kept = fs::read(out.join(FILE)).ok();
        let memory = kept.and_then(|bytes| serde_json::from_slice::<Memory>(&bytes).ok());
        memory.filter(|memory| this_program() == Some(memory.program)).unwrap_or_default()
    }

    /// The answers of this program; `None` where it cannot tell itself from others.
    #[cfg(feature = "book")]
    pub(super) fn new(chapters: BTreeMap<String, Answers>) -> Option<Memory> {
        Some(Memory { program: this_program()?, chapters })
    }

    /// The answers for a chapter, if they are answers to what it asks.
    pub(super) fn answers(&self, path: &str, fingerprint: u64) -> Option<&Answers> {
        self.chapters.get(path).filter(|answers| answers.fingerprint == fingerprint)
    }

    /// The file that holds it in the folder of a book.
    #[cfg(feature = "book")]
    pub(super) fn to_file(&self) -> BookFile {
        let bytes = serde_json::to_vec(self).expect("answers hold strings and numbers");
        BookFile { path: FILE.to_owned(), bytes, inline: None }
    }
}

/// A number for the bytes of the program that is running.
fn this_program() -> Option<u64> {
    let bytes = fs::read(env::current_exe().ok()?).ok()?;
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    Some(hasher.finish())
}

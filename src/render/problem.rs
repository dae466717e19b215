use std::fmt;

/// Why a page or a book could not be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The code in kebab-case; `chainrule explain CODE` knows it.
    pub code: &'static str,
    /// The file or folder it is about, as the user knows it, if there is one.
    pub path: Option<String>,
    /// What is wrong, standing alone: lower case, no full stop.
    pub message: String,
    /// What to do instead, if that can be said.
    pub hint: Option<String>,
}

impl Problem {
    /// A problem that is about no one file.
    pub fn new(code: &'static str, message: impl Into<String>) -> Problem {
        Problem { code, path: None, message: message.into(), hint: None }
    }

    /// Two pages would be written to `path`.
    pub fn same_path(path: &str) -> Problem {
        Problem::new("book-path", "two pages have this path")
            .at(path)
            .with_hint("rename the derivation: `ledger.md`, `rules.md` and `activations.md` are pages of every book")
    }

    /// The same, about `path`.
    pub fn at(self, path: impl Into<String>) -> Problem {
        Problem { path: Some(path.into()), ..self }
    }

    /// The same with a hint that says what to do instead.
    pub fn with_hint(self, hint: impl Into<String>) -> Problem {
        Problem { hint: Some(hint.into()), ..self }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.path {
            write!(f, "{path}: ")?;
        }
        write!(f, "{}", self.message)?;
        if let Some(hint) = &self.hint {
            write!(f, " ({hint})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}

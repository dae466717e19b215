use crate::source::Span;

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The formula or file could not be used.
    Error,
    /// It was used, and the author probably means something else.
    Warning,
    /// It was used, and this is what was taken.
    Note,
}

/// One problem, or one remark, at one place of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The code in kebab-case; `chainrule explain CODE` knows it.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// Where: bytes of the file that is being read.
    pub span: Span,
    /// What is wrong, standing alone: lower case, no full stop, backticks around what the user wrote.
    pub message: String,
    /// What to write instead, if that can be said.
    pub hint: Option<String>,
    /// The name that a note is about, where it is said once for each name.
    pub about: Option<String>,
}

impl Diagnostic {
    /// An error at `span`.
    pub fn error(code: &'static str, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic { code, severity: Severity::Error, span, message: message.into(), hint: None, about: None }
    }

    /// A warning at `span`.
    pub fn warning(code: &'static str, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, span, message) }
    }

    /// A note at `span`.
    pub fn note(code: &'static str, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: Severity::Note, ..Diagnostic::error(code, span, message) }
    }

    /// The same with a hint that says what to write instead.
    pub fn with_hint(mut self, hint: impl Into<String>) -> Diagnostic {
        self.hint = Some(hint.into());
        self
    }

    /// The same, to be said once in a file for each name that it is about.
    pub fn about(mut self, name: impl Into<String>) -> Diagnostic {
        self.about = Some(name.into());
        self
    }
}

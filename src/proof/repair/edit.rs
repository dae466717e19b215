//! An edit: some stretches of a claim's text replaced, what kind of mistake that mends, and how small it is.

use crate::proof::Kind;
use crate::source::Span;

/// Where in a claim an edit is made. What is tried first comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// Right of the relation, or the relation itself; of an implication the conclusion.
    Right,
    /// Left of the relation; of an implication the premise.
    Left,
    /// In the conditions.
    Condition,
}

/// One stretch of the text and what stands there instead.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Change {
    /// The bytes.
    pub span: Span,
    /// The new text.
    pub text: String,
}

impl Change {
    /// `text` in the place of `span`.
    pub(super) fn new(span: Span, text: impl Into<String>) -> Change {
        Change { span, text: text.into() }
    }

    /// `text` at a place where nothing is taken away.
    pub(super) fn insertion(at: usize, text: impl Into<String>) -> Change {
        Change::new(Span::new(at, at), text)
    }
}

/// A small edit of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    /// The mistake that it mends, if it does.
    pub kind: Kind,
    /// How many signs, names and numbers it touches.
    pub size: usize,
    /// Where it is made.
    pub place: Place,
    /// How far what is put in is from what stood there; 0 where they are of one kind.
    pub distance: usize,
    /// The changes, which do not overlap.
    pub changes: Vec<Change>,
    /// What edits share that may be made together: the same thing changed in the same way.
    pub theme: String,
    /// The changes that assume a little less: with them the claim must be false, or the assumption is none to be offered.
    pub weaker: Option<Vec<Change>>,
}

impl Edit {
    /// What decides which of two edits is tried first: the smaller one, then its place, its kind, and what is leftmost.
    pub(super) fn rank(&self) -> (usize, Place, usize, usize) {
        let start = self.changes.iter().map(|change| change.span.start).min().unwrap_or_default();
        (self.size, self.place, self.distance, start)
    }

    /// The text with the changes made; `None` where they overlap.
    pub(super) fn applied(&self, text: &str) -> Option<String> {
        let mut changes: Vec<&Change> = self.changes.iter().collect();
        changes.sort();
        let (mut result, mut at) = (String::new(), 0);
        for change in changes {
            push_apart(&mut result, text.get(at..change.span.start)?);
            push_apart(&mut result, &change.text);
            at = change.span.end;
        }
        push_apart(&mut result, text.get(at..)?);
        Some(spaced(&result))
    }
}

/// Appends text; a command is kept apart from the letter after it.
fn push_apart(result: &mut String, text: &str) {
    let is_letter = |c: char| c.is_ascii_alphabetic();
    let ends_in_command = result.trim_end_matches(is_letter).ends_with('\\') && result.ends_with(is_letter);
    if ends_in_command && text.starts_with(is_letter) {
        result.push(' ');
    }
    result.push_str(text);
}

/// The text on one line, with single blanks.
pub(super) fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Edits with one theme right of the relation, made all at once.
pub(super) fn together(edits: &[Edit]) -> Vec<Edit> {
    let mut themes: Vec<&str> =
        edits.iter().map(|edit| edit.theme.as_str()).filter(|theme| !theme.is_empty()).collect();
    themes.sort_unstable();
    themes.dedup();
    let mut found = Vec::new();
    for theme in themes {
        let mut own = edits.iter().filter(|edit| edit.theme == theme && edit.place == Place::Right);
        let Some(first) = own.next() else { continue };
        let others: Vec<&Edit> = own.collect();
        if others.is_empty() {
            continue;
        }
        let mut all = first.clone();
        all.size += 1;
        all.changes.extend(others.iter().flat_map(|edit| edit.changes.clone()));
        found.push(all);
    }
    found
}

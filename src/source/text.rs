/// One file as it was read: the path by which the user knows it and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The path as given by the user, with `/` between its parts; `-` for standard input.
    pub path: String,
    /// The whole text.
    pub text: String,
    line_starts: Vec<usize>,
}

/// A range of bytes of one source; `start <= end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// A place as editors count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
}

impl Source {
    /// Keeps `text` under the name `path` and finds its lines. A lone carriage return ends a line too, and stands as a
    /// line feed from here on.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Source {
        let text = with_line_feeds(text.into());
        let mut line_starts = vec![0];
        line_starts.extend(text.match_indices('\n').map(|(at, _)| at + 1));
        Source { path: path.into(), text, line_starts }
    }

    /// The line and column, both counted from 1, of the byte `offset` (clamped to the text).
    pub fn place(&self, offset: usize) -> LineColumn {
        let offset = offset.min(self.text.len());
        let line_idx = self.line_starts.partition_point(|&start| start <= offset) - 1;
        let start = self.line_starts[line_idx];
        let column = self.text.as_bytes()[start..offset].iter().filter(|&&b| b & 0xC0 != 0x80).count() + 1;
        LineColumn { line: line_idx + 1, column }
    }

    /// The text under `span`; empty where the span is not within the text or cuts a character.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start..span.end).unwrap_or("")
    }
}

impl Span {
    /// The bytes from `start` up to and not including `end`.
    pub fn new(start: usize, end: usize) -> Span {
        Span { start, end: end.max(start) }
    }

    /// The smallest span that holds both.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// The text, byte for byte as long, with a line feed for each carriage return that none follows.
fn with_line_feeds(text: String) -> String {
    let is_lone = |(at, _): &(usize, &str)| text.as_bytes().get(at + 1) != Some(&b'\n');
    let lone: Vec<usize> = text.match_indices('\r').filter(is_lone).map(|(at, _)| at).collect();
    if lone.is_empty() {
        return text;
    }
    let mut lone = lone.into_iter().peekable();
    text.char_indices().map(|(at, c)| if lone.next_if_eq(&at).is_some() { '\n' } else { c }).collect()
}

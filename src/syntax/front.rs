//! The front matter of a page: TOML between two lines `+++`.

use crate::source::Diagnostic;
use crate::source::Source;
use crate::source::Span;

use super::nearest::nearest;

/// What the front matter of a page says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FrontMatter {
    /// `title`.
    pub title: Option<String>,
    /// `uses`: the derivations whose givens and definitions are taken over, as written.
    pub uses: Vec<String>,
    /// `layout`: which shape the derivative of a scalar has.
    pub layout: Layout,
    /// `display`: what display formulas and plain fences are.
    pub display: Display,
    /// All other keys.
    pub other: toml::Table,
}

/// The layout of derivatives by vectors and matrices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Layout {
    /// Jacobians have rows by the numerator, gradients of scalars the shape of what they are taken by.
    #[default]
    Mixed,
    /// Gradients of scalars are rows.
    Numerator,
    /// Jacobians are transposed.
    Denominator,
}

/// What the formulas between `$$` and in plain fences are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Display {
    /// Shown, and nothing else.
    #[default]
    Shown,
    /// Claims about the givens and definitions of the page, as with `verify --display`.
    Claims,
}

/// The keys that are known.
const KEYS: [&str; 4] = ["title", "uses", "layout", "display"];

const DISPLAYS: [(&str, Display); 2] = [("shown", Display::Shown), ("claims", Display::Claims)];

const LAYOUTS: [(&str, Layout); 3] =
    [("mixed", Layout::Mixed), ("numerator", Layout::Numerator), ("denominator", Layout::Denominator)];

/// Reads the front matter and says which bytes it takes, a byte order mark and the line end after it included.
pub(super) fn read_front(source: &Source, problems: &mut Vec<Diagnostic>) -> (Option<FrontMatter>, Span) {
    let bom = if source.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let text = &source.text[bom..];
    let Some(first_line) = text.split_inclusive('\n').next().filter(|line| line.trim_end() == "+++") else {
        return (None, Span::new(0, bom));
    };
    let start = bom + first_line.len();
    let mut at = start;
    for line in source.text[start..].split_inclusive('\n') {
        if line.trim_end() == "+++" {
            let front = read_toml(&source.text[start..at], start, problems);
            return (Some(front), Span::new(0, at + line.len()));
        }
        at += line.len();
    }
    let span = Span::new(bom, bom + 3);
    problems.push(
        Diagnostic::error("front-matter", span, "the front matter that begins here has no end")
            .with_hint("put `+++` on a line of its own after it"),
    );
    (None, Span::new(0, start))
}

fn read_toml(text: &str, offset: usize, problems: &mut Vec<Diagnostic>) -> FrontMatter {
    match text.parse::<toml::Table>() {
        Ok(table) => from_table(table, text, offset, problems),
        Err(error) => {
            let range = error.span().unwrap_or(0..0);
            let span = Span::new(offset + range.start.min(text.len()), offset + range.end.min(text.len()));
            let message = format!("the front matter is not TOML: {}", error.message().replace('\n', ", "));
            let hint = "write `title = \"…\"`, `uses = [\"other.md\"]`, `layout = \"mixed\"`, `display = \"claims\"`, each on a line of its own";
            problems.push(Diagnostic::error("front-matter", span, message).with_hint(hint));
            FrontMatter::default()
        }
    }
}

fn from_table(mut table: toml::Table, text: &str, offset: usize, problems: &mut Vec<Diagnostic>) -> FrontMatter {
    let mut front = FrontMatter::default();
    let mut refuse = |key: &str, message: String, hint: String| {
        problems.push(Diagnostic::error("front-matter", line_of(key, text, offset), message).with_hint(hint));
    };
    match table.remove("title") {
        None => {}
        Some(toml::Value::String(title)) => front.title = Some(title),
        Some(other) => refuse("title", expected("title", "a string", &other), "write `title = \"…\"`".into()),
    }
    match table.remove("uses").map(strings) {
        None => {}
        Some(Ok(uses)) => front.uses = uses,
        Some(Err(other)) => {
            let message = expected("uses", "a list of file names", &other);
            refuse("uses", message, "write `uses = [\"other.md\"]`".into());
        }
    }
    if let Some(value) = table.remove("layout") {
        front.layout = one_of("layout", &LAYOUTS, &value, &mut refuse);
    }
    if let Some(value) = table.remove("display") {
        front.display = one_of("display", &DISPLAYS, &value, &mut refuse);
    }
    for key in table.keys() {
        problems.push(unknown_key(key, line_of(key, text, offset)));
    }
    front.other = table;
    front
}

fn unknown_key(key: &str, span: Span) -> Diagnostic {
    let message = format!("`{key}` is no key of the front matter, and says nothing");
    let keys = alternatives(&KEYS.map(|known| format!("`{known}`")));
    let hint = match nearest(key, KEYS) {
        Some(meant) => format!("did you mean `{meant}`? The keys are {keys}"),
        None => format!("the keys are {keys}"),
    };
    Diagnostic::warning("front-matter", span, message).with_hint(hint)
}

/// The setting that a word names; the usual one, with a diagnostic, where it names none.
fn one_of<T: Copy + Default>(
    key: &str,
    known: &[(&str, T)],
    value: &toml::Value,
    refuse: &mut impl FnMut(&str, String, String),
) -> T {
    let toml::Value::String(name) = value else {
        refuse(key, expected(key, "a string", value), format!("write `{key} = \"{}\"`", known[0].0));
        return T::default();
    };
    if let Some((_, meant)) = known.iter().find(|(word, _)| *word == name) {
        return *meant;
    }
    let words: Vec<String> = known.iter().map(|(word, _)| format!("`{word}`")).collect();
    let guess = nearest(name, known.iter().map(|(word, _)| *word)).unwrap_or(known[0].0);
    let message = format!("`{key}` is `{name}`, expected {}", alternatives(&words));
    refuse(key, message, format!("write `{key} = \"{guess}\"`"));
    T::default()
}

/// `a`, `b` or `c`
fn alternatives(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

fn expected(key: &str, wanted: &str, found: &toml::Value) -> String {
    format!("`{key}` is {}, expected {wanted}", found.type_str())
}

/// The strings of a list, or the value that is none.
fn strings(value: toml::Value) -> Result<Vec<String>, toml::Value> {
    let toml::Value::Array(items) = value else { return Err(value) };
    items
        .into_iter()
        .map(|item| match item {
            toml::Value::String(text) => Ok(text),
            other => Err(other),
        })
        .collect()
}

/// The line that sets `key`; the whole front matter where it cannot be told.
fn line_of(key: &str, text: &str, offset: usize) -> Span {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('=')) {
            return Span::new(offset + at, offset + at + line.trim_end().len());
        }
        at += line.len();
    }
    Span::new(offset, offset + text.trim_end().len())
}

//! A fence of formulas and the words that say what it is for.

use crate::source::Diagnostic;
use crate::source::Source;
use crate::source::Span;

use super::nearest::nearest;

/// A `math` fence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fence {
    /// What the page says with it.
    pub role: Role,
    /// Its name in the file.
    pub label: Option<Label>,
    /// The verdict that the author expects; only on claims.
    pub expected: Option<Expected>,
    /// What it is called, Markdown of one line: what follows a `|` after its words.
    pub title: Option<String>,
    /// The whole block from the first to the last backtick.
    pub span: Span,
    /// The LaTeX inside.
    pub body: Span,
    /// The text of `body`, of equal length, in which indents and the marks of a surrounding quote are blank.
    pub latex: String,
    /// The words after the opening backticks, `math` included.
    pub words_span: Span,
    /// The problem of a fence that is never closed; its body ends at the first empty line.
    pub unclosed: Option<Box<Diagnostic>>,
}

/// What a fence is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Symbols, their kinds, and assumptions.
    Given,
    /// Equations that define symbols.
    Define,
    /// Formulas that the author believes.
    Claim,
    /// Left-hand sides whose right-hand sides are wanted.
    Derive {
        /// The form in which they are wanted.
        form: Form,
        /// Whether the steps are to be shown.
        steps: bool,
    },
    /// Shown only.
    Plain,
}

/// The form in which a derivation is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Form {
    /// As a sum over the paths of the computation graph.
    Paths,
    /// Without derivative signs.
    Closed,
    /// As a product of the derivatives of each step.
    Composed,
    /// None was asked for.
    #[default]
    Auto,
}

/// The verdict that the author expects of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Expected {
    /// `checked`.
    Checked,
    /// `refuted`.
    Refuted,
    /// `open`.
    Open,
    /// `invalid`.
    Invalid,
    /// `proved`, also where it is written out.
    Proved,
}

/// The name of a fence in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The name without `#`: lower case letters, digits and hyphens.
    pub name: String,
    /// Its bytes, `#` included.
    pub span: Span,
}

/// What one word after `math` says.
#[derive(Clone, Copy)]
enum Word {
    Role(Role),
    Expected(Expected),
    Form(Form),
    Steps,
}

const WORDS: [(&str, Word); 13] = [
    ("given", Word::Role(Role::Given)),
    ("define", Word::Role(Role::Define)),
    ("claim", Word::Role(Role::Claim)),
    ("derive", Word::Role(Role::Derive { form: Form::Auto, steps: false })),
    ("proved", Word::Expected(Expected::Proved)),
    ("checked", Word::Expected(Expected::Checked)),
    ("refuted", Word::Expected(Expected::Refuted)),
    ("open", Word::Expected(Expected::Open)),
    ("invalid", Word::Expected(Expected::Invalid)),
    ("paths", Word::Form(Form::Paths)),
    ("closed", Word::Form(Form::Closed)),
    ("composed", Word::Form(Form::Composed)),
    ("steps", Word::Steps),
];

impl Fence {
    /// A fence without a role.
    pub fn plain(span: Span, body: Span, words_span: Span, latex: String) -> Fence {
        Fence {
            role: Role::Plain,
            label: None,
            expected: None,
            title: None,
            span,
            body,
            latex,
            words_span,
            unclosed: None,
        }
    }
}

/// The claim that a display formula is by the words of the comment after it, `claim:` first.
pub(super) fn claim_of_words(source: &Source, words: Span, plain: Fence, problems: &mut Vec<Diagnostic>) -> Fence {
    read_words(source, words, Fence { role: Role::Claim, ..plain }, problems)
}

/// Reads the words of a fence, `math` first, into `fence`.
pub(super) fn read_words(source: &Source, words: Span, mut fence: Fence, problems: &mut Vec<Diagnostic>) -> Fence {
    let text = source.slice(words);
    let (text, title) = text.split_once('|').map_or((text, None), |(words, title)| (words, Some(title.trim())));
    fence.title = title.filter(|title| !title.is_empty()).map(str::to_owned);
    for (word, span) in split_words(text, words.start).skip(1) {
        let problem = match word.strip_prefix('#') {
            Some(name) => take_label(&mut fence, name, span),
            None => match WORDS.iter().find(|(known, _)| *known == word) {
                Some((_, meaning)) => take_word(&mut fence, word, *meaning, span),
                None => Some(unknown_word(word, span, fence.label.is_some())),
            },
        };
        problems.extend(problem);
    }
    fence
}

fn split_words(text: &str, offset: usize) -> impl Iterator<Item = (&str, Span)> {
    text.split_whitespace().map(move |word| {
        let start = offset + (word.as_ptr() as usize - text.as_ptr() as usize);
        (word, Span::new(start, start + word.len()))
    })
}

fn take_label(fence: &mut Fence, name: &str, span: Span) -> Option<Diagnostic> {
    let is_good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || !name.chars().all(is_good) {
        let message = format!("the label `#{name}` holds more than lower case letters, digits and hyphens");
        let message = if name.is_empty() { "the label `#` has no name".to_string() } else { message };
        return Some(Diagnostic::error("bad-label", span, message).with_hint(format!("write `#{}`", good_name(name))));
    }
    if let Some(first) = &fence.label {
        let message = format!("this fence has two labels, `#{}` and `#{name}`", first.name);
        return Some(Diagnostic::error("bad-label", span, message).with_hint("keep one of them"));
    }
    fence.label = Some(Label { name: name.to_string(), span });
    None
}

/// The label that a malformed one probably stands for.
fn good_name(name: &str) -> String {
    let lower = name.to_lowercase();
    let parts: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "result".to_string() } else { parts.join("-") }
}

fn take_word(fence: &mut Fence, word: &str, meaning: Word, span: Span) -> Option<Diagnostic> {
    match (meaning, &mut fence.role) {
        (Word::Role(role), Role::Plain) => fence.role = role,
        (Word::Role(_), _) => return Some(misplaced(word, span, "a fence has one role", "write a fence for each")),
        (Word::Expected(expected), Role::Claim) if fence.expected.is_none() => fence.expected = Some(expected),
        (Word::Expected(_), Role::Claim) => {
            return Some(misplaced(word, span, "a claim expects one verdict", "keep one of them"));
        }
        (Word::Expected(_), _) => {
            return Some(misplaced(word, span, "only a `claim` expects a verdict", "write `math claim` before it"));
        }
        (Word::Form(form), Role::Derive { form: asked @ Form::Auto, .. }) => *asked = form,
        (Word::Form(_), Role::Derive { .. }) => {
            return Some(misplaced(word, span, "a derivation takes one form", "keep one of them"));
        }
        (Word::Steps, Role::Derive { steps, .. }) => *steps = true,
        (Word::Form(_) | Word::Steps, _) => {
            return Some(misplaced(word, span, "only a `derive` fence takes it", "write `math derive` before it"));
        }
    }
    None
}

fn misplaced(word: &str, span: Span, why: &str, hint: &str) -> Diagnostic {
    let message = format!("`{word}` does not fit here: {why}");
    Diagnostic::error("unknown-fence-word", span, message).with_hint(hint)
}

fn unknown_word(word: &str, span: Span, has_label: bool) -> Diagnostic {
    let diagnostic = Diagnostic::error("unknown-fence-word", span, format!("`{word}` is not a word of a `math` fence"));
    let (what, written) = match word.to_lowercase().as_str() {
        "false" | "wrong" | "incorrect" => ("the verdict that is expected", "refuted"),
        "true" | "correct" | "right" | "proven" => ("the verdict that is expected", "proved"),
        "assume" | "assumption" | "assumptions" | "let" | "where" | "declare" | "suppose" => {
            ("what is assumed or declared", "given")
        }
        "def" | "definition" | "definitions" | "model" => ("what is defined", "define"),
        "theorem" | "lemma" | "proposition" | "corollary" | "prove" | "proof" | "check" | "verify" | "show" => {
            ("what is to be proved", "claim")
        }
        "derivation" | "differentiate" | "gradient" | "compute" => ("what is to be derived", "derive"),
        _ => ("", ""),
    };
    if !written.is_empty() {
        return diagnostic.with_hint(format!("{what} is written `{written}`"));
    }
    match nearest(word, WORDS.iter().map(|(known, _)| *known)) {
        Some(meant) => diagnostic.with_hint(format!("did you mean `{meant}`?")),
        None if has_label => diagnostic.with_hint("remove it: the fence has its label"),
        None => diagnostic.with_hint(format!("a label is written `#{}`", good_name(word))),
    }
}

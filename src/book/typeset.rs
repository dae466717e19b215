//! LaTeX to HTML: the one place that calls the typesetter.
//!
//! The typesetter reads what authors write, so it is kept at a distance: formulas of a size or depth that no page can
//! show are refused before it sees them, a panic inside it becomes a problem of that formula, and it runs on threads
//! with room on their stacks. What it returns is made deterministic: the attributes of a tag come in the order of
//! their names.

use crate::book::html;
use crate::book::lines;
use crate::book::width::widest_piece;
use crate::render::Problem;
use crate::render::formula;
use katex::KatexContext;
use katex::OutputFormat;
use katex::Settings;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::panic;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::Once;
use std::sync::OnceLock;
use std::sync::PoisonError;
use std::thread;

/// The most bytes of LaTeX that a page shows as one formula.
const MAX_BYTES: usize = 20_000;
/// The most groups, commands with arguments included, that may stand one inside the other.
const MAX_DEPTH: usize = 200;
/// Stack for a thread that typesets.
const STACK_BYTES: usize = 64 << 20;

/// How a formula stands on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Style {
    /// In a line of text.
    Inline,
    /// By itself, centred, with large operators.
    Display,
}

/// How a formula is made readable to those who do not see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// By hidden MathML beside it.
    Mathml,
    /// By its LaTeX as a label, for pages whose text is indexed with the formulas in it.
    Label,
}

/// A formula that was typeset, or why it could not be.
pub type Typeset = Result<Set, Problem>;

/// A formula that was typeset.
#[derive(Debug, Clone, PartialEq)]
pub struct Set {
    /// Its HTML.
    pub html: String,
    /// The width of its widest piece that is not broken, in em; 0 for a formula in a line.
    pub width: f64,
}

/// Typesets, and remembers what it has typeset. Share one between builds.
pub struct Typesetter {
    n_threads: usize,
    known: Mutex<BTreeMap<(Style, Access, String), Arc<Typeset>>>,
}

impl Typesetter {
    /// One that has typeset nothing yet and will use up to `n_threads` threads, at least one.
    pub fn new(n_threads: usize) -> Typesetter {
        Typesetter { n_threads, known: Mutex::default() }
    }

    /// Every formula typeset, in the order of `formulas`; equal formulas are typeset once.
    pub fn typeset_all(&self, formulas: &[(Style, Access, &str)]) -> Vec<Arc<Typeset>> {
        let mut missing: Vec<_> = {
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            formulas
                .iter()
                .map(|&(style, access, latex)| (style, access, latex.to_string()))
                .filter(|key| !known.contains_key(key))
                .collect()
        };
        missing.sort();
        missing.dedup();
        let n_threads = self.n_threads.clamp(1, missing.len().max(1));
        thread::scope(|scope| {
            for share in 0..n_threads {
                let mine: Vec<_> = missing.iter().skip(share).step_by(n_threads).collect();
                let work = move || {
                    for key in mine {
                        let set = Arc::new(typeset_here(&key.2, key.0, key.1));
                        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone(), set);
                    }
                };
                // Where no thread can be had, the rest is reported formula by formula below.
                let _ = thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work);
            }
        });
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let lost = || Arc::new(Err(Problem::new("formula-not-typeset", "no thread was left to typeset it")));
        formulas
            .iter()
            .map(|&(style, access, latex)| known.get(&(style, access, latex.to_string())).cloned().unwrap_or_else(lost))
            .collect()
    }
}

/// `latex` as HTML that needs no script, with its MathML beside it, hidden.
///
/// Errors: `formula-not-typeset` where the typesetter does not know a command, or the formula is too large to show.
pub fn typeset(latex: &str, style: Style) -> Result<String, Problem> {
    let result = Typesetter::new(1).typeset_all(&[(style, Access::Mathml, latex)]).pop();
    result.map_or_else(|| Err(refusal("it was lost")), |set| (*set).clone().map(|set| set.html))
}

fn typeset_here(latex: &str, style: Style, access: Access) -> Typeset {
    if latex.trim().is_empty() {
        return Err(refusal("it is empty"));
    }
    if latex.len() > MAX_BYTES {
        return Err(refusal(&format!("it is {} bytes long; a page shows {MAX_BYTES}", latex.len())));
    }
    if depth(latex) > MAX_DEPTH {
        return Err(refusal(&format!("more than {MAX_DEPTH} groups stand one inside the other")));
    }
    let settings = Settings::builder()
        .display_mode(style == Style::Display)
        .output(match access {
            Access::Mathml => OutputFormat::HtmlAndMathml,
            Access::Label => OutputFormat::Html,
        })
        .max_expand(1000)
        .max_size(50.0)
        .build();
    let fitted = match style {
        Style::Inline => latex.to_string(),
        Style::Display => formula::block(latex),
    };
    let html = quietly(|| katex::render_to_string(context(), &fitted, &settings));
    match html {
        Some(Ok(html)) => {
            let html = html::normalize(&html);
            let html = if style == Style::Display { lines::cut(&html) } else { html };
            let html = labelled(&html, latex, access);
            let width = if style == Style::Display { widest_piece(&html) } else { 0.0 };
            Ok(Set { html, width })
        }
        Some(Err(error)) => Err(refusal(&one_line(&error.to_string()))),
        None => Err(refusal("the typesetter failed on it")),
    }
}

fn labelled(html: &str, latex: &str, access: Access) -> String {
    match access {
        Access::Mathml => html.to_string(),
        Access::Label => format!("<span aria-label=\"{}\" role=\"math\">{html}</span>", html::escape(&one_line(latex))),
    }
}

fn context() -> &'static KatexContext {
    static CONTEXT: OnceLock<KatexContext> = OnceLock::new();
    CONTEXT.get_or_init(KatexContext::default)
}

fn refusal(why: &str) -> Problem {
    Problem::new("formula-not-typeset", format!("a formula cannot be typeset: {why}"))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An upper bound on how deep the typesetter will recurse: open groups, and commands in a row, each of which may take
/// the next as its argument.
fn depth(latex: &str) -> usize {
    let (mut open, mut commands, mut deepest) = (0usize, 0usize, 0usize);
    let mut rest = latex;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '{' | '[' | '(' => open += 1,
            '}' | ']' | ')' => open = open.saturating_sub(1),
            '\\' => {
                let name = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
                match &rest[..name] {
                    "begin" | "left" => open += 1,
                    "end" | "right" => open = open.saturating_sub(1),
                    _ => {}
                }
                commands += 1;
                rest = &rest[name.max(rest.chars().next().map_or(0, char::len_utf8)).min(rest.len())..];
            }
            '^' | '_' => {}
            c if c.is_whitespace() => {}
            _ => commands = 0,
        }
        deepest = deepest.max(open + commands);
    }
    deepest
}

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work`; none if it panics, in which case nothing is printed.
pub(super) fn quietly<T>(work: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let loud = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                loud(info);
            }
        }));
    });
    let before = QUIET.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    QUIET.set(before);
    result.ok()
}

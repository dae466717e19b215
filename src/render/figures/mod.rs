//! Drawings and tables that a derivation asks for, made from its model.

use crate::derivation::Document;
use crate::render::prose::Directive;
use crate::render::prose::DirectiveKind;
use crate::source::Diagnostic;
use crate::syntax::nearest;

/// What a directive asked for.
pub(super) enum Drawn {
    /// A drawing.
    Picture(Picture),
    /// A Markdown table.
    Table(String),
}

/// A drawing twice: by itself, and for a page that carries the style sheet of figures.
pub(super) struct Picture {
    /// Its name.
    pub title: String,
    /// What is to be seen.
    pub description: String,
    /// A file of its own.
    pub svg: String,
    /// For a page with the style sheet.
    pub inline_svg: String,
}

const FIGURES: [(&str, Draw); 0] = [];
const TABLES: [(&str, Draw); 0] = [];

/// Draws from the document what the words after the name ask for.
type Draw = fn(&Document, &Directive) -> Result<Drawn, Diagnostic>;

/// What the directive asks for.
///
/// Errors: `unknown-figure` where no figure or table has this name; `figure-words` where its words do not fit, or the
/// derivation does not define what it would show.
pub(super) fn draw(document: &Document, directive: &Directive) -> Result<Drawn, Diagnostic> {
    let (known, noun): (&[(&str, Draw)], _) = match directive.kind {
        DirectiveKind::Figure => (&FIGURES, "figure"),
        DirectiveKind::Table => (&TABLES, "table"),
    };
    let name = directive.words.first().map_or("", String::as_str);
    if let Some((_, draw)) = known.iter().find(|(known, _)| *known == name) {
        return draw(document, directive);
    }
    let problem = Diagnostic::error("unknown-figure", directive.span, format!("there is no {noun} `{name}`"));
    Err(match nearest(name, known.iter().map(|(known, _)| *known)) {
        Some(meant) => problem.with_hint(format!("did you mean `{meant}`?")),
        None => {
            let names: Vec<String> = known.iter().map(|(known, _)| format!("`{known}`")).collect();
            problem.with_hint(format!("known are {}", names.join(", ")))
        }
    })
}

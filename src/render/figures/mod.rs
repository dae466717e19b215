//! Drawings and tables that a derivation asks for, made from its model.
//!
//! Networks and paths are read off the graph of definitions; numbers are evaluated from the definitions at points that
//! the caption names. To add a figure or a table: a function of the document and the directive, and its row in
//! [`FIGURES`] or [`TABLES`].

mod anatomy;
mod gated;
mod networks;
mod numbers;
mod options;
mod paths;
mod plots;
mod tables;

use crate::derivation::Document;
use crate::figure::Drawing;
use crate::figure::Lattice;
use crate::figure::Network;
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
    /// What is to be said of how it was made, Markdown; stands after the caption.
    pub note: Option<String>,
}

impl Drawn {
    /// A drawing.
    fn picture(drawing: &dyn Drawing) -> Drawn {
        let (title, description) = drawing.words();
        Drawn::Picture(Picture {
            title: title.to_owned(),
            description: description.to_owned(),
            svg: drawing.to_standalone_svg(),
            inline_svg: drawing.to_svg(),
            note: None,
        })
    }

    /// Several networks: beside each other where there is room on the page, in a row in a file of their own.
    fn panels(panels: &[Network], title: String, description: String) -> Drawn {
        let mut row = Network { title: title.clone(), description: description.clone(), ..Network::default() };
        let mut offset = 0.0;
        for (idx, panel) in panels.iter().enumerate() {
            let columns = panel.nodes.iter().map(|node| node.column);
            let (least, most) = columns.fold((f32::MAX, f32::MIN), |(a, b), column| (a.min(column), b.max(column)));
            let moved = |id: &str| format!("{idx} {id}");
            row.nodes.extend(panel.nodes.iter().cloned().map(|mut node| {
                (node.id, node.column) = (moved(&node.id), node.column - least + offset);
                node
            }));
            row.edges.extend(panel.edges.iter().cloned().map(|mut edge| {
                (edge.from, edge.to) = (moved(&edge.from), moved(&edge.to));
                edge
            }));
            row.columns.extend(panel.columns.iter().cloned().map(|mut caption| {
                caption.at += offset - least;
                caption
            }));
            offset += most - least + 1.5;
        }
        let inline_svg = panels.iter().map(Drawing::to_svg).collect();
        Drawn::Picture(Picture { title, description, svg: row.to_standalone_svg(), inline_svg, note: None })
    }

    /// One drawing in a file of its own, and on the page its parts, beside each other where there is room.
    fn parted(whole: &dyn Drawing, parts: &[Lattice]) -> Drawn {
        let (title, description) = whole.words();
        Drawn::Picture(Picture {
            title: title.to_owned(),
            description: description.to_owned(),
            svg: whole.to_standalone_svg(),
            inline_svg: parts.iter().map(Drawing::to_svg).collect(),
            note: None,
        })
    }

    /// The same with a remark on how it was made.
    fn noting(self, note: &str) -> Drawn {
        match self {
            Drawn::Picture(picture) => Drawn::Picture(Picture { note: Some(note.to_owned()), ..picture }),
            Drawn::Table(markdown) => Drawn::Table(markdown),
        }
    }
}

#[rustfmt::skip]
const FIGURES: [(&str, Draw); 15] = [
    ("activation",      plots::activation),
    ("cell",            networks::cell),
    ("decay",           plots::decay),
    ("explode",         plots::explode),
    ("folded",          networks::folded),
    ("gru",             gated::gated),
    ("lags",            plots::lags),
    ("lattice",         paths::lattice),
    ("lstm",            gated::gated),
    ("paths",           paths::paths),
    ("region",          plots::region),
    ("singular-values", plots::singular),
    ("stacked",         networks::stacked),
    ("steps",           networks::steps),
    ("unrolled",        networks::unrolled),
];

#[rustfmt::skip]
const TABLES: [(&str, Draw); 5] = [
    ("activations", tables::activations),
    ("costs",       tables::costs),
    ("coverage",    tables::coverage),
    ("grid",        tables::grid),
    ("lags",        tables::lags),
];

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

//! Drawing: plain shapes and tables of numbers in, SVG text out.
//!
//! The room knows no mathematics and imports no other room. A caller fills in a [`Network`], a [`Plot`], a
//! [`HeatMap`] or a [`Lattice`] and asks for one of two texts: `to_svg` for a page that carries [`STYLE`], where the
//! colours follow the theme of the page, or `to_standalone_svg`, which embeds the light colours and needs nothing.
//!
//! Invariants: the same shapes give the same bytes (no clock, no hash order, no platform functions); there are no
//! ids, so any number of figures stand on one page; there are no blank lines, so Markdown leaves the SVG alone; text
//! is text; every figure has a title and a description for readers who do not see it. Colours are classes, never
//! attributes, and the classes are explained in `style.css`.
//!
//! To add a kind of figure: a file with its plain types, which is a [`Drawing`] on a `Canvas`, and a sample in
//! `samples.rs`.

mod axis;
mod canvas;
mod contour;
mod drawing;
mod edge;
mod frame;
mod geometry;
mod glyph;
mod heat;
mod label;
mod lattice;
mod legend;
mod mark;
mod network;
mod notation;
mod place;
mod plot;
#[cfg(test)]
mod samples;
mod shades;
mod style;
mod tick;
mod trace;

pub use axis::{Axis, Scale};
pub use drawing::Drawing;
pub use heat::{Colouring, HeatMap, Sampling};
pub use label::Label;
pub use lattice::{Lattice, LatticePath};
pub use network::{Caption, EdgeKind, EdgeShape, Emphasis, Network, NodeKind, NodeShape, Panel};
pub use plot::{Extent, Legend, Line, Plot, Reference, Region, Series, SeriesStyle};
pub use style::STYLE;

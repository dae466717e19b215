//! The mdBook: chapters in, a folder of static pages out.
//!
//! [`build`] hands chapters to mdBook in memory. Formulas and drawings go around it: the Markdown holds slots, which
//! are filled once the pages are written. Formulas are typeset by [`typeset`], the one caller of the typesetter, into
//! HTML that needs no script. [`preprocess`] does the same work for an mdBook that is built by somebody else, where
//! the formulas have to pass through the Markdown. [`check_links`] reads a built book and follows every link in it.

mod assets;
mod build;
mod drawing;
mod html;
mod lines;
mod links;
mod marks;
mod place;
mod preprocessor;
mod project;
mod slots;
mod title;
mod typeset;
mod width;

pub use assets::Asset;
pub use assets::assets;
pub use build::BookChapter;
pub use build::BookEntry;
pub use build::BookFile;
pub use build::BookInput;
pub use build::BookReport;
pub use build::build;
pub use build::build_with;
pub use links::BrokenLink;
pub use links::LinkReport;
pub use links::check_links;
pub use place::is_book;
pub use preprocessor::preprocess;
pub use project::book_of;
pub use typeset::Access;
pub use typeset::Set;
pub use typeset::Style;
pub use typeset::Typeset;
pub use typeset::Typesetter;
pub use typeset::typeset;

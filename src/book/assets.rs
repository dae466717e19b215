//! Files that every book carries: fonts and styles for formulas, the theme, the icon. All of them are vendored; a book
//! never asks the network for anything.

/// A file of the book: its path relative to the book's folder, and its bytes.
pub type Asset = (&'static str, &'static [u8]);

/// The theme, added after mdBook's own styles.
pub(super) const THEME: (&str, &str) = ("chainrule.css", include_str!("assets/chainrule.css"));
/// What the theme cannot do by itself: open folded steps before printing.
pub(super) const SCRIPT: (&str, &str) = ("chainrule.js", include_str!("assets/chainrule.js"));
/// The styles of typeset formulas.
pub(super) const KATEX: (&str, &str) = ("katex/katex.min.css", include_str!("assets/katex/katex.min.css"));
/// The icon.
pub(super) const ICON: &[u8] = include_bytes!("assets/favicon.svg");

/// The faces of the text's font.
pub(super) const FACES: &str = include_str!("assets/fonts/fonts.css");

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_bytes!(concat!("assets/", $name)).as_slice())),*]
    };
}

/// The fonts of text and formulas, and all licences.
pub(super) const FONTS: &[Asset] = files![
    "licenses.txt",
    "fonts/SourceSerif4-400-italic.woff2",
    "fonts/SourceSerif4-400-normal.woff2",
    "fonts/SourceSerif4-600-italic.woff2",
    "fonts/SourceSerif4-600-normal.woff2",
    "fonts/SourceSerif4-LICENSE-OFL.txt",
    "katex/LICENSE-MIT.txt",
    "katex/LICENSE-OFL.txt",
    "katex/fonts/KaTeX_AMS-Regular.woff2",
    "katex/fonts/KaTeX_Caligraphic-Bold.woff2",
    "katex/fonts/KaTeX_Caligraphic-Regular.woff2",
    "katex/fonts/KaTeX_Fraktur-Bold.woff2",
    "katex/fonts/KaTeX_Fraktur-Regular.woff2",
    "katex/fonts/KaTeX_Main-Bold.woff2",
    "katex/fonts/KaTeX_Main-BoldItalic.woff2",
    "katex/fonts/KaTeX_Main-Italic.woff2",
    "katex/fonts/KaTeX_Main-Regular.woff2",
    "katex/fonts/KaTeX_Math-BoldItalic.woff2",
    "katex/fonts/KaTeX_Math-Italic.woff2",
    "katex/fonts/KaTeX_SansSerif-Bold.woff2",
    "katex/fonts/KaTeX_SansSerif-Italic.woff2",
    "katex/fonts/KaTeX_SansSerif-Regular.woff2",
    "katex/fonts/KaTeX_Script-Regular.woff2",
    "katex/fonts/KaTeX_Size1-Regular.woff2",
    "katex/fonts/KaTeX_Size2-Regular.woff2",
    "katex/fonts/KaTeX_Size3-Regular.woff2",
    "katex/fonts/KaTeX_Size4-Regular.woff2",
    "katex/fonts/KaTeX_Typewriter-Regular.woff2",
];

/// Everything that a book needs which another mdBook builds with our preprocessor: list the two style sheets under
/// `additional-css`, the script under `additional-js`, and put the fonts under the book's source folder.
pub fn assets() -> Vec<Asset> {
    let sheets = [THEME, SCRIPT, KATEX].map(|(path, text)| (path, text.as_bytes()));
    sheets.into_iter().chain(FONTS.iter().copied()).collect()
}

use super::canvas::Canvas;

/// A figure with its words, for one of two texts.
pub trait Drawing {
    /// The title and the description for readers who do not see it.
    fn words(&self) -> (&str, &str);

    /// All that is painted.
    fn draw(&self) -> Canvas;

    /// The figure for a page that carries [`STYLE`](super::STYLE).
    fn to_svg(&self) -> String {
        let (title, description) = self.words();
        self.draw().inline(title, description)
    }

    /// The figure as a file of its own, with light colours.
    fn to_standalone_svg(&self) -> String {
        let (title, description) = self.words();
        self.draw().standalone(title, description)
    }
}

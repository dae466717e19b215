//! What a template may do to a string: fit a formula to its place, say a kebab-case name in words, write LaTeX.

use crate::render::formula;
use crate::render::prose_latex;
use crate::render::prose_latex::Headings;
use tera::Kwargs;
use tera::State;
use tera::Tera;
use tera::TeraResult;

/// Registers every filter; call it before the first template is added.
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("inline", |latex: &str, _: Kwargs, _: &State<'_>| formula::inline(latex));
    tera.register_filter("cell", |latex: &str, _: Kwargs, _: &State<'_>| formula::cell(latex));
    tera.register_filter("block", |latex: &str, _: Kwargs, _: &State<'_>| formula::block(latex));
    tera.register_filter("stack", |rows: Vec<String>, _: Kwargs, _: &State<'_>| formula::stack(&rows));
    tera.register_filter("align", |rows: Vec<String>, _: Kwargs, _: &State<'_>| formula::align(&rows));
    tera.register_filter("numbered", numbered);
    tera.register_filter("words", |name: &str, _: Kwargs, _: &State<'_>| words(name));
    tera.register_filter("phrases", |names: Vec<String>, _: Kwargs, _: &State<'_>| {
        names.iter().map(|name| words(name)).collect::<Vec<_>>().join(", ")
    });
    tera.register_filter("plain", |text: &str, _: Kwargs, _: &State<'_>| plain(text));
    tera.register_filter("tex", |text: &str, _: Kwargs, _: &State<'_>| prose_latex::escape(text));
    tera.register_filter("prose", prose);
    tera.register_filter("line", line);
}

/// `latex | numbered(number=number)`: the formula with its number, or as it is where there is none.
fn numbered(latex: &str, kwargs: Kwargs, _: &State<'_>) -> TeraResult<String> {
    Ok(match argument(&kwargs, "number")? {
        Some(number) => formula::numbered(latex, &number),
        None => latex.to_string(),
    })
}

/// `markdown | prose(slug=slug, top=top)`: Markdown as LaTeX, links resolved from the page `slug`.
fn prose(markdown: &str, kwargs: Kwargs, _: &State<'_>) -> TeraResult<String> {
    let slug = argument(&kwargs, "slug")?.unwrap_or_default();
    let headings = match argument(&kwargs, "top")?.as_deref() {
        Some("chapter") => Headings::BelowChapter,
        Some(_) | None => Headings::BelowSection,
    };
    Ok(prose_latex::write(markdown, &slug, headings))
}

/// `markdown | line(slug=slug)`: Markdown of one line as LaTeX.
fn line(markdown: &str, kwargs: Kwargs, state: &State<'_>) -> TeraResult<String> {
    Ok(prose(markdown, kwargs, state)?.trim().to_string())
}

fn argument(kwargs: &Kwargs, name: &str) -> TeraResult<Option<String>> {
    Ok(kwargs.get::<tera::Value>(name)?.and_then(|value| value.as_str().map(str::to_string)))
}

fn words(name: &str) -> String {
    name.replace('-', " ")
}

/// Text as it may stand between the brackets of an image.
fn plain(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]").replace('$', "\\$")
}

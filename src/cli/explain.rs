//! `explain`: what a diagnostic means. One Markdown page for each code, in the folder `explain`.

use crate::cli::arguments::ExplainArguments;
use crate::cli::console;
use crate::cli::failure::{Failure, Refusal, Status};
use crate::syntax::nearest;

/// What a diagnostic means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// The code.
    pub code: &'static str,
    /// The page, in Markdown: a heading, what it means, an example, what to write instead.
    pub text: &'static str,
}

/// All pages, by code: `explain/pages.rs` lists the folder before the crate is compiled.
const PAGES: &[Page] = include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// All codes, sorted.
pub fn codes() -> impl Iterator<Item = &'static str> {
    PAGES.iter().map(|page| page.code)
}

/// The page of a code.
pub fn page(code: &str) -> Option<Page> {
    PAGES.iter().copied().find(|page| page.code == code)
}

impl Page {
    /// The first sentence of the page.
    pub fn summary(&self) -> &'static str {
        let body = self.text.split_once("\n\n").map_or(self.text, |(_, body)| body);
        let paragraph = body.split("\n\n").next().unwrap_or(body).trim();
        match paragraph.split_once(". ") {
            Some((first, _)) => first,
            None => paragraph,
        }
    }
}

/// Prints a page, or the list of codes.
pub(super) fn run(arguments: &ExplainArguments) -> Result<Status, Failure> {
    let Some(code) = &arguments.code else {
        let width = codes().map(str::len).max().unwrap_or_default();
        let lines: Vec<String> =
            PAGES.iter().map(|page| format!("{:<width$}  {}\n", page.code, page.summary())).collect();
        console::print(&lines.concat())?;
        return Ok(Status::Fine);
    };
    match page(code) {
        Some(page) => console::print(page.text)?,
        None => return Err(unknown(code).into()),
    }
    Ok(Status::Fine)
}

fn unknown(code: &str) -> Refusal {
    let word = code.split('-').find(|word| word.len() > 3);
    let related: Vec<String> = match nearest(code, codes()) {
        Some(near) => vec![format!("`{near}`")],
        None => codes()
            .filter(|known| word.is_some_and(|word| known.contains(word)))
            .map(|code| format!("`{code}`"))
            .collect(),
    };
    let hint = match &related[..] {
        [] => "`chainrule explain` lists all codes".to_owned(),
        some => format!("did you mean {}?", some.join(" or ")),
    };
    Refusal::of_command("unknown-code", format!("there is no diagnostic `{code}`"), &hint)
}

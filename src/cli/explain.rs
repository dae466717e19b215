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

macro_rules! pages {
    ($($code:literal)*) => {
        /// All pages, by code.
        const PAGES: &[Page] = &[$(Page { code: $code, text: include_str!(concat!("explain/", $code, ".md")) }),*];
    };
}

pages! {
    "already-defined"
    "ambiguous-blocks"
    "ambiguous-constant"
    "ambiguous-factorial"
    "ambiguous-inverse"
    "ambiguous-norm"
    "ambiguous-partial"
    "ambiguous-product"
    "ambiguous-range"
    "ambiguous-sign"
    "assumption-broken"
    "bad-derivative"
    "bad-json-line"
    "bad-label"
    "bad-name"
    "bad-number"
    "bad-range"
    "bad-set-file"
    "bad-setting"
    "bad-settings"
    "bad-value"
    "bare-function"
    "book-empty"
    "book-failed"
    "book-path"
    "book-unreadable"
    "broken-link"
    "conflicting-readings"
    "contradictory-assumptions"
    "definition-cycle"
    "division-by-zero"
    "double-script"
    "doubly-declared"
    "doubly-defined"
    "duplicate-chapter"
    "duplicate-label"
    "ellipsis"
    "empty-fence"
    "empty-file"
    "empty-product"
    "figure-words"
    "file-too-large"
    "formula-not-typeset"
    "front-matter"
    "function-and-value"
    "function-of-matrix"
    "implied-dimension"
    "implied-number"
    "implied-start"
    "index-out-of-range"
    "infinite-value"
    "list-as-value"
    "missing-argument"
    "missing-backslash"
    "missing-bounds"
    "missing-chapter"
    "missing-index"
    "missing-operand"
    "missing-point"
    "missing-value"
    "missing-variable"
    "no-derivations"
    "no-file"
    "no-path"
    "no-project"
    "no-relation"
    "no-start"
    "not-a-definition"
    "not-a-derivative"
    "not-a-file"
    "not-a-function"
    "not-derived"
    "not-one-formula"
    "not-supported"
    "not-utf8"
    "not-written"
    "out-busy"
    "out-not-a-book"
    "out-not-generated"
    "out-unwritable"
    "outside-product"
    "port-in-use"
    "port-refused"
    "preprocessor-input"
    "preprocessor-output"
    "prime-of-several"
    "prime-of-value"
    "prose-in-formula"
    "read-as-argument"
    "read-as-entry"
    "read-as-entrywise"
    "read-as-member"
    "read-as-name"
    "read-as-pairs"
    "read-as-positive"
    "read-as-power"
    "read-as-product"
    "read-as-transpose"
    "read-as-value"
    "relation-as-value"
    "rounded-number"
    "runs-downward"
    "runs-together"
    "scientific-number"
    "shape-mismatch"
    "shared-bounds"
    "split-number"
    "summary"
    "symbolic-order"
    "template-failed"
    "template-syntax"
    "template-unknown"
    "template-unreadable"
    "too-deep"
    "too-large"
    "too-long"
    "too-many-sizes"
    "too-many-steps"
    "two-slots"
    "unbalanced-brace"
    "unbalanced-delimiter"
    "unclosed-environment"
    "unclosed-fence"
    "undeclared-symbol"
    "undefined-here"
    "undefined-member"
    "unexpected-token"
    "unknown-chapter"
    "unknown-code"
    "unknown-command"
    "unknown-environment"
    "unknown-fence-word"
    "unknown-figure"
    "unknown-function"
    "unknown-label"
    "unknown-relation"
    "unknown-set"
    "unknown-size"
    "unreadable-file"
    "used-file"
    "uses-cycle"
    "wrong-arguments"
    "wrong-indices"
}

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

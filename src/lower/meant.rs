//! What was probably meant by the name of a function that is not known.

use crate::expr::Elementary;
use crate::syntax::{nearest, without_look_alikes};

/// Names that are no elementary functions, and how each is written.
const OTHERS: [(&str, &str); 7] = [
    ("sqrt", r"\sqrt{…}"),
    ("softmax", r"\operatorname{softmax}"),
    ("diag", r"\operatorname{diag}"),
    ("Tr", r"\operatorname{Tr}"),
    ("trace", r"\operatorname{Tr}"),
    ("det", r"\det"),
    ("norm", r"\|…\|"),
];

/// How the known function is written that has nearly this name, look-alikes of Latin letters read as what they look like.
pub(super) fn function_meant(word: &str) -> Option<&'static str> {
    let plain = without_look_alikes(word).unwrap_or_else(|| word.to_owned());
    let elementary = Elementary::table().iter().filter(|row| !row.latex.is_empty());
    let known: Vec<(&str, &str)> = elementary
        .flat_map(|row| std::iter::once(row.name).chain(row.aliases.iter().copied()).map(|name| (name, row.latex)))
        .chain(OTHERS)
        .collect();
    let meant = nearest(&plain, known.iter().map(|(name, _)| *name))?;
    known.iter().find(|(name, _)| *name == meant).map(|(_, latex)| *latex)
}

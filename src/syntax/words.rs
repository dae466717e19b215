//! English words inside formulas: which ones open a condition, which ones connect statements.

use super::ast::Connective;

/// What words in a `\text{…}` at the level of a whole formula do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keyword {
    /// `if`, `where`, `when`, …: a condition follows.
    Condition,
    /// `for all`, `for every`, …: a letter follows that stands for everything.
    ForAll,
    /// `for some`, `there exists`, …: a letter follows of which there is one.
    Exists,
    /// `unless`: a condition follows that does not hold.
    Unless,
    /// `in`: the variables of a `\propto` follow.
    In,
}

const KEYWORDS: [(&str, Keyword); 34] = [
    ("for some", Keyword::Exists),
    ("and some", Keyword::Exists),
    ("and for some", Keyword::Exists),
    ("for at least one", Keyword::Exists),
    ("there exists", Keyword::Exists),
    ("there exist", Keyword::Exists),
    ("there is", Keyword::Exists),
    ("for all", Keyword::ForAll),
    ("for every", Keyword::ForAll),
    ("for each", Keyword::ForAll),
    ("for any", Keyword::ForAll),
    ("for arbitrary", Keyword::ForAll),
    ("provided that", Keyword::Condition),
    ("as long as", Keyword::Condition),
    ("given that", Keyword::Condition),
    ("so long as", Keyword::Condition),
    ("unless", Keyword::Unless),
    ("assuming that", Keyword::Condition),
    ("such that", Keyword::Condition),
    ("subject to", Keyword::Condition),
    ("and if", Keyword::Condition),
    ("and for", Keyword::Condition),
    ("and where", Keyword::Condition),
    ("s.t.", Keyword::Condition),
    ("if", Keyword::Condition),
    ("for", Keyword::Condition),
    ("where", Keyword::Condition),
    ("when", Keyword::Condition),
    ("whenever", Keyword::Condition),
    ("with", Keyword::Condition),
    ("provided", Keyword::Condition),
    ("assuming", Keyword::Condition),
    ("as", Keyword::Condition),
    ("at", Keyword::Condition),
];

const CONNECTIVES: [(&str, Connective); 18] = [
    ("and", Connective::And),
    ("or", Connective::Or),
    ("if and only if", Connective::Iff),
    ("iff", Connective::Iff),
    ("exactly if", Connective::Iff),
    ("or equivalently", Connective::Iff),
    ("equivalently", Connective::Iff),
    ("only if", Connective::Implies),
    ("implies", Connective::Implies),
    ("and hence", Connective::Implies),
    ("hence", Connective::Implies),
    ("and therefore", Connective::Implies),
    ("and thus", Connective::Implies),
    ("thus", Connective::Implies),
    ("and so", Connective::Implies),
    ("so", Connective::Implies),
    ("so that", Connective::Implies),
    ("therefore", Connective::Implies),
];

/// Words with which a remark begins that explains a step and restricts nothing.
const EXPLAINS: [&str; 34] = [
    "by",
    "using",
    "from",
    "via",
    "because of",
    "due to",
    "see",
    "cf.",
    "i.e.",
    "e.g.",
    "note",
    "recall",
    "applying",
    "adding",
    "subtracting",
    "multiplying",
    "dividing",
    "expanding",
    "factoring",
    "collecting",
    "rearranging",
    "simplifying",
    "substituting",
    "inserting",
    "plugging in",
    "differentiating",
    "integrating",
    "cancelling",
    "taking",
    "writing",
    "definition",
    "eq.",
    "equation",
    "step",
];

/// Words with which such a remark ends: `chain rule`.
const EXPLAINED_BY: [&str; 6] = ["rule", "law", "theorem", "lemma", "identity", "definition"];

/// Whether `words` only explain a step: `by the chain rule`, `(definition of f)`.
pub fn is_remark(words: &str) -> bool {
    let words = bare(words).trim_end_matches('.');
    let ends = |known: &&str| words.to_lowercase().ends_with(*known);
    keyword(words).is_none()
        && (EXPLAINS.iter().any(|known| after(known, words).is_some()) || EXPLAINED_BY.iter().any(ends))
}

fn bare(words: &str) -> &str {
    words.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '(' | ')'))
}

/// The keyword at the beginning of `words` and what follows it.
pub(super) fn keyword(words: &str) -> Option<(Keyword, &str)> {
    if connective(words).is_some() {
        return None;
    }
    let words = bare(words);
    if let Some(rest) = after("in", words) {
        return rest.is_empty().then_some((Keyword::In, rest));
    }
    KEYWORDS.iter().find_map(|(known, keyword)| after(known, words).map(|rest| (*keyword, rest)))
}

/// The connective that `words` are, all of them.
pub(super) fn connective(words: &str) -> Option<Connective> {
    let words = bare(words);
    CONNECTIVES.iter().find(|(known, _)| known.eq_ignore_ascii_case(words)).map(|(_, connective)| *connective)
}

/// Whether `words` are those of the last row of a case distinction.
pub(super) fn is_otherwise(words: &str) -> bool {
    let words = bare(words).trim_end_matches('.');
    ["otherwise", "else", "elsewhere"].iter().any(|known| known.eq_ignore_ascii_case(words))
}

/// What stands after the words `known` at the beginning of `words`, if they stand there as whole words.
fn after<'a>(known: &str, words: &'a str) -> Option<&'a str> {
    let (head, rest) = words.split_at_checked(known.len())?;
    let ends = !rest.starts_with(|c: char| c.is_alphanumeric());
    (head.eq_ignore_ascii_case(known) && ends).then(|| bare(rest))
}

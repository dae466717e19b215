//! Environments that only align formulas, and how they are opened.

use super::brackets::Bracket;
use super::brackets::Brackets;
use super::brackets::opens;
use super::lexeme::Gap;
use super::lexeme::Lexeme;
use super::lexeme::Token;

/// Opens the environments that only align rows, and drops row ends and alignment signs inside fences.
pub(super) fn flatten(tokens: &[Token]) -> Vec<Token> {
    let brackets = Brackets::of(tokens);
    let mut flat: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut inside: Vec<(Bracket, usize)> = Vec::new();
    let mut one_row: Vec<usize> = Vec::new();
    let mut ends: Vec<usize> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        inside.pop_if(|last| last.1 <= at);
        one_row.pop_if(|end| *end <= at);
        if ends.last() == Some(&at) {
            ends.pop();
            continue;
        }
        if let (Some(bracket), Some(end)) = (opens(&token.lexeme), brackets.partner(at)) {
            if inside.is_empty() && is_alignment(tokens, &brackets, at, end) {
                ends.push(end);
                let follows_end = at > 0 && matches!(tokens[at - 1].lexeme, Lexeme::End(_));
                if matches!(&token.lexeme, Lexeme::Begin(name) if name.starts_with("multl")) {
                    one_row.push(end);
                }
                if follows_end {
                    flat.push(Token { lexeme: Lexeme::Row, span: token.span, gap: Gap::None });
                }
                continue;
            }
            inside.push((bracket, end));
        }
        let is_layout = matches!(token.lexeme, Lexeme::Row | Lexeme::Cell);
        let is_dropped = match inside.last() {
            Some((Bracket::Fence | Bracket::Sized, _)) => true,
            Some((Bracket::Group | Bracket::Environment, _)) => false,
            None => !one_row.is_empty() && token.lexeme == Lexeme::Row,
        };
        if !(is_layout && is_dropped) {
            flat.push(token.clone());
        }
    }
    flat
}

/// Whether the environment from `at` to `end` only aligns formulas.
fn is_alignment(tokens: &[Token], brackets: &Brackets, at: usize, end: usize) -> bool {
    let Lexeme::Begin(name) = &tokens[at].lexeme else { return false };
    match name.as_str() {
        "array" | "tabular" => has_relation_cells(tokens, brackets, at, end),
        name => ALIGNMENTS.contains(&name),
    }
}

/// The environments that only align formulas, without their stars.
pub(super) const ALIGNMENTS: [&str; 18] = [
    "align",
    "aligned",
    "alignat",
    "alignedat",
    "xalignat",
    "flalign",
    "split",
    "gather",
    "gathered",
    "equation",
    "eqnarray",
    "multline",
    "multlined",
    "displaymath",
    "math",
    "dmath",
    "subequations",
    "empheq",
];

/// Whether an `array` holds formulas rather than entries: a relation stands in its first cell or at the edge of one.
pub(super) fn has_relation_cells(tokens: &[Token], brackets: &Brackets, at: usize, end: usize) -> bool {
    let mut is_first_cell = true;
    let mut previous = None;
    for here in brackets.flat(at + 1, end) {
        let lexeme = &tokens[here].lexeme;
        let is_relation = matches!(lexeme, Lexeme::Relation(_));
        let after_relation = previous.is_some_and(|previous| matches!(previous, &Lexeme::Relation(_)));
        match lexeme {
            Lexeme::Cell if after_relation => return true,
            Lexeme::Cell | Lexeme::Row => is_first_cell = false,
            _ if is_relation && (is_first_cell || matches!(previous, Some(Lexeme::Cell))) => return true,
            _ => {}
        }
        previous = Some(lexeme);
    }
    false
}

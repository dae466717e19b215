//! Equations that stand beside each other in one row.

use super::ast::Relation;
use super::brackets::Brackets;
use super::conditions::trimmed;
use super::lexeme::Lexeme;
use super::lexeme::Token;
use super::tidy::ends_open;

/// How many equations of one row are told apart.
const LIMIT: usize = 64;

/// The formulas that stand beside each other: after a wide space an equation may begin that is no condition of the one
/// before, since it defines something which that does not hold: `p = f(z) \quad q = g(z)`. `x = 1` and
/// `h_0 = \frac{1}{2}` are conditions, and so is what stands after a word or in parentheses.
pub(super) fn beside(tokens: &[Token]) -> Vec<&[Token]> {
    let brackets = Brackets::of(tokens);
    let outer: Vec<usize> = brackets.flat(0, tokens.len()).collect();
    let mut parts = Vec::new();
    let mut start = 0;
    let mut n_relations = 0;
    for (idx, &at) in outer.iter().enumerate() {
        match &tokens[at].lexeme {
            Lexeme::Text(_) if is_side(tokens, at) => {}
            Lexeme::Word(_) | Lexeme::Text(_) | Lexeme::Forall => break,
            Lexeme::Relation(_) => n_relations += 1,
            Lexeme::Quad if n_relations > 0 && parts.len() < LIMIT && begins(tokens, &outer[idx..], start) => {
                parts.push(&tokens[start..at]);
                start = at + 1;
                n_relations = 0;
            }
            _ => {}
        }
    }
    parts.push(&tokens[start..]);
    parts
}

/// Whether an equation of its own begins after the wide space that is the first of `outer`.
fn begins(tokens: &[Token], outer: &[usize], start: usize) -> bool {
    let ends = |at: usize| match tokens[at].lexeme {
        Lexeme::Text(_) => !is_side(tokens, at),
        Lexeme::Quad | Lexeme::Word(_) | Lexeme::Forall | Lexeme::Connective(_) => true,
        _ => false,
    };
    let inside: Vec<usize> = outer[1..].iter().copied().take_while(|&at| !ends(at)).collect();
    let is_relation = |at: &usize| matches!(tokens[*at].lexeme, Lexeme::Relation(_));
    let is_equal = |at: &usize| !is_relation(at) || tokens[*at].lexeme == Lexeme::Relation(Relation::Equal);
    let Some(&equals) = inside.iter().find(|at| is_relation(at)) else { return false };
    let end = outer.get(1 + inside.len()).copied().unwrap_or(tokens.len());
    let (left, right) = (trimmed(&tokens[outer[0] + 1..equals]), &tokens[equals + 1..end]);
    let Some(first) = left.first() else { return false };
    let is_built = matches!(first.lexeme, Lexeme::Frac | Lexeme::Begin(_));
    if !inside.iter().all(is_equal) || !(is_built || is_name(left) && is_worked_out(right)) {
        return false;
    }
    let before = trimmed(&tokens[start..outer[0]]);
    !before.is_empty()
        && !ends_open(before)
        && !before.windows(left.len()).any(|window| window.iter().zip(left).all(|(a, b)| a.lexeme == b.lexeme))
}

/// Whether words are what a relation compares to, and no remark: `y = \text{"h"}`.
fn is_side(tokens: &[Token], at: usize) -> bool {
    at > 0 && matches!(tokens[at - 1].lexeme, Lexeme::Relation(_))
}

/// A letter with its fonts and scripts, or a call of one.
fn is_name(tokens: &[Token]) -> bool {
    let brackets = Brackets::of(tokens);
    let mut n_letters = 0;
    for at in brackets.flat(0, tokens.len()) {
        let is_script = at > 0 && matches!(tokens[at - 1].lexeme, Lexeme::Sub | Lexeme::Sup);
        match tokens[at].lexeme {
            Lexeme::Letter(_) => n_letters += usize::from(!is_script),
            Lexeme::Font(_) | Lexeme::Accent(_) | Lexeme::Sub | Lexeme::Sup | Lexeme::Digit(_) | Lexeme::Prime => {}
            Lexeme::GroupOpen | Lexeme::GroupClose | Lexeme::Open("(") | Lexeme::Close(")") => {}
            _ => return false,
        }
    }
    let has_font = tokens.iter().any(|token| matches!(token.lexeme, Lexeme::Font(_) | Lexeme::Accent(_)));
    n_letters == 1 || n_letters == 0 && has_font
}

/// Whether a right side says how something is computed: a matrix, a call, a function or a fraction with letters in it.
fn is_worked_out(tokens: &[Token]) -> bool {
    let is_matrix = |token: &Token| matches!(token.lexeme, Lexeme::Begin(_));
    let is_built = |token: &Token| {
        matches!(token.lexeme, Lexeme::Frac | Lexeme::Name(_) | Lexeme::Big(_))
            || matches!(token.lexeme, Lexeme::Open("(") | Lexeme::Left("("))
    };
    let has_letter = tokens.iter().any(|token| matches!(token.lexeme, Lexeme::Letter(_)));
    tokens.iter().any(is_matrix) || has_letter && tokens.iter().any(is_built)
}

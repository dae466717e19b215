//! Which brackets belong together.

use super::lexeme::Lexeme;
use super::lexeme::Token;

/// The brackets of a run of tokens.
#[derive(Debug, Clone)]
pub(super) struct Brackets {
    /// For each bracket its partner.
    partner: Vec<Option<usize>>,
}

/// A kind of bracket. Parentheses, brackets and bars may be mixed (`[0, 1)`); the others must match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bracket {
    /// `(`, `[`, `\{`, `\langle`, …
    Fence,
    /// `{`
    Group,
    /// `\left`
    Sized,
    /// `\begin`
    Environment,
}

/// The kind of bracket that a token opens.
pub(super) fn opens(lexeme: &Lexeme) -> Option<Bracket> {
    match lexeme {
        Lexeme::Open(_) => Some(Bracket::Fence),
        Lexeme::GroupOpen => Some(Bracket::Group),
        Lexeme::Left(_) => Some(Bracket::Sized),
        Lexeme::Begin(_) => Some(Bracket::Environment),
        _ => None,
    }
}

/// The kind of bracket that a token closes.
pub(super) fn closes(lexeme: &Lexeme) -> Option<Bracket> {
    match lexeme {
        Lexeme::Close(_) => Some(Bracket::Fence),
        Lexeme::GroupClose => Some(Bracket::Group),
        Lexeme::Right(_) => Some(Bracket::Sized),
        Lexeme::End(_) => Some(Bracket::Environment),
        _ => None,
    }
}

impl Brackets {
    /// Pairs the brackets of `tokens`. A fence that is open where a group, sized fence or environment ends has no
    /// partner, and neither has an end without a beginning.
    pub(super) fn of(tokens: &[Token]) -> Brackets {
        let mut partner = vec![None; tokens.len()];
        let mut open: Vec<(Bracket, usize)> = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            if let Some(bracket) = opens(&token.lexeme) {
                open.push((bracket, at));
            } else if let Some(bracket) = closes(&token.lexeme) {
                while bracket != Bracket::Fence && open.last().is_some_and(|last| last.0 == Bracket::Fence) {
                    open.pop();
                }
                if let Some((_, start)) = open.pop_if(|last| last.0 == bracket) {
                    partner[start] = Some(at);
                    partner[at] = Some(start);
                }
            }
        }
        Brackets { partner }
    }

    /// The partner of the bracket at `at`.
    pub(super) fn partner(&self, at: usize) -> Option<usize> {
        self.partner.get(at).copied().flatten()
    }

    /// The tokens from `from` to before `to` that stand in no bracket between the two.
    pub(super) fn flat(&self, from: usize, to: usize) -> impl Iterator<Item = usize> {
        let mut at = from;
        std::iter::from_fn(move || {
            let here = at;
            at = self.partner(here).filter(|end| *end > here).unwrap_or(here) + 1;
            (here < to).then_some(here)
        })
    }
}

//! What a bar is: an opening or a closing fence, "given", or the bar of an evaluation.
//!
//! A bar where an operand is expected opens a fence, and the next bar of its kind after an operand closes it. A bar
//! after an operand with no bar open is read by what follows: a subscript makes it an evaluation; an even number of
//! bars to the end of the bracket makes it the first of a pair, as in `a |b|`; otherwise it is "given".

use super::ast::Relation;
use super::cursor::Parser;
use super::enclosed::Inside;
use super::lexeme::Lexeme;
use super::lexeme::Token;
use super::words::keyword;

/// For each bar, the number of bars of its kind from it to the end of its bracket, cell or row.
#[derive(Debug, Clone)]
pub(super) struct Bars {
    ahead: Vec<usize>,
}

impl Bars {
    pub(super) fn of(tokens: &[Token]) -> Bars {
        let mut ahead = vec![0; tokens.len()];
        let mut levels = vec![(0, 0)];
        for (at, token) in tokens.iter().enumerate().rev() {
            let level = levels.last_mut().expect("the outermost level is never popped");
            match &token.lexeme {
                Lexeme::Close(_) | Lexeme::Right(_) | Lexeme::GroupClose | Lexeme::End(_) => levels.push((0, 0)),
                Lexeme::Open(_) | Lexeme::Left(_) | Lexeme::GroupOpen | Lexeme::Begin(_) => {
                    levels.pop();
                    if levels.is_empty() {
                        levels.push((0, 0));
                    }
                }
                Lexeme::Cell | Lexeme::Row => *level = (0, 0),
                Lexeme::Word(words) | Lexeme::Text(words) if keyword(words).is_some() => *level = (0, 0),
                Lexeme::Bar("|") => {
                    level.0 += 1;
                    ahead[at] = level.0;
                }
                Lexeme::Bar(_) => {
                    level.1 += 1;
                    ahead[at] = level.1;
                }
                _ => {}
            }
        }
        Bars { ahead }
    }

    fn is_even(&self, at: usize) -> bool {
        self.ahead[at].is_multiple_of(2)
    }
}

impl Parser<'_> {
    /// Whether the next token closes the bar that was opened last.
    pub(super) fn at_closing_bar(&self) -> bool {
        match (self.inside.last(), self.peek()) {
            (Some(Inside::Bar(open)), Some(Lexeme::Bar(bar) | Lexeme::Close(bar))) => open == bar,
            (Some(Inside::Mid), Some(Lexeme::Mid)) => true,
            _ => false,
        }
    }

    /// Whether the next token, after an operand, says "given" or "such that".
    pub(super) fn at_given(&self) -> bool {
        match self.peek() {
            Some(Lexeme::Mid) => !self.at_closing_bar() && !self.at_evaluation(),
            Some(Lexeme::Bar(_)) => !self.at_closing_bar() && !self.at_evaluation() && !self.bars.is_even(self.at),
            Some(Lexeme::Relation(Relation::Colon)) => self.inside.last().is_some_and(|inside| inside.is_set()),
            _ => false,
        }
    }

    /// Whether the next token, after an operand, is the bar of an evaluation.
    pub(super) fn at_evaluation(&self) -> bool {
        let is_bar =
            matches!(self.peek(), Some(Lexeme::Bar("|") | Lexeme::Mid | Lexeme::Open("|") | Lexeme::Close("|")));
        is_bar && !self.at_closing_bar() && matches!(self.peek_second(), Some(Lexeme::Sub | Lexeme::Sup))
    }

    /// Whether the next token, after an operand, opens a fence of bars.
    pub(super) fn at_opening_bar(&self) -> bool {
        matches!(self.peek(), Some(Lexeme::Bar(_)))
            && !self.at_closing_bar()
            && !self.at_evaluation()
            && self.bars.is_even(self.at)
    }
}

//! Where the statement of a formula ends and its conditions begin.

use super::ast::Behind;
use super::ast::Connective;
use super::ast::Relation;
use super::brackets::Brackets;
use super::lexeme::Gap;
use super::lexeme::Lexeme;
use super::lexeme::Token;
use super::tidy::ends_open;
use super::words::Keyword;
use super::words::connective;
use super::words::keyword;

/// A run of tokens that is one condition, or several with commas between.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    /// What its words say it is.
    pub kind: SegmentKind,
    /// What stands before it, where no word and no bracket makes it a condition.
    pub behind: Option<Behind>,
    /// Its tokens, keywords excluded.
    pub tokens: Vec<Token>,
}

/// What a segment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SegmentKind {
    /// A condition.
    Condition,
    /// A condition that does not hold.
    Negated,
    /// What stands after `\forall`.
    Universal,
    /// What stands after `\exists`.
    Existential,
    /// The variables of a `\propto`.
    Variables,
}

/// How deep parentheses around conditions are opened.
const PAREN_LIMIT: usize = 8;

/// The number of tokens of `tokens` that are the statement; the rest are conditions.
pub(super) fn statement_len(tokens: &[Token]) -> usize {
    let brackets = Brackets::of(tokens);
    let mut has_proportion = false;
    let is_relation = |at: &usize| matches!(tokens[*at].lexeme, Lexeme::Relation(_));
    let last_relation = brackets.flat(0, tokens.len()).filter(is_relation).last();
    for at in brackets.flat(0, tokens.len()) {
        let has_statement = tokens[..at].iter().any(|token| !matches!(token.lexeme, Lexeme::Quad | Lexeme::Comma));
        if !has_statement {
            continue;
        }
        match &tokens[at].lexeme {
            Lexeme::Relation(relation) => {
                has_proportion |= *relation == Relation::Proportional;
            }
            Lexeme::Word(words) | Lexeme::Text(words) => match keyword(words) {
                Some((Keyword::Condition | Keyword::Unless | Keyword::ForAll | Keyword::Exists, _)) => return at,
                Some((Keyword::In, _)) if has_proportion => return at,
                Some((Keyword::In, _)) | None => {}
            },
            Lexeme::Forall => return at,
            Lexeme::Exists if tokens[0].lexeme != Lexeme::Forall => return at,
            Lexeme::Quad if tokens[at - 1].lexeme == Lexeme::Quad => {}
            Lexeme::Quad if opens_condition(tokens, &brackets, at, last_relation) => return at,
            Lexeme::Open("(") if is_attached_condition(tokens, &brackets, at) => return at,
            _ => {}
        }
    }
    tokens.len()
}

/// Whether what follows the wide space at `at` is a condition, or the number of an equation.
fn opens_condition(tokens: &[Token], brackets: &Brackets, at: usize, last_relation: Option<usize>) -> bool {
    let is_filler = |lexeme: &Lexeme| matches!(lexeme, Lexeme::Quad | Lexeme::Comma | Lexeme::Semicolon);
    let Some(from) = (at..tokens.len()).find(|at| !is_filler(&tokens[*at].lexeme)) else { return true };
    if ends_open(&tokens[..at]) || tokens[at - 1..at].iter().any(|before| is_connective(&before.lexeme)) {
        return false;
    }
    match &tokens[from].lexeme {
        Lexeme::Relation(_) | Lexeme::Connective(_) | Lexeme::Times(..) | Lexeme::Sign(..) => false,
        lexeme if is_connective(lexeme) => false,
        Lexeme::Text(_) => true,
        Lexeme::Open("(" | "[") | Lexeme::Left("(" | "[") if is_last(tokens, brackets, from) => {
            is_condition_group(tokens, brackets, from)
                || is_equation_number(tokens, brackets, from)
                || tokens[from..].iter().any(|token| matches!(token.lexeme, Lexeme::Text(_)))
        }
        _ => last_relation.is_some_and(|last| last > from),
    }
}

/// Whether a text connects two statements.
fn is_connective(lexeme: &Lexeme) -> bool {
    matches!(lexeme, Lexeme::Word(words) | Lexeme::Text(words) if connective(words).is_some())
}

/// Whether the bracket at `at` closes at the end of the formula, punctuation aside.
fn is_last(tokens: &[Token], brackets: &Brackets, at: usize) -> bool {
    let Some(close) = brackets.partner(at) else { return false };
    let is_punctuation =
        |token: &Token| matches!(token.lexeme, Lexeme::Comma | Lexeme::Point | Lexeme::Semicolon | Lexeme::Quad);
    tokens[close + 1..].iter().all(is_punctuation)
}

/// Whether a relation or a keyword stands directly inside the bracket at `at`.
fn is_condition_group(tokens: &[Token], brackets: &Brackets, at: usize) -> bool {
    let Some(close) = brackets.partner(at) else { return false };
    brackets.flat(at + 1, close).any(|at| match &tokens[at].lexeme {
        Lexeme::Relation(_) | Lexeme::Forall => true,
        Lexeme::Word(words) | Lexeme::Text(words) => keyword(words).is_some(),
        _ => false,
    })
}

/// `(1)`, `(2a)`, `(*)`: a number in the margin.
fn is_equation_number(tokens: &[Token], brackets: &Brackets, at: usize) -> bool {
    let Some(close) = brackets.partner(at) else { return false };
    let inside = &tokens[at + 1..close];
    let n_digits = inside.iter().filter(|token| matches!(token.lexeme, Lexeme::Digit(_))).count();
    let is_part = |token: &Token| matches!(token.lexeme, Lexeme::Digit(_) | Lexeme::Letter(_) | Lexeme::Point);
    let is_star = matches!(inside, [Token { lexeme: Lexeme::Times(..), .. }]);
    is_star || (n_digits > 0 && inside.len() <= 4 && inside.iter().all(is_part))
}

/// A condition in parentheses directly after the formula. The event of a probability and the case of an indicator
/// hold relations too, but stand right behind their name.
fn is_attached_condition(tokens: &[Token], brackets: &Brackets, at: usize) -> bool {
    if !is_last(tokens, brackets, at) || !is_condition_group(tokens, brackets, at) {
        return false;
    }
    let Some(before) = tokens[..at].iter().rev().find(|token| token.lexeme != Lexeme::Quad) else { return false };
    match &before.lexeme {
        Lexeme::Close(_) | Lexeme::Right(_) | Lexeme::End(_) | Lexeme::Dots(_) => true,
        Lexeme::Digit('1') => {
            tokens[..at - 1].last().is_some_and(|token| matches!(token.lexeme, Lexeme::Digit(_) | Lexeme::Point))
        }
        Lexeme::Digit(_) => true,
        Lexeme::GroupClose | Lexeme::Letter(_) => tokens[at].gap != Gap::None && !is_indicator(tokens, brackets, at),
        _ => false,
    }
}

/// Whether the name before the bracket at `at` takes events: `P`, `\Pr`, `\mathbb{1}` and their kin.
fn is_indicator(tokens: &[Token], brackets: &Brackets, at: usize) -> bool {
    let mut head = at;
    while head > 0 {
        head = brackets.partner(head - 1).filter(|open| *open < head).unwrap_or(head - 1);
        let stands_before = |head: usize, is: fn(&Lexeme) -> bool| head > 0 && is(&tokens[head - 1].lexeme);
        if stands_before(head, |lexeme| matches!(lexeme, Lexeme::Font(_))) {
            head -= 1;
        }
        if !stands_before(head, |lexeme| matches!(lexeme, Lexeme::Sub | Lexeme::Sup)) {
            break;
        }
        head -= 1;
    }
    let is_name = |letter: &str| matches!(letter, "P" | "p" | "I" | "E" | "1" | r"\delta");
    match &tokens[head].lexeme {
        Lexeme::Letter(letter) => is_name(letter.trim_start_matches(r"\mathrm{").trim_end_matches('}')),
        Lexeme::Font(_) | Lexeme::Name(_) | Lexeme::Word(_) => true,
        _ => false,
    }
}

/// Takes conditions apart at wide spaces, keywords, `and` and semicolons; parentheses around them are opened. `is_listed`:
/// whether a comma stands before them.
pub(super) fn segments(tokens: &[Token], is_listed: bool) -> Vec<Segment> {
    let mut segments = Vec::new();
    split(tokens, SegmentKind::Condition, is_listed, 0, &mut segments);
    segments
}

fn split(tokens: &[Token], kind: SegmentKind, is_listed: bool, depth: usize, segments: &mut Vec<Segment>) {
    let brackets = Brackets::of(tokens);
    let mut current = Segment { kind, behind: None, tokens: Vec::new() };
    let mut copied = 0;
    for at in brackets.flat(0, tokens.len()) {
        let Some((next_kind, words)) = separator(&tokens[at], current.kind) else { continue };
        current.tokens.extend_from_slice(&tokens[copied..at]);
        let is_listed = tokens[..at].last().map_or(is_listed, |before| is_listing(&before.lexeme));
        let behind = behind(&tokens[at].lexeme, is_listed).filter(|_| next_kind == SegmentKind::Condition);
        finish(current, depth, segments);
        current = Segment { kind: next_kind, behind, tokens: Vec::new() };
        if !words.is_empty() {
            // What is more than a keyword stays whole: `for small` is not `small`.
            let lexeme = Lexeme::Text(whole_words(&tokens[at]).unwrap_or(words).to_string());
            current.tokens.push(Token { lexeme, ..tokens[at].clone() });
        }
        copied = at + 1;
    }
    current.tokens.extend_from_slice(&tokens[copied..]);
    finish(current, depth, segments);
}

/// Whether statements stand on both sides of a sign, as in a list.
pub(super) fn is_listing(lexeme: &Lexeme) -> bool {
    matches!(lexeme, Lexeme::Comma | Lexeme::Semicolon)
}

/// What a separator is, where it is no word that opens a condition.
fn behind(lexeme: &Lexeme, is_listed: bool) -> Option<Behind> {
    match lexeme {
        Lexeme::Quad if is_listed => Some(Behind::Comma),
        Lexeme::Quad => Some(Behind::Space),
        Lexeme::Connective(_) => Some(Behind::And),
        Lexeme::Word(words) | Lexeme::Text(words) => connective(words).map(|_| Behind::And),
        _ => None,
    }
}

/// What follows a token that separates conditions, and the words of the token that are not the keyword.
fn separator(token: &Token, kind: SegmentKind) -> Option<(SegmentKind, &str)> {
    match &token.lexeme {
        // `unless A and B` is said of both together.
        Lexeme::Connective(Connective::And) if kind == SegmentKind::Negated => None,
        Lexeme::Quad | Lexeme::Semicolon | Lexeme::Connective(Connective::And) => Some((SegmentKind::Condition, "")),
        Lexeme::Forall => Some((SegmentKind::Universal, "")),
        Lexeme::Exists => Some((SegmentKind::Existential, "")),
        Lexeme::Relation(Relation::Colon) if matches!(kind, SegmentKind::Universal | SegmentKind::Existential) => {
            Some((SegmentKind::Condition, ""))
        }
        Lexeme::Word(words) | Lexeme::Text(words) => match (keyword(words), connective(words)) {
            (_, Some(Connective::And)) => (kind != SegmentKind::Negated).then_some((kind, "")),
            (Some((Keyword::Condition, rest)), _) => Some((SegmentKind::Condition, rest)),
            (Some((Keyword::Unless, rest)), _) => Some((SegmentKind::Negated, rest)),
            (Some((Keyword::ForAll, rest)), _) => Some((SegmentKind::Universal, rest)),
            (Some((Keyword::Exists, rest)), _) => Some((SegmentKind::Existential, rest)),
            (Some((Keyword::In, rest)), _) => Some((SegmentKind::Variables, rest)),
            (None, _) => None,
        },
        _ => None,
    }
}

fn whole_words(token: &Token) -> Option<&str> {
    match &token.lexeme {
        Lexeme::Word(words) | Lexeme::Text(words) => Some(words.trim()),
        _ => None,
    }
}

fn finish(segment: Segment, depth: usize, segments: &mut Vec<Segment>) {
    let tokens = trimmed(&segment.tokens);
    if tokens.is_empty() {
        return;
    }
    let brackets = Brackets::of(tokens);
    let is_open = matches!(tokens[0].lexeme, Lexeme::Open("(" | "[") | Lexeme::Left("(" | "["));
    if is_open && is_last(tokens, &brackets, 0) {
        if is_condition_group(tokens, &brackets, 0) && !begins_with_remark(&tokens[1..]) && depth < PAREN_LIMIT {
            let close = brackets.partner(0).unwrap_or(tokens.len());
            return split(&tokens[1..close], segment.kind, false, depth + 1, segments);
        }
        if is_equation_number(tokens, &brackets, 0) {
            return;
        }
    }
    segments.push(Segment { tokens: tokens.to_vec(), ..segment });
}

/// Whether the first words are no keyword: `(\text{substituting } x \text{ for } y)` is a remark in one piece.
fn begins_with_remark(tokens: &[Token]) -> bool {
    match tokens.first().map(|token| &token.lexeme) {
        Some(Lexeme::Word(words) | Lexeme::Text(words)) => keyword(words).is_none() && connective(words).is_none(),
        _ => false,
    }
}

/// The tokens without the punctuation and the spaces around them.
pub(super) fn trimmed(tokens: &[Token]) -> &[Token] {
    let is_leading =
        |token: &Token| matches!(token.lexeme, Lexeme::Comma | Lexeme::Semicolon | Lexeme::Quad | Lexeme::Cell);
    let is_trailing = |token: &Token| is_leading(token) || matches!(token.lexeme, Lexeme::Point);
    let start = tokens.iter().position(|token| !is_leading(token)).unwrap_or(tokens.len());
    let end = tokens.iter().rposition(|token| !is_trailing(token)).map_or(start, |last| last + 1);
    &tokens[start..end.max(start)]
}

//! The rows of a fence, put together to formulas.

use crate::source::Span;

use super::alignment::flatten;
use super::ast::Relation;
use super::ast::Sign;
use super::beside::beside;
use super::brackets::Brackets;
use super::conditions::Segment;
use super::conditions::is_listing;
use super::conditions::segments;
use super::conditions::statement_len;
use super::conditions::trimmed;
use super::lexeme::Lexeme;
use super::lexeme::Token;
use super::premise::Premise;
use super::premise::arrow_in;
use super::tidy::ends_open;
use super::tidy::goes_on;
use super::tidy::wants_more;
use super::words::Keyword;
use super::words::keyword;

/// A formula before it is parsed.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    /// The tokens of the statement.
    pub statement: Vec<Token>,
    /// Its conditions.
    pub conditions: Vec<Segment>,
    /// What stands before an arrow with conditions of its own; the statement is what follows from it.
    pub premise: Option<Premise>,
    /// Its bytes, conditions included.
    pub span: Span,
}

/// A row of a fence without its alignment signs.
#[derive(Debug, Default)]
struct Row {
    tokens: Vec<Token>,
    /// Whether an alignment sign stands before everything else.
    is_indented: bool,
    /// Whether an alignment sign stands after something.
    is_aligned: bool,
    /// Whether it holds a relation outside of brackets.
    has_relation: bool,
    /// Whether it could end at the alignment sign that was seen last.
    is_whole: bool,
}

/// Takes the tokens of a fence apart into formulas.
pub(super) fn drafts(tokens: Vec<Token>) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    let mut before: Option<Row> = None;
    for row in rows(&flatten(&tokens)).into_iter().flat_map(apart) {
        let all = trimmed(&row.tokens);
        let (Some(first), Some(last)) = (all.first(), all.last()) else { continue };
        let span = first.span.to(last.span);
        let n_leading = match leading_condition_len(all) {
            0 if !drafts.is_empty() && is_condition_word(&first.lexeme) => all.len(),
            n_leading => n_leading,
        };
        let (mut conditions, all) = (segments(&all[..n_leading], false), after_colon(&all[n_leading..]));
        let (premise, all) = premise_apart(all);
        let n_statement = statement_len(all);
        let statement = trimmed(&all[..n_statement]);
        conditions.extend(conditions_after(all, n_statement));
        match drafts.last_mut() {
            Some(draft) if statement.is_empty() || continues(&row, draft, before.as_ref()) => {
                draft.statement.extend_from_slice(statement);
                draft.conditions.extend(conditions);
                draft.span = draft.span.to(span);
            }
            _ => drafts.push(Draft { statement: statement.to_vec(), conditions, premise, span }),
        }
        before = Some(row);
    }
    drafts
}

/// What stands before an arrow with conditions of its own, and what follows the arrow.
fn premise_apart(all: &[Token]) -> (Option<Premise>, &[Token]) {
    let n_statement = statement_len(all);
    let Some((at, arrow)) = arrow_in(all, n_statement) else { return (None, all) };
    let conditions = conditions_after(&all[..at], n_statement);
    let is_whole = !conditions.is_empty() && !trimmed(&all[at + 1..]).is_empty();
    let premise = Premise { statement: trimmed(&all[..n_statement]).to_vec(), conditions, arrow };
    if is_whole { (Some(premise), &all[at + 1..]) } else { (None, all) }
}

/// The conditions that begin at a token.
fn conditions_after(tokens: &[Token], start: usize) -> Vec<Segment> {
    let is_listed = start > 0 && is_listing(&tokens[start - 1].lexeme);
    segments(&tokens[start..], is_listed)
}

/// A row for each of the formulas that stand beside each other in one.
fn apart(row: Row) -> Vec<Row> {
    let tokens = row.tokens.clone();
    let mut parts = beside(&tokens).into_iter();
    let first = Row { tokens: parts.next().unwrap_or_default().to_vec(), ..row };
    let rest = parts.map(|tokens| Row { tokens: tokens.to_vec(), has_relation: true, ..Row::default() });
    std::iter::once(first).chain(rest).collect()
}

/// Whether a row is a part of the formula before it.
fn continues(row: &Row, draft: &Draft, before: Option<&Row>) -> bool {
    let tokens = trimmed(&row.tokens);
    let Some(first) = tokens.first() else { return false };
    if draft.statement.is_empty() {
        return false;
    }
    if goes_on(&first.lexeme) || ends_open(&draft.statement) {
        return true;
    }
    let Lexeme::Sign(sign, _) = first.lexeme else { return false };
    let hangs = row.is_indented && before.is_some_and(|before| !before.is_indented || before.is_aligned);
    let brackets = Brackets::of(tokens);
    let is_own = brackets.flat(0, tokens.len()).any(|at| matches!(tokens[at].lexeme, Lexeme::Relation(_)));
    !is_own || (sign == Sign::Plus && row.is_indented) || (hangs && !row.is_aligned)
}

/// The number of tokens before the statement that are conditions: `\forall x \in S:`, `\text{if } A \text{ then}`.
fn leading_condition_len(tokens: &[Token]) -> usize {
    let brackets = Brackets::of(tokens);
    let find = |is: fn(&Lexeme) -> bool| brackets.flat(1, tokens.len()).find(|at| is(&tokens[*at].lexeme));
    let colon = || find(|lexeme| *lexeme == Lexeme::Relation(Relation::Colon));
    let kind = match tokens.first().map(|token| &token.lexeme) {
        Some(Lexeme::Forall) => Keyword::ForAll,
        Some(Lexeme::Word(words) | Lexeme::Text(words)) => match keyword(words) {
            Some((kind @ (Keyword::Condition | Keyword::ForAll), _)) => kind,
            Some((Keyword::Unless | Keyword::Exists | Keyword::In, _)) | None => return 0,
        },
        _ => return 0,
    };
    let may_end_in_colon = match &tokens[0].lexeme {
        Lexeme::Word(word) | Lexeme::Text(word) => {
            ["if", "for"].iter().any(|head| word.to_lowercase().starts_with(head))
        }
        _ => true,
    };
    if let Some(at) = colon().filter(|_| may_end_in_colon) {
        return at;
    }
    let then = |lexeme: &Lexeme| matches!(lexeme, Lexeme::Word(word) | Lexeme::Text(word) if word.trim() == "then");
    match kind {
        Keyword::ForAll => letters_len(tokens, &brackets),
        Keyword::Condition | Keyword::Unless | Keyword::Exists | Keyword::In => {
            find(then).unwrap_or_else(|| spaced_comma(tokens, &brackets))
        }
    }
}

fn is_condition_word(lexeme: &Lexeme) -> bool {
    match lexeme {
        Lexeme::Word(words) | Lexeme::Text(words) => keyword(words).is_some_and(|(kind, _)| kind != Keyword::In),
        _ => false,
    }
}

/// The length of `\forall i, j` or `\forall i \in S` before a comma.
fn letters_len(tokens: &[Token], brackets: &Brackets) -> usize {
    let mut end = 0;
    for at in brackets.flat(1, tokens.len()) {
        if tokens[at].lexeme == Lexeme::Comma {
            let is_letter = at == end + 2 && matches!(tokens[at - 1].lexeme, Lexeme::Letter(_));
            if end > 0 && !is_letter {
                break;
            }
            end = at;
        }
    }
    end
}

/// The first comma with a wide space after it.
fn spaced_comma(tokens: &[Token], brackets: &Brackets) -> usize {
    let is_spaced = |at: &usize| {
        tokens[*at].lexeme == Lexeme::Comma && tokens.get(at + 1).is_some_and(|next| next.lexeme == Lexeme::Quad)
    };
    brackets.flat(1, tokens.len()).find(is_spaced).unwrap_or(0)
}

/// The tokens without the colon or the `then` that ends leading conditions.
fn after_colon(tokens: &[Token]) -> &[Token] {
    match tokens.first().map(|token| &token.lexeme) {
        Some(Lexeme::Relation(Relation::Colon)) => trimmed(&tokens[1..]),
        Some(Lexeme::Word(word) | Lexeme::Text(word)) if matches!(word.trim(), "then" | "and") => trimmed(&tokens[1..]),
        _ => trimmed(tokens),
    }
}

/// Splits tokens at the ends of rows, and rows at alignment signs that stand between two equations.
fn rows(tokens: &[Token]) -> Vec<Row> {
    let outer: Vec<usize> = Brackets::of(tokens).flat(0, tokens.len()).collect();
    let relation_ahead = relation_ahead(tokens, &outer);
    let mut rows = Vec::new();
    let mut row = Row::default();
    let mut copied = 0;
    for (idx, &at) in outer.iter().enumerate() {
        match &tokens[at].lexeme {
            Lexeme::Row => {
                row.extend(&tokens[copied..at]);
                rows.push(std::mem::take(&mut row));
                copied = at + 1;
            }
            Lexeme::Cell => {
                row.extend(&tokens[copied..at]);
                copied = at + 1;
                let is_first = idx == 0 || tokens[outer[idx - 1]].lexeme != Lexeme::Cell;
                if is_first && align(&mut row, &tokens[at..]) == Alignment::Space {
                    row.extend(&[Token { lexeme: Lexeme::Quad, ..tokens[at].clone() }]);
                }
                if is_first && row.is_whole && relation_ahead[idx] {
                    rows.push(std::mem::take(&mut row));
                }
            }
            Lexeme::Relation(_) => row.has_relation = true,
            _ => {}
        }
    }
    row.extend(&tokens[copied..]);
    rows.push(row);
    rows
}

/// For each token outside of brackets, whether a relation follows it in its row.
fn relation_ahead(tokens: &[Token], outer: &[usize]) -> Vec<bool> {
    let mut is_ahead = false;
    let mut ahead = vec![false; outer.len()];
    for (idx, &at) in outer.iter().enumerate().rev() {
        ahead[idx] = is_ahead;
        match tokens[at].lexeme {
            Lexeme::Row => is_ahead = false,
            Lexeme::Relation(_) => is_ahead = true,
            _ => {}
        }
    }
    ahead
}

/// What an alignment sign is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Alignment {
    /// Nothing that is seen.
    Nothing,
    /// A wide space.
    Space,
}

/// Decides what the alignment sign at the beginning of `rest` is, and whether `row` could end before it.
fn align(row: &mut Row, rest: &[Token]) -> Alignment {
    row.is_whole = false;
    let Some(last) = row.tokens.iter().rev().find(|token| token.lexeme != Lexeme::Quad) else {
        row.is_indented = true;
        return Alignment::Nothing;
    };
    let n_signs = rest.iter().take_while(|token| token.lexeme == Lexeme::Cell).count();
    let is_space = |token: &&Token| matches!(token.lexeme, Lexeme::Cell | Lexeme::Quad);
    let Some(next) = rest.iter().find(|token| !is_space(token)) else { return Alignment::Nothing };
    if wants_more(&last.lexeme) || wants_more(&next.lexeme) || goes_on(&next.lexeme) {
        row.is_aligned = true;
        return Alignment::Nothing;
    }
    let is_word = matches!(next.lexeme, Lexeme::Word(_) | Lexeme::Text(_) | Lexeme::Forall);
    row.is_whole = row.has_relation && !is_word;
    let is_remark = is_word || matches!(next.lexeme, Lexeme::Open("("));
    if n_signs > 1 || (row.has_relation && is_remark) {
        return Alignment::Space;
    }
    row.is_aligned = true;
    Alignment::Nothing
}

impl Row {
    fn extend(&mut self, tokens: &[Token]) {
        let is_space = |token: Option<&Token>| token.is_some_and(|token| token.lexeme == Lexeme::Quad);
        let n_skipped = usize::from(is_space(self.tokens.last()) && is_space(tokens.first()));
        self.tokens.extend_from_slice(&tokens[n_skipped..]);
    }
}

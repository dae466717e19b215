//! Small repairs on the tokens that make one thing out of several ways to write it.

use super::ast::Connective;
use super::ast::Relation;
use super::ast::Sign;
use super::ast::Times;
use super::commands::Font;
use super::lexeme::Gap;
use super::lexeme::Lexeme;
use super::lexeme::Token;
use super::words::connective;
use super::words::is_otherwise;
use super::words::keyword;

/// All repairs, in the order in which they build on each other.
pub(super) fn tidy(tokens: Vec<Token>) -> Vec<Token> {
    let tokens = strip_braces(angle_indices(tokens));
    let tokens = close_switches(tokens);
    let tokens = join_split_fences(tokens);
    join_double_bars(join_neighbours(tokens))
}

/// `a^{<t>}` is `a^{\langle t \rangle}`: the signs around an index are no relations.
fn angle_indices(mut tokens: Vec<Token>) -> Vec<Token> {
    for at in 0..tokens.len().saturating_sub(2) {
        let opens = tokens[at].lexeme == Lexeme::Sup
            && tokens[at + 1].lexeme == Lexeme::GroupOpen
            && tokens[at + 2].lexeme == Lexeme::Relation(Relation::Less);
        if !opens {
            continue;
        }
        let Some(n_tokens) = group_len(&tokens[at + 1..]) else { continue };
        let last = at + n_tokens - 1;
        if tokens[last].lexeme == Lexeme::Relation(Relation::Greater) {
            tokens[at + 2].lexeme = Lexeme::Open(r"\langle");
            tokens[last].lexeme = Lexeme::Close(r"\rangle");
        }
    }
    tokens
}

/// `{=}` and `{,}` are `=` and `,`: braces around a lone sign only change the space around it.
fn strip_braces(tokens: Vec<Token>) -> Vec<Token> {
    let mut stripped: Vec<Token> = Vec::with_capacity(tokens.len());
    for token in tokens {
        let n_kept = stripped.len();
        if token.lexeme == Lexeme::GroupClose
            && n_kept >= 2
            && stripped[n_kept - 2].lexeme == Lexeme::GroupOpen
            && is_lone_sign(&stripped[n_kept - 1].lexeme)
        {
            stripped.swap_remove(n_kept - 2);
        } else {
            stripped.push(token);
        }
    }
    stripped
}

fn is_lone_sign(lexeme: &Lexeme) -> bool {
    matches!(
        lexeme,
        Lexeme::Relation(_)
            | Lexeme::Times(..)
            | Lexeme::Sign(..)
            | Lexeme::Connective(_)
            | Lexeme::Comma
            | Lexeme::Prime
            | Lexeme::Mid
    )
}

/// Gives a font switch the rest of its group, cell or row as its argument.
fn close_switches(tokens: Vec<Token>) -> Vec<Token> {
    if !tokens.iter().any(|token| matches!(token.lexeme, Lexeme::Switch(_))) {
        return tokens;
    }
    let mut closed = Vec::with_capacity(tokens.len());
    let mut open = vec![0_usize];
    let brace = |lexeme, token: &Token| Token { lexeme, span: token.span, gap: Gap::None };
    let end = tokens.last().cloned();
    for token in tokens {
        let ends = matches!(token.lexeme, Lexeme::GroupClose | Lexeme::Cell | Lexeme::Row | Lexeme::End(_));
        if let Some(n_open) = open.last_mut().filter(|_| ends) {
            closed.extend((0..std::mem::take(n_open)).map(|_| brace(Lexeme::GroupClose, &token)));
        }
        match token.lexeme {
            Lexeme::GroupOpen => open.push(0),
            Lexeme::GroupClose if open.len() > 1 => drop(open.pop()),
            Lexeme::Switch(font) => {
                closed.push(brace(Lexeme::Font(font), &token));
                closed.push(brace(Lexeme::GroupOpen, &token));
                *open.last_mut().expect("the outermost level is never popped") += 1;
                continue;
            }
            _ => {}
        }
        closed.push(token);
    }
    if let Some(end) = end {
        closed.extend((0..open[0]).map(|_| brace(Lexeme::GroupClose, &end)));
    }
    closed
}

/// `\left( a + \right. \\ \left. b \right)`: a fence that LaTeX makes authors split at the end of a row.
fn join_split_fences(tokens: Vec<Token>) -> Vec<Token> {
    let mut joined: Vec<Token> = Vec::with_capacity(tokens.len());
    for token in tokens {
        if token.lexeme == Lexeme::Left(".") {
            let is_between = |token: &&Token| matches!(token.lexeme, Lexeme::Row | Lexeme::Cell | Lexeme::Quad);
            let n_between = joined.iter().rev().take_while(is_between).count();
            let at = joined.len() - n_between;
            let has_row = joined[at..].iter().any(|token| token.lexeme == Lexeme::Row);
            if has_row && at > 0 && joined[at - 1].lexeme == Lexeme::Right(".") {
                joined.truncate(at - 1);
                continue;
            }
        }
        joined.push(token);
    }
    joined
}

/// Negated and annotated relations, `\arg\max`, keywords written as `\mathrm{if}`, and words as scripts, which are
/// never keywords.
fn join_neighbours(tokens: Vec<Token>) -> Vec<Token> {
    let mut joined: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let (lexeme, n_tokens) = joined_at(&tokens[at..], joined.last());
        let span = tokens[at].span.to(tokens[at + n_tokens - 1].span);
        joined.push(Token { lexeme, span, gap: tokens[at].gap });
        at += n_tokens;
    }
    joined
}

fn joined_at(tokens: &[Token], before: Option<&Token>) -> (Lexeme, usize) {
    let next = tokens.get(1).map(|token| &token.lexeme);
    let alone = || (tokens[0].lexeme.clone(), 1);
    match (&tokens[0].lexeme, next) {
        (Lexeme::Not, Some(Lexeme::Relation(Relation::Equal))) => (Lexeme::Relation(Relation::NotEqual), 2),
        (Lexeme::Not, Some(Lexeme::Relation(Relation::In))) => (Lexeme::Relation(Relation::NotIn), 2),
        (Lexeme::Wrapper, Some(sign)) if is_lone_sign(sign) => (sign.clone(), 2),
        (Lexeme::Name(arg) | Lexeme::Word(arg), Some(Lexeme::Name(of))) if arg == "arg" => match of.as_str() {
            "max" | "min" => (Lexeme::Name(format!("arg{of}")), 2),
            _ => alone(),
        },
        (Lexeme::Big(name), next) if before.is_some_and(|token| ends_operand(&token.lexeme)) => match next {
            Some(Lexeme::Sub | Lexeme::Sup) => alone(),
            _ => (large_sign(name).unwrap_or(Lexeme::Big(name)), 1),
        },
        (Lexeme::Word(word), _) if before.is_some_and(|token| matches!(token.lexeme, Lexeme::Sub | Lexeme::Sup)) => {
            (Lexeme::Name(word.clone()), 1)
        }
        (Lexeme::Stack(_), Some(_)) => annotated_relation(tokens).unwrap_or_else(alone),
        (Lexeme::Font(Font::Roman), Some(Lexeme::GroupOpen)) => {
            let is_script = before.is_some_and(|token| matches!(token.lexeme, Lexeme::Sub | Lexeme::Sup));
            roman_keyword(tokens).filter(|_| !is_script).unwrap_or_else(alone)
        }
        _ => alone(),
    }
}

/// The sign that a large one without limits stands for between operands.
fn large_sign(name: &str) -> Option<Lexeme> {
    match name {
        "bigodot" => Some(Lexeme::Times(Times::Odot, r"\odot")),
        "bigotimes" => Some(Lexeme::Times(Times::Otimes, r"\otimes")),
        "bigoplus" => Some(Lexeme::Sign(Sign::Oplus, r"\oplus")),
        "bigwedge" => Some(Lexeme::Connective(Connective::And)),
        "bigvee" => Some(Lexeme::Connective(Connective::Or)),
        _ => None,
    }
}

/// `\stackrel{note}{=}` and its kin: the relation, a definition where the note says so.
fn annotated_relation(tokens: &[Token]) -> Option<(Lexeme, usize)> {
    let n_note = match tokens.get(1)?.lexeme {
        Lexeme::GroupOpen => group_len(&tokens[1..])?,
        _ => 1,
    };
    let sign = &tokens.get(1 + n_note)?.lexeme;
    match sign {
        Lexeme::Relation(Relation::Equal) if says_define(&tokens[1..1 + n_note]) => {
            Some((Lexeme::Relation(Relation::Define), 2 + n_note))
        }
        Lexeme::Relation(_) | Lexeme::Connective(_) => Some((sign.clone(), 2 + n_note)),
        _ => None,
    }
}

/// The number of tokens of the group that begins `tokens`; none for one that is not closed or very long.
fn group_len(tokens: &[Token]) -> Option<usize> {
    let mut level = 0_usize;
    for (at, token) in tokens.iter().enumerate().take(100) {
        match token.lexeme {
            Lexeme::GroupOpen => level += 1,
            Lexeme::GroupClose if level == 1 => return Some(at + 1),
            Lexeme::GroupClose => level -= 1,
            _ => {}
        }
    }
    None
}

fn says_define(note: &[Token]) -> bool {
    let mut letters = String::new();
    for token in note {
        match &token.lexeme {
            Lexeme::Letter(text) | Lexeme::Word(text) | Lexeme::Text(text) | Lexeme::Name(text) => letters += text,
            Lexeme::Relation(Relation::Colon) => return true,
            _ => {}
        }
    }
    letters.to_lowercase().contains("def") || letters.contains(r"\triangle") || letters.contains(r"\Delta")
}

fn roman_keyword(tokens: &[Token]) -> Option<(Lexeme, usize)> {
    let mut word = String::new();
    for token in tokens.get(2..)?.iter().take(12) {
        match &token.lexeme {
            Lexeme::Letter(letter) => word += letter,
            Lexeme::GroupClose => {
                let is_known = keyword(&word).is_some() || connective(&word).is_some() || is_otherwise(&word);
                return is_known.then(|| (Lexeme::Word(word.clone()), word.chars().count() + 3));
            }
            _ => return None,
        }
    }
    None
}

/// `||x||` is `\|x\|` where no single bar stands between the pairs, and so is a lone pair after an operand.
fn join_double_bars(mut tokens: Vec<Token>) -> Vec<Token> {
    let mut pending: Vec<Option<usize>> = vec![None];
    let mut pairs = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let is_pair = is_bar(&tokens, at) && is_bar(&tokens, at + 1) && tokens[at + 1].gap == Gap::None;
        let level = pending.last_mut().expect("the outermost level is never popped");
        match &tokens[at].lexeme {
            Lexeme::Bar("|") if is_pair => {
                match level.take() {
                    Some(opening) => pairs.extend([opening, at]),
                    None => *level = Some(at),
                }
                at += 1;
            }
            Lexeme::Bar("|") => *level = None,
            Lexeme::Open(_) | Lexeme::Left(_) | Lexeme::GroupOpen | Lexeme::Begin(_) => pending.push(None),
            Lexeme::Close(_) | Lexeme::Right(_) | Lexeme::GroupClose | Lexeme::End(_) => {
                let lone = pending.pop().flatten().filter(|pair| *pair > 0 && ends_operand(&tokens[*pair - 1].lexeme));
                pairs.extend(lone);
                if pending.is_empty() {
                    pending.push(None);
                }
            }
            _ => {}
        }
        at += 1;
    }
    pairs.sort_unstable();
    for pair in &pairs {
        tokens[*pair].lexeme = Lexeme::Bar(r"\|");
        tokens[*pair].span = tokens[*pair].span.to(tokens[*pair + 1].span);
    }
    let mut seconds = pairs.iter().map(|pair| pair + 1).peekable();
    let mut idx = 0;
    tokens.retain(|_| {
        let is_second = seconds.next_if_eq(&idx).is_some();
        idx += 1;
        !is_second
    });
    tokens
}

fn is_bar(tokens: &[Token], at: usize) -> bool {
    tokens.get(at).is_some_and(|token| token.lexeme == Lexeme::Bar("|"))
}

/// Whether an operand can end with this token.
pub(super) fn ends_operand(lexeme: &Lexeme) -> bool {
    matches!(
        lexeme,
        Lexeme::Letter(_)
            | Lexeme::Digit(_)
            | Lexeme::Point
            | Lexeme::Name(_)
            | Lexeme::Dots(_)
            | Lexeme::Close(_)
            | Lexeme::Right(_)
            | Lexeme::GroupClose
            | Lexeme::Prime
            | Lexeme::Bang
            | Lexeme::End(_)
    )
}

/// Whether something must follow this token for a formula to be whole.
pub(super) fn wants_more(lexeme: &Lexeme) -> bool {
    matches!(
        lexeme,
        Lexeme::Relation(_) | Lexeme::Times(..) | Lexeme::Sign(..) | Lexeme::Connective(_) | Lexeme::Big(_)
    )
}

/// Whether what ends with these tokens wants more after it: a sign that is a script, `\mathbb{R}_+`, does not.
pub(super) fn ends_open(tokens: &[Token]) -> bool {
    let Some((last, before)) = tokens.split_last() else { return false };
    let is_script = before.last().is_some_and(|token| matches!(token.lexeme, Lexeme::Sub | Lexeme::Sup));
    wants_more(&last.lexeme) && !is_script
}

/// Whether a row that begins with this token goes on with the row before it, whatever else it holds.
pub(super) fn goes_on(lexeme: &Lexeme) -> bool {
    match lexeme {
        Lexeme::Relation(relation) => *relation != Relation::Colon,
        Lexeme::Times(times, name) => *times != Times::Star || *name != "*",
        Lexeme::Connective(_) | Lexeme::Over | Lexeme::Sub | Lexeme::Sup => true,
        _ => false,
    }
}

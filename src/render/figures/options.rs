//! The words of a directive after its name: what is meant by position, and what is given a value.

use crate::expr::Arena;
use crate::expr::Expr;
use crate::expr::Node;
use crate::model::Argument;
use crate::model::Model;
use crate::print;
use crate::render::prose::Directive;
use crate::source::Diagnostic;

/// The error `figure-words` at a directive.
pub(super) fn misfit(directive: &Directive, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error("figure-words", directive.span, message)
}

/// The words after the name that are given no value.
pub(super) fn plain(directive: &Directive) -> Vec<&str> {
    directive.words.iter().skip(1).map(String::as_str).filter(|word| !word.contains('=')).collect()
}

/// The value of `name=value`.
pub(super) fn value<'a>(directive: &'a Directive, name: &str) -> Option<&'a str> {
    directive
        .words
        .iter()
        .skip(1)
        .find_map(|word| word.split_once('=').filter(|(own, _)| *own == name).map(|(_, value)| value))
}

/// The whole number given to `name`, between 1 and `most`; `otherwise` where none is given.
pub(super) fn count(directive: &Directive, name: &str, otherwise: i64, most: i64) -> Result<i64, Diagnostic> {
    let Some(text) = value(directive, name) else { return Ok(otherwise) };
    match text.parse::<i64>() {
        Ok(count) if (1..=most).contains(&count) => Ok(count),
        Ok(_) | Err(_) => {
            let message = format!("`{name}={text}` is not a whole number from 1 to {most}");
            Err(misfit(directive, message).with_hint(format!("write for example `{name}={otherwise}`")))
        }
    }
}

/// All words of the form `name=value`, checked against what is known.
pub(super) fn only(directive: &Directive, known: &[&str]) -> Result<(), Diagnostic> {
    for word in directive.words.iter().skip(1) {
        let Some((name, _)) = word.split_once('=') else { continue };
        if !known.contains(&name) {
            let names: Vec<String> = known.iter().map(|name| format!("`{name}=`")).collect();
            let problem = misfit(directive, format!("`{name}` means nothing to this figure"));
            return Err(match names.is_empty() {
                true => problem.with_hint("drop it"),
                false => problem.with_hint(format!("it knows {}", names.join(", "))),
            });
        }
    }
    Ok(())
}

/// The member or parameter that a word names, as in `L_3`, `w_h`, `h^2_1`.
pub(super) fn member(arena: &mut Arena, model: &Model, directive: &Directive, word: &str) -> Result<Expr, Diagnostic> {
    let wanted = parts(word);
    let families: Vec<_> = model.definitions.iter().map(|d| (d.symbol, d.indices.len())).collect();
    let given = model.declarations.values().map(|d| (d.symbol, d.indices.len()));
    for (symbol, n_indices) in given.chain(families).collect::<Vec<_>>() {
        for at in indices(word, n_indices) {
            let at = at.into_iter().map(|value| arena.integer(value)).collect();
            let expr = arena.member(symbol, at);
            if parts(&print::latex(arena, expr)) == wanted {
                return Ok(expr);
            }
        }
    }
    Err(misfit(directive, format!("`{word}` names nothing that this derivation declares or defines")))
}

/// The whole numbers that stand in the word, in every order.
fn indices(word: &str, n: usize) -> Vec<Vec<i64>> {
    let numbers: Vec<i64> =
        word.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect();
    match n {
        0 => vec![Vec::new()],
        1 => numbers.iter().map(|&a| vec![a]).collect(),
        2 => numbers.iter().flat_map(|&a| numbers.iter().map(move |&b| vec![a, b])).collect(),
        _ => Vec::new(),
    }
}

/// A name with its scripts in one order, braces and spaces dropped.
fn parts(latex: &str) -> (String, Vec<String>) {
    let plain: String = latex.chars().filter(|c| !matches!(c, '{' | '}' | ' ')).collect();
    let mut scripts = Vec::new();
    let mut base = String::new();
    for c in plain.chars() {
        match (c, scripts.last_mut()) {
            ('_' | '^', _) => scripts.push(c.to_string()),
            (c, Some(script)) => script.push(c),
            (c, None) => base.push(c),
        }
    }
    scripts.sort();
    (base, scripts)
}

/// The letters of a definition that stand for its indices.
pub(super) fn symbol_and_indices(arena: &Arena, expr: Expr) -> Option<(crate::expr::SymbolId, Vec<i64>)> {
    let Node::Symbol { symbol, indices, .. } = arena.node(expr) else { return None };
    let at: Option<Vec<i64>> = indices.iter().map(|&index| arena.as_integer(index)).collect();
    Some((*symbol, at?))
}

/// Where the letter of time stands among the indices of a family.
pub(super) fn place_of(model: &Model, symbol: crate::expr::SymbolId, letter: crate::expr::SymbolId) -> Option<usize> {
    model
        .definitions_of(symbol)
        .find_map(|definition| definition.indices.iter().position(|index| *index == Argument::Letter(letter)))
}

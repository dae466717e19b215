//! A counterexample as a page shows it: equal values gathered, functions written as functions, the false relation.

use crate::proof::Counterexample as Found;
use crate::render::page::Assigned;
use crate::render::page::Counterexample;
use crate::render::words;

/// The counterexample to a relation with this sign between its sides; `None` for a statement without sides.
pub(super) fn counterexample(found: &Found, sign: Option<&str>) -> Counterexample {
    let assigned: Vec<Assigned> = found.assignment.iter().map(|(symbol, value)| assigned(symbol, value)).collect();
    let assignment = assigned.chunk_by(|one, other| one.value == other.value).map(gathered).collect();
    let sign = sign.filter(|_| is_number(&found.left) && is_number(&found.right));
    Counterexample {
        assignment,
        left: words::value_latex(&found.left),
        right: words::value_latex(&found.right),
        sign: sign.map(str::to_owned),
    }
}

/// How many symbols of one value a counterexample names.
pub const MOST_SYMBOLS: usize = 16;

/// Symbols of one value as one line, `x_1 = x_2 = 0`; of very many the first, and the last.
fn gathered(equal: &[Assigned]) -> Assigned {
    let mut symbols: Vec<&str> = equal.iter().map(|assigned| assigned.symbol.as_str()).collect();
    if let [.., last] = symbols[..]
        && symbols.len() > MOST_SYMBOLS
    {
        symbols.truncate(MOST_SYMBOLS - 2);
        symbols.extend([r"\cdots", last]);
    }
    let value = equal.first().map(|assigned| assigned.value.clone()).unwrap_or_default();
    Assigned { symbol: symbols.join(" = "), value }
}

/// A symbol with its value. `f` with `z -> z^2` is `f(z) = z^2`; a family `x_t` with `s -> 1` or `t -> 1` is one member for
/// every `s` or `t`.
fn assigned(symbol: &str, value: &str) -> Assigned {
    let plain = || Assigned { symbol: symbol.to_owned(), value: words::value_latex(value) };
    let Some((letters, body)) = value.split_once("->") else { return plain() };
    let (letters, body) = (letters.trim(), words::value_latex(body.trim()));
    match symbol.rsplit_once('_') {
        Some((family, index)) if letters == INDEX || letters == index.trim_matches(['{', '}']) => Assigned {
            symbol: format!("{family}_{{{letters}}}"),
            value: format!("{body} \\text{{ for every }} {letters}"),
        },
        Some(_) | None => {
            let letters = words::value_latex(letters.trim_matches(['(', ')']));
            Assigned { symbol: format!("{symbol}({letters})"), value: body }
        }
    }
}

/// The letter in which counterexamples write the members of a family.
const INDEX: &str = "s";

/// Whether this is a value and not a word such as `undefined`.
fn is_number(text: &str) -> bool {
    !text.is_empty() && text.split(|c: char| !c.is_alphabetic()).all(|word| matches!(word, "" | "e" | "inf"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(assignment: &[(&str, &str)], left: &str, right: &str) -> (String, Option<String>) {
        let assignment = assignment.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        let found = Found { assignment, left: left.to_owned(), right: right.to_owned() };
        let made = counterexample(&found, Some("="));
        let equations: Vec<String> = made.assignment.iter().map(|a| format!("{} = {}", a.symbol, a.value)).collect();
        (equations.join("; "), made.sign)
    }

    #[test]
    fn equal_values_are_gathered() {
        let (text, sign) = shown(&[("T", "2"), ("w_h", "0"), ("x_1", "0"), ("x_2", "0"), ("h_0", "1/2")], "3", "4");
        assert_eq!(text, "T = 2; w_h = x_1 = x_2 = 0; h_0 = \\tfrac{1}{2}");
        assert_eq!(sign.as_deref(), Some("="));
    }

    #[test]
    fn of_many_equal_values_the_first_and_the_last_are_named() {
        let names: Vec<String> = (1..=1000).map(|k| format!("x_{k}")).collect();
        let many: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "0")).collect();
        let (text, _) = shown(&many, "3", "4");
        assert!(text.starts_with("x_1 = x_2 = x_3 = ") && text.ends_with(" = x_14 = \\cdots = x_1000 = 0"), "{text}");
        assert!(shown(&many[..16], "3", "4").0.ends_with("x_14 = x_15 = x_16 = 0"));
    }

    #[test]
    fn functions_and_families_are_written_with_their_letters() {
        let (text, _) = shown(&[("f", "z -> z"), ("g", "z -> z^2"), ("x_t", "s -> 1")], "1", "0");
        assert_eq!(text, "f(z) = z; g(z) = z^{2}; x_{s} = 1 \\text{ for every } s");
        assert_eq!(shown(&[("x_t", "t -> -2")], "1", "0").0, "x_{t} = -2 \\text{ for every } t");
    }

    #[test]
    fn words_are_not_compared() {
        assert_eq!(shown(&[], "none", "0").1, None);
        assert_eq!(shown(&[], "-inf", "1.5e-7").1.as_deref(), Some("="));
    }
}

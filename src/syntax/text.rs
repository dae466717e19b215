//! Trees as one line of text, for tests and for looking at what was read.

use super::ast::Connective;
use super::ast::Kind;
use super::ast::Node;
use super::ast::Sign;
use super::ast::Times;

/// A tree as an S-expression on one line.
///
/// Letters, numbers and names stand as they are, words in quotes, missing parts as `()` and unreadable ones as
/// `<error>`. A product is `(* a b)`, with the sign before a factor where one is written: `(* a \cdot b / c)`; a sum
/// is `(+ a + b - c)`; a chain `(rel a = b <= c)`; scripts `(sub x i)`, `(sup x 2)`, `(sub-sup x i 2)`, primes
/// `(prime f 1)`; a big operator `(big sum _ low ^ high body)`.
pub fn sexpr(node: &Node) -> String {
    let mut out = String::new();
    write(node, &mut out);
    out
}

fn write(node: &Node, out: &mut String) {
    match &node.kind {
        Kind::Number(text) | Kind::Symbol(text) | Kind::Operator(text) => out.push_str(text),
        Kind::Text(words) => out.push_str(&format!("{words:?}")),
        Kind::Dots(name) => out.push_str(&format!(r"\{name}")),
        Kind::Empty => out.push_str("()"),
        Kind::Error => out.push_str("<error>"),
        Kind::Script { base, sub, sup, primes } => script(base, sub.as_deref(), sup.as_deref(), *primes, out),
        Kind::Fenced { open, close, body } => match fence_name(open, close) {
            Some(name) => form(name, &[body], out),
            None => form(&format!("fence {open} {close}"), &[body], out),
        },
        Kind::Group(body) => form("group", &[body], out),
        Kind::Frac { num, den } => form("frac", &[num, den], out),
        Kind::Sqrt { index: None, body } => form("sqrt", &[body], out),
        Kind::Sqrt { index: Some(index), body } => form("root", &[index, body], out),
        Kind::Binom(above, below) => form("binom", &[above, below], out),
        Kind::Product(factors) => {
            signed("*", factors.iter().map(|(times, factor)| (times_sign(*times), factor)), out);
        }
        Kind::Sum(terms) => signed("+", terms.iter().map(|(sign, term)| (term_sign(*sign), term)), out),
        Kind::Big { op, sub, sup, body } => limits(&format!("big {op}"), sub.as_deref(), sup.as_deref(), body, out),
        Kind::Evaluated { body, sub, sup } => limits("at", sub.as_deref(), sup.as_deref(), body, out),
        Kind::Chain { first, rest } => {
            let rest = rest.iter().map(|(relation, side)| (relation.latex(), side));
            signed("rel", std::iter::once(("", &**first)).chain(rest), out);
        }
        Kind::List(members) => form("list", &members.iter().collect::<Vec<_>>(), out),
        Kind::Logic(connective, left, right) => form(connective_sign(*connective), &[left, right], out),
        Kind::Not(inner) => form("not", &[inner], out),
        Kind::Quantified { universal: true, bound } => form("forall", &[bound], out),
        Kind::Quantified { universal: false, bound } => form("exists", &[bound], out),
        Kind::Matrix { env, rows } => matrix(env, rows, out),
        Kind::Cases(rows) => cases(rows, out),
        Kind::Decorated { accent, body, note: None } => form(&format!("over {accent}"), &[body], out),
        Kind::Decorated { accent, body, note: Some(note) } => form(&format!("over {accent}"), &[body, note], out),
        Kind::Given(left, right) => form("given", &[left, right], out),
        Kind::Signature { names, domain, codomain } => form("map", &[names, domain, codomain], out),
        Kind::Factorial(inner) => form("!", &[inner], out),
    }
}

fn form(head: &str, parts: &[&Node], out: &mut String) {
    signed(head, parts.iter().map(|part| ("", *part)), out);
}

fn signed<'a>(head: &str, parts: impl Iterator<Item = (&'static str, &'a Node)>, out: &mut String) {
    out.push('(');
    out.push_str(head);
    for (sign, part) in parts {
        if !sign.is_empty() {
            out.push(' ');
            out.push_str(sign);
        }
        out.push(' ');
        write(part, out);
    }
    out.push(')');
}

fn script(base: &Node, sub: Option<&Node>, sup: Option<&Node>, primes: usize, out: &mut String) {
    let (head, parts): (&str, Vec<&Node>) = match (sub, sup) {
        (Some(sub), Some(sup)) => ("(sub-sup ", vec![sub, sup]),
        (Some(sub), None) => ("(sub ", vec![sub]),
        (None, Some(sup)) => ("(sup ", vec![sup]),
        (None, None) => ("", vec![]),
    };
    out.push_str(head);
    if primes > 0 {
        out.push_str("(prime ");
        write(base, out);
        out.push_str(&format!(" {primes})"));
    } else {
        write(base, out);
    }
    for part in &parts {
        out.push(' ');
        write(part, out);
    }
    if !parts.is_empty() {
        out.push(')');
    }
}

fn limits(head: &str, sub: Option<&Node>, sup: Option<&Node>, body: &Node, out: &mut String) {
    let limits = [("_", sub), ("^", sup)].into_iter().filter_map(|(sign, limit)| Some((sign, limit?)));
    signed(head, limits.chain([("", body)]), out);
}

fn matrix(env: &str, rows: &[Vec<Node>], out: &mut String) {
    out.push_str(&format!("({env}"));
    for row in rows {
        out.push(' ');
        form("row", &row.iter().collect::<Vec<_>>(), out);
    }
    out.push(')');
}

fn cases(rows: &[(Node, Option<Node>)], out: &mut String) {
    out.push_str("(cases");
    for (value, condition) in rows {
        out.push(' ');
        match condition {
            Some(condition) => form("if", &[condition, value], out),
            None => form("else", &[value], out),
        }
    }
    out.push(')');
}

fn fence_name(open: &str, close: &str) -> Option<&'static str> {
    match (open, close) {
        ("(", ")") => Some("paren"),
        ("[", "]") => Some("bracket"),
        (r"\{", r"\}") => Some("brace"),
        ("|", "|") => Some("abs"),
        (r"\|", r"\|") => Some("norm"),
        (r"\langle", r"\rangle") => Some("angle"),
        (r"\lfloor", r"\rfloor") => Some("floor"),
        (r"\lceil", r"\rceil") => Some("ceil"),
        _ => None,
    }
}

fn times_sign(times: Times) -> &'static str {
    match times {
        Times::Juxtaposed => "",
        Times::Dot => r"\cdot",
        Times::Star => "*",
        Times::Cross => r"\times",
        Times::Odot => r"\odot",
        Times::Oslash => r"\oslash",
        Times::Circ => r"\circ",
        Times::Otimes => r"\otimes",
        Times::Slash => "/",
    }
}

fn term_sign(sign: Sign) -> &'static str {
    match sign {
        Sign::None => "",
        Sign::Plus => "+",
        Sign::Minus => "-",
        Sign::PlusMinus => r"\pm",
        Sign::MinusPlus => r"\mp",
        Sign::Oplus => r"\oplus",
    }
}

/// A connective as LaTeX writes it.
pub(super) fn connective_sign(connective: Connective) -> &'static str {
    match connective {
        Connective::Implies => r"\implies",
        Connective::ImpliedBy => r"\impliedby",
        Connective::Iff => r"\iff",
        Connective::And => r"\land",
        Connective::Or => r"\lor",
    }
}

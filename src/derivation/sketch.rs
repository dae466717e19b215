//! A first `given` and `define` fence for a page that was not written for this tool.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::derivation::census::{Found, Guess, guess_by_letter, symbols};
use crate::lower::names::{Dress, base_name, script_items, undress};
use crate::source::{Severity, Source};
use crate::syntax::ast::{Formula, Kind, Node, Relation};
use crate::syntax::{Block, Role, read_page, sexpr};

/// Letters for the size of vectors and matrices, in the order of preference.
const SIZES: [&str; 6] = ["n", "m", "p", "q", "d", "N"];

/// A formula of the page with the text it was read from.
struct Read {
    formula: Formula,
    latex: String,
}

/// The text of a derivation that declares what the formulas of a page use and defines what they define.
pub fn sketch(source: &Source, title: &str) -> String {
    let formulas = shown_formulas(source);
    let mut defined = BTreeSet::new();
    let definitions: Vec<&Read> = formulas.iter().filter(|read| defines(&read.formula, &mut defined)).collect();
    let members: Vec<Member> = definitions.iter().filter_map(|read| Member::defined_by(&read.formula)).collect();
    let all: Vec<&Formula> = formulas.iter().map(|read| &read.formula).collect();
    let mut found = symbols(&all, &defined);
    let recurring: Vec<&Member> = members.iter().filter(|member| recurs(member, &definitions)).collect();
    found.extend(recurring.iter().map(|member| Found {
        name: member.start.clone(),
        guess: guess_by_letter(&member.base),
        reason: "a recurrence needs its start".to_owned(),
    }));
    let size = SIZES.into_iter().find(|size| found.iter().all(|symbol| symbol.name != *size)).unwrap_or("n");
    let mut text = format!("+++\ntitle = {title:?}\n+++\n\n");
    text += "What the formulas of the page use, as far as they tell. Correct the kinds and sizes that are wrong.\n\n";
    text += &table(&found);
    text += &given(&found, size);
    text += &define(&definitions, &recurring);
    text
}

fn shown_formulas(source: &Source) -> Vec<Read> {
    let (page, _) = read_page(source);
    let mut all = Vec::new();
    for block in &page.blocks {
        let (latex, body) = match block {
            Block::Display { latex, body, .. } => (latex, *body),
            Block::Fence(fence) if fence.role == Role::Plain => (&fence.latex, fence.body),
            Block::Fence(_) | Block::Prose { .. } => continue,
        };
        let (formulas, problems) = page.parse(latex, body.start);
        if problems.iter().any(|problem| problem.severity == Severity::Error) {
            continue;
        }
        for formula in formulas {
            let text = latex.get(formula.span.start - body.start..formula.span.end - body.start).unwrap_or_default();
            let latex = text.replace('&', " ").split_whitespace().collect::<Vec<_>>().join(" ");
            all.push(Read { formula, latex: latex.trim_end_matches(['.', ',', ';']).to_owned() });
        }
    }
    all
}

/// Whether a formula is the first to say what its left side is; its name is added to `defined` then.
fn defines(formula: &Formula, defined: &mut BTreeSet<String>) -> bool {
    let Kind::Chain { first, rest } = &formula.body.kind else { return false };
    let [(Relation::Equal | Relation::Define, right)] = &rest[..] else { return false };
    let base = match &first.kind {
        Kind::Symbol(name) => Some(name.clone()),
        Kind::Script { base, sub, sup, primes: 0 } if is_general(sub.as_deref(), sup.as_deref()) => base_name(base),
        _ => None,
    };
    let Some(base) = base.filter(|_| is_definable(right) && !holds(right, first)) else { return false };
    let recurs = Member::defined_by(formula).is_some_and(|member| member.stands_earlier(right));
    (recurs || !names(right).contains(&base)) && defined.insert(base)
}

/// Whether the scripts of a left side are letters, as a family's are.
fn is_general(sub: Option<&Node>, sup: Option<&Node>) -> bool {
    let is_letter = |node: &&Node| matches!(node.kind, Kind::Symbol(_));
    let below = sub.is_none_or(|sub| script_items(sub).iter().all(is_letter));
    let above = sup.is_none_or(|sup| !std::ptr::eq(undress(sup).1, sup) && is_letter(&undress(sup).1));
    below && above
}

/// Whether the right side holds nothing but what the engine knows.
fn is_definable(node: &Node) -> bool {
    let is_foreign = match &node.kind {
        Kind::Text(_) | Kind::Given(..) | Kind::Error | Kind::Dots(_) | Kind::Signature { .. } => true,
        Kind::List(_) | Kind::Chain { .. } | Kind::Logic(..) | Kind::Decorated { .. } | Kind::Evaluated { .. } => true,
        Kind::Binom(..) | Kind::Factorial(_) | Kind::Empty | Kind::Quantified { .. } | Kind::Not(_) => true,
        Kind::Symbol(name) => matches!(name.as_str(), r"\partial" | r"\nabla" | r"\infty"),
        Kind::Big { op, .. } => !matches!(op.as_str(), "sum" | "prod" | "max" | "min"),
        Kind::Number(_)
        | Kind::Operator(_)
        | Kind::Script { .. }
        | Kind::Fenced { .. }
        | Kind::Group(_)
        | Kind::Frac { .. }
        | Kind::Sqrt { .. }
        | Kind::Product(_)
        | Kind::Sum(_)
        | Kind::Matrix { .. }
        | Kind::Cases(_) => false,
    };
    let parts = match &node.kind {
        Kind::Big { body, .. } => vec![&**body],
        Kind::Fenced { body, .. } if matches!(body.kind, Kind::List(_)) => body.children(),
        _ => node.children(),
    };
    !is_foreign && parts.into_iter().all(is_definable)
}

fn holds(node: &Node, part: &Node) -> bool {
    let wanted = sexpr(part);
    node.holds(&|own| sexpr(own) == wanted)
}

fn names(node: &Node) -> BTreeSet<String> {
    let own = base_name(node).into_iter();
    own.chain(node.children().into_iter().flat_map(names)).collect()
}

/// The general member of a family on the left of a definition.
struct Member {
    base: String,
    letter: String,
    /// The member at which a recurrence begins.
    start: String,
}

impl Member {
    fn defined_by(formula: &Formula) -> Option<Member> {
        let Kind::Chain { first, .. } = &formula.body.kind else { return None };
        let Kind::Script { base, sub, sup, .. } = &first.kind else { return None };
        let base = base_name(base)?;
        let (letter, start) = match (sub.as_deref(), sup.as_deref()) {
            (Some(sub), None) => (base_name(sub)?, format!("{base}_0")),
            (None, Some(sup)) => match undress(sup) {
                (Dress::Plain, _) => return None,
                (dress, inner) => (base_name(inner)?, format!("{base}^{{{}}}", dress.around("0"))),
            },
            _ => return None,
        };
        Some(Member { base, letter, start })
    }

    /// Whether the member before stands in a node.
    fn stands_earlier(&self, node: &Node) -> bool {
        let earlier = format!("(+ {} - 1)", self.letter);
        let here = match &node.kind {
            Kind::Script { base, sub, sup, .. } if base_name(base).as_ref() == Some(&self.base) => {
                sub.iter().chain(sup).any(|script| sexpr(undress(script).1) == earlier)
            }
            _ => false,
        };
        here || node.children().into_iter().any(|child| self.stands_earlier(child))
    }
}

/// Whether the member before stands on the right of some definition.
fn recurs(member: &Member, definitions: &[&Read]) -> bool {
    definitions.iter().any(|read| steps_back(&read.formula, member))
}

fn steps_back(formula: &Formula, member: &Member) -> bool {
    let Kind::Chain { rest, .. } = &formula.body.kind else { return false };
    rest.iter().any(|(_, right)| member.stands_earlier(right))
}

fn table(found: &[Found]) -> String {
    let mut text = "| symbol | taken as | because |\n| --- | --- | --- |\n".to_owned();
    for Found { name, guess, reason } in found {
        let kind = match guess {
            Guess::Natural => "a natural number".to_owned(),
            Guess::Number => "a number".to_owned(),
            Guess::Vector => "a vector".to_owned(),
            Guess::Matrix => "a matrix".to_owned(),
            Guess::Function(1, _) => "a function of one number".to_owned(),
            Guess::Function(n, 0) => format!("a function of {n} numbers"),
            Guess::Function(n, _) => format!("a function of {n} arguments, the bold ones vectors"),
        };
        let _ = writeln!(text, "| ${name}$ | {kind} | {reason} |");
    }
    text + "\n"
}

fn given(found: &[Found], size: &str) -> String {
    let needs_size =
        found.iter().any(|symbol| matches!(symbol.guess, Guess::Vector | Guess::Matrix | Guess::Function(_, 1..)));
    let mut rows: Vec<String> = Vec::new();
    if needs_size {
        rows.push(format!(r"{size} \in \mathbb{{N}}"));
    }
    for Found { name, guess, .. } in found {
        rows.push(match guess {
            Guess::Natural => format!(r"{name} \in \mathbb{{N}}"),
            Guess::Number => format!(r"{name} \in \mathbb{{R}}"),
            Guess::Vector => format!(r"{name} \in \mathbb{{R}}^{{{size}}}"),
            Guess::Matrix => format!(r"{name} \in \mathbb{{R}}^{{{size} \times {size}}}"),
            Guess::Function(n, vectors) => {
                let is_vector = |at: usize| at < 64 && vectors >> at & 1 == 1;
                let space =
                    |at| if is_vector(at) { format!(r"\mathbb{{R}}^{{{size}}}") } else { r"\mathbb{R}".to_owned() };
                let domain = (0..*n).map(space).collect::<Vec<_>>().join(r" \times ");
                format!(r"{name} : {domain} \to \mathbb{{R}}")
            }
        });
    }
    fence("given", &rows)
}

fn define(definitions: &[&Read], recurring: &[&Member]) -> String {
    let begins_at_one = |formula: &Formula, member: &Member| {
        let own = Member::defined_by(formula);
        own.is_some_and(|own| own.base == member.base) || steps_back(formula, member)
    };
    let row = |read: &&Read| {
        let recurrence = recurring.iter().find(|member| begins_at_one(&read.formula, member));
        match recurrence.filter(|_| read.formula.conditions.is_empty()) {
            Some(member) => format!(r"{} \quad ({} \ge 1)", read.latex, member.letter),
            None => read.latex.clone(),
        }
    };
    fence("define", &definitions.iter().map(row).collect::<Vec<_>>())
}

fn fence(role: &str, rows: &[String]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    format!("```math {role}\n{}\n```\n\n", rows.join(" \\\\\n"))
}

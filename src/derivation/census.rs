//! The symbols of a page that declares nothing: which there are, and what each of them likely is.

use std::collections::{BTreeMap, BTreeSet};

use crate::lower::is_known_function;
use crate::lower::names::{Dress, base_name, index_letters, script_items, spell, undress};
use crate::syntax::ast::{Formula, Kind, Node};

/// Signs and constants that are letters to the reader and need no declaration.
const KNOWN: [&str; 18] = [
    r"\pi",
    r"\infty",
    r"\partial",
    r"\nabla",
    r"\top",
    r"\intercal",
    r"\cdot",
    r"\emptyset",
    r"\ast",
    r"\star",
    r"\delta",
    "*",
    "+",
    "-",
    "d",
    r"\mathrm{d}",
    "I",
    r"\mathbf{I}",
];

/// A symbol as it would be declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The name with its indices: `w_h`, `x_t`, `h^{(t)}`.
    pub name: String,
    /// What it likely is.
    pub guess: Guess,
    /// Why.
    pub reason: String,
}

/// What a symbol likely is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Guess {
    /// A natural number.
    Natural,
    /// A number, or a family of numbers.
    Number,
    /// A vector.
    Vector,
    /// A matrix.
    Matrix,
    /// A function of this many arguments; the bits say which of them are vectors, the first one lowest.
    Function(usize, u64),
}

/// How a letter is used on the page.
#[derive(Debug, Clone, Default)]
struct Uses {
    /// The names with fixed scripts, in the order seen.
    fixed: Vec<String>,
    /// An index below, by its first letter, and how many there are.
    below: Option<(String, usize)>,
    /// An index above, with its dress.
    above: Option<(String, Dress)>,
    /// The most arguments in parentheses after it.
    n_arguments: Option<usize>,
    /// Which of them are vectors.
    vectors: u64,
    stands_whole: bool,
    is_transposed: bool,
    bounds_a_sum: bool,
}

/// Everything that is counted.
#[derive(Debug, Default)]
struct Census {
    uses: BTreeMap<String, Uses>,
    order: Vec<String>,
    indices: BTreeSet<String>,
}

/// The symbols of some formulas that have no definition among them, in the order in which they appear.
pub fn symbols(formulas: &[&Formula], defined: &BTreeSet<String>) -> Vec<Found> {
    let mut census = Census::default();
    for formula in formulas {
        census.indices.extend(index_letters(formula));
    }
    for formula in formulas {
        census.count(&formula.body);
        formula.conditions.iter().for_each(|condition| census.count(condition));
    }
    let order = std::mem::take(&mut census.order);
    let mut found: Vec<Found> = order.iter().flat_map(|base| census.found(base, defined)).collect();
    found.sort_by_key(|symbol| symbol.guess != Guess::Natural);
    found
}

impl Census {
    fn uses_of(&mut self, base: &str) -> &mut Uses {
        if !self.uses.contains_key(base) {
            self.order.push(base.to_owned());
        }
        self.uses.entry(base.to_owned()).or_default()
    }

    fn count(&mut self, node: &Node) {
        match &node.kind {
            Kind::Symbol(name) if !is_known(name) => self.uses_of(name).stands_whole = true,
            Kind::Operator(name) if !is_function_name(name) => self.uses_of(name).stands_whole = true,
            Kind::Script { base, sub, sup, .. } => {
                match base_name(base).filter(|base| !is_known(base) && !is_function_name(base)) {
                    Some(base) => self.count_name(&base, sub.as_deref(), sup.as_deref()),
                    None => self.count(base),
                }
                return;
            }
            Kind::Big { op, sub, sup, body } => {
                if let (Some(sup), "sum" | "prod") = (sup, op.as_str())
                    && let Kind::Symbol(name) = &sup.kind
                    && !is_known(name)
                {
                    self.uses_of(name).bounds_a_sum = true;
                }
                let sides = sub.iter().filter(|_| op != "sum" && op != "prod" && op != "lim");
                sides.for_each(|side| self.count(side));
                self.count(body);
                return;
            }
            Kind::Product(items) => {
                for pair in items.windows(2) {
                    self.count_call(&pair[0].1, &pair[1].1);
                }
            }
            _ => {}
        }
        node.children().into_iter().for_each(|part| self.count(part));
    }

    fn count_call(&mut self, name: &Node, call: &Node) {
        let Kind::Fenced { open, body, .. } = &call.kind else { return };
        let (head, primes) = match &name.kind {
            Kind::Script { base, primes, .. } => (base_name(base), *primes),
            _ => (base_name(name), 0),
        };
        let Some(head) = head.filter(|head| open == "(" && !is_known(head) && !is_function_name(head)) else { return };
        let arguments = match &body.kind {
            Kind::List(items) => items.len(),
            Kind::Symbol(_) | Kind::Script { .. } => 1,
            Kind::Sum(_) | Kind::Product(_) if primes > 0 || is_function_letter(&head) => 1,
            _ => return,
        };
        let vectors = match &body.kind {
            Kind::List(items) => {
                items.iter().take(64).enumerate().filter(|(_, item)| is_bold(item)).map(|(at, _)| 1 << at).sum()
            }
            _ => 0,
        };
        let uses = self.uses_of(&head);
        uses.n_arguments = uses.n_arguments.max(Some(arguments));
        uses.vectors |= vectors;
    }

    fn count_name(&mut self, base: &str, sub: Option<&Node>, sup: Option<&Node>) {
        let is_index = |node: &Node| match &node.kind {
            Kind::Symbol(name) => self.indices.contains(name),
            Kind::Sum(_) => true,
            _ => false,
        };
        let items = sub.map(script_items).unwrap_or_default();
        let below = items.iter().any(|item| is_index(item)).then(|| (letter_of(&items), items.len()));
        let is_number = |item: &&Node| matches!(item.kind, Kind::Number(_));
        let written = sub.and_then(spell);
        let above = sup.map(undress).filter(|(dress, inner)| {
            let is_letter = matches!(&inner.kind, Kind::Symbol(name) if name != "T" && !is_known(name));
            *dress != Dress::Plain && (is_letter || is_index(inner) || matches!(inner.kind, Kind::Number(_)))
        });
        let above = above.map(|(dress, inner)| (letter_of(&[inner]), dress));
        let is_transposed = sup.is_some_and(|sup| matches!(spell(sup).as_deref(), Some(r"\top" | "T" | r"\intercal")));
        let names_exponent = sup.filter(|_| above.is_none() && !is_transposed);
        let uses = self.uses_of(base);
        uses.is_transposed |= is_transposed;
        uses.stands_whole |= sub.is_none() && above.is_none();
        match (below, written) {
            (Some(below), _) => drop(uses.below.get_or_insert(below)),
            (None, Some(written)) if !items.iter().all(is_number) || uses.below.is_none() => {
                if !uses.fixed.contains(&written) {
                    uses.fixed.push(written);
                }
            }
            (None, _) => {}
        }
        if let Some((letter, dress)) = above {
            let kept = uses.above.get_or_insert((letter.clone(), dress));
            if kept.0 == "t" {
                kept.0 = letter;
            }
        }
        if let Some(exponent) = names_exponent {
            self.count(exponent);
        }
    }

    /// The declarations that one letter needs.
    fn found(&self, base: &str, defined: &BTreeSet<String>) -> Vec<Found> {
        let Some(uses) = self.uses.get(base) else { return Vec::new() };
        if defined.contains(base) {
            return Vec::new();
        }
        if uses.bounds_a_sum {
            return vec![found(base, Guess::Natural, "it bounds a sum or a product")];
        }
        if self.indices.contains(base) && uses.n_arguments.is_none() && uses.fixed.is_empty() && uses.below.is_none() {
            return Vec::new();
        }
        let (guess, reason) = self.guess(base, uses);
        let above = match &uses.above {
            Some((_, Dress::Plain)) | None => String::new(),
            Some((letter, dress)) => format!("^{{{}}}", dress.around(letter)),
        };
        let is_only_numbers = !uses.fixed.is_empty() && uses.fixed.iter().all(|sub| is_digits(sub));
        let mut names = Vec::new();
        match &uses.below {
            Some((letter, 1)) if guess == Guess::Number || !uses.stands_whole => {
                names.push(format!("{base}_{letter}{above}"))
            }
            Some(_) => names.push(format!("{base}{above}")),
            None if is_only_numbers && uses.stands_whole => names.push(format!("{base}{above}")),
            None => {}
        }
        if !is_only_numbers || names.is_empty() {
            names.extend(uses.fixed.iter().map(|sub| format!("{base}_{{{sub}}}{above}")));
        }
        if names.is_empty() {
            names.push(format!("{base}{above}"));
        }
        names.into_iter().map(|name| found(&name, guess, reason)).collect()
    }

    fn guess(&self, base: &str, uses: &Uses) -> (Guess, &'static str) {
        if let Some(n_arguments) = uses.n_arguments {
            return (Guess::Function(n_arguments, uses.vectors), "it stands before parentheses");
        }
        let letter = base.trim_end_matches('}').rsplit('{').next().unwrap_or(base);
        let is_upper = letter.chars().next().is_some_and(char::is_uppercase);
        match (has_bold(base), is_upper, uses.is_transposed, &uses.below) {
            (true, true, ..) => (Guess::Matrix, "it is a bold capital"),
            (true, false, ..) => (Guess::Vector, "it is bold"),
            (false, true, true, _) => (Guess::Matrix, "it is a capital with a transpose"),
            (false, false, true, _) => (Guess::Vector, "it has a transpose"),
            (false, true, false, Some((_, 2))) => (Guess::Matrix, "it is a capital with two indices"),
            (false, false, false, Some((_, 1))) if uses.stands_whole => {
                (Guess::Vector, "it stands with an index and without")
            }
            (false, _, false, Some(_)) => (Guess::Number, "it has an index, and nothing says more"),
            (false, _, false, None) => (Guess::Number, "nothing says otherwise"),
        }
    }
}

fn found(name: &str, guess: Guess, reason: &str) -> Found {
    Found { name: name.to_owned(), guess, reason: reason.to_owned() }
}

/// The first letter among the items of a script.
fn letter_of(items: &[&Node]) -> String {
    let mut open: Vec<&Node> = items.iter().rev().copied().collect();
    while let Some(node) = open.pop() {
        if let Kind::Symbol(name) = &node.kind {
            return name.clone();
        }
        open.extend(node.children().into_iter().rev());
    }
    "t".to_owned()
}

fn has_bold(base: &str) -> bool {
    [r"\mathbf", r"\boldsymbol", r"\vec"].iter().any(|font| base.contains(font))
}

/// Whether an argument is a bold name.
fn is_bold(node: &Node) -> bool {
    match &node.kind {
        Kind::Script { base, .. } => is_bold(base),
        _ => base_name(node).is_some_and(|base| has_bold(&base)),
    }
}

/// What a defined name likely is, by its letter alone.
pub fn guess_by_letter(base: &str) -> Guess {
    let letter = base.trim_end_matches('}').rsplit('{').next().unwrap_or(base);
    match (has_bold(base), letter.chars().next().is_some_and(char::is_uppercase)) {
        (true, true) => Guess::Matrix,
        (true, false) => Guess::Vector,
        (false, _) => Guess::Number,
    }
}

fn is_digits(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit())
}

fn is_known(name: &str) -> bool {
    KNOWN.contains(&name) || name.starts_with(r"\mathbb")
}

/// Letters that name functions where an expression stands in parentheses behind them.
fn is_function_letter(name: &str) -> bool {
    matches!(name, "f" | "g" | "F" | "G" | r"\phi" | r"\varphi" | r"\psi" | r"\ell" | r"\Phi" | "J")
}

fn is_function_name(name: &str) -> bool {
    name == "e" || is_known_function(name)
}

//! Statements that stand beside each other in a fence: `u \in \mathbb{R}, \quad u > 0` declares and assumes, and
//! `f = \sigma, \quad g = \tanh` defines two functions.

use std::collections::BTreeSet;

use crate::lower::expression::strip;
use crate::lower::given::{is_declaration, list_of};
use crate::lower::names::base_name;
use crate::syntax::ast::{Behind, Formula, Kind, Node, Relation};
use crate::syntax::{indices_of, ranges};

/// A formula of a `given` fence as the statements that it holds. What is said of a name behind its declaration is assumed
/// of it, and what stands behind a comma and a wide space or with a `\forall` of its own is assumed as well, unless it says where an index runs.
pub fn with_assumptions_apart(formula: Formula) -> Vec<Formula> {
    let declared: BTreeSet<String> = match &strip(&formula.body).kind {
        _ if !is_declaration(&formula.body) => BTreeSet::new(),
        Kind::Chain { first: names, .. } | Kind::Signature { names, .. } => {
            list_of(names).into_iter().filter_map(base_of).collect()
        }
        _ => BTreeSet::new(),
    };
    let is_of_declared = |node: &Node| declared.iter().any(|name| node.mentions(name));
    apart(formula, |condition, behind| is_listed(behind) || is_of_declared(condition))
}

/// A formula of a `define` fence as the definitions that it holds: an equation behind a comma and a wide space defines
/// something, unless it says where an index runs.
pub fn with_definitions_apart(formula: Formula) -> Vec<Formula> {
    let is_definition = |node: &Node| match &strip(node).kind {
        Kind::Chain { rest, .. } => matches!(rest[..], [(Relation::Equal | Relation::Define, _)]),
        _ => false,
    };
    apart(formula, |condition, behind| is_listed(behind) && is_definition(condition))
}

/// A formula with those of its conditions that are statements in formulas of their own. Another condition is one of every
/// statement before it that holds its letters, else of the one it stands behind.
fn apart(mut formula: Formula, is_statement: impl Fn(&Node, Option<Behind>) -> bool) -> Vec<Formula> {
    let conditions = std::mem::take(&mut formula.conditions);
    let mut formulas = vec![formula];
    for condition in conditions {
        let first = &formulas[0];
        let behind = first.asides.iter().find(|aside| aside.span == condition.span).map(|aside| aside.behind);
        let is_relation = matches!(strip(&condition).kind, Kind::Chain { .. });
        let is_range = ranges(&condition, &indices_of(&first.body));
        if is_relation && !is_range && is_statement(&condition, behind) {
            formulas.push(Formula { body: condition, conditions: Vec::new(), ..first.clone() });
            continue;
        }
        let letters = letters_of(&condition);
        let speaks = |formula: &Formula| letters.iter().any(|letter| formula.body.mentions(letter));
        let last = formulas.len() - 1;
        let all = 0..formulas.len();
        let meant: Vec<usize> = all.filter(|&at| speaks(&formulas[at])).collect();
        for at in if meant.is_empty() { vec![last] } else { meant } {
            formulas[at].conditions.push(condition.clone());
        }
    }
    formulas
}

/// Whether statements are told apart by what stands between them.
fn is_listed(behind: Option<Behind>) -> bool {
    matches!(behind, Some(Behind::Comma | Behind::Quantifier))
}

/// The base of a name with or without scripts.
fn base_of(name: &Node) -> Option<String> {
    match &strip(name).kind {
        Kind::Script { base, .. } => base_name(base),
        _ => base_name(name),
    }
}

/// The letters in a node.
fn letters_of(node: &Node) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        if let Kind::Symbol(letter) = &node.kind {
            found.insert(letter.clone());
        }
        open.extend(node.children());
    }
    found
}

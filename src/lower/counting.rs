//! Letters that conditions name: the `k` of `1 \le k \le T` counts, the `\alpha` of `\text{if } \alpha > 0` is a number that
//! must be declared.

use std::collections::BTreeSet;

use crate::expr::{Shape, SymbolKind};
use crate::lower::aside::quantified;
use crate::lower::expression::strip;
use crate::lower::names::{Dress, condition_letters, undress};
use crate::lower::reader::Reader;
use crate::syntax::ast::{Formula, Kind, Node, Relation};

impl Reader<'_> {
    /// Adds the letters that stand in the conditions of a formula and can only be integers: they are indices or exponents
    /// of matrices somewhere, are compared with what counts, or are bound by `\forall`, which decides by itself what they
    /// are.
    pub(super) fn learn_letters_of_conditions(&mut self, formula: &Formula) {
        let parts: Vec<&Node> = std::iter::once(&formula.body).chain(&formula.conditions).collect();
        let mut open: Vec<(BTreeSet<String>, &Node)> = Vec::new();
        for condition in &formula.conditions {
            let mut letters = BTreeSet::new();
            condition_letters(condition, &mut letters);
            // `Q^\top Q = I` speaks of the identity.
            letters.remove("I");
            let is_count = |letter: &&String| {
                enumerates(condition)
                    || parts.iter().any(|part| counts(part, letter) || self.is_above_matrix(part, letter))
            };
            let certain: Vec<String> = letters.iter().filter(is_count).cloned().collect();
            self.letters.extend(certain.into_iter().chain(quantified(condition)));
            open.push((letters, condition));
        }
        while let Some(at) = open.iter().position(|(letters, _)| letters.iter().any(|letter| self.is_counted(letter))) {
            self.letters.extend(open.swap_remove(at).0);
        }
    }

    /// Notes the letters that stand as an exponent and begin at an integer by a condition, `(1 - a)^t` with `t \ge 0`: where
    /// they are not declared, they are likely to be natural numbers.
    pub(super) fn learn_likely_exponents(&mut self, formula: &Formula) {
        self.likely_sets.clear();
        for (letter, set) in formula.conditions.iter().filter_map(begins_at) {
            let mut parts = formula.conditions.iter().chain([&formula.body]);
            if parts.any(|part| is_exponent(part, &letter)) {
                self.likely_sets.insert(letter, set);
            }
        }
    }

    /// Whether a letter stands in the exponent of something with a matrix in it.
    fn is_above_matrix(&self, node: &Node, letter: &str) -> bool {
        let is_matrix = |part: &Node| {
            let name = self.names.named(part);
            name.is_some_and(|name| matches!(self.arena.declared_shape(name.symbol), Shape::Matrix(..)))
        };
        node.holds(&|part| match &part.kind {
            Kind::Script { base, sup: Some(sup), .. } => sup.mentions(letter) && base.holds(&is_matrix),
            _ => false,
        })
    }

    /// Whether a letter is an integer, as declared or by its use.
    fn is_counted(&self, letter: &str) -> bool {
        let is_integer = |symbol| self.arena.kind(symbol) == SymbolKind::Integer;
        self.letters.contains(letter)
            || self.names.with_base(letter).iter().any(|name| name.is_plain() && is_integer(name.symbol))
    }
}

/// The letter of `t \ge 0` or `t > 0`, and the natural numbers from there on.
fn begins_at(condition: &Node) -> Option<(String, &'static str)> {
    let Kind::Chain { first, rest } = &strip(condition).kind else { return None };
    let [(relation, low)] = &rest[..] else { return None };
    let (Kind::Symbol(letter), Kind::Number(low)) = (&strip(first).kind, &strip(low).kind) else { return None };
    let set = match (relation, low.as_str()) {
        (Relation::GreaterEqual, "0") => r"\mathbb{N}_0",
        (Relation::Greater | Relation::GreaterEqual, low) if low.parse::<u32>().is_ok() => r"\mathbb{N}",
        _ => return None,
    };
    Some((letter.clone(), set))
}

/// Whether a letter stands above something, alone or with others.
fn is_exponent(node: &Node, letter: &str) -> bool {
    node.holds(&|part| matches!(&part.kind, Kind::Script { sup: Some(sup), .. } if sup.mentions(letter)))
}

/// Whether a letter is an index or the bound of one in a node, or stands in a binomial coefficient or a factorial.
fn counts(node: &Node, letter: &str) -> bool {
    node.holds(&|part| match &part.kind {
        Kind::Script { sub, sup, .. } => {
            let above = sup.iter().filter(|sup| undress(sup).0 != Dress::Plain);
            sub.iter().chain(above).any(|script| script.mentions(letter))
        }
        Kind::Big { sub, sup, .. } => sub.iter().chain(sup).any(|script| script.mentions(letter)),
        Kind::Binom(..) | Kind::Factorial(_) => part.mentions(letter),
        _ => false,
    })
}

/// `t = 1, \dots, T`, `n \in \{1, 2\}`.
fn enumerates(condition: &Node) -> bool {
    let Kind::Chain { rest, .. } = &strip(condition).kind else { return false };
    let holds_dots = |side: &Node| side.holds(&|part| matches!(part.kind, Kind::Dots(_)));
    rest.iter().any(|(relation, side)| *relation == Relation::In || holds_dots(side))
}

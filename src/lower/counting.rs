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

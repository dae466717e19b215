//! Letters that conditions name: the `k` of `1 \le k \le T` counts, the `\alpha` of `\text{if } \alpha > 0` is a number that
//! must be declared.

use std::collections::BTreeSet;

use crate::expr::SymbolKind;
use crate::lower::expression::strip;
use crate::lower::names::{Dress, condition_letters, undress};
use crate::lower::reader::Reader;
use crate::source::Span;
use crate::syntax::ast::{Formula, Kind, Node, Relation};

/// Letters that count where they are exponents; others are numbers there as well.
const EXPONENTS: [&str; 10] = ["i", "j", "k", "l", "m", "n", "t", "N", "T", "K"];

impl Reader<'_> {
    /// Adds the letters that stand in the conditions of a formula and can only be integers: they are indices somewhere, are
    /// compared with what counts, or are bound by `\forall`, which decides by itself what they are.
    pub(super) fn learn_letters_of_conditions(&mut self, formula: &Formula) {
        let parts: Vec<&Node> = std::iter::once(&formula.body).chain(&formula.conditions).collect();
        let mut open: Vec<(BTreeSet<String>, &Node)> = Vec::new();
        for condition in &formula.conditions {
            let mut letters = BTreeSet::new();
            condition_letters(condition, &mut letters);
            // `Q^\top Q = I` speaks of the identity.
            letters.remove("I");
            let is_count = matches!(strip(condition).kind, Kind::Quantified { .. }) || enumerates(condition);
            let certain = letters.iter().filter(|letter| is_count || parts.iter().any(|part| counts(part, letter)));
            let certain: Vec<String> = certain.cloned().collect();
            self.letters.extend(certain);
            open.push((letters, condition));
        }
        while let Some(at) = open.iter().position(|(letters, _)| letters.iter().any(|letter| self.is_counted(letter))) {
            self.letters.extend(open.swap_remove(at).0);
        }
        for (letters, condition) in open {
            for letter in letters {
                if EXPONENTS.contains(&letter.as_str()) && parts.iter().any(|part| is_exponent(part, &letter)) {
                    self.note_of_integer(&letter, condition.span);
                    self.letters.insert(letter);
                }
            }
        }
    }

    /// Whether a letter is an integer, as declared or by its use.
    fn is_counted(&self, letter: &str) -> bool {
        let is_integer = |symbol| self.arena.kind(symbol) == SymbolKind::Integer;
        self.letters.contains(letter)
            || self.names.with_base(letter).iter().any(|name| name.is_plain() && is_integer(name.symbol))
    }

    fn note_of_integer(&mut self, letter: &str, at: Span) {
        if self.names.with_base(letter).is_empty() {
            let message = format!("`{letter}` is not declared; it is taken as an integer");
            let hint = format!(r"declare it: `{letter} \in \mathbb{{R}}` or `{letter} \in \mathbb{{N}}`");
            self.remark("implied-number", at, message, &hint);
        }
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

/// Whether a letter stands above a base other than that of the exponential function.
fn is_exponent(node: &Node, letter: &str) -> bool {
    node.holds(&|part| match &part.kind {
        Kind::Script { base, sup: Some(sup), .. } => {
            !matches!(&strip(base).kind, Kind::Symbol(base) if base == "e" || base == r"\mathrm{e}")
                && sup.mentions(letter)
        }
        _ => false,
    })
}

/// `t = 1, \dots, T`, `n \in \{1, 2\}`.
fn enumerates(condition: &Node) -> bool {
    let Kind::Chain { rest, .. } = &strip(condition).kind else { return false };
    let holds_dots = |side: &Node| side.holds(&|part| matches!(part.kind, Kind::Dots(_)));
    rest.iter().any(|(relation, side)| *relation == Relation::In || holds_dots(side))
}

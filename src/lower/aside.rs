//! Conditions and claims that look alike: what stands behind a wide space, and which letters a `\forall` binds.

use std::collections::BTreeSet;

use crate::expr::{Elementary, Expr, Function, Node as Meaning};
use crate::lower::call::spell_plain;
use crate::lower::expression::strip;
use crate::lower::given::list_of;
use crate::lower::names::base_name;
use crate::lower::natural::{compares_compounds, is_natural_condition};
use crate::lower::reader::Reader;
use crate::lower::statement::indexes;
use crate::number::rational::is_integer;
use crate::syntax::ast::{Behind, Formula, Kind, Node, Relation};

/// Letters for an index that needs another one.
const OTHERS: [&str; 8] = ["s", "r", "k", "i", "j", "l", "m", "q"];

impl Reader<'_> {
    /// Refuses a relation that nothing but a space or an `and` makes a condition, where it may be meant as a claim: `b = 2`
    /// of `a = 1, \quad b = 2` with a defined b. `None` after a diagnostic.
    pub(super) fn check_asides(&mut self, formula: &Formula) -> Option<()> {
        for aside in &formula.asides {
            let Some(condition) = formula.conditions.iter().find(|node| node.span == aside.span) else { continue };
            if says_the_same(condition, &formula.body) || self.may_be_claimed(condition, aside.behind) {
                let message = "nothing says whether this is a condition or a second claim".to_owned();
                let hint = r"write `\text{if}` before a condition, and `\\` between two claims";
                return self.fail("ambiguous-condition", condition.span, message, hint);
            }
        }
        Some(())
    }

    /// Whether a relation compares what is worked out, or speaks of what is defined or derived and not only of what is given.
    fn may_be_claimed(&mut self, node: &Node, behind: Behind) -> bool {
        let Kind::Chain { first, rest } = &strip(node).kind else { return false };
        match behind {
            Behind::Comma if !is_natural_condition(node) => return true,
            Behind::Space if compares_compounds(node) => return true,
            Behind::Comma | Behind::Space | Behind::And | Behind::Quantifier => {}
        }
        if rest.iter().any(|(relation, _)| matches!(relation, Relation::In | Relation::To)) {
            return false;
        }
        let is_equation = rest.iter().all(|(relation, _)| *relation == Relation::Equal);
        let is_value = rest.iter().any(|(_, right)| matches!(strip(right).kind, Kind::Number(_) | Kind::Frac { .. }));
        let Some(left) = self.on_trial(|reader| reader.expression(first)) else { return false };
        let parts = self.arena.reachable(&[left]);
        let is_derivative = parts.iter().any(|&part| matches!(self.arena.node(part), Meaning::Derivative { .. }));
        let is_defined = || parts.iter().any(|&part| self.is_made_by_definition(part));
        let is_worked_out = || parts.iter().any(|&part| self.is_worked_out(part));
        is_derivative
            || match behind {
                Behind::Comma => is_worked_out() || is_defined(),
                Behind::Space => is_equation && !is_value && is_defined(),
                Behind::And => false,
                Behind::Quantifier => true,
            }
    }

    /// Whether this is a defined name, or a member of a defined family that is not given as its start.
    fn is_made_by_definition(&self, part: Expr) -> bool {
        let Meaning::Symbol { symbol, .. } = self.arena.node(part) else { return false };
        self.model.is_defined(*symbol) && !self.is_given_start(part)
    }

    /// Whether this is the value of a function, a root or a limit, of which something is claimed rather than required. The
    /// absolute value and the larger of two are taken of what is required to be small.
    fn is_worked_out(&self, part: Expr) -> bool {
        match self.arena.node(part) {
            Meaning::Call { function: Function::Elementary(function), .. } => {
                !matches!(function, Elementary::Abs | Elementary::Max | Elementary::Min | Elementary::Sign)
            }
            Meaning::Power(_, exponent) => self.arena.as_number(*exponent).is_some_and(|power| !is_integer(power)),
            Meaning::Call { .. } | Meaning::Limit { .. } => true,
            _ => false,
        }
    }

    /// A formula in which a `\forall` right behind a condition binds the letter of that condition alone: in
    /// `h_t = 0 \quad \text{if } x_t = 0 \ \forall t` the x vanish at all times, and the t of the h is another one.
    pub(super) fn with_own_letters(&self, mut formula: Formula) -> Formula {
        for at in 1..formula.conditions.len() {
            for letter in quantified(&formula.conditions[at]) {
                let is_own = |node: &Node| quantified(node).is_empty() && indexes(node, &letter);
                let start = formula.conditions[..at].iter().rposition(|node| !is_own(node)).map_or(0, |last| last + 1);
                let others = formula.conditions[..start].iter().chain(&formula.conditions[at + 1..]);
                let is_elsewhere = others.chain([&formula.body]).any(|part| part.mentions(&letter));
                let Some(other) = self.unused_letter(&formula).filter(|_| start < at && is_elsewhere) else { continue };
                for node in &mut formula.conditions[start..=at] {
                    node.change_each(&mut |part| rename(part, &letter, other));
                }
            }
        }
        formula
    }

    fn unused_letter(&self, formula: &Formula) -> Option<&'static str> {
        let is_used = |letter: &str| {
            let mut parts = std::iter::once(&formula.body).chain(&formula.conditions);
            parts.any(|part| part.mentions(letter)) || !self.names.with_base(letter).is_empty()
        };
        OTHERS.into_iter().find(|letter| !is_used(letter))
    }
}

/// Whether two relations have the same sides.
fn says_the_same(condition: &Node, body: &Node) -> bool {
    let sides = |node: &Node| match &strip(node).kind {
        Kind::Chain { first, rest } => {
            let sides = std::iter::once(&**first).chain(rest.iter().map(|(_, side)| side));
            Some(sides.map(spell_plain).collect::<BTreeSet<String>>())
        }
        _ => None,
    };
    sides(condition).is_some_and(|own| sides(body) == Some(own))
}

/// The letters that a `\forall` binds.
pub(super) fn quantified(node: &Node) -> Vec<String> {
    let Kind::Quantified { bound, .. } = &strip(node).kind else { return Vec::new() };
    let names = match &strip(bound).kind {
        Kind::Chain { first, .. } => first,
        _ => bound,
    };
    list_of(names).into_iter().filter_map(base_name).collect()
}

fn rename(node: &mut Node, letter: &str, other: &str) {
    if let Kind::Symbol(own) = &mut node.kind
        && own == letter
    {
        *own = other.to_owned();
    }
}

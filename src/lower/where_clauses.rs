//! Names that a formula introduces for itself: `\ldots = f'(z_t) \quad \text{where } z_t = w h_{t-1} + x_t`.

use std::borrow::Cow;

use crate::lower::expression::strip;
use crate::lower::names::spell;
use crate::lower::reader::Reader;
use crate::syntax::ast::{Formula, Kind, Node, Relation};

impl Reader<'_> {
    /// A formula with the names that its conditions introduce replaced by what they stand for.
    pub(super) fn with_own_names<'f>(&self, formula: &'f Formula) -> Cow<'f, Formula> {
        let mut formula = Cow::Borrowed(formula);
        while let Some(at) = (0..formula.conditions.len()).find(|&at| self.introduces(&formula, at).is_some()) {
            let Some((name, value)) = self.introduces(&formula, at) else { break };
            let mut next = formula.clone().into_owned();
            next.conditions.remove(at);
            next.change_each(&mut |part| {
                if is_same_name(part, &name) {
                    part.kind = value.clone().in_parentheses().kind;
                }
            });
            formula = Cow::Owned(next);
        }
        formula
    }

    /// The name that a condition introduces, and what it stands for: it is known nowhere else, stands in the formula, and
    /// not in its own value.
    fn introduces(&self, formula: &Formula, at: usize) -> Option<(Node, Node)> {
        let (name, value) = equation(&formula.conditions[at])?;
        let others = formula.conditions.iter().enumerate().filter(|(other, _)| *other != at);
        let parts: Vec<&Node> = std::iter::once(&formula.body).chain(others.map(|(_, other)| other)).collect();
        let stands = parts.iter().any(|part| part.holds(&|part| is_same_name(part, name)));
        let is_index = parts.iter().any(|part| part.holds(&|part| is_index_in(part, name)));
        let is_new = self.names.named(strip(name)).is_none() && !value.holds(&|part| is_same_name(part, name));
        (stands && is_new && !is_index).then(|| (name.clone(), value.clone()))
    }

    /// The definitions that stand as conditions of a definition: `\text{where } z_t = w h_{t-1} + x_t`.
    pub(super) fn defined_beside(&self, formula: &Formula) -> Vec<Formula> {
        let mut own = formula.clone();
        own.conditions.retain(|condition| self.definition_in(formula, condition).is_none());
        let beside = formula.conditions.iter().filter_map(|condition| self.definition_in(formula, condition));
        let ranges = own.conditions.clone();
        let beside = beside.map(|body| Formula { body: body.clone(), conditions: ranges.clone(), ..formula.clone() });
        let beside: Vec<Formula> = beside.collect();
        std::iter::once(own).chain(beside).collect()
    }

    fn definition_in<'f>(&self, formula: &Formula, condition: &'f Node) -> Option<&'f Node> {
        let (name, _) = equation(condition)?;
        let stands = formula.body.holds(&|part| is_same_name(part, name));
        let is_index = formula.body.holds(&|part| is_index_in(part, name));
        (stands && !is_index && self.names.named(strip(name)).is_none()).then_some(condition)
    }
}

/// A name and one value that a condition gives it.
fn equation(condition: &Node) -> Option<(&Node, &Node)> {
    let Kind::Chain { first, rest } = &strip(condition).kind else { return None };
    let [(Relation::Equal | Relation::Define | Relation::Identical, value)] = &rest[..] else { return None };
    let is_name = matches!(strip(first).kind, Kind::Symbol(_) | Kind::Script { primes: 0, .. });
    let is_one_value = !value.holds(&|part| matches!(part.kind, Kind::List(_) | Kind::Dots(_)));
    (is_name && is_one_value && spell(first).is_some()).then_some((first, value))
}

fn is_same_name(part: &Node, name: &Node) -> bool {
    matches!(part.kind, Kind::Symbol(_) | Kind::Script { .. }) && spell(part) == spell(name)
}

/// Whether a name stands in the index of another: in a script, or below a big operator.
fn is_index_in(part: &Node, name: &Node) -> bool {
    match &part.kind {
        Kind::Script { sub, sup, .. } | Kind::Big { sub, sup, .. } => {
            [sub, sup].into_iter().flatten().any(|script| script.holds(&|inner| is_same_name(inner, name)))
        }
        _ => false,
    }
}

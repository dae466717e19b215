//! A `\forall` at the end of an equivalence, whose letter stands in its last side alone: it belongs to that side.
//!
//! `\max_j s_j \le 0 \iff s_j \le 0 \quad \forall j` says that the maximum is at most 0 where all entries are. Bound
//! outside, the letter would ask of one entry that it tells of all of them.

use crate::expr::{Prop, SymbolId, SymbolKind};
use crate::lower::conditions::Condition;
use crate::lower::expression::strip;
use crate::lower::reader::Reader;
use crate::lower::statement::Related;
use crate::syntax::ast::{Connective, Formula, Kind};

impl Reader<'_> {
    /// Relations whose last side is said for all of the letters that a `\forall` at the end binds there, and the
    /// conditions that are left.
    pub(super) fn with_last_sides_bound(
        &mut self,
        mut relations: Vec<Related>,
        mut conditions: Vec<Condition>,
        formula: &Formula,
    ) -> (Vec<Related>, Vec<Condition>) {
        if let [read] = &mut relations[..]
            && let Kind::Logic(connective, ..) = &strip(&formula.body).kind
            && let Some((first, last)) = sides(*connective, &mut read.prop)
        {
            for letter in self.letters_of_last(formula, first, last) {
                conditions = self.bind_in(last, letter, conditions);
            }
        }
        (relations, conditions)
    }

    /// The letters after a `\forall` behind the statement that are not declared and stand in its last side alone.
    fn letters_of_last(&mut self, formula: &Formula, first: &Prop, last: &Prop) -> Vec<SymbolId> {
        let end = formula.body.span.end;
        let behind = formula.conditions.iter().filter(|condition| condition.span.start >= end);
        let mut letters = self.bound_by(behind);
        letters.retain(|letter| {
            let is_free = !self.model.declarations.contains_key(letter);
            is_free && self.stands_in(last, *letter) && !self.stands_in(first, *letter)
        });
        letters
    }

    fn stands_in(&mut self, prop: &Prop, letter: SymbolId) -> bool {
        if self.arena.kind(letter) == SymbolKind::Function {
            return false;
        }
        let letter = self.arena.symbol(letter);
        prop.expressions().iter().any(|&expr| self.arena.contains(expr, letter))
    }

    /// Says a statement for all values of a letter, within the conditions that say where it runs. It stays as it is
    /// where a condition says anything else of the letter.
    fn bind_in(&mut self, said: &mut Prop, letter: SymbolId, conditions: Vec<Condition>) -> Vec<Condition> {
        let (range, rest): (Vec<Condition>, Vec<Condition>) =
            conditions.into_iter().partition(|condition| self.stands_in(&condition.prop, letter));
        if !range.iter().all(|condition| condition.is_range || self.bounds_integers(&condition.prop)) {
            return range.into_iter().chain(rest).collect();
        }
        let range: Vec<Prop> = range.into_iter().map(|condition| condition.prop).collect();
        let inner = std::mem::replace(said, Prop::And(Vec::new()));
        let inner = match range.is_empty() {
            true => inner,
            false => Prop::Implies(Box::new(Prop::And(range)), Box::new(inner)),
        };
        *said = Prop::ForAll(vec![letter], Box::new(inner));
        rest
    }
}

/// What is written first and last of a statement that follows from its last side.
fn sides(connective: Connective, prop: &mut Prop) -> Option<(&Prop, &mut Prop)> {
    match (connective, prop) {
        (Connective::Iff, Prop::Iff(first, last)) => Some((first, last)),
        (Connective::ImpliedBy, Prop::Implies(last, first)) => Some((first, last)),
        (
            Connective::Iff | Connective::ImpliedBy | Connective::Implies | Connective::And | Connective::Or,
            Prop::Compare(..)
            | Prop::Integer(_)
            | Prop::And(_)
            | Prop::Or(_)
            | Prop::Not(_)
            | Prop::Implies(..)
            | Prop::Iff(..)
            | Prop::ForAll(..)
            | Prop::Proportional { .. },
        ) => None,
    }
}

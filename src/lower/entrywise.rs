//! Orders of vectors and matrices, entry by entry: `u \le v` says `u_i \le v_i` for all i.

use crate::expr::{Arena, Comparison, Expr, Node, Prop, SymbolId, SymbolKind};
use crate::lower::apart::INDICES;
use crate::lower::reader::Reader;

impl Reader<'_> {
    /// What is claimed, an order of vectors as one of their entries at letters that stand free: a claim holds for all of them.
    pub(super) fn claimed_by_entries(&mut self, prop: Prop, conditions: &[Prop]) -> Prop {
        let Some((how, left, right)) = order_of_tensors(self.arena, &prop) else { return self.by_entries(prop) };
        let said: Vec<Expr> =
            prop.expressions().into_iter().chain(conditions.iter().flat_map(Prop::expressions)).collect();
        let is_free = |reader: &mut Self, name: &str| {
            let is_named = !reader.names.with_base(name).is_empty();
            let symbol = reader.arena.intern(name, SymbolKind::Integer);
            let letter = reader.arena.symbol(symbol);
            let is_said = said.iter().any(|&side| reader.arena.contains(side, letter));
            (!is_named && !is_said && reader.arena.kind(symbol) == SymbolKind::Integer).then_some(symbol)
        };
        let n_indices = self.arena.shape(left).sizes().len();
        let letters: Vec<SymbolId> = INDICES.iter().filter_map(|name| is_free(self, name)).take(n_indices).collect();
        match letters.len() == n_indices {
            true => at_entries(self.arena, how, [left, right], &letters),
            false => self.by_entries(prop),
        }
    }

    /// A statement with its orders of vectors said for all entries.
    pub(super) fn by_entries(&mut self, prop: Prop) -> Prop {
        if let Some((how, left, right)) = order_of_tensors(self.arena, &prop) {
            let n_indices = self.arena.shape(left).sizes().len();
            let stems = ["i", "j"].into_iter().take(n_indices);
            let letters: Vec<SymbolId> = stems.map(|stem| self.arena.letter_apart(stem, &[left, right])).collect();
            let inner = at_entries(self.arena, how, [left, right], &letters);
            return Prop::ForAll(letters, Box::new(inner));
        }
        let mut each = |parts: Vec<Prop>| parts.into_iter().map(|part| self.by_entries(part)).collect();
        match prop {
            Prop::And(parts) => Prop::And(each(parts)),
            Prop::Or(parts) => Prop::Or(each(parts)),
            Prop::Not(inner) => Prop::Not(Box::new(self.by_entries(*inner))),
            Prop::Implies(premise, conclusion) => {
                Prop::Implies(Box::new(self.by_entries(*premise)), Box::new(self.by_entries(*conclusion)))
            }
            Prop::Iff(one, other) => Prop::Iff(Box::new(self.by_entries(*one)), Box::new(self.by_entries(*other))),
            Prop::ForAll(mut letters, inner) => match self.by_entries(*inner) {
                Prop::ForAll(more, inner) => {
                    letters.extend(more);
                    Prop::ForAll(letters, inner)
                }
                inner => Prop::ForAll(letters, Box::new(inner)),
            },
            other @ (Prop::Compare(..) | Prop::Integer(_) | Prop::Proportional { .. }) => other,
        }
    }
}

/// The sides of an order between vectors or matrices.
fn order_of_tensors(arena: &Arena, prop: &Prop) -> Option<(Comparison, Expr, Expr)> {
    let Prop::Compare(how @ (Comparison::Less | Comparison::LessEqual), left, right) = *prop else { return None };
    (!arena.shape(left).is_scalar()).then_some((how, left, right))
}

/// An order of two entries.
fn at_entries(arena: &mut Arena, how: Comparison, sides: [Expr; 2], letters: &[SymbolId]) -> Prop {
    let at: Vec<Expr> = letters.iter().map(|&letter| arena.symbol(letter)).collect();
    let [left, right] = sides.map(|side| match arena.node(side) {
        Node::Fill(value, _) => *value,
        _ => arena.entry(side, at.clone()),
    });
    Prop::Compare(how, left, right)
}

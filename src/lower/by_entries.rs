//! Families of vectors that are defined by their entries: `z_{t,i} = \sum_j W_{ij} h_{t-1,j} + b_i`.

use crate::expr::{Shape, SymbolId};
use crate::lower::define::Pending;
use crate::lower::expression::strip;
use crate::lower::given::HeadName;
use crate::lower::names::{Part, base_name, script_items, undress};
use crate::lower::reader::Reader;
use crate::syntax::ast::{Formula, Kind, Node};

impl Reader<'_> {
    /// How many of the letters below a name that is being defined, counted from the last one, are components of the
    /// vectors on its right, where an index of a family is left before them or above.
    pub(super) fn trailing_components(
        &self,
        formula: &Formula,
        right: &Node,
        name: &HeadName,
        n_below: usize,
    ) -> Option<usize> {
        let below = name.letters.get(..n_below)?;
        let is_component = |letter: &&String| self.is_written_as_component(formula, right, &name.base, letter);
        let n = below.iter().rev().take_while(is_component).count();
        let is_family = n < n_below || matches!(name.sup, Part::Index(..));
        (n > 0 && is_family).then_some(n)
    }

    /// Whether a letter on the left of a definition that has no condition on it is only a component on the right.
    pub(super) fn is_written_as_component(&self, formula: &Formula, right: &Node, own: &str, letter: &str) -> bool {
        let is_condition = formula.conditions.iter().any(|condition| condition.mentions(letter));
        !is_condition && self.is_only_component(right, own, letter)
    }

    /// Whether a letter stands in the scripts of an expression only as a component of vectors and matrices, and in some;
    /// those of the name that is being defined, and of constants, say nothing.
    fn is_only_component(&self, right: &Node, own: &str, letter: &str) -> bool {
        let (mut is_one, mut open) = (false, vec![right]);
        while let Some(node) = open.pop() {
            open.extend(node.children());
            let Kind::Script { base, sub, sup, .. } = &node.kind else { continue };
            let names = base_name(base).filter(|base| base != own).map(|base| self.names.with_base(&base));
            let Some(names) = names.filter(|names| !names.is_empty()) else { continue };
            if sup.as_ref().is_some_and(|sup| undress(sup).1.mentions(letter)) {
                return false;
            }
            let items = sub.as_deref().map(script_items).unwrap_or_default();
            for (place, _) in items.iter().enumerate().filter(|(_, item)| item.mentions(letter)) {
                let is_entry = names.iter().any(|name| match name.sub {
                    Part::Absent => true,
                    Part::Index(_, n) => n <= place,
                    Part::Fixed(_) => false,
                });
                if !is_entry || !matches!(strip(items[place]).kind, Kind::Symbol(_)) {
                    return false;
                }
                is_one = true;
            }
        }
        is_one
    }

    /// Whether the right side of a definition does not tell which letters below the name are components: it holds none.
    pub(super) fn tells_no_components(formula: &Formula) -> bool {
        let Kind::Chain { first, rest } = &strip(&formula.body).kind else { return false };
        let Kind::Script { sub: Some(sub), sup, .. } = &strip(first).kind else { return false };
        let items = script_items(sub);
        let may_have = items.len() > 1 || sup.is_some();
        let letter = items.last().and_then(|item| base_name(item));
        may_have && letter.is_some_and(|letter| rest.iter().all(|(_, right)| !right.mentions(&letter)))
    }

    /// The shape of a member whose entry with these letters is `body`: each runs as far as what it stands in.
    pub(super) fn shape_by_entries(&mut self, components: &[SymbolId], body: crate::expr::Expr) -> Option<Shape> {
        let mut sizes = Vec::new();
        for &component in components {
            let letter = self.arena.symbol(component);
            sizes.push(self.declared_range(body, letter)?.1);
        }
        Shape::from_sizes(&sizes)
    }

    /// The letters of the entries of which a definition speaks.
    pub(super) fn letters_of_entries(&mut self, pending: &Pending<'_>) -> Vec<SymbolId> {
        pending.components().iter().map(|letter| self.letter(letter).0).collect()
    }
}

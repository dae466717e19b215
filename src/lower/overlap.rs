//! Members that two definitions say what they are.

use crate::expr::{Expr, Prop};
use crate::lower::reader::Reader;
use crate::model::{Argument, Definition};
use crate::rewrite::Domain;
use crate::source::Diagnostic;
use crate::syntax::ast::Formula;

impl Reader<'_> {
    /// Reports definitions of one family that certainly have a member in common: `h_1 = a` beside
    /// `h_t = w h_{t-1} \quad (t \ge 1)`. One member of a family without a condition may differ from the rest.
    pub(super) fn check_overlaps(&mut self, from: usize, formulas: &[Formula]) {
        for at in from..self.model.definitions.len() {
            let later = self.model.definitions[at].clone();
            let before = self.model.definitions[..at].iter().filter(|other| other.symbol == later.symbol);
            for earlier in before.cloned().collect::<Vec<_>>() {
                if self.certainly_overlap(&earlier, &later) || self.certainly_overlap(&later, &earlier) {
                    let [first, second] = [&earlier, &later].map(|own| self.written_head(own));
                    let (_, span) = self.place_of(&later, formulas);
                    let message = format!("`{first}` and `{second}` are defined apart, and have members in common");
                    let hint = "give the two definitions conditions that exclude each other, or other names";
                    self.diagnostics.push(Diagnostic::error("doubly-defined", span, message).with_hint(hint));
                }
            }
        }
    }

    fn written_head(&mut self, definition: &Definition) -> String {
        let at = definition.indices.iter().map(|own| self.value_of(own)).collect();
        let member = self.arena.member_of_shape(definition.symbol, at, definition.shape);
        crate::print::latex(self.arena, member)
    }

    /// Whether some member of `other` is one of `definition` as well, whatever the sizes and bounds are.
    fn certainly_overlap(&mut self, definition: &Definition, other: &Definition) -> bool {
        let is_exception = other.indices.iter().any(|own| own.letter().is_none());
        if is_exception && definition.range.is_empty() {
            return false;
        }
        let at: Vec<Expr> = other.indices.iter().map(|own| self.value_of(own)).collect();
        let Some(range) = definition.conditions(self.arena, &at) else { return false };
        let Some(mut common) = self.integers_where(range.iter().chain(&other.range)) else { return false };
        for letter in other.indices.iter().filter_map(Argument::letter) {
            common = common.project(self.arena.symbol(letter));
        }
        let mut known = Domain::all();
        for prop in self.model.assumptions.iter().flat_map(Prop::conjuncts).filter(|prop| self.bounds_integers(prop)) {
            // What is no bound on a difference is not needed.
            let _ = known.learn(self.arena, prop);
        }
        !common.is_empty() && common.constraints().iter().all(|form| known.implies_at_most_zero(form))
    }

    /// Where these conditions on integers hold; `None` where they say more than how far two of them lie apart.
    fn integers_where<'p>(&self, props: impl Iterator<Item = &'p Prop>) -> Option<Domain> {
        let mut domain = Domain::all();
        props.flat_map(Prop::conjuncts).try_for_each(|prop| domain.learn(self.arena, prop))?;
        Some(domain)
    }
}

//! Gates: values of bounded functions as numbers of which only the range is known.

use crate::expr::{Comparison, Expr, Substitution, SymbolKind};
use crate::proof::bounds::Prover;
use crate::proof::bounds::known::Known;
use crate::proof::bounds::rules::Asked;
use crate::proof::check::Reason;
use crate::proof::outcome::Method;

impl Prover<'_> {
    /// A polynomial in values of bounded functions: it holds for all numbers in their ranges.
    pub fn by_ranges_of_gates(&mut self, asked: Asked<'_>) -> bool {
        let mut map = Substitution::new();
        let (mut bounds, mut letters) = (Vec::new(), Vec::new());
        for part in self.arena.reachable(&[asked.left, asked.right]) {
            let Some((low, high)) = self.gate(part) else { continue };
            let letter = self.fresh(SymbolKind::Real);
            let ends = [low, high].map(|end| self.arena.integer(end));
            bounds.extend([(ends[0], letter), (letter, ends[1])]);
            map.insert(part, letter);
            letters.push((letter, part));
        }
        if map.is_empty() {
            return false;
        }
        let mut known = Known { facts: Vec::new(), ..asked.known.clone() };
        for &(how, left, right) in &asked.known.facts {
            let sides = self.arena.substitute_all(&[left, right], &map);
            known = known.with_fact(self.arena, how, sides[0], sides[1]);
        }
        for (low, high) in bounds {
            known = known.with_fact(self.arena, Comparison::Less, low, high);
        }
        let sides = self.arena.substitute_all(&[asked.left, asked.right], &map);
        self.methods.insert(Method::Rule);
        let mark = self.evidence.len();
        let found = self.compared(sides[0], sides[1], asked.goal, &known);
        if found {
            self.conclude(mark, asked.relation().prop(), Reason::Generalized(letters));
        }
        found
    }

    /// The open range of a call of a bounded function of one number.
    fn gate(&mut self, expr: Expr) -> Option<(i64, i64)> {
        let (f, _) = self.arena.elementary(expr)?;
        let ends = f.row().range.open_ends()?;
        (self.arena.shape(expr).is_scalar() && self.arena.is_closed(expr)).then_some(ends)
    }
}

//! Names with the indices of a family set into them.
//!
//! Each `\cdot` of a name takes the next index in its place; the other indices go below, after what stands
//! there already: `x_s` with t is `x_{s,t}`, `h^{(\cdot)}` with t is `h^{(t)}`.

use crate::print::name::{Name, Scripts};
use crate::print::{Fence, Level, Part, PartId, Sign, Tree};

impl Tree {
    /// A name with indices: those of a family, and after them groups of components.
    pub(super) fn named(&mut self, name: &Name, indices: &[PartId], components: &[PartId]) -> PartId {
        let mut left = indices;
        let (base, mut below, above, primes) = match name {
            Name::Scripts(scripts) => self.filled_scripts(scripts, &mut left),
            Name::Letter(_) | Name::Number(_) | Name::Word(_) | Name::Hole | Name::Styled(..) | Name::Row(_) => {
                (self.filled(name, &mut left), None, None, 0)
            }
        };
        let mut groups: Vec<PartId> = below.take().into_iter().collect();
        groups.extend(left);
        if !components.is_empty() {
            groups.push(self.run(components));
        }
        if !groups.is_empty() {
            below = Some(self.joined(&groups, Sign::Comma, Level::List));
        }
        if below.is_none() && above.is_none() && primes == 0 {
            return base;
        }
        self.add(Part::Scripts { base, below, above, primes })
    }

    /// Indices of an entry: letters without commas, anything else with.
    pub(super) fn run(&mut self, indices: &[PartId]) -> PartId {
        let letters = indices.iter().all(|&index| matches!(self.part(index), Part::Letter(_)));
        if letters { self.row(indices.to_vec(), Level::List) } else { self.joined(indices, Sign::Comma, Level::List) }
    }

    fn filled(&mut self, name: &Name, left: &mut &[PartId]) -> PartId {
        match name {
            Name::Letter(letter) => self.letter(letter),
            Name::Number(digits) => self.digits(digits.as_str()),
            Name::Word(word) => self.word(word),
            Name::Hole => match left.split_first() {
                Some((&index, rest)) => {
                    *left = rest;
                    index
                }
                None => self.letter(r"\cdot"),
            },
            Name::Styled(command, body) => {
                let body = self.filled(body, left);
                self.add(Part::Styled { command: command.as_str().into(), body })
            }
            Name::Row(items) => self.filled_row(items, left),
            Name::Scripts(scripts) => {
                let (base, below, above, primes) = self.filled_scripts(scripts, left);
                self.add(Part::Scripts { base, below, above, primes })
            }
        }
    }

    /// `(t)` and `[t]` become fences, commas signs.
    fn filled_row(&mut self, items: &[Name], left: &mut &[PartId]) -> PartId {
        let is = |name: &Name, mark: &str| matches!(name, Name::Letter(letter) if letter == mark);
        for (fence, opening, closing) in [(Fence::Round, "(", ")"), (Fence::Square, "[", "]")] {
            if let [first, inner @ .., last] = items
                && is(first, opening)
                && is(last, closing)
            {
                let body = self.filled_row(inner, left);
                return self.add(Part::Fenced { fence, body });
            }
        }
        let mut parts = Vec::with_capacity(items.len());
        for item in items {
            parts.push(if is(item, ",") { self.sign(Sign::Comma) } else { self.filled(item, left) });
        }
        self.row(parts, Level::Atom)
    }

    fn filled_scripts(
        &mut self,
        scripts: &Scripts,
        left: &mut &[PartId],
    ) -> (PartId, Option<PartId>, Option<PartId>, u8) {
        let base = self.filled(&scripts.base, left);
        let mut below = scripts.below.as_ref().filter(|_| scripts.below_first).map(|below| self.filled(below, left));
        let above = scripts.above.as_ref().map(|above| self.filled(above, left));
        if !scripts.below_first {
            below = scripts.below.as_ref().map(|below| self.filled(below, left));
        }
        (base, below, above, scripts.primes)
    }
}

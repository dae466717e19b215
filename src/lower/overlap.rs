//! Members that two definitions say what they are.

use crate::expr::{Comparison, Expr, Prop};
use crate::lower::bound::follows;
use crate::lower::reader::Reader;
use crate::model::{Argument, Definition};
use crate::number::Rational;
use crate::rewrite::Linear;
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
        let Some(gaps) = self.gaps(range.iter().chain(&other.range)) else { return false };
        let letters: Vec<Expr> =
            other.indices.iter().filter_map(Argument::letter).map(|letter| self.arena.symbol(letter)).collect();
        let Some(gaps) = letters.into_iter().try_fold(gaps, without) else { return false };
        let known = self.never_negative();
        gaps.iter().all(|gap| follows(gap, &known))
    }

    /// What must not be negative for these conditions on integers to hold; `None` where they say more than that.
    fn gaps<'p>(&self, props: impl Iterator<Item = &'p Prop>) -> Option<Vec<Linear>> {
        let mut gaps = Vec::new();
        let mut open: Vec<&Prop> = props.collect();
        while let Some(prop) = open.pop() {
            match prop {
                Prop::And(parts) => open.extend(parts),
                Prop::Compare(how, low, high) => {
                    let gap = Linear::read(self.arena, *high)?.minus(&Linear::read(self.arena, *low)?);
                    match how {
                        Comparison::LessEqual => gaps.push(gap),
                        Comparison::Less => gaps.push(gap.minus(&Linear::integer(1))),
                        Comparison::Equal => gaps.extend([Linear::integer(0).minus(&gap), gap]),
                        Comparison::NotEqual | Comparison::Approximately => return None,
                    }
                }
                Prop::Integer(_)
                | Prop::Or(_)
                | Prop::Not(_)
                | Prop::Implies(..)
                | Prop::Iff(..)
                | Prop::ForAll(..)
                | Prop::Proportional { .. } => return None,
            }
        }
        Some(gaps)
    }
}

/// What must not be negative for some integer `letter` to make none of `gaps` negative; `None` where the letter does not
/// stand alone in one of them.
fn without(gaps: Vec<Linear>, letter: Expr) -> Option<Vec<Linear>> {
    let one = Rational::from(1);
    let (mut lower, mut upper, mut rest) = (Vec::new(), Vec::new(), Vec::new());
    for gap in gaps {
        match gap.parts.get(&letter) {
            None => rest.push(gap),
            Some(times) if *times == one => lower.push(gap),
            Some(times) if *times == -one.clone() => upper.push(gap),
            Some(_) => return None,
        }
    }
    rest.extend(lower.iter().flat_map(|low| upper.iter().map(|high| low.plus(high, &one)).collect::<Vec<_>>()));
    Some(rest)
}

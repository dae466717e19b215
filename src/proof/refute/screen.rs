//! The screen: whether a claim that resembles a refuted one can be true, as far as a few points tell.

use crate::calculus::Structure;
use crate::expr::{Arena, Comparison, Prop, SymbolId};
use crate::model::Model;
use crate::number::Rational;
use crate::numeric::{Assignment, Floats, Givens};
use crate::proof::refute::bench::Bench;
use crate::proof::refute::limits::{FAR, Limits, fresh, speaks_of_limits};
use crate::proof::refute::starts::Starts;
use crate::proof::refute::truth::{FIRST_BITS, Question, Truth};
use crate::proof::subject::Subject;

/// The points at which a claim failed, and others like them.
pub(in crate::proof) struct Screen {
    starts: Starts,
    points: Vec<Assignment>,
    most: u64,
    /// Everything that the refuted claim leads to, sizes apart.
    pub reads: Vec<SymbolId>,
}

/// What the points tell of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::proof) enum Sight {
    /// It fails at one of them.
    Fails,
    /// It is an equation of two sides that vanish at all of them: it says nothing.
    Vanishes,
    /// It is defined at none of them, or its conditions hold at none.
    Silent,
    /// It holds at some of them, as far as can be told.
    Holds,
}

impl Screen {
    /// A screen for claims like `claim`, which failed at the first of the points.
    pub(in crate::proof) fn new(
        arena: &mut Arena,
        model: &Model,
        structure: &Structure,
        (claim, conditions): (&Prop, &[Prop]),
        points: &[Assignment],
        most: u64,
    ) -> Screen {
        let subject = Subject::new(arena, model, structure, claim, conditions);
        let reads = subject.reads.into_iter().filter(|symbol| !subject.sizes.contains(symbol)).collect();
        Screen { starts: Starts::new(arena, model, structure), points: points.to_vec(), most, reads }
    }

    /// Adds points at which another claim like it failed.
    pub(in crate::proof) fn note(&mut self, points: Vec<Assignment>) {
        self.points.extend(points);
    }

    /// Looks at a claim.
    pub(in crate::proof) fn look(
        &self,
        arena: &mut Arena,
        model: &Model,
        structure: &Structure,
        (claim, conditions): (&Prop, &[Prop]),
        tolerance: Option<&Rational>,
    ) -> Sight {
        let conditional = Prop::Implies(Box::new(Prop::And(conditions.to_vec())), Box::new(claim.clone()));
        let whole = if conditions.is_empty() { claim } else { &conditional };
        let limits = speaks_of_limits(arena, whole).then(|| {
            let variable = fresh(arena);
            Limits::new(arena, model, structure, whole, variable)
        });
        let bench = Bench::new(arena, model, &self.starts, self.most);
        // Limits are enclosed, and do not come out: what is not refuted by them stands.
        let mut holds = self.points.is_empty() || limits.is_some();
        for point in &self.points {
            let last = point.integers.values().copied().max().unwrap_or(1).max(if limits.is_some() { FAR } else { 3 });
            let question = Question {
                bench: &bench,
                tolerance,
                window: (-1, last + 1),
                limits: limits.as_ref(),
                bits: FIRST_BITS,
            };
            match question.decide(&mut point.clone(), whole, &mut Givens::new()).truth {
                Truth::False => return Sight::Fails,
                Truth::True | Truth::Agrees | Truth::Unknown => holds = true,
                Truth::Vacuous | Truth::Undefined => {}
            }
        }
        match holds {
            true if self.vanishes(&bench, claim) => Sight::Vanishes,
            true => Sight::Holds,
            false => Sight::Silent,
        }
    }

    /// Whether both sides of an equation are zero wherever they are defined.
    fn vanishes(&self, bench: &Bench<'_>, claim: &Prop) -> bool {
        let Prop::Compare(Comparison::Equal, left, right) = claim else { return false };
        if bench.arena.is_zero(*left) || bench.arena.is_zero(*right) {
            return false;
        }
        let sides = self.points.iter().skip(1).filter_map(|point| {
            let values = bench.values(point, &Floats, &[*left, *right], &mut Givens::new());
            match &values[..] {
                [Ok(left), Ok(right)] => Some(left.entries().iter().chain(right.entries()).all(|entry| *entry == 0.0)),
                _ => None,
            }
        });
        let sides: Vec<bool> = sides.collect();
        !sides.is_empty() && sides.into_iter().all(|is_zero| is_zero)
    }
}

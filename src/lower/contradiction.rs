//! Assumptions that cannot hold together, as far as bounds on linear expressions tell.

use crate::expr::{Comparison, Elementary, Expr, Function, Node as Meaning, Prop};
use crate::lower::reader::Reader;
use crate::number::Rational;
use crate::rewrite::Linear;
use crate::source::Span;

/// A linear expression that is never negative, or never below 0 and never 0.
struct Bound {
    value: Linear,
    is_strict: bool,
}

impl Reader<'_> {
    /// Reports an assumption that contradicts those before it: two bounds whose sum is a negative number.
    pub(super) fn check_assumption(&mut self, prop: &Prop, span: Span) {
        let mut own = Vec::new();
        self.bounds_in(prop, &mut own);
        let mut all = Vec::new();
        self.model.assumptions.iter().for_each(|known| self.bounds_in(known, &mut all));
        let contradict = |a: &Bound, b: &Bound| {
            let sum = a.value.plus(&b.value, &Rational::from(1));
            let zero = Rational::from(0);
            sum.is_constant() && (sum.constant < zero || sum.constant == zero && (a.is_strict || b.is_strict))
        };
        let is_impossible = |bound: &Bound| contradict(bound, &Bound { value: Linear::default(), is_strict: false });
        let has_contradiction = own.iter().enumerate().any(|(at, bound)| {
            is_impossible(bound) || all.iter().chain(&own[..at]).any(|other| contradict(bound, other))
        });
        if has_contradiction {
            let message = "this cannot hold together with what is assumed before it".to_owned();
            let hint = "nothing can be claimed where no values are left: remove one of the two assumptions";
            let _ = self.fail::<()>("contradictory-assumptions", span, message, hint);
        }
    }

    fn bounds_in(&self, prop: &Prop, bounds: &mut Vec<Bound>) {
        match prop {
            Prop::And(parts) => parts.iter().for_each(|part| self.bounds_in(part, bounds)),
            Prop::Compare(how, a, b) => {
                let is_strict = *how == Comparison::Less;
                match how {
                    Comparison::Less | Comparison::LessEqual => {
                        for low in self.signed(*a) {
                            bounds.extend(self.gap(&low, *b).map(|value| Bound { value, is_strict }));
                        }
                    }
                    Comparison::Equal => {
                        let both = Linear::read(self.arena, *a).zip(Linear::read(self.arena, *b));
                        if let Some((a, b)) = both {
                            bounds.push(Bound { value: b.minus(&a), is_strict });
                            bounds.push(Bound { value: a.minus(&b), is_strict });
                        }
                    }
                    Comparison::NotEqual | Comparison::Approximately => {}
                }
            }
            Prop::Integer(_)
            | Prop::Or(_)
            | Prop::Not(_)
            | Prop::Implies(..)
            | Prop::Iff(..)
            | Prop::ForAll(..)
            | Prop::Proportional { .. } => {}
        }
    }

    /// An expression, or both signs of what stands between bars.
    fn signed(&self, expr: Expr) -> Vec<Linear> {
        match self.arena.node(expr) {
            Meaning::Call { function: Function::Elementary(Elementary::Abs), args, .. } => {
                let inner = Linear::read(self.arena, args[0]);
                inner.into_iter().flat_map(|inner| [Linear::default().minus(&inner), inner]).collect()
            }
            _ => Linear::read(self.arena, expr).into_iter().collect(),
        }
    }

    fn gap(&self, low: &Linear, high: Expr) -> Option<Linear> {
        Some(Linear::read(self.arena, high)?.minus(low))
    }
}

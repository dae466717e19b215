//! What statements say of linear expressions: which of them are never negative.

use crate::expr::{Comparison, Elementary, Expr, Function, Node as Meaning, Prop, SymbolKind};
use crate::lower::reader::Reader;
use crate::number::Rational;
use crate::rewrite::Linear;

/// A linear expression that is never negative where a statement holds, or positive where it is strict.
pub(super) struct Bound {
    pub(super) value: Linear,
    pub(super) is_strict: bool,
}

impl Reader<'_> {
    /// The bounds that hold where all of some statements hold. What is not linear, or holds of some values only, says
    /// nothing.
    pub(super) fn bounds_of<'p>(&self, props: impl IntoIterator<Item = &'p Prop>) -> Vec<Bound> {
        let mut bounds = Vec::new();
        for (how, a, b) in props.into_iter().flat_map(Prop::conjuncts).filter_map(Prop::comparison) {
            self.bounds_of_comparison(how, a, b, &mut bounds);
        }
        bounds
    }

    fn bounds_of_comparison(&self, how: Comparison, a: Expr, b: Expr, bounds: &mut Vec<Bound>) {
        match how {
            Comparison::Less | Comparison::LessEqual => {
                let Some(high) = Linear::read(self.arena, b) else { return };
                let is_strict = how == Comparison::Less;
                bounds.extend(self.signed(a).iter().map(|low| Bound { value: high.minus(low), is_strict }));
            }
            Comparison::Equal => {
                let both = Linear::read(self.arena, a).zip(Linear::read(self.arena, b));
                if let Some((a, b)) = both {
                    bounds.push(Bound { value: b.minus(&a), is_strict: false });
                    bounds.push(Bound { value: a.minus(&b), is_strict: false });
                }
            }
            Comparison::NotEqual | Comparison::Approximately => {}
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

    /// Linear expressions that are never negative where the claim is made; of whole numbers, 1 less where they are
    /// positive.
    pub(super) fn never_negative(&self) -> Vec<Linear> {
        let one_less = |bound: Bound| match bound.is_strict && self.is_integer_gap(&bound.value) {
            true => bound.value.minus(&Linear::integer(1)),
            false => bound.value,
        };
        self.bounds_of(self.known.iter().chain(&self.model.assumptions)).into_iter().map(one_less).collect()
    }

    /// Whether a gap is an integer.
    fn is_integer_gap(&self, gap: &Linear) -> bool {
        let is_integer = |part: &Expr| match self.arena.node(*part) {
            Meaning::Symbol { symbol, .. } => self.arena.kind(*symbol) == SymbolKind::Integer,
            _ => false,
        };
        gap.constant.is_int() && gap.parts.iter().all(|(part, times)| times.is_int() && is_integer(part))
    }
}

/// Whether `value` is never negative: it exceeds the sum of at most two known bounds by a number.
pub(super) fn follows(value: &Linear, known: &[Linear]) -> bool {
    let exceeds = |rest: &Linear| rest.is_constant() && rest.constant >= Rational::from(0);
    exceeds(value)
        || known.iter().enumerate().any(|(at, first)| {
            let rest = value.minus(first);
            exceeds(&rest) || known[at..].iter().any(|second| exceeds(&rest.minus(second)))
        })
}

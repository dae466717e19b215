//! Assumptions that cannot hold together, as far as bounds on linear expressions tell.

use crate::expr::Prop;
use crate::lower::bound::Bound;
use crate::lower::reader::Reader;
use crate::number::Rational;
use crate::rewrite::Linear;
use crate::source::Span;

impl Reader<'_> {
    /// Reports an assumption that contradicts those before it: two bounds whose sum is a negative number.
    pub(super) fn check_assumption(&mut self, prop: &Prop, span: Span) {
        let (own, all) = (self.bounds_of([prop]), self.bounds_of(&self.model.assumptions));
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
}

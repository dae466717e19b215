//! Terms that were cut apart at the diagonal, made whole again.
//!
//! Where `(A - I) (B - I)` is multiplied out, `A_{ij}` may be met above, below and on the diagonal apart, there as `A_{ii}`.
//! As a word it is one matrix, less what it has on the diagonal, which is then what the diagonal holds or not.

use crate::expr::Expr;
use crate::number::Rational;
use crate::rewrite::domain::Domain;
use crate::rewrite::form::Normalizer;
use crate::rewrite::linear::Linear;
use crate::rewrite::term::{Form, Term};

/// The form with terms that stand above and below the diagonal of two free indices as terms that stand everywhere;
/// `None` where something stands on one side only.
pub(super) fn made_whole(
    normalizer: &mut Normalizer<'_>,
    form: &Form,
    ends: &[Expr],
    context: &Domain,
) -> Option<Form> {
    let &[row, column] = ends else { return Some(form.clone()) };
    let (above, below) = (apart(context, row, column)?, apart(context, column, row)?);
    let mut whole = Vec::new();
    let (mut upper, mut lower, mut diagonal) = (Vec::new(), Vec::new(), Vec::new());
    for term in &form.terms {
        let guard = guard(term);
        if context.without(&guard).is_empty() {
            whole.push(term.clone());
        } else if guard.implies_zero(&Linear::letter(row).minus(&Linear::letter(column))) {
            diagonal.push(term.clone());
        } else if covers(&guard, &above, row, column) {
            upper.push(term.clone());
        } else if covers(&guard, &below, column, row) {
            lower.push(term.clone());
        } else {
            return None;
        }
    }
    if upper.is_empty() && lower.is_empty() {
        return Some(form.clone());
    }
    for term in upper {
        let is_same = |other: &Term| {
            other.coefficient == term.coefficient && other.factors == term.factors && other.letters == term.letters
        };
        lower.remove(lower.iter().position(is_same)?);
        let everywhere = Term { domain: everywhere(&term, context)?, ..term };
        let mut on_diagonal = Term { coefficient: -everywhere.coefficient.clone(), ..everywhere.clone() };
        on_diagonal.domain.require_zero(&Linear::letter(row).minus(&Linear::letter(column)))?;
        whole.push(everywhere);
        diagonal.push(on_diagonal);
    }
    if !lower.is_empty() {
        return None;
    }
    whole.extend(normalizer.combine(Form { terms: diagonal }).ok()?.terms);
    Some(Form { terms: whole })
}

/// Where one index is less than the other.
fn apart(context: &Domain, less: Expr, more: Expr) -> Option<Domain> {
    let mut apart = context.clone();
    let gap = Linear::letter(less).minus(&Linear::letter(more)).plus(&Linear::integer(1), &Rational::ONE);
    apart.require_at_most_zero(&gap)?;
    Some(apart)
}

/// Whether a guard says no more and no less than that one index is less than the other.
fn covers(guard: &Domain, side: &Domain, less: Expr, more: Expr) -> bool {
    let gap = Linear::letter(less).minus(&Linear::letter(more)).plus(&Linear::integer(1), &Rational::ONE);
    side.without(guard).is_empty() && guard.implies_at_most_zero(&gap)
}

/// For which free letters a term is there at all.
fn guard(term: &Term) -> Domain {
    term.letters.iter().fold(term.domain.clone(), |domain, &letter| domain.project(letter))
}

/// Where a term stands if its guard is lifted: all summed letters in their ranges.
fn everywhere(term: &Term, context: &Domain) -> Option<Domain> {
    let mut domain = context.clone();
    for &letter in &term.letters {
        let (lows, highs) = term.domain.range_of(letter);
        let ([low], [high]) = (&lows[..], &highs[..]) else { return None };
        domain.require_at_most_zero(&low.minus(&Linear::letter(letter)))?;
        domain.require_at_most_zero(&Linear::letter(letter).minus(high))?;
    }
    Some(domain)
}

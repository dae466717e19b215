//! Claims on limits, and on bounds over all real numbers: they are decided by claims without them.
//!
//! `sup body = c` fails where the body exceeds c at a point, and where a smaller bound is proved. A limit is enclosed at
//! points by `limits`. That such a claim speaks of something is seen from the bodies alone.

use crate::expr::{Arena, Comparison, Expr, Extremum, Node, Prop, Substitution};
use crate::model::Model;
use crate::number::Rational;
use crate::number::rational::{display, from_f64, simplest_between};
use crate::numeric::{Assignment, Enclosures, Rationals, evaluate};
use crate::proof::bounds::Found;
use crate::proof::context::Context;
use crate::proof::refute::limits::{Limits, fresh, speaks_of_limits};
use crate::proof::refute::{LIMIT, Pace, Search, Sought, hunted, instances, pace_of, show};
use crate::proof::{Counterexample, bounds, reached};

/// Looks for a counterexample to a claim that speaks of limits or of bounds over the real line.
pub(super) fn search(arena: &mut Arena, sought: Sought<'_>) -> Search {
    let claim = sought.claim;
    let variable = fresh(arena);
    let mut ground = Ground { arena, sought, variable };
    let defined = ground.definedness(claim);
    let own = ground.hunted(&defined, None, pace_of(&defined));
    let mut search = Search { blind: own.blind, witness: own.witness, ..Search::default() };
    if let Prop::Compare(how, left, right) = claim {
        search.counterexample = ground.extremum(*how, *left, *right);
    }
    if search.counterexample.is_none()
        && let Some((counterexample, points)) = ground.limit(claim)
    {
        (search.counterexample, search.points) = (Some(counterexample), points);
    }
    if search.counterexample.is_none() && search.witness {
        search.counterexample = ground.other_limit(claim).or_else(|| ground.instance(claim));
    }
    search
}

struct Ground<'a> {
    arena: &'a mut Arena,
    /// The claim, with all that belongs to it.
    sought: Sought<'a>,
    /// What runs over the real line.
    variable: Expr,
}

impl Ground<'_> {
    /// The search for a point at which another statement fails under the same conditions, and the one that it found.
    fn hunted(&mut self, claim: &Prop, limits: Option<&Limits>, pace: Pace) -> Search {
        let sought = Sought { claim, ..self.sought };
        let (mut search, found, subject) = hunted(self.arena, sought, limits, pace);
        search.points = found.as_ref().map(|found| found.points.clone()).unwrap_or_default();
        search.counterexample = found.map(|found| show::counterexample(self.arena, self.sought.model, &subject, found));
        search
    }

    /// Values of the givens for which a limit in the claim is proved to be what the claim does not allow.
    fn instance(&mut self, claim: &Prop) -> Option<Counterexample> {
        instances::directions(self.arena, claim).into_iter().find_map(|direction| {
            let defined = self.definedness(&direction.equation);
            instances::fails(self.arena, self.sought, &direction, &defined)
        })
    }

    /// A statement that holds wherever the bodies of all limits and bounds are defined, under the premise of the claim.
    fn definedness(&mut self, claim: &Prop) -> Prop {
        if let Prop::Implies(premise, conclusion) = claim
            && !speaks_of_limits(self.arena, premise)
        {
            return Prop::Implies(premise.clone(), Box::new(self.definedness(conclusion)));
        }
        let mut parts = Vec::new();
        for side in claim.expressions() {
            let mut map = Substitution::new();
            for part in self.arena.reachable(&[side]) {
                let integer = match self.arena.node(part) {
                    Node::Limit { integer, .. } => *integer,
                    Node::Extremum { range: None, .. } => false,
                    _ => continue,
                };
                let value = if integer { self.arena.integer(3) } else { self.variable };
                if let Some(body) = self.arena.instantiate(part, value) {
                    map.insert(part, body);
                }
            }
            let opened = self.arena.substitute(side, &map);
            let infinite =
                self.arena.reachable(&[opened]).into_iter().any(|part| matches!(self.arena.node(part), Node::Infinity));
            if !infinite {
                parts.push(Prop::equal(opened, opened));
            }
        }
        Prop::And(parts)
    }

    /// A counterexample by limits that are enclosed.
    fn limit(&mut self, claim: &Prop) -> Option<(Counterexample, Vec<Assignment>)> {
        let limits = Limits::new(self.arena, self.sought.model, self.sought.structure, claim, self.variable);
        if limits.is_empty() {
            return None;
        }
        let found = self.hunted(claim, Some(&limits), LIMIT);
        found.counterexample.zip(Some(found.points))
    }

    /// A limit that is proved to be another one than is said, where no given stands in it.
    fn other_limit(&mut self, claim: &Prop) -> Option<Counterexample> {
        let Prop::Compare(Comparison::Equal, left, right) = *claim else { return None };
        let on_left = matches!(self.arena.node(left), Node::Limit { .. });
        let (limit, other) = if on_left { (left, right) } else { (right, left) };
        let context = Context::new(
            self.arena,
            self.sought.model,
            self.sought.structure,
            self.sought.conditions,
            &claim.expressions(),
        );
        let found = bounds::limit(self.arena, self.sought.model, self.sought.structure, &context, limit)?;
        let claimed = end_of(self.arena, self.sought.model, other)?;
        let apart = found.differs(&claimed);
        let (found, claimed) = (written(&found), written(&claimed));
        let (left, right) = if on_left { (found, claimed) } else { (claimed, found) };
        apart.then(|| Counterexample { assignment: Vec::new(), left, right })
    }

    /// A counterexample to a comparison of a supremum or an infimum over the real line with something else.
    fn extremum(&mut self, how: Comparison, left: Expr, right: Expr) -> Option<Counterexample> {
        if matches!(how, Comparison::NotEqual | Comparison::Approximately) {
            return None;
        }
        let (which, body, other, on_left) = match (self.opened(left), self.opened(right)) {
            (Some((which, body)), None) => (which, body, right, true),
            (None, Some((which, body))) => (which, body, left, false),
            (Some(_), Some(_)) | (None, None) => return None,
        };
        // What the claim says: the extremum is at most the other side, or at least.
        let at_most = how == Comparison::Equal || on_left;
        let at_least = how == Comparison::Equal || !on_left;
        let above = match which {
            Extremum::Supremum => at_most,
            Extremum::Infimum => at_least,
        };
        let strict = if how == Comparison::Less { how } else { Comparison::LessEqual };
        let beyond = match (above, which) {
            (true, Extremum::Supremum) => self.point_beyond(Prop::Compare(strict, body, other)),
            (true, Extremum::Infimum) => self.point_beyond(Prop::Compare(strict, other, body)),
            (false, _) => None,
        };
        let mut found = match beyond {
            Some(found) => found,
            None if how == Comparison::Equal || !above => self.proved_apart(which, body, other)?,
            None => return None,
        };
        // The value of the body, and the side that it is compared with, in the order of the claim.
        let reversed = match which {
            Extremum::Supremum => !on_left,
            Extremum::Infimum => on_left,
        };
        if reversed {
            std::mem::swap(&mut found.left, &mut found.right);
        }
        Some(found)
    }

    fn opened(&mut self, expr: Expr) -> Option<(Extremum, Expr)> {
        let Node::Extremum { which, range: None, .. } = *self.arena.node(expr) else { return None };
        Some((which, self.arena.instantiate(expr, self.variable)?))
    }

    /// A point at which the body lies beyond the other side.
    fn point_beyond(&mut self, bound: Prop) -> Option<Counterexample> {
        self.hunted(&bound, None, pace_of(&bound)).counterexample
    }

    /// A bound on the body that is proved, and that keeps it away from the other side.
    fn proved_apart(&mut self, which: Extremum, body: Expr, other: Expr) -> Option<Counterexample> {
        let claimed = evaluate(self.arena, self.sought.model, &Assignment::default(), &Rationals, other).ok()?;
        let claimed = claimed.as_scalar()?.clone();
        let reached = self.reached(which, body)?;
        let bounds = match which {
            Extremum::Supremum => (reached.clone(), &claimed - (&claimed - &reached) / Rational::from(64)),
            Extremum::Infimum => (&claimed + (&reached - &claimed) / Rational::from(64), reached.clone()),
        };
        let bound = simplest_between(&bounds.0, &bounds.1)?;
        let number = self.arena.number(bound.clone());
        let prop = match which {
            Extremum::Supremum => Prop::at_most(body, number),
            Extremum::Infimum => Prop::at_most(number, body),
        };
        let context = Context::new(
            self.arena,
            self.sought.model,
            self.sought.structure,
            self.sought.conditions,
            &prop.expressions(),
        );
        bounds::prove(self.arena, self.sought.model, self.sought.structure, &context, &prop)?;
        let (text, claimed) = (display(&bound), display(&claimed));
        Some(match which {
            Extremum::Supremum => {
                Counterexample { assignment: Vec::new(), left: format!("at most {text}"), right: claimed }
            }
            Extremum::Infimum => {
                Counterexample { assignment: Vec::new(), left: claimed, right: format!("at least {text}") }
            }
        })
    }

    /// A number that the body seems not to pass, a little beyond what floats reach.
    fn reached(&mut self, which: Extremum, body: Expr) -> Option<Rational> {
        let Node::Symbol { symbol, .. } = *self.arena.node(self.variable) else { return None };
        let best = reached::on_grid(self.arena, self.sought.model, which, symbol, body);
        let slack = match which {
            Extremum::Supremum => 1e-3,
            Extremum::Infimum => -1e-3,
        };
        best.and_then(|best| from_f64(best + slack * best.abs().max(1e-3)))
    }
}

/// A side that is infinite, or a number without givens.
fn end_of(arena: &mut Arena, model: &Model, side: Expr) -> Option<Found> {
    let infinity = arena.infinity();
    if side == infinity {
        return Some(Found::Infinite { negative: false });
    }
    if side == arena.negate(infinity) {
        return Some(Found::Infinite { negative: true });
    }
    let value = evaluate(arena, model, &Assignment::default(), &Enclosures { bits: 96 }, side).ok()?;
    let value = value.as_scalar()?.clone();
    let exact = value.low().filter(|_| value.is_point());
    Some(Found::Number(value, exact))
}

/// A limit in words.
pub(super) fn written(limit: &Found) -> String {
    match limit {
        Found::Number(_, Some(exact)) => display(exact),
        Found::Number(within, None) => format!("{:.6}", within.to_f64_pair().0),
        Found::Infinite { negative: false } => "inf".to_owned(),
        Found::Infinite { negative: true } => "-inf".to_owned(),
        Found::Unbounded | Found::Nowhere => "none".to_owned(),
    }
}

//! Jensen's inequality for functions that are convex or concave where their arguments lie.
//!
//! Source: Steele (2004), The Cauchy–Schwarz Master Class, ch. 6.

use crate::expr::{Bend, Comparison, Elementary, Expr, Prop};
use crate::number::range;
use crate::proof::check::extent::extent;
use crate::proof::check::hypotheses::Hypotheses;
use crate::proof::check::replay::{Needed, Objection, Replay, Sequent, Step, ensure};

/// Values of a function, each with its factor.
type Values = [(Expr, Expr)];

impl Replay<'_> {
    /// `c f(a) <= Σ c_i f(a_i)` for a convex f from `0 <= c_i`, where `c = Σ c_i` and `c a = Σ c_i a_i`; for a concave one
    /// the other way round.
    pub(super) fn jensen<'m>(
        &mut self,
        step: Step<'_, 'm>,
        function: Elementary,
        mean: (Expr, Expr),
        values: &Values,
    ) -> Needed<'m> {
        let (own, hypotheses) = (step.own()?, step.hypotheses);
        ensure(own.how == Comparison::LessEqual, "no relation of order")?;
        let zero = self.arena.zero();
        let args: Vec<Expr> = values.iter().map(|&(_, arg)| arg).chain([mean.1]).collect();
        let (low, high) = match self.bend_at(function, &args, hypotheses)? {
            Bend::Up => (self.total(&[mean], function), self.total(values, function)),
            Bend::Down | Bend::DownFromZero => (self.total(values, function), self.total(&[mean], function)),
        };
        let moment = |replay: &mut Self, values: &Values| {
            let terms: Vec<Expr> = values.iter().map(|&(weight, arg)| replay.arena.product([weight, arg])).collect();
            replay.arena.sum(terms)
        };
        let whole = self.arena.sum(values.iter().map(|&(weight, _)| weight).collect::<Vec<_>>());
        let (own_moment, moment) = (moment(self, &[mean]), moment(self, values));
        for (one, other) in [(own.left, low), (own.right, high), (mean.0, whole), (own_moment, moment)] {
            self.identity((zero, one), (zero, other), hypotheses)?;
        }
        let used: Vec<Expr> = values.iter().flat_map(|&(weight, arg)| [weight, arg]).chain([mean.0, mean.1]).collect();
        self.has_value_beside(&used, &[own.left, own.right], hypotheses)?;
        let weights = values.iter().map(|&(weight, _)| Prop::at_most(zero, weight));
        Ok(weights.map(|weight| Sequent { conclusion: weight, under: None }).collect())
    }

    /// How a function bends where some arguments lie.
    fn bend_at(&mut self, f: Elementary, args: &[Expr], hypotheses: &Hypotheses<'_>) -> Result<Bend, Objection> {
        let bend = f.row().bend.ok_or(Objection::Wrong("the function bends both ways"))?;
        if bend != Bend::DownFromZero {
            return Ok(bend);
        }
        let ranges: Vec<_> = args.iter().map(|&arg| extent(self.arena, hypotheses, arg)).collect();
        if ranges.iter().all(range::is_non_negative) {
            Ok(Bend::Down)
        } else if ranges.iter().all(|own| range::is_non_negative(&range::negation(own))) {
            Ok(Bend::Up)
        } else {
            Err(Objection::Unreplayed("the range of an unknown"))
        }
    }

    /// The sum of values with their factors.
    fn total(&mut self, values: &Values, function: Elementary) -> Expr {
        let mut terms = Vec::new();
        for &(weight, arg) in values {
            let value = self.arena.apply(function, arg);
            terms.push(self.arena.product([weight, value]));
        }
        self.arena.sum(terms)
    }
}

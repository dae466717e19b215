//! Whether two expressions are one function: at random points, part by part, or at all cases that decide it.

use crate::expr::{Arena, Comparison, Expr, Node, Prop};
use crate::proof::cases;
use crate::proof::check::evidence::Relation;
use crate::proof::check::hypotheses::{Hypotheses, call};
use crate::proof::check::replay::{Checked, Needed, Objection, Replay, Step, ensure};
use crate::proof::subject::Subject;

impl Replay<'_> {
    /// One function on both sides, which are neither apart nor below.
    pub(super) fn same<'m>(&mut self, step: Step<'_, 'm>) -> Needed<'m> {
        let Relation { how, left, right } = step.own()?;
        ensure(matches!(how, Comparison::Equal | Comparison::LessEqual), "equal sides are neither apart nor below")?;
        self.equal(left, right, step.hypotheses).map(|()| Vec::new())
    }

    /// Whether two numbers, vectors or matrices are equal.
    pub(super) fn equal(&mut self, one: Expr, other: Expr, hypotheses: &Hypotheses<'_>) -> Checked {
        let zero = self.arena.zero();
        if one == other {
            return Ok(());
        }
        let objection = match self.identity((zero, one), (zero, other), hypotheses) {
            Ok(()) => return Ok(()),
            Err(objection) => objection,
        };
        let are_equal = match alike(self.arena, one, other) {
            Some((one, other)) => self.equal(one, other, hypotheses).is_ok(),
            None => self.jacobian(one, other, hypotheses).is_ok() || self.at_all_cases(one, other, hypotheses),
        };
        if are_equal { Ok(()) } else { Err(objection) }
    }

    /// By the checker of equalities.
    fn at_all_cases(&mut self, one: Expr, other: Expr, hypotheses: &Hypotheses<'_>) -> bool {
        let claim = Prop::equal(one, other);
        let conditions = hypotheses.for_equalities(self.arena);
        let existence = hypotheses.existence(self.arena, &[one, other]);
        let subject = Subject::where_exist(self.arena, hypotheses.model, (&claim, &conditions), existence);
        cases::equality(self.arena, hypotheses.model, &subject, one, other).is_ok()
    }

    /// The sides are the premise's sides, by definitions and derivatives.
    pub(super) fn worked_out<'m>(&mut self, step: Step<'_, 'm>) -> Needed<'m> {
        let (own, other) = self.compared_alike(step)?;
        for (written, worked) in [(own.left, other.left), (own.right, other.right)] {
            let same = self.are_one(written, worked, step.hypotheses);
            same.map_err(|_| Objection::Unreplayed("derivatives and definitions worked out"))?;
        }
        // Of binders, what stands under them was looked at.
        let is_binder = |side: &Expr| matches!(self.arena.node(*side), Node::Limit { .. } | Node::Extremum { .. });
        let sides: Vec<Expr> = [other.left, other.right].into_iter().filter(|side| !is_binder(side)).collect();
        self.are_defined(step.conclusion, &sides, step.hypotheses)?;
        step.here()
    }
}

/// The arguments of two calls of one function.
fn alike(arena: &Arena, one: Expr, other: Expr) -> Option<(Expr, Expr)> {
    match (arena.node(one), arena.node(other)) {
        (Node::Tensor { op: f, args: a }, Node::Tensor { op: g, args: b }) if f == g => Some((a[0], b[0])),
        _ => {
            let ((f, a), (g, b)) = call(arena, one).zip(call(arena, other))?;
            (f == g).then_some((a, b))
        }
    }
}

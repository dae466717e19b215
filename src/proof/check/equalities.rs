//! Whether two expressions are one function: at random points, part by part, or at all cases that decide it.

use crate::expr::{Arena, Comparison, Elementary, Expr, Node, Prop};
use crate::proof::cases;
use crate::proof::check::evidence::{Evidence, Relation};
use crate::proof::check::hypotheses::{Hypotheses, call};
use crate::proof::check::replay::{Checked, Objection, Replay, ensure, relation_of};
use crate::proof::subject::Subject;

impl Replay<'_> {
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
        let conditions = hypotheses.on_integers(self.arena);
        let existence = hypotheses.existence(self.arena, &[one, other]);
        let subject = Subject::where_exist(self.arena, hypotheses.model, (&claim, &conditions), existence);
        cases::equality(self.arena, hypotheses.model, &subject, one, other).is_ok()
    }

    /// The sides are the premise's sides, by definitions and derivatives.
    pub(super) fn worked_out(
        &mut self,
        conclusion: &Prop,
        premises: &[Evidence],
        hypotheses: &Hypotheses<'_>,
    ) -> Checked {
        let (own, other) = self.compared_alike(conclusion, premises, hypotheses)?;
        for (written, worked) in [(own.left, other.left), (own.right, other.right)] {
            let same = self.are_one(written, worked, hypotheses);
            same.map_err(|_| Objection::Unreplayed("derivatives and definitions worked out"))?;
        }
        Ok(())
    }

    /// `a <= d` from `a <= b`, `b <= c`, `c <= d`; less where one of them is less. What bounds `|a|` bounds a.
    pub(super) fn through(&mut self, conclusion: &Prop, premises: &[Evidence], hypotheses: &Hypotheses<'_>) -> Checked {
        let own = relation_of(conclusion).ok_or(Objection::Wrong("no relation"))?;
        let steps: Option<Vec<Relation>> = premises.iter().map(|premise| relation_of(&premise.conclusion)).collect();
        let steps = steps.filter(|steps| !steps.is_empty()).ok_or(Objection::Wrong("no steps"))?;
        let is_order = |how| matches!(how, Comparison::Less | Comparison::LessEqual);
        ensure(steps.iter().all(|step| is_order(step.how)), "a step is no order")?;
        ensure(steps.windows(2).all(|pair| pair[0].right == pair[1].left), "the steps do not meet")?;
        let (first, last) = (steps[0].left, steps[steps.len() - 1].right);
        let begins = first == own.left || call(self.arena, first) == Some((Elementary::Abs, own.left));
        let is_less = steps.iter().any(|step| step.how == Comparison::Less);
        let follows = own.how == Comparison::LessEqual || own.how == Comparison::Less && is_less;
        ensure(begins && last == own.right && follows, "the steps lead elsewhere")?;
        self.all(premises, hypotheses)
    }

    /// The last premise, for which the others are supposed.
    pub(super) fn with_lemmas(
        &mut self,
        conclusion: &Prop,
        premises: &[Evidence],
        hypotheses: &Hypotheses<'_>,
    ) -> Checked {
        let (last, lemmas) = premises.split_last().ok_or(Objection::Wrong("no premise"))?;
        self.all(lemmas, hypotheses)?;
        let lemmas: Vec<Prop> = lemmas.iter().map(|lemma| lemma.conclusion.clone()).collect();
        self.one_with(std::slice::from_ref(last), conclusion, &lemmas, hypotheses)
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

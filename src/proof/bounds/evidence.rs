//! How finders leave evidence: whoever succeeds leaves one piece of it, in place of those it rests on.

use crate::expr::{Comparison, Expr, Prop, Substitution};
use crate::number::polynomial::Goal;
use crate::proof::bounds::Prover;
use crate::proof::check::{Evidence, Reason, Relation};

impl Prover<'_> {
    /// A search that proves `conclusion` where it succeeds. Where it left no evidence for that, it is a step by `name` that
    /// nothing replays.
    pub fn concluding(
        &mut self,
        name: &'static str,
        conclusion: &Prop,
        search: impl FnOnce(&mut Self) -> bool,
    ) -> bool {
        let mark = self.evidence.len();
        let found = self.attempt(search);
        if found && !self.concludes(mark, conclusion) {
            self.conclude(mark, conclusion.clone(), Reason::Unreplayed(name));
        }
        found
    }

    /// Whether what was left since `mark` is one piece of evidence for a conclusion.
    pub fn concludes(&self, mark: usize, conclusion: &Prop) -> bool {
        matches!(&self.evidence[mark..], [only] if only.conclusion == *conclusion)
    }

    /// Makes what was left since `mark` the premises of a conclusion.
    pub fn conclude(&mut self, mark: usize, conclusion: Prop, reason: Reason) {
        if let Reason::Generalized(letters) = &reason {
            // What a letter stood for must not be 0, where the letter must not.
            let named: Substitution = letters.iter().copied().collect();
            self.conditions = self.arena.substitute_all(&self.conditions, &named);
        }
        let premises = self.evidence.split_off(mark.min(self.evidence.len()));
        self.evidence.push(Evidence { conclusion, reason, premises });
    }

    /// Evidence without premises.
    pub fn attest(&mut self, conclusion: Prop, reason: Reason) {
        self.evidence.push(Evidence::leaf(conclusion, reason));
    }

    /// What was proved last, where it says the same of another difference.
    pub fn restate(&mut self, mark: usize, conclusion: Relation) {
        let conclusion = conclusion.prop();
        if !self.concludes(mark, &conclusion) {
            let premise = self.evidence.last().map_or(Vec::new(), |last| last.conclusion.expressions());
            self.conclude(mark, conclusion, Reason::Law("same difference", premise));
        }
    }

    /// `0 <= expr`, or `<`.
    pub fn above_zero(&mut self, goal: Goal, expr: Expr) -> Relation {
        Relation::of_goal(goal, self.arena.zero(), expr)
    }

    /// A relation of which the difference is that of the last one times a positive number.
    pub fn multiply(&mut self, mark: usize, factor: Expr, conclusion: Relation) {
        let goal = if conclusion.how == Comparison::Less { Goal::Positive } else { Goal::NonNegative };
        let positive = self.above_zero(goal, factor).prop();
        let is_number = self.arena.as_number(factor).is_some();
        let reason = if is_number { Reason::Numbers } else { Reason::Extent };
        self.evidence.insert(mark.min(self.evidence.len()), Evidence::leaf(positive, reason));
        self.conclude_multiple(mark, factor, conclusion);
    }

    /// A relation from the sign of a factor and from the relation of which the difference is multiplied by it.
    pub fn conclude_multiple(&mut self, mark: usize, factor: Expr, conclusion: Relation) {
        let sides = self.evidence.last().map_or(Vec::new(), |last| last.conclusion.expressions());
        let values = sides.into_iter().chain([factor]).collect();
        let law = if conclusion.how == Comparison::Less { "positive multiple" } else { "multiple" };
        self.conclude(mark, conclusion.prop(), Reason::Law(law, values));
    }

    /// A conclusion from the last one, in which a part stands as what it is equal to.
    pub fn conclude_replaced(&mut self, mark: usize, conclusion: Prop, part: Expr, value: Expr) {
        let same = Evidence::leaf(Prop::equal(part, value), Reason::Identity);
        self.evidence.insert(mark.min(self.evidence.len()), same);
        self.conclude(mark, conclusion, Reason::Replaced(part));
    }

    /// A conclusion by the values of a corner: of the first one it was proved where an order holds, of the second one
    /// where the order is the other way round.
    pub fn conclude_for_corner(&mut self, mark: usize, corner: Expr, conclusion: &Prop, order: Relation) {
        let cases = self.evidence.split_off(mark);
        for (case, because) in cases.into_iter().zip([order, order.turned()]) {
            let place = self.evidence.len();
            self.attest(because.prop(), Reason::Supposed);
            self.evidence.push(case);
            self.conclude(place, conclusion.clone(), Reason::Replaced(corner));
        }
        self.conclude(mark, conclusion.clone(), Reason::Split(order));
    }

    /// The evidence for what was proved.
    pub fn evidence_for(&mut self, prop: &Prop) -> Evidence {
        if !self.concludes(0, prop) {
            self.conclude(0, prop.clone(), Reason::Unreplayed("a statement"));
        }
        self.evidence.swap_remove(0)
    }
}

//! The kernel: evidence is gone through from the root, and each reason says what is enough for its conclusion.
//!
//! A reason never accepts anything by itself: from a [`Step`] it works out the [`Sequent`]s that imply the conclusion, or
//! objects. That the premises are these sequents, and hold, is verified in one place for all reasons.

use std::fmt;

use crate::expr::{Arena, Expr, Prop};
use crate::model::Model;
use crate::proof::check::evidence::{Evidence, Reason, Relation};
use crate::proof::check::hypotheses::Hypotheses;

/// Why evidence is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Objection {
    /// It rests on a finder's step that has no inference yet.
    Unreplayed(&'static str),
    /// A premise does not imply its conclusion: the finder or the checker is wrong.
    Wrong(&'static str),
}

impl fmt::Display for Objection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Objection::Unreplayed(name) => write!(f, "no inference replays this step: {name}"),
            Objection::Wrong(why) => f.write_str(why),
        }
    }
}

/// What a replay works with.
pub(super) struct Replay<'a> {
    pub arena: &'a mut Arena,
}

pub(super) type Checked = Result<(), Objection>;

pub(super) fn ensure(holds: bool, otherwise: &'static str) -> Checked {
    if holds { Ok(()) } else { Err(Objection::Wrong(otherwise)) }
}

/// The comparison that a statement is.
pub(super) fn relation_of(prop: &Prop) -> Result<Relation, Objection> {
    let relation = prop.comparison().map(|(how, left, right)| Relation::new(how, left, right));
    relation.ok_or(Objection::Wrong("no relation"))
}

/// A statement that is enough for a conclusion, under the hypotheses of its place or under others.
pub(super) struct Sequent<'m> {
    pub conclusion: Prop,
    pub under: Option<Hypotheses<'m>>,
}

pub(super) type Needed<'m> = Result<Vec<Sequent<'m>>, Objection>;

/// An inference: its conclusion, what its premises say, and the hypotheses of its place.
#[derive(Clone, Copy)]
pub(super) struct Step<'e, 'm> {
    pub conclusion: &'e Prop,
    pub premises: &'e [Evidence],
    pub hypotheses: &'e Hypotheses<'m>,
}

impl<'m> Step<'_, 'm> {
    /// The conclusion as a comparison.
    pub fn own(&self) -> Result<Relation, Objection> {
        relation_of(self.conclusion)
    }

    /// The conclusion as a comparison of order.
    pub fn order(&self) -> Result<Relation, Objection> {
        let own = self.own()?;
        ensure(own.is_order(), "no relation of order").map(|()| own)
    }

    /// The premises as comparisons.
    pub fn others(&self) -> Result<Vec<Relation>, Objection> {
        self.premises.iter().map(|premise| relation_of(&premise.conclusion)).collect()
    }

    /// The one premise, as a comparison.
    pub fn only(&self) -> Result<Relation, Objection> {
        let [only] = self.others()?[..] else { return Err(Objection::Wrong("one premise is wanted")) };
        Ok(only)
    }

    /// The premises, whatever they say, under the hypotheses of the place.
    pub fn here(&self) -> Needed<'m> {
        Ok(self
            .premises
            .iter()
            .map(|premise| Sequent { conclusion: premise.conclusion.clone(), under: None })
            .collect())
    }

    /// The premises, whatever they say, under other hypotheses.
    pub fn under(&self, inner: &Hypotheses<'m>) -> Needed<'m> {
        let of = |premise: &Evidence| Sequent { conclusion: premise.conclusion.clone(), under: Some(inner.clone()) };
        Ok(self.premises.iter().map(of).collect())
    }
}

/// Accepts evidence that proves `claim` from the givens of `model` and the conditions, or says why not.
pub(crate) fn replay(
    arena: &mut Arena,
    model: &Model,
    conditions: &[Prop],
    claim: &Prop,
    evidence: &Evidence,
) -> Checked {
    ensure(evidence.conclusion == *claim, "something else is proved than is claimed")?;
    let hypotheses = Hypotheses::of_claim(arena, model, conditions, &claim.subjects());
    Replay { arena }.verify(evidence, &hypotheses)
}

impl Replay<'_> {
    /// Whether the conclusion holds under the hypotheses.
    pub(super) fn verify(&mut self, evidence: &Evidence, hypotheses: &Hypotheses<'_>) -> Checked {
        let Evidence { conclusion, reason, premises } = evidence;
        let needed = self.needed(reason, Step { conclusion, premises, hypotheses })?;
        ensure(needed.len() == premises.len(), "a premise is missing")?;
        for (premise, sequent) in premises.iter().zip(needed) {
            ensure(premise.conclusion == sequent.conclusion, "a premise says something else")?;
            self.verify(premise, sequent.under.as_ref().unwrap_or(hypotheses))?;
        }
        Ok(())
    }

    /// What is enough for a conclusion by a reason.
    fn needed<'m>(&mut self, reason: &Reason, step: Step<'_, 'm>) -> Needed<'m> {
        match reason {
            Reason::Unreplayed(name) => Err(Objection::Unreplayed(name)),
            Reason::Form => self.by_form(step),
            Reason::Part(place) => self.part(step, *place),
            Reason::Contraposition => self.contraposition(step),
            Reason::EachConclusion => self.each_conclusion(step),
            Reason::EachPremise => self.each_premise(step),
            Reason::Split(relation) => self.split(step, *relation),
            Reason::EitherSide(a, b) => self.either_side(step, (*a, *b)),
            Reason::WhereDefined(relations) => self.where_defined(step, relations),
            Reason::Through => self.through(step),
            Reason::WithLemmas => self.with_lemmas(step),
            Reason::Generalized(letters) => self.generalized(step, letters),
            Reason::Induction { letter, least } => self.induction(step, (*letter, *least)),
            Reason::Law(name, values) => self.law(step, name, values),
            Reason::Instance(letters) => self.instance(step, letters),
            Reason::Replaced(part) => self.with_replaced(step, *part),
            Reason::WorkedOut => self.worked_out(step),
            Reason::Opened(index) => self.opened(step, *index),
            Reason::Supposed => self.supposed(step),
            Reason::Absurd => self.absurd(step),
            Reason::Numbers => self.numbers(step),
            Reason::Extent => self.by_extent(step),
            Reason::Identity => self.same(step),
            Reason::Nowhere(base) => self.nowhere(step, *base).map(|()| Vec::new()),
            Reason::Polynomial(reading) => self.polynomial(step.own()?, reading, step.hypotheses).map(|()| Vec::new()),
            Reason::Composed(how) => self.composed(step, *how),
            Reason::LargestEntry(letter) => self.largest_entry(step, *letter),
            Reason::EntryByEntry(letter) => self.entry_by_entry(step, *letter),
            Reason::TermOfSum(places) => self.term_of_sum(step, places),
            Reason::Factors(span) => self.factors(step, *span),
            Reason::Jensen { function, mean, values } => self.jensen(step, *function, *mean, values),
            Reason::NowhereBeyond(letter) => self.nowhere_beyond(step, *letter),
            Reason::ReachedAt(place) => self.reached_at(step, *place),
            Reason::AtSomeIndex { part, at, other } => self.at_some_index(step, (*part, *at, *other)),
            Reason::Approached { downward } => self.approached(step, *downward),
            Reason::Enclosed(letter) => self.enclosed(step, *letter),
            Reason::FarOut(letter) => self.far_out(step, *letter),
            Reason::FromZero(letter, place) => self.beyond_zero(step, (*letter, place)),
            Reason::MeanValue { function, letter, ends } => self.mean_value(step, (*function, *letter), *ends),
            Reason::Limit => self.limit(step),
            Reason::Sequence => self.sequence(step),
            Reason::Squeezed(letter) => self.squeezed(step, *letter),
        }
    }

    /// The hypotheses contradict each other.
    fn absurd<'m>(&self, step: Step<'_, 'm>) -> Needed<'m> {
        ensure(step.hypotheses.are_absurd(self.arena), "the hypotheses do not contradict each other")?;
        Ok(Vec::new())
    }

    /// A hypothesis, or what integers say.
    fn supposed<'m>(&self, step: Step<'_, 'm>) -> Needed<'m> {
        let own = step.own()?;
        let decided = step.hypotheses.decides(self.arena, own.how, own.left, own.right) == Some(true);
        ensure(decided || step.hypotheses.hold(own), "it does not follow from the hypotheses")?;
        Ok(Vec::new())
    }

    /// The hypotheses, and some statements that are supposed.
    pub(super) fn supposing<'m>(&mut self, more: &[Prop], hypotheses: &Hypotheses<'m>) -> Hypotheses<'m> {
        more.iter().fold(hypotheses.clone(), |all, prop| all.with(self.arena, prop))
    }

    /// A conclusion, where some statements are supposed besides the hypotheses.
    pub(super) fn wanted<'m>(&mut self, conclusion: Prop, more: &[Prop], hypotheses: &Hypotheses<'m>) -> Sequent<'m> {
        let under = (!more.is_empty()).then(|| self.supposing(more, hypotheses));
        Sequent { conclusion, under }
    }

    /// The conclusion with expressions replaced.
    pub(super) fn replaced(&mut self, prop: &Prop, map: &[(Expr, Expr)]) -> Prop {
        let map = map.iter().copied().collect();
        prop.map(&mut |expr| self.arena.substitute(expr, &map))
    }
}

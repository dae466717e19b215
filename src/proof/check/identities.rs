//! Identities at random points: whether values of expressions agree as rational functions of their leaves.

use std::collections::{BTreeSet, HashMap};

use crate::expr::{Comparison, Expr, Node};
use crate::proof::check::evidence::Relation;
use crate::proof::check::hypotheses::Hypotheses;
use crate::proof::check::points::Points;
use crate::proof::check::replay::{Checked, Needed, Objection, Replay, Step, ensure};
use crate::proof::check::residues::{Missing, Point, Value};

impl Replay<'_> {
    /// The conclusion and its one premise, the same comparison of other sides.
    pub(super) fn compared_alike(&self, step: Step<'_, '_>) -> Result<(Relation, Relation), Objection> {
        let (own, other) = (step.own()?, step.only()?);
        ensure(own.how == other.how, "another comparison").map(|()| (own, other))
    }

    /// The sides are the premise's sides, in which states at an index stand as their definitions say.
    pub(super) fn opened<'m>(&mut self, step: Step<'_, 'm>, index: Expr) -> Needed<'m> {
        let (own, other) = self.compared_alike(step)?;
        self.at_points(step.hypotheses, Some(index), |point| {
            let own = point.difference(own.left, own.right)?;
            Ok((own, point.difference(other.left, other.right)?))
        })?;
        step.here()
    }

    /// `b - a = d - c`, at random points.
    pub(super) fn identity(
        &mut self,
        (a, b): (Expr, Expr),
        (c, d): (Expr, Expr),
        hypotheses: &Hypotheses<'_>,
    ) -> Checked {
        self.at_points(hypotheses, None, |point| Ok((point.difference(a, b)?, point.difference(c, d)?)))
    }

    /// Whether two expressions have one square.
    pub(super) fn square_of_both(&mut self, one: Expr, other: Expr, hypotheses: &Hypotheses<'_>) -> Checked {
        self.at_points(hypotheses, None, |point| Ok((point.square(one)?, point.square(other)?)))
    }

    /// Whether two relations compare the same functions.
    pub(super) fn are_same(&mut self, one: Relation, other: Relation, hypotheses: &Hypotheses<'_>) -> bool {
        let zero = self.arena.zero();
        [(one.left, other.left), (one.right, other.right)]
            .into_iter()
            .all(|(a, b)| a == b || self.identity((zero, a), (zero, b), hypotheses).is_ok())
    }

    /// Whether a relation is a hypothesis by definitions and derivatives.
    pub(super) fn is_worked_out(&mut self, relation: Relation, hypotheses: &Hypotheses<'_>) -> bool {
        let implies = |own: &Relation| {
            own.how == relation.how || own.how == Comparison::Less && relation.how == Comparison::LessEqual
        };
        let all: Vec<Relation> = hypotheses.relations.iter().copied().filter(implies).collect();
        all.into_iter().any(|own| {
            self.are_same(own, relation, hypotheses)
                || self.indices_of_states(own, hypotheses).into_iter().any(|index| {
                    let opened = self.at_points(hypotheses, Some(index), |point| {
                        let own = point.difference(own.left, own.right)?;
                        Ok((own, point.difference(relation.left, relation.right)?))
                    });
                    opened.is_ok()
                })
        })
    }

    /// The indices at which states stand in a relation.
    fn indices_of_states(&self, relation: Relation, hypotheses: &Hypotheses<'_>) -> BTreeSet<Expr> {
        let parts = self.arena.reachable(&[relation.left, relation.right]).into_iter();
        let index = |part: Expr| match self.arena.node(part) {
            Node::Symbol { symbol, indices, .. } if hypotheses.is_state(*symbol) => indices.first().copied(),
            _ => None,
        };
        parts.filter_map(index).collect()
    }

    /// Whether two values agree at random points, with sums and absolute values as they are or taken apart.
    pub(super) fn at_points(
        &mut self,
        hypotheses: &Hypotheses<'_>,
        index: Option<Expr>,
        mut values: impl FnMut(&mut Point<'_>) -> Result<(Value, Value), Missing>,
    ) -> Checked {
        let mut agree = |is_apart: bool| self.at_points_of(hypotheses, (index, is_apart), &mut values);
        match agree(false) {
            Err(Objection::Unreplayed(_)) => agree(true),
            checked => checked,
        }
    }

    /// The same, at so many points that the chance of error is small enough.
    fn at_points_of(
        &mut self,
        hypotheses: &Hypotheses<'_>,
        (index, is_apart): (Option<Expr>, bool),
        values: &mut impl FnMut(&mut Point<'_>) -> Result<(Value, Value), Missing>,
    ) -> Checked {
        let (opened, mut points) = (HashMap::new(), Points::new(hypotheses.seed));
        while points.are_few()? {
            let mut point = Point { index, is_apart, ..points.draw(self.arena, hypotheses, &opened, &[]) };
            match values(&mut point) {
                Ok((own, other)) if own.residue != other.residue => {
                    let why = "an identity by laws of its leaves";
                    return Err(if point.has_laws {
                        Objection::Unreplayed(why)
                    } else {
                        Objection::Wrong("two expressions differ")
                    });
                }
                Ok((own, other)) => points.agree(point.chance(own, other), point.exponents),
                Err(Missing::Unreplayed(name)) => return Err(Objection::Unreplayed(name)),
                Err(Missing::Undefined) => {}
            }
        }
        Ok(())
    }
}

//! The replay of evidence for statements of order: one short function for each reason.

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use crate::expr::{Arena, Comparison, Elementary, Expr, Node, Prop};
use crate::model::Model;
use crate::number::{Random, Rational, range};
use crate::proof::check::curve;
use crate::proof::check::evidence::{Evidence, Reason, Relation};
use crate::proof::check::extent::extent;
use crate::proof::check::hypotheses::{Hypotheses, call};
use crate::proof::check::residues::{CHANCE, MOST_POINTS, Missing, Point, Value};

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

/// Accepts evidence that proves `claim` from the givens of `model` and the conditions, or says why not.
pub(crate) fn replay(
    arena: &mut Arena,
    model: &Model,
    conditions: &[Prop],
    claim: &Prop,
    evidence: &Evidence,
) -> Checked {
    if evidence.conclusion != *claim {
        return Err(Objection::Wrong("something else is proved than is claimed"));
    }
    let hypotheses = Hypotheses::of_claim(arena, model, conditions, &claim.expressions());
    Replay { arena }.verify(evidence, &hypotheses)
}

/// The comparison that a statement is.
pub(super) fn relation_of(prop: &Prop) -> Option<Relation> {
    match prop {
        Prop::Compare(how, left, right) => Some(Relation::new(*how, *left, *right)),
        Prop::Integer(_)
        | Prop::And(_)
        | Prop::Or(_)
        | Prop::Not(_)
        | Prop::Implies(..)
        | Prop::Iff(..)
        | Prop::ForAll(..)
        | Prop::Proportional { .. } => None,
    }
}

pub(super) fn ensure(holds: bool, otherwise: &'static str) -> Checked {
    if holds { Ok(()) } else { Err(Objection::Wrong(otherwise)) }
}

impl Replay<'_> {
    /// Whether the conclusion holds under the hypotheses.
    pub(super) fn verify(&mut self, evidence: &Evidence, hypotheses: &Hypotheses<'_>) -> Checked {
        let Evidence { conclusion, reason, premises } = evidence;
        let may_leave = matches!(
            reason,
            Reason::SameDifference
                | Reason::Multiple
                | Reason::Squares
                | Reason::Split(_)
                | Reason::Through
                | Reason::WithLemmas
                | Reason::Exponentials
                | Reason::Telescoped(_)
        );
        if may_leave {
            let split = match reason {
                Reason::Split(relation) => Some(*relation),
                _ => None,
            };
            self.are_defined(conclusion, split, premises, hypotheses)?;
        }
        match reason {
            Reason::Unreplayed(name) => Err(Objection::Unreplayed(name)),
            Reason::Parts => self.parts(conclusion, premises, hypotheses),
            Reason::Part(place) => self.part(conclusion, *place, premises, hypotheses),
            Reason::Suppose => self.suppose(conclusion, premises, hypotheses),
            Reason::Contraposition => self.contraposition(conclusion, premises, hypotheses),
            Reason::BothDirections => self.both_directions(conclusion, premises, hypotheses),
            Reason::ForAll => self.for_all(conclusion, premises, hypotheses),
            Reason::WorkedOut => self.worked_out(conclusion, premises, hypotheses),
            Reason::Through => self.through(conclusion, premises, hypotheses),
            Reason::WithLemmas => self.with_lemmas(conclusion, premises, hypotheses),
            Reason::Supposed | Reason::Numbers | Reason::Extent | Reason::Identity | Reason::Polynomial(_) => {
                self.leaf(conclusion, reason, hypotheses)
            }
            Reason::EachConclusion => self.each_conclusion(conclusion, premises, hypotheses),
            Reason::Denial => self.denial(conclusion, premises, hypotheses),
            Reason::Apart => self.apart(conclusion, premises, hypotheses),
            Reason::EitherSide(a, b) => self.either_side(conclusion, (*a, *b), premises, hypotheses),
            Reason::WhereDefined(relations) => self.where_defined(conclusion, relations, premises, hypotheses),
            Reason::Split(relation) => self.split(conclusion, *relation, premises, hypotheses),
            Reason::Absurd => self.absurd(hypotheses),
            Reason::Antisymmetry => self.antisymmetry(conclusion, premises, hypotheses),
            Reason::SameDifference => self.same_difference(conclusion, premises, hypotheses),
            Reason::Opened(index) => self.opened(conclusion, *index, premises, hypotheses),
            Reason::NowhereBeyond(_) | Reason::ReachedAt(_) | Reason::AtSomeIndex { .. } => {
                self.extreme(conclusion, reason, premises, hypotheses)
            }
            Reason::Enclosed(_)
            | Reason::FarOut(_)
            | Reason::FromZero(..)
            | Reason::MeanValue { .. }
            | Reason::Chosen(_) => self.on_line(conclusion, reason, premises, hypotheses),
            Reason::Jensen { function, mean, values } => {
                self.jensen(conclusion, (*function, *mean, values), premises, hypotheses)
            }
            Reason::Approached { .. } | Reason::Limit | Reason::Sequence | Reason::Squeezed(_) => {
                self.approaching(conclusion, reason, premises, hypotheses)
            }
            Reason::Composed(_)
            | Reason::NormLaw
            | Reason::LargestEntry(_)
            | Reason::CauchySchwarz(..)
            | Reason::SquareOfSum(..)
            | Reason::Telescoped(_)
            | Reason::Exponentials
            | Reason::Monotone
            | Reason::Power
            | Reason::Multiple
            | Reason::Squares
            | Reason::Exponents
            | Reason::TermOfSum(_)
            | Reason::Instance(_)
            | Reason::BothCases(_)
            | Reason::Factors { .. }
            | Reason::Generalized(_)
            | Reason::Induction { .. } => self.step(conclusion, reason, premises, hypotheses),
        }
    }

    /// Whether premises, and the relation of a split, speak of no values that the conclusion does not ask for.
    pub(super) fn are_defined(
        &mut self,
        conclusion: &Prop,
        split: Option<Relation>,
        premises: &[Evidence],
        hypotheses: &Hypotheses<'_>,
    ) -> Checked {
        let mut exprs: Vec<Expr> = premises.iter().flat_map(|premise| premise.conclusion.expressions()).collect();
        exprs.extend(split.into_iter().flat_map(|relation| [relation.left, relation.right]));
        let mut others = conclusion.expressions();
        others.extend(hypotheses.relations.iter().flat_map(|own| [own.left, own.right]));
        if self.is_defined_beside(&exprs, &others, hypotheses) {
            Ok(())
        } else {
            Err(Objection::Unreplayed("a middle that may be undefined"))
        }
    }

    pub(super) fn all(&mut self, premises: &[Evidence], hypotheses: &Hypotheses<'_>) -> Checked {
        premises.iter().try_for_each(|premise| self.verify(premise, hypotheses))
    }

    /// The one premise, under hypotheses that are extended by a statement.
    pub(super) fn one_with(
        &mut self,
        premises: &[Evidence],
        wanted: &Prop,
        more: &[Prop],
        hypotheses: &Hypotheses<'_>,
    ) -> Checked {
        let [premise] = premises else { return Err(Objection::Wrong("one premise is wanted")) };
        ensure(premise.conclusion == *wanted, "the premise says something else")?;
        let mut all = hypotheses.clone();
        for prop in more {
            all = all.with(self.arena, prop);
        }
        self.verify(premise, &all)
    }

    fn parts(&mut self, conclusion: &Prop, premises: &[Evidence], hypotheses: &Hypotheses<'_>) -> Checked {
        let Prop::And(parts) = conclusion else { return Err(Objection::Wrong("no conjunction")) };
        ensure(parts.iter().eq(premises.iter().map(|premise| &premise.conclusion)), "a part is missing")?;
        self.all(premises, hypotheses)
    }

    fn part(&mut self, conclusion: &Prop, place: usize, premises: &[Evidence], hypotheses: &Hypotheses<'_>) -> Checked {
        let Prop::Or(parts) = conclusion else { return Err(Objection::Wrong("no disjunction")) };
        let wanted = parts.get(place).ok_or(Objection::Wrong("no such part"))?;
        let others = parts.iter().enumerate().filter(|&(other, _)| other != place);
        let denied: Vec<Prop> = others.map(|(_, prop)| Prop::Not(Box::new(prop.clone()))).collect();
        self.one_with(premises, wanted, &denied, hypotheses)
    }

    fn suppose(&mut self, conclusion: &Prop, premises: &[Evidence], hypotheses: &Hypotheses<'_>) -> Checked {
        let Prop::Implies(premise, then) = conclusion else { return Err(Objection::Wrong("no implication")) };
        self.one_with(premises, then, &[(**premise).clone()], hypotheses)
    }

    fn contraposition(&mut self, conclusion: &Prop, premises: &[Evidence], hypotheses: &Hypotheses<'_>) -> Checked {
        let Prop::Implies(premise, then) = conclusion else { return Err(Objection::Wrong("no implication")) };
        let contrary = relation_of(then).and_then(Relation::contrary).ok_or(Objection::Wrong("no relation"))?;
        let denied = Prop::Not(premise.clone());
        self.one_with(premises, &denied, &[contrary.prop()], hypotheses)
    }

    fn both_directions(&mut self, conclusion: &Prop, premises: &[Evidence], hypotheses: &Hypotheses<'_>) -> Checked {
        let Prop::Iff(a, b) = conclusion else { return Err(Objection::Wrong("no equivalence")) };
        let wanted = [Prop::Implies(a.clone(), b.clone()), Prop::Implies(b.clone(), a.clone())];
        ensure(wanted.iter().eq(premises.iter().map(|premise| &premise.conclusion)), "a direction is missing")?;
        self.all(premises, hypotheses)
    }

    fn each_conclusion(&mut self, conclusion: &Prop, premises: &[Evidence], hypotheses: &Hypotheses<'_>) -> Checked {
        let Prop::Implies(premise, then) = conclusion else { return Err(Objection::Wrong("no implication")) };
        let Prop::And(parts) = &**then else { return Err(Objection::Wrong("no conjunction")) };
        let wanted = parts.iter().map(|part| Prop::Implies(premise.clone(), Box::new(part.clone())));
        ensure(wanted.eq(premises.iter().map(|premise| premise.conclusion.clone())), "a part is missing")?;
        self.all(premises, hypotheses)
    }

    /// The contrary of a comparison, what is denied twice, every part of a disjunction denied, one of a conjunction, or a
    /// premise without its conclusion.
    fn denial(&mut self, conclusion: &Prop, premises: &[Evidence], hypotheses: &Hypotheses<'_>) -> Checked {
        let Prop::Not(inner) = conclusion else { return Err(Objection::Wrong("no denial")) };
        let not = |prop: &Prop| Prop::Not(Box::new(prop.clone()));
        let proved: Vec<&Prop> = premises.iter().map(|premise| &premise.conclusion).collect();
        let follows = match &**inner {
            Prop::Compare(..) => {
                let contrary = relation_of(inner).and_then(Relation::contrary).map(Relation::prop);
                contrary.is_some_and(|contrary| proved == [&contrary])
            }
            Prop::Not(twice) => proved == [&**twice],
            Prop::Or(parts) => proved.iter().copied().eq(parts.iter().map(not).collect::<Vec<_>>().iter()),
            Prop::And(parts) => matches!(proved[..], [only] if parts.iter().any(|part| not(part) == *only)),
            Prop::Implies(premise, then) => proved == [&**premise, &not(then)],
            Prop::Integer(_) | Prop::Iff(..) | Prop::ForAll(..) | Prop::Proportional { .. } => false,
        };
        ensure(follows, "the denial does not follow")?;
        self.all(premises, hypotheses)
    }

    fn apart(&mut self, conclusion: &Prop, premises: &[Evidence], hypotheses: &Hypotheses<'_>) -> Checked {
        let Some(Relation { how: Comparison::NotEqual, left, right }) = relation_of(conclusion) else {
            return Err(Objection::Wrong("no inequation"));
        };
        let sides = [(left, right), (right, left)];
        let orders = sides.map(|(low, high)| Relation::new(Comparison::Less, low, high).prop());
        ensure(matches!(premises, [only] if orders.contains(&only.conclusion)), "no strict order")?;
        self.all(premises, hypotheses)
    }

    /// On each side of `a != b`.
    fn either_side(
        &mut self,
        conclusion: &Prop,
        (a, b): (Expr, Expr),
        premises: &[Evidence],
        hypotheses: &Hypotheses<'_>,
    ) -> Checked {
        ensure(hypotheses.hold(Relation::new(Comparison::NotEqual, a, b)), "they may be equal")?;
        let [first, second] = premises else { return Err(Objection::Wrong("two sides are wanted")) };
        for (premise, (low, high)) in [(first, (a, b)), (second, (b, a))] {
            let side = Relation::new(Comparison::Less, low, high).prop();
            self.one_with(std::slice::from_ref(premise), conclusion, &[side], hypotheses)?;
        }
        Ok(())
    }

    /// Relations that hold wherever both sides have values.
    fn where_defined(
        &mut self,
        conclusion: &Prop,
        relations: &[Relation],
        premises: &[Evidence],
        hypotheses: &Hypotheses<'_>,
    ) -> Checked {
        let Relation { left, right, .. } = relation_of(conclusion).ok_or(Objection::Wrong("no relation"))?;
        for &relation in relations {
            ensure(is_forced(self.arena, hypotheses, &[left, right], relation), "a value does not need that")?;
        }
        let more: Vec<Prop> = relations.iter().map(|relation| relation.prop()).collect();
        self.one_with(premises, conclusion, &more, hypotheses)
    }

    /// The letters of a quantifier are those of the claim, so nothing but their kind is known of them.
    fn for_all(&mut self, conclusion: &Prop, premises: &[Evidence], hypotheses: &Hypotheses<'_>) -> Checked {
        let Prop::ForAll(letters, inner) = conclusion else { return Err(Objection::Wrong("no quantifier")) };
        let symbols: Vec<Expr> = letters.iter().map(|&letter| self.arena.symbol(letter)).collect();
        let speaks = |relation: &Relation| {
            symbols.iter().any(|&letter| {
                self.arena.contains(relation.left, letter) || self.arena.contains(relation.right, letter)
            })
        };
        ensure(!hypotheses.relations.iter().any(speaks), "something is known of a letter")?;
        self.one_with(premises, inner, &[], hypotheses)
    }

    fn split(
        &mut self,
        conclusion: &Prop,
        relation: Relation,
        premises: &[Evidence],
        hypotheses: &Hypotheses<'_>,
    ) -> Checked {
        let contrary = relation.contrary().ok_or(Objection::Wrong("no contrary"))?;
        let [first, second] = premises else { return Err(Objection::Wrong("two cases are wanted")) };
        for (premise, case) in [(first, relation), (second, contrary)] {
            self.one_with(std::slice::from_ref(premise), conclusion, &[case.prop()], hypotheses)?;
        }
        Ok(())
    }

    /// A hypothesis between numbers or integers that cannot hold.
    fn absurd(&mut self, hypotheses: &Hypotheses<'_>) -> Checked {
        ensure(hypotheses.are_absurd(self.arena), "the hypotheses do not contradict each other")
    }

    fn antisymmetry(&mut self, conclusion: &Prop, premises: &[Evidence], hypotheses: &Hypotheses<'_>) -> Checked {
        let Some(Relation { how: Comparison::Equal, left, right }) = relation_of(conclusion) else {
            return Err(Objection::Wrong("no equality"));
        };
        let wanted = [Prop::at_most(left, right), Prop::at_most(right, left)];
        ensure(wanted.iter().eq(premises.iter().map(|premise| &premise.conclusion)), "an order is missing")?;
        self.all(premises, hypotheses)
    }

    fn leaf(&mut self, conclusion: &Prop, reason: &Reason, hypotheses: &Hypotheses<'_>) -> Checked {
        let relation = relation_of(conclusion).ok_or(Objection::Wrong("no relation"))?;
        let Relation { how, left, right } = relation;
        match reason {
            Reason::Polynomial(reading) => self.polynomial(relation, reading, hypotheses),
            Reason::Supposed => {
                let decided = hypotheses.decides(self.arena, how, left, right) == Some(true);
                ensure(decided || hypotheses.hold(relation), "it does not follow from the hypotheses")
            }
            Reason::Numbers => {
                let difference = self.arena.subtract(right, left);
                let value = curve::constant(self.arena, difference).ok_or(Objection::Wrong("no number"))?;
                let is_weak = how == Comparison::LessEqual && value.is_nonnegative();
                let is_apart = how == Comparison::NotEqual && value.is_negative();
                let is_strict = matches!(how, Comparison::Less | Comparison::LessEqual | Comparison::NotEqual);
                ensure(is_weak || is_apart || is_strict && value.is_positive(), "the enclosures meet")
            }
            Reason::Extent => {
                let zero = self.arena.zero();
                let side = if left == zero { right } else { self.arena.subtract(right, left) };
                let own = extent(self.arena, hypotheses, side);
                let (weak, strict) = (range::is_non_negative(&own), range::is_positive(&own));
                let holds = how == Comparison::LessEqual && weak || how == Comparison::Less && strict;
                if holds { Ok(()) } else { Err(Objection::Unreplayed("the range of an unknown")) }
            }
            Reason::Identity => {
                ensure(
                    matches!(how, Comparison::Equal | Comparison::LessEqual),
                    "equal sides are neither apart nor below",
                )?;
                let zero = self.arena.zero();
                self.identity((left, right), (zero, zero), hypotheses)
            }
            _ => Err(Objection::Wrong("no such leaf")),
        }
    }

    fn same_difference(&mut self, conclusion: &Prop, premises: &[Evidence], hypotheses: &Hypotheses<'_>) -> Checked {
        let [premise] = premises else { return Err(Objection::Wrong("one premise is wanted")) };
        let (own, other) =
            relation_of(conclusion).zip(relation_of(&premise.conclusion)).ok_or(Objection::Wrong("no relation"))?;
        ensure(own.how == other.how, "another comparison")?;
        self.identity((own.left, own.right), (other.left, other.right), hypotheses)?;
        self.verify(premise, hypotheses)
    }

    /// The conclusion and its one premise, which holds, with the same comparison of other sides.
    pub(super) fn compared_alike(
        &mut self,
        conclusion: &Prop,
        premises: &[Evidence],
        hypotheses: &Hypotheses<'_>,
    ) -> Result<(Relation, Relation), Objection> {
        let [premise] = premises else { return Err(Objection::Wrong("one premise is wanted")) };
        let (own, other) =
            relation_of(conclusion).zip(relation_of(&premise.conclusion)).ok_or(Objection::Wrong("no relation"))?;
        ensure(own.how == other.how, "another comparison")?;
        self.verify(premise, hypotheses)?;
        Ok((own, other))
    }

    /// The sides are the premise's sides, in which states at an index stand as their definitions say.
    fn opened(
        &mut self,
        conclusion: &Prop,
        index: Expr,
        premises: &[Evidence],
        hypotheses: &Hypotheses<'_>,
    ) -> Checked {
        let (own, other) = self.compared_alike(conclusion, premises, hypotheses)?;
        self.at_points(hypotheses, Some(index), |point| {
            let own = point.difference(own.left, own.right)?;
            Ok((own, point.difference(other.left, other.right)?))
        })
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

    /// Whether an expression is the square of another.
    pub(super) fn square_is(&mut self, of: Expr, square: Expr, hypotheses: &Hypotheses<'_>) -> Checked {
        self.at_points(hypotheses, None, |point| Ok((point.square(of)?, point.value(square)?)))
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
        all.into_iter().any(|own| self.are_same(own, relation, hypotheses))
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
        let (opened, mut random, mut chance) = (HashMap::new(), Random::new(1), 1.0);
        for _ in 0..MOST_POINTS {
            let point = Point::draw(self.arena, hypotheses, &opened, &[], &mut random);
            let mut point = Point { index, is_apart, ..point };
            match values(&mut point) {
                Ok((own, other)) if own.residue != other.residue => {
                    let why = "an identity by laws of its leaves";
                    return Err(if point.has_laws {
                        Objection::Unreplayed(why)
                    } else {
                        Objection::Wrong("two expressions differ")
                    });
                }
                Ok((own, other)) => chance *= point.chance(own, other).min(1.0),
                Err(Missing::Unreplayed(name)) => return Err(Objection::Unreplayed(name)),
                Err(Missing::Undefined) => {}
            }
            if chance < CHANCE {
                return Ok(());
            }
        }
        Err(Objection::Unreplayed("an identity of high degree"))
    }
}

/// Whether `0 < x`, or `<=`, holds wherever the roots have values: x stands in a logarithm, a root or below the line.
fn is_forced(arena: &mut Arena, hypotheses: &Hypotheses<'_>, roots: &[Expr], relation: Relation) -> bool {
    let Relation { how, left, right: inside } = relation;
    let parts = always_evaluated(arena, roots);
    let is_divisor = parts.iter().any(|&part| exponent_of(arena, part, inside).is_some_and(|n| n < Rational::from(0)));
    let is_radicand = parts.iter().any(|&part| exponent_of(arena, part, inside).is_some_and(|n| !n.is_int()));
    let is_logarithm = parts.iter().any(|&part| call(arena, part) == Some((Elementary::Log, inside)));
    let is_weak = is_radicand || is_divisor && range::is_non_negative(&extent(arena, hypotheses, inside));
    let strict = is_logarithm || is_divisor && is_weak;
    arena.is_zero(left)
        && match how {
            Comparison::Less => strict,
            Comparison::LessEqual => strict || is_weak,
            Comparison::Equal | Comparison::NotEqual | Comparison::Approximately => false,
        }
}

/// The exponent of a power of `base`, where it is a number.
fn exponent_of(arena: &Arena, part: Expr, base: Expr) -> Option<Rational> {
    match *arena.node(part) {
        Node::Power(own, exponent) if own == base => arena.as_number(exponent).cloned(),
        _ => None,
    }
}

/// The parts that are evaluated whatever the values: not those of cases, sums over an index, limits.
fn always_evaluated(arena: &Arena, roots: &[Expr]) -> BTreeSet<Expr> {
    let mut seen: BTreeSet<Expr> = roots.iter().copied().collect();
    let mut open = roots.to_vec();
    while let Some(expr) = open.pop() {
        let children = match arena.node(expr) {
            Node::Sum(parts) | Node::Product(parts) => parts.to_vec(),
            Node::Power(base, _) => vec![*base],
            Node::Call { args, .. } => args.to_vec(),
            _ => Vec::new(),
        };
        open.extend(children.into_iter().filter(|&child| arena.shape(child).is_scalar() && seen.insert(child)));
    }
    seen
}

//! Inferences that ask nothing of numbers: connectives, cases, quantifiers, orders that meet, generalization, induction.

use crate::expr::{Comparison, Elementary, Expr, Prop, Substitution, SymbolId, SymbolKind};
use crate::number::polynomial::{End, Range};
use crate::proof::check::evidence::Relation;
use crate::proof::check::extent::extent;
use crate::proof::check::hypotheses::{Hypotheses, call, letter as letter_of};
use crate::proof::check::replay::{Needed, Objection, Replay, Sequent, Step, ensure, relation_of};

impl Replay<'_> {
    /// What the form of a statement asks for.
    pub(super) fn by_form<'m>(&mut self, step: Step<'_, 'm>) -> Needed<'m> {
        match step.conclusion {
            Prop::And(parts) => Ok(parts.iter().map(|part| here(part.clone())).collect()),
            Prop::Implies(premise, then) => {
                Ok(vec![self.wanted((**then).clone(), &[(**premise).clone()], step.hypotheses)])
            }
            Prop::Iff(a, b) => Ok(vec![here(implies(a, b)), here(implies(b, a))]),
            Prop::Not(inner) => match &**inner {
                Prop::And(parts) => Ok(vec![self.denied_beside(parts, step)?]),
                _ => Ok(self.denied(inner)?.into_iter().map(here).collect()),
            },
            Prop::ForAll(letters, inner) => self.for_all(letters, inner, step.hypotheses),
            Prop::Compare(..) | Prop::Integer(_) | Prop::Or(_) | Prop::Proportional { .. } => {
                Err(Objection::Wrong("its form asks for nothing"))
            }
        }
    }

    /// One part of a disjunction, where all others are denied.
    pub(super) fn part<'m>(&mut self, step: Step<'_, 'm>, place: usize) -> Needed<'m> {
        let Prop::Or(parts) = step.conclusion else { return Err(Objection::Wrong("no disjunction")) };
        let own = parts.get(place).ok_or(Objection::Wrong("no such part"))?;
        let others = parts.iter().enumerate().filter(|&(other, _)| other != place);
        let others: Vec<Prop> = others.map(|(_, prop)| not(prop)).collect();
        Ok(vec![self.wanted(own.clone(), &others, step.hypotheses)])
    }

    /// The premise of an implication denied, where its conclusion is.
    pub(super) fn contraposition<'m>(&mut self, step: Step<'_, 'm>) -> Needed<'m> {
        let Prop::Implies(premise, then) = step.conclusion else { return Err(Objection::Wrong("no implication")) };
        Ok(vec![self.wanted(not(premise), &[not(then)], step.hypotheses)])
    }

    /// An implication for each part of its conclusion.
    pub(super) fn each_conclusion<'m>(&mut self, step: Step<'_, 'm>) -> Needed<'m> {
        let Prop::Implies(premise, then) = step.conclusion else { return Err(Objection::Wrong("no implication")) };
        let Prop::And(parts) = &**then else { return Err(Objection::Wrong("no conjunction")) };
        Ok(parts.iter().map(|part| here(implies(premise, part))).collect())
    }

    /// An implication from each part of its premise, of which one holds.
    pub(super) fn each_premise<'m>(&mut self, step: Step<'_, 'm>) -> Needed<'m> {
        let Prop::Implies(premise, then) = step.conclusion else { return Err(Objection::Wrong("no implication")) };
        let Prop::Or(parts) = &**premise else { return Err(Objection::Wrong("no disjunction")) };
        Ok(parts.iter().map(|part| here(implies(part, then))).collect())
    }

    /// What denies a conjunction: one part denied, where the others hold.
    fn denied_beside<'m>(&mut self, parts: &[Prop], step: Step<'_, 'm>) -> Result<Sequent<'m>, Objection> {
        let is_denied = |part: &Prop| step.premises.iter().any(|premise| premise.conclusion == not(part));
        let place = parts.iter().position(is_denied).ok_or(Objection::Wrong("no part is denied"))?;
        let others: Vec<Prop> = [&parts[..place], &parts[place + 1..]].concat();
        Ok(self.wanted(not(&parts[place]), &others, step.hypotheses))
    }

    /// What denies another statement: the contrary of a comparison, what is denied twice, every part of a disjunction
    /// denied, or a premise without its conclusion.
    fn denied(&self, inner: &Prop) -> Result<Vec<Prop>, Objection> {
        Ok(match inner {
            Prop::Compare(..) => {
                vec![relation_of(inner)?.denied(self.arena).ok_or(Objection::Wrong("no contrary"))?.prop()]
            }
            Prop::Not(twice) => vec![(**twice).clone()],
            Prop::Or(parts) => parts.iter().map(not).collect(),
            Prop::Implies(premise, then) => vec![(**premise).clone(), not(then)],
            Prop::Integer(_) | Prop::And(_) | Prop::Iff(..) | Prop::ForAll(..) | Prop::Proportional { .. } => {
                return Err(Objection::Wrong("the denial does not follow"));
            }
        })
    }

    /// The letters of a quantifier are those of the claim, so nothing but their kind is known of them.
    fn for_all<'m>(&mut self, letters: &[SymbolId], inner: &Prop, hypotheses: &Hypotheses<'m>) -> Needed<'m> {
        let symbols: Vec<Expr> = letters.iter().map(|&letter| self.arena.symbol(letter)).collect();
        let holds = |side: Expr| symbols.iter().any(|&letter| self.arena.contains(side, letter));
        let is_known = hypotheses.relations.iter().any(|own| holds(own.left) || holds(own.right));
        ensure(!is_known, "something is known of a letter")?;
        Ok(vec![here(inner.clone())])
    }

    /// The conclusion where a relation holds, and where its contrary does.
    pub(super) fn split<'m>(&mut self, step: Step<'_, 'm>, relation: Relation) -> Needed<'m> {
        let contrary = relation.denied(self.arena).ok_or(Objection::Wrong("no contrary"))?;
        self.are_defined(step.conclusion, &[relation.left, relation.right], step.hypotheses)?;
        Ok(self.in_cases(step, &[relation, contrary]))
    }

    /// The same on each side of `a != b`.
    pub(super) fn either_side<'m>(&mut self, step: Step<'_, 'm>, (a, b): (Expr, Expr)) -> Needed<'m> {
        let are_numbers = [a, b].into_iter().all(|side| self.arena.shape(side).is_scalar());
        ensure(are_numbers, "no side of it is below the other")?;
        ensure(step.hypotheses.hold(Relation::new(Comparison::NotEqual, a, b)), "they may be equal")?;
        let sides = [(a, b), (b, a)].map(|(low, high)| Relation::new(Comparison::Less, low, high));
        Ok(self.in_cases(step, &sides))
    }

    fn in_cases<'m>(&mut self, step: Step<'_, 'm>, cases: &[Relation]) -> Vec<Sequent<'m>> {
        cases.iter().map(|case| self.wanted(step.conclusion.clone(), &[case.prop()], step.hypotheses)).collect()
    }

    /// `a <= d` from `a <= b`, `b <= c`, `c <= d`; less where one of them is less. What bounds `|a|` bounds a.
    pub(super) fn through<'m>(&mut self, step: Step<'_, 'm>) -> Needed<'m> {
        let (own, steps) = (step.own()?, step.others()?);
        let (Some(first), Some(last)) = (steps.first(), steps.last()) else {
            return Err(Objection::Wrong("no steps"));
        };
        ensure(steps.iter().all(|step| step.is_order()), "a step is no order")?;
        ensure(steps.windows(2).all(|pair| pair[0].right == pair[1].left), "the steps do not meet")?;
        let begins = first.left == own.left || call(self.arena, first.left) == Some((Elementary::Abs, own.left));
        let is_less = steps.iter().any(|step| step.how == Comparison::Less);
        let follows = own.how == Comparison::LessEqual || own.how == Comparison::Less && is_less;
        ensure(begins && last.right == own.right && follows, "the steps lead elsewhere")?;
        self.has_middle(step)?;
        step.here()
    }

    /// The last premise, for which the others are supposed.
    pub(super) fn with_lemmas<'m>(&mut self, step: Step<'_, 'm>) -> Needed<'m> {
        let (_, lemmas) = step.premises.split_last().ok_or(Objection::Wrong("no premise"))?;
        self.has_middle(step)?;
        let lemmas: Vec<Prop> = lemmas.iter().map(|lemma| lemma.conclusion.clone()).collect();
        let mut needed: Vec<_> = lemmas.iter().map(|lemma| self.wanted(lemma.clone(), &[], step.hypotheses)).collect();
        needed.push(self.wanted(step.conclusion.clone(), &lemmas, step.hypotheses));
        Ok(needed)
    }

    /// What holds for all values of letters in the ranges of some expressions holds for these.
    pub(super) fn generalized<'m>(&mut self, step: Step<'_, 'm>, letters: &[(Expr, Expr)]) -> Needed<'m> {
        let sides = step.conclusion.expressions();
        let mut more = Vec::new();
        for &(letter, part) in letters {
            self.is_new(letter, SymbolKind::Real, &sides, step.hypotheses)?;
            let own = extent(self.arena, step.hypotheses, part);
            more.extend(self.bounds(letter, &own).iter().map(|bound| bound.prop()));
        }
        let map: Vec<(Expr, Expr)> = letters.iter().map(|&(letter, part)| (part, letter)).collect();
        let wanted = self.replaced(step.conclusion, &map);
        let inner = step.hypotheses.substituted(self.arena, &map.into_iter().collect());
        Ok(vec![Sequent { conclusion: wanted, under: Some(self.supposing(&more, &inner)) }])
    }

    /// What a range says of a letter.
    pub(super) fn bounds(&mut self, letter: Expr, own: &Range) -> Vec<Relation> {
        let how = |end: &End| if end.member().is_some() { Comparison::LessEqual } else { Comparison::Less };
        let low = own.low.value().map(|value| (how(&own.low), self.arena.number(value.clone()), letter));
        let high = own.high.value().map(|value| (how(&own.high), letter, self.arena.number(value.clone())));
        low.into_iter().chain(high).map(|(how, left, right)| Relation::new(how, left, right)).collect()
    }

    /// Base: at the least value. Step: from the value before, where it is above the least one.
    pub(super) fn induction<'m>(&mut self, step: Step<'_, 'm>, (letter, least): (Expr, Expr)) -> Needed<'m> {
        let Step { conclusion, hypotheses, .. } = step;
        let begins = hypotheses.decides(self.arena, Comparison::LessEqual, least, letter) == Some(true)
            && hypotheses.begin_at(self.arena, letter, least);
        ensure(self.is_letter(letter, SymbolKind::Integer), "no letter of integers")?;
        ensure(begins, "more or less is known of the letter than where it begins")?;
        let base = self.replaced(conclusion, &[(letter, least)]);
        let at_least = hypotheses.substituted(self.arena, &Substitution::from([(letter, least)]));
        let (one, minus) = (self.arena.one(), self.arena.integer(-1));
        let (before, next) = (self.arena.sum([letter, minus]), self.arena.sum([least, one]));
        let earlier = self.replaced(conclusion, &[(letter, before)]);
        let above = hypotheses.with(self.arena, &Prop::at_most(next, letter));
        self.are_defined(conclusion, &earlier.expressions(), &above)?;
        let later = self.wanted(conclusion.clone(), &[earlier], &above);
        Ok(vec![Sequent { conclusion: base, under: Some(at_least) }, later])
    }

    /// A given law for one choice of its letters.
    pub(super) fn instance<'m>(&mut self, step: Step<'_, 'm>, letters: &[(Expr, Expr)]) -> Needed<'m> {
        let own = step.order()?;
        let map: Substitution = letters.iter().copied().collect();
        let instances = step.hypotheses.laws_at(self.arena, &map);
        let is_one = instances.into_iter().any(|law| law.how == own.how && self.are_same(own, law, step.hypotheses));
        ensure(is_one, "no instance of a law")?;
        Ok(Vec::new())
    }

    /// The last premise, in which a part stands as what the premises before it say or choose, also in the hypotheses.
    pub(super) fn with_replaced<'m>(&mut self, step: Step<'_, 'm>, part: Expr) -> Needed<'m> {
        let relations = step.others()?;
        let (_, because) = relations.split_last().ok_or(Objection::Wrong("a premise is missing"))?;
        let value = match (self.chosen(part, because), because) {
            (Some(value), _) => value,
            (None, &[Relation { how: Comparison::Equal, left, right }]) if left == part => {
                self.are_defined(step.conclusion, &[right], step.hypotheses)?;
                right
            }
            (None, _) => return Err(Objection::Wrong("the branch is not the one chosen")),
        };
        let inner = step.hypotheses.substituted(self.arena, &Substitution::from([(part, value)]));
        let because: Vec<Prop> = because.iter().map(|relation| relation.prop()).collect();
        let (wanted, under) = (self.replaced(step.conclusion, &[(part, value)]), self.supposing(&because, &inner));
        let mut needed: Vec<Sequent<'m>> = because.into_iter().map(here).collect();
        needed.push(Sequent { conclusion: wanted, under: Some(under) });
        Ok(needed)
    }

    /// Whether an expression is a letter of a kind.
    pub(super) fn is_letter(&self, expr: Expr, kind: SymbolKind) -> bool {
        letter_of(self.arena, expr).is_some_and(|symbol| self.arena.kind(symbol) == kind)
    }

    /// The symbol of a letter of integers.
    pub(super) fn symbol_of(&self, expr: Expr) -> Result<SymbolId, Objection> {
        let symbol = letter_of(self.arena, expr).filter(|&symbol| self.arena.kind(symbol) == SymbolKind::Integer);
        symbol.ok_or(Objection::Wrong("no letter of integers"))
    }

    /// Whether nothing is known of a letter, which stands in none of some expressions.
    pub(super) fn is_new(
        &self,
        letter: Expr,
        kind: SymbolKind,
        apart: &[Expr],
        hypotheses: &Hypotheses<'_>,
    ) -> Result<(), Objection> {
        let stands = apart.iter().any(|&side| self.arena.contains(side, letter));
        let is_given = |symbol| hypotheses.model.declarations.contains_key(&symbol);
        let is_known = letter_of(self.arena, letter).is_some_and(is_given) || hypotheses.speak_of(self.arena, letter);
        ensure(self.is_letter(letter, kind) && !stands && !is_known, "a letter is not new")
    }

    /// The hypotheses for a letter of a range, of which nothing else is known.
    pub(super) fn within<'m>(
        &mut self,
        letter: Expr,
        (lower, upper): (Expr, Expr),
        hypotheses: &Hypotheses<'m>,
    ) -> Result<Hypotheses<'m>, Objection> {
        self.is_new(letter, SymbolKind::Integer, &[lower, upper], hypotheses)?;
        Ok(self.supposing(&[Prop::at_most(lower, letter), Prop::at_most(letter, upper)], hypotheses))
    }
}

/// A statement under the hypotheses of the place.
fn here<'m>(conclusion: Prop) -> Sequent<'m> {
    Sequent { conclusion, under: None }
}

fn not(prop: &Prop) -> Prop {
    Prop::Not(Box::new(prop.clone()))
}

fn implies(premise: &Prop, then: &Prop) -> Prop {
    Prop::Implies(Box::new(premise.clone()), Box::new(then.clone()))
}

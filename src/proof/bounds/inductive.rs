//! States along their recurrence: relations by induction over the index, and states that are multiples of the one before.

use std::collections::BTreeSet;

use crate::expr::{Comparison, Elementary, Expr, Node, Prop, Substitution, SymbolId, SymbolKind};
use crate::model::Model;
use crate::number::polynomial::Goal;
use crate::proof::bounds::Prover;
use crate::proof::bounds::known::Known;
use crate::proof::check::{Evidence, Reason, Relation};
use crate::proof::outcome::Method;
use crate::rewrite::Linear;

/// How a relation is proved at one index.
type Way = fn(&mut Prover<'_>, Relation, Expr, &Known) -> bool;

/// How often members are replaced by their definitions, where the index is a number.
const OPENINGS: usize = 6;

/// At how many indices definitions are looked at.
const INDICES: usize = 2;

/// How many members before its own a definition may ask for.
const MOST_BACK: i64 = 3;

impl Prover<'_> {
    /// Numbers along a recurrence: by their definitions, or by induction over an index.
    pub fn by_induction(&mut self, how: Comparison, (left, right): (Expr, Expr), known: &Known) -> bool {
        let relation = Relation::new(how, left, right);
        let by_definitions = |prover: &mut Self, index| prover.by_definitions(relation, index, known, OPENINGS);
        relation.is_order()
            && (self.indices_of_states(left, right).into_iter().take(INDICES).any(|index| by_definitions(self, index))
                || self.by_steps(relation, known, |prover, own, index, known| prover.at_one_index(own, index, known)))
    }

    /// Norms along a recurrence, by induction over an index.
    pub fn by_induction_of_norms(&mut self, relation: Relation, known: &Known) -> bool {
        relation.is_order()
            && self.by_steps(relation, known, |prover, relation, _, known| {
                let Relation { how, left, right } = relation;
                prover.concluding("norms", &relation.prop(), |prover| prover.by_norms(how, left, right, known))
            })
    }

    /// A relation of numbers at one index.
    fn at_one_index(&mut self, relation: Relation, index: Expr, known: &Known) -> bool {
        self.by_definitions(relation, index, known, OPENINGS)
            || self.attempt(|prover| prover.is_ordered(relation, known))
    }

    fn is_ordered(&mut self, relation: Relation, known: &Known) -> bool {
        let goal = if relation.how == Comparison::Less { Goal::Positive } else { Goal::NonNegative };
        self.at_most(relation.left, relation.right, goal, known)
    }

    /// With the states at an index replaced by their definitions; where it is a number, those before it, too.
    fn by_definitions(&mut self, relation: Relation, index: Expr, known: &Known, openings: usize) -> bool {
        let Some((left, right)) = self.opened_at(index, relation.left, relation.right, known) else { return false };
        let (mark, opened) = (self.evidence.len(), Relation { left, right, ..relation });
        let found = self.attempt(|prover| prover.is_ordered(opened, known)) || {
            let is_number = |index: &Expr| self.arena.as_integer(*index).is_some();
            let before = self.indices_of_states(left, right).into_iter().find(is_number);
            let before = before.filter(|_| is_number(&index) && openings > 1);
            before.is_some_and(|before| self.by_definitions(opened, before, known, openings - 1))
        };
        if found {
            self.conclude(mark, relation.prop(), Reason::Opened(index));
        }
        found
    }

    /// Base: the relation at the least index, and at as many more as a definition goes back. Step: at the next index, from
    /// as many before.
    fn by_steps(&mut self, relation: Relation, known: &Known, way: Way) -> bool {
        let Some((letter, n_back)) = self.running_index(relation, known) else { return false };
        let (lower, _) = known.domain.range_of(letter);
        let [least] = &lower[..] else { return false };
        let first = least.expr(self.arena);
        let Some(domain) = known.domain.substitute(letter, least) else { return false };
        let (base, mark) = (Known { domain, ..known.clone() }, self.evidence.len());
        for place in 0..n_back {
            let (index, begins) = self.shifted(relation, letter, (first, place));
            if !self.attempt(|prover| way(prover, begins, index, &base)) {
                self.evidence.truncate(mark);
                return false;
            }
        }
        let mut step = known.clone();
        let later = least.plus(&Linear::integer(1), &1.into()).minus(&Linear::letter(letter));
        if step.domain.require_at_most_zero(&later).is_none() {
            return false;
        }
        // A maximum that does not change along the way is any number that is not below its arguments.
        let (extremes, mut step) = self.extremes_named(letter, (relation.left, relation.right), step);
        let names: Substitution = extremes.iter().map(|&(name, part)| (part, name)).collect();
        let sides = self.arena.substitute_all(&[relation.left, relation.right], &names);
        let named = Relation::new(relation.how, sides[0], sides[1]);
        for place in -1..n_back - 1 {
            let (_, Relation { how, left, right }) = self.shifted(named, letter, (letter, place));
            step = step.with_fact(self.arena, how, left, right);
            step.raw.push((how, left, right));
        }
        self.methods.insert(Method::Induction);
        let (later, (index, next)) = (self.evidence.len(), self.shifted(named, letter, (letter, n_back - 1)));
        let found = way(self, next, index, &step);
        if found && n_back == 1 {
            self.conclude_for_extremes(later, relation, extremes);
            self.conclude(mark, relation.prop(), Reason::Induction { letter, least: first });
        } else if found {
            let all = (0..n_back).map(|place| self.shifted(relation, letter, (letter, place)).1.prop()).collect();
            let (_, next) = self.shifted(relation, letter, (letter, n_back - 1));
            self.conclude_for_extremes(later, next, extremes);
            self.conclude_together(mark, later, all, (letter, first));
        }
        found
    }

    /// Relations at neighbouring indices by induction, from what was left of the first ones since `mark`, and of the next
    /// one since `later`; and of them the first.
    fn conclude_together(&mut self, mark: usize, later: usize, all: Vec<Prop>, (letter, least): (Expr, Expr)) {
        let known = all[..all.len() - 1].iter().map(|own| Evidence::leaf(own.clone(), Reason::Supposed));
        self.evidence.splice(later..later, known.collect::<Vec<_>>());
        let together = Prop::And(all.clone());
        self.conclude(later, together.clone(), Reason::Form);
        let map = Substitution::from([(letter, least)]);
        let step = self.evidence.split_off(later);
        let begins = together.map(&mut |side| self.arena.substitute(side, &map));
        self.conclude(mark, begins, Reason::Form);
        self.evidence.extend(step);
        self.conclude(mark, together, Reason::Induction { letter, least });
        self.attest(all[0].clone(), Reason::Supposed);
        self.conclude(mark, all[0].clone(), Reason::WithLemmas);
    }

    /// A relation at so many places behind an index, instead of at a letter; and that index.
    fn shifted(&mut self, relation: Relation, letter: Expr, (index, place): (Expr, i64)) -> (Expr, Relation) {
        let place = self.arena.integer(place);
        let index = self.arena.sum([index, place]);
        let map = Substitution::from([(letter, index)]);
        let sides = self.arena.substitute_all(&[relation.left, relation.right], &map);
        (index, Relation::new(relation.how, sides[0], sides[1]))
    }

    /// Letters for maxima and minima that do not hold `letter`, with what is known of them.
    fn extremes_named(
        &mut self,
        letter: Expr,
        (left, right): (Expr, Expr),
        mut known: Known,
    ) -> (Vec<(Expr, Expr)>, Known) {
        let mut names = Vec::new();
        for part in self.arena.reachable(&[left, right]) {
            let Some(bounds) = self.bounds_of_extreme(part) else { continue };
            if self.arena.contains(part, letter) || !self.arena.is_closed(part) {
                continue;
            }
            let name = self.fresh(SymbolKind::Real);
            for (low, high) in bounds {
                let [low, high] = [low, high].map(|side| if side == part { name } else { side });
                known = known.with_fact(self.arena, Comparison::LessEqual, low, high);
            }
            names.push((name, part));
        }
        (names, known)
    }

    /// What a maximum is never below, or a minimum never above.
    fn bounds_of_extreme(&self, part: Expr) -> Option<Vec<(Expr, Expr)>> {
        let (f, args) = self.arena.elementary(part)?;
        let bound = |&arg: &Expr| if f == Elementary::Max { (arg, part) } else { (part, arg) };
        matches!(f, Elementary::Max | Elementary::Min).then(|| args.iter().map(bound).collect())
    }

    /// The same with its laws.
    fn lemmas_of_extreme(&self, part: Expr) -> Vec<Evidence> {
        let Some((f, args)) = self.arena.elementary(part) else { return Vec::new() };
        let laws = match f {
            Elementary::Max => ["maximum and first", "maximum and second"],
            _ => ["minimum and first", "minimum and second"],
        };
        let bounds = self.bounds_of_extreme(part).into_iter().flatten().zip(laws);
        let lemma = |((low, high), law)| Evidence::leaf(Prop::at_most(low, high), Reason::Law(law, args.to_vec()));
        bounds.map(lemma).collect()
    }

    /// What was proved since `mark` for any letters in place of maxima and minima.
    fn conclude_for_extremes(&mut self, mark: usize, relation: Relation, names: Vec<(Expr, Expr)>) {
        if names.is_empty() {
            return;
        }
        let lemmas: Vec<Evidence> = names.iter().flat_map(|&(_, part)| self.lemmas_of_extreme(part)).collect();
        self.conclude(mark, relation.prop(), Reason::Generalized(names));
        self.evidence.splice(mark..mark, lemmas);
        self.conclude(mark, relation.prop(), Reason::WithLemmas);
    }

    /// The free letter along which members follow from those before, where nothing but its range is known of it: the index
    /// of states, or of givens of which a law says how they follow each other. And from how many before.
    fn running_index(&self, relation: Relation, known: &Known) -> Option<(Expr, i64)> {
        let mut found: Option<(Expr, i64)> = None;
        for part in self.arena.reachable(&[relation.left, relation.right]) {
            let Some((symbol, indices, _)) = Model::member(self.arena, part) else { continue };
            let [index] = indices[..] else { continue };
            let is_letter = matches!(self.arena.node(index), Node::Symbol { indices, .. } if indices.is_empty());
            let is_state = self.structure.states.contains(&symbol);
            if !is_letter || found.is_some_and(|(letter, _)| letter != index) {
                continue;
            }
            if is_state || self.is_linked(symbol, known) {
                let n_back = if is_state { self.structure.lag(symbol).clamp(1, MOST_BACK) } else { 1 };
                found = Some((index, found.map_or(n_back, |(_, other)| n_back.max(other))));
            }
        }
        found.filter(|&(letter, _)| !known.speaks_of(self.arena, letter))
    }

    /// Whether a law relates members of a family at different indices.
    fn is_linked(&self, family: SymbolId, known: &Known) -> bool {
        known.laws.iter().any(|law| {
            let sides = [law.relation.left, law.relation.right];
            let members = self.arena.reachable(&sides).into_iter().filter_map(|part| Model::member(self.arena, part));
            let indices: BTreeSet<Vec<Expr>> =
                members.filter(|(symbol, ..)| *symbol == family).map(|(_, indices, _)| indices).collect();
            indices.len() > 1
        })
    }

    /// The indices of states: letters and what holds some, then numbers, from the last one on.
    fn indices_of_states(&self, left: Expr, right: Expr) -> Vec<Expr> {
        let mut all = Vec::new();
        for part in self.arena.reachable(&[left, right]) {
            let Some((symbol, indices, _)) = Model::member(self.arena, part) else { continue };
            if let [index] = indices[..]
                && self.structure.states.contains(&symbol)
                && self.arena.is_closed(index)
                && !all.contains(&index)
            {
                all.push(index);
            }
        }
        all.sort_by_key(|&index| std::cmp::Reverse(self.arena.as_integer(index).unwrap_or(i64::MAX)));
        all
    }

    /// Two sides with the states at one index replaced by their definitions.
    fn opened_at(&mut self, index: Expr, left: Expr, right: Expr, known: &Known) -> Option<(Expr, Expr)> {
        let mut map = Substitution::new();
        for part in self.arena.reachable(&[left, right]) {
            let Some((symbol, indices, components)) = Model::member(self.arena, part) else { continue };
            let whole = components.is_empty() && !self.arena.shape(part).is_scalar();
            if whole || indices != [index] || !self.structure.states.contains(&symbol) {
                continue;
            }
            let body = if self.is_made_by_step(symbol, index, known) {
                self.structure.definition_of(self.arena, self.model, part)?
            } else {
                // A start that is defined, `m_0 = 0`.
                self.structure.certain_definition(self.arena, self.model, part)??
            };
            map.insert(part, self.resolved(body)?);
        }
        let sides = self.arena.substitute_all(&[left, right], &map);
        (!map.is_empty()).then(|| (sides[0], sides[1]))
    }
}

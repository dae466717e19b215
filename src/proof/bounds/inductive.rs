//! States along their recurrence: relations by induction over the index, and states that are multiples of the one before.

use crate::expr::{Comparison, Elementary, Expr, Node, Prop, Substitution, SymbolKind};
use crate::model::Model;
use crate::number::polynomial::Goal;
use crate::proof::bounds::Prover;
use crate::proof::bounds::known::Known;
use crate::proof::check::{Evidence, Reason, Relation};
use crate::proof::outcome::Method;
use crate::rewrite::Linear;

impl Prover<'_> {
    /// Base: the relation at the least index. Step: from the relation at the index before, with the states at the index
    /// itself replaced by their definition.
    pub fn by_induction(&mut self, how: Comparison, (left, right): (Expr, Expr), known: &Known) -> bool {
        let goal = match how {
            Comparison::LessEqual => Goal::NonNegative,
            Comparison::Less => Goal::Positive,
            Comparison::Equal | Comparison::NotEqual | Comparison::Approximately => return false,
        };
        let Some(letter) = self.state_index(left, right, known) else { return false };
        let (mark, relation) = (self.evidence.len(), Relation::new(how, left, right));
        if let Some((low, high)) = self.opened_at(letter, left, right, known)
            && self.attempt(|prover| prover.at_most(low, high, goal, known))
        {
            self.conclude(mark, relation.prop(), Reason::Opened(letter));
            return true;
        }
        let (lower, _) = known.domain.range_of(letter);
        let [least] = &lower[..] else { return false };
        let first = least.expr(self.arena);
        let at = |prover: &mut Self, place: Expr| {
            let map = Substitution::from([(letter, place)]);
            let sides = prover.arena.substitute_all(&[left, right], &map);
            (sides[0], sides[1])
        };
        let Some(domain) = known.domain.substitute(letter, least) else { return false };
        let base = Known { domain, ..known.clone() };
        let (low, high) = at(self, first);
        let begins = Relation::new(how, low, high).prop();
        let holds = self.attempt(|prover| prover.at_most(low, high, goal, &base))
            || self
                .opened_at(first, low, high, &base)
                .is_some_and(|(low, high)| self.attempt(|prover| prover.at_most(low, high, goal, &base)));
        if !holds {
            return false;
        }
        if self.evidence[mark..].iter().all(|own| own.conclusion != begins) {
            self.conclude(mark, begins, Reason::Opened(first));
        }
        let mut step = known.clone();
        let later = least.plus(&Linear::integer(1), &1.into()).minus(&Linear::letter(letter));
        if step.domain.require_at_most_zero(&later).is_none() {
            return false;
        }
        // A maximum that does not change along the way is any number that is not below its arguments.
        let (extremes, step) = self.extremes_named(letter, (left, right), step);
        let names: Substitution = extremes.iter().map(|&(name, part)| (part, name)).collect();
        let sides = self.arena.substitute_all(&[left, right], &names);
        let (left, right) = (sides[0], sides[1]);
        let minus = self.arena.integer(-1);
        let before = self.arena.sum([letter, minus]);
        let map = Substitution::from([(letter, before)]);
        let earlier = self.arena.substitute_all(&[left, right], &map);
        let step = step.with_fact(self.arena, how, earlier[0], earlier[1]);
        let Some((low, high)) = self.opened_at(letter, left, right, &step) else { return false };
        self.methods.insert(Method::Induction);
        let later = self.evidence.len();
        let found = self.at_most(low, high, goal, &step);
        if found {
            self.conclude(later, Relation::new(how, left, right).prop(), Reason::Opened(letter));
            self.conclude_for_extremes(later, relation, extremes);
            self.conclude(mark, relation.prop(), Reason::Induction { letter, least: first });
        }
        found
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

    /// The free letter that is the index of a state, where nothing but its range is known of it.
    fn state_index(&self, left: Expr, right: Expr, known: &Known) -> Option<Expr> {
        let letter = self.arena.reachable(&[left, right]).into_iter().find_map(|part| {
            let (symbol, indices, _) = Model::member(self.arena, part)?;
            let [index] = indices[..] else { return None };
            let is_letter = matches!(self.arena.node(index), Node::Symbol { indices, .. } if indices.is_empty());
            (is_letter && self.structure.states.contains(&symbol)).then_some(index)
        })?;
        let free = !known.speaks_of(self.arena, letter);
        free.then_some(letter)
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
            let first = self.structure.first[&symbol];
            let body = if known.decides(self.arena, Comparison::LessEqual, first, index) == Some(true) {
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

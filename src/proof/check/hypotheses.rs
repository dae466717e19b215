//! What holds at a place of the evidence: the hypotheses of the root, and what the reasons above it suppose.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::expr::{Arena, Comparison, Elementary, Expr, Function, Node, Prop, Substitution, SymbolId, SymbolKind};
use crate::model::Model;
use crate::proof::check::definitions::states_of;
use crate::proof::check::evidence::Relation;
use crate::proof::check::instances::{Universal, exists_anyway};
use crate::proof::check::integers::{Form, Integers};
use crate::proof::subject::seed_of;

/// Relations that hold.
#[derive(Debug, Clone)]
pub(super) struct Hypotheses<'m> {
    /// The definitions.
    pub model: &'m Model,
    /// Families that are states.
    pub states: Rc<BTreeSet<SymbolId>>,
    /// As they were supposed, with what follows from each at once.
    pub relations: Vec<Relation>,
    /// Statements for all values of their letters.
    pub laws: Vec<Universal>,
    /// Those among them and among the relations that are equations, but for the givens.
    equations: Vec<Prop>,
    /// For random points: another one for other numbers in what is claimed and known.
    pub seed: u64,
    integers: Integers,
    /// Names that are given by an equation, none of them in the values of the others.
    values: BTreeMap<Expr, Expr>,
}

impl<'m> Hypotheses<'m> {
    /// What the givens, the conditions of a claim and the existence of what stands in it say.
    pub fn of_claim(arena: &mut Arena, model: &'m Model, conditions: &[Prop], exprs: &[Expr]) -> Hypotheses<'m> {
        let mut all = Hypotheses {
            model,
            states: Rc::new(states_of(arena, model)),
            relations: Vec::new(),
            laws: Vec::new(),
            equations: Vec::new(),
            seed: seed_of(arena, model, conditions, exprs),
            integers: Integers::default(),
            values: BTreeMap::new(),
        };
        for prop in model.assumptions.iter().chain(conditions) {
            all.suppose(arena, prop);
        }
        let on_condition = conditions.iter().flat_map(Prop::subjects_of_condition);
        let roots: Vec<Expr> = exprs.iter().copied().chain(on_condition).collect();
        for prop in all.existence(arena, &roots) {
            all.suppose_of_integers(arena, &prop);
        }
        all
    }

    /// Where the members and entries that stand in expressions exist.
    pub fn existence(&self, arena: &mut Arena, exprs: &[Expr]) -> Vec<Prop> {
        let mut found = Vec::new();
        for part in arena.reachable(exprs) {
            let is_closed = Arena::children_of(arena.node(part)).iter().all(|&index| arena.is_closed(index));
            if is_closed && self.exists_nowhere_else(arena, part) {
                found.extend(self.existence_of(arena, part).into_iter().flatten());
            }
        }
        found
    }

    /// Supposes that a letter lies in a range; how much was known of integers before.
    pub fn place(&mut self, arena: &Arena, letter: Expr, (lower, upper): (Expr, Expr)) -> usize {
        let n_known = self.integers.n_bounds();
        for (low, high) in [(lower, letter), (letter, upper)] {
            self.integers.learn(arena, Comparison::LessEqual, low, high);
        }
        n_known
    }

    /// Forgets it.
    pub fn displace(&mut self, n_known: usize) {
        self.integers.forget(n_known);
    }

    /// The comparisons of integers among the hypotheses.
    pub fn on_integers(&self, arena: &Arena) -> Vec<Prop> {
        let is_integer = |side: Expr| Form::read(arena, side).is_some();
        let are_integers = |own: &&Relation| is_integer(own.left) && is_integer(own.right);
        self.relations.iter().filter(are_integers).map(|own| own.prop()).collect()
    }

    /// These and the equations: what decides an equality beside the givens.
    pub fn for_equalities(&self, arena: &Arena) -> Vec<Prop> {
        let mut all = self.on_integers(arena);
        all.extend(self.equations.iter().cloned());
        all
    }

    /// The same, and a statement that is supposed.
    pub fn with(&self, arena: &mut Arena, prop: &Prop) -> Hypotheses<'m> {
        let mut all = self.clone();
        all.suppose(arena, prop);
        all
    }

    /// Learns comparisons of integers, and forgets everything else.
    fn suppose_of_integers(&mut self, arena: &Arena, prop: &Prop) {
        for (how, left, right) in prop.conjuncts().into_iter().filter_map(Prop::comparison) {
            self.integers.learn(arena, how, left, right);
        }
    }

    fn suppose(&mut self, arena: &mut Arena, prop: &Prop) {
        if prop.equation().is_some() && !self.model.assumptions.contains(prop) {
            self.equations.push(prop.clone());
        }
        match prop {
            Prop::And(parts) => parts.iter().for_each(|part| self.suppose(arena, part)),
            Prop::Compare(how, left, right) => self.learn(arena, Relation::new(*how, *left, *right)),
            Prop::Not(inner) => self.suppose_denied(arena, inner),
            Prop::ForAll(..) => {
                for law in Universal::read(arena, prop) {
                    self.learn_sign(arena, &law);
                    self.laws.push(law);
                }
            }
            Prop::Integer(_) | Prop::Or(_) | Prop::Implies(..) | Prop::Iff(..) | Prop::Proportional { .. } => {}
        }
    }

    /// Supposes that a statement does not hold.
    fn suppose_denied(&mut self, arena: &mut Arena, prop: &Prop) {
        match prop {
            Prop::Compare(how, left, right) => {
                let denied = Relation::new(*how, *left, *right).denied(arena);
                denied.into_iter().for_each(|own| self.learn(arena, own));
            }
            Prop::Or(parts) => parts.iter().for_each(|part| self.suppose_denied(arena, part)),
            Prop::Not(inner) => self.suppose(arena, inner),
            Prop::Integer(_)
            | Prop::And(_)
            | Prop::Implies(..)
            | Prop::Iff(..)
            | Prop::ForAll(..)
            | Prop::Proportional { .. } => {}
        }
    }

    /// `0 <= c` from `|f(z)| <= c` for all z, where `f(z)` has a value.
    fn learn_sign(&mut self, arena: &mut Arena, law: &Universal) {
        let relation = law.relation;
        let Some((Elementary::Abs, inside)) = call(arena, relation.left) else { return };
        let has_value = exists_anyway(arena, self.model, &law.letters, inside);
        let is_free = !law.letters.iter().any(|&letter| arena.contains(relation.right, letter));
        if has_value && is_free && law.conditions.is_empty() && relation.is_order() {
            let zero = arena.zero();
            self.learn(arena, Relation { left: zero, ..relation });
        }
    }

    fn learn(&mut self, arena: &mut Arena, relation: Relation) {
        let Relation { how, left, right } = relation;
        if self.relations.contains(&relation) {
            return;
        }
        self.relations.push(relation);
        self.integers.learn(arena, how, left, right);
        if how == Comparison::Equal {
            self.learn_value(arena, left, right);
        }
        if !matches!(how, Comparison::Less | Comparison::LessEqual) {
            return;
        }
        // `|a| <= b` says it of a and of -a.
        if let Some((Elementary::Abs, arg)) = call(arena, left) {
            let back = arena.negate(right);
            self.learn(arena, Relation::new(how, arg, right));
            self.learn(arena, Relation::new(how, back, arg));
        }
        // A function that rises strictly keeps the order of its arguments.
        if let (Some((f, a)), Some((g, b))) = (call(arena, left), call(arena, right))
            && f == g
            && f.rises_strictly()
        {
            self.learn(arena, Relation::new(how, a, b));
        }
    }

    /// A name that an equation gives, where neither the name nor a name already given stands in the value.
    fn learn_value(&mut self, arena: &mut Arena, left: Expr, right: Expr) {
        for (name, value) in [(left, right), (right, left)] {
            let map = self.values.iter().map(|(&name, &value)| (name, value)).collect();
            let value = arena.substitute(value, &map);
            let is_free = is_name(arena, name) && !self.values.contains_key(&name) && !arena.contains(value, name);
            if is_free {
                let own = [(name, value)].into_iter().collect();
                self.values.values_mut().for_each(|known| *known = arena.substitute(*known, &own));
                self.values.insert(name, value);
                return;
            }
        }
    }

    /// The value that an equation gives to a name.
    pub fn value_of(&self, name: Expr) -> Option<Expr> {
        self.values.get(&name).copied()
    }

    /// Whether a comparison of numbers or integers, or a hypothesis, holds everywhere (`true`), or nowhere.
    pub fn decides(&self, arena: &Arena, how: Comparison, left: Expr, right: Expr) -> Option<bool> {
        let stated = || {
            let relation = Relation::new(how, left, right);
            let denied = relation.contrary().is_some_and(|contrary| self.hold(contrary));
            if self.hold(relation) { Some(true) } else { denied.then_some(false) }
        };
        let decided = arena.decide_numbers(how, left, right);
        decided.or_else(|| self.integers.decides(arena, how, left, right)).or_else(stated)
    }

    /// Whether anything is known of a letter.
    pub fn speak_of(&self, arena: &Arena, letter: Expr) -> bool {
        let holds = |prop: &Prop| prop.expressions().into_iter().any(|expr| arena.contains(expr, letter));
        self.relations.iter().any(|own| holds(&own.prop()))
            || self.laws.iter().any(|law| law.holds(arena, letter))
            || self.integers.speak_of(letter)
            || self.values.contains_key(&letter)
    }

    /// The same with expressions replaced everywhere.
    pub fn substituted(&self, arena: &mut Arena, map: &Substitution) -> Hypotheses<'m> {
        let mut all = Hypotheses {
            relations: Vec::new(),
            integers: Integers::default(),
            values: BTreeMap::new(),
            laws: self.laws.iter().map(|law| law.substituted(arena, map)).collect(),
            ..self.clone()
        };
        all.integers = self.integers.substituted(arena, map);
        for own in &self.relations {
            let sides = arena.substitute_all(&[own.left, own.right], map);
            all.learn(arena, Relation::new(own.how, sides[0], sides[1]));
        }
        all
    }

    /// Whether all that is known of a letter are bounds, and those from below say that it is at least some number or
    /// less, so that the letter runs over all integers from there on to some other one.
    pub fn begin_at(&self, arena: &Arena, letter: Expr, least: Expr) -> bool {
        let is_bound = |own: &Relation| {
            let holds = arena.contains(own.left, letter) || arena.contains(own.right, letter);
            let is_form = |side| Form::read(arena, side).is_some_and(|form| !form.holds_within(arena, letter));
            !holds || own.is_order() && is_form(own.left) && is_form(own.right)
        };
        self.relations.iter().all(is_bound)
            && !self.laws.iter().any(|law| law.holds(arena, letter))
            && !self.values.keys().chain(self.values.values()).any(|&own| arena.contains(own, letter))
            && self.integers.begin_at(arena, letter, least)
    }

    /// The same, where of a letter only the ends of where it lies are known, which are numbers, and numbers that it is not.
    pub fn with_ends_of(&self, arena: &Arena, letter: Expr) -> Hypotheses<'m> {
        let is_kept = |own: &Relation| {
            let Relation { how, left, right } = *own;
            let is_of = |one, other| one == letter && arena.as_number(other).is_some();
            let is_order = matches!(how, Comparison::Less | Comparison::LessEqual | Comparison::NotEqual);
            let is_end = is_order && (is_of(left, right) || is_of(right, left));
            is_end || !arena.contains(left, letter) && !arena.contains(right, letter)
        };
        let mut all = self.clone();
        all.relations.retain(is_kept);
        all.laws.retain(|law| !law.holds(arena, letter));
        all.values.retain(|&name, &mut value| !arena.contains(name, letter) && !arena.contains(value, letter));
        all
    }

    /// Whether no numbers or integers fulfil them.
    pub fn are_absurd(&self, arena: &Arena) -> bool {
        self.relations.iter().any(|own| arena.decide_numbers(own.how, own.left, own.right) == Some(false))
            || self.integers.are_absurd()
    }

    /// `to - from`, where that is one number.
    pub fn distance(&self, arena: &Arena, from: Expr, to: Expr) -> Option<i64> {
        Form::read(arena, to)?.plus(&Form::read(arena, from)?, -1)?.as_integer()
    }

    /// A number that an expression of integers never exceeds.
    pub fn integer_bound(&self, arena: &Arena, expr: Expr, sign: i64) -> Option<i64> {
        let form = Form::default().plus(&Form::read(arena, expr)?, sign)?;
        self.integers.bound(&form)
    }

    /// Whether a relation is among the hypotheses, or a weaker one than one of them.
    pub fn hold(&self, relation: Relation) -> bool {
        let Relation { how, left, right } = relation;
        let stronger = match how {
            Comparison::LessEqual => vec![Comparison::LessEqual, Comparison::Less, Comparison::Equal],
            Comparison::NotEqual => vec![Comparison::NotEqual, Comparison::Less],
            Comparison::Less | Comparison::Equal | Comparison::Approximately => vec![how],
        };
        let is_symmetric = matches!(how, Comparison::Equal | Comparison::NotEqual);
        self.relations.iter().any(|own| {
            let same = own.left == left && own.right == right;
            let swapped = own.left == right && own.right == left;
            let either = swapped && (is_symmetric || own.how == Comparison::Equal);
            stronger.contains(&own.how) && (same || either)
        })
    }
}

/// An elementary function of one number, and its argument.
pub(super) fn call(arena: &Arena, expr: Expr) -> Option<(Elementary, Expr)> {
    match arena.node(expr) {
        Node::Call { function: Function::Elementary(f), slots, args } if slots.is_empty() && args.len() == 1 => {
            Some((*f, args[0]))
        }
        _ => None,
    }
}

/// The symbol that an expression is, where it is a number without an index.
pub(super) fn letter(arena: &Arena, expr: Expr) -> Option<SymbolId> {
    match arena.node(expr) {
        Node::Symbol { symbol, indices, shape } if indices.is_empty() && shape.is_scalar() => Some(*symbol),
        _ => None,
    }
}

/// A number that has a name: a given, or an entry of one.
fn is_name(arena: &Arena, expr: Expr) -> bool {
    match arena.node(expr) {
        Node::Symbol { shape, symbol, .. } => shape.is_scalar() && arena.kind(*symbol) != SymbolKind::Function,
        Node::Entry { of, .. } => matches!(arena.node(*of), Node::Symbol { .. }),
        _ => false,
    }
}

//! Relations for all values of letters: what they say of one expression, and at one choice of the letters.

use crate::expr::{Arena, Elementary, Expr, Function, Node, Prop, Slot, Substitution, SymbolId};
use crate::model::{FunctionBody, Model};
use crate::proof::check::evidence::Relation;
use crate::proof::check::hypotheses::{Hypotheses, call};
use crate::proof::context::is_integer;

/// A relation that holds for all values of its letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Universal {
    /// The letters, which stand nowhere else: [`bound_letter`].
    pub letters: Vec<Expr>,
    /// Where it holds.
    pub conditions: Vec<Prop>,
    /// The relation.
    pub relation: Relation,
}

impl Universal {
    /// What a statement says for all values of letters; what is no relation is forgotten. A letter that it binds is another
    /// one than the letter of the same name outside, of which it says nothing.
    pub fn read(arena: &mut Arena, prop: &Prop) -> Vec<Universal> {
        match prop {
            Prop::And(parts) => parts.iter().flat_map(|part| Universal::read(arena, part)).collect(),
            Prop::ForAll(letters, inner) => {
                let letters: Vec<(Expr, Expr)> =
                    letters.iter().map(|&letter| (arena.symbol(letter), bound_letter(arena, letter))).collect();
                let map: Substitution = letters.iter().copied().collect();
                let mut all: Vec<Universal> =
                    Universal::read(arena, inner).iter().map(|own| own.substituted(arena, &map)).collect();
                for own in &mut all {
                    own.letters.extend(letters.iter().map(|&(_, bound)| bound));
                }
                all
            }
            Prop::Implies(range, inner) => {
                let mut all = Universal::read(arena, inner);
                all.iter_mut().for_each(|own| own.conditions.push((**range).clone()));
                all
            }
            Prop::Compare(how, left, right) => {
                let relation = Relation::new(*how, *left, *right);
                vec![Universal { letters: Vec::new(), conditions: Vec::new(), relation }]
            }
            Prop::Integer(_) | Prop::Or(_) | Prop::Not(_) | Prop::Iff(..) | Prop::Proportional { .. } => Vec::new(),
        }
    }

    /// The relation at a choice of all letters, where the conditions follow.
    pub fn at(
        &self,
        arena: &mut Arena,
        choice: &Substitution,
        follows: impl Fn(&Arena, &Prop) -> bool,
    ) -> Option<Relation> {
        let may = |arena: &Arena, letter| choice.get(&letter).is_some_and(|&value| may_be(arena, letter, value));
        if !self.letters.iter().all(|&letter| may(arena, letter)) {
            return None;
        }
        for condition in &self.conditions {
            let condition = condition.map(&mut |expr| arena.substitute(expr, choice));
            if !follows(arena, &condition) {
                return None;
            }
        }
        let sides = arena.substitute_all(&[self.relation.left, self.relation.right], choice);
        Some(Relation::new(self.relation.how, sides[0], sides[1]))
    }

    /// The sides, and what stands in the absolute value that one is.
    pub fn patterns(&self, arena: &Arena) -> Vec<Expr> {
        let inside = |side| call(arena, side).filter(|(f, _)| *f == Elementary::Abs).map(|(_, arg)| arg);
        let sides = [self.relation.left, self.relation.right];
        sides.into_iter().flat_map(|side| std::iter::once(side).chain(inside(side))).collect()
    }

    /// What the letters are where a pattern is an expression.
    pub fn unify(&self, arena: &Arena, pattern: Expr, expr: Expr) -> Option<Substitution> {
        let mut choice = Substitution::new();
        self.unify_into(arena, pattern, expr, &mut choice).then_some(choice)
    }

    fn unify_into(&self, arena: &Arena, pattern: Expr, expr: Expr, choice: &mut Substitution) -> bool {
        if self.letters.contains(&pattern) {
            return may_be(arena, pattern, expr) && *choice.get_or_insert_with(pattern, || expr) == expr;
        }
        if pattern == expr && !self.letters.iter().any(|&letter| arena.contains(pattern, letter)) {
            return true;
        }
        let mut all = |own: &[Expr], other: &[Expr]| {
            own.len() == other.len() && own.iter().zip(other).all(|(&a, &b)| self.unify_into(arena, a, b, choice))
        };
        match (arena.node(pattern), arena.node(expr)) {
            (Node::Symbol { symbol: a, indices: i, .. }, Node::Symbol { symbol: b, indices: j, .. }) => {
                a == b && all(i, j)
            }
            (Node::Entry { of: a, at: i }, Node::Entry { of: b, at: j }) => all(&[*a], &[*b]) && all(i, j),
            (Node::Call { function: f, slots: p, args: a }, Node::Call { function: g, slots: q, args: b }) => {
                f == g && p == q && all(a, b)
            }
            _ => false,
        }
    }

    /// Whether an expression stands in it.
    pub fn holds(&self, arena: &Arena, part: Expr) -> bool {
        let sides = [self.relation.left, self.relation.right];
        self.conditions.iter().flat_map(Prop::expressions).chain(sides).any(|expr| arena.contains(expr, part))
    }

    /// The same with expressions replaced.
    pub fn substituted(&self, arena: &mut Arena, map: &Substitution) -> Universal {
        let sides = arena.substitute_all(&[self.relation.left, self.relation.right], map);
        let mut replaced = |prop: &Prop| prop.map(&mut |expr| arena.substitute(expr, map));
        Universal {
            letters: self.letters.clone(),
            conditions: self.conditions.iter().map(&mut replaced).collect(),
            relation: Relation::new(self.relation.how, sides[0], sides[1]),
        }
    }
}

/// The letter by which a law speaks of all values of a letter.
pub(crate) fn bound_letter(arena: &mut Arena, letter: SymbolId) -> Expr {
    let (kind, shape) = (arena.kind(letter), arena.declared_shape(letter));
    let bound = arena.intern(&format!("{}\u{2200}", arena.name(letter)), kind);
    arena.declare(bound, kind, shape);
    arena.symbol(bound)
}

/// Whether a letter may be an expression: what is said of all integers is not said of all numbers.
fn may_be(arena: &Arena, letter: Expr, value: Expr) -> bool {
    let is_of_its_shape = arena.shape(letter).is_scalar() || arena.shape(letter) == arena.shape(value);
    is_of_its_shape && (!is_integer(arena, letter) || is_integer(arena, value))
}

impl Hypotheses<'_> {
    /// The instances of laws of which an expression is a side, or stands in the absolute value that is one.
    pub fn laws_about(&self, arena: &mut Arena, expr: Expr) -> Vec<Relation> {
        let mut found = Vec::new();
        for law in &self.laws {
            for pattern in law.patterns(arena) {
                let choice = law.unify(arena, pattern, expr);
                found.extend(choice.and_then(|choice| self.instance(arena, law, &choice)));
            }
        }
        found
    }

    /// The laws at a choice of their letters.
    pub fn laws_at(&self, arena: &mut Arena, choice: &Substitution) -> Vec<Relation> {
        self.laws.iter().filter_map(|law| self.instance(arena, law, choice)).collect()
    }

    fn instance(&self, arena: &mut Arena, law: &Universal, choice: &Substitution) -> Option<Relation> {
        law.at(arena, choice, |arena, prop| self.implies(arena, prop))
    }
}

/// Whether an expression has a value for some values of letters, whatever is given: no member of a family that may be empty
/// stands in it, and no function that is not defined everywhere. Vectors and matrices have a first entry.
pub(crate) fn exists_anyway(arena: &Arena, model: &Model, letters: &[Expr], expr: Expr) -> bool {
    let is_total = |f: Elementary, slots: &[Slot]| f.is_total() && (slots.is_empty() || f.is_smooth());
    arena.reachable(&[expr]).into_iter().all(|part| match arena.node(part) {
        Node::Number(_) | Node::Sum(_) | Node::Product(_) => true,
        Node::Call { function: Function::Elementary(f), slots, .. } => is_total(*f, slots),
        Node::Call { function: Function::Declared { symbol, .. }, slots, .. } => match model.functions.get(symbol) {
            None => true,
            Some(FunctionBody::Elementary(f)) => is_total(*f, slots),
            Some(FunctionBody::Expression { .. }) => false,
        },
        Node::Symbol { symbol, .. } => {
            let is_everywhere = model.declarations.get(symbol).is_none_or(|own| own.range.is_empty());
            is_everywhere && !model.is_defined(*symbol)
        }
        Node::Entry { of, at } => {
            let is_size = |size: &Expr| matches!(arena.node(*size), Node::Symbol { .. } | Node::Number(_));
            arena.shape(*of).sizes().iter().all(is_size) && at.iter().all(|index| letters.contains(index))
        }
        _ => false,
    })
}

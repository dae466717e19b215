//! Statements for all values of letters: what they say of one expression, and at one choice of the letters.

use crate::expr::{Arena, Elementary, Expr, Node, Prop, Substitution, SymbolKind};
use crate::proof::check::evidence::Relation;
use crate::proof::check::hypotheses::{Hypotheses, call};

/// A law taken apart: its letters, the conditions on them, and the relation.
struct Law {
    letters: Vec<Expr>,
    conditions: Vec<Prop>,
    relation: Relation,
}

impl Law {
    fn read(arena: &mut Arena, prop: &Prop) -> Option<Law> {
        match prop {
            Prop::ForAll(letters, inner) => {
                let mut law = Law::read(arena, inner)?;
                law.letters.extend(letters.iter().map(|&letter| arena.symbol(letter)));
                Some(law)
            }
            Prop::Implies(range, inner) => {
                let mut law = Law::read(arena, inner)?;
                law.conditions.push((**range).clone());
                Some(law)
            }
            Prop::Compare(how, left, right) => {
                let relation = Relation::new(*how, *left, *right);
                Some(Law { letters: Vec::new(), conditions: Vec::new(), relation })
            }
            Prop::Integer(_)
            | Prop::And(_)
            | Prop::Or(_)
            | Prop::Not(_)
            | Prop::Iff(..)
            | Prop::Proportional { .. } => None,
        }
    }

    /// The relation at a choice of all letters, where the conditions follow from what is known.
    fn at(&self, arena: &mut Arena, hypotheses: &Hypotheses<'_>, choice: &Substitution) -> Option<Relation> {
        let fits = |arena: &Arena, letter: Expr| {
            choice.get(&letter).is_some_and(|&value| !is_integer_letter(arena, letter) || is_integer(arena, value))
        };
        if !self.letters.iter().all(|&letter| fits(arena, letter)) {
            return None;
        }
        for condition in &self.conditions {
            let condition = condition.map(&mut |expr| arena.substitute(expr, choice));
            if !hypotheses.implies(arena, &condition) {
                return None;
            }
        }
        let sides = arena.substitute_all(&[self.relation.left, self.relation.right], choice);
        Some(Relation::new(self.relation.how, sides[0], sides[1]))
    }

    /// What the letters are where a pattern is an expression.
    fn unify(&self, arena: &Arena, pattern: Expr, expr: Expr, choice: &mut Substitution) -> bool {
        if self.letters.contains(&pattern) {
            return *choice.get_or_insert_with(pattern, || expr) == expr;
        }
        let mut all = |own: &[Expr], other: &[Expr]| {
            own.len() == other.len() && own.iter().zip(other).all(|(&a, &b)| self.unify(arena, a, b, choice))
        };
        match (arena.node(pattern), arena.node(expr)) {
            (Node::Symbol { symbol: a, indices: i, .. }, Node::Symbol { symbol: b, indices: j, .. }) => {
                a == b && all(i, j)
            }
            (Node::Entry { of: a, at: i }, Node::Entry { of: b, at: j }) => all(&[*a], &[*b]) && all(i, j),
            (Node::Call { function: f, slots: p, args: a }, Node::Call { function: g, slots: q, args: b }) => {
                f == g && p == q && all(a, b)
            }
            _ => pattern == expr,
        }
    }
}

impl Hypotheses<'_> {
    /// The instances of laws of which an expression is a side, or stands in the absolute value that is one.
    pub fn laws_about(&self, arena: &mut Arena, expr: Expr) -> Vec<Relation> {
        let mut found = Vec::new();
        for law in &self.laws {
            let Some(law) = Law::read(arena, law) else { continue };
            for side in [law.relation.left, law.relation.right] {
                let inside = call(arena, side).filter(|(f, _)| *f == Elementary::Abs).map(|(_, arg)| arg);
                for pattern in std::iter::once(side).chain(inside) {
                    let mut choice = Substitution::new();
                    if law.unify(arena, pattern, expr, &mut choice) {
                        found.extend(law.at(arena, self, &choice));
                    }
                }
            }
        }
        found
    }

    /// The laws at a choice of their letters.
    pub fn laws_at(&self, arena: &mut Arena, choice: &Substitution) -> Vec<Relation> {
        let read: Vec<Law> = self.laws.iter().filter_map(|law| Law::read(arena, law)).collect();
        read.iter().filter_map(|law| law.at(arena, self, choice)).collect()
    }
}

fn is_integer_letter(arena: &Arena, letter: Expr) -> bool {
    matches!(arena.node(letter), Node::Symbol { symbol, .. } if arena.kind(*symbol) == SymbolKind::Integer)
}

/// Whether an expression is made of integers.
fn is_integer(arena: &Arena, expr: Expr) -> bool {
    arena.reachable(&[expr]).into_iter().all(|part| match arena.node(part) {
        Node::Number(value) => value.is_int(),
        Node::Symbol { symbol, .. } => arena.kind(*symbol) == SymbolKind::Integer,
        Node::Sum(_) | Node::Product(_) => true,
        _ => false,
    })
}

//! Induction over a free index: base case, hypothesis, step.
//!
//! The hypothesis is the claim at the index before, solved for the state that stands there alone: `h_{t-1} = …`.
//! In the step every state at `t` is unfolded once and every state at `t-1` is replaced by what the hypothesis says.
//! Over the index of a state that runs from the end, "before" is the index after: `G_{t+1} = …`.

use crate::expr::{Arena, Expr, Node, Substitution};
use crate::model::Model;
use crate::number::Rational;
use crate::proof::equality::Ground;
use crate::proof::equality::algebra::Algebra;
use crate::rewrite::{Domain, Form, Linear, Normalizer};

impl Algebra<'_> {
    /// Proves that `difference` vanishes on `domain` by induction over one of its letters.
    pub fn by_hypothesis(&mut self, difference: Expr, domain: &Domain) -> Option<Ground> {
        let letters = letters(self.forms.arena, difference, domain);
        letters.into_iter().filter(|&letter| !self.is_assumed(letter)).collect::<Vec<_>>().into_iter().find_map(
            |letter| {
                let course = self.course(letter, difference, domain)?;
                self.over(letter, &course, difference, domain)
            },
        )
    }

    /// From where, and in which direction, the states at a letter run.
    fn course(&self, letter: Expr, difference: Expr, domain: &Domain) -> Option<Course> {
        let arena = &*self.forms.arena;
        let runs_from_the_end = arena.reachable(&[difference]).into_iter().any(|part| {
            Model::member(arena, part)
                .is_some_and(|(symbol, at, _)| at == [letter] && self.structure.backward.contains(&symbol))
        });
        if !runs_from_the_end {
            return Some(Course { first: least_value(domain, letter)?, step: 1 });
        }
        match &domain.range_of(letter).1[..] {
            [last] => Some(Course { first: last.clone(), step: -1 }),
            _ => None,
        }
    }

    fn over(&mut self, letter: Expr, course: &Course, difference: Expr, domain: &Domain) -> Option<Ground> {
        let Course { first, step } = course;
        let form = self.form(difference, domain)?;
        let (member, says) = solved(&mut self.forms, &form, domain, letter)?;
        let first_value = first.expr(self.forms.arena);
        let base = self.forms.arena.substitute(difference, &Substitution::from([(letter, first_value)]));
        self.note("induction base", [(letter, first_value)]);
        let mut ground = self.base(base, &domain.substitute(letter, first)?)?;
        let mut later = domain.clone();
        // One step behind the first index, or farther.
        let ahead = first.minus(&Linear::letter(letter)).plus(&Linear::integer(*step), &Rational::from(1));
        later.require_at_most_zero(&Linear::default().plus(&ahead, &Rational::from(*step)))?;
        if !later.is_empty() {
            let before = course.before(self.forms.arena, letter);
            let hypothesis = Substitution::from([(letter, before)]);
            let hypothesis = self.forms.arena.substitute_all(&[member, says], &hypothesis);
            self.note("induction hypothesis", [(hypothesis[0], hypothesis[1])]);
            let unfolded = self.unfolded(difference, &later)?;
            let unfolded = self.resolver().functions_opened(unfolded);
            let step = with_hypothesis(self.forms.arena, unfolded, (member, says), (letter, before))?;
            ground.conditions.extend(self.vanishes(step, &later)?.conditions);
        }
        ground.induction = true;
        Some(ground)
    }

    /// The base case, after a few steps of the definitions.
    fn base(&mut self, difference: Expr, domain: &Domain) -> Option<Ground> {
        let mut difference = difference;
        for _ in 0..3 {
            if let Some(ground) = self.vanishes(difference, domain) {
                return Some(ground);
            }
            let unfolded = self.unfolded(difference, domain)?;
            difference = self.resolver().functions_opened(unfolded);
        }
        None
    }
}

/// Free letters that are an index of a state.
fn letters(arena: &Arena, difference: Expr, domain: &Domain) -> Vec<Expr> {
    domain
        .letters()
        .into_iter()
        .filter(|&letter| {
            arena.reachable(&[difference]).into_iter().any(|part| match arena.node(part) {
                Node::Symbol { indices, .. } => indices.first() == Some(&letter),
                _ => false,
            })
        })
        .collect()
}

/// The one lower bound of a letter that is a number.
fn least_value(domain: &Domain, letter: Expr) -> Option<Linear> {
    let bound = domain.upper_bound(&Linear::default().minus(&Linear::letter(letter)))?;
    Some(Linear::integer(-bound))
}

/// The state at `letter` that stands alone in one term with a number before it, and what it equals.
fn solved(normalizer: &mut Normalizer<'_>, form: &Form, domain: &Domain, letter: Expr) -> Option<(Expr, Expr)> {
    let alone = form.terms.iter().position(|term| {
        let mut factors = term.factors.iter();
        match (factors.next(), factors.next()) {
            (Some((&atom, exponent)), None) => {
                exponent.as_integer() == Some(1)
                    && term.letters.is_empty()
                    && Model::member(normalizer.arena, atom).is_some_and(|(_, at, _)| at == [letter])
            }
            _ => false,
        }
    })?;
    let term = &form.terms[alone];
    let (&member, _) = term.factors.iter().next()?;
    // The term must hold on the whole ground, not on a part of it.
    if !domain.without(&term.domain).is_empty() {
        return None;
    }
    let mut rest = form.clone();
    rest.terms.remove(alone);
    let holds_member = |arena: &Arena, atom: Expr| {
        let symbol = Model::member(arena, member).map(|(symbol, _, _)| symbol);
        arena.reachable(&[atom]).iter().any(|&part| matches!(arena.node(part), Node::Symbol { symbol: s, .. } if Some(*s) == symbol && arena.contains(part, letter)))
    };
    if rest.terms.iter().any(|term| term.factors.keys().any(|&atom| holds_member(normalizer.arena, atom))) {
        return None;
    }
    let scale = -(Rational::from(1) / term.coefficient.clone());
    for term in &mut rest.terms {
        term.coefficient *= scale.clone();
    }
    let says = normalizer.expression_within(&rest, domain)?;
    Some((member, says))
}

/// Every member of the hypothesis's family at the index before a letter replaced by what the hypothesis says of it there.
fn with_hypothesis(
    arena: &mut Arena,
    expr: Expr,
    (member, says): (Expr, Expr),
    (letter, before): (Expr, Expr),
) -> Option<Expr> {
    let (symbol, _, components) = Model::member(arena, member)?;
    Some(arena.rewrite(expr, &mut |arena, part| {
        let (other, at, other_components) = Model::member(arena, part)?;
        if other != symbol || at != [before] || other_components.len() != components.len() {
            return None;
        }
        let mut map = Substitution::from([(letter, before)]);
        map.extend(components.iter().copied().zip(other_components));
        Some(arena.substitute(says, &map))
    }))
}

/// How an induction goes over a letter.
struct Course {
    /// Where it begins.
    first: Linear,
    /// 1 towards larger values, -1 towards smaller ones.
    step: i64,
}

impl Course {
    /// The index before a letter.
    fn before(&self, arena: &mut Arena, letter: Expr) -> Expr {
        let back = arena.integer(-self.step);
        arena.sum([letter, back])
    }
}

//! Induction over a free index: base case, hypothesis, step.
//!
//! The hypothesis is the claim at the index before, solved for the state that stands there alone: `h_{t-1} = …`.
//! In the step every state at `t` is unfolded once and every state at `t-1` is replaced by what the hypothesis says.
//! Over the index of a state that runs from the end, "before" is the index after: `G_{t+1} = …`.

use crate::expr::{Arena, Expr, Node, Substitution, SymbolKind};
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
        let at_first = Substitution::from([(letter, first.expr(self.forms.arena))]);
        let base = self.forms.arena.substitute(difference, &at_first);
        let zero = self.forms.arena.zero();
        self.note("induction base", [(base, zero)]);
        let there = self.forms.sizes_substituted(&domain.substitute(letter, first)?, &at_first);
        let mut ground = self.by_unfolding(base, &there)?;
        let mut later = domain.clone();
        // One step behind the first index, or farther.
        let ahead = first.minus(&Linear::letter(letter)).plus(&Linear::integer(*step), &Rational::from(1));
        later.require_at_most_zero(&Linear::default().plus(&ahead, &Rational::from(*step)))?;
        if !later.is_empty() {
            let before = course.before(self.forms.arena, letter);
            let back = Substitution::from([(letter, before)]);
            let earlier = self.forms.arena.substitute_all(&[member, says], &back);
            self.note("induction hypothesis", [(earlier[0], earlier[1])]);
            let unfolded = self.unfolded(difference, &later)?;
            let unfolded = self.resolver().functions_opened(unfolded);
            let hypothesis = Hypothesis { member, says, back, claimed: domain, later: &later };
            let step = self.with_hypothesis(&hypothesis, unfolded)?;
            ground.conditions.extend(self.by_unfolding(step, &later)?.conditions);
        }
        ground.induction = true;
        Some(ground)
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

/// What is supposed of a member at the index before.
struct Hypothesis<'a> {
    /// The member of which the claim speaks.
    member: Expr,
    /// What the claim says that it is.
    says: Expr,
    /// The letter of the induction, and the index before it.
    back: Substitution,
    /// Where the claim speaks.
    claimed: &'a Domain,
    /// Where the step is taken.
    later: &'a Domain,
}

impl Algebra<'_> {
    /// Every member of the hypothesis's family of which the claim speaks at the index before replaced by what it says.
    fn with_hypothesis(&mut self, hypothesis: &Hypothesis<'_>, expr: Expr) -> Option<Expr> {
        let (symbol, at, components) = Model::member(self.forms.arena, hypothesis.member)?;
        let before = self.forms.arena.substitute_all(&at, &hypothesis.back);
        let is_free = |own: Expr| is_letter(self.forms.arena, own) && !self.is_assumed(own);
        let free: Vec<Option<Expr>> = components.iter().map(|&own| Some(own).filter(|&own| is_free(own))).collect();
        let arena = &mut *self.forms.arena;
        Some(arena.rewrite(expr, &mut |arena, part| {
            let (other, at, others) = Model::member(arena, part)?;
            if other != symbol || at != before || others.len() != components.len() {
                return None;
            }
            let mut map = hypothesis.back.clone();
            for (&own, &other) in free.iter().zip(&others).filter_map(|(own, other)| Some((own.as_ref()?, other))) {
                map.get_or_insert_with(own, || other);
            }
            let is_instance = arena.substitute_all(&components, &map) == others;
            let is_claimed = is_instance && hypothesis.covers(arena, &map, part);
            is_claimed.then(|| arena.substitute(hypothesis.says, &map))
        }))
    }
}

impl Hypothesis<'_> {
    /// Whether the claim speaks of the point to which a substitution leads, for a member whose components exist.
    fn covers(&self, arena: &mut Arena, map: &Substitution, member: Expr) -> bool {
        // What is no sum of letters, as an index that a sum binds, is a letter of its own.
        let form = |arena: &Arena, expr| Linear::read(arena, expr).unwrap_or_else(|| Linear::letter(expr));
        let mut here = self.later.clone();
        if let Node::Entry { of, at } = arena.node(member) {
            for (&component, size) in at.iter().zip(arena.shape(*of).sizes()) {
                let (component, size) = (form(arena, component), form(arena, size));
                for bound in [Linear::integer(1).minus(&component), component.minus(&size)] {
                    // What is no bound on a difference is not known.
                    let _ = here.require_at_most_zero(&bound);
                }
            }
        }
        // Sizes follow their letters: the entries of the member before are as many as it has.
        self.claimed.constraints().iter().all(|bound| {
            let mut there = Linear::constant(bound.constant.clone());
            for (&part, scale) in &bound.parts {
                let image = arena.substitute(part, map);
                there = there.plus(&form(arena, image), scale);
            }
            here.implies_at_most_zero(&there)
        })
    }
}

fn is_letter(arena: &Arena, expr: Expr) -> bool {
    matches!(arena.node(expr), Node::Symbol { symbol, indices, .. }
        if indices.is_empty() && arena.kind(*symbol) == SymbolKind::Integer)
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

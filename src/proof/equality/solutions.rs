//! Affine recurrences of numbers, written out as sums over their steps.
//!
//! `a_n = b_n + c_n a_{n-1}` from `a_m` on is `a_n = Σ_{k=m+1}^{n} (Π_{j=k+1}^{n} c_j) b_k + (Π_{j=m+1}^{n} c_j) a_m`,
//! and one that runs from the end, `a_n = b_n + c_n a_{n+1}` down from `a_m`, is
//! `a_n = Σ_{k=n}^{m-1} (Π_{j=n}^{k-1} c_j) b_k + (Π_{j=n}^{m-1} c_j) a_m`; both by induction over n. Then an adjoint
//! state or a carried sensitivity is compared with a derivative as two sums over paths are.

use crate::expr::{Arena, Big, Expr, Prop, Substitution, SymbolId};
use crate::model::{Argument, Definition, Model};
use crate::number::Rational;
use crate::proof::equality::algebra::Algebra;
use crate::proof::equality::{Ground, ROUNDS};
use crate::rewrite::slope::slope_with;
use crate::rewrite::{Domain, Linear};

/// A state at a letter, written out, and where that holds.
struct Solution {
    state: SymbolId,
    letter: Expr,
    value: Expr,
    /// The letter from the start of the recurrence on, as far as its definition holds.
    range: Domain,
}

/// `b_n + c_n a`, with a for the state one step before.
struct Step {
    slope: Expr,
    rest: Expr,
}

/// Where the conditions of a definition let a letter run.
pub(super) fn running(arena: &mut Arena, definition: &Definition, letter: Expr) -> Option<Domain> {
    let mut running = Domain::all();
    let conditions = definition.conditions(arena, &[letter])?;
    conditions.iter().flat_map(Prop::conjuncts).try_for_each(|prop| running.learn(arena, prop))?;
    Some(running)
}

impl Algebra<'_> {
    /// With affine recurrences written out.
    pub fn by_solutions(&mut self, difference: Expr, domain: &Domain) -> Option<Ground> {
        let states: Vec<SymbolId> = self.structure.states.iter().copied().collect();
        let solutions: Vec<Solution> = states.into_iter().filter_map(|state| self.solution(state)).collect();
        let mut written = difference;
        for _ in 0..ROUNDS {
            let next = self.with_solutions(written, &solutions, domain);
            if next == written {
                break;
            }
            written = next;
        }
        if written == difference {
            return None;
        }
        let written = self.resolver().functions_opened(written);
        let found = self.by_unfolding(written, domain)?;
        Some(Ground { induction: true, ..found })
    }

    /// Every member of a solved state, where the solution holds, written out.
    fn with_solutions(&mut self, expr: Expr, solutions: &[Solution], domain: &Domain) -> Expr {
        self.rewritten_within(expr, domain, &mut |algebra, part, domain| {
            let arena = &mut *algebra.forms.arena;
            let (symbol, at, components) = Model::member(arena, part)?;
            let solution = solutions.iter().find(|solution| solution.state == symbol)?;
            let ([index], []) = (&at[..], &components[..]) else { return None };
            let at = Linear::read(arena, *index)?;
            let holds = |bound: &Linear| domain.implies_at_most_zero(&bound.substitute(solution.letter, &at));
            if !solution.range.constraints().iter().all(holds) {
                return None;
            }
            let value = arena.substitute(solution.value, &Substitution::from([(solution.letter, *index)]));
            algebra.note("closed form of the recurrence", [(part, value)]);
            Some(value)
        })
    }

    /// A state of numbers over one index whose only definition for a letter is affine in its own step before.
    fn solution(&mut self, state: SymbolId) -> Option<Solution> {
        let backward = self.structure.backward.contains(&state);
        let towards = if backward { -1 } else { 1 };
        let definitions: Vec<Definition> = self.model.definitions_of(state).cloned().collect();
        let is_general = |own: &&Definition| matches!(own.indices[..], [Argument::Letter(_)]);
        let (general, starts): (Vec<&Definition>, Vec<&Definition>) = definitions.iter().partition(is_general);
        let [general] = general[..] else { return None };
        if !general.shape.is_scalar() || starts.len() > 1 {
            return None;
        }
        let arena = &mut *self.forms.arena;
        let letter = arena.letter_apart("solved", &[]);
        let letter = arena.symbol(letter);
        let index = Linear::letter(letter);
        let running = running(arena, general, letter)?;
        let (lower, upper) = running.range_of(letter);
        let [first] = &(if backward { &upper } else { &lower })[..] else { return None };
        let start = first.plus(&Linear::integer(-towards), &Rational::from(1));
        let is_at_start = |own: &&Definition| match own.indices[..] {
            [Argument::Value(value)] => Linear::read(arena, value).is_some_and(|value| value == start),
            _ => false,
        };
        if !starts.iter().all(is_at_start) {
            return None;
        }
        let step = self.affine_step(state, letter, towards, &running)?;
        let value = self.written_out_from(state, letter, &start, &step, towards)?;
        let mut range = Domain::all();
        let from_start = if backward { index.minus(&start) } else { start.minus(&index) };
        range.require_at_most_zero(&from_start)?;
        for end in if backward { &lower } else { &upper } {
            range.require_at_most_zero(&if backward { end.minus(&index) } else { index.minus(end) })?;
        }
        Some(Solution { state, letter, value, range })
    }

    /// What the definition at a letter makes of the state one step before; `None` where it is not affine in it, or leads
    /// to the state in another way.
    fn affine_step(&mut self, state: SymbolId, letter: Expr, towards: i64, running: &Domain) -> Option<Step> {
        let (model, structure, arena) = (self.model, self.structure, &mut *self.forms.arena);
        let back = arena.integer(-towards);
        let before = arena.sum([letter, back]);
        let (member, before) = (arena.member(state, vec![letter]), arena.member(state, vec![before]));
        let body = structure.within(running).definition_of(arena, model, member)?;
        let body = structure.unfold(arena, model, body, &[]);
        let body = self.resolver().functions_opened(body);
        let arena = &mut *self.forms.arena;
        let slope = slope_with(arena, body, &mut |arena, leaf| (leaf == before).then(|| arena.one()));
        let zero = arena.zero();
        let rest = arena.substitute(body, &Substitution::from([(before, zero)]));
        let leads_back =
            |part: &Expr| Model::member(arena, *part).is_some_and(|(symbol, ..)| structure.leads(symbol, state));
        if arena.reachable(&[slope, rest]).iter().any(leads_back) {
            return None;
        }
        let through = arena.product([slope, before]);
        let affine = arena.sum([through, rest]);
        let difference = arena.subtract(body, affine);
        let found = self.vanishes(difference, running)?;
        found.conditions.is_empty().then_some(Step { slope, rest })
    }

    /// The sum over the steps from the start to the letter.
    fn written_out_from(
        &mut self,
        state: SymbolId,
        letter: Expr,
        start: &Linear,
        step: &Step,
        towards: i64,
    ) -> Option<Expr> {
        let (model, structure, arena) = (self.model, self.structure, &mut *self.forms.arena);
        let start = start.expr(arena);
        let member = arena.member(state, vec![start]);
        let known = structure.definition_of(arena, model, member);
        let from = match known {
            Some(body) => structure.unfold(arena, model, body, &[]),
            None if structure.is_given(arena, model, member) => member,
            None => return None,
        };
        let leads_back = |part: &Expr| {
            *part != member && Model::member(arena, *part).is_some_and(|(symbol, ..)| structure.leads(symbol, state))
        };
        if arena.reachable(&[from]).iter().any(leads_back) {
            return None;
        }
        let [k, j] = ["solved-k", "solved-j"].map(|stem| arena.letter_apart(stem, &[step.slope, step.rest, from]));
        let [at_k, at_j] = [k, j].map(|own| arena.symbol(own));
        let slope = arena.substitute(step.slope, &Substitution::from([(letter, at_j)]));
        let rest = arena.substitute(step.rest, &Substitution::from([(letter, at_k)]));
        let (one, minus) = (arena.one(), arena.integer(-1));
        // Between two ends, the one nearer to the start left out.
        let between = |arena: &mut Arena, near: Expr, far: Expr| {
            if towards > 0 { (arena.sum([near, one]), far) } else { (far, arena.sum([near, minus])) }
        };
        let (low, high) = between(arena, at_k, letter);
        let onward = arena.big(Big::Product, j, low, high, slope);
        let (low, high) = between(arena, start, letter);
        let term = arena.product([onward, rest]);
        let steps = arena.big(Big::Sum, k, low, high, term);
        let onward = arena.big(Big::Product, j, low, high, slope);
        let from_start = arena.product([onward, from]);
        Some(arena.sum([steps, from_start]))
    }
}

//! Equations among the conditions: solved for a given, on every branch of their solutions.

use crate::calculus::{Resolver, Structure};
use crate::expr::{Arena, Big, Equation, Expr, Node, Prop, Substitution, SymbolId};
use crate::model::Model;
use crate::number::rational::sqrt_exact;
use crate::proof::context::Context;
use crate::proof::equality::range_written_out;
use crate::proof::laws_of_functions::{CallLaw, applied};
use crate::rewrite::entries::entry;
use crate::rewrite::{Domain, Linear, Normalizer};

/// Ranges longer than this are not written out to find a member at a number.
const MAX_RANGE: i64 = 64;

/// One way to satisfy the equations: givens with their values.
#[derive(Debug, Clone, Default)]
pub(super) struct Branch {
    rules: Vec<Rule>,
    /// What is not 0 here, because the equations could not hold otherwise.
    pub nonzero: Vec<Expr>,
    /// What calls of functions are.
    calls: Vec<CallLaw>,
    /// States that keep the value they start with.
    constant: Vec<(SymbolId, Expr)>,
    /// Whether that was found by induction.
    pub by_induction: bool,
}

/// `x_s = value for all s`, perhaps within a range, or one given.
#[derive(Debug, Clone)]
struct Rule {
    symbol: SymbolId,
    at: Vec<Expr>,
    letters: Vec<SymbolId>,
    range: Vec<Prop>,
    value: Expr,
}

/// One solution of an equation: its rules, and what is not 0 where it holds.
#[derive(Debug, Clone, Default)]
struct Solution {
    rules: Vec<Rule>,
    nonzero: Vec<Expr>,
}

/// The branches of the equations in the context; one empty branch where there are none. `None` where one cannot be solved
/// and a proof that ignores it would still be sound is not wanted: equations that cannot be solved are simply not used.
pub(super) fn branches(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    context: &Context,
) -> Option<Vec<Branch>> {
    let mut branches = vec![Branch::default()];
    for fact in &context.facts {
        let Some(equation) = fact.equation() else { continue };
        if let Some(law) = CallLaw::of(arena, &equation) {
            branches.iter_mut().for_each(|branch| branch.calls.push(law.clone()));
            continue;
        }
        let Equation { letters, range, left, right } = equation.whole(arena);
        let Some(solutions) = solve(arena, model, &letters, &range, (left, right)) else { continue };
        branches = branches
            .iter()
            .flat_map(|branch| {
                solutions.iter().map(|solution| {
                    let mut longer = branch.clone();
                    longer.rules.extend(solution.rules.iter().cloned());
                    longer.nonzero.extend(&solution.nonzero);
                    longer
                })
            })
            .collect();
    }
    for branch in &mut branches {
        if !branch.rules.is_empty() {
            branch.find_constants(arena, model, structure);
        }
    }
    Some(branches)
}

/// The solutions of one equation; `None` where it is not of a form that is solved here.
fn solve(
    arena: &mut Arena,
    model: &Model,
    letters: &[SymbolId],
    range: &[Prop],
    (left, right): (Expr, Expr),
) -> Option<Vec<Solution>> {
    let plain = |rules| Solution { rules, nonzero: Vec::new() };
    for (side, other) in [(left, right), (right, left)] {
        if let Some(rule) = rule(arena, model, letters, side, other) {
            return Some(vec![plain(vec![Rule { range: range.to_vec(), ..rule }])]);
        }
        if let Some(roots) = roots(arena, model, letters, side, other) {
            return Some(roots.into_iter().map(|root| plain(vec![root])).collect());
        }
        // `a x = e`: x = e / a where a is not 0; else a = 0 and e = 0.
        let Node::Product(factors) = arena.node(side).clone() else { continue };
        let [a, b] = factors[..] else { continue };
        for (scale, member) in [(a, b), (b, a)] {
            let quotient = arena.divide(other, scale);
            let indexed = Model::member(arena, member).is_some_and(|(_, at, _)| at.len() == letters.len());
            let Some(solution) = rule(arena, model, letters, member, quotient) else { continue };
            let are_numbers = arena.shape(scale).is_scalar() && arena.shape(member).is_scalar();
            if !indexed || !range.is_empty() || arena.as_number(scale).is_some() || !are_numbers {
                continue;
            }
            if arena.as_number(other).is_some_and(|value| !value.is_zero()) {
                return Some(vec![Solution { rules: vec![solution], nonzero: vec![scale] }]);
            }
            // Where the scale changes with a letter, each value of the letter has a branch of its own.
            if letters.iter().any(|&letter| holds_letter(arena, scale, letter)) {
                continue;
            }
            let zero = arena.zero();
            if other == zero {
                let scale_zero = rule(arena, model, &[], scale, zero)?;
                return Some(vec![plain(vec![solution]), plain(vec![scale_zero])]);
            }
            let solved = Solution { rules: vec![solution], nonzero: vec![scale] };
            let scale_zero = rule(arena, model, &[], scale, zero)?;
            let rest_zero = vanishing(arena, model, other)?;
            return Some(vec![solved, plain(vec![scale_zero, rest_zero])]);
        }
    }
    None
}

fn holds_letter(arena: &mut Arena, expr: Expr, letter: SymbolId) -> bool {
    let letter = arena.symbol(letter);
    arena.contains(expr, letter)
}

/// `b^2 = q^2`: b is q, or -q.
fn roots(arena: &mut Arena, model: &Model, letters: &[SymbolId], side: Expr, other: Expr) -> Option<Vec<Rule>> {
    let Node::Power(base, exponent) = *arena.node(side) else { return None };
    if !letters.is_empty() || arena.as_integer(exponent) != Some(2) || !arena.shape(base).is_scalar() {
        return None;
    }
    let root = sqrt_exact(arena.as_number(other)?)?;
    let root = arena.number(root);
    let opposite = arena.negate(root);
    [root, opposite].into_iter().map(|root| rule(arena, model, letters, base, root)).collect()
}

/// `e = 0` where `e` is a number times a given.
fn vanishing(arena: &mut Arena, model: &Model, expr: Expr) -> Option<Rule> {
    let zero = arena.zero();
    let member = match arena.node(expr).clone() {
        Node::Product(factors) => *factors.iter().find(|&&factor| arena.as_number(factor).is_none())?,
        _ => expr,
    };
    rule(arena, model, &[], member, zero)
}

fn rule(arena: &mut Arena, model: &Model, letters: &[SymbolId], member: Expr, value: Expr) -> Option<Rule> {
    let Node::Symbol { symbol, indices, shape } = arena.node(member).clone() else { return None };
    let value = if arena.shape(value).is_scalar() { arena.fill(value, shape) } else { value };
    let is_known = model.declarations.contains_key(&symbol) || is_start(model, symbol);
    if arena.shape(value) != shape || !is_known {
        return None;
    }
    if model.is_defined(symbol) && indices.iter().any(|&index| arena.as_number(index).is_none()) {
        return None;
    }
    let holds_itself = arena
        .reachable(&[value])
        .iter()
        .any(|&part| matches!(arena.node(part), Node::Symbol { symbol: s, .. } if *s == symbol));
    let universal = letters.iter().all(|&letter| {
        let letter = arena.symbol(letter);
        indices.contains(&letter)
    });
    if holds_itself || !universal {
        return None;
    }
    Some(Rule { symbol, at: indices.to_vec(), letters: letters.to_vec(), range: Vec::new(), value })
}

/// A family that is defined from a given start on.
fn is_start(model: &Model, symbol: SymbolId) -> bool {
    model.is_defined(symbol)
}

impl Branch {
    /// An expression whose derivatives are taken, with the rules applied where the free letters lie in `domain`.
    pub(super) fn applied(&self, arena: &mut Arena, domain: &Domain, expr: Expr) -> Expr {
        let mut expr = if self.calls.is_empty() { expr } else { applied(arena, &self.calls, expr) };
        if !self.constant.is_empty() {
            expr = arena.rewrite(expr, &mut |arena, part| {
                let (symbol, _, _) = Model::member(arena, part)?;
                self.constant.iter().find(|(state, _)| *state == symbol).map(|&(_, value)| value)
            });
        }
        // A member at a number stands in a sum as one of its terms.
        if self.rules.iter().any(Rule::is_at_number) {
            expr = arena.rewrite(expr, &mut |arena, part| {
                range_written_out(arena, part, MAX_RANGE).or_else(|| self.first_term_apart(arena, domain, part))
            });
        }
        for _ in 0..self.rules.len() {
            expr = self.applied_once(arena, domain, expr, 0);
        }
        if self.rules.iter().any(|rule| !arena.shape(rule.value).is_scalar()) { entry(arena, expr, &[]) } else { expr }
    }

    /// A sum over at least one step whose first term holds a member that is known, with that term apart.
    fn first_term_apart(&self, arena: &mut Arena, domain: &Domain, part: Expr) -> Option<Expr> {
        let Node::Big { op: Big::Sum, lower, upper, .. } = *arena.node(part) else { return None };
        let (from, to) = (Linear::read(arena, lower)?, Linear::read(arena, upper)?);
        if !from.is_constant() || !domain.implies_at_most_zero(&from.minus(&to)) {
            return None;
        }
        let first = arena.instantiate(part, lower)?;
        let is_known = |&own: &Expr| match arena.node(own) {
            Node::Symbol { symbol, indices, .. } => self
                .rules
                .iter()
                .any(|rule| rule.is_at_number() && rule.symbol == *symbol && rule.at[..] == indices[..]),
            _ => false,
        };
        if !arena.reachable(&[first]).iter().any(is_known) {
            return None;
        }
        let (letter, body) = arena.open(part, 950)?;
        let one = arena.one();
        let second = arena.sum([lower, one]);
        let rest = arena.big(Big::Sum, letter, second, upper, body);
        Some(arena.sum([first, rest]))
    }

    fn applied_once(&self, arena: &mut Arena, domain: &Domain, expr: Expr, depth: usize) -> Expr {
        let has_ranges = self.rules.iter().any(|rule| !rule.range.is_empty());
        arena.rewrite(expr, &mut |arena, part| match *arena.node(part) {
            // What is differentiated, and by what, are names.
            Node::Derivative { .. } => Some(part),
            // The index of a sum lies in its range.
            Node::Big { op: op @ (Big::Sum | Big::Product), lower, upper, .. } if has_ranges => {
                let (letter, body) = arena.open(part, 900 + depth)?;
                let index = arena.symbol(letter);
                let mut inside = domain.clone();
                for (low, high) in [(lower, index), (index, upper)] {
                    let (low, high) = (Linear::read(arena, low)?, Linear::read(arena, high)?);
                    inside.require_at_most_zero(&low.minus(&high))?;
                }
                let body = self.applied_once(arena, &inside, body, depth + 1);
                Some(arena.big(op, letter, lower, upper, body))
            }
            _ => self.rules.iter().find_map(|rule| rule.apply(arena, domain, part)),
        })
    }

    /// States that start at a value and keep it: base by the rules, step by the definition.
    fn find_constants(&mut self, arena: &mut Arena, model: &Model, structure: &Structure) {
        for &state in &structure.chains {
            let Some(start_at) = structure.start_of(arena, state) else { continue };
            let start = arena.member(state, vec![start_at]);
            let Some(value) = self.rules.iter().find_map(|rule| rule.apply(arena, &Domain::all(), start)) else {
                continue;
            };
            if !arena.shape(start).is_scalar() {
                continue;
            }
            let letter = arena.intern("\u{a7}n", crate::expr::SymbolKind::Integer);
            let t = arena.symbol(letter);
            let before = structure.before(arena, state, t);
            let (member, previous) = (arena.member(state, vec![t]), arena.member(state, vec![before]));
            let Some(body) = structure.definition_of(arena, model, member) else { continue };
            let body = structure.unfold(arena, model, body, &[]);
            let body = Resolver::new(arena, model, structure).functions_opened(body);
            let body = arena.substitute(body, &Substitution::from([(previous, value)]));
            let mut running = Domain::all();
            let first = structure.place_of_first(arena, state);
            let first = first.map(|first| first.minus(&structure.place(state, &Linear::letter(t))));
            if first.and_then(|form| running.require_at_most_zero(&form)).is_none() {
                continue;
            }
            let mut body = body;
            for _ in 0..self.rules.len() {
                body = self.applied_once(arena, &running, body, 0);
            }
            let difference = arena.subtract(body, value);
            let mut normalizer = Normalizer::new(arena);
            let vanishes = normalizer.form(difference, &running).is_ok_and(|form| form.terms.is_empty());
            if vanishes && normalizer.conditions.iter().all(|divisor| self.nonzero.contains(divisor)) {
                self.constant.push((state, value));
                self.by_induction = true;
            }
        }
    }
}

impl Rule {
    /// Whether it speaks of one member of a family.
    fn is_at_number(&self) -> bool {
        self.letters.is_empty() && !self.at.is_empty()
    }

    fn apply(&self, arena: &mut Arena, domain: &Domain, part: Expr) -> Option<Expr> {
        let Node::Symbol { symbol, indices, .. } = arena.node(part).clone() else { return None };
        if symbol != self.symbol || indices.len() != self.at.len() {
            return None;
        }
        let mut map = Substitution::new();
        for &letter in &self.letters {
            let letter = arena.symbol(letter);
            let at = self.at.iter().position(|&pattern| pattern == letter)?;
            map.insert(letter, indices[at]);
        }
        if arena.substitute_all(&self.at, &map)[..] != indices[..] {
            return None;
        }
        let holds = |arena: &mut Arena, prop: &Prop| {
            let here = prop.map(&mut |side| arena.substitute(side, &map));
            domain.implies(arena, &here)
        };
        if !self.range.iter().all(|prop| holds(arena, prop)) {
            return None;
        }
        Some(arena.substitute(self.value, &map))
    }
}

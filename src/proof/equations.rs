//! Equations among the conditions: solved for a given, on every branch of their solutions.

use crate::calculus::{Resolver, Structure};
use crate::expr::{Arena, Comparison, Expr, Node, Prop, Substitution, SymbolId};
use crate::model::Model;
use crate::proof::context::Context;
use crate::rewrite::{Domain, Normalizer};

/// One way to satisfy the equations: givens with their values.
#[derive(Debug, Clone, Default)]
pub(super) struct Branch {
    rules: Vec<Rule>,
    /// States that keep the value they start with.
    constant: Vec<(SymbolId, Expr)>,
    /// Whether that was found by induction.
    pub by_induction: bool,
}

/// `x_s = value for all s`, or one given.
#[derive(Debug, Clone)]
struct Rule {
    symbol: SymbolId,
    at: Vec<Expr>,
    letters: Vec<SymbolId>,
    value: Expr,
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
        let (letters, left, right) = match fact {
            Prop::Compare(Comparison::Equal, left, right) => (Vec::new(), *left, *right),
            Prop::ForAll(letters, inner) => match **inner {
                Prop::Compare(Comparison::Equal, left, right) => (letters.clone(), left, right),
                _ => continue,
            },
            _ => continue,
        };
        let Some(solutions) = solve(arena, model, &letters, left, right) else { continue };
        branches = branches
            .iter()
            .flat_map(|branch| {
                solutions.iter().map(|rules| {
                    let mut longer = branch.clone();
                    longer.rules.extend(rules.iter().cloned());
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

/// The solutions of one equation, each as rules; `None` where it is not of a form that is solved here.
fn solve(arena: &mut Arena, model: &Model, letters: &[SymbolId], left: Expr, right: Expr) -> Option<Vec<Vec<Rule>>> {
    for (side, other) in [(left, right), (right, left)] {
        if let Some(rule) = rule(arena, model, letters, side, other) {
            return Some(vec![vec![rule]]);
        }
        // `a x = e`: x = e / a where a is not 0; else a = 0 and e = 0.
        let Node::Product(factors) = arena.node(side).clone() else { continue };
        let [a, b] = factors[..] else { continue };
        for (scale, member) in [(a, b), (b, a)] {
            let quotient = arena.divide(other, scale);
            let indexed = Model::member(arena, member).is_some_and(|(_, at, _)| at.len() == letters.len());
            let Some(solution) = rule(arena, model, letters, member, quotient) else { continue };
            if !indexed || arena.as_number(scale).is_some() {
                continue;
            }
            let zero = arena.zero();
            let scale_zero = rule(arena, model, &[], scale, zero)?;
            let rest_zero = vanishing(arena, model, other)?;
            return Some(vec![vec![solution], vec![scale_zero, rest_zero]]);
        }
    }
    None
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
    if !shape.is_scalar() || !model.declarations.contains_key(&symbol) && !is_start(model, symbol) {
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
    Some(Rule { symbol, at: indices.to_vec(), letters: letters.to_vec(), value })
}

/// A family that is defined from a given start on.
fn is_start(model: &Model, symbol: SymbolId) -> bool {
    model.is_defined(symbol)
}

impl Branch {
    /// An expression without derivatives with the rules applied.
    pub(super) fn applied(&self, arena: &mut Arena, _model: &Model, _structure: &Structure, expr: Expr) -> Expr {
        let mut expr = expr;
        if !self.constant.is_empty() {
            expr = arena.rewrite(expr, &mut |arena, part| {
                let (symbol, _, _) = Model::member(arena, part)?;
                self.constant.iter().find(|(state, _)| *state == symbol).map(|&(_, value)| value)
            });
        }
        for _ in 0..self.rules.len() {
            expr = arena.rewrite(expr, &mut |arena, part| self.rules.iter().find_map(|rule| rule.apply(arena, part)));
        }
        expr
    }

    /// States that start at a value and keep it: base by the rules, step by the definition.
    fn find_constants(&mut self, arena: &mut Arena, model: &Model, structure: &Structure) {
        for &state in &structure.chains {
            let (one, minus) = (structure.first[&state], arena.integer(-1));
            let start_at = arena.sum([one, minus]);
            let start = arena.member(state, vec![start_at]);
            let Some(value) = self.rules.iter().find_map(|rule| rule.apply(arena, start)) else { continue };
            let letter = arena.intern("\u{a7}n", crate::expr::SymbolKind::Integer);
            let t = arena.symbol(letter);
            let before = arena.sum([t, minus]);
            let (member, previous) = (arena.member(state, vec![t]), arena.member(state, vec![before]));
            let Some(body) = structure.definition_of(arena, model, member) else { continue };
            let body = structure.unfold(arena, model, body, &[]);
            let body = Resolver::new(arena, model, structure).functions_opened(body);
            let body = arena.substitute(body, &Substitution::from([(previous, value)]));
            let body =
                arena.rewrite(body, &mut |arena, part| self.rules.iter().find_map(|rule| rule.apply(arena, part)));
            let difference = arena.subtract(body, value);
            let mut normalizer = Normalizer::new(arena);
            if normalizer.form(difference, &Domain::all()).is_ok_and(|form| form.terms.is_empty()) {
                self.constant.push((state, value));
                self.by_induction = true;
            }
        }
    }
}

impl Rule {
    fn apply(&self, arena: &mut Arena, part: Expr) -> Option<Expr> {
        let Node::Symbol { symbol, indices, .. } = arena.node(part).clone() else { return None };
        if symbol != self.symbol || indices.len() != self.at.len() {
            return None;
        }
        let mut map = Substitution::new();
        for (&pattern, &index) in self.at.iter().zip(indices.iter()) {
            let letter = self.letters.iter().map(|&letter| arena.symbol(letter)).collect::<Vec<_>>();
            if letter.contains(&pattern) {
                map.insert(pattern, index);
            } else if pattern != index {
                return None;
            }
        }
        Some(arena.substitute(self.value, &map))
    }
}

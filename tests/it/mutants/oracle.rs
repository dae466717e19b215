//! Brute force: is a statement truly false? Decided at small sizes and many points, exactly or by enclosures.
//!
//! Nothing here is shared with the provers or the refuter: only the evaluation of definitions and its derivatives by
//! infinitesimals ([`chainrule::numeric`]). "Not false" means that it held at many points, no more.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use chainrule::expr::{Arena, Comparison, DerivativeKind, Expr, Node, Prop, Substitution, SymbolId, SymbolKind};
use chainrule::lower::Statement;
use chainrule::model::{Argument, Model};
use chainrule::number::{Random, Rational};
use chainrule::numeric::{Assignment, Enclosures, Error, Fallback, Field, Rationals, Style, Tensor, Term, Witness};
use chainrule::numeric::{Givens, evaluate_within};
use chainrule::proof::Reading;

/// What brute force says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// It fails at a point at which everything is defined and all assumptions hold.
    False,
    /// It held at several points and failed at none.
    NotFalse,
    /// Too few points could be decided.
    Undecided,
}

/// How many points are tried.
const POINTS: usize = 40;

/// How many points at which it held are enough.
const ENOUGH: usize = 14;

/// How many steps one evaluation may take.
const STEPS: u64 = 40_000;

/// How many steps all evaluations of one statement may take.
const BUDGET: u64 = 150_000;

/// The window of values that a letter of `\forall` takes.
const WINDOW: std::ops::RangeInclusive<i64> = -2..=8;

/// The precision of enclosures.
const FINE: Enclosures = Enclosures { bits: 160 };

const STYLES: [Style; 8] = [
    Style::Integers,
    Style::Fractions,
    Style::Unit,
    Style::Signs,
    Style::Positive,
    Style::Mixed,
    Style::Alike,
    Style::Sparse,
];

/// The statement with every partial derivative read in one way: the ambiguous ones as `reading` says where they are
/// ambiguous, others as total.
pub fn read_as(arena: &mut Arena, model: &Model, statement: &Statement, reading: Reading) -> Statement {
    let only_equality = matches!(statement.prop, Prop::Compare(Comparison::Equal, ..));
    let is_immediate = reading == Reading::Immediate && only_equality;
    let mut decided = |prop: &Prop| prop.map(&mut |expr| with_kinds(arena, model, expr, is_immediate));
    let prop = decided(&statement.prop);
    let conditions = statement.conditions.iter().map(decided).collect();
    Statement { prop, conditions, ..statement.clone() }
}

fn with_kinds(arena: &mut Arena, model: &Model, expr: Expr, is_immediate: bool) -> Expr {
    let mut now: BTreeMap<Expr, Expr> = BTreeMap::new();
    for part in arena.reachable(&[expr]) {
        if let Node::Derivative { kind: DerivativeKind::Partial, of, by, shape } = *arena.node(part) {
            let new = arena.derivative_of_shape(DerivativeKind::Total, now[&of], by, shape);
            now.insert(part, new);
            continue;
        }
        let mut within = now.clone();
        for factor in ambiguous_factors(arena, model, part).into_iter().filter(|_| is_immediate) {
            if let Node::Derivative { of, by, shape, .. } = *arena.node(factor) {
                let new = arena.derivative_of_shape(DerivativeKind::Immediate, now[&of], by, shape);
                within.insert(factor, new);
            }
        }
        let new = arena.rebuild(part, &mut |child| within[&child]);
        now.insert(part, new);
    }
    now[&expr]
}

/// The derivatives by parameters among the factors of a product that also holds a derivative by a state.
fn ambiguous_factors(arena: &Arena, model: &Model, part: Expr) -> Vec<Expr> {
    let (Node::Product(factors) | Node::MatMul(factors)) = arena.node(part) else { return Vec::new() };
    let is_state = |by: Expr| Model::member(arena, by).is_some_and(|(symbol, _, _)| model.is_defined(symbol));
    let by_state = |&part: &Expr| matches!(arena.node(part), Node::Derivative { by, .. } if is_state(*by));
    if !arena.reachable(factors).iter().any(by_state) {
        return Vec::new();
    }
    let by_parameter = |&factor: &Expr| matches!(arena.node(factor), Node::Derivative { kind: DerivativeKind::Partial, by, .. } if !is_state(*by));
    factors.iter().copied().filter(by_parameter).collect()
}

/// Whether a statement is false, as far as brute force can tell.
pub fn truth(arena: &mut Arena, model: &Model, statement: &Statement) -> Truth {
    let mut premises: Vec<Prop> = model.assumptions.clone();
    premises.extend(statement.conditions.iter().cloned());
    let mut trial = Trial::new(arena, model, statement, premises);
    let mut held = 0;
    for number in 0..POINTS {
        let point = trial.point(number);
        match trial.at(point) {
            Some(false) => return Truth::False,
            Some(true) => held += 1,
            None => {}
        }
        if held >= ENOUGH || trial.spent > BUDGET {
            break;
        }
    }
    if held >= 3 { Truth::NotFalse } else { Truth::Undecided }
}

struct Trial<'a> {
    arena: &'a mut Arena,
    model: &'a Model,
    prop: Prop,
    premises: Vec<Prop>,
    integers: Vec<SymbolId>,
    sizes: BTreeSet<SymbolId>,
    functions: Vec<SymbolId>,
    spent: u64,
}

impl<'a> Trial<'a> {
    fn new(arena: &'a mut Arena, model: &'a Model, statement: &Statement, premises: Vec<Prop>) -> Trial<'a> {
        let mut roots = statement.prop.expressions();
        roots.extend(premises.iter().flat_map(Prop::expressions));
        roots.extend(model.definitions.iter().map(|definition| definition.body));
        let (mut integers, mut sizes) = (BTreeSet::new(), BTreeSet::new());
        for part in arena.reachable(&roots) {
            if let Node::Symbol { symbol, indices, .. } = arena.node(part)
                && arena.kind(*symbol) == SymbolKind::Integer
                && indices.is_empty()
            {
                integers.insert(*symbol);
            }
            for size in arena.shape(part).sizes() {
                if let Node::Symbol { symbol, .. } = arena.node(size) {
                    sizes.insert(*symbol);
                }
            }
        }
        let functions =
            model.declarations.keys().copied().filter(|&symbol| model.is_function(symbol)).collect::<Vec<_>>();
        Trial {
            arena,
            model,
            prop: statement.prop.clone(),
            premises,
            integers: integers.into_iter().collect(),
            sizes,
            functions,
            spent: 0,
        }
    }

    /// The point of this number: integers that satisfy the conditions on integers, where that is soon found.
    fn point(&mut self, number: usize) -> Assignment {
        let mut random = Random::new(7919 * number as u64 + 13);
        let most = [3, 4, 2, 6][number % 4];
        let mut point = Assignment::default();
        for _ in 0..200 {
            for &symbol in &self.integers {
                let value = if self.sizes.contains(&symbol) { random.between(1, 3) } else { random.between(-1, most) };
                point.integers.insert(symbol, value);
            }
            if self.integers_fit(&point) {
                break;
            }
        }
        point.fallback = Some(Fallback { seed: random.next_u64(), style: STYLES[number % STYLES.len()] });
        for &function in &self.functions {
            let term = Term { coefficient: Rational::ONE, exponents: vec![1 + (number as u32 / 2) % 2] };
            let generic = Witness::Generic(random.next_u64());
            let witness = if number % 4 == 3 { Witness::Terms(vec![term]) } else { generic };
            point.functions.insert(function, witness);
        }
        point
    }

    fn integers_fit(&mut self, point: &Assignment) -> bool {
        let premises = self.premises.clone();
        premises.iter().all(|premise| match premise {
            Prop::Compare(how, a, b) if self.is_of_integers(*a) && self.is_of_integers(*b) => {
                self.compare(point, &Rationals, *how, *a, *b) == Some(true)
            }
            _ => true,
        }) && self.exists(point)
    }

    fn is_of_integers(&self, expr: Expr) -> bool {
        self.arena.reachable(&[expr]).iter().all(|&part| match self.arena.node(part) {
            Node::Number(_) | Node::Sum(_) | Node::Product(_) => true,
            Node::Symbol { symbol, indices, .. } => {
                self.arena.kind(*symbol) == SymbolKind::Integer && indices.is_empty()
            }
            _ => false,
        })
    }

    /// Whether the statement holds at a point; `None` where it does not speak of the point, or cannot be decided.
    fn at(&mut self, mut point: Assignment) -> Option<bool> {
        self.establish(&mut point);
        if !self.exists(&point) {
            return None;
        }
        let premises = self.premises.clone();
        for premise in &premises {
            if self.holds(&point, premise) != Some(true) {
                return None;
            }
        }
        let prop = self.prop.clone();
        self.holds(&point, &prop)
    }

    /// Makes equations that give a value hold: `x_s = 0 \forall s`, `a = b`, and `\sum_i y_i = 1` by dividing.
    fn establish(&mut self, point: &mut Assignment) {
        for premise in self.premises.clone() {
            let (letters, inner) = match premise {
                Prop::ForAll(letters, inner) => (letters, *inner),
                other => (Vec::new(), other),
            };
            let Prop::Compare(Comparison::Equal, left, right) = inner else { continue };
            for (own, value) in [(left, right), (right, left)] {
                self.give(point, &letters, own, value);
            }
        }
    }

    fn give(&mut self, point: &mut Assignment, letters: &[SymbolId], own: Expr, value: Expr) {
        let values = if letters.is_empty() { 0..=0 } else { WINDOW };
        for at in values {
            if letters.len() > 1 {
                return;
            }
            let number = self.arena.integer(at);
            let map: Substitution = letters.iter().map(|&letter| (self.arena.symbol(letter), number)).collect();
            let (own, value) = (self.arena.substitute(own, &map), self.arena.substitute(value, &map));
            let value = self.value(point, &Rationals, value);
            match self.arena.node(own).clone() {
                Node::Symbol { symbol, indices, .. } if self.arena.kind(symbol) == SymbolKind::Real => {
                    let at: Option<Vec<i64>> = indices.iter().map(|&index| self.whole(point, index)).collect();
                    if let (Some(at), Some(value)) = (at, value) {
                        point.values.insert((symbol, at), value);
                    }
                }
                Node::Big { body, .. } if value == Some(Tensor::Scalar(Rational::ONE)) => self.normalize(point, body),
                _ => {}
            }
        }
    }

    /// A vector of which the entries are summed: positive, with sum 1.
    fn normalize(&mut self, point: &mut Assignment, body: Expr) {
        let Node::Entry { of, .. } = self.arena.node(body).clone() else { return };
        let Node::Symbol { symbol, indices, .. } = self.arena.node(of).clone() else { return };
        let at: Option<Vec<i64>> = indices.iter().map(|&index| self.whole(point, index)).collect();
        let Some((at, Tensor::Vector(entries))) = at.zip(self.value(point, &Rationals, of)) else { return };
        let entries: Vec<Rational> = entries.iter().map(|entry| entry * entry + Rational::ONE).collect();
        let total = entries.iter().fold(Rational::ZERO, |sum, entry| sum + entry);
        let entries = entries.iter().map(|entry| entry / &total).collect();
        point.values.insert((symbol, at), Tensor::Vector(entries));
    }

    fn whole(&mut self, point: &Assignment, expr: Expr) -> Option<i64> {
        match self.value(point, &Rationals, expr)? {
            Tensor::Scalar(value) => chainrule::number::rational::to_i64(&value),
            _ => None,
        }
    }

    /// Whether every member that is written in the statement exists.
    fn exists(&mut self, point: &Assignment) -> bool {
        let roots: Vec<Expr> = self.prop.expressions();
        let members: Vec<(SymbolId, Vec<Expr>)> = self
            .arena
            .reachable(&roots)
            .into_iter()
            .filter_map(|part| match self.arena.node(part) {
                Node::Symbol { symbol, indices, .. } if !indices.is_empty() => Some((*symbol, indices.to_vec())),
                _ => None,
            })
            .collect();
        members.iter().all(|(symbol, indices)| {
            let holds_bound =
                self.arena.reachable(indices).iter().any(|&p| matches!(self.arena.node(p), Node::Bound(_)));
            if holds_bound {
                return true;
            }
            let at: Option<Vec<i64>> = indices.iter().map(|&index| self.whole(point, index)).collect();
            at.is_some_and(|at| self.is_somewhere(point, *symbol, &at))
        })
    }

    /// Whether a member with these indices is declared, defined, or a start that its family needs.
    fn is_somewhere(&mut self, point: &Assignment, symbol: SymbolId, at: &[i64]) -> bool {
        let indices: Vec<Expr> = at.iter().map(|&index| self.arena.integer(index)).collect();
        if !self.model.is_defined(symbol) {
            let Some(declaration) = self.model.declarations.get(&symbol) else { return true };
            let map: Substitution = declaration
                .indices
                .iter()
                .zip(&indices)
                .map(|(&letter, &value)| (self.arena.symbol(letter), value))
                .collect();
            return self.all_hold(point, &declaration.range, &map);
        }
        if self.is_defined_at(point, symbol, &indices) {
            return true;
        }
        // A start: one step before, or two, something is defined that may ask for it.
        (1..=2).any(|step| {
            let mut later = indices.clone();
            later[0] = self.arena.integer(at[0] + step);
            self.is_general_at(point, symbol, &later) && self.reaches_back(symbol, step)
        })
    }

    /// Whether a base case or a definition with letters says what a member is.
    fn is_defined_at(&mut self, point: &Assignment, symbol: SymbolId, indices: &[Expr]) -> bool {
        let model = self.model;
        let is_base_case = model.definitions_of(symbol).any(|definition| {
            definition.indices.iter().zip(indices).all(|(argument, value)| *argument == Argument::Value(*value))
        });
        is_base_case || self.is_general_at(point, symbol, indices)
    }

    /// Whether a definition with letters does.
    fn is_general_at(&mut self, point: &Assignment, symbol: SymbolId, indices: &[Expr]) -> bool {
        let model = self.model;
        model.definitions_of(symbol).any(|definition| {
            let mut map = Substitution::new();
            for (argument, &value) in definition.indices.iter().zip(indices) {
                let Argument::Letter(letter) = argument else { return false };
                map.insert(self.arena.symbol(*letter), value);
            }
            self.all_hold(point, &definition.range, &map)
        })
    }

    /// Whether some definition asks for a member of the family this many steps before its own index.
    fn reaches_back(&mut self, symbol: SymbolId, step: i64) -> bool {
        let minus = self.arena.integer(-step);
        let model = self.model;
        model.definitions.iter().any(|definition| {
            definition.indices.iter().any(|argument| {
                let Argument::Letter(letter) = argument else { return false };
                let letter = self.arena.symbol(*letter);
                let before = self.arena.sum([letter, minus]);
                self.arena.reachable(&[definition.body]).iter().any(|&part| {
                    matches!(self.arena.node(part), Node::Symbol { symbol: s, indices, .. } if *s == symbol && indices.first() == Some(&before))
                })
            })
        })
    }

    fn all_hold(&mut self, point: &Assignment, props: &[Prop], map: &Substitution) -> bool {
        props.iter().all(|prop| {
            let prop = prop.map(&mut |expr| self.arena.substitute(expr, map));
            self.holds(point, &prop) == Some(true)
        })
    }

    fn holds(&mut self, point: &Assignment, prop: &Prop) -> Option<bool> {
        match prop {
            Prop::Compare(how, a, b) => match self.compare(point, &Rationals, *how, *a, *b) {
                None => self.compare(point, &FINE, *how, *a, *b),
                decided => decided,
            },
            Prop::Integer(_) => Some(true),
            Prop::And(parts) => {
                let parts: Option<Vec<bool>> = parts.iter().map(|part| self.holds(point, part)).collect();
                Some(parts?.iter().all(|&holds| holds))
            }
            Prop::Or(parts) => {
                let parts: Option<Vec<bool>> = parts.iter().map(|part| self.holds(point, part)).collect();
                Some(parts?.iter().any(|&holds| holds))
            }
            Prop::Not(part) => self.holds(point, part).map(|holds| !holds),
            Prop::Implies(a, b) => {
                let (a, b) = (self.holds(point, a)?, self.holds(point, b)?);
                Some(!a || b)
            }
            Prop::Iff(a, b) => Some(self.holds(point, a)? == self.holds(point, b)?),
            Prop::ForAll(letters, inner) => {
                let [letter] = letters[..] else { return None };
                for value in WINDOW {
                    let map = Substitution::from([(self.arena.symbol(letter), self.arena.integer(value))]);
                    let instance = inner.map(&mut |expr| self.arena.substitute(expr, &map));
                    if !self.holds(point, &instance)? {
                        return Some(false);
                    }
                }
                // Over the real numbers a window proves nothing.
                (self.arena.kind(letter) == SymbolKind::Integer).then_some(true)
            }
            Prop::Proportional { .. } => None,
        }
    }

    fn value<F: Field>(&mut self, point: &Assignment, field: &F, expr: Expr) -> Option<Tensor<F::Element>> {
        let (value, givens) = self.evaluated(point, field, expr);
        let exist = givens.keys().all(|(symbol, at)| self.is_somewhere(point, *symbol, at));
        value.ok().filter(|_| exist)
    }

    fn evaluated<F: Field>(
        &mut self,
        point: &Assignment,
        field: &F,
        expr: Expr,
    ) -> (Result<Tensor<F::Element>, Error>, Givens) {
        let mut evaluation = evaluate_within(self.arena, self.model, point, field, &[expr], STEPS);
        self.spent += evaluation.steps;
        (evaluation.values.remove(0), evaluation.givens)
    }

    /// Whether a comparison holds in every entry; `None` where a side has no value or the field cannot tell.
    fn compare<F: Field>(
        &mut self,
        point: &Assignment,
        field: &F,
        how: Comparison,
        left: Expr,
        right: Expr,
    ) -> Option<bool> {
        let left = self.value(point, field, left)?;
        let right = self.value(point, field, right)?;
        let (a, b) = (left.entries(), right.entries());
        if left.form() != right.form() && a.len() != 1 && b.len() != 1 {
            return None;
        }
        let entry = |entries: &[F::Element], at: usize| entries[if entries.len() == 1 { 0 } else { at }].clone();
        let mut known = true;
        for at in 0..a.len().max(b.len()) {
            let order = field.compare(&entry(a, at), &entry(b, at)).ok();
            let holds = match (how, order) {
                (Comparison::Approximately, _) | (_, None) => None,
                (Comparison::Equal | Comparison::NotEqual, Some(order)) => Some(order == Ordering::Equal),
                (Comparison::Less, Some(order)) => Some(order == Ordering::Less),
                (Comparison::LessEqual, Some(order)) => Some(order != Ordering::Greater),
            };
            match holds {
                Some(false) => return Some(how == Comparison::NotEqual),
                Some(true) => {}
                None => known = false,
            }
        }
        known.then_some(how != Comparison::NotEqual)
    }
}

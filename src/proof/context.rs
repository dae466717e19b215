//! Where a claim speaks: the integer points of its free letters, and what its conditions say of the rest.

use std::collections::BTreeSet;

use crate::calculus::Structure;
use crate::expr::{Arena, Comparison, Expr, Node, Prop, Substitution, SymbolId, SymbolKind};
use crate::model::{Argument, Definition, Model};
use crate::rewrite::Domain;

/// The ground on which a claim is decided.
#[derive(Debug, Clone)]
pub struct Context {
    /// The points of the free letters and sizes.
    pub domain: Domain,
    /// Conditions that are not bounds on differences of integers.
    pub facts: Vec<Prop>,
    /// The conditions as they are written.
    pub conditions: Vec<Prop>,
    /// Letters and sizes whose values the conditions fix.
    pub fixed: Substitution,
}

impl Context {
    /// Reads assumptions and conditions, and where the members in `exprs` exist.
    pub fn new(
        arena: &mut Arena,
        model: &Model,
        structure: &Structure,
        conditions: &[Prop],
        exprs: &[Expr],
    ) -> Context {
        let mut context = Context {
            domain: Domain::all(),
            facts: Vec::new(),
            conditions: conditions.to_vec(),
            fixed: Substitution::new(),
        };
        for prop in &model.assumptions {
            context.assume(arena, prop);
        }
        for prop in conditions {
            context.assume(arena, prop);
        }
        let with = |of: fn(&Prop) -> Vec<Expr>| -> Vec<Expr> {
            exprs.iter().copied().chain(conditions.iter().flat_map(of)).collect()
        };
        context.sizes_from_families(arena, model, &with(Prop::expressions));
        context.existence(arena, model, structure, &with(Prop::subjects_of_condition));
        context.fix(arena);
        context
    }

    fn assume(&mut self, arena: &mut Arena, prop: &Prop) {
        match prop {
            Prop::And(parts) => parts.iter().for_each(|part| self.assume(arena, part)),
            Prop::Integer(_) => {}
            Prop::Compare(_, a, b) if is_integer(arena, *a) && is_integer(arena, *b) => {
                if self.domain.learn(arena, prop).is_none() {
                    self.facts.push(prop.clone());
                }
            }
            _ => self.facts.push(prop.clone()),
        }
    }

    /// `n_l \ge 1 for all l` for every size that occurs.
    fn sizes_from_families(&mut self, arena: &mut Arena, model: &Model, exprs: &[Expr]) {
        let members: Vec<Expr> = arena.reachable(exprs);
        for prop in model.assumptions.clone() {
            let Prop::ForAll(letters, inner) = prop else { continue };
            let [letter] = letters[..] else { continue };
            let letter = arena.symbol(letter);
            for &member in &members {
                let Node::Symbol { symbol, indices, .. } = arena.node(member).clone() else { continue };
                if arena.kind(symbol) != SymbolKind::Integer || indices.len() != 1 {
                    continue;
                }
                let map = Substitution::from([(letter, indices[0])]);
                let instance = inner.map(&mut |expr| arena.substitute(expr, &map));
                if instance.expressions().contains(&member) {
                    self.assume(arena, &instance);
                }
            }
        }
    }

    /// Every symbol of the claim is defined: indices lie in the ranges of their families, components in their sizes.
    fn existence(&mut self, arena: &mut Arena, model: &Model, structure: &Structure, exprs: &[Expr]) {
        for expr in arena.reachable(exprs) {
            match arena.node(expr).clone() {
                Node::Symbol { symbol, indices, .. } if !indices.is_empty() => {
                    if indices.iter().any(|&index| !arena.is_closed(index)) {
                        continue;
                    }
                    for prop in existence_of(arena, model, structure, symbol, &indices) {
                        self.assume_if_linear(arena, &prop);
                    }
                }
                Node::Entry { of, at } => {
                    let sizes = arena.shape(of).sizes();
                    for (&index, size) in at.iter().zip(sizes) {
                        if arena.is_closed(index) {
                            let one = arena.one();
                            self.assume_if_linear(arena, &Prop::at_most(one, index));
                            self.assume_if_linear(arena, &Prop::at_most(index, size));
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// The same ground where members exist under these conditions, as far as they bound integers.
    pub(super) fn with(&self, arena: &mut Arena, existence: &[Prop]) -> Context {
        let mut context = self.clone();
        existence.iter().for_each(|prop| context.assume_if_linear(arena, prop));
        context
    }

    fn assume_if_linear(&mut self, arena: &mut Arena, prop: &Prop) {
        let n_facts = self.facts.len();
        self.assume(arena, prop);
        self.facts.truncate(n_facts);
    }

    /// Letters that can have one value only.
    fn fix(&mut self, arena: &mut Arena) {
        for letter in self.domain.letters() {
            if let Some(value) = self.domain.value_of(letter)
                && value.parts.keys().all(|&other| other < letter)
            {
                let value = value.expr(arena);
                self.fixed.insert(letter, value);
            }
        }
    }
}

/// The conditions under which a member exists: the range of one of its definitions, or before it where it starts.
pub(super) fn existence_of(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    symbol: SymbolId,
    indices: &[Expr],
) -> Vec<Prop> {
    let definitions: Vec<_> = model.definitions_of(symbol).cloned().collect();
    let is_base_case = |own: &Definition| own.indices.iter().all(|argument| matches!(argument, Argument::Value(_)));
    if definitions.iter().any(|definition| is_base_case(definition) && definition.unify(indices).is_some()) {
        return Vec::new();
    }
    let mut pieces = Vec::new();
    for definition in &definitions {
        if is_base_case(definition) {
            continue;
        }
        let mut piece = Vec::new();
        for prop in definition.conditions(arena, indices).unwrap_or_default() {
            piece.extend(widened(arena, structure, symbol, &prop, indices));
        }
        pieces.push(piece);
    }
    let mut props = match <[Vec<Prop>; 1]>::try_from(pieces) {
        Ok([piece]) => piece,
        Err(pieces) if pieces.is_empty() || pieces.iter().any(Vec::is_empty) => Vec::new(),
        Err(pieces) => vec![Prop::Or(pieces.into_iter().map(Prop::And).collect())],
    };
    if definitions.is_empty()
        && let Some(declaration) = model.declarations.get(&symbol).cloned()
    {
        let map: Substitution =
            declaration.indices.iter().zip(indices).map(|(&letter, &value)| (arena.symbol(letter), value)).collect();
        props.extend(declaration.range.iter().map(|prop| prop.map(&mut |expr| arena.substitute(expr, &map))));
    }
    props
}

/// A state exists before its first step, as far as its starts are asked for: below its definition, or above where it runs
/// from right to left.
fn widened(arena: &mut Arena, structure: &Structure, symbol: SymbolId, prop: &Prop, indices: &[Expr]) -> Vec<Prop> {
    if !structure.states.contains(&symbol) && !structure.carried.contains(&symbol) {
        return vec![prop.clone()];
    }
    let runs_back = structure.runs_back(symbol);
    match prop {
        Prop::And(parts) => parts.iter().flat_map(|part| widened(arena, structure, symbol, part, indices)).collect(),
        Prop::Compare(how @ (Comparison::Less | Comparison::LessEqual), low, high)
            if indices.contains(if runs_back { low } else { high }) =>
        {
            let (below, above) = if runs_back { (*high, *low) } else { (*low, *high) };
            let lag = arena.integer(-structure.towards(symbol) * structure.lag(symbol));
            let start = arena.sum([below, lag]);
            let (low, high) = structure.as_range(symbol, start, above);
            vec![Prop::Compare(*how, low, high)]
        }
        _ => vec![prop.clone()],
    }
}

/// Whether an expression is made of integers.
pub(super) fn is_integer(arena: &Arena, expr: Expr) -> bool {
    let leaves: BTreeSet<Expr> = arena.reachable(&[expr]).into_iter().collect();
    leaves.iter().all(|&part| match arena.node(part) {
        Node::Number(value) => value.is_int(),
        Node::Symbol { symbol, .. } => arena.kind(*symbol) == SymbolKind::Integer,
        Node::Sum(_) | Node::Product(_) => true,
        Node::Power(_, exponent) => arena.as_integer(*exponent).is_some_and(|exponent| exponent >= 0),
        _ => false,
    })
}

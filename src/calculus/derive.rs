//! Derivations with their steps: the expansion over paths, the closed form over all times, the partials worked out.
//!
//! An open derivative is a total one by the variable. Each step opens those that are left by one rule (the chain
//! rule, linearity, the recurrence), until only partial derivatives of single definitions remain: `∂a/∂b` by a
//! member that stands in the definition of `a`, `∂⁺a/∂w` by the variable itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::calculus::{Resolver, Structure};
use crate::expr::{Arena, Big, DerivativeKind, Expr, Node, Shape, Substitution, SymbolId, SymbolKind};
use crate::model::Model;
use crate::rewrite::Linear;
use crate::rewrite::slope::slope_with;

/// The form in which a derivative is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shown {
    /// A sum over the paths of the graph, each a product of partial derivatives.
    Paths,
    /// The same with sums and products over the index where times are symbols.
    Closed,
    /// The partial derivatives worked out.
    Composed,
}

/// One line of a derivation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The rule that led to it.
    pub rule: &'static str,
    /// What the left-hand side is by now.
    pub expr: Expr,
}

/// A derivative with the steps that lead to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derivation {
    /// What was asked for: an open derivative.
    pub left: Expr,
    /// The last line.
    pub result: Expr,
    /// Every line, the last included.
    pub steps: Vec<Step>,
    /// The partial derivatives of single definitions that occur, and what each is.
    pub partials: Vec<(Expr, Expr)>,
}

/// More lines than this are not shown: the result is built without them.
const MAX_STEPS: usize = 60;

/// Derives `of` by `by` in the form `shown`; numbers by numbers. `None` where a definition or a rule is missing.
pub fn derive(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    (of, by): (Expr, Expr),
    shown: Shown,
) -> Option<Derivation> {
    if arena.shape(of) != Shape::Scalar || arena.shape(by) != Shape::Scalar {
        return None;
    }
    let mut deriver = Deriver { model, structure, by, uses: BTreeMap::new(), fresh: 0 };
    let left = arena.derivative(DerivativeKind::Total, of, by);
    let mut steps = Vec::new();
    let result = if deriver.is_long(arena, of) {
        deriver.nested(arena, of)?
    } else {
        deriver.step_by_step(arena, left, &mut steps)?
    };
    let mut result = result;
    if shown != Shown::Composed {
        let spread = distribute(arena, result);
        if spread != result {
            result = spread;
            steps.push(Step { rule: "distribute", expr: result });
        }
    }
    let partials = deriver.partials_of(arena, result);
    if shown == Shown::Composed {
        let map: Substitution = partials.iter().copied().collect();
        result = arena.rewrite(result, &mut |arena, part| match arena.node(part) {
            Node::Derivative { .. } => map.get(&part).copied().or_else(|| deriver.local_value(arena, part)),
            _ => None,
        });
        steps.push(Step { rule: "local slope", expr: result });
    }
    Some(Derivation { left, result, steps, partials })
}

struct Deriver<'a> {
    model: &'a Model,
    structure: &'a Structure,
    by: Expr,
    /// For each defined symbol, whether it depends on the variable.
    uses: BTreeMap<SymbolId, bool>,
    fresh: usize,
}

impl Deriver<'_> {
    fn step_by_step(&mut self, arena: &mut Arena, left: Expr, steps: &mut Vec<Step>) -> Option<Expr> {
        let mut current = left;
        for _ in 0..MAX_STEPS {
            let mut rules = BTreeSet::new();
            let mut failed = false;
            let mut deriver = std::mem::replace(
                self,
                Deriver { model: self.model, structure: self.structure, by: self.by, uses: BTreeMap::new(), fresh: 0 },
            );
            let next = arena.rewrite(current, &mut |arena, part| {
                let Node::Derivative { kind: DerivativeKind::Total, of, by, .. } = *arena.node(part) else {
                    return None;
                };
                if by != deriver.by {
                    return None;
                }
                match deriver.opened(arena, of) {
                    Some((rule, value)) => {
                        rules.insert(rule);
                        Some(value)
                    }
                    None => {
                        failed = true;
                        Some(part)
                    }
                }
            });
            std::mem::swap(self, &mut deriver);
            if failed {
                return None;
            }
            if next == current {
                return Some(current);
            }
            current = next;
            let rule = if rules.contains("closed form of the recurrence") {
                "closed form of the recurrence"
            } else {
                rules.first().copied().unwrap_or("chain rule")
            };
            steps.push(Step { rule, expr: current });
        }
        None
    }

    /// A derivative of `of` by the variable with one rule applied: open derivatives of the next members remain.
    fn opened(&mut self, arena: &mut Arena, of: Expr) -> Option<(&'static str, Expr)> {
        if of == self.by {
            return Some(("derivative of the variable by itself", arena.one()));
        }
        let Some((symbol, at, _)) = Model::member(arena, of) else {
            let value = self.slope_over_members(arena, of);
            return Some(("linearity", value));
        };
        if !self.model.is_defined(symbol) {
            return self.given(arena, of);
        }
        if !self.depends(arena, symbol) {
            return Some(("no path", arena.zero()));
        }
        if self.is_given_start(arena, of, &at) {
            return Some(("derivative of a given", arena.zero()));
        }
        if self.structure.states.contains(&symbol) {
            let first = self.structure.first[&symbol];
            let ahead = Linear::read(arena, *at.first()?)?.minus(&Linear::read(arena, first)?);
            return match ahead.as_integer() {
                Some(steps) if steps < 0 => self.given(arena, of),
                Some(_) => self.through_definition(arena, of, "chain rule"),
                None => Some(("closed form of the recurrence", self.closed(arena, symbol, at[0])?)),
            };
        }
        let body = self.structure.definition_of(arena, self.model, of)?;
        if is_aggregate(arena, body) {
            let value = self.slope_over_members(arena, body);
            return Some(("linearity", value));
        }
        self.through_definition(arena, of, "chain rule")
    }

    /// Whether this is a member of a family of several indices at times that no definition reaches.
    fn is_given_start(&self, arena: &mut Arena, of: Expr, at: &[Expr]) -> bool {
        at.len() > 1
            && at.iter().all(|&index| arena.as_integer(index).is_some())
            && self.structure.definition_of(arena, self.model, of).is_none()
    }

    fn given(&mut self, arena: &mut Arena, of: Expr) -> Option<(&'static str, Expr)> {
        let open = arena_derivative(arena, of, self.by);
        let slope = crate::calculus::resolve(arena, self.model, self.structure, open)?;
        Some(("derivative of a given", slope))
    }

    /// `Σ_c ∂a/∂c · dc/dw + ∂⁺a/∂w` over the members `c` in the definition of `a`.
    fn through_definition(&mut self, arena: &mut Arena, of: Expr, rule: &'static str) -> Option<(&'static str, Expr)> {
        let body = self.structure.definition_of(arena, self.model, of)?;
        let mut terms = Vec::new();
        for child in self.children(arena, body) {
            let partial = arena.derivative(DerivativeKind::Partial, of, child);
            let onward = arena_derivative(arena, child, self.by);
            terms.push(arena.product([partial, onward]));
        }
        if arena.contains(body, self.by) {
            terms.push(arena.derivative(DerivativeKind::Immediate, of, self.by));
        }
        Some((rule, arena.sum(terms)))
    }

    /// The members in a definition that depend on the variable.
    fn children(&mut self, arena: &mut Arena, body: Expr) -> Vec<Expr> {
        let mut found = Vec::new();
        for part in arena.reachable(&[body]) {
            let Some((symbol, at, _)) = Model::member(arena, part) else { continue };
            if part == self.by || !self.model.is_defined(symbol) || !self.depends(arena, symbol) {
                continue;
            }
            let is_start = self.is_given_start(arena, part, &at)
                || self.structure.states.contains(&symbol) && {
                    let first = self.structure.first[&symbol];
                    let ahead = at
                        .first()
                        .and_then(|&at| Linear::read(arena, at))
                        .zip(Linear::read(arena, first))
                        .map(|(at, first)| at.minus(&first));
                    ahead.and_then(|ahead| ahead.as_integer()).is_some_and(|steps| steps < 0)
                };
            if !is_start || self.reaches_start(arena, part) {
                found.push(part);
            }
        }
        found
    }

    /// Whether the given start of a state is what is differentiated by.
    fn reaches_start(&self, arena: &Arena, part: Expr) -> bool {
        part == self.by || arena.node(part) == arena.node(self.by)
    }

    fn slope_over_members(&mut self, arena: &mut Arena, expr: Expr) -> Expr {
        let by = self.by;
        let mut uses = std::mem::take(&mut self.uses);
        let (model, structure) = (self.model, self.structure);
        let value = slope_with(arena, expr, &mut |arena, leaf| {
            if leaf == by {
                return Some(arena.one());
            }
            let (symbol, _, _) = Model::member(arena, leaf)?;
            let mut inner = Deriver { model, structure, by, uses: std::mem::take(&mut uses), fresh: 0 };
            let depends = model.is_defined(symbol) && inner.depends(arena, symbol);
            uses = inner.uses;
            if depends { Some(arena_derivative(arena, leaf, by)) } else { None }
        });
        self.uses = uses;
        value
    }

    /// Whether some path of definitions leads from the variable to the symbol.
    fn depends(&mut self, arena: &Arena, symbol: SymbolId) -> bool {
        if let Some(&known) = self.uses.get(&symbol) {
            return known;
        }
        let Some((target, _, _)) = Model::member(arena, self.by) else { return false };
        let arrows = self.model.dependencies(arena);
        let mut seen = BTreeSet::from([symbol]);
        let mut open = vec![symbol];
        while let Some(user) = open.pop() {
            for arrow in arrows.iter().filter(|arrow| arrow.user == user) {
                if seen.insert(arrow.used) {
                    open.push(arrow.used);
                }
            }
        }
        let depends = seen.contains(&target);
        self.uses.insert(symbol, depends);
        depends
    }

    /// `Σ_{j} (Π_{k=j+1}^{t} ∂h_k/∂h_{k-1}) ∂⁺h_j/∂w`: the solution of `D_t = ∂h_t/∂h_{t-1} D_{t-1} + ∂⁺h_t/∂w`, `D_0 = 0`.
    fn closed(&mut self, arena: &mut Arena, state: SymbolId, at: Expr) -> Option<Expr> {
        if !self.structure.chains.contains(&state) {
            return None;
        }
        self.fresh += 2;
        let j_symbol = arena.intern(&format!("\u{a7}d{}", self.fresh), SymbolKind::Integer);
        let k_symbol = arena.intern(&format!("\u{a7}d{}", self.fresh + 1), SymbolKind::Integer);
        let (j, k) = (arena.symbol(j_symbol), arena.symbol(k_symbol));
        let (one, minus) = (arena.one(), arena.integer(-1));
        let before = arena.sum([k, minus]);
        let (h_k, h_before) = (arena.member(state, vec![k]), arena.member(state, vec![before]));
        let slope = arena.derivative(DerivativeKind::Partial, h_k, h_before);
        let (by_symbol, by_at, _) = Model::member(arena, self.by)?;
        if by_symbol == state {
            let after = arena.sum([by_at[0], one]);
            return Some(arena.big(Big::Product, k_symbol, after, at, slope));
        }
        let after = arena.sum([j, one]);
        let onward = arena.big(Big::Product, k_symbol, after, at, slope);
        let h_j = arena.member(state, vec![j]);
        let enters = arena.derivative(DerivativeKind::Immediate, h_j, self.by);
        let term = arena.product([onward, enters]);
        let first = self.structure.first[&state];
        Some(arena.big(Big::Sum, j_symbol, first, at, term))
    }

    /// Whether a concrete time is so late that its steps are not written one by one.
    fn is_long(&self, arena: &Arena, of: Expr) -> bool {
        Model::member(arena, of)
            .is_some_and(|(_, at, _)| at.first().and_then(|&at| arena.as_integer(at)).is_some_and(|at| at > 24))
    }

    /// The derivative at a late concrete time, nested as Horner's rule nests: linear in the time, shared, no recursion.
    fn nested(&mut self, arena: &mut Arena, of: Expr) -> Option<Expr> {
        let mut done: BTreeMap<Expr, Expr> = BTreeMap::new();
        let mut stack = vec![of];
        while let Some(&member) = stack.last() {
            if done.contains_key(&member) {
                stack.pop();
                continue;
            }
            let (_, value) = self.opened(arena, member)?;
            let open: Vec<Expr> = open_in(arena, value, self.by);
            let missing: Vec<Expr> = open.iter().copied().filter(|member| !done.contains_key(member)).collect();
            if missing.is_empty() {
                let map: Substitution =
                    open.iter().map(|&member| (arena_derivative(arena, member, self.by), done[&member])).collect();
                let value = replace_open(arena, value, &map);
                done.insert(member, value);
                stack.pop();
            } else {
                stack.extend(missing);
            }
        }
        done.get(&of).copied()
    }

    /// Every partial derivative of a single definition that stands in `expr`, with its value.
    fn partials_of(&mut self, arena: &mut Arena, expr: Expr) -> Vec<(Expr, Expr)> {
        let mut found = Vec::new();
        for part in arena.reachable(&[expr]) {
            let holds_bound = arena.reachable(&[part]).iter().any(|&inner| matches!(arena.node(inner), Node::Bound(_)));
            if matches!(arena.node(part), Node::Derivative { .. })
                && !holds_bound
                && let Some(value) = self.local_value(arena, part)
            {
                found.push((part, value));
            }
        }
        found
    }

    /// What one partial derivative of a definition is.
    fn local_value(&mut self, arena: &mut Arena, part: Expr) -> Option<Expr> {
        let Node::Derivative { kind, of, by, .. } = *arena.node(part) else { return None };
        let body = self.structure.definition_of(arena, self.model, of)?;
        let body = Resolver::new(arena, self.model, self.structure).functions_opened(body);
        let _ = kind;
        Some(slope_with(arena, body, &mut |arena, leaf| if leaf == by { Some(arena.one()) } else { None }))
    }
}

fn arena_derivative(arena: &mut Arena, of: Expr, by: Expr) -> Expr {
    arena.derivative(DerivativeKind::Total, of, by)
}

/// The members whose open derivatives stand in a sum of products.
fn open_in(arena: &Arena, value: Expr, by: Expr) -> Vec<Expr> {
    let terms = match arena.node(value) {
        Node::Sum(terms) => terms.to_vec(),
        _ => vec![value],
    };
    let mut found = Vec::new();
    for term in terms {
        let factors = match arena.node(term) {
            Node::Product(factors) => factors.to_vec(),
            _ => vec![term],
        };
        for factor in factors {
            if let Node::Derivative { kind: DerivativeKind::Total, of, by: other, .. } = *arena.node(factor)
                && other == by
            {
                found.push(of);
            }
        }
    }
    found
}

/// Open derivatives in a sum of products replaced, without a look into anything else.
fn replace_open(arena: &mut Arena, value: Expr, map: &Substitution) -> Expr {
    let parts = |arena: &Arena, expr: Expr| match arena.node(expr) {
        Node::Product(factors) => factors.to_vec(),
        _ => vec![expr],
    };
    let terms = match arena.node(value) {
        Node::Sum(terms) => terms.to_vec(),
        _ => vec![value],
    };
    let mut sum = Vec::new();
    for term in terms {
        let factors: Vec<Expr> =
            parts(arena, term).into_iter().map(|factor| map.get(&factor).copied().unwrap_or(factor)).collect();
        sum.push(arena.product(factors));
    }
    arena.sum(sum)
}

/// Whether a definition only adds up members: sums, multiples, big sums of them.
fn is_aggregate(arena: &Arena, body: Expr) -> bool {
    match arena.node(body) {
        Node::Sum(parts) => parts.iter().all(|&part| is_aggregate(arena, part)),
        Node::Product(parts) => {
            parts.iter().filter(|&&part| arena.as_number(part).is_none()).count() <= 1
                && parts.iter().all(|&part| is_aggregate(arena, part))
        }
        Node::Big { op: Big::Sum, .. } => true,
        Node::Symbol { .. } | Node::Number(_) => true,
        _ => false,
    }
}

/// Products over sums multiplied out: each path becomes a term of its own, and factors move into big sums.
pub fn distribute(arena: &mut Arena, expr: Expr) -> Expr {
    let mut terms = Vec::new();
    for term in spread(arena, expr, 700) {
        terms.push(arena.product(term));
    }
    arena.sum(terms)
}

/// The terms of an expression, each as its factors.
fn spread(arena: &mut Arena, expr: Expr, depth: usize) -> Vec<Vec<Expr>> {
    match arena.node(expr).clone() {
        Node::Sum(parts) => parts.iter().flat_map(|&part| spread(arena, part, depth)).collect(),
        Node::Product(parts) => {
            let mut terms: Vec<Vec<Expr>> = vec![Vec::new()];
            let mut sums = Vec::new();
            for &part in parts.iter() {
                match arena.node(part) {
                    Node::Sum(_) => {
                        let inner = spread(arena, part, depth);
                        terms = terms
                            .iter()
                            .flat_map(|left| inner.iter().map(|right| [left.clone(), right.clone()].concat()))
                            .collect();
                    }
                    Node::Big { op: Big::Sum, .. } => sums.push(part),
                    _ => terms.iter_mut().for_each(|term| term.push(part)),
                }
            }
            for (n, &sum) in sums.iter().enumerate() {
                let Node::Big { lower, upper, .. } = *arena.node(sum) else { continue };
                let Some((letter, body)) = arena.open(sum, depth + n) else { continue };
                terms = terms
                    .into_iter()
                    .map(|mut term| {
                        term.push(body);
                        let inner = arena.product(term);
                        vec![arena.big(Big::Sum, letter, lower, upper, inner)]
                    })
                    .collect();
            }
            terms
        }
        Node::Big { op: Big::Sum, lower, upper, .. } => {
            let Some((letter, body)) = arena.open(expr, depth) else { return vec![vec![expr]] };
            let body = {
                let terms: Vec<Expr> =
                    spread(arena, body, depth + 10).into_iter().map(|term| arena.product(term)).collect();
                arena.sum(terms)
            };
            vec![vec![arena.big(Big::Sum, letter, lower, upper, body)]]
        }
        _ => vec![vec![expr]],
    }
}

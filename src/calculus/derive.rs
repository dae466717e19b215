//! Derivations with their steps: the expansion over paths, the closed form over all times, the partials worked out.
//!
//! An open derivative is a total one by the variable. Each step opens those that are left by one rule (the chain
//! rule, linearity, the recurrence), until only partial derivatives of single definitions remain: `∂a/∂b` by a
//! member that stands in the definition of `a`, `∂⁺a/∂w` by the variable itself.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;

use crate::calculus::late::{self, Factors};
use crate::calculus::paths::distribute;
use crate::calculus::{Resolver, Structure};
use crate::expr::{
    Arena, Big, DerivativeKind, Elementary, Expr, Function, Node, Shape, Substitution, SymbolId, SymbolKind,
};
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
    /// Left and right for every time, where this is the instance at a late one: a proof of it is a proof of this.
    pub general: Option<(Expr, Expr)>,
}

/// Why there is no derivation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// A definition or a rule is missing, or a side is no number.
    NoRule,
    /// So many steps of a recurrence would have to be written out.
    TooLong {
        /// How many.
        n_steps: i64,
        /// How many there may be in this form.
        limit: i64,
    },
}

impl Obstacle {
    /// The code of the diagnostic that tells of it.
    pub fn code(self) -> &'static str {
        match self {
            Obstacle::NoRule => "not-derived",
            Obstacle::TooLong { .. } => "too-many-steps",
        }
    }

    /// What to ask for instead.
    pub fn hint(self) -> &'static str {
        match self {
            Obstacle::NoRule => "derive a number by a number, both from the definitions of the file",
            Obstacle::TooLong { .. } => {
                r"leave the time a letter, `\frac{\partial h_t}{\partial w_h}`, or ask for the form `closed`"
            }
        }
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Obstacle::NoRule => write!(f, "no rule derives this"),
            Obstacle::TooLong { n_steps, limit } => {
                write!(f, "{n_steps} steps would have to be written out, and at most {limit} are in this form")
            }
        }
    }
}

/// More lines than this are not shown: the result is built without them.
const MAX_STEPS: usize = 60;

/// A concrete time beyond this is late: its steps are not written one by one.
const LATE: i64 = 24;

/// How many steps are written out as paths: their text grows with the square.
const MAX_PATHS: i64 = 4000;

/// How many steps are written out nested.
const MAX_NESTED: i64 = 1_000_000;

/// A derivative worked out in one step, whatever its kind: an immediate one, one of a derivative, one through vectors.
pub fn derive_at_once(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    left: Expr,
) -> Result<Derivation, Obstacle> {
    let worked_out = crate::calculus::resolve(arena, model, structure, left).ok_or(Obstacle::NoRule)?;
    let rule = match arena.node(left) {
        Node::Derivative { kind: DerivativeKind::Immediate, .. } => "local slope",
        _ => "chain rule",
    };
    let mut steps = vec![Step { rule, expr: worked_out }];
    let result = contracted(arena, worked_out);
    if result != worked_out {
        steps.push(Step { rule: "sum over a delta", expr: result });
    }
    Ok(Derivation { left, result, steps, partials: Vec::new(), general: None })
}

/// Derives `of` by `by` in the form `shown`; numbers by numbers.
pub fn derive(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    (of, by): (Expr, Expr),
    shown: Shown,
) -> Result<Derivation, Obstacle> {
    if arena.shape(of) != Shape::Scalar || arena.shape(by) != Shape::Scalar {
        return Err(Obstacle::NoRule);
    }
    if [of, by].iter().any(|&side| matches!(arena.node(side), Node::Entry { .. })) {
        return of_entries(arena, model, structure, (of, by));
    }
    let mut deriver = Deriver { model, structure, by, uses: BTreeMap::new(), fresh: 0 };
    let late = deriver.late_time(arena, of);
    if let (Some(time), Shown::Closed) = (late, shown)
        && let Some(derivation) = at_late_time(arena, model, structure, (of, by), time)
    {
        return Ok(derivation);
    }
    let left = arena.derivative(DerivativeKind::Total, of, by);
    if let Some(n_steps) = late {
        let limit = if shown == Shown::Paths { MAX_PATHS } else { MAX_NESTED };
        if n_steps > limit {
            return Err(Obstacle::TooLong { n_steps, limit });
        }
        return nested(arena, deriver, left, of, shown).ok_or(Obstacle::NoRule);
    }
    let mut steps = Vec::new();
    let Some(mut result) = deriver.step_by_step(arena, left, &mut steps) else {
        return of_entries(arena, model, structure, (of, by));
    };
    if shown != Shown::Composed {
        spread(arena, &mut result, &mut steps);
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
    Ok(Derivation { left, result, steps, partials, general: None })
}

/// The derivation at a late concrete time, whose lines are written once for every family.
fn nested(arena: &mut Arena, deriver: Deriver<'_>, left: Expr, of: Expr, shown: Shown) -> Option<Derivation> {
    let (factors, rule) = match shown {
        Shown::Composed => (Factors::WorkedOut, "local slope"),
        Shown::Paths | Shown::Closed => (Factors::Open, "chain rule"),
    };
    let (mut result, partials) = late::derivative(arena, deriver, of, factors)?;
    let mut steps = vec![Step { rule, expr: result }];
    if shown == Shown::Paths {
        spread(arena, &mut result, &mut steps);
    }
    Some(Derivation { left, result, steps, partials, general: None })
}

fn spread(arena: &mut Arena, result: &mut Expr, steps: &mut Vec<Step>) {
    let spread = distribute(arena, *result);
    if spread != *result {
        *result = spread;
        steps.push(Step { rule: "distribute", expr: spread });
    }
}

/// A derivative that leads through vectors and matrices: worked out entry by entry, in one step.
fn of_entries(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    (of, by): (Expr, Expr),
) -> Result<Derivation, Obstacle> {
    let left = arena.derivative(DerivativeKind::Total, of, by);
    derive_at_once(arena, model, structure, left)
}

/// `\sum_t a_t \delta_{jt} = a_j` where j is no bound index of its own; the sums run over whole dimensions.
fn contracted(arena: &mut Arena, expr: Expr) -> Expr {
    arena.rewrite(expr, &mut |arena, part| {
        let Node::Big { op: Big::Sum, .. } = *arena.node(part) else { return None };
        let (letter, body) = arena.open(part, 800)?;
        let index = arena.symbol(letter);
        let factors = match arena.node(body) {
            Node::Product(factors) => factors.to_vec(),
            _ => vec![body],
        };
        let (place, value) = factors.iter().enumerate().find_map(|(place, &factor)| {
            let Node::Call { function: Function::Elementary(Elementary::Delta), args, .. } = arena.node(factor) else {
                return None;
            };
            let other = if args[0] == index { args[1] } else { args[0] };
            let is_letter = other != index && matches!(arena.node(other), Node::Symbol { .. });
            (args.contains(&index) && is_letter).then_some((place, other))
        })?;
        let rest: Vec<Expr> = (0..factors.len()).filter(|&at| at != place).map(|at| factors[at]).collect();
        let rest = arena.product(rest);
        let chosen = arena.substitute(rest, &Substitution::from([(index, value)]));
        Some(contracted(arena, chosen))
    })
}

/// The derivation for every time, and its instance at a late one; `None` where there is no closed form.
fn at_late_time(
    arena: &mut Arena,
    model: &Model,
    structure: &Structure,
    (of, by): (Expr, Expr),
    time: i64,
) -> Option<Derivation> {
    let (symbol, at, entry) = Model::member(arena, of)?;
    if at.len() != 1 || !entry.is_empty() {
        return None;
    }
    let letter = arena.intern("\u{a7}t", SymbolKind::Integer);
    let letter = arena.symbol(letter);
    let member = arena.member(symbol, vec![letter]);
    let general = derive(arena, model, structure, (member, by), Shown::Closed).ok()?;
    let time = arena.integer(time);
    let map = Substitution::from([(letter, time)]);
    Some(Derivation {
        left: arena.substitute(general.left, &map),
        result: arena.substitute(general.result, &map),
        steps: general
            .steps
            .iter()
            .map(|step| Step { rule: step.rule, expr: arena.substitute(step.expr, &map) })
            .collect(),
        partials: general
            .partials
            .iter()
            .map(|&(partial, value)| (arena.substitute(partial, &map), arena.substitute(value, &map)))
            .collect(),
        general: Some((general.left, general.result)),
    })
}

/// What is differentiated by, and in which graph of definitions.
pub(super) struct Deriver<'a> {
    pub(super) model: &'a Model,
    pub(super) structure: &'a Structure,
    pub(super) by: Expr,
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
            let mut deriver = std::mem::replace(self, Deriver { uses: BTreeMap::new(), fresh: 0, ..*self });
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
    pub(super) fn opened(&mut self, arena: &mut Arena, of: Expr) -> Option<(&'static str, Expr)> {
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
            return match self.steps_after_first(arena, symbol, &at)?.as_integer() {
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

    /// How many steps after its first one a state is at an index.
    fn steps_after_first(&self, arena: &Arena, state: SymbolId, at: &[Expr]) -> Option<Linear> {
        self.structure.steps_between(arena, state, self.structure.first[&state], *at.first()?)
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
            if !arena.shape(child).is_scalar() {
                return None;
            }
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
    pub(super) fn children(&mut self, arena: &mut Arena, body: Expr) -> Vec<Expr> {
        let mut found = Vec::new();
        for part in arena.reachable(&[body]) {
            let Some((symbol, at, _)) = Model::member(arena, part) else { continue };
            if part == self.by || !self.model.is_defined(symbol) || !self.depends(arena, symbol) {
                continue;
            }
            let is_start = self.is_given_start(arena, part, &at)
                || self.structure.states.contains(&symbol)
                    && self
                        .steps_after_first(arena, symbol, &at)
                        .and_then(|ahead| ahead.as_integer())
                        .is_some_and(|steps| steps < 0);
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
        let before = self.structure.before(arena, state, k);
        let (h_k, h_before) = (arena.member(state, vec![k]), arena.member(state, vec![before]));
        let slope = arena.derivative(DerivativeKind::Partial, h_k, h_before);
        let (by_symbol, by_at, _) = Model::member(arena, self.by)?;
        if by_symbol == state {
            return Some(self.product_after(arena, state, (by_at[0], at), (k_symbol, slope)));
        }
        let onward = self.product_after(arena, state, (j, at), (k_symbol, slope));
        let h_j = arena.member(state, vec![j]);
        let enters = arena.derivative(DerivativeKind::Immediate, h_j, self.by);
        let term = arena.product([onward, enters]);
        let (low, high) = self.structure.as_range(state, self.structure.first[&state], at);
        Some(arena.big(Big::Sum, j_symbol, low, high, term))
    }

    /// The product over the steps of a state after one index, up to another.
    fn product_after(
        &self,
        arena: &mut Arena,
        state: SymbolId,
        (from, to): (Expr, Expr),
        (letter, slope): (SymbolId, Expr),
    ) -> Expr {
        let after = self.structure.after(arena, state, from);
        let (low, high) = self.structure.as_range(state, after, to);
        arena.big(Big::Product, letter, low, high, slope)
    }

    /// The concrete time of a member that is so late that its steps are not written one by one.
    fn late_time(&self, arena: &Arena, of: Expr) -> Option<i64> {
        let (symbol, at, _) = Model::member(arena, of)?;
        arena.as_integer(*at.first()?).filter(|&at| at > LATE && !self.structure.runs_back(symbol))
    }

    /// Every partial derivative of a single definition that stands in `expr`, with its value.
    fn partials_of(&mut self, arena: &mut Arena, expr: Expr) -> Vec<(Expr, Expr)> {
        let mut found = Vec::new();
        let mut bound: HashSet<Expr> = HashSet::new();
        for part in arena.reachable(&[expr]) {
            let holds_bound = matches!(arena.node(part), Node::Bound(_))
                || arena.children(part).iter().any(|child| bound.contains(child));
            if holds_bound {
                bound.insert(part);
            } else if matches!(arena.node(part), Node::Derivative { .. })
                && let Some(value) = self.local_value(arena, part)
            {
                found.push((part, value));
            }
        }
        found
    }

    /// What one partial derivative of a definition is.
    pub(super) fn local_value(&mut self, arena: &mut Arena, part: Expr) -> Option<Expr> {
        let Node::Derivative { kind, of, by, .. } = *arena.node(part) else { return None };
        let body = self.structure.definition_of(arena, self.model, of)?;
        let body = Resolver::new(arena, self.model, self.structure).functions_opened(body);
        let _ = kind;
        Some(slope_with(arena, body, &mut |arena, leaf| if leaf == by { Some(arena.one()) } else { None }))
    }
}

pub(super) fn arena_derivative(arena: &mut Arena, of: Expr, by: Expr) -> Expr {
    arena.derivative(DerivativeKind::Total, of, by)
}

/// The members whose open derivatives stand in a sum of products.
pub(super) fn open_in(arena: &Arena, value: Expr, by: Expr) -> Vec<Expr> {
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
pub(super) fn replace_open(arena: &mut Arena, value: Expr, map: &Substitution) -> Expr {
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

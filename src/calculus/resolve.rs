//! Derivatives worked out into expressions without derivatives, except propagators of several states.

use std::collections::{BTreeSet, HashMap};

use crate::calculus::structure::Structure;
use crate::calculus::tensors::Inner;
use crate::expr::{Arena, Big, Branch, Comparison, DerivativeKind, Expr, Node, SymbolId, SymbolKind};
use crate::model::{FunctionBody, Model};
use crate::rewrite::entries::entry;
use crate::rewrite::slope::slope_with;

/// Works out every derivative of an expression of numbers: see [`Resolver`].
pub fn resolve(arena: &mut Arena, model: &Model, structure: &Structure, expr: Expr) -> Option<Expr> {
    Resolver::new(arena, model, structure).resolve(expr)
}

/// Works out derivatives over one model.
pub struct Resolver<'a> {
    pub(super) arena: &'a mut Arena,
    pub(super) model: &'a Model,
    pub(super) structure: &'a Structure,
    pub(super) totals: HashMap<(Expr, Expr), Option<Expr>>,
    fresh: usize,
    depth: usize,
}

/// Definitions nested more deeply than this are not worked out.
const MAX_DEPTH: usize = 60;

/// Expressions with more parts than this are not differentiated.
const MAX_PARTS: usize = 200_000;

impl<'a> Resolver<'a> {
    /// A resolver over the definitions of `model`.
    pub fn new(arena: &'a mut Arena, model: &'a Model, structure: &'a Structure) -> Resolver<'a> {
        Resolver { arena, model, structure, totals: HashMap::new(), fresh: 0, depth: 0 }
    }

    /// The expression with helpers unfolded, functions opened and derivatives worked out, innermost first.
    ///
    /// `None` where a derivative is by something that is not a member, or of something that is not a number.
    pub fn resolve(&mut self, expr: Expr) -> Option<Expr> {
        if !self.arena.shape(expr).is_scalar() {
            return None;
        }
        let depth = self.depth;
        if depth > MAX_DEPTH {
            return None;
        }
        let opened = entry(self.arena, expr, &[]);
        let (model, structure) = (self.model, self.structure);
        let mut failed = false;
        let mut fresh = self.fresh;
        let mut totals = std::mem::take(&mut self.totals);
        let resolved = self.arena.rewrite(opened, &mut |arena, part| {
            let mut inner =
                Resolver { arena, model, structure, totals: std::mem::take(&mut totals), fresh, depth: depth + 1 };
            let worked = match *inner.arena.node(part) {
                Node::Derivative { kind, of, by, .. } => Some(inner.derivative(kind, of, by)),
                Node::At { body, of, value } => Some(inner.evaluated(body, of, value)),
                Node::Big { op: Big::Sum | Big::Product, .. } => inner.within_range(part),
                // An ordered product of Jacobians is known as a whole, or not at all.
                Node::Entry { of, .. } if inner.is_product_of_jacobians(of) => Some(Some(part)),
                Node::Symbol { .. } | Node::Entry { .. } => inner.helper_with_derivatives(part),
                _ => None,
            };
            fresh = inner.fresh;
            totals = inner.totals;
            match worked {
                None => None,
                Some(Some(value)) => Some(value),
                Some(None) => {
                    failed = true;
                    Some(part)
                }
            }
        });
        self.totals = totals;
        self.fresh = fresh;
        if failed {
            return None;
        }
        let unfolded = self.structure.unfold(self.arena, self.model, resolved, &[]);
        Some(self.functions_opened(unfolded))
    }

    /// A sum or a product of what holds derivatives, resolved where its index lies in its range, which may tell which
    /// piece of a definition holds; `None` where nothing has pieces.
    #[expect(clippy::option_option, reason = "nothing to do, failure, a value")]
    fn within_range(&mut self, part: Expr) -> Option<Option<Expr>> {
        let Node::Big { op, lower, upper, body, .. } = *self.arena.node(part) else { return None };
        let parts = self.arena.reachable(&[body]);
        let has_derivatives = parts.iter().any(|&part| matches!(self.arena.node(part), Node::Derivative { .. }));
        if !self.structure.is_piecewise || !has_derivatives || !self.arena.shape(body).is_scalar() {
            return None;
        }
        let (letter, body) = self.arena.open(part, 1000 + self.depth)?;
        let index = self.arena.symbol(letter);
        let structure = self.structure.along(self.arena, index, lower, upper);
        let mut inner = Resolver::new(self.arena, self.model, &structure);
        (inner.fresh, inner.depth) = (self.fresh, self.depth);
        let body = inner.resolve(body);
        self.fresh = inner.fresh;
        Some(body.map(|body| self.arena.big(op, letter, lower, upper, body)))
    }

    fn is_product_of_jacobians(&self, expr: Expr) -> bool {
        match *self.arena.node(expr) {
            Node::Big { op: Big::Descending | Big::Ascending, body, .. } => {
                self.arena.reachable(&[body]).into_iter().any(|part| {
                    matches!(self.arena.node(part), Node::Derivative { .. }) && !self.arena.shape(part).is_scalar()
                })
            }
            _ => false,
        }
    }

    /// A helper whose definition holds derivatives, worked out; `None` for other members.
    #[expect(clippy::option_option, reason = "not such a helper, failure, a value")]
    fn helper_with_derivatives(&mut self, part: Expr) -> Option<Option<Expr>> {
        let (symbol, _, components) = Model::member(self.arena, part)?;
        let whole = components.is_empty() && !self.arena.shape(part).is_scalar();
        if whole || !self.structure.is_helper(self.model, symbol) {
            return None;
        }
        let body = self.structure.definition_of(self.arena, self.model, part)?;
        let inside = self.structure.unfold(self.arena, self.model, body, &[]);
        let has = self
            .arena
            .reachable(&[inside])
            .iter()
            .any(|&part| matches!(self.arena.node(part), Node::Derivative { .. } | Node::At { .. }));
        if has { Some(self.resolve(body)) } else { None }
    }

    /// `body` with derivatives taken and helpers unfolded, then `of` replaced by `value`.
    fn evaluated(&mut self, body: Expr, of: Expr, value: Expr) -> Option<Expr> {
        let body = self.resolve(body)?;
        let (symbol, _, _) = Model::member(self.arena, of)?;
        if self.model.is_defined(symbol) {
            return None;
        }
        if self.arena.shape(value).is_scalar() {
            let value = self.resolve(value)?;
            return Some(self.arena.substitute(body, &[(of, value)].into_iter().collect()));
        }
        // A vector or a matrix is put in whole; its entries are opened where they stand.
        let value = self.structure.unfold(self.arena, self.model, value, &[]);
        let has_derivatives =
            self.arena.reachable(&[value]).iter().any(|&part| matches!(self.arena.node(part), Node::Derivative { .. }));
        if has_derivatives {
            return None;
        }
        let replaced = self.arena.substitute(body, &[(of, value)].into_iter().collect());
        Some(entry(self.arena, replaced, &[]))
    }

    /// Calls of bound functions replaced by their bodies, derivatives by slots included.
    pub fn functions_opened(&mut self, expr: Expr) -> Expr {
        if self.model.functions.is_empty() {
            return expr;
        }
        let model = self.model;
        self.arena.rewrite(expr, &mut |arena, part| crate::calculus::functions::opened(arena, model, part))
    }

    /// One derivative, of a number by a member or an entry of one.
    pub fn derivative(&mut self, kind: DerivativeKind, of: Expr, by: Expr) -> Option<Expr> {
        if !self.arena.shape(of).is_scalar() || !self.arena.shape(by).is_scalar() {
            return None;
        }
        Model::member(self.arena, by)?;
        // An entry of a product is a sum.
        let of = if Model::member(self.arena, of).is_some() { of } else { entry(self.arena, of, &[]) };
        match kind {
            DerivativeKind::Total | DerivativeKind::Partial => {
                let of = self.inner_derivatives(of)?;
                self.total(of, by)
            }
            DerivativeKind::Immediate => self.immediate(of, by),
        }
    }

    /// `of` with its own derivatives worked out, for derivatives of derivatives.
    fn inner_derivatives(&mut self, of: Expr) -> Option<Expr> {
        let has = self
            .arena
            .reachable(&[of])
            .iter()
            .any(|&part| matches!(self.arena.node(part), Node::Derivative { .. } | Node::At { .. }));
        if has { self.resolve(of) } else { Some(of) }
    }

    /// The total derivative: through every path of definitions.
    pub(super) fn total(&mut self, of: Expr, by: Expr) -> Option<Expr> {
        if let Some(known) = self.totals.get(&(of, by)) {
            return *known;
        }
        let (by_symbol, _, _) = Model::member(self.arena, by)?;
        let unfolded = self.structure.unfold(self.arena, self.model, of, &[by_symbol]);
        let unfolded = self.functions_opened(unfolded);
        let result = self.slope_by_leaves(unfolded, by);
        self.totals.insert((of, by), result);
        result
    }

    fn slope_by_leaves(&mut self, expr: Expr, by: Expr) -> Option<Expr> {
        let mut failed = false;
        let (model, structure, depth) = (self.model, self.structure, self.depth);
        if depth > MAX_DEPTH || self.is_heavy(expr) {
            return None;
        }
        let totals = std::mem::take(&mut self.totals);
        let mut fresh = self.fresh;
        let mut kept = totals;
        let result = slope_with(self.arena, expr, &mut |arena, leaf| {
            let mut inner =
                Resolver { arena, model, structure, totals: std::mem::take(&mut kept), fresh, depth: depth + 1 };
            let slope = inner.leaf_total(leaf, by);
            fresh = inner.fresh;
            kept = inner.totals;
            if slope.is_none() {
                failed = true;
            }
            slope
        });
        self.totals = kept;
        self.fresh = fresh;
        if failed { None } else { Some(result) }
    }

    /// Whether an expression has more parts than are differentiated: each order multiplies them.
    fn is_heavy(&self, expr: Expr) -> bool {
        let parts = self.arena.reachable(&[expr]);
        parts.len() > MAX_PARTS
            || parts.into_iter().map(|part| self.arena.children(part).len()).sum::<usize>() > MAX_PARTS
    }

    /// The total derivative of a member: of a given, a state, or the family of `by`.
    fn leaf_total(&mut self, leaf: Expr, by: Expr) -> Option<Expr> {
        let Some((symbol, at, components)) = Model::member(self.arena, leaf) else {
            return self.other_leaf(leaf, by);
        };
        let (by_symbol, by_at, by_components) = Model::member(self.arena, by)?;
        if self.structure.states.contains(&symbol) {
            return self.state_total(leaf, by);
        }
        if symbol != by_symbol {
            if !self.structure.is_helper(self.model, symbol) {
                return Some(self.arena.zero());
            }
            // An entry of what stood whole as an argument; a helper without a certain definition may hold anything.
            let body = self.structure.definition_of(self.arena, self.model, leaf)?;
            return self.total(body, by);
        }
        let same = self.same_place((&at, &components), (&by_at, &by_components));
        if !self.structure.is_helper(self.model, symbol) {
            return Some(same);
        }
        // A helper of the family by which is differentiated may depend on another member, through the states or by what
        // is written out from one to the next.
        match self.structure.definition_of(self.arena, self.model, leaf) {
            Some(body) if self.reaches_state(body) || self.reaches(body, by_symbol) => {
                let through = self.total(body, by)?;
                Some(self.arena.sum([same, through]))
            }
            _ => Some(same),
        }
    }

    /// Whether members of a family stand in what a body leads to, theirs not opened.
    fn reaches(&mut self, body: Expr, family: SymbolId) -> bool {
        let unfolded = self.structure.unfold(self.arena, self.model, body, &[family]);
        let is_member = |part| matches!(self.arena.node(part), Node::Symbol { symbol, .. } if *symbol == family);
        self.arena.reachable(&[unfolded]).into_iter().any(is_member)
    }

    fn reaches_state(&mut self, body: Expr) -> bool {
        let unfolded = self.structure.unfold(self.arena, self.model, body, &[]);
        self.structure.holds_state(self.arena, unfolded)
    }

    /// Leaves that are not members: powers of matrices and the like are constant unless they hold the variable.
    fn other_leaf(&mut self, leaf: Expr, by: Expr) -> Option<Expr> {
        let (by_symbol, _, _) = Model::member(self.arena, by)?;
        let holds = self.arena.reachable(&[leaf]).iter().any(|&part| match self.arena.node(part) {
            Node::Symbol { symbol, .. } => *symbol == by_symbol || self.structure.states.contains(symbol),
            _ => false,
        });
        if !holds {
            return Some(self.arena.zero());
        }
        let inner = Inner::of(self.arena, leaf, by)?;
        let slope = self.slope_by_leaves(inner.entry, by)?;
        Some(inner.summed(self.arena, slope))
    }

    /// 1 where two members are the same, 0 elsewhere.
    pub(super) fn same_place(&mut self, one: (&[Expr], &[Expr]), other: (&[Expr], &[Expr])) -> Expr {
        let mut deltas = Vec::new();
        for (&a, &b) in one.0.iter().zip(other.0).chain(one.1.iter().zip(other.1)) {
            deltas.push(self.arena.delta(a, b));
        }
        self.arena.product(deltas)
    }

    /// How a state at one index depends on a member.
    fn state_total(&mut self, state: Expr, by: Expr) -> Option<Expr> {
        let (by_symbol, _, _) = Model::member(self.arena, by)?;
        if let Some(total) = self.grid_total(state, by) {
            return Some(total);
        }
        let (symbol, at, _) = Model::member(self.arena, state)?;
        if self.structure.grids.contains_key(&symbol) {
            return self.grid_dependence(state, by);
        }
        if at.len() > 1 && symbol == by_symbol {
            // It stays, and its one-step law is known.
            return Some(self.arena.derivative(DerivativeKind::Total, state, by));
        }
        // A start of another state that enters no step of it is a parameter.
        let is_parameter = !self.structure.states.contains(&by_symbol)
            || !self.structure.runs_through(symbol, by_symbol) && self.structure.is_given(self.arena, self.model, by);
        if !is_parameter {
            return self.propagator(state, by);
        }
        if at.len() != 1 {
            return None;
        }
        let beside = self.structure.beside(symbol)?;
        let mut terms = Vec::new();
        for source in self.structure.states.clone() {
            if !self.structure.runs_through(symbol, source) || beside.contains(&source) {
                continue;
            }
            if let Some(term) = self.entering(state, (source, at[0]), &beside, by)? {
                terms.push(term);
            }
        }
        if let Some(initial) = self.initial(state, &beside, by)? {
            terms.push(initial);
        }
        Some(self.arena.sum(terms))
    }

    /// `Σ_j (∂ state / ∂ source_j) (∂⁺ source_j / ∂ by)`: the parameter enters the source at step j, by itself or with states
    /// that stand beside it.
    #[expect(clippy::option_option, reason = "failure, nothing, a term")]
    fn entering(
        &mut self,
        state: Expr,
        (source, at): (SymbolId, Expr),
        beside: &BTreeSet<SymbolId>,
        by: Expr,
    ) -> Option<Option<Expr>> {
        let (letter, j) = self.fresh_letter();
        let (source_at, components) = self.general_member(source, &[j])?;
        let (by_symbol, _, _) = Model::member(self.arena, by)?;
        let body = self.structure.definition_of(self.arena, self.model, source_at)?;
        let body = self.structure.unfold(self.arena, self.model, body, &[by_symbol]);
        let body = self.functions_opened(body);
        let (itself, beside) = (self.local(body, by)?, self.through_beside(body, beside, by)?);
        let local = self.arena.sum([itself, beside]);
        if self.arena.is_zero(local) {
            return Some(None);
        }
        let onward = self.propagator_where_ordered(state, source_at)?;
        let term = self.arena.product([onward, local]);
        let term = self.summed_over(components, term);
        let (low, high) = self.structure.as_range(source, self.structure.first[&source], at);
        Some(Some(self.arena.big(Big::Sum, letter, low, high, term)))
    }

    /// What a body owes to states that stand beside its own: each with all that leads to it.
    fn through_beside(&mut self, body: Expr, beside: &BTreeSet<SymbolId>, by: Expr) -> Option<Expr> {
        let holds = |arena: &Arena, part: Expr| {
            let is_beside = |part| matches!(arena.node(part), Node::Symbol { symbol, .. } if beside.contains(symbol));
            arena.reachable(&[part]).into_iter().any(is_beside)
        };
        if beside.is_empty() || !holds(self.arena, body) {
            return Some(self.arena.zero());
        }
        let mut failed = false;
        let (model, structure, mut fresh, depth) = (self.model, self.structure, self.fresh, self.depth);
        let slope = slope_with(self.arena, body, &mut |arena, leaf| {
            if !holds(arena, leaf) {
                return None;
            }
            let mut inner = Resolver { arena, model, structure, totals: HashMap::new(), fresh, depth: depth + 1 };
            let slope = inner.total(leaf, by);
            fresh = inner.fresh;
            failed |= slope.is_none() || Model::member(inner.arena, leaf).is_none();
            slope
        });
        self.fresh = fresh;
        (!failed).then_some(slope)
    }

    /// A base case that is defined by an expression may hold the parameter, too.
    #[expect(clippy::option_option, reason = "failure, nothing, a term")]
    fn initial(&mut self, state: Expr, beside: &BTreeSet<SymbolId>, by: Expr) -> Option<Option<Expr>> {
        let (symbol, _, _) = Model::member(self.arena, state)?;
        let mut terms = Vec::new();
        for source in self.structure.states.clone() {
            if !self.structure.leads(symbol, source) || beside.contains(&source) {
                continue;
            }
            let definitions: Vec<_> = self.model.definitions_of(source).cloned().collect();
            for definition in definitions {
                let Some(&crate::model::Argument::Value(value)) = definition.indices.first() else { continue };
                let (member, components) = self.general_member(source, &[value])?;
                let body = self.structure.definition_of(self.arena, self.model, member)?;
                let slope = self.total(body, by)?;
                if self.arena.is_zero(slope) {
                    continue;
                }
                let onward = self.propagator(state, member)?;
                let term = self.arena.product([onward, slope]);
                terms.push(self.summed_over(components, term));
            }
        }
        Some(if terms.is_empty() { None } else { Some(self.arena.sum(terms)) })
    }

    pub(super) fn fresh_letter(&mut self) -> (SymbolId, Expr) {
        self.fresh += 1;
        let symbol = self.arena.intern(&format!("\u{a7}j{}", self.fresh), SymbolKind::Integer);
        (symbol, self.arena.symbol(symbol))
    }

    /// A member of a family at these indices, with letters for the components.
    pub(super) fn general_member(&mut self, family: SymbolId, at: &[Expr]) -> Option<(Expr, Vec<(SymbolId, Expr)>)> {
        let member = self.structure.member_at(self.arena, self.model, family, at)?;
        let sizes = self.arena.shape(member).sizes();
        let mut components = Vec::new();
        let mut at = Vec::new();
        for size in sizes {
            let (symbol, letter) = self.fresh_letter();
            components.push((symbol, size));
            at.push(letter);
        }
        let member = if at.is_empty() { member } else { self.arena.entry(member, at) };
        Some((member, components))
    }

    /// A term summed over the letters of components, each up to its size.
    pub(super) fn summed_over(&mut self, components: Vec<(SymbolId, Expr)>, term: Expr) -> Expr {
        let one = self.arena.one();
        let letters = components.into_iter().rev();
        letters.fold(term, |term, (letter, size)| self.arena.big(Big::Sum, letter, one, size, term))
    }

    /// The value where a condition holds, and 0 elsewhere.
    pub(super) fn guarded(&mut self, condition: (Comparison, Expr, Expr), value: Expr) -> Expr {
        let zero = self.arena.zero();
        let otherwise = Branch { condition: None, value: zero };
        self.arena.cases(vec![Branch { condition: Some(condition), value }, otherwise])
    }

    /// The slope of a body by `by` with all states held.
    pub(super) fn local(&mut self, body: Expr, by: Expr) -> Option<Expr> {
        let (by_symbol, by_at, by_components) = Model::member(self.arena, by)?;
        let mut failed = false;
        let states = &self.structure.states;
        let (model, structure) = (self.model, self.structure);
        let result = slope_with(self.arena, body, &mut |arena, leaf| match Model::member(arena, leaf) {
            Some((symbol, at, components)) if symbol == by_symbol => {
                let mut inner = Resolver::new(arena, model, structure);
                let same = inner.same_place((&at, &components), (&by_at, &by_components));
                let slope = inner.local_through(leaf, by).map(|through| inner.arena.sum([same, through]));
                failed |= slope.is_none();
                slope
            }
            Some((symbol, _, _)) => {
                failed |= structure.is_helper(model, symbol);
                None
            }
            None => {
                let holds = arena.reachable(&[leaf]).iter().any(|&part| matches!(arena.node(part), Node::Symbol { symbol, .. } if *symbol == by_symbol || states.contains(symbol)));
                if holds {
                    let mut inner = Resolver::new(arena, model, structure);
                    let slope = inner.local_of_leaf(leaf, by);
                    failed |= slope.is_none();
                    return slope;
                }
                None
            }
        });
        if failed { None } else { Some(result) }
    }

    /// What a member of the family of `by` owes to another one in its definition, with all states held.
    fn local_through(&mut self, leaf: Expr, by: Expr) -> Option<Expr> {
        let (family, _, _) = Model::member(self.arena, by)?;
        let is_helper = self.structure.is_helper(self.model, family);
        let body = if is_helper { self.structure.definition_of(self.arena, self.model, leaf) } else { None };
        match body {
            Some(body) if self.reaches(body, family) => {
                let unfolded = self.structure.unfold(self.arena, self.model, body, &[family]);
                self.local(unfolded, by)
            }
            _ => Some(self.arena.zero()),
        }
    }

    fn local_of_leaf(&mut self, leaf: Expr, by: Expr) -> Option<Expr> {
        let inner = Inner::of(self.arena, leaf, by)?;
        let slope = self.local(inner.entry, by)?;
        Some(inner.summed(self.arena, slope))
    }

    /// The immediate derivative: members at other indices held, members at the same index followed.
    fn immediate(&mut self, of: Expr, by: Expr) -> Option<Expr> {
        let Some((_, at, _)) = Model::member(self.arena, of) else {
            return self.immediate_of_body(of, by, &[], 0);
        };
        if of == by {
            return Some(self.arena.one());
        }
        let body = self.structure.definition_of(self.arena, self.model, of)?;
        self.immediate_of_body(body, by, &at, 0)
    }

    /// The immediate derivative of the definition of a member at the indices `at`.
    fn immediate_of_body(&mut self, body: Expr, by: Expr, at: &[Expr], depth: usize) -> Option<Expr> {
        if depth > 100 {
            return None;
        }
        let body = self.functions_opened(body);
        let (by_symbol, by_at, by_components) = Model::member(self.arena, by)?;
        let (model, structure, level) = (self.model, self.structure, self.depth);
        let mut failed = false;
        let mut fresh = self.fresh;
        let slope = slope_with(self.arena, body, &mut |arena, leaf| {
            let Some((symbol, leaf_at, components)) = Model::member(arena, leaf) else {
                let holds = arena.reachable(&[leaf]).iter().any(|&part| matches!(arena.node(part), Node::Symbol { symbol, .. } if *symbol == by_symbol || model.is_defined(*symbol)));
                failed |= holds;
                return None;
            };
            let is_variable = symbol == by_symbol && (leaf_at == by_at || !model.is_defined(symbol));
            if is_variable {
                let mut deltas = Vec::new();
                for (&a, &b) in leaf_at.iter().zip(&by_at).chain(components.iter().zip(&by_components)) {
                    deltas.push(arena.delta(a, b));
                }
                return Some(arena.product(deltas));
            }
            // Members of families at other indices are held; what has no index or the same is followed.
            let followed =
                if leaf_at.len() == at.len() { leaf_at == at } else { leaf_at.iter().all(|index| at.contains(index)) };
            if !followed || !model.is_defined(symbol) {
                return None;
            }
            let inner_body = structure.definition_of(arena, model, leaf)?;
            let mut inner = Resolver { arena, model, structure, totals: HashMap::new(), fresh, depth: level + 1 };
            let slope = inner.immediate_of_body(inner_body, by, at, depth + 1);
            fresh = inner.fresh;
            failed |= slope.is_none();
            slope
        });
        self.fresh = fresh;
        if failed { None } else { Some(slope) }
    }

    /// What a function is bound to, for callers that print it.
    pub fn body_of(&self, function: SymbolId) -> Option<&FunctionBody> {
        self.model.functions.get(&function)
    }
}

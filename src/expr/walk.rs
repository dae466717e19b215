//! Walking: children, bottom-up rebuilding, substitution, and the opening of binders.

use std::collections::HashMap;

use crate::expr::marks::Marks;
use crate::expr::small_map::SmallMap;
use crate::expr::table::Mixing;
use crate::expr::{Arena, Branch, Expr, Function, Node, Shape, Slot, SymbolId, SymbolKind};

/// How many parts are looked at before an account is kept of those that were seen.
const QUICK_LOOKS: u32 = 32;

/// Expressions and what they become.
pub type Substitution = SmallMap<Expr, Expr>;

impl Arena {
    /// The direct parts of a node, in order; the sizes of shapes included.
    pub fn children_of(node: &Node) -> Vec<Expr> {
        let mut children = Vec::new();
        Arena::for_each_child(node, &mut |child| children.push(child));
        children
    }

    /// Shows the direct parts of a node to `see`, in the same order.
    pub fn for_each_child(node: &Node, see: &mut dyn FnMut(Expr)) {
        match node {
            Node::Number(_) | Node::Pi | Node::Infinity | Node::Bound(_) => {}
            Node::Symbol { indices, shape, .. } => {
                indices.iter().copied().for_each(&mut *see);
                see_sizes(*shape, see);
            }
            Node::Sum(parts) | Node::Product(parts) | Node::MatMul(parts) => parts.iter().copied().for_each(see),
            Node::Tensor { args, .. } => args.iter().copied().for_each(see),
            Node::Power(base, exponent) | Node::MatrixPower(base, exponent) => {
                [*base, *exponent].into_iter().for_each(see);
            }
            Node::Call { function, slots, args } => {
                args.iter().copied().for_each(&mut *see);
                slots.iter().flat_map(|slot| slot.entry.iter().copied()).for_each(&mut *see);
                if let Function::Declared { indices, .. } = function {
                    indices.iter().copied().for_each(see);
                }
            }
            Node::Big { lower, upper, body, .. } => [*lower, *upper, *body].into_iter().for_each(see),
            Node::Cases(branches) => {
                for branch in branches {
                    if let Some((_, left, right)) = branch.condition {
                        see(left);
                        see(right);
                    }
                    see(branch.value);
                }
            }
            Node::Transpose(of) => see(*of),
            Node::Entry { of, at } => {
                see(*of);
                at.iter().copied().for_each(see);
            }
            Node::Literal { shape, entries } => {
                see_sizes(*shape, see);
                entries.iter().copied().for_each(see);
            }
            Node::Identity(n) => see(*n),
            Node::Fill(value, shape) => {
                see(*value);
                see_sizes(*shape, see);
            }
            Node::Unit(at, n) => [*at, *n].into_iter().for_each(see),
            Node::Derivative { of, by, shape, .. } => {
                see(*of);
                see(*by);
                see_sizes(*shape, see);
            }
            Node::At { body, of, value } => [*body, *of, *value].into_iter().for_each(see),
            Node::Limit { to, body, .. } => [*to, *body].into_iter().for_each(see),
            Node::Extremum { range, body, .. } => {
                if let Some((lower, upper)) = *range {
                    see(lower);
                    see(upper);
                }
                see(*body);
            }
        }
    }

    /// The direct parts of an expression.
    pub fn children(&self, expr: Expr) -> Vec<Expr> {
        Arena::children_of(self.node(expr))
    }

    /// Whether all direct parts of an expression are such.
    pub fn all_children(&self, expr: Expr, holds: impl Fn(Expr) -> bool) -> bool {
        let mut all = true;
        Arena::for_each_child(self.node(expr), &mut |child| all = all && holds(child));
        all
    }

    /// The factors of a product; of anything else itself.
    pub fn factors(&self, expr: Expr) -> Vec<Expr> {
        if let Node::Product(factors) = self.node(expr) { factors.to_vec() } else { vec![expr] }
    }

    /// The terms of a sum; of anything else itself.
    pub fn terms(&self, expr: Expr) -> Vec<Expr> {
        if let Node::Sum(terms) = self.node(expr) { terms.to_vec() } else { vec![expr] }
    }

    /// Every expression within the roots, roots included, children before parents.
    pub fn reachable(&self, roots: &[Expr]) -> Vec<Expr> {
        self.reachable_where(roots, |_| true)
    }

    /// [`Arena::reachable`] without the parts for which `is_wanted` does not hold, and what is only in them.
    fn reachable_where(&self, roots: &[Expr], is_wanted: impl Fn(Expr) -> bool) -> Vec<Expr> {
        let mut marks = Marks::default();
        roots.iter().for_each(|root| marks.insert(root.position()));
        let mut found = Vec::with_capacity(16);
        // Parts lie below what they are parts of, so one pass downwards meets them all.
        let mut at = self.len();
        while let Some(expr) = marks.below(at).map(Expr::at) {
            found.push(expr);
            at = expr.position();
            Arena::for_each_child(self.node(expr), &mut |child| {
                if is_wanted(child) {
                    marks.insert(child.position());
                }
            });
        }
        found.reverse();
        found
    }

    /// How many nodes an expression has when nothing is shared: how long it is when it is written.
    pub fn written_size(&self, expr: Expr) -> usize {
        let parts = self.reachable(&[expr]);
        let mut sizes: HashMap<Expr, usize, Mixing> = HashMap::with_capacity_and_hasher(parts.len(), Mixing::default());
        for part in parts {
            let mut size = 1_usize;
            Arena::for_each_child(self.node(part), &mut |child| size = size.saturating_add(sizes[&child]));
            sizes.insert(part, size);
        }
        sizes[&expr]
    }

    /// Those parts of the roots that hold a symbol or bound index, roots included, children before parents; and perhaps
    /// a few others.
    pub fn holding(&self, roots: &[Expr], leaf: Expr) -> Vec<Expr> {
        self.holding_any(roots, &[leaf])
    }

    /// [`Arena::holding`] of any of several symbols or bound indices.
    pub fn holding_any(&self, roots: &[Expr], leaves: &[Expr]) -> Vec<Expr> {
        let leaves = leaves.iter().fold(0, |all, &leaf| all | self.leaves(leaf));
        let may_hold = |part| self.leaves(part) & leaves != 0;
        let roots: Vec<Expr> = roots.iter().copied().filter(|&root| may_hold(root)).collect();
        self.reachable_where(&roots, may_hold)
    }

    /// Whether no index stands in an expression that a binder outside of it binds. That binder would be higher than all
    /// those within.
    pub fn is_closed(&self, expr: Expr) -> bool {
        let height = self.height(expr);
        self.reachable(&[expr]).into_iter().all(|part| !matches!(self.node(part), Node::Bound(own) if *own > height))
    }

    /// Whether `part` stands within `expr`.
    pub fn contains(&self, expr: Expr, part: Expr) -> bool {
        let may_hold = |expr| part <= expr && self.leaves(part) & !self.leaves(expr) == 0;
        let mut looks = QUICK_LOOKS;
        self.holds_within(expr, part, &may_hold, &mut looks)
            .unwrap_or_else(|| self.reachable_where(&[expr], may_hold).first() == Some(&part))
    }

    /// [`Arena::contains`] in a few looks, without keeping account of what was seen; `None` where they are not enough.
    fn holds_within(&self, expr: Expr, part: Expr, may_hold: &impl Fn(Expr) -> bool, looks: &mut u32) -> Option<bool> {
        if expr == part || !may_hold(expr) {
            return Some(expr == part);
        }
        *looks = looks.checked_sub(1)?;
        let mut found = Some(false);
        Arena::for_each_child(self.node(expr), &mut |child| {
            if found == Some(false) {
                found = self.holds_within(child, part, may_hold, looks);
            }
        });
        found
    }

    /// The same node over other parts, made by the constructors. Binders keep their height: the parts must not
    /// hold higher binders than before (see [`Arena::substitute`]).
    pub fn rebuild(&mut self, expr: Expr, part: &mut dyn FnMut(Expr) -> Expr) -> Expr {
        match self.node(expr) {
            Node::Number(_) | Node::Pi | Node::Infinity | Node::Bound(_) => expr,
            Node::Symbol { symbol, indices, shape } => {
                let (symbol, shape) = (*symbol, map_shape(*shape, part));
                let indices = indices.iter().map(|&i| part(i)).collect();
                self.member_of_shape(symbol, indices, shape)
            }
            Node::Sum(parts) => {
                let parts: Vec<Expr> = parts.iter().map(|&p| part(p)).collect();
                self.sum(parts)
            }
            Node::Product(parts) => {
                let parts: Vec<Expr> = parts.iter().map(|&p| part(p)).collect();
                self.product(parts)
            }
            Node::MatMul(parts) => {
                let parts: Vec<Expr> = parts.iter().map(|&p| part(p)).collect();
                self.matmul(parts)
            }
            Node::Power(base, exponent) => {
                let (base, exponent) = (part(*base), part(*exponent));
                self.power(base, exponent)
            }
            Node::MatrixPower(base, exponent) => {
                let (base, exponent) = (part(*base), part(*exponent));
                self.matrix_power(base, exponent)
            }
            Node::Call { function, slots, args } => {
                let function = match function {
                    Function::Elementary(elementary) => Function::Elementary(*elementary),
                    Function::Declared { symbol, indices } => {
                        Function::Declared { symbol: *symbol, indices: indices.iter().map(|&i| part(i)).collect() }
                    }
                };
                let slots = slots
                    .iter()
                    .map(|slot| Slot { argument: slot.argument, entry: slot.entry.iter().map(|&i| part(i)).collect() })
                    .collect();
                let args: Vec<Expr> = args.iter().map(|&a| part(a)).collect();
                let of_tensors = self.shape(expr).is_scalar() && args.iter().any(|&a| !self.shape(a).is_scalar());
                if of_tensors { self.call_of_tensors(function, slots, args) } else { self.call(function, slots, args) }
            }
            Node::Big { op, height, lower, upper, body } => {
                let (op, height) = (*op, *height);
                let (lower, upper, body) = (part(*lower), part(*upper), part(*body));
                self.big_of_height(op, height, lower, upper, body)
            }
            Node::Cases(branches) => {
                let branches = branches
                    .iter()
                    .map(|branch| Branch {
                        condition: branch.condition.map(|(how, a, b)| (how, part(a), part(b))),
                        value: part(branch.value),
                    })
                    .collect();
                self.cases(branches)
            }
            Node::Transpose(of) => {
                let of = part(*of);
                self.transpose(of)
            }
            Node::Entry { of, at } => {
                let of = part(*of);
                let at = at.iter().map(|&i| part(i)).collect();
                self.entry(of, at)
            }
            Node::Literal { shape, entries } => {
                let (shape, entries) = (*shape, entries.iter().map(|&e| part(e)).collect());
                self.literal(shape, entries)
            }
            Node::Identity(n) => {
                let n = part(*n);
                self.identity(n)
            }
            Node::Fill(value, shape) => {
                let (value, shape) = (part(*value), map_shape(*shape, part));
                self.fill(value, shape)
            }
            Node::Unit(at, n) => {
                let (at, n) = (part(*at), part(*n));
                self.unit(at, n)
            }
            Node::Tensor { op, args } => {
                let (op, args) = (*op, args.iter().map(|&a| part(a)).collect());
                self.tensor(op, args)
            }
            Node::Derivative { kind, of, by, shape } => {
                let (kind, of, by, shape) = (*kind, part(*of), part(*by), map_shape(*shape, part));
                self.derivative_of_shape(kind, of, by, shape)
            }
            Node::At { body, of, value } => {
                let (body, of, value) = (part(*body), part(*of), part(*value));
                self.at(body, of, value)
            }
            Node::Limit { height, integer, to, body } => {
                let (height, integer, to, body) = (*height, *integer, part(*to), part(*body));
                self.limit_of_height(height, integer, to, body)
            }
            Node::Extremum { which, height, range, body } => {
                let (which, height) = (*which, *height);
                let range = range.map(|(lower, upper)| (part(lower), part(upper)));
                let body = part(*body);
                self.extremum_of_height(which, height, range, body)
            }
        }
    }

    /// Replaces the keys of `map` by its values everywhere in `expr`, all at once, without capture.
    pub fn substitute(&mut self, expr: Expr, map: &Substitution) -> Expr {
        self.substitute_all(&[expr], map)[0]
    }

    /// [`Arena::substitute`] in several expressions, with the work shared.
    pub fn substitute_all(&mut self, roots: &[Expr], map: &Substitution) -> Vec<Expr> {
        if map.is_empty() {
            return roots.to_vec();
        }
        let brings_binders = map.values().any(|&value| self.height(value) > 0);
        if brings_binders && roots.iter().any(|&root| self.height(root) > 0) {
            return roots.iter().map(|&root| self.substitute_under_binders(root, map, 0)).collect();
        }
        let keys = map.keys().fold(0, |all, &key| all | self.leaves(key));
        let has_bare_key = map.keys().any(|&key| self.leaves(key) == 0);
        // Parts that hold no key stay as they are, and are not looked at.
        let parts = self.reachable_where(roots, |part| has_bare_key || self.leaves(part) & keys != 0);
        let mut done: HashMap<Expr, Expr, Mixing> = HashMap::with_capacity_and_hasher(parts.len(), Mixing::default());
        let now = |done: &HashMap<Expr, Expr, Mixing>, part| done.get(&part).copied().unwrap_or(part);
        for expr in parts {
            let new = match map.get(&expr) {
                Some(&value) => value,
                None if self.all_children(expr, |child| now(&done, child) == child) => expr,
                None => self.rebuild(expr, &mut |child| now(&done, child)),
            };
            done.insert(expr, new);
        }
        roots.iter().map(|&root| now(&done, root)).collect()
    }

    /// Substitution where the values hold binders themselves: every binder on the way is opened first.
    fn substitute_under_binders(&mut self, expr: Expr, map: &Substitution, depth: usize) -> Expr {
        if let Some(&value) = map.get(&expr) {
            return value;
        }
        if self.height(expr) == 0 {
            return self.substitute(expr, map);
        }
        let others: Vec<Expr> = map.iter().flat_map(|(&key, &value)| [key, value]).collect();
        if let Some((letter, opened)) = self.open_apart(expr, depth + 100, &others) {
            let Node::Big { op, lower, upper, .. } = *self.node(expr) else {
                return self.substitute_in_extremum(expr, letter, opened, map, depth);
            };
            let lower = self.substitute_under_binders(lower, map, depth + 1);
            let upper = self.substitute_under_binders(upper, map, depth + 1);
            let body = self.substitute_under_binders(opened, map, depth + 1);
            return self.big(op, letter, lower, upper, body);
        }
        let children = self.children(expr);
        let mut changed = HashMap::new();
        for child in children {
            let new = self.substitute_under_binders(child, map, depth);
            changed.insert(child, new);
        }
        self.rebuild(expr, &mut |child| changed[&child])
    }

    fn substitute_in_extremum(
        &mut self,
        expr: Expr,
        letter: SymbolId,
        opened: Expr,
        map: &Substitution,
        depth: usize,
    ) -> Expr {
        let body = self.substitute_under_binders(opened, map, depth + 1);
        match self.node(expr).clone() {
            Node::Limit { integer, to, .. } => {
                let to = self.substitute_under_binders(to, map, depth + 1);
                self.limit(letter, integer, to, body)
            }
            Node::Extremum { which, range, .. } => {
                let range = range.map(|(lower, upper)| {
                    let lower = self.substitute_under_binders(lower, map, depth + 1);
                    (lower, self.substitute_under_binders(upper, map, depth + 1))
                });
                self.extremum(which, letter, range, body)
            }
            _ => unreachable!("only binders are opened, and sums and products were handled before"),
        }
    }

    /// A letter for an index that stands in none of these expressions: `stem`, or `stem` with marks behind it.
    pub fn letter_apart(&mut self, stem: &str, from: &[Expr]) -> SymbolId {
        let mut name = format!("\u{a7}{stem}");
        loop {
            let letter = self.intern(&name, SymbolKind::Integer);
            let symbol = self.symbol(letter);
            if !from.iter().any(|&expr| self.contains(expr, symbol)) {
                return letter;
            }
            name.push('\'');
        }
    }

    /// A binder's body with its index replaced by a letter that does not stand in it: the letter of this `depth`, or
    /// one like it. Open the outer binder before the inner one, with a larger depth for the inner. `None` for other
    /// nodes.
    pub fn open(&mut self, expr: Expr, depth: usize) -> Option<(SymbolId, Expr)> {
        self.open_apart(expr, depth, &[])
    }

    /// [`Arena::open`] by a letter that does not stand in `others` either.
    fn open_apart(&mut self, expr: Expr, depth: usize, others: &[Expr]) -> Option<(SymbolId, Expr)> {
        let (height, body) = self.bound_body(expr)?;
        let letter = self.letter_apart(&depth.to_string(), &[others, &[expr]].concat());
        let fresh = self.symbol(letter);
        let bound = self.bound(height);
        Some((letter, self.substitute(body, &Substitution::from([(bound, fresh)]))))
    }

    /// The height and the body of a binder.
    fn bound_body(&self, expr: Expr) -> Option<(u32, Expr)> {
        match *self.node(expr) {
            Node::Big { height, body, .. } | Node::Limit { height, body, .. } | Node::Extremum { height, body, .. } => {
                Some((height, body))
            }
            _ => None,
        }
    }

    /// A binder's body with its index replaced by `value`, which must not hold binders of its own.
    pub fn instantiate(&mut self, expr: Expr, value: Expr) -> Option<Expr> {
        let (height, body) = self.bound_body(expr)?;
        let bound = self.bound(height);
        Some(self.substitute(body, &Substitution::from([(bound, value)])))
    }
}

fn see_sizes(shape: Shape, see: &mut dyn FnMut(Expr)) {
    match shape {
        Shape::Scalar => {}
        Shape::Vector(n) => see(n),
        Shape::Matrix(m, n) => [m, n].into_iter().for_each(see),
    }
}

fn map_shape(shape: Shape, part: &mut dyn FnMut(Expr) -> Expr) -> Shape {
    match shape {
        Shape::Scalar => Shape::Scalar,
        Shape::Vector(n) => Shape::Vector(part(n)),
        Shape::Matrix(m, n) => Shape::Matrix(part(m), part(n)),
    }
}

impl Arena {
    /// Rewrites from the outside inward: where `change` gives an expression, it stands for the whole part; elsewhere
    /// the parts are rewritten. Binders are opened on the way, so `change` never meets a bound index.
    pub fn rewrite(&mut self, expr: Expr, change: &mut dyn FnMut(&mut Arena, Expr) -> Option<Expr>) -> Expr {
        let mut done = HashMap::default();
        self.rewrite_at(expr, change, &mut done, 600)
    }

    fn rewrite_at(
        &mut self,
        root: Expr,
        change: &mut dyn FnMut(&mut Arena, Expr) -> Option<Expr>,
        done: &mut HashMap<Expr, Expr, Mixing>,
        depth: usize,
    ) -> Expr {
        // An explicit stack: a part is finished when all its parts are.
        let mut stack = vec![(root, false)];
        while let Some((expr, parts_done)) = stack.pop() {
            if done.contains_key(&expr) {
                continue;
            }
            if parts_done {
                let new = if self.all_children(expr, |child| done[&child] == child) {
                    expr
                } else {
                    self.rebuild(expr, &mut |child| done[&child])
                };
                done.insert(expr, new);
                continue;
            }
            if let Some(new) = change(self, expr) {
                done.insert(expr, new);
                continue;
            }
            if let Some((letter, body)) = self.open(expr, depth) {
                let new = self.rewrite_binder(expr, letter, body, change, done, depth);
                done.insert(expr, new);
                continue;
            }
            stack.push((expr, true));
            stack.extend(self.children(expr).into_iter().map(|child| (child, false)));
        }
        done[&root]
    }

    fn rewrite_binder(
        &mut self,
        expr: Expr,
        letter: SymbolId,
        body: Expr,
        change: &mut dyn FnMut(&mut Arena, Expr) -> Option<Expr>,
        done: &mut HashMap<Expr, Expr, Mixing>,
        depth: usize,
    ) -> Expr {
        let body = self.rewrite_at(body, change, done, depth + 1);
        match self.node(expr).clone() {
            Node::Big { op, lower, upper, .. } => {
                let lower = self.rewrite_at(lower, change, done, depth);
                let upper = self.rewrite_at(upper, change, done, depth);
                self.big(op, letter, lower, upper, body)
            }
            Node::Limit { integer, to, .. } => self.limit(letter, integer, to, body),
            Node::Extremum { which, range, .. } => {
                let range = range.map(|(lower, upper)| {
                    let lower = self.rewrite_at(lower, change, done, depth);
                    (lower, self.rewrite_at(upper, change, done, depth))
                });
                self.extremum(which, letter, range, body)
            }
            _ => unreachable!("only binders are opened"),
        }
    }
}

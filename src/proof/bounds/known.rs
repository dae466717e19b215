//! What is known at a place of a proof: where integers lie, which relations hold, for all values of which letters.

use crate::calculus::Resolver;
use crate::expr::{Arena, Comparison, Elementary, Expr, Function, Node, Prop, Substitution, SymbolId, SymbolKind};
use crate::proof::bounds::Prover;
use crate::proof::bounds::order::Derived;
use crate::proof::check::{self, Reason, Relation};
use crate::proof::context::{Context, is_integer};
use crate::rewrite::{Domain, Linear};

/// A relation that holds for all values of its letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Law {
    /// The letters.
    pub letters: Vec<Expr>,
    /// What must hold for integers among them.
    pub conditions: Vec<Prop>,
    /// The relation.
    pub how: Comparison,
    /// Its left side.
    pub left: Expr,
    /// Its right side.
    pub right: Expr,
}

/// The facts that a proof may use.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// Where integers lie.
    pub domain: Domain,
    /// Relations without letters, worked out.
    pub facts: Vec<(Comparison, Expr, Expr)>,
    /// Relations with letters, worked out.
    pub laws: Vec<Law>,
    /// Relations as they are written, for rules that speak of whole vectors and matrices.
    pub raw: Vec<(Comparison, Expr, Expr)>,
    /// Symbols whose values are known.
    pub values: Substitution,
}

impl Known {
    /// The facts of a claim's context, with derivatives and definitions worked out.
    pub fn new(prover: &mut Prover<'_>, context: &Context) -> Known {
        let mut known = Known { domain: context.domain.clone(), values: context.fixed.clone(), ..Known::default() };
        for fact in &context.facts {
            known.assume(prover, fact);
        }
        known
    }

    /// What is known when `prop` holds, too. What cannot be used is forgotten.
    pub fn with(&self, prover: &mut Prover<'_>, prop: &Prop) -> Known {
        let mut known = self.clone();
        known.assume(prover, prop);
        known
    }

    /// What is known when a relation of worked out sides holds, too.
    pub fn with_fact(&self, arena: &mut Arena, how: Comparison, left: Expr, right: Expr) -> Known {
        let mut known = self.clone();
        known.add(arena, how, left, right);
        known
    }

    fn assume(&mut self, prover: &mut Prover<'_>, prop: &Prop) {
        match prop {
            Prop::And(parts) => parts.iter().for_each(|part| self.assume(prover, part)),
            Prop::Compare(how, left, right) => {
                self.raw.push((*how, *left, *right));
                let Some((left, right)) = prover.resolved(*left).zip(prover.resolved(*right)) else { return };
                self.add(prover.arena, *how, left, right);
                if let Some((left, right)) = prover.states_opened(left, right, self) {
                    self.add(prover.arena, *how, left, right);
                }
            }
            Prop::ForAll(letters, inner) => self.assume_law(prover, letters, &[], inner),
            Prop::Not(inner) => {
                if let Prop::Compare(how, left, right) = **inner
                    && let Some((how, left, right)) = contrary(how, left, right)
                {
                    self.assume(prover, &Prop::Compare(how, left, right));
                }
            }
            Prop::Integer(_) | Prop::Or(_) | Prop::Implies(..) | Prop::Iff(..) | Prop::Proportional { .. } => {}
        }
    }

    fn assume_law(&mut self, prover: &mut Prover<'_>, letters: &[SymbolId], conditions: &[Prop], prop: &Prop) {
        match prop {
            Prop::And(parts) => parts.iter().for_each(|part| self.assume_law(prover, letters, conditions, part)),
            Prop::Implies(range, inner) => {
                let mut all = conditions.to_vec();
                all.push((**range).clone());
                self.assume_law(prover, letters, &all, inner);
            }
            Prop::ForAll(more, inner) => {
                let letters = [letters, more].concat();
                self.assume_law(prover, &letters, conditions, inner);
            }
            Prop::Compare(how, left, right) => {
                let Some((left, right)) = prover.resolved(*left).zip(prover.resolved(*right)) else { return };
                let letters: Vec<Expr> = letters.iter().map(|&letter| prover.arena.symbol(letter)).collect();
                let conditions = conditions.to_vec();
                if conditions.is_empty() && letters.iter().all(|&letter| !prover.arena.contains(right, letter)) {
                    self.learn_sign(prover, *how, left, right);
                }
                self.laws.push(Law { letters, conditions, how: *how, left, right });
            }
            Prop::Integer(_) | Prop::Or(_) | Prop::Not(_) | Prop::Iff(..) | Prop::Proportional { .. } => {}
        }
    }

    /// `0 <= c` from `|f(z)| <= c` for all z, where `f(z)` has a value.
    fn learn_sign(&mut self, prover: &mut Prover<'_>, how: Comparison, left: Expr, right: Expr) {
        let is_magnitude =
            matches!(prover.arena.node(left), Node::Call { function: Function::Elementary(Elementary::Abs), .. });
        let is_order = matches!(how, Comparison::Less | Comparison::LessEqual);
        if is_magnitude && is_order && check::exists_anyway(prover.arena, prover.model, left) {
            let zero = prover.arena.zero();
            self.add(prover.arena, how, zero, right);
        }
    }

    fn add(&mut self, arena: &mut Arena, how: Comparison, left: Expr, right: Expr) {
        let sides = arena.substitute_all(&[left, right], &self.values);
        let (left, right) = (sides[0], sides[1]);
        if arena.decide_numbers(how, left, right) == Some(true) {
            return;
        }
        if is_integer(arena, left) && is_integer(arena, right) && self.add_to_domain(arena, how, left, right) {
            let is_letter = |side: Expr| matches!(arena.node(side), Node::Symbol { .. });
            if how == Comparison::Equal && is_letter(left) && is_letter(right) {
                // One name serves for both.
                self.substitute(arena, left.max(right), left.min(right));
            }
            return;
        }
        if how == Comparison::Equal {
            for (name, value) in [(left, right), (right, left)] {
                if is_name(arena, name) && !arena.contains(value, name) {
                    self.substitute(arena, name, value);
                    return;
                }
            }
        }
        // `|a| <= b` says it of a and of -a.
        if let Node::Call { function: Function::Elementary(Elementary::Abs), slots, args } = arena.node(left).clone()
            && slots.is_empty()
            && matches!(how, Comparison::Less | Comparison::LessEqual)
        {
            let back = arena.negate(right);
            self.facts.extend([(how, args[0], right), (how, back, args[0])]);
        }
        // An increasing function keeps the order of its arguments.
        if let (
            Node::Call { function: Function::Elementary(f), slots: p, args: a },
            Node::Call { function: Function::Elementary(g), slots: q, args: b },
        ) = (arena.node(left), arena.node(right))
            && f == g
            && f.rises_strictly()
            && p.is_empty()
            && q.is_empty()
        {
            let (a, b) = (a[0], b[0]);
            self.facts.push((how, left, right));
            self.add(arena, how, a, b);
            return;
        }
        self.facts.push((how, left, right));
    }

    fn add_to_domain(&mut self, arena: &Arena, how: Comparison, left: Expr, right: Expr) -> bool {
        let Some((a, b)) = Linear::read(arena, left).zip(Linear::read(arena, right)) else { return false };
        let difference = a.minus(&b);
        let mut domain = self.domain.clone();
        let done = match how {
            Comparison::Equal => domain.require_zero(&difference),
            Comparison::LessEqual => domain.require_at_most_zero(&difference),
            Comparison::Less => domain.require_at_most_zero(&difference.plus(&Linear::integer(1), &1.into())),
            Comparison::NotEqual | Comparison::Approximately => None,
        };
        if done.is_some() {
            self.domain = domain;
        }
        done.is_some()
    }

    fn substitute(&mut self, arena: &mut Arena, name: Expr, value: Expr) {
        let map = Substitution::from([(name, value)]);
        for known in self.values.values_mut() {
            *known = arena.substitute(*known, &map);
        }
        self.values.insert(name, value);
        for (_, left, right) in &mut self.facts {
            let sides = arena.substitute_all(&[*left, *right], &map);
            (*left, *right) = (sides[0], sides[1]);
        }
        for law in self.laws.iter_mut().filter(|law| !law.letters.contains(&name)) {
            let sides = arena.substitute_all(&[law.left, law.right], &map);
            (law.left, law.right) = (sides[0], sides[1]);
        }
    }

    /// Whether the facts contradict each other visibly, so that nothing may be concluded from them.
    pub fn is_absurd(&self, arena: &Arena) -> bool {
        self.domain.is_empty() || self.facts.iter().any(|&(how, a, b)| arena.decide_numbers(how, a, b) == Some(false))
    }

    /// Whether the sign of an integer expression decides a comparison everywhere.
    pub fn decides(&self, arena: &Arena, how: Comparison, left: Expr, right: Expr) -> Option<bool> {
        if let Some(decided) = arena.decide_numbers(how, left, right) {
            return Some(decided);
        }
        if !is_integer(arena, left) || !is_integer(arena, right) {
            return None;
        }
        let difference = Linear::read(arena, left)?.minus(&Linear::read(arena, right)?);
        let back = Linear::default().minus(&difference);
        let one = Linear::integer(1);
        let below = |form: &Linear| self.domain.implies_at_most_zero(&form.plus(&one, &1.into()));
        let at_most = |form: &Linear| self.domain.implies_at_most_zero(form);
        let (yes, no) = match how {
            Comparison::LessEqual => (at_most(&difference), below(&back)),
            Comparison::Less => (below(&difference), at_most(&back)),
            Comparison::Equal => (at_most(&difference) && at_most(&back), below(&difference) || below(&back)),
            Comparison::NotEqual => (below(&difference) || below(&back), at_most(&difference) && at_most(&back)),
            Comparison::Approximately => (false, false),
        };
        match (yes, no) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            (false, false) => None,
        }
    }

    /// Whether a relation holds a letter, so that more than its range is known of it.
    pub fn speaks_of(&self, arena: &Arena, letter: Expr) -> bool {
        let holds = |expr: Expr| arena.contains(expr, letter);
        let in_laws = |law: &Law| {
            let said = law.conditions.iter().flat_map(Prop::expressions);
            said.chain([law.left, law.right]).any(holds)
        };
        let in_pairs = |pairs: &[(Comparison, Expr, Expr)]| pairs.iter().any(|&(_, a, b)| holds(a) || holds(b));
        in_pairs(&self.facts) || self.laws.iter().any(in_laws) || self.values.values().any(|&value| holds(value))
    }

    /// Whether two indices are known to differ.
    pub fn are_different(&self, arena: &Arena, left: Expr, right: Expr) -> bool {
        let stated = |fact: &(Comparison, Expr, Expr)| {
            fact.0 == Comparison::NotEqual && [(left, right), (right, left)].contains(&(fact.1, fact.2))
        };
        self.decides(arena, Comparison::NotEqual, left, right) == Some(true) || self.facts.iter().any(stated)
    }

    /// What holds where an index lies in a range.
    pub fn within(&self, index: Expr, low: &Linear, high: &Linear) -> Known {
        let mut known = self.clone();
        let index = Linear::letter(index);
        let _ = known.domain.require_at_most_zero(&low.minus(&index));
        let _ = known.domain.require_at_most_zero(&index.minus(high));
        known
    }
}

/// The negation of a comparison of real numbers.
pub(super) fn contrary(how: Comparison, left: Expr, right: Expr) -> Option<(Comparison, Expr, Expr)> {
    match how {
        Comparison::Less => Some((Comparison::LessEqual, right, left)),
        Comparison::LessEqual => Some((Comparison::Less, right, left)),
        Comparison::Equal => Some((Comparison::NotEqual, left, right)),
        Comparison::NotEqual => Some((Comparison::Equal, left, right)),
        Comparison::Approximately => None,
    }
}

/// A given that may be replaced by its value: a real symbol or an entry of one.
fn is_name(arena: &Arena, expr: Expr) -> bool {
    match arena.node(expr) {
        Node::Symbol { symbol, shape, .. } => shape.is_scalar() && arena.kind(*symbol) == SymbolKind::Real,
        Node::Entry { of, .. } => matches!(arena.node(*of), Node::Symbol { .. }),
        _ => false,
    }
}

impl Law {
    /// What the letters must be for `pattern` to be `expr`.
    pub fn unify(&self, arena: &Arena, pattern: Expr, expr: Expr) -> Option<Substitution> {
        let mut found = Substitution::new();
        self.unify_into(arena, pattern, expr, &mut found).then_some(found)
    }

    fn unify_into(&self, arena: &Arena, pattern: Expr, expr: Expr, found: &mut Substitution) -> bool {
        if self.letters.contains(&pattern) {
            // What is said of all integers is not said of all numbers.
            if is_integer(arena, pattern) && !is_integer(arena, expr) {
                return false;
            }
            return *found.get_or_insert_with(pattern, || expr) == expr;
        }
        if pattern == expr && !self.letters.iter().any(|&letter| arena.contains(pattern, letter)) {
            return true;
        }
        let all = |found: &mut Substitution, own: &[Expr], other: &[Expr]| {
            own.len() == other.len() && own.iter().zip(other).all(|(&a, &b)| self.unify_into(arena, a, b, found))
        };
        match (arena.node(pattern), arena.node(expr)) {
            (Node::Symbol { symbol: a, indices: i, .. }, Node::Symbol { symbol: b, indices: j, .. }) => {
                a == b && all(found, i, j)
            }
            (Node::Entry { of: a, at: i }, Node::Entry { of: b, at: j }) => {
                self.unify_into(arena, *a, *b, found) && all(found, i, j)
            }
            (Node::Call { function: f, slots: p, args: a }, Node::Call { function: g, slots: q, args: b }) => {
                f == g && p == q && all(found, a, b)
            }
            _ => false,
        }
    }

    /// The law for one choice of its letters, where its conditions hold.
    pub fn instance(
        &self,
        arena: &mut Arena,
        known: &Known,
        letters: &Substitution,
    ) -> Option<(Comparison, Expr, Expr)> {
        if letters.len() != self.letters.len() {
            return None;
        }
        for condition in &self.conditions {
            let condition = condition.map(&mut |expr| arena.substitute(expr, letters));
            if !holds(arena, known, &condition) {
                return None;
            }
        }
        let sides = arena.substitute_all(&[self.left, self.right], letters);
        Some((self.how, sides[0], sides[1]))
    }

    /// The same, with the choice.
    pub fn derived(&self, arena: &mut Arena, known: &Known, letters: &Substitution) -> Option<Derived> {
        let (how, left, right) = self.instance(arena, known, letters)?;
        let choice = self.letters.iter().map(|&letter| (letter, letters[&letter])).collect();
        Some(Derived::new(Relation::new(how, left, right), Reason::Instance(choice)))
    }

    /// The sides of the law, and what is inside where a side is an absolute value.
    pub fn patterns(&self, arena: &Arena) -> Vec<Expr> {
        let mut patterns = Vec::new();
        for side in [self.left, self.right] {
            patterns.push(side);
            if let Node::Call { function: Function::Elementary(Elementary::Abs), args, .. } = arena.node(side) {
                patterns.push(args[0]);
            }
        }
        patterns
    }
}

fn holds(arena: &Arena, known: &Known, prop: &Prop) -> bool {
    match prop {
        Prop::And(parts) => parts.iter().all(|part| holds(arena, known, part)),
        Prop::Compare(how, left, right) => known.decides(arena, *how, *left, *right) == Some(true),
        Prop::Integer(expr) => is_integer(arena, *expr),
        Prop::Or(_)
        | Prop::Not(_)
        | Prop::Implies(..)
        | Prop::Iff(..)
        | Prop::ForAll(..)
        | Prop::Proportional { .. } => false,
    }
}

impl Prover<'_> {
    /// Both sides with every state replaced by its definition, where that holds; `None` where there is none.
    fn states_opened(&mut self, left: Expr, right: Expr, known: &Known) -> Option<(Expr, Expr)> {
        let mut map = Substitution::new();
        for part in self.arena.reachable(&[left, right]) {
            let Node::Symbol { symbol, indices, .. } = self.arena.node(part).clone() else { continue };
            if !self.structure.states.contains(&symbol) || indices.len() != 1 || !self.arena.shape(part).is_scalar() {
                continue;
            }
            let first = self.structure.first[&symbol];
            if known.decides(self.arena, Comparison::LessEqual, first, indices[0]) == Some(true)
                && let Some(body) = self.structure.definition_of(self.arena, self.model, part)
                && let Some(body) = self.resolved(body)
            {
                map.insert(part, body);
            }
        }
        if map.is_empty() {
            return None;
        }
        let sides = self.arena.substitute_all(&[left, right], &map);
        Some((sides[0], sides[1]))
    }

    /// An expression with derivatives and definitions worked out.
    pub fn resolved(&mut self, expr: Expr) -> Option<Expr> {
        Resolver::new(self.arena, self.model, self.structure).resolve(expr)
    }
}

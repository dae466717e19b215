//! What is known at a place of a proof: where integers lie, which relations hold, for all values of which letters.

use crate::calculus::Resolver;
use crate::expr::{Arena, Comparison, Elementary, Expr, Node, Prop, Substitution, SymbolId, SymbolKind};
use crate::proof::bounds::Prover;
use crate::proof::bounds::order::Derived;
use crate::proof::check::{self, Reason, Relation, Universal};
use crate::proof::context::{Context, is_integer};
use crate::rewrite::{Domain, Linear};

/// The facts that a proof may use.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// Where integers lie.
    pub domain: Domain,
    /// Relations without letters, worked out.
    pub facts: Vec<(Comparison, Expr, Expr)>,
    /// Relations with letters, worked out.
    pub laws: Vec<Universal>,
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
            Prop::ForAll(..) => {
                let laws = Universal::read(prover.arena, prop);
                laws.into_iter().for_each(|law| self.assume_law(prover, law));
            }
            Prop::Not(inner) => match &**inner {
                Prop::Compare(how, left, right) => {
                    let denied = Relation::new(*how, *left, *right).denied(prover.arena);
                    denied.into_iter().for_each(|own| self.assume(prover, &own.prop()));
                }
                Prop::Or(parts) => {
                    parts.iter().for_each(|part| self.assume(prover, &Prop::Not(Box::new(part.clone()))))
                }
                Prop::Not(inner) => self.assume(prover, inner),
                Prop::Integer(_)
                | Prop::And(_)
                | Prop::Implies(..)
                | Prop::Iff(..)
                | Prop::ForAll(..)
                | Prop::Proportional { .. } => {}
            },
            Prop::Integer(_) | Prop::Or(_) | Prop::Implies(..) | Prop::Iff(..) | Prop::Proportional { .. } => {}
        }
    }

    /// A law with derivatives and definitions worked out.
    fn assume_law(&mut self, prover: &mut Prover<'_>, law: Universal) {
        let Relation { how, left, right } = law.relation;
        let Some((left, right)) = prover.resolved(left).zip(prover.resolved(right)) else { return };
        if law.conditions.is_empty() && law.letters.iter().all(|&letter| !prover.arena.contains(right, letter)) {
            self.learn_sign(prover, &law.letters, Relation::new(how, left, right));
        }
        self.laws.push(Universal { relation: Relation::new(how, left, right), ..law });
    }

    /// `0 <= c` from `|f(z)| <= c` for all z, where `f(z)` has a value.
    fn learn_sign(&mut self, prover: &mut Prover<'_>, letters: &[Expr], law: Relation) {
        let Relation { how, left, right } = law;
        let is_magnitude = prover.arena.argument(Elementary::Abs, left).is_some();
        if is_magnitude && law.is_order() && check::exists_anyway(prover.arena, prover.model, letters, left) {
            let zero = prover.arena.zero();
            self.add(prover.arena, how, zero, right);
        }
    }

    fn add(&mut self, arena: &mut Arena, how: Comparison, left: Expr, right: Expr) {
        let sides = arena.substitute_all(&[left, right], &self.values);
        let (left, right) = (sides[0], sides[1]);
        let is_order = !matches!(how, Comparison::Equal | Comparison::NotEqual);
        if arena.decide_numbers(how, left, right) == Some(true) || !is_order && !arena.shape(left).is_scalar() {
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
        if let Some(inside) = arena.argument(Elementary::Abs, left)
            && matches!(how, Comparison::Less | Comparison::LessEqual)
        {
            let back = arena.negate(right);
            self.facts.extend([(how, inside, right), (how, back, inside)]);
        }
        // An increasing function keeps the order of its arguments.
        if let (Some((f, a)), Some((g, b))) = (arena.elementary(left), arena.elementary(right))
            && f == g
            && f.rises_strictly()
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
        let mut domain = self.domain.clone();
        let done = domain.require(how, &a, &b);
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
            let sides = arena.substitute_all(&[law.relation.left, law.relation.right], &map);
            (law.relation.left, law.relation.right) = (sides[0], sides[1]);
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
        let in_pairs = |pairs: &[(Comparison, Expr, Expr)]| pairs.iter().any(|&(_, a, b)| holds(a) || holds(b));
        in_pairs(&self.facts)
            || self.laws.iter().any(|law| law.holds(arena, letter))
            || self.values.values().any(|&value| holds(value))
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

impl Universal {
    /// The law for one choice of its letters, where its conditions hold, with the choice.
    pub(super) fn derived(&self, arena: &mut Arena, known: &Known, letters: &Substitution) -> Option<Derived> {
        let relation = self.at(arena, letters, |arena, prop| holds(arena, known, prop))?;
        let choice = self.letters.iter().map(|&letter| (letter, letters[&letter])).collect();
        Some(Derived::new(relation, Reason::Instance(choice)))
    }
}

fn holds(arena: &Arena, known: &Known, prop: &Prop) -> bool {
    prop.conjuncts().into_iter().all(|part| match (part, part.comparison()) {
        (_, Some((how, left, right))) => known.decides(arena, how, left, right) == Some(true),
        (Prop::Integer(expr), None) => is_integer(arena, *expr),
        (_, None) => false,
    })
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
            if self.is_made_by_step(symbol, indices[0], known)
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

    /// Whether the member of a state at an index is certainly made by a step: where it does not stand before the first one.
    pub fn is_made_by_step(&self, state: SymbolId, index: Expr, known: &Known) -> bool {
        let Some(&first) = self.structure.first.get(&state) else { return false };
        let (low, high) = self.structure.as_range(state, first, index);
        known.decides(self.arena, Comparison::LessEqual, low, high) == Some(true)
    }

    /// An expression with derivatives and definitions worked out.
    pub fn resolved(&mut self, expr: Expr) -> Option<Expr> {
        Resolver::new(self.arena, self.model, self.structure).resolve(expr)
    }
}

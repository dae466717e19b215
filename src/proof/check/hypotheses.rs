//! What holds at a place of the evidence: the hypotheses of the root, and what the reasons above it suppose.

use std::collections::BTreeMap;

use crate::expr::{Arena, Comparison, Elementary, Expr, Function, Node, Prop, SymbolKind};
use crate::model::Model;
use crate::proof::check::evidence::Relation;
use crate::proof::check::integers::{Form, Integers};

/// Relations that hold.
#[derive(Debug, Clone, Default)]
pub(super) struct Hypotheses {
    /// As they were supposed, with what follows from each at once.
    pub relations: Vec<Relation>,
    /// Statements for all values of their letters.
    pub laws: Vec<Prop>,
    integers: Integers,
    /// Names that are given by an equation, none of them in the values of the others.
    values: BTreeMap<Expr, Expr>,
}

impl Hypotheses {
    /// What the givens, the conditions of a claim and the existence of what stands in it say.
    pub fn of_claim(arena: &mut Arena, model: &Model, conditions: &[Prop], exprs: &[Expr]) -> Hypotheses {
        let mut all = Hypotheses::default();
        for prop in model.assumptions.iter().chain(conditions) {
            all.suppose(arena, prop);
        }
        let parts = arena.reachable(exprs);
        for part in parts {
            if let Node::Entry { of, at } = arena.node(part).clone() {
                let sizes = arena.shape(of).sizes();
                for (&index, size) in at.iter().zip(sizes) {
                    let one = arena.one();
                    all.integers.learn(arena, Comparison::LessEqual, one, index);
                    all.integers.learn(arena, Comparison::LessEqual, index, size);
                }
            }
        }
        all
    }

    /// The same, and a statement that is supposed.
    pub fn with(&self, arena: &mut Arena, prop: &Prop) -> Hypotheses {
        let mut all = self.clone();
        all.suppose(arena, prop);
        all
    }

    fn suppose(&mut self, arena: &mut Arena, prop: &Prop) {
        match prop {
            Prop::And(parts) => parts.iter().for_each(|part| self.suppose(arena, part)),
            Prop::Compare(how, left, right) => self.learn(arena, Relation::new(*how, *left, *right)),
            Prop::Not(inner) => {
                if let Prop::Compare(how, left, right) = **inner
                    && let Some(contrary) = Relation::new(how, left, right).contrary()
                {
                    self.learn(arena, contrary);
                }
            }
            Prop::ForAll(..) => self.laws.push(prop.clone()),
            Prop::Integer(_) | Prop::Or(_) | Prop::Implies(..) | Prop::Iff(..) | Prop::Proportional { .. } => {}
        }
    }

    fn learn(&mut self, arena: &mut Arena, relation: Relation) {
        let Relation { how, left, right } = relation;
        if self.relations.contains(&relation) {
            return;
        }
        self.relations.push(relation);
        self.integers.learn(arena, how, left, right);
        if how == Comparison::Equal {
            self.learn_value(arena, left, right);
        }
        if !matches!(how, Comparison::Less | Comparison::LessEqual) {
            return;
        }
        // `|a| <= b` says it of a and of -a.
        if let Some((Elementary::Abs, arg)) = call(arena, left) {
            let back = arena.negate(right);
            self.learn(arena, Relation::new(how, arg, right));
            self.learn(arena, Relation::new(how, back, arg));
        }
        // A function that rises strictly keeps the order of its arguments.
        if let (Some((f, a)), Some((g, b))) = (call(arena, left), call(arena, right))
            && f == g
            && rises_strictly(f)
        {
            self.learn(arena, Relation::new(how, a, b));
        }
    }

    /// A name that an equation gives, where neither the name nor a name already given stands in the value.
    fn learn_value(&mut self, arena: &mut Arena, left: Expr, right: Expr) {
        for (name, value) in [(left, right), (right, left)] {
            let map = self.values.iter().map(|(&name, &value)| (name, value)).collect();
            let value = arena.substitute(value, &map);
            let is_free = is_name(arena, name) && !self.values.contains_key(&name) && !arena.contains(value, name);
            if is_free {
                let own = [(name, value)].into_iter().collect();
                self.values.values_mut().for_each(|known| *known = arena.substitute(*known, &own));
                self.values.insert(name, value);
                return;
            }
        }
    }

    /// The value that an equation gives to a name.
    pub fn value_of(&self, name: Expr) -> Option<Expr> {
        self.values.get(&name).copied()
    }

    /// Whether a comparison of numbers or integers holds everywhere (`true`), or nowhere.
    pub fn decides(&self, arena: &Arena, how: Comparison, left: Expr, right: Expr) -> Option<bool> {
        arena.decide_numbers(how, left, right).or_else(|| self.integers.decides(arena, how, left, right))
    }

    /// Whether no numbers or integers fulfil them.
    pub fn are_absurd(&self, arena: &Arena) -> bool {
        self.relations.iter().any(|own| self.decides(arena, own.how, own.left, own.right) == Some(false))
            || self.integers.are_absurd()
    }

    /// `to - from`, where that is one number.
    pub fn distance(&self, arena: &Arena, from: Expr, to: Expr) -> Option<i64> {
        Form::read(arena, to)?.plus(&Form::read(arena, from)?, -1)?.as_integer()
    }

    /// A number that an expression of integers never exceeds.
    pub fn integer_bound(&self, arena: &Arena, expr: Expr, sign: i64) -> Option<i64> {
        let form = Form::default().plus(&Form::read(arena, expr)?, sign)?;
        self.integers.bound(&form)
    }

    /// Whether a relation is among the hypotheses, or a weaker one than one of them.
    pub fn hold(&self, relation: Relation) -> bool {
        let Relation { how, left, right } = relation;
        let stronger = match how {
            Comparison::LessEqual => vec![Comparison::LessEqual, Comparison::Less, Comparison::Equal],
            Comparison::NotEqual => vec![Comparison::NotEqual, Comparison::Less],
            Comparison::Less | Comparison::Equal | Comparison::Approximately => vec![how],
        };
        let is_symmetric = matches!(how, Comparison::Equal | Comparison::NotEqual);
        self.relations.iter().any(|own| {
            let same = own.left == left && own.right == right;
            let swapped = own.left == right && own.right == left;
            let either = swapped && (is_symmetric || own.how == Comparison::Equal);
            stronger.contains(&own.how) && (same || either)
        })
    }
}

/// An elementary function of one number, and its argument.
pub(super) fn call(arena: &Arena, expr: Expr) -> Option<(Elementary, Expr)> {
    match arena.node(expr) {
        Node::Call { function: Function::Elementary(f), slots, args } if slots.is_empty() && args.len() == 1 => {
            Some((*f, args[0]))
        }
        _ => None,
    }
}

/// A number that has a name: a given, or an entry of one.
fn is_name(arena: &Arena, expr: Expr) -> bool {
    match arena.node(expr) {
        Node::Symbol { shape, symbol, .. } => shape.is_scalar() && arena.kind(*symbol) != SymbolKind::Function,
        Node::Entry { of, .. } => matches!(arena.node(*of), Node::Symbol { .. }),
        _ => false,
    }
}

/// Functions that rise strictly wherever they are defined.
pub(super) fn rises_strictly(function: Elementary) -> bool {
    match function {
        Elementary::Exp
        | Elementary::Log
        | Elementary::Sinh
        | Elementary::Tanh
        | Elementary::Atan
        | Elementary::Erf
        | Elementary::Sigmoid
        | Elementary::Softplus => true,
        Elementary::Sin
        | Elementary::Cos
        | Elementary::Tan
        | Elementary::Cosh
        | Elementary::Relu
        | Elementary::Silu
        | Elementary::Gelu
        | Elementary::Abs
        | Elementary::Sign
        | Elementary::Max
        | Elementary::Min
        | Elementary::Delta => false,
    }
}

use crate::expr::{Expr, SymbolId};

/// How two numbers, or two tensors entry by entry, are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Comparison {
    /// Equal.
    Equal,
    /// Not equal.
    NotEqual,
    /// Left below right.
    Less,
    /// Left at most right.
    LessEqual,
    /// Equal to the digits that are written on the right: the tolerance is half a unit of the last digit.
    Approximately,
}

/// A statement about expressions. `>` and `\ge` are `<` and `\le` with their sides exchanged.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Prop {
    /// Two sides and a comparison.
    Compare(Comparison, Expr, Expr),
    /// An integer value: `t \in \mathbb{N}` leaves this besides its bound.
    Integer(Expr),
    /// All of them; the empty one is true.
    And(Vec<Prop>),
    /// One of them; the empty one is false.
    Or(Vec<Prop>),
    /// The contrary.
    Not(Box<Prop>),
    /// The second wherever the first.
    Implies(Box<Prop>, Box<Prop>),
    /// Both or neither.
    Iff(Box<Prop>, Box<Prop>),
    /// For every value of these letters.
    ForAll(Vec<SymbolId>, Box<Prop>),
    /// `left = c right` with `c` free of the variables.
    Proportional {
        /// Left side.
        left: Expr,
        /// Right side.
        right: Expr,
        /// The variables that the factor must not hold.
        variables: Vec<Expr>,
    },
}

/// An equation, perhaps for all values of some letters within a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Equation {
    /// The letters for which it holds.
    pub letters: Vec<SymbolId>,
    /// Where they run.
    pub range: Vec<Prop>,
    /// Left side.
    pub left: Expr,
    /// Right side.
    pub right: Expr,
}

impl Prop {
    /// The equation that a statement is, for some letters or for none.
    pub fn equation(&self) -> Option<Equation> {
        match self {
            Prop::Compare(Comparison::Equal, left, right) => {
                Some(Equation { letters: Vec::new(), range: Vec::new(), left: *left, right: *right })
            }
            Prop::ForAll(letters, inner) => {
                let (range, said) = match &**inner {
                    Prop::Implies(range, said) => (vec![(**range).clone()], said),
                    _ => (Vec::new(), inner),
                };
                let inner = said.equation()?;
                Some(Equation {
                    letters: [letters.clone(), inner.letters].concat(),
                    range: [range, inner.range].concat(),
                    ..inner
                })
            }
            Prop::Compare(..)
            | Prop::Integer(_)
            | Prop::And(_)
            | Prop::Or(_)
            | Prop::Not(_)
            | Prop::Implies(..)
            | Prop::Iff(..)
            | Prop::Proportional { .. } => None,
        }
    }

    /// The comparison that a statement is, with its two sides.
    pub fn comparison(&self) -> Option<(Comparison, Expr, Expr)> {
        match *self {
            Prop::Compare(how, left, right) => Some((how, left, right)),
            Prop::Integer(_)
            | Prop::And(_)
            | Prop::Or(_)
            | Prop::Not(_)
            | Prop::Implies(..)
            | Prop::Iff(..)
            | Prop::ForAll(..)
            | Prop::Proportional { .. } => None,
        }
    }

    /// The sides of a comparison of this kind.
    pub fn sides(&self, how: Comparison) -> Option<(Expr, Expr)> {
        self.comparison().filter(|(own, ..)| *own == how).map(|(_, left, right)| (left, right))
    }

    /// The sides and the kind of an order: `left < right` or `left \le right`.
    pub fn order(&self) -> Option<(Comparison, Expr, Expr)> {
        self.comparison().filter(|(how, ..)| matches!(how, Comparison::Less | Comparison::LessEqual))
    }

    /// The statements that a statement says, each by itself.
    pub fn conjuncts(&self) -> Vec<&Prop> {
        match self {
            Prop::And(parts) => parts.iter().flat_map(Prop::conjuncts).collect(),
            other => vec![other],
        }
    }

    /// The comparisons that a statement says; `None` where it says anything else.
    pub fn comparisons(&self) -> Option<Vec<(Comparison, Expr, Expr)>> {
        self.conjuncts().into_iter().map(Prop::comparison).collect()
    }

    /// `left = right`.
    pub fn equal(left: Expr, right: Expr) -> Prop {
        Prop::Compare(Comparison::Equal, left, right)
    }

    /// `left \le right`.
    pub fn at_most(left: Expr, right: Expr) -> Prop {
        Prop::Compare(Comparison::LessEqual, left, right)
    }

    /// The expressions that stand in it, in the order written.
    pub fn expressions(&self) -> Vec<Expr> {
        match self {
            Prop::Compare(_, left, right) => vec![*left, *right],
            Prop::Integer(x) => vec![*x],
            Prop::And(parts) | Prop::Or(parts) => parts.iter().flat_map(Prop::expressions).collect(),
            Prop::Not(part) | Prop::ForAll(_, part) => part.expressions(),
            Prop::Implies(a, b) | Prop::Iff(a, b) => [a.expressions(), b.expressions()].concat(),
            Prop::Proportional { left, right, variables } => [vec![*left, *right], variables.clone()].concat(),
        }
    }

    /// The expressions of which a claim supposes that they have values. What is said for all values of a letter where
    /// something is supposed says of no one value that it exists.
    pub fn subjects(&self) -> Vec<Expr> {
        match self {
            Prop::And(parts) | Prop::Or(parts) => parts.iter().flat_map(Prop::subjects).collect(),
            Prop::ForAll(_, part) => part.subjects(),
            Prop::Implies(premise, then) => [premise.subjects_of_condition(), then.subjects()].concat(),
            Prop::Not(part) => part.subjects_of_condition(),
            Prop::Iff(a, b) => [a.subjects_of_condition(), b.subjects_of_condition()].concat(),
            Prop::Compare(..) | Prop::Integer(_) | Prop::Proportional { .. } => self.expressions(),
        }
    }

    /// The same for a condition: those that stand under no quantifier.
    pub fn subjects_of_condition(&self) -> Vec<Expr> {
        match self {
            Prop::ForAll(..) => Vec::new(),
            Prop::And(parts) | Prop::Or(parts) => parts.iter().flat_map(Prop::subjects_of_condition).collect(),
            Prop::Not(part) => part.subjects_of_condition(),
            Prop::Implies(a, b) | Prop::Iff(a, b) => [a.subjects_of_condition(), b.subjects_of_condition()].concat(),
            Prop::Compare(..) | Prop::Integer(_) | Prop::Proportional { .. } => self.expressions(),
        }
    }

    /// The same statement with every expression replaced by `change` of it.
    pub fn map(&self, change: &mut impl FnMut(Expr) -> Expr) -> Prop {
        match self {
            Prop::Compare(how, left, right) => Prop::Compare(*how, change(*left), change(*right)),
            Prop::Integer(x) => Prop::Integer(change(*x)),
            Prop::And(parts) => Prop::And(parts.iter().map(|part| part.map(change)).collect()),
            Prop::Or(parts) => Prop::Or(parts.iter().map(|part| part.map(change)).collect()),
            Prop::Not(part) => Prop::Not(Box::new(part.map(change))),
            Prop::Implies(a, b) => Prop::Implies(Box::new(a.map(change)), Box::new(b.map(change))),
            Prop::Iff(a, b) => Prop::Iff(Box::new(a.map(change)), Box::new(b.map(change))),
            Prop::ForAll(letters, part) => Prop::ForAll(letters.clone(), Box::new(part.map(change))),
            Prop::Proportional { left, right, variables } => Prop::Proportional {
                left: change(*left),
                right: change(*right),
                variables: variables.iter().map(|&x| change(x)).collect(),
            },
        }
    }
}

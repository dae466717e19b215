//! The tree of a formula as it was written: every part accounted for, nothing decided that needs a declaration.
//!
//! Whether `f(x)` is a call or a product, whether `T` above a letter is a transpose, and whether `i` in `w_i` is
//! an index or a part of a name, is decided in `lower`, by the declarations.

use crate::source::Span;

pub use super::relations::Relation;

/// A part of a formula with its place in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Its bytes in the file.
    pub span: Span,
}

impl Node {
    /// Factors as a product of their own, which begins without a sign.
    pub fn product(factors: impl IntoIterator<Item = (Times, Node)>) -> Node {
        let mut factors: Vec<(Times, Node)> = factors.into_iter().collect();
        if let Some((times, _)) = factors.first_mut() {
            *times = Times::Juxtaposed;
        }
        let span = factors.iter().map(|(_, factor)| factor.span).reduce(Span::to).unwrap_or_default();
        Node { kind: Kind::Product(factors), span }
    }

    /// Factors side by side, as a product.
    pub fn juxtaposed(factors: impl IntoIterator<Item = Node>) -> Node {
        Node::product(factors.into_iter().map(|factor| (Times::Juxtaposed, factor)))
    }

    /// The same in parentheses.
    pub fn in_parentheses(self) -> Node {
        let span = self.span;
        Node { kind: Kind::Fenced { open: "(".to_owned(), close: ")".to_owned(), body: Box::new(self) }, span }
    }

    /// The direct parts, left to right.
    pub fn children(&self) -> Vec<&Node> {
        match &self.kind {
            Kind::Number(_)
            | Kind::Symbol(_)
            | Kind::Operator(_)
            | Kind::Text(_)
            | Kind::Dots(_)
            | Kind::Empty
            | Kind::Error => Vec::new(),
            Kind::Script { base, sub, sup, .. } => {
                std::iter::once(&**base).chain(sub.as_deref()).chain(sup.as_deref()).collect()
            }
            Kind::Fenced { body, .. } | Kind::Group(body) | Kind::Not(body) | Kind::Factorial(body) => vec![body],
            Kind::Frac { num, den } => vec![num, den],
            Kind::Sqrt { index, body } => index.as_deref().into_iter().chain([&**body]).collect(),
            Kind::Binom(a, b) | Kind::Given(a, b) | Kind::Logic(_, a, b) => vec![a, b],
            Kind::Product(items) => items.iter().map(|(_, item)| item).collect(),
            Kind::Sum(items) => items.iter().map(|(_, item)| item).collect(),
            Kind::Big { sub, sup, body, .. } | Kind::Evaluated { body, sub, sup } => {
                sub.as_deref().into_iter().chain(sup.as_deref()).chain([&**body]).collect()
            }
            Kind::Chain { first, rest } => std::iter::once(&**first).chain(rest.iter().map(|(_, side)| side)).collect(),
            Kind::List(items) => items.iter().collect(),
            Kind::Quantified { bound, .. } => vec![bound],
            Kind::Matrix { rows, .. } => rows.iter().flatten().collect(),
            Kind::Cases(rows) => rows.iter().flat_map(|(value, when)| std::iter::once(value).chain(when)).collect(),
            Kind::Decorated { body, note, .. } => std::iter::once(&**body).chain(note.as_deref()).collect(),
            Kind::Signature { names, domain, codomain } => vec![names, domain, codomain],
        }
    }

    /// The direct parts, left to right, to be changed.
    pub fn children_mut(&mut self) -> Vec<&mut Node> {
        match &mut self.kind {
            Kind::Number(_)
            | Kind::Symbol(_)
            | Kind::Operator(_)
            | Kind::Text(_)
            | Kind::Dots(_)
            | Kind::Empty
            | Kind::Error => Vec::new(),
            Kind::Script { base, sub, sup, .. } => {
                std::iter::once(&mut **base).chain(sub.as_deref_mut()).chain(sup.as_deref_mut()).collect()
            }
            Kind::Fenced { body, .. } | Kind::Group(body) | Kind::Not(body) | Kind::Factorial(body) => vec![body],
            Kind::Frac { num, den } => vec![num, den],
            Kind::Sqrt { index, body } => index.as_deref_mut().into_iter().chain([&mut **body]).collect(),
            Kind::Binom(a, b) | Kind::Given(a, b) | Kind::Logic(_, a, b) => vec![a, b],
            Kind::Product(items) => items.iter_mut().map(|(_, item)| item).collect(),
            Kind::Sum(items) => items.iter_mut().map(|(_, item)| item).collect(),
            Kind::Big { sub, sup, body, .. } | Kind::Evaluated { body, sub, sup } => {
                sub.as_deref_mut().into_iter().chain(sup.as_deref_mut()).chain([&mut **body]).collect()
            }
            Kind::Chain { first, rest } => {
                std::iter::once(&mut **first).chain(rest.iter_mut().map(|(_, side)| side)).collect()
            }
            Kind::List(items) => items.iter_mut().collect(),
            Kind::Quantified { bound, .. } => vec![bound],
            Kind::Matrix { rows, .. } => rows.iter_mut().flatten().collect(),
            Kind::Cases(rows) => rows.iter_mut().flat_map(|(value, when)| std::iter::once(value).chain(when)).collect(),
            Kind::Decorated { body, note, .. } => std::iter::once(&mut **body).chain(note.as_deref_mut()).collect(),
            Kind::Signature { names, domain, codomain } => vec![names, domain, codomain],
        }
    }

    /// Whether the node, or a part of it, is such a one.
    pub fn holds(&self, is_wanted: &impl Fn(&Node) -> bool) -> bool {
        is_wanted(self) || self.children().into_iter().any(|child| child.holds(is_wanted))
    }

    /// Whether a letter stands somewhere in it.
    pub fn mentions(&self, letter: &str) -> bool {
        self.holds(&|part| matches!(&part.kind, Kind::Symbol(own) if own == letter))
    }

    /// Changes the node and all of its parts, from the outside in.
    pub fn change_each(&mut self, change: &mut impl FnMut(&mut Node)) {
        change(self);
        self.children_mut().into_iter().for_each(|child| child.change_each(change));
    }
}

/// What a part of a formula is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A number as written, thousands separators removed: `2`, `0.25`.
    Number(String),
    /// A letter, a Greek letter, or a letter in a font or under accents, as one canonical name:
    /// `x`, `\alpha`, `\mathbf{W}`, `\hat{y}`, `\hat{\mathbf{y}}`, `\mathcal{L}`, `\ell`.
    /// Also constants and signs that are operands: `\infty`, `\partial`, `\nabla`, `\top`, `\cdot` (as a placeholder), `\emptyset`.
    Symbol(String),
    /// A name of several letters written as one: `\log`, `\tanh`, `\operatorname{softmax}`, `\mathrm{diag}`, `\text{ReLU}`
    /// become `log`, `tanh`, `softmax`, `diag`, `ReLU`.
    Operator(String),
    /// `base_{sub}^{sup}` with primes counted apart; the base may be missing (`{}^{T}`), then it is `Empty`.
    Script {
        /// What carries the scripts.
        base: Box<Node>,
        /// Below.
        sub: Option<Box<Node>>,
        /// Above, primes excluded.
        sup: Option<Box<Node>>,
        /// The number of primes, `f''` and `f^{\prime\prime}` alike.
        primes: usize,
    },
    /// Anything between a pair of fences: parentheses, brackets, braces, bars, double bars, angles, floors.
    Fenced {
        /// The opening fence: `(`, `[`, `\{`, `|`, `\|`, `\langle`, `\lfloor`, `\lceil`, `.` for none.
        open: String,
        /// The closing fence; it need not match (`(a, b]`).
        close: String,
        /// What stands between.
        body: Box<Node>,
    },
    /// `{…}`: braces that only group, kept where they hold more than one part.
    Group(Box<Node>),
    /// `\frac{num}{den}`, `\dfrac`, `\tfrac`, `\cfrac`, `{a \over b}`; also the derivative signs.
    Frac {
        /// Above the line.
        num: Box<Node>,
        /// Below the line.
        den: Box<Node>,
    },
    /// `\sqrt[index]{body}`.
    Sqrt {
        /// The degree of the root.
        index: Option<Box<Node>>,
        /// Under the root.
        body: Box<Node>,
    },
    /// `\binom{above}{below}`.
    Binom(Box<Node>, Box<Node>),
    /// Factors in the order written, each with the sign before it; the first sign is `Times::Juxtaposed`.
    Product(Vec<(Times, Node)>),
    /// Terms in the order written, each with the sign before it; the first sign is `Sign::None` or a written one.
    Sum(Vec<(Sign, Node)>),
    /// A big operator with its limits and everything up to its reach:
    /// `\sum`, `\prod`, `\int`, `\lim`, `\sup`, `\inf`, `\max`, `\min`, `\arg\max`, … as `sum`, `prod`, `int`, `lim`, `argmax`.
    /// `max`, `min`, `sup`, `inf`, `lim` stand here when they carry a subscript, and are `Operator` otherwise.
    Big {
        /// The operator.
        op: String,
        /// Below it.
        sub: Option<Box<Node>>,
        /// Above it.
        sup: Option<Box<Node>>,
        /// What it reaches; `Empty` where nothing follows.
        body: Box<Node>,
    },
    /// `first rel second rel third …`: a chain of relations; alignment signs are dropped.
    Chain {
        /// The leftmost side (`Empty` where a line of an alignment begins with the relation).
        first: Box<Node>,
        /// The relations with their right sides.
        rest: Vec<(Relation, Node)>,
    },
    /// Parts between commas or semicolons.
    List(Vec<Node>),
    /// `A \implies B`, `A \iff B`, `A \land B`, `A \lor B` (also `\Rightarrow`, `\Leftrightarrow`, `\wedge`, `\vee`).
    Logic(Connective, Box<Node>, Box<Node>),
    /// `\neg A`.
    Not(Box<Node>),
    /// `\forall x` or `\forall x \in S`, `\exists …`; the body is what follows within the same list.
    Quantified {
        /// True for `\forall`, false for `\exists`.
        universal: bool,
        /// The bound letters, with their range where one is written.
        bound: Box<Node>,
    },
    /// `bmatrix`, `pmatrix`, `matrix`, `vmatrix`, `array` …: rows of cells.
    Matrix {
        /// The environment, without a star.
        env: String,
        /// The rows.
        rows: Vec<Vec<Node>>,
    },
    /// `cases`: value and condition of each row.
    Cases(Vec<(Node, Option<Node>)>),
    /// `\left. body \right|_{sub}^{sup}`, `body \big|_{sub}`.
    Evaluated {
        /// What is evaluated.
        body: Box<Node>,
        /// Where.
        sub: Option<Box<Node>>,
        /// The upper end.
        sup: Option<Box<Node>>,
    },
    /// `\text{…}` that is not a name of an operator: words.
    Text(String),
    /// `\dots`, `\cdots`, `\ldots`, `\vdots`, `\ddots`, as the command without its backslash.
    Dots(String),
    /// An accent or a line over or under more than a name: `\overline{a + b}`, `\underbrace{a}_{b}` (label in `note`).
    Decorated {
        /// The command without its backslash.
        accent: String,
        /// What it decorates.
        body: Box<Node>,
        /// What is written beside the decoration.
        note: Option<Box<Node>>,
    },
    /// `a | b` inside a call or a set: "given", "such that".
    Given(Box<Node>, Box<Node>),
    /// `a : B \to C`: the type of a function, and `x \to a` outside of it is a `Chain` with `Relation::To`.
    Signature {
        /// The names before the colon.
        names: Box<Node>,
        /// The set mapped from.
        domain: Box<Node>,
        /// The set mapped to.
        codomain: Box<Node>,
    },
    /// `n!`.
    Factorial(Box<Node>),
    /// Nothing, where something could stand.
    Empty,
    /// A part that could not be read; its diagnostic was reported.
    Error,
}

/// The sign between two factors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Times {
    /// Nothing: `a b`.
    Juxtaposed,
    /// `\cdot`, `\bullet`.
    Dot,
    /// `*`, `\ast`, `\star`: the product of numbers, and in many texts the product entry by entry.
    Star,
    /// `\times`.
    Cross,
    /// `\odot`.
    Odot,
    /// `\oslash`: divided entry by entry.
    Oslash,
    /// `\circ`.
    Circ,
    /// `\otimes`.
    Otimes,
    /// `/` or `\div`: the factor after it divides.
    Slash,
}

/// The sign before a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sign {
    /// None, before the first term.
    None,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `\pm`
    PlusMinus,
    /// `\mp`
    MinusPlus,
    /// `\oplus`
    Oplus,
}

/// A connective between statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Connective {
    /// `\implies`, `\Rightarrow`, `\Longrightarrow`
    Implies,
    /// `\impliedby`, `\Leftarrow`
    ImpliedBy,
    /// `\iff`, `\Leftrightarrow`
    Iff,
    /// `\land`, `\wedge`, `\text{and}`
    And,
    /// `\lor`, `\vee`, `\text{or}`
    Or,
}

/// One formula of a fence: a statement with its conditions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formula {
    /// The statement: a chain, an implication, a list, or a bare expression.
    pub body: Node,
    /// The conditions at its end: after `\quad`, `\qquad`, `\text{if}`, `\text{for}`, `\text{where}`, `\text{when}`,
    /// `\forall`, a comma followed by one of these, or in parentheses at the end after `\quad`.
    /// A list of conditions is split into its members; a `\forall` is a `Quantified`.
    pub conditions: Vec<Node>,
    /// Where a condition begins that a word, a wide space or an `and` sets apart from those before it.
    pub openings: Vec<usize>,
    /// Those of the conditions that no word and no bracket makes conditions.
    pub asides: Vec<Aside>,
    /// `\text{in } x` after a `\propto`: the variables.
    pub variables: Vec<Node>,
    /// The bytes of the formula in the file, without surrounding white space, separators and environments.
    pub span: Span,
}

impl Formula {
    /// A statement without conditions.
    pub(crate) fn alone(body: Node, span: Span) -> Formula {
        let (conditions, openings, asides, variables) = Default::default();
        Formula { body, conditions, openings, asides, variables, span }
    }
}

/// A condition that only a wide space or an `and` separates from the statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aside {
    /// Its bytes.
    pub span: Span,
    /// What stands before it.
    pub behind: Behind,
}

/// What separates a condition from what stands before it, where it is no word that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behind {
    /// A wide space.
    Space,
    /// A comma and a wide space, as in a list.
    Comma,
    /// `and`
    And,
    /// A `\forall` with its letter, while another `\forall` follows.
    Quantifier,
}

impl Formula {
    /// Changes every node of the formula.
    pub fn change_each(&mut self, change: &mut impl FnMut(&mut Node)) {
        let parts = std::iter::once(&mut self.body).chain(&mut self.conditions).chain(&mut self.variables);
        parts.for_each(|part| part.change_each(change));
    }
}

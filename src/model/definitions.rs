use std::collections::{BTreeMap, BTreeSet};

use crate::expr::{Arena, Comparison, Elementary, Expr, Node, Prop, Shape, Substitution, SymbolId};

/// Everything that a derivation declares, defines and assumes.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// What was declared under `given`, by symbol.
    pub declarations: BTreeMap<SymbolId, Declaration>,
    /// What was defined, in the order written. A family with base cases has several.
    pub definitions: Vec<Definition>,
    /// The members that are given by themselves, in the order declared: `h_0 \in \mathbb{R}`.
    pub starts: Vec<(SymbolId, Vec<Argument>)>,
    /// The bodies of functions that are bound.
    pub functions: BTreeMap<SymbolId, FunctionBody>,
    /// What holds for the givens, in the order written.
    pub assumptions: Vec<Prop>,
    /// How derivatives by vectors and matrices are laid out.
    pub layout: Layout,
    /// What assumptions make of the values of givens. No derivative leads through it.
    pub values: Vec<Definition>,
    /// The extreme values over all real numbers in definitions that are written as a maximum or a minimum.
    pub attained: BTreeSet<Expr>,
}

/// How a derivative by a vector or a matrix is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Layout {
    /// Jacobians with rows by the numerator; the gradient of a number in the shape of the variable.
    #[default]
    Mixed,
    /// Rows by the numerator, the gradient of a number a row or a transpose.
    Numerator,
    /// Rows by the denominator.
    Denominator,
}

/// A declared name.
#[derive(Debug, Clone)]
pub struct Declaration {
    /// The name.
    pub symbol: SymbolId,
    /// The letters of the family's indices as declared: `t` in `x_t`.
    pub indices: Vec<SymbolId>,
    /// The shape of a member, in terms of the letters; of a function its value's.
    pub shape: Shape,
    /// What an argument is, for a function; `None` for a variable.
    pub signature: Option<Signature>,
    /// Where members exist, as conditions on the letters; empty for everywhere.
    pub range: Vec<Prop>,
}

/// What a function takes.
#[derive(Debug, Clone)]
pub struct Signature {
    /// The shapes of the arguments, in order.
    pub arguments: Vec<Shape>,
}

/// One index of the left side of a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Argument {
    /// A letter: the definition holds for its values in the range.
    Letter(SymbolId),
    /// A value: a base case, `v_0 = 0`.
    Value(Expr),
}

/// One definition: `h_t = … \quad (t \ge 1)`, `v_0 = 0`, `p_i = …`.
#[derive(Debug, Clone)]
pub struct Definition {
    /// The name that is defined.
    pub symbol: SymbolId,
    /// The indices of the family on the left.
    pub indices: Vec<Argument>,
    /// The letters of the components on the left, where a tensor is defined by its entries.
    pub components: Vec<SymbolId>,
    /// The shape of a member.
    pub shape: Shape,
    /// Where it holds, as conditions on the letters.
    pub range: Vec<Prop>,
    /// The right side.
    pub body: Expr,
}

/// What a function is bound to.
#[derive(Debug, Clone)]
pub enum FunctionBody {
    /// `f = \sigma`
    Elementary(Elementary),
    /// `f(z) = …`
    Expression {
        /// The letters in the call on the left.
        parameters: Vec<SymbolId>,
        /// The right side.
        body: Expr,
    },
}

impl Model {
    /// The definitions of a symbol: at most one with letters for each pattern, and its base cases.
    pub fn definitions_of(&self, symbol: SymbolId) -> impl Iterator<Item = &Definition> {
        self.definitions.iter().filter(move |definition| definition.symbol == symbol)
    }

    /// Whether the symbol is defined (a state or a helper) and not only given.
    pub fn is_defined(&self, symbol: SymbolId) -> bool {
        self.definitions.iter().any(|definition| definition.symbol == symbol)
    }

    /// The families over one index that begin one step before their definition holds, though no definition asks for that
    /// step: `y_0` is given or defined by itself, and `y_t = f(x_t)` holds for `t \ge 1`.
    pub fn started(&self, arena: &mut Arena) -> BTreeSet<SymbolId> {
        let given = self.starts.iter().map(|(symbol, at)| (*symbol, &at[..]));
        let defined = self.definitions.iter().map(|own| (own.symbol, &own.indices[..]));
        let starts: Vec<(SymbolId, i64)> = given
            .chain(defined)
            .filter_map(|(symbol, at)| match at {
                [Argument::Value(value)] => Some((symbol, arena.as_integer(*value)?)),
                _ => None,
            })
            .collect();
        let mut started = BTreeSet::new();
        for (symbol, at) in starts {
            let general = self.definitions_of(symbol).filter_map(|own| match own.indices[..] {
                [Argument::Letter(letter)] => Some((letter, &own.range)),
                _ => None,
            });
            let mut firsts = general.map(|(letter, range)| {
                let letter = arena.symbol(letter);
                range.iter().flat_map(Prop::conjuncts).find_map(|prop| first_of(arena, prop, letter))
            });
            if firsts.any(|first| first == Some(at + 1)) {
                started.insert(symbol);
            }
        }
        started
    }

    /// What a name stands for, as an expression in its letters: the right sides of its definitions, and that of a function.
    pub fn bodies_of(&self, symbol: SymbolId) -> impl Iterator<Item = Expr> {
        let of_function = self.functions.get(&symbol).and_then(|function| match function {
            FunctionBody::Expression { body, .. } => Some(*body),
            FunctionBody::Elementary(_) => None,
        });
        self.definitions_of(symbol).map(|definition| definition.body).chain(of_function)
    }

    /// Whether the symbol is a declared function.
    pub fn is_function(&self, symbol: SymbolId) -> bool {
        self.declarations.get(&symbol).is_some_and(|declaration| declaration.signature.is_some())
    }
}

/// The least value that a condition leaves to a letter, where it is a number.
fn first_of(arena: &Arena, prop: &Prop, letter: Expr) -> Option<i64> {
    match *prop {
        Prop::Compare(Comparison::LessEqual, low, high) if high == letter => arena.as_integer(low),
        Prop::Compare(Comparison::Less, low, high) if high == letter => arena.as_integer(low).map(|low| low + 1),
        _ => None,
    }
}

impl Argument {
    /// The letter that it is.
    pub fn letter(&self) -> Option<SymbolId> {
        match self {
            Argument::Letter(letter) => Some(*letter),
            Argument::Value(_) => None,
        }
    }
}

impl Definition {
    /// The letters on the left, where all indices are letters.
    pub fn letters(&self) -> Option<Vec<SymbolId>> {
        self.indices.iter().map(Argument::letter).collect()
    }

    /// Whether the indices `at` fit the left side where values are known, and what the letters become.
    /// `None` where a base case's value is certainly another number, or is not visibly the same.
    pub fn unify(&self, at: &[Expr]) -> Option<Vec<(SymbolId, Expr)>> {
        if at.len() != self.indices.len() {
            return None;
        }
        let mut letters = Vec::new();
        for (argument, &value) in self.indices.iter().zip(at) {
            match argument {
                Argument::Letter(letter) => letters.push((*letter, value)),
                Argument::Value(own) if *own == value => {}
                Argument::Value(_) => return None,
            }
        }
        Some(letters)
    }

    /// The right side for a member with these indices and, for a definition by entries, these components.
    pub fn instance(&self, arena: &mut Arena, at: &[Expr], components: &[Expr]) -> Option<Expr> {
        let map = self.bindings(arena, at, components)?;
        Some(arena.substitute(self.body, &map))
    }

    /// The conditions under which a member with these indices is what [`Definition::instance`] says.
    pub fn conditions(&self, arena: &mut Arena, at: &[Expr]) -> Option<Vec<Prop>> {
        let map = self.bindings(arena, at, &[])?;
        Some(self.range.iter().map(|prop| prop.map(&mut |expr| arena.substitute(expr, &map))).collect())
    }

    fn bindings(&self, arena: &mut Arena, at: &[Expr], components: &[Expr]) -> Option<Substitution> {
        let mut map = Substitution::new();
        for (letter, value) in self.unify(at)? {
            map.insert(arena.symbol(letter), value);
        }
        for (&letter, &value) in self.components.iter().zip(components) {
            map.insert(arena.symbol(letter), value);
        }
        Some(map)
    }
}

impl Model {
    /// The symbol and indices of a member, an entry of one included.
    pub fn member(arena: &Arena, expr: Expr) -> Option<(SymbolId, Vec<Expr>, Vec<Expr>)> {
        match arena.node(expr) {
            Node::Symbol { symbol, indices, .. } => Some((*symbol, indices.to_vec(), Vec::new())),
            Node::Entry { of, at } => match arena.node(*of) {
                Node::Symbol { symbol, indices, .. } => Some((*symbol, indices.to_vec(), at.to_vec())),
                _ => None,
            },
            _ => None,
        }
    }
}

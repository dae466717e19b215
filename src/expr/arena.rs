use std::collections::HashMap;

use crate::expr::table::{Mixer, Table};
use crate::expr::{Node, Shape, SymbolId, SymbolKind};

/// An expression: the number of a node of its [`Arena`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Expr(u32);

/// All expressions of a derivation, each meaning stored once.
#[derive(Debug, Clone, Default)]
pub struct Arena {
    nodes: Vec<Node>,
    facts: Vec<Facts>,
    lookup: Table,
    symbols: Vec<SymbolInfo>,
    names: HashMap<String, SymbolId>,
    work: u64,
}

/// What is known of a node from birth.
#[derive(Debug, Clone, Copy)]
struct Facts {
    shape: Shape,
    /// The largest height of a binder in it; 0 without one.
    height: u32,
    /// A bit for each symbol and bound index in it; several share one.
    leaves: u64,
}

#[derive(Debug, Clone)]
struct SymbolInfo {
    name: String,
    kind: SymbolKind,
    shape: Shape,
}

impl Expr {
    /// The position of the node: smaller than that of every node that holds it.
    pub fn position(self) -> usize {
        self.0 as usize
    }

    /// The expression at a position of its arena.
    pub(super) fn at(position: usize) -> Expr {
        Expr(position as u32)
    }
}

impl Arena {
    /// An empty arena.
    pub fn new() -> Arena {
        Arena::default()
    }

    /// The node of an expression.
    pub fn node(&self, expr: Expr) -> &Node {
        &self.nodes[expr.position()]
    }

    /// The shape of an expression.
    pub fn shape(&self, expr: Expr) -> Shape {
        self.facts[expr.position()].shape
    }

    /// The largest height of a binder within; 0 where there is none.
    pub fn height(&self, expr: Expr) -> u32 {
        self.facts[expr.position()].height
    }

    /// A bit for each symbol and bound index within (Bloom 1970): what holds a part has all bits of that part.
    pub(super) fn leaves(&self, expr: Expr) -> u64 {
        self.facts[expr.position()].leaves
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no node yet.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The work of algebra, in a measure that is the same on every machine: how often a constructor was asked for a node,
    /// and [what was spent](Arena::spend) on other forms.
    pub fn work(&self) -> u64 {
        self.work
    }

    /// Counts work on forms of expressions that are no nodes, such as polynomials, by how many nodes it is worth.
    pub fn spend(&mut self, work: u64) {
        self.work += work;
    }

    /// The symbol of this name, made with `kind` and the shape of a number where it is new.
    pub fn intern(&mut self, name: &str, kind: SymbolKind) -> SymbolId {
        if let Some(&id) = self.names.get(name) {
            return id;
        }
        let id = SymbolId(u32::try_from(self.symbols.len()).expect("fewer symbols than a file has bytes"));
        self.symbols.push(SymbolInfo { name: name.to_owned(), kind, shape: Shape::Scalar });
        self.names.insert(name.to_owned(), id);
        id
    }

    /// The symbol of this name, if there is one.
    pub fn find(&self, name: &str) -> Option<SymbolId> {
        self.names.get(name).copied()
    }

    /// The name as canonical LaTeX: `w_h`, `\mathbf{W}_{hh}`, `\alpha`.
    pub fn name(&self, symbol: SymbolId) -> &str {
        &self.symbols[symbol.0 as usize].name
    }

    /// What the symbol stands for.
    pub fn kind(&self, symbol: SymbolId) -> SymbolKind {
        self.symbols[symbol.0 as usize].kind
    }

    /// Sets what the symbol stands for and its shape, before it is first used. Sizes that depend on the index
    /// of the family are given at use, by [`Arena::member_of_shape`].
    pub fn declare(&mut self, symbol: SymbolId, kind: SymbolKind, shape: Shape) {
        let info = &mut self.symbols[symbol.0 as usize];
        info.kind = kind;
        info.shape = shape;
    }

    /// The declared shape.
    pub fn declared_shape(&self, symbol: SymbolId) -> Shape {
        self.symbols[symbol.0 as usize].shape
    }

    /// The expression with this node, stored once. Only the constructors call it, with canonical nodes.
    pub(super) fn store(&mut self, node: Node, shape: Shape) -> Expr {
        self.work += 1;
        let hash = Mixer::hash_of(&node);
        if let Some(position) = self.lookup.find(hash, |position| self.nodes[position as usize] == node) {
            return Expr(position);
        }
        let (mut highest, mut leaves) = (0, 0);
        Arena::for_each_child(&node, &mut |child| {
            let facts = &self.facts[child.position()];
            highest = highest.max(facts.height);
            leaves |= facts.leaves;
        });
        let height = match &node {
            Node::Big { height, .. } | Node::Limit { height, .. } | Node::Extremum { height, .. } => *height,
            _ => highest,
        };
        leaves |= match &node {
            Node::Symbol { symbol, .. } => 1 << (symbol.0 % 64),
            // From the other end, so that the first symbols and the innermost indices do not meet.
            Node::Bound(height) => 1 << (63 - height % 64),
            _ => 0,
        };
        let expr = Expr(u32::try_from(self.nodes.len()).expect("fewer than 2^32 expressions"));
        self.nodes.push(node);
        self.facts.push(Facts { shape, height, leaves });
        self.lookup.insert(hash, expr.0, |position| Mixer::hash_of(&self.nodes[position as usize]));
        expr
    }
}

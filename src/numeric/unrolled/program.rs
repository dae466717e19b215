//! The operations of a tape of tensors: each makes one row of numbers, and equal operations are made once.

use std::collections::HashMap;

use crate::expr::Elementary;
use crate::expr::Extremum;

/// The place of an operation in its program, after all that it reads.
pub(super) type Id = usize;

/// A float that is compared by its bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Bits(u64);

impl Bits {
    pub(super) fn new(value: f64) -> Bits {
        Bits(value.to_bits())
    }

    pub(super) fn get(self) -> f64 {
        f64::from_bits(self.0)
    }
}

/// A factor of a product of matrices: the rows by columns that a node holds, row by row, or their transpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Factor {
    pub(super) node: Id,
    /// The rows and columns as they are stored.
    pub(super) stored: (usize, usize),
    pub(super) is_transposed: bool,
}

impl Factor {
    /// The rows and columns of the factor.
    pub(super) fn size(self) -> (usize, usize) {
        let (rows, columns) = self.stored;
        if self.is_transposed { (columns, rows) } else { (rows, columns) }
    }

    fn transposed(self) -> Factor {
        Factor { is_transposed: !self.is_transposed, ..self }
    }
}

/// One operation. Numbers go with every entry of what they meet.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Op {
    /// Read from outside: the number says which.
    Input(usize),
    Constant(Bits),
    /// A defined member by which a derivative is taken, apart from all that has the same value; which variable.
    Member(Id, usize),
    /// `constant + Σ coefficient · operand`
    Combine(Box<[(Id, Bits)]>, Bits),
    Multiply(Id, Id),
    Power(Id, Bits),
    Apply(Elementary, Id),
    MatMul(Factor, Factor),
    /// Rows by columns as stored.
    Transpose(Id, (usize, usize)),
    /// Entries of other nodes, or 0.
    Gather(Box<[Option<(Id, usize)>]>),
    /// The sum of all entries.
    Total(Id),
    /// The largest of several numbers, or the smallest.
    Extreme(Box<[Id]>, Extremum),
    /// In rows of this width.
    Softmax(Id, usize),
    /// Of a matrix of this size.
    Inverse(Id, usize),
    Determinant(Id, usize),
}

impl Op {
    /// The nodes that it reads.
    pub(super) fn operands(&self) -> Vec<Id> {
        match self {
            Op::Input(_) | Op::Constant(_) => Vec::new(),
            Op::Member(a, _)
            | Op::Power(a, _)
            | Op::Apply(_, a)
            | Op::Transpose(a, _)
            | Op::Total(a)
            | Op::Softmax(a, _)
            | Op::Inverse(a, _)
            | Op::Determinant(a, _) => vec![*a],
            Op::Multiply(a, b) => vec![*a, *b],
            Op::MatMul(a, b) => vec![a.node, b.node],
            Op::Combine(terms, _) => terms.iter().map(|(node, _)| *node).collect(),
            Op::Gather(entries) => entries.iter().flatten().map(|(node, _)| *node).collect(),
            Op::Extreme(nodes, _) => nodes.to_vec(),
        }
    }
}

/// An operation and how many entries it makes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Node {
    pub(super) op: Op,
    pub(super) len: usize,
}

/// Operations in an order in which each reads earlier ones only.
#[derive(Debug, Clone, Default)]
pub(super) struct Program {
    pub(super) nodes: Vec<Node>,
    known: HashMap<Node, Id>,
}

impl Program {
    /// The node of an operation, made where it is new.
    pub(super) fn push(&mut self, op: Op, len: usize) -> Id {
        let node = Node { op, len };
        if let Some(&id) = self.known.get(&node) {
            return id;
        }
        self.nodes.push(node.clone());
        self.known.insert(node, self.nodes.len() - 1);
        self.nodes.len() - 1
    }

    pub(super) fn len_of(&self, id: Id) -> usize {
        self.nodes[id].len
    }

    pub(super) fn constant(&mut self, value: f64) -> Id {
        self.push(Op::Constant(Bits::new(value)), 1)
    }

    /// `constant + Σ coefficient · operand`, of `len` entries; the operand itself where nothing is done to it.
    pub(super) fn combine(&mut self, terms: Vec<(Id, f64)>, constant: f64, len: usize) -> Id {
        match terms[..] {
            [(only, 1.0)] if constant == 0.0 && self.len_of(only) == len => only,
            _ => {
                let terms = terms.into_iter().map(|(node, coefficient)| (node, Bits::new(coefficient))).collect();
                self.push(Op::Combine(terms, Bits::new(constant)), len)
            }
        }
    }

    /// Entry by entry; a number with every entry of the other.
    pub(super) fn multiply(&mut self, a: Id, b: Id) -> Id {
        let len = self.len_of(a).max(self.len_of(b));
        self.push(Op::Multiply(a.min(b), a.max(b)), len)
    }

    pub(super) fn power(&mut self, base: Id, exponent: f64) -> Id {
        if exponent == 1.0 { base } else { self.push(Op::Power(base, Bits::new(exponent)), self.len_of(base)) }
    }

    pub(super) fn apply(&mut self, function: Elementary, of: Id) -> Id {
        self.push(Op::Apply(function, of), self.len_of(of))
    }

    /// A matrix as the factor of a product; of a transpose what was transposed.
    pub(super) fn factor(&self, node: Id, (rows, columns): (usize, usize)) -> Factor {
        match self.nodes[node].op {
            Op::Transpose(of, stored) if stored == (columns, rows) => Factor { node: of, stored, is_transposed: true },
            _ => Factor { node, stored: (rows, columns), is_transposed: false },
        }
    }

    /// The product of two factors that fit. A row by a matrix becomes the transposed matrix by a column.
    pub(super) fn matmul(&mut self, a: Factor, b: Factor) -> Id {
        let len = a.size().0 * b.size().1;
        let (a, b) = if a.size().0 == 1 && b.size().1 > 1 { (b.transposed(), a.transposed()) } else { (a, b) };
        self.push(Op::MatMul(a, b), len)
    }

    pub(super) fn gather(&mut self, entries: Vec<Option<(Id, usize)>>) -> Id {
        let len = entries.len();
        match entries[..] {
            [Some((node, 0))] if self.len_of(node) == 1 => node,
            _ => self.push(Op::Gather(entries.into()), len),
        }
    }

    pub(super) fn entry(&mut self, of: Id, position: usize) -> Id {
        self.gather(vec![Some((of, position))])
    }

    /// Every entry as a number.
    pub(super) fn entries(&mut self, of: Id) -> Vec<Id> {
        (0..self.len_of(of)).map(|position| self.entry(of, position)).collect()
    }

    pub(super) fn total(&mut self, of: Id) -> Id {
        if self.len_of(of) == 1 { of } else { self.push(Op::Total(of), 1) }
    }

    pub(super) fn extreme(&mut self, numbers: Vec<Id>, which: Extremum) -> Id {
        if let [only] = numbers[..] { only } else { self.push(Op::Extreme(numbers.into(), which), 1) }
    }
}

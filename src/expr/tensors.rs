//! The constructors of vectors and matrices.

use crate::expr::{Arena, Expr, Node, Shape, Tensor};

impl Arena {
    /// Matrices and vectors multiplied in this order; numbers among them are drawn out in front.
    pub fn matmul(&mut self, parts: impl Into<Vec<Expr>>) -> Expr {
        let mut scalars = Vec::new();
        let mut chain: Vec<Expr> = Vec::new();
        for part in parts.into() {
            match self.node(part) {
                Node::MatMul(inner) => chain.extend(inner.iter()),
                Node::Product(inner) if !self.shape(part).is_scalar() => {
                    let inner = inner.clone();
                    let (numbers, tensors): (Vec<Expr>, Vec<Expr>) =
                        inner.iter().partition(|&&factor| self.shape(factor).is_scalar());
                    scalars.extend(numbers);
                    let tensor = self.product(tensors);
                    match self.node(tensor) {
                        Node::MatMul(inner) => chain.extend(inner.iter()),
                        _ => chain.push(tensor),
                    }
                }
                Node::Identity(_) => chain.push(part),
                _ if self.shape(part).is_scalar() => scalars.push(part),
                _ => chain.push(part),
            }
        }
        if chain.len() > 1 {
            let kept: Vec<Expr> =
                chain.iter().copied().filter(|&part| !matches!(self.node(part), Node::Identity(_))).collect();
            chain = if kept.is_empty() { vec![chain[0]] } else { kept };
        }
        let tensor = match chain[..] {
            [] => return self.product(scalars),
            [only] => only,
            _ => {
                let shape = self.chain_shape(&chain);
                self.store(Node::MatMul(chain.into()), shape)
            }
        };
        scalars.push(tensor);
        self.product(scalars)
    }

    fn chain_shape(&self, chain: &[Expr]) -> Shape {
        let rows = match self.shape(chain[0]) {
            Shape::Matrix(m, _) => Some(m),
            Shape::Vector(n) => Some(n),
            Shape::Scalar => None,
        };
        let columns = match self.shape(chain[chain.len() - 1]) {
            Shape::Matrix(_, n) => Some(n),
            Shape::Vector(_) | Shape::Scalar => None,
        };
        let is_row = |shape| matches!(shape, Shape::Matrix(m, _) if self.is_one(m));
        match (rows, columns) {
            (Some(_), None) if is_row(self.shape(chain[0])) => Shape::Scalar,
            (Some(m), None) => Shape::Vector(m),
            (Some(m), Some(n)) => Shape::Matrix(m, n),
            (None, _) => Shape::Scalar,
        }
    }

    /// The power of a square matrix.
    pub fn matrix_power(&mut self, base: Expr, exponent: Expr) -> Expr {
        if self.is_one(exponent) {
            return base;
        }
        match (self.shape(base), self.is_zero(exponent)) {
            (Shape::Matrix(n, _), true) => self.identity(n),
            (shape, _) => self.store(Node::MatrixPower(base, exponent), shape),
        }
    }

    /// Rows and columns exchanged.
    pub fn transpose(&mut self, of: Expr) -> Expr {
        let shape = match self.shape(of) {
            Shape::Scalar => return of,
            Shape::Vector(n) => {
                let one = self.one();
                Shape::Matrix(one, n)
            }
            Shape::Matrix(m, n) => match self.node(of) {
                Node::Transpose(inner) => return *inner,
                Node::Identity(_) => return of,
                _ if self.is_one(m) => Shape::Vector(n),
                _ => Shape::Matrix(n, m),
            },
        };
        self.store(Node::Transpose(of), shape)
    }

    /// An entry; of a fill, an identity, a unit vector and a literal with known indices the entry itself.
    pub fn entry(&mut self, of: Expr, at: Vec<Expr>) -> Expr {
        match self.node(of).clone() {
            Node::Fill(value, _) => return value,
            Node::Identity(_) => return self.delta(at[0], at[1]),
            Node::Unit(one_at, _) => return self.delta(one_at, at[0]),
            Node::Literal { shape, entries } => {
                let sizes = shape.sizes();
                let columns = sizes.get(1).map_or(Some(1), |&n| self.as_integer(n));
                let row = self.as_integer(at[0]);
                let column = at.get(1).map_or(Some(1), |&j| self.as_integer(j));
                if let (Some(columns), Some(row), Some(column)) = (columns, row, column)
                    && let Ok(position) = usize::try_from((row - 1) * columns + column - 1)
                    && let Some(&entry) = entries.get(position)
                {
                    return entry;
                }
            }
            _ => {}
        }
        self.store(Node::Entry { of, at: at.into() }, Shape::Scalar)
    }

    /// A vector or matrix written out, row by row.
    pub fn literal(&mut self, shape: Shape, entries: Vec<Expr>) -> Expr {
        self.store(Node::Literal { shape, entries: entries.into() }, shape)
    }

    /// The identity matrix of size `n`.
    pub fn identity(&mut self, n: Expr) -> Expr {
        self.store(Node::Identity(n), Shape::Matrix(n, n))
    }

    /// `value` in every entry; of shape scalar, the value itself.
    pub fn fill(&mut self, value: Expr, shape: Shape) -> Expr {
        match shape {
            Shape::Scalar => value,
            Shape::Vector(_) | Shape::Matrix(..) => self.store(Node::Fill(value, shape), shape),
        }
    }

    /// The unit vector of size `n` with 1 at `at`.
    pub fn unit(&mut self, at: Expr, n: Expr) -> Expr {
        self.store(Node::Unit(at, n), Shape::Vector(n))
    }

    /// A function of whole tensors.
    pub fn tensor(&mut self, op: Tensor, args: Vec<Expr>) -> Expr {
        let shape = match op {
            Tensor::Softmax => self.shape(args[0]),
            Tensor::Diagonal => match self.shape(args[0]) {
                Shape::Vector(n) => Shape::Matrix(n, n),
                Shape::Matrix(n, _) => Shape::Vector(n),
                Shape::Scalar => return args[0],
            },
            Tensor::Trace
            | Tensor::Determinant
            | Tensor::Norm
            | Tensor::Norm1
            | Tensor::NormInfinity
            | Tensor::NormSpectral
            | Tensor::SpectralRadius => Shape::Scalar,
        };
        self.store(Node::Tensor { op, args: args.into() }, shape)
    }
}

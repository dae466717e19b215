use crate::expr::{Comparison, Elementary, Expr, Shape, SymbolId};
use crate::number::Rational;

/// What an expression is. Subtraction and division are notation and come back in `print`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Node {
    /// An exact number.
    Number(Rational),
    /// The ratio of a circle's circumference to its diameter.
    Pi,
    /// Plus infinity; only as a bound of a limit, an interval or a supremum.
    Infinity,
    /// A name, with the indices of its family: `T`, `w_h`, `h_{t-1}`.
    Symbol {
        /// The name.
        symbol: SymbolId,
        /// The indices of the family.
        indices: Box<[Expr]>,
        /// The shape of this member.
        shape: Shape,
    },
    /// The index that the binder of this height binds. Never met outside its binder: see [`crate::expr::Arena::open`].
    Bound(u32),
    /// Terms; numbers are added to every entry of a tensor.
    Sum(Box<[Expr]>),
    /// Factors that commute: numbers, and tensors of one shape multiplied entry by entry.
    Product(Box<[Expr]>),
    /// A power, entry by entry.
    Power(Expr, Expr),
    /// A function applied, possibly differentiated by its slots; a function of numbers acts entry by entry.
    Call {
        /// The function.
        function: Function,
        /// The slots by which it is differentiated, sorted; empty for the function itself.
        slots: Box<[Slot]>,
        /// The arguments.
        args: Box<[Expr]>,
    },
    /// A sum or a product over an index from `lower` to `upper`; empty where `upper < lower`.
    Big {
        /// Sum, product, or ordered product of matrices.
        op: Big,
        /// The height of the binder: [`Node::Bound`] with this height is the index.
        height: u32,
        /// The first index.
        lower: Expr,
        /// The last index.
        upper: Expr,
        /// The term or the factor.
        body: Expr,
    },
    /// The value of the first branch whose condition holds.
    Cases(Box<[Branch]>),
    /// Matrices and vectors multiplied in this order.
    MatMul(Box<[Expr]>),
    /// A power of a square matrix; the exponent −1 is the inverse.
    MatrixPower(Expr, Expr),
    /// Rows and columns exchanged; a vector becomes one row.
    Transpose(Expr),
    /// An entry of a vector or matrix; indices begin at 1.
    Entry {
        /// The tensor.
        of: Expr,
        /// Its indices, one or two.
        at: Box<[Expr]>,
    },
    /// A matrix or vector written out, row by row.
    Literal {
        /// The shape, with sizes that are numbers.
        shape: Shape,
        /// The entries.
        entries: Box<[Expr]>,
    },
    /// The identity matrix of this size.
    Identity(Expr),
    /// A tensor with this value in every entry.
    Fill(Expr, Shape),
    /// The unit vector with 1 at the first and 0 elsewhere, of the second size.
    Unit(Expr, Expr),
    /// A function of whole tensors.
    Tensor {
        /// Which.
        op: Tensor,
        /// Its arguments.
        args: Box<[Expr]>,
    },
    /// A derivative that is not worked out; `by` is a member, a parameter or an entry of one.
    Derivative {
        /// Along which paths.
        kind: DerivativeKind,
        /// What is differentiated.
        of: Expr,
        /// By what.
        by: Expr,
        /// The shape in the mixed layout: Jacobians with rows by `of`, the gradient of a number in the shape of
        /// `by`, a vector by a matrix as the Jacobian by its columns stacked. Other layouts are transposes of it.
        shape: Shape,
    },
    /// `body` with `of` replaced by `value` after all derivatives are taken: `\left. body \right|_{of = value}`.
    At {
        /// What is evaluated.
        body: Expr,
        /// The symbol that is given a value.
        of: Expr,
        /// The value.
        value: Expr,
    },
    /// The limit of `body` as the bound letter goes to `to`.
    Limit {
        /// The height of the binder.
        height: u32,
        /// Whether the letter runs over the integers.
        integer: bool,
        /// Where it goes; minus infinity is a product with −1.
        to: Expr,
        /// What has the limit.
        body: Expr,
    },
    /// The least upper or greatest lower bound of `body` over all real values of the bound letter.
    Extremum {
        /// Which of them.
        which: Extremum,
        /// The height of the binder.
        height: u32,
        /// The range where it is an index of integers; `None` over the real line.
        range: Option<(Expr, Expr)>,
        /// What is bounded.
        body: Expr,
    },
}

/// The operation of a big operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Big {
    /// Σ
    Sum,
    /// Π of numbers, or of tensors entry by entry.
    Product,
    /// Π of matrices, from left to right with the index going up.
    Ascending,
    /// Π of matrices, from left to right with the index going down from `upper` to `lower`.
    Descending,
}

/// A supremum or an infimum; over a finite range of indices the maximum or the minimum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Extremum {
    /// The least upper bound.
    Supremum,
    /// The greatest lower bound.
    Infimum,
}

/// A function that is applied.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Function {
    /// A row of the table of elementary functions.
    Elementary(Elementary),
    /// A declared function, with the indices of its family: `\ell_t`.
    Declared {
        /// The name.
        symbol: SymbolId,
        /// The indices of the family.
        indices: Box<[Expr]>,
    },
}

/// One differentiation of a function by one of its arguments.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot {
    /// Which argument, from 0.
    pub argument: u8,
    /// The entry of that argument, where it is a vector or a matrix; empty for a number.
    pub entry: Box<[Expr]>,
}

/// One row of a definition by cases.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Branch {
    /// When it is taken; `None` is otherwise.
    pub condition: Option<(Comparison, Expr, Expr)>,
    /// The value.
    pub value: Expr,
}

/// A function of whole vectors and matrices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tensor {
    /// `softmax`, of a matrix by rows.
    Softmax,
    /// The trace.
    Trace,
    /// The determinant.
    Determinant,
    /// The diagonal matrix of a vector, or the diagonal of a matrix.
    Diagonal,
    /// The Euclidean norm of a vector, the Frobenius norm of a matrix.
    Norm,
    /// The sum of absolute values of a vector.
    Norm1,
    /// The largest absolute value of a vector.
    NormInfinity,
    /// The largest singular value of a matrix.
    NormSpectral,
    /// The largest absolute value of an eigenvalue.
    SpectralRadius,
}

/// Along which paths a derivative is taken (see the chapter on derivatives of the language).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DerivativeKind {
    /// Through every path of the graph.
    Total,
    /// Members of families at other indices held fixed.
    Immediate,
    /// Written with ∂: total, unless a formula is read otherwise.
    Partial,
}

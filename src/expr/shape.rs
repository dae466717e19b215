use crate::expr::Expr;

/// The shape of a value; the sizes are integer expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shape {
    /// A number.
    Scalar,
    /// A column of `n` numbers.
    Vector(Expr),
    /// `m` rows by `n` columns.
    Matrix(Expr, Expr),
}

impl Shape {
    /// The sizes, outermost first: none, one or two.
    pub fn sizes(self) -> Vec<Expr> {
        match self {
            Shape::Scalar => Vec::new(),
            Shape::Vector(n) => vec![n],
            Shape::Matrix(m, n) => vec![m, n],
        }
    }

    /// The shape with these sizes; `None` for more than two.
    pub fn from_sizes(sizes: &[Expr]) -> Option<Shape> {
        match *sizes {
            [] => Some(Shape::Scalar),
            [n] => Some(Shape::Vector(n)),
            [m, n] => Some(Shape::Matrix(m, n)),
            _ => None,
        }
    }

    /// Whether this is a number.
    pub fn is_scalar(self) -> bool {
        self == Shape::Scalar
    }
}

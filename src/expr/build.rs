//! The constructors. They flatten, sort, fold exact constants and drop 0 and 1, and nothing else.

use std::collections::{BTreeMap, HashMap};

use crate::expr::{
    Arena, Big, Branch, Comparison, DerivativeKind, Elementary, Expr, Extremum, Function, Mixing, Node, Shape, Slot,
    Substitution, SymbolId, Tensor,
};
use crate::number::Rational;
use crate::number::rational::{product, sum, to_i64};

impl Arena {
    /// An exact number.
    pub fn number(&mut self, value: Rational) -> Expr {
        self.store(Node::Number(value), Shape::Scalar)
    }

    /// A whole number.
    pub fn integer(&mut self, value: i64) -> Expr {
        self.number(Rational::from(value))
    }

    /// 0.
    pub fn zero(&mut self) -> Expr {
        self.integer(0)
    }

    /// 1.
    pub fn one(&mut self) -> Expr {
        self.integer(1)
    }

    /// π.
    pub fn pi(&mut self) -> Expr {
        self.store(Node::Pi, Shape::Scalar)
    }

    /// +∞.
    pub fn infinity(&mut self) -> Expr {
        self.store(Node::Infinity, Shape::Scalar)
    }

    /// The value of an exact number; `None` for everything else.
    pub fn as_number(&self, expr: Expr) -> Option<&Rational> {
        match self.node(expr) {
            Node::Number(value) => Some(value),
            _ => None,
        }
    }

    /// The value of a whole number that fits.
    pub fn as_integer(&self, expr: Expr) -> Option<i64> {
        to_i64(self.as_number(expr)?)
    }

    /// Whether this is the number 0, or a tensor of zeros.
    pub fn is_zero(&self, expr: Expr) -> bool {
        match self.node(expr) {
            Node::Number(value) => value.is_zero(),
            Node::Fill(value, _) => self.is_zero(*value),
            _ => false,
        }
    }

    /// Whether this is the number 1.
    pub fn is_one(&self, expr: Expr) -> bool {
        matches!(self.node(expr), Node::Number(value) if value.is_one())
    }

    /// A name without indices, in its declared shape.
    pub fn symbol(&mut self, symbol: SymbolId) -> Expr {
        let shape = self.declared_shape(symbol);
        self.member_of_shape(symbol, Box::default(), shape)
    }

    /// A member of a family whose shape does not depend on the indices.
    pub fn member(&mut self, symbol: SymbolId, indices: Vec<Expr>) -> Expr {
        let shape = self.declared_shape(symbol);
        self.member_of_shape(symbol, indices.into(), shape)
    }

    /// A member of a family, with its shape.
    pub fn member_of_shape(&mut self, symbol: SymbolId, indices: Box<[Expr]>, shape: Shape) -> Expr {
        self.store(Node::Symbol { symbol, indices, shape }, shape)
    }

    pub(super) fn bound(&mut self, height: u32) -> Expr {
        self.store(Node::Bound(height), Shape::Scalar)
    }

    /// The shape of terms or factors that act entry by entry: the first that is not a number's.
    fn common_shape(&self, parts: &[Expr]) -> Shape {
        parts.iter().map(|&part| self.shape(part)).find(|shape| !shape.is_scalar()).unwrap_or(Shape::Scalar)
    }

    /// The sum of `parts`; 0 where there are none. Numbers are added to every entry of a tensor.
    pub fn sum(&mut self, parts: impl Into<Vec<Expr>>) -> Expr {
        let parts = parts.into();
        let shape = self.common_shape(&parts);
        let mut constant = Rational::from(0);
        let mut terms = Vec::with_capacity(parts.len());
        for part in parts {
            match self.node(part) {
                Node::Sum(inner) => {
                    for &term in inner.clone().iter() {
                        match self.as_number(term) {
                            Some(value) => constant = sum(&constant, value),
                            None => terms.push(term),
                        }
                    }
                }
                Node::Number(value) => constant = sum(&constant, value),
                Node::Fill(value, _) if self.is_zero(*value) => {}
                _ => terms.push(part),
            }
        }
        let only_scalars = self.common_shape(&terms).is_scalar();
        if !shape.is_scalar() && only_scalars {
            let rest = self.finish_sum(constant, terms, Shape::Scalar);
            return self.fill(rest, shape);
        }
        self.finish_sum(constant, terms, shape)
    }

    fn finish_sum(&mut self, constant: Rational, mut terms: Vec<Expr>, shape: Shape) -> Expr {
        if !constant.is_zero() || terms.is_empty() {
            terms.push(self.number(constant));
        }
        if let [only] = terms[..] {
            return only;
        }
        terms.sort_unstable();
        self.store(Node::Sum(terms.into()), shape)
    }

    /// The product of factors that commute; 1 where there are none.
    pub fn product(&mut self, parts: impl Into<Vec<Expr>>) -> Expr {
        let parts = parts.into();
        let shape = self.common_shape(&parts);
        let mut constant = Rational::from(1);
        let mut factors = Vec::with_capacity(parts.len());
        for part in parts {
            match self.node(part) {
                Node::Product(inner) => {
                    for &factor in inner.clone().iter() {
                        match self.as_number(factor) {
                            Some(value) => constant = product(&constant, value),
                            None => factors.push(factor),
                        }
                    }
                }
                Node::Number(value) => constant = product(&constant, value),
                Node::Fill(value, _) if self.is_zero(*value) => constant = Rational::from(0),
                _ => factors.push(part),
            }
        }
        if constant.is_zero() {
            let zero = self.zero();
            return self.fill(zero, shape);
        }
        if !constant.is_one() || factors.is_empty() {
            factors.push(self.number(constant));
        }
        if let [only] = factors[..] {
            return only;
        }
        factors.sort_unstable();
        self.store(Node::Product(factors.into()), shape)
    }

    /// `-part`.
    pub fn negate(&mut self, part: Expr) -> Expr {
        let minus = self.integer(-1);
        self.product([minus, part])
    }

    /// `left - right`.
    pub fn subtract(&mut self, left: Expr, right: Expr) -> Expr {
        let right = self.negate(right);
        self.sum([left, right])
    }

    /// `left / right`.
    pub fn divide(&mut self, left: Expr, right: Expr) -> Expr {
        let inverse = self.reciprocal(right);
        self.product([left, inverse])
    }

    /// `1 / part`.
    pub fn reciprocal(&mut self, part: Expr) -> Expr {
        let minus = self.integer(-1);
        self.power(part, minus)
    }

    /// `base^exponent`, entry by entry; `r^0 = 1` for every r.
    pub fn power(&mut self, base: Expr, exponent: Expr) -> Expr {
        let shape = self.shape(base);
        if self.is_zero(exponent) {
            let one = self.one();
            return self.fill(one, shape);
        }
        if self.is_one(exponent) || self.is_one(base) {
            return base;
        }
        if let (Some(value), Some(n)) = (self.as_number(base), self.as_integer(exponent))
            && let Some(power) = crate::number::rational::pow(value, n)
        {
            return self.number(power);
        }
        if let Node::Power(inner, m) = *self.node(base)
            && let (Some(m), Some(n)) = (self.as_integer(m), self.as_integer(exponent))
            && m > 0
            && n > 0
            && let Some(total) = m.checked_mul(n)
        {
            let exponent = self.integer(total);
            return self.power(inner, exponent);
        }
        self.store(Node::Power(base, exponent), shape)
    }

    /// The square root, a power with exponent 1/2.
    pub fn sqrt(&mut self, part: Expr) -> Expr {
        if let Some(root) = self.as_number(part).and_then(crate::number::rational::sqrt_exact) {
            return self.number(root);
        }
        let half = self.number(Rational::from_parts(1.into(), 2u8.into()));
        self.power(part, half)
    }

    /// A function applied to arguments; differentiated by `slots`, whose order does not matter.
    pub fn call(&mut self, function: Function, mut slots: Vec<Slot>, args: Vec<Expr>) -> Expr {
        slots.sort();
        let elementwise = slots.iter().all(|slot| slot.entry.is_empty()) && args.len() == 1;
        let shape = match &function {
            Function::Elementary(elementary) if elementary.row().arity == 1 => self.common_shape(&args),
            Function::Elementary(_) => Shape::Scalar,
            Function::Declared { symbol, .. } if elementwise && self.declared_shape(*symbol).is_scalar() => {
                self.common_shape(&args)
            }
            Function::Declared { .. } => Shape::Scalar,
        };
        self.store(Node::Call { function, slots: slots.into(), args: args.into() }, shape)
    }

    /// A declared function of vectors or matrices, whose value is a number.
    pub fn call_of_tensors(&mut self, function: Function, mut slots: Vec<Slot>, args: Vec<Expr>) -> Expr {
        slots.sort();
        self.store(Node::Call { function, slots: slots.into(), args: args.into() }, Shape::Scalar)
    }

    /// An elementary function of one argument.
    pub fn apply(&mut self, elementary: Elementary, arg: Expr) -> Expr {
        self.call(Function::Elementary(elementary), Vec::new(), vec![arg])
    }

    /// 1 where the two integers are equal, else 0.
    pub fn delta(&mut self, left: Expr, right: Expr) -> Expr {
        if left == right {
            return self.one();
        }
        if let (Some(a), Some(b)) = (self.as_number(left), self.as_number(right)) {
            let equal = a == b;
            return self.integer(i64::from(equal));
        }
        let (first, second) = if left < right { (left, right) } else { (right, left) };
        self.call(Function::Elementary(Elementary::Delta), Vec::new(), vec![first, second])
    }

    /// Σ or Π of `body` over `letter` from `lower` to `upper`; the letter is bound by it.
    pub fn big(&mut self, op: Big, letter: SymbolId, lower: Expr, upper: Expr, body: Expr) -> Expr {
        let (height, body) = self.close(letter, body);
        self.big_of_height(op, height, lower, upper, body)
    }

    fn close(&mut self, letter: SymbolId, body: Expr) -> (u32, Expr) {
        let height = self.height(body) + 1;
        let (letter, bound) = (self.symbol(letter), self.bound(height));
        (height, self.substitute(body, &Substitution::from([(letter, bound)])))
    }

    /// The least height a binder over `body` may have, and the body renamed to it.
    fn lower_binder(&mut self, height: u32, body: Expr) -> (u32, Expr) {
        let least = self.height(body) + 1;
        if least == height {
            return (height, body);
        }
        let (old, new) = (self.bound(height), self.bound(least));
        (least, self.substitute(body, &Substitution::from([(old, new)])))
    }

    pub(super) fn big_of_height(&mut self, op: Big, height: u32, lower: Expr, upper: Expr, body: Expr) -> Expr {
        let neutral_body = match op {
            Big::Sum => self.is_zero(body),
            Big::Product => self.is_one(body),
            Big::Ascending | Big::Descending => matches!(self.node(body), Node::Identity(_)),
        };
        if neutral_body {
            return body;
        }
        let (height, body) = self.lower_binder(height, body);
        let shape = match op {
            Big::Sum | Big::Product => self.shape(body),
            Big::Ascending => self.shape_between(height, body, (lower, upper)),
            Big::Descending => self.shape_between(height, body, (upper, lower)),
        };
        self.store(Node::Big { op, height, lower, upper, body }, shape)
    }

    /// The shape of an ordered product: the rows of its leftmost factor and the columns of its rightmost one. Where it is
    /// empty, these are one size.
    fn shape_between(&mut self, height: u32, factor: Expr, (leftmost, rightmost): (Expr, Expr)) -> Shape {
        let Shape::Matrix(rows, columns) = self.shape(factor) else { return self.shape(factor) };
        let bound = self.bound(height);
        Shape::Matrix(self.at_index(rows, bound, leftmost), self.at_index(columns, bound, rightmost))
    }

    /// An expression with an index replaced, and its sums brought together, those in indices above all: `n_{L-(L-1)}` is
    /// `n_1`.
    pub fn at_index(&mut self, expr: Expr, index: Expr, value: Expr) -> Expr {
        let expr = self.substitute(expr, &Substitution::from([(index, value)]));
        let mut done: HashMap<Expr, Expr, Mixing> = HashMap::default();
        for part in self.reachable(&[expr]) {
            let new = self.rebuild(part, &mut |child| done[&child]);
            let new = self.multiplied_in(new);
            let new = self.gathered(new);
            done.insert(part, new);
        }
        done[&expr]
    }

    /// A number times a sum as the sum of the multiples.
    fn multiplied_in(&mut self, product: Expr) -> Expr {
        let Some((number, sum)) = self.number_times(product) else { return product };
        let Node::Sum(parts) = self.node(sum).clone() else { return product };
        let parts: Vec<Expr> = parts.iter().map(|&part| self.product([number, part])).collect();
        self.sum(parts)
    }

    /// A sum in which the multiples of each part stand together.
    fn gathered(&mut self, sum: Expr) -> Expr {
        let Node::Sum(parts) = self.node(sum).clone() else { return sum };
        let mut scales: BTreeMap<Expr, Vec<Expr>> = BTreeMap::new();
        for &part in parts.iter() {
            let (number, of) = self.number_times(part).unwrap_or((self.one(), part));
            scales.entry(of).or_default().push(number);
        }
        let mut terms = Vec::new();
        for (of, numbers) in scales {
            let scale = self.sum(numbers);
            terms.push(self.product([scale, of]));
        }
        self.sum(terms)
    }

    /// The number and the other factor of a product of two.
    fn number_times(&self, product: Expr) -> Option<(Expr, Expr)> {
        let Node::Product(factors) = self.node(product) else { return None };
        match factors[..] {
            [a, b] if self.as_number(a).is_some() => Some((a, b)),
            [a, b] if self.as_number(b).is_some() => Some((b, a)),
            _ => None,
        }
    }

    /// The value of the first branch whose condition holds. Branches that are decided by numbers are dropped.
    pub fn cases(&mut self, branches: Vec<Branch>) -> Expr {
        let mut kept: Vec<Branch> = Vec::new();
        for branch in branches {
            match branch.condition.map(|(how, a, b)| self.decide_numbers(how, a, b)) {
                None | Some(Some(true)) => {
                    kept.push(Branch { condition: None, value: branch.value });
                    break;
                }
                Some(Some(false)) => {}
                Some(None) => kept.push(branch),
            }
        }
        if let [Branch { condition: None, value }] = kept[..] {
            return value;
        }
        let shape = self.common_shape(&kept.iter().map(|branch| branch.value).collect::<Vec<_>>());
        self.store(Node::Cases(kept.into()), shape)
    }

    /// Decides a comparison of two exact numbers, or of equal expressions.
    pub fn decide_numbers(&self, how: Comparison, left: Expr, right: Expr) -> Option<bool> {
        if left == right {
            return Some(match how {
                Comparison::Equal | Comparison::LessEqual | Comparison::Approximately => true,
                Comparison::NotEqual | Comparison::Less => false,
            });
        }
        let (a, b) = (self.as_number(left)?, self.as_number(right)?);
        Some(match how {
            Comparison::Equal | Comparison::Approximately => a == b,
            Comparison::NotEqual => a != b,
            Comparison::Less => a < b,
            Comparison::LessEqual => a <= b,
        })
    }

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

    /// A derivative that is not worked out, in a shape that the layout of the page gives it.
    pub fn derivative_of_shape(&mut self, kind: DerivativeKind, of: Expr, by: Expr, shape: Shape) -> Expr {
        self.store(Node::Derivative { kind, of, by, shape }, shape)
    }

    /// A derivative of a number by a number, not worked out.
    pub fn derivative(&mut self, kind: DerivativeKind, of: Expr, by: Expr) -> Expr {
        self.derivative_of_shape(kind, of, by, Shape::Scalar)
    }

    /// `body` with `of` set to `value` after derivatives are taken.
    pub fn at(&mut self, body: Expr, of: Expr, value: Expr) -> Expr {
        if of == value {
            return body;
        }
        let shape = self.shape(body);
        self.store(Node::At { body, of, value }, shape)
    }

    /// The limit of `body` as `letter` goes to `to`.
    pub fn limit(&mut self, letter: SymbolId, integer: bool, to: Expr, body: Expr) -> Expr {
        let (height, body) = self.close(letter, body);
        self.limit_of_height(height, integer, to, body)
    }

    pub(super) fn limit_of_height(&mut self, height: u32, integer: bool, to: Expr, body: Expr) -> Expr {
        let (height, body) = self.lower_binder(height, body);
        let shape = self.shape(body);
        self.store(Node::Limit { height, integer, to, body }, shape)
    }

    /// The supremum or infimum of `body` over `letter`.
    pub fn extremum(&mut self, which: Extremum, letter: SymbolId, range: Option<(Expr, Expr)>, body: Expr) -> Expr {
        let (height, body) = self.close(letter, body);
        self.extremum_of_height(which, height, range, body)
    }

    pub(super) fn extremum_of_height(
        &mut self,
        which: Extremum,
        height: u32,
        range: Option<(Expr, Expr)>,
        body: Expr,
    ) -> Expr {
        let (height, body) = self.lower_binder(height, body);
        self.store(Node::Extremum { which, height, range, body }, Shape::Scalar)
    }
}

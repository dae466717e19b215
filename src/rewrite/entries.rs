//! Entries: a vector or matrix expression at given indices is an expression of numbers.

use crate::expr::{Arena, Big, Branch, Elementary, Expr, Node, Shape, Slot, SymbolId, Tensor};

/// The entry of `expr` at `at` (one index for a vector, two for a matrix, none for a number), worked inward.
///
/// Products of matrices become sums over the inner indices, functions act entry by entry; what cannot be opened
/// (a member, a symbolic power, a derivative by a tensor) stays an entry of itself.
pub fn entry(arena: &mut Arena, expr: Expr, at: &[Expr]) -> Expr {
    Entries { arena, depth: 0 }.entry(expr, at)
}

struct Entries<'a> {
    arena: &'a mut Arena,
    depth: usize,
}

impl Entries<'_> {
    /// A letter for an index of sums that are written over `within`.
    fn letter(&mut self, within: &[Expr]) -> (SymbolId, Expr) {
        self.depth += 1;
        let symbol = self.arena.letter_apart(&format!("e{}", self.depth), within);
        (symbol, self.arena.symbol(symbol))
    }

    fn entry(&mut self, expr: Expr, at: &[Expr]) -> Expr {
        let shape = self.arena.shape(expr);
        if shape.is_scalar() {
            return self.number(expr);
        }
        if at.len() != shape.sizes().len() {
            // The whole tensor is asked for: it stays as it is.
            return expr;
        }
        match self.arena.node(expr).clone() {
            Node::Sum(parts) => {
                let parts: Vec<Expr> = parts.iter().map(|&part| self.entry(part, at)).collect();
                self.arena.sum(parts)
            }
            Node::Product(parts) => {
                let parts: Vec<Expr> = parts.iter().map(|&part| self.entry(part, at)).collect();
                self.arena.product(parts)
            }
            Node::Power(base, exponent) => {
                let (base, exponent) = (self.entry(base, at), self.number(exponent));
                self.arena.power(base, exponent)
            }
            Node::Call { function, slots, args } => {
                let args = args.iter().map(|&arg| self.entry(arg, at)).collect();
                self.arena.call(function, slots.to_vec(), args)
            }
            Node::Big { op: op @ (Big::Sum | Big::Product), lower, upper, .. } => {
                let (letter, body) = match self.arena.open(expr, 500 + self.depth) {
                    Some(opened) => opened,
                    None => return self.arena.entry(expr, at.to_vec()),
                };
                self.depth += 1;
                let body = self.entry(body, at);
                self.arena.big(op, letter, lower, upper, body)
            }
            Node::Cases(branches) => {
                let branches = branches
                    .iter()
                    .map(|branch| Branch { condition: branch.condition, value: self.entry(branch.value, at) })
                    .collect();
                self.arena.cases(branches)
            }
            Node::MatMul(parts) => self.chain(&parts, at),
            Node::Transpose(of) => match self.arena.shape(of) {
                Shape::Matrix(..) if at.len() == 1 => {
                    let one = self.arena.one();
                    self.entry(of, &[one, at[0]])
                }
                Shape::Matrix(..) => self.entry(of, &[at[1], at[0]]),
                Shape::Vector(_) => self.entry(of, &[at[1]]),
                Shape::Scalar => self.number(of),
            },
            Node::MatrixPower(base, exponent) => self.matrix_power(expr, base, exponent, at),
            Node::Tensor { op: Tensor::Softmax, args } => self.softmax(args[0], at),
            Node::Tensor { op: Tensor::Diagonal, args } => match at {
                [i, j] => {
                    let delta = self.arena.delta(*i, *j);
                    let value = self.entry(args[0], &[*i]);
                    self.arena.product([delta, value])
                }
                _ => self.entry(args[0], &[at[0], at[0]]),
            },
            Node::Derivative { kind, of, by, .. } => self.derivative(expr, kind, of, by, at),
            Node::At { body, of, value } => {
                let value = if self.arena.shape(value).is_scalar() { self.number(value) } else { value };
                let body = self.entry(body, at);
                self.arena.at(body, of, value)
            }
            Node::Literal { entries, .. } if at.iter().any(|&index| self.arena.as_number(index).is_none()) => {
                self.literal(shape, &entries, at)
            }
            Node::Number(_)
            | Node::Pi
            | Node::Infinity
            | Node::Bound(_)
            | Node::Symbol { .. }
            | Node::Entry { .. }
            | Node::Literal { .. }
            | Node::Identity(_)
            | Node::Fill(..)
            | Node::Unit(..)
            | Node::Tensor { .. }
            | Node::Big { .. }
            | Node::Limit { .. }
            | Node::Extremum { .. } => self.arena.entry(expr, at.to_vec()),
        }
    }

    /// An expression of numbers with everything of tensors inside it opened.
    fn number(&mut self, expr: Expr) -> Expr {
        match self.arena.node(expr).clone() {
            Node::MatMul(parts) => self.chain(&parts, &[]),
            Node::Entry { of, at } => match self.arena.node(of) {
                Node::Symbol { .. } => expr,
                _ => self.entry(of, &at),
            },
            Node::Tensor { op, args } => self.tensor(expr, op, args[0]),
            Node::Big { op: op @ (Big::Sum | Big::Product), lower, upper, .. } => {
                let Some((letter, body)) = self.arena.open(expr, 500 + self.depth) else { return expr };
                self.depth += 1;
                let body = self.number(body);
                self.arena.big(op, letter, lower, upper, body)
            }
            Node::Transpose(of) => self.number(of),
            Node::Derivative { .. } | Node::Symbol { .. } | Node::Number(_) | Node::Limit { .. } => expr,
            Node::Extremum { which, range, .. } => {
                let Some((letter, body)) = self.arena.open(expr, 500 + self.depth) else { return expr };
                self.depth += 1;
                let body = self.number(body);
                self.arena.extremum(which, letter, range, body)
            }
            Node::Call { args, .. } if args.iter().any(|&arg| !self.arena.shape(arg).is_scalar()) => expr,
            Node::Sum(_)
            | Node::Product(_)
            | Node::Power(..)
            | Node::Call { .. }
            | Node::Cases(_)
            | Node::At { .. } => {
                let mut new = std::collections::BTreeMap::new();
                for child in self.arena.children(expr) {
                    let value = if self.arena.shape(child).is_scalar() { self.number(child) } else { child };
                    new.insert(child, value);
                }
                self.arena.rebuild(expr, &mut |child| new[&child])
            }
            Node::Pi
            | Node::Infinity
            | Node::Bound(_)
            | Node::MatrixPower(..)
            | Node::Literal { .. }
            | Node::Identity(_)
            | Node::Fill(..)
            | Node::Unit(..)
            | Node::Big { .. } => expr,
        }
    }

    /// `(A B v)_i = Σ_j Σ_k A_{ij} B_{jk} v_k`.
    fn chain(&mut self, parts: &[Expr], at: &[Expr]) -> Expr {
        let mut letters = Vec::new();
        let mut factors = Vec::new();
        let first_is_row = matches!(self.arena.shape(parts[0]), Shape::Matrix(m, _) if self.arena.is_one(m));
        let one = self.arena.one();
        let mut row = match (first_is_row, at) {
            (true, [] | [_]) if at.is_empty() => one,
            (_, [i, ..]) => *i,
            (_, []) => one,
        };
        let mut at_rest = at;
        if !at.is_empty() {
            at_rest = &at[1..];
        }
        for (n, &part) in parts.iter().enumerate() {
            let last = n + 1 == parts.len();
            match self.arena.shape(part) {
                Shape::Matrix(_, columns) => {
                    let column = if last {
                        at_rest.first().copied().unwrap_or(one)
                    } else {
                        let (symbol, letter) = self.letter(&[parts, at].concat());
                        letters.push((symbol, columns));
                        letter
                    };
                    factors.push(self.entry(part, &[row, column]));
                    row = column;
                }
                Shape::Vector(_) => {
                    factors.push(self.entry(part, &[row]));
                    row = one;
                }
                Shape::Scalar => factors.push(self.number(part)),
            }
        }
        let mut body = self.arena.product(factors);
        for (letter, size) in letters.into_iter().rev() {
            body = self.arena.big(Big::Sum, letter, one, size, body);
        }
        body
    }

    /// `(Σ_{rc} E^{rc} m_{rc})_{ij} = Σ_{rc} δ_{ri} δ_{cj} m_{rc}` for indices that are letters.
    fn literal(&mut self, shape: Shape, entries: &[Expr], at: &[Expr]) -> Expr {
        let columns = shape.sizes().get(1).and_then(|&n| self.arena.as_integer(n)).unwrap_or(1);
        let mut terms = Vec::new();
        for (&value, position) in entries.iter().zip(0i64..) {
            let place = if at.len() == 1 { vec![position] } else { vec![position / columns, position % columns] };
            let mut factors = vec![self.number(value)];
            for (&index, offset) in at.iter().zip(place) {
                let place = self.arena.integer(offset + 1);
                factors.push(self.arena.delta(place, index));
            }
            terms.push(self.arena.product(factors));
        }
        self.arena.sum(terms)
    }

    fn matrix_power(&mut self, expr: Expr, base: Expr, exponent: Expr, at: &[Expr]) -> Expr {
        let whole = self.arena.as_integer(exponent);
        if let Some(n) = whole.filter(|n| (2..=8).contains(&n.abs())) {
            let sign = self.arena.integer(n.signum());
            let single = self.arena.matrix_power(base, sign);
            return self.chain(&vec![single; usize::try_from(n.abs()).unwrap_or(1)], at);
        }
        match self.arena.node(base).clone() {
            // (A^T)^n = (A^n)^T
            Node::Transpose(inner) => {
                let power = self.arena.matrix_power(inner, exponent);
                self.entry(power, &[at[1], at[0]])
            }
            // (A B)^{-1} = B^{-1} A^{-1} for square factors.
            Node::MatMul(parts) if whole == Some(-1) && parts.iter().all(|&part| self.is_square(part)) => {
                let inverses: Vec<Expr> =
                    parts.iter().rev().map(|&part| self.arena.matrix_power(part, exponent)).collect();
                self.chain(&inverses, at)
            }
            // (A^m)^{-1} = A^{-m}
            Node::MatrixPower(inner, other) if whole == Some(-1) && self.arena.as_integer(other).is_some() => {
                let total = self.arena.negate(other);
                let power = self.arena.matrix_power(inner, total);
                self.entry(power, at)
            }
            // (c A)^n = c^n A^n
            Node::Product(factors) => match self.scaled_matrix(&factors) {
                Some((scale, inner)) => {
                    let scale = self.arena.power(scale, exponent);
                    let power = self.arena.matrix_power(inner, exponent);
                    let entry = self.entry(power, at);
                    self.arena.product([scale, entry])
                }
                None => self.arena.entry(expr, at.to_vec()),
            },
            Node::Tensor { op: Tensor::Diagonal, args } => {
                let delta = self.arena.delta(at[0], at[1]);
                let value = self.entry(args[0], &[at[0]]);
                let power = self.arena.power(value, exponent);
                self.arena.product([delta, power])
            }
            Node::Identity(_) => self.entry(base, at),
            Node::Literal { shape, entries } if whole == Some(-1) => {
                match crate::rewrite::determinants::inverse(self.arena, shape, &entries) {
                    Some(inverse) => self.literal(shape, &inverse, at),
                    None => self.arena.entry(expr, at.to_vec()),
                }
            }
            _ => self.arena.entry(expr, at.to_vec()),
        }
    }

    /// A product entry by entry with one matrix among its factors, as a number and that matrix.
    fn scaled_matrix(&mut self, factors: &[Expr]) -> Option<(Expr, Expr)> {
        let (numbers, matrices): (Vec<Expr>, Vec<Expr>) =
            factors.iter().partition(|&&factor| self.arena.shape(factor).is_scalar());
        let [matrix] = matrices[..] else { return None };
        let numbers: Vec<Expr> = numbers.into_iter().map(|factor| self.number(factor)).collect();
        Some((self.arena.product(numbers), matrix))
    }

    fn is_square(&self, part: Expr) -> bool {
        matches!(self.arena.shape(part), Shape::Matrix(m, n) if m == n)
    }

    /// `softmax(z)_i = exp(z_i) / Σ_k exp(z_k)`; of a matrix along its rows.
    fn softmax(&mut self, arg: Expr, at: &[Expr]) -> Expr {
        let above = self.entry(arg, at);
        let above = self.arena.apply(Elementary::Exp, above);
        let sizes = self.arena.shape(arg).sizes();
        let (symbol, letter) = self.letter(&[&[arg], at].concat());
        let mut inner = at.to_vec();
        let last = inner.len() - 1;
        inner[last] = letter;
        let below = self.entry(arg, &inner);
        let below = self.arena.apply(Elementary::Exp, below);
        let one = self.arena.one();
        let below = self.arena.big(Big::Sum, symbol, one, sizes[last], below);
        self.arena.divide(above, below)
    }

    fn tensor(&mut self, expr: Expr, op: Tensor, arg: Expr) -> Expr {
        let sizes = self.arena.shape(arg).sizes();
        let one = self.arena.one();
        match op {
            Tensor::Trace => {
                let (symbol, letter) = self.letter(&[arg]);
                let body = self.entry(arg, &[letter, letter]);
                self.arena.big(Big::Sum, symbol, one, sizes[0], body)
            }
            Tensor::Norm | Tensor::Norm1 => {
                let mut letters = Vec::new();
                let mut at = Vec::new();
                for &size in &sizes {
                    let (symbol, letter) = self.letter(&[arg]);
                    letters.push((symbol, size));
                    at.push(letter);
                }
                let body = self.entry(arg, &at);
                let mut sum = if op == Tensor::Norm {
                    let two = self.arena.integer(2);
                    self.arena.power(body, two)
                } else {
                    self.arena.apply(Elementary::Abs, body)
                };
                for (letter, size) in letters.into_iter().rev() {
                    sum = self.arena.big(Big::Sum, letter, one, size, sum);
                }
                if op == Tensor::Norm { self.arena.sqrt(sum) } else { sum }
            }
            Tensor::NormInfinity if sizes.len() == 1 => {
                let (symbol, letter) = self.letter(&[arg]);
                let body = self.entry(arg, &[letter]);
                let body = self.arena.apply(Elementary::Abs, body);
                self.arena.extremum(crate::expr::Extremum::Supremum, symbol, Some((one, sizes[0])), body)
            }
            Tensor::Determinant => self.determinant(expr, arg),
            Tensor::Softmax
            | Tensor::Diagonal
            | Tensor::NormInfinity
            | Tensor::NormSpectral
            | Tensor::SpectralRadius => expr,
        }
    }

    /// Determinants multiply; those of diagonal and of small written out matrices are numbers.
    fn determinant(&mut self, expr: Expr, arg: Expr) -> Expr {
        match self.arena.node(arg).clone() {
            Node::Identity(_) => self.arena.one(),
            Node::Transpose(inner) => self.determinant_of(inner),
            Node::MatMul(parts) if parts.iter().all(|&part| self.is_square(part)) => {
                let factors: Vec<Expr> = parts.iter().map(|&part| self.determinant_of(part)).collect();
                self.arena.product(factors)
            }
            Node::MatrixPower(base, exponent) => {
                let base = self.determinant_of(base);
                self.arena.power(base, exponent)
            }
            Node::Product(factors) => match self.scaled_matrix(&factors) {
                Some((scale, matrix)) => {
                    let scale = self.arena.power(scale, self.arena.shape(arg).sizes()[0]);
                    let rest = self.determinant_of(matrix);
                    self.arena.product([scale, rest])
                }
                None => expr,
            },
            Node::Tensor { op: Tensor::Diagonal, args } => {
                let (symbol, letter) = self.letter(&[arg]);
                let body = self.entry(args[0], &[letter]);
                let one = self.arena.one();
                self.arena.big(Big::Product, symbol, one, self.arena.shape(arg).sizes()[0], body)
            }
            Node::Sum(parts) => {
                self.rank_one_update(&parts).or_else(|| self.determinant_by_entries(arg)).unwrap_or(expr)
            }
            Node::Literal { shape, entries } => {
                crate::rewrite::determinants::determinant(self.arena, shape, &entries).unwrap_or(expr)
            }
            _ => self.determinant_by_entries(arg).unwrap_or(expr),
        }
    }

    /// The determinant of a small matrix whose size is a number, from its entries.
    fn determinant_by_entries(&mut self, matrix: Expr) -> Option<Expr> {
        let shape = self.arena.shape(matrix);
        let n = self.arena.as_integer(*shape.sizes().first()?).filter(|n| (1..=3).contains(n))?;
        let mut entries = Vec::new();
        for (row, column) in (1..=n).flat_map(|row| (1..=n).map(move |column| (row, column))) {
            let at = [self.arena.integer(row), self.arena.integer(column)];
            entries.push(self.entry(matrix, &at));
        }
        crate::rewrite::determinants::determinant(self.arena, shape, &entries)
    }

    /// `det(I + c u v^T) = 1 + c v^T u`, the matrix determinant lemma.
    fn rank_one_update(&mut self, parts: &[Expr]) -> Option<Expr> {
        let &[a, b] = parts else { return None };
        let (identity, update) = if matches!(self.arena.node(a), Node::Identity(_)) { (a, b) } else { (b, a) };
        if !matches!(self.arena.node(identity), Node::Identity(_)) {
            return None;
        }
        let (scale, outer) = match self.arena.node(update).clone() {
            Node::Product(factors) => self.scaled_matrix(&factors)?,
            _ => (self.arena.one(), update),
        };
        let Node::MatMul(factors) = self.arena.node(outer).clone() else { return None };
        let column = factors.iter().position(|&factor| matches!(self.arena.shape(factor), Shape::Vector(_)))?;
        let (left, right) = factors.split_at(column + 1);
        let inner = self.arena.matmul([right, left].concat());
        if !self.arena.shape(inner).is_scalar() {
            return None;
        }
        let (one, inner) = (self.arena.one(), self.number(inner));
        let scaled = self.arena.product([scale, inner]);
        Some(self.arena.sum([one, scaled]))
    }

    fn determinant_of(&mut self, matrix: Expr) -> Expr {
        let determinant = self.arena.tensor(Tensor::Determinant, vec![matrix]);
        self.determinant(determinant, matrix)
    }

    /// An entry of a derivative is the derivative of an entry by an entry (in the mixed layout).
    fn derivative(&mut self, expr: Expr, kind: crate::expr::DerivativeKind, of: Expr, by: Expr, at: &[Expr]) -> Expr {
        let n_of = self.arena.shape(of).sizes().len();
        let by_sizes = self.arena.shape(by).sizes();
        if n_of + by_sizes.len() != at.len() {
            return self.arena.entry(expr, at.to_vec());
        }
        let (above, below) = at.split_at(n_of);
        let by = if below.is_empty() { by } else { self.arena.entry(by, below.to_vec()) };
        match self.arena.node(of).clone() {
            Node::Derivative { kind: inner_kind, of: inner, by: inner_by, .. } if !above.is_empty() => {
                let inner = self.derivative(of, inner_kind, inner, inner_by, above);
                self.arena.derivative(kind, inner, by)
            }
            _ => {
                let of = if above.is_empty() { self.number(of) } else { self.entry(of, above) };
                self.arena.derivative(kind, of, by)
            }
        }
    }
}

/// The slot by which a function of tensors is differentiated at an entry, as one more slot.
pub fn slot(argument: usize, entry: &[Expr]) -> Slot {
    Slot { argument: u8::try_from(argument).unwrap_or(u8::MAX), entry: entry.into() }
}

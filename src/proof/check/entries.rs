//! Entries of vectors and matrices, and numbers that are made of them.

use crate::expr::{Big, Branch, Elementary, Expr, Extremum, Node, Shape, SymbolId, Tensor};
use crate::proof::check::residues::Point;

impl Point<'_> {
    /// An entry, as far as it can be told; a number is its own in every place.
    pub(super) fn entry(&mut self, of: Expr, at: &[Expr]) -> Expr {
        let shape = self.arena.shape(of);
        if shape.is_scalar() {
            return of;
        }
        match self.arena.node(of).clone() {
            Node::Sum(parts) => {
                let entries = self.entries(&parts, at);
                self.arena.sum(entries)
            }
            Node::Product(parts) => {
                let entries = self.entries(&parts, at);
                self.arena.product(entries)
            }
            Node::Power(base, exponent) => {
                let base = self.entry(base, at);
                self.arena.power(base, exponent)
            }
            Node::Call { function, slots, args }
                if args.iter().all(|&arg| self.arena.shape(arg).is_scalar() || self.arena.shape(arg) == shape) =>
            {
                let args = self.entries(&args, at);
                self.arena.call(function, slots.to_vec(), args)
            }
            Node::Cases(branches) => {
                let branches = branches
                    .iter()
                    .map(|branch| Branch { condition: branch.condition, value: self.entry(branch.value, at) })
                    .collect();
                self.arena.cases(branches)
            }
            Node::MatMul(parts) => self.entry_of_product(&parts, at),
            Node::Transpose(inner) => match (self.arena.shape(inner), at) {
                (Shape::Matrix(..), &[i, j]) => self.entry(inner, &[j, i]),
                (Shape::Vector(_), &[_, j]) => self.entry(inner, &[j]),
                _ => self.arena.entry(of, at.to_vec()),
            },
            Node::Tensor { op: Tensor::Diagonal, args } => match *at {
                [i, j] => {
                    let (delta, own) = (self.arena.delta(i, j), self.entry(args[0], &[i]));
                    self.arena.product([delta, own])
                }
                [i] => self.entry(args[0], &[i, i]),
                _ => self.arena.entry(of, at.to_vec()),
            },
            Node::Tensor { op: Tensor::Softmax, args } if at.len() == 1 => {
                let (letter, place, one) = self.letter_beside(&[args[0], at[0]]);
                let [own, any] = [at[0], place].map(|index| {
                    let entry = self.entry(args[0], &[index]);
                    self.arena.apply(Elementary::Exp, entry)
                });
                let all = self.arena.big(Big::Sum, letter, one, shape.sizes()[0], any);
                self.arena.divide(own, all)
            }
            Node::Symbol { .. } => match self.helper(of) {
                Some(body) => self.entry(body, at),
                None => self.arena.entry(of, at.to_vec()),
            },
            _ => self.arena.entry(of, at.to_vec()),
        }
    }

    fn entries(&mut self, parts: &[Expr], at: &[Expr]) -> Vec<Expr> {
        parts.iter().map(|&part| self.entry(part, at)).collect()
    }

    /// `(A B C)_ij = Σ_k Σ_l A_ik B_kl C_lj`; of a product that is a number, that number.
    fn entry_of_product(&mut self, parts: &[Expr], at: &[Expr]) -> Expr {
        let one = self.arena.one();
        let (mut row, mut factors, mut sums) = (at.first().copied().unwrap_or(one), Vec::new(), Vec::new());
        let mut met = [parts, at].concat();
        for (place, &part) in parts.iter().enumerate() {
            if let Node::Tensor { op: Tensor::Diagonal, args } = self.arena.node(part).clone()
                && place + 1 < parts.len()
                && matches!(self.arena.shape(args[0]), Shape::Vector(_))
            {
                factors.push(self.entry(args[0], &[row]));
                continue;
            }
            let Shape::Matrix(_, columns) = self.arena.shape(part) else {
                factors.push(self.entry(part, &[row]));
                row = one;
                continue;
            };
            let column = if place + 1 == parts.len() {
                at.get(1).copied().unwrap_or(one)
            } else {
                let (letter, index, _) = self.letter_beside(&met);
                sums.push((letter, columns));
                met.push(index);
                index
            };
            factors.push(self.entry(part, &[row, column]));
            row = column;
        }
        let term = self.arena.product(factors);
        sums.into_iter().rev().fold(term, |sum, (letter, size)| self.arena.big(Big::Sum, letter, one, size, sum))
    }

    /// A product of vectors and matrices that is a number: of mirrored factors the square of a norm, `v^T A^T A v = ‖A v‖²`.
    pub(super) fn product_of_tensors(&mut self, parts: &[Expr]) -> Expr {
        let (left, right) = parts.split_at(parts.len() / 2);
        let are_mirrored = left.len() == right.len()
            && left.iter().zip(right.iter().rev()).all(|(&a, &b)| self.arena.transpose(a) == b);
        if !are_mirrored {
            return self.entry_of_product(parts, &[]);
        }
        let half = self.arena.matmul(right.to_vec());
        let norm = self.arena.tensor(Tensor::Norm, vec![half]);
        let two = self.arena.integer(2);
        self.arena.power(norm, two)
    }

    /// A function of a vector or matrix as a number made of its entries.
    pub(super) fn by_entries(&mut self, op: Tensor, of: Expr) -> Option<Expr> {
        let shape = self.arena.shape(of);
        let (letter, place, one) = self.letter_beside(&[of]);
        match (op, shape) {
            (Tensor::Norm, Shape::Matrix(rows, columns)) => {
                let row = self.arena.letter_apart("row", &[of]);
                let at = [self.arena.symbol(row), place];
                let square = self.squared_entry(of, &at);
                let sum = self.arena.big(Big::Sum, letter, one, columns, square);
                let sum = self.arena.big(Big::Sum, row, one, rows, sum);
                Some(self.arena.sqrt(sum))
            }
            (Tensor::Norm | Tensor::NormSpectral, Shape::Vector(size)) => {
                let square = self.squared_entry(of, &[place]);
                let sum = self.arena.big(Big::Sum, letter, one, size, square);
                Some(self.arena.sqrt(sum))
            }
            (Tensor::Norm1 | Tensor::NormInfinity, Shape::Vector(size)) => {
                let entry = self.entry(of, &[place]);
                let entry = self.arena.apply(Elementary::Abs, entry);
                Some(match op {
                    Tensor::Norm1 => self.arena.big(Big::Sum, letter, one, size, entry),
                    _ => self.arena.extremum(Extremum::Supremum, letter, Some((one, size)), entry),
                })
            }
            (Tensor::Trace, Shape::Matrix(size, _)) => {
                let entry = self.entry(of, &[place, place]);
                Some(self.arena.big(Big::Sum, letter, one, size, entry))
            }
            _ => None,
        }
    }

    fn squared_entry(&mut self, of: Expr, at: &[Expr]) -> Expr {
        let (entry, two) = (self.entry(of, at), self.arena.integer(2));
        self.arena.power(entry, two)
    }

    /// A letter of an index that stands in none of some expressions, as a symbol and as an expression, and 1.
    fn letter_beside(&mut self, exprs: &[Expr]) -> (SymbolId, Expr, Expr) {
        let letter = self.arena.letter_apart("entry", exprs);
        (letter, self.arena.symbol(letter), self.arena.one())
    }
}

//! The equations of which all solutions are known.
//!
//! | equation | all its solutions, in parameters |
//! | --- | --- |
//! | `s = e`, `c s + e = 0` with a number c | s by what the others are |
//! | `a s = e` with a given a | s = e / a; a = 0 and e = 0 |
//! | `a b = 0` | a = 0; b = 0 |
//! | `b^2 = q^2` | b = q; b = -q |
//! | `S^⊤ = S`, `S^⊤ = -S` | M + M^⊤ and M - M^⊤ with any M (take S / 2) |
//! | `Σ_i y_i = c`, for a row or a column of each index, too | z + (c - Σ_i z_i) / n with any z (take y) |
//! | `‖v‖ = c`, `v^⊤ v = c^2` | c z / ‖z‖ with any z (take v) |
//! | `A v = w` | A = B + (w - B v) u^⊤ / (u^⊤ v) with any B, u (take A, v); v = 0 and w = 0 |
//!
//! In parentheses: the parameters at which a solution is met.

use crate::expr::{Arena, Big, Equation, Expr, Node, Prop, Shape, SymbolId, SymbolKind, Tensor};
use crate::model::{Argument, Definition, Model};
use crate::number::Rational;
use crate::number::rational::sqrt_exact;

/// Values of givens.
pub(super) type Way = Vec<Definition>;

/// The ways in which an equation holds, all of them together; none where not all are known.
pub(super) fn ways(arena: &mut Arena, model: &Model, equation: &Equation) -> Vec<Way> {
    let Equation { letters, range, left, right } = equation.whole(arena);
    let is_plain = |part: &Expr| {
        let node = arena.node(*part);
        !matches!(node, Node::Derivative { .. } | Node::At { .. } | Node::Limit { .. } | Node::Extremum { .. })
    };
    if !arena.reachable(&[left, right]).iter().all(is_plain) {
        return Vec::new();
    }
    let mut solver = Solver { arena, model, letters: &letters, range: &range };
    let tries: [Try<'_>; 7] = [
        Solver::as_it_stands,
        Solver::symmetric,
        Solver::of_known_sum,
        Solver::of_known_length,
        Solver::by_image,
        Solver::square,
        Solver::product,
    ];
    for attempt in tries {
        for (side, other) in [(left, right), (right, left)] {
            if let Some(found) = attempt(&mut solver, side, other) {
                return found;
            }
        }
    }
    solver.affine(left, right).unwrap_or_default()
}

/// Reads an equation from one of its sides.
type Try<'a> = fn(&mut Solver<'a>, Expr, Expr) -> Option<Vec<Way>>;

/// A member of a given that may have a value.
struct Head {
    symbol: SymbolId,
    indices: Vec<Argument>,
    shape: Shape,
}

/// The equation for all values of these letters in their range.
struct Solver<'a> {
    arena: &'a mut Arena,
    model: &'a Model,
    letters: &'a [SymbolId],
    range: &'a [Prop],
}

impl Solver<'_> {
    /// A given, with all letters as indices and numbers elsewhere; of a defined family no more than its start.
    fn head(&self, expr: Expr, letters: &[SymbolId]) -> Option<Head> {
        let Node::Symbol { symbol, indices, shape } = self.arena.node(expr) else { return None };
        let argument = |&index: &Expr| match self.arena.node(index) {
            Node::Symbol { symbol, .. } if letters.contains(symbol) => Some(Argument::Letter(*symbol)),
            _ => self.arena.as_integer(index).map(|_| Argument::Value(index)),
        };
        let arguments = indices.iter().map(argument).collect::<Option<Vec<Argument>>>()?;
        let n_letters = arguments.iter().filter(|argument| matches!(argument, Argument::Letter(_))).count();
        let has_all = letters.iter().all(|&letter| arguments.contains(&Argument::Letter(letter)));
        let is_known = !self.model.is_defined(*symbol) || n_letters == 0 && !indices.is_empty();
        let is_own = n_letters == letters.len() && has_all && is_known && self.speaks_of(letters);
        let head = Head { symbol: *symbol, indices: arguments, shape: *shape };
        (is_own && self.arena.kind(*symbol) == SymbolKind::Real).then_some(head)
    }

    /// Whether the range compares these letters with numbers and does nothing else: all that happens, happens at numbers.
    fn speaks_of(&self, letters: &[SymbolId]) -> bool {
        self.range.iter().flat_map(Prop::expressions).all(|side| match self.arena.node(side) {
            Node::Symbol { symbol, .. } => letters.contains(symbol),
            node => matches!(node, Node::Number(_)),
        })
    }

    fn own_head(&self, expr: Expr) -> Option<Head> {
        self.head(expr, self.letters)
    }

    fn is_free_of(&self, expr: Expr, symbol: SymbolId) -> bool {
        let is_own = |part: Expr| matches!(self.arena.node(part), Node::Symbol { symbol: own, .. } if *own == symbol);
        !self.arena.reachable(&[expr]).into_iter().any(is_own)
    }

    fn value(&mut self, Head { symbol, indices, shape }: Head, body: Expr) -> Definition {
        let is_number = self.arena.shape(body).is_scalar();
        let body = if is_number { self.arena.fill(body, shape) } else { body };
        Definition { symbol, indices, components: Vec::new(), shape, range: self.range.to_vec(), body }
    }

    /// A parameter of this shape, one for each member of the family that `like` is one of.
    fn parameter(&mut self, stem: &str, like: Expr, shape: Shape) -> Expr {
        let (name, indices) = match self.arena.node(like) {
            Node::Symbol { symbol, indices, .. } => (self.arena.name(*symbol).to_owned(), indices.clone()),
            _ => (String::new(), Box::default()),
        };
        let symbol = self.arena.intern(&format!("\u{a7}{stem} {name}"), SymbolKind::Real);
        self.arena.member_of_shape(symbol, indices, shape)
    }

    /// `s = e`
    fn as_it_stands(&mut self, side: Expr, other: Expr) -> Option<Vec<Way>> {
        let head = self.own_head(side)?;
        let fits = self.arena.shape(other).is_scalar() || self.arena.shape(other) == head.shape;
        (fits && self.is_free_of(other, head.symbol)).then(|| vec![vec![self.value(head, other)]])
    }

    /// `S^⊤ = S`, `S^⊤ = -S`
    fn symmetric(&mut self, side: Expr, other: Expr) -> Option<Vec<Way>> {
        let Node::Transpose(of) = *self.arena.node(side) else { return None };
        let (head, opposite) = (self.own_head(of)?, self.arena.negate(of));
        let Shape::Matrix(rows, columns) = head.shape else { return None };
        if rows != columns || other != of && other != opposite {
            return None;
        }
        let any = self.parameter("any", of, head.shape);
        let turned = self.arena.transpose(any);
        let body = if other == of { self.arena.sum([any, turned]) } else { self.arena.subtract(any, turned) };
        Some(vec![vec![self.value(head, body)]])
    }

    /// `Σ_i y_i = c`, `Σ_j Y_{ij} = c` for every i
    fn of_known_sum(&mut self, side: Expr, other: Expr) -> Option<Vec<Way>> {
        let Node::Big { op: Big::Sum, lower, upper, .. } = *self.arena.node(side) else { return None };
        let (index, body) = self.arena.open(side, 0)?;
        let index = self.arena.symbol(index);
        let Node::Entry { of, at } = self.arena.node(body).clone() else { return None };
        let place = at.iter().position(|&own| own == index)?;
        let sizes = self.arena.shape(of).sizes();
        let others: Vec<SymbolId> = at
            .iter()
            .filter(|&&own| own != index)
            .map(|&own| match self.arena.node(own) {
                Node::Symbol { symbol, .. } if self.letters.contains(symbol) => Some(*symbol),
                _ => None,
            })
            .collect::<Option<_>>()?;
        let family: Vec<SymbolId> = self.letters.iter().copied().filter(|letter| !others.contains(letter)).collect();
        let head = self.head(of, &family)?;
        let is_one_index = others.len() + 1 == at.len();
        let is_all = is_one_index
            && self.arena.is_one(lower)
            && sizes[place] == upper
            && (others.is_empty() || self.range.is_empty());
        let letters: Vec<Expr> = self.letters.iter().map(|&letter| self.arena.symbol(letter)).collect();
        let is_fixed = self.arena.shape(other).is_scalar()
            && !letters.iter().any(|&letter| self.arena.contains(other, letter))
            && self.is_free_of(other, head.symbol);
        if !is_all || !is_fixed {
            return None;
        }
        let any = self.parameter("any", of, head.shape);
        let (one, share) = (self.arena.one(), self.arena.reciprocal(upper));
        let ones = self.arena.fill(one, Shape::Vector(upper));
        let row = self.arena.transpose(ones);
        let missing = match (head.shape, place) {
            (Shape::Matrix(rows, _), 1) => {
                let (wanted, sums) = (self.arena.fill(other, Shape::Vector(rows)), self.arena.matmul([any, ones]));
                let missing = self.arena.subtract(wanted, sums);
                self.arena.matmul([missing, row])
            }
            (Shape::Matrix(_, columns), _) => {
                let (wanted, sums) = (self.arena.fill(other, Shape::Vector(columns)), self.arena.matmul([row, any]));
                let wanted = self.arena.transpose(wanted);
                let missing = self.arena.subtract(wanted, sums);
                self.arena.matmul([ones, missing])
            }
            (Shape::Vector(_) | Shape::Scalar, _) => {
                let sum = self.arena.matmul([row, any]);
                let missing = self.arena.subtract(other, sum);
                self.arena.fill(missing, head.shape)
            }
        };
        let missing = self.arena.product([share, missing]);
        let body = self.arena.sum([any, missing]);
        Some(vec![vec![self.value(head, body)]])
    }

    /// `‖v‖ = c`, `v^⊤ v = c^2`
    fn of_known_length(&mut self, side: Expr, other: Expr) -> Option<Vec<Way>> {
        let (of, length) = match self.arena.node(side).clone() {
            Node::Tensor { op: Tensor::Norm, args } => (args[0], other),
            Node::MatMul(parts) => {
                let [row, of] = parts[..] else { return None };
                let root = sqrt_exact(self.arena.as_number(other)?)?;
                (*self.arena.node(row) == Node::Transpose(of)).then_some(())?;
                (of, self.arena.number(root))
            }
            _ => return None,
        };
        let head = self.own_head(of)?;
        if !matches!(head.shape, Shape::Vector(_)) || !self.is_free_of(length, head.symbol) {
            return None;
        }
        let any = self.parameter("any", of, head.shape);
        let norm = self.arena.tensor(Tensor::Norm, vec![any]);
        let scale = self.arena.divide(length, norm);
        let body = self.arena.product([scale, any]);
        Some(vec![vec![self.value(head, body)]])
    }

    /// `A v = w`
    fn by_image(&mut self, side: Expr, other: Expr) -> Option<Vec<Way>> {
        let Node::MatMul(parts) = self.arena.node(side).clone() else { return None };
        let [matrix, vector] = parts[..] else { return None };
        let head = self.own_head(matrix)?;
        let (Shape::Matrix(..), shape @ Shape::Vector(_)) = (head.shape, self.arena.shape(vector)) else { return None };
        if !self.is_free_of(other, head.symbol) || !self.is_free_of(vector, head.symbol) {
            return None;
        }
        let mut ways = Vec::new();
        match *self.arena.node(vector) {
            Node::Fill(value, _) if self.arena.as_number(value).is_some_and(|value| !value.is_zero()) => {}
            _ => {
                let zero = self.arena.zero();
                let own = self.own_head(vector)?;
                let mut way = vec![self.value(own, zero)];
                way.extend(self.vanishing(other, Some(vector))?);
                ways.push(way);
            }
        }
        let (any, along) = (self.parameter("any", matrix, head.shape), self.parameter("along", matrix, shape));
        let (row, image) = (self.arena.transpose(along), self.arena.matmul([any, vector]));
        let missing = self.arena.subtract(other, image);
        let (step, scale) = (self.arena.matmul([missing, row]), self.arena.matmul([row, vector]));
        let step = self.arena.divide(step, scale);
        let body = self.arena.sum([any, step]);
        ways.insert(0, vec![self.value(head, body)]);
        Some(ways)
    }

    /// `b^2 = q^2`
    fn square(&mut self, side: Expr, other: Expr) -> Option<Vec<Way>> {
        let Node::Power(base, exponent) = *self.arena.node(side) else { return None };
        (self.letters.is_empty() && self.arena.as_integer(exponent) == Some(2)).then_some(())?;
        let root = sqrt_exact(self.arena.as_number(other)?)?;
        let roots = if root.is_zero() { vec![root] } else { vec![root.clone(), -root] };
        let way = |solver: &mut Self, root: Rational| {
            let (head, root) = (solver.own_head(base)?, solver.arena.number(root));
            Some(vec![solver.value(head, root)])
        };
        roots.into_iter().map(|root| way(self, root)).collect()
    }

    /// `a b = 0`
    fn product(&mut self, side: Expr, other: Expr) -> Option<Vec<Way>> {
        let Node::Product(factors) = self.arena.node(side).clone() else { return None };
        (self.letters.is_empty() && self.arena.is_zero(other)).then_some(())?;
        let factors = factors.iter().filter(|&&factor| self.arena.as_number(factor).is_none());
        let bases: Vec<Expr> = factors
            .map(|&factor| match *self.arena.node(factor) {
                Node::Power(base, exponent) if self.arena.as_integer(exponent).is_some_and(|n| n > 0) => base,
                _ => factor,
            })
            .collect();
        let zero = self.arena.zero();
        bases
            .into_iter()
            .map(|base| {
                let head = self.own_head(base).filter(|head| head.shape.is_scalar())?;
                Some(vec![self.value(head, zero)])
            })
            .collect()
    }

    /// What makes an expression 0 that is a number times a given, or holds a factor that is 0.
    fn vanishing(&mut self, expr: Expr, zero: Option<Expr>) -> Option<Way> {
        let factors = self.arena.factors(expr);
        if self.arena.is_zero(expr) || zero.is_some_and(|zero| factors.contains(&zero)) {
            return Some(Vec::new());
        }
        let unknown: Vec<Expr> = factors.into_iter().filter(|&factor| self.arena.as_number(factor).is_none()).collect();
        let [given] = unknown[..] else { return None };
        let (head, zero) = (self.own_head(given).or_else(|| self.head(given, &[]))?, self.arena.zero());
        let value = self.value(head, zero);
        Some(vec![value])
    }

    /// `c s + e = 0` with a number c, or with a given that is 0 or is not.
    fn affine(&mut self, left: Expr, right: Expr) -> Option<Vec<Way>> {
        let difference = self.arena.subtract(left, right);
        let terms = self.arena.terms(difference);
        let by_number = terms.iter().find_map(|&term| self.solved_for(&terms, term, true));
        by_number.or_else(|| terms.iter().find_map(|&term| self.solved_for(&terms, term, false)))
    }

    /// Solves for a given in one of the terms, by whose coefficient the others are divided.
    fn solved_for(&mut self, terms: &[Expr], term: Expr, by_number: bool) -> Option<Vec<Way>> {
        let factors = self.arena.factors(term);
        let rest: Vec<Expr> = terms.iter().copied().filter(|&other| other != term).collect();
        let rest = self.arena.sum(rest);
        factors.iter().find_map(|&factor| {
            let head = self.own_head(factor)?;
            let others: Vec<Expr> = factors.iter().copied().filter(|&other| other != factor).collect();
            let coefficient = self.arena.product(others);
            let is_free = self.is_free_of(rest, head.symbol) && self.is_free_of(coefficient, head.symbol);
            let is_number = self.arena.as_number(coefficient).is_some();
            if !is_free || is_number != by_number || !self.arena.shape(coefficient).is_scalar() {
                return None;
            }
            let opposite = self.arena.negate(rest);
            let body = self.arena.divide(opposite, coefficient);
            let mut ways = vec![vec![self.value(head, body)]];
            if !is_number && self.arena.as_number(rest).is_none_or(Rational::is_zero) {
                let (own, zero) = (self.head(coefficient, &[])?, self.arena.zero());
                let mut way = vec![self.value(own, zero)];
                way.extend(self.vanishing(rest, None)?);
                ways.push(way);
            }
            Some(ways)
        })
    }
}

//! The constructors that bind a letter: sums and products over an index, limits, suprema.

use std::collections::{BTreeMap, HashMap};

use crate::expr::{Arena, Big, Expr, Extremum, Mixing, Node, Shape, Substitution, SymbolId};

impl Arena {
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

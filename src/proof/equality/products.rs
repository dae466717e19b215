//! Ordered products of matrices that are known by their factors.
//!
//! Where `M_j` is `∂s_j/∂s_{j-1}` for a state s, `M_t M_{t-1} … M_{k+1}` is `∂s_t/∂s_k`: both are the identity for t = k
//! and gain the same factor on the left with each step, so they are equal for every t ≥ k. Turned around,
//! `M_{k+1}^⊤ … M_t^⊤` is the transpose of the same derivative. Of a state from right to left, `M_k … M_{t-1}` is `∂s_k/∂s_t`:
//! there the last step is that with the least index. A product of diagonal matrices is the diagonal matrix of
//! the products, and two products whose factors are equal are equal.

use crate::expr::{Big, DerivativeKind, Expr, Node, Shape, Substitution, SymbolId};
use crate::number::Rational;
use crate::proof::equality::algebra::Algebra;
use crate::rewrite::entries::entry;
use crate::rewrite::{Domain, Linear};

impl Algebra<'_> {
    /// The expression with the entries of products of Jacobians written as derivatives of states, worked out, those of
    /// products of diagonal matrices as products of numbers, and those of equal products as entries of one of them.
    pub fn products_recognised(&mut self, domain: &Domain, expr: Expr) -> Expr {
        let (model, structure, context) = (self.model, self.structure, self.context);
        let mut others = Vec::new();
        self.forms.arena.rewrite(expr, &mut |arena, part| match arena.node(part) {
            // Under binders, which are open here.
            Node::Entry { of, .. } if matches!(arena.node(*of), Node::Big { .. }) => {
                Algebra::new(arena, model, structure, context).recognised(domain, part, &mut others)
            }
            _ => None,
        })
    }

    /// What an entry of an ordered product is; where it is only equal to that of another one, of one among `others`.
    fn recognised(&mut self, domain: &Domain, part: Expr, others: &mut Vec<Expr>) -> Option<Expr> {
        let Node::Entry { of, at } = self.forms.arena.node(part).clone() else { return None };
        let [row, column] = at[..] else { return None };
        for same in Product::read(self, domain, of)?.over_indices_of_members() {
            let mut product = Product::read(self, domain, same)?;
            if let Some(state) = product.state() {
                // The order of diagonal factors does not matter.
                if !product.is_last_leftmost(state)
                    && let Some(value) = product.diagonal(row, column)
                {
                    return Some(value);
                }
                let (row, column) = if product.is_last_leftmost(state) { (row, column) } else { (column, row) };
                return product.derivative(state, row, column);
            }
        }
        let mut product = Product::read(self, domain, of)?;
        if let Some(value) = product.diagonal(row, column) {
            return Some(value);
        }
        let Some(older) = others.iter().copied().find(|&older| product.has_factors_of(older).unwrap_or(false)) else {
            others.push(of);
            return None;
        };
        (older != of).then(|| self.forms.arena.entry(older, vec![row, column]))
    }
}

struct Product<'p, 'a> {
    algebra: &'p mut Algebra<'a>,
    domain: &'p Domain,
    op: Big,
    product: Expr,
    lower: Expr,
    upper: Expr,
}

/// The factor of a product at a letter of its range, with letters for an entry of it.
struct Factor {
    letter: SymbolId,
    factor: Expr,
    rows: Expr,
    columns: Expr,
    row: Expr,
    column: Expr,
    inside: Domain,
}

impl<'p, 'a> Product<'p, 'a> {
    /// An ordered product; `None` for everything else.
    fn read(algebra: &'p mut Algebra<'a>, domain: &'p Domain, product: Expr) -> Option<Product<'p, 'a>> {
        match *algebra.forms.arena.node(product) {
            Node::Big { op: op @ (Big::Ascending | Big::Descending), lower, upper, .. } => {
                Some(Product { algebra, domain, op, product, lower, upper })
            }
            _ => None,
        }
    }

    /// The product as it is, and over the index of each member in its factor that goes up or down with its own one by one:
    /// `M_n M_{n-1} … M_1` is `Π_{k=0}^{n-1} M_{n-k}` over `n - k`, downward.
    fn over_indices_of_members(&mut self) -> Vec<Expr> {
        let mut found = vec![self.product];
        let arena = &mut *self.algebra.forms.arena;
        let Some((letter, factor)) = arena.open(self.product, 800) else { return found };
        let (index, ends) = (arena.symbol(letter), [self.lower, self.upper]);
        for part in arena.reachable(&[factor]) {
            let Node::Symbol { indices, .. } = arena.node(part) else { continue };
            let [at] = indices[..] else { continue };
            let Some(form) = Linear::read(arena, at) else { continue };
            let is_forward = match form.parts.get(&index) {
                Some(step) if *step == Rational::from(1) => true,
                Some(step) if *step == Rational::from(-1) => false,
                Some(_) | None => continue,
            };
            let rest = form.substitute(index, &Linear::default());
            let own = Linear::letter(index);
            let value = if is_forward { own.minus(&rest) } else { rest.minus(&own) }.expr(arena);
            let factor = arena.at_index(factor, index, value);
            let [first, last] = ends.map(|end| arena.at_index(at, index, end));
            let same = match (is_forward, self.op) {
                (true, op) => arena.big(op, letter, first, last, factor),
                (false, Big::Descending) => arena.big(Big::Ascending, letter, last, first, factor),
                (false, _) => arena.big(Big::Descending, letter, last, first, factor),
            };
            if !found.contains(&same) {
                found.push(same);
            }
        }
        found
    }

    /// The factor at every index of the range.
    fn factor(&mut self) -> Option<Factor> {
        let (letter, factor) = self.algebra.forms.arena.open(self.product, 800)?;
        let index = Linear::letter(self.algebra.forms.arena.symbol(letter));
        let mut inside = self.domain.clone();
        inside.require_at_most_zero(&Linear::read(self.algebra.forms.arena, self.lower)?.minus(&index))?;
        inside.require_at_most_zero(&index.minus(&Linear::read(self.algebra.forms.arena, self.upper)?))?;
        let Shape::Matrix(rows, columns) = self.algebra.forms.arena.shape(factor) else { return None };
        let row = self.letter_of_size("row", factor, rows, &mut inside)?;
        let column = self.letter_of_size("column", factor, columns, &mut inside)?;
        Some(Factor { letter, factor, rows, columns, row, column, inside })
    }

    /// An entry of a factor with its derivatives worked out.
    fn resolved(&mut self, factor: Expr, at: [Expr; 2]) -> Option<Expr> {
        let claimed = entry(self.algebra.forms.arena, factor, &at);
        self.algebra.resolver().resolve(claimed)
    }

    fn vanishes(&mut self, difference: Expr, domain: &Domain) -> bool {
        self.algebra.by_unfolding(difference, domain).is_some_and(|ground| ground.conditions.is_empty())
    }

    /// `(Π_k D_k)_{ij} = δ_{ij} Π_k (D_k)_{ii}` where every factor is diagonal.
    fn diagonal(&mut self, row: Expr, column: Expr) -> Option<Expr> {
        let Factor { letter, factor, rows, columns, row: i, column: j, inside } = self.factor()?;
        let arena = &mut *self.algebra.forms.arena;
        let index = arena.symbol(letter);
        if arena.contains(rows, index) || rows != columns {
            return None;
        }
        let off = self.resolved(factor, [i, j])?;
        let one = Linear::integer(1);
        for (less, more) in [(i, j), (j, i)] {
            let gap = Linear::letter(less).minus(&Linear::letter(more)).plus(&one, &Rational::from(1));
            let mut beside = inside.clone();
            beside.require_at_most_zero(&gap)?;
            if !beside.is_empty() && !self.vanishes(off, &beside) {
                return None;
            }
        }
        let on = self.resolved(factor, [i, i])?;
        let form = self.algebra.form(on, &inside)?;
        if !self.algebra.forms.conditions.is_empty() {
            return None;
        }
        let on = self.algebra.forms.expression_within(&form, &inside)?;
        let arena = &mut *self.algebra.forms.arena;
        let on = arena.substitute(on, &Substitution::from([(i, row)]));
        let (same, product) = (arena.delta(row, column), arena.big(Big::Product, letter, self.lower, self.upper, on));
        Some(arena.product([same, product]))
    }

    /// Whether another product has the same factors in the same order.
    fn has_factors_of(&mut self, other: Expr) -> Option<bool> {
        let Node::Big { op, lower, upper, .. } = *self.algebra.forms.arena.node(other) else { return None };
        if other == self.product || (op, lower, upper) != (self.op, self.lower, self.upper) {
            return Some(other == self.product);
        }
        let Factor { letter, factor, row, column, inside, .. } = self.factor()?;
        let letter = self.algebra.forms.arena.symbol(letter);
        let theirs = self.algebra.forms.arena.instantiate(other, letter)?;
        if self.algebra.forms.arena.shape(theirs) != self.algebra.forms.arena.shape(factor) {
            return Some(false);
        }
        let (mine, theirs) = (self.resolved(factor, [row, column])?, self.resolved(theirs, [row, column])?);
        let difference = self.algebra.forms.arena.subtract(mine, theirs);
        Some(self.vanishes(difference, &inside))
    }

    /// The state whose Jacobian every factor is.
    fn state(&mut self) -> Option<SymbolId> {
        let (low, high) =
            (Linear::read(self.algebra.forms.arena, self.lower)?, Linear::read(self.algebra.forms.arena, self.upper)?);
        // A range shorter than empty has no state at its lower end.
        if !self.domain.implies_at_most_zero(&low.minus(&high).minus(&Linear::integer(1))) {
            return None;
        }
        let states: Vec<SymbolId> = self.algebra.structure.lone.iter().copied().collect();
        states.into_iter().find(|&state| self.is_jacobian_of(state).unwrap_or(false))
    }

    /// Whether the last step of a state stands leftmost, as in its derivative; else in the transpose of that.
    fn is_last_leftmost(&self, state: SymbolId) -> bool {
        (self.op == Big::Descending) != self.algebra.structure.runs_back(state)
    }

    /// Whether the factor at each index of the range is the Jacobian of a state's step there.
    fn is_jacobian_of(&mut self, state: SymbolId) -> Option<bool> {
        let Factor { letter, factor, rows, columns, row, column, inside } = self.factor()?;
        let j = self.algebra.forms.arena.symbol(letter);
        let structure = self.algebra.structure;
        let first = structure.place_of_first(self.algebra.forms.arena, state)?;
        if !inside.implies_at_most_zero(&first.minus(&structure.place(state, &Linear::letter(j)))) {
            return Some(false);
        }
        let before = structure.before(self.algebra.forms.arena, state, j);
        let sizes = (self.size_at(state, j)?, self.size_at(state, before)?);
        let (own, at) = if self.is_last_leftmost(state) {
            ((rows, columns), (row, column))
        } else {
            ((columns, rows), (column, row))
        };
        if own != sizes {
            return Some(false);
        }
        let claimed = self.resolved(factor, [row, column])?;
        let slope = self.algebra.resolver().step_entry(state, j, at)?;
        let difference = self.algebra.forms.arena.subtract(claimed, slope);
        Some(self.vanishes(difference, &inside))
    }

    /// The size of a state of vectors at an index.
    fn size_at(&mut self, state: SymbolId, index: Expr) -> Option<Expr> {
        let (structure, model) = (self.algebra.structure, self.algebra.model);
        let whole = structure.member_at(self.algebra.forms.arena, model, state, &[index])?;
        match self.algebra.forms.arena.shape(whole) {
            Shape::Vector(size) => Some(size),
            Shape::Scalar | Shape::Matrix(..) => None,
        }
    }

    fn letter_of_size(&mut self, stem: &str, apart: Expr, size: Expr, domain: &mut Domain) -> Option<Expr> {
        let letter = self.algebra.forms.arena.letter_apart(stem, &[apart]);
        let letter = self.algebra.forms.arena.symbol(letter);
        let index = Linear::letter(letter);
        domain.require_at_most_zero(&Linear::integer(1).minus(&index))?;
        domain.require_at_most_zero(&index.minus(&Linear::read(self.algebra.forms.arena, size)?))?;
        Some(letter)
    }

    /// `∂s_t/∂s_k` for the product from t back to the step after k, at a row and a column.
    fn derivative(&mut self, state: SymbolId, row: Expr, column: Expr) -> Option<Expr> {
        let structure = self.algebra.structure;
        let (first, last) = structure.as_range(state, self.lower, self.upper);
        let start = structure.before(self.algebra.forms.arena, state, first);
        let later = structure.member_at(self.algebra.forms.arena, self.algebra.model, state, &[last])?;
        let earlier = structure.member_at(self.algebra.forms.arena, self.algebra.model, state, &[start])?;
        let (later, earlier) =
            (self.algebra.forms.arena.entry(later, vec![row]), self.algebra.forms.arena.entry(earlier, vec![column]));
        self.algebra.resolver().derivative(DerivativeKind::Total, later, earlier)
    }
}

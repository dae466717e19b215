//! Products of the same factors brought to common ends: `Π_{k=j}^{t} a_k = a_t Π_{k=j}^{t-1} a_k` for j ≤ t.
//!
//! Where a factor is a sum, as `σ(z_k) (1 - σ(z_k))` is, a product is no longer recognised next to its own factor once
//! that is multiplied out. So the longer of two products takes a step, and both sides are made of the shorter one.

use std::collections::BTreeSet;

use crate::expr::{Arena, Big, Branch, Comparison, Expr, Node};
use crate::proof::equality::algebra::Algebra;
use crate::rewrite::Linear;

/// Products that are longer by more factors than this are left as they are.
const MAX_STEPS: i64 = 3;

/// An end of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Lower,
    Upper,
}

impl Algebra<'_> {
    /// The expression with products over sums shortened to the ends of others of the same factors; `None` where there are
    /// no others.
    pub fn products_shortened(&mut self, expr: Expr) -> Option<Expr> {
        let arena = &mut *self.forms.arena;
        let is_product = |part| matches!(arena.node(part), Node::Big { op: Big::Product, .. });
        if !arena.reachable(&[expr]).into_iter().any(is_product) {
            return None;
        }
        let mut products = BTreeSet::new();
        // Under binders, which are open here.
        arena.rewrite(expr, &mut |arena, part| {
            products.extend(Product::over_sum(arena, part));
            None
        });
        let is_free = |&letter: &Expr| arena.contains(expr, letter);
        let bound: BTreeSet<Expr> =
            products.iter().flat_map(Product::letters).filter(|letter| !is_free(letter)).collect();
        let longer = longer_ones(&products, &bound)?;
        let shortened = arena.rewrite(expr, &mut |arena, part| {
            let product = Product::over_sum(arena, part)?;
            let is_longer = |end: &End| longer.contains(&(product.body, *end, product.end(*end).clone()));
            last_factor_apart(arena, part, [End::Lower, End::Upper].into_iter().find(is_longer)?)
        });
        self.note("product and its last factor", [(expr, shortened)]);
        (shortened != expr).then_some(shortened)
    }
}

/// The factor and the ends of a product whose factor is a sum, or has one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Product {
    body: Expr,
    ends: [Linear; 2],
}

impl Product {
    fn over_sum(arena: &Arena, part: Expr) -> Option<Product> {
        let Node::Big { op: Big::Product, lower, upper, body, .. } = *arena.node(part) else { return None };
        let is_sum = |part: &Expr| matches!(arena.node(*part), Node::Sum(_));
        let holds_sum = match arena.node(body) {
            Node::Product(factors) => factors.iter().any(is_sum),
            _ => is_sum(&body),
        };
        let ends = [Linear::read(arena, lower)?, Linear::read(arena, upper)?];
        holds_sum.then_some(Product { body, ends })
    }

    fn end(&self, end: End) -> &Linear {
        &self.ends[end as usize]
    }

    /// What the ends are made of.
    fn letters(&self) -> impl Iterator<Item = Expr> {
        self.ends.iter().flat_map(|end| end.parts.keys().copied())
    }

    /// The product with one letter for all of the letters `bound`.
    fn with_one_letter(&self, bound: &BTreeSet<Expr>) -> Product {
        let mut others = bound.iter();
        let Some(&one) = others.next() else { return self.clone() };
        let one = Linear::letter(one);
        let ends = self.ends.clone().map(|end| others.clone().fold(end, |end, &letter| end.substitute(letter, &one)));
        Product { body: self.body, ends }
    }
}

/// The factors and the ends of the products that go on, by a few steps, beyond the end of another one.
///
/// Indices that sums bind are told apart by nothing: what they lengthen comes after what free ones lengthen, and last, what
/// is longer whatever the indices are called.
fn longer_ones(products: &BTreeSet<Product>, bound: &BTreeSet<Expr>) -> Option<BTreeSet<(Expr, End, Linear)>> {
    let named: Vec<(&Product, Product)> = products.iter().map(|product| (product, product.clone())).collect();
    let nameless: Vec<(&Product, Product)> =
        products.iter().map(|product| (product, product.with_one_letter(bound))).collect();
    let (by_bound, free): (BTreeSet<_>, BTreeSet<_>) =
        goes_on(&named).into_iter().partition(|(_, _, end)| end.parts.keys().any(|letter| bound.contains(letter)));
    [free, by_bound, goes_on(&nameless)].into_iter().find(|longer| !longer.is_empty())
}

/// The factors and the ends of the products that go on beyond another one, by what they are compared as.
fn goes_on(products: &[(&Product, Product)]) -> BTreeSet<(Expr, End, Linear)> {
    let mut longer = BTreeSet::new();
    for (product, compared) in products {
        for (_, other) in products.iter().filter(|(_, other)| other.body == compared.body) {
            for end in [End::Lower, End::Upper] {
                let beyond = match end {
                    End::Lower => other.end(end).minus(compared.end(end)),
                    End::Upper => compared.end(end).minus(other.end(end)),
                };
                if beyond.as_integer().is_some_and(|steps| (1..=MAX_STEPS).contains(&steps)) {
                    longer.insert((product.body, end, product.end(end).clone()));
                }
            }
        }
    }
    longer
}

/// A product with the factor at one end apart, where its range is not empty; 1 where it is.
fn last_factor_apart(arena: &mut Arena, product: Expr, end: End) -> Option<Expr> {
    let Node::Big { op, lower, upper, .. } = *arena.node(product) else { return None };
    let (letter, body) = arena.open(product, 750)?;
    let (one, minus) = (arena.one(), arena.integer(-1));
    let (factor, low, high) = match end {
        End::Lower => (arena.instantiate(product, lower)?, arena.sum([lower, one]), upper),
        End::Upper => (arena.instantiate(product, upper)?, lower, arena.sum([upper, minus])),
    };
    let rest = arena.big(op, letter, low, high, body);
    let value = arena.product([factor, rest]);
    let is_there = Some((Comparison::LessEqual, lower, upper));
    let empty = Branch { condition: None, value: one };
    Some(arena.cases(vec![Branch { condition: is_there, value }, empty]))
}

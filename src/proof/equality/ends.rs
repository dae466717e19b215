//! Products of the same factors brought to common ends: `Π_{k=j}^{t} a_k = a_t Π_{k=j}^{t-1} a_k` for j ≤ t.
//!
//! Where a factor is a sum, as `σ(z_k) (1 - σ(z_k))` is, a product is no longer recognised next to its own factor once
//! that is multiplied out. So the longer of two products takes a step, and both sides are made of the shorter one.

use std::collections::BTreeSet;

use crate::expr::{Arena, Big, Branch, Comparison, Expr, Node};
use crate::number::Rational;
use crate::proof::equality::algebra::Algebra;
use crate::rewrite::{Domain, Linear};

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
    pub fn products_shortened(&mut self, expr: Expr, domain: &Domain) -> Option<Expr> {
        let arena = &*self.forms.arena;
        let is_product = |part| matches!(arena.node(part), Node::Big { op: Big::Product, .. });
        if !arena.reachable(&[expr]).into_iter().any(is_product) {
            return None;
        }
        let mut products = BTreeSet::new();
        self.rewritten_within(expr, domain, &mut |algebra, part, inside| {
            products.extend(Product::within(algebra.forms.arena, part, expr, inside));
            None
        });
        let longer = longer_ones(&products)?;
        let shortened = self.rewritten_within(expr, domain, &mut |algebra, part, inside| {
            let arena = &mut *algebra.forms.arena;
            let product = Product::within(arena, part, expr, inside)?;
            let end = [End::Lower, End::Upper].into_iter().find(|&end| longer.contains(&(&product, end)))?;
            last_factor_apart(arena, part, end)
        });
        self.note("product and its last factor", [(expr, shortened)]);
        (shortened != expr).then_some(shortened)
    }

    /// The factors by which products over sums grow with a letter at which they end: `1 + a_n` for `Π_{k=1}^{n} (1 + a_k)`.
    pub fn last_factors(&mut self, expr: Expr, letter: Expr) -> BTreeSet<Expr> {
        let arena = &mut *self.forms.arena;
        let known: BTreeSet<Expr> = arena.reachable(&[expr]).into_iter().collect();
        let is_known = |arena: &Arena, factor: Expr| {
            let is_letter =
                |part: &Expr| matches!(arena.node(*part), Node::Symbol { indices, .. } if indices.is_empty());
            arena.reachable(&[factor]).iter().filter(|part| is_letter(part)).all(|letter| known.contains(letter))
        };
        let mut factors = BTreeSet::new();
        // Under binders, which are open here.
        arena.rewrite(expr, &mut |arena, part| {
            let (_, [_, upper]) = over_sum(arena, part)?;
            if upper.parts.get(&letter).is_some_and(Rational::is_one) {
                let end = upper.expr(arena);
                factors.extend(arena.instantiate(part, end).filter(|&factor| is_known(arena, factor)));
            }
            None
        });
        factors
    }
}

/// The factor and the ends of a product whose factor is a sum, or has one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Product {
    body: Expr,
    ends: [Linear; 2],
    /// Whether an index that a sum binds stands in an end.
    is_bound: [bool; 2],
    /// The ends at the end of the range of each index that a sum binds: where it is whatever the index is called.
    places: [Linear; 2],
}

impl Product {
    /// The product that stands on the domain `inside` of an expression.
    fn within(arena: &Arena, part: Expr, of: Expr, inside: &Domain) -> Option<Product> {
        let (body, ends) = over_sum(arena, part)?;
        let bound: Vec<Expr> = inside.letters().into_iter().filter(|&letter| !arena.contains(of, letter)).collect();
        let places =
            ends.clone().map(|end| bound.iter().fold(end, |end, &letter| at_its_end(&end, letter, inside, &bound)));
        let is_bound = ends.each_ref().map(|end| bound.iter().any(|letter| end.parts.contains_key(letter)));
        Some(Product { body, ends, is_bound, places })
    }

    /// By how many steps it goes on beyond the end of another one, by where the ends lie.
    fn beyond(&self, other: &Product, end: End, at: fn(&Product) -> &[Linear; 2]) -> Option<i64> {
        let (own, other) = (&at(self)[end as usize], &at(other)[end as usize]);
        let steps = match end {
            End::Lower => other.minus(own),
            End::Upper => own.minus(other),
        };
        steps.as_integer().filter(|steps| (1..=MAX_STEPS).contains(steps))
    }
}

/// A form with a letter at that end of its range that no other of the letters moves, the first one before the last.
fn at_its_end(form: &Linear, letter: Expr, domain: &Domain, bound: &[Expr]) -> Linear {
    let (lower, upper) = domain.range_of(letter);
    let is_fixed = |end: &&Linear| !bound.iter().any(|other| end.parts.contains_key(other));
    match lower.iter().find(is_fixed).or_else(|| upper.iter().find(is_fixed)) {
        Some(end) => form.substitute(letter, end),
        None => form.clone(),
    }
}

/// The factor and the ends of a product whose factor is a sum, or has one.
fn over_sum(arena: &Arena, part: Expr) -> Option<(Expr, [Linear; 2])> {
    let Node::Big { op: Big::Product, lower, upper, body, .. } = *arena.node(part) else { return None };
    let is_sum = |part: &Expr| matches!(arena.node(*part), Node::Sum(_));
    let holds_sum = match arena.node(body) {
        Node::Product(factors) => factors.iter().any(is_sum),
        _ => is_sum(&body),
    };
    holds_sum.then_some((body, [Linear::read(arena, lower)?, Linear::read(arena, upper)?]))
}

/// The products that go on, by a few steps, beyond the end of another one of the same factors.
///
/// Indices that sums bind are told apart by nothing: what they lengthen comes after what free ones lengthen, and last, what
/// is longer whatever the indices are called.
fn longer_ones(products: &BTreeSet<Product>) -> Option<BTreeSet<(&Product, End)>> {
    let (bound, free): (BTreeSet<_>, BTreeSet<_>) = goes_on(products, |product| &product.ends)
        .into_iter()
        .partition(|(product, end)| product.is_bound[*end as usize]);
    [free, bound, goes_on(products, |product| &product.places)].into_iter().find(|longer| !longer.is_empty())
}

/// The products that go on beyond another one, by where their ends lie.
fn goes_on(products: &BTreeSet<Product>, at: fn(&Product) -> &[Linear; 2]) -> BTreeSet<(&Product, End)> {
    let goes_on = |product: &Product, end: End| {
        products.iter().any(|other| other.body == product.body && product.beyond(other, end, at).is_some())
    };
    let ends = products.iter().flat_map(|product| [(product, End::Lower), (product, End::Upper)]);
    ends.filter(|&(product, end)| goes_on(product, end)).collect()
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

//! The survey of a claim: the need of every expression, from that of its parts.

use std::collections::{BTreeMap, BTreeSet};

use crate::expr::{Arena, Expr, Node, Shape, SymbolId, Tensor};
use crate::model::Model;
use crate::numeric::WorkedOut;
use crate::proof::cases::Refusal;
use crate::proof::cases::accidents::Arguments;
use crate::proof::cases::claim::Counts;
use crate::proof::cases::divisors::Divisor;
use crate::proof::cases::families::Family;
use crate::proof::cases::graph::Method;
use crate::proof::cases::grips::{Grip, divisors_in};
use crate::proof::cases::need::{COUNT, NOTHING, Need, ONE};

/// The survey of one claim.
pub(super) struct Survey<'a> {
    pub arena: &'a Arena,
    pub model: &'a Model,
    pub sizes: &'a BTreeSet<SymbolId>,
    /// What they are where they stand as numbers.
    pub counts: Counts,
    /// How derivatives of members by members are evaluated.
    pub method: Method,
    /// On the graph, which derivatives may be worked out.
    pub worked_out: WorkedOut,
    /// For each defined symbol, what its definitions lead to.
    pub below: BTreeMap<SymbolId, BTreeSet<SymbolId>>,
    pub needs: BTreeMap<Expr, Need>,
    pub families: BTreeMap<SymbolId, Family>,
    /// Families whose definitions are being read, with how their members are taken to hold their indices.
    pub open: BTreeMap<SymbolId, Grip>,
    /// What divides, in the order in which it is met.
    pub divisors: Vec<Divisor>,
    /// The letters of the definitions that are being read. All letters of one definition stand for one place.
    pub own: BTreeSet<Expr>,
    /// The indices of the entries that are defined there.
    pub components: Vec<SymbolId>,
    /// The farthest that an index stands from its letter.
    pub window: i64,
    /// The farthest that a condition holds two letters apart.
    pub apart: i64,
    /// How many steps farther letters are moved apart until every pattern of members that lead to others was seen.
    pub beyond: i64,
    /// Whether unknowns may be cancelled: something divides by them, or takes a logarithm.
    pub divides: bool,
    /// The symbols by which something may divide.
    pub may_divide: BTreeSet<SymbolId>,
    /// Numbers at which something begins, ends or is looked at.
    pub constants: BTreeSet<i64>,
    /// Indices of entries that are told apart from all others.
    pub entries: BTreeSet<i64>,
    /// Whether roots are taken of what sizes or letters stand in as numbers.
    pub has_counted_roots: bool,
    /// How many indices of entries stand in an exponent or below a logarithm, where terms are added up.
    pub in_exponents: u64,
    /// Whether matrices are inverted.
    pub has_inverses: bool,
    /// Determinants, and powers with sizes as exponents.
    pub factors: Vec<Expr>,
    /// How many strands of words stand below lines for that.
    pub strands_below: u64,
    /// How many derivatives are taken, each of which doubles them.
    pub n_derivatives: u64,
    /// How many indices of entries the slopes of recurrences add to a monomial at each step.
    pub slopes_per_step: u64,
    /// How many indices of entries stand in two arguments of functions, which have one value only if they are one.
    pub told_apart: u64,
    /// How many indices of entries stand below all roots together.
    pub below_roots: u64,
    /// The arguments of roots and functions.
    pub called: Arguments,
}

impl<'a> Survey<'a> {
    pub fn new(arena: &'a Arena, model: &'a Model, sizes: &'a BTreeSet<SymbolId>, method: Method) -> Survey<'a> {
        Survey {
            arena,
            model,
            sizes,
            counts: Counts::Sizes,
            method,
            worked_out: WorkedOut::new(),
            below: model.makings(arena),
            needs: BTreeMap::new(),
            families: BTreeMap::new(),
            open: BTreeMap::new(),
            divisors: Vec::new(),
            own: BTreeSet::new(),
            components: Vec::new(),
            window: 0,
            apart: 0,
            beyond: 0,
            divides: false,
            may_divide: BTreeSet::new(),
            constants: BTreeSet::new(),
            entries: BTreeSet::new(),
            has_counted_roots: false,
            in_exponents: 0,
            has_inverses: false,
            factors: Vec::new(),
            strands_below: 0,
            n_derivatives: 0,
            slopes_per_step: 0,
            told_apart: 0,
            below_roots: 0,
            called: Arguments::new(),
        }
    }

    /// What it takes to know the difference of two sides.
    pub fn difference(&mut self, left: Expr, right: Expr) -> Result<Need, Refusal> {
        self.may_divide = divisors_in(self.arena, self.model, &[left, right]);
        let (one, other) = (self.need(left)?, self.need(right)?);
        let mut need = Need { words: one.words.less(other.words), ..one.plus(other) };
        need = need.with_letters(self.n_free(self.arena.shape(left)).max(self.n_free(self.arena.shape(right))));
        if self.has_inverses && need.words.is_joined {
            return Err(Refusal::Outside("an inverse beside functions of entries"));
        }
        if !self.factors.is_empty() {
            return self.with_factors(need, [one.words, other.words]);
        }
        Ok(self.cleared(need).with_counts(self.accidents()))
    }

    /// How far letters are moved apart: as many steps as values are carried, after what is irregular, and as much farther for
    /// the letters that stand for the places of members.
    pub fn distance(&self, need: Need) -> i64 {
        let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let irregular = self.window.max(self.apart) + self.beyond;
        whole(need.dimension()).saturating_add(irregular).saturating_mul(whole(1 + 2 * need.walked_twice))
    }

    /// How many indices an entry of this shape has, but for those of sizes that are numbers: they take no room.
    pub fn n_free(&self, shape: Shape) -> u64 {
        shape.sizes().into_iter().filter(|&size| self.arena.as_number(size).is_none()).count() as u64
    }

    /// A product of matrices sums over the indices between them.
    fn matmul(&self, parts: &[Expr]) -> Need {
        let (mut need, mut held) = (self.product(parts), self.needs[&parts[0]]);
        for (at, pair) in parts.windows(2).enumerate() {
            let next = self.needs[&pair[1]];
            let size = self.arena.shape(pair[1]).sizes().first().copied();
            // An index before a diagonal is the one behind it.
            let is_same = self.is_diagonal(pair[1]) || at == 0 && self.is_diagonal(pair[0]);
            if !is_same && size.is_some_and(|size| self.arena.as_number(size).is_none()) {
                need = need.with_letters(1).with_counts(held.counts_beside(next));
            }
            // What is tied passes on how the factor before it holds its index.
            if next.grip != Grip::Tied {
                held = next;
            }
        }
        need
    }

    fn is_diagonal(&self, matrix: Expr) -> bool {
        matches!(self.arena.node(matrix), Node::Identity(_) | Node::Tensor { op: Tensor::Diagonal, .. })
    }

    pub fn need(&mut self, expr: Expr) -> Result<Need, Refusal> {
        let arena = self.arena;
        for part in arena.reachable(&[expr]) {
            if !self.needs.contains_key(&part) {
                let need = self.node(part)?;
                let need = match arena.node(part) {
                    Node::Symbol { .. } => need,
                    Node::Derivative { .. } => Need { words: self.words(part), ..need },
                    _ => Need { grip: self.grip(part), words: self.words(part), ..need },
                };
                self.needs.insert(part, need);
            }
        }
        Ok(self.needs[&expr])
    }

    fn sum(&self, parts: &[Expr]) -> Need {
        parts.iter().fold(NOTHING, |need, part| need.plus(self.needs[part]))
    }

    pub fn product(&self, parts: &[Expr]) -> Need {
        parts.iter().fold(ONE, |need, part| need.times(self.needs[part]))
    }

    /// The need of a node over parts that are known.
    fn node(&mut self, expr: Expr) -> Result<Need, Refusal> {
        let arena = self.arena;
        match arena.node(expr) {
            Node::Number(_) | Node::Pi | Node::Unit(..) | Node::Identity(_) => Ok(ONE),
            // As a number, an index counts the steps up to it.
            Node::Bound(_) => Ok(COUNT),
            Node::Symbol { symbol, indices, .. } => self.member(expr, *symbol, indices),
            Node::Sum(parts) => Ok(self.sum(parts)),
            Node::Product(parts) => Ok(self.product(parts)),
            Node::MatMul(parts) => Ok(self.matmul(parts)),
            Node::Power(base, exponent) if self.is_size(*exponent) => self.power_of_size(expr, *base),
            Node::Power(base, exponent) => self.power(*base, *exponent),
            Node::MatrixPower(base, exponent) => self.matrix_power(*base, *exponent),
            Node::Call { function, slots, args } => self.call(function, slots.len() as u64, args),
            Node::Big { op, height, lower, upper, body } => self.big(*op, *height, (*lower, *upper), *body),
            Node::Cases(branches) => {
                let values: Vec<Expr> = branches.iter().map(|branch| branch.value).collect();
                let mut need = self.sum(&values);
                for (_, left, right) in branches.iter().filter_map(|branch| branch.condition) {
                    need = need.far(self.place_of_difference(left, right)?);
                }
                Ok(need)
            }
            Node::Transpose(of) => Ok(self.needs[of]),
            Node::Fill(of, _) => Ok(self.needs[of]),
            Node::Entry { of, at } => {
                for &index in at.iter() {
                    self.entry_index(index)?;
                }
                Ok(self.needs[of])
            }
            Node::Literal { shape, entries } => {
                let sizes = shape.sizes().into_iter().filter_map(|size| arena.as_integer(size));
                self.entries.extend(sizes.flat_map(|size| 1..=size));
                Ok(self.sum(entries))
            }
            Node::Tensor { op, args } => self.tensor(expr, *op, args),
            Node::Derivative { kind, of, by, .. } => self.derivative(*kind, (*of, *by), arena.shape(expr)),
            Node::At { body, of, value } => self.put_in(*body, *of, *value),
            Node::Limit { .. } | Node::Infinity => Err(Refusal::Outside("a limit")),
            Node::Extremum { .. } => Err(Refusal::Outside("an extreme value")),
        }
    }
}

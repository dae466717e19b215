//! The survey of a claim: the need of every expression, from that of its parts.

use std::collections::{BTreeMap, BTreeSet};

use crate::expr::{Arena, Expr, Node, Prop, SymbolId};
use crate::model::Model;
use crate::number::rational::to_i64;
use crate::numeric::WorkedOut;
use crate::proof::cases::Refusal;
use crate::proof::cases::families::Family;
use crate::proof::cases::graph::Method;
use crate::proof::cases::need::{COUNT, NOTHING, Need, ONE, rank};

/// The survey of one claim.
pub(super) struct Survey<'a> {
    pub arena: &'a Arena,
    pub model: &'a Model,
    pub sizes: &'a BTreeSet<SymbolId>,
    /// How derivatives of members by members are evaluated.
    pub method: Method,
    /// On the graph, which derivatives may be worked out.
    pub worked_out: WorkedOut,
    /// For each defined symbol, what its definitions lead to.
    pub below: BTreeMap<SymbolId, BTreeSet<SymbolId>>,
    pub needs: BTreeMap<Expr, Need>,
    pub families: BTreeMap<SymbolId, Family>,
    /// Families whose definitions are being read.
    pub open: BTreeSet<SymbolId>,
    pub divisors: BTreeMap<Expr, (u64, Need)>,
    /// The letters of the definitions that are being read. All letters of one definition stand for one place.
    pub own: BTreeSet<Expr>,
    /// The farthest that an index stands from its letter.
    pub window: i64,
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
    /// How many indices of entries each step of a recurrence or of a product of matrices adds to a monomial.
    pub letters_per_step: u64,
}

impl<'a> Survey<'a> {
    pub fn new(arena: &'a Arena, model: &'a Model, sizes: &'a BTreeSet<SymbolId>, method: Method) -> Survey<'a> {
        let mut below: BTreeMap<SymbolId, BTreeSet<SymbolId>> = BTreeMap::new();
        for arrow in model.dependencies(arena) {
            below.entry(arrow.user).or_default().insert(arrow.used);
        }
        let symbols: Vec<SymbolId> = below.keys().copied().collect();
        for _ in 0..symbols.len() {
            let mut grown = false;
            for symbol in &symbols {
                let further: BTreeSet<SymbolId> =
                    below[symbol].iter().filter_map(|next| below.get(next)).flatten().copied().collect();
                let own = below.entry(*symbol).or_default();
                let before = own.len();
                own.extend(further);
                grown |= own.len() > before;
            }
            if !grown {
                break;
            }
        }
        Survey {
            arena,
            model,
            sizes,
            method,
            worked_out: WorkedOut::new(),
            below,
            needs: BTreeMap::new(),
            families: BTreeMap::new(),
            open: BTreeSet::new(),
            divisors: BTreeMap::new(),
            own: BTreeSet::new(),
            window: 0,
            constants: BTreeSet::new(),
            entries: BTreeSet::new(),
            has_counted_roots: false,
            in_exponents: 0,
            has_inverses: false,
            letters_per_step: 0,
        }
    }

    /// What it takes to know the difference of two sides.
    pub fn difference(&mut self, left: Expr, right: Expr) -> Result<Need, Refusal> {
        let mut need = self.need(left)?.plus(self.need(right)?);
        need = need.with_letters(rank(self.arena.shape(left)).max(rank(self.arena.shape(right))));
        // Both sides are multiplied by what divides.
        for (times, divisor) in self.divisors.values() {
            for _ in 0..*times {
                need = need.times(*divisor);
            }
        }
        Ok(need)
    }

    /// Notes the numbers in conditions.
    pub fn conditions(&mut self, props: &[Prop]) {
        for side in props.iter().flat_map(Prop::expressions) {
            for part in self.arena.reachable(&[side]) {
                self.constants.extend(self.arena.as_number(part).and_then(to_i64));
            }
        }
    }

    pub fn need(&mut self, expr: Expr) -> Result<Need, Refusal> {
        let arena = self.arena;
        for part in arena.reachable(&[expr]) {
            if !self.needs.contains_key(&part) {
                let need = self.node(part)?;
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
            Node::Number(_) | Node::Pi | Node::Unit(..) => Ok(ONE),
            Node::Identity(_) => Ok(ONE.with_counts(1)),
            // As a number, an index counts the steps up to it.
            Node::Bound(_) => Ok(COUNT),
            Node::Symbol { symbol, indices, .. } => self.member(*symbol, indices),
            Node::Sum(parts) => Ok(self.sum(parts)),
            Node::Product(parts) => Ok(self.product(parts)),
            Node::MatMul(parts) => Ok(self.product(parts).with_letters(parts.len() as u64 - 1)),
            Node::Power(base, exponent) => self.power(*base, *exponent),
            Node::MatrixPower(base, exponent) => self.matrix_power(*base, *exponent),
            Node::Call { function, slots, args } => self.call(function, slots.is_empty(), args),
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
            Node::Fill(of, shape) => Ok(self.needs[of].with_counts(rank(*shape))),
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
            Node::Tensor { op, args } => self.tensor(*op, args),
            Node::Derivative { kind, of, by, .. } => self.derivative(*kind, *of, *by),
            Node::At { .. } => Err(Refusal::Outside("a value put in after a derivative")),
            Node::Limit { .. } | Node::Infinity => Err(Refusal::Outside("a limit")),
            Node::Extremum { .. } => Err(Refusal::Outside("an extreme value")),
        }
    }
}

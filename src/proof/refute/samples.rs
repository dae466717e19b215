//! The points at which a claim is tried, in order.

use std::collections::BTreeSet;

use crate::expr::{Arena, Expr, Node, Prop, SymbolId, SymbolKind};
use crate::model::Model;
use crate::number::rational::fraction;
use crate::number::{Random, Rational};
use crate::numeric::{Assignment, Fallback, Style, Tensor, Term, Witness};
use crate::proof::refute::tuples::{self, Tuple};
use crate::proof::subject::Subject;

/// The styles in which givens are drawn, one after the other.
pub(super) const STYLES: [Style; 12] = [
    Style::Integers,
    Style::Mixed,
    Style::Signs,
    Style::Zeros,
    Style::Fractions,
    Style::Ones,
    Style::Sparse,
    Style::Mixed,
    Style::Alike,
    Style::MinusOnes,
    Style::Unit,
    Style::Large,
];

/// What parameters are set to where limits are asked for: numbers on either side of the thresholds 1 and 4.
const STEEP: [(i64, i64); 8] = [(5, 1), (-5, 1), (9, 2), (-9, 2), (-3, 2), (1, 1), (-1, 1), (3, 2)];

/// The degree of the generic polynomials: their slopes of this order are constant, those above it 0.
const GENERIC_DEGREE: u32 = 3;

/// The points of one search.
pub(super) struct Samples {
    tuples: Vec<Tuple>,
    /// All small tuples that the conditions allow, for shrinking.
    pub small: Vec<Tuple>,
    /// Given numbers without an index.
    parameters: Vec<SymbolId>,
    seed: u64,
}

impl Samples {
    pub(super) fn new(arena: &Arena, model: &Model, subject: &Subject, claim: &Prop, seed: u64) -> Samples {
        let mut random = Random::new(seed);
        let small = tuples::small(arena, model, subject, &mut random);
        let mut chosen = Vec::new();
        // One of middling size first: it is likely to show a mistake. Then the smallest, then others by chance.
        let middling = small.iter().find(|tuple| tuple.iter().all(|&value| value >= 1) && is_spread(tuple));
        chosen.extend(middling.or(small.first()).cloned());
        let mut others: Vec<Tuple> = small.iter().take(400).cloned().collect();
        random.shuffle(&mut others);
        for (turn, tuple) in others.into_iter().take(10).enumerate() {
            chosen.extend(small.get(turn).cloned());
            chosen.push(tuple);
        }
        // Each letter that may be negative is so once: sums are empty there, and powers turned over.
        for place in 0..subject.integers.len() {
            let is_lone = |tuple: &&Tuple| tuple.iter().enumerate().all(|(at, &value)| (value < 0) == (at == place));
            let lone = small.iter().find(is_lone).cloned();
            chosen.extend(lone);
        }
        let mut seen = BTreeSet::new();
        chosen.retain(|tuple| seen.insert(tuple.clone()));
        if let Some(large) = tuples::large(arena, model, subject, &mut random) {
            chosen.insert(chosen.len().min(6), large);
        }
        let parameters = parameters_of(arena, model, subject, claim);
        Samples { tuples: chosen, small, parameters, seed }
    }

    /// Whether the conditions leave no tuple at all.
    pub(super) fn is_empty(&self) -> bool {
        self.tuples.is_empty()
    }

    /// Whether the integers have more than one choice.
    pub(super) fn has_choices(&self) -> bool {
        self.tuples.len() > 1
    }

    /// The point of this number, with members of families that do not change with the index. In most turns one parameter
    /// has a number on another side of the thresholds 1 and 4: all such numbers one parameter after the other.
    pub(super) fn uniform_point(&self, subject: &Subject, number: usize, turn: usize) -> Assignment {
        let mut point = self.point(subject, number);
        let style = [Style::Alike, Style::Alike, Style::Ones, Style::Alike, Style::Zeros][(number + turn) % 5];
        point.fallback = point.fallback.map(|fallback| Fallback { style, ..fallback });
        // In every fifth turn none is steep.
        let steep = turn - turn / 5;
        if turn % 5 < 4 && !self.parameters.is_empty() {
            let parameter = self.parameters[steep / STEEP.len() % self.parameters.len()];
            let (a, b) = STEEP[steep % STEEP.len()];
            point.values.extend(fraction(a, b).map(|value| ((parameter, Vec::new()), Tensor::Scalar(value))));
        }
        point
    }

    /// A point with nothing special about it but for its integers.
    pub(super) fn plain_point(&self, subject: &Subject, tuple: &[i64], number: usize) -> Assignment {
        let seed = self.plain_seed(number);
        let witness = |function| match number % 3 {
            1 if number % 2 == 1 => monomial((subject.degree + 1).max(2)),
            // Rules for finite differences are exact a few degrees further.
            1 => monomial(subject.degree + 3 + (number as u32 / 6) % 2),
            _ => Fallback { seed, style: Style::Plain }.function(function),
        };
        Assignment {
            integers: tuples::integers(subject, tuple),
            functions: subject.functions.iter().map(|&function| (function, witness(function))).collect(),
            fallback: Some(Fallback { seed, style: Style::Plain }),
            ..Assignment::default()
        }
    }

    /// A plain point that is far out: affine functions keep its numbers short.
    pub(super) fn far_point(&self, subject: &Subject, tuple: &[i64], number: usize) -> Assignment {
        let affine = Witness::Polynomial(vec![Rational::ONE, Rational::from(2)]);
        Assignment {
            integers: tuples::integers(subject, tuple),
            functions: subject.functions.iter().map(|&function| (function, affine.clone())).collect(),
            fallback: Some(Fallback { seed: self.plain_seed(number), style: Style::Plain }),
            ..Assignment::default()
        }
    }

    fn plain_seed(&self, number: usize) -> u64 {
        self.seed.wrapping_add(number as u64).wrapping_mul(0xd134_2543_de82_ef95)
    }

    /// The point of this number.
    pub(super) fn point(&self, subject: &Subject, number: usize) -> Assignment {
        let n = self.tuples.len().max(1);
        // The style goes on when all tuples have had their turn, so that every tuple meets every style.
        let style = STYLES[(number + number / n) % STYLES.len()];
        let seed = self.seed.wrapping_add(number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let tuple = self.tuples.get(number % n).cloned().unwrap_or_default();
        let mut point = Assignment {
            integers: tuples::integers(subject, &tuple),
            fallback: Some(Fallback { seed, style }),
            ..Assignment::default()
        };
        for (turn, &function) in subject.functions.iter().enumerate() {
            let witness = match (number + turn) % 5 {
                1 | 2 if subject.degree >= GENERIC_DEGREE => monomial(subject.degree + 1),
                3 => monomial(2),
                4 => monomial(1),
                _ => Fallback { seed, style: Style::Plain }.function(function),
            };
            point.functions.insert(function, witness);
        }
        point
    }
}

/// `z -> z^n`, of several numbers the power of the first.
fn monomial(n: u32) -> Witness {
    Witness::Terms(vec![Term { coefficient: Rational::ONE, exponents: vec![n] }])
}

/// Whether a tuple has two different values, or only one.
fn is_spread(tuple: &[i64]) -> bool {
    tuple.len() < 2 || tuple.iter().any(|value| value != &tuple[0])
}

/// Given numbers without an index, those first that the claim or a condition names: thresholds are theirs.
fn parameters_of(arena: &Arena, model: &Model, subject: &Subject, claim: &Prop) -> Vec<SymbolId> {
    let exprs: Vec<Expr> = subject.premises.iter().chain([claim]).flat_map(Prop::expressions).collect();
    let named: BTreeSet<SymbolId> = arena
        .reachable(&exprs)
        .into_iter()
        .filter_map(|part| match arena.node(part) {
            Node::Symbol { symbol, .. } => Some(*symbol),
            _ => None,
        })
        .collect();
    let all = subject.reads.iter().copied().filter(|&symbol| is_parameter(arena, model, symbol));
    let (first, others): (Vec<SymbolId>, Vec<SymbolId>) = all.partition(|symbol| named.contains(symbol));
    [first, others].concat()
}

/// Whether a symbol is a real number that is given and has no index.
fn is_parameter(arena: &Arena, model: &Model, symbol: SymbolId) -> bool {
    let has_index = model.declarations.get(&symbol).is_none_or(|own| !own.indices.is_empty());
    arena.kind(symbol) == SymbolKind::Real
        && arena.declared_shape(symbol).is_scalar()
        && !model.is_defined(symbol)
        && !has_index
}

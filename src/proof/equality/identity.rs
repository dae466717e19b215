//! The random identity test: a difference as a rational function of its unknowns, at random points of prime fields.
//!
//! For what is too large for the normal form. Sums and products with numbers for bounds are written out, states at
//! numbers are unfolded to their starts, and the graph that is left is evaluated once for each prime, children first.
//! Unknowns are the givens and, for each function, one for each value of its arguments: equal arguments, equal values.
//! Laws between unknowns are not known here, so a no says nothing. A yes is wrong with a chance that is computed from
//! the degree and the size of the coefficients, and is taken only where the chance is below 2^-60.
//! Source: Schwartz (1980), Zippel (1979); the chance of a bad prime by counting (house, "Deciding equalities").

use std::collections::{BTreeMap, HashMap};

use crate::expr::{Arena, Big, Expr, Function, Node, Slot};
use crate::number::modular::{Field, LOWEST_PRIME, PRIMES_IN_RANGE, Residue};
use crate::number::rational::height;
use crate::number::{Random, Rational};
use crate::proof::equality::algebra::Algebra;
use crate::proof::equality::{Ground, ROUNDS};
use crate::rewrite::Domain;

/// The chance of error that is allowed, as a power of 2.
const ENOUGH_BITS: f64 = 60.0;

/// Graphs with more nodes than this are not evaluated.
const MAX_NODES: usize = 200_000;

/// Ranges longer than this are not written out.
const MAX_RANGE: i64 = 2_000;

impl Algebra<'_> {
    /// Whether a difference of numbers vanishes identically in its unknowns; `None` where that is not found.
    pub fn by_identity(&mut self, difference: Expr, domain: &Domain) -> Option<Ground> {
        let graph = self.written_out(difference, domain)?;
        let arena = &*self.forms.arena;
        let nodes = arena.reachable(&[graph]);
        let size = Sizes::of(arena, &nodes)?;
        let bits = size.bits_of_one_trial(graph)?;
        let n_trials = (ENOUGH_BITS / bits).ceil();
        let seed = seed_of(arena, &nodes);
        let mut random = Random::new(seed);
        let mut primes = Vec::new();
        while (primes.len() as f64) < n_trials {
            let field = Field::draw(&mut random);
            if primes.contains(&field.prime()) {
                continue;
            }
            if !evaluated(arena, &nodes, &field, &mut random)?.get(&graph)?.is_zero() {
                return None;
            }
            primes.push(field.prime());
        }
        let primes: Vec<String> = primes.iter().map(u64::to_string).collect();
        let error = format!(
            "wrong with a chance below 2^-{:.0}; modulo {}, seed {seed}",
            (bits * n_trials).floor(),
            primes.join(" and ")
        );
        Some(Ground { conditions: size.divisors, identity: Some(error), ..Ground::default() })
    }

    /// The difference without sums and products over ranges, and with states at numbers led back to their starts; where
    /// that takes too many nodes, by a few steps only.
    fn written_out(&mut self, difference: Expr, domain: &Domain) -> Option<Expr> {
        let graph = expanded(self.forms.arena, difference)?;
        let graph = match self.led_to_starts(graph, domain, MAX_NODES) {
            Some(graph) => graph,
            None => self.led_back(graph, domain)?,
        };
        (self.forms.arena.reachable(&[graph]).len() <= MAX_NODES).then_some(graph)
    }

    fn led_back(&mut self, graph: Expr, domain: &Domain) -> Option<Expr> {
        let (mut graph, n_lines) = (graph, self.lines.len());
        for _ in 0..ROUNDS {
            let Some(next) = self.unfolded(graph, domain) else { break };
            let next = self.resolver().functions_opened(next);
            graph = expanded(self.forms.arena, next)?;
        }
        self.lines.truncate(n_lines);
        Some(graph)
    }
}

/// The seed of the primes and the points: drawn after the claim is fixed, from the numbers that stand in it, so that no
/// claim can be made to vanish at primes that are known before.
fn seed_of(arena: &Arena, nodes: &[Expr]) -> u64 {
    let numbers = nodes.iter().filter_map(|&part| arena.as_number(part)).map(Rational::to_string);
    Random::of_text(nodes.len() as u64, numbers).next_u64()
}

/// Sums and products between numbers, written out from the innermost range on.
pub(super) fn expanded(arena: &mut Arena, expr: Expr) -> Option<Expr> {
    let mut current = expr;
    let n_before = arena.len();
    while arena.height(current) > 0 {
        let mut refused = false;
        let next = arena.rewrite(current, &mut |arena, part| {
            if !matches!(arena.node(part), Node::Big { .. }) {
                return None;
            }
            // What is too large is noticed while it is written out: the terms of a sum in a sum are very many at once.
            refused |= arena.len() > n_before + MAX_NODES;
            let written_out = if refused { None } else { range_written_out(arena, part, MAX_RANGE) };
            refused |= written_out.is_none();
            Some(written_out.unwrap_or(part))
        });
        if refused || next == current {
            return None;
        }
        current = next;
    }
    Some(current)
}

/// A sum or a product between numbers as its terms, where there are no more than `most`.
pub(in crate::proof) fn range_written_out(arena: &mut Arena, part: Expr, most: i64) -> Option<Expr> {
    let Node::Big { op: op @ (Big::Sum | Big::Product), lower, upper, .. } = *arena.node(part) else { return None };
    let (low, high) = (arena.as_integer(lower)?, arena.as_integer(upper)?);
    if high.saturating_sub(low) >= most {
        return None;
    }
    let mut terms = Vec::new();
    for k in low..=high {
        let k = arena.integer(k);
        terms.push(arena.instantiate(part, k)?);
    }
    Some(if op == Big::Sum { arena.sum(terms) } else { arena.product(terms) })
}

/// Bounds of a rational function: degrees and bits of the sums of absolute coefficients, above and below the line.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    degree: f64,
    degree_below: f64,
    bits: f64,
    bits_below: f64,
}

impl Size {
    const UNKNOWN: Size = Size { degree: 1.0, degree_below: 0.0, bits: 0.0, bits_below: 0.0 };

    fn plus(self, other: Size) -> Size {
        Size {
            degree: (self.degree + other.degree_below).max(other.degree + self.degree_below),
            degree_below: self.degree_below + other.degree_below,
            bits: 1.0 + (self.bits + other.bits_below).max(other.bits + self.bits_below),
            bits_below: self.bits_below + other.bits_below,
        }
    }

    fn times(self, other: Size) -> Size {
        Size {
            degree: self.degree + other.degree,
            degree_below: self.degree_below + other.degree_below,
            bits: self.bits + other.bits,
            bits_below: self.bits_below + other.bits_below,
        }
    }

    fn power(self, exponent: i64) -> Size {
        let n = exponent.unsigned_abs() as f64;
        let up = Size {
            degree: n * self.degree,
            degree_below: n * self.degree_below,
            bits: n * self.bits,
            bits_below: n * self.bits_below,
        };
        if exponent >= 0 {
            return up;
        }
        Size { degree: up.degree_below, degree_below: up.degree, bits: up.bits_below, bits_below: up.bits }
    }
}

/// The sizes of all nodes of a graph, and its divisors.
struct Sizes {
    sizes: BTreeMap<Expr, Size>,
    divisors: Vec<Expr>,
    n_calls: usize,
}

impl Sizes {
    /// `None` where a node is no rational function of unknowns.
    fn of(arena: &Arena, nodes: &[Expr]) -> Option<Sizes> {
        let mut all = Sizes { sizes: BTreeMap::new(), divisors: Vec::new(), n_calls: 0 };
        for &expr in nodes {
            if !arena.shape(expr).is_scalar() {
                // A whole tensor is met only as that of an entry.
                continue;
            }
            let at = |part: &Expr| all.sizes.get(part).copied();
            let size = match arena.node(expr) {
                Node::Number(value) => {
                    let bits = height(value) as f64;
                    Size { bits, bits_below: bits, ..Size::default() }
                }
                Node::Symbol { .. } | Node::Pi => Size::UNKNOWN,
                Node::Entry { of, .. } if matches!(arena.node(*of), Node::Symbol { .. }) => Size::UNKNOWN,
                Node::Sum(parts) => {
                    parts.iter().map(at).try_fold(Size::default(), |sum, part| Some(sum.plus(part?)))?
                }
                Node::Product(parts) => {
                    parts.iter().map(at).try_fold(Size::default(), |product, part| Some(product.times(part?)))?
                }
                Node::Power(base, exponent) => {
                    let (size, exponent) = (at(base)?, arena.as_integer(*exponent)?);
                    if exponent < 0 && arena.as_number(*base).is_none() && !all.divisors.contains(base) {
                        all.divisors.push(*base);
                    }
                    size.power(exponent)
                }
                Node::Call { slots, args, .. } if is_of_numbers(arena, slots, args) => {
                    all.n_calls += 1;
                    Size::UNKNOWN
                }
                _ => return None,
            };
            all.sizes.insert(expr, size);
        }
        Some(all)
    }

    /// How many bits one trial takes from the chance of error; `None` where it takes too few.
    ///
    /// A trial errs where the numerator is not 0 but its value is (degree / p), where the prime divides it, or where
    /// the arguments of two calls differ and their values do not. A number of B bits has at most B / 61 of the primes
    /// that are drawn from.
    fn bits_of_one_trial(&self, root: Expr) -> Option<f64> {
        let largest = |part: fn(&Size) -> f64| self.sizes.values().map(part).fold(0.0, f64::max);
        let root = self.sizes.get(&root)?;
        let (degree, bits) =
            (largest(|size| size.degree + size.degree_below), largest(|size| size.bits + size.bits_below));
        let pairs = (self.n_calls * self.n_calls) as f64;
        let unlucky = (root.degree + 2.0 * pairs * degree) / LOWEST_PRIME as f64;
        let bad_prime = (root.bits + 1.0 + pairs * (2.0 * bits + 1.0)) / 61.0 / PRIMES_IN_RANGE as f64;
        let taken = -(unlucky + bad_prime).log2();
        (taken >= 12.0).then_some(taken)
    }
}

fn is_of_numbers(arena: &Arena, slots: &[Slot], args: &[Expr]) -> bool {
    slots.iter().all(|slot| slot.entry.is_empty()) && args.iter().all(|&arg| arena.shape(arg).is_scalar())
}

/// The values of all nodes in one field, unknowns drawn at random; `None` where a divisor is 0 there.
fn evaluated(arena: &Arena, nodes: &[Expr], field: &Field, random: &mut Random) -> Option<HashMap<Expr, Residue>> {
    let mut values: HashMap<Expr, Residue> = HashMap::new();
    let mut calls: HashMap<(Function, Vec<Slot>, Vec<Residue>), Residue> = HashMap::new();
    for &expr in nodes {
        if !arena.shape(expr).is_scalar() {
            continue;
        }
        let value = match arena.node(expr) {
            Node::Number(value) => field.from_rational(value)?,
            Node::Sum(parts) => parts.iter().fold(Residue::ZERO, |sum, part| field.add(sum, values[part])),
            Node::Product(parts) => parts.iter().fold(field.one(), |product, part| field.mul(product, values[part])),
            Node::Power(base, exponent) => field.pow(values[base], arena.as_integer(*exponent)?)?,
            Node::Call { function, slots, args } => {
                let args = args.iter().map(|arg| values[arg]).collect();
                *calls.entry((function.clone(), slots.to_vec(), args)).or_insert_with(|| field.random(random))
            }
            _ => field.random(random),
        };
        values.insert(expr, value);
    }
    Some(values)
}

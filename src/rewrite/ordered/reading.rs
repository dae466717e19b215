//! Forms read as polynomials of words: each term is a graph whose vertices are its indices and whose edges are matrices.

use std::collections::BTreeMap;

use crate::expr::{Arena, Expr, Node, Shape};
use crate::rewrite::domain::Domain;
use crate::rewrite::form::Normalizer;
use crate::rewrite::linear::Linear;
use crate::rewrite::ordered::diagonal::made_whole;
use crate::rewrite::ordered::polynomial::{Closed, Monomial, Polynomial};
use crate::rewrite::ordered::word::{Letter, Word, transposed};
use crate::rewrite::term::{Form, Term};

/// Reads the forms of one equation.
pub(super) struct Reader<'n, 'a> {
    pub normalizer: &'n mut Normalizer<'a>,
    /// The free indices that words lead from and to: none for numbers, one for vectors, two for matrices.
    pub ends: &'n [Expr],
    /// Where the free letters run.
    pub context: &'n Domain,
}

/// A term as a graph.
#[derive(Default)]
struct Graph {
    /// The size of each index.
    sizes: BTreeMap<Expr, Expr>,
    /// What depends on one index only.
    weights: BTreeMap<Expr, Vec<Expr>>,
    /// What depends on two.
    edges: Vec<([Expr; 2], Expr)>,
}

impl Graph {
    fn degree(&self, vertex: Expr) -> usize {
        self.edges.iter().filter(|(ends, _)| ends.contains(&vertex)).count()
    }

    /// An edge at a vertex, and where it leads.
    fn take_edge(&mut self, vertex: Expr) -> Option<(Expr, Expr)> {
        let at = self.edges.iter().position(|(ends, _)| ends.contains(&vertex))?;
        let (ends, entry) = self.edges.remove(at);
        Some((entry, if ends[0] == vertex { ends[1] } else { ends[0] }))
    }
}

impl Reader<'_, '_> {
    /// The polynomial that a form is; `None` where some term is not made of words.
    pub(super) fn polynomial(&mut self, form: &Form) -> Option<Polynomial> {
        let mut polynomial = Polynomial::default();
        let form = made_whole(self.normalizer, form, self.ends, self.context)?;
        for term in &form.terms {
            let monomial = self.monomial(term)?.settled(self.normalizer.arena);
            polynomial.add(monomial, term.coefficient.clone());
        }
        Some(polynomial)
    }

    fn monomial(&mut self, term: &Term) -> Option<Monomial> {
        let is_diagonal = self.is_on_diagonal(term)?;
        let mut monomial = Monomial::default();
        let mut graph = self.graph(term, &mut monomial)?;
        let too_many = |graph: &Graph| {
            let ends = self.ends.iter().any(|&end| graph.degree(end) > 1);
            ends || term.letters.iter().any(|&letter| graph.degree(letter) > 2)
        };
        if too_many(&graph) {
            return None;
        }
        match (is_diagonal, self.ends) {
            (true, &[row, column]) => {
                if graph.degree(row) + graph.degree(column) > 0 {
                    return None;
                }
                for end in [row, column] {
                    if let Some(weight) = self.weight(&mut graph, end) {
                        let size = graph.sizes[&end];
                        monomial.open.push(Letter::diagonal(self.normalizer.arena, weight, end, size));
                    }
                }
            }
            (false, []) => {}
            (false, &[row]) => monomial.open = self.path(&mut graph, row),
            (false, &[row, column]) => {
                monomial.open = self.path(&mut graph, row);
                if monomial.open.last().is_some_and(Letter::is_column) {
                    let back = self.path(&mut graph, column);
                    monomial.open.extend(transposed(&back));
                }
            }
            _ => return None,
        }
        self.closed_words(&mut graph, term, &mut monomial);
        Some(monomial)
    }

    /// Whether a term stands only where the two ends are equal; `None` where it has another guard.
    fn is_on_diagonal(&self, term: &Term) -> Option<bool> {
        let guard = term.letters.iter().fold(term.domain.clone(), |domain, &letter| domain.project(letter));
        if self.context.without(&guard).is_empty() {
            return Some(false);
        }
        let &[row, column] = self.ends else { return None };
        let difference = Linear::letter(row).minus(&Linear::letter(column));
        let mut diagonal = self.context.clone();
        diagonal.require_zero(&difference)?;
        (guard.implies_zero(&difference) && diagonal.without(&guard).is_empty()).then_some(true)
    }

    fn graph(&mut self, term: &Term, monomial: &mut Monomial) -> Option<Graph> {
        let mut graph = Graph::default();
        for &letter in &term.letters {
            let (lower, upper) = term.domain.range_of(letter);
            let ([low], [size]) = (&lower[..], &upper[..]) else { return None };
            let depends = size.parts.keys().any(|part| term.letters.contains(part) || self.ends.contains(part));
            if low.as_integer() != Some(1) || depends {
                return None;
            }
            let size = size.expr(self.normalizer.arena);
            graph.sizes.insert(letter, size);
        }
        for &end in self.ends {
            let size = self.size_of_end(end)?;
            graph.sizes.insert(end, size);
        }
        let vertices: Vec<Expr> = graph.sizes.keys().copied().collect();
        for (&atom, exponent) in &term.factors {
            let arena = &mut *self.normalizer.arena;
            let holds = |vertex: &Expr| exponent.parts.contains_key(vertex) || arena.contains(atom, *vertex);
            let held: Vec<Expr> = vertices.iter().copied().filter(holds).collect();
            match held[..] {
                [] => monomial.times_scalars(&[(atom, exponent.clone())].into(), 1),
                [vertex] => {
                    let exponent = exponent.expr(arena);
                    graph.weights.entry(vertex).or_default().push(arena.power(atom, exponent));
                }
                [one, other] => match exponent.as_integer() {
                    Some(n @ 1..=2) => (0..n).for_each(|_| graph.edges.push(([one, other], atom))),
                    _ => {
                        let exponent = exponent.expr(arena);
                        graph.edges.push(([one, other], arena.power(atom, exponent)));
                    }
                },
                _ => return None,
            }
        }
        Some(graph)
    }

    fn size_of_end(&mut self, end: Expr) -> Option<Expr> {
        let (_, upper) = self.context.range_of(end);
        let [size] = &upper[..] else { return None };
        (!size.parts.keys().any(|part| self.ends.contains(part))).then(|| size.expr(self.normalizer.arena))
    }

    /// What depends on a vertex alone, as one expression.
    fn weight(&mut self, graph: &mut Graph, vertex: Expr) -> Option<Expr> {
        let weights = graph.weights.remove(&vertex)?;
        Some(self.normalizer.arena.product(weights))
    }

    /// The word from a vertex on, to the other end or to a vector.
    fn path(&mut self, graph: &mut Graph, from: Expr) -> Word {
        let mut word = Vec::new();
        let mut at = from;
        loop {
            let weight = self.weight(graph, at);
            let size = graph.sizes[&at];
            let arrived = at != from && self.ends.contains(&at);
            match if arrived { None } else { graph.take_edge(at) } {
                Some((entry, next)) => {
                    let arena = &mut *self.normalizer.arena;
                    word.extend(weight.map(|weight| Letter::diagonal(arena, weight, at, size)));
                    word.extend(powers(arena, entry, [at, next], (size, graph.sizes[&next])));
                    at = next;
                    if at == from {
                        return word;
                    }
                }
                None => {
                    let arena = &mut *self.normalizer.arena;
                    if arrived {
                        word.extend(weight.map(|weight| Letter::diagonal(arena, weight, at, size)));
                    } else {
                        let entry = weight.unwrap_or_else(|| arena.one());
                        word.push(Letter::vector(arena, entry, at, size));
                    }
                    return word;
                }
            }
        }
    }

    /// What no free index leads to: lines between vectors, then rings.
    fn closed_words(&mut self, graph: &mut Graph, term: &Term, monomial: &mut Monomial) {
        let mut left: Vec<Expr> = term.letters.clone();
        left.sort_by_key(|&letter| (graph.degree(letter), letter));
        let mut walked: Vec<Expr> = Vec::new();
        for letter in left {
            let is_alone = graph.weights.contains_key(&letter) && !walked.contains(&letter);
            match graph.degree(letter) {
                0 if is_alone => {
                    let line = self.path(graph, letter);
                    monomial.closed.push(Closed::Line(line));
                }
                1 => {
                    let one = self.normalizer.arena.one();
                    let size = graph.sizes[&letter];
                    let weight = self.weight(graph, letter).unwrap_or(one);
                    let mut line = vec![Letter::vector(self.normalizer.arena, weight, letter, size).transpose()];
                    line.extend(self.path(graph, letter));
                    monomial.closed.push(Closed::Line(line));
                }
                2 => {
                    let ring = self.path(graph, letter);
                    monomial.closed.push(Closed::Ring(ring));
                }
                _ => {}
            }
            walked.push(letter);
        }
    }
}

/// The letters of an edge: several for a power of a square matrix with a number as exponent.
fn powers(arena: &mut Arena, entry: Expr, at: [Expr; 2], sizes: (Expr, Expr)) -> Word {
    if let Node::Entry { of, at: places } = arena.node(entry).clone()
        && let Node::MatrixPower(base, exponent) = *arena.node(of)
        && let Some(n @ 2..=8) = arena.as_integer(exponent)
        && arena.shape(base) == Shape::Matrix(sizes.0, sizes.1)
    {
        let single = arena.entry(base, places.to_vec());
        let letter = Letter::matrix(arena, single, at, sizes);
        return vec![letter; usize::try_from(n).unwrap_or(1)];
    }
    vec![Letter::matrix(arena, entry, at, sizes)]
}

/// The free letters that stand as indices of entries in a form: what its words lead from and to.
pub(super) fn ends(normalizer: &Normalizer<'_>, form: &Form, context: &Domain) -> Vec<Expr> {
    let letters = context.letters();
    let mut ends: Vec<Expr> = Vec::new();
    for term in &form.terms {
        for part in normalizer.arena.reachable(&term.factors.keys().copied().collect::<Vec<_>>()) {
            if let Node::Entry { at, .. } = normalizer.arena.node(part) {
                ends.extend(at.iter().filter(|index| letters.contains(index) && !term.letters.contains(index)));
            }
        }
    }
    ends.sort_unstable();
    ends.dedup();
    ends
}

//! Polynomials whose monomials are numbers, closed words and one open word.

use std::collections::BTreeMap;

use crate::expr::{Arena, Expr};
use crate::number::Rational;
use crate::rewrite::linear::Linear;
use crate::rewrite::ordered::word::{Kind, Letter, Word, merged, segments, transposed};
use crate::rewrite::term::Factors;

/// A word that is a number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Closed {
    /// `u^⊤ A v`; a vector alone is the sum of its entries.
    Line(Word),
    /// The trace of a product.
    Ring(Word),
}

impl Closed {
    /// The same number read backward.
    pub(super) fn turned(&self) -> Closed {
        match self {
            Closed::Line(word) => Closed::Line(transposed(word)),
            Closed::Ring(word) => Closed::Ring(transposed(word)),
        }
    }
}

/// A product of numbers, of closed words, and of the word that leads from the one free index to the other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Monomial {
    pub scalars: Factors,
    pub closed: Vec<Closed>,
    pub open: Word,
}

/// A sum of monomials with their coefficients, none of them 0.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Polynomial {
    pub terms: BTreeMap<Monomial, Rational>,
}

impl Monomial {
    /// The monomial with its words in the one way in which each is written.
    pub(super) fn settled(self, arena: &mut Arena) -> Monomial {
        let mut settled = Monomial { scalars: self.scalars, closed: Vec::new(), open: Vec::new() };
        let mut lines = Vec::new();
        let open = merged(arena, self.open);
        let is_vector = open.last().is_some_and(Letter::is_column);
        let mut parts = segments(&open);
        let last = if is_vector || parts.len() < 2 { None } else { parts.pop() };
        let mut parts = parts.into_iter();
        settled.open = parts.next().unwrap_or_default();
        settled.open.extend(last.into_iter().flatten());
        lines.extend(parts);
        for closed in self.closed {
            match closed {
                Closed::Line(word) => lines.extend(segments(&merged(arena, word))),
                Closed::Ring(word) => match opened_ring(arena, word) {
                    Closed::Line(word) => lines.extend(segments(&word)),
                    ring @ Closed::Ring(_) => settled.closed.push(ring),
                },
            }
        }
        for line in lines {
            let line = line_as_written(arena, line);
            settled.closed.push(Closed::Line(line));
        }
        settled.closed.sort_unstable();
        settled
    }

    pub(super) fn times_scalars(&mut self, scalars: &Factors, sign: i64) {
        for (&atom, exponent) in scalars {
            let entry = self.scalars.get_or_insert_with(atom, Linear::default);
            *entry = entry.plus(exponent, &Rational::from(sign));
        }
        self.scalars.retain(|_, exponent| *exponent != Linear::default());
    }

    fn times(&self, arena: &mut Arena, other: &Monomial) -> Monomial {
        let mut product = self.clone();
        product.times_scalars(&other.scalars, 1);
        product.closed.extend(other.closed.iter().cloned());
        product.open.extend(other.open.iter().cloned());
        product.settled(arena)
    }

    fn transpose(&self, arena: &mut Arena) -> Monomial {
        let turned = Monomial { open: transposed(&self.open), ..self.clone() };
        turned.settled(arena)
    }
}

impl Polynomial {
    /// The identity matrix.
    pub(super) fn one() -> Polynomial {
        Polynomial { terms: BTreeMap::from([(Monomial::default(), Rational::from(1))]) }
    }

    /// One letter.
    pub(super) fn letter(letter: Letter) -> Polynomial {
        let monomial = Monomial { open: vec![letter], ..Monomial::default() };
        Polynomial { terms: BTreeMap::from([(monomial, Rational::from(1))]) }
    }

    pub(super) fn add(&mut self, monomial: Monomial, coefficient: Rational) {
        let sum = self.terms.remove(&monomial).unwrap_or_default() + coefficient;
        if !sum.is_zero() {
            self.terms.insert(monomial, sum);
        }
    }

    /// `self - other`.
    pub(super) fn minus(&self, other: &Polynomial) -> Polynomial {
        let mut difference = self.clone();
        for (monomial, coefficient) in &other.terms {
            difference.add(monomial.clone(), -coefficient.clone());
        }
        difference
    }

    pub(super) fn times(&self, arena: &mut Arena, other: &Polynomial) -> Polynomial {
        let mut product = Polynomial::default();
        for (left, a) in &self.terms {
            for (right, b) in &other.terms {
                let monomial = left.times(arena, right);
                product.add(monomial, a.clone() * b.clone());
            }
        }
        product
    }

    pub(super) fn transpose(&self, arena: &mut Arena) -> Polynomial {
        let mut turned = Polynomial::default();
        for (monomial, coefficient) in &self.terms {
            let monomial = monomial.transpose(arena);
            turned.add(monomial, coefficient.clone());
        }
        turned
    }

    /// Every letter that stands in it.
    pub(super) fn letters(&self) -> impl Iterator<Item = &Letter> {
        self.terms.keys().flat_map(|monomial| {
            let closed = monomial.closed.iter().flat_map(|closed| match closed {
                Closed::Line(word) | Closed::Ring(word) => word,
            });
            closed.chain(&monomial.open)
        })
    }
}

/// `u^⊤ v` is a sum of products; a longer line is written in the lesser of its two directions.
fn line_as_written(arena: &mut Arena, line: Word) -> Word {
    match &line[..] {
        [row, column] if row.is_row() && column.is_column() => vec![row.times(arena, column, Kind::Vector)],
        [only] => vec![only.as_vector(arena)],
        _ => {
            let turned = transposed(&line);
            line.min(turned)
        }
    }
}

/// A ring that a vector opens is a line, and so is one of a single matrix beside diagonal ones.
fn opened_ring(arena: &mut Arena, ring: Word) -> Closed {
    let mut ring = ring;
    if let Some(end) = ring.iter().position(Letter::is_column) {
        ring.rotate_left(end + 1);
        return Closed::Line(merged(arena, ring));
    }
    // A diagonal matrix at the end meets the one at the beginning.
    if let Some(first) = ring.iter().position(|letter| letter.kind == Kind::Matrix) {
        ring.rotate_left(first);
    }
    let ring = merged(arena, ring);
    match &ring[..] {
        [letter] if letter.kind == Kind::Diagonal => Closed::Line(vec![letter.as_vector(arena)]),
        [matrix] => Closed::Line(vec![matrix.diagonal_of(arena)]),
        [matrix, weight] if weight.kind == Kind::Diagonal => {
            let diagonal = matrix.diagonal_of(arena);
            Closed::Line(vec![diagonal.times(arena, weight, Kind::Vector)])
        }
        _ => {
            let turned = transposed(&ring);
            let ways = [&ring, &turned].into_iter().flat_map(|word| {
                (0..word.len()).map(|n| {
                    let mut way = word.clone();
                    way.rotate_left(n);
                    way
                })
            });
            Closed::Ring(ways.min().unwrap_or_default())
        }
    }
}

/// A scalar that is the size of a matrix: a number into the coefficient, a letter among the scalars.
pub(super) fn times_size(arena: &Arena, monomial: &mut Monomial, coefficient: &mut Rational, size: Expr) {
    match arena.as_number(size) {
        Some(number) => *coefficient *= number.clone(),
        None => monomial.times_scalars(&Factors::from([(size, Linear::integer(1))]), 1),
    }
}

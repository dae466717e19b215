//! An equation among words, decided by the relations that hold for its letters.

use std::collections::BTreeSet;

use crate::expr::{Arena, Expr, Node};
use crate::number::Rational;
use crate::rewrite::domain::Domain;
use crate::rewrite::entries::entry;
use crate::rewrite::form::Normalizer;
use crate::rewrite::linear::Linear;
use crate::rewrite::ordered::polynomial::{Monomial, Polynomial};
use crate::rewrite::ordered::reading::{self, Reader};
use crate::rewrite::ordered::relations::Rule;
use crate::rewrite::ordered::word::{Kind, Letter, places};
use crate::rewrite::term::Form;

/// How many equations are made from one by multiplying it by what stands inverted in it.
const MAX_CLEARED: usize = 40;

/// Equations with more terms than this are not multiplied any further.
const MAX_TERMS: usize = 60;

/// How many times words are rewritten before an equation is given up.
const MAX_REWRITTEN: usize = 4_000;

/// The relations that hold on one ground, and the inverses that stand in what was read.
pub struct Ordered<'n, 'a> {
    normalizer: &'n mut Normalizer<'a>,
    context: Domain,
    rules: Vec<Rule>,
    inverses: Vec<Inverse>,
    powers: Vec<Power>,
    n_rewritten: usize,
}

/// A power of a matrix with letters in its exponent.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Power {
    letter: Letter,
    of: Expr,
    exponent: Expr,
}

/// The inverse of a matrix, which is itself a polynomial.
struct Inverse {
    letter: Letter,
    of: Expr,
    base: Polynomial,
}

impl<'n, 'a> Ordered<'n, 'a> {
    /// No relations yet; free letters run in `context`.
    pub fn new(normalizer: &'n mut Normalizer<'a>, context: &Domain) -> Ordered<'n, 'a> {
        Ordered {
            normalizer,
            context: context.clone(),
            rules: Vec::new(),
            inverses: Vec::new(),
            powers: Vec::new(),
            n_rewritten: 0,
        }
    }

    /// Takes over that a difference of vectors or matrices vanishes. What cannot be read is not used.
    pub fn assume(&mut self, difference: Expr) {
        if let Some(polynomial) = self.read_whole(difference) {
            self.relate(&polynomial);
        }
    }

    /// Whether a form vanishes by the relations; `None` where it is not made of words.
    pub fn vanishes(&mut self, form: &Form) -> Option<bool> {
        let ends = reading::ends(self.normalizer, form, &self.context);
        let polynomial = self.read(form, &ends)?;
        self.see_powers(&polynomial);
        self.vanishes_as_read(polynomial)
    }

    /// The same where another form of the same ends vanishes: powers of matrices with letters in their exponents are
    /// those with one factor less, times that factor.
    pub fn vanishes_if(&mut self, form: &Form, other: &Form) -> Option<bool> {
        let mut ends = reading::ends(self.normalizer, form, &self.context);
        ends.extend(reading::ends(self.normalizer, other, &self.context));
        ends.sort_unstable();
        ends.dedup();
        let (polynomial, other) = (self.read(form, &ends)?, self.read(other, &ends)?);
        self.see_powers(&polynomial);
        self.see_powers(&other);
        self.split_powers(&polynomial);
        self.relate(&other);
        self.vanishes_as_read(polynomial)
    }

    fn read(&mut self, form: &Form, ends: &[Expr]) -> Option<Polynomial> {
        let context = self.context.clone();
        let polynomial = Reader { normalizer: self.normalizer, ends, context: &context }.polynomial(form)?;
        self.see_inverses(&polynomial);
        Some(polynomial)
    }

    fn vanishes_as_read(&mut self, polynomial: Polynomial) -> Option<bool> {
        let mut equations = vec![self.reduced(polynomial)?];
        let mut next = 0;
        while let Some(equation) = equations.get(next).cloned() {
            if equation.terms.is_empty() {
                return Some(true);
            }
            next += 1;
            for cleared in self.cleared(&equation) {
                if !equations.contains(&cleared) && equations.len() < MAX_CLEARED {
                    equations.push(cleared);
                }
            }
        }
        Some(false)
    }

    /// The matrices whose inverses stand in what was read.
    pub fn inverted(&self) -> Vec<Expr> {
        self.inverses.iter().map(|inverse| inverse.of).collect()
    }

    /// A vector or a matrix as a polynomial, for indices of its own.
    fn read_whole(&mut self, expr: Expr) -> Option<Polynomial> {
        let sizes = self.normalizer.arena.shape(expr).sizes();
        let mut context = self.context.clone();
        let mut ends = Vec::new();
        for (n, size) in sizes.into_iter().enumerate() {
            let letter = self.normalizer.arena.letter_apart(&format!("end{n}"), &[expr]);
            let letter = self.normalizer.arena.symbol(letter);
            let (index, size) = (Linear::letter(letter), Linear::read(self.normalizer.arena, size)?);
            context.require_at_most_zero(&Linear::integer(1).minus(&index))?;
            context.require_at_most_zero(&index.minus(&size))?;
            ends.push(letter);
        }
        let opened = entry(self.normalizer.arena, expr, &ends);
        let form = self.normalizer.form(opened, &context).ok()?;
        let polynomial = Reader { normalizer: self.normalizer, ends: &ends, context: &context }.polynomial(&form)?;
        self.see_inverses(&polynomial);
        Some(polynomial)
    }

    /// Relates every inverse that stands in a polynomial to what it is the inverse of.
    fn see_inverses(&mut self, polynomial: &Polynomial) {
        let letters: Vec<Letter> = polynomial.letters().cloned().collect();
        for letter in letters {
            let letter = if letter.transposed { letter.transpose() } else { letter };
            let Some(of) = inverted(self.normalizer.arena, &letter) else { continue };
            if self.inverses.iter().any(|inverse| inverse.letter == letter) {
                continue;
            }
            // Entered before its base is read, so that an inverse within itself ends.
            let at = self.inverses.len();
            self.inverses.push(Inverse { letter: letter.clone(), of, base: Polynomial::default() });
            let Some(base) = self.read_whole(of).and_then(|base| self.reduced(base)) else { continue };
            self.inverses[at].base = base.clone();
            self.relate_inverse(at, &base);
        }
    }

    /// `N B = I` and `B N = I`, and that inverses of equal matrices are equal.
    fn relate_inverse(&mut self, at: usize, base: &Polynomial) {
        let letter = Polynomial::letter(self.inverses[at].letter.clone());
        let turned = base.transpose(self.normalizer.arena);
        let Some(turned) = self.reduced(turned) else { return };
        for other in 0..=at {
            let twin = Polynomial::letter(self.inverses[other].letter.clone());
            if other < at && self.inverses[other].base == *base {
                return self.relate(&letter.minus(&twin));
            }
            if self.inverses[other].base == turned {
                let twin = twin.transpose(self.normalizer.arena);
                self.relate(&letter.minus(&twin));
                if other < at {
                    return;
                }
            }
        }
        let one = Polynomial::one();
        let (left, right) = (letter.times(self.normalizer.arena, base), base.times(self.normalizer.arena, &letter));
        self.relate(&left.minus(&one));
        self.relate(&right.minus(&one));
    }

    /// `B^n = B^{n-1} B` for n ≥ 1.
    fn split_powers(&mut self, polynomial: &Polynomial) {
        for power in self.powers_in(polynomial) {
            let Some(exponent) = Linear::read(self.normalizer.arena, power.exponent) else { continue };
            if !self.context.implies_at_most_zero(&Linear::integer(1).minus(&exponent)) {
                continue;
            }
            let arena = &mut *self.normalizer.arena;
            let minus = arena.integer(-1);
            let less = arena.sum([power.exponent, minus]);
            let before = arena.matrix_power(power.of, less);
            let (Some(before), Some(base)) = (self.read_whole(before), self.read_whole(power.of)) else { continue };
            self.see_powers(&before);
            let product = before.times(self.normalizer.arena, &base);
            self.relate(&Polynomial::letter(power.letter).minus(&product));
        }
    }

    /// With whatever a matrix commutes, its powers do: `A B^n = B^n A` where `A B = B A`.
    fn see_powers(&mut self, polynomial: &Polynomial) {
        let powers = self.powers_in(polynomial);
        let letters: Vec<Letter> = polynomial.letters().cloned().collect();
        self.powers.extend(powers);
        self.powers.dedup();
        let bases: Vec<(Power, Option<Polynomial>)> =
            self.powers.clone().into_iter().map(|power| (power.clone(), self.read_whole(power.of))).collect();
        for (power, base) in &bases {
            let Some(base) = base else { continue };
            let letter = Polynomial::letter(power.letter.clone());
            let of_bases = bases.iter().flat_map(|(other, base)| {
                let own = base.iter().flat_map(Polynomial::letters).cloned();
                own.chain([other.letter.clone()]).collect::<Vec<_>>()
            });
            let parts: BTreeSet<Letter> = of_bases
                .chain(letters.clone())
                .filter(|part| part.has_shape_of(&power.letter))
                .flat_map(|part| [part.transpose(), part])
                .collect();
            for part in parts {
                let part = Polynomial::letter(part);
                let commutator = self.commutator(&part, base);
                if part != letter && self.reduced(commutator).is_some_and(|rest| rest.terms.is_empty()) {
                    let commutator = self.commutator(&part, &letter);
                    self.relate(&commutator);
                }
            }
        }
    }

    /// `a b - b a`
    fn commutator(&mut self, a: &Polynomial, b: &Polynomial) -> Polynomial {
        let arena = &mut *self.normalizer.arena;
        a.times(arena, b).minus(&b.times(arena, a))
    }

    fn powers_in(&mut self, polynomial: &Polynomial) -> Vec<Power> {
        let letters: Vec<Letter> = polynomial.letters().cloned().collect();
        let straight = letters.into_iter().map(|letter| if letter.transposed { letter.transpose() } else { letter });
        let mut powers: Vec<Power> = straight.filter_map(|letter| counted(self.normalizer.arena, letter)).collect();
        powers.dedup();
        powers
    }

    /// One more equation: as a rule, and as one for the transposes.
    fn relate(&mut self, polynomial: &Polynomial) {
        let turned = polynomial.transpose(self.normalizer.arena);
        for equation in [Some(polynomial.clone()), self.two_sided(polynomial), Some(turned)].into_iter().flatten() {
            let Some(equation) = self.reduced(equation) else { continue };
            self.rules.extend(Rule::of(&equation));
        }
    }

    /// `B A = c I` for square matrices with `A B = c I` and a number c that is not 0.
    fn two_sided(&self, polynomial: &Polynomial) -> Option<Polynomial> {
        let mut terms = polynomial.terms.iter();
        let ((identity, _), (product, coefficient), None) = (terms.next()?, terms.next()?, terms.next()) else {
            return None;
        };
        let [left, right] = &product.open[..] else { return None };
        let is_plain = |monomial: &Monomial| monomial.scalars.is_empty() && monomial.closed.is_empty();
        let is_square = |letter: &Letter| letter.kind == Kind::Matrix && letter.is_square();
        let fits = identity.open.is_empty() && is_plain(identity) && is_plain(product);
        if !fits || !is_square(left) || !is_square(right) {
            return None;
        }
        let mut other = polynomial.clone();
        other.terms.remove(product);
        let turned = Monomial { open: vec![right.clone(), left.clone()], ..Monomial::default() };
        other.add(turned, coefficient.clone());
        Some(other)
    }

    /// The polynomial with every word rewritten as long as a rule fits; `None` where that does not end soon.
    fn reduced(&mut self, polynomial: Polynomial) -> Option<Polynomial> {
        let mut open: Vec<(Monomial, Rational)> = polynomial.terms.into_iter().collect();
        let mut result = Polynomial::default();
        while let Some((monomial, coefficient)) = open.pop() {
            let arena = &mut *self.normalizer.arena;
            // A ring turned by a rule may be the ring that it was: that says nothing of it.
            let is_news = |instead: &Polynomial| instead.terms.get(&monomial) != Some(&Rational::ONE);
            match self.rules.iter().find_map(|rule| rule.applied(arena, &monomial).filter(is_news)) {
                None => result.add(monomial, coefficient),
                Some(mut instead) => {
                    // m = c m + rest says m = rest / (1 - c).
                    let again = instead.terms.remove(&monomial).unwrap_or_default();
                    let coefficient = coefficient / (Rational::from(1) - again);
                    self.n_rewritten += 1;
                    if self.n_rewritten > MAX_REWRITTEN {
                        return None;
                    }
                    let scaled =
                        instead.terms.into_iter().map(|(monomial, part)| (monomial, part * coefficient.clone()));
                    open.extend(scaled);
                }
            }
        }
        Some(result)
    }

    /// The equation multiplied by each matrix whose inverse begins or ends a word of it: equations that say the same.
    fn cleared(&mut self, polynomial: &Polynomial) -> Vec<Polynomial> {
        if polynomial.terms.len() > MAX_TERMS {
            return Vec::new();
        }
        let (mut lefts, mut rights) = (BTreeSet::new(), BTreeSet::new());
        for monomial in polynomial.terms.keys() {
            lefts.extend(monomial.open.first().cloned());
            rights.extend(monomial.open.last().cloned());
        }
        let mut cleared = Vec::new();
        for letter in lefts {
            if let Some(base) = self.base_of(&letter) {
                let product = base.times(self.normalizer.arena, polynomial);
                cleared.extend(self.reduced(product));
            }
        }
        for letter in rights {
            if let Some(base) = self.base_of(&letter) {
                let product = polynomial.times(self.normalizer.arena, &base);
                cleared.extend(self.reduced(product));
            }
        }
        cleared
    }

    /// What a letter is the inverse of, where it is one.
    fn base_of(&mut self, letter: &Letter) -> Option<Polynomial> {
        let straight = if letter.transposed { letter.transpose() } else { letter.clone() };
        let inverse = self.inverses.iter().find(|inverse| inverse.letter == straight)?;
        let base = inverse.base.clone();
        let base = if letter.transposed { base.transpose(self.normalizer.arena) } else { base };
        (!base.terms.is_empty()).then_some(base)
    }
}

/// The matrix whose inverse a letter is.
fn inverted(arena: &mut Arena, letter: &Letter) -> Option<Expr> {
    let (base, exponent) = power(arena, letter)?;
    (arena.as_integer(exponent) == Some(-1)).then_some(base)
}

/// The power with letters in its exponent that a letter is.
fn counted(arena: &mut Arena, letter: Letter) -> Option<Power> {
    let (of, exponent) = power(arena, &letter)?;
    arena.as_number(exponent).is_none().then_some(Power { letter, of, exponent })
}

/// The matrix whose power a letter is, whole: an index that runs over a part of the rows makes another letter.
fn power(arena: &mut Arena, letter: &Letter) -> Option<(Expr, Expr)> {
    let places = places(arena);
    let Node::Entry { of, at } = arena.node(letter.body) else { return None };
    match *arena.node(*of) {
        Node::MatrixPower(base, exponent) if at[..] == places && letter.is_of_shape(arena.shape(base)) => {
            Some((base, exponent))
        }
        _ => None,
    }
}

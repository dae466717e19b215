//! Relations as rewriting: the greatest word of an equation is what the rest of the equation says.

use crate::expr::Arena;
use crate::number::Rational;
use crate::rewrite::linear::Linear;
use crate::rewrite::ordered::polynomial::{Closed, Monomial, Polynomial, times_size};
use crate::rewrite::ordered::word::{Letter, Word};
use crate::rewrite::term::Factors;

/// `scalars · word -> instead`.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    scalars: Factors,
    pub word: Word,
    pub instead: Polynomial,
}

impl Rule {
    /// An equation `polynomial = 0` solved for a letter that stands in no other monomial of it, or for its longest
    /// word; `None` where that has no scalar in front by which the equation could be read.
    pub(super) fn of(polynomial: &Polynomial) -> Option<Rule> {
        let lead = lone_letter(polynomial).or_else(|| longest(polynomial))?;
        let mut instead = polynomial.clone();
        let scale = -(Rational::from(1) / instead.terms.remove(&lead)?);
        instead.terms.values_mut().for_each(|coefficient| *coefficient *= scale.clone());
        Some(Rule { scalars: lead.scalars, word: lead.open, instead })
    }

    /// The monomials that one occurrence of the word turns this one into; `None` where there is none.
    pub(super) fn applied(&self, arena: &mut Arena, monomial: &Monomial) -> Option<Polynomial> {
        for (atom, want) in &self.scalars {
            let (have, want) = (monomial.scalars.get(atom)?.as_integer()?, want.as_integer()?);
            if have < want {
                return None;
            }
        }
        let mut rest = monomial.clone();
        rest.times_scalars(&self.scalars, -1);
        if let Some((before, after)) = around(&monomial.open, &self.word) {
            rest.open = Vec::new();
            return Some(self.spliced(arena, &rest, &|open| Place::Open([&before[..], open, &after].concat())));
        }
        for (n, closed) in monomial.closed.iter().enumerate() {
            let mut rest = rest.clone();
            rest.closed.remove(n);
            let found = self.applied_to_closed(arena, &rest, closed);
            if found.is_some() {
                return found;
            }
            // The other direction of the same number, where that leads down or back to the number itself.
            let found = self.applied_to_closed(arena, &rest, &closed.turned());
            let one = Rational::from(1);
            if let Some(found) = found
                && found.terms.keys().all(|other| other <= monomial)
                && found.terms.get(monomial) != Some(&one)
            {
                return Some(found);
            }
        }
        None
    }

    fn applied_to_closed(&self, arena: &mut Arena, rest: &Monomial, closed: &Closed) -> Option<Polynomial> {
        match closed {
            Closed::Line(line) => {
                let (before, after) = around(line, &self.word)?;
                let line = |open: &Word| Place::Closed(Closed::Line([&before[..], open, &after].concat()));
                Some(self.spliced(arena, rest, &line))
            }
            Closed::Ring(ring) => {
                let after = around_ring(ring, &self.word)?;
                let ring = |open: &Word| Place::Closed(Closed::Ring([open, &after[..]].concat()));
                Some(self.spliced(arena, rest, &ring))
            }
        }
    }

    fn spliced(&self, arena: &mut Arena, rest: &Monomial, place: &dyn Fn(&Word) -> Place) -> Polynomial {
        let mut result = Polynomial::default();
        for (instead, coefficient) in &self.instead.terms {
            let mut coefficient = coefficient.clone();
            let mut monomial = rest.clone();
            monomial.times_scalars(&instead.scalars, 1);
            monomial.closed.extend(instead.closed.iter().cloned());
            match place(&instead.open) {
                Place::Open(open) => monomial.open = open,
                Place::Closed(Closed::Ring(ring)) if ring.is_empty() => {
                    times_size(arena, &mut monomial, &mut coefficient, self.word[0].rows());
                }
                Place::Closed(closed) => monomial.closed.push(closed),
            }
            let monomial = monomial.settled(arena);
            result.add(monomial, coefficient);
        }
        result
    }
}

/// Where a word is put back.
enum Place {
    Open(Word),
    Closed(Closed),
}

/// What stands before and after a word within another.
fn around(word: &[Letter], part: &[Letter]) -> Option<(Word, Word)> {
    let at = word.windows(part.len()).position(|window| window == part)?;
    Some((word[..at].to_vec(), word[at + part.len()..].to_vec()))
}

/// What is left of a ring behind a word.
fn around_ring(ring: &[Letter], part: &[Letter]) -> Option<Word> {
    if part.len() > ring.len() {
        return None;
    }
    (0..ring.len()).find_map(|n| {
        let turned = [&ring[n..], &ring[..n]].concat();
        turned.starts_with(part).then(|| turned[part.len()..].to_vec())
    })
}

/// A monomial that is a letter with a number, where no other monomial holds the letter; the youngest of several, which
/// is made of the others.
fn lone_letter(polynomial: &Polynomial) -> Option<Monomial> {
    let holds = |monomial: &Monomial, letter: &Letter| {
        let alone = Polynomial { terms: [(monomial.clone(), Rational::from(1))].into() };
        alone.letters().any(|other| other.body == letter.body)
    };
    let is_lone = |monomial: &&Monomial| match &monomial.open[..] {
        [letter] => {
            monomial.scalars.is_empty()
                && monomial.closed.is_empty()
                && polynomial.terms.keys().filter(|other| holds(other, letter)).count() == 1
        }
        _ => false,
    };
    polynomial.terms.keys().filter(is_lone).max_by_key(|monomial| monomial.open[0].body).cloned()
}

/// The monomial with the longest word, the last in the order of words among equals.
fn longest(polynomial: &Polynomial) -> Option<Monomial> {
    let lead = polynomial.terms.keys().max_by(|a, b| a.open.len().cmp(&b.open.len()).then(a.open.cmp(&b.open)))?;
    let may_divide = |exponent: &Linear| exponent.as_integer().is_some_and(|n| n > 0);
    let is_usable = !lead.open.is_empty() && lead.closed.is_empty() && lead.scalars.values().all(may_divide);
    is_usable.then(|| lead.clone())
}

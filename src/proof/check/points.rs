//! So many random points that two functions which agree at all of them are one, but for a chance below 2⁻⁶⁰.

use std::collections::HashMap;

use crate::expr::{Arena, Expr};
use crate::number::Random;
use crate::proof::check::hypotheses::Hypotheses;
use crate::proof::check::replay::Objection;
use crate::proof::check::residues::{Opened, Point};

/// Identities are accepted below this chance of error.
const CHANCE: f64 = 1.0 / (1u64 << 60) as f64;

/// More points than this are not tried.
const MOST_POINTS: usize = 72;

/// The points of an identity.
///
/// A power of a negative number depends on whether its exponent is even, which a random letter is too often. So every
/// choice of even and odd letters in exponents is tried: ratios of numbers that are roots of 1 are 1 and -1 alone.
#[derive(Debug)]
pub(super) struct Points {
    random: Random,
    chance: f64,
    n_drawn: usize,
    /// Letters that were met in exponents.
    letters: Vec<Expr>,
    /// How many choices of even and odd ones were tried.
    n_patterns: usize,
}

impl Points {
    /// None yet.
    pub fn new(seed: u64) -> Points {
        Points { random: Random::new(seed), chance: 1.0, n_drawn: 0, letters: Vec::new(), n_patterns: 0 }
    }

    /// Whether they are too few, or an objection where too many would be wanted.
    pub fn are_few(&self) -> Result<bool, Objection> {
        let is_certain = self.chance < CHANCE && self.letters.len() < 7 && self.n_patterns >= 1 << self.letters.len();
        if !is_certain && self.n_drawn == MOST_POINTS {
            return Err(Objection::Unreplayed("an identity of high degree"));
        }
        Ok(!is_certain)
    }

    /// Another one.
    pub fn draw<'a>(
        &mut self,
        arena: &'a mut Arena,
        hypotheses: &Hypotheses<'a>,
        opened: &'a HashMap<Expr, Opened>,
        signs: &'a [(Expr, i64)],
    ) -> Point<'a> {
        self.n_drawn += 1;
        let point = Point::draw(arena, hypotheses, opened, signs, &mut self.random);
        Point { exponents: self.letters.clone(), pattern: self.n_patterns, ..point }
    }

    /// The functions agree at one, where that happens by accident with this chance, with these letters in exponents.
    pub fn agree(&mut self, chance: f64, letters: Vec<Expr>) {
        self.chance *= chance.min(1.0);
        self.n_patterns = if letters.len() == self.letters.len() { self.n_patterns + 1 } else { 0 };
        self.letters = letters;
    }
}

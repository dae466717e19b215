use std::collections::BTreeMap;

use crate::expr::SymbolId;
use crate::number::Random;
use crate::number::Rational;
use crate::number::rational::fraction;
use crate::numeric::Form;
use crate::numeric::Tensor;
use crate::numeric::Witness;

/// What the givens, the sizes, the free indices and the arbitrary functions are.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Assignment {
    /// Sizes, last times, free index letters; of a family of sizes what its members are at least.
    pub integers: BTreeMap<SymbolId, i64>,
    /// Of sizes that stand as numbers, too, what is drawn for the numbers, where that is something else.
    pub numbers: BTreeMap<SymbolId, Rational>,
    /// Members of given families, by the values of their indices; initial values of defined ones too.
    pub values: BTreeMap<(SymbolId, Vec<i64>), Tensor<Rational>>,
    /// Arbitrary functions.
    pub functions: BTreeMap<SymbolId, Witness>,
    /// Where the rest comes from; without it the rest is missing.
    pub fallback: Option<Fallback>,
}

/// Values for all members that are not listed: a function of the seed, the symbol, the indices and the entry alone. The
/// name of the symbol has no part in it, so that another letter in its place changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fallback {
    /// The seed.
    pub seed: u64,
    /// From where they are drawn.
    pub style: Style,
}

/// From where values are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Style {
    /// 0 everywhere.
    Zeros,
    /// 1 everywhere.
    Ones,
    /// −1 everywhere.
    MinusOnes,
    /// 0, 1 and −1.
    Signs,
    /// Whole numbers from −3 to 3.
    Integers,
    /// Fractions with numerator from −6 to 6 and denominator from 1 to 4.
    Fractions,
    /// Multiples of 1/16 between 0 and 1, without the ends.
    Unit,
    /// Fractions above 0.
    Positive,
    /// Half of the entries 0, the others whole numbers.
    Sparse,
    /// 1, 10 and 100 with either sign, and 0.
    Large,
    /// Small fractions of either sign that are nothing special: neither 0 nor 1 nor −1.
    Plain,
    /// One value for all members of a family, and for all entries.
    Alike,
    /// Another style for each member.
    Mixed,
    /// Whole numbers below 2^62, for fields of residues: unknowns. Functions are unknown, too.
    Unknowns,
}

impl Fallback {
    /// The value of one entry.
    pub fn entry(self, symbol: SymbolId, indices: &[i64], entry: usize) -> Rational {
        let mut stream = self.stream(symbol, indices);
        match self.style {
            Style::Alike => stream.choose(&WIDE).copied().unwrap_or(Style::Integers).draw(&mut stream),
            Style::Mixed => {
                stream.choose(&MIXTURE).copied().unwrap_or(Style::Integers).draw(&mut stream.fork(entry as u64))
            }
            Style::Zeros
            | Style::Ones
            | Style::MinusOnes
            | Style::Signs
            | Style::Integers
            | Style::Fractions
            | Style::Unit
            | Style::Positive
            | Style::Sparse
            | Style::Unknowns
            | Style::Large
            | Style::Plain => self.style.draw(&mut stream.fork(entry as u64)),
        }
    }

    /// The value of a member of this form.
    pub fn member(self, symbol: SymbolId, indices: &[i64], form: Form) -> Tensor<Rational> {
        let built = Tensor::build(form, |entry| Ok::<_, std::convert::Infallible>(self.entry(symbol, indices, entry)));
        match built {
            Ok(tensor) => tensor,
            Err(never) => match never {},
        }
    }

    /// A member of a family of sizes: 1, 2 or 3; one more where nothing is to be special.
    pub fn size(self, symbol: SymbolId, indices: &[i64]) -> i64 {
        let size = self.stream(symbol, indices).between(1, 3);
        if self.style == Style::Plain { size + 1 } else { size }
    }

    fn stream(self, symbol: SymbolId, indices: &[i64]) -> Random {
        let start = Random::new(self.seed ^ fingerprint(symbol));
        if self.style == Style::Alike {
            return start;
        }
        indices.iter().fold(start, |mut random, index| random.fork(index.cast_unsigned()))
    }

    /// The function in the place of an arbitrary one.
    pub fn function(self, symbol: SymbolId) -> Witness {
        let seed = self.seed ^ fingerprint(symbol);
        if self.style == Style::Unknowns { Witness::Arbitrary(seed) } else { Witness::Generic(seed) }
    }
}

/// What a mixture is made of.
const MIXTURE: [Style; 6] = [Style::Zeros, Style::Ones, Style::Integers, Style::Fractions, Style::Unit, Style::Large];

/// Sizes of plain numbers, as numerator and denominator.
const PLAIN: [(i64, i64); 17] = [
    (1, 2),
    (3, 4),
    (1, 4),
    (2, 3),
    (1, 3),
    // Two sides of a right triangle, so that some of their squares add up to 1.
    (3, 5),
    (4, 5),
    (3, 2),
    (2, 1),
    (5, 2),
    (3, 1),
    (4, 3),
    (7, 4),
    (5, 7),
    (9, 11),
    (14, 13),
    (25, 11),
];

/// From where values that are alike are drawn.
const WIDE: [Style; 4] = [Style::Integers, Style::Integers, Style::Fractions, Style::Large];

impl Style {
    /// The plain numbers above 0.
    pub fn plain_numbers() -> Vec<Rational> {
        PLAIN.iter().filter_map(|&(a, b)| fraction(a, b)).collect()
    }

    fn draw(self, random: &mut Random) -> Rational {
        match self {
            Style::Zeros => Rational::ZERO,
            Style::Ones => Rational::ONE,
            Style::MinusOnes => Rational::NEG_ONE,
            Style::Signs => Rational::from(random.between(-1, 1)),
            Style::Integers | Style::Alike | Style::Mixed => Rational::from(random.between(-3, 3)),
            Style::Sparse if random.coin() => Rational::ZERO,
            Style::Sparse => Rational::from(random.between(-2, 2)),
            Style::Large => Rational::from(random.choose(&[0, 1, -1, 10, -10, 100, -100]).copied().unwrap_or(0)),
            Style::Fractions => fraction(random.between(-6, 6), random.between(1, 4)).unwrap_or_default(),
            Style::Unit => fraction(random.between(1, 15), 16).unwrap_or_default(),
            Style::Unknowns => Rational::from(random.next_u64() >> 2),
            Style::Plain => {
                let (a, b) = random.choose(&PLAIN).copied().unwrap_or((1, 2));
                fraction(if random.coin() { a } else { -a }, b).unwrap_or_default()
            }
            Style::Positive => fraction(random.between(1, 8), random.between(1, 4)).unwrap_or_default(),
        }
    }
}

/// Fibonacci hashing (Knuth 1998, 6.4): neighbouring symbols are sent far apart.
fn fingerprint(symbol: SymbolId) -> u64 {
    u64::from(symbol.0).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_values() {
        let fallback = Fallback { seed: 1, style: Style::Fractions };
        let member = fallback.member(SymbolId(0), &[3], Form::Vector(8));
        assert_eq!(member, fallback.member(SymbolId(0), &[3], Form::Vector(8)));
        assert_ne!(member, fallback.member(SymbolId(0), &[4], Form::Vector(8)));
        assert_ne!(member, fallback.member(SymbolId(1), &[3], Form::Vector(8)));
        assert_ne!(member, Fallback { seed: 2, ..fallback }.member(SymbolId(0), &[3], Form::Vector(8)));
        assert!(member.entries().iter().any(|entry| *entry != member.entries()[0]));
    }

    #[test]
    fn styles_keep_their_range() {
        for seed in 0..50 {
            let draw = |style| Fallback { seed, style }.entry(SymbolId(0), &[], 0);
            assert!(draw(Style::Unit) > Rational::ZERO && draw(Style::Unit) < Rational::ONE);
            assert!(draw(Style::Positive) > Rational::ZERO);
            let plain = draw(Style::Plain);
            assert!(![Rational::ZERO, Rational::ONE, Rational::NEG_ONE].contains(&plain));
            assert!(draw(Style::Integers).is_int());
        }
    }
}

//! Arithmetic modulo a random prime of 62 bits, for identity tests.
//!
//! A non-zero integer of `b` bits has at most `b / 61` prime divisors in the range the prime is drawn from, so a
//! prime drawn after the claim is fixed divides it with a chance of at most `(b / 61) / PRIMES_IN_RANGE`. A non-zero
//! polynomial of degree `d` vanishes at a random point of the field with a chance of at most `d / p` (Schwartz 1980,
//! Zippel 1979). The caller adds the two up.

use crate::number::{Integer, Random, Rational};
use dashu_base::UnsignedAbs;

/// All primes drawn lie from here up to `2 * LOWEST_PRIME`.
pub const LOWEST_PRIME: u64 = 1 << 61;

/// A lower bound on the number of primes from 2^61 to 2^62, from which [`Field::draw`] picks evenly.
///
/// By π(2x) − π(x) > 3x / (5 ln x) for x ≥ 20.5 (Rosser & Schoenfeld 1962, corollary 3) there are more than
/// 2^54.8 of them.
pub const PRIMES_IN_RANGE: u64 = 1 << 54;

/// The integers modulo an odd prime below 2^63.
///
/// Elements are kept in Montgomery form (Montgomery 1985): `x * 2^64 mod p`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    prime: u64,
    /// `-1 / prime` modulo 2^64.
    negative_inverse: u64,
    /// `2^128 mod prime`, which brings a number into Montgomery form.
    square_of_radix: u64,
    one: Residue,
}

/// The powers of one element by windows of four binary digits of the exponent (Brickell, Gordon, McCurley & Wilson 1992):
/// the n-th holds those by `16^n` times 0 to 15, so that a power takes one product for each.
#[derive(Clone, Debug)]
pub struct Powers {
    windows: Vec<[Residue; 16]>,
}

impl Powers {
    /// The power by an exponent that is not above the one they were made ready for.
    pub fn power(&self, field: &Field, exponent: u64) -> Residue {
        let digit = |n: usize| (exponent >> (4 * n)) as usize & 15;
        self.windows.iter().enumerate().fold(field.one, |power, (n, window)| match digit(n) {
            0 => power,
            digit => field.mul(power, window[digit]),
        })
    }
}

/// An element of one [`Field`]. It means nothing in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Residue(u64);

/// Most numbers that are not prime have a divisor among these.
const SMALL_PRIMES: [u64; 25] =
    [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97];

impl Residue {
    /// The 0 of every field.
    pub const ZERO: Self = Self(0);

    /// Whether this is 0.
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl Field {
    /// A field whose prime is drawn evenly from those between 2^61 and 2^62.
    pub fn draw(random: &mut Random) -> Self {
        Self::drawn(random, |_| true)
    }

    /// The same from those primes that are 3 modulo 4: there, square roots are powers.
    pub fn draw_with_roots(random: &mut Random) -> Self {
        Self::drawn(random, |candidate| candidate % 4 == 3)
    }

    fn drawn(random: &mut Random, is_wanted: fn(u64) -> bool) -> Self {
        loop {
            let candidate = LOWEST_PRIME + random.below(LOWEST_PRIME);
            if is_wanted(candidate)
                && let Some(field) = Self::new(candidate)
            {
                return field;
            }
        }
    }

    /// The field of a given prime; `None` unless it is an odd prime below 2^63.
    pub fn new(prime: u64) -> Option<Self> {
        if !(3..1 << 63).contains(&prime) || prime.is_multiple_of(2) {
            return None;
        }
        if let Some(&divisor) = SMALL_PRIMES.iter().find(|&&small| prime.is_multiple_of(small)) {
            return (prime == divisor).then(|| Self::ring(prime));
        }
        let ring = Self::ring(prime);
        ring.is_of_prime().then_some(ring)
    }

    /// The integers modulo an odd number, which have all but division.
    fn ring(modulus: u64) -> Self {
        // Newton's iteration doubles the number of right bits: 5, 10, 20, 40, 80.
        let mut inverse = (3u64.wrapping_mul(modulus)) ^ 2;
        for _ in 0..4 {
            inverse = inverse.wrapping_mul(2u64.wrapping_sub(modulus.wrapping_mul(inverse)));
        }
        let one = Residue(modulus.wrapping_neg() % modulus);
        let ring = Self { prime: modulus, negative_inverse: inverse.wrapping_neg(), square_of_radix: 0, one };
        let Residue(square_of_radix) = ring.raise(ring.add(one, one), 64);
        Self { square_of_radix, ..ring }
    }

    /// Whether the modulus, which none of the small primes divides, is prime, without chance.
    ///
    /// Strong probable primes to the first twelve primes as bases are prime below 3.18 * 10^23
    /// (Sorenson & Webster 2017), which covers 64 bits.
    fn is_of_prime(&self) -> bool {
        let n = self.prime;
        let (minus_one, twos) = (self.neg(self.one), (n - 1).trailing_zeros());
        SMALL_PRIMES[..12].iter().all(|&base| {
            let mut power = self.raise(self.from_u64(base), (n - 1) >> twos);
            if power == self.one || power == minus_one {
                return true;
            }
            (1..twos).any(|_| {
                power = self.mul(power, power);
                power == minus_one
            })
        })
    }

    /// The number of elements.
    pub fn prime(&self) -> u64 {
        self.prime
    }

    /// The 1 of this field.
    pub fn one(&self) -> Residue {
        self.one
    }

    /// The residue of a small number.
    pub fn from_u64(&self, value: u64) -> Residue {
        self.mul(Residue(value % self.prime), Residue(self.square_of_radix))
    }

    /// The residue of a small number with a sign.
    pub fn from_i64(&self, value: i64) -> Residue {
        let magnitude = self.from_u64(value.unsigned_abs());
        if value < 0 { self.neg(magnitude) } else { magnitude }
    }

    /// The residue of an integer.
    pub fn from_integer(&self, value: &Integer) -> Residue {
        let magnitude = self.from_u64(value.unsigned_abs() % self.prime);
        if *value < Integer::ZERO { self.neg(magnitude) } else { magnitude }
    }

    /// The residue of a fraction; `None` when the prime divides its denominator.
    pub fn from_rational(&self, value: &Rational) -> Option<Residue> {
        let numerator = self.from_integer(value.numerator());
        if value.is_int() {
            return Some(numerator);
        }
        self.div(numerator, self.from_u64(value.denominator() % self.prime))
    }

    /// The representative from 0 to p − 1.
    pub fn to_u64(&self, value: Residue) -> u64 {
        self.reduce(u128::from(value.0))
    }

    /// An element, each equally likely.
    pub fn random(&self, random: &mut Random) -> Residue {
        Residue(random.below(self.prime))
    }

    /// An element other than 0, each equally likely.
    pub fn random_nonzero(&self, random: &mut Random) -> Residue {
        Residue(1 + random.below(self.prime - 1))
    }

    /// The sum.
    pub fn add(&self, left: Residue, right: Residue) -> Residue {
        let sum = left.0 + right.0;
        Residue(if sum >= self.prime { sum - self.prime } else { sum })
    }

    /// The difference.
    pub fn sub(&self, left: Residue, right: Residue) -> Residue {
        Residue(if left.0 >= right.0 { left.0 - right.0 } else { left.0 + (self.prime - right.0) })
    }

    /// The negative.
    pub fn neg(&self, value: Residue) -> Residue {
        self.sub(Residue::ZERO, value)
    }

    /// The product.
    pub fn mul(&self, left: Residue, right: Residue) -> Residue {
        Residue(self.reduce(u128::from(left.0) * u128::from(right.0)))
    }

    /// `left * right + add`, the step of an inner product.
    pub fn mul_add(&self, left: Residue, right: Residue, add: Residue) -> Residue {
        self.add(self.mul(left, right), add)
    }

    /// The quotient; `None` when the divisor is 0.
    pub fn div(&self, left: Residue, right: Residue) -> Option<Residue> {
        self.inv(right).map(|inverse| self.mul(left, inverse))
    }

    /// The inverse; `None` for 0. By Fermat, it is the power p − 2.
    pub fn inv(&self, value: Residue) -> Option<Residue> {
        (!value.is_zero()).then(|| self.raise(value, self.prime - 2))
    }

    /// The power; `0^0 = 1`, and `None` for 0 to a negative power.
    pub fn pow(&self, base: Residue, exponent: i64) -> Option<Residue> {
        let power = self.raise(base, exponent.unsigned_abs());
        if exponent < 0 { self.inv(power) } else { Some(power) }
    }

    /// The powers of one element, ready for many exponents up to `most`.
    pub fn powers(&self, base: Residue, most: u64) -> Powers {
        let mut windows = Vec::new();
        let (mut base, mut left) = (base, most);
        while left > 0 || windows.is_empty() {
            let mut window = [self.one; 16];
            for at in 1..window.len() {
                window[at] = self.mul(window[at - 1], base);
            }
            base = self.mul(window[window.len() - 1], base);
            windows.push(window);
            left >>= 4;
        }
        Powers { windows }
    }

    fn raise(&self, mut base: Residue, mut exponent: u64) -> Residue {
        let mut power = self.one;
        while exponent > 0 {
            if exponent & 1 == 1 {
                power = self.mul(power, base);
            }
            base = self.mul(base, base);
            exponent >>= 1;
        }
        power
    }

    /// `value / 2^64` modulo p. Requires `value < p * 2^64`, which a product of residues fulfils.
    fn reduce(&self, value: u128) -> u64 {
        let multiple = low(value).wrapping_mul(self.negative_inverse);
        // No overflow: value < p 2^64 and multiple * p < p 2^64, and p < 2^63.
        let quotient = low((value + u128::from(multiple) * u128::from(self.prime)) >> 64);
        if quotient >= self.prime { quotient - self.prime } else { quotient }
    }
}

/// The low 64 bits.
fn low(value: u128) -> u64 {
    value as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::rational::fraction;

    #[test]
    fn primality() {
        let small: Vec<u64> = (0..60).filter(|&n| Field::new(n).is_some()).collect();
        assert_eq!(small, [3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59]);
        for prime in [(1 << 61) - 1, (1 << 63) - 25, 4_611_686_018_427_387_847] {
            assert!(Field::new(prime).is_some(), "{prime}");
        }
        // Carmichael numbers, strong pseudoprimes to several bases, the square of a prime, and a prime that is too large.
        for other in [561, 3_215_031_751, 3_825_123_056_546_413_051, 2_147_483_647 * 2_147_483_647, u64::MAX - 58] {
            assert_eq!(Field::new(other), None, "{other}");
        }
        assert_eq!(Field::draw_with_roots(&mut Random::new(5)).prime() % 4, 3);
    }

    #[test]
    fn powers_by_windows_are_powers() {
        let field = Field::new((1 << 61) - 1).unwrap();
        let base = field.from_u64(3);
        let powers = field.powers(base, field.prime());
        for exponent in [0, 1, 15, 16, 17, 255, 1 << 40, field.prime() - 1] {
            assert_eq!(powers.power(&field, exponent), field.pow(base, exponent as i64).unwrap(), "{exponent}");
        }
        assert_eq!(field.powers(base, 0).power(&field, 0), field.one());
    }

    #[test]
    fn agrees_with_plain_arithmetic() {
        let mut random = Random::new(3);
        for _ in 0..20 {
            let field = Field::draw(&mut random);
            assert!((LOWEST_PRIME..2 * LOWEST_PRIME).contains(&field.prime()));
            for _ in 0..50 {
                let (a, b) = (random.next_u64(), random.next_u64());
                let (left, right) = (field.from_u64(a), field.from_u64(b));
                let p = u128::from(field.prime());
                let expect = |value: u128| u64::try_from(value % p).unwrap();
                let (a, b) = (u128::from(a), u128::from(b));
                assert_eq!(field.to_u64(left), expect(a));
                assert_eq!(field.to_u64(field.mul(left, right)), expect((a % p) * (b % p)));
                assert_eq!(field.to_u64(field.add(left, right)), expect(a + b));
                assert_eq!(field.to_u64(field.sub(left, right)), expect(a % p + p - b % p));
                assert_eq!(field.mul(left, field.inv(left).unwrap()), field.one());
            }
        }
    }

    #[test]
    fn fractions_and_powers() {
        let field = Field::draw(&mut Random::new(11));
        let third = field.from_rational(&fraction(-1, 3).unwrap()).unwrap();
        assert_eq!(field.mul(third, field.from_i64(-3)), field.one());
        assert_eq!(field.pow(field.from_i64(2), -2), field.from_rational(&fraction(1, 4).unwrap()));
        assert_eq!(field.pow(Residue::ZERO, 0), Some(field.one()));
        assert_eq!(field.pow(Residue::ZERO, -1), None);
        let multiple = Rational::ONE / Rational::from(field.prime());
        assert_eq!(field.from_rational(&multiple), None);
        assert_eq!(Field::new(91), None);
        assert_eq!(Field::new(2), None);
        assert_eq!(Field::new(7).map(|seven| seven.to_u64(seven.from_i64(-10))), Some(4));
    }
}

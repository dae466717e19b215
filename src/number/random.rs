//! Chance that can be repeated.

use crate::number::rational::integer;
use crate::number::{Integer, Rational};

/// A stream of pseudo-random numbers that is a function of its seed alone.
///
/// SplitMix64 (Steele, Lea, Flood 2014): fast, equidistributed over 64 bits, and two neighbouring seeds give
/// unrelated streams. It is not fit for secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Random {
    state: u64,
}

impl Random {
    /// The stream of a seed.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The stream of a seed and of what is written: a text that is changed in one place has another stream.
    pub fn of_text(seed: u64, text: impl IntoIterator<Item = String>) -> Self {
        let bytes = text.into_iter().flat_map(String::into_bytes);
        bytes.fold(Self::new(seed), |mut random, byte| random.fork(byte.into()))
    }

    /// A stream of its own for a part of the work, so that drawing more in one part does not shift the others.
    pub fn fork(&mut self, label: u64) -> Self {
        Self::new(self.next_u64() ^ mix(label))
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.state)
    }

    /// A number from 0 to `n - 1`, each equally likely; 0 when `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        if n == 0 {
            return 0;
        }
        // The lowest 2^64 mod n values are drawn again, so that the rest divides evenly.
        let biased = n.wrapping_neg() % n;
        loop {
            let bits = self.next_u64();
            if bits >= biased {
                return bits % n;
            }
        }
    }

    /// A whole number from `low` to `high`, both included; `low` when the range is empty.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        if low >= high {
            return low;
        }
        let n = high.wrapping_sub(low).cast_unsigned().wrapping_add(1);
        let offset = if n == 0 { self.next_u64() } else { self.below(n) };
        low.wrapping_add(offset.cast_signed())
    }

    /// True with a chance of one in two.
    pub fn coin(&mut self) -> bool {
        self.next_u64() >> 63 == 1
    }

    /// One of the items; `None` when there are none.
    pub fn choose<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let item_idx = self.below(u64::try_from(items.len()).ok()?);
        items.get(usize::try_from(item_idx).ok()?)
    }

    /// Puts the items in random order (Fisher-Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last as u64 + 1) as usize;
            items.swap(last, other);
        }
    }

    /// A fraction a reader likes: numerator from `-height` to `height`, denominator from 1 to `height`.
    pub fn rational(&mut self, height: i64) -> Rational {
        let numerator = self.between(-height, height);
        let denominator = self.between(1, height.max(1));
        Rational::from_parts_signed(Integer::from(numerator), Integer::from(denominator))
    }

    /// A multiple of `1 / steps` of the way from `low` to `high`, both ends included.
    pub fn rational_between(&mut self, low: &Rational, high: &Rational, steps: u32) -> Rational {
        let steps = i64::from(steps.max(1));
        low + (high - low) * integer(self.between(0, steps)) / integer(steps)
    }
}

fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_stream_of_seed_1234567() {
        let mut random = Random::new(1_234_567);
        let drawn: Vec<u64> = (0..3).map(|_| random.next_u64()).collect();
        assert_eq!(drawn, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn ranges_hold_and_reach_their_ends() {
        let mut random = Random::new(7);
        let mut seen = [false; 5];
        for _ in 0..200 {
            let value = random.between(-2, 2);
            seen[usize::try_from(value + 2).unwrap()] = true;
            assert!(random.below(3) < 3);
        }
        assert_eq!(seen, [true; 5]);
        assert_eq!(random.below(0), 0);
        assert_eq!(random.between(3, 1), 3);
        let _ = random.between(i64::MIN, i64::MAX);
    }

    #[test]
    fn choices() {
        let mut random = Random::new(7);
        let mut items: Vec<u32> = (0..20).collect();
        random.shuffle(&mut items);
        assert_ne!(items, (0..20).collect::<Vec<_>>());
        items.sort_unstable();
        assert_eq!(items, (0..20).collect::<Vec<_>>());
        assert_eq!(random.choose::<u32>(&[]), None);
        assert_ne!(random.clone().fork(1), random.clone().fork(2));
    }
}

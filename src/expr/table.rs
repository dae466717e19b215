//! Where each node is stored: positions by hash.

use std::hash::{BuildHasherDefault, Hash, Hasher};

/// An open-addressed table of positions with linear probing (Knuth, The Art of Computer Programming 3, 6.4).
///
/// It holds neither keys nor hashes: whoever stores the nodes says what is equal, so each node is stored once.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    /// A position plus one, or 0 where the slot is free. The length is a power of two, and half of it stays free.
    slots: Vec<u32>,
    n_taken: usize,
}

impl Table {
    /// The position with this hash at which `is_it` holds.
    pub(super) fn find(&self, hash: u64, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = hash as usize & mask;
        while let Some(position) = self.slots[at].checked_sub(1) {
            if is_it(position) {
                return Some(position);
            }
            at = (at + 1) & mask;
        }
        None
    }

    /// Adds a position that is not there yet; `hash_of` gives the hash of those that are.
    pub(super) fn insert(&mut self, hash: u64, position: u32, hash_of: impl Fn(u32) -> u64) {
        if 2 * self.n_taken >= self.slots.len() {
            let before = std::mem::take(&mut self.slots);
            self.slots = vec![0; (2 * before.len()).max(64)];
            for slot in before.into_iter().filter(|slot| *slot != 0) {
                self.place(hash_of(slot - 1), slot);
            }
        }
        self.place(hash, position + 1);
        self.n_taken += 1;
    }

    fn place(&mut self, hash: u64, slot: u32) {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while self.slots[at] != 0 {
            at = (at + 1) & mask;
        }
        self.slots[at] = slot;
    }
}

/// A quick hash of small values, the same in every run: each word is mixed in by a multiplication.
///
/// Not for keys that somebody chooses to collide; what is hashed here are positions and small numbers.
#[derive(Debug, Clone, Copy, Default)]
pub struct Mixer(u64);

/// For maps by expressions, symbols and small numbers.
pub type Mixing = BuildHasherDefault<Mixer>;

impl Mixer {
    /// The hash of a value.
    pub(super) fn hash_of(value: &impl Hash) -> u64 {
        let mut mixer = Mixer::default();
        value.hash(&mut mixer);
        mixer.finish()
    }

    fn mix(&mut self, word: u64) {
        // The multiplier is 2^64 divided by the golden ratio, made odd (Knuth, 6.4).
        self.0 = (self.0.rotate_left(26) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        // The high bits are mixed best, and a table takes the low ones.
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.mix(u64::from_le_bytes(word));
        }
    }

    fn write_u8(&mut self, value: u8) {
        self.mix(u64::from(value));
    }

    fn write_u32(&mut self, value: u32) {
        self.mix(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.mix(value);
    }

    fn write_usize(&mut self, value: usize) {
        self.mix(value as u64);
    }
}
